"""A page's HTML becomes an Article: the lead's prose, the infobox's rows, the kind of page it is.
Pure.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape
from itertools import dropwhile
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import unquote

from bs4 import Tag
from bs4.element import PageElement

from pipeline.clean.markup import blocks, marked_text, parse
from pipeline.clean.prose import clean_text, without_bare_marks, without_marks
from pipeline.clean.rules import ENGLISH, ReadingRules
from pipeline.clean.running_text import RunningText
from pipeline.clean.scan import find_content
from pipeline.clean.sentences import split_sentences

if TYPE_CHECKING:
    from pipeline.records import Page


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """The prose under one heading; level 2 for a section, 3 for a subsection."""

    heading: str
    level: int
    paragraphs: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class InfoboxRow:
    """One row of the infobox: its label, its values (one per line or list item), the class names of
    its cells.
    """

    label: str
    values: tuple[str, ...]
    classes: tuple[str, ...]
    parent_label: str = ""
    """The label of the row above a bulleted row: "Population (2010)" above "• Total"."""
    header: str = ""
    """The header of the part of the box that the row is in: an office, "Personal details"."""


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
    """The title is in italics in the first paragraph."""
    categories: tuple[str, ...]
    infobox_classes: tuple[str, ...]
    """Class names of the infobox's table."""
    infobox_rows: tuple[InfoboxRow, ...]
    has_birth_date: bool
    """A date of birth is marked up (.bday that is no release date)."""
    page_type: str
    """"article", "disambiguation", "set index", "surname", …: from markup and categories."""
    running_text: RunningText = field(default_factory=RunningText)
    """How often the page writes some words inside its sentences."""
    sections: tuple[Section, ...] = ()
    """Only when asked for."""

    @property
    def is_disambiguation(self) -> bool:
        """Whether the page lists what its title may mean, and is an article about none of it."""
        return self.page_type == "disambiguation"


# An element of class "bday" marks a date of birth; with "dtstart" beside it, that of a release.
_BIRTHDAY = re.compile(r"class=[\"'](?=[^\"']{0,80}\bbday\b)(?![^\"']{0,80}\bdtstart\b)")


def read_article(
    page: "Page", *, sections: bool = False, rows: bool = True, rules: ReadingRules = ENGLISH
) -> Article:
    """The article that a page holds; for a page without prose the lead is empty. Never raises,
    whatever the HTML.

    Sections and the infobox's rows cost most of the time: who needs none leaves them out.
    """
    # The lead is scanned by itself even where all prose is wanted: a box or a mark after the first
    # heading belongs to a section, not to the page.
    content = find_content(page.html, lead_only=True, boxes=rules.boxes)
    prose = content.prose
    if sections:
        prose = find_content(page.html, lead_only=False, boxes=rules.boxes).prose
    parts = list(_headed_parts(parse(prose), rules))
    lead = _from_the_definition(_without_hatnotes(parts[0].blocks, rules), page.title)
    first = next((element for element, text in lead if text), None)
    categories = page.categories or _categories(page.html)
    kind = _page_type(page.html, categories, rules)
    return Article(
        title=page.title,
        lead=without_bare_marks(_paragraphs(lead, rules), page.html),
        bold=_texts_in(first, "b"),
        italic_title=_is_title_italic(page.title, first),
        categories=categories,
        infobox_classes=content.infobox_classes,
        infobox_rows=tuple(_rows(parse(content.infobox))) if rows and content.infobox else (),
        has_birth_date="bday" in content.opening and bool(_BIRTHDAY.search(content.opening)),
        page_type=kind,
        running_text=RunningText(page.html),
        sections=tuple(_sections(parts[1:], rules, page.html)) if sections else (),
    )


def _without_hatnotes(
    lead: list[tuple[Tag, str | None]], rules: ReadingRules
) -> list[tuple[Tag, str | None]]:
    """The lead without the hatnotes at its head, which tell of the page and of other pages: whole
    paragraphs, and sentences before the definition.
    """
    for at, (element, text) in enumerate(lead):
        if text and not rules.hatnote.match(text):
            return lead[at:]
        sentences = split_sentences(text, rules.abbreviations) if text else []
        own = list(dropwhile(rules.hatnote.match, sentences))
        if own and element.find("b"):
            return [(element, " ".join(own)), *lead[at + 1 :]]
    return lead


_MOST_EPIGRAPHS = 4  # paragraphs among which the definition is looked for


