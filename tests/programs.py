"""The programs of the project as processes of their own, without the wait for their imports.

Python needs two seconds to import torch. So one process imports everything, once for each process
that runs tests, and forks for every program that a test starts: what it starts has its own memory,
signals and exit status, as if it had been started from a shell.
"""

import io
import multiprocessing
import os
import runpy
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]
FORKSERVER = multiprocessing.get_context("forkserver")
FORKSERVER.set_forkserver_preload(
    [
        *("train", "generate", "pipeline.fetch", "pipeline.export", "pipeline.show"),
        *("model.export.__main__", "model.inference.engine", "model.checkpoint"),
        *("tyro", "matplotlib.figure", "matplotlib.backends.backend_agg"),
    ]
)


class Program:
    """A program that runs: `words` as they would stand behind `python`. What a test needs of
    subprocess.Popen is called as it is there.
    """

    def __init__(
        self, words: Sequence[str], *, stdin: str = "", env: Mapping[str, str] | None = None
    ) -> None:
        self.words = list(words)
        self._folder = tempfile.TemporaryDirectory()
        self._files = [Path(self._folder.name) / name for name in ("in", "out", "err")]
        self._files[0].write_text(stdin, encoding="utf-8")
        self._process = FORKSERVER.Process(
            target=_become, args=(self.words, dict(env or os.environ), self._files)
        )
        self._process.start()

    @property
    def pid(self) -> int:
        assert self._process.pid
        return self._process.pid

    @property
    def returncode(self) -> int | None:
        return self._process.exitcode

    def send_signal(self, number: signal.Signals) -> None:
        if self._process.is_alive():
            os.kill(self.pid, number)

    def communicate(self, timeout: float = 120) -> tuple[str, str]:
        """Wait for its end; what it wrote to standard output and to standard error."""
        self._process.join(timeout)
        if self._process.exitcode is None:
            self._process.kill()
            self._process.join()
            raise subprocess.TimeoutExpired(self.words, timeout, stderr=self.texts()[1].encode())
        out, err = self.texts()
        self._folder.cleanup()
        return out, err

    def texts(self) -> list[str]:
        """What it has written so far to standard output and to standard error."""
        return [
            file.read_text(encoding="utf-8", errors="replace") if file.exists() else ""
            for file in self._files[1:]
        ]


def run(
    words: Sequence[object],
    *,
    stdin: str = "",
    env: Mapping[str, str] | None = None,
    timeout: float = 120,
) -> subprocess.CompletedProcess[str]:
    """Run a program to its end; words that are no text, such as paths, are written as one."""
    program = Program([str(word) for word in words], stdin=stdin, env=env)
    out, err = program.communicate(timeout)
    assert program.returncode is not None
    return subprocess.CompletedProcess(program.words, program.returncode, out, err)


def _become(words: list[str], env: dict[str, str], files: Sequence[Path]) -> None:
    """In the forked process: be the program, with these files for its standard streams."""
    for number, file in enumerate(files):
        how = os.O_RDONLY if number == 0 else os.O_WRONLY | os.O_CREAT | os.O_APPEND
        os.dup2(os.open(file, how, 0o600), number)
    sys.stdin = io.TextIOWrapper(io.FileIO(0, closefd=False), encoding="utf-8")
    os.environ.clear()
    os.environ.update(env)
    os.chdir(ROOT)
    if words[0] == "-m":
        sys.argv = words[1:]
        sys.modules.pop(words[1], None)  # else runpy warns that it is there already
        runpy.run_module(words[1], run_name="__main__", alter_sys=True)
    else:
        sys.argv = words
        runpy.run_path(words[0], run_name="__main__")
