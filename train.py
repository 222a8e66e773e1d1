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

import math
import signal
import sys
import time
from collections.abc import Callable
from contextlib import closing, nullcontext
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NoReturn, cast

import numpy as np
import torch

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
from model.rehearsal import CHOSEN, due
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

SKIPPED = 3  # steps on end that are not finite before a run gives up
ASKED_AT_END = 10_000  # pairs that are all asked once more when a run ends
WIDE_TERMINAL = 100  # columns from which a step's line has room for the share of the machine's peak

# --- setup ----------------------------------------------------------------------------------------


def ignore(metrics: report.Metrics) -> None:
    """Where no figures are tracked."""


@dataclass(slots=True, kw_only=True)
class Training:
    """What the loop works on."""

    config: TrainConfig
    world: World
    out: Path
    run: RunFolder | None
    """The run's folder, where this process is the one that writes."""
    chosen: Ints | None = None
    """The numbers of the pairs that the epoch under way holds; None for all."""
    corpus: Corpus
    model: GPT
    optimizer: Optimizer
    gradients: GradientAccumulator
    compiler: LateCompiler
    ledger: Ledger
    state: TrainState
    background: Background
    """Writes to the run's folder."""
    track: Callable[[report.Metrics], None] = ignore
    """Takes the figures of every evaluation to the tracker that was asked for."""
    peak_flops: float
    """Of a matrix product on all ranks, a second: what a step's speed is compared with."""

    @property
    def parameters(self) -> int:
        return self.model.parameter_count()

    def say(self, text: str) -> None:
        """Tell the person at the terminal, once for all ranks."""
        notices(self.world)(text)


def notices(world: World) -> Callable[[str], None]:
    """Shows notices to the person at the terminal: on the main rank alone, so that each is shown
    once.
    """
    return cli.notice if world.is_main else lambda text: None


def prepare(config: TrainConfig, world: World) -> Training:
    """All that training needs: a new run, or one that goes on where its last checkpoint was made.

    Raises BadInput where the settings do not fit the run.
    """
    keep_freed_memory()
    if config.trainer.deterministic:
        make_deterministic()
    out = cast(Path, config.trainer.out)
    # A folder that is there is locked at once; a new one is made when nothing can fail any more.
    run = RunFolder(out) if world.is_main and out.exists() else None
    resumes = config.resume and has_checkpoint(out)  # one killed before it saved begins anew
    # What goes on from the weights of another run must write text in the ids that these know.
    teacher = out if resumes else config.init_from
    tokenizer = tokenizer_of(teacher) if teacher else None
    corpus = open_corpus(config, tokenizer)
    config = settled(config, corpus, world)
    restored = restore(config, corpus, out, world) if resumes else None
    initial = restored or (learnt_by(config.init_from, world) if config.init_from else None)

    # The order matters from here on: the seed decides the first weights, and these are in place
    # before the network is spread over ranks or compiled.
    torch.manual_seed(config.trainer.seed)
    compute = pick_dtype(world.device, config.trainer.compute)
    model = initial_model(config.model, compute, world, sharded=config.trainer.shard)
    if initial and teacher:
        checkpoint.check_vocabulary(
            teacher, config.model.vocab_size, initial.settings["model"]["vocab_size"]
        )
        if not model.embedding.weight.is_meta:
            model.load_state_dict(initial.weights)
    network = place_model(model, world, sharded=config.trainer.shard)
    optimizer = Optimizer(model, config.optim)
    training = Training(
        config=config,
        world=world,
        out=out,
        run=run,
        corpus=corpus,
        model=model,
        optimizer=optimizer,
        gradients=GradientAccumulator(
            network,
            model,
            world,
            # Pairs are of unequal lengths; a text's rows are all full
            pack_into=config.dataloader.batch_tokens // world.world_size if corpus.pairs else 0,
        ),
        compiler=LateCompiler(model, world, config.trainer.compile),
        ledger=ledger_for(corpus, initial) if restored else ledger_for(corpus, initial).settled(),
        state=TrainState(),
        background=Background(is_threaded=world.device.type != "cpu"),
        peak_flops=matmul_rates(world.device, [compute])[compute] * world.world_size,
    )
    if world.is_main and run is None:
        training.run = run = RunFolder(out)
    with closed_on_error(run):
        if restored:
            go_on_from(training, restored)
        elif run:
            run.create(settings_to_keep(config))
            corpus.tokenizer.save(out / "vocabulary.json")
            note_what_is_read(out, corpus)
        if run:
            training.track = open_tracker(config.trainer.track, out, settings_to_keep(config))
        if run and config.trainer.watch:
            from pipeline.answering.server import watch

            training.say(f"watch it learn at {watch.open_page(out)}")
    return training


