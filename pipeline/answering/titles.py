"""The index of what a run was trained on: which trained question a typed one means, where its
answer was read, and what comes near.
"""

import heapq
import json
import unicodedata
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from difflib import SequenceMatcher
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.errors import BadInput
from pipeline.files import replacing
from pipeline.questions.phrasings import END_MARKS, TITLE_PARENTHESIS, fold, folded, readings, topic

if TYPE_CHECKING:
    from pipeline.records import (
        Pair,
    )  # at run time this would load the HTML parser, and an answer would wait for it

# Letters whose stroke or form is no mark to Unicode.
STROKES = str.maketrans(
    {"ł": "l", "ø": "o", "đ": "d", "ħ": "h", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th", "ð": "d"}
)
NEAR_FEW = 20  # titles that are compared letter by letter, after a rougher choice among all


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A question that the run was trained on, and the page that its answer comes from."""

    title: str
    question: str
    url: str
    revid: int
    licence: str


def write_titles(path: Path, pairs: "Iterable[Pair]") -> None:
    """Write the index of the pairs, one JSON object a line, in their order; a question that a page
    is asked twice stands once.
    """
    with replacing(path) as file:
        for _, of_page in groupby(
            pairs, key=attrgetter("pageid")
        ):  # the pairs of a page stand together, and there may be millions
            sources = (
                Source(
                    title=p.title, question=p.question, url=p.url, revid=p.revid, licence=p.licence
                )
                for p in of_page
            )
            for line in dict.fromkeys(
                json.dumps(asdict(source), ensure_ascii=False) for source in sources
            ):
                file.write(f"{line}\n".encode("utf-8", "replace"))


def read_titles(path: Path) -> "Titles":
    """The index that `write_titles` wrote. Raises BadInput naming file and line for what is no such
    index.
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
    return Titles(_read_line(path, number, line) for number, line in enumerate(lines, 1) if line)


def _read_line(path: Path, number: int, line: str) -> Source:
    try:
        found = json.loads(line)
        return Source(
            title=str(found["title"]),
            question=str(found["question"]),
            url=str(found["url"]),
            revid=int(found["revid"]),
            licence=str(found["licence"]),
        )
    except (ValueError, TypeError, KeyError, RecursionError):
        raise BadInput(
            f"{path}, line {number}, is no entry of an index of titles; copy it again from the run,"
            " or train again"
        ) from None


class Titles:
    """The sources of a run by everything that a person might type for them."""

    def __init__(self, sources: Iterable[Source]) -> None:
        self.sources = tuple(sources)
        self._asked: dict[str, list[Source]] = {}
        self._named: dict[str, list[Source]] = {}
        self._unmarked: dict[str, list[Source]] = {}
        named: set[str] = set()
        for source in self.sources:
            for key in {topic(source.question), fold(source.question)}:
                self._asked.setdefault(key, []).append(source)
            if (
                source.title not in named
            ):  # by its title a page is asked its first question: the definition
                named.add(source.title)
                self._named.setdefault(fold(source.title), []).append(source)
        for key, found in (self._named | self._asked).items():
            if (plain := _without_marks(key)) != key:
                self._unmarked.setdefault(plain, []).extend(found)

    def find(self, question: str) -> tuple[Source, ...]:
        """The sources that a typed question may mean, the likeliest first; none where nothing was
        read about it.

        The likeliest is the one whose title stands in the question as it is written; a parenthesis
        that is typed must be the title's.
        """
        for index in (self._asked, self._named, self._unmarked):
            for key in readings(question):
                if meant := [
                    source for source in index.get(key, ()) if _may_be_meant(question, source)
                ]:
                    return tuple(sorted(meant, key=lambda source: _distance(question, source)))
        return ()

    def nearest(self, question: str, count: int = 3) -> tuple[str, ...]:
        """At most `count` read titles that come nearest to what was asked: by shared threes of
        letters, then letter by letter.
        """
        about = topic(question)
        sought = _threes(about)
        rough = heapq.nlargest(
            NEAR_FEW, self._named, key=lambda key: _overlap(sought, _threes(key))
        )
        close = [key for key in rough if _overlap(sought, _threes(key))]
        close.sort(
            key=lambda key: (key in about, SequenceMatcher(None, about, key).ratio()), reverse=True
        )
        return tuple(source.title for key in close for source in self._named[key])[:count]


def _may_be_meant(question: str, source: Source) -> bool:
    """False where the question ends with a parenthesis that is not the title's: Mercury (film) is
    not Mercury (planet).
    """
    typed = END_MARKS.sub("", folded(question))
    aside = TITLE_PARENTHESIS.search(typed)
    return (
        not aside
        or folded(source.title).endswith(aside[0].strip())
        or END_MARKS.sub("", folded(source.question)) == typed
    )


def _distance(question: str, source: Source) -> tuple[bool, bool, bool]:
    """Sorts the sources that share a key: asked as trained, the title as written, the title in
    other letters, the rest in trained order.
    """
    return (
        question != source.question,
        source.title not in question,
        folded(source.title) not in folded(question),
    )


def _without_marks(text: str) -> str:
    """Text as typed on a keyboard without accents: "beyoncé" → "beyonce"."""
    return "".join(
        sign
        for sign in unicodedata.normalize("NFKD", text.translate(STROKES))
        if not unicodedata.combining(sign)
    )


def _threes(text: str) -> set[str]:
    padded = f" {text} "
    return {padded[at : at + 3] for at in range(len(padded) - 2)}


def _overlap(one: set[str], other: set[str]) -> float:
    """Shared threes, as a share of the smaller set, a little less the more the sizes differ."""
    return len(one & other) / (min(len(one), len(other)) + 0.1 * max(len(one), len(other)) + 1)
