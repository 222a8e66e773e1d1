"""What every tokenizer owes the rest: the text comes back, the special token never does, and its
file is believed only when it is sound.
"""

import base64
import json
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest
import requests
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipeline.errors import BadInput, ExternalError
from pipeline.tokens.tokenizer import (
    END_OF_TEXT,
    NAMED,
    SPLITTING,
    BytePairs,
    Tokenizer,
    characters,
    make_tokenizer,
    named,
    train_bpe,
)

CORPUS = [
    (
        "Ada Lovelace was an English mathematician and writer, known for her work on the Analytical"
        " Engine."
    ),
    (
        "The Analytical Engine was a proposed mechanical general-purpose computer designed by"
        " Charles Babbage."
    ),
    "Zürich is the largest city in Switzerland. Its population was 443,037 in 2022.",
    "北京 is the capital of China; it's at 40° N. They'll say “water is H₂O”.",
] * 3
BPE = train_bpe(CORPUS, 400)
CHARACTERS = characters(CORPUS)
BYTES_ONLY = train_bpe([], 257)

any_text = st.text(alphabet=st.characters(exclude_categories=["Cs"]))


@pytest.fixture(params=[BPE, CHARACTERS, BYTES_ONLY], ids=["bpe", "char", "bytes"])
def tokenizer(request: pytest.FixtureRequest) -> Tokenizer:
    found: Tokenizer = request.param
    return found


def contents(tokenizer: Tokenizer, folder: Path) -> dict[str, object]:
    tokenizer.save(folder / "vocabulary.json")
    found: dict[str, object] = json.loads((folder / "vocabulary.json").read_text())
    return found


@given(any_text)
@example("naïve  \n\t café\r\n🏳️‍🌈 e\u0301 \x00\ufeff")
@example(f"a {END_OF_TEXT} b")
@example("x" * 20_000)
def test_any_text_comes_back_from_byte_pairs(text: str) -> None:
    for tokenizer in (BPE, BYTES_ONLY):
        ids = tokenizer.encode(text)
        assert tokenizer.decode(ids) == text
        assert tokenizer.eot not in ids
        assert all(0 <= token < tokenizer.vocab_size for token in ids)


@given(st.lists(st.sampled_from(sorted(set("".join(CORPUS))))).map("".join))
def test_any_text_of_known_characters_comes_back(text: str) -> None:
    assert CHARACTERS.decode(CHARACTERS.encode(text)) == text


@given(any_text)
def test_unknown_characters_never_fail(text: str) -> None:
    ids = CHARACTERS.encode(text)
    assert all(0 <= token < CHARACTERS.eot for token in ids)


def test_unknown_characters_are_written_with_what_they_consist_of() -> None:
    plain = characters(["""abcdefghijklmnopqrstuvwxyz "'-1"""])
    assert plain.decode(plain.encode("café — “naïve” ’¹漢")) == """cafe - "naive" '1"""


def test_the_literal_end_of_text_is_ordinary_text(tokenizer: Tokenizer) -> None:
    assert tokenizer.eot not in tokenizer.encode(END_OF_TEXT)
    if isinstance(tokenizer, BytePairs):
        assert tokenizer.decode(tokenizer.encode(END_OF_TEXT)) == END_OF_TEXT


def test_the_special_token_is_the_last_id_and_spells_nothing(tokenizer: Tokenizer) -> None:
    assert tokenizer.eot == tokenizer.vocab_size - 1
    assert tokenizer.decode([tokenizer.eot]) == ""
    assert tokenizer.token_bytes()[tokenizer.eot] == 0


def test_ids_beyond_the_vocabulary_spell_nothing(tokenizer: Tokenizer) -> None:
    assert tokenizer.decode([tokenizer.vocab_size, 10**9, -1]) == ""


def test_token_bytes_add_up_to_the_text(tokenizer: Tokenizer) -> None:
    lengths = tokenizer.token_bytes()
    assert len(lengths) == tokenizer.vocab_size
    assert all(
        sum(lengths[token] for token in tokenizer.encode(text)) == len(text.encode())
        for text in CORPUS
    )


def test_lone_surrogates_are_read_as_replacement_characters(tokenizer: Tokenizer) -> None:
    assert tokenizer.decode(tokenizer.encode("a\ud800b")) in ("a\ufffdb", "ab")
    assert train_bpe(["a\ud800b"], 300).decode(BPE.encode("\udfff")) == "\ufffd"


@given(st.lists(any_text, max_size=30))
def test_a_batch_gives_what_its_texts_give_one_by_one(texts: list[str]) -> None:
    for tokenizer in (BPE, CHARACTERS):
        assert tokenizer.encode_batch(texts) == [tokenizer.encode(text) for text in texts]


def test_a_large_batch_keeps_its_order() -> None:
    texts = [f"text {number}" for number in range(3000)]
    assert [BPE.decode(ids) for ids in BPE.encode_batch(texts)] == texts


