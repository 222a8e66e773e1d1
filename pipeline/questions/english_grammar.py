"""How a page's title is written in running English: "the Battle of Hastings", "a hash table",
"Paris"; pure.

The evidence is the lead's own grammar: the article before the title, the case in which the page
writes it inside a sentence, the number of its verb. Only where the lead never names the title do
the title's own words decide.
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import NamedTuple

from pipeline.clean import Article, RunningText
from pipeline.questions.english_a_or_an import a_or_an
from pipeline.questions.normalize import bare_title
from pipeline.questions.phrasings import plurals_of

# Folding keeps every letter's place, so that a place in the folded text is one in the text.
FOLD = str.maketrans(
    {
        **dict.fromkeys("‘’ʼ′´`", "'"),
        **dict.fromkeys("“”„″«»", '"'),
        **dict.fromkeys("‐‑‒–—―−-", " "),
        "\u00a0": " ",
    }
)
FOLD |= {
    letter: base
    for letter in range(0xC0, 0x250)
    if (base := unicodedata.normalize("NFD", chr(letter))[0]).isascii()
}
PARENTHETICAL = re.compile(r"\s*\([^()]*\)")
MONTH = "(?:January|February|March|April|May|June|July|August|September|October|November|December)"
# Titles that begin with a year and so take "the": the 1992 Summer Olympics, the May 1968 events.
YEAR_FIRST = re.compile(
    rf"(?:(?:Early|Late|Mid|{MONTH}) )?(?:1\d|20)\d\d(?:[–/-]\d\d(?:\d\d)?)?s?\b \S"
)

# Where a noun phrase turns from its head to what belongs to it: "the Battle | of Hastings".
PREPOSITION = re.compile(
    r",? (?:of|in|at|for|on|from|to|during|by|with|under|against|between|de|du|von|after|before"
    r"|since)\b|[,:;]| – "
)
OF_PHRASE = re.compile(r"[\w' –-]+? of ")
# A verb in the singular right behind the title: "the theorem states".
STATES = re.compile(
    r" (?!(?:is|was|has|as|its|his|plus)\b)[a-z]+[^s\W]s\b(?! (?:is|are|was|were|has|have)\b)"
)
ADJUNCT = re.compile(r" [a-z]+s (?:are|were)\b")  # "party-list systems are": the systems' verb
# "the ruins of the abbey are": not the abbey's verb.
GOVERNED = re.compile(r"\b(?:of|in|for|by|at|from|during) (?:the )?$")
# Verbs whose form tells whether their subject is one or many.
NUMBER_VERB = re.compile(
    r"\b(is|are|was|were|has|have|refers?|consists?|comprises?|includes?|describes?|does|do)\b"
)
SINGULAR = frozenset(
    {"is", "was", "has", "refers", "consists", "comprises", "includes", "describes", "does"}
)
# A word right before a verb that makes it a clause's and not the sentence's: "which is".
SUBORDINATE = re.compile(r"\b(?:who|which|that|where|when|what|it|they|there|he|she|and|as|if)$")
# A second name between a title and its verb: ", ISO C and Standard C".
JOINED_NAME = re.compile(r"(?:, (?:the )?[A-Z][^,]*)*,? and (?:the |[A-Z])[^,]*$")

# The article (1) before a title, with up to three words between them (2): "the ancient town of".
DETERMINER = re.compile(
    r"(?:^|[\s(\"“])(the|an?)((?: (?!(?:the|an?)\b)[\w'’.-]+){0,3}) ?[\"“']?$", re.I
)
# Words between article and title that are no adjectives of it: "a book called", "the leader of".
NOT_MODIFIERS = re.compile(
    rf"\b(?:called|named|termed|dubbed|known|titled|is|was|are|were|as)\b|{PREPOSITION.pattern}"
)
ORDINAL = re.compile(
    r" (?:first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|[a-z]+teenth|last)"
)
NEXT_WORD = re.compile(r" [a-z-]+\b")
# A next word that is no noun, so that the title's phrase ends before it: "the Eurail runs".
NO_NOUN = re.compile(
    r" (?:[a-z]+(?:s|ed|ly)|or|and|in|on|of|at|for|to|from|with|by|that|which|who|when|where|can"
    r"|may|will|often|sometimes|also|has|such|like|then|not|made|where"
    r"|between|within|into|as|if|whether|because|but)\b"
)
# What follows a title that is only a part of the phrase: "the ISO 9000 family of".
NARROWED = re.compile(
    r" (?!is\b|was\b|[a-z]+(?:s|ed) of)[a-z]+ of\b| (?:that|whose) | of (?:an?|any|some) "
)

TEAM = re.compile(r" (?:team|program)\b")
LONGER_NAME = re.compile(r" [A-Z][a-z]")

# Endings of abstract nouns, which are common words more often than names.
ABSTRACT = re.compile(
    r"(?:ing|tion|sion|ism|ology|ics|ment|ness|ity|graphy|metry|nomy|ance|ence|ture|sis)s?$"
)
# The lead calls its subject a work: "is a 1975 album by".
TITLED = re.compile(
    r"\b(?:is|was|are|were) (?:an?|the|one of the)"
    r" [^,.;]{0,60}?\b(?:albums?|EP|singles?|song|track|film|movie|documentary|novel|novella"
    r"|book|story|poem|opera|musical|play|ballet|symphony|trilogy|series|show|programme|sitcom|telenovela|video"
    r" game|magazine|newspaper|slogan|motto|catchphrase"
    r"|painting|comic strip|manga|soundtrack|band|duo|trio|quartet|quintet|supergroup)"
    r"(?=[,.;]|$|"
    r" (?:\w+ed|by|from|that|which|in|on|for|about|with|and|or|written|set|starring|to)\b)"
)
# Forms that names have and common nouns seldom: a number at the end ("Apollo 11"), an owner, an
# adjective made of a name, a foreign letter.
NAME_FORM = re.compile(
    r"[\w-]+ \d|[\w-]+(?:s['’]|['’]s) |[\w-]+(?:ian|ean|ese)\b|[\w-]+"
    r" (?:language|dynasty|tribe|station)s?\b|.*[^\W\d_a-zA-Z]"
)
# A lead that speaks of a species or a group of living things, whose Latin names keep their capital.
LATIN = re.compile(
    r"\b(?:species|subspecies|genus) of\b|\b(?:in|from|of) the"
    r" (?:family|genus|order)\b|\b[A-Z][a-z]+(?:idae|aceae)\b"
    r"|^[A-Z][a-z]+ [a-z]+(?:us|a|um|is|ii|i|ae|ans|ens)\b.* is an?"
    r" .*\b(?:species|plant|tree|shrub|herb|fungus|bacterium)\b"
)
# Adjectives made of names, which keep their capital everywhere.
PROPER_ADJECTIVE = re.compile(
    r"(?:[A-Z]\w+(?:ian|ean|ese)|English|British|Irish|Scottish|Welsh|French|German|Spanish|Polish"
    r"|Swedish|Danish|Finnish|Turkish|Jewish|Dutch|Greek|Swiss|Thai|Czech|Arab|Arabic|Latin|Roman"
    r"|American|African|European|Christian|Catholic|Protestant|Islamic|Muslim|Hindu|Buddhist|Sikh"
    r"|Soviet|Nazi|Allied|Western|Byzantine|Ottoman|Victorian|Gothic|Celtic|Norse|Slavic|Atlantic"
    r"|Pacific|Arctic|Antarctic|Mediterranean)\b"
)
# Lands whose names take the article: "the British Empire in World War II".
REALM = re.compile(
    r"(?:[A-Z][\w-]+ )+(?:Empire|Union|States|Kingdom|Republic|Commonwealth|Federation|Islands)"
    r"|Philippines|Netherlands|Bahamas|Maldives"
)
# Titles that end with a land, whose "the" in running text is another noun's: "the Zed government".
LAND = re.compile(
    r"(?:slavia|Italy|Germany|Russia|Austria|Hungary|Romania|Bulgaria|Poland|France|Spain|China"
    r"|Korea|Vietnam|Japan|India)$"
)
# Nouns that a name before them makes one of its kind: "the Latvian resistance movement".
ONE_OF_ITS_KIND = frozenset(
    str.split(
        """movement invasion occupation campaign offensive rebellion revolution uprising
        revolt government conspiracy famine massacre crisis raid siege landings conquest advance
        annexation liberation contribution involvement participation
        withdrawal genocide coup mutiny insurgency retreat evacuation blockade"""
    )
)
# Events of one time and place, where a name follows: "the air raids on Japan".
EVENTS = re.compile(
    r"(?:[\w-]+ )*(?:raids|attacks|bombings|riots|protests|massacres|demonstrations|landings"
    r"|strikes|negotiations|talks|killings|deportations|rebellions|uprisings|revolts"
    r"|atrocities|crimes) (?:committed )?"
    r"(?:on|in|of|at|against) (?:the )?[A-Z]"
    r"|(?:[\w-]+ )*[a-z]+s [a-z]+ed (?:by|in|during|from) (?:the )?[A-Z]"
    r"|(?:[\w-]+ )*(?:languages|provinces|districts|regions|departments) of (?:the )?[A-Z]"
)
# Names in the plural that the lead speaks of as one thing.
PATTERNS = re.compile(r"^[A-Z]\w+ (?:Patterns|Symbols|Letters|Numbers|Signs|Marks|Reserves)$")
# Adjectives of a time, which are common words before the name of a land.
OF_A_TIME = re.compile(
    r"(?:Prehistoric|Ancient|Medieval|Colonial|Postwar|Post-war|Contemporary) [A-Z]"
)
TRAILING_YEARS = re.compile(r",? (?:1\d|20)\d\d(?:[–-]\d{2,4})?$")
IS_A_TERM = re.compile(r"\bis an? (?:[\w-]+ )?(?:term|name|expression)\b")  # "Zed states is a term"
SINGULAR_NAME = re.compile(
    r"(?:Report|Act|Army|Navy|Treaty|Pact|Agreement|Battle|War|Bill|Charter|Accord|[Cc]lass)$"
)
SMALL_NAME = re.compile(r"[a-z][A-Z][a-z]|[^A-Z]+$")  # "iPod", "bell hooks"
NAME_BOXES = frozenset({"vcard", "geography", "hproduct"})  # infoboxes of things that bear names
# A name before the kind of thing that it is, as in "the Carolinian language".
NAMED_KIND = re.compile(
    r"^[A-Z]\S+(?: [A-Z]\S+)* (?:language|dynasty|alphabet|script|family|tribe"
    r"|Islands|Mountains|Hills|Forces|Games|Awards|Championships|Olympics"
    r"|Report|Treaty|Pact|Accords|Trail)$"
)
# "Ice hockey at the 2016 Winter Olympics – Men": a sport, which is no name.
SPORT_AT_GAMES = re.compile(r"[A-Z][a-z]+(?: [a-z]+)* at the .* [–-] ")
# Realms, bodies and places whose names have an "of" or "for" and take "the": the Duchy of Brae, the
# Zed Institute for Peace.
BODY_OF = re.compile(
    r"(?:(?:Sultanate|Kingdom|Republic|Duchy|Grand"
    r" Duchy|Principality|Emirate|Empire|Khanate|Bishopric|Diocese|Battle|Siege|Treaty|Order"
    r"|Ministry|Department|Museum|Institute|Academy|Society|Association|Federation|Union"
    r"|Confederation|Parliament|Gulf|Isle|Strait) of "
    r"|(?:[A-Z][\w'’-]+"
    r" )+(?:Party|University|College|Institute|Academy|Society|Association|Federation|Union"
    r"|Republic|Kingdom|Ministry"
    r"|Department|Council|Court|Church|Board|Commission|Committee|Museum|Library|Organi[sz]ation|Confederation|Congress|Assembly|Bureau"
    r"|Agency|Office|School|Faculty|Conference|Order|League) (?:of|for) )"
)
# "the Finnish Heritage Foundation": an adjective says whose body it is.
ADJECTIVAL_BODY = re.compile(
    r"(?:(?:North|South|East|West|Central) )?"
    r"(?:[A-Z]\w+(?:ian|ean|ese|ish)|French|German|Dutch|Greek|Swiss|Thai|Czech|National|International|Royal|European|American)"
    r"(?: [A-Z][\w'’-]+| and| of| for)*"
    r" (?:Foundation|Association|Federation|Institute|Society|Council|Agency|Authority|Commission"
    r"|Union|Academy|Committee|Ministry|Board|Trust|Command)"
)


class Mention(NamedTuple):
    """Where the lead names the title."""

    start: int
    end: int
    determiner: str  # "the", "a", "an" or ""
    opens: bool  # nothing but a determiner precedes it, so that its case may be the sentence's
    plural: bool  # the title's word in the plural
    described: bool  # other words come between "the" and it


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A page's subject as a sentence names it, with its article and case, and whether it takes
    "are".
    """

    phrase: str
    plural: bool


