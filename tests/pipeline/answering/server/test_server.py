"""The server, over real sockets: what it refuses, how it queues, and that OpenAI's client and a
browser get their answers with sources.
"""

import http.client
import json
import os
import socket
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from importlib import resources
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from browser import ask, open_page, opened_browser, requested, until
from served import serving
from tiny_run import FACTS, PAIRS, make_run

from pipeline.answering.server.page_api import PNG, read_png

pytest.importorskip("uvicorn", reason="the extra `chat` is not installed")

ROOT = Path(__file__).resolve().parents[4]
QUESTION, ANSWER = FACTS[0][1:]
# A second run beside the first, which has read two pages of one name
PLANETS = [
    *PAIRS,
    replace(PAIRS[2], pageid=6, title="Mercury (element)", url="https://en.wikipedia.org/wiki/6"),
]
JSON = {"Content-Type": "application/json"}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("runs")
    make_run(folder / "planets", pairs=PLANETS)
    return make_run(folder / "taught", taught=True)


@pytest.fixture(scope="module")
def served(run: Path) -> Iterator[str]:
    with serving(run) as address:
        yield address


def request(
    address: str, method: str, path: str, body: str = "", **headers: str
) -> tuple[int, bytes]:
    """Status and body of one request."""
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=30)
    try:
        connection.request(method, path, body or None, {**headers})
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()


def asked(question: str) -> str:
    return json.dumps({"messages": [{"role": "user", "content": question}]})


def raw(address: str, text: bytes) -> bytes:
    """What comes back for bytes sent as they are."""
    host, port = urlsplit(address).hostname, urlsplit(address).port
    with socket.create_connection((host, port), timeout=10) as connection:
        connection.sendall(text)
        return connection.recv(4096)


def test_there_is_no_upload_and_no_path_but_those_named(served: str) -> None:
    for method, path in (("PUT", "/"), ("POST", "/upload"), ("DELETE", "/api/ask")):
        assert request(served, method, path, "{}", **JSON)[0] in (404, 405)
    for path in ("/../generate.py", "/%2e%2e/generate.py", "/page.py", "/file=/etc/passwd"):
        assert request(served, "GET", path)[0] == 404
    form = {"Content-Type": "text/plain"}
    assert request(served, "POST", "/api/ask", "{}", **form)[0] == 415


def test_a_body_is_refused_by_its_length_before_it_is_read(served: str) -> None:
    start = b"POST /api/ask HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
    assert b" 413 " in raw(served, start + b"Content-Length: 99999999\r\n\r\n")
    assert b" 411 " in raw(served, start + b"Transfer-Encoding: chunked\r\n\r\n")
    assert b" 411 " in raw(served, start + b"\r\n")


def test_foreign_hosts_and_origins_get_nothing(served: str) -> None:
    assert request(served, "GET", "/", Host="evil.example")[0] == 421
    for path in ("/api/about", "/"):
        assert request(served, "GET", path, Origin="http://evil.example")[0] == 403
    evil = JSON | {"Origin": "http://evil.example"}
    assert request(served, "POST", "/v1/chat/completions", asked(QUESTION), **evil)[0] == 403


@pytest.mark.parametrize("body", ["", "[]", "{}", '{"question": 7}', "{" * 9999, '"\\ud800"'])
def test_what_is_no_question_gets_a_sentence(served: str, body: str) -> None:
    for path in ("/api/ask", "/v1/chat/completions"):
        status, answer = request(served, "POST", path, body or " ", **JSON)
        assert status == 400 and json.loads(answer)["error"]["message"]


def test_half_sent_requests_keep_nobody_waiting(served: str) -> None:
    host, port = urlsplit(served).hostname, urlsplit(served).port
    with ExitStack() as half_sent:
        for _ in range(300):
            connection = half_sent.enter_context(socket.create_connection((host, port)))
            connection.sendall(b"POST /api/ask HTTP/1.1\r\nHost: loc")
        began = time.monotonic()
        assert request(served, "GET", "/api/about")[0] == 200
        assert time.monotonic() - began < 5


