"""An Article becomes question and answer pairs: the right question, a concise answer, or the reason
for none; pure.
"""

import re
from array import array
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from hashlib import blake2b

import numpy as np

from pipeline.clean import Article, read_article
from pipeline.clean.sentences import split_sentences
from pipeline.questions.answers import CONCISE, AnswerBounds, bounded
from pipeline.questions.facts import fact_pairs
from pipeline.questions.grammar import (
    Subject,
    base_title,
    find_mention,
    name_subject,
    without_parentheticals,
)
from pipeline.questions.people import is_band, is_person
from pipeline.questions.phrasings import folded, topic
from pipeline.questions.sections import section_pairs
from pipeline.records import Page, Pair

KINDS = ("definition", "facts", "sections")


LIST_TITLE = re.compile(
    r"(?:Comparisons?|Lists?|Index(?:es)?|Outlines?|Timelines?|Chronology|Glossary|Glossaries"
    r"|Tables?) of"
    r" |\d{3,4}s? in "
    r"|.*(?:\(disambiguation\)| (?:timeline|glossary|discography|filmography|videography))$",
    re.I,
)
# Pages that hold tables: draws of a tournament, what a nation's teams did at some games.
TABLE_TITLE = re.compile(
    r".* [–-] (?:(?:Men's|Women's|Mixed|Boys'|Girls'|Wheelchair) )*(?:Singles|Doubles)"
    r"(?: Qualifying)?$"
    r"|[A-Z][\w' ]+ at the \d{4} (?:(?:Summer|Winter|Youth|Asian|European|Commonwealth|Pan|American"
    r"|African|World|Mediterranean|Olympic|South|East|Southeast|Pacific|Island|Nations) )*"
    r"(?:Olympics|Paralympics|Games|Youth Olympics|Universiade|Deaflympics)$"
)
DEFINES = re.compile(
    r"\b(?:(?:is|was|are|were) (?:an?|the|one|held|contested|played)|took place|consisted)\b"
)
LIST_LEAD = re.compile(
    r"(?:Statistics|Results|Events|Squads?|Rosters?|Listed|Below|The following|These are"
    r"|This is (?:an?|the) (?:\w+"
    r" )?(?:list|index|outline|timeline|glossary|table|discography|filmography|videography)"
    r"|This (?:article|page|list) )\b"
)
REFERS = re.compile(
    r"[^.]{0,100}?\b(?:may|can|could|might) (?:also )?(?:refer|stand|mean)\b(?: to|"
    r" for)?(?:[^.]{0,40}:|[.:]?$)|[^.]{0,60}\bmay refer to\b"
)
WORD = re.compile(r"\w{3,}")
LONGEST_SENTENCE = 2000  # characters that are read for the first sentence
MOST_NAMES, LONGEST_NAME = 20, 100  # bold terms of a lead; characters
SHORTEST = 20  # characters; no shorter lead defines anything


def skip_reason(article: Article) -> str | None:
    """Why this article gives no pair, in a word or two to be counted, or None if it gives one."""
    if article.disambiguation or article.page_type in ("disambiguation", "set index"):
        return "set index" if article.page_type == "set index" else "disambiguation"
    if LIST_TITLE.match(article.title):
        return "list"
    if not article.lead or not article.lead[0].strip() or len(" ".join(article.lead)) < SHORTEST:
        return "no lead"
    if LIST_LEAD.match(article.lead[0]) or _is_table(article):
        return "list"
    if len(article.lead) == 1 and REFERS.match(article.lead[0]):
        return "disambiguation"
    return None if _speaks_of(article) else "lead defines nothing"


def _is_table(article: Article) -> bool:
    """Whether the page holds the tables of one event and its lead does not say what that is."""
    return bool(TABLE_TITLE.match(article.title)) and not DEFINES.search(article.lead[0][:400])


def _speaks_of(article: Article) -> bool:
    """Whether the lead shares a word with the title or has a term in bold: else it tells of
    something and defines nothing.
    """
    words = WORD.findall(folded(base_title(article.title)))
    said = folded(article.lead[0][:600])
    if said.strip(" .") == folded(base_title(article.title)).strip(" ."):
        return False  # nothing but the title
    return bool(article.bold) or not words or any(word[:5] in said for word in words)


