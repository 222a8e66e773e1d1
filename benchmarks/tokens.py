"""How fast pairs become tokens, beside tiktoken's own batch encoding of the same texts, and what
training on them takes in memory.

    ASKWIKI_SHARED=../shared python -m benchmarks.tokens --gigabytes 3

The pairs are real leads, repeated under new titles. tiktoken gets the texts of all pairs, every
phrasing too, as lists in memory; ours reads and checks pairs.jsonl, asks each question in all its
ways, and writes files.
"""

import json
import lzma
import os
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import tiktoken

from pipeline.cli import parse, run
from pipeline.dataset.pairs_file import iter_pairs, write_pairs
from pipeline.errors import BadInput, ExternalError
from pipeline.questions.phrasings import phrasings
from pipeline.records import Pair, as_line
from pipeline.tokens.pair_tokens import open_pairs, open_tokens
from pipeline.tokens.tokenizer import named

THREADS = os.cpu_count() or 1
FEW = 20_000  # pairs that hardly take memory: what training takes on them is the network's


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Tokens on disk, of pairs by the gigabyte."""

    gigabytes: float = 3.0
    """Size of pairs.jsonl."""
    work: Path = Path("runs/benchmarks/tokens")
    """Folder for pairs and tokens."""
    encoding: str = "gpt2"
    """tiktoken's encoding."""
    steps: int = 30
    """Steps of training after that; 0 for none."""


def main() -> None:
    """Make the pairs, encode them both ways, train a little, print."""
    options = parse(Options, prog="python -m benchmarks.tokens")
    path = options.work / "pairs.jsonl"
    if not path.exists():
        write_pairs(path, repeated(int(options.gigabytes * 1e9)))
    size = path.stat().st_size / 1e6
    theirs, share = by_tiktoken(path, options.encoding)
    shutil.rmtree(options.work / "tokens", ignore_errors=True)
    start = time.perf_counter()
    pairs = open_pairs(path, options.work / "tokens")
    indexed = time.perf_counter()
    tokens = open_tokens(pairs, named(options.encoding), options.work / "tokens")
    done = time.perf_counter()
    ours = size * share / (done - indexed)
    print(
        f"{size:,.0f} MB of pairs, {len(pairs):,}, {len(tokens.ids):,} tokens; "
        f"index {indexed - start:.0f} s, tokens {done - indexed:.0f} s"
    )
    whole = size * share / (done - start)
    print(
        f"tiktoken's batch {theirs:.2f} MB/s of text, ours {ours:.2f} MB/s ({ours / theirs:.2f}),"
        f" with the index {whole:.2f} MB/s ({whole / theirs:.2f}); {THREADS} threads"
    )
    children, own = (
        resource.getrusage(who).ru_maxrss / 1e3
        for who in (resource.RUSAGE_CHILDREN, resource.RUSAGE_SELF)
    )
    print(f"most memory: this process {own:,.0f} MB, the largest other {children:,.0f} MB")
    if options.steps:
        few = options.work / "few"
        write_pairs(few / "pairs.jsonl", islice(iter_pairs(path), FEW))
        large, small = trained(options, options.work), trained(options, few)
        print(
            f"training, {options.steps} steps: most memory {large:,.0f} MB; on {FEW:,} of the pairs"
            f" {small:,.0f} MB"
        )


def by_tiktoken(path: Path, name: str) -> tuple[float, float]:
    """tiktoken's own batch speed on the texts of some pairs in megabytes a second, and what share
    of the file is such text.
    """
    sample = list(islice(iter_pairs(path), 60_000))
    texts = [
        text for pair in sample for text in (*phrasings(pair.question, pair.title), pair.answer)
    ]
    encoding, volume = tiktoken.get_encoding(name), sum(len(text.encode()) for text in texts) / 1e6
    lines = sum(len(as_line(pair).encode()) for pair in sample) / 1e6
    return (
        volume / best(lambda: encoding.encode_ordinary_batch(texts, num_threads=THREADS)),
        volume / lines,
    )


def repeated(size: int) -> Iterator[Pair]:
    """Real leads under new titles, until they fill a file of so many bytes."""
    shared = os.environ.get("ASKWIKI_SHARED")
    if not shared:
        raise BadInput(
            "ASKWIKI_SHARED is not set: let it name the folder that holds corpora/leads.jsonl.xz"
        )
    with lzma.open(Path(shared) / "corpora" / "leads.jsonl.xz", "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    written, number = 0, 0
    while written < size:
        row, number = rows[number % len(rows)], number + 1
        title = f"{row['title']} ({number // len(rows)})" if number >= len(rows) else row["title"]
        pair = Pair(
            pageid=number,
            title=title,
            kind="definition",
            question=f"What is {title}?",
            answer=row["answer"],
            url=f"https://en.wikipedia.org/wiki/{number}",
            revid=number,
            licence="CC BY-SA 3.0",
        )
        written += len(as_line(pair).encode())
        yield pair


def best(work: object, rounds: int = 3) -> float:
    """The least seconds of some rounds."""
    found = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()  # type: ignore[operator]
        found.append(time.perf_counter() - start)
    return min(found)


def trained(options: Options, cache: Path) -> float:
    """The most resident memory of a training command on the pairs of a cache, in megabytes."""
    shutil.rmtree(cache / "run", ignore_errors=True)
    command = [
        sys.executable,
        "train.py",
        "--cache",
        str(cache),
        "--out",
        str(cache / "run"),
        "--batch-tokens",
        "4096",
        "--tokenizer",
        options.encoding,
        "--steps",
        str(options.steps),
        "--device",
        "cpu",
        "--layers",
        "2",
        "--width",
        "256",
        "--heads",
        "4",
        "--recall-sample",
        "100",
    ]
    work = subprocess.Popen(command, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(work.pid, 0)
    if status:
        raise ExternalError(f"{' '.join(command)} failed")
    return usage.ru_maxrss / 1e3


if __name__ == "__main__":
    run(main)
