"""A block of the network for one token of one row, compiled for the processor by numba (the extra
`fast`).

Generation on a CPU is bound by reading the weights. PyTorch's products of one row read them at a
third to two thirds of the memory's speed, and the forty small operations of a block cost more in
calls than they compute; here a block is one call of four parallel loops. The mathematics is that of
`InferenceEngine._block`. Letters in shapes: C channels, H heads, D channels a head, M hidden channels of
the MLP, T positions, V vocabulary.
"""

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import torch
from numba import config, njit, prange
from numpy.typing import NDArray
from torch import Tensor

if TYPE_CHECKING:
    from model.inference.engine import Cache, InferenceEngine, Layer, QuantLinear
    from model.inference.engine import Norm as DecoderNorm

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


class Turn(NamedTuple):
    """cos and sin (positions, D), and the weights (2, D) of the queries' and the keys'
    normalisation; `NO_ROWS` for what is not there.
    """

    cos: Floats
    sin: Floats
    stretch: Floats


class Block(NamedTuple):
    """A block's weights; the norms stand before the attention and before the MLP."""

    first: Norm
    qkv: Linear
    turn: Turn
    out: Linear
    second: Norm
    up: Linear
    down: Linear


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
    if linear.scale.size:
        y *= linear.scale[i]
    return y + linear.bias[i] if linear.bias.size else y


@njit(parallel=True, fastmath=True, cache=True)
def _linear(x: Floats, linear: Linear) -> Floats:
    out = np.empty(linear.weight.shape[0], np.float32)
    for i in prange(out.size):
        out[i] = _channel(i, x, linear)
    return out


@njit(fastmath=True)
def _normed(x: Floats, norm: Norm, form: Form) -> Floats:
    if form.norm == 0:
        return x
    y = x - x.mean() if form.norm == 2 else x.copy()
    y *= np.float32(1 / np.sqrt(_dot(y, y) / y.size + form.eps))
    if norm.weight.size:
        y *= norm.weight
    if norm.bias.size:
        y += norm.bias
    return y


@njit(fastmath=True)
def _turned(x: Floats, at: int, turn: Turn, which: int, eps: float) -> Floats:
    """A head's query (0) or key (1), (D): normalised where there is something to stretch it by, and
    turned where positions turn.
    """
    y = x.copy()
    if turn.stretch.size:
        y *= np.float32(1 / np.sqrt(_dot(y, y) / y.size + eps))
        y *= turn.stretch[which]
    if not turn.cos.size:
        return y
    half, turned = y.size // 2, y * turn.cos[at]
    turned[:half] += y[half:] * turn.sin[at, :half]
    turned[half:] += y[:half] * turn.sin[at, half:]
    return turned


@njit(fastmath=True)
def _attend(q: Floats, keys: Floats, values: Floats, seen: Floats) -> None:
    """q (D) over keys and values (T, D), into seen (D)."""
    weights = np.empty(keys.shape[0], np.float32)
    scale = np.float32(1 / np.sqrt(q.size))
    for t in range(weights.size):
        weights[t] = _dot(keys[t], q) * scale
    most, total = weights.max(), np.float32(0)
    for t in range(weights.size):
        weights[t] = np.exp(weights[t] - most)
        total += weights[t]
    seen[:] = 0
    for t in range(weights.size):
        share = weights[t] / total
        for i in range(q.size):
            seen[i] += share * values[t, i]


@njit(parallel=True, fastmath=True)
def _attention(qkv: Floats, at: int, kv: Floats, turn: Turn, form: Form) -> Floats:
    """qkv (3C) of position `at`; its keys and values are written into kv (2, H, size, D) → (C)."""
    parts = qkv.reshape(3, form.heads, -1)
    seen = np.empty(parts.shape[1:], np.float32)
    for h in prange(form.heads):
        q = _turned(parts[0, h], at, turn, 0, form.eps)
        kv[0, h, at] = _turned(parts[1, h], at, turn, 1, form.eps)
        kv[1, h, at] = parts[2, h]
        _attend(q, kv[0, h, : at + 1], kv[1, h, : at + 1], seen[h])
    return seen.ravel()


