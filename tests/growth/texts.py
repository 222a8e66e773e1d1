"""Texts made to be slow: a short piece again and again, with or without something before and
behind it.
"""

from collections.abc import Iterator

PIECES = {
    "full stops": ".",
    "full stops and blanks": ". ",
    "initials": "A. ",
    "abbreviations": "U.S. ",
    "titles of persons": "Mr. ",
    "blanks": " ",
    "no-break spaces": "\u00a0",
    "line feeds": "\n",
    "carriage returns": "\r\n",
    "line separators": "\u2028",
    "opened parentheses": "(",
    "closed parentheses": ")",
    "parentheses never closed": "(a",
    "parentheses of semicolons": "(a;;;;x) ",
    "nested parentheses": "(a (b (c ",
    "empty parentheses": "() ",
    "brackets": "[a",
    "reference marks": "[1]",
    "braces": "{{a|",
    "closed braces": "}}",
    "semicolons": ";",
    "semicolons and blanks": "; ",
    "commas": ", ",
    "names and commas": "Aa, ",
    "names": "Aa ",
    "small letters": "a",
    "capitals": "A",
    "letters and blanks": "a ",
    "of": "of ",
    "the": "the ",
    "is a": "is a ",
    "was born": "born (was ",
    "lists": "a, b and c or ",
    "pronunciations": "/ˈaː/ ",
    "a pronunciation never closed": "/ˈaː",
    "phonetic letters": "ə",
    "IPA": "IPA: [a] ",
    "listen": "(listen) ",
    "hyphens": "-",
    "dashes": "a–",
    "apostrophes": "'",
    "possessives": "a's ",
    "quotation marks": '"',
    "curly quotation marks": "“",
    "digits": "1",
    "figures": "1,",
    "numbers": "12 ",
    "dates": "1 May 1900 ",
    "years": "1900–",
    "powers": "10^",
    "TeX": "\\frac{",
    "TeX arguments": "{a}_",
    "dollars": "$",
    "combining marks": "a\u0301",
    "alternating combining marks": "\u0301\u0323",
    "joined emoji": "👩\u200d",
    "zero-width spaces": "\u200b",
    "wide letters": "漢",
    "letters that grow in lower case": "İ",
    "letters that grow in upper case": "ß",
    "right to left": "\u202e",
    "underscores": "_",
    "hashes": "#",
    "percent signs": "%41",
    "slashes": "/",
    "addresses": "https://a.b ",
    "colons": "a: ",
    "question marks": "What is? ",
    "stars": "*",
    "pipes": "a | ",
    "ampersands": "&amp;",
    "bare ampersands": "&",
    "tags never closed": "<a",
    "elements": "<b>",
    "closed elements": "<b></b>",
    "end tags": "</b>",
    "odd end tags": "</1>",
    "declarations": "<!x>",
    "comments never closed": "<!--",
    "instructions": "<?x>",
    "paragraphs": "<p>a",
    "cells": "<table><tr><td>a",
    "rows": "<tr><th>a</th><td>Aa, </td></tr>",
    "list items": "<ul><li>a",
    "superscripts": "<sup>2",
    "attributes": '<a b="',
    "redirects": '<a class="redirectText" href="a" title="b">',
    "redirect lists": 'class="redirectText"><li><a ',
    "links to licences": '<link rel="license" ',
    "canonical links": '<link rel="canonical" ',
    "titles": "<title>",
    "configuration": '"wgArticleId":1,',
    "configuration never closed": "RLCONF={",
    "JSON": '{"a":',
    "lists of JSON": "[",
    "escapes of JSON": "\\u0041",
    "old revisions": "?oldid=1",
    "escape sequences": "\x1b[",
    "operating system commands": "\x1b]0;",
    "nulls": "\0",
}

AROUND = (("", ""), ("Ada is ", " a thing."), ("(", "A)"))


def text_of(piece: str, size: int, before: str = "", behind: str = "") -> str:
    """About `size` bytes of a piece."""
    return before + piece * (size // len(piece.encode()) + 1) + behind


def hostile_texts(
    size: int, around: tuple[tuple[str, str], ...] = AROUND
) -> Iterator[tuple[str, str]]:
    """All of them, with their names."""
    for name, piece in PIECES.items():
        for before, behind in around:
            yield f"{before!r} {name} {behind!r}", text_of(piece, size, before, behind)
