"""Text to token ids and back: characters, a byte-level BPE of the corpus, or a named tiktoken
encoding, with one interface.

Every tokenizer has exactly one special token, <|endoftext|>, and no text can produce it: the
literal string in a page, a prompt or a corpus is encoded as the ordinary characters that it is. A
training document is `eot question eot answer eot`, for every tokenizer.
"""

import base64
import binascii
import codecs
import json
import os
import re
import unicodedata
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from itertools import chain, pairwise
from pathlib import Path

import tiktoken

from pipeline.errors import BadInput, ExternalError
from pipeline.files import read_bounded, write_atomically
from pipeline.option_errors import did_you_mean

END_OF_TEXT = "<|endoftext|>"
FORMAT = 1
MAX_FILE = 16 << 20  # bytes; the largest tiktoken encoding makes a file of 4 MB
MAX_TOKENS = 1 << 20
SINGLE_BYTES = 256
# A run of white space that the splitting pattern is given at once: it goes back over all of it, and
# the libraries' engine panics where that takes a stack of a million places.
LONGEST_BLANKS = 10_000
BLANKS = re.compile(rf"\s{{{LONGEST_BLANKS}}}")
THREADS = 8  # tiktoken releases the interpreter's lock while it encodes

# How text is cut before merging. A vocabulary file names its way, and never brings a pattern of its
# own: a hostile one could hang or abort the encoder. `gpt2` is that of Radford et al. (2019),
# spelled to backtrack least; GGUF calls the first two `gpt-2` and `llama-bpe`.
SPLITTING = {
    "gpt2": r"'(?:[sdmt]|ll|ve|re)| ?\p{L}++| ?\p{N}++| ?[^\s\p{L}\p{N}]++|\s++$|\s+(?!\S)|\s",
    "cl100k": (
        r"'(?i:[sdmt]|ll|ve|re)|[^\r\n\p{L}\p{N}]?+\p{L}++|\p{N}{1,3}+|"
        r" ?[^\s\p{L}\p{N}]++[\r\n]*+|\s++$|\s*[\r\n]|\s+(?!\S)|\s"
    ),
    "o200k": (
        r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'(?:[stmd]|re|ve|ll))?"
        r"|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'(?:[stmd]|re|ve|ll))?"
        r"|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"
    ),
}
NAMED = {
    "gpt2": "gpt2",
    "r50k_base": "gpt2",
    "p50k_base": "gpt2",
    "p50k_edit": "gpt2",
    "cl100k_base": "cl100k",
    "o200k_base": "o200k",
    "o200k_harmony": "o200k",
}

# What a character vocabulary that lacks a typographic sign writes in its stead; NFKD has no opinion
# on these.
PLAIN = {"‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-", "‐": "-", "‑": "-", "−": "-"}


class Tokenizer(ABC):
    """Ids 0 … vocab_size - 1. `eot` is the one special id; the last one in vocabularies of our
    own.
    """

    name: str
    vocab_size: int
    eot: int

    @abstractmethod
    def encode(self, text: str) -> list[int]:
        """The ids of a text, never `eot`. Text that is no valid Unicode (lone surrogates) is read
        as U+FFFD, never an error.
        """

    def encode_batch(self, texts: Sequence[str]) -> list[list[int]]:
        """`encode` of each text, in parallel where the tokenizer can."""
        return [self.encode(text) for text in texts]

    def decode_bytes(self, ids: Iterable[int]) -> bytes:
        """The UTF-8 that the ids spell. `eot` and ids without a token (a padded vocabulary has
        such) spell nothing.
        """
        known = self._spelling
        return b"".join([known.get(token, b"") for token in ids])

    def decode(self, ids: Iterable[int]) -> str:
        """The text that the ids spell; bytes that are no UTF-8 read as U+FFFD."""
        return self.decode_bytes(ids).decode("utf-8", errors="replace")

    def decode_stream(self, ids: Iterable[int]) -> Iterator[str]:
        """The text piece by piece, as the ids come: a character cut between two ids waits until it
        is whole.

        Bytes that make no character, which a network may well draw, are dropped, and so is what is
        incomplete when the ids end.
        """
        decoder = codecs.getincrementaldecoder("utf-8")(errors="ignore")
        for token in ids:
            if piece := decoder.decode(self._spelling.get(token, b"")):
                yield piece

    def token_bytes(self) -> list[int]:
        """The length in bytes of every id's text, 0 for `eot`: what turns loss per token into bits
        per byte.
        """
        return [len(self._spelling.get(token, b"")) for token in range(self.vocab_size)]

    def save(self, path: Path) -> None:
        """Write the whole vocabulary as one JSON file, enough to encode and decode anywhere,
        offline.
        """
        write_atomically(
            path,
            json.dumps({"format": FORMAT, "name": self.name} | self._contents(), ensure_ascii=True)
            + "\n",
        )

    @staticmethod
    def load(path: Path) -> "Tokenizer":
        """The tokenizer that `save` wrote. Raises BadInput naming the file for one that is missing,
        torn or not ours.
        """
        return _read(path)

    @staticmethod
    def from_contents(contents: object) -> "Tokenizer":
        """The tokenizer that the contents of a file describe. Raises ValueError, saying what is
        wrong, for anything that `save` would not have written.
        """
        return _from_contents(contents)

    @property
    @abstractmethod
    def _spelling(self) -> Mapping[int, bytes]:
        """The bytes of every ordinary id."""

    @abstractmethod
    def _contents(self) -> dict[str, object]:
        """What the file holds beside format and name."""


