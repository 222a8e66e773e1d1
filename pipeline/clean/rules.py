"""What of reading a page depends on the language of its wiki."""

import re
from dataclasses import dataclass

from pipeline.clean import sentences
from pipeline.clean.sentences import Abbreviations

_NEVER = re.compile(r"(?!)")


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingRules:
    """The words by which a language's pages are read."""

    abbreviations: Abbreviations
    """Where a full stop ends no sentence."""
    closing_headings: re.Pattern[str]
    """Headings, in small letters, of sections that are no prose: references and the like."""
    page_types: tuple[tuple[re.Pattern[str], str], ...]
    """A pattern of category names, one a line, and the kind of page that they make."""
    hatnote: re.Pattern[str]
    """How a paragraph begins that speaks of the page or of other pages, and not of the subject."""
    and_word: str = "and"
    """Before the last of several things."""
    boxes: re.Pattern[str] = _NEVER
    """Attributes of elements that hold no prose, beside those that all wikis have."""
    editorial_note: re.Pattern[str] = _NEVER
    """Notes of editors in the text, as "[réf. nécessaire]"."""
    foreign_label: re.Pattern[str] = _NEVER
    """How a piece of a parenthesis begins that only gives a foreign name or a pronunciation."""
    space_before: str = ""
    """Marks that follow a no-break space."""
    space_after: str = ""
    """Marks that precede one."""


ENGLISH = ReadingRules(
    abbreviations=sentences.ENGLISH,
    closing_headings=re.compile(
        r"see also|(?:general |explanatory )?(?:references|notes)|external links?|further"
        r" reading|bibliography|sources|footnotes|citations"
        r"|notes and references|references and (?:notes|sources)|gallery|works cited|literature"
    ),
    page_types=(
        (re.compile(r"\bdisambiguation pages\b(?! with)", re.IGNORECASE), "disambiguation"),
        (re.compile(r"\bset index(?:es| articles?)\b", re.IGNORECASE), "set index"),
        (re.compile(r"^(?:.*-language )?surnames$", re.IGNORECASE | re.MULTILINE), "surname"),
        (re.compile(r"\bgiven names$", re.IGNORECASE | re.MULTILINE), "given name"),
    ),
    hatnote=re.compile(
        r"(?:This (?:article|page) (?:is about|deals with|describes|concerns|needs|contains)"
        r"|For (?:other|the|an?|information|[^.,]{1,60}, see)\b[^.]{0,200}, see\b"
        r"|Not to be confused with|For other uses|[^.]{1,80}\bredirects? (?:here|to this))\b"
    ),
)
