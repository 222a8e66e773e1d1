"""Work that the training loop need not wait for: writing checkpoints and drawing figures while a
GPU computes.
"""

from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import Self

QUEUED = 4  # pieces of work that wait at most: a checkpoint among them is a copy of all weights


class Background:
    """Does one thing after the other, in the order in which they were given: in another thread, or
    at once where training computes on the same processor. What is given must not change meanwhile.

    Raises what a piece of work raised when another is given, or at the end.
    """

    def __init__(self, *, is_threaded: bool) -> None:
        self.thread = ThreadPoolExecutor(1) if is_threaded else None
        self.pending = deque[Future[object]]()

    def do(self, work: Callable[[], object]) -> None:
        """Do this when what was given before is done."""
        if self.thread is None:
            work()
            return
        while self.pending and (self.pending[0].done() or len(self.pending) >= QUEUED):
            self.pending.popleft().result()
        self.pending.append(self.thread.submit(work))

    def wait(self) -> None:
        """Until all is done."""
        while self.pending:
            self.pending.popleft().result()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Wait; an error that is on its way already is not replaced by another."""
        try:
            if kind is None:
                self.wait()
        finally:
            if self.thread is not None:
                self.thread.shutdown()
