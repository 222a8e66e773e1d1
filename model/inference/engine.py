"""Generation: prompts are read into a key/value cache, then one token a row at a time, with weights
in the precision asked for; knows nothing of text and nothing of how a token is chosen.

The network is `GPT`; on a CPU the steps of a single row may be compiled (see compiled.py). Letters
in shapes: B rows, T tokens, C channels, L layers, H heads, S places in the cache, D channels a
head, V vocabulary.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from model.config import GPTConfig
from model.gpt import GPT
from model.inference.linear import Precision, fold_norms, rounded, shared_copy, split

if TYPE_CHECKING:
    from model.inference.compiled import OneRow

REFINED = 32  # the likeliest logits of a rounded head, which are computed again exactly
# The lead (nats) of the likeliest token over the second below which rounding might have changed the
# choice: seven times the usual error of such a difference, and more.
CLOSE = {"bfloat16": 0.3, "int8": 0.75}


class Contexts:
    """The rows that are being continued: their ids, and a cache of the keys and values of these.

    kv: (L, 2, B, H, S, D); ids[b]: what row b holds; exact[b]: how many of its ids were read with
    exact weights.
    """

    def __init__(self, prompts: Sequence[Sequence[int]], kv: Tensor) -> None:
        self.kv = kv
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
        self.ids = [self.ids[row] for row in rows]
        self.exact = [self.exact[row] for row in rows]


class InferenceEngine:
    """A network, ready to generate.

    float32 computes what `GPT` computes; bfloat16 and int8 round the matrices in `step`, which is
    bound by reading them. Prompts, the residual stream, attention and the likeliest logits stay in
    float32; and where rounding might have changed a choice, the row is read again exactly. On an
    accelerator everything is in the model's own dtype, and nothing is rounded.
    """

    def __init__(
        self, model: GPT, *, precision: Precision = "float32", compiled: bool = False
    ) -> None:
        """The engine shares the weights of the model.

        `compiled` has numba compile the steps of a single row on a CPU, where it is installed: two
        to three times as fast in float32, nearly twice in int8, after a second or two that only a
        longer session wins back.
        """
        self.config: GPTConfig = model.config
        self.device = model.embedding.weight.device
        on_cpu = self.device.type == "cpu"
        compute = torch.float32 if on_cpu else model.compute_dtype
        self.precision: Precision = precision if on_cpu else "float32"
        one_row = compiler() if compiled and on_cpu else None
        self.exact = shared_copy(model, compute=compute)
        self.rounded = None
        if self.precision != "float32":
            copy = shared_copy(model, compute=compute)
            # The compiled step reads the norms' weights itself, at no cost
            self.rounded = rounded(copy if one_row else fold_norms(copy), self.precision)
        # Row by row, whatever `split` does to the network's own head: `_refine` gathers single
        # rows.
        head = model.embedding if model.head is None else model.head
        self.head_weight = head.weight.detach()  # (V, C), row by row
        self.one_row: OneRow | None = one_row(self.exact, self.rounded) if one_row else None
        if on_cpu and not one_row:
            split(fold_norms(self.exact))

    @torch.inference_mode()
    def prefill(self, prompts: Sequence[Sequence[int]], size: int) -> tuple[Contexts, Tensor]:
        """Read the prompts, each of at least one id, into a new cache of `size` places; the logits
        (B, V), float32, of what follows each.

        Raises ValueError for a size above the block, or below the longest prompt.
        """
        longest = max(len(prompt) for prompt in prompts)
        if not longest <= size <= self.config.block_size:
            raise ValueError(
                f"{longest} tokens in a cache of {size} do not go into the block of"
                f" {self.config.block_size}"
            )
        # Padding follows the shorter prompts, where no token of theirs looks; the first step
        # writes over it.
        padded = [[*prompt, *[0] * (longest - len(prompt))] for prompt in prompts]
        contexts = Contexts(prompts, self.exact.new_cache(len(prompts), size))
        hidden = self.exact.hidden(torch.tensor(padded, device=self.device), contexts.kv)
        rows = torch.arange(len(prompts), device=self.device)
        last = torch.tensor(contexts.lengths, device=self.device) - 1
        return contexts, self.exact.logits(hidden[rows, last])

    @torch.inference_mode()
    def step(self, ids: Sequence[int], contexts: Contexts) -> Tensor:
        """Append an id to each row; the logits (B, V), float32, of the ids that follow."""
        if max(contexts.lengths) >= contexts.size:
            raise ValueError(f"the cache is full: it has room for {contexts.size} tokens")
        for row, token in zip(contexts.ids, ids, strict=True):
            row.append(token)
        # Rounded weights are two to four times quicker to read, and nearly always choose the same
        # token. Nearly is not enough for answers that are to be word for word: so where the lead of
        # the likeliest is small, the choice is made again with exact weights.
        if self.rounded is None:
            return self._read_last(contexts, self.exact)[0]
        logits, leads = self._refine(*self._read_last(contexts, self.rounded))
        if close := [row for row, lead in enumerate(leads) if lead < CLOSE[self.precision]]:
            logits[close] = self._recompute_exact(close, contexts)
        return logits

    def _read_last(self, contexts: Contexts, model: GPT) -> tuple[Tensor, Tensor]:
        """Read the last id of each row: the logits (B, V) after it, and the normalised residual
        stream (B, C) that they come of.
        """
        if self.one_row and len(contexts.ids) == 1:
            return self.one_row(contexts.ids[0], contexts.kv[:, :, 0], exact=model is self.exact)
        ids = torch.tensor([row[-1:] for row in contexts.ids], device=self.device)
        starts = [length - 1 for length in contexts.lengths]
        hidden = model.hidden(ids, contexts.kv, starts).squeeze(1)
        return model.logits(hidden), hidden

    def _refine(self, logits: Tensor, hidden: Tensor) -> tuple[Tensor, list[float]]:
        """Exact logits in the place of the likeliest rounded ones, and by how much the likeliest of
        each row leads (nats).
        """
        # The head is the largest matrix and the one whose rounding shows. Its 32 likeliest rows in
        # float32 cost next to nothing, and hold the right token.
        top = logits.topk(min(REFINED, logits.shape[-1]), sorted=False).indices
        exact = torch.bmm(self.head_weight[top], hidden[:, :, None]).squeeze(2)
        if self.exact.head is not None and self.exact.head.bias is not None:
            exact = exact + self.exact.head.bias[top]
        first, second = exact.topk(min(2, exact.shape[-1])).values.t()[[0, -1]]
        return logits.scatter(1, top, exact), (first - second).tolist()

    def _recompute_exact(self, rows: list[int], contexts: Contexts) -> Tensor:
        """The logits (rows, V) after some rows, exactly. What was read of them with rounded
        weights is read again, too, as this choice looks back on its keys and values.
        """
        # One pass over all rows, over as many tokens as the longest lacks: a row that lacks fewer
        # reads some of its own again, which changes nothing.
        T = max(len(contexts.ids[row]) - contexts.exact[row] for row in rows)
        for row in rows:
            contexts.exact[row] = len(contexts.ids[row])
        every = len(rows) == len(contexts.ids)
        if T == 1 and every:
            return self._read_last(contexts, self.exact)[0]
        ids = torch.tensor([contexts.ids[row][-T:] for row in rows], device=self.device)
        kv = contexts.kv if every else contexts.kv[:, :, rows]
        hidden = self.exact.hidden(ids, kv, [contexts.exact[row] - T for row in rows])
        if not every:
            contexts.kv[:, :, rows] = kv
        return self.exact.logits(hidden[:, -1])


def compiler() -> "Callable[[GPT, GPT | None], OneRow] | None":
    """What compiles the steps of one row; None where numba is not installed, or finds no threads
    that wake fast enough.
    """
    try:
        from model.inference.compiled import OneRow, threads_wake_fast
    except (ImportError, RuntimeError):
        # numba raises the second where it finds no folder to keep compiled code in
        return None
    return OneRow if threads_wake_fast() else None
