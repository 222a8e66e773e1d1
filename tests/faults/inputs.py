"""Every option and setting given values of the wrong type and range, files that are not what they
claim, and prompts that nobody types.
"""

import dataclasses
import io
import json
import math
import random
import resource
import tarfile
import types
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from tests.faults import material
from tests.faults.commands import Ended, done, start
from tests.faults.core import Outcome, Trial

# Bytes that a command asked for something gigantic may take before it is told: there is no more.
MEMORY = 12 << 30
PATIENCE = 8  # seconds: what goes on longer has taken the value for a wish, and is stopped

NONSENSE = {
    int: (
        "x",
        "1.5",
        "",
        "0x10",
        "1e3",
        "-1",
        "0",
        str(-(2**63)),
        str(2**31),
        str(2**63),
        str(10**30),
    ),
    float: ("x", "", "1,5", "nan", "inf", "-inf", "-1", "0", "1e308", "-1e-300", "1e999"),
    bool: ("maybe",),
    str: (
        "",
        " ",
        "\n",
        "🧵" * 50,
        "\x00".replace("\x00", "\x01"),
        "../../etc/passwd",
        "a" * 5000,
        "--",
        "\udcff",
    ),
    Path: ("", "/dev/null/x", "no/such/place", "a" * 5000, ".", "\udcff", "/proc/self/mem"),
    Literal: ("nope", "", "🧵"),
}
SETTINGS = (
    "x",
    "",
    -1,
    0,
    1.5,
    10**30,
    math.nan,
    math.inf,
    -math.inf,
    True,
    None,
    [],
    ["x"],
    {},
    {"x": 1},
    [[[]]],
    "🧵",
    "nope",
)
ENDLESS = (Path("/dev/zero"), Path("/dev/full"))
NOBODY = "http://127.0.0.1:9"
NEVER = {
    "serve",
    "chat",
    "fetch_more",
    "host",
    "port",
    "token",
}  # they go on until stopped, and are tried elsewhere
FETCHED = {
    "site",
    "lang",
    "n",
    "titles",
    "category",
    "depth",
    "rate",
    "contact",
}  # with a source that asks the network for nothing


def trials() -> Iterator[Trial]:
    for command in ("fetch", "show", "export", "train", "generate"):
        fault = f"options of {command}: wrong types and ranges"
        yield Trial(area="input", fault=fault, run=partial(options_of, command=command, few=False))
        yield Trial(
            area="input",
            fault=fault,
            run=partial(options_of, command=command, few=True),
            quick=True,
        )
    yield Trial(
        area="input",
        fault="settings in a file: wrong types and ranges",
        run=settings_in_a_file,
        quick=True,
    )
    yield Trial(
        area="input", fault="files that are not what they claim", run=not_what_they_claim, soak=2
    )
    yield Trial(
        area="input",
        fault="archive members that would leave their folder",
        run=wandering_members,
        soak=2,
        quick=True,
    )
    for name in PROMPTS:
        yield Trial(
            area="input",
            fault=f"a prompt of {name}",
            run=partial(prompt, name=name),
            quick=name in ("a megabyte", "nothing"),
        )


# --- options --------------------------------------------------------------------------------------


def fields_of(command: str) -> list[tuple[str, Any]]:
    """The options of a command with their types, those of sections too."""
    import generate
    import pipeline.export
    import pipeline.show
    from model.train_config import TrainConfig
    from pipeline.fetch_options import FetchOptions

    roots = {
        "fetch": FetchOptions,
        "show": pipeline.show.ShowOptions,
        "export": pipeline.export.DatasetOptions,
        "train": TrainConfig,
        "generate": generate.AskOptions,
    }
    return list(_fields(roots[command]))


def _fields(options: type) -> Iterator[tuple[str, Any]]:
    hints = get_type_hints(options)
    for field in dataclasses.fields(options):
        hint = hints[field.name]
        if dataclasses.is_dataclass(hint):
            yield from _fields(hint)  # type: ignore[arg-type]
        else:
            yield field.name, hint


def kind(hint: Any) -> Any:
    """What a field holds, out of its annotation: one of the keys of NONSENSE."""
    origin, arguments = get_origin(hint), get_args(hint)
    if origin in (Union, types.UnionType):
        return kind(next(a for a in arguments if a is not type(None)))
    if origin is tuple:
        return kind(arguments[0])
    return Literal if origin is Literal else hint


def options_of(folder: Path, rng: random.Random, *, command: str, few: bool) -> Outcome:
    """Each option of a command with each value that is not meant for it."""
    cases = [
        (name, value)
        for name, hint in fields_of(command)
        if name not in NEVER
        for value in NONSENSE[kind(hint)]
    ]
    base = usable(command, folder)
    outcome = Outcome()
    for name, value in rng.sample(cases, 8) if few else cases:
        ended = bounded(command, folder, *base, f"--{name.replace('_', '-')}={value}")
        count(outcome, ended, f"--{name}={value[:40]!a}")
    return outcome


