"""Sections become questions: "What is the history of Paris?" from "History", for headings that have
a grammatical question; pure.
"""

import re

from pipeline.clean import Article
from pipeline.clean.sentences import split_sentences
from pipeline.questions.answers import AnswerBounds, bounded
from pipeline.questions.grammar import Subject, base_title, without_parentheticals

# {x} is the subject; {is}, {was} and {does} agree with it.
OF_ANYTHING = {
    "legacy": "What is the legacy of {x}?",
    "name": "Where does the name of {x} come from?",
    "etymology": "What is the etymology of {x}?",
    "origin of the name": "Where does the name of {x} come from?",
    "criticism": "How {is} {x} criticised?",
    "influence": "What is the influence of {x}?",
    "influences": "What are the influences of {x}?",
    "significance": "What is the significance of {x}?",
    "musical style": "What is the musical style of {x}?",
    "style": "What is the style of {x}?",
}
OF_PEOPLE = {
    "early life": "What {was} the early life of {x} like?",
    "early years": "What {was} the early life of {x} like?",
    "childhood": "What {was} the childhood of {x} like?",
    "early life and education": "What {was} the early life of {x} like?",
    "early life and career": "What {was} the early life of {x} like?",
    "life": "What {was} the life of {x} like?",
    "biography": "What {was} the life of {x} like?",
    "career": "What {was} the career of {x} like?",
    "early career": "What {was} the early career of {x} like?",
    "personal life": "What is known of the personal life of {x}?",
    "family": "What is known of the family of {x}?",
    "education": "Where did {x} study?",
    "death": "How did {x} die?",
    "later life": "What {was} the later life of {x} like?",
    "political career": "What {was} the political career of {x} like?",
    "playing career": "What {was} the playing career of {x} like?",
    "club career": "What {was} the club career of {x} like?",
    "international career": "What {was} the international career of {x} like?",
    "coaching career": "What {was} the coaching career of {x} like?",
    "professional career": "What {was} the professional career of {x} like?",
    "college career": "What {was} the college career of {x} like?",
    "military career": "What {was} the military career of {x} like?",
}
OF_THINGS = {
    "history": "What is the history of {x}?",
    "early history": "What is the early history of {x}?",
    "origin": "What is the origin of {x}?",
    "origins": "What are the origins of {x}?",
    "background": "What is the background of {x}?",
    "aftermath": "What is the aftermath of {x}?",
    "geography": "What is the geography of {x}?",
    "location": "Where {is} {x}?",
    "climate": "What is the climate of {x}?",
    "geology": "What is the geology of {x}?",
    "demographics": "What are the demographics of {x}?",
    "population": "What is the population of {x}?",
    "economy": "What is the economy of {x}?",
    "culture": "What is the culture of {x}?",
    "government": "How {is} {x} governed?",
    "politics": "What are the politics of {x}?",
    "administration": "How {is} {x} administered?",
    "organization": "How {is} {x} organized?",
    "organisation": "How {is} {x} organised?",
    "transport": "What is transport like in {x}?",
    "transportation": "What is transportation like in {x}?",
    "architecture": "What is the architecture of {x}?",
    "design": "What is the design of {x}?",
    "plot": "What is the plot of {x}?",
    "plot summary": "What is the plot of {x}?",
    "synopsis": "What is the plot of {x}?",
    "production": "How {was} {x} produced?",
    "development": "How {was} {x} developed?",
    "recording": "How {was} {x} recorded?",
    "composition": "What is the composition of {x}?",
    "themes": "What are the themes of {x}?",
    "gameplay": "What is the gameplay of {x}?",
    "reception": "How {was} {x} received?",
    "critical reception": "How did critics receive {x}?",
    "release": "How {was} {x} released?",
    "music video": "What is the music video of {x} like?",
    "chart performance": "How did {x} perform in the charts?",
    "commercial performance": "How did {x} perform commercially?",
    "structure": "What is the structure of {x}?",
    "function": "What is the function of {x}?",
    "purpose": "What is the purpose of {x}?",
    "definition": "What is the definition of {x}?",
    "definitions": "What are the definitions of {x}?",
    "characteristics": "What are the characteristics of {x}?",
    "features": "What are the features of {x}?",
    "applications": "What are the applications of {x}?",
    "uses": "What are the uses of {x}?",
    "use": "How {is} {x} used?",
    "usage": "How {is} {x} used?",
    "types": "What are the types of {x}?",
    "examples": "What are examples of {x}?",
    "advantages": "What are the advantages of {x}?",
    "disadvantages": "What are the disadvantages of {x}?",
    "limitations": "What are the limitations of {x}?",
    "causes": "What are the causes of {x}?",
    "symptoms": "What are the symptoms of {x}?",
    "signs and symptoms": "What are the signs and symptoms of {x}?",
    "diagnosis": "How {is} {x} diagnosed?",
    "treatment": "How {is} {x} treated?",
    "prevention": "How can {x} be prevented?",
}
OF_SPECIES = {
    "description": "What {does} {x} look like?",
    "appearance": "What {does} {x} look like?",
    "distribution": "What is the distribution of {x}?",
    "distribution and habitat": "What are the distribution and habitat of {x}?",
    "habitat": "What is the habitat of {x}?",
    "habitat and distribution": "What are the habitat and distribution of {x}?",
    "range": "What is the range of {x}?",
    "taxonomy": "What is the taxonomy of {x}?",
    "ecology": "What is the ecology of {x}?",
    "biology": "What is the biology of {x}?",
    "behavior": "What is the behavior of {x}?",
    "behaviour": "What is the behaviour of {x}?",
    "diet": "What is the diet of {x}?",
    "feeding": "How {does} {x} feed?",
    "reproduction": "How {does} {x} reproduce?",
    "breeding": "How {does} {x} breed?",
    "life cycle": "What is the life cycle of {x}?",
    "conservation": "What is the conservation status of {x}?",
    "conservation status": "What is the conservation status of {x}?",
}
# How a thing that is counted ("a port") is named where its kind is spoken of: "the history of the
# port", "the types of port", "the etymology of port".
OF_THE_KIND = frozenset(
    str.split("history origin origins influence influences significance legacy style name")
) | {"early history", "musical style", "origin of the name"}
OF_THE_WORD = frozenset(("types", "etymology", "definition", "definitions"))
# Chapters about one work or one firm; of a kind of thing ("the production of a car", "the
# composition of a bijection") they tell something else.
OF_ONE_THING = frozenset(
    str.split(
        "production composition recording release reception development themes plot design culture"
    )
)
SHORTEST = 60  # characters; a shorter section mostly points elsewhere
SHORTEST_OF_LIFE = 90  # characters; a life or career in fewer words is not told

