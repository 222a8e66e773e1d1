"""The client on a real socket: every fault ends in the page or in one clear line, and the host is
treated as its rules ask.
"""

import gzip
import socket
import threading
import time
import zlib
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import ExternalError
from pipeline.sources.mediawiki import Wiki
from pipeline.sources.rate_limit import (
    Ambiguous404,
    FetchError,
    Missing,
    Pacer,
    RetryPolicy,
    user_agent,
)
from tests.conftest import Behaviour, TinyWiki, answer, document
from tests.faults.spoilt import PASSING, endless

HASTE = 40  # times faster than real time passes the client's time, but for the sockets'
PATIENCE = RetryPolicy(connect=1, idle=0.4, request=1, page=60, unmet=4, down=20, busy=60)


def client(address: str, *, patience: RetryPolicy = PATIENCE, rate: float = 1000) -> Wiki:
    pacer = Pacer(
        rate,
        api_rate=rate,
        clock=lambda: time.monotonic() * HASTE,
        sleep=lambda seconds: time.sleep(seconds / HASTE),
    )
    return Wiki(address, agent=user_agent("test@askwiki.org"), pacer=pacer, policy=patience)


WHOLE = answer(document("Town 1", 1))
UNASKED = Wiki("http://wiki.test", agent="x", pacer=Pacer(1, api_rate=1))


def spoilt(fault: str) -> Behaviour:
    """What comes in the place of a page."""
    return PASSING[fault](WHOLE, "/wiki/Town_1")


@pytest.mark.parametrize("fault", PASSING)
def test_a_page_comes_in_spite_of(fault: str, tiny_wiki: TinyWiki) -> None:
    tiny_wiki.first = [spoilt(fault)]
    reply = client(tiny_wiki.address).page("Town 1")
    assert "Town 1" in reply.text and reply.body == document("Town 1", 1).encode()
    assert len(tiny_wiki.requests) == 2


@pytest.mark.parametrize(
    "fault",
    ["429", "503", "500", "maxlag", "garbage", "nothing", "reset", "stall", "cut off", "false 404"],
)
def test_the_api_answers_in_spite_of(fault: str, tiny_wiki: TinyWiki) -> None:
    tiny_wiki.first = [spoilt(fault)] * 2
    answer_ = client(tiny_wiki.address).query(meta="siteinfo")
    assert answer_["query"]["general"]["lang"] == "en"
    assert all("maxlag=5" in path for path in tiny_wiki.paths() if "api.php" in path)


@pytest.mark.parametrize("fault", ["garbage", "reset", "500", "cut off"])
def test_a_page_that_stays_broken_is_given_up(fault: str, tiny_wiki: TinyWiki) -> None:
    tiny_wiki.always = spoilt(fault)
    with pytest.raises(FetchError):
        client(tiny_wiki.address).page("Town 1")
    assert 3 <= len(tiny_wiki.requests) <= 8


def test_a_missing_page_is_asked_for_once_and_a_doubtful_one_three_times(
    tiny_wiki: TinyWiki,
) -> None:
    with pytest.raises(Missing):
        client(tiny_wiki.address).page("Nowhere")
    assert len(tiny_wiki.requests) == 1
    tiny_wiki.always = answer("<h1>Not found</h1>", 404)
    with pytest.raises(Ambiguous404):
        client(tiny_wiki.address).page("Nowhere")
    assert len(tiny_wiki.requests) == 4


def test_a_false_404_among_other_faults_makes_no_page_missing(tiny_wiki: TinyWiki) -> None:
    tiny_wiki.first = [
        spoilt(fault) for fault in ("reset", "garbage", "false 404", "500", "false 404")
    ]
    assert "Town 1" in client(tiny_wiki.address).page("Town 1").text


def test_an_api_once_met_whose_404s_go_on_is_in_trouble_and_no_page_is_missing_for_it(
    tiny_wiki: TinyWiki,
) -> None:
    wiki = client(tiny_wiki.address)
    wiki.query(meta="siteinfo")
    tiny_wiki.always = spoilt("false 404")
    with pytest.raises(FetchError) as trouble:
        wiki.api("parse", pageid=1)
    assert not isinstance(trouble.value, Missing)


