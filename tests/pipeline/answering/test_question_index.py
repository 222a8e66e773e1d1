"""The index lies on disk whole or not at all, and what is damaged costs one line."""

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from pipeline.answering.index_checksum import checksum
from pipeline.answering.index_writer import write_index
from pipeline.answering.question_index import FILE, open_index
from pipeline.errors import BadInput
from pipeline.records import Pair


def pair(number: int, title: str, question: str, answer: str, kind: str = "definition") -> Pair:
    return Pair(
        pageid=number,
        title=title,
        kind=kind,
        question=question,
        answer=answer,
        url=f"https://en.wikipedia.org/wiki/{number}",
        revid=number,
        licence="CC BY-SA 4.0",
    )


PAIRS = [
    pair(1, "Solid drive", "What is a solid drive?", "A solid drive (SD) is a disk. It is new."),
    pair(1, "Solid drive", "Who invented a solid drive?", "Ann Bo did.", kind="facts"),
    pair(2, "Łódź", "What is Łódź?", "Łódź, also known as Lodsch, is a city."),
]


def test_a_page_is_found_by_every_name_that_its_definition_gives(tmp_path: Path) -> None:
    write_index(tmp_path, PAIRS, ["Held Out"])
    index = open_index(tmp_path)
    for name, title in (("solid drive", 0), ("sd", 0), ("lodz", 1), ("lodsch", 1), ("held out", 2)):
        assert index.named([name])[name][0][0] == title, name
    assert index.page(2).held_out and index.pages == 3
    assert index.page(0).questions[0].kind == "definition"


def test_a_title_is_completed_from_its_beginning_and_not_from_its_parenthesis(
    tmp_path: Path,
) -> None:
    titles = ("Łódź", "Church (Looe, Cornwall)", "The Loop")
    pairs = [
        pair(number, title, f"What is {title}?", f"{title} is a thing.")
        for number, title in enumerate(titles, 1)
    ]
    write_index(tmp_path, pairs, [])
    index = open_index(tmp_path)
    assert set(index.titles("lo", 5)) == {"Łódź", "The Loop"}
    assert index.titles("church", 5) == ["Church (Looe, Cornwall)"]
    assert index.titles("?", 5) == []


def test_what_is_no_index_costs_one_line(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="missing"):
        open_index(tmp_path)
    (tmp_path / FILE).write_bytes(b"no database, and long enough to be looked at" * 100)
    with pytest.raises(BadInput, match=FILE):
        open_index(tmp_path)
    write_index(tmp_path, PAIRS, [])
    whole = (tmp_path / FILE).read_bytes()
    (tmp_path / FILE).write_bytes(whole[:4096] + b"\xff" * (len(whole) - 4096))
    with pytest.raises(BadInput):
        open_index(tmp_path).named(["lodz"])


HOSTILE = {
    "figures that are texts": "UPDATE pages SET revid = 'x'",
    "digests that are texts": "UPDATE questions SET digests = 'x'",
    "names of pages that are not there": "UPDATE names SET page = 99",
    "pages that are texts": "UPDATE names SET page = 'x'",
    "no word on itself": "DELETE FROM run",
    "counts that are texts": "UPDATE run SET value = 'x' WHERE key != 'checksum'",
    "a table less": "DROP TABLE questions",
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_an_index_that_a_stranger_wrote_costs_one_line(kind: str, tmp_path: Path) -> None:
    write_index(tmp_path, PAIRS, [])
    with closing(sqlite3.connect(tmp_path / FILE)) as database, database:
        database.execute(HOSTILE[kind])
        rows = database.execute("SELECT value FROM run WHERE key = 'checksum'").fetchall()
    for (noted,) in rows:  # a stranger notes the checksum that his index has
        right = checksum(tmp_path / FILE, noted=noted)
        raw = (tmp_path / FILE).read_bytes()
        (tmp_path / FILE).write_bytes(raw.replace(noted.encode(), right.encode(), 1))
    with pytest.raises(BadInput, match=r"train again$"):
        index = open_index(tmp_path)
        index.page(index.named(["solid drive"])["solid drive"][0][0])


def test_one_changed_byte_anywhere_is_noticed(tmp_path: Path) -> None:
    write_index(tmp_path, PAIRS, [])
    whole = (tmp_path / FILE).read_bytes()
    for place in (len(whole) // 3, len(whole) - 5):
        changed = bytearray(whole)
        changed[place] ^= 1
        (tmp_path / FILE).write_bytes(changed)
        with pytest.raises(BadInput, match="index"):
            open_index(tmp_path)
    (tmp_path / FILE).write_bytes(whole[: len(whole) // 2])
    with pytest.raises(BadInput, match="index"):
        open_index(tmp_path)


def test_an_index_of_another_format_says_so(tmp_path: Path) -> None:
    write_index(tmp_path, PAIRS, [])
    with closing(sqlite3.connect(tmp_path / FILE)) as database:
        database.execute("PRAGMA user_version=1")
    with pytest.raises(BadInput, match="has format 1"):
        open_index(tmp_path)


def test_the_pages_with_all_words_are_found_however_common_one_of_them_is(tmp_path: Path) -> None:
    pairs = [
        pair(number, f"Stone {word}", f"What is Stone {word}?", f"Stone {word} is one.")
        for number, word in enumerate(["age", "house", "wall", "age two"])
    ]
    write_index(tmp_path, pairs, ["Stone field"])
    index = open_index(tmp_path)
    assert index.containing(["stone", "age"]) == index.containing(["age", "stone"]) == [0, 3]
    assert index.containing(["stone"]) == [0, 1, 2, 3, 4]
    assert index.containing(["stone", "nothing"]) == index.containing([]) == []
    assert index.pages == 5 and index.pages_read == 4