# What the answer must speak of, by the heading; without it the section begins elsewhere, and there
# is no pair. A heading that is not named here needs nothing.
_PEOPLE = r"\b(?:population|people|inhabitants|residents|households|families|age)\b"
MUST_SAY: dict[str, str] = {
    **dict.fromkeys(
        ("applications", "uses", "use", "usage"),
        r"\buse[ds]?\b|\busing\b|\bappl(?:y|ie[ds]|ications?)\b|\bserves?\b|\bemployed\b",
    ),
    "advantages": r"\b(?:advantages?|benefits?|allows?|better|faster|reduc\w+|improv\w+|easier)\b",
    "disadvantages": (
        r"\b(?:disadvantages?|drawbacks?|cannot|problems?|slower|difficult|less"
        r"|more)\b"
    ),
    "limitations": r"\b(?:limit\w*|cannot|unable|restrict\w*|not)\b",
    "features": r"\b(?:features?|includes?|supports?|provides?|offers?|has|have|allows?)\b",
    "characteristics": r"\b(?:is|are|has|have|characteri[sz]\w+)\b",
    "types": r"\b(?:types?|kinds?|forms?|class\w*|categor\w+|varieties)\b.*(?:[;,:]| and | or )",
    "examples": r"\b(?:examples?|such as|include\w*|instance)\b",
    "causes": r"\b(?:caus\w+|due to|because|results? (?:from|of)|arises?|factors?|leads? to)\b",
    **dict.fromkeys(
        ("definition", "definitions"),
        r"\b(?:is|are) (?:an?|the|any)\b|\bmeans?\b|\bdefined? (?:as|by|to)\b|\bdefines\b"
        r"|\brefers? to\b|\bdenotes?\b|\bdefinition\b.*(?::| as\b| is (?:an?|the|that)\b)",
    ),
    "taxonomy": (
        r"\b(?:species|subspecies|famil(?:y|ies)|gen(?:us|era)|order|class|clade|phylum|tribe"
        r"|described|classified|synonym\w*)\b"
    ),
    "legacy": (
        r"\b(?:legac\w+|influen\w+|inspir\w+|remember\w*|honou?r\w*|commemorat\w+|memorial\w*"
        r"|monuments?|named (?:after|for|in)|considered|regarded|recogni[sz]\w+|credited"
        r"|celebrat\w+|still|today|since|later|last(?:s|ed|ing)|surviv\w+|impact\w*|pioneer\w*|award\w*"
        r"|famous|known|tribute\w*|popular\w*|success\w*|led to|became|remains?|ranked|modern)\b"
    ),
    "influence": r"\b(?:influen\w+|inspir\w+|impact\w*|effect\w*|adopt\w+|led to|imitat\w+)\b",
    "influences": r"\b(?:influen\w+|inspir\w+|impact\w*|effect\w*|cited|like|from)\b",
    "personal life": (
        r"\b(?:marri\w+|wed\w*|wife|husband|spouse|sons?|daughters?|child\w*|partner|lives?"
        r"|lived|resid\w+|born|famil\w+|relationship|dat(?:ed|ing)|divorc\w+|parents?|father"
        r"|mother|brothers?|sisters?|siblings?|twins?|cousin|nephew|uncle|grand\w+|hobb\w+|enjoy\w*"
        r"|fan|faith|religio\w+|Christian|Catholic|Jewish|Muslim|vegetarian|vegan|gay|lesbian"
        r"|bisexual|engaged|home|speaks?|fluent|friends?|studi\w+|diagnos\w+|suffer\w*|charit\w+"
        r"|died|owns?|interests?|collects?|moved|arrested|believ\w+|private)\b"
    ),
    "family": (
        r"\b(?:marri\w+|wife|husband|sons?|daughters?|child\w*|born|famil\w+|parents?|father"
        r"|mother|brothers?|sisters?|siblings?|twins?|cousins?|nephews?|uncles?|grand\w+|descend\w+"
        r"|ancest\w+)\b"
    ),
    "diagnosis": r"\b(?:diagnos\w+|tests?|detect\w+|identif\w+|scans?|imaging)\b",
    "treatment": r"\b(?:treat\w*|therap\w+|surg\w+|medicat\w+|drugs?|manag\w+)\b",
    "prevention": r"\b(?:prevent\w*|avoid\w*|vaccin\w+|protect\w*|reduc\w+)\b",
    "population": r"\d,\d{3}|\b\d{3,}\b.*\b(?:people|inhabitants|residents)\b",
    **dict.fromkeys(
        ("reception", "critical reception"),
        r"\b(?:review\w*|critic\w*|prais\w+|received|rat(?:ed|ing)|stars|award\w*"
        r"|said|called|wrote|writ\w+|states?|noted|named|described|viewed|acclaim\w*)\b",
    ),
    "geography": (
        r"\b(?:locat\w+|situated|lies|area|river|lake|mountain\w*|hills?|coast|km|border\w*|bounded"
        r"|covers|located|north\w*|south\w*)\b"
    ),
    "economy": (
        r"\b(?:econom\w+|industr\w+|agricultur\w+|employ\w*|business\w*|touris\w+|compan\w+"
        r"|incomes?|factor\w+|manufactur\w+|crops?|trade|farm\w*|GDP|fishing|labor|labour|market\w*)\b"
    ),
    "politics": (
        r"\b(?:elect\w*|vot\w+|part(?:y|ies)|council\w*|govern\w*|politic\w+|represent\w+"
        r"|ruled|sovereign\w*)\b"
    ),
    **dict.fromkeys(
        ("transport", "transportation"),
        r"\b(?:roads?|rail\w*|bus\w*|stations?|airports?|highways?|trams?|ferr\w+|motorway|line)\b",
    ),
    "demographics": rf"\d%|\d.*{_PEOPLE}|{_PEOPLE}.*\d",
    **dict.fromkeys(
        ("organization", "organisation", "structure"),
        r"\b(?:divided|divisions?|departments?|units|branch\w*|consists?|compris\w+|composed"
        r"|organi[sz]ed|structured|groups|boards?|committees?|parts|layers?|chapters|chains?)\b",
    ),
    "administration": (
        r"\b(?:administ\w+|govern\w*|councils?|mayors?|district|divided"
        r"|municipal\w*)\b"
    ),
    "government": r"\b(?:govern\w*|councils?|mayors?|elect\w*|legislat\w+|president|parliament)\b",
    "development": (
        r"\b(?:develop\w*|began|begun|start\w*|design\w*|creat\w+|writt\w+|wrote|announc\w+|built"
        r"|conceiv\w+|originat\w+|prototype)\b"
    ),
    "production": (
        r"\b(?:produc\w+|film\w*|shot|shoot\w*|record\w*|made|manufactur\w+|built"
        r"|direct\w+)\b"
    ),
    "recording": r"\brecord\w*\b|\bstudio\b|\bsessions?\b",
    "release": r"\breleas\w+\b|\bpremier\w+\b|\bissued\b|\bpublished\b",
    "design": (
        r"\b(?:design\w*|built|shape\w*|style\w*|construct\w+|consists?|features?|has"
        r"|have)\b"
    ),
    "origin": r"\b(?:origin\w*|from|first|began|came|introduc\w+|creat\w+|invent\w+|founded)\b",
    "origins": r"\b(?:origin\w*|from|first|began|came|introduc\w+|creat\w+|invent\w+|founded)\b",
    "etymology": (
        r"\b(?:name\w*|word|term|deriv\w+|Latin|Greek|from|mean\w*|called|epithet"
        r"|origin\w*)\b"
    ),
    "name": r"\b(?:name\w*|word|deriv\w+|called|mean\w*)\b",
    "origin of the name": r"\b(?:name\w*|word|deriv\w+|called|mean\w*)\b",
    "education": (
        r"\b(?:studi\w+|educat\w+|attend\w*|graduat\w+|school|college|university|degree|Ph\.?D)\b"
    ),
    "death": r"\b(?:die[ds]?|death|killed|murdered|executed|shot|drowned|suicide|passed)\b",
    "location": r"\b(?:locat\w+|lies?|situated|in|at|on|near|between)\b",
    "climate": r"\b(?:climate|temperature\w*|rain\w*|weather|humid|winters?|summers?|Köppen)\b",
    "criticism": r"\bcriti\w+|\bcontrovers\w+|\baccus\w+|\bcomplain\w+|\bobject\w+",
    "conservation": (
        r"\b(?:endanger\w+|threaten\w*|vulnerable|IUCN|concern|protect\w+|extinct\w*"
        r"|rare)\b"
    ),
    "conservation status": (
        r"\b(?:endanger\w+|threaten\w*|vulnerable|IUCN|concern|protect\w+|extinct\w*|rare)\b"
    ),
    "distribution": (
        r"\b(?:found|occurs?|known|native|endemic|from|distribut\w+|described|inhabits?"
        r"|range)\b"
    ),
    "reproduction": (
        r"\b(?:reproduc\w+|breed\w*|eggs?|mat(?:e|es|ing)|spawn\w*|young|pups?|seeds?"
        r"|gestation)\b"
    ),
    "breeding": r"\b(?:breed\w*|eggs?|nest\w*|mat(?:e|es|ing)|young|clutch)\b",
    "culture": r"\b(?:cultur\w+|tradition\w*|customs?|festivals?|heritage|arts?|music|people)\b",
    "music video": (
        r"\b(?:shows?|features?|depicts?|sees|scenes?|plays?|sings?|singing|dances?|dancing|wear\w*"
        r"|footage|animated|shot|filmed|begins|opens|starts|story|set in|takes place|performing)\b"
    ),
    **dict.fromkeys(
        ("description", "appearance"),
        r"\b(?:black|white|brown|gr[ae]y|green|blue|red|reddish|yellow\w*|orange|pink|purple|dark"
        r"|pale|colou?r\w*|leaf|leaves|flowers?|petals?|stems?|branches|bark|roots?|wings?|wingspan"
        r"|forewings?|bod(?:y|ies)|heads?|tails?|fins?|legs?|bills?|beaks?|eyes?|hair\w*|fur|scales?"
        r"|shells?|spines?|cap|gills|shape\w*|slender|stout|round\w*|oval|flat\w*|thick|spots?"
        r"|stripes?|patterns?|plumage|crown|snout|teeth|horns?|tree|shrub|herb|vine)\b",
    ),
    **dict.fromkeys(
        ("early life", "early years", "childhood", "early life and education"),
        r"\b(?:born|birth|grew|raised|rais\w+|brought up|educat\w+|schools?|colleges?|universit\w+"
        r"|father|mother|parents?|famil\w+|sons?|daughters?|child\w*|stud\w+|attend\w*|youth|young"
        r"|age|moved|graduat\w+|brothers?|sisters?|orphan\w*|apprentic\w+|boyhood|teen\w*)\b",
    ),
    "feeding": r"\b(?:feeds?|eats?|diet|prey|fed|food|graz\w+|consum\w+)\b",
    "diet": r"\b(?:feeds?|eats?|diet|prey|food|consum\w+)\b",
}
_MUST_SAY = {heading: re.compile(pattern, re.IGNORECASE) for heading, pattern in MUST_SAY.items()}
# How an answer does not begin: it points back, or to something that is not there.
POINTS_BACK = re.compile(
    r"(?:This|That|These|Those|However|Another|Other|Also|In addition|Additionally|Furthermore"
    r"|Moreover|Similarly|Therefore|Thus|Instead|Meanwhile|Later|Then|Afterwards|Subsequently|Both"
    r"|More modern|The (?:following|above|latter|former|table|list|chart|map|next)"
    r"|See |Note|List of"
    r"|Main article|As (?:described|mentioned|noted|shown|above)|Here|Below|And |But |Or |So )\b"
)
# Sentences have a finite verb; "Born in Oslo." and "An area of lakes." have none.
FINITE = re.compile(
    r"\b(?:is|are|was|were|has|have|had|does|do|did|can|could|may|might|will|would"
    r"|shall|should|must"
    r"|\w{2,}(?:ed|es|s)|began|became|came|went|left|made|took|grew|rose|led|ran|won|wrote|met"
    r"|gave|got|held|built|found|spent|said|lay|fell|drew|saw|sold|fought|sent|kept|lost|set|put)\b"
)
FRAGMENT = re.compile(r"(?:Born|Located|Situated|Based|Raised|An?|The) [^,]*\.$")


