import json
import lzma
import os
from pathlib import Path

import pytest

from pipeline.answering.titles import Source, Titles, read_titles, write_titles
from pipeline.errors import BadInput
from pipeline.records import Pair


def source(title: str, question: str = "") -> Source:
    return Source(
        title=title,
        question=question or f"What is {title}?",
        url="https://x.org/" + title,
        revid=1,
        licence="CC BY-SA 4.0",
    )


TITLES = Titles(
    [
        source("Ada Lovelace", "Who is Ada Lovelace?"),
        source("Hash table", "What is a hash table?"),
        source("Beyoncé", "Who is Beyoncé?"),
        source("Ada Lovelace", "When was Ada Lovelace born?"),
        source("Mercury (planet)", "What is Mercury?"),
        source("Mercury (element)", "What is mercury?"),
        source("O’Brien’s “Law” – part"),
        source("Crane (bird)", "What is a crane?"),
        source("Łódź"),
    ]
)


@pytest.mark.parametrize(
    ("typed", "title"),
    [
        ("who was ada lovelace", "Ada Lovelace"),
        ("Ada Lovelace?", "Ada Lovelace"),
        ("  tell me   about Ada\tLovelace. ", "Ada Lovelace"),
        ("tell me about hash tables", "Hash table"),
        ("what are hash tables", "Hash table"),
        ("WHO IS ADA LOVELACE", "Ada Lovelace"),
        ("beyonce", "Beyoncé"),
        ("lodz", "Łódź"),
        ("what is o'brien's \"law\" - part", "O’Brien’s “Law” – part"),
        ("crane", "Crane (bird)"),
        ("crane (bird)?", "Crane (bird)"),
    ],
)
def test_a_question_as_typed_finds_the_trained_one(typed: str, title: str) -> None:
    found = TITLES.find(typed)
    assert found and found[0].title == title


def test_a_title_alone_asks_for_the_definition_and_a_fact_by_its_own_question() -> None:
    assert TITLES.find("ada lovelace")[0].question == "Who is Ada Lovelace?"
    assert TITLES.find("when was ada lovelace born")[0].question == "When was Ada Lovelace born?"


def test_titles_that_fold_alike_are_told_apart_by_parenthesis_and_by_letters() -> None:
    assert TITLES.find("mercury (element)")[0].title == "Mercury (element)"
    assert TITLES.find("What is Mercury?")[0].title == "Mercury (planet)"
    assert TITLES.find("What is mercury?")[0].title == "Mercury (element)"
    assert {found.title for found in TITLES.find("tell me about mercury")} == {
        "Mercury (planet)",
        "Mercury (element)",
    }


@pytest.mark.parametrize(
    "typed",
    ["Who is Charles Babbage?", "mercury (film)", "crane (machine)", "", "?", "()", "what", "ada"],
)
def test_what_was_never_read_is_not_found(typed: str) -> None:
    assert TITLES.find(typed) == ()


def test_the_nearest_titles_forgive_a_slip_of_the_finger() -> None:
    assert TITLES.nearest("who is ada lovelase")[0] == "Ada Lovelace"
    assert TITLES.nearest("how old is ada lovelace")[0] == "Ada Lovelace"
    assert len(TITLES.nearest("mercury rising")) <= 3
    assert TITLES.nearest("ξ") == () and Titles([]).nearest("anything") == ()


def test_the_index_on_disk_is_the_one_that_was_written(tmp_path: Path) -> None:
    pair = Pair(
        pageid=1,
        title='A\u2028b "c"',
        kind="definition",
        question="What is A\u2028b?",
        answer="x",
        url="u",
        revid=7,
        licence="l",
    )
    write_titles(tmp_path / "titles.jsonl", [pair, pair])
    assert read_titles(tmp_path / "titles.jsonl").sources == (
        Source(title=pair.title, question=pair.question, url="u", revid=7, licence="l"),
    )


@pytest.mark.parametrize(
    "line",
    [
        "{",
        "[]",
        "7",
        '{"title": "x"}',
        '{"title": "x", "question": "q", "url": "u", "revid": "z", "licence": ""}',
    ],
)
def test_a_torn_index_is_named_with_its_line(tmp_path: Path, line: str) -> None:
    (tmp_path / "titles.jsonl").write_text(line + "\n")
    with pytest.raises(BadInput, match=r"titles\.jsonl, line 1"):
        read_titles(tmp_path / "titles.jsonl")
    with pytest.raises(BadInput, match="missing"):
        read_titles(tmp_path / "none.jsonl")


@pytest.mark.skipif(
    "ASKWIKI_SHARED" not in os.environ, reason="ASKWIKI_SHARED names no folder of real leads"
)
def test_real_titles_are_recognised_when_read_and_when_not() -> None:
    with lzma.open(
        Path(os.environ["ASKWIKI_SHARED"]) / "corpora/leads.jsonl.xz", "rt", encoding="utf-8"
    ) as lines:
        titles = [json.loads(line)["title"] for line in lines]
    read, unread = titles[::66][:500], titles[33::66][:500]
    index = Titles(source(title) for title in read)
    for form in ("{}", "who was {}", "Tell me about {}", "what is {}?"):
        for title in read:
            for text in (title, title.lower()):
                assert title in [found.title for found in index.find(form.format(text))], (
                    form,
                    text,
                )
        mistaken = [title for title in unread if index.find(form.format(title))]
        assert len(mistaken) <= 5, mistaken
