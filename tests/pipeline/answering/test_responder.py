"""What is said to a typed question: checked word for word, and never more than was read."""

import pytest
from scripted_network import ANSWERS, ScriptedNetwork, responder

from pipeline.answering.remarks import filled
from pipeline.answering.responder import MAX_QUESTION, LateNetwork, Network
from pipeline.errors import BadInput
from pipeline.questions.languages import language_of

ADA = "Ada Bright was a painter. She drew."


def test_an_answer_that_is_word_for_word_has_its_source() -> None:
    reply = responder().reply("who was ada bright")
    assert (reply.text, reply.verified, reply.remark) == (ADA, True, "")
    assert [page.revid for page in reply.sources] == [101]


def test_a_wrong_answer_is_asked_for_again_in_other_words() -> None:
    reply = responder({"Ada Bright": ADA}).reply("Who is Ada Bright?")
    assert reply.text == ADA and reply.verified


def test_what_stays_wrong_is_said_to_be_so_and_kept_back_when_strict() -> None:
    reply = responder({}).reply("who is ada bright")
    assert reply.text == "So so so." and not reply.verified and reply.sources
    strict = responder({}, strict=True).reply("who is ada bright")
    assert strict.text is None and strict.generated and not strict.sources


def test_where_chance_chooses_the_words_only_a_right_answer_has_a_source() -> None:
    assert not responder({}, greedy=False).reply("who is ada bright").sources
    assert responder(greedy=False).reply("who is ada bright").sources


@pytest.mark.parametrize(
    "typed", ["who is grace hopper", "who is kept apart", "where was she born"]
)
def test_the_network_is_not_asked_about_what_was_not_read(typed: str) -> None:
    asked = responder()
    reply = asked.reply(typed)
    assert reply.text is None and not reply.sources and reply.remark
    assert isinstance(asked.network, ScriptedNetwork) and not asked.network.asked


def test_a_network_is_opened_once_and_only_to_be_asked() -> None:
    asked, opened = responder(), []
    network = asked.network

    def open_network() -> Network:
        opened.append(network)
        return network

    asked.network = LateNetwork(open_network)
    asked.reply("who is grace hopper")
    assert not opened
    for _ in range(2):
        assert asked.reply("who is ada bright").verified
    assert opened == [network]


def test_a_guess_is_announced_and_has_no_source() -> None:
    reply = responder(guess=True).reply("who is grace hopper")
    assert reply.guess and reply.text == "So so so." and not reply.sources
    assert reply.remark.endswith("What follows is a guess:")


def test_of_two_things_both_answers_are_given() -> None:
    reply = responder().reply("john marlow and kate marlow")
    assert reply.text == "John Marlow was a sailor.\nKate Marlow is a singer."
    assert reply.verified and len(reply.sources) == 2


def test_many_are_answered_as_each_alone() -> None:
    typed = ["who is ada bright", "who is nobody", "what is a red crane", "hello", "ada's birthday"]
    together = responder().replies(typed)
    alone = [responder().reply(each) for each in typed]
    assert [reply.text for reply in together] == [reply.text for reply in alone]
    assert together[2].text == ANSWERS["What is a red crane?"]


def test_small_talk_counts_only_what_was_read() -> None:
    text = responder().reply("what have you read").text
    assert text is not None and "4 pages" in text


@pytest.mark.parametrize("code", ["en", "de", "fr", "es"])
def test_it_says_of_itself_what_it_has_read(code: str) -> None:
    says = language_of(code).says
    asked = responder(code=code)
    who = "".join(pattern for name, pattern in asked.language.small_talk if name == "who are you")
    assert who and "{site}" in says["who are you"] and "/help" not in says["hello"]
    assert "4 pages of Wikipedia" in str(responder().reply("who are you").text)


def test_a_name_that_ends_in_a_full_stop_ends_the_sentence() -> None:
    assert filled("I mean {title}.", title="Northgate F.C.") == "I mean Northgate F.C."
    assert filled("I mean {title}.", title="Northgate") == "I mean Northgate."


def test_nobody_asks_in_more_than_a_thousand_characters() -> None:
    with pytest.raises(BadInput, match="longer than 1,000"):
        responder().reply("a" * (MAX_QUESTION + 1))


def test_earlier_questions_say_what_is_talked_about() -> None:
    asked = responder()
    topic = asked.topic_of(["who is ada bright", "thanks"])
    assert asked.reply("when was she born", topic).text == "Ada Bright was born in 1801."
