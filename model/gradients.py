"""The gradients of one step: forward and backward passes over micro-batches that fit in memory
(gradient accumulation), averaged over all ranks.

On an accelerator a step copies to the device once (ids and targets together) and waits for the
device once: its loss, the norm of its gradient and which answers were right come back in one
tensor.
"""

import math
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

from model.device import World, free_cached_memory, is_out_of_memory
from model.distributed import (
    all_reduce,
    discard_gradients,
    fits_whole,
    is_sharded,
    local_gradients,
    reduce_gradients,
)
from model.evaluate import Rows
from model.gpt import GPT, SequenceLoss
from model.optim import gradient_norm, scale_gradients
from model.packing import can_pack, pack, unpack
from pipeline.errors import ExternalError

# Tokens of a micro-batch on a CPU. More at a time are no faster there, and their activations would
# take gigabytes: 10 M parameters and 16,384 tokens, four.
CPU_TOKENS = 8192
CPU_ACTIVATIONS = 1 << 30  # bytes, by the estimate below; what is measured is up to twice as much
UNLIMITED = 1 << 62
# What a GPU keeps until the backward pass, measured with GPT-2 small's shape (docs/experiments.md).
NUMBERS_KEPT = 20  # activations per token, layer and channel
WEIGHT_COPIES = 4  # gradients, the optimizer's averages, 16-bit copies: in units of the weights
GROW_AFTER = 100  # steps without a shortage, after which twice as many tokens are tried again
FIRST_LOSS_SCALE = 2.0**16
RAISE_SCALE_AFTER = 1000  # steps without an overflow, after which the scale is doubled


class TrainingRows(Rows, Protocol):
    """The rows of one rank, and figures of the global batch, which all ranks share."""

    @property
    def tokens(self) -> int:
        """Tokens of the global batch."""

    @property
    def scored(self) -> int:
        """Targets with a loss in the global batch."""

    @property
    def examples(self) -> npt.NDArray[np.int64]:
        """The index of each example of the global batch; rank r has every world_size-th of them,
        from the r-th on.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchLoss:
    """The outcome of a step's forward and backward passes, over the global batch."""

    nats: float
    """Summed over the scored targets."""
    grad_norm: float
    """L2 norm of all gradients; not finite where the step must be skipped."""
    correct: npt.NDArray[np.bool_]
    """For each example of the batch, whether its whole answer was right."""