def without_parentheticals(text: str) -> str:
    """The text with every balanced parenthesis taken out."""
    while "(" in text and (shorter := PARENTHETICAL.sub("", text)) != text:
        text = shorter
    return text


def _folded(text: str) -> str:
    """Text for comparing, letter for letter as long as it was."""
    lower = text.translate(FOLD).lower()
    return lower if len(lower) == len(text) else text.translate(FOLD)


def find_mention(text: str, title: str) -> Mention | None:
    """The first place in the text that names the title, whatever its case, dashes and quotes, or
    its plural.
    """
    # Folding keeps each letter's place, so that what is found in the folded text can be cut out of
    # the text itself.
    text_folded, wanted = _folded(text), _folded(title)
    if not wanted:
        return None
    for form in (
        wanted,
        wanted[:-1] + "ies" if wanted.endswith("y") else wanted + "s",
        wanted + "es",
    ):
        at = text_folded.find(form)
        while at >= 0:
            end = at + len(form)
            if not (at and text[at - 1].isalnum()) and not text[end : end + 1].isalnum():
                return _mention(text, at, end, plural=form is not wanted)
            at = text_folded.find(form, at + 1)
    return None


def _mention(text: str, at: int, end: int, *, plural: bool) -> Mention:
    # The article before the title is the title's own only if no noun follows ("the Eurail Pass"),
    # nothing between belongs to another noun, and no "of" after it narrows it down.
    before = text[:at]
    after = text[end:]
    article = DETERMINER.search(before)
    determiner, between = (article[1].lower(), article[2]) if article else ("", "")
    # "the class Gastropoda"
    apposed = determiner == "the" and between and _apposed(between, text[at:end])
    # "a scorched-earth policy", "by the CYB5R4 gene"
    noun_follows = NEXT_WORD.match(after) and not NO_NOUN.match(after)
    is_the_nouns = noun_follows and (determiner != "the" or NUMBER_VERB.search(before))
    if (
        NOT_MODIFIERS.search(between)
        or apposed
        or is_the_nouns
        or TEAM.match(after)  # "the Brae Owls women's rowing team", of the page on the rowing
        or NARROWED.match(after)  # "the ISO 9000 family of", "the values that a person holds"
        or (LONGER_NAME.match(after) and " " not in text[at:end])  # "the Eurail Pass"
    ):
        determiner = ""
    opens = not before.strip(" \"“'") or bool(article and article.start(1) == 0 and not between)
    return Mention(
        at, end, determiner, opens, plural, described=determiner == "the" and between.islower()
    )


