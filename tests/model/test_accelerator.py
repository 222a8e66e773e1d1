"""On an accelerator a step gives the CPU's gradients, with one copy and one wait; see
pretended_accelerator.py.
"""

from types import SimpleNamespace

import numpy as np
import pytest
import torch
from pretended_accelerator import DEVICE, pretended_accelerator
from tiny_networks import BARE, CLASSIC, MODERN, PROMPTS, network

from model.config import GPTConfig
from model.device import World
from model.gradients import GradientAccumulator
from model.inference.sampling import generate


@pytest.mark.parametrize("config", [MODERN, CLASSIC, BARE])
def test_a_step_and_an_answer_are_the_cpus_with_one_copy_and_one_wait(config: GPTConfig) -> None:
    ids = torch.randint(0, 97, (4, 20), generator=torch.Generator().manual_seed(1)).numpy()
    rows = SimpleNamespace(
        ids=ids, targets=np.roll(ids, -1, 1), tokens=80, scored=80, examples=np.arange(4)
    )
    ours, theirs = network(config).train(), network(config).train()
    expected = GradientAccumulator(ours, ours, World(device=torch.device("cpu")))(rows)
    answer = generate(ours, PROMPTS[1], max_new_tokens=9)
    with pretended_accelerator() as counts:
        theirs.to(DEVICE)
        accumulate = GradientAccumulator(theirs, theirs, World(device=DEVICE))
        counts.reset()
        loss = accumulate(rows)
        assert sum(counts.copies.values()) <= 1
        assert sum(counts.synchronisations.values()) <= 1, counts.synchronisations
        assert generate(theirs, PROMPTS[1], max_new_tokens=9) == answer
    assert loss.nats == pytest.approx(expected.nats, rel=1e-4)
    assert loss.grad_norm == pytest.approx(expected.grad_norm, rel=1e-3)
