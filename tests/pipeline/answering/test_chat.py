"""The chat page: its pure parts, and the page itself in a browser without a window."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tiny_run import FACTS, make_run

from pipeline.answering.chat import (
    MAX_QUESTION,
    MAX_WAITING,
    USER,
    ChatPage,
    Reply,
    as_link,
    as_markdown,
    as_text,
    build,
    respond,
)
from pipeline.answering.titles import Source
from pipeline.errors import BadInput

ROOT = Path(__file__).resolve().parents[3]
CHROMIUM = next(
    (
        path
        for name in ("chromium", "chromium-browser", "google-chrome")
        if (path := shutil.which(name))
    ),
    None,
)
ODD = Source(
    title="<i>x</i>](javascript:alert(1))",
    question="What?",
    url="https://x.org/a>b (c)\"'",
    revid=1,
    licence="CC BY-SA 4.0",
)


def page(*replies: Reply) -> ChatPage:
    return ChatPage(title="t", answer=lambda *_: iter(replies), samples=(), figures=(), plot=None)


@given(st.text())
def test_no_sign_of_a_text_is_left_to_be_markup(text: str) -> None:
    assert not re.search(r"(?<!\\)(?:\\\\)*[<>&*_`\[\]()#!|~$]", as_text(text))


def test_a_source_is_linked_to_the_web_and_nowhere_else() -> None:
    assert as_link(ODD).endswith(
        "](<https://x.org/a%3Eb%20%28c%29%22%27>), revision 1, CC BY\\-SA 4\\.0"
    )
    assert "](<" not in as_link(
        Source(title="x", question="q", url="javascript:alert(1)", revid=1, licence="l")
    )
    assert "Source: " in as_markdown(
        Reply(text="a", sources=[ODD])
    ) and "*it guesses*" in as_markdown(Reply(text="a", remark="it guesses"))


def test_a_reply_grows_below_its_question_and_bounds_hold() -> None:
    steps = list(respond(page(Reply(text="a"), Reply(text="ab")), " q <b> ", [], 0))
    assert [box for box, _ in steps] == ["", ""]
    assert [messages[-1]["content"] for _, messages in steps] == ["a", "ab"] and steps[0][1][0][
        "content"
    ] == "q \\<b\\>"
    assert list(respond(page(), "  ", [], 0)) == [("", [])]
    [(_, messages)] = respond(
        page(Reply(text="never")),
        "x" * (MAX_QUESTION + 1),
        [{"role": "user", "content": "x"}] * 1000,
        0,
    )
    assert "shorter" in messages[-1]["content"] and len(messages) <= 102


def test_a_refused_question_is_told_on_the_page() -> None:
    def refuse(question: str, temperature: float) -> Iterator[Reply]:
        raise BadInput("too long; ask less")
        yield

    refusing = ChatPage(title="t", answer=refuse, samples=(), figures=(), plot=None)
    [(_, messages)] = respond(refusing, "q", [], 0)
    assert "too long" in messages[-1]["content"]


# --- in the browser -------------------------------------------------------------------------------


@contextmanager
def opened(run: Path, *options: str) -> Iterator[str]:
    """The page of a run, on a free port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    command = [
        sys.executable,
        "generate.py",
        "--run",
        str(run),
        "--serve",
        "--port",
        str(port),
        *options,
    ]
    server = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True)
    assert server.stderr and "chat page is at" in (line := server.stderr.readline()), line
    yield f"http://127.0.0.1:{port}/"
    server.send_signal(signal.SIGINT)
    assert server.wait(20) == 0


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The page of a taught run."""
    pytest.importorskip("gradio", reason="the extra `chat` is not installed")
    plots = pytest.importorskip("matplotlib.figure")
    run = make_run(tmp_path_factory.mktemp("runs") / "taught", taught=True)
    plots.Figure().savefig(run / "loss.png")
    with opened(run) as address:
        yield address


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    webdriver = pytest.importorskip("selenium.webdriver", reason="selenium is not installed")
    driver = shutil.which("chromedriver")
    if not CHROMIUM or not driver:
        pytest.skip("Chromium or its driver is not installed")
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for flag in (
        "--headless=new",
        "--no-sandbox",
        "--disable-dev-shm-usage",
        "--disable-background-networking",
        "--window-size=1000,1000",
        f"--user-data-dir={tmp_path_factory.mktemp('profile')}",
    ):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
    chrome = webdriver.Chrome(options=options, service=webdriver.ChromeService(driver))
    yield chrome
    chrome.quit()


def until(browser: Any, script: str, seconds: float = 60) -> Any:
    """What a script gives once it gives something."""
    end = time.monotonic() + seconds
    while not (found := browser.execute_script(f"return {script}")):
        assert time.monotonic() < end, (
            f"never: {script}; the page says"
            f" {browser.execute_script('return document.body.innerText')!r}"
        )
        time.sleep(0.05)
    return found


def requested(browser: Any) -> set[str]:
    """The hosts that the page's documents asked for anything."""
    events = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
    urls = [
        event["params"]["request"]["url"]
        for event in events
        if event["method"] == "Network.requestWillBeSent"
    ]
    return {
        urlsplit(url).hostname or ""
        for url in urls
        if urlsplit(url).scheme in ("http", "https", "ws", "wss")
    }


