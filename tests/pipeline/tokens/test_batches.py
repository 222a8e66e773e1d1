"""An epoch holds every pair once, in an order of its own, cut alike for every rank and from every
point of resumption.
"""

import os
import threading
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokens_in_memory import tokens_of

from pipeline.records import Pair
from pipeline.tokens.batches import IGNORED, Batch, PairData, TextData, prefetch
from pipeline.tokens.tokenizer import characters

ALPHABET = characters(["abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789 .,?'"])


def pair(number: int, length: int) -> Pair:
    title = f"Thing {number}"
    return Pair(
        pageid=number,
        title=title,
        kind="definition",
        question=f"What is {title}?",
        answer=(f"{title} is. " * 100)[:length],
        url="https://w.org/x",
        revid=1,
        licence="CC BY-SA 4.0",
    )


def data(
    lengths: list[int], *, batch_tokens: int = 600, seed: int = 3, loss_on: str = "answer"
) -> PairData:
    pairs = [pair(i, n) for i, n in enumerate(lengths)]
    return PairData(
        tokens_of(pairs, ALPHABET),
        ALPHABET,
        block_size=256,
        batch_tokens=batch_tokens,
        seed=seed,
        loss_on=loss_on,
    )


def rows(batches: Iterator[Batch]) -> list[tuple[int, ...]]:
    """Each row's ids without padding; the end of the answer is its last target."""
    found = []
    for batch in batches:
        for ids, targets in zip(batch.ids, batch.targets, strict=True):
            last = np.flatnonzero(targets != IGNORED)
            if len(last):
                found.append((*ids[: last[-1] + 1].tolist(), int(targets[last[-1]])))
    return found


def answered(row: tuple[int, ...]) -> str:
    return ALPHABET.decode(row).rsplit("?", 1)[-1]


LENGTHS = [20 + 7 * i % 130 for i in range(60)]


def test_every_pair_stands_in_an_epoch_exactly_once() -> None:
    whole = data(LENGTHS)
    for epoch in range(3):
        plan = whole.plan(epoch)
        drawn = Counter(int(i) for batch in plan for i in batch.examples)
        assert drawn == Counter(range(len(LENGTHS)))
        assert len(rows(whole.batches(epoch))) == len(LENGTHS)


def test_the_order_hangs_on_seed_and_epoch_alone() -> None:
    again, other = rows(data(LENGTHS).batches(5)), rows(data(LENGTHS, seed=4).batches(5))
    assert rows(data(LENGTHS).batches(5)) == again
    assert other != again and rows(data(LENGTHS).batches(6)) != again


@given(start=st.integers(0, 20), epoch=st.integers(0, 5))
def test_a_resumed_epoch_goes_on_with_the_batches_that_were_left(start: int, epoch: int) -> None:
    whole = data(LENGTHS)
    assert rows(whole.batches(epoch, start=start)) == rows(iter(list(whole.batches(epoch))[start:]))


@pytest.mark.parametrize("world_size", [2, 3, 7])
def test_ranks_share_out_the_rows_of_each_batch_and_agree_on_its_size(world_size: int) -> None:
    whole = data(LENGTHS)
    shares = [
        list(whole.batches(0, rank=rank, world_size=world_size)) for rank in range(world_size)
    ]
    for i, batch in enumerate(whole.batches(0)):
        assert Counter(rows(iter([batch]))) == Counter(
            row for share in shares for row in rows(iter([share[i]]))
        )
        assert {(share[i].tokens, share[i].scored) for share in shares} == {
            (batch.tokens, batch.scored)
        }


def test_only_the_answer_and_its_end_are_scored() -> None:
    for batch in data([30, 40]).batches(0):
        for ids, targets in zip(batch.ids, batch.targets, strict=True):
            scored = [int(t) for t in targets if t != IGNORED]
            assert scored[-1] == ALPHABET.eot and ALPHABET.decode(scored).startswith("Thing")
            assert ids[0] == ALPHABET.eot and len(scored) in (31, 41)


