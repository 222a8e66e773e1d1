"""What a run trains on: pairs of the cache or plain text, their tokenizer, and the parts held
out.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Literal

import numpy as np
import numpy.typing as npt

from pipeline.clean.sentences import first_sentences
from pipeline.dataset.pairs_file import held_below, title_place
from pipeline.errors import BadInput
from pipeline.records import Pair
from pipeline.tokens.batches import Batch, Data, PairData, TextData
from pipeline.tokens.pair_tokens import PairFile, open_pairs, open_tokens
from pipeline.tokens.text_tokens import excerpts, mapped_tokens
from pipeline.tokens.token_files import Array, MappedTokens
from pipeline.tokens.tokenizer import Tokenizer, make_tokenizer

LEARNED_FROM = 64 << 20  # bytes of a text that a vocabulary is learned from
LEARNED_PAIRS = 100_000  # pairs that a vocabulary is learned from, at most
EVALUATED_TEXT = 1 << 20  # tokens of held-out text that a loss is averaged over, at most
EVALUATED_PAIRS = 10_000  # held-out pairs, likewise
MOST = 10**9  # pairs, pages, or tokens of a step
LEAST_HELD_OUT = 0.2  # pages; where the share comes to less, nothing is held out
ASKED_FEW = 40  # questions
EVALUATED_TOKENS = 8192  # of a batch without gradients


@dataclass(frozen=True, slots=True, kw_only=True)
class DataConfig:
    """What is read."""

    cache: Path = Path("cache")
    """Folder with pairs.jsonl, as pipeline.fetch leaves it."""
    text: tuple[Path, ...] = ()
    """Train on these files of plain text, in place of pairs."""
    val_text: tuple[Path, ...] = ()
    """Text held out; by default the end of the training text."""
    tokenizer: str = "bpe"
    """bpe (learned from the corpus), char, or a tiktoken encoding such as gpt2."""
    held_out: float = 0.01
    """Share of pages (or of the text) never trained on, to measure by."""
    samples: int = 0
    """Take only this many pairs; 0 for all."""
    fetch_more: int = 0
    """Pages fetched during each epoch, to be trained on in the next."""
    fetch_options: str = ""
    """With --fetch-more: further options of pipeline.fetch: --fetch-options="--contact
    you@your.org" (never noted in a run).
    """

    def __post_init__(self) -> None:
        if not 0 <= self.held_out < 1:
            raise ValueError(f"held_out must be at least 0 and below 1, not {self.held_out}")
        for name in ("samples", "fetch_more"):
            if not 0 <= getattr(self, name) <= MOST:
                raise ValueError(f"{name} must be 0 to {MOST:,}, not {getattr(self, name)}")


@dataclass(frozen=True, slots=True, kw_only=True)
class LoaderConfig:
    """How it is cut into batches."""

    batch_tokens: int
    """Most tokens of a step."""
    batch_size: int = 0
    """Most rows of a step; 0 for as many as batch_tokens allows."""
    own_phrasing: float = 0.25
    """Share of questions asked in their own words; the others in one of their other phrasings,
    drawn again each epoch.
    """
    loss_on: Literal["answer", "all"] = "answer"
    """Learn to say the answer, or the question too."""

    def __post_init__(self) -> None:
        for name, least in (("batch_tokens", 1), ("batch_size", 0)):
            if not least <= getattr(self, name) <= MOST:
                raise ValueError(f"{name} must be {least} to {MOST:,}, not {getattr(self, name)}")
        if not 0 <= self.own_phrasing <= 1:
            raise ValueError(f"own_phrasing must be a share from 0 to 1, not {self.own_phrasing}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Corpus:
    """What the training loop draws from."""

    tokenizer: Tokenizer
    data: Data
    held_out: Sequence[Batch]
    """Batches to measure the loss on."""
    asked: Sequence[Batch]
    """Trained questions with their first sentence as the target: what recall is measured on."""
    asked_few: Sequence[Batch]
    """Some of these, to find out whether asking all is worth the time; none where there are few."""
    asked_otherwise: Sequence[Batch]
    """The same, each in one of its other phrasings."""
    probes: tuple[str, ...]
    """Questions (or beginnings of text) sampled at each epoch's end."""
    digest: str
    """A fingerprint: a run can only be resumed on the corpus that it began with."""
    pairs: Sequence[Pair] = ()
    """Trained on, when the corpus is one of pairs."""
    keys: Array = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    """64 bits that tell each of these pairs from all others, in other corpora, too; (N,)."""
    held_out_pairs: Sequence[Pair] = ()
    """Never trained on."""
    pages: int = 0
    """Pages that the pairs come from, those held out too."""


