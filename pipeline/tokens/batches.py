"""Pairs or plain text as the batches of an epoch: the same on every machine for the same (seed,
epoch), cut for one rank, resumable.

An epoch is a plan: which examples stand together in which batch, in which order. The plan is drawn
whole from (seed, epoch), so the position in the data is two numbers, and any number of ranks can
share a batch without talking to each other.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Protocol, TypeVar, cast

import numpy as np
import numpy.typing as npt

from pipeline.tokens.pair_tokens import PairTokens
from pipeline.tokens.token_files import Tokens
from pipeline.tokens.tokenizer import Tokenizer

Ids = npt.NDArray[np.int64]
IGNORED = -1  # a target without a loss
MANY = 100_000  # examples, whose lengths leave little padding however they are cut
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Rows of one step. ids, targets: (B, T) int64, where targets[b, t] follows ids[b, t] or is
    IGNORED.
    """

    ids: Ids
    targets: Ids
    tokens: int
    """Tokens of the whole batch, over all ranks, padding left out."""
    scored: int
    """Targets with a loss in the whole batch, over all ranks: what the summed loss is divided
    by.
    """


class Data(Protocol):
    """What the training loop needs of a corpus."""

    def steps(self, epoch: int) -> int:
        """How many batches the epoch has."""

    def batches(
        self, epoch: int, *, start: int = 0, rank: int = 0, world_size: int = 1
    ) -> Iterator[Batch]:
        """The epoch's batches from `start` on, the rows of one rank."""


