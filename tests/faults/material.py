"""Small things to harm: a cache of fetched pages, pairs, a dump, a text, a trained run. Each is
made once and copied.
"""

import gzip
import hashlib
import json
import random
import shutil
import sqlite3
import tempfile
from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from typing import Any

from tests.faults.commands import done, hasten, in_child
from tests.faults.wiki import Served, serving

HASTE = 100  # times faster than real time passes the client's time
HASTY = partial(hasten, HASTE)
CALM = partial(
    hasten, HASTE, idle=10.0, request=20.0, page=1e4, unmet=1e3
)  # where the wiki is well, and this machine perhaps busy
CONTACT = ("--contact", "me@askwiki.org")
TINY = (
    "--layers",
    "1",
    "--heads",
    "2",
    "--width",
    "16",
    "--mlp-width",
    "32",
    "--vocab-size",
    "290",
    "--batch-tokens",
    "600",
    "--compute",
    "float32",
    "--device",
    "cpu",
    "--seed",
    "3",
    "--dropout",
    "0.1",
    "--recall-sample",
    "8",
)
EPOCHS = ("--epochs", "3")
PAGES = 60

Pairs = dict[str, dict[str, Any]]


@cache
def store() -> Path:
    """Where this process keeps what it made; the harness removes it with the folder that it lies
    in.
    """
    return Path(tempfile.mkdtemp(prefix="askwiki-faults-"))


def build_cached(make: Callable[[Path], None]) -> Callable[[Path], Path]:
    """A function that puts a copy of what `make` makes at a path."""

    def put(target: Path) -> Path:
        original = store() / make.__name__
        if not original.exists():
            original.mkdir()
            make(original)
        return Path(shutil.copytree(original, target))

    return put


def fetch_options(wiki: Served, cache_: Path, pages: int = PAGES) -> tuple[object, ...]:
    return ("--site", wiki.address, *CONTACT, "--rate", 1000, "--cache", cache_, "--n", pages)


@build_cached
def fetched(folder: Path) -> None:
    """A cache of PAGES pages, as a fetch leaves it."""
    with serving(folder, pages=PAGES) as wiki:
        ended = done("fetch", *fetch_options(wiki, folder / "cache"), folder=folder, before=CALM)
    assert not ended.wrong(0), ended.wrong(0)


@build_cached
def dump(folder: Path) -> None:
    """A dump of two hundred pages."""
    records = [
        {
            "name": f"Mill {number}",
            "identifier": number,
            "url": f"https://w.org/wiki/Mill_{number}",
            "article_body": {
                "html": (
                    f"<p><b>Mill {number}</b> is a mill that was built in {1500 + number}. It has"
                    " sails.</p>"
                )
            },
        }
        for number in range(1, 201)
    ]
    lines = "".join(json.dumps(record) + "\n" for record in records)
    (folder / "dump.ndjson.gz").write_bytes(gzip.compress(lines.encode()))


@build_cached
def pairs(folder: Path) -> None:
    """Twenty-four pairs to train on."""
    from pipeline.dataset.pairs_file import write_pairs
    from pipeline.records import Pair

    write_pairs(
        folder / "pairs.jsonl",
        [
            Pair(
                pageid=i,
                title=f"Mill {i}",
                kind="definition",
                question=f"What is Mill {i}?",
                revid=i,
                url=f"https://w.org/{i}",
                answer=f"Mill {i} is a mill that was built in {1700 + i}. It has {i + 2} sails.",
                licence="CC BY-SA 4.0",
            )
            for i in range(24)
        ],
    )


@build_cached
def text(folder: Path) -> None:
    """A text of some 300 kB."""
    rng = random.Random(3)
    words = [
        bytes(rng.choices(b"abcdefghilmnorstu", k=rng.randint(2, 9))).decode() for _ in range(400)
    ]
    lines = (" ".join(rng.choices(words, k=12)) + ".\n" for _ in range(4_000))
    (folder / "text.txt").write_text("".join(lines))


@build_cached
def trained(folder: Path) -> None:
    """A run and the cache it was trained on, to its end."""
    pairs(folder / "cache")
    ended = done(
        "train", "--cache", folder / "cache", "--out", folder / "run", *TINY, *EPOCHS, folder=folder
    )
    assert not ended.wrong(0), ended.wrong(0)


@build_cached
def taught(folder: Path) -> None:
    """A run that knows five answers."""
    from tests.tiny_run import make_run

    in_child(lambda: make_run(folder / "run", taught=True), folder)


# --- what is looked at afterwards -----------------------------------------------------------------


def read_pairs(cache_: Path) -> Pairs:
    """The pairs of a cache by title; none where there is no file yet. Raises ValueError for a torn
    file or a title that stands twice.
    """
    file = cache_ / "pairs.jsonl"
    rows = (
        [json.loads(line) for line in file.read_text("utf-8").splitlines()] if file.exists() else []
    )
    found = {row["title"]: row for row in rows}
    if len(found) < len(rows):
        raise ValueError("a page gave its pair twice")
    return found


def whole_pairs(pages: int) -> dict[str, tuple[str, str]]:
    """Question and answer of every page of a wiki of so many pages."""
    return {
        f"Town {n}": (
            f"What is town {n}?",
            f"Town {n} is a small town in the north of an invented country.",
        )
        for n in range(1, pages + 1)
    }


def asked_and_answered(found: Pairs) -> dict[str, tuple[str, str]]:
    return {title: (row["question"], row["answer"]) for title, row in found.items()}


def kept_titles(cache_: Path) -> set[str]:
    """The titles of all pages that a cache holds. Raises sqlite3.Error, or ValueError for one that
    is not sound.
    """
    file = cache_ / "pages.sqlite"
    if not file.exists():
        return set()
    connection = sqlite3.connect(file)
    try:
        if connection.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,):
            return set()  # killed before its first tables
        if connection.execute("PRAGMA integrity_check").fetchone() != ("ok",):
            raise ValueError("the page cache is not sound")
        return {title for (title,) in connection.execute("SELECT title FROM pages")}
    finally:
        connection.close()


def weights(run: Path) -> str:
    """The fingerprint of a run's newest weights and of all that it goes on from."""
    newest = max((run / "checkpoints").glob("step-*"))
    files = (newest / "model.safetensors", newest / "training.safetensors")
    return "".join(hashlib.sha256(file.read_bytes()).hexdigest() for file in files)
