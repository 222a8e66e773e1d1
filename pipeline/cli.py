"""The command-line layer of every command: options from a dataclass, exit statuses,
progress, signals.
"""

import contextlib
import io
import os
import re
import signal
import sys
import textwrap
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from types import FrameType
from typing import TYPE_CHECKING, Any, NoReturn, TextIO, TypeVar, cast

from pipeline import option_errors
from pipeline.errors import BadInput, ExternalError
from pipeline.help_text import help_text
from pipeline.interrupts import raise_again

if TYPE_CHECKING:
    from tqdm import tqdm

Options = TypeVar("Options")
NO_GROUPS: Mapping[str, Sequence[str]] = {}


def parse(
    options: type[Options],
    argv: Sequence[str] | None = None,
    *,
    prog: str | None = None,
    default: Options | None = None,
    known_only: bool = False,
    positional: str | None = None,
    common: Mapping[str, Sequence[str]] = NO_GROUPS,
) -> Options:
    """The options of a command, from its dataclass: fields are flags, their docstrings the help.

    Fields of a dataclass within are flags without a prefix. `default` brings the values of what is
    not given; `known_only` passes over flags that the dataclass does not have; words without a flag
    are the value of the field named `positional`. Where `common` names the fields that most people
    want, in groups, --help shows these, and --help-all every one; else --help shows all. Raises
    BadInput, in one line, for what does not parse.
    """
    import tyro

    argv = sys.argv[1:] if argv is None else list(argv)
    if not known_only and not {"-h", "--help", "--help-all"}.isdisjoint(argv):
        shown = options if default is None else default
        print(help_text(shown, prog, common, everything="--help-all" in argv))
        raise SystemExit(0)
    parser: Any = tyro.cli  # its overloads do not know a default that may be missing
    given = {} if default is None else {"default": default}
    # A flag that a default has switched on must be possible to switch off.
    one_way = () if default else (tyro.conf.FlagCreatePairsOff,)
    box = io.StringIO()
    try:
        with contextlib.redirect_stderr(box):
            parsed, unknown = parser(
                options,
                args=argv,
                prog=prog,
                return_unknown_args=True,
                **given,
                config=(*one_way, tyro.conf.OmitArgPrefixes),
            )
    except SystemExit as end:
        if end.code in (0, None):
            raise
        text = option_errors.message_in(box.getvalue())
        raise BadInput(option_errors.parser_message(text, options, argv)) from None
    if flag := option_errors.valueless_list(options, argv):
        raise BadInput(option_errors.sentence(f"{flag} wants a value"))
    if unknown and not known_only:
        parsed = _with_words(parsed, unknown, positional, common)
    return cast(Options, parsed)


def _with_words(
    parsed: Any,
    words: list[str],
    positional: str | None,
    common: Mapping[str, Sequence[str]] | None,
) -> Any:
    """The options, with the words that belong to no flag as the value of `positional`."""
    has_flag = any(word.startswith("-") and len(word) > 1 for word in words)
    if has_flag or positional is None:
        raise BadInput(option_errors.unknown_words(parsed, words, common))
    if getattr(parsed, positional) is not None:
        raise BadInput(option_errors.surplus_words(words[0]))
    return replace(parsed, **{positional: " ".join(words)})


# --- what is printed ------------------------------------------------------------------------------

# Control characters (C0 but tab and line feed, DEL, C1) may move the cursor or change the terminal;
# bidirectional overrides and isolates make a text look like another (https://trojansource.codes);
# the separators of lines and paragraphs break a line in two.
UNPRINTABLE = dict.fromkeys(
    [
        *range(0x09),
        *range(0x0B, 0x20),
        *range(0x7F, 0xA0),
        *range(0x2028, 0x202F),
        *range(0x2066, 0x206A),
    ]
)
# Taken out whole, so that no remains such as "[31m" are left: CSI and OSC sequences (ECMA-48).
ESCAPE_SEQUENCE = re.compile(
    r"(?:\x1b\[|\x9b)[0-?]{0,64}[ -/]{0,8}[@-~]"
    r"|(?:\x1b\]|\x9d)[^\x07\x1b\x9c\n]{0,2000}(?:\x07|\x1b\\|\x9c)"
)
ERASE_LINE = "\r\x1b[2K"
WIDTH = 80  # columns of a terminal that does not tell how many it has


