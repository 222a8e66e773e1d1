"""A title's place in running English: article, case and number from the lead's own grammar."""

import pytest

from pipeline.clean import Article, RunningText
from pipeline.questions.english_grammar import (
    a_or_an,
    find_mention,
    name_subject,
    without_parentheticals,
)

PAGE = (
    "Some say the widget frame bends. Of all gadgetry a widget frame counts, and gadgetry spreads."
    " The Gadget Fair and its gadget."
)


def subject(
    title: str,
    lead: str,
    *,
    html: str = PAGE,
    name: bool = False,
    infobox: tuple[str, ...] = (),
    bold: tuple[str, ...] = (),
    italic: bool = False,
) -> tuple[str, bool]:
    article = Article(
        title=title,
        lead=(lead,),
        bold=bold,
        italic_title=italic,
        categories=(),
        infobox_classes=infobox,
        infobox_rows=(),
        has_birth_date=False,
        page_type="article",
        running_text=RunningText(html),
    )
    named = name_subject(article, without_parentheticals(lead), name=name)
    return named.phrase, named.plural


NAMED = [
    ("Widget frame", "A widget frame is a frame of widgets.", "a widget frame", False),
    ("Widget frame", "In mechanics, an old widget frame is a frame.", "a widget frame", False),
    ("Widget frame", "The widget frame is a frame of widgets.", "the widget frame", False),
    ("Widget frame", "Widget frames are a family of frames.", "widget frames", True),
    ("Gadgetry", "Gadgetry is the making of gadgets.", "gadgetry", False),
    ("Zedism", "Zedism is a doctrine.", "zedism", False),
    ("Velbrunn", "Velbrunn is a village.", "Velbrunn", False),
    ("Velbrunn, Ohio", "Velbrunn is a village in Ohio.", "Velbrunn, Ohio", False),
    (
        "Battle of Velbrunn",
        "The Battle of Velbrunn was fought in 1701.",
        "the Battle of Velbrunn",
        False,
    ),
    (
        "Second Velbrunn offensive",
        "The second Velbrunn offensive took place in 1701.",
        "the second Velbrunn offensive",
        False,
    ),
    ("2014 Gadget Fair", "The 2014 Gadget Fair was held in May.", "the 2014 Gadget Fair", False),
    ("Velbrunn Vikings", "The Velbrunn Vikings are a team.", "the Velbrunn Vikings", True),
    ("Hash (food)", "A hash is a dish.", "a hash", False),
    ("Ratbane", "ratbane is a window manager.", "ratbane", False),
    ("IRat", "iRat is a media player.", "iRat", False),
    ("Zed C", "Zed C, Ado C and Standard C are standards.", "Zed C", False),
    ("Widget Alpha", "The class Widget Alpha is one of three.", "Widget Alpha", False),
    ("ZZ4", "Zed protein is an enzyme that is encoded by the ZZ4 gene.", "ZZ4", False),
    ("Gadget", "Gadgets are large tools.", "gadgets", True),
    ("Zedlo 11", "Zedlo 11 was a flight.", "Zedlo 11", False),
    (
        "Zeda's theorem",
        "Zeda's theorem states that all frames are widgets.",
        "Zeda's theorem",
        False,
    ),
    ("Zedean algebra", "Zedean algebra is a branch of algebra.", "Zedean algebra", False),
    ("Zedus albus", "Zedus albus is a species of slug.", "Zedus albus", False),
    (
        "Sultanate of Velbrunn",
        "Sultanate of Velbrunn was a sultanate.",
        "the Sultanate of Velbrunn",
        False,
    ),
    (
        "Battle of Velbrunn",
        "The third Battle of Velbrunn was fought in 1701.",
        "the Battle of Velbrunn",
        False,
    ),
    ("Velbrunn Islands", "Velbrunn Islands are two islands.", "the Velbrunn Islands", True),
    (
        "Widget frame",
        "In mechanics, a widget frame holds gadgets in a way that all are bent.",
        "a widget frame",
        False,
    ),
    ("Velbrunn Abbey", "The ruins of Velbrunn Abbey are found in Ohio.", "Velbrunn Abbey", False),
    ("Zedian Report", "Zedian Report are the findings of a body.", "the Zedian Report", False),
    ("Zed War", "Zed War, the Ado War and the Bee War are wars.", "Zed War", False),
    ("English widget", "English widget is a widget.", "English widget", False),
    ("Allied widget", "Allied widget is a widget.", "Allied widget", False),
    ("Gödeli–Rosi rule", "The Godeli-Rosi rule is a rule.", "the Gödeli–Rosi rule", False),
]


