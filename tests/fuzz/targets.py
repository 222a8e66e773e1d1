"""What is fed with bytes. A target returns, or raises what nothing may raise: that is a find."""

import hashlib
import json
import os
import shutil
import tarfile
import tempfile
from array import array
from collections.abc import Callable
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

from pipeline.clean import read_article
from pipeline.errors import BadInput, ExternalError
from pipeline.questions.pairs import KINDS, make_pairs
from pipeline.records import Page

LONGEST = {
    "cleaner": 20_000,
    "questions": 8_000,
    "texts": 4_000,
    "vocabulary": 20_000,
    "checkpoint": 8_000,
    "dump": 8_000,
}
"""Bytes of one input."""


@cache
def scratch() -> Path:
    """A folder in memory where there is one."""
    shared = Path("/dev/shm")
    return Path(
        tempfile.mkdtemp(prefix="askwiki-fuzz-", dir=shared if os.access(shared, os.W_OK) else None)
    )


def page(data: bytes) -> Page:
    """A page whose first line is its title."""
    title, _, html = data.decode("utf-8", "replace").partition("\n")
    title = " ".join(title.split()) or "Thing"
    return Page(
        pageid=1,
        title=title,
        html=html,
        url="https://w.org/wiki/Thing",
        revid=1,
        licence="CC BY-SA 4.0",
    )


def cleaner(data: bytes) -> None:
    """The article of any HTML, in paragraphs that hold something, the same each time."""
    read = page(data)
    article = read_article(read, sections=True)
    for text in article.lead:
        assert text == text.strip() and text, "an empty paragraph"
    assert read_article(read, sections=True) == article, "read otherwise the second time"


def questions(data: bytes) -> None:
    """The pairs of any page: each is one that dataset takes in again."""
    from pipeline.records import as_line, pair_of_line

    pairs, reason = make_pairs(page(data), kinds=KINDS)
    assert bool(pairs) != bool(reason), "neither pairs nor a reason, or both"
    for pair in pairs:
        assert pair_of_line(as_line(pair).encode("utf-8", "replace"), "fuzz") is not None


@cache
def learned() -> "tuple[object, object]":
    from pipeline.tokens.tokenizer import characters, train_bpe

    texts = [
        "The harbour lies north of the bridge, and the bridge lies north of the mill, since 1843."
    ] * 9
    return train_bpe(texts, 300), characters(texts)


