"""The gradients of one step: forward and backward, in micro-batches that fit the memory, summed
over all ranks.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import torch
from torch import nn

from model.device import World, is_out_of_memory
from model.distributed import all_reduce_gradients
from model.evaluate import Rows
from model.gpt import SequenceLoss
from pipeline.errors import ExternalError

# Tokens of a micro-batch on a CPU. More at a time are no faster there, and their activations would
# take gigabytes: 10 M parameters and 16,384 tokens, four.
CPU_TOKENS = 8192


class TrainingRows(Rows, Protocol):
    """Rows of one rank, and what the batch of all ranks holds."""

    @property
    def scored(self) -> int:
        """Targets with a loss in the whole batch."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchLoss:
    """How a step's batch, of all ranks, went."""

    nats: float
    """Summed over the scored targets."""
    correct: npt.NDArray[np.bool_]
    """For each example of the batch, whether its whole answer was right."""


class GradientAccumulator:
    """Adds the gradients of a batch to the parameters' own."""

    def __init__(
        self,
        network: Callable[..., Any],
        parameters: list[nn.Parameter],
        world: World,
        *,
        sharded: bool,
    ) -> None:
        self.network, self.parameters = network, parameters
        self.world, self.sharded = world, sharded
        self.micro_tokens = CPU_TOKENS if world.device.type == "cpu" else 1 << 62

    def __call__(
        self, batch: TrainingRows, on_notice: Callable[[str], None] = lambda text: None
    ) -> BatchLoss:
        """The loss of a batch, after its gradients were added on every rank.

        The loss of every row is divided by the scored targets of the whole batch, so that ranks and
        micro-batches only add up. When memory ends, smaller micro-batches are tried, which changes
        no step. Raises ExternalError when not even one row fits.
        """
        while True:
            try:
                nats, own_rows = self._micro_batches(batch)
                break
            except RuntimeError as error:
                if not is_out_of_memory(error):
                    raise
            for parameter in self.parameters:
                parameter.grad = None
            on_notice(self._smaller(batch.ids.shape[1], len(batch.ids)))
        # What all ranks add up: the loss, then a flag for each example of the whole batch.
        figures = torch.zeros(1 + len(batch.examples), dtype=torch.float64)
        figures[0] = nats
        mine = figures[1 + self.world.rank :: self.world.world_size]
        mine.copy_(own_rows[: len(mine)])
        if self.world.world_size > 1:
            # Shards come back reduced from the backward pass itself.
            parameters = [] if self.sharded else self.parameters
            figures = all_reduce_gradients(parameters, figures, self.world)
        return BatchLoss(nats=float(figures[0]), correct=figures[1:].numpy() > 0.5)

    def _micro_batches(self, batch: TrainingRows) -> tuple[float, torch.Tensor]:
        """Forward and backward of this rank's rows: their loss, and which of them are right."""
        device = self.world.device
        rows = max(1, self.micro_tokens // batch.ids.shape[1])
        # The gradients of shards come back as the mean over the ranks; ours are a sum.
        scale = (self.world.world_size if self.sharded else 1) / max(1, batch.scored)
        nats, correct = 0.0, []
        for start in range(0, len(batch.ids), rows):
            ids = torch.from_numpy(batch.ids[start : start + rows]).to(device)
            targets = torch.from_numpy(batch.targets[start : start + rows]).to(device)
            loss: SequenceLoss = self.network(ids, targets)
            (loss.nats * scale).backward()
            nats += loss.nats.item()
            correct.append(loss.correct.cpu())
        return nats, torch.cat(correct)

    def _smaller(self, length: int, rows: int) -> str:
        """Halve the micro-batch, and say so."""
        tried = min(rows, max(1, self.micro_tokens // length))
        if tried == 1:
            raise ExternalError(
                "not even one row fits the memory: take a smaller --block-size or network"
            )
        self.micro_tokens = tried // 2 * length
        return f"out of memory: going on with {tried // 2} rows at once, the step stays the same"
