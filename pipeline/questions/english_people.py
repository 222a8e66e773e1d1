"""Who or what: is a page's subject a person, or a named person of story or myth? From evidence,
never from names; pure.
"""

import re

from pipeline.clean import Article
from pipeline.questions.english_grammar import find_mention, is_work
from pipeline.questions.normalize import bare_title

# Categories that only persons have: "1815 births", "3rd-century BC deaths", "Living people".
LIFE = re.compile(
    r"\d{1,4}s?(?: BC)? (?:births|deaths)$|\d+(?:st|nd|rd|th)-century (?:BC"
    r" )?(?:births|deaths)$|(?:Possibly l|L)iving people$"
    r"|(?:Year|Date|Place) of (?:birth|death) (?:missing|unknown|uncertain)"
)
HUMAN = re.compile(r"\b(?:born|[Hh]e|[Ss]he|[Hh]is|[Hh]er)\b")
# A birth in the lead: "(born 1815)", "Ada Lovelace was born in".
BORN = re.compile(
    r"\((?:[^()]{0,60}[;,] )?born (?:[A-Z\d]|c\.|in|on)|^[^.(]{0,60} was born (?:in|on|at) "
)
PRONOUN = re.compile(r"(?:[.!?”\"] |^)(?:He|She|His|Her) ")
NEUTER = re.compile(r"\b(?:It|Its)\b")

# Titles that name a person, but are about what happened: "Murder of …", "Trial of …".
HAPPENING = re.compile(
    r"(?:.*"
    r" )?(?:murders?|deaths?|killings?|assassination|disappearance|shooting|kidnapping|abduction"
    r"|trial|execution|suicide|lynching"
    r"|rape|stabbing|beating|arrest|detention|funeral|reign|early"
    r" life|bibliography|presidency|coronation|wedding|impeachment|tomb|case"
    r"|affair|controversy)(?: of |$| and )",
    re.I,
)
# Families are not one person.
KIN = re.compile(
    r"\((?:[a-z -]*name|family|clan|dynasty|house)\)$| (?:family|dynasty|clan|families)$"
)
# Animals with names and dates of birth, which are not asked for by "who".
ANIMAL = re.compile(
    r"\b(?:horse|racehorse|stallion|mare|colt|filly|gelding|thoroughbred|pony|dog|greyhound|cat|elephant|gorilla|panda|bull)\b"
    r"|(?i:\bis (?:an?|the) .*\bhorse\b)"
)
GROUP = re.compile(r"\b(?:band|group|team|family)\b", re.I)
# Classes of infoboxes that are never a person's.
NO_PERSON_BOX = frozenset(
    {"geography", "vevent", "haudio", "hproduct", "biota", "vcalendar", "hrecipe"}
)

