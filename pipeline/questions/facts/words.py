"""What the cell of an infobox says, read as common words: genres, occupations, languages, causes,
programs, formulas.
"""

import re

from pipeline.questions.english_a_or_an import a_or_an
from pipeline.questions.facts.values import (
    YEAR,
    Value,
    any_of,
    is_name,
    items_of,
    joined,
    listed,
    one_line,
)

_PROPER = re.compile(
    r".*(?:ian|ean|ican|ese)|"
    + any_of(
        """British|English|Irish|Scottish|Welsh|Spanish|Turkish|Swedish|Danish
    Finnish|Polish|Jewish|Yiddish|French|German|Greek|Dutch|Swiss|Arab|Arabic|Latin|West|East|Coast|Celtic|Nordic|Slavic|Gaelic
    Creole|Cajun|Roma|Muslim|Islamic|Catholic|Buddhist|Hindu|Christmas|Internet|Chicago|Detroit|Miami|Memphis|Nashville|Texas
    Bollywood|Canterbury|Merseybeat|Americana|Afro.*|Brit.*|Euro|Nazi|Marx.*|Lenin.*|Dixieland|Delta|Manila|Motown|Tejano|Hawaii
    Africa|America|Europe|Asia|Egypt.*|Soviet|World|War|Bible|Java|Unix|Linux|Cheddar|Worcestershire|Dijon"""
    )
)


def softened(text: str) -> str:
    """A common noun as it is written within a sentence: capitals only where a word is a name, by
    its form or as one of the few known ones.
    """
    return re.sub(
        r"\b(?:Middle|North|South|Central|Latin|East|West)(?: [A-Z][a-z]+)+\b"
        r"|\b[A-Z][a-z]+(?![A-Za-z&/])|\bE(?=-[a-z])",
        lambda word: word[0] if _is_proper(word) else word[0].lower(),
        text,
    )


def _is_proper(word: re.Match[str]) -> bool:
    """Whether a word with a capital keeps it; world music is no name."""
    if word[0] == "World" and word.string.startswith(" music", word.end()):
        return False
    return " " in word[0] or _PROPER.fullmatch(word[0]) is not None


def _is_phrase(item: str) -> bool:
    return (
        len(item) <= 45
        and not re.search(r"[:/]|\. ", item)
        and not YEAR.search(item)
        and (item[-1:].isalpha() or item[-1:] in ")’'")
    )


_WORK = re.compile(r"(?<!graphic)(?<!light)(?<=\w) novel$")  # a "horror novel" is of horror
_AT_A_TIME = re.compile(
    r"\((?:[^()]* )?"
    r"(?:current|early|earlier|later?|former|formerly|as|since|until|now|only|\d\S*)\b"
)


def phrases(values: tuple[str, ...]) -> Value | None:
    """Kinds, genres, fields, ingredients: short phrases, one a line or parted by commas."""
    items = [_WORK.sub("", softened(item)) for item in items_of(values)]
    if any(map(_AT_A_TIME.search, items)):
        return None  # some at one time, the others at another: which of them?
    if not 0 < len(items) <= 10 or len({item.lower() for item in items}) < len(items):
        return None
    return listed(items) if all(map(_is_phrase, items)) else None


def phrase(values: tuple[str, ...]) -> Value | None:
    """One kind or genre alone."""
    value = phrases(values)
    return value if value and not value.many else None


_NOT_PEOPLE = re.compile(
    any_of(
        """computer|water|weather|power|matter|order|labor|behavior|gender|cancer|laser|number|vector
    polymer|semiconductor|nuclear|human"""
    )
)


def fields(values: tuple[str, ...]) -> Value | None:
    """Fields of study or work; a profession is none."""
    value = phrases(values)
    if not value or re.search(r"(?:ist|er|or|ian|man)\b", _NOT_PEOPLE.sub("", value.text)):
        return None
    return value


_SUNG = re.compile(
    r"(?i)\b(?:voc|voice|sing|rap|beat|programming|production|sampl|sequenc|turntabl|DJ)"
)


