"""Where the prose is in a page's HTML, found by scanning its tags before anything is parsed, as
parsing is the expensive part.
"""

import re
from dataclasses import dataclass
from functools import cache

_MOST_SCANNED = 10_000_000  # characters of one page; the longest articles have about 5 million
# Tags of what is parsed; the longest articles have about half as many outside their tables.
_MOST_TAGS = 40_000
_MOST_INFOBOX = 400_000  # characters

# One whole tag, with the "<" and ">" that may be in attribute values, or the start of a comment.
# Nothing in it backtracks; without the last group the tag never ends, and nothing after it is
# looked at.
_TAG = re.compile(r"<(?:(/?)([a-zA-Z][a-zA-Z0-9]*)((?:[^>\"']++|\"[^\"]*+\"|'[^']*+')*+)(>?)|!--)")
_ROOT = re.compile(
    r"<(?:div|body|main|section|article)\b[^>]*?\bclass\s*=\s*[\"'][^\"'>]*\bmw-parser-output(?![\w-])[^>]*>"
)
_OTHER_ROOT = re.compile(r"<(?:div|main|body)\b[^>]*>")
_OTHER_ROOT_MARKS = ('id="mw-content-text"', 'id="bodyContent"', 'id="content"', "<body")
_LONGEST_ROOT_TAG = 2_000  # characters
_MOST_MARKS = 20  # style sheets name the class, too, but not so often before the article
_AFTER_CONTENT = re.compile(r"\b(?:printfooter|catlinks|mw-navigation|mw-footer)\b")
_HEADINGS = frozenset(("h1", "h2", "h3", "h4", "h5", "h6"))
_RAW = frozenset(
    ("script", "style", "noscript", "template", "textarea", "iframe", "title", "xmp", "head")
)
_BOXES = frozenset(("table", "div", "ul", "ol", "dl", "figure", "aside", "nav"))
_ALWAYS_DROPPED = frozenset(("table", "figure", "aside", "nav"))
_DROPPED = re.compile(
    r"""\b(?:toc|thumb|thumbinner|navbox|navbox-styles|sidebar|vertical-navbox|hatnote|dablink|rellink|shortdescription|metadata|ambox|tmbox|dmbox|noprint|gallery
    |reflist|references|mw-references-wrap|noexcerpt|error|nomobile|portal|portalbar|sistersitebox|side-box|quotebox|locmap|tmulti|mw-empty-elt|stub|asbox
    |authority-control|mw-kartographer-container|noresize|infobox)(?![\w-])""",
    re.VERBOSE,
)
NO_BOXES = re.compile(r"(?!)")
_INFOBOX = re.compile(
    r"\bclass\s*=\s*[\"']([^\"']*\b(?:infobox|taxobox|biota)(?![\w-])[^\"']*)[\"']"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """The parts of a page's HTML that are worth parsing."""

    prose: str
    """The article's own HTML without its boxes and tables: up to the first heading, or all of
    it.
    """
    infobox: str
    """The first infobox's table, whole; "" without one."""
    infobox_classes: tuple[str, ...]
    opening: str
    """Everything up to where the prose ends, boxes too: for marks that may be anywhere in it."""


def find_content(html: str, *, lead_only: bool, boxes: re.Pattern[str] = NO_BOXES) -> Content:
    """The prose and the infobox of a page: a legacy or a Parsoid document, or a fragment of one.

    `boxes` matches the attributes of further elements that hold no prose.
    """
    # Parsing builds an object for each tag, which costs many times as much as finding the tags
    # with one pattern. More than half of a page is boxes, tables and references, and of most pages
    # only the lead is wanted: so what is not prose is cut out as text, and the parser sees the
    # rest.
    html = html[:_MOST_SCANNED]
    root = _root_end(html)
    start = root or 0
    end, dropped, infobox = _boxes(
        html, start, lead_only=lead_only, rooted=root is not None, boxes=boxes
    )
    kept = []
    position = start
    for first, last in dropped:
        kept.append(html[position:first])
        position = last
    kept.append(html[position:end])
    table, classes = infobox or ("", "")
    return Content(
        prose="".join(kept),
        infobox=table if len(table) <= _MOST_INFOBOX else "",
        infobox_classes=tuple(classes.split()),
        opening=html[start:end],
    )


def _root_end(html: str) -> int | None:
    """Where the article's own HTML begins; None if nothing marks it, as in a fragment."""
    for pattern, marks in ((_ROOT, ("mw-parser-output",)), (_OTHER_ROOT, _OTHER_ROOT_MARKS)):
        for mark in marks:
            at = -1
            for _ in range(_MOST_MARKS):
                at = html.find(mark, at + 1)
                if at < 0:
                    break
                # From the mark back to the "<" of its tag: matching the pattern at every tag of the
                # page would take many times as long.
                opened = html.rfind("<", max(0, at - _LONGEST_ROOT_TAG), at + 1)
                tag = pattern.match(html, opened, at + _LONGEST_ROOT_TAG) if opened >= 0 else None
                if tag and tag.end() > at:
                    return tag.end()
    return None


def _boxes(
    html: str, start: int, *, lead_only: bool, rooted: bool, boxes: re.Pattern[str]
) -> tuple[int, list[tuple[int, int]], tuple[str, str] | None]:
    """Where the prose ends, what in it is to be left out, and the first infobox with its class
    names.
    """
    # One pass from tag to tag. Boxes are jumped over with all that they hold; the end is the first
    # heading (where only the lead is wanted), the end of the article's own <div>, or a limit.
    dropped: list[tuple[int, int]] = []
    unclosed: set[str] = set()
    infobox: tuple[str, str] | None = None
    position = start
    open_divs = 0
    tags = 0
    while tag := _TAG.search(html, position):
        position = tag.end()
        tags += 1
        # A tag that never ends, or too many of them: what came before is all that is taken.
        if tag.group(4) == "" or tags > _MOST_TAGS:
            return tag.start(), dropped, infobox
        name = (tag.group(2) or "!--").lower()
        if name == "div" and tag.group(1):
            open_divs -= 1
            # The <div> that closes is the one in which the article began.
            if rooted and open_divs < 0:
                return tag.start(), dropped, infobox
        elif tag.group(1):
            continue
        # The text of a script or a comment looks like tags and is none.
        elif name in _RAW or name == "!--":
            position = _raw_end(html, tag.end(), name)
            dropped.append((tag.start(), position))
        elif name in _HEADINGS:
            if lead_only and "mw-toc-heading" not in tag.group(3):
                return tag.start(), dropped, infobox
        elif name in _BOXES:
            attributes = tag.group(3)[:_LONGEST_ROOT_TAG]
            if name == "div" and rooted and _AFTER_CONTENT.search(attributes):
                return tag.start(), dropped, infobox
            if last := _dropped_end(html, tag, unclosed, boxes):
                dropped.append((tag.start(), last))
                position = last
                infobox = infobox or _infobox(html[tag.start() : last], name, attributes)
            else:
                open_divs += name == "div"
    return len(html), dropped, infobox


def _dropped_end(
    html: str, tag: re.Match[str], unclosed: set[str], boxes: re.Pattern[str]
) -> int | None:
    """Where the box that `tag` opens ends, if it is one to leave out; else None.

    An element that is never closed is remembered in `unclosed`: the rest of the page is searched
    for its end only once.
    """
    name = tag.group(2).lower()
    attributes = tag.group(3)[:_LONGEST_ROOT_TAG]
    listed = name in _ALWAYS_DROPPED or _DROPPED.search(attributes)
    if not listed and not boxes.search(attributes):
        return None
    # Searching to the end of the page for each of many unclosed boxes would take quadratic time.
    end = None if name in unclosed else _element_end(html, tag, name)
    if end is None:
        unclosed.add(name)
    return end


def _infobox(html: str, name: str, attributes: str) -> tuple[str, str] | None:
    """The box and its class names, if it is a page's infobox."""
    box = _INFOBOX.search(attributes) if name == "table" else None
    return (html, box.group(1)) if box else None


def _raw_end(html: str, position: int, name: str) -> int:
    """Where a comment, a script or the like ends; one without an end holds all the rest."""
    end = html.find("-->" if name == "!--" else f"</{name}", position)
    if end < 0:
        return len(html)
    return end + 3 if name == "!--" else (html.find(">", end) + 1 or len(html))


@cache
def _others(name: str) -> re.Pattern[str]:
    """Everything up to the next tag of this name, comment or raw element, in one step: a loop over
    all tags in Python would take half of the time of find_content.
    """
    stops = rf"/?{name}(?![a-zA-Z0-9])|(?:{'|'.join(sorted(_RAW))})(?![a-zA-Z0-9])|!--"
    return re.compile(
        rf"(?:[^<]++|<(?![/a-zA-Z!])|<(?!{stops})(?:/(?![a-zA-Z])|!|/?[a-zA-Z]"
        rf"(?:[^>\"']++|\"[^\"]*+\"|'[^']*+')*+>))*+",
        re.IGNORECASE,
    )


def _element_end(html: str, tag: re.Match[str], name: str) -> int | None:
    """Where the element that `tag` opens is closed; None if it never is."""
    # Tables are nested in tables: each opening tag of the same name asks for one closing tag more.
    depth = 1
    position = tag.end()
    others = _others(name)
    while (skipped := others.match(html, position)) and (inner := _TAG.match(html, skipped.end())):
        position = inner.end()
        if inner.group(4) == "":
            return None
        inner_name = (inner.group(2) or "!--").lower()
        if inner_name == name:
            depth += -1 if inner.group(1) else 1
            if not depth:
                return position
        elif not inner.group(1) and (inner_name in _RAW or inner_name == "!--"):
            position = _raw_end(html, position, inner_name)
    return None