STORY_PERSON = (
    r"(?:fictional|characters?|superhero(?:es|ine)?|supervillain|protagonist|antagonist|villain|(?:mythological|legendary)"
    r" (?:king|queen|figure|hero|heroine)|(?:demi)?god|(?:demi)?goddess|deity|nymph|archangel"
    r"|titan|prophet|saint|personification)"
)
STORY_NOUN = re.compile(rf"\b{STORY_PERSON}s?\b")
STORY_HEAD = re.compile(rf"\b{STORY_PERSON}$")
# Categories of characters, gods and saints.
STORY_CATEGORY = re.compile(
    r"\b[Cc]haracters\b|^Fictional"
    r" (?!organi[sz]|compan|locat|countr|plan|univers|place|technolog|element|vehicle)"
    r"|[Mm]ytholog|[Gg]od(?:desse)?s\b|[Ss]aints\b|[Dd]eit|[Ss]uperhero|[Ll]egend"
)
# Nouns for what a person does or is.
CALLING = (
    r"(?:\w*(?:ologist|grapher|ician|ianist|linist|tarist|cellist|nomist|writer|player|filmmaker|owner|worker|baller|keeper|fielder|holder"
    r"|skater|racer|rider|man|woman|physicist|chemist)|person|man|player|act(?:or|ress)|singer|songwriter|composer|conductor|pianist"
    r"|drummer|rapper|DJ|dancer|choreographer|author|novelist|poet|playwright|journalist|editor|director|producer|painter|sculptor|artist"
    r"|illustrator|cartoonist|designer|architect|engineer|inventor|scientist|botanist|classicist|naturalist|philosopher|historian|linguist"
    r"|scholar|academic|professor|lecturer|teacher|physician|surgeon|doctor|lawyer|attorney|barrister|judge|jurist|diplomat|ambassador"
    r"|senator|governor|mayor|minister|president|king|queen|prince|princess|emperor|empress|duke|duchess|earl|count|countess|baron|baronet"
    r"|noble|aristocrat|ruler|chieftain|sultan|pharaoh|general|admiral|colonel|captain|commander|soldier|sailor|officer|pilot|aviator"
    r"|astronaut|explorer|pirate|activist|suffragette|revolutionary|missionary|priest|bishop|archbishop|cardinal|pope|prelate|monk|nun"
    r"|rabbi|imam|cleric|pastor|entrepreneur|executive|banker|merchant|philanthropist|athlete|sprinter|swimmer|runner|cyclist|boxer"
    r"|wrestler|gymnast|skier|golfer|cricketer|pitcher|midfielder|defender|forward|striker|winger|coach|manager|referee|jockey|driver"
    r"|rower|fencer|comedian|presenter|personality|critic|translator|librarian|curator|chef|criminal|killer|servant"
    r"|programmer|courtier|slave|leader|founder|prophet|abbess|abbot|sheriff|canon|midwife|nurse"
    r"|soprano|tenor|baritone|margrave|landgrave|viscount|marquess|regent|shah|khan|tsar|caliph|heir|heiress)s?"
)
ROLE = re.compile(
    rf"\b{CALLING}$"
    r"|^(?:(?:[A-Z]\w+|former|retired|fashion|glamour|art|adult|swimsuit|runway)[ -])*"
    r"(?:super)?models?$"
)
OFFICE = re.compile(  # after the name: "was sheriff of Norfolk"
    rf"(?:,[^.;]{{0,80}},?| or [^.;,]{{0,60}})? (?:is|was) (?:the )?(?:[a-z]+ )?(?:{CALLING}|head)"
    r" (?:of|from|to|at|in)\b",
    re.I,
)
# Things that a noun for a calling names as well: "media player", "text editor", "device driver".
TOOL = re.compile(
    r"\b(?:media|music|audio|video|text|code|image|graphics|level|word|file|page|game|device)["
    r" -](?:player|editor|writer|driver|model)s?\b"
)
# "is a Brae politician and member of the House": a seat in a parliament.
SEAT = re.compile(
    r"\b(?:is|was) an? [^,.;]{0,40}member of (?:the )?(?:[A-Z]\w+ ){0,4}"
    r"(?:House|Senate|Parliament|Assembly|Congress|Legislature|Council|Knesset)\b"
)
# What no person is called, whatever pronouns the lead goes on with.
THING = re.compile(
    r"\b(?:ship|vessel|ferry|boat|steamer|steamship|liner|tanker|freighter|destroyer|cruiser|frigate"
    r"|corvette|submarine|battleship|carrier|schooner|yacht|brig|barque|sloop|trawler|tug|lifeboat"
    r"|locomotive|aircraft|airliner|car|tank|rocket|satellite|spacecraft|engine|film|movie|novel|book"
    r"|album|song|single|series|show|opera|play|game|painting|poem|statue|sculpture|magazine|comic"
    r"|battle|war|siege|campaign|operation|raid|invasion|massacre|riot|revolt|rebellion|uprising"
    r"|election|referendum|treaty|trial|case|incident|accident|disaster|crash|fire|attack|murder"
    r"|tournament|championship|cup|league|season|match|race|ceremony|award|prize|festival"
    r"|company|corporation|organi[sz]ation|school|university|church|temple|village|town|city|river"
    r"|lake|mountain|island|building|house|castle|bridge|station|airport|stadium|museum|hospital"
    r"|language|religion|theory|concept|law|style|genre|species|breed|disease|dish"
    r"|airship|balloon|drone|device|machine|tool|system|program|software|website|app|weapon|gun"
    r"|sword|missile|bomb|hurricane|storm|cyclone|typhoon|tornado|earthquake|flood|eruption|drought"
    r"|epidemic|pandemic|famine|protest|strike|conference|summit|meeting|expedition|voyage|mission"
    r"|flight|rescue|escape|execution|assassination|kidnapping|abduction|robbery|heist|shooting"
    r"|bombing|murder|killing|scandal|affair|controversy|hoax|tale|fable|fairy tale|legend|myth"
    r"|prayer|hymn|ballad|speech|letter|manuscript|scroll|monument|memorial|tomb|coin|stamp|flag"
    r"|anthem|portrait|sketch|novella|memoir|autobiography|biography|documentary|miniseries"
    r"|episode|sitcom|manga|anime|musical|symphony|sonata|cantata|ballet|duel|fight|bout|tour"
    r"|position|office|title|occupation|profession|role|rank|dynasty|constituency|district)s?$"
)
VESSEL = re.compile(r"(?:USS|HMS|HMAS|HMCS|HMNZS|INS|ORP|RMS|SMS|SS|MS|MV|MT|RV|USCGC|USNS) [A-Z]")
BAND = re.compile(
    r"\b(?:band|duo|trio|quartet|quintet|(?:girl|boy|idol|hip"
    r" hop|rap|vocal|musical|music|pop|rock|soul) group|supergroup|ensemble)"
    r"(?:$| (?:founded|formed)\b)"
)
PAST = re.compile(r"\bwas (?:an?|the) ")
# What the first sentence says that its subject is: after "is a", up to the sentence's end.
COMPLEMENT = re.compile(r"\b(?:is|was|are|were) (?:an?|the|one of the) ([^.;]*)")
# Where the noun phrase of that complement ends: "a British mathematician | known for".
HEAD_END = re.compile(
    r"[,.;:]|"
    r" (?:by|of|in|from|for|that|which|who|whose|best|known|born|on|at|with|to|and|featured"
    r"|appearing|created) "
)
CLAUSE = re.compile(
    r"[.;:]|"
    r" (?:by|of|in|from|for|that|which|who|whose|where|best|most|known|noted|active|famous|born"
    r"|on|at|with|to|based"
    r" in|during) "
)
CONCEPT = re.compile(r"(?:An?|The) ")


