"""The network as generation runs it: one step a token over the keys and values kept so far, with
weights in the precision asked for.

It computes what `GPT` computes, from the same weights, without autograd and without modules, whose
calls would cost more than a small network's arithmetic. Letters in shapes: B rows, T tokens, C
channels, H heads, D channels a head, V vocabulary.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import torch
from torch import Tensor
from torch.nn import functional as F

from model.config import GPTConfig
from model.gpt import GPT, rotary_table

if TYPE_CHECKING:
    from model.inference.compiled import OneRow

Precision = Literal["float32", "bfloat16", "int8"]
REFINED = 32  # logits that a rounded head computes again, exactly
CLOSE = {
    "bfloat16": 0.3,
    "int8": 0.75,
}  # nats between the two likeliest that rounding might turn: seven times its usual error and more


class Cache:
    """Keys and values of every layer, allocated once. Rows may be filled to different lengths.

    kv: (layers, 2, B, H, size, D); ids[b]: what row b is filled with; exact[b]: how many of these
    were read with exact weights.
    """

    def __init__(
        self, config: GPTConfig, prompts: Sequence[Sequence[int]], size: int, like: Tensor
    ) -> None:
        # Zeros, as what lies behind a shorter row is masked but multiplied all the same.
        self.kv = like.new_zeros(
            (config.layers, 2, len(prompts), config.heads, size, config.head_width)
        )
        self.ids = [list(prompt) for prompt in prompts]
        self.exact = self.lengths

    @property
    def size(self) -> int:
        return self.kv.shape[4]

    @property
    def lengths(self) -> list[int]:
        return [len(row) for row in self.ids]

    def keep(self, rows: Sequence[int]) -> None:
        """Drop all other rows."""
        self.kv = self.kv[:, :, list(rows)]
        self.ids, self.exact = [self.ids[row] for row in rows], [self.exact[row] for row in rows]


class QuantLinear:
    """A linear layer; `rounded` is its weight in the chosen precision, if that is not the weight's
    own.
    """

    __slots__ = ("bias", "rounded", "scale", "transposed")

    def __init__(
        self, weight: Tensor, bias: Tensor | None, precision: Precision, *, by_column: bool
    ) -> None:
        """by_column: have the exact weight lie transposed; PyTorch reads it so one and a half times
        as fast for one row on a CPU.
        """
        self.transposed = weight.t().contiguous() if by_column else weight.t()
        self.bias = bias
        self.rounded: Tensor | None = None
        self.scale: Tensor | None = None
        if precision == "bfloat16":
            self.rounded = weight.bfloat16()
        elif precision == "int8":
            self.rounded, self.scale = quantised(weight)

    def __call__(self, x: Tensor, *, exact: bool) -> Tensor:
        """x (N, C) → (N, C'), in bfloat16 where the weight is rounded and there is no bias."""
        if exact or self.rounded is None:
            return (
                x @ self.transposed
                if self.bias is None
                else torch.addmm(self.bias, x, self.transposed)
            )
        x = x.bfloat16()
        y = (
            F.linear(x, self.rounded)
            if self.scale is None
            else torch._weight_int8pack_mm(x, self.rounded, self.scale)
        )
        return y if self.bias is None else y + self.bias

    def onto(self, stream: Tensor, x: Tensor, *, exact: bool) -> Tensor:
        """stream (N, C') + what becomes of x (N, C)."""
        if self.bias is None and (exact or self.rounded is None):
            return torch.addmm(stream, x, self.transposed)
        return stream + self(x, exact=exact)


def quantised(weight: Tensor) -> tuple[Tensor, Tensor]:
    """weight (C', C) ≈ int8 (C', C) * scale (C'), a scale a row; bfloat16, as its product wants it,
    before the rounding.
    """
    scale = (weight.abs().amax(1) / 127).clamp_min(1e-12).bfloat16()
    return (weight / scale.float()[:, None]).round_().clamp_(-127, 127).to(torch.int8), scale


class Norm:
    """A normalisation of the last axis, in the form of the network's; without weights where what
    follows has taken them in.
    """

    __slots__ = ("bias", "eps", "form", "small", "weight")

    def __init__(
        self, form: str, weight: Tensor | None, bias: Tensor | None, small: Tensor, eps: float
    ) -> None:
        self.form, self.weight, self.bias, self.small, self.eps = form, weight, bias, small, eps

    def __call__(self, x: Tensor) -> Tensor:
        if self.form == "none":
            return x
        if self.form == "layer":
            return F.layer_norm(x, (x.shape[-1],), self.weight, self.bias, self.eps)
        return unit(x, self.small) if self.weight is None else unit(x, self.small) * self.weight


def unit(x: Tensor, small: Tensor) -> Tensor:
    """x over the root of its mean square and something small: four cheap operations where
    F.rms_norm makes eight.
    """
    length = torch.linalg.vector_norm(x, dim=-1, keepdim=True)
    return x * torch.addcmul(small, length, length, value=1 / x.shape[-1]).rsqrt_()


def compiler() -> "Callable[[InferenceEngine], OneRow] | None":
    """What compiles the steps of one row; None where numba is not installed, or finds no threads
    that wake fast enough.
    """
    try:
        from model.inference.compiled import OneRow, threads_wake_fast
    except (
        ImportError,
        RuntimeError,
    ):  # numba raises the second where it finds no folder to keep compiled code in
        return None
    return OneRow if threads_wake_fast() else None


class Place:
    """Where T tokens of every row stand, and what they see: all before them in their row, and
    themselves.
    """

    __slots__ = ("batch", "end", "mask", "rows", "start")

    def __init__(self, starts: Sequence[int], T: int, device: torch.device) -> None:
        self.start = max(starts)
        self.end = self.start + T
        self.rows: slice | Tensor = slice(self.start, self.end)
        self.mask: Tensor | None = None
        if min(starts) < self.start or (T > 1 and self.start):
            self.rows = torch.tensor(starts, device=device)[:, None] + torch.arange(
                T, device=device
            )  # B, T
            self.batch = torch.arange(len(starts), device=device)[:, None]
            self.mask = (torch.arange(self.end, device=device) <= self.rows[:, :, None])[
                :, None
            ]  # B, 1, T, end

    def of(self, table: Tensor) -> Tensor:
        """The rows of a table (block, D) at these places, to go with (B, H, T, D)."""
        return table[self.rows] if self.mask is None else table[self.rows][:, None]

    def attend(self, q: Tensor, k: Tensor, v: Tensor, kv: Tensor) -> Tensor:
        """q, k, v (B, H, T, D); k and v are written into kv (2, B, H, size, D) → (B, H, T, D)."""
        if self.mask is None:
            torch.stack((k, v), out=kv.narrow(3, self.start, q.shape[2]))
        else:
            kv[0].transpose(1, 2)[self.batch, self.rows] = k.transpose(1, 2)
            kv[1].transpose(1, 2)[self.batch, self.rows] = v.transpose(1, 2)
        keys, values = kv.narrow(3, 0, self.end).unbind()
        return F.scaled_dot_product_attention(
            q, keys, values, attn_mask=self.mask, is_causal=self.mask is None and q.shape[2] > 1
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Layer:
    """One block's weights."""

    attention_norm: Norm
    qkv: QuantLinear
    out: QuantLinear
    mlp_norm: Norm
    up: QuantLinear
    down: QuantLinear


def shapes(config: GPTConfig) -> dict[str, tuple[int, ...]]:
    """The names and shapes of the weights that GPT has in this form."""
    C, hidden, D = config.width, config.mlp_width, config.head_width
    matrices = {
        "attention.qkv": (3 * C, C),
        "attention.out": (C, C),
        "mlp.up": (hidden * (2 if config.mlp == "swiglu" else 1), C),
        "mlp.down": (C, hidden),
    }
    norms = {"attention_norm": C, "mlp_norm": C} if config.norm != "none" else {}
    heads = {"attention.q_norm": D, "attention.k_norm": D} if config.qk_norm else {}
    found: dict[str, tuple[int, ...]] = {"embedding.weight": (config.vocab_size, C)}
    for at in (f"blocks.{i}." for i in range(config.layers)):
        found |= {f"{at}{name}.weight": shape for name, shape in matrices.items()}
        found |= {f"{at}{name}.bias": shape[:1] for name, shape in matrices.items() if config.bias}
        found |= {f"{at}{name}.weight": (width,) for name, width in (norms | heads).items()}
        found |= {
            f"{at}{name}.bias": (width,)
            for name, width in norms.items()
            if config.bias and config.norm == "layer"
        }
    if config.norm != "none":
        found["norm.weight"] = (C,)
        if config.bias and config.norm == "layer":
            found["norm.bias"] = (C,)
    if config.position == "learned":
        found["positions.weight"] = (config.position_rows or config.block_size, C)
    if not config.tied_head:
        found["head.weight"] = (config.vocab_size, C)
        if config.head_bias:
            found["head.bias"] = (config.vocab_size,)
    return found


class InferenceEngine:
    """The network, ready to generate.

    float32 computes what `GPT` computes; bfloat16 and int8 round the matrices in `step`, which is
    bound by reading them. Prompts, the residual stream, attention and the likeliest logits stay in
    float32, so the head may always be int8; and where rounding might turn a choice, the row is read
    again exactly. On an accelerator everything is in the model's dtype.
    """

    def __init__(
        self,
        config: GPTConfig,
        weights: dict[str, Tensor],
        *,
        precision: Precision = "float32",
        compute: torch.dtype = torch.float32,
        compiled: bool = False,
    ) -> None:
        """The weights are those of GPT's state; `compute` is the dtype on an accelerator.

        `compiled` has numba compile the steps of a single row on a CPU, where it is installed: two
        to three times as fast in float32, nearly twice in int8, after a second or two that only a
        longer session wins back. Raises ValueError for other weights.
        """
        if {name: tuple(tensor.shape) for name, tensor in weights.items()} != shapes(config):
            raise ValueError("the weights are not those of this form of network")
        self.config, self.embedding, self.positions = (
            config,
            weights["embedding.weight"],
            weights.get("positions.weight"),
        )
        self.device = self.embedding.device
        self.dtype = torch.float32 if self.device.type == "cpu" else compute
        self.precision: Precision = precision if self.device.type == "cpu" else "float32"
        one_row = compiler() if compiled and self.device.type == "cpu" else None
        self.by_column = self.device.type == "cpu" and not one_row
        self.small = torch.tensor(config.norm_eps, device=self.device, dtype=self.dtype)
        self.turn: tuple[Tensor, ...] | None = None
        if config.position == "rope":
            table = rotary_table(config.block_size, config.head_width, config.rope_theta)
            self.turn = tuple(t.to(self.device, self.dtype) for t in table)
        self.stretch = self._stretch(weights) if config.qk_norm else None
        self.layers = [self._layer(weights, f"blocks.{i}.") for i in range(config.layers)]
        self.norm = self._norm(weights, "norm")
        head = "embedding" if config.tied_head else "head"
        self.head, self.head_rows = (
            self._matrix(weights, head, rounded="int8"),
            weights[f"{head}.weight"].to(self.dtype),
        )
        self.one_row = one_row(self) if one_row else None
        if self.one_row:
            trial = Cache(config, [[0]], 1, self.embedding)
            for exact in (True, False):
                self.one_row(trial, exact=exact)  # compiles what no earlier session has compiled

    @staticmethod
    def of(
        model: GPT, *, precision: Precision = "float32", compiled: bool = False
    ) -> "InferenceEngine":
        """The decoder of a network as it stands, sharing its weights."""
        weights = {name: tensor.detach() for name, tensor in model.state_dict().items()}
        return InferenceEngine(
            model.config, weights, precision=precision, compute=model.compute, compiled=compiled
        )

    def _matrix(
        self,
        weights: dict[str, Tensor],
        name: str,
        *,
        after: str = "",
        rounded: Precision | None = None,
    ) -> QuantLinear:
        """A linear layer in the decoder's precision (where that rounds, in the one named), with the
        weights of an RMSNorm before it.
        """
        bias, precision = (
            weights.get(f"{name}.bias"),
            rounded if rounded and self.precision != "float32" else self.precision,
        )
        weight = weights[f"{name}.weight"]
        if after and self.config.norm == "rms":
            weight = weight * weights[f"{after}.weight"]
        return QuantLinear(
            weight.to(self.dtype),
            None if bias is None else bias.to(self.dtype),
            precision,
            by_column=self.by_column,
        )

    def _norm(self, weights: dict[str, Tensor], name: str, *, bare: bool = False) -> Norm:
        """A normalisation; `bare` when an RMSNorm's weights are in the layer that follows."""
        weight, bias = (
            None if t is None else t.to(self.dtype)
            for t in (weights.get(f"{name}.weight"), weights.get(f"{name}.bias"))
        )
        return Norm(
            self.config.norm,
            None if bare and self.config.norm == "rms" else weight,
            bias,
            self.small,
            self.config.norm_eps,
        )

    def _layer(self, weights: dict[str, Tensor], at: str) -> Layer:
        return Layer(
            attention_norm=self._norm(weights, f"{at}attention_norm", bare=True),
            mlp_norm=self._norm(weights, f"{at}mlp_norm", bare=True),
            qkv=self._matrix(weights, f"{at}attention.qkv", after=f"{at}attention_norm"),
            out=self._matrix(weights, f"{at}attention.out"),
            up=self._matrix(weights, f"{at}mlp.up", after=f"{at}mlp_norm"),
            down=self._matrix(weights, f"{at}mlp.down"),
        )

    def _stretch(self, weights: dict[str, Tensor]) -> tuple[Tensor, Tensor]:
        """The weights of all layers' query and key normalisations, (layers, 2, 1, 1, 1, D); and
        rolled by half a head.
        """
        found = [
            [weights[f"blocks.{layer}.attention.{name}_norm.weight"] for name in "qk"]
            for layer in range(self.config.layers)
        ]
        stretch = torch.stack([torch.stack(both) for both in found])[:, :, None, None, None].to(
            self.dtype
        )
        return stretch, stretch.roll(self.config.head_width // 2, -1)

    @torch.inference_mode()
    def prefill(self, prompts: Sequence[Sequence[int]], size: int) -> tuple[Cache, Tensor]:
        """Read the prompts, each of at least one id, into a new cache of `size` positions; the
        logits (B, V) of what follows each.

        Raises ValueError for a size above the block, or below the longest prompt.
        """
        longest = max(len(prompt) for prompt in prompts)
        if not longest <= size <= self.config.block_size:
            raise ValueError(
                f"{longest} tokens in a cache of {size} do not go into the block of"
                f" {self.config.block_size}"
            )
        ids = torch.tensor(
            [[*prompt, *[0] * (longest - len(prompt))] for prompt in prompts], device=self.device
        )
        cache = Cache(self.config, prompts, size, self.embedding.new_empty(0, dtype=self.dtype))
        x = self._advance(
            ids, cache.kv, Place([0] * len(prompts), longest, self.device), exact=True
        )
        last = torch.tensor(
            [row * longest + length - 1 for row, length in enumerate(cache.lengths)],
            device=self.device,
        )
        return cache, self.head(self.norm(x[last]), exact=True).float()

    @torch.inference_mode()
    def step(self, ids: Sequence[int], cache: Cache) -> Tensor:
        """One more id a row behind what the cache holds; the logits (B, V), float32, of the ids
        that follow.
        """
        if max(cache.lengths) >= cache.size:
            raise ValueError(f"the cache is full: it has room for {cache.size} tokens")
        for row, token in zip(cache.ids, ids, strict=True):
            row.append(token)
        if self.precision == "float32":
            return self._ahead(cache, exact=True)[0]
        logits, leads = self._refine(*self._ahead(cache, exact=False))
        if close := [row for row, lead in enumerate(leads) if lead < CLOSE[self.precision]]:
            logits[close] = self._recompute_exact(close, cache)
        return logits

    def _ahead(self, cache: Cache, *, exact: bool) -> tuple[Tensor, Tensor]:
        """Read the last id of each row: the logits (B, V) behind it, and the normalised residual
        stream (B, C) that they come of.
        """
        if self.one_row and len(cache.ids) == 1:
            return self.one_row(cache, exact=exact)
        ids = torch.tensor([row[-1:] for row in cache.ids], device=self.device)
        x = self.norm(
            self._advance(
                ids,
                cache.kv,
                Place([length - 1 for length in cache.lengths], 1, self.device),
                exact=exact,
            )
        )
        return self.head(x, exact=exact).float(), x

    def _refine(self, logits: Tensor, x: Tensor) -> tuple[Tensor, list[float]]:
        """Exact logits in the place of the likeliest rounded ones, and by how much the likeliest of
        each row leads.
        """
        top = logits.topk(min(REFINED, logits.shape[-1]), sorted=False).indices
        exact = torch.bmm(self.head_rows[top], x[:, :, None]).squeeze(2)
        if self.head.bias is not None:
            exact = exact + self.head.bias[top]
        first, second = exact.topk(min(2, exact.shape[-1])).values.t()[[0, -1]]
        return logits.scatter(1, top, exact), (first - second).tolist()

    def _recompute_exact(self, rows: list[int], cache: Cache) -> Tensor:
        """The logits (rows, V) behind some rows, exactly: what was read of them with rounded
        weights would turn this choice, too, and is read again.
        """
        T = max(len(cache.ids[row]) - cache.exact[row] for row in rows)
        for row in rows:
            cache.exact[row] = len(cache.ids[row])
        every = len(rows) == len(cache.ids)
        if T == 1 and every:
            return self._ahead(cache, exact=True)[0]
        ids = torch.tensor([cache.ids[row][-T:] for row in rows], device=self.device)
        kv = cache.kv if every else cache.kv[:, :, rows]
        x = self._advance(
            ids, kv, Place([cache.exact[row] - T for row in rows], T, self.device), exact=True
        )
        if not every:
            cache.kv[:, :, rows] = kv
        return self.head(self.norm(x.view(*ids.shape, -1)[:, -1]), exact=True).float()

    def _advance(self, ids: Tensor, kv: Tensor, place: Place, *, exact: bool) -> Tensor:
        """ids (B, T) at their places, of which kv holds what stands before them → the residual
        stream (B T, C).
        """
        x = F.embedding(ids, self.embedding)
        if self.positions is not None:
            x = x + self.positions[place.rows]
        x = x.to(self.dtype).view(ids.numel(), -1)
        for layer, turn, layer_kv in zip(self.layers, self._turns(place), kv, strict=True):
            x = self._block(layer, x, turn, layer_kv, place, exact=exact)
        return x

    def _turns(self, place: Place) -> Sequence[tuple[Tensor, ...]]:
        """What the queries and keys of each layer are multiplied by: as they stand, and where they
        rotate, rolled by half a head.
        """
        turn = () if self.turn is None else tuple(place.of(table) for table in self.turn)
        if self.stretch is None:
            return [turn] * len(self.layers)
        factors = (
            (each * table for each, table in zip(self.stretch, turn, strict=True))
            if turn
            else self.stretch[:1]
        )
        return list(zip(*(each.unbind() for each in factors), strict=True))

    def _block(
        self,
        layer: Layer,
        x: Tensor,
        turn: tuple[Tensor, ...],
        kv: Tensor,
        place: Place,
        *,
        exact: bool,
    ) -> Tensor:
        H, D = self.config.heads, self.config.head_width
        qkv = (
            layer.qkv(layer.attention_norm(x), exact=exact)
            .to(self.dtype)
            .view(kv.shape[1], -1, 3, H, D)
            .permute(2, 0, 3, 1, 4)
        )
        qk, v = qkv.narrow(0, 0, 2), qkv.select(0, 2)  # 2, B, H, T, D and B, H, T, D
        if self.stretch is not None:
            qk = unit(qk, self.small)
        if turn:
            qk = (
                qk * turn[0]
                if len(turn) == 1
                else torch.addcmul(qk * turn[0], qk.roll(D // 2, -1), turn[1])
            )
        q, k = qk.unbind()
        y = place.attend(q, k, v, kv)
        x = layer.out.onto(x, y.transpose(1, 2).reshape(x.shape), exact=exact)
        return layer.down.onto(
            x, self._activate(layer.up(layer.mlp_norm(x), exact=exact)), exact=exact
        )

    def _activate(self, h: Tensor) -> Tensor:
        match self.config.mlp:
            case "swiglu":
                gate, up = h.chunk(2, dim=-1)
                return F.silu(gate) * up
            case "gelu":
                return F.gelu(h, approximate="tanh")
            case "relu":
                return F.relu(h)
