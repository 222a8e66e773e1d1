"""Whether the beginning of a section answers the question that its heading promises; pure.

Three tests, each of which can only refuse: the text names the page's subject, it speaks of what is
asked from its first sentence on, and it reads well by itself. A section that fails one gives no
pair: a missing pair costs nothing, a wrong one is learnt.
"""

import re

from pipeline.clean import Article
from pipeline.clean.sentences import quotes_pair_up, split_sentences
from pipeline.questions.english_grammar import is_work, without_parentheticals
from pipeline.questions.normalize import bare_title, folded

SHORTEST = 60  # characters; a shorter section mostly points elsewhere
LONGEST = 700  # characters; a longer first sentence is a list or a document that is quoted
# --- what is said ---------------------------------------------------------------------------------
_NUMBER_OF_PEOPLE = (
    r"\d.*\b(?:population|people|inhabitants|residents|households|families|Hispanic|African)\b"
    r"|\b(?:population|inhabitants|residents|age)\b.*\d"
)
_YOUTH = (
    r"\b(?:born|birth|grew up|raised|brought up|educated|education|schools?|schooling|college"
    r"|university|studied|attended|graduated|childhood|boyhood|(?:eldest|youngest|only|first|second"
    r"|third|\w+th) (?:child|son|daughter)|(?:son|daughter|child|children) of|family|parents|father"
    r"|mother|orphan\w*)\b"
)
_WORK = (
    r"\b(?:beg[au]n\w*|career|debut\w*|joined|signed|played|plays|works?|worked|served|appointed"
    r"|elected|nominated|won|wins|drafted|turned pro\w*|appear\w+|taught|teach\w*|professor|founded"
    r"|formed|commissioned|star(?:s|red|ring)|record(?:s|ed)|made (?:his|her|their)|selected"
    r"|compet\w+|known for|directed|produced|wrote|published|earned|became|represent\w+|fights"
    r"|gold|silver|bronze|champion\w*|practi[cs]ed|opened|called up)\b"
)
_RELATIVES = (
    r"\b(?:marri\w+|wed|wife|husband|spouse|sons?|daughters?|child|children|partner|ex-wife|dat(?:ed"
    r"|ing)|divorc\w+|engaged|parents?|father|mother|brothers?|sisters?|siblings?|twins?|cousins?"
    r"|nephews?|nieces?|uncles?|aunts?|grand\w+|famil(?:y|ies)|descen\w+|ancest\w+)\b"
)
_LOOKS = (
    r"\b(?:black|white|brown|gr[ae]y|green|blue|red|reddish|yellow\w*|orange|pink|purple|dark|pale"
    r"|translucent|colou?r\w*|leaf|leaves|flowers?|petals?|stems?|branches|bark|wings?|wingspan"
    r"|forewings?|body|bodies|heads?|tails?|fins?|legs?|bills?|beaks?|eyes?|hair\w*|fur|scales?"
    r"|shells?|spines?|cap|gills|mantle|slender|stout|round\w*|oval|flat\w*|spots?|stripes?"
    r"|patterns?|plumage|crown|snout|teeth|horns?|tree|shrub|herb|vine)\b"
)
_HEADWAY = (
    r"\b(?:developed|development (?:began|started|of)|began|begun|started|designed|created"
    r"|conceived|originat\w+|prototype|built|written|wrote)\b"
)
# What the first sentence must speak of, by the heading. A heading that is not named needs nothing.
MUST_SAY: dict[str, str] = {
    **dict.fromkeys(
        ("history", "early history"),
        r"\b(?:founded|founder\w*|founding|foundation|establish\w+|formed|formation|creat\w+"
        r"|beg[aiu]n\w*|start(?:s|ed)|opened|built|construct\w+|introduc\w+|invent\w+|developed|first"
        r"|earliest|origin\w*|settle\w*|inhabit\w*|incorporat\w+|launch\w*|conceiv\w+|propos\w+"
        r"|dat(?:es?|ing) back|trac(?:es?|ed)|ancient|prehistor\w+|archae?ological"
        r"|(?:before|prior to) (?:the|European)|centur(?:y|ies)|arose|emerg\w+|evol\w+|deriv\w+"
        r"|designed|mentioned|announced|patented|merger|roots?|domesticated|laid out|credited"
        r"|recommended|standardi[sz]ed|coined|published|chartered|written|wrote)\b",
    ),
    **dict.fromkeys(
        (
            "early life",
            "early years",
            "childhood",
            "early life and education",
            "early life and career",
            "life",
            "biography",
        ),
        _YOUTH,
    ),
    **dict.fromkeys(
        (
            "career",
            "early career",
            "political career",
            "playing career",
            "club career",
            "international career",
            "coaching career",
            "professional career",
            "college career",
            "military career",
        ),
        _WORK,
    ),
    "personal life": (
        rf"{_RELATIVES}|\b(?:born|lives?|lived|resid\w+|relationship|hobb\w+|enjoys?|fan of|faith"
        r"|religio\w+|Christian|Catholic|Jewish|Muslim|vegetarian|vegan|gay|lesbian|bisexual"
        r"|fluent|diagnos\w+|suffer\w*|charit\w+|never|private)\b"
    ),
    "family": _RELATIVES,
    "education": r"\b(?:studi\w+|educat\w+|attend\w*|graduat\w+|degree|Ph\.?D|B\.?A|M\.?A)\b",
    "death": (
        r"\b(?:died? (?:\w+ )*?(?:of|from|due to|after)|killed|murder\w*|executed|shot|drowned"
        r"|suicide|heart|cancer|stroke|illness|disease|infarction|embolism|pneumonia|accident|crash"
        r"|assassinat\w+|poison\w*)\b"
    ),
    **dict.fromkeys(
        ("applications", "uses", "use", "usage"),
        r"\b(?:used?|uses|using|applied|applies|applications? (?:of|for|in|include|range)"
        r"|employed|serves?)\b",
    ),
    "advantages": r"\b(?:advantages?|benefits?|allows?|better|faster|reduc\w+|improv\w+|easier)\b",
    "disadvantages": r"\b(?:disadvantages?|drawbacks?|cannot|problems?|slower|difficult|less)\b",
    "limitations": r"\b(?:limit\w*|cannot|unable|restrict\w*)\b",
    "features": r"\b(?:features?|includes?|supports?|provides?|offers?|has|have|allows?|can)\b",
    "characteristics": (
        r"\b(?:characteri[sz]\w+|characteristics?|distinguish\w+|features?|typical\w*|tend|marked"
        r"|have|has|appear|ability|endowed)\b(?! been)"
    ),
    "types": r"\b(?:types?|kinds?|forms?|class\w*|categor\w+|varieties)\b.*(?:;| and )",
    "causes": r"\b(?:caus\w+|due to|because|results? (?:from|of)|arises?|factors?|leads? to)\b",
    **dict.fromkeys(
        ("definition", "definitions"),
        r"\b(?:is|are) (?:an?|the|any)\b|\bmeans?\b|\bdefined? (?:as|by|to)\b|\bdefines\b"
        r"|\brefers? to\b|\bdenotes?\b",
    ),
    "taxonomy": (
        r"\b(?:species|subspecies|subfamil(?:y|ies)|famil(?:y|ies)|gen(?:us|era)|order|class|clade"
        r"|phylum|tribe|described|classified|considered)\b"
    ),
    "legacy": (
        r"\b(?:legac\w+|influen\w+|inspir\w+|remember\w*|honou?r\w*|commemorat\w+|memorial\w*"
        r"|monuments?|named|known as|regarded|celebrat\w+|survives?|impact\w*"
        r"|pioneer\w*|awards?|tribute\w*|ranked|fame|affected|star on|helped|standard)\b"
    ),
    "aftermath": (
        r"\b(?:after|following|killed|wounded|losses|lost|casualties|dead|deaths?|surrender\w*"
        r"|results?|resulted|led to|contribut\w+|consequences?|ended|withdr\w+|remained|suffered"
        r"|failed|not achieved|succe\w+|occupation|reorgani[sz]\w+|negotiat\w+|memorial|attempted"
        r"|today|retaliation|continued|aftermath)\b"
    ),
    "diagnosis": r"\b(?:diagnos\w+|tests?|detect\w+|identif\w+|scans?|imaging)\b",
    "treatment": r"\b(?:treat\w*|therap\w+|surg\w+|medicat\w+|drugs?|manag\w+)\b",
    "prevention": r"\b(?:prevent\w*|avoid\w*|vaccin\w+|protect\w*|reduc\w+)\b",
    "population": r"\d,\d{3}|\b\d{3,}\b.*\b(?:people|inhabitants|residents)\b",
    **dict.fromkeys(
        ("reception", "critical reception"),
        r"\b(?:review\w*|critic\w*|prais\w+|received|rat(?:ed|ing)|stars|awards?|awarded|best|finest"
        r"|called|wrote|noted|named|described|acclaim\w*|admired|score)\b",
    ),
    **dict.fromkeys(
        ("chart performance", "commercial performance"),
        r"\b(?:charts?|debut\w*|peak\w*|number|sold|sales|top\w*|hit)\b",
    ),
    "geography": (
        r"\b(?:located|situated|lies|bounded|border\w*|area of|covers?|hills?|hilly|mountain\w*"
        r"|plains?|flat\w*|landscape|coast\w*|miles|km|divided"
        r"|(?-i:north|south|east|west|northern|southern|eastern|western))\b"
    ),
    "economy": (
        r"\b(?:econom\w+|industr\w+|agricultur\w+|employ\w*|touris\w+|income|manufactur\w+|crops?"
        r"|trade|GDP)\b"
    ),
    **dict.fromkeys(
        ("transport", "transportation"),
        r"\b(?:is|are|has|have|runs?|stops?) .*\b(?:roads?|rail\w*|bus\w*|stations?|airports?"
        r"|highways?|trams?|ferr\w+|motorway|line|routes?|lines|transport\w*|served)\b"
        r"|\b(?:roads|routes|highways)\b.* include",
    ),
    "demographics": _NUMBER_OF_PEOPLE,
    **dict.fromkeys(
        ("organization", "organisation", "structure"),
        r"\b(?:divided|consists?|compris\w+|composed|organi[sz]ed|structured|contains?|boards?"
        r"|core|organi[sz]ation was|located)\b",
    ),
    "administration": r"\b(?:administ\w+|govern\w*|council|mayor|district|divided|municipal\w*)\b",
    "government": r"\b(?:govern\w*|council|mayor|legislat\w+|president|parliament)\b",
    "development": _HEADWAY,
    "production": (
        r"\b(?:produced|production (?:of|for|began|started)|filmed|filming|shot|shooting|made"
        r"|manufactured|built|directed|conceived|distilled|based on|photography)\b"
    ),
    "recording": r"\brecord(?:ed|ing)\b",
    "release": r"\b(?:released|premiered|issued|published|distributed)\b",
    **dict.fromkeys(
        ("origin", "origins"),
        r"\b(?:origin\w*|began|came|introduc\w+|creat\w+|invent\w+|founded|deriv\w+|settled|first)\b",
    ),
    "etymology": (
        r"\b(?:name\w*|word|term|deriv\w+|comes from|came from|originat\w+|epithet|refers to"
        r"|etymology)\b"
    ),
    **dict.fromkeys(
        ("name", "origin of the name"),
        r"\b(?:deriv\w+|comes? from|came from|named (?:after|for)|after|means?|meaning|originat\w+"
        r"|called .* from)\b",
    ),
    "location": r"\b(?:located|lies?|situated|bordered|borders)\b",
    "climate": r"\b(?:climate|temperature\w*|rain\w*|weather|humid|winters?|summers?|Köppen)\b",
    "criticism": (
        r"\bcriti\w+(?=.*\b(?:as (?!much|the\b)|for|that|over|lack|includ\w+|because|claim\w*"
        r"|argu\w+|denounc\w+|by|essay))|\bcontrovers\w+|\baccus\w+|\bcomplain\w+|\bobject\w+"
    ),
    **dict.fromkeys(
        ("conservation", "conservation status"),
        r"\b(?:endanger\w+|threaten\w*|vulnerable|IUCN|least concern|protected|extinct\w*|rare)\b",
    ),
    **dict.fromkeys(
        ("distribution", "range", "distribution and habitat", "habitat and distribution"),
        r"\b(?:found|occurs?|native|endemic|distribut\w+|inhabits?|ranges?|lives?|resident"
        r"|extinct)\b",
    ),
    "habitat": r"\b(?:found|lives?|inhabits?|terrestrial|marine|coastal|aquatic|occurs?|located)\b",
    "reproduction": (
        r"\b(?:reproduc\w+|breed\w*|eggs?|mat(?:e|es|ing)|spawn\w*|young|pups?|seeds?|gestation)\b"
    ),
    "breeding": r"\b(?:breed\w*|eggs?|nest\w*|mat(?:e|es|ing)|young|clutch)\b",
    "life cycle": (
        r"\b(?:stages?|eggs?|larva\w*|hatch\w*|metamorph\w*|juveniles?|adults?|pupa\w*)\b"
    ),
    "music video": r"\bvideo\b",
    **dict.fromkeys(("feeding", "diet"), r"\b(?:feeds?|eats?|diet|prey|fed|food|consum\w+)\b"),
    "musical style": r"\b(?:style|genres?|rock|punk|metal|pop|jazz|folk|hip.hop|music)\b",
    "gameplay": r"\b(?:game|games|gameplay|players?|campaign)\b",
    "themes": r"\b(?:themes?|deals? with|explores?)\b",
    "architecture": r"\b(?:built|building|designed|architect\w*|style)\b",
}
_MUST_SAY = {heading: re.compile(pattern, re.IGNORECASE) for heading, pattern in MUST_SAY.items()}
# What the first sentence must not speak of: it begins before the matter, or beside it.
MUST_NOT_SAY: dict[str, str] = {
    **dict.fromkeys(
        (heading for heading, said in MUST_SAY.items() if said == _WORK),
        r"\b(?:born|school|schools|undergraduate|graduate of|widowed|lost (?:his|her))\b",
    ),
    **dict.fromkeys(
        ("development", "production", "recording"),
        r"\b(?:announc\w+|confirm\w+|reveal\w+|rights|reported)\b",
    ),
    "release": (
        r"\b(?:announc\w+|schedul\w+|postpon\w+|delay\w*|posters?|trailers?|rights|prior to"
        r"|single)\b"
    ),
    **dict.fromkeys(
        ("description", "appearance"), r"\b(?:similar (?:in appearance )?to|one of a group)\b"
    ),
    "aftermath": r"^Before\b",
    "economy": r"\b(?:was|were) (?:\w+ )?(?:based|built|dependent|dominated)\b",
    "background": r"\b(?:interview|currently|announced|stated that|revealed|claimed)\b",
}
_MUST_NOT_SAY = {
    heading: re.compile(pattern, re.IGNORECASE) for heading, pattern in MUST_NOT_SAY.items()
}
_SEEN = re.compile(_LOOKS, re.IGNORECASE)
_TRAITS = 2  # different words for looks that a description has at least
# How a work came about: what its background is.
_COMES_ABOUT = re.compile(
    r"\b(?:written|wrote|recorded|conceived|idea|inspired|began|started|composed|produced|developed"
    r"|created)\b",
    re.IGNORECASE,
)
NAMED_ONE_BY_ONE = frozenset(
    str.split("types advantages disadvantages features characteristics applications uses")
)
NAMES_NONE = re.compile(
    r"\b(?:several|various|many|different|numerous|an? (?:large |wide |great )?number of)"
    r" (?:[\w'’-]+ ){0,4}(?:types|kinds|ways|forms|features|characteristics|advantages"
    r"|applications)\b",
    re.IGNORECASE,
)