def section_pairs(
    article: Article, subject: Subject, bounds: AnswerBounds, *, person: bool
) -> list[tuple[str, str]]:
    """A question and its answer for every chapter of prose whose heading has a grammatical
    question that its beginning answers, in the page's order.
    """
    species = "biota" in article.infobox
    forms = OF_ANYTHING | (
        OF_PEOPLE if person else OF_THINGS | OF_SPECIES if species else OF_THINGS
    )
    words = {"x": subject.phrase, "is": "is", "was": "was", "does": "does"}
    if subject.plural:
        words |= {"is": "are", "was": "were", "does": "do"}
    past = not person and _is_of_the_past(article)
    if past:
        words |= {"is": words["was"], "does": "did"}
    counted = COUNTED.match(subject.phrase) is not None
    asked: dict[str, str] = {}
    for section in article.sections:
        heading = section.heading.casefold()
        form = forms.get(heading) if section.level == 2 else None
        of_a_part = counted and heading in OF_ONE_THING
        of_what_was = past and heading in OF_A_STATE
        of_the_war = heading in OF_AN_EVENT and IN_A_WAR.search(article.title)
        if of_a_part or of_what_was or of_the_war:
            form = None
        if form is None or (answer := bounded(section.paragraphs, bounds)) == "":
            continue
        if heading in OF_ITS_PAST and not names_subject(answer, article.title):
            continue
        if answers_heading(heading, answer, life=person and form.startswith("What {was} ")):
            # In "What was the life of X like?" the verb is the life's, not X's.
            verbs = words | {"x": _named(subject.phrase, heading)}
            if form.startswith("What {was} the "):
                verbs["was"] = "was"
            elif heading == "production" and subject.phrase.islower():
                verbs["was"] = words["is"]  # a kind of thing is made again and again
            asked.setdefault(form.format(**verbs), answer)
    return list(asked.items())