def _apposed(between: str, name: str) -> bool:
    """Whether the words between "the" and a name say what it is, or are a part of a longer name, so
    that "the" is not the name's own.
    """
    last = between.rsplit(maxsplit=1)[-1]  # "the Unicode block": the word before the name tells
    return not ORDINAL.fullmatch(between) and (
        name[0].islower() is not between.islower()
        or (name[0].isupper() and (last.islower() or " " not in name))
    )


def verb_is_plural(text: str, start: int) -> bool | None:
    """The number of the first finite verb after start that is not a relative clause's, or None
    where none tells.
    """
    for verb in NUMBER_VERB.finditer(text, start):
        if SUBORDINATE.search(text, start, verb.start() - 1) is None:
            return verb[1] not in SINGULAR
    return None


def name_subject(article: Article, opening: str, *, name: bool) -> Subject:
    """The article's subject as running English names it.

    `opening` is the lead's first sentence without its parentheticals. A person's name is as in
    the title, and only its number is looked up.
    """
    # The evidence in order: how the lead writes the title, whether it is a work's (which keep their
    # own form), then the case and the article inside of the page's sentences.
    title = bare_title(article.title)
    mention = find_mention(opening, title) or (
        find_mention(opening, title.split(",")[0]) if "," in title else None
    )
    if mention is None:
        return _unnamed_subject(title, article, opening, name=name)
    plural = _number(title, mention, opening)
    written = opening[mention.start : mention.end]
    if (
        SMALL_NAME.match(written)
        and mention.opens
        and not mention.determiner
        and not mention.plural
    ):
        title = written[0] + title[1:]  # a title's capital may be the wiki's
    if name or len(written) < len(title):  # "Seligman" for "Seligman, Arizona"
        return Subject(phrase=title, plural=plural)
    if title.startswith("The "):
        if not is_work(article, opening):
            title = _leading_the(title, article.running_text)
        return Subject(phrase=title, plural=plural)
    if is_work(article, opening):
        has_article = mention.opens and mention.determiner
        return Subject(phrase=f"the {title}" if has_article else title, plural=plural)
    counted = mention.determiner in ("a", "an") or title.endswith(" Class")
    if counted and written[1:] == _small_behind_the_first(title):
        title = written  # "An EPPO code", whatever the wiki writes in its title
    phrase = _cased(title, written, mention, article)
    determiner = mention.determiner or ("the" if _called_the(phrase, article.running_text) else "")
    if determiner == "the" and _seldom_the(phrase, mention, article.running_text):
        determiner = ""
    if not (plural or mention.opens) and PATTERNS.search(phrase):
        determiner = ""  # "a block called Braille Patterns"
    if plural and not determiner and EVENTS.match(phrase):
        determiner = "the"
    if not (determiner or plural) and _counted_elsewhere(phrase, article.running_text):
        determiner = "a"
    return Subject(phrase=_with_determiner(phrase, determiner, plural=plural), plural=plural)