def speaks_of(heading: str, answer: str, *, work: bool) -> bool:
    """Whether the text speaks of what its heading promises, from its first sentence on."""
    # The first sentence decides: a section that comes to its matter late begins with something
    # else, which would then be the answer.
    first = split_sentences(answer)[0]
    if heading in _MUST_NOT_SAY and _MUST_NOT_SAY[heading].search(first):
        return False
    if heading in ("description", "appearance"):
        return len({word.casefold() for word in _SEEN.findall(answer)}) >= _TRAITS
    if heading == "background" and work:
        return _COMES_ABOUT.search(first) is not None
    if heading in NAMED_ONE_BY_ONE and NAMES_NONE.search(answer):
        return False
    return heading not in _MUST_SAY or _MUST_SAY[heading].search(first) is not None


# --- whom it is said of ---------------------------------------------------------------------------

# These need not name the subject: what their first sentence must say ties them to it, or they tell
# what came before it.
NEEDS_NO_NAME = frozenset(
    ("plot", "plot summary", "synopsis", "etymology", "name", "origin of the name", "background")
) | {"music video"}
# Here the subject may be named later, after the name of who judges it.
NAMED_ANYWHERE = frozenset(
    ("reception", "critical reception", "criticism", "chart performance", "gameplay")
) | {"commercial performance", "aftermath"}
WORD = re.compile(r"[^\W_]{3,}")
_OPENING_PRONOUN = re.compile(
    r"(?:(?:In|On|At|After|Before|From|Since|During|By|As|Born|Upon|With|Following|Under"
    r"|Physically)\b[^,;]{0,80}, )?(?:it|he|she|they|his|her|its|their)\b",
    re.IGNORECASE,
)
_CALLED = re.compile(
    r"\b(?:is|are|was|were) (?:an?|the|one of the) ([^,.;:]*?)"
    r"(?= (?:of|in|at|by|from|for|that|which|who|on|to|between|located|situated|based|released"
    r"|held|fought|and)\b|[,.;:]|$)"
)
_NOUN = re.compile(r"\b[a-z]{4,}$")
_OF_ANY_PLACE = ("area", "region")


