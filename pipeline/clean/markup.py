"""Elements of MediaWiki's HTML, legacy or Parsoid: the blocks of prose, and an element's text with
marks where something was taken out.
"""

import re
from collections.abc import Iterator

from bs4 import BeautifulSoup, NavigableString, Tag

from pipeline.clean.formulas import readable, subscript, superscript
from pipeline.clean.prose import FOREIGN, FOREIGN_END, REMOVED, visible_text

_DEEPEST = 100  # elements inside one another; prose has about ten


def parse(html: str) -> Tag:
    """The elements of a piece of HTML. (BeautifulSoup over lxml, which bounds the depth.)"""
    try:
        html.encode()
    except UnicodeEncodeError:  # half a surrogate pair, which lxml refuses
        html = html.encode("utf-8", "replace").decode()
    soup = BeautifulSoup(html.replace("\0", ""), "lxml", multi_valued_attributes=None)
    return soup.body or soup


_DROPPED_TAGS = frozenset(
    str.split(
        """script style noscript template textarea input select button img figure figcaption table
        map audio video source track svg iframe
        object embed link meta math rt rp rtc form label hr title h1 h2 h3 h4 h5 h6 pre"""
    )
)
_BREAKING = frozenset(
    str.split("p div li ul ol dl dd dt blockquote section center tr td th caption")
)  # a line of their own
_DROPPED_CLASSES = frozenset(
    str.split(
        """reference mw-ref mw-editsection noprint nomobile sortkey error navbox metadata reflist
        references thumb hatnote dablink toc shortdescription gallery portal Z3988 audiolinkinfo
        geo-nondefault geo-multi-punct mw-empty-elt mw-reflink-text
        mw-broken-media ambox dmbox setindexbox mw-kartographer-container ext-phonos-attribution
        mw-cite-backlink Inline-Template locmap mbox-small tmulti stub asbox rellink side-box
        sistersitebox"""
    )
)
_REMOVED_CLASSES = frozenset(
    str.split(
        "IPA respell nopopups ext-phonos phonos geo-default geo-dms geo-dec geo-inline"
        " geo-inline-hidden"
    )
)
_FOREIGN_TAGS = frozenset(("span", "i", "b", "em", "small", "bdi", "a", "cite"))
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden")
_TEX_WRAPPING = re.compile(r"^\s*\{\\(?:displaystyle|textstyle)\b(.*)\}\s*$", re.DOTALL)


def marked_text(element: Tag, *, line: str = " ") -> str:
    """The text of an element with REMOVED, FOREIGN and FOREIGN_END where they belong; `line` stands
    for a line break.
    """
    out: list[str] = []
    _gather(element, out, line, 0)
    return "".join(out)


def _gather(element: Tag, out: list[str], line: str, depth: int) -> None:
    for child in element.contents:
        if type(child) is NavigableString:
            out.append(visible_text(child))
        elif isinstance(child, Tag):
            _gather_tag(child, out, line, depth + 1)


def _gather_tag(tag: Tag, out: list[str], line: str, depth: int) -> None:
    name, attributes = tag.name, tag.attrs
    classes = attributes.get("class", "").split()
    language = attributes.get("lang", "")
    if depth > _DEEPEST:
        return
    if classes and any(each.startswith("mwe-math") for each in classes):
        out.append(formula(tag))
    elif (
        name in _DROPPED_TAGS or not _DROPPED_CLASSES.isdisjoint(classes) or _is_hidden(attributes)
    ):
        return
    elif _is_spoken(attributes, classes):
        out.append(REMOVED)
    elif name == "br":
        out.append(line)
    elif name in ("sup", "sub"):
        out.append(_raised(tag, line, depth))
    elif language and not language.startswith("en") and name in _FOREIGN_TAGS:
        out.append(FOREIGN)
        _gather(tag, out, line, depth)
        out.append(FOREIGN_END)
    else:
        around = line if name in _BREAKING else ""
        out.append(around)
        _gather(tag, out, line, depth)
        out.append(around)


def _is_spoken(attributes: dict[str, str], classes: list[str]) -> bool:
    """Whether an element tells how a word sounds, in phonetic signs or respelled."""
    if not _REMOVED_CLASSES.isdisjoint(classes) or attributes.get("lang", "").endswith("fonipa"):
        return True
    return "pronunciation respelling" in attributes.get("title", "").lower()


def _is_hidden(attributes: dict[str, str]) -> bool:
    style = attributes.get("style")
    return attributes.get("id") == "coordinates" or bool(style and _HIDDEN.search(style))


def _raised(tag: Tag, line: str, depth: int) -> str:
    inner: list[str] = []
    _gather(tag, inner, line, depth)
    text = "".join(inner)
    if re.fullmatch(r"\s*[\d+−–=()-]+\s*", text):
        return (superscript if tag.name == "sup" else subscript)(text.replace("–", "−"))
    if re.fullmatch(r"\s*\[.*\]\s*", text, re.DOTALL):
        return ""  # a note whose markup was lost
    return text


def formula(tag: Tag) -> str:
    """A formula as text, from whichever form of its source the page carries."""
    source = tag.find("annotation")
    if isinstance(source, Tag):
        tex = source.get_text()
    else:
        image = tag if tag.name == "img" else tag.find("img")
        tex = (
            str(image.get("alt") or "")
            if isinstance(image, Tag)
            else tag.get_text().strip().strip("$")
        )
    while inner := _TEX_WRAPPING.match(tex):
        tex = inner.group(1)
    return readable(tex)


def blocks(root: Tag, depth: int = 0) -> Iterator[tuple[str, Tag]]:
    """What prose is made of, in order: ("p" | "list" | "heading", element); boxes are passed
    over.
    """
    for child in root.contents:
        if not isinstance(child, Tag) or depth > _DEEPEST:
            continue
        name, attributes = child.name, child.attrs
        classes = attributes.get("class", "").split()
        if name in ("h1", "h2", "h3", "h4", "h5", "h6"):
            yield "heading", child
        elif (
            name in _DROPPED_TAGS
            or not _DROPPED_CLASSES.isdisjoint(classes)
            or _is_hidden(attributes)
        ):
            continue
        elif name == "p":
            yield "p", child
        elif name in ("ul", "ol", "dl"):
            yield "list", child
        elif name in (
            "div",
            "section",
            "center",
            "blockquote",
            "main",
            "article",
            "body",
            "html",
            "details",
            "span",
            "b",
            "i",
        ):
            yield from blocks(child, depth + 1)
