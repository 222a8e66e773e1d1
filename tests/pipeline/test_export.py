"""An exported folder loads with no other argument, credits every page, and never takes the place of
what it did not write.
"""

import csv
import io
import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Literal, cast

import programs
import pytest
import yaml

from pipeline import export as exporting
from pipeline.dataset.pairs_file import split, write_pairs
from pipeline.errors import BadInput
from pipeline.export import (
    attribution,
    card,
    check_parquet,
    check_target,
    export,
    front_matter,
    licences,
    revision_url,
    size_category,
)
from pipeline.records import FIELDS, Pair

ADA = Pair(
    pageid=1,
    title="Ada Lovelace",
    kind="definition",
    question="Who is Ada Lovelace?",
    answer="Ada Lovelace was a “mathematician”, née Byron.",
    url="https://en.wikipedia.org/wiki/Ada_Lovelace",
    revid=7,
    licence="CC BY-SA 4.0",
)
PAIRS = [
    replace(
        ADA,
        pageid=number,
        title=f"Page {number}",
        kind=kind,
        url=f"https://en.wikipedia.org/wiki/Page_{number}",
        revid=number + 100,
    )
    for number in range(1, 301)
    for kind in ("definition", "facts")
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    pytest.importorskip("pyarrow", reason="needs pyarrow: pip install pyarrow")
    export(PAIRS, tmp_path / "dataset")
    return tmp_path / "dataset"


def command(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return programs.run(["-m", "pipeline.export", *arguments], env=os.environ | environment)


def test_the_folder_loads_offline_with_no_other_argument(folder: Path, tmp_path: Path) -> None:
    pytest.importorskip("datasets", reason="needs datasets: pip install datasets")
    program = (
        "import datasets, json, sys; found = datasets.load_dataset(sys.argv[1]); "
        "print(json.dumps([{name: len(part) for name, part in found.items()}, found['train'][0]]))"
    )
    ended = subprocess.run(
        [sys.executable, "-c", program, str(folder)],
        capture_output=True,
        text=True,
        check=False,
        env=os.environ
        | {
            "HF_HOME": str(tmp_path / "home"),
            "HF_HUB_OFFLINE": "1",
            "HF_DATASETS_OFFLINE": "1",
        },
    )
    assert ended.returncode == 0, ended.stderr[-2000:]
    sizes, first = yaml.safe_load(ended.stdout)
    train, validation = split(PAIRS)
    assert sizes == {"train": len(train), "validation": len(validation)}
    assert (first["pageid"], first["answer"], first["url"]) == (
        train[0].pageid,
        train[0].answer,
        train[0].url,
    )


def test_every_field_and_the_modification_are_columns(folder: Path) -> None:
    from pyarrow import parquet

    table = parquet.read_table(folder / "data" / "train.parquet")
    assert table.column_names == [*FIELDS, "modification"]
    train, _ = split(PAIRS)
    assert [row["question"] + str(row["revid"]) for row in table.to_pylist()] == [
        pair.question + str(pair.revid) for pair in train
    ]
    assert all("shortened" in row["modification"] for row in table.to_pylist())


def test_every_page_is_credited_once(folder: Path) -> None:
    with (folder / "ATTRIBUTION.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [row["title"] for row in rows] == [f"Page {number}" for number in range(1, 301)]
    assert rows[0] | {"modification": ""} == {
        "pageid": "1",
        "title": "Page 1",
        "url": "https://en.wikipedia.org/wiki/Page_1",
        "revid": "101",
        "revision_url": "https://en.wikipedia.org/wiki/Page_1?oldid=101",
        "licence": "CC BY-SA 4.0",
        "modification": "",
    }
    assert all(row["modification"] for row in rows)


def test_the_card_tells_licence_language_size_and_counts(folder: Path) -> None:
    text = (folder / "README.md").read_text(encoding="utf-8")
    head = yaml.safe_load(text.split("---\n")[1])
    assert (head["license"], head["language"], head["size_categories"]) == (
        "cc-by-sa-4.0",
        ["en"],
        ["n<1K"],
    )
    assert (
        "600 questions" in text
        and "300 pages of en.wikipedia.org" in text
        and "| definition | 300 |" in text
    )


def test_pages_under_other_licences_are_not_passed_off_as_share_alike() -> None:
    one_page = {"train": [ADA]}
    assert (
        front_matter(one_page, licences([replace(ADA, licence="CC BY-SA 3.0")]))["license"]
        == "cc-by-sa-4.0"
    )
    for licence in ("All rights reserved", "unknown", "CC BY-NC-SA 4.0", "CC BY-SA 1.0"):
        assert (
            front_matter(one_page, licences([ADA, replace(ADA, pageid=9, licence=licence)]))[
                "license"
            ]
            == "other"
        )


def test_the_card_names_the_language_of_the_pairs() -> None:
    spanish = replace(ADA, lang="es", question="¿Quién es Ada Lovelace?")
    assert front_matter({"train": [spanish]}, {})["language"] == ["es"]
    assert "in español, made from" in card({"train": [spanish]})


def test_nothing_in_a_pair_breaks_the_card() -> None:
    hostile = replace(
        ADA,
        licence="| x |\n---\n# Heading <script>",
        kind="a|b\nc",
        url="https://[bad",
        title="---\n",
    )
    text = card({"train": [hostile]})
    assert "<script>" not in text and "\n# Heading" not in text
    assert text.split("\n---\n")[0].count("---") == 1


def test_the_contact_address_stays_out_of_the_export(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow", reason="needs pyarrow: pip install pyarrow")
    cache, target = tmp_path / "cache", tmp_path / "dataset"
    write_pairs(cache / "pairs.jsonl", PAIRS[:4])
    (cache / "contact").write_text("me@mine.example")
    ended = command("--cache", str(cache), "--to", str(target), ASKWIKI_CONTACT="me@mine.example")
    assert ended.returncode == 0, ended.stderr
    assert not any(
        b"mine.example" in path.read_bytes() for path in target.rglob("*") if path.is_file()
    )


def test_the_same_pairs_give_the_same_bytes_and_an_earlier_export_is_replaced(folder: Path) -> None:
    def files() -> dict[str, bytes]:
        return {path.name: path.read_bytes() for path in folder.rglob("*") if path.is_file()}

    before = files()
    check_target(folder)
    export(PAIRS[:100], folder)
    assert files() != before
    export(PAIRS, folder)
    assert files() == before
    assert [path.name for path in folder.parent.iterdir()] == ["dataset"]


def test_a_folder_of_something_else_is_refused(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "notes").mkdir()
    check_target(tmp_path / "notes")
    (tmp_path / "notes" / "README.md").write_text(
        "my notes on made-with-askwiki\n---\nmade-with-askwiki"
    )
    (tmp_path / "file").touch()
    (tmp_path / "link").symlink_to(folder)
    for path in (tmp_path / "file", tmp_path / "link", tmp_path):
        with pytest.raises(BadInput, match="choose another --to"):
            check_target(path)
    (folder / "data" / "mine.txt").touch()
    with pytest.raises(BadInput, match="no export wrote"):
        check_target(folder)


@pytest.mark.parametrize("interrupt", [KeyboardInterrupt, OSError])
def test_an_export_that_fails_leaves_the_earlier_one(
    folder: Path, monkeypatch: pytest.MonkeyPatch, interrupt: type[BaseException]
) -> None:
    before = (folder / "README.md").read_bytes()

    def broken(*_: object) -> str:
        raise interrupt

    monkeypatch.setattr(exporting, "card", broken)
    with pytest.raises(interrupt):
        export(PAIRS[:10], folder)
    assert (folder / "README.md").read_bytes() == before
    assert [path.name for path in folder.parent.iterdir()] == ["dataset"]


def test_a_rename_that_fails_puts_the_earlier_export_back(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rename = Path.rename
    outcomes: Iterator[bool] = iter([True, False, True])

    def sometimes(path: Path, target: Path) -> Path:
        if not next(outcomes):
            raise KeyboardInterrupt
        return rename(path, target)

    monkeypatch.setattr(Path, "rename", sometimes)
    with pytest.raises(KeyboardInterrupt):
        export(PAIRS[:10], folder)
    assert (folder / "data" / "train.parquet").is_file()


def test_one_page_gives_a_train_split_alone(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow", reason="needs pyarrow: pip install pyarrow")
    assert list(export([ADA], tmp_path / "dataset")) == ["train"]
    assert "validation.parquet" not in (tmp_path / "dataset" / "README.md").read_text()
    assert not (tmp_path / "dataset" / "data" / "validation.parquet").exists()


def test_without_pyarrow_one_line_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    monkeypatch.delitem(sys.modules, "pyarrow.parquet", raising=False)
    with pytest.raises(BadInput, match="pip install pyarrow"):
        check_parquet()


def test_wrong_input_is_one_line(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow", reason="needs pyarrow: pip install pyarrow")
    (tmp_path / "something").mkdir()
    for arguments in (
        [],
        ["--to", str(tmp_path)],
        ["--to", str(tmp_path / "new"), "--cache", str(tmp_path / "none")],
    ):
        ended = command(*arguments)
        assert (ended.returncode, ended.stdout, ended.stderr.count("\n")) == (2, "", 1)
    assert not (tmp_path / "new").exists()


def test_sizes_are_written_as_the_hub_writes_them() -> None:
    assert [size_category(count) for count in (1, 999, 1000, 99_999, 3_000_000, 10**9)] == [
        "n<1K",
        "n<1K",
        "1K<n<10K",
        "10K<n<100K",
        "1M<n<10M",
        "n>100M",
    ]


def test_a_revision_has_an_address_where_there_is_one() -> None:
    assert (
        revision_url(replace(ADA, url="https://x.org/w/index.php?title=A#b"))
        == "https://x.org/w/index.php?title=A&oldid=7"
    )
    assert revision_url(replace(ADA, revid=0)) == ADA.url
    assert revision_url(replace(ADA, url="saved/Ada.html")) == "saved/Ada.html"


def born(number: int) -> Pair:
    """A fact that a quiz can be made of."""
    name = f"Tom {number}"
    return replace(
        ADA,
        pageid=number,
        title=name,
        kind="facts",
        question=f"When was {name} born?",
        answer=f"{name} was born on 5 June {1700 + number}.",
    )


def test_no_quiz_is_made_of_definitions_alone(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="--kinds definition facts"):
        export([ADA], tmp_path / "set", "gift")
    with pytest.raises(BadInput, match="fetch more pages"):
        export([born(1)], tmp_path / "set", "gift")
    assert not (tmp_path / "set").exists()


@pytest.mark.parametrize(("form", "suffix"), [("squad", "json"), ("gift", "gift")])
def test_other_forms_are_written_beside_card_and_attribution(
    form: Literal["squad", "gift"], suffix: str, tmp_path: Path
) -> None:
    pairs = [born(number) for number in range(300)]
    splits = export(pairs, tmp_path / "set", form)
    files = (tmp_path / "set" / "data").iterdir()
    assert all(file.stat().st_size for file in files)
    written = {path.name for path in (tmp_path / "set" / "data").iterdir()}
    assert written == {f"{name}.{suffix}" for name in splits}
    assert f"data/train.{suffix}" in (tmp_path / "set" / "README.md").read_text(encoding="utf-8")
    check_target(tmp_path / "set")  # may be replaced by a later export


@pytest.mark.parametrize("title", ["=1+1", "+44", "-ism", "@home", "\tTab"])
def test_no_title_is_a_formula_in_the_table_of_pages(title: str) -> None:
    (_, row) = csv.reader(io.StringIO(attribution([replace(PAIRS[0], title=title)])))
    assert row[1] == f"'{title}"


def test_only_pages_of_wikipedia_are_tagged_so() -> None:
    pair = replace(PAIRS[0], url="https://wikipedia.org.example.org/wiki/Loom", licence="MIT")
    head = front_matter({"train": [pair]}, {"MIT": 1})
    assert head["license"] == "other" and "wikipedia" not in cast(list[str], head["tags"])
