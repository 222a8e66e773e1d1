"""The network: token ids in, logits out; for training, evaluation and generation on every device.

Suffixes of names give shapes, as in ids_BxT: B sequences, T tokens, C channels (width), H heads,
D channels per head, L layers, S slots of a key/value cache, V vocabulary, N tokens of all
sequences side by side.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple, Self, cast, overload

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
    """For each row (or each document of a packed row), whether every scored target had the largest
    logit, so that greedy generation would give it; (B,) bool. One without scored targets is not
    correct.
    """


class TokenLayout(NamedTuple):
    """The positions of the tokens, and what each may attend to; the same for all layers."""

    position_ids: slice | Tensor
    """A slice where all rows have the same positions, else (B, T)."""
    cos_sin: tuple[Tensor, Tensor] | None
    """The rotations of these positions, each (T, D) or (B, 1, T, D); None without rotation."""
    mask: Tensor | None = None
    """(B, 1, T, end), True where a token may attend; None for plain causal attention, in which it
    attends to all tokens up to itself.
    """
    documents: kernels.Documents | None = None
    """The documents of a packed row, in place of a mask."""


class Linear(nn.Linear):
    """A linear layer whose weights are kept in float32 and used in the dtype of its input."""

    def forward(self, x: Tensor) -> Tensor:
        bias = None if self.bias is None else self.bias.to(x.dtype)
        return F.linear(x, self.weight.to(x.dtype), bias)


class RMSNorm(nn.Module):
    """LayerNorm without subtracting the mean and without a bias: as good, and one pass over the
    activations less (Zhang & Sennrich 2019, https://arxiv.org/abs/1910.07467).
    """

    def __init__(self, width: int, eps: float) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))
        self.eps = eps

    def forward(self, x: Tensor) -> Tensor:
        return kernels.rms_norm(x, self.weight, self.eps)


class LayerNorm(nn.Module):
    """Layer normalisation, with or without a bias, in the dtype of its input."""

    def __init__(self, width: int, eps: float, bias: bool) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))
        self.eps = eps
        self.bias = nn.Parameter(torch.zeros(width)) if bias else None

    def forward(self, x: Tensor) -> Tensor:
        bias = None if self.bias is None else self.bias.to(x.dtype)
        return F.layer_norm(x, (x.shape[-1],), self.weight.to(x.dtype), bias, self.eps)


def make_norm(config: GPTConfig) -> nn.Module:
    match config.norm:
        case "rms":
            return RMSNorm(config.width, config.norm_eps)
        case "layer":
            return LayerNorm(config.width, config.norm_eps, config.bias)
        case "none":
            return nn.Identity()


def rotary_table(positions: int, head_width: int, theta: float) -> tuple[Tensor, Tensor]:
    """RoPE's cos and sin, each (positions, D), in the half-split layout: channels i and i + D/2 are
    a pair (Su et al. 2021, https://arxiv.org/abs/2104.09864).

    The first half of sin is negated, so that rotating x is x * cos + roll(x, D/2) * sin.
    """
    # Pair i is rotated by the angle position * theta^(-2i/D): the first pairs turn fast and tell
    # neighbours apart, the last hardly turn and tell far from near. The product of a query and a
    # key then depends on their distance alone, not on their positions.
    # The order of operations is that of other tools, so that rounding agrees to the last bit.
    exponent = torch.arange(0, head_width, 2, dtype=torch.float32) / head_width
    frequency = 1 / theta**exponent
    angle = torch.outer(torch.arange(positions, dtype=torch.float32), frequency)
    cos, sin = angle.cos(), angle.sin()
    return torch.cat((cos, cos), 1), torch.cat((-sin, sin), 1)


def dropout(x: Tensor, share: float, is_training: bool) -> Tensor:
    """In training, x with this share of its numbers zero and the others made up for it (Srivastava
    et al. 2014, https://jmlr.org/papers/v15/srivastava14a.html); otherwise x itself.
    """
    return F.dropout(x, share) if share and is_training else x


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
        self, x_BxTxC: Tensor, layout: TokenLayout, kv_2xBxHxSxD: Tensor | None = None
    ) -> Tensor:
        B, T, C = x_BxTxC.shape
        # One matrix product for all three, as one large product is faster than three small ones.
        qkv = self.qkv(x_BxTxC).view(B, T, 3, self.heads, self.head_width)
        qk_norm_weight = None
        if self.qk_norm:
            qk_norm_weight = torch.stack((self.q_norm.weight, self.k_norm.weight))
        q, k, v = kernels.qk_norm_rope(qkv, qk_norm_weight, layout.cos_sin, self.eps)
        if layout.documents is not None:
            y_BxHxTxD = kernels.attention_within(layout.documents, q, k, v)
        else:
            causal = True
            if kv_2xBxHxSxD is not None:
                k, v = append_to_cache(kv_2xBxHxSxD, k, v, layout)
                # Without a mask it is a prefill from position 0, which is causal, or one new
                # token, which may see the whole cache.
                causal = T > 1
            p = self.dropout if self.training else 0.0
            y_BxHxTxD = kernels.attention(q, k, v, mask=layout.mask, causal=causal, dropout=p)
        return cast(Tensor, self.out(y_BxHxTxD.transpose(1, 2).reshape(B, T, C)))


# How previous-token heads are initialised; found by trying (docs/experiments.md).
SHARED_CHANNEL = 0.0056  # value of the channel, times the root of the width
FAST_ROTATIONS = 4  # rotations that these heads use: slow ones hardly tell neighbours apart
HEAD_SHARPNESS = 2.0  # weight of the norms of queries and keys in these channels


def init_previous_token_heads(embedding_VxC: Tensor, attention: Attention) -> None:
    """Initialise a third of the first layer's heads as previous-token heads: head i looks i + 1
    tokens back.

    To copy a name from a question, a network must know of each token which ones it follows (Olsson
    et al. 2022, https://arxiv.org/abs/2209.11895). A network that has to learn this spends half of
    a short training on it. It is an initialisation only: training may change it, and the
    architecture is unchanged.

    A rotary head sees distances as rotations. If its queries and keys are the same vectors at every
    token, but the keys' phases are one step ahead, then the angle between a query and the key
    before it is zero, and larger for all others. And they are the same at every token if they read
    nothing but a channel that has one value in all embeddings.
    """
    C = attention.qkv.in_features
    D = attention.head_width
    fastest = torch.arange(min(FAST_ROTATIONS, D // 2))
    second = fastest + D // 2  # the second coordinate of each rotation
    angle = attention.rope_theta ** (-fastest / (D // 2))
    embedding_VxC[:, 0] = SHARED_CHANNEL * math.sqrt(C)
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
        # The norms' weights set the length of queries and keys; the longer, the sharper a head is.
        for norm in (attention.q_norm, attention.k_norm):
            norm.weight[fastest] = norm.weight[second] = HEAD_SHARPNESS


def append_to_cache(
    kv_2xBxHxSxD: Tensor, k_BxHxTxD: Tensor, v_BxHxTxD: Tensor, layout: TokenLayout
) -> tuple[Tensor, Tensor]:
    """Write the keys and values of new tokens into the slots of their positions; returns all keys
    and values up to the last of them, (B, H, end, D) each.
    """
    slots = layout.position_ids
    if isinstance(slots, slice):
        # All rows are at the same positions, as in a batch of prompts or a single row: one block.
        end = slots.stop
        new = kv_2xBxHxSxD.narrow(3, slots.start, end - slots.start)
        torch.stack((k_BxHxTxD, v_BxHxTxD), out=new)
    else:
        # Rows of different lengths: each writes into its own slots.
        assert layout.mask is not None
        end = layout.mask.shape[3]
        rows = torch.arange(k_BxHxTxD.shape[0], device=slots.device)[:, None]
        for cached, new in zip(kv_2xBxHxSxD, (k_BxHxTxD, v_BxHxTxD), strict=True):
            cached.transpose(1, 2)[rows, slots] = new.transpose(1, 2)
    keys, values = kv_2xBxHxSxD.narrow(3, 0, end).unbind()
    return keys, values


class FeedForward(nn.Module):
    """The feed-forward part (MLP), which computes at each position by itself: gated (SwiGLU,
    Shazeer 2020, https://arxiv.org/abs/2002.05202), or with one activation.
    """

    def __init__(self, config: GPTConfig) -> None:
        super().__init__()
        self.kind = config.mlp
        stacked = 2 if config.mlp == "swiglu" else 1  # gate and value come from one product
        self.up = Linear(config.width, config.mlp_width * stacked, bias=config.bias)
        self.down = Linear(config.mlp_width, config.width, bias=config.bias)

    def forward(self, x: Tensor) -> Tensor:
        match self.kind:
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
        self.dropout = config.dropout

    def forward(self, x: Tensor, layout: TokenLayout, kv: Tensor | None = None) -> Tensor:
        # Normalising before and not after (Xiong et al. 2020, https://arxiv.org/abs/2002.04745)
        # leaves a straight path for the gradient from the last block to the first.
        y = self.attention(self.attention_norm(x), layout, kv)
        x = x + dropout(y, self.dropout, self.training)
        y = self.mlp(self.mlp_norm(x))
        return x + dropout(y, self.dropout, self.training)


def _rounded_selection(targets_N: Tensor) -> Tensor:
    """Indices of the scored targets, filled up with others to a multiple of 128, as oneDNN compiles
    a kernel for every shape that it meets.
    """
    scored = (targets_N >= 0).nonzero().squeeze(1)
    others = (targets_N < 0).nonzero().squeeze(1)
    chosen = torch.cat((scored, others[: -len(scored) % 128]))
    return chosen.sort().values


def _count_in(documents: kernels.Documents, flags_1xN: Tensor) -> Tensor:
    """How many flags are set in each document of a packed row; (documents,)."""
    up_to = F.pad(flags_1xN.squeeze(0).cumsum(0), (1, 0))
    return up_to[documents.offsets].diff()


class GPT(nn.Module):
    """A decoder-only transformer. Weights are float32; `compute_dtype` is that of the activations.

    The names and shapes of its parameters are the file format of a run's weights.
    """

    cos: Tensor
    sin: Tensor

    def __init__(self, config: GPTConfig, *, compute_dtype: torch.dtype = torch.float32) -> None:
        super().__init__()
        self.config = config
        self.compute_dtype = compute_dtype
        self.embedding = nn.Embedding(config.vocab_size, config.width)
        self.positions = None
        if config.position == "learned":
            self.positions = nn.Embedding(config.position_rows or config.block_size, config.width)
        self.blocks = nn.ModuleList(Block(config) for _ in range(config.layers))
        self.norm = make_norm(config)
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
        """N(0, 0.02) for networks like GPT-2; for those like Llama matrices that keep the variance,
        and outputs that start at zero.
        """
        # The kind of norm tells the two families apart: Llama and Qwen have RMSNorm.
        is_llama_like = self.config.norm == "rms"
        for name, p in self.named_parameters():
            if name.endswith("bias"):
                p.zero_()
            if p.ndim < 2:
                continue  # the weights of norms stay at one
            is_output = name.endswith(("attention.out.weight", "mlp.down.weight"))
            if is_llama_like and is_output:
                # Every block begins as the identity and grows from there: the network trains as a
                # shallow one at first (Zhang et al. 2019, https://arxiv.org/abs/1901.09321).
                p.zero_()
            elif is_llama_like and name.startswith("blocks"):
                # An input of unit variance has an output of unit variance.
                p.normal_(0.0, 1 / math.sqrt(self.config.width))
            elif is_output:
                # 2 * layers outputs are summed in the residual stream, which so keeps its variance.
                p.normal_(0.0, 0.02 / math.sqrt(2 * self.config.layers))
            else:
                p.normal_(0.0, 0.02)
        if is_llama_like and self.config.position == "rope" and self.config.qk_norm:
            first = cast(Attention, self.blocks[0].attention)
            init_previous_token_heads(self.embedding.weight, first)

    def new_cache(self, rows: int, size: int) -> Tensor:
        """An empty key/value cache (L, 2, B, H, S, D) for rows of at most `size` tokens."""
        config = self.config
        device = self.embedding.weight.device
        shape = (config.layers, 2, rows, config.heads, size, config.head_width)
        # Zeros, not torch.empty: masked slots get weight 0, and 0 * NaN is NaN.
        return torch.zeros(shape, dtype=self.compute_dtype, device=device)

    def hidden(
        self,
        ids_BxT: Tensor,
        cache: Tensor | None = None,
        starts: Sequence[int] = (0,),
        documents: kernels.Documents | None = None,
    ) -> Tensor:
        """The final hidden states (B, T, C), normalised, in the compute dtype.

        With a cache, row b's tokens have the positions starts[b], starts[b] + 1, … (or all rows'
        from starts[0] on): what comes before them is read from the cache, and they are written into
        it. Raises ValueError when the context grows longer than the block.
        """
        if documents is None:
            layout = self.layout(ids_BxT, starts)
        else:
            layout = self.packed_layout(ids_BxT, documents)
        x = self.embedding(ids_BxT)
        if self.positions is not None:
            x = x + self.positions.weight[layout.position_ids]
        x = dropout(x.to(self.compute_dtype), self.config.dropout, self.training)
        for layer, block in enumerate(self.blocks):
            x = block(x, layout, None if cache is None else cache[layer])
        return cast(Tensor, self.norm(x))

    def layout(self, ids_BxT: Tensor, starts: Sequence[int]) -> TokenLayout:
        """The layout of rows whose first positions are `starts`. Raises ValueError."""
        T = ids_BxT.shape[1]
        start = max(starts)
        end = start + T
        if end > self.config.block_size:
            raise ValueError(
                f"a context of {end} tokens is longer than the block of {self.config.block_size}"
            )
        ids: slice | Tensor = slice(start, end)
        mask = None
        # Where each token sees exactly those up to itself, kernels need no mask. It is needed for
        # rows of unequal length, and for several new tokens that continue a filled cache.
        is_ragged = min(starts) < start
        continues_cache = start > 0 and T > 1
        if is_ragged or continues_cache:
            device = ids_BxT.device
            ids = torch.tensor(starts, device=device)[:, None] + torch.arange(T, device=device)
            mask = (torch.arange(end, device=device) <= ids[:, :, None])[:, None]
        return TokenLayout(position_ids=ids, cos_sin=self.cos_sin(ids), mask=mask)

    def packed_layout(self, ids_1xN: Tensor, documents: kernels.Documents) -> TokenLayout:
        """The layout of a packed row: every document begins at position 0."""
        document_ids = documents.document_ids(ids_1xN.shape[1])
        starts = documents.offsets.gather(0, document_ids)
        ids = (torch.arange(len(starts), device=starts.device) - starts)[None]
        cos_sin = self.cos_sin(ids)
        if starts.device.type == "cuda":
            return TokenLayout(position_ids=ids, cos_sin=cos_sin, documents=documents)
        mask = (document_ids[:, None] == document_ids).tril()[None, None]
        return TokenLayout(position_ids=ids, cos_sin=cos_sin, mask=mask)

    def cos_sin(self, position_ids: slice | Tensor) -> tuple[Tensor, Tensor] | None:
        """The rotations of these positions: of a slice (T, D) each, else (B, 1, T, D), with an axis
        for the heads.
        """
        if self.config.position != "rope":
            return None
        cos = self.cos[position_ids].to(self.compute_dtype)
        sin = self.sin[position_ids].to(self.compute_dtype)
        return (cos, sin) if isinstance(position_ids, slice) else (cos[:, None], sin[:, None])

    def logits(self, hidden: Tensor) -> Tensor:
        """hidden (…, C) → logits (…, V), float32."""
        if self.head is not None:
            return cast(Tensor, self.head(hidden)).float()
        # A tied head (Press & Wolf 2017, https://arxiv.org/abs/1608.05859): a token is likely where
        # the hidden state points in the direction of its embedding. It saves V * C parameters, a
        # third or more of a small network.
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
        """The logits (B, T, V); with targets, their loss where they are >= 0. With documents, the
        only row consists of these, side by side.
        """
        hidden = self.hidden(ids_BxT, documents=documents)
        if targets_BxT is None:
            return self.logits(hidden)
        nats, is_argmax_N = self._selected_loss(hidden.flatten(0, 1), targets_BxT.flatten())
        is_scored = targets_BxT >= 0
        is_wrong = is_scored & ~is_argmax_N.view_as(targets_BxT)
        if documents is None:
            return SequenceLoss(nats=nats, correct=is_scored.any(1) & ~is_wrong.any(1))
        scored, wrong = _count_in(documents, is_scored), _count_in(documents, is_wrong)
        return SequenceLoss(nats=nats, correct=(scored > 0) & (wrong == 0))

    def _selected_loss(self, hidden_NxC: Tensor, targets_N: Tensor) -> tuple[Tensor, Tensor]:
        """As `loss`; on a CPU, logits are computed only where there are targets."""
        # There, the head is a large part of the work. On an accelerator a selection would have to
        # wait for the device, and its size would change with every step, while compiled code is
        # fast for one size.
        if not kernels.uses_cpu_kernels(hidden_NxC) or (targets_N >= 0).all():
            return self.loss(hidden_NxC, targets_N)
        chosen = _rounded_selection(targets_N)
        nats, is_argmax = self.loss(hidden_NxC[chosen], targets_N[chosen])
        everywhere = torch.zeros_like(targets_N, dtype=torch.bool)
        return nats, everywhere.index_put_((chosen,), is_argmax)

    def loss(self, hidden_NxC: Tensor, targets_N: Tensor) -> tuple[Tensor, Tensor]:
        """The summed cross-entropy in nats over the targets that are at least 0, and whether each
        target is the argmax (N).
        """
        if self.head is None or self.head.bias is None:
            weight = self.embedding.weight if self.head is None else self.head.weight
            return kernels.linear_cross_entropy(hidden_NxC, weight, targets_N, self.loss_derivative)
        logits = self.logits(hidden_NxC)
        nats = F.cross_entropy(logits, targets_N, ignore_index=-1, reduction="sum")
        return nats, logits.argmax(-1) == targets_N

    def compile_blocks(self, backend: str = "inductor") -> Self:
        """Have torch.compile make one graph of a block for all blocks and all shapes; and of the
        loss one for the first shape, which is often the only one, and one for all others. The rest
        is a few large matrix products, which gain nothing.
        """
        for block in self.blocks:
            block.compile(dynamic=True, fullgraph=True, backend=backend)
        self.loss_derivative = torch.compile(
            kernels.fused_loss_derivative, fullgraph=True, backend=backend
        )
        return self

    def parameter_count(self) -> int:
        return sum(p.numel() for p in self.parameters())
