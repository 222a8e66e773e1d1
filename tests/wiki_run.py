"""A run that has read some pages of a wiki and can read on: fetched, and trained for seconds."""

from collections.abc import Sequence
from pathlib import Path

import programs
from conftest import TinyWiki

LEADS = {
    "Ada Lovelace": "was a mathematician.",
    "Axolotl": "is a salamander.",
    "Bicycle": "is a vehicle of two wheels.",
    "Chalk": "is a soft stone.",
    "Emu": "is a large bird of Australia.",
    "Kurt Gödel": "was a logician.",
}
READ = ("Ada Lovelace", "Axolotl", "Bicycle", "Chalk")
TINY = (
    *("--layers", "2", "--heads", "2", "--width", "64", "--mlp-width", "128"),
    *("--vocab-size", "400", "--held-out", "0", "--epochs", "24", "--batch-tokens", "128"),
    *("--recall-sample", "4", "--device", "cpu", "--compute", "float32"),
)


def fill(wiki: TinyWiki) -> None:
    """Put the pages of LEADS into a wiki."""
    wiki.pages = {title: number for number, title in enumerate(LEADS, 1)}
    wiki.texts = {title: f"<p><b>{title}</b> {lead}</p>" for title, lead in LEADS.items()}


def make_wiki_run(folder: Path, site: str, titles: Sequence[str] = READ) -> Path:
    """A run in `folder` that was trained on these pages of a wiki."""
    names = folder / "titles.txt"
    names.write_text("".join(f"{title}\n" for title in titles), encoding="utf-8")
    cache, run = folder / "cache", folder / "run"
    asks = ("--site", site, "--contact", "tests@askwiki.org", "--titles", names, "--cache", cache)
    fetched = programs.run(["-m", "pipeline.fetch", *asks])
    assert fetched.returncode == 0, fetched.stderr
    trained = programs.run(["train.py", "--cache", cache, "--out", run, *TINY])
    assert trained.returncode == 0, trained.stderr
    return run
