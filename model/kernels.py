"""The operations that decide the network's speed on a CPU, with their derivatives written out.

PyTorch's own are chains of small operations there, each of which reads and writes its whole tensor,
and each of which autograd keeps an input of; a network of this size is bound by these passes over
memory, not by its matrix products. Every function here is the same mathematics in as few passes as
its operators allow. On an accelerator, and under torch.compile, PyTorch's own are used, which fuse.

Letters in shapes: B sequences, T tokens, C channels, H heads, D channels per head, N tokens of all
sequences side by side, V vocabulary.
"""

import math
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from typing import Any, NamedTuple, cast

import torch
from torch import Tensor
from torch.nn import functional as F
from torch.nn.attention import SDPBackend, sdpa_kernel

aten = torch.ops.aten
# Logits that exist at a time, so that those of a batch do not fill the memory: at 50,000 tokens
# they would be gigabytes. In float32, 128 MB on a CPU and 2 GB elsewhere.
CPU_LOGITS = 1 << 25
ACCELERATOR_LOGITS = 1 << 29
HEAD_ROWS = 64  # the head's rows on a GPU are a multiple of this
UNLIKELY = -3e4  # a logit whose probability is 0, in float16, too
WITHOUT_CUDNN = [
    SDPBackend.FLASH_ATTENTION,
    SDPBackend.EFFICIENT_ATTENTION,
    SDPBackend.MATH,
]
LONGEST_CPU_ATTENTION = 1024  # tokens; longer attention is faster in PyTorch's blocks


def uses_cpu_kernels(x: Tensor) -> bool:
    """Whether the operations written out here compute on x, and not PyTorch's own."""
    return x.device.type == "cpu" and not torch.compiler.is_compiling()


class _RMSNorm(torch.autograd.Function):
    """Keeps the normalised x and 1 / rms, where autograd would keep five tensors of x's size."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, weight: Tensor, eps: float) -> Tensor:
        # y = w * n with n = x / rms(x). Kept for the backward pass: n, of x's size, and one number
        # per token.
        inverse_rms = _inverse_rms(x, eps)
        normalised = x * inverse_rms
        ctx.save_for_backward(normalised, inverse_rms, weight)
        return normalised * weight.to(x.dtype)

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> tuple[Tensor, Tensor, None]:
        (grad,), (normalised, inverse_rms, weight) = grads, ctx.saved_tensors
        C = weight.shape[0]
        # d_weight is the sum of grad * n over all tokens. For d_x: rms(x) depends on every channel,
        # so that a channel's derivative has a part that it shares with its token, d_x = (grad * w -
        # n * mean(grad * w * n)) / rms. The mean is taken as a product with the vector w / C, since
        # a product of matrices is the fastest sum that a CPU has.
        product = (grad * normalised).reshape(-1, C)
        d_weight = product.sum(0, dtype=torch.float32)
        w = weight.to(grad.dtype)
        dot = (product @ (w / C)[:, None]).view_as(inverse_rms)
        d_x = torch.addcmul(grad * w, normalised, dot, value=-1).mul_(inverse_rms)
        return d_x, d_weight, None


def _inverse_rms(x: Tensor, eps: float) -> Tensor:
    """1 / the root of x's mean square, (…, 1): the norm is summed in float32 without a copy."""
    # bfloat16 has 8 significant bits, too few to add up hundreds of squares in, and x.float() would
    # be a copy of twice the size: vector_norm reads bfloat16 and adds up in float32.
    norm = torch.linalg.vector_norm(x, dim=-1, keepdim=True, dtype=torch.float32)
    inverse: Tensor = norm.square_().div_(x.shape[-1]).add_(eps).rsqrt_()
    return inverse.to(x.dtype)


def rms_normalize(x: Tensor, eps: float) -> Tensor:
    """x (…, C) / rms(x), without a weight."""
    if not uses_cpu_kernels(x):
        return F.rms_norm(x, (x.shape[-1],), None, eps)
    if x.dtype == torch.float32:
        # Half as many operations as F.rms_norm makes on a CPU, with the same rounding
        return x * x.square().mean(-1, keepdim=True).add_(eps).rsqrt_()
    return x * _inverse_rms(x, eps)


