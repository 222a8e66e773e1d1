"""Ctrl-C while a command, or a library that it needs, is being loaded.

Before its main function there is nothing to keep and nobody to say so: a traceback through the
modules that it imports would tell a person nothing. Quick to import.
"""

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager


def end_silently() -> None:
    """From here on Ctrl-C ends the program as if it were not one of Python's. Where it is ignored,
    as it is in the background of a shell, it stays so.
    """
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)


def raise_again() -> None:
    """Undoes `end_silently`: Ctrl-C is a KeyboardInterrupt."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_DFL:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@contextmanager
def held_back() -> Iterator[None]:
    """Ctrl-C in this block is raised at its end: a library that is loaded in C++, as torch is, ends
    the program with a message of its own, or hears nothing.
    """
    noted: list[int] = []
    if threading.current_thread() is not threading.main_thread():
        yield  # only the main thread hears signals
        return
    before = signal.signal(signal.SIGINT, lambda number, frame: noted.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
    if noted:
        raise KeyboardInterrupt
