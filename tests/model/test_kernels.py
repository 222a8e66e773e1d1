"""The written-out derivatives are those of the plain formulas, and every path of attention gives
the same.
"""

from collections.abc import Callable
from typing import Any

import pytest
import torch
from torch import Tensor
from torch.nn import functional as F

from model import kernels
from model.gpt import rotary_table

SHAPES = [(3, 5, 8), (1, 1, 2), (2, 7, 4, 16)]


def draw(*shape: int, seed: int = 0) -> Tensor:
    return torch.randn(*shape, generator=torch.Generator().manual_seed(seed)).requires_grad_()


def gradients(value: Tensor, *inputs: Tensor) -> list[Tensor]:
    """Of a sum whose weights differ everywhere, so that no error cancels."""
    weights = torch.randn(value.shape, generator=torch.Generator().manual_seed(9))
    return list(torch.autograd.grad((value.float() * weights).sum(), inputs))


def same(
    ours: tuple[Tensor, list[Tensor]], plain: tuple[Tensor, list[Tensor]], tolerance: float = 1e-5
) -> None:
    torch.testing.assert_close(ours[0], plain[0], rtol=tolerance, atol=tolerance)
    for a, b in zip(ours[1], plain[1], strict=True):
        torch.testing.assert_close(a, b, rtol=tolerance, atol=tolerance)


@pytest.mark.parametrize("shape", SHAPES)
def test_rms_norm_is_its_formula_and_so_are_its_derivatives(shape: tuple[int, ...]) -> None:
    x, weight = draw(*shape), draw(shape[-1], seed=1)
    ours, plain = (
        kernels.rms_norm(x, weight, 1e-6),
        x / (x.square().mean(-1, keepdim=True) + 1e-6).sqrt() * weight,
    )
    same((ours, gradients(ours, x, weight)), (plain, gradients(plain, x, weight)))
    torch.testing.assert_close(
        kernels.rms_norm(x.detach(), weight.detach(), 1e-6), plain.detach(), rtol=1e-5, atol=1e-5
    )


def test_rms_norm_of_nothing_is_nothing() -> None:
    x = torch.zeros(2, 4, requires_grad=True)
    value = kernels.rms_norm(x, torch.ones(4), 1e-6)
    assert not value.any()
    assert torch.isfinite(torch.autograd.grad(value.sum(), x)[0]).all()


@pytest.mark.parametrize("shape", SHAPES)
def test_swiglu_is_its_formula_and_so_are_its_derivatives(shape: tuple[int, ...]) -> None:
    both = draw(*shape)
    gate, up = both.chunk(2, dim=-1)
    ours, plain = kernels.swiglu(both), gate * torch.sigmoid(gate) * up
    same((ours, gradients(ours, both)), (plain, gradients(plain, both)))


