"""Pages become articles: clean text, whatever the HTML; the same from every form of it."""

import json
import lzma
import os
import random
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.clean import Article, head_config, read_article
from pipeline.clean.prose import clean_text
from pipeline.records import Page

SHARED = os.environ.get("ASKWIKI_SHARED")
needs_pages = pytest.mark.skipif(
    not SHARED, reason="ASKWIKI_SHARED is not set: no real pages to read"
)
IPA = '<span class="IPA nowrap" lang="en-fonipa">/<a href="/wiki/Help:IPA">ˈeɪdə</a>/</span>'
MATHEMATICS = (
    '<span class="mwe-math-element"><span style="display:none"><math><annotation'
    ' encoding="application/x-tex">{\\displaystyle E=mc^{2}}</annotation></math></span><img'
    ' class="mwe-math-fallback-image-inline" alt="{\\displaystyle E=mc^{2}}"></span>'
)
REFERENCE = '<sup id="cite_ref-1" class="reference"><a href="#cite_note-1">[1]</a></sup>'


def read(
    html: str, title: str = "Thing", *, sections: bool = False, categories: tuple[str, ...] = ()
) -> Article:
    page = Page(
        pageid=1,
        title=title,
        html=html,
        url="http://localhost/wiki/x",
        revid=2,
        licence="CC BY-SA 4.0",
        categories=categories,
    )
    return read_article(page, sections=sections)


def lead(inside: str) -> str:
    """The lead of a page whose first paragraph holds this."""
    return " | ".join(read(f'<div class="mw-parser-output"><p>{inside}</p></div>').lead)


@pytest.mark.parametrize(
    ("html", "text"),
    [
        (f"<b>Ada</b> ({IPA}; born 10 December 1815) is.", "Ada (born 10 December 1815) is."),
        (f"<b>Ada</b> ({IPA}) is.", "Ada is."),
        (
            f'<b>Ada</b> (German: <i lang="de">Adda</i>, <small>pronounced</small> {IPA}) is.',
            "Ada is.",
        ),
        (
            (
                '<b>Rin</b> (<span lang="ja">凛</span>, <i lang="ja-Latn">Rin</i>; born 5 May'
                " 1950) is."
            ),
            "Rin (born 5 May 1950) is.",
        ),
        ("<b>Rin</b> (凛 <i>Rin</i>, born 5 May 1950) is.", "Rin (born 5 May 1950) is."),
        ("<b>Vic</b> (Auvergnat: <i>Vica</i>) is.", "Vic is."),
        ("The <b>War</b> (Chinese:1942-1943河南) is.", "The War is."),
        ("It has 12.1 km (4.7 sq mi).", "It has 12.1 km² (4.7 sq mi)."),
        (
            "It has 31 sq mi (81 km), 15/sq mi (6/km).",
            "It has 31 sq mi (81 km²), 15/sq mi (6/km²).",
        ),
        ("It has 3 acres (2.0 sq mi; 5.2 km).", "It has 3 acres (2.0 sq mi; 5.2 km²)."),
        ("12 km (7 mi) from 3 acres, 5 km off.", "12 km (7 mi) from 3 acres, 5 km off."),
        ("It was held in 1971 ,Ash won.", "It was held in 1971, Ash won."),
        ('He said "it is old."Others left.', 'He said "it is old." Others left.'),
        ("It is old.{(} It is red.", "It is old. It is red."),
        ("<b>Sopot</b> (Kashubian: <i>Sopòt</i>; German: <i>Zoppot</i>) is.", "Sopot is."),
        ("<b>Quark</b> (/kwɔːrk, kwɑːrk/ KWORK) is.", "Quark is."),
        ("<b>Caret</b> (pronounced KAR-ət, abbreviated CT) is.", "Caret (abbreviated CT) is."),
        ("Ada, (born 5 May 1815), is here.", "Ada (born 5 May 1815) is here."),
        (
            "The state (abbreviated SS; Malay: <i lang=ms>Negeri</i>) is.",
            "The state (abbreviated SS) is.",
        ),
        ('the camps (<i lang="de">Lager</i>) were', "the camps (Lager) were"),
        (
            "in lands: the isles (CC-BY-SA), Oslo (–81 kg) and (see below) more",
            "in lands: the isles (CC-BY-SA), Oslo (–81 kg) and more",
        ),
        ("It came out in May (see 1993 in music).", "It came out in May."),
    ],
)
def test_an_aside_keeps_what_it_still_says(html: str, text: str) -> None:
    assert lead(html) == text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("H<sub>2</sub>O and 10<sup>6</sup> and 5<sup>th</sup>", "H₂O and 10⁶ and 5th"),
        ("5&nbsp;km, Nos.&#160;1–3, C++, AT&amp;T, a &lt; b", "5 km, Nos. 1–3, C++, AT&T, a < b"),
        (
            f"One.{REFERENCE} Two [1990] 2 NZLR, is it?[who?]",
            "One. Two [1990] 2 NZLR, is it?",
        ),
        (
            '<span class="mw-editsection">[edit]</span>x <span style="display:none">hidden</span>y',
            "x y",
        ),
        ("one<br>two , three .Four", "one two, three .Four"),
        ("It was released.It sold well.", "It was released. It sold well."),
        ('Ada King <span class="noexcerpt nowrap">OBE FRS</span> was', "Ada King OBE FRS was"),
        ("\u200bzero\u00adwidth\ufeff \ue000\ue001", "zerowidth"),
        (f"mass {MATHEMATICS}.", "mass E = mc²."),
        (
            'mass <img class="mwe-math-fallback-image-inline" alt="{\\displaystyle x_{1}}"> is',
            "mass x₁ is",
        ),
        ("<ruby><rb>東</rb><rp>(</rp><rt>tō</rt><rp>)</rp></ruby>", "東"),
        ('at <span id="coordinates">Coordinates: 5°N</span>home', "at home"),
    ],
)
def test_nothing_is_lost_and_nothing_left_over(html: str, text: str) -> None:
    assert lead(html) == text


