"""A disk that is full or may not be written, and files that are cut, emptied, flipped, replaced or
of a version to come.
"""

import hashlib
import json
import os
import random
import shutil
import sqlite3
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from functools import cache, partial
from importlib.util import find_spec
from pathlib import Path

from tests.faults import material
from tests.faults.commands import Ended, done
from tests.faults.core import Outcome, Trial
from tests.faults.process import missing_pairs
from tests.faults.wiki import Served, serving

HARMS = (
    "gone",
    "emptied",
    "cut",
    "a bit flipped",
    "a folder in its place",
    "something else in its place",
    "a pipe in its place",
    "a link to a device in its place",
)


def trials() -> Iterator[Trial]:
    if mountable():
        for name in (
            "fetch",
            "build from a dump",
            "train",
            "train on text",
            "export",
            "export to transformers",
            "export to GGUF",
        ):
            yield Trial(
                area="disk",
                fault=f"full: {name}",
                run=partial(full, name=name),
                soak=8,
                quick=name in ("fetch", "train"),
                needs={"export": "pyarrow", "export to GGUF": "gguf"}.get(name, ""),
            )
        yield Trial(area="disk", fault="read-only", run=read_only, soak=2, quick=True)
    for harm in HARMS:
        yield Trial(
            area="disk",
            fault=f"a file of the cache: {harm}",
            run=partial(harmed_cache, harm=harm),
            soak=4,
            quick=harm == "a bit flipped",
        )
        yield Trial(
            area="disk",
            fault=f"a file of a run, then trained on: {harm}",
            run=partial(harmed_run, harm=harm),
            soak=5,
        )
        asked = f"a file of a run, then asked: {harm}"
        yield Trial(
            area="disk",
            fault=asked,
            run=partial(harmed_answers, harm=harm),
            soak=5,
            quick=harm == "a folder in its place",
        )
        yield Trial(
            area="disk",
            fault=f"a file of tokens: {harm}",
            run=partial(harmed_tokens, harm=harm),
            soak=3,
        )
    yield Trial(
        area="disk", fault="made by a version to come", run=from_the_future, soak=2, quick=True
    )


# --- full and read-only ---------------------------------------------------------------------------


@cache
def mountable() -> bool:
    """Whether this user may mount a file system in memory: root on Linux, outside of most
    containers.
    """
    if os.name != "posix" or os.geteuid():
        return False
    with tempfile.TemporaryDirectory() as place:
        mounted = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", place],
            check=False,
            capture_output=True,
        )
        if mounted.returncode == 0:
            subprocess.run(["umount", place], check=True)
    return mounted.returncode == 0


@contextmanager
def small_disk(folder: Path, size: str) -> Iterator[Path]:
    """A disk of a size for as long as the block runs."""
    place = folder / "disk"
    place.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(place)], check=True)
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", str(place)], check=True)


