"""How the time of a function grows with its input, measured in a process that can be killed."""

import contextlib
import multiprocessing
import re
import signal
import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from multiprocessing.connection import Connection
from typing import Any

from pipeline.errors import BadInput
from pipeline.sources.rate_limit import FetchError
from tests.growth.functions import calls_of
from tests.growth.texts import AROUND, PIECES, text_of

SIZES = (20_000, 200_000, 2_000_000)  # bytes
GROWTH = 2.5  # times as much per byte as at the size before, before it is held to grow faster
NOISE = 0.15  # seconds that are not judged
REFUSALS = (
    BadInput,
    FetchError,
    ValueError,
    TypeError,
    KeyError,
    IndexError,
    AttributeError,
    AssertionError,
    RecursionError,
    re.error,  # a pattern of ours that a text was put in the place of
)
ALLOWED = 5e-5  # seconds a byte, however it grows: a page of 10 MB within minutes


def failures_of(
    function: Callable[..., Any],
    sizes: Sequence[int] = SIZES,
    around: Sequence[tuple[str, str]] = AROUND,
) -> list[str]:
    """On which texts a function grows faster than its input, each in one line."""
    failures, start = list[str](), 0
    while start is not None:
        start = _measured_from(function, sizes, around, start, failures)
    return failures


def _measured_from(
    function: Callable[..., Any],
    sizes: Sequence[int],
    around: Sequence[tuple[str, str]],
    start: int,
    failures: list[str],
) -> int | None:
    """Measure the cases from one on in a child, which ends itself when a call takes too long; the
    case to go on with.
    """
    fork = multiprocessing.get_context("fork")
    here, there = fork.Pipe(duplex=False)
    child = fork.Process(target=_report, args=(function, sizes, around, start, there))
    child.start()
    there.close()
    number, case = start, ""
    try:
        while number >= 0:
            number, case, failure = here.recv()
            if failure:
                failures.append(f"{case}: {failure}")
        return None
    except EOFError:
        child.join()
        hangs = child.exitcode == -signal.SIGPROF
        failures.append(f"{case}: {'takes far too long' if hangs else 'the process died'}")
        return number + 1
    finally:
        child.kill()
        child.join()


def _report(
    function: Callable[..., Any],
    sizes: Sequence[int],
    around: Sequence[tuple[str, str]],
    start: int,
    out: Connection,
) -> None:
    """Tell of each case that it begins, and what was wrong with the one before."""
    failure = ""
    number, case = start - 1, ""
    for number, (case, piece, before, behind) in enumerate(_cases(around)):
        if number < start:
            continue
        out.send((number, case, ""))
        failure = _failure(function, sizes, partial(text_of, piece, before=before, behind=behind))
        if failure:
            out.send((number, case, failure))
    out.send((-1, case, ""))


def _cases(around: Sequence[tuple[str, str]]) -> Iterator[tuple[str, str, str, str]]:
    for name, piece in PIECES.items():
        for before, behind in around:
            yield f"{before!r} + {name} + {behind!r}", piece, before, behind


def _failure(function: Callable[..., Any], sizes: Sequence[int], make: Callable[[int], str]) -> str:
    """What is wrong with the growth on one text, or nothing."""
    earlier: dict[int, float] = {}
    for size in sizes:
        for call, run in enumerate(calls_of(function, make(size))):
            before = earlier.get(call)
            most = max(NOISE, ALLOWED * size)
            grown = most if before is None else max(NOISE, before * 10 * GROWTH)
            seconds = _seconds(run, enough=min(most, grown), limit=2 * ALLOWED * size + 1)
            if before is not None and seconds > grown:
                return f"{before:.3f} s, then {seconds:.3f} s for ten times as much"
            if seconds > most:
                return f"{seconds:.2f} s for {size:,} bytes"
            earlier[call] = seconds
        if max(earlier.values(), default=0) < 1e-4:
            return ""  # it is bounded, or does not look at the text
    return ""


def _seconds(run: Callable[[], object], enough: float, limit: float) -> float:
    """Of the processor, so that other programs do not count; the better of three where it is more
    than enough, as a slow moment of the machine is no fault of the function.
    """
    best = _once(run, limit)
    tries = 1
    while best > enough and tries < 3:
        best = min(best, _once(run, limit))
        tries += 1
    return best


def _once(run: Callable[[], object], limit: float) -> float:
    # What runs past the limit is ended by the system, as Python hears no signal within a pattern.
    signal.setitimer(signal.ITIMER_PROF, limit)
    start = time.process_time()
    # What is refused was refused in this time; other tests ask whether it should be.
    with contextlib.suppress(*REFUSALS):
        run()
    seconds = time.process_time() - start
    signal.setitimer(signal.ITIMER_PROF, 0)
    return seconds
