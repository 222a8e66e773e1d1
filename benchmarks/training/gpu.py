"""A GPU: tokens per second, the share of its peak, and what each measure brings."""

from typing import Any

from benchmarks.training.bench import Bench

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
