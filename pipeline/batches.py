"""Pairs or plain text as the batches of an epoch: the same on every machine for the same (seed, epoch), cut for one rank, resumable.

An epoch is a plan: which examples stand together in which batch, in which order. The plan is drawn whole from (seed, epoch),
so the position in the data is two numbers, and any number of ranks can share a batch without talking to each other.
"""

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from queue import Full, Queue
from typing import Any, Protocol, TypeVar

import numpy as np
import numpy.typing as npt

from pipeline.questions import Pair, phrasings
from pipeline.tokenizer import Tokenizer

Ids = npt.NDArray[np.int64]
IGNORED = -1  # a target without a loss
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """Rows of one step. ids, targets: (B, T) int64, where targets[b, t] follows ids[b, t] or is IGNORED."""

    ids: Ids
    targets: Ids
    tokens: int
    """Tokens of the whole batch, over all ranks, padding left out."""
    scored: int
    """Targets with a loss in the whole batch, over all ranks: what the summed loss is divided by."""


class Data(Protocol):
    """What the training loop needs of a corpus."""

    def steps(self, epoch: int) -> int:
        """How many batches the epoch has."""

    def batches(self, epoch: int, *, start: int = 0, rank: int = 0, ranks: int = 1) -> Iterator[Batch]:
        """The epoch's batches from `start` on, the rows of one rank."""


