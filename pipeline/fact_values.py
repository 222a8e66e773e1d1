"""What the cell of an infobox says, read as names or as words.

Every reader takes the lines of a cell and gives a Value that can stand in a sentence, or None where it is not sure to have
understood the whole cell: a fact that is not told is better than one that is wrong.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """The text that stands in the sentence, and whether it names several things."""

    text: str
    many: bool = False


Reader = Callable[[tuple[str, ...]], Value | None]

# ---- lines and lists

_JUNK = re.compile(
    r"https?:|www\.|\bsee (?:below|above|text|list|also|article|section)|^see\b|\(see\b|\bTB[ACD]\b|\bN/A\b|[°′″]|[\[\]{}|→←↑↓▲▼♠♦†‡§•✓*<>=\\]"
    r"|\b(?:unknown|various(?: artists)?|none|nil|multiple|others?|disputed|uncertain|unspecified|citation needed|et al|retired|free agent|unattached|without (?:a )?club|vacant)\b|\.\.\.|…|[–—-]$|^[–—-]",
    re.IGNORECASE)
_CONTINUES = re.compile(r"(?:\b(?:of|the|and|for|in|at|de|del|von|van|to|by|with|on|a|an)|[&/–-])$|\([^)]*$", re.IGNORECASE)
_CONTINUED = re.compile(r"(?:\(|and\b|&|of\b|for\b|(?:Motion )?Pictures$|Cent(?:re|er)$|Entertainment$|Productions?$|Company$|Corporation$|Party$)")
_SUFFIX = re.compile(r"(?:Jr|Sr|Inc|Ltd|Co|LLC|LLP|L\.?P|Corp|PLC|plc|S\.A|GmbH|Esq|[IVX]+|M\.?D|Ph\.?D)\.?(?=$|\s*\()")
_NOT_LATIN = re.compile(r"\s*\([^()]*[\u0370-\u1cff\u2e80-\ud7ff][^()]*\)")


def lines_of(values: tuple[str, ...]) -> list[str]:
    """The lines of a cell as whole things: what was broken over lines stands together, other scripts are out; [] if not all is readable."""
    whole: list[str] = []
    for value in values:
        line = _NOT_LATIN.sub("", value).strip(" ,;")
        if not line: continue
        if whole and (_CONTINUED.match(line) or _CONTINUES.search(whole[-1])):
            whole[-1] += " " + line
        else:
            whole.append(line)
    readable = all(not _JUNK.search(line) and line.count("(") == line.count(")") for line in whole)
    return whole if readable else []


_ONE_ACT = re.compile(r"[A-Z]\w+, [A-Z]\w+(?:,)? & [A-Z]\w+$")    # Blood, Sweat & Tears


def pieces_of(line: str) -> list[str]:
    """"A, B and C" → A, B, C; commas in parentheses and before Jr., Inc. and the like part nothing."""
    if _ONE_ACT.search(line): return [line]
    parts: list[str] = []
    for part in re.split(r"[,;]\s+(?![^()]*\))", line):
        if parts and _SUFFIX.match(part):
            parts[-1] += ", " + part
        else:
            parts.append(part)
    last = re.sub(r"^(?:and|&)\s+", "", parts[-1])
    return [*parts[:-1], last] if len(parts) == 1 else [*parts[:-1], *re.split(r"\s+and\s+(?![^()]*\))", last)]


def joined(items: list[str]) -> str:
    """Items as prose: A; A and B; A, B and C."""
    return items[0] if len(items) == 1 else ", ".join(items[:-1]) + " and " + items[-1]


# ---- names

_SMALL = (r"(?:of|the|and|for|in|at|on|to|by|with|from|&|de|del|della|di|da|do|dos|das|du|des|la|le|les|el|al|y|e|i|und|et|van|von|der|den|zu|ter|ten"
          r"|bin|ibn|binti|af|av|a|an|or|ny|vs|’s)")
_WORD = r"(?:[\"'“‘«(]*(?:d'|l'|d’|l’|al-|el-)?[A-ZÀ-ÞĀ-Ž0-9Α-Ω\u0410-\u042f][^\s()]*|\([^()]*\))"
_NAME = re.compile(rf"(?:The |the )?{_WORD}(?:\s+(?:{_WORD}|{_SMALL}(?=\s)))*")
_STYLED = re.compile(r"[a-z]{1,2}[A-Z]\w*(?: [A-Z]\w*)*")     # iTunes, eBay
_YEAR = re.compile(r"\b(?:1[0-9]|20)\d\d(?:\b|s)")
_FULL_THE = re.compile(
    r"(?:United|Soviet|Ottoman|Russian|British|Roman|Holy|German|Czech|Dominican|Central African|Austro|Byzantine|Qing|Ming|Han|Tang) (?:States|Kingdom|Union|Empire|Republic"
    r"|Arab|Nations|Federation|Reich|Roman|Dynasty|dynasty)|U\.?S\.?A?\.?$|U\.?K\.?$|USSR|GDR|UAE|Netherlands|Philippines|Bahamas|Gambia|Maldives|Seychelles|Comoros|Solomon"
    r"|(?:Kingdom|Republic|Empire|Province|Duchy|Grand Duchy|Principality|Colony|State|County|City|District|Town|Village|University|Isle|Port|Free City|Federation|Territory"
    r"|Dominion|Electorate|Margraviate|Bishopric|Crown|Democratic|Bay|Gulf|House|Church|Duke|Union|Battle|Order|Department|Ministry|Government|Bank|Museum|College|School|Institute|Academy|Mosque|Cathedral|Basilica"
    r"|Abbey|Monastery|Palace|Temple|Tomb|Castle|Hall|Valley|Sea|Strait|Cape|Ruins|Site|Convent|Carmel|Hotel|Theatre|Faculty|Garden|Forest|Municipality|Diocese|Archdiocese|Board|Society|Association|Council)\b(?= of\b)|[A-Z][\w ]+ of the "
    r"|People's Republic|Democratic Republic|Polish[–-]Lithuanian|Confederate|Papal States|Thirteen Colonies|Old |Bronx$|Hague$|Free State|Royal (?:Air|Navy|Australian|Canadian|New Zealand|Court|Society|Opera|Ballet)|[A-Z]\w+ (?:Islands|Mountains|Alps)$")


def definite(name: str) -> str:
    """A name with the article that running English gives it: the United States, the University of Oxford; France."""
    return f"the {name}" if _FULL_THE.match(name) and not name.lower().startswith("the ") else name


def is_name(text: str) -> bool:
    """Whether text is a proper name through and through: no sentence, no label, no stray year."""
    outside = re.sub(r"\([^()]*\)", "", text)
    return (len(text) <= 70 and ":" not in text and "/" not in text and not _YEAR.search(outside) and any(c.isalpha() for c in outside)
            and bool(_NAME.fullmatch(text) or _STYLED.fullmatch(text)))


def _name_list(items: list[str], most: int) -> Value | None:
    if not 0 < len(items) <= most or len(set(items)) < len(items) or not all(map(is_name, items)): return None
    return Value(text=joined([definite(item) for item in items]), many=len(items) > 1 or " and " in items[0] or " & " in items[0])


def names(values: tuple[str, ...], most: int = 12) -> Value | None:
    """People, bands, firms: one a line, or parted by commas."""
    return _name_list([piece for line in lines_of(values) for piece in pieces_of(line)], most)


def titles(values: tuple[str, ...]) -> Value | None:
    """Names that may have commas of their own (publishers, works, institutions): one a line, no line parted."""
    lines = lines_of(values)
    return None if any("," in re.sub(r"\([^()]*\)|, Inc\.?|, Ltd\.?|, LLC", "", line) for line in lines) else _name_list(lines, 8)


def one_name(values: tuple[str, ...]) -> Value | None:
    """Exactly one name, for questions that ask for the one: a mother, a capital, a mayor."""
    value = titles(values)
    return value if value and not value.many and "(" not in value.text else None


def one_person(values: tuple[str, ...]) -> Value | None:
    """One person's name: as one_name, but of two words or more, or with a comma as nobles have it."""
    lines = lines_of(values)
    if len(lines) != 1 or not 1 <= lines[0].count(" ") <= 9: return None
    bare = re.sub(r"\s*\([^()]*\)$", "", lines[0])
    fit = all(is_name(part) for part in bare.split(", ")) and " and " not in f"{bare} ".replace(" and by Rhine", "")
    return Value(text=bare) if fit and "(" not in bare else None


