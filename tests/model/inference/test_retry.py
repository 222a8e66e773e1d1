"""A right answer is found where the likeliest one is wrong, or none is given."""

from collections.abc import Callable, Sequence

import pytest
from tiny_networks import MODERN, network

from model.inference.engine import InferenceEngine
from model.inference.retry import PLACES, retry
from model.inference.sampling import Answer, answer_one

PROMPT, OTHER = [5, 6, 7], [9, 8, 7, 6]
STOP, LIMIT = 0, 12


@pytest.fixture(scope="module")
def engine() -> InferenceEngine:
    return InferenceEngine(network(MODERN))


def answer_to(engine: InferenceEngine, prompt: Sequence[int], limit: int = LIMIT) -> Answer:
    return answer_one(engine, prompt, max_new_tokens=limit, stop=STOP)


def as_far_as(right: Sequence[int]) -> Callable[[Answer], int]:
    """How many ids of an answer, from its beginning, are those of the right one."""

    def right_ids(answer: Answer) -> int:
        ids = answer.ids
        pairs = zip(ids, right, strict=False)
        return next(
            (at for at, (one, two) in enumerate(pairs) if one != two), min(len(ids), len(right))
        )

    return right_ids


def tried(engine: InferenceEngine, right: Sequence[int]) -> Answer | None:
    return retry(
        engine,
        [PROMPT, OTHER],
        answer_to(engine, PROMPT),
        right_ids=as_far_as(right),
        stop=STOP,
        max_new_tokens=LIMIT,
    )


def test_another_phrasing_may_have_the_right_answer(engine: InferenceEngine) -> None:
    right = answer_to(engine, OTHER).ids
    assert right != answer_to(engine, PROMPT).ids
    found = tried(engine, right)
    assert found is not None and found.ids == right


def test_a_second_choice_at_an_uncertain_place_may_lead_to_it(engine: InferenceEngine) -> None:
    first = answer_to(engine, PROMPT)
    order = sorted(range(len(first.ids)), key=lambda place: first.log_probabilities[place])
    place = order[0]
    assert place in order[:PLACES]
    prefix = [*PROMPT, *first.ids[:place]]
    _, logits = engine.prefill([prefix], len(prefix) + 1)
    second = int(logits[0].topk(2).indices[1])
    right = [*first.ids[:place], second]
    right += answer_to(engine, [*PROMPT, *right], LIMIT - len(first.ids) or 1).ids
    found = tried(engine, right)
    assert found is not None and found.ids == right


def test_what_the_network_never_says_is_not_found(engine: InferenceEngine) -> None:
    assert tried(engine, [96] * LIMIT) is None
