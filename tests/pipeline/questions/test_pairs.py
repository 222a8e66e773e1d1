"""Pages become pairs: the right question, the right pages, every kind asked for."""

import json
import lzma
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.clean import Article, RunningText
from pipeline.questions.answers import AnswerBounds
from pipeline.questions.english_definitions import skip_reason
from pipeline.questions.english_grammar import name_subject
from pipeline.questions.english_people import is_person
from pipeline.questions.languages import language_of
from pipeline.questions.normalize import bare_title, normalize
from pipeline.questions.pairs import disambiguate, make_pairs
from pipeline.questions.phrasings import phrasings
from pipeline.questions.wordings import subject_of
from pipeline.records import Page, Pair

SHARED = os.environ.get("ASKWIKI_SHARED")
LOVELACE = (
    "<p><b>Ada Lovelace</b> (10 December 1815 – 27 November 1852) was an English mathematician. She"
    " wrote the first programs.</p>"
)


def page(title: str, html: str, *categories: str) -> Page:
    html = f'<div class="mw-parser-output">{html}</div>'
    return Page(
        pageid=1,
        title=title,
        html=html,
        url="http://localhost/wiki/x",
        revid=2,
        licence="CC BY-SA 4.0",
        categories=categories,
    )


def asked(title: str, html: str, *categories: str) -> str | None:
    pairs, reason = make_pairs(page(title, html, *categories))
    return pairs[0].question if pairs else reason


def test_a_pair_carries_its_page() -> None:
    (pair,), reason = make_pairs(page("Ada Lovelace", LOVELACE, "1815 births"))
    assert reason is None
    assert (pair.question, pair.kind, pair.title, pair.pageid, pair.revid) == (
        "Who is Ada Lovelace?",
        "definition",
        "Ada Lovelace",
        1,
        2,
    )
    assert pair.answer.startswith(
        "Ada Lovelace (10 December 1815 – 27 November 1852) was an English mathematician."
    )


@pytest.mark.parametrize(
    "title",
    [
        "List of zeds",
        "Outline of zeds",
        "Timeline of zeds",
        "Glossary of zeds",
        "1990 in Zed",
        "Index of zed articles",
        "Zed discography",
        "Zed version history",
        "Comparison of zeds",
    ],
)
def test_lists_are_skipped_by_title(title: str) -> None:
    assert asked(title, f"<p>The <b>{title}</b> is a thing of some length.</p>") == "list"


@pytest.mark.parametrize(
    ("html", "reason"),
    [
        ("<p>This is a list of the zeds that are known to us.</p>", "list"),
        ("<p>Results of the zed election, by district.</p>", "list"),
        ("<p>Zed may refer to:</p><ul><li>Zed (town), a town</li></ul>", "disambiguation"),
        ("<table><tr><td>1</td></tr></table>", "no lead"),
        ("<p>Anna Ado was the defending champion, but lost.</p>", "lead defines nothing"),
    ],
)
def test_leads_that_define_nothing_are_skipped_with_a_reason(html: str, reason: str) -> None:
    assert asked("Zed Open", html) == reason


def test_a_mailing_list_is_no_list() -> None:
    assert (
        asked("Mailing list", "<p>A <b>mailing list</b> is a list of names.</p>")
        == "What is a mailing list?"
    )


@pytest.mark.parametrize("part", ["season 4", "U.S. season 4", "series 2", "soundtrack", "youth"])
def test_a_part_of_what_a_name_means_is_asked_with_its_parenthesis(part: str) -> None:
    question = f"What is Harbour Lights ({part})?"
    assert (
        asked(f"Harbour Lights ({part})", "<p><b>Harbour Lights</b> is old, too.</p>") == question
    )


def test_a_parenthesis_that_is_a_part_of_the_name_stays() -> None:
    html = '<p>"<b>Call (Me Tonight)</b>" is a song of 1987 by the band Zed.</p>'
    assert asked("Call (Me Tonight)", html) == "What is Call (Me Tonight)?"
    assert asked("Call (song)", html) == "What is Call?"