def spouses(values: tuple[str, ...]) -> Value | None:
    """Husbands and wives without the years of the marriages."""
    whole = [re.sub(r"\s*\(?\b(?:m|div|d|died|married|divorced|w|wid)\.[^()]*\)?|\s*\([^()]*\)|\s*[​-]", "", line).strip(" ,;") for line in lines_of(values)]
    people = [line for line in whole if line]
    if any("," in line for line in people) or any(" " not in line for line in people): return None
    return _name_list(people, 8)


def unbracketed(values: tuple[str, ...]) -> Value | None:
    """One name of two words or more, a note in parentheses behind it left out: a coach, a champion, a mayor."""
    lines = lines_of(values)
    name = re.sub(r"\s*\([^()]*\)$", "", lines[0]) if len(lines) == 1 else ""
    return Value(text=name) if is_name(name) and "(" not in name and "," not in name and not re.search(r" and | & |^\d", name) else None


def winner(values: tuple[str, ...]) -> Value | None:
    """One winner, with the article that a country's name may want; how often it won is left out."""
    value = unbracketed(values)
    return Value(text=definite(value.text)) if value else None


def coach(values: tuple[str, ...]) -> Value | None:
    """One person of two names or more, the seasons behind left out."""
    value = unbracketed(values)
    return value if value and " " in value.text else None