def _is_of_the_past(article: Article) -> bool:
    """Whether the lead speaks of its subject in the past: a dissolved state, lands in a war."""
    verb = FIRST_VERB.search(without_parentheticals(article.lead[0][:1000]))
    return bool(verb and verb[1] in ("was", "were")) or bool(IN_A_WAR.search(article.title))


FIRST_VERB = re.compile(r"\b(is|are|was|were|has|have|had|refers|took|began)\b")
OF_AN_EVENT = frozenset(("aftermath", "background"))  # no land in a war has one of its own
IN_A_WAR = re.compile(r"\boccupation\b| (?:in|during) .*\b(?:War|Wars|Revolution|Empire|Germany)\b")
# Chapters that tell how something is: of what is gone, they would be asked for in the past.
OF_A_STATE = frozenset(
    str.split("economy politics demographics population culture geography climate transport")
) | {"transportation"}


def _named(phrase: str, heading: str) -> str:
    """The subject as a question about this chapter names it."""
    if heading in OF_THE_KIND:
        return COUNTED.sub("the ", phrase)
    return COUNTED.sub("", phrase) if heading in OF_THE_WORD else phrase


OF_ITS_PAST = frozenset(("history", "early history", "origin", "origins", "legacy"))
WORD = re.compile(r"[^\W_]{3,}")
POINTER = re.compile(
    r"\b(?:it|its|they|their|them|he|his|she|her|him|we|this|these|those|here)\b|\b(?:the)"
    r" (?!first\b|same\b|most\b)[a-z]+",
    re.IGNORECASE,
)


