"""What a run trains on: held out by page, measured on what was trained, the same for the same
settings.
"""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from pipeline.dataset.pairs_file import write_pairs
from pipeline.errors import BadInput
from pipeline.records import Pair
from pipeline.tokens.batches import IGNORED, Batch
from pipeline.tokens.corpus import (
    Corpus,
    DataConfig,
    LoaderConfig,
    evenly,
    load_corpus,
    train_val_split,
)
from pipeline.tokens.tokenizer import Tokenizer


def pair(number: int, kind: str = "definition") -> Pair:
    title = f"Lake {number}"
    return Pair(
        pageid=number,
        title=title,
        kind=kind,
        question=f"What is {title}?",
        revid=1,
        url="https://w.org/x",
        licence="CC BY-SA 4.0",
        answer=f"{title} is a lake {number} km wide. It freezes in winter.",
    )


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    write_pairs(tmp_path / "pairs.jsonl", [pair(n) for n in range(200)])
    return tmp_path


def load(
    data: DataConfig,
    loader: LoaderConfig | None = None,
    *,
    block_size: int = 128,
    tokenizer: Tokenizer | None = None,
    recall_sample: int = 50,
) -> Corpus:
    return load_corpus(
        data,
        loader or LoaderConfig(batch_tokens=4096),
        block_size=block_size,
        vocab_size=300,
        seed=1,
        recall_sample=recall_sample,
        tokenizer=tokenizer,
    )


def scored(batches: list[Batch], tokenizer: Tokenizer) -> list[str]:
    return [
        tokenizer.decode(int(t) for t in row if t != IGNORED)
        for batch in batches
        for row in batch.targets
    ]


def test_what_is_held_out_is_never_trained_on(cache: Path) -> None:
    corpus = load(DataConfig(cache=cache, held_out=0.2))
    trained = {p.answer for p in corpus.pairs}
    held = set(scored(list(corpus.held_out), corpus.tokenizer))
    assert len(trained) + len(held) == 200 and 20 <= len(held) <= 60 and not trained & held
    assert corpus.pages == 200


def test_recall_is_asked_of_trained_pairs_and_wants_the_first_sentence(cache: Path) -> None:
    corpus = load(
        DataConfig(cache=cache, held_out=0.2), LoaderConfig(batch_tokens=4096, loss_on="all")
    )
    first = {p.answer.split(". ")[0] + "." for p in corpus.pairs}
    for rows in (corpus.asked, corpus.asked_otherwise):
        wanted = scored(list(rows), corpus.tokenizer)
        assert len(wanted) == 50
        assert all(any(text.startswith(sentence) for sentence in first) for text in wanted)
    assert not np.array_equal(corpus.asked[0].ids, corpus.asked_otherwise[0].ids)


def test_facts_are_trained_on_but_definitions_are_asked(tmp_path: Path) -> None:
    write_pairs(
        tmp_path / "pairs.jsonl",
        [pair(1), *(replace(pair(n, "fact"), question=f"How deep is {n}?") for n in range(2, 30))],
    )
    corpus = load(DataConfig(cache=tmp_path, held_out=0))
    assert scored(list(corpus.asked), corpus.tokenizer)[0].startswith("Lake 1 is")
    assert sum(len(batch.ids) for batch in corpus.asked) == 1 and len(corpus.pairs) == 29


def test_the_same_settings_give_the_same_corpus_and_any_change_another(cache: Path) -> None:
    config = DataConfig(cache=cache)
    one, two = load(config), load(config)
    assert one.digest == two.digest and one.probes == two.probes
    assert [b.ids.tolist() for b in one.data.batches(3)] == [
        b.ids.tolist() for b in two.data.batches(3)
    ]
    write_pairs(
        cache / "pairs.jsonl",
        [*(pair(n) for n in range(199)), replace(pair(199), answer="Lake 199 is dry.")],
    )
    assert load(config).digest != one.digest
    assert load(replace(config, samples=150)).digest != load(config).digest


def test_a_resumed_run_brings_its_vocabulary(cache: Path) -> None:
    characters = load(DataConfig(cache=cache, tokenizer="char")).tokenizer
    assert load(DataConfig(cache=cache), tokenizer=characters).tokenizer is characters


@pytest.mark.parametrize(
    ("pages", "share", "some"),
    [(19, 0.01, False), (20, 0.01, True), (6, 0.2, True), (40, 0, False)],
)
def test_few_pages_are_all_learned_unless_a_share_of_them_was_asked_for(
    pages: int, share: float, *, some: bool
) -> None:
    places = np.repeat(np.random.default_rng(pages).random(pages), 5)
    trained, held = train_val_split(places, share)
    assert (len(held) > 0) == some and len(trained) + len(held) == 5 * pages
    assert not set(places[trained]) & set(places[held])


def test_text_is_cut_where_it_is_held_out(tmp_path: Path) -> None:
    text, other = tmp_path / "a.txt", tmp_path / "b.txt"
    text.write_text("abcdefghij" * 100)
    other.write_text("jihgfedcba" * 10)
    settings = DataConfig(cache=tmp_path / "cache", text=(text,), tokenizer="char", held_out=0.1)
    corpus = load(settings, block_size=8)
    assert sum(int((b.targets != IGNORED).sum()) for b in corpus.held_out) == 99
    assert sum(b.scored for b in corpus.data.batches(0)) == 899
    given = load(replace(settings, val_text=(other,)), block_size=8)
    assert sum(int((b.targets != IGNORED).sum()) for b in given.held_out) == 99
    assert sum(b.scored for b in given.data.batches(0)) == 999
    assert not corpus.asked and not corpus.pairs and given.digest != corpus.digest


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"text": (Path("no-such.txt"),)}, "no-such.txt"),
        ({"text": (Path("."),)}, "folder"),
        ({"cache": Path("no-such")}, "pairs.jsonl"),
        ({"tokenizer": "runes"}, "runes"),
    ],
)
def test_what_cannot_be_read_is_named(cache: Path, settings: dict[str, object], told: str) -> None:
    with pytest.raises(BadInput, match=told):
        load(replace(DataConfig(cache=cache), **settings))  # type: ignore[arg-type]


def test_a_text_shorter_than_a_block_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("abc")
    with pytest.raises(BadInput, match="less than one block"):
        load(
            DataConfig(
                cache=tmp_path / "cache", text=(tmp_path / "a.txt",), tokenizer="char", held_out=0
            )
        )


@pytest.mark.parametrize(
    "wrong", [{"held_out": 1.0}, {"held_out": float("nan")}, {"samples": -1}, {"fetch_more": -1}]
)
def test_settings_out_of_range_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        DataConfig(**wrong)  # type: ignore[arg-type]


def test_a_sample_is_spread_over_the_whole() -> None:
    assert evenly(100, 4).tolist() == [0, 25, 50, 75]
    assert evenly(3, 4).tolist() == [0, 1, 2] and not len(evenly(0, 4))
