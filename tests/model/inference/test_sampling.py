"""Generation against the network that was trained: the same logits at every position, the same
answers alone and in a batch.
"""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from tiny_networks import BARE, CLASSIC, MODERN, PLACED, PROMPTS, TURNED, network

from model.config import GPTConfig
from model.inference.engine import CLOSE, InferenceEngine
from model.inference.linear import Precision
from model.inference.sampling import (
    Answer,
    answer_batch,
    answer_one,
    generate_batch,
    probabilities,
    sample,
    stream,
    uniforms,
)
from model.inference.sampling_params import SamplingParams


@pytest.mark.parametrize("config", [MODERN, CLASSIC, BARE, PLACED, TURNED])
def test_cached_logits_are_the_uncached_ones_at_every_position(config: GPTConfig) -> None:
    model, ids = network(config), torch.randint(0, 97, (1, 48))
    with torch.no_grad():
        whole = model(ids)[0]
    engine = InferenceEngine(model)
    cache, logits = engine.prefill([ids[0, :4].tolist()], 48)
    for at in range(4, 48):
        assert torch.allclose(logits[0], whole[at - 1], atol=1e-4)
        logits = engine.step([int(ids[0, at])], cache)
    assert torch.allclose(logits[0], whole[-1], atol=1e-4)


@pytest.mark.parametrize("precision", ["bfloat16", "int8"])
def test_rounded_weights_stay_near_the_exact_ones(
    precision: Precision, monkeypatch: pytest.MonkeyPatch
) -> None:
    model, ids = network(MODERN), torch.randint(0, 97, (1, 48))
    with torch.no_grad():
        whole = model(ids)[0]
    monkeypatch.setitem(CLOSE, precision, 0.0)
    engine = InferenceEngine(model, precision=precision)
    cache, _ = engine.prefill([ids[0, :4].tolist()], 48)
    logits = torch.cat([engine.step([int(token)], cache) for token in ids[0, 4:]])
    assert float((logits - whole[4:]).square().mean().sqrt()) < 0.05 * float(whole.std())


