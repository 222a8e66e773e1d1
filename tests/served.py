"""The chat page and its endpoint, served by a process of its own."""

import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


@contextmanager
def serving(run: Path, *options: str) -> Iterator[str]:
    """The server of a run, on a free port."""
    command = [sys.executable, "generate.py", "--run", str(run), "--serve", "--port", "0"]
    server = subprocess.Popen([*command, *options], cwd=ROOT, stderr=subprocess.PIPE, text=True)
    assert server.stderr
    try:
        lines = [server.stderr.readline() for _ in range(2)]
        assert "the chat page is at http" in lines[0], lines
        yield lines[0].split(" is at ")[1].split(" ")[0]
    finally:
        server.send_signal(signal.SIGINT)
        server.wait(20)
