"""How fast page HTML becomes definition pairs: beside trafilatura and mwparserfromhtml on the same
pages in one run, and two processes beside one.

    pip install trafilatura lxml_html_clean mwparserfromhtml
    ASKWIKI_SHARED=../shared python -m benchmarks.cleaning

WikiExtractor (3.1) is not among them: it reads dumps of wikitext, and of HTML it reads nothing.
Where mwparserfromhtml is not installed, its line is left out.

Prints one line a figure. Pages per CPU-second count the process's own time, so that other programs
disturb them little; the gain of a second process is wall-clock time and wants two idle cores.
"""

import json
import lzma
import os
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from pipeline.cli import parse, run
from pipeline.errors import BadInput, ExternalError
from pipeline.questions.pairs import make_pairs
from pipeline.records import Page

_CHUNK = 100  # pages handed to a process at a time


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Cleaning, beside other tools."""

    every: int = 5
    """Of how many pages one is measured (1 measures all)."""
    rounds: int = 3
    """How often each of the two reads them, in turns; the best round counts."""


def main() -> None:
    """Measure and print."""
    options = parse(Options, prog="python -m benchmarks.cleaning")
    pages = list(_pages(options.every))
    parser = _mwparserfromhtml()
    readers = (_pair_up, _trafilatura(), *([parser] if parser else []))
    ours, theirs, *others = _in_turns(options.rounds, pages, readers)
    print(
        f"pages        {len(pages)},"
        f" {sum(len(page.html) for page in pages) / len(pages) / 1000:.0f} thousand characters each"
    )
    print(f"pairs        {ours:8.1f} pages per CPU-second")
    print(f"trafilatura  {theirs:8.1f} pages per CPU-second")
    print(f"ratio        {ours / theirs:8.1f}")
    for speed in others:
        print(f"mwparserfromhtml {speed:8.1f} pages per CPU-second, ratio {ours / speed:.1f}")
    chunks = [pages[i : i + _CHUNK] for i in range(0, len(pages), _CHUNK)] * 4
    one, two = (
        min(_wall(chunks, 1) for _ in range(options.rounds)),
        min(_wall(chunks, 2) for _ in range(options.rounds)),
    )
    print(
        f"2 processes  {one / two:8.2f} times one ({os.cpu_count()} cores, load"
        f" {os.getloadavg()[0]:.1f})"
    )


def _pages(every: int) -> Iterable[Page]:
    """Every so many of the real pages that lie outside the project."""
    shared = os.environ.get("ASKWIKI_SHARED")
    if not shared:
        raise BadInput(
            "ASKWIKI_SHARED is not set: let it name the folder that holds wiki/pages.jsonl.xz"
        )
    with lzma.open(Path(shared) / "wiki" / "pages.jsonl.xz", "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            if number % every == 0:
                row = json.loads(line)
                yield Page(
                    pageid=row["pageid"],
                    title=row["title"],
                    html=row["html"],
                    url="",
                    revid=row["revid"],
                    licence="CC BY-SA 4.0",
                    categories=tuple(row["categories"]),
                )


def _pair_up(page: Page) -> None:
    make_pairs(page)


def _trafilatura() -> Callable[[Page], None]:
    """Its plain extraction with its own settings."""
    try:
        from trafilatura import extract
    except ImportError as missing:
        raise ExternalError(
            f"{missing}; pip install trafilatura lxml_html_clean, then run this again"
        ) from None

    def read(page: Page) -> None:
        extract(page.html)

    return read


def _mwparserfromhtml() -> Callable[[Page], None] | None:
    """Wikimedia's own reader of Parsoid's HTML: its plain text; None where it is not installed."""
    try:
        from mwparserfromhtml import Article
    except ImportError:
        return None
    head = '<html><head><base href="//en.wikipedia.org/wiki/"></head><body>'

    def read(page: Page) -> None:
        list(Article(f"{head}{page.html}</body></html>").get_plaintext())

    return read


def _in_turns(
    rounds: int, pages: list[Page], readers: tuple[Callable[[Page], None], ...]
) -> list[float]:
    """Pages per CPU-second of each reader, in its best round."""
    best = [0.0] * len(readers)
    for _ in range(rounds):
        for i, read in enumerate(readers):
            start = time.process_time()
            for page in pages:
                read(page)
            best[i] = max(best[i], len(pages) / (time.process_time() - start))
    return best


def _pair_up_all(pages: list[Page]) -> int:
    return sum(len(make_pairs(page)[0]) for page in pages)


def _wall(chunks: list[list[Page]], processes: int) -> float:
    """Seconds that so many processes take for all the pages, without their start."""
    with ProcessPoolExecutor(processes) as pool:
        list(pool.map(_pair_up_all, [chunk[:1] for chunk in chunks[: 2 * processes]]))
        start = time.perf_counter()
        list(pool.map(_pair_up_all, chunks))
        return time.perf_counter() - start


if __name__ == "__main__":
    run(main)
