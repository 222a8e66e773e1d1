"""The checksum of a large index is taken of samples of it, and of all of a small one."""

from pathlib import Path

import pytest

from pipeline.answering import index_checksum
from pipeline.answering.index_checksum import LABEL, PLACEHOLDER, checksum, note_checksum


def noted_file(folder: Path, size: int) -> tuple[Path, str]:
    """A file with its checksum in it, and that checksum."""
    path = folder / "file"
    start = b"head " + LABEL + PLACEHOLDER.encode()
    path.write_bytes(start + bytes(number % 251 for number in range(size - len(start))))
    note_checksum(path)
    noted = path.read_bytes()[len(b"head " + LABEL) :][: len(PLACEHOLDER)].decode()
    return path, noted


def test_what_was_noted_is_the_checksum_of_the_file_that_holds_it(tmp_path: Path) -> None:
    path, noted = noted_file(tmp_path, 5000)
    assert noted != PLACEHOLDER and checksum(path, noted=noted) == noted
    path.write_bytes(path.read_bytes() + b" ")
    assert checksum(path, noted=noted) != noted


def test_of_a_large_file_only_samples_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(index_checksum, "BLOCK", 100)
    monkeypatch.setattr(index_checksum, "MOST_BLOCKS", 4)
    path, noted = noted_file(tmp_path, 4000)  # 40 blocks, of which 0, 10, 20 and 30 are read
    content = bytearray(path.read_bytes())
    for block, is_read in ((5, False), (10, True), (30, True), (39, False)):
        changed = content.copy()
        changed[block * 100] ^= 1
        path.write_bytes(changed)
        assert (checksum(path, noted=noted) != noted) == is_read, block
