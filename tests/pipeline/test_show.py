"""A look at the data tells what is there, steers no terminal, and writes a page in which no text
acts as markup.
"""

import json
import os
import re
import sqlite3
import subprocess
from collections.abc import Sequence
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import programs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline import show
from pipeline.dataset.pairs_file import write_pairs
from pipeline.dataset.quality_checks import outliers
from pipeline.errors import BadInput, ExternalError
from pipeline.records import Pair
from pipeline.show import (
    as_script,
    histogram,
    made_visible,
    matching_lines,
    report,
    round_up,
    skips,
    write_page,
)

WATER = Pair(
    pageid=1,
    title="Water",
    kind="definition",
    question="What is water?",
    answer="Water is a clear liquid that all life needs.",
    url="https://en.wikipedia.org/wiki/Water",
    revid=7,
    licence="CC BY-SA 4.0",
)
ADA = replace(
    WATER,
    pageid=2,
    title="Ada Lovelace",
    question="Who is Ada Lovelace?",
    answer="Ada Lovelace was an English mathematician.[1]",
)
BORN = replace(
    ADA,
    kind="facts",
    question="When was Ada Lovelace born?",
    answer="Ada Lovelace was born in 1815.",
)
HOSTILE = replace(
    WATER,
    pageid=3,
    title="</script><script>alert(1)</script>",
    question="<img src=x onerror=alert(2)>?",
    answer="<!-- here --> & <b>bold</b> ]]> \x1b[31m red \u2028 end.",
    url="javascript:alert(3)",
    kind='"><script>',
)
PAIRS = [WATER, ADA, BORN]


def command(*arguments: str) -> subprocess.CompletedProcess[str]:
    return programs.run(["-m", "pipeline.show", *arguments])


def told(pairs: Sequence[Pair], sample: int = 5) -> str:
    return "\n".join(report(pairs, outliers(pairs), [("disambiguation", 3)], sample))


def test_the_command_tells_of_the_whole_cache_and_of_a_word(tmp_path: Path) -> None:
    write_pairs(tmp_path / "pairs.jsonl", PAIRS)
    whole, word = (
        command("--cache", str(tmp_path)),
        command("--cache", str(tmp_path), "--find", "LIQUID"),
    )
    assert whole.returncode == word.returncode == 0
    assert "3 pairs of 2 pages" in whole.stdout
    assert (
        "What is water?" in word.stdout
        and "1 pair with 'LIQUID'" in word.stdout
        and "Lovelace" not in word.stdout
    )


def test_wrong_input_is_one_line(tmp_path: Path) -> None:
    write_pairs(tmp_path / "pairs.jsonl", PAIRS)
    cache = str(tmp_path)
    for arguments in (
        ["--cache", str(tmp_path / "none")],
        ["--sample", "-1"],
        ["--html", cache],
        ["--find", " ", "--cache", cache],
    ):
        ended = command(*arguments)
        assert (ended.returncode, ended.stdout, ended.stderr.count("\n")) == (2, "", 1)


def test_the_report_counts_kinds_reasons_and_faults() -> None:
    text = told(PAIRS)
    assert (
        re.search(r"definition +2 ", text)
        and re.search(r"facts +1 ", text)
        and re.search(r"disambiguation +3 ", text)
    )
    assert "answer: a reference mark: 1" in text and "mathematician.[1]" in text
    assert "1 of 3 pairs (33.3%)" in text


def test_one_pair_and_no_sample_are_enough_for_a_report() -> None:
    assert "1 pair of 1 page," in told([WATER], sample=0)


def test_the_sample_is_the_same_each_time() -> None:
    many = [replace(WATER, pageid=number, question=f"What is {number}?") for number in range(100)]
    assert told(many) == told(many)


@given(st.lists(st.integers(min_value=0, max_value=10**6), min_size=1))
def test_a_histogram_counts_every_size_once(sizes: list[int]) -> None:
    rows = histogram(sorted(sizes))
    assert sum(count for _, count in rows) == len(sizes)
    assert len(rows) <= 10


@given(st.floats(min_value=0.01, max_value=10**9))
def test_steps_are_round_and_large_enough(least: float) -> None:
    step = round_up(least)
    assert step >= least and str(step).strip("0") in ("1", "2", "5")


def test_nothing_found_is_said() -> None:
    assert list(matching_lines(PAIRS, "zebra")) == ["0 pairs with 'zebra'"]
    with pytest.raises(BadInput):
        list(matching_lines(PAIRS, "  "))


@given(st.text())
def test_nothing_printed_steers_a_terminal(text: str) -> None:
    assert not re.search(r"[\x00-\x1f\x7f-\x9f\u202a-\u202e]", made_visible(text))