def opening_name(values: tuple[str, ...]) -> Value | None:
    """The name that opens the cell, before a comma or a line break: a capital before its coordinates, a ground before its town."""
    lines = lines_of(values)
    return unbracketed((pieces_of(lines[0])[0],)) if lines else None


def full_name(values: tuple[str, ...]) -> Value | None:
    """A name in full, of two words or more."""
    lines = lines_of(values)
    fit = len(lines) == 1 and is_name(lines[0]) and " " in lines[0] and not re.search(r"[(,\d]", lines[0])
    return Value(text=lines[0]) if fit else None


def labels(values: tuple[str, ...]) -> Value | None:
    """Record labels; "self-released" is none."""
    value = names(values)
    return value if value and not re.search(r"(?i)\b(?:self|independent|unsigned|indie|released?|current|former)\b", value.text) else None


def cast(values: tuple[str, ...]) -> Value | None:
    """The names of a cast, which may be long."""
    return names(values, most=20)


def song(values: tuple[str, ...]) -> Value | None:
    """One song's title in its quotes."""
    lines = lines_of(values)
    return Value(text=lines[0]) if len(lines) == 1 and re.fullmatch(r'"[^"]+"', lines[0]) else None


def studio(values: tuple[str, ...]) -> Value | None:
    """Studios, with the town after a comma where there is one studio."""
    lines = lines_of(values)
    if len(lines) == 1 and "," in lines[0]:
        return Value(text=lines[0]) if all(map(is_name, lines[0].split(", "))) and "(" not in lines[0] and lines[0].count(", ") <= 2 and "Studio" in lines[0].split(",")[0] else None
    return titles(values)


_SCHOOL = r"(?:Hospital|Museum|Laborator(?:y|ies)|University|College|School|Institute|Academy|Conservatory|Polytechnic|Universität|Université|Universidad)"


def schools(values: tuple[str, ...]) -> Value | None:
    """Schools and universities, each with its article: the University of Oxford, Harvard Law School (J.D.)."""
    lines = lines_of(values)
    parts = [piece for line in lines for piece in pieces_of(line)]
    items = parts if all(re.search(_SCHOOL, part) for part in parts) else []
    if not 0 < len(items) <= 6 or not all(map(is_name, items)) or any(re.match(r"(?:B|M|D|Ph)\.? ?[A-Z]?\.|Bachelor|Master|Doctor|Degree", item) for item in items): return None
    the = rf"(?!(?:The|the) )[^(]*\b{_SCHOOL} of\b|[^(]*(?:Military|Naval) Academy|Royal |National |Max Planck "
    return Value(text=joined([f"the {item}" if re.match(the, item) else item for item in items]), many=len(items) > 1)


def institutions(values: tuple[str, ...]) -> Value | None:
    """Where a scholar worked: as schools."""
    return schools(values)


_COUNTED = r"(?:\d{1,2}|[Oo]ne|[Tt]wo|[Tt]hree|[Ff]our|[Ff]ive|[Ss]ix|[Ss]even|[Ee]ight|[Nn]ine|[Tt]en) (?:sons?|daughters?|children|child)"


