"""The pairs as a dataset to share, `python -m pipeline.export --to DIR`: Parquet, SQuAD or quiz
questions in GIFT, a card, and attribution for every page.
"""

if __name__ == "__main__":
    from pipeline.interrupts import end_silently

    end_silently()

import csv
import io
import json
import re
import shutil
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from pipeline.cli import count_of, parse, run, say
from pipeline.dataset.pairs_file import read_pairs, split
from pipeline.dataset.quiz import QuizItem, quiz_items
from pipeline.dataset.quiz_files import SQUAD_VERSION, gift, squad
from pipeline.errors import BadInput
from pipeline.files import read_bounded, replacing, write_atomically
from pipeline.hub import check_name, push
from pipeline.licences import SHARE_ALIKE, SITE, are_wikipedia, card_licence
from pipeline.questions.languages import base_code, language_of
from pipeline.records import FIELDS, Pair

if TYPE_CHECKING:
    import pyarrow

TAG = "made-with-askwiki"  # in the card: how a later export knows that the folder may be replaced
CARD, ATTRIBUTION, DATA = "README.md", "ATTRIBUTION.csv", "data"
ROWS = 10_000  # written at once
MAX_CARD = 16 << 20  # bytes of the card that an earlier export wrote
MODIFICATION = (
    "The question was written by a program. The answer is text of the page, or a sentence made from"
    " its infobox: shortened, and cleared of references, pronunciation and markup."
)
FORMULA = ("=", "+", "-", "@", "\t", "\r")  # what a spreadsheet takes for the beginning of one

MAKING = """## Columns

- `question`, `answer`: the text to train on.
- `kind`: what is asked for: `definition` (what or who the page's subject is), `facts` (a row of its
  infobox) or `sections` (a section).
- `pageid`, `title`, `url`, `revid`: the page and the revision that was read.
- `licence`: the page's licence. `modification`: how its text was changed.

## How it was made

By AskWiki's `pipeline.fetch` and `pipeline.export`, from the HTML of the pages. Lists,
disambiguation pages and pages that define nothing were left out. The answer to a definition is
the opening of the page's prose, that to a section question the section's; both end with a
sentence and have lost references, pronunciation, notes and markup. The answer to a fact question
is a sentence made from an infobox row. Questions were formed by rules from title, first sentence,
categories and infobox; no language model took part.

About one page in a hundred is held out for validation, chosen by a hash of its title: all its
questions stand in the same split, and stay there as the dataset grows.

What the pages say is given as it stood in the revision named; it was not checked, and rules make
mistakes.
"""


Format = Literal["parquet", "squad", "gift"]
SUFFIXES: dict[Format, str] = {"parquet": "parquet", "squad": "json", "gift": "gift"}


@dataclass(frozen=True, slots=True, kw_only=True)
class DatasetOptions:
    """Write the pairs of a cache as a folder to share."""

    to: Path
    """The folder to write: a new or empty one, or one that an earlier export wrote."""
    cache: Path = Path("cache")
    """The folder that pipeline.fetch filled."""
    format: Format = "parquet"
    """parquet: all pairs, for datasets.load_dataset; squad: all pairs, answers as spans of a text;
    gift: multiple choice from facts, for learning platforms.
    """
    push: str = ""
    """Also put the folder up on the Hugging Face Hub, as ORGANISATION/NAME."""


# What --help shows: all, where it goes first.
COMMON_OPTIONS = {"what is written": ("to", "format", "cache"), "sharing it": ("push",)}


def main() -> None:
    """Write the dataset and say what it holds."""
    options = parse(DatasetOptions, prog="python -m pipeline.export", common=COMMON_OPTIONS)
    if options.format == "parquet":
        check_parquet()
    if options.push:
        check_name(options.push)
    check_target(options.to)
    pairs = read_pairs(options.cache / "pairs.jsonl")
    splits = export(pairs, options.to.resolve(), options.format)
    held = ", ".join(f"{len(part):,} {name}" for name, part in splits.items())
    count = sum(map(len, splits.values()))
    say(f"{options.to}: {count_of(count, 'pair')} ({held}); {_how_to_use(options)}")
    if options.push:
        say(f"pushed to {push(options.to, options.push, 'dataset')}")


