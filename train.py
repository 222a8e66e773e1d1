"""Train a GPT from scratch on the pairs of the cache, or on plain text.

python train.py                                # the pairs that pipeline.fetch left in cache/
python train.py --text train.txt --preset char-attention
python train.py --resume                       # go on where the newest run stopped

Read `train` first: it is the loop. `prepare` builds what the loop works on; the functions around
them evaluate, save, and report to the person at the terminal.
"""

if __name__ == "__main__":
    from pipeline.interrupts import end_silently

    end_silently()

import os

# Threads that wait for each other spin for a tenth of a millisecond and then sleep. Sleeping at
# once doubles the time of a small step; spinning for long, as is the default, makes a step many
# times slower on a machine where anything else runs. Read when torch is imported.
os.environ.setdefault("GOMP_SPINCOUNT", "10000")

import math
import signal
import sys
import time
from collections.abc import Callable, Collection
from contextlib import AbstractContextManager, closing, nullcontext
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NoReturn, cast

import numpy as np
import torch
from torch import nn

from model import checkpoint, report
from model.background import Background
from model.checkpoint import Checkpoint
from model.compiling import LateCompiler
from model.device import (
    World,
    is_out_of_memory,
    keep_freed_memory,
    make_deterministic,
    matmul_rates,
    pick_dtype,
    random_state,
    set_random_state,
)
from model.distributed import (
    any_rank,
    any_ranks,
    gather_to_main,
    init_distributed,
    initial_model,
    place_model,
    unsharded,
)
from model.evaluate import ask_all, measure_loss, recalled
from model.gpt import GPT
from model.gradients import BatchLoss, GradientAccumulator
from model.inference import sampling
from model.ledger import Ints, Ledger
from model.optim import Optimizer, lr_multiplier
from model.pretrained import is_transformers_folder, read_pretrained, read_vocabulary
from model.rehearsal import CHOSEN, due_pairs
from model.run_folder import (
    RunFolder,
    closed_on_error,
    has_checkpoint,
    write_ledger,
)
from model.settings import merge
from model.trackers import open_tracker
from model.train_config import TrainConfig, read_options, settings_to_keep
from model.train_state import TrainState
from pipeline import cli
from pipeline.answering.index_writer import write_index
from pipeline.answering.runs import longer_command
from pipeline.dataset.pairs_file import cache_option
from pipeline.errors import BadInput, ExternalError, command_line
from pipeline.sources.background_fetch import Fetcher, background_fetcher, nameless
from pipeline.tokens.batches import Batch, PairData, prefetch
from pipeline.tokens.corpus import Corpus, load_corpus
from pipeline.tokens.tokenizer import Tokenizer

if TYPE_CHECKING:
    from tqdm import tqdm

MAX_SKIPPED_STEPS = 3  # consecutive steps that are not finite, after which a run gives up
ASKED_AT_END = 10_000  # pairs that are all asked once more when a run ends
WIDE_TERMINAL = 100  # columns from which a step's line has room for the share of the machine's peak

# --- setup ----------------------------------------------------------------------------------------


def ignore(metrics: report.Metrics) -> None:
    """The tracker of a run that sends its figures nowhere."""


@dataclass(slots=True, kw_only=True)
class Training:
    """Everything that the training loop reads and changes: a run, in memory."""

    config: TrainConfig
    world: World
    out: Path
    run: RunFolder | None
    """The run's folder, where this process is the one that writes."""
    chosen: Ints | None = None
    """Indices of the pairs that the current epoch holds; None for all."""
    corpus: Corpus
    model: GPT
    optimizer: Optimizer
    accumulate_gradients: GradientAccumulator
    compiler: LateCompiler
    ledger: Ledger
    state: TrainState
    background: Background
    """Writes to the run's folder."""
    track: Callable[[report.Metrics], None] = ignore
    """Takes the figures of every evaluation to the tracker that was asked for."""
    peak_flops: float
    """Floating-point operations per second that all ranks together reach in a matrix product: the
    denominator of the utilisation shown.
    """
    saved_at: float = field(default_factory=time.monotonic)
    """When the last checkpoint was saved, or when training began."""
    skipped_steps: int = 0
    """Consecutive steps that were left out, as they were not finite."""

    @property
    def parameter_count(self) -> int:
        return self.model.parameter_count()

    def say(self, text: str) -> None:
        """Tell the person at the terminal, once for all ranks."""
        notices(self.world)(text)


