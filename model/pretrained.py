"""A network of transformers' own as the beginning of a run: the folders that `model.export` writes,
and those of others that have the same form (Qwen3, Llama or GPT-2 shaped); offline, without
transformers.

What a folder holds is anybody's: its JSON is read up to a size, its tensors are safetensors, and
nothing of it is run.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor

from model.checkpoint import Checkpoint, RunError, read_json
from model.config import GPTConfig
from model.export.architectures import GPT2, GPT2_NAMES, LLAMA, QWEN3, Tensors, llama_names
from model.export.vocabulary import contents_of
from model.gpt import GPT
from model.settings import to_dict
from model.train_state import TrainState
from model.unfilled import Unfilled

ACTIVATIONS = {"gelu_new": "gelu", "gelu_pytorch_tanh": "gelu", "relu": "relu"}


def is_transformers_folder(folder: Path) -> bool:
    """Whether this is a folder that transformers loads, and no run of ours."""
    return (folder / "model.safetensors").exists() and (folder / "config.json").exists()


def read_config(folder: Path) -> GPTConfig:
    """The form of its network. Raises RunError where ours has no such form."""
    found = read_json(folder / "config.json")
    try:
        if found["model_type"] == GPT2.kind:
            return _gpt2_config(found)
        if found["model_type"] in (QWEN3.kind, LLAMA.kind):
            return _llama_config(found)
        raise ValueError(f"it is a {found['model_type']}")
    except (KeyError, TypeError, ValueError) as error:
        raise RunError(
            f"{folder} cannot be begun with ({error}): its network must have the form that"
            " model.export writes (Qwen3, Llama or GPT-2, as many keys as queries)"
        ) from None


def _gpt2_config(found: Mapping[str, Any]) -> GPTConfig:
    width = found["n_embd"]
    return GPTConfig(
        vocab_size=found["vocab_size"],
        block_size=found["n_positions"],
        layers=found["n_layer"],
        heads=found["n_head"],
        width=width,
        mlp_width=found.get("n_inner") or 4 * width,
        mlp=ACTIVATIONS[found.get("activation_function", "gelu_new")],  # type: ignore[arg-type]
        position="learned",
        norm="layer",
        norm_eps=found.get("layer_norm_epsilon", 1e-5),
        qk_norm=False,
        bias=True,
        tied_head=found.get("tie_word_embeddings", True),
    )


def _llama_config(found: Mapping[str, Any]) -> GPTConfig:
    heads, width = found["num_attention_heads"], found["hidden_size"]
    if found.get("num_key_value_heads", heads) != heads:
        raise ValueError("queries share keys")
    if found.get("head_dim", width // heads) * heads != width:
        raise ValueError("its heads are not width / heads wide")
    if found.get("hidden_act", "silu") != "silu":
        raise ValueError(f"its activation is {found['hidden_act']}")
    rope = found.get("rope_parameters") or found
    if rope.get("rope_type", "default") != "default" or found.get("rope_scaling"):
        raise ValueError("its rotations are scaled")
    return GPTConfig(
        vocab_size=found["vocab_size"],
        block_size=found["max_position_embeddings"],
        layers=found["num_hidden_layers"],
        heads=heads,
        width=width,
        mlp_width=found["intermediate_size"],
        qk_norm=found["model_type"] == QWEN3.kind,
        bias=found.get("attention_bias", False),
        tied_head=found.get("tie_word_embeddings", False),
        rope_theta=float(rope.get("rope_theta", 10_000.0)),
        norm_eps=found.get("rms_norm_eps", 1e-6),
    )


def read_pretrained(folder: Path) -> Checkpoint:
    """Its network, as a run that has learnt nothing yet. Raises RunError where the weights are not
    those of its configuration.
    """
    config = read_config(folder)
    rename = _gpt2_weights if config.norm == "layer" else _llama_weights
    try:
        weights = rename(config, load_file(folder / "model.safetensors"))
        with Unfilled():
            model = GPT(config)
        model.load_state_dict(weights)
    except (SafetensorError, OSError, KeyError, RuntimeError) as error:
        reason = str(error).splitlines()[0]
        raise RunError(
            f"the weights in {folder} are not those of its config.json ({reason:.100}): copy the"
            " folder again"
        ) from None
    return Checkpoint(state=TrainState(), weights=weights, settings={"model": to_dict(config)})


def _llama_weights(config: GPTConfig, theirs: Tensors) -> Tensors:
    """The inverse of `architectures.transformers_tensors`."""
    out = {
        "embedding.weight": theirs["model.embed_tokens.weight"],
        "norm.weight": theirs["model.norm.weight"],
    }
    if not config.tied_head:
        out["head.weight"] = theirs["lm_head.weight"]
    for here, there in llama_names(config):
        out[here] = torch.cat([theirs[name] for name in there])
    return {name: tensor.float() for name, tensor in out.items()}


def _gpt2_weights(config: GPTConfig, theirs: Tensors) -> Tensors:
    """GPT-2's matrices lie transposed; older folders leave the name's first part out."""
    root = "transformer." if "transformer.wte.weight" in theirs else ""
    out = {
        "embedding.weight": theirs[f"{root}wte.weight"],
        "positions.weight": theirs[f"{root}wpe.weight"],
    }
    if not config.tied_head:
        out["head.weight"] = theirs["lm_head.weight"]
    names = [
        (f"blocks.{layer}.{here}", f"{root}h.{layer}.{there}")
        for layer in range(config.layers)
        for here, there in GPT2_NAMES
    ]
    for here, there in [*names, ("norm", f"{root}ln_f")]:
        weight: Tensor = theirs[f"{there}.weight"]
        out[f"{here}.weight"] = weight if weight.ndim == 1 else weight.t().contiguous()
        out[f"{here}.bias"] = theirs[f"{there}.bias"]
    return {name: tensor.float() for name, tensor in out.items()}


def read_vocabulary(folder: Path) -> dict[str, Any]:
    """Its tokenizer, as what a run's vocabulary.json holds. Raises RunError for one that cuts text
    in a way unknown here.
    """
    try:
        return contents_of(read_json(folder / "tokenizer.json"))
    except (KeyError, TypeError, AttributeError, ValueError) as error:
        raise RunError(
            f"the tokenizer in {folder} cannot be used ({error}): byte pairs that are cut"
            " as GPT-2 or tiktoken cut them can, and characters"
        ) from None
