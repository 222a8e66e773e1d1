"""Which parameters learn how: Muon for the hidden matrices, AdamW for the rest, and the schedule
they share.
"""

import math
from typing import Any

import torch
from torch import Tensor, nn

from model.config import OptimConfig
from model.distributed import distribute_like, full_tensor
from model.gpt import GPT

# Three steps of the quintic iteration, each the best on what the one before leaves (Amsel et al.
# 2025, https://arxiv.org/abs/2505.16932): singular values of [0.003, 1] come within 0.18 to 1.87,
# near enough to learn as well as from five steps with fixed factors.
POLAR = ((8.2872, -23.5959, 17.3004), (4.1071, -2.9478, 0.5448), (3.9487, -2.9089, 0.5518))


def lr_multiplier(step: int, steps: int, config: OptimConfig) -> float:
    """The share of the peak rate used in step `step` of `steps`: up, level, down."""
    up, down = max(1, round(config.warmup * steps)), round(config.warmdown * steps)
    if step < up:
        return (step + 1) / up
    left = (steps - step) / max(1, down)
    if left >= 1 or config.decay == "none":
        return 1.0
    fall = left if config.decay == "linear" else 0.5 * (1 - math.cos(math.pi * left))
    return config.final_lr + (1 - config.final_lr) * fall


def orthogonalise(g: Tensor) -> Tensor:
    """(N, R, C) → the nearest semi-orthogonal matrices, roughly, in bfloat16."""
    x = g.bfloat16()
    tall = x.shape[1] > x.shape[2]
    if tall:
        x = x.transpose(1, 2)
    x = x / (x.norm(dim=(1, 2), keepdim=True) * 1.02 + 1e-7)
    for a, b, c in POLAR:
        gram = x @ x.transpose(1, 2)
        x = torch.baddbmm(x, torch.baddbmm(gram, gram, gram, beta=b, alpha=c), x, beta=a)
    return x.transpose(1, 2) if tall else x


class Muon(torch.optim.Optimizer):
    """Momentum, then the nearest orthogonal matrix, as the step (Jordan et al. 2024). Matrices of
    one shape go together.

    A stacked matrix (queries, keys and values in one) is taken apart into its `parts` first.
    """

    def __init__(
        self, params: list[dict[str, Any]], lr: float, momentum: float, weight_decay: float
    ) -> None:
        super().__init__(
            params, {"lr": lr, "momentum": momentum, "weight_decay": weight_decay, "parts": 1}
        )

    @torch.no_grad()
    def step(self, closure: None = None) -> None:  # type: ignore[override]
        for group in self.param_groups:
            for same in _by_shape(group["params"]):
                self._step(same, group)

    def _step(self, params: list[Tensor], group: dict[str, Any]) -> None:
        ahead = []
        for p in params:
            if p.grad is not None:
                moment = self.state[p].setdefault("momentum", torch.zeros_like(p))
                moment.lerp_(p.grad, 1 - group["momentum"])
                ahead.append(full_tensor(p.grad.lerp(moment, group["momentum"])))
        rows, columns = params[0].shape[0] // group["parts"], params[0].shape[1]
        update = orthogonalise(torch.stack(ahead).view(-1, rows, columns)).reshape(
            len(params), -1, columns
        )
        scale = group["lr"] * max(1, rows / columns) ** 0.5
        for p, u in zip(params, update, strict=True):
            p.mul_(1 - group["lr"] * group["weight_decay"]).add_(
                distribute_like(u.to(p.dtype), p), alpha=-scale
            )


def _by_shape(params: list[Tensor]) -> list[list[Tensor]]:
    shapes: dict[torch.Size, list[Tensor]] = {}
    for p in params:
        if p.grad is not None:
            shapes.setdefault(p.shape, []).append(p)
    return list(shapes.values())


