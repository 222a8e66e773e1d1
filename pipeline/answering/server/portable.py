"""What the page's JavaScript understands questions with, as plain JSON: the index of a run, and the
data of its language.
"""

from dataclasses import asdict
from typing import Any

from pipeline.answering.question_index import PageEntry, QuestionIndex
from pipeline.answering.read_summary import read_summary
from pipeline.answering.verification import SIZE
from pipeline.questions.language import Language

Json = dict[str, Any]


def portable_index(index: QuestionIndex) -> Json:
    """The index of a run in the form of run_index.js."""
    names: dict[str, list[list[int]]] = {}
    for name, page, rank in index.names():
        names.setdefault(name, []).append([page, rank])
    return {
        "read": asdict(read_summary(index)),
        "pages": [_page(entry) for entry in index.entries()],
        "names": list(names.items()),
        "words": {word: entry.in_titles + 2 * entry.small for word, entry in index.vocabulary()},
    }


def _page(entry: PageEntry) -> Json:
    return {
        "title": entry.title,
        "lead": entry.lead,
        "url": entry.url,
        "revid": entry.revid,
        "licence": entry.licence,
        "held_out": entry.held_out,
        "questions": [
            {
                "kind": question.kind,
                "text": question.text,
                "digests": portable_digests(question.digests),
            }
            for question in entry.questions
        ],
    }


def portable_digests(digests: bytes) -> list[str]:
    """The digest of each sentence in hexadecimal, as verification.js compares them."""
    return [digests[start : start + SIZE].hex() for start in range(0, len(digests), SIZE)]


def portable_language(language: Language) -> Json:
    """The data of a language in the form of phrasebook.js: what understanding needs of it."""
    fields = (
        "code",
        "articles",
        "definite",
        "fillers",
        "openers",
        "addressing",
        "yes_no",
        "pronouns",
        "expletives",
        "joins",
        "comparisons",
        "by",
        "persons",
        "chatter",
        "continues",
        "other_one",
        "more",
        "small_talk",
        "endings",
        "name_words",
        "spellings",
        "kinds",
        "says",
    )
    data = asdict(language)
    wordings = [
        {
            "kind": wording.kind,
            "asked": wording.asked[:1],
            "cues": wording.cues,
            "instead": wording.instead,
        }
        for wording in language.wordings
    ]
    return {name: data[name] for name in fields} | {"wordings": wordings}
