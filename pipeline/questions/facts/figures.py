"""What the cell of an infobox says, read as a date or a figure: dates with their prepositions,
measures with their units.
"""

import re

from pipeline.questions.facts.values import Reader, Value, items_of, lines_of, listed, one_line

# ---- dates

_MONTH = "(?:January|February|March|April|May|June|July|August|September|October|November|December)"
_DAY = rf"(?:\d{{1,2}} {_MONTH},? \d{{3,4}}|{_MONTH} \d{{1,2}}, \d{{3,4}})"
_DATE = rf"(?:{_DAY}|{_MONTH},? \d{{3,4}}|\d{{3,4}}(?: (?:AD|BC|BCE|CE))?)"
_TIME = r"\d+ (?:year|month|day)s?"
_AGO = rf"(?:\s*\(aged?[^()]*\)|;?\s*\(?{_TIME}(?:,? (?:and )?{_TIME})? ago\)?)*"
_ONE_DATE = re.compile(rf"(c\. ?|circa |ca\. )?({_DATE}){_AGO}")


def when(date: str) -> str:
    """A date with its preposition: on 10 December 1815; in May 1815; in 1815."""
    return f"on {date}" if re.match(_DAY, date) else f"in {date}"


def date_in(line: str) -> str | None:
    """ "10 December 1815 (age 36)" → "on 10 December 1815", if the line says nothing else."""
    # Always the whole line: a date with words beside it says more than the date, and a part of a
    # cell is no answer.
    match = _ONE_DATE.fullmatch(line.strip())
    if not match:
        return None
    return f"around {match[2]}" if match[1] else when(match[2])


def date(values: tuple[str, ...]) -> Value | None:
    """The one date of a cell, with its preposition."""
    lines = lines_of(values)
    text = date_in(" ".join(lines)) if 1 <= len(lines) <= 2 else None
    return Value(text=text) if text else None


def first_date(values: tuple[str, ...]) -> Value | None:
    """The date that opens the cell, where what follows on other lines is a place or a note about it
    (Founded: a date, then a town).
    """
    lines = lines_of(values)
    if not lines or any(re.search(r"\d{3}", line) for line in lines[1:]):
        return None
    text = date_in(re.sub(r"\s*\((?:as|under)\b[^()]*\)$", "", lines[0]))
    return Value(text=text) if text else None


def life_date(values: tuple[str, ...]) -> Value | None:
    """The date of a birth or death among name and place in one cell."""
    at = _date_line(lines := lines_of(values))
    return None if at is None else Value(text=_opening_date(lines[at]))


def after_date(lines: list[str]) -> list[str]:
    """The lines that follow the one date of a cell; [] if there is none or several."""
    at = _date_line(lines)
    return [] if at is None else lines[at + 1 :]


def _opening_date(line: str) -> str:
    return date_in(line) or ""


def _date_line(lines: list[str]) -> int | None:
    dated = [at for at, line in enumerate(lines) if re.search(r"\d{3}", line)]
    return dated[0] if len(dated) == 1 and _opening_date(lines[dated[0]]) else None


def only_release(values: tuple[str, ...]) -> Value | None:
    """The date of a release, where there was but one; the country after it is left out."""
    text = date_in(re.sub(r"\s*\((?!age)[A-Z][^()\d]*\)$", "", one_line(values)))
    return Value(text=text) if text else None


def release(values: tuple[str, ...]) -> Value | None:
    """A software's first release: the version before the slash is left out."""
    text = date_in(re.sub(r"^[^/]{1,20} / ", "", one_line(values)))
    return Value(text=text) if text else None


