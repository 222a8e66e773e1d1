"""An Article becomes question and answer pairs: the right question, a concise answer, or the reason for none; pure."""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from pipeline.clean import Article, read_article, split_sentences
from pipeline.grammar import Subject, base_title, find_mention, name_subject, without_asides
from pipeline.people import is_band, is_person
from pipeline.phrasings import fold, folded, phrasings, readings, topic

if TYPE_CHECKING:
    from pipeline.pages import Page

__all__ = ["KINDS", "AnswerBounds", "Pair", "fold", "folded", "make_pairs", "phrasings", "readings", "skip_reason", "topic"]

KINDS = ("definition", "facts", "sections")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pair:
    """One question and its answer, with the page that it was made from."""

    pageid: int
    title: str
    kind: str
    question: str
    answer: str
    url: str
    revid: int
    licence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerBounds:
    """How long an answer may be; it always ends with a sentence, and its first sentence is always whole."""

    sentences: int | None = 3
    """At most so many sentences."""
    chars: int | None = 400
    """At most so many characters; a third of them is short enough to go on into the next paragraph."""


LIST_TITLE = re.compile(r"(?:(?:Lists?|Index(?:es)?|Outlines?|Timelines?|Chronology|Glossary|Glossaries|Tables?) of |(?:Timelines|Lists):)", re.I)
LISTING_TITLE = re.compile(r"(?:^|[ –])(?:\(?disambiguation\)|(?:timeline|glossary|discography|filmography|videography)\)?$)|^\d{3,4}s? in ")
BARE_LISTING = re.compile(r"(?:Statistics|Results|Events|Squads?|Rosters?|Listed|Below|The following|These are|This is (?:an?|the) (?:\w+ )?(?:list|index|outline|timeline|glossary|table|discography|filmography|videography)|This (?:article|page|list) )\b")
REFERS = re.compile(r"\b(?:may|can|could|might) (?:also )?(?:refer|stand|mean)(?: to| for)?\b.{0,40}[:.]?$|\bmay refer to\b")
NOTICE = re.compile(r"(?:Please note|Coordinates:)")


def skip_reason(article: Article) -> str | None:
    """Why this article gives no pair, or None if it gives one."""
    if article.page_type in ("disambiguation", "set index") or article.disambiguation:
        return article.page_type if article.page_type != "article" else "disambiguation"
    if LIST_TITLE.match(article.title) or LISTING_TITLE.search(article.title):
        return "list"
    if not article.lead or len(article.lead[0]) < 20 and len(article.lead) == 1:
        return "no lead"
    first = article.lead[0][:300]
    if BARE_LISTING.match(first):
        return "list"
    if len(article.lead) == 1 and REFERS.search(first):
        return "disambiguation"
    if not _speaks_of(article):
        return "lead defines nothing"
    return None


def _speaks_of(article: Article) -> bool:
    """Whether the lead's beginning shares a word with the title, or has a term in bold: else it tells something and defines nothing."""
    words = set(re.findall(r"\w{3,}", folded(base_title(article.title))))
    said = folded(article.lead[0][:600])
    return bool(article.bold) or not words or any(word[:5] in said for word in words)


def make_pairs(page: "Page", *, kinds: tuple[str, ...] = ("definition",), bounds: AnswerBounds = AnswerBounds()) -> tuple[list[Pair], str | None]:
    """The page's pairs of the kinds asked for, or none and the reason: "list", "no lead", …"""
    article = read_article(page, sections="sections" in kinds)
    if reason := skip_reason(article):
        return [], reason
    opening = without_asides(split_sentences(article.lead[0][:2000])[0])
    person = is_person(article, opening)
    subject = name_subject(article, page.html, opening, name=person)
    asked: list[tuple[str, str, str]] = []
    if "definition" in kinds:
        asked.append(("definition", ask_definition(subject, person=person, band=is_band(opening)), bounded(article.lead, bounds)))
    if "facts" in kinds:
        from pipeline.facts import fact_pairs

        asked += [("facts", question, answer) for question, answer in fact_pairs(article, subject.phrase, person)]
    if "sections" in kinds:
        asked += [("sections", question, answer) for question, answer in section_pairs(article, subject, bounds)]
    pairs = [
        Pair(pageid=page.pageid, title=page.title, kind=kind, question=question, answer=answer, url=page.url, revid=page.revid, licence=page.licence)
        for kind, question, answer in asked
    ]
    return pairs, None if pairs else "nothing of these kinds"


def ask_definition(subject: Subject, *, person: bool, band: bool = False) -> str:
    """ "Who is Ada Lovelace?", "What is a hash table?", "Who are Bleeker?" """
    word = "Who" if person or (band and subject.plural) else "What"
    return f"{word} {'are' if subject.plural else 'is'} {subject.phrase.removesuffix('?')}?"


def bounded(paragraphs: tuple[str, ...], bounds: AnswerBounds) -> str:
    """The paragraphs' first sentences within the bounds: of the first paragraph, and of the next while what is taken is very short."""
    taken: list[str] = []
    length = 0
    for paragraph in paragraphs:
        for sentence in split_sentences(paragraph):
            full = bounds.sentences is not None and len(taken) >= bounds.sentences
            long = bounds.chars is not None and length + len(sentence) > bounds.chars
            if taken and (full or long):
                return " ".join(taken)
            taken.append(sentence)
            length += len(sentence) + 1
        if bounds.chars is not None and length * 3 > bounds.chars:
            break
    return " ".join(taken)


SECTION_QUESTIONS = {
    "history": "What is the history of {of}?",
}


def section_pairs(article: Article, subject: Subject, bounds: AnswerBounds) -> list[tuple[str, str]]:
    """A question and its answer for every section of prose whose heading has a grammatical question."""
    asked: dict[str, str] = {}
    for section in article.sections:
        form = SECTION_QUESTIONS.get(section.heading.casefold()) if section.level == 2 else None
        if form and section.paragraphs:
            asked.setdefault(form.format(of=subject.phrase), bounded(section.paragraphs, bounds))
    return list(asked.items())
