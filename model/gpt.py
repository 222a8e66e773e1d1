"""The network: token ids in, logits out. (model/inference/engine.py generates, with a key/value
cache.)

Letters in shapes: B sequences, T tokens, C channels (width), H heads, D channels a head, V
vocabulary.
"""

import math
from typing import NamedTuple, cast

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from model import kernels
from model.config import GPTConfig


class SequenceLoss(NamedTuple):
    """What a forward pass with targets returns."""

    nats: Tensor
    """Cross-entropy summed over the scored targets of all rows; float32 scalar."""
    correct: Tensor
    """For each row, whether every scored target had the largest logit, so that greedy generation
    would give it; (B,) bool. A row without scored targets is not correct.
    """


class Linear(nn.Linear):
    """A linear layer whose weights are kept in float32 and used in the dtype of its input."""

    def forward(self, x: Tensor) -> Tensor:
        return F.linear(
            x, self.weight.to(x.dtype), None if self.bias is None else self.bias.to(x.dtype)
        )


class RMSNorm(nn.Module):
    """Root-mean-square normalisation over the last axis."""

    def __init__(self, width: int, eps: float) -> None:
        super().__init__()
        self.weight, self.eps = nn.Parameter(torch.ones(width)), eps

    def forward(self, x: Tensor) -> Tensor:
        return kernels.rms_norm(x, self.weight, self.eps)


class LayerNorm(nn.Module):
    """Layer normalisation, with or without a bias, in the dtype of its input."""

    def __init__(self, width: int, eps: float, bias: bool) -> None:
        super().__init__()
        self.weight, self.eps = nn.Parameter(torch.ones(width)), eps
        self.bias = nn.Parameter(torch.zeros(width)) if bias else None

    def forward(self, x: Tensor) -> Tensor:
        return F.layer_norm(
            x,
            (x.shape[-1],),
            self.weight.to(x.dtype),
            None if self.bias is None else self.bias.to(x.dtype),
            self.eps,
        )


def make_norm(config: GPTConfig) -> nn.Module:
    match config.norm:
        case "rms":
            return RMSNorm(config.width, config.norm_eps)
        case "layer":
            return LayerNorm(config.width, config.norm_eps, config.bias)
        case "none":
            return nn.Identity()


def rotary_table(positions: int, head_width: int, theta: float) -> tuple[Tensor, Tensor]:
    """cos and sin, each (positions, D), in the half-split layout (Su et al. 2021,
    https://arxiv.org/abs/2104.09864).

    The first half of sin is negated, so that turning x is x * cos + roll(x, D/2) * sin.
    """
    frequency = 1 / theta ** (
        torch.arange(0, head_width, 2, dtype=torch.float32) / head_width
    )  # to the last bit as other tools round it
    angle = torch.outer(torch.arange(positions, dtype=torch.float32), frequency)
    cos, sin = angle.cos(), angle.sin()
    return torch.cat((cos, cos), 1), torch.cat((-sin, sin), 1)


class Attention(nn.Module):
    """Causal multi-head self-attention; queries, keys and values come from one matrix (3C, C)."""

    def __init__(self, config: GPTConfig) -> None:
        super().__init__()
        self.heads, self.head_width, self.dropout = config.heads, config.head_width, config.dropout
        self.qkv = Linear(config.width, 3 * config.width, bias=config.bias)
        self.out = Linear(config.width, config.width, bias=config.bias)
        self.q_norm = (
            RMSNorm(config.head_width, config.norm_eps) if config.qk_norm else nn.Identity()
        )
        self.k_norm = (
            RMSNorm(config.head_width, config.norm_eps) if config.qk_norm else nn.Identity()
        )

    def forward(self, x: Tensor, turn: tuple[Tensor, Tensor] | None) -> Tensor:
        B, T, C = x.shape
        qkv = self.qkv(x).view(B, T, 3, self.heads, self.head_width)
        if (
            turn is not None
            and isinstance(self.q_norm, RMSNorm)
            and isinstance(self.k_norm, RMSNorm)
        ):
            q, k, v = kernels.heads(
                qkv, (self.q_norm.weight, self.k_norm.weight), turn, self.q_norm.eps
            )
        else:
            q, k, v = qkv.unbind(2)
            q, k = self.q_norm(q), self.k_norm(k)
            if turn is not None:
                q, k = kernels.rotate(q, *turn), kernels.rotate(k, *turn)
            q, k, v = (t.transpose(1, 2) for t in (q, k, v))  # B, H, T, D
        y = kernels.attention(q, k, v, self.dropout if self.training else 0.0)
        return cast(Tensor, self.out(y.transpose(1, 2).reshape(B, T, C)))


class FeedForward(nn.Module):
    """Position by position: gated (SwiGLU, Shazeer 2020, https://arxiv.org/abs/2002.05202) or
    plain.
    """

    def __init__(self, config: GPTConfig) -> None:
        super().__init__()
        self.form = config.mlp
        self.up = Linear(
            config.width, config.mlp_width * (2 if config.mlp == "swiglu" else 1), bias=config.bias
        )
        self.down = Linear(config.mlp_width, config.width, bias=config.bias)

    def forward(self, x: Tensor) -> Tensor:
        match self.form:
            case "swiglu":
                h = kernels.swiglu(self.up(x))
            case "gelu":
                h = F.gelu(self.up(x), approximate="tanh")
            case "relu":
                h = F.relu(self.up(x))
        return cast(Tensor, self.down(h))


