"""How long a page that was not read takes, from Enter to its verified answer, in a conversation.

    python -m benchmarks.reading

ASKWIKI_SHARED names the folder with wiki/, whose server shows real pages with Wikipedia's own
limits. 500 of them are fetched and learnt by the two commands, from their command line. Then
`generate.py --chat` is asked about pages that were not among them, told to read each, and asked
again. Runs and pages are kept in --work: a benchmark that was stopped goes on where it was.
"""

import json
import lzma
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.cli import parse, run
from pipeline.dataset.pairs_file import read_pairs
from pipeline.errors import BadInput

ROOT = Path(__file__).resolve().parents[1]
PORT = 8713  # the cache remembers the wiki's address, so it must be the same each time


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingOptions:
    """Time what `/read` takes."""

    work: Path = Path("runs/benchmarks/reading")
    """Folder for the pages and the run."""
    pages: int = 500
    """How many pages the run knows."""
    more: int = 5
    """How many are read, one after the other."""


@contextmanager
def replayed_wiki(wiki: Path) -> Iterator[str]:
    """The server of real pages; its address."""
    command = [sys.executable, str(wiki / "replay.py"), "--port", str(PORT)]
    server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout
        server.stdout.readline()  # it says so once it listens
        yield f"http://127.0.0.1:{PORT}"
    finally:
        server.terminate()
        server.wait()


def command(*words: object) -> None:
    subprocess.run([sys.executable, *map(str, words)], cwd=ROOT, check=True)


def prepare(options: ReadingOptions, site: str) -> Path:
    """A run that knows `options.pages` pages of the wiki."""
    cache, folder, trained = (options.work / name for name in ("cache", "run", "trained"))
    asks = ("--n", options.pages, "--contact", "benchmarks@askwiki.org", "--cache", cache)
    command("-m", "pipeline.fetch", "--site", site, *asks)
    if not trained.exists():
        shutil.rmtree(folder, ignore_errors=True)
        command("train.py", "--cache", cache, "--out", folder, "--held-out", 0)
        trained.touch()
    return folder


def unread_titles(wiki: Path, cache: Path) -> Iterator[str]:
    """Titles of the wiki of which the cache has no pair."""
    read = {pair.title for pair in read_pairs(cache / "pairs.jsonl")}
    with lzma.open(wiki / "pages.jsonl.xz", "rt", encoding="utf-8") as lines:
        for line in lines:
            page = json.loads(line)
            if page["title"] not in read and not page["disambiguation"]:
                yield page["title"]


class Chat:
    """`generate.py --chat` as a process that is typed to."""

    def __init__(self, folder: Path) -> None:
        words = [sys.executable, "generate.py", "--run", str(folder), "--chat", "--json"]
        self.process = subprocess.Popen(
            words, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def hear(self, *lines: str) -> dict[str, Any]:
        """Type lines; the reply to the last of them."""
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write("".join(f"{line}\n" for line in lines))
        self.process.stdin.flush()
        reply: dict[str, Any] = json.loads(self.process.stdout.readline())
        return reply

    def end(self) -> None:
        self.process.communicate("/quit\n")


def read_each(folder: Path, titles: Sequence[str]) -> Iterator[tuple[str, float, bool]]:
    """Each title, the seconds from Enter to its answer, and whether that is word for word."""
    chat = Chat(folder)
    for title in titles:
        question = f"what is {title}"
        if chat.hear(question)["sure"] != "not_read":
            continue
        began = time.perf_counter()
        reply = chat.hear(f"/read {title}", question)
        yield title, time.perf_counter() - began, reply["verified"]
    chat.end()


def main() -> None:
    """Measure, print."""
    options = parse(ReadingOptions, prog="python -m benchmarks.reading")
    shared = os.environ.get("ASKWIKI_SHARED")
    if not shared:
        raise BadInput("ASKWIKI_SHARED is not set: let it name the folder that holds wiki/")
    wiki = Path(shared) / "wiki"
    with replayed_wiki(wiki) as site:
        folder = prepare(options, site)
        titles = unread_titles(wiki, options.work / "cache")
        some = [title for title, _ in zip(titles, range(options.more), strict=False)]
        for title, seconds, verified in read_each(folder, some):
            print(f"{seconds:5.1f} s  {'word for word' if verified else 'not verified':<14}{title}")
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")


if __name__ == "__main__":
    run(main)