class Optimizer:
    """Muon and AdamW behind one step, with the schedule: the optimizer of a run.

    Raises ValueError from `load` when the state is not that of this network.
    """

    def __init__(self, model: GPT, config: OptimConfig) -> None:
        self.config = config
        self.names: dict[Tensor, str] = {p: name for name, p in model.named_parameters()}
        hidden = [
            (name, p)
            for name, p in model.named_parameters()
            if name.startswith("blocks") and p.ndim == 2
        ]
        matrices = hidden if config.optimizer == "muon" else []
        chosen = {p for _, p in matrices}
        rest = [p for p in model.parameters() if p not in chosen]
        decayed, plain = [p for p in rest if p.ndim >= 2], [p for p in rest if p.ndim < 2]
        groups = [
            {"params": decayed, "weight_decay": config.weight_decay},
            {"params": plain, "weight_decay": 0.0},
        ]
        fused = next(model.parameters()).device.type in ("cpu", "cuda")
        self.parts: list[torch.optim.Optimizer] = [
            torch.optim.AdamW(
                [g for g in groups if g["params"]],
                lr=config.lr,
                betas=(config.beta1, config.beta2),
                fused=fused,
            )
        ]
        if matrices:
            stacked: dict[int, list[nn.Parameter]] = {}
            for name, p in matrices:
                stacked.setdefault(parts_of(name, model), []).append(p)
            muon = [{"params": params, "parts": parts} for parts, params in stacked.items()]
            self.parts.append(
                Muon(
                    muon,
                    lr=config.matrix_lr,
                    momentum=config.momentum,
                    weight_decay=config.weight_decay,
                )
            )
        self.peaks = [[group["lr"] for group in part.param_groups] for part in self.parts]

    def step(self, share: float) -> bool:
        """Move the weights by their gradients at this share of the peak rates, and forget the
        gradients.

        Moves nothing and returns False when a gradient is not finite.
        """
        length = full_tensor(
            torch.nn.utils.clip_grad_norm_(
                self.names, self.config.grad_clip or math.inf, foreach=True
            )
        )
        if not math.isfinite(length):
            self.zero_grad()
            return False
        for part, peaks in zip(self.parts, self.peaks, strict=True):
            for group, peak in zip(part.param_groups, peaks, strict=True):
                group["lr"] = peak * share
            part.step()
        self.zero_grad()
        return True

    def zero_grad(self) -> None:
        """Drop the gradients."""
        for part in self.parts:
            part.zero_grad(set_to_none=True)

    def state(self) -> dict[str, Tensor]:
        """Every tensor that a continued run needs, whole, named `kind|parameter`. Where they are
        spread over ranks, all must call.
        """
        return {
            f"{kind}|{self.names[p]}": full_tensor(value)
            for part in self.parts
            for p, values in part.state.items()
            for kind, value in values.items()
        }

    def load(self, state: dict[str, Tensor]) -> None:
        """Take up the state of an earlier `state()`."""
        by_name = {name: p for p, name in self.names.items()}
        for key, value in state.items():
            kind, _, name = key.partition("|")
            p = by_name.get(name)
            part = next(
                (
                    part
                    for part in self.parts
                    for group in part.param_groups
                    for q in group["params"]
                    if q is p
                ),
                None,
            )
            kinds = {"momentum"} if isinstance(part, Muon) else {"step", "exp_avg", "exp_avg_sq"}
            if (
                p is None
                or part is None
                or kind not in kinds
                or (value.ndim and value.shape != p.shape)
            ):
                raise ValueError(f"the optimizer's state {key} has no place in this network")
            part.state[p][kind] = distribute_like(value, p)


def parts_of(name: str, model: GPT) -> int:
    """How many matrices are stacked in the parameter of this name: queries, keys and values; gate
    and value.
    """
    if name.endswith("attention.qkv.weight"):
        return 3
    return 2 if name.endswith("mlp.up.weight") and model.config.mlp == "swiglu" else 1
