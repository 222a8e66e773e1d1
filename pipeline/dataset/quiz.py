"""Multiple choice and reverse questions from facts, without a language model: the wrong options are
right answers of other pages to the same question. Pure.

A wrong option must be surely wrong. So only questions that have one answer are used, and a wrong
option shares no word and no number with the right one.
"""

import random
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from pipeline.questions.facts.read_back import Fact, read_fact
from pipeline.records import Pair

OPTIONS = 4  # the right one among them


@dataclass(frozen=True, slots=True, kw_only=True)
class QuizItem:
    """A question with its options, of which exactly one is right."""

    kind: str
    """"choice": a fact's own question; "reverse": the subject is asked for."""
    question: str
    right: str
    wrong: tuple[str, ...]
    pair: Pair
    """The pair that the item was made from."""


# Questions of the table that have one answer for each subject.
ONE_ANSWER = frozenset(
    (
        "When {was} {x} born?",
        "Where {was} {x} born?",
        "When did {x} die?",
        "Where did {x} die?",
        "Who {be} the father of {x}?",
        "Who {be} the mother of {x}?",
        "When {was} {x} released?",
        "Who directed {x}?",
        "Who wrote {x}?",
        "Who edited {x}?",
        "Who was the cinematographer of {x}?",
        "Which network first broadcast {x}?",
        "Who founded {x}?",
        "When {was} {x} founded?",
        "When {was} {x} formed?",
        "When did {x} open?",
        "When did {x} take place?",
        "When {was} {x} signed?",
        "When {was} {x} first released?",
        "What {be} the population of {x}?",
        "What is the area of {x}?",
        "What is the elevation of {x}?",
        "How long is {x}?",
        "How long {is} {x}?",
        "Which countr{ny} {is} {x} in?",
        "Which department {is} {x} in?",
        "Which county {is} {x} in?",
        "Which province {is} {x} in?",
        "Which region {is} {x} in?",
        "What {be} the capital of {x}?",
        "Who {then} the mayor of {x}{year}?",
        "Who developed {x}?",
        "Who was the architect of {x}?",
        "To which family {does} {x} belong?",
        "To which genus {does} {x} belong?",
        "To which order {does} {x} belong?",
        "To which class {does} {x} belong?",
        "Who was the runner-up in {x}?",
        "Who won {x}?",
    )
)
# The question the other way round, where the value is told by few subjects.
REVERSE = {
    "When {was} {x} born?": "Who was born {v}?",
    "When did {x} die?": "Who died {v}?",
    "Who {be} the father of {x}?": "Whose father was {v}?",
    "Who {be} the mother of {x}?": "Whose mother was {v}?",
    "Who directed {x}?": "Which of these was directed by {v}?",
    "Who wrote {x}?": "Which of these was written by {v}?",
    "Who edited {x}?": "Which of these was edited by {v}?",
    "When {was} {x} released?": "Which of these was released {v}?",
    "When did {x} take place?": "Which of these took place {v}?",
    "When {was} {x} founded?": "Which of these was founded {v}?",
    "When did {x} open?": "Which of these opened {v}?",
    "What {be} the capital of {x}?": "Of which of these is {v} the capital?",
    "Who founded {x}?": "Which of these was founded by {v}?",
}
_WORD = re.compile(r"[^\W\d_]{4,}|\d{3,}(?:,\d{3})*")
_FULL_DATE = re.compile(r"(?:on|from) .*\d{3,4}")
_LONGEST_OPTION = 120  # characters


def quiz_items(pairs: Iterable[Pair], *, seed: int = 0) -> Iterator[QuizItem]:
    """The multiple-choice items and then the reverse ones, in the order of the pairs; the same for
    the same pairs and seed.
    """
    facts: list[tuple[Pair, Fact]] = []
    by_template: defaultdict[str, list[Fact]] = defaultdict(list)
    for pair in pairs:
        fact = read_fact(pair.question, pair.answer) if pair.kind == "facts" else None
        if fact and fact.template in ONE_ANSWER and len(fact.value) <= _LONGEST_OPTION:
            facts.append((pair, fact))
            by_template[fact.template].append(fact)
    for pair, fact in facts:
        yield from _choice(pair, fact, by_template[fact.template], seed)
    for pair, fact in facts:
        if fact.template in REVERSE:
            yield from _reverse(pair, fact, by_template[fact.template], seed)


