"""Who or what: is a page's subject a person, or a named person of story or myth? From evidence, never from names; pure."""

import re

from pipeline.clean import Article

LIFE = re.compile(
    r"\d{1,4}s?(?: BC)? (?:births|deaths)$|\d+(?:st|nd|rd|th)-century (?:BC )?(?:births|deaths)$|(?:Possibly l|L)iving people$"
    r"|(?:Year|Date|Place) of (?:birth|death) (?:missing|unknown|uncertain)"
)
HAPPENING = re.compile(
    r"(?:.* )?(?:murders?|deaths?|killings?|assassination|disappearance|shooting|kidnapping|abduction|trial|execution|suicide|lynching|rape|stabbing|beating"
    r"|arrest|detention|funeral|reign|early life|bibliography|presidency|coronation|wedding|impeachment|tomb|case|affair|controversy)(?: of |$| and )",
    re.I,
)
KIN = re.compile(r"\((?:[a-z -]*name|family|clan|dynasty|house)\)$| (?:family|dynasty|clan|families)$")
STORY_PERSON = (
    r"fictional|characters?|superhero(?:es|ine)?|supervillain|protagonist|antagonist|villain|mythological (?:king|queen|figure|hero|heroine)|legendary (?:king|queen|figure|hero)"
    r"|(?:demi)?god|(?:demi)?goddess|deity|nymph|archangel|titan|prophet|saint|personification"
)
STORY_CATEGORY = re.compile(r"(?:\b[Cc]haracters\b|^Fictional (?!organi[sz]|compan|locat|countr|plan|univers|place|technolog|element|vehicle)|[Mm]ytholog|[Gg]od(?:desse)?s\b|[Ss]aints\b|[Dd]eit|[Ss]uperhero|[Ll]egend)")
ROLE = (
    r"\w+(?:ologist|grapher|ician|ianist|linist|tarist|cellist|nomist|writer|player|maker|owner|worker|baller|keeper|fielder|holder|skater|racer|rider|sportsman|businessman|woman|physicist|chemist)"
    r"|player|act(?:or|ress)|singer|songwriter|composer|conductor|pianist|drummer|rapper|DJ|dancer|choreographer|author|novelist|poet|playwright|journalist|editor"
    r"|director|producer|painter|sculptor|artist|illustrator|cartoonist|designer|architect|engineer|inventor|scientist|botanist|classicist|naturalist|philosopher"
    r"|historian|linguist|scholar|academic|professor|lecturer|teacher|physician|surgeon|doctor|lawyer|attorney|barrister|judge|jurist|diplomat|ambassador|senator|governor|mayor"
    r"|minister|president|king|queen|prince|princess|emperor|empress|duke|duchess|earl|count|countess|baron|baronet|noble(?:man)?|aristocrat|ruler|chieftain|sultan|pharaoh"
    r"|general|admiral|colonel|captain|commander|soldier|sailor|officer|pilot|aviator|astronaut|explorer|pirate|activist|suffragette|revolutionary|missionary|priest|bishop|archbishop"
    r"|cardinal|pope|prelate|monk|nun|rabbi|imam|cleric|clergyman|pastor|businessman|entrepreneur|executive|banker|merchant|philanthropist|athlete|sprinter|swimmer|runner|cyclist"
    r"|boxer|wrestler|gymnast|skier|golfer|cricketer|pitcher|outfielder|goalkeeper|midfielder|defender|forward|striker|winger|coach|manager|referee|jockey|driver|rower|fencer"
    r"|model|comedian|presenter|broadcaster|personality|critic|translator|librarian|curator|chef|criminal|killer|statesman|servant|programmer|developer|craftsman|courtier|slave|leader|founder|prophet"
)
COMPLEMENT = re.compile(r"\b(?:is|was|are|were) (?:an?|the|one of the) ([^.;]*)")
HEAD_END = re.compile(r"[,.;:]| (?:by|of|in|from|for|that|which|who|whose|best|known|born|on|at|with|to|and|featured|appearing|created) ")
STORY = re.compile(rf"\b(?:{STORY_PERSON})$")
CHARACTER_IN = re.compile(rf"\b(?:{STORY_PERSON})s?\b")
WORK_OF_PERSON = re.compile(rf"\b(?:{ROLE})s?$")
NEUTER = re.compile(r"\b(?:It|Its)\b")
HUMAN = re.compile(r"\b(?:born|[Hh]e|[Ss]he|[Hh]is|[Hh]er)\b")
BAND = re.compile(r"\b(?:band|duo|trio|quartet|quintet|(?:girl|boy|idol|hip hop|rap|vocal|musical|music|pop|rock) group|supergroup|ensemble|sisters|brothers)$")
NO_PERSON_BOX = frozenset({"geography", "vevent", "haudio", "hproduct", "biota", "vcalendar", "hrecipe"})
CONCEPT = re.compile(r"(?:An?|The) ")


def is_person(article: Article, opening: str) -> bool:
    """Whether the page is about a person, or a character, god or other named person of fiction or myth.

    opening is the lead's first sentence, asides taken out.
    """
    if KIN.search(article.title) or HAPPENING.match(article.title):
        return False
    if (article.born and HUMAN.search(" ".join(article.lead)[:800])) or {"biography", "vcard"} <= set(article.infobox) or any(LIFE.match(category) for category in article.categories):
        return True
    head = _head(opening)
    if any(STORY_CATEGORY.search(category) for category in article.categories) and CHARACTER_IN.search(head):
        return not head.endswith(("characters", "gods", "goddesses", "deities", "saints")) or bool(re.search(r"\bname of\b", opening))
    if STORY.search(head) and not CONCEPT.match(opening):
        return True
    neuter = NEUTER.search(" ".join(article.lead)[:600])
    return bool(WORK_OF_PERSON.search(head)) and not CONCEPT.match(opening) and not neuter and NO_PERSON_BOX.isdisjoint(article.infobox) and " " in article.title


def is_band(opening: str) -> bool:
    """Whether the lead calls its subject a band, a duo or another group of musicians."""
    return bool(BAND.search(_head(opening)))


def _head(opening: str) -> str:
    """What the first sentence says that its subject is, up to the noun: "American jazz singer"."""
    complement = COMPLEMENT.search(opening)
    if not complement:
        return ""
    end = HEAD_END.search(complement[1])
    return complement[1][: end.start()] if end else complement[1].rstrip(".")
