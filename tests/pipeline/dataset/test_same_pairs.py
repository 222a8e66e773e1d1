"""The pairs of a page are the same wherever it comes from: over HTTP, in a ZIM file, in a dump,
from a folder.

One real page in forty is looked at, ASKWIKI_EVERY=1 takes them all (some minutes).
"""

import gzip
import json
import lzma
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import requests

from pipeline.dataset.pairs_file import read_pairs
from pipeline.records import Pair
from tests.pipeline.sources.test_archives import written_zim

pytestmark = pytest.mark.skipif(
    "ASKWIKI_SHARED" not in os.environ, reason="ASKWIKI_SHARED is not set: no real pages"
)
EVERY = int(os.environ.get("ASKWIKI_EVERY", "40"))
KINDS = ["--kinds", "definition", "facts", "sections"]


@pytest.fixture(scope="module")
def records() -> list[dict[str, Any]]:
    with lzma.open(
        Path(os.environ["ASKWIKI_SHARED"]) / "wiki/pages.jsonl.xz", "rt", encoding="utf-8"
    ) as lines:
        return [json.loads(line) for line in islice(lines, 0, None, EVERY)]


@pytest.fixture(scope="module")
def wiki(records: list[dict[str, Any]], tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    pages = tmp_path_factory.mktemp("wiki") / "pages.jsonl.xz"
    with lzma.open(pages, "wt", encoding="utf-8", preset=0) as out:
        out.writelines(json.dumps(record) + "\n" for record in records)
    server = subprocess.Popen(
        [
            sys.executable,
            str(Path(os.environ["ASKWIKI_SHARED"]) / "wiki/replay.py"),
            "--port",
            "0",
            "--unlimited",
            "--pages",
            str(pages),
        ],
        stdout=subprocess.PIPE,
        text=True,
    )
    assert server.stdout
    yield server.stdout.readline().split(" at ")[1].split(" ")[0]
    server.kill()
    server.communicate()


def made(cache: Path, *options: str) -> list[Pair]:
    """The pairs that pipeline.fetch makes, without what tells where they came from, in the order of
    the pages.
    """
    command = [sys.executable, "-m", "pipeline.fetch", "--cache", str(cache), *KINDS, *options]
    subprocess.run(command, check=True, capture_output=True, timeout=900)
    return sorted(
        (replace(pair, url="") for pair in read_pairs(cache / "pairs.jsonl")),
        key=lambda pair: pair.pageid,
    )


def enterprise_record(record: dict[str, Any]) -> dict[str, Any]:
    """A page as a Wikimedia Enterprise dump has it."""
    return {
        "name": record["title"],
        "identifier": record["pageid"],
        "namespace": {"identifier": 0},
        "version": {"identifier": record["revid"]},
        "license": [{"identifier": "CC-BY-SA-4.0"}],
        "url": f"https://en.wikipedia.org/wiki/{record['pageid']}",
        "categories": [{"name": f"Category:{name}"} for name in record["categories"]],
        "article_body": {"html": f"<html><body>{record['html']}</body></html>"},
    }


def test_pages_give_the_same_pairs_wherever_they_come_from(
    wiki: str, records: list[dict[str, Any]], tmp_path: Path
) -> None:
    titles = [str(record["title"]) for record in records]
    (tmp_path / "titles.txt").write_text("\n".join(titles), "utf-8")
    fetched = made(
        tmp_path / "http",
        "--site",
        wiki,
        "--titles",
        str(tmp_path / "titles.txt"),
        "--contact",
        "test@askwiki.org",
        "--rate",
        "1000",
    )
    assert len({pair.pageid for pair in fetched}) > 0.8 * len(records)

    with requests.Session() as session:
        documents = [
            session.get(
                f"{wiki}/wiki/{quote(title.replace(' ', '_'), safe='')}",
                timeout=30,
                headers={"User-Agent": "AskWikiTest/1 (test@askwiki.org)"},
            ).content
            for title in titles
        ]
    (tmp_path / "pages").mkdir()
    for number, document in enumerate(documents):
        (tmp_path / "pages" / f"{number}.html").write_bytes(document)
    saved = made(tmp_path / "html", "--source", f"html:{tmp_path / 'pages'}")
    assert saved == [
        replace(pair, licence="unknown") for pair in fetched
    ]  # these documents do not name it

    dump = tmp_path / "dump.ndjson.gz"
    dump.write_bytes(
        gzip.compress(
            "".join(json.dumps(enterprise_record(record)) + "\n" for record in records).encode(), 1
        )
    )
    assert made(tmp_path / "dump", "--source", f"dump:{dump}", "--workers", "2") == fetched

    pytest.importorskip("libzim")
    file = written_zim(
        tmp_path / "wiki.zim",
        [
            (title.replace(" ", "_"), title, "text/html", document)
            for title, document in zip(titles, documents, strict=True)
        ],
    )
    assert made(tmp_path / "zim", "--source", f"zim:{file}") == fetched
    few, more = (
        made(tmp_path / "some", "--source", f"zim:{file}", "--n", str(count)) for count in (10, 20)
    )
    assert {pair.pageid for pair in few} < {pair.pageid for pair in more} and len(
        {pair.pageid for pair in few}
    ) == 10