@given(any_text)
def test_the_stream_gives_the_whole_text_in_whole_characters(text: str) -> None:
    pieces = list(BYTES_ONLY.decode_stream(BYTES_ONLY.encode(text)))
    assert "".join(pieces) == text
    assert "" not in pieces


@given(any_text, st.integers(min_value=0, max_value=40))
def test_a_stream_cut_anywhere_is_a_beginning_of_the_text(text: str, cut: int) -> None:
    assert text.startswith("".join(BYTES_ONLY.decode_stream(BYTES_ONLY.encode(text)[:cut])))


@given(st.lists(st.integers(min_value=-5, max_value=500)))
def test_no_ids_break_the_decoder(ids: list[int]) -> None:
    for tokenizer in (BPE, CHARACTERS, BYTES_ONLY):
        tokenizer.decode(ids).encode()
        "".join(tokenizer.decode_stream(ids)).encode()


@given(any_text)
def test_a_saved_vocabulary_gives_the_same_ids(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    path = tmp_path_factory.mktemp("run") / "vocabulary.json"
    for tokenizer in (BPE, CHARACTERS):
        tokenizer.save(path)
        loaded = Tokenizer.load(path)
        assert loaded.encode(text) == tokenizer.encode(text)
        assert (loaded.name, loaded.vocab_size, loaded.eot) == (
            tokenizer.name,
            tokenizer.vocab_size,
            tokenizer.eot,
        )
        assert loaded.token_bytes() == tokenizer.token_bytes()


def test_training_twice_gives_the_same_vocabulary() -> None:
    assert train_bpe(CORPUS, 400).encode("Analytical") == BPE.encode("Analytical")
    assert [train_bpe(iter(CORPUS), 400).ranks for _ in range(3)] == [BPE.ranks] * 3  # type: ignore[attr-defined]


def test_encoding_and_training_agree_on_the_merges() -> None:
    import rustbpe

    trainer = rustbpe.Tokenizer()
    trainer.train_from_iterator(iter(CORPUS), 399, pattern=SPLITTING["gpt2"])
    assert all(
        trainer.encode(text) == BPE.encode(text)
        for text in [*CORPUS, "  spaces   and\n\nlines ", "don't 12,345 ärger"]
    )


def test_a_small_corpus_shrinks_the_vocabulary() -> None:
    small = train_bpe(["ab ab"], 8192)
    assert 257 <= small.vocab_size < 300
    assert small.eot == small.vocab_size - 1
    assert small.decode(small.encode("anything, Ω")) == "anything, Ω"


@pytest.mark.parametrize("size", [-1, 0, 256, 10**9])
def test_an_impossible_vocabulary_size_is_refused(size: int) -> None:
    with pytest.raises(BadInput, match="--vocab-size"):
        train_bpe(CORPUS, size)


def test_make_tokenizer_takes_the_three_kinds() -> None:
    assert make_tokenizer("char", CORPUS, 0).name == "char"
    assert make_tokenizer("bpe", CORPUS, 300).vocab_size == 300
    with pytest.raises(BadInput, match="char, bpe or one of gpt2"):
        make_tokenizer("nonsense", CORPUS, 300)
    with pytest.raises(BadInput, match=r"did you mean cl100k_base\?"):
        make_tokenizer("cl100k", CORPUS, 300)


def test_a_named_encoding_without_its_files_is_one_clear_line(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def refuse(name: str) -> None:
        raise requests.exceptions.ConnectionError("no route\nto host")

    monkeypatch.setattr("tiktoken.get_encoding", refuse)
    with pytest.raises(ExternalError, match="TIKTOKEN_CACHE_DIR"):
        named("gpt2")


@pytest.mark.parametrize(
    ("name", "size", "eot"),
    [("gpt2", 50257, 50256), ("cl100k_base", 100258, 100257), ("o200k_base", 200000, 199999)],
)
def test_a_named_encoding_keeps_its_ids_and_travels_in_its_file(
    name: str, size: int, eot: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if "ASKWIKI_SHARED" not in os.environ:
        pytest.skip("needs tiktoken's files: set ASKWIKI_SHARED")
    monkeypatch.setenv("TIKTOKEN_CACHE_DIR", str(Path(os.environ["ASKWIKI_SHARED"]) / "tiktoken"))
    import tiktoken

    tokenizer = named(name)
    assert (tokenizer.name, tokenizer.vocab_size, tokenizer.eot) == (name, size, eot)
    tokenizer.save(tmp_path / "vocabulary.json")
    loaded = Tokenizer.load(tmp_path / "vocabulary.json")
    for text in [
        *CORPUS,
        f" they'LL\r\n\n  see {END_OF_TEXT}   1234567 \t x/\n",
        "ÉCOLE İstanbul",
        "a" * 5000,
    ]:
        assert (
            loaded.encode(text)
            == tokenizer.encode(text)
            == tiktoken.get_encoding(name).encode_ordinary(text)
        )
        assert loaded.decode(loaded.encode(text)) == text
    assert len(loaded.token_bytes()) == size


def test_every_encoding_that_is_offered_is_known_to_tiktoken() -> None:
    import tiktoken

    assert set(NAMED) <= set(tiktoken.list_encoding_names())
    assert set(NAMED.values()) == set(SPLITTING)


def test_a_vocabulary_loads_fast_and_without_torch(tmp_path: Path) -> None:
    words = [
        f"{first}{second}{third}"
        for first in "bdfgklmnprst"
        for second in "aeiou"
        for third in "bdfgklmnprst"
    ]
    large = train_bpe((f"{one} {one}{two}" for one in words for two in words[::29]), 8192)
    assert large.vocab_size > 5000
    large.save(tmp_path / "vocabulary.json")
    start = time.perf_counter()
    Tokenizer.load(tmp_path / "vocabulary.json")
    assert time.perf_counter() - start < 0.2  # about 10 ms on an idle machine
    command = "import sys, pipeline.tokens.tokenizer; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", command], check=False).returncode == 0


def test_a_missing_vocabulary_is_named(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match=r"vocabulary\.json"):
        Tokenizer.load(tmp_path / "vocabulary.json")
    with pytest.raises(BadInput, match="folder"):
        Tokenizer.load(tmp_path)


def refused(path: Path, raw: bytes) -> str:
    path.write_bytes(raw)
    with pytest.raises(BadInput) as caught:
        Tokenizer.load(path)
    assert str(path) in str(caught.value) and "\n" not in str(caught.value)
    return str(caught.value)


BYTE = [base64.b64encode(bytes([byte])).decode() for byte in range(256)]


@pytest.mark.parametrize(
    "change",
    [
        {"format": 2},
        {"format": None},
        {"kind": "pickle"},
        {"kind": ["bytes"]},
        {"name": 5},
        {"name": "x" * 10_000},
        {"splitting": "(a|aa)+$"},
        {"splitting": []},
        {"eot": 0},
        {"eot": -1},
        {"eot": True},
        {"eot": 2**70},
        {"eot": "257"},
        {"tokens": {}},
        {"tokens": []},
        {"tokens": BYTE[:-1]},
        {"tokens": [*BYTE, BYTE[0]]},
        {"tokens": [*BYTE, ""]},
        {"tokens": [*BYTE, "a"]},
        {"tokens": [*BYTE, "é==="]},
        {"tokens": [*BYTE, 7]},
        {"tokens": [*BYTE, ["YQ=="]]},
        {"tokens": [None] * 256},
        {"kind": "characters"},
        {"kind": "characters", "characters": "abca"},
        {"kind": "characters", "characters": 7},
        {"kind": "characters", "characters": "\ud800"},
    ],
    ids=lambda change: json.dumps(change)[:40],
)
def test_a_hostile_vocabulary_is_refused(change: dict[str, object], tmp_path: Path) -> None:
    whole = contents(BPE, tmp_path)
    refused(tmp_path / "vocabulary.json", json.dumps(whole | change).encode())


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\xff\xfe",
        b"[]",
        b"null",
        b"{",
        b"[" * 100_000,
        b'{"format": 1' + b"0" * 5000 + b"}",
        b'"text"',
    ],
)
def test_what_is_no_vocabulary_is_refused(raw: bytes, tmp_path: Path) -> None:
    refused(tmp_path / "vocabulary.json", raw)