def printable(text: str) -> str:
    """A text that strangers wrote, as a terminal may be given it."""
    if "\x1b" in text or "\x9b" in text or "\x9d" in text:
        text = ESCAPE_SEQUENCE.sub("", text)
    return text.translate(UNPRINTABLE)


class PrintableStream:
    """A text stream that lets only through what is `printable`."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream

    def write(self, text: str) -> int:
        self.stream.write(printable(text))
        return len(text)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)


def notice(line: str) -> None:
    """Say something about the work on standard error; standard output is for its results."""
    with _beside_progress():
        print(wrapped(printable(line), sys.stderr), file=sys.stderr, flush=True)


def say(text: str) -> None:
    """Print what a command found out, on standard output."""
    print(wrapped(text, sys.stdout), flush=True)


def count_of(count: int, what: str) -> str:
    """A number of things: "1 pair", "1,200 pairs"."""
    return f"{count:,} {what}{'s' * (count != 1)}"


# A command that a message advises: the program, its script or module, options with their values.
SHELL_WORD = r"""(?:'[^']*'|"[^"]*"|[^\s'";,)])+"""
COMMAND = re.compile(rf"\bpython(?: -m)? {SHELL_WORD}(?: -{SHELL_WORD}(?: (?!-){SHELL_WORD})?)*")
UNBREAKABLE = "\0"  # stands for a blank within a command; `printable` leaves none in a text


def wrapped(text: str, stream: TextIO) -> str:
    """A text broken at words to the width of the terminal that a stream writes to. Elsewhere it
    stays as it is: whoever reads a file or a pipe has a width of their own.
    """
    width = terminal_width(stream)
    return "\n".join(_wrapped_line(line, width) for line in text.split("\n")) if width else text


def _wrapped_line(line: str, width: int) -> str:
    if len(line) <= width:
        return line
    # Commands stay whole, so that they can be copied; too long for a line, they are left to the
    # terminal, which gives them back without its own breaks.
    whole = COMMAND.sub(lambda command: command[0].replace(" ", UNBREAKABLE), line)
    indent = line[: len(line) - len(line.lstrip())]
    parts = textwrap.wrap(
        whole, width, subsequent_indent=indent, break_long_words=False, break_on_hyphens=False
    )
    return "\n".join(parts).replace(UNBREAKABLE, " ")


def terminal_width(stream: TextIO) -> int:
    """The columns of the terminal that a stream writes to; 0 where it writes to none."""
    if not stream.isatty():
        return 0
    try:
        return os.get_terminal_size(stream.fileno()).columns or WIDTH
    except OSError:
        return WIDTH


@contextlib.contextmanager
def _beside_progress() -> Iterator[None]:
    """A block in which something is printed: a live counter steps aside and comes back below."""
    tqdm = sys.modules.get("tqdm")
    if tqdm is None or not sys.stderr.isatty():
        yield
        return
    with tqdm.tqdm.external_write_mode(file=_LiveLine(_unfiltered(sys.stderr))):
        yield


def _unfiltered(stream: TextIO) -> TextIO:
    """The stream below the filter: cursor movements of our own go past it."""
    return cast(TextIO, getattr(stream, "stream", stream))


def run(main: Callable[[], int | None], *, bad_input: tuple[type[Exception], ...] = ()) -> NoReturn:
    """Call a command's main and leave with its status: 2 for bad input, 1 for an outside failure,
    130 for Ctrl-C.
    """
    bad: tuple[type[Exception], ...] = (BadInput, *bad_input)
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A character that the terminal's encoding lacks is no reason to stop.
        sys.stdout.reconfigure(errors="backslashreplace")
    outer = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = (cast(TextIO, PrintableStream(stream)) for stream in outer)
    try:
        raise_again()
        status = main() or 0
        sys.stdout.flush()
    except bad as error:
        status = _say(error, 2)
    except BrokenPipeError:  # the reader (head, less) has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = 0
    except (ExternalError, OSError) as error:
        status = _say(error, 1)
    except KeyboardInterrupt as stop:
        beside = "\n" if sys.stderr.isatty() else ""  # the terminal has written ^C into the line
        done = f": {stop}" if stop.args else ""
        print(f"{beside}stopped{done}", file=sys.stderr, flush=True)
        status = 130
    finally:
        sys.stdout, sys.stderr = outer
    sys.exit(status)


