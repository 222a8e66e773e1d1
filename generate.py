"""Ask a trained run: one question, many, a conversation in the terminal, or the chat page.

    python generate.py --prompt "Who is Ada Lovelace?"

The answer alone goes to standard output, as it is made; what was read about it, or that nothing
was, to standard error. torch is loaded only once the options are known to be right.
"""

import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from dataclasses import asdict, dataclass, field, replace
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from model.inference.sampling_params import SamplingParams
from pipeline.answering import run_summary
from pipeline.answering.titles import Source, Titles, read_titles
from pipeline.cli import parse, run
from pipeline.errors import BadInput
from pipeline.files import write_atomically

if TYPE_CHECKING:
    from model.inference.engine import InferenceEngine
    from model.inference.sampling import Answer
    from pipeline.tokens.tokenizer import Tokenizer

MAX_INPUT = 16 << 20  # bytes of questions that are read from a file or from standard input
NOT_ANSWERED = 3  # exit status of --strict for a question about something that was not read
LOOPBACK = ("127.0.0.1", "::1", "localhost")
CONTROLS = {
    code: None for code in (*range(32), *range(127, 160)) if chr(code) not in "\n\t"
}  # what could steer a terminal


@dataclass(frozen=True, slots=True, kw_only=True)
class Options(SamplingParams):
    """Ask a trained run. Without --prompt, questions are read from standard input, one a line."""

    prompt: str | None = None
    """The question, as you would type it to a person."""
    prompts: Path | None = None
    """A file of questions, one a line: all are answered, in batches, an answer a line."""
    run: Path | None = None
    """The run's folder; otherwise the newest in runs/."""
    max_new_tokens: int = 256
    """Longest answer, in tokens."""
    raw: bool = False
    """Continue the text as it stands, whatever it is, instead of answering a question."""
    json: bool = False
    """Print an object a question: the answer, its sources, and how certain the network was of
    it.
    """
    strict: bool = False
    """Give no answer about what was not read, and end with status 3."""
    chat: bool = False
    """Talk in the terminal: arrows bring back what you typed, Ctrl-C stops an answer, Ctrl-D
    ends.
    """
    serve: bool = False
    """Open the chat page on this machine (needs the extra `chat`)."""
    host: str = "127.0.0.1"
    """Address of the chat page; any other than this machine's own needs a --token."""
    port: int = 7860
    """Port of the chat page; 0 for any that is free."""
    token: str | None = None
    """Password that the chat page asks for (the name is askwiki)."""
    output_file: Path | None = None
    """Write the answers to this file instead of standard output."""
    device: str = "auto"
    """auto, cpu, cuda or mps."""
    weights: Literal["auto", "float32", "bfloat16", "int8"] = "auto"
    """Precision of the weights on a CPU; auto is int8, which reads a quarter of float32's bytes and
    gives the same answers.
    """

    def __post_init__(self) -> None:
        SamplingParams.__post_init__(self)
        if self.max_new_tokens < 1:
            raise BadInput(f"--max-new-tokens must be 1 or more, not {self.max_new_tokens}")
        if not 0 <= self.port < 1 << 16:
            raise BadInput(f"--port must be 0 to 65535, not {self.port}")
        if sum((self.prompt is not None, self.prompts is not None, self.chat, self.serve)) > 1:
            raise BadInput(
                "only one of --prompt, --prompts, --chat and --serve can be asked for at a time"
            )
        if self.prompt is not None and not self.prompt.strip() and not (self.raw and self.prompt):
            raise BadInput(
                'the prompt is empty: ask something, as in --prompt "Who is Ada Lovelace?"'
            )
        if self.serve and self.host not in LOOPBACK and len(self.token or "") < 8:
            raise BadInput(
                f"on {self.host} others could reach the page: give it a --token of 8 characters or"
                " more, or leave --host out"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A typed question, the form in which the run knows it, and what was read about it, the
    likeliest first.
    """

    typed: str
    asked: str
    ids: list[int]
    sources: tuple[Source, ...] = ()
    nearest: tuple[str, ...] = ()
    guess: bool = False
    """Whether nothing was read about it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """A run that can be asked."""

    folder: Path
    tokenizer: "Tokenizer"
    titles: Titles
    decoder: "InferenceEngine"
    raw: bool
    max_new_tokens: int

    @property
    def continues(self) -> bool:
        """Whether a prompt is continued as it stands: as wished, or because the run was trained on
        plain text.
        """
        return self.raw or not self.titles.sources

    def understand(self, typed: str) -> Question:
        """The question in the form that the run was trained on. Raises BadInput for one too long
        for the network.
        """
        eot = self.tokenizer.eot
        if self.continues:
            return Question(typed=typed, asked=typed, ids=[eot, *self.tokenizer.encode(typed)])
        sources = self.titles.find(typed)
        asked = sources[0].question if sources else " ".join(typed.split())
        ids = [eot, *self.tokenizer.encode(asked), eot]
        if len(ids) >= self.decoder.config.block_size:
            raise BadInput(
                f"the question is {len(ids):,} tokens long, and this network reads"
                f" {self.decoder.config.block_size:,}: ask a shorter one, or continue its end with"
                " --raw"
            )
        nearest = () if sources else self.titles.nearest(typed)
        return Question(
            typed=typed, asked=asked, ids=ids, sources=sources, nearest=nearest, guess=not sources
        )

    def stream(
        self, question: Question, choice: SamplingParams, into: "Answer | None" = None
    ) -> Iterator[str]:
        """The answer's text, piece by piece, no character broken; `into` is filled along the
        way.
        """
        from model.inference.sampling import stream

        ids = stream(
            self.decoder,
            question.ids,
            max_new_tokens=self.max_new_tokens,
            stop=self.tokenizer.eot,
            choice=choice,
            slide=self.continues,
            into=into,
        )
        yield from self.tokenizer.decode_stream(ids)

    def text(self, answer: "Answer") -> str:
        """An answer as `stream` gives it."""
        return "".join(self.tokenizer.decode_stream(answer.ids))


def open_run(options: Options) -> Reader:
    """The run that the options name. Raises BadInput, or RunError for a folder that is none."""
    import torch

    from model.checkpoint import load_model, newest_run
    from model.device import pick_dtype
    from model.inference.engine import InferenceEngine
    from pipeline.tokens.tokenizer import Tokenizer

    device = "cpu" if options.device == "cpu" else _device(options.device)
    folder = options.run or newest_run()
    # On a CPU the engine rounds as its precision says; elsewhere it takes the model's dtype
    dtype = torch.float32 if device == "cpu" else pick_dtype(torch.device(device), "auto")
    model = load_model(folder, compute=dtype, device=device)
    lasting = options.chat or options.serve
    if options.chat and device == "cpu" and find_spec("numba"):
        say(
            "making the network ready for this processor; the first time, that takes some ten"
            " seconds"
        )
    return Reader(
        folder=folder,
        tokenizer=Tokenizer.load(folder / "vocabulary.json"),
        titles=read_titles(folder / "titles.jsonl"),
        decoder=InferenceEngine(
            model,
            precision="int8" if options.weights == "auto" else options.weights,
            compiled=lasting,
        ),
        raw=options.raw,
        max_new_tokens=options.max_new_tokens,
    )


def _device(name: str) -> str:
    from model.device import pick_device

    try:
        return str(pick_device(name))
    except ValueError as error:
        raise BadInput(str(error)) from None


# --- what is said beside the answer ---------------------------------------------------------------


def plain(text: str) -> str:
    """Text without the characters that could steer a terminal."""
    return text.translate(CONTROLS)


def say(text: str) -> None:
    print(plain(text), file=sys.stderr, flush=True)


def describe(source: Source) -> str:
    return f"{source.title} ({source.url}, revision {source.revid}, {source.licence})"


def remarks(question: Question, *, strict: bool) -> list[str]:
    """Where an answer was read, or that it was not."""
    if question.guess:
        about = (
            question.typed.strip()
            if len(question.typed) < 100
            else question.typed.strip()[:100] + "…"
        )
        near = (
            f"; the nearest titles are: {', '.join(question.nearest)}" if question.nearest else ""
        )
        return [
            f"this run has not read about “{about}”:"
            f" {'it gives no answer' if strict else 'the answer is a guess'}{near}"
        ]
    if not question.sources:
        return []
    first = question.sources[0]
    others = list(
        dict.fromkeys(
            source.title for source in question.sources[1:] if source.title != first.title
        )
    )
    asked = [] if question.asked == question.typed else [f"asked as: {question.asked}"]
    return [
        *asked,
        f"source: {describe(first)}",
        *([f"it might also mean: {', '.join(others)}"] if others else []),
    ]


def as_object(question: Question, answer: "Answer | None", text: str | None) -> dict[str, object]:
    """What --json prints of a question; `answer` and `text` are None where --strict gave none."""
    sources = [
        {"title": s.title, "url": s.url, "revid": s.revid, "licence": s.licence}
        for s in question.sources
    ]
    return {
        "prompt": question.typed,
        "question": question.asked,
        "answer": text,
        "guess": question.guess,
        "sources": sources,
        "nearest": list(question.nearest),
        "certainty": round(answer.mean_logprob, 6) if answer else None,
        "tokens": len(answer.ids) if answer else 0,
        "stopped": answer.stopped if answer else False,
    }


# --- one, many, a conversation --------------------------------------------------------------------


def answer_one(reader: Reader, options: Options, typed: str, write: Callable[[str], object]) -> int:
    """Answer one question as it is made."""
    from model.inference.sampling import Answer

    question, answer = reader.understand(typed), Answer()
    refused = question.guess and options.strict
    if not options.json:
        for remark in remarks(question, strict=options.strict):
            say(remark)
    if options.json:
        text = None if refused else "".join(reader.stream(question, options, answer))
        write(
            json.dumps(as_object(question, None if refused else answer, text), ensure_ascii=False)
            + "\n"
        )
    elif not refused:
        for piece in reader.stream(question, options, answer):
            write(plain(piece))
        write("\n")
        if not answer.stopped and not reader.continues:
            say("the answer was cut at the limit: --max-new-tokens sets it")
    return NOT_ANSWERED if refused else 0


def answer_many(
    reader: Reader, options: Options, typed: Sequence[str], write: Callable[[str], object]
) -> int:
    """Answer many questions in batches: an answer a line, in their order, the line empty where
    --strict gives none.
    """
    from model.inference.sampling import answer_batch

    questions = [reader.understand(text) for text in typed]
    block = reader.decoder.config.block_size
    refused = [question.guess and options.strict for question in questions]
    prompts = [
        question.ids[-(block - 1) :]
        for question, no in zip(questions, refused, strict=True)
        if not no
    ]
    made = iter(
        answer_batch(
            reader.decoder,
            prompts,
            max_new_tokens=options.max_new_tokens,
            stop=reader.tokenizer.eot,
            choice=options,
        )
    )
    for question, no in zip(questions, refused, strict=True):
        answer = None if no else next(made)
        text = reader.text(answer) if answer else None
        if options.json:
            write(json.dumps(as_object(question, answer, text), ensure_ascii=False) + "\n")
        else:
            write(" ".join(plain(text or "").split("\n")) + "\n")
    if guesses := sum(question.guess for question in questions):
        done = "they get no answer" if options.strict else "their answers are guesses"
        say(f"{guesses} of {len(questions)} questions are about what this run has not read: {done}")
    return NOT_ANSWERED if any(refused) else 0


def converse(reader: Reader, options: Options) -> int:
    """Questions and answers in the terminal until the input ends. Ctrl-C stops an answer, or drops
    the line being typed.
    """
    import contextlib

    with contextlib.suppress(ImportError):
        import readline  # noqa: F401  with it, input() has history and editing
    say(
        f"{reader.folder} has read {len(reader.titles.sources):,} questions; Ctrl-C stops an"
        " answer, Ctrl-D ends"
    )
    while True:
        try:
            typed = input("> " if sys.stdin.isatty() else "")
        except KeyboardInterrupt:
            say("")
            continue
        except EOFError:
            return 0
        if not typed.strip():
            continue
        try:
            answer_one(reader, options, typed, _write_out)
        except BadInput as error:
            say(str(error))
        except KeyboardInterrupt:
            say("\n(stopped)")


def _write_out(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


def serve(reader: Reader, options: Options) -> int:
    """The chat page and the endpoint for other programs, until Ctrl-C."""
    from pipeline.answering import server
    from pipeline.answering.serving import Runs

    folder = reader.folder.resolve()
    runs = sorted(path.parent.name for path in folder.parent.glob("*/checkpoints"))

    def open_other(name: str) -> ServedRun:
        other = replace(options, run=folder.parent / name)
        return ServedRun(reader=open_run(other), options=other)

    server.serve(
        Runs(first=ServedRun(reader=reader, options=options), names=runs, open=open_other),
        host=options.host,
        port=options.port,
        token=options.token,
        loopback=options.host in LOOPBACK,
    )
    return 0


@dataclass(slots=True, kw_only=True)
class ServedRun:
    """A run as the server asks it (pipeline.answering.serving.AskedRun)."""

    reader: Reader
    options: Options
    packed: bytes = b""

    @property
    def folder(self) -> Path:
        return self.reader.folder.resolve()

    def about(self) -> dict[str, Any]:
        can = {"read": False, "runs": True}
        return run_summary.about(self.folder, self.reader.titles.sources) | {"can": can}

    def complete(self, text: str) -> list[dict[str, Any]]:
        return run_summary.complete(text, [s.title for s in self.reader.titles.sources])

    def learning(self) -> dict[str, Any]:
        return run_summary.learning(self.folder)

    def ledger(self) -> list[dict[str, Any]]:
        return run_summary.known_pairs(self.folder, self.reader.titles.sources)

    def bundle(self) -> bytes:
        from model.export.html import pack_run

        self.packed = self.packed or pack_run(self.reader.folder, check=False).data
        return self.packed

    def read(self, title: str) -> None:
        """Not yet: reading on needs training."""

    def ask(
        self, typed: str, *, before: Sequence[str], guess: bool, temperature: float
    ) -> Iterator[dict[str, Any]]:
        from model.inference.sampling import Answer

        question, answer, began = self.reader.understand(typed), Answer(), time.monotonic()
        yield {"understood": understood(question)}
        if question.guess and not guess:
            return
        choice = replace(self.options, temperature=temperature)
        for piece in self.reader.stream(question, choice, answer):
            yield {"piece": piece}
        yield {
            "done": {
                "verified": None,
                "tokens": len(answer.ids),
                "prompt_tokens": len(question.ids),
                "seconds": round(time.monotonic() - began, 3),
            }
        }


def understood(question: Question) -> dict[str, Any]:
    """What the page says of how a question was understood."""
    sources = [asdict(source) for source in question.sources[:3]]
    return {
        "sure": "not_read" if question.guess else "sure",
        "say": "\n".join(remarks(question, strict=True)[:1]) if question.guess else "",
        "typed": question.typed,
        "about": question.typed,
        "question": question.asked,
        "sources": sources,
        "choices": [{"label": title, "question": title} for title in question.nearest],
    }


# --- the command ----------------------------------------------------------------------------------


@dataclass(slots=True)
class Sink:
    """Where answers go: standard output as they come, or a file, whole, at the end."""

    path: Path | None
    parts: list[str] = field(default_factory=list)

    def write(self, text: str) -> None:
        if self.path is None:
            _write_out(text)
        else:
            self.parts.append(text)

    def close(self) -> None:
        if self.path is not None:
            write_atomically(self.path, "".join(self.parts))


def read_questions(options: Options) -> list[str]:
    """What is asked: the prompt, the lines of a file or of standard input (with --raw the whole of
    it). Raises BadInput for nothing.
    """
    if options.prompt is not None:
        return [options.prompt]
    if options.prompts is None and sys.stdin.isatty():
        raise BadInput(
            'nothing is asked: give --prompt "Who is Ada Lovelace?", --prompts FILE, --chat or'
            " --serve"
        )
    where = str(options.prompts or "standard input")
    try:
        with options.prompts.open("rb") if options.prompts else closing(sys.stdin.buffer) as file:
            raw = file.read(MAX_INPUT + 1)
        text = raw.decode()
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{where} cannot be read as text: {error}") from None
    if len(raw) > MAX_INPUT:
        raise BadInput(f"{where} is larger than {MAX_INPUT >> 20} MB: ask in parts")
    whole = options.raw and options.prompts is None
    questions = [text.removesuffix("\n")] if whole else [line.strip() for line in text.split("\n")]
    questions = [question for question in questions if question.strip()]
    if not questions:
        raise BadInput(f"{where} holds no question: write one a line")
    return questions


def main() -> int:
    options = parse(Options)
    questions = [] if options.chat or options.serve else read_questions(options)
    reader = open_run(options)
    if options.serve:
        return serve(reader, options)
    if options.chat:
        return converse(reader, options)
    sink = Sink(options.output_file)
    with closing(sink):
        if len(questions) == 1 and options.prompts is None:
            return answer_one(reader, options, questions[0], sink.write)
        return answer_many(reader, options, questions, sink.write)


if __name__ == "__main__":
    run(main, bad_input=(ValueError,))
