"""The embedded sample as a small MediaWiki on loopback: short pages of our own, for the same client
that reads Wikipedia.

It speaks the part of MediaWiki that the client uses: `/w/api.php` with `list=random`,
`list=categorymembers` and `meta=siteinfo` (`formatversion=2`), and `/wiki/Title` with a skin around
the page and its figures in the head's script.
"""

import gzip
import html
import json
import random
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from importlib.resources import files
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, quote, unquote, urlsplit

HOME = (  # where a page can be read when no server runs
    "https://github.com/askwiki/askwiki/blob/main/pipeline/sources/sample/pages/"
)
RIGHTS = {
    "url": "https://opensource.org/license/mit",
    "text": "MIT",
}  # the pages are ours, like the code

SKIN = """<!DOCTYPE html>
<html class="client-nojs" lang="en" dir="ltr">
<head><meta charset="UTF-8"><title>{title} - AskWiki sample</title>
<script>document.documentElement.className="client-js";RLCONF={config};RLSTATE={{"site.styles":"ready"}};</script>
<link rel="canonical" href="{url}"></head>
<body class="mediawiki ltr sitedir-ltr ns-0 ns-subject skin-vector action-view">
<main id="content" class="mw-body">
<div id="siteNotice">Pages of our own, for trying things out.</div>
<h1 id="firstHeading" class="firstHeading mw-first-heading">
<span class="mw-page-title-main">{title}</span></h1>
<div id="bodyContent" class="vector-body">
<div id="siteSub" class="noprint">From the AskWiki sample</div>
<div id="mw-content-text" class="mw-body-content">{content}
<div class="printfooter">Retrieved from "<a dir="ltr" href="{url}">{url}</a>"</div></div>
<div id="catlinks" class="catlinks"><ul>{categories}</ul></div></div></main>
<div id="mw-navigation"><h2>Navigation menu</h2><p>Contents</p></div>
<footer id="footer"><p>The text is under the MIT License.</p></footer></body>
</html>
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class SamplePage:
    """One page of the sample: its figures, and its content as MediaWiki's legacy parser or Parsoid
    would give it.
    """

    pageid: int
    revid: int
    title: str
    parser: str
    categories: tuple[str, ...]
    content: str


def read_pages() -> list[SamplePage]:
    """All pages of the sample, by page id. A file's first line is a comment that holds the page's
    figures in JSON.
    """
    texts = (
        file.read_text("utf-8")
        for file in files(__package__).joinpath("pages").iterdir()
        if file.name.endswith(".html")
    )
    return sorted(map(_read_page, texts), key=lambda page: page.pageid)


def _read_page(text: str) -> SamplePage:
    head, content = text.split("\n", 1)
    figures = json.loads(head.removeprefix("<!--").removesuffix("-->"))
    return SamplePage(**figures | {"categories": tuple(figures["categories"])}, content=content)


class SampleServer(ThreadingHTTPServer):
    """The pages, in the hidden but fixed order that `list=random` goes through, behind a free port
    of 127.0.0.1.
    """

    daemon_threads = True

    def __init__(self, pages: list[SamplePage]) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.origin = f"http://127.0.0.1:{self.server_port}"
        self.shuffled = random.Random(1).sample(pages, len(pages))
        self.by_title = {page.title: page for page in pages}

    def handle_error(self, request: Any, client_address: Any) -> None:
        if not isinstance(sys.exception(), ConnectionError):  # a client that hangs up is no error
            super().handle_error(request, client_address)


class Handler(BaseHTTPRequestHandler):
    """Answers one connection, kept open between requests."""

    server: SampleServer
    protocol_version = "HTTP/1.1"
    # head and body leave together: apart, each answer would wait for the other side's delayed
    # acknowledgement
    wbufsize = -1

    def do_GET(self) -> None:
        url = urlsplit(self.path)
        if url.path == "/w/api.php":
            query = {
                name: values[-1]
                for name, values in parse_qs(url.query, keep_blank_values=True).items()
            }
            return self.answer(
                HTTPStatus.OK,
                json.dumps(_api(self.server, query), ensure_ascii=False),
                "application/json",
            )
        title = unquote(url.path.removeprefix("/wiki/")).replace("_", " ").strip()
        page = self.server.by_title.get(title[:1].upper() + title[1:])
        if page is None or not url.path.startswith("/wiki/"):
            return self.answer(
                HTTPStatus.NOT_FOUND,
                "<p>This wiki has no article with this exact name.</p>",
                "text/html",
            )
        self.answer(HTTPStatus.OK, _document(page), "text/html")

    def answer(self, status: HTTPStatus, text: str, kind: str) -> None:
        body, headers = (
            text.encode(),
            {"Content-Type": f"{kind}; charset=utf-8", "Vary": "Accept-Encoding"},
        )
        if "gzip" in self.headers.get("Accept-Encoding", ""):
            body, headers["Content-Encoding"] = gzip.compress(body, 1), "gzip"
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: object) -> None:
        """Nothing: standard error is the command's that is being served."""


