"""What may befall a run, in one process: steps that are not finite, memory that ends, files that
changed, another trainer.
"""

import json
import math
import random
import shutil
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

import train
from model import checkpoint
from model.checkpoint import Checkpoint, RunError
from model.device import World
from model.gpt import GPT
from model.gradients import BatchLoss
from model.report import read_metrics
from model.train_config import read_options
from pipeline.dataset.pairs_file import write_pairs
from pipeline.errors import BadInput, ExternalError
from pipeline.records import Pair
from pipeline.tokens.batches import Batch
from pipeline.tokens.corpus import DataConfig

TINY = (
    "--layers",
    "1",
    "--heads",
    "2",
    "--width",
    "16",
    "--mlp-width",
    "32",
    "--vocab-size",
    "290",
    "--batch-tokens",
    "600",
    "--compute",
    "float32",
    "--device",
    "cpu",
    "--seed",
    "3",
)
CPU = World(device=torch.device("cpu"))
pytestmark = pytest.mark.usefixtures("no_chart")


def pairs(count: int = 24) -> list[Pair]:
    return [
        Pair(
            pageid=i,
            title=f"Mill {i}",
            kind="definition",
            question=f"What is Mill {i}?",
            revid=i,
            url=f"https://w.org/{i}",
            answer=f"Mill {i} is a mill that was built in {1700 + i}. It has {i + 2} sails.",
            licence="CC BY-SA 4.0",
        )
        for i in range(count)
    ]


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    write_pairs(tmp_path / "cache/pairs.jsonl", pairs())
    return tmp_path / "cache"


def run(cache: Path, out: Path, *more: str) -> train.Training:
    options = ["--cache", str(cache), "--out", str(out), *TINY, *more]
    return train.prepare(read_options(options), CPU)


def trained(cache: Path, out: Path, *more: str) -> Path:
    assert train.train(run(cache, out, *more)) == 0
    return out


def weights(out: Path) -> dict[str, torch.Tensor]:
    found = next(checkpoint.checkpoints_newest_first(out, training=True))
    assert isinstance(found, Checkpoint)
    return found.weights | found.resume_tensors


def same(a: dict[str, torch.Tensor], b: dict[str, torch.Tensor]) -> bool:
    return a.keys() == b.keys() and all(torch.equal(a[name], b[name]) for name in a)


