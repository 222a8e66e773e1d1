"""A run's folder: whole or not at all, verified when read, never unpickled."""

import hashlib
import json
import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file

from model.checkpoint import (
    Checkpoint,
    RunError,
    check_vocabulary,
    checkpoints_best_first,
    checkpoints_newest_first,
    load_checkpoint,
    load_model,
    newest_run,
    save_checkpoint,
)
from model.config import GPTConfig
from model.gpt import GPT
from model.run_folder import RunFolder
from model.train_state import TrainState
from pipeline.files import content_hash

CONFIG = GPTConfig(vocab_size=50, block_size=16, layers=1, heads=2, width=16, mlp_width=32)


def save(run: Path, step: int, score: float | None = None, keep: int = 2) -> Path:
    torch.manual_seed(step)
    settings = {"model": asdict(CONFIG)}
    if not run.exists():  # as in training, where these are written once, before the first state
        run.mkdir()
        (run / "config.json").write_text(json.dumps(settings))
        (run / "vocabulary.json").write_text("{}")
    found = Checkpoint(
        state=TrainState(step=step, epoch=step, score=score),
        weights=dict(GPT(CONFIG).state_dict()),
        resume_tensors={"momentum|x": torch.full((3,), float(step))},
        settings=settings,
    )
    return save_checkpoint(run, found, keep=keep)


def steps(run: Path) -> list[int]:
    return sorted(
        int(folder.name.removeprefix("step-")) for folder in (run / "checkpoints").glob("step-*")
    )


