"""An infobox's rows become questions with short answers: "When was X born?" "X was born on 10 December 1815." Pure."""

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import TYPE_CHECKING

from pipeline.fact_questions import ASKS, Ask, label_key
from pipeline.fact_values import Value

if TYPE_CHECKING:
    from pipeline.clean import Article, Row

__all__ = ["fact_pairs"]


def fact_pairs(article: "Article", subject: str, is_person: bool, *, plural: bool = False) -> list[tuple[str, str]]:
    """Questions and answers from the rows that are surely understood, in the box's order.

    `subject` is the noun phrase as in running English ("the Battle of Hastings"), `plural` whether it takes a plural verb.
    Two rows that answer one question differently (three marriages in three cells, a career in two disciplines) answer it not at all.
    """
    kinds = _kinds(article, is_person)
    forms = _subject_forms(subject, plural=plural, past=not kinds.isdisjoint(("dead", "former", "season")))
    found: defaultdict[str, dict[str, None]] = defaultdict(dict)
    for row in article.rows:
        for ask, value in _readings(row, kinds):
            if _says_nothing(value, article.title, subject): continue
            question, answer = _sentences(ask, row, value, forms)
            found[question][answer] = None
    return [(question, next(iter(answers))) for question, answers in found.items() if len(answers) == 1]


# ---- what kind of thing the box describes

_SIGNS: tuple[tuple[str, frozenset[str]], ...] = tuple((kind, frozenset(labels.split())) for kind, labels in (
    ("film", "directedby starring producedby screenplayby noofepisodes numberofepisodes originalnetwork noofseasons runningtime"),
    ("software", "stablerelease initialrelease writtenin developmentstatus operatingsystem repository previewrelease firstappeared"),
    ("game", "mode modes platforms"),
    ("book", "author authors publicationdate pages isbn issn discipline mediatype"),
    ("act", "members pastmembers"),
    ("company", "industry tradedas numberofemployees keypeople products revenue netincome"),
    ("place", "timezone postalcode postalcodes zipcode zipcodes areacode areacodes inseepostalcode"),
    ("country", "currency todaypartof historicalera officiallanguages commonlanguages"),
    ("former", "todaypartof historicalera dissolved defunct closed fate ceasedoperations disestablished disbanded demolished"),
    ("team", "league ground homestadium homearena arena headcoach conference arenastadium"),
    ("soldier", "allegiance servicebranch yearsofservice battleswars serviceyears"),
    ("conflict", "result belligerents"),
    ("taxon", "kingdom phylum"),
    ("structure", "opened openingdate built completed architect architects operator operatedby ownedby platforms capacity elevation elevationamsl architecturalstyle floorarea"
                  " stores address denomination beds basincountries surfacearea highestpoint area yearbuilt rooms mouth source basinsize prominence parentrange range maxdepth locale"
                  " rivermouth highestelevation gauge trackgauge linelength width southend northend westend eastend"),
))
_SIGN_CLASSES = {"haudio": "record", "geography": "place", "ib-settlement": "place", "ib-country": "country", "ib-former-subdiv": "country", "biota": "taxon"}
_HAPPENS = frozenset(["venue", "location", "champion", "champions", "winner", "winners", "referee", "attendance", "teams", "participants", "result", "belligerents", "edition", "surface", "nations", "competitors", "cause", "target", "deaths", "perpetrators", "organisedby", "hostcity", "matchesplayed"])
_ELSEWHERE = frozenset(["film", "record", "book", "game", "software", "company", "happening", "season", "act", "person", "team", "soldier", "country"])


