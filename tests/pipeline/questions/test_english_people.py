"""Who or what, from filing, boxes and grammar."""

import pytest

from pipeline.clean import Article
from pipeline.questions.english_grammar import without_parentheticals
from pipeline.questions.english_people import is_band, is_person


def person(
    title: str,
    lead: str,
    *,
    categories: tuple[str, ...] = (),
    infobox: tuple[str, ...] = (),
    born: bool = False,
) -> bool:
    article = Article(
        title=title,
        lead=(lead,),
        bold=(),
        italic_title=False,
        categories=categories,
        infobox_classes=infobox,
        infobox_rows=(),
        has_birth_date=born,
        page_type="article",
    )
    return is_person(article, without_parentheticals(lead).partition(". ")[0])


@pytest.mark.parametrize(
    "category",
    [
        "1815 births",
        "480s BC deaths",
        "Living people",
        "12th-century births",
        "Year of birth missing",
    ],
)
def test_a_biographys_categories_say_who(category: str) -> None:
    assert person("Zed Ado", "Zed Ado made lenses.", categories=(category,))


@pytest.mark.parametrize(
    "title",
    [
        "Murder of Zed Ado",
        "Zed Ado murder case",
        "Ado family",
        "Ado (surname)",
        "Death and funeral of Zed Ado",
    ],
)
def test_events_names_and_families_are_what(title: str) -> None:
    assert not person(title, "It happened in 1990.", categories=("1990 deaths",))


def test_a_biographys_box_says_who_and_a_birthday_only_with_a_human_word() -> None:
    assert person("Zed Ado", "Zed Ado made lenses.", infobox=("infobox", "biography", "vcard"))
    assert person("Zed Ado", "Zed Ado made lenses. He died young.", born=True)
    assert not person("Ado Temple", "The Ado Temple is a temple.", born=True)


@pytest.mark.parametrize(
    "lead",
    [
        "Zed Ado (born 4 May 1950) is a Norwegian.",
        "Zed Ado was a Danish lens man. She lived in Oslo.",
        "Zed Ado is a retired ice hockey player.",
        "Zed Ado was an English novelist who wrote little.",
        "Zed Ado was an Italian stage, film and radio actress.",
        "Zed Ado was sheriff of Ohio from 1834 to 1843.",
        "Zed Ado is a footballer who plays for the Ado team. He was born in Ado.",
        "Zed Ado is a German fashion model.",
        "Zed Ado is a former model and actress.",
        "Zed Ado was a Green member of the Ado House of Lords.",
    ],
)
def test_without_filing_the_leads_grammar_says_who(lead: str) -> None:
    assert person("Zed Ado", lead)


@pytest.mark.parametrize(
    ("title", "lead"),
    [
        ("Lens maker", "A lens maker is a person who makes lenses."),
        ("General (Ado)", "In Ado, a general is an officer."),
        ("Zed Player", "Zed Player is a media player. It plays files."),
        ("Zed Text", "Zed Text is a free text editor of 1990."),
        ("Zed Games", "Zed Games is an American game developer."),
        ("Zed Man", "Zed Man is a 1990 film. He dies."),
        ("Zed Ado", "Zed Ado (born 1990) was a racehorse."),
        ("MV Zeda", "MV Zeda is a ship of the Ado line. She was sold. Her crew left."),
        ("Zed Raid", "Zed Raid was a raid. He led it. His men fled."),
        ("Zed Growth", "Zed Growth is a mathematical model."),
    ],
)
def test_callings_works_machines_and_animals_are_what(title: str, lead: str) -> None:
    assert not person(title, lead)


def test_persons_of_story_are_who() -> None:
    assert person("Zedor", "Zedor is a fictional character in a series of books.")
    assert person("Zedor", "In Ado myth, Zedor is the god of lenses.", categories=("Ado gods",))
    assert not person(
        "Zedor",
        "Zedor is a fictional city in a series of books.",
        categories=("Fictional locations",),
    )


def test_bands_are_known_by_their_noun() -> None:
    assert is_band("Zed are a Canadian rock band from Ado.")
    assert not is_band("Zed is a rubber band factory.")