def test_parallel_requests_are_answered_or_refused_and_none_is_lost(served: str) -> None:
    def one(_: int) -> int:
        path = "/v1/chat/completions"
        status, body = request(served, "POST", path, asked(QUESTION), **JSON)
        if status == 200:
            assert json.loads(body)["choices"][0]["message"]["content"] == ANSWER
        return status

    with ThreadPoolExecutor(200) as pool:
        statuses = list(pool.map(one, range(200)))
    assert len(statuses) == 200 and set(statuses) <= {200, 503} and statuses.count(200) >= 16


def test_only_a_regular_png_is_an_image(tmp_path: Path) -> None:
    image, link, pipe = tmp_path / "a.png", tmp_path / "b.png", tmp_path / "c.png"
    image.write_bytes(PNG + b"rest")
    link.symlink_to(image)
    os.mkfifo(pipe)
    (tmp_path / "d.png").write_text("root:x:0:0")
    assert read_png(image) == PNG + b"rest"
    for other in (link, pipe, tmp_path / "d.png", tmp_path, tmp_path / "none.png"):
        assert read_png(other) is None


def test_with_a_token_the_server_is_closed_to_all_who_lack_it(run: Path) -> None:
    with serving(run, "--token", "open sesame") as address:
        assert request(address, "GET", "/")[0] == 303
        assert request(address, "GET", "/api/about")[0] == 401
        bearer = {"Authorization": "Bearer open sesame"}
        assert request(address, "GET", "/v1/models", **bearer)[0] == 200
        wrong = {"Authorization": "Bearer open simsim"}
        assert request(address, "GET", "/v1/models", **wrong)[0] == 401
        login = [
            request(address, "POST", "/api/login", json.dumps({"token": str(n)}), **JSON)[0]
            for n in range(50)
        ]
        assert login.count(401) <= 10 and set(login) == {401, 429}


def test_the_unmodified_client_of_openai_lists_asks_and_streams(served: str) -> None:
    openai = pytest.importorskip("openai", reason="the extra `browser` is not installed")
    client = openai.OpenAI(base_url=f"{served}v1", api_key="any")
    assert [model.id for model in client.models.list().data] == ["planets", "taught"]
    model = "taught"
    messages = [{"role": "user", "content": QUESTION}]
    whole = client.chat.completions.create(model=model, messages=messages)
    assert whole.choices[0].message.content == ANSWER
    assert whole.sources[0]["title"] == FACTS[0][0]
    [cited] = whole.choices[0].message.annotations
    assert cited.url_citation.url == whole.sources[0]["url"] and whole.verified is True
    assert whole.usage.completion_tokens > 5
    chunks = list(client.chat.completions.create(model=model, messages=messages, stream=True))
    said = "".join(chunk.choices[0].delta.content or "" for chunk in chunks)
    assert said.strip() == ANSWER
    assert chunks[-1].choices[0].finish_reason == "stop"
    assert chunks[-1].sources[0]["title"] == FACTS[0][0]
    assert chunks[-1].choices[0].delta.annotations[0]["type"] == "url_citation"
    question = {"role": "user", "content": "Who is Charles Babbage?"}
    unread = client.chat.completions.create(model=model, messages=[question])
    assert unread.choices[0].message.annotations == [] and not unread.verified


def test_requests_as_other_clients_send_them_are_answered(served: str) -> None:
    """As Open WebUI and llm send them: a system prompt, the answers before, content in parts, and
    fields that mean nothing here.
    """
    body = {
        "model": "taught",
        "stream": True,
        "stream_options": {"include_usage": True},
        "temperature": 0.7,
        "max_tokens": 500,
        "metadata": {"chat_id": "1"},
        "tools": [],
        "messages": [
            {"role": "system", "content": "You are helpful."},
            {"role": "user", "content": "Who is Ada Lovelace?"},
            {"role": "assistant", "content": ANSWER},
            {"role": "user", "content": [{"type": "text", "text": "and who is she again"}]},
        ],
    }
    assert json.loads(request(served, "GET", "/v1/models")[1])["data"][0]["object"] == "model"
    status, stream = request(served, "POST", "/v1/chat/completions", json.dumps(body), **JSON)
    lines = [line[6:] for line in stream.decode().split("\n\n") if line]
    *chunks, usage = map(json.loads, lines[:-1])
    said = "".join(chunk["choices"][0]["delta"].get("content", "") for chunk in chunks)
    assert (status, lines[-1], ANSWER in said) == (200, "[DONE]", True)
    assert usage["choices"] == [] and usage["usage"]["completion_tokens"] > 5


