"""Ask a trained run: one question, many, a conversation in the terminal, or the chat page.

    python generate.py --prompt "Who is Ada Lovelace?"

The answer alone goes to standard output; where it was read, or that nothing was, to standard
error. torch is loaded only once the options are known to be right.
"""

if __name__ == "__main__":
    from pipeline.interrupts import end_silently

    end_silently()

import io
import json
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from model.inference.sampling_params import SamplingParams
from pipeline.answering.conversation import (
    READ,
    Conversation,
    choices_of,
    complete_titles,
    converse,
)
from pipeline.answering.phrasebook import phrasebook_of
from pipeline.answering.question_index import FILE, open_index
from pipeline.answering.remarks import citations
from pipeline.answering.responder import LateNetwork, Network, Reply, Responder, as_object
from pipeline.answering.runs import has_read, newest_that_can_answer, why_not
from pipeline.cli import count_of, notice, parse, printable, run, wrapped
from pipeline.errors import BadInput
from pipeline.files import write_atomically
from pipeline.interrupts import held_back
from pipeline.questions.language import Language
from pipeline.text_files import STANDARD_INPUT, decode_stream

if TYPE_CHECKING:
    from model.inference.trained_network import TrainedNetwork
    from pipeline.answering.server.read_now import Learn
    from pipeline.answering.server.served_run import ServedRun

# Questions answered at once, before their answers are written: twice as many each time, while that
# takes less than BATCH_SECONDS. What Ctrl-C stops is soon done again.
FIRST_BATCH, BATCH, BATCH_SECONDS = 8, 256, 1.0
MAX_INPUT = 16 << 20  # bytes of questions that are read from a file or from standard input
NOT_ANSWERED = 3  # exit status of --strict for a question that gets no verified answer
# What --help shows; --help-all shows every option.
COMMON_OPTIONS = {
    "what is asked": ("prompt", "prompts", "chat", "serve"),
    "of whom": ("run", "device"),
    "what is answered": ("strict", "guess", "raw", "json", "max_new_tokens", "temperature"),
}
LOOPBACK = ("127.0.0.1", "::1", "localhost")


@dataclass(frozen=True, slots=True, kw_only=True)
class AskOptions(SamplingParams):
    """Ask a trained run. Without --prompt, questions are read from standard input, one a line."""

    prompt: str | None = None
    """The question, as you would type it to a person."""
    prompts: Path | None = None
    """A file of questions, one a line: all are answered, in batches, an answer a line."""
    run: Path | None = None
    """The run's folder; otherwise the newest in runs/ that can answer."""
    max_new_tokens: int = 256
    """Longest answer, in tokens."""
    raw: bool = False
    """Continue the text as it is, whatever it is, instead of answering a question."""
    json: bool = False
    """Print an object a question: the answer, what was understood and how surely, the sources, and
    whether the answer is word for word what was read.
    """
    guess: bool = False
    """Let the network guess about what was not read; that it is a guess is said."""
    strict: bool = False
    """Give only answers that are word for word what was read; without one, end with status 3."""
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


# --- the network ----------------------------------------------------------------------------------


def open_network(options: AskOptions, folder: Path) -> "TrainedNetwork":
    """The network of a run. Raises BadInput, or RunError for a folder that is none."""
    with held_back():
        import torch

    from model.checkpoint import check_vocabulary, load_model
    from model.device import pick_dtype
    from model.inference.engine import InferenceEngine
    from model.inference.trained_network import TrainedNetwork
    from pipeline.tokens.tokenizer import Tokenizer

    device = "cpu" if options.device == "cpu" else _device(options.device)
    # On a CPU the engine rounds as its precision says; elsewhere it takes the model's dtype.
    dtype = torch.float32 if device == "cpu" else pick_dtype(torch.device(device), "auto")
    model = load_model(folder, compute=dtype, device=device)
    tokenizer = Tokenizer.load(folder / "vocabulary.json")
    check_vocabulary(folder, tokenizer.vocab_size, model.config.vocab_size)
    engine = InferenceEngine(
        model,
        precision="int8" if options.weights == "auto" else options.weights,
        compiled=options.chat or options.serve,
    )
    return TrainedNetwork(
        engine=engine,
        tokenizer=tokenizer,
        params=options,
        max_new_tokens=options.max_new_tokens,
    )


def _device(name: str) -> str:
    from model.device import pick_device

    return str(pick_device(name))


def open_responder(options: AskOptions, folder: Path) -> Responder:
    """What replies to questions about what a run has read."""
    if options.device not in ("auto", "cpu"):  # named, and may not be there: said at once
        return responder_of(options, folder, open_network(options, folder))
    return responder_of(options, folder, LateNetwork(lambda: open_network(options, folder)))