class GradientAccumulator:
    """Computes the gradients of a batch: those of its mean loss over the scored targets of all
    ranks, however the batch is cut into micro-batches.
    """

    def __init__(self, network: nn.Module, model: GPT, world: World, *, pack_into: int = 0) -> None:
        """`network` is what is called: the model itself, compiled or not, or the wrapper that
        distributes it over the ranks (see distributed.py).

        Rows of unequal lengths are packed into one of `pack_into` tokens, where that is the faster
        form (see packing.py); 0 for rows that are all full.
        """
        self.network = network
        self.world = world
        self.block_size = model.config.block_size
        packs = pack_into > 0 and can_pack(world.device, model.compute_dtype, model.config)
        self.pack_into = pack_into if packs else 0
        self.parameters: list[Tensor] = [p for p in model.parameters() if p.requires_grad]
        self.limit = MicroBatchLimit(fitting_tokens(model, world.device))
        self.loss_scale = LossScale(
            FIRST_LOSS_SCALE if model.compute_dtype == torch.float16 else 1.0
        )
        self.largest_done = 0
        """Tokens of the largest batch that went through the memory without a shortage."""

    def __call__(
        self, batch: TrainingRows, on_notice: Callable[[str], None] = lambda text: None
    ) -> BatchLoss:
        """The loss of a batch; afterwards every rank holds the gradients.

        When any rank runs out of memory, all drop their gradients and begin again with smaller
        micro-batches, which gives the same step. Raises ExternalError when not even one row fits.
        """
        while True:
            while (loss_and_correct := self._global_loss(batch)) is None:
                discard_gradients(self.network)
                free_cached_memory(self.world.device)
                on_notice(self.limit.shrink(batch.ids.shape))
            # One tensor for everything that is read back: each `.item()` or `float()` of its own
            # would stop the program until the device is done, and leave the device idle until the
            # program catches up. This `tolist` is the only such point of a step.
            norm = gradient_norm(self.parameters).float()
            grad_norm, nats, *correct = torch.cat((norm[None], loss_and_correct)).tolist()
            # Skipping a step whose gradient is not finite is left to the optimizer. But in float16,
            # whose largest number is 65,504, the loss scale itself may have caused it.
            if math.isfinite(grad_norm) or not self.loss_scale.lower():
                break
            discard_gradients(self.network)  # once more, with a smaller scale
        scale = self.loss_scale.value
        if scale != 1 and math.isfinite(grad_norm):
            scale_gradients(self.parameters, 1 / scale)
        self.loss_scale.note_success()
        self.limit.note_success()
        self.largest_done = max(self.largest_done, batch.tokens)
        return BatchLoss(nats=nats, grad_norm=grad_norm / scale, correct=np.array(correct) > 0.5)

    def _global_loss(self, batch: TrainingRows) -> Tensor | None:
        """After a backward pass on all ranks: (1 + examples,) float32, the loss in nats of the
        global batch, then 1 or 0 for each example, whether its answer was right. None where any
        rank ran out of memory.
        """
        if self.world.world_size == 1:
            return self._local_loss(batch, self._no_communication)
        # Ranks usually reduce their gradients while the backward pass still runs, which hides the
        # communication; but then a rank that runs out of memory leaves the others waiting for ever.
        # So the first pass of a size reduces afterwards: each rank computes by itself, all tell
        # each other whether it succeeded, and only then are gradients reduced.
        afterwards = self._must_reduce_afterwards(batch)
        local = self._local_loss(
            batch, self._reduced_afterwards if afterwards else self._reduced_meanwhile
        )
        if local is None and not afterwards:
            raise ExternalError(
                "memory ended while the ranks added up their gradients: go on with --resume and a"
                " smaller --batch-tokens"
            )
        # One sum over the ranks for all of it: how many ranks failed, the loss, the right answers.
        total = torch.zeros(2 + len(batch.examples), device=self.world.device)
        if local is None:
            total[0] = 1
        else:
            total[1:] = local
        all_reduce(total)
        if afterwards:
            if float(total[0]):
                return None
            reduce_gradients(self.network, self.world.device)
        return total[1:]

    def _must_reduce_afterwards(self, batch: TrainingRows) -> bool:
        """Whether a rank may run out of memory, so that none may wait for another in the midst of a
        backward pass. Equal on all ranks.

        A GPU that once had room for a batch has it again. Sharded weights are gathered whole for
        the passes of a rank by itself: those of a network that is larger than a GPU cannot be, and
        micro-batches, of which a rank may have one more than another, need it.
        """
        sharded = any(is_sharded(p) for p in self.parameters)
        if sharded and not fits_whole(self.parameters, self.world.device):
            return False
        if sharded and self.limit.tokens < self.limit.most:
            return True
        return self.world.device.type == "cpu" or batch.tokens > self.largest_done

    # The context of a micro-batch's passes: where gradients are communicated within it, or not.

    def _no_communication(self, is_last: bool) -> AbstractContextManager[None]:
        return nullcontext()

    def _reduced_afterwards(self, is_last: bool) -> AbstractContextManager[None]:
        return local_gradients(self.network)

    def _reduced_meanwhile(self, is_last: bool) -> AbstractContextManager[None]:
        # Only with the last micro-batch, when the sum of them all is complete
        return nullcontext() if is_last else local_gradients(self.network)

    def _local_loss(
        self, batch: TrainingRows, context: Callable[[bool], AbstractContextManager[None]]
    ) -> Tensor | None:
        """As `_global_loss`, of the rows of this rank alone; the examples of other ranks are 0."""
        # Loss / scored makes a mean of the sum. world_size undoes the average over the ranks, which
        # would divide by it once more.
        scale = self.loss_scale.value * self.world.world_size / max(1, batch.scored)
        loss_and_correct = torch.zeros(1 + len(batch.examples), device=self.world.device)
        correct = []
        try:
            # However many micro-batches, the step is the same: each loss is a sum, divided by the
            # scored targets of the whole batch, so that their gradients add up to that of the mean.
            micro_batches = self._micro_batches(batch)
            for micro_batch in micro_batches:
                with context(micro_batch is micro_batches[-1]):
                    loss: SequenceLoss = self.network(*micro_batch)
                    (loss.nats * scale).backward()
                loss_and_correct[0] += loss.nats.detach()
                # In a packed row, the documents that fill it up come after the examples.
                correct.append(loss.correct[: self.limit.rows(batch.ids.shape[1])])
        except RuntimeError as error:
            if not is_out_of_memory(error):
                raise
            rows, length = batch.ids.shape
            if min(rows, self.limit.rows(length)) == 1:
                raise ExternalError(
                    "not even one row fits the memory: take a smaller --block-size or network"
                ) from None
            return None  # the error goes here, and with it the failed pass that it held in memory
        mine = loss_and_correct[1 + self.world.rank :: self.world.world_size]
        mine.copy_(torch.cat(correct)[: len(mine)])
        return loss_and_correct

    def _micro_batches(self, batch: TrainingRows) -> list[Any]:
        """This rank's rows on the device, as the arguments of the network for each micro-batch: ids
        and targets (rows, T), or a packed row.
        """
        rows = self.limit.rows(batch.ids.shape[1])
        if not self.pack_into:
            return list(self._on_device(np.stack((batch.ids, batch.targets))).split(rows, dim=1))
        tokens = min(self.pack_into, self.limit.tokens)
        packed = [
            pack(batch.ids[i : i + rows], batch.targets[i : i + rows], tokens, self.block_size)
            for i in range(0, len(batch.ids), rows)
        ]
        flat = self._on_device(np.concatenate([row.flat for row in packed]))
        parts = flat.split([len(row.flat) for row in packed])
        return [
            unpack(part, row.offset_count, self.block_size)
            for part, row in zip(parts, packed, strict=True)
        ]

    def _on_device(self, numbers: npt.NDArray[np.int64]) -> Tensor:
        """A copy on the device. From pinned memory a GPU copies while it computes."""
        tensor = torch.from_numpy(numbers)
        if self.world.device.type == "cuda":
            tensor = tensor.pin_memory()
        return tensor.to(self.world.device, non_blocking=True)


