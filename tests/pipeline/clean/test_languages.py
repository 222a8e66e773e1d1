"""The wikis of other languages have habits of their own: what is no prose goes, what is stays."""

import pytest

from pipeline.clean import read_article
from pipeline.questions.languages import question_maker
from pipeline.records import Page


def lead(lang: str, html: str) -> str:
    page = Page(
        pageid=1,
        title="Xe",
        html=f'<div class="mw-parser-output">{html}</div>',
        url="https://example.org/wiki/Xe",
        revid=1,
        licence="CC BY-SA 4.0",
        lang=lang,
    )
    return " ".join(read_article(page, rules=question_maker(lang).reading).lead)


@pytest.mark.parametrize(
    ("lang", "html", "text"),
    [
        ("fr", "<p>Xe est un bac[réf. nécessaire].</p>", "Xe est un bac."),
        ("es", "<p>Xe es un río[cita requerida].</p>", "Xe es un río."),
        ("de", "<p>Xe ist ein Fluss[A 1].</p>", "Xe ist ein Fluss."),
        (
            "fr",
            '<div class="bandeau-article"><p>Cet article est une ébauche.</p></div><p>Xe est.</p>',
            "Xe est.",
        ),
        ("fr", "<p>Cet article concerne le bac.</p><p>Xe est un bac.</p>", "Xe est un bac."),
        ("de", "<p>Dieser Artikel beschreibt Xe.</p><p>Xe ist alt.</p>", "Xe ist alt."),
        ("es", "<p>Este artículo trata sobre Xe.</p><p>Xe es alto.</p>", "Xe es alto."),
    ],
)
def test_notices_and_notes_of_editors_go(lang: str, html: str, text: str) -> None:
    assert lead(lang, html) == text


@pytest.mark.parametrize(
    ("lang", "html", "text"),
    [
        ("es", "<p>Xe (en inglés: <i>Exe</i>) es.</p>", "Xe es."),
        ("fr", "<p>Xe (en allemand : <i>Ixe</i>, prononcé [ik]) est.</p>", "Xe est."),
        (
            "de",
            "<p>Xe (englisch Exe; * 1879 in Ulm; † 1955) war.</p>",
            "Xe (* 1879 in Ulm; † 1955) war.",
        ),
    ],
)
def test_foreign_names_in_parentheses_go_and_dates_stay(lang: str, html: str, text: str) -> None:
    assert lead(lang, html) == text


def test_no_break_spaces_stay_before_the_marks_of_french() -> None:
    text = "Xe est «\u00a0bon\u00a0»\u00a0: qui le dit\u00a0? Lui\u00a0; elle aussi\u00a0!"
    assert lead("fr", f"<p>{text}</p>") == text


def test_an_ordinal_ends_no_sentence_in_german() -> None:
    from pipeline.clean import split_sentences

    rules = question_maker("de").reading.abbreviations
    text = "Xe lebte am 3. Mai unter Wilhelm II. in Ulm, z. B. dort. Er starb 1955."
    assert len(split_sentences(text, rules)) == 2