class Block(nn.Module):
    """Attention and feed-forward, each normalised before and added to the residual stream."""

    def __init__(self, config: GPTConfig) -> None:
        super().__init__()
        self.attention_norm, self.attention = make_norm(config), Attention(config)
        self.mlp_norm, self.mlp = make_norm(config), FeedForward(config)
        self.drop = nn.Dropout(config.dropout)

    def forward(self, x: Tensor, turn: tuple[Tensor, Tensor] | None) -> Tensor:
        x = x + self.drop(self.attention(self.attention_norm(x), turn))
        return cast(Tensor, x + self.drop(self.mlp(self.mlp_norm(x))))


class GPT(nn.Module):
    """A decoder-only transformer. Weights are float32; `compute` is the dtype of the activations,
    chosen once.
    """

    cos: Tensor
    sin: Tensor

    def __init__(self, config: GPTConfig, *, compute: torch.dtype = torch.float32) -> None:
        super().__init__()
        self.config, self.compute = config, compute
        self.embedding = nn.Embedding(config.vocab_size, config.width)
        self.positions = (
            nn.Embedding(config.position_rows or config.block_size, config.width)
            if config.position == "learned"
            else None
        )
        self.blocks = nn.ModuleList(Block(config) for _ in range(config.layers))
        self.norm, self.drop = make_norm(config), nn.Dropout(config.dropout)
        self.head = (
            None
            if config.tied_head
            else Linear(config.width, config.vocab_size, bias=config.head_bias)
        )
        self.restore_buffers()
        self.initialise()

    def restore_buffers(self) -> "GPT":
        """Make what is not saved with the weights: the rotary table."""
        if self.config.position == "rope":
            cos, sin = rotary_table(
                self.config.block_size, self.config.head_width, self.config.rope_theta
            )
            self.register_buffer("cos", cos, persistent=False)
            self.register_buffer("sin", sin, persistent=False)
        return self

    @torch.no_grad()
    def initialise(self) -> None:
        """N(0, 0.02) for the classic form, as GPT-2; for the modern one variance-keeping matrices
        and outputs that start at zero.
        """
        modern = self.config.norm == "rms"
        for name, p in self.named_parameters():
            if p.ndim < 2:
                continue  # norms and biases stand as made
            if not modern:
                output = name.endswith(("attention.out.weight", "mlp.down.weight"))
                p.normal_(0.0, 0.02 / math.sqrt(2 * self.config.layers) if output else 0.02)
            elif name.endswith(("attention.out.weight", "mlp.down.weight")):
                p.zero_()
            elif name.startswith("blocks"):
                p.normal_(0.0, 1 / math.sqrt(self.config.width))
            else:
                p.normal_(0.0, 0.02)
        for name, p in self.named_parameters():
            if name.endswith("bias"):
                p.zero_()

    def hidden(self, ids: Tensor) -> Tensor:
        """ids (B, T) → the normalised residual stream (B, T, C), in the compute dtype.

        Raises ValueError when the context grows longer than the block.
        """
        T = ids.shape[1]
        if self.config.block_size < T:
            raise ValueError(
                f"a context of {T} tokens is longer than the block of {self.config.block_size}"
            )
        x = self.embedding(ids)
        if self.positions is not None:
            x = x + self.positions.weight[:T]
        x, turn = self.drop(x.to(self.compute)), None
        if self.config.position == "rope":
            turn = tuple(t[:T, None].to(self.compute) for t in (self.cos, self.sin))  # T, 1, D
        for block in self.blocks:
            x = block(x, turn)
        return cast(Tensor, self.norm(x))

    def logits(self, hidden: Tensor) -> Tensor:
        """hidden (…, C) → logits (…, V), float32."""
        if self.head is not None:
            return cast(Tensor, self.head(hidden)).float()
        return F.linear(hidden, self.embedding.weight.to(hidden.dtype)).float()

    def forward(self, ids: Tensor, targets: Tensor | None = None) -> Tensor | SequenceLoss:
        """ids (B, T) → logits (B, T, V); with targets (B, T), their loss where they are >= 0."""
        hidden = self.hidden(ids)
        if targets is None:
            return self.logits(hidden)
        if hidden.device.type == "cpu":
            return self._loss_of_scored(hidden, targets)
        # One shape, whatever the targets: what compiles.
        logits = self.logits(hidden)
        nats = F.cross_entropy(
            logits.flatten(0, 1), targets.flatten(), ignore_index=-1, reduction="sum"
        )
        scored = targets >= 0
        right = (logits.argmax(-1) == targets) | ~scored
        return SequenceLoss(nats, right.all(1) & scored.any(1))

    def _loss_of_scored(self, hidden: Tensor, targets: Tensor) -> SequenceLoss:
        """The loss with logits made only where a target is scored: the head is a large part of
        the work on a CPU. hidden (B, T, C), targets (B, T).
        """
        rows, columns = (targets >= 0).nonzero(as_tuple=True)
        hidden = hidden[rows, columns] if len(rows) < targets.numel() else hidden.flatten(0, 1)
        scored = targets[rows, columns]
        if self.head is not None and self.head.bias is not None:
            logits = self.logits(hidden)
            nats = F.cross_entropy(logits, scored, reduction="sum")
            right = logits.argmax(-1) == scored
        else:
            weight = self.embedding.weight if self.head is None else self.head.weight
            nats, right = kernels.linear_cross_entropy(hidden, weight, scored)
        correct = torch.zeros(len(targets), dtype=torch.bool)
        correct[rows] = True
        correct[rows[~right]] = False
        return SequenceLoss(nats, correct)

    def parameter_count(self) -> int:
        return sum(p.numel() for p in self.parameters())
