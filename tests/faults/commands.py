"""The project's commands in forked children: imports are paid for once, so that a run costs a tenth
of a second and can be killed often.

What forks must have no threads of its own; whatever needs some (a server, a network that trains) is
a child too.
"""

import contextlib
import importlib
import importlib.util
import multiprocessing
import os
import re
import runpy
import signal
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
LIMIT = 120  # seconds after which a command is held to hang
COMMANDS = {
    "fetch": "pipeline.fetch",
    "export": "pipeline.export",
    "show": "pipeline.show",
    "model.export": "model.export",
    "train": "train",
    "generate": "generate",
}
HEAVY = ("matplotlib.backends.backend_agg", "matplotlib.figure", "model.inference.engine", "tyro")
HEAVY_EXTRAS = ("gguf", "pyarrow")
FORK = multiprocessing.get_context("fork")


def one_thread() -> None:
    """To be called before torch is imported: what it does on one thread survives a fork."""
    os.environ["OMP_NUM_THREADS"] = "1"


@cache
def warm() -> None:
    """Import what the commands need, and forget their own modules, which are to run as programs."""
    extras = (module for module in HEAVY_EXTRAS if importlib.util.find_spec(module))
    for module in (*COMMANDS.values(), *HEAVY, *extras):
        importlib.import_module(module)
    for module in COMMANDS.values():
        del sys.modules[module]


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a command ended: its status as a shell knows it (negative: killed by that signal), and
    all it said.
    """

    command: str
    status: int
    out: str
    err: str
    seconds: float
    hung: bool = False
    """Whether it had to be killed in the end."""

    def wrong(self, *allowed: int) -> str:
        """What is not as promised: a traceback, a hang, another status than one of these, no line
        or more than one that says why.
        """
        lines = [line for line in self.err.splitlines() if line.startswith("error: ")]
        if "Traceback" in self.err + self.out or "panicked" in self.err:
            return f"{self.command}: a traceback: {self.err.strip()[-300:]}"
        if self.hung:
            return f"{self.command}: hangs"
        if self.status not in allowed:
            return (
                f"{self.command}: status {self.status} and not one of {allowed}:"
                f" {self.err.strip()[-300:]}"
            )
        if self.status in (1, 2) and len(lines) != 1:
            return (
                f"{self.command}: {len(lines)} lines say why it ended with {self.status}:"
                f" {self.err.strip()[-300:]}"
            )
        return ""


class Child:
    """A function running in a forked child, its output in two files of the folder."""

    def __init__(self, name: str, body: Callable[[], object], folder: Path) -> None:
        self.name, self._said = name, folder / f".said-{time.monotonic_ns()}"
        self._began = time.monotonic()
        self._process = FORK.Process(target=_spoken_to_files, args=(body, self._said))
        self._process.start()

    def kill(self, number: signal.Signals) -> None:
        if self._process.pid and self._process.is_alive():
            os.kill(self._process.pid, number)

    def running(self, seconds: float) -> bool:
        """Whether it still runs after so long."""
        self._process.join(seconds)
        return self._process.exitcode is None

    def said(self) -> str:
        """What it has said so far on standard output."""
        file = self._said.with_suffix(".out")
        return file.read_text("utf-8", "replace") if file.exists() else ""

    def memory(self) -> float:
        """MB that it holds in memory, where the system tells."""
        status = Path(f"/proc/{self._process.pid}/status")
        found = (
            re.search(r"^VmRSS:\s*(\d+) kB", status.read_text(), re.MULTILINE)
            if status.exists()
            else None
        )
        return int(found[1]) / 1024 if found else 0.0

    def ended(self, limit: float = LIMIT) -> Ended:
        """Wait for its end, and for no more than the limit."""
        if hung := self.running(limit):
            self._process.kill()
            self._process.join()
        seconds = time.monotonic() - self._began
        said = [self._said.with_suffix(suffix) for suffix in (".out", ".err")]
        out, err = (file.read_text("utf-8", "replace") if file.exists() else "" for file in said)
        for file in said:
            file.unlink(missing_ok=True)
        return Ended(
            command=self.name,
            status=self._process.exitcode or 0,
            out=out,
            err=err,
            seconds=seconds,
            hung=hung,
        )


def _spoken_to_files(body: Callable[[], object], said: Path) -> None:
    """What a child does first: hear signals as a fresh program does, and speak to files."""
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    for stream, suffix in ((sys.stdout, ".out"), (sys.stderr, ".err")):
        target = os.open(said.with_suffix(suffix), os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        os.dup2(target, 1 if stream is sys.stdout else 2)
    sys.stdout = os.fdopen(1, "w", encoding="utf-8", closefd=False)
    sys.stderr = os.fdopen(2, "w", 1, encoding="utf-8", errors="backslashreplace", closefd=False)
    body()


def start(
    command: str, *options: object, folder: Path, before: Callable[[], object] = bool
) -> Child:
    """Start one of the COMMANDS with options in a folder; `before` is done in the child first."""
    warm()
    return Child(
        command,
        partial(_program, command, [str(option) for option in options], folder, before),
        folder,
    )


def done(
    command: str, *options: object, folder: Path, before: Callable[[], object] = bool
) -> Ended:
    """As `start`, to its end."""
    return start(command, *options, folder=folder, before=before).ended()


def _program(command: str, options: list[str], folder: Path, before: Callable[[], object]) -> None:
    os.chdir(folder)
    os.environ.pop("ASKWIKI_CONTACT", None)
    sys.argv = [command, *options]
    before()
    runpy.run_module(COMMANDS[command], run_name="__main__", alter_sys=True)


def in_child(body: Callable[[], object], folder: Path) -> None:
    """Do something that starts threads, such as teaching a network, where they do no harm. Raises
    RuntimeError when it fails.
    """
    warm()
    ended = Child("in_child", body, folder).ended()
    if ended.status:
        raise RuntimeError(ended.err)


def hasten(times: float, **patience: float) -> None:
    """In a child that fetches: the client's time passes so many times faster than the world's, but
    for the sockets' own.
    """
    from pipeline.sources import mediawiki, rate_limit

    given: dict[str, Any] = {"connect": 2.0, "idle": 0.5, "request": 2.0, **patience}
    rate_limit.Pacer = partial(  # type: ignore[misc, assignment]
        rate_limit.Pacer,
        clock=lambda: time.monotonic() * times,
        sleep=lambda seconds: time.sleep(seconds / times),
    )
    mediawiki.RetryPolicy = partial(rate_limit.RetryPolicy, **given)  # type: ignore[misc, assignment]


@contextlib.contextmanager
def background(body: Callable[[], object], folder: Path) -> Iterator[Child]:
    """A child for as long as the block runs."""
    child = Child("background", body, folder)
    try:
        yield child
    finally:
        child.kill(signal.SIGKILL)
        child.ended()
