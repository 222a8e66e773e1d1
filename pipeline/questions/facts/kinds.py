"""What kind of thing an infobox describes, by which a label's meaning is told: "length" is a time
on a record, a distance on a river.
"""

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pipeline.clean import Article

# The labels that only a box about such a thing has.
_SIGNS: dict[str, frozenset[str]] = {
    kind: frozenset(labels.split())
    for kind, labels in {
        "film": (
            "directedby starring producedby screenplayby noofepisodes numberofepisodes"
            " originalnetwork noofseasons runningtime"
        ),
        "series": "noofepisodes numberofepisodes noofseasons originalnetwork",
        "software": (
            "stablerelease initialrelease writtenin developmentstatus operatingsystem repository"
            " previewrelease firstappeared"
        ),
        "game": "mode modes platforms",
        "periodical": "issn discipline frequency circulation impactfactor firstissue",
        "book": "author authors publicationdate pages isbn issn discipline mediatype",
        "act": "members pastmembers",
        "company": (
            "industry tradedas numberofemployees keypeople products revenue netincome"
            " headquarterslocation publicationtypes"
        ),
        "place": (
            "timezone postalcode postalcodes zipcode zipcodes areacode areacodes inseepostalcode"
        ),
        "country": "currency todaypartof historicalera officiallanguages commonlanguages",
        "former": (
            "todaypartof historicalera dissolved defunct closed fate ceasedoperations"
            " disestablished disbanded demolished scrapped withdrawn"
        ),
        "team": "league ground homestadium homearena arena headcoach conference arenastadium",
        "soldier": "allegiance servicebranch yearsofservice battleswars serviceyears",
        "conflict": "result belligerents",
        "taxon": "kingdom phylum",
        "range": "peak",
        "line": "linelength tracklength termini",
        "structure": (
            """opened openingdate built completed architect architects operator operatedby ownedby
            platforms capacity elevation elevationamsl architecturalstyle floorarea stores address
            denomination beds basincountries surfacearea highestpoint area yearbuilt rooms mouth
            source basinsize prominence parentrange range maxdepth locale rivermouth
            highestelevation linelength
        southend northend westend eastend"""
        ),
    }.items()
}
# The kind of thing that a class name of the box's table tells.
_CLASSES = {
    "haudio": "record",
    "geography": "place",
    "ib-settlement": "place",
    "ib-country": "country",
    "ib-former-subdiv": "country",
    "biota": "taxon",
}
# Labels that, beside a date, only something that takes place has: an event, a match, a battle.
_HAPPENS = frozenset(
    (
        "venue",
        "location",
        "champion",
        "champions",
        "winner",
        "winners",
        "referee",
        "attendance",
        "teams",
        "participants",
        "result",
        "belligerents",
        "edition",
        "surface",
        "nations",
        "competitors",
        "cause",
        "target",
        "deaths",
        "perpetrators",
        "organisedby",
        "hostcity",
        "matchesplayed",
    )
)
# Kinds that share labels with buildings and are none: a company has an address and owners, too.
_NO_STRUCTURE = frozenset(
    (
        "film",
        "record",
        "book",
        "game",
        "software",
        "company",
        "happening",
        "season",
        "act",
        "person",
        "team",
        "soldier",
        "country",
    )
)
# Titles of a season: "2005 Brae season", "2005–06 Zed Owls".
_SEASON = re.compile(r"^\d{4}\b.*\bseason\b|\bseason$|^\d{4}[–-]\d\d\b|^\d{4}\b.* team$")
_CONTEST = re.compile(r"\b[Tt]ournaments?\b")
# What acts for years has a location, a result and dates, and is no event.
_LASTING = re.compile(
    r"\b(?:[Mm]ovement|[Rr]esistance|[Ff]ront|[Aa]rmy|[Oo]rgani[sz]ation)s?$"
    r"|^(?!.*\b(?:Battle|Siege|Defen[cs]e|Raid|Assault|Attack)\b).*\bLine$"
)
# A record or a species of the past "is" by another artist, in a family. What a lead says was once
# is over for all else: no list of kinds would name every one.
_TIMELESS = frozenset(("record", "taxon"))
_FIRST_VERB = r"(?:(?!\b(?:is|are|was|were|has|have)\b)[^.]){1,200}\b"
_WAS_ONE = re.compile(  # the lead's first verb: "Brae Heath (1901–1950) was a camp"
    _FIRST_VERB + r"(?:was|were) (?:an?|the|one|(?:once|formerly|also) an?|\S+['’]s?)(?!\S)"
)
_IS_ONE = re.compile(
    _FIRST_VERB + r"(?:is|are) (?:an?|the|one)\b(?![^.]{0,80}\b(?:former|defunct|abandoned|extinct"
    r"|disused|ghost|closed|dissolved|disbanded|historic\w*|previous|old|demolished|ruin\w*)\b)"
)
_WAS = re.compile(_FIRST_VERB + r"(?:was|were)\b")
_IS = re.compile(_FIRST_VERB + r"(?:is|are|will be)\b")
# Labels of locomotives and carriages: classes that "were built" are seldom there still.
_STOCK = frozenset(("powertype", "wheelarrangement", "numberbuilt", "totalproduced", "aarwheelarr"))
_GONE = re.compile(
    r"\bdisestablished in\b|^Former (?:countries|empires|monarchies|republics|kingdoms)"
)


def label_key(label: str) -> str:
    """A label without case, plural in parentheses, bullets, spaces: "Production company(s)" →
    "productioncompany".
    """
    return re.sub(r"[^a-z]", "", re.sub(r"\([^()]*\)|\b\d{4}\b", "", label.lower()))


