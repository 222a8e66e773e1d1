"""A question with its misspelled words set right: which words may be slips, for which others, and
when a respelled name is near enough to what was typed. Pure.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from pipeline.answering.phrasebook import Phrasebook
from pipeline.answering.question_index import PageEntry, QuestionIndex
from pipeline.answering.segments import Segment
from pipeline.answering.spelling import (
    SHORTEST_RESPELLED_NAME,
    SHORTEST_RESPELLED_SURNAME,
    may_be_misspelled,
    one_edit,
)
from pipeline.questions.normalize import words_of

MOST_RESPELLED = 3  # words of a question that may be misspelled
MOST_SPELLINGS = 4  # of one word that are tried


def respellings(
    segment: Segment, index: QuestionIndex, phrasebook: Phrasebook, *, unknown_only: bool
) -> Iterator[Segment]:
    """The segment with misspelled words set right, in all ways that are worth a try."""
    words = segment.words
    known = index.known(words)
    # Words that can be slips: those that no title has, or else those that titles have, and never
    # the small words of a question.
    doubtful = []
    for place, word in enumerate(words):
        is_in_titles = word in known and known[word].in_titles
        if word in phrasebook.fillers or is_in_titles == unknown_only:
            continue
        if unknown_only and phrasebook.is_cue_word(word):
            continue
        doubtful.append(place)
    if not doubtful or len(doubtful) > MOST_RESPELLED:
        return
    spelled = {place: _spellings(words[place], index, phrasebook) for place in doubtful}
    yield from _combined(segment, spelled, together=unknown_only)


def may_be_surname(typed: Segment, other: Segment, phrasebook: Phrasebook) -> bool:
    """Whether a respelled text is one long word that begins as it was typed."""
    names, before = phrasebook.content(other.words), phrasebook.content(typed.words)
    if len(names) != 1 or len(before) != 1:
        return False
    shorter = min(len(names[0]), len(before[0]))
    return names[0][0] == before[0][0] and shorter >= SHORTEST_RESPELLED_SURNAME


def is_plausible(
    typed: Segment, other: Segment, page: PageEntry, index: QuestionIndex, phrasebook: Phrasebook
) -> bool:
    """Whether a respelled name is near enough to that of a page. With several words of content it
    is; a single word must be long, and must not be a word that was read.
    """
    title = words_of(page.title)
    content = [
        word
        for word in phrasebook.content(typed.words)
        if word in title or not phrasebook.is_cue_word(word)
    ]
    if len(content) > 1:
        return True
    changed = [
        (was, now)
        for was, now in zip(typed.words, other.words, strict=True)
        if was != now and now not in phrasebook.fillers
    ]
    if not changed:
        return True
    was, now = changed[0]
    is_long = min(len(was), len(now)) >= SHORTEST_RESPELLED_NAME
    return is_long and was not in index.known([was])


def _spellings(word: str, index: QuestionIndex, phrasebook: Phrasebook) -> list[str]:
    """Words of titles, or with which one asks, of which this may be a slip."""
    if not may_be_misspelled(word):
        return []
    others = one_edit(word)
    known = index.known(others)
    titles = [other for other in others if other in known and known[other].in_titles]
    names = [title for title in titles if title not in phrasebook.fillers]
    asking = [other for other in others if phrasebook.is_slip_of_asking(word, other)]
    spelled = [other for other in (*names, *asking) if may_be_misspelled(other)]
    return list(dict.fromkeys(spelled))[:MOST_SPELLINGS]


def _combined(
    segment: Segment, spelled: Mapping[int, Sequence[str]], *, together: bool
) -> Iterator[Segment]:
    """The segment with each choice of spellings: of all words together, or of one at a time."""
    # Unknown words are all wrong, so that all are replaced at once; of known ones at most one is.
    if together:
        choices: list[tuple[str, ...]] = [segment.words]
        for place, others in spelled.items():
            choices = [
                (*words[:place], other, *words[place + 1 :])
                for words in choices
                for other in (others or [words[place]])
            ]
    else:
        choices = [
            (*segment.words[:place], other, *segment.words[place + 1 :])
            for place, others in spelled.items()
            for other in others
        ]
    for words in choices:
        if words != segment.words:
            yield replace(segment, words=words)
