"""The gradients of one step: forward and backward, in micro-batches that fit the memory, averaged
over all ranks.

On an accelerator a step makes one copy to the device (ids and targets together) and waits for it
once: when all that is to be known of the step, its loss, the length of its gradient and which
answers were right, comes back in one tensor.
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
# What a GPU keeps until the backward pass, measured with GPT-2 small's shape (docs/experiments.md):
# numbers per token, layer and channel; and gradients, averages and 16-bit copies of the weights, in
# units of the weights.
NUMBERS_KEPT, WEIGHT_COPIES = 20, 4
GROW_AFTER = 100  # steps without a shortage, after which twice as many tokens are tried again
FIRST_LOSS_SCALE = 2.0**16
RAISE_SCALE_AFTER = 1000  # steps without an overflow


class TrainingRows(Rows, Protocol):
    """Rows of one rank, and what the batch of all ranks holds."""

    @property
    def tokens(self) -> int:
        """Tokens of the whole batch."""

    @property
    def scored(self) -> int:
        """Targets with a loss in the whole batch."""

    @property
    def examples(self) -> npt.NDArray[np.int64]:
        """The number of each example of the whole batch; rank r has every world_size-th of them,
        from the r-th on.
        """


@dataclass(frozen=True, slots=True, kw_only=True)
class BatchLoss:
    """How a step's batch, of all ranks, went."""

    nats: float
    """Summed over the scored targets."""
    grad_norm: float
    """The length of the gradient; not finite where the step must be left out."""
    correct: npt.NDArray[np.bool_]
    """For each example of the batch, whether its whole answer was right."""