def load_corpus(
    data: DataConfig,
    loader: LoaderConfig,
    *,
    block_size: int,
    vocab_size: int,
    seed: int,
    recall_sample: int,
    tokenizer: Tokenizer | None = None,
    only: Array | None = None,
    trained_before: Array | None = None,
    held_titles: Collection[str] | None = None,
) -> Corpus:
    """Read what the settings name. A resumed run brings its tokenizer, and one that is measured the
    keys of the pairs that it was trained on: `only` these count. The pairs with the keys
    `trained_before` are never held out. A run that learns a page that was asked for names the
    titles that it held out: no others are. Raises BadInput for what cannot be read or is too small.
    """
    if data.text:
        return _text_corpus(
            data,
            loader,
            block_size=block_size,
            vocab_size=vocab_size,
            seed=seed,
            tokenizer=tokenizer,
        )
    return _pair_corpus(
        data,
        loader,
        block_size=block_size,
        vocab_size=vocab_size,
        seed=seed,
        recall_sample=recall_sample,
        tokenizer=tokenizer,
        only=only,
        trained_before=trained_before,
        held_titles=held_titles,
    )


def _pair_corpus(
    data: DataConfig,
    loader: LoaderConfig,
    *,
    block_size: int,
    vocab_size: int,
    seed: int,
    recall_sample: int,
    tokenizer: Tokenizer | None,
    only: Array | None,
    trained_before: Array | None,
    held_titles: Collection[str] | None,
) -> Corpus:
    folder = data.cache / "tokens"
    file = open_pairs(data.cache / "pairs.jsonl", folder)
    trained, held = _trained_and_held(file, data, trained_before, held_titles)
    if only is not None:
        trained = _trained_before(trained, file, only, data.cache)
    if tokenizer is None:
        tokenizer = make_tokenizer(
            data.tokenizer,
            _learned_from(file[trained[evenly(len(trained), LEARNED_PAIRS)]]),
            vocab_size,
        )
    # Nothing of this reads the pairs into memory: an index of their places, and files of their
    # tokens, are mapped. What is held here is numbers of pairs.
    tokens = open_tokens(file, tokenizer, folder)
    rows = partial(
        PairData,
        tokens,
        tokenizer,
        block_size=block_size,
        batch_size=loader.batch_size,
        seed=seed,
        own_phrasing=loader.own_phrasing,
        loss_on=loader.loss_on,
    )
    measured = partial(rows, batch_tokens=EVALUATED_TOKENS)
    chosen = _asked_for_recall(trained, file, recall_sample)
    sample = list(file[chosen])
    asked = measured(pairs=chosen)
    few = evenly(len(sample), ASKED_FEW if len(sample) > ASKED_FEW else 0)
    otherwise = 1 + np.arange(len(sample)) % np.maximum(1, asked.phrasing_counts() - 1)
    probes = (*(sample[i] for i in evenly(len(sample), 3)), *file[held[:1]])
    return Corpus(
        tokenizer=tokenizer,
        data=rows(pairs=trained, batch_tokens=loader.batch_tokens),
        pairs=file[trained],
        held_out_pairs=file[held],
        keys=np.asarray(file.entries["key"][trained]),
        probes=tuple(pair.question for pair in probes),
        held_out=list(measured(pairs=held[evenly(len(held), EVALUATED_PAIRS)]).in_phrasing(0)),
        digest=sha256(f"{file.digest} {data.samples} {data.held_out}".encode()).hexdigest(),
        pages=len(np.unique(file.entries["pageid"][: data.samples or None])),
        asked=asked_rows(sample, asked, [0] * len(sample)),
        asked_few=asked_rows([sample[i] for i in few], measured(pairs=chosen[few]), [0] * len(few)),
        asked_otherwise=asked_rows(sample, asked, otherwise.tolist()),
    )


def _asked_for_recall(trained: Array, file: PairFile, count: int) -> Array:
    """The pairs on which recall is measured, evenly from all: definitions, the kind that every page
    has, so that recall means the same whatever other kinds of pairs were made.
    """
    defining = trained[file.entries["definition"][trained]]
    candidates = defining if len(defining) else trained
    return candidates[evenly(len(candidates), count)]


