"""Work spread over processes, its results in the order of the tasks; and work with a time limit."""

import contextlib
import multiprocessing
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from types import FrameType
from typing import TypeVar

from pipeline.errors import ExternalError

Task = TypeVar("Task")
Result = TypeVar("Result")

LAST_TASKS = 3  # seconds for the tasks under way when nobody wants more results


def in_order(
    work: Callable[[Task], Result], tasks: Iterable[Task], workers: int
) -> Iterator[Result]:
    """work(task) for each task, in their order: here, or by this many other processes.

    At most two tasks more than there are workers are under way, so that tasks may be large and any
    number. What a task or the taking of tasks raises is raised when its turn comes. Raises
    ExternalError when a worker is killed.
    """
    if workers == 1:
        yield from map(work, tasks)
        return
    # Forked processes would take open files and locks along; new ones import what they need, once.
    pool = ProcessPoolExecutor(
        workers, mp_context=multiprocessing.get_context("spawn"), initializer=_end_with_parent
    )
    waiting: deque[Future[Result]] = deque()
    try:
        # Tasks are taken as they are handed out, and results in their order: a slow task holds back
        # the results after it, and with them the tasks to come.
        for task in tasks:
            waiting.append(pool.submit(work, task))
            if len(waiting) > workers + 1:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    except BrokenProcessPool:
        raise ExternalError(
            "a worker process was killed (has the machine run out of memory?): what was done is"
            " kept; run the same command again, with fewer --workers if it happens again"
        ) from None
    finally:
        _shut_down(pool, waiting)


def _shut_down(pool: ProcessPoolExecutor, running: Iterable[Future[Result]]) -> None:
    """End the workers: those at work may finish their task, but one deep in C code hears nothing
    and is not waited for.
    """
    processes = list((pool._processes or {}).values())
    pool.shutdown(wait=False, cancel_futures=True)
    _, unfinished = wait([task for task in running if not task.cancelled()], LAST_TASKS)
    if unfinished:
        for process in processes:
            process.kill()
    pool.shutdown(wait=True)


def _end_with_parent() -> None:
    """Leave Ctrl-C to the parent, and do not outlive it, however it ends."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    parent = multiprocessing.parent_process()

    def follow() -> None:
        if parent:
            parent.join()
        os._exit(1)

    threading.Thread(target=follow, daemon=True).start()


class TimeLimitExceeded(Exception):
    """The work took longer than it may."""


@contextlib.contextmanager
def time_limit(seconds: float) -> Iterator[None]:
    """Raise TimeLimitExceeded in the block once this many seconds have passed.

    By a signal, which Python's own code and its regular expressions hear at once, and a call into C
    when it returns. In other threads than the main one, which hear none, there is no limit.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def stop(number: int, frame: FrameType | None) -> None:
        raise TimeLimitExceeded(f"took longer than {seconds:g} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
