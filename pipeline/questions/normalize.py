"""Text as it is compared, in two forms: `normalize` keeps the words alone, without accents and
punctuation, so that what people type is one with what was read; `folded` keeps accents and
punctuation, and makes one what only keyboards and typography tell apart. Pure, and quick to import.
"""

import re
import unicodedata
from urllib.parse import unquote

# Letters whose stroke or form is no combining mark to Unicode.
LETTERS = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d"}
)
SIGNS = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛ʼʻ′´`", "'"),
        **dict.fromkeys("“”„‟″«»", '"'),
        **dict.fromkeys("‐‑‒–—―−﹘﹣－", "-"),
        **dict.fromkeys("\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad", None),
        "…": "...",
    }
)
APOSTROPHES = re.compile(r"[’‘‚‛ʼʻ′´`']")
WORD = re.compile(r"(?:[^\W_]|[+#])+")
ASIDE = re.compile(r"(?<!\s)\s*\(([^()]*(?:\([^()]*\)[^()]*)*)\)$")
# More signs in a row than any writing has. Unicode reorders combining marks by sorting, which takes
# time that grows with the square of their run; UAX #15 allows 30 of them as well ("stream-safe").
LONG_RUN = re.compile(r"([^\w\s\x00-\x7f]{30})[^\w\s\x00-\x7f]+")
ENCODED = re.compile(r"%[0-9A-Fa-f]{2}")
WIKI_ADDRESS = re.compile(r"^\s*(?:https?://[^/\s]+)?/wiki/(\S+)\s*$")


def normalize(text: str) -> str:
    """Words in small letters without accents or apostrophes, one space apart.

    "Beyoncé’s “Halo” & C++" → "beyonces halo and c++". A text without letters or digits ("!!!")
    keeps its signs.
    """
    words = words_of(text)
    return " ".join(words) if words else "".join(text.split()).casefold()


def words_of(text: str) -> list[str]:
    """The words of a text, as `normalize` writes them."""
    if text.isascii():  # most texts by far, and there is nothing to compose or to strip
        return WORD.findall(APOSTROPHES.sub("", text.replace("&", " and ")).lower())
    short = without_long_runs(text.replace("&", " and "))
    plain = unicodedata.normalize("NFKC", short).casefold()
    marked = unicodedata.normalize("NFKD", APOSTROPHES.sub("", plain).translate(LETTERS))
    return WORD.findall("".join(sign for sign in marked if not unicodedata.combining(sign)))


def folded(text: str) -> str:
    """A text with case, quotes, dashes, spaces and odd forms of letters made one."""
    short = without_long_runs(text.translate(SIGNS))
    return " ".join(unicodedata.normalize("NFKC", short).translate(SIGNS).casefold().split())


def without_long_runs(text: str) -> str:
    """A text with at most 30 signs in a row that are neither letters, digits, blanks nor ASCII."""
    return LONG_RUN.sub(r"\1", text)


def bare_title(title: str) -> str:
    """A title without the parenthesis at its end: "Mercury (planet)" → "Mercury"."""
    return ASIDE.sub("", title) or title


def aside_of(title: str) -> str:
    """What stands in the parenthesis at a title's end: "Mercury (planet)" → "planet"."""
    aside = ASIDE.search(title)
    return aside[1] if aside and aside.start() else ""


def as_text(typed: str) -> str:
    """What was typed, with the forms that an address gives a title undone: "Kurt_G%C3%B6del" →
    "Kurt Gödel".
    """
    address = WIKI_ADDRESS.match(typed)
    text = address[1] if address else typed
    if ENCODED.search(text):
        text = unquote(text, errors="replace")
    if "_" in text and " " not in text.strip():
        text = text.replace("_", " ")
    return " ".join(text.split())
