"""How fast and how well the trainer learns, beside nanoGPT and transformers' GPT-2, in one run on
the same machine.

    python -m benchmarks.training speed --nanogpt DIR          # tokens/s at nanoGPT's two shapes
    python -m benchmarks.training shakespeare --nanogpt DIR    # Shakespeare: loss for the time
    python -m benchmarks.training leads500 --nanogpt DIR       # 500 leads: time to a recall of 0.95
    python -m benchmarks.training leads5k                      # 5,000 leads: recall and time
    python -m benchmarks.training leads20k --nanogpt DIR       # 20,000 leads, ten minutes each
    python -m benchmarks.training memory                       # memory on a token file of 5 GB
    python -m benchmarks.training text                         # a text of 1.5 GB: size and memory
    python -m benchmarks.training ablations                    # what each choice is worth
    python -m benchmarks.training gpu --nanogpt DIR            # a GPU: tokens/s, share of its peak

DIR is a checkout of nanoGPT (github.com/karpathy/nanoGPT), which stays as it is. ASKWIKI_SHARED
names the folder with corpora/. Every side runs in a process of its own, in turns, bound to two
cores; the last lines are a table in Markdown. Each side's output is kept in --work, where a
benchmark that was stopped finds what it has measured already.
"""

import json
import lzma
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from model.checkpoint import run_settings
from model.config import GPTConfig
from model.gpt import GPT
from model.settings import from_dict
from pipeline.cli import parse, run
from pipeline.dataset.pairs_file import write_pairs
from pipeline.errors import BadInput, ExternalError
from pipeline.files import write_atomically
from pipeline.records import Pair
from pipeline.tokens.text_tokens import tokens_name
from pipeline.tokens.token_files import build_cached
from pipeline.tokens.tokenizer import characters

