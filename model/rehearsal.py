"""Which pairs an epoch holds, by what the ledger says is known: what is not known yet, and what is
known at intervals that grow each time it is right.

It is how people learn vocabulary (Leitner's boxes). A run that takes new pairs in spends its tokens
on these first, and comes back to the old ones just often enough not to lose them for good. Some are
displaced all the same; so while the rate falls every epoch holds half of them, and the last one
all, and what was known once is soon known again (docs/experiments.md).
"""

import numpy as np

from model.ledger import Ints, Ledger

LONGEST_INTERVAL = 8  # epochs
KNOWN = 2  # consecutive right answers; what has fewer comes twice in an epoch
HALF_EPOCHS = 3  # that hold half of what is known: those before the whole one
WHOLE_EPOCHS = 1  # the last one
LEAST_EXAMPLES = 250  # of an epoch; where less is due, it is taken several times
MOST_ROUNDS = 8
CHOSEN = "epoch|chosen"  # a tensor of a checkpoint: the pairs of the epoch under way


def due(ledger: Ledger, epoch: int, epochs: int) -> Ints:
    """The indices of the pairs that are trained on in epoch `epoch`, counted from 0, of `epochs`; a
    pair as often as it is named.
    """
    if epoch >= epochs - WHOLE_EPOCHS:
        return np.arange(len(ledger))
    is_half = epoch >= epochs - WHOLE_EPOCHS - HALF_EPOCHS
    longest = 2 if is_half else LONGEST_INTERVAL
    twice = np.repeat(np.flatnonzero(ledger.streak < KNOWN), 2)
    examples = len(twice) + len(_at_intervals(ledger, epoch, longest))
    rounds = min(MOST_ROUNDS, max(1, round(LEAST_EXAMPLES / max(1, examples))))
    parts = [
        part
        for number in range(rounds)
        for part in (twice, _at_intervals(ledger, epoch * rounds + number, longest))
    ]
    return np.concatenate(parts)


def _at_intervals(ledger: Ledger, epoch: int, longest: int) -> Ints:
    """Those known pairs whose turn it is: one that was right 2, 3, 4 … consecutive times comes
    every 2, 4, 8 … epochs, every `longest` at the most. Which of these it is follows from its key,
    so that each gets an even share.
    """
    doublings = (ledger.streak - 1).clip(0, longest.bit_length() - 1)
    interval = np.left_shift(1, doublings)
    is_due = (epoch + ledger.keys) % interval == 0
    return np.flatnonzero(is_due & (ledger.streak >= KNOWN))
