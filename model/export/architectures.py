"""The run's weights under the names of networks that other tools know: Qwen3, Llama and GPT-2;
pure.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

import torch
from torch import Tensor

from model.config import GPTConfig

Tensors = dict[str, Tensor]


@dataclass(frozen=True, slots=True, kw_only=True)
class Architecture:
    """A stock network: its class and type in transformers, and the name that GGUF gives it."""

    kind: Literal["qwen3", "llama", "gpt2"]
    architecture: str


QWEN3 = Architecture(kind="qwen3", architecture="Qwen3ForCausalLM")
LLAMA = Architecture(kind="llama", architecture="LlamaForCausalLM")
GPT2 = Architecture(kind="gpt2", architecture="GPT2LMHeadModel")


def architecture_for(config: GPTConfig) -> Architecture:
    """The stock network that computes what this one does. Raises ValueError, saying why, where none
    does.
    """
    if config.head_bias:
        raise ValueError(
            "no stock network has a bias on the logits: this run cannot be exported; train one"
            " without head_bias"
        )
    # Both are the same network but for the norm of queries and keys, which Qwen3 always has and
    # Llama never.
    if (config.norm, config.position, config.mlp) == ("rms", "rope", "swiglu"):
        if config.qk_norm and config.bias:
            raise ValueError(
                "no stock network has both QK-norm and biases in its feed-forward: train without"
                " one of them to export"
            )
        return QWEN3 if config.qk_norm else LLAMA
    if (
        config.norm == "layer"
        and config.position == "learned"
        and config.mlp in ("gelu", "relu")
        and not config.qk_norm
    ):
        return GPT2
    form = (
        f"norm {config.norm}, position {config.position}, mlp"
        f" {config.mlp}{', QK-norm' if config.qk_norm else ''}"
    )
    raise ValueError(
        f"no stock network has this form ({form}): rms + rope + swiglu exports as Qwen3 or Llama, "
        "layer + learned + gelu or relu without QK-norm as GPT-2"
    )


def transformers_config(config: GPTConfig, eot: int) -> dict[str, Any]:
    """config.json of the transformers folder."""
    stock = architecture_for(config)
    common = {
        "architectures": [stock.architecture],
        "model_type": stock.kind,
        "vocab_size": config.vocab_size,
        "dtype": "float32",
        "bos_token_id": eot,
        "eos_token_id": eot,
        "tie_word_embeddings": config.tied_head,
        "use_cache": True,
    }
    if stock is GPT2:
        return common | {
            "activation_function": "gelu_new" if config.mlp == "gelu" else "relu",
            "n_embd": config.width,
            "n_head": config.heads,
            "n_layer": config.layers,
            "n_inner": config.mlp_width,
            "n_positions": config.position_rows or config.block_size,
            "layer_norm_epsilon": config.norm_eps,
            "attn_pdrop": config.dropout,
            "embd_pdrop": config.dropout,
            "resid_pdrop": config.dropout,
        }
    return (
        common
        | {
            "hidden_size": config.width,
            "intermediate_size": config.mlp_width,
            "num_hidden_layers": config.layers,
            "hidden_act": "silu",
            "num_attention_heads": config.heads,
            "num_key_value_heads": config.heads,
            "head_dim": config.head_width,
            "max_position_embeddings": config.block_size,
            "rms_norm_eps": config.norm_eps,
            "attention_bias": config.bias,
            "attention_dropout": 0.0,
            "rope_parameters": {"rope_type": "default", "rope_theta": config.rope_theta},
        }
        | ({"mlp_bias": config.bias} if stock is LLAMA else {"use_sliding_window": False})
    )


def transformers_tensors(config: GPTConfig, weights: Tensors) -> Tensors:
    """The weights under transformers' names and in its shapes."""
    if architecture_for(config) is GPT2:
        return _gpt2_tensors(config, weights)
    return _llama_tensors(config, weights)


LLAMA_NORMS = (
    ("attention_norm", "input_layernorm"),
    ("mlp_norm", "post_attention_layernorm"),
    ("attention.q_norm", "self_attn.q_norm"),
    ("attention.k_norm", "self_attn.k_norm"),
)
LLAMA_LINEAR = (
    ("attention.qkv", ("self_attn.q_proj", "self_attn.k_proj", "self_attn.v_proj")),
    ("attention.out", ("self_attn.o_proj",)),
    ("mlp.up", ("mlp.gate_proj", "mlp.up_proj")),
    ("mlp.down", ("mlp.down_proj",)),
)


