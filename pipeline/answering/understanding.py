"""What a typed question means: which page it is about, what is asked of it, and how sure that is.

This module holds the order in which the readings of a question are tried. topic_readings.py has
those about the topic of the conversation, name_readings.py those by the names in the question.

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
    """The meaning of a typed question, given what was read and the topic of the conversation."""
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
    # From the strictest reading to the loosest; the first that fits is taken, so that a guess never
    # wins over what was typed exactly. In short: words that were trained ("Who is Ada Lovelace?");
    # then the topic ("the other one", "tell me more", "when was she born"), as a follow-up question
    # may contain a title by chance; then names, whole before in part, and as they were typed before
    # corrected ones. `same_of_another` wraps those that find a page: after a date of birth was
    # asked for, "and of Grace Hopper?" asks for hers.
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