def names_subject(text: str, article: Article) -> bool:
    """Whether a text names the page's subject: by its title, by another name that the lead prints
    in bold capitals, by a pronoun that opens the text, or as what the lead calls it ("the town").
    """
    if _OPENING_PRONOUN.match(text) or _has_name(text, article):
        return True
    noun = called(article)
    nouns = {noun, *(_OF_ANY_PLACE if "geography" in article.infobox_classes else ())} - {""}
    return any(re.search(rf"\b[Tt]he {noun}\b", text) for noun in nouns)


_SOMEBODY = re.compile(r"\b(?:he|she|him|his|her|hers)\b", re.IGNORECASE)
_CAPITALISED = re.compile(r"\b[A-Z][^\W\d_]{2,}")


def speaks_of_somebody_unnamed(answer: str, article: Article) -> bool:
    """Whether an answer about a work says "her" of its maker, whom only the lead names."""
    somebody = _SOMEBODY.search(answer)
    if not somebody:
        return False
    title = set(_CAPITALISED.findall(article.title))
    makers = set(_CAPITALISED.findall(split_sentences(article.lead[0][:2_000])[0])) - title
    return is_work(article, article.lead[0]) and makers.isdisjoint(
        _CAPITALISED.findall(answer[: somebody.start()])
    )


