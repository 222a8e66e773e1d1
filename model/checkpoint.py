"""A run's folder: settings, figures, and checkpoints that are written whole or not at all and
verified when read.

    RUN/config.json          how it was made; can be passed back in
    RUN/vocabulary.json      the tokenizer
    RUN/titles.jsonl         what it has read
    RUN/metrics.jsonl        one object an epoch
    RUN/samples.md, loss.png what it said, how it learned
    RUN/checkpoints/step-00000123/{model.safetensors, training.safetensors, state.json}

Nothing is ever unpickled: tensors are safetensors, the rest is JSON. A checkpoint says all that a
resumed run or an answer hangs on (settings, position, checksums) in a state.json that carries its
own checksum; config.json is a copy of the settings for people.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor

from model.config import GPTConfig
from model.gpt import GPT
from model.settings import merge

if TYPE_CHECKING:
    from filelock import FileLock

FORMAT = 1
MAX_JSON = 16 << 20  # bytes
VOCABULARY = "vocabulary.json"


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
    rows: int = 0
    """Rows of metrics.jsonl written so far."""
    fetched: int = 0
    """Epochs after which more pages were asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """What one folder under checkpoints/ holds."""

    progress: Progress
    weights: dict[str, Tensor]
    training: dict[str, Tensor] = field(default_factory=dict)
    settings: dict[str, Any] = field(default_factory=dict)
    """Of the run, as plain JSON; the section `model` is a GPTConfig."""
    corpus: str = ""
    """Digest of what the run trains on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class State:
    """What state.json holds."""

    progress: Progress
    settings: dict[str, Any]
    corpus: str
    sha256: dict[str, str]
    """Of each file of the checkpoint, and of the run's vocabulary.json."""


def save_checkpoint(run: Path, checkpoint: Checkpoint, *, keep: int = 2) -> Path:
    """Write a checkpoint beside the others, whole or not at all, then drop old ones: the best and
    the last `keep` stay.

    Raises OSError, leaving the others as they are, when it cannot be written.
    """
    root = run / "checkpoints"
    part = root / f".step-{checkpoint.progress.step:08d}.{os.getpid()}"
    shutil.rmtree(part, ignore_errors=True)
    try:
        _write(part, run, checkpoint)
    except SafetensorError as error:
        raise OSError(f"{part} cannot be written: {error}") from None
    finally:
        if not (part / "state.json").exists():
            shutil.rmtree(part, ignore_errors=True)
    final = root / f"step-{checkpoint.progress.step:08d}"
    same = list(
        root.glob(f"{final.name}*")
    )  # a run that was stopped here saved here too: that one stays until this one stands
    while final.exists():
        final = final.with_name(final.name + "-again")
    part.rename(final)
    _sync(root)
    for superseded in same:
        shutil.rmtree(superseded, ignore_errors=True)
    _prune(root, keep)
    return final


def _write(folder: Path, run: Path, checkpoint: Checkpoint) -> None:
    """All files of a checkpoint, state.json last, and all of it on the disk."""
    folder.mkdir(parents=True)
    sums = {}
    for name, tensors in {
        "model.safetensors": checkpoint.weights,
        "training.safetensors": checkpoint.training,
    }.items():
        save_file({k: v.detach().cpu().contiguous() for k, v in tensors.items()}, folder / name)
        sums[name] = _checksum(folder / name)
        _sync(folder / name)
    if (run / VOCABULARY).exists():
        sums[VOCABULARY] = _checksum(run / VOCABULARY)
    state = {
        "format": FORMAT,
        "progress": asdict(checkpoint.progress),
        "settings": checkpoint.settings,
        "corpus": checkpoint.corpus,
        "sha256": sums,
    }
    (folder / "state.json").write_text(
        json.dumps(state | {"own_sha256": _digest(state)}, indent=1) + "\n"
    )
    _sync(folder / "state.json")
    _sync(folder)


def _prune(root: Path, keep: int) -> None:
    for stale in root.glob(".step-*"):
        shutil.rmtree(stale, ignore_errors=True)
    folders = sorted(root.glob("step-*"))
    best = _best_first(folders)[:1]
    for folder in folders[: -max(1, keep)]:
        if folder not in best:
            shutil.rmtree(folder, ignore_errors=True)


def _best_first(folders: list[Path]) -> list[Path]:
    """The folders by their score, the later first among equals; those without a score by age, after
    the others.
    """

    def order(folder: Path) -> tuple[float, str]:
        try:
            score = _state(folder).progress.score
        except RunError:
            score = None
        return (float("-inf") if score is None else score, folder.name)

    return sorted(folders, key=order, reverse=True)


def _state(folder: Path) -> State:
    raw = read_json(folder / "state.json")
    if raw.get("format") != FORMAT:
        raise RunError(
            f"{folder} has format {raw.get('format')!r}, this version reads {FORMAT}: use the"
            " version that wrote it"
        )
    if raw.pop("own_sha256", None) != _digest(raw):
        raise RunError(
            f"{folder / 'state.json'} is damaged: its checksum is not the one noted when it was"
            " saved"
        )
    try:
        return State(
            progress=Progress(**raw["progress"]),
            settings=raw["settings"],
            corpus=raw["corpus"],
            sha256=raw["sha256"],
        )
    except (KeyError, TypeError):
        raise RunError(
            f"{folder / 'state.json'} is of another version: use the one that wrote it"
        ) from None


