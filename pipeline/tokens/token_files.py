"""Files of tokens: made once, whole or not there, and mapped rather than read.

Ids lie in them as little-endian integers of two bytes, or of four where the vocabulary needs them.
The JSON beside them is written last and has their checksums, so that what a kill or a fault of the
disk leaves is made again. Their names tell what they were made of.
"""

import hashlib
import json
import mmap
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from pipeline.errors import ExternalError
from pipeline.files import content_hash, fsync, locked, read_bounded, write_atomically
from pipeline.tokens.tokenizer import Tokenizer

FORMAT = 1
MAX_DESCRIPTION = 1 << 20  # bytes
RESIDENT = 256 << 20  # bytes of a mapped file that may stay in memory
AROUND = 2 << 20  # bytes that the kernel may map for one that is read: a huge page

Array = npt.NDArray[Any]
Ids = npt.NDArray[np.unsignedinteger[Any]]


class Tokens(Protocol):
    """A running text's ids, in memory or mapped from a file."""

    def __len__(self) -> int: ...
    def __getitem__(self, part: slice, /) -> Array: ...


class MappedTokens:
    """A file of token ids as a sequence that gives slices: copies, so that nobody holds on to the
    file's pages.

    A page once read counts as this process's memory until it is unmapped; the file is mapped again
    before that is much.
    """

    def __init__(
        self, path: Path, dtype: str, *, digest: str, start: int = 0, stop: int | None = None
    ) -> None:
        self.path = path
        self.dtype = np.dtype(dtype)
        self.digest = digest
        self.file = path.open("rb")  # which stays this one, should another take its place
        self.start = start
        self.stop = path.stat().st_size // self.dtype.itemsize if stop is None else stop
        self.seen, self.ids = 0, self._map()

    def _map(self) -> Ids:
        if not os.fstat(self.file.fileno()).st_size:  # an empty file cannot be mapped
            return np.zeros(0, self.dtype)
        return np.frombuffer(mmap.mmap(self.file.fileno(), 0, access=mmap.ACCESS_READ), self.dtype)

    def __len__(self) -> int:
        return self.stop - self.start

    def __getitem__(self, part: slice) -> Ids:
        first, last, _ = part.indices(len(self))
        # Mapping it again lets go of all pages read so far: the process looks no larger than it is,
        # and the pages stay in the system's cache.
        self.seen += (last - first) * self.dtype.itemsize + AROUND
        if self.seen > RESIDENT:
            self.seen, self.ids = 0, self._map()
        return self.ids[self.start + first : self.start + max(first, last)].copy()

    def part(self, start: int, stop: int) -> "MappedTokens":
        """The tokens from start to stop (or the end), of the same file."""
        first, last, _ = slice(start, stop).indices(len(self))
        return MappedTokens(
            self.path,
            self.dtype.str,
            digest=f"{self.digest}[{first}:{last}]",
            start=self.start + first,
            stop=self.start + last,
        )


def mapped(file: Path, dtype: np.dtype[Any]) -> Array:
    """A file as an array that the system reads as it is used."""
    return np.memmap(file, dtype=dtype, mode="r") if file.stat().st_size else np.zeros(0, dtype)


# --- made once ------------------------------------------------------------------------------------


def build_cached(
    folder: Path,
    name: str,
    endings: Sequence[str],
    make: Callable[[Sequence[Path]], None],
    *,
    still: Callable[[], bool] = lambda: True,
) -> list[Path]:
    """The files NAME.ENDING of a folder, made unless they are there and whole. Others wait for the
    one that makes them.

    Raises ExternalError where what they were made of is not `still` what the name says.
    """
    folder.mkdir(parents=True, exist_ok=True)
    files = [folder / f"{name}.{ending}" for ending in endings]
    description = folder / f"{name}.json"
    # Files are made under other names, renamed when they are on the disk, and described last: what
    # has its own name without a description is not trusted.
    with locked(folder / lock_name(name), wait=True):
        if not _whole(description, files):
            parts = [folder / f"{name}.{ending}.part" for ending in endings]
            make(parts)
            if not still():
                raise ExternalError(
                    "another program wrote to the pairs or the text while they were read: run the"
                    " same command again"
                )
            for part, file in zip(parts, files, strict=True):
                fsync(part)
                part.replace(file)
            write_atomically(
                description,
                json.dumps({"format": FORMAT, "sha256": [content_hash(file) for file in files]})
                + "\n",
            )
    return files


def _whole(description: Path, files: Sequence[Path]) -> bool:
    try:
        record = json.loads(read_bounded(description, MAX_DESCRIPTION))
        return bool(record == {"format": FORMAT, "sha256": [content_hash(file) for file in files]})
    except (FileNotFoundError, ValueError, RecursionError):
        return False


def fingerprint(tokenizer: Tokenizer) -> str:
    """Differs for tokenizers that encode differently."""
    digest = hashlib.sha256(f"{tokenizer.name} {tokenizer.vocab_size} {tokenizer.eot}".encode())
    for token in range(tokenizer.vocab_size):
        spelling = tokenizer.decode_bytes([token])
        digest.update(len(spelling).to_bytes(4, "little") + spelling)
    return digest.hexdigest()


def dtype_of(tokenizer: Tokenizer) -> str:
    """How ids lie in the file."""
    return "<u2" if tokenizer.vocab_size <= 1 << 16 else "<u4"


def name_of(kind: str, files: Sequence[Path], content: str, made: str) -> str:
    """The name of what is made of files: it tells their places, a fingerprint of what is in them,
    and what was made of it.
    """
    places = "\0".join(str(file.resolve()) for file in files).encode("utf-8", "surrogateescape")
    return f"{kind}-{hashlib.sha256(places).hexdigest()[:12]}-{content[:32]}-{made[:16]}"


def lock_name(name: str) -> str:
    """The lock of all that is made of the same files; it is never removed, since others may wait
    for it.
    """
    return f".{'-'.join(name.split('-')[:2])}.lock"


def forget_others(folder: Path, name: str) -> None:
    """Drop what was made of the same files when something else was in them."""
    kind, places, content, _ = name.split("-")
    for old in folder.glob(f"{kind}-{places}-*"):
        if not old.name.startswith(f"{kind}-{places}-{content}-"):
            old.unlink(missing_ok=True)
