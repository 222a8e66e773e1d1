"""Every setting of the network, the optimizer and the training loop, each with what it means.

Defaults that depend on the corpus or the device have no value here: they are in the table of sizes
(presets/sizes.yaml, read by `settings.size_for`).
"""

import math
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from model import trackers

# Bounds beyond what any machine that this is made for can hold: a larger number is a typing
# mistake, and is better refused at once than by a failure later.
BOUNDS = {
    "vocab_size": (1, 1 << 22),
    "block_size": (1, 1 << 22),
    "position_rows": (0, 1 << 22),
    "layers": (1, 1 << 12),
    "heads": (1, 1 << 12),
    "width": (1, 1 << 17),
    "mlp_width": (1, 1 << 19),
}
MAX_ROTARY = 1 << 25  # places × channels of a head: the tables of cos and sin take 256 MB
MOST = 10**12  # steps, batches, questions or checkpoints


@dataclass(frozen=True, slots=True, kw_only=True)
class GPTConfig:
    """Everything that decides what the network computes.

    The defaults are the modern form (RoPE, RMSNorm, QK-norm, gated MLP, tied head), whose weights
    are those of a Qwen3 model. How large it is, the table of sizes says (presets/sizes.yaml).
    """

    vocab_size: int
    """Number of token ids."""
    block_size: int = 512
    """Longest context, in tokens."""
    layers: int
    """Transformer blocks."""
    heads: int
    """Attention heads; each has width / heads channels."""
    width: int
    """Channels of the residual stream."""
    mlp_width: int
    """Hidden channels of the feed-forward part."""
    mlp: Literal["swiglu", "gelu", "relu"] = "swiglu"
    """Feed-forward network: gated with SiLU, or plain with the named activation."""
    position: Literal["rope", "learned"] = "rope"
    """How a token knows its position: rotary angles, or a learned table."""
    position_rows: int = 0
    """Rows of the learned table; 0 means block_size."""
    norm: Literal["rms", "layer", "none"] = "rms"
    """Normalisation before each part, and before the head."""
    qk_norm: bool = True
    """RMSNorm of queries and keys, per head, before the rotation."""
    bias: bool = False
    """Biases in the linear layers and in LayerNorm."""
    tied_head: bool = True
    """The head is the embedding, transposed."""
    head_bias: bool = False
    """A bias on the logits (only with an untied head)."""
    dropout: float = 0.0
    """Share of activations dropped in training, after the embedding, attention and feed-forward."""
    rope_theta: float = 10_000.0
    """Base of the rotary frequencies."""
    norm_eps: float = 1e-6
    """Added under the root in every normalisation."""

    def __post_init__(self) -> None:
        for name, (least, most) in BOUNDS.items():
            if not least <= getattr(self, name) <= most:
                raise ValueError(f"{name} must be {least} to {most:,}, not {getattr(self, name)}")
        if self.width % self.heads:
            raise ValueError(f"width {self.width} is not a multiple of heads {self.heads}")
        if self.position == "rope" and self.head_width % 2:
            raise ValueError(
                f"rotary positions need an even number of channels per head, not {self.head_width}"
            )
        if self.position == "rope" and self.block_size * self.head_width > MAX_ROTARY:
            raise ValueError(
                f"block_size must be at most {MAX_ROTARY // self.head_width:,} where a head has"
                f" {self.head_width} channels, not {self.block_size:,}"
            )
        if not 0 <= self.dropout < 1:
            raise ValueError(f"dropout must be at least 0 and below 1, not {self.dropout}")
        if self.position == "learned" and 0 != self.position_rows < self.block_size:
            raise ValueError(
                f"position_rows must be 0 or at least the block_size of {self.block_size}, not"
                f" {self.position_rows}"
            )
        for name in ("rope_theta", "norm_eps"):
            if not 0 < getattr(self, name) < math.inf:
                raise ValueError(f"{name} must be above 0, not {getattr(self, name)}")
        if self.head_bias and self.tied_head:
            raise ValueError("head_bias needs a head of its own: set tied_head to false")

    @property
    def head_width(self) -> int:
        return self.width // self.heads