class PairData:
    """Question/answer pairs: `eot question eot answer eot`, with a phrasing of the question drawn anew each epoch.

    Examples of like length share a batch, so that little of it is padding; a batch holds at most `batch_tokens` tokens
    (or one example) and `batch_size` examples. What does not fit in the block is cut at its end.
    """

    def __init__(self, pairs: Sequence[Pair], tokenizer: Tokenizer, *, block_size: int, batch_tokens: int,
                 batch_size: int = 0, seed: int = 0, own_phrasing: float = 0.5, loss_on: str = "answer") -> None:
        self.tokenizer, self.block_size, self.seed = tokenizer, block_size, seed
        self.batch_tokens, self.batch_size = batch_tokens, batch_size or len(pairs)
        self.own_phrasing, self.loss_on = own_phrasing, loss_on
        asked = [phrasings(pair.question, pair.title) for pair in pairs]
        ids = iter(tokenizer.encode_batch([text for forms in asked for text in forms]))
        self.questions = [[next(ids) for _ in forms] for forms in asked]
        self.answers = tokenizer.encode_batch([pair.answer for pair in pairs])

    def example(self, index: int, form: int) -> tuple[list[int], int]:
        """The ids of an example, and how many of them come before the answer."""
        eot, question = self.tokenizer.eot, self.questions[index][form]
        ids = [eot, *question, eot, *self.answers[index], eot]
        return ids[:self.block_size + 1], len(question) + 2

    def plan(self, epoch: int) -> tuple[list[Ids], Ids]:
        """The batches of an epoch as arrays of example numbers, and the phrasing drawn for every example."""
        draw = np.random.default_rng((self.seed, epoch))
        count = len(self.answers)
        forms = np.array([len(q) for q in self.questions], dtype=np.int64)
        other = 1 + (draw.random(count) * (forms - 1)).astype(np.int64)
        form = np.where((draw.random(count) < self.own_phrasing) | (forms == 1), 0, other)
        length = np.array([len(self.questions[i][form[i]]) + len(self.answers[i]) + 2 for i in range(count)], dtype=np.int64)
        order = draw.permutation(count)
        order = order[np.argsort(length[order].clip(max=self.block_size), kind="stable")]  # equal lengths stay in drawn order
        cuts = self.cut(order, length.clip(max=self.block_size))
        return [cuts[i] for i in draw.permutation(len(cuts))], form

    def cut(self, order: Ids, length: Ids) -> list[Ids]:
        """Examples in ascending order of length, cut into batches: few of them, and little padding.

        The cuts are the cheapest of all, found by dynamic programming, where a padded token costs one and a batch
        costs as much as a twentieth of a full one would: cutting only where a batch is full wastes up to a tenth
        of a small corpus, cutting wherever the length changes makes many batches of hardly anything.
        """
        count, price = len(order), self.batch_tokens / 20
        longest = length[order]
        cheapest, first = np.zeros(count + 1), np.zeros(count + 1, dtype=np.int64)
        for end in range(1, count + 1):  # the last row of a batch is its longest
            rows = max(1, min(end, self.batch_size, self.batch_tokens // int(longest[end - 1])))
            costs = cheapest[end - rows:end] + np.arange(rows, 0, -1) * longest[end - 1]
            best = int(costs.argmin())
            cheapest[end], first[end] = costs[best] + price, end - rows + best
        cuts, end = [], count
        while end:
            cuts.append(order[first[end]:end])
            end = int(first[end])
        return cuts[::-1]

    def steps(self, epoch: int) -> int:
        return len(self.plan(epoch)[0])

    def batches(self, epoch: int, *, start: int = 0, rank: int = 0, ranks: int = 1) -> Iterator[Batch]:
        rows, form = self.plan(epoch)
        for row in rows[start:]:
            examples = [self.marked(i, form[i]) for i in row]
            scored = sum(max(0, len(ids) - before) for ids, before in examples)
            yield self.batch(examples[rank::ranks], sum(len(ids) - 1 for ids, _ in examples), scored)

    def marked(self, index: int, form: int) -> tuple[list[int], int]:
        """The ids of an example, and how many of them come before what is learned."""
        ids, before = self.example(index, form)
        return ids, before if self.loss_on == "answer" else 1

    def in_own_words(self) -> Iterator[Batch]:
        """All examples with their own question, in batches, the short ones first."""
        return self.by_length([self.marked(i, 0) for i in range(len(self.answers))])

    def first_bytes(self, ends: Sequence[int], forms: Sequence[int]) -> Iterator[Batch]:
        """All examples in the phrasing that `forms` picks, each cut after the token that completes the first `ends` bytes of its answer.

        Only answers are scored, and one that does not fit in the block up to there is not.
        """
        size = self.tokenizer.token_bytes()
        examples = []
        for i, (end, form) in enumerate(zip(ends, forms, strict=True)):
            ids, before = self.example(i, min(form, len(self.questions[i]) - 1))
            past = np.cumsum([0, *(size[token] for token in ids[before:])])[1:]
            lost = len(ids) <= before or (past[-1] < end and ids[-1] != self.tokenizer.eot)
            examples.append((ids, len(ids)) if lost else (ids[:before + int(np.searchsorted(past, end)) + 1], before))
        return self.by_length(examples)

    def by_length(self, examples: list[tuple[list[int], int]]) -> Iterator[Batch]:
        """Examples in batches, the short ones first."""
        length = np.array([len(ids) for ids, _ in examples], dtype=np.int64)
        for rows in self.cut(np.argsort(length, kind="stable"), length):
            yield self.batch([examples[i] for i in rows], 0, 0)

    def batch(self, examples: list[tuple[list[int], int]], tokens: int, scored: int) -> Batch:
        longest = max((len(ids) for ids, _ in examples), default=2) - 1
        shape = max(1, len(examples)), longest  # a rank without rows takes part with one that scores nothing
        ids = np.full(shape, self.tokenizer.eot, dtype=np.int64)
        targets = np.full(shape, IGNORED, dtype=np.int64)
        for row, (example, before) in enumerate(examples):
            ids[row, :len(example) - 1] = example[:-1]
            targets[row, before - 1:len(example) - 1] = example[before:]
        return Batch(ids=ids, targets=targets, tokens=tokens, scored=scored)


class Tokens(Protocol):
    """A running text's ids, in memory or mapped from a file."""

    def __len__(self) -> int: ...
    def __getitem__(self, part: slice, /) -> npt.NDArray[Any]: ...


class TextData:
    """A running text as windows of block_size; every token a target once an epoch, the grid shifted anew.

    A window that hangs over an end of the text is moved in, and scores only what no other window does.
    """

    def __init__(self, tokens: Tokens, *, block_size: int, batch_size: int, seed: int) -> None:
        if len(tokens) < block_size + 1:
            raise ValueError(f"a text of {len(tokens)} tokens is shorter than one block of {block_size}")
        self.tokens, self.block_size, self.batch_size, self.seed = tokens, block_size, batch_size, seed
        self.last = len(tokens) - 1

    def grid(self, shift: int) -> Ids:
        """Where the windows begin, the first at shift - block_size: the one at g has the targets g + 1 … g + block_size."""
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

    def batches(self, epoch: int, *, start: int = 0, rank: int = 0, ranks: int = 1) -> Iterator[Batch]:
        windows = self.plan(epoch)
        for first in range(start * self.batch_size, len(windows), self.batch_size):
            whole = windows[first:first + self.batch_size]
            count = int((np.minimum(whole + self.block_size, self.last) - np.maximum(whole, 0)).sum())
            yield self.batch(whole[rank::ranks], count)

    def in_order(self) -> Iterator[Batch]:
        """The text from its beginning, window after window, in batches."""
        windows = self.grid(self.block_size)
        for first in range(0, len(windows), self.batch_size):
            yield self.batch(windows[first:first + self.batch_size], 0)

    def batch(self, windows: Ids, count: int) -> Batch:
        if not len(windows):  # a rank without rows takes part with one that scores nothing
            nothing = np.zeros((1, 1), dtype=np.int64)
            return Batch(ids=nothing, targets=nothing + IGNORED, tokens=count, scored=count)
        starts = windows.clip(0, self.last - self.block_size)
        rows = np.stack([self.tokens[at:at + self.block_size + 1] for at in starts]).astype(np.int64)
        place = starts[:, None] + np.arange(1, self.block_size + 1)
        own = (windows[:, None] < place) & (place <= windows[:, None] + self.block_size)
        return Batch(ids=rows[:, :-1], targets=np.where(own, rows[:, 1:], IGNORED), tokens=count, scored=count)


def prefetch(items: Iterator[Item], ahead: int = 2) -> Iterator[Item]:
    """The items, made by another thread while the caller works on the ones before."""
    queue: Queue[tuple[str, Item | BaseException | None]] = Queue(ahead)
    stop = threading.Event()

    def put(message: tuple[str, Item | BaseException | None]) -> None:
        while not stop.is_set():
            try:
                return queue.put(message, timeout=0.1)
            except Full:
                continue

    def produce() -> None:
        try:
            for item in items:
                put(("item", item))
                if stop.is_set():
                    return
            put(("end", None))
        except BaseException as error:  # noqa: BLE001  handed over whole to the thread that asked
            put(("error", error))

    threading.Thread(target=produce, daemon=True).start()
    try:
        while (message := queue.get())[0] == "item":
            yield message[1]  # type: ignore[misc]
        if message[0] == "error":
            assert isinstance(message[1], BaseException)
            raise message[1]
    finally:
        stop.set()
