"""A conversation keeps what is talked about, obeys its commands, and completes titles."""

import builtins
from collections.abc import Callable

import pytest
from scripted_network import PAIRS, responder

from pipeline.answering.conversation import Conversation, choices_of, completions, converse
from pipeline.answering.index_writer import memory_index
from pipeline.answering.responder import Reply
from pipeline.errors import BadInput, ExternalError
from pipeline.questions.languages import language_of


def talk(*, code: str = "en") -> tuple[Conversation, list[Reply]]:
    """A conversation, and the list into which its replies go."""
    shown: list[Reply] = []
    return Conversation(responder(code=code), shown.append, run="runs/x has read 4 pages"), shown


def typing(*lines: str | type[BaseException]) -> Callable[[str], str]:
    """An `input` that gets these lines, or is stopped where an exception stands, and then ends."""
    waiting = list(lines)

    def read(_: str) -> str:
        line = waiting.pop(0) if waiting else EOFError
        if isinstance(line, str):
            return line
        raise line

    return read


def test_a_pronoun_goes_on_about_the_last_page() -> None:
    conversation, shown = talk()
    for line in ("who is ada bright", "thanks", "when was she born?"):
        conversation.hear(line)
    assert shown[-1].text == "Ada Bright was born in 1801."


def test_a_number_chooses_among_pages_of_one_name() -> None:
    conversation, shown = talk()
    conversation.hear("who is marlow")
    assert list(choices_of(shown[-1])) == ["  1  John Marlow", "  2  Kate Marlow"]
    conversation.hear("2")
    assert shown[-1].text == "Kate Marlow is a singer."
    conversation.hear("2")
    assert shown[-1].meaning.outcome == "not_read" and not choices_of(shown[-1])


def test_a_number_beyond_the_choices_is_a_question() -> None:
    conversation, shown = talk()
    conversation.hear("who is marlow")
    conversation.hear("9")
    assert shown[-1].typed == "9"


def test_commands_are_obeyed_and_others_named(capsys: pytest.CaptureFixture[str]) -> None:
    conversation, shown = talk()
    heard: list[str] = []
    conversation.commands["/read"] = heard.append
    for line in ("/sources", "who is ada bright", "/sources", "/run", "/help", "/read  A b", "/no"):
        conversation.hear(line)
    said = capsys.readouterr().err
    assert heard == ["A b"] and len(shown) == 1
    assert said.startswith("the last answer has no source\n")
    assert "Ada Bright (https://en.wikipedia.org/wiki/1, revision 101, CC BY-SA 4.0)" in said
    assert "runs/x has read 4 pages" in said and "\n/read TITLE " in said
    assert "/no is no command: /help, /quit, /read, /run, /sources" in said


def test_a_misspelled_command_is_guessed_at(capsys: pytest.CaptureFixture[str]) -> None:
    conversation, _ = talk()
    conversation.hear("/hlep")
    conversation.hear("/HELP")
    said = capsys.readouterr().err
    assert "/hlep is no command: did you mean /help?" in said and "\n/read TITLE " in said


def test_what_was_just_named_is_read() -> None:
    conversation, _ = talk()
    heard: list[str] = []
    conversation.commands["/read"] = heard.append
    for line in ("/read", "what is a velvet dogfish", "why?", "/read it", "/read", "/read It"):
        conversation.hear(line)
    assert heard == ["", "velvet dogfish", "velvet dogfish", "It"]


def test_that_a_page_can_be_read_is_said_once(capsys: pytest.CaptureFixture[str]) -> None:
    conversation, _ = talk()
    conversation.can_read = True
    for line in ("who is ada bright", "who is grace hopper", "why?"):
        conversation.hear(line)
    assert capsys.readouterr().err.count("/read it fetches") == 1


def test_its_own_remarks_are_in_the_language_of_the_run(capsys: pytest.CaptureFixture[str]) -> None:
    conversation, _ = talk(code="de")
    for line in ("/sources", "/no", "/help"):
        conversation.hear(line)
    said = capsys.readouterr().err
    assert "hat keine Quelle" in said and "kein Befehl" in said and "/read TITEL" in said


def test_a_line_that_fails_does_not_end_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    outcomes = {"bad": BadInput("too long"), "down": ExternalError("no wiki"), "stop": None}
    heard = []

    def hear(line: str) -> None:
        heard.append(line)
        failure = outcomes.get(line, KeyboardInterrupt())
        if failure:
            raise failure

    lines = ("bad", KeyboardInterrupt, " ", "down", "interrupted", "stop", "/QUIT now", "never")
    monkeypatch.setattr(builtins, "input", typing(*lines))
    assert converse(hear) == 0
    assert heard == ["bad", "down", "interrupted", "stop"]
    said = capsys.readouterr().err
    assert "too long" in said and "no wiki" in said and "(stopped)" in said


def test_the_longest_end_of_a_line_that_begins_a_title_is_completed() -> None:
    index = memory_index(PAIRS, ["Adamant"], language_of("en"))
    assert completions("who is john m", index) == ["who is John Marlow"]
    assert completions("Ad", index) == ["Ada Bright"]  # not what was held out
    assert completions("who is ", index) == completions("zzz", index) == []
