"""python -m tests.faults.day: a day's fetching from Wikipedia's replay in eight minutes, its limits
watched and its memory measured.

The server's clock and the client's run many times faster than the world's, so a second, a minute
and a Retry-After mean to both what they mean to Wikipedia. Its pages are invented, as many as a day
brings.
"""

import argparse
import json
import lzma
import os
import re
import runpy
import signal
import sys
import tempfile
import time
import types
import urllib.request
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from tests.faults import material
from tests.faults.commands import Child, Ended, background, hasten, one_thread, start
from tests.faults.report import put

RATE = 2  # requests a second: what a client without a contact allows itself
API_LIMIT = 10  # calls a minute: what Wikipedia allows one
PATIENCE = {
    "idle": 2.0,
    "unmet": 3600.0,
    "page": 3600.0,
    "down": 3600.0,
    "busy": 3600.0,
}  # a second is minutes to it
FAULTS = "429=.001,503=.001,maxlag=.001,garbage=.001,reset=.001,truncate=.001,404=.0005"


@dataclass(slots=True, kw_only=True)
class Day:
    """What was seen; `memory` is the client's in MB at the end of each hour."""

    hours: float
    speed: float
    memory: list[float] = field(default_factory=list)
    stats: dict[str, Any] = field(default_factory=dict)
    kept: int = 0
    ended: Ended | None = None

    def broken(self) -> list[str]:
        """The promises that did not hold."""
        found = [self.ended.wrong(0, 130)] if self.ended else ["it did not end"]
        if not set(self.stats["status"]) <= {"200", "404", "429", "503"} or self.refused():
            found.append(f"over a limit: {self.refused()} requests were refused for being too many")
        if (
            self.stats["busiest_second"] > 20
            or self.stats["busiest_api_minute"] > API_LIMIT
            or self.stats["peak_concurrency"] > 3
        ):
            found.append(f"over a limit: {self.stats}")
        if self.stats["pages_served_again"] > 3:
            found.append(f"{self.stats['pages_served_again']} pages were served again")
        if self.growth() > 40:
            found.append(f"memory grew by {self.growth():.0f} MB")
        return [line for line in found if line]

    def refused(self) -> int:
        """429s that were no injected fault: the injected ones ask to wait for one second, the
        limit's for two.
        """
        return int(self.stats.get("refused", 0))

    def growth(self) -> float:
        """From the second hour, when all is loaded, to the last."""
        return self.memory[-1] - self.memory[min(1, len(self.memory) - 1)] if self.memory else 0.0

    def text(self) -> str:
        marks = [
            f"{self.memory[hour - 1]:.0f} MB after {hour} h"
            for hour in (1, 2, 6, 12, 18, 24)
            if hour <= len(self.memory)
        ]
        stats = self.stats
        return (
            f"{self.hours:g} simulated hours at {self.speed:g} times the world's pace, against the"
            f" replay server at Wikipedia's limits for a client without a contact ({API_LIMIT} API"
            " calls a minute, 20 requests a second, none too early).\n\n| | |\n|---|---|\n|"
            f" requests | {sum(stats['requests'].values()):,} |\n| pages kept | {self.kept:,} |\n|"
            f" busiest second | {stats['busiest_second']} requests |\n| busiest minute of the API |"
            f" {stats['busiest_api_minute']} calls |\n| most at once | {stats['peak_concurrency']}"
            f" |\n| faults put in the way | {stats['faults_injected']:,} |\n| refused for being too"
            f" many | {self.refused()} |\n| sent before a Retry-After had passed |"
            f" {stats['came_before_retry_after']}, on their way already when it was said |\n| pages"
            f" served again | {stats['pages_served_again']} |\n| memory of the client |"
            f" {', '.join(marks)} |\n| not as promised | {'; '.join(self.broken()) or 'nothing'} |"
        )