def test_close_calls_of_rounded_weights_are_decided_exactly(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    model = network(MODERN)
    exact = [
        answer_one(InferenceEngine(model), prompt, max_new_tokens=30).ids for prompt in PROMPTS
    ]
    monkeypatch.setitem(CLOSE, "int8", float("inf"))
    assert [
        answer_one(InferenceEngine(model, precision="int8"), prompt, max_new_tokens=30).ids
        for prompt in PROMPTS
    ] == exact


@pytest.mark.parametrize("config", [MODERN, CLASSIC, TURNED])
@pytest.mark.parametrize("prompts", [PROMPTS[2:3], [PROMPTS[0], PROMPTS[1], PROMPTS[4]]])
def test_a_close_choice_is_made_as_if_nothing_had_been_rounded(
    config: GPTConfig, prompts: list[list[int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    model, ids = network(config), torch.randint(0, 97, (30, len(prompts))).tolist()
    monkeypatch.setitem(CLOSE, "int8", 1.0)
    exact, rounded = InferenceEngine(model), InferenceEngine(model, precision="int8")
    (exact_cache, _), (cache, _) = exact.prefill(prompts, 48), rounded.prefill(prompts, 48)
    kinds = set()
    for row_ids in ids:
        for right, found in zip(
            exact.step(row_ids, exact_cache), rounded.step(row_ids, cache), strict=True
        ):
            first, second = found.topk(2).values.tolist()
            as_exact = torch.allclose(right, found, atol=1e-4)
            assert as_exact or first - second >= 1.0
            kinds.add(as_exact)
    assert kinds == {True, False}


@pytest.mark.parametrize(
    ("config", "params"),
    [
        (MODERN, SamplingParams()),
        (CLASSIC, SamplingParams()),
        (MODERN, SamplingParams(temperature=1.0, seed=5)),
        (PLACED, SamplingParams(temperature=1.0, seed=5)),
        (MODERN, SamplingParams(temperature=0.8, top_k=9, repetition_penalty=1.3)),
        (TURNED, SamplingParams(temperature=0.8, top_k=9, repetition_penalty=1.3)),
    ],
)
def test_a_batch_of_unequal_prompts_gives_the_answers_of_one_by_one(
    config: GPTConfig, params: SamplingParams
) -> None:
    engine = InferenceEngine(network(config))
    alone = [
        answer_one(engine, prompt, max_new_tokens=30, stop=5, params=params) for prompt in PROMPTS
    ]
    together = answer_batch(engine, PROMPTS, max_new_tokens=30, stop=5, params=params, batch=5)
    assert [a.ids for a in together] == [a.ids for a in alone]
    assert [a.stopped for a in together] == [a.stopped for a in alone]
    assert [a.mean_logprob for a in together] == pytest.approx(
        [a.mean_logprob for a in alone], abs=1e-4
    )


def test_greedy_ids_are_those_of_the_uncached_network_and_stop_where_told() -> None:
    model, prompt = network(MODERN), PROMPTS[1]
    ids = list(prompt)
    with torch.no_grad():
        for _ in range(20):
            ids.append(int(model(torch.tensor([ids]))[0, -1].argmax()))
    expected, engine = ids[len(prompt) :], InferenceEngine(model)
    assert answer_one(engine, prompt, max_new_tokens=20).ids == expected
    stop = expected[7]
    stopped = answer_one(engine, prompt, max_new_tokens=20, stop=stop)
    assert stopped.ids == expected[: expected.index(stop)]
    assert generate_batch(model, [prompt, prompt], max_new_tokens=0) == [[], []]


def test_the_block_ends_an_answer_unless_it_slides() -> None:
    engine = InferenceEngine(network(MODERN))
    answer = answer_one(engine, PROMPTS[0], max_new_tokens=500)
    assert len(answer.ids) == MODERN.block_size and not answer.stopped
    assert len(list(stream(engine, PROMPTS[3] * 3, max_new_tokens=200, slide=True))) == 200
    with pytest.raises(ValueError, match="leaves no room"):
        answer_one(engine, [1] * 48, max_new_tokens=1)
    with pytest.raises(ValueError, match="leaves no room"):
        answer_batch(engine, [[1], [1] * 48], max_new_tokens=1)


def test_an_answer_knows_how_certain_the_network_was() -> None:
    model, answer = network(MODERN), Answer()
    ids = list(stream(InferenceEngine(model), PROMPTS[1], max_new_tokens=6, into=answer))
    with torch.no_grad():
        logits = model(torch.tensor([PROMPTS[1] + ids]))[0].log_softmax(-1)
    expected = [float(logits[len(PROMPTS[1]) - 1 + at, token]) for at, token in enumerate(ids)]
    assert answer.ids == ids and answer.log_probabilities == pytest.approx(expected, abs=1e-4)


@given(
    st.integers(0, 20),
    st.floats(0.05, 1.0),
    st.floats(0, 1),
    st.floats(0.1, 3),
    st.integers(0, 1000),
)
def test_filters_keep_the_likeliest_and_nothing_outside_them(
    top_k: int, top_p: float, min_p: float, temperature: float, seed: int
) -> None:
    logits = torch.randn(50, generator=torch.Generator().manual_seed(seed)) * 3
    p = probabilities(
        logits, SamplingParams(temperature=temperature, top_k=top_k, top_p=top_p, min_p=min_p)
    )
    plain = (logits / temperature).softmax(-1)
    kept = p > 0
    assert float(p.sum()) == pytest.approx(1, abs=1e-5) and kept[logits.argmax()]
    assert int(kept.sum()) <= (top_k or 50)
    assert bool((plain[kept] >= min_p * plain.max() * 0.999).all())
    assert float(plain[kept].sum() - plain[kept].min()) < top_p + 1e-5
    assert float(plain[kept].min()) >= float(plain[~kept].max()) if not kept.all() else True


def test_draws_follow_the_probabilities_and_the_seed() -> None:
    logits = torch.tensor([0.0, 1.0, 2.0, -50.0])
    draws = [
        sample(logits, [], SamplingParams(temperature=1.0), uniform)
        for uniform, _ in zip(uniforms(3), range(4000), strict=False)
    ]
    shares = [draws.count(i) / 4000 for i in range(4)]
    assert shares == pytest.approx(logits.softmax(-1).tolist(), abs=0.03)
    two = SamplingParams(temperature=1.0, top_k=2)
    assert sample(logits, [], two, 0.0) == 1 and sample(logits, [], two, 0.999999) == 2


def test_a_repetition_penalty_turns_away_from_what_was_said() -> None:
    logits = torch.tensor([2.0, 1.9, -1.0])
    assert sample(logits, [], SamplingParams(repetition_penalty=1.5), 0) == 0
    assert sample(logits, [0], SamplingParams(repetition_penalty=1.5), 0) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"temperature": -1},
        {"temperature": float("nan")},
        {"temperature": float("inf")},
        {"top_p": 0},
        {"top_p": 1.1},
        {"min_p": -0.1},
        {"top_k": -1},
        {"repetition_penalty": 0},
        {"seed": -1},
    ],
)
def test_settings_out_of_range_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=f"--{next(iter(wrong)).replace('_', '-')} must be"):
        SamplingParams(**wrong)  # type: ignore[arg-type]
