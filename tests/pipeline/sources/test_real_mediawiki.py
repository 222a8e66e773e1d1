"""The client against a real MediaWiki with odd titles and redirects: set ASKWIKI_MEDIAWIKI to its
address.

Where ASKWIKI_MEDIAWIKI_FOLDER names the folder with its switches, its troubles are tried too.
"""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.faults.mediawiki import disturbed

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def site() -> str:
    address = os.environ.get("ASKWIKI_MEDIAWIKI")
    if not address:
        pytest.skip("ASKWIKI_MEDIAWIKI does not say where a MediaWiki runs")
    return address.rstrip("/")


def fetch(site: str, cache: Path, *options: str) -> list[dict[str, Any]]:
    command = [
        sys.executable,
        "-m",
        "pipeline.fetch",
        "--site",
        site,
        "--contact",
        "me@askwiki.org",
        "--cache",
        str(cache),
    ]
    subprocess.run(
        [*command, "--rate", "100", *options],
        cwd=ROOT,
        check=True,
        capture_output=True,
        timeout=300,
    )
    return [json.loads(line) for line in (cache / "pairs.jsonl").read_text("utf-8").splitlines()]


def test_every_article_that_defines_something_gives_a_pair_whatever_its_title(
    site: str, tmp_path: Path
) -> None:
    rows = fetch(site, tmp_path, "--n", "1000")
    titles = [row["title"] for row in rows]
    assert len(rows) == len({row["pageid"] for row in rows}) >= 300
    odd = [
        "!",
        "-",
        ".hidden",
        "1=1?x=2&y=3",
        "@home",
        "A.B.C. d.o.t.s.",
        "A/B/C",
        "AC/DC (test)",
        "Back\\slash",
        "C++ (language)",
        "100% Wool",
        "Caret ^ and `backtick`",
        "Colon: the subtitle",
        "Dollar $1 sign",
        "E=mc²",
        "O'Brien's law",
        "Semi;colon, comma",
        "Sons & daughters",
        "Star*tilde~test",
        'The "Quoted" title',
        "What? (film)",
        "Who is it?",
        "東京テスト",
        "😀",
        "Emoji 🏳️‍🌈 page",
        "Łukasz (1984/85)",
    ]
    assert not set(odd) - set(titles)
    assert any(
        title.startswith("Combining") for title in titles
    )  # its title is not in normal form: no address leads to it


def test_redirects_give_their_target_once_and_broken_ones_nothing(
    site: str, tmp_path: Path
) -> None:
    titles = tmp_path / "titles.txt"
    asked = [
        "ACDC",
        "AC/DC (test)",
        "Redirect to section",
        "Self redirect",
        "Broken redirect",
        "Double redirect",
        "Help:IPA",
        "Nowhere",
    ]
    titles.write_text("\n".join(asked), "utf-8")
    rows = fetch(site, tmp_path / "cache", "--titles", str(titles))
    assert sorted(row["title"] for row in rows) == ["AC/DC (test)", "Person 0"]
    assert not any("#" in row["url"] for row in rows)


def test_a_categorys_members_are_fetched(site: str, tmp_path: Path) -> None:
    rows = fetch(site, tmp_path, "--category", "Invented people", "--n", "12")
    assert len(rows) == 12


def test_lag_and_429s_that_come_and_go_change_nothing_of_what_is_fetched(
    site: str, tmp_path: Path
) -> None:
    switches = os.environ.get("ASKWIKI_MEDIAWIKI_FOLDER")
    if not switches:
        pytest.skip("ASKWIKI_MEDIAWIKI_FOLDER does not say where the wiki's switches lie")
    peaceful, troubled, trouble = disturbed(site, Path(switches), tmp_path)
    assert (
        troubled.pairs == peaceful.pairs
        and len(peaceful.pairs) >= 300
        and set(trouble.switched) == {"lag", "http-fault"}
    )