def span(values: tuple[str, ...]) -> Value | None:
    """A date or a stretch of time: on 29 May 1999; from 1941 to 1945; from 10 to 11 September
    2005.
    """
    lines = lines_of(values)
    if not 1 <= len(lines) <= 2:
        return None
    line = re.sub(rf"(?<=\d){_AGO}$|\s*\([^()]*\)$", "", " ".join(lines)).strip()
    if text := date_in(line):
        return Value(text=text)
    day = rf"(?:{_MONTH} \d{{1,2}}|\d{{1,2}} {_MONTH})"
    # "10–11 September 2005", "September 10–11, 2005": one month for both days.
    if match := re.fullmatch(
        rf"({_MONTH} )?(\d{{1,2}})\s?[–-]\s?(\d{{1,2}})(?(1), | {_MONTH} )\d{{4}}", line
    ):
        first = f"{match[1] or ''}{match[2]}"
        last = line[match.start(3) :]
        if int(match[3]) == int(match[2]) + 1:
            return Value(text=f"on {first} and {last}")
        return Value(text=f"from {first} to {last}")
    match = re.fullmatch(rf"({_DATE}|{day}|{_MONTH})\s?[–-]\s?({_DATE})", line)
    if not match or (re.fullmatch(day, match[1]) and not re.fullmatch(_DAY, match[2])):
        return None  # "23 January – February 1942" is not clear to its end
    return Value(text=f"from {match[1]} to {match[2]}")


def broadcast(values: tuple[str, ...]) -> Value | None:
    """The first and the last day on which a series was on the air; none for one that still runs."""
    value = span((" ".join(values),)) if len(values) <= 2 else None
    return value if value and value.text.startswith("from ") else None


def active_years(values: tuple[str, ...]) -> Value | None:
    """Years of activity that are over, after "active": from 1958 to 1963."""
    match = re.fullmatch(r"(\d{4})\s?[–-]\s?(\d{4})", one_line(values))
    return Value(text=f"from {match[1]} to {match[2]}") if match else None


def active_since(values: tuple[str, ...]) -> Value | None:
    """The year from which someone is active to this day, after "active": since 1998."""
    match = re.fullmatch(r"(\d{4})\s?[–-]\s?present", one_line(values))
    return Value(text=f"since {match[1]}") if match else None


# ---- measures and numbers

_NUMBER = r"\d[\d,]*(?:\.\d+)?"
_RANGE = rf"{_NUMBER}(?:\s?(?:–|-|to)\s?{_NUMBER})?"


def measure(units: str) -> Reader:
    """A reader for "85.26 km² (32.92 sq mi)": a number, one of the units, and the same in other
    units.
    """
    amount = rf"{_RANGE}\s?(?:{units})\b\.?(?: \d+(?:\.\d+)?\s?(?:in|lb|ft)\b)?"
    shape = re.compile(rf"({amount})(?: (\([^()]*\d[^()]*\))|\s?/\s?({amount}))?(?:\s*\([^()]*\))*")

    def read(values: tuple[str, ...]) -> Value | None:
        # Both systems of units are kept as the page gives them, and nothing is converted.
        match = shape.fullmatch(" ".join(lines_of(values)))
        if not match:
            return None
        amount, in_parentheses, behind_slash = match.groups()
        if in_parentheses:
            return Value(text=f"{amount} {in_parentheses}")
        return Value(text=f"{amount} ({behind_slash})" if behind_slash else amount)

    return read


length = measure("km|mi|miles|m|ft|metres|meters|feet|kilometres|kilometers")
height = measure("m|ft|cm|metres|meters|feet")
weight = measure("kg|lb|st|g")
_square = measure("km2|km²|sq mi|ha|acres?|hectares?|m2|m²|sq ft")


def area(values: tuple[str, ...]) -> Value | None:
    """An area; where a page lost the little two after its km, square miles or acres beside them
    tell that they are square.
    """
    return _square(tuple(map(_with_squares, values)))


def _with_squares(line: str) -> str:
    if not re.search(r"sq mi|acre|\bha\b", line):
        return line
    return re.sub(r"(?<=\d )km(?= \(|\))", "km²", line.replace("km2", "km²"))


def density(values: tuple[str, ...]) -> Value | None:
    """People to the area: 79/km² (200/sq mi)."""
    shape = rf"({_NUMBER})/km[2²]? \(({_NUMBER})/sq mi\)|({_NUMBER})/sq mi \(({_NUMBER})/km[2²]?\)"
    match = re.fullmatch(shape, one_line(values))
    if not match:
        return None
    if match[1]:
        return Value(text=f"{match[1]}/km² ({match[2]}/sq mi)")
    return Value(text=f"{match[3]}/sq mi ({match[4]}/km²)")