def texts(data: bytes) -> None:
    """Any text: byte pairs give it back, characters never fail, streams are made of whole
    characters.
    """
    pairs, signs = learned()
    halves = data[:1] == b"\xed"  # characters of two bytes each, among them halves of others
    text = (
        "".join(map(chr, array("H", data[: len(data) // 2 * 2])))
        if halves
        else data.decode("utf-8", "replace")
    )
    valid = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    ids = pairs.encode(text)  # type: ignore[attr-defined]
    assert pairs.decode(ids) == valid and pairs.eot not in ids  # type: ignore[attr-defined]
    assert "".join(pairs.decode_stream(ids)) == valid  # type: ignore[attr-defined]
    assert signs.eot not in signs.encode(text)  # type: ignore[attr-defined]


def vocabulary(data: bytes) -> None:
    """Any file as a vocabulary: one that works, or BadInput."""
    from pipeline.tokens.tokenizer import Tokenizer

    file = scratch() / "vocabulary.json"
    file.write_bytes(data)
    try:
        found = Tokenizer.load(file)
    except BadInput as error:
        assert str(file) in str(error)
        return
    ids = found.encode("The harbour — 1843\n")
    assert all(0 <= token < found.vocab_size for token in ids) and found.eot not in ids
    found.decode(ids)


@cache
def run() -> Path:
    """A run with a network of a few weights."""
    import torch

    from model.checkpoint import Checkpoint, save_checkpoint
    from model.config import GPTConfig
    from model.gpt import GPT
    from model.settings import to_dict
    from model.train_state import TrainState

    config = GPTConfig(vocab_size=8, block_size=8, layers=1, heads=1, width=4, mlp_width=4)
    torch.manual_seed(0)
    folder = scratch() / "run"
    folder.mkdir()
    weights = dict(GPT(config).state_dict())
    save_checkpoint(
        folder,
        Checkpoint(
            state=TrainState(step=1),
            weights=weights,
            resume_tensors={"m|x": torch.ones(2)},
            settings={"model": to_dict(config)},
        ),
    )
    return folder


def checkpoint(data: bytes) -> None:
    """Any file in a checkpoint, its checksums made right where it can be: a network of finite size,
    or RunError.
    """
    from model.checkpoint import RunError, load_checkpoint, load_model

    sound, here = (
        next(run().glob("checkpoints/step-*")),
        scratch() / "harmed/checkpoints/step-00000001",
    )
    shutil.rmtree(here.parents[1], ignore_errors=True)
    shutil.copytree(sound, here)
    state = json.loads((here / "state.json").read_bytes())
    state.pop("own_sha256")
    content, changed = data[1:], state
    match data[:1]:
        case b"w":
            (here / "model.safetensors").write_bytes(content)
            state["sha256"]["model.safetensors"] = hashlib.sha256(content).hexdigest()
        case b"t":
            (here / "training.safetensors").write_bytes(content)
            state["sha256"]["training.safetensors"] = hashlib.sha256(content).hexdigest()
        case _:
            changed = _changed(state, content)
    (here / "state.json").write_bytes(content if changed is None else _signed(changed))
    for load in (lambda: load_checkpoint(here, training=True), lambda: load_model(here.parents[1])):
        try:
            load()
        except RunError as error:
            assert "\n" not in str(error), f"more than one line: {error}"


def _signed(state: dict[str, Any]) -> bytes:
    digest = hashlib.sha256(json.dumps(state, sort_keys=True).encode()).hexdigest()
    return json.dumps(state | {"own_sha256": digest}).encode()


def _changed(state: dict[str, Any], content: bytes) -> dict[str, Any] | None:
    """The state with the fields of a JSON object in the place of its own; none where the content is
    no object.
    """
    try:
        given = json.loads(content)
    except (ValueError, RecursionError):
        return None
    if not isinstance(given, dict):
        return None
    settings = given.pop("settings", None)
    if isinstance(settings, dict) and isinstance(settings.get("model"), dict):
        model = state["settings"]["model"] | settings["model"]
        bounded = {
            name: min(value, 64) if type(value) is int else value for name, value in model.items()
        }
        settings = settings | {"model": bounded}  # a network too large for this machine is no find
    return state | given | ({} if settings is None else {"settings": settings})


def dump(data: bytes) -> None:
    """Any file as a dump, in any packing: articles, or ExternalError."""
    import gzip

    from pipeline.sources.archives import Dump

    form, content = data[:1], data[1:]
    name = "dump.ndjson"
    if form in (b"a", b"A"):
        name, inside = "dump.tar", BytesIO()
        with tarfile.open(fileobj=inside, mode="w") as archive:
            member = tarfile.TarInfo("pages.ndjson")
            member.size = len(content)
            archive.addfile(member, BytesIO(content))
        content = inside.getvalue()
    elif form in (b"t", b"T"):
        name = "dump.tar"
    if form in (b"g", b"A", b"T"):
        name, content = name + ".gz", gzip.compress(content, 1)
    elif form == b"z":
        name = "dump.ndjson.gz"
    file = scratch() / name
    file.write_bytes(content)
    try:
        archive = Dump(files=(file,))
        for record in archive.records(0):
            found = archive.page(record)
            assert isinstance(found, str) or make_pairs(found)
    except (ExternalError, BadInput) as error:
        assert str(file) in str(error)


TARGETS: dict[str, Callable[[bytes], None]] = {
    "cleaner": cleaner,
    "questions": questions,
    "texts": texts,
    "vocabulary": vocabulary,
    "checkpoint": checkpoint,
    "dump": dump,
}
