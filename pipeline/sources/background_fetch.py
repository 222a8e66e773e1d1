"""More pages while a run trains: pipeline.fetch as a process beside it, through the same polite
client.
"""

import shlex
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path


def nameless(options: str) -> str:
    """Options of pipeline.fetch as a run may note them: without the contact address, which is the
    wiki's alone to know.
    """
    words, kept = iter(shlex.split(options)), list[str]()
    for word in words:
        if word == "--contact":
            next(words, None)
        elif not word.startswith("--contact="):
            kept.append(word)
    return shlex.join(kept)


class Fetcher:
    """Asks for more pages in the background, one request at a time; what it could not fetch does
    not stop the training.
    """

    def __init__(self, cache: Path, options: str) -> None:
        self.cache, self.options = cache, shlex.split(options)
        self.log = cache / "fetch-more.log"
        self.process: subprocess.Popen[bytes] | None = None

    def ask(self, pages: int) -> None:
        """Begin to fetch until this many pages gave a pair; nothing while an earlier request is
        under way.
        """
        if self.process is not None:
            return
        command = [
            sys.executable,
            "-m",
            "pipeline.fetch",
            "--n",
            str(pages),
            "--cache",
            str(self.cache.resolve()),
            *self.options,
        ]
        with self.log.open("wb") as log:
            self.process = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=log,
                cwd=Path(__file__).parents[2],
            )

    def arrived(self) -> str | None:
        """None while a request is under way or there was none; else, once, "" for one that ended
        well, or what went wrong.
        """
        if self.process is None or self.process.poll() is None:
            return None
        status, self.process = self.process.returncode, None
        if status == 0:
            return ""
        said = self.log.read_text(encoding="utf-8", errors="replace").strip().splitlines()
        return said[-1] if said else f"it ended with status {status}"

    def close(self) -> None:
        """End a request under way; what came so far is in the cache."""
        if self.process is not None:
            self.process.terminate()
            self.process.wait()
            self.process = None


@contextmanager
def background_fetcher(cache: Path, options: str, *, wanted: bool) -> Iterator[Fetcher | None]:
    """Who asks for pages meanwhile, if wanted; a request under way ends with the block."""
    if not wanted:
        yield None
        return
    with closing(Fetcher(cache, options)) as fetcher:
        yield fetcher
