"""What was not read is read when a person says so: fetched from the wiki that the run knows,
learnt, and answered word for word.
"""

import json
from pathlib import Path
from typing import Any

import programs
import pytest
from browser import ask, open_page, opened_browser, requested, until
from conftest import TinyWiki
from served import serving
from wiki_run import LEADS, fill, make_wiki_run

pytest.importorskip("uvicorn", reason="the extra `chat` is not installed")


def test_a_page_is_read_in_the_terminal_and_another_at_a_click(
    tiny_wiki: TinyWiki, tmp_path: Path
) -> None:
    fill(tiny_wiki)
    run = make_wiki_run(tmp_path, tiny_wiki.address)
    reads_in_a_conversation(run, tiny_wiki.address)
    reads_at_a_click(run, tiny_wiki.address, tmp_path / "profile")


def reads_in_a_conversation(run: Path, site: str) -> None:
    lines = ("who is kurt godel", "/read kurt gödel", "who is kurt godel", "/read kurt godel")
    typed = "\n".join(lines)
    said = programs.run(["generate.py", "--run", run, "--chat", "--json"], stdin=typed)
    assert said.stdout.count("\n") == 2, (said.returncode, said.stdout, said.stderr)
    before, after = map(json.loads, said.stdout.splitlines())
    assert (before["sure"], before["answer"]) == ("not_read", None)
    assert after["answer"] == f"Kurt Gödel {LEADS['Kurt Gödel']}" and after["verified"]
    assert after["sources"][0]["url"].startswith(site)
    assert "has no article “kurt godel”" in said.stderr


def reads_at_a_click(run: Path, site: str, profile: Path) -> None:
    with opened_browser(profile) as chrome:
        with serving(run) as address:
            open_page(chrome, address)
            assert "I have not read about" in ask(chrome, "what's the emu?")
            read_and_stop(chrome)
            chrome.execute_script("document.querySelector('.read-now').click()")
            until(chrome, "document.querySelector('.reading progress')?.value > 0.2", 60)
            until(chrome, "document.querySelector('.verified')", 60)
            text = "return [...document.querySelectorAll('.answer .text')].at(-1).textContent"
            assert chrome.execute_script(text) == f"Emu {LEADS['Emu']}"
            source = f"document.querySelector('.source[href^=\"{site}\"]')"
            assert chrome.execute_script(f"return {source}.innerText").startswith("Emu")
            assert requested(chrome) == {"127.0.0.1"}
        assert "The server does not answer any more" in ask(chrome, "who is kurt godel")


def read_and_stop(chrome: Any) -> None:
    """Nothing of a reading that was stopped goes on and stands in the way of the next one."""
    chrome.execute_script("document.querySelector('.read-now').click()")
    until(chrome, "document.querySelector('.reading progress')?.value > 0", 60)
    chrome.execute_script("document.querySelector('[title=Stop]').click()")
    until(chrome, "!document.querySelector('.reading progress')")
    said = chrome.execute_script("return document.querySelector('.reading').innerText")
    assert said == "Stopped: nothing was changed."
