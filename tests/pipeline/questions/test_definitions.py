"""Definition questions in languages other than English: the article, the case, the number and the
word of question come from the lead's own grammar.
"""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.questions.languages import base_code, language_of, question_maker
from pipeline.questions.pairs import disambiguate, make_pairs
from pipeline.records import Page, Pair


def page(lang: str, title: str, lead: str, **other: object) -> Page:
    fields: dict[str, object] = {
        "pageid": 1,
        "title": title,
        "html": f'<div class="mw-parser-output"><p>{lead}</p></div>',
        "url": f"https://example.org/wiki/{title}",
        "revid": 1,
        "licence": "CC BY-SA 4.0",
        "lang": lang,
    }
    return Page(**(fields | other))  # type: ignore[arg-type]


def question(lang: str, title: str, lead: str, **other: object) -> str | None:
    pairs, reason = make_pairs(page(lang, title, lead, **other))
    return pairs[0].question if pairs else reason


@pytest.mark.parametrize(
    ("lang", "title", "lead", "asked"),
    [
        ("es", "Tisbe Prado", "Tisbe Prado fue una pintora chilena.", "¿Quién es Tisbe Prado?"),
        ("es", "Torno", "Un torno es una máquina que gira.", "¿Qué es un torno?"),
        ("es", "Sequía", "En clima, la sequía es la falta de agua.", "¿Qué es la sequía?"),
        ("es", "Abeja", "Las abejas son unos insectos que vuelan.", "¿Qué son las abejas?"),
        ("es", "Idioma lun", "El lun es un idioma de la costa.", "¿Qué es el idioma lun?"),
        ("es", "Lunar del Mar", "Lunar del Mar es una ciudad.", "¿Qué es Lunar del Mar?"),
        ("es", "Duna", "Se llama duna a la arena que forma el viento.", "¿Qué es la duna?"),
        (
            "fr",
            "Ada Prune",
            "Ada Prune, née le 3 mai 1902 à Lens, est une femme.",
            "Qui est Ada Prune ?",
        ),
        ("fr", "Vélo", "Un vélo est un véhicule à deux roues.", "Qu'est-ce qu'un vélo ?"),
        ("fr", "Orme", "L'orme est un arbre des bois clairs.", "Qu'est-ce que l'orme ?"),
        ("fr", "Arcy", "Arcy est une ville au bord de la mer.", "Qu'est-ce qu'Arcy ?"),
        ("fr", "Lunidae", "Les Lunidés (Lunidae) sont une famille.", "Que sont les Lunidae ?"),
        ("fr", "Daras", "La république du Daras est un État.", "Qu'est-ce que le Daras ?"),
        ("de", "Ada Prun", "Ada Prun (* 3. Mai 1902 in Ulm) war Malerin.", "Wer ist Ada Prun?"),
        ("de", "Lehm", "Lehm ist eine Mischung aus Sand und Ton.", "Was ist Lehm?"),
        ("de", "Isel", "Die Isel ist ein Fluss in den Bergen.", "Was ist die Isel?"),
        ("de", "Hammer", "Hammer ist ein Werkzeug zum Schlagen.", "Was ist ein Hammer?"),
        ("de", "Ferner Osten", "Der Ferne Osten ist eine Region.", "Was ist der Ferne Osten?"),
        (
            "de",
            "Lunische Sprache",
            "Lunisch ist die Sprache am Meer.",
            "Was ist die lunische Sprache?",
        ),
        ("de", "Amseln", "Die Amseln sind eine Familie von Vögeln.", "Was sind die Amseln?"),
    ],
)
def test_the_question_follows_the_leads_grammar(
    lang: str, title: str, lead: str, asked: str
) -> None:
    assert question(lang, title, lead) == asked


@pytest.mark.parametrize(
    ("lang", "title", "lead"),
    [
        ("es", "Luna", "Luna puede referirse a: una ciudad; un río; una mujer de la costa."),
        ("fr", "Lune", "Lune peut désigner : une ville ; une rivière ; une femme de Lens."),
        ("de", "Lune", "Lune steht für: eine Stadt; einen Fluss; eine Frau aus Ulm."),
        ("es", "3 de mayo", "El 3 de mayo es el día 123 del año en el calendario."),
        ("fr", "Liste des ponts", "Les ponts de la ville sont nombreux et tous très vieux."),
        ("de", "1902", "Das Jahr 1902 begann an einem Mittwoch und war kein Schaltjahr."),
    ],
)
def test_pages_that_define_nothing_are_skipped(lang: str, title: str, lead: str) -> None:
    assert question(lang, title, lead) in ("disambiguation", "list")


@pytest.mark.parametrize(
    ("lang", "category", "word"),
    [
        ("es", "Nacidos en 1902", "¿Quién"),
        ("fr", "Naissance en mai 1902", "Qui"),
        ("de", "Geboren 1902", "Wer"),
    ],
)
def test_a_category_of_births_makes_a_person(lang: str, category: str, word: str) -> None:
    lead = "Xe Ypsilon " + {"es": "es conocida.", "fr": "est connue.", "de": "ist bekannt."}[lang]
    asked = question(lang, "Xe Ypsilon", lead, categories=(category,))
    assert asked is not None and asked.startswith(f"{word} ")


def test_titles_that_share_a_question_are_told_apart_before_the_mark() -> None:
    def pair(pageid: int, title: str, question: str) -> Pair:
        return Pair(
            pageid=pageid,
            title=title,
            kind="definition",
            question=question,
            answer="A.",
            url="u",
            revid=1,
            licence="l",
            lang="fr",
        )

    pairs = [
        pair(1, "Lune (ville)", "Qu'est-ce que Lune ?"),
        pair(2, "Lune (astre)", "Qu'est-ce que la lune ?"),
    ]
    assert [told.question for told in disambiguate(lambda: pairs)] == [
        "Qu'est-ce que Lune (ville) ?",
        "Qu'est-ce que la lune (astre) ?",
    ]


def test_a_languages_tag_may_have_a_variant() -> None:
    tags = ("de-formal", "EN-gb", "simple", "es_419", "fra", "pt")
    assert [base_code(tag) for tag in tags] == ["de", "en", "en", "es", "fr", None]


@pytest.mark.parametrize("lang", ["es", "fr", "de"])
def test_every_language_says_what_the_others_say(lang: str) -> None:
    assert language_of(lang).says.keys() == language_of("en").says.keys()


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(("es", "fr", "de")), st.text(min_size=1, max_size=30), st.text(max_size=300))
def test_no_title_and_no_lead_raises(lang: str, title: str, lead: str) -> None:
    maker = question_maker(lang)
    from pipeline.clean import read_article

    article = read_article(page(lang, title, lead), rules=maker.reading)
    if maker.skip_reason(article) is None:
        assert maker.define(article).question


@pytest.mark.parametrize("piece", ["(a", "1 ", "Gama "])
def test_a_title_of_any_length_is_looked_for_in_time(piece: str) -> None:
    title = (piece * 30_000)[:30_000].strip()  # took minutes when each of its beginnings was tried
    made = question("es", title, f"{title} es una ciudad de Italia.")
    assert made is None or made.startswith("¿")
