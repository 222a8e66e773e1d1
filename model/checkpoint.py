"""The file format of checkpoints, which are written whole or not at all and verified when read; the
other files of a run's folder are listed in run_folder.py.

    RUN/checkpoints/step-00000123/{model.safetensors, training.safetensors, state.json}

Nothing is ever unpickled: tensors are safetensors, the rest is JSON. A checkpoint says all that a
resumed run or an answer depends on (settings, position, checksums) in a state.json that carries its
own checksum; config.json is a copy of the settings for people.
"""

import hashlib
import json
import math
import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file, save_file
from torch import Tensor

from model import ledger, rehearsal
from model.config import MOST, GPTConfig
from model.device import RANDOM_STATE
from model.gpt import GPT
from model.settings import from_dict
from model.train_state import TrainState
from model.unfilled import Unfilled
from pipeline.errors import BadInput, command_line
from pipeline.files import content_hash, fsync, read_bounded, share_as_folder

FORMAT = 2
MAX_JSON = 16 << 20  # bytes
VOCABULARY = "vocabulary.json"


class RunError(BadInput):
    """A run's folder cannot be used: one line that says why and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """What one folder under checkpoints/ holds."""

    state: TrainState
    weights: dict[str, Tensor]
    resume_tensors: dict[str, Tensor] = field(default_factory=dict)
    """What only resuming needs, beside the weights: the optimizer, random numbers, the ledger."""
    settings: dict[str, Any] = field(default_factory=dict)
    """Of the run, as plain JSON; the section `model` is a GPTConfig."""
    corpus: str = ""
    """Digest of what the run trains on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """What state.json holds."""

    state: TrainState
    settings: dict[str, Any]
    corpus: str
    sha256: dict[str, str]
    """Of each file of the checkpoint, and of the run's vocabulary.json."""


def save_checkpoint(run: Path, checkpoint: Checkpoint, *, keep: int = 2) -> Path:
    """Write a checkpoint beside the others, whole or not at all, then drop old ones: the best and
    the last `keep` stay.

    Raises OSError, leaving the others as they are, when it cannot be written.
    """
    # Written under a hidden name and renamed at the end, as a rename is done or not done, and never
    # half: whoever looks at the folder, at any moment, sees whole checkpoints alone.
    root = run / "checkpoints"
    part = root / f".step-{checkpoint.state.step:08d}.{os.getpid()}"
    shutil.rmtree(part, ignore_errors=True)
    try:
        _write(part, run, checkpoint)
    except SafetensorError as error:
        raise OSError(f"{part} cannot be written: {error}") from None
    finally:
        if not (part / "state.json").exists():
            shutil.rmtree(part, ignore_errors=True)
    final = root / f"step-{checkpoint.state.step:08d}"
    # A run that was stopped at this step has saved here, too: that one stays until this one is
    # complete.
    same = list(root.glob(f"{final.name}*"))
    while final.exists():
        final = final.with_name(final.name + "-again")
    part.rename(final)
    fsync(root)
    for superseded in same:
        _remove(superseded)
    _prune(root, keep)
    return final


def _write(folder: Path, run: Path, checkpoint: Checkpoint) -> None:
    """All files of a checkpoint, state.json last, and all of it on the disk."""
    folder.mkdir(parents=True)
    sums = {}
    for name, tensors in {
        "model.safetensors": checkpoint.weights,
        "training.safetensors": checkpoint.resume_tensors,
    }.items():
        save_file({k: v.detach().cpu().contiguous() for k, v in tensors.items()}, folder / name)
        sums[name] = content_hash(folder / name)
        fsync(folder / name)
    share_as_folder(folder)
    if (run / VOCABULARY).exists():
        sums[VOCABULARY] = content_hash(run / VOCABULARY)
    # state.json comes last and names the sums of all other files: where it is whole, so is all.
    manifest = {
        "format": FORMAT,
        "train_state": asdict(checkpoint.state),
        "settings": checkpoint.settings,
        "corpus": checkpoint.corpus,
        "sha256": sums,
    }
    (folder / "state.json").write_text(
        json.dumps(manifest | {"own_sha256": _digest(manifest)}, indent=1) + "\n"
    )
    fsync(folder / "state.json")
    fsync(folder)


def _prune(root: Path, keep: int) -> None:
    for stale in root.glob(".step-*"):
        shutil.rmtree(stale, ignore_errors=True)
    folders = sorted(root.glob("step-*"))
    # The best stays however old it is, as training may go on to worse.
    best = _best_first(folders)[:1]
    for folder in folders[: -max(1, keep)]:
        if folder not in best:
            _remove(folder)


