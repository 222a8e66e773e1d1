"""Trials in parallel, each in a folder of its own."""

import multiprocessing
import random
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from pathlib import Path
from traceback import format_exception

from tests.faults import disk, inputs, network, process
from tests.faults.core import Outcome, Trial

MODULES = (network, process, disk, inputs)


def all_trials() -> list[Trial]:
    return [trial for module in MODULES for trial in module.trials()]


def run_trials(
    trials: Sequence[Trial],
    scratch: Path,
    *,
    seed: int,
    jobs: int,
    share: float = 1.0,
    minutes: float = 60,
) -> Iterator[tuple[Trial, Outcome]]:
    """Each trial as often as a soak has it (or a share of that, at least once), and what came of
    each, as they end.

    They come in an order by chance, and none is begun after so many minutes.
    """
    due = [
        (number, turn)
        for number, trial in enumerate(trials)
        for turn in range(max(1, round(trial.soak * share)))
    ]
    random.Random(seed).shuffle(due)
    end = time.monotonic() + 60 * minutes
    with ProcessPoolExecutor(
        jobs, mp_context=multiprocessing.get_context("fork"), initializer=_move, initargs=(scratch,)
    ) as pool:
        running: dict[Future[Outcome], Trial] = {}
        while running or due:
            while due and len(running) < jobs and time.monotonic() < end:
                number, turn = due.pop()
                running[pool.submit(tried, trials[number], f"{seed} {number} {turn}", scratch)] = (
                    trials[number]
                )
            if not running:
                return
            for future in wait(running, return_when=FIRST_COMPLETED).done:
                error = future.exception()
                told = (
                    ["the trial itself failed: " + "".join(format_exception(error))[-900:]]
                    if error
                    else []
                )
                yield running.pop(future), Outcome(lost=told) if error else future.result()


def _move(scratch: Path) -> None:
    """Whatever a worker makes lies in the scratch folder."""
    tempfile.tempdir = str(scratch)


def tried(trial: Trial, seed: str, scratch: Path) -> Outcome:
    """One trial, in a folder that is removed afterwards."""
    folder = Path(tempfile.mkdtemp(dir=scratch))
    try:
        return trial.run(folder, random.Random(seed))
    finally:
        shutil.rmtree(folder, ignore_errors=True)
