"""What a run writes down can be read again, torn or not."""

import json
import math
import shlex
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from model import report
from model.ledger import Ledger
from pipeline.answering.server.run_summary import parse_samples

ROW = {
    "epoch": 1.0,
    "step": 10,
    "tokens": 100,
    "seconds": 1.5,
    "tokens_per_second": 66.7,
    "train_loss": 2.0,
    "val_loss": 2.5,
    "val_bpb": 1.2,
    "recall": 0.5,
}


def rows(count: int) -> list[report.Metrics]:
    return [ROW | {"epoch": float(n), "step": 10 * n} for n in range(1, count + 1)]


def test_metrics_come_back_as_they_were_written(tmp_path: Path) -> None:
    path = tmp_path / "metrics.jsonl"
    assert report.read_metrics(path) == []
    path.write_text(report.metrics_text(rows(3)))
    assert report.read_metrics(path) == rows(3)


@given(st.integers(0, 2000), st.binary(max_size=20))
def test_a_torn_or_spoiled_file_gives_the_rows_before_the_damage(
    tmp_path_factory: pytest.TempPathFactory, at: int, junk: bytes
) -> None:
    path = tmp_path_factory.mktemp("run") / "metrics.jsonl"
    whole = report.metrics_text(rows(4)).encode()
    path.write_bytes(whole[:at] + junk)
    found = report.read_metrics(path)
    sound = whole[:at].count(b"\n")
    assert found[:sound] == rows(4)[:sound]


@pytest.mark.parametrize(
    "line", ["[]", "{}", "null", '{"epoch": "x", "step": 1, "train_loss": 1}', "[" * 100_000]
)
def test_lines_that_are_no_rows_end_the_reading(tmp_path: Path, line: str) -> None:
    path = tmp_path / "metrics.jsonl"
    path.write_text(report.metrics_text(rows(1)) + line + "\n" + report.metrics_text(rows(1)))
    assert report.read_metrics(path) == rows(1)


def test_figures_that_are_not_finite_are_written_as_null() -> None:
    line = report.metrics_text([ROW | {"val_loss": math.nan, "val_bpb": math.inf}])
    assert "NaN" not in line and "Infinity" not in line
    assert json.loads(line)["val_loss"] is None


def test_samples_are_cut_back_to_what_was_before_an_epoch() -> None:
    text = "# What it said\n"
    for n in (1, 2, 2.5, 10):
        text += report.sample_section(
            ROW | {"epoch": n},
            [report.Sample(question="Who was Ada?", answer="## Epoch 3\n\n## Epoch 4\n<b>x</b>")],
        )
    assert report.up_to(text, 2).count("\n## Epoch ") == 1
    assert report.up_to(text, 2.5).count("\n## Epoch ") == 2
    assert report.up_to(text, 11) == text
    assert report.up_to(text, 1) == "# What it said\n"


def section_of(question: str, answer: str) -> str:
    return report.sample_section(ROW, [report.Sample(question=question, answer=answer)])


def test_what_was_held_out_is_marked_among_the_samples() -> None:
    trained, unseen = (
        report.Sample(question=f"What is {name}?", answer="A thing.", held_out=name == "b")
        for name in "ab"
    )
    section = report.sample_section(ROW, [trained, unseen])
    assert "**What is a?**\n" in section
    assert "**What is b?** (held out: never trained on)\n" in section
    (epoch,) = parse_samples(section)
    assert [sample["heldOut"] for sample in epoch["answers"]] == [False, True]


@given(st.text())
def test_no_answer_becomes_markup_or_a_section(answer: str) -> None:
    section = section_of("Q?", answer)
    assert section.count("\n## ") == 1
    assert "<" not in section
    assert len(section.splitlines()) == len(section_of("Q?", "x").splitlines())


def test_a_line_says_the_figures_that_there_are() -> None:
    assert (
        report.line(ROW)
        == "epoch 1, step 10, loss 2.000, held out 2.500 (1.20 bits/byte), recall 50.0%, 67"
        " tokens/s, 2 s"
    )
    assert "held out" not in report.line(ROW | {"val_loss": None, "recall": None})
    assert "loss -" in report.line(ROW | {"train_loss": math.nan})


@pytest.mark.parametrize("seconds", [0.4, 59_000])
def test_an_epoch_is_one_line_of_a_terminal(seconds: float) -> None:
    row = ROW | {"epoch": 12.3456, "val_loss": 10.25, "recall": 1.0, "seconds": seconds}
    assert len(report.short_line(row)) < 80
    assert report.short_line(ROW) == (
        "epoch 1, loss 2.000, held out 2.500 (1.20 bpb), recall 50.0%, 2 s"
    )
    assert "held out" not in report.short_line(ROW | {"val_loss": None, "recall": None})


def test_the_closing_table_fits_a_screen_and_its_command_can_be_typed() -> None:
    questions = [f"What is the {'very ' * 30}long name of page {n}?" for n in range(40)]
    never = Ledger.empty(np.arange(40))
    text = report.closing(
        ROW | {"recall_other": 0.5},
        report.ledger_lines(never, questions),
        seconds=12_345,
        run=Path("runs/it's a try"),
        prompt="What is “Łódź”?",
        raw=False,
    )
    *table, ask = text.splitlines()
    assert len(table) < 20 and max(map(len, table)) <= 80
    assert shlex.split(ask.removeprefix("ask it")) == [
        *("python", "generate.py", "--run", "runs/it's a try", "--prompt", "What is “Łódź”?")
    ]


@pytest.mark.parametrize(
    "known", [ROW, ROW | {"val_loss": None, "recall": None}, ROW | {"train_loss": math.nan}]
)
def test_the_plot_is_drawn_whole(tmp_path: Path, known: report.Metrics) -> None:
    report.draw_losses([known], tmp_path / "loss.png")
    assert (tmp_path / "loss.png").read_bytes().startswith(b"\x89PNG")
    assert [path.name for path in tmp_path.iterdir()] == ["loss.png"]


def test_a_table_stands_in_two_columns() -> None:
    assert report.table([("a", "1"), ("long", "2")]) == "a     1\nlong  2"


@pytest.mark.parametrize("wrong", ['"recall": "x"', '"val_loss": []', '"tokens_per_second": {}'])
def test_a_row_whose_figures_are_none_ends_the_history(wrong: str, tmp_path: Path) -> None:
    path = tmp_path / "metrics.jsonl"
    path.write_text(f'{{"epoch": 1, "step": 1, "train_loss": 1, {wrong}}}\n')
    assert report.read_metrics(path) == []
