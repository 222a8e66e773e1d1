"""What the cell of an infobox says, read as names.

Every reader takes the lines of a cell and gives a Value that fits a sentence, or None where
it is not sure to have understood the whole cell: a fact that is not told is better than one that is
wrong.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """The text for the sentence, and whether it names several things."""

    text: str
    many: bool = False


Reader = Callable[[tuple[str, ...]], Value | None]


def any_of(words: str) -> str:
    """A pattern that matches one of the words, which "|" or a new line part."""
    return (
        "(?:" + "|".join(word.strip() for word in re.split(r"[|\n]", words) if word.strip()) + ")"
    )


# ---- lines and lists

# A line with any of these is no plain value: addresses, signs of tables, "see below", "unknown".
_JUNK = re.compile(
    r"https?:|www\.|\(see\b|^see\b|[°′″]|(?<!\d)⁄"
    r"|[\[\]{}|→←↑↓▲▼♠♦†‡§•✓*<>=\\]|\.\.\.|…|[–—-]$|^[–—-]|\bsee "
    + any_of("""below|above|text
    list|also|article|section""")
    + r"\b|\b"
    + any_of(
        """unknown|various|none|nil|multiple|others?|disputed|uncertain|unspecified
        citation needed|et al|TB[ACD]
    N/A|retired|free agent|unattached|without (?:a )?club|vacant"""
    )
    + r"\b",
    re.IGNORECASE,
)
# A line that goes on in the next one: it ends with a small word, or in an open parenthesis.
_UNFINISHED = re.compile(
    r"(?:\b"
    + any_of("of|the|and|for|in|at|de|del|von|van|to|by|with|on|a|an")
    + r"|[&/–-])$|\([^)]*$",
    re.IGNORECASE,
)
# A line that belongs to the one before: it begins with "and", or is the end of a firm's name.
_GOES_ON = re.compile(
    r"\(|and\b|&|of\b|for\b|"
    + any_of("""(?:Motion )?Pictures|Cent(?:re|er)|Entertainment|Productions?|Company
    Corporation|Party""")
    + "$"
)
# What follows a comma and is still the same name: Jr., Inc., Ph.D.
_SUFFIX = re.compile(
    any_of(r"Jr|Sr|Inc|Ltd|Co|LLC|LLP|L\.?P|Corp|PLC|plc|S\.A|GmbH|Esq|[IVX]+|M\.?D|Ph\.?D")
    + r"\.?(?=$|\s*\()"
)
# The same name in another script, in parentheses.
_NOT_LATIN = re.compile(r"\s*\([^()]*[\u0370-\u1cff\u2e80-\ud7ff][^()]*\)")
_ONE_ACT = re.compile(r"[A-Z]\w+, [A-Z]\w+(?:,)? & [A-Z]\w+$")  # Blood, Sweat & Tears
_LONGEST_CELL = 2_000  # characters; every reader of a cell begins here, and so is bounded


def lines_of(values: tuple[str, ...]) -> list[str]:
    """The lines of a cell as whole things: what was broken over lines is joined, other
    scripts are out; [] if not all is readable, or it is too long for one fact.
    """
    if sum(map(len, values)) > _LONGEST_CELL:
        return []
    whole: list[str] = []
    for value in values:
        line = _NOT_LATIN.sub("", value).strip(" ,;")
        if not line:
            continue
        if whole and (_GOES_ON.match(line) or _UNFINISHED.search(whole[-1])):
            whole[-1] += " " + line
        else:
            whole.append(line)
    readable = all(not _JUNK.search(line) and line.count("(") == line.count(")") for line in whole)
    return whole if readable else []


def one_line(values: tuple[str, ...]) -> str:
    """The cell's line where it has but one, else ""."""
    lines = lines_of(values)
    return lines[0] if len(lines) == 1 else ""


LONGEST_LIST = 2_000  # characters; what is longer is read as one


