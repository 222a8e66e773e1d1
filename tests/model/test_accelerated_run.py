"""A whole run on an accelerator (a pretended one): it trains, evaluates, saves, goes on, and ends
with the weights that a CPU finds.
"""

import json
import os
import signal
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from pretended_accelerator import DEVICE, pretended_accelerator

from model import device as devices
from model import gradients
from model.checkpoint import checkpoints_newest_first
from model.device import World
from model.gradients import BatchLoss, GradientAccumulator
from model.train_config import TrainConfig, default_config
from pipeline.dataset.pairs_file import write_pairs
from pipeline.records import Pair
from train import prepare, train

CPU = torch.device("cpu")


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    pairs = [
        Pair(
            pageid=number,
            title=f"Lighthouse {number}",
            kind="definition",
            question=f"What is Lighthouse {number}?",
            answer=f"Lighthouse {number} was lit first in {1800 + number}.",
            url="",
            revid=number,
            licence="",
        )
        for number in range(1, 13)
    ]
    write_pairs(tmp_path / "pairs.jsonl", pairs)
    return tmp_path


def settings(cache: Path, out: Path) -> TrainConfig:
    config = default_config()
    return replace(
        config,
        data=replace(config.data, cache=cache, held_out=0.0),
        model=replace(config.model, vocab_size=280, layers=1, heads=1, width=16, mlp_width=32),
        dataloader=replace(config.dataloader, batch_tokens=256),
        trainer=replace(
            config.trainer, out=out, epochs=3, compute="float32", recall_sample=4, keep=9
        ),
    )


def weights(run: Path) -> dict[str, torch.Tensor]:
    return next(checkpoints_newest_first(run, training=True)).weights  # type: ignore[union-attr]


def losses(run: Path) -> list[float]:
    lines = (run / "metrics.jsonl").read_text().splitlines()
    return [json.loads(line)["train_loss"] for line in lines]


@pytest.mark.parametrize("packs", [False, True])
def test_a_run_on_an_accelerator_learns_as_on_a_cpu_and_goes_on_where_it_was_interrupted(
    packs: bool, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gradients, "can_pack", lambda device, *_: packs and device == DEVICE)
    monkeypatch.setitem(devices.MEASURED, "pretend", (8, 1))
    unbroken, interrupted, on_cpu = (cache / name for name in ("unbroken", "interrupted", "cpu"))
    assert train(prepare(settings(cache, on_cpu), World(device=CPU))) == 0
    with pretended_accelerator():
        world, config = World(device=DEVICE), settings(cache, interrupted)
        assert train(prepare(settings(cache, unbroken), world)) == 0
        training = prepare(config, world)
        training.accumulate_gradients = Interrupting(training.accumulate_gradients, after=4)  # type: ignore[assignment]
        assert train(training) == 128 + signal.SIGINT
        training.run.close()  # type: ignore[union-attr]
        assert train(prepare(replace(config, resume=True), world)) == 0
    assert losses(interrupted) == losses(unbroken) == pytest.approx(losses(on_cpu), rel=1e-2)
    assert ledger(interrupted) == ledger(unbroken)
    assert [row["question"] for row in ledger(unbroken)] == [
        row["question"] for row in ledger(on_cpu)
    ]
    ended = weights(interrupted)
    assert all(torch.equal(ended[name], kept) for name, kept in weights(unbroken).items())


def ledger(run: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (run / "ledger.jsonl").read_text().splitlines()]


def test_an_epoch_that_takes_long_is_measured_and_saved_by_time(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(devices.MEASURED, "pretend", (8, 1))
    config = settings(cache, cache / "run")
    config = replace(config, trainer=replace(config.trainer, epochs=1, save_minutes=1e-9))
    with pretended_accelerator():
        training = prepare(config, World(device=DEVICE))
        steps = training.corpus.data.steps(0)
        assert train(training) == 0
    rows = (cache / "run/metrics.jsonl").read_text().splitlines()
    assert [json.loads(row)["step"] for row in rows] == [*range(1, steps + 1)]


class Interrupting:
    """Makes gradients, and presses Ctrl-C after so many steps."""

    def __init__(self, gradients: GradientAccumulator, after: int) -> None:
        self.gradients, self.left = gradients, after

    def __call__(self, batch: Any, **more: Any) -> BatchLoss:
        self.left -= 1
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGINT)
        return self.gradients(batch, **more)
