"""Pairs or plain text cut into the batches of an epoch: the same on every machine for the same
(seed, epoch), divided among the ranks, resumable.

An epoch is a plan: which examples share a batch, and in which order the batches come. The plan is
drawn whole from (seed, epoch), so the position in the data is two numbers, and any number of ranks
can share a batch without talking to each other. Pairs of similar length share a batch (length
bucketing), so that little of it is padding.

Batches come in few shapes. oneDNN, which multiplies matrices for PyTorch on a CPU, compiles a
kernel for every shape that it meets and keeps it: about a megabyte each, some twenty per shape of
batch. Without rounding the lengths they would fill gigabytes, and each new shape costs
milliseconds.
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
# A target without a loss, as is any below 0. model/evaluate.py has the same constant, as neither
# package imports the other.
IGNORED = -1
EXACT_UP_TO = 100_000  # examples that are cut at the least cost; among more, equal lengths abound
BATCH_COST = 1 / 20  # cost of one more batch, in padding, as a share of a full batch's tokens
NO_EXAMPLES = np.zeros(0, dtype=np.int64)
Item = TypeVar("Item")
Number = TypeVar("Number", int, Ids)


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """One rank's share of a step: ids and targets, each (B, T) int64, where targets[b, t] is the
    token after ids[b, t], or IGNORED. Rows at the end may be padding, all of whose targets are
    ignored.

    The other fields describe the global batch, of all ranks.
    """

    ids: Ids
    targets: Ids
    tokens: int
    """Tokens, padding left out."""
    scored: int
    """Targets with a loss: what the summed loss is divided by."""
    examples: Ids
    """The index of each example: rank r has every world_size-th of them from the r-th on. Empty for
    a running text, which has no examples to tell apart.
    """
    phrasings: Ids
    """The phrasing of each example's question; 0 is the pair's own words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedBatch:
    """Examples that share a batch, and the shape that they are padded to."""

    examples: Ids
    phrasings: Ids
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
    again each epoch.

    Examples of similar length share a batch (length bucketing), so that little of it is padding; a
    batch holds at most `batch_tokens` tokens (or one example) and `batch_size` examples. What does
    not fit in the block is cut at its end.
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
        self.tokens = tokens
        self.tokenizer = tokenizer
        self.block_size = block_size
        self.seed = seed
        self.pairs = np.arange(len(tokens), dtype=np.int64) if pairs is None else pairs
        """The pairs that the examples are: example i is pair pairs[i]."""
        self.batch_tokens = batch_tokens
        self.batch_size = batch_size or max(1, batch_tokens)
        self.own_phrasing = own_phrasing
        self.loss_on = loss_on

    def __len__(self) -> int:
        return len(self.pairs)

    def example(self, index: int, phrasing: int) -> tuple[Ids, int]:
        """The ids of an example, and how many of them come before the answer."""
        pair = int(self.pairs[index])
        eot = [self.tokenizer.eot]
        question = self.tokens.question(pair, phrasing)
        ids = np.concatenate((eot, question, eot, self.tokens.answer(pair), eot))
        return ids[: self.block_size + 1], len(question) + 2

    def phrasing_counts(self, examples: Ids | slice = slice(None)) -> Ids:
        """How many phrasings the question of each example has."""
        return self.tokens.phrasing_counts(self.pairs[examples])

    def plan(self, epoch: int, chosen: Ids | None = None) -> list[PlannedBatch]:
        """The batches of an epoch, with a phrasing drawn for every example."""
        # The same (seed, epoch) gives the same draws, so neither ranks nor resumed runs have to be
        # told what others have drawn. The order of the draws below is part of the format: changing
        # it changes every run.
        draw = np.random.default_rng((self.seed, epoch))
        examples = np.arange(len(self.pairs)) if chosen is None else chosen
        count = len(examples)
        counts = self.phrasing_counts(examples)
        # A share `own_phrasing` is asked in the pair's own words, the rest in one of the other
        # phrasings, each equally likely.
        other = 1 + (draw.random(count) * (counts - 1)).astype(np.int64)
        phrasings = np.where((draw.random(count) < self.own_phrasing) | (counts == 1), 0, other)
        pairs = self.pairs[examples]
        # The input is `eot question eot answer`, hence + 2; the last eot is a target only.
        lengths = (
            self.tokens.question_lengths(pairs, phrasings) + self.tokens.answer_lengths(pairs) + 2
        ).clip(max=self.block_size)
        lengths = rounded_lengths(lengths, self.block_size)
        # Shuffled, then sorted by length with a stable sort: neighbours have similar lengths, and
        # examples of one length stay in the order drawn.
        order = draw.permutation(count)
        order = order[np.argsort(lengths[order], kind="stable")]
        groups = self.cut_into_batches(order, lengths)
        # The order of the batches is drawn last, so that short and long ones alternate.
        planned = []
        for i in draw.permutation(len(groups)):
            group = groups[i]
            longest = int(lengths[group[-1]])  # in ascending order: the last is the longest
            planned.append(
                PlannedBatch(
                    examples=examples[group],
                    phrasings=phrasings[group],
                    rows=self.padded_rows(len(group), longest, count),
                    length=longest,
                )
            )
        return planned

    def full_rows(self, length: int) -> int:
        """Rows of a full batch of this length."""
        return max(1, min(self.batch_size, self.batch_tokens // length))

    def padded_rows(self, rows: int, length: int, examples: int) -> int:
        """Rows of the shape that a batch is padded to: those of a full one, half, or a quarter. No
        batch is padded where all examples are fewer.
        """
        full = self.full_rows(length)
        sizes = [ceil_div(full, 4), ceil_div(full, 2), full]
        return next((size for size in sizes if rows <= size <= examples), rows)

    def cut_into_batches(self, order: Ids, lengths: Ids) -> list[Ids]:
        """Examples in ascending order of length, cut into batches: few of them, and little padding.

        Cutting only where a batch is full makes up to a tenth of a small corpus padding; cutting
        wherever the length changes makes many tiny batches. So the cheapest cuts are searched for.
        In a large corpus equal lengths abound, and filling one batch after the other is as good.
        """
        if len(order) > EXACT_UP_TO:
            return self.cut_when_full(order, lengths[order])
        return self.cut_at_least_cost(order, lengths[order])

    def cut_at_least_cost(self, order: Ids, sorted_lengths: Ids) -> list[Ids]:
        """The batches of the least cost, where a padded token costs one and every batch BATCH_COST.

        The same dynamic program as breaking a paragraph into lines (Knuth & Plass 1981).
        """
        count = len(order)
        batch_cost = self.batch_tokens * BATCH_COST
        padded = {  # for every length, the rows that 1, 2, … examples are padded to
            size: np.array(
                [
                    self.padded_rows(rows, size, count)
                    for rows in range(1, 1 + min(count, self.full_rows(size)))
                ]
            )
            for size in np.unique(sorted_lengths).tolist()
        }
        # least[end]: the least cost of batches that hold the first `end` examples; first[end]:
        # where the last of these batches begins. Each follows from those before it: the last batch
        # may begin at any place from which it is not too large. O(count * rows of a full batch).
        least = np.zeros(count + 1)
        first = np.zeros(count + 1, dtype=np.int64)
        for end in range(1, count + 1):
            size = int(sorted_lengths[end - 1])  # the last row of a batch is its longest
            shapes = padded[size][:end][::-1]  # of batches that begin at end - len(shapes), …
            costs = least[end - len(shapes) : end] + shapes * size
            best = int(costs.argmin())
            least[end], first[end] = costs[best] + batch_cost, end - len(shapes) + best
        # Follow the best cuts from the end back to the beginning.
        groups = []
        end = count
        while end:
            groups.append(order[first[end] : end])
            end = int(first[end])
        return groups[::-1]

    def cut_when_full(self, order: Ids, sorted_lengths: Ids) -> list[Ids]:
        """Batches of as many examples as they can hold."""
        groups = []
        first = 0
        while first < len(order):
            limit = min(
                len(order),
                first + self.batch_size,
                first + max(1, self.batch_tokens // int(sorted_lengths[first])),
            )
            # A row is padded to the longest: the last, as the lengths ascend.
            padded = np.arange(1, limit - first + 1) * sorted_lengths[first:limit]
            end = first + max(1, int(np.count_nonzero(padded <= self.batch_tokens)))
            groups.append(order[first:end])
            first = end
        return groups

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
            pairs = self.pairs[planned.examples]
            phrasings = planned.phrasings
            # Figures of the global batch, which every rank computes for itself, from lengths alone.
            asked = self.tokens.question_lengths(pairs, phrasings)
            tokens = (asked + self.tokens.answer_lengths(pairs) + 2).clip(max=self.block_size)
            scored = (tokens - asked - 1).clip(min=0) if self.loss_on == "answer" else tokens
            # Every world_size-th row: neighbours have similar lengths, so that all ranks have about
            # the same work.
            mine = zip(planned.examples[rank::world_size], phrasings[rank::world_size], strict=True)
            yield self.batch(
                [self.with_target_start(int(example), int(number)) for example, number in mine],
                ceil_div(planned.rows, world_size),
                planned.length,
                tokens=int(tokens.sum()),
                scored=int(scored.sum()),
                examples=planned.examples,
                phrasings=phrasings,
            )

    def with_target_start(self, index: int, phrasing: int) -> tuple[Ids, int]:
        """The ids of an example, and how many of them come before the first target with a loss."""
        ids, before = self.example(index, phrasing)
        return ids, before if self.loss_on == "answer" else 1

    def in_phrasing(self, phrasing: int, chosen: Ids | None = None) -> Iterator[Batch]:
        """All examples, or those chosen, in one phrasing, 0 for their own, in batches, the short
        ones first; in the last phrasing that a question has where it has fewer.
        """
        examples = np.arange(len(self.pairs)) if chosen is None else chosen
        phrasings = np.minimum(phrasing, self.phrasing_counts(examples) - 1)
        asked = zip(examples.tolist(), phrasings.tolist(), strict=True)
        for batch in self.by_length([self.with_target_start(*one) for one in asked]):
            rows = batch.examples
            yield replace(batch, examples=examples[rows], phrasings=phrasings[rows])

    def up_to_byte(self, ends: Sequence[int], phrasings: Sequence[int]) -> Iterator[Batch]:
        """Example i in phrasing phrasings[i], cut after the token that completes the first ends[i]
        bytes of its answer: recall counts the first sentence of an answer, whatever tokens it has.

        Only answers are scored, and one that does not fit in the block up to there is not.
        """
        size = np.array(self.tokenizer.token_bytes())
        most = self.phrasing_counts() - 1
        examples = []
        for i, (end, phrasing) in enumerate(zip(ends, phrasings, strict=True)):
            ids, before = self.example(i, min(phrasing, int(most[i])))
            # The bytes of the answer up to and including each of its tokens.
            bytes_so_far = np.cumsum(size[ids[before:]])
            if len(ids) <= before:
                is_cut_off = True
            else:
                is_cut_off = bytes_so_far[-1] < end and ids[-1] != self.tokenizer.eot
            if is_cut_off:
                examples.append((ids, len(ids)))
            else:
                tokens = int(np.searchsorted(bytes_so_far, end)) + 1
                examples.append((ids[: before + tokens], before))
        return self.by_length(examples)

    def by_length(self, examples: list[tuple[Ids, int]]) -> Iterator[Batch]:
        """Examples in batches, the short ones first."""
        lengths = np.array([len(ids) for ids, _ in examples], dtype=np.int64)
        lengths = rounded_lengths(lengths - 1, self.block_size)
        for group in self.cut_into_batches(np.argsort(lengths, kind="stable"), lengths):
            longest = int(lengths[group[-1]])
            rows = self.padded_rows(len(group), longest, len(examples))
            yield self.batch([examples[i] for i in group], rows, longest, examples=group)

    def batch(
        self,
        rows: list[tuple[Ids, int]],
        padded_rows: int,
        length: int,
        *,
        examples: Ids,
        phrasings: Ids | None = None,
        tokens: int = 0,
        scored: int = 0,
    ) -> Batch:
        """A batch of this shape; a rank without rows takes part with some that score nothing."""
        # An example    eot q q q eot a a a eot
        # as ids        eot q q q eot a a a        (all but the last)
        # and targets    .  . . .  a  a a eot      (what follows each, from the answer on)
        # Rows are filled up with eot, but any id would do: attention is causal, so that nothing
        # before it sees it, and its target is IGNORED.
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
            phrasings=np.zeros_like(examples) if phrasings is None else phrasings,
        )


def ceil_div(a: Number, b: Number) -> Number:
    """a / b, rounded up; of integers, or of arrays of them."""
    return -(-a // b)


def rounded_lengths(lengths: Ids, block_size: int) -> Ids:
    """Lengths rounded up to one of few: multiples of 8 up to 128 tokens, of 16 up to 256, of 32 up
    to 384, and of 64 beyond.
    """
    bounds = (128, 256, 384)
    multiples = np.array((8, 16, 32, 64))
    multiple = multiples[np.searchsorted(bounds, lengths)]
    rounded: Ids = ceil_div(lengths, multiple) * multiple
    return rounded.clip(max=block_size)


class TextData:
    """A running text as windows of block_size; every token is a target once per epoch, and each
    epoch cuts the windows at other places.

        the text        0 1 2 3 4 5 6 7 8 9
        block_size 4, shift 3: windows begin at -1, 3 and 7, and their targets are
                          1 2 3|4 5 6 7|8 9

    A window that reaches beyond an end of the text (here the first and the last) is moved in, so
    that it is full of tokens, and scores only what no other window does.
    """

    def __init__(self, tokens: Tokens, *, block_size: int, batch_size: int, seed: int) -> None:
        if len(tokens) < block_size + 1:
            raise ValueError(
                f"a text of {len(tokens)} tokens is shorter than one block of {block_size}"
            )
        self.tokens = tokens
        self.seed = seed
        self.block_size = block_size
        self.batch_size = batch_size
        self.last = len(tokens) - 1
        """The position of the last token, which is only a target."""

    def window_starts(self, shift: int) -> Ids:
        """Where the windows begin: the one at g has the targets g + 1 … g + block_size."""
        return np.arange(shift - self.block_size, self.last, self.block_size)

    def draw(self, epoch: int) -> tuple[np.random.Generator, int]:
        """The epoch's random numbers, and the first of them: where its second window begins."""
        draw = np.random.default_rng((self.seed, epoch))
        return draw, int(draw.integers(1, self.block_size + 1))

    def plan(self, epoch: int) -> Ids:
        """Where the windows of an epoch begin, in the order in which they are read."""
        draw, shift = self.draw(epoch)
        return draw.permutation(self.window_starts(shift))

    def steps(self, epoch: int, chosen: Ids | None = None) -> int:
        # Counted without the permutation, which takes long for a large text.
        _, shift = self.draw(epoch)
        windows = ceil_div(self.last - (shift - self.block_size), self.block_size)
        return ceil_div(windows, self.batch_size)

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
            of_all_ranks = windows[first : first + self.batch_size]
            ends = np.minimum(of_all_ranks + self.block_size, self.last)
            scored = int((ends - np.maximum(of_all_ranks, 0)).sum())
            yield self.batch(of_all_ranks[rank::world_size], scored)

    def in_order(self) -> Iterator[Batch]:
        """The text from its beginning, window after window, in batches."""
        windows = self.window_starts(self.block_size)
        for first in range(0, len(windows), self.batch_size):
            yield self.batch(windows[first : first + self.batch_size], 0)

    def batch(self, windows: Ids, scored: int) -> Batch:
        """The windows as rows; `scored` counts the targets of all ranks."""
        if not len(windows):  # a rank without rows takes part with one that scores nothing
            nothing = np.zeros((1, 1), dtype=np.int64)
            return Batch(
                ids=nothing,
                targets=nothing + IGNORED,
                tokens=scored,
                scored=scored,
                examples=NO_EXAMPLES,
                phrasings=NO_EXAMPLES,
            )
        starts = windows.clip(0, self.last - self.block_size)
        texts = [self.tokens[at : at + self.block_size + 1] for at in starts]
        rows = np.stack(texts).astype(np.int64)
        # A window that was moved in scores only the targets that it had where it was.
        target_at = starts[:, None] + np.arange(1, self.block_size + 1)
        window = windows[:, None]
        is_scored = (window < target_at) & (target_at <= window + self.block_size)
        return Batch(
            ids=rows[:, :-1],
            targets=np.where(is_scored, rows[:, 1:], IGNORED),
            tokens=scored,
            scored=scored,
            examples=NO_EXAMPLES,
            phrasings=NO_EXAMPLES,
        )


def prefetch(items: Iterator[Item], ahead: int = 2) -> Iterator[Item]:
    """The items, made by another thread while the caller works on the ones before."""
    end = object()
    with ThreadPoolExecutor(1) as thread:
        coming = deque(thread.submit(next, items, end) for _ in range(ahead))
        while (item := coming.popleft().result()) is not end:
            coming.append(thread.submit(next, items, end))
            yield cast(Item, item)
