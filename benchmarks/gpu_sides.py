"""Sides of the account of a GPU (`python -m benchmarks.training gpu`): one step of training after
another on random ids, by our trainer and by its peers, on any device.

A step is what its trainer's loop takes: the copy of ids and targets to the device, forward,
backward, clipping and the optimizer. Times are medians over steps, the device waited for at the end
of each, as our loop does when it reads the loss.
"""

import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import torch
from torch import nn

from benchmarks.sides import classic, load_module
from model.config import GPTConfig, OptimConfig
from model.device import World, matmul_rates, synchronize
from model.gpt import GPT
from model.gradients import GradientAccumulator
from model.optim import Optimizer

WARM = 8  # steps before the watch is read: compilers and allocators find their shapes in them


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """A network's size, and the rows of a step."""

    layers: int
    heads: int
    width: int
    vocab_size: int
    block_size: int
    rows: int
    micro_rows: int
    """Rows at once for peers that do not find out themselves what fits."""

    @property
    def tokens(self) -> int:
        return self.rows * self.block_size


LOADS = {
    # GPT-2 small, 65,536 tokens a step
    "gpt2-small": Load(
        layers=12,
        heads=12,
        width=768,
        vocab_size=50304,
        block_size=1024,
        rows=64,
        micro_rows=32,
    ),
    # What the table of sizes takes for 500 pairs on a GPU
    "500 pairs": Load(
        layers=4, heads=8, width=512, vocab_size=2048, block_size=128, rows=32, micro_rows=32
    ),
    "tiny": Load(layers=2, heads=2, width=64, vocab_size=512, block_size=32, rows=4, micro_rows=2),
}


def flops_a_token(parameters: int, load: Load) -> float:
    """Forward and backward, with attention over the whole block: 6 N + 12 L C T (PaLM, appendix B:
    https://arxiv.org/abs/2204.02311).
    """
    return 6 * parameters + 12 * load.layers * load.width * load.block_size


def our_config(load: Load, form: str) -> GPTConfig:
    """GPT-2's form, or our default one with as many parameters."""
    modern = GPTConfig(
        vocab_size=load.vocab_size,
        block_size=load.block_size,
        layers=load.layers,
        heads=load.heads,
        width=load.width,
        mlp_width=load.width * 8 // 3 // 64 * 64,
    )
    return modern if form == "modern" else classic(modern)


def gpu_peak(device: str) -> dict[str, Any]:
    """The device's name, and its practical peaks."""
    place = torch.device(device)
    rates = matmul_rates(place, [torch.float32, torch.bfloat16])
    name = torch.cuda.get_device_name(place) if place.type == "cuda" else place.type
    return {
        "device": name,
        "torch": torch.__version__,
        "float32": rates[torch.float32],
        "bfloat16": rates[torch.bfloat16],
        "bytes": copy_rate(place),
    }


def copy_rate(device: torch.device) -> float:
    """Bytes a second, read and written, of a large copy."""
    source = torch.randn(1 << (28 if device.type == "cuda" else 22), device=device)
    target = torch.empty_like(source)
    best = 0.0
    for _ in range(10):
        synchronize(device)
        start = time.perf_counter()
        target.copy_(source)
        synchronize(device)
        best = max(best, 2 * source.numel() * 4 / (time.perf_counter() - start))
    return best


def gpu_ours(
    *,
    load: Load,
    device: str,
    steps: int,
    form: str,
    compute: str,
    optimizer: str,
    compiled: bool,
) -> dict[str, Any]:
    """Our trainer's step."""
    world = World(device=torch.device(device))
    torch.manual_seed(1)
    model = GPT(our_config(load, form), compute_dtype=getattr(torch, compute)).to(world.device)
    if compiled:
        model.compile_blocks()
    gradients = GradientAccumulator(model, model, world)
    mover = Optimizer(model, OptimConfig(optimizer=cast(Any, optimizer)))

    def step(ids: np.ndarray[Any, Any]) -> None:
        rows = SimpleNamespace(
            ids=ids[:, :-1],
            targets=ids[:, 1:],
            tokens=load.tokens,
            scored=load.tokens,
            examples=np.arange(len(ids)),
        )
        mover.step(1.0, grad_norm=gradients(rows).grad_norm)

    return measured(step, load, world.device, steps) | {"parameters": model.parameter_count()}


