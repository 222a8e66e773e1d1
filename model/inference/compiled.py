"""A step of one row on a CPU, compiled for the processor by numba (the extra `fast`).

Generation on a CPU is bound by reading the weights. PyTorch's products of one row read them at a
third to two thirds of the memory's speed, and the forty small operations of a block cost more in
calls than they compute; here a block is one call of four parallel loops. The mathematics is that of
`gpt.Block`, and is tested against it token for token. Letters in shapes: C channels, H heads,
D channels a head, M hidden channels of the MLP, L layers, S places in the cache, V vocabulary.
"""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import torch
from numba import config, njit, prange
from numpy.typing import NDArray
from torch import Tensor, nn

from model import gpt
from model.inference.linear import QuantLinear

Floats = NDArray[np.float32]

# OpenMP, as PyTorch: numba's own threads take longer to wake than a product takes.
config.THREADING_LAYER = "threadsafe"  # type: ignore[attr-defined]
config.NUMBA_NUM_THREADS = torch.get_num_threads()  # type: ignore[attr-defined]
NONE = np.zeros(0, np.float32)
NO_ROWS = np.zeros((0, 0), np.float32)
NORMS = ("none", "rms", "layer")
MLPS = ("swiglu", "gelu", "relu")


class Linear(NamedTuple):
    """weight (C', C), float32 or int8, times scale (C') where it is int8, plus bias (C'); `NONE`
    for what is not there.
    """

    weight: NDArray[Any]
    scale: Floats
    bias: Floats


class Norm(NamedTuple):
    """weight (C) and bias (C); `NONE` for what is not there."""

    weight: Floats
    bias: Floats


class Form(NamedTuple):
    """What all blocks of a network have in common; norm and mlp are places in NORMS and MLPS."""

    heads: int
    norm: int
    mlp: int
    eps: float


class Rotation(NamedTuple):
    """cos and sin (positions, D), and the weights (2, D) of the queries' and the keys'
    normalisation; `NO_ROWS` for what is not there.
    """

    cos: Floats
    sin: Floats
    qk_norm_weight: Floats


class Block(NamedTuple):
    """A block's weights, named as in gpt.Block."""

    attention_norm: Norm
    qkv: Linear
    rotation: Rotation
    out: Linear
    mlp_norm: Norm
    up: Linear
    down: Linear


# fastmath lets the compiler reorder the sum, without which it cannot use the processor's vectors (8
# or 16 numbers an instruction). int8 weights are converted on the way, in registers.
@njit(fastmath=True)
def _dot(row: NDArray[Any], x: Floats) -> np.float32:
    total = np.float32(0)
    for i in range(x.size):
        total += np.float32(row[i]) * x[i]
    return total


@njit(fastmath=True)
def _channel(i: int, x: Floats, linear: Linear) -> np.float32:
    """One channel of what becomes of x."""
    y = _dot(linear.weight[i], x)
    # One scale a channel, so that it is multiplied once after the sum, not once per weight.
    if linear.scale.size:
        y *= linear.scale[i]
    return y + linear.bias[i] if linear.bias.size else y


@njit(parallel=True, fastmath=True, cache=True)
def _linear(x: Floats, linear: Linear) -> Floats:
    out = np.empty(linear.weight.shape[0], np.float32)
    # Channels are independent, so that threads share them out without waiting for each other; each
    # weight is read exactly once, which is all that this loop costs.
    for i in prange(out.size):
        out[i] = _channel(i, x, linear)
    return out


@njit(fastmath=True)
def _normed(x: Floats, norm: Norm, form: Form) -> Floats:
    if form.norm == 0:
        return x
    # LayerNorm is RMSNorm of what is left when the mean is taken off.
    y = x - x.mean() if form.norm == 2 else x.copy()
    y *= np.float32(1 / np.sqrt(_dot(y, y) / y.size + form.eps))
    if norm.weight.size:
        y *= norm.weight
    if norm.bias.size:
        y += norm.bias
    return y