def make_pairs(
    page: Page, *, kinds: tuple[str, ...] = ("definition",), bounds: AnswerBounds = CONCISE
) -> tuple[list[Pair], str | None]:
    """The page's pairs of the kinds asked for (see KINDS), or none and the reason: "list", "no
    lead", …
    """
    article = read_article(page, sections="sections" in kinds, rows="facts" in kinds)
    if reason := skip_reason(article):
        return [], reason
    opening = without_parentheticals(split_sentences(article.lead[0][:LONGEST_SENTENCE])[0])
    person = is_person(article, opening)
    subject = name_subject(article, opening, name=person)
    asked: list[tuple[str, str, str]] = []
    if "definition" in kinds:
        asked.append(
            (
                "definition",
                _definition(subject, person=person, band=is_band(opening)),
                bounded(article.lead, bounds),
            )
        )
    if "facts" in kinds:
        asked += (
            ("facts", *pair)
            for pair in fact_pairs(article, subject.phrase, person, plural=subject.plural)
        )
    if "sections" in kinds:
        asked += (
            ("sections", *pair) for pair in section_pairs(article, subject, bounds, person=person)
        )
    pairs = [
        Pair(
            pageid=page.pageid,
            title=page.title,
            kind=kind,
            question=question,
            answer=answer,
            url=page.url,
            revid=page.revid,
            licence=page.licence,
            names=other_names(article) if kind == "definition" else (),
        )
        for kind, question, answer in asked
    ]
    return pairs, None if pairs else f"no {' or '.join(kinds)}"


def other_names(article: Article) -> tuple[str, ...]:
    """What else the lead calls its subject: the bold terms that are not the title."""
    title = folded(base_title(article.title))
    names = (name.strip(' "“”,;:.()') for name in article.bold[:MOST_NAMES])
    return tuple(
        dict.fromkeys(
            name for name in names if 1 < len(name) <= LONGEST_NAME and folded(name) != title
        )
    )


def _definition(subject: Subject, *, person: bool, band: bool) -> str:
    """ "Who is Ada Lovelace?", "What is a hash table?", "Who are Bleeker?" """
    word = "Who" if person or (band and subject.plural) else "What"
    return (
        f"{word} {'are' if subject.plural else 'is'}"
        f" {subject.phrase.removesuffix('?') or subject.phrase}?"
    )


def disambiguate(read: Callable[[], Iterable[Pair]]) -> Iterator[Pair]:
    """The pairs that read() gives, where a question that several pages answer has the parenthesis
    of each one's title put back.

    "What is Ado?" becomes "What is Ado (planet)?" where a page "Ado (god)" has "Who is Ado?".
    Reads twice and keeps 16 bytes a question, so that the pairs may be more than fit into memory.
    """
    owners = array("Q")  # what each question means, and whose it is
    for pair in read():
        owners.extend((_meant(pair.question), pair.pageid))
    asked = (
        np.unique(np.frombuffer(owners, dtype=np.uint64).reshape(-1, 2), axis=0)[:, 0]
        if owners
        else np.zeros(0, np.uint64)
    )
    shared = set(asked[1:][asked[1:] == asked[:-1]].tolist())
    for pair in read():
        yield (
            replace(pair, question=_with_parenthesis(pair))
            if _meant(pair.question) in shared
            else pair
        )


def _meant(question: str) -> int:
    """What tells a question from others however it is typed: "Who is Ado?" and "What is the ado?"
    are one.
    """
    return int.from_bytes(
        blake2b(topic(question).encode("utf-8", "replace"), digest_size=8).digest(), "little"
    )


def _with_parenthesis(pair: Pair) -> str:
    """The question with its title's parenthesis behind the title's name; as it is where the title
    has none.
    """
    name = base_title(pair.title)
    parenthesis = pair.title[len(name) :].strip()
    if not parenthesis or parenthesis in pair.question:
        return pair.question
    if pair.kind == "definition":
        return f"{pair.question.removesuffix('?')} {parenthesis}?"
    mention = find_mention(pair.question, name)
    return (
        f"{pair.question[: mention.end]} {parenthesis}{pair.question[mention.end :]}"
        if mention
        else pair.question
    )