def test_a_plural_that_is_called_a_term_is_plural() -> None:
    html = "<p>The <b>Zedlandic states</b> is a geopolitical term for Ado, Bee and Cee.</p>"
    assert asked("Zedlandic states", html) == "What are the Zedlandic states?"


def test_a_body_with_an_adjective_takes_the_article() -> None:
    html = "<p><b>Zedian Heath Foundation</b> is a foundation that was founded in 1995.</p>"
    assert asked("Zedian Heath Foundation", html) == "What is the Zedian Heath Foundation?"


def test_a_plural_before_may_is_plural() -> None:
    html = "<p>The zeds that a person holds may be personal or political, and many.</p>"
    assert asked("Zeds (philosophy)", html) == "What are zeds?"


def test_a_land_in_a_war_takes_the_article_that_its_name_takes() -> None:
    html = (
        "<p>When the war began, many in Zedland were called up, and left Zedland for the sea.</p>"
    )
    for title in ("Zedian Empire in the Brae War", "United States of Zed in the Sea War"):
        land = title.replace("United States of Zed", "United States")
        assert asked(land, html) == f"What is the {land}?"
    assert asked("Zedland in the Brae War", html) == "What is Zedland in the Brae War?"


@pytest.mark.parametrize(
    ("title", "html", "question"),
    [
        (
            "Half-open interval",
            "A half-open interval such as [0, 1) has one end.",
            "a half-open interval",
        ),
        ("F-string", "An f-string is a literal of a language.", "an f-string"),
        ("Honest broker", "An honest broker is a person who mediates.", "an honest broker"),
        ("Zed Patterns", "The Unicode block Zed Patterns contains all patterns.", "Zed Patterns"),
        ("Order of Zed", "Order of Zed is an award of the land of Zed.", "the Order of Zed"),
        ("EPPO Code", "An EPPO code is an identifier of a plant.", "an EPPO code"),
        ("Prehistoric Zed", "The prehistory of Zed is long, and little known.", "prehistoric Zed"),
        (
            "Running at the 2018 Zed Games – Men's 10 km",
            "The men's 10 km at the 2018 Zed Games was held on 1 May.",
            "the men's 10 km at the 2018 Zed Games",
        ),
        (
            "Zedland during World War II",
            "The history of Zedland during World War II began in 1939.",
            "the history of Zedland during World War II",
        ),
        ("Zed Player", "Zed Player is a media player. He who has it is glad.", "Zed Player"),
        (
            "Zed Owls women's rowing",
            "The Zed Owls women's rowing team is the team that rows for Zed.",
            "Zed Owls women's rowing",
        ),
        (
            "Zed–Elmian Declaration of 1956",
            "The Zeds did not sign the treaty of 1951, and made a declaration five years later.",
            "the Zed–Elmian Declaration of 1956",
        ),
        ("Elm Report", "Elm Report are the findings of a commission.", "the Elm Report"),
        ("ZR U class", "The ZR U class, the first with tenders, were a class.", "the ZR U class"),
        (
            "Rowing at the 2018 Zed Games – Men's single",
            "The men's single at the 2018 Zed Games will be held on 1 May.",
            "the men's single at the 2018 Zed Games",
        ),
    ],
)
def test_what_is_asked_as_running_english_has_it(title: str, html: str, question: str) -> None:
    pairs, _ = make_pairs(page(title, f"<p>{html}</p>"))
    assert pairs[0].question == f"What is {question}?"


