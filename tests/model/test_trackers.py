"""Figures reach the tracker that was asked for, under the run's name, and no other."""

import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from model.trackers import check_tracker, open_tracker

FIGURES = {"step": 7, "epoch": 1.0, "train_loss": 2.5, "val_loss": None, "recall": 0.25}


class Library(ModuleType):
    """Notes what is called, as wandb and trackio would be."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.begun: list[dict[str, Any]] = []
        self.logged: list[tuple[dict[str, Any], int]] = []

    def init(self, **options: Any) -> None:
        self.begun.append(options)

    def log(self, figures: dict[str, Any], step: int) -> None:
        self.logged.append((figures, step))


@pytest.mark.parametrize("name", ["wandb", "trackio"])
def test_a_run_goes_on_under_its_name_with_the_figures_that_have_a_value(
    name: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    library = Library(name)
    monkeypatch.setitem(sys.modules, name, library)
    log = open_tracker(name, tmp_path / "my-run", {"model": {"layers": 2}})  # type: ignore[arg-type]
    log(FIGURES)
    (begun,) = library.begun
    assert begun["name"] == "my-run" and begun["config"] == {"model": {"layers": 2}}
    assert library.logged == [({"epoch": 1.0, "train_loss": 2.5, "recall": 0.25}, 7)]


def test_tensorboard_gets_events_in_the_runs_folder(tmp_path: Path) -> None:
    pytest.importorskip("tensorboard", reason="the extra `tensorboard` is not installed")
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    open_tracker("tensorboard", tmp_path, {})(FIGURES)
    events = EventAccumulator(str(tmp_path / "tensorboard")).Reload()
    assert events.Scalars("recall")[0].step == 7
    assert events.Scalars("train_loss")[0].value == pytest.approx(2.5)


def test_by_default_nothing_is_tracked(tmp_path: Path) -> None:
    check_tracker("none")
    open_tracker("none", tmp_path, {})(FIGURES)
    assert not list(tmp_path.iterdir())


def test_a_tracker_that_is_missing_is_named_with_its_remedy(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("model.trackers.find_spec", lambda name: None)
    with pytest.raises(ValueError, match="pip install trackio"):
        check_tracker("trackio")
