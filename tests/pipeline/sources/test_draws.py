"""A wiki's draws, and its documents as pages."""

import itertools
import json
import os
from pathlib import Path
from typing import Any

import pytest

from pipeline.errors import BadInput, ExternalError
from pipeline.records import Page
from pipeline.sources import draws
from pipeline.sources.draws import (
    CategoryDraw,
    RandomDraw,
    SiteFacts,
    TitleDraw,
    canonical_url,
    licence_name,
    normal_title,
    page_of_document,
    read_titles,
    site_facts,
    title_of_line,
    unfit_title,
)
from pipeline.sources.mediawiki import HttpAnswer
from pipeline.sources.rate_limit import Missing
from tests.conftest import document

FACTS = SiteFacts(licence="CC BY-SA 4.0", lang="en", article_path="/wiki/$1")


def test_titles_are_read_one_a_line_each_once(tmp_path: Path) -> None:
    path = tmp_path / "titles.txt"
    path.write_text(
        "\ufeff# a comment\n\n Ada_Lovelace \nAda  Lovelace\nC++\nMercury#Planet\r\nNaïve café\n",
        "utf-8",
    )
    assert read_titles(path) == ("Ada Lovelace", "C++", "Mercury", "Naïve café")


@pytest.mark.parametrize("content", [None, b"", b"# only this\n", b"\xff\xfe\x00"])
def test_a_file_without_titles_is_said_so(content: bytes | None, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / "titles.txt").write_bytes(content)
    with pytest.raises(BadInput, match=r"titles\.txt"):
        read_titles(tmp_path / "titles.txt")


def test_a_list_of_titles_without_end_is_said_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(draws, "MAX_TITLES", 1 << 20)
    (tmp_path / "long.txt").write_text("Ada\n" * 300_000)
    with pytest.raises(BadInput, match="larger than 1 MB"):
        read_titles(tmp_path / "long.txt")
    os.mkfifo(tmp_path / "pipe")
    for endless in (Path("/dev/zero"), tmp_path / "pipe"):
        with pytest.raises(BadInput, match="regular file"):
            read_titles(endless)


HERE = "http://brae.test:8080"


@pytest.mark.parametrize(
    ("line", "title"),
    [
        ("Caf%C3%A9_au_lait", "Café au lait"),
        ("2%2B2%3D4", "2+2=4"),
        ("100% Wool", "100% Wool"),
        ("AC/DC_(band)#Members", "AC/DC (band)"),
        (f"{HERE}/wiki/Old_Man%27s_Hill", "Old Man's Hill"),
        (f"{HERE}/wiki/AC/DC#x", "AC/DC"),
        (f"{HERE}/w/index.php?title=Ben_Nevis&action=history", "Ben Nevis"),
        (f"{HERE}/kb/index.php/Ben_Nevis", "Ben Nevis"),
        (f"{HERE}/Ben_Nevis", "Ben Nevis"),
        ("brae.test:8080/wiki/Ben_Nevis", "Ben Nevis"),
        ("//brae.test:8080/wiki/Ben_Nevis", "Ben Nevis"),
        ("[[Ben Nevis]]", "Ben Nevis"),
        ("* [[Ben_Nevis|the mountain]]", "Ben Nevis"),
        ("*NSYNC", "*NSYNC"),
        (f"{HERE}/w/index.php?curid=7", f"{HERE}/w/index.php?curid=7"),
        ("http://elsewhere.test/wiki/Ben", "http://elsewhere.test/wiki/Ben"),
    ],
)
def test_a_title_is_read_as_people_have_it(line: str, title: str) -> None:
    assert title_of_line(line, HERE) == title
    assert (unfit_title(title) is not None) == title.startswith("http")


def test_a_list_that_goes_on_at_the_same_place_again_ends_in_an_error() -> None:
    rows = [{"pageid": 1, "ns": 0, "title": "Hill"}]

    def query(**parameters: Any) -> dict[str, Any]:
        return {"query": {"categorymembers": rows}, "continue": {"cmcontinue": "x"}}

    draw = CategoryDraw("Hills", 0)
    first = draw.more(query, {}, 10)
    with pytest.raises(ExternalError, match="without end"):
        draw.more(query, first.state, 10)


