"""Which of the runs can be asked. Reads a few small files, and no network."""

import json
from pathlib import Path
from typing import Any

from pipeline.answering.question_index import FILE
from pipeline.dataset.pairs_file import cache_option, train_command
from pipeline.errors import BadInput, command_line
from pipeline.files import read_bounded

MAX_METRICS = 16 << 20  # bytes of metrics.jsonl
MAX_SETTINGS = 1 << 20  # bytes of config.json
KNOWS_NOTHING = 0.05  # recall below which a run is not asked of its own accord


def newest_that_can_answer(root: Path = Path("runs")) -> Path:
    """The newest run that has read pages and remembers some. Raises BadInput, saying of the newest
    why it cannot be asked, where there is none.
    """
    runs = sorted(
        (folder for folder in root.glob("*") if folder.is_dir()), key=_written_at, reverse=True
    )
    reasons = [(run, why_not(run)) for run in runs]
    for run, reason in reasons:
        if not reason:
            return run
    if not reasons:
        raise BadInput(
            f"{root} holds no run: train one with python train.py, or name one with --run"
        )
    run, reason = reasons[0]
    raise BadInput(f"no run in {root} can be asked: the newest, {run}, {reason}")


def why_not(run: Path) -> str:
    """Why a run cannot be asked questions; "" where it can."""
    if not any(run.glob("checkpoints/step-*")):
        return f"has saved nothing yet: wait for its first epoch, or begin anew with {_anew(run)}"
    if not has_read(run):
        command = command_line("python", "generate.py", "--run", run, "--raw", "--prompt", "The")
        return f"has read plain text and no questions: continue a text with {command}"
    recall = _last_recall(run)
    if recall is not None and recall < KNOWS_NOTHING:
        return f"remembers {recall:.0%} of its answers: train it longer with {longer_command(run)}"
    return ""


def newest_trained_on(cache: Path, root: Path = Path("runs")) -> Path | None:
    """The newest run that was trained on the pairs in this folder and can be asked; None where
    there is none.
    """
    runs = sorted(
        (run for run in root.glob("*") if _settings(run, "data").get("cache") == str(cache)),
        key=_written_at,
        reverse=True,
    )
    return next((run for run in runs if not why_not(run)), None)


def next_command(cache: Path) -> str:
    """What to type once pages were fetched into a folder: begin a run on its pairs, or have the
    one that knows the earlier ones learn the new ones; ask it where it has read them all.
    """
    anew = train_command(cache)
    run = newest_trained_on(cache)
    if run is None:
        return f"now: {anew}"
    if not _changed_since_read(cache / "pairs.jsonl", run):
        asked = command_line("python", "generate.py", "--run", run, "--chat")
        return f"{run} has read all of it; ask it: {asked}"
    taught = command_line("python", "train.py", "--init-from", run, *cache_option(cache))
    return f"now: {taught}\nor from scratch: {anew}"


def _changed_since_read(pairs: Path, run: Path) -> bool:
    """Whether pairs have changed since a run has last read them."""
    try:
        return pairs.stat().st_mtime > (run / "titles.jsonl").stat().st_mtime
    except OSError:
        return True


def has_read(run: Path) -> bool:
    """Whether a run was trained on pages: it has an index of them, or should have one."""
    titles = run / "titles.jsonl"
    return (run / FILE).exists() or (titles.exists() and titles.stat().st_size > 0)


def _anew(run: Path) -> str:
    """The command that begins a run again, on what it was meant to read."""
    data = _settings(run, "data")
    texts, cache = data.get("text"), data.get("cache")
    words: list[object] = ["python", "train.py", "--out", run]
    if isinstance(texts, list) and texts:
        words += ["--text", *texts]
    elif isinstance(cache, str):
        words += cache_option(Path(cache))
    return command_line(*words)


def longer_command(run: Path) -> str:
    """The command that trains a run for twice as long, whatever has ended it."""
    trainer = _settings(run, "trainer")
    words: list[object] = ["python", "train.py", "--resume", "--out", run]
    if isinstance(epochs := trainer.get("epochs"), int):
        words += ["--epochs", 2 * epochs]
    for limit in ("steps", "patience"):
        if trainer.get(limit):
            words += [f"--{limit}", 0]
    return command_line(*words)


def _settings(run: Path, section: str) -> dict[str, Any]:
    """A section of a run's settings; empty where they cannot be read."""
    try:
        settings = json.loads(read_bounded(run / "config.json", MAX_SETTINGS))
        values = settings.get(section, {})
    except (OSError, ValueError, AttributeError, RecursionError):
        return {}
    return values if isinstance(values, dict) else {}


def _written_at(run: Path) -> float:
    return max((saved.stat().st_mtime for saved in run.glob("checkpoints/step-*")), default=0.0)


def _last_recall(run: Path) -> float | None:
    """The recall of the newest epoch that was measured; None where none was."""
    try:
        lines = read_bounded(run / "metrics.jsonl", MAX_METRICS).decode().splitlines()
        recalls = [json.loads(line).get("recall") for line in lines]
    except (OSError, ValueError, AttributeError):
        return None
    measured = [recall for recall in recalls if isinstance(recall, int | float)]
    return measured[-1] if measured else None