def responder_of(options: AskOptions, folder: Path, network: Network) -> Responder:
    """The same, with this network."""
    index = open_index(folder)
    return Responder(
        index,
        phrasebook_of(index.language),
        network,
        guess=options.guess,
        strict=options.strict,
        greedy=not options.temperature,
    )


# --- one, many, a conversation --------------------------------------------------------------------


def show(
    reply: Reply, language: Language, options: AskOptions, write: Callable[[str], object]
) -> None:
    """An answer on standard output, and what is said beside it on standard error."""
    if options.json:
        write(as_json(as_object(reply)))
        return
    if reply.remark and reply.remark != reply.text:
        notice(reply.remark)
    if reply.text is not None:
        text = printable(reply.text)
        write((text if options.output_file else wrapped(text, sys.stdout)) + "\n")
    elif reply.generated:
        notice(language.says["kept back"])
    for choice in choices_of(reply):
        notice(choice)
    if reply.meaning.questions and reply.text is not None:
        finished = reply.generated is None or reply.generated.stopped
        cited = citations(reply.sources, language, verified=reply.verified, finished=finished)
        for line in cited:
            notice(line)


def answer_prompt(
    responder: Responder, options: AskOptions, typed: str, write: Callable[[str], object]
) -> int:
    """Answer one question."""
    reply = responder.reply(typed)
    show(reply, responder.language, options, write)
    return NOT_ANSWERED if options.strict and reply.text is None else 0


def answer_many(
    responder: Responder, options: AskOptions, typed: Sequence[str], write: Callable[[str], object]
) -> int:
    """Answer many questions in batches: an answer a line, in their order, the line empty where
    there is none. What is answered when Ctrl-C is pressed is written.
    """
    unanswered = written = 0
    size = FIRST_BATCH
    try:
        while written < len(typed):
            began = time.monotonic()
            for reply in responder.replies(typed[written : written + size]):
                write(line_of(reply, options))
                written += 1
                unanswered += reply.text is None
            if time.monotonic() - began < BATCH_SECONDS:
                size = min(2 * size, BATCH)
    except KeyboardInterrupt:
        raise KeyboardInterrupt(
            f"the first {written:,} of {len(typed):,} questions are answered"
        ) from None
    if unanswered:
        notice(f"without an answer, as nothing was read of them: {unanswered} of {len(typed)}")
    return NOT_ANSWERED if options.strict and unanswered else 0


def line_of(reply: Reply, options: AskOptions) -> str:
    """A reply as one line among many."""
    if options.json:
        return as_json(as_object(reply))
    return " ".join(printable(reply.text or "").split("\n")) + "\n"


def as_json(content: object) -> str:
    """A line of JSON, in letters that every terminal has."""
    return json.dumps(content, allow_nan=False) + "\n"


def talk(options: AskOptions, folder: Path) -> int:
    """A conversation in the terminal."""
    from pipeline.answering.server.read_now import can_read_on

    if find_spec("numba") and _device(options.device) == "cpu":
        notice(
            "making the network ready for this processor; the first time, that takes some ten"
            " seconds"
        )
    if _continues(options, folder):
        network = open_network(options, folder)
        notice(f"{folder} continues what you type; Ctrl-C stops it, Ctrl-D ends")
        return converse(lambda text: continue_text(options, network, text, _write_out))
    responder = responder_of(options, folder, open_network(options, folder))
    run = f"{folder} has read {count_of(responder.index.pages_read, 'page')}"
    notice(f"{run}; /help says more, Ctrl-C stops an answer, Ctrl-D ends")

    def read(title: str) -> None:
        """Fetch and learn a page, and go on with what the run then knows."""
        read_aloud(options, folder, title, responder.language.says)
        conversation.responder = responder_of(options, folder, open_network(options, folder))
        complete_titles(conversation.responder.index, list(conversation.commands))

    conversation = Conversation(
        responder,
        lambda reply: show(reply, responder.language, options, _write_out),
        run=run,
        can_read=can_read_on(folder),
        commands={READ: read},
    )
    complete_titles(responder.index, list(conversation.commands))
    return converse(conversation.hear)


def read_aloud(options: AskOptions, folder: Path, title: str, says: Mapping[str, str]) -> None:
    """Read a page and learn it, saying each thing that is done once. Raises BadInput and
    ExternalError as `read_now` does.
    """
    from pipeline.answering.server.read_now import read_now

    if not title:
        raise BadInput(says["read what"])
    before = ""
    for event in read_now(folder, title, learner_of(options, folder), says):
        said = says["learnt"] if "learnt" in event else event["say"]
        if said != before:
            notice(said)
        before = said


