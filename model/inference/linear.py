"""The linear layers of a network as generation wants them: a step of few rows is bound by reading
weights from memory, so they are split among the threads, or rounded to be two or four times
smaller; and by the number of its operations, so the norms' weights are folded into the matrices.
"""

from collections.abc import Iterable
from typing import Literal, cast

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from model.gpt import GPT, Block, Linear, RMSNorm
from model.unfilled import Unfilled

Precision = Literal["float32", "bfloat16", "int8"]
# PyTorch's product of int8 reads beyond the end of rows whose length is no multiple of this
INT8_COLUMNS = 16


class QuantLinear(nn.Module):
    """A linear layer with its weight in bfloat16, or in int8 with a scale a row where the row's
    length allows it; the bias stays.
    """

    # Plain attributes, as in the modules below: looking up a buffer takes longer than a small
    # operation does, and nothing here is moved or saved.
    def __init__(self, weight: Tensor, bias: Tensor | None, precision: Precision) -> None:
        super().__init__()
        self.scale = None
        if precision == "int8" and weight.shape[1] % INT8_COLUMNS == 0:
            self.weight, self.scale = quantize(weight)
        else:
            self.weight = weight.bfloat16()
        self.bias = bias

    def forward(self, x: Tensor) -> Tensor:
        """x (…, C) → (…, C'), float32."""
        *before, C = x.shape
        rough = x.bfloat16()
        if self.scale is None:
            y = F.linear(rough, self.weight)
        else:  # the product takes matrices alone
            y = torch._weight_int8pack_mm(rough.reshape(-1, C), self.weight, self.scale)
            y = y.view(*before, -1)
        y = y.float()
        return y if self.bias is None else y + self.bias


class SplitLinear(nn.Module):
    """A linear layer in float32, with its matrix in one part a thread. PyTorch multiplies a few
    rows with one matrix on a single core, but with a batch of matrices on all of them: with two
    cores that is up to twice as fast, and with many rows never slower.
    """

    def __init__(self, weight: Tensor, bias: Tensor | None, threads: int) -> None:
        super().__init__()
        # Rows of zeros make the parts equal; each part is laid out column by column, so that one
        # row is multiplied with it in the order of the memory.
        self.width, self.threads = weight.shape[0], threads
        padded = F.pad(weight, (0, 0, 0, -self.width % threads))
        self.parts = padded.unflatten(0, (threads, -1)).transpose(1, 2).contiguous()
        self.bias = bias

    def forward(self, x: Tensor) -> Tensor:
        """x (…, rows, C) → (…, rows, C')."""
        *before, C = x.shape
        rows = x.reshape(1, -1, C).expand(self.threads, -1, -1)
        y = torch.bmm(rows, self.parts)  # (parts, rows, C' / parts)
        if rows.shape[1] > 1:  # one row's parts lie side by side already
            y = y.transpose(0, 1)
        y = y.reshape(*before, -1)
        if y.shape[-1] > self.width:
            y = y[..., : self.width]
        return y if self.bias is None else y + self.bias


class FoldedRMSNorm(nn.Module):
    """RMSNorm without a weight, which the matrix after it has taken in: half as many operations."""

    def __init__(self, eps: float) -> None:
        super().__init__()
        self.eps = torch.tensor(eps)

    def forward(self, x: Tensor) -> Tensor:
        """x (…, C) / rms(x)."""
        norm = torch.linalg.vector_norm(x, dim=-1, keepdim=True)
        mean_square = torch.addcmul(self.eps, norm, norm, value=1 / x.shape[-1])
        return x * mean_square.rsqrt_()


def quantize(weight: Tensor) -> tuple[Tensor, Tensor]:
    """weight (C', C) ≈ int8 (C', C) * scale (C'); the scale in bfloat16, as its product wants it,
    before the weights are rounded to it.
    """
    scale = (weight.abs().amax(1) / 127).clamp_min(1e-12).bfloat16()
    rounded = (weight / scale.float()[:, None]).round_().clamp_(-127, 127).to(torch.int8)
    return rounded, scale


def shared_copy(model: GPT, *, compute: torch.dtype) -> GPT:
    """A second network over the same weights, for generation; it computes in its own dtype, and its
    layers can be replaced without changing the first.
    """
    with Unfilled():
        copy = GPT(model.config, compute_dtype=compute)
    weights = {name: tensor.detach() for name, tensor in model.state_dict().items()}
    copy.load_state_dict(weights, assign=True)
    copy.restore_buffers().to(model.embedding.weight.device)
    return copy.requires_grad_(False).eval()


def with_own_head(model: GPT) -> GPT:
    """The model, with a head of its own where it is tied to the embedding, so that either may be
    stored as suits its use.
    """
    if model.head is None:
        with Unfilled():
            model.head = Linear(model.config.width, model.config.vocab_size, bias=False)
        model.head.weight = model.embedding.weight
    return model


def fold_norms(model: GPT) -> GPT:
    """The model, with the weights of its blocks' RMSNorms in the matrices after them."""
    for block in cast(Iterable[Block], model.blocks):
        following = (("attention_norm", block.attention.qkv), ("mlp_norm", block.mlp.up))
        for name, layer in following:
            norm = getattr(block, name)
            if isinstance(norm, RMSNorm):
                layer.weight = nn.Parameter(layer.weight * norm.weight, requires_grad=False)
                setattr(block, name, FoldedRMSNorm(norm.eps))
    return model


def split(model: GPT) -> GPT:
    """The model, with its matrices split among the threads."""
    threads = torch.get_num_threads()
    for name, layer in linear_layers(with_own_head(model)):
        bias = None if layer.bias is None else layer.bias.detach()
        model.set_submodule(name, SplitLinear(layer.weight.detach(), bias, threads))
    return model


def rounded(model: GPT, precision: Precision) -> GPT:
    """The model, with its matrices rounded. The head's choices are computed again exactly by the
    engine, so it is always rounded most.
    """
    for name, layer in linear_layers(with_own_head(model)):
        kind: Precision = "int8" if name == "head" else precision
        bias = None if layer.bias is None else layer.bias.detach()
        model.set_submodule(name, QuantLinear(layer.weight.detach(), bias, kind))
    return model


def linear_layers(model: GPT) -> list[tuple[str, Linear]]:
    """The model's linear layers by name."""
    return [(name, m) for name, m in model.named_modules() if isinstance(m, Linear)]
