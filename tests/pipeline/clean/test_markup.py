"""What is markup is told by markup: text in brackets, code and mathematics stay as they are, and
what is raised, lowered or set one over the other is typed as a reader would type it.
"""

import pytest

from pipeline.clean import read_article
from pipeline.records import Page

SPAN = '<span style="display:inline-block;vertical-align:-0.4em;font-size:80%">'


def lead(inside: str) -> str:
    html = f'<div class="mw-parser-output"><p>{inside}</p></div>'
    page = Page(pageid=1, title="Thing", html=html, url="", revid=1, licence="")
    return " | ".join(read_article(page).lead)


@pytest.mark.parametrize(
    "text",
    [
        "The value lies in [0, 5) or [2, 3], as argv[1] shows.",
        "He said [t]he act[s] of [h]er were right.",
        "Naphtho[b]furan and [10]cyclophane are rings.",
        "The judges gave a score [9–7] to her.",
        "A guide (one who has to listen) and a hall (where they help) are here.",
        "The line Bergen / Røros / Hamar runs here, as does and/or.",
        "Call close() or read() on it.",
        "Two [1990] 2 NZLR was cited.",
    ],
)
def test_text_that_looks_like_a_left_over_stays(text: str) -> None:
    assert lead(text) == text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("x = <code>b[i]</code>, then <kbd>f(...y)</kbd> runs", "x = b[i], then f(...y) runs"),
        ("use <samp>a  ,b</samp> and <code>( )</code> here", "use a ,b and ( ) here"),
        ('on <span class="texhtml">[0,2]</span>, or', "on [0,2], or"),
        ("2<sup><i>k</i></sup> − 3 and <i>e</i><sup><i>x</i>+1</sup>", "2ᵏ − 3 and e^(x+1)"),
        ("10<sup>0.25</sup>, 2<sup>1/3</sup>", "10^(0.25), 2^(1/3)"),
        ("3<sup>3<sup>20</sup></sup> and 10<sup>million</sup>", "3^(3²⁰) and 10^million"),
        ("the 21<sup>st</sup>, Brae<sup>TM</sup>, M<sup>me</sup> Li", "the 21st, BraeTM, Mme Li"),
        ("<i>a</i><sub><i>i</i></sub>, log<sub>2</sub>, V<sub>max</sub>", "aᵢ, log₂, Vmax"),
        (
            "log<sub><i>b</i></sub> x, a<sub>n+1</sub>, O<sub>7−<i>x</i></sub>",
            "log_b x, aₙ₊₁, O₇₋ₓ",
        ),
        ("10<sup>6 m</sup>, <sup>99m</sup>Tc, 20<sup>o</sup>C", "10^(6 m), ⁹⁹ᵐTc, 20°C"),
        ("SO<sup>2−</sup><sub>4</sub>, <sup>235</sup><sub>92</sub>U", "SO₄²⁻, ²³⁵₉₂U"),
        ("2<sup>1</sup>⁄<sub>2</sub> in and <sup>3</sup>/<sub>4</sub> in", "2 1⁄2 in and 3⁄4 in"),
        ("the unit value (), and <q>one <q>two</q></q>", "the unit value (), and \"one 'two'\""),
        (
            '6<span class="frac"><span class="num">1</span>&frasl;'
            '<span class="den">2</span></span>',
            "6 1⁄2",
        ),
        (
            '<span class="sfrac">2<span class="sr-only">+</span><span class="tion">'
            '<span class="num">3</span><span class="sr-only">/</span><span class="den">8</span>'
            "</span></span>",
            "2 3/8",
        ),
        ("an angle (defined below) and a tree (see Use cases)", "an angle and a tree"),
        ("Nix,Nowhere (stylized as nix,nowhere.) is", "Nix,Nowhere (stylized as nix,nowhere.) is"),
        (f"PO{SPAN}<sup>3−</sup><br><sub>4</sub></span> is", "PO₄³⁻ is"),
        (f"HPO{SPAN}2−<br />4</span> is", "HPO₄²⁻ is"),
        (f"the isotope {SPAN}<sup>16</sup><br><sub>8</sub></span>O is", "the isotope ¹⁶₈O is"),
        (
            'NO<span class="template-chem2-su"><span>−</span><span>3</span></span> is',
            "NO₃⁻ is",
        ),
        (
            '<span class="frac">3<span class="sr-only">+</span><span class="num">1</span>&frasl;'
            '<span class="den">4</span></span> in',
            "3 1⁄4 in",
        ),
        (
            '<span class="frac nowrap"><sup>5</sup>&frasl;<sub>8</sub></span> in',
            "5⁄8 in",
        ),
        (
            '<span class="sfrac"><span class="num">2</span><span class="sr-only">/</span>'
            '<span class="den">3</span></span> of',
            "2/3 of",
        ),
        ("👩\u200d🚀 and نمی\u200cدانم, not a\u200db", "👩\u200d🚀 and نمی\u200cدانم, not ab"),
        ("he said <q>go on</q>, then", 'he said "go on", then'),
        (
            '<b>Brae</b> (<span class="unicode haudio"><a>pronunciation</a></span>) is here.',
            "Brae is here.",
        ),
        ("MMIX (link will display the full calendar) was a year.", "MMIX was a year."),
        ('the <a>BBT</a><span class="x">Tooltip Brae Bay Tram</span> runs', "the BBT runs"),
        (
            'It lies at <span class="geo-inline"><span class="geo-dms">60°10′N 1°12′W</span>'
            "</span>.",
            "It lies at 60°10′N 1°12′W.",
        ),
        ('It lies there <span class="geo-inline">60°10′N 1°12′W</span>.', "It lies there."),
        (
            'Zoon (from Greek <i lang="grc">ζῷον</i>, "animal", and <i lang="grc">λόγος</i>, '
            '"word") is.',
            "Zoon is.",
        ),
    ],
)
def test_markup_is_typed_as_a_reader_would_type_it(html: str, text: str) -> None:
    assert lead(html) == text


def test_a_bare_mark_goes_only_where_a_page_counts_its_marks_from_one() -> None:
    assert lead("Brae is old.[1] It is small [2]. The set [7] is") == (
        "Brae is old. It is small. The set is"
    )
    assert lead("Brae is the vector [1] of length one.") == "Brae is the vector [1] of length one."


def test_an_epigraph_is_not_the_lead() -> None:
    html = "<p><i>The sea is wide.</i></p><p>A <b>thing</b> is an object. It is small.</p>"
    page = Page(pageid=1, title="Thing", html=html, url="", revid=1, licence="")
    assert read_article(page).lead == ("A thing is an object. It is small.",)