def pieces_of(line: str) -> list[str]:
    """ "A, B and C" → A, B, C; commas in parentheses and before Jr., Inc. and the like part
    nothing.
    """
    if len(line) > LONGEST_LIST or _ONE_ACT.search(line):
        return [line]
    # Cut at every comma, then put back together where the next piece makes no sense alone.
    parts: list[str] = []
    for part in re.split(r"[,;]\s+(?![^()]*\))", line):
        if parts and _SUFFIX.match(part):
            parts[-1] += ", " + part
        else:
            parts.append(part)
    # In a list, "and" parts its last two pieces; alone it may be a part of one name.
    last = re.sub(r"^(?:and|&)\s+", "", parts[-1])
    if len(parts) == 1:
        return [last]
    return [*parts[:-1], *re.split(r"\s+and\s+(?![^()]*\))", last)]


def items_of(values: tuple[str, ...]) -> list[str]:
    """The pieces of all lines."""
    return [piece for line in lines_of(values) for piece in pieces_of(line)]


def joined(items: list[str]) -> str:
    """Items as prose: A; A and B; A, B and C."""
    return items[0] if len(items) == 1 else ", ".join(items[:-1]) + " and " + items[-1]


def listed(items: list[str]) -> Value:
    """Items as one value."""
    return Value(text=joined(items), many=len(items) > 1)


# ---- names

_SMALL = any_of(
    """of|the|and|for|in|at|on|to|by|with|from|&|de|del|della|di|da|do|dos|das|du|des|la|le|les|el|al|y|e|i|und|et|van
    von|der|den|zu|ter|ten|bin|ibn|binti|af|av|a|an|or|ny|vs|’s"""
)
_WORD = r"(?:[\"'“‘«(]*(?:d'|l'|d’|l’|al-|el-)?[A-ZÀ-ÞĀ-Ž0-9Α-Ω\u0410-\u042f][^\s()]*|\([^()]*\))"
# A proper name: words with a capital, small words ("of", "van") only between two of them.
_NAME = re.compile(rf"(?:The |the )?{_WORD}(?:\s+(?:{_WORD}|{_SMALL}(?=\s)))*")
_STYLED = re.compile(r"[a-z]{1,2}[A-Z]\w*(?: [A-Z]\w*)*")  # iTunes, eBay
YEAR = re.compile(r"\b(?:1[0-9]|20)\d\d(?:\b|s)")
_REALM = any_of(
    """United|Soviet|Ottoman|Russian|British|Roman|Holy|German|Czech|Dominican|Central African
    Austro|Byzantine|Qing
    Ming|Han|Tang"""
)
_STATE = any_of(
    "States|Kingdom|Union|Empire|Republic|Arab|Nations|Federation|Reich|Roman|Dynasty|dynasty"
)
_HEAD = any_of(
    """Kingdom|Republic|Empire|Province|Duchy|Grand Duchy|Principality|Colony|State|County|City
    District|Town|Village
    University|Isle|Port|Free City|Federation|Territory|Dominion|Electorate|Margraviate|Bishopric
    Crown|Bay|Gulf|House|Church|Duke
    Union|Battle|Order|Department|Ministry|Government|Bank|Museum|College|School|Institute|Academy|Mosque|Cathedral|Basilica|Abbey
    Monastery|Palace|Temple|Tomb|Castle|Hall|Valley|Sea|Strait|Cape|Ruins|Site|Convent|Carmel|Hotel|Theatre|Faculty|Garden|Forest
    Municipality|Diocese|Archdiocese|Board|Society|Association|Council"""
)
_BODY = any_of("""Railway|Railroad|Navy|Army|Air Force|Coast Guard|Ministry|Department|Council
    Commission|Authority|Agency|Association|Federation|Foundation|Institute|Society|League|Union|Board
    Medal|Prize|Bronze Star|Silver Star
    Bureau|Committee|Government|Trust|Orchestra|Philharmonic|Consortium|Alliance
    Ensemble|Consort|Quartet|Quintet|Project""")
