"""Pairs, however many: where each is in pairs.jsonl, and its tokens, in memory-mapped files of the
cache.

All cores make both from ranges of the file. They are written once, and used as long as the pairs
stay the same.
"""

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from itertools import chain, pairwise
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from pipeline.cli import progress
from pipeline.dataset.pairs_file import no_pairs, open_pairs_file, title_place
from pipeline.errors import BadInput
from pipeline.files import content_hash
from pipeline.questions.languages import language_of
from pipeline.questions.phrasings import VERSION as PHRASINGS
from pipeline.questions.phrasings import phrasings
from pipeline.records import MAX_LINE, Pair, pair_of_line
from pipeline.tokens.token_files import (
    Array,
    MappedTokens,
    Tokens,
    build_cached,
    dtype_of,
    fingerprint,
    forget_others,
    mapped,
    name_of,
)
from pipeline.tokens.tokenizer import Tokenizer
from pipeline.workers import in_order

RANGE_BYTES = 4 << 20  # bytes of a file that one task reads
SUMMED = 1 << 18  # pairs whose lengths are summed at a time
# A pair in the index: where its line is, where its title falls between 0 and 1 (by which pages are
# held out), its page, whether it is a definition, its key.
ENTRY = np.dtype(
    [
        ("offset", "<i8"),
        ("size", "<u4"),
        ("place", "<f8"),
        ("pageid", "<i8"),
        ("definition", "?"),
        ("key", "<i8"),
    ]
)

# --- tokens ---------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class PairTokens:
    """The ids of N pairs, as P pieces one after the other. The pieces of a pair are its question in
    every phrasing, beginning with the pair's own words, and then its answer.
    """

    ids: Tokens
    """The pieces of all pairs, one after the other."""
    lengths: Array
    """How many ids each piece has; (P)."""
    first_piece: Array
    """The number of each pair's first piece; (N + 1), with P after the last."""
    starts: Array
    """Where the ids of each pair start; (N)."""

    def __len__(self) -> int:
        return len(self.first_piece) - 1

    def question(self, pair: int, phrasing: int) -> Array:
        """The ids of a question in one of its phrasings."""
        return self._piece(pair, int(self.first_piece[pair]) + phrasing)

    def answer(self, pair: int) -> Array:
        """The ids of an answer."""
        return self._piece(pair, int(self.first_piece[pair + 1]) - 1)

    def _piece(self, pair: int, number: int) -> Array:
        start = int(self.starts[pair]) + int(
            self.lengths[int(self.first_piece[pair]) : number].sum()
        )
        return self.ids[start : start + int(self.lengths[number])]

    def phrasing_counts(self, pairs: Array) -> Array:
        """How many phrasings the questions of these pairs have."""
        return self.first_piece[pairs + 1] - self.first_piece[pairs] - 1  # type: ignore[no-any-return]

    def question_lengths(self, pairs: Array, phrasings: Array) -> Array:
        """Tokens of each pair's question, in the phrasing that `phrasings` has for it."""
        return self.lengths[self.first_piece[pairs] + phrasings].astype(np.int64)  # type: ignore[no-any-return]

    def answer_lengths(self, pairs: Array) -> Array:
        """Tokens of each pair's answer."""
        return self.lengths[self.first_piece[pairs + 1] - 1].astype(np.int64)  # type: ignore[no-any-return]


def placed(ids: Tokens, lengths: Array, pieces: Array) -> PairTokens:
    """The tokens of pairs from the lengths of their pieces, and how many pieces each has (two or
    more).

    There may be millions: what is held in memory is two numbers a pair.
    """
    first = sums(pieces)
    totals = np.empty(len(pieces), np.int64)
    for at in range(0, len(pieces), SUMMED):
        part = first[at : at + SUMMED + 1]
        totals[at : at + SUMMED] = np.add.reduceat(
            lengths[part[0] : part[-1]].astype(np.int64), part[:-1] - part[0]
        )
    return PairTokens(ids=ids, lengths=lengths, first_piece=first, starts=sums(totals)[:-1])


@dataclass(frozen=True, slots=True, kw_only=True)
class Encoded:
    """The tokens of some pairs: the ids of all pieces, the length of each piece, and how many
    pieces each pair has.
    """

    ids: Array
    lengths: Array
    pieces: Array


def encoded(pairs: Iterable[Pair], tokenizer: Tokenizer) -> Encoded:
    """The tokens of some pairs."""
    texts = [
        [*phrasings(pair.question, pair.title, language_of(pair.lang).code), pair.answer]
        for pair in pairs
    ]
    ids = tokenizer.encode_batch(list(chain.from_iterable(texts)))
    return Encoded(
        ids=np.fromiter(chain.from_iterable(ids), dtype=dtype_of(tokenizer)),
        lengths=np.fromiter(map(len, ids), dtype="<u4", count=len(ids)),
        pieces=np.fromiter(map(len, texts), dtype="<u2", count=len(texts)),
    )


def sums(counts: Array) -> Array:
    """0, then the sum up to each of the counts."""
    totals = np.zeros(len(counts) + 1, dtype=np.int64)
    np.cumsum(counts, out=totals[1:])
    return totals


# --- a file of pairs ------------------------------------------------------------------------------


class PairFile(Sequence[Pair]):
    """Pairs of pairs.jsonl, some or all of them, read from the file when they are asked for: as it
    was, should another take its place.
    """

    def __init__(self, path: Path, file: BinaryIO, entries: Array, digest: str) -> None:
        self.path = path
        self.file = file
        self.entries = entries
        self.digest = digest

    def __len__(self) -> int:
        return len(self.entries)

    def __getitem__(self, number: Any) -> Any:
        """One pair, or a part of them: by slice, by numbers, by a mask."""
        if not isinstance(number, int):
            return PairFile(self.path, self.file, self.entries[number], self.digest)
        offset, size = int(self.entries["offset"][number]), int(self.entries["size"][number])
        return pair_of_line(
            os.pread(self.file.fileno(), size, offset), f"{self.path}, byte {offset}"
        )

    def __iter__(self) -> Iterator[Pair]:
        return (self[number] for number in range(len(self)))


