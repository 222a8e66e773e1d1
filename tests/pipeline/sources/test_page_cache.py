"""The page cache loses nothing that it took, and says clearly what it cannot take."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipeline.errors import BadInput, ExternalError
from pipeline.records import Page
from pipeline.sources import page_cache
from pipeline.sources.page_cache import (
    FILE_NAME,
    DerivedPairs,
    PageCache,
    QueueItem,
    Request,
    open_cache,
)

SITE = "https://wiki.test"
GOOD, NONE = (
    DerivedPairs(pairs='{"q": 1}\n', reason=None, rules="r1"),
    DerivedPairs(pairs="", reason="list", rules="r1"),
)


def page(number: int, title: str | None = None) -> Page:
    return Page(
        pageid=number,
        title=title or f"Town {number}",
        html=f"<p>Town {number} is öde</p>",
        url=f"{SITE}/wiki/Town_{number}",
        revid=7,
        licence="CC BY-SA 4.0",
        categories=("Towns",),
    )


def ask(cache: PageCache, what: str, *pages: tuple[str, int | None]) -> Request:
    request = cache.request(SITE, what)
    cache.add_wanted(request, pages, {}, exhausted=False)
    cache.mark_known(request)
    return request


def next_owed(cache: PageCache, request: Request) -> QueueItem:
    wanted = cache.next_pending(request, after=0)
    assert wanted
    return wanted


def interrupted(*values: object) -> int:
    raise KeyboardInterrupt


def test_ctrl_c_while_sqlite_computes_a_checksum_is_heard(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(page_cache, "crc", interrupted)
    with pytest.raises(KeyboardInterrupt), open_cache(tmp_path) as cache:
        request = ask(cache, "random", ("Town 1", 1))
        cache.keep(SITE, page(1), GOOD, next_owed(cache, request))
    monkeypatch.undo()
    with open_cache(tmp_path) as cache:
        assert next_owed(cache, request).title == "Town 1"


def test_what_is_kept_is_there_when_the_cache_is_opened_again(tmp_path: Path) -> None:
    with open_cache(tmp_path) as cache:
        request = ask(cache, "random", ("Town 1", 1), ("Town 2", 2), ("Town 3", 3))
        cache.keep(SITE, page(1), GOOD, next_owed(cache, request))
        cache.keep(SITE, page(2), NONE, next_owed(cache, request))
    with open_cache(tmp_path) as cache:
        request = cache.request(SITE, "random")
        assert (cache.gave(request), cache.totals(), cache.skipped(request)) == (
            1,
            (2, 1),
            {"list": 1},
        )
        assert next_owed(cache, request).title == "Town 3"
        assert [again for _, again in cache.stale(None)] == [page(1), page(2)]
        assert "".join(cache.pairs()) == GOOD.pairs


def test_a_page_counts_for_every_request_that_asks_for_it_and_once_in_each(tmp_path: Path) -> None:
    with open_cache(tmp_path) as cache:
        first = ask(cache, "titles", ("Redirect", None), ("Town 1", None))
        assert cache.keep(SITE, page(1), GOOD, next_owed(cache, first))
        assert not cache.keep(SITE, page(1), GOOD, next_owed(cache, first))
        assert cache.gave(first) == 1 and cache.next_pending(first, after=0) is None
        for what, wanted in (
            ("random", ("Whatever", 1)),
            ("by title", ("Town 1", None)),
            ("by its redirect", ("Redirect", None)),
        ):
            other = ask(cache, what, wanted)
            assert (cache.gave(other), cache.next_pending(other, after=0)) == (1, None)
        elsewhere = cache.request("https://other.test", "random")
        cache.add_wanted(elsewhere, [("Town 1", 1)], {}, exhausted=False)
        cache.mark_known(elsewhere)
        assert cache.gave(elsewhere) == 0


def test_a_draw_is_remembered_with_where_it_goes_on(tmp_path: Path) -> None:
    with open_cache(tmp_path) as cache:
        request = cache.request(SITE, "random")
        assert (
            cache.add_wanted(
                request, [("A", 1), ("B", 2)], {"continue": {"x": "1"}}, exhausted=False
            )
            == 2
        )
        assert (
            cache.add_wanted(
                request, [("B", 2), ("C", 3)], {"continue": {"x": "2"}}, exhausted=True
            )
            == 1
        )
        again = cache.request(SITE, "random")
        assert again.state == {"continue": {"x": "2"}} and again.exhausted_at is not None
        cache.remember_site(SITE, {"licence": "MIT"})
        assert cache.site_facts(SITE) == {"licence": "MIT"} and cache.site_facts("other") is None


def test_failed_pages_are_owed_again_and_missing_ones_are_not(tmp_path: Path) -> None:
    with open_cache(tmp_path) as cache:
        request = ask(cache, "random", ("A", 1), ("B", 2))
        cache.mark(next_owed(cache, request), "failed", reason="garbage")
        cache.mark(next_owed(cache, request), "missing", reason="404")
        assert cache.passed_over(request) == [("A", "garbage"), ("B", "404")]
        assert next_owed(cache, cache.request(SITE, "random")).title == "A"


def test_new_rules_renew_the_pairs_and_damaged_html_is_fetched_again(tmp_path: Path) -> None:
    with open_cache(tmp_path) as cache:
        request = ask(cache, "random", ("Town 1", 1), ("Town 2", 2))
        for number in (1, 2):
            cache.keep(SITE, page(number), GOOD, next_owed(cache, request))
    with sqlite3.connect(tmp_path / FILE_NAME) as raw:
        raw.execute("UPDATE documents SET html = x'00' WHERE page = 1")
    with open_cache(tmp_path) as cache:
        assert cache.count_stale("r1") == 0 and cache.count_stale("r2") == 2
        new = DerivedPairs(pairs="new\n", reason=None, rules="r2")
        cache.remake([(key, new if again else None) for key, again in cache.stale("r2")])
        assert list(cache.pairs()) == ["new\n"] and cache.count_stale("r2") == 0
        assert next_owed(cache, request).pageid == 1


def test_a_cache_of_the_first_format_is_taken_over(tmp_path: Path) -> None:
    with open_cache(tmp_path) as cache:
        cache.keep(SITE, page(1), GOOD, next_owed(cache, ask(cache, "random", ("Town 1", 1))))
    with sqlite3.connect(tmp_path / FILE_NAME) as raw:
        raw.executescript(
            "ALTER TABLE pages DROP COLUMN identity; ALTER TABLE pages DROP COLUMN made; PRAGMA"
            " user_version = 1;"
        )
    with open_cache(tmp_path) as cache:
        assert list(cache.pairs()) == [GOOD.pairs] and cache.count_stale("r1") == 0
        assert [again for _, again in cache.stale(None)] == [page(1)]


@pytest.mark.parametrize(
    ("harm", "lost"),
    [
        ("pairs = 'q'", 0),
        ("pairs = pairs || ' '", 0),
        ("rules = 'r3'", 0),
        ("title = 'Town 7'", 1),
        ("url = '', pairs = ''", 1),
    ],
)
def test_a_row_that_the_disk_changed_is_made_anew_or_fetched_again(
    harm: str, lost: int, tmp_path: Path
) -> None:
    with open_cache(tmp_path) as cache:
        request = ask(cache, "random", ("Town 1", 1))
        cache.keep(SITE, page(1), GOOD, next_owed(cache, request))
    with sqlite3.connect(tmp_path / FILE_NAME) as raw:
        raw.execute(f"UPDATE pages SET {harm}")
    with open_cache(tmp_path) as cache:
        rules = (
            None if harm.startswith("title") else "r1"
        )  # a title is looked at when its pairs are made
        assert cache.count_stale(rules) == 1
        ((key, again),) = cache.stale(rules)
        assert again == (None if lost else page(1))
        cache.remake([(key, GOOD if again else None)])
        assert cache.count_stale("r1") == 0 and (
            cache.next_pending(request, after=0) is not None
        ) == bool(lost)


def test_a_second_process_is_refused_until_the_first_ends(tmp_path: Path) -> None:
    holder = subprocess.Popen(
        [
            sys.executable,
            "-c",
            (
                "import sys, time; from pathlib import Path; from pipeline.sources.page_cache"
                f" import open_cache\nwith open_cache(Path({str(tmp_path)!r})): print(flush=True);"
                " time.sleep(60)"
            ),
        ],
        stdout=subprocess.PIPE,
    )
    assert holder.stdout
    holder.stdout.readline()
    with pytest.raises(ExternalError, match="another fetch"), open_cache(tmp_path):
        pass
    holder.send_signal(signal.SIGKILL)
    holder.wait()
    with open_cache(tmp_path) as cache:
        assert cache.totals() == (0, 0)


WRITER = """
import itertools, sys
from pathlib import Path
sys.path.insert(0, {tests!r})
from test_page_cache import GOOD, SITE, page, open_cache
with open_cache(Path({folder!r})) as cache:
    request = cache.request(SITE, "random")
    for number in itertools.count(cache.totals()[0] + 1):
        cache.add_wanted(request, [(f"Town {{number}}", number)], {{}}, exhausted=False)
        cache.keep(SITE, page(number), GOOD, cache.next_pending(request, after=0))
        print(number, flush=True)
