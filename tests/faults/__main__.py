"""python -m tests.faults: every fault, again and again, and docs/reliability.md written of what came of it.

    python -m tests.faults                    # the whole soak, at most half an hour on two cores
    python -m tests.faults --only process     # some of it; nothing is written
"""

import argparse
import sys
import tempfile
import time
from pathlib import Path

from tests.faults.core import AREAS, Ledger, Trial
from tests.faults.soak import all_trials, run_trials


def main() -> int:
    """Run what is asked for; status 1 when anything was lost."""
    parser = argparse.ArgumentParser(prog="python -m tests.faults", description=__doc__.splitlines()[0])
    parser.add_argument("--only", nargs="+", default=[], metavar="TEXT", help="trials whose name holds one of these; nothing is written")
    parser.add_argument("--share", type=float, default=1.0, help="of the repetitions that a soak has")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--jobs", type=int, default=2)
    options = parser.parse_args()
    chosen = [trial for trial in all_trials() if not options.only or any(text in trial.name for text in options.only)]
    began = time.monotonic()
    ledger = Ledger()
    with tempfile.TemporaryDirectory(prefix="askwiki-soak-") as scratch:
        for trial, outcome in run_trials(chosen, Path(scratch), seed=options.seed, jobs=options.jobs, share=options.share):
            ledger.add(trial, outcome)
            for line in outcome.lost:
                print(f"LOST  {trial.name}: {line}", flush=True)
    for area in AREAS:
        print(f"\n{ledger.table(area)}")
    whole = ledger.total()
    print(f"\n{whole.kills:,} kills, {whole.faulty:,} faulty requests, {whole.commands:,} commands; {len(whole.lost)} lost; "
          f"{time.monotonic() - began:,.0f} s")
    return 1 if whole.lost else 0


if __name__ == "__main__":
    sys.exit(main())