@dataclass(frozen=True, slots=True, kw_only=True)
class OptimConfig:
    """How the weights are moved."""

    optimizer: Literal["muon", "adamw"] = "muon"
    """muon: Muon for the hidden matrices and AdamW for the rest; adamw: AdamW alone."""
    lr: float = 3e-3
    """Peak learning rate of AdamW."""
    matrix_lr: float = 0.02
    """Peak learning rate of Muon."""
    weight_decay: float = 0.0
    """Decoupled decay of all matrices, per step and unit of the learning rate."""
    beta1: float = 0.9
    """AdamW's first average."""
    beta2: float = 0.95
    """AdamW's second average."""
    momentum: float = 0.95
    """Muon's average."""
    warmup: float = 0.02
    """Share of all steps in which the learning rate rises."""
    warmdown: float = 0.5
    """Share of all steps in which the learning rate falls."""
    final_lr: float = 0.0
    """Learning rate at the end, as a share of the peak."""
    decay: Literal["linear", "cosine", "none"] = "linear"
    """Shape of the decay."""
    grad_clip: float = 1.0
    """Largest norm of all gradients together; longer ones are scaled down. 0 for no limit."""

    def __post_init__(self) -> None:
        for name in ("lr", "matrix_lr", "weight_decay", "grad_clip"):
            if not 0 <= getattr(self, name) < math.inf:
                raise ValueError(
                    f"{name} must be a number of at least 0, not {getattr(self, name)}"
                )
        for name in ("beta1", "beta2", "momentum"):
            if not 0 <= getattr(self, name) < 1:
                raise ValueError(
                    f"{name} must be at least 0 and below 1, not {getattr(self, name)}"
                )
        for name in ("warmup", "warmdown", "final_lr"):
            if not 0 <= getattr(self, name) <= 1:
                raise ValueError(f"{name} must be a share from 0 to 1, not {getattr(self, name)}")


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainerConfig:
    """How long, on what, and what is kept."""

    out: Path | None = None
    """The run's folder; by default a new one under runs/, named after the time."""
    epochs: int
    """Times that every pair is trained on."""
    schedule: Literal["all", "due"] = "all"
    """Which pairs an epoch holds: all; or those that are due by the ledger, which are the ones not
    known yet, twice, and the known ones at growing intervals; the last two epochs hold all.
    """
    steps: int = 0
    """Stop after this many steps, whatever the epochs; 0 for no limit."""
    device: str = "auto"
    """auto, cpu, cuda or mps."""
    compute: Literal["auto", "float32", "bfloat16", "float16"] = "auto"
    """Dtype of activations; auto takes the fastest that is safe on the device."""
    deterministic: bool = False
    """On a GPU, take only operations that give the same bits again: two runs of one command are
    then equal, and a run that is resumed is the unbroken one, at some cost of speed. A CPU is so
    anyway.
    """
    seed: int = 1
    """Of the weights, the order of pairs and the phrasings."""
    eval_every: int = 0
    """Steps between evaluations within an epoch; 0 for epoch ends alone."""
    eval_batches: int = 0
    """Held-out batches that a loss is averaged over; 0 for all."""
    recall_sample: int = 200
    """Trained questions asked at each epoch's end."""
    patience: int = 0
    """Stop after this many evaluations without a better score; 0 for never."""
    keep: int = 2
    """Checkpoints kept, beside the best."""
    save_minutes: float = 10.0
    """A checkpoint is also saved within an epoch when this long has passed since the last."""
    compile: Literal["auto", "on", "off"] = "auto"
    """torch.compile; auto takes it on CUDA once the time of a step says that it pays."""
    shard: bool = False
    """Under torchrun: spread the weights and the optimizer over the ranks (FSDP2)."""
    watch: bool = False
    """Show the run on a web page while it learns (needs the extra `chat`)."""
    track: trackers.Tracker = "none"
    """Send the figures to a tracker of experiments, too: tensorboard (into the run's folder), wandb
    or trackio.
    """

    def __post_init__(self) -> None:
        for name, least, most in (
            ("epochs", 1, 1_000_000),
            ("steps", 0, MOST),
            ("seed", 0, 2**63 - 1),
            ("eval_every", 0, MOST),
            ("eval_batches", 0, MOST),
            ("recall_sample", 1, MOST),
            ("patience", 0, MOST),
            ("keep", 1, MOST),
        ):
            if not least <= getattr(self, name) <= most:
                raise ValueError(f"{name} must be {least} to {most:,}, not {getattr(self, name)}")
        trackers.check_tracker(self.track)
        if not self.save_minutes > 0:
            raise ValueError(f"save_minutes must be above 0, not {self.save_minutes}")
