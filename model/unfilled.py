"""Making a network whose weights will be loaded."""

from collections.abc import Callable, Sequence
from typing import Any

from torch import Tensor, nn
from torch.overrides import TorchFunctionMode


class Unfilled(TorchFunctionMode):
    """Leaves parameters as they are made, where they would be filled at random: the weights that
    are loaded take their place, and memory that nothing is written to costs nothing. (On the meta
    device PyTorch would import its compiler, which takes longer than all the rest of an answer.)
    """

    FILLS = (
        *(nn.init.normal_, nn.init.uniform_, nn.init.kaiming_uniform_),
        *(Tensor.normal_, Tensor.uniform_),
    )

    def __torch_function__(
        self,
        function: Callable[..., Any],
        types: Sequence[type],
        args: tuple[Any, ...] = (),
        kwargs: dict[str, Any] | None = None,
    ) -> Any:
        if function in self.FILLS:
            return args[0] if args else (kwargs or {})["tensor"]
        return function(*args, **(kwargs or {}))