@njit(parallel=True, fastmath=True)
def _hidden(x: Floats, up: Linear, mlp: int) -> Floats:
    """x (C) → the MLP's hidden channels (M)."""
    out = np.empty(up.weight.shape[0] // 2 if mlp == 0 else up.weight.shape[0], np.float32)
    for i in prange(out.size):
        y = _channel(i, x, up)
        if mlp == 0:
            out[i] = y / (1 + np.exp(-y)) * _channel(i + out.size, x, up)
        elif mlp == 1:  # the tanh of GELU's approximation, by its exponential
            out[i] = y / (
                1
                + np.exp(
                    np.float32(-2 * np.sqrt(2 / np.pi)) * (y + np.float32(0.044715) * y * y * y)
                )
            )
        else:
            out[i] = max(y, np.float32(0))
    return out


@njit(cache=True, nogil=True)
def block(x: Floats, at: int, kv: Floats, its: Block, form: Form) -> Floats:
    """The residual stream (C) behind a block, for the token at position `at` of kv (2, H, size, D),
    where its key and value go.
    """
    y = _attention(_linear(_normed(x, its.first, form), its.qkv), at, kv, its.turn, form)
    x = x + _linear(y, its.out)
    y = _hidden(_normed(x, its.second, form), its.up, form.mlp)
    return x + _linear(y, its.down)


@njit(cache=True, nogil=True)
def head(x: Floats, last: Norm, linear: Linear, form: Form) -> tuple[Floats, Floats]:
    """The logits (V) behind the residual stream (C), and the normalised stream."""
    y = _normed(x, last, form)
    return _linear(y, linear), y


class OneRow:
    """A decoder's network for one row: its blocks, exact and, where they are rounded to int8,
    rounded.
    """

    def __init__(self, decoder: "InferenceEngine") -> None:
        form = decoder.config
        self.form = Form(
            heads=form.heads,
            norm=NORMS.index(form.norm),
            mlp=MLPS.index(form.mlp),
            eps=form.norm_eps,
        )
        self.embedding, self.positions = _numbers(decoder.embedding), decoder.positions
        cos, sin = (
            (_numbers(table) for table in decoder.turn) if decoder.turn else (NO_ROWS, NO_ROWS)
        )
        stretch = (
            [_numbers(each).reshape(2, -1) for each in decoder.stretch[0]]
            if decoder.stretch
            else [NO_ROWS] * form.layers
        )
        turns = [Turn(cos=cos, sin=sin, stretch=each) for each in stretch]
        self.blocks = {
            exact: [
                _block_of(layer, turn, exact=exact)
                for layer, turn in zip(decoder.layers, turns, strict=True)
            ]
            for exact in (True, False)
        }
        self.last, self.heads = (
            _norm_of(decoder.norm),
            {exact: _linear_of(decoder.head, exact=exact) for exact in (True, False)},
        )

    def __call__(self, cache: "Cache", *, exact: bool) -> tuple[Tensor, Tensor]:
        """The logits (1, V) behind the last token of the only row, and the normalised residual
        stream (1, C) that they come of.
        """
        (ids,) = cache.ids
        at, x = len(ids) - 1, self.embedding[ids[-1]]
        if self.positions is not None:
            x = x + self.positions[at].numpy()
        for its, kv in zip(self.blocks[exact], cache.kv[:, :, 0].numpy(), strict=True):
            x = block(x, at, kv, its, self.form)
        logits, x = head(x, self.last, self.heads[exact], self.form)
        return torch.from_numpy(logits)[None], torch.from_numpy(x)[None]


def _block_of(layer: "Layer", turn: Turn, *, exact: bool) -> Block:
    return Block(
        first=_norm_of(layer.attention_norm),
        qkv=_linear_of(layer.qkv, exact=exact),
        turn=turn,
        out=_linear_of(layer.out, exact=exact),
        second=_norm_of(layer.mlp_norm),
        up=_linear_of(layer.up, exact=exact),
        down=_linear_of(layer.down, exact=exact),
    )


def _linear_of(matrix: "QuantLinear", *, exact: bool) -> Linear:
    if exact or matrix.rounded is None or matrix.scale is None:
        return Linear(
            weight=_numbers(matrix.transposed.t()), scale=NONE, bias=_numbers(matrix.bias)
        )
    return Linear(
        weight=matrix.rounded.numpy(), scale=_numbers(matrix.scale), bias=_numbers(matrix.bias)
    )


def _norm_of(norm: "DecoderNorm") -> Norm:
    return Norm(weight=_numbers(norm.weight), bias=_numbers(norm.bias))


def _numbers(tensor: Tensor | None) -> Floats:
    return NONE if tensor is None else tensor.detach().float().contiguous().numpy()


def threads_wake_fast() -> bool:
    """Whether numba finds OpenMP; its own threads take longer to wake than a product takes."""
    try:
        _linear(NONE, Linear(weight=np.zeros((1, 0), np.float32), scale=NONE, bias=NONE))
    except ValueError:  # no threading layer of this kind
        return False
    return True