def remount(place: Path, how: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{how}", str(place)], check=True)


def full(folder: Path, rng: random.Random, *, name: str) -> Outcome:
    """The disk is full at some moment: one line, status 1; with more room the same command does its
    work.
    """
    outcome = Outcome()
    with (
        small_disk(folder, f"{2 ** rng.uniform(3, 8.5):.0f}k") as disk,
        work(name, folder, disk) as begin,
    ):
        ended, outcome.tried = begin(), 1
        outcome.commands += 1
        outcome.succeeded += ended.status == 0
        outcome.told += ended.status == 1
        outcome.lost += filter(None, (ended.wrong(0, 1),))
        remount(disk, "size=64m")
        if ended.status == 0:  # an export of a network writes over nothing, nor does a run
            for written in (disk / "out", folder / "run"):
                shutil.rmtree(written, ignore_errors=True)
        ended = begin()
        outcome.commands += 1
        outcome.succeeded += ended.status == 0
        outcome.lost += filter(None, (ended.wrong(0) and f"with room again: {ended.wrong(0)}",))
        if name == "fetch":
            outcome.lost += filter(None, (missing_pairs(disk / "cache"),))
    return outcome


@contextmanager
def work(name: str, folder: Path, disk: Path) -> Iterator[Callable[[], Ended]]:
    """A piece of work whose results go to a disk; with the training, what it goes on from."""
    if name == "fetch":
        with serving(folder) as wiki:
            yield lambda: fetch(wiki, folder, disk / "cache")
    elif name == "build from a dump":
        material.dump(folder / "made")
        yield lambda: done(
            "fetch",
            "--source",
            f"dump:{folder / 'made/dump.ndjson.gz'}",
            "--cache",
            disk / "cache",
            folder=folder,
        )
    elif name == "train":
        material.pairs(folder / "cache")
        run = disk / "run"
        yield lambda: done(
            "train",
            "--cache",
            folder / "cache",
            "--out",
            run,
            *material.TINY,
            "--epochs",
            1,
            *(("--resume",) if any(run.glob("checkpoints/step-*")) else ()),
            folder=folder,
        )
    elif name == "train on text":
        material.text(folder / "made")
        yield lambda: done(
            "train",
            "--text",
            folder / "made/text.txt",
            "--cache",
            disk / "cache",
            "--out",
            folder / "run",
            *material.TINY,
            "--tokenizer",
            "char",
            "--steps",
            1,
            "--block-size",
            32,
            folder=folder,
        )
    elif name == "export":
        material.pairs(folder / "cache")
        yield lambda: done(
            "export", "--cache", folder / "cache", "--to", disk / "out", folder=folder
        )
    else:
        run, form = material.trained(folder / "made") / "run", "gguf" if "GGUF" in name else "hf"
        yield lambda: done(
            "model.export", "--run", run, "--to", disk / "out", "--format", form, folder=folder
        )


def fetch(wiki: Served, folder: Path, cache_: Path) -> Ended:
    return done("fetch", *material.fetch_options(wiki, cache_), folder=folder, before=material.CALM)


def read_only(folder: Path, rng: random.Random) -> Outcome:
    """What only reads goes on as ever; what has to write says in one line that it cannot."""
    outcome = Outcome()
    made = material.trained(folder / "made")
    with small_disk(folder, "64m") as disk:
        shutil.copytree(made, disk / "made")
        material.fetched(disk / "fetched")
        remount(disk, "ro")
        cache_, run = disk / "fetched/cache", disk / "made/run"
        reads = (
            (
                "generate",
                "--run",
                run,
                "--prompt",
                "What is Mill 3?",
                "--max-new-tokens",
                5,
                "--device",
                "cpu",
            ),
            ("show", "--cache", cache_),
            ("export", "--cache", cache_, "--to", folder / "out"),
            ("model.export", "--run", run, "--to", folder / "network"),
        )
        writes = (
            ("fetch", "--rebuild", "--cache", cache_),
            ("fetch", "--source", "sample", "--n", 2, "--cache", disk / "new"),
            ("train", "--cache", cache_, "--out", disk / "new", *material.TINY),
            ("show", "--cache", cache_, "--html", disk / "x.html"),
            ("train", "--cache", disk / "made/cache", "--out", run, "--resume", "--epochs", 4),
            ("export", "--cache", cache_, "--to", disk / "out"),
            ("model.export", "--run", run, "--to", disk / "network"),
        )
        untried = () if find_spec("pyarrow") else ("export",)
        for status, commands in ((0, reads), (1, writes)):
            for command, *options in commands:
                if command in untried:
                    continue
                ended = done(command, *options, folder=folder)
                outcome.tried += 1
                outcome.commands += 1
                outcome.succeeded += ended.status == 0
                outcome.told += ended.status == 1
                outcome.lost += filter(None, (ended.wrong(status),))
    return outcome


# --- files that are harmed ------------------------------------------------------------------------


def harm_file(file: Path, harm: str, rng: random.Random) -> None:
    raw = file.read_bytes()
    at = rng.randrange(len(raw)) if raw else 0
    if not raw and harm in ("cut", "a bit flipped"):
        return  # a lock: there is nothing to harm
    file.unlink()
    match harm:
        case "emptied":
            file.write_bytes(b"")
        case "cut":
            file.write_bytes(raw[:at])
        case "a bit flipped":
            file.write_bytes(raw[:at] + bytes([raw[at] ^ (1 << rng.randrange(8))]) + raw[at + 1 :])
        case "a folder in its place":
            file.mkdir()
        case "something else in its place":
            file.write_bytes(rng.choice(ELSE))
        case "a pipe in its place":
            os.mkfifo(file)
        case "a link to a device in its place":
            file.symlink_to("/dev/zero")


ELSE = (
    b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
    b"hello, this is no such file\n" * 40,
    b'{"format": 1}\n',
    b"[[[[",
    bytes(5000),
    b"SQLite format 3\x00" + b"\xff" * 4000,
    b"\xff\xfe" + "odd".encode("utf-16-le"),
)


def nothing(ended: Ended) -> str:
    """The result where none can be told from a person's change."""
    return ""


def pairs_result(file: Path, right: Path) -> Callable[[Ended], str]:
    """The right pairs' fingerprint where the file holds them; or all but one, if the command tells
    of a damaged page that it let go.
    """

    def found(ended: Ended) -> str:
        lines, wanted = (set(pairs.read_bytes().splitlines()) for pairs in (file, right))
        fewest = len(wanted) - ("damaged" in ended.err)
        return fingerprint(right) if lines <= wanted and len(lines) >= fewest else "other pairs"

    return found


def weights_result(run: Path) -> Callable[[Ended], str]:
    return lambda ended: material.weights(run)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """A command that reads what was harmed; `result` fingerprints what came of it, which must be
    right or not be at all.
    """

    command: str
    options: tuple[object, ...]
    result: Callable[[Ended], str] = nothing


def judge(outcome: Outcome, folder: Path, reading: Reading, right: str, what: str) -> None:
    """A reading of something harmed gives what it gave before, or one line."""
    ended = done(reading.command, *reading.options, folder=folder)
    outcome.tried += 1
    outcome.commands += 1
    outcome.succeeded += ended.status == 0
    outcome.told += ended.status in (1, 2)
    wrong = ended.wrong(0, 1, 2)
    if not ended.status and reading.result(ended) != right:
        wrong = f"{reading.command}: a wrong result taken for right"
    if wrong:
        outcome.lost.append(f"{what}: {wrong}")


def fingerprint(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest() if file.is_file() else "none"


def harmed_cache(folder: Path, rng: random.Random, *, harm: str) -> Outcome:
    """The cache gives its pairs again, from sound pages, or says what is wrong; pairs.jsonl is a
    text that people may change.
    """
    outcome, made = Outcome(), material.fetched(folder / "made")
    right = fingerprint(made / "cache/pairs.jsonl")
    with closing(sqlite3.connect(made / "cache/pages.sqlite")) as database:
        site = database.execute("SELECT site FROM requests").fetchone()[0]
    for name in ("pages.sqlite", "pages.sqlite", "pages.sqlite", "pairs.jsonl", ".lock"):
        here = folder / f"copy-{outcome.tried}"
        shutil.copytree(made, here)
        harm_file(here / "cache" / name, harm, rng)
        fetching = (
            "--site",
            site,
            *material.CONTACT,
            "--cache",
            here / "cache",
            "--n",
            material.PAGES,
        )
        readings = [
            Reading(command=command, options=options)
            for command, options in (
                ("show", ("--cache", here / "cache")),
                ("export", ("--cache", here / "cache", "--to", here / "out")),
            )
        ]
        empty = name == "pages.sqlite" and harm in (
            "gone",
            "emptied",
        )  # a cache that was never filled gives no pairs, and says so
        result = (
            nothing
            if empty
            else pairs_result(here / "cache/pairs.jsonl", made / "cache/pairs.jsonl")
        )
        readings += [
            Reading(command="fetch", options=options, result=result)
            for options in (fetching, ("--rebuild", "--cache", here / "cache"))
        ]
        for reading in readings if name != "pages.sqlite" else readings[2:]:
            judge(
                outcome,
                folder,
                reading,
                "" if reading.result is nothing else right,
                f"{name} {harm}",
            )
    return outcome


def harmed_run(folder: Path, rng: random.Random, *, harm: str) -> Outcome:
    """Going on with a harmed run ends in the same weights, or in one line."""
    outcome, made = Outcome(), material.trained(folder / "made")
    right = material.weights(made / "run")
    files = sorted(path.relative_to(made) for path in (made / "run").rglob("*") if path.is_file())
    for file in rng.sample(files, 5):
        here = folder / f"copy-{outcome.tried}"
        shutil.copytree(made, here)
        harm_file(here / file, harm, rng)
        reading = Reading(
            command="train",
            options=("--cache", here / "cache", "--out", here / "run", "--resume", "--epochs", 3),
            result=weights_result(here / "run"),
        )
        judge(outcome, folder, reading, right, f"{file} {harm}")
        shutil.rmtree(here)
    return outcome


def harmed_answers(folder: Path, rng: random.Random, *, harm: str) -> Outcome:
    """A harmed run gives its answers and exports as before, or one line. Its titles and figures are
    texts that people may change.
    """
    from tests.tiny_run import FACTS

    outcome, made = Outcome(), material.taught(folder / "made")
    prompts = folder / "prompts.txt"
    prompts.write_text("".join(f"{question}\n" for _, question, _ in FACTS), "utf-8")
    answers = "".join(f"{answer}\n" for *_, answer in FACTS)
    files = sorted(path.relative_to(made) for path in (made / "run").rglob("*") if path.is_file())
    for file in rng.sample(files, 4):
        here = folder / f"copy-{outcome.tried}"
        shutil.copytree(made, here)
        harm_file(here / file, harm, rng)
        ask, legible = (
            ("--run", here / "run", "--prompts", prompts, "--device", "cpu"),
            file.name == "titles.jsonl",
        )
        judge(
            outcome,
            folder,
            Reading(
                command="generate",
                options=ask,
                result=nothing if legible else lambda ended: ended.out,
            ),
            "" if legible else answers,
            f"{file} {harm}",
        )
        judge(
            outcome,
            folder,
            Reading(command="model.export", options=("--run", here / "run", "--to", here / "out")),
            "",
            f"{file} {harm}",
        )
        shutil.rmtree(here)
    return outcome


def harmed_tokens(folder: Path, rng: random.Random, *, harm: str) -> Outcome:
    """Tokens that were harmed are made anew: training on them ends in the same weights."""
    outcome = Outcome()
    material.text(folder / "made")
    options = (
        "--text",
        folder / "made/text.txt",
        "--cache",
        folder / "cache",
        *material.TINY,
        "--tokenizer",
        "char",
        "--steps",
        2,
        "--block-size",
        32,
    )
    first = done("train", *options, "--out", folder / "right", folder=folder)
    if first.wrong(0):
        return Outcome(lost=[first.wrong(0)])
    right = material.weights(folder / "right")
    for file in sorted((folder / "cache/tokens").iterdir()):
        kept = file.read_bytes()
        harm_file(file, harm, rng)
        run = folder / f"run-{outcome.tried}"
        judge(
            outcome,
            folder,
            Reading(command="train", options=(*options, "--out", run), result=weights_result(run)),
            right,
            f"{file.suffix} {harm}",
        )
        shutil.rmtree(file) if file.is_dir() else file.unlink(missing_ok=True)
        file.write_bytes(kept)
    return outcome


# --- versions -------------------------------------------------------------------------------------


def from_the_future(folder: Path, rng: random.Random) -> Outcome:
    """What a later version wrote is refused with status 2, in a line that says so; its tokens,
    which can be made again, are.
    """
    outcome = Outcome()
    cache_, made = material.fetched(folder / "fetched") / "cache", material.trained(folder / "made")
    with closing(sqlite3.connect(cache_ / "pages.sqlite")) as database:
        database.execute("PRAGMA user_version = 99")
    run, other = made / "run", folder / "other"
    shutil.copytree(run, other)
    for state in run.glob("checkpoints/step-*/state.json"):
        later = json.loads(state.read_bytes()) | {"format": 99}
        later.pop("own_sha256")
        digest = hashlib.sha256(json.dumps(later, sort_keys=True).encode()).hexdigest()
        state.write_text(json.dumps(later | {"own_sha256": digest}))
    (other / "vocabulary.json").write_text(
        (other / "vocabulary.json").read_text().replace('"format": 1', '"format": 99')
    )
    for command, *options in (
        ("fetch", "--rebuild", "--cache", cache_),
        ("generate", "--run", run, "--prompt", "What is Mill 3?"),
        ("train", "--cache", made / "cache", "--out", run, "--resume"),
        ("model.export", "--run", run, "--to", folder / "out"),
        ("generate", "--run", other, "--prompt", "What is Mill 3?"),
        ("train", "--cache", made / "cache", "--out", other, "--resume"),
        ("model.export", "--run", other, "--to", folder / "out"),
    ):
        ended = done(command, *options, folder=folder)
        outcome.tried += 1
        outcome.commands += 1
        outcome.told += ended.status == 2
        outcome.lost += filter(None, (ended.wrong(2),))
    return outcome
