"""A picture of the chat page: python docs/screenshot.py runs/NAME chat.png (needs the extras,
Chromium and its driver).
"""

import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from selenium import webdriver
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

ROOT = Path(__file__).resolve().parents[1]
QUESTIONS = ("who is ada lovelase", "Who is Kurt Gödel?")


def take_picture(run: Path, picture: Path) -> None:
    """Ask the page of a run some questions, and save what it looks like."""
    server = subprocess.Popen(
        [sys.executable, "generate.py", "--run", str(run), "--serve", "--port", "0"],
        cwd=ROOT,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert server.stderr
    address = server.stderr.readline().split(" at ")[1].split()[0]
    options = webdriver.ChromeOptions()
    options.binary_location = shutil.which("chromium") or shutil.which("google-chrome") or ""
    with tempfile.TemporaryDirectory() as profile:
        for flag in (
            "--headless=new",
            "--no-sandbox",
            "--disable-background-networking",
            "--window-size=1280,900",
            f"--user-data-dir={profile}",
        ):
            options.add_argument(flag)
        browser = webdriver.Chrome(
            options=options, service=webdriver.ChromeService(shutil.which("chromedriver") or "")
        )
        browser.get(address)
        browser.implicitly_wait(60)
        for question in QUESTIONS:
            browser.find_element(By.ID, "question").send_keys(question, Keys.ESCAPE, Keys.ENTER)
            time.sleep(1)
            while browser.execute_script("return !!document.querySelector('.writing')"):
                time.sleep(0.1)
        time.sleep(1)  # until the end is scrolled to
        browser.save_screenshot(str(picture))
        browser.quit()
    server.send_signal(signal.SIGINT)
    server.wait()


if __name__ == "__main__":
    take_picture(*map(Path, sys.argv[1:]))
