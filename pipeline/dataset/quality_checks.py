"""What looks wrong in a pair: remains of markup, odd characters and lengths, questions asked twice;
pure, and only ever a hint.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from pipeline.records import Pair

SHORT, LONG, LONG_QUESTION = 20, 1500, 160  # characters

LEFT_OVERS = {
    name: re.compile(pattern)
    for name, pattern in {
        "a reference mark": (
            r"\[(?:\d{1,3}|[a-z]|(?:note|nb|n) ?\d+|[a-z ]+"
            r" needed|(?:when|who|where|which|why)\?|update)\]"
        ),
        "an edit link": r"\[ ?edit(?: source)? ?\]",
        "wiki markup": (
            r"\[\[|\]\]|\{\{|\}\}|'''|__[A-Z]{3,}__|\b(?:Template|File|Category):[A-Z]|(?:Cite|Lua|Script)"
            r" error"
        ),
        "HTML or CSS": (
            r"</?[a-z][a-z0-9]*(?:"
            r" [^<>]*)?/?>|&(?:#\d+|#x[0-9a-fA-F]+|[a-z]{2,8});|\.mw-|\{[a-z-]+:"
        ),
        "LaTeX": r"\\[a-zA-Z]{3,}|\{\\",
        "an empty or broken parenthesis": r"\([\s,;:.]*\)|\([,;]|\( |[,;]\s?\)| \)",
        "a pronunciation": r"/[^/\s]*[ˈˌəɪʊɛɔæŋʃʒθð][^/]*/|ⓘ|\(listen\)|\bIPA:|pronunciation:",
        "a space before a mark": r"\w [,;:!?](?: |$)|\w \.(?: |$)",
        "a doubled space": r"  ",
        "a missing space": r"[a-z]{2}[.!?][A-Z][a-z]",
        "coordinates": r"\d+°\s?\d+[′']",
        "a bare address": r"https?://",
        "an odd character": (
            "[\\x00-\\x09\\x0b-\\x1f\\x7f-\\xa0\\xad\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ue000-\uf8ff"
            "\ufeff\ufff0-\uffff]"
        ),
    }.items()
}
SENTENCE_END = re.compile(r"[.!?…。][\"'”’»)\]]*$")


def remains(text: str) -> list[str]:
    """The names of what a text holds that cleaning should have taken out."""
    names = [name for name, pattern in LEFT_OVERS.items() if pattern.search(text)]
    return names + ["an unbalanced parenthesis"] * (text.count("(") != text.count(")"))


def faults(pair: Pair) -> list[str]:
    """What looks wrong in one pair by itself, e.g. "answer: a reference mark"."""
    names = [f"question: {name}" for name in remains(pair.question)] + [
        f"answer: {name}" for name in remains(pair.answer)
    ]
    if len(pair.answer) < SHORT and pair.kind != "facts":  # "Sopot is in Poland." is a whole answer
        names.append(f"answer: shorter than {SHORT} characters")
    if not SENTENCE_END.search(pair.answer):
        names.append("answer: ends without a sentence's mark")
    if len(pair.answer) > LONG:
        names.append(f"answer: longer than {LONG:,} characters")
    if len(pair.question) > LONG_QUESTION:
        names.append(f"question: longer than {LONG_QUESTION} characters")
    if not pair.question.endswith("?"):
        names.append("question: ends without a question mark")
    return names


def outliers(pairs: Sequence[Pair]) -> list[list[str]]:
    """The faults of every pair, in the order of the pairs; here also what only a look at all of
    them shows.
    """
    asked = Counter(pair.question for pair in pairs)
    pages_by_answer = _pages_by_answer(pairs)
    return [
        faults(pair)
        + ["question: asked more than once"] * (asked[pair.question] > 1)
        + ["answer: the same on several pages"] * (pages_by_answer[pair.answer] > 1)
        for pair in pairs
    ]


def _pages_by_answer(pairs: Iterable[Pair]) -> Mapping[str, int]:
    return Counter(answer for answer, _ in {(pair.answer, pair.pageid) for pair in pairs})


def place(text: str, fault: str) -> int:
    """Where in a text a fault shows itself: its first character, or the text's end."""
    match = LEFT_OVERS[fault].search(text) if fault in LEFT_OVERS else None
    return match.start() if match else len(text) * ("ends without" in fault)
