"""The list of what was read names each question once, with the page that answered it."""

import json
from pathlib import Path

from pipeline.answering.titles import write_titles
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
    lines = (tmp_path / "titles.jsonl").read_text(encoding="utf-8").removesuffix("\n").split("\n")
    assert [json.loads(line) for line in lines] == [
        {
            "title": PAIR.title,
            "question": PAIR.question,
            "url": "u",
            "revid": 7,
            "licence": "l",
        }
    ]
