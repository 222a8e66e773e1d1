"""Mends a paragraph whose pronunciations and foreign names were marked (see parentheticals): the
parentheses, then spaces and marks, as in print.
"""

import re

from pipeline.clean.parentheticals import FOREIGN, FOREIGN_END, REMOVED, clean_parentheticals

__all__ = ["FOREIGN", "FOREIGN_END", "REMOVED", "clean_text", "visible_text"]

_PRIVATE = re.compile("[\ue000-\ue0ff]")
_SPACES: dict[int, str | None] = dict.fromkeys(
    map(ord, "\u00a0\u202f\u205f\u3000\t\n\r\f\v\u2028\u2029\x85"), " "
)
_SPACES |= dict.fromkeys(range(0x2002, 0x200B), " ")
_SPACES |= dict.fromkeys(
    [0xAD, 0xFEFF, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A)]
)  # invisible: they go

_IPA = "ˈˌɪʊəɛɔæŋʃʒθðɒʌɑɡʁɐɾɲɣʎʔɨɯøœɜɹɻʋβχħʕʂʐɕʑːʲ"
_PRONUNCIATION = re.compile(
    rf"(?<![\w/])/(?=[^/]{{0,80}}[{_IPA}])[^/]{{1,80}}/(?!\w)|\[(?=[^\]]{{0,80}}[{_IPA}])[^\]]{{1,80}}\]"
    r"|\(?\blisten\s*\)|ⓘ|\(?\bhelp\s*·\s*info\)?"
)
_REFERENCE = re.compile(
    r"""\s?\[\s*(?:\d{1,3}(?:\s*[,–-]\s*\d{1,3})*|[a-z]|±|(?:note|nb|n|fn|lower-alpha)\s?\d+
    |edit|update|dubious|vague|disputed|specify|clarify|sic\?
    |(?:(?:[a-z]+\s)?(?:citation|verification|clarification|page|quote|source|attribution)s?\sneeded
      |when\?|who\?|where\?|which\?|why\?|how\?|by\swhom\?|according\sto\swhom\?
      |failed\sverification|unreliable\ssource|original\sresearch|better\ssource)[^\[\]]{0,60})\s*\]""",
    re.VERBOSE,
)
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
    rf"(?<=[a-z]{{2}}[.!?])(?={_START})|(?<=[)\]”\"\d][.!?])(?={_START})|(?<=[a-z]{{3}},)(?=[a-z]{{3}})"
)
_DATED = r"\((?:born|died|b\.|d\.|c\.|\d{1,2} [A-Z]|[A-Z][a-z]+ \d|\d{4})[^()]*\)"
_MENDINGS = tuple(
    (re.compile(pattern), by)
    for pattern, by in (
        (r"\s+", " "),
        (r" ?\. \. \.(?: \.)?", "..."),
        (r"([(\[]) ", r"\1"),
        (r" ([)\]])", r"\1"),
        (r"\s?\([\s;,:]*\)", ""),
        (r"(?<=\S) ([,;!?])(?=\s|$)", r"\1"),
        (r"(?<=[\w)\]\"”’%]) ([.:])(?=\s|$)", r"\1"),
        (r",(?:\s*,)+", ","),
        (r",\s*([.;])(?=\s|$)", r"\1"),
        (r"(?<=[^.]\.) \.(?=\s|$)", ""),
        (
            rf", ({_DATED}),? (?=(?:is|was|are|were)\b)",
            r" \1 ",
        ),  # "Ada, (1815–1852), was" → "Ada (1815–1852) was"
        (r", (\([^()]*\)),", r" \1,"),
        (r", (\(born\b)", r" \1"),
    )
)


def visible_text(text: str) -> str:
    """Text as it comes from a page, without what the eye does not see: odd spaces become spaces,
    invisible characters go.
    """
    return _PRIVATE.sub("", text).translate(_SPACES)


def clean_text(text: str) -> str:
    """A marked paragraph as a person would have written it: one line, no left-over of what was
    taken out.
    """
    text = _REFERENCE.sub("", re.sub(r"\s+", " ", text))
    text = clean_parentheticals(_PRONUNCIATION.sub(REMOVED, text))
    if REMOVED in text:
        text = _PRONOUNCED.sub(" ", text).replace(REMOVED, " ")
    return _set_marks(text.replace(FOREIGN, "").replace(FOREIGN_END, ""))


def _set_marks(text: str) -> str:
    """Spaces and punctuation as in print."""
    text = _JOINED.sub(" ", text)
    for pattern, by in _MENDINGS:
        text = pattern.sub(by, text)
    return text.strip()
