"""A page as it was fetched, a pair as it is trained on, and the JSON line that a pair is kept
as.
"""

import json
from dataclasses import dataclass, fields

from pipeline.errors import BadInput


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
    lang: str = "en"


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


MAX_LINE = 16 << 20  # bytes; a page is at most 10 MB of HTML, and its pair is far shorter
MAX_ID = 2**63 - 1  # what SQLite and Parquet can hold
FIELDS = {field.name: int if field.type in (int, "int") else str for field in fields(Pair)}


def pair_of_line(line: bytes, place: str) -> Pair:
    """The pair of a line. Raises BadInput, naming the place, for what is none."""
    try:
        if len(line) > MAX_LINE:
            raise ValueError(f"the line is longer than {MAX_LINE >> 20} MB")
        return _pair(json.loads(line.removeprefix(b"\xef\xbb\xbf")))
    except (ValueError, RecursionError) as error:  # json's and Unicode's errors are ValueErrors
        raise BadInput(
            f"{place} is no pair: {error}; mend the line, or make the file again with "
            "python -m pipeline.fetch --rebuild"
        ) from None


def _pair(record: object) -> Pair:
    if not isinstance(record, dict):
        raise ValueError("the line is not a JSON object")
    for name, kind in FIELDS.items():
        if name not in record:
            raise ValueError(f"the field {name!r} is missing")
        value = record[name]
        if type(value) is not kind:
            raise ValueError(
                f"the field {name!r} must be {'a whole number' if kind is int else 'a text'}"
            )
        if isinstance(value, int) and not 0 <= value <= MAX_ID:
            raise ValueError(f"the field {name!r} is out of range")
        if isinstance(value, str):
            value.encode()  # a lone surrogate raises UnicodeEncodeError
    for name in ("title", "question", "answer"):
        if not record[name].strip():
            raise ValueError(f"the field {name!r} is empty")
    return Pair(**{name: record[name] for name in FIELDS})


def as_line(pair: Pair) -> str:
    """The pair as its line of the file, the line's end included."""
    return json.dumps({name: getattr(pair, name) for name in FIELDS}, ensure_ascii=False) + "\n"