def notices(world: World) -> Callable[[str], None]:
    """A function that shows a notice to the person at the terminal, once for all ranks."""
    return cli.notice if world.is_main else lambda text: None


def own_folder(out: Path) -> RunFolder:
    """The folder of this run, for this process alone. Raises as RunFolder."""
    return RunFolder(out, otherwise=", or choose another --out")


def prepare(config: TrainConfig, world: World) -> Training:
    """Build everything that training needs, for a new run or for one that resumes.

    Raises BadInput where the settings do not fit the run.
    """
    keep_freed_memory()
    if config.trainer.deterministic:
        make_deterministic()
    out = cast(Path, config.trainer.out)
    # An existing folder is locked now. A new one is created only below, once nothing can fail any
    # more, so that a failed start leaves nothing behind.
    run = own_folder(out) if world.is_main and out.exists() else None
    resumes = config.resume and has_checkpoint(out)  # a run killed before it saved starts again
    # Weights go with the vocabulary that they were trained on: where they come from a run, so does
    # the tokenizer.
    source = out if resumes else config.init_from
    tokenizer = tokenizer_of(source) if source else None
    initial = initial_checkpoint(source, world) if source else None
    corpus = open_corpus(config, tokenizer, trained_before=trained_keys(initial))
    config = resolved(config, corpus, world)
    restored = initial if resumes else None
    if restored:
        refuse_changes(config, corpus, restored)
    ledger = ledger_for(corpus, initial)
    if not restored:
        ledger = ledger.with_long_intervals()  # the run that it came from has ended
    if initial and source:
        checkpoint.check_vocabulary(
            source, config.model.vocab_size, initial.settings["model"]["vocab_size"]
        )
    compute = pick_dtype(world.device, config.trainer.compute)
    model, network = make_network(config, compute, initial, world)
    training = Training(
        config=config,
        world=world,
        out=out,
        run=run,
        corpus=corpus,
        model=model,
        optimizer=Optimizer(model, config.optim),
        accumulate_gradients=GradientAccumulator(
            network,
            model,
            world,
            # Only pairs are packed: they differ in length, while a text's rows are all full.
            pack_into=config.dataloader.batch_tokens // world.world_size if corpus.pairs else 0,
        ),
        compiler=LateCompiler(model, world, config.trainer.compile),
        ledger=ledger,
        state=TrainState(),
        background=Background(is_threaded=world.device.type != "cpu"),
        peak_flops=matmul_rates(world.device, [compute])[compute] * world.world_size,
    )
    if world.is_main and run is None:
        training.run = own_folder(out)
    with closed_on_error(training.run):
        if restored:
            resume_from(training, restored)
        elif training.run:
            create_run_files(training, training.run)
        if training.run:
            training.track = open_tracker(config.trainer.track, out, settings_to_keep(config))
        if training.run and config.trainer.watch:
            from pipeline.answering.server import watch

            training.say(f"watch it learn at {watch.open_page(out)}")
    return training


def make_network(
    config: TrainConfig, compute: torch.dtype, initial: Checkpoint | None, world: World
) -> tuple[GPT, nn.Module]:
    """The network, and the module to call in training: the same one, or its wrapper that
    communicates with the other ranks.

    The order matters: the seed decides the initial weights, and all weights are in place before
    they are distributed over the ranks.
    """
    torch.manual_seed(config.trainer.seed)
    model = initial_model(config.model, compute, world, sharded=config.trainer.shard)
    if initial and not model.embedding.weight.is_meta:
        model.load_state_dict(initial.weights)
    return model, place_model(model, world, sharded=config.trainer.shard)


def create_run_files(training: Training, run: RunFolder) -> None:
    """Write what a run's folder holds from the start: settings, tokenizer, index of questions."""
    run.create(settings_to_keep(training.config))
    training.corpus.tokenizer.save(training.out / "vocabulary.json")
    write_question_index(training.out, training.corpus)


