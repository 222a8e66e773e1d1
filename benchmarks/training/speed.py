"""Tokens per second at nanoGPT's two shapes, and the loss on Shakespeare's characters over time."""

import sys
from statistics import median
from typing import Any

from benchmarks.training.bench import HERE, Bench, command, iterations

PARAMETERS = {
    "0.8 M": ("--n_layer=4", "--n_head=4", "--n_embd=128", "--block_size=64", "--batch_size=12"),
    "10.65 M": ("--n_layer=6", "--n_head=6", "--n_embd=384", "--block_size=256", "--batch_size=16"),
}

RATES = (1e-3, 3e-3)  # nanoGPT's: the better one counts

TOKENS = {"0.8 M": 12 * 64, "10.65 M": 16 * 256}


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