def _how_to_use(options: DatasetOptions) -> str:
    if options.format == "parquet":
        return f"load them with datasets.load_dataset({str(options.to)!r})"
    if options.format == "squad":
        return f"{options.to / DATA} holds them as SQuAD {SQUAD_VERSION}"
    files = options.to / DATA
    return f"a quiz was made of them: import the .gift files in {files} into a question bank"


def check_parquet() -> None:
    """Raises BadInput that says what to install where pyarrow is missing."""
    try:
        import pyarrow.parquet  # noqa: F401
    except ImportError:
        raise BadInput(
            "the export writes Parquet with pyarrow, which is not installed: make extras, or pip"
            " install pyarrow"
        ) from None


def check_target(target: Path) -> None:
    """Raises BadInput unless target is new, empty, or holds an earlier export and nothing else."""
    if not target.exists() and not target.is_symlink():
        return
    if not target.is_dir() or target.is_symlink():
        raise BadInput(f"{target} is no folder: choose another --to")
    files = {
        f"{DATA}/{name}.{suffix}"
        for name in ("train", "validation")
        for suffix in SUFFIXES.values()
    }
    ours = {CARD, ATTRIBUTION, DATA, *files}
    # any() stops at the first file that is not ours, however large the folder is.
    foreign = any(path.relative_to(target).as_posix() not in ours for path in target.rglob("*"))
    if foreign or (any(target.iterdir()) and not _is_our_card(target / CARD)):
        raise BadInput(
            f"{target} holds files that no export wrote: choose another --to, or an empty folder"
        )


def _is_our_card(path: Path) -> bool:
    return (
        path.is_file()
        and TAG in read_bounded(path, MAX_CARD).decode(errors="replace").split("\n---\n")[0]
    )


def _why_no_quiz(pairs: Iterable[Pair]) -> str:
    """What the pairs lack for a quiz, and what to do about it."""
    if any(pair.kind == "facts" for pair in pairs):
        return "these are of too few pages to choose wrong answers from: fetch more pages"
    return "there are none: add --kinds definition facts to the command that fetched the pages"


def export(pairs: Sequence[Pair], target: Path, form: Format = "parquet") -> dict[str, list[Pair]]:
    """Write the dataset beside target and put it there whole; the pairs by split, without a split
    that would be empty. Raises BadInput where a quiz is wanted and no pair is a fact.
    """
    items = list(quiz_items(pairs)) if form == "gift" else []
    if form == "gift" and not items:
        raise BadInput(f"a quiz is made of facts, and {_why_no_quiz(pairs)}")
    if form == "gift":
        asked = {item.pair for item in items}
        pairs = [pair for pair in pairs if pair in asked]
    train, validation = split(pairs)
    splits = {name: part for name, part in (("train", train), ("validation", validation)) if part}
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(
        dir=target.parent, prefix=f".{target.name}.", ignore_cleanup_errors=True
    ) as scratch:
        new = Path(scratch) / "new"
        (new / DATA).mkdir(parents=True)
        for name, part in splits.items():
            path = new / DATA / f"{name}.{SUFFIXES[form]}"
            if form == "gift":
                write_gift(path, items, part)
            elif form == "squad":
                text = json.dumps(squad(part), ensure_ascii=False)
                write_atomically(path, text.encode("utf-8", "replace"))
            else:
                write_parquet(path, part)
        write_atomically(new / ATTRIBUTION, attribution(pairs).encode("utf-8", "replace"))
        write_atomically(new / CARD, card(splits, form).encode("utf-8", "replace"))
        _put(new, target, aside=Path(scratch) / "old")
    return splits