def test_skips_are_read_from_the_page_cache_beside_a_writer(tmp_path: Path) -> None:
    from pipeline.records import Page
    from pipeline.sources.page_cache import FILE_NAME, DerivedPairs, open_cache

    assert skips(tmp_path) == []
    with open_cache(tmp_path) as cache:
        request = cache.request("wiki", "random")
        cache.add_wanted(
            request, [(f"Page {number}", number) for number in range(1, 5)], {}, exhausted=False
        )
        for number, reason in ((1, "list"), (2, "list"), (3, None)):
            wanted = cache.next_pending(request, after=number - 1)
            assert wanted is not None
            page = Page(pageid=number, title=f"Page {number}", html="", url="", revid=1, licence="")
            cache.keep(
                "wiki",
                page,
                DerivedPairs(pairs="" if reason else "{}\n", reason=reason, rules=""),
                wanted,
            )
        last = cache.next_pending(request, after=3)
        assert last is not None
        cache.mark(last, "failed", reason="could not be read")
        assert skips(tmp_path) == [("list", 2), ("could not be read", 1)]
    (tmp_path / FILE_NAME).write_bytes(b"no database" * 1000)
    with pytest.raises(ExternalError, match=FILE_NAME):
        skips(tmp_path)


def test_skips_are_read_where_nothing_may_be_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from pipeline.sources.page_cache import open_cache

    with open_cache(tmp_path) as cache:
        request = cache.request("wiki", "random")
        cache.add_wanted(request, [("Page 1", 1)], {}, exhausted=False)
        wanted = cache.next_pending(request, after=0)
        assert wanted is not None
        cache.mark(wanted, "missing", reason="404")
    before = sorted(path.name for path in tmp_path.iterdir())
    monkeypatch.setattr(os, "access", lambda *_: False)
    assert (
        skips(tmp_path) == [("404", 1)]
        and sorted(path.name for path in tmp_path.iterdir()) == before
    )


def test_a_cache_of_another_shape_is_an_outside_failure(tmp_path: Path) -> None:
    from pipeline.sources.page_cache import FILE_NAME

    sqlite3.connect(tmp_path / FILE_NAME).close()
    (tmp_path / FILE_NAME).touch()
    with pytest.raises(ExternalError):
        skips(tmp_path)


class Outline(HTMLParser):
    """The elements of a page, and the text of the one that holds the data."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.addresses: list[str] = []
        self.data = ""
        self._inside = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.addresses += [
            value or ""
            for name, value in attrs
            if name in ("src", "href", "action", "srcset", "data", "poster")
        ]
        self._inside = ("type", "application/json") in attrs

    def handle_data(self, data: str) -> None:
        self.data += data if self._inside else ""

    def handle_endtag(self, tag: str) -> None:
        self._inside = False


def outline(path: Path, pairs: list[Pair]) -> Outline:
    write_page(path, pairs, outliers(pairs), told(pairs).splitlines())
    page = Outline()
    page.feed(path.read_text(encoding="utf-8"))
    return page


def test_no_text_of_a_pair_becomes_markup(tmp_path: Path) -> None:
    plain, hostile = (
        outline(tmp_path / "page.html", pairs) for pairs in (PAIRS, [*PAIRS, HOSTILE])
    )
    assert hostile.tags == plain.tags
    last = json.loads(hostile.data)[-1]
    assert last[:7] == [
        HOSTILE.title,
        HOSTILE.kind,
        HOSTILE.question,
        HOSTILE.answer,
        HOSTILE.url,
        HOSTILE.revid,
        HOSTILE.licence,
    ]


@given(st.text())
def test_data_in_a_script_comes_back_and_cannot_end_it(text: str) -> None:
    written = as_script([text])
    assert json.loads(written) == [text]
    assert not set(written) & set("<>&")


def test_the_page_asks_for_nothing_from_outside(tmp_path: Path) -> None:
    page = outline(tmp_path / "page.html", PAIRS)
    assert page.addresses == []
    text = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert "default-src 'none'" in text
    assert not re.search(
        r"url\(|@import|fetch\(|XMLHttpRequest|WebSocket|import\(|innerHTML|document\.write",
        text.replace(page.data, ""),
    )


def test_very_many_pairs_are_thinned_evenly(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(show, "PAGE_LIMIT", 10)
    many = [replace(WATER, pageid=number, question=f"What is {number}?") for number in range(25)]
    page = outline(tmp_path / "page.html", many)
    assert [row[2] for row in json.loads(page.data)] == [
        f"What is {number}?" for number in range(0, 25, 3)
    ]
    assert "one pair in 3: 9 of 25" in (tmp_path / "page.html").read_text(encoding="utf-8")