def called(article: Article) -> str:
    """The noun by which the lead calls its subject: "town", "album"; "" where there is none."""
    first = split_sentences(without_parentheticals(article.lead[0][:2_000]))[0]
    said = _CALLED.search(first)
    noun = _NOUN.search(said[1].strip()) if said else None
    return noun[0] if noun else ""


def _has_name(text: str, article: Article) -> bool:
    """Whether a text has the page's title, a word that only its title has, or an acronym of it."""
    said = folded(text)
    words = {_stem(word) for word in WORD.findall(said)}
    title = bare_title(article.title).split(",", 1)[0]
    named = [_stem(word) for word in WORD.findall(folded(title))]
    # Words that the page writes small are of its kind ("Battle", "River"): one of them names
    # nothing, but all of them together do.
    small = {_stem(word) for word in WORD.findall(article.lead[0]) if word.islower()}
    own = [word for word in named if word not in small]
    if not named:
        return folded(title) in said
    if any(word in words for word in own) or (not own and all(word in words for word in named)):
        return True
    return any(name.isupper() and _stands(name, text) for name in article.bold[:10])


def _stem(word: str) -> str:
    """What the forms of a word share: "Italian" and "Italy", "Books" and "book"."""
    return word.removesuffix("s")[:4]


def _stands(name: str, text: str) -> bool:
    """Whether a name is in a text as a whole word."""
    return re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) is not None