def _document(page: SamplePage) -> str:
    name = page.title.replace(" ", "_")
    config = {
        "wgNamespaceNumber": 0,
        "wgPageName": name,
        "wgTitle": page.title,
        "wgArticleId": page.pageid,
        "wgRevisionId": page.revid,
        "wgCurRevisionId": page.revid,
        "wgIsArticle": True,
        "wgIsRedirect": False,
        "wgAction": "view",
        "wgCategories": page.categories,
        "wgPageContentLanguage": "en",
        "wgPageContentModel": "wikitext",
    }
    links = (
        f'<li><a href="/wiki/Category:{quote(kind.replace(" ", "_"))}">{html.escape(kind)}</a></li>'
        for kind in page.categories
    )
    return SKIN.format(
        title=html.escape(page.title),
        config=json.dumps(config).replace("<", "\\u003C"),
        content=page.content,
        url=f"{HOME}{quote(name)}.html",
        categories="".join(links),
    )


def _api(wiki: SampleServer, query: dict[str, str]) -> dict[str, Any]:
    """What the Action API says: results, or an `error` object, which MediaWiki too sends with
    status 200.
    """
    if query.get("action") != "query" or query.get("format") != "json":
        return _error("badvalue", "Only action=query with format=json is answered here.")
    out: dict[str, Any] = {"batchcomplete": True, "query": {}}
    if query.get("meta") == "siteinfo":
        out["query"] = {
            "general": {
                "sitename": "AskWiki sample",
                "generator": "AskWiki sample",
                "lang": "en",
                "case": "first-letter",
                "server": wiki.origin,
                "articlepath": "/wiki/$1",
                "scriptpath": "/w",
            },
            "rightsinfo": RIGHTS,
        }
    match query.get("list"):
        case None:
            return out
        case "random":
            prefix, identity, pages = "rn", "id", wiki.shuffled
        case "categorymembers":
            prefix, identity, pages = "cm", "pageid", _members(wiki, query)
        case other:
            return _error("badvalue", f'Unrecognized value for parameter "list": {other}.')
    limit, start = (
        query.get(f"{prefix}limit", "1").replace("max", "500"),
        query.get(f"{prefix}continue", "0"),
    )
    if not (limit.isdecimal() and start.isdecimal()):
        return _error(
            "badinteger", f'Invalid value for parameter "{prefix}limit" or "{prefix}continue".'
        )
    end = int(start) + max(1, min(500, int(limit)))
    out["query"][query["list"]] = [
        {identity: page.pageid, "ns": 0, "title": page.title} for page in pages[int(start) : end]
    ]
    if end < len(pages):
        out["continue"] = {f"{prefix}continue": str(end), "continue": "-||"}
    return out


def _members(wiki: SampleServer, query: dict[str, str]) -> list[SamplePage]:
    if "page" not in query.get("cmtype", "page").split("|"):
        return []  # the sample has no subcategories and no files
    name = query.get("cmtitle", "").partition(":")[2].replace("_", " ")
    return sorted(
        (page for page in wiki.shuffled if name in page.categories), key=lambda page: page.title
    )


def _error(code: str, info: str) -> dict[str, Any]:
    return {"error": {"code": code, "info": info}}


@contextmanager
def serving() -> Iterator[str]:
    """The sample's wiki on a free port of 127.0.0.1 for as long as the block runs: yields its
    address, `http://127.0.0.1:PORT`.
    """
    server = SampleServer(read_pages())
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield server.origin
    finally:
        server.shutdown()
        server.server_close()