@pytest.mark.parametrize(("title", "lead", "phrase", "plural"), NAMED)
def test_article_case_and_number_follow_the_lead(
    title: str, lead: str, phrase: str, plural: bool
) -> None:
    assert subject(title, lead) == (phrase, plural)


def test_small_letters_and_articles_follow_the_pages_own_running_text() -> None:
    dog = "A rag slug, as a rag slug is, is a rag slug. That a rag slug can be."
    assert subject("Rag slug", "Rag slug is a common name.", html=dog) == ("a rag slug", False)
    italics = "so <i>zeda nova</i> and <i>zeda nova</i> stand"
    lead = "Zeda nova is a phrase."
    assert subject("Zeda nova", lead, html=italics, italic=True) == ("zeda nova", False)
    assert subject("Zeda nova", lead, html="", italic=True) == ("Zeda nova", False)


def test_a_common_name_of_a_species_is_small_and_a_latin_one_is_not() -> None:
    fish, lead = ("infobox", "biota"), "is a fish in the genus Zedo."
    assert subject("Redfaced widget", f"Redfaced widget {lead}", html="", infobox=fish) == (
        "redfaced widget",
        False,
    )
    latin = "in the genus Zedo there are"
    assert subject("Zedo alba", f"Zedo alba {lead}", html=latin, infobox=fish)[0] == "Zedo alba"


UNNAMED = [
    (
        "1999 Velbrunn general election",
        "Elections were held in 1999.",
        "the 1999 Velbrunn general election",
    ),
    (
        "Climate of Velbrunn",
        "Most of Velbrunn is cold, and its climate is harsh.",
        "the climate of Velbrunn",
    ),
    (
        "Velbrunn resistance movement",
        "The Velbrunn resistance began in 1940.",
        "the Velbrunn resistance movement",
    ),
    ("ABC", "The Alpha Beta Company is a company.", "ABC"),
    ("Zedian language", "Zedian is a language of Velbrunn.", "the Zedian language"),
    ("Kidnapping of Zed Ado", "Zed Ado was taken in 1999.", "the kidnapping of Zed Ado"),
    ("Widget sport in 2012", "The 2012 widget sport season was long.", "widget sport in 2012"),
]


@pytest.mark.parametrize(("title", "lead", "phrase"), UNNAMED)
def test_a_title_that_the_lead_does_not_name_goes_by_its_own_words(
    title: str, lead: str, phrase: str
) -> None:
    assert subject(title, lead, html="the climate is harsh, a climate for few") == (phrase, False)


def test_named_awards_are_many_though_the_lead_is_about_another() -> None:
    assert subject("Velbrunn Awards", "The Velbrunn Foundation is an organisation.") == (
        "the Velbrunn Awards",
        True,
    )


def test_works_and_people_stand_as_in_their_titles() -> None:
    assert subject("Gadgetry", '"Gadgetry" is a song by Zed.') == ("Gadgetry", False)
    assert subject(
        "Gadgetry (Zed album)", "Gadgetry is the third album by Zed.", infobox=("infobox", "haudio")
    ) == ("Gadgetry", False)
    assert subject("The Gadget Man", "The Gadget Man is a 1990 film.") == ("The Gadget Man", False)
    assert subject("Gadget Man", "Gadget Man, born Zed, is a singer.", name=True) == (
        "Gadget Man",
        False,
    )
    assert subject(
        "Zeda alba", "Zeda alba is a species of moth.", infobox=("infobox", "biota"), italic=True
    ) == ("Zeda alba", False)


def test_the_page_shows_whether_a_leading_the_is_a_titles_own() -> None:
    assert subject(
        "The Gadget", "The Gadget is a place.", html="near the Gadget and in the Gadget"
    ) == ("the Gadget", False)


@pytest.mark.parametrize(
    ("word", "article"),
    [
        ("hash", "a"),
        ("apple", "an"),
        ("unit", "a"),
        ("uninvited guest", "an"),
        ("hour", "an"),
        ("European", "a"),
        ("one-off", "a"),
        ("X-ray", "an"),
        ("UFO", "a"),
        ("FM radio", "an"),
        ("11th hour", "an"),
        ("useful tool", "a"),
        ("umbrella", "an"),
    ],
)
def test_a_or_an_by_sound(word: str, article: str) -> None:
    assert a_or_an(word) == article


def test_a_mention_stands_between_words() -> None:
    assert find_mention("Artful art is art.", "Art") is not None
    assert find_mention("Artful artists.", "Art") is None
    assert find_mention("", "") is None