# --- how it reads ---------------------------------------------------------------------------------

# How an answer does not begin: it points back, or to something that is not there.
POINTS_BACK = re.compile(
    r"(?:This|That|These|Those|However|Another|Other|Also|In addition|Additionally|Furthermore"
    r"|Moreover|Similarly|Therefore|Thus|Instead|Meanwhile|Later|Then|Afterwards|Subsequently|Both"
    r"|More modern|The (?:following|above|latter|former|table|list|chart|map|next)"
    r"|See |Note|List of"
    r"|Main article|As (?:described|mentioned|noted|shown|above)|Here|Below|And |But |Or |So )\b"
)
# Words that point to something before them, where nothing comes before them.
_POINTS_TO_NOTHING = re.compile(r"\b(?:[Tt]his|[Tt]hese|[Tt]hose) (?!who\b|that\b|of\b)[a-z]+")
# Sentences have a finite verb; "Born in Oslo." and "An area of lakes." have none.
FINITE = re.compile(
    r"\b(?:is|are|was|were|has|have|had|does|do|did|can|could|may|might|will|would"
    r"|shall|should|must"
    r"|\w{2,}(?:ed|es|s)|began|became|came|went|left|made|took|grew|rose|led|ran|won|wrote|met"
    r"|gave|got|held|built|found|spent|said|lay|fell|drew|saw|sold|fought|sent|kept|lost|set|put)\b"
)
FRAGMENT = re.compile(r"(?:Born|Located|Situated|Based|Raised|Covered|An?|The) [^,]*\.$")
VERB_OF_FRAGMENT = re.compile(
    r"\b(?:is|are|was|were|has|have|had|can|may|will|would|became|began|(?!United\b)\w{3,}ed"
    r"|lies|runs|stands|covers|flows|extends|borders|includes|contains|consists|comprises|lives"
    r"|forms|serves|rises|makes|takes|gives|goes|comes|belongs)\b"
)
# What is said elsewhere, or continues what came before.
ELSEWHERE = re.compile(
    r"\b(?:detailed|described|covered|discussed|explained|found|listed) in (?:the|an?|this) (?:main"
    r" |separate )?(?:article|page|section)|^(?:[\w’'-]+ ){1,5}(?:had|have|has|were|was) also\b"
)
LABELLED = re.compile(r"[A-Z][a-z]+(?: [a-z]+){0,2}: (?=[\d(])")  # "Population: 4,512 (2010)"
STATE = re.compile(
    r"\b(?:situated|located|based|bounded|surrounded|dotted|named|called|known|born)\b"
)
OF_PLACES = frozenset(("geography", "location", "climate", "demographics", "economy"))
FINITE_OF_A = re.compile(
    r"\b(?:is|are|was|were|has|have|had|can|may|could|will|would|do|does|did|[a-z]{3,}ed"
    r"|began|became|came|went|left|made|took|grew|led|ran|won|wrote|saw|held|found|said)\b"
)
# A source's own slips: sentences without their stop or their subject, words without their blank.
SLIPS = re.compile(
    r"[\w)\"”] (?:He|She|They|It) [a-z]+"
    r"|[a-z]{3,}[.!?] (?!com\b)[a-z]+ "
    r"|(?:^|[.!?] )(?:Was|Were|Is|Are|Has|Had|Played|Made|Tallied|Won|Finished|Recorded|Finally"
    r" [a-z]+ed) "
    r"|[a-z],[A-Za-z]{2}|[a-z]{2}\.[A-Z][a-z]|\w\.[a-z] | [<>²] ?"
    r"|^(?:[\w.’'()-]+ ){0,3}[\w.’'()-]+, (?:was|is|were|are|has) "
    r"|[.!?] \d[^.!?]*(?:meters|metres|feet|miles) above sea level\."
    r"|\b(?:outlined|described|shown|listed|given|discussed) (?:below|above)\b"
    r"|\b(?:chosen|selected|cast) for the (?:role|part) (?:to|and|because|as)\b"
    r"|\bfollowing [a-z]+: |\? ?/|\b(?:or|and|the|of)\.(?:\s|$)"
    r"|[\d-]acres? \([\d.,]+ km\)|bbl/d \([\d.,]+ m/d\)"
)
# A list that lost its marks: "two kinds of newt: Crested newts have a crest."
RUN_ON_LIST = re.compile(r": [A-Z][a-z]+ (?:\([^)]*\) )?[a-z]")


