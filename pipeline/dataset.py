"""Pairs on disk: JSON lines, checked as they are read, written so that no crash tears them, split by page."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import fields
from hashlib import blake2b
from pathlib import Path

from pipeline.console import BadInput, replacing
from pipeline.questions import Pair

MAX_LINE = 16 << 20  # bytes; a page is at most 10 MB of HTML, and its pair is far shorter
MAX_ID = 2**63 - 1  # what SQLite and Parquet can hold
FIELDS = {field.name: int if field.type in (int, "int") else str for field in fields(Pair)}


def read_pairs(path: Path) -> list[Pair]:
    """All pairs of a JSON-lines file. Raises BadInput naming file and line for what is no pair, and for a file that is missing or empty."""
    return list(iter_pairs(path))


def iter_pairs(path: Path) -> Iterator[Pair]:
    """The pairs of a JSON-lines file, one at a time; errors as `read_pairs`. Blank lines and unknown fields are passed over."""
    try:
        file = path.open("rb")
    except FileNotFoundError:
        raise BadInput(f"{path} is missing: make it with python -m pipeline.fetch --n 500") from None
    except IsADirectoryError:
        raise BadInput(f"{path} is a folder: name the file of pairs in it") from None
    found = False
    with file:
        for number, line in enumerate(iter(lambda: file.readline(MAX_LINE + 1), b""), start=1):
            if not line.isspace():
                found = True
                yield pair_of_line(line, f"{path}:{number}")
    if not found:
        raise BadInput(f"{path} holds no pairs: make some with python -m pipeline.fetch --n 500")


def pair_of_line(line: bytes, place: str) -> Pair:
    """The pair of a line. Raises BadInput, naming the place, for what is none."""
    try:
        if len(line) > MAX_LINE:
            raise ValueError(f"the line is longer than {MAX_LINE >> 20} MB")
        return _pair(json.loads(line.removeprefix(b"\xef\xbb\xbf")))
    except (ValueError, RecursionError) as error:  # json's and Unicode's errors are ValueErrors
        raise BadInput(f"{place} is no pair: {error}; mend the line, or make the file again with "
                       "python -m pipeline.fetch --rebuild") from None


def _pair(record: object) -> Pair:
    if not isinstance(record, dict):
        raise ValueError("the line is not a JSON object")
    for name, kind in FIELDS.items():
        if name not in record:
            raise ValueError(f"the field {name!r} is missing")
        value = record[name]
        if type(value) is not kind:
            raise ValueError(f"the field {name!r} must be {'a whole number' if kind is int else 'a text'}")
        if isinstance(value, int) and not 0 <= value <= MAX_ID:
            raise ValueError(f"the field {name!r} is out of range")
        if isinstance(value, str):
            value.encode()  # a lone surrogate raises UnicodeEncodeError
    for name in ("title", "question", "answer"):
        if not record[name].strip():
            raise ValueError(f"the field {name!r} is empty")
    return Pair(**{name: record[name] for name in FIELDS})


def count_pairs(path: Path, *, otherwise: int) -> int:
    """About how many pairs a file has, by its lines; `otherwise` where there is none yet."""
    try:
        with path.open("rb") as file:
            return sum(block.count(b"\n") for block in iter(lambda: file.read(1 << 20), b""))
    except OSError:
        return otherwise


def write_pairs(path: Path, pairs: Iterable[Pair]) -> int:
    """Write pairs as JSON lines as they come, and put them at path at once and whole at the end; how many there were."""
    count = 0
    with replacing(path) as file:
        for pair in pairs:
            count += 1
            file.write(as_line(pair).encode("utf-8", "replace"))
    return count


def as_line(pair: Pair) -> str:
    """The pair as its line of the file, the line's end included."""
    return json.dumps({name: getattr(pair, name) for name in FIELDS}, ensure_ascii=False) + "\n"


def split(pairs: Iterable[Pair], share: float = 0.01) -> tuple[list[Pair], list[Pair]]:
    """Pairs to train on and pairs held out, about `share` of the pages, in their order.

    A page's side follows from a hash of its title: it stays where it is as the data grows, and all its pairs go together. Two pages or
    more give at least one on each side; share 0 holds nothing out.
    """
    if not 0 <= share < 1:
        raise BadInput(f"a share of {share} cannot be held out: it must be at least 0 and below 1")
    pairs = list(pairs)
    places = {title: title_place(title) for title in {pair.title for pair in pairs}}
    bound = held_below(min(places.values()), max(places.values()), share) if places else 0.0
    return ([pair for pair in pairs if places[pair.title] >= bound], [pair for pair in pairs if places[pair.title] < bound])


def held_below(first: float, last: float, share: float) -> float:
    """Which titles are held out: those whose place is below this, where all places lie from first to last."""
    return 0.0 if share == 0 or first == last else float(min(max(share, first + 2**-48), last))  # places lie 2**-48 apart


def title_place(title: str) -> float:
    """Where a title stands between 0 and 1, evenly spread and the same for ever."""
    return int.from_bytes(blake2b(title.encode("utf-8", "replace"), digest_size=6).digest(), "big") / 2**48
