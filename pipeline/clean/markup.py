"""Elements of MediaWiki's HTML, legacy or Parsoid: the blocks of prose, and an element's text with
marks where something was taken out.
"""

import re
from collections.abc import Iterator

from bs4 import BeautifulSoup, NavigableString, Tag

from pipeline.clean.formulas import readable, subscript, superscript
from pipeline.clean.parentheticals import FOREIGN, FOREIGN_END, REMOVED
from pipeline.clean.prose import seal, visible_text
from pipeline.records import DEFAULT_LANGUAGE

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
# Elements that stand on a line of their own.
_BREAKING = frozenset(
    str.split("p div li ul ol dl dd dt blockquote section center tr td th caption")
)
_DROPPED_CLASSES = frozenset(
    str.split(
        """reference mw-ref mw-editsection noprint nomobile sortkey error navbox metadata reflist
        references thumb hatnote dablink toc shortdescription gallery portal Z3988 audiolinkinfo
        geo-nondefault geo-multi-punct mw-empty-elt mw-reflink-text
        mw-broken-media ambox dmbox setindexbox mw-kartographer-container ext-phonos-attribution
        mw-cite-backlink Inline-Template sr-only visualhide visuallyhidden locmap mbox-small tmulti
        stub asbox rellink side-box autonumber
        sistersitebox"""
    )
)
_REMOVED_CLASSES = frozenset(
    str.split(
        "IPA respell nopopups ext-phonos phonos haudio geo-default geo-dms geo-dec geo-inline"
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


_EMPTY_PAIR = seal("()")


def _gather(element: Tag, out: list[str], line: str, depth: int) -> None:
    for child in element.contents:
        if type(child) is NavigableString:
            text = visible_text(child)
            # "size()" and "the unit value ()" are written so; nothing was taken out of these.
            out.append(text.replace("()", _EMPTY_PAIR) if "()" in text else text)
        elif isinstance(child, Tag):
            _gather_tag(child, out, line, depth + 1)


def _gather_tag(tag: Tag, out: list[str], line: str, depth: int) -> None:
    # The order matters: a formula is hidden from the eye (its source is beside a picture), and
    # so has to be looked for before what is hidden goes.
    name, attributes = tag.name, tag.attrs
    classes = attributes.get("class", "").split()
    if depth > _DEEPEST:
        return
    if classes and any(each.startswith("mwe-math") for each in classes):
        out.append(seal(formula(tag)))
    elif (
        name in _DROPPED_TAGS or not _DROPPED_CLASSES.isdisjoint(classes) or _is_hidden(attributes)
    ):
        return
    # A mark is left, by which the parenthesis around it is weighed later (parentheticals.py).
    elif _is_spoken(attributes, classes):
        out.append(_coordinates(tag, out) or REMOVED)
    elif name == "br":
        out.append(line)
    # The last characters before it tell an exponent ("x²") from an ordinal ("1st").
    elif name in ("sup", "sub"):
        script = _raised(tag, "".join(out[-3:])[-20:], line, depth)
        out.insert(len(out) - _is_charge_before(tag, out, script), script)
    elif (written := _written_as_one(tag, classes, "".join(out[-3:])[-1:], depth)) is not None:
        out.append(written)
    else:
        before, after = _around(tag, line)
        out.append(before)
        _gather(tag, out, line, depth)
        out.append(after)


def _around(tag: Tag, line: str) -> tuple[str, str]:
    """What stands before and after the text of an element."""
    language = tag.attrs.get("lang", "")
    # Wikis mark words of other languages by `lang`, so that screen readers say them right: the
    # surest sign there is that a word in a parenthesis is a foreign name.
    if language and not language.startswith(DEFAULT_LANGUAGE) and tag.name in _FOREIGN_TAGS:
        return FOREIGN, FOREIGN_END
    if tag.name == "q":
        return ("'", "'") if tag.find_parent("q") else ('"', '"')
    around = line if tag.name in _BREAKING else ""
    return around, around


def _is_spoken(attributes: dict[str, str], classes: list[str]) -> bool:
    """Whether an element tells how a word sounds, in phonetic signs or respelled, or is a
    coordinate.
    """
    if not _REMOVED_CLASSES.isdisjoint(classes) or attributes.get("lang", "").endswith("fonipa"):
        return True
    return "pronunciation respelling" in attributes.get("title", "").lower()


def _is_hidden(attributes: dict[str, str]) -> bool:
    style = attributes.get("style")
    return attributes.get("id") == "coordinates" or bool(style and _HIDDEN.search(style))


_WANTS_COORDINATES = re.compile(r"\b(?:at|coordinates|coordinates (?:are|of)|position|between)\s$")
_COORDINATE = re.compile(
    r"\d{1,3}°(?:\d{1,2}′(?:[\d.]{1,6}″)?)?[NS],?\s\d{1,3}°(?:\d{1,2}′(?:[\d.]{1,6}″)?)?[EW]"
)


def _coordinates(tag: Tag, out: list[str]) -> str:
    """A coordinate that the sentence needs as its object ("at 51°28′N 0°0′W"); "" for others."""
    if "geo" not in tag.attrs.get("class", "") or not _WANTS_COORDINATES.search(
        "".join(out[-3:])[-40:]
    ):
        return ""
    place = _COORDINATE.search(visible_text(tag.get_text()))
    return place.group() if place else ""


# ---- what several elements write together: code, fractions, raised text over lowered text

_VERBATIM_TAGS = frozenset(("code", "samp", "kbd", "tt"))
_LONGEST_VERBATIM = 2_000  # characters


def _written_as_one(tag: Tag, classes: list[str], before: str, depth: int) -> str | None:
    """The text of an element whose parts belong together; None for any other element."""
    if tag.name in _VERBATIM_TAGS or "texhtml" in classes:
        inner: list[str] = []
        _gather(tag, inner, " ", depth)
        text = re.sub(r"\s+", " ", "".join(inner))
        return seal(text) if len(text) <= _LONGEST_VERBATIM else text
    if "frac" in classes or "sfrac" in classes:
        fraction = _fraction(tag, "/" if "sfrac" in classes else "⁄")
        return f" {fraction}" if before.isdigit() else fraction
    if tag.name == "span":
        stacked = _stacked(tag, classes)
        if stacked:
            high, low = superscript(stacked[0]), subscript(stacked[1])
            return f"{low}{high}" if before.isalnum() or before in ")]" else f"{high}{low}"
        if tag.contents and tag.get_text()[:8] == "Tooltip ":
            return ""
    return None


def _fraction(tag: Tag, bar: str) -> str:
    """A fraction with its whole number before it: 6 1⁄2. What is written for screen readers is not
    shown.
    """
    whole_tag = tag
    if isinstance(nested := tag.find("span", class_="tion", recursive=False), Tag):
        tag = nested  # {{sfrac}} sets the fraction in a span of its own, beside its whole number
    parts = [
        visible_text(part.get_text()).strip()
        for part in tag.find_all(("span", "sup", "sub"), recursive=False)
        if not {"sr-only", "visualhide"} & set(part.attrs.get("class", "").split())
    ]
    written = whole_tag.find_all(string=True, recursive=False)
    texts = [text for text in written if text.strip(" ⁄/\xa0")]
    whole = visible_text("".join(texts)).strip(" ⁄/")
    if parts == ["2"]:
        parts = ["1", "2"]  # the numerator was lost, and there is but one half
    if len(parts) != 2:
        return visible_text(tag.get_text())
    return f"{whole} {parts[0]}{bar}{parts[1]}".strip()


_SCRIPT_TEXT = re.compile(r"[\d+−–-]{1,5}|[a-z]")


def _stacked(tag: Tag, classes: list[str]) -> tuple[str, str] | None:
    """The upper and the lower text of a block that sets one over the other, as {{chem}} does."""
    if "template-chem2-su" not in classes and "inline-block" not in tag.attrs.get("style", ""):
        return None
    parts = [
        text.replace("–", "−").replace("-", "−")
        for child in tag.contents
        if (text := visible_text(child.get_text()).strip())
    ]
    if len(parts) != 2 or not all(map(_SCRIPT_TEXT.fullmatch, parts)):
        return None
    return parts[0], parts[1]


_FIGURES = re.compile(r"[\d+−–=()-]+")
_NOTE = re.compile(r"\[.*\]", re.DOTALL)  # a note whose markup was lost
# Raised letters that are no exponent: ordinals, trade marks, abbreviations (Mme, No, Dr).
_ORDINARY = re.compile(
    r"st|nd|rd|th|d|e|er|re|ers|[eè]me|ième|[oaºª]|os|as|to|ta|t|te|me|mes|lle|lles|gr|rs?|c|le|la"
    r"|TM|SM|MC|MD|®|™|℠",
)
_SCALE = re.compile(r"\s?[CF]\b")  # of degrees: 20<sup>o</sup>C
# What is set below a letter and is no word: n+1, 7−x, "1,2", 1/2.
_INDEX = re.compile(r"(?=.*[+−=/,]|.*-\d|.*\d-)[^\W_]{1,3}(?:[+−=/,-][^\W_]{1,3}){1,3}", re.DOTALL)
_EXPONENT = re.compile(r"[^\s\[\]]{1,24}|[^\s\[\]]{1,12}(?:\s?[+−×·/-]\s?[^\s\[\]]{1,12}){1,3}")
_FIGURE = "₀-₉ₐ-ₜ⁰-⁹ⁿ"  # raised or lowered, which count as letters or digits to Python
# A number, one letter, a bracket.
_BASE = re.compile(rf"(?:\d|(?<![^\W\d{_FIGURE}])[^\W\d{_FIGURE}]|[)\]′{_FIGURE}])$")
_ISOMER = re.compile(r"\d{2,3}m\d?")  # of a nucleus: technetium-99m


def _raised(tag: Tag, before: str, line: str, depth: int) -> str:
    """Raised or lowered text as it is typed: x², 2ⁿ, 10^(0.15), log₂; words stay as they are."""
    inner: list[str] = []
    _gather(tag, inner, line, depth)
    written = "".join(inner)
    text = written.strip()
    if not text or _NOTE.fullmatch(text):
        return ""
    # Whatever is raised may be an exponent, an ordinal, a charge or a footnote. What stands before
    # it and what it is made of decide: an exponent follows a number, one letter or a bracket.
    write = superscript if tag.name == "sup" else subscript
    if _FIGURES.fullmatch(text):
        return seal(write(text.replace("–", "−")))
    italic = tag.find(("i", "var", "em")) is not None
    if tag.name == "sub":
        return _lowered(text, before, written, italic=italic)
    if text in "oO" and before[-1:].isdigit() and _SCALE.match(str(tag.next_sibling or "")):
        return "°"
    if before[-1:].isdigit() and text[0].isdigit():
        return seal(superscript(text))  # whatever else it is: two numbers are never joined
    ordinary = _ORDINARY.fullmatch(text) and not italic
    if _ISOMER.fullmatch(text) or (
        _BASE.search(before) and _EXPONENT.fullmatch(text) and not ordinary
    ):
        return seal(superscript(text))
    return written


def _lowered(text: str, before: str, written: str, *, italic: bool) -> str:
    """Lowered text that is not all figures: an index (aₙ₊₁, log_b); words (Vmax) are read on."""
    if not _EXPONENT.fullmatch(text):
        return written
    # An index follows one letter (aₙ); below a word it is a word of its own, read on (Vmax).
    lone = _BASE.search(before) is not None
    letter = len(text) == 1 and text.isalpha()
    if lone and (italic or (letter and text.islower())):
        return seal(subscript(text))
    if (lone and _INDEX.fullmatch(text)) or (letter and italic and before[-1:].isalpha()):
        return seal(subscript(text))
    return written if not lone else text


_CHARGE = re.compile(r"[⁰¹²³⁴-⁹]*[⁺⁻]")
_SUNK = re.compile(r"[₀-₉]+")


def _is_charge_before(tag: Tag, out: list[str], written: str) -> bool:
    """Whether lowered figures follow a charge that belongs after them: SO<sup>2−</sup><sub>4</sub>
    is SO₄²⁻, as when the two are one above the other.
    """
    return (
        tag.name == "sub"
        and len(out) > 1
        and _CHARGE.fullmatch(out[-1]) is not None
        and _SUNK.fullmatch(written) is not None
        and (out[-2][-1:].isalpha() or out[-2][-1:] in ")]")
    )


def formula(tag: Tag) -> str:
    """A formula as text, from whichever form of its source the page carries."""
    # MathML has its TeX in an <annotation>, a picture in its alternative text; without either the
    # page leaves the TeX itself, between dollars.
    source = tag.find("annotation")
    image = tag if tag.name == "img" else tag.find("img")
    if isinstance(source, Tag):
        tex = source.get_text()
    elif isinstance(image, Tag):
        tex = str(image.get("alt") or "")
    else:
        tex = tag.get_text().strip().strip("$")
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