def instruments(values: tuple[str, ...]) -> Value | None:
    """What a musician plays; nobody plays a voice or the making of a record."""
    items = [softened(item) for item in items_of(values)]
    played = [item for item in items if not _SUNG.search(item)]
    return phrases(tuple(played)) if all(map(_is_phrase, items)) else None


_ROLE = re.compile(
    r"(?:^|[a-z]*)"
    + any_of(
        """er|or|ist|ian|ess|man|woman|eer|ant|ent|nurse|poet|model|judge|chef|monk|pilot|spy|critic
    coach|host|scholar|star|diplomat|academic|aristocrat|playwright|priest|rabbi|bishop|nun|jockey|cook|clerk"""
    )
    + r"(?:[ -]\w+)?$"
)


def _lowered(item: str) -> str:
    """An occupation within a sentence: "film producer", but "DJ" and "British film producer"."""
    first = item.split(" ", 1)[0]
    if item[:2] == item[:2].upper() or (first != item and _PROPER.fullmatch(first)):
        return item
    return item[0].lower() + item[1:]


def with_article(noun: str) -> str:
    """A countable noun with its a or an."""
    return f"{a_or_an(noun)} {noun}"


def occupations(values: tuple[str, ...]) -> Value | None:
    """What a person worked as, each with its article: an actress, a model and a singer."""
    items = [
        _lowered(part)
        for item in items_of(values)
        for part in re.split(r"\s+(?:and|&)\s+|/", item)
        if part
    ]
    if not 0 < len(items) <= 8 or len(set(items)) < len(items):
        return None
    if not all(
        _ROLE.search(item) and re.fullmatch(r"[A-Za-z][a-z -]{2,35}", item) for item in items
    ):
        return None
    return listed([with_article(item) for item in items])


def languages(values: tuple[str, ...]) -> Value | None:
    """Languages by their names."""
    items = items_of(values)
    good = all(
        re.fullmatch(r"(?:[A-Z][a-zé]+ )?[A-Z][a-zéō]+", item)
        and not re.search(r"Silent|Multi|Subtitle", item)
        for item in items
    )
    return listed(items) if 0 < len(items) <= 8 and good else None


_CAUSES = re.compile(
    r"\b"
    + any_of(
        """cancer|accident|crash|attack|stroke|failure|disease|murder|suicide|assassination|execution
    pneumonia|tuberculosis|drowning|hanging|overdose|wounds?|fever|leuka?emia|lymphoma|aneurysm|tumou?r|causes|complications
    infarction|cholera|typhus|malaria|influenza|diabetes|sepsis|plague|homicide|arrest|collision|cirrhosis|emphysema|dementia
    embolism|ha?emorrhage|asphyxiation|poisoning|shooting|decapitation|beheading|COVID-19|AIDS|sclerosis"""
    )
    + r"\b"
)
_COUNTED_CAUSES = re.compile(
    r"(?!an? ).*\b"
    + any_of("accident|crash|attack|stroke|overdose|aneurysm|tumou?r|collision|embolism|wound")
)


def cause(values: tuple[str, ...]) -> Value | None:
    """A cause of death as a noun: liver cancer, a car accident."""
    value = phrase(values)
    if not value or not _CAUSES.search(value.text):
        return None
    return Value(text=with_article(value.text)) if _COUNTED_CAUSES.fullmatch(value.text) else value


_COMPANY_TYPE = re.compile(
    r"(Public|Private|Privately held|Subsidiary|Non-?profit|State-owned|Joint venture|Cooperative"
    r"|Limited liability|Joint-stock|Government-owned)"
    r"(?:,? (?:limited )?(?:company|corporation|organi[sz]ation|enterprise))?"
    r"(?: \((?![^()]*\b(?:[Dd]efunct|[Ff]ormer|[Dd]issolved|[Uu]ntil)\b)[^()]*\))?"
)


