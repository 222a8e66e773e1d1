"""A typed question is understood as a person means it, and never crashes."""

import operator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.answering.index_writer import memory_index
from pipeline.answering.meaning import MORE, SOMETHING_ELSE, topic_after
from pipeline.answering.phrasebook import phrasebook_of
from pipeline.answering.understanding import understand
from pipeline.questions.language import DEFINITION
from pipeline.questions.languages import language_of
from pipeline.questions.normalize import normalize
from pipeline.records import Pair


def pair(number: int, title: str, question: str, answer: str, kind: str = "definition") -> Pair:
    return Pair(
        pageid=number,
        title=title,
        kind=kind,
        question=question,
        answer=answer,
        url=f"https://en.wikipedia.org/wiki/{number}",
        revid=number,
        licence="CC BY-SA 4.0",
    )


EIGHTS = "Rowing at the Fair – Eights"
LONG = "Rain: Salt, Fog, and Rope in the Long and Narrow Streets of a Town in the Marsh"
ENTRIES = (
    ("Ada Bright", "Who is Ada Bright?", "Ada Mary Bright was a painter."),
    ("Red Crane", "What is Red Crane?", "Red Crane is a British television series."),
    ("Red crane", "What is a red crane?", "A red crane is a bird."),
    ("The Long Road (film)", "What is The Long Road?", "The Long Road is a film of 1950."),
    ("Kestrel County, Ohio", "What is Kestrel County?", "Kestrel County is a county of Ohio."),
    ("Tell Me About It", "What is Tell Me About It?", "Tell Me About It is a song."),
    ("John Marlow", "Who is John Marlow?", "John Marlow was a sailor."),
    ("Kate Marlow", "Who is Kate Marlow?", "Kate Marlow is a singer."),
    ("Siege of Harbour Hill", "What is the Siege of Harbour Hill?", "It was a siege of 1644."),
    ("Corvid Works", "What is Corvid Works?", "Corvid Works is a publisher of maps."),
    ("Tern University Press", "What is Tern University Press?", "It prints for a university."),
    ("Soviet makers of bread", "Who are Soviet makers of bread?", "Soviet makers of bread (MOB)."),
    ("Marsh and Mere", "What is Marsh and Mere?", "Marsh and Mere is a book."),
    ("Marsh", "What is a marsh?", "A marsh is wet land."),
    ("Mere", "What is a mere?", "A mere is a broad lake."),
    (EIGHTS, "What is the eights event at the Fair?", "It was a race."),
    ("Who Is It?", "What is Who Is It?", "Who Is It? is a song."),
    (LONG, f"What is {LONG}?", "It is a book of a wet town."),
)
PAIRS = [pair(number, *entry) for number, entry in enumerate(ENTRIES, 1)]
PAIRS.insert(1, pair(1, "Ada Bright", "When was Ada Bright born?", "In 1801.", kind="facts"))
ROAD, ROAD_FACT = "Who directed The Long Road?", "The Long Road was directed by Ann Lee."
PAIRS.insert(5, pair(4, "The Long Road (film)", ROAD, ROAD_FACT, kind="facts"))
LENGTH, LENGTH_FACT = "How long is The Long Road?", "The Long Road is 90 minutes long."
PAIRS.insert(6, pair(4, "The Long Road (film)", LENGTH, LENGTH_FACT, kind="facts"))
YEAR, YEAR_FACT = "When was The Long Road released?", "The Long Road was released in 1956."
PAIRS.insert(7, pair(4, "The Long Road (film)", YEAR, YEAR_FACT, kind="facts"))
PRESS, PRESS_FACT = "When was Corvid Works founded?", "Corvid Works was founded in 1901."
PAIRS.insert(-8, pair(10, "Corvid Works", PRESS, PRESS_FACT, kind="facts"))
BOOK = phrasebook_of("en")
INDEX = memory_index(PAIRS, ["Kept Apart"], language_of("en"))


