"""A page's HTML becomes an Article: the lead's prose, the infobox's rows, the kind of page it is.
Pure.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import unquote

from bs4 import Tag

from pipeline.clean.markup import blocks, marked_text, parse
from pipeline.clean.prose import clean_text
from pipeline.clean.scan import find_content
from pipeline.clean.sentences import first_sentences, split_sentences

if TYPE_CHECKING:
    from pipeline.records import Page

__all__ = [
    "Article",
    "Row",
    "Section",
    "first_sentences",
    "head_config",
    "read_article",
    "split_sentences",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A stretch of prose under one heading; level 2 for a chapter, 3 for its parts."""

    heading: str
    level: int
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row of the infobox: its label, its values (one per line or list item), the class names of
    its cells.
    """

    label: str
    values: tuple[str, ...]
    classes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """What a page says, as clean text."""

    title: str
    lead: tuple[str, ...]
    """Paragraphs before the first heading; a list there is read as prose and joined to its
    paragraph.
    """
    bold: tuple[str, ...]
    """Bold terms of the first paragraph, in order."""
    italic_title: bool
    """The title stands in italics in the first paragraph."""
    categories: tuple[str, ...]
    infobox: tuple[str, ...]
    """Class names of the infobox's table."""
    rows: tuple[Row, ...]
    born: bool
    """A date of birth is marked up (.bday that is no release date)."""
    disambiguation: bool
    page_type: str
    """"article", "disambiguation", "set index", "surname", …: from markup and categories."""
    sections: tuple[Section, ...] = ()
    """Only when asked for."""


def read_article(page: "Page", *, sections: bool = False, rows: bool = True) -> Article:
    """The article that a page holds; for a page without prose the lead is empty. Never raises,
    whatever the HTML.

    Sections and the infobox's rows cost most of the time: who needs none leaves them out.
    """
    content = find_content(
        page.html, lead_only=True
    )  # a box further down is a part's, not the page's
    prose = find_content(page.html, lead_only=False).prose if sections else content.prose
    stretches = list(_stretches(parse(prose)))
    lead = stretches[0].blocks
    first = next((element for element, text in lead if text), None)
    categories = page.categories or _categories(page.html)
    kind = _page_type(page.html, categories)
    return Article(
        title=page.title,
        lead=_paragraphs(lead),
        bold=_terms(first, "b"),
        italic_title=_italic(page.title, first),
        categories=categories,
        infobox=content.infobox_classes,
        rows=tuple(_rows(parse(content.infobox))) if rows and content.infobox else (),
        born="bday" in content.opening and bool(_BIRTHDAY.search(content.opening)),
        disambiguation=kind == "disambiguation",
        page_type=kind,
        sections=tuple(_sections(stretches[1:])) if sections else (),
    )


def _categories(html: str) -> tuple[str, ...]:
    named = head_config(html).get("wgCategories")
    return tuple(name for name in named if isinstance(name, str)) if isinstance(named, list) else ()


_BIRTHDAY = re.compile(r"class=[\"'](?=[^\"']{0,80}\bbday\b)(?![^\"']{0,80}\bdtstart\b)")
_TAIL = re.compile(
    r"see also|(?:general |explanatory )?(?:references|notes)|external links?|further"
    r" reading|bibliography|sources|footnotes|citations"
    r"|notes and references|references and (?:notes|sources)|gallery|works cited|literature"
)  # headings of chapters that are no prose


class _Stretch(NamedTuple):
    """The prose under one heading: its blocks, each with its clean text, or None for a list."""

    heading: str
    level: int
    blocks: list[tuple[Tag, str | None]]


def _stretches(root: Tag) -> Iterator[_Stretch]:
    """The prose cut at its headings; the lead comes first, with heading "" and level 1."""
    stretch = _Stretch("", 1, [])
    for kind, element in blocks(root):
        text = None if kind == "list" else clean_text(marked_text(element))
        if kind != "heading":
            stretch.blocks.append((element, text))
        elif text and text.lower() != "contents":
            yield stretch
            stretch = _Stretch(text, int(element.name[1]), [])
    yield stretch


def _sections(stretches: list[_Stretch]) -> Iterator[Section]:
    """The chapters with prose, without those of references and the like and their parts."""
    in_tail = False
    for stretch in stretches:
        if stretch.level <= 2:
            in_tail = _TAIL.fullmatch(stretch.heading.lower()) is not None
        if not in_tail and (paragraphs := _paragraphs(stretch.blocks)):
            yield Section(heading=stretch.heading, level=stretch.level, paragraphs=paragraphs)


def _paragraphs(stretch: list[tuple[Tag, str | None]]) -> tuple[str, ...]:
    """Clean paragraphs; a list is joined to the paragraph before it, and to that what goes on in
    small letters ("where b is …").
    """
    done, items = list[str](), list[str]()
    for element, text in stretch:
        if text is None:
            items += _items(element) if done else []
        elif text:
            goes_on = bool(items) and text[0].islower() and len(done[-1]) < _LONGEST_PARAGRAPH
            if items:
                done[-1] = _joined(done[-1], items)
                items = []
            if goes_on:
                done[-1] = f"{done[-1].rstrip('.,;')}, {text}"
            else:
                done.append(text)
    if items:
        done[-1] = _joined(done[-1], items)
    return tuple(done)


_LONGEST_PARAGRAPH = 10_000  # characters: to a longer one nothing is joined


def _items(element: Tag) -> list[str]:
    found = (
        clean_text(marked_text(item))
        for item in element.find_all(("li", "dd", "dt"), recursive=False)
    )
    return [item.rstrip(" ;,") for item in found if item]


