"""Mends a paragraph whose pronunciations and foreign names were marked (see parentheticals): the
parentheses, then spaces and marks, as in print.
"""

import re
from functools import partial
from typing import TYPE_CHECKING

from pipeline.clean.parentheticals import FOREIGN, FOREIGN_END, REMOVED, clean_parentheticals

if TYPE_CHECKING:
    from pipeline.clean.rules import ReadingRules

NO_BREAK_SPACE = "\u00a0"
_KEPT_SPACE = "\uf8f0"  # stands for a no-break space while other spaces are mended
_PARENTHESIS = re.compile(r"\(([^()]*)\)")
_TELLING = re.compile(r"[\d*†]")  # years and marks of birth and death
_AROUND_PIECE = f" {FOREIGN}{FOREIGN_END}"
_PRIVATE = re.compile("[\ue000-\ue1ff]")
_SPACES: dict[int, str | None] = dict.fromkeys(
    map(ord, "\u00a0\u202f\u205f\u3000\t\n\r\f\v\u2028\u2029\x85"), " "
)
_SPACES |= dict.fromkeys(range(0x2002, 0x200B), " ")
# Soft hyphens, byte order marks, marks of direction: invisible, so they go (None deletes).
_SPACES |= dict.fromkeys(
    [0xAD, 0xFEFF, 0x200B, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2060, 0x206A)]
)
# Joiners shape the letters of other scripts and bind emoji; beside Latin letters they do nothing.
_IDLE_JOINER = re.compile(
    "(?<![\u0600-\U0010ffff])[\u200c\u200d]+|[\u200c\u200d]+(?![\u0600-\U0010ffff])"
)
_JOINERS = ("\u200c", "\u200d")

# Text that is sealed passes all mending as it is: its marks and spaces are private characters.
_SEALED_MARKS = "".join(
    map(chr, (*range(0x20, 0x30), *range(0x3A, 0x41), *range(0x5B, 0x61), *range(0x7B, 0x7F)))
)
_SEAL = str.maketrans({mark: chr(0xE100 + ord(mark)) for mark in _SEALED_MARKS})
_UNSEAL = str.maketrans({chr(0xE100 + ord(mark)): mark for mark in _SEALED_MARKS})
_SEALED = re.compile("[\ue100-\ue1ff]")

# Letters that only phonetic writing has: ø, œ, β and θ are letters of languages and of mathematics.
_IPA = "ˈˌɪʊəɛɔæŋʃʒðɒʌɑɡʁɐɾɲɣʎʔɨɯɜɹɻʋʕʂʐɕʑːʲ"
# This pattern and _JOINED begin with the set of their first characters and look behind only then:
# the search skips to those characters, which makes it several times as fast.
_PRONUNCIATION = re.compile(
    rf"[/\[(ⓘh](?:(?<=/)(?<![\w/]/)(?=[^\s/])(?=[^/]{{0,80}}[{_IPA}])[^/]{{1,80}}(?<!\s)/(?!\w)"
    rf"|(?<=\[)(?=[^\]]{{0,80}}[{_IPA}])[^\]]{{1,80}}\]"
    r"|(?<=\()(?:\s*listen\s*\)|help\s*·\s*info\)?|link will display the full calendar\))"
    r"|(?<=ⓘ)|(?<=\bh)elp\s*·\s*info\)?)"
)
# Notes of editors, which no other text in brackets looks like.
_EDITORIAL = r"""(?:(?:note|nb|n|fn|lower-alpha)\s?\d+|edit|update|dubious|vague|disputed|specify
    |clarify|sic\?
    |(?:(?:[a-z]+\s)?(?:citation|verification|clarification|page|quote|source|attribution)s?\sneeded
      |(?:supplied|provided)\sby\s[A-Z]+|when\?|who\?|where\?|which\?|why\?|how\?|by\swhom\?|according\sto\swhom\?
      |failed\sverification|unreliable\ssource|original\sresearch|better\ssource)[^\[\]]{0,60})"""