def learner_of(options: AskOptions, folder: Path) -> "Learn":
    """What learns the new pages in the cache of a run."""

    def learn_new_pages(on_step: Callable[[int, int], None]) -> int:
        from learn import learn

        return learn(folder, device=options.device, on_step=on_step).pairs

    return learn_new_pages


def _continues(options: AskOptions, folder: Path) -> bool:
    """Whether texts are continued as they are: as wished, or because plain text was read."""
    return options.raw or not has_read(folder)


def continue_text(
    options: AskOptions, network: "TrainedNetwork", text: str, write: Callable[[str], object]
) -> None:
    """Continue a text as it is."""
    pieces = network.continued(text)
    if options.json:
        record = {"prompt": text, "answer": "".join(pieces), "guess": True, "sources": []}
        write(as_json(record))
        return
    for piece in pieces:
        write(printable(piece))
    write("\n")


def _write_out(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


def serve_page(options: AskOptions, folder: Path) -> int:
    """The chat page and the endpoint for other programs, until Ctrl-C."""
    from pipeline.answering.server import app as server
    from pipeline.answering.server.serving import Runs

    if _continues(options, folder):
        raise BadInput(f"{folder} has read plain text: continue a text with --raw instead")
    folder = folder.resolve()
    runs = Runs(
        first=served_run(options, folder),
        names=sorted(path.parent.name for path in folder.parent.glob(f"*/{FILE}")),
        open=lambda name: served_run(options, folder.parent / name),
    )
    server.serve(runs, host=options.host, port=options.port, token=options.token)
    return 0


def served_run(options: AskOptions, folder: Path) -> "ServedRun":
    """A run as the server asks it."""
    from model.export.html import pack_run
    from pipeline.answering.server.served_run import ServedRun

    def open_responders() -> tuple[Responder, Responder]:
        network = open_network(options, folder)
        sure = responder_of(replace(options, guess=False), folder, network)
        return sure, responder_of(replace(options, guess=True), folder, network)

    return ServedRun(
        folder,
        open_responders=open_responders,
        pack=lambda: pack_run(folder, check=False).data,
        learn=learner_of(options, folder),
    )


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


def read_questions(options: AskOptions) -> list[str]:
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
    where = str(options.prompts or STANDARD_INPUT)
    try:
        with options.prompts.open("rb") if options.prompts else closing(sys.stdin.buffer) as file:
            raw = file.read(MAX_INPUT + 1)
    except FileNotFoundError:
        raise BadInput(
            f"{where} is missing: --prompts wants a text file with one question a line"
        ) from None
    except OSError as error:
        raise BadInput(f"{where} cannot be read as text: {error.strerror}") from None
    if len(raw) > MAX_INPUT:
        raise BadInput(f"{where} is larger than {MAX_INPUT >> 20} MB: ask in parts")
    text = "".join(decode_stream(io.BytesIO(raw), where))
    whole = options.raw and options.prompts is None
    questions = [text.removesuffix("\n")] if whole else [line.strip() for line in text.split("\n")]
    questions = [question for question in questions if question.strip()]
    if not questions:
        raise BadInput(f"{where} holds no question: write one a line")
    return questions


def main() -> int:
    options = parse(AskOptions, prog="generate.py", common=COMMON_OPTIONS, positional="prompt")
    questions = [] if options.chat or options.serve else read_questions(options)
    folder = _folder(options)
    if options.serve:
        return serve_page(options, folder)
    if options.chat:
        return talk(options, folder)
    sink = Sink(options.output_file)
    with closing(sink):
        if _continues(options, folder):
            network = open_network(options, folder)
            for text in questions:
                continue_text(options, network, text, sink.write)
            return 0
        responder = open_responder(options, folder)
        if len(questions) == 1 and options.prompts is None:
            return answer_prompt(responder, options, questions[0], sink.write)
        return answer_many(responder, options, questions, sink.write)


def _folder(options: AskOptions) -> Path:
    """The run that is asked; which one is said where it was not named."""
    if options.run:
        reason = "" if options.raw else why_not(options.run)
        if reason and has_read(options.run):
            notice(f"{options.run} {reason}")
        return options.run
    if options.raw:
        from model.checkpoint import newest_run

        return newest_run()
    folder = newest_that_can_answer()
    notice(f"asking {folder}")
    return folder


if __name__ == "__main__":
    run(main, bad_input=(ValueError,))
