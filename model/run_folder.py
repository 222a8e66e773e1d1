"""A run's folder on disk: who may write to it, and what a person finds in it.

RUN/config.json          how it was made; can be passed back in
RUN/vocabulary.json      the tokenizer
RUN/titles.jsonl         what it has read (pipeline/answering/titles.py)
RUN/index.sqlite         by which questions are understood (pipeline/answering/index_writer.py)
RUN/metrics.jsonl        one object per evaluation
RUN/samples.md, loss.png what it said, how it learned
RUN/ledger.jsonl         what it knows by heart
RUN/checkpoints/         model/checkpoint.py
"""

import json
import secrets
import shutil
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

from model import report
from model.checkpoint import RunError
from model.ledger import NEVER, RIGHT, WRONG, Ledger
from pipeline.errors import ExternalError
from pipeline.files import Locked, acquire, read_bounded, replacing, write_atomically

DRAWING_SHARE = 0.05  # of a run's time is spent on drawing at most


class RunFolder:
    """The folder of the run that this process trains; no other process trains in it meanwhile.

    Raises ExternalError where another one does, RunError where the path is no folder.
    """

    def __init__(self, path: Path, *, otherwise: str = "") -> None:
        """`otherwise` is what to do in place of waiting, should another process train there."""
        if path.exists() and not path.is_dir():
            raise RunError(f"{path} is no folder: name another with --out")
        self.path = path
        self.is_new = not path.exists()
        try:
            self.lock = acquire(path / ".lock")
        except Locked as held:
            raise ExternalError(
                f"another process is training in {path}: wait for its end{otherwise}{held}"
            ) from None
        self.metrics: list[report.Metrics] = []
        """Of every evaluation so far, as metrics.jsonl has them."""
        self.next_drawing = 0.0
        """On the monotonic clock: not before it is loss.png drawn again."""

    def close(self) -> None:
        """Let others train in the folder. One that was made here and has no checkpoint is removed:
        a start that fails leaves nothing behind.
        """
        if self.is_new and not has_checkpoint(self.path):
            # Out of the way first: whoever begins a run under this name has a folder of its own.
            aside = self.path.with_name(f".{self.path.name}.{secrets.token_hex(4)}")
            self.path.rename(aside)
            shutil.rmtree(aside, ignore_errors=True)
        self.lock.release()

    def create(self, settings: dict[str, Any]) -> None:
        """Write what a run begins with. Raises RunError when the folder holds a run already."""
        if has_checkpoint(self.path):
            raise RunError(
                f"{self.path} holds a run already: add --resume to go on with it, or choose another"
                " --out"
            )
        self.write_settings(settings)
        write_atomically(self.path / "samples.md", f"# What {self.path.name} said as it learned\n")

    def write_settings(self, settings: dict[str, Any]) -> None:
        """config.json, for people and for --config; each checkpoint has its own copy."""
        write_atomically(self.path / "config.json", json.dumps(settings, indent=1) + "\n")

    def restore_metrics(self, evaluations: int) -> None:
        """Read the figures of the first evaluations; what came after them is written again."""
        self.metrics = report.read_metrics(self.path / "metrics.jsonl")[:evaluations]

    def record(self, metrics: report.Metrics, samples: Sequence[report.Sample]) -> None:
        """Add an evaluation to metrics.jsonl and samples.md, and to loss.png if that was not drawn
        just now: on a GPU an epoch of few pages takes less time than its drawing.
        """
        self.metrics.append(metrics)
        path = self.path / "samples.md"
        written = read_bounded(path, report.MAX_FILE) if path.exists() else b""
        kept = report.up_to(written.decode(errors="replace"), metrics["epoch"])
        write_atomically(path, kept + report.sample_section(metrics, samples))
        write_atomically(self.path / "metrics.jsonl", report.metrics_text(self.metrics))
        if time.monotonic() >= self.next_drawing:
            self.draw()

    def draw(self) -> None:
        """Draw loss.png, of the evaluations so far."""
        begun = time.monotonic()
        report.draw_losses(self.metrics, self.path / "loss.png")
        self.next_drawing = begun + (time.monotonic() - begun) / DRAWING_SHARE

    def write_ledger(self, ledger: Ledger, questions: Iterable[str]) -> None:
        """ledger.jsonl: one object per pair."""
        write_ledger(self.path / "ledger.jsonl", ledger, questions)


@contextmanager
def closed_on_error(run: RunFolder | None) -> Iterator[None]:
    """Closes the folder where what is done in this block fails."""
    with ExitStack() as undo:
        if run:
            undo.callback(run.close)
        yield
        undo.pop_all()


def write_ledger(path: Path, ledger: Ledger, questions: Iterable[str]) -> None:
    """What is known of each pair, as JSON lines, in the order of the corpus."""
    names = {NEVER: None, WRONG: False, RIGHT: True}
    with replacing(path) as file:
        for number, question in enumerate(questions):
            entry = {
                "question": question,
                "own_words": names[int(ledger.own_words[number])],
                "other_words": names[int(ledger.other_words[number])],
                "streak": int(ledger.streak[number]),
                "last_step": int(ledger.last_step[number]),
            }
            file.write(json.dumps(entry, ensure_ascii=False).encode("utf-8", "replace") + b"\n")


def has_checkpoint(path: Path) -> bool:
    """Whether a folder holds the run of an earlier training."""
    return any(path.glob("checkpoints/step-*"))
