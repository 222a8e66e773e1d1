"""A step's gradients are the same whatever the micro-batches, the ranks and the memory."""

import os
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
import torch
from tiny_networks import MODERN, network
from torch import Tensor, nn

from model.device import World
from model.gpt import GPT
from model.gradients import GradientAccumulator, LossScale, MicroBatchLimit
from pipeline.errors import ExternalError

ALONE = World(device=torch.device("cpu"))
SHORTAGE = "DefaultCPUAllocator: can't allocate memory: you tried to allocate 8 bytes."


def batch(rows: int = 7, length: int = 12, *, rank: int = 0, world_size: int = 1) -> Any:
    """A rank's share of a batch with a row that scores nothing."""
    ids = torch.randint(0, 97, (rows, length), generator=torch.Generator().manual_seed(2))
    targets = ids.roll(-1, 1)
    targets[:, :3], targets[2] = -1, -1
    mine = slice(rank, None, world_size)
    return SimpleNamespace(
        ids=ids[mine].numpy(),
        targets=targets[mine].numpy(),
        tokens=rows * length,
        scored=int((targets >= 0).sum()),
        examples=np.arange(rows),
    )


def gradients(model: GPT) -> list[Tensor]:
    return [p.grad.clone() for p in model.parameters() if p.grad is not None]


def expected(model: GPT) -> tuple[float, list[Tensor]]:
    """By one pass over the whole batch."""
    whole = batch()
    loss = model(torch.from_numpy(whole.ids), torch.from_numpy(whole.targets))
    (loss.nats / whole.scored).backward()
    return loss.nats.item(), gradients(model)


@pytest.mark.parametrize("tokens", [12, 24, 40, 1000])
def test_micro_batches_add_up_to_the_gradients_of_the_whole(tokens: int) -> None:
    nats, right = expected(network(MODERN).train())
    model = network(MODERN).train()
    accumulate = GradientAccumulator(model, model, ALONE)
    accumulate.limit.tokens = tokens
    loss = accumulate(batch())
    assert loss.nats == pytest.approx(nats, rel=1e-5)
    norm = torch.cat([g.flatten() for g in right]).norm().item()
    assert loss.grad_norm == pytest.approx(norm, rel=1e-4)
    for ours, theirs in zip(gradients(model), right, strict=True):
        torch.testing.assert_close(ours, theirs, rtol=1e-4, atol=1e-6)


def test_the_right_examples_are_those_that_greedy_generation_gives() -> None:
    model = network(MODERN).train()
    taught = batch()
    with torch.no_grad():
        likeliest = model(torch.from_numpy(taught.ids)).argmax(-1).numpy()
    taught.targets[:4] = np.where(taught.targets[:4] >= 0, likeliest[:4], -1)
    accumulate = GradientAccumulator(model, model, ALONE)
    accumulate.limit.tokens = 36
    assert accumulate(taught).correct.tolist() == [True, True, False, True, False, False, False]


def run_out(layer: nn.Module, where: str, *, rows: int) -> Any:
    """Let memory end where more rows go through the layer's forward or backward pass at once."""

    def check(module: nn.Module, inputs: Any, outputs: Any) -> None:
        first = outputs[0] if isinstance(outputs, tuple) else outputs
        if first.shape[0] > rows:
            raise RuntimeError(SHORTAGE)

    if where == "forward":
        return layer.register_forward_hook(check)
    return layer.register_full_backward_hook(check)


@pytest.fixture(params=["forward", "backward"])
def short(request: pytest.FixtureRequest) -> GPT:
    """A network in which memory ends in one of the passes over more than two rows."""
    model = network(MODERN).train()
    run_out(model.blocks[1].mlp.down, request.param, rows=2)
    return model


def test_a_shortage_of_memory_changes_no_gradient(short: GPT) -> None:
    nats, right = expected(network(MODERN).train())
    notices: list[str] = []
    loss = GradientAccumulator(short, short, ALONE)(batch(), on_notice=notices.append)
    assert loss.nats == pytest.approx(nats, rel=1e-5)
    assert len(notices) == 2 and "12 tokens at once" in notices[-1]
    for ours, theirs in zip(gradients(short), right, strict=True):
        torch.testing.assert_close(ours, theirs, rtol=1e-4, atol=1e-6)


def test_the_failed_pass_is_let_go_before_it_is_tried_again() -> None:
    """Its activations are what the smaller try needs the memory of."""
    import gc
    import weakref

    model = network(MODERN).train()
    kept: list[weakref.ref[Tensor]] = []
    alive: list[int] = []

    def forward(module: nn.Module, args: Any, output: Tensor) -> None:
        if not kept or output.shape[0] <= 2:
            alive.append(sum(ref() is not None for ref in kept))
        kept.append(weakref.ref(output))
        if output.shape[0] > 2:
            raise RuntimeError(SHORTAGE)

    model.blocks[1].mlp.down.register_forward_hook(forward)
    gc.disable()
    try:
        GradientAccumulator(model, model, ALONE)(batch())
    finally:
        gc.enable()
    assert alive[1] == 0


def test_a_network_of_which_no_row_fits_is_refused() -> None:
    model = network(MODERN).train()
    run_out(model.blocks[0].mlp.down, "forward", rows=0)
    with pytest.raises(ExternalError, match="not even one row"):
        GradientAccumulator(model, model, ALONE)(batch())