HERE = Path(__file__).resolve().parent
BOUND = {
    "OMP_NUM_THREADS": "2",
    "OMP_PROC_BIND": "true",
    "OMP_PLACES": "cores",
}  # else a busy machine puts both threads on one core
RATES = (1e-3, 3e-3)  # nanoGPT's: the better one counts
PARAMETERS = {
    "0.8 M": ("--n_layer=4", "--n_head=4", "--n_embd=128", "--block_size=64", "--batch_size=12"),
    "10.65 M": ("--n_layer=6", "--n_head=6", "--n_embd=384", "--block_size=256", "--batch_size=16"),
}
CHOICES = {  # of the trainer, undone one at a time
    "as it comes": "",
    "as it comes, seed 2": "--seed 2",
    "as it comes, seed 3": "--seed 3",
    "AdamW alone": "--optimizer adamw",
    "AdamW alone, rate 0.001": "--optimizer adamw --lr 0.001",
    "Muon's rate 0.01": "--matrix-lr 0.01",
    "Muon's rate 0.04": "--matrix-lr 0.04",
    "Muon's momentum 0.9": "--momentum 0.9",
    "AdamW's rate 0.001": "--lr 0.001",
    "gradients of any length": "--grad-clip 0",
    "no warm-up": "--warmup 0",
    "no warm-down": "--decay none",
    "warm-down from the start": "--warmdown 1",
    "cosine": "--decay cosine",
    "weight decay 0.05": "--weight-decay 0.05",
    "weight decay 0.2": "--weight-decay 0.2",
    "dropout 0.1": "--dropout 0.1",
    "learned positions": "--position learned",
    "LayerNorm": "--norm layer",
    "no QK-norm": "--no-qk-norm",
    "biases": "--bias",
    "GELU, as many parameters": "--mlp gelu --mlp-width 1440",
    "a head of its own": "--no-tied-head",
    "10 heads": "--heads 10",
    "float32": "--compute float32",
    "loss on all tokens": "--loss-on all",
    "every question in its own words": "--own-phrasing 1",
    "batches of 2,048 tokens": "--batch-tokens 2048",
    "batches of 8,192 tokens": "--batch-tokens 8192",
    "vocabulary of 1,024": "--vocab-size 1024",
    "vocabulary of 4,096": "--vocab-size 4096",
}
TOKENS = {"0.8 M": 12 * 64, "10.65 M": 16 * 256}


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Training beside nanoGPT's and transformers', on the same machine."""

    what: str | None = None
    """speed, shakespeare, leads500, leads5k, leads20k, memory, ablations or gpu; also without the
    flag.
    """
    nanogpt: Path | None = None
    """A checkout of nanoGPT."""
    work: Path = Path("runs/benchmarks")
    """Folder for runs and what was measured."""
    rounds: int = 3
    """How often each side is measured, in turns; medians count."""
    device: str = "cpu"
    """Where we compute: cpu, or cuda (peers do so in the benchmark `gpu` alone)."""
    smoke: bool = False
    """Tiny sizes, to see whether it works."""


def main() -> None:
    """Measure, print."""
    options = parse(Options, prog="python -m benchmarks.training", positional="what")
    benchmarks: dict[str, Callable[[Bench], list[list[str]]]] = {
        "speed": speed,
        "shakespeare": shakespeare,
        "leads500": leads500,
        "leads5k": leads5k,
        "leads20k": leads20k,
        "memory": memory,
        "text": text,
        "ablations": ablations,
        "gpu": gpu,
    }
    if options.what not in benchmarks:
        raise BadInput(f"name a benchmark: {', '.join(benchmarks)}")
    rows = benchmarks[options.what](Bench(options, options.what))
    print(f"\nload {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores\n")
    for number, row in enumerate(rows):
        print(
            "| " + " | ".join(row) + " |" + ("\n" + "|---" * len(row) + "|" if number == 0 else "")
        )


class Bench:
    """Where the material lies, and what was measured already."""

    def __init__(self, options: Options, what: str) -> None:
        shared = os.environ.get("ASKWIKI_SHARED")
        if not shared:
            raise BadInput("ASKWIKI_SHARED is not set: let it name the folder that holds corpora/")
        self.shared, self.smoke, self.rounds = (
            Path(shared),
            options.smoke,
            1 if options.smoke else options.rounds,
        )
        self.work = (options.work / (f"smoke-{what}" if options.smoke else what)).resolve()
        self.work.mkdir(parents=True, exist_ok=True)
        self.text, self.source = self.shared / "corpora" / "shakespeare.txt", options.nanogpt
        self.device = options.device

    def nanogpt(self) -> Path:
        """A copy of nanoGPT with the characters of Shakespeare prepared."""
        if self.source is None or not (self.source / "model.py").exists():
            raise BadInput(
                "nanoGPT is not there: name a checkout of github.com/karpathy/nanoGPT with"
                " --nanogpt"
            )
        copy = self.work / "nanoGPT"
        data = copy / "data" / "shakespeare_char"
        if not (data / "meta.pkl").exists():
            shutil.copytree(
                self.source, copy, ignore=shutil.ignore_patterns(".git"), dirs_exist_ok=True
            )
            shutil.copy(self.text, data / "input.txt")
            command([sys.executable, "prepare.py"], folder=data)
        return copy

    def known(self, name: str, measure: Callable[[], dict[str, Any]]) -> dict[str, Any]:
        """What was measured under this name, now or by a run that was stopped."""
        path = self.work / f"{name}.json"
        if not path.exists():
            write_atomically(path, json.dumps(measure()) + "\n")
        found: dict[str, Any] = json.loads(path.read_bytes())
        figures = {
            key: value
            for key, value in {**found, **found.get("last", {})}.items()
            if isinstance(value, int | float)
        }
        print(
            f"{name:<24}" + ", ".join(f"{key} {value:,.5g}" for key, value in figures.items()),
            flush=True,
        )
        return found

    def side(self, name: str, **asked: Any) -> dict[str, Any]:
        """A side of benchmarks.sides."""
        return self.known(
            name,
            lambda: json.loads(
                command([sys.executable, "-m", "benchmarks.sides", json.dumps(asked)]).splitlines()[
                    -1
                ]
            ),
        )

    def train(self, name: str, *flags: object) -> dict[str, Any]:
        """Our trainer from its command line: its rows of metrics and the peak of its memory in
        bytes.
        """
        out = self.work / f"run-{name}"

        def measure() -> dict[str, Any]:
            shutil.rmtree(out, ignore_errors=True)
            command(
                [
                    sys.executable,
                    "train.py",
                    "--out",
                    str(out),
                    "--device",
                    self.device,
                    *map(str, flags),
                ]
            )
            rows = [json.loads(line) for line in (out / "metrics.jsonl").read_text().splitlines()]
            return {"last": rows[-1], "rows": rows}

        return {**self.known(name, measure), "out": out}

    def leads(self, count: int, every: int | None = None) -> Path:
        """A cache with that many leads, evenly from the whole, asked as "What is TITLE?"."""
        cache = self.work / f"leads-{count}"
        with lzma.open(self.shared / "corpora" / "leads.jsonl.xz", "rt", encoding="utf-8") as file:
            rows = [json.loads(line) for line in file]
        rows = rows[:: every or max(1, len(rows) // count)][:count]
        write_pairs(
            cache / "pairs.jsonl",
            [
                Pair(
                    pageid=number,
                    title=row["title"],
                    kind="definition",
                    question=f"What is {row['title']}?",
                    answer=row["answer"],
                    url="",
                    revid=number,
                    licence="CC BY-SA 3.0",
                )
                for number, row in enumerate(rows, 1)
            ],
        )
        return cache


def command(words: Sequence[str], folder: Path = HERE.parent) -> str:
    """Run a program bound to two cores; what it printed. Raises ExternalError."""
    done = subprocess.run(
        words, cwd=folder, env=os.environ | BOUND, capture_output=True, text=True, check=False
    )
    if done.returncode:
        raise ExternalError(f"{' '.join(words)[:200]} failed: {done.stderr.strip()[-800:]}")
    return done.stdout


# --- the benchmarks -------------------------------------------------------------------------------


def speed(bench: Bench) -> list[list[str]]:
    """Tokens a second in training."""
    table = [
        [
            "parameters",
            "nanoGPT",
            "transformers",
            "ours, classic form",
            "ours",
            "ours / nanoGPT",
            "wanted",
        ]
    ]
    for shape, wanted in (("0.8 M", 1.2), ("10.65 M", 2.5)):
        steps = 5 if bench.smoke else 200 if shape == "0.8 M" else 20
        times: dict[str, list[float]] = {}
        for number in range(bench.rounds):
            where = {"text": str(bench.text), "steps": steps, "shape": shape}
            for form in ("modern", "classic"):
                found = bench.side(
                    f"{shape}-{form}-{number}",
                    side="speed_ours",
                    form=form,
                    scratch=str(bench.work / "scratch"),
                    **where,
                )
                times.setdefault(form, []).append(found["seconds"])
            found = bench.side(f"{shape}-transformers-{number}", side="speed_transformers", **where)
            times.setdefault("transformers", []).append(found["seconds"])
            found = bench.known(
                f"{shape}-nanoGPT-{number}",
                lambda shape=shape, steps=steps: nanogpt_speed(bench, shape, steps),  # type: ignore[misc]
            )
            times.setdefault("nanoGPT", []).append(found["seconds"])
        rate = {name: TOKENS[shape] / median(seconds) for name, seconds in times.items()}
        table.append(
            [
                shape,
                *(
                    f"{rate[name]:,.0f}"
                    for name in ("nanoGPT", "transformers", "classic", "modern")
                ),
                f"{rate['modern'] / rate['nanoGPT']:.2f}",
                f"≥ {wanted}",
            ]
        )
    return table


def nanogpt_speed(bench: Bench, shape: str, steps: int) -> dict[str, Any]:
    """The median time of a step that nanoGPT's own training script reports, without the first
    ones.
    """
    said = nanogpt_train(
        bench,
        *PARAMETERS[shape],
        f"--max_iters={steps + 5}",
        "--eval_iters=1",
        "--eval_interval=1000000",
    )
    return {"seconds": median(iterations(said)[5:])}


def nanogpt_train(bench: Bench, *flags: str) -> str:
    """nanoGPT's training script with the flags that its README gives for a CPU; what it printed."""
    return command(
        [
            sys.executable,
            "train.py",
            "config/train_shakespeare_char.py",
            "--device=cpu",
            "--compile=False",
            "--dropout=0.0",
            "--log_interval=1",
            *flags,
        ],
        folder=bench.nanogpt(),
    )


