"""Training as a person meets it: a run that is killed goes on to the same weights, and every
mistake is one line.
"""

import hashlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import programs
import pytest

import train as program
from model.checkpoint import RunError
from model.report import read_metrics
from pipeline import cli

ROOT = Path(__file__).parents[1]
THINGS = (
    "river",
    "comet",
    "beetle",
    "opera",
    "harbour",
    "mineral",
    "festival",
    "bridge",
    "island",
    "orchid",
)
FIELDS = {
    "epoch",
    "step",
    "tokens",
    "seconds",
    "tokens_per_second",
    "train_loss",
    "val_loss",
    "val_bpb",
    "recall",
}
TINY = (
    "--layers",
    "1",
    "--heads",
    "2",
    "--width",
    "32",
    "--mlp-width",
    "64",
    "--vocab-size",
    "300",
    "--batch-tokens",
    "500",
    "--compute",
    "float32",
    "--device",
    "cpu",
    "--seed",
    "3",
    "--dropout",
    "0.1",
)


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Forty short pairs of our own."""
    folder = tmp_path_factory.mktemp("cache")
    with (folder / "pairs.jsonl").open("w") as out:
        for i in range(40):
            thing, title = THINGS[i % 10], f"{THINGS[i % 10].capitalize()} {i}"
            out.write(
                json.dumps(
                    {
                        "pageid": i,
                        "title": title,
                        "kind": "definition",
                        "question": f"What is {title}?",
                        "revid": i,
                        "answer": (
                            f"{title} is the {thing} that was noted in {1800 + i}. It is one of"
                            f" {i + 3}."
                        ),
                        "url": f"https://w.org/{i}",
                        "licence": "CC BY-SA 4.0",
                    }
                )
                + "\n"
            )
    return folder


def command(cache: Path, out: Path, *more: str) -> list[str]:
    return ["train.py", "--cache", str(cache), "--out", str(out), *TINY, *more]


def train(cache: Path, out: Path, *more: str) -> subprocess.CompletedProcess[str]:
    return programs.run(command(cache, out, *more))


def weights(run: Path) -> str:
    """The fingerprint of the newest weights and of all that a resumed run goes on from."""
    newest = max((run / "checkpoints").glob("step-*"))
    files = (newest / "model.safetensors", newest / "training.safetensors")
    return newest.name + "".join(hashlib.sha256(file.read_bytes()).hexdigest() for file in files)


@pytest.fixture(scope="module")
def unbroken(cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("runs") / "unbroken"
    done = train(cache, out, "--epochs", "8")
    assert done.returncode == 0, done.stderr
    return out


def test_a_run_leaves_what_others_rely_on(unbroken: Path) -> None:
    rows = read_metrics(unbroken / "metrics.jsonl")
    assert [row["epoch"] for row in rows] == list(range(1, 9)) and all(
        set(row) == FIELDS for row in rows
    )
    assert rows[-1]["train_loss"] < rows[0]["train_loss"]
    assert (unbroken / "loss.png").read_bytes().startswith(b"\x89PNG")
    assert (unbroken / "samples.md").read_text().count("\n## Epoch ") == 8
    assert json.loads((unbroken / "config.json").read_text())["model"]["width"] == 32


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT, signal.SIGTERM])
def test_a_stopped_run_ends_with_the_weights_of_an_unbroken_one(
    number: signal.Signals, cache: Path, unbroken: Path, tmp_path: Path
) -> None:
    out = tmp_path / "broken"
    process = programs.Program(command(cache, out, "--epochs", "8"))
    deadline = time.monotonic() + 60
    while not any(out.glob("checkpoints/step-*")) and time.monotonic() < deadline:
        time.sleep(0.01)
    process.send_signal(number)
    said = process.communicate()[1]
    assert (
        process.returncode == (-9 if number == signal.SIGKILL else 128 + number) or "ask it" in said
    )
    assert "Traceback" not in said and (
        number == signal.SIGKILL or "--resume" in said or "ask it" in said
    )
    resumed = train(cache, out, "--epochs", "8", "--resume")
    assert resumed.returncode == 0, resumed.stderr
    assert weights(out) == weights(unbroken)
    assert [row["epoch"] for row in read_metrics(out / "metrics.jsonl")] == list(range(1, 9))


def test_a_run_takes_its_own_config_back_in(cache: Path, unbroken: Path, tmp_path: Path) -> None:
    out = tmp_path / "again"
    config = unbroken / "config.json"
    done = programs.run(["train.py", "--config", config, "--cache", cache, "--out", out])
    assert done.returncode == 0, done.stderr
    assert weights(out) == weights(unbroken)


def test_the_measuring_command_prints_the_runs_figures(cache: Path, unbroken: Path) -> None:
    done = programs.run(
        ["train.py", "--evaluate", "--cache", cache, "--out", unbroken, "--device", "cpu"]
    )
    assert done.returncode == 0, done.stderr
    assert "recall of trained answers" in done.stdout and "recall, other phrasings" in done.stdout


TOGETHER = ("--epochs", "3", "--dropout", "0")


def train_together(cache: Path, out: Path, *more: str) -> None:
    """Two processes train one network, in the environment that torchrun would set for them."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    world = {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(port), "WORLD_SIZE": "2"}
    words = command(cache, out, *TOGETHER, *more)
    ranks = [
        programs.Program(words, env=os.environ | world | {"RANK": rank}) for rank in ("0", "1")
    ]
    for rank in ranks:
        _, error = rank.communicate()
        assert rank.returncode == 0, error