def test_a_refusal_is_not_asked_again(tiny_wiki: TinyWiki) -> None:
    tiny_wiki.always = answer("Please set a user-agent", 403)
    with pytest.raises(FetchError, match="--contact"):
        client(tiny_wiki.address).page("Town 1")
    with pytest.raises(ExternalError, match="--contact"):
        client(tiny_wiki.address).query(meta="siteinfo")
    # Another place may be the API, or the wiki's own page say which: one request each.
    assert len(tiny_wiki.requests) == 4


@pytest.mark.parametrize(
    "bomb",
    [
        answer(gzip.compress(bytes(100_000_000), 1), packed=False, Content_Encoding="gzip"),
        answer(b"x" * 11_000_000, packed=False),
    ],
)
def test_what_is_larger_than_ten_megabytes_is_left_where_it_is(
    bomb: bytes, tiny_wiki: TinyWiki
) -> None:
    tiny_wiki.always = bomb
    with pytest.raises(FetchError, match="larger than 10 MB"):
        client(tiny_wiki.address).page("Town 1")
    assert len(tiny_wiki.requests) == 1


def test_the_body_of_a_redirect_is_bounded_too(tiny_wiki: TinyWiki) -> None:
    bomb = gzip.compress(bytes(100_000_000), 1)
    tiny_wiki.always = answer(
        bomb, 302, packed=False, Content_Encoding="gzip", Location="/wiki/Town_2"
    )
    with pytest.raises(FetchError, match="larger than 10 MB"):
        client(tiny_wiki.address).page("Town 1")
    assert len(tiny_wiki.requests) == 1


def test_a_body_without_end_ends(tiny_wiki: TinyWiki) -> None:
    tiny_wiki.always = endless
    with pytest.raises(FetchError):
        client(tiny_wiki.address).page("Town 1")


def test_a_retry_after_of_a_day_ends_the_command(tiny_wiki: TinyWiki) -> None:
    tiny_wiki.always = answer("later", 429, Retry_After="86400")
    with pytest.raises(ExternalError, match="24 hours"):
        client(tiny_wiki.address).page("Town 1")


@pytest.mark.parametrize(
    "target",
    [
        "http://127.0.0.1:1/wiki/Town_1",
        "https://{host}/wiki/Town_1",
        "//elsewhere.test/wiki/Town_1",
        "ftp://{host}/",
        "file:///etc/passwd",
        "http://[::1",
    ],
)
def test_no_redirect_leads_away_from_the_host(target: str, tiny_wiki: TinyWiki) -> None:
    tiny_wiki.always = answer(
        "", 301, Location=target.format(host=urlsplit(tiny_wiki.address).netloc)
    )
    with pytest.raises(FetchError):
        client(tiny_wiki.address).page("Town 1")
    assert len(tiny_wiki.requests) == 1


def test_redirects_within_the_host_are_followed_and_circles_left(tiny_wiki: TinyWiki) -> None:
    tiny_wiki.first = [answer("", 301, Location="/wiki/Town_2")]
    assert client(tiny_wiki.address).page("Town 1").url.endswith("/wiki/Town_2")
    tiny_wiki.always = answer("", 302, Location="/wiki/Town_1")
    with pytest.raises(FetchError, match="redirects"):
        client(tiny_wiki.address).page("Town 1")
    assert len(tiny_wiki.requests) == 8


def test_a_host_that_refuses_connections_is_given_up_soon() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        address = f"http://127.0.0.1:{server.getsockname()[1]}"
    with pytest.raises(ExternalError, match="refused"):
        client(address).query(meta="siteinfo")