def iterations(said: str) -> list[float]:
    """Seconds of each step in nanoGPT's log."""
    return [
        float(found) / 1000
        for found in re.findall(r"^iter \d+: .*time ([\d.]+)ms", said, re.MULTILINE)
    ]


def shakespeare(bench: Bench) -> list[list[str]]:
    """Characters of Shakespeare: the loss after a third of nanoGPT's time, and after all of it."""
    steps = 20 if bench.smoke else 2000
    flags = ["--text", bench.text, "--cache", bench.work, "--config", HERE / "shakespeare.yaml"]
    table = [
        ["round", "nanoGPT: seconds", "loss", "ours: seconds", "loss", "ours: seconds", "loss"]
    ]
    trial = bench.train("pace", *flags, "--steps", 10 if bench.smoke else 150)["last"]
    for number in range(bench.rounds):
        theirs = bench.known(f"nanoGPT-{number}", lambda: nanogpt_shakespeare(bench, steps))
        loss = bench.side(
            f"nanoGPT-loss-{number}",
            side="nanogpt_loss",
            nanogpt=str(bench.nanogpt()),
            checkpoint=theirs["checkpoint"],
            run=str(bench.work / "run-pace"),
        )["loss"]
        row = [str(number + 1), f"{theirs['seconds']:.0f}", f"{loss:.3f}"]
        for share in (1 / 3, 1.0):
            fitting = int(0.9 * share * theirs["seconds"] / trial["seconds"] * trial["step"])
            last = bench.train(
                f"ours-{share:.2f}-{number}",
                *flags,
                "--steps",
                max(2, fitting),
                "--seed",
                number + 1,
            )["last"]
            row += [f"{last['seconds']:.0f}", f"{last['val_loss']:.3f}"]
        table.append(row)
    return [*table, ["wanted", "", "", "≤ 1/3", "≤ nanoGPT's", "≤ nanoGPT's", "≤ 1.62"]]


