"""How long an answer is: whole sentences from the first paragraph on; pure."""

import re
from dataclasses import dataclass

from pipeline.clean.sentences import ENGLISH, Abbreviations, ends_as_sentence, split_sentences


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerBounds:
    """How long an answer may be. It always ends with a sentence, and its first sentence is always
    whole; None sets no bound.
    """

    sentences: int | None = 3
    """At most this many sentences."""
    chars: int | None = 400
    """At most this many characters; what is shorter than a third of them goes on into the next
    paragraph.
    """


CONCISE = AnswerBounds()
# A sentence about the page and not about its subject.
_OF_THE_PAGE = re.compile(
    r"(?:This|The following) (?:article|page|section|list|table)s?"
    r" (?:will|outlines?|shows?|lists?|describes?"
    r"|details?|covers?|is|are|deals?|gives?|contains?|provides?|summari[sz]es?|discusses|concerns?)\b"
)


def bounded(
    paragraphs: tuple[str, ...],
    bounds: AnswerBounds,
    abbreviations: Abbreviations = ENGLISH,
) -> str:
    """The paragraphs' first sentences within the bounds: of the first paragraph, and of the next
    while what is taken is very short. It never ends at a colon, and a paragraph that lost its full
    stop is not joined to the next.
    """
    taken: list[str] = []
    length = 0
    for paragraph in paragraphs:
        sentences = split_sentences(paragraph, abbreviations)
        for at, sentence in enumerate(sentences):
            full = bounds.sentences is not None and len(taken) >= bounds.sentences
            long = bounds.chars is not None and length + len(sentence) > bounds.chars
            if taken and (full or long):
                return _closed(_with_whole_quotation(taken, sentences[at:]))
            if taken and _OF_THE_PAGE.match(sentence):
                continue
            taken.append(sentence)
            length += len(sentence) + 1
        if bounds.chars is not None and length * 3 > bounds.chars:
            break
        if taken and not ends_as_sentence(taken[-1]):
            break
    return _closed(taken)


_LONGEST_QUOTATION = 20  # sentences that are looked through for the end of one


def _with_whole_quotation(taken: list[str], following: list[str]) -> list[str]:
    """The sentences without a last quotation that is cut: as many less as it takes, or else,
    where the first one opens it and a later one ends it, closed.
    """
    if _quotes_are_closed(taken):
        return taken
    for count in range(len(taken) - 1, 0, -1):
        if _quotes_are_closed(taken[:count]):
            return taken[:count]
    reach = range(1, min(len(following), _LONGEST_QUOTATION) + 1)
    if any(_quotes_are_closed([*taken, *following[:count]]) for count in reach):
        mark = '"' if "".join(taken).count('"') % 2 else "”"
        return [*taken[:-1], taken[-1] + mark]
    return taken


def _quotes_are_closed(sentences: list[str]) -> bool:
    text = "".join(sentences)
    return text.count('"') % 2 == 0 and text.count("“") == text.count("”")


def _closed(sentences: list[str]) -> str:
    """The sentences as a text that ends with a mark, without a last one that announces a list."""
    if len(sentences) > 1 and sentences[-1].endswith(":"):
        sentences = sentences[:-1]
    text = " ".join(sentences)
    if not text or ends_as_sentence(text):
        return text
    return f"{text.rstrip(' :;,–—-')}."
