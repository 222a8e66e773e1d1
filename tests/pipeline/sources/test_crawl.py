"""A crawl meets its goal exactly, asks for nothing twice, and keeps what came whatever ends it."""

import contextlib
import json
import sys
import time
from collections import Counter
from pathlib import Path

import pytest

from pipeline.errors import ExternalError
from pipeline.records import Page
from pipeline.sources.crawl import DAY, Crawl
from pipeline.sources.draws import CategoryDraw, Draw, LiveWiki, RandomDraw, SiteFacts, TitleDraw
from pipeline.sources.mediawiki import Wiki
from pipeline.sources.page_cache import DerivedPairs, open_cache
from pipeline.sources.rate_limit import Pacer, user_agent
from pipeline.workers import TimeLimitExceeded
from tests.conftest import TinyWiki, answer, document

HASTE = 40


def make(page: Page) -> DerivedPairs:
    """A pair for every page but the even ones."""
    return DerivedPairs(
        pairs=f"{page.title}\n" if page.pageid % 2 else "",
        reason=None if page.pageid % 2 else "even",
        rules="r",
    )


def crawl(
    tiny: TinyWiki,
    folder: Path,
    goal: int | None,
    draw: Draw | None = None,
    *,
    seed: int | None = None,
) -> Crawl:
    """One run of a request in the cache of a folder."""
    pacer = Pacer(
        1000,
        api_rate=1000,
        clock=lambda: time.monotonic() * HASTE,
        sleep=lambda seconds: time.sleep(seconds / HASTE),
    )
    with open_cache(folder) as cache:
        run = Crawl(cache, "tiny", draw or RandomDraw(), make, goal=goal, seed=seed)
        known = cache.site_facts("tiny")
        wiki = LiveWiki(
            "tiny",
            Wiki(tiny.address, agent=user_agent("t@askwiki.org"), pacer=pacer),
            SiteFacts(**known) if known else None,
            on_facts=lambda facts: cache.remember_site(
                "tiny",
                {"licence": facts.licence, "lang": facts.lang, "article_path": facts.article_path},
            ),
        )
        if run.has_pending():
            run.run(wiki, pacer)
    return run


def api_calls(tiny: TinyWiki) -> int:
    return sum("api.php" in path for path in tiny.paths())


def test_the_goal_is_met_exactly_by_one_api_call_and_no_request_more(
    tiny_wiki: TinyWiki, tmp_path: Path
) -> None:
    assert crawl(tiny_wiki, tmp_path, 3).have == 3
    asked = len(tiny_wiki.requests)
    assert api_calls(tiny_wiki) == 1 and asked <= 1 + 6
    assert crawl(tiny_wiki, tmp_path, 3).fetched == 0 and len(tiny_wiki.requests) == asked
    larger = crawl(tiny_wiki, tmp_path, 5)
    assert larger.have == 5 and api_calls(tiny_wiki) == 1
    assert max(Counter(tiny_wiki.paths()).values()) == 1


def test_a_small_wiki_is_seen_whole_once_a_day(
    tiny_wiki: TinyWiki, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run = crawl(tiny_wiki, tmp_path, 50)
    assert (run.have, run.fetched, run.exhausted) == (5, 9, True)
    asked = len(tiny_wiki.requests)
    assert not crawl(tiny_wiki, tmp_path, 50).fetched and len(tiny_wiki.requests) == asked
    tiny_wiki.pages["Town 11"] = 11
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + DAY + 1)
    assert crawl(tiny_wiki, tmp_path, 50).have == 6


