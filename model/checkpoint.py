"""A run's folder: settings, figures, and checkpoints that are written whole or not at all and verified when read.

    RUN/config.json          how it was made; can be passed back in
    RUN/vocabulary.json      the tokenizer
    RUN/titles.jsonl         what it has read
    RUN/metrics.jsonl        one object an epoch
    RUN/samples.md, loss.png what it said, how it learned
    RUN/checkpoints/step-00000123/{model.safetensors, training.safetensors, state.json}

Nothing is ever unpickled: tensors are safetensors, the rest is JSON.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor

from model.config import GPTConfig
from model.gpt import GPT
from model.settings import overlay

FORMAT = 1
MAX_JSON = 16 << 20  # bytes


class RunError(ValueError):
    """A run's folder cannot be used: one line that says why and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Progress:
    """Where a run stands: `batch` batches of epoch `epoch` (counted from 0) are done."""

    epoch: int = 0
    batch: int = 0
    step: int = 0
    tokens: int = 0
    seconds: float = 0.0
    loss_sum: float = 0.0
    """Of the epoch under way, in nats."""
    loss_count: int = 0
    score: float | None = None
    """How good the weights are; the checkpoint with the highest is the best."""
    best: float | None = None
    """The highest score so far."""
    since_best: int = 0
    """Epochs without a better score."""
    fetched: int = 0
    """Epochs after which more pages were asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """What one folder under checkpoints/ holds."""

    progress: Progress
    weights: dict[str, Tensor]
    training: dict[str, Tensor] = field(default_factory=dict)


def save_checkpoint(run: Path, checkpoint: Checkpoint, *, keep: int = 2) -> Path:
    """Write a checkpoint beside the others, whole or not at all, then drop old ones: the best and the last `keep` stay."""
    root = run / "checkpoints"
    final = root / f"step-{checkpoint.progress.step:08d}"
    part = root / f".{final.name}.{os.getpid()}"
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    files = {"model.safetensors": checkpoint.weights, "training.safetensors": checkpoint.training}
    sums = {}
    for name, tensors in files.items():
        save_file({k: v.detach().cpu().contiguous() for k, v in tensors.items()}, part / name)
        sums[name] = _checksum(part / name)
        _sync(part / name)
    state = {"format": FORMAT, "progress": asdict(checkpoint.progress), "sha256": sums}
    (part / "state.json").write_text(json.dumps(state, indent=1) + "\n")
    _sync(part / "state.json")
    _sync(part)
    shutil.rmtree(final, ignore_errors=True)
    part.rename(final)
    _sync(root)
    _prune(root, keep)
    return final


def _prune(root: Path, keep: int) -> None:
    for stale in root.glob(".step-*"):
        shutil.rmtree(stale, ignore_errors=True)
    folders = sorted(root.glob("step-*"))
    best = _best_first(folders)[:1]
    for folder in folders[:-max(1, keep)]:
        if folder not in best:
            shutil.rmtree(folder, ignore_errors=True)


def _best_first(folders: list[Path]) -> list[Path]:
    """The folders by their score, the later first among equals; those without a score by age, after the others."""
    def order(folder: Path) -> tuple[float, str]:
        try:
            score = _state(folder)[0].score
        except RunError:
            score = None
        return (float("-inf") if score is None else score, folder.name)
    return sorted(folders, key=order, reverse=True)


def _state(folder: Path) -> tuple[Progress, dict[str, str]]:
    raw = read_json(folder / "state.json")
    if raw.get("format") != FORMAT:
        raise RunError(f"{folder} has format {raw.get('format')!r}, this version reads {FORMAT}: use the version that wrote it")
    progress, sums = raw.get("progress"), raw.get("sha256")
    known = {f.name for f in fields(Progress)}
    if not isinstance(progress, dict) or not isinstance(sums, dict) or set(progress) - known:
        raise RunError(f"{folder / 'state.json'} is damaged")
    for name, value in progress.items():
        if not (isinstance(value, int | float) or (value is None and name in ("score", "best"))):
            raise RunError(f"{folder / 'state.json'} is damaged: {name} is {value!r}")
    return Progress(**progress), sums


def load_checkpoint(folder: Path, *, training: bool = False) -> Checkpoint:
    """A checkpoint, verified against its checksums. Raises RunError for a damaged one."""
    progress, sums = _state(folder)
    loaded: dict[str, dict[str, Tensor]] = {}
    for name in ("model.safetensors", "training.safetensors")[:2 if training else 1]:
        path = folder / name
        try:
            if _checksum(path) != sums.get(name):
                raise RunError(f"{path} is damaged: its checksum is not the one noted when it was saved")
            loaded[name] = load_file(path)
        except (OSError, SafetensorError) as error:
            raise RunError(f"{path} cannot be read: {error}") from None
    return Checkpoint(progress=progress, weights=loaded["model.safetensors"], training=loaded.get("training.safetensors", {}))


def newest_checkpoint(run: Path, *, training: bool = False) -> Iterator[Checkpoint | RunError]:
    """The sound checkpoints of a run, the newest first; a RunError in the place of each damaged one."""
    return _sound(sorted((run / "checkpoints").glob("step-*"), reverse=True), training)


def best_checkpoint(run: Path) -> Iterator[Checkpoint | RunError]:
    """As `newest_checkpoint`, the best first."""
    return _sound(_best_first(list((run / "checkpoints").glob("step-*"))), False)


def _sound(folders: list[Path], training: bool) -> Iterator[Checkpoint | RunError]:
    for folder in folders:
        try:
            yield load_checkpoint(folder, training=training)
        except RunError as error:
            yield error


def newest_run(root: Path = Path("runs")) -> Path:
    """The run under root that was written to last. Raises RunError when there is none."""
    runs = [folder for folder in root.glob("*") if any(folder.glob("checkpoints/step-*"))]
    if not runs:
        raise RunError(f"{root} holds no run: train one with python train.py, or name one with --run")
    return max(runs, key=lambda folder: max(c.stat().st_mtime for c in folder.glob("checkpoints/step-*")))


def load_model(run: Path, *, compute: torch.dtype = torch.float32, device: str = "cpu") -> GPT:
    """The best sound checkpoint of a run as a network, ready to answer. Raises RunError when there is none."""
    config = model_config(run)
    damaged: RunError | None = None
    for found in best_checkpoint(run):
        if isinstance(found, RunError):
            damaged = found
            continue
        with torch.device("meta"):
            model = GPT(config, compute=compute)
        try:
            model.load_state_dict(found.weights, assign=True)
        except RuntimeError:
            damaged = RunError(f"the weights in {run} are not those of its config.json")
            continue
        return model.restore_buffers().to(device).eval()
    raise damaged or RunError(f"{run} holds no checkpoint: train it with python train.py --out {run}, or name another run")


def model_config(run: Path) -> GPTConfig:
    """The network of a run. Raises RunError for a folder that is no run."""
    raw = read_json(run / "config.json").get("model")
    try:
        if not isinstance(raw, dict):
            raise TypeError("it has no model")
        return overlay(GPTConfig(vocab_size=1), raw)
    except (TypeError, ValueError) as error:
        raise RunError(f"{run / 'config.json'} is no run's: {error}") from None


def random_state(device: torch.device) -> dict[str, Tensor]:
    """The state of the random generators that training draws from (dropout)."""
    state = {"random|cpu": torch.get_rng_state()}
    if device.type == "cuda":
        state["random|cuda"] = torch.cuda.get_rng_state(device)
    return state


def set_random_state(state: dict[str, Tensor], device: torch.device) -> None:
    """Take up an earlier `random_state`."""
    if "random|cpu" in state:
        torch.set_rng_state(state["random|cpu"])
    if "random|cuda" in state and device.type == "cuda":
        torch.cuda.set_rng_state(state["random|cuda"], device)


def read_json(path: Path) -> dict[str, Any]:
    """A JSON object from a file of bounded size. Raises RunError."""
    try:
        if path.stat().st_size > MAX_JSON:
            raise RunError(f"{path} is too large")
        raw = json.loads(path.read_bytes())
    except FileNotFoundError:
        raise RunError(f"{path} is missing: {path.parent} is no run's folder") from None
    except (ValueError, RecursionError, OSError) as error:
        raise RunError(f"{path} cannot be read: {error}") from None
    if not isinstance(raw, dict):
        raise RunError(f"{path} holds no object")
    return raw


def _checksum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