def test_lists_within_a_list_are_items_too_and_a_table_behind_a_sentence_is_none() -> None:
    items = "<ul><li>red<ul><li>rose</li><li>rust</li></ul></li><li>blue</li></ul>"
    assert read(f"<p>There are two:</p>{items}").lead == (
        "There are two: red, rose, rust and blue.",
    )
    assert read("<p>It is:</p><ul><li>red;</li><li>tall; and</li><li>old.</li></ul>").lead == (
        "It is red, tall and old.",
    )
    assert read(f"<p>There are two.</p>{items}").lead == ("There are two.",)
    assert read("<p>They are these.</p><ul><li>Red</li><li>Blue</li></ul>").lead == (
        "They are these. Red. Blue.",
    )


def test_long_items_stay_apart_and_a_term_stands_before_what_it_means() -> None:
    items = "<ul><li>red, or nearly so</li><li>green</li></ul>"
    assert read(f"<p>There are two kinds:</p>{items}").lead == (
        "There are two kinds: red, or nearly so; green.",
    )
    terms = "<dl><dt>Ado</dt><dd>first, and least</dd><dt>Brae</dt><dd>second</dd></dl>"
    assert read(f"<p>It has two parts:</p>{terms}").lead == (
        "It has two parts: Ado: first, and least; Brae: second.",
    )


def test_a_list_in_the_lead_reads_as_prose() -> None:
    items = "<ul><li>red;</li><li>green.</li></ul>"
    assert read(f"<p>There are:</p>{items}<p>All are old.</p>").lead == (
        "There are red and green.",
        "All are old.",
    )
    assert read(f"<p>There are two.</p>{items}").lead == ("There are two. Red. Green.",)
    assert read("<p>It is</p><dl><dd>W = a</dd></dl><p>where a is one.</p>").lead == (
        "It is W = a, where a is one.",
    )


