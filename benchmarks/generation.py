"""How fast answers come, beside transformers on the exported folder, llama.cpp and the machine's
memory, and what rounding and doubt cost.

    python -m benchmarks.generation                   # speed, of random weights
    python -m benchmarks.generation --llama DIR/llama-bench    # and llama.cpp's
    python -m benchmarks.generation --run runs/NAME   # a trained run: rounding, certainty
"""

import argparse
import json
import lzma
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import torch
from safetensors.torch import save_file

from model.config import GPTConfig
from model.export.architectures import transformers_config, transformers_tensors
from model.export.gguf import write_gguf
from model.gpt import GPT
from model.inference.engine import InferenceEngine
from model.inference.linear import Precision
from model.inference.sampling import answer_batch, stream

BYTES: dict[Precision, int] = {"float32": 4, "bfloat16": 2, "int8": 1}  # a weight's
WAYS: tuple[tuple[Precision, bool], ...] = (  # and whether the steps of one row are compiled
    ("float32", False),
    ("bfloat16", False),
    ("int8", False),
    ("float32", True),
    ("int8", True),
)
TEN_MILLION = GPTConfig(vocab_size=4096, layers=6, heads=6, width=384, mlp_width=1152)
GPT2_SMALL = GPTConfig(
    vocab_size=50257,
    block_size=1024,
    layers=12,
    heads=12,
    width=768,
    mlp_width=3072,
    norm="layer",
    norm_eps=1e-5,
    position="learned",
    mlp="gelu",
    qk_norm=False,
    bias=True,
)
PROMPT = list(range(1, 17))


def best(work: Callable[[], object], rounds: int) -> float:
    """Seconds of the fastest of several rounds: what the machine can do when nothing else runs."""
    seconds = []
    for _ in range(rounds):
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return min(seconds)


def random_network(config: GPTConfig) -> GPT:
    """Random weights, but as decided as a trained network is on what it knows: rounded weights
    compute close calls twice.
    """
    torch.manual_seed(0)
    model = GPT(config).eval()
    for p in model.parameters():
        if p.ndim > 1:
            p.data.normal_(0.0, 0.05)
    model.norm.weight.data.fill_(1000.0)  # the last norm's weight scales the logits
    return model


def read_bandwidth(rounds: int) -> float:
    """Bytes a second that all cores together read from memory."""
    numbers = torch.ones(1 << 27)
    return numbers.numel() * 4 / best(numbers.sum, rounds)


def theirs(model: GPT, tokens: int, rounds: int) -> float:
    """Tokens a second of transformers' generate on the exported folder, batch 1."""
    from transformers import AutoModelForCausalLM

    with tempfile.TemporaryDirectory() as folder:
        save_file(
            transformers_tensors(model.config, model.state_dict()),
            Path(folder) / "model.safetensors",
            metadata={"format": "pt"},
        )
        (Path(folder) / "config.json").write_text(json.dumps(transformers_config(model.config, 0)))
        peer = AutoModelForCausalLM.from_pretrained(folder)
    ids = torch.tensor([PROMPT])
    options = {
        "max_new_tokens": tokens,
        "min_new_tokens": tokens,
        "do_sample": False,
        "attention_mask": torch.ones_like(ids),
    }
    return tokens / best(lambda: peer.generate(ids, **options), rounds)


