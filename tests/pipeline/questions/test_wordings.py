"""A trained question is known by its kind, and asked in other words of the same meaning."""

import pytest

from pipeline.questions.languages import language_of
from pipeline.questions.wordings import subject_of, without_elision, wordings_of

ENGLISH = wordings_of("en")


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("When was Ada Bright born?", "birth date"),
        ("Where was Ada Bright born?", "birth place"),
        ("What is the population of Lur?", "population"),
        ("Who directed The Long Road?", "director"),
    ],
)
def test_a_fact_is_known_by_its_question(question: str, kind: str) -> None:
    assert ENGLISH.kind_of(question, "facts", "") == kind
    others = ENGLISH.rephrased(question)
    assert others and question not in others
    assert all(("Lur" in form) or ("Bright" in form) or ("Long Road" in form) for form in others)


def test_a_question_of_no_listed_kind_keeps_its_own_words() -> None:
    kind = ENGLISH.kind_of("How was the Lur lighthouse repainted?", "sections", "Lur lighthouse")
    assert kind == "= how repainted"
    assert ENGLISH.rephrased("How was the Lur lighthouse repainted?") == ()


@pytest.mark.parametrize(
    ("code", "question", "subject"),
    [
        ("en", "What is a red crane?", "red crane"),
        ("en", "Who is Ada Bright?", "ada bright"),
        ("en", "When was Ada Bright born?", ""),
        ("es", "¿Qué es el bosque de Lur?", "bosque de lur"),
        ("fr", "Qu'est-ce que l'orme gris ?", "orme gris"),
        ("de", "Was ist der Iselbach?", "iselbach"),
    ],
)
def test_a_definition_is_about_a_subject(code: str, question: str, subject: str) -> None:
    assert subject_of(question, language_of(code)) == subject
    assert bool(wordings_of(code).defined(question)) == bool(subject)


def test_what_is_elided_is_no_part_of_the_name() -> None:
    french = language_of("fr")
    assert without_elision("l'orme gris", french) == without_elision("orme gris", french)
    assert without_elision("d'Artagnan", language_of("de")) == "d'Artagnan"


def test_one_of_many_is_asked_for_only_where_many_were() -> None:
    assert ENGLISH.in_singular("What are wasps?", "Wasp") == ("What is a wasp?",)
    assert ENGLISH.in_singular("What is a wasp?", "Wasp") == ()
