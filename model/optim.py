"""The optimizer: Muon for the hidden matrices, AdamW for all other parameters, and the learning
rate schedule that they share.

**What Muon is** (Jordan et al. 2024, https://kellerjordan.github.io/posts/muon;
at scale: Liu et al. 2025, https://arxiv.org/abs/2502.16982). The gradient of a weight matrix is
dominated by a few directions: of its singular values the largest are many times the others, so a
step along it changes what the layer does to a few inputs, and hardly anything else. Adam rescales
every number of the matrix by itself and does not see this. Muon treats the matrix as one thing: it
averages the gradients (momentum), and takes as its step the nearest matrix whose singular values
are all one (U V^T, where the average is U S V^T). So all directions learn at one rate, the rare
ones, too, which memorising facts needs: most of the gain of a short training comes from it
(docs/experiments.md).

A singular value decomposition would be slow on every device. The nearest orthogonal matrix is found
by a few Newton-Schulz steps instead, each a polynomial in X X^T: matrix products and nothing else,
which tolerate low precision. The polynomial acts on the singular values alone, and pushes each
towards one.

All other parameters stay with AdamW: vectors have no singular values, and the rows of the embedding
and the head belong to tokens, of which a step sees some and not the others.
"""

import math
from typing import Any

import torch
from torch import Tensor, nn

from model.config import OptimConfig
from model.device import half_dtype
from model.distributed import distribute_like, full_tensor, is_sharded
from model.gpt import GPT

# Three Newton-Schulz steps with the coefficients of Polar Express (Amsel et al. 2025,
# https://arxiv.org/abs/2505.16932): each is the best polynomial for what the step before leaves.
# Singular values of [0.003, 1] come within 0.18 to 1.87, near enough to learn as well as from
# five steps with fixed coefficients.
POLAR_EXPRESS = ((8.2872, -23.5959, 17.3004), (4.1071, -2.9478, 0.5448), (3.9487, -2.9089, 0.5518))


def lr_multiplier(done: float, config: OptimConfig) -> float:
    """Factor on the peak learning rates when the share `done` (0 to 1) of the run is over: warmup,
    constant, decay (a trapezoidal or WSD schedule, Hägele et al. 2024,
    https://arxiv.org/abs/2405.18392).
    """
    if done < config.warmup:
        return done / config.warmup
    left = (1 - done) / config.warmdown if config.warmdown else 1.0
    if left >= 1 or config.decay == "none":
        return 1.0
    fall = left if config.decay == "linear" else 0.5 * (1 - math.cos(math.pi * left))
    return config.final_lr + (1 - config.final_lr) * fall


def orthogonalise(g_NxRxC: Tensor) -> Tensor:
    """N matrices of R rows and C columns → approximately the nearest semi-orthogonal ones, in a
    16-bit dtype where the device has one.
    """
    # An approximation is enough: the direction of a step counts, its size is the learning rate's.
    x = g_NxRxC.to(half_dtype(g_NxRxC.device) or torch.float32)
    is_tall = x.shape[1] > x.shape[2]
    if is_tall:  # the smaller product of a matrix with itself is the cheaper one
        x = x.transpose(1, 2)
    # The Frobenius norm bounds the largest singular value; 2% more cover the rounding.
    x = x / (x.norm(dim=(1, 2), keepdim=True) * 1.02 + 1e-7)
    for a, b, c in POLAR_EXPRESS:
        # X = U S V^T gives X X^T = U S^2 U^T: a polynomial in X X^T, times X, acts on the singular
        # values alone. Each s becomes a s + b s^3 + c s^5; no decomposition is needed.
        gram = x @ x.transpose(1, 2)
        polynomial = torch.baddbmm(gram, gram, gram, beta=b, alpha=c)
        x = torch.baddbmm(x, polynomial, x, beta=a)
    return x.transpose(1, 2) if is_tall else x


