"""A wiki that fails on demand: a share of its answers is spoilt in one of many ways."""

import json
import random
import threading
import urllib.request
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, urlsplit

from tests.conftest import Behaviour, TinyWiki, TinyWikiHandler, TinyWikiServer, answer, document
from tests.faults.commands import background
from tests.faults.spoilt import FAULTS, bomb


@dataclass
class FaultyWiki(TinyWiki):
    """TinyWiki with as many pages as one likes, of which shares of the requests fail; counts what
    it did.

    `/__stats__` and `/__served__` tell the counts; `/__faults__?NAME=SHARE` changes the shares.
    """

    shares: dict[str, float] = field(default_factory=dict)
    rng: random.Random = field(default_factory=random.Random)
    spoilt: Counter[str] = field(default_factory=Counter)
    served: Counter[str] = field(default_factory=Counter)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def respond(self, path: str) -> Behaviour:
        url = urlsplit(path)
        if url.path == "/__stats__":
            return answer(json.dumps(self.stats()), packed=False)
        if url.path == "/__served__":
            return answer(json.dumps(self.served), packed=False)
        if url.path == "/__faults__":
            self.shares = {name: float(share) for name, share in parse_qsl(url.query)}
            return answer("{}", packed=False)
        right = super().respond(path)
        assert isinstance(right, bytes)
        with self.lock:
            draw = self.rng.random()
            for name, share in self.shares.items():
                draw -= share
                if draw < 0:
                    self.spoilt[name] += 1
                    return FAULTS[name](right, path)
            self.served[path if url.path.startswith("/wiki/") else "API"] += 1
        return right

    def api(self, query: dict[str, str]) -> dict[str, object]:
        if query.get("action") != "parse":
            return super().api(query)
        title = next(
            title for title, number in self.pages.items() if str(number) == query["pageid"]
        )
        body = document(title, self.pages[title]).partition("<body>")[2]
        return {
            "parse": {
                "title": title,
                "pageid": self.pages[title],
                "revid": 7000 + self.pages[title],
                "text": body,
                "categories": [],
            }
        }

    def stats(self) -> dict[str, int]:
        pages = [count for path, count in self.served.items() if path != "API"]
        return {
            "faulty": sum(self.spoilt.values()),
            "served": len(pages),
            "api": self.served["API"],
            "requests": len(self.requests),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """A faulty wiki in a process of its own, by its address."""

    address: str

    def stats(self) -> dict[str, int]:
        return self._ask("/__stats__")

    def times_served(self) -> Counter[str]:
        """How often each page was given as it is, by its title."""
        served = self._ask("/__served__").items()
        return Counter(
            {path.removeprefix("/wiki/").replace("_", " "): count for path, count in served}
        )

    def fetched_again(self, kept: Collection[str], earlier: Counter[str]) -> str:
        """What is wrong where pages that a cache had were served since `earlier`. One that was on
        its way when a command ended, or came too slowly for it, may be served again.
        """
        now = self.times_served()
        again = sorted(title for title in kept if now[title] > earlier[title])
        return f"{len(again)} pages of the cache were fetched again: {again[:3]}" if again else ""

    def fail(self, shares: Mapping[str, float]) -> None:
        """From now on these shares of the requests fail."""
        self._ask(
            "/__faults__?" + "&".join(f"{quote(name)}={share}" for name, share in shares.items())
        )

    def _ask(self, path: str) -> Any:
        with urllib.request.urlopen(self.address + path, timeout=30) as reply:
            return json.load(reply)


@contextmanager
def serving(
    folder: Path, *, pages: int = 60, shares: Mapping[str, float] | None = None, seed: int = 0
) -> Iterator[Served]:
    """A wiki of so many pages for as long as the block runs."""
    server = TinyWikiServer(("127.0.0.1", 0), TinyWikiHandler)
    server.wiki = FaultyWiki(
        f"http://127.0.0.1:{server.server_address[1]}",
        pages={f"Town {n}": n for n in range(1, pages + 1)},
        shares=dict(shares or {}),
        rng=random.Random(seed),
    )
    if server.wiki.shares:
        bomb()  # made before the clock runs
    with background(partial(server.serve_forever, 0.02), folder):
        address = server.wiki.address
        server.socket.close()
        yield Served(address=address)