def tokenizer_of(source: Path) -> Tokenizer:
    """The tokenizer of a run, or of a folder of transformers. Raises BadInput."""
    if is_transformers_folder(source):
        try:
            return Tokenizer.from_contents(read_vocabulary(source))
        except ValueError as error:
            raise BadInput(f"the tokenizer in {source} cannot be used: {error}") from None
    return Tokenizer.load(source / "vocabulary.json")


def initial_checkpoint(source: Path, world: World) -> Checkpoint:
    """The checkpoint that training starts from: a run's newest sound one, or a folder of
    transformers. Raises BadInput.
    """
    if is_transformers_folder(source):
        return read_pretrained(source)
    return checkpoint.newest_sound(source, on_notice=notices(world))


def with_run_folder(config: TrainConfig) -> TrainConfig:
    """The settings with a run folder: where none is given, one named after the current time."""
    out = config.trainer.out or Path("runs") / datetime.now().strftime("%Y-%m-%d-%H%M%S")
    return replace(config, trainer=replace(config.trainer, out=out))


def open_corpus(
    config: TrainConfig,
    tokenizer: Tokenizer | None,
    *,
    only: Ints | None = None,
    trained_before: Ints | None = None,
    held_titles: Collection[str] | None = None,
) -> Corpus:
    """The corpus as it is on disk now, with a new tokenizer learned from it where none is given;
    the rest as `load_corpus` takes it.
    """
    return load_corpus(
        config.data,
        config.dataloader,
        block_size=config.model.block_size,
        tokenizer=tokenizer,
        vocab_size=config.model.vocab_size,
        seed=config.trainer.seed,
        recall_sample=config.trainer.recall_sample,
        only=only,
        trained_before=trained_before,
        held_titles=held_titles,
    )


def resolved(config: TrainConfig, corpus: Corpus, world: World) -> TrainConfig:
    """The settings with what "auto" left open decided: the tokenizer's vocabulary size, and one
    dtype for all ranks.
    """
    # Each rank measures which dtype is fastest, and may come to another result than its neighbours:
    # what any rank has chosen, all take.
    dtype = pick_dtype(world.device, config.trainer.compute)
    compute: Literal["bfloat16", "float16", "float32"] = "float32"
    if any_rank(dtype == torch.bfloat16, world):
        compute = "bfloat16"
    elif any_rank(dtype == torch.float16, world):
        compute = "float16"
    return replace(
        config,
        model=replace(config.model, vocab_size=corpus.tokenizer.vocab_size),
        trainer=replace(config.trainer, compute=compute),
    )


def refuse_changes(config: TrainConfig, corpus: Corpus, newest: Checkpoint) -> None:
    """Raises BadInput where a run's corpus or network have changed since its newest checkpoint."""
    out = config.trainer.out
    if newest.corpus != corpus.digest and not config.data.fetch_more:
        raise BadInput(
            f"what {out} was trained on has changed since:"
            f" {_instead_of_resuming(config, corpus, newest)}"
        )
    same_dropout = newest.settings["model"] | {"dropout": config.model.dropout}
    if merge(config.model, same_dropout) != config.model:
        raise BadInput(
            f"the network in {out} cannot change its shape: leave the network's options out, or"
            " train anew"
        )


def _instead_of_resuming(config: TrainConfig, corpus: Corpus, newest: Checkpoint) -> str:
    """Advice for a run that cannot be resumed, as its pairs or its text have changed."""
    if not corpus.pairs:
        return "bring its text back, or train anew on the new one with another --out"
    words = ("--init-from", config.trainer.out, *cache_option(config.data.cache))
    new = int(ledger_for(corpus, newest).is_new().sum())
    return (
        f"bring its pairs back, or learn the {new:,} pairs that are new with"
        f" {command_line('python', 'train.py', *words)}"
    )


def ledger_in(kept: Checkpoint) -> Ledger | None:
    """The ledger of a checkpoint; None for one that knows of no pairs. Raises BadInput."""
    try:
        return Ledger.from_state(kept.resume_tensors)
    except ValueError as error:
        raise BadInput(f"the checkpoint cannot be resumed from: {error}; train anew") from None


def trained_keys(kept: Checkpoint | None) -> Ints | None:
    """The keys of the pairs that a checkpoint was trained on; None where it knows of none."""
    ledger = ledger_in(kept) if kept else None
    return ledger.trained_keys() if ledger else None