def names_subject(answer: str, title: str) -> bool:
    """Whether an answer has a word of the title, or one that can stand for its subject."""
    named = WORD.findall(base_title(title).split(",", 1)[0])
    own = named[: max(1, len(named) - 1)]  # the last word says what it is: Brae Books
    words = {word.casefold()[:5] for word in own}
    said = {word.casefold()[:5] for word in WORD.findall(answer)}
    return not words or bool(words & said) or POINTER.search(answer) is not None


def answers_heading(heading: str, answer: str, *, life: bool) -> bool:
    """Whether the text answers what its heading promises, from its first sentence on."""
    if len(answer) < (SHORTEST_OF_LIFE if life else SHORTEST):
        return False
    first = split_sentences(answer)[0]
    if POINTS_BACK.match(answer) or not FINITE.search(first):
        return False
    if FRAGMENT.match(first) and not VERB_OF_FRAGMENT.search(first):
        return False
    if ELSEWHERE.search(first) or LABELLED.match(first):
        return False
    if answer.count("[") != answer.count("]"):
        return False
    if (
        heading in OF_PLACES
        and first.startswith(("A ", "An "))
        and not FINITE_OF_A.search(STATE.sub("", first))
    ):
        return False
    if answer.count('"') % 2 or answer.count("“") != answer.count("”"):
        return False
    if len(OPENED_QUOTE.findall(answer)) != len(CLOSED_QUOTE.findall(answer)):
        return False  # a quotation that is cut, with another one within
    if NAMES_NONE.search(answer) and heading in NAMED_ONE_BY_ONE:
        return False
    must = _MUST_SAY.get(heading)
    begins = first if heading in SAID_AT_ONCE else answer
    return must is None or must.search(begins) is not None


