"""How good a network is: loss, bits per byte, and how many trained answers it gives back."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

import numpy as np
import numpy.typing as npt
import torch

from model.gpt import GPT
from model.ledger import Ledger

IGNORED = -1


class Rows(Protocol):
    """Rows of ids (B, T) and of the targets (B, T) that follow them, IGNORED where none counts."""

    @property
    def ids(self) -> npt.NDArray[np.int64]: ...
    @property
    def targets(self) -> npt.NDArray[np.int64]: ...
    @property
    def examples(self) -> npt.NDArray[np.int64]:
        """A number for each row that is an example; rows after these are padding."""


class Asked(Rows, Protocol):
    """Rows that are questions."""

    @property
    def phrasings(self) -> npt.NDArray[np.int64]:
        """In which of its phrasings each example is asked; 0 is its own words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """Mean loss over the scored targets."""

    nats: float
    """Nats per token."""
    bits_per_byte: float
    """Bits per byte of the text: comparable across vocabularies."""


@torch.no_grad()
def measure_loss(model: GPT, batches: Iterable[Rows], token_bytes: Sequence[int]) -> Loss:
    """The loss of a network on rows; `token_bytes` is the length in bytes of every id's text."""
    device = next(model.parameters()).device
    training = model.training
    lengths = torch.tensor(token_bytes, dtype=torch.int64)
    model.eval()
    nats = 0.0
    count = 0
    size = 0
    for batch in batches:
        targets = torch.from_numpy(batch.targets)
        nats += float(model(torch.from_numpy(batch.ids).to(device), targets.to(device)).nats)
        scored = targets[targets != IGNORED]
        count += scored.numel()
        size += int(lengths[scored].sum())
    model.train(training)
    return Loss(nats=nats / max(1, count), bits_per_byte=nats / math.log(2) / max(1, size))


@torch.no_grad()
def recalled(model: GPT, batches: Iterable[Rows]) -> list[bool]:
    """For every example, whether greedy generation gives all its scored targets; never for one
    without any (its answer is cut off).

    Each arg-max being right under the true tokens before it is the same thing as generating them
    one by one, in one pass.
    """
    device = next(model.parameters()).device
    training = model.training
    model.eval()
    right: list[bool] = []
    for batch in batches:
        ids, targets = (torch.from_numpy(array).to(device) for array in (batch.ids, batch.targets))
        right += model(ids, targets).correct[: len(batch.examples)].tolist()
    model.train(training)
    return right


class Questions(Protocol):
    """The pairs of a corpus, in batches."""

    def in_phrasing(self, phrasing: int) -> Iterable[Asked]:
        """Every pair once, in one of its phrasings; phrasing 0 is its own words."""


def ask_all(model: GPT, pairs: Questions, ledger: Ledger) -> Ledger:
    """The ledger with how it goes now, where every pair is asked in its own words and in one other
    phrasing.
    """
    asked = Ledger.empty(ledger.keys)
    for phrasing in (1, 0):
        for batch in pairs.in_phrasing(phrasing):
            right = np.array(recalled(model, [batch]), dtype=bool)
            asked.update(batch.examples, batch.phrasings, right, 0)
    return replace(ledger, own_words=asked.own_words, other_words=asked.other_words)
