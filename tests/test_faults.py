"""The quick round of the fault harness: every kind of fault once. make soak goes on for half an
hour and writes docs/reliability.md.
"""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TELLING = ("killed while fetching", "full: train", "a prompt of nothing")


def rounds(*options: str) -> None:
    """In a process of its own: what forks must have no threads, and other tests have."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.faults", *options],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    print(done.stdout)
    assert done.returncode == 0, done.stdout + done.stderr


def test_nothing_is_lost_where_the_most_telling_faults_are_met() -> None:
    rounds("--quick", "--only", *TELLING)


@pytest.mark.slow
def test_nothing_is_lost_in_the_quick_round_of_faults() -> None:
    rounds("--quick")