def tokenizer_of(teacher: Path) -> Tokenizer:
    """The tokenizer of a run, or of a folder of transformers. Raises BadInput."""
    if is_transformers_folder(teacher):
        try:
            return Tokenizer.from_contents(read_vocabulary(teacher))
        except ValueError as error:
            raise BadInput(f"the tokenizer in {teacher} cannot be gone on with: {error}") from None
    return Tokenizer.load(teacher / "vocabulary.json")


def learnt_by(teacher: Path, world: World) -> Checkpoint:
    """What a run, or a folder of transformers, has learnt. Raises BadInput."""
    if is_transformers_folder(teacher):
        return read_pretrained(teacher)
    return checkpoint.newest_sound(teacher, on_notice=notices(world))


def named(config: TrainConfig) -> TrainConfig:
    """The settings with the run's folder: one named after the time where none is given."""
    out = config.trainer.out or Path("runs") / datetime.now().strftime("%Y-%m-%d-%H%M%S")
    return replace(config, trainer=replace(config.trainer, out=out))


def open_corpus(
    config: TrainConfig, tokenizer: Tokenizer | None, *, only: Ints | None = None
) -> Corpus:
    """The corpus as it is now, with a tokenizer learnt from it where none is given; `only` the
    pairs of these keys, where some are given.
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
    )


def settled(config: TrainConfig, corpus: Corpus, world: World) -> TrainConfig:
    """The settings with what was left open decided: the ids that the tokenizer has, and a dtype
    that all ranks share.
    """
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


def restore(config: TrainConfig, corpus: Corpus, out: Path, world: World) -> Checkpoint:
    """The newest sound checkpoint of the run that is gone on with. Raises BadInput when there is
    none, or it does not fit.
    """
    newest = checkpoint.newest_sound(out, on_notice=notices(world))
    if newest.corpus != corpus.digest and not config.data.fetch_more:
        raise BadInput(
            f"what {out} was trained on has changed since:"
            f" {_instead_of_resuming(config, corpus, newest)}"
        )
    same_dropout = newest.settings["model"] | {"dropout": config.model.dropout}
    if merge(config.model, same_dropout) != config.model:
        raise BadInput(
            f"the network in {out} cannot change its form: leave the network's options out, or"
            " train anew"
        )
    return newest


def _instead_of_resuming(config: TrainConfig, corpus: Corpus, newest: Checkpoint) -> str:
    """What can be done about a run whose pairs or text are others than it was trained on."""
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
        return Ledger.of_state(kept.training)
    except ValueError as error:
        raise BadInput(f"the checkpoint cannot be gone on with: {error}; train anew") from None


def ledger_for(corpus: Corpus, initial: Checkpoint | None) -> Ledger:
    """What is known of the pairs of a corpus to the network that training begins with."""
    ledger = ledger_in(initial) if initial else None
    return ledger.carried_over(corpus.keys) if ledger else Ledger.empty(corpus.keys)


def go_on_from(training: Training, restored: Checkpoint) -> None:
    """Put everything but the weights back to where it was when the checkpoint was made."""
    tensors, world = restored.training, training.world
    try:
        if CHOSEN in tensors:
            training.chosen = np.arange(len(training.corpus.pairs))[tensors[CHOSEN].numpy()]
        training.optimizer.load(checkpoint.optimizer_state(tensors))
        set_random_state(tensors, world.device)
    except (ValueError, TypeError, RuntimeError, IndexError) as error:
        # What a stranger's checkpoint holds is of any shape and type.
        raise BadInput(f"{training.out} cannot be gone on with: {error}") from None
    training.state = restored.state
    if training.run:
        training.run.restore_metrics(restored.state.evaluations)
        training.run.write_settings(settings_to_keep(training.config))


# --- the loop -------------------------------------------------------------------------------------


def train(training: Training) -> int:
    """Epoch after epoch to the end, or to a stop; the exit status."""
    config, world, optimizer = training.config, training.world, training.optimizer
    trainer = config.trainer
    if training.state.is_finished(trainer):
        training.say(how_to_train_more(training))
        return conclude(training)
    training.say(introduction(training))
    clock, saved_at, skipped = Clock(), time.monotonic(), 0
    with (
        cli.stop_signals() as signals,
        background_fetcher(
            config.data.cache,
            config.data.fetch_options,
            wanted=config.data.fetch_more > 0 and world.is_main,
        ) as fetcher,
        progress_bar(training) as bar,
        training.background,
    ):
        while not training.state.is_finished(trainer):
            # Which pairs an epoch holds is settled at its beginning, and its batches follow from
            # (seed, epoch) alone: so a run that was stopped goes on at any batch of it.
            take_new_pages(training, fetcher)
            choose_pairs(training)
            data, state, chosen = training.corpus.data, training.state, training.chosen
            steps = data.steps(state.epoch, chosen)
            bar.total = state.all_steps(steps, trainer)
            batches = data.batches(
                state.epoch,
                chosen=chosen,
                start=state.batch,
                rank=world.rank,
                world_size=world.world_size,
            )
            clock.lap()
            for batch in prefetch(batches):
                # Forward and backward: the gradients of all micro-batches and ranks add up.
                loss = training.gradients(batch, on_notice=training.say)

                # A step of the optimizer, at a rate that rises, stays and falls over the run. It
                # moves nothing where a gradient is not finite.
                learned = optimizer.step(
                    lr_multiplier(training.state.share_done(steps, trainer), config.optim),
                    grad_norm=loss.grad_norm,
                )
                skipped = 0 if learned else note_skipped(training, skipped + 1)

                # What this batch tells: which answers are known by heart, and how the run stands.
                training.ledger.update(
                    batch.examples, batch.phrasings, loss.correct, training.state.step
                )
                seconds = clock.lap()
                training.compiler.after_step(seconds, training.state.steps_left(steps, trainer))
                training.state = training.state.after_batch(
                    tokens=batch.tokens,
                    scored=batch.scored,
                    nats=loss.nats if learned else math.nan,
                    seconds=seconds,
                )
                show_progress(bar, training, batch, loss, seconds)

                # Within an epoch: measure and save as often as was asked for; stop when told to.
                is_late = time.monotonic() - saved_at > 60 * trainer.save_minutes
                is_told, is_late = any_ranks((bool(signals), is_late), world)
                if is_late or training.state.is_time_to_evaluate(trainer):
                    saved_at = measure_within_epoch(training, saved_at, is_late=is_late)
                    clock.lap()
                if training.state.is_finished(trainer) or is_told:
                    break

            # At the epoch's end: measure, sample, save.
            if any_rank(bool(signals), world):
                cli.close_progress(bar)
                return stop(training, signals)
            if training.state.batch == steps:  # not where --steps or --patience ended it
                training.state = training.state.next_epoch()
            if is_time_to_save(training):
                if training.state.steps_since_evaluation:
                    evaluate(training)
                saved_at = save(training)
    return conclude(training)


def choose_pairs(training: Training) -> None:
    """At an epoch's beginning: which pairs it holds. Within one that is gone on with, the same as
    before.
    """
    trainer, state = training.config.trainer, training.state
    if trainer.schedule == "due" and state.batch == 0:
        training.chosen = due(training.ledger, state.epoch, trainer.epochs)


def is_time_to_save(training: Training) -> bool:
    """Whether, at an epoch's end, the run is at its own, or as many steps as an epoch of all pairs
    has were made since the last evaluation.
    """
    if training.chosen is None or training.state.is_finished(training.config.trainer):
        return True
    return training.state.steps_since_evaluation >= training.corpus.data.steps(0)


def measure_within_epoch(training: Training, saved_at: float, *, is_late: bool) -> float:
    """Evaluate where that was asked for after so many steps, and save what is better than before;
    save where that is late, too. The time of the last save.

    A GPU evaluates in a moment, and may be days at one epoch of a large text: there, what is saved
    late is measured first.
    """
    is_asked = training.state.is_time_to_evaluate(training.config.trainer)
    if is_asked or training.world.device.type != "cpu":
        evaluate(training)
    is_best = is_asked and training.state.evaluations_since_best == 0
    return save(training) if is_late or is_best else saved_at


def note_skipped(training: Training, count: int) -> int:
    """Say that a step was left out, and how many on end. Raises ExternalError at the third."""
    training.say(
        f"step {training.state.step + 1:,} is left out: its loss or a gradient is not finite"
    )
    if count < SKIPPED:
        return count
    saved = max(training.out.glob("checkpoints/step-*"), default=None)
    optim = training.config.optim
    slower = ("--lr", optim.lr / 4, "--matrix-lr", optim.matrix_lr / 4)
    advice = f"nothing was saved yet: begin anew with {command_line(*slower)} besides"
    if saved:
        command = resume_command(training, *slower)
        advice = f"go on more slowly from the last good state, {saved}: {command}"
    raise ExternalError(f"three steps on end were not finite: {advice}")


class Clock:
    """Reads the time since it was read last."""

    def __init__(self) -> None:
        self.last = time.perf_counter()

    def lap(self) -> float:
        """Seconds since the last call."""
        before, self.last = self.last, time.perf_counter()
        return self.last - before


# --- around the loop ------------------------------------------------------------------------------


def evaluate(training: Training) -> None:
    """Losses, recall and samples of this moment: shown, written down, and scored for `best`."""
    # Two measures: the loss on held-out pages (how well the network guesses what it has not read),
    # and recall (how much of what it has read it gives back word for word). Recall decides which
    # checkpoint is the best, or where there are no questions the loss.
    start, config, corpus, state = (
        time.perf_counter(),
        training.config,
        training.corpus,
        training.state,
    )
    model = training.model
    held_out = corpus.held_out[: config.trainer.eval_batches or None]
    loss = measure_loss(model, held_out, corpus.tokenizer.token_bytes()) if held_out else None
    recall = share_recalled(model, corpus, is_last=state.is_finished(config.trainer))
    score = recall or (-loss.nats if loss and math.isfinite(loss.nats) else None)
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
        run, samples = training.run, answers_to_probes(whole, corpus)
        training.background.do(lambda: run.record(metrics, samples))
        training.background.do(lambda: training.track(metrics))
        if config.trainer.watch and corpus.pairs:
            training.run.write_ledger(training.ledger, (pair.question for pair in corpus.pairs))
        training.say(report.short_line(metrics))
    training.state = state.after_evaluation(score, time.perf_counter() - start)


def share_recalled(model: GPT, corpus: Corpus, *, is_last: bool) -> float | None:
    """Recall of trained answers. In the first half of a run, where hardly one is right, a few
    questions tell as much as all of them, which take a fifteenth of an epoch's time.

    One pass tells whether greedy generation would be right: if each next token is the likeliest
    under the true ones before it, generation takes just these.
    """
    right = recalled(model, corpus.asked_few)
    if is_last or not right or 4 * sum(right) > len(right):
        right = recalled(model, corpus.asked)
    return sum(right) / len(right) if right else None


def answers_to_probes(model: GPT, corpus: Corpus) -> list[report.Sample]:
    """What the network says to the fixed questions."""
    tokenizer, length = corpus.tokenizer, min(60, model.config.block_size // 2)
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


def save(training: Training) -> float:
    """Write a checkpoint, in the background where training goes on beside it; the time of it. Where
    weights are spread over ranks, all must call.
    """
    # All that the next step depends on: weights, the optimizer's averages, the random numbers to
    # come, what the ledger knows. Without any of them a resumed run would be another run.
    weights = gather_to_main(training.model.state_dict(), training.world)
    state = gather_to_main(training.optimizer.state(), training.world)
    state |= random_state(training.world.device)
    chosen = {} if training.chosen is None else {CHOSEN: torch.from_numpy(training.chosen)}
    if training.run:
        made = Checkpoint(
            state=training.state,
            weights=weights,
            training=state | training.ledger.state() | chosen,
            settings=settings_to_keep(training.config),
            corpus=training.corpus.digest,
        )
        out, keep = training.out, training.config.trainer.keep
        training.background.do(lambda: checkpoint.save_checkpoint(out, made, keep=keep))
    return time.monotonic()


def stop(training: Training, signals: list[int]) -> int:
    """Save where the run stands, and say how to go on; the exit status of a signal."""
    save(training)
    training.background.wait()
    training.say(
        f"stopped and saved at step {training.state.step:,}; go on with: {resume_command(training)}"
    )
    return 128 + (signals[0] if signals else signal.SIGTERM)


def resume_command(training: Training, *more: object) -> str:
    """The command that goes on with the run. What reaches beyond the run is not kept in it, and is
    named again.
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
    """The closing table: the last figures, recall under other phrasings, and what is known by
    heart.
    """
    model, corpus = training.model, training.corpus
    ledger = training.ledger
    # Asked in words that are seldom the trained ones: whether facts were learned, or strings.
    right = recalled(model, corpus.asked_otherwise)
    if corpus.pairs and len(corpus.pairs) <= ASKED_AT_END:
        # By all ranks, also those that write nothing: sharded weights are gathered by all
        ledger = ask_all(model, cast(PairData, corpus.data), ledger)
    if training.run:
        metrics = dict(training.run.metrics[-1]) if training.run.metrics else {}
        metrics["recall_other"] = sum(right) / len(right) if right else None
        if corpus.pairs:
            training.run.write_ledger(ledger, (pair.question for pair in corpus.pairs))
        training.say(
            "\n"
            + report.closing(
                metrics,
                report.ledger_lines(ledger, [pair.question for pair in corpus.pairs]),
                seconds=training.state.seconds,
                run=training.out,
                prompt=next((p.strip() for p in corpus.probes if p.strip()), "The"),
                raw=not corpus.pairs,
            )
        )
    return 0


