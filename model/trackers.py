"""The figures of a run in a tracker of experiments, beside the files of its folder: TensorBoard,
Weights & Biases (https://docs.wandb.ai) or Trackio (https://huggingface.co/docs/trackio), whose
calls are those of the latter.
"""

from collections.abc import Callable, Mapping
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal

Tracker = Literal["none", "tensorboard", "wandb", "trackio"]
Figures = Mapping[str, Any]
PROJECT = "askwiki"


def check_tracker(tracker: Tracker) -> None:
    """Raises ValueError that says what to install where the tracker is missing."""
    if tracker != "none" and find_spec(tracker) is None:
        raise ValueError(f"{tracker} is not installed: pip install {tracker}, or leave --track out")


def open_tracker(
    tracker: Tracker, run: Path, settings: Mapping[str, Any]
) -> Callable[[Figures], None]:
    """What takes the figures of an evaluation; their "step" is where they stand.

    A resumed run is resumed in the tracker, too, under the name of its folder.
    """
    if tracker == "none":
        return lambda figures: None
    if tracker == "tensorboard":
        return lambda figures: write_events(figures, run / "tensorboard")
    library = import_module(tracker)
    options: dict[str, Any] = {"project": PROJECT, "name": run.name, "resume": "allow"}
    if tracker == "wandb":
        options |= {"id": run.name, "dir": str(run)}
    library.init(config=dict(settings), **options)
    return lambda figures: library.log(numbers(figures), step=figures["step"])


def numbers(figures: Figures) -> dict[str, float]:
    """Those figures that have a value, without the step itself."""
    return {
        name: value
        for name, value in figures.items()
        if isinstance(value, int | float) and name != "step"
    }


def write_events(figures: Figures, folder: Path) -> None:
    """Figures as TensorBoard events in a folder."""
    from torch.utils.tensorboard import SummaryWriter

    with SummaryWriter(str(folder)) as writer:
        for name, value in numbers(figures).items():
            writer.add_scalar(name, value, figures["step"])
