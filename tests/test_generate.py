"""The command as a person meets it: what goes to which stream, which status, and what it says of
things it has not read.
"""

import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import programs
import pytest
from tiny_run import FACTS, make_run

import generate
from pipeline.answering.responder import Reply, Responder

ROOT = Path(__file__).resolve().parents[1]
ADA = FACTS[0][2]
BROKEN = "�"


@pytest.fixture(scope="module")
def taught(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_run(tmp_path_factory.mktemp("runs") / "taught", taught=True)


def ask(*options: object, stdin: str = "") -> subprocess.CompletedProcess[str]:
    return programs.run(["generate.py", *options], stdin=stdin)


def test_the_answer_alone_goes_to_standard_output_and_the_source_to_standard_error(
    taught: Path,
) -> None:
    said = ask("--run", taught, "--prompt", "  who was   ada LOVELACE")
    assert (said.returncode, said.stdout) == (0, ADA + "\n")
    for part in ("Ada Lovelace", "https://en.wikipedia.org/wiki/1", "revision 101", "CC BY-SA 4.0"):
        assert part in said.stderr
    assert "not" not in said.stderr


def test_every_fact_is_answered_in_every_phrasing_and_in_whole_characters(taught: Path) -> None:
    questions = [
        form.format(title)
        for title, *_ in FACTS
        for form in ("{}", "who was {}", "Tell me about {}", "what is {}?")
    ]
    said = ask("--run", taught, "--prompts", "/dev/stdin", stdin="\n".join(questions))
    assert said.stdout.splitlines() == [answer for *_, answer in FACTS for _ in range(4)]
    assert BROKEN not in said.stdout


def test_what_was_not_read_is_said_and_only_guessed_when_asked_to(taught: Path) -> None:
    said = ask("--run", taught, "--prompt", "Who is Grace Lovelace?")
    assert (said.returncode, said.stdout) == (0, "")
    assert "not read about “Grace Lovelace”" in said.stderr and "Ada Lovelace" in said.stderr
    guessed = ask("--run", taught, "--prompt", "Who is Grace Lovelace?", "--guess")
    assert guessed.returncode == 0 and guessed.stdout.strip() and "a guess" in guessed.stderr


def test_a_slip_of_the_finger_is_understood_and_said(taught: Path) -> None:
    said = ask("--run", taught, "--prompt", "who is ada lovelance")
    assert said.stdout == ADA + "\n" and "I take it you mean Ada Lovelace." in said.stderr


def test_an_answer_says_whether_it_is_word_for_word_what_was_read(
    taught: Path, tmp_path: Path
) -> None:
    assert "word for word" in ask("--run", taught, "--prompt", "ada lovelace").stderr
    untaught = make_run(tmp_path / "untaught")
    said = ask("--run", untaught, "--json", "--max-new-tokens", 9, "--prompt", "ada lovelace")
    assert json.loads(said.stdout)["verified"] is False
    strict = ask("--run", untaught, "--strict", "--max-new-tokens", 9, "--prompt", "ada lovelace")
    assert (strict.returncode, strict.stdout) == (3, "")


def test_strict_gives_no_guess_and_status_3(taught: Path) -> None:
    said = ask("--run", taught, "--prompt", "Who is Charles Babbage?", "--strict")
    assert (said.returncode, said.stdout) == (3, "") and "not read" in said.stderr
    assert ask("--run", taught, "--prompt", "ada lovelace", "--strict").stdout == ADA + "\n"
    many = ask("--run", taught, "--strict", stdin="who is bob\nAda Lovelace?\n")
    assert (many.returncode, many.stdout) == (3, f"\n{ADA}\n")


def test_json_tells_programs_the_answer_its_sources_and_the_certainty(taught: Path) -> None:
    said = ask("--run", taught, "--json", stdin="ada lovelace\nwho is bob\n")
    known, guess = map(json.loads, said.stdout.splitlines())
    assert (known["answer"], known["question"], known["guess"], known["stopped"]) == (
        ADA,
        "Who is Ada Lovelace?",
        False,
        True,
    )
    source = {
        "title": "Ada Lovelace",
        "url": "https://en.wikipedia.org/wiki/1",
        "revid": 101,
        "licence": "CC BY-SA 4.0",
    }
    assert known["sources"] == [source]
    assert known["verified"] and known["sure"] == "sure" and known["candidates"] == ["Ada Lovelace"]
    assert known["understood"] == {"title": "Ada Lovelace", "asked": "definition"}
    assert (guess["answer"], guess["read"], guess["sure"]) == (None, False, "not_read")
    alone = json.loads(
        ask("--run", taught, "--json", "--prompt", "ada lovelace", "--weights", "float32").stdout
    )
    assert (
        alone.pop("certainty") == pytest.approx(known.pop("certainty"), abs=1e-3) and alone == known
    )


def test_raw_continues_any_text_beyond_the_block_and_the_seed_decides(taught: Path) -> None:
    options = (
        "--run",
        taught,
        "--raw",
        "--max-new-tokens",
        200,
        "--temperature",
        1.5,
        "--top-p",
        0.9,
        "--min-p",
        0.01,
        "--top-k",
        50,
    )
    long = "Ada Lovelace was " * 100
    first, again, other = (ask(*options, "--seed", seed, stdin=long).stdout for seed in (1, 1, 2))
    assert first == again != other and BROKEN not in first


def test_answers_go_to_a_file_when_asked(taught: Path, tmp_path: Path) -> None:
    said = ask(
        "--run", taught, "--prompt", "ada lovelace", "--output-file", tmp_path / "deep/answer.txt"
    )
    assert said.stdout == "" and (tmp_path / "deep/answer.txt").read_text() == ADA + "\n"


@pytest.mark.parametrize(
    ("options", "what"),
    [
        (["--prompt", ""], "empty"),
        (["--prompt", "  \n"], "empty"),
        (["--prompt", "x", "--temperature", "-1"], "temperature"),
        (["--prompt", "x", "--top-p", "0"], "top-p"),
        (["--prompt", "x", "--max-new-tokens", "0"], "max-new-tokens"),
        (["--prompt", "x", "--chat"], "only one"),
        (["--prompts", "nowhere.txt"], "nowhere.txt is missing: --prompts wants a text file"),
        (["--bogus"], "bogus"),
        (["--prompt", "x", "--weights", "int3"], "weights"),
        (["--serve", "--host", "0.0.0.0"], "--token"),
        ([], "no question"),
        (["--serve", "--host", "0.0.0.0", "--token", "short"], "--token"),
        (["--prompt", "x", "--seed", "-1"], "seed"),
    ],
)
def test_mistakes_cost_one_line_and_no_torch(options: list[str], what: str, tmp_path: Path) -> None:
    (tmp_path / "torch.py").write_text("raise SystemExit('torch was loaded')")
    said = subprocess.run(
        [sys.executable, str(ROOT / "generate.py"), *options],
        env={**os.environ, "PYTHONPATH": str(tmp_path)},
        input="",
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert said.returncode == 2, said.stderr
    assert what in said.stderr and said.stderr.count("\n") == 1 and said.stdout == ""


def test_a_folder_that_is_no_run_and_a_question_too_long_cost_one_line(
    taught: Path, tmp_path: Path
) -> None:
    for said in (
        ask("--run", tmp_path, "--prompt", "x"),
        ask("--run", taught, "--guess", "--prompt", "why " * 500),
        ask("--run", taught, "--prompt", "x", "--device", "cuda:9"),
    ):
        assert (
            said.returncode == 2
            and said.stderr.count("\n") == 1
            and said.stderr.startswith("error: ")
        )
    (taught.parent / "bad").mkdir()
    for name in ("config.json", "vocabulary.json", "titles.jsonl"):
        (taught.parent / "bad" / name).write_bytes(b"\xff{")
    assert ask("--run", taught.parent / "bad", "--prompt", "x").returncode == 2


class Terminal:
    """generate.py --chat on a terminal of its own."""

    def __init__(self, *options: object) -> None:
        self.pid, self.screen = pty.fork()
        if not self.pid:
            os.chdir(ROOT)
            os.execv(sys.executable, [sys.executable, "generate.py", "--chat", *map(str, options)])
        self.seen = ""

    def until(self, text: str, seconds: float = 60) -> None:
        end = time.monotonic() + seconds
        while text not in self.seen:
            assert select.select([self.screen], [], [], max(0.0, end - time.monotonic()))[0], (
                f"no {text!r} in {self.seen!r}"
            )
            self.seen += os.read(self.screen, 4096).decode(errors="replace")
        self.seen = self.seen.partition(text)[2]

    def until_more(self, seconds: float = 60) -> None:
        """Until there is anything new on the screen."""
        assert self.seen or select.select([self.screen], [], [], seconds)[0]

    def type(self, text: str) -> None:
        os.write(self.screen, text.encode())

    def status(self) -> int:
        return os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])