def people_count(values: tuple[str, ...]) -> Value | None:
    """A number of people, with the year if the cell gives one: "7,314", "7,314 in 2011"."""
    shape = r"(\d{1,3}(?:,\d{3})+|\d{1,6})(?: \(((?:19|20)\d\d)(?: census| est\.?| estimate)?\))?"
    match = re.fullmatch(shape, " ".join(lines_of(values)))
    if not match:
        return None
    return Value(text=f"{match[1]} in {match[2]}" if match[2] else match[1])


def count(values: tuple[str, ...]) -> Value | None:
    """A bare number of things; one and several tell the noun's form."""
    line = re.sub(r"\s*\((?:list(?: of episodes)?|episodes?)\)$", "", one_line(values))
    match = re.fullmatch(r"(\d{1,3}(?:,\d{3})*|\d+)", line)
    if not match or match[1] == "0":
        return None
    return Value(text="one") if match[1] == "1" else Value(text=match[1], many=True)


def code(values: tuple[str, ...]) -> Value | None:
    """Postal codes, area codes and the like."""
    items = items_of(values)
    good = 0 < len(items) <= 6 and all(
        re.fullmatch(r"\+?[A-Z0-9][A-Z0-9 -]{1,9}", item) and re.search(r"\d", item)
        for item in items
    )
    return listed(items) if good else None


def french_postal_code(values: tuple[str, ...]) -> Value | None:
    """The postal code behind that of the statistical office: 59457 /59840."""
    match = re.fullmatch(r"[\dAB]{5}\s?/\s?(\d{5})", one_line(values))
    return Value(text=match[1]) if match else None


def money(values: tuple[str, ...]) -> Value | None:
    """A sum with its currency: $46.9 million."""
    shape = (
        rf"((?:[A-Z]{{0,3}}[$€£₹¥]|Rs\.?)\s?{_RANGE}(?: (?:million|billion|crore|lakh))?)(?:"
        r" \([^()]*\))?"
    )
    match = re.fullmatch(shape, one_line(values))
    return Value(text=re.sub(r"(?<=[₹$€£¥]) ", "", match[1])) if match else None


def minutes(values: tuple[str, ...]) -> Value | None:
    """A running time: "136 minutes", and 70:34 as minutes and seconds."""
    line = one_line(values)
    if match := re.fullmatch(r"(?:approx\. )?(\d+) ?min(?:ute)?s?\.?", line):
        return Value(text=f"{match[1]} minutes")
    if match := re.fullmatch(r"(\d{1,3}):([0-5]\d)", line):
        parts = [
            f"{int(n)} {unit}{'' if int(n) == 1 else 's'}"
            for n, unit in ((match[1], "minute"), (match[2], "second"))
            if int(n)
        ]
        return Value(text=" and ".join(parts)) if parts else None
    return None


def molar_mass(values: tuple[str, ...]) -> Value | None:
    """Grams a mole."""
    return (
        Value(text=values[0])
        if len(values) == 1 and re.fullmatch(r"\d[\d.,]* ?g[/·]mol(?:[−-]1|⁻¹)?", values[0])
        else None
    )


def frequency(values: tuple[str, ...]) -> Value | None:
    """A radio station's frequency with its unit."""
    line = one_line(values)
    return Value(text=line) if re.fullmatch(r"\d[\d.]* [kM]Hz(?: FM| AM)?", line) else None


def time_zone(values: tuple[str, ...]) -> Value | None:
    """A time zone: UTC+1 (CET), EST (UTC−5)."""
    line = one_line(values)
    offset = r"UTC ?[+−–±-]?\d{1,2}(?::\d\d)?"
    return (
        Value(text=line)
        if re.fullmatch(rf"{offset}(?: \([A-Z][A-Za-z ]+\))?|[A-Z][A-Za-z ]* \({offset}\)", line)
        else None
    )