def _choice(pair: Pair, fact: Fact, others: Sequence[Fact], seed: int) -> Iterator[QuizItem]:
    """A fact's question with the values of other pages as wrong options."""
    if _words(fact.value) & _words(fact.subject):
        return  # the question gives the answer away
    values = [other.value for other in others if _shape(other.value) == _shape(fact.value)]
    wrong = _apart(fact.value, values, f"{seed} {pair.question}")
    if len(wrong) == OPTIONS - 1:
        yield QuizItem(
            kind="choice", question=pair.question, right=fact.value, wrong=wrong, pair=pair
        )


def _reverse(pair: Pair, fact: Fact, others: Sequence[Fact], seed: int) -> Iterator[QuizItem]:
    """The question for the subject, where one page alone has this value."""
    same = [other for other in others if other is not fact and _near(other.value, fact.value)]
    dated = fact.template.startswith("When")
    if any(other.value == fact.value for other in same) or _words(fact.value) & _words(
        fact.subject
    ):
        return
    if dated and not _FULL_DATE.match(fact.value):
        return
    subjects = [
        other.subject
        for other in others
        if not _near(other.value, fact.value) and other.subject != fact.subject
    ]
    wrong = _apart(fact.subject, subjects, f"{seed} reverse {pair.question}")
    if len(wrong) == OPTIONS - 1:
        question = REVERSE[fact.template].format(v=fact.value)
        yield QuizItem(
            kind="reverse", question=question, right=fact.subject, wrong=wrong, pair=pair
        )


def _apart(right: str, options: Sequence[str], seed: str) -> tuple[str, ...]:
    """Wrong options drawn from others' right ones, none of which overlaps with another."""
    rng = random.Random(seed)
    candidates = list(dict.fromkeys(options))
    taken = [right]
    for option in rng.sample(candidates, len(candidates)):
        if len(taken) == OPTIONS:
            break
        if not any(_near(option, other) for other in taken):
            taken.append(option)
    return tuple(taken[1:])


# Words that two values may share and still be different.
_COMMON = frozenset(
    (
        *("january", "february", "march", "april", "june", "july", "august", "september"),
        *("october", "november", "december", "from", "county", "department", "region"),
        *("province", "minutes", "seconds", "feet", "metres"),
    )
)


def _near(one: str, other: str) -> bool:
    """Whether two values may mean the same or one may be a part of the other."""
    folded, other_folded = one.casefold(), other.casefold()
    if folded in other_folded or other_folded in folded or _about_equal(one, other):
        return True
    return bool(_words(one) & _words(other) - _COMMON)


# A number and what it is of: "7,000 km", "47 minutes"; a year stands alone.
_MEASURE = re.compile(r"(\d[\d,]*(?:\.\d+)?)\s*[^\W\d]")


def _about_equal(one: str, other: str) -> bool:
    """Whether two measures lie within a tenth of each other: of a song's lengths, an album's or a
    hill's heights, nobody knows which of two that are so close is right.
    """
    measures = [_MEASURE.match(value) for value in (one, other)]
    sizes = [float(found[1].replace(",", "")) for found in measures if found]
    return len(sizes) == 2 and abs(sizes[0] - sizes[1]) <= 0.1 * max(sizes)


def _words(text: str) -> frozenset[str]:
    return frozenset(word.casefold() for word in _WORD.findall(text)) - _COMMON


def _shape(value: str) -> str:
    """What form a value has, so that no option stands out: "on 5 May 1901" is no "in 1901"."""
    if not _digits(value):
        return "a"
    numbers = re.sub(r"\d[\d,.]*", "0", value)
    # The units of a measure stay; months and places are of one form.
    return numbers if value[0].isdigit() else re.sub(r"[^\W\d_]+", "a", numbers)


def _digits(value: str) -> bool:
    return any(sign.isdigit() for sign in value)