def test_a_conversation_has_history_survives_ctrl_c_and_ends_with_ctrl_d(taught: Path) -> None:
    chat = Terminal("--run", taught)
    chat.until("> ")
    chat.type("ada lovelace\n")
    chat.until("in 1843.")
    chat.until("> ")
    chat.type("who is")
    chat.until("who is")
    time.sleep(0.3)  # a person's pause: readline misses a signal that comes before it waits
    chat.type("\x03")
    chat.until("> ")
    chat.type("\x1b[A\n")  # the arrow up
    chat.until("in 1843.")
    chat.until("> ")
    chat.type("\x04")
    assert chat.status() == 0


def test_tab_completes_titles_and_commands(taught: Path) -> None:
    chat = Terminal("--run", taught)
    chat.until("> ")
    chat.type("who is ada l\t")
    chat.until("Ada Lovelace")
    chat.type("\n")
    chat.until("in 1843.")
    chat.until("> ")
    chat.type("/sou\t")
    chat.until("/sources")
    chat.type("\n")
    chat.until("wiki/1")
    chat.until("> ")
    chat.type("\x04")
    assert chat.status() == 0


def test_ctrl_c_stops_the_answer_and_not_the_program(tmp_path: Path) -> None:
    chat = Terminal(
        "--run", make_run(tmp_path / "untaught"), "--raw", "--max-new-tokens", 10**7
    )  # its answer never ends
    chat.until("> ")
    chat.type("Ada\n")
    chat.until("Ada\r\n")  # what the terminal echoes; the answer comes behind it
    chat.until_more()
    os.kill(chat.pid, signal.SIGINT)
    chat.until("(stopped)")
    chat.until("> ")
    chat.type("\x04")
    assert chat.status() == 0