def take_new_pages(training: Training, fetcher: Fetcher | None) -> None:
    """With --fetch-more: take in the pages that came, and ask for the next."""
    news = fetcher.arrived() if fetcher else None
    if news:
        training.say(f"no more pages for now: {news}")
    if any_rank(news == "", training.world):
        training.corpus = open_corpus(training.config, training.corpus.tokenizer)
        training.ledger = training.ledger.carried_over(training.corpus.keys)
        if training.run:
            note_what_is_read(training.out, training.corpus)
    if fetcher:
        fetcher.ask(training.corpus.pages + training.config.data.fetch_more)


def note_what_is_read(out: Path, corpus: Corpus) -> None:
    """Write the index that generate.py asks by."""
    held_out = dict.fromkeys(pair.title for pair in corpus.held_out_pairs)
    write_index(out, corpus.pairs, held_out)


# --- what a person sees ---------------------------------------------------------------------------


def introduction(training: Training) -> str:
    """What is about to happen, in two lines."""
    config, pairs = training.config, training.corpus.pairs
    verb = "going on with" if config.resume else "training"
    what = f"{len(pairs):,} pairs" if pairs else "plain text"
    return (
        f"{verb} {training.parameters / 1e6:.1f} M parameters on {what}, vocabulary of"
        f" {config.model.vocab_size:,}, on {training.world.device} in {config.trainer.compute}\n"
        f"at most {config.trainer.epochs:,} epochs of some {training.corpus.data.steps(0):,} steps;"
        f" everything goes to {training.out}"
    )


