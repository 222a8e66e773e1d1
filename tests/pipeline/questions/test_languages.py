"""Every language is complete, and what is no language of the program is refused in one line."""

import re
from string import Formatter

import pytest

from pipeline.errors import BadInput
from pipeline.questions.language import Language
from pipeline.questions.languages import (
    MODULES,
    base_code,
    category_prefix,
    checked_code,
    language_of,
    question_maker,
)

ENGLISH = language_of("en")


@pytest.mark.parametrize("code", [code for code in MODULES if code != "en"])
def test_a_language_says_all_that_english_says_with_the_same_fields(code: str) -> None:
    says = language_of(code).says
    assert says.keys() == ENGLISH.says.keys()
    for name, template in says.items():
        if name != "commands":
            assert fields(template) == fields(ENGLISH.says[name]), name


@pytest.mark.parametrize("code", list(MODULES))
def test_facts_are_advised_only_where_they_are_made(code: str) -> None:
    advised = "--kinds definition facts" in language_of(code).says["no facts"]
    assert advised == ("facts" in question_maker(code).kinds)


def fields(template: str) -> set[str]:
    """The fields of a sentence; `named` is a title with its article, which other languages bend."""
    template = template.replace("{named}", "{title}")
    return {name for _, name, *_ in Formatter().parse(template) if name}


@pytest.mark.parametrize("code", list(MODULES))
def test_its_patterns_are_patterns_and_small_talk_has_its_reply(code: str) -> None:
    language = language_of(code)
    assert language.code == code
    for pattern in patterns(language):
        re.compile(pattern)
    assert all(name in language.says for name, _ in language.small_talk)


def patterns(language: Language) -> list[str]:
    return [
        *language.chatter,
        *language.other_names,
        *(pattern for _, pattern in language.small_talk),
        *(pattern for pattern, _ in (*language.definitions, *language.singular)),
        language.continues,
        language.other_one,
        language.name_lists,
        language.name_stops,
        language.name_joins,
    ]


@pytest.mark.parametrize(
    "typed", ["Category:Lur", ":category:Lur", "Catégorie :Lur", "KATEGORIE:Lur", " Categoría:Lur"]
)
def test_a_category_is_named_with_the_prefix_of_any_of_its_wikis(typed: str) -> None:
    prefix = category_prefix().match(typed)
    assert prefix and typed[prefix.end() :] == "Lur"
    assert not category_prefix().match("Lur: category") and not category_prefix().match("Catalan:")


def test_tags_of_one_language_name_it() -> None:
    tags = {"en": "en", "en-GB": "en", "simple": "en", "de-formal": "de", "spa": "es", "FRE": "fr"}
    assert {tag: base_code(tag) for tag in tags} == tags


@pytest.mark.parametrize("tag", ["it", "", "english", "e n"])
def test_other_languages_are_refused_with_those_that_there_are(tag: str) -> None:
    with pytest.raises(BadInput, match="choose one of en, simple, es, fr, de"):
        language_of(tag)


@pytest.mark.parametrize(
    ("name", "code"), [("german", "de"), ("Español", "es"), ("french", "fr"), ("english", "en")]
)
def test_a_language_that_is_written_out_is_told_its_code(name: str, code: str) -> None:
    with pytest.raises(BadInput, match=rf": did you mean {code}\?$"):
        checked_code(name, "--lang")