def load_checkpoint(folder: Path, *, training: bool = False) -> Checkpoint:
    """A checkpoint, verified against its checksums. Raises RunError for a damaged one."""
    state = _state(folder)
    loaded: dict[str, dict[str, Tensor]] = {}
    for name in ("model.safetensors", "training.safetensors")[: 2 if training else 1]:
        path = folder / name
        _verify(path, state)
        try:
            loaded[name] = load_file(path)
        except (OSError, SafetensorError) as error:
            raise RunError(f"{path} cannot be read: {error}") from None
    if VOCABULARY in state.sha256:
        _verify(folder.parent.parent / VOCABULARY, state)
    return Checkpoint(
        progress=state.progress,
        weights=loaded["model.safetensors"],
        training=loaded.get("training.safetensors", {}),
        settings=state.settings,
        corpus=state.corpus,
    )


def _verify(path: Path, state: State) -> None:
    try:
        if _checksum(path) != state.sha256.get(path.name):
            raise RunError(
                f"{path} is damaged: its checksum is not the one noted when it was saved"
            )
    except OSError as error:
        raise RunError(f"{path} cannot be read: {error.strerror}") from None


def newest_checkpoint(run: Path, *, training: bool = False) -> Iterator[Checkpoint | RunError]:
    """The sound checkpoints of a run, the newest first; a RunError in the place of each damaged
    one.
    """
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


def hold(run: Path) -> "FileLock":
    """Make a run's folder and keep other trainers out of it for as long as the lock lives. Raises
    RunError when one is in it.
    """
    if run.exists() and not run.is_dir():
        raise RunError(f"{run} is no folder: name another with --out")
    run.mkdir(parents=True, exist_ok=True)
    from filelock import FileLock, Timeout  # who only asks a run waits for no import of it

    lock = FileLock(run / ".lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise RunError(
            f"another process is training in {run}: wait for its end, or choose another --out"
        ) from None
    return lock


def newest_run(root: Path = Path("runs")) -> Path:
    """The run under root that was written to last. Raises RunError when there is none."""
    runs = [folder for folder in root.glob("*") if any(folder.glob("checkpoints/step-*"))]
    if not runs:
        raise RunError(
            f"{root} holds no run: train one with python train.py, or name one with --run"
        )
    return max(
        runs, key=lambda folder: max(c.stat().st_mtime for c in folder.glob("checkpoints/step-*"))
    )


def load_weights(run: Path) -> tuple[GPTConfig, dict[str, Tensor]]:
    """The network and the weights of a run's best sound checkpoint. Raises RunError when there is
    none.
    """
    damaged: RunError | None = None
    for found in best_checkpoint(run):
        if not isinstance(found, RunError):
            return _model_config(found.settings, run), found.weights
        damaged = found
    raise damaged or no_checkpoint(run)


def load_model(run: Path, *, compute: torch.dtype = torch.float32, device: str = "cpu") -> GPT:
    """The best sound checkpoint of a run as a module. Raises RunError when there is none."""
    config, weights = load_weights(run)
    with torch.device("meta"):
        model = GPT(config, compute=compute)
    try:
        model.load_state_dict(weights, assign=True)
    except RuntimeError:
        raise RunError(
            f"the weights in {run} are not those of its settings: take the version that wrote it"
        ) from None
    return model.restore_buffers().to(device).eval()


def no_checkpoint(run: Path) -> RunError:
    """What is to be said of a run that has none."""
    if not run.is_dir():
        return RunError(
            f"{run} is no run's folder: train one with python train.py, or name another"
        )
    return RunError(
        f"{run} holds no checkpoint: train it with python train.py --out {run}, or name another run"
    )


def run_settings(run: Path) -> dict[str, Any]:
    """The settings of a run: those of its newest sound checkpoint, or of config.json before there
    is any. Raises RunError.
    """
    damaged: RunError | None = None
    for folder in sorted((run / "checkpoints").glob("step-*"), reverse=True):
        try:
            return _state(folder).settings
        except RunError as error:
            damaged = error
    if damaged:
        raise damaged
    if (run / ".lock").exists() and not (run / "config.json").exists():
        raise RunError(
            f"{run} was stopped before it had begun: give the whole command again, without --resume"
        )
    return read_json(run / "config.json")


def model_config(run: Path) -> GPTConfig:
    """The network of a run. Raises RunError for a folder that is no run."""
    return _model_config(run_settings(run), run)


def _model_config(settings: dict[str, Any], run: Path) -> GPTConfig:
    try:
        return merge(GPTConfig(vocab_size=1), settings["model"])
    except (KeyError, AttributeError, TypeError, ValueError) as error:
        raise RunError(f"the settings of {run} name no network of this version: {error}") from None


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
        with path.open("rb") as file:
            content = file.read(MAX_JSON + 1)
        if len(content) > MAX_JSON:
            raise RunError(f"{path} is too large")
        raw = json.loads(content)
    except FileNotFoundError:
        raise RunError(f"{path} is missing: {path.parent} is no run's folder") from None
    except (ValueError, RecursionError, OSError) as error:
        raise RunError(f"{path} cannot be read: {error}") from None
    if not isinstance(raw, dict):
        raise RunError(f"{path} holds no object")
    return raw


def _digest(state: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(state, sort_keys=True).encode()).hexdigest()


def _checksum(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
