"""A look at the data, `python -m pipeline.show`: counts, lengths, samples, pairs that hold a word,
and what looks wrong.
"""

if __name__ == "__main__":
    from pipeline.interrupts import end_silently

    end_silently()

import json
import os
import random
import re
import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from html import escape
from pathlib import Path

from pipeline.cli import count_of, parse, run, say
from pipeline.dataset.duplicates import near_duplicates
from pipeline.dataset.pairs_file import read_pairs
from pipeline.dataset.quality_checks import outliers, place_of_fault
from pipeline.errors import BadInput, ExternalError
from pipeline.files import replacing
from pipeline.questions.normalize import folded
from pipeline.records import Pair
from pipeline.sources.page_cache import FILE_NAME

BAR = 40  # characters of the longest bar
EXAMPLES = 3  # of every fault
PAGE_LIMIT = 50_000  # pairs that a browser still searches without a pause
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")


@dataclass(frozen=True, slots=True, kw_only=True)
class ShowOptions:
    """Look at the question and answer pairs of a cache."""

    cache: Path = Path("cache")
    """The folder that pipeline.fetch filled."""
    find: str | None = None
    """Print the pairs that speak of this word, and nothing else."""
    sample: int = 5
    """How many pairs are shown, the same ones each time."""
    html: Path | None = None
    """Write one self-contained page to browse here."""


# What --help shows: all.
COMMON_OPTIONS = {"what is looked at": ("cache", "find"), "how it is shown": ("sample", "html")}


def main() -> None:
    """Print the report, or what was searched for, and write the page that was asked for."""
    options = parse(ShowOptions, prog="python -m pipeline.show", common=COMMON_OPTIONS)
    if options.sample < 0:
        raise BadInput(f"--sample {options.sample} is not possible: give 0 or more")
    if options.html and options.html.is_dir():
        raise BadInput(
            f"{options.html} is a folder: name a file, such as {options.html / 'pairs.html'}"
        )
    pairs = read_pairs(options.cache / "pairs.jsonl")
    flags = outliers(pairs) if options.html or options.find is None else []
    lines: list[str] = []
    if flags:
        duplicates = near_duplicate_count(pairs)
        lines = list(report(pairs, flags, skips(options.cache), options.sample, duplicates))
    for line in lines if options.find is None else matching_lines(pairs, options.find):
        say(line)
    if options.html:
        write_page(options.html, pairs, flags, lines)
        say(f"{options.html} is written: open it in a browser")


def near_duplicate_count(pairs: Sequence[Pair]) -> int | None:
    """How many pages say nearly what another says; None where what counts them is not installed."""
    try:
        return len(near_duplicates(pairs))
    except BadInput:
        return None


def report(
    pairs: Sequence[Pair],
    flags: Sequence[list[str]],
    skipped: Sequence[tuple[str, int]],
    sample: int,
    duplicates: int | None = None,
) -> Iterator[str]:
    """The lines that tell of all pairs: the faults of each, why other pages gave none, and how many
    pages are near-duplicates.
    """
    pages = len({(pair.url, pair.pageid) for pair in pairs})
    characters = sum(len(pair.question) + len(pair.answer) for pair in pairs)
    yield f"{count_of(len(pairs), 'pair')} of {count_of(pages, 'page')}, {characters:,} characters"
    if duplicates is not None:
        yield (
            f"{count_of(duplicates, 'near-duplicate')} of another page"
            " (pipeline.fetch --dedupe leaves them out)"
        )
    yield from section("kinds", bars(Counter(pair.kind for pair in pairs).most_common()))
    yield from lengths("questions", [len(pair.question) for pair in pairs])
    yield from lengths("answers", [len(pair.answer) for pair in pairs])
    yield from section(
        "pages that gave no pair, by reason", bars(skipped) if skipped else ["none known"]
    )
    yield from section("what looks wrong", flagged(pairs, flags))
    drawn = random.Random(0).sample(pairs, min(sample, len(pairs)))
    yield from section("a sample", (line for pair in drawn for line in (*pair_lines(pair), "")))


def section(heading: str, lines: Iterable[str]) -> Iterator[str]:
    """Lines under a heading, a blank line before it."""
    yield ""
    yield heading
    for line in lines:
        yield f"  {line}" if line else ""


def bars(counts: Sequence[tuple[str, int]]) -> Iterator[str]:
    """One line a count, with a bar as long as its share of the largest."""
    most = max((count for _, count in counts), default=1) or 1
    wide = min(50, max((len(name) for name, _ in counts), default=0))
    for name, count in counts:
        yield (
            f"{made_visible(name):<{wide}}  {count:>9,} "
            f" {'█' * round(BAR * count / most) or '▏' * (count > 0)}".rstrip()
        )


def lengths(what: str, sizes: Sequence[int]) -> Iterator[str]:
    """The spread of lengths in characters, in numbers and as a histogram."""
    ranked = sorted(sizes)
    marks = [ranked[round(share * (len(ranked) - 1))] for share in (0, 0.05, 0.5, 0.95, 1)]
    spread = (
        f"{marks[0]:,} to {marks[4]:,}; nine of ten {marks[1]:,} to {marks[3]:,}, half below"
        f" {marks[2]:,}"
    )
    yield from section(f"{what}, in characters: {spread}", bars(histogram(ranked)))


