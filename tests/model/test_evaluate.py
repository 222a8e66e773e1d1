"""Losses are sums over what is scored, and recall is what greedy generation would say."""

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pytest
import torch

from model.config import GPTConfig
from model.evaluate import IGNORED, measure_loss, recalled
from model.gpt import GPT

CONFIG = GPTConfig(
    vocab_size=12, block_size=16, layers=1, heads=2, width=16, mlp_width=24, dropout=0.5
)


@dataclass
class Rows:
    ids: npt.NDArray[np.int64]
    targets: npt.NDArray[np.int64]

    @property
    def examples(self) -> npt.NDArray[np.int64]:
        return np.arange(len(self.ids))


def network() -> GPT:
    torch.manual_seed(1)
    model = GPT(CONFIG)
    for p in model.parameters():
        torch.nn.init.normal_(p, 0.0, 0.5)
    return model.train()


def rows(count: int, seed: int = 0) -> Rows:
    drawn = np.random.default_rng(seed).integers(0, 12, (count, 9))
    targets = drawn[:, 1:].copy()
    targets[:, :3] = IGNORED
    return Rows(drawn[:, :-1], targets)


def greedy(model: GPT, start: list[int], count: int) -> list[int]:
    ids = list(start)
    for _ in range(count):
        ids.append(int(model(torch.tensor([ids]))[0, -1].argmax()))
    return ids[len(start) :]


def test_loss_is_the_mean_over_scored_targets_however_they_are_batched() -> None:
    model, all_rows = network(), rows(6)
    whole = measure_loss(model, [all_rows], [1] * 12)
    parts = measure_loss(
        model,
        [
            Rows(all_rows.ids[:1], all_rows.targets[:1]),
            Rows(all_rows.ids[1:], all_rows.targets[1:]),
        ],
        [1] * 12,
    )
    assert whole.nats == pytest.approx(parts.nats, rel=1e-5)
    assert whole.bits_per_byte == pytest.approx(whole.nats / math.log(2))
    assert measure_loss(model, [all_rows], [4] * 12).bits_per_byte == pytest.approx(
        whole.bits_per_byte / 4
    )
    assert model.training, "it is put back to where it was"


def test_the_loss_of_nothing_is_nothing() -> None:
    assert measure_loss(network(), [], [1] * 12).nats == 0


def test_a_row_is_recalled_when_greedy_generation_gives_it_word_for_word() -> None:
    model = network()
    model.eval()
    data = rows(20, seed=4)
    truth = []
    for row in range(20):
        said = greedy(model, data.ids[row, :4].tolist(), 5)
        if row % 2:  # every other row holds what the network says
            data.ids[row, 4:] = said[:-1]
            data.targets[row, 3:] = said
        truth.append(said == data.targets[row, 3:].tolist())
    assert (
        recalled(
            model, [Rows(data.ids[:7], data.targets[:7]), Rows(data.ids[7:], data.targets[7:])]
        )
        == truth
    )
    assert sum(truth) >= 10


def test_one_wrong_token_is_no_recall_and_a_row_that_scores_nothing_is_none() -> None:
    model = network().eval()
    said = greedy(model, [1, 2], 4)
    ids = np.array([[1, 2, *said[:-1]]] * 3)
    targets = np.array(
        [[IGNORED, *said], [IGNORED, *said[:-1], (said[-1] + 1) % 12], [IGNORED] * 5]
    )
    assert recalled(model, [Rows(ids, targets)]) == [True, False, False]


def test_dropout_never_disturbs_a_measurement() -> None:
    model, data = network(), rows(8)
    assert measure_loss(model, [data], [1] * 12) == measure_loss(model, [data], [1] * 12)
    state = torch.get_rng_state()
    recalled(model, [data])
    assert torch.equal(state, torch.get_rng_state()), (
        "nothing is drawn, so that a run is the same with or without it"
    )