def ask(browser: Any, question: str) -> None:
    from selenium.webdriver.common.by import By
    from selenium.webdriver.common.keys import Keys

    until(browser, "document.querySelector('#question textarea')")
    browser.find_element(By.CSS_SELECTOR, "#question textarea").send_keys(question, Keys.ENTER)


def test_a_question_is_answered_with_its_source_and_no_request_leaves_loopback(
    served: str, browser: Any
) -> None:
    browser.get(served)
    ask(browser, "who was ada lovelace")
    answers = "document.querySelector('#answers').innerText"
    until(browser, f"{answers}.includes({json.dumps(FACTS[0][2])})")
    until(browser, f"{answers}.includes('Source: Ada Lovelace, revision 101')")
    assert until(
        browser,
        "document.querySelector('#answers a[href=\"https://en.wikipedia.org/wiki/1\"]') !== null",
    )
    ask(browser, "<b>bold</b>")
    until(
        browser,
        f"{answers}.includes('<b>Bold</b> is <script>alert(1)</script> markup in a title & an"
        " answer.')",
    )
    assert not browser.execute_script(
        "return document.querySelector('#answers b, #answers script')"
    )
    ask(browser, "Who is Charles Babbage?")
    until(browser, f"{answers}.includes('has not read about')")
    assert requested(browser) == {"127.0.0.1"}
    if folder := os.environ.get("ASKWIKI_SCREENSHOT"):
        browser.save_screenshot(folder)


def test_the_run_shows_its_samples_figures_and_loss(served: str, browser: Any) -> None:
    browser.get(served)
    until(browser, "document.body.innerText.includes('What is a hash table?')")
    tab = (
        "[...document.querySelectorAll('button[role=tab]')].find(tab =>"
        " tab.innerText.includes('This run'))"
    )
    until(browser, f"({tab}?.click(), {tab})")
    until(browser, "document.body.innerText.includes('train loss')")
    until(browser, "document.querySelector('#loss img')?.naturalWidth > 0")


def test_a_foreign_name_for_this_machine_gets_nothing(served: str) -> None:
    with pytest.raises(urllib.error.HTTPError, match="421"):
        urllib.request.urlopen(urllib.request.Request(served, headers={"Host": "evil.example"}))
    with urllib.request.urlopen(served) as answer:
        assert "default-src 'self'" in answer.headers["Content-Security-Policy"]


def test_the_queue_is_bounded() -> None:
    pytest.importorskip("gradio", reason="the extra `chat` is not installed")
    assert build(page())._queue.max_size == MAX_WAITING


def test_with_a_token_the_page_is_closed_to_all_who_lack_it(tmp_path: Path) -> None:
    pytest.importorskip("gradio", reason="the extra `chat` is not installed")

    def enter(address: str, password: str) -> int:
        form = urllib.parse.urlencode({"username": USER, "password": password}).encode()
        with urllib.request.urlopen(address + "login", form) as answer:
            return int(answer.status)

    with opened(make_run(tmp_path / "run"), "--token", "open sesame") as address:
        with pytest.raises(urllib.error.HTTPError, match="401"):
            urllib.request.urlopen(address + "config")
        with pytest.raises(urllib.error.HTTPError, match="40"):
            enter(address, "open simsim")
        assert enter(address, "open sesame") == 200
