"""On an accelerator a step gives the CPU's gradients, with one copy and one wait, and few kernels;
see pretended_accelerator.py.
"""

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
from pretended_accelerator import DEVICE, pretended_accelerator
from tiny_networks import BARE, CLASSIC, MODERN, PROMPTS, network

from model import kernels
from model.config import GPTConfig, OptimConfig
from model.device import World
from model.gpt import GPT
from model.gradients import BatchLoss, GradientAccumulator
from model.inference.engine import InferenceEngine
from model.inference.sampling import answer_one
from model.optim import Optimizer

CPU = torch.device("cpu")
# One block's forward and backward pass. On a GPU there are about half as many: a normalisation and
# attention are one kernel each there, and chains of simple ones here
KERNELS_OF_A_LAYER = 130


def rows() -> Any:
    """A batch of four rows."""
    ids = torch.randint(0, 97, (4, 20), generator=torch.Generator().manual_seed(1)).numpy()
    targets = np.roll(ids, -1, 1)
    targets[1, 9:] = targets[:, :3] = -1
    return SimpleNamespace(
        ids=ids,
        targets=targets,
        tokens=80,
        scored=int((targets >= 0).sum()),
        examples=np.arange(4),
    )


def gradients(model: GPT, device: torch.device = CPU) -> BatchLoss:
    return GradientAccumulator(model, model, World(device=device))(rows())


@pytest.mark.parametrize("config", [MODERN, CLASSIC, BARE])
def test_a_step_and_an_answer_are_the_cpus_with_one_copy_and_one_wait(config: GPTConfig) -> None:
    ours, theirs = network(config).train(), network(config).train()
    expected = gradients(ours)
    answer = answer_one(InferenceEngine(ours), PROMPTS[1], max_new_tokens=9).ids
    with pretended_accelerator() as counts:
        theirs.to(DEVICE)
        counts.reset()
        loss = gradients(theirs, DEVICE)
        assert sum(counts.copies.values()) <= 1
        assert sum(counts.synchronisations.values()) <= 1, counts.synchronisations
        assert answer_one(InferenceEngine(theirs), PROMPTS[1], max_new_tokens=9).ids == answer
    assert loss.nats == pytest.approx(expected.nats, rel=1e-4)
    assert loss.grad_norm == pytest.approx(expected.grad_norm, rel=1e-3)


@pytest.mark.parametrize("config", [MODERN, CLASSIC, BARE])
def test_what_accelerators_compute_with_gives_a_cpus_losses_and_gradients(
    config: GPTConfig, monkeypatch: pytest.MonkeyPatch
) -> None:
    by_hand, forced = network(config).train(), network(config).train()
    expected = gradients(by_hand)
    monkeypatch.setattr(kernels, "uses_cpu_kernels", lambda x: False)
    loss = gradients(forced)
    assert loss.nats == pytest.approx(expected.nats, rel=1e-5)
    assert loss.correct.tolist() == expected.correct.tolist()
    for ours, theirs in zip(forced.parameters(), by_hand.parameters(), strict=True):
        torch.testing.assert_close(ours.grad, theirs.grad, rtol=1e-3, atol=1e-5)


def kernels_of_a_step(layers: int) -> tuple[int, int]:
    """Of the gradients, and of Muon."""
    model = network(replace(MODERN, layers=layers)).train()
    with pretended_accelerator() as counts:
        model.to(DEVICE)
        optimizer = Optimizer(model, OptimConfig())
        gradients(model, DEVICE)
        optimizer.step(1.0, grad_norm=1.0)  # the first makes its state
        counts.reset()
        gradients(model, DEVICE)
        of_gradients = sum(counts.kernels.values())
        counts.reset()
        optimizer.optimizers[1].step()
        assert not counts.copies
        assert not counts.synchronisations
        return of_gradients, sum(counts.kernels.values())


def test_a_layer_costs_few_kernels_and_muon_as_many_for_any_number_of_layers() -> None:
    few, many = kernels_of_a_step(2), kernels_of_a_step(6)
    assert (many[0] - few[0]) / 4 <= KERNELS_OF_A_LAYER
    assert many[1] == few[1]
