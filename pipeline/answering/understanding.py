"""What a typed question means: which page it is about, what is asked of it, and how sure that is.

Here is only the order in which it is tried to be understood: topic_readings.py has the readings of
a question about what is being talked about, name_readings.py those by the names in it.

Pure, small and free of libraries: the exported page has the same functions in JavaScript, and both
are tested to understand the same.
"""

from pipeline.answering.meaning import MOST_CANDIDATES, Topic, Understanding, of_page
from pipeline.answering.name_readings import NameReadings
from pipeline.answering.naming import NameRank
from pipeline.answering.phrasebook import Phrasebook
from pipeline.answering.question_index import PageEntry, QuestionIndex
from pipeline.answering.segments import matches, typed_question
from pipeline.answering.topic_readings import TopicReadings
from pipeline.questions.language import DEFINITION
from pipeline.questions.normalize import as_text, normalize


def understand(
    typed: str, index: QuestionIndex, phrasebook: Phrasebook, topic: Topic | None = None
) -> Understanding:
    """What a typed question means, of what was read and what is being talked about."""
    text = as_text(typed)
    # A title typed exactly is that page, even where its words would ask for something else: there
    # are pages called "Thank You" and "Who Is She?".
    title = _whole_title(text, index)
    if title:
        return of_page(title, DEFINITION, "sure")
    talk = _small_talk(text, phrasebook)
    if talk:
        return Understanding(outcome="small_talk", small_talk=talk, about=text)
    question = typed_question(text, phrasebook)
    by_topic = TopicReadings(question, index, phrasebook, topic)
    by_name = NameReadings(question, index, phrasebook)
    # From the strictest reading to the loosest. The first that fits is taken, so that a guess never
    # wins over what was typed exactly.
    return (
        by_name.in_trained_words()
        or by_topic.other_one()
        or by_topic.more()
        or by_topic.by_pronoun()
        or by_topic.yes_or_no()
        or by_topic.by_kind()
        or by_topic.same_of_another(by_name.in_whole_text())
        or by_name.two_things()
        or by_topic.same_of_another(by_name.in_segment())
        or by_name.yes_or_no()
        or by_topic.by_cue_alone()
        or by_topic.same_of_another(by_name.by_part())
        or by_name.respelled()
        or by_topic.something_else()
        or by_name.not_read()
    )


def _whole_title(text: str, index: QuestionIndex) -> PageEntry | None:
    """The page whose title is the text, letter for letter."""
    # The index folds capitals and marks; among pages that fold to the same the letters decide.
    name = normalize(text)
    for number, rank in index.named([name]).get(name, ())[:MOST_CANDIDATES]:
        page = index.page(number)
        if rank < NameRank.SHORTENED and page.title == text:
            return page
    return None


def _small_talk(text: str, phrasebook: Phrasebook) -> str:
    """The name of the reply to small talk; "" for anything else."""
    whole = normalize(text)
    for name, pattern in phrasebook.language.small_talk:
        if matches(pattern, whole):
            return name
    return ""
