"""One side of a training benchmark in a process of its own, so that no side inherits another's
threads: prints a line of JSON.

    python -m benchmarks.sides '{"side": "speed_ours", ...}'         # called by benchmarks.training

nanoGPT's network and optimizer are taken from a copy of its own repository; what is stated anew
here is its schedule.
"""

import os

os.environ.setdefault("GOMP_SPINCOUNT", "10000")  # for all sides what train.py sets for itself

import contextlib
import importlib.util
import itertools
import json
import math
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from types import ModuleType
from typing import Any, cast

import torch
from torch import Tensor, nn

from model.checkpoint import load_model, run_settings
from model.config import GPTConfig, OptimConfig
from model.device import World
from model.evaluate import measure_loss, recalled
from model.gpt import GPT, SequenceLoss
from model.settings import from_dict, merge
from model.train_config import TrainConfig, default_config
from pipeline.cli import run
from pipeline.tokens.batches import Batch, prefetch
from pipeline.tokens.corpus import Corpus, DataConfig, LoaderConfig, load_corpus
from pipeline.tokens.tokenizer import Tokenizer
from train import Training, prepare

WARM = 5  # steps before the watch is read


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """The size of a network and of its batches."""

    layers: int
    heads: int
    width: int
    block_size: int
    batch_size: int


SHAPES = {
    "10.65 M": Shape(layers=6, heads=6, width=384, block_size=256, batch_size=16),
    "0.8 M": Shape(layers=4, heads=4, width=128, block_size=64, batch_size=12),
}


# --- networks of equal size -----------------------------------------------------------------------


def our_network(shape: Shape, form: str, vocab_size: int) -> GPTConfig:
    """Our default form, or the classic one, with as many parameters as nanoGPT's of this shape, as
    nearly as multiples of 8 allow.
    """
    wanted = (8 * shape.width**2 + shape.block_size * shape.width / shape.layers) / (
        3 * shape.width
    )
    modern = GPTConfig(
        vocab_size=vocab_size,
        block_size=shape.block_size,
        layers=shape.layers,
        heads=shape.heads,
        width=shape.width,
        mlp_width=8 * round(wanted / 8),
    )
    return modern if form == "modern" else classic(modern)


def classic(modern: GPTConfig) -> GPTConfig:
    """GPT-2's form of a network of our default form, with as many layers and channels."""
    return replace(
        modern,
        mlp_width=4 * modern.width,
        mlp="gelu",
        position="learned",
        norm="layer",
        norm_eps=1e-5,
        qk_norm=False,
    )


def nanogpt_width(
    parameters: int, *, layers: int, heads: int, vocab_size: int, block_size: int
) -> int:
    """The width at which nanoGPT's network has about as many parameters."""

    def count(width: int) -> int:
        return width * (vocab_size + block_size + 1) + layers * (12 * width**2 + 2 * width)

    return min(range(heads, 4096, heads), key=lambda width: abs(count(width) - parameters))


class NanoGPT(nn.Module):
    """nanoGPT's network behind what our measures ask of one."""

    def __init__(self, folder: Path, **config: Any) -> None:
        super().__init__()
        source = load_module("nanogpt_model", folder / "model.py")
        with contextlib.redirect_stdout(sys.stderr):
            self.net = source.GPT(source.GPTConfig(bias=False, dropout=0.0, **config))

    def forward(self, ids: Tensor, targets: Tensor) -> SequenceLoss:
        """The summed loss, as ours; nanoGPT's own is the mean."""
        logits, mean = self.net(ids, targets)
        scored = targets >= 0
        right = (logits.argmax(-1) == targets) | ~scored
        return SequenceLoss(mean * scored.sum(), right.all(1) & scored.any(1))

    def optimizer(self, rate: float) -> torch.optim.Optimizer:
        """Its optimizer with the settings of its character-level configuration."""
        with contextlib.redirect_stdout(sys.stderr):
            return cast(
                torch.optim.Optimizer, self.net.configure_optimizers(0.1, rate, (0.9, 0.99), "cpu")
            )


