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

import os
from collections.abc import Callable

from benchmarks.training.bench import Bench, Options
from benchmarks.training.gpu import gpu
from benchmarks.training.leads import ablations, leads5k, leads20k, leads500
from benchmarks.training.memory import memory, text
from benchmarks.training.speed import shakespeare, speed
from pipeline.cli import parse, run
from pipeline.errors import BadInput


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


if __name__ == "__main__":
    run(main)
