"""What several test files share: a wiki of a few lines that fails on demand, on a real socket, and
the replay wiki where it is at hand.
"""

import gzip
import json
import os
import signal
import socket
import socketserver
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import pytest
from hypothesis import HealthCheck, settings

# A shell's background job ignores Ctrl-C, and so would every program that a test starts and
# interrupts.
signal.signal(signal.SIGINT, signal.default_int_handler)

settings.register_profile(
    "askwiki", deadline=None, suppress_health_check=[HealthCheck.too_slow]
)  # a busy machine is no failure
settings.load_profile("askwiki")

# Networks of a few thousand weights: a second thread waits longer than it computes, and other tests
# have the core. Read when torch is imported, and by the programs that a test starts.
os.environ.setdefault("OMP_NUM_THREADS", "1")


def pytest_xdist_auto_num_workers() -> int:
    """How many tests run at once: one more than there are cores, as many wait for a program."""
    return min(1 + (os.cpu_count() or 1), 8)


@pytest.fixture
def no_chart(monkeypatch: pytest.MonkeyPatch) -> None:
    """Runs leave an empty loss.png: drawing it takes longer than a tiny epoch.
    tests/model/test_report.py draws it.
    """
    from model import report

    monkeypatch.setattr(report, "draw_losses", lambda rows, path: path.write_bytes(b""))


Behaviour = bytes | Callable[[socket.socket], None]


def document(title: str, pageid: int, text: str | None = None, **config: object) -> str:
    """A page in MediaWiki's shape; the text is ours."""
    figures = {
        "wgArticleId": pageid,
        "wgRevisionId": 7000 + pageid,
        "wgTitle": title,
        "wgNamespaceNumber": 0,
        "wgCategories": [],
        **config,
    }
    body = (
        text
        if text is not None
        else f"<p><b>{title}</b> is a small town in the north of an invented country.</p>"
    )
    return (
        "<!DOCTYPE"
        f" html><html><head><title>{title}</title>"
        f"<script>RLCONF={json.dumps(figures)};</script></head><body>"
        f'<div id="mw-content-text"><div class="mw-parser-output">{body}</div></div></body></html>'
    )


def answer(
    body: str | bytes = "",
    status: int = 200,
    *,
    packed: bool = True,
    close: bool = False,
    **headers: str,
) -> bytes:
    """One whole HTTP answer."""
    raw = body.encode() if isinstance(body, str) else body
    raw = gzip.compress(raw, mtime=0) if packed else raw
    lines = (
        [f"HTTP/1.1 {status} X", f"Content-Length: {len(raw)}"]
        + ["Content-Encoding: gzip"] * packed
        + ["Connection: close"] * close
    )
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + raw


@dataclass
class Request:
    """What the wiki was asked: when, where, and with which headers; `connection` numbers the
    connections.
    """

    at: float
    path: str
    headers: dict[str, str]
    connection: int


@dataclass
class TinyWiki:
    """Pages "Town 1" to "Town 9", their API, and a queue of behaviours that come first: bytes to
    send, or what to do with the socket.
    """

    address: str
    pages: dict[str, int] = field(
        default_factory=lambda: {f"Town {number}": number for number in range(1, 10)}
    )
    first: list[Behaviour] = field(default_factory=list)
    always: Behaviour | None = None
    requests: list[Request] = field(default_factory=list)
    lang: str = "en"
    texts: dict[str, str] = field(default_factory=dict)
    """The HTML of pages that have a text of their own."""

    def paths(self) -> list[str]:
        return [request.path for request in self.requests]

    def respond(self, path: str) -> Behaviour:
        if self.first:
            return self.first.pop(0)
        if self.always is not None:
            return self.always
        url = urlsplit(path)
        if url.path == "/w/api.php":
            return answer(
                json.dumps(
                    self.api({name: values[-1] for name, values in parse_qs(url.query).items()})
                )
            )
        title = unquote(url.path.removeprefix("/wiki/")).replace("_", " ")
        return (
            answer(document(title, self.pages[title], self.texts.get(title)))
            if title in self.pages
            else answer(document(title, 0), 404)
        )

    def api(self, query: dict[str, str]) -> dict[str, object]:
        result: dict[str, object] = {
            "general": {"lang": self.lang, "articlepath": "/wiki/$1"},
            "rightsinfo": {"url": "https://creativecommons.org/licenses/by-sa/4.0/", "text": ""},
        }
        if query.get("list") == "random":
            start, limit = int(query.get("rncontinue", 0)), int(query["rnlimit"])
            rows = [{"id": number, "ns": 0, "title": title} for title, number in self.pages.items()]
            result["random"] = rows[start : start + limit]
            if start + limit < len(rows):
                return {
                    "query": result,
                    "continue": {"rncontinue": str(start + limit), "continue": "-||"},
                }
        if query.get("list") == "categorymembers":
            depth = query["cmtitle"].count("x")
            result["categorymembers"] = [
                {"pageid": depth + 1, "ns": 0, "title": f"Town {depth + 1}", "type": "page"},
                {
                    "pageid": 100 + depth,
                    "ns": 14,
                    "title": query["cmtitle"] + "x",
                    "type": "subcat",
                },
            ]
        return {"query": result}


class TinyWikiServer(socketserver.ThreadingTCPServer):
    """Serves the TinyWiki that is put in its `wiki`."""

    daemon_threads = allow_reuse_address = True
    request_queue_size = 128
    wiki: TinyWiki

    def __init__(
        self, address: tuple[str, int], handler: type[socketserver.BaseRequestHandler]
    ) -> None:
        super().__init__(address, handler)
        self.numbers = iter(range(10**9))

    def handle_error(self, request: object, client_address: object) -> None:
        """Nothing: clients may leave when they like."""


class TinyWikiHandler(socketserver.BaseRequestHandler):
    """One connection."""

    server: TinyWikiServer

    def handle(self) -> None:
        wiki, connection = self.server.wiki, next(self.server.numbers)
        reader = self.request.makefile("rb")
        while line := reader.readline():
            headers = {}
            while header := reader.readline().strip():
                name, _, value = header.decode("latin-1").partition(":")
                headers[name.lower()] = value.strip()
            path = line.decode("latin-1").split()[1]
            wiki.requests.append(Request(time.monotonic(), path, headers, connection))
            behaviour = wiki.respond(path)
            if callable(behaviour):
                behaviour(self.request)
                return
            self.request.sendall(behaviour)
            if b"Connection: close" in behaviour:
                return


@pytest.fixture
def tiny_wiki() -> Iterator[TinyWiki]:
    """A TinyWiki that serves as long as the test runs."""
    server = TinyWikiServer(("127.0.0.1", 0), TinyWikiHandler)
    server.wiki = TinyWiki(f"http://127.0.0.1:{server.server_address[1]}")
    threading.Thread(
        target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
    ).start()
    yield server.wiki
    server.shutdown()
    server.server_close()


@pytest.fixture(scope="session")
def shared() -> Path:
    """The shared material: real pages and a server for them."""
    folder = os.environ.get("ASKWIKI_SHARED")
    if not folder:
        pytest.skip("ASKWIKI_SHARED does not say where the shared material is")
    return Path(folder)


@pytest.fixture
def replay(shared: Path) -> Iterator[Callable[..., str]]:
    """Starts replay wikis: options in, address out."""
    servers = []

    def start(*options: str) -> str:
        command = [sys.executable, str(shared / "wiki/replay.py"), "--port", "0", *options]
        server = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        servers.append(server)
        assert server.stdout
        return server.stdout.readline().split(" at ")[1].split(" ")[0]

    yield start
    for server in servers:
        server.kill()
        server.wait()