_PURPOSE = any_of(  # "the Zed Institute for Advanced Study"
    """Institute|Cent(?:re|er)|Foundation|Society|Association|Council|Agency|Committee|Commission
    Board|Bureau|Office|League|Federation|Academy|School"""
)
# "the Victoria Cross", but Phil Cross; "the Catholic Church", but Charlotte Church
_CROSS_OR_CHURCH = (
    r"(?:(?:Victoria|George|Military|Iron|Knight's|Navy|Red|Distinguished \w+ ?\w*) Cross"
    r"|(?:Catholic|Orthodox|Lutheran|Methodist|Anglican|Reformed|Presbyterian|Baptist) Church)$"
)
# Names that take the article in running English: the Soviet Union, the University of Brae, the
# Royal Navy.
_WITH_THE = re.compile(
    rf"(?:\w+ ){{0,2}}{_CROSS_OR_CHURCH}|"
    rf"(?!The |the )(?:[A-Z][\w.&’'-]* ){{0,5}}{_PURPOSE} (?:for|on) |GNU Project$|"
    rf"{_REALM} {_STATE}|{_HEAD} of\b|(?!The |the )(?:[A-Z][\w.&’'-]* ){{1,6}}{_BODY}$|"
    + any_of(r"""U\.?S\.?A?\.?$|U\.?K\.?$|USSR|GDR|UAE|Netherlands
    Philippines|Bahamas|Gambia|Maldives|Seychelles|Comoros|Solomon|People's Republic
    Democratic Republic|Polish[–-]Lithuanian
    Confederate|Papal States|Thirteen Colonies|Bronx(?=,|$)|Hague(?=,|$)|Free State
    [A-Z]\w+ (?:ASSR|SSR|SFSR)
    SS-\w+$
    (?:[A-Z]\w+ ){1,2}(?:Islands|Mountains
    Alps)$|Royal (?:Air|Navy|Australian|Canadian|New Zealand|Court|Society|Opera|Ballet)""")
)


def definite(name: str) -> str:
    """A name with the article that running English gives it: the United States, the University of
    Oxford; France.
    """
    return f"the {name}" if _WITH_THE.match(name) else name


def is_name(text: str) -> bool:
    """Whether text is a proper name through and through: no sentence, no label, no stray year."""
    outside = re.sub(r"\([^()]*\)", "", text)
    if (
        len(text) > 70
        or ":" in text
        or re.search(r"/|—|& County$", text)
        or YEAR.search(outside)
        or not any(c.isalpha() for c in outside)
    ):
        return False
    return bool(_NAME.fullmatch(text) or _STYLED.fullmatch(text))


def _name_list(items: list[str], most: int) -> Value | None:
    if not 0 < len(items) <= most or len(set(items)) < len(items) or not all(map(is_name, items)):
        return None
    return Value(
        text=joined([definite(item) for item in items]),
        many=len(items) > 1 or " and " in items[0] or " & " in items[0],
    )


# Notes behind a name: "Ann Lee (drums), (1990–95)".
_NOTE = re.compile(r"(?:,?\s*\([^()]*\))+$")
_OF_A_PART = re.compile(r"\((?:[^()]* )?(?:seasons?|series|episodes?) [\d–,]")


def names(values: tuple[str, ...], most: int = 12) -> Value | None:
    """People, bands, firms: one a line, or parted by commas; roles and notes after them go."""
    if any(map(_OF_A_PART.search, values)):
        return None
    # Who helped with money or a part is another than who made it.
    own = [item for item in items_of(values) if not re.search(r"\((?:exec|co-|assoc|add)", item)]
    items = [_NOTE.sub("", item) for item in own]
    return _name_list([name for item in items for name in _two_people(item)], most)


def _two_people(item: str) -> list[str]:
    """ "Ann Lee & Tom Ash" → both; "Ash & Elm" is one."""
    people = item.split(" & ")
    return people if all(" " in name for name in people) else [item]


def cast(values: tuple[str, ...]) -> Value | None:
    """The names of a cast, which may be long."""
    return names(values, most=20)