def _small_behind_the_first(title: str) -> str:
    """A title from its second letter on, with its words after the first in small letters where
    only their first letter is large.
    """
    return re.sub(r"(?<=[ -])[A-Z](?=[a-z])", lambda letter: letter[0].lower(), title[1:])


def _seldom_the(phrase: str, mention: Mention, text: RunningText) -> bool:
    """Whether the "the" of the lead is not the name's own, as the page mostly writes the name
    without: "the software utility cron", "the participation of the Croatia".
    """
    head = _head_span(phrase)
    land = not mention.opens and " " not in head and phrase.startswith(" in ", len(head))
    if not land and not (mention.described and " " not in phrase):
        return False
    return text.count(f" the {head} ") * 6 < text.count(f" {head} ")


def _counted_elsewhere(phrase: str, text: RunningText) -> bool:
    """Whether the page counts a common noun that its lead names without an article: a sea slug."""
    if not phrase[:1].islower() or "-" in phrase:
        return False
    noun = f" {a_or_an(phrase)} {phrase}"  # whole: "a sea slug.", not "a sea slug farm"
    forms = (noun, noun.replace(" a", " A", 1), noun.replace(" a", ">A", 1))
    counted = sum(
        text.count(f"{form}{after}")
        for form in forms
        for after in (",", ".", " is ", " that ", " can ")
    )
    return counted > 1 and counted * 4 > text.uses(phrase)