@pytest.fixture(scope="module")
def two(cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run of two processes."""
    out = tmp_path_factory.mktemp("runs") / "two"
    train_together(cache, out)
    return out


@pytest.mark.skipif(
    not Path("/proc/self/environ").exists(), reason="a rank's process is found in /proc"
)
# Quick beside it: test_train_faults has a process that is started again go on by itself.
@pytest.mark.slow
def test_a_rank_that_is_killed_is_started_again_and_the_weights_are_the_same(
    cache: Path, two: Path, tmp_path: Path
) -> None:
    out = tmp_path / "killed"
    torchrun = ("-m", "torch.distributed.run", "--nproc_per_node=2", "--max-restarts=2")
    work = subprocess.Popen(
        [sys.executable, *torchrun, *command(cache, out, *TOGETHER)],
        stderr=subprocess.PIPE,
        text=True,
        cwd=ROOT,
    )
    deadline = time.monotonic() + 60
    while not any(out.glob("checkpoints/step-*")) and time.monotonic() < deadline:
        time.sleep(0.01)
    os.kill(process_of(1, out), signal.SIGKILL)
    _, error = work.communicate(timeout=120)
    assert work.returncode == 0, error
    assert "resuming" in error and weights(out) == weights(two)


def process_of(rank: int, out: Path) -> int:
    """The process that is a rank of a run."""

    def says(folder: Path, name: str) -> bytes:
        try:
            return (folder / name).read_bytes()
        except OSError:  # it has ended
            return b""

    return next(
        int(folder.name)
        for folder in Path("/proc").glob("[0-9]*")
        if str(out).encode() in says(folder, "cmdline")
        and b"\0RANK=%d\0" % rank in says(folder, "environ")
    )


@pytest.mark.parametrize("sharded", [(), ("--shard",)], ids=["whole", "sharded"])
def test_two_processes_lose_what_one_loses(
    sharded: tuple[str, ...], cache: Path, two: Path, tmp_path: Path
) -> None:
    out = two
    if sharded:
        train_together(cache, out := tmp_path / "sharded", *sharded)
    alone = tmp_path / "one"
    assert train(cache, alone, *TOGETHER).returncode == 0
    # Sums in another order differ in the last bit, and Muon turns matrices in bfloat16.
    for row, same in zip(
        read_metrics(out / "metrics.jsonl"), read_metrics(alone / "metrics.jsonl"), strict=True
    ):
        assert row["train_loss"] == pytest.approx(same["train_loss"], rel=2e-3)
        assert row["val_loss"] == pytest.approx(same["val_loss"], rel=5e-3)


def test_text_is_trained_on_as_well_as_pairs(tmp_path: Path) -> None:
    text = tmp_path / "text.txt"
    text.write_text(
        "The harbour lies north of the bridge, and the bridge lies north of the mill. " * 60
    )
    done = programs.run(
        [
            *("train.py", "--text", text, "--out", tmp_path / "run", "--cache", tmp_path),
            *TINY[:-2],
            *("--tokenizer", "char", "--block-size", "32", "--epochs", "1", "--held-out", "0.1"),
        ]
    )
    assert done.returncode == 0, done.stderr
    (row,) = read_metrics(tmp_path / "run/metrics.jsonl")
    assert row["recall"] is None and 0 < row["val_bpb"] < 8


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--epochs", "-1"), "epochs"),
        (("--epochs", "many"), "epochs"),
        (("--preset", "nope"), "preset"),
        (("--heads", "3"), "heads"),
        (("--dropout", "1"), "dropout"),
        (("--device", "abacus"), "abacus"),
        (("--resume",), "no run's folder"),
        (("--held-out", "2"), "--held-out"),
        (("--text", "no-such-file.txt"), "no-such-file.txt"),
        (("--config", "no-such.yaml"), "no-such.yaml"),
    ],
)
def test_a_mistake_is_one_line_and_status_2(
    options: tuple[str, ...],
    told: str,
    cache: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.MonkeyPatch.context() as patch, pytest.raises(SystemExit, match=r"^2$"):
        patch.setattr(sys, "argv", command(cache, tmp_path / "run", *options))
        cli.run(program.main, bad_input=(RunError,))
    said = capsys.readouterr().err
    assert told in said and said.count("\n") == 1


def test_pairs_that_are_none_are_named_with_their_line(tmp_path: Path) -> None:
    (tmp_path / "pairs.jsonl").write_text("{not json\n")
    done = train(tmp_path, tmp_path / "run")
    assert done.returncode == 2 and "pairs.jsonl:1" in done.stderr


def test_a_finished_run_is_not_overwritten(cache: Path, unbroken: Path) -> None:
    before = weights(unbroken)
    done = train(cache, unbroken, "--epochs", "8")
    assert done.returncode == 2 and "--resume" in done.stderr and weights(unbroken) == before


def test_a_finished_run_that_is_resumed_says_how_to_go_beyond(cache: Path, unbroken: Path) -> None:
    before = weights(unbroken)
    said = train(cache, unbroken, "--resume").stderr
    assert f"{unbroken} is finished; train it longer with python train.py --resume" in said
    assert f"--init-from {unbroken} --cache {cache}" in said and "going on" not in said
    assert "ask it" in said and weights(unbroken) == before