def ledger_for(corpus: Corpus, initial: Checkpoint | None) -> Ledger:
    """The ledger of a corpus, filled with what the checkpoint that training starts from noted."""
    ledger = ledger_in(initial) if initial else None
    return ledger.carried_over(corpus.keys) if ledger else Ledger.empty(corpus.keys)


def resume_from(training: Training, restored: Checkpoint) -> None:
    """Put everything but the weights back to where it was when the checkpoint was made."""
    tensors, world = restored.resume_tensors, training.world
    try:
        if CHOSEN in tensors:
            training.chosen = np.arange(len(training.corpus.pairs))[tensors[CHOSEN].numpy()]
        training.optimizer.load(checkpoint.optimizer_state(tensors))
        set_random_state(tensors, world.device)
    except (ValueError, TypeError, RuntimeError, IndexError) as error:
        # The tensors of a stranger's checkpoint may have any shape and type.
        raise BadInput(f"{training.out} cannot be resumed: {error}") from None
    training.state = restored.state
    if training.run:
        training.run.restore_metrics(restored.state.evaluations)
        training.run.write_settings(settings_to_keep(training.config))


# --- the loop -------------------------------------------------------------------------------------


def train(training: Training) -> int:
    """Epoch after epoch until the run is finished or stopped; returns the exit status."""
    config, world, optimizer = training.config, training.world, training.optimizer
    trainer = config.trainer
    if training.state.is_finished(trainer):
        training.say(how_to_train_more(training))
        return conclude(training)
    training.say(introduction(training))
    clock = Clock()
    with (
        cli.stop_signals() as signals,
        fetcher_of_more_pages(training) as fetcher,
        progress_bar(training) as bar,
        training.background,
    ):
        while not training.state.is_finished(trainer):
            # The pairs of an epoch are fixed at its beginning, and its batches are a function of
            # (seed, epoch): that is what lets a stopped run resume at any batch.
            take_new_pages(training, fetcher)
            choose_pairs(training)
            state, data = training.state, training.corpus.data
            steps = data.steps(state.epoch, training.chosen)
            _, bar.total = progress(training, steps)
            batches = data.batches(
                state.epoch,
                chosen=training.chosen,
                start=state.batch,
                rank=world.rank,
                world_size=world.world_size,
            )
            clock.lap()  # planning is no part of the first step's time
            for batch in prefetch(batches):
                # Forward and backward: the gradients of all micro-batches and ranks add up.
                loss = training.accumulate_gradients(batch, on_notice=training.say)

                # The learning rate warms up, stays level and decays over the run. A step whose
                # gradient is not finite is left out.
                stepped = optimizer.step(
                    lr_multiplier(training.state.share_done(steps, trainer), config.optim),
                    grad_norm=loss.grad_norm,
                )
                note_step(training, stepped)

                # The batch has shown which answers are known by heart, and adds to the mean loss.
                training.ledger.update(
                    batch.examples, batch.phrasings, loss.correct, training.state.step
                )
                seconds = clock.lap()
                training.compiler.after_step(seconds, training.state.steps_left(steps, trainer))
                training.state = training.state.after_batch(
                    tokens=batch.tokens,
                    scored=batch.scored,
                    nats=loss.nats if stepped else math.nan,
                    seconds=seconds,
                )
                show_progress(bar, training, batch, loss, seconds=seconds, steps=steps)

                # Within an epoch: measure and save as often as was asked for; stop when told to.
                # All ranks must take the same branch: each learns here what any of them knows.
                save_is_due = time.monotonic() - training.saved_at > 60 * trainer.save_minutes
                stop_requested, save_is_due = any_ranks((bool(signals), save_is_due), world)
                if save_is_due or training.state.is_time_to_evaluate(trainer):
                    evaluate_within_epoch(training, save_is_due=save_is_due)
                    clock.lap()  # nor is measuring part of a step's time
                if training.state.is_finished(trainer) or stop_requested:
                    break

            # Asked to stop, within the epoch or just now, after its last batch?
            if any_rank(bool(signals), world):
                bar.close()  # what is said next stands below it
                return save_and_stop(training, signals)
            # At the epoch's end: measure, sample, save.
            if training.state.batch == steps:  # not where --steps or --patience ended it
                training.state = training.state.next_epoch()
            if is_time_to_save(training):
                if training.state.steps_since_evaluation:
                    evaluate(training)
                save(training)
    return conclude(training)