def _remove(folder: Path) -> None:
    """Delete a checkpoint, which has no checkpoint's name any more while its files go."""
    aside = folder.with_name(f".{folder.name}.old")
    shutil.rmtree(aside, ignore_errors=True)
    folder.rename(aside)
    shutil.rmtree(aside, ignore_errors=True)


def _best_first(folders: list[Path]) -> list[Path]:
    """The folders by their score, the later first among equals; those without a score by age, after
    the others. Checkpoints of what the newest was trained on come first: a network that has read
    more is better than one that had fewer questions to get right.
    """
    readable = [manifest for folder in sorted(folders) if (manifest := _manifest_or_none(folder))]
    newest = readable[-1] if readable else None

    def order(folder: Path) -> tuple[bool, float, str]:
        manifest = _manifest_or_none(folder)
        if manifest is None:
            return (False, -math.inf, folder.name)
        score = manifest.state.score
        same = newest is not None and manifest.corpus == newest.corpus
        return (same, -math.inf if score is None else score, folder.name)

    return sorted(folders, key=order, reverse=True)


def _manifest(folder: Path) -> Manifest:
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
        return Manifest(
            state=_train_state(raw["train_state"]),
            settings=_dict_of(raw["settings"]),
            corpus=str(raw["corpus"]),
            sha256=_dict_of(raw["sha256"]),
        )
    except (KeyError, TypeError, ValueError):
        raise RunError(
            f"{folder / 'state.json'} is of another version: use the one that wrote it"
        ) from None


def _dict_of(value: object) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise TypeError("not an object")
    return value


def _train_state(values: object) -> TrainState:
    """Where a run stands, from JSON that anyone may have written. Raises TypeError or ValueError
    for what no training leaves.
    """
    state = from_dict(TrainState, _dict_of(values))
    for value in asdict(state).values():
        if isinstance(value, int) and not 0 <= value <= MOST:
            raise ValueError("a count is out of range")
        if isinstance(value, float) and not math.isfinite(value):
            raise ValueError("a figure is not finite")
    return state


def _manifest_or_none(folder: Path) -> Manifest | None:
    """The manifest of a checkpoint; None for a damaged one."""
    try:
        return _manifest(folder)
    except RunError:
        return None


def load_checkpoint(folder: Path, *, training: bool = False) -> Checkpoint:
    """A checkpoint, verified against its checksums. Raises RunError for a damaged one."""
    manifest = _manifest(folder)
    loaded: dict[str, dict[str, Tensor]] = {}
    for name in ("model.safetensors", "training.safetensors")[: 2 if training else 1]:
        path = folder / name
        _verify(path, manifest)
        try:
            loaded[name] = load_file(path)
        except (OSError, SafetensorError) as error:
            raise RunError(f"{path} cannot be read: {error}") from None
    if VOCABULARY in manifest.sha256:
        _verify(folder.parent.parent / VOCABULARY, manifest)
    _check_weights(loaded["model.safetensors"], _model_config(manifest.settings, folder), folder)
    return Checkpoint(
        state=manifest.state,
        weights=loaded["model.safetensors"],
        resume_tensors=loaded.get("training.safetensors", {}),
        settings=manifest.settings,
        corpus=manifest.corpus,
    )


def _check_weights(weights: dict[str, Tensor], config: GPTConfig, folder: Path) -> None:
    """Raises RunError where the weights are not those of the network that the settings name, or no
    finite numbers.
    """
    # A lower bound of the network's size that takes no memory to compute.
    least = config.vocab_size * config.width + config.layers * config.width**2
    expected: dict[str, Tensor] = {}
    if least <= sum(tensor.numel() for tensor in weights.values()):
        # Only then, as a stranger's settings may claim a network of terabytes.
        with Unfilled():
            expected = GPT(config).state_dict()
    shapes = {name: (tensor.shape, tensor.dtype) for name, tensor in weights.items()}
    if shapes != {name: (tensor.shape, tensor.dtype) for name, tensor in expected.items()}:
        raise RunError(
            f"the weights in {folder} are not those of its settings: take the version that wrote it"
        )
    if not all(bool(tensor.isfinite().all()) for tensor in weights.values()):
        raise RunError(f"the weights in {folder} are not finite: take another run, or train anew")


def check_vocabulary(run: Path, ids: int, network_ids: int) -> None:
    """Raises RunError where a run's vocabulary has other ids than its network."""
    if ids != network_ids:
        raise RunError(
            f"{run / VOCABULARY} has {ids:,} ids and the network {network_ids:,}: copy it again"
            " from the run, or train again"
        )


def _verify(path: Path, manifest: Manifest) -> None:
    try:
        if content_hash(path) != manifest.sha256.get(path.name):
            raise RunError(
                f"{path} is damaged: its checksum is not the one noted when it was saved"
            )
    except OSError as error:
        raise RunError(f"{path} cannot be read: {error.strerror}") from None


