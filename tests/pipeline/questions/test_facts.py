"""Facts: what an infobox surely says becomes a grammatical question with a whole sentence as its
answer, and nothing else does.
"""

import importlib.util
import json
import lzma
import os
import re
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.clean import Article, InfoboxRow
from pipeline.questions.facts import fact_pairs
from pipeline.questions.facts.table import FACT_QUESTIONS
from pipeline.questions.facts.words import with_article
from pipeline.questions.pairs import make_pairs
from pipeline.records import Page


def article(
    *rows: tuple[str, ...],
    title: str = "Grey Heath",
    infobox: str = "infobox",
    categories: tuple[str, ...] = (),
) -> Article:
    made = tuple(
        InfoboxRow(label=label, values=tuple(values), classes=()) for label, *values in rows
    )
    return Article(
        title=title,
        lead=(),
        bold=(),
        italic_title=False,
        categories=categories,
        infobox_classes=tuple(infobox.split()),
        infobox_rows=made,
        has_birth_date=False,
        page_type="article",
    )


def person(*rows: tuple[str, ...], categories: tuple[str, ...] = ()) -> dict[str, str]:
    return dict(fact_pairs(article(*rows, title="Ann Lee", categories=categories), "Ann Lee", True))


def thing(*rows: tuple[str, ...], subject: str = "Grey Heath", **more: str) -> dict[str, str]:
    return dict(fact_pairs(article(*rows, **more), subject, False))  # type: ignore[arg-type]


def test_an_article_stands_once() -> None:
    league = article(("League", "Zed League"), ("Ground", "Ash Park"), title="Brae Owls")
    lead = ("Brae Owls are a team. It plays in the Zed League.",)
    answers = dict(fact_pairs(replace(league, lead=lead), "Brae Owls", False))
    assert answers["Which league does Brae Owls play in?"] == "Brae Owls plays in the Zed League."


def test_what_the_name_says_already_is_not_asked() -> None:
    battle = (("Date", "4 May 1901"), ("Location", "Zed Sea"), ("Result", "Elmish victory"))
    subject = "the Battle of the Zed Sea"
    assert not any("Where" in asked for asked in thing(*battle, title="Battle of the Zed Sea"))
    assert not any("Where" in asked for asked in thing(*battle, subject=subject))


def test_a_prefecture_is_told_where_the_lead_speaks_of_one() -> None:
    town = article(("Prefecture", "Brae"), ("Time zone", "UTC+1"), infobox="geography")
    asked = "Which prefecture is Grey Heath in?"
    assert asked not in dict(fact_pairs(town, "Grey Heath", False))
    named = replace(town, lead=("Grey Heath is a town in Brae Prefecture.",))
    assert asked in dict(fact_pairs(named, "Grey Heath", False))


def test_notes_behind_makers_go_and_doubtful_rows_are_not_told() -> None:
    assert thing(("Developer", "Ash Works (a part of Elm Bank)")) == {
        "Who developed Grey Heath?": "Grey Heath was developed by Ash Works."
    }
    assert not thing(("Industry", "Wargaming publisher"), ("Revenue", "4"))
    district = (("District", "2nd district"), ("Time zone", "UTC+1"))
    assert not any("district" in asked for asked in thing(*district, infobox="geography"))
    assert not thing(("Builder", "Tom Ash"), title="0-4-0", subject="0-4-0")


def test_a_periodical_is_published_still() -> None:
    journal = thing(("Publisher", "Ash Press"), ("ISSN", "1234-5678"), ("Discipline", "History"))
    assert journal["Who publishes Grey Heath?"] == "Grey Heath is published by Ash Press."
    assert "Who published Grey Heath?" not in journal


def test_teams_colleges_and_coins_stand_as_within_a_sentence() -> None:
    player = person(("Played for", "Zed City Bears", "Brae FC", "New York Rangers"))
    assert list(player.values()) == [
        "Ann Lee played for the Zed City Bears, Brae FC and the New York Rangers."
    ]
    officer = person(("Alma mater", "Elm Army Academy", "Zed War College"))
    assert list(officer.values()) == [
        "Ann Lee studied at the Elm Army Academy and the Zed War College."
    ]
    land = thing(("Currency", "Zedlandic Leu"), ("Time zone", "UTC+1"), infobox="geography")
    assert land["What is the currency of Grey Heath?"].endswith("is the Zedlandic leu.")


def test_years_and_numbers_in_parentheses_are_no_part_of_a_work_or_a_place() -> None:
    assert list(person(("Known for", "The Long Walk (2017–present)")).values()) == [
        "Ann Lee is known for The Long Walk."
    ]
    games = thing(("Date", "4 May 1901"), ("Venue", "Brae (Region 6), Zed"), ("Teams", "4"))
    assert games["Where did Grey Heath take place?"] == "Grey Heath took place at Brae, Zed."


def test_a_label_of_two_names_is_one_label() -> None:
    record = thing(("Released", "4 May 1991"), ("Label", "Ash & Elm"), infobox="haudio")
    assert record["Which record label released Grey Heath?"].endswith("on the label Ash & Elm.")


def test_what_may_be_cut_or_is_in_another_script_is_not_told() -> None:
    assert not person(("Full name", "Андрій Васильович"))
    office = "Minister for the Internal Market, for Economic and for Financial Affairs and for T"
    row = InfoboxRow(label="Preceded by", values=("Tom Ash",), classes=(), header=office)
    made = fact_pairs(replace(article(title="Ann Lee"), infobox_rows=(row,)), "Ann Lee", True)
    assert made == []


def test_a_line_is_held_and_does_not_take_place() -> None:
    line = (("Date", "4 May 1901"), ("Location", "Brae"), ("Result", "Elmish victory"))
    assert not any("take place" in asked for asked in thing(*line, title="Ash Line"))
    assert any("take place" in asked for asked in thing(*line, title="Battle of the Ash Line"))