class Muon(torch.optim.Optimizer):
    """Nesterov momentum, then the nearest orthogonal matrix as the step.

    Matrices of one shape are stacked and take their step together: on a GPU it costs the same few
    kernels for any number of layers. A parameter that holds several matrices (queries, keys and
    values in one) is split into its `parts` first, as each has singular values of its own.
    """

    def __init__(
        self, params: list[dict[str, Any]], lr: float, momentum: float, weight_decay: float
    ) -> None:
        defaults = {"lr": lr, "momentum": momentum, "weight_decay": weight_decay, "parts": 1}
        super().__init__(params, defaults)

    @torch.no_grad()
    def step(self, closure: None = None) -> None:  # type: ignore[override]
        for group in self.param_groups:
            for same_shape in _by_shape(group["params"]):
                self._step(same_shape, group)

    def _step(self, params: list[Tensor], group: dict[str, Any]) -> None:
        # Only parameters with a gradient come here (`_by_shape`), all of one shape (R, C).
        gradients = [p.grad for p in params if p.grad is not None]
        for p in params:
            if "momentum" not in self.state[p]:
                self.state[p]["momentum"] = torch.zeros_like(p)
        buffers = [self.state[p]["momentum"] for p in params]
        g_NxRxC = torch.stack(_nesterov(gradients, buffers, group["momentum"]))
        rows = params[0].shape[0] // group["parts"]
        columns = params[0].shape[1]
        update = orthogonalise(g_NxRxC.view(-1, rows, columns)).reshape(g_NxRxC.shape)
        # One conversion for the whole stack: foreach takes its fast path for equal dtypes alone
        stacked = update.to(params[0].dtype)
        # Where weights are sharded over ranks, each keeps its share of the step.
        updates = [distribute_like(u, p) for u, p in zip(stacked, params, strict=True)]
        # A tall update (more rows than columns) spreads the input's norm over more outputs: scaled
        # by sqrt(rows / columns), outputs of every shape move by the same RMS (Jordan et al.).
        scale = group["lr"] * max(1, rows / columns) ** 0.5
        # Weight decay, decoupled from the gradient as in AdamW (Loshchilov & Hutter 2019,
        # https://arxiv.org/abs/1711.05101).
        if group["weight_decay"]:
            torch._foreach_mul_(params, 1 - group["lr"] * group["weight_decay"])
        torch._foreach_add_(params, updates, alpha=-scale)


def _nesterov(gradients: list[Tensor], buffers: list[Tensor], momentum: float) -> list[Tensor]:
    """Update the momentum buffers, and return the Nesterov averages as whole matrices: where the
    buffers would be if the same gradients came once more.
    """
    # buffer = momentum * buffer + (1 - momentum) * gradient, and the average is
    # momentum * buffer + (1 - momentum) * gradient again: each a linear interpolation.
    if is_sharded(gradients[0]):
        for buffer, gradient in zip(buffers, gradients, strict=True):
            buffer.lerp_(gradient, 1 - momentum)
        pairs = zip(gradients, buffers, strict=True)
        # A shard of a matrix has other singular values than the matrix: it has to be whole.
        return [full_tensor(gradient.lerp(buffer, momentum)) for gradient, buffer in pairs]
    torch._foreach_lerp_(buffers, gradients, 1 - momentum)
    return list(torch._foreach_lerp(gradients, buffers, momentum))


def _by_shape(params: list[Tensor]) -> list[list[Tensor]]:
    shapes: dict[torch.Size, list[Tensor]] = {}
    for p in params:
        if p.grad is not None:
            shapes.setdefault(p.shape, []).append(p)
    return list(shapes.values())


