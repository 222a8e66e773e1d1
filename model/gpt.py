"""The network: token ids in, logits out; for training, evaluation and generation on every device.

Letters in shapes, also as the ends of names: B sequences, T tokens, C channels (width), H heads,
D channels a head, L layers, S places in a key/value cache, V vocabulary.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple, Self, cast, overload

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from model import kernels
from model.config import GPTConfig

# How the heads that begin by looking back a token or two are made (`attend_to_last_tokens`)
CONSTANT = 0.0056  # the channel that all embeddings share, by the root of their width
FASTEST = 4  # rotations in use, from the fastest one on
SHARPNESS = 2.0  # weight of the norms of queries and keys in these channels


class SequenceLoss(NamedTuple):
    """What a forward pass with targets returns."""

    nats: Tensor
    """Cross-entropy summed over the scored targets of all rows; float32 scalar."""
    correct: Tensor
    """For each row (or each document of a packed row), whether every scored target had the largest
    logit, so that greedy generation would give it; (B,) bool. One without scored targets is not
    correct.
    """


def _scored_and_some(targets_N: Tensor) -> Tensor:
    """The places of the scored targets, and of so many others that their number is a multiple of
    128: oneDNN keeps a kernel for every shape that it meets, and these are few shapes.
    """
    scored = (targets_N >= 0).nonzero().squeeze(1)
    others = (targets_N < 0).nonzero().squeeze(1)
    chosen = torch.cat((scored, others[: -len(scored) % 128]))
    return chosen.sort().values


class Positions(NamedTuple):
    """Where the tokens of every row stand, and what they may look at; the same for all layers."""

    places: slice | Tensor
    """Their positions: a slice where all rows stand alike, else (B, T)."""
    cos_sin: tuple[Tensor, Tensor] | None
    """The rotations of these positions, each (T, D) or (B, 1, T, D); None without rotation."""
    mask: Tensor | None = None
    """(B, 1, T, end), True where a token may look; None where it may look at all up to itself."""
    documents: kernels.Documents | None = None
    """Where the documents of a packed row lie, in place of a mask."""


class Linear(nn.Linear):
    """A linear layer whose weights are kept in float32 and used in the dtype of its input."""

    def forward(self, x: Tensor) -> Tensor:
        bias = None if self.bias is None else self.bias.to(x.dtype)
        return F.linear(x, self.weight.to(x.dtype), bias)


class RMSNorm(nn.Module):
    """Root-mean-square normalisation over the last axis."""

    def __init__(self, width: int, eps: float) -> None:
        super().__init__()
        # No mean is taken off and no bias added, unlike LayerNorm: as good, and one pass less.
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
        bias = None if self.bias is None else self.bias.to(x.dtype)
        return F.layer_norm(x, (x.shape[-1],), self.weight.to(x.dtype), bias, self.eps)


def count_in(documents: kernels.Documents, flags_1xN: Tensor) -> Tensor:
    """How many flags are set in each document of a packed row; (documents,)."""
    up_to = F.pad(flags_1xN.squeeze(0).cumsum(0), (1, 0))
    return up_to[documents.ends].diff()


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

    The first half of sin is negated, so that rotating x is x * cos + roll(x, D/2) * sin.
    """
    # Channel pair i turns by position * theta^(-2i/D): the first pairs turn fast and tell
    # neighbours apart, the last hardly turn and tell far from near. A product of a query and a key
    # then depends on how far apart they stand, and on nothing else of where.
    # Computed in the order in which other tools do, so that it is rounded as theirs to the last bit
    exponent = torch.arange(0, head_width, 2, dtype=torch.float32) / head_width
    frequency = 1 / theta**exponent
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
        # Queries and keys of a fixed length keep the scores of attention small, whatever the
        # learning rate does to the weights (Henry et al. 2020, https://arxiv.org/abs/2010.04245).
        if config.qk_norm:
            self.q_norm = RMSNorm(config.head_width, config.norm_eps)
            self.k_norm = RMSNorm(config.head_width, config.norm_eps)
        self.qk_norm, self.eps = config.qk_norm, config.norm_eps
        self.rope_theta = config.rope_theta

    def forward(
        self, x_BxTxC: Tensor, positions: Positions, kv_2xBxHxSxD: Tensor | None = None
    ) -> Tensor:
        B, T, C = x_BxTxC.shape
        # One matrix product for all three, as one large product is faster than three small ones.
        qkv = self.qkv(x_BxTxC).view(B, T, 3, self.heads, self.head_width)
        qk_norm_weight = None
        if self.qk_norm:
            qk_norm_weight = torch.stack((self.q_norm.weight, self.k_norm.weight))
        q, k, v = kernels.qk_norm_rope(qkv, qk_norm_weight, positions.cos_sin, self.eps)
        if positions.documents is not None:
            y_BxHxTxD = kernels.attention_within(positions.documents, q, k, v)
        else:
            causal = True
            if kv_2xBxHxSxD is not None:
                k, v = append_to_cache(kv_2xBxHxSxD, k, v, positions)
                # Without a mask the tokens are the first of their rows, or one behind all others
                causal = T > 1
            p = self.dropout if self.training else 0.0
            y_BxHxTxD = kernels.attention(q, k, v, mask=positions.mask, causal=causal, dropout=p)
        return cast(Tensor, self.out(y_BxHxTxD.transpose(1, 2).reshape(B, T, C)))


