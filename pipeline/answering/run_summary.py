"""What the page says of a run: its subject, example questions, how it learned and what it knows;
read from the run's folder as plain JSON for the browser.
"""

import html
import json
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pipeline.answering.titles import Source
from pipeline.questions.phrasings import TITLE_PARENTHESIS

Json = dict[str, Any]

EXAMPLES = 4  # questions of each group that the welcome shows
MOST_COMPLETIONS = 6
LONGEST_TITLE = 8  # words of a title that are looked at while it is typed
MAX_EXAMPLE = 48  # characters; a longer one would not fit a button on a phone
MAX_FILE = 64 << 20  # bytes of metrics, samples or ledger that are read
SUBJECTS = {"wikipedia.org": "Wikipedia", "github.com/askwiki": "the built-in sample"}
WHO, WHAT, FACT = "People", "Things and ideas", "Facts"


def subject(sources: Sequence[Source], folder: Path) -> str:
    """The run's subject, as the page's title: "500 pages of Wikipedia"."""
    pages = {source.url for source in sources}
    if not pages:
        return folder.resolve().name
    sites = Counter(_site(url) for url in pages)
    count = f"{len(pages):,} page{'s' if len(pages) > 1 else ''}"
    return f"{count} of {sites.most_common(1)[0][0]}"


def _site(url: str) -> str:
    parts = urlsplit(url)
    address = (parts.hostname or "") + parts.path
    for known, name in SUBJECTS.items():
        if known in address:
            return name
    return parts.hostname or "a wiki"


def licences(sources: Iterable[Source]) -> list[str]:
    """The licences of the pages, the commonest first."""
    pages = {source.url: source.licence for source in sources}
    return [licence for licence, _ in Counter(pages.values()).most_common()]


def example_questions(sources: Sequence[Source]) -> list[Json]:
    """A few questions of each kind, spread over all that was read."""
    groups: dict[str, list[str]] = {WHO: [], WHAT: [], FACT: []}
    for source in sources:
        if len(source.question) <= MAX_EXAMPLE:
            groups[_group(source)].append(source.question)
    return [
        {"kind": kind, "questions": questions[:: max(1, len(questions) // EXAMPLES)][:EXAMPLES]}
        for kind, questions in groups.items()
        if questions
    ]


def _group(source: Source) -> str:
    if re.match(r"Who (is|was|are|were) ", source.question):
        return WHO
    # A definition asks for the page itself, by its title.
    name = TITLE_PARENTHESIS.sub("", source.title).lower()
    asked, found, _ = source.question.lower().partition(name)
    if found and re.fullmatch(r"what (is|was|are|were) ((an?|the) )?", asked):
        return WHAT
    return FACT


def read_json_lines(path: Path) -> list[Json]:
    """The objects of a file of JSON lines, up to the first line that is torn; none without it."""
    rows: list[Json] = []
    for line in _text_of(path).split("\n"):
        try:
            row = json.loads(line, parse_constant=_no_number)
        except (ValueError, RecursionError):
            break
        if not isinstance(row, dict):
            break
        rows.append(row)
    return rows


def _no_number(name: str) -> None:
    """NaN and infinities, which JSON in a browser lacks, are no figure at all."""


def _text_of(path: Path) -> str:
    """The text of a regular file of bearable size, else nothing."""
    if path.is_symlink() or not path.is_file() or path.stat().st_size > MAX_FILE:
        return ""
    return path.read_text(encoding="utf-8", errors="replace")


def learning(folder: Path) -> Json:
    """How a run learned: the figures of every epoch, and what it said then."""
    return {
        "epochs": read_json_lines(folder / "metrics.jsonl"),
        "samples": parse_samples(_text_of(folder / "samples.md")),
    }


def parse_samples(text: str) -> list[Json]:
    """samples.md as data: an object an epoch, each with its questions and answers."""
    epochs = []
    for section in text.split("\n## Epoch ")[1:]:
        number, _, body = section.partition("\n")
        answers = [
            {"question": _unescaped(question), "answer": _unescaped(answer)}
            for question, answer in re.findall(r"^\*\*(.+)\*\*[^\n]*\n\n> (.*)$", body, re.M)
        ]
        try:
            epochs.append({"epoch": float(number), "answers": answers})
        except ValueError:
            break
    return epochs


def _unescaped(markdown: str) -> str:
    return html.unescape(re.sub(r"\\([\\`*_\[\]#|])", r"\1", markdown))


def ledger(folder: Path) -> list[Json]:
    """What the run knows, pair by pair; empty where training wrote no ledger."""
    return read_json_lines(folder / "ledger.jsonl")


def about(folder: Path, sources: Sequence[Source]) -> Json:
    """What the page's welcome and side bar say of a run."""
    metrics = read_json_lines(folder / "metrics.jsonl")
    return {
        "run": folder.resolve().name,
        "subject": subject(sources, folder),
        "welcome": _welcome(sources),
        "examples": example_questions(sources),
        "licences": licences(sources),
        "epochs": metrics[-1].get("epoch") if metrics else None,
    }


def _welcome(sources: Sequence[Source]) -> str:
    if not sources:
        return "A small language model that goes on with whatever text you begin."
    return (
        f"A small language model that learnt {len(sources):,} answers by heart, and nothing else."
        " Ask who or what something is, in your own words. Every answer shows where it was read;"
        " what was not read, it says so."
    )


def known_pairs(folder: Path, sources: Sequence[Source]) -> list[Json]:
    """Every trained question with its page, and its state in the ledger where there is one:
    `known`, `other` (in its own words only) or `resisting`.
    """
    states = {row.get("question"): row.get("state") for row in ledger(folder)}
    return [
        {
            "question": source.question,
            "title": source.title,
            "url": source.url,
            "state": states.get(source.question),
        }
        for source in sources
    ]


def complete(text: str, titles: Iterable[str]) -> list[Json]:
    """The titles that the end of a text begins, as completion.js finds them: {title, from}."""
    keys = sorted({title.lower(): title for title in titles}.items())
    for start in [word.start() for word in re.finditer(r"\S+", text)][-LONGEST_TITLE:]:
        beginning = text[start:].lower()
        if len(beginning.strip()) < 2:
            continue
        first = bisect_left(keys, (beginning,))
        matches = [
            title
            for key, title in keys[first : first + MOST_COMPLETIONS]
            if key.startswith(beginning) and key != beginning
        ]
        if matches:
            return [{"title": title, "from": start} for title in matches]
    return []