@pytest.mark.parametrize(
    ("typed", "sure", "title", "kind"),
    [
        ("who was ada bright", "sure", "Ada Bright", DEFINITION),
        ("could you please tell me who Ada Bright is", "sure", "Ada Bright", DEFINITION),
        ("ada brihgt", "nearly", "Ada Bright", DEFINITION),
        ("Ada_Bright", "sure", "Ada Bright", DEFINITION),
        ("ada bright's birthday", "sure", "Ada Bright", "birth date"),
        ("what is a red crane", "sure", "Red crane", DEFINITION),
        ("What is Red Crane?", "sure", "Red Crane", DEFINITION),
        ("the film the long road", "sure", "The Long Road (film)", DEFINITION),
        ("Tell Me About It", "sure", "Tell Me About It", DEFINITION),
        ("who is bright", "nearly", "Ada Bright", DEFINITION),
        ("Who is Marlow?", "several", "John Marlow", DEFINITION),
        ("Ada Bright or John Marlow", "two", "Ada Bright", DEFINITION),
        ("where did ada bright die", "read_but_not_that", "Ada Bright", "death place"),
        ("the harbor hill siege", "nearly", "Siege of Harbour Hill", DEFINITION),
        ("siege of harbor hil", "nearly", "Siege of Harbour Hill", DEFINITION),
        ("corvid works publisher", "sure", "Corvid Works", DEFINITION),
        ("who founded corvid works", "read_but_not_that", "Corvid Works", "founder"),
        ("when was corvid works founded", "sure", "Corvid Works", "founding date"),
        ("is ada bright a mayor", "sure", "Ada Bright", DEFINITION),
        ("whats older, the red crane or corvid works", "two", "Red crane", DEFINITION),
        ("so what on earth is a red crane, in a nutshell", "sure", "Red crane", DEFINITION),
        ("who or what is the red crane", "sure", "Red crane", DEFINITION),
        ("my neighbour mentioned ada bright, who is that", "sure", "Ada Bright", DEFINITION),
        ("in one sentence, what's a red crane?", "sure", "Red crane", DEFINITION),
        ("ever heard of marsh and mere?", "sure", "Marsh and Mere", DEFINITION),
        ("the difference between a marsh and a mere", "two", "Marsh", DEFINITION),
        ("tell me about the eights event at the fair", "sure", EIGHTS, DEFINITION),
        (f"What is {LONG}?", "sure", LONG, DEFINITION),
        ("who is kept apart", "held_out", "Kept Apart", DEFINITION),
    ],
)
def test_the_page_and_what_is_asked_of_it(typed: str, sure: str, title: str, kind: str) -> None:
    meaning = understand(typed, INDEX, BOOK)
    assert (meaning.outcome, meaning.pages[0].title, meaning.kind) == (sure, title, kind)


@pytest.mark.parametrize("pair", PAIRS, ids=operator.attrgetter("question"))
def test_a_trained_question_is_itself_whatever_its_words_could_ask(pair: Pair) -> None:
    for typed in (pair.question, normalize(pair.question)):
        (question,) = understand(typed, INDEX, BOOK).questions
        assert question.text == pair.question


@pytest.mark.parametrize(
    "typed",
    [
        "Who is Grace Bright?",
        "What is Kestrel, Ohio?",
        "The Long Road (novel)",
        "R. Marlow",
        "ohio",
        "Corvid World",
        "tern university",
        "mob",
    ],
)
def test_another_of_the_name_is_not_taken_for_it(typed: str) -> None:
    assert understand(typed, INDEX, BOOK).outcome == "not_read"


def test_a_conversation_goes_on_about_its_topic() -> None:
    topic = topic_after(understand("who is ada bright", INDEX, BOOK), None)
    meaning = understand("when was she born", INDEX, BOOK, topic)
    assert [question.text for question in meaning.questions] == ["When was Ada Bright born?"]
    unread = topic_after(understand("who is grace hopper", INDEX, BOOK), topic)
    assert understand("when was she born", INDEX, BOOK, unread).outcome == "not_read"
    other = understand("what is love?", INDEX, BOOK, topic)  # a filler elsewhere
    assert other.outcome == "not_read" and not other.pages
    bare = understand("war", INDEX, BOOK, unread)  # a cue, and a name
    assert bare.about == "war"
    assert understand("why?", INDEX, BOOK, unread).about == "grace hopper"
    choice = topic_after(understand("who is marlow", INDEX, BOOK), None)
    assert understand("the other one", INDEX, BOOK, choice).pages[0].title == "Kate Marlow"
    film = topic_after(understand("the film the long road", INDEX, BOOK), None)
    assert understand("and who directed the film", INDEX, BOOK, film).questions[0].text == ROAD


@pytest.mark.parametrize(
    ("typed", "sure", "kind"),
    [
        ("tell me more", "sure", "birth date"),
        ("is she French?", "sure", DEFINITION),
        ("was she born in 1801?", "sure", "birth date"),
        ("why?", "read_but_not_that", SOMETHING_ELSE),
        ("what books did she write", "read_but_not_that", SOMETHING_ELSE),
        ("where did she die", "read_but_not_that", "death place"),
        ("is there a god", "not_read", DEFINITION),
        ("who is grace hopper and when was she born", "not_read", DEFINITION),
    ],
)
def test_what_follows_a_page_is_about_it(typed: str, sure: str, kind: str) -> None:
    topic = topic_after(understand("who is ada bright", INDEX, BOOK), None)
    meaning = understand(typed, INDEX, BOOK, topic)
    assert (meaning.outcome, meaning.kind) == (sure, kind)
    assert meaning.outcome == "not_read" or meaning.pages[0].title == "Ada Bright"


def test_more_is_told_until_nothing_is_left() -> None:
    topic = topic_after(understand("who is ada bright", INDEX, BOOK), None)
    told = []
    for _ in range(3):
        meaning = understand("more", INDEX, BOOK, topic)
        topic = topic_after(meaning, topic)
        told.append(meaning.kind)
    assert told == ["birth date", MORE, MORE]


def test_an_open_question_asks_for_no_one_kind_of_fact() -> None:
    assert understand("when was the siege of harbour hill", INDEX, BOOK).kind == "when"


@given(st.text(max_size=120))
def test_any_text_is_understood_in_some_way(typed: str) -> None:
    meaning = understand(typed, INDEX, BOOK)
    assert bool(meaning.questions) == (meaning.outcome in ("sure", "nearly", "two"))