def attend_to_last_tokens(embedding_VxC: Tensor, attention: Attention) -> None:
    """Let a third of the heads of a first layer begin as ones that look one token back, two, …

    To copy a name from a question, a network must know of each token which ones it follows (Olsson
    et al. 2022, https://arxiv.org/abs/2209.11895); one that has to find this out by itself has half
    of a short training behind it by then. Here it is how training begins, which is free to change
    it, and the form of the network stays what it is.

    A rotary head sees distances as rotations. If its queries and keys are the same vectors at every
    token, but the keys' phases are one step ahead, then a query meets the key before it at an angle
    of nought, and all others at a larger one. And they are the same at every token if they read
    nothing but a channel that has one value in all embeddings.
    """
    C, D = attention.qkv.in_features, attention.head_width
    fastest = torch.arange(min(FASTEST, D // 2))  # slow rotations hardly tell neighbours apart
    second = fastest + D // 2  # where the second coordinate of each rotation stands
    angle = attention.rope_theta ** (-fastest / (D // 2))
    embedding_VxC[:, 0] = CONSTANT * math.sqrt(C)
    for head in range(attention.heads // 3):
        back = head + 1
        query_D, key_D = torch.zeros(D), torch.zeros(D)
        query_D[fastest] = 1
        key_D[fastest], key_D[second] = (back * angle).cos(), (back * angle).sin()
        for start, vector_D in ((0, query_D), (C, key_D)):
            rows_DxC = attention.qkv.weight[start + head * D : start + (head + 1) * D]
            rows_DxC.zero_()
            rows_DxC[:, 0] = vector_D / vector_D.norm()
    if attention.heads >= 3:
        # Queries and keys are as long as the norms' weights make them, and longer ones are sharper
        for norm in (attention.q_norm, attention.k_norm):
            norm.weight[fastest] = norm.weight[second] = SHARPNESS


def append_to_cache(
    kv_2xBxHxSxD: Tensor, k_BxHxTxD: Tensor, v_BxHxTxD: Tensor, positions: Positions
) -> tuple[Tensor, Tensor]:
    """Write the keys and values of new tokens at their positions; all that stand in the cache up to
    the last of them, (B, H, end, D) each.
    """
    places = positions.places
    if isinstance(places, slice):
        # All rows stand alike, as in a batch of prompts or a single row: one block of the cache.
        end = places.stop
        new = kv_2xBxHxSxD.narrow(3, places.start, end - places.start)
        torch.stack((k_BxHxTxD, v_BxHxTxD), out=new)
    else:
        # Rows of different lengths: each writes at its own places.
        assert positions.mask is not None
        end = positions.mask.shape[3]
        rows = torch.arange(k_BxHxTxD.shape[0], device=places.device)[:, None]
        for cached, new in zip(kv_2xBxHxSxD, (k_BxHxTxD, v_BxHxTxD), strict=True):
            cached.transpose(1, 2)[rows, places] = new.transpose(1, 2)
    keys, values = kv_2xBxHxSxD.narrow(3, 0, end).unbind()
    return keys, values


class FeedForward(nn.Module):
    """Each position by itself: gated (SwiGLU, Shazeer 2020, https://arxiv.org/abs/2002.05202), or
    with one activation.
    """

    def __init__(self, config: GPTConfig) -> None:
        super().__init__()
        self.form = config.mlp
        stacked = 2 if config.mlp == "swiglu" else 1  # the gate and the value in one matrix
        self.up = Linear(config.width, config.mlp_width * stacked, bias=config.bias)
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
        self.drop = nn.Dropout(config.dropout) if config.dropout else nn.Identity()

    def forward(self, x: Tensor, positions: Positions, kv: Tensor | None = None) -> Tensor:
        # Normalising before and not after (Xiong et al. 2020, https://arxiv.org/abs/2002.04745)
        # leaves a straight path for the gradient from the last block to the first.
        x = x + self.drop(self.attention(self.attention_norm(x), positions, kv))
        return cast(Tensor, x + self.drop(self.mlp(self.mlp_norm(x))))


class GPT(nn.Module):
    """A decoder-only transformer. Weights are float32; `compute` is the dtype of the activations,
    chosen once.

    The names and shapes of its parameters are the file format of a run's weights.
    """

    cos: Tensor
    sin: Tensor

    def __init__(self, config: GPTConfig, *, compute: torch.dtype = torch.float32) -> None:
        super().__init__()
        self.config, self.compute = config, compute
        self.embedding = nn.Embedding(config.vocab_size, config.width)
        self.positions = None
        if config.position == "learned":
            self.positions = nn.Embedding(config.position_rows or config.block_size, config.width)
        self.blocks = nn.ModuleList(Block(config) for _ in range(config.layers))
        self.norm = make_norm(config)
        self.drop = nn.Dropout(config.dropout) if config.dropout else nn.Identity()
        self.head = None
        if not config.tied_head:
            self.head = Linear(config.width, config.vocab_size, bias=config.head_bias)
        self.loss_derivative = kernels.loss_derivative
        self.restore_buffers()
        self.initialise()

    def restore_buffers(self) -> Self:
        """Make what is not saved with the weights: the rotary table."""
        if self.config.position == "rope":
            config = self.config
            cos, sin = rotary_table(config.block_size, config.head_width, config.rope_theta)
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
            if name.endswith("bias"):
                p.zero_()
            if p.ndim < 2:
                continue  # the weights of norms stay at one
            is_output = name.endswith(("attention.out.weight", "mlp.down.weight"))
            # Every block then begins as the identity, and grows from there: the network trains as a
            # shallow one at first (Zhang et al. 2019, https://arxiv.org/abs/1901.09321).
            if modern and is_output:
                p.zero_()
            # An input of unit variance has an output of unit variance.
            elif modern and name.startswith("blocks"):
                p.normal_(0.0, 1 / math.sqrt(self.config.width))
            # 2 * layers sums go into the residual stream, each of the variance that this leaves.
            elif is_output:
                p.normal_(0.0, 0.02 / math.sqrt(2 * self.config.layers))
            else:
                p.normal_(0.0, 0.02)
        if modern and self.config.position == "rope" and self.config.qk_norm:
            attend_to_last_tokens(self.embedding.weight, cast(Attention, self.blocks[0].attention))

    def new_cache(self, rows: int, size: int) -> Tensor:
        """An empty key/value cache (L, 2, B, H, S, D) for rows of at most `size` tokens."""
        config, device = self.config, self.embedding.weight.device
        shape = (config.layers, 2, rows, config.heads, size, config.head_width)
        # Zeros, as what lies behind a shorter row is masked, but multiplied all the same
        return torch.zeros(shape, dtype=self.compute, device=device)

    def hidden(
        self,
        ids_BxT: Tensor,
        cache: Tensor | None = None,
        starts: Sequence[int] = (0,),
        documents: kernels.Documents | None = None,
    ) -> Tensor:
        """The normalised residual stream (B, T, C) behind every token, in the compute dtype.

        With a cache, row b's tokens stand at starts[b] and behind (or all rows' at starts[0]): what
        stands before them is read from the cache, and they are written into it. Raises ValueError
        when the context grows longer than the block.
        """
        if documents is None:
            positions = self.locate(ids_BxT, starts)
        else:
            positions = self.locate_packed(ids_BxT, documents)
        x = self.embedding(ids_BxT)
        if self.positions is not None:
            x = x + self.positions.weight[positions.places]
        x = self.drop(x.to(self.compute))
        for layer, block in enumerate(self.blocks):
            x = block(x, positions, None if cache is None else cache[layer])
        return cast(Tensor, self.norm(x))

    def locate(self, ids_BxT: Tensor, starts: Sequence[int]) -> Positions:
        """The positions of tokens that stand at `starts` and behind. Raises ValueError."""
        T, first = ids_BxT.shape[1], max(starts)
        end = first + T
        if end > self.config.block_size:
            raise ValueError(
                f"a context of {end} tokens is longer than the block of {self.config.block_size}"
            )
        places: slice | Tensor = slice(first, end)
        mask = None
        # Rows of unequal length, or several tokens behind a filled cache: what each may look at has
        # to be written out. Else "all up to itself" says it, for which kernels need no mask.
        if min(starts) < first or (first and T > 1):
            device = ids_BxT.device
            places = torch.tensor(starts, device=device)[:, None] + torch.arange(T, device=device)
            mask = (torch.arange(end, device=device) <= places[:, :, None])[:, None]
        return Positions(places=places, cos_sin=self.cos_sin(places), mask=mask)

    def locate_packed(self, ids_1xN: Tensor, documents: kernels.Documents) -> Positions:
        """The positions of tokens in the documents of a packed row."""
        number = documents.numbers(ids_1xN.shape[1])
        starts = documents.ends.gather(0, number)
        places = (torch.arange(len(number), device=number.device) - starts)[None]
        cos_sin = self.cos_sin(places)
        if number.device.type == "cuda":
            return Positions(places=places, cos_sin=cos_sin, documents=documents)
        mask = (number[:, None] == number).tril()[None, None]
        return Positions(places=places, cos_sin=cos_sin, mask=mask)

    def cos_sin(self, places: slice | Tensor) -> tuple[Tensor, Tensor] | None:
        """The rotations of these positions, (T, D) each of a slice, or (B, 1, T, D)."""
        if self.config.position != "rope":
            return None
        cos, sin = self.cos[places].to(self.compute), self.sin[places].to(self.compute)
        return (cos, sin) if isinstance(places, slice) else (cos[:, None], sin[:, None])

    def logits(self, hidden: Tensor) -> Tensor:
        """hidden (…, C) → logits (…, V), float32."""
        if self.head is not None:
            return cast(Tensor, self.head(hidden)).float()
        # A tied head: a token is likely where the hidden state points as its embedding does. It
        # spares V * C parameters, a third or more of a small network.
        return F.linear(hidden, self.embedding.weight.to(hidden.dtype)).float()

    @overload
    def forward(self, ids_BxT: Tensor) -> Tensor: ...
    @overload
    def forward(
        self, ids_BxT: Tensor, targets_BxT: Tensor, documents: kernels.Documents | None = None
    ) -> SequenceLoss: ...
    def forward(
        self,
        ids_BxT: Tensor,
        targets_BxT: Tensor | None = None,
        documents: kernels.Documents | None = None,
    ) -> Tensor | SequenceLoss:
        """The logits (B, T, V); with targets, their loss where they are >= 0. With documents, these
        stand side by side in one row.
        """
        hidden = self.hidden(ids_BxT, documents=documents)
        if targets_BxT is None:
            return self.logits(hidden)
        hidden, targets = hidden.flatten(0, 1), targets_BxT.flatten()
        if kernels.by_hand(hidden):
            # On a CPU the logits are made only where there is a loss, as the head is a large part
            # of the work. Elsewhere a selection would wait for the device, and its size would be
            # another in every step, while compiled code wants one.
            chosen = _scored_and_some(targets)
            if len(chosen) < len(targets):
                hidden = hidden[chosen]
            nats, right = self.loss(hidden, targets[chosen])
            right = torch.zeros_like(targets, dtype=torch.bool).index_put_((chosen,), right)
        else:
            nats, right = self.loss(hidden, targets)
        is_scored = targets_BxT >= 0
        wrong = is_scored & ~right.view_as(targets_BxT)
        if documents is None:
            return SequenceLoss(nats=nats, correct=is_scored.any(1) & ~wrong.any(1))
        scored, wrong = count_in(documents, is_scored), count_in(documents, wrong)
        return SequenceLoss(nats=nats, correct=(scored > 0) & (wrong == 0))

    def loss(self, hidden_NxC: Tensor, targets_N: Tensor) -> tuple[Tensor, Tensor]:
        """The summed cross-entropy in nats over the targets that are at least 0, and which of them
        (N) are the likeliest.
        """
        if self.head is None or self.head.bias is None:
            weight = self.embedding.weight if self.head is None else self.head.weight
            return kernels.linear_cross_entropy(hidden_NxC, weight, targets_N, self.loss_derivative)
        logits = self.logits(hidden_NxC)
        nats = F.cross_entropy(logits, targets_N, ignore_index=-1, reduction="sum")
        return nats, logits.argmax(-1) == targets_N

    def compile_blocks(self, backend: str = "inductor") -> Self:
        """Have torch.compile make one graph of a block for all blocks and all shapes, and one of
        the loss; what else lies before and behind the blocks is a few large products.
        """
        for block in self.blocks:
            block.compile(dynamic=True, fullgraph=True, backend=backend)
        self.loss_derivative = torch.compile(
            kernels.fused_loss_derivative, dynamic=True, fullgraph=True, backend=backend
        )
        return self

    def parameter_count(self) -> int:
        return sum(p.numel() for p in self.parameters())
