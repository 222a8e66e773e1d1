"""What strangers wrote cannot move the cursor, change the terminal or turn the direction of a line,
whichever command prints it.
"""

import json
import re
from pathlib import Path

import programs
import pytest
from conftest import TinyWiki, answer
from tiny_run import make_run

from pipeline.dataset.pairs_file import write_pairs
from pipeline.records import Pair

HOSTILE = "\x1b]0;owned\x07\x1b[31mred\x1b[0m \x9b2Jgone\x08 \u202eeltrut\u2066 \x85next \u2028line"
CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]")
PAIRS = [
    Pair(
        pageid=number,
        title=f"Mill {number} {HOSTILE}",
        kind="definition",
        question=f"What is Mill {number} {HOSTILE}?",
        answer=f"Mill {number} {HOSTILE} is a mill.",
        url=f"https://w.org/{HOSTILE}",
        revid=number,
        licence=f"CC BY-SA {HOSTILE}",
    )
    for number in range(1, 7)
]
TINY = (
    *("--layers", "1", "--heads", "2", "--width", "16", "--mlp-width", "32", "--epochs", "1"),
    *("--vocab-size", "290", "--batch-tokens", "600", "--compute", "float32", "--device", "cpu"),
)


def printed(*words: object) -> str:
    """What a command prints on both streams, which is safe for a terminal."""
    done = programs.run(words)
    said = done.stdout + done.stderr
    assert not CONTROL.search(said), said
    assert "Traceback" not in said
    return said


@pytest.mark.parametrize(
    "words",
    [
        ("-m", "pipeline.fetch", "--site"),
        ("-m", "pipeline.fetch", "--titles"),
        ("-m", "pipeline.fetch", "--source"),
        ("-m", "pipeline.show", "--cache"),
        ("-m", "pipeline.export", "--to", "x", "--cache"),
        ("-m", "model.export", "--to", "x", "--run"),
        ("train.py", "--cache"),
        ("train.py", "--preset"),
        ("train.py", "--config"),
        ("generate.py", "--prompt", "Who?", "--run"),
        ("generate.py", "--prompts"),
    ],
    ids=" ".join,
)
def test_no_error_repeats_it(words: tuple[str, ...]) -> None:
    assert "error: " in printed(*words, HOSTILE.replace("\0", ""))


@pytest.mark.parametrize("options", [(), ("--find", "red"), ("--sample", "6")])
def test_pairs_are_shown_without_it(options: tuple[str, ...], tmp_path: Path) -> None:
    write_pairs(tmp_path / "pairs.jsonl", PAIRS)
    said = printed("-m", "pipeline.show", "--cache", tmp_path, *options)
    assert "pairs of" in said or "What is Mill" in said


def test_training_names_questions_without_it(tmp_path: Path) -> None:
    write_pairs(tmp_path / "pairs.jsonl", PAIRS)
    said = printed("train.py", "--cache", tmp_path, "--out", tmp_path / "run", *TINY)
    assert "What is Mill" in said


@pytest.mark.parametrize("options", [(), ("--guess",), ("--json",), ("--strict",)])
def test_answers_sources_and_remarks_come_without_it(
    options: tuple[str, ...], tmp_path: Path
) -> None:
    run = make_run(tmp_path / "run", pairs=PAIRS)
    asked = tmp_path / "questions.txt"
    asked.write_text(f"What is Mill 1 {HOSTILE}?\nWho is {HOSTILE}?\n".replace("\u2028", " "))
    # An untrained network would go on to its limit, and try again.
    generate = ("generate.py", "--run", run, "--max-new-tokens", "20", *options)
    printed(*generate, "--prompt", f"What is Mill 1 {HOSTILE}?")
    assert printed(*generate, "--prompts", asked)


def test_what_a_wiki_says_comes_without_it(tiny_wiki: TinyWiki, tmp_path: Path) -> None:
    fetch = ("-m", "pipeline.fetch", "--site", tiny_wiki.address, "--contact", "me@askwiki.org")
    tiny_wiki.always = answer(json.dumps({"error": {"code": HOSTILE, "info": HOSTILE}}))
    assert "red" in printed(*fetch, "--n", "1", "--cache", tmp_path / "refused")
    tiny_wiki.always = None
    title = f"Mill {HOSTILE}".replace("\x1b", "")
    tiny_wiki.pages = {title: 1}
    tiny_wiki.texts = {title: f"<p><b>Mill</b> is a mill of {HOSTILE} stone.</p>"}
    (tmp_path / "titles.txt").write_text(f"Mill {HOSTILE}\n")
    printed(*fetch, "--n", "1", "--cache", tmp_path / "drawn")
    printed(*fetch, "--titles", tmp_path / "titles.txt", "--cache", tmp_path / "named")
