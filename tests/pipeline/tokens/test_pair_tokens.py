"""The tokens of a file of pairs are those of its pairs, whatever stretches they were made in, and
are made once.
"""

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokens_in_memory import tokens_of

from pipeline.dataset.pairs_file import title_place, write_pairs
from pipeline.errors import BadInput
from pipeline.questions.phrasings import phrasings
from pipeline.records import Pair
from pipeline.tokens import pair_tokens
from pipeline.tokens.pair_tokens import ByteRange, byte_ranges, open_pairs, open_tokens
from pipeline.tokens.tokenizer import Tokenizer, train_bpe


def pair(number: int, kind: str = "definition") -> Pair:
    title = f"Łake {number}"
    return Pair(
        pageid=number,
        title=title,
        kind=kind,
        question=f"What is {title}?",
        revid=1,
        url="https://w.org/x",
        licence="CC BY-SA 4.0",
        answer=f"{title} is a lake {number} km wide. " * (1 + number % 5),
    )


PAIRS = [pair(n, "facts" if n % 3 else "definition") for n in range(300)]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    write_pairs(tmp_path / "pairs.jsonl", PAIRS)
    return tmp_path / "pairs.jsonl"


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    return train_bpe((p.answer for p in PAIRS), 300)


@pytest.mark.parametrize("part", [100, 1000, 1 << 20])
def test_every_pair_is_there_once_with_all_its_phrasings(
    part: int, path: Path, tokenizer: Tokenizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pair_tokens, "RANGE_BYTES", part)
    monkeypatch.setattr(pair_tokens, "cores", lambda path: 1)
    file = open_pairs(path, path.parent / "tokens")
    assert (
        list(file) == PAIRS
        and file[7] == PAIRS[7]
        and list(file[np.array([5, 2])]) == [PAIRS[5], PAIRS[2]]
    )
    assert file.entries["place"].tolist() == [title_place(p.title) for p in PAIRS]
    assert file.entries["definition"].tolist() == [p.kind == "definition" for p in PAIRS]
    found = open_tokens(file, tokenizer, path.parent / "tokens")
    for number, each in enumerate(PAIRS):
        forms = phrasings(each.question, each.title)
        assert [
            tokenizer.decode(found.question(number, form).tolist()) for form in range(len(forms))
        ] == list(forms)
        assert tokenizer.decode(found.answer(number).tolist()) == each.answer


def test_processes_make_what_one_makes(
    path: Path, tokenizer: Tokenizer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pair_tokens, "RANGE_BYTES", 10_000)
    made = []
    for count in (1, 2):
        monkeypatch.setattr(pair_tokens, "cores", lambda path, count=count: count)
        folder = path.parent / f"by-{count}"
        tokens = open_tokens(open_pairs(path, folder), tokenizer, folder)
        made.append(
            (
                tokens.ids[:].tolist(),
                tokens.lengths.tolist(),
                tokens.starts.tolist(),
                tokens.first_piece.tolist(),
            )
        )
    assert made[0] == made[1]


def test_in_memory_or_mapped_the_tokens_and_their_lengths_are_the_same(
    path: Path, tokenizer: Tokenizer
) -> None:
    mapped = open_tokens(
        open_pairs(path, path.parent / "tokens"), tokenizer, path.parent / "tokens"
    )
    few = tokens_of(PAIRS, tokenizer)
    every = np.arange(len(PAIRS))
    for tokens in (mapped, few):
        forms = tokens.phrasing_counts(every)
        assert forms.tolist() == [len(phrasings(p.question, p.title)) for p in PAIRS]
        assert tokens.question_lengths(every, forms - 1).tolist() == [
            len(tokens.question(i, int(forms[i]) - 1)) for i in range(len(PAIRS))
        ]
        assert tokens.answer_lengths(every).tolist() == [
            len(tokens.answer(i)) for i in range(len(PAIRS))
        ]
    assert mapped.ids[:].tolist() == few.ids[:].tolist()


def test_nothing_is_made_twice_until_the_pairs_change_and_the_old_goes(
    path: Path, tokenizer: Tokenizer
) -> None:
    folder = path.parent / "tokens"

    def opened() -> dict[str, int]:
        file = open_pairs(path, folder)
        open_tokens(file, tokenizer, folder)
        return {
            each.name: each.stat().st_mtime_ns
            for each in folder.iterdir()
            if not each.name.endswith(".lock")
        }

    first = opened()
    assert opened() == first
    write_pairs(path, PAIRS[:10])
    second = opened()
    assert (
        len(open_pairs(path, folder)) == 10
        and not set(first) & set(second)
        and len(first) == len(second)
    )


def test_damaged_files_are_made_again(path: Path, tokenizer: Tokenizer) -> None:
    folder = path.parent / "tokens"
    whole = open_tokens(open_pairs(path, folder), tokenizer, folder).ids[:].tolist()
    for damaged in [*folder.glob("*.ids"), *folder.glob("*-index.json"), *folder.glob("*.pieces")]:
        damaged.write_bytes(damaged.read_bytes()[:-3])
        assert open_tokens(open_pairs(path, folder), tokenizer, folder).ids[:].tolist() == whole


def test_pairs_stay_what_they_were_when_the_file_is_replaced(path: Path) -> None:
    file = open_pairs(path, path.parent / "tokens")
    write_pairs(path, [pair(999)])
    assert list(file) == PAIRS


@pytest.mark.parametrize(
    ("content", "told"),
    [(None, "missing"), (b"", "no pairs"), (b"\n \n", "no pairs"), (b"\n{}\n", "pairs.jsonl:2")],
)
def test_a_file_without_pairs_or_with_a_broken_one_is_named(
    content: bytes | None, told: str, tmp_path: Path
) -> None:
    if content is not None:
        (tmp_path / "pairs.jsonl").write_bytes(content)
    with pytest.raises(BadInput, match=told):
        open_pairs(tmp_path / "pairs.jsonl", tmp_path / "tokens")


def test_a_broken_line_far_down_is_named_by_its_number(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pair_tokens, "RANGE_BYTES", 1000)
    monkeypatch.setattr(pair_tokens, "cores", lambda path: 1)
    lines = path.read_bytes().splitlines(keepends=True)
    lines[250] = json.dumps({"title": "no pair"}).encode() + b"\n"
    path.write_bytes(b"".join(lines))
    with pytest.raises(BadInput, match=r"pairs\.jsonl:251"):
        open_pairs(path, path.parent / "tokens")


@given(
    lines=st.lists(
        st.binary(max_size=12).map(lambda line: line.replace(b"\n", b"") + b"\n"), max_size=30
    ),
    part=st.integers(1, 40),
)
def test_stretches_give_every_line_once(
    lines: list[bytes], part: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.mktemp("lines") / "f"
    path.write_bytes(b"".join(lines))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pair_tokens, "RANGE_BYTES", part)
        found = [line for each in byte_ranges(path) for _, line in each.lines()]
    assert found == [line for line in lines if not line.isspace()]
    whole = ByteRange(path=path, start=0, stop=path.stat().st_size)
    assert all(path.read_bytes()[at:].startswith(line) for at, line in whole.lines())