def choose_pairs(training: Training) -> None:
    """Choose the pairs of an epoch at its beginning. An epoch that is resumed in the middle keeps
    those that it began with.
    """
    trainer = training.config.trainer
    state = training.state
    if trainer.schedule == "due" and state.batch == 0:
        training.chosen = due_pairs(training.ledger, state.epoch, trainer.epochs)


def is_time_to_save(training: Training) -> bool:
    """Whether to evaluate and save at this epoch's end.

    Always, where epochs hold all pairs, and at the end of the run. Epochs of due pairs may be very
    short: they wait until as many steps have passed as an epoch of all pairs would have.
    """
    if training.chosen is None or training.state.is_finished(training.config.trainer):
        return True
    return training.state.steps_since_evaluation >= training.corpus.data.steps(0)


def evaluate_within_epoch(training: Training, *, save_is_due: bool) -> None:
    """Evaluate where --eval-every asks for it; save if a save is due, or if the weights are the
    best so far.

    A GPU evaluates in a moment, and may spend days on one epoch of a large text: there, every save
    is preceded by an evaluation.
    """
    is_asked = training.state.is_time_to_evaluate(training.config.trainer)
    if is_asked or training.world.device.type != "cpu":
        evaluate(training)
    is_best = is_asked and training.state.evaluations_since_best == 0
    if save_is_due or is_best:
        save(training)


def note_step(training: Training, stepped: bool) -> None:
    """Count consecutive skipped steps, and report them. Raises ExternalError after
    MAX_SKIPPED_STEPS of them.
    """
    if stepped:
        training.skipped_steps = 0
        return
    training.skipped_steps += 1
    training.say(
        f"step {training.state.step + 1:,} is left out: its loss or a gradient is not finite"
    )
    if training.skipped_steps < MAX_SKIPPED_STEPS:
        return
    saved = max(training.out.glob("checkpoints/step-*"), default=None)
    optim = training.config.optim
    slower = ("--lr", optim.lr / 4, "--matrix-lr", optim.matrix_lr / 4)
    advice = f"nothing was saved yet: begin anew with {command_line(*slower)} besides"
    if saved:
        command = resume_command(training, *slower)
        advice = f"go on more slowly from the last good state, {saved}: {command}"
    raise ExternalError(f"{MAX_SKIPPED_STEPS} consecutive steps were not finite: {advice}")


class Clock:
    """A stopwatch that is read lap by lap."""

    def __init__(self) -> None:
        self.last = time.perf_counter()

    def lap(self) -> float:
        """Seconds since the last call."""
        before = self.last
        self.last = time.perf_counter()
        return self.last - before


# --- around the loop ------------------------------------------------------------------------------


def evaluate(training: Training) -> None:
    """Measure losses, recall and samples; show and record them, and score the weights for `best`.

    Two measures: the loss on held-out pages (how well the network predicts what it has not read),
    and recall (how much of what it has read it gives back word for word).
    """
    start = time.perf_counter()
    config, corpus, state = training.config, training.corpus, training.state
    model = training.model
    held_out = corpus.held_out[: config.trainer.eval_batches or None]
    loss = measure_loss(model, held_out, corpus.tokenizer.token_bytes()) if held_out else None
    recall = share_recalled(model, corpus, is_last=state.is_finished(config.trainer))
    # Recall decides which checkpoint is the best. Where there is none or it is still 0, the loss
    # does, as a negative number: below any recall.
    score = recall
    if not recall:
        score = -loss.nats if loss and math.isfinite(loss.nats) else None
    seconds = state.seconds + time.perf_counter() - start
    metrics: report.Metrics = {
        "epoch": round(state.epoch + state.batch / corpus.data.steps(state.epoch), 4),
        "step": state.step,
        "tokens": state.tokens,
        "seconds": round(seconds, 3),
        "tokens_per_second": round(state.tokens / max(seconds, 1e-9), 1),
        "train_loss": state.train_loss,
        "val_loss": loss.nats if loss else None,
        "val_bpb": loss.bits_per_byte if loss else None,
        "recall": recall,
    }
    whole = unsharded(model, training.world)  # all ranks take part in gathering it
    if training.run and whole:
        run = training.run
        samples = answers_to_probes(whole, corpus)
        training.background.do(lambda: run.record(metrics, samples))
        training.background.do(lambda: training.track(metrics))
        if config.trainer.watch and corpus.pairs:
            training.run.write_ledger(training.ledger, (pair.question for pair in corpus.pairs))
        training.say(report.short_line(metrics))
    training.state = state.after_evaluation(score, time.perf_counter() - start)