def rms_norm(x: Tensor, weight: Tensor, eps: float) -> Tensor:
    """x (…, C) / rms(x) * weight (C). Zhang & Sennrich 2019, https://arxiv.org/abs/1910.07467."""
    if not uses_cpu_kernels(x):
        return F.rms_norm(x, (x.shape[-1],), weight.to(x.dtype), eps)
    if x.requires_grad:
        return cast(Tensor, _RMSNorm.apply(x, weight, eps))
    return rms_normalize(x, eps) * weight.to(x.dtype)


class _Rotate(torch.autograd.Function):
    """Rotating back is rotating by the negative angle, so that nothing of x need be kept."""

    @staticmethod
    def forward(ctx: Any, x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
        ctx.save_for_backward(cos, sin)
        return torch.addcmul(x * cos, x.roll(x.shape[-1] // 2, -1), sin)

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> tuple[Tensor, None, None]:
        (grad,), (cos, sin) = grads, ctx.saved_tensors
        return _rotate_back(grad, cos, sin), None, None


def _rotate_back(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    return torch.addcmul(x * cos, x.roll(x.shape[-1] // 2, -1), sin, value=-1)


def rotate(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    """Rotate each pair of channels (i, i + D/2) of x (…, D) by its position's angle; sin carries
    the sign of the first half (see gpt.rotary_table).
    """
    if x.requires_grad and uses_cpu_kernels(x):
        return cast(Tensor, _Rotate.apply(x, cos, sin))
    # Two roundings, as in other tools: exported logits are equal to the last bit
    return x * cos + x.roll(x.shape[-1] // 2, -1) * sin


class _QKNormRope(torch.autograd.Function):
    """The normalisation and the rotation are both products with tables along D, so one table, the
    norm's weight times cos or sin, does both; and the derivatives of q, k and v are written into
    the one tensor that the matrix product before needs.
    """

    @staticmethod
    def forward(
        ctx: Any,
        qkv_BxTx3xHxD: Tensor,
        weight_2xD: Tensor,
        cos_sin: tuple[Tensor, Tensor],
        eps: float,
    ) -> tuple[Tensor, Tensor, Tensor]:
        cos_TxD, sin_TxD = cos_sin
        half = weight_2xD.shape[-1] // 2
        dtype = qkv_BxTx3xHxD.dtype
        # One copy brings the three parts one after the other, (3, B, H, T, D): each is then a
        # plain array to all that follows, and may be overwritten.
        x = qkv_BxTx3xHxD.permute(2, 0, 3, 1, 4).clone(memory_format=torch.contiguous_format)
        inverse_rms = _inverse_rms(x[:2], eps)
        normalised = x[:2].mul_(inverse_rms)  # 2, B, H, T, D
        # rotate(w * n) = w * n * cos + roll(w * n) * sin = n * (w * cos) + roll(n) * (roll(w) *
        # sin): the weight goes into the tables, which are small, and not into the tensor, which is
        # large.
        w = weight_2xD[:, None, None, None]
        cos_table = (w * cos_TxD).to(dtype)
        sin_table = (w.roll(half, -1) * sin_TxD).to(dtype)
        q_k = torch.addcmul(normalised * cos_table, normalised.roll(half, -1), sin_table)
        ctx.save_for_backward(normalised, inverse_rms, weight_2xD, cos_TxD, sin_TxD)
        return q_k[0], q_k[1], x[2]

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> tuple[Tensor, Tensor, None, None]:
        d_q, d_k, d_v = grads
        normalised, inverse_rms, weight, cos, sin = ctx.saved_tensors
        _, B, H, T, D = normalised.shape
        # The way back in the opposite order: undo the rotation, then the derivative of the norm, as
        # in _RMSNorm, with the weights of q and of k in one product.
        grad = _rotate_back(torch.stack((d_q, d_k)), cos, sin)
        product = grad * normalised
        d_weight = product.flatten(1, 3).sum(1, dtype=torch.float32)
        w = weight.to(grad.dtype)
        dot = (product.view(2, -1, D) @ (w / D)[:, :, None]).view(2, B, H, T, 1)
        d_x = torch.addcmul(grad.mul_(w[:, None, None, None]), normalised, dot, value=-1)
        # A view in the order in which the derivatives come, of a tensor in the order in which they
        # are wanted: writing through it is the transposition.
        d_qkv = torch.empty(B, T, 3, H, D, dtype=grad.dtype)
        by_head = d_qkv.permute(2, 0, 3, 1, 4)
        torch.mul(d_x, inverse_rms, out=by_head[:2])
        by_head[2].copy_(d_v)
        return d_qkv, d_weight, None, None


def qk_norm_rope(
    qkv_BxTx3xHxD: Tensor,
    weight_2xD: Tensor | None,
    cos_sin: tuple[Tensor, Tensor] | None,
    eps: float,
) -> tuple[Tensor, Tensor, Tensor]:
    """q, k and v, each (B, H, T, D): queries and keys normalised (with the weights of the queries'
    and the keys' norm), then rotated by cos and sin, each (T, D) or (B, 1, T, D); a step whose
    argument is None is left out.
    """
    # In float32 and without a derivative the network computes what others do, to the last bit
    is_exact = qkv_BxTx3xHxD.dtype == torch.float32 and not qkv_BxTx3xHxD.requires_grad
    fuses = uses_cpu_kernels(qkv_BxTx3xHxD) and not is_exact
    if fuses and weight_2xD is not None and cos_sin is not None:
        q, k, v = _QKNormRope.apply(qkv_BxTx3xHxD, weight_2xD, cos_sin, eps)
        return q, k, v
    parts_3xBxHxTxD = qkv_BxTx3xHxD.permute(2, 0, 3, 1, 4)
    if weight_2xD is None and cos_sin is None:
        q, k, v = parts_3xBxHxTxD.unbind()
        return q, k, v
    q_k, v = parts_3xBxHxTxD.split_with_sizes((2, 1))
    if weight_2xD is not None:
        q_k = rms_normalize(q_k, eps) * weight_2xD[:, None, None, None].to(q_k.dtype)
    if cos_sin is not None:
        q_k = rotate(q_k, *cos_sin)
    q, k = q_k.unbind()
    return q, k, v.squeeze(0)


class _SwiGLU(torch.autograd.Function):
    """Both halves of the derivative are written into the one tensor that the product before needs,
    where autograd would make them apart and join them.
    """

    @staticmethod
    def forward(ctx: Any, gate_and_value: Tensor) -> Tensor:
        # silu(g) = g * sigmoid(g) lets a channel through as far as its gate is open.
        gate, value = gate_and_value.chunk(2, dim=-1)
        activation = F.silu(gate)
        ctx.save_for_backward(gate_and_value, activation)
        return activation * value

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> Tensor:
        (grad,), (gate_and_value, activation) = grads, ctx.saved_tensors
        gate, value = gate_and_value.chunk(2, dim=-1)
        # By the product rule: d_value = grad * silu(gate), d_gate = grad * value * silu'(gate).
        d_both = torch.empty_like(gate_and_value)
        d_gate, d_value = d_both.chunk(2, dim=-1)
        torch.mul(grad, activation, out=d_value)
        aten.silu_backward.grad_input(grad * value, gate, grad_input=d_gate)
        return d_both


def swiglu(gate_and_value: Tensor) -> Tensor:
    """(…, 2C), the gate and the value side by side → silu(gate) * value, (…, C). Shazeer 2020,
    https://arxiv.org/abs/2002.05202.
    """
    if gate_and_value.requires_grad and uses_cpu_kernels(gate_and_value):
        return cast(Tensor, _SwiGLU.apply(gate_and_value))
    gate, value = gate_and_value.chunk(2, dim=-1)
    return F.silu(gate) * value


def padded_head(weight_VxC: Tensor, dtype: torch.dtype) -> tuple[Tensor, Tensor | None]:
    """The head's weight in this dtype; on an accelerator with rows of zeros up to a multiple of 64,
    and the bias (V) that keeps these from ever being likely. A GPU multiplies matrices of odd sizes
    at a fraction of its speed: a vocabulary of 50,257 is slower than one of 50,304.
    """
    V = weight_VxC.shape[0]
    extra = -V % HEAD_ROWS
    if uses_cpu_kernels(weight_VxC) or not extra:
        return weight_VxC.to(dtype), None
    w = F.pad(weight_VxC.to(dtype), (0, 0, 0, extra))
    bias = torch.zeros(V, dtype=dtype, device=w.device)
    return w, F.pad(bias, (0, extra), value=UNLIKELY)


class Documents(NamedTuple):
    """Texts side by side in one row of N tokens, each of which sees only itself."""

    offsets: Tensor
    """Cumulative lengths (FlashAttention's cu_seqlens): document i is the tokens from offsets[i] to
    offsets[i + 1] - 1; (documents + 1,) int32.
    """
    max_length: int
    """Tokens that no document has more of."""

    def document_ids(self, tokens: int) -> Tensor:
        """Which document each token of the row belongs to; (N,) int64."""
        at = torch.arange(tokens, dtype=torch.int32, device=self.offsets.device)
        return torch.bucketize(at, self.offsets[1:], right=True)


class LossDerivative(NamedTuple):
    """The loss of N tokens, with its derivative by their logits."""

    nats: Tensor
    """Cross-entropy summed over the scored targets; float32 scalar."""
    correct: Tensor
    """Whether a target's logit is larger than all others; (N,) bool."""
    d_logits: Tensor
    """p - one_hot(target), (N, V), in the dtype of the logits; tokens without a target, too."""


def loss_derivative(logits_NxV: Tensor, targets_N: Tensor) -> LossDerivative:
    """The cross-entropy of logits and its derivative by them, which is p - one_hot(target)."""
    # A token without a target has the index 0 here, and counts for nothing below.
    scored = targets_N >= 0
    index = targets_N.clamp_min(0)[:, None]
    # From here on everything is done in p's own memory: (N, V) is the largest tensor of a step.
    p = torch.softmax(logits_NxV, -1, dtype=torch.float32)
    p_target = p.gather(1, index)
    # At the target the derivative is at most 0, so the largest of the others is that of the row
    d_logits = p.scatter_(1, index, p_target - 1)
    p_target = p_target.squeeze(1)
    nats = -(p_target.clamp_min(1e-30).log() * scored).sum()
    return LossDerivative(nats, d_logits.amax(-1) < p_target, d_logits.to(logits_NxV.dtype))


def fused_loss_derivative(logits_NxV: Tensor, targets_N: Tensor) -> LossDerivative:
    """As `loss_derivative`, for a compiler: without writing in place it is one kernel over the
    logits, which are larger than all else in a step.
    """
    scored = targets_N >= 0
    index = targets_N.clamp_min(0)[:, None]
    is_target = torch.arange(logits_NxV.shape[1], device=logits_NxV.device) == index
    x = logits_NxV.float()
    # Both largest logits and the sum are found while the logits are read for the first time
    others = x.masked_fill(is_target, float("-inf")).amax(-1)
    log_sum = x.logsumexp(-1, keepdim=True)
    x_target = x.gather(1, index)
    d_logits = ((x - log_sum).exp() - is_target.float()).to(logits_NxV.dtype)
    nats = ((log_sum - x_target).squeeze(1) * scored).sum()
    return LossDerivative(nats, others < x_target.squeeze(1), d_logits)


class _LinearCrossEntropy(torch.autograd.Function):
    """The derivative of softmax and cross-entropy is p - one_hot(target): it is made at once, while
    the logits of a few tokens are there, so that only tensors of the hidden state's and the
    weight's size outlive the forward pass.
    """

    @staticmethod
    def forward(
        ctx: Any,
        hidden_NxC: Tensor,
        weight_VxC: Tensor,
        targets_N: Tensor,
        derive: Callable[[Tensor, Tensor], LossDerivative],
    ) -> tuple[Tensor, Tensor]:
        # loss = sum of -log softmax(hidden @ w.T)[target]; so d_hidden = d_logits @ w and d_weight
        # = d_logits.T @ hidden, chunk by chunk of tokens.
        w, bias = padded_head(weight_VxC, hidden_NxC.dtype)
        nats = torch.zeros((), device=w.device)
        d_weight = torch.zeros((), device=w.device)
        d_hidden, correct = [], []
        for x, targets in _chunks(hidden_NxC, weight_VxC, targets_N):
            scored = (targets >= 0)[:, None]
            of_chunk = derive(F.linear(x, w, bias), targets)
            nats += of_chunk.nats
            correct.append(of_chunk.correct)
            d_hidden.append((of_chunk.d_logits @ w) * scored)
            d_w = of_chunk.d_logits.t() @ (x * scored)
            # The sum of several is kept in float32; a single one, the usual case, need not be
            d_weight = d_w if d_weight.ndim == 0 else d_weight.float().add_(d_w)
        ctx.save_for_backward(torch.cat(d_hidden), d_weight[: len(weight_VxC)])
        every_correct = torch.cat(correct)
        ctx.mark_non_differentiable(every_correct)
        return nats, every_correct

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> tuple[Tensor, Tensor, None, None]:
        # The loss is a sum, so that what comes from above is one number for all of it.
        d_hidden, d_weight = ctx.saved_tensors
        grad = grads[0]
        return d_hidden * grad.to(d_hidden.dtype), d_weight.float() * grad, None, None


def linear_cross_entropy(
    hidden_NxC: Tensor,
    weight_VxC: Tensor,
    targets_N: Tensor,
    derive: Callable[[Tensor, Tensor], LossDerivative] = loss_derivative,
) -> tuple[Tensor, Tensor]:
    """The cross-entropy, in nats, of softmax(hidden @ weight.T), summed over the targets of at
    least 0; and (N) whether a target's logit is larger than all others. `derive` makes the
    derivative, compiled or not.

    F.cross_entropy needs all N × V logits in float32, twice, and keeps them for its derivative.
    """
    if hidden_NxC.requires_grad:
        nats, correct = _LinearCrossEntropy.apply(hidden_NxC, weight_VxC, targets_N, derive)
        return nats, correct
    w = weight_VxC.to(hidden_NxC.dtype)
    all_nats = []
    all_correct = []
    for x, targets in _chunks(hidden_NxC, weight_VxC, targets_N):
        logits = F.linear(x, w).float()
        all_nats.append(F.cross_entropy(logits, targets, ignore_index=-1, reduction="sum"))
        # The largest of the others, and not argmax, which takes ten times as long on a CPU
        index = targets.clamp_min(0)[:, None]
        target_logits = logits.gather(1, index).squeeze(1)
        all_correct.append(logits.scatter_(1, index, -math.inf).amax(-1) < target_logits)
    return torch.stack(all_nats).sum(), torch.cat(all_correct)


def _chunks(
    hidden_NxC: Tensor, weight_VxC: Tensor, targets_N: Tensor
) -> Iterator[tuple[Tensor, Tensor]]:
    """Tokens and their targets, as many at a time as their logits may be."""
    if hidden_NxC.device.type == "cpu":
        rows = max(1, CPU_LOGITS // weight_VxC.shape[0])
    else:
        # A power of two, so that the chunks of a step are equal: compiled, the derivative for one
        # size takes two thirds of the time of the one for all sizes.
        rows = 1 << ((ACCELERATOR_LOGITS // weight_VxC.shape[0]) | 1).bit_length() - 1
    return zip(hidden_NxC.split(rows), targets_N.split(rows), strict=True)


class _Attention(torch.autograd.Function):
    """Two batched products and a softmax for each block of queries. A block is multiplied only with
    the keys up to its own end: the causal triangle in steps.

    PyTorch's attention is slow in bfloat16 on CPUs: half of a training step's time.
    """

    @staticmethod
    def forward(ctx: Any, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
        # A block of queries sees the keys up to its own end; `future` masks the triangle within the
        # block. With 128 queries a block about half of the full square is never computed.
        weights, outputs = [], []
        for lo, hi in _query_blocks(q.shape[1]):
            future = torch.full((hi - lo, hi), float("-inf"), dtype=q.dtype).triu_(1 + lo)
            future = future.expand(q.shape[0], -1, -1)
            keys = k[:, :hi].transpose(1, 2)
            scores = torch.baddbmm(future, q[:, lo:hi], keys, alpha=q.shape[2] ** -0.5)
            weights.append(scores.softmax(-1))
            outputs.append(torch.bmm(weights[-1], v[:, :hi]))
        ctx.save_for_backward(q, k, v, *weights)
        return torch.cat(outputs, 1)

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        (grad,), (q, k, v, *weights) = grads, ctx.saved_tensors
        # From the last block to the first: the last has derivatives for all keys and so begins the
        # sums, to which the others add at the front.
        scale = q.shape[2] ** -0.5
        d_q = []
        d_k = k
        d_v = v
        blocks = [*zip(_query_blocks(q.shape[1]), weights, strict=True)]
        for (lo, hi), p in reversed(blocks):
            d_output = grad[:, lo:hi]
            d_p = torch.bmm(d_output, v[:, :hi].transpose(1, 2))
            d_scores = aten._softmax_backward_data(d_p, p, -1, p.dtype)
            d_q.append(torch.bmm(d_scores, k[:, :hi]).mul_(scale))
            d_keys = torch.bmm(d_scores.transpose(1, 2), q[:, lo:hi]).mul_(scale)
            d_values = torch.bmm(p.transpose(1, 2), d_output)
            if hi == q.shape[1]:  # the last block sees all keys
                d_k, d_v = d_keys, d_values
            else:
                d_k[:, :hi] += d_keys
                d_v[:, :hi] += d_values
        return torch.cat(d_q[::-1], 1), d_k, d_v


def _query_blocks(length: int) -> list[tuple[int, int]]:
    """Blocks of 128 queries or a few more: smaller products are too small to be worth it."""
    count = max(1, length // 128)
    return [(block * length // count, (block + 1) * length // count) for block in range(count)]


def attention_within(
    documents: Documents, q_1xHxNxD: Tensor, k_1xHxNxD: Tensor, v_1xHxNxD: Tensor
) -> Tensor:
    """Causal attention (1, H, N, D) of each document by itself, in one kernel of a GPU that skips
    what lies between documents. Others have none: there, a mask says the same.
    """
    from torch.nn.attention.varlen import varlen_attn  # loads the compiler, a second's work

    q, k, v = (x.squeeze(0).transpose(0, 1) for x in (q_1xHxNxD, k_1xHxNxD, v_1xHxNxD))
    offsets, longest = documents
    y_NxHxD = varlen_attn(q, k, v, offsets, offsets, longest, longest, window_size=(-1, 0))
    return cast(Tensor, y_NxHxD).transpose(0, 1).unsqueeze(0)


def has_attention_within(device: torch.device, dtype: torch.dtype, head_width: int) -> bool:
    """Whether a device has `attention_within` for heads of this width, and computes in it what
    attention with a mask does: two documents are tried, which takes milliseconds.
    """
    generator = torch.Generator().manual_seed(1)
    qkv = torch.randn(3, 1, 2, 24, head_width, generator=generator)
    qkv = qkv.to(device, dtype).requires_grad_()
    offsets = torch.tensor([0, 7, 24], dtype=torch.int32, device=device)
    documents = Documents(offsets=offsets, max_length=17)
    document_ids = documents.document_ids(24)
    mask = (document_ids[:, None] == document_ids).tril()
    try:
        outputs = attention_within(documents, *qkv), attention(*qkv, mask=mask)
        gradients = [torch.autograd.grad(y.square().sum(), qkv)[0] for y in outputs]
    except (RuntimeError, TypeError, ValueError):  # an older card, or another signature
        return False
    close = partial(torch.allclose, rtol=0.05, atol=0.05)
    return close(*outputs) and close(*gradients)


def attention(
    q_BxHxTxD: Tensor,
    k_BxHxSxD: Tensor,
    v_BxHxSxD: Tensor,
    *,
    mask: Tensor | None = None,
    causal: bool = True,
    dropout: float = 0.0,
) -> Tensor:
    """Attention (B, H, T, D) over keys and values at S positions: those that the mask (B, 1, T, S)
    allows; without a mask those up to the query's own (`causal`, T = S), or all.
    """
    B, H, T, D = q_BxHxTxD.shape
    is_plain = causal and mask is None and not dropout and q_BxHxTxD.dtype == torch.bfloat16
    # The length last: a compiler that compares it makes a graph for each answer
    if is_plain and uses_cpu_kernels(q_BxHxTxD) and T <= LONGEST_CPU_ATTENTION:
        qkv = (x.reshape(B * H, T, D) for x in (q_BxHxTxD, k_BxHxSxD, v_BxHxSxD))
        return cast(Tensor, _Attention.apply(*qkv)).view(B, H, T, D)
    with without_cudnn(q_BxHxTxD):
        return F.scaled_dot_product_attention(
            q_BxHxTxD,
            k_BxHxSxD,
            v_BxHxSxD,
            attn_mask=mask,
            is_causal=causal and mask is None,
            dropout_p=dropout,
        )


def without_cudnn(x: Tensor) -> AbstractContextManager[None]:
    """A context in which attention on a GPU does not use cuDNN, which takes a tenth of a second to
    plan for each new shape that it meets: batches of pairs have dozens of shapes, and answers a new
    one for every token. A compiled network is in for a longer run, in which the plans pay.
    """
    if x.device.type != "cuda" or torch.compiler.is_compiling():
        return nullcontext()
    return cast(AbstractContextManager[None], sdpa_kernel(WITHOUT_CUDNN))
