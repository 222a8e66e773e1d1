"""A typed question → a reply: understood, asked of the network in trained words, and checked
against the digests of what was read before anything is shown.

It knows the network only as something that continues questions; generate.py joins the two.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Protocol

from pipeline.answering.meaning import SOMETHING_ELSE, Topic, Understanding, topic_after
from pipeline.answering.phrasebook import Phrasebook
from pipeline.answering.question_index import PageEntry, QuestionIndex, TrainedQuestion
from pipeline.answering.read_summary import read_summary
from pipeline.answering.remarks import facts_advice, remark_of, talk_of
from pipeline.answering.understanding import understand
from pipeline.answering.verification import verified, verified_length
from pipeline.errors import BadInput
from pipeline.questions.phrasings import phrasings

MOST_PHRASINGS = 8  # in which a question is asked again
MAX_QUESTION = 1000  # characters; nobody asks in more, and what grows with them stays short


@dataclass(frozen=True, slots=True, kw_only=True)
class Generated:
    """What the network said."""

    text: str
    tokens: int
    mean_logprob: float
    """Mean log-probability of its tokens, in nats; 0 is certain."""
    stopped: bool
    """Whether the network ended the answer; otherwise the limit did."""


class Network(Protocol):
    """A network that answers questions."""

    def answers(self, questions: Sequence[str]) -> list[Generated]:
        """The answer to each question. Raises BadInput for one too long."""

    def right_answer(
        self, questions: Sequence[str], right: Callable[[str], int]
    ) -> Generated | None:
        """Another answer to a question, given in several phrasings, that is right from beginning to
        end; `right` tells how many characters of a text are right. None where there is none.
        """


class LateNetwork:
    """A network that is opened when it is first asked. Importing PyTorch takes longer than all else
    that a question needs, and what was not read needs no network.
    """

    def __init__(self, open_network: Callable[[], Network]) -> None:
        self.open_network = open_network

    @cached_property
    def network(self) -> Network:
        """The network, opened."""
        return self.open_network()

    def answers(self, questions: Sequence[str]) -> list[Generated]:
        return self.network.answers(questions)

    def right_answer(
        self, questions: Sequence[str], right: Callable[[str], int]
    ) -> Generated | None:
        return self.network.right_answer(questions, right)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What is said to a typed question."""

    typed: str
    meaning: Understanding
    text: str | None
    """The answer; None where there is none."""
    remark: str = ""
    """What the program says beside it, or in its place."""
    sources: tuple[PageEntry, ...] = ()
    verified: bool = False
    """Whether the text is word for word what was read."""
    guess: bool = False
    """Whether nothing was read about it, and the network made something up."""
    generated: Generated | None = None
    """What the text was made of; None where the network was not asked."""


