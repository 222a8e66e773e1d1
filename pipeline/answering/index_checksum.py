"""The checksum of an index, which is noted in the index itself, so that both are replaced as one.

It covers the whole of a file of up to 64 MB, which is some 100,000 pages. Of a larger one it covers
64 blocks from its beginning to its end: a question is answered without reading gigabytes before it.
"""

import os
from hashlib import sha256
from pathlib import Path

from pipeline.files import open_regular

BLOCK = 1 << 20  # bytes
MOST_BLOCKS = 64
PLACEHOLDER = "0" * 64  # stands in the file where the checksum will be
LABEL = b"checksum"  # comes before it, in the first block


def checksum(path: Path, *, noted: str = PLACEHOLDER) -> str:
    """The checksum of a file, in which the one that is noted counts as the placeholder."""
    with open_regular(path) as file:
        size = os.fstat(file.fileno()).st_size
        blocks = -(-size // BLOCK)
        digest = sha256(str(size).encode())
        for number in range(0, blocks, max(1, -(-blocks // MOST_BLOCKS))):
            file.seek(number * BLOCK)
            block = file.read(BLOCK)
            if number == 0:
                block = block.replace(LABEL + noted.encode(), LABEL + PLACEHOLDER.encode(), 1)
            digest.update(block)
    return digest.hexdigest()


def note_checksum(path: Path) -> None:
    """Write a file's checksum in the place of the placeholder."""
    noted = checksum(path).encode()
    with path.open("r+b") as file:
        place = file.read(BLOCK).index(LABEL + PLACEHOLDER.encode())
        file.seek(place + len(LABEL))
        file.write(noted)
