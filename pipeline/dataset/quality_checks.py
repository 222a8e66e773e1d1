"""What looks wrong in a pair: remains of markup, odd characters and lengths, questions asked twice;
pure, and only ever a hint.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

from pipeline.clean.sentences import ends_as_sentence, quotes_pair_up, split_sentences
from pipeline.records import Pair

SHORT, LONG, LONG_QUESTION = 20, 1500, 160  # characters
READ = 2_000  # characters of a question, and of a fact's answer, whose wording is looked at
NEAR = 200  # characters of an answer in which it names its subject

LEFT_OVERS = {
    name: re.compile(pattern)
    for name, pattern in {
        # Behind a finished clause only: "[0, 1]", "argv[0]" and "act[s]" are text.
        "a reference mark": (
            r"(?<=[.,;:!?)\"”’])\s?\[(?:\d{1,3}|[a-z])\](?=[\s.,;]|$)|\s\[\d{1,3}\](?=[.,;]|$)"
            r"|\[(?:(?:note|nb|n) ?\d+|[a-z ]{2,30} needed|(?:when|who|where|which|why)\?|update)\]"
        ),
        "an edit link": r"\[ ?edit(?: source)? ?\]",
        "wiki markup": (
            r"\[\[|\]\]|\{\{|\}\}|'''|__[A-Z]{3,}__|\b(?:Template|File|Category):[A-Z]|(?:Cite|Lua|Script)"
            r" error"
        ),
        "HTML or CSS": (
            r"</?[a-z][a-z0-9]*(?:"
            r" [^<>]*)?/?>|&(?:#\d+|#x[0-9a-fA-F]+|[a-z]{2,8});|\.mw-|\{[a-z-]+:"
        ),
        "LaTeX": r"\\[a-zA-Z]{3,}|\{\\",
        "an empty or broken parenthesis": r"(?<!\w)\([\s,;:.]*\)|\([,;]|\( |[,;]\s?\)| \)",
        "a pronunciation": (
            r"(?<!\w)/(?=\S)[^/\s]{0,40}[ˈˌəɪʊɛɔæŋʃʒð][^/]{0,60}/|ⓘ|\(listen\)|\bIPA:"
            r"|pronunciation:|\(pronunciation\)"
        ),
        "a foreign name's remains": (
            r"\((?:[\"“][^\"“”]{1,60}[\"”][,;]? (?:and )?)+[\"“][^\"“”]{1,60}[\"”]\)"
            r"|\((?:[a-z]{1,6} ){2,6}[a-z]{1,6}\) (?:is|was|are|were)\b"
        ),
        "a broken fraction": r"(?<!\d)⁄|\d\+\d+⁄|⁄(?!\d)",
        "a tooltip or notice": (
            r"Tooltip [A-Z]|link will display|\bredirects? here\b|^This (?:article|page) "
            r"|^For other"
            r"|\b(?:This|The following) (?:article|page|list) (?:shows|lists|is|covers|gives)\b"
            r"|\b(?:detailed|described|covered) in the article\b"
        ),
        "an area that lost its square": (
            r"(?:sq(?:uare)? (?:mi|miles?)|acres)(?:;| \()\s?[\d.,]+(?: |/)?km\b(?!²)"
            r"|[\d/] ?km \([\d.,]+(?: |/)sq"
        ),
        "a pointer to the page": (
            r"\((?:as )?(?:defined|described|discussed|explained|listed) (?:below|above|later)\)"
            r"|\(see [A-Z][a-z]+(?: [a-z]+){0,4}\)|\bThis article will\b|, see [a-z]+ [a-z]+\)"
            r"|\[supplied by\b"
        ),
        "braces around nothing": r"\{[()\[\]|!;]\}",
        "names in another script": (
            r"\((?:[A-Z]\w+: ?)?[^()]{0,12}"
            r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\u0600-\u06ff]{2}"
        ),
        "a label of a language": (
            r"\((?!English\b)[A-Z][a-zé]+(?:: | )[A-Z]?\w*[À-ž]\w*[^()\d]{0,60}\)"
        ),
        "a rank, one after another": r"(?:\b(?:Order|Suborder|Family|Genus) †?[A-Z]\w+[ :]){2}",
        "a gap where something stood": (
            r"\b(?:at|of|from|the|an?) [.,;](?=\s|$)|\b(?:of|from|the|an?)[.;](?=\s|$)|\(or\)"
            r"|[A-Za-z]{3}: ?[;,)]"
        ),
        "a list that is announced and not given": r":\.?$|\bas follows\.$|\bthe following\.$",
        "a word twice": r"\b(?!had\b|that\b)([a-z]{2,}) \1\b",
        "a space before a mark": r"\w [,;:!?](?: |$)|\w \.(?: |$)",
        "a doubled space": r"  ",
        "a missing space": r"[a-z]{2}[.!?](?:[A-Z][a-z]|(?:it|he|she|they) [a-z]+ )|\w ,\w",
        "coordinates": r"\(\d+°\s?\d+[′']|Coordinates:",
        "a sentence that begins small": (r"[a-z]{3}[.!?] (?:the|an?|it|he|she|they|this) [a-z]"),
        "a bare address": r"https?://",
        "a sentence cut at an abbreviation": r"\b(?:Brgy|Bldg|Dept|Prof|Messrs)\.$",
        "an odd character": (
            "[\\x00-\\x09\\x0b-\\x1f\\x7f-\\xa0\\xad\u2000-\u200b\u200e\u200f\u2028-\u202f\u205f-\u206f\u3000\ue000-\uf8ff"
            "\ufeff\ufff0-\uffff]"
        ),
    }.items()
}


# How a question is wrong, by its own words.
QUESTION_FAULTS = {
    name: re.compile(pattern)
    for name, pattern in {
        "two articles": r"\b(?:the|an?) (?:the|an?) ",
        "is or are": (
            r"^(?:Who|What) is (?:the )?(?:members|values|shrimps|people)\b"
            r"|^What are (?:[A-Z]\w+ )*(?:Report|Act|Treaty|Pact|Agreement|Battle|War)\?"
            r"|^What is [a-z]+(?:[^siu]s|ies)\?"
        ),
        "an adjective of a name in small letters": (
            r"\b(?:english|british|french|german|spanish|american|european|african|christian|allied"
            r"|western front|soviet|roman|japanese|chinese|russian|italian)\b"
        ),
        "a table and not a subject": (
            r" (?:at the \d{4} .*(?:Olympics|Games|Paralympics)\?| – .*(?:Singles|Doubles)\?)"
            r"|\blistings in\b|\bcomparison of\b|\bversion history\b"
            r"|[A-Z]\w+ at the \d{4} [A-Z][^–]*Games\?"
            r"| – .*\b(?:Men|Women|Boys|Girls|Mixed)\b"
        ),
        "no article": (
            r"^What is (?!the |an? )(?:[A-Z][\w-]+ )(?:[\w-]+ )*(?:movement|contribution|invasion"
            r"|campaign|uprising)\b"
            r"|^What is (?:[A-Z]\w+(?:ian|ean|ese|ish)|National|Royal) (?:[A-Z]\w+ )*"
            r"(?:Foundation|Association|Society|Agency|Council|Reserves)\?"
            r"|^Who are (?:key|former) "
            r"|^What are (?!the )(?:[\w-]+ )*(?:raids|attacks|rebellions|uprisings|atrocities"
            r"|languages) (?:committed )?(?:on|in|of|against) "
            r"|\b(?:of|is) (?:[A-Z][\w–-]+ )+(?:Declaration|Protocol|Convention) of "
            r"|^What are (?!the )(?:[\w-]+ )*[a-z]+s [a-z]+ed (?:by|in|during) (?:the )?[A-Z]"
            r"|^What is (?!the )(?:[A-Z][\w-]+ )+(?:Trail|Command)\?"
            r"|^How does [a-z]+fish \w"
        ),
        "one for its kind": (
            r"^What (?:is|are) the (?:history|origins?|etymology|types|culture) of an? "
            r"|^What is the culture of the [a-z]+\?|(?:manager|coach|captain) of the \d.* season\?$"
        ),
        "the past of what is made again": r"^How was [a-z]+ produced\?",
        "a topic and no thing": (
            r"^What (?:is|are) (?!.*history of ).* (?:in|during) (?:the )?"
            r"(?:World War|Second World)"
            r"|^What is the aftermath of .* during "
            r"|^What is .* in the (?:Junior )?Eurovision Song Contest"
            r"|^What is introduction to |^What (?:is|are) the \w+ of .*\boccupation of "
            r"|[a-z]{4,} (?:1\d|20)\d\d–\d{2,4}\?$"
        ),
        "persons asked for by what": (
            r"^What are (?:\w+ )*(?:victims|brothers|sisters|soldiers|singers|writers)\?"
            r"|^What are (?:the )?[A-Z]\w+ (?:Americans|Canadians|Britons)\?"
        ),
        "one and several": r"^What is the [A-Z]\w+ (?:Patterns|Symbols|Letters|Signs|Reserves)\?",
        "a word that suits no event": r"home ground of .*\b(?:tournament|Championship|Cup)s?\?",
        "no office": r"^Who (?:preceded|succeeded) (?!.* as )",
        "nothing in particular": r"^What should one know\b",
        "a name in a verb's place": r"\b(?:does|do|is|was) [A-Z]\w+fish\b",
    }.items()
}
# A parenthesis by which a title means a part of what its name means.
TITLE_PART = re.compile(r"\((?:[^()]* )?((?:season|series) \d+|soundtrack)\)$")
VESSEL = re.compile(r"^Who (?:is|was) (?:USS|HMS|RMS|SS|MS|MV) ")
LIFE_DATES = re.compile(r"^[^.]{0,60}\((?:[^()]{0,60}; )?born [A-Z\d]")
OF_ITS_PAST = re.compile(r"What (?:is|are) the (?:history|origins?) of ")
TITLE_WORD = re.compile(r"\w{4,}")
POINTER = re.compile(r"\b(?:its?|they|their|he|his|she|her|this|the (?!first |same )\w+)\b")
PAST, PRESENT = re.compile(r"^(?:W\w+|How)[^.]*? (?:was|were) "), re.compile(r" (?:is|are) (?!by )")
# What is told of something that is gone, asked for in the present.
NOW = re.compile(
    r"(?:How (?:is|are) .* (?:governed|administered|organi[sz]ed)"
    r"|What (?:is|are) the (?:economy|politics|structure) of)"
)
WAS, IS = (
    re.compile(r"\b(?:was|were|had|led|took|became)\b"),
    re.compile(r"\b(?:is|are|has|have)\b"),
)
# A topic, and the word that a lead about it says.
TOPIC = re.compile(
    r"^What is (?:the )?(?:[\w-]+ )*(history|evolution|music|trafficking) (?:of|in) "
)
NAME_ASKED = re.compile(r"^What is (?:the |an? )?(.*[A-Z].*)\?$")
POINTS_TO_NOTHING = re.compile(r"\b(?:these|those) (?!who\b|that\b|of\b)[a-z]+", re.IGNORECASE)
# How a fact's answer is no sentence that one would say.
FACT_FAULTS = {
    name: re.compile(pattern)
    for name, pattern in {
        "an article is missing": (
            r"\b(?:runner-up in .* was|won by|played for) (?!St )(?:[A-Z]\w+ ){1,3}"
            r"[A-Z][a-z]+[^\Ws]s\.$"
            r"|\b(?:is|was|by) (?:[A-Z][\w'’-]+ )(?:Emperor|Empress)\.$"
            r"|\b(?:include|received) (?!the )[A-Z].*\b(?:Cross|Medal|Award|Order)\b"
            r"|, (?!the )(?:[A-Z][\w'’-]+ )+(?:Medal|Award|Cross)\b"
        ),
        "a common noun with a capital": r"\bthe (?:[A-Z]\w+ )?(?:Euro|Leu|Franc|Pound|Dollar)\b",
        "a catalogue number": r"\blabels? .*\b[A-Z]{2,4} ?[A-Z]{0,2}\d{2,}\.$",
        "two names unparted": (
            r"\b(University|College|Institute) \1\b|[a-z],(?=[A-Z]\w+ [A-Z])|[a-z]—[A-Z]"
        ),
        "a degree behind a school": (
            r"\bstudied at .*\((?:[^()]*(?:\d|\.|fellowship|degree)|[A-Z]{2,4})[^()]*\)"
        ),
        "a range cut short": r"\bfrom \d{1,2} [A-Z][a-z]+ to [A-Z][a-z]+ \d{4}\.$",
        "no article": (
            r"\b(?:in|at) (?:North|South|East|West) (?:End|Side|Bank) of\b"
            r"|\b(?:at|in) (?!the |The )(?:[A-Z]\w+ )+(?:Hotel|Auditorium|Coliseum)\b"
            r"|\bby GNU Project\b|\bby (?:[A-Z]\w+ )*(?:Institute|Center|Centre) for "
        ),
        "a house of an office": r"\blives in .*\b(?:Mansion|Residence)\b",
        "no instrument": r"\bplays? (?:vocals|voice|programming)\b",
        "in a river": r"\btook place in (?:the )?(?:[A-Z]\w+ )*(?:River|Creek|Fork)\b",
        "stiff": r"^The industry of|\bfrom \d{4} on\.$|\bis in .*\bpublisher\.$",
        "several under the first": r"\bfirst broadcast on .* and ",
        "years behind a name": r"\(\d{4}[–-](?:\d{2,4}|present)\)\.$",
    }.items()
}
SAID_AGAIN = re.compile(r"\b(?:in|at|by|from) (?:the )?([A-Z][\w'’ -]*)\.$")
SEVERAL_ASKED = re.compile(r"^Which (?:operating systems|awards|record labels|teams) ")
ROLE = re.compile(r"\((?:Chairman|CEO|Chairwoman|President|Founder|Director|Editor)\)")
UNJOINED = re.compile(r" is in [A-Z]\w+, [A-Z]\w+, [A-Z]\w+\.$|\) in [A-Z]\w+\.$")
NUMBER = re.compile(r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten)\b")
POINTS_BACK = re.compile(
    r"(?:This|These|Those|However|Another|In addition|Additionally|Furthermore|Moreover|Similarly"
    r"|Therefore|Thus|Instead|Meanwhile|Then|The (?:following|above|latter|former|table)|See |Note:"
    r"|List of|More modern)\b|(?:[\w’'-]+ ){1,5}(?:had|have|has) also\b"
)
LABELLED = re.compile(r"[A-Z][a-z]+(?: [a-z]+){0,2}: (?=[\d(])|(?:An?|Born) [^.]*\.$")
VERBS = re.compile(r"\b(?:is|are|was|were|has|had|can|may|\w+ed by|became|began|made|took)\b")
FINITE = re.compile(
    r"\b(?:is|are|was|were|has|have|had|can|may|will|did|\w{2,}(?:ed|es|s)|\w+ed)\b"
)
# What the answer to a question of a section must speak of.
PROMISES = tuple(
    (re.compile(question), re.compile(answer, re.IGNORECASE))
    for question, answer in (
        (r"What is the population of", r"\d,\d{3}|\b\d{3,}\b.*\b(?:people|inhabitants)"),
        (r"What is the definition", r"\b(?:is|are|means?|as|by|to) (?:an?|the)\b|:|refers? to"),
        (
            r"What is the legacy",
            r"influen|remember|honou?r|named|inspir|regard|still|today|success",
        ),
        (r"What is known of the personal life", r"marri|wife|husband|son|daughter|born|live|famil"),
        (r"What are the features", r"feature|include|support|provide|has|have|allow"),
        (r"What is the taxonomy of", r"species|famil|gen(?:us|era)|order|described"),
        (r"How can .* be prevented", r"^[^.]*(?:prevent|avoid|protect|reduc)"),
        (r"What are the advantages", r"advantage|benefit|allow|faster|better|reduc|improv|eas"),
        (r"What are the (?:types|examples)", r"[;,:].*\b(?:and|or)\b|such as|example"),
        (
            r"How (?:is|are) .* organi[sz]ed",
            r"divided|division|department|units|branch|consist|board",
        ),
        (
            r"What is the structure",
            r"divided|division|parts|layer|consist|compris|composed|structur",
        ),
        (r"Where did .* study", r"stud|educat|attend|graduat|school|college|universit"),
        (r"How did .* die", r"die|death|kill|murder|execut|drown|suicide|shot"),
        (r"What is the economy", r"econom|industr|agricult|employ|business|touris|trade|compan"),
        (
            r"How (?:was|were) .* received",
            r"review|critic|prais|receiv|rat|star|award|said|call|note",
        ),
        (
            r"How (?:was|were) .* developed|What is known of the development",
            r"^(?![^.]*\bannounc)[^.]*(?:develop|began|start|design|creat|writ|built)",
        ),
        (r"How (?:was|were) .* released", r"^(?!Prior)[^.]*(?:releas|premier|issued|distribut)"),
        (
            r"What (?:was|is known of) the early life|What (?:was|is known of) the life",
            r"^[^.]*(?:born|birth|grew|raised|educat|school|college|universit|child|sons?\b|daughter"
            r"|famil|parent|father|mother|stud|attend|youth|young|graduat|brother|sister)",
        ),
        (r"What (?:is|are) the diet", r"^[^.]*(?:eat|feed|diet|prey|food|consum)"),
        (r"What is the culture", r"^[^.]*(?:cultur|tradition|custom|festival|heritage|\barts?\b)"),
        (r"What are the demographics", r"^[^.]*\d"),
        (
            r"What (?:does|do) .* look like",
            r"colou?r|black|white|brown|gr[ae]y|green|blue|red|yellow|orange|pink|bod(?:y|ies)\b|tail"
            r"|\bfins?\b|leaves|flower|wing|shell|head|fur|spot|strip|shape",
        ),
        (
            r"What is the music video .* like",
            r"show|feature|depict|scene|play|sing|danc|footage|animat",
        ),
        (r"What are the applications", r"\bus(?:e|ed|ing)\b|\bappl"),
    )
)


def remains(text: str) -> list[str]:
    """The names of what a text holds that cleaning should have taken out."""
    names = [name for name, pattern in LEFT_OVERS.items() if pattern.search(text)]
    return names + ["an unbalanced parenthesis"] * (text.count("(") != text.count(")"))


def faults(pair: Pair) -> list[str]:
    """What looks wrong in one pair by itself, e.g. "answer: a reference mark"."""
    names = [f"question: {name}" for name in remains(pair.question)] + [
        f"answer: {name}" for name in remains(pair.answer)
    ]
    if len(pair.answer) < SHORT and pair.kind != "facts":  # "Sopot is in Poland." is a whole answer
        names.append(f"answer: shorter than {SHORT} characters")
    if not ends_as_sentence(pair.answer):
        names.append("answer: ends without a sentence's mark")
    if len(pair.answer) > LONG:
        names.append(f"answer: longer than {LONG:,} characters")
    if len(pair.question) > LONG_QUESTION:
        names.append(f"question: longer than {LONG_QUESTION} characters")
    if not pair.question.endswith("?"):
        names.append("question: ends without a question mark")
    # What is far too long is said above; its wording is read at its beginning alone, as the
    # patterns below are made for a line.
    pair = replace(pair, question=pair.question[:READ])
    if pair.kind == "facts":
        pair = replace(pair, answer=pair.answer[:READ])
    return names + _question_faults(pair) + _misfits(pair)


def _question_faults(pair: Pair) -> list[str]:
    """What is wrong in the wording of the question itself."""
    names = [
        f"question: {name}"
        for name, pattern in QUESTION_FAULTS.items()
        if pattern.search(pair.question)
    ]
    parenthesis = TITLE_PART.search(pair.title)
    lost = parenthesis and parenthesis[1] not in pair.question
    if lost or (
        pair.title.endswith(")") and pair.title in pair.answer and pair.title not in pair.question
    ):
        names.append("question: a part asked as the whole")
    if _is_written_otherwise(pair):
        names.append("question: a name in another case than in the answer")
    if VESSEL.match(pair.question):
        names.append("question: a ship asked for by who")
    if pair.question.startswith("What is ") and LIFE_DATES.match(pair.answer):
        names.append("question: a person asked for by what")
    return names


def _is_written_otherwise(pair: Pair) -> bool:
    """Whether the answer writes the name that is asked for in other capitals: "EPPO Code"."""
    asked = NAME_ASKED.match(pair.question)
    if pair.kind != "definition" or not asked or "(" in asked[1]:
        return False
    at = pair.answer.casefold().find(asked[1].casefold())
    # The first letter may be the sentence's.
    return 0 <= at < NEAR and asked[1][1:] not in pair.answer and asked[1].upper() != asked[1]


def _misfits(pair: Pair) -> list[str]:
    """How the answer does not fit its question."""
    names: list[str] = []
    if pair.answer.count("[") != pair.answer.count("]"):
        names.append("answer: an unbalanced bracket")
    if pair.kind == "facts":
        names += _fact_misfits(pair)
    topic = TOPIC.match(pair.question)
    if pair.kind == "definition" and topic and topic[1][:5] not in pair.answer.casefold():
        names.append("answer: about another thing")
    is_cut = pair.kind == "sections" and not quotes_pair_up(pair.answer)
    if pair.answer.count('"') % 2 or is_cut:
        names.append("answer: an unbalanced quotation mark")
    if pair.kind == "sections":
        first = split_sentences(pair.answer)[0] if pair.answer.strip() else ""
        labelled = LABELLED.match(first) and not VERBS.search(first)
        if labelled or POINTS_BACK.match(pair.answer) or not FINITE.search(first):
            names.append("answer: begins in the middle")
        if POINTS_TO_NOTHING.search(first):
            names.append("answer: points to what is not there")
        if NOW.match(pair.question) and WAS.search(first) and not IS.search(pair.answer):
            names.append("question: in another tense")
        if OF_ITS_PAST.match(pair.question) and not _names_subject(pair):
            names.append("answer: does not name its subject")
        asked = [answer for question, answer in PROMISES if question.match(pair.question)]
        if asked and not asked[0].search(pair.answer):
            names.append("answer: does not say what was asked")
    numbered = pair.kind == "facts" and pair.question.startswith(("When ", "How many "))
    if numbered and not NUMBER.search(pair.answer):
        names.append("answer: has no number")
    return names


def _names_subject(pair: Pair) -> bool:
    """Whether the answer has a word of the title, or one that may stand for its subject."""
    words = [word.casefold() for word in TITLE_WORD.findall(pair.title)]
    own = words[: max(1, len(words) - 1)]
    said = pair.answer.casefold()
    return any(word[:5] in said for word in own) or POINTER.search(said) is not None


def _fact_misfits(pair: Pair) -> list[str]:
    """How the short answer to a fact's question is wrong in itself."""
    names: list[str] = []
    value = pair.answer.rstrip(".").rsplit(" of ", 1)[-1]
    if f", {value}" in pair.question:
        names.append("answer: says what the question says")
    if PAST.search(pair.question) and PRESENT.search(pair.answer):
        names.append("answer: in another tense")
    names += [f"answer: {name}" for name, fault in FACT_FAULTS.items() if fault.search(pair.answer)]
    again = SAID_AGAIN.search(pair.answer)
    if again and re.search(rf"\b(?:of|{again[1]})\b.*\b{again[1]}\b", pair.question):
        names.append("answer: says what the question says")
    if SEVERAL_ASKED.match(pair.question) and " and " not in pair.answer:
        names.append("question: asks for several and is told one")
    if ROLE.search(pair.answer):
        names.append("answer: an office behind a name")
    if UNJOINED.search(pair.answer):
        names.append("answer: things in a row without a last 'and'")
    return names


def outliers(pairs: Sequence[Pair]) -> list[list[str]]:
    """The faults of every pair, in the order of the pairs; here also what only a look at all of
    them shows.
    """
    asked = Counter(pair.question for pair in pairs)
    pages_by_answer = _pages_by_answer(pairs)
    return [
        faults(pair)
        + ["question: asked more than once"] * (asked[pair.question] > 1)
        + ["answer: the same on several pages"] * (pages_by_answer[pair.answer] > 1)
        for pair in pairs
    ]


def _pages_by_answer(pairs: Iterable[Pair]) -> Mapping[str, int]:
    return Counter(answer for answer, _ in {(pair.answer, pair.pageid) for pair in pairs})


def place_of_fault(text: str, fault: str) -> int:
    """Where in a text a fault shows itself: its first character, or the text's end."""
    match = LEFT_OVERS[fault].search(text) if fault in LEFT_OVERS else None
    return match.start() if match else len(text) * ("ends without" in fault)