def how_to_train_more(training: Training) -> str:
    """What is said of a run that is finished and was asked to go on."""
    ways = [f"train it longer with {longer_command(training.out)}"]
    if training.corpus.pairs:
        new_pages = ("--init-from", training.out, *cache_option(training.config.data.cache))
        ways.append(f"learn new pages with {command_line('python', 'train.py', *new_pages)}")
    return "; ".join((f"{training.out} is finished", *ways))


def progress_bar(training: Training) -> "tqdm[NoReturn]":
    """A counter of steps."""
    steps = training.corpus.data.steps(training.state.epoch)
    total = training.state.all_steps(steps, training.config.trainer)
    return cli.progress(
        total=total,
        start=training.state.step,
        unit="steps",
        label="training",
        shows_rate=False,  # what stands behind the bar says more
    )


def show_progress(
    bar: "tqdm[NoReturn]", training: Training, batch: Batch, loss: BatchLoss, seconds: float
) -> None:
    """Count a step, with its figures behind the bar."""
    tokens_per_second = batch.tokens / seconds
    # A token's forward and backward pass is about 6 operations a parameter (Kaplan et al. 2020,
    # arXiv 2001.08361); what the machine could do at most was measured before the first step.
    utilisation = 6 * training.parameters * tokens_per_second / training.peak_flops
    figures = f"loss {loss.nats / max(1, batch.scored):.3f}, {tokens_per_second:,.0f} tokens/s"
    width = cli.terminal_width(sys.stderr)
    if not 0 < width < WIDE_TERMINAL:
        figures += f", {utilisation:.0%} of peak"
    bar.set_postfix_str(figures, refresh=False)
    bar.update()