def nanogpt_shakespeare(bench: Bench, steps: int) -> dict[str, Any]:
    """nanoGPT's documented run on a CPU; its time is that of its steps, its evaluations (every 250
    steps) left out.
    """
    every = min(250, steps)
    said = nanogpt_train(
        bench,
        *PARAMETERS["0.8 M"],
        f"--max_iters={steps}",
        f"--lr_decay_iters={steps}",
        "--eval_iters=20",
        f"--eval_interval={every}",
        "--always_save_checkpoint=True",
    )
    times = [seconds for number, seconds in enumerate(iterations(said)) if number % every]
    return {
        "seconds": sum(times) * steps / len(times),
        "checkpoint": str(bench.nanogpt() / "out-shakespeare-char" / "ckpt.pt"),
    }


def leads500(bench: Bench) -> list[list[str]]:
    """500 leads: seconds until 95% of their first sentences are said word for word."""
    goal, count = (0.02, 40) if bench.smoke else (0.95, 500)
    cache = bench.leads(count)
    runs = [
        bench.train(
            f"ours-{number}",
            "--cache",
            cache,
            "--held-out",
            0,
            "--recall-sample",
            count,
            "--seed",
            number + 1,
            *(["--epochs", 3] if bench.smoke else []),
        )
        for number in range(bench.rounds)
    ]
    ours = [first(run["rows"], goal) for run in runs]
    best: dict[str, Any] = {"seconds": 1e9 if not bench.smoke else 5.0}
    for epochs, rate in product(
        (2,) if bench.smoke else (20, 30, 40), RATES
    ):  # the schedule that gets there soonest counts
        theirs = bench.side(
            f"nanoGPT-{epochs}-{rate:g}",
            side="nanogpt_pairs",
            nanogpt=str(bench.nanogpt()),
            run=str(runs[0]["out"]),
            rate=rate,
            epochs=epochs,
            limit=best["seconds"],
            goal=goal,
        )
        if theirs["recall"] >= goal and theirs["seconds"] < best["seconds"]:
            best = {**theirs, "rate": rate, "epochs": epochs}
    middle, otherwise = (
        median(ours),
        median(
            bench.side(f"otherwise-{number}", side="recall_otherwise", run=str(run["out"]))[
                "recall"
            ]
            for number, run in enumerate(runs)
        ),
    )
    return [
        [
            "leads",
            "seconds to a recall of 0.95",
            "nanoGPT (at its best rate and length)",
            "share of its time",
            "recall in other words",
        ],
        [
            str(count),
            f"{middle:.0f}",
            f"{best['seconds']:.0f} ({best.get('rate')}, {best.get('epochs')} epochs)",
            f"{middle / best['seconds']:.2f}",
            f"{otherwise:.3f}",
        ],
        ["wanted", "≤ 110", "", "≤ 0.4", "≥ 0.9"],
    ]


