"""How one question is asked in many ways; pure, and quick to import."""

import re

from pipeline.questions.languages import language_of
from pipeline.questions.normalize import bare_title, normalize
from pipeline.questions.wordings import subject_of, wordings_of

VERSION = 2  # counted up when the phrasings change, so that tokens of others are not taken


def plurals_of(noun: str) -> tuple[str, str, str]:
    """The regular English plurals that a noun may have; other words among them do no harm."""
    return f"{noun}s", f"{noun}es", f"{noun[:-1]}ies"


def phrasings(question: str, title: str, language: str = "en") -> tuple[str, ...]:
    """The ways in which a person might ask the question, the question itself first; no two alike.

    For a definition those that its language has for it, and the title alone; for a fact its other
    wordings. `language` is the code of the language.
    """
    wordings = wordings_of(language)
    others = wordings.defined(question) if _asks_for(title, question, language) else ()
    if others:
        told_apart = question.rstrip(" ?").endswith(title)  # what tells two titles apart stays
        name = title if told_apart else bare_title(title)
        others = (*others, *wordings.in_singular(question, title), name, f"{name}?", name.lower())
    else:
        others = wordings.rephrased(question)
    forms = [question, *(form.replace("..", ".") for form in others)]
    forms += [_without_mark(form).lower() for form in forms]
    forms += [_without_mark(question), question.lower()]
    return tuple(dict.fromkeys(form for form in forms if form))


def _without_mark(question: str) -> str:
    """A question as it is typed in haste; the full stop of "F.C." stays."""
    if question.endswith("?"):
        return question[:-1].strip()
    return re.sub(r"(?<=[a-z])\.$", "", question)


def _asks_for(title: str, question: str, language: str) -> bool:
    """Whether a definition's question is about the title, in either number."""
    subject = subject_of(question, language_of(language))
    # "Swimming at the 1992 Summer Olympics – Men's 400 metre medley" is asked by the lead's own
    # name for it: "What is the men's 400 metre medley event at …?"
    event = normalize(title.partition(" – ")[2])
    if event and event in subject and "of" not in subject.partition(event)[0].split():
        return True
    names = [normalize(bare_title(title)), normalize(title)]
    names += [without_article.partition(" ")[2] for without_article in names]
    return any(subject in (name, *plurals_of(name)) for name in names if name)
