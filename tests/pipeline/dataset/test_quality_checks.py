"""What looks wrong is flagged, and plain prose with all its signs is not."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.dataset.quality_checks import faults, outliers, place_of_fault
from pipeline.records import Pair

SOUND = Pair(
    pageid=1,
    title="Water",
    kind="definition",
    question="What is water?",
    answer="Water (H₂O) is a clear liquid, as most people know.",
    url="https://en.wikipedia.org/wiki/Water",
    revid=2,
    licence="CC BY-SA 4.0",
)


@pytest.mark.parametrize(
    "answer",
    [
        SOUND.answer,
        (
            'C++ (1985–), "the language", costs 10⁶ km/h: e.g. 5 °C, No. 5, Nos. 1–3 and U.S.'
            " Route 66…"
        ),
        (
            "Simón Bolívar (24 July 1783 – 17 December 1830) freed several countries; his motto was"
            " “¡Basta!”"
        ),
        (
            "北京 (Běijīng) is the capital of China, a city of 21 million; it's at 40° N.\n• It is"
            " old (see above)."
        ),
        "The answer is a < b and c > d for AT&T, as she said (in 1999).",
    ],
)
def test_clean_prose_is_not_flagged(answer: str) -> None:
    assert faults(replace(SOUND, answer=answer)) == []


@pytest.mark.parametrize(
    ("answer", "fault"),
    [
        ("Water is a clear liquid.[1]", "a reference mark"),
        ("Water is clear[citation needed] as most know.", "a reference mark"),
        ("Water is a clear liquid.[note 3] It is wet.", "a reference mark"),
        ("History[edit] Water is a clear liquid.", "an edit link"),
        ("Water is a {{convert|5|km}} long liquid.", "wiki markup"),
        ("Water is a clear<br/> liquid in rivers.", "HTML or CSS"),
        ("Water &amp; ice are much the same thing.", "HTML or CSS"),
        ("Water is \\displaystyle x and nothing else.", "LaTeX"),
        ("Water () is a clear liquid that we drink.", "an empty or broken parenthesis"),
        ("Water (, born 1900) is a clear liquid.", "an empty or broken parenthesis"),
        ("Water (/ˈwɔːtər/) is a clear liquid we drink.", "a pronunciation"),
        ("Water , as we know, is a clear liquid.", "a space before a mark"),
        ("Water is a  clear liquid that we drink.", "a doubled space"),
        ("Water is clear.It is what we drink.", "a missing space"),
        ("Water (51°28′N 0°1′W) flows on and on.", "coordinates"),
        ("Water is clear (see https://example.org).", "a bare address"),
        ("Water is a clear\u00a0liquid that we drink.", "an odd character"),
        ("Water is a clear\u200b liquid that we drink.", "an odd character"),
        ("Water \ufffd is a clear liquid that we drink.", "an odd character"),
        ("Water (a liquid is what we all drink.", "an unbalanced parenthesis"),
        ("Water is a clear liquid that we", "ends without a sentence's mark"),
        ("Water (from “wet”, “cold”, “old”) is (“wet”, “cold”).", "a foreign name's remains"),
        ("Water is 5 ⁄2 feet deep in all of the rivers.", "a broken fraction"),
        ("The BBC Tooltip British Broadcasting is a firm.", "a tooltip or notice"),
        ("The lake covers 31 sq mi (81 km) of the land.", "an area that lost its square"),
        ("The lake covers 12.1 km (4.7 sq mi) of land.", "an area that lost its square"),
        ("Water is clear.{(} It is what we drink.", "braces around nothing"),
        ("Water (Chinese:水的名字) is a clear liquid we drink.", "names in another script"),
        ("Water (Auvergnat: Aigà) is a clear liquid.", "a label of a language"),
        ("Order Undina Family Undidae Genus Unda lives.", "a rank, one after another"),
        ("Water is wet. This article shows all seas.", "a tooltip or notice"),
        ("Water is clear.it was seen by all of them.", "a missing space"),
        ("Water [which is wet is a clear liquid.", "an unbalanced bracket"),
        ("Water is found at . It is also a clear liquid.", "a gap where something stood"),
        ("Water has three forms that are as follows:", "a list that is announced and not given"),
        ("Water is a liquid liquid that we all drink.", "a word twice"),
        ('Water is "a liquid that we all do drink.', "an unbalanced quotation mark"),
        ("Water is wet.", "shorter than 20 characters"),
        ("Water is wet. " * 200 + "Yes.", "longer than 1,500 characters"),
    ],
)
def test_what_cleaning_left_over_is_flagged(answer: str, fault: str) -> None:
    assert f"answer: {fault}" in faults(replace(SOUND, answer=answer))


def test_questions_are_looked_at_too() -> None:
    assert faults(replace(SOUND, question="What is water?[1]")) == [
        "question: a reference mark",
        "question: ends without a question mark",
    ]
    assert faults(replace(SOUND, question=f"What is {'x' * 160} water?")) == [
        "question: longer than 160 characters"
    ]


@pytest.mark.parametrize(
    ("question", "fault"),
    [
        ("Who is MS Norna?", "a ship asked for by who"),
        ("What is the the Ado?", "two articles"),
        ("What are Zed Report?", "is or are"),
        ("Who is the members of Zed?", "is or are"),
        ("What is english law?", "an adjective of a name in small letters"),
        ("What is Zedland at the 1972 Summer Olympics?", "a table and not a subject"),
        ("What should one know about Zed?", "nothing in particular"),
    ],
)
def test_a_wrong_question_is_flagged(question: str, fault: str) -> None:
    assert f"question: {fault}" in faults(replace(SOUND, question=question))


@pytest.mark.parametrize(
    ("question", "answer", "fault"),
    [
        (
            "What is the history of Zed?",
            "However, the town was left in 1901.",
            "begins in the middle",
        ),
        ("What is the history of Zed?", "A place of old stone.", "begins in the middle"),
        (
            "What is the population of Zed?",
            "The people are known for their songs and dances.",
            "does not say what was asked",
        ),
    ],
)
def test_a_section_that_answers_something_else_is_flagged(
    question: str, answer: str, fault: str
) -> None:
    pair = replace(SOUND, kind="sections", question=question, answer=answer)
    assert f"answer: {fault}" in faults(pair)


@pytest.mark.parametrize(
    "answer",
    [
        "The interval [0, 1] and argv[0] and act[s] are text, as is size() in C.",
        "Oslo / Tromsø / Narvik are towns, and [18]annulene is a ring of carbon.",
    ],
)
def test_brackets_that_are_text_are_not_flagged(answer: str) -> None:
    assert faults(replace(SOUND, answer=answer)) == []


def test_what_stands_twice_is_flagged_on_every_pair() -> None:
    twin = replace(SOUND, pageid=2, answer="Water is a river in the north of somewhere.")
    copy = replace(SOUND, pageid=3, question="What is ice?")
    assert outliers(
        [
            SOUND,
            twin,
            copy,
            replace(copy, pageid=4, question="Who?", answer="Somebody who is nobody else."),
        ]
    ) == [
        ["question: asked more than once", "answer: the same on several pages"],
        ["question: asked more than once"],
        ["answer: the same on several pages"],
        [],
    ]


@given(st.text(), st.text())
def test_no_text_breaks_the_look(question: str, answer: str) -> None:
    for fault in faults(replace(SOUND, question=question, answer=answer)):
        part, name = fault.split(": ", 1)
        text = answer if part == "answer" else question
        assert 0 <= place_of_fault(text, name) <= len(text)


@pytest.mark.parametrize(
    ("title", "kind", "question", "answer", "fault"),
    [
        (
            "Brae (season 2)",
            "definition",
            "What is Brae?",
            "Brae is old.",
            "a part asked as the whole",
        ),
        (
            "Call (Me Now)",
            "definition",
            "What is Call?",
            "Call (Me Now) is a song.",
            "a part asked",
        ),
        (
            "Port",
            "sections",
            "What is the history of a port?",
            "A port was built.",
            "one for its kind",
        ),
        (
            "Brine",
            "sections",
            "How was brine produced?",
            "Brine is made of salt.",
            "the past of what is made again",
        ),
        (
            "Zedian uprising",
            "definition",
            "What is Zedian uprising?",
            "The Zedian uprising was old.",
            "no article",
        ),
        (
            "Brae, Ohio",
            "facts",
            "Which state is Brae, Ohio in?",
            "Brae, Ohio is in the state of Ohio.",
            "says what the question says",
        ),
        (
            "Brae Bank",
            "facts",
            "Who leads Brae Bank?",
            "Brae Bank is led by Tom Ash (Chairman).",
            "an office behind a name",
        ),
        (
            "Brae Line",
            "facts",
            "Where is the Brae Line?",
            "The Brae Line is in Ash, Elm, Oak.",
            "things in a row",
        ),
        (
            "Zedia",
            "facts",
            "Which time zone was Zedia in?",
            "The time zone of Zedia is UTC+1.",
            "in another tense",
        ),
        (
            "Brae Books",
            "sections",
            "What is the history of Brae Books?",
            "Una Ash and Elm Books printed novels in 1950.",
            "does not name its subject",
        ),
        *(
            ("Brae", "sections", question, answer, fault)
            for question, answer, fault in (
                ("What do the brae-fish look like?", "These fish are long.", "points to what"),
                ("How is Brae governed?", "Brae was governed by a king.", "in another tense"),
                ("How was Brae developed?", "Brae was announced in 1999.", "what was asked"),
                ("How was Brae released?", "Prior to it, Brae was sung.", "what was asked"),
                ("What is the diet of the brae?", "The brae is an animal. It eats.", "was asked"),
                ("What was the early life of Brae like?", "Brae was a general.", "was asked"),
                ("What does a brae look like?", "A brae is up to 8 inches long.", "was asked"),
                ("What is the plot of Brae?", 'He "came. "It" was old.', "quotation mark"),
            )
        ),
        *(
            ("Brae", "facts", question, answer, fault)
            for question, answer, fault in (
                ("Who won the Cup?", "The Cup was won by Brae City Bears.", "article is missing"),
                ("Who was his father?", "His father was Brae Emperor.", "article is missing"),
                ("What is its currency?", "Its currency is the Euro.", "with a capital"),
                ("Where did it end?", "It took place in the Brae River.", "in a river"),
                ("When was Brae active?", "Brae was active from 1984 on.", "stiff"),
                (
                    "Which network first broadcast it?",
                    "It was first broadcast on A and B.",
                    "first",
                ),
                ("What is he known for?", "He is known for Brae (2017–present).", "years behind"),
                (
                    "Where did the invasion of Brae take place?",
                    "The invasion of Brae took place in Brae.",
                    "says what the question says",
                ),
                ("Which awards did he receive?", "He received the Ash Prize.", "several"),
                ("Which label was it?", "It was on the label Ash ASH CD022.", "catalogue"),
                ("Where did he study?", "He studied at Ash University University.", "unparted"),
                ("Where is it from?", "It comes from Brae,Zed City and Ash.", "unparted"),
                ("Where did he study?", "He studied at Ash College (MA).", "a degree behind"),
                ("When was it?", "It was from 3 May to June 1942.", "a range cut short"),
                ("Where was it?", "It took place at Ash Hotel.", "no article"),
                ("Where is it?", "It is in West End of Brae.", "no article"),
                ("Where does he live?", "He lives in Ash Mansion.", "a house of an office"),
                ("What does he play?", "He plays vocals and guitar.", "no instrument"),
                ("What was the home ground of the Brae Cup?", "It was Ash Park.", "suits no event"),
            )
        ),
        *(
            ("Brae", "definition", question, answer, fault)
            for question, answer, fault in (
                ("What is an ASH Code?", "An ASH code is an identifier.", "in another case"),
                ("What is the naval history of Brae?", "The navy was strong.", "another thing"),
                ("What are ash victims?", "Ash victims were people of Brae.", "asked for by what"),
                ("What are air raids on Brae?", "There were air raids on Brae.", "no article"),
                ("What is ice hockey at Brae – Men's singles?", "It is a sport.", "a table"),
                ("What is an ash (or ashe)?", "An ash (or ashe, see ash spelling) is.", "pointer"),
                ("What is a brae?", "A brae has two parts. the first is old.", "begins small"),
                ("What are Ash Americans?", "Ash Americans are Americans.", "asked for by what"),
                ("What are Ashan lands annexed by Zed?", "They are lands.", "no article"),
                ("What is the Ash Patterns?", "It is a block of signs.", "one and several"),
                ("What is Ash Rail Trail?", "It is a trail in Brae.", "no article"),
                ("What is Ash FM?", "Ash FM is a station in Zed, Brgy.", "an abbreviation"),
            )
        ),
        (
            "Brae",
            "sections",
            "What are the demographics of Brae?",
            "Population: 4,512 (2010 Census).",
            "begins in the middle",
        ),
    ],
)
def test_what_readers_found_is_flagged(
    title: str, kind: str, question: str, answer: str, fault: str
) -> None:
    names = faults(replace(SOUND, title=title, kind=kind, question=question, answer=answer))
    assert any(fault in name for name in names), names
