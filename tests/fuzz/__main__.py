"""python -m tests.fuzz: an hour of coverage-guided fuzzing over all targets, its figures in
docs/reliability.md.

    FUZZ_SECONDS=3600 python -m tests.fuzz    # what make fuzz does, with atheris on the path
    python -m tests.fuzz cleaner dump                  # some targets, which share the time

The table has a row for each target, of the last time that it was fed; it is written once there are
all of them. What a target cannot bear lies in build/fuzz/found afterwards: mend the code, and put
the input into tests/fuzz/corpus.
"""

import os
import re
import subprocess
import sys
import time
from pathlib import Path

from pipeline.files import write_atomically
from tests.faults.report import put
from tests.fuzz.targets import LONGEST, TARGETS

HERE = Path(__file__).parent
WORK = Path("build/fuzz")
MOST = 10  # finds of a target, before it is left until they are mended
LIMITS = ("-timeout=20", "-rss_limit_mb=6000", "-print_final_stats=1", "-verbosity=1")


def main() -> int:
    """Feed each target its share of the time; status 1 when anything was found."""
    names = sys.argv[1:] or list(TARGETS)
    seconds = int(os.environ.get("FUZZ_SECONDS", "3600")) // len(names)
    for name in names:
        write_atomically(WORK / f"{name}.row", fuzzed(name, seconds))
    kept = [WORK / f"{name}.row" for name in TARGETS]
    rows = [row.read_text() for row in kept if row.exists()]
    head = [
        "| Target | minutes | inputs tried | branches reached | kept in the corpus | found |",
        "|---|---:|---:|---:|---:|---|",
    ]
    table = "\n".join([*head, *rows])
    print(table)
    if len(rows) == len(TARGETS):
        put("fuzzing", f"{table}\n\nFuzzed with atheris (libFuzzer), one process.")
    return 1 if any("**" in row for row in rows) else 0


def fuzzed(name: str, seconds: int) -> str:
    """The row of a target that was fed for so long."""
    corpus, found = WORK / "corpus" / name, WORK / "found" / name
    corpus.mkdir(parents=True, exist_ok=True)
    found.mkdir(parents=True, exist_ok=True)
    before, end = set(found.iterdir()), time.monotonic() + seconds
    command = [
        sys.executable,
        "-m",
        "tests.fuzz.feed",
        name,
        str(corpus),
        str(HERE / "corpus" / name),
        f"-max_len={LONGEST[name]}",
        f"-artifact_prefix={found}/",
        f"-dict={HERE / 'words.dict'}",
        *LIMITS,
    ]
    with (WORK / f"{name}.log").open("w") as log:
        while (left := round(end - time.monotonic())) > 0 and len(
            set(found.iterdir()) - before
        ) < MOST:  # libFuzzer ends with each find
            subprocess.run(
                [*command, f"-max_total_time={left}"],
                check=False,
                stdout=log,
                stderr=subprocess.STDOUT,
            )
    said = (WORK / f"{name}.log").read_text("utf-8", "replace")
    tried = re.findall(r"stat::number_of_executed_units:\s*(\d+)", said)
    reached = re.findall(r"cov: (\d+)", said)
    new = set(found.iterdir()) - before
    harm = f"**{len(new)}**" if new else "nothing" if tried else "**it did not run**"
    return (
        f"| {name} | {seconds / 60:.1f} | {sum(map(int, tried)):,} |"
        f" {int(reached[-1]) if reached else 0:,} | {sum(1 for _ in corpus.iterdir()):,} | {harm} |"
    )


if __name__ == "__main__":
    sys.exit(main())
