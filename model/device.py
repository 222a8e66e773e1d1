"""What the machine can do, by measurement: the device, the dtype to compute in, the peak to compare
with, and the other ranks.
"""

import ctypes
import time
from collections.abc import Sequence
from dataclasses import dataclass

import torch

M_TRIM_THRESHOLD, M_MMAP_THRESHOLD = -1, -3  # malloc.h's names


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """This process among those that train together."""

    device: torch.device
    rank: int = 0
    world_size: int = 1

    @property
    def is_main(self) -> bool:
        """Whether this process prints and saves."""
        return self.rank == 0


def pick_device(name: str) -> torch.device:
    """`auto`, `cpu`, `cuda`, `cuda:1`, `mps` → a device that is there. Raises ValueError."""
    if name == "auto":
        name = (
            "cuda"
            if torch.cuda.is_available()
            else "mps"
            if torch.backends.mps.is_available()
            else "cpu"
        )
    try:
        device = torch.device(name)
    except RuntimeError:
        raise ValueError(f"no device is called {name!r}: take auto, cpu, cuda or mps") from None
    there = {
        "cpu": True,
        "cuda": torch.cuda.is_available(),
        "mps": torch.backends.mps.is_available(),
    }
    if not there.get(device.type, False) or (
        device.type == "cuda" and (device.index or 0) >= torch.cuda.device_count()
    ):
        raise ValueError(f"this machine has no {name}: leave --device out to take what it has")
    return device


def keep_freed_memory() -> None:
    """Have the C library keep what is freed for what is allocated next, as each step allocates what
    the last one freed.

    Else large tensors go back to the system, which hands the pages over again one fault at a time:
    a tenth of a step on a CPU.
    """
    try:
        mallopt = ctypes.CDLL(None).mallopt
    except (AttributeError, OSError, TypeError):  # not glibc: macOS, Windows, musl
        return
    mallopt(M_TRIM_THRESHOLD, (1 << 31) - 1)
    mallopt(M_MMAP_THRESHOLD, 1 << 30)


def is_out_of_memory(error: RuntimeError) -> bool:
    """Whether an error of torch says that there is no more memory; on a CPU it has no type of its
    own.
    """
    return isinstance(error, torch.OutOfMemoryError) or "can't allocate memory" in str(error)


def pick_dtype(device: torch.device, wish: str) -> torch.dtype:
    """The dtype of activations: as wished, or bfloat16 where it is the faster on this machine."""
    if wish != "auto":
        return {"float32": torch.float32, "bfloat16": torch.bfloat16}[wish]
    if device.type == "mps":
        return torch.float32
    if device.type == "cuda":
        return torch.bfloat16 if torch.cuda.is_bf16_supported() else torch.float32
    rates = matmul_rates(device, [torch.float32, torch.bfloat16])
    return torch.bfloat16 if rates[torch.bfloat16] > 1.2 * rates[torch.float32] else torch.float32


def matmul_rates(device: torch.device, dtypes: Sequence[torch.dtype]) -> dict[torch.dtype, float]:
    """Floating-point operations a second in a product of matrices of a size that fits the device:
    the practical peak of each dtype.

    The best of several short tries in turn, so that a busy moment of the machine falls on all
    alike. Takes some milliseconds.
    """
    side, times = (4096, 8) if device.type == "cuda" else (384, 2)
    best = dict.fromkeys(dtypes, 0.0)
    operands = {dtype: torch.randn(side, side, device=device).to(dtype) for dtype in dtypes}
    for _ in range(12):
        for dtype, a in operands.items():
            _wait(device)
            start = time.perf_counter()
            for _ in range(times):
                a @ a
            _wait(device)
            best[dtype] = max(best[dtype], times * 2 * side**3 / (time.perf_counter() - start))
    return best


def _wait(device: torch.device) -> None:
    if device.type == "cuda":
        torch.cuda.synchronize(device)
