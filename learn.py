"""Teach a trained run the pages that its cache has and it has not read yet: in place, in seconds.

    learned = learn(run)        # after pipeline.fetch has put a page into the run's cache

New pairs are in every step, in three phrasings, beside old ones that are drawn again: some that
were wrong the last time, and some of the rest. Without these, what was known would be forgotten
within a few steps. Rounds of steps follow each other until all that is new is known. The run's
files change only at the very end, each at once and whole.
"""

import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from model import checkpoint
from model.checkpoint import Checkpoint, RunError
from model.device import World, keep_freed_memory, pick_device, pick_dtype, random_state
from model.evaluate import recalled
from model.gpt import GPT
from model.gradients import GradientAccumulator
from model.ledger import Ints, Ledger
from model.optim import Optimizer
from model.run_folder import RunFolder
from model.settings import from_dict
from model.train_config import TrainConfig, settings_to_keep
from pipeline.answering.question_index import FILE, open_index
from pipeline.tokens.batches import PairData
from pipeline.tokens.tokenizer import Tokenizer
from train import (
    ledger_for,
    notices,
    open_corpus,
    write_question_index,
)

STEPS = 24  # of a round
ROUNDS = 4  # at most: a small network does not know a page after one
PEAK = 0.3  # of the rates that the run was trained with
WARMUP = 0.1  # share of the steps in which the rate rises; then it falls to nothing
REHEARSED = 24  # old pairs a step
PHRASINGS = 3  # of each new question, a step


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """How it went. Shares are of whole answers, word for word."""

    pairs: int
    """New pairs; 0 where the run knows all that its cache has, and nothing was done."""
    new_recall: float
    """Of the new pairs, in their own words."""
    old_recall: float
    """Of up to 200 questions from all that the run has read."""
    seconds: float


def learn(
    run: Path,
    *,
    device: str = "auto",
    on_step: Callable[[int, int], None] = lambda step, steps: None,
) -> Learned:
    """Learn what is new in the cache of a run, and save it as the run's newest checkpoint.

    A KeyboardInterrupt, an error or a kill at any moment leaves the run as it was, or as it is
    meant to be. `on_step` is called with the steps done and all steps; what it raises ends the
    learning. Raises ExternalError where another process trains the run, RunError where the run
    holds no checkpoint.
    """
    start = time.perf_counter()
    world = World(device=pick_device(device))
    keep_freed_memory()
    with closing(RunFolder(run)) as folder:
        before = checkpoint.newest_sound(run, on_notice=notices(world))
        config = from_dict(TrainConfig, before.settings)
        tokenizer = Tokenizer.load(run / "vocabulary.json")
        checkpoint.check_vocabulary(run, tokenizer.vocab_size, config.model.vocab_size)
        corpus = open_corpus(config, tokenizer, held_titles=held_out_before(run))
        if not isinstance(corpus.data, PairData):
            raise RunError(f"{run} was trained on plain text, which has no pages to add")
        ledger = ledger_for(corpus, before)
        new = np.flatnonzero(ledger.is_new())
        compute = pick_dtype(world.device, config.trainer.compute)
        model = GPT(config.model, compute_dtype=compute).to(world.device)
        model.load_state_dict(before.weights)
        if len(new):
            optimizer = as_it_ended(model, config, before)
            steps = teach(
                model,
                optimizer,
                corpus.data,
                ledger,
                began=before.state.step,
                world=world,
                on_step=on_step,
            )
            right = recalled(model, corpus.asked)
            state = replace(
                before.state,
                step=before.state.step + steps,
                score=sum(right) / len(right),
            )
            made = Checkpoint(
                state=state,
                weights=dict(model.state_dict()),
                resume_tensors=optimizer.state() | random_state(world.device) | ledger.state(),
                settings=settings_to_keep(config),
                corpus=corpus.digest,
            )
            checkpoint.save_checkpoint(run, made, keep=config.trainer.keep)
            folder.write_ledger(ledger, (pair.question for pair in corpus.pairs))
        # Also where nothing is new: a kill after the checkpoint was saved leaves the old index
        write_question_index(run, corpus)
        return Learned(
            pairs=len(new),
            new_recall=recall_of(model, corpus.data, new),
            old_recall=float(np.mean(recalled(model, corpus.asked))),
            seconds=time.perf_counter() - start,
        )


def held_out_before(run: Path) -> set[str] | None:
    """The titles that a run has held out; None where it has no index. No others are held out: a
    page that somebody asked to be read is learnt, wherever its title falls.
    """
    return open_index(run).held_out_titles() if (run / FILE).exists() else None


def as_it_ended(model: GPT, config: TrainConfig, before: Checkpoint) -> Optimizer:
    """The optimizer of a run with its momenta, at rates that forget little."""
    optim = config.optim
    slow = replace(optim, lr=PEAK * optim.lr, matrix_lr=PEAK * optim.matrix_lr)
    optimizer = Optimizer(model, slow)
    optimizer.load(checkpoint.optimizer_state(before.resume_tensors))
    return optimizer


def teach(
    model: GPT,
    optimizer: Optimizer,
    data: PairData,
    ledger: Ledger,
    *,
    began: int,
    world: World,
    on_step: Callable[[int, int], None],
) -> int:
    """Train on what the ledger has as new, beside what is rehearsed, round after round until all of
    it is known; the steps taken. The run had `began` steps before.
    """
    gradients = GradientAccumulator(model, model, world)
    new = np.flatnonzero(ledger.is_new())
    draw = np.random.default_rng(began)
    for step in range(ROUNDS * STEPS):
        chosen = np.concatenate((np.repeat(new, PHRASINGS), rehearsed(ledger, new, draw)))
        # All batches of a step count as one: a step on new pairs alone would forget the others.
        for batch in data.batches(began + step, chosen=chosen):
            loss = gradients(batch)
            ledger.update(batch.examples, batch.phrasings, loss.correct, began + step)
        optimizer.step(share_of_peak(step % STEPS))
        in_rounds = (step // STEPS + 1) * STEPS
        on_step(step + 1, in_rounds)
        if step + 1 == in_rounds and recall_of(model, data, new) == 1:
            return step + 1
    return ROUNDS * STEPS


def share_of_peak(step: int) -> float:
    """The rate at a step of a round: it rises for a tenth of the round and falls to nothing."""
    done = (step + 0.5) / STEPS
    return min(done / WARMUP, (1 - done) / (1 - WARMUP))


def rehearsed(ledger: Ledger, new: Ints, draw: np.random.Generator) -> Ints:
    """Old pairs for a step: first those that were wrong the last time, half of them at most."""
    old = np.setdiff1d(np.arange(len(ledger)), new)
    wrong = old[ledger.streak[old] == 0]
    chosen = draw.permutation(wrong)[: REHEARSED // 2]
    rest = draw.permutation(np.setdiff1d(old, chosen))
    return np.concatenate((chosen, rest[: REHEARSED - len(chosen)]))


def recall_of(model: GPT, data: PairData, examples: Ints) -> float:
    """The share of these pairs whose whole answer is right, asked in their own words."""
    right = np.zeros(len(data), dtype=bool)
    for batch in data.in_phrasing(0, examples):
        right[batch.examples] = recalled(model, [batch])
    return float(right[examples].mean()) if len(examples) else 1.0