def company_type(values: tuple[str, ...]) -> Value | None:
    """What type of company it is: a public company, a subsidiary."""
    match = _COMPANY_TYPE.fullmatch(one_line(values))
    if not match:
        return None
    kind = match[1].lower()
    noun = kind if kind in ("subsidiary", "joint venture", "cooperative") else f"{kind} company"
    return Value(text=with_article(noun))


def language_family(values: tuple[str, ...]) -> Value | None:
    """The family at the head of a language's tree of families."""
    first = values[0] if values else ""
    return Value(text=first) if re.fullmatch(r"[A-Z][a-z]+(?:[–-][A-Z][a-z]+)?", first) else None


_STUDY = re.compile(r"[A-Z][a-z]+(?:ing|tion|ism|ology|ics|ment|graphy|metry|nomy|ture|sis)s?")
_YEARS = re.compile(r"\s*\((?:\d{4}|since)\b[^()]*\)$")
_OFFICE = re.compile(
    r"(?i)\b(?:co-?founder|founding|founder|being|role|work|author|inventor|member|director)\b"
)


def known_for(values: tuple[str, ...]) -> Value | None:
    """What made a person known: works and inventions by their names, fields of study. A lone word
    with a capital may be a name or not, and is not told.
    """
    items = [_YEARS.sub("", item) for item in items_of(values)]
    if not 0 < len(items) <= 6 or not all(map(is_name, items)):
        return None
    if any(_OFFICE.search(item) for item in items):
        return None
    words = [item.lower() if _STUDY.fullmatch(item) else item for item in items]
    doubtful = any(re.fullmatch(r"[A-Z][a-z]+", word) for word in words)
    return None if doubtful else listed(words)


_DEMONYM = re.compile(
    r"(?:[A-Z][a-z]+[ -])?[A-Z][a-z]+"
    + any_of("ian|ean|[cmghbtrl]an|ish|ese|nch|lsh|eek|hai|utch|rgi|qi|[nl]i")
    + "|"
    + any_of("Swiss|Greek|Thai|Dutch|Czech|Slovak|Welsh|Slovene")
)
_COUNTRY = re.compile(
    any_of("Oman|Bhutan|Iran|Sudan|Japan|Jordan|Bali|Mali|Taiwan|.*stan|Burundi|Brunei|.* Ni")
)


def nationality(values: tuple[str, ...]) -> Value | None:
    """A nationality as an adjective: French, Swiss; a country's name is none."""
    line = one_line(values)
    return Value(text=line) if _DEMONYM.fullmatch(line) and not _COUNTRY.fullmatch(line) else None


_NO_PROGRAM = re.compile(r"XML|X?HTML\d?|CSS\d?|JSON|SVG|Steam")  # formats, and a shop
_PROGRAM = re.compile(
    r"[Aa]ssembly language|[A-Z][\w+#./-]*(?: [\w+#./-]+){0,3}|[a-z]{1,2}[A-Z]\w+(?: \w+)?"
)


def programs(values: tuple[str, ...]) -> Value | None:
    """Programming languages, operating systems, platforms."""
    parts = [part for item in items_of(values) for part in item.split(" and ")]
    items = [re.sub(r"(?<=-like)$", " systems", part) for part in parts]
    items = [item for item in items if not _NO_PROGRAM.fullmatch(item)]
    if not 0 < len(items) <= 12 or re.search(
        r"(?i)cross|\bany\b|\ball\b|\bweb\b|bit$|based", " ".join(items)
    ):
        return None
    if not all(_PROGRAM.fullmatch(item) and len(item) <= 30 for item in items):
        return None
    return listed(items)


def licence(values: tuple[str, ...]) -> Value | None:
    """One licence with a name that takes the article."""
    line = one_line(values)
    shape = (
        r"(?:[A-Z][\w.-]*(?: of| for)? ){0,5}Licen[sc]e(?: \d(?:\.\d)?)?|(?:GNU"
        r" )?[AL]?GPL(?:v?\d(?:\.\d)?\+?)?"
    )
    return Value(text=line) if re.fullmatch(shape, line) else None


