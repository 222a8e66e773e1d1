"""Settings in layers: what is written comes back, what is wrong is named with its place."""

import json
import time
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.config import GPTConfig, OptimConfig
from model.settings import MAX_FILE, load_yaml, merge, preset_names, read_preset, to_dict


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    rate: float = 0.1
    kind: Literal["a", "b"] = "a"


@dataclass(frozen=True, slots=True, kw_only=True)
class Whole:
    part: Part = field(default_factory=Part)
    count: int = 1
    on: bool = False
    place: Path | None = None
    files: tuple[Path, ...] = ()
    name: str = "x"


def test_later_layers_have_the_last_word_and_leave_the_rest() -> None:
    found = merge(
        merge(Whole(), {"count": 2, "part": {"rate": 1}}),
        {"part": {"kind": "b"}, "place": "here", "files": ["a", "b"]},
    )
    assert found == Whole(
        part=Part(rate=1.0, kind="b"), count=2, place=Path("here"), files=(Path("a"), Path("b"))
    )
    assert merge(found, {"place": None}).place is None


@pytest.mark.parametrize(
    ("layer", "named"),
    [
        ({"part": {"rate": "fast"}}, "part.rate"),
        ({"part": {"kind": "c"}}, "part.kind"),
        ({"part": {"kind": ["a"]}}, "part.kind"),
        ({"part": 3}, "part"),
        ({"part": {"none": 1}}, "part.none"),
        ({"count": 1.5}, "count"),
        ({"count": True}, "count"),
        ({"on": 1}, "on"),
        ({"on": "yes"}, "on"),
        ({"files": "a"}, "files"),
        ({"files": [1]}, "files"),
        ({"name": None}, "name"),
        ({"part": {"rate": 10**400}}, "part.rate"),
        ({"part": {"rate": None}}, "part.rate"),
        ({None: 1}, "None"),
        ({"place": []}, "place"),
    ],
)
def test_what_is_wrong_is_named_with_its_place(layer: dict[str, object], named: str) -> None:
    with pytest.raises(ValueError, match=named.replace(".", r"\.")) as error:
        merge(Whole(), layer)
    assert "\n" not in str(error.value)


def test_a_range_is_checked_with_its_place() -> None:
    tiny = GPTConfig(vocab_size=1, layers=1, heads=1, width=2, mlp_width=1)
    with pytest.raises(ValueError, match="dropout"):
        merge(tiny, {"dropout": 2})


def test_yaml_s_powers_of_ten_are_numbers() -> None:
    assert merge(OptimConfig(), {"lr": "3e-4"}).lr == 3e-4


def test_settings_come_back_from_json() -> None:
    whole = Whole(part=Part(rate=0.3), place=Path("a/b"), files=(Path("c"),))
    assert merge(Whole(), json.loads(json.dumps(to_dict(whole)))) == whole


@given(st.binary(max_size=200))
def test_no_file_ends_in_anything_but_settings_or_one_line(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    path = tmp_path_factory.mktemp("settings") / "run.yaml"
    path.write_bytes(content)
    try:
        merge(Whole(), load_yaml(path))
    except ValueError as error:
        assert "\n" not in str(error)


@pytest.mark.parametrize(
    "content",
    [
        "",
        "3",
        "[1]",
        "a: [",
        "a: 2001-99-99",
        "!!python/object:os.system {}",
        "\x00",
        "a: " + "[" * 5000,
        "x" * (MAX_FILE + 1),
    ],
)
def test_a_file_that_holds_no_settings_is_named(tmp_path: Path, content: str) -> None:
    (tmp_path / "run.yaml").write_text(content)
    with pytest.raises(ValueError, match=r"run\.yaml"):
        load_yaml(tmp_path / "run.yaml")
    with pytest.raises(ValueError, match="cannot be read"):
        load_yaml(tmp_path / "none.yaml")
    with pytest.raises(ValueError, match="cannot be read"):
        load_yaml(tmp_path)


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="there is no file without end")
def test_a_file_that_never_ends_is_refused() -> None:
    with pytest.raises(ValueError, match="device"):
        load_yaml(Path("/dev/zero"))


def test_an_unknown_preset_is_answered_with_those_there_are() -> None:
    with pytest.raises(
        ValueError, match="article-dynamo, article-gpt, char-attention, gpty2-wiki, janelm"
    ):
        read_preset("../config")
    assert len(preset_names()) == 5


ALIASES = {
    "lists of lists": "a: &a [x,x,x,x,x,x,x,x,x]\n"
    + "".join(
        f"{name}: &{name} [{','.join([f'*{before}'] * 9)}]\n"
        for before, name in pairwise("abcdefghi")
    ),
    "merge keys": "a: &a {x: 1}\n"
    + "".join(
        f"{name}: &{name} {{<<: [{','.join([f'*{before}'] * 12)}]}}\n"
        for before, name in pairwise("abcdefghi")
    ),
    "a list within itself": "a: &a [*a]\n",
}


@pytest.mark.parametrize("kind", ALIASES)
def test_settings_are_written_out_so_that_few_bytes_never_stand_for_many(
    kind: str, tmp_path: Path
) -> None:
    (tmp_path / "run.yaml").write_text(ALIASES[kind])
    started = time.process_time()
    with pytest.raises(ValueError, match="aliases"):
        load_yaml(tmp_path / "run.yaml")
    assert time.process_time() - started < 1


def test_a_block_whose_tables_would_fill_the_memory_is_no_setting() -> None:
    sizes = {"vocab_size": 9, "layers": 1, "heads": 1, "width": 64, "mlp_width": 64}
    with pytest.raises(ValueError, match="block_size must be at most 524,288"):
        GPTConfig(**sizes, block_size=4_000_000)  # type: ignore[arg-type]
