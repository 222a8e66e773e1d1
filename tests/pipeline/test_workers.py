"""Work spread over processes comes back in order, and ends with its parent."""

import os
import signal
import subprocess
import sys
import time

import pytest

from pipeline.errors import ExternalError
from pipeline.workers import in_order


def square(number: int) -> int:
    time.sleep(0.02 * (number % 3))
    return number * number


def die(number: int) -> int:
    if number == 2:
        os.kill(os.getpid(), signal.SIGKILL)
    return number


def refuse(number: int) -> int:
    raise ExternalError(f"number {number}")


@pytest.mark.parametrize("workers", [1, 2])
def test_results_come_in_the_order_of_the_tasks(workers: int) -> None:
    assert list(in_order(square, range(12), workers)) == [number * number for number in range(12)]


def test_only_a_few_tasks_are_taken_ahead() -> None:
    taken: list[int] = []
    results = in_order(square, (taken.append(number) or number for number in range(100)), 2)
    next(results)
    assert len(taken) <= 5
    results.close()  # type: ignore[attr-defined]


def test_a_killed_worker_is_an_outside_failure_not_a_hang() -> None:
    with pytest.raises(ExternalError, match="killed"):
        list(in_order(die, range(8), 2))


@pytest.mark.parametrize("workers", [1, 2])
def test_what_a_task_raises_is_raised_here(workers: int) -> None:
    with pytest.raises(ExternalError, match="number 0"):
        list(in_order(refuse, range(3), workers))


def test_workers_end_with_a_killed_parent() -> None:
    program = (
        "from pipeline.workers import in_order; from tests.pipeline.test_workers import square;"
        " import os\nif __name__ == '__main__':\n    for found in in_order(square, iter(int, 1),"
        " 2): print(found, flush=True)"
    )
    parent = subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True)
    assert parent.stdout and parent.stdout.readline()
    children = subprocess.run(
        ["ps", "-o", "pid=", "--ppid", str(parent.pid)], capture_output=True, text=True, check=False
    ).stdout.split()
    parent.kill()
    parent.wait()
    assert len(children) >= 2
    end = time.monotonic() + 10
    while time.monotonic() < end and any(os.path.exists(f"/proc/{child}") for child in children):
        time.sleep(0.05)
    assert not any(os.path.exists(f"/proc/{child}") for child in children)
