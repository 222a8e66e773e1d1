"""The network of a run with its tokenizer: what answers questions in text (the engine below knows
ids alone, and the responder above knows no network).
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from model.inference.engine import InferenceEngine
from model.inference.retry import retry
from model.inference.sampling import Answer, answer_batch, answer_one, stream
from model.inference.sampling_params import SamplingParams
from pipeline.answering.responder import Generated
from pipeline.answering.verification import whole_sentences
from pipeline.errors import BadInput
from pipeline.tokens.tokenizer import Tokenizer


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainedNetwork:
    """The network of a run, with its tokenizer: text in, text out."""

    engine: InferenceEngine
    tokenizer: Tokenizer
    params: SamplingParams
    max_new_tokens: int

    def answers(self, questions: Sequence[str]) -> list[Generated]:
        """The answer to each question. Raises BadInput for one too long."""
        if not questions:
            return []
        answers = answer_batch(
            self.engine,
            [self._prompt(question) for question in questions],
            max_new_tokens=self.max_new_tokens,
            stop=self.tokenizer.eot,
            params=self.params,
        )
        return [self._generated(answer) for answer in answers]

    def right_answer(
        self, questions: Sequence[str], right: Callable[[str], int]
    ) -> Generated | None:
        """Another answer to a question, given in several phrasings, that is right from beginning to
        end; `right` tells how many characters of a text are right.
        """
        prompts = [self._prompt(question) for question in questions]
        stop = self.tokenizer.eot
        limit = self.max_new_tokens
        first = answer_one(self.engine, prompts[0], max_new_tokens=limit, stop=stop)
        answer = retry(
            self.engine,
            prompts,
            first,
            right_ids=lambda answer: self._right_ids(answer, right),
            stop=stop,
            max_new_tokens=limit,
        )
        return self._generated(answer) if answer else None

    def continued(self, text: str) -> Iterator[str]:
        """What the network makes of the beginning of a text, piece by piece, no character
        broken.
        """
        ids = stream(
            self.engine,
            [self.tokenizer.eot, *self.tokenizer.encode(text)],
            max_new_tokens=self.max_new_tokens,
            stop=self.tokenizer.eot,
            params=self.params,
            slide=True,
        )
        yield from self.tokenizer.decode_stream(ids)

    def _prompt(self, question: str) -> list[int]:
        eot = self.tokenizer.eot
        block = self.engine.config.block_size
        ids = [eot, *self.tokenizer.encode(question), eot]
        if len(ids) >= block:
            raise BadInput(
                f"the question is {len(ids):,} tokens long, and this network reads {block:,}: ask a"
                " shorter one, or continue its end with --raw"
            )
        return ids

    def _generated(self, answer: Answer) -> Generated:
        return Generated(
            text=self._shown(answer),
            tokens=len(answer.ids),
            mean_logprob=answer.mean_logprob,
            stopped=answer.stopped,
        )

    def _text(self, ids: Sequence[int]) -> str:
        return "".join(self.tokenizer.decode_stream(ids))

    def _shown(self, answer: Answer) -> str:
        """An answer's text, without the sentence that a limit cut off."""
        text = self._text(answer.ids)
        return text if answer.stopped else whole_sentences(text)

    def _right_ids(self, answer: Answer, right: Callable[[str], int]) -> int:
        """How many ids make up the part of an answer's text that is right."""
        text = self._shown(answer)
        ids = answer.ids
        length = right(text)
        if length >= len(text.rstrip()):
            return len(ids)
        count = 0
        while count < len(ids) and len(self._text(ids[: count + 1])) <= length:
            count += 1
        return count