class Responder:
    """Replies to questions about what a run has read."""

    def __init__(
        self,
        index: QuestionIndex,
        phrasebook: Phrasebook,
        network: Network,
        *,
        guess: bool = False,
        strict: bool = False,
        greedy: bool = True,
    ) -> None:
        self.index = index
        self.phrasebook = phrasebook
        self.network = network
        self.language = phrasebook.language
        self.guess = guess
        self.strict = strict
        self.greedy = greedy

    def reply(self, typed: str, topic: Topic | None = None) -> Reply:
        """The reply to one question, of what is being talked about."""
        return self._answered([self._understood(typed, topic)], [typed])[0]

    def replies(self, typed: Sequence[str]) -> list[Reply]:
        """The replies to questions that have nothing to do with each other."""
        meanings = [self._understood(text) for text in typed]
        return self._answered(meanings, typed)

    def topic_of(self, before: Sequence[str]) -> Topic | None:
        """What is being talked about after some questions, none of which is answered again."""
        topic: Topic | None = None
        for typed in before:
            topic = topic_after(self._understood(typed, topic), topic)
        return topic

    def _understood(self, typed: str, topic: Topic | None = None) -> Understanding:
        """What a typed question means. Raises BadInput for one that is too long to be one."""
        if len(typed) > MAX_QUESTION:
            raise BadInput(
                f"a question of {len(typed):,} characters is longer than {MAX_QUESTION:,}: ask a"
                " shorter one, or continue a text with --raw"
            )
        return understand(typed, self.index, self.phrasebook, topic)

    def _answered(self, meanings: Sequence[Understanding], typed: Sequence[str]) -> list[Reply]:
        """The replies to questions that are understood; the network is asked all at once."""
        # All questions of all replies go to the network together, which answers a batch at little
        # more than the cost of one; then each reply takes back as many answers as it asked for.
        asked = [self._asked(meaning, text) for meaning, text in zip(meanings, typed, strict=True)]
        questions_of_all = [question for each in asked for question in each]
        said = iter(self.network.answers(questions_of_all) if questions_of_all else ())
        return [
            self._reply(meaning, text, [next(said) for _ in questions])
            for meaning, text, questions in zip(meanings, typed, asked, strict=True)
        ]

    def _asked(self, meaning: Understanding, typed: str) -> list[str]:
        """What the network is asked."""
        if meaning.questions:
            return [question.text for question in meaning.questions]
        return [" ".join(typed.split())] if self._may_guess(meaning) else []

    def _may_guess(self, meaning: Understanding) -> bool:
        unread = ("not_read", "no_topic", "held_out", "read_but_not_that")
        return self.guess and meaning.outcome in unread

    def _reply(self, meaning: Understanding, typed: str, said: list[Generated]) -> Reply:
        reply = Reply(
            typed=typed,
            meaning=meaning,
            text=None,
            remark=remark_of(meaning, typed, self.language),
        )
        if meaning.outcome == "small_talk":
            text = talk_of(meaning, self.language, read_summary(self.index))
            return replace(reply, text=text)
        is_fact = meaning.outcome == "read_but_not_that" and meaning.kind != SOMETHING_ELSE
        if is_fact and not read_summary(self.index).has_facts:
            reply = replace(reply, remark=f"{reply.remark} {facts_advice(self.language)}")
        if meaning.outcome == "several":
            return replace(reply, text=reply.remark, sources=meaning.pages)
        if self._may_guess(meaning):
            remark = f"{reply.remark} {self.language.says['guess']}"
            return replace(reply, text=said[0].text, remark=remark, guess=True, generated=said[0])
        if not meaning.questions:
            return reply
        return self._checked(reply, said)

    def _checked(self, reply: Reply, said: list[Generated]) -> Reply:
        """A reply with the network's answers, each right one in place of a wrong one."""
        questions = reply.meaning.questions
        titles = [page.title for page in reply.meaning.pages]
        pages = [titles[min(place, len(titles) - 1)] for place in range(len(questions))]
        checked = [
            self._right(question, title, generated)
            for question, title, generated in zip(questions, pages, said, strict=True)
        ]
        right = all(
            verified(generated.text, question.digests)
            for question, generated in zip(questions, checked, strict=True)
        )
        if self.strict and not right:
            return replace(reply, generated=checked[0])
        sources = reply.meaning.pages if right or self.greedy else ()
        return replace(
            reply,
            text="\n".join(generated.text for generated in checked),
            sources=sources,
            verified=right,
            generated=_together(checked),
        )

    def _right(self, question: TrainedQuestion, title: str, said: Generated) -> Generated:
        """The answer, or a right one where it is not word for word what was read."""
        # Only what is wrong is tried again; with sampling, or where all is right, nothing is.
        if not self.greedy or verified(said.text, question.digests):
            return said
        forms = phrasings(question.text, title, self.language.code)[:MOST_PHRASINGS]
        other = self.network.right_answer(
            forms, lambda text: verified_length(text, question.digests)
        )
        return other or said


def _together(said: Sequence[Generated]) -> Generated:
    tokens = sum(generated.tokens for generated in said)
    nats = sum(generated.mean_logprob * max(1, generated.tokens) for generated in said)
    return Generated(
        text="\n".join(generated.text for generated in said),
        tokens=tokens,
        mean_logprob=nats / max(1, sum(max(1, generated.tokens) for generated in said)),
        stopped=all(generated.stopped for generated in said),
    )


def as_object(reply: Reply) -> dict[str, object]:
    """What --json prints of a reply."""
    meaning, said = reply.meaning, reply.generated
    unread = meaning.outcome in ("not_read", "no_topic", "held_out", "small_talk")
    understood = None
    if meaning.pages and not unread:
        understood = {"title": meaning.pages[0].title, "asked": meaning.kind}
    # JSON has no sign for what is not a number.
    is_certain = said is not None and math.isfinite(said.mean_logprob)
    return {
        "prompt": reply.typed,
        "question": meaning.questions[0].text if meaning.questions else reply.typed,
        "answer": reply.text,
        "understood": understood,
        "sure": meaning.outcome,
        "candidates": [page.title for page in meaning.pages] if not unread else [],
        "read": not unread,
        "guess": reply.guess,
        "verified": reply.verified,
        "remark": reply.remark,
        "sources": [
            {"title": page.title, "url": page.url, "revid": page.revid, "licence": page.licence}
            for page in reply.sources
        ],
        "nearest": [page.title for page in meaning.pages] if meaning.outcome == "not_read" else [],
        "certainty": round(said.mean_logprob, 6) if said and is_certain else None,
        "tokens": said.tokens if said else 0,
        "stopped": said.stopped if said else False,
    }