def thing(values: tuple[str, ...]) -> Value | None:
    """One named thing, its code or sign after it in parentheses: French franc (FRF)."""
    line = one_line(values)
    if not is_name(line.title()) or re.search(r"[,;\d]| and ", line):
        return None
    return Value(text=line)


_UNIT = re.compile(
    r"(?<!Deutsche )\b"
    + any_of(
        "Euro|Dollar|Pound|Franc|Mark|Peso|Rupee|Krone|Krona|Lira|Yen|Won|Dinar|Dirham|Rand|Leu|Lev"
        "|Ruble|Zloty|Forint|Koruna|Kuna|Baht|Kyat|Real|Shilling|Guilder|Escudo|Peseta|Taka|Naira"
        "|Tögrög|Tugrik|Rupiah|Yuan|Ringgit|Manat|Tenge|Dram|Lari|Hryvnia|Birr|Cedi|Riyal|Rial|Dong"
    )
    + r"\b"
)


def currency(values: tuple[str, ...]) -> Value | None:
    """The currency after "the", its unit in small letters as within a sentence: the euro (EUR)."""
    value = thing(values)
    if not value:
        return None
    unit = re.sub(r"(?<=[a-z]ian )[A-Z](?=\w+(?:$| \())", _small, value.text)
    return Value(text=_UNIT.sub(_small, unit))


def _small(match: re.Match[str]) -> str:
    return match[0].lower()


_ONE_PRODUCT = re.compile(
    r"(?:^|.* )"
    + any_of("""beverage|drink|conglomerate|airline|restaurant|newspaper|magazine|game
    Internet|internet|publisher|company|retailer|manufacturer|store|producer|operator|distributor|developer|provider""")
)
_TRADE = re.compile(any_of("automotive|automobile|pharmaceutical|chemical|video game|film|music"))


def industries(values: tuple[str, ...]) -> Value | None:
    """What a company is in: retail and banking, the automotive industry. "In alcoholic beverage"
    is no English.
    """
    value = phrases(values)
    if value and _TRADE.fullmatch(value.text):
        return Value(text=f"the {value.text} industry")
    one = value and any(map(_ONE_PRODUCT.fullmatch, re.split(r", | and ", value.text)))
    return None if one else value


_COUNT = (
    r"(?:\d{1,2}|[Oo]ne|[Tt]wo|[Tt]hree|[Ff]our|[Ff]ive|[Ss]ix|[Ss]even|[Ee]ight|[Nn]ine|[Tt]en)"
    r" (?:sons?|daughters?|children|child)"
)


def children(values: tuple[str, ...]) -> Value | None:
    """How many children: "7 children", "2 sons and 1 daughter"; names are no number."""
    line = re.sub(r"\s*(?:,|&)\s*", " and ", one_line(values))
    if re.fullmatch(r"[1-9]\d?", line):
        return Value(text=in_words(line) + (" child" if line == "1" else " children"))
    if not re.fullmatch(rf"{_COUNT}(?: and {_COUNT})?", line):
        return None
    return Value(text=re.sub(r"\d+", lambda number: in_words(number[0]), line).lower())


_UP_TO_TEN = ("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def in_words(number: str) -> str:
    """A number as within a sentence: up to ten in words."""
    return _UP_TO_TEN[int(number) - 1] if 1 <= int(number) <= len(_UP_TO_TEN) else number


def victory(values: tuple[str, ...]) -> Value | None:
    """A battle's result, where it is one side's victory."""
    line = one_line(values)
    if not re.fullmatch(r"[A-Z][A-Za-z'’–-]*(?: [A-Za-z'’–-]+){0,3} victory", line):
        return None
    return Value(text=with_article(line))


def formula(values: tuple[str, ...]) -> Value | None:
    """A chemical formula."""
    shape = r"(?=.*[A-Z].*[A-Z\d₀-₉])[A-Z][A-Za-z\d₀-₉()·]{1,40}"
    return (
        Value(text=joined(list(values)))
        if len(values) == 1 and re.fullmatch(shape, values[0])
        else None
    )