def fitting_tokens(model: GPT, device: torch.device) -> int:
    """An estimate of how many tokens fit in the device's memory at once. It avoids most shortages;
    where one comes all the same, MicroBatchLimit halves it.
    """
    config = model.config
    size = torch.finfo(model.compute_dtype).bits // 8
    token_bytes = NUMBERS_KEPT * config.layers * config.width * size
    if device.type == "cpu":
        if config.dropout:
            # Attention with dropout keeps the scores, weights and masks of whole rows.
            token_bytes += 3 * config.layers * config.heads * config.block_size * size
        fitting = 1 << max(1, CPU_ACTIVATIONS // token_bytes).bit_length() - 1  # a power of two
        return max(config.block_size, min(CPU_TOKENS, fitting))
    if device.type != "cuda":
        return UNLIMITED
    free, _ = torch.cuda.mem_get_info(device)
    weight_bytes = WEIGHT_COPIES * 4 * model.parameter_count()
    return max(config.block_size, int((0.9 * free - weight_bytes) / token_bytes))


class MicroBatchLimit:
    """How many tokens go through the network at once: halved by a shortage of memory, doubled again
    after some steps without one.
    """

    def __init__(self, most: int) -> None:
        self.tokens = self.most = most
        self.calm_steps = 0
        self.patience = GROW_AFTER

    def rows(self, length: int) -> int:
        """Rows of this length at once."""
        return max(1, self.tokens // length)

    def shrink(self, shape: tuple[int, ...]) -> str:
        """Halve what was tried, for rows (B, T) of this shape; a sentence that says so."""
        rows, length = shape
        # It failed sooner than it would have grown: what does not fit is tried ever more rarely.
        if self.calm_steps < self.patience:
            self.patience *= 2
        self.tokens = max(1, min(rows, self.rows(length)) // 2) * length
        self.calm_steps = 0
        return f"out of memory: going on with {self.tokens:,} tokens at once; no step changes"

    def note_success(self) -> None:
        """A step had room."""
        self.calm_steps += 1
        if self.tokens < self.most and self.calm_steps >= self.patience:
            self.tokens = min(self.most, self.tokens * 2)
            self.calm_steps = 0


class LossScale:
    """Loss scaling (Micikevicius et al. 2018, https://arxiv.org/abs/1710.03740).

    float16 has no numbers below 6e-8, and small gradients would become zero. So the loss is
    multiplied by a factor, as large as its gradients allow, by which they are divided afterwards.
    Other dtypes have the factor 1.
    """

    def __init__(self, first: float) -> None:
        self.value = first
        self.steps = 0
        self.is_used = first != 1

    def lower(self) -> bool:
        """After gradients that were not finite: halve the scale; False where that cannot help."""
        if self.value <= 1:
            return False
        self.value /= 2
        self.steps = 0
        return True

    def note_success(self) -> None:
        """A step whose gradients were finite."""
        self.steps += 1
        if self.is_used and self.steps % RAISE_SCALE_AFTER == 0:
            self.value *= 2
