"""What asking needs of a language, as data: how people ask, which words stand around a name, how
each kind of fact is worded, and what the program says itself.

Everything here is strings and tuples of strings, so that it can be written as JSON and used by
another program. Patterns are regular expressions that mean the same to Python's `re` and to
JavaScript's `RegExp` with the flag `u`. Unless a field says otherwise, words and patterns are
matched with normalized text (pipeline.questions.normalize): small letters without accents or
apostrophes, words one space apart ("what's" is "whats").
"""

from collections.abc import Mapping
from dataclasses import dataclass

DEFINITION = "definition"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """How people ask for one kind of fact, or for one section of a page."""

    kind: str
    """The name of the kind, the same in every language: "birth date"."""
    asked: tuple[str, ...]
    """The questions as the pairs ask them: "When {was} {x} born?". {x} is the subject; the other
    fields are those of `Language.agreement`.
    """
    phrasings: tuple[str, ...] = ()
    """Other grammatical questions that are trained beside it, with the same fields."""
    cues: tuple[str, ...] = ()
    """Words that ask for it wherever the subject is: each cue is words that must all be there,
    a word of several spellings written "wife|husband".
    """
    instead: tuple[str, ...] = ()
    """Kinds that answer it, too, where this one was not read, the best first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """The data of one language."""

    code: str
    """As in the address of its Wikipedia: "en"."""
    name: str
    """In the language itself: "English"."""
    categories: str
    """What its Wikipedia calls the namespace of categories: "Category"."""

    # --- how people ask ---

    articles: tuple[str, ...]
    """Words before a name that are no part of it, as the definite article."""
    definite: tuple[str, ...]
    """Those of them that point at one thing: "the penguin"."""
    fillers: tuple[str, ...]
    """Words that ask for nothing in particular: "please", "tell", "me", "about", "what", "is"."""
    openers: tuple[str, ...]
    """Words with which a question may begin after small talk: "sorry, but what is …"."""
    addressing: tuple[str, ...]
    """Words that show small talk before a question: "I", "you", "question"."""
    yes_no: tuple[str, ...]
    """First words of questions that are answered by yes or no."""
    pronouns: tuple[str, ...]
    """Words that stand for what is being talked about."""
    expletives: tuple[str, ...]
    """Those of them that may stand for nothing: "is there a god"."""
    joins: tuple[str, ...]
    """Words between two things that are both asked for."""
    comparisons: tuple[str, ...]
    """Words that ask how two things compare: "difference", "compare", "bigger"."""
    by: tuple[str, ...]
    """Words between a work and who made it: "girlfriend by avril lavigne"."""
    persons: tuple[str, ...]
    """Question words that ask for a person: "who", "whos"."""
    chatter: tuple[str, ...]
    """Patterns of what is left out of a question: "to me like im five"."""
    continues: str
    """Pattern of the beginning of a question that asks the same of another: "and of", "what about"
    """
    other_one: str
    """Pattern of a text that asks for the other thing of the same name."""
    more: str
    """Pattern of a text that asks for more of what is being talked about: "tell me more"."""
    small_talk: tuple[tuple[str, str], ...]
    """The name of a reply among `says` and the pattern of the texts that get it."""

    # --- names ---

    endings: tuple[tuple[str, str], ...]
    """Endings of the singular and of the plural: ("y", "ies")."""
    kinds: tuple[tuple[str, ...], ...]
    """Words for the kind of a thing, those of one meaning together: ("film", "movie")."""
    name_lists: str
    """Pattern of what precedes other names of the thing in its definition as it is written:
    "also known as ". This and the next three are used where the index is made, so only by Python.
    """
    name_stops: str
    """Pattern of what ends such a list of names."""
    name_joins: str
    """Pattern of what comes between two names of the list."""
    other_names: tuple[str, ...]
    """Patterns whose first group is another name: "(born (…)".
    """
    copulas: tuple[str, ...]
    """Words between the name and the description in the first sentence of a definition."""
    name_ends: tuple[str, ...]
    """Words at the end of a name that are often left out: "jr"."""

    # --- what is trained ---

    definitions: tuple[tuple[str, tuple[str, ...]], ...]
    """Pattern of a definition's question as it is written, and other phrasings of it, in which {1},
    {2}, … are the pattern's groups; the first pattern that fits counts.
    """
    singular: tuple[tuple[str, str], ...]
    """Pattern of a noun, and how its definition is asked in the singular, where it was in the
    plural; the first pattern that fits counts, none for a language in which it is not done.
    """
    agreement: Mapping[str, str]
    """Fields in the wordings → a pattern of what may be there: "was" → "was|were"."""
    wordings: tuple[Wording, ...]

    # --- what the program says ---

    says: Mapping[str, str]
    """Name → template of a sentence in the program's own voice."""

    # --- what not every language has ---

    name_words: tuple[str, ...] = ()
    """Fillers that belong to the name that they follow: "Microsoft Word" is not about Microsoft,
    nor "Osman I" about any Osman.
    """
    spellings: tuple[tuple[str, str], ...] = ()
    """Endings that are spelled in two ways: ("or", "our")."""
    turned_names: str = ""
    """Pattern of normalized names whose two groups are also said the other way round: "battle of
    hastings" as "hastings battle".
    """
    elisions: tuple[str, ...] = ()
    """What is left of words that lose their vowel before a name, and are typed together with it:
    "l" in "l'orme".
    """


def word_list(text: str) -> tuple[str, ...]:
    """The words of a text, none twice."""
    return tuple(dict.fromkeys(text.split()))