def children(values: tuple[str, ...]) -> Value | None:
    """How many children: "7 children", "2 sons and 1 daughter"; names are no number."""
    lines = lines_of(values)
    text = lines[0] if len(lines) == 1 else ""
    if re.fullmatch(r"[1-9]\d?", text): return Value(text=f"{text} child" + ("" if text == "1" else "ren"))
    text = re.sub(r"\s*(?:,|&)\s*", " and ", text)
    return Value(text=text[0].lower() + text[1:]) if re.fullmatch(rf"{_COUNTED}(?: and {_COUNTED})?", text) else None


def house(values: tuple[str, ...]) -> Value | None:
    """A royal or noble house or dynasty."""
    name = unbracketed(values)
    if not name: return None
    return Value(text=name.text if re.search(r"\b(?:House|Dynasty|dynasty|family)\b", name.text) else f"House of {name.text}")


_PARTY = r"\b(?:Party|Union|Congress|Front|Movement|Alliance|League|Democrats|Greens|Bloc|Coalition)\b"
_PARTY_ADJECTIVE = r"(?:Democratic|Republican|Labour|Labor|Conservative|Liberal|Socialist|Communist|Whig|Federalist|Green|Social Democratic|Libertarian|Democratic-Republican|Christian Democratic|Progressive|Reform)"


def party(values: tuple[str, ...]) -> Value | None:
    """One political party with its article: "Democratic" → the Democratic Party."""
    lines = lines_of(values)
    name = re.sub(r"\s*\([A-Z]\w*\)$", "", lines[0]) if len(lines) == 1 else ""
    if re.fullmatch(_PARTY_ADJECTIVE, name): return Value(text=f"the {name} Party")
    return Value(text=f"the {name}") if is_name(name) and "(" not in name and re.search(_PARTY, name) and "Independent" not in name else None


def league(values: tuple[str, ...]) -> Value | None:
    """A league or conference that takes the article."""
    name = unbracketed(values)
    fit = name and re.search(r"(?:League|Division|Conference|Championship|Liga|Serie|Association|League [A-Z0-9]\w*|Division [A-Z0-9]\w*)$", name.text)
    return name if fit and name and name.text != "Independent" else None


def acronym(values: tuple[str, ...]) -> Value | None:
    """An abbreviation alone."""
    return Value(text=values[0]) if len(values) == 1 and re.fullmatch(r"[A-Z][A-Za-z&-]{1,9}", values[0]) else None


def rank(values: tuple[str, ...]) -> Value | None:
    """A military rank."""
    name = unbracketed(values)
    return name if name and re.search(r"(?i)general|colonel|major|captain|lieutenant|sergeant|admiral|commander|marshal|corporal|private|brigadier|commodore|ensign", name.text) else None


def programs(values: tuple[str, ...]) -> Value | None:
    """Programming languages, operating systems, platforms."""
    items = [re.sub(r"(?<=-like)$", " systems", piece) for line in lines_of(values) for piece in pieces_of(line)]
    good = all(re.fullmatch(r"[A-Z][\w+#./-]*(?: [\w+#./-]+){0,3}|[a-z]{1,2}[A-Z]\w+(?: \w+)?", item) and len(item) <= 30 for item in items)
    if not 0 < len(items) <= 12 or not good or re.search(r"(?i)cross|\bany\b|\ball\b|\bweb\b|bit$|based", " ".join(items)): return None
    return Value(text=joined(items), many=len(items) > 1)


def licence(values: tuple[str, ...]) -> Value | None:
    """One licence with a name that takes the article."""
    lines = lines_of(values)
    fit = len(lines) == 1 and re.fullmatch(r"(?:[A-Z][\w.-]*(?: of| for)? ){0,5}Licen[sc]e(?: \d(?:\.\d)?)?|(?:GNU )?[AL]?GPL(?:v?\d(?:\.\d)?\+?)?", lines[0])
    return Value(text=lines[0]) if fit else None


def branch(values: tuple[str, ...]) -> Value | None:
    """A branch of the armed forces with its article."""
    name = unbracketed(values)
    fit = name and re.search(r"\b(?:Army|Navy|Force|Corps|Marines?|Guard|Militia|Reserve|Regiment|Heer|Luftwaffe|Kriegsmarine|Wehrmacht|Waffen-SS)\b", name.text)
    return Value(text="the " + re.sub(r"^[Tt]he ", "", name.text)) if fit and name else None


