"""Other answers, where the likeliest one is not right: to the question in other phrasings, and with
the second choice at the places where the network was least certain. Knows nothing of text: what is
right is told by a callback.
"""

from collections.abc import Callable, Sequence

import torch

from model.inference.engine import InferenceEngine
from model.inference.sampling import Answer, answer_batch

PLACES = 8  # least certain places of an answer, at which the second choice is tried
ROUNDS = 2  # times that this is done, each time with the best answer so far


def retry(
    engine: InferenceEngine,
    prompts: Sequence[Sequence[int]],
    answer: Answer,
    *,
    right_ids: Callable[[Answer], int],
    stop: int,
    max_new_tokens: int,
) -> Answer | None:
    """An answer that is right, or None where none was found within the bound.

    `prompts` is the question as it was asked, and in other phrasings; `answer` what came of the
    first. `right_ids` tells how many ids of an answer, from its beginning, are right; all of them
    where it is right as a whole.
    """

    def is_right(tried: Answer) -> bool:
        return bool(tried.ids) and right_ids(tried) == len(tried.ids)

    # First other phrasings: the same fact was learned under several, and seldom all of them fail.
    # Then branches: where an answer goes wrong the network was mostly torn between two tokens.
    others = answer_batch(engine, prompts[1:], max_new_tokens=max_new_tokens, stop=stop)
    best = max([answer, *others], key=right_ids)
    for _ in range(ROUNDS):
        if is_right(best):
            return best
        branches = _branches(
            engine,
            prompts[0],
            best,
            start=right_ids(best),
            stop=stop,
            max_new_tokens=max_new_tokens,
        )
        best = max([best, *branches], key=right_ids)
    return best if is_right(best) else None


def _branches(
    engine: InferenceEngine,
    prompt: Sequence[int],
    answer: Answer,
    *,
    start: int,
    stop: int,
    max_new_tokens: int,
) -> list[Answer]:
    """Answers that begin as this one and take the second choice at one of its least certain places,
    from `start` on.
    """
    # Only after what is right so far, and at the places where the chosen token was least likely.
    room = min(len(answer.log_probabilities), engine.config.block_size - len(prompt) - 1)
    places = sorted(range(start, room), key=lambda place: answer.log_probabilities[place])[:PLACES]
    if not places:
        return []
    prefixes = [[*prompt, *answer.ids[:place]] for place in places]
    _, logits = engine.prefill(prefixes, max(map(len, prefixes)) + 1)
    seconds = _second_choices(logits, [*answer.ids, stop], places)
    branches = [
        Answer(
            ids=[*answer.ids[:place], second],
            log_probabilities=list(answer.log_probabilities[: place + 1]),
        )
        for place, second in zip(places, seconds, strict=True)
        if second != stop
    ]
    rests = answer_batch(
        engine,
        [[*prompt, *branch.ids] for branch in branches],
        max_new_tokens=max(1, max_new_tokens - len(answer.ids)),
        stop=stop,
    )
    for branch, rest in zip(branches, rests, strict=True):
        branch.ids += rest.ids
        branch.log_probabilities += rest.log_probabilities
        branch.stopped = rest.stopped
    return branches


def _second_choices(
    logits: torch.Tensor, chosen: Sequence[int], places: Sequence[int]
) -> list[int]:
    """The likeliest id that was not chosen at each place, from logits (B, V)."""
    ranked = logits.topk(2, dim=-1).indices.tolist()
    return [
        first if first != chosen[place] else second
        for (first, second), place in zip(ranked, places, strict=True)
    ]
