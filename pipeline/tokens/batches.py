"""Pairs or plain text as the batches of an epoch: the same on every machine for the same (seed,
epoch), cut for one rank, resumable.

An epoch is a plan: which examples stand together in which batch, in which order. The plan is drawn
whole from (seed, epoch), so the position in the data is two numbers, and any number of ranks can
share a batch without talking to each other.

Batches come in few shapes. oneDNN, which multiplies matrices for PyTorch on a CPU, compiles a
kernel for every shape that it meets and keeps it: about a megabyte each, some twenty for a shape of
batch. Lengths as they come would fill gigabytes, and each new shape costs milliseconds.
"""

from collections import deque
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Protocol, TypeVar, cast

import numpy as np
import numpy.typing as npt

from pipeline.tokens.pair_tokens import PairTokens
from pipeline.tokens.token_files import Tokens
from pipeline.tokens.tokenizer import Tokenizer

Ids = npt.NDArray[np.int64]
IGNORED = -1  # a target without a loss
SEARCHED = 100_000  # examples for which the best cuts are searched; among more, like lengths abound
NONE = np.zeros(0, dtype=np.int64)
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Rows of one step, of one rank. ids, targets: (B, T) int64, where targets[b, t] follows
    ids[b, t] or is IGNORED. Rows may be added at the end that score nothing.
    """

    ids: Ids
    targets: Ids
    tokens: int
    """Tokens of the whole batch, over all ranks, padding left out."""
    scored: int
    """Targets with a loss in the whole batch, over all ranks: what the summed loss is divided
    by.
    """
    examples: Ids
    """The number of each example of the whole batch, over all ranks: rank r has every world_size-th
    of them from the r-th on. Empty where there are none to tell apart, as in a running text.
    """
    forms: Ids
    """The phrasing of each example's question; 0 is its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedBatch:
    """Examples that stand together in a batch, and the shape that they are padded to."""

    examples: Ids
    forms: Ids
    rows: int
    length: int


