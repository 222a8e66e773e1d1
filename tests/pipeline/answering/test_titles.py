"""The list of what was read: written as it was read, a torn one named with its line."""

from pathlib import Path

import pytest

from pipeline.answering.titles import Source, read_titles, write_titles
from pipeline.errors import BadInput
from pipeline.records import Pair

PAIR = Pair(
    pageid=1,
    title="A\u2028B",
    kind="definition",
    question="What is A?",
    answer="x",
    url="u",
    revid=7,
    licence="l",
)


def test_a_question_that_is_asked_twice_stands_once(tmp_path: Path) -> None:
    write_titles(tmp_path / "titles.jsonl", [PAIR, PAIR])
    assert read_titles(tmp_path / "titles.jsonl") == (
        Source(title=PAIR.title, question=PAIR.question, url="u", revid=7, licence="l"),
    )


@pytest.mark.parametrize("line", ["{", "[]", "7", '{"title": "x"}'])
def test_a_torn_list_is_named_with_its_line(tmp_path: Path, line: str) -> None:
    (tmp_path / "titles.jsonl").write_text(line + "\n")
    with pytest.raises(BadInput, match=r"titles\.jsonl, line 1"):
        read_titles(tmp_path / "titles.jsonl")
    with pytest.raises(BadInput, match="missing"):
        read_titles(tmp_path / "none.jsonl")
