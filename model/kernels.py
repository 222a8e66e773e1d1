"""The operations of the network that decide its speed on a CPU, with their derivatives written out.

PyTorch's own are made of many passes over memory, or (attention in bfloat16) of slow ones; each
function here states the same mathematics in as few passes as its operators allow. Off the CPU the
library's own are used, which compile and fuse better.
"""

from collections.abc import Iterator
from typing import Any, cast

import torch
from torch import Tensor
from torch.nn import functional as F

aten = torch.ops.aten
LOGITS = 1 << 25  # that exist at a time on a CPU; 128 MB in float32


class _RMSNorm(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor, weight: Tensor, eps: float) -> Tensor:
        mean_square = (
            torch.linalg.vector_norm(x, dim=-1, keepdim=True, dtype=torch.float32)
            .square_()
            .div_(x.shape[-1])
        )
        inverse = mean_square.add_(eps).rsqrt_().to(x.dtype)
        n: Tensor = x * inverse
        ctx.save_for_backward(n, inverse, weight)
        return n * weight.to(x.dtype)

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> tuple[Tensor, Tensor, None]:
        (g,), (n, inverse, weight) = grads, ctx.saved_tensors
        along = (g * n).reshape(-1, weight.shape[0])
        d_weight = along.sum(0, dtype=torch.float32)
        w = weight.to(g.dtype)
        dot = (along @ (w / weight.shape[0])[:, None]).view_as(inverse)
        return torch.addcmul(g * w, n, dot, value=-1).mul_(inverse), d_weight, None


def rms_norm(x: Tensor, weight: Tensor, eps: float) -> Tensor:
    """x (…, C) / rms(x) * weight (C). Zhang & Sennrich 2019, https://arxiv.org/abs/1910.07467."""
    if x.device.type == "cpu" and x.requires_grad:
        return cast(Tensor, _RMSNorm.apply(x, weight, eps))
    return F.rms_norm(x, (x.shape[-1],), weight.to(x.dtype), eps)