def test_two_people_are_two_and_regions_keep_their_capitals() -> None:
    film = thing(("Directed by", "Ann Lee & Tom Ash"), ("Starring", "Una Elm"))
    assert film["Who directed Grey Heath?"] == "Grey Heath was directed by Ann Lee and Tom Ash."
    dish = thing(("Main ingredients", "Rice, North American cheese"))
    assert list(dish.values()) == [
        "The main ingredients of Grey Heath are rice and North American cheese."
    ]


def test_the_area_of_what_is_gone_is_asked_in_the_past() -> None:
    land = thing(
        ("Area", "255 km2"),
        ("Currency", "Ash dinar"),
        ("Historical era", "Cold War"),
        infobox="geography",
    )
    assert "What was the area of Grey Heath?" in land


def test_an_airfield_is_a_place_to_be_at_and_the_bronx_has_its_article() -> None:
    assert person(("Born", "4 May 1901", "Bronx, New York")) == {
        "When was Ann Lee born?": "Ann Lee was born on 4 May 1901.",
        "Where was Ann Lee born?": "Ann Lee was born in the Bronx, New York.",
    }
    seat = thing(("Headquarters", "Ash Field, Fort Elm"))
    assert list(seat.values()) == ["The headquarters of Grey Heath is at Ash Field, Fort Elm."]


def test_a_birth_has_its_date_and_its_place() -> None:
    assert person(("Born", "Ann Mary Lee", "4 May 1901 (age 36)", "Hull, England")) == {
        "When was Ann Lee born?": "Ann Lee was born on 4 May 1901.",
        "Where was Ann Lee born?": "Ann Lee was born in Hull, England.",
    }


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("4 May 1901", "on 4 May 1901"),
        ("May 4, 1901", "on May 4, 1901"),
        ("May 1901", "in May 1901"),
        ("1901", "in 1901"),
        ("c. 1901", "around 1901"),
        ("1901; 99 years ago", "in 1901"),
        ("450 BC", "in 450 BC"),
    ],
)
def test_dates_take_their_preposition(written: str, said: str) -> None:
    assert thing(("Founded", written)) == {
        "When was Grey Heath founded?": f"Grey Heath was founded {said}."
    }


@pytest.mark.parametrize(
    "written",
    [
        "unknown",
        "before the 12th century",
        "1901 or 1902",
        "see below",
        "120 houses",
        "",
        "1901 as Grey, 1920 as Heath",
    ],
)
def test_what_is_no_date_tells_no_date(written: str) -> None:
    assert thing(("Founded", written)) == {}


def test_the_dead_take_the_past_and_the_living_the_present() -> None:
    height = ("Height", "1.84 m (6 ft 0 in)")
    assert person(height)["How tall is Ann Lee?"] == "Ann Lee is 1.84 m (6 ft 0 in) tall."
    assert (
        person(height, categories=("1977 deaths",))["How tall was Ann Lee?"]
        == "Ann Lee was 1.84 m (6 ft 0 in) tall."
    )
    assert person(("Residence", "Hull, England"), categories=("1977 deaths",)) == {}


def test_verbs_and_nouns_agree_with_their_number() -> None:
    film = ("Directed by", "Bo Ek")
    assert thing(film, ("Genre", "Drama")) == thing(film) | {
        "What is the genre of Grey Heath?": "The genre of Grey Heath is drama."
    }
    assert (
        thing(film, ("Genre", "Drama, Western"))["What are the genres of Grey Heath?"]
        == "The genres of Grey Heath are drama and western."
    )
    moths = article(("Family:", "Arctiidae"), infobox="infobox biota", title="Grey moth")
    assert fact_pairs(moths, "grey moths", False, plural=True) == [
        ("To which family do grey moths belong?", "Grey moths belong to the family Arctiidae.")
    ]


def test_names_are_listed_as_prose_and_a_suffix_is_no_name() -> None:
    answer = thing(("Directed by", "Bo Ek, Cy Day, Jr.", "Di Fox"))["Who directed Grey Heath?"]
    assert answer == "Grey Heath was directed by Bo Ek, Cy Day, Jr. and Di Fox."


def test_a_name_broken_over_lines_stays_one() -> None:
    assert (
        thing(("Directed by", "Bo Ek"), ("Distributed by", "Grand", "Motion Pictures"))[
            "Who distributed Grey Heath?"
        ]
        == "Grey Heath was distributed by Grand Motion Pictures."
    )


@pytest.mark.parametrize(
    "value",
    [
        "www.example.org",
        "see list",
        "JP: Bo Ek",
        "the man who came by",
        "Various",
        "Bo Ek [who?]",
        "—",
        "12° 4′ N",
        "Bo Ek (",
    ],
)
def test_what_is_no_name_tells_no_director(value: str) -> None:
    assert thing(("Directed by", value)) == {}


def test_a_label_means_what_its_box_is_about() -> None:
    song = thing(("Length", "4:17"), ("Released", "1998"), ("Label", "Hut"))
    assert song["How long is Grey Heath?"] == "Grey Heath is 4 minutes and 17 seconds long."
    assert thing(("Length", "75 km (47 mi)"), ("Mouth", "North Sea")) == {
        "How long is Grey Heath?": "The length of Grey Heath is 75 km (47 mi).",
        "Where does Grey Heath flow?": "Grey Heath flows into the North Sea.",
    }


@pytest.mark.parametrize("value", ["75", "75:57", "about 3", "km", "75 furlongs"])
def test_no_number_stands_without_its_unit(value: str) -> None:
    assert thing(("Length", value), ("Mouth", "North Sea")).keys() == {
        "Where does Grey Heath flow?"
    }


