"""The list of what a run was trained on: every question, and where its answer was read. It is what
the run owes to the authors of the pages; questions are asked by question_index.
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import BadInput
from pipeline.files import replacing

if TYPE_CHECKING:
    from pipeline.records import Pair


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A question that the run was trained on, and the page that its answer comes from."""

    title: str
    question: str
    url: str
    revid: int
    licence: str


def write_titles(path: Path, pairs: "Iterable[Pair]") -> None:
    """Write the sources of the pairs, one JSON object a line, in their order; a question that a
    page is asked twice stands once.
    """
    with replacing(path) as file:
        # The pairs of a page stand together, and there may be millions.
        for _, of_page in groupby(pairs, key=attrgetter("pageid")):
            for line in dict.fromkeys(_line(pair) for pair in of_page):
                file.write(f"{line}\n".encode("utf-8", "replace"))


def _line(pair: "Pair") -> str:
    """The fields of a Source of a pair."""
    source = {name: getattr(pair, name) for name in Source.__slots__}
    return json.dumps(source, ensure_ascii=False)


def read_titles(path: Path) -> tuple[Source, ...]:
    """The sources that `write_titles` wrote. Raises BadInput naming file and line for what is no
    such list.
    """
    try:
        lines = (
            path.read_text(encoding="utf-8").removesuffix("\n").split("\n")
        )  # not splitlines: a title may hold U+2028
    except (FileNotFoundError, IsADirectoryError, UnicodeDecodeError):
        raise BadInput(
            f"{path} is missing or no text: a run folder needs its titles; copy it again from the"
            " run, or train again"
        ) from None
    return tuple(_read_line(path, number, line) for number, line in enumerate(lines, 1) if line)


def _read_line(path: Path, number: int, line: str) -> Source:
    try:
        record = json.loads(line)
        return Source(
            title=str(record["title"]),
            question=str(record["question"]),
            url=str(record["url"]),
            revid=int(record["revid"]),
            licence=str(record["licence"]),
        )
    except (ValueError, TypeError, KeyError, RecursionError):
        raise BadInput(
            f"{path}, line {number}, is no entry of an index of titles; copy it again from the run,"
            " or train again"
        ) from None
