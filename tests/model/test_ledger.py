"""The ledger notes what was right when, is kept in checkpoints, and goes with a changed corpus."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from model.ledger import NEVER, RIGHT, SETTLED, WRONG, Ledger
from model.rehearsal import LONGEST_INTERVAL, due_pairs

KEYS = np.array([11, -12, 13, 14], dtype=np.int64)


def ids(*numbers: int) -> np.ndarray:
    return np.array(numbers, dtype=np.int64)


def noted() -> Ledger:
    """Pair 0 right twice in its own words, pair 1 right and then wrong in others, 3 never seen."""
    ledger = Ledger.empty(KEYS)
    ledger.update(ids(0, 1, 2), ids(0, 2, 0), np.array([True, True, False]), 5)
    ledger.update(ids(1, 0), ids(3, 0), np.array([False, True]), 6)
    return ledger


def test_what_was_right_is_noted_with_how_it_was_asked_and_when() -> None:
    ledger = noted()
    assert ledger.streak.tolist() == [2, 0, 0, 0]
    assert ledger.last_step.tolist() == [6, 6, 5, NEVER]
    assert ledger.own_words.tolist() == [RIGHT, NEVER, WRONG, NEVER]
    assert ledger.other_words.tolist() == [NEVER, WRONG, NEVER, NEVER]
    assert ledger.summary() == {"pairs": 4, "own_words": 1, "other_words": 0, "not_yet": 3}
    assert ledger.resisting().tolist() == [3, 2, 1]
    assert ledger.known().tolist() == [0]


def test_a_checkpoint_gives_back_every_figure() -> None:
    ledger = noted()
    again = Ledger.from_state(ledger.state())
    assert again is not None
    assert all(np.array_equal(getattr(ledger, c), getattr(again, c)) for c in ledger.__slots__)
    assert Ledger.from_state({}) is None


def test_another_corpus_takes_over_what_both_have() -> None:
    moved = noted().carried_over(np.array([99, 14, 11], dtype=np.int64))
    assert moved.streak.tolist() == [0, 0, 2]
    assert moved.is_new().tolist() == [True, True, False]


@given(st.integers(0, 100), st.integers(-(2**63), 2**63 - 2401))
def test_what_is_known_comes_back_at_intervals_that_grow_with_its_streak(
    epoch: int, key: int
) -> None:
    seen = []
    for streak in range(8):
        ledger = Ledger.empty(np.arange(key, key + 2400, dtype=np.int64))
        ledger.streak[:] = streak
        rows = [due_pairs(ledger, epoch + n, epochs=1000) for n in range(LONGEST_INTERVAL)]
        seen.append(sum(map(len, rows)) / len(ledger))
    assert seen == [16, 16, 4, 2, 1, 1, 1, 1]


def test_towards_the_end_first_half_of_what_is_known_comes_and_then_all() -> None:
    ledger = Ledger.empty(np.arange(2400))
    ledger.streak[:] = SETTLED
    shares = [len(due_pairs(ledger, epoch, epochs=6)) / len(ledger) for epoch in range(6)]
    assert shares == [1 / 8, 1 / 8, 1 / 8, 1 / 2, 1 / 2, 1]


def test_where_little_is_due_it_is_taken_several_times_and_the_last_epoch_holds_all() -> None:
    ledger = Ledger.empty(np.arange(80))
    ledger.streak[:76] = SETTLED
    of_epoch = due_pairs(ledger, 1, epochs=6)
    count = np.bincount(of_epoch, minlength=80)
    assert count[76:].tolist() == [16] * 4 and set(count[:76]) == {1}
    last = np.bincount(due_pairs(ledger, 5, epochs=6), minlength=80)
    assert set(last[:76]) == {1} and set(last[76:]) == {2}


def test_what_an_ended_run_knew_counts_as_known_for_long() -> None:
    ledger = Ledger.empty(np.arange(3))
    ledger.streak[:] = [0, 1, 7]
    assert ledger.with_long_intervals().streak.tolist() == [0, SETTLED, 7]


def test_a_ledger_of_uneven_or_foreign_columns_is_damaged() -> None:
    state = Ledger.empty(np.arange(3)).state()
    for column in ("ledger|streak", "ledger|own_words"):
        for wrong in (torch.zeros(2, dtype=torch.int64), torch.zeros(3)):
            with pytest.raises(ValueError, match="damaged"):
                Ledger.from_state(state | {column: wrong})
        with pytest.raises(ValueError, match="damaged"):
            Ledger.from_state({name: value for name, value in state.items() if name != column})