def open_pairs(path: Path, folder: Path) -> PairFile:
    """All pairs of a file, its index taken from the folder or made there. Raises BadInput for what
    is missing, empty, or no pair.
    """
    opened = open_pairs_file(path)  # read to the end, should another file take its place
    digest = content_hash(opened)
    name = name_of("pairs", [path], digest, f"index {ENTRY.itemsize}")

    def make(out: Path) -> None:
        with (
            progress(total=path.stat().st_size, unit="B", label="reading pairs") as bar,
            out.open("wb") as file,
        ):
            for entries, size in in_order(_entries, byte_ranges(path), cores(path)):
                file.write(entries.tobytes())
                bar.update(size)

    (file,) = build_cached(
        folder,
        name,
        ("index",),
        lambda outs: make(outs[0]),
        still=lambda: content_hash(path) == digest,
    )
    forget_others(folder, name)
    index = mapped(file, ENTRY)
    if not len(index):
        raise no_pairs(path)
    return PairFile(path, opened, index, digest)


def open_tokens(pairs: PairFile, tokenizer: Tokenizer, folder: Path) -> PairTokens:
    """The tokens of all pairs of a file, taken from the folder or made there."""
    made = f"{fingerprint(tokenizer)} phrasings {PHRASINGS}"
    name = name_of("pairs", [pairs.path], pairs.digest, made)
    vocabulary = folder / f"{name}.vocabulary.json"

    def make(outs: Sequence[Path]) -> None:
        tokenizer.save(vocabulary)
        tasks = ((part, vocabulary) for part in byte_ranges(pairs.path))
        with progress(total=pairs.path.stat().st_size, unit="B", label="encoding") as bar:
            ids, lengths, pieces = (out.open("wb") for out in outs)
            with ids, lengths, pieces:
                for part, size in in_order(_encoded_range, tasks, cores(pairs.path)):
                    ids.write(part.ids.data)
                    lengths.write(part.lengths.data)
                    pieces.write(part.pieces.data)
                    bar.update(size)

    ids, lengths, pieces = build_cached(
        folder,
        name,
        ("ids", "lengths", "pieces"),
        make,
        still=lambda: content_hash(pairs.path) == pairs.digest,
    )
    return placed(
        MappedTokens(ids, dtype_of(tokenizer), digest=pairs.digest),
        mapped(lengths, np.dtype("<u4")),
        mapped(pieces, np.dtype("<u2")),
    )


# --- ranges of a file, for any process to read ---------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class ByteRange:
    """The lines of a file that begin from one byte on and before another."""

    path: Path
    start: int
    stop: int

    def lines(self) -> Iterator[tuple[int, bytes]]:
        """Each line that is not blank, and where it begins."""
        with self.path.open("rb") as file:
            # A line belongs to the range in which it begins. The range before may have ended in the
            # midst of one, or at its end: reading on from one byte earlier tells both cases.
            if self.start:
                file.seek(self.start - 1)
                file.readline()  # what began before
            while (at := file.tell()) < self.stop and (line := file.readline(MAX_LINE + 1)):
                if not line.isspace():
                    yield at, line

    def pairs(self) -> Iterator[Pair]:
        """The pairs of the lines. Raises BadInput, naming the line, for what is none."""
        for at, line in self.lines():
            yield self.pair(at, line)

    def pair(self, at: int, line: bytes) -> Pair:
        """The pair of a line."""
        try:
            return pair_of_line(line, "")
        except BadInput:
            with self.path.open("rb") as file:  # lines are only counted where one is to be named
                number = 1 + sum(
                    file.read(min(RANGE_BYTES, at - start)).count(b"\n")
                    for start in range(0, at, RANGE_BYTES)
                )
            return pair_of_line(line, f"{self.path}:{number}")


def byte_ranges(path: Path) -> Iterator[ByteRange]:
    """A file in ranges."""
    size = path.stat().st_size
    for start, stop in pairwise([*range(0, size, RANGE_BYTES), size]):
        yield ByteRange(path=path, start=start, stop=stop)


def cores(path: Path) -> int:
    """Processes that are worth starting for a file."""
    return min(os.cpu_count() or 1, max(1, path.stat().st_size // (4 * RANGE_BYTES)))


def _entries(part: ByteRange) -> tuple[Array, int]:
    """The index of a part, and its size."""
    rows = []
    for at, line in part.lines():
        pair = part.pair(at, line)
        rows.append(
            (
                at,
                len(line),
                title_place(pair.title),
                pair.pageid,
                pair.kind == "definition",
                pair_key(pair),
            )
        )
    return np.array(rows, dtype=ENTRY), part.stop - part.start


def pair_key(pair: Pair) -> int:
    """64 bits that tell a pair from others: the same for as long as neither its question nor its
    answer changes.
    """
    text = f"{pair.question}\n{pair.answer}".encode("utf-8", "surrogatepass")
    return int.from_bytes(blake2b(text, digest_size=8).digest(), "little", signed=True)


def _encoded_range(task: tuple[ByteRange, Path]) -> tuple[Encoded, int]:
    """The tokens of a part, and its size."""
    part, vocabulary = task
    return encoded(part.pairs(), _tokenizer(vocabulary)), part.stop - part.start


@lru_cache(maxsize=1)
def _tokenizer(vocabulary: Path) -> Tokenizer:
    return Tokenizer.load(vocabulary)