def titles(values: tuple[str, ...]) -> Value | None:
    """Names that may have commas of their own (publishers, works, institutions): one a line, no
    line parted.
    """
    lines = [_NOTE.sub("", line) for line in lines_of(values)]
    if any("," in re.sub(r"\([^()]*\)|, Inc\.?|, Ltd\.?|, LLC", "", line) for line in lines):
        return None
    return _name_list(lines, 8)


def teams(values: tuple[str, ...]) -> Value | None:
    """The teams that a person played for, each with the article that its name takes."""
    items = [_NOTE.sub("", item) for item in items_of(values)]
    value = _name_list(items, 12)
    if not value:
        return None
    return listed([definite_team(item) for item in items])


# Teams whose name is a town and a plural: the New York Knicks. British clubs take no article.
_NICKNAMED = re.compile(
    r"(?!St\b|The )(?:[A-Z][\w.’'-]+ ){1,3}(?!Wanderers|Rangers|Rovers|Saints|Hotspurs|Harriers"
    r"|Rivers|Juniors|Old Boys|Boys)[A-Z][a-z]+[^s\W]s"
    r"|(?:New York|Texas) Rangers|New Orleans Saints"
    r"|(?!The )(?:[A-Z][\w.’'-]+ ){1,3}(?:Lightning|Wild|Avalanche|Magic|Heat|Jazz|Thunder|Kraken)"
)


def definite_team(name: str) -> str:
    """A team with the article that its name takes: the New York Knicks, Leeds."""
    return f"the {name}" if _NICKNAMED.fullmatch(name) else definite(name)


def acts(values: tuple[str, ...]) -> Value | None:
    """Musicians and bands. A band may be called a commission or a project without being one: only
    orchestras take the article by their last word.
    """
    value = names(values)
    if not value:
        return None
    bands = re.sub(
        r"(^|, | and )the (?![^,]*\b(?:Orchestra|Philharmonic|Ensemble|Consort)\b)",
        r"\1",
        value.text,
    )
    return replace(value, text=bands)


def several(values: tuple[str, ...]) -> Value | None:
    """Two names or more."""
    value = names(values)
    return value if value and value.many else None


def people(values: tuple[str, ...]) -> Value | None:
    """People, one a line, without the offices after their names."""
    lines = [
        re.split(r", (?=[a-z]|C[A-Z]O\b|[A-Z][a-z]+(?: of|$| and ))", line)[0]
        for line in (_NOTE.sub("", line) for line in lines_of(values))
    ]
    lines = [re.sub(r"^C[A-Z]O ", "", line) for line in lines]
    value = titles(tuple(lines)) if all(" " in line for line in lines) else None
    return value if value and value.many else None


_CHIEF = re.compile(r"(?:^(?=CEO )|, |\s\()(?:[^()]*\b)?(?:CEO|[Cc]hief [Ee]xecutive)\b")


def chief_executive(values: tuple[str, ...]) -> Value | None:
    """The one of a firm's key people who leads it."""
    chiefs = [line for line in lines_of(values) if _CHIEF.search(line)]
    if len(chiefs) != 1 or re.search(r"[Ff]ormer|[Ii]nterim|\d", chiefs[0]):
        return None
    name = re.sub(r"^CEO ", "", chiefs[0])
    return one_person((_CHIEF.split(name)[0],))


def one_name(values: tuple[str, ...]) -> Value | None:
    """Exactly one name, for questions that ask for the one: a seat, an engine, a team."""
    value = titles(values)
    noted = "(" in "".join(values)  # a capital that was one for some years, a team on loan
    return value if value and not value.many and not noted else None


_BY_TITLE = re.compile(r"[A-Z][\w'’-]+(?: [A-Z][\w'’-]+)? (?:Emperor|Empress|Dowager|Khedive)")


