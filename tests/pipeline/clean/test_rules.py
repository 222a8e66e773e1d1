"""The words by which a language's pages are read are given to the reader."""

import re
from dataclasses import replace

from pipeline.clean import read_article
from pipeline.clean.rules import ENGLISH
from pipeline.clean.sentences import split_sentences
from pipeline.records import Page


def page(html: str, *categories: str) -> Page:
    return Page(
        pageid=1,
        title="Brae",
        html=html,
        url="http://localhost/wiki/Brae",
        revid=1,
        licence="CC BY-SA 4.0",
        categories=categories,
    )


def test_a_notice_at_the_head_of_the_lead_is_not_the_lead() -> None:
    html = "<p>This article is about the town. For others, see below.</p><p>Brae is a town.</p>"
    assert read_article(page(html)).lead == ("Brae is a town.",)
    assert read_article(page("<p>This article is about a town.</p>")).lead != ()


def test_another_language_brings_its_own_headings_page_types_and_abbreviations() -> None:
    spanish = replace(
        ENGLISH,
        closing_headings=re.compile("véase también"),
        page_types=((re.compile("desambiguación"), "disambiguation"),),
        abbreviations=replace(ENGLISH.abbreviations, never_last=frozenset(("avda",))),
    )
    html = "<p>Brae es un lugar.</p><h2>Véase también</h2><p>Otro lugar.</p>"
    assert read_article(page(html), sections=True, rules=spanish).sections == ()
    assert len(read_article(page(html), sections=True).sections) == 1
    ambiguous = page(html, "Wikipedia:Páginas de desambiguación")
    assert read_article(ambiguous, rules=spanish).is_disambiguation
    assert not read_article(ambiguous).is_disambiguation
    text = "Vive en la Avda. Norte. Es alto."
    assert len(split_sentences(text, spanish.abbreviations)) == 2