@pytest.mark.parametrize("stream", [False, True])
def test_a_clients_own_long_prompt_gets_a_sentence_and_no_error(served: str, stream: bool) -> None:
    """As Open WebUI asks for a title, for tags and for questions to go on with."""
    guidelines = "- Write the title in the language of the chat, and be clear, not creative.\n" * 12
    prompt = (
        "### Task:\nGenerate a concise, 3-5 word title summarizing the chat history.\n"
        f'### Guidelines:\n{guidelines}### Output:\nJSON format: {{ "title": "your title" }}\n'
        f"### Chat History:\n<chat_history>\nUSER: {QUESTION}\nASSISTANT: {ANSWER}\n</chat_history>"
    )
    body = {"model": "taught", "stream": stream, "messages": [{"role": "user", "content": prompt}]}
    status, said = request(served, "POST", "/v1/chat/completions", json.dumps(body), **JSON)
    assert status == 200 and b"too long to be a question" in said
    if not stream:
        content = json.loads(said)["choices"][0]["message"]["content"]
        assert len(content) < 200 and "{" not in content  # no JSON: the client takes what was asked


# --- in the browser -------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def browser(served: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    with opened_browser(tmp_path_factory.mktemp("profile")) as chrome:
        open_page(chrome, served)
        yield chrome


def test_the_page_shows_answer_and_source_as_text_and_asks_only_this_server(browser: Any) -> None:
    assert ANSWER in ask(browser, QUESTION)
    assert FACTS[4][2] in ask(browser, FACTS[4][1])
    until(browser, "document.querySelector('.source[href=\"https://en.wikipedia.org/wiki/5\"]')")
    assert not browser.execute_script("return document.querySelector('.answer b, .answer script')")
    assert requested(browser) == {"127.0.0.1"}


def test_what_was_not_read_is_said_to_be_unread(browser: Any) -> None:
    assert "Guess anyway" in ask(browser, "Who is Charles Babbage?")


def test_every_view_opens(browser: Any) -> None:
    for view, sign in (("knows", ".ledger li"), ("inside", ".token"), ("learned", ".page *")):
        browser.execute_script(f"document.querySelector('[data-view={view}]').click()")
        until(browser, f"document.querySelector('{sign}')")
    browser.execute_script("document.querySelector('[data-view=ask]').click()")


def test_an_answer_can_be_asked_for_again_and_copied_with_its_source(browser: Any) -> None:
    ask(browser, QUESTION)
    before = browser.execute_script("return document.querySelectorAll('.answer').length")
    last = "[...document.querySelectorAll('.answer')].at(-1)"
    browser.execute_script(
        "navigator.clipboard.writeText = async (text) => { window.copied = text };"
        f"{last}.querySelector('[title=Copy]').click()"
    )
    assert until(browser, "window.copied").startswith(f"{ANSWER}\n\n{FACTS[0][0]}, https://")
    again = f"{last}.querySelector('[title=\"Ask again\"]').click()"
    browser.execute_script(f"{last}.classList.add('first'); {again}")
    until(browser, "!document.querySelector('.first, .writing')")
    assert browser.execute_script("return document.querySelectorAll('.answer').length") == before
    assert ANSWER in browser.execute_script(f"return {last}.innerText")


# Sends the beginning of an answer and no more, until it is stopped
ENDLESS = """
window.before = window.fetch;
window.fetch = async (address, { signal }) => new Response(new ReadableStream({
  start(stream) {
    stream.enqueue(new TextEncoder().encode('data: {"piece": "Ada Lovelace was"}\\n\\n'));
    signal.addEventListener("abort", () => stream.error(signal.reason));
  },
}));
"""


def test_an_answer_can_be_stopped_while_it_is_written_and_not_later(browser: Any) -> None:
    stop, last = "document.querySelector('[title=Stop]')", "document.querySelector('.writing')"
    assert browser.execute_script(f"return {stop}.hidden")
    browser.execute_script(ENDLESS)
    box = browser.find_element("id", "question")
    box.send_keys(QUESTION, "\ue00c", "\ue007")  # escape closes the list of titles, enter asks
    until(browser, f"{last}?.querySelector('.text').textContent === 'Ada Lovelace was'")
    browser.execute_script(f"{stop}.click()")
    until(browser, f"{stop}.hidden")
    answer = "[...document.querySelectorAll('.answer')].at(-1)"
    assert browser.execute_script(f"return {answer}.querySelector('.sign').innerText") == "Stopped"
    browser.execute_script("window.fetch = window.before")
    assert ANSWER in ask(browser, QUESTION)


