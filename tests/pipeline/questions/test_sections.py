"""A chapter gives a pair only where its beginning answers what its heading promises."""

import pytest

from pipeline.questions.sections import answers_heading


@pytest.mark.parametrize(
    ("heading", "answer"),
    [
        (
            "advantages",
            "Unrolling a loop is done by hand or by a program that a compiler runs on it.",
        ),
        (
            "population",
            "The people of the town live mostly along the river and in the old harbour.",
        ),
        (
            "education",
            "Ann Lee sang in the choir of her town and was fond of long walks by the sea.",
        ),
        (
            "history",
            "This was the reason why the other town was so much larger than the old one was.",
        ),
        ("history", "The following table shows what was built in the town in each of these years."),
        (
            "geography",
            "An area of lakes and streams in the valley of a small river near the old town.",
        ),
        (
            "reception",
            'A critic called it "a fine thing to see and to hear, and was glad of it all.',
        ),
        ("history", "It was old."),
    ],
)
def test_a_beginning_that_answers_nothing_gives_no_pair(heading: str, answer: str) -> None:
    assert not answers_heading(heading, answer, life=False)


@pytest.mark.parametrize(
    ("heading", "answer"),
    [
        ("advantages", "The main advantage of unrolling is that the loop's test runs less often."),
        ("population", "In 2010 the town had a population of 4,512, most of them by the river."),
        ("education", "She studied law at the University of Brae and graduated there in 1931."),
        ("history", "The town was founded in 1201 by monks, who had come there from the north."),
        ("plot", "A monk leaves his town and walks to the sea, where he finds an empty boat."),
    ],
)
def test_a_beginning_that_answers_its_heading_gives_one(heading: str, answer: str) -> None:
    assert answers_heading(heading, answer, life=False)


def test_a_life_in_a_few_words_is_not_told() -> None:
    answer = "She was born in Brae in 1901 and lived there for a year or more."
    assert answers_heading("history", answer, life=False)
    assert not answers_heading("life", answer, life=True)
