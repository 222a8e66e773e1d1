"""A whole fetch from a real MediaWiki whose database lags and whose server answers 429, now and
then, while it runs.

`disturbed` needs the folder of a running wiki, whose files `lag` and `http-fault` switch its
troubles on and off.
"""

import contextlib
import json
import os
import random
import re
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.faults.report import put

ROOT = Path(__file__).resolve().parents[2]
TROUBLES = (("lag", "7"), ("http-fault", "429 1"))


@dataclass(slots=True, kw_only=True)
class Switches:
    """Turns a wiki's troubles on and off, by chance, from a thread of its own."""

    folder: Path
    rng: random.Random = field(default_factory=lambda: random.Random(5))
    switched: dict[str, int] = field(default_factory=dict)

    @contextlib.contextmanager
    def at_work(self) -> Iterator[None]:
        stop = threading.Event()
        thread = threading.Thread(target=self._switch, args=(stop,))
        thread.start()
        try:
            yield
        finally:
            stop.set()
            thread.join()
            for name, _ in TROUBLES:
                (self.folder / name).unlink(missing_ok=True)

    def _switch(self, stop: threading.Event) -> None:
        while not stop.wait(self.rng.uniform(0.2, 0.8)):
            name, trouble = self.rng.choice(TROUBLES)
            (self.folder / name).write_text(trouble)
            self.switched[name] = self.switched.get(name, 0) + 1
            stop.wait(self.rng.uniform(0.2, 1.0))
            (self.folder / name).unlink()


@dataclass(slots=True, kw_only=True)
class Fetched:
    pairs: list[dict[str, Any]]
    seconds: float


def fetch(site: str, cache: Path, *, rate: int) -> Fetched:
    """The whole wiki. Raises CalledProcessError unless the command ends well."""
    began = time.monotonic()
    subprocess.run(
        [
            sys.executable,
            "-m",
            "pipeline.fetch",
            "--site",
            site,
            "--contact",
            "me@askwiki.org",
            "--cache",
            str(cache),
            "--rate",
            str(rate),
            "--n",
            "1000",
        ],
        cwd=ROOT,
        check=True,
        capture_output=True,
        timeout=900,
    )
    rows = [json.loads(line) for line in (cache / "pairs.jsonl").read_text("utf-8").splitlines()]
    return Fetched(
        pairs=sorted(rows, key=lambda row: (row["pageid"], row["question"])),
        seconds=time.monotonic() - began,
    )


def disturbed(
    site: str, switches: Path, folder: Path, *, rate: int = 100
) -> tuple[Fetched, Fetched, Switches]:
    """A fetch in peace, one in trouble, and what the trouble was; at so many requests a second."""
    peaceful = fetch(site, folder / "peace", rate=rate)
    trouble = Switches(folder=switches)
    with trouble.at_work():
        return peaceful, fetch(site, folder / "trouble", rate=rate), trouble


@contextlib.contextmanager
def running(shared: Path, folder: Path) -> Iterator[str]:
    """The shared material's MediaWiki, by its address."""
    up, pages = shared / "mediawiki/mediawiki-up", shared / "mediawiki/pages"
    subprocess.run(
        [str(up), "start", str(folder), "--pages", str(pages), "--port", "0"],
        check=True,
        capture_output=True,
    )
    try:
        api = re.search(r"^api=(.*)$", (folder / "env").read_text(), re.MULTILINE)
        yield api[1].removesuffix("/w/api.php") if api else ""
    finally:
        subprocess.run([str(up), "stop", str(folder)], check=False, capture_output=True)


def main() -> int:
    shared = Path(os.environ.get("ASKWIKI_SHARED", ""))
    if os.name != "posix" or os.geteuid() or not (shared / "mediawiki/mediawiki-up").exists():
        print("a real MediaWiki can be started by root alone, from the shared material: none is")
        return 0
    with tempfile.TemporaryDirectory(prefix="askwiki-wiki-") as scratch:
        wiki = Path(scratch) / "wiki"
        with running(shared, wiki) as site:
            peaceful, troubled, trouble = disturbed(site, wiki, Path(scratch), rate=10)
    same = peaceful.pairs == troubled.pairs
    lags, refusals = (trouble.switched.get(name, 0) for name in ("lag", "http-fault"))
    text = (
        "A real MediaWiki 1.39 with 339 pages, fetched whole twice. In peace:"
        f" {len(peaceful.pairs)} pairs in {peaceful.seconds:.0f} s. While its database claimed 7"
        f" seconds of lag {lags} times and every request was answered 429 {refusals} times, each"
        f" for up to a second: {len(troubled.pairs)} pairs in {troubled.seconds:.0f} s,"
        f" {'the same to the letter' if same else '**not the same**'}."
    )
    print(text)
    put("mediawiki", text)
    return 0 if same else 1


if __name__ == "__main__":
    sys.exit(main())