def _say(error: object, status: int) -> int:
    notice(f"error: {' '.join(str(error).split())}")
    return status


# --- progress and signals -------------------------------------------------------------------------

RATE_BAR = "{l_bar}{bar}| {n_fmt}/{total_fmt} [{elapsed}<{remaining}, {rate_noinv_fmt}{postfix}]"
RATELESS_BAR = "{l_bar}{bar}| {n_fmt}/{total_fmt} [{elapsed}<{remaining}{postfix}]"
OPEN_ENDED = "{desc}: {n_fmt} [{elapsed}, {rate_noinv_fmt}{postfix}]"  # the label says of what
ROOM_FOR_CTRL_C = 2  # columns: the terminal writes ^C behind the line, which must not break for it


def progress(
    *, total: int | None, unit: str, label: str = "", start: int = 0, shows_rate: bool = True
) -> "tqdm[NoReturn]":
    """A counter to `update`: a live line with rate and time left on a terminal, a plain line every
    ten seconds elsewhere.

    Bytes (unit "B") are told in thousands and millions, and only where counting them takes longer
    than a second. On a terminal the rate can be left out to make room for a postfix.
    """
    from tqdm import tqdm

    on_terminal = sys.stderr.isatty()
    in_bytes = unit == "B"
    style: dict[str, Any]
    if on_terminal:
        terminal = _LiveLine(_unfiltered(sys.stderr))
        columns, _ = _columns_of_counter(terminal)
        style = {"ncols": columns, "mininterval": 0.2, "maxinterval": 1, "file": terminal}
        if total is not None:
            style["bar_format"] = RATE_BAR if shows_rate else RATELESS_BAR
        elif not in_bytes:
            style["bar_format"] = OPEN_ENDED
    else:
        known = "{desc}: {n_fmt} of {total_fmt}{unit}, {rate_noinv_fmt}, {remaining} left{postfix}"
        # The label says what is counted, so that one of it needs no other word.
        count = "{n_fmt}{unit}" if in_bytes else "{n_fmt}"
        open_ended = f"{{desc}}: {count}, {{rate_noinv_fmt}}{{postfix}}"
        layout = open_ended if total is None else known
        style = {"mininterval": 10, "maxinterval": 10, "bar_format": layout, "file": _PlainLines()}
    bar = tqdm(
        total=total,
        initial=start,
        desc=label or None,
        unit="B" if in_bytes else f" {unit}",
        unit_scale=in_bytes,
        delay=float(in_bytes),
        **style,
    )
    if on_terminal:
        cast(Any, bar).dynamic_ncols = _columns_of_counter  # tqdm has a function there, too
    return bar


def _columns_of_counter(terminal: Any) -> tuple[int, int]:
    """The columns that a counter may fill, and the lines: it is the only one, and needs no more."""
    return max(1, terminal_width(terminal) - ROOM_FOR_CTRL_C), 2


@dataclass(frozen=True)
class _LiveLine:
    """A terminal for a line that is written again and again: what stands there is erased first,
    also the ^C that the terminal has written behind it.
    """

    stream: TextIO

    def write(self, text: str) -> int:
        self.stream.write(text.replace("\r", ERASE_LINE))
        return len(text)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)


# What tqdm writes for the rate and the time left before it has seen anything move.
UNKNOWN_YET = re.compile(r", +\?[^,]*/s|, \? left")
BLANKS = re.compile(r"  +")  # which align figures that stand in one place


class _PlainLines(io.TextIOBase):
    """Standard error for a line that is written again and again: one under the other where it has
    changed, without what moves a cursor.
    """

    def __init__(self) -> None:
        self.last = ""

    def write(self, text: str) -> int:
        line = BLANKS.sub(" ", UNKNOWN_YET.sub("", text.strip()))
        if line and line != self.last:
            sys.stderr.write(f"{line}\n")
            self.last = line
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
