"""The tokens of a text of any size, written once to a file of the cache and mapped from there.

A text is encoded in chunks cut where no token can reach across, on several threads, and streamed to
the file.
"""

import hashlib
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import numpy as np

from pipeline.cli import progress
from pipeline.errors import BadInput
from pipeline.files import content_hash, open_regular
from pipeline.text_files import decode_stream
from pipeline.tokens.token_files import (
    Ids,
    MappedTokens,
    build_cached,
    dtype_of,
    fingerprint,
    forget_others,
    name_of,
)
from pipeline.tokens.tokenizer import Tokenizer

CHUNK = 1 << 20  # characters encoded at a time
THREADS = min(8, os.cpu_count() or 1)  # encoding releases the interpreter's lock


def mapped_tokens(files: Sequence[Path], tokenizer: Tokenizer, folder: Path) -> MappedTokens:
    """The tokens of the files, one after the other: taken from the folder, or encoded and written
    there first.

    The same text and the same tokenizer are never encoded twice. Raises BadInput for a file that
    cannot be read.
    """
    check_texts(files)
    name = tokens_name(files, tokenizer)
    (ids,) = build_cached(
        folder,
        name,
        ("ids",),
        lambda outs: encode(files, tokenizer, outs[0]),
        still=lambda: tokens_name(files, tokenizer) == name,
    )
    forget_others(folder, name)
    # The digest is of the content alone: the same wherever the files lie.
    return MappedTokens(ids, dtype_of(tokenizer), digest="-".join(name.split("-")[2:]))


def tokens_name(files: Sequence[Path], tokenizer: Tokenizer) -> str:
    """The name of the tokens of these files, as they now are."""
    content = hashlib.sha256("".join(map(content_hash, files)).encode()).hexdigest()
    return name_of("text", files, content, fingerprint(tokenizer))


def check_texts(files: Sequence[Path]) -> None:
    """Raises BadInput for what is no file of text that can be read."""
    for path in files:
        try:
            open_regular(path).close()
        except FileNotFoundError:
            raise BadInput(f"{path} is missing: name a file of text with --text") from None
        except IsADirectoryError:
            raise BadInput(f"{path} is a folder: name the files of text in it") from None
        except PermissionError:
            raise BadInput(
                f"{path} may not be read: change its permissions, or name another file"
            ) from None
        except OSError:
            raise BadInput(
                f"{path} can be read only once: save it to a file and name that"
            ) from None


# --- encoding -------------------------------------------------------------------------------------


def encode(files: Sequence[Path], tokenizer: Tokenizer, out: Path) -> None:
    """Write the tokens of the files."""
    with (
        progress(
            total=sum(file.stat().st_size for file in files), unit="B", label="encoding"
        ) as bar,
        out.open("wb") as written,
    ):
        for ids in encoded(
            (text for file in files for text in chunks(file, on_bytes=bar.update)), tokenizer
        ):
            written.write(ids.data)


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


# --- reading text ---------------------------------------------------------------------------------


def excerpts(
    files: Sequence[Path], *, share: float = 1.0, size: int | None = None
) -> Iterator[str]:
    """Texts out of the first `share` of the files, together about `size` bytes, evenly from the
    whole.
    """
    check_texts(files)
    left = int(sum(file.stat().st_size for file in files) * share)
    every = max(1, -(-left // size)) if size else 1
    for number, chunk in enumerate(chunk for file in files for chunk in chunks(file)):
        raw = chunk.encode()
        if left <= 0:
            return
        if number % every == 0:
            yield raw[:left].decode(errors="ignore")
        left -= len(raw)


def chunks(
    path: Path, size: int = CHUNK, on_bytes: Callable[[int], object] = lambda count: None
) -> Iterator[str]:
    """A file of text in pieces of about `size` characters, cut where no token reaches across;
    `on_bytes` hears how many bytes were read.

    Every line ends in one sign, whatever the file has there. Raises BadInput for another encoding
    than UTF-8, or UTF-16 with its mark.
    """
    with path.open("rb") as file:
        rest = ""
        for text in decode_stream(file, str(path), on_bytes):
            for start in range(0, len(text), size):
                rest += text[start : start + size]
                if cut := last_cut(rest, must=len(rest) > 8 * size):
                    yield rest[:cut]
                    rest = rest[cut:]
        if rest:
            yield rest


def last_cut(text: str, *, must: bool) -> int:
    """Where to end a piece: before the last line that begins with a letter or a digit under a line
    that does not end with a space.

    Splitting patterns never reach across that. Where there is none, 0, or if it `must` be cut:
    before the last space, or at the end.
    """
    newline = len(text)
    while (newline := text.rfind("\n", 1, newline)) > 0:
        if not text[newline - 1].isspace() and text[newline + 1 : newline + 2].isalnum():
            return newline + 1
    return (max(0, text.rfind(" ")) or len(text)) if must else 0
