"""What the cell of an infobox says, read as a place."""

import re

from pipeline.questions.facts.figures import after_date
from pipeline.questions.facts.values import (
    Reader,
    Value,
    any_of,
    definite,
    is_name,
    items_of,
    lines_of,
    listed,
    one_line,
)

# Only words that no town is named with: one lives in College Park and Fort Smith, not at them.
_VENUE = re.compile(
    r"^\d|\b"
    + any_of("""Level|Suite|Circuit|Unit|Bldg|Stadium|Auditorium|Arena|Streets?|Road|Avenue|Hotel
    Theat(?:er|re)|Airport|Coliseum|Gymnasium|Speedway|Raceway|Campus|Hospital|Boulevard|Stade|Estadio|Estádio|Stadion|Velodrome
    Rink|Museum|Observatory|Cemetery|Mosque|Pantheon|Monastery|Basilica|street|road|Blvd
    Racecourse|Golf Course|Building|Barracks
    Country Club|Tennis Club|Palace|Villa|AFB|Air Force Base|Air Base|Airfield|Naval Base|Prison
    (?<= )Field|(?<= )Tower$|Opera House|Penitentiary|University|Cathedral|Sanatorium|Asylum
    Embassy|Headquarters""")
    + r"\b"
)
_SMALL = any_of(
    """of|the|and|de|del|la|le|les|el|al|sur|en|am|an|der|bei|upon|on|in|du|des|do|da|y|di|near|now|present-day|modern
    then|under"""
)
_PLACE_WORD = re.compile(rf"[A-ZÀ-ÞĀ-Ž'‘’\"(\d]|{_SMALL}\b")
_NO_PLACE = re.compile(
    r"[:;&]| / |\) in |\d{4}|\bkm\b|\bmi\b|Theat(?:er|re) of|^\w+ of [a-z]|^"
    + any_of("""NE|NW|SE|SW|Near|Off|Between
    Worldwide|Global|Online|Across|From|At|On|Conference|Vicinity|Vicinities""")
    + r"\b"
)
_DOUBLE = re.compile(
    any_of(
        """Bosnia|Trinidad|Antigua|Saint Kitts|Newfoundland|Tyne|Brighton|Andaman|Jammu|Turks
        Wallis|Bohemia
    Dumfries|Perth|Argyll|Hammersmith|Kensington"""
    )
    + " and "
)
_NUMBERED = re.compile(r"\s*\((?:[A-Z][a-z]+ )?\d{1,2}\)")  # "Brae (Region 6)"
LONGEST_PLACE = 110  # characters
LONGEST_CELL = 4 * LONGEST_PLACE  # as it stands, before numbers and blanks are taken out


def place_text(lines: list[str]) -> str | None:
    """Lines of an address as one run of text: "Shrine Auditorium, Los Angeles, California"; None if
    it is no place.
    """
    if sum(map(len, lines)) > LONGEST_CELL:
        return None
    bare = (_NUMBERED.sub("", line) for line in lines)
    text = re.sub(r"\s*,(?:\s*,)*\s*", ", ", ", ".join(bare)).strip(" ,")
    pieces = text.split(", ")
    if (
        not text
        or len(text) > LONGEST_PLACE
        or _NO_PLACE.search(text)
        or " and " in _DOUBLE.sub("", text)
    ):
        return None
    # "Paris, France, Lyon, France" names its country twice: two places, not one.
    if len(set(pieces)) < len(pieces) or not re.match(r"[A-ZÀ-ÞĀ-Ž'‘’\d]", text):
        return None
    return text if all(map(_PLACE_WORD.match, text.split())) else None


_NAMED_WITH_THE = re.compile(
    r"[A-Z][\w' ]+ of the |(?:North|South|East|West) (?:End|Side|Bank|Coast)\b"
    r"|(?!The |Hotel |Theatre )[A-Z][\w'’.& –-]+ "
    + any_of("""Sea|Ocean|Peninsula|Desert|Strait|Channel|Hotel|Auditorium|Theat(?:re|er)|Coliseum
    Museum|Observatory|Opera House|Building|Tower|Pavilion|Sports Complex|Velodrome
    (?:Arts|Convention|Conference|Sports) Cent(?:re|er)""")
    + "(?:$|,)"
)


def with_the(text: str) -> str:
    """A place with the article that its first name wants."""
    return f"the {text}" if _NAMED_WITH_THE.match(text) else definite(text)


def where(text: str) -> str:
    """A place with its preposition: in Paris, in the United States, at the Shrine Auditorium, Los
    Angeles.
    """
    # One is at a building, on an island, and in anything else.
    first = text.split(", ", maxsplit=1)[0]
    if _VENUE.search(first):
        return f"at {with_the(text)}"
    if first.endswith((" Island", " Islands", " Isles")) or first.startswith(
        ("Isle of", "Island of")
    ):
        return f"on {text if ',' in text else with_the(text)}"
    return f"in {with_the(text)}"


_RIVER = re.compile(r"\b(?:River|Creek|Fork)\b(?! (?:County|Valley|Falls|Heights|Parish))")


