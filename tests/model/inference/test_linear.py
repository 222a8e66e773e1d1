"""A layer that is stored for generation computes what it computed before."""

from typing import Literal

import pytest
import torch
from torch.nn import functional as F

from model.config import GPTConfig
from model.gpt import GPT
from model.inference.linear import Precision, QuantLinear, SplitLinear, fold_norms, shared_copy


@pytest.mark.parametrize("threads", [1, 2, 3, 64])
@pytest.mark.parametrize("shape", [(5, 24), (1, 1, 24), (2, 5, 24)])
@pytest.mark.parametrize("has_bias", [False, True])
def test_a_layer_in_parts_is_the_layer(
    threads: int, shape: tuple[int, ...], has_bias: bool
) -> None:
    torch.manual_seed(1)
    x, weight = torch.randn(shape), torch.randn(50, 24)
    bias = torch.randn(50) if has_bias else None
    layer = SplitLinear(weight, bias, threads)
    assert torch.allclose(layer(x), F.linear(x, weight, bias), atol=1e-5)


@pytest.mark.parametrize("width", [64, 60, 24])
@pytest.mark.parametrize("precision", ["bfloat16", "int8"])
def test_a_rounded_layer_is_near_the_layer_at_every_width(precision: Precision, width: int) -> None:
    torch.manual_seed(1)
    x, weight, bias = torch.randn(3, 1, width), torch.randn(50, width), torch.randn(50)
    layer, exact = QuantLinear(weight, bias, precision), F.linear(x, weight, bias)
    for rows, expected in ((x, exact), (x[:1], exact[:1])):
        assert float((layer(rows) - expected).square().mean().sqrt() / exact.std()) < 0.02


@pytest.mark.parametrize("norm", ["rms", "layer"])
def test_a_network_with_folded_norms_computes_the_same_and_leaves_the_first_as_it_was(
    norm: Literal["rms", "layer"],
) -> None:
    torch.manual_seed(1)
    model = GPT(GPTConfig(vocab_size=50, layers=2, heads=2, width=32, mlp_width=48, norm=norm))
    for p in model.parameters():
        p.data.normal_(1.0, 0.5)
    ids = torch.arange(12).view(2, 6)
    with torch.no_grad():
        expected = model(ids)
        folded = fold_norms(shared_copy(model, compute=torch.float32))
        assert torch.allclose(folded(ids), expected, rtol=1e-4, atol=1e-4 * expected.abs().max())
        assert torch.equal(model(ids), expected)
