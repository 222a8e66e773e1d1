"""What the program says in its own voice beside an answer, or in place of one. Pure."""

from collections.abc import Sequence

from pipeline.answering.question_index import PageEntry
from pipeline.answering.understanding import Understanding
from pipeline.questions.language import DEFINITION, Language
from pipeline.questions.normalize import normalize, words_of
from pipeline.questions.wordings import OWN

LONGEST_NAME = 80  # characters of what was typed that are said again
SECTION = "section "  # begins the kind of a section
MOST_KNOWN = 6  # things that are named of what is known


def remark_of(meaning: Understanding, typed: str, language: Language) -> str:
    """A sentence about how a question was understood; "" where it was asked by the title."""
    says, titles = language.says, [page.title for page in meaning.pages]
    if meaning.sure == "small_talk":
        return ""
    if meaning.sure in ("not_read", "no_topic"):
        return _not_read(meaning, language)
    if meaning.sure == "held_out":
        return says["held out"].format(title=titles[0])
    if meaning.sure == "read_but_not_that":
        return _not_that(meaning.pages[0], language)
    if meaning.sure == "several":
        return says["several"].format(titles=enumeration(titles, says["or"]))
    if meaning.sure == "two":
        return says["two"].format(titles=enumeration(titles, says["and"]))
    if meaning.judged:
        return f"{titles[0]}: {says['yes or no']}"
    if meaning.sure == "nearly":
        return says["take"].format(title=titles[0])
    if normalize(titles[0]) in normalize(typed):
        return ""
    return says["meant"].format(title=titles[0])


def talk_of(meaning: Understanding, language: Language, pages: int, titles: Sequence[str]) -> str:
    """The reply to small talk."""
    some = enumeration(titles, language.says["and"])
    count = f"{pages:,}".replace(",", language.says["thousands"])
    return language.says[meaning.talk].format(count=count, titles=some)


def check_of(language: Language, *, verified: bool, guess: bool = False) -> str:
    """How an answer was checked, or that it is a guess."""
    if guess:
        return language.says["guessed"]
    return language.says["word for word" if verified else "not word for word"]


def _not_read(meaning: Understanding, language: Language) -> str:
    about = f"“{shortened(meaning.about)}”"
    if meaning.sure == "no_topic":
        return language.says["no topic"]
    titles = [page.title for page in meaning.pages]
    if not titles:
        return language.says["not read"].format(about=about)
    near = enumeration(titles, language.says["and"])
    return language.says["not read near"].format(about=about, titles=near)


def _not_that(page: PageEntry, language: Language) -> str:
    """What is known of a page of which something else was asked."""
    kinds = dict.fromkeys(question.kind for question in page.questions)
    known = [name_of(kind) for kind in kinds if kind != DEFINITION and not kind.startswith(OWN)]
    if not known:
        person = words_of(page.questions[0].text)[0] in language.persons
        only = "not that, only who" if person else "not that, only"
        return language.says[only].format(title=page.title)
    some = enumeration(known[:MOST_KNOWN], language.says["and"])
    return language.says["not that"].format(title=page.title, known=some)


def name_of(kind: str) -> str:
    """A kind of fact or section as it is told: "section early life" is "early life"."""
    return kind.removeprefix(SECTION)


def enumeration(names: Sequence[str], last: str) -> str:
    """ "A", "A or B", "A, B or C"; `last` joins the last to the others."""
    if len(names) < 2:
        return "".join(names)
    return last.format(some=", ".join(names[:-1]), last=names[-1])


def shortened(text: str) -> str:
    """A text that is said again, not at any length."""
    text = " ".join(text.split())
    return text if len(text) <= LONGEST_NAME else f"{text[:LONGEST_NAME]}…"


def citations(
    pages: Sequence[PageEntry], language: Language, *, verified: bool, finished: bool
) -> list[str]:
    """Where an answer was read, and whether it is that word for word; a sentence more where the
    limit cut it.
    """
    says = language.says
    check = check_of(language, verified=verified)
    lines = [
        says["source"].format(
            check=check, title=page.title, url=page.url, revid=page.revid, licence=page.licence
        )
        for page in pages
    ]
    if not lines:
        lines.append(says["no source"].format(check=check))
    if not finished:
        lines.append(says["cut"])
    return lines


def source_of(page: PageEntry) -> str:
    return f"{page.title} ({page.url}, revision {page.revid}, {page.licence})"
