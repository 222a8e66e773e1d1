"""When torch.compile pays: it makes a step faster, but takes a minute itself."""

from collections import deque
from statistics import median

from model.device import World, can_compile
from model.distributed import any_rank
from model.gpt import GPT

WARM = 10  # steps that a GPU takes to come up to speed
TIMED = 20  # steps that are timed then
SAVED = 0.3  # share of a step that compiled blocks save (docs/experiments.md)
COMPILE_SECONDS = 60.0


class LateCompiler:
    """Compiles a network that is being trained, once the measured time of a step says that what is
    saved on the steps left is more than what compiling takes. Short runs are never compiled.
    """

    def __init__(self, model: GPT, world: World, wish: str) -> None:
        """`wish` is `auto` (only on CUDA), `on` (at once) or `off`."""
        self.model = model
        self.world = world
        self.steps = 0
        self.seconds = deque[float](maxlen=TIMED)
        self.is_undecided = wish == "auto" and world.device.type == "cuda"
        if wish == "on" and can_compile(world.device):
            model.compile_blocks()

    def after_step(self, seconds: float, steps_left: float) -> bool:
        """Note the time of a step; whether the network was compiled now. All ranks must call."""
        if not self.is_undecided:
            return False
        self.steps += 1
        self.seconds.append(seconds)
        if self.steps < WARM + TIMED:
            return False
        self.is_undecided = False
        pays = SAVED * median(self.seconds) * steps_left > COMPILE_SECONDS
        if not any_rank(pays, self.world) or not can_compile(self.world.device):
            return False
        self.model.compile_blocks()
        return True