def test_an_endless_file_is_refused_unread(tmp_path: Path) -> None:
    with (tmp_path / "vocabulary.json").open("wb") as file:
        file.truncate(1 << 40)  # sparse: it takes no room
    with pytest.raises(BadInput, match="larger than"):
        Tokenizer.load(tmp_path / "vocabulary.json")


json_leaves = (
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8)
)
json_values = st.recursive(
    json_leaves,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4)
    ),
    max_leaves=8,
)


@settings(deadline=None)
@given(
    field=st.sampled_from(["format", "name", "kind", "splitting", "eot", "tokens", "characters"]),
    value=json_values,
    cut=st.none() | st.integers(min_value=0, max_value=6000),
)
def test_a_mangled_vocabulary_loads_or_is_bad_input(
    tmp_path_factory: pytest.TempPathFactory, field: str, value: object, cut: int | None
) -> None:
    folder = tmp_path_factory.mktemp("run")
    raw = json.dumps(contents(BPE, folder) | {field: value}).encode()
    (folder / "vocabulary.json").write_bytes(raw[:cut])
    try:
        loaded = Tokenizer.load(folder / "vocabulary.json")
    except BadInput:
        return
    loaded.decode(loaded.encode("still works"))


@pytest.mark.parametrize("blank", [" ", "\n", "\u00a0", " \n", "\t"])
def test_a_million_blanks_before_a_letter_are_encoded(blank: str) -> None:
    text = "a" + blank * (1_000_000 // len(blank)) + "b"
    tokenizer = train_bpe([text, "some other words"], 300)
    assert tokenizer.decode(tokenizer.encode(text)) == text
    assert tokenizer.decode(tokenizer.encode_batch([text])[0]) == text