def is_person(article: Article, opening: str) -> bool:
    """Whether the page is about a person, or a character, god or other named person of fiction or
    myth.

    opening is the lead's first sentence, parentheticals taken out. The page's filing comes first:
    categories of birth and death, the biography's box, a birthday; then what the sentence says that
    its subject is, and by which pronoun the lead goes on.
    """
    if KIN.search(article.title) or HAPPENING.match(article.title):
        return False
    # How a page is filed calls most people people and nothing else; only where that is silent does
    # the grammar of the lead decide.
    if {"biography", "vcard"} <= set(article.infobox_classes) or any(
        LIFE.match(category) for category in article.categories
    ):
        return True
    if article.has_birth_date and HUMAN.search(" ".join(article.lead)[:800]):
        return True
    mention = find_mention(opening, bare_title(article.title))
    if mention and (opening[mention.start].islower() or mention.determiner in ("a", "an")):
        return False  # an occupation, a rank: any of many
    return _is_of_story(article, opening) or _is_said_to_live(article, opening)


def _is_of_story(article: Article, opening: str) -> bool:
    """Whether the first sentence calls its subject a character, a god or the like."""
    head = _complement(opening)
    if STORY_NOUN.search(head) and any(
        STORY_CATEGORY.search(category) for category in article.categories
    ):
        return (
            not head.endswith(("characters", "gods", "goddesses", "deities", "saints"))
            or "name of" in opening
        )
    return STORY_HEAD.search(head) is not None and not CONCEPT.match(opening)


def _is_said_to_live(article: Article, opening: str) -> bool:
    """Whether the lead of a page with no biographical filing speaks of one person: born, "he",
    "she", or by a person's calling.
    """
    if (
        CONCEPT.match(opening)
        or is_work(article, opening)
        or not NO_PERSON_BOX.isdisjoint(article.infobox_classes)
    ):
        return False
    # The exclusions come before pronouns, as these speak for any living being, and for ships.
    said = _complement(opening)
    if THING.search(said) or TOOL.search(said) or VESSEL.match(article.title):
        return False  # a ship is "she", and an event tells of "his" deeds
    lead = " ".join(article.lead)[:600]
    human, neuter = len(PRONOUN.findall(lead)), len(NEUTER.findall(lead))
    if BORN.search(lead[:300]) or human > neuter:
        return not (ANIMAL.search(opening) or GROUP.search(_said_of(opening) or opening))
    if neuter or not (" " in article.title or PAST.search(opening)):
        return False
    mention = find_mention(opening, bare_title(article.title))
    in_office = mention and OFFICE.match(opening, mention.end)
    return bool(in_office or SEAT.search(opening)) or any(
        ROLE.search(calling) for calling in _callings(opening)
    )


def _callings(opening: str) -> list[str]:
    """What the first sentence says that its subject is, one by one: "Italian stage", "film",
    "television", "radio actress".
    """
    said = _said_of(opening)
    if ANIMAL.search(said) or GROUP.search(said) or TOOL.search(said):
        return []
    return re.split(r",? and |, ", said)


def _said_of(opening: str) -> str:
    """The whole complement of the first sentence before any clause: "Italian stage, film,
    television and radio actress".
    """
    complement = COMPLEMENT.search(opening)
    return CLAUSE.split(complement[1], maxsplit=1)[0].rstrip("., ") if complement else ""


LONGEST = 300  # characters of a sentence in which it says what its subject is
PEOPLE = re.compile(
    r"s (?:are|were) (?:an? |the )?(?:[\w-]+ ){0,3}"
    r"(?:ethnic group|people|Americans|Canadians|Britons|citizens|nationals|immigrants)\b"
)
SEVERAL_PERSONS = re.compile(r" (?:brothers|sisters|twins|siblings|triplets|victims|survivors)$")


def is_several_persons(article: Article, opening: str) -> bool:
    """Whether a title in the plural names persons, who are asked for by who: the Zed brothers,
    Holocaust victims; no firm and no family.
    """
    many = SEVERAL_PERSONS.search(bare_title(article.title)) or PEOPLE.search(opening[:LONGEST])
    return bool(many and re.search(r"\b(?:are|were)\b", opening) and not _is_a_firm(opening))


def _is_a_firm(opening: str) -> bool:
    return (
        re.search(r"\b(?:company|firm|brand|manufacturer|film|genus|species)\b", opening)
        is not None
    )


def is_band(opening: str) -> bool:
    """Whether the lead calls its subject a band, a duo or another group of musicians."""
    return BAND.search(_complement(opening)) is not None


def _complement(opening: str) -> str:
    """What the first sentence says that its subject is, up to the noun: "American jazz singer"."""
    complement = COMPLEMENT.search(opening)
    if not complement:
        return ""
    end = HEAD_END.search(complement[1])
    return complement[1][: end.start()] if end else complement[1].rstrip(".")
