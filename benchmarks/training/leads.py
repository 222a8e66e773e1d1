"""Leads of Wikipedia: the time until they are known by heart, and what each choice is worth."""

from itertools import product
from statistics import median
from typing import Any

from benchmarks.training.bench import Bench, first
from benchmarks.training.speed import RATES
from model.checkpoint import run_settings
from model.config import GPTConfig
from model.gpt import GPT
from model.settings import from_dict

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
