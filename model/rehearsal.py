"""Spaced repetition: which pairs an epoch holds. Those that are not known yet are in every epoch,
those that are known at intervals that grow each time the answer is right.

It is how people learn vocabulary with flash cards (Leitner's boxes). A run that adds new pairs
spends most of its tokens on these, and repeats the old ones just often enough not to lose them for
good. Some are forgotten all the same. So towards the end, while the learning rate falls, each epoch
holds half of the known pairs, and the last epoch all of them: what was known once is quickly
learned again (docs/experiments.md). Pairs that are not known come twice in every epoch.
"""

import numpy as np

from model.ledger import Ints, Ledger

LONGEST_INTERVAL = 8  # epochs between two repetitions of a known pair, at most
KNOWN = 2  # consecutive right answers that make a pair known; others come twice in an epoch
HALF_EPOCHS = 2  # epochs before the last one that hold half of the known pairs each
WHOLE_EPOCHS = 1  # epochs at the end that hold all pairs
LEAST_EXAMPLES = 250  # of an epoch: where fewer are due, the epoch repeats them
MOST_ROUNDS = 8  # repetitions, at most
CHOSEN = "epoch|chosen"  # the tensor of a checkpoint with the pairs of the current epoch


def due_pairs(ledger: Ledger, epoch: int, epochs: int) -> Ints:
    """Indices of the pairs that are trained on in epoch `epoch` (from 0) of `epochs`; a pair that
    is listed twice is trained on twice.
    """
    unknown = np.flatnonzero(ledger.streak < KNOWN)
    if epoch >= epochs - WHOLE_EPOCHS:
        return np.concatenate((np.arange(len(ledger)), unknown))
    is_half = epoch >= epochs - WHOLE_EPOCHS - HALF_EPOCHS
    longest = 2 if is_half else LONGEST_INTERVAL
    twice = np.repeat(unknown, 2)
    examples = len(twice) + len(_at_intervals(ledger, epoch, longest))
    rounds = min(MOST_ROUNDS, max(1, round(LEAST_EXAMPLES / max(1, examples))))
    parts = [
        part
        for number in range(rounds)
        for part in (twice, _at_intervals(ledger, epoch * rounds + number, longest))
    ]
    return np.concatenate(parts)


def _at_intervals(ledger: Ledger, epoch: int, longest: int) -> Ints:
    """The known pairs that are due: one that was right 2, 3, 4 … consecutive times is repeated
    every 2, 4, 8 … epochs, and at least every `longest`.
    """
    # Adding the key, which is a hash, spreads the pairs of an interval evenly over its epochs:
    # otherwise all that wait for 8 epochs would come in the same one.
    doublings = (ledger.streak - 1).clip(0, longest.bit_length() - 1)
    interval = np.left_shift(1, doublings)
    is_due = (epoch + ledger.keys) % interval == 0
    return np.flatnonzero(is_due & (ledger.streak >= KNOWN))