def _put(new: Path, target: Path, *, aside: Path) -> None:
    """Give new the name target; an earlier export steps aside, and back again if that fails."""
    if not target.exists():
        new.rename(target)
        return
    target.rename(aside)
    try:
        new.rename(target)
    # however it failed: the scratch folder, and what stepped aside in it, is about to be removed
    finally:
        if not target.exists():
            aside.rename(target)
    shutil.rmtree(aside, ignore_errors=True)


def write_gift(path: Path, items: Iterable[QuizItem], pairs: Sequence[Pair]) -> None:
    """The items that were made from these pairs; their wrong options are from all pairs."""
    held = set(pairs)
    with replacing(path) as file:
        for text in gift(item for item in items if item.pair in held):
            file.write(text.encode("utf-8", "replace"))


def write_parquet(path: Path, pairs: Iterable[Pair]) -> None:
    """The pairs as Parquet, a column a field and `modification`, which says how the page's text was
    changed.
    """
    import pyarrow
    from pyarrow import parquet

    columns = [
        (name, pyarrow.int64() if kind is int else pyarrow.string())
        for name, kind in FIELDS.items()
    ]
    schema = pyarrow.schema([*columns, ("modification", pyarrow.string())])
    rest = iter(pairs)
    with replacing(path) as file, parquet.ParquetWriter(file, schema, compression="zstd") as writer:
        while part := list(islice(rest, ROWS)):
            writer.write_table(_table(part, schema))


def _table(pairs: Sequence[Pair], schema: "pyarrow.Schema") -> "pyarrow.Table":
    import pyarrow

    columns = {name: [getattr(pair, name) for pair in pairs] for name in FIELDS}
    return pyarrow.table(columns | {"modification": [MODIFICATION] * len(pairs)}, schema=schema)


def attribution(pairs: Iterable[Pair]) -> str:
    """A CSV table with a line for every page: what CC BY-SA asks those who share to tell."""
    text = io.StringIO()
    table = csv.writer(text, lineterminator="\n")
    table.writerow(["pageid", "title", "url", "revid", "revision_url", "licence", "modification"])
    for pair in first_of_pages(pairs):
        table.writerow(
            [
                pair.pageid,
                defused(pair.title),
                defused(pair.url),
                pair.revid,
                defused(revision_url(pair)),
                defused(pair.licence),
                MODIFICATION,
            ]
        )
    return text.getvalue()