def llama(model: GPT, command: Path, tokens: int, rounds: int) -> float:
    """Tokens a second of llama.cpp's own benchmark on the same weights in float32, batch 1, as many
    threads as ours.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "model.gguf"
        write_gguf(path, "random", model, None)
        words = [
            command,
            "-m",
            path,
            "-t",
            str(torch.get_num_threads()),
            "-p",
            "0",
            "-n",
            str(tokens),
            "-r",
            str(rounds),
            "-o",
            "json",
        ]
        done = subprocess.run(words, check=True, capture_output=True, text=True)
    return max(json.loads(done.stdout)[0]["samples_ts"])


def made(model: GPT, precision: Precision, compiled: bool) -> InferenceEngine:
    """A decoder; what is called compiled must be. Raises SystemExit where it is not."""
    decoder = InferenceEngine(model, precision=precision, compiled=compiled)
    if compiled and not decoder.one_row:
        raise SystemExit(
            "nothing can be compiled here: run make extras, and see that the machine has OpenMP"
            " (libgomp)"
        )
    return decoder


def ours(decoder: InferenceEngine, tokens: int, rounds: int, rows: int = 1) -> float:
    """Tokens a second, of one prompt streamed or of many in a batch."""
    if rows == 1:
        return tokens / best(lambda: list(stream(decoder, PROMPT, max_new_tokens=tokens)), rounds)
    prompts = [PROMPT[: 8 + row % 9] for row in range(rows)]
    return (
        rows * tokens / best(lambda: answer_batch(decoder, prompts, max_new_tokens=tokens), rounds)
    )


def speed(tokens: int, rounds: int, llama_bench: Path | None) -> None:
    print(
        f"torch {torch.__version__}, {torch.get_num_threads()} threads; {tokens} tokens, best of"
        f" {rounds}"
    )
    small = random_network(TEN_MILLION)
    peer = theirs(small, tokens, rounds)
    print(
        f"{small.parameter_count() / 1e6:.1f} M parameters, batch 1: transformers {peer:,.0f}"
        " tokens/s"
    )
    for precision, compiled in WAYS:
        decoder = made(small, precision, compiled)
        one = ours(decoder, tokens, rounds)
        print(
            f"  {precision:9}{'compiled' if compiled else '':9}{one:7,.0f} tokens/s,"
            f" {one / peer:4.1f} times transformers",
            end="",
        )
        if not compiled:  # what is compiled is the step of one row
            many = ours(decoder, tokens, max(1, rounds // 2), rows=32)
            print(f"; batch 32: {many:7,.0f} tokens/s, {many / one:4.1f} times batch 1", end="")
        print()
    large, bandwidth = random_network(GPT2_SMALL), read_bandwidth(rounds)
    weights = sum(
        p.numel()
        for name, p in large.named_parameters()
        if p.ndim > 1 and not name.startswith("positions")
    )
    peers = (
        f"; llama.cpp, float32: {llama(large, llama_bench, tokens // 4, rounds):.1f} tokens/s"
        if llama_bench
        else ""
    )
    print(f"GPT-2 small's shape, batch 1; memory is read at {bandwidth / 1e9:.1f} GB/s{peers}")
    for precision, compiled in WAYS:
        rate = ours(made(large, precision, compiled), tokens // 4, rounds)
        read = rate * BYTES[precision] * weights
        print(
            f"  {precision:9}{'compiled' if compiled else '':9}{rate:7.1f} tokens/s, weights read"
            f" at {read / 1e9:5.1f} GB/s, {read / bandwidth:.0%} of the memory's"
        )


def first_token(run: Path, question: str, rounds: int) -> None:
    """From typing the command to the first piece of the answer, beside importing torch and reading
    the weights.
    """
    weights = max(run.glob("checkpoints/step-*/model.safetensors"))

    def answer() -> float:
        start = time.perf_counter()
        command = [sys.executable, "generate.py", "--run", str(run), "--prompt", question]
        with subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        ) as process:
            assert process.stdout and process.stdout.read(1)
            seconds = time.perf_counter() - start
            process.stdout.read()
        return seconds

    least = best(
        lambda: subprocess.run([sys.executable, "-c", "import torch"], check=True), rounds
    ) + best(weights.read_bytes, rounds)
    found = min(answer() for _ in range(rounds))
    print(
        f"first token after {found:.2f} s, importing torch and reading the weights {least:.2f} s:"
        f" {found / least:.2f} times"
    )


def quality(run: Path, questions: int) -> None:
    """What rounding changes, what other phrasings change, and how well certainty tells trained from
    unseen titles.
    """
    from model.checkpoint import load_model
    from pipeline.answering.phrasebook import phrasebook_of
    from pipeline.answering.question_index import open_index
    from pipeline.answering.understanding import understand
    from pipeline.tokens.tokenizer import Tokenizer

    model, tokenizer = load_model(run), Tokenizer.load(run / "vocabulary.json")
    lines = (run / "titles.jsonl").read_text(encoding="utf-8").removesuffix("\n").split("\n")
    sources, index = [json.loads(line) for line in lines], open_index(run)
    phrasebook = phrasebook_of(index.language)
    first = {source["title"]: source["question"] for source in reversed(sources)}
    asked = list(first.values())[:questions]

    def meant_by(text: str) -> str:
        meaning = understand(text, index, phrasebook)
        return meaning.questions[0].text if meaning.questions else ""

    def answers(texts: list[str], precision: Precision) -> list[tuple[list[int], float]]:
        prompts = [[tokenizer.eot, *tokenizer.encode(text), tokenizer.eot] for text in texts]
        made = answer_batch(
            InferenceEngine(model, precision=precision),
            prompts,
            max_new_tokens=200,
            stop=tokenizer.eot,
        )
        return [(answer.ids, answer.mean_logprob) for answer in made]

    exact = answers(asked, "float32")
    for precision in ("bfloat16", "int8"):
        changed = sum(
            a != b for (a, _), (b, _) in zip(exact, answers(asked, precision), strict=True)
        )
        print(
            f"{precision}: {changed} of {len(asked)} greedy answers changed"
            f" ({changed / len(asked):.1%})"
        )
    for form in ("who was {}", "Tell me about {}", "{}", "what is {}"):
        texts = [form.format(title) for title in list(first)[:questions]]
        if form[0].islower():
            texts = [text.lower() for text in texts]
        meant = [meant_by(text) for text in texts]
        found = sum(a == b for a, b in zip(meant, asked, strict=True))
        alike = sum(a == b for (a, _), (b, _) in zip(exact, answers(texts, "float32"), strict=True))
        print(
            f"“{form}”: {found / len(asked):.1%} understood, so answered alike;"
            f" {alike / len(asked):.1%} even by the network alone"
        )
    if not (shared := os.environ.get("ASKWIKI_SHARED")):
        return print("unseen titles: ASKWIKI_SHARED does not say where they are")
    with lzma.open(Path(shared) / "corpora/leads.jsonl.xz", "rt", encoding="utf-8") as lines:
        known = set(first)
        every = [title for line in lines if (title := json.loads(line)["title"]) not in known]
    unseen = [
        f"What is {title}?" for title in every[7 :: max(1, len(every) // questions)][:questions]
    ]
    recognised = sum(not meant_by(question) for question in unseen)
    certain = torch.tensor([c for _, c in exact])
    guessed = answers(unseen, "float32")
    doubtful = torch.tensor([c for _, c in guessed])
    print(f"unread titles recognised: {recognised} of {len(unseen)}")
    print(
        f"certainty: area under the curve {roc_auc(certain, doubtful):.4f}, "
        f"median {certain.median():.3f} trained and {doubtful.median():.3f} unseen"
    )
    for precision in ("bfloat16", "int8"):
        changed = sum(
            a != b for (a, _), (b, _) in zip(guessed, answers(unseen, precision), strict=True)
        )
        print(
            f"{precision}: {changed} of {len(unseen)} guesses changed ({changed / len(unseen):.1%})"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description="How fast answers come, and what rounding costs.")
    parser.add_argument("--run", type=Path, help="a trained run, for the quality of its answers")
    parser.add_argument("--llama", type=Path, help="llama.cpp's program llama-bench")
    parser.add_argument("--tokens", type=int, default=192)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--questions", type=int, default=500)
    parser.add_argument("--only", choices=("speed", "quality"))
    options = parser.parse_args()
    if options.only != "quality":
        speed(options.tokens, options.rounds, options.llama)
    if options.run and options.only != "speed":
        quality(options.run, options.questions)
        first_token(options.run, "What is it?", options.rounds)


def roc_auc(trained: torch.Tensor, unseen: torch.Tensor) -> float:
    """The area under the ROC curve of a score that should be higher for the trained: the share of
    pairs in the right order.
    """
    higher = (trained[:, None] > unseen[None, :]).float() + 0.5 * (
        trained[:, None] == unseen[None, :]
    ).float()
    return float(higher.mean())


if __name__ == "__main__":
    main()