def llama_names(config: GPTConfig) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Each tensor of the blocks with what Qwen3 and Llama call its parts, in order from the first
    row on: queries, keys, values and the two halves of the gated layer are apart there.
    """
    # Rotations pair channel i with i + D/2 here as there, so that rows keep their order.
    parts = ("weight", "bias") if config.bias else ("weight",)
    for layer in range(config.layers):
        ours, theirs = f"blocks.{layer}.", f"model.layers.{layer}."
        for name, names in LLAMA_NORMS if config.qk_norm else LLAMA_NORMS[:2]:
            yield f"{ours}{name}.weight", (f"{theirs}{names}.weight",)
        for name, pieces in LLAMA_LINEAR:
            for part in parts:
                yield f"{ours}{name}.{part}", tuple(f"{theirs}{piece}.{part}" for piece in pieces)


def _llama_tensors(config: GPTConfig, weights: Tensors) -> Tensors:
    """Qwen3's and Llama's."""
    out = {
        "model.embed_tokens.weight": weights["embedding.weight"],
        "model.norm.weight": weights["norm.weight"],
    }
    if not config.tied_head:
        out["lm_head.weight"] = weights["head.weight"]
    for ours, theirs in llama_names(config):
        for name, tensor in zip(theirs, weights[ours].chunk(len(theirs)), strict=True):
            out[name] = tensor
    return {name: tensor.contiguous() for name, tensor in out.items()}


GPT2_NAMES = (
    ("attention_norm", "ln_1"),
    ("attention.qkv", "attn.c_attn"),
    ("attention.out", "attn.c_proj"),
    ("mlp_norm", "ln_2"),
    ("mlp.up", "mlp.c_fc"),
    ("mlp.down", "mlp.c_proj"),
)


def _gpt2_tensors(config: GPTConfig, weights: Tensors) -> Tensors:
    """GPT-2's: matrices lie transposed there, and biases always exist: zeros compute the same."""
    out = {
        "transformer.wte.weight": weights["embedding.weight"],
        "transformer.wpe.weight": weights["positions.weight"],
    }
    if not config.tied_head:
        out["lm_head.weight"] = weights["head.weight"]
    names = [
        (f"blocks.{i}.{ours}", f"transformer.h.{i}.{theirs}")
        for i in range(config.layers)
        for ours, theirs in GPT2_NAMES
    ]
    for ours, theirs in [*names, ("norm", "transformer.ln_f")]:
        weight = weights[f"{ours}.weight"]
        # GPT-2 in transformers keeps Conv1D layers: x @ weight, where a linear layer has x @
        # weight.T.
        out[f"{theirs}.weight"] = weight if weight.ndim == 1 else weight.t()
        bias = weights.get(f"{ours}.bias")
        out[f"{theirs}.bias"] = torch.zeros(weight.shape[0]) if bias is None else bias
    return {name: tensor.contiguous() for name, tensor in out.items()}


def gguf_tensors(config: GPTConfig, weights: Tensors) -> Tensors:
    """The weights under GGUF's names. Llama's queries and keys are reordered: ggml turns
    neighbouring channels, not halves.
    """
    stock = architecture_for(config)
    out = {
        "token_embd.weight": weights["embedding.weight"],
        "output_norm.weight": weights["norm.weight"],
    }
    if not config.tied_head:
        out["output.weight"] = weights["head.weight"]
    if stock is GPT2:
        out |= {
            "position_embd.weight": weights["positions.weight"],
            "output_norm.bias": _bias(weights, "norm"),
        }
    for i in range(config.layers):
        ours, theirs = f"blocks.{i}.", f"blk.{i}."
        named = {
            "attn_norm": "attention_norm",
            "attn_output": "attention.out",
            "ffn_norm": "mlp_norm",
            "ffn_down": "mlp.down",
        }
        if stock is GPT2:
            named |= {"attn_qkv": "attention.qkv", "ffn_up": "mlp.up"}
            out |= {
                f"{theirs}{name}.bias": _bias(weights, f"{ours}{source}")
                for name, source in named.items()
            }
        else:
            out |= _gguf_parts(config, weights, ours, theirs, neighbours=stock is LLAMA)
        out |= {
            f"{theirs}{name}.weight": weights[f"{ours}{source}.weight"]
            for name, source in named.items()
        }
    return {name: tensor.contiguous() for name, tensor in out.items()}


def _gguf_parts(
    config: GPTConfig, weights: Tensors, ours: str, theirs: str, *, neighbours: bool
) -> Tensors:
    out: Tensors = {}
    for part in ("weight", "bias") if config.bias else ("weight",):
        q, k, v = weights[f"{ours}attention.qkv.{part}"].chunk(3)
        gate, up = weights[f"{ours}mlp.up.{part}"].chunk(2)
        # ggml's Llama rotates channel 2i with 2i + 1: rows 0, D/2, 1, D/2 + 1, … of each head.
        if neighbours:
            q, k = (
                t.view(config.heads, 2, config.head_width // 2, -1).transpose(1, 2).reshape(t.shape)
                for t in (q, k)
            )
        named = (("attn_q", q), ("attn_k", k), ("attn_v", v), ("ffn_gate", gate), ("ffn_up", up))
        out |= {f"{theirs}{name}.{part}": tensor for name, tensor in named}
        if part == "bias":
            out[f"{theirs}attn_output.bias"] = weights[f"{ours}attention.out.bias"]
            out[f"{theirs}ffn_down.bias"] = weights[f"{ours}mlp.down.bias"]
    if config.qk_norm:
        out |= {
            f"{theirs}attn_{name}_norm.weight": weights[f"{ours}attention.{name}_norm.weight"]
            for name in "qk"
        }
    return out


def _bias(weights: Tensors, name: str) -> Tensor:
    bias = weights.get(f"{name}.bias")
    return torch.zeros(weights[f"{name}.weight"].shape[0]) if bias is None else bias
