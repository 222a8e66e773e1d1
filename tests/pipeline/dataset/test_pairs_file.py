"""Pairs on disk: what is written comes back, what is broken is named by file and line, and a page
keeps its side of the split.
"""

import json
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.dataset.pairs_file import iter_pairs, read_pairs, split, title_place, write_pairs
from pipeline.errors import BadInput
from pipeline.records import FIELDS, MAX_LINE, Pair

ADA = Pair(
    pageid=974,
    title="Ada Lovelace",
    kind="definition",
    question="Who was Ada Lovelace?",
    answer="Ada Lovelace was a mathematician.",
    url="https://en.wikipedia.org/wiki/Ada_Lovelace",
    revid=123,
    licence="CC BY-SA 4.0",
)
RECORD = {name: getattr(ADA, name) for name in FIELDS}

some_text = st.text(alphabet=st.characters(exclude_categories=["Cs"]))
full_text = some_text.filter(str.strip)
ids = st.integers(min_value=0, max_value=2**63 - 1)
any_pairs = st.lists(
    st.builds(
        Pair,
        pageid=ids,
        title=full_text,
        kind=some_text,
        question=full_text,
        answer=full_text,
        url=some_text,
        revid=ids,
        licence=some_text,
    ),
    min_size=1,
)


def pages(count: int) -> list[Pair]:
    return [replace(ADA, pageid=number, title=f"Page {number}") for number in range(count)]


@given(any_pairs)
def test_pairs_come_back_as_they_were_written(
    tmp_path_factory: pytest.TempPathFactory, pairs: list[Pair]
) -> None:
    path = tmp_path_factory.mktemp("cache") / "pairs.jsonl"
    assert write_pairs(path, iter(pairs)) == len(pairs)
    assert read_pairs(path) == pairs


def test_a_line_is_one_object_with_the_agreed_fields(tmp_path: Path) -> None:
    write_pairs(tmp_path / "pairs.jsonl", [replace(ADA, answer="Zürich\u2028“x”")])
    (line,) = (tmp_path / "pairs.jsonl").read_bytes().decode().split("\n")[:-1]
    assert list(json.loads(line)) == [
        "pageid",
        "title",
        "kind",
        "question",
        "answer",
        "url",
        "revid",
        "licence",
    ]
    assert "Zürich" in line


def test_unknown_fields_blank_lines_and_a_byte_order_mark_are_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "pairs.jsonl"
    path.write_bytes(
        b"\xef\xbb\xbf"
        + json.dumps(RECORD | {"more": [1]}).encode()
        + b"\r\n\n  \n"
        + json.dumps(RECORD).encode()
    )
    assert read_pairs(path) == [ADA, ADA]


WRONG: list[dict[str, object]] = [
    {"pageid": "974"},
    {"pageid": True},
    {"pageid": -1},
    {"pageid": 2**63},
    {"revid": 1.5},
    {"revid": None},
    {"title": 7},
    {"title": ""},
    {"question": ["Who?"]},
    {"question": ""},
    {"answer": None},
    {"answer": " \n"},
    {"answer": "a\ud800"},
    {"licence": None},
    {"url": {}},
]


@pytest.mark.parametrize(
    "line",
    [
        b"{",
        b"[]",
        b"7",
        b"null",
        b"\xff\xfe",
        b"[" * 100_000,
        json.dumps(RECORD).encode()[:-5],
        *(
            json.dumps({name: value for name, value in RECORD.items() if name != gone}).encode()
            for gone in RECORD
        ),
        *(json.dumps(RECORD | change).encode() for change in WRONG),
    ],
    ids=lambda line: line[-30:].decode("latin-1"),
)
def test_a_line_that_is_no_pair_is_named(line: bytes, tmp_path: Path) -> None:
    path = tmp_path / "pairs.jsonl"
    path.write_bytes(json.dumps(RECORD).encode() + b"\n" + line + b"\n")
    with pytest.raises(BadInput) as caught:
        read_pairs(path)
    assert f"{path}:2 " in str(caught.value)
    assert "remove the file" in str(caught.value) and "\n" not in str(caught.value)