def is_work(article: Article, opening: str) -> bool:
    """Whether the title is a work's: in quotes, boxed as a recording, called a film or a book, or a
    title in italics.
    """
    if opening.startswith('"') or "haudio" in article.infobox_classes:
        return True
    return bool(TITLED.search(opening)) or (
        article.italic_title
        and " " in bare_title(article.title)
        and "biota" not in article.infobox_classes
        and not _is_foreign_phrase(bare_title(article.title), article.running_text)
    )


def _is_foreign_phrase(title: str, text: RunningText) -> bool:
    """Whether the page writes a title in italics in small letters, as no work's: tabula rasa."""
    small = title[0].lower() + title[1:]
    uses = text.count(f">{small}<") if small != title else 0
    return uses > 0 and uses >= text.count(f">{title}<")


def _number(title: str, mention: Mention, opening: str) -> bool:
    """Whether the lead speaks of the title in the plural."""
    if mention.determiner in ("a", "an") or STATES.match(opening, mention.end):
        return False
    elsewhere = GOVERNED.search(opening[: mention.start]) or ADJUNCT.match(opening, mention.end)
    said = None if elsewhere else verb_is_plural(opening, mention.end)
    if said is None:
        head = _head(opening[mention.start : mention.end])
        return mention.plural or (_is_plural_noun(head) and head.islower())
    if not said and IS_A_TERM.search(opening[mention.end : mention.end + 100]):
        head = _head(title)
        return mention.plural or (" " in title and head.islower() and _is_plural_noun(head))
    alone = not mention.plural
    if (
        said
        and alone
        and (SINGULAR_NAME.search(title) or _joined_with_another(opening, mention.end))
    ):
        return False
    return said or mention.plural


