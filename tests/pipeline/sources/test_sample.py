"""The embedded sample: pages that are what they claim to be, and a server that speaks MediaWiki
over a real socket.
"""

import gzip
import http.client
import json
import re
from collections.abc import Iterator
from importlib.resources import files
from typing import Any
from urllib.parse import quote, urlencode, urlsplit

import pytest

from pipeline.questions.pairs import make_pairs
from pipeline.records import Page
from pipeline.sources.sample.serve import SamplePage, read_pages, serving

PAGES = read_pages()
LEFT_OVERS = re.compile(
    r"\[\w{1,3}\]|\(\s*[;,-]|\(\s*\)|[;,]\s*\)|\s[,.;)]|\s{2}|ⓘ|\[edit\]|[<>{}|]|\ufeff|\u00a0|citation"
    r" needed|/ˈ"
)


def defines_nothing(page: SamplePage) -> bool:
    return page.title.startswith("List of") or any(
        "isambiguation" in category for category in page.categories
    )


def as_fetched(page: SamplePage) -> Page:
    return Page(
        pageid=page.pageid,
        title=page.title,
        html=page.content,
        url="",
        revid=page.revid,
        licence="MIT",
        categories=page.categories,
    )


@pytest.fixture(scope="module")
def wiki() -> Iterator[http.client.HTTPConnection]:
    with serving() as address:
        connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=10)
        yield connection
        connection.close()


def get(
    wiki: http.client.HTTPConnection, path: str, **headers: str
) -> tuple[http.client.HTTPResponse, bytes]:
    wiki.request("GET", path, headers=headers)
    response = wiki.getresponse()
    return response, response.read()


def ask(wiki: http.client.HTTPConnection, **query: str) -> dict[str, Any]:
    response, body = get(
        wiki,
        "/w/api.php?"
        + urlencode({"action": "query", "format": "json", "formatversion": "2", **query}),
    )
    assert response.status == 200
    answer: dict[str, Any] = json.loads(body)
    return answer


def config(document: str) -> dict[str, Any]:
    found = re.search(r"RLCONF=(\{.*?\});", document)
    assert found
    figures: dict[str, Any] = json.loads(found[1])
    return figures


# --- the pages ------------------------------------------------------------------------------------


def test_there_are_enough_pages_and_none_twice() -> None:
    assert len(PAGES) >= 120
    assert len({page.pageid for page in PAGES}) == len({page.title for page in PAGES}) == len(PAGES)


def test_every_page_has_its_figures_and_lies_under_its_title() -> None:
    names = {file.name for file in files("pipeline.sources.sample").joinpath("pages").iterdir()}
    for page in PAGES:
        assert page.pageid > 0 and page.revid > 0 and page.categories, page.title
        assert page.title.replace(" ", "_") + ".html" in names


def test_both_parsers_have_written_their_share() -> None:
    for parser in ("legacy", "parsoid"):
        assert sum(page.parser == parser for page in PAGES) >= 50
    for page in PAGES:
        assert "mw-parser-output" in page.content.split(">", 1)[0], page.title
        assert (page.parser == "parsoid") == ("<section data-mw-section-id=" in page.content), (
            page.title
        )


@pytest.mark.parametrize(
    "shape",
    [
        'class="infobox',
        'class="reference"',
        "mw-ref",
        "IPA",
        "ⓘ",
        "hatnote",
        "wikitable",
        "<ul",
        "<figure",
        "reflist",
        "navbox",
        "asbox",
        "mw-editsection",
        "data-mw-deduplicate",
        'id="coordinates"',
        "bday",
        "biota",
        "ib-settlement",
        'typeof="mw:Transclusion"',
        'typeof="mw:File/Thumb"',
    ],
)
def test_the_shapes_of_real_pages_all_occur(shape: str) -> None:
    assert any(shape in page.content for page in PAGES)


def test_two_disambiguations_and_a_list_are_among_them() -> None:
    assert (
        sum(any("isambiguation" in category for category in page.categories) for page in PAGES) >= 2
    )
    assert any(page.title.startswith("List of") for page in PAGES)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.title)
def test_what_defines_something_gives_one_clean_pair_and_nothing_else_gives_any(
    page: SamplePage,
) -> None:
    pairs, reason = make_pairs(as_fetched(page))
    if defines_nothing(page):
        assert pairs == [] and reason
        return
    [pair] = pairs
    assert re.match(r"(Who|What) (is|are) .+\?$", pair.question)
    assert 60 <= len(pair.answer) <= 500 and pair.answer[-1] in '.!?"”)'
    assert not LEFT_OVERS.search(pair.answer), pair.answer


