"""Small networks of every form, with random weights, and prompts of unequal lengths for them."""

import torch

from model.config import GPTConfig
from model.gpt import GPT

CLASSIC = GPTConfig(
    vocab_size=97,
    block_size=48,
    layers=3,
    heads=4,
    width=64,
    mlp_width=96,
    norm="layer",
    position="learned",
    mlp="gelu",
    bias=True,
    qk_norm=False,
)
MODERN = GPTConfig(vocab_size=97, block_size=48, layers=3, heads=4, width=64, mlp_width=96)
BARE = GPTConfig(
    vocab_size=97,
    block_size=48,
    layers=2,
    heads=2,
    width=32,
    mlp_width=64,
    norm="layer",
    position="learned",
    mlp="relu",
    qk_norm=False,
    tied_head=False,
    head_bias=True,
)
PLACED = GPTConfig(
    vocab_size=97,
    block_size=48,
    layers=2,
    heads=2,
    width=32,
    mlp_width=64,
    position="learned",
    bias=True,
)
TURNED = GPTConfig(
    vocab_size=97,
    block_size=48,
    layers=2,
    heads=2,
    width=32,
    mlp_width=64,
    norm="none",
    qk_norm=False,
)
PROMPTS = [
    [(7 * row + 3 * at) % 97 for at in range(length)]
    for row, length in enumerate((1, 5, 3, 46, 9, 9, 47, 2))
]


def network(config: GPTConfig) -> GPT:
    torch.manual_seed(1)
    model = GPT(config).eval()
    for p in model.parameters():
        p.data.normal_(0.0 if p.ndim > 1 else 0.8, 0.2)
    return model
