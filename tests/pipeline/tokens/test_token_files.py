"""Files of tokens are made once, whole or not at all, and mapped without staying in memory."""

import os
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from pipeline.errors import ExternalError
from pipeline.tokens import token_files
from pipeline.tokens.token_files import MappedTokens, build_cached, dtype_of, forget_others, name_of
from pipeline.tokens.tokenizer import characters


def write(content: bytes, made: list[bytes], outs: Sequence[Path]) -> None:
    made.append(content)
    for out in outs:
        out.write_bytes(content)


def test_files_are_made_once_and_again_when_one_is_damaged(tmp_path: Path) -> None:
    made: list[bytes] = []
    for damage in (lambda _: None, lambda file: file.write_bytes(b"x"), os.remove, lambda _: None):
        files = build_cached(tmp_path, "n", ("a", "b"), lambda outs: write(b"content", made, outs))
        assert [file.read_bytes() for file in files] == [b"content"] * 2
        damage(files[1])
    assert len(made) == 3


def test_what_fails_or_changes_while_it_is_made_leaves_no_name(tmp_path: Path) -> None:
    def fail(outs: Sequence[Path]) -> None:
        outs[0].write_bytes(b"half")
        raise OSError("the disk is full")

    with pytest.raises(OSError, match="full"):
        build_cached(tmp_path, "n", ("a",), fail)
    with pytest.raises(ExternalError, match="again"):
        build_cached(
            tmp_path,
            "n",
            ("a",),
            lambda outs: write(b"of another file", [], outs),
            still=lambda: False,
        )
    assert not (tmp_path / "n.a").exists() and not (tmp_path / "n.json").exists()
    assert (
        build_cached(tmp_path, "n", ("a",), lambda outs: write(b"whole", [], outs))[0].read_bytes()
        == b"whole"
    )


def test_only_what_was_made_of_other_content_of_the_same_files_goes(tmp_path: Path) -> None:
    names = [
        name_of("pairs", [Path(place)], content, made)
        for place in "pq"
        for content in "cd"
        for made in ("index", "tokens")
    ]
    for name in names:
        build_cached(tmp_path, name, ("ids",), lambda outs: write(b"x", [], outs))
    forget_others(tmp_path, names[0])
    left = {file.name.removesuffix(".ids") for file in tmp_path.glob("*.ids")}
    assert left == set(names[:2] + names[4:])


def test_large_vocabularies_take_four_bytes_and_small_ones_two() -> None:
    assert dtype_of(characters("abc")) == "<u2"
    assert (
        dtype_of(
            characters([chr(c) for c in range(0x4E00, 0x4E00 + 70_000) if not 0xD800 <= c < 0xE000])
        )
        == "<u4"
    )


def test_a_part_is_a_sequence_of_its_own(tmp_path: Path) -> None:
    ids = [number * 7 % 65_536 for number in range(1000)]
    np.array(ids, dtype="<u2").tofile(tmp_path / "ids")
    tokens = MappedTokens(tmp_path / "ids", "<u2", digest="d")
    part = tokens.part(100, 200)
    assert (len(part), part[:].tolist(), part[50:90].tolist()) == (100, ids[100:200], ids[150:190])
    assert len(tokens.part(0, 1 << 40)) == len(tokens) and part.digest != tokens.digest


def test_pages_once_read_do_not_stay_resident(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not Path("/proc/self/statm").exists():
        pytest.skip("resident memory is read from /proc")
    monkeypatch.setattr(token_files, "RESIDENT", 8 << 20)
    path = tmp_path / "tokens.bin"
    np.arange(64 << 20, dtype="<u2").tofile(path)  # 128 MB
    tokens, before = MappedTokens(path, "<u2", digest=""), shared_pages()
    most = 0
    for at in range(0, len(tokens) - 1024, 1024):
        assert tokens[at : at + 2].tolist() == [at % 65536, at % 65536 + 1]
        most = max(most, shared_pages() - before)
    assert most * os.sysconf("SC_PAGE_SIZE") < 24 << 20


def shared_pages() -> int:
    """Resident pages that belong to files."""
    return int(Path("/proc/self/statm").read_text().split()[2])
