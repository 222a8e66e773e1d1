"""Which pairs an epoch holds, by what the ledger says is known: what is not known yet, and what is
known at intervals that grow each time it is right.

It is how people learn vocabulary (Leitner's boxes). A run that takes new pairs in spends its tokens
on these, and comes back to the old ones just often enough to notice, and mend, what is forgotten.
"""

import numpy as np

from model.ledger import Ints, Ledger

LONGEST_INTERVAL = 8  # epochs
CHOSEN = "epoch|chosen"  # a tensor of a checkpoint: the pairs of the epoch under way


def due(ledger: Ledger, epoch: int) -> Ints:
    """The numbers of the pairs that are to be trained on in an epoch, counted from 0.

    A pair that was right `streak` times on end comes every 1, 1, 2, 4, … epochs. Which of these it
    is follows from its key, so that each epoch gets an even share.
    """
    doublings = (ledger.streak - 1).clip(0, LONGEST_INTERVAL.bit_length() - 1)
    interval = np.left_shift(1, doublings)
    return np.flatnonzero((epoch + ledger.keys) % interval == 0)
