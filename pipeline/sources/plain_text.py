"""Plain text for a language model without questions: files, packed or not, become one file of the
cache.
"""

import bz2
import gzip
import lzma
import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, cast

from pipeline.cli import progress
from pipeline.errors import BadInput, ExternalError
from pipeline.files import replacing
from pipeline.text_files import decode_stream

TEXT_FILE = "text.txt"  # a cache's plain text, beside where pairs would be


def copy_texts(files: Sequence[Path], path: Path) -> int:
    """Write the texts of the files (.gz, .xz and .bz2 are unpacked), one under the other, to
    path; how many characters.

    The path gets all of it or nothing. Raises BadInput for a file that is missing or holds no text,
    ExternalError for a damaged one.
    """
    for file in files:
        if not file.is_file():
            raise BadInput(f"{file} is missing: --source text: wants files of plain text")
    count, blank = 0, True
    with replacing(path) as out, progress(total=None, unit="B", label="copying") as bar:
        for file in files:
            for text in read_text(file):
                encoded = text.encode()
                out.write(encoded)
                count += len(text)
                blank = blank and text.isspace()
                bar.update(len(encoded))
        if blank:
            raise BadInput(f"{files[0]} holds no text: name another file")
    return count


def read_text(file: Path) -> Iterator[str]:
    """A file's text in pieces; every line ends in one sign, the last one too."""
    last = "\n"
    try:
        with opened(file) as raw:
            for text in decode_stream(raw, str(file)):
                yield text
                last = text[-1]
    except (gzip.BadGzipFile, lzma.LZMAError, zlib.error, EOFError) as error:
        raise ExternalError(f"{file} is damaged ({error}): get it again") from None
    if last != "\n":
        yield "\n"


def opened(file: Path) -> BinaryIO:
    """The bytes of a file, unpacked."""
    if file.suffix == ".gz":
        return cast(BinaryIO, gzip.open(file))
    if file.suffix == ".xz":
        return cast(BinaryIO, lzma.open(file))
    return cast(BinaryIO, bz2.open(file)) if file.suffix == ".bz2" else file.open("rb")
