"""How one question is asked in many ways, and what a typed question is about; pure, and quick to
import.
"""

import re
import unicodedata

SIGNS = str.maketrans(
    {
        **dict.fromkeys("‘’‚‛ʼʻ′´`", "'"),
        **dict.fromkeys("“”„‟″«»", '"'),
        **dict.fromkeys("‐‑‒–—―−﹘﹣－", "-"),
        **dict.fromkeys("\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u00ad", None),
        "…": "...",
    }
)
TITLE_PARENTHESIS = re.compile(r"(?<=\S)\s*\([^()]*(?:\([^()]*\)[^()]*)*\)$")
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
    rf"|(?:who|what)(?: {COPULA}|'?s|'re) (?P<plain>\S.*)"
    r"|(?:define|describe|explain|do you know):? (?P<named>\S.*)"
    r"|what does (?P<meaning>\S.*) mean[\s?!.]*"
    r")$"
)
OF_WORD = re.compile(r"(?:meaning|definition) of (?:the (?:word|term) )?(?:(?:an?|the) )?(?=\S)")
DEFINITION = re.compile(r"(Who|What) (is|are) (.+)\?$")
PAST = {"is": "was", "are": "were"}


def folded(text: str) -> str:
    """Text for comparing, as typed on any keyboard: case, quotes, dashes, spaces and odd forms of
    letters made one.
    """
    return " ".join(
        unicodedata.normalize("NFKC", text.translate(SIGNS)).translate(SIGNS).casefold().split()
    )


def fold(title: str) -> str:
    """The key of a title: folded, without a parenthesis at its end, leading articles, surrounding
    quotes and closing marks.

    Never empty for a title that has a sign in it: "?" stays "?", "A" stays "a".
    """
    text = END_MARKS.sub("", folded(title))
    text = ARTICLES.sub("", END_MARKS.sub("", TITLE_PARENTHESIS.sub("", text)))
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


def readings(question: str) -> tuple[str, ...]:
    """The keys under which a typed question may be found among titles, the likeliest first.

    Its topic, the topic's other number ("hash tables" for "Hash table"), the whole text, for titles
    that ask themselves ("Who is it?"), and what a definition or a meaning is asked of.
    """
    about = topic(question)
    endings = (("s", ""), ("es", ""), ("ies", "y"))
    singular = [
        about.removesuffix(end) + mend
        for end, mend in endings
        if about.endswith(end) and len(about) > 3
    ]
    return tuple(
        dict.fromkeys(
            key
            for key in (about, *singular, *_plurals(about), fold(question), OF_WORD.sub("", about))
            if key
        )
    )


def _plurals(key: str) -> tuple[str, ...]:
    return (f"{key}s", f"{key}es", f"{key[:-1]}ies") if key else ()


def phrasings(question: str, title: str) -> tuple[str, ...]:
    """The ways in which a person might ask the question, the question itself first; no two alike.

    For a definition those whose topic is the title; for any other question its own forms without
    the mark or capitals.
    """
    plain = question.removesuffix("?").strip()
    asked = DEFINITION.match(question)
    about = {topic(question), fold(title)}
    if not asked or topic(question) not in (fold(title), *_plurals(fold(title))):
        return tuple(
            dict.fromkeys(
                form for form in (question, plain, plain.lower(), question.lower()) if form
            )
        )
    word, verb, phrase = asked.groups()
    aside = TITLE_PARENTHESIS.search(title)
    bare = (
        title if aside and phrase.endswith(aside[0]) else TITLE_PARENTHESIS.sub("", title)
    )  # what tells two titles apart stays
    past = f"{word} {PAST[verb]} {phrase}"
    forms = [
        f"{past}?",
        plain,
        plain.lower(),
        past,
        past.lower(),
        f"Tell me about {phrase}.",
        f"tell me about {phrase.lower()}",
        f"What do you know about {phrase}?",
        bare,
        bare.lower(),
        f"{bare}?",
        f"Do you know {word.lower()} {phrase} {verb}?",
    ]
    if verb == "is":
        forms.append(f"{word}'s {phrase}?")
    return tuple(
        dict.fromkeys([question, *(form for form in forms if form and topic(form) in about)])
    )