def one_person(values: tuple[str, ...]) -> Value | None:
    """One person's name, of two words or more, with a comma as nobles have it."""
    line = one_line(values)
    bare = re.sub(r"\s*\([^()]*\)$", "", line)
    if re.search(r"\b(?:acting|interim|caretaker|disputed)\b", line, re.IGNORECASE):
        return None
    fit = (
        1 <= bare.count(" ") <= 9
        and not re.search(r"\d", bare)
        and all(is_name(part) for part in bare.split(", "))
        and not re.search(r"\(| and (?!by\b)", bare)
    )
    if fit and _BY_TITLE.fullmatch(bare):
        bare = f"the {bare}"
    return Value(text=bare) if fit else None


def in_office(values: tuple[str, ...]) -> Value | None:
    """Who held an office before or after: one person, a peer with "the" in small."""
    value = one_person(values)
    return Value(text=re.sub("^The ", "the ", value.text)) if value else None


_AWARD = re.compile(
    r"(?:The |the )?(?:(?:Order|Legion|Medal|Star) of .+|.*\b"
    + any_of("""Award|Awards|Medal|Prize|Cross|Star|Order|Trophy|Merit|Ribbon|Commendation|Badge
    Heart|Honour|Honor|Medallion|Decoration|Ratna""")
    + r"(?: (?:of|for|with|in|First|Second|Third|1st|2nd) .+)?)"
)
_PERSON_OF_RANK = re.compile(
    any_of("Fellow|Member|Knight|Commander|Officer|Companion|Chevalier|Honou?r(?:ed|ary)|Dame")
    + r"\b(?!'s|’s)"
)


def awards(values: tuple[str, ...]) -> Value | None:
    """Awards, each with its article, without the years after them; None where one may be a rank."""
    items = [_NOTE.sub("", line) for line in lines_of(values)]
    if not 0 < len(items) <= 8 or len(set(items)) < len(items) or not all(map(is_name, items)):
        return None
    if any("," in item or _PERSON_OF_RANK.match(item) for item in items):
        return None
    if not all(map(_AWARD.fullmatch, items)):
        return None
    return listed([f"the {re.sub('^[Tt]he ', '', item)}" for item in items])


def spouses(values: tuple[str, ...]) -> Value | None:
    """Husbands and wives without the years of the marriages."""
    years = r"\s*\(?\b(?:m|div|d|died|married|divorced|w|wid)\.[^()]*\)?|\s*\([^()]*\)|\s*-$"
    people = [bare for line in lines_of(values) if (bare := re.sub(years, "", line).strip(" ,;"))]
    if any("," in line for line in people) or any(" " not in line for line in people):
        return None
    return _name_list(people, 8)


def unbracketed(values: tuple[str, ...]) -> Value | None:
    """One name, a note in parentheses after it left out: a coach, a champion, a mayor."""
    name = re.sub(r"\s*\([^()]*\)$", "", one_line(values))
    if not is_name(name) or re.search(r"[(,]| and | & |^\d", name):
        return None
    return Value(text=name)


def winner(values: tuple[str, ...]) -> Value | None:
    """One winner, with the article that a country's name may want; how often it won is left out."""
    note = re.compile(r",?\s\(?\d+(?:st|nd|rd|th) (?:title|win)s?\)?$")
    value = unbracketed(tuple(note.sub("", line) for line in values))
    if not value:
        return None
    return Value(text=definite_team(value.text))


def coach(values: tuple[str, ...]) -> Value | None:
    """One person of two names or more, the seasons after it left out."""
    value = unbracketed(values)
    return value if value and " " in value.text else None


def opening_name(values: tuple[str, ...]) -> Value | None:
    """The name that opens the cell, before a comma or a line break: a capital before its
    coordinates, a ground before its town.
    """
    lines = lines_of(values)
    return unbracketed((pieces_of(lines[0])[0],)) if lines else None


def full_name(values: tuple[str, ...]) -> Value | None:
    """A name in full, of two words or more."""
    line = one_line(values)
    # Neither a date, nor another script, nor an abbreviation
    if " " not in line or re.search(r"[(,\d\u0370-\u1cff]|[A-Z]{4}", line):
        return None
    return Value(text=line) if is_name(line) else None