@njit(fastmath=True)
def _norm_rope(x: Floats, position: int, rotation: Rotation, which: int, eps: float) -> Floats:
    """A head's query (which = 0) or key (1), (D), normalised and rotated where the form has it."""
    y = x.copy()
    if rotation.qk_norm_weight.size:
        y *= np.float32(1 / np.sqrt(_dot(y, y) / y.size + eps))
        y *= rotation.qk_norm_weight[which]
    if not rotation.cos.size:
        return y
    half = y.size // 2
    rotated = y * rotation.cos[position]
    rotated[:half] += y[half:] * rotation.sin[position, :half]
    rotated[half:] += y[:half] * rotation.sin[position, half:]
    return rotated


@njit(fastmath=True)
def _attend(q: Floats, keys: Floats, values: Floats, output: Floats) -> None:
    """q (D) over keys and values (T, D), into output (D)."""
    # softmax(K q / sqrt(D)) V, one position after the other. The greatest score is taken off before
    # the exponential, which would overflow beyond 88 in float32.
    weights = np.empty(keys.shape[0], np.float32)
    scale = np.float32(1 / np.sqrt(q.size))
    for t in range(weights.size):
        weights[t] = _dot(keys[t], q) * scale
    most = weights.max()
    total = np.float32(0)
    for t in range(weights.size):
        weights[t] = np.exp(weights[t] - most)
        total += weights[t]
    output[:] = 0
    for t in range(weights.size):
        share = weights[t] / total
        for i in range(q.size):
            output[i] += share * values[t, i]


@njit(parallel=True, fastmath=True)
def _attention(qkv: Floats, position: int, kv: Floats, rotation: Rotation, form: Form) -> Floats:
    """qkv (3C) of a position → (C); its key and value are written into kv (2, H, S, D)."""
    parts = qkv.reshape(3, form.heads, -1)
    output = np.empty(parts.shape[1:], np.float32)
    end = position + 1
    # A head needs nothing of the others: one thread each.
    for h in prange(form.heads):
        q = _norm_rope(parts[0, h], position, rotation, 0, form.eps)
        kv[0, h, position] = _norm_rope(parts[1, h], position, rotation, 1, form.eps)
        kv[1, h, position] = parts[2, h]
        _attend(q, kv[0, h, :end], kv[1, h, :end], output[h])
    return output.ravel()


