"""Ctrl-C comes at its time: not while a library is half loaded, and not through what is ignored."""

import signal

import pytest

from pipeline.interrupts import end_silently, held_back, raise_again


def test_ctrl_c_that_is_held_back_is_raised_at_the_end_of_the_block() -> None:
    reached = False
    with pytest.raises(KeyboardInterrupt), held_back():
        signal.raise_signal(signal.SIGINT)
        reached = True
    assert reached and signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_ctrl_c_that_a_shell_ignores_in_the_background_stays_ignored() -> None:
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        end_silently()
        raise_again()
        assert signal.getsignal(signal.SIGINT) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGINT, before)
