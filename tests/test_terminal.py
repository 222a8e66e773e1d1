"""What a person sees on a terminal: one line an epoch, a summary that fits the screen, and lines
that Ctrl-C leaves whole.
"""

import re
import shlex
import signal
from pathlib import Path

import pytest
from terminals import OnTerminal, shown_lines

from model.train_config import read_options
from pipeline.dataset.pairs_file import write_pairs
from pipeline.records import Pair

TINY = (
    *("--layers", "1", "--heads", "2", "--width", "16", "--mlp-width", "32"),
    *("--vocab-size", "290", "--batch-tokens", "600", "--compute", "float32", "--device", "cpu"),
)


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    write_pairs(
        tmp_path / "my cache/pairs.jsonl",
        (
            Pair(
                pageid=i,
                title=f"Mill {i}",
                kind="definition",
                question=f"What is Mill {i}, which has a name {'so very ' * 9}long?",
                answer=f"Mill {i} is a mill that was built in {1700 + i}.",
                url=f"https://w.org/{i}",
                revid=i,
                licence="CC BY-SA 4.0",
            )
            for i in range(24)
        ),
    )
    return tmp_path / "my cache"


def test_the_screen_is_read_as_a_terminal_shows_it() -> None:
    assert shown_lines("one\rtwo\x1b[2K\rx\r\nlong", width=3) == ["x", "lon", "g"]
    assert shown_lines("a\r\nb\x1b[Ac") == ["ac", "b"]


def test_training_is_one_line_an_epoch_and_a_table_that_fits_the_screen(
    cache: Path, tmp_path: Path
) -> None:
    run = tmp_path / "run"
    training = OnTerminal(["train.py", "--cache", cache, "--out", run, *TINY, "--epochs", 4])
    assert training.end() == 0
    lines = training.lines()
    epochs = [number for number, line in enumerate(lines) if line.startswith("epoch ")]
    assert epochs == list(range(epochs[0], epochs[0] + 4)), lines
    assert all(re.fullmatch(r"epoch \d, loss .* \d+ s", lines[number]) for number in epochs)
    closing = lines[epochs[-1] + 1 :]
    assert len(closing) <= 24 and any(line.startswith("ask it") for line in closing)
    assert "What is Mill" in (run / "samples.md").read_text()


def test_ctrl_c_leaves_the_line_of_a_training_whole_and_its_advice_works(
    cache: Path, tmp_path: Path
) -> None:
    run = tmp_path / "it's a run"
    training = OnTerminal(["train.py", "--cache", cache, "--out", run, *TINY, "--epochs", 100_000])
    training.until("epoch 2")
    training.type("\x03")
    assert training.end() == 130
    lines = training.lines()
    first = next(n for n, line in enumerate(lines) if line.startswith("stopped and saved at step"))
    said = "".join(f"{line:<80}" for line in lines[first:]).rstrip()  # as the terminal broke it
    assert re.search(r"\| \d+/\d+ \[.* tokens/s\]", lines[first - 1])  # nothing is cut off
    words = shlex.split(said.partition("go on with: ")[2])
    assert words[:2] == ["python", "train.py"]
    assert read_options(words[2:]).trainer.out == run


def test_ctrl_c_leaves_the_line_of_a_fetch_whole(tmp_path: Path) -> None:
    sample = OnTerminal(
        [
            *("-m", "pipeline.fetch", "--source", "sample", "--rate", 4, "--n", 50),
            *("--cache", tmp_path / "cache"),
        ]
    )
    sample.until("pages with pairs: ")
    sample.until("| 3/")
    sample.type("\x03")
    assert sample.end() == 130
    lines = [line for line in sample.lines() if line]
    assert lines[
        -1
    ] == "stopped: the same command goes on where it was" and "pairs.jsonl" in "".join(
        lines
    )  # a long path is broken
    # The ^C that the terminal writes behind the counter is gone with its next drawing.
    counters = [line for line in lines if "pages/s" in line]
    assert counters and all(re.fullmatch(r"pages with pairs: .* pages/s\]", c) for c in counters)


@pytest.mark.parametrize("command", [["train.py"], ["generate.py"], ["-m", "pipeline.fetch"]])
def test_ctrl_c_while_a_command_is_being_loaded_ends_it_without_a_traceback(
    command: list[str],
) -> None:
    program = OnTerminal(["-X", "importtime", *command, "--help"])
    program.until("pipeline.interrupts")
    program.until("pipeline.errors")
    program.type("\x03")
    assert program.end() == -signal.SIGINT
    assert "Traceback" not in program.written


def test_where_epochs_differ_in_length_the_run_is_counted_in_per_cent(
    cache: Path, tmp_path: Path
) -> None:
    begun = ["train.py", "--cache", cache, "--out", tmp_path / "a", *TINY, "--epochs", 2]
    assert OnTerminal(begun).end() == 0
    more = ["train.py", "--cache", cache, "--init-from", tmp_path / "a", "--out", tmp_path / "b"]
    training = OnTerminal([*more, "--epochs", 6, "--device", "cpu"])
    assert training.end() == 0, training.lines()
    assert set(re.findall(r"\| \d+/(\d+) \[", training.written)) == {"100"}
    assert "| 100/100 [" in training.written