OPENED_QUOTE = re.compile(r"(?:^|(?<=[\s(\[—–-]))\"(?=\S)")
CLOSED_QUOTE = re.compile(r"(?<=\S)\"(?=[\s.,;:!?)\]—–'’-]|$)")
# What is asked for here is one fact, and the first sentence has to give it.
SAID_AT_ONCE = frozenset(
    str.split("education death population definition name prevention diet feeding culture")
)
NAMED_ONE_BY_ONE = frozenset(
    str.split("types advantages disadvantages features characteristics applications uses")
)
COUNTED = re.compile(r"^an? ")
NAMES_NONE = re.compile(
    r"\b(?:several|various|many|different|numerous|an? (?:large |wide |great )?number of)"
    r" (?:[\w'’-]+ ){0,4}(?:types|kinds|ways|forms|features|characteristics|advantages"
    r"|applications)\b",
    re.IGNORECASE,
)
# What is said elsewhere, or goes on from what stood before.
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
VERB_OF_FRAGMENT = re.compile(
    r"\b(?:is|are|was|were|has|have|had|can|may|will|would|became|began|(?!United\b)\w{3,}ed"
    r"|lies|runs|stands|covers|flows|extends|borders|includes|contains|consists|comprises|lives"
    r"|forms|serves|rises|makes|takes|gives|goes|comes|belongs)\b"
)