def write_pages(path: Path, count: int) -> None:
    """Records such as the replay server serves; the text is ours."""
    with lzma.open(path, "wt", preset=0, encoding="utf-8") as out:
        for number in range(1, count + 1):
            html = (
                f'<div class="mw-parser-output"><p><b>Town {number}</b> is a small town in the'
                f" north of an invented country. It has {number % 97 + 2} mills.</p></div>"
            )
            out.write(
                json.dumps(
                    {
                        "title": f"Town {number}",
                        "pageid": number,
                        "revid": number,
                        "html": html,
                        "categories": ["Towns"],
                        "wikibase_item": None,
                        "description": None,
                        "disambiguation": False,
                    }
                )
                + "\n"
            )


def serve(replay: Path, pages: Path, speed: float) -> None:
    """The replay server, its own code, with a clock that runs fast."""
    fast = types.SimpleNamespace(
        monotonic=lambda: time.monotonic() * speed,
        sleep=lambda seconds: time.sleep(seconds / speed),
    )
    sys.argv = [
        "replay.py",
        "--port",
        "0",
        "--pages",
        str(pages),
        "--api-rate",
        str(API_LIMIT),
        "--latency",
        "300",
        "--faults",
        FAULTS,
    ]
    names = runpy.run_path(str(replay), run_name="replay")
    handler = names["Handler"]
    names["main"].__globals__["time"] = fast
    refused = 0

    def wait(self: Any, status: int, seconds: float, *rest: Any, usual: Any = handler.wait) -> Any:
        nonlocal refused
        refused += seconds == 2
        return usual(self, status, seconds, *rest)

    def report(self: Any, usual: Any = names["Stats"].report) -> Any:
        return usual(self) | {"refused": refused}

    handler.wait, names["Stats"].report = wait, report
    names["main"]()


def day(hours: float, speed: float, replay: Path, folder: Path) -> Day:
    """Fetch for so many simulated hours, then stop as a user would."""
    pages = folder / "pages.jsonl.xz"
    write_pages(pages, round(hours * 3600 * RATE * 1.05) + 1000)
    seen = Day(hours=hours, speed=speed)
    with background(partial(serve, replay, pages, speed), folder) as server:
        site = address(server)
        client = start(
            "fetch",
            "--site",
            site,
            "--cache",
            folder / "cache",
            "--n",
            10**7,
            folder=folder,
            before=partial(hasten, speed, **PATIENCE),
        )
        began = time.monotonic()
        while (hour := len(seen.memory) + 1) <= hours:
            if not client.running(max(0.01, began + hour * 3600 / speed - time.monotonic())):
                break
            seen.memory.append(client.memory())
            print(f"hour {hour}: {seen.memory[-1]:.0f} MB", flush=True)
        client.kill(signal.SIGTERM)
        seen.ended = client.ended()
        seen.stats = json.load(urllib.request.urlopen(f"{site}/__stats__"))
        seen.kept = len(material.kept_titles(folder / "cache"))
    return seen


def address(server: Child) -> str:
    """What the server says of where it is, once it has read its pages."""
    while not (said := re.search(r"at (http://\S+)", server.said())):
        if not server.running(0.1):
            raise RuntimeError(server.ended().err)
    return said[1]


def main() -> int:
    parser = argparse.ArgumentParser(
        prog="python -m tests.faults.day", description=__doc__.splitlines()[0]
    )
    parser.add_argument("--hours", type=float, default=24)
    parser.add_argument(
        "--speed", type=float, default=180, help="times faster than the world's clock"
    )
    options = parser.parse_args()
    one_thread()
    shared = os.environ.get("ASKWIKI_SHARED")
    if not shared:
        print("ASKWIKI_SHARED does not say where the replay server is: no day is simulated")
        return 0
    with tempfile.TemporaryDirectory(prefix="askwiki-day-") as scratch:
        seen = day(options.hours, options.speed, Path(shared) / "wiki/replay.py", Path(scratch))
    print(seen.text())
    if options.hours >= 24:
        put("day", seen.text())
    return 1 if seen.broken() else 0


if __name__ == "__main__":
    sys.exit(main())