@njit(parallel=True, fastmath=True)
def _mlp_hidden(x: Floats, up: Linear, mlp: int) -> Floats:
    """x (C) → the MLP's hidden channels (M)."""
    out = np.empty(up.weight.shape[0] // 2 if mlp == 0 else up.weight.shape[0], np.float32)
    # Gate and value of a channel in one pass: the hidden state is written once, and never the two
    # halves that it is made of.
    for i in prange(out.size):
        y = _channel(i, x, up)
        if mlp == 0:
            out[i] = y / (1 + np.exp(-y)) * _channel(i + out.size, x, up)
        elif mlp == 1:  # GELU's approximation: its tanh, written with one exponential
            cubic = y + np.float32(0.044715) * y * y * y
            out[i] = y / (1 + np.exp(np.float32(-2 * np.sqrt(2 / np.pi)) * cubic))
        else:
            out[i] = max(y, np.float32(0))
    return out


@njit(cache=True, nogil=True)
def block(x: Floats, position: int, kv: Floats, weights: Block, form: Form) -> Floats:
    """The residual stream (C) after a block, for the token at a position of kv (2, H, S, D), where
    its key and value go.
    """
    qkv = _linear(_normed(x, weights.attention_norm, form), weights.qkv)
    x = x + _linear(_attention(qkv, position, kv, weights.rotation, form), weights.out)
    hidden = _mlp_hidden(_normed(x, weights.mlp_norm, form), weights.up, form.mlp)
    return x + _linear(hidden, weights.down)


@njit(cache=True, nogil=True)
def head(x: Floats, norm: Norm, linear: Linear, form: Form) -> tuple[Floats, Floats]:
    """The logits (V) of the residual stream (C), and the normalised stream."""
    y = _normed(x, norm, form)
    return _linear(y, linear), y


class OneRow:
    """The step of a single row, with exact weights and, where there is such a network, with rounded
    ones.
    """

    def __init__(self, exact: gpt.GPT, rounded: gpt.GPT | None) -> None:
        """Both networks are of the same form and weights; compiles what no earlier session has."""
        form = exact.config
        self.form = Form(
            heads=form.heads,
            norm=NORMS.index(form.norm),
            mlp=MLPS.index(form.mlp),
            eps=form.norm_eps,
        )
        self.embedding = _numbers(exact.embedding.weight)
        self.positions = None if exact.positions is None else _numbers(exact.positions.weight)
        self.norm = _norm_of(exact.norm)
        models = {True: exact} if rounded is None else {True: exact, False: rounded}
        self.blocks = {
            is_exact: [_block_of(layer, model) for layer in model.blocks]
            for is_exact, model in models.items()
        }
        self.heads = {
            is_exact: _linear_of(model.embedding if model.head is None else model.head)
            for is_exact, model in models.items()
        }
        for is_exact in models:
            self([0], exact.new_cache(1, 1)[:, :, 0], exact=is_exact)

    def __call__(self, ids: Sequence[int], kv: Tensor, *, exact: bool) -> tuple[Tensor, Tensor]:
        """The logits (1, V) after the last id of the row, and the normalised residual stream
        (1, C) that they come of; kv (L, 2, H, S, D) holds what comes before it.
        """
        # x stays a plain array from here to the logits: torch is back only at the end.
        position = len(ids) - 1
        x = self.embedding[ids[-1]]
        if self.positions is not None:
            x = x + self.positions[position]
        for weights, layer_kv in zip(self.blocks[exact], kv.numpy(), strict=True):
            x = block(x, position, layer_kv, weights, self.form)
        logits, x = head(x, self.norm, self.heads[exact], self.form)
        return torch.from_numpy(logits)[None], torch.from_numpy(x)[None]


def _block_of(layer: nn.Module, model: gpt.GPT) -> Block:
    assert isinstance(layer, gpt.Block)
    attention = layer.attention
    cos = NO_ROWS
    sin = NO_ROWS
    qk_norm_weight = NO_ROWS
    if model.config.position == "rope":
        cos, sin = _numbers(model.cos), _numbers(model.sin)
    if attention.qk_norm:
        weights = (attention.q_norm.weight, attention.k_norm.weight)
        qk_norm_weight = _numbers(torch.stack(weights))
    return Block(
        attention_norm=_norm_of(layer.attention_norm),
        qkv=_linear_of(attention.qkv),
        rotation=Rotation(cos=cos, sin=sin, qk_norm_weight=qk_norm_weight),
        out=_linear_of(attention.out),
        mlp_norm=_norm_of(layer.mlp_norm),
        up=_linear_of(layer.mlp.up),
        down=_linear_of(layer.mlp.down),
    )


def _linear_of(layer: nn.Module) -> Linear:
    bias = _numbers(getattr(layer, "bias", None))
    if isinstance(layer, QuantLinear) and layer.scale is not None:
        return Linear(weight=layer.weight.numpy(), scale=_numbers(layer.scale), bias=bias)
    weight = layer.weight
    assert isinstance(weight, Tensor)
    return Linear(weight=_numbers(weight), scale=NONE, bias=bias)


def _norm_of(norm: nn.Module) -> Norm:
    weight, bias = getattr(norm, "weight", None), getattr(norm, "bias", None)
    return Norm(weight=_numbers(weight), bias=_numbers(bias))


def _numbers(tensor: Tensor | None) -> Floats:
    return NONE if tensor is None else tensor.detach().float().contiguous().numpy()


def threads_wake_fast() -> bool:
    """Whether numba finds OpenMP; its own threads take longer to wake than a product takes."""
    try:
        _linear(NONE, Linear(weight=np.zeros((1, 0), np.float32), scale=NONE, bias=NONE))
    except ValueError:  # no threading layer of this kind
        return False
    return True
