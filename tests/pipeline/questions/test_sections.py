"""A chapter gives a pair only where its beginning answers what its heading promises."""

import pytest

from pipeline.questions.pairs import make_pairs
from pipeline.questions.sections import answers_heading, names_subject
from pipeline.records import Page


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
        (
            "reception",
            'A critic said: "It was like an early song, and the name meant "of the sea. It is old.',
        ),
        (
            "description",
            "The ash-fish grows to about 20 centimetres. It is food for many other fish.",
        ),
        (
            "diet",
            "The ash-fish is one of a family of fishes of the sea. It has teeth and eats crabs.",
        ),
        ("culture", "Several films were made in the old town of Brae in the last twenty years."),
        (
            "music video",
            "The video was released on the first of May, and is three minutes long now.",
        ),
        ("history", "It was old."),
        ("history", "The early history of the area is detailed in the article on Old Brae Ranch."),
        (
            "aftermath",
            "The Brae army had also lost all of its horses and mules, and many of its cars.",
        ),
        (
            "demographics",
            "Population: 4,512 (2010 Census); 4,400 (2002 Census); 4,119 (1989 Census).",
        ),
        ("career", "She founded the Brae Culture Collection [which was proposed by Tom Ash, too."),
        (
            "geography",
            "An area of lakes and farms, of streams and woods, situated by the river near Brae.",
        ),
        (
            "reception",
            "The album reached the 50th place of the chart and sold 10,800 copies in all.",
        ),
        ("legacy", "Brae Lights is a cartoon that was made by Tom Ash for children of all ages."),
        (
            "definition",
            "The definition of brae learning is given in terms of tasks and of a house.",
        ),
        (
            "personal life",
            "Her name is sometimes spelled Lea, an error that is seen in a great many books.",
        ),
        (
            "features",
            "A number of distinctive organ features are not often seen on other organs.",
        ),
        (
            "education",
            "Ann Lee came from the old harbour of Brae. She studied law there until 1931.",
        ),
        (
            "history",
            "Born in the United States. Before she left, she had seen the old harbour there.",
        ),
    ],
)
def test_a_beginning_that_answers_nothing_gives_no_pair(heading: str, answer: str) -> None:
    assert not answers_heading(heading, answer, life=False)


def test_a_past_must_name_whose_it_is() -> None:
    assert names_subject("Una Ash founded Brae Books in 1950.", "Brae Books")
    assert names_subject("It was founded in 1950.", "Brae Books")
    assert not names_subject("Una Ash and Elm Books printed novels in 1950.", "Brae Books")


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


@pytest.mark.parametrize(
    ("heading", "text", "question"),
    [
        (
            "History",
            "The port was first built in Brae in 1901, and all others were built later.",
            "What is the history of the port?",
        ),
        (
            "Types",
            "There are two types of port: the open port and the closed one, which is rarer.",
            "What are the types of port?",
        ),
        (
            "Etymology",
            "The word port comes from a Latin word for a door, and was first read in 1301.",
            "What is the etymology of port?",
        ),
        (
            "Structure",
            "It consists of three parts, of which the first is called the head of the port.",
            "What is the structure of a port?",
        ),
        ("Production", "Ports are made of wood, and the wood is bent over a fire of reeds.", None),
        (
            "Composition",
            "The composition of two ports is a port, and it is written as a port of a port.",
            None,
        ),
    ],
)
def test_a_counted_thing_is_named_as_its_kind_where_its_kind_is_meant(
    heading: str, text: str, question: str | None
) -> None:
    page = Page(
        pageid=1,
        title="Port",
        html=f"<div class=mw-parser-output><p>A <b>port</b> is a door in the wall of a town.</p>"
        f"<h2>{heading}</h2><p>{text}</p></div>",
        url="http://localhost/wiki/Port",
        revid=1,
        licence="CC BY-SA 4.0",
    )
    pairs, _ = make_pairs(page, kinds=("sections",))
    assert [pair.question for pair in pairs] == ([question] if question else [])


def test_an_uncounted_thing_is_made_again_and_again_and_keeps_its_field() -> None:
    html = (
        "<div class=mw-parser-output><p><b>Brine</b> is salt water. In food, brine is brine, and"
        " brine is kept.</p>"
        "<h2>Production</h2><p>Most brine is made of salt and water by those who sell it in"
        " jars.</p></div>"
    )
    page = Page(
        pageid=1, title="Brine (food)", html=html, url="http://localhost/", revid=1, licence="CC"
    )
    pairs, _ = make_pairs(page, kinds=("sections",))
    assert [pair.question for pair in pairs] == ["How is brine (food) produced?"]


def test_what_is_gone_is_asked_for_in_the_past_or_not_at_all() -> None:
    html = (
        '<div class="mw-parser-output"><p>The <b>Zed Empire</b> was a state of old.</p>'
        "<h2>Government</h2><p>The empire was governed by a council of nine, who met in Zed.</p>"
        "<h2>Economy</h2><p>Its economy was one of farms, of trade and of fishing in the sea.</p>"
        "</div>"
    )
    made, _ = make_pairs(
        Page(pageid=1, title="Zed Empire", html=html, url="", revid=1, licence=""),
        kinds=("sections",),
    )
    assert [pair.question for pair in made] == ["How was the Zed Empire governed?"]