def test_micro_batches_grow_again_and_wait_longer_after_each_shortage() -> None:
    limit = MicroBatchLimit(8192)
    limit.shrink((16, 512))
    assert limit.tokens == 4096 and limit.rows(512) == 8 and limit.rows(5000) == 1
    steps = 0
    while limit.tokens < 8192:
        limit.note_success()
        steps += 1
    limit.shrink((16, 512))
    again = 0
    while limit.tokens < 8192:
        limit.note_success()
        again += 1
    assert again >= 2 * steps > 0


def test_float16_is_trained_in_by_scaling_the_loss() -> None:
    _, right = expected(network(MODERN).train())
    model = network(MODERN).train()
    model.compute_dtype = torch.float16
    accumulate = GradientAccumulator(model, model, ALONE)
    accumulate.loss_scale.value = 2.0**40  # overflows, and is lowered until it does not
    loss = accumulate(batch())
    assert 1 < accumulate.loss_scale.value < 2.0**40
    assert np.isfinite(loss.grad_norm)
    for ours, theirs in zip(gradients(model), right, strict=True):
        assert float((ours - theirs).norm()) < 0.05 * float(theirs.norm()) + 1e-4


def test_a_loss_that_is_not_finite_is_no_matter_of_scale() -> None:
    scale = LossScale(4.0)
    assert scale.lower() and scale.lower() and not scale.lower()
    model = network(MODERN).train()
    model.norm.weight.data.fill_(float("nan"))
    assert not np.isfinite(GradientAccumulator(model, model, ALONE)(batch()).grad_norm)


TOGETHER = """
import os, sys
rank, mode, world_size = int(sys.argv[1]), sys.argv[2], int(sys.argv[4])
os.environ |= {"WORLD_SIZE": sys.argv[4], "RANK": sys.argv[1]}
os.environ |= {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": sys.argv[3]}
import torch
from tests.model.test_gradients import ALONE, batch, run_out
from tiny_networks import MODERN, network as made
from model.config import OptimConfig
from model.distributed import gather_to_main, init_distributed, initial_model, place_model
from model.evaluate import measure_loss
from model.gradients import GradientAccumulator
from model.optim import Optimizer

OPTIM = OptimConfig(optimizer="adamw", lr=0.01)
with init_distributed("cpu") as world:
    sharded, single = mode == "shard", made(MODERN).train()
    model = initial_model(MODERN, torch.float32, world, sharded=sharded).train()
    assert model.embedding.weight.is_meta == (sharded and rank == 1)
    if not model.embedding.weight.is_meta:
        model.load_state_dict(single.state_dict())
    alone = GradientAccumulator(single, single, ALONE)
    network = place_model(model, world, sharded=sharded)
    together = GradientAccumulator(network, model, world)
    optimizers = Optimizer(single, OPTIM), Optimizer(model, OPTIM)
    layer = model.blocks[1].mlp.down
    for step, hook in enumerate((None, "forward", "backward", None)):
        together.limit.tokens = 1000
        if rank == 1 and hook:
            handle = run_out(layer, hook, rows=1)
        notices = []
        mine = batch(rank=rank, world_size=world_size)
        losses = alone(batch()), together(mine, on_notice=notices.append)
        assert abs(losses[0].nats - losses[1].nats) < 1e-3, losses
        assert abs(losses[0].grad_norm - losses[1].grad_norm) < 1e-4, losses
        assert losses[0].correct.tolist() == losses[1].correct.tolist()
        assert bool(notices) == bool(hook), notices
        if rank == 1 and hook:
            handle.remove()
        for optimizer, loss in zip(optimizers, losses):
            assert optimizer.step(1.0, grad_norm=loss.grad_norm)
        held_out = [measure_loss(each, [batch()], [1] * 97).nats for each in (single, model)]
        assert abs(held_out[0] - held_out[1]) < 1e-4
    weights = gather_to_main(model.state_dict(), world)
    assert bool(weights) == world.is_main
    for name, theirs in weights.items():
        torch.testing.assert_close(single.state_dict()[name], theirs, rtol=0, atol=5e-4)
print("equal")
"""


# Sharded ranks are quick beside it in test_train.py, which trains a whole run with them.
@pytest.mark.parametrize(
    ("mode", "world_size"),
    [("replicate", 3), pytest.param("shard", 2, marks=pytest.mark.slow)],
)
def test_ranks_with_uneven_rows_learn_as_one_also_when_memory_ends_on_one(
    mode: str, world_size: int, free_port: int
) -> None:
    root = Path(__file__).parents[2]
    ranks = [
        subprocess.Popen(
            [sys.executable, "-c", TOGETHER, str(rank), mode, str(free_port), str(world_size)],
            cwd=root,
            env={**os.environ, "PYTHONPATH": f"{root}:{root / 'tests'}"},
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        for rank in range(world_size)
    ]
    try:
        for rank in ranks:
            said, wrong = rank.communicate(timeout=300)
            assert said == "equal\n", wrong[-2000:]
    finally:
        for rank in ranks:
            rank.kill()


@pytest.fixture
def free_port() -> int:
    import socket

    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
