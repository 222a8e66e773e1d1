"""What the machine can do, by measurement: the device, the dtype to compute in, the peak to compare
with, and the other ranks.
"""

import ctypes
import os
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import torch

from pipeline.errors import BadInput

RANDOM_STATE = "random|"  # what tensors of a checkpoint with generators' states begin with
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
    """`auto`, `cpu`, `cuda`, `cuda:1`, `mps` → a device that is there. Raises BadInput."""
    if name == "auto":
        name = next((kind for kind in ("cuda", "mps") if _is_available(kind)), "cpu")
    try:
        device = torch.device(name)
    except RuntimeError:
        raise BadInput(f"no device is called {name!r}: take auto, cpu, cuda or mps") from None
    count = 1
    if device.type == "cuda" and _is_available("cuda"):
        count = torch.cuda.device_count()
    if not _is_available(device.type) or (device.index or 0) >= count:
        raise BadInput(f"this machine has no {name}: leave --device out to take what it has")
    return device


def _is_available(kind: str) -> bool:
    if kind == "cpu":
        return True
    try:
        return bool(torch.get_device_module(kind).is_available())
    except (RuntimeError, AttributeError):  # a kind that this build of PyTorch cannot compute on
        return False


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


# Every library that allocates on its own words its shortage differently: C++'s allocator, the CUDA
# runtime and driver, cuBLAS, cuDNN and cuSOLVER (…_STATUS_ALLOC_FAILED), Apple's Metal, NCCL.
OUT_OF_MEMORY = re.compile(
    r"can't allocate memory|not enough memory|bad_alloc|out of memory|_STATUS_ALLOC_FAILED"
    r"|Failed to CUDA \w*alloc|insufficient memory",
    re.IGNORECASE,
)


def is_out_of_memory(error: RuntimeError) -> bool:
    """Whether an error of torch says that there is no more memory; only the caching allocator of
    CUDA gives it a type of its own.
    """
    if isinstance(error, torch.OutOfMemoryError):
        return True
    return OUT_OF_MEMORY.search(str(error)) is not None


def free_cached_memory(device: torch.device) -> None:
    """Give back what the allocator keeps for later, so that a smaller try finds it in one piece."""
    if device.type != "cpu":
        empty_cache = getattr(torch.get_device_module(device), "empty_cache", None)
        if empty_cache is not None:
            empty_cache()


def can_compile(device: torch.device) -> bool:
    """Whether torch.compile works here: it needs a C++ compiler, and Triton on a GPU."""
    try:
        torch.compile(lambda x: x * 2 + 1)(torch.ones(8, device=device))
    except (RuntimeError, OSError):
        return False
    return True


def random_state(device: torch.device) -> dict[str, torch.Tensor]:
    """The state of the random generators that training draws from (dropout)."""
    states = {f"{RANDOM_STATE}cpu": torch.get_rng_state()}
    if device.type != "cpu":
        states[f"{RANDOM_STATE}{device.type}"] = torch.get_device_module(device).get_rng_state(
            device
        )
    return states


def set_random_state(states: Mapping[str, torch.Tensor], device: torch.device) -> None:
    """Restore an earlier `random_state`, as far as it is of this kind of device."""
    if f"{RANDOM_STATE}cpu" in states:
        torch.set_rng_state(states[f"{RANDOM_STATE}cpu"])
    own = states.get(f"{RANDOM_STATE}{device.type}")
    if device.type != "cpu" and own is not None:
        torch.get_device_module(device).set_rng_state(own, device)


def make_deterministic() -> None:
    """Have every operation give the same bits again for the same input, on a GPU too, where the
    order of sums is otherwise left to chance. To be called before the GPU is first used.

    Without it a run that is resumed on CUDA goes on from equal weights, data and random numbers,
    but differs in last bits, as two runs of the same command do. A CPU is deterministic as it is,
    for the same number of threads.
    """
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")  # what cuBLAS asks for
    torch.use_deterministic_algorithms(True)


@cache
def half_dtype(device: torch.device) -> torch.dtype | None:
    """The 16-bit dtype that a device multiplies natively; None where it has none.

    Graphics cards before the RTX 30 (T4, V100, RTX 20) have float16 alone: they emulate bfloat16,
    slower than float32.
    """
    if device.type != "cuda":
        return torch.bfloat16
    if torch.cuda.is_bf16_supported(including_emulation=False):
        return torch.bfloat16
    major, _ = torch.cuda.get_device_capability(device)
    return torch.float16 if major >= 7 else None  # 7.0 was the first with tensor cores


def pick_dtype(device: torch.device, wish: str) -> torch.dtype:
    """The dtype of activations: as asked for, or the fastest here that is safe to train in.

    float16 needs its loss scaled (see gradients.py).
    """
    if wish != "auto":
        dtypes = (torch.float32, torch.bfloat16, torch.float16)
        return {str(dtype).removeprefix("torch."): dtype for dtype in dtypes}[wish]
    half = half_dtype(device)
    if half is None:
        return torch.float32
    if device.type == "cuda":
        return half
    # On CPUs and on Apple's GPUs it depends on the chip: some compute in it, others convert
    try:
        rates = matmul_rates(device, [torch.float32, half])
    except (RuntimeError, TypeError):  # macOS before 14 has no bfloat16
        return torch.float32
    return half if rates[half] > 1.2 * rates[torch.float32] else torch.float32


# The side of the square matrices that a peak is measured with, and how many products are timed at
# once: as large as makes starting them cost nothing, as small as takes milliseconds
MEASURED = {"cpu": (384, 2), "mps": (2048, 4)}


def matmul_rates(device: torch.device, dtypes: Sequence[torch.dtype]) -> dict[torch.dtype, float]:
    """Floating-point operations per second in a product of matrices of a size that fits the device:
    the practical peak of each dtype.

    The best of several short tries in turn, so that a busy moment of the machine falls on all
    alike. Takes some milliseconds.
    """
    side, times = MEASURED.get(device.type, (4096, 8))
    best = dict.fromkeys(dtypes, 0.0)
    operands = {dtype: torch.randn(side, side, device=device).to(dtype) for dtype in dtypes}
    for _ in range(12):
        for dtype, a in operands.items():
            synchronize(device)
            start = time.perf_counter()
            for _ in range(times):
                a @ a
            synchronize(device)
            best[dtype] = max(best[dtype], times * 2 * side**3 / (time.perf_counter() - start))
    return best


def synchronize(device: torch.device) -> None:
    """Wait until the device has done all that it was given."""
    if device.type != "cpu":
        torch.get_device_module(device).synchronize()
