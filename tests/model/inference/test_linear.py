"""A layer that is stored for generation computes what it computed before."""

import pytest
import torch
from torch.nn import functional as F

from model.inference.linear import Precision, QuantLinear, SplitLinear


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
