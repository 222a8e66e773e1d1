"""English in the form of the other languages: its pages, its definition question; pure."""

import re

from pipeline.clean import Article
from pipeline.clean.rules import ENGLISH
from pipeline.clean.sentences import split_sentences
from pipeline.questions.definitions import Definition, QuestionMaker
from pipeline.questions.english_grammar import (
    Subject,
    find_mention,
    name_subject,
    without_parentheticals,
)
from pipeline.questions.english_people import is_band, is_person, is_several_persons
from pipeline.questions.normalize import bare_title, folded

# Pages that list things and define nothing, by their titles: "List of rivers", "1992 in film",
# "Zed discography".
LIST_TITLE = re.compile(
    r"(?:Comparisons?|Lists?|Index(?:es)?|Outlines?|Timelines?|Chronology|Glossary|Glossaries"
    r"|Tables?) of"
    r" |\d{3,4}s? in "
    r"|.*(?:\(disambiguation\)| (?:timeline|glossary|discography|filmography|videography"
    r"|version history|season results))$",
    re.I,
)
# Pages that hold tables: draws of a tournament, what a nation's teams did at some games.
TABLE_TITLE = re.compile(
    r".* [–-] (?:(?:Men's|Women's|Mixed|Boys'|Girls'|Wheelchair) )*(?:Singles|Doubles)"
    r"(?: Qualifying)?$"
    r"|[A-Z][\w' ]+ (?:at|in) the \d{4} (?:[A-Z][\w'–-]* |and |of )*"
    r"(?:Olympics|Paralympics|Games|Universiade|Deaflympics|Olympiad"
    r"|Championships(?: in [A-Z]\w+)?)$"
)
# A parenthesis by which the title means a part or a companion of what its name means.
PART = re.compile(
    r" \((?:[^()]* )?(?:(?:season|series) \d+|soundtrack|score|youth|reserves|women"
    r"|juniors|academy)\)$"
)
# "Music of the Brae games": a part (1) of another thing (2).
PART_OF = re.compile(r"(?:\w+ )?(\w+) (?:of|in) (?:the )?([A-Z]\w+)")
# What a sentence that defines an event says: "is a", "was held", "took place".
DEFINES = re.compile(
    r"\b(?:(?:is|was|are|were) (?:an?|the|one|held|contested|played)\b|took place|consisted)\b"
)
# The lead of a list: "The following …", "This is a list of …".
LIST_LEAD = re.compile(
    r"(?:Lists? of|Statistics|Results|Events|Squads?|Rosters?|Listed|Below|The following|These are"
    r"|This is (?:an?|the) (?:\w+"
    r" )?(?:list|index|outline|timeline|glossary|table|discography|filmography|videography)"
    r"|This (?:article|page|list) )\b"
)
# The lead of a disambiguation page: "Mercury may refer to:".
REFERS = re.compile(
    r"[^.]{0,100}?\b(?:may|can|could|might) (?:also )?(?:refer|stand|mean)\b(?: to|"
    r" for)?(?:[^.]{0,40}:|[.:]?$)|[^.]{0,60}\bmay refer to\b"
)
WORD = re.compile(r"\w{3,}")
LONGEST_SENTENCE = 2000  # characters that are read for the first sentence
LONGEST_NAME = 200  # characters of the lead in which its subject is named
SHORTEST = 20  # characters; no shorter lead defines anything


def skip_reason(article: Article) -> str | None:
    """Why this article gives no pair, in a word or two to be counted, or None if it gives one."""
    if article.is_disambiguation or article.page_type in ("disambiguation", "set index"):
        return "set index" if article.page_type == "set index" else "disambiguation"
    if LIST_TITLE.match(article.title):
        return "list"
    if not article.lead or not article.lead[0].strip() or len(" ".join(article.lead)) < SHORTEST:
        return "no lead"
    if LIST_LEAD.match(article.lead[0]) or _is_table(article):
        return "list"
    if len(article.lead) == 1 and REFERS.match(article.lead[0]):
        return "disambiguation"
    if _is_topic(article) or _is_of_the_place_alone(article) or _opens_with_background(article):
        return "lead defines nothing"
    return None if _speaks_of(article) and not _is_of_another(article) else "lead defines nothing"


# What somebody did somewhere, or what is told of a thing: a topic, which only a lead that names it
# can define.
TOPIC_TITLE = re.compile(
    r".* (?:in|during|and) (?:the )?(?:World Wars?|Second World War|First World War"
    r"|(?:Junior )?Eurovision Song Contest)(?: I| II| \d{4})?$"
    r"|(?:.* )?(?:[Hh]istory|[Ee]volution) of "
    r"|Introduction to "
    r"|(?:Music|Religions?|Economy|Culture|Languages) (?:of|in) "
    r"|.* (?!from )[a-z]{4,} \d{4}–\d{2,4}$"
)
# One event of several: "Zedball at the 2016 Games – Men's singles".
EVENT_TITLE = re.compile(r".* [–-] (?:.* )?(?:Men|Women|Boys|Girls|Mixed|Wheelchair)\b")


def _is_topic(article: Article) -> bool:
    """Whether the title is no name of a thing, and the lead neither begins with it nor has
    another.
    """
    first = without_parentheticals(split_sentences(article.lead[0][:LONGEST_SENTENCE])[0])
    event = EVENT_TITLE.match(article.title)
    if not (event or TOPIC_TITLE.match(article.title)) or _by_the_lead(article, first):
        return False
    mention = find_mention(first, article.title)
    return mention is None or ("Contest" in article.title and not mention.opens)


# A lead that says what a place is: "Brae is a …", "The Brae Isles was an …".
PLACE_ALONE = re.compile(r"(?:The )?((?:[A-Z][\w'’-]+ ){1,4}?)(?=(?:is|was) an? )")
NEAR = 400  # characters in which a lead comes to what its title says