def first(rows: Sequence[dict[str, Any]], goal: float) -> float:
    """Seconds at the first row whose recall reaches the goal; infinite where none does."""
    return next(
        (float(row["seconds"]) for row in rows if (row["recall"] or 0) >= goal), float("inf")
    )


def leads5k(bench: Bench) -> list[list[str]]:
    """5,000 leads: recall and time of the settings that the trainer picks itself."""
    count = 60 if bench.smoke else 5000
    run = bench.train(
        "ours", "--cache", bench.leads(count), *(["--epochs", 2] if bench.smoke else [])
    )
    return [
        ["leads", "recall", "seconds", "wanted"],
        [str(count), f"{run['last']['recall']:.3f}", f"{run['last']['seconds']:.0f}", "≥ 0.9"],
    ]


def leads20k(bench: Bench) -> list[list[str]]:
    """20,000 leads and as many seconds for each: bits per byte on leads never trained on."""
    count, held_out, limit = (200, 0.2, 4.0) if bench.smoke else (21_000, 0.05, 600.0)
    flags = ["--cache", bench.leads(count, every=1), "--held-out", held_out, "--epochs", 1000]
    trial = bench.train("pace", *flags, "--steps", 5 if bench.smoke else 60)["last"]
    steps = max(2, int(0.97 * limit / trial["seconds"] * trial["step"]))
    runs = [
        bench.train(f"ours-{number}", *flags, "--steps", steps, "--seed", number + 1)
        for number in range(bench.rounds)
    ]

    def nanogpt(number: int, rate: float) -> float:
        found = bench.side(
            f"nanoGPT-{rate:g}-{number}",
            side="nanogpt_pairs",
            nanogpt=str(bench.nanogpt()),
            run=str(runs[number]["out"]),
            rate=rate,
            epochs=0,
            limit=limit,
            goal=0.0,
        )
        return float(found["bits_per_byte"])

    rate = min(RATES, key=lambda rate: nanogpt(0, rate))
    ours = median(run["last"]["val_bpb"] for run in runs)
    theirs = median(nanogpt(number, rate) for number in range(bench.rounds))
    return [
        ["leads", "seconds each", "bits per byte", f"nanoGPT (rate {rate:g})", "ratio", "wanted"],
        [
            f"{count * (1 - held_out):,.0f}",
            f"{limit:.0f}",
            f"{ours:.3f}",
            f"{theirs:.3f}",
            f"{ours / theirs:.3f}",
            "≤ 0.9",
        ],
    ]


