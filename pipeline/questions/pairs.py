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
from pipeline.questions.answers import CONCISE, AnswerBounds, bounded
from pipeline.questions.definitions import QuestionMaker
from pipeline.questions.english_grammar import Subject, find_mention
from pipeline.questions.facts import fact_pairs
from pipeline.questions.languages import language_of, question_maker
from pipeline.questions.normalize import bare_title, folded, normalize
from pipeline.questions.sections import section_pairs
from pipeline.questions.wordings import subject_of
from pipeline.records import Page, Pair

KINDS = ("definition", "facts", "sections")


END_MARK = re.compile(r"\s*\?$")
MOST_NAMES, LONGEST_NAME = 20, 100  # bold terms of a lead; characters


def make_pairs(
    page: Page, *, kinds: tuple[str, ...] = ("definition",), bounds: AnswerBounds = CONCISE
) -> tuple[list[Pair], str | None]:
    """The page's pairs of the kinds asked for (see KINDS), or none and the reason: "list", "no
    lead", …
    """
    maker = question_maker(page.lang)
    kinds = tuple(kind for kind in kinds if kind in maker.kinds)
    article = read_article(
        page, sections="sections" in kinds, rows="facts" in kinds, rules=maker.reading
    )
    if reason := maker.skip_reason(article):
        return [], reason
    asked = list(_asked(article, maker, kinds, bounds))
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
            lang=page.lang,
        )
        for kind, question, answer in asked
    ]
    return pairs, None if pairs else f"no {' or '.join(kinds)}"


def other_names(article: Article) -> tuple[str, ...]:
    """What else the lead calls its subject: the bold terms that are not the title."""
    title = folded(bare_title(article.title))
    names = (name.strip(' "“”,;:.()') for name in article.bold[:MOST_NAMES])
    return tuple(
        dict.fromkeys(
            name for name in names if 1 < len(name) <= LONGEST_NAME and folded(name) != title
        )
    )


def _asked(
    article: Article, maker: QuestionMaker, kinds: tuple[str, ...], bounds: AnswerBounds
) -> Iterator[tuple[str, str, str]]:
    """The kind, the question and the answer of every pair of an article."""
    subject = maker.define(article)
    if "definition" in kinds:
        answer = bounded(article.lead, bounds, maker.reading.abbreviations)
        yield "definition", subject.question, answer
    if "facts" in kinds:
        phrase = _one_animal(subject.phrase, article, plural=subject.plural)
        for pair in fact_pairs(article, phrase, subject.person, plural=subject.plural):
            yield "facts", *pair
    if "sections" in kinds:
        phrase = _one_animal(subject.phrase, article, plural=subject.plural)
        named = Subject(phrase=_in_its_field(phrase, article), plural=subject.plural)
        for pair in section_pairs(article, named, bounds, person=subject.person):
            yield "sections", *pair


def _in_its_field(phrase: str, article: Article) -> str:
    """A common noun with its title's parenthesis: what a family is depends on the field."""
    parenthesis = article.title[len(bare_title(article.title)) :].strip()
    common = phrase.islower() and "biota" not in article.infobox_classes
    seat = re.search(r"\b(?:constituency|electorate|electoral \w+|ward)\)$", parenthesis)
    return f"{phrase} {parenthesis}" if parenthesis and (common or seat) else phrase


def _one_animal(phrase: str, article: Article, *, plural: bool) -> str:
    """An animal's common name with its article, where a sentence says what it does."""
    animal = any("Animalia" in row.values for row in article.infobox_rows)
    bare = phrase.islower() and " " not in phrase and not plural
    return f"the {phrase}" if animal and bare else phrase


def disambiguate(read: Callable[[], Iterable[Pair]]) -> Iterator[Pair]:
    """The pairs that read() gives, where a question that several pages answer has the parenthesis
    of each one's title put back.

    "What is Ado?" becomes "What is Ado (planet)?" where a page "Ado (god)" has "Who is Ado?".
    Reads twice and keeps 16 bytes a question, so that the pairs may be more than fit into memory.
    """
    # Two numbers of 8 bytes per question, one after the other: a dictionary of a hundred million
    # questions would not fit.
    owners = array("Q")  # what each question means, and whose it is
    for pair in read():
        owners.extend((_meant(pair), pair.pageid))
    # Equal (question, page) once, sorted by question: a question that is there twice in a row now
    # belongs to two pages.
    rows = np.asarray(owners, dtype=np.uint64).reshape(-1, 2)
    asked = np.unique(rows, axis=0)[:, 0]
    shared = set(asked[1:][asked[1:] == asked[:-1]].tolist())
    for pair in read():
        yield (replace(pair, question=_with_parenthesis(pair)) if _meant(pair) in shared else pair)


def _meant(pair: Pair) -> int:
    """What tells a question from others however it is typed: "Who is Ado?" and "What is the ado?"
    are one.
    """
    meant = subject_of(pair.question, language_of(pair.lang)) or normalize(pair.question)
    return int.from_bytes(
        blake2b(meant.encode("utf-8", "replace"), digest_size=8).digest(), "little"
    )


def _with_parenthesis(pair: Pair) -> str:
    """The question with its title's parenthesis after the title's name; as it is where the title
    has none.
    """
    name = bare_title(pair.title)
    parenthesis = pair.title[len(name) :].strip()
    if not parenthesis or parenthesis in pair.question:
        return pair.question
    if pair.kind == "definition":
        mark = END_MARK.search(pair.question)
        end = mark.start() if mark else len(pair.question)
        return f"{pair.question[:end]} {parenthesis}{pair.question[end:]}"
    mention = find_mention(pair.question, name)
    if not mention:
        return pair.question
    return f"{pair.question[: mention.end]} {parenthesis}{pair.question[mention.end :]}"