def test_a_draw_that_goes_in_circles_ends(
    tiny_wiki: TinyWiki, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = TinyWiki.api
    monkeypatch.setattr(
        TinyWiki,
        "api",
        lambda self, query: (
            usual(self, query | {"rncontinue": "0"}) | {"continue": {"rncontinue": "0"}}
        ),
    )
    run = crawl(tiny_wiki, tmp_path, 50)
    assert (run.have, run.exhausted, api_calls(tiny_wiki)) == (5, True, 4)


def test_a_page_that_fails_or_is_missing_is_passed_over_and_another_drawn(
    tiny_wiki: TinyWiki, tmp_path: Path
) -> None:
    usual, tiny_wiki.pages = tiny_wiki.respond, dict(tiny_wiki.pages)

    def respond(path: str) -> object:
        if path.endswith("Town_3"):
            return answer("<html>garbage")
        return (
            answer(document("Town 5", 0), 404)
            if path.endswith("Town_5") or "action=parse" in path
            else usual(path)
        )

    tiny_wiki.respond = respond  # type: ignore[method-assign, assignment]
    assert crawl(tiny_wiki, tmp_path, 9).have == 3
    with open_cache(tmp_path) as cache:
        assert dict(cache.passed_over(cache.request("tiny", "random"))) == {
            "Town 5": "the wiki has no such page"
        }
        assert (
            cache.next_pending(cache.request("tiny", "random"), after=0) is not None
        )  # Town 3, in the next run


def test_a_page_that_takes_too_long_has_failed_and_is_owed(
    tiny_wiki: TinyWiki, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = make

    def slow(page: Page) -> DerivedPairs:
        if page.title == "Town 3":
            raise TimeLimitExceeded("took longer than 30 s")
        return usual(page)

    monkeypatch.setattr(sys.modules[__name__], "make", slow)
    assert crawl(tiny_wiki, tmp_path, 9).have == 4
    monkeypatch.setattr(sys.modules[__name__], "make", usual)
    again = crawl(tiny_wiki, tmp_path, 9)
    assert (again.have, again.fetched) == (5, 1)


def moved(tiny: TinyWiki, path: str, not_found: bytes) -> None:
    """The wiki's articles lie under another path from now on; the old one leads nowhere."""
    usual_api, usual = tiny.api, tiny.respond

    def api(query: dict[str, str]) -> dict[str, object]:
        text = json.dumps(usual_api(query)).replace("/wiki/$1", f"{path}$1")
        return dict(json.loads(text))

    def respond(asked: str) -> object:
        if asked.startswith("/wiki/"):
            return not_found
        return usual(asked.replace(path, "/wiki/", 1))

    tiny.api, tiny.respond = api, respond  # type: ignore[method-assign, assignment]


@pytest.mark.parametrize(
    "not_found",
    [answer("<html>Not Found", 404), answer(document("Town", 0), 404)],
    ids=["a server's own page", "a page of the wiki"],
)
def test_a_wiki_that_moved_its_articles_is_learnt_again_and_no_page_is_lost(
    not_found: bytes, tiny_wiki: TinyWiki, tmp_path: Path
) -> None:
    crawl(tiny_wiki, tmp_path, 2)
    moved(tiny_wiki, "/articles/", not_found)
    with contextlib.suppress(ExternalError):  # a run may end by it, and the next one goes on
        crawl(tiny_wiki, tmp_path, 50)
    assert crawl(tiny_wiki, tmp_path, 50).have == 5
    with open_cache(tmp_path) as cache:
        assert cache.passed_over(cache.request("tiny", "random")) == []


def test_a_page_whose_title_leads_nowhere_comes_by_number(
    tiny_wiki: TinyWiki, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = TinyWiki.api

    def api(self: TinyWiki, query: dict[str, str]) -> dict[str, object]:
        if query.get("action") == "parse":
            return {
                "parse": {
                    "title": "Moved",
                    "pageid": int(query["pageid"]),
                    "revid": 5,
                    "text": "<p>x</p>",
                    "categories": [{"category": "Big_towns"}],
                }
            }
        return usual(self, query)

    monkeypatch.setattr(TinyWiki, "api", api)
    monkeypatch.setattr(
        TinyWiki,
        "respond",
        lambda self, path, usual=TinyWiki.respond: (
            answer(document("x", 0), 404) if path.endswith("/Town_1") else usual(self, path)
        ),
    )
    crawl(tiny_wiki, tmp_path, 5)
    with open_cache(tmp_path) as cache:
        moved = next(page for _, page in cache.stale(None) if page and page.pageid == 1)
    assert (moved.title, moved.revid, moved.html, moved.licence) == (
        "Moved",
        5,
        "<p>x</p>",
        "CC BY-SA 4.0",
    )
    assert moved.categories == ("Big towns",)


def test_a_wiki_that_serves_only_garbage_is_left_after_five_pages_and_nothing_is_lost(
    tiny_wiki: TinyWiki, tmp_path: Path
) -> None:
    crawl(tiny_wiki, tmp_path, 1)
    tiny_wiki.always = answer("<html>garbage")
    with pytest.raises(ExternalError, match="in a row"):
        crawl(tiny_wiki, tmp_path, 5)
    tiny_wiki.always = None
    assert crawl(tiny_wiki, tmp_path, 5).have == 5
    with open_cache(tmp_path) as cache:
        assert len(list(cache.pairs())) == 5


def test_an_interrupt_keeps_what_is_on_its_way(
    tiny_wiki: TinyWiki, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keep = Crawl._keep

    def interrupted(self: Crawl, wanted: object, page: Page) -> None:
        keep(self, wanted, page)  # type: ignore[arg-type]
        if self.fetched == 2:
            raise KeyboardInterrupt

    monkeypatch.setattr(Crawl, "_keep", interrupted)
    with pytest.raises(KeyboardInterrupt):
        crawl(tiny_wiki, tmp_path, 5)
    monkeypatch.undo()
    asked = len([path for path in tiny_wiki.paths() if "/wiki/" in path])
    with open_cache(tmp_path) as cache:
        assert cache.totals()[0] == asked
    assert crawl(tiny_wiki, tmp_path, 5).have == 5
    assert max(Counter(tiny_wiki.paths()).values()) == 1


def test_titles_come_in_their_order_and_unfit_ones_are_not_asked_for(
    tiny_wiki: TinyWiki, tmp_path: Path
) -> None:
    run = crawl(
        tiny_wiki,
        tmp_path,
        None,
        TitleDraw(("Town 7", "Special:Random", "Nowhere", "..", "Town 1")),
    )
    assert (run.have, run.fetched, run.exhausted) == (2, 2, True)
    assert sorted(path for path in tiny_wiki.paths() if "api.php" not in path) == [
        "/wiki/Nowhere",
        "/wiki/Town_1",
        "/wiki/Town_7",
    ]
    assert not crawl(
        tiny_wiki,
        tmp_path,
        None,
        TitleDraw(("Town 7", "Special:Random", "Nowhere", "..", "Town 1")),
    ).fetched
    assert api_calls(tiny_wiki) == 1


def test_a_category_is_fetched_to_its_depth_by_one_call_a_level(
    tiny_wiki: TinyWiki, tmp_path: Path
) -> None:
    run = crawl(tiny_wiki, tmp_path, None, CategoryDraw("T", 2))
    assert (run.have, run.fetched, api_calls(tiny_wiki)) == (2, 3, 3)


def test_a_seed_gives_the_same_order_every_time(tiny_wiki: TinyWiki, tmp_path: Path) -> None:
    orders = []
    for number, seed in enumerate((1, 1, 2)):
        run = crawl(tiny_wiki, tmp_path / str(number), 5, seed=seed)
        with open_cache(tmp_path / str(number)) as cache:
            rows = cache._db.execute("SELECT title FROM wanted ORDER BY position").fetchall()
        assert run.have == 5
        orders.append(rows)
    assert orders[0] == orders[1] != orders[2]


def test_at_most_three_pages_are_on_their_way(tiny_wiki: TinyWiki, tmp_path: Path) -> None:
    crawl(tiny_wiki, tmp_path, None)
    assert (
        len({request.connection for request in tiny_wiki.requests}) <= 4
    )  # three workers, and the API