def kinds_of(article: "Article", is_person: bool) -> frozenset[str]:
    """The kinds of thing: a team's season is a "team", a "season" and a "happening"; a dead general
    a "person", "dead" and a "soldier".
    """
    # The box's own labels tell best what it describes, as the same templates have the same labels
    # in all wikis of a language; class names and categories say the rest.
    labels = {label_key(row.label) for row in article.infobox_rows}
    kinds = {kind for kind, signs in _SIGNS.items() if not signs.isdisjoint(labels)}
    kinds |= {_CLASSES[name] for name in article.infobox_classes if name in _CLASSES}
    if is_person and "act" not in kinds:
        kinds = (kinds & {"soldier"}) | {"person", _life(article, labels)}
        if "dead" not in kinds and _is_retired(article):
            kinds.add("retired")
    else:
        kinds = _things(article, kinds, labels)
    if not labels.isdisjoint(("date", "dates")) and not _HAPPENS.isdisjoint(labels):
        kinds.add("happening")
    if re.search(r"\b(?:during|in) ", article.title) or _LASTING.search(article.title):
        kinds.discard("happening")
    if "happening" not in kinds:
        kinds.discard("conflict")
    if re.search(r"\b(?:1[5-9]|20)\d\d\b", article.title) or not kinds.isdisjoint(_NO_STRUCTURE):
        kinds.discard("structure")
    return frozenset(kinds)


def _things(article: "Article", kinds: set[str], labels: set[str]) -> set[str]:
    """The kinds of a thing that is no person: those that its labels suggest, with what these cannot
    tell apart decided by other signs.
    """
    if "released" in labels and not labels.isdisjoint(
        ("label", "songwriter", "songwriters", "recorded")
    ):
        kinds.add("record")
    if _SEASON.search(article.title):
        kinds |= {"season", "happening"}
    # Games and programs share most of their labels; both a developer and a publisher make a game,
    # unless releases are counted as programs count them.
    made = not labels.isdisjoint(("publisher", "publishers", "developer", "developers"))
    if "record" in kinds:
        kinds -= {"film", "game"}
    elif made and (labels >= {"developer", "publisher"} and "software" not in kinds):
        kinds.add("game")
    elif not made:
        kinds.discard("game")
    if re.search(r"\b(?:occupation|government|administration)\b", article.title):
        kinds -= {"place", "country"}
        kinds.add("regime")
    if "happening" not in kinds and _CONTEST.search(article.title):
        kinds.discard("team")  # a tournament has arenas, too
    if "season" in kinds and article.lead and _IS.match(article.lead[0]):
        kinds.add("under-way")  # its figures may be those of a day in mid-season
    if _has_cup(article):
        kinds.add("cup")
    if "place" in kinds and _is_american(article):
        kinds.add("american")
    return _in_its_time(article, kinds, labels)


def _in_its_time(article: "Article", kinds: set[str], labels: set[str]) -> set[str]:
    """The kinds with "former" where the thing is gone: what was a town "is" not in the present.

    The lead's own tense says so, where the box does not.
    """
    lead = article.lead[0] if article.lead else ""
    was = _WAS if not _STOCK.isdisjoint(labels) else _WAS_ONE
    gone = _TIMELESS.isdisjoint(kinds) and was.match(lead)
    if gone or any(map(_GONE.search, article.categories)):
        return kinds | {"former"}
    # A church that "is" one has only closed an older house.
    return kinds - {"former"} if _IS_ONE.match(lead) else kinds


_CHAMPION = re.compile(r"(?:champion|winner)s?$")


def _has_cup(article: "Article") -> bool:
    """Whether the box names the champions of a season and, in a part of its own, of a cup: which
    of them won the season?
    """
    champions = [row for row in article.infobox_rows if _CHAMPION.search(label_key(row.label))]
    return len({row.values for row in champions}) > 1


def _is_american(article: "Article") -> bool:
    return any(
        label_key(row.label) == "country" and "".join(row.values[:1]).startswith("United States")
        for row in article.infobox_rows
    )


_RETIRED = re.compile(r"\b(?:former|formerly|retired|was an?)\b")
_CAREERS = frozenset(("playingcareer", "career", "yearsplayed", "yearsactive"))
_LAST_OLD = 1975  # whoever was born before competes no more, but for a few


def _is_retired(article: "Article") -> bool:
    """Whether a living person plays or competes no more: the first sentence says so, a career has
    its last year, or the person is too old for most sports.
    """
    if _RETIRED.search(re.split(r"\. [A-Z]", "".join(article.lead[:1]), maxsplit=1)[0]):
        return True
    career = (row.values for row in article.infobox_rows if label_key(row.label) in _CAREERS)
    if any(re.search(r"\d{4}\s?[–-]\s?\d{4}$", " ".join(values)) for values in career):
        return True
    return any(year < _LAST_OLD for year in _birth_years(article))


def _birth_years(article: "Article") -> list[int]:
    births = (re.fullmatch(r"(\d{3,4}) births", name) for name in article.categories)
    return [int(match[1]) for match in births if match]


def _life(article: "Article", labels: set[str]) -> str:
    """ "alive" or "dead" on evidence, else "" for either."""
    if not labels.isdisjoint(("died", "dateofdeath")) or any(
        name.endswith(" deaths") for name in article.categories
    ):
        return "dead"
    births = _birth_years(article)
    if births and births[0] < 1910:
        return "dead"
    return "alive" if "Living people" in article.categories else ""
