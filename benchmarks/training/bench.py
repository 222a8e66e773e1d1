"""What the benchmarks of training share: options, and sides that run in a process of their own."""

import json
import lzma
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.dataset.pairs_file import write_pairs
from pipeline.errors import BadInput, ExternalError
from pipeline.files import write_atomically
from pipeline.records import Pair

HERE = Path(__file__).resolve().parents[1]

BOUND = {
    "OMP_NUM_THREADS": "2",
    "OMP_PROC_BIND": "true",
    "OMP_PLACES": "cores",
}  # else a busy machine puts both threads on one core


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Training beside nanoGPT's and transformers', on the same machine."""

    what: str | None = None
    """speed, shakespeare, leads500, leads5k, leads20k, memory, ablations or gpu; also without the
    flag.
    """
    nanogpt: Path | None = None
    """A checkout of nanoGPT."""
    work: Path = Path("runs/benchmarks")
    """Folder for runs and what was measured."""
    rounds: int = 3
    """How often each side is measured, in turns; medians count."""
    device: str = "cpu"
    """Where we compute: cpu, or cuda (peers do so in the benchmark `gpu` alone)."""
    smoke: bool = False
    """Tiny sizes, to see whether it works."""


class Bench:
    """Where the material lies, and what was measured already."""

    def __init__(self, options: Options, what: str) -> None:
        shared = os.environ.get("ASKWIKI_SHARED")
        if not shared:
            raise BadInput("ASKWIKI_SHARED is not set: let it name the folder that holds corpora/")
        self.shared, self.smoke, self.rounds = (
            Path(shared),
            options.smoke,
            1 if options.smoke else options.rounds,
        )
        self.work = (options.work / (f"smoke-{what}" if options.smoke else what)).resolve()
        self.work.mkdir(parents=True, exist_ok=True)
        self.text, self.source = self.shared / "corpora" / "shakespeare.txt", options.nanogpt
        self.device = options.device

    def nanogpt(self) -> Path:
        """A copy of nanoGPT with the characters of Shakespeare prepared."""
        if self.source is None or not (self.source / "model.py").exists():
            raise BadInput(
                "nanoGPT is not there: name a checkout of github.com/karpathy/nanoGPT with"
                " --nanogpt"
            )
        copy = self.work / "nanoGPT"
        data = copy / "data" / "shakespeare_char"
        if not (data / "meta.pkl").exists():
            shutil.copytree(
                self.source, copy, ignore=shutil.ignore_patterns(".git"), dirs_exist_ok=True
            )
            shutil.copy(self.text, data / "input.txt")
            command([sys.executable, "prepare.py"], folder=data)
        return copy

    def known(self, name: str, measure: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        """What was measured under this name, now or by a run that was stopped."""
        path = self.work / f"{name}.json"
        if not path.exists():
            write_atomically(path, json.dumps(measure()) + "\n")
        found: dict[str, Any] = json.loads(path.read_bytes())
        figures = {
            key: value
            for key, value in {**found, **found.get("last", {})}.items()
            if isinstance(value, int | float)
        }
        print(
            f"{name:<24}" + ", ".join(f"{key} {value:,.5g}" for key, value in figures.items()),
            flush=True,
        )
        return found

    def side(self, name: str, **asked: Any) -> dict[str, Any]:
        """A side of benchmarks.sides."""
        return self.known(
            name,
            lambda: json.loads(
                command([sys.executable, "-m", "benchmarks.sides", json.dumps(asked)]).splitlines()[
                    -1
                ]
            ),
        )

    def train(self, name: str, *flags: object) -> dict[str, Any]:
        """Our trainer from its command line: its rows of metrics and the peak of its memory in
        bytes.
        """
        out = self.work / f"run-{name}"

        def measure() -> dict[str, Any]:
            shutil.rmtree(out, ignore_errors=True)
            command(
                [
                    sys.executable,
                    "train.py",
                    "--out",
                    str(out),
                    "--device",
                    self.device,
                    *map(str, flags),
                ]
            )
            rows = [json.loads(line) for line in (out / "metrics.jsonl").read_text().splitlines()]
            return {"last": rows[-1], "rows": rows}

        return {**self.known(name, measure), "out": out}

    def leads(self, count: int, every: int | None = None) -> Path:
        """A cache with that many leads, evenly from the whole, asked as "What is TITLE?"."""
        cache = self.work / f"leads-{count}"
        with lzma.open(self.shared / "corpora" / "leads.jsonl.xz", "rt", encoding="utf-8") as file:
            rows = [json.loads(line) for line in file]
        rows = rows[:: every or max(1, len(rows) // count)][:count]
        write_pairs(
            cache / "pairs.jsonl",
            [
                Pair(
                    pageid=number,
                    title=row["title"],
                    kind="definition",
                    question=f"What is {row['title']}?",
                    answer=row["answer"],
                    url="",
                    revid=number,
                    licence="CC BY-SA 3.0",
                )
                for number, row in enumerate(rows, 1)
            ],
        )
        return cache


def command(words: Sequence[str], folder: Path = HERE.parent) -> str:
    """Run a program bound to two cores; what it printed. Raises ExternalError."""
    done = subprocess.run(
        words, cwd=folder, env=os.environ | BOUND, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise ExternalError(f"{' '.join(words)[:200]} failed: {done.stderr.strip()[-800:]}")
    return done.stdout


def iterations(said: str) -> list[float]:
    """Seconds of each step in nanoGPT's log."""
    return [
        float(found) / 1000
        for found in re.findall(r"^iter \d+: .*time ([\d.]+)ms", said, re.MULTILINE)
    ]


def first(rows: Sequence[dict[str, Any]], goal: float) -> float:
    """Seconds at the first row whose recall reaches the goal; infinite where none does."""
    return next(
        (float(row["seconds"]) for row in rows if (row["recall"] or 0) >= goal), float("inf")
    )
