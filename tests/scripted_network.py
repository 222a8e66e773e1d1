"""An index of a few pages and a network that says what it is told to, for what needs no weights."""

from collections.abc import Callable, Sequence

from pipeline.answering.index_writer import memory_index
from pipeline.answering.phrasebook import phrasebook_of
from pipeline.answering.responder import Generated, Responder
from pipeline.questions.languages import language_of
from pipeline.records import Pair

ENTRIES = (
    (1, "Ada Bright", "definition", "Who is Ada Bright?", "Ada Bright was a painter. She drew."),
    (1, "Ada Bright", "facts", "When was Ada Bright born?", "Ada Bright was born in 1801."),
    (2, "Red crane", "definition", "What is a red crane?", "A red crane is a bird."),
    (3, "John Marlow", "definition", "Who is John Marlow?", "John Marlow was a sailor."),
    (4, "Kate Marlow", "definition", "Who is Kate Marlow?", "Kate Marlow is a singer."),
)
PAIRS = [
    Pair(
        pageid=number,
        title=title,
        kind=kind,
        question=question,
        answer=answer,
        url=f"https://en.wikipedia.org/wiki/{number}",
        revid=100 + number,
        licence="CC BY-SA 4.0",
    )
    for number, title, kind, question, answer in ENTRIES
]
ANSWERS = {pair.question: pair.answer for pair in PAIRS}


class ScriptedNetwork:
    """Answers from a table; what is not in it gets nonsense."""

    def __init__(self, answers: dict[str, str]) -> None:
        self.table = answers
        self.asked: list[str] = []

    def answers(self, questions: Sequence[str]) -> list[Generated]:
        self.asked += questions
        return [self._said(self.table.get(question, "So so so.")) for question in questions]

    def right_answer(
        self, questions: Sequence[str], right: Callable[[str], int]
    ) -> Generated | None:
        for said in self.answers(questions):
            if right(said.text) == len(said.text):
                return said
        return None

    def _said(self, text: str) -> Generated:
        return Generated(text=text, tokens=len(text.split()), mean_logprob=-0.5, stopped=True)


def responder(
    answers: dict[str, str] | None = None,
    *,
    code: str = "en",
    guess: bool = False,
    strict: bool = False,
    greedy: bool = True,
) -> Responder:
    """What replies about the pages; without `answers` the network knows all of them by heart."""
    return Responder(
        memory_index(PAIRS, ["Kept Apart"], language_of(code)),
        phrasebook_of(code),
        ScriptedNetwork(ANSWERS if answers is None else answers),
        guess=guess,
        strict=strict,
        greedy=greedy,
    )