@pytest.mark.parametrize(
    ("title", "html", "question"),
    [
        (
            "Zed brothers",
            "The Zed brothers were two American aviators.",
            "Who are the Zed brothers?",
        ),
        ("Trousers", "Trousers are an item of clothing for both legs.", "What are trousers?"),
        (
            "Air raids on Zed",
            "In the war the Allies made air raids on Zed for two years.",
            "What are the air raids on Zed?",
        ),
        (
            "Elmian rebellions in Zed",
            "Elmian rebellions in Zed refer to uprisings of the Elms.",
            "What are the Elmian rebellions in Zed?",
        ),
        (
            "Elmian atrocities committed against Zed",
            "Many people of Zed who were held by the Elms were starved.",
            "What are the Elmian atrocities committed against Zed?",
        ),
        (
            "Languages of Zed",
            "Most languages of Zed belong to one family.",
            "What are the languages of Zed?",
        ),
    ],
)
def test_several_are_asked_as_several(title: str, html: str, question: str) -> None:
    assert make_pairs(page(title, f"<p>{html}</p>"))[0][0].question == question


@pytest.mark.parametrize(
    ("title", "lead"),
    [
        ("Zed in the Song Contest", "The part that Zed in the Song Contest had was small."),
        ("Banking in Zed", "Zed is a land of the north with few banks, and of much banking."),
    ],
)
def test_a_lead_about_the_land_defines_no_topic_of_the_land(title: str, lead: str) -> None:
    title = title.replace("Song", "Junior Eurovision Song")
    html = f"<p>{lead.replace('Song', 'Junior Eurovision Song')}</p>"
    assert make_pairs(page(title, html)) == ([], "lead defines nothing")


def test_a_lead_that_opens_before_its_subject_gives_no_pair() -> None:
    lead = "Before 1901, owls were left alone. Then the hunting of them began."
    made = make_pairs(page("Hunting of owls in Zed", f"<p>{lead}</p>"))
    assert made == ([], "lead defines nothing")
    named = "<p>Before 1901, <b>hunting of owls in Zed</b> was common.</p>"
    assert make_pairs(page("Hunting of owls in Zed", named))[0]


def test_a_lands_name_takes_no_article_whatever_is_said_of_its_government() -> None:
    more = " It was the Federal Zedslavia government that left the Federal Zedslavia of old."
    html = f"<p><b>Federal Zedslavia</b> was a state.{more}</p>"
    assert asked("Federal Zedslavia", html) == "What is Federal Zedslavia?"
    trail = "<p><b>Brae Rail Trail</b> is a trail of 20 miles.</p>"
    assert asked("Brae Rail Trail", trail) == "What is the Brae Rail Trail?"


def test_a_lead_about_the_place_alone_defines_no_elections_of_it() -> None:
    lead = "<p><b>Brae Vale</b> was a district of Zed. It was abolished in 2009.</p>"
    made = make_pairs(page("Brae Vale District Council elections", lead))
    assert made == ([], "lead defines nothing")
    told = lead.replace("2009.", "2009. Its elections were held every year.")
    assert make_pairs(page("Brae Vale District Council elections", told))[0]


@pytest.mark.parametrize(
    ("title", "lead", "question"),
    [
        (
            "Zedian lands annexed by Elm",
            "After the war a third of Zed was taken by Elm.",
            "What are the Zedian lands annexed by Elm?",
        ),
        (
            "Zedish Americans",
            "<b>Zedish Americans</b> are Americans whose forebears came from Zed.",
            "Who are Zedish Americans?",
        ),
        (
            "Brae Heads",
            "<b>Brae Heads</b> are an Elmish electronic music group formed in 1979.",
            "Who are Brae Heads?",
        ),
        (
            "Zed Patterns",
            "In Unicode, zed is written in a block called <b>Zed Patterns</b>. In the Zed Patterns"
            " block and the Zed Patterns table all is shown.",
            "What is Zed Patterns?",
        ),
    ],
)
def test_several_take_their_word_and_their_article(title: str, lead: str, question: str) -> None:
    assert asked(title, f"<p>{lead}</p>") == question


def test_a_part_that_its_lead_names_by_its_own_word_is_asked() -> None:
    html = "<p>Brae was an electoral district of Zed from 1859 to 1901.</p>"
    assert asked("Electoral district of Brae", html) == "What is the electoral district of Brae?"