_NUMBERS = r"(?:\d{1,3}(?:\s*[,–-]\s*\d{1,3})*|[a-z])"
_EDITORIAL_NOTE = re.compile(rf"\s?\[\s*{_EDITORIAL}\s*\]", re.VERBOSE)
_MARK = re.compile(rf"\s?\[\s*(?:{_NUMBERS}|±)\s*\]", re.VERBOSE)
# A reference mark whose markup was lost: after a finished clause, or before its mark. Where a page
# has such, those within its clauses are marks, too.
_BARE_MARK = re.compile(
    r"(?:(?<=[.,;:!?)\"”’\]])|(?<=[.;!?\]]\s))\[(?:\d{1,3})\](?=[\s.,;:!?)\[]|$)"
    r"|\s\[\d{1,3}\](?=[\s.,;)]|$)"
)
_MARK_OF_CLAUSE = re.compile(
    r"(?<=[.,;:!?)\"”’\]])\s?\[\d{1,3}\](?=[\s.,;:!?)\[<]|$)|\s\[\d{1,3}\](?=[.,;)])"
)
_OTHER_MARKS = re.compile(r"(?<=[.,;:!?)\"”’\]\s])\[(\d{1,3})\](?=[\s.,;:!?)\[<]|$)")
_RAISED_FRACTION = re.compile(r"(\d?)([⁰¹²³⁴-⁹]+)[⁄/]([₀-₉]+)")
_FIGURES = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉", "01234567890123456789")
_LEFT_LINK = re.compile(r"\[\[(?!:)(?:[^\[\]|]{0,200}\|)?([^\[\]|]{1,200}?)(\.?)\]\]\.?")
_PRONOUNCED = re.compile(
    rf"\s?,?\s?(?:(?:also|commonly|usually|often) )?(?:pronounced|IPA:?|(?:[A-Z]\w+"
    rf" )?pronunciation:?)\s?(?:as )?"
    rf"{REMOVED}(?:\s?(?:or|and|,)\s?{REMOVED})*\s?,?"
)
# A full stop that lost its space, before a word that starts sentences; a comma that lost it between
# two words.
_START = (
    "(?:The|This|That|These|Those|It|Its|He|His|She|Her|They|Their|There|In|On|At|As|After|Before|During|Since|From|While|With|And|But|By|For|An?"
    r"|However|Later|Both)\s"
)
_JOINED = re.compile(
    rf"[.!?,\"”](?:(?:(?<=[a-z]{{2}}[.!?])|(?<=[)\]”\"\d][.!?]))(?={_START})"
    r"|(?<=[a-z]{3},)(?=[a-z]{3})(?!\w*[.)])|(?<=[a-z][.!?][\"”])(?=[A-Z]))"
)
# Areas whose raised 2 was lost: "84 sq mi (219 km)", "12 km (4.7 sq mi)", "4.3/km (11.2/sq mi)".
_AREA = r"(?:sq(?:uare)? (?:mi|miles?|ft|feet)|acres?|hectares)"
_LOST_SQUARE = re.compile(
    rf"(?<=[\d/])(?: ?k?m)(?= \([\d.,]+(?: |/){_AREA}[);,])"
    rf"|(?: |/){_AREA}(?: or |[;,] | \()[\d.,]+(?: |/)?km(?=[);,]| or )"
)
# What a template leaves of itself: braces around nothing but a bracket.
_LEFT_BRACES = re.compile(r"\s?\{[()\[\]|!;]\}")
_DATED = r"\((?:born|died|b\.|d\.|c\.|\d{1,2} [A-Z]|[A-Z][a-z]+ \d|\d{4})[^()]*\)"
_Mendings = tuple[tuple[re.Pattern[str], str], ...]


def _mendings(*pairs: tuple[str, str]) -> _Mendings:
    return tuple((re.compile(pattern), by) for pattern, by in pairs)


# A mark with a space on its wrong side. Few paragraphs have one, and only those are mended for it.
_MISPLACED_SPACE = re.compile(r"[.,;:!?()\[\]](?:(?<=[(\[])(?=\s)|(?<=\s[^(\[]))")
_SPACED_BRACKETS = _mendings(
    (r" ?\. \. \.(?: \.)?", "..."),
    (r"([(\[]) ", r"\1"),
    (r" ([)\]])", r"\1"),
)
_EMPTY = re.compile(r"\([\s;,:]*\)")
_EMPTY_PARENTHESES = _mendings((r"(?<![\w\])])\s?\([\s;,:]*\)|\([\s;,:]+\)", ""))
_SPACED_MARKS = _mendings(
    (r"(?<=\S) ([,;!?])(?=\s|$)", r"\1"),
    (r"(?<=[\w)\]\"”’%]) ([.:])(?=\s|$)", r"\1"),
    (r"(?<=\w) ,(?=[^\W\d])", ", "),
)
_DOUBLED_MARKS = _mendings(
    (r",(?:\s*,)+", ","),
    (r",\s*([.;])(?=\s|$)", r"\1"),
    (r"\.(?<=[^.]\.) \.(?=\s|$)", "."),
)
_COMMAS_OF_PARENTHESES = _mendings(
    # "Ada, (1815–1852), was" → "Ada (1815–1852) was"
    (rf", ({_DATED}),? (?=(?:is|was|are|were)\b)", r" \1 "),
    (r", (\([^()]*\)),", r" \1,"),
    (r", (\(born\b)", r" \1"),
)


def visible_text(text: str) -> str:
    """Text as it comes from a page, without what the eye does not see: odd spaces become spaces,
    invisible characters go.
    """
    if not text.isascii():
        text = _PRIVATE.sub("", text)
    text = text.translate(_SPACES)
    if any(joiner in text for joiner in _JOINERS):
        text = _IDLE_JOINER.sub("", text)
    return text


def seal(text: str) -> str:
    """Text that clean_text leaves as it is: code, formulas."""
    return text.translate(_SEAL)


