"""Memory on token files and texts that are larger than what may be held."""

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from benchmarks.training.bench import BOUND, HERE, Bench
from model.checkpoint import run_settings
from model.config import GPTConfig
from model.gpt import GPT
from model.settings import from_dict
from pipeline.errors import ExternalError
from pipeline.tokens.text_tokens import tokens_name
from pipeline.tokens.token_files import build_cached
from pipeline.tokens.tokenizer import characters


def memory(bench: Bench) -> list[list[str]]:
    """The peak of resident memory in training on a token file of 5 GB, and on one of a hundredth of
    that.
    """
    table = [["token file", "steps", "peak of resident memory", "wanted"]]
    steps = 10 if bench.smoke else 300
    for size in (50e6, 500e6) if bench.smoke else (50e6, 5e9):
        text = made_tokens(bench.work, int(size))
        peak = peak_memory(
            [
                sys.executable,
                "train.py",
                "--text",
                str(text),
                "--cache",
                str(text.parent),
                "--out",
                str(text.parent / "run"),
                "--tokenizer",
                "char",
                "--device",
                "cpu",
                "--layers",
                "2",
                "--width",
                "64",
                "--heads",
                "1",
                "--mlp-width",
                "128",
                "--block-size",
                "256",
                "--batch-size",
                "64",
                "--steps",
                str(steps),
                "--eval-batches",
                "2",
            ]
        )
        shutil.rmtree(text.parent / "run")
        table.append(
            [f"{size / 1e9:.2f} GB", str(steps), f"{peak / 1e9:.2f} GB", "< 2 GB and the model's"]
        )
    return table


BYTES_PER_PARAMETER = 16  # the weight, its gradient and at most two averages, in float32


def text(bench: Bench) -> list[list[str]]:
    """A made-up text of 1.5 GB: the size that the table names for it, and the peak of resident
    memory from reading it to the last of the first 50 steps.
    """
    size, steps = (3e6, 2) if bench.smoke else (1.5e9, 50)
    folder = bench.work / "text"
    made = made_text(folder, int(size))
    flags = ["--cache", folder, "--out", folder / "run", "--steps", steps, "--eval-batches", 2]
    words = [sys.executable, "train.py", "--text", made, "--device", bench.device, *flags]
    try:
        peak = peak_memory([str(word) for word in words])
        settings = run_settings(folder / "run")
    finally:
        shutil.rmtree(folder)
    network = from_dict(GPTConfig, settings["model"])
    of_model = GPT(network).parameter_count() * BYTES_PER_PARAMETER
    named = f"{network.layers} x {network.width}, vocabulary {network.vocab_size:,}"
    return [
        ["text", "network", "tokens a step", "steps", "peak", "beside the model's", "wanted"],
        [
            f"{size / 1e9:.2f} GB",
            named,
            f"{settings['dataloader']['batch_tokens']:,}",
            str(steps),
            f"{peak / 1e9:.2f} GB",
            f"{(peak - of_model) / 1e9:.2f} GB",
            "< 2 GB",
        ],
    ]


def made_text(folder: Path, size: int) -> Path:
    """A text of at least so many bytes: sentences of made-up words, some of which are far more
    frequent than others, as in a language, over and over.
    """
    folder.mkdir(parents=True, exist_ok=True)
    draw, file = np.random.default_rng(1), folder / "text.txt"
    letters = np.array([*"aeiounrtslkmd"])
    vocabulary = np.array(["".join(draw.choice(letters, n)) for n in draw.integers(2, 9, 50_000)])
    ranks = draw.zipf(1.2, min(size, 20_000_000) // 4)
    words = vocabulary[ranks[ranks < len(vocabulary)]]
    lines = (" ".join(words[i : i + 12]).capitalize() for i in range(0, len(words), 12))
    piece = (".\n".join(lines) + ".\n").encode()
    with file.open("wb") as written:
        for _ in range(-(-size // len(piece))):
            written.write(piece)
    return file


def made_tokens(work: Path, size: int) -> Path:
    """A text of which the cache holds a file of tokens of `size` bytes, at random: as if it had
    been gigabytes when it was encoded.
    """
    folder, letters = work / f"tokens-{size}", "".join(map(chr, range(97, 123))) + "\n"
    text = folder / "text.txt"
    folder.mkdir(exist_ok=True)
    text.write_text(letters * 50, encoding="utf-8")
    draw, piece = np.random.default_rng(1), 1 << 24

    def make(outs: Sequence[Path]) -> None:
        with outs[0].open("wb") as file:
            for _ in range(-(-size // (2 * piece))):
                file.write(draw.integers(0, 27, piece, dtype=np.uint16).data)

    build_cached(folder / "tokens", tokens_name([text], characters([letters])), ("ids",), make)
    return text


def peak_memory(words: Sequence[str]) -> int:
    """Bytes that a program had resident at most. Raises ExternalError."""
    child = subprocess.Popen(
        words,
        cwd=HERE.parent,
        env=os.environ | BOUND,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    _, status, used = os.wait4(child.pid, 0)
    if status:
        raise ExternalError(f"{' '.join(words)[:200]} failed: run it by hand to see why")
    return used.ru_maxrss * (
        1 if sys.platform == "darwin" else 1024
    )  # macOS counts bytes, Linux kilobytes
