"""A pretended accelerator: a device "pretend" of PyTorch's PrivateUse1 backend, in pure Python.

Every tensor on it wraps one of the CPU, which holds the numbers. Operations raise where tensors of
two devices meet, as CUDA's do, and are counted: kernels (what would be started on the device),
synchronisations (what makes the program wait for it) and copies to it.
"""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import torch
from torch.utils._python_dispatch import TorchDispatchMode, return_and_correct_aliasing
from torch.utils._pytree import tree_leaves, tree_map
from torch.utils.backend_registration import _setup_privateuseone_for_python_backend

_setup_privateuseone_for_python_backend("pretend")
DEVICE = torch.device("pretend", 0)
# Operations on shapes and storage alone, for which a device starts nothing
VIEWS = {
    *("view", "_unsafe_view", "_reshape_alias", "view_as", "t", "transpose", "permute", "unfold"),
    *("slice", "select", "narrow", "chunk", "split", "split_with_sizes", "unbind", "diagonal"),
    *("expand", "unsqueeze", "squeeze", "detach", "detach_", "alias", "as_strided", "lift_fresh"),
    *("empty", "empty_like", "empty_strided", "new_empty", "new_empty_strided", "resize_", "set_"),
    *("_local_scalar_dense", "is_same_size"),
}
WAITING = {"_local_scalar_dense", "nonzero", "_unique2", "equal", "masked_select", "is_nonzero"}
BETWEEN_DEVICES = {"_to_copy", "copy_", "_local_scalar_dense", "_copy_from", "set_"}


@dataclass(slots=True)
class Counts:
    """What was asked of the device, by the name of the operation."""

    kernels: Counter[str] = field(default_factory=Counter)
    synchronisations: Counter[str] = field(default_factory=Counter)
    copies: Counter[str] = field(default_factory=Counter)

    def reset(self) -> None:
        for counter in (self.kernels, self.synchronisations, self.copies):
            counter.clear()


COUNTS = Counts()


class PretendTensor(torch.Tensor):
    """A tensor on the device: a wrapper around one of the CPU."""

    numbers: torch.Tensor
    __torch_function__ = torch._C._disabled_torch_function_impl

    @staticmethod
    def __new__(cls, numbers: torch.Tensor) -> "PretendTensor":
        # PyTorch makes no tensors of inference mode of a class like this one
        with torch.inference_mode(False):
            wrapper: PretendTensor = torch.Tensor._make_wrapper_subclass(
                cls,
                numbers.shape,
                strides=numbers.stride(),
                storage_offset=numbers.storage_offset(),
                dtype=numbers.dtype,
                device=DEVICE,
            )
        wrapper.numbers = numbers
        return wrapper

    def tolist(self) -> Any:
        COUNTS.synchronisations["tolist"] += 1
        return self.numbers.tolist()

    def numpy(self, **_: Any) -> Any:
        raise TypeError("can't convert pretend:0 device type tensor to numpy")

    def __repr__(self, **_: Any) -> str:
        return f"PretendTensor({self.numbers})"

    @classmethod
    def __torch_dispatch__(cls, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        return _run(func, args, kwargs or {})


class _OnPretend(TorchDispatchMode):
    """Brings factories (torch.zeros(…, device="pretend")) and copies to the device here, too."""

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        return _run(func, args, kwargs or {})


def _run(func: Any, args: Any, kwargs: dict[str, Any]) -> Any:
    name = func._schema.name.split("::")[1]
    tensors = [leaf for leaf in tree_leaves((args, kwargs)) if isinstance(leaf, torch.Tensor)]
    here = [tensor for tensor in tensors if isinstance(tensor, PretendTensor)]
    elsewhere = [t for t in tensors if not isinstance(t, PretendTensor) and t.dim() > 0]
    device = kwargs.get("device")
    to_here = device is not None and torch.device(device).type == "pretend"
    if here and elsewhere and name not in BETWEEN_DEVICES:
        raise RuntimeError(f"{func}: expected all tensors on one device, found pretend:0 and cpu")
    _count(name, args, here=bool(here), to_here=to_here, to_cpu=device is not None and not to_here)
    on_cpu = dict(kwargs)
    if to_here:
        on_cpu["device"] = torch.device("cpu")
    on_cpu.pop("pin_memory", None)
    result = func(*tree_map(_numbers, args), **tree_map(_numbers, on_cpu))
    if name == "copy_":
        return args[0]
    if to_here or (here and device is None):
        result = tree_map(_wrapped, result)
    return return_and_correct_aliasing(func, args, kwargs, result) if here else result


def _count(name: str, args: Any, *, here: bool, to_here: bool, to_cpu: bool) -> None:
    crosses = name == "_to_copy" and (to_cpu if here else to_here)
    if name == "copy_":
        crosses = isinstance(args[0], PretendTensor) != isinstance(args[1], PretendTensor)
        to_cpu = not isinstance(args[0], PretendTensor)
    waits = here and (name in WAITING or (name == "index" and _selects_by_mask(args)))
    if crosses and not to_cpu:
        COUNTS.copies[name] += 1
    elif crosses or waits:
        COUNTS.synchronisations[name] += 1
    if (here or to_here) and name not in VIEWS:
        COUNTS.kernels[name] += 1


def _selects_by_mask(args: Any) -> bool:
    return any(index is not None and index.dtype == torch.bool for index in args[1])


def _numbers(value: Any) -> Any:
    return value.numbers if isinstance(value, PretendTensor) else value


def _wrapped(value: Any) -> Any:
    plain = isinstance(value, torch.Tensor) and not isinstance(value, PretendTensor)
    return PretendTensor(value) if plain else value


class _Module:
    """What PyTorch asks of torch.pretend."""

    is_available = staticmethod(lambda: True)
    device_count = staticmethod(lambda: 1)
    synchronize = staticmethod(lambda device=None: None)
    get_rng_state = staticmethod(lambda device=None: torch.get_rng_state())
    set_rng_state = staticmethod(lambda state, device=None: torch.set_rng_state(state))


for _name in ("is_available", "device_count", "synchronize", "get_rng_state", "set_rng_state"):
    setattr(torch.get_device_module("pretend"), _name, getattr(_Module, _name))


@contextmanager
def pretended_accelerator() -> Iterator[Counts]:
    """The device, and what is asked of it within."""
    COUNTS.reset()
    torch._C._set_only_lift_cpu_tensors(True)
    try:
        with _OnPretend():
            yield COUNTS
    finally:
        torch._C._set_only_lift_cpu_tensors(False)