def _joined(paragraph: str, items: list[str]) -> str:
    """A list as prose: "There are three: one; two; three.", or its sentences one after another."""
    if paragraph.endswith((".", "!", "?")) or any(len(split_sentences(item)) > 1 for item in items):
        return " ".join(
            [paragraph, *(item if item.endswith((".", "!", "?")) else f"{item}." for item in items)]
        )
    text = f"{paragraph} {'; '.join(item.removesuffix('.') for item in items)}"
    return text if text.endswith(("!", "?")) else f"{text}."


def _terms(paragraph: Tag | None, name: str) -> tuple[str, ...]:
    if paragraph is None:
        return ()
    return tuple(text for tag in paragraph.find_all(name) if (text := clean_text(marked_text(tag))))


def _italic(title: str, paragraph: Tag | None) -> bool:
    if paragraph is None:
        return False
    name = re.sub(r"\s*\([^()]*\)$", "", title).casefold()
    return any(name == term.casefold() for term in _terms(paragraph, "i"))


def _rows(infobox: Tag) -> Iterator[Row]:
    """The rows that have a label: a header cell, or in a box of a species a cell that ends in a
    colon.
    """
    for row in infobox.find_all("tr", limit=_MOST_ROWS):
        cells = row.find_all(("th", "td"), recursive=False)
        if len(cells) != 2 or cells[1].name != "td":
            continue
        label = clean_text(marked_text(cells[0]))
        if cells[0].name == "td" and not label.endswith(":"):
            continue
        lines = marked_text(cells[1], line=_LINE).split(_LINE)
        values = tuple(value for line in lines if (value := _AGE.sub("", clean_text(line))))
        if values and (label := label.rstrip(" :")):
            classes = " ".join(str(tag.get("class", "")) for tag in (row, *cells))
            yield Row(label=label, values=values, classes=tuple(classes.split()))


_MOST_ROWS = 400
_LINE = "\x1e"  # where a value goes on in a new line
_AGE = re.compile(r"\s*\(ages? \d+(?:[–-]\d+)?\)|^[;:•·]\s*")


_BOX_TYPES = (
    ("setindexbox", re.compile(r"(?:id|class)=[\"'][^\"']{0,200}\bsetindexbox\b"), "set index"),
    (
        "disambigbox",
        re.compile(r"(?:id|class)=[\"'][^\"']{0,200}\bdisambigbox\b"),
        "disambiguation",
    ),
    ("dmbox", re.compile(r"class=[\"'][^\"']{0,200}\bdmbox\b"), "disambiguation"),
    ("mw:PageProp/disambiguation", re.compile("mw:PageProp/disambiguation"), "disambiguation"),
)
_CATEGORY_TYPES = (
    (re.compile(r"\bdisambiguation pages\b(?! with)", re.IGNORECASE), "disambiguation"),
    (re.compile(r"\bset index(?:es| articles?)\b", re.IGNORECASE), "set index"),
    (re.compile(r"^(?:.*-language )?surnames$", re.IGNORECASE | re.MULTILINE), "surname"),
    (re.compile(r"\bgiven names$", re.IGNORECASE | re.MULTILINE), "given name"),
)


def _page_type(html: str, categories: tuple[str, ...]) -> str:
    for word, pattern, kind in _BOX_TYPES:
        if word in html and pattern.search(html):
            return kind
    named = "\n".join(categories)
    return next((kind for pattern, kind in _CATEGORY_TYPES if pattern.search(named)), "article")


_CONFIG = re.compile(r"\b(?:RLCONF\s*=\s*|mw\.config\.set\(\s*)(?=\{)")
_REVISION = re.compile(r"<html\b[^>]{0,2000}\babout=[\"'][^\"']{0,500}/revision/(\d{1,18})[\"']")
_PAGE_ID = re.compile(
    r"<meta\b[^>]{0,200}\bproperty=[\"']mw:pageId[\"'][^>]{0,100}\bcontent=[\"'](\d{1,18})[\"']"
)
_LINK = re.compile(r"<link\b([^>]{0,2000})>")
_CATEGORY = re.compile(r"\bhref=(?:\"(?:\./)?[^:\"]*:([^\"#]+)|'(?:\./)?[^:']*:([^'#]+))")
_HEAD = 300_000  # characters in which the head's script begins


def head_config(html: str) -> dict[str, Any]:
    """What the document says of itself: wgArticleId, wgRevisionId, wgTitle, wgPageName,
    wgCategories, …; {} for a fragment.

    From the legacy head's script, or from Parsoid's <html>, <meta> and <link> elements.
    """
    if script := _CONFIG.search(html, 0, _HEAD):
        try:
            config, _ = json.JSONDecoder().raw_decode(html[script.end() : script.end() + _HEAD])
        except (ValueError, RecursionError):
            return {}
        return config if isinstance(config, dict) else {}
    head = html[:20_000]
    found: dict[str, Any] = {}
    for name, pattern in (("wgRevisionId", _REVISION), ("wgArticleId", _PAGE_ID)):
        if match := pattern.search(head):
            found[name] = int(match.group(1))
    if categories := _linked_categories(html):
        found["wgCategories"] = categories
    return found


def _linked_categories(html: str) -> list[str]:
    """The categories that Parsoid leaves as links in the text."""
    if "mw:PageProp/Category" not in html:
        return []
    links = (
        link.group(1) for link in _LINK.finditer(html) if "mw:PageProp/Category" in link.group(1)
    )
    names = (
        match.group(1) or match.group(2) for link in links if (match := _CATEGORY.search(link))
    )
    return list(dict.fromkeys(unquote(unescape(name)).replace("_", " ") for name in names))