def _from_the_definition(
    lead: list[tuple[Tag, str | None]], title: str
) -> list[tuple[Tag, str | None]]:
    """The lead from its definition on: by the wiki's rules of style, the paragraph that has the
    title in bold. Paragraphs before it go if they are not about the subject, as an epigraph.
    """
    name = _without_disambiguator(title).casefold()
    for at, (element, text) in enumerate(lead[:_MOST_EPIGRAPHS]):
        if not text:
            continue
        if name in text.casefold():
            bold = any(term.casefold() == name for term in _texts_in(element, "b"))
            return lead[at:] if bold or at == 0 else lead
        if element.find("b") is not None:
            return lead
    return lead


# The look-behind lets a run of blanks be tried once, not once from each of its blanks.
_DISAMBIGUATOR = re.compile(r"(?<!\s)\s*\([^()]*\)$")


def _without_disambiguator(title: str) -> str:
    """The title without the parenthesis that tells it from others: "Mercury (planet)"."""
    return _DISAMBIGUATOR.sub("", title)


def _categories(html: str) -> tuple[str, ...]:
    named = head_config(html).get("wgCategories")
    return tuple(name for name in named if isinstance(name, str)) if isinstance(named, list) else ()


class _HeadedPart(NamedTuple):
    """The prose under one heading: its blocks, each with its clean text, or None for a list."""

    heading: str
    level: int
    blocks: list[tuple[Tag, str | None]]


def _headed_parts(root: Tag, rules: ReadingRules) -> Iterator[_HeadedPart]:
    """The prose cut at its headings; the lead comes first, with heading "" and level 1."""
    part = _HeadedPart("", 1, [])
    for kind, element in blocks(root):
        text = None if kind == "list" else clean_text(marked_text(element), rules)
        if kind != "heading":
            part.blocks.append((element, text))
        elif text and text.lower() != "contents":
            yield part
            part = _HeadedPart(text, int(element.name[1]), [])
    yield part


def _sections(parts: list[_HeadedPart], rules: ReadingRules, html: str) -> Iterator[Section]:
    """The sections with prose, without references and the like and their subsections."""
    in_tail = False
    for part in parts:
        # "References" ends the article, and so do its subsections; a section of the same level
        # begins again.
        if part.level <= 2:
            in_tail = rules.closing_headings.fullmatch(part.heading.lower()) is not None
        paragraphs = () if in_tail else _paragraphs(part.blocks, rules)
        if paragraphs := without_bare_marks(paragraphs, html):
            yield Section(heading=part.heading, level=part.level, paragraphs=paragraphs)


_LONGEST_PARAGRAPH = 10_000  # characters: to a longer one nothing is joined


def _paragraphs(
    blocks_and_texts: list[tuple[Tag, str | None]], rules: ReadingRules
) -> tuple[str, ...]:
    """Clean paragraphs; a list is joined to the paragraph before it, and to that what goes on in
    small letters ("where b is …").
    """
    done, items = list[str](), list[str]()
    for element, text in blocks_and_texts:
        if text is None:
            items += _items(element, rules) if done else []
        elif text:
            # After a list or a set-off formula, a small letter continues the sentence before
            # it.
            goes_on = bool(items) and text[0].islower() and len(done[-1]) < _LONGEST_PARAGRAPH
            if items:
                done[-1] = _with_list(done[-1], items, rules)
                items = []
            if done and done[-1].endswith(":") and element.find_parent("blockquote"):
                done[-1] = f"{done[-1]} {text}"
            elif goes_on:
                done[-1] = f"{done[-1].rstrip('.,;')}, {text}"
            else:
                done.append(text)
    if items:
        done[-1] = _with_list(done[-1], items, rules)
    return tuple(done)


_DEEPEST_LIST = 5  # lists inside one another; what lies deeper is text of its item
# "…, and" before the last item
_TRAILING_CONJUNCTION = re.compile(r"[;,]\s*(?:and|or)$|(?<![\s;,])[\s;,]+$")
_LISTS = ("ul", "ol", "dl")


