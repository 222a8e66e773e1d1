"""Plain text comes whole, whatever packs it, and damaged files leave nothing half-made."""

import bz2
import gzip
import lzma
from pathlib import Path

import pytest

from pipeline.errors import BadInput, ExternalError
from pipeline.sources.plain_text import copy_texts


def test_files_follow_each_other_whatever_packs_them(tmp_path: Path) -> None:
    files = {
        "a.txt": b"\xef\xbb\xbfone\r\ntwo",
        "b.txt.gz": gzip.compress(b"three\n"),
        "c.xz": lzma.compress("vier ü".encode()),
        "d.bz2": bz2.compress("fünf".encode("utf-16")),
    }
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
    out = tmp_path / "cache/text.txt"
    count = copy_texts([tmp_path / name for name in files], out)
    assert out.read_text("utf-8") == "one\ntwo\nthree\nvier ü\nfünf\n"
    assert count == len(out.read_text("utf-8"))


@pytest.mark.parametrize(
    ("name", "content", "error"),
    [
        ("a.txt.gz", gzip.compress(bytes(range(1, 120)) * 500)[:-20], ExternalError),
        ("b.xz", b"no archive", ExternalError),
        ("c.txt", b"\0\1\2", BadInput),
        ("d.txt", None, BadInput),
        ("e.txt", b"", BadInput),
        ("f.txt", "caf\xe9".encode("latin-1"), BadInput),
    ],
)
def test_what_is_damaged_or_no_text_is_said_so_and_the_old_text_stays(
    name: str, content: bytes | None, error: type[Exception], tmp_path: Path
) -> None:
    (tmp_path / "text.txt").write_text("old")
    if content is not None:
        (tmp_path / name).write_bytes(content)
    with pytest.raises(error, match=name):
        copy_texts([tmp_path / name], tmp_path / "text.txt")
    assert (tmp_path / "text.txt").read_text() == "old"
    assert not list(tmp_path.glob(".text*"))
