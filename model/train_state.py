"""How far a training run is: its position in the data, its sums, and when it is finished."""

import math
from dataclasses import dataclass, replace

from model.config import TrainerConfig


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainState:
    """Where a run stands: `batch` batches of epoch `epoch` (counted from 0) are done.

    Together with the weights and the optimizer's state it is all that a resumed run goes on from.
    """

    epoch: int = 0
    batch: int = 0
    step: int = 0
    tokens: int = 0
    seconds: float = 0.0
    loss_sum: float = 0.0
    """Since the last evaluation, in nats."""
    loss_count: int = 0
    """Scored targets that loss_sum is over."""
    score: float | None = None
    """How good the weights are; the checkpoint with the highest is the best."""
    best_score: float | None = None
    evaluations_since_best: int = 0
    evaluations: int = 0
    """Lines of metrics.jsonl written so far."""
    steps_since_evaluation: int = 0

    @property
    def train_loss(self) -> float:
        """Mean loss since the last evaluation, in nats per token."""
        return self.loss_sum / max(1, self.loss_count)

    def after_batch(self, *, tokens: int, scored: int, nats: float, seconds: float) -> "TrainState":
        """The state one batch later. A loss that is not finite counts for no target."""
        learned = math.isfinite(nats)
        return replace(
            self,
            batch=self.batch + 1,
            step=self.step + 1,
            steps_since_evaluation=self.steps_since_evaluation + 1,
            tokens=self.tokens + tokens,
            seconds=self.seconds + seconds,
            score=None,
            loss_sum=self.loss_sum + (nats if learned else 0.0),
            loss_count=self.loss_count + (scored if learned else 0),
        )

    def after_evaluation(self, score: float | None, seconds: float) -> "TrainState":
        """The state after an evaluation that gave this score."""
        better = score is not None and (self.best_score is None or score > self.best_score)
        return replace(
            self,
            seconds=self.seconds + seconds,
            score=score,
            best_score=score if better else self.best_score,
            evaluations_since_best=0 if better else self.evaluations_since_best + 1,
            evaluations=self.evaluations + 1,
            steps_since_evaluation=0,
            loss_sum=0.0,
            loss_count=0,
        )

    def next_epoch(self) -> "TrainState":
        """The state at the beginning of the next epoch."""
        return replace(self, epoch=self.epoch + 1, batch=0)

    def is_finished(self, trainer: TrainerConfig) -> bool:
        """Whether the epochs, the steps or the patience that were asked for are at their end."""
        return (
            self.epoch >= trainer.epochs
            or (0 < trainer.steps <= self.step)
            or (0 < trainer.patience <= self.evaluations_since_best)
        )

    def is_time_to_evaluate(self, trainer: TrainerConfig) -> bool:
        """Whether as many steps were made as were asked for between evaluations in an epoch."""
        return trainer.eval_every > 0 and self.step % trainer.eval_every == 0

    def share_done(self, steps: int, trainer: TrainerConfig) -> float:
        """The share of the run that is done in the middle of the next step, where the epoch under
        way has that many steps.
        """
        of_epochs = (self.epoch + (self.batch + 0.5) / steps) / trainer.epochs
        of_steps = (self.step + 0.5) / trainer.steps if trainer.steps else 0.0
        return min(1.0, max(of_epochs, of_steps))

    def all_steps(self, steps: int, trainer: TrainerConfig) -> int:
        """How many steps the run will have had, if every epoch from here on has as many as this
        one: each draws other phrasings, and so has a few more or less.
        """
        total = self.step - self.batch + steps * (trainer.epochs - self.epoch)
        return min(total, trainer.steps) if trainer.steps else total

    def steps_left(self, steps: int, trainer: TrainerConfig) -> float:
        """Steps from here to the end, about."""
        done = self.step + 0.5
        return done / self.share_done(steps, trainer) - done
