"""A run takes new pages in: in place while it is used, or as the beginning of another run; what was
stopped on the way leaves everything as it was.
"""

import hashlib
import json
import random
import shutil
import time
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
import torch

import learn
import train
from model import checkpoint
from model.checkpoint import Checkpoint
from model.device import World
from model.export.transformers import export_hf
from model.ledger import Ledger
from model.run_folder import RunFolder
from model.train_config import read_options
from pipeline.answering.question_index import open_index
from pipeline.dataset.pairs_file import split, write_pairs
from pipeline.errors import BadInput, ExternalError
from pipeline.records import Pair
from pipeline.tokens.tokenizer import Tokenizer
from tests.programs import FORKSERVER

TINY = [
    *("--layers", "1", "--heads", "2", "--width", "16", "--mlp-width", "32"),
    *("--vocab-size", "290", "--batch-tokens", "400"),
]
SURE = ["--compute", "float32", "--device", "cpu", "--seed", "3", "--held-out", "0"]
CPU = World(device=torch.device("cpu"))


def pairs(count: int) -> list[Pair]:
    return [
        Pair(
            pageid=i,
            title=f"Mill {i}",
            kind="definition",
            question=f"What is Mill {i}?",
            revid=i,
            url=f"https://w.org/{i}",
            answer=f"Mill {i} is a mill that was built in {1700 + i}.",
            licence="CC BY-SA 4.0",
        )
        for i in range(count)
    ]


def trained(cache: Path, out: Path, *more: str, sure: Sequence[str] = SURE) -> Path:
    options = ["--cache", str(cache), "--out", str(out), *more, *sure]
    assert train.train(train.prepare(read_options(options), CPU)) == 0
    return out


