"""What the machine has is found by asking it, and processes that train together agree."""

import subprocess
import sys
from pathlib import Path

import pytest
import torch

from model.device import (
    World,
    half_dtype,
    is_out_of_memory,
    keep_freed_memory,
    matmul_rates,
    pick_device,
    pick_dtype,
)
from model.distributed import any_rank, init_distributed
from pipeline.errors import BadInput

CPU = torch.device("cpu")
TOGETHER = """
import os, sys, torch
from model.distributed import all_reduce, any_rank, any_ranks, init_distributed
os.environ |= {"WORLD_SIZE": "2", "RANK": sys.argv[1]}
os.environ |= {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": sys.argv[2]}
with init_distributed("cpu") as world:
    assert (world.rank, world.world_size) == (int(sys.argv[1]), 2)
    assert world.is_main == (sys.argv[1] == "0")
    figures = torch.tensor([0.5 + world.rank, 1.0])
    all_reduce(figures)
    assert figures.tolist() == [2.0, 2.0]
    assert any_rank(world.rank == 1, world) and not any_rank(False, world)
    flags = (world.rank == 0, world.rank == 1, False)
    assert any_ranks(flags, world) == [True, True, False]
    if world.rank:
        os._exit(9)
    try:
        for _ in range(50):
            any_rank(True, world)
    except ConnectionError as error:
        print("gone:", error)
"""


def test_the_device_is_one_that_is_there() -> None:
    assert pick_device("cpu") == CPU
    assert pick_device("auto").type in ("cpu", "cuda", "mps")


@pytest.mark.parametrize("name", ["abacus", "", "meta", "xla", "cuda:99", "cpu cpu"])
def test_a_device_that_is_not_there_is_named(name: str) -> None:
    with pytest.raises(BadInput, match=r"device|machine"):
        pick_device(name)


def test_a_wish_for_a_dtype_is_granted_and_without_one_it_is_measured(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    assert pick_dtype(CPU, "float32") == torch.float32
    assert pick_dtype(CPU, "bfloat16") == torch.bfloat16
    for half, chosen in ((1.1, torch.float32), (1.3, torch.bfloat16)):
        monkeypatch.setattr(
            "model.device.matmul_rates",
            lambda *_, half=half: {torch.float32: 1.0, torch.bfloat16: half},
        )
        assert pick_dtype(CPU, "auto") == chosen


@pytest.mark.parametrize(
    ("capability", "dtype"),
    [((6, 1), torch.float32), ((7, 5), torch.float16), ((8, 0), torch.bfloat16)],
)
def test_a_graphics_card_computes_in_what_it_multiplies_natively(
    capability: tuple[int, int], dtype: torch.dtype, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch.cuda, "get_device_capability", lambda device: capability)
    monkeypatch.setattr(
        torch.cuda,
        "is_bf16_supported",
        lambda including_emulation=True: including_emulation or capability >= (8, 0),
    )
    half_dtype.cache_clear()
    assert pick_dtype(torch.device("cuda"), "auto") == dtype
    half_dtype.cache_clear()


def test_an_apple_gpu_without_bfloat16_computes_in_float32(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise TypeError("BFloat16 is not supported on MPS")

    monkeypatch.setattr("model.device.matmul_rates", refuse)
    assert pick_dtype(torch.device("mps"), "auto") == torch.float32


@pytest.mark.parametrize(
    "message",
    [
        "[enforce fail at alloc_cpu.cpp:127] err == 0. DefaultCPUAllocator: can't allocate memory:"
        " you tried to allocate 8 bytes. Error code 12 (Cannot allocate memory)",
        "CUDA out of memory. Tried to allocate 20.00 MiB",
        "CUDA error: out of memory\nCUDA kernel errors might be asynchronously reported",
        "CUDA error: CUBLAS_STATUS_ALLOC_FAILED when calling `cublasCreate(handle)`",
        "cuDNN error: CUDNN_STATUS_ALLOC_FAILED",
        "MPS backend out of memory (MPS allocated: 17.9 GB, other allocations: 1.1 MB)",
    ],
)
def test_a_shortage_of_memory_is_known_by_the_words_of_every_library(message: str) -> None:
    assert is_out_of_memory(RuntimeError(message))


@pytest.mark.parametrize(
    "message", ["mat1 and mat2 shapes cannot be multiplied", "CUDA error: device-side assert"]
)
def test_another_error_is_no_shortage_of_memory(message: str) -> None:
    assert not is_out_of_memory(RuntimeError(message))


def test_torchrun_on_an_apple_gpu_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WORLD_SIZE", "2")
    monkeypatch.setattr("model.distributed.pick_device", lambda name: torch.device("mps"))
    with pytest.raises(BadInput, match="without torchrun"), init_distributed("auto"):
        pass


def test_rates_are_those_of_a_computer() -> None:
    rates = matmul_rates(CPU, [torch.float32])
    assert 1e8 < rates[torch.float32] < 1e15


def test_alone_without_torchrun(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WORLD_SIZE", raising=False)
    with init_distributed("cpu") as world:
        assert world == World(device=CPU) and world.is_main
        assert any_rank(True, world) and not any_rank(False, world)


def test_asking_the_c_library_to_keep_memory_never_fails() -> None:
    keep_freed_memory()


def test_two_processes_add_up_agree_and_notice_when_one_is_gone(free_port: int) -> None:
    root = Path(__file__).parents[2]
    both = [
        subprocess.Popen(
            [sys.executable, "-c", TOGETHER, str(rank), str(free_port)],
            cwd=root,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        for rank in (0, 1)
    ]
    (said, wrong), _ = (process.communicate(timeout=120) for process in both)
    assert both[0].returncode == 0, wrong
    assert both[1].returncode == 9
    assert said.startswith("gone: another process of this run has gone") and said.count("\n") == 1


@pytest.fixture
def free_port() -> int:
    import socket

    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])
