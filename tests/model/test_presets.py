"""The five ancestors, to the digit, and each of them trains."""

from pathlib import Path

import pytest
import torch

from model.config import GPTConfig, OptimConfig
from model.gpt import GPT
from model.optim import Optimizer
from model.settings import from_dict, merge, preset_names, read_preset

GPT2_IDS = 50_257


def network(name: str, vocab_size: int) -> GPT:
    with torch.device("meta"):
        return GPT(from_dict(GPTConfig, {"vocab_size": vocab_size} | read_preset(name)["model"]))


def count(module: torch.nn.Module | None) -> int:
    return sum(p.numel() for p in module.parameters()) if module else 0


def test_the_five_are_there() -> None:
    assert preset_names() == [
        "article-dynamo",
        "article-gpt",
        "char-attention",
        "gpty2-wiki",
        "janelm",
    ]


def test_article_dynamo_has_its_published_sizes() -> None:
    model = network("article-dynamo", GPT2_IDS)
    (block,) = model.blocks
    assert (count(model.embedding), count(model.positions), count(model.head)) == (
        5_025_700,
        5_025_700,
        5_075_957,
    )  # 5.0, 5.0, 5.1 M
    assert (count(block.attention), count(block.mlp)) == (40_400, 80_500)  # type: ignore[arg-type]
    assert count(model) == 15_248_257  # 15.2 M
    assert (model.config.block_size, model.config.head_width) == (8, 50)


def test_article_gpt_has_its_published_sizes() -> None:
    model = network("article-gpt", GPT2_IDS)
    head = count(model.head)
    assert head == 38_597_376  # 38.6 M
    assert (count(model) - head) // 10**6 == 123 and count(model) // 10**6 == 162
    assert (model.config.layers, model.config.heads, model.config.width) == (12, 12, 768)


def test_the_others_have_the_shapes_they_are_known_by() -> None:
    wiki, jane, char = (
        network("gpty2-wiki", GPT2_IDS),
        network("janelm", 100),
        network("char-attention", 65),
    )

    def shape(model: GPT) -> tuple[int, int, int, int]:
        config = model.config
        return config.width, config.heads, config.layers, config.block_size

    assert shape(wiki) == shape(char) == (384, 6, 6, 256)
    assert wiki.config.dropout == 0.2 and read_preset("gpty2-wiki")["trainer"]["steps"] == 5000
    assert 68e6 < count(jane) < 74e6
    assert (
        count(char) - count(char.positions) == 10_646_784
    )  # nanoGPT prints 10.65 M for this shape, positions not counted


@pytest.mark.parametrize("name", preset_names())
def test_each_learns_on_a_few_tokens(name: str) -> None:
    settings = read_preset(name)
    small = {
        "layers": min(2, settings["model"]["layers"]),
        "width": 24,
        "heads": 2,
        "mlp_width": 48,
        "position_rows": 0,
        "dropout": 0.0,
    }
    torch.manual_seed(1)
    model = GPT(from_dict(GPTConfig, {"vocab_size": 11} | settings["model"] | small))
    optimizer = Optimizer(model, merge(OptimConfig(), settings["optim"] | {"lr": 0.01}))
    ids = torch.arange(9).repeat(4, 1)
    losses = []
    for _ in range(30):
        loss = model(ids[:, :-1], ids[:, 1:]).nats / 32
        losses.append(loss.item())
        loss.backward()
        optimizer.step(1.0)
    assert losses[-1] < 0.5 * losses[0]


def test_every_setting_of_a_preset_is_one_that_exists() -> None:
    from model.train_config import default_config

    for name in preset_names():
        assert merge(default_config(), read_preset(name)) != default_config()


def test_presets_travel_with_the_package() -> None:
    assert '"presets/*.yaml"' in (Path(__file__).parents[2] / "pyproject.toml").read_text()
