"""Prompt ids → answer ids: the next token is chosen (`sample`), again and again, for one prompt or
for many in batches, with the same answers. Knows nothing of text.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor

from model.gpt import GPT
from model.inference.engine import InferenceEngine
from model.inference.sampling_params import GREEDY, SamplingParams

BATCH = 32  # prompts that are answered at once


@dataclass(slots=True, kw_only=True)
class Answer:
    """The ids of an answer without the stop, and the log-probability (nats) that the network gave
    each choice, the stop's included.
    """

    ids: list[int] = field(default_factory=list)
    log_probabilities: list[float] = field(default_factory=list)
    stopped: bool = False
    """Whether the network ended the answer; otherwise the limit or the block did."""

    @property
    def mean_logprob(self) -> float:
        """Mean log-probability of the choices; 0 is certain."""
        return sum(self.log_probabilities) / max(1, len(self.log_probabilities))


def penalised(logits: Tensor, seen: Sequence[int], penalty: float) -> Tensor:
    """logits (V,), those of seen ids made smaller: divided where positive, multiplied where not.
    Keskar et al. 2019, arXiv 1909.05858.
    """
    at = torch.tensor(sorted(set(seen)), device=logits.device)
    old = logits[at]
    return logits.scatter(0, at, torch.where(old > 0, old / penalty, old * penalty))


def probabilities(logits: Tensor, params: SamplingParams) -> Tensor:
    """logits (V,) → the probabilities (V,) to draw from: temperature, then top-k, top-p and min-p,
    each on what the one before left.
    """
    p = (logits / params.temperature).softmax(-1)
    ranked, order = p.sort(descending=True)
    if params.top_k:
        ranked[params.top_k :] = 0
    if params.top_p < 1:
        ranked = ranked / ranked.sum()
        ranked = ranked * (ranked.cumsum(-1) - ranked < params.top_p)
    if params.min_p:
        ranked = ranked * (ranked >= params.min_p * ranked[0])
    return torch.zeros_like(p).scatter(0, order, ranked / ranked.sum())


def sample(logits: Tensor, seen: Sequence[int], params: SamplingParams, uniform: float) -> int:
    """The next id from logits (V,); `uniform`, in [0, 1), decides where there is something to draw,
    so that equal numbers choose the same.
    """
    if params.repetition_penalty != 1 and seen:
        logits = penalised(logits, seen, params.repetition_penalty)
    if not params.temperature:
        return int(logits.argmax())
    sums = probabilities(logits, params).cumsum(-1)
    return min(
        int(torch.searchsorted(sums, uniform * float(sums[-1]), right=True)),
        int((sums < sums[-1]).sum()),
    )


def uniforms(seed: int) -> Iterator[float]:
    """Draws from [0, 1), the same for the same seed, on every device."""
    generator = torch.Generator().manual_seed(seed)
    while True:
        yield from torch.rand(64, generator=generator, dtype=torch.float64).tolist()


def stream(
    engine: InferenceEngine,
    prompt: Sequence[int],
    *,
    max_new_tokens: int,
    stop: int | None = None,
    params: SamplingParams = GREEDY,
    slide: bool = False,
    into: Answer | None = None,
) -> Iterator[int]:
    """The ids that follow the prompt, as they are chosen, up to `stop` (which is not given). `into`
    is filled along the way.

    A context that outgrows the block ends the answer, or with `slide` goes on with its second half.
    Raises ValueError for a prompt that leaves no room in the block and may not slide.
    """
    answer = Answer() if into is None else into
    block = engine.config.block_size
    seen = list(prompt)
    if slide:
        seen = seen[-max(1, block - 1) :]
    check_room(len(seen), block)
    if max_new_tokens < 1:
        return
    size = min(block, len(seen) + max_new_tokens)
    contexts, logits = engine.prefill([seen], size)
    for uniform in uniforms(params.seed):
        token = sample(logits[0], seen, params, uniform)
        answer.log_probabilities.append(float(logits[0].log_softmax(-1)[token]))
        if token == stop:
            answer.stopped = True
            return
        answer.ids.append(token)
        seen.append(token)
        yield token
        if len(answer.ids) >= max_new_tokens:
            return
        if contexts.lengths[0] < contexts.size:
            logits = engine.step([token], contexts)
        elif slide:
            contexts, logits = engine.prefill([seen[-max(1, block // 2) :]], block)
        else:
            return


def check_room(tokens: int, block: int) -> None:
    """Raises ValueError for a prompt of so many tokens that no answer fits in the block after
    it.
    """
    if tokens >= block:
        raise ValueError(
            f"a prompt of {tokens} tokens leaves no room for an answer in this network's block of"
            f" {block}"
        )


def answer_one(
    engine: InferenceEngine,
    prompt: Sequence[int],
    *,
    max_new_tokens: int,
    stop: int | None = None,
    params: SamplingParams = GREEDY,
) -> Answer:
    """The whole answer to a prompt. Raises ValueError as `stream`."""
    answer = Answer()
    for _ in stream(
        engine, prompt, max_new_tokens=max_new_tokens, stop=stop, params=params, into=answer
    ):
        pass
    return answer


def answer_batch(
    engine: InferenceEngine,
    prompts: Sequence[Sequence[int]],
    *,
    max_new_tokens: int,
    stop: int | None = None,
    params: SamplingParams = GREEDY,
    batch: int = BATCH,
) -> list[Answer]:
    """The answers to many prompts, in their order, `batch` at a time: those that `answer_one`
    gives, up to rounding.
    """
    answers = [Answer() for _ in prompts]
    by_length = sorted(range(len(prompts)), key=lambda i: len(prompts[i]))
    for first in range(0, len(prompts), batch):
        rows = by_length[first : first + batch]
        asked, filled = [prompts[i] for i in rows], [answers[i] for i in rows]
        _answer_rows(engine, asked, filled, max_new_tokens=max_new_tokens, stop=stop, params=params)
    return answers


def _answer_rows(
    engine: InferenceEngine,
    prompts: list[Sequence[int]],
    answers: list[Answer],
    *,
    max_new_tokens: int,
    stop: int | None,
    params: SamplingParams,
) -> None:
    """Fill the answers to prompts that are computed together; a row that has ended leaves the
    others.
    """
    block = engine.config.block_size
    longest = max(len(prompt) for prompt in prompts)
    check_room(longest, block)
    if max_new_tokens < 1:
        return
    contexts, logits = engine.prefill(prompts, min(block, longest + max_new_tokens))
    for uniform in uniforms(params.seed):
        tokens = _choose_rows(logits, prompts, answers, params, uniform)
        going = []
        for row, (answer, token) in enumerate(zip(answers, tokens, strict=True)):
            answer.stopped = token == stop
            if not answer.stopped:
                answer.ids.append(token)
                if len(answer.ids) < max_new_tokens and contexts.lengths[row] < contexts.size:
                    going.append(row)
        if not going:
            return
        if len(going) < len(answers):
            prompts, answers, tokens = (
                [prompts[row] for row in going],
                [answers[row] for row in going],
                [tokens[row] for row in going],
            )
            contexts.keep(going)
        logits = engine.step(tokens, contexts)


def _choose_rows(
    logits: Tensor,
    prompts: list[Sequence[int]],
    answers: list[Answer],
    params: SamplingParams,
    uniform: float,
) -> list[int]:
    """The next id of each row of logits (B, V); its log-probability goes to the answers."""
    if params.temperature or params.repetition_penalty != 1:
        pairs = zip(logits, prompts, answers, strict=True)
        chosen = torch.tensor(
            [sample(row, [*prompt, *answer.ids], params, uniform) for row, prompt, answer in pairs],
            device=logits.device,
        )
    else:
        chosen = logits.argmax(-1)
    for answer, value in zip(
        answers, logits.log_softmax(-1).gather(1, chosen[:, None]).squeeze(1).tolist(), strict=True
    ):
        answer.log_probabilities.append(value)
    return chosen.tolist()


def generate_batch(
    model: GPT,
    prompts: Sequence[Sequence[int]],
    *,
    max_new_tokens: int,
    stop: int | None = None,
    params: SamplingParams = GREEDY,
) -> list[list[int]]:
    """The ids that a network answers to many prompts."""
    return [
        a.ids
        for a in answer_batch(
            InferenceEngine(model),
            prompts,
            max_new_tokens=max_new_tokens,
            stop=stop,
            params=params,
        )
    ]
