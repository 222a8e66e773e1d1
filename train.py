"""Train a GPT from scratch on the pairs of the cache, or on plain text.

python train.py                                # the pairs that pipeline.fetch left in cache/
python train.py --text train.txt --preset char-attention
python train.py --resume                       # go on where the newest run stopped
"""

import os

# Threads that wait for each other spin for a tenth of a millisecond and then sleep. Sleeping at
# once doubles the time of a small step; spinning for long, as is the default, makes a step many
# times slower on a machine where anything else runs. Read when torch is imported.
os.environ.setdefault("GOMP_SPINCOUNT", "10000")

import json
import math
import signal
import sys
import time
from collections.abc import Sequence
from contextlib import closing, nullcontext
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NoReturn, cast

import torch
from torch import Tensor

from model import checkpoint, report
from model.checkpoint import Checkpoint, Progress, RunError, random_state, set_random_state
from model.config import GPTConfig, OptimConfig, TrainerConfig, modern
from model.device import (
    World,
    is_out_of_memory,
    keep_freed_memory,
    matmul_rates,
    pick_device,
    pick_dtype,
)
from model.distributed import (
    all_reduce_gradients,
    any_rank,
    full_tensor,
    init_distributed,
    shard,
    unsharded,
)
from model.evaluate import measure_loss, recalled
from model.gpt import GPT
from model.inference import sampling
from model.optim import Optimizer, lr_multiplier
from model.settings import load_yaml, merge, preset_names, read_preset, to_dict
from pipeline import cli
from pipeline.answering.titles import write_titles
from pipeline.dataset.pairs_file import count_pairs
from pipeline.errors import BadInput, ExternalError
from pipeline.files import write_atomically
from pipeline.sources.background_fetch import Fetcher, nameless
from pipeline.tokens.batches import Batch, prefetch
from pipeline.tokens.corpus import Corpus, DataConfig, LoaderConfig, load_corpus
from pipeline.tokens.tokenizer import Tokenizer

if TYPE_CHECKING:
    from tqdm import tqdm

PRESET_NAMES = tuple(preset_names())


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainConfig:
    """Train a GPT from scratch on question/answer pairs, or on plain text.

    The defaults shown fit the corpus and the device that the other options name.
    """

    resume: bool = False
    """Go on where the run in --out (or the newest) stopped."""
    evaluate: bool = False
    """Train nothing: measure the run in --out (or the newest) on the pairs of --cache, in their own
    words and in others.
    """
    preset: Literal[PRESET_NAMES] | None = None  # type: ignore[valid-type]
    """Settings of a known small model."""
    config: tuple[Path, ...] = ()
    """YAML files of settings (sections data, model, dataloader, optim, trainer), or a run's
    config.json; flags go before them.
    """
    data: DataConfig = field(default_factory=DataConfig)
    model: GPTConfig = field(default_factory=lambda: modern(depth=2, width=320, vocab_size=2048))
    dataloader: LoaderConfig = field(default_factory=LoaderConfig)
    optim: OptimConfig = field(default_factory=OptimConfig)
    trainer: TrainerConfig = field(default_factory=TrainerConfig)


@dataclass(frozen=True, slots=True, kw_only=True)
class EarlyOptions:
    """What the defaults depend on: read before the rest of the command line."""

    resume: bool = False
    evaluate: bool = False
    preset: Literal[PRESET_NAMES] | None = None  # type: ignore[valid-type]
    config: tuple[Path, ...] = ()
    cache: Path = Path("cache")
    out: Path | None = None
    device: str = "auto"


def default_config(pairs: int, device: str) -> TrainConfig:
    """Settings that fit a number of pairs and a device; docs/experiments.md has the figures behind
    them.

    Few pairs are learnt soonest by a shallow and wide network; small batches then give it enough
    steps.
    """
    sizes = (
        (200, 2, 320, 2048, 1024, 30),
        (400, 2, 320, 2048, 2048, 22),
        (2_500, 2, 320, 2048, 4096, 22),
        (10_000, 2, 512, 4096, 8192, 12),
        (sys.maxsize, 6, 512, 8192, 16384, 8),
    )
    _, depth, width, vocab_size, batch_tokens, epochs = next(
        row for row in sizes if pairs <= row[0]
    )
    if device == "cuda":
        depth, width = max(depth, 4), max(width, 512)
    return TrainConfig(
        model=modern(depth=depth, width=width, vocab_size=vocab_size),
        dataloader=LoaderConfig(batch_tokens=batch_tokens),
        trainer=TrainerConfig(epochs=epochs),
    )