def test_a_step_that_is_not_finite_is_left_out_and_the_run_goes_on(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    whole, calls = GPT.forward, [0]

    def forward(self: GPT, ids: torch.Tensor, targets: torch.Tensor | None = None) -> Any:
        calls[0] += self.training
        passed = whole(self, ids, targets)
        if self.training and calls[0] in (2, 4, 5):
            return passed._replace(nats=passed.nats * math.nan)
        return passed

    monkeypatch.setattr(GPT, "forward", forward)
    out = trained(cache, tmp_path / "run", "--epochs", "4")
    assert capsys.readouterr().err.count("is left out") == 3
    assert all(math.isfinite(row["train_loss"]) for row in read_metrics(out / "metrics.jsonl"))
    assert all(torch.isfinite(value).all() for value in weights(out).values())


def test_a_gradient_that_is_not_finite_moves_no_weight(cache: Path, tmp_path: Path) -> None:
    one = run(cache, tmp_path / "run")
    before = {name: value.clone() for name, value in one.model.state_dict().items()}
    one.model.embedding.weight.register_hook(lambda grad: grad * math.inf)
    batch = next(one.corpus.data.batches(0))
    one.accumulate_gradients(batch)
    assert not one.optimizer.step(1.0)
    assert same(before, one.model.state_dict())


def test_three_on_end_stop_the_run_and_name_the_last_good_state(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = trained(cache, tmp_path / "run", "--epochs", "1")
    good = weights(out)
    resumed = run(cache, out, "--epochs", "3", "--resume", "--batch-tokens", "200")

    def overflow(batch: Batch, on_notice: object) -> BatchLoss:
        for p in resumed.model.parameters():
            p.grad = torch.full_like(p, math.inf)
        none_right = np.zeros(len(batch.examples), dtype=bool)
        return BatchLoss(nats=math.inf, grad_norm=math.inf, correct=none_right)

    monkeypatch.setattr(resumed, "accumulate_gradients", overflow)
    with pytest.raises(ExternalError, match=r"step-0000.*--resume"):
        train.train(resumed)
    assert same(weights(out), good)


@pytest.mark.parametrize(
    "error",
    [
        torch.OutOfMemoryError("CUDA out of memory"),
        RuntimeError("DefaultCPUAllocator: can't allocate memory"),
    ],
)
def test_less_memory_than_a_batch_wants_changes_no_step(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: RuntimeError
) -> None:
    alike = trained(
        cache, tmp_path / "whole", "--epochs", "2", "--grad-clip", "0", "--optimizer", "adamw"
    )
    whole, rows = GPT.forward, []

    def forward(self: GPT, ids: torch.Tensor, targets: torch.Tensor | None = None) -> Any:
        if self.training and len(ids) > 3:
            raise error
        rows.append(len(ids))
        return whole(self, ids, targets)

    monkeypatch.setattr(GPT, "forward", forward)
    out = trained(
        cache, tmp_path / "small", "--epochs", "2", "--grad-clip", "0", "--optimizer", "adamw"
    )
    ours, plain = read_metrics(out / "metrics.jsonl"), read_metrics(alike / "metrics.jsonl")
    assert [row["train_loss"] for row in ours] == pytest.approx(
        [row["train_loss"] for row in plain], rel=1e-4
    )
    assert rows


def test_memory_for_not_even_one_row_is_said_in_one_line(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def forward(self: GPT, ids: torch.Tensor, targets: torch.Tensor | None = None) -> Any:
        raise torch.OutOfMemoryError

    one = run(cache, tmp_path / "run")
    monkeypatch.setattr(GPT, "forward", forward)
    with pytest.raises(ExternalError, match="not even one row"):
        one.accumulate_gradients(next(one.corpus.data.batches(0)))


def test_any_other_error_is_not_taken_for_a_lack_of_memory(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    one = run(cache, tmp_path / "run")
    monkeypatch.setattr(
        GPT, "forward", lambda *_: (_ for _ in ()).throw(RuntimeError("shapes differ"))
    )
    with pytest.raises(RuntimeError, match="shapes differ"):
        one.accumulate_gradients(next(one.corpus.data.batches(0)))


def test_a_second_trainer_is_kept_out_of_a_run(cache: Path, tmp_path: Path) -> None:
    first = run(cache, tmp_path / "run", "--epochs", "1")
    with pytest.raises(ExternalError, match=r"another process is training.* another --out"):
        run(cache, tmp_path / "run")
    assert train.train(first) == 0


def test_a_run_whose_pairs_changed_is_not_gone_on_with(cache: Path, tmp_path: Path) -> None:
    out = trained(cache, tmp_path / "run", "--epochs", "1")
    write_pairs(cache / "pairs.jsonl", pairs(25))
    with pytest.raises(BadInput, match="has changed since"):
        run(cache, out, "--resume", "--epochs", "2")
    write_pairs(cache / "pairs.jsonl", pairs())
    trained(cache, out, "--resume", "--epochs", "2")


def test_a_run_whose_network_would_change_is_not_gone_on_with(cache: Path, tmp_path: Path) -> None:
    out = trained(cache, tmp_path / "run", "--epochs", "1")
    for option, value in (
        ("--width", "32"),
        ("--heads", "1"),
        ("--rope-theta", "500"),
        ("--block-size", "256"),
    ):
        with pytest.raises(BadInput, match="cannot change its shape"):
            run(cache, out, "--resume", "--epochs", "2", option, value)
    trained(cache, out, "--resume", "--epochs", "2", "--dropout", "0.1")


def test_what_a_resumed_run_was_told_is_kept_for_the_next_time(cache: Path, tmp_path: Path) -> None:
    out = trained(cache, tmp_path / "run", "--epochs", "1")
    trained(cache, out, "--resume", "--epochs", "3", "--lr", "0.001")
    kept = read_options(["--resume", "--out", str(out)])
    assert (kept.trainer.epochs, kept.optim.lr) == (3, 0.001)
    assert json.loads((out / "config.json").read_text())["trainer"]["epochs"] == 3


REACHING = {
    "data": {
        "cache": "/srv/others",
        "text": ["/etc/hostname"],
        "val_text": ["/etc/hosts"],
        "fetch_more": 40,
        "fetch_options": "--site http://127.0.0.1:9 --titles /etc/passwd",
        "tokenizer": "gpt2",
    },
    "trainer": {"out": "/srv/run", "watch": True, "epochs": 7},
    "init_from": "/srv/teacher",
}


def test_settings_in_a_file_neither_fetch_nor_name_files(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "theirs.json"
    file.write_text(json.dumps(REACHING))
    taken = read_options(["--config", str(file)])
    assert (taken.data, taken.init_from) == (DataConfig(), None)
    assert (taken.trainer.out, taken.trainer.watch, taken.trainer.epochs) == (None, False, 7)
    (line,) = capsys.readouterr().err.splitlines()
    assert all(flag in line for flag in ("--fetch-more", "--text", "--tokenizer", "command line"))

    given = ("--fetch-more", "9", "--text", "mine.txt", "--fetch-options=--rate 3")
    asked = read_options(["--config", str(file), *given]).data
    assert (asked.fetch_more, asked.fetch_options) == (9, "--rate 3")
    assert asked.text == (Path("mine.txt"),)


@pytest.mark.parametrize("began", [False, True])
def test_a_run_of_others_that_is_resumed_starts_no_fetch(
    *, began: bool, cache: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = trained(cache, tmp_path / "run", "--epochs", "1")
    for file in (*out.rglob("config.json"), *out.rglob("state.json")):
        kept = json.loads(file.read_text())
        settings = kept.get("settings", kept)
        settings["data"] |= {"fetch_more": 40, "fetch_options": "--site http://127.0.0.1:9"}
        settings["init_from"] = "/srv/teacher"
        if kept.pop("own_sha256", None):
            kept["own_sha256"] = checkpoint._digest(kept)
        file.write_text(json.dumps(kept))
    if not began:
        shutil.rmtree(out / "checkpoints")
    capsys.readouterr()
    taken = read_options(["--resume", "--out", str(out)])
    assert (taken.data.fetch_more, taken.data.fetch_options, taken.init_from) == (0, "", None)
    # The files that a checkpoint was made of are compared with it; without one they are not read.
    assert (taken.data.cache == cache) is began
    assert began == ("--cache" not in capsys.readouterr().err)


def test_our_own_preset_may_ask_for_more_pages() -> None:
    assert read_options(["--preset", "gpty2-wiki"]).data.fetch_more == 100


def test_a_run_that_was_killed_before_it_saved_begins_anew(cache: Path, tmp_path: Path) -> None:
    whole = trained(cache, tmp_path / "whole", "--epochs", "2")
    del_run = run(cache, tmp_path / "run", "--epochs", "2")
    partial = tmp_path / "run/checkpoints/.step-00000003.77"
    partial.mkdir(parents=True)
    (partial / "model.safetensors").write_bytes(b"half")
    del del_run
    trained(cache, tmp_path / "run", "--resume", "--epochs", "2")
    assert same(weights(tmp_path / "run"), weights(whole))
    assert not partial.exists()


def test_a_torn_line_of_figures_is_passed_over_and_none_stands_twice(
    cache: Path, tmp_path: Path
) -> None:
    out = trained(cache, tmp_path / "run", "--epochs", "2")
    with (out / "metrics.jsonl").open("a") as file:
        file.write('{"epoch": 3.0, "step": 9, "trai')
    trained(cache, out, "--resume", "--epochs", "4")
    rows = read_metrics(out / "metrics.jsonl")
    assert [row["epoch"] for row in rows] == [1, 2, 3, 4]
    assert (out / "metrics.jsonl").read_text().count("\n") == 4
    sections = [
        line for line in (out / "samples.md").read_text().splitlines() if line.startswith("## ")
    ]
    assert sections == [f"## Epoch {n}" for n in range(1, 5)]


def test_a_damaged_newest_checkpoint_costs_an_epoch_and_no_exactness(
    cache: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = trained(cache, tmp_path / "whole", "--epochs", "3")
    out = tmp_path / "run"
    shutil.copytree(whole, out)
    (max(out.glob("checkpoints/step-*")) / "training.safetensors").write_bytes(b"")
    trained(cache, out, "--resume")
    assert "taking the checkpoint before it" in capsys.readouterr().err
    assert same(weights(out), weights(whole))
    assert [row["epoch"] for row in read_metrics(out / "metrics.jsonl")] == [1, 2, 3]


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with pairs, and a run that was trained on them to its end."""
    folder = tmp_path_factory.mktemp("sound")
    write_pairs(folder / "cache/pairs.jsonl", pairs())
    trained(folder / "cache", folder / "run", "--epochs", "2")
    return folder


@pytest.mark.parametrize("harm", ["gone", "empty", "cut", "flip"])
@pytest.mark.parametrize(
    "name",
    [
        "config.json",
        "vocabulary.json",
        "titles.jsonl",
        "metrics.jsonl",
        "samples.md",
        "loss.png",
        "state.json",
        "model.safetensors",
        "training.safetensors",
    ],
)
def test_harm_to_any_file_of_a_run_is_noticed_or_of_no_consequence(
    name: str, harm: str, sound: Path, tmp_path: Path
) -> None:
    rng = random.Random(f"{name} {harm}")
    for file in sorted((sound / "run").rglob(name)):
        out = tmp_path / "run"
        shutil.copytree(sound / "run", out)
        (out / file.relative_to(sound / "run")).write_bytes(harmed(file.read_bytes(), harm, rng))
        if harm == "gone":
            (out / file.relative_to(sound / "run")).unlink()
        try:
            train.train(run(sound / "cache", out, "--resume"))
            assert same(weights(out), weights(sound / "run"))
        except (BadInput, RunError) as error:
            assert name in str(error) or "no sound checkpoint" in str(error)
        shutil.rmtree(out)


def harmed(raw: bytes, harm: str, rng: random.Random) -> bytes:
    at = rng.randrange(len(raw))
    return {
        "cut": raw[:at],
        "flip": raw[:at] + bytes([raw[at] ^ 1 << rng.randrange(8)]) + raw[at + 1 :],
    }.get(harm, b"")


def test_a_contact_is_noted_in_no_file_of_a_run(cache: Path, tmp_path: Path) -> None:
    out = trained(
        cache,
        tmp_path / "run",
        "--epochs",
        "1",
        "--fetch-options=--contact me@askwiki.org --rate 5 --contact=me@askwiki.org",
    )
    assert json.loads((out / "config.json").read_text())["data"]["fetch_options"] == "--rate 5"
    assert not any(
        b"me@askwiki.org" in path.read_bytes() for path in out.rglob("*") if path.is_file()
    )


def test_a_run_that_was_stopped_before_it_had_begun_says_how_to_go_on(
    cache: Path, tmp_path: Path
) -> None:
    (tmp_path / "run").mkdir()
    (tmp_path / "run/.lock").touch()  # as a killed process leaves it
    with pytest.raises(BadInput, match="without --resume"):
        run(cache, tmp_path / "run", "--resume")
    trained(cache, tmp_path / "run", "--epochs", "1")


def test_the_end_of_steps_within_an_epoch_leaves_the_rest_of_it_to_a_longer_run(
    cache: Path, tmp_path: Path
) -> None:
    whole = trained(cache, tmp_path / "whole", "--epochs", "2", "--decay", "none", "--warmup", "0")
    steps = read_metrics(whole / "metrics.jsonl")[-1]["step"]
    out = trained(
        cache,
        tmp_path / "run",
        "--epochs",
        "2",
        "--decay",
        "none",
        "--warmup",
        "0",
        "--steps",
        str(steps - 1),
    )
    _, last = read_metrics(out / "metrics.jsonl")
    assert 1 < last["epoch"] < 2 and last["step"] == steps - 1
    trained(cache, out, "--resume", "--steps", "0")
    assert same(weights(out), weights(whole))


def test_evaluations_within_an_epoch_keep_the_best_and_stand_once(
    cache: Path, tmp_path: Path
) -> None:
    out = trained(cache, tmp_path / "run", "--epochs", "3", "--eval-every", "1", "--keep", "1")
    rows = read_metrics(out / "metrics.jsonl")
    assert [row["step"] for row in rows] == list(range(1, rows[-1]["step"] + 1))
    best = next(checkpoint.checkpoints_best_first(out))
    scores = [row["recall"] or -row["val_loss"] for row in rows]
    assert isinstance(best, Checkpoint) and best.state.score == max(scores)
    assert (
        best.state.step == 1 + max(i for i, score in enumerate(scores) if score == max(scores))
        or scores.count(max(scores)) > 1
    )


def test_patience_ends_a_run_that_gets_no_better(cache: Path, tmp_path: Path) -> None:
    out = trained(
        cache,
        tmp_path / "run",
        "--epochs",
        "50",
        "--lr",
        "0",
        "--matrix-lr",
        "0",
        "--patience",
        "2",
    )
    assert len(read_metrics(out / "metrics.jsonl")) == 3


def test_one_pair_is_enough(tmp_path: Path) -> None:
    write_pairs(tmp_path / "cache/pairs.jsonl", pairs(1))
    (row,) = read_metrics(
        trained(tmp_path / "cache", tmp_path / "run", "--epochs", "1") / "metrics.jsonl"
    )
    assert row["val_loss"] is None and row["recall"] == 0


def test_answers_that_the_block_cuts_off_are_neither_learned_nor_recalled(
    cache: Path, tmp_path: Path
) -> None:
    (row,) = read_metrics(
        trained(cache, tmp_path / "run", "--epochs", "1", "--block-size", "4") / "metrics.jsonl"
    )
    assert row["train_loss"] == 0 and row["recall"] == 0


def test_a_process_that_torchrun_starts_again_goes_on_by_itself(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = trained(cache, tmp_path / "run", "--epochs", "1")
    monkeypatch.setenv("TORCHELASTIC_RESTART_COUNT", "1")
    trained(cache, out, "--epochs", "2")
    assert [row["epoch"] for row in read_metrics(out / "metrics.jsonl")] == [1, 2]
    trained(cache, tmp_path / "not begun", "--epochs", "1")


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--lr", "nan"), "lr"),
        (("--lr", "-1"), "lr"),
        (("--momentum", "1"), "momentum"),
        (("--save-minutes", "0"), "save_minutes"),
        (("--patience", "-1"), "patience"),
        (("--own-phrasing", "2"), "own_phrasing"),
        (("--vocab-size", "3"), "vocab"),
        (("--compute", "int8"), "compute"),
    ],
)
def test_a_setting_out_of_range_is_named(
    cache: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    options: tuple[str, ...],
    told: str,
) -> None:
    monkeypatch.setattr(
        sys,
        "argv",
        ["train.py", "--cache", str(cache), "--out", str(tmp_path / "run"), *TINY, *options],
    )
    with pytest.raises(BadInput) as error:
        train.main()
    assert told in str(error.value).replace("-", "_") and "\n" not in str(error.value)


def test_measuring_counts_what_the_run_was_trained_on(
    cache: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = trained(cache, tmp_path / "run", "--epochs", "1")
    write_pairs(cache / "pairs.jsonl", pairs(60))  # more were fetched since
    measured = read_options(["--evaluate", "--out", str(out)])
    assert train.measure_run(measured, CPU) == 0
    assert " of 23\n" in (said := capsys.readouterr().out) and "of 59" not in said
    write_pairs(tmp_path / "other/pairs.jsonl", [replace(pair, answer="Else.") for pair in pairs()])
    others = read_options(["--evaluate", "--out", str(out), "--cache", str(tmp_path / "other")])
    with pytest.raises(BadInput, match="trained on none of the pairs"):
        train.measure_run(others, CPU)


def test_a_start_that_is_refused_leaves_the_folder_of_the_run_that_began_meanwhile(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out, real, begun = tmp_path / "run", train.open_corpus, list[train.Training]()

    def another_begins(*args: Any, **more: Any) -> Any:
        if not begun:
            begun.append(None)  # type: ignore[arg-type]
            begun[0] = run(cache, out)
        return real(*args, **more)

    monkeypatch.setattr(train, "open_corpus", another_begins)
    monkeypatch.setattr(sys, "argv", ["train.py", "--cache", str(cache), "--out", str(out), *TINY])
    with pytest.raises(ExternalError, match="another process"):
        train.main()
    assert (out / "config.json").exists() and (out / "vocabulary.json").exists()
    assert train.train(begun[0]) == 0 and list(out.glob("checkpoints/step-*"))


def test_a_start_that_fails_leaves_no_folder(
    cache: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(train, "write_question_index", full)
    with pytest.raises(OSError, match="No space"):
        run(cache, tmp_path / "runs/run")
    assert list((tmp_path / "runs").iterdir()) == []