LEGACY = """<!DOCTYPE html><html><head><title>T</title><style>.mw-parser-output .x{}</style>
<script>RLCONF={"wgArticleId":7,"wgRevisionId":8,"wgCategories":["Cats","1815 births"]};</script></head>
<body class="mediawiki"><div id="content"><h1>Thing</h1><div id="mw-content-text"><div class="mw-content-ltr mw-parser-output">
<div class="hatnote">See.</div><table class="infobox vcard"><tr><th colspan=2><h2>Head</h2></th></tr>
<tr class="r"><th class="l">Born</th><td class="d">1 May 1815<br>Paris<sup class="reference">[1]</sup>
<span style="display:none">(1815-05-01)</span> (age 50)</td></tr>
<tr><th>Works</th><td><ul><li>One</li><li>Two</li></ul></td></tr></table><p class="mw-empty-elt"></p>
<table><tr><td><h2>Not a heading</h2></td></tr></table><p>The <i><b>Thing</b></i> is. </p>
<div id="toc" class="toc"><div class="toctitle"><h2>Contents</h2></div></div><p>More.</p>
<h2><span class="mw-headline">History</span><span class="mw-editsection">[edit]</span></h2><p>Old.</p>
<h3>Early</h3><p>Older.</p><h2>References</h2><p>None.</p></div><div class="printfooter"><p>Retrieved</p></div></div></div>
<div><h2>Menu</h2><p>Tools</p></div></body></html>"""  # noqa: E501  lines as a wiki writes them
PARSOID = """<!DOCTYPE html><html about="http://localhost/wiki/Special:Redirect/revision/8"><head>
<meta property="mw:pageId" content="7"/></head><body class="mw-body-content parsoid-body mediawiki mw-parser-output">
<section data-mw-section-id="0"><div class="hatnote" data-mw='{"wt":"<h2>not</h2> <table>"}'>See.</div>
<table class="infobox vcard"><tbody><tr class="r"><th class="l">Born</th><td class="d">1 May 1815<br/>Paris
<sup class="mw-ref reference"><span>[1]</span></sup> <span style="display:none">(1815-05-01)</span> (age 50)</td></tr>
<tr><th>Works</th><td><ul><li>One</li><li>Two</li></ul></td></tr></tbody></table>
<p>The <i><b>Thing</b></i> is. </p><p>More.</p></section><section data-mw-section-id="1"><h2 id="History">History</h2><p>Old.</p>
<section data-mw-section-id="2"><h3>Early</h3><p>Older.</p></section></section><section><h2>References</h2><p>None.</p>
<link rel="mw:PageProp/Category" href="./Category:Cats#x"/><link rel="mw:PageProp/Category" href="./Category:1815_births"/>
</section></body></html>"""  # noqa: E501
BODY = "<html><body>" + LEGACY[LEGACY.index('<div id="mw-content-text') :]
FRAGMENT = LEGACY[
    LEGACY.index('<div class="hatnote') : LEGACY.index('</div><div class="printfooter')
]
FORMS = (LEGACY, PARSOID, BODY, FRAGMENT)


@pytest.mark.parametrize("html", FORMS)
def test_every_form_of_a_page_gives_the_same_article(html: str) -> None:
    article = read(html, sections=True)
    assert article.lead == ("The Thing is.", "More.")
    assert (article.bold, article.italic_title, article.infobox_classes) == (
        ("Thing",),
        True,
        ("infobox", "vcard"),
    )
    assert [(row.label, row.values) for row in article.infobox_rows] == [
        ("Born", ("1 May 1815", "Paris")),
        ("Works", ("One", "Two")),
    ]
    assert article.infobox_rows[0].classes == ("r", "l", "d")
    assert [(s.heading, s.level, s.paragraphs) for s in article.sections] == [
        ("History", 2, ("Old.",)),
        ("Early", 3, ("Older.",)),
    ]


@pytest.mark.parametrize("html", FORMS[:2])
def test_a_document_says_what_it_is(html: str) -> None:
    config = head_config(html)
    assert (config["wgArticleId"], config["wgRevisionId"], config["wgCategories"]) == (
        7,
        8,
        ["Cats", "1815 births"],
    )
    assert read(html).categories == ("Cats", "1815 births")


@pytest.mark.parametrize(
    "html",
    [
        "",
        "text",
        "<script>RLCONF={broken",
        '<script>RLCONF={"wgCategories":5};</script>',
        "RLCONF=" + '{"a":' * 100_000,
    ],
)
def test_a_head_that_says_nothing_gives_nothing(html: str) -> None:
    head_config(html)
    assert read(html).categories == ()


@pytest.mark.parametrize(
    ("html", "categories", "kind"),
    [
        ('<p>X may be:</p><div class="dmbox metadata">x</div>', (), "disambiguation"),
        ('<p>X may be:</p><table id="setindexbox" class="dmbox"></table>', (), "set index"),
        ("<p>X may be:</p>", ("All article disambiguation pages",), "disambiguation"),
        ("<p>X is a list.</p>", ("Set index articles on ships",), "set index"),
        ("<p>X is a name.</p>", ("German-language surnames",), "surname"),
        ("<p>X is.</p>", ("Pages",), "article"),
    ],
)
def test_the_kind_of_page_is_read_from_its_marks(
    html: str, categories: tuple[str, ...], kind: str
) -> None:
    article = read(html, categories=categories)
    assert (article.page_type, article.is_disambiguation) == (kind, kind == "disambiguation")