_NO_LABEL = re.compile(
    r"(?i:\b(?:self|independent|unsigned|indie|released?|current|former)\b)"
    r"|[A-Z]{2,} \d|\b[A-Z]{2,4}\d{2,}"
)


def record_labels(values: tuple[str, ...]) -> Value | None:
    """Record labels; "self-released" is none, nor is a catalogue's number."""
    value = names(values)
    if not value or _NO_LABEL.search(value.text):
        return None
    return replace(value, many=len(items_of(values)) > 1)  # "Ash & Elm" is one


def song(values: tuple[str, ...]) -> Value | None:
    """One song's title in its quotes."""
    line = one_line(values)
    named = re.fullmatch(r'"(?!(?:Instrumental|Remix|Live)\b)[^"]+"', line)
    return Value(text=line) if named else None


def studio(values: tuple[str, ...]) -> Value | None:
    """Studios; the town after a comma where there is one studio."""
    parts = one_line(values).split(", ")
    if len(parts) == 1:
        return titles(values)
    fit = (
        len(parts) <= 3
        and all(is_name(part) and "(" not in part for part in parts)
        and "Studio" in parts[0]
    )
    return Value(text=", ".join(parts)) if fit else None


_SCHOOL = any_of(
    """University|College|School|Institute|Academy|Conservatory|Polytechnic|Universität|Université|Universidad|Hospital
    Museum|Laborator(?:y|ies)"""
)
_DEGREE = re.compile(r"(?:B|M|D|Ph)\.? ?[A-Z]?\.|Bachelor|Master|Doctor|Degree")
_SCHOOL_WITH_THE = re.compile(
    rf"(?!(?:The|the) )(?:[^(]*\b{_SCHOOL} of\b|[^(]*(?:Military|Naval|Army|Air Force) Academy"
    r"|[^(]*(?:War|Staff) College|Royal |National|New School"
    r" |Max Planck |Open University)"
)
# Two names that the page parts by nothing but a line.
_TWO_SCHOOLS = re.compile(r"\b(University|College|Institute|Academy)\b.*\b\1\b")
_LEFT = re.compile(r"\([^()]*(?:dropped|did not|left|expelled|honorary|attended|withdrew)")


def schools(values: tuple[str, ...]) -> Value | None:
    """Schools, universities, hospitals, each with its article: the University of Oxford, Harvard
    Law School (J.D.).
    """
    items = items_of(values)
    fit = all(
        re.search(_SCHOOL, item) and is_name(item) and not _DEGREE.match(item) for item in items
    )
    if not 0 < len(items) <= 6 or not fit:
        return None
    if any(_TWO_SCHOOLS.search(item) or _LEFT.search(item) for item in items):
        return None
    return listed([_school(item) for item in items])


_DEGREES = re.compile(  # "(BA, 1990)", but "(Texas)"
    r"\s*\((?=[^()]*(?:\d|\.|[A-Z]{2}|\b[A-Z][a-z]?[A-Z]|[Ff]ellow|[Dd]egree|Bachelor|Master"
    r"|[Dd]iploma|Certificate|[Hh]onou?rs))[^()]{1,40}\)$"
)


def _school(name: str) -> str:
    """A school as within a sentence, without the degree or year after it."""
    bare = re.sub(r"^The ", "the ", _DEGREES.sub("", name))
    return f"the {bare}" if _SCHOOL_WITH_THE.match(bare) else bare


def house(values: tuple[str, ...]) -> Value | None:
    """A royal or noble house or dynasty."""
    name = unbracketed(values)
    if not name:
        return None
    if re.search(r"\b(?:House|Dynasty|dynasty|family)\b", name.text):
        return name
    if re.fullmatch(r"[A-Z]\w+ [A-Z]\w+[^s\W]s", name.text):
        return name  # "the Zedlandic Piasts"
    return Value(text=f"House of {name.text}")