def test_places_take_preposition_and_article() -> None:
    said = {
        "Hull, England": "in Hull, England.",
        "United States": "in the United States.",
        "Kingdom of Fife": "in the Kingdom of Fife.",
        "12 Mill Lane, Hull": "at 12 Mill Lane, Hull.",
        "Park Hotel, Hull": "at the Park Hotel, Hull.",
        "Isle of Man": "on the Isle of Man.",
        "College Park, Maryland": "in College Park, Maryland.",
        "Vienna, U.S.": "in Vienna, U.S.",
    }
    for place, phrase in said.items():
        assert (
            person(("Died", "4 May 1950", place))["Where did Ann Lee die?"]
            == f"Ann Lee died {phrase}"
        )


def test_a_year_in_the_label_dates_the_fact() -> None:
    found = thing(
        ("Population (2008)", "1,153"),
        ("• Mayor (2008–2014)", "Bo Ek"),
        ("Time zone", "UTC+1 (CET)"),
    )
    assert (
        found["What is the population of Grey Heath?"]
        == "The population of Grey Heath was 1,153 in 2008."
    )
    assert (
        found["Who was the mayor of Grey Heath from 2008 to 2014?"]
        == "The mayor of Grey Heath from 2008 to 2014 was Bo Ek."
    )


def test_area_and_population_are_told_apart_under_one_label() -> None:
    found = thing(
        ("• Total", "85.26 km (32.92 sq mi)"), ("• Total", "53,201"), infobox="infobox geography"
    )
    assert list(found.values()) == [
        "The area of Grey Heath is 85.26 km² (32.92 sq mi).",
        "The population of Grey Heath is 53,201.",
    ]


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("1941–1945", "from 1941 to 1945"),
        ("10–11 September 2005", "on 10 and 11 September 2005"),
        ("10–12 September 2005", "from 10 to 12 September 2005"),
        ("May 8–June 25, 1999", "from May 8 to June 25, 1999"),
        ("July 4–7, 2013", "from July 4 to 7, 2013"),
        ("29 May 1999", "on 29 May 1999"),
    ],
)
def test_events_last_from_their_first_day_to_their_last(written: str, said: str) -> None:
    assert (
        thing(("Date", written), ("Attendance", "5,000"))["When did Grey Heath take place?"]
        == f"Grey Heath took place {said}."
    )


def test_a_season_is_not_told_as_the_whole_show() -> None:
    assert thing(("No. of episodes", "24"), title="Grey Heath (season 2)") == {
        "How many episodes does season 2 of Grey Heath have?": (
            "Season 2 of Grey Heath has 24 episodes."
        )
    }


def test_a_clubs_youth_is_not_told_as_the_club() -> None:
    facts = thing(("League", "Grey League"), ("Head coach", "Ann Lee"), title="Grey Heath (youth)")
    assert (
        facts["Who is the head coach of Grey Heath (youth)?"]
        == "The head coach of Grey Heath (youth) is Ann Lee."
    )


def test_the_lands_of_a_former_country_are_somewhere_today() -> None:
    assert thing(("Dissolved", "1901"), ("Today part of", "Norway"))[
        "Which country are the lands of Grey Heath part of today?"
    ]


def test_two_rows_that_disagree_tell_nothing() -> None:
    assert thing(("Directed by", "Bo Ek"), ("Directed by", "Cy Day")) == {}
    assert len(thing(("Directed by", "Bo Ek"), ("Directed by", "Bo Ek"))) == 1


def test_a_thing_is_not_told_of_itself() -> None:
    assert thing(("Genus:", "Iris"), infobox="biota", title="Iris (plant)", subject="Iris") == {}


def test_a_title_that_asks_is_asked_with_one_mark() -> None:
    facts = thing(("Directed by", "Bo Ek"), subject="Who?")
    assert facts == {'Who directed "Who?"?': '"Who?" was directed by Bo Ek.'}


LABELS = sorted(
    {label for fact in FACT_QUESTIONS for label in fact.labels}
    | {"Born", "Population (2008)", "• Total", "Producer(s)", "Family:"}
)
COMMON_LINES = [
    "Bo Ek",
    "4 May 1901",
    "Hull, England",
    "(age 3)",
    "1,200 km",
    "(",
    "and",
    "12–14 May 1901",
    "U.S.",
    "$3 million",
    "A & B",
]
LINES = st.lists(st.one_of(st.text(max_size=30), st.sampled_from(COMMON_LINES)), max_size=4)


@given(
    st.lists(st.tuples(st.sampled_from(LABELS), LINES), max_size=8), st.booleans(), st.booleans()
)
def test_any_box_gives_questions_that_ask_and_answers_that_end(
    rows: list[tuple[str, list[str]]], is_person: bool, plural: bool
) -> None:
    made = article(*((label, *values) for label, values in rows), infobox="infobox geography biota")
    for question, answer in fact_pairs(made, "the Grey Heath", is_person, plural=plural):
        assert question.endswith("?") and "??" not in question and "the Grey Heath" in question
        assert answer.endswith(".") and (answer[0].isupper() or answer[0].isdigit())
        assert "{" not in question + answer


@pytest.fixture(scope="module")
def shared() -> Path:
    if "ASKWIKI_SHARED" not in os.environ:
        pytest.skip("ASKWIKI_SHARED names no folder with the real pages")
    return Path(os.environ["ASKWIKI_SHARED"])


