"""The meanings that a typed question may have, and the topic of the conversation after it. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from pipeline.answering.question_index import PageEntry, TrainedQuestion
from pipeline.questions.language import DEFINITION

Outcome = Literal[
    "sure",  # one page, named as it is written or by another of its names
    "nearly",  # one page, by a part of its name or in another spelling
    "several",  # pages of the same name: it must be chosen
    "two",  # two pages, both asked for
    "not_read",
    "read_but_not_that",  # the page was read, but not what is asked of it
    "held_out",  # the page was fetched, but kept out of training
    "no_topic",  # "when was she born" where nothing is talked about
    "small_talk",
]
MOST_CANDIDATES = 8  # pages of one name that are told apart
# What is asked of a topic, where it is no kind of fact
MORE = "more"
SOMETHING_ELSE = "something else"


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """What is being talked about."""

    page: int | None
    """None where the last question was about something that was not read."""
    kind: str = DEFINITION
    """What was asked last."""
    others: tuple[int, ...] = ()
    """Other pages of the same name."""
    about: str = ""
    """The name, as it was typed or as the page has it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Understanding:
    """What a typed question means."""

    outcome: Outcome
    pages: tuple[PageEntry, ...] = ()
    """The page that is meant; several, or two, where `outcome` says so; near ones where nothing was
    read.
    """
    kind: str = DEFINITION
    """What is asked of it: the definition, or a kind of fact."""
    questions: tuple[TrainedQuestion, ...] = ()
    """The trained questions that the network is asked."""
    about: str = ""
    """The name as it was typed."""
    is_yes_no: bool = False
    """Whether a yes or a no was asked for, which the program cannot give."""
    small_talk: str = ""
    """Of small talk: the name of the reply."""


def topic_after(meaning: Understanding, topic: Topic | None) -> Topic | None:
    """What is being talked about after a question that meant this."""
    if meaning.outcome in ("small_talk", "no_topic"):
        return topic
    if meaning.outcome in ("not_read", "held_out"):
        return Topic(page=None, about=meaning.about)
    first, *others = (page.number for page in meaning.pages)
    return Topic(page=first, kind=meaning.kind, others=tuple(others), about=meaning.about)


def of_page(
    page: PageEntry, kind: str, outcome: Outcome, *, is_yes_no: bool = False
) -> Understanding:
    """The meaning of a question about one page, of which it asks a kind of fact."""
    if page.held_out:
        return Understanding(outcome="held_out", pages=(page,), about=page.title)
    # Whatever was typed, the network is asked in words that it was trained on: these it answers
    # most surely.
    questions = tuple(question for question in page.questions if question.kind == kind)[:1]
    if not questions and kind == DEFINITION:
        questions = page.questions[:1]
    if not questions:
        return Understanding(
            outcome="read_but_not_that", pages=(page,), kind=kind, about=page.title
        )
    return Understanding(
        outcome=outcome,
        pages=(page,),
        kind=kind,
        questions=questions,
        about=page.title,
        is_yes_no=is_yes_no,
    )


def of_both(meanings: Sequence[Understanding]) -> Understanding:
    """The meaning of a question that asks about several pages at once."""
    pages = tuple(page for meaning in meanings for page in meaning.pages)
    questions = tuple(question for meaning in meanings for question in meaning.questions)
    titles = " / ".join(page.title for page in pages)
    return Understanding(outcome="two", pages=pages, questions=questions, about=titles)


def of_several(pages: Sequence[PageEntry], typed: str) -> Understanding:
    """The meaning of a question that may be about any of some pages: the person has to choose."""
    return Understanding(outcome="several", pages=tuple(pages[:MOST_CANDIDATES]), about=typed)