def battles(values: tuple[str, ...]) -> Value | None:
    """Battles and wars with their articles."""
    items = [piece for line in lines_of(values) for piece in pieces_of(line)]
    if not 0 < len(items) <= 10 or not all(map(is_name, items)) or len(set(items)) < len(items): return None
    the = r"(?!World War|Operation|The |the ).*\b(?:Wars?|Rebellion|Campaign|Revolution|Crisis|Uprising|Offensive|Front|Mutiny|Insurgency|Conflict|Intervention)\b|(?:Battle|Siege|Invasion|Fall|Capture|Raid|Bombing)s? "
    return Value(text=joined([f"the {item}" if re.match(the, item) else item for item in items]), many=len(items) > 1)


def fields(values: tuple[str, ...]) -> Value | None:
    """Fields of study or work; a profession is none."""
    value = phrases(values)
    not_people = r"computer|water|weather|power|matter|order|labor|behavior|gender|cancer|laser|number|vector|polymer|semiconductor|nuclear|human"
    return None if not value or re.search(r"(?:ist|er|or|ian|man)\b", re.sub(not_people, "", value.text)) else value


def instruments(values: tuple[str, ...]) -> Value | None:
    """What a musician plays; a voice alone is no instrument."""
    value = phrases(values)
    return value if (value and value.many) or (value and not re.search(r"(?i)voc|voice|singing", value.text)) else None


def thing(values: tuple[str, ...]) -> Value | None:
    """One named thing, its code or sign behind it in parentheses: French franc (FRF)."""
    lines = lines_of(values)
    return Value(text=lines[0]) if len(lines) == 1 and is_name(lines[0].title()) and not re.search(r"[,;\d]| and ", lines[0]) else None


def victory(values: tuple[str, ...]) -> Value | None:
    """A battle's result, where it is one side's victory."""
    lines = lines_of(values)
    match = re.fullmatch(r"[A-Z][A-Za-z'’–-]*(?: [A-Za-z'’–-]+){0,3} victory", lines[0]) if lines else None
    return Value(text=("an " if match[0][0] in "AEIO" else "a ") + softened(match[0])) if match and len(lines) == 1 else None


def formula(values: tuple[str, ...]) -> Value | None:
    """A chemical formula."""
    return Value(text=values[0]) if len(values) == 1 and re.fullmatch(r"(?=.*[A-Z].*[A-Z\d₀-₉])[A-Z][A-Za-z\d₀-₉()·]{1,40}", values[0]) else None


# ---- common words

_PROPER = re.compile(
    r".*(?:ian|ean|ican|ese)|British|English|Irish|Scottish|Welsh|Spanish|Turkish|Swedish|Danish|Finnish|Polish|Jewish|Yiddish|French|German|Greek|Dutch|Swiss|Arab|Arabic"
    r"|Latin|Celtic|Nordic|Slavic|Gaelic|Creole|Cajun|Roma|Muslim|Islamic|Catholic|Buddhist|Hindu|Christmas|Internet|Chicago|Detroit|Miami|Memphis|Nashville|Texas|Bollywood"
    r"|Canterbury|Merseybeat|Americana|Afro.*|Euro|Nazi|Marx.*|Lenin.*|Dixieland|Delta|Manila|Motown|Tejano|Hawaii|Africa|America|Europe|Asia|Egypt.*|Soviet"
    r"|World|War|Bible|Brit.*|Java|Unix|Linux|Cheddar|Worcestershire|Dijon")


def softened(text: str) -> str:
    """A common noun as it stands within a sentence: capitals only where a word is a name, by its form or as one of the few known ones."""
    return re.sub(r"\b[A-Z][a-z]+(?![A-Za-z&/])", lambda word: word[0] if _PROPER.fullmatch(word[0]) else word[0].lower(), text)


_ROLE = re.compile(r"[a-z]+(?:er|or|ist|ian|ess|man|woman|eer|ant|ent|nurse|poet|model|judge|chef|monk|pilot|spy|critic|coach|host|scholar|presenter|star|diplomat"
                   r"|academic|aristocrat|playwright|dramatist|priest|rabbi|bishop|nun|author|jockey|cook|clerk|artist|mathematician)(?:[ -]\w+)?$")