def usable(command: str, folder: Path) -> tuple[object, ...]:
    """Options with which the command does something small."""
    if command == "fetch":
        return (
            "--cache",
            folder / "new",
            "--source",
            f"dump:{material.dump(folder / 'made') / 'dump.ndjson.gz'}",
        )
    if command == "generate":
        run = material.taught(folder / "made") / "run"
        return (
            "--run",
            run,
            "--prompt",
            "What is Mercury?",
            "--device",
            "cpu",
            "--max-new-tokens",
            3,
        )
    cache_ = material.pairs(folder / "cache")
    if command == "train":
        return ("--cache", cache_, "--out", folder / "run", *material.TINY, "--epochs", 1)
    return ("--cache", cache_, *(("--to", folder / "out") if command == "export" else ()))


def bounded(command: str, folder: Path, *options: object) -> Ended:
    """A command that is stopped when it goes on, and cannot take the machine's memory."""
    child = start(command, *options, folder=folder, before=bound)
    if not child.running(PATIENCE):
        return child.ended()
    ended = child.ended(0)
    return dataclasses.replace(ended, status=0, hung=False)


def bound() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    material.HASTY()


def count(outcome: Outcome, ended: Ended, what: str, *allowed: int) -> None:
    outcome.tried += 1
    outcome.commands += 1
    outcome.succeeded += ended.status == 0
    outcome.told += ended.status in (1, 2)
    if wrong := ended.wrong(*(allowed or (0, 1, 2))):
        outcome.lost.append(f"{what}: {wrong}")


def settings_in_a_file(folder: Path, rng: random.Random) -> Outcome:
    """Every setting with values of every type: taken, or refused in one line that names it."""
    from model.train_config import EarlyOptions, TrainConfig, layered_config

    outcome, file = Outcome(), folder / "settings.json"
    for section in dataclasses.fields(TrainConfig):
        hint = get_type_hints(TrainConfig)[section.name]
        names = (
            [f.name for f in dataclasses.fields(hint)] if dataclasses.is_dataclass(hint) else [""]
        )
        for name in names:
            for value in SETTINGS:
                file.write_text(json.dumps({section.name: {name: value} if name else value}))
                outcome.tried += 1
                try:
                    layered_config(EarlyOptions(config=(file,), cache=folder))
                    outcome.succeeded += 1
                except ValueError as error:
                    outcome.told += 1
                    if "\n" in str(error) or (name or section.name) not in str(error).replace(
                        "-", "_"
                    ):
                        outcome.lost.append(f"{section.name}.{name} = {value!r}: {error}")
    return outcome


# --- files ----------------------------------------------------------------------------------------


def impostors(folder: Path) -> list[Path]:
    """Files of many kinds."""
    contents = {
        "png": b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 9,
        "zeros": bytes(100_000),
        "nothing": b"",
        "gzip": b"\x1f\x8b\x08\x00garbage",
        "deep.json": b"[" * 200_000,
        "number.json": b"9" * 50_000,
        "yaml": yaml_bomb(),
        "text": b"hello\n" * 1000,
        "sqlite": b"SQLite format 3\x00" + b"\xff" * 4000,
        "zip.tar.gz": b"PK\x03\x04" + bytes(400),
        "line": b"x" * 3_000_000,
        "dates.yaml": b"model: 2001-01-01\ntrainer: !!python/object/apply:os.system ['true']\n",
        "utf16": "title".encode("utf-16"),
        "odd.ndjson": b'{"name": "\\ud800"}\nnull\n[]\n',
    }
    for name, content in contents.items():
        (folder / name).write_bytes(content)
    return [
        *(folder / name for name in contents),
        *(device for device in ENDLESS if device.exists()),
    ]


def yaml_bomb() -> bytes:
    """A billion laughs."""
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 10)]
    return "\n".join([*lines, "model: *a9"]).encode()


