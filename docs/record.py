"""Record the README's pictures: python docs/record.py (needs the extras, Chromium and its driver;
two minutes on two idle cores).

Runs the commands for real, on the pages that come with the code, served as a wiki on this machine;
one of them is left out, so that it can be read at the end. The transcript is shortened, never
changed: docs/demo.txt keeps it, docs/demo.svg draws it. docs/chat.png shows the page of the same
run.
"""

import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from importlib.resources import files
from itertools import takewhile
from pathlib import Path
from urllib.parse import unquote

from screenshot import take_picture
from terminal import draw

DOCS = Path(__file__).resolve().parent
ROOT = DOCS.parent
LEFT_OUT = "Marie Curie"
RUN = "runs/first"
LONGEST = 150  # characters of a printed line that are kept
EPOCHS = (1, 4, 8, 12)  # that are shown, and the last
sys.path.insert(0, str(ROOT))


def recorded(folder: Path, site: str) -> Iterator[str]:
    """The lines of the session, in the form that terminal.py draws."""
    pages = files("pipeline.sources.sample") / "pages"
    titles = [unquote(page.name[:-5]).replace("_", " ") for page in pages.iterdir()]
    names = folder / "titles.txt"
    names.write_text("\n".join(sorted(set(titles) - {LEFT_OUT})), encoding="utf-8")
    cache, run = folder / "cache", folder / RUN
    fetch = ["-m", "pipeline.fetch", "--site", site, "--titles", str(names)]
    fetched = answers(*fetch, "--contact", "demo@askwiki.org", "--cache", str(cache))
    yield f"$ python -m pipeline.fetch --site {site} --titles my-titles.txt"
    yield from (shortened(line) for line in fetched.stdout.splitlines()[:5])
    yield from ("", "~ 1", "$ python train.py")
    trained = answers("train.py", "--cache", str(cache), "--out", str(run), "--held-out", "0")
    yield from training_lines(trained.stderr.splitlines())
    question = "who was ada lovelase"
    yield from ("", "~ 1", f'$ python generate.py --prompt "{question}"')
    yield from said("generate.py", "--run", str(run), "--prompt", question)
    yield from ("", "~ 1", "$ python generate.py --chat")
    unread = f"who is {LEFT_OUT.lower()}"
    yield from conversation(run, (unread, "/read it", unread))


def answers(*words: str) -> subprocess.CompletedProcess[str]:
    """A command run to its end. Raises CalledProcessError where it fails."""
    return subprocess.run(
        [sys.executable, *words], cwd=ROOT, capture_output=True, text=True, check=True
    )


def training_lines(lines: Sequence[str]) -> Iterator[str]:
    """What is trained, and some epochs."""
    yield f"| {lines[0]}"
    epochs = [line for line in lines if line.startswith("epoch ")]
    shown = [epochs[number - 1] for number in EPOCHS if number < len(epochs)]
    for line in (*shown, epochs[-1]):
        yield from ("~ 0.7", f"| {line}")


def said(*words: str) -> Iterator[str]:
    """What a command says and answers, in the order in which a terminal shows it."""
    together = subprocess.run(
        [sys.executable, *words],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=True,
    )
    yield from marked(together.stdout.splitlines(), answers(*words).stdout.splitlines())


def marked(lines: Iterable[str], answered: Sequence[str]) -> Iterator[str]:
    """Lines of a terminal, with "| " before those that are no answer."""
    for line in lines:
        yield line if line in answered else f"| {line}"


def conversation(run: Path, typed: Sequence[str]) -> Iterator[str]:
    """A conversation: what was typed, and what came of it."""
    with subprocess.Popen(
        [sys.executable, "generate.py", "--run", str(run), "--chat"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        bufsize=1,
    ) as chat:
        assert chat.stdin and chat.stdout
        greeting = next(line.strip() for line in chat.stdout if "/help" in line)
        yield f"| {greeting}"
        # What /run says is the last line of what comes of the line before it.
        end = greeting.partition(";")[0]
        heard = []
        for line in typed:
            chat.stdin.write(f"{line}\n/run\n")
            heard.append([*takewhile(lambda reply: reply != end, map(str.strip, chat.stdout))])
        chat.stdin.close()
    answered = answers("generate.py", "--run", str(run), "--prompt", typed[-1]).stdout.splitlines()
    for line, replies in zip(typed, heard, strict=True):
        yield from ("~ 1", f"> {line}")
        for reply in marked(replies, answered):
            yield from (reply, "~ 0.8")


def shortened(line: str) -> str:
    return line if len(line) <= LONGEST else f"{line[:LONGEST].rstrip()} …"


def main() -> None:
    from pipeline.sources.sample.serve import serving

    with tempfile.TemporaryDirectory() as folder, serving() as site:
        lines = recorded(Path(folder), site)
        transcript = "".join(f"{line}\n" for line in lines).replace(f"{folder}/", "")
        take_picture(Path(folder) / RUN, DOCS / "chat.png")
    (DOCS / "demo.txt").write_text(transcript, encoding="utf-8")
    (DOCS / "demo.svg").write_text(draw(transcript), encoding="utf-8")


if __name__ == "__main__":
    main()