def defused(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula (https://owasp.org/www-community/attacks/
    CSV_Injection).
    """
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def first_of_pages(pairs: Iterable[Pair]) -> list[Pair]:
    """One pair of every page, in their order; pages of two wikis may share a number."""
    pages: dict[tuple[str, int], Pair] = {}
    for pair in pairs:
        pages.setdefault((pair.url, pair.pageid), pair)
    return list(pages.values())


def revision_url(pair: Pair) -> str:
    """The address of the very revision that was read, on a wiki; the page's address where it has no
    revision.
    """
    if not pair.revid or not pair.url.startswith(("http://", "https://")):
        return pair.url
    address = pair.url.partition("#")[0]
    return f"{address}{'&' if '?' in address else '?'}oldid={pair.revid}"


def card(splits: dict[str, list[Pair]], form: Format = "parquet") -> str:
    """The README of the dataset: YAML that the datasets library reads, then prose for people."""
    import yaml

    pairs = [pair for part in splits.values() for pair in part]
    head = yaml.safe_dump(
        front_matter(splits, licences(pairs), form), sort_keys=False, allow_unicode=True
    )
    return f"---\n{head}---\n\n{prose(splits, pairs)}"


def front_matter(
    splits: dict[str, list[Pair]], page_licences: dict[str, int], form: Format = "parquet"
) -> dict[str, object]:
    """The card's YAML: licence, language, size and which file is which split."""
    wikipedia = are_wikipedia(pair.url for part in splits.values() for pair in part)
    languages = {base_code(pair.lang) or pair.lang for part in splits.values() for pair in part}
    return {
        "pretty_name": "Questions and answers from wiki pages",
        **card_licence(page_licences),
        "language": sorted(languages),
        "task_categories": ["question-answering", "text-generation"],
        "size_categories": [size_category(sum(map(len, splits.values())))],
        "tags": [*(["wikipedia"] if wikipedia else []), TAG],
        "configs": [
            {
                "config_name": "default",
                "data_files": [
                    {"split": name, "path": f"{DATA}/{name}.{SUFFIXES[form]}"} for name in splits
                ],
            }
        ],
    }


def size_category(count: int) -> str:
    """The size as the datasets hub writes it: "1K<n<10K"."""
    marks = [
        (1_000, "1K"),
        (10_000, "10K"),
        (100_000, "100K"),
        (1_000_000, "1M"),
        (10_000_000, "10M"),
        (100_000_000, "100M"),
    ]
    below = [name for bound, name in marks if count >= bound]
    above = [name for bound, name in marks if count < bound]
    if not below:
        return f"n<{above[0]}"
    return f"{below[-1]}<n<{above[0]}" if above else f"n>{below[-1]}"


def licences(pairs: Iterable[Pair]) -> dict[str, int]:
    """How many pages have which licence, the most frequent first."""
    return dict(Counter(pair.licence for pair in first_of_pages(pairs)).most_common())


def prose(splits: dict[str, list[Pair]], pairs: Sequence[Pair]) -> str:
    """What the dataset is, how it was made, and whose text it is."""
    pages = first_of_pages(pairs)
    addresses = (SITE.match(pair.url) for pair in pages)
    sites = Counter(site[1] if site else "saved files" for site in addresses)
    kinds = Counter(pair.kind for pair in pairs)
    codes = sorted({code for pair in pairs if (code := base_code(pair.lang))})
    written_in = ", ".join(language_of(code).name for code in codes)
    return f"""# Questions and answers from wiki pages

{len(pairs):,} questions with their answers, in {written_in}, made from
{len(pages):,} pages of {_listed(sites)}.

| split | pairs | pages |
|---|---:|---:|
{_rows((name, len(part), len(first_of_pages(part))) for name, part in splits.items())}

| kind | pairs |
|---|---:|
{_rows(kinds.most_common())}

{MAKING}
## Licence and attribution

The text was written by the contributors of the pages and is shared under the licence of each page:

| licence | pages |
|---|---:|
{_rows(licences(pairs).items())}

It was modified: {MODIFICATION[0].lower()}{MODIFICATION[1:]}
`ATTRIBUTION.csv` names every page with its address, revision and licence; the page's history there
names its authors. {_terms(pairs)}
"""


def _terms(pairs: Iterable[Pair]) -> str:
    if all(SHARE_ALIKE.fullmatch(name) for name in licences(pairs)):
        return (
            "Whoever shares this dataset, or a part of it, passes this attribution on and shares it"
            " under [CC BY-SA 4.0](https://creativecommons.org/licenses/by-sa/4.0/) too."
        )
    return (
        "Not all pages are under a Creative Commons share-alike licence: look at the column"
        " `licence` before sharing any."
    )


def _listed(counts: Counter[str], most: int = 5) -> str:
    names = [name for name, _ in counts.most_common(most)]
    return ", ".join(names) + (
        f" and {len(counts) - most} other sites" if len(counts) > most else ""
    )


def _rows(rows: Iterable[Sequence[object]]) -> str:
    """Lines of a Markdown table; numbers with separators, no cell breaks out of it."""
    cells = (
        [
            f"{cell:,}" if isinstance(cell, int) else re.sub(r"[|\s<>`]+", " ", str(cell)).strip()
            for cell in row
        ]
        for row in rows
    )
    return "\n".join(f"| {' | '.join(row)} |" for row in cells)


if __name__ == "__main__":
    run(main)