def phrases(values: tuple[str, ...]) -> Value | None:
    """Kinds, genres, fields, ingredients: short phrases, one a line or parted by commas."""
    items = [softened(piece) for line in lines_of(values) for piece in pieces_of(line)]
    if not 0 < len(items) <= 10 or len({item.lower() for item in items}) < len(items): return None
    if any(len(item) > 45 or ":" in item or "/" in item or ". " in item or _YEAR.search(item) or (not item[-1:].isalpha() and item[-1:] not in ")’'B") for item in items): return None
    return Value(text=joined(items), many=len(items) > 1)


def occupations(values: tuple[str, ...]) -> Value | None:
    """What a person worked as, each with its article: an actress, a model and a singer."""
    items = [piece[0].lower() + piece[1:] if piece[:2] != piece[:2].upper() else piece
             for line in lines_of(values) for part in pieces_of(line) for piece in re.split(r"\s+(?:and|&)\s+|/", part) if piece]
    if not 0 < len(items) <= 8 or len(set(items)) < len(items): return None
    if not all(_ROLE.search(item) and re.fullmatch(r"[a-z][a-z -]{2,35}", item) for item in items): return None
    return Value(text=joined([("an " if item[0] in "aeio" or item.startswith("un") else "a ") + item for item in items]), many=len(items) > 1)


def languages(values: tuple[str, ...]) -> Value | None:
    """Languages by their names."""
    items = [piece for line in lines_of(values) for piece in pieces_of(line)]
    good = all(re.fullmatch(r"(?:[A-Z][a-zé]+ )?[A-Z][a-zéō]+", item) and not re.search(r"Silent|Multi|Various|Subtitle", item) for item in items)
    return Value(text=joined(items), many=len(items) > 1) if items and len(items) <= 8 and good else None


def phrase(values: tuple[str, ...]) -> Value | None:
    """One kind or genre alone."""
    value = phrases(values)
    return value if value and not value.many else None


_CAUSES = re.compile(
    r"\b(?:cancer|accident|crash|attack|stroke|failure|disease|murder|suicide|assassination|execution|pneumonia|tuberculosis|drowning|hanging|overdose|wounds?|fever|leuka?emia"
    r"|lymphoma|aneurysm|tumou?r|causes|complications|infarction|cholera|typhus|malaria|influenza|diabetes|sepsis|plague|homicide|arrest|collision|cirrhosis|emphysema|dementia"
    r"|embolism|ha?emorrhage|asphyxiation|poisoning|shooting|decapitation|beheading|COVID-19|AIDS|sclerosis)\b")


def cause(values: tuple[str, ...]) -> Value | None:
    """A cause of death as a noun: liver cancer, assassination."""
    value = phrase(values)
    if not value or not _CAUSES.search(value.text): return None
    counted = re.search(r"\b(?:accident|crash|attack|stroke|overdose|aneurysm|tumou?r|collision|embolism|wound)$", value.text)
    return Value(text=("an " if value.text[0] in "aeio" else "a ") + value.text) if counted and not re.match(r"an? ", value.text) else value


def nationality(values: tuple[str, ...]) -> Value | None:
    """A nationality as an adjective: French, Swiss; a country's name is none."""
    lines = lines_of(values)
    adjective = r"(?:[A-Z][a-z]+[ -])?[A-Z][a-z]+(?:ian|ean|can|man|gan|han|ban|tan|ran|lan|ish|ese|nch|lsh|Swiss|eek|hai|utch|rgi|qi|ni|li)|Swiss|Greek|Thai|Dutch|Czech|Slovak|Welsh|Slovene"
    known_countries = r"Oman|Bhutan|Iran|Sudan|Japan|Jordan|Bali|Mali|Taiwan|Pakistan|Afghanistan|.*stan|Burundi|Brunei|Tajikistan|.* Ni"
    fit = len(lines) == 1 and re.fullmatch(adjective, lines[0]) and not re.fullmatch(known_countries, lines[0])
    return Value(text=lines[0]) if fit else None


def taxon(values: tuple[str, ...]) -> Value | None:
    """A taxon's name, without the author and the dagger of the extinct."""
    name = re.match(r"†?\s?([A-Z][a-z]+)(?:$|\s+\(|\s+[A-Z])", values[0]) if values else None
    return Value(text=name[1]) if name and len(values) <= 2 and not name[1].startswith("See") else None
