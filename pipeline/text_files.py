"""The one reader of text files: UTF-8, or UTF-16 with its mark; anything else is refused, with the
place and the remedy, and never read as something that it is not.
"""

import codecs
import io
import shlex
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

from pipeline.errors import BadInput
from pipeline.files import read_bounded

BLOCK = 1 << 20  # bytes
STANDARD_INPUT = "standard input"  # its name in messages
MARKS = {
    codecs.BOM_UTF8: "utf-8",
    codecs.BOM_UTF16_LE: "utf-16-le",
    codecs.BOM_UTF16_BE: "utf-16-be",
}
OTHER_MARKS = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
HEAD = 4  # bytes of the longest mark
# What files begin with that hold a text, but are none.
DOCUMENTS = {
    b"%PDF": "a PDF file",
    b"PK\x03\x04": "a ZIP archive or an office document",
    b"{\\rt": "an RTF document",
}
NULLS_OF_UTF16 = 0.2  # of the bytes of a text in Latin letters half are null


class Readable(Protocol):
    """A stream of bytes, from whatever file, archive or pipe."""

    def read(self, size: int, /) -> bytes: ...


def decode_stream(
    stream: Readable, name: str, on_bytes: Callable[[int], object] = lambda count: None
) -> Iterator[str]:
    """A text in pieces, without its byte order mark; every line ends in a line feed. `on_bytes`
    hears how many bytes were read for each piece.

    Raises BadInput for what is no text, or one in another encoding; `name` is the file's.
    """
    block = stream.read(BLOCK)
    while len(block) < HEAD and (more := stream.read(BLOCK)):
        block += more  # a pipe may give less than a mark at a time
    if document := DOCUMENTS.get(block[:HEAD]):
        raise BadInput(f"{name} is {document}: save it as plain text, and name that file")
    if block.startswith(OTHER_MARKS):
        raise _other_encoding(name, 0, "UTF-32")
    mark = next((mark for mark in MARKS if block.startswith(mark)), b"")
    decoder = codecs.getincrementaldecoder(MARKS.get(mark, "utf-8"))()
    newlines = io.IncrementalNewlineDecoder(None, translate=True)
    place = len(mark)
    block = block.removeprefix(mark) or stream.read(BLOCK)
    while True:
        pending = len(decoder.getstate()[0])
        try:
            text = decoder.decode(block, final=not block)
        except UnicodeDecodeError as error:
            other = _unmarked_utf16(block) or "WINDOWS-1252"
            raise _other_encoding(name, place - pending + error.start, other) from None
        if "\0" in text:
            if utf16 := _unmarked_utf16(block):
                raise _other_encoding(name, place - pending + block.index(0), utf16)
            raise BadInput(f"{name} is no plain text: it holds bytes that no text has")
        text = newlines.decode(text, final=not block)
        on_bytes(len(block))
        if text:
            yield text
        if not block:
            return
        place += len(block)
        block = stream.read(BLOCK)


def _unmarked_utf16(block: bytes) -> str:
    """The form of UTF-16 that a block of bytes is in by its null bytes, which all stand at odd or
    all at even places; "" where it is in neither.
    """
    at_even = block[::2].count(0)
    at_odd = block[1::2].count(0)
    if at_even + at_odd < NULLS_OF_UTF16 * len(block) or (at_even and at_odd):
        return ""
    return "UTF-16BE" if at_even else "UTF-16LE"


def _other_encoding(name: str, place: int, encoding: str) -> BadInput:
    where = f"{name} is not in UTF-8 from byte {place + 1:,} on: convert it, for example with"
    if name == STANDARD_INPUT:
        return BadInput(f"{where} iconv -f {encoding} -t UTF-8 before it is piped here")
    old = shlex.quote(name)
    new = shlex.quote(f"{name}.utf8")
    return BadInput(f"{where} iconv -f {encoding} -t UTF-8 {old} > {new}, and name that file")


def read_small_text(path: Path, limit: int, wanted: str) -> str:
    """The text of a file of at most `limit` bytes; `wanted` says what kind of file it should be.

    Raises BadInput for what is missing, too large, or no text.
    """
    try:
        raw = read_bounded(path, limit)
    except FileNotFoundError:
        raise BadInput(f"{path} is missing: {wanted}") from None
    except OSError as error:
        raise BadInput(f"{path} cannot be read ({error.strerror}): {wanted}") from None
    return "".join(decode_stream(io.BytesIO(raw), str(path)))