@pytest.mark.parametrize(
    "title",
    [
        "Zedian Empire in World War II",
        "Zedland and World War II",
        "Naval history of Zedland",
        "Zedlandic resistance movement 1940–1945",
        "2009 Zed Rowing Championships – Women's single",
        "Music of the Zed games",
        "Introduction to Zed",
    ],
)
def test_a_topic_that_its_lead_does_not_name_gives_no_pair(title: str) -> None:
    html = "<p>When the war began, Zed and Zedland were called up and left for the sea.</p>"
    assert make_pairs(page(title, html)) == ([], "lead defines nothing")


def test_one_of_its_kind_takes_the_article() -> None:
    html = "<p>Many of the Zedlandic people resisted those who came, and went into the woods.</p>"
    assert asked("Zedlandic resistance movement", html) == (
        "What is the Zedlandic resistance movement?"
    )


def test_titles_that_end_with_a_question_mark_get_one_mark() -> None:
    html = "<p><b>What?</b> (born 1 May 1911) is an invented person from Ado. He lives.</p>"
    assert asked("What? (film)", html, "1911 births") == "Who is What?"


@pytest.mark.parametrize(
    ("title", "lead", "reason"),
    [
        ("Zed leagues in the Region of Ado", "The Zed leagues in the Region of Ado.", "defines"),
        ("Music of the Zed series", "Zed is a series of games of 1989 by Ado.", "defines"),
        ("1990 Zed Open – Men's Doubles", "Ado and Zed won against Bee in the final.", "list"),
        ("Zedland at the 1990 Summer Olympics", "Zedland sent nine athletes to it.", "list"),
        ("Zed and Ado at the 1962 Zed Empire and Ado Games", "Zed competed in Ado.", "list"),
        ("Zed and the art of lens grinding", "Zed and the Art of Lens Grinding.", "defines"),
    ],
)
def test_draws_teams_at_games_and_bare_titles_give_no_pair(
    title: str, lead: str, reason: str
) -> None:
    assert reason in (asked(title, f"<p>{lead}</p>") or "")


def test_a_definition_carries_the_other_names_of_its_lead() -> None:
    html = "<p>A <b>zed</b>, also <b>zeta-ado</b> or <b>ZA</b> (<b>Zed</b>), is a lens.</p>"
    (pair,), _ = make_pairs(page("Zed", html))
    assert pair.names == ("zeta-ado", "ZA")


def test_kinds_are_asked_in_order_and_sections_read_their_prose() -> None:
    html = f"""{LOVELACE}
    <h2>Early life</h2><p>She was born in London, the only child of a poet, and was taught
    mathematics from an early age.</p>
    <h2>Curiosities</h2><p>Nothing that is said here answers a question that anyone would ask of
    her.</p>"""
    pairs, _ = make_pairs(
        page("Ada Lovelace", html, "1815 births"), kinds=("definition", "sections")
    )
    assert [pair.kind for pair in pairs] == ["definition", "sections"]
    assert pairs[1].question == "What is known of the early life of Ada Lovelace?"
    assert pairs[1].answer.startswith("She was born in London")


def test_a_page_without_the_kinds_asked_for_says_so() -> None:
    assert make_pairs(page("Ada Lovelace", LOVELACE), kinds=("sections",)) == ([], "no sections")


def test_bounds_reach_the_answer() -> None:
    (pair,), _ = make_pairs(
        page("Ada Lovelace", LOVELACE), bounds=AnswerBounds(sentences=1, chars=None)
    )
    assert pair.answer.endswith("mathematician.")


def ado(pageid: int, title: str, question: str, kind: str = "definition") -> Pair:
    return Pair(
        pageid=pageid,
        title=title,
        kind=kind,
        question=question,
        answer="An answer.",
        url="",
        revid=1,
        licence="",
    )