@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_proxy_that_is_not_there_is_named(scheme: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "all_proxy", "NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv(f"{scheme}_proxy", "http://127.0.0.1:1")
    with pytest.raises(ExternalError, match=f"the proxy that {scheme}_proxy names: it refuses"):
        client(f"{scheme}://wiki.invalid").query(meta="siteinfo")


def test_a_name_that_does_not_resolve_is_said_so() -> None:
    with pytest.raises(ExternalError, match="resolved"):
        client("http://nowhere.invalid").page("Town 1")


def test_what_speaks_no_tls_is_given_up(tiny_wiki: TinyWiki) -> None:
    with pytest.raises(ExternalError):
        client(tiny_wiki.address.replace("http:", "https:")).query(meta="siteinfo")


@pytest.mark.parametrize(
    "body",
    [
        '{"query": []}',
        "[1]",
        '{"batchcomplete": true}',
        '"x"',
        "[" * 100_000,
        "<html>",
        '{"error": {"code": "badvalue", "info": "?"}}',
        '{"error": 7, "query": 8}',
    ],
)
def test_an_api_of_another_shape_ends_in_one_line(body: str, tiny_wiki: TinyWiki) -> None:
    tiny_wiki.always = answer(body)
    with pytest.raises(ExternalError):
        client(tiny_wiki.address).query(meta="siteinfo")


def test_the_api_is_found_where_small_wikis_have_it(
    tiny_wiki: TinyWiki, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = TinyWiki.respond

    def elsewhere(self: TinyWiki, path: str) -> Behaviour:
        return (
            usual(self, "/w" + path) if path.startswith("/api.php") else answer("nothing here", 404)
        )

    monkeypatch.setattr(TinyWiki, "respond", elsewhere)
    wiki = client(tiny_wiki.address)
    wiki.query(meta="siteinfo")
    wiki.query(meta="siteinfo")
    assert [path.partition("?")[0] for path in tiny_wiki.paths()] == [
        "/w/api.php",
        "/api.php",
        "/api.php",
    ]


@pytest.mark.parametrize("other", [("Welcome!", 200), ("no entry", 403), ("nothing here", 404)])
@pytest.mark.parametrize("typed", ["", "/view/Main_Page"])
def test_the_api_is_found_where_a_page_of_the_wiki_says_it_is(
    typed: str, other: tuple[str, int], tiny_wiki: TinyWiki, monkeypatch: pytest.MonkeyPatch
) -> None:
    usual = TinyWiki.respond
    link = '<link rel="EditURI" type="application/rsd+xml" href="/kb/api.php?action=rsd"/>'

    def elsewhere(self: TinyWiki, path: str) -> Behaviour:
        if path.startswith("/kb/api.php"):
            return usual(self, path.replace("/kb/", "/w/"))
        return answer(link) if path in ("/", "/view/Main_Page") else answer(*other)

    monkeypatch.setattr(TinyWiki, "respond", elsewhere)
    wiki = client(tiny_wiki.address + typed)
    assert wiki.query(meta="siteinfo")["query"]["general"]["lang"] == "en"


def test_requests_say_who_asks_and_carry_nothing_else(
    tiny_wiki: TinyWiki, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login secret password secret\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    tiny_wiki.first = [answer(document("Town 1", 1), Set_Cookie="who=me; Path=/")]
    wiki = client(tiny_wiki.address)
    for _ in range(3):
        wiki.page("Town 1")
    for request in tiny_wiki.requests:
        assert request.headers["user-agent"].startswith(
            "AskWiki/0.1 (test@askwiki.org) python-requests/"
        )
        assert request.headers["accept-encoding"] == "gzip"
        assert not {"cookie", "authorization"} & set(request.headers)
    assert {request.connection for request in tiny_wiki.requests} == {0}


def test_when_one_thread_is_asked_to_wait_all_wait(tiny_wiki: TinyWiki) -> None:
    tiny_wiki.first = [answer("slow down", 429, Retry_After="20")]
    wiki = client(tiny_wiki.address, rate=400)
    threads = [
        threading.Thread(target=wiki.page, args=(f"Town {number}",)) for number in range(1, 4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    waited = sorted(request.at - tiny_wiki.requests[0].at for request in tiny_wiki.requests)
    assert all(seconds < 0.1 or seconds > 20 / HASTE * 0.98 for seconds in waited), (
        waited
    )  # those on their way already, and the rest
    assert waited[-1] > 20 / HASTE * 0.98 and len(waited) == 4


@given(
    st.text(
        st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="#<>[]{}|_"),
        min_size=1,
        max_size=80,
    )
)
def test_any_title_becomes_one_path_and_back(title: str) -> None:
    url = urlsplit(UNASKED.page_url(title))
    assert (url.scheme, url.netloc, url.query, url.fragment) == ("http", "wiki.test", "", "")
    assert unquote(url.path) == "/wiki/" + title.replace(" ", "_")
    assert zlib.crc32(url.path.encode("ascii")) >= 0
