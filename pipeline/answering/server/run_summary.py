"""What the page says of a run: its subject, example questions, how it learned and what it knows;
read from the run's folder as plain JSON for the browser.
"""

import html
import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pipeline.answering.question_index import PageEntry, QuestionIndex
from pipeline.answering.read_summary import main_site
from pipeline.files import read_bounded
from pipeline.questions.language import DEFINITION

Json = dict[str, Any]

SAMPLED = 200  # pages from which examples are taken
EXAMPLES = 4  # questions of each group that the welcome shows
BUTTON = 22  # characters that fill a button well
MAX_EXAMPLE = 48  # characters; a longer one would not fit a button on a phone
MAX_LISTED = 20_000  # questions that "what it knows" lists
MOST_COMPLETIONS = 6
LONGEST_TITLE = 8  # words of a title that are looked at while it is typed
SAMPLE = r"^\*\*(.+)\*\*([^\n]*)\n\n> (.*)$"  # in samples.md; a note says what is held out
MAX_FILE = 64 << 20  # bytes of metrics, samples or ledger that are read


def about(folder: Path, index: QuestionIndex, persons: Sequence[str]) -> Json:
    """What the page's welcome and side bar say of a run. `persons` are the question words that ask
    for a person.
    """
    pages = index.sample(SAMPLED)
    return {
        "run": folder.resolve().name,
        "subject": subject(pages, index.pages_read),
        "welcome": WELCOME,
        "examples": example_questions(pages, persons),
    }


WELCOME = "A small language model, trained from scratch on these pages and nothing else."


def subject(pages: Sequence[PageEntry], count: int) -> str:
    """The run's subject, as the page's title: "500 pages of Wikipedia"."""
    return f"{count:,} page{'s' if count != 1 else ''} of {main_site(pages)}"


def example_questions(pages: Sequence[PageEntry], persons: Sequence[str]) -> list[Json]:
    """A few questions of each kind, spread over all that was read."""
    groups: dict[str, list[str]] = {"People": [], "Things and ideas": [], "Facts": []}
    for page in pages:
        for question in page.questions:
            if len(question.text) > MAX_EXAMPLE:
                continue
            person = question.text.split(" ")[0].lower() in persons
            thing = "People" if person else "Things and ideas"
            groups[thing if question.kind == DEFINITION else "Facts"].append(question.text)
    return [
        {"kind": kind, "questions": spread(questions)}
        for kind, questions in groups.items()
        if questions
    ]


def spread(questions: Sequence[str]) -> list[str]:
    """Of each of as many equal parts as examples are shown, the question that fills a button best:
    the shortest ones are often of acronyms.
    """
    size = max(1, len(questions) // EXAMPLES)
    parts = [questions[at * size : (at + 1) * size] for at in range(EXAMPLES)]
    return [min(part, key=_distance_from_button) for part in parts if part]


def _distance_from_button(question: str) -> int:
    return abs(len(question) - BUTTON)


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
    if path.is_symlink():
        return ""
    try:
        return read_bounded(path, MAX_FILE).decode(errors="replace")
    except OSError:
        return ""


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
            {"question": _unescaped(question), "answer": _unescaped(answer), "heldOut": bool(note)}
            for question, note, answer in re.findall(SAMPLE, body, re.M)
        ]
        try:
            epochs.append({"epoch": float(number), "answers": answers})
        except ValueError:
            break
    return epochs


def _unescaped(markdown: str) -> str:
    return html.unescape(re.sub(r"\\([\\`*_\[\]#|])", r"\1", markdown))


def known_pairs(folder: Path, index: QuestionIndex) -> list[Json]:
    """The trained questions, each with its page and how well it is known: `known`, `own` (in its
    trained words only), `resisting`, or None where training did not note it.
    """
    states = {entry["question"]: entry["state"] for entry in ledger(folder)}
    pairs: list[Json] = []
    for page in index.entries():
        for question in page.questions:
            if len(pairs) == MAX_LISTED:
                return pairs
            state = states.get(question.text)
            pairs.append(
                {"question": question.text, "title": page.title, "url": page.url, "state": state}
            )
    return pairs


def ledger(folder: Path) -> list[Json]:
    """The questions in the ledger of a run, and how well each is known."""
    noted = read_json_lines(folder / "ledger.jsonl")
    return [{"question": entry.get("question"), "state": _state(entry)} for entry in noted]


def _state(entry: Json) -> str | None:
    own, other = entry.get("own_words"), entry.get("other_words")
    if own is None and other is None:
        return None
    if not own:
        return "resisting"
    return "own" if other is False else "known"


def complete(text: str, index: QuestionIndex) -> list[Json]:
    """The titles that the end of a text begins: {title, from}."""
    starts = [word.start() for word in re.finditer(r"\S+", text)]
    for start in starts[-LONGEST_TITLE:]:
        beginning = text[start:]
        if len(beginning.strip()) < 2:
            continue
        titles = index.titles(beginning, MOST_COMPLETIONS)
        titles = [title for title in titles if title.lower() != beginning.lower()]
        if titles:
            return [{"title": title, "from": start} for title in titles]
    return []
