"""Ctrl-C while a command is still being loaded.

Before its main function there is nothing to keep and nobody to say so: a traceback through the
modules that it imports would tell a person nothing. Quick to import.
"""

import signal


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