def _is_of_the_place_alone(article: Article) -> bool:
    """Whether "Brae Council elections" has a lead that says what Brae is, and nothing of any
    elections.
    """
    named = PLACE_ALONE.match(article.lead[0])
    rest = article.title.removeprefix(named[1].strip()) if named else ""
    if not named or rest == article.title or not re.fullmatch(r"(?: [\w'’-]+)+", rest):
        return False
    last = rest.rsplit(maxsplit=1)[-1]
    return last.islower() and last[:5] not in " ".join(article.lead)[:NEAR].casefold()


# A lead that begins with what was before its subject: "Before 1933, …".
BACKGROUND = re.compile(r"(?:Before|Prior to|Until) ")


def _opens_with_background(article: Article) -> bool:
    """Whether the lead begins with what was before its subject: "Before 1933, acts were legal"."""
    if not BACKGROUND.match(article.lead[0]):
        return False
    first = split_sentences(article.lead[0][:LONGEST_SENTENCE])[0]
    return find_mention(first, bare_title(article.title)) is None


def _is_table(article: Article) -> bool:
    """Whether the page holds the tables of one event and its lead does not say what that is."""
    return bool(TABLE_TITLE.match(article.title)) and not DEFINES.search(article.lead[0][:400])


def _is_of_another(article: Article) -> bool:
    """Whether the lead of "Music of the Brae games" defines the games and tells of no music."""
    part = PART_OF.match(article.title)
    if not part or not article.lead[0].removeprefix("The ").startswith(part[2]):
        return False
    lead = article.lead[0].removeprefix("The ")
    if said := re.match(
        rf"{part[2]} (?:is|was) (?:an?|the|one)\b(.*?)(?= (?:of|in|with|for)\b)", lead
    ):
        lead = said[1]  # "Zed is a land of Elmia": what it is, and no more
    return part[1][:5].casefold() not in lead.casefold()


def _speaks_of(article: Article) -> bool:
    """Whether the lead shares a word with the title or has a term in bold: else it tells of
    something and defines nothing.
    """
    words = WORD.findall(folded(bare_title(article.title)))
    said = folded(article.lead[0][:600])
    name = folded(bare_title(article.title)).strip(" .")
    if said.strip(" .").removeprefix("the ") == name.removeprefix("the "):
        return False  # nothing but the title
    return bool(article.bold) or not words or any(word[:5] in said for word in words)


def define(article: Article) -> Definition:
    """ "Who is Ada Lovelace?", "What is a hash table?", "Who are Bleeker?" """
    opening = without_parentheticals(split_sentences(article.lead[0][:LONGEST_SENTENCE])[0])
    person = is_person(article, opening)
    subject = _by_the_lead(article, opening) or name_subject(article, opening, name=person)
    persons = subject.plural and (is_band(opening) or is_several_persons(article, opening))
    word = "Who" if person or persons else "What"
    verb = "are" if subject.plural else "is"
    name = subject.phrase.removesuffix("?") or subject.phrase
    phrase = subject.phrase
    if part := PART.search(article.title):
        name += part.group()  # "What is Harbour Lights (season 2)?": the name alone is the show's
    elif title_parenthesis := _written_out(article):
        name, phrase = f"{name} {title_parenthesis}", f"{phrase} {title_parenthesis}"
    return Definition(
        question=f"{word} {verb} {name}?",
        phrase=phrase,
        person=person,
        plural=subject.plural,
    )


# The name with which a lead begins (1), up to its verb (2): "The girls' tournament at the 2016
# Games was held".
LEADS_NAME = re.compile(
    r"(?:The |(?=(?:Men|Women|Boys|Girls|Mixed)\b))([^,.;:]{5,120}?(?:\d{4} [^,.;:]{3,80}?)?)"
    r" (was|were|is|are|will|took|began|begins|consisted|featured)\b"
)
# "Ice hockey at the 2016 Games – Girls' tournament": games of a year, and one of their events.
GAMES_TITLE = re.compile(r".*?\b((?:19|20)\d\d)\b.* – ")
# "Zedland during World War II": a land in a war.
WAR_TITLE = re.compile(
    r"((?:[A-Z][\w'-]+ )*[A-Z][\w'-]+) (?:in|during) (?:the )?"
    r"(?:World Wars?|Second World War|First World War)\b"
)


def _by_the_lead(article: Article, opening: str) -> Subject | None:
    """The lead's own name of its subject where the title is none that fits a sentence: "the
    girls' ice hockey tournament at the 2016 Games" for "Ice hockey at the 2016 Games – Girls'
    tournament", "the history of Zedland during World War II" for "Zedland during World War II".
    """
    named = LEADS_NAME.match(opening)
    if not named:
        return None
    name, verb = named[1], named[2]
    games = GAMES_TITLE.match(article.title)
    of_games = games and games[1] in name and article.title not in opening
    if not of_games and not (WAR_TITLE.match(article.title) and name.endswith(f" {article.title}")):
        return None
    several = verb in ("are", "were") or re.search(r"events\b(?! at)", name) is not None
    if not opening.startswith("The "):
        name = name[0].lower() + name[1:]  # "Men's races were": the sentence's capital
    return Subject(phrase=f"the {name}", plural=several)


def _written_out(article: Article) -> str:
    """The title's parenthesis where the lead has it within the name: "Call (Me Tonight)"."""
    name = bare_title(article.title)
    if name == article.title or article.title not in article.lead[0][:LONGEST_NAME]:
        return ""
    return article.title[len(name) :].strip()


MAKER = QuestionMaker(
    reading=ENGLISH,
    skip_reason=skip_reason,
    define=define,
    kinds=("definition", "facts", "sections"),
)