def not_what_they_claim(folder: Path, rng: random.Random) -> Outcome:
    """Each file in each place where a file is named."""
    outcome, cache_ = Outcome(), material.pairs(folder / "cache")
    for file in impostors(folder):
        as_cache = folder / f"as-pairs-{file.name}"
        as_cache.mkdir()
        if file not in ENDLESS:
            (as_cache / "pairs.jsonl").write_bytes(file.read_bytes())
        train = ("train", "--out", folder / f"run-{file.name}", *material.TINY, "--epochs", 1)
        for command, *options in (
            (
                "fetch",
                "--titles",
                file,
                "--site",
                NOBODY,
                *material.CONTACT,
                "--n",
                1,
                "--cache",
                folder / f"t-{file.name}",
            ),
            ("fetch", "--source", f"dump:{file}", "--cache", folder / f"d-{file.name}"),
            (*train, "--cache", cache_, "--config", file),
            (*train, "--cache", as_cache),
            (
                *train,
                "--cache",
                folder,
                "--text",
                file,
                "--tokenizer",
                "char",
                "--steps",
                1,
                "--block-size",
                16,
            ),
            ("show", "--cache", as_cache),
            ("export", "--cache", as_cache, "--to", folder / f"out-{file.name}"),
            ("generate", "--run", file, "--prompt", "x"),
            ("model.export", "--run", file, "--to", folder / f"net-{file.name}"),
        ):
            count(
                outcome,
                bounded(str(command), folder, *options),
                f"{file.name} given to {command} {options[0]}",
            )
    return outcome


def wandering_members(folder: Path, rng: random.Random) -> Outcome:
    """An archive with members above and beside it, links and devices, and a title like a path:
    read, and nothing is written.
    """
    line = (
        json.dumps(
            {
                "name": "../../evil",
                "identifier": 1,
                "article_body": {"html": "<p><b>Evil</b> is a mill.</p>"},
            }
        ).encode()
        + b"\n"
    )
    archive = folder / "dump.tar.gz"
    with tarfile.open(archive, "w:gz") as tar:
        for name, sort in (
            ("../evil.ndjson", tarfile.REGTYPE),
            ("/tmp/askwiki-evil.ndjson", tarfile.REGTYPE),
            ("link", tarfile.SYMTYPE),
            ("hard", tarfile.LNKTYPE),
            ("device", tarfile.CHRTYPE),
            ("pipe", tarfile.FIFOTYPE),
            ("a/b/c.ndjson", tarfile.REGTYPE),
        ):
            member = tarfile.TarInfo(name)
            member.type, member.linkname = sort, "/etc/passwd"
            member.size = len(line) if sort == tarfile.REGTYPE else 0
            tar.addfile(member, io.BytesIO(line))
    outcome = Outcome()
    count(
        outcome,
        done("fetch", "--source", f"dump:{archive}", "--cache", folder / "cache", folder=folder),
        "a wandering archive",
    )
    written = {
        path.name
        for path in (
            *folder.rglob("*"),
            *folder.parent.glob("*.ndjson"),
            *Path("/tmp").glob("askwiki-evil*"),
        )
    }
    inside = {path.name for path in (folder / "cache").rglob("*")}
    if written - inside - {"dump.tar.gz", "cache"}:
        outcome.lost.append(f"written outside of the cache: {sorted(written)}")
    return outcome


# --- prompts --------------------------------------------------------------------------------------

PROMPTS = {
    "a megabyte": "a" * 1_000_000,
    "a megabyte of words": "who is it " * 100_000,
    "emoji": "🧵👩‍👩‍👧‍👦🏳️‍🌈" * 300,
    "control characters": "".join(map(chr, range(1, 32))) + "\x7f\x9b2J",
    "nothing": "",
    "spaces": " \t \n ",
    "a null": "a\x00b",
    "half a character": "\udce2\udc82",
    "marks on one letter": "a" + "\u0301" * 5000,
    "text from right to left": "\u202eכן?" * 50,
    "the end-of-text token": "<|endoftext|>" * 20,
    "markup": "<script>alert(1)</script>" * 20,
    "brackets": "(" * 20_000,
    "one sign of every plane": "".join(
        chr(plane << 16 | 0x41) for plane in range(17) if plane not in (0,)
    ),
}


def prompt(folder: Path, rng: random.Random, *, name: str) -> Outcome:
    """A prompt is answered, or refused in one line, whether it is typed, read from a file,
    continued, or asked strictly.
    """
    run, typed, file = (
        material.taught(folder / "made") / "run",
        PROMPTS[name],
        folder / "prompts.txt",
    )
    file.write_text(typed + "\n", "utf-8", "surrogateescape")
    outcome = Outcome()
    ways: Sequence[tuple[object, ...]] = (
        ("--prompt", typed),
        ("--prompts", file),
        ("--raw", "--prompt", typed),
        ("--raw", "--prompts", file),
        ("--json", "--prompt", typed),
        ("--strict", "--prompt", typed),
    )
    for way in ways:
        ended = done(
            "generate", "--run", run, "--device", "cpu", "--max-new-tokens", 4, *way, folder=folder
        )
        count(outcome, ended, f"{name}, {way[0]}", 0, 2, 3)
        if any(ord(sign) < 32 and sign not in "\n\t" for sign in ended.out + ended.err):
            outcome.lost.append(f"{name}: control characters reached the terminal")
    return outcome