def gpu_nanogpt(
    load: Load, device: str, steps: int, nanogpt: str, compiled: bool
) -> dict[str, Any]:
    """nanoGPT's network and step, with its own settings for a GPU: bfloat16 by autocast, fused
    AdamW, torch.compile of the whole network.
    """
    source = load_module("nanogpt_model", Path(nanogpt) / "model.py")
    model = source.GPT(
        source.GPTConfig(
            n_layer=load.layers,
            n_head=load.heads,
            n_embd=load.width,
            vocab_size=load.vocab_size,
            block_size=load.block_size,
            bias=False,
            dropout=0.0,
        )
    ).to(device)
    mover = model.configure_optimizers(0.1, 6e-4, (0.9, 0.95), torch.device(device).type)

    def loss(network: nn.Module, ids: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
        return cast(torch.Tensor, network(ids, targets)[1])

    return peer(model, mover, loss, load=load, device=device, steps=steps, compiled=compiled)


def gpu_transformers(load: Load, device: str, steps: int, compiled: bool) -> dict[str, Any]:
    """transformers' GPT-2 with PyTorch's attention, bfloat16 by autocast and fused AdamW, as its
    Trainer takes them with bf16=True and torch_compile=True.
    """
    from transformers import GPT2Config, GPT2LMHeadModel

    config = GPT2Config(
        vocab_size=load.vocab_size,
        n_positions=load.block_size,
        n_embd=load.width,
        n_layer=load.layers,
        n_head=load.heads,
        resid_pdrop=0.0,
        embd_pdrop=0.0,
        attn_pdrop=0.0,
        use_cache=False,
        attn_implementation="sdpa",
    )
    model = GPT2LMHeadModel(config).to(device)
    mover = torch.optim.AdamW(model.parameters(), lr=5e-5, weight_decay=0.0, fused=True)

    def loss(network: nn.Module, ids: torch.Tensor, targets: torch.Tensor) -> torch.Tensor:
        return cast(torch.Tensor, network(input_ids=ids, labels=ids).loss)

    return peer(model, mover, loss, load=load, device=device, steps=steps, compiled=compiled)


def peer(
    model: nn.Module,
    mover: torch.optim.Optimizer,
    loss_of: Callable[[nn.Module, torch.Tensor, torch.Tensor], torch.Tensor],
    *,
    load: Load,
    device: str,
    steps: int,
    compiled: bool,
) -> dict[str, Any]:
    """The step that both peers' loops take: micro-batches, clipping, the optimizer."""
    torch.set_float32_matmul_precision("high")
    network = cast(nn.Module, torch.compile(model)) if compiled else model
    place = torch.device(device)
    micro_batches = load.rows // load.micro_rows

    def step(ids: np.ndarray[Any, Any]) -> None:
        both = torch.from_numpy(ids)
        if place.type == "cuda":
            both = both.pin_memory()
        both = both.to(place, non_blocking=True)
        for rows in both.split(load.micro_rows):
            inputs, targets = rows[:, :-1].contiguous(), rows[:, 1:].contiguous()
            with torch.autocast(place.type, dtype=torch.bfloat16):
                loss = loss_of(network, inputs, targets) / micro_batches
            loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        mover.step()
        mover.zero_grad(set_to_none=True)
        float(loss.detach())

    parameters = sum(p.numel() for p in model.parameters())
    return measured(step, load, place, steps) | {"parameters": parameters}


def measured(
    step: Callable[[np.ndarray[Any, Any]], None], load: Load, device: torch.device, steps: int
) -> dict[str, Any]:
    """The median time of a step, the kernels that it starts and the memory that it takes."""
    times = []
    started = time.perf_counter()
    for number, ids in enumerate(random_rows(load, steps + WARM)):
        if number == WARM:
            print(f"warm after {time.perf_counter() - started:.1f} s", file=sys.stderr)
        start = time.perf_counter()
        step(ids)
        synchronize(device)
        times.append(time.perf_counter() - start)
    figures: dict[str, Any] = {
        "seconds": median(times[WARM:]),
        "warm_seconds": sum(times[:WARM]),
        "tokens_per_second": load.tokens / median(times[WARM:]),
    }
    if device.type == "cuda":
        figures["memory"] = torch.cuda.max_memory_allocated(device)
        figures["kernels"] = kernels_of(lambda: step(next(random_rows(load, 1))))
    return figures


def random_rows(load: Load, count: int) -> Iterator[np.ndarray[Any, Any]]:
    """Rows of ids for so many steps."""
    draw = np.random.default_rng(1)
    for _ in range(count):
        yield draw.integers(0, load.vocab_size, (load.rows, load.block_size + 1))


def kernels_of(work: Callable[[], None]) -> int:
    """How many kernels a piece of work starts on a GPU."""
    from torch.profiler import ProfilerActivity, profile

    with profile(activities=[ProfilerActivity.CUDA]) as record:
        work()
        torch.cuda.synchronize()
    return sum(event.count for event in record.key_averages() if event.self_device_time_total > 0)


SIDES: dict[str, Callable[..., dict[str, Any]]] = {
    side.__name__: side for side in (gpu_peak, gpu_ours, gpu_nanogpt, gpu_transformers)
}
