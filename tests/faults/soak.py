"""Trials in parallel, each in a folder of its own."""

import multiprocessing
import random
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from pathlib import Path
from traceback import format_exception

from tests.faults import disk, inputs, network, process
from tests.faults.core import Outcome, Trial

MODULES = (network, process, disk, inputs)


def all_trials() -> list[Trial]:
    return [trial for module in MODULES for trial in module.trials()]


def run_trials(trials: Sequence[Trial], scratch: Path, *, seed: int, jobs: int, share: float = 1.0) -> Iterator[tuple[Trial, Outcome]]:
    """Each trial as often as a soak has it (or a share of that, at least once), and what came of each, as they end."""
    due = [(number, turn) for number, trial in enumerate(trials) for turn in range(max(1, round(trial.soak * share)))]
    random.Random(seed).shuffle(due)
    with ProcessPoolExecutor(jobs, mp_context=multiprocessing.get_context("fork"), initializer=_move, initargs=(scratch,)) as pool:
        waiting = {pool.submit(tried, trials[number], f"{seed} {number} {turn}", scratch): trials[number] for number, turn in due}
        for future in as_completed(waiting):
            error = future.exception()
            outcome = Outcome(lost=["the trial itself failed: " + "".join(format_exception(error))[-900:]]) if error else future.result()
            yield waiting[future], outcome


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