class PairData:
    """Question/answer pairs: `eot question eot answer eot`, with a phrasing of the question drawn
    anew each epoch.

    Examples of like length share a batch, so that little of it is padding; a batch holds at most
    `batch_tokens` tokens (or one example) and `batch_size` examples. What does not fit in the block
    is cut at its end.
    """

    def __init__(
        self,
        tokens: PairTokens,
        tokenizer: Tokenizer,
        *,
        block_size: int,
        batch_tokens: int,
        chosen: Ids | None = None,
        batch_size: int = 0,
        seed: int = 0,
        own_phrasing: float = 0.25,
        loss_on: str = "answer",
    ) -> None:
        self.tokens, self.tokenizer, self.block_size, self.seed = (
            tokens,
            tokenizer,
            block_size,
            seed,
        )
        self.chosen = np.arange(len(tokens), dtype=np.int64) if chosen is None else chosen
        """The pairs that the examples are: example i is pair chosen[i]."""
        self.batch_tokens, self.batch_size = batch_tokens, batch_size or len(self.chosen)
        self.own_phrasing, self.loss_on = own_phrasing, loss_on

    def example(self, index: int, form: int) -> tuple[Ids, int]:
        """The ids of an example, and how many of them come before the answer."""
        pair, eot = int(self.chosen[index]), [self.tokenizer.eot]
        question = self.tokens.question(pair, form)
        ids = np.concatenate((eot, question, eot, self.tokens.answer(pair), eot))
        return ids[: self.block_size + 1], len(question) + 2

    def forms(self) -> Ids:
        """How many phrasings the question of each example has."""
        return self.tokens.forms(self.chosen)

    def plan(self, epoch: int) -> tuple[list[Ids], Ids]:
        """The batches of an epoch as arrays of example numbers, and the phrasing drawn for every
        example.
        """
        draw = np.random.default_rng((self.seed, epoch))
        count, forms = len(self.chosen), self.forms()
        other = 1 + (draw.random(count) * (forms - 1)).astype(np.int64)
        form = np.where((draw.random(count) < self.own_phrasing) | (forms == 1), 0, other)
        length = (
            self.tokens.question_lengths(self.chosen, form)
            + self.tokens.answer_lengths(self.chosen)
            + 2
        ).clip(max=self.block_size)
        order = draw.permutation(count)
        order = order[np.argsort(length[order], kind="stable")]  # equal lengths stay in drawn order
        cuts = self.cut(order, length)
        return [cuts[i] for i in draw.permutation(len(cuts))], form

    def cut(self, order: Ids, length: Ids) -> list[Ids]:
        """Examples in ascending order of length, cut into batches: few of them, and little padding.

        The cuts are the cheapest of all, found by dynamic programming, where a padded token costs
        one and a batch costs as much as a twentieth of a full one would: cutting only where a batch
        is full wastes up to a tenth of a small corpus, cutting wherever the length changes makes
        many batches of hardly anything. In a large corpus like lengths abound, and each batch is
        filled in turn.
        """
        count, price, longest = len(order), self.batch_tokens / 20, length[order]
        if count > MANY:
            return self.fill(order, longest)
        cheapest, first = np.zeros(count + 1), np.zeros(count + 1, dtype=np.int64)
        for end in range(1, count + 1):  # the last row of a batch is its longest
            rows = max(1, min(end, self.batch_size, self.batch_tokens // int(longest[end - 1])))
            costs = cheapest[end - rows : end] + np.arange(rows, 0, -1) * longest[end - 1]
            best = int(costs.argmin())
            cheapest[end], first[end] = costs[best] + price, end - rows + best
        cuts, end = [], count
        while end:
            cuts.append(order[first[end] : end])
            end = int(first[end])
        return cuts[::-1]

    def fill(self, order: Ids, longest: Ids) -> list[Ids]:
        """Batches of as many examples as they can hold."""
        cuts, first = [], 0
        while first < len(order):
            most = min(
                len(order),
                first + self.batch_size,
                first + max(1, self.batch_tokens // int(longest[first])),
            )
            fits = np.arange(1, most - first + 1) * longest[first:most] <= self.batch_tokens
            last = first + max(1, int(np.count_nonzero(fits)))
            cuts.append(order[first:last])
            first = last
        return cuts

    def steps(self, epoch: int) -> int:
        return len(self.plan(epoch)[0])

    def batches(
        self, epoch: int, *, start: int = 0, rank: int = 0, world_size: int = 1
    ) -> Iterator[Batch]:
        rows, form = self.plan(epoch)
        for row in rows[start:]:
            pairs, forms = self.chosen[row], form[row]
            asked = self.tokens.question_lengths(pairs, forms)
            tokens = (asked + self.tokens.answer_lengths(pairs) + 2).clip(max=self.block_size)
            scored = (tokens - asked - 1).clip(min=0) if self.loss_on == "answer" else tokens
            examples = [self.marked(int(i), int(form[i])) for i in row[rank::world_size]]
            yield self.batch(examples, int(tokens.sum()), int(scored.sum()))

    def marked(self, index: int, form: int) -> tuple[Ids, int]:
        """The ids of an example, and how many of them come before what is learned."""
        ids, before = self.example(index, form)
        return ids, before if self.loss_on == "answer" else 1

    def in_own_words(self) -> Iterator[Batch]:
        """All examples with their own question, in batches, the short ones first."""
        return self.by_length([self.marked(i, 0) for i in range(len(self.chosen))])

    def first_bytes(self, ends: Sequence[int], forms: Sequence[int]) -> Iterator[Batch]:
        """All examples in the phrasing that `forms` picks, each cut after the token that completes
        the first `ends` bytes of its answer.

        Only answers are scored, and one that does not fit in the block up to there is not.
        """
        size, most = np.array(self.tokenizer.token_bytes()), self.forms() - 1
        examples = []
        for i, (end, form) in enumerate(zip(ends, forms, strict=True)):
            ids, before = self.example(i, min(form, int(most[i])))
            past = np.cumsum(size[ids[before:]])
            lost = len(ids) <= before or (past[-1] < end and ids[-1] != self.tokenizer.eot)
            examples.append(
                (ids, len(ids))
                if lost
                else (ids[: before + int(np.searchsorted(past, end)) + 1], before)
            )
        return self.by_length(examples)

    def by_length(self, examples: list[tuple[Ids, int]]) -> Iterator[Batch]:
        """Examples in batches, the short ones first."""
        length = np.array([len(ids) for ids, _ in examples], dtype=np.int64)
        for rows in self.cut(np.argsort(length, kind="stable"), length):
            yield self.batch([examples[i] for i in rows], 0, 0)

    def batch(self, examples: list[tuple[Ids, int]], tokens: int, scored: int) -> Batch:
        longest = max((len(ids) for ids, _ in examples), default=2) - 1
        shape = (
            max(1, len(examples)),
            longest,
        )  # a rank without rows takes part with one that scores nothing
        ids = np.full(shape, self.tokenizer.eot, dtype=np.int64)
        targets = np.full(shape, IGNORED, dtype=np.int64)
        for row, (example, before) in enumerate(examples):
            ids[row, : len(example) - 1] = example[:-1]
            targets[row, before - 1 : len(example) - 1] = example[before:]
        return Batch(ids=ids, targets=targets, tokens=tokens, scored=scored)


class TextData:
    """A running text as windows of block_size; every token a target once an epoch, the grid shifted
    anew.

    A window that hangs over an end of the text is moved in, and scores only what no other window
    does.
    """

    def __init__(self, tokens: Tokens, *, block_size: int, batch_size: int, seed: int) -> None:
        if len(tokens) < block_size + 1:
            raise ValueError(
                f"a text of {len(tokens)} tokens is shorter than one block of {block_size}"
            )
        self.tokens, self.block_size, self.batch_size, self.seed = (
            tokens,
            block_size,
            batch_size,
            seed,
        )
        self.last = len(tokens) - 1

    def grid(self, shift: int) -> Ids:
        """Where the windows begin, the first at shift - block_size: the one at g has the targets g
        + 1 … g + block_size.
        """
        return np.arange(shift - self.block_size, self.last, self.block_size)

    def shift(self, draw: np.random.Generator) -> int:
        """Where the second window of an epoch begins."""
        return int(draw.integers(1, self.block_size + 1))

    def plan(self, epoch: int) -> Ids:
        draw = np.random.default_rng((self.seed, epoch))
        return draw.permutation(self.grid(self.shift(draw)))

    def steps(self, epoch: int) -> int:
        first = self.shift(np.random.default_rng((self.seed, epoch))) - self.block_size
        windows = -(-(self.last - first) // self.block_size)
        return -(-windows // self.batch_size)

    def batches(
        self, epoch: int, *, start: int = 0, rank: int = 0, world_size: int = 1
    ) -> Iterator[Batch]:
        windows = self.plan(epoch)
        for first in range(start * self.batch_size, len(windows), self.batch_size):
            whole = windows[first : first + self.batch_size]
            count = int(
                (np.minimum(whole + self.block_size, self.last) - np.maximum(whole, 0)).sum()
            )
            yield self.batch(whole[rank::world_size], count)

    def in_order(self) -> Iterator[Batch]:
        """The text from its beginning, window after window, in batches."""
        windows = self.grid(self.block_size)
        for first in range(0, len(windows), self.batch_size):
            yield self.batch(windows[first : first + self.batch_size], 0)

    def batch(self, windows: Ids, count: int) -> Batch:
        if not len(windows):  # a rank without rows takes part with one that scores nothing
            nothing = np.zeros((1, 1), dtype=np.int64)
            return Batch(ids=nothing, targets=nothing + IGNORED, tokens=count, scored=count)
        starts = windows.clip(0, self.last - self.block_size)
        rows = np.stack([self.tokens[at : at + self.block_size + 1] for at in starts]).astype(
            np.int64
        )
        place = starts[:, None] + np.arange(1, self.block_size + 1)
        own = (windows[:, None] < place) & (place <= windows[:, None] + self.block_size)
        return Batch(
            ids=rows[:, :-1],
            targets=np.where(own, rows[:, 1:], IGNORED),
            tokens=count,
            scored=count,
        )


def prefetch(items: Iterator[Item], ahead: int = 2) -> Iterator[Item]:
    """The items, made by another thread while the caller works on the ones before."""
    end = object()
    with ThreadPoolExecutor(1) as thread:
        coming = deque(thread.submit(next, items, end) for _ in range(ahead))
        while (item := coming.popleft().result()) is not end:
            coming.append(thread.submit(next, items, end))
            yield cast(Item, item)
