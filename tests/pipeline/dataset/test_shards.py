"""A build of an archive makes every page's pairs once, however many processes work at it and
however often it is killed.
"""

import gzip
import json
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from pipeline.dataset import shards
from pipeline.dataset.build import PairMaker
from pipeline.dataset.pairs_file import read_pairs
from pipeline.dataset.shards import (
    Share,
    build,
    pairs_in_shards,
    part_shards,
    read_tally,
    shard_folder,
)
from pipeline.errors import ExternalError
from pipeline.questions.answers import CONCISE
from pipeline.sources.archives import Dump, Folder, Record
from tests.conftest import document

MAKER = PairMaker(("definition",), CONCISE)


@pytest.fixture
def small_shards(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shards, "SHARD_RECORDS", 7)


def saved(folder: Path, count: int) -> Path:
    folder.mkdir()
    for number in range(1, count + 1):
        (folder / f"{number:05}.html").write_text(document(f"Town {number}", number))
    return folder


def dump(path: Path, count: int, filler: int = 0) -> Path:
    records = (
        {
            "name": f"Town {number}",
            "identifier": number,
            "url": f"https://w.test/wiki/Town_{number}",
            "article_body": {
                "html": document(
                    f"Town {number}", number, "<p>" + "x" * filler + "</p>" if filler else None
                )
            },
        }
        for number in range(1, count + 1)
    )
    path.write_bytes(
        gzip.compress("".join(json.dumps(record) + "\n" for record in records).encode(), 1)
    )
    return path


@pytest.mark.usefixtures("small_shards")
def test_any_number_of_workers_and_shares_make_the_same_pairs(tmp_path: Path) -> None:
    archive = Folder(folder=saved(tmp_path / "pages", 40))
    alone = build(archive, MAKER.pairs, tmp_path / "alone")
    pairs = list(pairs_in_shards(alone.shards))
    assert [pair.pageid for pair in pairs] == list(range(1, 41)) and alone.gave == alone.read == 40
    many = build(archive, MAKER.pairs, tmp_path / "many", workers=2)
    assert list(pairs_in_shards(many.shards)) == pairs
    for index in (1, 2, 3):
        build(archive, MAKER.pairs, tmp_path / "shares", share=Share(index=index, count=3))
    made = {path.name: path.stat().st_mtime_ns for path in (tmp_path / "shares").glob("*.jsonl")}
    last = build(archive, MAKER.pairs, tmp_path / "shares")
    assert list(pairs_in_shards(last.shards)) == pairs
    assert {
        path.name: path.stat().st_mtime_ns for path in last.shards
    } == made  # none was made again


@pytest.mark.usefixtures("small_shards")
def test_a_goal_takes_as_many_pages_and_a_larger_one_the_difference(tmp_path: Path) -> None:
    archive = Folder(folder=saved(tmp_path / "pages", 40))
    few = build(archive, MAKER.pairs, tmp_path / "out", goal=10)
    assert len(few.shards) == 2 and [
        pair.pageid for pair in pairs_in_shards(few.shards, goal=10)
    ] == list(range(1, 11))
    before = {path: path.stat().st_mtime_ns for path in few.shards}
    more = build(archive, MAKER.pairs, tmp_path / "out", goal=20)
    assert [pair.pageid for pair in pairs_in_shards(more.shards, goal=20)] == list(range(1, 21))
    assert {path: path.stat().st_mtime_ns for path in few.shards} == before


@pytest.mark.usefixtures("small_shards")
def test_a_page_that_stands_twice_is_joined_once(tmp_path: Path) -> None:
    folder = saved(tmp_path / "pages", 20)
    (folder / "again.html").write_text(document("Town 3", 3))
    built = build(Folder(folder=folder), MAKER.pairs, tmp_path / "out")
    assert built.gave == 21 and [pair.pageid for pair in pairs_in_shards(built.shards)] == list(
        range(1, 21)
    )


@pytest.mark.usefixtures("small_shards")
def test_what_stands_before_the_damage_is_built_and_the_damage_told(tmp_path: Path) -> None:
    class Torn(Folder):
        __slots__ = ()

        def records(self, part: int) -> Iterator[str]:
            for number, record in enumerate(super().records(part)):
                if number == 10:
                    raise ExternalError("torn")
                yield record

    built = build(Torn(folder=saved(tmp_path / "pages", 20)), MAKER.pairs, tmp_path / "out")
    assert str(built.failure) == "torn" and [
        pair.pageid for pair in pairs_in_shards(built.shards)
    ] == list(range(1, 11))


@pytest.mark.usefixtures("small_shards")
def test_a_damaged_or_empty_shard_is_made_again(tmp_path: Path) -> None:
    archive = Folder(folder=saved(tmp_path / "pages", 20))
    shards = build(archive, MAKER.pairs, tmp_path / "out").shards
    whole = [path.read_bytes() for path in shards]
    for path, content in zip(shards, (b"", b"{not json\n", b"[]\n"), strict=True):
        path.write_bytes(content)
        assert read_tally(path) is None
    assert [
        path.read_bytes() for path in build(archive, MAKER.pairs, tmp_path / "out").shards
    ] == whole


def test_a_shard_ends_by_size_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shards, "SHARD_BYTES", 20_000)
    sizes = [
        sum(map(size, records))
        for records in part_shards(
            Dump(files=(dump(tmp_path / "d.ndjson.gz", 30, filler=3000),)), 0
        )
    ]
    assert len(sizes) > 3 and max(sizes) < 30_000


def size(record: Record) -> int:
    assert isinstance(record, bytes)
    return len(record)


def test_other_rules_or_another_archive_have_other_shards(tmp_path: Path) -> None:
    file = dump(tmp_path / "d.ndjson.gz", 3)
    first = shard_folder(tmp_path, Dump(files=(file,)), MAKER.rules)
    assert first == shard_folder(tmp_path, Dump(files=(file,)), MAKER.rules)
    assert first != shard_folder(
        tmp_path,
        Dump(files=(file,)),
        PairMaker(("definition",), replace(CONCISE, sentences=1)).rules,
    )
    dump(file, 4)
    assert first != shard_folder(tmp_path, Dump(files=(file,)), MAKER.rules)


def test_a_build_killed_again_and_again_makes_every_pair_once_and_no_shard_twice(
    tmp_path: Path,
) -> None:
    file, cache, draw = dump(tmp_path / "d.ndjson.gz", 2500), tmp_path / "cache", random.Random(5)
    command = [
        sys.executable,
        "-m",
        "pipeline.fetch",
        "--source",
        f"dump:{file}",
        "--cache",
        str(cache),
        "--workers",
        "2",
    ]
    first: dict[str, int] = {}
    for attempt in range(4):
        work = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        end = time.monotonic() + draw.uniform(0.6, 1.4)
        while attempt < 3 and time.monotonic() < end and work.poll() is None:
            time.sleep(0.01)
        if attempt < 3 and work.poll() is None:
            work.send_signal(signal.SIGKILL)
        _, error = work.communicate(timeout=120)
        now = {path.name: path.stat().st_mtime_ns for path in cache.glob("shards/*/*.jsonl")}
        assert first.items() <= now.items()
        first = now
        if work.returncode == 0:
            break
        assert work.returncode == -signal.SIGKILL, error
    assert [pair.pageid for pair in read_pairs(cache / "pairs.jsonl")] == list(range(1, 2501))
    assert len(first) == 10
    assert not list(cache.glob("shards/*/.*"))