@pytest.mark.parametrize(("positions", "width"), [(1, 2), (6, 8), (9, 64)])
def test_rotation_turns_each_pair_of_channels_and_keeps_its_length(
    positions: int, width: int
) -> None:
    x = draw(2, positions, 3, width)
    cos, sin = (table[:, None] for table in rotary_table(positions, width, 10_000.0))
    first, second = x.chunk(2, dim=-1)
    c, s = cos[..., : width // 2], sin[..., width // 2 :]
    ours, plain = (
        kernels.rotate(x, cos, sin),
        torch.cat((first * c - second * s, second * c + first * s), -1),
    )
    same((ours, gradients(ours, x)), (plain, gradients(plain, x)))
    torch.testing.assert_close(ours.norm(dim=-1), x.norm(dim=-1))


def test_rotated_products_depend_on_the_distance_alone() -> None:
    q, k = draw(16).detach(), draw(16, seed=1).detach()
    cos, sin = rotary_table(40, 16, 100.0)
    products = [
        float(kernels.rotate(q, cos[at], sin[at]) @ kernels.rotate(k, cos[at + 5], sin[at + 5]))
        for at in (0, 7, 30)
    ]
    assert products == pytest.approx([products[0]] * 3, abs=1e-4)


Derive = Callable[[torch.Tensor, torch.Tensor], kernels.LossDerivative]


@pytest.mark.parametrize("is_padded", [False, True])
@pytest.mark.parametrize("derive", [kernels.loss_derivative, kernels.fused_loss_derivative])
@pytest.mark.parametrize(("rows", "logits"), [(0, 99), (1, 99), (6, 99), (6, 5), (6, 22), (7, 22)])
def test_head_loss_is_the_summed_cross_entropy_and_so_are_its_derivatives(
    rows: int, logits: int, derive: Derive, is_padded: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kernels, "CPU_LOGITS", logits)
    monkeypatch.setattr(kernels, "uses_cpu_kernels", lambda x: not is_padded)
    hidden, weight = draw(rows, 8), draw(11, 8, seed=1)
    targets = torch.arange(rows) % 11
    ours, right = kernels.linear_cross_entropy(hidden, weight, targets, derive)
    plain = F.cross_entropy(hidden @ weight.T, targets, reduction="sum")
    assert torch.equal(right, (hidden @ weight.T).argmax(-1) == targets)
    same(
        (ours, list(torch.autograd.grad(3 * ours, (hidden, weight)))),
        (plain, list(torch.autograd.grad(3 * plain, (hidden, weight)))),
    )


def test_head_loss_stays_finite_when_the_target_is_impossible() -> None:
    hidden = torch.tensor([[300.0]], requires_grad=True)
    loss, _ = kernels.linear_cross_entropy(hidden, torch.tensor([[1.0], [-1.0]]), torch.tensor([1]))
    assert torch.isfinite(loss)
    assert torch.autograd.grad(loss, hidden)[0].item() == pytest.approx(2.0)


@pytest.mark.parametrize(
    ("T", "dtype"),
    [
        (1, torch.bfloat16),
        (13, torch.bfloat16),
        (13, torch.float32),
        (300, torch.bfloat16),
        (1030, torch.bfloat16),
    ],
)
def test_every_path_of_attention_gives_the_plain_formula(T: int, dtype: torch.dtype) -> None:
    q, k, v = (draw(1, 2, T, 8, seed=seed) for seed in range(3))
    scores = (q @ k.transpose(-1, -2) / 8**0.5).masked_fill(
        torch.ones(T, T).triu(1).bool(), float("-inf")
    )
    plain = scores.softmax(-1) @ v
    ours = kernels.attention(q.to(dtype), k.to(dtype), v.to(dtype)).float()
    same(
        (ours, gradients(ours, q, k, v)),
        (plain, gradients(plain, q, k, v)),
        1e-5 if dtype == torch.float32 else 0.08,
    )


def test_bfloat16_keeps_the_derivatives_within_its_precision() -> None:
    x, weight = draw(64, 32), draw(32, seed=1)
    exact = gradients(kernels.rms_norm(x, weight, 1e-6), x, weight)
    rough = gradients(kernels.rms_norm(x.bfloat16(), weight, 1e-6), x, weight)
    for a, b in zip(exact, rough, strict=True):
        assert (a - b).norm() < 0.02 * a.norm()


@pytest.mark.parametrize(("B", "T", "H"), [(2, 7, 4), (1, 1, 1), (3, 1, 2), (1, 5, 1)])
def test_heads_are_normalised_and_turned_as_one_by_one_and_so_are_their_derivatives(
    B: int, T: int, H: int
) -> None:
    qkv, weights = draw(B, T, 3, H, 16), (draw(16, seed=1), draw(16, seed=2))
    cos, sin = rotary_table(T, 16, 10_000.0)
    q, k, v = qkv.unbind(2)
    plain = [
        kernels.rotate(kernels.rms_norm(x, w, 1e-6).transpose(1, 2), cos, sin)
        for x, w in zip((q, k), weights, strict=True)
    ]
    before = qkv.detach().clone()
    ours = torch.cat(kernels.qk_norm_rope(qkv, torch.stack(weights), (cos, sin), 1e-6))
    expected = torch.cat([*plain, v.transpose(1, 2)])
    same((ours, gradients(ours, qkv, *weights)), (expected, gradients(expected, qkv, *weights)))
    assert torch.equal(qkv, before)
    with torch.no_grad():
        torch.testing.assert_close(
            torch.cat(kernels.qk_norm_rope(qkv, torch.stack(weights), (cos, sin), 1e-6)), expected
        )


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16, torch.float16])
def test_the_head_of_an_accelerator_has_a_multiple_of_64_rows_none_of_which_is_likely(
    dtype: torch.dtype, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(kernels, "uses_cpu_kernels", lambda x: False)
    w, bias = kernels.padded_head(-5 * torch.ones(97, 8), dtype)
    assert w.shape == (128, 8)
    probabilities = F.linear(torch.ones(1, 8, dtype=dtype), w, bias).softmax(-1)
    assert probabilities[0, 97:].tolist() == [0.0] * 31
    assert kernels.padded_head(torch.ones(128, 8), dtype)[1] is None


def varlen_attn(q: Any, k: Any, v: Any, starts: Any, _: Any, *longest: int, **more: Any) -> Any:
    """What a GPU's kernel of this name computes, document by document."""
    cuts = starts.diff().tolist()
    assert max(cuts) <= longest[0] == longest[1]
    causal = more["window_size"] == (-1, 0)
    parts = [
        F.scaled_dot_product_attention(*(x.transpose(0, 1)[None] for x in part), is_causal=causal)
        for part in zip(q.split(cuts), k.split(cuts), v.split(cuts), strict=True)
    ]
    return torch.cat(parts, 2).squeeze(0).transpose(0, 1)


def full_varlen_attn(*operands: Any, **more: Any) -> Any:
    """One that looks ahead."""
    return varlen_attn(*operands, **(more | {"window_size": (-1, -1)}))


@pytest.mark.parametrize(
    ("kernel", "is_there"), [(varlen_attn, True), (full_varlen_attn, False), (None, False)]
)
def test_attention_within_documents_is_taken_where_it_is_there_and_right(
    kernel: Any, is_there: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if kernel:
        monkeypatch.setattr("torch.nn.attention.varlen.varlen_attn", kernel)
    assert kernels.has_attention_within(torch.device("cpu"), torch.float32, 16) == is_there
