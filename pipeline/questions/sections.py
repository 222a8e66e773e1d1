"""Sections become questions: "What is the history of Paris?" from "History", for headings that have
a grammatical question; pure.
"""

from pipeline.clean import Article
from pipeline.questions.answers import AnswerBounds, bounded
from pipeline.questions.grammar import Subject

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
    "overview": "What should one know about {x}?",
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
SHORTEST = 60  # characters; a shorter section mostly points elsewhere


def section_pairs(
    article: Article, subject: Subject, bounds: AnswerBounds, *, person: bool
) -> list[tuple[str, str]]:
    """A question and its answer for every chapter of prose whose heading has a grammatical
    question, in the page's order.
    """
    species = "biota" in article.infobox
    forms = OF_ANYTHING | (
        OF_PEOPLE if person else OF_THINGS | OF_SPECIES if species else OF_THINGS
    )
    words = {"x": subject.phrase, "is": "is", "was": "was", "does": "does"}
    if subject.plural:
        words |= {"is": "are", "was": "were", "does": "do"}
    asked: dict[str, str] = {}
    for section in article.sections:
        form = forms.get(section.heading.casefold()) if section.level == 2 else None
        if form and len(answer := bounded(section.paragraphs, bounds)) >= SHORTEST:
            # In "What was the life of X like?" the verb is the life's, not X's.
            verbs = words | {"was": "was"} if form.startswith("What {was} the ") else words
            asked.setdefault(form.format(**verbs), answer)
    return list(asked.items())