class GradientAccumulator:
    """Makes the gradients of a batch: those of its loss, summed over the scored targets of all
    ranks and divided by their number, whatever the micro-batches.
    """

    def __init__(self, network: nn.Module, model: GPT, world: World, *, pack_into: int = 0) -> None:
        """The network trains the model's weights: it is the model itself, compiled or not, or the
        model spread over the ranks (see distributed.py).

        Rows of unequal lengths are packed into one of `pack_into` tokens, where that is the faster
        form (see packing.py); 0 for rows that are all full.
        """
        self.network = network
        self.world = world
        self.longest = model.config.block_size
        packs = pack_into > 0 and can_pack(world.device, model.compute_dtype, model.config)
        self.pack_into = pack_into if packs else 0
        self.parameters: list[Tensor] = [p for p in model.parameters() if p.requires_grad]
        self.limit = MicroBatchLimit(fitting_tokens(model, world.device))
        self.loss_scale = LossScale(
            FIRST_LOSS_SCALE if model.compute_dtype == torch.float16 else 1.0
        )
        self.proven = 0

    def __call__(
        self, batch: TrainingRows, on_notice: Callable[[str], None] = lambda text: None
    ) -> BatchLoss:
        """The loss of a batch, after its gradients were made on every rank.

        When memory ends on any rank, all drop what they have and take smaller micro-batches, which
        changes no step. Raises ExternalError when not even one row fits.
        """
        while True:
            while (figures := self._all_figures(batch)) is None:
                discard_gradients(self.network)
                free_cached_memory(self.world.device)
                on_notice(self.limit.shrink(batch.ids.shape))
            # All figures in one tensor: each `.item()` or `float()` on its own would stop the
            # program until the device is done, and the device would then be idle until the
            # program catches up.
            norm = gradient_norm(self.parameters).float()
            # The only point at which the program waits for the device
            grad_norm, nats, *correct = torch.cat((norm[None], figures)).tolist()
            # A gradient that is not finite is the optimizer's business to leave out, but for
            # float16, whose range is so small that a large loss scale alone may cause it.
            if math.isfinite(grad_norm) or not self.loss_scale.lower():
                break
            discard_gradients(self.network)  # float16 overflowed: once more, with a smaller scale
        scale = self.loss_scale.value
        if scale != 1 and math.isfinite(grad_norm):
            scale_gradients(self.parameters, 1 / scale)
        self.loss_scale.note_success()
        self.limit.note_success()
        self.proven = max(self.proven, batch.tokens)
        return BatchLoss(nats=nats, grad_norm=grad_norm / scale, correct=np.array(correct) > 0.5)

    def _all_figures(self, batch: TrainingRows) -> Tensor | None:
        """The loss (nats) and a 1 for each right example of the whole batch, after a backward pass
        on all ranks; None where memory ended on any of them.
        """
        if self.world.world_size == 1:
            return self._own_figures(batch, self._alone)
        # When all ranks add up their gradients while the backward pass runs (overlapped), time is
        # saved, but a rank whose memory ends would leave the others waiting for ever. So the first
        # pass of a size is careful: each rank computes alone, all say how it went, then gradients
        # are added up.
        careful = self._must_be_careful(batch)
        own = self._own_figures(batch, self._careful if careful else self._overlapped)
        if own is None and not careful:
            raise ExternalError(
                "memory ended while the ranks added up their gradients: go on with --resume and a"
                " smaller --batch-tokens"
            )
        # The flag, the loss and all answers travel in one sum over the ranks.
        figures = torch.zeros(2 + len(batch.examples), device=self.world.device)
        if own is None:
            figures[0] = 1
        else:
            figures[1:] = own
        all_reduce(figures)
        if careful:
            if float(figures[0]):
                return None
            reduce_gradients(self.network, self.world.device)
        return figures[1:]

    def _must_be_careful(self, batch: TrainingRows) -> bool:
        """Whether memory may end, so that no rank may wait for another in the midst of a backward
        pass: gradients are then added up afterwards, in place of on the way. Equal on all ranks.

        A GPU that once had room for a batch has it again. Sharded weights are gathered whole for
        it: those of a network that is larger than a GPU cannot be, and micro-batches, of which a
        rank may have one more than another, need it.
        """
        sharded = any(is_sharded(p) for p in self.parameters)
        if sharded and not fits_whole(self.parameters, self.world.device):
            return False
        if sharded and self.limit.tokens < self.limit.most:
            return True
        return self.world.device.type == "cpu" or batch.tokens > self.proven

    def _alone(self, is_last: bool) -> AbstractContextManager[None]:
        return nullcontext()

    def _careful(self, is_last: bool) -> AbstractContextManager[None]:
        return local_gradients(self.network)

    def _overlapped(self, is_last: bool) -> AbstractContextManager[None]:
        return nullcontext() if is_last else local_gradients(self.network)

    def _own_figures(
        self, batch: TrainingRows, around: Callable[[bool], AbstractContextManager[None]]
    ) -> Tensor | None:
        """As `_all_figures`, of this rank's rows, each micro-batch within its context; the examples
        of other ranks are 0. None where memory ended.
        """
        # The gradients of all ranks are averaged, and ours are a sum
        scale = self.loss_scale.value * self.world.world_size / max(1, batch.scored)
        figures = torch.zeros(1 + len(batch.examples), device=self.world.device)
        correct = []
        try:
            # A step over many micro-batches is the same step: their losses are sums, each divided
            # by the number of scored targets of the whole batch, so that their gradients add up to
            # its mean.
            micro_batches = self._micro_batches(batch)
            for micro_batch in micro_batches:
                with around(micro_batch is micro_batches[-1]):
                    loss: SequenceLoss = self.network(*micro_batch)
                    (loss.nats * scale).backward()
                figures[0] += loss.nats.detach()
                # In a packed row, what fills it up comes after the examples
                correct.append(loss.correct[: self.limit.rows(batch.ids.shape[1])])
        except RuntimeError as error:
            if not is_out_of_memory(error):
                raise
            rows, length = batch.ids.shape
            if min(rows, self.limit.rows(length)) == 1:
                raise ExternalError(
                    "not even one row fits the memory: take a smaller --block-size or network"
                ) from None
            return None  # and with the error goes what it held on to: the whole failed pass
        mine = figures[1 + self.world.rank :: self.world.world_size]
        mine.copy_(torch.cat(correct)[: len(mine)])
        return figures

    def _micro_batches(self, batch: TrainingRows) -> list[Any]:
        """This rank's rows on the device, in what the network takes at a time: ids and targets
        (rows, T), or a packed row.
        """
        rows = self.limit.rows(batch.ids.shape[1])
        if not self.pack_into:
            return list(self._on_device(np.stack((batch.ids, batch.targets))).split(rows, dim=1))
        tokens = min(self.pack_into, self.limit.tokens)
        packed = [
            pack(batch.ids[i : i + rows], batch.targets[i : i + rows], tokens, self.longest)
            for i in range(0, len(batch.ids), rows)
        ]
        flat = self._on_device(np.concatenate([row.flat for row in packed]))
        parts = flat.split([len(row.flat) for row in packed])
        return [
            unpack(part, row.offset_count, self.longest)
            for part, row in zip(parts, packed, strict=True)
        ]

    def _on_device(self, numbers: npt.NDArray[np.int64]) -> Tensor:
        """A copy of the numbers; for a GPU pinned, so that it is made while the device computes."""
        tensor = torch.from_numpy(numbers)
        if self.world.device.type == "cuda":
            tensor = tensor.pin_memory()
        return tensor.to(self.world.device, non_blocking=True)


def fitting_tokens(model: GPT, device: torch.device) -> int:
    """Tokens that go through the network at once, by the memory of the device: an estimate, which
    spares most shortages, and is mended where one comes.
    """
    config = model.config
    size = torch.finfo(model.compute_dtype).bits // 8
    a_token = NUMBERS_KEPT * config.layers * config.width * size
    if device.type == "cpu":
        if config.dropout:
            # Attention with dropout keeps the scores, weights and masks of whole rows.
            a_token += 3 * config.layers * config.heads * config.block_size * size
        fitting = 1 << max(1, CPU_ACTIVATIONS // a_token).bit_length() - 1
        return max(config.block_size, min(CPU_TOKENS, fitting))
    if device.type != "cuda":
        return UNLIMITED
    free, _ = torch.cuda.mem_get_info(device)
    of_weights = WEIGHT_COPIES * 4 * model.parameter_count()
    return max(config.block_size, int((0.9 * free - of_weights) / a_token))


class MicroBatchLimit:
    """How many tokens go through the network at once: fewer after a shortage of memory, and more
    again when it has been over for some time.
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
        # Twice the patience after each failure, so that what cannot be is tried ever more rarely.
        if self.calm_steps < self.patience:
            self.patience *= 2  # it had grown too early, or what is short grows
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
    """float16 has no numbers below 6e-8: small gradients would be lost, so the loss is multiplied
    by as much as its gradients bear, and they are divided by it afterwards (Micikevicius et al.
    2018, https://arxiv.org/abs/1710.03740). 1 for other dtypes.
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
