"""The ways of asking, and what a typed question is about."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.questions.phrasings import fold, folded, phrasings, topic

ODD_TITLES = [
    "Ada Lovelace",
    "Hash table",
    "What? (film)",
    "Who is it?",
    "The Who",
    "A",
    "C++",
    "C++ (language)",
    "Yahoo!",
    "!",
    "-",
    "?",
    "E=mc²",
    "A.B.C. d.o.t.s.",
    'The "Quoted" title',
    "東京テスト",
    "AC/DC (test)",
    "1=1?x=2&y=3",
    "O'Brien's law",
    "Emoji 🏳️‍🌈 page",
    "The The",
    "A Team",
    "Hyphen–dash—test",
    "What Is Love",
    "Tell Me About It",
    "Do You Know Who I Am?",
    "…",
    "İstanbul",
    "(I Can't Get No) Satisfaction",
    "robots.txt",
]
TYPED = {
    "who was  ada lovelace": "ada lovelace",
    "Ada Lovelace?": "ada lovelace",
    "ADA LOVELACE": "ada lovelace",
    "tell me about hash tables": "hash tables",
    "Tell me about hash tables, please tell": "hash tables, please tell",
    "what's a hash table": "hash table",
    "What’s the hash table ?": "hash table",
    "whats photosynthesis": "photosynthesis",
    "define photosynthesis.": "photosynthesis",
    "Define: photosynthesis": "photosynthesis",
    "Do you know who Ada Lovelace is?": "ada lovelace",
    "can you tell me what photosynthesis is?": "photosynthesis",
    "Hey, who is ‘Ada Lovelace’?": "ada lovelace",
    "what do you know about “Like Yesterday”?": "like yesterday",
    "What is the Hyphen—dash–test?!": "hyphen-dash-test",
    "What does C++ mean?": "c++",
    "What is meant by entropy": "entropy",
    "give me some information about the Moon": "moon",
    "who is": "who is",
    "??": "??",
    "": "",
}
titles = st.one_of(
    st.sampled_from(ODD_TITLES),
    st.text(min_size=1, max_size=30).filter(lambda text: bool(folded(text))),
)


@pytest.mark.parametrize(("typed", "about"), TYPED.items())
def test_the_topic_of_a_typed_question(typed: str, about: str) -> None:
    assert topic(typed) == about


@pytest.mark.parametrize("title", ODD_TITLES)
@pytest.mark.parametrize("word", ["Who", "What"])
def test_an_odd_title_has_phrasings(title: str, word: str) -> None:
    question = f"{word} is {title.removesuffix('?') or title}?"
    forms = phrasings(question, title)
    assert forms[0] == question
    assert len(set(forms)) == len(forms) >= 4


@given(titles)
def test_phrasings_begin_with_the_question_and_never_repeat(title: str) -> None:
    question = f"What is {title}?"
    forms = phrasings(question, title)
    assert forms[0] == question
    assert len(set(forms)) == len(forms)
    assert forms == phrasings(question, title)


@given(st.text(max_size=80))
def test_any_text_has_a_topic_and_a_title_keeps_its_key(text: str) -> None:
    topic(text)
    assert bool(fold(text)) == bool(folded(text))


def test_small_letters_and_the_bare_name_are_asked_too() -> None:
    forms = phrasings("Who is Ada Lovelace?", "Ada Lovelace")
    assert {
        "Tell me about Ada Lovelace.",
        "Ada Lovelace",
        "ada lovelace",
        "Who is Ada Lovelace",
        "What do you know about Ada Lovelace?",
    } <= set(forms)


def test_a_question_in_the_plural_keeps_its_plural_and_the_title() -> None:
    forms = phrasings("What are sharks?", "Shark")
    assert {"What is a shark?", "tell me about sharks", "Shark", "shark"} <= set(forms)


def test_a_fact_is_asked_in_its_other_wordings() -> None:
    forms = phrasings("When was Ada Lovelace born?", "Ada Lovelace")
    assert {"What year was Ada Lovelace born?", "when was ada lovelace born"} <= set(forms)
    assert "What was the history of Paris?" not in phrasings(
        "What is the history of Paris?", "Paris"
    )


def test_no_phrasing_is_wrong_english() -> None:
    forms = phrasings("What is a tortilla?", "Tortilla") + phrasings("What is X F.C.?", "X F.C.")
    assert not any("about a tortilla" in form or ".." in form for form in forms)
