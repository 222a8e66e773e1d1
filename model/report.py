"""The reports of a run for people: metrics.jsonl, samples.md, loss.png and the closing table."""

import json
import math
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from model.ledger import Ledger
from pipeline.errors import command_line
from pipeline.files import read_bounded

MAX_FILE = 64 << 20  # bytes of metrics.jsonl or samples.md
RESISTING = 5  # questions of pairs that are not known yet, in the closing table
QUESTION_WIDTH = 48  # columns of such a question: the table is made for 80

HELD_OUT = " (held out: never trained on)"  # after a question in samples.md


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """What the network said to one of the fixed questions, or made of the beginning of a text."""

    question: str
    answer: str
    held_out: bool = False
    """Whether its page is kept from training, so that a right answer would be chance."""


Metrics = dict[str, Any]
"""The figures of one evaluation, as a line of metrics.jsonl has them."""


def read_metrics(path: Path) -> list[Metrics]:
    """The rows of metrics.jsonl, up to the first that is torn or none of ours."""
    rows: list[Metrics] = []
    if path.exists():
        text = read_bounded(path, MAX_FILE).decode(errors="replace")
        for line in text.splitlines():
            try:
                row = json.loads(line)
            except (ValueError, RecursionError):
                break
            if not isinstance(row, dict) or not all(
                isinstance(row.get(name), int | float) for name in ("epoch", "step", "train_loss")
            ):
                break
            if not all(isinstance(value, int | float | None) for value in row.values()):
                break
            rows.append(row)
    return rows


def metrics_text(rows: Sequence[Metrics]) -> str:
    """The rows as JSON lines; figures that are not finite, which JSON lacks, as null."""
    return "".join(
        json.dumps(
            {
                name: None if isinstance(value, float) and not math.isfinite(value) else value
                for name, value in row.items()
            }
        )
        + "\n"
        for row in rows
    )


def line(row: Metrics) -> str:
    """One epoch in a line."""
    parts = [
        f"epoch {row['epoch']:g}",
        f"step {row['step']:,}",
        f"loss {_figure(row['train_loss'], 3)}",
    ]
    if row.get("val_loss") is not None:
        parts.append(
            f"held out {_figure(row['val_loss'], 3)} ({_figure(row['val_bpb'], 2)} bits/byte)"
        )
    if row.get("recall") is not None:
        parts.append(f"recall {row['recall']:.1%}")
    return ", ".join(
        [*parts, f"{row['tokens_per_second']:,.0f} tokens/s", f"{row['seconds']:,.0f} s"]
    )


def short_line(row: Metrics) -> str:
    """One epoch in a line of a terminal with 80 columns."""
    parts = [f"epoch {row['epoch']:.4g}", f"loss {_figure(row['train_loss'], 3)}"]
    if row.get("val_loss") is not None:
        held_out, bits = _figure(row["val_loss"], 3), _figure(row["val_bpb"], 2)
        parts.append(f"held out {held_out} ({bits} bpb)")
    if row.get("recall") is not None:
        parts.append(f"recall {row['recall']:.1%}")
    return ", ".join([*parts, f"{row['seconds']:,.0f} s"])


def sample_section(row: Metrics, samples: Sequence[Sample]) -> str:
    """An epoch's part of samples.md."""
    said = "".join(
        f"\n**{_escaped(sample.question)}**{HELD_OUT if sample.held_out else ''}\n\n"
        f"> {_escaped(sample.answer) or '(nothing)'}\n"
        for sample in samples
    )
    return f"\n## Epoch {row['epoch']:g}\n\n{line(row)}\n{said}"


def _escaped(text: str) -> str:
    """Text that Markdown shows as it is, on one line."""
    text = " ".join(text.split()).replace("&", "&amp;").replace("<", "&lt;")
    return "".join("\\" + c if c in "\\`*_[]#|" else c for c in text)