def load_module(name: str, path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, path)
    if spec is None or spec.loader is None:
        raise FileNotFoundError(f"{path} is no Python file")
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def nanogpt_rate(step: int, steps: int, peak: float, warmup: int = 100) -> float:
    """nanoGPT's schedule: linear up, a cosine down to a tenth."""
    warmup = min(warmup, steps // 10)
    if step < warmup:
        return peak * (step + 1) / (warmup + 1)
    share = (step - warmup) / max(1, steps - warmup)
    return peak * (0.1 + 0.45 * (1 + math.cos(math.pi * share)))


# --- speed ----------------------------------------------------------------------------------------


def seconds_a_step(steps: Iterator[None]) -> float:
    """The median time between steps, without the first ones."""
    marks = [time.perf_counter() for _ in steps]
    return median(later - earlier for earlier, later in itertools.pairwise(marks[WARM:]))


def our_steps(training: Training) -> Iterator[None]:
    """The steps of a run, as its own loop takes them."""
    for step, batch in enumerate(prefetch(training.corpus.data.batches(0))):
        loss = training.accumulate_gradients(batch)
        training.optimizer.step(1.0, grad_norm=loss.grad_norm)
        training.ledger.update(batch.examples, batch.phrasings, loss.correct, step)
        yield


def speed_ours(shape: Shape, form: str, text: str, scratch: str, steps: int) -> dict[str, Any]:
    """Our training loop on characters of a text."""
    config = replace(
        default_config(),
        data=DataConfig(text=(Path(text),), cache=Path(scratch), tokenizer="char", held_out=0.1),
        model=our_network(shape, form, vocab_size=65),
        optim=OptimConfig(optimizer="adamw" if form == "classic" else "muon"),
        dataloader=LoaderConfig(
            batch_tokens=shape.batch_size * shape.block_size,
            batch_size=shape.batch_size,
            loss_on="all",
        ),
        trainer=replace(
            default_config().trainer,
            out=Path(scratch) / f"speed-{form}",
            device="cpu",
            steps=10_000,
        ),
    )
    training = prepare(config, World(device=torch.device("cpu")))
    return {
        "parameters": training.parameter_count,
        "compute": training.config.trainer.compute,
        "seconds": seconds_a_step(itertools.islice(our_steps(training), steps + WARM)),
    }


def speed_transformers(shape: Shape, text: str, steps: int) -> dict[str, Any]:
    """transformers' GPT-2 with its Trainer's settings: AdamW at 5e-5 falling linearly, gradients
    clipped at 1, float32.
    """
    from transformers import GPT2Config, GPT2LMHeadModel

    words = Path(text).read_text(encoding="utf-8")
    signs = {sign: number for number, sign in enumerate(sorted(set(words)))}
    ids = torch.tensor([signs[sign] for sign in words])
    model = GPT2LMHeadModel(
        GPT2Config(
            vocab_size=len(signs),
            n_positions=shape.block_size,
            n_embd=shape.width,
            n_layer=shape.layers,
            n_head=shape.heads,
            resid_pdrop=0.0,
            embd_pdrop=0.0,
            attn_pdrop=0.0,
            use_cache=False,
        )
    )
    optimizer = torch.optim.AdamW(model.parameters(), lr=5e-5, weight_decay=0.0, fused=True)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimizer, lambda step: max(0.0, 1 - step / 10_000)
    )

    def rounds() -> Iterator[None]:
        for _ in range(steps + WARM):
            starts = torch.randint(len(ids) - shape.block_size, (shape.batch_size,))
            rows = torch.stack([ids[at : at + shape.block_size] for at in starts])
            model(input_ids=rows, labels=rows).loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
            optimizer.zero_grad(set_to_none=True)
            yield

    return {
        "parameters": sum(p.numel() for p in model.parameters()),
        "seconds": seconds_a_step(rounds()),
    }


# --- what is learnt -------------------------------------------------------------------------------


def corpus_of(run: Path, **data: Any) -> tuple[TrainConfig, Corpus]:
    """The settings of one of our runs and the corpus that it was trained on."""
    config = from_dict(TrainConfig, run_settings(run))
    config = replace(config, data=merge(config.data, data))
    return config, load_corpus(
        config.data,
        config.dataloader,
        block_size=config.model.block_size,
        vocab_size=config.model.vocab_size,
        seed=config.trainer.seed,
        recall_sample=config.trainer.recall_sample,
        tokenizer=Tokenizer.load(run / "vocabulary.json"),
    )


def recall_otherwise(run: str) -> dict[str, Any]:
    """How many trained questions one of our runs answers when they are asked in other words."""
    _, corpus = corpus_of(Path(run))
    return {
        "recall": share(
            recalled(
                load_model(Path(run), compute=torch.float32, device="cpu"), corpus.asked_otherwise
            )
        )
    }


def nanogpt_loss(nanogpt: str, checkpoint: str, run: str) -> dict[str, Any]:
    """The loss of nanoGPT's checkpoint on the held-out text of one of our runs, whose ids are the
    same.
    """
    found = torch.load(
        checkpoint, map_location="cpu", weights_only=False
    )  # made by this benchmark a moment ago
    _, corpus = corpus_of(Path(run))
    sizes = {
        name: found["model_args"][name]
        for name in ("n_layer", "n_head", "n_embd", "block_size", "vocab_size")
    }
    model = NanoGPT(Path(nanogpt), **sizes)
    model.net.load_state_dict(found["model"])
    return {
        "loss": (
            measure_loss(cast(GPT, model), corpus.held_out, corpus.tokenizer.token_bytes()).nats
        ),
        "parameters": sum(p.numel() for p in model.parameters()),
    }