def test_an_answer_that_is_left_unfinished_stays_in_its_conversation(browser: Any) -> None:
    fresh = "document.querySelector('.fresh').click()"
    browser.execute_script(f"{fresh}; {ENDLESS}")
    browser.find_element("id", "question").send_keys(QUESTION, "\ue00c", "\ue007")
    until(browser, "document.querySelector('.writing .text')?.textContent")
    browser.execute_script(f"{fresh}; window.fetch = window.before")
    until(browser, "document.querySelector('[title=Stop]').hidden")
    ask(browser, FACTS[4][1])
    entries = browser.find_elements("css selector", ".history li > :first-child")
    assert [entry.text for entry in entries[:2]] == [FACTS[4][1], QUESTION]


def test_conversations_are_kept_and_come_back(browser: Any) -> None:
    ask(browser, QUESTION)
    browser.execute_script("document.querySelector('.fresh').click()")
    until(browser, "document.querySelector('.welcome')")
    browser.execute_script("document.querySelector('.history button').click()")
    until(browser, f"document.querySelector('.log').innerText.includes({json.dumps(ANSWER)})")


def test_a_title_is_completed_while_it_is_typed(browser: Any) -> None:
    box = browser.find_element("id", "question")
    box.send_keys("who is ada lo")
    until(browser, "document.querySelector('#suggestions li')?.innerText === 'Ada Lovelace'")
    box.send_keys("\ue004")  # tab
    assert box.get_attribute("value") == "who is Ada Lovelace"
    box.clear()


def test_another_run_is_chosen_and_asked_and_pages_of_one_name_stand_on_buttons(
    browser: Any, served: str
) -> None:
    browser.execute_script(
        "const picker = document.querySelector('.runs select'); picker.value = 'planets';"
        "picker.dispatchEvent(new Event('change'))"
    )
    until(browser, "location.search === '?run=planets' && document.querySelector('.welcome')")
    assert "Which do you mean" in ask(browser, "what is mercury?")
    labels = "[...document.querySelectorAll('.offers .chip')].map((chip) => chip.innerText)"
    titles = ["Mercury (planet)", "Mercury (element)"]
    assert browser.execute_script(f"return {labels}") == titles
    browser.execute_script("document.querySelectorAll('.offers .chip')[1].click()")
    until(browser, "document.querySelector('.source[href=\"https://en.wikipedia.org/wiki/6\"]')")
    until(browser, "!document.querySelector('.writing')")
    open_page(browser, served)


def test_what_is_not_known_of_a_page_is_said_and_what_is_stands_on_buttons(browser: Any) -> None:
    said = ask(browser, "when did ada lovelace die")
    assert "I have read about Ada Lovelace, but not that" in said
    offered = "[...document.querySelectorAll('.answer')].at(-1).querySelector('.offers .chip')"
    assert browser.execute_script(f"return {offered}.innerText") == QUESTION


@pytest.mark.parametrize(("width", "dark"), [(1280, False), (400, True)])
def test_axe_finds_nothing_to_object_to(
    served: str, tmp_path: Path, width: int, dark: bool
) -> None:
    pytest.importorskip("axe_core_python", reason="the extra `browser` is not installed")
    axe = (resources.files("axe_core_python") / "axe.min.js").read_text(encoding="utf-8")
    with opened_browser(tmp_path / "profile", width=width, dark=dark) as chrome:
        open_page(chrome, served)
        ask(chrome, QUESTION)
        ask(chrome, "Who is Charles Babbage?")
        chrome.execute_script(axe)
        for view in ("ask", "knows", "inside", "learned"):
            chrome.execute_script(f"document.querySelector('[data-view={view}]').click()")
            time.sleep(0.5)
            script = "axe.run().then(arguments[0])"
            violations = chrome.execute_async_script(script)["violations"]
            assert [(v["id"], v["nodes"][0]["html"]) for v in violations] == []
        root = "document.documentElement"
        fits = f"{root}.scrollWidth <= innerWidth && {root}.scrollHeight <= innerHeight"
        assert chrome.execute_script(f"return {fits}")