_PARTY = re.compile(
    r"\b"
    + any_of("Party|Union|Congress|Front|Movement|Alliance|League|Democrats|Greens|Bloc|Coalition")
    + r"\b"
)
_PARTY_ADJECTIVE = re.compile(
    any_of(
        """Democratic|Republican|Labour|Labor|Conservative|Liberal|Socialist|Communist|Whig|Federalist
    Green|Libertarian|Social Democratic|Democratic-Republican|Christian Democratic|Progressive
    Reform"""
    )
)


def party(values: tuple[str, ...]) -> Value | None:
    """One political party with its article: "Democratic" → the Democratic Party."""
    name = re.sub(r"\s*\([A-Z]\w*\)$", "", one_line(values))
    if _PARTY_ADJECTIVE.fullmatch(name):
        return Value(text=f"the {name} Party")
    if not _PARTY.search(name) or re.search(r"\(|Independent|^[Tt]he ", name):
        return None
    return Value(text=f"the {name}") if is_name(name) else None


_LEAGUE = re.compile(
    r"(?:League|Division|Conference|Championship|Liga|Serie|Association)(?: [A-Z0-9]\w*)?$"
)


def league(values: tuple[str, ...]) -> Value | None:
    """A league or conference that takes the article."""
    name = unbracketed(values)
    return name if name and _LEAGUE.search(name.text) else None


def acronym(values: tuple[str, ...]) -> Value | None:
    """An abbreviation alone."""
    return (
        Value(text=values[0])
        if len(values) == 1 and re.fullmatch(r"[A-Z][A-Za-z&-]{1,9}", values[0])
        else None
    )


_RANK = re.compile(
    any_of(
        """General|general|Colonel|Major|Captain|Lieutenant|Sergeant|Admiral|admiral|Commander|Marshal|marshal
    Corporal|Private|Brigadier|Commodore"""
    )
)


def rank(values: tuple[str, ...]) -> Value | None:
    """A military rank."""
    name = unbracketed(values)
    return name if name and _RANK.search(name.text) else None


_BRANCH = re.compile(
    r"\b"
    + any_of(
        """Army|Navy|Force|Corps|Marines?|Guard|Militia|Reserve|Regiment|Heer|Luftwaffe|Kriegsmarine
    Wehrmacht|Waffen-SS"""
    )
    + r"\b"
)


def branch(values: tuple[str, ...]) -> Value | None:
    """A branch of the armed forces with its article; a reserve or a corps in parentheses is another
    than the branch, and not told.
    """
    if re.search(r"\([^()\d]*[a-z][^()\d]*\)", " ".join(values)):
        return None
    name = unbracketed(values)
    if not name or " " not in name.text or not _BRANCH.search(name.text):
        return None
    return Value(text="the " + re.sub(r"^[Tt]he ", "", name.text))


_WAR = any_of(
    "Wars?|Rebellion|Campaign|Revolution|Crisis|Uprising|Offensive|Front|Mutiny|Insurgency|Conflict|Frontier|Intervention"
)
_BATTLE_WITH_THE = re.compile(
    r"(?!World War|Operation|The |the"
    rf" )(?:.*\b{_WAR}\b|(?:Battle|Siege|Invasion|Fall|Capture|Raid|Bombing)s? )"
)


def battles(values: tuple[str, ...]) -> Value | None:
    """Battles and wars with their articles."""
    items = items_of(values)
    if not 0 < len(items) <= 10 or not all(map(is_name, items)) or len(set(items)) < len(items):
        return None
    if any(re.search(r"^[\w-]+$|Frontier$", item) for item in items):
        return None  # a land, and no war
    return listed([f"the {item}" if _BATTLE_WITH_THE.match(item) else item for item in items])


def taxon(values: tuple[str, ...]) -> Value | None:
    """A taxon's name, without the author and the dagger of the extinct."""
    if not 0 < len(values) <= 2:
        return None
    name = re.match(r"†?\s?([A-Z][a-z]+)(?:$|\s+\(|\s+[A-Z])", values[0])
    return Value(text=name[1]) if name and not name[1].startswith("See") else None