def histogram(ranked: Sequence[int], rows: int = 10) -> list[tuple[str, int]]:
    """How many of the sorted sizes fall in each of some even, round ranges; the last one holds the
    longest hundredth whole.
    """
    step = round_up(max(1, ranked[int(0.99 * (len(ranked) - 1))] + 1) / rows)
    last = min(rows - 1, ranked[-1] // step)
    counts = Counter(min(size // step, last) for size in ranked)
    names = [f"{row * step} to {row * step + step - 1}" for row in range(last + 1)]
    if ranked[-1] >= (last + 1) * step:
        names[last] = f"{last * step} and more"
    return [(name, counts[row]) for row, name in enumerate(names)]


def round_up(least: float) -> int:
    """The next of 1, 2, 5, 10, 20, 50, …"""
    size = 1
    while True:
        for step in (size, 2 * size, 5 * size):
            if step >= least:
                return step
        size *= 10


def flagged(pairs: Sequence[Pair], flags: Sequence[list[str]]) -> Iterator[str]:
    """Every kind of fault with its count and some examples."""
    holders: dict[str, list[Pair]] = {}
    for pair, names in zip(pairs, flags, strict=True):
        for name in names:
            holders.setdefault(name, []).append(pair)
    some = sum(map(bool, flags))
    if not some:
        yield "nothing"
        return
    share = f"{some:,} of {count_of(len(pairs), 'pair')} ({some / len(pairs):.1%})"
    yield f"{share}; hints, not all of them faults"
    for name, held in sorted(holders.items(), key=lambda item: -len(item[1])):
        yield f"{name}: {len(held):,}"
        for pair in held[:EXAMPLES]:
            yield f"    {made_visible(pair.title)[:50]}: {excerpt(pair, name)}"


def excerpt(pair: Pair, name: str) -> str:
    """Some words around the place that a fault ("answer: …", "question: …") is about."""
    part, fault = name.split(": ", 1)
    text = pair.answer if part == "answer" else pair.question
    middle = place_of_fault(text, fault)
    first = max(0, min(middle - 40, len(text) - 80))
    return made_visible(
        "…" * (first > 0) + text[first : first + 80] + "…" * (first + 80 < len(text))
    )


def matching_lines(pairs: Iterable[Pair], word: str) -> Iterator[str]:
    """The pairs whose title, question or answer holds the word, however it is written."""
    wanted = folded(word)
    if not wanted:
        raise BadInput("--find needs a word to look for")
    count = 0
    for pair in pairs:
        if wanted in folded(f"{pair.title}\n{pair.question}\n{pair.answer}"):
            count += 1
            yield from (*pair_lines(pair), "")
    yield f"{count_of(count, 'pair')} with {made_visible(word)!r}"


def pair_lines(pair: Pair) -> tuple[str, ...]:
    """A pair as lines to read."""
    source = f"{pair.url} (revision {pair.revid}, {pair.licence})"
    return (
        made_visible(f"{pair.question}  [{pair.kind}]"),
        made_visible(pair.answer),
        made_visible(source),
    )


def made_visible(text: str) -> str:
    """The text with what would steer a terminal made visible."""
    return CONTROL.sub(lambda sign: f"\\x{ord(sign[0]):02x}" if sign[0] != "\n" else " ⏎ ", text)


def skips(cache: Path) -> list[tuple[str, int]]:
    """Why how many pages of the page cache gave no pair, the most frequent reason first; nothing
    where there is no page cache.

    Reads beside a fetch that is at work. Raises ExternalError for a cache that is damaged.
    """
    path = cache / FILE_NAME
    if not path.is_file():
        return []
    # Even to read, SQLite keeps notes beside the file. Where the disk takes none, the file is read
    # as one that nobody changes meanwhile.
    how = "mode=ro" if os.access(path.parent, os.W_OK) else "immutable=1"
    try:
        try:
            return _counted_reasons(path, how)
        except sqlite3.OperationalError:
            return _counted_reasons(path, "immutable=1")
    except sqlite3.Error as error:
        raise ExternalError(
            f"{path} cannot be read ({error}): move it away to look at the pairs alone"
        ) from None


def _counted_reasons(path: Path, how: str) -> list[tuple[str, int]]:
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?{how}", uri=True)) as connection:
        return list(
            connection.execute(
                "SELECT coalesce(reason, 'no pair'), count(*) AS n FROM pages WHERE pairs = ''"
                " GROUP BY 1 UNION ALL SELECT coalesce(reason, state), count(DISTINCT title)"
                " FROM wanted WHERE state IN ('missing', 'failed') GROUP BY 1 ORDER BY n DESC, 1"
            )
        )


def write_page(
    path: Path, pairs: Sequence[Pair], flags: Sequence[list[str]], report_lines: Sequence[str]
) -> None:
    """One HTML file with a search box, that asks for nothing from outside; of very many pairs an
    even share.

    Pairs travel as JSON and become text nodes in the browser, so that no text of a page can act as
    markup.
    """
    stride = -(-len(pairs) // PAGE_LIMIT)
    part = list(zip(pairs, flags, strict=True))[::stride]
    head, middle, tail = (
        Path(__file__).with_name("show.html").read_text(encoding="utf-8").split("<!-- here -->")
    )
    note = ""
    if stride > 1:
        note = f"\n\nThis page has one pair in {stride}: {len(part):,} of {len(pairs):,}."
    with replacing(path) as file:
        file.write((head + escape("\n".join(report_lines) + note) + middle + "[").encode())
        for number, (pair, names) in enumerate(part):
            row = [
                pair.title,
                pair.kind,
                pair.question,
                pair.answer,
                pair.url,
                pair.revid,
                pair.licence,
                names,
            ]
            file.write((",\n" * (number > 0) + as_script(row)).encode("utf-8", "replace"))
        file.write(("]" + tail).encode())


def as_script(value: object) -> str:
    """JSON that no HTML parser takes for an end of its script element."""
    return (
        json.dumps(value, ensure_ascii=False)
        .replace("<", "\\u003c")
        .replace(">", "\\u003e")
        .replace("&", "\\u0026")
    )


if __name__ == "__main__":
    run(main)
