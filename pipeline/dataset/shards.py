"""Pairs of a whole archive: in shards, by many processes, at any number of attempts.

A shard is a run of records; its file is written whole or not at all, under a name that follows from
the archive, the rules and its place alone. So whatever ended a build, the next one makes only what
is not there, and any number of machines may make different shards of one folder. Joining the shards
gives pairs.jsonl.
"""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from hashlib import sha256
from itertools import islice
from pathlib import Path
from shutil import rmtree
from typing import Any

from pipeline.cli import count_of, progress
from pipeline.dataset.build import code_of
from pipeline.dataset.duplicates import distinct
from pipeline.dataset.pairs_file import write_pairs
from pipeline.errors import ExternalError
from pipeline.files import replacing
from pipeline.records import MAX_LINE, Page, Pair, as_line, pair_of_line
from pipeline.sources.archives import Archive, Record
from pipeline.workers import in_order

FORMAT = 1
SHARD_RECORDS = 250  # records of a shard: some seconds of work
SHARD_BYTES = 32 << 20  # and no more than this, so that workers and those that wait stay small

Make = Callable[[Page], tuple[list[Pair], str | None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """Which shards are this process's: those whose number leaves `index` (from 1) over `count`."""

    index: int = 1
    count: int = 1

    def has(self, number: int) -> bool:
        return number % self.count == self.index - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """What came of a shard's records."""

    read: int
    gave: int
    skipped: dict[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shard:
    """A shard to make: the records, and the file that its pairs go to."""

    archive: Archive
    make: Make
    records: tuple[Record, ...]
    path: Path


@dataclass(slots=True, kw_only=True)
class Built:
    """The shards of a build in their order, as far as it went, and what ended it early."""

    shards: list[Path] = field(default_factory=list)
    read: int = 0
    gave: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    failure: ExternalError | None = None

    def add(self, path: Path, tally: Tally) -> None:
        self.shards.append(path)
        self.read += tally.read
        self.gave += tally.gave
        self.skipped.update(tally.skipped)

    def summary(self) -> str:
        """What was read, what it gave, and why the rest gave nothing."""
        skipped = ", ".join(
            f"{reason} ({number:,})" for reason, number in self.skipped.most_common()
        )
        read, gave = count_of(self.read, "record"), count_of(self.gave, "page")
        return f"{read} read; {gave} gave pairs" + (f"\nskipped: {skipped}" if skipped else "")


def build(
    archive: Archive,
    make: Make,
    folder: Path,
    *,
    workers: int = 1,
    share: Share = Share(),
    goal: int | None = None,
) -> Built:
    """Make the shards of an archive that are not in the folder yet; with a goal, until this many
    pages gave pairs.

    A file that breaks off ends the build early: what comes before the damage is built, and the
    failure is noted.
    """
    folder.mkdir(parents=True, exist_ok=True)
    built = Built()
    # A generator: records are read only as workers ask for them, so that memory holds a few shards
    # and never an archive.
    tasks = (
        Shard(archive=archive, make=make, records=records, path=folder / f"{name}.jsonl")
        for number, (name, records) in enumerate(_until_damage(archive, built))
        if share.has(number)
    )
    with progress(total=goal, unit="pages", label="pages with pairs") as bar:
        for path, tally in in_order(make_shard, tasks, workers):
            built.add(path, tally)
            bar.update(tally.gave)
            if goal is not None and built.gave >= goal:
                break
    return built


def shard_folder(cache: Path, archive: Archive, rules: str) -> Path:
    """Where the shards of an archive under some rules lie."""
    # Whatever changes what comes out, the archive, the rules or the code that reads it, changes the
    # name of the folder: an old shard is never taken for a new one.
    made_of = json.dumps(
        [FORMAT, SHARD_RECORDS, SHARD_BYTES, archive.made_of(), rules, code_of("sources.archives")]
    )
    return cache / "shards" / sha256(made_of.encode("utf-8", "surrogateescape")).hexdigest()[:24]


def forget_other_shards(folder: Path) -> None:
    """Drop what earlier versions of the archive or of the rules left beside a build's folder."""
    for other in folder.parent.iterdir():
        if other != folder and other.is_dir():
            rmtree(other, ignore_errors=True)


def _until_damage(archive: Archive, built: Built) -> Iterator[tuple[str, tuple[Record, ...]]]:
    """All shards of an archive, up to where a file breaks off."""
    for part in range(archive.parts()):
        try:
            for number, records in enumerate(part_shards(archive, part)):
                yield f"{part:05}-{number:06}", records
        except ExternalError as failure:
            built.failure = failure
            return


def part_shards(archive: Archive, part: int) -> Iterator[tuple[Record, ...]]:
    """A part's records by the shard. Where the part breaks off, what came of the last shard is
    given before the failure is raised.
    """
    records: list[Record] = []
    size = 0
    try:
        for record in archive.records(part):
            records.append(record)
            size += len(record) if isinstance(record, bytes) else 0
            if len(records) == SHARD_RECORDS or size >= SHARD_BYTES:
                yield tuple(records)
                records = []
                size = 0
    except ExternalError:
        if records:
            yield tuple(records)
        raise
    if records:
        yield tuple(records)


# --- one shard ------------------------------------------------------------------------------------


def make_shard(shard: Shard) -> tuple[Path, Tally]:
    """Make a shard's file unless it is there; what is in it."""
    if tally := read_tally(shard.path):
        return shard.path, tally
    for torn in shard.path.parent.glob(f".{shard.path.name}.*"):  # what a kill left
        torn.unlink(missing_ok=True)
    with replacing(shard.path) as file:
        tally, lines = shard_lines(shard.archive, shard.make, shard.records)
        file.write(lines)
    return shard.path, tally


def shard_lines(archive: Archive, make: Make, records: Iterable[Record]) -> tuple[Tally, bytes]:
    """The pairs of records as the lines of a shard's file: first the tally, then the pairs."""
    read = 0
    gave = 0
    skipped = Counter[str]()
    lines = list[str]()
    for record in records:
        read += 1
        page = archive.page(record)
        pairs, reason = make(page) if isinstance(page, Page) else ([], page)
        gave += bool(pairs)
        lines += map(as_line, pairs)
        if not pairs:
            skipped[reason or "no pair"] += 1
    tally = Tally(read=read, gave=gave, skipped=dict(skipped))
    head = json.dumps({"format": FORMAT, "read": read, "gave": gave, "skipped": tally.skipped})
    return tally, (head + "\n" + "".join(lines)).encode("utf-8", "replace")


def read_tally(path: Path) -> Tally | None:
    """The tally of a shard's file; None where there is no such file, or a damaged one."""
    try:
        with path.open("rb") as file:
            head: Any = json.loads(file.readline(MAX_LINE))
        return Tally(
            read=int(head["read"]),
            gave=int(head["gave"]),
            skipped={str(k): int(v) for k, v in head["skipped"].items()},
        )
    except (FileNotFoundError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


# --- joining --------------------------------------------------------------------------------------


def join(built: Built, path: Path, *, goal: int | None = None, dedupe: bool = False) -> int:
    """Write the pairs of all shards to path, or nothing where there are none; how many."""
    count = write_pairs(
        path, distinct(lambda: pairs_in_shards(built.shards, goal=goal), dedupe=dedupe)
    )
    if not count:
        path.unlink()
    return count


def pairs_in_shards(shards: Iterable[Path], *, goal: int | None = None) -> Iterator[Pair]:
    """The pairs of all shards, every page once, as far as the first `goal` pages."""
    seen = _Seen()
    pages = 0
    current = -1
    wanted = False
    for path in shards:
        with path.open("rb") as file:
            for line in islice(file, 1, None):
                pair = pair_of_line(line, str(path))
                if pair.pageid != current:
                    current = pair.pageid
                    wanted = seen.add(pair.pageid)
                    pages += wanted
                    if goal is not None and pages > goal:
                        return
                if wanted:
                    yield pair


class _Seen:
    """Which page numbers came before, a bit each: all of Wikipedia's take 10 MB."""

    def __init__(self) -> None:
        self._bits = bytearray()

    def add(self, number: int) -> bool:
        """Remember a number; whether it is new."""
        place = number >> 3
        bit = 1 << (number & 7)
        if place >= len(self._bits):
            self._bits.extend(bytes(place + 4096 - len(self._bits)))
        new = not self._bits[place] & bit
        self._bits[place] |= bit
        return new