def test_loss_on_all_scores_the_question_too() -> None:
    batches = list(data([30, 40], loss_on="all").batches(0))
    assert sum(b.scored for b in batches) == sum(b.tokens for b in batches)


def test_phrasings_are_drawn_anew_each_epoch() -> None:
    whole = data([25])
    asked = {
        ALPHABET.decode(rows(whole.batches(epoch))[0]).rsplit("Thing", 1)[0] for epoch in range(30)
    }
    assert len(asked) > 5


def test_no_batch_is_larger_than_was_asked_for() -> None:
    assert all(batch.ids.size <= 600 for batch in data(LENGTHS).batches(0))
    few = PairData(
        tokens_of([pair(i, 30) for i in range(9)], ALPHABET),
        ALPHABET,
        block_size=256,
        batch_tokens=10_000,
        batch_size=2,
    )
    assert [len(batch.ids) for batch in few.batches(0)].count(2) == 4


def test_what_does_not_fit_the_block_is_cut_at_its_end() -> None:
    long = data([900], batch_tokens=10_000)
    (batch,) = long.batches(0)
    assert batch.ids.shape == (1, 256)


@pytest.mark.skipif(
    "ASKWIKI_SHARED" not in os.environ, reason="ASKWIKI_SHARED is not set: no real leads"
)
def test_little_of_a_batch_of_real_leads_is_padding() -> None:
    import json
    import lzma

    with lzma.open(
        Path(os.environ["ASKWIKI_SHARED"]) / "corpora/leads.jsonl.xz", "rt", encoding="utf-8"
    ) as lines:
        leads = [json.loads(line) for line, _ in zip(lines, range(500), strict=False)]
    pairs = [
        Pair(
            pageid=i,
            title=lead["title"],
            kind="definition",
            question=f"What is {lead['title']}?",
            answer=lead["answer"],
            url="",
            revid=1,
            licence="",
        )
        for i, lead in enumerate(leads)
    ]
    signs = characters(lead["answer"] for lead in leads)
    whole = PairData(tokens_of(pairs, signs), signs, block_size=4096, batch_tokens=16384)
    batches = list(whole.batches(0))
    # Lengths are rounded to few shapes, which costs some padding and saves gigabytes (see batches)
    assert 1 - sum(b.tokens for b in batches) / sum(b.ids.size for b in batches) < 0.10


@given(
    count=st.integers(12, 400),
    block=st.integers(1, 11),
    size=st.integers(1, 9),
    epoch=st.integers(0, 3),
)
def test_every_token_of_a_text_is_a_target_once_an_epoch(
    count: int, block: int, size: int, epoch: int
) -> None:
    text = TextData(np.arange(count, dtype=np.uint16), block_size=block, batch_size=size, seed=1)
    seen = Counter(
        int(t) for batch in text.batches(epoch) for t in batch.targets.ravel() if t != IGNORED
    )
    assert seen == Counter(range(1, count))
    for batch in text.batches(epoch):
        scored = batch.targets != IGNORED
        assert (batch.targets[scored] == batch.ids[scored] + 1).all()


def test_prefetch_gives_everything_in_order_and_hands_errors_on() -> None:
    assert list(prefetch(iter(range(50)))) == list(range(50))

    def broken() -> Iterator[int]:
        yield 1
        raise ValueError("no more")

    taken = prefetch(broken())
    assert next(taken) == 1
    with pytest.raises(ValueError, match="no more"):
        next(taken)


def test_prefetch_ends_its_thread_when_nobody_reads_on() -> None:
    before = threading.active_count()
    taken = prefetch(iter(range(10**9)))
    next(taken)
    taken.close()  # type: ignore[attr-defined]
    for _ in range(100):
        if threading.active_count() == before:
            return
        time.sleep(0.02)
    raise AssertionError("the thread still runs")