def test_a_checkpoint_that_goes_has_no_checkpoint_name_while_its_files_go(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(tmp_path, 1)
    # As if the process were killed at the moment when it begins to delete
    monkeypatch.setattr("model.checkpoint.shutil.rmtree", lambda *_, **__: None)
    for step in (2, 2, 3, 4):
        save(tmp_path, step, keep=1)
    left = list(tmp_path.glob("checkpoints/step-*"))
    assert len(left) == 1 and left[0].name == "step-00000004"


def test_what_is_saved_comes_back_to_the_bit(tmp_path: Path) -> None:
    folder = save(tmp_path / "run", 7)
    torch.manual_seed(7)
    whole = load_checkpoint(folder, training=True)
    assert whole.state.step == 7 and whole.resume_tensors["momentum|x"].tolist() == [7.0] * 3
    assert all(
        torch.equal(whole.weights[name], value) for name, value in GPT(CONFIG).state_dict().items()
    )


def test_the_last_ones_and_the_best_are_kept(tmp_path: Path) -> None:
    for step, score in ((1, 0.1), (2, 0.9), (3, 0.2), (4, 0.3), (5, 0.4)):
        save(tmp_path / "run", step, score)
    assert steps(tmp_path / "run") == [2, 4, 5]
    best = next(checkpoints_best_first(tmp_path / "run"))
    assert isinstance(best, Checkpoint) and best.state.step == 2


def test_a_damaged_newest_one_is_passed_over_saying_so(tmp_path: Path) -> None:
    save(tmp_path / "run", 1)
    weights = save(tmp_path / "run", 2) / "model.safetensors"
    raw = bytearray(weights.read_bytes())
    raw[-5] ^= 1
    weights.write_bytes(raw)
    damaged, sound = checkpoints_newest_first(tmp_path / "run", training=True)
    assert isinstance(damaged, RunError) and "checksum" in str(damaged)
    assert isinstance(sound, Checkpoint) and sound.state.step == 1
    assert load_model(tmp_path / "run").parameter_count() == GPT(CONFIG).parameter_count()


@pytest.mark.parametrize("name", ["model.safetensors", "training.safetensors", "state.json"])
@pytest.mark.parametrize("harm", ["empty", "cut", "flip", "gone", "folder", "text"])
def test_no_harm_to_a_file_gives_wrong_weights_or_a_traceback(
    tmp_path: Path, name: str, harm: str
) -> None:
    file = save(tmp_path / "run", 3) / name
    raw, rng = file.read_bytes(), random.Random(f"{name}{harm}")
    for _ in range(20 if harm in ("cut", "flip") else 1):
        at = rng.randrange(len(raw))
        if file.is_dir():
            file.rmdir()
        match harm:
            case "empty":
                file.write_bytes(b"")
            case "cut":
                file.write_bytes(raw[:at])
            case "flip":
                file.write_bytes(
                    raw[:at] + bytes([raw[at] ^ (1 << rng.randrange(8))]) + raw[at + 1 :]
                )
            case "gone":
                file.unlink()
            case "folder":
                file.unlink()
                file.mkdir()
            case "text":
                file.write_bytes(b'{"format": 1, "progress": [], "sha256": {}}')
        with pytest.raises(RunError):
            load_checkpoint(file.parent, training=True)


def test_a_newer_format_is_refused_by_name(tmp_path: Path) -> None:
    state = save(tmp_path / "run", 3) / "state.json"
    state.write_text(state.read_text().replace('"format": 2', '"format": 99'))
    with pytest.raises(RunError):
        load_checkpoint(state.parent)


def test_one_process_holds_a_run_at_a_time(tmp_path: Path) -> None:
    held = RunFolder(tmp_path / "run")
    code = (
        "from pathlib import Path; from model.run_folder import RunFolder;"
        f" RunFolder(Path({str(tmp_path / 'run')!r}))"
    )
    other = subprocess.run(
        [sys.executable, "-c", code],
        check=False,
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[2],
    )
    assert other.returncode != 0 and "ExternalError" in other.stderr
    held.close()


def test_the_newest_run_is_the_one_written_last(tmp_path: Path) -> None:
    with pytest.raises(RunError, match="holds no run"):
        newest_run(tmp_path)
    save(tmp_path / "a", 1)
    os.utime(tmp_path / "a/checkpoints/step-00000001", (1, 1))
    save(tmp_path / "b", 1)
    assert newest_run(tmp_path).name == "b"


def test_a_kill_while_saving_leaves_a_run_that_loads(tmp_path: Path) -> None:
    run, rng = tmp_path / "run", random.Random(4)
    save(run, 1)
    code = (
        "import sys; from pathlib import Path; sys.path[:0] = ['.', 'tests/model']\n"
        "from test_checkpoint import save\n"
        "print('ready', flush=True)\nfor step in range(2, 10**6): save(Path(sys.argv[1]), step)"
    )
    for _ in range(4):
        process = subprocess.Popen(
            [sys.executable, "-c", code, str(run)],
            stdout=subprocess.PIPE,
            cwd=Path(__file__).parents[2],
        )
        assert process.stdout and process.stdout.readline()
        time.sleep(rng.uniform(0.02, 0.3))
        process.send_signal(signal.SIGKILL)
        process.wait()
        process.stdout.close()
        found = next(checkpoints_newest_first(run, training=True))
        assert (
            isinstance(found, Checkpoint)
            and found.resume_tensors["momentum|x"].tolist() == [float(found.state.step)] * 3
        )


def test_opening_a_run_does_not_load_the_compiler(tmp_path: Path) -> None:
    run = tmp_path / "run"
    save(run, 1)
    program = (
        "import sys; from pathlib import Path; from model.checkpoint import load_model;"
        "from model.inference.engine import InferenceEngine;"
        f"InferenceEngine(load_model(Path({str(run)!r})), precision='int8');"
        "print('torch._dynamo' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "False\n"


# --- runs that a stranger made, whose checksums are all right -------------------------------------


def reseal(folder: Path, change: Callable[[dict[str, Any]], object] = dict) -> None:
    """Give the files of a checkpoint the checksums that they should have, after a change of its
    state.json.
    """
    raw = json.loads((folder / "state.json").read_bytes())
    del raw["own_sha256"]
    for name in raw["sha256"]:
        file = folder.parent.parent / name if name == "vocabulary.json" else folder / name
        raw["sha256"][name] = content_hash(file)
    change(raw)
    digest = hashlib.sha256(json.dumps(raw, sort_keys=True).encode()).hexdigest()
    (folder / "state.json").write_text(json.dumps(raw | {"own_sha256": digest}))


Weights = dict[str, torch.Tensor]
HOSTILE_WEIGHTS: dict[str, Callable[[Weights], Weights]] = {
    "no numbers": lambda w: {name: value * torch.nan for name, value in w.items()},
    "infinite": lambda w: {name: value / 0 for name, value in w.items()},
    "integers": lambda w: {name: value.to(torch.int32) for name, value in w.items()},
    "of twice the precision": lambda w: {name: value.double() for name, value in w.items()},
    "of another shape": lambda w: {name: value[:1].clone() for name, value in w.items()},
    "one too few": lambda w: dict(list(w.items())[1:]),
    "one too many": lambda w: w | {"more": torch.zeros(3)},
}


@pytest.mark.parametrize("kind", HOSTILE_WEIGHTS)
def test_weights_that_no_training_leaves_are_refused(kind: str, tmp_path: Path) -> None:
    folder = save(tmp_path / "run", 3)
    weights = HOSTILE_WEIGHTS[kind](load_file(folder / "model.safetensors"))
    save_file(weights, folder / "model.safetensors")
    reseal(folder)
    with pytest.raises(RunError, match="weights"):
        load_checkpoint(folder)


HOSTILE_STATES: dict[str, Callable[[dict[str, Any]], object]] = {
    "a step that is a text": lambda raw: raw["train_state"].update(step="x"),
    "a negative step": lambda raw: raw["train_state"].update(step=-1),
    "an epoch beyond counting": lambda raw: raw["train_state"].update(epoch=10**30),
    "evaluations that are a list": lambda raw: raw["train_state"].update(evaluations=[]),
    "seconds without end": lambda raw: raw["train_state"].update(seconds=float("inf")),
    "a list for the state": lambda raw: raw.update(train_state=[]),
    "a list for the settings": lambda raw: raw.update(settings=[]),
    "a list for the network": lambda raw: raw["settings"].update(model=[1]),
    "a list for the checksums": lambda raw: raw.update(sha256=[]),
    "a network of terabytes": lambda raw: raw["settings"]["model"].update(width=1 << 17),
    "a network of other vocabulary": lambda raw: raw["settings"]["model"].update(vocab_size=51),
}


@pytest.mark.parametrize("kind", HOSTILE_STATES)
def test_a_state_of_wrong_types_or_sizes_is_refused(kind: str, tmp_path: Path) -> None:
    folder = save(tmp_path / "run", 3)
    reseal(folder, HOSTILE_STATES[kind])
    with pytest.raises(RunError):
        load_checkpoint(folder, training=True)


def test_a_vocabulary_of_another_size_than_the_network_is_refused(tmp_path: Path) -> None:
    check_vocabulary(tmp_path, 50, 50)
    with pytest.raises(RunError, match="has 51 ids and the network 50"):
        check_vocabulary(tmp_path, 51, 50)
