"""Training, evaluation and generation use operators that the GPUs of NVIDIA and Apple have, by the
table of PyTorch itself (it comes with every build of PyTorch).
"""

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torchgen
import yaml
from pretended_accelerator import DEVICE, PretendTensor, pretended_accelerator
from tiny_networks import BARE, CLASSIC, MODERN, PROMPTS, network
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

from model import gradients
from model.config import OptimConfig
from model.device import World
from model.evaluate import measure_loss, recalled
from model.gradients import GradientAccumulator
from model.inference.sampling import generate_batch
from model.optim import Optimizer

TABLE = Path(torchgen.__file__).parent / "packaged/ATen/native/native_functions.yaml"
# What PyTorch takes on GPUs in place of a chain of the operators that are recorded
ON_GPUS = {"aten::_fused_adamw_", "aten::_fused_rms_norm"}
OF_PACKING = {"aten::bucketize.Tensor"}  # which is for NVIDIA's GPUs


class Recorder(TorchDispatchMode):
    """The names of the operators that were asked of the device."""

    def __init__(self) -> None:
        super().__init__()
        self.names: set[str] = set()

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        result = func(*args, **(kwargs or {}))
        if any(isinstance(leaf, PretendTensor) for leaf in tree_leaves((args, kwargs, result))):
            self.names.add(func.name())
        return result


@pytest.fixture
def recorded(monkeypatch: pytest.MonkeyPatch) -> Iterator[set[str]]:
    """The operators of a step, an evaluation and answers, by networks of every form."""
    monkeypatch.setattr(gradients, "can_pack", lambda *_: True)
    ids, targets = np.random.default_rng(1).integers(0, 97, (2, 4, 20))
    rows = SimpleNamespace(
        ids=ids, targets=targets, tokens=80, scored=80, examples=np.arange(4), forms=np.zeros(4)
    )
    with pretended_accelerator(), Recorder() as recorder:
        for config, optimizer in ((MODERN, "muon"), (CLASSIC, "adamw"), (BARE, "muon")):
            model = network(config).train().to(DEVICE)
            for pack_into in (0, 128):
                accumulate = GradientAccumulator(
                    model, model, World(device=DEVICE), pack_into=pack_into
                )
                loss = accumulate(rows)
                optim = OptimConfig(optimizer=optimizer, grad_clip=0.001)  # type: ignore[arg-type]
                Optimizer(model, optim).step(1.0, grad_norm=loss.grad_norm)
            measure_loss(model, [rows], [1] * 97)
            recalled(model, [rows])
            generate_batch(model, PROMPTS[:4], max_new_tokens=3)
        yield recorder.names


@pytest.mark.parametrize("device", ["CUDA", "MPS"])
def test_every_operator_is_one_that_the_device_has(device: str, recorded: set[str]) -> None:
    assert {"aten::mm", "aten::embedding", *OF_PACKING} <= recorded
    asked = recorded | ON_GPUS if device == "CUDA" else (recorded | ON_GPUS) - OF_PACKING
    table = {name_of(entry): entry for entry in yaml.load(TABLE.read_text(), yaml.CSafeLoader)}
    assert [name for name in sorted(asked) if not is_there(name, device, table)] == []


def name_of(entry: dict[str, Any]) -> str:
    return "aten::" + str(entry["func"]).partition("(")[0]


def is_there(name: str, device: str, table: dict[str, dict[str, Any]]) -> bool:
    """Whether the table has a kernel for the device, or makes the operator of others."""
    entry = table[name]
    if "structured_delegate" in entry:
        return is_there(f"aten::{entry['structured_delegate']}", device, table)
    if "ufunc_inner_loop" in entry and device == "CUDA":  # generated for CPUs and CUDA
        return True
    if "dispatch" not in entry:
        return True
    keys = {key.strip() for keys in entry["dispatch"] for key in keys.split(",")}
    return device in keys or any(key.startswith("Composite") for key in keys)