def _joined_with_another(opening: str, end: int) -> bool:
    """Whether another name is joined to the mention before its verb: "ANSI C, ISO C and Standard C
    are".
    """
    verb = NUMBER_VERB.search(opening, end)
    between = opening[end : verb.start()] if verb else ""
    return JOINED_NAME.match(between) is not None


def _cased(title: str, written: str, mention: Mention, article: Article) -> str:
    """The title with the case of its first letter as inside a sentence, and in the plural where the
    lead has it so.
    """
    stem = title[:-1] if mention.plural and not written.lower().startswith(title.lower()) else title
    phrase = title if not mention.plural else stem + written[len(stem) :]
    trusted = not mention.opens or mention.determiner or written[0].islower()
    if written[0].isupper() and _is_common_animal(phrase, article):
        return phrase[0].lower() + phrase[1:]
    if trusted and written[1:] == phrase[1:]:
        return written
    if mention.plural and " " not in phrase and not article.running_text.uses(phrase):
        return phrase[0].lower() + phrase[1:]  # names are seldom many: "Coelacanths are"
    return _inside_a_sentence(phrase, article)


def _is_common_animal(phrase: str, article: Article) -> bool:
    """Whether a page of a species writes its one-word name mostly in small letters."""
    if "biota" not in article.infobox_classes or article.italic_title or " " in phrase:
        return False
    return article.running_text.uses(phrase.lower()) > 2 * article.running_text.uses(phrase)


def _with_determiner(phrase: str, determiner: str, *, plural: bool) -> str:
    if determiner in ("a", "an"):
        return phrase if plural else f"{a_or_an(phrase)} {phrase}"
    return f"the {phrase}" if determiner or YEAR_FIRST.match(phrase) else phrase


def _called_the(name: str, text: RunningText) -> bool:
    """Whether a name of several words takes "the" though the lead's first sentence leaves it
    out.
    """
    if " " not in name or (name[:1].islower() and " of " not in name):
        return False
    if ADJECTIVAL_BODY.fullmatch(name):
        return True
    if LAND.search(name) and " of " not in name:
        return False  # "the Federal Zedslavia government" speaks of the government
    mostly = text.count(f" the {name}") * 2 > max(text.uses(name), 3)
    return mostly or BODY_OF.match(name) is not None or NAMED_KIND.match(name) is not None


def _leading_the(title: str, text: RunningText) -> str:
    """ "the Holocaust", but "The Third Reich Trilogy": as the page writes it inside sentences."""
    small = "the" + title[3:]
    return small if text.count(" " + small) > text.count(" " + title) else title