def _items(element: Tag, rules: ReadingRules, depth: int = 0) -> list[str]:
    """The items of a list, those of lists within it among them, in order."""
    items: list[str] = []
    nested = depth < _DEEPEST_LIST and element.find(_LISTS) is not None
    for item in element.find_all(("li", "dd", "dt"), recursive=False):
        inner = item.find_all(_LISTS, recursive=False) if nested else []
        for part in inner:
            part.extract()
        if text := _TRAILING_CONJUNCTION.sub("", clean_text(marked_text(item), rules)):
            if item.name == "dd" and items and _is_term(item.find_previous_sibling()):
                items[-1] = f"{items[-1].rstrip(':')}: {text}"
            else:
                items.append(text)
        for part in inner:
            items += _items(part, rules, depth + 1)
    return items


def _is_term(element: PageElement | None) -> bool:
    """Whether an element is the term that the definition after it explains."""
    return isinstance(element, Tag) and element.name == "dt"


_SHORT_ITEM = re.compile(r"[^,;:.!?]{1,60}")
# A colon between a verb or a preposition and what it governs.
_COLON_IN_CLAUSE = re.compile(r"\b(are|is|was|were|of|by|as|in|to|and|includes?):$")
# A whole sentence that announces a list: "Its members are.", "The reasons follow."
_ANNOUNCES = re.compile(r"\b(?:follow\w*|these|are|include)\.$")


def _with_list(paragraph: str, items: list[str], rules: ReadingRules) -> str:
    """A list as prose: "There are three: one; two; three.", or its sentences one after another.

    After a complete paragraph, items that are not sentences are dropped: a table, not prose.
    """
    # A paragraph that ends with a colon or in mid-sentence needs its list; one that is complete
    # needs it only where it announces it, or where the items are sentences themselves.
    ended = paragraph.endswith((".", "!", "?"))
    if ended and not _ANNOUNCES.search(paragraph) and not any(map(_ends_as_sentence, items)):
        return paragraph
    if ended or any(len(split_sentences(item, rules.abbreviations)) > 1 for item in items):
        return " ".join([paragraph, *map(_as_sentence, items)])
    bare = [item.removesuffix(".") for item in items]
    if len(bare) > 1 and all(map(_SHORT_ITEM.fullmatch, bare)):
        opening = _COLON_IN_CLAUSE.sub(r"\1", paragraph)
        return f"{opening} {', '.join(bare[:-1])} {rules.and_word} {bare[-1]}."
    text = f"{paragraph} {'; '.join(bare)}"
    return text if text.endswith(("!", "?")) else f"{text}."


def _as_sentence(item: str) -> str:
    """An item that reads as a sentence: with a capital and its mark."""
    first = item.split(" ", 1)[0]
    item = item[0].upper() + item[1:] if first.islower() else item
    return item if item.endswith((".", "!", "?")) else f"{item}."


def _ends_as_sentence(item: str) -> bool:
    return item.endswith((".", "!", "?"))


def _texts_in(paragraph: Tag | None, tag_name: str) -> tuple[str, ...]:
    if paragraph is None:
        return ()
    return tuple(
        text for tag in paragraph.find_all(tag_name) if (text := clean_text(marked_text(tag)))
    )


def _is_title_italic(title: str, paragraph: Tag | None) -> bool:
    if paragraph is None:
        return False
    name = _without_disambiguator(title).casefold()
    return any(name == term.casefold() for term in _texts_in(paragraph, "i"))


_BULLETS = ("•", "·", "- ", "– ")
_LONGEST_LABEL = 80  # characters
_MOST_ROWS = 400


def _rows(infobox: Tag) -> Iterator[InfoboxRow]:
    """The rows that have a label: a header cell, or in a box of a species a cell that ends in a
    colon.
    """
    # Two things are remembered from row to row: the header of the part of the box, and the label
    # that a bulleted row belongs to ("• Total" below "Population"), without which it says nothing.
    parent_label = header = ""
    for row in infobox.find_all("tr", limit=_MOST_ROWS):
        cells = row.find_all(("th", "td"), recursive=False)
        if not 1 <= len(cells) <= 2:
            parent_label = ""
            continue
        label = _cell_text(marked_text(cells[0]))
        bulleted = label.startswith(_BULLETS)
        if not bulleted:
            parent_label = label if len(label) <= _LONGEST_LABEL else ""
        if len(cells) == 1:
            if cells[0].name == "th":
                header = _cell_text(marked_text(cells[0], line="; "))[:_LONGEST_LABEL]
            continue
        values = _cell_values(cells[1]) if cells[1].name == "td" else ()
        if not values or (cells[0].name == "td" and not label.endswith(":")):
            continue
        if label := label.rstrip(" :"):
            yield InfoboxRow(
                label=label,
                values=values,
                classes=_classes(row, *cells),
                parent_label=parent_label if bulleted else "",
                header=header,
            )


