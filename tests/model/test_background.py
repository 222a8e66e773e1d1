"""Work in the background is done in order, and its errors are not lost."""

import threading

import pytest

from model.background import Background


@pytest.mark.parametrize("is_threaded", [True, False])
def test_what_is_given_is_done_in_order_before_the_end(is_threaded: bool) -> None:
    done: list[int] = []
    with Background(is_threaded=is_threaded) as background:
        for number in range(20):
            background.do(lambda number=number: done.append(number))
    assert done == list(range(20))


def test_only_where_a_thread_is_wanted_does_another_do_it() -> None:
    workers: list[threading.Thread] = []
    for is_threaded in (True, False):
        with Background(is_threaded=is_threaded) as background:
            background.do(lambda: workers.append(threading.current_thread()))
    assert [worker is threading.current_thread() for worker in workers] == [False, True]


@pytest.mark.parametrize("is_threaded", [True, False])
def test_an_error_reaches_who_gave_the_work(is_threaded: bool) -> None:
    def fail() -> None:
        raise OSError("no space left")

    with pytest.raises(OSError, match="no space"), Background(is_threaded=is_threaded) as work:
        work.do(fail)


def test_the_first_error_is_the_one_that_is_told() -> None:
    def fail() -> None:
        raise OSError("no space left")

    with pytest.raises(KeyError), Background(is_threaded=True) as work:
        work.do(fail)
        raise KeyError
