"""A typed text as words, and the parts of it that may be the question: "sorry for asking but what
is a proxy war" → "what is a proxy war". Pure.
"""

import re
from dataclasses import dataclass

from pipeline.answering.phrasebook import Phrasebook
from pipeline.questions.normalize import words_of

# Where a clause ends; "R. Sundar" is none.
CLAUSE_END = re.compile(r"(?:(?<=\w\w\w)\.|[!?;:,])+(?:\s+|$)")
POSSESSIVE = re.compile(r"(?:['’]s|s['’])[^\w]*$")
LONGEST = 60  # words that are looked at


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """Part of a typed text."""

    words: tuple[str, ...]
    """Normalized."""
    possessive: tuple[bool, ...]
    """Whether each word was typed with 's."""

    def part(self, start: int, end: int) -> "Segment":
        return Segment(words=self.words[start:end], possessive=self.possessive[start:end])

    def without(self, start: int, end: int) -> tuple[str, ...]:
        """The words around a part."""
        return self.words[:start] + self.words[end:]

    @property
    def text(self) -> str:
        return " ".join(self.words)


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedQuestion:
    """A typed text in the forms in which it is read."""

    text: str
    whole: Segment
    segments: tuple[Segment, ...]
    """The text, and the parts of it that may be the question, the whole first; no two alike."""


def segment_of(text: str) -> Segment:
    """The words of a text, and which of them are possessive."""
    words, possessive = list[str](), list[bool]()
    for chunk in text.split():
        parts = words_of(chunk)
        words += parts
        possessive += [False] * len(parts)
        if parts and POSSESSIVE.search(chunk):
            possessive[-1] = True
    return Segment(words=tuple(words[:LONGEST]), possessive=tuple(possessive[:LONGEST]))


def typed_question(text: str, phrasebook: Phrasebook) -> TypedQuestion:
    """A text, and the parts of it that may be the question."""
    # The whole text is tried first, so that what is left out can only help a question that would
    # not be understood otherwise.
    whole = segment_of(text)
    parts = [whole, _without_chatter(whole, phrasebook), *_endings(whole, phrasebook)]
    clauses = [segment_of(clause) for clause in CLAUSE_END.split(text)]
    for place, clause in enumerate(clauses):
        others = clauses[:place] + clauses[place + 1 :]
        if others and all(_may_be_left_out(other, clause, phrasebook) for other in others):
            parts += [clause, _without_chatter(clause, phrasebook), *_endings(clause, phrasebook)]
    segments = tuple(dict.fromkeys(part for part in parts if part.words))
    return TypedQuestion(text=text, whole=whole, segments=segments)


def _may_be_left_out(other: Segment, clause: Segment, phrasebook: Phrasebook) -> bool:
    """Whether a clause beside the question is only talk; of "Paris, Texas" neither part is."""
    language = phrasebook.language
    asks = any(word in language.openers for word in clause.words)
    said = any(word in language.addressing or word in language.openers for word in other.words)
    return (asks and said) or not phrasebook.content(other.words)


def _without_chatter(segment: Segment, phrasebook: Phrasebook) -> Segment:
    """The segment without what its language lists as chatter at either end."""
    for pattern in phrasebook.language.chatter:
        match = re.search(pattern, segment.text)
        if match:
            count = len(match[0].split())
            size = len(segment.words)
            if match.start() == 0:
                segment = segment.part(count, size)
            else:
                segment = segment.part(0, size - count)
    return segment


def _endings(segment: Segment, phrasebook: Phrasebook) -> list[Segment]:
    """What begins with a question word, where the words before it speak to somebody; and what
    stands before a second question ("who is X and what is he known for").
    """
    language = phrasebook.language
    parts = list[Segment]()
    for place, word in enumerate(segment.words):
        before = segment.words[:place]
        if not place or word not in language.openers:
            continue
        if any(other in language.addressing for other in before):
            parts.append(_without_chatter(segment.part(place, len(segment.words)), phrasebook))
        elif segment.words[place - 1] in language.joins:
            parts.append(segment.part(0, place - 1))
    return parts


def matches(pattern: str, text: str) -> bool:
    """Whether a pattern of a language is in a normalized text."""
    return re.search(pattern, text) is not None
