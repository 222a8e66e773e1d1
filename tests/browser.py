"""Chromium without a window, and node, for the tests of the web page; skipped where missing."""

import json
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

WEB = Path(__file__).resolve().parents[1] / "pipeline" / "answering" / "server" / "web"
CHROMIUM = next(
    (
        path
        for name in ("chromium", "chromium-browser", "google-chrome")
        if (path := shutil.which(name))
    ),
    None,
)


@contextmanager
def opened_browser(profile: Path, *, width: int = 1280, dark: bool = False) -> Iterator[Any]:
    """A browser of its own, which keeps a log of what it asked for."""
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
        f"--user-data-dir={profile}",
    ):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"performance": "ALL", "browser": "ALL"})
    chrome = webdriver.Chrome(options=options, service=webdriver.ChromeService(driver))
    try:
        metrics = {"width": width, "height": 800, "deviceScaleFactor": 1, "mobile": False}
        chrome.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)
        if dark:
            feature = {"name": "prefers-color-scheme", "value": "dark"}
            chrome.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [feature]})
        yield chrome
    finally:
        chrome.quit()


def until(browser: Any, script: str, seconds: float = 30) -> Any:
    """What a script gives once it gives something."""
    end = time.monotonic() + seconds
    while not (value := browser.execute_script(f"return {script}")):
        if time.monotonic() > end:
            text = browser.execute_script("return document.body.innerText")
            pytest.fail(f"never: {script}; the page says {text!r}")
        time.sleep(0.05)
    return value


def open_page(browser: Any, address: str) -> None:
    browser.get(address)
    until(browser, "document.querySelector('#app:not([aria-busy])')")


def ask(browser: Any, question: str) -> str:
    """Type a question, wait for the end of its answer, and give all that the answer says."""
    from selenium.webdriver.common.by import By
    from selenium.webdriver.common.keys import Keys

    box = browser.find_element(By.ID, "question")
    box.send_keys(question, Keys.ESCAPE, Keys.ENTER)
    until(browser, "document.querySelector('.answer') && !document.querySelector('.writing')")
    script = "return [...document.querySelectorAll('.answer')].at(-1).innerText"
    return str(browser.execute_script(script))


def requested(browser: Any) -> set[str]:
    """The hosts that the page asked for anything since the last look."""
    events = [json.loads(entry["message"])["message"] for entry in browser.get_log("performance")]
    addresses = [
        urlsplit(event["params"]["request"]["url"])
        for event in events
        if event["method"] == "Network.requestWillBeSent"
    ]
    web = ("http", "https", "ws", "wss")
    return {address.hostname or "" for address in addresses if address.scheme in web}


def in_node(imports: str, script: str, data: object) -> Any:
    """What a script gives that calls `give(result)` for some `data`; the paths of its imports are
    relative to the page's folder.
    """
    node = shutil.which("node")
    if not node:
        pytest.skip("node is not installed")
    around = (
        "let text = ''; for await (const part of process.stdin) text += part;"
        "const data = JSON.parse(text);"
        "const give = (result) => console.log(JSON.stringify(result));"
    )
    done = subprocess.run(
        [node, "--input-type=module", "--eval", "\n".join((imports, around, script))],
        input=json.dumps(data),
        cwd=WEB,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