def reads_well(heading: str, answer: str, title: str) -> bool:
    """Whether a text makes sense by itself: whole sentences that point to nothing outside of it."""
    if not SHORTEST <= len(answer) <= LONGEST:
        return False
    first = split_sentences(answer)[0]
    if POINTS_BACK.match(answer) or _POINTS_TO_NOTHING.search(first) or SLIPS.search(answer):
        return False
    if not all(FINITE.search(sentence) for sentence in split_sentences(answer)):
        return False
    if ELSEWHERE.search(first) or LABELLED.match(first):
        return False
    if FRAGMENT.match(first) and not VERB_OF_FRAGMENT.search(first):
        return False
    if ";" not in answer and RUN_ON_LIST.search(answer.replace(title, "")):
        return False
    verbless = first.startswith(("A ", "An ")) and not FINITE_OF_A.search(STATE.sub("", first))
    return not (heading in OF_PLACES and verbless) and _is_closed(answer)


def _is_closed(answer: str) -> bool:
    """Whether every bracket and quotation that the text opens is closed in it."""
    if answer.count("[") != answer.count("]") or answer.count("“") != answer.count("”"):
        return False
    return answer.count('"') % 2 == 0 and quotes_pair_up(answer)


# A text that goes on like this completes the last sentence before it.
_GOES_ON = re.compile(
    r"\s*(?:Of (?:those|these|them)|These (?:are|were|include)|They include|That is"
    r"|In other words)\b"
)
_ANNOUNCES = re.compile(
    r"There (?:are|were) (?![^.]*:)(?:[a-z]+ ){0,5}(?:reasons|stages|types|kinds|ways|forms"
    r"|theories|versions)\b|[^,]*\bcredited with an? \w+ \w+\b"
)


def without_unfinished(answer: str, following: str) -> str:
    """The answer without a last sentence whose point comes in the text that follows; "" where none
    is left.
    """
    sentences = split_sentences(answer)
    if _GOES_ON.match(following) or (sentences and _ANNOUNCES.match(sentences[-1])):
        return " ".join(sentences[:-1])
    return answer