def read_options(argv: list[str]) -> TrainConfig:
    """The settings asked for: defaults that fit, under a preset's or the resumed run's, under those
    of files, under the flags.

    Raises BadInput.
    """
    first = cli.parse(
        EarlyOptions, [word for word in argv if word not in ("-h", "--help")], known_only=True
    )
    try:
        base = default_config(
            count_pairs(first.cache / "pairs.jsonl", otherwise=500), pick_device(first.device).type
        )
        if (first.cache / "text.txt").exists() and not (
            first.cache / "pairs.jsonl"
        ).exists():  # of pipeline.fetch --source text:
            base = replace(base, data=replace(base.data, text=(first.cache / "text.txt",)))
        if first.preset:
            base = merge(base, read_preset(first.preset))
        if (
            first.resume
            or first.evaluate
            or (restarted() and first.out and (first.out / "config.json").exists())
        ):
            out = first.out or checkpoint.newest_run()
            base = merge(base, checkpoint.run_settings(out) | {"resume": not first.evaluate})
            base = replace(base, trainer=replace(base.trainer, out=out))
        for path in first.config:
            base = merge(base, load_yaml(path))
    except ValueError as error:  # RunError is one
        raise BadInput(str(error)) from None
    return cli.parse(TrainConfig, argv, default=base, prog="train.py")


def restarted() -> bool:
    """Whether torchrun has started this process anew after one was lost."""
    return os.environ.get("TORCHELASTIC_RESTART_COUNT", "0") != "0"


