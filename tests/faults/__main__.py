"""python -m tests.faults: every fault, again and again, and docs/reliability.md written of what
came of it.

python -m tests.faults                    # the whole soak, at most half an hour on two cores
python -m tests.faults --quick            # the most telling ones, once each; nothing is written
python -m tests.faults --only process     # those whose name holds a text; nothing is written
"""

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from tests.faults.commands import one_thread
from tests.faults.core import AREAS, Ledger
from tests.faults.disk import mountable
from tests.faults.report import put
from tests.faults.soak import all_trials, run_trials

KILLS, FAULTY = 500, 10_000  # that a soak has at least


def main() -> int:
    """Run what is asked for; status 1 when anything was lost."""
    one_thread()
    options = read_options()
    chosen = [
        trial
        for trial in all_trials()
        if not options.only or any(text in trial.name for text in options.only)
    ]
    whole_soak = not options.only and not options.quick and options.share >= 1
    began, ledger = time.monotonic(), Ledger()
    with tempfile.TemporaryDirectory(prefix="askwiki-soak-") as scratch:
        trials = [
            trial for trial in chosen if (trial.quick or not options.quick) and trial.possible()
        ]
        share = 0.0 if options.quick else options.share
        for done, (trial, outcome) in enumerate(
            run_trials(
                trials,
                Path(scratch),
                seed=options.seed,
                jobs=options.jobs,
                share=share,
                minutes=options.minutes,
            ),
            1,
        ):
            ledger.add(trial, outcome)
            for line in outcome.lost:
                print(f"LOST  {trial.name}: {line}", flush=True)
            if whole_soak and done % 50 == 0:
                print(f"{done} trials, {time.monotonic() - began:,.0f} s", flush=True)
    text = report(
        ledger,
        time.monotonic() - began,
        lacking=sorted({trial.needs for trial in chosen if not trial.possible()}),
    )
    print(text)
    if options.ledger:
        options.ledger.write_text(ledger.dump(), encoding="utf-8")
    too_few = whole_soak and (ledger.total().kills < KILLS or ledger.total().faulty < FAULTY)
    if whole_soak:
        put("faults", text)
    return 1 if ledger.total().lost or too_few else 0


def read_options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.faults", description=(__doc__ or "").splitlines()[0]
    )
    parser.add_argument("--quick", action="store_true", help="the most telling trials, once each")
    parser.add_argument(
        "--only", nargs="+", default=[], metavar="TEXT", help="trials whose name holds one of these"
    )
    parser.add_argument(
        "--share", type=float, default=1.0, help="of the repetitions that a soak has"
    )
    parser.add_argument("--ledger", type=Path, help="a file for the figures, as JSON")
    parser.add_argument("--seed", type=int, default=0, help="of the moments and the places")
    parser.add_argument("--minutes", type=float, default=18, help="after which no trial is begun")
    parser.add_argument(
        "--jobs", type=int, default=1 + (os.cpu_count() or 1), help="trials at once: some wait"
    )
    return parser.parse_args()


def report(ledger: Ledger, seconds: float, *, lacking: Sequence[str]) -> str:
    """The tables, and what they add up to."""
    whole = ledger.total()
    parts = [
        f"{whole.kills:,} kills, {whole.faulty:,} faulty requests, {whole.tried:,} faults and"
        f" {whole.commands:,} commands in all, in {seconds / 60:.1f} minutes; lost:"
        f" {len(whole.lost) or 'nothing'}."
    ]
    if not mountable():
        parts.append(
            "Not tried, since only root may mount a small disk: a disk that is full or read-only."
        )
    if lacking:
        parts.append(f"Not tried, since it is not installed: what needs {' or '.join(lacking)}.")
    return "\n\n".join([*parts, *(ledger.table(area) for area in AREAS)])


if __name__ == "__main__":
    sys.exit(main())
