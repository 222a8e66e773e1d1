"""Requests that fail in every way: what was fetched stays, and once the wiki is well again nothing
is missing and nothing is wrong.
"""

import random
import socket
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from functools import partial
from pathlib import Path

from tests.faults import material
from tests.faults.commands import Ended, done, hasten
from tests.faults.core import Outcome, Trial
from tests.faults.spoilt import LASTING, PASSING
from tests.faults.wiki import Served, serving

RUNS = 8  # of the same command, before the wiki is made well


def trials() -> Iterator[Trial]:
    for name in PASSING:
        yield Trial(
            area="network", fault=name, run=partial(fetching, shares={name: 0.3}, pages=60), soak=3
        )
    for name in LASTING:
        yield Trial(
            area="network", fault=name, run=partial(fetching, shares={name: 0.1}, pages=40), soak=2
        )
        yield Trial(
            area="network",
            fault=name,
            run=partial(fetching, shares={name: 1.0}, pages=5, runs=1),
            quick="bomb" not in name,
        )
    yield Trial(
        area="network",
        fault="all that pass, mixed: 40% of requests",
        run=partial(mixed, pages=260),
        soak=70,
    )
    yield Trial(
        area="network",
        fault="all of them, mixed: 10% of requests",
        run=partial(everything, pages=60),
        soak=3,
        quick=True,
    )
    yield Trial(
        area="network",
        fault="no such name (DNS)",
        run=partial(nobody, "http://nowhere.invalid"),
        soak=3,
        quick=True,
    )
    yield Trial(area="network", fault="connection refused", run=refused, soak=3, quick=True)
    yield Trial(area="network", fault="TLS failure", run=no_tls, soak=3, quick=True)


def fetching(
    folder: Path, rng: random.Random, *, shares: Mapping[str, float], pages: int, runs: int = RUNS
) -> Outcome:
    """Fetch a wiki whose requests fail by these shares, again and again until all came; then once
    more, the wiki well again.
    """
    outcome, cache = Outcome(), folder / "cache"
    with serving(folder, pages=pages, shares=shares, seed=rng.randrange(1 << 30)) as wiki:
        for _ in range(runs):
            before, earlier = material.kept_titles(cache), wiki.times_served()
            ended = _fetch(folder, wiki, cache, pages)
            _judge(outcome, ended, before, cache, pages)
            if again := wiki.fetched_again(before, earlier):
                outcome.lost.append(again)
            if ended.status == 0 and len(material.read_pairs(cache)) == pages:
                break
        stats = wiki.stats()
        outcome.faulty = outcome.tried = stats["faulty"]
        wiki.fail({})
        last = _fetch(folder, wiki, cache, pages, before=material.CALM)
        if wrong := last.wrong(0):
            outcome.lost.append(f"the wiki well again: {wrong}")
        elif material.asked_and_answered(material.read_pairs(cache)) != material.whole_pairs(pages):
            outcome.lost.append("the wiki well again: pairs are missing or wrong")
    return outcome


def mixed(folder: Path, rng: random.Random, *, pages: int) -> Outcome:
    return fetching(folder, rng, shares={name: 0.4 / len(PASSING) for name in PASSING}, pages=pages)


def everything(folder: Path, rng: random.Random, *, pages: int) -> Outcome:
    shares = {name: 0.08 / len(PASSING) for name in PASSING} | {
        name: 0.02 / len(LASTING) for name in LASTING
    }
    return fetching(folder, rng, shares=shares, pages=pages)


def _fetch(
    folder: Path,
    wiki: Served,
    cache: Path,
    pages: int,
    *,
    before: Callable[[], object] = material.HASTY,
) -> Ended:
    return done("fetch", *material.fetch_options(wiki, cache, pages), folder=folder, before=before)


def _judge(outcome: Outcome, ended: Ended, before: set[str], cache: Path, pages: int) -> None:
    """A fetch may succeed or end in a line; whatever it leaves is right, and holds what was there
    before.
    """
    outcome.commands += 1
    outcome.succeeded += ended.status == 0
    outcome.told += ended.status == 1
    if wrong := ended.wrong(0, 1):
        outcome.lost.append(wrong)
    if lost := before - material.kept_titles(cache):
        outcome.lost.append(f"pages that were kept are gone: {sorted(lost)[:3]}")
    right, found = (
        material.whole_pairs(pages),
        material.asked_and_answered(material.read_pairs(cache)),
    )
    if wrong_pairs := [title for title, pair in found.items() if right.get(title) != pair]:
        outcome.lost.append(f"wrong pairs were taken for right: {wrong_pairs[:3]}")


def nobody(address: str, folder: Path, rng: random.Random) -> Outcome:
    """An address where nobody answers as they should: one line, status 1, and soon."""
    ended = done(
        "fetch",
        "--site",
        address,
        *material.CONTACT,
        "--cache",
        folder / "cache",
        "--n",
        3,
        folder=folder,
        before=partial(hasten, 10),
    )
    wrong = ended.wrong(1)
    return Outcome(tried=1, faulty=1, commands=1, told=not wrong, lost=[wrong] if wrong else [])


def refused(folder: Path, rng: random.Random) -> Outcome:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    return nobody(f"http://127.0.0.1:{port}", folder, rng)


def no_tls(folder: Path, rng: random.Random) -> Outcome:
    """A server without TLS: it closes on what it does not understand. (An HTTP server would wait
    for the end of a line, which a greeting in TLS has or has not by chance.)
    """
    with socket.create_server(("127.0.0.1", 0)) as server:

        def turn_away() -> None:
            with suppress(OSError):  # the server was closed
                while True:
                    connection, _ = server.accept()
                    with connection:
                        connection.recv(4096)
                        connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")

        threading.Thread(target=turn_away, daemon=True).start()
        return nobody(f"https://127.0.0.1:{server.getsockname()[1]}", folder, rng)
