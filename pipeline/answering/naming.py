"""The names under which a page may be asked for: its title, other names that the page or its
definition gives, and shorter forms of them. Pure.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

from pipeline.questions.normalize import aside_of, bare_title, normalize, words_of
from pipeline.questions.wordings import subject_of

if TYPE_CHECKING:
    from pipeline.questions.language import Language
    from pipeline.records import Pair

LEAD = 300  # characters of a definition in which other names are looked for, and that are kept
LONGEST = 80  # characters of a name
BEFORE_ELISION = "aeiouyh"  # letters before which a vowel is elided
MOST_WORDS = 8  # of a name
PARENTHESES = re.compile(r"(?<!\s)\s*\([^()]*\)")
SHORT_ASIDE = re.compile(r"\(([^\W\d_][\w.&/-]*(?: [a-z]+)?)[,;)]")  # "(SSD)", "(Mola mola)"
YEAR = re.compile(r"\b\d{4}\b")
MOST_LISTED = 5  # words of a name in a list
NICKNAME = re.compile(r"(?<!\s)\s*[\"“][^\"“”]*[\"”]")


class NameRank(IntEnum):
    """How good a name is, the best first; the index of a run holds the numbers."""

    TITLE = 0
    OTHER = 1
    SHORTENED = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """A normalized name of a page."""

    text: str
    rank: NameRank


def names_of(pairs: "Sequence[Pair]", language: "Language") -> list[Name]:
    """All names of the page that these pairs are of, none twice, the best first."""
    title = pairs[0].title
    first = pairs[0]
    person = words_of(first.question)[:1] != [] and words_of(first.question)[0] in language.persons
    # Names come from the best to the worst, and the first rank of each stays.
    ranks: dict[str, NameRank] = {}
    for text, rank in _ranked(pairs, language, person=person):
        name = without_article(normalize(text), language)
        if name and len(name) <= LONGEST:
            ranks.setdefault(name, rank)
            for elided in _elided(name, language):
                ranks.setdefault(elided, rank)
    ranks.setdefault(normalize(title), NameRank.TITLE)
    return [Name(text=text, rank=rank) for text, rank in ranks.items()]


def _elided(name: str, language: "Language") -> Iterator[str]:
    """A name as it is typed together with what is elided before it: "lorme" for "l'orme"."""
    if name[0] in BEFORE_ELISION:
        yield from (f"{short}{name}" for short in language.elisions)


def without_article(name: str, language: "Language") -> str:
    """A normalized name without articles before it, unless it is nothing else."""
    words = name.split()
    while len(words) > 1 and words[0] in language.articles:
        words.pop(0)
    return " ".join(words)


def _ranked(
    pairs: "Sequence[Pair]", language: "Language", *, person: bool
) -> Iterator[tuple[str, NameRank]]:
    title = pairs[0].title
    bare = bare_title(title)
    yield bare, NameRank.TITLE
    yield title, NameRank.TITLE
    # As its question names it: of "Swimming at the 1992 Olympics – 400 metres", "the 400 metres
    # event at the 1992 Olympics".
    yield subject_of(pairs[0].question, language), NameRank.TITLE
    if aside_of(title):
        yield f"{aside_of(title)} {bare}", NameRank.TITLE
    others = [*pairs[0].names, *names_in_lead(pairs[0].answer, title, language, person=person)]
    for other in others:
        yield other, NameRank.OTHER
    if "," in bare and bare not in pairs[0].answer[:LEAD]:  # "Kennebunkport is a town in …"
        yield bare.partition(",")[0], NameRank.SHORTENED
    for name in (bare, *others):
        for shorter in _shorter(name, language, person=person):
            yield shorter, NameRank.SHORTENED


def _shorter(name: str, language: "Language", *, person: bool) -> Iterator[str]:
    """ "John Fitzgerald Kennedy Jr." → "John Kennedy"; "StarCraft II: Legacy of the Void" → "Legacy
    of the Void".
    """
    words = words_of(name)
    while len(words) > 1 and words[-1] in language.name_ends:
        words = words[:-1]
        yield " ".join(words)
    if person and len(words) > 2:
        yield f"{words[0]} {words[-1]}"
    elif not person:
        yield name.partition(": ")[2]
        turned = language.turned_names and re.search(language.turned_names, " ".join(words))
        if turned:
            yield f"{turned[2]} {turned[1]}"


def names_in_lead(lead: str, title: str, language: "Language", *, person: bool) -> list[str]:
    """The other names that the beginning of a definition gives."""
    lead = lead[:LEAD]
    # Other names are between the title and its verb, and in "also known as" after it.
    verb = _verb(lead, language)
    names = [*_subject(lead[:verb], title, language, person=person)]
    for mark in re.finditer(language.name_lists, lead):
        # After the verb, "Myanmar (also known as Burma)" is of another thing.
        if mark.start() < verb or re.search(r"[a-zß-ÿ][\w-]*,? ?\(?$", lead[: mark.start()]):
            names += _listed(lead[mark.end() :], language)
    for pattern in language.other_names:
        names += (match[1] for match in re.finditer(pattern, lead[:verb]))
    names += (aside[1] for aside in SHORT_ASIDE.finditer(lead[:verb]))
    subject = PARENTHESES.sub("", lead[:verb])
    return [name for name in dict.fromkeys(names) if _is_name(name, (title, subject), language)]


def _verb(lead: str, language: "Language") -> int:
    """Where the first verb of a definition stands, outside of parentheses."""
    verbs = "|".join(map(re.escape, language.copulas))
    hidden = PARENTHESES.sub(lambda aside: "\0" * len(aside[0]), lead)
    match = re.search(rf" (?:{verbs}) ", hidden)
    return match.start() if match else 0


def _listed(text: str, language: "Language") -> Iterator[str]:
    """The names at the beginning of a text: "Nicholas of Kues and Nicolaus Cusanus, was …"."""
    stop = re.search(language.name_stops, text)
    for part in re.split(language.name_joins, text[: stop.start() if stop else len(text)]):
        name = part.strip(" ,\"'“”‘’")
        if len(words_of(name)) <= MOST_LISTED:
            yield name


def _subject(head: str, title: str, language: "Language", *, person: bool) -> Iterator[str]:
    """The words before the first verb: "Erich Ernst Paul Honecker (…) was a German politician"."""
    text = NICKNAME.sub("", PARENTHESES.sub("", head))
    if "," not in title:
        text = text.partition(",")[0]
    title_words = set(words_of(title)) - set(language.fillers)
    for subject in re.split(language.name_joins, text) if not person else [text]:
        words = words_of(subject)
        shared = title_words.intersection(words) or title_words.intersection(words_of(text))
        if len(words) <= MOST_WORDS and (shared or (person and len(words) > 1)):
            yield subject


def _is_name(name: str, texts: Iterable[str], language: "Language") -> bool:
    words = words_of(name)
    if not words or len(words) > MOST_WORDS or all(word in language.fillers for word in words):
        return False
    if all(word.isdigit() for word in words) or YEAR.search(name):
        return False
    # A single word of mostly capitals is an acronym, and is a name only where it abbreviates the
    # title or the subject: "UN", but not "ISBN".
    letters = [sign for sign in name if sign.isalpha()]
    if len(words) > 1 or 2 * sum(sign.isupper() for sign in letters) <= len(letters):
        return len(words[0]) > 2 or len(words) > 1
    return any(_abbreviates(words[0], words_of(text), language) for text in texts)


def _abbreviates(acronym: str, words: Sequence[str], language: "Language") -> bool:
    """Whether the words begin with the first letter, and have the others in their order: "POW" is
    not short for "Soviet prisoners of war".
    """
    text = without_article(" ".join(words), language)
    if not text.startswith(acronym[0]):
        return False
    start = 0
    for letter in acronym:
        start = text.find(letter, start)
        if start < 0:
            return False
        start += 1
    return True
