"""A page as it was fetched, a pair as it is trained on, and the JSON line of a pair."""

import json
import re
from dataclasses import dataclass, fields

from pipeline.errors import BadInput

DEFAULT_LANGUAGE = "en"  # of a page or a pair that does not say


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page as its source gave it; `html` is a whole document or the article's fragment."""

    pageid: int
    title: str
    html: str
    url: str
    revid: int
    licence: str
    categories: tuple[str, ...] = ()  # where the HTML's head does not carry wgCategories
    lang: str = DEFAULT_LANGUAGE


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """One question and its answer, with the page that it was made from."""

    pageid: int
    title: str
    kind: str
    question: str
    answer: str
    url: str
    revid: int
    licence: str
    names: tuple[str, ...] = ()
    """Other names that the page itself gives: bold terms of its lead, redirects to it."""
    lang: str = DEFAULT_LANGUAGE
    """The language of the question and the answer, as the wiki's tag."""


MAX_LINE = 1 << 20  # bytes of a pair's line; those of Wikipedia's longest sections take 100 kB
MAX_ID = 2**63 - 1  # what SQLite and Parquet can hold
MAX_NAMES = 1000  # other names of a page
MAX_LANG = 40  # characters of a language's tag
# The fields that every line has; `names` and `lang` are there only where they say something.
FIELDS = {
    field.name: int if field.type in (int, "int") else str
    for field in fields(Pair)
    if field.name not in ("names", "lang")
}
# Legal within a JSON string, and yet the end of a line to many readers of JSON lines.
LINE_ENDS = {end: f"\\u{ord(end):04x}" for end in "\x85\u2028\u2029"}


# --- the one writer of pairs ----------------------------------------------------------------------


def as_line(pair: Pair) -> str:
    """The pair as its line of the file, the line's end included."""
    record = {name: getattr(pair, name) for name in FIELDS}
    if pair.names:
        record["names"] = list(pair.names)
    if pair.lang != DEFAULT_LANGUAGE:
        record["lang"] = pair.lang
    line = json.dumps(record, ensure_ascii=False)
    for end, escaped in LINE_ENDS.items():
        line = line.replace(end, escaped)
    return line + "\n"


def why_unfit(pair: Pair) -> str | None:
    """Why the reader would refuse this pair's line, in a few words; None for one that it takes."""
    texts = [getattr(pair, name) for name, kind in FIELDS.items() if kind is str]
    try:
        # A character takes a byte or more: what is far too long is not made a line of first.
        _check_length(sum(map(len, (*texts, *pair.names))))
        line = as_line(pair).encode()
        _check_length(len(line))
        _pair(json.loads(line))
    except (ValueError, RecursionError) as error:
        return " ".join(str(error).split())
    return None


# --- the one reader of pairs ----------------------------------------------------------------------


def pair_of_line(line: bytes, place: str) -> Pair:
    """The pair of a line. Raises BadInput, naming the place, for what is none."""
    try:
        _check_length(len(line))
        return _pair(json.loads(line.removeprefix(b"\xef\xbb\xbf")))
    except (ValueError, RecursionError) as error:  # json's and Unicode's errors are ValueErrors
        raise BadInput(
            f"{place} is no pair: {error}; mend the line, or remove the file and give the command"
            " that made it again"
        ) from None


def _check_length(size: int) -> None:
    if size > MAX_LINE:
        raise ValueError(f"the line is longer than {MAX_LINE >> 20} MB")


def _pair(record: object) -> Pair:
    if not isinstance(record, dict):
        raise ValueError("the line is not a JSON object")
    for name, kind in FIELDS.items():
        if name not in record:
            raise ValueError(f"the field {name!r} is missing")
        value = record[name]
        if type(value) is not kind:
            wanted = "a whole number" if kind is int else "a text"
            raise ValueError(f"the field {name!r} must be {wanted}")
        if isinstance(value, int) and not 0 <= value <= MAX_ID:
            raise ValueError(f"the field {name!r} is out of range")
        if isinstance(value, str):
            value.encode()  # a lone surrogate raises UnicodeEncodeError
    for name in ("title", "question", "answer"):
        if not record[name].strip():
            raise ValueError(f"the field {name!r} is empty")
    return Pair(
        **{name: record[name] for name in FIELDS},
        names=_names(record.get("names", [])),
        lang=_lang(record.get("lang", DEFAULT_LANGUAGE)),
    )


def _lang(tag: object) -> str:
    if not isinstance(tag, str) or not re.fullmatch(r"[A-Za-z][\w-]*", tag, re.ASCII):
        raise ValueError("the field 'lang' must be the tag of a language, as 'en'")
    if len(tag) > MAX_LANG:
        raise ValueError(f"the field 'lang' is longer than {MAX_LANG} characters")
    return tag


def _names(names: object) -> tuple[str, ...]:
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise ValueError("the field 'names' must be a list of texts")
    if len(names) > MAX_NAMES:
        raise ValueError(f"the field 'names' holds more than {MAX_NAMES:,} names")
    for name in names:
        name.encode()  # a lone surrogate raises UnicodeEncodeError
    return tuple(names)
