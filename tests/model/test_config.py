"""Settings out of range are refused by name."""

import math
from typing import Any

import pytest

from model.config import GPTConfig, OptimConfig, TrainerConfig
from model.settings import from_dict, size_for, size_for_text

SIZE: dict[str, Any] = {
    "vocab_size": 10,
    "layers": 1,
    "heads": 4,
    "width": 16,
    "mlp_width": 32,
}
LEARNED = SIZE | {"block_size": 16, "position": "learned"}


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("vocab_size", 0),
        ("layers", 0),
        ("heads", 0),
        ("heads", 3),
        ("width", 0),
        ("block_size", -1),
        ("dropout", 1.0),
        ("dropout", math.nan),
        ("layers", 2**31),
        ("width", 2**63),
        ("mlp_width", 10**30),
        ("vocab_size", 2**31),
        ("position_rows", -1),
        ("block_size", 2**31),
        ("head_bias", True),
        ("rope_theta", 0.0),
        ("norm_eps", math.nan),
        ("norm_eps", -1e-6),
    ],
)
def test_a_network_that_cannot_be_is_refused_by_the_name_of_the_setting(
    setting: str, value: object
) -> None:
    with pytest.raises(ValueError, match="head" if setting == "head_bias" else setting):
        GPTConfig(**SIZE | {setting: value})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "setting",
    ["epochs", "steps", "seed", "eval_every", "eval_batches", "recall_sample", "patience", "keep"],
)
@pytest.mark.parametrize("value", [-1, 2**64])
def test_a_length_that_cannot_be_is_refused_by_name(setting: str, value: int) -> None:
    with pytest.raises(ValueError, match=setting):
        TrainerConfig(**{"epochs": 1, setting: value})  # type: ignore[arg-type]


def test_rotation_wants_pairs_of_channels() -> None:
    with pytest.raises(ValueError, match="even"):
        GPTConfig(**SIZE | {"width": 12, "heads": 4})
    GPTConfig(**SIZE | {"width": 12, "heads": 4, "position": "learned"})


def test_a_table_of_positions_is_no_shorter_than_the_block() -> None:
    with pytest.raises(ValueError, match="position_rows"):
        GPTConfig(**LEARNED | {"position_rows": 8})
    GPTConfig(**LEARNED | {"position_rows": 17})


@pytest.mark.parametrize(
    "setting",
    [
        "lr",
        "matrix_lr",
        "weight_decay",
        "beta1",
        "momentum",
        "warmup",
        "warmdown",
        "final_lr",
        "grad_clip",
    ],
)
@pytest.mark.parametrize("value", [-0.1, math.nan, math.inf])
def test_rates_that_cannot_be_are_refused_by_name(setting: str, value: float) -> None:
    with pytest.raises(ValueError, match=setting):
        OptimConfig(**{setting: value})  # type: ignore[arg-type]


@pytest.mark.parametrize("device", ["cpu", "cuda", "mps"])
@pytest.mark.parametrize("pairs", [1, 200, 201, 5_000, 10**9])
def test_the_table_of_sizes_keeps_heads_of_32_or_64_channels_at_every_size(
    pairs: int, device: str
) -> None:
    config = from_dict(GPTConfig, size_for(pairs, device)["model"])
    assert config.head_width in (32, 64) and config.mlp_width == 3 * config.width


@pytest.mark.parametrize(("device", "least_tokens"), [("cuda", 64_000), ("cpu", 8_000)])
def test_a_larger_text_gets_a_larger_network_and_larger_steps(
    device: str, least_tokens: int
) -> None:
    sizes = [size_for_text(size, device) for size in (10**6, 50 * 10**6, 500 * 10**6, 10**11)]
    networks = [from_dict(GPTConfig, size["model"]) for size in sizes]
    matrices = [network.layers * network.width**2 for network in networks]
    assert matrices == sorted(matrices)
    assert matrices[0] < matrices[1]
    tokens = [size["dataloader"]["batch_tokens"] for size in sizes]
    assert tokens == sorted(tokens)
    assert tokens[1] >= least_tokens


def test_a_gigabyte_of_text_gets_the_shape_of_gpt_2_small_on_a_gpu() -> None:
    for size in (10**9, 1.5e9, 4e10):
        settings = size_for_text(int(size), "cuda")
        network, tokens = settings["model"], settings["dataloader"]["batch_tokens"]
        assert (network["layers"], network["width"]) == (12, 768)
        assert 64_000 <= tokens <= 1 << 19
        assert network["vocab_size"] % 64 == 0
