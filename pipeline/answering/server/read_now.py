"""Reading a page that was asked for: fetched into the run's cache from the wiki that the run has
read, with that cache's own manners; learning it is left to a callback.
"""

import contextlib
import json
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Generator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import TypeVar
from urllib.parse import urlsplit

from pipeline.answering.server.serving import Json
from pipeline.errors import BadInput, ExternalError
from pipeline.files import read_bounded

PAGES = "pages.sqlite"  # in a cache (pipeline/sources/page_cache.py)
FETCH_SHARE = 0.2  # of the progress that is shown
FETCH_LIMIT = 120  # seconds
HEARTBEAT = 0.5  # seconds between events, so that who waits can go away at any moment
MAX_SETTINGS = 16 << 20  # bytes of a run's config.json
NO_ARTICLE = 2  # exit status of pipeline.fetch where no page of the request gave a pair
ROMAN = set("ivx")
# Within names, small in the languages that are read
LINKING_WORDS = frozenset(
    (
        *("a", "an", "and", "at", "by", "for", "from", "in", "of", "on", "or", "the", "to"),
        *("da", "das", "de", "del", "der", "des", "di", "do", "du", "el", "en", "et", "la"),
        *("las", "le", "les", "los", "und", "van", "von", "y"),
    )
)

OnStep = Callable[[int, int], None]
Result = TypeVar("Result")
Events = Generator[Json, None, Result]
"""Events, and what came of them at their end."""
Learn = Callable[[OnStep], int]
"""Learns what is new in the run's cache and gives the number of new pairs; is told of each step."""


class Stopped(Exception):
    """Whoever asked has gone away."""


def read_now(folder: Path, title: str, learn: Learn, says: Mapping[str, str]) -> Events[None]:
    """Read a page and learn it: events {"say", "share"}, at the end {"learnt": True}. Raises
    BadInput where there is no such page, ExternalError where the wiki cannot be reached. Closed
    before its end, it returns once nothing of it goes on, and leaves the run as it was. `says` are
    the sentences of the run's language.
    """
    cache = cache_of(folder)
    site = site_of(cache)
    names = {"title": title, "site": urlsplit(site).hostname}
    event: Json = {"say": says["fetching"].format(**names), "share": 0.02}
    yield event
    failure: Exception = BadInput(says["no page"].format(**names))
    end = time.monotonic() + FETCH_LIMIT
    for spelling in spellings(title):
        try:
            if (yield from fetch_title(cache, spelling, site, event, end)):
                break
        except ExternalError as error:
            failure = error
    else:
        raise failure
    if not (yield from learn_now(learn, says["learning"].format(title=title), event)):
        raise BadInput(says["nothing new"].format(**names))
    yield {"learnt": True, "share": 1.0}


def learn_now(learn: Learn, say: str, latest: Json) -> Events[int]:
    """Learn on a thread, with an event for each step and, until the first, the latest one again;
    the number of new pairs.
    """
    events: SimpleQueue[Json] = SimpleQueue()
    gone = threading.Event()

    def on_step(step: int, steps: int) -> None:
        if gone.is_set():
            raise Stopped
        share = FETCH_SHARE + (1 - FETCH_SHARE) * step / steps
        events.put({"say": say, "share": round(share, 3)})

    with ThreadPoolExecutor(1) as pool:
        learning = pool.submit(learn, on_step)
        try:
            while not learning.done():
                with contextlib.suppress(Empty):
                    latest = events.get(timeout=HEARTBEAT)
                yield latest
        finally:
            gone.set()
        return learning.result()


def cache_of(folder: Path) -> Path:
    """The cache that a run was made of. Raises BadInput where it is not there any more."""
    try:
        settings = json.loads(read_bounded(folder / "config.json", MAX_SETTINGS))
        cache = Path(settings["data"]["cache"])
    except (OSError, ValueError, KeyError, TypeError):
        raise BadInput(
            f"{folder}/config.json does not say which cache the run was made of"
        ) from None
    if not (cache / PAGES).is_file():
        raise BadInput(
            f"{cache / PAGES} is not here, so this run cannot read on: start where it was trained,"
            " or copy the cache there"
        )
    return cache.resolve()


def site_of(cache: Path) -> str:
    """The wiki that a cache was fetched from. Raises BadInput where it was none."""
    try:
        with closing(sqlite3.connect(f"{(cache / PAGES).as_uri()}?mode=ro", uri=True)) as database:
            rows = database.execute("SELECT name FROM sites").fetchall()
    except sqlite3.Error as error:
        raise BadInput(f"{cache / PAGES} cannot be read: {error}") from None
    sites = [str(name) for (name,) in rows if str(name).startswith(("http://", "https://"))]
    if not sites:
        raise BadInput(
            f"{cache} was not fetched from a wiki, so there is nowhere to read on; a run of a wiki"
            " can: python -m pipeline.fetch --n 500 --cache cache/wiki, then python train.py"
            " --cache cache/wiki"
        )
    return sites[0]


def can_read_on(folder: Path) -> bool:
    """Whether the wiki is known that a run has read."""
    try:
        site_of(cache_of(folder))
    except BadInput:
        return False
    return True


def spellings(title: str) -> list[str]:
    """A title as typed and, as wikis tell capitals apart, as most names are written: "kurt gödel" →
    "Kurt Gödel", "world war ii" → "World War II".
    """
    words = [word.upper() if set(word) <= ROMAN else _capital(word) for word in title.split()]
    return list(dict.fromkeys((title, " ".join(words))))


def _capital(word: str) -> str:
    return word if word in LINKING_WORDS else word[:1].upper() + word[1:]


def fetch_title(cache: Path, title: str, site: str, event: Json, end: float) -> Events[bool]:
    """Fetch one page as the command does, giving an event again and again meanwhile; whether there
    is such an article. Raises ExternalError with the command's last line.
    """
    with tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8") as file:
        file.write(f"{title}\n")
        file.flush()
        command = [sys.executable, "-m", "pipeline.fetch", "--titles", file.name]
        command += ["--cache", str(cache), "--site", site]
        status, errors = yield from _finished(command, site, event, end)
    if status not in (0, NO_ARTICLE):
        lines = errors.strip().splitlines() or ["the page could not be fetched"]
        raise ExternalError(lines[-1].removeprefix("error: "))
    return status == 0


def _finished(command: list[str], site: str, event: Json, end: float) -> Events[tuple[int, str]]:
    """The status of a fetch and what it wrote to standard error, once it has ended, or has to. A
    fetch that nobody waits for any more is ended.
    """
    with subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    ) as fetch:
        try:
            while time.monotonic() < end:
                try:
                    _, errors = fetch.communicate(timeout=HEARTBEAT)
                except subprocess.TimeoutExpired:
                    yield event
                else:
                    return fetch.returncode, errors
            raise ExternalError(f"{site} did not answer in {FETCH_LIMIT} s")
        finally:
            fetch.kill()
