"""The compiled steps of one row: what PyTorch computes, for every form of network; and PyTorch's
where nothing can be compiled.
"""

import sys

import pytest
import torch
from tiny_networks import BARE, CLASSIC, MODERN, PLACED, PROMPTS, TURNED, network

from model.config import GPTConfig
from model.inference.engine import InferenceEngine
from model.inference.sampling import answer_one

numba = pytest.importorskip(
    "numba", reason="steps are compiled by the extra `fast`: pip install numba"
)


@pytest.fixture(scope="module", autouse=True)
def threads() -> None:
    if InferenceEngine(network(MODERN), compiled=True).one_row is None:
        pytest.skip("numba finds no OpenMP here")


@pytest.mark.parametrize("config", [MODERN, CLASSIC, BARE, PLACED, TURNED])
def test_compiled_logits_are_the_uncached_ones_at_every_position(config: GPTConfig) -> None:
    model, ids = network(config), torch.randint(0, 97, (1, 48))
    with torch.no_grad():
        whole = model(ids)[0]
    engine = InferenceEngine(model, compiled=True)
    cache, _ = engine.prefill([ids[0, :4].tolist()], 48)
    for at in range(4, 48):
        assert torch.allclose(engine.step([int(ids[0, at])], cache)[0], whole[at], atol=1e-4)


@pytest.mark.parametrize(
    "config",
    [
        MODERN,
        pytest.param(CLASSIC, marks=pytest.mark.slow),
        pytest.param(BARE, marks=pytest.mark.slow),
    ],
)
def test_rounded_steps_give_the_exact_answers(config: GPTConfig) -> None:
    model = network(config)
    exact = [
        answer_one(InferenceEngine(model), prompt, max_new_tokens=30).ids for prompt in PROMPTS
    ]
    assert [
        answer_one(
            InferenceEngine(model, precision="int8", compiled=True), prompt, max_new_tokens=30
        ).ids
        for prompt in PROMPTS
    ] == exact


def test_a_step_behind_a_batch_goes_on_where_the_batch_was() -> None:
    """A batch whose other rows have ended is one row, which compiled steps take over from
    PyTorch's.
    """
    model = network(MODERN)
    plain, compiled = InferenceEngine(model), InferenceEngine(model, compiled=True)
    logits = []
    for engine in (plain, compiled):
        cache, _ = engine.prefill(PROMPTS[:3], 20)
        engine.step([5, 6, 7], cache)
        cache.keep([1])
        logits.append(engine.step([8], cache))
    assert torch.allclose(*logits, atol=1e-4)


def test_without_numba_steps_are_pytorchs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "model.inference.compiled", raising=False)
    monkeypatch.setitem(sys.modules, "numba", None)
    model = network(MODERN)
    engine = InferenceEngine(model, compiled=True)
    assert engine.one_row is None
    assert answer_one(engine, PROMPTS[1], max_new_tokens=9) == answer_one(
        InferenceEngine(model), PROMPTS[1], max_new_tokens=9
    )
