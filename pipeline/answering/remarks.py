"""What the program says in its own voice beside an answer, or in place of one. Pure."""

from collections.abc import Sequence

from pipeline.answering.meaning import MORE, Understanding
from pipeline.answering.question_index import PageEntry
from pipeline.answering.read_summary import ReadSummary
from pipeline.questions.language import DEFINITION, Language
from pipeline.questions.normalize import bare_title, normalize, words_of
from pipeline.questions.wordings import OWN

LONGEST_NAME = 80  # characters of what was typed that are said again
SECTION = "section "  # begins the kind of a section
MOST_KNOWN = 6  # things that are named of what is known


def remark_of(meaning: Understanding, typed: str, language: Language) -> str:
    """A sentence about how a question was understood; "" where it was asked by the title."""
    says = language.says
    titles = [page.title for page in meaning.pages]
    if meaning.outcome == "small_talk":
        return ""
    if meaning.outcome in ("not_read", "no_topic"):
        return _not_read(meaning, language)
    if meaning.outcome == "held_out":
        return filled(says["held out"], title=titles[0])
    if meaning.outcome == "read_but_not_that":
        return _not_that(meaning.pages[0], meaning.kind, language)
    if meaning.outcome == "several":
        return filled(says["several"], titles=enumeration(titles, says["or"]))
    if meaning.outcome == "two":
        return filled(says["two"], titles=enumeration(titles, says["and"]))
    if meaning.is_yes_no:
        return f"{titles[0]}: {says['yes or no']}"
    if meaning.outcome == "nearly":
        return filled(says["take"], title=titles[0], named=with_article(meaning.pages[0], language))
    if normalize(titles[0]) in normalize(typed):
        return ""
    return filled(says["meant"], title=titles[0])


def talk_of(meaning: Understanding, language: Language, read: ReadSummary) -> str:
    """The reply to small talk."""
    titles = enumeration(read.titles, language.says["and"])
    count = f"{read.pages:,}".replace(",", language.says["thousands"])
    return filled(language.says[meaning.small_talk], count=count, titles=titles, site=read.site)


def facts_advice(language: Language) -> str:
    """How a run that knows only definitions would learn facts, where its language has some."""
    return language.says["no facts"]


def filled(template: str, **fields: str) -> str:
    """A sentence with its fields filled in; a name that ends as a sentence does ("F.C.", "Who Is
    She?") ends it.
    """
    for name, value in fields.items():
        if value.endswith((".", "?", "!")):
            template = template.replace(f"{{{name}}}.", f"{{{name}}}")
    return template.format(**fields)


def with_article(page: PageEntry, language: Language) -> str:
    """A title with the definite article that its question gives it: "the Battle of Hastings"."""
    if page.questions:
        before, name, _ = page.questions[0].text.partition(bare_title(page.title))
        article = before.split(" ")[-2:-1] if name else []
        if article and article[0] in language.definite:
            return f"{article[0]} {page.title}"
    return page.title


def check_of(language: Language, *, verified: bool, guess: bool = False) -> str:
    """How an answer was checked, or that it is a guess."""
    if guess:
        return language.says["guessed"]
    return language.says["word for word" if verified else "not word for word"]


def _not_read(meaning: Understanding, language: Language) -> str:
    about = f"“{shortened(meaning.about)}”"
    if meaning.outcome == "no_topic":
        return language.says["no topic"]
    titles = [page.title for page in meaning.pages]
    if not titles:
        return filled(language.says["not read"], about=about)
    near = enumeration(titles, language.says["and"])
    return filled(language.says["not read near"], about=about, titles=near)


def _not_that(page: PageEntry, kind: str, language: Language) -> str:
    """What is known of a page of which something else was asked."""
    names = {"title": page.title, "named": with_article(page, language)}
    kinds = dict.fromkeys(question.kind for question in page.questions)
    known = [name_of(kind) for kind in kinds if kind != DEFINITION and not kind.startswith(OWN)]
    if not known:
        person = words_of(page.questions[0].text)[0] in language.persons
        only = "not that, only who" if person else "not that, only"
        return filled(language.says["no more" if kind == MORE else only], **names)
    some = enumeration(known[:MOST_KNOWN], language.says["and"])
    return filled(language.says["more" if kind == MORE else "not that"], **names, known=some)


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
