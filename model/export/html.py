"""A run as one HTML file that answers questions by itself, without a network or a server.

The page is the chat page (pipeline/answering/server/web). This packs what it runs on: the weights
in the fewest bits that give the answers of the exact ones, the tokenizer, the index, the sources.
"""

import gzip
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor

from model.checkpoint import check_vocabulary, load_weights, read_json
from model.config import GPTConfig
from model.gpt import GPT
from model.inference.sampling import generate_batch
from pipeline.answering.question_index import TrainedQuestion, open_index
from pipeline.answering.server import run_summary
from pipeline.answering.server.page import standalone_page
from pipeline.answering.server.portable import portable_index, portable_language
from pipeline.answering.verification import verified
from pipeline.cli import notice
from pipeline.questions.languages import language_of
from pipeline.questions.phrasings import phrasings
from pipeline.tokens.tokenizer import Tokenizer

Tensors = dict[str, Tensor]

BITS = (8, 12, 16)  # a weight; the first that changes no answer is taken
CHECKED = 400  # trained questions that are asked to find out
MAX_ANSWER = 256  # tokens
MOST_PHRASINGS = 8  # in which a question is asked again


@dataclass(frozen=True, slots=True, kw_only=True)
class Packed:
    """Weights as the page unpacks them."""

    entries: list[dict[str, Any]]
    """Name, shape, bits and place in `data`, in its order."""
    data: bytes
    bits: int
    """Of each weight in the matrices."""


def export_html(run: Path, to: Path) -> None:
    """Write the page of a run into a folder, and say how its weights were checked. Raises
    ValueError for a run that cannot be asked.
    """
    packed = pack_run(run)
    page = standalone_page(packed.data, title=packed.title)
    path = to / f"{packed.name}.html"
    path.write_text(page, encoding="utf-8")
    notice(
        f"weights of {packed.bits} bits: {packed.checked - packed.different} of {packed.checked}"
        " answers that were checked are those of the run, token for token"
    )