def measure_run(config: TrainConfig, world: World) -> int:
    """Print the table of a run on those pairs of the settings that it was trained on: losses,
    recall in every phrasing, and which pairs are known by heart.
    """
    out = cast(Path, config.trainer.out)
    compute = pick_dtype(world.device, config.trainer.compute)
    model = checkpoint.load_model(out, compute=compute, device=str(world.device))
    tokenizer = Tokenizer.load(out / "vocabulary.json")
    config = replace(config, model=model.config)
    newest = checkpoint.newest_sound(out, on_notice=notices(world))
    known = ledger_in(newest)
    # Pairs that came into the cache since are no part of what the run can be held to.
    corpus = open_corpus(config, tokenizer, only=known.keys[~known.is_new()] if known else None)
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
        ledger = ask_all(
            model,
            cast(PairData, corpus.data),
            ledger_for(corpus, newest),
        )
        write_ledger(out / "ledger.jsonl", ledger, (pair.question for pair in corpus.pairs))
        lines += report.ledger_lines(ledger, [pair.question for pair in corpus.pairs])
    print(report.table(lines))
    return 0


# --- the command ----------------------------------------------------------------------------------


def main() -> int:
    """The command."""
    config = read_options(sys.argv[1:])
    try:
        with init_distributed(config.trainer.device) as world:
            if config.evaluate:
                return measure_run(config, world)
            try:
                training = prepare(named(config), world)
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