class Characters(Tokenizer):
    """One id a character, in the order of code points.

    A character that the vocabulary lacks is written with what it consists of, as far as that is
    known (é → e, ½ → 1⁄2, “ → "), and left out where nothing of it is: a prompt never fails, and no
    id goes to a sign that was never trained.
    """

    def __init__(self, characters: str) -> None:
        self.name = "char"
        self.characters = characters
        self.eot = len(characters)
        self.vocab_size = len(characters) + 1
        self._ids = {character: token for token, character in enumerate(characters)}

    def encode(self, text: str) -> list[int]:
        """One id a character of the vocabulary."""
        try:
            return [self._ids[character] for character in text]
        except KeyError:
            return [token for character in text for token in self._closest(character)]

    def _closest(self, character: str) -> list[int]:
        if (token := self._ids.get(character)) is not None:
            return [token]
        parts = PLAIN.get(character) or unicodedata.normalize("NFKD", character)
        return [self._ids[part] for part in parts if part in self._ids]

    @cached_property
    def _spelling(self) -> dict[int, bytes]:
        return {token: character.encode() for token, character in enumerate(self.characters)}

    def _contents(self) -> dict[str, object]:
        return {"kind": "characters", "characters": self.characters}


class BytePairs(Tokenizer):
    """A byte-level BPE, encoded by tiktoken. `ranks` maps the bytes of each token to its id, which
    is its priority in merging too.
    """

    def __init__(self, name: str, *, splitting: str, ranks: dict[bytes, int], eot: int) -> None:
        self.name = name
        self.splitting = splitting
        self.eot = eot
        self.vocab_size = max(*ranks.values(), eot) + 1
        self.ranks = ranks
        self._encoding = tiktoken.Encoding(
            name,
            pat_str=SPLITTING[splitting],
            mergeable_ranks=ranks,
            special_tokens={END_OF_TEXT: eot},
        )

    def encode(self, text: str) -> list[int]:
        """The merged tokens of the text's UTF-8; decoding gives the text back."""
        parts = _without_long_blanks(_valid(text))
        return list(chain.from_iterable(map(self._encoding.encode_ordinary, parts)))

    def encode_batch(self, texts: Sequence[str]) -> list[list[int]]:
        """`encode` of each text, on threads; short texts go to a thread together, since handing one
        over costs more than encoding it.
        """
        size = max(1, min(256, len(texts) // (4 * THREADS)))
        parts = [texts[start : start + size] for start in range(0, len(texts), size)]
        with ThreadPoolExecutor(min(THREADS, os.cpu_count() or 1)) as pool:
            return list(chain.from_iterable(pool.map(super().encode_batch, parts)))

    @cached_property
    def _spelling(self) -> dict[int, bytes]:
        return {token: text for text, token in self.ranks.items()}

    def _contents(self) -> dict[str, object]:
        tokens = [
            base64.b64encode(self._spelling[i]).decode() if i in self._spelling else None
            for i in range(self.vocab_size)
        ]
        return {"kind": "bytes", "splitting": self.splitting, "eot": self.eot, "tokens": tokens}


def make_tokenizer(spec: str, texts: Iterable[str], vocab_size: int) -> Tokenizer:
    """The tokenizer that `--tokenizer` names: `char`, `bpe` (both made from texts), or a tiktoken
    encoding such as `gpt2`.
    """
    if spec == "char":
        return characters(texts)
    return train_bpe(texts, vocab_size) if spec == "bpe" else named(spec)


def characters(texts: Iterable[str]) -> Tokenizer:
    """A vocabulary of every character that the texts hold."""
    seen: set[str] = set()
    for text in texts:
        seen.update(_valid(text))
    return Characters("".join(sorted(seen)))


def train_bpe(texts: Iterable[str], vocab_size: int) -> Tokenizer:
    """A byte-level BPE learned from the texts, `eot` counted in vocab_size; smaller where the texts
    have no more pairs to merge.
    """
    if not SINGLE_BYTES < vocab_size <= MAX_TOKENS:
        raise BadInput(
            f"a vocabulary of {vocab_size:,} is not possible: --vocab-size must be"
            f" {SINGLE_BYTES + 1} to {MAX_TOKENS:,}"
        )
    import rustbpe

    trainer = rustbpe.Tokenizer()
    trainer.train_from_iterator(
        (part for text in texts for part in _without_long_blanks(_valid(text))),
        vocab_size - 1,
        pattern=SPLITTING["gpt2"],
    )
    ranks = {bytes(token): rank for token, rank in trainer.get_mergeable_ranks()}
    return BytePairs("bpe", splitting="gpt2", ranks=ranks, eot=len(ranks))


def named(name: str) -> Tokenizer:
    """A tiktoken encoding (`gpt2`, `cl100k_base`, …) with its own <|endoftext|> as the only special
    token.

    Raises BadInput for a name that is none of these, ExternalError where its files are neither
    cached nor reachable.
    """
    if name not in NAMED:
        meant = did_you_mean(name, ("char", "bpe", *NAMED))
        raise BadInput(
            f"no tokenizer is called {name!r}{meant or ':'} take char, bpe or one of"
            f" {', '.join(NAMED)}"
        )
    try:
        encoding = tiktoken.get_encoding(name)
    except OSError as error:  # requests' exceptions are OSErrors
        raise ExternalError(
            f"the files of the encoding {name} could not be downloaded ({type(error).__name__}): go"
            " online once, point TIKTOKEN_CACHE_DIR at a folder that has them, or take"
            " --tokenizer bpe"
        ) from None
    return BytePairs(
        name, splitting=NAMED[name], ranks=encoding._mergeable_ranks, eot=encoding.eot_token
    )


def _valid(text: str) -> str:
    """The text, its lone surrogates (which no UTF-8 can hold) replaced."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def _without_long_blanks(text: str) -> list[str]:
    """The text, cut within white space that is longer than LONGEST_BLANKS."""
    if len(text) <= LONGEST_BLANKS:
        return [text]
    ends = [0, *(blanks.end() for blanks in BLANKS.finditer(text)), len(text)]
    return [text[start:end] for start, end in pairwise(ends) if start < end]


def _read(path: Path) -> Tokenizer:
    try:
        raw = read_bounded(path, MAX_FILE)
    except FileNotFoundError:
        raise BadInput(
            f"{path} is missing: a run folder needs its vocabulary; train again or copy it from"
            " the run"
        ) from None
    except IsADirectoryError:
        raise BadInput(f"{path} is a folder: name the vocabulary.json of a run") from None
    except OSError as error:
        raise BadInput(
            f"{path} cannot be read: {error.strerror}; copy it again from the run, or train again"
        ) from None
    try:
        return _from_contents(json.loads(raw))
    except (ValueError, RecursionError) as error:  # json's and Unicode's errors are ValueErrors
        raise BadInput(
            f"{path} is no vocabulary of ours: {error}; copy it again from the run, or train again"
        ) from None


def _from_contents(contents: object) -> Tokenizer:
    """Raises ValueError, saying what is wrong, for anything that `save` would not have written."""
    if not isinstance(contents, dict) or contents.get("format") != FORMAT:
        raise ValueError(f"its format is not {FORMAT}")
    if contents.get("kind") == "characters":
        return _characters_from(contents.get("characters"))
    if contents.get("kind") == "bytes":
        return _byte_pairs_from(contents)
    raise ValueError(f"its kind is {contents.get('kind')!r:.40}")


def _characters_from(value: object) -> Tokenizer:
    if not isinstance(value, str) or len(value) > MAX_TOKENS or len(set(value)) < len(value):
        raise ValueError("its characters are not a text without repetition")
    value.encode()  # a lone surrogate raises UnicodeEncodeError
    return Characters(value)


def _byte_pairs_from(contents: dict[str, object]) -> Tokenizer:
    name, splitting, eot = contents.get("name"), contents.get("splitting"), contents.get("eot")
    if (
        not isinstance(name, str)
        or name not in ("bpe", *NAMED)
        or not isinstance(splitting, str)
        or splitting not in SPLITTING
    ):
        raise ValueError("its name or its way of splitting is unknown")
    ranks = _ranks_from(contents.get("tokens"))
    if type(eot) is not int or not 0 <= eot < MAX_TOKENS or eot in ranks.values():
        raise ValueError("its eot is not an id of its own")
    return BytePairs(name, splitting=splitting, ranks=ranks, eot=eot)


def _ranks_from(value: object) -> dict[bytes, int]:
    if not isinstance(value, list) or len(value) > MAX_TOKENS:
        raise ValueError("its tokens are not a list")
    try:
        ranks = {
            base64.b64decode(token, validate=True): rank
            for rank, token in enumerate(value)
            if token is not None
        }
    except (TypeError, binascii.Error):
        raise ValueError("its tokens are not base64") from None
    if b"" in ranks or len(ranks) < len(value) - value.count(None):
        raise ValueError("a token is empty or stands twice")
    if missing := SINGLE_BYTES - sum(bytes([byte]) in ranks for byte in range(SINGLE_BYTES)):
        raise ValueError(f"{missing} of the 256 single bytes are missing")
    return ranks
