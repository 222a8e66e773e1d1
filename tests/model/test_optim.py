"""Muon's steps are orthogonal, the rest is AdamW's, and a state taken up again goes on as if
nothing had happened.
"""

from dataclasses import replace

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from model.config import GPTConfig, OptimConfig
from model.gpt import GPT
from model.optim import Optimizer, lr_multiplier, orthogonalise, parts_of

CONFIG = GPTConfig(vocab_size=30, block_size=8, layers=2, heads=2, width=16, mlp_width=32)
OPTIM = OptimConfig(weight_decay=0.1)


def trained(
    optim: OptimConfig,
    steps: int,
    model: GPT | None = None,
    optimizer: Optimizer | None = None,
    first: int = 0,
) -> tuple[GPT, Optimizer]:
    if model is None:
        torch.manual_seed(0)
        model = GPT(CONFIG)
    optimizer = optimizer or Optimizer(model, optim)
    for step in range(first, first + steps):
        ids = torch.randint(30, (4, 8), generator=torch.Generator().manual_seed(step))
        (model(ids, ids.flip(1)).nats / 32).backward()
        assert optimizer.step(lr_multiplier((step + 0.5) / 10, optim))
    return model, optimizer


@given(
    st.integers(1, 3000),
    st.floats(0, 1),
    st.floats(0, 1),
    st.sampled_from(["linear", "cosine", "none"]),
    st.floats(0, 1),
)
def test_the_rate_stays_between_nothing_and_its_peak(
    steps: int, warmup: float, warmdown: float, decay: str, final: float
) -> None:
    config = replace(OPTIM, warmup=warmup, warmdown=warmdown, decay=decay, final_lr=final)  # type: ignore[arg-type]
    every = range(0, steps, max(1, steps // 50))
    rates = [lr_multiplier((step + 0.5) / steps, config) for step in every]
    assert all(0 <= r <= 1 for r in rates)


def test_the_rate_rises_stays_and_falls() -> None:
    config = OptimConfig(warmup=0.1, warmdown=0.4, final_lr=0.2)
    rates = [lr_multiplier((step + 0.5) / 100, config) for step in range(100)]
    assert rates[:10] == sorted(rates[:10]) and rates[0] == pytest.approx(0.05)
    assert set(rates[10:60]) == {1.0}
    assert rates[60:] == sorted(rates[60:], reverse=True) and rates[-1] == pytest.approx(
        0.2 + 0.8 / 80
    )


@pytest.mark.parametrize("shape", [(1, 8, 8), (3, 16, 4), (2, 4, 16), (1, 1, 5)])
def test_orthogonalised_matrices_have_singular_values_around_one(
    shape: tuple[int, int, int],
) -> None:
    g = torch.randn(shape, generator=torch.Generator().manual_seed(0))
    values = torch.linalg.svdvals(orthogonalise(g).float())
    assert (
        values.min() > 0.1 and values.max() < 2.2
    )  # what three steps in bfloat16 reach: see POLAR_EXPRESS
    inner = (g.flatten(1) * orthogonalise(g).float().flatten(1)).sum(1)
    assert (inner > 0).all()


def test_orthogonalising_nothing_gives_nothing() -> None:
    assert not orthogonalise(torch.zeros(2, 4, 3)).any()


def test_stacked_matrices_are_taken_apart() -> None:
    model = GPT(CONFIG)
    assert parts_of("blocks.0.attention.qkv.weight", model) == 3
    assert parts_of("blocks.0.mlp.up.weight", model) == 2
    assert parts_of("blocks.0.mlp.down.weight", model) == 1
    g = torch.randn(48, 16, generator=torch.Generator().manual_seed(0))
    together = orthogonalise(g.view(3, 16, 16))
    for part, full_tensor in zip(g.split(16), together, strict=True):
        torch.testing.assert_close(orthogonalise(part[None])[0], full_tensor, rtol=0, atol=0.02)


def test_muon_moves_hidden_matrices_and_adamw_the_rest() -> None:
    _, optimizer = trained(OPTIM, 1)
    state = optimizer.state()
    muon = {key.partition("|")[2] for key in state if key.startswith("momentum|")}
    adam = {key.partition("|")[2] for key in state if key.startswith("exp_avg|")}
    names = {name for name, _ in GPT(CONFIG).named_parameters()}
    assert muon == {name for name in names if name.startswith("blocks") and "norm" not in name}
    assert muon | adam == names and not muon & adam


@pytest.mark.parametrize("kind", ["muon", "adamw"])
def test_a_state_taken_up_again_goes_on_to_the_bit(kind: str) -> None:
    optim = replace(OPTIM, optimizer=kind)  # type: ignore[arg-type]
    full_tensor, _ = trained(optim, 6)
    half, optimizer = trained(optim, 3)
    state = {name: value.clone() for name, value in optimizer.state().items()}
    again = GPT(CONFIG)
    again.load_state_dict(half.state_dict())
    fresh = Optimizer(again, optim)
    fresh.load(state)
    again, _ = trained(optim, 3, again, fresh, first=3)
    for a, b in zip(full_tensor.parameters(), again.parameters(), strict=True):
        assert torch.equal(a, b)


def test_a_state_of_another_network_or_optimizer_is_refused() -> None:
    _, optimizer = trained(OPTIM, 1)
    for other, optim in (
        (replace(CONFIG, width=32), OPTIM),
        (replace(CONFIG, layers=1), OPTIM),
        (CONFIG, replace(OPTIM, optimizer="adamw")),
    ):
        with pytest.raises(ValueError, match="no place"):
            Optimizer(GPT(other), optim).load(optimizer.state())  # type: ignore[arg-type]


def test_a_gradient_that_is_not_finite_moves_nothing() -> None:
    model, optimizer = trained(OPTIM, 2)
    before = [p.detach().clone() for p in model.parameters()]
    for p in model.parameters():
        p.grad = torch.ones_like(p)
    next(model.parameters()).grad.fill_(float("nan"))  # type: ignore[union-attr]
    assert not optimizer.step(1.0)
    assert all(torch.equal(a, b) for a, b in zip(before, model.parameters(), strict=True))
    assert all(p.grad is None for p in model.parameters())


def test_a_long_gradient_is_cut() -> None:
    def after(scale: float, clip: float) -> torch.Tensor:
        torch.manual_seed(0)
        model = GPT(CONFIG)
        optimizer = Optimizer(model, OptimConfig(optimizer="adamw", grad_clip=clip))
        for factor in (1.0, scale):
            for p in model.parameters():
                p.grad = torch.full_like(p, 0.01 * factor)
            optimizer.step(1.0)
        return model.embedding.weight.detach()

    torch.testing.assert_close(after(1e6, 0.1), after(1e5, 0.1))
    assert not torch.allclose(after(100, 0.0), after(10, 0.0))


@pytest.mark.parametrize("kind", ["muon", "adamw"])
def test_weights_without_a_gradient_only_decay(kind: str) -> None:
    torch.manual_seed(0)
    model = GPT(CONFIG)
    weight = model.blocks[0].attention.qkv.weight
    before = weight.detach().clone()
    optim = OptimConfig(optimizer=kind, weight_decay=0.5, lr=0.1, matrix_lr=0.1)  # type: ignore[arg-type]
    optimizer = Optimizer(model, optim)
    for p in model.parameters():
        p.grad = torch.zeros_like(p)
    optimizer.step(1.0)
    torch.testing.assert_close(weight, before * (1 - 0.1 * 0.5))
    assert torch.equal(model.norm.weight, torch.ones(16))


@pytest.mark.parametrize("kind", ["muon", "adamw"])
def test_a_few_steps_lower_the_loss(kind: str) -> None:
    optim = OptimConfig(optimizer=kind, lr=0.01)  # type: ignore[arg-type]
    ids = torch.randint(30, (4, 8), generator=torch.Generator().manual_seed(0))
    torch.manual_seed(0)
    model = GPT(CONFIG)
    optimizer = Optimizer(model, optim)
    losses = []
    for _ in range(30):
        loss = model(ids, ids.flip(1)).nats / 32
        loss.backward()
        optimizer.step(1.0)
        losses.append(loss.item())
    assert losses[-1] < 0.3 * losses[0]