def test_a_birthday_is_no_release_date() -> None:
    assert read('<p>Born <span class="bday">1815</span>.</p>').has_birth_date
    assert not read(
        '<p>Out <span class="bday dtstart published updated">1993</span>.</p>'
    ).has_birth_date


# --------------------------------------------------------------------------------------------------

NESTED = ("div", "p", "table", "b", "sup", "span", "ul><li", "table><tr><td", "section", "dl><dd")
REPEATED = (
    *(
        "<",
        "<a ",
        '<a "',
        "<!--",
        "<script>",
        "(",
        "(a, ",
        "A. ",
        "&nbsp;",
        "[ə",
        "/ə ",
        "AA-",
        "a-",
        "Yahoo! ",
        " ,",
        "<br>",
    ),
    *('<i lang="de">x</i>, ', "<ul><li>a", "(German: ", "<p>a", "кк "),
)
TANGLE = (
    *(
        "<p>",
        "</p>",
        "<div>",
        "</div>",
        "<table>",
        "</table>",
        "<h2>",
        "<!--",
        "-->",
        "<b>",
        '<i lang="de">',
    ),
    *("(", ")", "x is. ", "; ", "<ul><li>", '<sup class="reference">'),
    *("<style>", "</style>", '"', "'", "<a title='", '<table class="infobox">', "<tr><th>a<td>b"),
    *("\0", "\ud800"),
)


def timed(html: str) -> float:
    start = time.process_time()
    read(html, sections=True)
    return time.process_time() - start


@pytest.mark.parametrize("tag", NESTED)
def test_ten_thousand_elements_inside_one_another_are_borne(tag: str) -> None:
    close = "".join(f"</{name}>" for name in reversed(tag.split("><")))
    assert timed("<p>x</p>" + f"<{tag}>" * 10_000 + "x" + close * 10_000) < 5
    assert timed(f"<{tag}>" * 10_000) < 5


@pytest.mark.parametrize("piece", REPEATED)
def test_no_text_takes_more_than_its_length(piece: str) -> None:
    assert timed("<p>(" + piece * (300_000 // len(piece))) < 5


@settings(max_examples=150, deadline=None)
@given(st.lists(st.sampled_from(TANGLE), max_size=60))
def test_any_tangle_of_markup_is_read(parts: list[str]) -> None:
    read("".join(parts), sections=True)


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=200))
def test_mending_raises_nothing_and_leaves_no_private_mark(text: str) -> None:
    assert not re.search("[\ue000-\ue002]", clean_text(re.sub("[\ue000-\ue0ff]", "", text)))


# --------------------------------------------------------------------------------------------------