_LINE = "\x1e"  # where a value goes on in a new line
# "(age 36)" behind a date, which was true on the day of fetching; a bullet before a value.
_AGE_OR_BULLET = re.compile(r"(?<!\s)\s*\(ages? \d+(?:[–-]\d+)?\)|^[;:•·]\s*")


def _cell_values(cell: Tag) -> tuple[str, ...]:
    """The lines of a cell as clean texts, without ages and bullets."""
    lines = marked_text(cell, line=_LINE).split(_LINE)
    return tuple(value for line in lines if (value := _AGE_OR_BULLET.sub("", _cell_text(line))))


def _classes(*tags: Tag) -> tuple[str, ...]:
    return tuple(" ".join(str(tag.get("class", "")) for tag in tags).split())


def _cell_text(text: str) -> str:
    return clean_text(without_marks(text))


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


def _page_type(html: str, categories: tuple[str, ...], rules: ReadingRules) -> str:
    for word, pattern, kind in _BOX_TYPES:
        if word in html and pattern.search(html):
            return kind
    named = "\n".join(categories)
    return next((kind for pattern, kind in rules.page_types if pattern.search(named)), "article")


# Where the variables of a page begin in its head: "RLCONF={…", in older ones "mw.config.set({…".
_CONFIG = re.compile(r"\b(?:RLCONF\s*=\s*|mw\.config\.set\(\s*)(?=\{)")
_CONFIG_WORDS = ("RLCONF", "mw.config.set")
# Parsoid says in attributes what the legacy parser says in a script: the revision in the address
# that <html> is "about", the page's number in a <meta>.
_REVISION = re.compile(r"<html\b[^>]{0,2000}\babout=[\"'][^\"']{0,500}/revision/(\d{1,18})[\"']")
_PAGE_ID = re.compile(
    r"<meta\b[^>]{0,200}\bproperty=[\"']mw:pageId[\"'][^>]{0,100}\bcontent=[\"'](\d{1,18})[\"']"
)
_LINK = re.compile(r"<link\b([^>]{0,2000})>")
# The name in a category's link: href="./Category:Rivers_of_Spain#…".
_CATEGORY = re.compile(r"\bhref=(?:\"(?:\./)?[^:\"]*:([^\"#]+)|'(?:\./)?[^:']*:([^'#]+))")
# What minifying makes of true and false: {"wgIsMainPage":!1}.
_SHORT_BOOLEAN = re.compile(r"(?<=\":)!([01])(?=[,}])")
_HEAD = 300_000  # characters in which the head's script begins


def _boolean(match: re.Match[str]) -> str:
    """What JavaScript's "!0" and "!1" are in JSON."""
    return "true" if match.group(1) == "0" else "false"


def head_config(html: str) -> dict[str, Any]:
    """What the document says of itself: wgArticleId, wgRevisionId, wgTitle, wgPageName,
    wgCategories, …; {} for a fragment.

    From the script of MediaWiki's ResourceLoader, or from Parsoid's <html>, <meta> and <link>
    elements.
    """
    config = _resource_loader_config(html)
    return _parsoid_config(html) if config is None else config


def _resource_loader_config(html: str) -> dict[str, Any] | None:
    """The variables that ResourceLoader writes in the head, as RLCONF or older; None without."""
    if not any(html.find(word, 0, _HEAD) >= 0 for word in _CONFIG_WORDS):
        return None
    script = _CONFIG.search(html, 0, _HEAD)
    if script is None:
        return None
    # A JavaScript object, which is JSON but for !0 and !1.
    text = _SHORT_BOOLEAN.sub(_boolean, html[script.end() : script.end() + _HEAD])
    try:
        config, _ = json.JSONDecoder().raw_decode(text)
    except (ValueError, RecursionError):
        return {}
    return config if isinstance(config, dict) else {}


def _parsoid_config(html: str) -> dict[str, Any]:
    """The same variables as far as Parsoid's elements tell them."""
    head = html[:20_000]
    facts: dict[str, Any] = {}
    for name, pattern in (("wgRevisionId", _REVISION), ("wgArticleId", _PAGE_ID)):
        if match := pattern.search(head):
            facts[name] = int(match.group(1))
    if categories := _linked_categories(html):
        facts["wgCategories"] = categories
    return facts


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