def ablations(bench: Bench) -> list[list[str]]:
    """600 leads, a tenth of them held out, few epochs: recall of the others, and bits per byte on
    what was held out.
    """
    count, epochs = (60, 2) if bench.smoke else (600, 8)
    flags = [
        "--cache",
        bench.leads(count),
        "--held-out",
        0.1,
        "--recall-sample",
        300,
        "--epochs",
        epochs,
    ]
    table = [["", "parameters", "recall", "bits per byte: lowest", "at the end", "seconds"]]
    for number, (name, change) in enumerate(CHOICES.items()):
        run = bench.train(f"choice-{number}", *flags, *change.split())
        last, learnt = (
            run["last"],
            [row["val_bpb"] for row in run["rows"] if row["val_bpb"] is not None],
        )
        parameters = GPT(from_dict(GPTConfig, run_settings(run["out"])["model"])).parameter_count()
        table.append(
            [
                name,
                f"{parameters / 1e6:.2f} M",
                f"{last['recall']:.3f}",
                f"{min(learnt):.3f}",
                f"{learnt[-1]:.3f}",
                f"{last['seconds']:.0f}",
            ]
        )
    return table


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


BYTES_A_PARAMETER = 16  # the weight, its gradient and at most two averages, in float32


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
    of_model = GPT(network).parameter_count() * BYTES_A_PARAMETER
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


LADDER = {  # what each measure brings on a GPU
    "GPT-2's form, AdamW, float32": ("classic", "float32", "adamw", False),
    "bfloat16": ("classic", "bfloat16", "adamw", False),
    "compiled": ("classic", "bfloat16", "adamw", True),
    "Muon": ("classic", "bfloat16", "muon", True),
    "our default form": ("modern", "bfloat16", "muon", True),
}
SHORT = {  # a run on few pairs ends before compiling has paid
    "our default form, not compiled": ("modern", "bfloat16", "muon", False),
}


def gpu(bench: Bench) -> list[list[str]]:
    """Tokens a second, the share of the measured peak, and what each measure brings; beside nanoGPT
    and transformers, both compiled.
    """
    peak = bench.side("peak", side="gpu_peak", device=bench.device)
    print(f"{peak['device']}, torch {peak['torch']}")
    table = [["", "", "tokens/s", "of the peak", "kernels a step", "memory", "warm after"]]
    loads = {"tiny": LADDER} if bench.smoke else {"gpt2-small": LADDER, "500 pairs": SHORT}
    for load, ours in loads.items():
        common: dict[str, Any] = {
            "load": load,
            "device": bench.device,
            "steps": 3 if bench.smoke else 15,
        }
        sides: dict[str, dict[str, Any]] = {
            name: {
                "side": "gpu_ours",
                "form": form,
                "compute": compute,
                "optimizer": optimizer,
                "compiled": compiled,
            }
            for name, (form, compute, optimizer, compiled) in ours.items()
        }
        compiled = load == "gpt2-small"
        sides["transformers"] = {"side": "gpu_transformers", "compiled": compiled}
        if bench.source is not None:
            folder = str(bench.source.resolve())
            sides["nanoGPT"] = {"side": "gpu_nanogpt", "compiled": compiled, "nanogpt": folder}
        for name, asked in sides.items():
            figures = bench.side(f"{load}-{name}".replace("/", "-"), **common, **asked)
            table.append([load, name, *account(figures, load, peak["bfloat16"])])
    return table


def account(figures: dict[str, Any], load: str, peak: float) -> list[str]:
    """A row of the table."""
    from benchmarks.gpu_sides import LOADS, flops_a_token

    rate = figures["tokens_per_second"]
    return [
        f"{rate:,.0f}",
        f"{rate * flops_a_token(figures['parameters'], LOADS[load]) / peak:.0%}",
        str(figures.get("kernels", "")),
        f"{figures['memory'] / 1e9:.1f} GB" if "memory" in figures else "",
        f"{figures['warm_seconds']:.0f} s",
    ]


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


if __name__ == "__main__":
    run(main)
