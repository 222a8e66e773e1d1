"""A terminal of 24 lines and 80 columns for the tests: a program that runs on it, and what a person
sees.
"""

import contextlib
import fcntl
import os
import pty
import re
import select
import struct
import sys
import termios
import time
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
WIDTH = 80
MOVE = re.compile(r"\x1b\[(\d*)([A-Za-z])|\r|\n|[^\x1b\r\n]+|\x1b")


class OnTerminal:
    """A program of the project on a terminal of its own."""

    def __init__(self, words: Sequence[object]) -> None:
        self.pid, self.master = pty.fork()
        if self.pid == 0:
            os.chdir(ROOT)
            os.execv(sys.executable, [sys.executable, *map(str, words)])
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", 24, WIDTH, 0, 0))
        self.written = ""

    def until(self, text: str, seconds: float = 90) -> None:
        """Read on until the program has written this."""
        end = time.monotonic() + seconds
        while text not in self.written:
            ready, _, _ = select.select([self.master], [], [], max(0.0, end - time.monotonic()))
            assert ready, f"no {text!r} in {self.written[-2000:]!r}"
            self.written += os.read(self.master, 4096).decode(errors="replace")

    def type(self, keys: str) -> None:
        os.write(self.master, keys.encode())

    def end(self) -> int:
        """Read to the program's end; its exit status."""
        with contextlib.suppress(OSError):  # how Linux says that the other end is closed
            while more := os.read(self.master, 4096):
                self.written += more.decode(errors="replace")
        os.close(self.master)
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])

    def lines(self) -> list[str]:
        """What stands on the screen and above it, line by line, after all that was written."""
        return shown_lines(self.written)


def shown_lines(written: str, width: int = WIDTH) -> list[str]:
    """The lines that a terminal shows: carriage returns go back, what is too long goes on below,
    and of the cursor movements those that counters use are known.
    """
    rows, row, column = [[" "] * width], 0, 0
    for match in MOVE.finditer(written):
        text, (number, letter) = match[0], match.groups()
        if letter == "A":
            row = max(0, row - int(number or 1))
        elif letter == "K":
            rows[row] = [" "] * width
        elif text == "\r":
            column = 0
        elif text == "\n":
            row += 1
        elif letter is None:
            for sign in text:
                if column == width:
                    row, column = row + 1, 0
                while row >= len(rows):
                    rows.append([" "] * width)
                rows[row][column] = sign
                column += 1
        while row >= len(rows):
            rows.append([" "] * width)
    return ["".join(cells).rstrip() for cells in rows]