def _inside_a_sentence(phrase: str, article: Article, *, named: bool = True) -> str:
    """A phrase from where every phrase has a capital, with the first letter that it has
    inside a sentence.

    Evidence in this order: how the page writes the phrase elsewhere, its first noun, its first
    word; then the form of the word.
    """
    first = phrase.split(" ", 1)[0]
    # "iPod", "NASA": letters of this kind stay as they are everywhere.
    if not first[:1].isupper() or not (first[1:].islower() or len(first) == 1 or "-" in first):
        return phrase
    small = phrase[0].lower() + phrase[1:]
    head = _head_span(phrase)
    text = article.running_text
    # How often the page writes it each way inside its sentences, the texts of links among them.
    lower = text.uses(small)
    upper = text.uses(phrase) if named or head == phrase else 0
    if len(phrase) > 1:
        lower += text.count(f">{small}<")
    if PROPER_ADJECTIVE.match(phrase) and (upper or not lower):
        return phrase
    if OF_A_TIME.match(phrase) and upper < 2 and "vcard" not in article.infobox_classes:
        return small
    # Living things: Latin names are capitalised ("Panthera leo"), common ones are not ("sea lion").
    if "biota" in article.infobox_classes and (article.italic_title or not named or not lower):
        if lower > upper and not article.italic_title:
            return small
        latin = article.italic_title or text.count(f"<i>{first}") or text.count(f"genus {first}")
        common = named and not latin and " " in phrase and not upper
        return small if common and not _has_name(phrase) and not NAME_FORM.match(phrase) else phrase
    boxed = not NAME_BOXES.isdisjoint(article.infobox_classes)
    # One word: a name, unless the page mostly writes it small, or its ending is an abstract noun's.
    if head == phrase and " " not in phrase:
        by_form = ABSTRACT.search(phrase) or _said_of_many(phrase, article.lead[0])
        common = lower * 3 >= upper if lower else not upper and bool(by_form)
        return small if common and (not boxed or lower > max(9, 2 * upper)) else phrase
    if SPORT_AT_GAMES.match(phrase):
        return small
    if lower or upper > 1:
        # A phrase with a name in it is more often a name itself: it takes more uses in small
        # letters to say otherwise.
        weight = 3 if _has_name(phrase) else 6
        return small if lower * weight >= upper else phrase
    # Not once inside a sentence: what has a name in it is one ("Battle of Hastings").
    if _has_name(head) or (named and phrase.startswith(" of ", len(head)) and _has_name(phrase)):
        return phrase
    return small if _starts_small(head, article, boxed=boxed, named=named) else phrase


PEOPLES = re.compile(
    r"\b(?:people|ethnic|tribes?|nation|clan|inhabitants|band|duo|trio|group|team|brand|company)\b"
)


def _said_of_many(word: str, lead: str) -> bool:
    """Whether a lead that opens with a plural speaks of things of a kind: "Trousers are". Peoples
    keep their capital.
    """
    said = re.match(rf"{re.escape(word)} (?:are|were)\b([^.]{{0,120}})", lead)
    return bool(said and _is_plural_noun(word) and not PEOPLES.search(said[1]))


def _starts_small(head: str, article: Article, *, boxed: bool, named: bool) -> bool:
    """Whether a noun phrase without a name in it, which the page writes nowhere else, begins with a
    common word.

    A lead names its subject where that is a proper name; a title that it does not name describes,
    and needs less evidence.
    """
    first = head.split(" ", 1)[0]
    text = article.running_text
    lower = text.uses(first.lower())
    upper = text.uses(first)
    # The noun phrase is written small somewhere, or its first word is in most places.
    if head != first and (
        text.uses(head[0].lower() + head[1:]) or (lower > 2 and lower * 2 >= upper)
    ):
        return True
    if lower or upper:
        enough = lower > 1 and not named and not article.lead[0].startswith(f"{head} ")
        return lower > upper or enough or (lower > 0 and ABSTRACT.search(first) is not None)
    # The page uses the word nowhere else: it is common unless its box, its form or the lead say
    # that things of this kind have names.
    latin = head != first and LATIN.search(article.lead[0][:300])
    return not (boxed or latin or NAME_FORM.match(head)) and not (
        head == first and article.lead[0].startswith(first)
    )


def _has_name(phrase: str) -> bool:
    """Whether a word after the first is capitalised."""
    return any(word[:1].isupper() for word in phrase.split()[1:])