def left_overs(shared: Path) -> dict[str, str]:
    spec = importlib.util.spec_from_file_location("score", shared / "gold/score.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    patterns: dict[str, str] = module.LEFT_OVERS
    return patterns


def test_real_pages_give_many_facts_and_none_has_left_overs(shared: Path) -> None:
    patterns, boxes, told, dirty = left_overs(shared), 0, 0, []
    with lzma.open(shared / "wiki/pages.jsonl.xz", "rt", encoding="utf-8") as lines:
        for number, page in enumerate(map(json.loads, lines)):
            if number % 4:
                continue
            boxes += bool(
                re.search(r"<table[^>]*class=\"[^\"]*\b(?:infobox|biota)\b", page["html"])
            )
            whole = Page(
                pageid=page["pageid"],
                title=page["title"],
                html=page["html"],
                url="",
                revid=0,
                licence="",
                categories=tuple(page["categories"]),
            )
            pairs, _ = make_pairs(whole, kinds=("facts",))
            told += len(pairs)
            dirty += [
                pair
                for pair in pairs
                if not pair.question.endswith("?")
                or re.search("|".join(patterns.values()), pair.answer)
            ]
    assert not dirty
    assert told >= 2.5 * boxes > 0


def test_facts_cost_less_than_half_a_millisecond_a_page() -> None:
    rows = tuple((label, "Bo Ek, Cy Day", "4 May 1901", "Hull, England") for label in LABELS[:40])
    box = article(*rows, infobox="infobox geography")
    fact_pairs(box, "Grey Heath", False)
    start = time.process_time()
    for _ in range(50):
        fact_pairs(box, "Grey Heath", False)
    assert (
        time.process_time() - start
    ) / 50 < 0.005  # forty rows, ten times a usual box, on a slow machine


def boxed(rows: str, title: str = "Grey Heath", verb: str = "is") -> dict[str, str]:
    """Facts of a page whose infobox has these rows, as HTML."""
    html = (
        f'<div class="mw-parser-output"><table class="infobox geography vcard">{rows}</table>'
        f"<p><b>{title}</b> {verb} a thing.</p></div>"
    )
    page = Page(pageid=1, title=title, html=html, url="", revid=1, licence="")
    pairs, _ = make_pairs(page, kinds=("facts",))
    return {pair.question: pair.answer for pair in pairs}


def row(label: str, value: str) -> str:
    return f"<tr><th>{label}</th><td>{value}</td></tr>"


def test_the_year_of_a_header_row_belongs_to_its_rows() -> None:
    header = "<tr><th colspan=2>Population (2010)</th></tr>"
    facts = boxed(
        row("Country", "Norway") + header + row("• Total", "4,512") + row("Elevation", "20 m")
    )
    assert facts["What is the population of Grey Heath?"] == (
        "The population of Grey Heath was 4,512 in 2010."
    )
    assert facts["What is the elevation of Grey Heath?"] == "The elevation of Grey Heath is 20 m."


def test_who_leads_a_team_in_a_season_is_asked_in_the_season() -> None:
    facts = thing(
        ("Manager", "Tom Ash"),
        ("Stadium", "Brae Field"),
        title="1990 Grey Heath season",
        subject="the 1990 Grey Heath season",
    )
    assert facts["Who was the manager of Grey Heath in the 1990 season?"] == (
        "The manager of Grey Heath in the 1990 season was Tom Ash."
    )


def test_a_soundtrack_is_not_told_as_the_film() -> None:
    (question,) = thing(("Released", "1990"), title="Grey Heath (soundtrack)")
    assert question == "When was Grey Heath (soundtrack) released?"


def test_what_the_question_says_is_no_answer() -> None:
    facts = boxed(row("State", "Colorado") + row("ZIP code", "12345"), title="Brae, Colorado")
    assert not any("state" in question for question in facts)


def test_what_a_lead_calls_past_is_asked_in_the_past() -> None:
    facts = boxed(row("Industry", "Shipping") + row("Headquarters", "Hull, England"), verb="was")
    assert "Where was the headquarters of Grey Heath?" in facts


def test_years_that_run_backwards_are_left_out() -> None:
    facts = thing(("Mayor (2014–2013)", "Tom Ash"), ("INSEE/Postal code", "40304"))
    assert not any("2013" in answer for answer in facts.values())


def test_a_family_name_takes_no_article() -> None:
    assert thing(("Directed by", "Phil Cross"), ("Starring", "Una Elm"))[
        "Who directed Grey Heath?"
    ].endswith("by Phil Cross.")
    assert thing(("Operator", "Brae Catholic Church"))["Who operates Grey Heath?"].endswith(
        "by the Brae Catholic Church."
    )


def test_a_rivers_source_is_not_its_elevation() -> None:
    facts = boxed(
        row("Country", "Norway")
        + row("Source", "Brae Hill")
        + row("• elevation", "900 m")
        + row("Mouth", "Brae Sea")
        + row("Length", "90 km")
    )
    assert not any("elevation" in question for question in facts)
    assert "How long is Grey Heath?" in facts


def test_a_county_of_the_united_states_is_named_as_there() -> None:
    facts = boxed(row("Country", "United States") + row("County", "Ash") + row("ZIP code", "12345"))
    assert facts["Which county is Grey Heath in?"] == "Grey Heath is in Ash County."


@pytest.mark.parametrize(
    ("label", "value", "answer"),
    [
        ("Occupation", ("Poet", "judge"), "Ann Lee is a poet and a judge."),
        ("Occupation", ("British film producer",), "Ann Lee is a British film producer."),
        ("Occupation", ("Musician",), "Ann Lee is a musician."),
        ("Birth name", ("Ann Mary Brae",), "The birth name of Ann Lee is Ann Mary Brae."),
        ("Known for", ("Brae Sea Bridge", "Topology"), "Brae Sea Bridge and topology."),
        ("Preceded by", ("Tom Ash",), "Ann Lee was preceded by Tom Ash."),
        ("Succeeded by", ("Una Elm",), "Ann Lee was succeeded by Una Elm."),
    ],
)
def test_more_rows_of_people_are_read(label: str, value: tuple[str, ...], answer: str) -> None:
    facts = person((label, *value), categories=("Living people",))
    assert len(facts) == 1
    assert next(iter(facts.values())).endswith(answer)


@pytest.mark.parametrize(
    ("label", "value"),
    [
        ("Known for", "Painting walls"),
        ("Known for", "Nimbus"),
        ("Known for", "Founder of Brae Club"),
        ("Father", "3 May 1901"),
    ],
)
def test_a_doubtful_row_of_a_person_is_not_told(label: str, value: str) -> None:
    assert person((label, value)) == {}


def test_roles_and_notes_behind_names_go() -> None:
    facts = thing(
        ("Industry", "Shipping"),
        ("Type", "Public"),
        ("Key people", "Tom Ash (chairman)", "Una Elm, CEO"),
        ("Operator", "Brae Sea Railway"),
    )
    assert facts["Who are the key people of Grey Heath?"] == (
        "The key people of Grey Heath include Tom Ash and Una Elm."
    )
    assert facts["What type of company is Grey Heath?"] == "Grey Heath is a public company."
    assert facts["Who operates Grey Heath?"].endswith("operated by the Brae Sea Railway.")


def test_counts_and_winners_lose_their_notes() -> None:
    facts = thing(("No. of episodes", "178 (list of episodes)"), ("Directed by", "Tom Ash"))
    assert "Grey Heath has 178 episodes." in facts.values()
    facts = thing(
        ("Dates", "1 May 1999"), ("Venue", "Brae Hall"), ("Champions", "Brae City, 3rd title")
    )
    assert "Grey Heath was won by Brae City." in facts.values()


def test_two_places_are_none_and_bases_are_stood_at() -> None:
    assert thing(("Headquarters", "Oslo, Norway", "Bonn, Germany"), ("Industry", "Ships")) == {
        "Which industry is Grey Heath in?": "Grey Heath is in ships."
    }
    facts = thing(("Headquarters", "Ash Air Force Base, Norway"))
    assert "The headquarters of Grey Heath is at Ash Air Force Base, Norway." in facts.values()


def test_an_event_told_by_its_year_keeps_it() -> None:
    facts = thing(
        ("Date", "1 May 1915"),
        ("Location", "Brae"),
        title="Battle of Ash (1915)",
        subject="the Battle of Ash",
    )
    assert "When did the Battle of Ash (1915) take place?" in facts


def test_languages_tell_where_they_are_native_and_their_family() -> None:
    assert thing(("Native to", "Norway"), ("Language family", "Uralic", "Finnic")) == {
        "Where is Grey Heath spoken?": "Grey Heath is native to Norway.",
        "Which language family does Grey Heath belong to?": (
            "Grey Heath belongs to the Uralic language family."
        ),
    }


def test_who_came_before_is_told_with_the_office() -> None:
    def before(part: str, name: str = "Tom Ash") -> dict[str, str]:
        row = InfoboxRow(label="Preceded by", values=(name,), classes=(), header=part)
        return dict(
            fact_pairs(replace(article(title="Ann Lee"), infobox_rows=(row,)), "Ann Lee", True)
        )

    assert before("12th Governor of Brae") == {
        "Who preceded Ann Lee as Governor of Brae?": (
            "Ann Lee was preceded by Tom Ash as Governor of Brae."
        )
    }
    assert "by the Earl of Ash as member of the Brae Senate." in next(
        iter(before("Member of the Brae Senate", "The Earl of Ash").values())
    )
    assert before("Ann Lee") == {}
    assert before("Minister of Seas; Keeper of the Seal") == {}


@pytest.mark.parametrize(
    ("values", "answer"),
    [
        (("Order of Brae (1990)",), "Ann Lee received the Order of Brae."),
        (("Brae Medal", "The Ash Prize"), "Ann Lee received the Brae Medal and the Ash Prize."),
        (("Fellow of the Brae Society", "Brae Medal"), None),
        (("Small Arms Expert",), None),
    ],
)
def test_awards_take_their_articles_and_ranks_are_none(
    values: tuple[str, ...], answer: str | None
) -> None:
    assert next(iter(person(("Awards", *values)).values()), None) == answer


def test_what_the_name_says_is_not_asked() -> None:
    war = (("Date", "1 May 1410"), ("Location", "Brae"), ("Result", "Brae victory"))
    assert not any("Where" in asked for asked in thing(*war, subject="the siege of Brae"))
    assert thing(("Developer", "Ash"), subject="Ash Office", title="Ash Office") == {}


def test_an_event_is_not_in_a_river_and_teams_take_their_article() -> None:
    happening = (("Date", "1 May 1990"), ("Venue", "Brae Hall"))
    facts = thing(("Date", "1 May 1990"), ("Location", "Brae River, Ash"), ("Deaths", "3"))
    assert not any(question.startswith("Where") for question in facts)
    facts = thing(*happening, ("Champions", "Boston Ashes"), ("Runners-up", "Ash Rangers"))
    assert "Grey Heath was won by the Boston Ashes." in facts.values()
    assert "The runner-up in Grey Heath was Ash Rangers." in facts.values()


def test_a_record_with_its_makers_name_is_told_from_the_maker() -> None:
    record = replace(
        article(("Released", "3 May 1990"), ("Label", "Brae"), title="Ann Lee (album)"),
        lead=("Ann Lee is the first album by the singer Ann Lee.",),
    )
    assert "When was Ann Lee (album) released?" in dict(fact_pairs(record, "Ann Lee", False))


def test_the_highest_point_is_not_the_elevation() -> None:
    facts = boxed(row("Peak", "Mount Ash") + row("Elevation", "900 m") + row("Country", "Norway"))
    assert facts["What is the highest elevation of Grey Heath?"].endswith("is 900 m.")
    assert not any("the elevation" in question for question in facts)


@pytest.mark.parametrize("text", [" ", "\u00a0", "\n", "(a", "; ", "Aa, ", "1,", "1 May 1900 "])
def test_a_cell_of_any_length_is_read_or_left_in_time(text: str) -> None:
    long = text * (40_000 // len(text))
    labels = {label for fact in FACT_QUESTIONS for label in fact.labels}
    start = time.process_time()
    thing(*((label, f"Ash {long} Brae") for label in labels))
    assert time.process_time() - start < 4  # all labels; one quadratic pattern alone took longer


def test_who_is_still_active_is_so_since_and_who_is_not_was() -> None:
    facts = person(("Years active", "1984–present"), categories=("Living people",))
    assert facts["Since when has Ann Lee been active?"] == "Ann Lee has been active since 1984."
    facts = person(("Years active", "1984–1990"), categories=("1990 deaths",))
    assert facts["When was Ann Lee active?"] == "Ann Lee was active from 1984 to 1990."


def test_a_band_that_is_gone_had_members() -> None:
    band = article(("Members", "Ann Lee", "Tom Ash"), title="Brae")
    gone = replace(band, lead=("Brae (band) was a band from Ash.",))
    assert "Who were the members of Brae?" in dict(fact_pairs(gone, "Brae", False))
    assert "Who are the members of Brae?" in dict(fact_pairs(band, "Brae", False))


def test_words_within_a_sentence_are_small_and_no_count_noun_stands_alone() -> None:
    country = (("Official languages", "Ashan"), ("Currency", "Euro (EUR)"))
    assert "The currency of Grey Heath is the euro (EUR)." in thing(*country).values()
    assert thing(("Industry", "Alcoholic beverage")) == {}


def test_names_take_the_article_that_the_lead_gives_them() -> None:
    event = article(("Date", "1 May 1990"), ("Venue", "Brae Shooting Centre"))
    led = replace(event, lead=("It was held at the Brae Shooting Centre, on 1 May 1990.",))
    said = "Grey Heath took place at the Brae Shooting Centre."
    assert said in dict(fact_pairs(led, "Grey Heath", False)).values()
    assert said not in dict(fact_pairs(event, "Grey Heath", False)).values()


def test_a_movement_and_a_tournament_are_no_event_and_no_team() -> None:
    rows = (("Date", "1941–1945"), ("Location", "Ashland"), ("Result", "Victory"))
    assert not any("take place" in asked for asked in thing(*rows, title="Ashan resistance"))
    arena = thing(("Arena(s)", "Brae Arena"), title="Season 72 tournaments")
    assert not any("home ground" in asked for asked in arena)


def test_a_song_that_asks_stands_in_quotation_marks() -> None:
    song = article(("Released", "3 May 1990"), ("Label", "Brae"), title="When You Sing Now")
    facts = dict(fact_pairs(song, "When You Sing Now", False))
    assert 'When was "When You Sing Now" released?' in facts


@pytest.mark.parametrize(
    "noun",
    [
        *("an heiress", "a European politician", "a unicorn trainer", "an urban planner"),
        *("an NBA player", "a one-time spy", "an honest broker", "a user", "an umpire"),
    ],
)
def test_a_calling_takes_its_article_by_sound(noun: str) -> None:
    assert with_article(noun.split(" ", 1)[1]) == noun


def led(lead: str, *rows: tuple[str, ...], **more: str) -> dict[str, str]:
    """The facts of a thing whose lead is this sentence."""
    made = replace(article(*rows, **more), lead=(lead,))  # type: ignore[arg-type]
    return dict(fact_pairs(made, "Grey Heath", False))


@pytest.mark.parametrize(
    ("row", "question", "answer"),
    [
        (("Line length", "28 km (17 mi)"), "How long was", "The length of Grey Heath was 28 km"),
        (("Elevation", "5 m (16 ft)"), "What was the elevation", "The elevation of Grey Heath was"),
        (("Operator", "Brae Trains"), "Who operated", "Grey Heath was operated by Brae Trains."),
        (("Serves", "Brae"), "Which place did", "Grey Heath served Brae."),
        (("Height", "12 m (39 ft)"), "How high was", "The height of Grey Heath was 12 m"),
    ],
)
def test_what_its_lead_tells_in_the_past_is_asked_and_told_so(
    row: tuple[str, str], question: str, answer: str
) -> None:
    rows = (row, ("Opened", "1 May 1900"))
    past = led("Grey Heath was a line in the north of Zed.", *rows)
    asked = next(asked for asked in past if asked.startswith(question))
    assert past[asked].startswith(answer)
    present = led("Grey Heath is a line in the north of Zed.", *rows)
    assert not any(asked.startswith(question) for asked in present)


def test_verbs_of_the_past_have_their_forms() -> None:
    rows = (("Written in", "C"), ("Operating system", "Linux"))
    facts = led("Grey Heath was a program.", *rows)
    assert facts["Which operating system did Grey Heath run on?"] == "Grey Heath ran on Linux."


def test_what_its_lead_calls_one_still_is_one_whatever_has_closed() -> None:
    rows = (("Location", "Brae, Norway"), ("Architect", "Ann Lee"), ("Closed", "1 May 1950"))
    assert "Where is Grey Heath?" in led("Grey Heath is a church in Brae.", *rows)
    assert "Where was Grey Heath?" in led("Grey Heath is a former church in Brae.", *rows)


def test_locomotives_that_were_built_are_gone() -> None:
    rows = (("Power type", "Steam"), ("Locale", "Zed"), ("Length", "20 m (66 ft)"))
    facts = led("Grey Heaths were built by Ann Lee in 1901.", *rows)
    assert list(facts) == ["How long was Grey Heath?"]


def test_a_running_time_of_a_series_is_that_of_an_episode() -> None:
    rows = (("Running time", "42 minutes"), ("Starring", "Ann Lee"))
    facts = thing(*rows, ("No. of episodes", "36"))
    assert facts["How long is an episode of Grey Heath?"] == (
        "An episode of Grey Heath is 42 minutes long."
    )
    assert "How long is Grey Heath?" not in facts
    assert "How long is Grey Heath?" in thing(*rows)


def test_a_season_under_way_has_no_final_figures_and_a_cup_is_not_the_season() -> None:
    season = {"title": "2014–15 Zed League"}
    rows = (("Matches played", "132"), ("Top goalscorer", "Ann Lee"))
    assert not led("Grey Heath is the 100th season of the league.", *rows, **season)
    assert len(led("Grey Heath was the 100th season of the league.", *rows, **season)) == 2
    champions = ("Champions", "Brae Owls")
    assert "Who won Grey Heath?" in thing(champions, **season)
    both = thing(("Season champion", "Ash Hawks"), champions, ("Runners-up", "Ash Hawks"), **season)
    assert both == {}


def test_a_parenthesis_that_changes_what_is_said_voids_the_row() -> None:
    assert person(("Branch", "Royal Navy (Reserve)")) == {}
    assert (
        "Ann Lee served in the Royal Navy." in person(("Branch", "Royal Navy (1940–45)")).values()
    )
    genres = ("Genres", "Blues rock", "post-grunge (as Brae Ridge)", "folk (early)")
    assert thing(genres, ("Past members", "Tom Ash", "Bo Ek")).keys() == {
        "Who are the former members of Grey Heath?"
    }
    assert thing(("Type", "Private (defunct)"), ("Industry", "Steel")).keys() == {
        "Which industry is Grey Heath in?"
    }


def test_rows_about_a_publishers_building_or_a_stadium_are_not_of_the_page() -> None:
    house = (("Headquarters location", "Brae, Norway"), ("Location", "41 Ash Street, Brae"))
    facts = thing(*house, ("Built", "1911"), ("Architect", "Ann Lee"))
    assert list(facts) == ["Where is the headquarters of Grey Heath?"]
    race = (("Date", "27 May 2017"), ("Winner", "Ann Lee"), ("Capacity", "7,500"))
    assert not any("capacity" in asked for asked in thing(*race))


def test_a_trade_and_key_people_are_told_in_whole_words() -> None:
    told = thing(("Industry", "Automotive"), ("Key people", "CEO Ann Lee")).values()
    assert set(told) == {
        "Grey Heath is in the automotive industry.",
        "The chief executive of Grey Heath is Ann Lee.",
    }


@pytest.mark.parametrize(
    ("lead", "more"),
    [
        ("Ann Lee is a former footballer.", {}),
        ("Ann Lee is a retired footballer.", {}),
        ("Ann Lee is a footballer.", {"categories": ("1950 births", "Living people")}),
    ],
)
def test_who_has_retired_played_and_weighs_nothing_today(lead: str, more: dict[str, Any]) -> None:
    rows = (("Position", "Goalkeeper"), ("Sport", "Football"), ("Weight", "70 kg"))
    player = replace(article(*rows, title="Ann Lee", **more), lead=(lead,))
    assert dict(fact_pairs(player, "Ann Lee", True)) == {
        "What was the playing position of Ann Lee?": (
            "The playing position of Ann Lee was goalkeeper."
        ),
        "Which sport did Ann Lee compete in?": "Ann Lee competed in football.",
    }


def test_who_plays_still_is_told_in_the_present() -> None:
    rows = (("Position", "Goalkeeper"), ("Years active", "2010–present"))
    player = replace(article(*rows, title="Ann Lee"), lead=("Ann Lee is a footballer.",))
    assert "What is the playing position of Ann Lee?" in dict(fact_pairs(player, "Ann Lee", True))


@pytest.mark.parametrize(
    ("row", "answer"),
    [
        (("Instruments", "Vocals, guitar, programming"), "Ann Lee plays guitar."),
        (("Instruments", "Vocals"), None),
        (("Children", "2"), "Ann Lee has two children."),
        (("Children", "1 son, 12 daughters"), "Ann Lee has one son and 12 daughters."),
        (("Alma mater", "Elm College (BA, 1990)"), "Ann Lee studied at Elm College."),
        (("Alma mater", "The Zed University (Ph.D.)"), "Ann Lee studied at the Zed University."),
        (("Alma mater", "Ash University University of Elm"), None),
        (("Alma mater", "Zed School (Post-doctoral fellowship)"), "Ann Lee studied at Zed School."),
        (("Alma mater", "Zed School (dropped out)"), None),
        (("Branch", "Army"), None),
        (("Birth name", "Ann ELMER Lee"), None),
        (("Born", "Hull, England"), "Ann Lee was born in Hull, England."),
    ],
)
def test_a_persons_row_reads_as_a_sentence_or_is_left_out(
    row: tuple[str, ...], answer: str | None
) -> None:
    assert next(iter(person(row).values()), None) == answer


def test_nobody_lives_in_an_office() -> None:
    for home, told in (("Governor's Mansion", False), ("Hull, England", True)):
        facts = person(("Residence", home), categories=("Living people",))
        assert bool(facts) is told


@pytest.mark.parametrize(
    ("row", "answer"),
    [
        (("Place of origin", "Japan, Italy, United States"), "Japan, Italy and the United States."),
        (("Place of origin", "Turin, Piedmont, Italy"), "Turin, Piedmont, Italy."),
        (("Operating system", "Unix and Unix-like"), "Unix and Unix-like systems."),
        (("Developer", "GNU Project"), "the GNU Project."),
        (("Developer", "Elm Institute for Tides"), "the Elm Institute for Tides."),
        (("Owner", "Hull City & County"), None),
        (("Owner", "Grey Heath Ltd."), None),
        (("Edited by", "B. Ash—C. Elm"), None),
        (("Producer", "Bo Ek", "Cy Day (exec.)"), "Bo Ek."),
        (("INSEE/Postal code", "59457 /59840"), "59840."),
        (
            ("Original release", "May 1, 2001 –", "June 2, 2003"),
            "from May 1, 2001 to June 2, 2003.",
        ),
        (("Original release", "May 1, 2001 –", "present"), None),
        (("Established", "1990"), "was established in 1990."),
        (("Narrated by", "Bo Ek (season 2)", "Cy Day (season 3)"), None),
        (("Genre", "Horror novel, graphic novel"), "horror and graphic novel."),
        (("Programming language", "C"), None),
        (("Country", "London,Norway"), None),
        (("Region", "South West"), None),
        (("Genre", "World music"), "is world music."),
        (("Region", "Elmia (Region IV)"), "the region of Elmia."),
        (("Region", "Grey Heath Region"), None),
    ],
)
def test_a_things_row_reads_as_a_sentence_or_is_left_out(
    row: tuple[str, ...], answer: str | None
) -> None:
    signs = (("Written in", "C"), ("Time zone", "UTC+1"), ("Starring", "Ann Lee"))
    facts = thing(row, *signs).values()
    others = thing(*signs).values()
    told = [fact for fact in facts if fact not in others]
    assert told == [] if answer is None else told[0].endswith(f" {answer}")


def test_a_firm_has_one_chief_and_several_key_people() -> None:
    firm = ("Industry", "Steel")
    facts = thing(firm, ("Key people", "Bo Ek (CEO)", "Cy Day, Chairman")).values()
    assert "The chief executive of Grey Heath is Bo Ek." in facts
    assert "The key people of Grey Heath include Bo Ek and Cy Day." in facts
    one = thing(firm, ("Key people", "Bo Ek, President")).values()
    assert not any("key people" in fact for fact in one)


def test_a_label_is_called_one_and_formats_are_no_languages() -> None:
    record = thing(("Released", "1991"), ("Label", "Brain"), infobox="haudio").values()
    assert "Grey Heath was released on the label Brain." in record
    assert list(thing(("Written in", "Java, XML")).values()) == ["Grey Heath is written in Java."]


def test_a_span_is_whole_at_both_ends_and_several_finals_are_many() -> None:
    assert not thing(("Date", "23 January – February 1942"), ("Deaths", "3"))
    facts = thing(("Date", "2001"), ("Champion", "Bo Ek"), subject="the 2001 Zed playoffs")
    assert "The 2001 Zed playoffs were won by Bo Ek." in facts.values()
    games = thing(("Date", "2001"), ("Champion", "Bo Ek"), subject="the final at the 2001 Games")
    assert "The final at the 2001 Games was won by Bo Ek." in games.values()


def test_a_station_and_a_version_of_a_show_are_told_from_what_has_their_name() -> None:
    rows = (("Owner", "Brae Trains"), ("Platforms", "2"))
    station = thing(*rows, title="Queen Ann (Brae Metro)", subject="Queen Ann")
    assert "Who owns Queen Ann (Brae Metro)?" in station
    season = thing(("Starring", "Bo Ek"), title="Kitchen (U.S. season 5)", subject="Kitchen")
    assert "Who stars in season 5 of Kitchen (U.S.)?" in season


def test_a_thing_of_fiction_was_not_written_and_a_game_awaited_is_not_out() -> None:
    rows = (("Author", "Ann Lee"), ("Pages", "90"))
    assert led("Grey Heath is a fictional metal.", *rows) == {}
    game = (("Developer", "Bo Ek"), ("Publisher", "Bo Ek"), ("Platforms", "Linux"))
    assert "On which platform is Grey Heath available?" in thing(*game)
    awaited = thing(*game, ("Release", "Linux", "TBA"))
    assert not any("platform" in asked for asked in awaited)


def test_a_military_rank_is_one_that_was_reached() -> None:
    facts = person(("Allegiance", "Norway"), ("Rank", "Major"))
    assert facts["Which military rank did Ann Lee reach?"] == (
        "Ann Lee reached the military rank of Major."
    )


def test_who_lives_has_worked_and_who_is_dead_worked() -> None:
    row = ("Institutions", "Zed University")
    facts = person(row, categories=("Living people",)).values()
    assert list(facts) == ["Ann Lee has worked at Zed University."]
    assert list(person(row, categories=("1990 deaths",)).values()) == [
        "Ann Lee worked at Zed University."
    ]


def test_a_coin_named_for_its_land_is_small() -> None:
    land = thing(("Currency", "Zedian Tögrög (ZT)"), ("Time zone", "UTC+1"), infobox="geography")
    assert "The currency of Grey Heath is the Zedian tögrög (ZT)." in land.values()


def test_a_teams_manager_in_a_season_is_the_teams() -> None:
    season = {"title": "1990 Zed City Bears season", "subject": "the 1990 Zed City Bears season"}
    facts = thing(("Head coach", "Bo Ek"), **season)
    assert facts == {
        "Who was the head coach of the Zed City Bears in the 1990 season?": (
            "The head coach of the Zed City Bears in the 1990 season was Bo Ek."
        )
    }


def test_what_is_a_family_itself_belongs_to_none_and_acting_is_no_office() -> None:
    rows = (("Family:", "Zedidae"), ("Order:", "Zedales"), ("Kingdom:", "Animalia"))
    family = led("The grey heaths are a family (Zedidae) of small fish.", *rows, infobox="biota")
    assert not any("family" in asked for asked in family)
    kind = led("Grey Heath is a fish in the family Zedidae.", *rows, infobox="biota")
    assert any("family" in asked for asked in kind)
    assert person(("Predecessor", "Bo Ek (Acting)")) == {}


def test_bands_take_no_article_by_their_last_word_and_lands_are_no_wars() -> None:
    band = (("Members", "Ann Lee", "Tom Ash"), ("Associated acts", "Zed Commission, Bo Ek"))
    assert "Grey Heath is associated with Zed Commission and Bo Ek." in thing(*band).values()
    soldier = ("Allegiance", "Norway")
    assert not any("part" in asked for asked in person(soldier, ("Battles/wars", "Kosovo")))
    fought = person(soldier, ("Battles/wars", "Zed War")).values()
    assert "Ann Lee took part in the Zed War." in fought


def test_noble_families_in_the_plural_are_no_house() -> None:
    facts = person(("House", "Elmish Ashes"), categories=("1300 deaths",))
    assert list(facts.values()) == ["Ann Lee belonged to the Elmish Ashes."]
