"""The newest run that can answer is asked; where none can, the line says why."""

import json
import os
import shlex
from pathlib import Path

import pytest

from pipeline.answering.question_index import FILE
from pipeline.answering.runs import newest_that_can_answer, next_command, why_not
from pipeline.errors import BadInput


def make(root: Path, name: str, *, at: int, recall: float | None = 1.0, read: bool = True) -> Path:
    """A run's folder, as far as it is looked at, saved at a time."""
    run = root / name
    saved = run / "checkpoints/step-1"
    saved.mkdir(parents=True)
    os.utime(saved, (at, at))
    if read:
        (run / FILE).write_bytes(b"")
    (run / "metrics.jsonl").write_text(json.dumps({"recall": recall}) + "\n", "utf-8")
    return run


def test_the_newest_run_that_has_read_and_remembers_is_taken(tmp_path: Path) -> None:
    make(tmp_path, "old", at=1)
    good = make(tmp_path, "good", at=2, recall=0.5)
    make(tmp_path, "text", at=3, read=False)
    make(tmp_path, "forgetful", at=4, recall=0.01)
    (tmp_path / "unsaved").mkdir()
    assert newest_that_can_answer(tmp_path) == good


def test_recall_that_was_not_measured_is_no_reason(tmp_path: Path) -> None:
    run = make(tmp_path, "run", at=1, recall=None)
    assert why_not(run) == ""
    (run / "metrics.jsonl").write_text("torn {", "utf-8")
    assert why_not(run) == ""


@pytest.mark.parametrize(
    ("changes", "reason"),
    [({"read": False}, "has read plain text"), ({"recall": 0.02}, "remembers 2% of its answers")],
)
def test_of_the_newest_it_is_said_why_not(
    tmp_path: Path, changes: dict[str, float], reason: str
) -> None:
    make(tmp_path, "run", at=1, **changes)  # type: ignore[arg-type]
    with pytest.raises(BadInput, match=reason):
        newest_that_can_answer(tmp_path)


def test_without_a_run_it_says_how_to_train_one(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="train one with"):
        newest_that_can_answer(tmp_path)
    (tmp_path / "begun").mkdir()
    with pytest.raises(BadInput, match="has saved nothing yet"):
        newest_that_can_answer(tmp_path)


def command_in(reason: str) -> list[str]:
    """The words behind "python NAME.py" of the command that a line advises."""
    return shlex.split(reason[reason.index("python ") :])[2:]


def test_every_command_that_is_advised_can_be_typed_as_it_stands(tmp_path: Path) -> None:
    unsaved = tmp_path / "it's begun"
    unsaved.mkdir()
    pairs = {"data": {"cache": str(tmp_path / "my cache")}, "trainer": {}}
    (unsaved / "config.json").write_text(json.dumps(pairs))
    assert command_in(why_not(unsaved)) == [
        *("--out", str(unsaved), "--cache", str(tmp_path / "my cache"))
    ]
    texts = {"data": {"cache": "cache", "text": ["my book.txt"]}}
    (unsaved / "config.json").write_text(json.dumps(texts))
    assert command_in(why_not(unsaved)) == ["--out", str(unsaved), "--text", "my book.txt"]
    (unsaved / "config.json").write_text("[")
    assert command_in(why_not(unsaved)) == ["--out", str(unsaved)]

    forgetful = make(tmp_path, "for getful", at=1, recall=0.01)
    limits = {"trainer": {"epochs": 7, "steps": 30, "patience": 2}}
    (forgetful / "config.json").write_text(json.dumps(limits))
    assert command_in(why_not(forgetful)) == [
        *("--resume", "--out", str(forgetful), "--epochs", "14", "--steps", "0", "--patience", "0")
    ]

    text = make(tmp_path, "te xt", at=1, read=False)
    assert command_in(why_not(text)) == ["--run", str(text), "--raw", "--prompt", "The"]


def test_after_a_fetch_the_run_that_knows_the_earlier_pages_is_to_learn_the_new_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    cache = Path("my cache")
    assert next_command(cache) == "now: python train.py --cache 'my cache'"
    runs = (
        ("old", "my cache", 1.0),
        ("new", "my cache", 1.0),
        ("bad", "my cache", 0.0),
        ("other", "cache", 1.0),
    )
    for at, (name, trained_on, recall) in enumerate(runs):
        run = make(Path("runs"), name, at=at, recall=recall)
        (run / "config.json").write_text(json.dumps({"data": {"cache": trained_on}}))
    advised, otherwise = next_command(cache).split("\n")
    assert advised == "now: python train.py --init-from runs/new --cache 'my cache'"
    assert otherwise == "or from scratch: python train.py --cache 'my cache'"


def test_a_run_that_has_read_every_pair_is_to_be_asked(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    cache, run = Path("cache"), make(Path("runs"), "a", at=1)
    (run / "config.json").write_text(json.dumps({"data": {"cache": "cache"}}))
    (run / "titles.jsonl").write_text("")
    cache.mkdir()
    for written, advised in ((-1, "generate.py --run runs/a --chat"), (1, "--init-from runs/a")):
        (cache / "pairs.jsonl").write_text("")
        moment = (run / "titles.jsonl").stat().st_mtime + written
        os.utime(cache / "pairs.jsonl", (moment, moment))
        assert advised in next_command(cache)
