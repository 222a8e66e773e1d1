"""What the machine has is found by asking it, and processes that train together agree."""

import subprocess
import sys
from pathlib import Path

import pytest
import torch

from model.device import World, keep_freed_memory, matmul_rates, pick_device, pick_dtype
from model.distributed import any_rank, init_distributed

CPU = torch.device("cpu")
TOGETHER = """
import os, sys, torch
from torch import nn
from model.distributed import all_reduce_gradients, any_rank, init_distributed
os.environ |= {"WORLD_SIZE": "2", "RANK": sys.argv[1]}
os.environ |= {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": sys.argv[2]}
with init_distributed("cpu") as world:
    assert (world.rank, world.world_size) == (int(sys.argv[1]), 2)
    assert world.is_main == (sys.argv[1] == "0")
    first, second = nn.Parameter(torch.zeros(3)), nn.Parameter(torch.zeros(2, 2))
    first.grad = torch.full((3,), 1.0 + world.rank)
    if world.rank:
        second.grad = torch.ones(2, 2)
    assert all_reduce_gradients([first, second], 0.5 + world.rank, world) == 2.0
    assert first.grad.tolist() == [3.0] * 3 and second.grad.tolist() == [[1.0, 1.0]] * 2
    assert all_reduce_gradients([], 1.0, world) == 2.0
    assert any_rank(world.rank == 1, world) and not any_rank(False, world)
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
    with pytest.raises(ValueError, match=r"device|machine"):
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


def test_rates_are_those_of_a_computer() -> None:
    rates = matmul_rates(CPU, [torch.float32])
    assert 1e8 < rates[torch.float32] < 1e15


def test_alone_without_torchrun(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("WORLD_SIZE", raising=False)
    with init_distributed("cpu") as world:
        assert world == World(device=CPU) and world.is_main
        assert any_rank(True, world) and not any_rank(False, world)


def test_asking_the_c_library_for_its_manners_never_fails() -> None:
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