def up_to(samples: str, epoch: float) -> str:
    """samples.md without the sections of this epoch and later ones: what a resumed run writes
    again.
    """
    kept: list[str] = []
    for part in samples.split("\n## Epoch "):
        number = part.split("\n", 1)[0]
        try:
            if kept and float(number) >= epoch:
                break
        except ValueError:
            break
        kept.append(part)
    return "\n## Epoch ".join(kept)


def draw_losses(rows: Sequence[Metrics], path: Path) -> None:
    """loss.png: training and held-out loss, and recall where there is one, over the steps."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7, 4), dpi=110)
    FigureCanvasAgg(figure)
    # Fixed margins: to fit them to the labels, matplotlib would draw everything twice.
    figure.subplots_adjust(left=0.1, right=0.9, bottom=0.13, top=0.96)
    axes = figure.add_subplot()
    steps = [row["step"] for row in rows]
    handles = axes.plot(
        steps, [row["train_loss"] for row in rows], color="#1f6f8b", label="training loss"
    )
    if any(row.get("val_loss") is not None for row in rows):
        handles += axes.plot(
            steps,
            [_or_nan(row.get("val_loss")) for row in rows],
            color="#d1603d",
            label="held-out loss",
        )
    axes.set(xlabel="step", ylabel="loss (nats per token)")
    axes.set_ylim(bottom=0)
    axes.grid(alpha=0.25)
    if any(row.get("recall") is not None for row in rows):
        right = axes.twinx()
        recall = [_or_nan(row.get("recall")) for row in rows]
        handles += right.plot(
            steps, recall, color="#5c8d3a", linestyle="--", label="recall of trained answers"
        )
        right.set(ylabel="recall", ylim=(0, 1.02))
    axes.legend(handles=handles, loc="center right", framealpha=0.9)
    part = path.with_suffix(".part.png")
    figure.savefig(part)
    part.replace(path)


def closing(
    row: Metrics,
    ledger: Sequence[tuple[str, str]],
    *,
    seconds: float,
    run: Path,
    prompt: str,
    raw: bool,
) -> str:
    """The table at a run's end, which fits a screen: what it reached, where it lies, how to ask it;
    `raw` where it continues texts.
    """
    asking = ("python", "generate.py", "--run", run, *(("--raw",) if raw else ()))
    names = {
        "training loss": "train_loss",
        "held-out loss": "val_loss",
        "held-out bits/byte": "val_bpb",
        "recall of trained answers": "recall",
        "recall, other phrasings": "recall_other",
    }
    figures = [(name, f"{row[key]:.3f}") for name, key in names.items() if row.get(key) is not None]
    return table(
        [
            *figures,
            *ledger,
            ("seconds", f"{seconds:,.0f}"),
            ("run", str(run)),
            ("ask it", command_line(*asking, "--prompt", prompt)),
        ]
    )


def ledger_lines(ledger: Ledger, questions: Sequence[str]) -> list[tuple[str, str]]:
    """The lines of the closing table about what is known by heart, with some questions that resist;
    none where there are no pairs.
    """
    if not questions:
        return []
    summary = ledger.summary()
    of = f"of {len(ledger):,}"
    resisting = [
        textwrap.shorten(questions[int(i)], QUESTION_WIDTH, placeholder=" …")
        for i in ledger.resisting()[:RESISTING]
    ]
    labels = ["such as", *[""] * len(resisting)]
    return [
        ("answers right, in own words", f"{summary['own_words']:,} {of}"),
        ("answers right, in other words", f"{summary['other_words']:,} {of}"),
        ("not yet", f"{summary['not_yet']:,} {of}"),
        *zip(labels, resisting, strict=False),
    ]


def table(rows: Sequence[tuple[str, str]]) -> str:
    """Names and figures in two columns."""
    width = max(len(name) for name, _ in rows)
    return "\n".join(f"{name:<{width}}  {value}" for name, value in rows)


def _or_nan(value: float | None) -> float:
    return math.nan if value is None else value


def _figure(value: float | None, digits: int) -> str:
    return "-" if value is None or not math.isfinite(value) else f"{value:.{digits}f}"