def _unnamed_subject(title: str, article: Article, opening: str, *, name: bool) -> Subject:
    """The subject of a lead that does not name its title as it is written: the title's own words,
    and what the lead shares with them.
    """
    verb = NUMBER_VERB.search(opening)
    span = _head_span(opening[: verb.start()] if verb else opening[:100])
    speaks_plural = bool(verb and verb[1] not in SINGULAR)
    another_name = bool(article.bold) and article.bold[0] in span
    if name:
        return Subject(phrase=title, plural=speaks_plural and another_name)
    phrase = title if is_work(article, opening) else _inside_a_sentence(title, article, named=False)
    head = _head(phrase)
    said = _folded(_head(span))
    # "Fins are" for "Fish fin"
    if speaks_plural and phrase[:1].islower() and said in plurals_of(_folded(head)):
        return Subject(
            phrase=phrase.replace(head, said if head.islower() else head, 1), plural=True
        )
    same = said == _folded(head) or _akin(span, title)
    # As it is written after its article: "The Battle of Osel Island"
    if same and span.split()[1:2] == title.split()[:1]:
        phrase = title
        head = _head(title)
    by_form = _is_plural_noun(head)
    common = head.islower()
    many = common or speaks_plural or NAMED_KIND.match(phrase) is not None
    land = REALM.fullmatch(_head_span(phrase)) is not None  # one, as the United States is
    plural = (not land and by_form and many) or (
        speaks_plural and not common and (same or another_name)
    )
    return Subject(
        phrase=_guessed_determiner(
            phrase, span if same else "", opening, article.running_text, plural=plural
        )
        + phrase,
        plural=plural,
    )


def _guessed_determiner(
    phrase: str, span: str, opening: str, text: RunningText, *, plural: bool
) -> str:
    """ "the ", "a ", "an " or "" for a phrase that the lead does not name; span is the lead's
    subject where that is another form of it.
    """
    head = _head_span(phrase)
    common = phrase[:1].islower()
    # "the": before a year, where the lead has it, before "X of Y", realms and some kinds of things.
    if YEAR_FIRST.match(phrase) or span.startswith(("The ", "the ")):
        return "the "
    of_phrase = OF_PHRASE.match(phrase) and phrase.startswith(" of ", len(head))
    if (of_phrase and (common or not plural)) or NAMED_KIND.search(phrase):
        return "the "
    if (phrase != head and REALM.fullmatch(head)) or (plural and EVENTS.match(phrase)):
        return "the "
    if plural:
        return ""
    # "the" also before what there is one of ("the Zed invasion of"), or where the page has it so.
    noun = _head(phrase)
    if noun in ONE_OF_ITS_KIND and not common and not span:
        return "the "
    if phrase != head and noun.islower():
        # Not counting "the X of", since "of" makes anything definite.
        definite = text.count(f" the {head} ") - text.count(f" the {head} of ")
        return "the " if definite * 6 > text.count(f" {head} ") > 2 else ""
    if common and (span.startswith(("A ", "An ")) or _counted(phrase, opening, text)):
        return f"{a_or_an(phrase)} "
    return ""


def _akin(span: str, title: str) -> bool:
    """Whether a lead's subject begins the title ("The Norwegian resistance") or shares two of its
    words.
    """
    said = [word for word in _folded(span).split() if word not in ("the", "a", "an", "of")]
    words = _folded(title).split()
    shared = len(set(said) & set(words))
    # "international cricket in 2012" is not "the season"
    described = _head(title).islower() and _head_span(title) != title
    turns_alike = not described or any(
        form in words for noun in said[-1:] for form in (noun, *plurals_of(noun))
    )
    return " at " not in title and (
        words[: len(said)] == said
        or (shared > 1 and turns_alike)
        or (shared == 1 and len(words) == 2)
    )


def _counted(phrase: str, opening: str, text: RunningText) -> bool:
    """Whether a common noun that the lead's subject does not name is counted, as "a synonym" is and
    photosynthesis is not.
    """
    noun = find_mention(opening, _head(phrase))
    if noun and noun.determiner in ("a", "an"):
        return True
    article = a_or_an(phrase)
    return text.count(f" {article} {phrase}") * 8 > text.count(f" {phrase}") > 0


def _is_plural_noun(word: str) -> bool:
    return word.endswith("s") and not word.endswith(("ss", "us", "is", "ics", "series", "species"))


def _head_span(phrase: str) -> str:
    cut = PREPOSITION.search(phrase, 1)
    return (phrase[: cut.start()] if cut else phrase).rstrip()


def _head(phrase: str) -> str:
    """The noun that a phrase turns on: the last word before its first preposition or comma."""
    words = TRAILING_YEARS.sub("", _head_span(phrase)).split()
    while len(words) > 1 and words[-1].endswith("ed"):  # "areas annexed by"
        words.pop()
    return words[-1] if words else ""
