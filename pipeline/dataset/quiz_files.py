"""Pairs and quiz items in the forms that other programs read: SQuAD, to measure answers with, and
GIFT, for Moodle and other learning platforms. Pure.

SQuAD: Rajpurkar et al. 2016, https://arxiv.org/abs/1606.05250; every answer is a span of its
context. GIFT: https://docs.moodle.org/en/GIFT_format.
"""

import random
import re
from collections.abc import Iterable, Iterator

from pipeline.dataset.quiz import QuizItem
from pipeline.questions.facts.read_back import read_fact
from pipeline.records import Pair

SQUAD_VERSION = "1.1"


def squad(pairs: Iterable[Pair]) -> dict[str, object]:
    """The pairs as SQuAD has them: for every page its answers as one context, and the questions
    with their answers as spans of it. A fact's answer is its value alone.
    """
    pages: dict[tuple[str, int], list[Pair]] = {}
    for pair in pairs:
        pages.setdefault((pair.url, pair.pageid), []).append(pair)
    return {"version": SQUAD_VERSION, "data": [_article(held) for held in pages.values()]}


def _article(pairs: list[Pair]) -> dict[str, object]:
    context = ""
    starts = dict[str, int]()
    for answer in dict.fromkeys(pair.answer for pair in pairs):
        context += "\n" if context else ""
        starts[answer] = len(context)
        context += answer
    questions = []
    for number, pair in enumerate(pairs):
        text, offset = _span(pair)
        span = {"text": text, "answer_start": starts[pair.answer] + offset}
        name = f"{pair.pageid}-{pair.revid}-{number}"
        questions.append({"id": name, "question": pair.question, "answers": [span]})
    return {"title": pairs[0].title, "paragraphs": [{"context": context, "qas": questions}]}


def _span(pair: Pair) -> tuple[str, int]:
    """What answers a question in its answer, and where that begins."""
    fact = read_fact(pair.question, pair.answer) if pair.kind == "facts" else None
    if fact is None:
        return pair.answer, 0
    value = re.sub(r"^(?:in|on|at|from|the|an?) (?=[\w$€£])", "", fact.value)
    return value, pair.answer.rindex(value)


_SPECIAL = re.compile(r"[~=#{}:\\]")


def gift(items: Iterable[QuizItem], *, seed: int = 0) -> Iterator[str]:
    """The items as GIFT, one text a question; the right option is anywhere among the others."""
    for number, item in enumerate(items, start=1):
        options = [f"={_escaped(item.right)}", *(f"~{_escaped(wrong)}" for wrong in item.wrong)]
        random.Random(f"{seed} {number}").shuffle(options)
        lines = "\n".join(f"\t{option}" for option in options)
        source = f"// {item.pair.url} revision {item.pair.revid}, {item.pair.licence}"
        name = _escaped(f"{item.kind} {number}")
        yield f"{_one_line(source)}\n::{name}::{_escaped(item.question)} {{\n{lines}\n}}\n\n"


def _escaped(text: str) -> str:
    return _SPECIAL.sub(lambda sign: f"\\{sign[0]}", _one_line(text))


def _one_line(text: str) -> str:
    return " ".join(text.split())
