"""The network: causal, the same with a cache and without, and as large as its form says."""

import math
from dataclasses import replace

import pytest
import torch

from model import kernels
from model.config import GPTConfig
from model.gpt import GPT

MODERN = GPTConfig(vocab_size=50, block_size=24, layers=2, heads=2, width=16, mlp_width=24)
CLASSIC = replace(
    MODERN, mlp="gelu", position="learned", norm="layer", qk_norm=False, bias=True, tied_head=False
)
BARE = replace(CLASSIC, mlp="relu", norm="none", position_rows=50, head_bias=True)
FORMS = pytest.mark.parametrize(
    "config", [MODERN, CLASSIC, BARE], ids=["modern", "classic", "bare"]
)


def network(config: GPTConfig, compute: torch.dtype = torch.float32) -> GPT:
    """A network whose every parameter is drawn, so that no zero hides a fault."""
    torch.manual_seed(3)
    model = GPT(config, compute_dtype=compute)
    for p in model.parameters():
        torch.nn.init.normal_(p, 0.0, 0.2)
    return model.eval()


def ids(rows: int, tokens: int) -> torch.Tensor:
    return torch.randint(50, (rows, tokens), generator=torch.Generator().manual_seed(1))


@FORMS
def test_a_later_token_never_changes_an_earlier_logit(config: GPTConfig) -> None:
    model, text = network(config), ids(2, 20)
    with torch.no_grad():
        before = model(text)
        for at in (19, 10, 1):
            text[:, at] = (text[:, at] + 1) % 50
            after = model(text)
            torch.testing.assert_close(after[:, :at], before[:, :at], rtol=0, atol=1e-5)
            assert (after[:, at] - before[:, at]).abs().max() > 1e-3
            before = after


@FORMS
def test_a_context_longer_than_the_block_is_refused(config: GPTConfig) -> None:
    with pytest.raises(ValueError, match="25 tokens"):
        network(config)(ids(1, 25))


@FORMS
def test_the_loss_is_summed_over_the_targets_that_count(config: GPTConfig) -> None:
    model, text, targets = network(config), ids(2, 9), ids(2, 9).flip(1)
    targets[0, :5] = -1
    plain = torch.nn.functional.cross_entropy(
        model(text).flatten(0, 1), targets.flatten(), ignore_index=-1, reduction="sum"
    )
    loss = model(text, targets)
    torch.testing.assert_close(loss.nats, plain)
    assert model(text, torch.full_like(targets, -1)).nats.item() == 0


@FORMS
def test_a_row_is_correct_where_greedy_generation_gives_all_its_targets(config: GPTConfig) -> None:
    model, text = network(config), ids(4, 9)
    targets = model(text).argmax(-1)
    targets[1, 3] = (targets[1, 3] + 1) % 50
    targets[2, 3], targets[3] = -1, -1
    for training in (False, True):
        assert model.train(training)(text, targets).correct.tolist() == [True, False, True, False]


@pytest.mark.parametrize("rows", [1, 12, 14, 15, 40])
def test_the_loss_is_of_each_place_s_own_target_however_many_are_scored(rows: int) -> None:
    """In training, where unscored places fill the selection up to a round number."""
    model, text = network(MODERN), ids(rows, 20)
    targets = ids(rows, 20).flip(0)
    targets[:, ::3] = -1
    plain = torch.nn.functional.cross_entropy(
        model(text).flatten(0, 1), targets.flatten(), ignore_index=-1, reduction="sum"
    )
    torch.testing.assert_close(model.train()(text, targets).nats, plain)


@FORMS
def test_every_parameter_learns(config: GPTConfig) -> None:
    model = network(config).train()
    model(ids(4, 12), ids(4, 12).flip(0)).nats.backward()
    for name, p in model.named_parameters():
        assert (p.grad is not None and p.grad.abs().sum() > 0) or name == "positions.weight", name


