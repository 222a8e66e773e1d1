"""How the words around a name are read: what they ask of the page, and whether they fit it."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from pipeline.answering.phrasebook import Phrasebook
from pipeline.answering.question_index import KnownWord, PageEntry
from pipeline.answering.segments import Segment
from pipeline.answering.spelling import SHORTEST
from pipeline.questions.language import DEFINITION
from pipeline.questions.normalize import aside_of, bare_title, normalize, words_of
from pipeline.questions.wordings import OWN

LEAD_WORDS = 40  # of a definition, that may describe the thing


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What the words around a name ask for."""

    kind: str
    """The definition, a kind of fact that was read about the page, or one that was not."""


def read_frame(
    words: Sequence[str], page: PageEntry, phrasebook: Phrasebook, *, name_at: int | None = None
) -> Reading | None:
    """What the words around a page's name ask of it; None where a word is left that neither asks
    nor describes. `name_at` is how many of the words precede the name.
    """
    # In this order: a fact that was read about this page ("when was … born"); no words of content,
    # or a description ("… the mathematician"), which ask for the definition; a fact that was not
    # read about it, which has to be said rather than answered with something else.
    content = phrasebook.content(words)
    if page.held_out:
        kinds = phrasebook.kinds_asked(words)
        fits = not content or bool(kinds and not kinds[0].left)
        return Reading(kind=DEFINITION) if fits else None
    fact = _fact(words, page, phrasebook)
    if fact:
        return Reading(kind=fact)
    if not content or _describe(words, page, phrasebook, name_at):
        return Reading(kind=DEFINITION)
    kinds = phrasebook.kinds_asked(words)
    for asked in kinds:
        if not asked.left or _describe(asked.left, page, phrasebook, None):
            cues = [word for word in content if word not in asked.left]
            if _asks_class(words, phrasebook, name_at) or _all_in_lead(cues, page):
                return Reading(kind=DEFINITION)
            # "when was it" may ask for the date of many things: no one kind is meant.
            is_open = len(kinds) > 1 and phrasebook.openers.issuperset(cues)
            return Reading(kind=" ".join(cues) if is_open else asked.kind)
    return None


def _asks_class(words: Sequence[str], phrasebook: Phrasebook, name_at: int | None) -> bool:
    """Whether it is asked if the thing is one of a kind: "is pinyin a language"."""
    after = words[name_at : name_at + 1] if name_at else ()
    return words[0] in phrasebook.language.yes_no and any(
        w in phrasebook.language.articles for w in after
    )


def _all_in_lead(cues: Sequence[str], page: PageEntry) -> bool:
    """Whether the definition has the very words that ask for a fact, and so may tell it."""
    lead = words_of(page.lead)
    return bool(cues) and all(cue in lead for cue in cues)


def _fact(words: Sequence[str], page: PageEntry, phrasebook: Phrasebook) -> str:
    """The fact of the page that the words ask for, the one whose cue is the longest. Where a person
    is asked for, "founded" alone asks for no date.
    """
    # Twice the words of the cue, and one more where it is just the kind asked for and not one that
    # stands in for it: a longer cue outweighs that, an equal one does not.
    best, most = "", 0
    kinds = [
        asked
        for asked in phrasebook.kinds_asked(words)
        if not asked.left or _describe(asked.left, page, phrasebook, None)
    ]
    who = any(word in phrasebook.language.persons for word in words)
    of_person = max((asked.words for asked in kinds if asked.of_person), default=0)
    for asked in kinds:
        if who and asked.words < of_person and not asked.of_person:
            continue
        kind = kind_of_page(page, asked.kind, phrasebook)
        exact = kind == asked.kind
        if kind and 2 * asked.words + exact > most:
            best = kind
            most = 2 * asked.words + exact
    # Questions of sections have no cues: their own words are these.
    content = set(phrasebook.content(words))
    for question in page.questions:
        if question.kind.startswith(OWN) and content:
            own = set(question.kind[len(OWN) :].split())
            if own and content <= own and 2 * len(content) > most:
                best = question.kind
                most = 2 * len(content)
    return best


def kind_of_page(page: PageEntry, kind: str, phrasebook: Phrasebook) -> str:
    """The kind of fact, or the best instead of it, that was read about the page; "" for none."""
    read = {question.kind for question in page.questions}
    for other in (kind, *phrasebook.instead.get(kind, ())):
        if other in read:
            return other
    return ""


def kind_claimed(words: Sequence[str], page: PageEntry, phrasebook: Phrasebook) -> str:
    """The kind of fact about a page by which it can be judged what some words claim of it."""
    read = [kind_of_page(page, asked.kind, phrasebook) for asked in phrasebook.kinds_asked(words)]
    return next((kind for kind in read if kind), DEFINITION)


