"""What a run knows by heart: for every pair, whether its answer was right when it was last trained
on, to the last token.

The figures cost nothing: a training step has the logits of every answer, and so it is known at once
which answers greedy generation would have given back. They decide which pairs are rehearsed
(model/rehearsal.py), and are what a run reports about itself.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
NEVER, WRONG, RIGHT = -1, 0, 1  # the outcome of the last time that a question was asked
SETTLED = 4  # consecutive right answers after which a pair is rehearsed least often
PREFIX = "ledger|"  # how its tensors are named in a checkpoint: "ledger|keys", …
COLUMNS = ("keys", "streak", "last_step", "own_words", "other_words")


@dataclass(slots=True, kw_only=True)
class Ledger:
    """One entry for each of N pairs, in the order of the corpus; every array is (N,) int64."""

    keys: Ints
    """64-bit hashes that identify the pairs across corpora."""
    streak: Ints
    """Consecutive times that the answer was right; 0 where it was wrong the last time."""
    last_step: Ints
    """The step in which the pair was last trained on, or NEVER."""
    own_words: Ints
    """NEVER, WRONG or RIGHT: the last time that the question was asked in its own words."""
    other_words: Ints
    """The same for any other phrasing."""

    @classmethod
    def empty(cls, keys: Ints) -> "Ledger":
        """A ledger of pairs that were never trained on."""
        never = np.full(len(keys), NEVER, dtype=np.int64)
        return cls(
            keys=keys,
            streak=np.zeros(len(keys), dtype=np.int64),
            last_step=never,
            own_words=never.copy(),
            other_words=never.copy(),
        )

    def __len__(self) -> int:
        return len(self.keys)

    def update(self, examples: Ints, phrasings: Ints, correct: Flags, step: int) -> None:
        """Record a batch: correct[i] says whether the whole answer of pair examples[i] was right,
        asked in phrasing phrasings[i] (0 is the pair's own words).

        A pair may be in a batch more than once; its last row counts.
        """
        # NumPy assigns in the order of the indices: where one comes twice, the last value stays.
        self.streak[examples] = np.where(correct, self.streak[examples] + 1, 0)
        self.last_step[examples] = step
        own = phrasings == 0
        self.own_words[examples[own]] = correct[own]
        self.other_words[examples[~own]] = correct[~own]

    def carried_over(self, keys: Ints) -> "Ledger":
        """The ledger of another corpus, with these keys: what is known of the pairs in both is
        kept, the others were never trained on.
        """
        new = Ledger.empty(keys)
        _, in_old, in_new = np.intersect1d(self.keys, keys, return_indices=True)
        for column in COLUMNS[1:]:
            getattr(new, column)[in_new] = getattr(self, column)[in_old]
        return new

    def with_long_intervals(self) -> "Ledger":
        """The same ledger, where every pair that was right the last time counts as settled, to be
        rehearsed at the longest intervals: a run ends at its lowest learning rate, so what it knows
        then it knows well.
        """
        settled = np.where(self.streak > 0, self.streak.clip(SETTLED), 0)
        return replace(self, streak=settled)

    def is_new(self) -> Flags:
        """Which pairs were never trained on; (N,)."""
        return np.equal(self.last_step, NEVER)

    def trained_keys(self) -> Ints:
        """The keys of the pairs that were trained on."""
        return self.keys[~self.is_new()]

    def resisting(self) -> Ints:
        """Indices of the pairs that are known in no phrasing, those trained on the longest ago
        first.
        """
        # Stable: pairs of equal age stay in the order of the corpus, so the list is reproducible.
        unknown = np.flatnonzero((self.own_words != RIGHT) & (self.other_words != RIGHT))
        return unknown[np.argsort(self.last_step[unknown], kind="stable")]

    def known(self) -> Ints:
        """Indices of the pairs that were right the last time, asked in their own words."""
        return np.flatnonzero(self.own_words == RIGHT)

    def summary(self) -> dict[str, int]:
        """How many pairs are known in their own words, in others, and not yet at all."""
        own, other = self.own_words == RIGHT, self.other_words == RIGHT
        return {
            "pairs": len(self),
            "own_words": int(own.sum()),
            "other_words": int(other.sum()),
            "not_yet": int((~own & ~other).sum()),
        }

    def state(self) -> dict[str, Tensor]:
        """All columns as tensors for a checkpoint; copies, as training goes on meanwhile."""
        return {PREFIX + column: torch.tensor(getattr(self, column)) for column in COLUMNS}

    @classmethod
    def from_state(cls, state: Mapping[str, Tensor]) -> "Ledger | None":
        """The ledger in the tensors of a checkpoint; None where they hold none. Raises ValueError
        for columns of other lengths or types than `state` gives.
        """
        if PREFIX + "keys" not in state:
            return None
        columns = {column: state.get(PREFIX + column) for column in COLUMNS}
        arrays = {
            name: tensor.numpy().copy() for name, tensor in columns.items() if tensor is not None
        }
        shapes = {(array.shape, array.dtype) for array in arrays.values()}
        if len(arrays) < len(COLUMNS) or shapes != {((len(arrays["keys"]),), np.dtype(np.int64))}:
            raise ValueError("its ledger is damaged")
        return cls(**arrays)