def place(values: tuple[str, ...]) -> Value | None:
    """Where something is, with its preposition; two towns, each with its country, are two places
    and none to tell.
    """
    lines = lines_of(values)
    whole = [line for line in lines if ", " in line and not re.search(r"\d", line)]
    if lines and _RIVER.search(lines[0].split(", ")[0]):
        return None  # on it, along it or near it, and never in it
    text = place_text(lines) if len(whole) < 2 else None
    return Value(text=where(text)) if text else None


def town(values: tuple[str, ...]) -> Value | None:
    """Where somebody lives: a town or a country, and no house."""
    value = place(values)
    home_of_office = value and re.search(r"Mansion|House|Residence|Lodge", value.text)
    return None if not value or home_of_office or value.text.startswith("at ") else value


def life_place(values: tuple[str, ...]) -> Value | None:
    """The place after the date of a birth or death, or alone in its cell, with its preposition."""
    lines = lines_of(values)
    if len(lines) == 1 and re.fullmatch(r"[^\d()]+, [^\d()]+", lines[0]):
        return place(values)
    return place(tuple(after_date(lines)))


def home(values: tuple[str, ...]) -> Value | None:
    """A place by its name alone, after "from" or "is": London, England; the United States."""
    text = place_text(lines_of(values))
    return Value(text=with_the(text)) if text else None


def battlefield(values: tuple[str, ...]) -> Value | None:
    """Where a campaign was fought: a place and what it lies in; more names are more places."""
    value = place(values)
    return value if value and value.text.count(",") <= 1 else None


_GREAT = re.compile(
    r"\b"
    + any_of("""United States|United Kingdom|Canada|France|Germany|Italy|Japan|India|China|Spain
    Soviet Union|Russia|Australia|Mexico|Brazil|Austria|Switzerland|Netherlands|Belgium|Poland""")
    + r"\b"
)


def origin(values: tuple[str, ...]) -> Value | None:
    """Where a thing comes from: one place, or countries one a line."""
    several = len(lines_of(values)) > 1 or len(_GREAT.findall(one_line(values))) > 1
    return country(values) if several else home(values)


def served(values: tuple[str, ...]) -> Value | None:
    """The one place that an airport or a station serves."""
    return home(values) if len(values) == 1 else None


def country(values: tuple[str, ...]) -> Value | None:
    """One country or several, each with its article."""
    items = items_of(values)
    if not 0 < len(items) <= 6 or not all(
        is_name(item) and not re.search(r"[(\d,]", item) for item in items
    ):
        return None
    return listed([definite(item) for item in items])


def venue(values: tuple[str, ...]) -> Value | None:
    """A place to play or meet, after "at"."""
    text = place_text(lines_of(values))
    first = text.split(", ")[0] if text else ""
    if not text or not is_name(first) or re.search(r" (?:City|Town|Village|Valley)$", first):
        return None
    return Value(text=with_the(text))


def water(values: tuple[str, ...]) -> Value | None:
    """The sea, lake or river that a river flows into."""
    line = one_line(values)
    if re.fullmatch(r"(?:Lake|Loch|Lough) [A-Z]\w+", line):
        return Value(text=line)
    kinds = any_of("River|Sea|Ocean|Bay|Channel|Canal|Gulf")
    named = re.fullmatch(
        rf"(?:[A-Z][\w'’-]+ ){{1,3}}{kinds}|(?:Gulf|Bay|River) (?:of"
        r" )?[A-Z]\w+|(?!Confluence)[A-Z]\w+",
        line,
    )
    return Value(text=f"the {line}") if named else None


def american_county(values: tuple[str, ...]) -> Value | None:
    """A county of the United States: "Orange" → Orange County."""
    line = re.sub(r"\s+(?:County|Parish)$", "", one_line(values))
    if not is_name(line) or re.search(r"\d|,| and |^County ", line):
        return None
    return Value(text=one_line(values) if line != one_line(values) else f"{line} County")


_DIVISION = re.compile(
    r"\b"
    + any_of("""State|Oblast|Krai|Province|County|Region|Prefecture|Parish|Department|Voivodeship
    Governorate|District|Municipality|Canton|Borough|Territory""")
    + "$"
)
_DIRECTION = re.compile(
    r"(?:(?:North|South|East|West|Central|Mid|Upper|Lower)(?:ern)?[ -]?)+", re.I
)


def division(noun: str) -> Reader:
    """A reader for a state, county, canton …: "the canton of Mamers", "Anuppur district"."""

    def read(values: tuple[str, ...]) -> Value | None:
        line = re.sub(r"(?<=\w) \([^()]*\)$", "", one_line(values))
        if re.search(r",| and ", line) or len(line) > 50 or _DIRECTION.fullmatch(line):
            return None
        if re.match(r"\d+(?:st|nd|rd|th)\b", line):
            return None  # "the 2nd district" of what?
        bare = re.sub(rf"\s+{noun}$", "", line, flags=re.IGNORECASE)
        if not is_name(bare) or re.search(r"\d", line):
            return None
        says_its_kind = (
            bare != line
            or _DIVISION.search(line)
            or line.startswith(f"{noun.title()} ")
            or " of " in line
        )
        if says_its_kind:
            return Value(text=definite(line))
        if noun == "voivodeship":
            return Value(text=f"{line} Voivodeship")
        return Value(text=f"the {noun} of {line}")

    return read