"""


def test_no_kill_loses_a_page(tmp_path: Path) -> None:
    for kill in range(4):
        code = WRITER.format(tests=str(Path(__file__).parent), folder=str(tmp_path))
        with (tmp_path / "said").open("w") as said, (tmp_path / "errors").open("w") as errors:
            writer = subprocess.Popen([sys.executable, "-c", code], stdout=said, stderr=errors)
            while not (tmp_path / "said").stat().st_size:
                assert writer.poll() is None, (tmp_path / "errors").read_text()
                time.sleep(0.01)
            time.sleep(0.03 * kill)
            os.kill(writer.pid, signal.SIGKILL)
            writer.wait()
        told = [line for line in (tmp_path / "said").read_text().split("\n")[:-1] if line]
        with sqlite3.connect(tmp_path / FILE_NAME) as raw:
            assert raw.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        with open_cache(tmp_path) as cache:
            assert int(told[-1]) <= cache.totals()[0] <= int(told[-1]) + 1
            assert len(list(cache.pairs())) == cache.totals()[0]


def test_a_newer_format_is_refused_with_a_way_out(tmp_path: Path) -> None:
    with open_cache(tmp_path):
        pass
    with sqlite3.connect(tmp_path / FILE_NAME) as raw:
        raw.execute("PRAGMA user_version = 99")
    with pytest.raises(BadInput, match="newer"), open_cache(tmp_path):
        pass


def test_another_programs_database_is_left_alone(tmp_path: Path) -> None:
    with sqlite3.connect(tmp_path / FILE_NAME) as raw:
        raw.execute("CREATE TABLE diary (day)")
    with pytest.raises(BadInput, match="something else"), open_cache(tmp_path):
        pass


@pytest.mark.parametrize(
    "content", [b"hello, this is no database at all" * 100, b"SQLite format 3\x00" + b"\xff" * 4000]
)
def test_a_file_that_is_no_database_is_said_so(content: bytes, tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_bytes(content)
    with pytest.raises(ExternalError, match="damaged"), open_cache(tmp_path):
        pass


def test_what_is_refused_before_a_title_is_drawn_leaves_no_folder(tmp_path: Path) -> None:
    def refused(folder: Path, *titles: str) -> bool:
        with pytest.raises(BadInput), open_cache(folder) as cache:
            ask(cache, "titles", *((title, None) for title in titles))
            raise BadInput("no")
        return not folder.exists()

    assert refused(tmp_path / "new")
    assert not refused(tmp_path / "drawn", "Town 1")
    (tmp_path / "there").mkdir()
    assert not refused(tmp_path / "there")


def test_a_file_in_the_folders_place_is_said_so(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("")
    with pytest.raises(BadInput, match="not a folder"), open_cache(tmp_path / "cache"):
        pass


@pytest.mark.parametrize("share", [0.1, 0.35, 0.6, 0.9])
def test_a_damaged_file_ends_in_one_line_or_is_read_right(share: float, tmp_path: Path) -> None:
    with open_cache(tmp_path) as cache:
        request = ask(cache, "random", *((f"Town {number}", number) for number in range(1, 40)))
        for number in range(1, 40):
            cache.keep(SITE, page(number), GOOD, next_owed(cache, request))
    path = tmp_path / FILE_NAME
    raw = bytearray(path.read_bytes())
    place = int(len(raw) * share)
    raw[place : place + 600] = bytes(600)
    path.write_bytes(raw)
    try:
        with open_cache(tmp_path) as cache:
            assert all(again is None or again.pageid for _, again in cache.stale(None))
            list(cache.pairs())
    except (ExternalError, BadInput) as error:
        assert str(path) in str(error)