def nanogpt_pairs(
    *, nanogpt: str, run: str, rate: float, epochs: int, limit: float, goal: float
) -> dict[str, Any]:
    """nanoGPT's network, optimizer and schedule on the batches of one of our runs, until the recall
    reaches the goal or the time is up.

    It gets our batches, of examples of like length with the loss on the answer alone, which are
    better than its own windows drawn at random; its evaluations are not counted as its time. With
    epochs = 0 its schedule is as long as the time allows.
    """
    config, corpus = corpus_of(Path(run))
    shape, vocab_size = config.model, corpus.tokenizer.vocab_size
    ours = GPT(replace(shape, vocab_size=vocab_size)).parameter_count()
    width = nanogpt_width(
        ours,
        layers=shape.layers,
        heads=shape.heads,
        vocab_size=vocab_size,
        block_size=shape.block_size,
    )

    def fresh() -> NanoGPT:
        torch.manual_seed(config.trainer.seed)
        return NanoGPT(
            Path(nanogpt),
            n_layer=shape.layers,
            n_head=shape.heads,
            n_embd=width,
            block_size=shape.block_size,
            vocab_size=vocab_size,
        )

    steps = sum(corpus.data.steps(epoch) for epoch in range(epochs)) or int(
        limit / pace(fresh(), corpus)
    )
    model, seconds, reached = fresh(), 0.0, 0.0
    for seconds in learnt(model, corpus, rate, steps):
        reached = share(recalled(cast(GPT, model), corpus.asked)) if goal else 0.0
        if (goal and reached >= goal) or seconds > limit:
            break
    loss = measure_loss(cast(GPT, model), corpus.held_out, corpus.tokenizer.token_bytes())
    return {
        "parameters": sum(p.numel() for p in model.parameters()),
        "ours": ours,
        "recall": reached,
        "seconds": seconds,
        "steps": steps,
        "bits_per_byte": loss.bits_per_byte,
    }


def pace(model: NanoGPT, corpus: Corpus, most: float = 120.0) -> float:
    """Seconds a step, on average over an epoch's first 40 batches, or as many as fit in so many
    seconds.
    """
    optimizer, start, times = model.optimizer(1e-3), time.perf_counter(), list[float]()
    for batch in itertools.islice(corpus.data.batches(0), 40):
        nanogpt_step(model, optimizer, batch)
        times.append(time.perf_counter() - start)
        if times[-1] > most:
            break
    return times[-1] / len(times)


def learnt(model: NanoGPT, corpus: Corpus, rate: float, steps: int) -> Iterator[float]:
    """Train for `steps` steps; after each epoch, and at the end, the seconds spent so far."""
    optimizer, step, seconds = model.optimizer(rate), 0, 0.0
    for epoch in itertools.count():
        start = time.perf_counter()
        for batch in prefetch(corpus.data.batches(epoch)):
            for group in optimizer.param_groups:
                group["lr"] = nanogpt_rate(step, steps, rate)
            nanogpt_step(model, optimizer, batch)
            step += 1
            if step == steps:
                break
        seconds += time.perf_counter() - start
        yield seconds
        if step == steps:
            return


def nanogpt_step(model: NanoGPT, optimizer: torch.optim.Optimizer, batch: Batch) -> None:
    """A step as nanoGPT's loop takes it."""
    loss = model.net(torch.from_numpy(batch.ids), torch.from_numpy(batch.targets))[1]
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    optimizer.zero_grad(set_to_none=True)
    loss.item()


def share(flags: Sequence[bool]) -> float:
    return sum(flags) / max(1, len(flags))


def main() -> None:
    """Run the side that the JSON on the command line names."""
    asked = json.loads(sys.argv[1])
    if "shape" in asked:
        asked["shape"] = SHAPES[asked["shape"]]
    sides: dict[str, Callable[..., dict[str, Any]]] = {
        side.__name__: side
        for side in (speed_ours, speed_transformers, recall_otherwise, nanogpt_loss, nanogpt_pairs)
    }
    if asked["side"].startswith("gpu"):
        from benchmarks import gpu_sides  # which takes from here what nanoGPT's code is read by

        sides = gpu_sides.SIDES
        if "load" in asked:
            asked["load"] = gpu_sides.LOADS[asked["load"]]
    print(json.dumps(sides[asked.pop("side")](**asked)))


if __name__ == "__main__":
    run(main)