class Run:
    """One training run: its folder, its network and where it stands."""

    def __init__(self, config: TrainConfig, world: World) -> None:
        self.world, self.out = (
            world,
            config.trainer.out or Path("runs") / datetime.now().strftime("%Y-%m-%d-%H%M%S"),
        )
        self.lock = checkpoint.hold(self.out) if world.is_main else None
        keep_freed_memory()
        half = any_rank(pick_dtype(world.device, config.trainer.compute) == torch.bfloat16, world)
        self.compute = torch.bfloat16 if half else torch.float32
        self.peak = matmul_rates(world.device, [self.compute])[self.compute] * world.world_size
        begun = any(
            self.out.glob("checkpoints/step-*")
        )  # a run that was killed before it saved begins anew
        tokenizer = (
            Tokenizer.load(self.out / "vocabulary.json") if config.resume and begun else None
        )
        self.config = config
        self.corpus = self.load(tokenizer)
        self.config = replace(
            config,
            model=replace(config.model, vocab_size=self.corpus.tokenizer.vocab_size),
            trainer=replace(config.trainer, compute="bfloat16" if half else "float32"),
        )
        torch.manual_seed(config.trainer.seed)
        self.model = GPT(self.config.model, compute=self.compute).to(world.device)
        self.progress, self.rows = Progress(), list[report.Row]()
        self.steps = self.planned_steps()
        self.stops, self.saved_at = list[int](), time.monotonic()
        self.micro_rows, self.bad_steps = 1 << 30, 0
        state = self.take_up() if config.resume and begun else {}
        self.sharded = config.trainer.shard and world.world_size > 1
        if self.sharded:
            self.model = shard(self.model, world.device)
        pays = config.trainer.compile == "on" or (
            config.trainer.compile == "auto" and world.device.type == "cuda" and self.steps >= 500
        )
        self.network = (
            torch.compile(self.model, dynamic=True) if pays else self.model
        )  # the same weights, for training steps
        self.fetcher = (
            Fetcher(config.data.cache, config.data.fetch_options)
            if config.data.fetch_more and world.is_main
            else None
        )
        self.optimizer = Optimizer(self.model, config.optim)
        self.optimizer.load(
            {name: value for name, value in state.items() if not name.startswith("random|")}
        )
        set_random_state(state, world.device)
        if world.is_main and not state:
            self.begin()

    def load(self, tokenizer: Tokenizer | None) -> Corpus:
        """The corpus as it is now."""
        config = self.config
        return load_corpus(
            config.data,
            config.dataloader,
            block_size=config.model.block_size,
            tokenizer=tokenizer,
            vocab_size=config.model.vocab_size,
            seed=config.trainer.seed,
            recall_sample=config.trainer.recall_sample,
        )

    def planned_steps(self) -> int:
        """Steps of all epochs, or as many as are asked for."""
        total, most = 0, self.config.trainer.steps or sys.maxsize
        for epoch in range(self.config.trainer.epochs):
            total += self.corpus.data.steps(epoch)
            if total >= most:
                return most
        return total

    def settings(self) -> dict[str, Any]:
        """The settings as they are noted: what says where from, where to and who asks is left out,
        so that they can be passed on.
        """
        noted = replace(
            self.config,
            resume=False,
            evaluate=False,
            preset=None,
            config=(),
            trainer=replace(self.config.trainer, out=None),
            data=replace(self.config.data, fetch_options=nameless(self.config.data.fetch_options)),
        )
        return cast(dict[str, Any], to_dict(noted))

    # --- the folder -------------------------------------------------------------------------------

    def begin(self) -> None:
        """Make the run's folder. Raises BadInput when it holds a run already."""
        if any(self.out.glob("checkpoints/step-*")):
            raise BadInput(
                f"{self.out} holds a run already: add --resume to go on with it, or choose another"
                " --out"
            )
        write_atomically(self.out / "config.json", json.dumps(self.settings(), indent=1) + "\n")
        self.corpus.tokenizer.save(self.out / "vocabulary.json")
        write_titles(self.out / "titles.jsonl", self.corpus.pairs)
        write_atomically(self.out / "samples.md", f"# What {self.out.name} said as it learned\n")

    def take_up(self) -> dict[str, Tensor]:
        """Go back to the newest sound checkpoint; the state of its optimizer. Raises BadInput when
        there is none.
        """
        for found in checkpoint.newest_checkpoint(self.out, training=True):
            if isinstance(found, RunError):
                self.say(f"{found}; taking the checkpoint before it")
                continue
            if found.corpus != self.corpus.digest and not self.config.data.fetch_more:
                raise BadInput(
                    f"what {self.out} was trained on has changed since: bring its pairs or text"
                    " back, or train anew with another --out"
                )
            if (
                merge(
                    self.config.model,
                    found.settings["model"] | {"dropout": self.config.model.dropout},
                )
                != self.config.model
            ):
                raise BadInput(
                    f"the network in {self.out} cannot change its form: leave the network's options"
                    " out, or train anew"
                )
            try:
                self.model.load_state_dict(found.weights)
            except RuntimeError as error:
                raise BadInput(
                    f"the checkpoint in {self.out} is not of this network: {error}"
                ) from None
            self.progress = found.progress
            self.rows = report.read_metrics(self.out / "metrics.jsonl")[: found.progress.rows]
            if self.world.is_main:
                write_atomically(
                    self.out / "config.json", json.dumps(self.settings(), indent=1) + "\n"
                )
            return found.training
        raise BadInput(
            f"{self.out} holds no sound checkpoint to resume from: train anew without --resume"
        )

    def save(self) -> None:
        """Write a checkpoint."""
        self.saved_at = time.monotonic()
        state = self.optimizer.state() | random_state(self.world.device)
        weights = {name: full_tensor(value) for name, value in self.model.state_dict().items()}
        if self.world.is_main:
            found = Checkpoint(
                progress=self.progress,
                weights=weights,
                training=state,
                settings=self.settings(),
                corpus=self.corpus.digest,
            )
            checkpoint.save_checkpoint(self.out, found, keep=self.config.trainer.keep)

    def say(self, text: str) -> None:
        if self.world.is_main:
            print(text, file=sys.stderr, flush=True)

    # --- the loop ---------------------------------------------------------------------------------

    def train(self) -> int:
        """Epoch after epoch to the end, or to a stop; the exit status."""
        self.say(self.introduction())
        trainer = self.config.trainer
        bar = cli.progress(
            total=self.steps, start=self.progress.step, unit="steps", label="training"
        )
        with (
            cli.stop_signals() as self.stops,
            bar,
            closing(self.fetcher) if self.fetcher else nullcontext(),
        ):
            self.grow()
            while self.progress.epoch < trainer.epochs and not self.done():
                self.train_epoch(bar)
                if self.stops:
                    self.save()
                    self.say(
                        f"stopped and saved at step {self.progress.step:,}; go on with: python"
                        f" train.py --resume --out {self.out}"
                    )
                    return 128 + self.stops[0]
                self.finish_epoch()
                self.grow()
        return self.conclude()

    def grow(self) -> None:
        """With --fetch-more: take up the pages that came, and ask for the next."""
        news = self.fetcher.arrived() if self.fetcher else None
        if news:
            self.say(f"no more pages for now: {news}")
        if any_rank(news == "", self.world):
            self.corpus = self.load(self.corpus.tokenizer)
            self.steps = self.planned_steps()
            if self.world.is_main:
                write_titles(self.out / "titles.jsonl", self.corpus.pairs)
        if self.fetcher:
            self.fetcher.ask(self.corpus.pages + self.config.data.fetch_more)

    def conclude(self) -> int:
        """The closing table: the last figures, and recall under other phrasings."""
        row = dict(self.rows[-1] if self.rows else {})
        other = recalled(unsharded(self.model), self.corpus.asked_otherwise)
        row["recall_other"] = sum(other) / len(other) if other else None
        self.say(
            "\n"
            + report.closing(
                row,
                seconds=self.progress.seconds,
                run=self.out,
                question=self.corpus.probes[0].strip(),
            )
        )
        return 0

    def done(self) -> bool:
        trainer, now = self.config.trainer, self.progress
        return now.step >= self.steps or (
            trainer.patience > 0 and now.since_best >= trainer.patience
        )

    def train_epoch(self, bar: "tqdm[NoReturn]") -> None:
        """The batches of the epoch that are still to be done."""
        now, trainer = self.progress, self.config.trainer
        batches = self.corpus.data.batches(
            now.epoch, start=now.batch, rank=self.world.rank, world_size=self.world.world_size
        )
        last = time.perf_counter()
        for batch in prefetch(batches):
            nats, scored = self.step(batch), max(1, batch.scored)
            was, last = last, time.perf_counter()
            learned = math.isfinite(nats)
            self.progress = now = replace(
                now,
                batch=now.batch + 1,
                step=now.step + 1,
                tokens=now.tokens + batch.tokens,
                seconds=now.seconds + last - was,
                score=None,
                loss_sum=now.loss_sum + (nats if learned else 0),
                loss_count=now.loss_count + (scored if learned else 0),
            )
            bar.set_postfix_str(
                self.live(nats / scored, batch.tokens / (last - was)), refresh=False
            )
            bar.update()
            if trainer.eval_every and now.step % trainer.eval_every == 0:
                self.evaluate()
                now, last = self.progress, time.perf_counter()
                if not now.since_best:
                    self.save()
            if self.done() or self.stop_agreed():
                return
            if time.monotonic() - self.saved_at > 60 * trainer.save_minutes:
                self.save()

    def step(self, batch: Batch) -> float:
        """One step on a batch shared by all ranks; its loss, summed, in nats (not finite for a step
        left out).

        The loss of every row is divided by the scored targets of the whole batch, so that ranks and
        micro-batches only add up.
        """
        nats = self.accumulate(batch)
        if self.world.world_size > 1:
            nats = all_reduce_gradients(
                () if self.sharded else self.model.parameters(), nats, self.world
            )
        if math.isfinite(nats) and self.optimizer.step(
            lr_multiplier(self.progress.step, self.steps, self.config.optim)
        ):
            self.bad_steps = 0
            return nats
        self.optimizer.zero_grad()
        self.bad_steps += 1
        self.say(
            f"step {self.progress.step + 1:,} is left out: its loss or a gradient is not finite"
        )
        if self.bad_steps == 3:
            saved = max(self.out.glob("checkpoints/step-*"), default=None)
            good = (
                f"go on from the last good state, {saved}, with --resume"
                if saved
                else "nothing was saved yet: begin anew"
            )
            raise ExternalError(
                f"three steps on end were not finite: {good} and lower --lr and --matrix-lr"
            )
        return math.nan

    def accumulate(self, batch: Batch) -> float:
        """Gradients of this rank's rows, in micro-batches that fit the memory; the summed loss."""
        device = self.world.device
        while True:
            try:
                nats = 0.0
                for rows in range(0, len(batch.ids), self.micro_rows):
                    part = slice(rows, rows + self.micro_rows)
                    loss = self.network(
                        torch.from_numpy(batch.ids[part]).to(device),
                        torch.from_numpy(batch.targets[part]).to(device),
                    ).nats
                    (
                        loss * (self.world.world_size if self.sharded else 1) / max(1, batch.scored)
                    ).backward()  # shards come back as a mean
                    nats += loss.item()
                return nats
            except RuntimeError as error:
                if not is_out_of_memory(error):
                    raise
                self.optimizer.zero_grad()
                self.micro_rows = min(self.micro_rows, len(batch.ids)) // 2
                if not self.micro_rows:
                    raise ExternalError(
                        "not even one row fits the memory: take a smaller --block-size or network"
                    ) from None
                self.say(
                    f"out of memory: going on with {self.micro_rows} rows at once, the step stays"
                    " the same"
                )

    def finish_epoch(self) -> None:
        """Measure, sample, draw and save."""
        if not self.rows or self.rows[-1]["step"] != self.progress.step:
            self.evaluate()
        if self.progress.batch == self.corpus.data.steps(
            self.progress.epoch
        ):  # not where --steps or patience ended it
            self.progress = replace(
                self.progress, epoch=self.progress.epoch + 1, batch=0, loss_sum=0.0, loss_count=0
            )
        self.save()

    def evaluate(self) -> None:
        """Losses, recall and samples of this moment: shown, written down, drawn, and scored for
        `best`.
        """
        start, now, trainer = time.perf_counter(), self.progress, self.config.trainer
        epoch = round(now.epoch + now.batch / self.corpus.data.steps(now.epoch), 4)
        token_bytes = self.corpus.tokenizer.token_bytes()
        held = self.corpus.held_out[: trainer.eval_batches or None]
        model = unsharded(self.model)
        loss = measure_loss(model, held, token_bytes) if held else None
        right = recalled(model, self.corpus.asked)
        recall = sum(right) / len(right) if right else None
        score = recall if recall else -loss.nats if loss and math.isfinite(loss.nats) else None
        better = score is not None and (now.best is None or score > now.best)
        seconds = now.seconds + time.perf_counter() - start
        self.progress = replace(
            now,
            seconds=seconds,
            score=score,
            best=score if better else now.best,
            since_best=0 if better else now.since_best + 1,
            rows=len(self.rows) + 1,
        )
        self.rows.append(
            {
                "epoch": epoch,
                "step": now.step,
                "tokens": now.tokens,
                "seconds": round(seconds, 3),
                "tokens_per_second": round(now.tokens / max(seconds, 1e-9), 1),
                "train_loss": now.loss_sum / max(1, now.loss_count),
                "val_loss": loss and loss.nats,
                "val_bpb": loss and loss.bits_per_byte,
                "recall": recall,
            }
        )
        if self.world.is_main:
            self.write_down(epoch, self.sample(model))
        self.progress = replace(self.progress, seconds=now.seconds + time.perf_counter() - start)

    def write_down(self, epoch: float, samples: Sequence[tuple[str, str]]) -> None:
        """metrics.jsonl, samples.md and loss.png, and the same on the terminal."""
        row = self.rows[-1]
        self.say(
            "\n"
            + report.line(row)
            + "".join(f"\n  {question} → {answer}" for question, answer in samples[:2])
        )
        path = self.out / "samples.md"
        before = report.up_to(path.read_text(encoding="utf-8"), epoch) if path.exists() else ""
        write_atomically(path, before + report.sample_section(epoch, row, samples))
        write_atomically(self.out / "metrics.jsonl", report.metrics_text(self.rows))
        report.draw_losses(self.rows, self.out / "loss.png")
        if self.config.trainer.tensorboard:
            report.write_events(row, self.out / "tensorboard")

    def sample(self, model: GPT) -> list[tuple[str, str]]:
        """What the network says to the fixed questions."""
        tokenizer, length = self.corpus.tokenizer, min(60, self.config.model.block_size // 2)
        ends = [tokenizer.eot] if self.corpus.pairs else []
        prompts = [
            [tokenizer.eot, *tokenizer.encode(probe), *ends][-length:]
            for probe in self.corpus.probes
        ]
        answers = sampling.generate_batch(model, prompts, max_new_tokens=length, stop=tokenizer.eot)
        return [
            (probe, tokenizer.decode(ids))
            for probe, ids in zip(self.corpus.probes, answers, strict=True)
        ]

    # --- what a person sees -----------------------------------------------------------------------

    def introduction(self) -> str:
        """What is about to happen, in two lines."""
        count, config = self.model.parameter_count(), self.config
        what = f"{len(self.corpus.pairs):,} pairs" if self.corpus.pairs else "plain text"
        return (
            f"{'going on with' if config.resume else 'training'} {count / 1e6:.1f} M parameters on"
            f" {what}, vocabulary of {config.model.vocab_size:,}, on {self.world.device} in"
            f" {str(self.compute).removeprefix('torch.')}\n{self.steps:,} steps in at most"
            f" {config.trainer.epochs} epochs; everything goes to {self.out}"
        )

    def live(self, loss: float, tokens_per_second: float) -> str:
        """The figures behind the progress line."""
        flops = 6 * self.model.parameter_count() * tokens_per_second
        return (
            f"loss {loss:.3f}, {tokens_per_second:,.0f} tokens/s, {flops / self.peak:.0%} of peak"
        )

    def stop_agreed(self) -> bool:
        """Whether any rank was told to stop: all stop together."""
        if any_rank(bool(self.stops), self.world) and not self.stops:
            self.stops.append(signal.SIGTERM)
        return bool(self.stops)


def measure(config: TrainConfig, world: World) -> int:
    """Print the table of a run on the pairs of the settings: losses, and recall in every
    phrasing.
    """
    out = cast(Path, config.trainer.out)
    model = checkpoint.load_model(
        out, compute=pick_dtype(world.device, config.trainer.compute), device=str(world.device)
    )
    tokenizer = Tokenizer.load(out / "vocabulary.json")
    corpus = load_corpus(
        config.data,
        config.dataloader,
        block_size=model.config.block_size,
        tokenizer=tokenizer,
        vocab_size=tokenizer.vocab_size,
        seed=config.trainer.seed,
        recall_sample=config.trainer.recall_sample,
    )
    loss = measure_loss(model, corpus.held_out, tokenizer.token_bytes())
    rows = [
        ("run", str(out)),
        ("held-out loss", f"{loss.nats:.3f}"),
        ("held-out bits/byte", f"{loss.bits_per_byte:.3f}"),
    ]
    for name, batches in (
        ("recall of trained answers", corpus.asked),
        ("recall, other phrasings", corpus.asked_otherwise),
    ):
        right = recalled(model, batches)
        rows += (
            [(name, f"{sum(right) / len(right):.3f} of {len(right)} questions")] if right else []
        )
    print(report.table(rows))
    return 0


def main() -> int:
    """The command."""
    config = read_options(sys.argv[1:])
    try:
        with init_distributed(config.trainer.device) as world:
            return measure(config, world) if config.evaluate else Run(config, world).train()
    except ValueError as error:  # a device that is not there, a run that is none
        raise BadInput(str(error)) from None
    except RuntimeError as error:
        if not is_out_of_memory(error):
            raise
        raise ExternalError(
            "a network of this size does not fit the memory: take a smaller one, or a machine with"
            " more"
        ) from None


if __name__ == "__main__":
    cli.run(main, bad_input=(RunError,))