def test_an_endless_line_is_refused_unread(tmp_path: Path) -> None:
    with (tmp_path / "pairs.jsonl").open("wb") as file:
        file.truncate(1 << 40)  # sparse: it takes no room
    with pytest.raises(BadInput, match=f"longer than {MAX_LINE >> 20} MB"):
        read_pairs(tmp_path / "pairs.jsonl")


@pytest.mark.parametrize(
    "make", [lambda path: None, Path.mkdir, Path.touch], ids=["missing", "folder", "empty"]
)
def test_no_pairs_is_bad_input_that_says_what_to_do(make: object, tmp_path: Path) -> None:
    path = tmp_path / "pairs.jsonl"
    assert callable(make)
    make(path)
    with pytest.raises(BadInput, match=r"pairs\.jsonl"):
        read_pairs(path)


@given(st.binary(max_size=200))
def test_any_bytes_are_pairs_or_bad_input(
    tmp_path_factory: pytest.TempPathFactory, raw: bytes
) -> None:
    path = tmp_path_factory.mktemp("cache") / "pairs.jsonl"
    path.write_bytes(json.dumps(RECORD).encode() + b"\n" + raw)
    try:
        read_pairs(path)
    except BadInput as error:
        assert str(path) in str(error)


def test_reading_is_streamed(tmp_path: Path) -> None:
    path = tmp_path / "pairs.jsonl"
    path.write_bytes(json.dumps(RECORD).encode() + b"\nnot a pair\n")
    assert next(iter_pairs(path)) == ADA


def test_the_time_of_a_file_is_that_of_the_last_change_of_its_pairs(tmp_path: Path) -> None:
    path = tmp_path / "pairs.jsonl"
    write_pairs(path, [ADA])
    os.utime(path, (1, 1))
    assert write_pairs(path, [ADA]) == 1
    assert path.stat().st_mtime == 1
    write_pairs(path, [replace(ADA, answer="Another.")])
    assert path.stat().st_mtime != 1
    assert [file.name for file in tmp_path.iterdir()] == ["pairs.jsonl"]


def test_a_write_that_fails_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "pairs.jsonl"
    write_pairs(path, [ADA])

    def broken() -> Iterator[Pair]:
        yield from pages(3)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_pairs(path, broken())
    assert read_pairs(path) == [ADA]
    assert list(tmp_path.iterdir()) == [path]


def test_a_page_keeps_its_side_as_the_data_grows() -> None:
    _, few = split(pages(2000), 0.05)
    train, many = split(pages(5000), 0.05)
    assert {pair.title for pair in few} <= {pair.title for pair in many}
    assert 150 < len(many) < 350 and len(train) + len(many) == 5000


def test_all_pairs_of_a_page_stand_on_the_same_side() -> None:
    doubled = [replace(pair, kind=kind) for pair in pages(500) for kind in ("definition", "birth")]
    train, held_out = split(doubled, 0.1)
    assert not {pair.title for pair in train} & {pair.title for pair in held_out}
    assert len(held_out) % 2 == 0


@given(st.sets(full_text, max_size=20), st.floats(min_value=1e-9, max_value=0.999))
def test_two_pages_or_more_give_something_to_both_sides(titles: set[str], share: float) -> None:
    pairs = [replace(ADA, title=title) for title in sorted(titles)]
    train, held_out = split(pairs, share)
    assert sorted(train + held_out, key=pairs.index) == pairs
    assert bool(held_out) == (len(titles) >= 2)
    assert bool(train) == bool(titles)


def test_share_zero_holds_nothing_out() -> None:
    assert split(pages(10), 0) == (pages(10), [])


@pytest.mark.parametrize("share", [-0.1, 1, 7, float("nan")])
def test_an_impossible_share_is_refused(share: float) -> None:
    with pytest.raises(BadInput, match="share"):
        split(pages(3), share)


def test_a_title_has_its_place_for_ever() -> None:
    assert title_place("Ada Lovelace") == pytest.approx(
        0.84901, abs=5e-6
    )  # changing this moves every user's held-out pages