def checkpoints_newest_first(
    run: Path, *, training: bool = False
) -> Iterator[Checkpoint | RunError]:
    """The sound checkpoints of a run, the newest first; a RunError in the place of each damaged
    one.
    """
    return _sound(sorted((run / "checkpoints").glob("step-*"), reverse=True), training)


def newest_sound(run: Path, *, on_notice: Callable[[str], None]) -> Checkpoint:
    """The newest checkpoint of a run that is not damaged; `on_notice` is told of those that are.

    Raises BadInput when there is none.
    """
    for candidate in checkpoints_newest_first(run, training=True):
        if not isinstance(candidate, RunError):
            return candidate
        on_notice(f"{candidate}; taking the checkpoint before it")
    raise BadInput(f"{run} holds no sound checkpoint to go on from: train anew without it")


def optimizer_state(training: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """The optimizer's own of the tensors that training goes on from."""
    others = (RANDOM_STATE, ledger.PREFIX, rehearsal.CHOSEN)
    return {name: value for name, value in training.items() if not name.startswith(others)}


def checkpoints_best_first(run: Path) -> Iterator[Checkpoint | RunError]:
    """As `checkpoints_newest_first`, the best first."""
    return _sound(_best_first(list((run / "checkpoints").glob("step-*"))), False)


def _sound(folders: list[Path], training: bool) -> Iterator[Checkpoint | RunError]:
    for folder in folders:
        try:
            yield load_checkpoint(folder, training=training)
        except RunError as error:
            yield error


def newest_run(root: Path = Path("runs"), *, flag: str = "--run") -> Path:
    """The run under root that was written to last. Raises RunError, which says by which flag to
    name another, when there is none.
    """
    runs = [folder for folder in root.glob("*") if any(folder.glob("checkpoints/step-*"))]
    if not runs:
        raise RunError(
            f"{root} holds no run: train one with python train.py, or name one with {flag}"
        )
    return max(
        runs, key=lambda folder: max(c.stat().st_mtime for c in folder.glob("checkpoints/step-*"))
    )


def load_weights(run: Path) -> tuple[GPTConfig, dict[str, Tensor]]:
    """The network and the weights of a run's best sound checkpoint. Raises RunError when there is
    none.
    """
    damaged: RunError | None = None
    for checkpoint in checkpoints_best_first(run):
        if not isinstance(checkpoint, RunError):
            return _model_config(checkpoint.settings, run), checkpoint.weights
        damaged = checkpoint
    raise damaged or no_checkpoint(run)


def load_model(run: Path, *, compute: torch.dtype = torch.float32, device: str = "cpu") -> GPT:
    """The best sound checkpoint of a run as a module. Raises RunError when there is none."""
    config, weights = load_weights(run)
    with Unfilled():
        model = GPT(config, compute_dtype=compute)
    try:
        model.load_state_dict(weights, assign=True)
    except RuntimeError:
        raise RunError(
            f"the weights in {run} are not those of its settings: take the version that wrote it"
        ) from None
    return model.restore_buffers().to(device).eval()


def no_checkpoint(run: Path) -> RunError:
    """What is to be said of a run that has none, or of a folder that is no run's."""
    if not any((run / part).exists() for part in ("config.json", "checkpoints")):
        return RunError(
            f"{run} is no run's folder: train one with python train.py, or name another"
        )
    command = command_line("python", "train.py", "--out", run)
    return RunError(f"{run} holds no checkpoint: train it with {command}, or name another run")


def run_settings(run: Path) -> dict[str, Any]:
    """The settings of a run: those of its newest sound checkpoint, or of config.json before there
    is any. Raises RunError.
    """
    damaged: RunError | None = None
    for folder in sorted((run / "checkpoints").glob("step-*"), reverse=True):
        try:
            return _manifest(folder).settings
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
        return from_dict(GPTConfig, settings["model"])
    except (KeyError, AttributeError, TypeError, ValueError) as error:
        raise RunError(f"the settings of {run} name no network of this version: {error}") from None


def read_json(path: Path) -> dict[str, Any]:
    """A JSON object from a file of bounded size. Raises RunError."""
    try:
        raw = json.loads(read_bounded(path, MAX_JSON))
    except FileNotFoundError:
        raise RunError(f"{path} is missing: {path.parent} is no run's folder") from None
    except OSError as error:
        raise RunError(f"{path} cannot be read: {error.strerror}") from None
    except (ValueError, RecursionError) as error:
        raise RunError(f"{path} cannot be read: {error}") from None
    if not isinstance(raw, dict):
        raise RunError(f"{path} holds no object")
    return raw


def _digest(manifest: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(manifest, sort_keys=True).encode()).hexdigest()
