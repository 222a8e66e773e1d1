"""Tokens of any text, written once: the same as those of the whole text, never torn, never a second
time, never all in memory.
"""

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from pipeline.errors import BadInput
from pipeline.tokens import text_tokens
from pipeline.tokens.text_tokens import chunks, excerpts, mapped_tokens
from pipeline.tokens.token_files import MappedTokens
from pipeline.tokens.tokenizer import Tokenizer, characters, train_bpe

WORDS = [
    "the",
    "cat",
    "naïve",
    "don't",
    "42",
    "北京",
    "a.",
    "well,",
    "\u3000",
    "I'll",
    "x/y",
    "\t",
    "...",
    "(so)",
]


def prose(seed: int, words: int = 3_000) -> str:
    """Words and signs with every kind of line's end between them."""
    draw = random.Random(seed)
    return "".join(
        draw.choice(WORDS) + draw.choice([" ", " ", " ", "\n", "\n\n", " \n", "\n  ", "  "])
        for _ in range(words)
    )


@pytest.fixture(scope="module")
def bpe() -> Tokenizer:
    return train_bpe([prose(0)], 320)


@pytest.fixture
def text(tmp_path: Path) -> Path:
    path = tmp_path / "text.txt"
    path.write_text(prose(1), encoding="utf-8")
    return path


@pytest.fixture
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(chunks, "__defaults__", (100, chunks.__defaults__[1]))  # type: ignore[index]


def everything(tokens: MappedTokens) -> list[int]:
    return tokens[: len(tokens)].tolist()


@pytest.mark.usefixtures("small_chunks")
def test_tokens_in_pieces_are_those_of_the_whole_text(tmp_path: Path, bpe: Tokenizer) -> None:
    for seed in range(10):
        path = tmp_path / f"{seed}.txt"
        path.write_text(prose(seed, 800), encoding="utf-8")
        assert len(list(chunks(path))) > 10
        assert everything(mapped_tokens([path], bpe, tmp_path / "tokens")) == bpe.encode(
            prose(seed, 800)
        )


def test_pieces_of_a_text_without_any_line_or_space_make_it_whole(tmp_path: Path) -> None:
    path = tmp_path / "long.txt"
    path.write_text("語" * 5_000, encoding="utf-8")
    pieces = list(chunks(path, 64))
    assert "".join(pieces) == "語" * 5_000
    assert max(map(len, pieces)) <= 64 * 9


def test_files_are_read_one_after_the_other(tmp_path: Path, text: Path, bpe: Tokenizer) -> None:
    other = tmp_path / "other.txt"
    other.write_text("a\r\nb")
    assert everything(mapped_tokens([text, other], bpe, tmp_path)) == bpe.encode(
        prose(1)
    ) + bpe.encode("a\nb")


def test_another_encoding_is_refused_and_a_mark_is_no_text(tmp_path: Path, bpe: Tokenizer) -> None:
    path = tmp_path / "latin"
    path.write_bytes("caf\xe9".encode("latin-1"))
    with pytest.raises(BadInput, match="latin is not in UTF-8 from byte 4 on"):
        mapped_tokens([path], bpe, tmp_path)
    for encoding in ("utf-8-sig", "utf-16"):
        marked = tmp_path / encoding
        marked.write_text("café\r\nau lait\n", encoding=encoding, newline="")
        assert bpe.decode(everything(mapped_tokens([marked], bpe, tmp_path))) == "café\nau lait\n"