def test_pages_that_share_a_question_are_told_apart_by_their_titles() -> None:
    pairs = [
        ado(1, "Ado (planet)", "What is Ado?"),
        ado(2, "Ado (god)", "Who is the Ado?"),
        ado(3, "Ado", "What is ado?"),
        ado(4, "Zed (film)", "What is Zed?"),
        ado(1, "Ado (planet)", "When was Ado's moon found?", "facts"),
        ado(2, "Ado (god)", "When was Ado's moon found?", "facts"),
        ado(4, "Zed (film)", "Who directed Zed?", "facts"),
        ado(4, "Zed (film)", "Who directed Zed?", "facts"),
    ]
    assert [pair.question for pair in disambiguate(lambda: pairs)] == [
        "What is Ado (planet)?",
        "Who is the Ado (god)?",
        "What is ado?",
        "What is Zed?",
        "When was Ado (planet)'s moon found?",
        "When was Ado (god)'s moon found?",
        "Who directed Zed?",
        "Who directed Zed?",
    ]


def test_what_is_told_apart_stays_so_in_every_phrasing() -> None:
    forms = phrasings("What is Ado (planet)?", "Ado (planet)")
    assert all("(planet)" in form for form in forms)
    assert "ado (planet)" in forms


words = st.text(st.sampled_from("abzAZ éß東.,;()\"'?–- 019"), max_size=60)
articles = st.builds(
    Article,
    title=words,
    lead=st.lists(words | st.text(max_size=80), max_size=3).map(tuple),
    bold=st.lists(words, max_size=2).map(tuple),
    italic_title=st.booleans(),
    categories=st.lists(words, max_size=2).map(tuple),
    infobox_classes=st.just(()) | st.just(("infobox", "biota")),
    infobox_rows=st.just(()),
    has_birth_date=st.booleans(),
    page_type=st.just("article"),
    running_text=st.builds(RunningText, words),
    sections=st.just(()),
)


@settings(max_examples=300)
@given(articles)
def test_no_article_raises(article: Article) -> None:
    if skip_reason(article) is None:
        is_person(article, article.lead[0])
        name_subject(article, article.lead[0], name=False)


@settings(max_examples=100)
@given(words.filter(bool), words)
def test_every_question_ends_with_one_mark(title: str, lead: str) -> None:
    pairs, reason = make_pairs(page(title, f"<p>{title} is {lead} a thing.</p>"))
    assert (reason is None) == bool(pairs)
    assert all(pair.question.endswith("?") and pair.answer for pair in pairs)


def real_pages() -> Iterator[Page]:
    """Every tenth of the real pages that are at hand."""
    if not SHARED:
        pytest.skip("ASKWIKI_SHARED names no folder of real pages")
    with lzma.open(Path(SHARED) / "wiki/pages.jsonl.xz", "rt", encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            if number % 10 == 0:
                row = json.loads(line)
                yield Page(
                    pageid=row["pageid"],
                    title=row["title"],
                    html=row["html"],
                    url="",
                    revid=row["revid"],
                    licence="",
                    categories=tuple(row["categories"]),
                )


def test_real_pages_give_pairs_whose_phrasings_are_all_about_the_title() -> None:
    made, skipped = 0, 0
    for source in real_pages():
        pairs, reason = make_pairs(source)
        made, skipped = made + bool(pairs), skipped + bool(reason)
        for pair in pairs:
            assert pair.question.endswith("?")
            forms = phrasings(pair.question, pair.title)
            assert len(forms) == len(set(forms)) >= 10
            names = {
                normalize(bare_title(pair.title)),
                subject_of(pair.question, language_of("en")),
            }
            assert all(any(name in normalize(form) for name in names) for form in forms)
    assert made > 9 * skipped > 0


def test_the_capital_of_a_sentence_stays_out_of_the_question() -> None:
    html = "<p>Women's 50m races at the 2016 Zed Games were held in Brae, by the sea.</p>"
    question = asked("Racing at the 2016 Zed Games – Women's 50 metres", html)
    assert question == "What are the women's 50m races at the 2016 Zed Games?"
