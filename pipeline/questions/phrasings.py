"""How one question is asked in many ways, and what a typed question is about; pure, and quick to
import.
"""

import re
import unicodedata

from pipeline.questions.languages import language_of
from pipeline.questions.normalize import bare_title, normalize, without_long_runs
from pipeline.questions.wordings import subject_of, wordings_of

SIGNS = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛ʼʻ′´`", "'"),
        **dict.fromkeys("“”„‟″«»", '"'),
        **dict.fromkeys("‐‑‒–—―−﹘﹣－", "-"),
        **dict.fromkeys("\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad", None),
        "…": "...",
    }
)
ARTICLES = re.compile(r"^(?:(?:an?|the) )+(?=\S)")
END_MARKS = re.compile(r"(?<=[^\s?!.,;:])[\s?!.,;:]+$")
QUOTED = re.compile(r"(?:\"([^\"]+)\"|'([^']+)')$")
COPULA = r"(?:is|are|was|were)"
POLITE = (
    r"(?:(?:please|hey|hi|hello|ok|okay|so|well)[ ,]+)*(?:(?:can|could|would|will) you (?:please"
    r" )?)?(?:please )?"
)
KNOW = r"(?:do you know|have you heard|(?:i(?: would|'d) like|i want) to know)"
TELL = rf"(?:tell me|explain(?: to me)?|{KNOW})"
SOME = r"(?: (?:something|anything|more|some|any|all|everything))?"
ASKED = re.compile(
    rf"{POLITE}(?:"
    rf"{TELL},? (?:who|what) {COPULA} (?P<told>\S.*)"
    rf"|{TELL} (?:who|what) (?P<inverted>\S.*) {COPULA}[\s?!.]*"
    rf"|(?:(?:tell me|{KNOW}){SOME}|what (?:do|can) you (?:know|say|tell me)|what have you"
    rf" read|(?:give me{SOME} )?info(?:rmation)?|what)"
    r" (?:about|on|of) (?P<about>\S.*)"
    rf"|what {COPULA} meant by (?P<meant>\S.*)"
    rf"|(?:who|what)(?: exactly| really)?(?: {COPULA}|'?s|'re) (?P<plain>\S.*)"
    r"|(?:define|describe|explain|do you know):? (?P<named>\S.*)"
    r"|what does (?P<meaning>\S.*) mean[\s?!.]*"
    r")$"
)
VERSION = 2  # counted up when the phrasings change, so that tokens of others are not taken


def folded(text: str) -> str:
    """Text for comparing, as typed on any keyboard: case, quotes, dashes, spaces and odd forms of
    letters made one.
    """
    short = without_long_runs(text.translate(SIGNS))
    return " ".join(unicodedata.normalize("NFKC", short).translate(SIGNS).casefold().split())


def fold(title: str) -> str:
    """The key of a title: folded, without a parenthesis at its end, leading articles, surrounding
    quotes and closing marks.

    Never empty for a title that has a sign in it: "?" stays "?", "A" stays "a".
    """
    text = END_MARKS.sub("", folded(title))
    text = ARTICLES.sub("", END_MARKS.sub("", bare_title(text)))
    quoted = QUOTED.match(text)
    return fold(quoted[1] or quoted[2]) if quoted else text


def topic(question: str) -> str:
    """What a typed question is about, in the form of `fold`: "who was  ada lovelace" → "ada
    lovelace".

    A text that asks in no known way is taken for a title.
    """
    text = folded(question)
    asked = ASKED.match(text.removesuffix("?").rstrip())
    return fold(next(part for part in asked.groups() if part) if asked else text)


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