def test_a_list_that_gives_the_same_part_for_every_place_ends_in_an_error() -> None:
    places = itertools.count()

    def query(**parameters: Any) -> dict[str, Any]:
        rows = [{"pageid": 1, "ns": 0, "title": "Hill"}]
        following = {"cmcontinue": f"page|{next(places)}"}
        return {"query": {"categorymembers": rows}, "continue": following}

    draw = CategoryDraw("Hills", 0)
    first = draw.more(query, {}, 10)
    with pytest.raises(ExternalError, match="without end"):
        draw.more(query, first.state, 10)


@pytest.mark.parametrize("kept", [None, 7, ["x"], {"cmcontinue": {"a": 1}}, {"a b": "c"}])
def test_a_place_that_cannot_be_one_is_forgotten(kept: object) -> None:
    asked: list[dict[str, Any]] = []

    def query(**parameters: Any) -> dict[str, Any]:
        asked.append(parameters)
        return {"query": {"random": []}}

    RandomDraw().more(query, {"continue": kept}, 10)
    assert set(asked[0]) == {"list", "rnnamespace", "rnfilterredir", "rnlimit"}


@pytest.mark.parametrize(
    "title",
    [
        "",
        "..",
        "a/../b",
        "./a",
        "a/.",
        "a|b",
        "a[b]",
        "x" * 256,
        "a\x00b",
        "Special:Random",
        "special : Random",
        "Media:X.png",
    ],
)
def test_what_cannot_be_an_article_is_not_asked_for(title: str) -> None:
    assert unfit_title(title)


@pytest.mark.parametrize(
    "title",
    [
        "!",
        "-",
        "...And Justice for All",
        ".hidden",
        "AC/DC",
        "100% Wool",
        "What?",
        "😀",
        "R.E.M.",
        "Specials: the band",
    ],
)
def test_odd_titles_are_asked_for(title: str) -> None:
    assert unfit_title(title) is None and normal_title(title) == title


@pytest.mark.parametrize(
    ("url", "text", "name"),
    [
        (
            "https://creativecommons.org/licenses/by-sa/4.0/deed.en",
            "Creative Commons …",
            "CC BY-SA 4.0",
        ),
        ("//creativecommons.org/licenses/by-sa/3.0/", "", "CC BY-SA 3.0"),
        ("http://creativecommons.org/licenses/by/4.0", "", "CC BY 4.0"),
        ("", "CC-BY-SA-4.0", "CC BY-SA 4.0"),
        ("", "cc by-nc-sa 2.5", "CC BY-NC-SA 2.5"),
        ("https://creativecommons.org/publicdomain/zero/1.0/", "", "CC0 1.0"),
        ("https://opensource.org/license/mit", "MIT", "MIT"),
        ("", "", "unknown"),
    ],
)
def test_licences_get_their_short_names(url: str, text: str, name: str) -> None:
    assert licence_name(url, text) == name


def test_a_site_of_another_shape_is_said_so() -> None:
    with pytest.raises(ExternalError):
        site_facts({"query": {"general": []}})


def reply(html: str) -> HttpAnswer:
    return HttpAnswer(url="http://w.test/wiki/X", status=200, headers={}, body=html.encode())


def page_url(title: str) -> str:
    return "http://w.test/wiki/" + title


def test_a_document_becomes_a_page_with_all_that_attribution_needs() -> None:
    page = page_of_document(reply(document("Town 1", 1)), page_url, FACTS)
    assert isinstance(page, Page)
    assert (page.pageid, page.title, page.revid, page.licence, page.url) == (
        1,
        "Town 1",
        7001,
        "CC BY-SA 4.0",
        "http://w.test/wiki/Town 1",
    )