class Data(Protocol):
    """What the training loop needs of a corpus."""

    def steps(self, epoch: int, chosen: Ids | None = None) -> int:
        """How many batches the epoch has."""

    def batches(
        self,
        epoch: int,
        *,
        chosen: Ids | None = None,
        start: int = 0,
        rank: int = 0,
        world_size: int = 1,
    ) -> Iterator[Batch]:
        """The epoch's batches from `start` on, the rows of one rank. An epoch is all examples, or
        those chosen, each as often as it is named.
        """


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
        pairs: Ids | None = None,
        batch_size: int = 0,
        seed: int = 0,
        own_phrasing: float = 0.25,
        loss_on: str = "answer",
    ) -> None:
        self.tokens, self.tokenizer = tokens, tokenizer
        self.block_size, self.seed = block_size, seed
        self.pairs = np.arange(len(tokens), dtype=np.int64) if pairs is None else pairs
        """The pairs that the examples are: example i is pair pairs[i]."""
        self.batch_tokens = batch_tokens
        self.batch_size = batch_size or max(1, batch_tokens)
        self.own_phrasing, self.loss_on = own_phrasing, loss_on

    def __len__(self) -> int:
        return len(self.pairs)

    def example(self, index: int, form: int) -> tuple[Ids, int]:
        """The ids of an example, and how many of them come before the answer."""
        pair, eot = int(self.pairs[index]), [self.tokenizer.eot]
        question = self.tokens.question(pair, form)
        ids = np.concatenate((eot, question, eot, self.tokens.answer(pair), eot))
        return ids[: self.block_size + 1], len(question) + 2

    def forms(self, examples: Ids | slice = slice(None)) -> Ids:
        """How many phrasings the question of each example has."""
        return self.tokens.forms(self.pairs[examples])

    def plan(self, epoch: int, chosen: Ids | None = None) -> list[PlannedBatch]:
        """The batches of an epoch, with a phrasing drawn for every example."""
        # Whoever draws from (seed, epoch) draws the same: no rank, and no resumed run, has to be
        # told what the others have drawn. The order of the draws below is part of the format: a
        # change of it changes every run.
        draw = np.random.default_rng((self.seed, epoch))
        examples = np.arange(len(self.pairs)) if chosen is None else chosen
        count, forms = len(examples), self.forms(examples)
        # A pair in its own words with the share `own_phrasing`, else in one of the others alike.
        other = 1 + (draw.random(count) * (forms - 1)).astype(np.int64)
        form = np.where((draw.random(count) < self.own_phrasing) | (forms == 1), 0, other)
        pairs = self.pairs[examples]
        # eot question eot answer, each token of which is an input; the last eot is only a target.
        length = (
            self.tokens.question_lengths(pairs, form) + self.tokens.answer_lengths(pairs) + 2
        ).clip(max=self.block_size)
        length = rounded_lengths(length, self.block_size)
        # Shuffled, then sorted by length: neighbours are alike in length and else random.
        order = draw.permutation(count)
        order = order[np.argsort(length[order], kind="stable")]  # equal lengths stay in drawn order
        # Which batches there are is settled; the order in which they come is drawn last, so that
        # short and long ones alternate.
        cuts = self.cut(order, length)
        return [
            PlannedBatch(
                examples=examples[cuts[i]],
                forms=form[cuts[i]],
                rows=self.padded_rows(len(cuts[i]), int(length[cuts[i][-1]]), count),
                length=int(length[cuts[i][-1]]),
            )
            for i in draw.permutation(len(cuts))
        ]

    def full_rows(self, length: int) -> int:
        """Rows of a full batch of this length."""
        return max(1, min(self.batch_size, self.batch_tokens // length))

    def padded_rows(self, rows: int, length: int, examples: int) -> int:
        """Rows of the shape that a batch is padded to: those of a full one, half, or a quarter. No
        batch is padded where all examples are fewer.
        """
        full = self.full_rows(length)
        sizes = [-(-full // 4), -(-full // 2), full]
        return next((size for size in sizes if rows <= size <= examples), rows)

    def cut(self, order: Ids, length: Ids) -> list[Ids]:
        """Examples in ascending order of length, cut into batches: few of them, and little padding.

        The cuts are the cheapest of all, found by dynamic programming, where a padded token costs
        one and a batch costs as much as a twentieth of a full one would: cutting only where a batch
        is full wastes up to a tenth of a small corpus, cutting wherever the length changes makes
        many batches of hardly anything. In a large corpus like lengths abound, and each batch is
        filled in turn.
        """
        count, price, longest = len(order), self.batch_tokens / 20, length[order]
        if count > SEARCHED:
            return self.fill(order, longest)
        padded = {  # for every length, the rows that 1, 2, … examples are padded to
            size: np.array(
                [
                    self.padded_rows(rows, size, count)
                    for rows in range(1, 1 + min(count, self.full_rows(size)))
                ]
            )
            for size in np.unique(longest).tolist()
        }
        # cheapest[end]: the least cost of batches that hold the first `end` examples; first[end]:
        # where the last of these batches begins. Each is found from those before it, in O(count *
        # full batch).
        cheapest, first = np.zeros(count + 1), np.zeros(count + 1, dtype=np.int64)
        for end in range(1, count + 1):  # the last row of a batch is its longest
            size = int(longest[end - 1])
            shapes = padded[size][:end][::-1]  # of batches that begin at end - len(shapes), …
            costs = cheapest[end - len(shapes) : end] + shapes * size
            best = int(costs.argmin())
            cheapest[end], first[end] = costs[best] + price, end - len(shapes) + best
        # Read the best cuts from the end to the beginning.
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

    def steps(self, epoch: int, chosen: Ids | None = None) -> int:
        return len(self.plan(epoch, chosen))

    def batches(
        self,
        epoch: int,
        *,
        chosen: Ids | None = None,
        start: int = 0,
        rank: int = 0,
        world_size: int = 1,
    ) -> Iterator[Batch]:
        for planned in self.plan(epoch, chosen)[start:]:
            pairs, forms = self.pairs[planned.examples], planned.forms
            # Figures of the whole batch, which each rank computes for itself from lengths alone.
            asked = self.tokens.question_lengths(pairs, forms)
            tokens = (asked + self.tokens.answer_lengths(pairs) + 2).clip(max=self.block_size)
            scored = (tokens - asked - 1).clip(min=0) if self.loss_on == "answer" else tokens
            # Every world_size-th row: as neighbours are alike in length, ranks have alike much to
            # do.
            mine = zip(planned.examples[rank::world_size], forms[rank::world_size], strict=True)
            yield self.batch(
                [self.marked(int(example), int(form)) for example, form in mine],
                -(-planned.rows // world_size),
                planned.length,
                tokens=int(tokens.sum()),
                scored=int(scored.sum()),
                examples=planned.examples,
                forms=forms,
            )

    def marked(self, index: int, form: int) -> tuple[Ids, int]:
        """The ids of an example, and how many of them come before what is learned."""
        ids, before = self.example(index, form)
        return ids, before if self.loss_on == "answer" else 1

    def in_words(self, form: int, chosen: Ids | None = None) -> Iterator[Batch]:
        """All examples, or those chosen, in one phrasing, 0 for their own, in batches, the short
        ones first; in the last phrasing that a question has where it has fewer.
        """
        examples = np.arange(len(self.pairs)) if chosen is None else chosen
        forms = np.minimum(form, self.forms(examples) - 1)
        asked = zip(examples.tolist(), forms.tolist(), strict=True)
        for batch in self.by_length([self.marked(*one) for one in asked]):
            rows = batch.examples
            yield replace(batch, examples=examples[rows], forms=forms[rows])

    def first_bytes(self, ends: Sequence[int], forms: Sequence[int]) -> Iterator[Batch]:
        """All examples in the phrasing that `forms` picks, each cut after the token that completes
        the first `ends` bytes of its answer.

        Only answers are scored, and one that does not fit in the block up to there is not.
        """
        size, most = np.array(self.tokenizer.token_bytes()), self.forms() - 1
        examples = []
        for i, (end, form) in enumerate(zip(ends, forms, strict=True)):
            ids, before = self.example(i, min(form, int(most[i])))
            # The bytes of the answer up to and with each of its tokens.
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
        length = rounded_lengths(length - 1, self.block_size)
        for cut in self.cut(np.argsort(length, kind="stable"), length):
            longest = int(length[cut[-1]])
            rows = self.padded_rows(len(cut), longest, len(examples))
            yield self.batch([examples[i] for i in cut], rows, longest, examples=cut)

    def batch(
        self,
        rows: list[tuple[Ids, int]],
        padded_rows: int,
        length: int,
        *,
        examples: Ids,
        forms: Ids | None = None,
        tokens: int = 0,
        scored: int = 0,
    ) -> Batch:
        """A batch of this shape; a rank without rows takes part with some that score nothing."""
        # An example    eot q q q eot a a a eot
        # as ids        eot q q q eot a a a        (all but the last)
        # and targets    .  . . .  a  a a eot      (what follows each, from the answer on)
        ids = np.full((padded_rows, length), self.tokenizer.eot, dtype=np.int64)
        targets = np.full((padded_rows, length), IGNORED, dtype=np.int64)
        for row, (example, before) in enumerate(rows):
            ids[row, : len(example) - 1] = example[:-1]
            targets[row, before - 1 : len(example) - 1] = example[before:]
        return Batch(
            ids=ids,
            targets=targets,
            tokens=tokens,
            scored=scored,
            examples=examples,
            forms=np.zeros_like(examples) if forms is None else forms,
        )


def rounded_lengths(lengths: Ids, block_size: int) -> Ids:
    """Lengths rounded up to one of few: multiples of 8 up to 128 tokens, of 16 up to 256, of 32 up
    to 384, and of 64 beyond.
    """
    bounds, multiples = (128, 256, 384), np.array((8, 16, 32, 64))
    multiple = multiples[np.searchsorted(bounds, lengths)]
    rounded: Ids = -(-lengths // multiple) * multiple
    return rounded.clip(max=block_size)


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

    def steps(self, epoch: int, chosen: Ids | None = None) -> int:
        first = self.shift(np.random.default_rng((self.seed, epoch))) - self.block_size
        windows = -(-(self.last - first) // self.block_size)
        return -(-windows // self.batch_size)

    def batches(
        self,
        epoch: int,
        *,
        chosen: Ids | None = None,
        start: int = 0,
        rank: int = 0,
        world_size: int = 1,
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
            return Batch(
                ids=nothing,
                targets=nothing + IGNORED,
                tokens=count,
                scored=count,
                examples=NONE,
                forms=NONE,
            )
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
            examples=NONE,
            forms=NONE,
        )


def prefetch(items: Iterator[Item], ahead: int = 2) -> Iterator[Item]:
    """The items, made by another thread while the caller works on the ones before."""
    end = object()
    with ThreadPoolExecutor(1) as thread:
        coming = deque(thread.submit(next, items, end) for _ in range(ahead))
        while (item := coming.popleft().result()) is not end:
            coming.append(thread.submit(next, items, end))
            yield cast(Item, item)
