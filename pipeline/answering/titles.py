"""The list of what a run was trained on: every question, and where its answer was read. It is what
the run owes to the authors of the pages; questions are asked by question_index.
"""

import json
from collections.abc import Iterable
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.files import replacing

if TYPE_CHECKING:
    from pipeline.records import Pair


NOTED = ("title", "question", "url", "revid", "licence")


def write_titles(path: Path, pairs: "Iterable[Pair]") -> None:
    """Write the sources of the pairs, one JSON object a line, in their order; a question that a
    page is asked twice comes once.
    """
    with replacing(path) as file:
        # The pairs of a page are adjacent, and there may be millions.
        for _, of_page in groupby(pairs, key=attrgetter("pageid")):
            for line in dict.fromkeys(_line(pair) for pair in of_page):
                file.write(f"{line}\n".encode("utf-8", "replace"))


def _line(pair: "Pair") -> str:
    """A question, and the page that its answer comes from."""
    source = {name: getattr(pair, name) for name in NOTED}
    return json.dumps(source, ensure_ascii=False)
