"""Sections become questions: "What is the history of Paris?" from "History", for headings that have
a grammatical question; pure.
"""

import re

from pipeline.clean import Article, Section
from pipeline.clean.sentences import split_sentences
from pipeline.questions.answers import AnswerBounds, bounded
from pipeline.questions.english_grammar import Subject, is_work, without_parentheticals
from pipeline.questions.section_fit import (
    NAMED_ANYWHERE,
    NEEDS_NO_NAME,
    names_subject,
    reads_well,
    speaks_of,
    speaks_of_somebody_unnamed,
    without_unfinished,
)

# {x} is the subject; {is}, {was} and {does} agree with it. {one} and {many} are the verb of what is
# asked of the subject: "is" and "are", or "was" and "were" of what is past.
OF_ANYTHING = {
    "legacy": "What is the legacy of {x}?",
    "name": "Where does the name of {x} come from?",
    "etymology": "What is the etymology of {x}?",
    "origin of the name": "Where does the name of {x} come from?",
    "criticism": "How {has} {x} been criticised?",
    "musical style": "What is the musical style of {x}?",
}
OF_PEOPLE = {
    "early life": "What is known of the early life of {x}?",
    "early years": "What is known of the early life of {x}?",
    "childhood": "What is known of the childhood of {x}?",
    "early life and education": "What is known of the early life of {x}?",
    "early life and career": "What is known of the early life of {x}?",
    "life": "What is known of the life of {x}?",
    "biography": "What is known of the life of {x}?",
    "career": "What is known of the career of {x}?",
    "early career": "What is known of the early career of {x}?",
    "personal life": "What is known of the personal life of {x}?",
    "family": "What is known of the family of {x}?",
    "education": "Where did {x} study?",
    "death": "How did {x} die?",
    "later life": "What is known of the later life of {x}?",
    "political career": "What is known of the political career of {x}?",
    "playing career": "What is known of the playing career of {x}?",
    "club career": "What is known of the club career of {x}?",
    "international career": "What is known of the international career of {x}?",
    "coaching career": "What is known of the coaching career of {x}?",
    "professional career": "What is known of the professional career of {x}?",
    "college career": "What is known of the college career of {x}?",
    "military career": "What is known of the military career of {x}?",
}
OF_THINGS = {
    "history": "What is the history of {x}?",
    "early history": "What is the early history of {x}?",
    "origin": "What {one} the origin of {x}?",
    "origins": "What {many} the origins of {x}?",
    "background": "What {one} the background of {x}?",
    "aftermath": "What {one} the aftermath of {x}?",
    "geography": "What is the geography of {x}?",
    "location": "Where {is} {x}?",
    "climate": "What is the climate of {x}?",
    "geology": "What is the geology of {x}?",
    "demographics": "What are the demographics of {x}?",
    "population": "What is the population of {x}?",
    "economy": "What is the economy of {x}?",
    "government": "How {is} {x} governed?",
    "administration": "How {is} {x} administered?",
    "organization": "How {is} {x} organized?",
    "organisation": "How {is} {x} organised?",
    "transport": "What is transport like in {x}?",
    "transportation": "What is transportation like in {x}?",
    "architecture": "What {one} the architecture of {x}?",
    "plot": "What is the plot of {x}?",
    "plot summary": "What is the plot of {x}?",
    "synopsis": "What is the plot of {x}?",
    "production": "What is known of the production of {x}?",
    "development": "What is known of the development of {x}?",
    "recording": "How {was} {x} recorded?",
    "composition": "What is the composition of {x}?",
    "themes": "What are the themes of {x}?",
    "gameplay": "What is the gameplay of {x}?",
    "reception": "How {was} {x} received?",
    "critical reception": "How did critics receive {x}?",
    "release": "What is known of the release of {x}?",
    "music video": "What is known of the music video for {x}?",
    "chart performance": "How did {x} perform in the charts?",
    "commercial performance": "How did {x} perform commercially?",
    "structure": "What {one} the structure of {x}?",
    "function": "What {one} the function of {x}?",
    "purpose": "What {one} the purpose of {x}?",
    "definition": "What is the definition of {x}?",
    "definitions": "What are the definitions of {x}?",
    "characteristics": "What {many} the characteristics of {x}?",
    "features": "What {many} the features of {x}?",
    "applications": "What {many} the applications of {x}?",
    "uses": "What {many} the uses of {x}?",
    "use": "How {is} {x} used?",
    "usage": "How {is} {x} used?",
    "types": "What are the types of {x}?",
    "advantages": "What {many} the advantages of {x}?",
    "disadvantages": "What {many} the disadvantages of {x}?",
    "limitations": "What {many} the limitations of {x}?",
    "causes": "What {many} the causes of {x}?",
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
# A kind of thing is made again and again.
OF_A_KIND = {"production": "How {is} {x} produced?"}
# How a thing that is counted ("a port") is named where its kind is spoken of: "the history of the
# port", "the types of port", "the etymology of port".
OF_THE_KIND = frozenset(str.split("history origin origins legacy name")) | {
    "early history",
    "musical style",
    "origin of the name",
}
OF_THE_WORD = frozenset(("types", "etymology"))
# Sections about one work or one firm; of a kind of thing ("the production of a car", "the
# composition of a bijection") they tell something else.
OF_ONE_THING = frozenset(
    str.split("production composition recording release reception development themes plot")
)
# Sections of what took place; a work's background is how it came about.
OF_AN_EVENT = frozenset(("aftermath", "background"))
# Sections that tell how a land is: one that is gone had several states one after another.
OF_A_STATE = frozenset(
    str.split("economy demographics population geography climate transport transportation")
)
COUNTED = re.compile(r"^an? ")
FIRST_VERB = re.compile(r"\b(is|are|was|were|has|have|had|refers|took|began)\b")
OF_PERSONS = re.compile(
    r"\b(?:prisoners|victims|soldiers|survivors|refugees|people|troops|forces|workers)\b", re.I
)
IN_A_WAR = re.compile(r"\boccupation\b| (?:in|during) .*\b(?:War|Wars|Revolution|Empire|Germany)\b")


def section_pairs(
    article: Article, subject: Subject, bounds: AnswerBounds, *, person: bool
) -> list[tuple[str, str]]:
    """A question and its answer for every section of prose whose heading has a grammatical
    question that its beginning answers, in the page's order.
    """
    species = "biota" in article.infobox_classes
    forms = OF_ANYTHING | (OF_PEOPLE if person else OF_THINGS)
    if species and not person:
        forms |= OF_SPECIES
    past = not person and _is_of_the_past(article)
    work = not person and is_work(article, article.lead[0])
    asked: dict[str, str] = {}
    for section in article.sections:
        heading = section.heading.casefold()
        form = forms.get(heading) if section.level == 2 else None
        if form is None or not _suits(heading, article.title, subject, past=past, work=work):
            continue
        answer = _answer(section, bounds)
        if not answer or not answers_heading(heading, answer, article, work=work):
            continue
        if not person and "plot" not in form and speaks_of_somebody_unnamed(answer, article):
            continue
        if subject.phrase.islower():
            form = OF_A_KIND.get(heading, form)
        verbs = _verbs(subject, article, answer, past=past)
        asked.setdefault(form.format(x=_named(subject.phrase, heading), **verbs), answer)
    return list(asked.items())


def answers_heading(heading: str, answer: str, article: Article, *, work: bool = False) -> bool:
    """Whether a text answers what its heading promises of the page's subject."""
    if not reads_well(heading, answer, article.title):
        return False
    if not speaks_of(heading, answer, work=work):
        return False
    if heading in NEEDS_NO_NAME and not (heading == "background" and work):
        return True
    text = answer if heading in NAMED_ANYWHERE else split_sentences(answer)[0]
    return names_subject(text, article)


def _answer(section: Section, bounds: AnswerBounds) -> str:
    """The beginning of a section, without a last sentence that needs what follows it."""
    answer = bounded(section.paragraphs, bounds)
    first = section.paragraphs[0] if section.paragraphs else ""
    return without_unfinished(answer, first[len(answer) :] if first.startswith(answer) else "")


def _suits(heading: str, title: str, subject: Subject, *, past: bool, work: bool) -> bool:
    """Whether a section under this heading is one of the page's subject."""
    if "history" in subject.phrase.casefold():
        return False  # "the background of the history of Zedland"
    if COUNTED.match(subject.phrase) and heading in OF_ONE_THING:
        return False
    if heading == "composition":
        return work
    if heading in OF_AN_EVENT and title.endswith(" season"):
        return False
    if heading in OF_AN_EVENT:
        if OF_PERSONS.search(title) and heading == "aftermath":
            return False  # only what happens has one
        return (past or (work and heading == "background")) and not IN_A_WAR.search(title)
    return not (past and heading in OF_A_STATE)


def _verbs(subject: Subject, article: Article, answer: str, *, past: bool) -> dict[str, str]:
    """The verbs of a question, by the number of its subject and by its time."""
    plural = subject.plural or _is_of_many(subject.phrase, article, answer)
    verbs = {
        "is": "are" if plural else "is",
        "was": "were" if plural else "was",
        "does": "do" if plural else "does",
        "has": "have" if plural else "has",
        "one": "was" if past else "is",
        "many": "were" if past else "are",
    }
    if past:
        verbs |= {"is": verbs["was"], "does": "did"}
    return verbs


def _is_of_many(phrase: str, article: Article, answer: str) -> bool:
    """Whether a text speaks in the plural of animals whose name is one in both: "Roundfish are"."""
    if "biota" not in article.infobox_classes or not phrase.islower() or " " in phrase:
        return False
    return (
        re.search(rf"\b{re.escape(phrase)} (?:are|were|have)\b", answer, re.IGNORECASE) is not None
    )


def _is_of_the_past(article: Article) -> bool:
    """Whether the lead speaks of its subject in the past: a dissolved state, lands in a war."""
    verb = FIRST_VERB.search(without_parentheticals(article.lead[0][:1000]))
    said = verb is not None and verb[1] in ("was", "were", "took", "began", "had")
    return said or IN_A_WAR.search(article.title) is not None


def _named(phrase: str, heading: str) -> str:
    """The subject as a question about this section names it."""
    if heading in OF_THE_KIND:
        return COUNTED.sub("the ", phrase)
    return COUNTED.sub("", phrase) if heading in OF_THE_WORD else phrase
