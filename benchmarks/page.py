"""A run's HTML file in headless Chromium beside generate.py: the same questions, the same replies?

    python -m benchmarks.page --run runs/demo [--questions FILE]

Without a file the questions are made of the run's own titles: as trained, in small letters, with a
slip of the finger, by part of the name, and of titles that were not read.
"""

import json
import random
import shutil
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from pipeline.answering.question_index import open_index
from pipeline.cli import parse, run

ROOT = Path(__file__).resolve().parents[1]
UNREAD = ("Charles Dickens", "Lake Titicaca", "xylophone", "Jane Goodall", "Saturn V", "origami")


@dataclass(frozen=True, slots=True, kw_only=True)
class PageOptions:
    """Ask a run's HTML file and generate.py the same questions."""

    run: Path
    """The run's folder."""
    questions: Path | None = None
    """A file of questions, one a line."""
    count: int = 200
    """How many questions are made where no file is given."""


def made_up_questions(folder: Path, count: int) -> list[str]:
    """Questions in several forms about what was read, and about what was not."""
    pages = [page for page in open_index(folder).entries() if page.questions]
    source = random.Random(1)
    questions = []
    for number in range(count):
        page = source.choice(pages)
        trained = source.choice(page.questions).text
        place = source.randrange(4, len(trained) - 1)
        unread = UNREAD[number % len(UNREAD)]
        forms = (
            trained,
            trained.lower().rstrip("?"),
            trained[:place] + trained[place + 1 :],
            f"please tell me about {page.title.split(' ')[-1].lower()}",
            f"what is {unread}",
        )
        questions.append(forms[number % len(forms)])
    return questions


def program_replies(folder: Path, questions: list[str]) -> list[dict[str, Any]]:
    """What generate.py --json prints, an object a question."""
    with tempfile.NamedTemporaryFile("w", suffix=".txt", encoding="utf-8") as file:
        file.write("\n".join(questions))
        file.flush()
        command = [sys.executable, "generate.py", "--run", str(folder), "--json"]
        printed = subprocess.run(
            [*command, "--prompts", file.name], cwd=ROOT, capture_output=True, check=True
        ).stdout
    return [json.loads(line) for line in printed.decode().splitlines()]


def page_replies(page: Path, questions: list[str]) -> list[dict[str, Any]]:
    """What the page replies in headless Chromium, an object a question."""
    from selenium import webdriver
    from selenium.webdriver.common.by import By
    from selenium.webdriver.common.keys import Keys

    options = webdriver.ChromeOptions()
    for flag in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage"):
        options.add_argument(flag)
    options.binary_location = shutil.which("chromium") or shutil.which("google-chrome") or ""
    service = webdriver.ChromeService(shutil.which("chromedriver"))
    browser = webdriver.Chrome(options=options, service=service)
    replies = []
    try:
        browser.get("file://" + quote(str(page)))
        while browser.execute_script("return !document.querySelector('#app:not([aria-busy])')"):
            time.sleep(0.05)
        for question in questions:
            browser.execute_script("document.querySelector('.fresh').click()")
            box = browser.find_element(By.ID, "question")
            box.send_keys(question, Keys.ESCAPE, Keys.ENTER)
            while browser.execute_script(
                "return !document.querySelector('.answer') || !!document.querySelector('.writing')"
            ):
                time.sleep(0.02)
            replies.append(
                browser.execute_script(
                    "const a = document.querySelector('.answer'); const t = (s) =>"
                    " a.querySelector(s)?.textContent ?? '';"
                    "return { text: t('.text'), said: t('.said'), verified: !!"
                    "a.querySelector('.verified'), title: a.querySelector('.sign')?.title,"
                    " sources: [...a.querySelectorAll('.source strong')].map(e => e.textContent),"
                    " memory: performance.memory?.usedJSHeapSize }"
                )
            )
    finally:
        browser.quit()
    return replies


def same(program: dict[str, Any], page: dict[str, Any]) -> bool:
    """Whether both replied alike: the words, the remark, the check."""
    spoken = program["sure"] in ("small_talk", "several")
    answer = "" if spoken else program["answer"] or ""
    remark = program["answer"] if program["sure"] == "small_talk" else program["remark"]
    return (
        page["text"].split() == answer.split()
        and page["said"] == remark
        and page["verified"] == program["verified"]
    )


def main() -> None:
    options = parse(PageOptions, prog="python -m benchmarks.page")
    if options.questions:
        questions = options.questions.read_text(encoding="utf-8").splitlines()
    else:
        questions = made_up_questions(options.run, options.count)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary) / "größe a b"
        command = [sys.executable, "-m", "model.export", "--run", str(options.run)]
        command += ["--to", str(folder), "--format", "html"]
        subprocess.run(command, cwd=ROOT, check=True)
        [page] = folder.iterdir()
        replies = page_replies(page, questions)
        size = page.stat().st_size
    program = program_replies(options.run, questions)
    pairs = list(zip(questions, program, replies, strict=True))
    different = [pair for pair in pairs if not same(pair[1], pair[2])]
    for question, ours, shown in different[:10]:
        print(f"differs: {question!r}\n  program {ours['answer']!r} {ours['remark']!r}\n  {shown}")
    rates = [
        int(tokens) / float(seconds)
        for reply in replies
        if (title := reply["title"])
        for tokens, seconds in [(title.split(" ")[0], title.split(" ")[3])]
        if float(seconds) > 0
    ]
    print(f"{len(questions) - len(different)} of {len(questions)} replies alike")
    print(f"verified: {sum(reply['verified'] for reply in replies)}")
    print(f"file: {size / 1e6:.1f} MB; memory: {max(r['memory'] for r in replies) / 1e6:.0f} MB")
    print(f"tokens a second, median of an answer: {sorted(rates)[len(rates) // 2]:.0f}")


if __name__ == "__main__":
    run(main)
