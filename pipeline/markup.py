"""MediaWiki's HTML, legacy or Parsoid, whole or in part: the stretch that holds the prose, and an element's text with what was taken out of it marked."""

import re
from collections.abc import Iterator

from bs4 import BeautifulSoup, NavigableString, Tag

from pipeline.formulas import readable, subscript, superscript
from pipeline.prose import FOREIGN, HOLE, NATIVE, plain

_MOST_SCANNED = 12_000_000  # characters of one page; the longest articles have about 5 million
_MOST_PARSED = 3_000_000
_DEEPEST = 100  # elements inside one another; prose has about ten

# One whole tag, attribute values with ">" and "<" in them included. Nothing backtracks.
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]*)((?:[^>\"']++|\"[^\"]*+\"|'[^']*+')*+)>|<!--")
_ROOT = re.compile(r"<(?:div|body|main|section|article)\b[^>]{0,3000}?\bclass\s*=\s*[\"'][^\"'>]{0,2000}\bmw-parser-output\b[^>]{0,3000}>")
_FALLBACK_ROOT = re.compile(r"<(?:div|main)\b[^>]{0,1000}\bid\s*=\s*[\"']?(?:mw-content-text|bodyContent|content)\b[^>]{0,1000}>|<body\b[^>]{0,3000}>")
_RAW = frozenset(("script", "style", "noscript", "template", "textarea", "svg", "math", "iframe", "audio", "video", "title", "xmp", "select", "head"))
_AFTER_CONTENT = re.compile(r"\b(?:printfooter|catlinks|mw-navigation|mw-footer)\b")
_DROPPED_BLOCK = re.compile(
    r"\b(?:toc|thumb\w*|navbox\S*|sidebar|hatnote|dablink|shortdescription|metadata|ambox|tmbox|mbox-\S+|noprint|gallery|reflist|references|mw-references-wrap|noexcerpt|error|nomobile"
    r"|portal|portalbox|sistersitebox|side-box|vertical-navbox|quotebox|locmap|tmulti|mw-editsection|rellink|nowraplinks)(?![\w-])"
)
_INFOBOX = re.compile(r"\b(?:infobox\w*|taxobox|biota)(?![\w-])")


def prose_html(html: str, *, lead_only: bool) -> str:
    """The article's own HTML without its boxes: to the first heading, or to its end. Infoboxes stay."""
    html = html[:_MOST_SCANNED]
    root = _ROOT.search(html) or _FALLBACK_ROOT.search(html)
    start = root.end() if root else 0
    kept: list[str] = []
    unclosed: set[str] = set()
    position: int = start
    copied: int = start
    divs = 0
    while tag := _TAG.search(html, position):
        position = tag.end()
        name = (tag.group(2) or "").lower()
        attributes = tag.group(3) or ""
        if not name:  # a comment
            close = html.find("-->", position)
            position = len(html) if close < 0 else close + 3
        elif tag.group(1):
            divs -= name == "div"
            if divs < 0 and name == "div" and root:
                break
            continue
        elif name in _RAW:
            position = _raw_end(html, position, name)
        elif name in ("table", "div", "ul", "figure", "style"):
            if name == "div" and root and _AFTER_CONTENT.search(attributes):
                break
            end = _dropped_end(html, tag, unclosed)
            if end is None:
                divs += name == "div"
                continue
            position = end
        elif lead_only and len(name) == 2 and name[0] == "h" and name[1] in "123456" and "mw-toc-heading" not in attributes:
            kept.append(html[copied : tag.start()])
            return "".join(kept)[:_MOST_PARSED]
        else:
            continue
        kept.append(html[copied : tag.start()])
        copied = position
    else:
        return ("".join(kept) + html[copied:])[:_MOST_PARSED]
    kept.append(html[copied : tag.start()])
    return "".join(kept)[:_MOST_PARSED]


def _raw_end(html: str, position: int, name: str) -> int:
    end = html.find(f"</{name}", position)
    if end < 0:
        return position
    close = html.find(">", end)
    return len(html) if close < 0 else close + 1


def _dropped_end(html: str, tag: re.Match[str], unclosed: set[str]) -> int | None:
    """Where a box that is no prose ends; None for an element that stays."""
    name, attributes = tag.group(2).lower(), tag.group(3)
    drop = not _INFOBOX.search(attributes) if name == "table" else name == "figure" or bool(_DROPPED_BLOCK.search(attributes))
    if not drop or name in unclosed:
        return None
    depth, position = 1, tag.end()
    while inner := _TAG.search(html, position):
        position = inner.end()
        if (inner.group(2) or "").lower() == name:
            depth += -1 if inner.group(1) else 1
            if not depth:
                return position
    unclosed.add(name)
    return None


def parse(html: str) -> Tag:
    """The elements of a piece of HTML. (BeautifulSoup over lxml, which bounds the depth.)"""
    soup = BeautifulSoup(html, "lxml", multi_valued_attributes=None)
    return soup.body or soup


_DROPPED_TAGS = frozenset(
    str.split("""script style noscript template textarea input select button img figure figcaption table map audio video source track svg iframe object
    embed link meta math rt rp rtc gallery-box form label hr title h1 h2 h3 h4 h5 h6 pre""")
)
_BREAKING = frozenset(str.split("""p div li ul ol dl dd dt blockquote section center br tr td th caption"""))
_DROPPED_CLASSES = frozenset(
    str.split("""reference mw-ref mw-editsection noprint nomobile sortkey error navbox metadata reflist references thumb hatnote dablink toc
    shortdescription gallery portal Z3988 audiolinkinfo geo-nondefault geo-multi-punct mw-empty-elt mw-reflink-text mw-broken-media
    mw-selflink-fragment ambox dmbox setindexbox sr-only-hidden mw-kartographer-container listen-button ext-phonos-attribution
    mw-cite-backlink citation-needed-content Inline-Template locmap mbox-small tmulti stub asbox rellink side-box sistersitebox""")
)
_HOLE_CLASSES = frozenset(str.split("""IPA respell nopopups ext-phonos phonos geo-default geo-dms geo-dec geo-inline geo-inline-hidden"""))
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden")
_TEX_WRAPPING = re.compile(r"^\s*\{\\(?:displaystyle|textstyle)\b(.*)\}\s*$", re.DOTALL)


def marked_text(element: Tag, *, line: str = " ") -> str:
    """The text of an element with HOLE, FOREIGN and NATIVE where they belong; `line` stands for a line break."""
    out: list[str] = []
    _gather(element, out, line, 0)
    return "".join(out)


def _gather(element: Tag, out: list[str], line: str, depth: int) -> None:
    for child in element.contents:
        if type(child) is NavigableString:
            out.append(plain(child))
        elif isinstance(child, Tag):
            _gather_tag(child, out, line, depth + 1)


def _gather_tag(tag: Tag, out: list[str], line: str, depth: int) -> None:
    name = tag.name
    attributes = tag.attrs
    classes = attributes.get("class", "").split() if attributes else ()
    if depth > _DEEPEST:
        return
    if classes and any(c.startswith("mwe-math") for c in classes):
        out.append(formula(tag))
        return
    if name in _DROPPED_TAGS or (classes and not _DROPPED_CLASSES.isdisjoint(classes)) or (attributes and _is_hidden(attributes)):
        return
    if classes and not _HOLE_CLASSES.isdisjoint(classes):
        out.append(HOLE)
        return
    language = attributes.get("lang", "") if attributes else ""
    if language.endswith("fonipa"):
        out.append(HOLE)
    elif name == "br":
        out.append(line)
    elif name in ("sup", "sub"):
        out.append(_raised(tag, line, depth))
    elif language and not language.startswith("en") and name in ("span", "i", "b", "em", "small", "bdi", "a", "cite"):
        out.append(FOREIGN)
        _gather(tag, out, line, depth)
        out.append(NATIVE)
    else:
        breaks = name in _BREAKING
        out.append(line if breaks else "")
        _gather(tag, out, line, depth)
        out.append(line if breaks else "")


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
        tex = str(image.get("alt") or "") if isinstance(image, Tag) else tag.get_text().strip().strip("$")
    while inner := _TEX_WRAPPING.match(tex):
        tex = inner.group(1)
    return readable(tex)


def blocks(root: Tag, depth: int = 0) -> Iterator[tuple[str, Tag]]:
    """What prose is made of, in order: ("p" | "list" | "heading", element); boxes are passed over."""
    for child in root.contents:
        if not isinstance(child, Tag) or depth > _DEEPEST:
            continue
        name, attributes = child.name, child.attrs
        classes = attributes.get("class", "").split()
        if name in ("h1", "h2", "h3", "h4", "h5", "h6"):
            yield "heading", child
        elif name in _DROPPED_TAGS or not _DROPPED_CLASSES.isdisjoint(classes) or _is_hidden(attributes):
            continue
        elif name == "p":
            yield "p", child
        elif name in ("ul", "ol", "dl"):
            yield "list", child
        elif name in ("div", "section", "center", "blockquote", "main", "article", "body", "html", "details", "span", "b", "i"):
            yield from blocks(child, depth + 1)