def _describe(
    words: Sequence[str], page: PageEntry, phrasebook: Phrasebook, name_at: int | None
) -> bool:
    """Whether the words that are left describe the page: those of its title's parenthesis, or of
    its definition where one of them names a kind of thing ("the singer") or after "by".
    """
    content = phrasebook.content(words)
    # "mercury the planet": the parenthesis of the title is the surest description there is.
    aside = set(words_of(aside_of(page.title)))
    if all(_among(word, aside, phrasebook) for word in content):
        return True
    lead = {*aside, *words_of(page.lead)[:LEAD_WORDS]}
    if not all(_among(word, lead, phrasebook) for word in content):
        return False
    after = list(words[name_at:]) if name_at is not None else []
    if after and after[0] in phrasebook.language.by:
        return True
    kinds = [word for word in content if word in phrasebook.synonyms]
    return bool(kinds) and not (after and after[0] in content)


def is_kind_of(word: str, page: PageEntry, phrasebook: Phrasebook) -> bool:
    """Whether a word names the kind of thing that a page is about."""
    lead = {*words_of(aside_of(page.title)), *words_of(page.lead)[:LEAD_WORDS]}
    return word in phrasebook.synonyms and _among(word, lead, phrasebook)


def _among(word: str, words: set[str], phrasebook: Phrasebook) -> bool:
    return word in words or not words.isdisjoint(phrasebook.synonyms.get(word, ()))


def may_be_part(
    words: Sequence[str],
    page: PageEntry,
    segment: Segment,
    known: Mapping[str, KnownWord],
    phrasebook: Phrasebook,
) -> Literal["proper", "common", ""]:
    """Whether words are a part of a title by which the page may be called, and whether one of them
    is a proper name there.

    "Crete" is none for the Battle of Crete, nor "Maine" for Kennebunkport, Maine; "penguin" is a
    common one for Humboldt penguin, and only as "the penguin".
    """
    parts, capitalised = _parts_of_title(page.title)
    if any(word not in parts for word in words) or all(word.isdigit() for word in words):
        return ""
    if max(map(len, words)) < SHORTEST:
        return ""
    # In the order in which the title has them: "Islands Falkland" names nothing.
    places = [parts.index(word) for word in words]
    if places != sorted(places):
        return ""
    if not is_person_page(page, phrasebook):
        person_asked = any(word in phrasebook.language.persons for word in segment.words)
        if person_asked or _is_another_thing(places, parts, capitalised, known, phrasebook):
            return ""
    if any(w in capitalised and not (w in known and known[w].small) for w in words):
        return "proper"
    if all(word in phrasebook.synonyms for word in words):
        return ""  # "the company"
    definite = any(
        word in phrasebook.language.definite and segment.words[place + 1 : place + 2] == (words[0],)
        for place, word in enumerate(segment.words)
    )
    return "common" if definite and places[-1] == len(parts) - 1 else ""


def _parts_of_title(title: str) -> tuple[list[str], set[str]]:
    """The words of a title up to its first comma, and those of them that it writes with a capital:
    names, but for the first word of all.
    """
    chunks = [(chunk, words_of(chunk)) for chunk in bare_title(title).split(",")[0].split()]
    parts = [part for _, words in chunks for part in words]
    capitalised = {
        part for chunk, words in chunks for part in words if any(sign.isupper() for sign in chunk)
    }
    return parts, capitalised


def _is_another_thing(
    places: Sequence[int],
    parts: Sequence[str],
    capitalised: Container[str],
    known: Mapping[str, KnownWord],
    phrasebook: Phrasebook,
) -> bool:
    """Whether the words at some places of a title that is no person's name something else than the
    whole title does.
    """
    fillers = phrasebook.fillers
    articles = phrasebook.language.articles
    before = parts[: places[0]]
    last = parts[places[-1]]
    after = parts[places[-1] + 1 :]
    # After an "of" or an "in" comes what the title is about and not what it is: the Battle of
    # Crete is no Crete. A person's "van" or "de" is a part of the name.
    if any(word in fillers and word not in articles for word in before):
        return True
    if not after:
        return False
    if last in known and known[last].small:
        return True  # Yale University is not its press
    # Lemon is not lemon balm, nor "Dorado" Raleigh's El Dorado Expedition.
    return len(places) == 1 and (bool(before) or after[0] not in capitalised)


def is_person_page(page: PageEntry, phrasebook: Phrasebook) -> bool:
    """Whether the first question about a page begins with "who"."""
    if not page.questions:
        return False
    return words_of(page.questions[0].text)[:1] in [[who] for who in phrasebook.language.persons]


def written_as(page: PageEntry, text: str) -> tuple[bool, bool, bool, bool]:
    """Orders the pages of one name by how they are written: asked as trained, the title as written
    but for its first letter, its parenthesis typed, none to be typed.
    """
    asked = any(_same_but_first(question.text, text) for question in page.questions)
    bare = bare_title(page.title)
    as_written = bare in text or bare[:1].lower() + bare[1:] in text
    aside = words_of(aside_of(page.title))
    typed = set(words_of(text))
    return asked, bool(aside) and typed.issuperset(aside), as_written, not aside


def _same_but_first(question: str, text: str) -> bool:
    one, other = question.rstrip(" ?."), text.rstrip(" ?.")
    return one[1:] == other[1:] and normalize(one) == normalize(other)
