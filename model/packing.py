"""Rows of a batch side by side in one row, without their padding: on a GPU every step of a run then
has one shape.
"""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from model.config import GPTConfig
from model.evaluate import IGNORED
from model.kernels import Documents, has_attention_within

Ids = npt.NDArray[np.int64]
ROW_MULTIPLE = 128  # a packed row has a multiple of this many tokens


class PackedRow(NamedTuple):
    """A packed row as one array: ids, targets and offsets one after the other, so that it is one
    copy to the device.
    """

    flat: Ids
    offset_count: int
    """One more than there are documents."""


def can_pack(device: torch.device, dtype: torch.dtype, config: GPTConfig) -> bool:
    """Whether packed rows are faster: only where attention skips what lies between documents. With
    a mask, the square of the whole row would be computed, and dropout in attention needs one.
    """
    if device.type != "cuda" or config.dropout or torch.are_deterministic_algorithms_enabled():
        return False
    return has_attention_within(device, dtype, config.head_width)


def pack(ids_BxT: Ids, targets_BxT: Ids, tokens: int, longest: int) -> PackedRow:
    """Rows side by side in one row of `tokens` tokens, or of as many as they need.

    A row ends with its last target, as nothing after it has a part in the loss; the rest of the
    packed row is filled with documents of at most `longest` tokens that score nothing.
    """
    T = ids_BxT.shape[1]
    is_scored = targets_BxT >= 0
    unscored_tail = is_scored[:, ::-1].argmax(1)
    lengths = np.where(is_scored.any(1), T - unscored_tail, 1)
    is_kept = np.arange(T) < lengths[:, None]
    used = int(lengths.sum())
    size = -(-max(tokens, used) // ROW_MULTIPLE) * ROW_MULTIPLE  # rounded up
    ids = np.zeros(size, dtype=np.int64)
    targets = np.full(size, IGNORED, dtype=np.int64)
    ids[:used], targets[:used] = ids_BxT[is_kept], targets_BxT[is_kept]
    rest = np.append(np.arange(used, size, longest), size)[1:]
    offsets = np.concatenate(([0], lengths.cumsum(), rest))
    return PackedRow(np.concatenate((ids, targets, offsets)), len(offsets))


def unpack(flat: Tensor, offset_count: int, longest: int) -> tuple[Tensor, Tensor, Documents]:
    """What the network takes (ids and targets, each (1, N), and the documents), from a packed row
    with this many offsets, on the device that it was copied to.
    """
    size = (len(flat) - offset_count) // 2
    ids, targets, offsets = flat.split((size, size, offset_count))
    return ids[None], targets[None], Documents(offsets=offsets.int(), max_length=longest)
