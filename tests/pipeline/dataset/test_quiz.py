"""Quiz items have one right option; SQuAD's answers stand where it says; GIFT reads back."""

import itertools
from dataclasses import replace

import pytest

from pipeline.dataset.quiz import OPTIONS, QuizItem, quiz_items
from pipeline.dataset.quiz_files import gift, squad
from pipeline.questions.facts import read_fact
from pipeline.records import Pair

ADA = Pair(
    pageid=1,
    title="Ann Lee",
    kind="facts",
    question="When was Ann Lee born?",
    answer="Ann Lee was born on 4 May 1901.",
    url="http://localhost/wiki/Ann_Lee",
    revid=7,
    licence="CC BY-SA 4.0",
)


def born(number: int, name: str, date: str) -> Pair:
    return replace(
        ADA,
        pageid=number,
        title=name,
        question=f"When was {name} born?",
        answer=f"{name} was born {date}.",
    )


PEOPLE = [
    ADA,
    born(2, "Tom Ash", "on 5 June 1912"),
    born(3, "Una Elm", "on 6 July 1923"),
    born(4, "Max Oak", "on 7 August 1934"),
    born(5, "Ida Fir", "in 1945"),
    born(6, "Ben Yew", "on May 4, 1901"),
]


@pytest.mark.parametrize(
    ("question", "answer", "subject", "value"),
    [
        ("When was Ann Lee born?", "Ann Lee was born on 4 May 1901.", "Ann Lee", "on 4 May 1901"),
        ("Where was Ann Lee born?", "Ann Lee was born in Ely, U.S.", "Ann Lee", "in Ely, U.S."),
        (
            "To which genus does the red owl belong?",
            "The red owl belongs to the genus Bubo.",
            "the red owl",
            "Bubo",
        ),
        (
            "Who wrote the story of Zed?",
            "The story of Zed was written by Tom Ash.",
            "Zed",
            "Tom Ash",
        ),
        (
            "What is the population of Ely?",
            "The population of Ely was 4,512 in 2010.",
            "Ely",
            "4,512 in 2010",
        ),
    ],
)
def test_a_fact_is_taken_apart_again(question: str, answer: str, subject: str, value: str) -> None:
    fact = read_fact(question, answer)
    assert fact is not None
    assert (fact.subject, fact.value) == (subject, value)


def test_measures_that_lie_close_together_are_no_options_of_one_question() -> None:
    metres = [100 + 3 * number for number in range(40)]
    hills = [
        replace(
            ADA,
            pageid=number,
            title=f"Zed Hill {chr(65 + number)}x",
            question=f"How long is Zed Hill {chr(65 + number)}x?",
            answer=f"Zed Hill {chr(65 + number)}x is {height} km long.",
        )
        for number, height in enumerate(metres)
    ]
    choices = [item for item in quiz_items(hills) if item.kind == "choice"]
    for item in choices:
        sizes = sorted(int(option.split()[0]) for option in (item.right, *item.wrong))
        assert all(10 * (b - a) > b for a, b in itertools.pairwise(sizes))
    assert choices


def test_what_the_table_does_not_say_is_no_fact() -> None:
    assert read_fact("What is Ely?", "Ely is a town.") is None
    assert read_fact("When was Ann Lee born?", "Tom Ash was born on 4 May 1901.") is None


def test_wrong_options_are_values_of_the_same_form_and_not_the_same_year() -> None:
    items = [item for item in quiz_items(PEOPLE) if item.kind == "choice"]
    assert [item.question for item in items] == [pair.question for pair in PEOPLE[:4]]
    assert items[0].right == "on 4 May 1901"
    assert set(items[0].wrong) == {"on 5 June 1912", "on 6 July 1923", "on 7 August 1934"}


def test_the_reverse_question_is_asked_only_where_one_page_answers() -> None:
    asked = {item.question: item for item in quiz_items(PEOPLE) if item.kind == "reverse"}
    assert asked["Who was born on 5 June 1912?"].right == "Tom Ash"
    assert "Who was born in 1945?" not in asked
    twin = born(7, "Eve Ivy", "on 5 June 1912")
    assert not any(
        "5 June" in item.question for item in quiz_items([*PEOPLE, twin]) if item.kind == "reverse"
    )


def test_a_question_that_gives_its_answer_away_is_no_item() -> None:
    pairs = [
        replace(
            ADA,
            pageid=number,
            question=f"To which genus does {name} belong?",
            answer=f"{name} belongs to the genus {genus}.",
        )
        for number, (name, genus) in enumerate(
            [
                ("Zedo alba", "Zedo"),
                ("A", "Bubonia"),
                ("B", "Corvina"),
                ("C", "Turdana"),
                ("D", "Picana"),
            ]
        )
    ]
    assert "Zedo" not in {item.right for item in quiz_items(pairs)}


def test_items_are_the_same_for_the_same_pairs_and_have_all_options() -> None:
    assert list(quiz_items(PEOPLE)) == list(quiz_items(PEOPLE))
    for item in quiz_items(PEOPLE):
        assert len({item.right, *item.wrong}) == OPTIONS


def test_squad_answers_stand_in_their_context_and_score_a_hundred() -> None:
    metric = pytest.importorskip("torchmetrics.functional.text", reason="the data extra").squad
    definition = replace(
        ADA, kind="definition", question="Who is Ann Lee?", answer="Ann Lee is a poet."
    )
    data = squad([definition, *PEOPLE])["data"]
    assert isinstance(data, list)
    spans: list[dict[str, str]] = []
    answers: list[dict[str, object]] = []
    for article in data:
        for paragraph in article["paragraphs"]:
            for question in paragraph["qas"]:
                (answer,) = question["answers"]
                start, text = answer["answer_start"], answer["text"]
                span = paragraph["context"][start : start + len(text)]
                spans.append({"id": question["id"], "prediction_text": span})
                given = {"text": [text], "answer_start": [start]}
                answers.append({"id": question["id"], "answers": given})
    assert len({span["id"] for span in spans}) == len(PEOPLE) + 1
    scores = metric(spans, answers)
    assert (float(scores["exact_match"]), float(scores["f1"])) == (100.0, 100.0)
    assert data[0]["paragraphs"][0]["qas"][1]["answers"][0]["text"] == "4 May 1901"


def test_gift_escapes_its_own_signs_and_keeps_one_right_option() -> None:
    item = QuizItem(
        kind="choice",
        question="What is {x} = y~z: a#b?",
        right="a=b",
        wrong=("c~d", "e#f", "g}h"),
        pair=ADA,
    )
    (text,) = gift([item])
    assert "What is \\{x\\} \\= y\\~z\\: a\\#b? {" in text
    assert text.count("\n\t=") == 1
    assert text.count("\n\t~") == 3
    assert "\t=a\\=b\n" in text
