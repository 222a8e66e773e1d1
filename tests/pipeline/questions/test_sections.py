"""A section gives a pair only where its beginning answers what its heading promises."""

import pytest

from pipeline.clean import Article, read_article
from pipeline.questions.pairs import make_pairs
from pipeline.questions.section_fit import names_subject, without_unfinished
from pipeline.questions.sections import answers_heading
from pipeline.records import Page


def _article(lead: str, title: str, box: str = "") -> Article:
    html = f"<div class=mw-parser-output>{box}<p>{lead}</p></div>"
    return read_article(Page(pageid=1, title=title, html=html, url="", revid=1, licence=""))


BRAE = _article("<b>Brae</b> is a town in the valley of the Ash.", "Brae")
LEE = _article("<b>Ann Lee</b> (born 1901) was a dancer.", "Ann Lee")


@pytest.mark.parametrize(
    ("heading", "answer"),
    [
        ("advantages", "Unrolling a loop is done by hand or by a program that Brae runs on it."),
        ("population", "The people of Brae live mostly along the river and in the old harbour."),
        ("history", "This was the reason why Brae was founded so much later than the old town."),
        ("history", "The following table shows what was built in Brae in each of these years."),
        ("geography", "An area of lakes and streams in the valley of a river near Brae."),
        ("geography", "Brae is an area of lakes.And streams run to the sea from all of them."),
        ("reception", 'A critic called Brae "a fine thing to hear, and was glad of it all.'),
        ("reception", 'A critic said: "Brae was like a song, and the name meant "of the sea. Old.'),
        ("description", "The Brae ash-fish grows to 20 centimetres. It is food for other fish."),
        ("diet", "The Brae ash-fish is one of a family of fishes of the sea. It eats crabs."),
        ("music video", "Tom Ash and his band are seen in Brae, and they sing on a boat there."),
        ("history", "Brae was founded early."),
        ("history", "The early history of Brae is detailed in the article on Old Brae Ranch."),
        ("history", "Brae's nearness to the sea has always been a cause of concern to it all."),
        ("history", "In 1595, in the wars of faith, a troop of leaguers seized the hall of Brae."),
        ("demographics", "Population: 4,512 (2010 Census); 4,400 (2002 Census); 4,119 (1989)."),
        ("demographics", "Estimates of how many live in Brae are hard to make. It has 4,512."),
        ("geography", "An area of lakes and farms, of streams and woods, situated near Brae."),
        ("reception", "The Brae album sold 10,800 copies in all, and then many more of them."),
        ("legacy", "Brae Lights is a cartoon that was made by Tom Ash for children of all ages."),
        ("definition", "The definition of Brae is given in terms of tasks and of a house of it."),
        ("features", "A number of distinctive features of Brae are not often seen elsewhere."),
        ("development", "The development of Brae was announced on May 19, 2007, in an old hall."),
        ("production", "In 2008 the rights to Brae were bought by Tom Ash and produced by him."),
        ("release", "The release of Brae was announced on 4 January, when its cover was shown."),
        ("taxonomy", "There are two kinds of Brae: Crested ones have a crest. The order is old."),
        ("economy", "The Strong Road to Brae was opened in 2003, which made a port of the town."),
        ("structure", "A report of 2006 suggested that Brae acted on its own, as was often said."),
        ("life cycle", "Courtship is a part of what Brae snails do, and some of them use darts."),
        ("criticism", "Few other towns were praised, or criticised, as much as the town of Brae."),
        ("composition", "Brae is made of salt by a pathway outlined below, which is a slow one."),
        ("aftermath", "Before the treaty of Brae was signed, soldiers had entered the old port."),
        ("economy", "The economy of Brae was based on the trade of salt until the war began."),
        ("history", "Brae was founded by monks, and its wells gave 2,000 bbl/d (320 m/d) early."),
        (
            "aftermath",
            "Brae was the largest armed conflict in the land since the old one was over.",
        ),
        ("types", "At least two types of Brae can be told: a first one is near to the old sense."),
        ("history", "Brae was founded early by monks, whose name is written or. It is old now."),
        ("family", "On 16 May Brae was married in the old hall. Kay Moor, the eldest daughter."),
        ("history", "Brae, was created by an act of 1893, and was officially recognized in 1894."),
    ],
)
def test_a_beginning_that_answers_nothing_gives_no_pair(heading: str, answer: str) -> None:
    assert not answers_heading(heading, answer, BRAE)


@pytest.mark.parametrize(
    ("heading", "answer"),
    [
        (
            "education",
            "Ann Lee sang in the choir of her town and was fond of long walks by the sea.",
        ),
        ("education", "Ann Lee came from the old harbour. She studied law there until 1931."),
        (
            "personal life",
            "Her name is sometimes spelled Lea, an error that is seen in many books.",
        ),
        ("career", "She founded the Brae Culture Collection [which was proposed by Tom Ash, too."),
        ("career", "Ann Lee is a graduate of Brae College. She has played for the Ash Reserves."),
        ("career", "Before her work at this post, Ann Lee served in the 12th Brigade in Ashton."),
        ("life", "She won two titles of her country in the triple jump: one in 2010 and 2003."),
        ("early life", "Lee started her career as an actress in a serial and later got others."),
        ("early life", "Born in the United States. Before she left, Lee had seen the old harbour."),
        ("death", "Lee died on January 6, 2007, at the New Hospital in Brae at the age of 94."),
        ("college career", "Lee played from 1994. Was the first player who received all of them."),
        ("career", "Lee appeared in House of Ash She gained fame in 2015 for her part in a play."),
        ("early life", "Kay Moor was born in Brae, the son of a miner, and was raised in Ashton."),
    ],
)
def test_a_life_is_told_by_what_is_asked_and_names_who_lived_it(heading: str, answer: str) -> None:
    assert not answers_heading(heading, answer, LEE)