def clean_text(text: str, rules: "ReadingRules | None" = None) -> str:
    """A marked paragraph as a person would have written it: one line, no left-over of what was
    taken out; by the rules of its language, where they differ.
    """
    # The order is the method: notes go while their brackets are whole; then pronunciations become
    # marks, parentheses are weighed by the marks that they hold, and what was outside of any
    # parenthesis goes last. Spaces and punctuation are mended when nothing more is taken out. The
    # guards ("[[" in text) spare most paragraphs the search.
    text = " ".join(text.split())
    if "[" in text:
        text = _EDITORIAL_NOTE.sub("", text)
    if rules:
        text = _by_rules(text, rules)
    text = clean_parentheticals(_PRONUNCIATION.sub(REMOVED, text))
    if REMOVED in text:
        text = _PRONOUNCED.sub(" ", text).replace(REMOVED, " ")
    text = _set_marks(text.replace(FOREIGN, "").replace(FOREIGN_END, ""))
    text = text.replace(_KEPT_SPACE, NO_BREAK_SPACE)
    if "[[" in text:
        text = _LEFT_LINK.sub(r"\1\2", text)
    if "⁄" in text or "/" in text:
        text = _RAISED_FRACTION.sub(_fraction, text)
    if "{" in text:
        text = _LEFT_BRACES.sub("", text)
    if "km" in text and ("sq" in text or " acres" in text):
        text = _LOST_SQUARE.sub(r"\g<0>²", text)
    return text.translate(_UNSEAL) if _SEALED.search(text) else text


def _fraction(raised: re.Match[str]) -> str:
    """A fraction that was set with raised and lowered figures: "2¹⁄₂" is 2 1⁄2, and no power."""
    whole, over, under = raised.groups()
    return f"{whole} {over}⁄{under}".strip().translate(_FIGURES)


def _by_rules(text: str, rules: "ReadingRules") -> str:
    """A marked paragraph without the notes and foreign names that only its language's rules tell,
    and with its no-break spaces marked.
    """
    text = _PARENTHESIS.sub(
        partial(_without_foreign_names, label=rules.foreign_label),
        rules.editorial_note.sub("", text),
    )
    if rules.space_before:
        text = re.sub(rf" (?=[{rules.space_before}](?!\w))", _KEPT_SPACE, text)
    if rules.space_after:
        text = re.sub(rf"(?<=[{rules.space_after}]) ", _KEPT_SPACE, text)
    return text


def _without_foreign_names(parenthesis: re.Match[str], label: re.Pattern[str]) -> str:
    """A parenthesis without its pieces that only give a foreign name or a pronunciation."""
    # Pieces are dropped from a label ("Latin: …") up to the next piece that says something of its
    # own: a list of names has commas too, and a date ends it.
    kept, dropping, dropped = "", False, False
    pieces = re.split(r"([;,])", parenthesis.group(1))
    for mark, piece in zip(["", *pieces[1::2]], pieces[0::2], strict=True):
        goes_on = dropping and mark == "," and not _TELLING.search(piece)
        dropping = goes_on or label.match(piece.strip(_AROUND_PIECE)) is not None
        dropped = dropped or dropping
        if not dropping:
            kept += f"{mark}{piece}" if kept else piece
    if not dropped:
        return parenthesis.group()
    return f"({kept.strip()})" if kept.strip() else ""


def without_marks(text: str) -> str:
    """The cell of a table without reference marks that lost their markup."""
    return _MARK.sub("", text) if "[" in text else text


def without_bare_marks(paragraphs: tuple[str, ...], html: str) -> tuple[str, ...]:
    """Paragraphs without reference marks that lost their markup: numbers in brackets after a
    finished clause, on a page that has others, counted from one.
    """
    if not any("[" in text and _BARE_MARK.search(text) for text in paragraphs):
        return paragraphs
    # "[1]" in a text on chess or on mathematics is text. Only pages that count from one on have
    # lost the markup of their references.
    if not {"1", "2"} <= set(_OTHER_MARKS.findall(html)) or not _MARK_OF_CLAUSE.search(html):
        return paragraphs
    return tuple(_set_marks(_BARE_MARK.sub("", text)) for text in paragraphs)


def _set_marks(text: str) -> str:
    """Spaces and punctuation as in print."""
    text = " ".join(_JOINED.sub(r"\g<0> ", text).split())
    if _MISPLACED_SPACE.search(text):
        text = _mended(text, _SPACED_BRACKETS)
    if _EMPTY.search(text):
        text = _mended(text, _EMPTY_PARENTHESES)
    if _MISPLACED_SPACE.search(text):
        text = _mended(text, _SPACED_MARKS)
    text = _mended(text, _DOUBLED_MARKS)
    if "," in text and "(" in text:
        text = _mended(text, _COMMAS_OF_PARENTHESES)
    return text.strip()


def _mended(text: str, mendings: _Mendings) -> str:
    for pattern, by in mendings:
        text = pattern.sub(by, text)
    return text
