"""The run as one HTML file: the same answers as generate.py, and no request to anybody."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import numpy as np
import programs
import pytest
import torch
from browser import ask, open_page, opened_browser, requested, until
from tiny_run import FACTS, make_run

from model.export.__main__ import main, told
from model.export.html import BITS, pack_weights, rounded

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_run(tmp_path_factory.mktemp("runs") / "taught", taught=True)


@pytest.fixture(scope="module")
def browser(run: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """The exported page, opened from a folder whose name has blanks and umlauts."""
    folder = tmp_path_factory.mktemp("pages") / "größe a b"
    main(["--run", str(run), "--to", str(folder), "--format", "html"])
    [page] = folder.iterdir()
    with opened_browser(tmp_path_factory.mktemp("profile")) as chrome:
        open_page(chrome, "file://" + quote(str(page)))
        yield chrome


@pytest.mark.parametrize("bits", BITS)
def test_packed_weights_are_as_near_as_their_bits_allow(bits: int) -> None:
    torch.manual_seed(1)
    weights = {"matrix": torch.randn(7, 33), "vector": torch.randn(9)}
    packed = pack_weights(weights, bits)
    near = rounded(weights, bits)
    largest = weights["matrix"].abs().amax(1, keepdim=True)
    assert ((near["matrix"] - weights["matrix"]).abs() <= largest / 2 ** (bits - 1)).all()
    assert torch.equal(near["vector"], weights["vector"])
    vector = packed.data[packed.entries[1]["at"] :]
    assert np.array_equal(np.frombuffer(vector, "<f4"), weights["vector"].numpy())


ASKED = (
    *(question for _, question, _ in FACTS),
    "who was ada lovelase",
    "tell me about hash tables please",
    "lodz",
    "Who is Charles Babbage?",
    "hello",
    "what are ada lovelace and mercury",
    "when was she born",
)


def test_the_page_answers_as_the_program_and_asks_nobody(
    run: Path, browser: Any, tmp_path: Path
) -> None:
    """Understood alike, the same answers, checked alike, the same sources, the same refusals."""
    questions = tmp_path / "questions.txt"
    questions.write_text("\n".join(ASKED), encoding="utf-8")
    command = ("generate.py", "--run", run, "--json", "--prompts", questions)
    printed = programs.run(command).stdout
    for question, line in zip(ASKED, printed.splitlines(), strict=True):
        reply = json.loads(line)
        browser.execute_script("document.querySelector('.fresh').click()")
        shown = ask(browser, question)
        assert (reply["answer"] or "") in shown, question
        assert reply["remark"] in shown, question
        assert ("Word for word as read" in shown) == reply["verified"], question
        asked = reply["sources"] if reply["verified"] else []
        assert all(source["title"] in shown for source in asked)
    assert (
        browser.execute_script("return document.querySelector('.answer b, .answer script')") is None
    )
    assert requested(browser) == set()


def test_every_view_opens_without_an_error(browser: Any) -> None:
    for view, sign in (("knows", ".ledger li"), ("learned", ".plot"), ("inside", ".token")):
        browser.execute_script(f"document.querySelector('[data-view={view}]').click()")
        until(browser, f"document.querySelector('{sign}')")
    problems = [entry["message"] for entry in browser.get_log("browser")]
    assert problems == []


def test_the_command_says_what_it_wrote_and_what_comes_next(
    run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    to = tmp_path / "page"
    said = told(main(["--run", str(run), "--to", str(to), "--format", "html"]))
    checked = f"{len(FACTS)} of {len(FACTS)} answers that were checked are those of the run"
    assert checked in capsys.readouterr().err
    assert "taught.html" in said and f"open {to}/taught.html" in said