def _trained_and_held(
    file: PairFile,
    data: DataConfig,
    trained_before: Array | None,
    held_titles: Collection[str] | None,
) -> tuple[Array, Array]:
    """The numbers of the pairs to train on, and of those held out (see `load_corpus`)."""
    places = file.entries["place"][: data.samples or None]
    if held_titles is not None:
        return split_by_titles(places, held_titles)
    trained, held = train_val_split(places, data.held_out)
    if trained_before is None:
        return trained, held
    # A page that somebody asked to be read was learnt wherever its title falls
    is_known = np.isin(file.entries["key"][held], trained_before)
    return np.union1d(trained, held[is_known]), held[~is_known]


def _trained_before(trained: Array, file: PairFile, only: Array, cache: Path) -> Array:
    """Those pairs whose keys are among `only`. Raises BadInput where none is."""
    before = trained[np.isin(file.entries["key"][trained], only)]
    if not len(before):
        raise BadInput(
            f"the run was trained on none of the pairs in {cache}: name the folder of its own with"
            " --cache"
        )
    return before


def _learned_from(pairs: Iterable[Pair]) -> Iterator[str]:
    """The texts that a vocabulary is learned from."""
    for pair in pairs:
        yield from (pair.question, pair.title, pair.answer)


def train_val_split(places: Array, share: float) -> tuple[Array, Array]:
    """The numbers of the pairs to train on, and of those held out (see dataset.split). Of few pages
    (at the default share, of fewer than 20) none is: they were chosen one by one, to be learned.
    """
    if len(np.unique(places)) * share < LEAST_HELD_OUT:
        share = 0.0
    held = places < held_below(places.min(), places.max(), share)
    return np.flatnonzero(~held), np.flatnonzero(held)


def split_by_titles(places: Array, held_titles: Collection[str]) -> tuple[Array, Array]:
    """The same where the titles that are held out are known."""
    held = np.isin(places, [title_place(title) for title in held_titles])
    return np.flatnonzero(~held), np.flatnonzero(held)


def evenly(total: int, count: int) -> npt.NDArray[np.int64]:
    """Up to `count` of the numbers below `total`, evenly from the whole."""
    return np.arange(min(total, count), dtype=np.int64) * total // max(1, min(total, count))


def asked_rows(pairs: Sequence[Pair], data: PairData, phrasings: Sequence[int]) -> list[Batch]:
    """Rows whose target is the first sentence of each pair's answer; pair i is asked in phrasing
    phrasings[i].
    """
    ends = [len(first_sentences(pair.answer, 1).encode()) for pair in pairs]
    return list(data.up_to_byte(ends, phrasings))


def _text_corpus(
    data: DataConfig,
    loader: LoaderConfig,
    *,
    block_size: int,
    vocab_size: int,
    seed: int,
    tokenizer: Tokenizer | None,
) -> Corpus:
    # The end of the text is held out, never windows from its middle, about which the text around
    # them would say much.
    share = 0.0 if data.val_text else data.held_out
    if tokenizer is None:
        size = None if data.tokenizer == "char" else LEARNED_FROM
        tokenizer = make_tokenizer(
            data.tokenizer, excerpts(data.text, share=1 - share, size=size), vocab_size
        )
    every = mapped_tokens(data.text, tokenizer, data.cache / "tokens")
    cut = int(len(every) * (1 - share))
    tokens = every.part(0, cut)
    held = every.part(cut, len(every))
    if data.val_text:
        held = mapped_tokens(data.val_text, tokenizer, data.cache / "tokens")
    rows = loader.batch_size or max(1, loader.batch_tokens // block_size)
    if len(tokens) <= block_size:
        raise BadInput(
            f"the text has {len(tokens)} tokens, less than one block of {block_size}: bring more,"
            " or set a smaller --block-size"
        )
    beginning = tokenizer.decode(tokens[:40].tolist()).split("\n")[0][:40]
    return Corpus(
        tokenizer=tokenizer,
        data=TextData(tokens, block_size=block_size, batch_size=rows, seed=seed),
        held_out=_held_text(held.part(0, EVALUATED_TEXT), block_size, rows),
        asked=(),
        asked_few=(),
        asked_otherwise=(),
        probes=("\n", beginning or "\n"),
        digest=sha256(f"{tokens.digest} {held.digest}".encode()).hexdigest(),
    )


def _held_text(tokens: MappedTokens, block_size: int, size: int) -> list[Batch]:
    """The held-out text in order, in batches of rows; none where it is shorter than a row."""
    if len(tokens) <= block_size:
        return []
    data = TextData(tokens, block_size=block_size, batch_size=size, seed=0)
    return list(data.in_order())
