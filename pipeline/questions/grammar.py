"""The data of a language by which definitions.py makes its definition questions. English has rules
of its own instead: english_grammar.py and english_definitions.py.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from pipeline.clean.rules import ReadingRules

_NEVER = re.compile(r"(?!)")


def word_set(text: str) -> frozenset[str]:
    """The words of a text, for a Grammar's sets."""
    return frozenset(text.split())


def any_pattern(text: str) -> re.Pattern[str]:
    """A pattern that matches any of these patterns, which are written with spaces between them."""
    return re.compile("|".join(re.sub(r"(?<!\s)\s+\|", "|", text).split()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Determiner:
    """An article or another word that precedes a noun and tells of it: "el", "une", "dem"."""

    gender: str = ""
    """One of the grammar's genders; "" where the form serves several."""
    plural: bool | None = False
    """None where one form serves both numbers, as "die"."""
    article: bool = True
    """Whether it is an article in the nominative, which a question may repeat."""
    oblique: bool = False
    """Whether it is one only where it opens a sentence: "der" may be a dative."""
    definite: bool = True
    foreign: bool = False
    """Whether it belongs to a foreign name, and keeps its capital: "The Beatles"."""
    stands_for: str = ""
    """The article in a contraction: "le" in "du"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grammar:
    """What the definition question must know of a language."""

    who: str
    """The question after one person, as "¿Quién es {x}?"."""
    who_plural: str
    what: str
    what_plural: str

    determiners: Mapping[str, Determiner]
    """Words that precede a noun, in small letters."""
    definite: Mapping[str, str]
    """The definite article of each gender; of "" where the gender is not known ("" for none)."""
    definite_plural: Mapping[str, str]
    indefinite: Mapping[str, str]
    genders: tuple[tuple[re.Pattern[str], str], ...]
    """Endings that tell a noun's gender, the first that matches."""
    endings: re.Pattern[str]
    """Endings of number and case, taken off before two words are compared."""
    plural_title: re.Pattern[str]
    """Titles that are plural nouns by their form."""

    singular_verbs: frozenset[str]
    """Verbs by which a lead defines: "es", "designa"."""
    plural_verbs: frozenset[str]
    subordinate: frozenset[str]
    """Words right before a verb that is not the title's: "que", "qui"."""
    terms: re.Pattern[str]
    """The end of what precedes a title that is spoken of as a word, or that the sentence
    defines as its object: "el término", "se llama"."""

    before_noun: frozenset[str]
    """Words between the verb and the noun that it names: articles, "gran", "uno de los"."""
    noun_end: re.Pattern[str]
    """Where that noun and its adjectives end: a preposition, a comma, a relative clause."""
    callings: re.Pattern[str]
    """Nouns for a person, a god or a figure by their endings, for the noun itself."""
    strong_callings: re.Pattern[str]
    """Those that are sure enough to count among the words after the noun, too."""
    calling_adjectives: re.Pattern[str]
    """Those that are adjectives as well, and tell nothing after another noun."""
    not_callings: re.Pattern[str]
    """Nouns with the endings of callings that are none."""
    plural_callings: re.Pattern[str]
    """Brothers, twins, a duo: several persons under one title."""
    groups: re.Pattern[str]
    """Groups of performers, which are asked by who where they are many."""
    works: re.Pattern[str]
    """Nouns for works, whose titles are left as they are."""
    names: re.Pattern[str]
    """Nouns for things that bear names: towns, firms, programs."""
    kinds: re.Pattern[str]
    """The beginning of what is said of what common nouns name: colours, illnesses."""
    taxa: re.Pattern[str]
    """Nouns for the ranks of living things: species, genus, family."""
    generic: re.Pattern[str]
    """First words of titles that take an article, as of rivers, wars and histories."""
    abstract: re.Pattern[str]
    """Endings of abstract nouns, which are no names."""
    joins: re.Pattern[str]
    """What joins another name to the title: "o", "también"."""
    born: re.Pattern[str]
    """A mark of birth: "(* 12. Februar 1809", "né le"."""
    person_categories: re.Pattern[str]

    skipped_titles: re.Pattern[str]
    """Titles of lists, days and years."""
    refers: re.Pattern[str]
    """The lead of a page that lists what a title may mean."""
    skipped_leads: re.Pattern[str]
    """The lead of a list."""

    reading: ReadingRules
    """How its pages are read."""
    small_nouns: bool = True
    """Whether common nouns are written in small letters."""
    adjectives: re.Pattern[str] = _NEVER
    """Adjectives that may come between an article and its noun."""
    counted: re.Pattern[str] = _NEVER
    """Nouns that name what can be counted, in what is said of a title."""
    plural_endings: tuple[str, ...] = ()
    """Endings that make a noun a plural, and show so that it can be counted."""
    bare_nouns: bool = False
    """Whether stuffs and abstract nouns have no article."""
    place_verbs: frozenset[str] = frozenset()
    """Verbs that are said of places only, whose titles are names: "liegt"."""
    attribute: re.Pattern[str] = _NEVER
    """A long attribute between the verb and the noun: "ein von Ian Fleming erfundener"."""
    head_noun: Callable[[str], str] = str
    """The word of a title that has its gender."""
    inflect: Callable[[str], tuple[str, str] | None] | None = None
    """The article of a title that begins with an adjective, and the title as it is after
    it."""
    join: Callable[[str, str], str] = "{} {}".format
    """An article and what follows it."""
    finish: Callable[[str], str] = field(default=str)
    """The question as it is written: "que un" becomes "qu'un"."""