def test_the_same_text_is_never_encoded_twice(
    tmp_path: Path, text: Path, bpe: Tokenizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = mapped_tokens([text], bpe, tmp_path)
    os.utime(text, (1, 1))  # another time, the same content
    monkeypatch.setattr(text_tokens, "encode", None)
    again = mapped_tokens([text], bpe, tmp_path)
    assert (again.digest, everything(again)) == (first.digest, everything(first))


def test_a_text_that_changed_is_encoded_anew_and_its_old_tokens_go(
    tmp_path: Path, text: Path, bpe: Tokenizer
) -> None:
    before = mapped_tokens([text], bpe, tmp_path / "tokens")
    text.write_text("something else", encoding="utf-8")
    after = mapped_tokens([text], bpe, tmp_path / "tokens")
    assert everything(after) == bpe.encode("something else") and after.digest != before.digest
    assert everything(before) == bpe.encode(prose(1)), "a run that maps the old tokens keeps them"
    assert len(list((tmp_path / "tokens").glob("*.ids"))) == 1


def test_another_tokenizer_has_other_tokens(tmp_path: Path, text: Path, bpe: Tokenizer) -> None:
    by_sign = characters([prose(1)])
    assert everything(mapped_tokens([text], by_sign, tmp_path)) == by_sign.encode(prose(1))
    assert everything(mapped_tokens([text], bpe, tmp_path)) == bpe.encode(prose(1))


@pytest.mark.parametrize("damage", ["{", "[]", '{"format": 1}', '{"format": 2}', "null"])
def test_a_damaged_description_is_made_anew(
    tmp_path: Path, text: Path, bpe: Tokenizer, damage: str
) -> None:
    mapped_tokens([text], bpe, tmp_path)
    next(tmp_path.glob("*.json")).write_text(damage)
    assert everything(mapped_tokens([text], bpe, tmp_path)) == bpe.encode(prose(1))


def flip(path: Path) -> None:
    raw = path.read_bytes()
    path.write_bytes(raw[:100] + bytes([raw[100] ^ 1]) + raw[101:])


@pytest.mark.parametrize("damage", [os.remove, lambda path: os.truncate(path, 10), flip])
def test_a_damaged_file_of_tokens_is_made_anew(
    tmp_path: Path, text: Path, bpe: Tokenizer, damage: object
) -> None:
    mapped_tokens([text], bpe, tmp_path)
    damage(next(tmp_path.glob("*.ids")))  # type: ignore[operator]
    assert everything(mapped_tokens([text], bpe, tmp_path)) == bpe.encode(prose(1))


def test_what_cannot_be_read_is_said(tmp_path: Path, bpe: Tokenizer) -> None:
    os.mkfifo(tmp_path / "pipe")
    writer = os.open(tmp_path / "pipe", os.O_RDWR)
    try:
        for name, message in (
            ("none.txt", "is missing"),
            (".", "is a folder"),
            ("pipe", "can be read only once"),
        ):
            with pytest.raises(BadInput, match=message):
                mapped_tokens([tmp_path / name], bpe, tmp_path)
    finally:
        os.close(writer)


def test_an_empty_text_has_no_tokens(tmp_path: Path, bpe: Tokenizer) -> None:
    (tmp_path / "empty").write_bytes(b"")
    assert len(mapped_tokens([tmp_path / "empty"], bpe, tmp_path)) == 0


def test_excerpts_come_evenly_and_only_from_the_share(text: Path) -> None:
    whole = prose(1)
    assert "".join(excerpts([text])) == whole
    part = "".join(excerpts([text], share=0.5))
    assert whole.startswith(part) and 0.49 < len(part.encode()) / len(whole.encode()) <= 0.5


@pytest.mark.usefixtures("small_chunks")
def test_excerpts_of_a_size_are_spread_over_the_whole(text: Path) -> None:
    whole = prose(1)
    found = list(excerpts([text], size=len(whole.encode()) // 10))
    assert 0.05 < sum(len(part) for part in found) / len(whole) < 0.2
    assert whole.index(found[-1]) > 0.8 * len(whole)


def test_a_kill_while_encoding_leaves_nothing_that_is_taken_for_whole(tmp_path: Path) -> None:
    path, folder = tmp_path / "text.txt", tmp_path / "tokens"
    path.write_text(prose(2) * 300, encoding="utf-8")
    program = (
        "import sys; from pathlib import Path\nfrom pipeline.tokens.text_tokens import"
        " mapped_tokens; from pipeline.tokens.tokenizer import characters\ntext, vocabulary ="
        " Path(sys.argv[1]), characters([Path(sys.argv[1]).read_text()[:20000]])\ntokens ="
        " mapped_tokens([text], vocabulary, Path(sys.argv[2]))\nprint(len(tokens))"
    )
    command = [sys.executable, "-c", program, str(path), str(folder)]
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while not list(folder.glob("*.part")) and child.poll() is None:
        time.sleep(0.01)
    child.send_signal(signal.SIGKILL)
    child.wait()
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert int(done.stdout) == len(prose(2) * 300)
    assert not list(folder.glob("*.part"))