class _Rotate(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
        ctx.save_for_backward(cos, sin)
        return torch.addcmul(x * cos, x.roll(x.shape[-1] // 2, -1), sin)

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> tuple[Tensor, None, None]:
        (g,), (cos, sin) = grads, ctx.saved_tensors
        return torch.addcmul(g * cos, g.roll(g.shape[-1] // 2, -1), sin, value=-1), None, None


def rotate(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    """Turn each pair of channels (i, i + D/2) of x (…, D) by its angle; sin carries the sign of the
    first half (see rotary_table).
    """
    if (
        not x.requires_grad
    ):  # two roundings, as in other tools: exported logits are equal to the last bit
        return x * cos + x.roll(x.shape[-1] // 2, -1) * sin
    return cast(Tensor, _Rotate.apply(x, cos, sin))


class _Heads(torch.autograd.Function):
    """Norm, rotation and the way to one head after the other in one: with the channels of all
    positions side by side, tables that hold the norm's weight turned by the angles apply in one
    pass, and the derivative lands in one tensor.
    """

    @staticmethod
    def forward(
        ctx: Any, qkv: Tensor, weight: Tensor, turn: tuple[Tensor, Tensor], eps: float
    ) -> tuple[Tensor, Tensor, Tensor]:
        half, dtype, (cos, sin) = qkv.shape[-1] // 2, qkv.dtype, turn
        x = qkv.permute(2, 0, 3, 1, 4).clone(memory_format=torch.contiguous_format)
        mean_square = (
            torch.linalg.vector_norm(x[:2], dim=-1, keepdim=True, dtype=torch.float32)
            .square_()
            .div_(2 * half)
        )
        inverse = mean_square.add_(eps).rsqrt_().to(dtype)
        n = x[:2].mul_(inverse)
        w = weight[:, None, None, None]  # 2, 1, 1, 1, D
        turned = torch.addcmul(
            n * (w * cos).to(dtype), n.roll(half, -1), (w.roll(half, -1) * sin).to(dtype)
        )
        ctx.save_for_backward(n, inverse, weight, cos, sin)
        return turned[0], turned[1], x[2]

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> tuple[Tensor, Tensor, None, None]:
        (d_q, d_k, d_v), (n, inverse, weight, cos, sin) = grads, ctx.saved_tensors
        _, B, H, T, D = n.shape
        g = torch.stack((d_q, d_k))
        g = torch.addcmul(g * cos, g.roll(D // 2, -1), sin, value=-1)
        along = g * n
        d_weight = along.flatten(1, 3).sum(1, dtype=torch.float32)
        w = weight.to(g.dtype)
        dot = (along.view(2, -1, D) @ (w / D)[:, :, None]).view(2, B, H, T, 1)
        d_x = torch.addcmul(g.mul_(w[:, None, None, None]), n, dot, value=-1)
        d_qkv = torch.empty(B, T, 3, H, D, dtype=g.dtype)
        by_head = d_qkv.permute(2, 0, 3, 1, 4)
        torch.mul(d_x, inverse, out=by_head[:2])
        by_head[2].copy_(d_v)
        return d_qkv, d_weight, None, None


def heads(
    qkv: Tensor, weights: tuple[Tensor, Tensor], turn: tuple[Tensor, Tensor], eps: float
) -> tuple[Tensor, Tensor, Tensor]:
    """qkv (B, T, 3, H, D) → q, k, v (B, H, T, D), queries and keys normalised (with a weight (D)
    each) and turned by cos, sin (T, 1, D).
    """
    if qkv.device.type == "cpu" and qkv.requires_grad:
        q, k, v = _Heads.apply(qkv, torch.stack(weights), (turn[0][:, 0], turn[1][:, 0]), eps)
        return q, k, v
    q, k, v = qkv.unbind(2)
    q, k = (
        rotate(rms_norm(x, weight, eps), *turn) for x, weight in zip((q, k), weights, strict=True)
    )
    return q.transpose(1, 2), k.transpose(1, 2), v.transpose(1, 2)


class _SwiGLU(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, both: Tensor) -> Tensor:
        gate, up = both.chunk(2, dim=-1)
        act = F.silu(gate)
        ctx.save_for_backward(both, act)
        return act * up

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> Tensor:
        (g,), (both, act) = grads, ctx.saved_tensors
        gate, up = both.chunk(2, dim=-1)
        out = torch.empty_like(both)
        d_gate, d_up = out.chunk(2, dim=-1)
        torch.mul(g, act, out=d_up)
        aten.silu_backward.grad_input(g * up, gate, grad_input=d_gate)
        return out


def swiglu(both: Tensor) -> Tensor:
    """(…, 2C), gate and value side by side → (…, C). Shazeer 2020,
    https://arxiv.org/abs/2002.05202.
    """
    if both.device.type == "cpu" and both.requires_grad:
        return cast(Tensor, _SwiGLU.apply(both))
    gate, up = both.chunk(2, dim=-1)
    return F.silu(gate) * up


class _LinearCrossEntropy(torch.autograd.Function):
    """The loss, with both derivatives made on the way forward, while the logits are at hand."""

    @staticmethod
    def forward(ctx: Any, hidden: Tensor, weight: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
        w, d_hidden, d_weight, loss = weight.to(hidden.dtype), [], None, torch.zeros(())
        correct = []
        for x, target in _few_logits(hidden, weight, targets):
            p = torch.softmax(x @ w.t(), -1, dtype=torch.float32)
            p_target = p.gather(1, target[:, None])
            # The derivative by the logits is p, less one at the target. That entry is then at
            # most 0, so the largest of the others is the largest of the row.
            p.scatter_(1, target[:, None], p_target - 1)
            correct.append(p.amax(-1) < p_target.squeeze(1))
            d_logits = p.to(x.dtype)
            d_hidden.append(d_logits @ w)
            d_part = d_logits.t() @ x
            d_weight = d_part if d_weight is None else d_weight.float().add_(d_part)
            loss -= p_target.clamp_min_(1e-30).log_().sum()
        ctx.save_for_backward(torch.cat(d_hidden), d_weight)
        right = torch.cat(correct)
        ctx.mark_non_differentiable(right)
        return loss, right

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> tuple[Tensor, Tensor, None]:
        (g, _), (d_hidden, d_weight) = grads, ctx.saved_tensors
        return d_hidden * g.to(d_hidden.dtype), d_weight.float() * g, None


def linear_cross_entropy(hidden: Tensor, weight: Tensor, targets: Tensor) -> tuple[Tensor, Tensor]:
    """Cross-entropy of softmax(hidden @ weight.T), hidden (N, C), weight (V, C) float32, targets
    (N,): summed, in nats, and for each row whether the target's logit is larger than all others;
    (N,) bool.
    """
    if hidden.device.type == "cpu" and hidden.requires_grad:
        return cast(tuple[Tensor, Tensor], _LinearCrossEntropy.apply(hidden, weight, targets))
    parts = (
        _few_logits(hidden, weight, targets) if hidden.device.type == "cpu" else [(hidden, targets)]
    )
    w, nats, right = weight.to(hidden.dtype), [], []
    for x, target in parts:
        logits = F.linear(x, w).float()
        nats.append(F.cross_entropy(logits, target, reduction="sum"))
        right.append(logits.argmax(-1) == target)
    return torch.stack(nats).sum(), torch.cat(right)


def _few_logits(hidden: Tensor, weight: Tensor, targets: Tensor) -> Iterator[tuple[Tensor, Tensor]]:
    """Rows and their targets, so many at a time that their logits stay small: all of a batch's
    would be gigabytes at 50,000 tokens.
    """
    rows = max(1, LOGITS // weight.shape[0])
    return zip(hidden.split(rows), targets.split(rows), strict=True)


class _Attention(torch.autograd.Function):
    """Two batched products and a softmax for each block of queries, which sees no keys behind it: a
    causal triangle in steps.
    """

    @staticmethod
    def forward(ctx: Any, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
        weights, seen = [], []
        for lo, hi in _query_blocks(q.shape[1]):
            hidden = (
                torch.full((hi - lo, hi), float("-inf"), dtype=q.dtype)
                .triu_(1 + lo)
                .expand(q.shape[0], -1, -1)
            )
            scores = torch.baddbmm(
                hidden, q[:, lo:hi], k[:, :hi].transpose(1, 2), alpha=q.shape[2] ** -0.5
            )
            weights.append(scores.softmax(-1))
            seen.append(torch.bmm(weights[-1], v[:, :hi]))
        ctx.save_for_backward(q, k, v, *weights)
        return torch.cat(seen, 1)

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        (g,), (q, k, v, *weights) = grads, ctx.saved_tensors
        scale, d_q, d_k, d_v = q.shape[2] ** -0.5, [], k, v
        for (lo, hi), p in reversed([*zip(_query_blocks(q.shape[1]), weights, strict=True)]):
            seen = g[:, lo:hi]
            d_scores = aten._softmax_backward_data(
                torch.bmm(seen, v[:, :hi].transpose(1, 2)), p, -1, p.dtype
            )
            d_q.append(torch.bmm(d_scores, k[:, :hi]).mul_(scale))
            to_k, to_v = (
                torch.bmm(d_scores.transpose(1, 2), q[:, lo:hi]).mul_(scale),
                torch.bmm(p.transpose(1, 2), seen),
            )
            if hi == q.shape[1]:  # the last block sees all keys
                d_k, d_v = to_k, to_v
            else:
                d_k[:, :hi] += to_k
                d_v[:, :hi] += to_v
        return torch.cat(d_q[::-1], 1), d_k, d_v


def _query_blocks(length: int) -> list[tuple[int, int]]:
    """Blocks of 128 queries or a few more: smaller products are too small to be worth it."""
    count = max(1, length // 128)
    return [(block * length // count, (block + 1) * length // count) for block in range(count)]


def attention(q: Tensor, k: Tensor, v: Tensor, dropout: float = 0.0) -> Tensor:
    """Causal attention over whole sequences: q, k, v (B, H, T, D) → (B, H, T, D)."""
    B, H, T, D = q.shape
    if q.device.type != "cpu" or q.dtype != torch.bfloat16 or T > 1024 or dropout:
        return F.scaled_dot_product_attention(q, k, v, is_causal=T > 1, dropout_p=dropout)
    seen: Tensor = _Attention.apply(*(t.reshape(B * H, T, D) for t in (q, k, v)))
    return seen.view(B, H, T, D)