def pack_run(run: Path, *, check: bool = True) -> "PackedRun":
    """A run's weights, tokenizer, index and history, in one piece for the page. Without the check
    the weights get the most bits.
    """
    config, weights = load_weights(run)
    weights = {name: tensor.float() for name, tensor in weights.items()}
    index = open_index(run)
    language = language_of(index.language)
    vocabulary = read_json(run / "vocabulary.json")
    tokenizer = Tokenizer.load(run / "vocabulary.json")
    check_vocabulary(run, tokenizer.vocab_size, config.vocab_size)
    # All that the page shows or answers by is packed here, so that the page needs nothing else: no
    # network, no file beside it.
    questions = [(page.title, question) for page in index.entries() for question in page.questions]
    asked = questions[:: max(1, len(questions) // CHECKED)][:CHECKED] if check else []
    prompts = [_prompt(tokenizer, question.text) for _, question in asked]
    bits, different = choose_bits(config, weights, prompts, tokenizer.eot)
    about = run_summary.about(run, index, language.persons)
    about |= {"here": True, "parameters": sum(tensor.numel() for tensor in weights.values())}
    contents = {
        "about": about,
        "tokenizer": vocabulary,
        "index": portable_index(index),
        "language": portable_language(language),
        "phrasings": other_phrasings(config, weights, tokenizer, questions) if check else {},
        "learning": run_summary.learning(run),
        "ledger": run_summary.known_pairs(run, index),
    }
    return PackedRun(
        name=about["run"],
        title=about["subject"],
        data=bundle(config, pack_weights(weights, bits), contents),
        bits=bits,
        checked=len(prompts),
        different=different,
    )


def _prompt(tokenizer: Tokenizer, question: str) -> list[int]:
    return [tokenizer.eot, *tokenizer.encode(question), tokenizer.eot]


def other_phrasings(
    config: GPTConfig,
    weights: Tensors,
    tokenizer: Tokenizer,
    questions: Sequence[tuple[str, TrainedQuestion]],
) -> dict[str, list[str]]:
    """Other forms of those questions, given with their titles, that are not answered word for word
    in their own: the page asks in these then.
    """
    prompts = [_prompt(tokenizer, question.text) for _, question in questions]
    answers = _answers(config, weights, prompts, tokenizer.eot)
    texts = ["".join(tokenizer.decode_stream(ids)) for ids in answers]
    return {
        question.text: list(phrasings(question.text, title))[:MOST_PHRASINGS]
        for (title, question), text in zip(questions, texts, strict=True)
        if not verified(text, question.digests)
    }


@dataclass(frozen=True, slots=True, kw_only=True)
class PackedRun:
    """All that the page runs on, and how its weights were checked."""

    name: str
    title: str
    data: bytes
    bits: int
    """Of each weight in the matrices."""
    checked: int
    """Trained questions that were asked of the exact and of the packed weights."""
    different: int
    """Of these, how many were answered in other tokens."""


def pack_weights(weights: Tensors, bits: int) -> Packed:
    """Matrices in fixed point with a scale a row; vectors (norms, biases) in float32.

    A value is (high * 2**(bits - 8) + low) * scale: `high` is a signed byte, and the low bits
    follow all high bytes, two of 4 bits to a byte, the first in the low half.
    """
    entries, parts, place = [], [], 0
    for name, tensor in weights.items():
        values = tensor.detach().cpu().float().numpy()
        if values.ndim == 1:
            data = values.astype("<f4").tobytes()
        else:
            integers, scales = _fixed_point(values, bits)
            data = scales.astype("<f4").tobytes() + _planes(integers, bits)
        entry_bits = 32 if values.ndim == 1 else bits
        entries.append({"name": name, "shape": list(values.shape), "bits": entry_bits, "at": place})
        parts.append(data)
        place += len(data)
    return Packed(entries=entries, data=b"".join(parts), bits=bits)


def _fixed_point(values: np.ndarray, bits: int) -> tuple[np.ndarray, np.ndarray]:
    """values (rows, columns) ≈ integers (rows, columns) * scales (rows)."""
    largest = 2 ** (bits - 1) - 1
    # One scale a row, as rows differ in size by far more than the numbers within one.
    scales = np.maximum(np.abs(values).max(axis=1), 1e-12).astype(np.float32) / largest
    integers = np.rint(values / scales[:, None]).clip(-largest, largest)
    return integers.astype(np.int32), scales.astype(np.float32)


def _planes(integers: np.ndarray, bits: int) -> bytes:
    """The high bytes, then the low bits: similar bytes are side by side, which compresses best."""
    flat = integers.ravel()
    high = (flat >> (bits - 8)).astype(np.int8).tobytes()
    if bits == 8:
        return bytes(high)
    low = (flat & (2 ** (bits - 8) - 1)).astype(np.uint8)
    if bits == 12:
        low = np.append(low, np.zeros(len(low) % 2, np.uint8))
        low = low[0::2] | low[1::2] << 4
    return bytes(high + low.tobytes())


def rounded(weights: Tensors, bits: int) -> Tensors:
    """The weights as the page has them once they are unpacked."""
    result = {}
    for name, tensor in weights.items():
        values = tensor.detach().cpu().float()
        if values.ndim > 1:
            integers, scales = _fixed_point(values.numpy(), bits)
            values = torch.from_numpy(integers.astype(np.float32) * scales[:, None])
        result[name] = values
    return result


def choose_bits(
    config: GPTConfig, weights: Tensors, prompts: Sequence[Sequence[int]], stop: int
) -> tuple[int, int]:
    """The fewest bits with which every prompt is answered as by the exact weights, and how many
    answers still differ: none, but where even the most bits are too few.
    """
    if not prompts:
        return BITS[-1], 0
    answers = _answers(config, weights, prompts, stop)
    different = 0
    for bits in BITS:
        made = _answers(config, rounded(weights, bits), prompts, stop)
        different = sum(a != b for a, b in zip(answers, made, strict=True))
        if not different:
            break
    return bits, different


def _answers(
    config: GPTConfig, weights: Tensors, prompts: Sequence[Sequence[int]], stop: int
) -> list[list[int]]:
    model = GPT(config)
    model.load_state_dict(weights, strict=False)
    return generate_batch(model.eval(), prompts, max_new_tokens=MAX_ANSWER, stop=stop)


def bundle(config: GPTConfig, packed: Packed, contents: dict[str, Any]) -> bytes:
    """All that the page runs on in one piece, compressed: the length of the header (4 bytes, little
    endian), the header (JSON), the weights.
    """
    header = json.dumps(
        contents | {"config": asdict(config), "weights": packed.entries}, ensure_ascii=False
    ).encode("utf-8", "replace")
    whole = len(header).to_bytes(4, "little") + header + packed.data
    return gzip.compress(whole, compresslevel=9, mtime=0)
