"""One page never spoils the whole: what cannot be kept is left out and counted, and what is kept is
taken by every reader that comes later.
"""

import json
import re
from pathlib import Path
from typing import Any

import programs
import pytest
from conftest import TinyWiki, document

from pipeline.dataset import build
from pipeline.dataset.build import PairMaker
from pipeline.dataset.pairs_file import read_pairs
from pipeline.questions.answers import AnswerBounds
from pipeline.records import MAX_LINE, Page
from pipeline.workers import TimeLimitExceeded, time_limit

LEAD = "<p><b>{0}</b> is a small town in the north of an invented country. It has a market.</p>"
SOUND = ["Alder", "Birch", "Cedar"]
# Titles with what ends a line for some readers, with a direction of their own, or a formula.
ODD = ["Be\u0085ech", "El\u2028m", "Fi\u2029r", "\u202eHazel", "=cmd|' /C calc'!A0", "漢" * 300]
BLANK = [" ", "\u3000\u00a0", "\u2028"]
LONG = "of bells " * (MAX_LINE // 8)  # a first sentence longer than a line of pairs may be
WIDE = "漢" * (MAX_LINE // 2)  # as many characters as would be taken, and too many bytes


def fetch(*options: object) -> str:
    """What the command prints; it succeeds."""
    done = programs.run(["-m", "pipeline.fetch", *options])
    assert done.returncode == 0, done.stderr
    return done.stdout


def record(number: int, title: str, lead: str | None = None, **more: Any) -> str:
    body = LEAD.format(title) if lead is None else lead
    fields = {"name": title, "identifier": number, "article_body": {"html": body}, **more}
    return json.dumps(fields, ensure_ascii=False)


def test_a_dump_gives_all_pairs_but_those_of_the_pages_that_cannot_be_kept(tmp_path: Path) -> None:
    records = [record(number, title) for number, title in enumerate(SOUND + ODD + BLANK, 1)]
    address = "https://w.org/\u0085\u2028x"
    records += [
        record(50, "Juniper", url=address, license=[{"url": address, "identifier": "\x1b[31m"}]),
        record(51, "Long", f"<p><b>Long</b> is a town {LONG}.</p>"),
        record(52, "Wide", f"<p><b>Wide</b> is a town {WIDE}.</p>"),
    ]
    (tmp_path / "odd.ndjson").write_text("\n".join(records) + "\n", "utf-8")
    source = ("--source", f"dump:{tmp_path / 'odd.ndjson'}", "--cache", tmp_path / "cache")
    said = fetch(*source)
    assert "malformed (3)" in said and "a title or text that cannot be kept (2)" in said
    kept = read_pairs(tmp_path / "cache/pairs.jsonl")
    assert [pair.title for pair in kept] == [*SOUND, *ODD, "Juniper"]
    fetch(*source)  # a later build reads what an earlier one left


def test_a_wiki_gives_all_pairs_and_what_it_has_been_given_is_built_again(
    tiny_wiki: TinyWiki, tmp_path: Path
) -> None:
    titles = [*SOUND, *ODD[:5], "Long"]
    tiny_wiki.pages = {title: number for number, title in enumerate(titles, 1)}
    tiny_wiki.texts = {title: LEAD.format(title) for title in titles}
    tiny_wiki.texts["Long"] = f"<p><b>Long</b> is a town {LONG}.</p>"
    options = ("--site", tiny_wiki.address, "--contact", "me@askwiki.org", "--cache", tmp_path)
    assert "a title or text that cannot be kept (1)" in fetch(*options, "--rate", "500")
    kept = read_pairs(tmp_path / "pairs.jsonl")
    assert {pair.title for pair in kept} >= set(SOUND) and len(kept) >= len(SOUND) + 2
    fetch("--rebuild", *options)
    assert read_pairs(tmp_path / "pairs.jsonl") == kept


def test_saved_pages_give_all_pairs(tmp_path: Path) -> None:
    saved = tmp_path / "saved"
    saved.mkdir()
    for number, title in enumerate([*SOUND, *ODD, *BLANK], 1):
        page = document(title, number, LEAD.format(title))
        (saved / f"{number:02}.html").write_text(page, "utf-8")
    fetch("--source", f"html:{saved}", "--cache", tmp_path / "cache")
    titles = {pair.title for pair in read_pairs(tmp_path / "cache/pairs.jsonl")}
    assert titles >= set(SOUND) and not titles & set(BLANK)


# --- time -----------------------------------------------------------------------------------------


def test_a_pattern_that_does_not_end_is_stopped() -> None:
    with pytest.raises(TimeLimitExceeded, match=r"took longer than 0\.2 s"), time_limit(0.2):
        re.match(r"(a+)+$", "a" * 60 + "b")


def test_a_page_that_takes_too_long_gives_no_pairs_and_says_why(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def endless(page: Page, **options: object) -> None:
        while True:
            pass

    monkeypatch.setattr(build, "make_pairs", endless)
    monkeypatch.setattr(build, "PAGE_SECONDS", 0.1)
    maker = PairMaker(("definition",), AnswerBounds())
    page = Page(pageid=1, title="Alder", html="", url="", revid=1, licence="", categories=())
    assert maker.pairs_in_time(page) == ([], "took longer than 0.1 s")
    with pytest.raises(TimeLimitExceeded):
        maker(page)