class Optimizer:
    """The optimizer of a run: Muon and AdamW in one step, with the schedule."""

    def __init__(self, model: GPT, config: OptimConfig) -> None:
        self.config = config
        self.names: dict[Tensor, str] = {p: name for name, p in model.named_parameters()}
        matrices = hidden_matrices(model) if config.optimizer == "muon" else {}
        self.optimizers: list[torch.optim.Optimizer] = [self._adamw(matrices)]
        if matrices:
            by_parts: dict[int, list[nn.Parameter]] = {}
            for p, name in matrices.items():
                by_parts.setdefault(parts_of(name, model), []).append(p)
            muon = Muon(
                [{"params": params, "parts": parts} for parts, params in by_parts.items()],
                lr=config.matrix_lr,
                momentum=config.momentum,
                weight_decay=config.weight_decay,
            )
            self.optimizers.append(muon)
        self.peak_lrs = [[group["lr"] for group in o.param_groups] for o in self.optimizers]

    def _adamw(self, matrices: dict[nn.Parameter, str]) -> torch.optim.AdamW:
        """AdamW for all parameters but these matrices."""
        config = self.config
        rest = [p for p in self.names if p not in matrices]
        # Weight decay pulls parameters towards zero. Biases and the weights of norms are exempt: a
        # norm's weight of zero would switch its channel off.
        groups = [
            {"params": [p for p in rest if p.ndim >= 2], "weight_decay": config.weight_decay},
            {"params": [p for p in rest if p.ndim < 2], "weight_decay": 0.0},
        ]
        return torch.optim.AdamW(
            [group for group in groups if group["params"]],
            lr=config.lr,
            betas=(config.beta1, config.beta2),
            fused=rest[0].device.type in ("cpu", "cuda", "mps"),
        )

    def step(self, lr_scale: float, *, grad_norm: float | None = None) -> bool:
        """Update the weights, at this factor on the peak learning rates, and drop the gradients.
        Where a gradient is not finite the weights stay as they are, and it returns False.

        A caller that knows the gradients' norm passes it, as reading it waits for the device.
        """
        if grad_norm is None:
            grad_norm = float(gradient_norm(list(self.names)))
        # One infinite number would enter the momentum buffers, and never leave them again.
        if not math.isfinite(grad_norm):
            self.zero_grad()
            return False
        # The norm is known already: clip_grad_norm_ would compute it again and wait for the device.
        if self.config.grad_clip and grad_norm > self.config.grad_clip:
            factor = self.config.grad_clip / (grad_norm + 1e-6)
            scale_gradients(list(self.names), factor)
        for optimizer, peak_lrs in zip(self.optimizers, self.peak_lrs, strict=True):
            for group, peak_lr in zip(optimizer.param_groups, peak_lrs, strict=True):
                group["lr"] = peak_lr * lr_scale
            optimizer.step()
        self.zero_grad()
        return True

    def zero_grad(self) -> None:
        """Drop the gradients."""
        for optimizer in self.optimizers:
            optimizer.zero_grad(set_to_none=True)

    def state(self) -> dict[str, Tensor]:
        """Every tensor that a resumed run needs, named `kind|parameter`, sharded as the parameter
        is.
        """
        return {
            f"{kind}|{self.names[p]}": value
            for optimizer in self.optimizers
            for p, values in optimizer.state.items()
            for kind, value in values.items()
        }

    def load(self, state: dict[str, Tensor]) -> None:
        """Restore the state of an earlier `state()`. Raises ValueError when it is not that of this
        network.
        """
        owners = {
            self.names[p]: (optimizer, p)
            for optimizer in self.optimizers
            for group in optimizer.param_groups
            for p in group["params"]
        }
        for key, value in state.items():
            kind, _, name = key.partition("|")
            optimizer, p = owners.get(name, (None, None))
            if optimizer is None or p is None or not _fits(kind, value, optimizer, p):
                raise ValueError(f"the optimizer's state {key} has no place in this network")
            optimizer.state[p][kind] = distribute_like(value, p)


def _fits(kind: str, value: Tensor, optimizer: torch.optim.Optimizer, parameter: Tensor) -> bool:
    """Whether an optimizer keeps such a tensor for this parameter."""
    is_muon = isinstance(optimizer, Muon)
    kinds = {"momentum"} if is_muon else {"step", "exp_avg", "exp_avg_sq"}
    return kind in kinds and (value.ndim == 0 or value.shape == parameter.shape)


def hidden_matrices(model: GPT) -> dict[nn.Parameter, str]:
    """The matrices of the blocks, and their names."""
    named = model.named_parameters()
    return {p: name for name, p in named if name.startswith("blocks") and p.ndim == 2}


def parts_of(name: str, model: GPT) -> int:
    """How many matrices are stacked in a parameter: three for queries, keys and values, two for the
    gate and the value of a gated MLP.
    """
    if name.endswith("attention.qkv.weight"):
        return 3
    return 2 if name.endswith("mlp.up.weight") and model.config.mlp == "swiglu" else 1


def scale_gradients(parameters: list[Tensor], factor: float) -> None:
    """Multiply all gradients by a number."""
    with torch.no_grad():
        torch._foreach_mul_([p.grad for p in parameters if p.grad is not None], factor)


def gradient_norm(parameters: list[Tensor]) -> Tensor:
    """The L2 norm of all gradients together (a scalar on their device), over all ranks where each
    holds a shard.
    """
    gradients = [p.grad for p in parameters if p.grad is not None]
    # foreach=True raises on devices without a fused norm (Apple's GPUs); None leaves the choice to
    # PyTorch, which is right and slower.
    foreach = True if gradients[0].device.type in ("cpu", "cuda") else None
    return full_tensor(torch.nn.utils.get_total_norm(gradients, foreach=foreach))
