"""A pair of question and answer made from a row of an infobox, taken apart again: what it asks, of
which subject, and with which value. Pure.
"""

import re
from dataclasses import dataclass
from functools import cache

from pipeline.questions.facts.table import FACT_QUESTIONS

_LONGEST = 600  # characters of a question or an answer that are looked at

# What the fields of the table's sentences may become.
_FORMS = {
    "is": "(?:is|are|was|were)",
    "was": "(?:was|were)",
    "does": "(?:does|do|did)",
    "has": "(?:has|have|had)",
    "comes": "(?:comes?|came)",
    "runs": "(?:runs?|ran)",
    "be": "(?:is|was)",
    "s": "(?:s|ed)?",
    "sd": "(?:s|e?d)?",
    "n": "s?",
    "ny": "(?:y|ies)",
    "nes": "(?:es)?",
    "are": "(?:is|are|was|were)",
    "were": "(?:was|were)",
    "then": "(?:is|was)",
    "year": r"(?: in \d{4}| from \d{4} to \d{4})?",
    "label": "[a-z ]{2,40}",
    "of": "(?:of|in)",
    "office": "(?: as .+)?",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """A fact as its pair tells it."""

    template: str
    """The table's question, the same for all facts of one kind."""
    subject: str
    value: str


def read_fact(question: str, answer: str) -> Fact | None:
    """The fact of a pair of kind "facts"; None where no sentence of the table fits."""
    if max(len(question), len(answer)) > _LONGEST:
        return None
    # The sentence templates of the table, read backwards as patterns: the subject is taken from the
    # question, and must be in the answer as well.
    readings: list[Fact] = []
    for template, question_form, answer_template in _forms(question.split(" ", 1)[0]):
        asked = question_form.fullmatch(question)
        told = _answer_form(answer_template, asked["x"]).fullmatch(answer) if asked else None
        if asked and told:
            value = _without_full_stop(told["v"])
            readings.append(Fact(template=template, subject=asked["x"], value=value))
    # "Who wrote the story of X?" is also "Who wrote Y?": the longer template knows better.
    return min(readings, key=lambda fact: len(fact.subject), default=None)


_ABBREVIATED = re.compile(r"(?:\b[A-Z]|\b(?:Jr|Sr|Inc|Ltd|Co|Corp|Bros|St|min|max))\.$")


def _without_full_stop(value: str) -> str:
    """The value without the full stop of its sentence; that of "U.S." stays."""
    if value.endswith(".") and not _ABBREVIATED.search(value):
        return value[:-1]
    return value


@cache
def _forms(first_word: str) -> tuple[tuple[str, re.Pattern[str], str], ...]:
    """The table's questions that begin with a word: template, pattern, the answer's template."""
    rows = dict.fromkeys((fact.question, fact.answer) for fact in FACT_QUESTIONS)
    return tuple(
        (question, re.compile(_pattern(question, {"x": "(?P<x>.+)"})), answer)
        for question, answer in rows
        if question.split(" ", 1)[0] == first_word
    )


def _answer_form(template: str, subject: str) -> re.Pattern[str]:
    name = f"(?i:{re.escape(subject[:1])}){re.escape(subject[1:])}"
    return re.compile(_pattern(template, {"x": name, "X": name, "v": "(?P<v>.+)"}))


def _pattern(template: str, more: dict[str, str]) -> str:
    """A sentence of the table as a pattern; its last full stop may be the value's own."""
    forms = _FORMS | more
    parts = re.split(r"\{(\w+)\}", template.removesuffix("."))
    text = "".join(forms[part] if at % 2 else re.escape(part) for at, part in enumerate(parts))
    return text + (r"\.?" if template.endswith(".") else "")
