"""What the cell of an infobox says, read as a place."""

import re

from pipeline.fact_figures import after_date
from pipeline.fact_values import Reader, Value, definite, is_name, joined, lines_of, pieces_of

_VENUE = re.compile(r"\b(?:Stadium|Auditorium|Arena|Hall|Cent(?:er|re)|Park|Streets?|Road|Avenue|Hotel|University|College|School|Theat(?:er|re)|Ground|Club|Castle|Palace"
                    r"|Court|Courts|Garden|Gardens|Field|Airport|Station|Dome|Coliseum|Gymnasium|Pool|Circuit|Speedway|Raceway|Course|House|Building|Campus|Base|Hospital|Estate"
                    r"|Boulevard|Drive|Lane|Square|Plaza|Stade|Estadio|Estádio|Stadion|Velodrome|Complex|Rink|Museum|Church|Cathedral|Temple|Observatory|Cemetery|Tower|Mansion|Mosque|Pantheon|Villa|Abbey|Monastery|Basilica|street|road|Blvd|Ave|St|Rd|Space Center|Prison|Camp|Fort)\b"
                    r"|^\d|\d$")
_PLACE_WORD = re.compile(r"[A-ZÀ-ÞĀ-Ž'‘’\"]|(?:of|the|and|de|del|la|le|les|el|al|sur|en|am|an|der|bei|upon|on|in|du|des|do|da|y|di|near|now|present-day|modern|then|under|St)\b|\(|\d")


_AND = re.compile(r"\b(?:Bosnia|Trinidad|Antigua|Saint Kitts|Newfoundland|Tyne|Brighton|Andaman|Jammu|Turks|Wallis|Bohemia|Dumfries|Perth|Argyll|Hammersmith|Kensington) and\b")


def place_text(lines: list[str]) -> str | None:
    """Lines of an address as one run of text: "Shrine Auditorium, Los Angeles, California"; None if it is no place."""
    text = re.sub(r"\s*,(?:\s*,)*\s*", ", ", ", ".join(lines)).strip(" ,")
    if " and " in _AND.sub("", text) or " & " in text: return None
    if not text or len(text) > 110 or ":" in text or ";" in text or " / " in text or re.search(r"\d{4}|\bkm\b|\bmi\b|^(?:NE|NW|SE|SW)\b", text): return None
    if not re.match(r"[A-ZÀ-ÞĀ-Ž'‘’\d]", text) or (re.match(r"(?:Near|Off|Between|North|South|East|West|Worldwide|Global|Online|Across|From|At|On)\b ?(?:of|$)?", text) \
            and re.match(r"(?:Near|Off|Between|Worldwide|Global|Online|Across|From|At|On|\w+ of)\b", text)): return None
    return text if all(_PLACE_WORD.match(word) for word in text.split()) else None


def where(text: str) -> str:
    """A place with its preposition: in Paris, in the United States, at Hampden Park, Glasgow."""
    first = text.split(", ", maxsplit=1)[0]
    if _VENUE.search(first): return f"at {definite(text)}"
    if first.endswith((" Island", " Islands", " Isles")) or first.startswith(("Isle of", "Island of")): return f"on {definite(text) if ',' not in text else text}"
    return f"in {definite(text)}"


def place(values: tuple[str, ...]) -> Value | None:
    """Where something is, with its preposition."""
    text = place_text(lines_of(values))
    return Value(text=where(text)) if text else None


def home(values: tuple[str, ...]) -> Value | None:
    """A place by its name alone, after "from" or "is": London, England; the United States."""
    text = place_text(lines_of(values))
    return Value(text=definite(text)) if text else None


def country(values: tuple[str, ...]) -> Value | None:
    """One country or several, each with its article."""
    items = [piece for line in lines_of(values) for piece in pieces_of(line)]
    if not 0 < len(items) <= 6 or not all(is_name(item) and "(" not in item and not re.search(r"\d", item) for item in items): return None
    return Value(text=joined([definite(item) for item in items]), many=len(items) > 1)


def life_place(values: tuple[str, ...]) -> Value | None:
    """The place behind the date of a birth or death, with its preposition."""
    text = place_text(after_date(lines_of(values)))
    return Value(text=where(text)) if text else None


def venue(values: tuple[str, ...]) -> Value | None:
    """A place to play or meet, after "at"."""
    text = place_text(lines_of(values))
    return Value(text=text) if text and is_name(re.sub(r"\s*\([^()]*\)", "", text.split(", ")[0])) else None


def water(values: tuple[str, ...]) -> Value | None:
    """The sea, lake or river that a river flows into."""
    lines = lines_of(values)
    if len(lines) != 1: return None
    if re.fullmatch(r"(?:Lake|Loch|Lough) [A-Z]\w+", lines[0]): return Value(text=lines[0])
    named = re.fullmatch(r"(?:[A-Z][\w'’-]+ ){1,3}(?:River|Sea|Ocean|Bay|Channel|Canal|Gulf)|(?:Gulf|Bay|River) (?:of )?[A-Z]\w+|[A-Z]\w+", lines[0])
    return Value(text=f"the {lines[0]}") if named else None


_DIVISION = re.compile(r"\b(?:State|Oblast|Krai|Province|County|Region|Prefecture|Parish|Department|Voivodeship|Governorate|District|Municipality|Canton|Borough|Territory)$")


def division(noun: str) -> Reader:
    """A reader for a state, county, canton …: "the canton of Mamers", "Anuppur district"."""
    def read(values: tuple[str, ...]) -> Value | None:
        lines = lines_of(values)
        if len(lines) != 1 or "," in lines[0] or " and " in lines[0] or len(lines[0]) > 50: return None
        text = lines[0]
        if re.fullmatch(rf"\d+(?:st|nd|rd|th) (?:[a-z]+ )?{noun}", text, re.IGNORECASE): return Value(text=f"the {text}")
        bare = re.sub(rf"\s+{noun}$", "", text, flags=re.IGNORECASE)
        if not is_name(bare) or re.search(r"\d", text): return None
        if bare != text or _DIVISION.search(text) or text.startswith(f"{noun.title()} "): return Value(text=definite(text))
        if noun == "voivodeship": return Value(text=f"{text} Voivodeship")
        return Value(text=definite(text) if " of " in text else f"the {noun} of {text}")
    return read


def served(values: tuple[str, ...]) -> Value | None:
    """The one place that an airport or a station serves."""
    return home(values) if len(values) == 1 else None
