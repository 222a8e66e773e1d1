"""The ways of asking."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.questions.normalize import folded
from pipeline.questions.phrasings import phrasings

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
titles = st.one_of(
    st.sampled_from(ODD_TITLES),
    st.text(min_size=1, max_size=30).filter(lambda text: bool(folded(text))),
)


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
