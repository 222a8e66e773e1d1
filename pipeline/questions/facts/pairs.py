"""An infobox's rows become questions with short answers: "When was X born?" "X was born on 10
December 1815." Pure.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from pipeline.questions.facts.kinds import kinds_of, label_key
from pipeline.questions.facts.table import FACT_QUESTIONS, FactQuestion
from pipeline.questions.facts.values import Value, definite_team
from pipeline.questions.normalize import bare_title

if TYPE_CHECKING:
    from pipeline.clean import Article, InfoboxRow

LONGEST_NAME = 500  # characters of a title, label or heading, which MediaWiki bounds or people do
# "… is a fictional detective": its rows were true in a story only.
_FICTION = re.compile(
    r"(?:(?!\b(?:is|was)\b)[^.]){1,200}\b(?:is|was) an? (?:[a-z]+ )?ficti(?:onal|tious)\b"
)
# Names of events that take "are": the Zed Games, the 1992 playoffs; but skiing at the Zed Games is.
_ARE_PLURAL = re.compile(
    r"(?!.* (?:at|of|in|for) ).*\b(?:playoffs|finals|Awards|Games|Olympics|Championships)$"
)


def fact_pairs(
    article: "Article", subject: str, is_person: bool, *, plural: bool = False
) -> list[tuple[str, str]]:
    """Questions and answers from the rows that are surely understood, in the box's order.

    `subject` is the noun phrase as in running English ("the Battle of Hastings"), `plural` whether
    it takes a plural verb. Two rows that answer one question differently (three marriages in three
    cells, a career in two disciplines) answer it not at all.
    """
    if max(len(article.title), len(subject)) > LONGEST_NAME:
        return []
    # A label means something only on a kind of thing: "Length" of a song is a time, of a river a
    # distance. The table says for each row on which kinds it has its meaning.
    kinds = kinds_of(article, is_person)
    subject = _named(article, subject, kinds)
    forms = _subject_forms(
        subject,
        plural=plural or _ARE_PLURAL.match(subject) is not None,
        past=not kinds.isdisjoint(("dead", "former", "season")),
    )
    # A dictionary as an ordered set: the answers to a question in the order of the box.
    answers_by_question: defaultdict[str, dict[str, None]] = defaultdict(dict)
    if not any(map(str.isalpha, article.title)) or _FICTION.match("".join(article.lead[:1])):
        # "0-4-0" is a kind of its own, whose labels mean other things; a thing of fiction was not
        # written itself.
        return []
    # Rows of a label that the table does not know, or a value that its reader does not understand
    # whole, give nothing: a fact that is left out is better than a wrong one.
    for row in article.infobox_rows:
        for fact, value in _readings(row, kinds):
            if _says_nothing(value, article.title, subject) or _is_doubtful(
                fact, row, value, article
            ):
                continue
            named = _with_its_article(value, article.lead)
            question, answer = _sentences(fact, row, named, forms)
            answers_by_question[question][answer] = None
    return [
        (question, next(iter(answers)))
        for question, answers in answers_by_question.items()
        if len(answers) == 1
    ]


# Titles of works that read as a question: "When You Kiss Me".
_ASKS = re.compile(r"(?:When|What|Who|Why|How|Where|Which) \w+ \w")


def _named(article: "Article", subject: str, kinds: frozenset[str]) -> str:
    """The subject as the facts' questions name it: with the part of the title's parenthesis that
    tells it from another, and in quotation marks where it would read as a sentence.
    """
    if part := re.search(r"\((?:(.*) )?((?:season|series) \d+)\)$", article.title):
        version = f" ({part[1]})" if part[1] else ""  # the American one
        subject = f"{part[2]} of {subject}{version}"
    if year := re.search(r" \((?:[A-Z][a-z]+ )?\d{4}(?:[–-]\d{2,4})?\)$", article.title):
        subject = subject.removesuffix(year[0]) + year[0]  # told from others by its year
    if side := re.search(
        r" \((?:youth|reserves|women|women's .*|ladies|juniors|academy|(?:[^()]* )?soundtrack"
        r"|score|[^()]*\b(?:Metro|Métro|Metrorail|Subway|Underground|MRT|RER|SkyTrain))\)$",
        article.title,
    ):
        subject += side[0]
    elif work := re.search(r" \((?:[^()]* )?(?:album|EP|song|single|film)\)$", article.title):
        name = re.escape(bare_title(article.title))
        of_itself = re.search(rf"\bby (?:[^.]{{0,80}} )?{name}\b", " ".join(article.lead[:1]))
        subject += work[0] if of_itself else ""  # a record that has its maker's name
    if re.search(r"[!?](?:$| )", subject):
        subject = f'"{subject}"'  # else the mark would end the sentence
    elif not kinds.isdisjoint(("record", "film", "book")) and _ASKS.match(subject):
        subject = f'"{subject}"'  # "When was When You Kiss Me recorded?" is hard to read
    return subject


# Names of two words or more, without an article of their own.
_TWO_WORDS = re.compile(r"(?!The )[A-Z]\S* .*[^\W\d_]")


def _with_its_article(value: Value, lead: tuple[str, ...]) -> Value:
    """A name with the article that the lead gives it: "the Brae Shooting Centre"."""
    name = value.text.split(", ")[0]
    text = " ".join(lead)
    if value.many or not _TWO_WORDS.match(name) or f"the {name}" not in text:
        return value
    # "The Brae Stadium disaster" says nothing of the stadium's article.
    alone = re.search(rf"\bthe {re.escape(name)}(?=[,.;]| (?:and|at|by|for|from|in|on|to)\b)", text)
    everywhere = text.count(name) == text.count(f"the {name}") + text.count(f"The {name}")
    return replace(value, text=f"the {value.text}") if alone and everywhere else value


_BY_LABEL: dict[str, tuple[FactQuestion, ...]] = {
    label: tuple(fact for fact in FACT_QUESTIONS if label in fact.labels)
    for label in dict.fromkeys(label for fact in FACT_QUESTIONS for label in fact.labels)
}
# Headings of rows about a part of the thing: a river's source has an elevation of its own.
_PARTS = ("source", "mouth", "ndsource", "stsource", "confluence", "sourceconfluence")


def _readings(row: "InfoboxRow", kinds: frozenset[str]) -> Iterator[tuple[FactQuestion, Value]]:
    if max(len(row.label), len(row.parent_label), len(row.header)) > LONGEST_NAME:
        return
    if label_key(row.parent_label) in _PARTS:
        return
    for fact in _BY_LABEL.get(label_key(row.label), ()):
        if (fact.of and fact.of.isdisjoint(kinds)) or not fact.unless.isdisjoint(kinds):
            continue
        if value := fact.read(row.values):
            yield fact, value


# What a firm's name has besides the name of its product: "Zed Inc.", "Zed Software".
_COMPANY_OF = re.compile(
    r",? (?:Inc|Ltd|LLC|Oy|AB|AG|GmbH|S\.?A|Corp|Co|Limited|Technologies|Company|Corporation"
    r"|Foundation|Software|Project|Team|Group)\b\.?"
)
# What a region's name has besides that of its town: "Brae District".
_DIVISION_OF = re.compile(
    r" (?:Region|Province|County|District|Voivodeship|Municipality|Department|State|Prefecture"
    r"|Governorate|Canton|district)$"
)


def _says_nothing(value: Value, title: str, subject: str) -> bool:
    """Whether the answer is the thing itself: a genus in the genus Iresine, a town in the canton of
    the town.
    """
    # "Where is Springfield, Illinois? In Illinois" tells nobody anything.
    name = value.text.split(" of ")[-1].casefold()
    if f", {name}" in title.casefold():
        return True
    whole = re.sub(r"^(?:(?:in|at|on) )?(?:the )?(?:[a-z]+ of (?:the )?)?", "", value.text)
    named = f"{title} {subject}"
    if whole[:1].isupper() and re.search(rf"\b{re.escape(whole)}\b", named):
        return True  # Brae in the siege of Brae, Zed as the maker of Zed Office
    first = whole.split(", ")[0]
    if whole != value.text and first[:1].isupper() and re.search(rf"\b{re.escape(first)}\b", named):
        return True  # in Brae, Norway
    if bare_title(title) in (_COMPANY_OF.sub("", whole), _DIVISION_OF.sub("", whole)):
        return True  # Zed Ltd. as the owner of Zed, Brae in the Brae Region
    return name in (
        title.casefold(),
        subject.casefold(),
        re.sub(r"^the |\s*\([^()]*\)$|,.*", "", title.casefold()),
    )


_TAXA = frozenset(("taxon",))


def _is_awaited(article: "Article") -> bool:
    """Whether a part of a release is still to come."""
    rows = (row for row in article.infobox_rows if label_key(row.label).startswith("release"))
    return any(re.search(r"TB[AD]|unreleased|upcoming", " ".join(row.values)) for row in rows)


def _is_doubtful(fact: FactQuestion, row: "InfoboxRow", value: Value, article: "Article") -> bool:
    """Whether the row may mean something else than its label does on other pages."""
    if "platform" in fact.question and _is_awaited(article):
        return True  # it may be on some of its platforms only one day
    if value.text.startswith("the prefecture of "):
        return "refecture" not in " ".join(article.lead)  # of a French region, it is the seat
    if fact.of == _TAXA:
        own = rf"\b(?:is|are) an? (?:(?!(?:in|of|the|from)\b)[\w-]+ ){{0,3}}{fact.labels[0]}\b"
        return re.search(own, "".join(article.lead[:1])[:300]) is not None  # it is the family
    # Who came before or after a person, and as what?
    return "{office}" in fact.question and bool(row.header) and not _office(row.header)


# An office as the heading of a part of an infobox: "5th Mayor of Zed", "Archbishop of Brae".
_OFFICE = re.compile(
    r"(?:(?:the )?\d+(?:st|nd|rd|th) )?((?:[A-Z][\w.’'-]+ ){0,5}?(?:Governor|Minister|President"
    r"|Chancellor|Mayor|Senator|Secretary|Bishop|Archbishop|Chairman|Chair|Chairwoman|Chairperson"
    r"|Director|Treasurer|Speaker|Leader|Judge|Justice|Ambassador|Commissioner|King|Queen|Prince"
    r"|Princess|Duke|Duchess|Emperor|Empress|Sultan|Count|Margrave|Chief|Commander|Attorney General"
    r"|Comptroller|Member|Master|Principal|Rector|Dean|Warden|Premier|Pope|Patriarch|Abbot"
    r"|Superintendent|Sheriff|Consul|Viceroy|Regent|Wāli|Head)\b(?: .*)?)"
)
_LONGEST_OFFICE = 79  # characters; longer headings may have been cut


def _office(heading: str) -> str:
    """The office that a part of the box is about, as it is written in a sentence: " as Mayor of
    Zed" (of "5th Mayor of Zed", too); "" for any other heading.
    """
    office = _OFFICE.fullmatch(heading.strip())
    if not office or re.search(r"[(\[:;]", heading) or len(heading) > _LONGEST_OFFICE:
        return ""
    name = office[1]
    if name.startswith("Member of "):
        name = f"m{name[1:]}"
    return f" as {name}"


def _subject_forms(subject: str, *, plural: bool, past: bool) -> dict[str, str]:
    """The subject and the words that agree with it."""
    head = subject if re.match(r"[a-z]{1,2}[A-Z]", subject) else subject[:1].upper() + subject[1:]
    # Four columns: singular and plural of the present, then of the past.
    column = 2 * past + plural
    words = {
        "is": ("is", "are", "was", "were"),
        "was": ("was", "were", "was", "were"),
        "does": ("does", "do", "did", "did"),
        "has": ("has", "have", "had", "had"),
        "comes": ("comes", "come", "came", "came"),
        "runs": ("runs", "run", "ran", "ran"),
        "s": ("s", "", "ed", "ed"),
        "sd": ("s", "", "d", "d"),
    }
    return {
        "x": subject,
        "X": head,
        "be": "was" if past else "is",
        "of": "in" if subject.endswith(" season") else "of",  # whoever is of a team in a season
        **{name: forms[column] for name, forms in words.items()},
    }


# The manager of a team in a season, and not "in the season".
_TEAMS_SEASON = re.compile(r"the (\d{4}(?:[–-]\d{2,4})?) (.+) season")


def _sentences(
    fact: FactQuestion, row: "InfoboxRow", value: Value, forms: dict[str, str]
) -> tuple[str, str]:
    past = forms["be"] == "was"
    many = value.many
    is_ = "are" if many else "is"
    was = "were" if many else "was"
    year = _year(row.label) or _year(row.parent_label)
    dated = year or re.search(r" in \d{4}$", value.text)
    subject = {}
    if "{of}" in fact.question and (season := _TEAMS_SEASON.fullmatch(forms["x"])):
        team = definite_team(season[2])
        subject = {"x": f"{team} in the {season[1]} season", "of": "of"}
    words = (
        forms
        | subject
        | {
            "v": value.text,
            "label": re.sub(r"\s*\([^()]*\)", "", row.label.lower()).strip(" •:"),
            "n": "s" if many else "",
            "ny": "ies" if many else "y",
            "nes": "es" if many else "",
            "were": was,
            "are": was if past else is_,
            "year": year,
            "office": _office(row.header),
            "then": "was" if dated or past else "is",
        }
    )
    # A name may end with the mark that ends its sentence ("Yahoo?", "Zed Inc."), or begin with the
    # article that the sentence has before it.
    question = fact.question.format_map(words).replace("??", "?")
    answer = fact.answer.format_map(words).replace(" the the ", " the ")
    return question, answer.removesuffix(".") if answer.endswith("..") else answer


def _year(label: str) -> str:
    """ "Population (2008)" → " in 2008"; "Mayor (2008–2014)" → " from 2008 to 2014"."""
    years = re.search(
        r"\((?:\d{1,2} )?(?:[A-Z][a-z]+ )?(?:\d{1,2}, )?((?:19|20)\d\d)"
        r"(?:\s?[–-]\s?((?:19|20)\d\d))?[^()]*\)",
        label,
    )
    if not years or (years[2] and years[2] < years[1]):
        return ""
    return f" from {years[1]} to {years[2]}" if years[2] else f" in {years[1]}"