def real_pages(every: int) -> Iterator[Page]:
    with lzma.open(Path(str(SHARED)) / "wiki/pages.jsonl.xz", "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            if number % every == 0:
                row = json.loads(line)
                categories = tuple(row["categories"])
                known = {
                    "pageid": row["pageid"],
                    "title": row["title"],
                    "html": row["html"],
                    "revid": row["revid"],
                }
                yield Page(**known, url="", licence="", categories=categories)


LEFT_OVER = re.compile(
    r"\[\d{1,3}\]|\(\s*[;,)]|[;,]\s*\)|[ˈˌ]\w|ⓘ|\\displaystyle|\{\\|\s[,;]\s| "
    r" |[\u200b\xa0\ue000-\ue0ff]|&nbsp;|\.mw-parser-output"
)


@needs_pages
def test_no_lead_of_a_real_page_has_a_left_over() -> None:
    leads = {
        page.title: "\n".join(read_article(page, rows=False).lead) for page in real_pages(every=12)
    }
    assert not {
        title: found.group() for title, text in leads.items() if (found := LEFT_OVER.search(text))
    }


@needs_pages
def test_real_pages_cut_doubled_and_flipped_are_borne() -> None:
    chance = random.Random(7)
    for page in real_pages(every=150):
        flipped = "".join(
            chr(ord(c) ^ 1 << chance.randrange(7)) if chance.random() < 0.01 else c
            for c in page.html
        )
        for html in (
            page.html[: chance.randrange(len(page.html))],
            page.html * 2,
            page.html[chance.randrange(len(page.html)) :],
            flipped,
        ):
            assert timed(html) < 5


def test_a_notice_in_the_first_paragraph_is_left_out_and_the_rest_stays() -> None:
    notice = '<i>"Ado" redirects here. For the film, see Ado (film).</i>'
    assert read(f"<p>{notice} <b>Ado</b> is a song.</p>").lead == ("Ado is a song.",)


def test_an_etymology_goes_whole_and_a_name_in_its_own_script_with_its_reading() -> None:
    greek = '<span lang="grc">φιλία</span>, <i lang="grc-Latn">philia</i>, "love"'
    assert read(f"<p>Ado (from Greek: {greek}) is a virtue of old.</p>").lead == (
        "Ado is a virtue of old.",
    )
    full = 'full: Brae of the Zed, abbreviated <span lang="ru">Брэй ЦК КП</span>, Brey TsK KP'
    assert read(f"<p>The Brae ({full}) was a council.</p>").lead == (
        "The Brae (full: Brae of the Zed) was a council.",
    )
    wisdom = 'from Greek <span lang="grc">φιλία</span>, philia, literally "love of all"'
    assert read(f"<p>Ado ({wisdom}) is a virtue.</p>").lead == ("Ado is a virtue.",)
    french = '<a title="French">French</a>: <i lang="fr">adoisme</i>, from <i>adoi</i>, "love"'
    assert read(f"<p>Ado ({french}) is a virtue.</p>").lead == ("Ado is a virtue.",)
    assert read('<p>Kage (<span lang="ja">影</span>, <i>Kage</i>; 1985) is a game.</p>').lead == (
        "Kage (1985) is a game.",
    )
    assert read("<p>Kage (影の伝説 -THE LEGEND-) is a game of old.</p>").lead == (
        "Kage is a game of old.",
    )


def test_numbers_in_brackets_are_text_where_no_clause_ends_with_them() -> None:
    claims = "It is a claim like claim [1] and claim [2] of a patent."
    assert read(f"<p>{claims}</p>").lead == (claims,)
    marked = read("<p>It is old.[1] It is Brae [2] in Ash, or so.[3]</p>").lead
    assert marked == ("It is old. It is Brae in Ash, or so.",)


def test_a_row_knows_the_part_of_the_box_that_it_is_in() -> None:
    box = "<table class='infobox'><tr><th>Mayor<br>Keeper</th></tr><tr><th>By</th><td>Ash</td></tr>"
    assert read(f"{box}</table><p>It is.</p>").infobox_rows[0].header == "Mayor; Keeper"


@pytest.mark.parametrize("blank", [" ", "\u00a0", "\n", "\r\n", "\u2028"])
def test_a_title_of_blanks_is_read_in_time(blank: str) -> None:
    title = f"Ash {blank * 40_000}."
    start = time.process_time()
    read(f'<div class="mw-parser-output"><p><b>{title}</b> is a heath.</p></div>', title)
    assert time.process_time() - start < 1  # was four, growing with the square


def test_a_note_on_who_supplied_a_text_goes() -> None:
    article = read("<p><b>ZED1</b> is a gene of the ash tree.[supplied by OMIM]</p>")
    assert article.lead == ("ZED1 is a gene of the ash tree.",)


def test_what_reads_a_foreign_name_out_goes_with_it_and_so_does_a_pointer() -> None:
    tree = read("<p><b>Zedia</b> (越南枫杨, <i>yue nan feng yang</i>) is a tree of the north.</p>")
    assert tree.lead == ("Zedia is a tree of the north.",)
    word = read("<p><b>Ashen</b> (or Ashenn, see spelling differences) is grey like an ash.</p>")
    assert word.lead == ("Ashen (or Ashenn) is grey like an ash.",)


def test_a_bare_address_in_parentheses_goes() -> None:
    church = read("<p><b>Zed</b> is a church in Brae (http://zed.example/N9), near the sea.</p>")
    assert church.lead == ("Zed is a church in Brae, near the sea.",)


@pytest.mark.parametrize(
    ("name", "reading", "kept"),
    [
        ("The Zed speech", "Gyoku-on", "The Zed speech is old."),
        ("Gyokuon", "Gyoku-on", 'Gyokuon ("the lord\'s voice") is old.'),
    ],
)
def test_a_gloss_stays_only_where_the_name_that_it_translates_does(
    name: str, reading: str, kept: str
) -> None:
    names = f'<span lang="ja">玉音</span>, <i lang="ja-Latn">{reading}</i>, "the lord\'s voice"'
    assert lead(f"{name} (Japanese: {names}) is old.") == kept
