"""The tokens of a text of any size: written once to a file of the cache, and mapped from there.

A text is encoded in chunks cut where no token can reach across, on several threads, and streamed to `NAME.bin`: ids as little-endian
integers of two bytes, or four where the vocabulary needs them. `NAME.json` beside it says what the file was made of; it is written
last and names the file, so whatever a kill leaves behind is either whole or not there, and is made anew.
"""

import hashlib
import json
import mmap
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import asdict, dataclass
from io import TextIOWrapper
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt
from filelock import FileLock

from pipeline.console import BadInput, progress, write_atomically
from pipeline.tokenizer import Tokenizer

FORMAT = 1
CHUNK = 1 << 20  # characters encoded at a time
RESIDENT = 256 << 20  # bytes of a mapped file that may stay in memory
AROUND = 2 << 20  # bytes that the kernel may map for one that is read: a huge page
THREADS = min(8, os.cpu_count() or 1)  # encoding releases the interpreter's lock

Ids = npt.NDArray[np.unsignedinteger[Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """A file that tokens were made of."""

    size: int
    mtime_ns: int
    sha256: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """What stands in the JSON beside a file of tokens."""

    format: int
    tokenizer: str
    sources: tuple[Source, ...]
    file: str
    dtype: str
    count: int
    sha256: str


class Tokens(Protocol):
    """A running text's ids, in memory or mapped from a file."""

    def __len__(self) -> int: ...
    def __getitem__(self, part: slice, /) -> npt.NDArray[Any]: ...


class MappedTokens:
    """A file of token ids as a sequence that gives slices: copies, so that nobody holds on to the file's pages.

    A page once read counts as this process's memory until it is unmapped; the file is mapped anew before that is much.
    """

    def __init__(self, path: Path, dtype: str, *, digest: str, start: int = 0, stop: int | None = None) -> None:
        self.path, self.dtype, self.digest = path, np.dtype(dtype), digest
        self.file = path.open("rb")  # which stays this one, should another take its place
        self.start, self.stop = start, path.stat().st_size // self.dtype.itemsize if stop is None else stop
        self.seen, self.ids = 0, self._map()

    def _map(self) -> Ids:
        if not os.fstat(self.file.fileno()).st_size:  # an empty file cannot be mapped
            return np.zeros(0, self.dtype)
        return np.frombuffer(mmap.mmap(self.file.fileno(), 0, access=mmap.ACCESS_READ), self.dtype)

    def __len__(self) -> int:
        return self.stop - self.start

    def __getitem__(self, part: slice) -> Ids:
        first, last, _ = part.indices(len(self))
        self.seen += (last - first) * self.dtype.itemsize + AROUND
        if self.seen > RESIDENT:
            self.seen, self.ids = 0, self._map()
        return self.ids[self.start + first:self.start + max(first, last)].copy()

    def part(self, start: int, stop: int) -> "MappedTokens":
        """The tokens from start to stop (or the end), of the same file."""
        first, last, _ = slice(start, stop).indices(len(self))
        return MappedTokens(self.path, self.dtype.str, digest=f"{self.digest}[{first}:{last}]", start=self.start + first,
                            stop=self.start + last)


def mapped_tokens(files: Sequence[Path], tokenizer: Tokenizer, folder: Path) -> MappedTokens:
    """The tokens of the files, one after the other: taken from the folder, or encoded and written there first.

    The same files by name, size and time (or by content, where only the time differs) and the same tokenizer are never encoded twice.
    Raises BadInput for a file that cannot be read.
    """
    check(files)
    coder = fingerprint(tokenizer)
    name = hashlib.sha256("\0".join([coder, *(str(file.resolve()) for file in files)]).encode("utf-8", "surrogateescape")).hexdigest()[:24]
    folder.mkdir(parents=True, exist_ok=True)
    with FileLock(folder / f"{name}.lock"):  # the other ranks wait for the one that encodes
        found = read_description(folder / f"{name}.json")
        if found is None or not fits(found, files, coder, folder):
            found = encode(files, tokenizer, folder, name)
    return MappedTokens(folder / found.file, found.dtype, digest=found.sha256)


def check(files: Sequence[Path]) -> None:
    """Raises BadInput for what is no file of text that can be read."""
    for path in files:
        try:
            with path.open("rb"):
                pass
        except FileNotFoundError:
            raise BadInput(f"{path} is missing: name a file of text with --text") from None
        except IsADirectoryError:
            raise BadInput(f"{path} is a folder: name the files of text in it") from None
        except PermissionError:
            raise BadInput(f"{path} may not be read: change its permissions, or name another file") from None
        if not path.is_file():
            raise BadInput(f"{path} can be read only once: save it to a file and name that")


def fingerprint(tokenizer: Tokenizer) -> str:
    """Differs for tokenizers that encode differently."""
    digest = hashlib.sha256(f"{tokenizer.name} {tokenizer.vocab_size} {tokenizer.eot}".encode())
    for token in range(tokenizer.vocab_size):
        spelling = tokenizer.decode_bytes([token])
        digest.update(len(spelling).to_bytes(4, "little") + spelling)
    return digest.hexdigest()


# --- is it there already? ---------------------------------------------------------------------------------------------

def read_description(path: Path) -> Description | None:
    """The JSON beside a file of tokens; none where it is missing, damaged or of another format."""
    try:
        contents = json.loads(path.read_bytes())
        contents["sources"] = tuple(Source(**source) for source in contents["sources"])
        return Description(**contents) if contents["format"] == FORMAT else None
    except (FileNotFoundError, ValueError, TypeError, KeyError, RecursionError):
        return None


def fits(found: Description, files: Sequence[Path], coder: str, folder: Path) -> bool:
    """Whether the tokens are whole and sound, and of these files as they now are; a gigabyte takes a second to look through."""
    tokens = folder / found.file
    return (found.tokenizer == coder and len(found.sources) == len(files)
            and tokens.is_file() and tokens.stat().st_size == found.count * np.dtype(found.dtype).itemsize
            and all(map(unchanged, found.sources, files)) and content_hash(tokens) == found.sha256)


def unchanged(source: Source, path: Path) -> bool:
    """Whether a file has the size and time it had, or at least the content."""
    now = path.stat()
    return now.st_size == source.size and (now.st_mtime_ns == source.mtime_ns or content_hash(path) == source.sha256)


def content_hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


# --- encoding ---------------------------------------------------------------------------------------------------------

def encode(files: Sequence[Path], tokenizer: Tokenizer, folder: Path, name: str) -> Description:
    """Write the tokens of the files, and the JSON that describes them."""
    sources = [Source(size=file.stat().st_size, mtime_ns=file.stat().st_mtime_ns, sha256=content_hash(file)) for file in files]
    with progress(total=sum(source.size for source in sources), unit="B", label="encoding") as bar:
        texts = (text for file in files for text in chunks(file, told=bar.update))
        return save_tokens(encoded(texts, tokenizer), folder, name, tokenizer=tokenizer, sources=sources)


def encoded(texts: Iterable[str], tokenizer: Tokenizer) -> Iterator[Ids]:
    """The ids of each text, in order, a few texts ahead on threads."""
    def ids(text: str) -> Ids:
        return np.array(tokenizer.encode(text), dtype=dtype_of(tokenizer))

    waiting: deque[Future[Ids]] = deque()
    with ThreadPoolExecutor(THREADS) as pool:
        for text in texts:
            waiting.append(pool.submit(ids, text))
            if len(waiting) > 2 * THREADS:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()


def dtype_of(tokenizer: Tokenizer) -> str:
    """How ids lie in the file."""
    return "<u2" if tokenizer.vocab_size <= 1 << 16 else "<u4"


def save_tokens(pieces: Iterable[Ids], folder: Path, name: str, *, tokenizer: Tokenizer, sources: Sequence[Source]) -> Description:
    """Write a file of tokens and its description."""
    part, digest, count = folder / f"{name}.part", hashlib.sha256(), 0  # a part that a kill left is written over
    try:
        with part.open("wb") as file:
            for piece in pieces:
                digest.update(piece.data)
                file.write(piece.data)
                count += len(piece)
            file.flush()
            os.fsync(file.fileno())
        tokens = folder / f"{name}-{digest.hexdigest()[:16]}.bin"
        part.replace(tokens)
    finally:
        part.unlink(missing_ok=True)
    found = Description(format=FORMAT, tokenizer=fingerprint(tokenizer), sources=tuple(sources), file=tokens.name,
                        dtype=dtype_of(tokenizer), count=count, sha256=digest.hexdigest())
    write_atomically(folder / f"{name}.json", json.dumps(asdict(found), indent=1) + "\n")
    for old in folder.glob(f"{name}-*.bin"):  # of the files as they were
        if old != tokens:
            old.unlink(missing_ok=True)
    return found


# --- reading text -----------------------------------------------------------------------------------------------------

def excerpts(files: Sequence[Path], *, share: float = 1.0, size: int | None = None) -> Iterator[str]:
    """Texts out of the first `share` of the files, together about `size` bytes, evenly from the whole."""
    check(files)
    left = int(sum(file.stat().st_size for file in files) * share)
    every = max(1, -(-left // size)) if size else 1
    for number, chunk in enumerate(chunk for file in files for chunk in chunks(file)):
        raw = chunk.encode()
        if left <= 0:
            return
        if number % every == 0:
            yield raw[:left].decode(errors="ignore")
        left -= len(raw)


def chunks(path: Path, size: int = CHUNK, told: Callable[[int], object] = bool) -> Iterator[str]:
    """A file of text in pieces of about `size` characters, cut where no token reaches across; `told` hears how many bytes were read.

    Every line ends in one sign, whatever the file has there; bytes that are no UTF-8 read as U+FFFD.
    """
    with path.open("rb") as raw, TextIOWrapper(raw, encoding="utf-8", errors="replace") as file:
        rest, done = "", 0
        while block := file.read(size):
            rest += block
            told(raw.tell() - done)
            done = raw.tell()
            if cut := last_cut(rest, must=len(rest) > 8 * size):
                yield rest[:cut]
                rest = rest[cut:]
        if rest:
            yield rest


def last_cut(text: str, *, must: bool) -> int:
    """Where to end a piece: before the last line that begins with a letter or a digit under a line that does not end with a space.

    Splitting patterns never reach across that. Where there is none, 0, or if it `must` be cut: before the last space, or at the end.
    """
    newline = len(text)
    while (newline := text.rfind("\n", 1, newline)) > 0:
        if not text[newline - 1].isspace() and text[newline + 1:newline + 2].isalnum():
            return newline + 1
    return (max(0, text.rfind(" ")) or len(text)) if must else 0
