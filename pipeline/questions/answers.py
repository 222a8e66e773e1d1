"""How long an answer is: whole sentences from the first paragraph on; pure."""

from dataclasses import dataclass

from pipeline.clean.sentences import split_sentences


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerBounds:
    """How long an answer may be. It always ends with a sentence, and its first sentence is always
    whole; None sets no bound.
    """

    sentences: int | None = 3
    """At most so many sentences."""
    chars: int | None = 400
    """At most so many characters; what is shorter than a third of them goes on into the next
    paragraph.
    """


CONCISE = AnswerBounds()


def bounded(paragraphs: tuple[str, ...], bounds: AnswerBounds) -> str:
    """The paragraphs' first sentences within the bounds: of the first paragraph, and of the next
    while what is taken is very short.
    """
    taken: list[str] = []
    length = 0
    for paragraph in paragraphs:
        for sentence in split_sentences(paragraph):
            full = bounds.sentences is not None and len(taken) >= bounds.sentences
            long = bounds.chars is not None and length + len(sentence) > bounds.chars
            if taken and (full or long):
                return " ".join(taken)
            taken.append(sentence)
            length += len(sentence) + 1
        if bounds.chars is not None and length * 3 > bounds.chars:
            break
    return " ".join(taken)