def test_a_conversation_keeps_what_is_talked_about_and_has_its_own_voice(taught: Path) -> None:
    said = ask("--run", taught, "--chat", "--json", stdin="hello\nada lovelace\nwho is she\n/run\n")
    hello, first, again = map(json.loads, said.stdout.splitlines())
    assert hello["sure"] == "small_talk" and not hello["read"]
    assert first["answer"] == again["answer"] == ADA
    assert "has read 5 pages" in said.stderr


def test_what_cannot_be_read_now_is_said_and_the_conversation_goes_on(taught: Path) -> None:
    said = ask("--run", taught, "--chat", stdin="/read\n/read Grace Hopper\nada lovelace\n")
    assert said.returncode == 0
    assert "say which page: /read Ada Lovelace" in said.stderr
    assert "does not say which cache the run was made of" in said.stderr
    assert ADA in said.stdout


def test_ctrl_c_keeps_the_answers_that_were_made(taught: Path, tmp_path: Path) -> None:
    asked = tmp_path / "asked.txt"
    asked.write_text("who was ada lovelace\n" * 20_000)
    many = programs.Program(["generate.py", "--run", str(taught), "--prompts", str(asked)])
    while ADA not in many.texts()[0]:
        assert many.returncode is None, many.texts()
        time.sleep(0.02)
    many.send_signal(signal.SIGINT)
    out, err = many.communicate()
    count = re.search(r"stopped: the first ([\d,]+) of 20,000 questions are answered", err)
    assert many.returncode == 130 and count, err
    answers = int(count[1].replace(",", ""))
    assert out == f"{ADA}\n" * out.count("\n") and out.count("\n") in (answers, answers + 1)


def test_ctrl_c_keeps_the_answers_that_were_to_go_to_a_file(
    taught: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, answers = tmp_path / "asked.txt", tmp_path / "answers.txt"
    asked.write_text("who was ada lovelace\n" * 9)
    open_responder = generate.open_responder

    def interrupted(options: generate.AskOptions, folder: Path) -> Responder:
        responder = open_responder(options, folder)
        replies = responder.replies

        def three(typed: Sequence[str]) -> Iterator[Reply]:
            yield from replies(typed[:3])
            raise KeyboardInterrupt

        monkeypatch.setattr(responder, "replies", three)
        return responder

    monkeypatch.setattr(generate, "open_responder", interrupted)
    words = ("--run", taught, "--prompts", asked, "--output-file", answers, "--device", "cpu")
    monkeypatch.setattr(sys, "argv", ["generate.py", *map(str, words)])
    with pytest.raises(KeyboardInterrupt, match="the first 3 of 9"):
        generate.main()
    assert answers.read_text() == f"{ADA}\n" * 3
