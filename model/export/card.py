"""The model card of an export: what it was trained on, whose text that is, how to use it; and the
attribution beside it.
"""

import json
import shutil
from collections import Counter
from pathlib import Path
from typing import Any

from model.export.architectures import Architecture
from model.export.vocabulary import END_OF_TEXT
from pipeline.files import open_regular
from pipeline.licences import SITE, are_wikipedia, card_licence, languages_of

MAX_LINE = 1 << 20  # bytes; a longer line is taken for a torn one


def _rows_of(path: Path, *names: str) -> list[dict[str, Any]]:
    """The objects of a file of JSON lines, none where it is missing. Raises ValueError where one
    lacks one of the names.
    """
    if not path.exists():
        return []
    with open_regular(path, follow_links=False) as file:  # a stranger's run may link to anything
        lines = iter(lambda: file.readline(MAX_LINE), b"")
        rows = [json.loads(line) for line in lines if line.strip()]
    if not all(
        isinstance(row, dict) and all(isinstance(row.get(name), str) for name in names)
        for row in rows
    ):
        raise ValueError(
            f"{path} holds something else than it should: copy it again from the run, or train"
            " again"
        )
    return rows


FIGURES = {
    "epoch": "epochs",
    "tokens": "tokens trained on",
    "train_loss": "training loss (nats a token)",
    "val_loss": "held-out loss",
    "val_bpb": "held-out bits a byte",
    "recall": "share of trained questions answered word for word",
}
CARD = """{front}

# {name}

A {architecture} of {millions:.1f} M parameters, trained from scratch by AskWiki to
answer questions about what it has read.

## Use

{use}

A question is written between two `{end}`; the answer follows and ends with another.
Ask as it was trained: "Who is …?", "What is …?".

## Data

{data}

## Attribution and licence

{credit}

## Figures

| | |
|---|---|
{figures}

## Limits

It knows only the pages that it was trained on, as they were on the day they were fetched. Asked
about anything else it makes up an answer that sounds alike; nothing in this folder can tell, while
AskWiki's own `generate.py` says whether a page was read. It answers one question at a time,
remembers no conversation, and repeats whatever errors and slants the pages had. It is no source:
read the page.
"""


def model_card(
    name: str,
    titles: list[dict[str, Any]],
    metrics: dict[str, Any],
    *,
    stock: Architecture,
    parameters: int,
    use: str,
) -> str:
    """README.md of the export: what it was trained on, whose text that is, how good it is and is
    not, how to use it.
    """
    pages = {row["url"]: row for row in titles}
    licences = Counter(str(row["licence"]) for row in pages.values())
    licence = card_licence(licences) if pages else {}
    return CARD.format(
        front=_front(pages, licence),
        name=name,
        architecture=stock.architecture,
        millions=parameters / 1e6,
        use=use,
        end=END_OF_TEXT,
        data=_data(pages, len(titles), licences),
        credit=_credit(pages, licence),
        figures=_figures(metrics),
    )


Pages = dict[str, dict[str, Any]]
"""The rows of titles.jsonl by their addresses."""


def _front(pages: Pages, licence: dict[str, str]) -> str:
    """The card's head, in YAML, which the Hub reads."""
    languages = languages_of(pages)
    tags = ["askwiki", "question-answering"]
    if are_wikipedia(pages):
        tags.append("wikipedia")
    lines = ["---"]
    if languages:
        lines.append(f"language: [{', '.join(languages)}]")
    lines += [f"{key}: {value}" for key, value in licence.items()]
    lines += ["library_name: transformers", "pipeline_tag: text-generation"]
    return "\n".join([*lines, f"tags: [{', '.join(tags)}]", "---"])


def _data(pages: Pages, questions: int, licences: Counter[str]) -> str:
    """What it was trained on."""
    if not pages:
        return "Plain text given by whoever trained it; its terms apply."
    sites = sorted({site[1] for address in pages if (site := SITE.match(address))})
    what = f"pages of {', '.join(sites[:5]) or 'a folder'}"
    if are_wikipedia(pages):
        what = "Wikipedia pages"
    held = ", ".join(f"{licence}: {count:,}" for licence, count in licences.most_common())
    return (
        f"Text of {len(pages):,} {what} as {questions:,} questions and answers. Licences of the"
        f" pages: {held}."
    )


def _credit(pages: Pages, licence: dict[str, str]) -> str:
    """Whose text it is, and what follows for those who pass it on."""
    if not pages:
        return "No pages are recorded for this run."
    return (
        "The text is by the contributors of the pages. `attribution.jsonl` names every page with"
        " its address, revision and licence; where it is a wiki's, the page's history lists the"
        f" authors. Answers reproduce that text closely: {_terms(licence)}"
    )


def _figures(metrics: dict[str, Any]) -> str:
    """Rows of a table."""
    return "\n".join(
        f"| {label} | {metrics[key]:,.4g} |"
        for key, label in FIGURES.items()
        if isinstance(metrics.get(key), int | float)
    )


def _terms(licence: dict[str, str]) -> str:
    """What those who pass the network on must do, by the licence in the card's head."""
    if licence.get("license") == "cc-by-sa-4.0":
        return (
            "whoever passes them, or this model, on should name the pages and keep their licence"
            " (share alike)."
        )
    return (
        "not all pages are under a Creative Commons share-alike licence, so look at the licence of"
        " each before passing them, or this model, on."
    )


def write_card(run: Path, to: Path, stock: Architecture, parameters: int, use: str) -> None:
    titles = _rows_of(run / "titles.jsonl", "url", "licence")
    metrics = _rows_of(run / "metrics.jsonl")
    card = model_card(
        run.resolve().name,
        titles,
        metrics[-1] if metrics else {},
        stock=stock,
        parameters=parameters,
        use=use,
    )
    (to / "README.md").write_text(card, encoding="utf-8")
    if titles:
        shutil.copyfile(run / "titles.jsonl", to / "attribution.jsonl")