def test_no_two_answers_begin_alike() -> None:
    answers = [pair.answer for page in PAGES for pair in make_pairs(as_fetched(page))[0]]
    assert len({answer[:40] for answer in answers}) == len(answers)


# --- the server -----------------------------------------------------------------------------------


def test_random_gives_every_page_once_in_a_fixed_hidden_order(
    wiki: http.client.HTTPConnection,
) -> None:
    whole = ask(wiki, list="random", rnnamespace="0", rnfilterredir="nonredirects", rnlimit="500")
    ids = [row["id"] for row in whole["query"]["random"]]
    assert sorted(ids) == [page.pageid for page in PAGES] != ids
    assert "continue" not in whole and whole["batchcomplete"] is True
    assert ask(wiki, list="random", rnlimit="max") == whole


def test_random_goes_on_where_it_stopped(wiki: http.client.HTTPConnection) -> None:
    whole, rows, more = ask(wiki, list="random", rnlimit="500"), [], {"rncontinue": "0"}
    while more:
        part = ask(wiki, list="random", rnlimit="50", **more)
        rows += part["query"]["random"]
        more = part.get("continue", {})
    assert rows == whole["query"]["random"]


def test_a_category_lists_its_members_by_title(wiki: http.client.HTTPConnection) -> None:
    asked = {
        "list": "categorymembers",
        "cmtitle": "Category:Women_mathematicians",
        "cmlimit": "500",
    }
    members = ask(wiki, **asked)["query"]["categorymembers"]
    assert [row["title"] for row in members] == ["Ada Lovelace", "Emmy Noether"]
    assert ask(wiki, **asked, cmtype="subcat")["query"]["categorymembers"] == []
    assert ask(wiki, **asked | {"cmtitle": "Category:Nothing"})["query"]["categorymembers"] == []


def test_siteinfo_names_language_paths_and_licence(wiki: http.client.HTTPConnection) -> None:
    query = ask(wiki, meta="siteinfo", siprop="general|rightsinfo")["query"]
    assert query["general"]["lang"] == "en" and query["general"]["articlepath"] == "/wiki/$1"
    assert query["rightsinfo"]["text"] == "MIT"


@pytest.mark.parametrize(
    "query",
    [
        {"list": "nonsense"},
        {"action": "parse"},
        {"list": "random", "rnlimit": "x"},
        {"format": "xml"},
    ],
)
def test_what_is_not_understood_gets_an_error_object(
    wiki: http.client.HTTPConnection, query: dict[str, str]
) -> None:
    assert ask(wiki, **query)["error"]["code"] in ("badvalue", "badinteger")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.title)
def test_every_page_is_served_with_its_figures_in_the_head(
    wiki: http.client.HTTPConnection, page: SamplePage
) -> None:
    response, body = get(wiki, "/wiki/" + quote(page.title.replace(" ", "_"), safe=""))
    document = body.decode()
    figures = config(document)
    assert response.status == 200 and response.headers["Content-Type"] == "text/html; charset=utf-8"
    assert page.content in document
    assert (figures["wgArticleId"], figures["wgRevisionId"], figures["wgTitle"]) == (
        page.pageid,
        page.revid,
        page.title,
    )
    assert figures["wgCategories"] == list(page.categories) and figures["wgNamespaceNumber"] == 0
    assert (
        f'/pipeline/sources/sample/pages/{quote(figures["wgPageName"])}.html">' in document
    )  # an address that outlives the server


def test_gzip_comes_when_asked_for_and_only_then(wiki: http.client.HTTPConnection) -> None:
    plain, document = get(wiki, "/wiki/Ada_Lovelace")
    zipped, body = get(wiki, "/wiki/Ada_Lovelace", **{"Accept-Encoding": "gzip, deflate"})
    assert (
        plain.headers["Content-Encoding"] is None and zipped.headers["Content-Encoding"] == "gzip"
    )
    assert gzip.decompress(body) == document and len(body) < len(document)


def test_a_missing_page_is_404_and_the_connection_stays_open(
    wiki: http.client.HTTPConnection,
) -> None:
    get(wiki, "/wiki/Ada_Lovelace")
    before = wiki.sock
    for path in ("/wiki/No_such_page", "/elsewhere", "/Ada_Lovelace"):
        assert get(wiki, path)[0].status == 404
    assert (
        get(wiki, "/wiki/ada_Lovelace")[0].status == 200
    )  # the first letter's case does not count
    assert wiki.sock is before is not None


def test_the_port_is_free_again_when_the_block_ends() -> None:
    with serving() as first, serving() as second:
        assert first != second
    with pytest.raises(OSError):
        http.client.HTTPConnection(urlsplit(first).netloc, timeout=2).request(
            "GET", "/wiki/Ada_Lovelace"
        )
