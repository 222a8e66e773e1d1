"""Packed rows say to the network what padded ones do."""

from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from pretended_accelerator import DEVICE, pretended_accelerator
from tiny_networks import BARE, CLASSIC, MODERN, network

from model import gradients, packing
from model.config import GPTConfig
from model.device import World
from model.gradients import GradientAccumulator
from model.packing import can_pack, pack, unpack

CPU = torch.device("cpu")


def batch() -> Any:
    """Rows of unequal lengths; one is cut off before its answer, one fills the last shape up."""
    draw = np.random.default_rng(2)
    ids, targets = draw.integers(0, 97, (2, 7, 24))
    for row, length in enumerate((24, 3, 11, 0, 17, 8, 0)):
        targets[row, length:] = targets[row, : length // 3] = -1
    scored = int((targets >= 0).sum())
    return SimpleNamespace(
        ids=ids, targets=targets, tokens=100, scored=scored, examples=np.arange(6)
    )


@pytest.fixture
def packs(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pack on every device."""
    monkeypatch.setattr(gradients, "can_pack", lambda *_: True)


@given(
    lengths=st.lists(st.integers(0, 9), min_size=1, max_size=6),
    tokens=st.integers(1, 300),
    longest=st.integers(9, 40),
)
def test_a_packed_row_has_every_row_up_to_its_last_target_and_fillers_that_score_nothing(
    lengths: list[int], tokens: int, longest: int
) -> None:
    ids = np.arange(len(lengths) * 9).reshape(-1, 9) + 1
    targets = np.where(np.arange(9) < np.array(lengths)[:, None], ids + 1, -1)
    row = pack(ids, targets, tokens, longest)
    packed_ids, packed_targets, documents = unpack(
        torch.from_numpy(row.flat), row.offset_count, longest
    )
    assert packed_ids.shape == packed_targets.shape
    size = packed_ids.shape[1]
    assert size % packing.ROW_MULTIPLE == 0
    assert size - packing.ROW_MULTIPLE < max(tokens, sum(max(1, n) for n in lengths)) <= size
    sizes = documents.offsets.diff()
    assert documents.offsets[0] == 0
    assert documents.offsets[-1] == size
    assert 0 < sizes.min() <= sizes.max() <= longest
    parts = packed_ids[0].split(sizes.tolist())
    for number, length in enumerate(lengths):
        assert parts[number].tolist() == ids[number, : max(1, length)].tolist()
    assert sorted(packed_targets[packed_targets >= 0].tolist()) == sorted(targets[targets >= 0])


@pytest.mark.parametrize("config", [MODERN, CLASSIC, BARE])
@pytest.mark.parametrize("limit", [10_000, 60, 24])
def test_packed_rows_give_the_losses_and_gradients_of_padded_ones(
    config: GPTConfig, limit: int, packs: None
) -> None:
    padded, packed = network(config).train(), network(config).train()
    expected = GradientAccumulator(padded, padded, World(device=CPU))(batch())
    accumulate = GradientAccumulator(packed, packed, World(device=CPU), pack_into=128)
    accumulate.limit.tokens = limit
    loss = accumulate(batch())
    assert loss.nats == pytest.approx(expected.nats, rel=1e-5)
    assert loss.correct.tolist() == expected.correct.tolist()
    for ours, theirs in zip(packed.parameters(), padded.parameters(), strict=True):
        torch.testing.assert_close(ours.grad, theirs.grad, rtol=1e-3, atol=1e-5)


def test_an_example_is_right_by_its_own_targets_alone(packs: None) -> None:
    model, taught = network(MODERN).train(), batch()
    with torch.no_grad():
        likeliest = model(torch.from_numpy(taught.ids)).argmax(-1).numpy()
    taught.targets[:3] = np.where(taught.targets[:3] >= 0, likeliest[:3], -1)
    accumulate = GradientAccumulator(model, model, World(device=CPU), pack_into=128)
    assert accumulate(taught).correct.tolist() == [True, True, True, False, False, False]


def test_on_an_accelerator_a_packed_step_is_one_copy_and_one_wait(packs: None) -> None:
    ours, theirs = network(MODERN).train(), network(MODERN).train()
    expected = GradientAccumulator(ours, ours, World(device=CPU))(batch())
    with pretended_accelerator() as counts:
        theirs.to(DEVICE)
        accumulate = GradientAccumulator(theirs, theirs, World(device=DEVICE), pack_into=128)
        accumulate.limit.tokens = 60  # several micro-batches
        counts.reset()
        loss = accumulate(batch())
        assert sum(counts.copies.values()) <= 1
        assert sum(counts.synchronisations.values()) <= 1, counts.synchronisations
    assert loss.nats == pytest.approx(expected.nats, rel=1e-4)


def test_only_a_gpu_that_skips_what_lies_between_packs() -> None:
    assert not can_pack(CPU, torch.float32, MODERN)
    assert not can_pack(DEVICE, torch.bfloat16, MODERN)