def test_a_subject_is_named_by_its_name_a_pronoun_or_its_kind() -> None:
    books = _article(
        "<b>Brae Books</b> (<b>BB</b>) is a publisher of books in Ashton.", "Brae Books"
    )
    assert names_subject("Una Ash founded Brae in 1950.", books)
    assert names_subject("It was founded in 1950.", books)
    assert names_subject("In 1950, it was founded by Una Ash.", books)
    assert names_subject("The publisher was founded in 1950.", books)
    assert names_subject("Una Ash founded BB in 1950.", books)
    assert not names_subject("Una Ash and Elm Books printed novels in 1950.", books)
    assert not names_subject("Una Ash wrote that it was old.", books)


def test_words_of_its_kind_name_a_subject_only_all_together() -> None:
    food = _article("<b>Fast food</b> is food that is sold fast.", "Fast food")
    assert names_subject("The first fast food was sold in Rome.", food)
    assert not names_subject("The first food for sale was bread.", food)


def test_a_place_is_named_as_the_area() -> None:
    box = "<table class='infobox geography'><tr><th>Area</th><td>4</td></tr></table>"
    brae = _article("<b>Brae</b> is a town in the valley of the Ash.", "Brae", box)
    assert names_subject("The first people came to the area in 1201.", brae)


@pytest.mark.parametrize(
    ("heading", "answer"),
    [
        ("advantages", "The main advantage of Brae is that the test of a loop runs less often."),
        ("population", "In 2010 Brae had a population of 4,512, most of them by the river there."),
        ("history", "The town was founded in 1201 by monks, who had come there from the north."),
        ("plot", "A monk leaves his town and walks to the sea, where he finds an empty boat."),
        ("geography", "Brae lies on the Ash, and to the north of it is a plain of reeds and sand."),
        ("reception", 'Tom Ash called Brae "a fine town to see", and gave it four of five stars.'),
        ("music video", "The music video was shot in a factory by Tom Ash and shows two dancers."),
    ],
)
def test_a_beginning_that_answers_its_heading_gives_one(heading: str, answer: str) -> None:
    assert answers_heading(heading, answer, BRAE)


@pytest.mark.parametrize(
    ("heading", "answer"),
    [
        ("education", "She studied law at the University of Brae and graduated there in 1931."),
        ("death", "Lee died of a heart attack on January 6, 2007, at her home in the old town."),
        ("early life", "Lee was born in Brae, the youngest of five children of a miner of coal."),
    ],
)
def test_a_beginning_that_tells_a_life_gives_one(heading: str, answer: str) -> None:
    assert answers_heading(heading, answer, LEE)


def test_a_sentence_whose_point_follows_is_left_out() -> None:
    answer = "Brae is large. For example, 6,500 people live in it."
    assert without_unfinished(answer, " Of those, 650 can swim.") == "Brae is large."
    assert without_unfinished(answer, " Many can swim.") == answer
    assert (
        without_unfinished("Brae is old. There are three reasons for that.", "") == "Brae is old."
    )


def test_a_background_is_of_what_took_place_or_of_how_a_work_came_about() -> None:
    def asked(lead: str, background: str) -> list[str]:
        html = (
            f'<div class="mw-parser-output"><p>{lead}</p><h2>Background</h2>'
            f"<p>{background}</p></div>"
        )
        page = Page(pageid=1, title="Ash Line", html=html, url="", revid=1, licence="")
        return [pair.question for pair in make_pairs(page, kinds=("sections",))[0]]

    war = "In 1201 the army of the north had crossed the river and burnt the old harbour there."
    assert asked("The <b>Ash Line</b> was a line of walls.", war) == [
        "What was the background of the Ash Line?"
    ]
    assert asked("The <b>Ash Line</b> is a line of walls.", war) == []
    song = '"<b>Ash Line</b>" is a song by Tom Ash.'
    written = "Tom Ash wrote the song in a night, when he could not sleep for the noise of the sea."
    assert len(asked(song, written)) == 1
    assert (
        asked(song, "Tom Ash had released two albums, and the band had split up after them.") == []
    )


def test_animals_of_one_name_in_both_numbers_are_asked_as_the_chapter_speaks_of_them() -> None:
    html = (
        '<div class="mw-parser-output"><table class="infobox biota"><tr><td>x</td></tr></table>'
        "<p><b>Ashfish</b> is a species of fish of the Brae sea. The ashfish is small.</p>"
        "<h2>Description</h2><p>Ashfish are grey fish with an upturned mouth and round fins.</p>"
        "</div>"
    )
    page = Page(pageid=1, title="Ashfish", html=html, url="", revid=1, licence="")
    questions = [pair.question for pair in make_pairs(page, kinds=("sections",))[0]]
    assert questions == ["What do ashfish look like?"]


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


def test_a_work_is_not_told_of_by_a_pronoun_alone_and_an_animal_has_its_article() -> None:
    def asked(said: str) -> list[str]:
        html = (
            '<p>"<b>Ado</b>" is a song by the singer Ann Lee.</p>'
            f"<h2>Critical reception</h2><p>{said}</p>"
        )
        made, _ = make_pairs(
            Page(
                pageid=1,
                title="Ado",
                html=f"<div class=mw-parser-output>{html}</div>",
                url="",
                revid=1,
                licence="",
            ),
            kinds=("sections",),
        )
        return [pair.question for pair in made]

    assert (
        asked("The song was praised by critics of the day for her return to the old sound.") == []
    )
    assert asked("The song was praised by critics, who called Lee the voice of her own days.")