def _kinds(article: "Article", is_person: bool) -> frozenset[str]:
    """The kinds of thing, by which a label's meaning is told: "length" on a record is a time, on a river a distance."""
    labels = {label_key(row.label) for row in article.rows}
    kinds = {kind for kind, signs in _SIGNS if not signs.isdisjoint(labels)}
    kinds |= {_SIGN_CLASSES[name] for name in article.infobox if name in _SIGN_CLASSES}
    if "act" in kinds: is_person = False
    if is_person: kinds = (kinds & {"soldier"}) | {"person", _life(article, labels)}
    if not is_person and "released" in labels and not labels.isdisjoint(("label", "songwriter", "songwriters", "recorded")): kinds.add("record")
    if not labels.isdisjoint(("date", "dates")) and not _HAPPENS.isdisjoint(labels): kinds.add("happening")
    if not is_person and re.search(r"^\d{4}\b.*\bseason\b|\bseason$|^\d{4}[–-]\d\d\b|^\d{4}\b.* team$", article.title): kinds |= {"season", "happening"}
    if "record" in kinds: kinds -= {"film", "game"}
    if "game" in kinds and labels.isdisjoint(("publisher", "publishers", "developer", "developers")): kinds.discard("game")
    if "software" not in kinds and "game" not in kinds and labels >= {"developer", "publisher"}: kinds.add("game")
    if "conflict" in kinds and "happening" not in kinds: kinds.discard("conflict")
    if re.search(r"\b(?:during|in) ", article.title): kinds.discard("happening")
    if re.search(r"\b(?:occupation|government)\b", article.title): kinds -= {"place", "country"}
    if any(re.search(r"\bdisestablished in\b|^Former (?:countries|empires|monarchies|republics|kingdoms)", name) for name in article.categories): kinds.add("former")
    if re.search(r"\b(?:1[5-9]|20)\d\d\b", article.title) or not kinds.isdisjoint(_ELSEWHERE): kinds.discard("structure")
    return frozenset(kinds)


def _life(article: "Article", labels: set[str]) -> str:
    """"alive" or "dead" on evidence, else "" for either."""
    if "died" in labels or "dateofdeath" in labels or any(category.endswith(" deaths") for category in article.categories): return "dead"
    births = [int(match[1]) for category in article.categories if (match := re.fullmatch(r"(\d{3,4}) births", category))]
    if births and births[0] < 1910: return "dead"
    return "alive" if "Living people" in article.categories else ""


# ---- reading and writing

_BY_LABEL: dict[str, tuple[Ask, ...]] = {
    label: tuple(ask for ask in ASKS if label in ask.labels) for label in dict.fromkeys(label for ask in ASKS for label in ask.labels)
}


def _readings(row: "Row", kinds: frozenset[str]) -> Iterator[tuple[Ask, Value]]:
    for ask in _BY_LABEL.get(label_key(row.label), ()):
        if (ask.of and ask.of.isdisjoint(kinds)) or not ask.unless.isdisjoint(kinds): continue
        if value := ask.read(row.values): yield ask, value


def _says_nothing(value: Value, title: str, subject: str) -> bool:
    """Whether the answer is the thing itself: a genus in the genus Iresine, a town in the canton of the town."""
    name = value.text.split(" of ")[-1].casefold()
    return name in (title.casefold(), subject.casefold(), re.sub(r"^the |\s*\([^()]*\)$|,.*", "", title.casefold()))


def _subject_forms(subject: str, *, plural: bool, past: bool) -> dict[str, str]:
    """The subject and the words that agree with it."""
    head = subject if re.match(r"[a-z]{1,2}[A-Z]", subject) else subject[:1].upper() + subject[1:]
    column = 2 * past + plural
    words = {"is": ("is", "are", "was", "were"), "was": ("was", "were", "was", "were"), "does": ("does", "do", "did", "did"),
             "has": ("has", "have", "had", "had"), "s": ("s", "", "ed", "ed"), "sd": ("s", "", "d", "d")}
    return {"x": subject, "X": head, "be": "was" if past else "is", **{name: forms[column] for name, forms in words.items()}}


def _sentences(ask: Ask, row: "Row", value: Value, forms: dict[str, str]) -> tuple[str, str]:
    past, many, year = forms["be"] == "was", value.many, _year(row.label)
    dated = year or re.search(r" in \d{4}$", value.text)
    words = forms | {
        "v": value.text, "label": re.sub(r"\s*\([^()]*\)", "", row.label.lower()).strip(" •:"),
        "n": "s" if many else "", "ny": "ies" if many else "y", "nes": "es" if many else "",
        "were": "were" if many else "was", "are": ("were" if many else "was") if past else ("are" if many else "is"),
        "year": year, "then": "was" if dated or past else "is",
    }
    answer = ask.answer.format_map(words)
    return ask.question.format_map(words).replace("??", "?"), answer.removesuffix(".") if answer.endswith("..") else answer


def _year(label: str) -> str:
    """"Population (2008)" → " in 2008"; "Mayor (2008–2014)" → " from 2008 to 2014"."""
    found = re.search(r"\(((?:19|20)\d\d)(?:\s?[–-]\s?((?:19|20)\d\d))?[^()]*\)", label)
    if not found: return ""
    return f" from {found[1]} to {found[2]}" if found[2] else f" in {found[1]}"