@FORMS
def test_a_row_that_scores_nothing_brings_no_gradient_and_no_nan(config: GPTConfig) -> None:
    model = network(config).train()
    model(torch.zeros(1, 1, dtype=torch.long), torch.full((1, 1), -1)).nats.backward()
    assert all(p.grad is None or not p.grad.any() for p in model.parameters())


def test_a_new_network_knows_nothing() -> None:
    for config in (MODERN, CLASSIC):
        torch.manual_seed(0)
        loss = GPT(config)(ids(4, 20), ids(4, 20).flip(0)).nats.item() / 80
        assert loss == pytest.approx(math.log(50), abs=0.1)


def test_the_modern_form_begins_as_the_identity() -> None:
    model = GPT(MODERN)
    for block in model.blocks:
        assert not block.attention.out.weight.any() and not block.mlp.down.weight.any()


@FORMS
def test_bfloat16_gives_nearly_the_same(config: GPTConfig) -> None:
    exact, rough = network(config), network(config, torch.bfloat16)
    with torch.no_grad():
        a, b = exact(ids(2, 20)), rough(ids(2, 20))
    assert b.dtype == torch.float32
    assert (a - b).norm() < 0.05 * a.norm()


def test_parameters_are_counted_by_hand() -> None:
    C, M, V = 16, 24, 50
    block = 4 * C * C + 3 * C * M + 2 * C + 2 * (C // 2)
    assert GPT(MODERN).parameter_count() == V * C + 2 * block + C
    block = 4 * C * C + 4 * C + 2 * C * M + M + C + 4 * C
    assert GPT(CLASSIC).parameter_count() == V * C + 24 * C + 2 * block + 2 * C + V * C


def test_dropout_is_drawn_from_the_global_generator_and_only_in_training() -> None:
    model, text = network(replace(CLASSIC, dropout=0.3)), ids(1, 8)
    torch.testing.assert_close(model(text), model(text))
    model.train()
    torch.manual_seed(5)
    first = model(text)
    assert (model(text) - first).abs().max() > 1e-3
    torch.manual_seed(5)
    torch.testing.assert_close(model(text), first, rtol=0, atol=0)


def test_a_network_made_on_no_device_takes_weights_and_computes() -> None:
    source = network(MODERN)
    with torch.device("meta"):
        model = GPT(MODERN)
    model.load_state_dict(source.state_dict(), assign=True)
    torch.testing.assert_close(model.restore_buffers().eval()(ids(1, 5)), source(ids(1, 5)))


def test_some_heads_of_the_first_layer_begin_by_looking_at_the_last_tokens() -> None:
    torch.manual_seed(1)
    model = GPT(replace(MODERN, heads=8, width=128))
    attention, text = model.blocks[0].attention, ids(1, 24)
    x = model.blocks[0].attention_norm(model.embedding(text))
    qkv = attention.qkv(x).view(1, 24, 3, 8, 16)
    weight = torch.stack((attention.q_norm.weight, attention.k_norm.weight))
    q, k, _ = kernels.qk_norm_rope(qkv, weight, (model.cos[:24], model.sin[:24]), 1e-6)
    future = torch.full((24, 24), -torch.inf).triu(1)
    seen = (q @ k.transpose(2, 3) / 4 + future).softmax(-1)[0]  # (heads, from, to)
    for head, back in ((0, 1), (1, 2)):
        looked_at = seen[head].argmax(-1)
        assert looked_at[back:].tolist() == list(range(24 - back))
        assert seen[head].max(-1).values[back:].min() > 0.5


def test_an_evaluation_in_bfloat16_computes_what_training_does() -> None:
    torch.manual_seed(1)
    model = GPT(MODERN, compute_dtype=torch.bfloat16)
    text, targets = ids(4, 20), ids(4, 20).roll(-1, 1)
    trained = model(text, targets)
    with torch.no_grad():
        evaluated = model(text, targets)
    assert evaluated.nats.item() == pytest.approx(trained.nats.item(), rel=1e-3)
    assert evaluated.correct.tolist() == trained.correct.tolist()
