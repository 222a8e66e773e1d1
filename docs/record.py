"""Record the moving picture of the README: python docs/record.py (two minutes on two idle cores).

Runs the commands for real, on the pages that come with the code, served as a wiki on this machine;
one of them is left out, so that it can be read at the end. The transcript is shortened, never
changed: docs/demo.txt keeps it, docs/demo.svg draws it.
"""

import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from importlib.resources import files
from pathlib import Path
from urllib.parse import unquote

from terminal import draw

DOCS = Path(__file__).resolve().parent
ROOT = DOCS.parent
LEFT_OUT = "Marie Curie"
LONGEST = 150  # characters of a printed line that are kept
EPOCHS = (1, 6, 12)  # that are shown, and the last
sys.path.insert(0, str(ROOT))


def recorded(folder: Path, site: str) -> Iterator[str]:
    """The lines of the session, in the form that terminal.py draws."""
    pages = files("pipeline.sources.sample") / "pages"
    titles = [unquote(page.name[:-5]).replace("_", " ") for page in pages.iterdir()]
    names = folder / "titles.txt"
    names.write_text("\n".join(sorted(set(titles) - {LEFT_OUT})), encoding="utf-8")
    cache, run = folder / "cache", folder / "runs/first"
    fetch = ["-m", "pipeline.fetch", "--site", site, "--titles", str(names)]
    fetched = answers(*fetch, "--contact", "demo@askwiki.org", "--cache", str(cache))
    yield f"$ python -m pipeline.fetch --site {site} --titles my-titles.txt"
    yield from (shortened(line) for line in fetched.stdout.splitlines()[:5])
    yield from ("", "~ 1", "$ python train.py")
    trained = answers("train.py", "--cache", str(cache), "--out", str(run), "--held-out", "0")
    yield from training_lines(trained.stderr.splitlines())
    for question in ("who was ada lovelase", f"who is {LEFT_OUT.lower()}"):
        yield from ("", "~ 1", f'$ python generate.py --prompt "{question}"')
        asked = answers("generate.py", "--run", str(run), "--prompt", question)
        yield from (f"| {line}" for line in asked.stderr.splitlines())
        yield from asked.stdout.splitlines()
    yield from ("", "~ 1", "$ python generate.py --chat")
    yield from conversation(run, (f"/read {LEFT_OUT}", f"who is {LEFT_OUT.lower()}"))


def answers(*words: str) -> subprocess.CompletedProcess[str]:
    """A command run to its end. Raises CalledProcessError where it fails."""
    return subprocess.run(
        [sys.executable, *words], cwd=ROOT, capture_output=True, text=True, check=True
    )


def training_lines(lines: Sequence[str]) -> Iterator[str]:
    """What is trained, and some epochs, each with the first answer that was sampled after it."""
    yield f"| {lines[0]}"
    epochs = [place for place, line in enumerate(lines) if line.startswith("epoch ")]
    shown = [epochs[number - 1] for number in EPOCHS if number < len(epochs)]
    for place in (*shown, epochs[-1]):
        yield "~ 0.7"
        yield f"| {shortened(lines[place])}"
        yield f"| {shortened(lines[place + 1])}"


def conversation(run: Path, typed: Sequence[str]) -> Iterator[str]:
    """A conversation: what was typed, and what came of it. Each line is said to a process of its
    own, as a pipe does not tell which line an answer is to.
    """
    for number, line in enumerate(typed):
        done = subprocess.run(
            [sys.executable, "generate.py", "--run", str(run), "--chat"],
            cwd=ROOT,
            input=line,
            capture_output=True,
            text=True,
            check=True,
        )
        greeting, *remarks = [line for line in done.stderr.splitlines() if "ready" not in line]
        if not number:
            yield f"| {greeting}"
        yield from ("~ 1", f"> {line}")
        for remark in remarks:
            yield from (f"| {remark}", "~ 1")
        yield from done.stdout.splitlines()


def shortened(line: str) -> str:
    return line if len(line) <= LONGEST else f"{line[:LONGEST].rstrip()} …"


def main() -> None:
    from pipeline.sources.sample.serve import serving

    with tempfile.TemporaryDirectory() as folder, serving() as site:
        lines = recorded(Path(folder), site)
        transcript = "".join(f"{line}\n" for line in lines).replace(f"{folder}/", "")
    (DOCS / "demo.txt").write_text(transcript, encoding="utf-8")
    (DOCS / "demo.svg").write_text(draw(transcript), encoding="utf-8")


if __name__ == "__main__":
    main()