def share_recalled(model: GPT, corpus: Corpus, *, is_last: bool) -> float | None:
    """Recall of trained answers: the share of sampled questions that are answered right.

    Asking all of the sample takes a fifteenth of an epoch's time. So a few are asked first, and all
    only when more than a quarter of these are right, or at the run's end.
    """
    right = recalled(model, corpus.asked_few)
    if is_last or not right or 4 * sum(right) > len(right):
        right = recalled(model, corpus.asked)
    return sum(right) / len(right) if right else None


def answers_to_probes(model: GPT, corpus: Corpus) -> list[report.Sample]:
    """What the network answers to the fixed questions of samples.md, greedily."""
    tokenizer = corpus.tokenizer
    length = min(60, model.config.block_size // 2)
    ends = [tokenizer.eot] if corpus.pairs else []
    prompts = [
        [tokenizer.eot, *tokenizer.encode(probe), *ends][-length:] for probe in corpus.probes
    ]
    answers = sampling.generate_batch(model, prompts, max_new_tokens=length, stop=tokenizer.eot)
    unseen = {pair.question for pair in corpus.held_out_pairs[:1]}
    return [
        report.Sample(question=probe, answer=tokenizer.decode(ids), held_out=probe in unseen)
        for probe, ids in zip(corpus.probes, answers, strict=True)
    ]


def save(training: Training) -> None:
    """Write a checkpoint, in the background where training can go on meanwhile. All ranks must
    call, as sharded weights are gathered from all of them.
    """
    # Everything that the next step depends on: weights, the optimizer's averages, the state of the
    # random generators, the ledger. Without any of them a resumed run would take another course.
    weights = gather_to_main(training.model.state_dict(), training.world)
    tensors = gather_to_main(training.optimizer.state(), training.world)
    tensors |= random_state(training.world.device) | training.ledger.state()
    if training.chosen is not None:
        tensors[CHOSEN] = torch.from_numpy(training.chosen)
    training.saved_at = time.monotonic()
    if training.run:
        snapshot = Checkpoint(
            state=training.state,
            weights=weights,
            resume_tensors=tensors,
            settings=settings_to_keep(training.config),
            corpus=training.corpus.digest,
        )
        out = training.out
        keep = training.config.trainer.keep
        training.background.do(lambda: checkpoint.save_checkpoint(out, snapshot, keep=keep))


def save_and_stop(training: Training, signals: list[int]) -> int:
    """Save the run and say how to resume it; returns the exit status of a signal."""
    save(training)
    training.background.wait()
    draw_losses(training)
    training.say(
        f"stopped and saved at step {training.state.step:,}; go on with: {resume_command(training)}"
    )
    # A rank that has no signal of its own was stopped by another's: torchrun sends SIGTERM.
    return 128 + (signals[0] if signals else signal.SIGTERM)


def draw_losses(training: Training) -> None:
    """Bring loss.png up to date: during training, not every short epoch draws it."""
    if training.run and training.run.metrics:
        training.run.draw()


def resume_command(training: Training, *more: object) -> str:
    """The command that resumes the run, with the options that a run does not remember: those that
    reach beyond it, to the network or to other files.
    """
    config = training.config
    words: list[object] = ["python", "train.py", "--resume", "--out", training.out]
    if config.data.fetch_more:
        words += ["--fetch-more", config.data.fetch_more]
    if options := nameless(config.data.fetch_options):
        words.append(f"--fetch-options={options}")
    if config.trainer.watch:
        words.append("--watch")
    if config.trainer.track != "none":
        words += ["--track", config.trainer.track]
    return command_line(*words, *more)


def conclude(training: Training) -> int:
    """End the run: ask everything once more, write the ledger, print the closing table."""
    model, corpus = training.model, training.corpus
    ledger = training.ledger
    # Questions in phrasings that were seldom trained: has the network learned facts, or strings?
    right = recalled(model, corpus.asked_otherwise)
    if corpus.pairs and len(corpus.pairs) <= ASKED_AT_END:
        # On every rank, as gathering sharded weights takes all of them.
        ledger = ask_all(model, cast(PairData, corpus.data), ledger)
    if training.run:
        metrics = dict(training.run.metrics[-1]) if training.run.metrics else {}
        metrics["recall_other"] = sum(right) / len(right) if right else None
        if corpus.pairs:
            training.run.write_ledger(ledger, (pair.question for pair in corpus.pairs))
        draw_losses(training)
        training.say(
            "\n"
            + report.closing(
                metrics,
                report.ledger_lines(ledger, [pair.question for pair in corpus.pairs]),
                seconds=training.state.seconds,
                run=training.out,
                prompt=prompt_to_try(corpus, ledger),
                raw=not corpus.pairs,
            )
        )
    return 0


def fetcher_of_more_pages(training: Training) -> AbstractContextManager[Fetcher | None]:
    """With --fetch-more, a process that fetches pages while training runs; on the main rank."""
    data = training.config.data
    is_wanted = data.fetch_more > 0 and training.world.is_main
    return background_fetcher(data.cache, data.fetch_options, wanted=is_wanted)


def prompt_to_try(corpus: Corpus, ledger: Ledger) -> str:
    """A first question to ask the run: if possible one that it answers right."""
    known = ledger.known()
    if corpus.pairs and len(known):
        return corpus.pairs[int(known[0])].question
    return next((probe.strip() for probe in corpus.probes if probe.strip()), "The")


def take_new_pages(training: Training, fetcher: Fetcher | None) -> None:
    """With --fetch-more: add the pages that have arrived, and ask for the next."""
    # None: still fetching; "": the pages arrived; any other text: why they did not.
    outcome = fetcher.arrived() if fetcher else None
    if outcome:
        training.say(f"no more pages for now: {outcome}")
    if any_rank(outcome == "", training.world):
        training.corpus = open_corpus(
            training.config,
            training.corpus.tokenizer,
            trained_before=training.ledger.trained_keys(),
        )
        training.ledger = training.ledger.carried_over(training.corpus.keys)
        if training.run:
            write_question_index(training.out, training.corpus)
    if fetcher:
        fetcher.ask(training.corpus.pages + training.config.data.fetch_more)


def write_question_index(out: Path, corpus: Corpus) -> None:
    """Write the index that generate.py asks by."""
    held_out = dict.fromkeys(pair.title for pair in corpus.held_out_pairs)
    write_index(out, corpus.pairs, held_out)


# --- messages and progress ------------------------------------------------------------------------


def introduction(training: Training) -> str:
    """Two lines about what is going to be trained, on what, and for how long."""
    config = training.config
    pairs = training.corpus.pairs
    verb = "resuming" if config.resume else "training"
    what = cli.count_of(len(pairs), "pair") if pairs else "plain text"
    return (
        f"{verb} {training.parameter_count / 1e6:.1f} M parameters on {what}, vocabulary of"
        f" {config.model.vocab_size:,}, on {training.world.device} in {config.trainer.compute}\n"
        f"at most {cli.count_of(config.trainer.epochs, 'epoch')} of some"
        f" {training.corpus.data.steps(0):,} steps;"
        f" everything goes to {training.out}"
    )


def how_to_train_more(training: Training) -> str:
    """The message for a run that is finished and was asked to resume."""
    ways = [f"train it longer with {longer_command(training.out)}"]
    if training.corpus.pairs:
        new_pages = ("--init-from", training.out, *cache_option(training.config.data.cache))
        ways.append(f"learn new pages with {command_line('python', 'train.py', *new_pages)}")
    return "; ".join((f"{training.out} is finished", *ways))


def progress(training: Training, steps: int) -> tuple[int, int]:
    """How far the run is, and how far it goes, in an epoch of so many steps: counted in steps, or
    in per cent where epochs are of different lengths, so that nobody knows how many will come.
    """
    state, trainer = training.state, training.config.trainer
    if trainer.schedule == "due":
        return int(100 * state.share_done(steps, trainer)), 100
    return state.step, state.all_steps(steps, trainer)


def progress_bar(training: Training) -> "tqdm[NoReturn]":
    """A progress bar of the whole run."""
    done, total = progress(training, training.corpus.data.steps(training.state.epoch))
    return cli.progress(
        total=total,
        start=done,
        unit="%" if training.config.trainer.schedule == "due" else "steps",
        label="training",
        shows_rate=False,  # the figures after the bar say more
    )


def show_progress(
    bar: "tqdm[NoReturn]",
    training: Training,
    batch: Batch,
    loss: BatchLoss,
    *,
    seconds: float,
    steps: int,
) -> None:
    """Advance the bar by one of the epoch's steps, with the step's figures beside it."""
    tokens_per_second = batch.tokens / seconds
    # Model FLOPs utilisation (MFU): forward and backward take about 6 operations per parameter and
    # token (Kaplan et al. 2020, https://arxiv.org/abs/2001.08361); the machine's peak was measured
    # before the first step.
    utilisation = 6 * training.parameter_count * tokens_per_second / training.peak_flops
    figures = f"loss {loss.nats / max(1, batch.scored):.3f}, {tokens_per_second:,.0f} tokens/s"
    width = cli.terminal_width(sys.stderr)
    if not 0 < width < WIDE_TERMINAL:
        figures += f", {utilisation:.0%} of peak"
    bar.set_postfix_str(figures, refresh=False)
    done, _ = progress(training, steps)
    bar.update(done - int(bar.n))


def measure_run(config: TrainConfig, world: World) -> int:
    """With --evaluate: print the table of a run that is not trained further. It has the loss,
    recall in trained and in other phrasings, and how many pairs are known by heart.
    """
    out = cast(Path, config.trainer.out)
    compute = pick_dtype(world.device, config.trainer.compute)
    model = checkpoint.load_model(out, compute=compute, device=str(world.device))
    tokenizer = Tokenizer.load(out / "vocabulary.json")
    config = replace(config, model=model.config)
    newest = checkpoint.newest_sound(out, on_notice=notices(world))
    trained = trained_keys(newest)
    # A run is measured on the pairs that it was trained on, not on those that came later.
    corpus = open_corpus(config, tokenizer, only=trained, trained_before=trained)
    lines = [("run", str(out))]
    if corpus.held_out:
        loss = measure_loss(model, corpus.held_out, tokenizer.token_bytes())
        lines.append(("held-out loss", f"{loss.nats:.3f}"))
        lines.append(("held-out bits/byte", f"{loss.bits_per_byte:.3f}"))
    for name, batches in (
        ("recall of trained answers", corpus.asked),
        ("recall, other phrasings", corpus.asked_otherwise),
    ):
        if right := recalled(model, batches):
            lines.append((name, f"{sum(right) / len(right):.3f} of {len(right)} questions"))
    if corpus.pairs:
        ledger = ask_all(model, cast(PairData, corpus.data), ledger_for(corpus, newest))
        write_ledger(out / "ledger.jsonl", ledger, (pair.question for pair in corpus.pairs))
        lines += report.ledger_lines(ledger, [pair.question for pair in corpus.pairs])
    print(report.table(lines))
    return 0


# --- the command ----------------------------------------------------------------------------------


def main() -> int:
    """Train, resume or evaluate, as the command line says; returns the exit status."""
    config = read_options(sys.argv[1:])
    try:
        with init_distributed(config.trainer.device) as world:
            if config.evaluate:
                return measure_run(config, world)
            try:
                training = prepare(with_run_folder(config), world)
            except ValueError as error:  # settings that do not fit each other
                raise BadInput(str(error)) from None
            with closing(training.run) if training.run else nullcontext():
                return train(training)
    except RuntimeError as error:
        if not is_out_of_memory(error):
            raise
        raise ExternalError(
            "a network of this size does not fit the memory: take a smaller one, or a machine with"
            " more"
        ) from None


if __name__ == "__main__":
    cli.run(main)