@pytest.fixture(scope="module")
def ten_pairs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a run that was trained on ten pairs."""
    folder = tmp_path_factory.mktemp("ten-pairs")
    write_pairs(folder / "cache/pairs.jsonl", pairs(10))
    trained(folder / "cache", folder / "run", *TINY, "--epochs", "4")
    shutil.copytree(folder, folder.with_name("ten-pairs-kept"))
    return folder


@pytest.fixture
def cache(ten_pairs: Path) -> Path:
    """Pairs that a run was trained on, and then two more."""
    # A run names its cache by its path, so that it can only be used where it was trained.
    shutil.rmtree(ten_pairs)
    shutil.copytree(ten_pairs.with_name("ten-pairs-kept"), ten_pairs)
    write_pairs(ten_pairs / "cache/pairs.jsonl", pairs(12))
    return ten_pairs / "cache"


def newest(run: Path) -> tuple[Checkpoint, Ledger]:
    found = next(checkpoint.checkpoints_newest_first(run, training=True))
    assert isinstance(found, Checkpoint)
    ledger = Ledger.from_state(found.resume_tensors)
    assert ledger is not None
    return found, ledger


def contents(run: Path) -> dict[str, str]:
    return {
        str(path): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in run.rglob("*")
        if path.is_file()
    }


def test_a_run_that_learns_more_notes_what_it_learnt_and_answers_with_the_new_weights(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, steps = cache.parent / "run", []
    monkeypatch.setattr(learn, "STEPS", 3)
    monkeypatch.setattr(learn, "ROUNDS", 2)
    before, _ = newest(run)
    learned = learn.learn(run, device="cpu", on_step=lambda step, of: steps.append((step, of)))
    after, ledger = newest(run)
    assert learned.pairs == 2 and learned.new_recall < 1  # so that another round was taken
    assert steps[2:4] == [(3, 3), (4, 6)] and steps[-1] == (6, 6)
    assert len(ledger) == 12 and not ledger.is_new().any()
    noted = [json.loads(line) for line in (run / "ledger.jsonl").read_text().splitlines()]
    assert len(noted) == 12 and noted[-1]["last_step"] == ledger.last_step[-1]
    assert after.state.step == before.state.step + 6 and after.corpus != before.corpus
    _, weights = checkpoint.load_weights(run)
    assert all(torch.equal(weights[name], after.weights[name]) for name in weights)


def test_what_knows_everything_is_left_as_it_is(cache: Path) -> None:
    write_pairs(cache / "pairs.jsonl", pairs(10))
    before = contents(cache.parent / "run")
    assert learn.learn(cache.parent / "run", device="cpu").pairs == 0
    assert contents(cache.parent / "run") == before


def test_learning_that_is_interrupted_leaves_the_run_as_it_was(cache: Path) -> None:
    def interrupt(step: int, steps: int) -> None:
        raise KeyboardInterrupt

    before = contents(cache.parent / "run")
    with pytest.raises(KeyboardInterrupt):
        learn.learn(cache.parent / "run", device="cpu", on_step=interrupt)
    assert contents(cache.parent / "run") == before


def test_a_run_that_is_being_trained_is_waited_for(cache: Path) -> None:
    with closing(RunFolder(cache.parent / "run")), pytest.raises(ExternalError) as caught:
        learn.learn(cache.parent / "run", device="cpu")
    # A conversation has no option for another run's folder
    assert "wait for its end" in str(caught.value) and "--out" not in str(caught.value)


def test_another_run_begins_with_the_network_and_the_ledger_of_the_first(cache: Path) -> None:
    first, known = newest(cache.parent / "run")
    options = ["--cache", str(cache), "--out", str(cache.parent / "more"), *SURE]
    options += ["--init-from", str(cache.parent / "run")]
    training = train.prepare(read_options(options), CPU)
    assert training.ledger.is_new().tolist() == [False] * 10 + [True] * 2
    assert np.array_equal(training.ledger.streak[:10], known.with_long_intervals().streak)
    weights = training.model.state_dict()
    assert all(torch.equal(weights[name], first.weights[name]) for name in weights)


def test_a_run_of_due_pairs_that_is_stopped_goes_on_to_the_same_weights(
    cache: Path, tmp_path: Path
) -> None:
    init = ["--init-from", str(cache.parent / "run"), "--epochs", "5"]
    init += ["--warmup", "0", "--decay", "none"]
    whole = trained(cache, tmp_path / "whole", *init)
    last = newest(whole)[0].state.step
    part = trained(cache, tmp_path / "part", *init, "--steps", str(last - 3))
    trained(cache, part, "--resume", "--steps", "0")
    (a, ledger_a), (b, ledger_b) = newest(whole), newest(part)
    assert all(torch.equal(a.weights[name], b.weights[name]) for name in a.weights)
    assert np.array_equal(ledger_a.streak, ledger_b.streak)


def test_resuming_with_more_pages_says_how_to_learn_them(cache: Path) -> None:
    run = cache.parent / "run"
    options = ["--cache", str(cache), "--out", str(run), "--resume", *SURE]
    advised = r"2 pairs that are new with python train.py --init-from \S+/run --cache"
    with pytest.raises(BadInput, match=advised):
        train.prepare(read_options(options), CPU)


CLASSIC = [
    *("--norm", "layer", "--position", "learned", "--mlp", "gelu", "--no-qk-norm", "--bias"),
    *("--block-size", "64"),
]


@pytest.mark.parametrize("form", [[], ["--no-qk-norm"], CLASSIC], ids=["qwen3", "llama", "gpt2"])
def test_a_folder_of_transformers_is_a_beginning_with_the_same_logits_and_ids(
    tmp_path: Path, form: list[str]
) -> None:
    write_pairs(tmp_path / "cache/pairs.jsonl", pairs(10))
    run = trained(tmp_path / "cache", tmp_path / "run", *TINY, *form, "--epochs", "2")
    (tmp_path / "folder").mkdir()
    export_hf(run, tmp_path / "folder")
    options = ["--cache", str(tmp_path / "cache"), "--out", str(tmp_path / "more"), *SURE]
    options += ["--init-from", str(tmp_path / "folder"), "--epochs", "1"]
    training = train.prepare(read_options(options), CPU)
    known = checkpoint.load_model(run)
    ids = torch.tensor([training.corpus.tokenizer.encode("What is Mill 3?")])
    assert ids.tolist() == [Tokenizer.load(run / "vocabulary.json").encode("What is Mill 3?")]
    with torch.no_grad():
        assert torch.equal(training.model.eval()(ids), known(ids))
    assert training.ledger.is_new().all() and train.train(training) == 0


@pytest.mark.parametrize(
    ("file", "change", "said"),
    [
        ("config.json", {"num_key_value_heads": 1}, "queries share keys"),
        ("config.json", {"model_type": "mamba"}, "it is a mamba"),
        ("config.json", {"intermediate_size": 31}, "not those of its config.json"),
        ("tokenizer.json", {"added_tokens": []}, "has no <|endoftext|>"),
        ("tokenizer.json", {"model": 3}, "cannot be used"),
    ],
)
def test_a_folder_of_transformers_that_has_another_form_is_refused(
    cache: Path, file: str, change: dict[str, object], said: str
) -> None:
    folder = cache.parent / "folder"
    folder.mkdir()
    export_hf(cache.parent / "run", folder)
    contents = json.loads((folder / file).read_text())
    (folder / file).write_text(json.dumps(contents | change))
    options = ["--cache", str(cache), "--out", str(cache.parent / "more"), *SURE]
    with pytest.raises(BadInput, match=said.replace("|", r"\|")):
        train.prepare(read_options([*options, "--init-from", str(folder)]), CPU)


def learn_in_few_steps(run: Path) -> None:
    """In a process of its own, which is killed."""
    learn.STEPS = 4
    learn.learn(run, device="cpu")


def test_learning_that_is_killed_at_any_moment_is_done_wholly_or_not_at_all(
    cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(learn, "STEPS", 2)
    draw, duration, seen = random.Random(4), 0.0, set()
    began = newest(cache.parent / "run")[0].state.step
    for attempt in range(5):  # the first is not killed: it tells how long learning takes
        run = shutil.copytree(cache.parent / "run", cache.parent / f"run-{attempt}")
        process = FORKSERVER.Process(target=learn_in_few_steps, args=(run,))
        begun = time.monotonic()
        process.start()
        process.join(draw.uniform(0.3, 1) * duration if duration else 60)
        duration = duration or time.monotonic() - begun
        process.kill()
        process.join()
        learned, ledger = newest(run)
        seen.add(len(ledger))
        assert not ledger.is_new().any() and (len(ledger) == 12) == (learned.state.step > began)
        learn.learn(run, device="cpu")
        assert len(newest(run)[1]) == 12 and open_index(run).pages_read == 12
    assert 12 in seen and seen <= {10, 12}


def test_a_page_that_was_asked_for_is_learnt_wherever_its_title_falls(tmp_path: Path) -> None:
    cache, run = tmp_path / "cache", tmp_path / "run"
    every = pairs(60)
    trained_on, held = split(every, 0.1)
    late = held.pop()  # its place is among those held out
    write_pairs(cache / "pairs.jsonl", [pair for pair in every if pair != late])
    share = ["--held-out", "0.1"]
    trained(cache, run, *TINY, "--epochs", "1", sure=[*SURE[:-2], *share])
    write_pairs(cache / "pairs.jsonl", every)
    assert learn.learn(run, device="cpu").pairs == 1
    index = open_index(run)
    assert index.held_out_titles() == {pair.title for pair in held}
    assert index.pages_read == len(trained_on) + 1
    # and it stays so in whatever goes on from there
    trained(cache, run, "--resume", sure=["--device", "cpu"])
    later = trained(cache, tmp_path / "later", "--init-from", str(run), "--epochs", "1", sure=share)
    assert open_index(later).held_out_titles() == {pair.title for pair in held}
