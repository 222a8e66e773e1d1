"""The command-line layer of every command: options from a dataclass, exit statuses,
progress, signals.
"""

import contextlib
import io
import os
import re
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from itertools import dropwhile, takewhile
from types import FrameType
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar, cast

from pipeline.errors import BadInput, ExternalError

if TYPE_CHECKING:
    from tqdm import tqdm

Options = TypeVar("Options")


def parse(
    options: type[Options],
    argv: list[str] | None = None,
    *,
    prog: str | None = None,
    default: Options | None = None,
    known_only: bool = False,
) -> Options:
    """The options of a command, from its dataclass: fields are flags, their docstrings the help.

    Fields of a dataclass within are flags without a prefix. `default` brings the values of what is
    not said; `known_only` passes over flags that the dataclass does not have. Raises BadInput, in
    one line, for what does not parse.
    """
    import tyro

    said = io.StringIO()
    try:
        with contextlib.redirect_stderr(said):
            cli: Any = tyro.cli  # its overloads do not know a default that may be missing
            given = {} if default is None else {"default": default}
            one_way = (
                () if default else (tyro.conf.FlagCreatePairsOff,)
            )  # what a default has switched on can be switched off
            found = cli(
                options,
                args=argv,
                prog=prog,
                return_unknown_args=known_only,
                **given,
                config=(*one_way, tyro.conf.OmitArgPrefixes),
            )
            return cast(Options, found[0] if known_only else found)
    except SystemExit as end:
        if end.code in (0, None):
            raise
        raise BadInput(_one_line(said.getvalue()) + "; --help lists the options") from None


def _one_line(box: str) -> str:
    """The message out of the box that tyro draws: what stands above its first rule. Where the
    terminal has no lines, hyphens draw it.
    """
    inside = (line.strip("│ ") for line in re.sub(r"\x1b\[[0-9;]*m", "", box).splitlines()[1:])
    message = takewhile(
        lambda line: set(line) - set("─-╰╯"), dropwhile(lambda line: set(line) <= set("-"), inside)
    )
    return " ".join(message).rstrip(".") or "the options could not be read"


def run(main: Callable[[], int | None], *, bad_input: tuple[type[Exception], ...] = ()) -> NoReturn:
    """Call a command's main and leave with its status: 2 for bad input, 1 for an outside failure,
    130 for Ctrl-C.
    """
    bad: tuple[type[Exception], ...] = (BadInput, *bad_input)
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(
            errors="backslashreplace"
        )  # a sign that the terminal, or any encoding, lacks ends nothing
    try:
        status = main() or 0
        sys.stdout.flush()
    except bad as error:
        status = _say(error, 2)
    except BrokenPipeError:  # the reader (head, less) has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = 0
    except (ExternalError, OSError) as error:
        status = _say(error, 1)
    except KeyboardInterrupt:
        status = _say("stopped", 130)
    sys.exit(status)


def _say(error: object, status: int) -> int:
    print(
        f"error: {' '.join(str(error).split())}" if status != 130 else str(error),
        file=sys.stderr,
        flush=True,
    )
    return status


def progress(*, total: int | None, unit: str, label: str = "", start: int = 0) -> "tqdm[NoReturn]":
    """A counter to `update`: a live line with rate and time left on a terminal, a plain line every
    ten seconds elsewhere.

    Bytes (unit "B") are told in thousands and millions, and only where counting them takes longer
    than a second.
    """
    from tqdm import tqdm

    live, in_bytes = sys.stderr.isatty(), unit == "B"
    plain = "{desc}: {n_fmt} of {total_fmt}{unit}, {rate_fmt}, {remaining} left{postfix}"
    counted = "{desc}: {n_fmt}{unit}, {rate_fmt}{postfix}"
    manner: dict[str, Any] = (
        {"dynamic_ncols": True, "mininterval": 0.2, "maxinterval": 1}
        if live
        else {
            "mininterval": 10,
            "maxinterval": 10,
            "bar_format": counted if total is None else plain,
            "file": _PlainLines(),
        }
    )
    return tqdm(
        total=total,
        initial=start,
        desc=label or None,
        unit="B" if in_bytes else f" {unit}",
        unit_scale=in_bytes,
        delay=float(in_bytes),
        **manner,
    )


class _PlainLines(io.TextIOBase):
    """Standard error for a line that is written anew and anew: one under the other, without what
    moves a cursor.
    """

    def write(self, text: str) -> int:
        if line := text.strip():
            sys.stderr.write(f"{line}\n")
        return len(text)

    def flush(self) -> None:
        sys.stderr.flush()


@contextlib.contextmanager
def stop_signals() -> Iterator[list[int]]:
    """Ctrl-C and SIGTERM are noted in the list, for the work to end at a good place; a second
    Ctrl-C ends the program at once.
    """
    noted: list[int] = []

    def note(number: int, frame: FrameType | None) -> None:
        noted.append(number)
        signal.signal(signal.SIGINT, signal.default_int_handler)

    if threading.current_thread() is not threading.main_thread():
        yield noted  # only the main thread hears signals
        return
    before = {number: signal.signal(number, note) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield noted
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
