"""Which parameters learn how: Muon for the hidden matrices, AdamW for the rest, and the schedule they share."""

from dataclasses import dataclass
from typing import Any, Literal

import torch
from torch import Tensor, nn

from model.gpt import GPT

# Five steps of the quintic iteration with these factors send singular values of (0, 1] near 1 (Jordan et al. 2024, https://kellerjordan.github.io/posts/muon/).
NEWTON_SCHULZ = (3.4445, -4.7750, 2.0315)


@dataclass(frozen=True, slots=True, kw_only=True)
class OptimConfig:
    """How the weights are moved."""

    kind: Literal["muon", "adamw"] = "muon"
    """muon: Muon for the hidden matrices and AdamW for the rest; adamw: AdamW alone."""
    lr: float = 3e-3
    """Peak rate of AdamW."""
    matrix_lr: float = 0.02
    """Peak rate of Muon."""
    weight_decay: float = 0.0
    """Decoupled decay of all matrices, a step and unit of rate."""
    beta1: float = 0.9
    """AdamW's first average."""
    beta2: float = 0.95
    """AdamW's second average."""
    momentum: float = 0.95
    """Muon's average."""
    warmup: float = 0.02
    """Share of all steps in which the rate rises."""
    warmdown: float = 0.5
    """Share of all steps in which the rate falls."""
    final_lr: float = 0.0
    """Rate at the end, as a share of the peak."""
    decay: Literal["linear", "cosine", "none"] = "linear"
    """Form of the fall."""
    grad_clip: float = 1.0
    """Longest gradient, over all parameters; 0 for no limit."""


def rate(step: int, steps: int, config: OptimConfig) -> float:
    """The share of the peak rate used in step `step` of `steps`: up, level, down."""
    import math

    up, down = max(1, round(config.warmup * steps)), round(config.warmdown * steps)
    if step < up:
        return (step + 1) / up
    left = (steps - step) / max(1, down)
    if left >= 1 or config.decay == "none":
        return 1.0
    fall = left if config.decay == "linear" else 0.5 * (1 - math.cos(math.pi * left))
    return config.final_lr + (1 - config.final_lr) * fall


def orthogonalise(g: Tensor, steps: int = 5) -> Tensor:
    """(N, R, C) → the nearest semi-orthogonal matrices, roughly, in bfloat16."""
    a, b, c = NEWTON_SCHULZ
    x = g.bfloat16()
    tall = x.shape[1] > x.shape[2]
    if tall:
        x = x.transpose(1, 2)
    x = x / (x.norm(dim=(1, 2), keepdim=True) * 1.01 + 1e-7)
    for _ in range(steps):
        gram = x @ x.transpose(1, 2)
        x = torch.baddbmm(x, torch.baddbmm(gram, gram, gram, beta=b, alpha=c), x, beta=a)
    return x.transpose(1, 2) if tall else x


class Muon(torch.optim.Optimizer):
    """Momentum, then the nearest orthogonal matrix, as the step (Jordan et al. 2024). Matrices of one shape go together.

    A stacked matrix (queries, keys and values in one) is taken apart into its `parts` first.
    """

    def __init__(self, params: list[dict[str, Any]], lr: float, momentum: float, weight_decay: float) -> None:
        super().__init__(params, {"lr": lr, "momentum": momentum, "weight_decay": weight_decay, "parts": 1})

    @torch.no_grad()
    def step(self, closure: None = None) -> None:  # type: ignore[override]
        for group in self.param_groups:
            for same in _by_shape(group["params"]):
                self._step(same, group)

    def _step(self, params: list[nn.Parameter], group: dict[str, Any]) -> None:
        grads = torch.stack([p.grad for p in params if p.grad is not None])
        for p in params:
            self.state[p].setdefault("momentum", torch.zeros_like(p))
        moments = [self.state[p]["momentum"] for p in params]
        torch._foreach_lerp_(moments, list(grads.unbind()), 1 - group["momentum"])
        look_ahead = grads.lerp_(torch.stack(moments), group["momentum"])
        rows, columns = params[0].shape[0] // group["parts"], params[0].shape[1]
        update = orthogonalise(look_ahead.view(-1, rows, columns)).reshape(len(params), -1, columns)
        scale = group["lr"] * max(1, rows / columns) ** 0.5
        torch._foreach_mul_(params, 1 - group["lr"] * group["weight_decay"])
        torch._foreach_add_(params, [u.to(p.dtype) for u, p in zip(update, params, strict=True)], alpha=-scale)


def _by_shape(params: list[nn.Parameter]) -> list[list[nn.Parameter]]:
    shapes: dict[torch.Size, list[nn.Parameter]] = {}
    for p in params:
        if p.grad is not None:
            shapes.setdefault(p.shape, []).append(p)
    return list(shapes.values())