def test_a_redirect_page_leads_on_and_one_to_nowhere_is_missing() -> None:
    link = '<ul class="redirectText"><li><a href="/wiki/{}" title="{}">x</a></li></ul>'
    leads_on = document(
        "Old", 5, link.format("Sons_%26_daughters", "Sons &amp; daughters"), wgIsRedirect=True
    )
    assert page_of_document(reply(leads_on), page_url, FACTS) == "Sons & daughters"
    for nowhere in (
        link.format("x?action=edit&amp;redlink=1", "Gone (page does not exist)"),
        "<p>nothing</p>",
    ):
        with pytest.raises(Missing):
            page_of_document(reply(document("Old", 5, nowhere, wgIsRedirect=True)), page_url, FACTS)
    with pytest.raises(Missing):
        page_of_document(reply(document("Help:Old", 5, wgNamespaceNumber=12)), page_url, FACTS)


@pytest.mark.parametrize(
    ("href", "url"),
    [
        ("https://w.test/wiki/A%26B#Part", "https://w.test/wiki/A%26B"),
        ("//w.test/wiki/A&amp;B", "https://w.test/wiki/A&B"),
        ("javascript:alert(1)", None),
        ("/wiki/A", None),
        ("http:///", None),
    ],
)
def test_only_web_addresses_are_canonical(href: str, url: str | None) -> None:
    assert canonical_url(f'<head><link rel="canonical" href="{href}"/></head>') == url


def test_a_random_draw_goes_on_where_it_stopped_and_never_ends_by_itself() -> None:
    asked: list[dict[str, Any]] = []

    def ask(**parameters: Any) -> dict[str, Any]:
        asked.append(parameters)
        rows = [
            {"id": len(asked), "ns": 0, "title": f"Town {len(asked)}"},
            {"id": 50, "ns": 2, "title": "User:X"},
        ]
        return {"query": {"random": rows}} | (
            {"continue": {"rncontinue": "7"}} if len(asked) == 1 else {}
        )

    first = RandomDraw().more(ask, {}, 9999)
    second = RandomDraw().more(ask, first.state, 3)
    assert (first.pages, first.exhausted, second.pages, second.exhausted) == (
        [("Town 1", 1)],
        False,
        [("Town 2", 2)],
        False,  # an old wiki gives no continuation: only draws without anything new tell the end
    )
    assert asked[0]["rnlimit"] == 500 and asked[1]["rncontinue"] == "7"


@pytest.mark.parametrize(
    ("depth", "names"), [(0, ["T"]), (1, ["T", "A", "B"]), (5, ["T", "A", "B", "C"])]
)
def test_a_category_is_walked_to_its_depth_and_never_in_circles(
    depth: int, names: list[str]
) -> None:
    tree = {"T": ["A", "B"], "A": ["T", "C"], "B": ["C"], "C": ["T"]}
    asked: list[str] = []

    def ask(**parameters: Any) -> dict[str, Any]:
        name = parameters["cmtitle"].removeprefix("Category:")
        if parameters.get("cmcontinue"):
            return {
                "query": {
                    "categorymembers": [
                        {"pageid": ord(name) + 100, "ns": 0, "title": f"More {name}"}
                    ]
                }
            }
        asked.append(name)
        rows = [{"pageid": ord(name), "ns": 0, "title": f"Page {name}"}]
        rows += [{"pageid": 1, "ns": 14, "title": f"Category:{sub}"} for sub in tree[name]]
        return {"query": {"categorymembers": rows}, "continue": {"cmcontinue": "x"}}

    draw, state, pages, exhausted = (
        CategoryDraw("T", depth),
        dict[str, Any](),
        list[tuple[str, int | None]](),
        False,
    )
    while not exhausted:
        drawn = draw.more(ask, json.loads(json.dumps(state)), 10)
        state, exhausted = drawn.state, drawn.exhausted
        pages += drawn.pages
    assert asked == names
    assert {title for title, _ in pages} == {
        f"{kind} {name}" for kind in ("Page", "More") for name in names
    }


def test_a_list_of_titles_is_named_by_what_it_holds() -> None:
    assert TitleDraw(("a", "b")).what == TitleDraw(("a", "b")).what != TitleDraw(("b", "a")).what
