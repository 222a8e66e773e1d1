"""The command that takes a run to other tools: a transformers folder, or a GGUF file for llama.cpp.

    python -m model.export --run runs/NAME --to DIR --format hf

A transformers folder is plain JSON and safetensors, written without transformers; GGUF is written by the package `gguf`.
"""

import argparse
import json
import shutil
import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

from model import vocabulary as words
from model.stock import Stock, gguf_tensors, stock_for, transformers_config, transformers_tensors
from model.vocabulary import END_OF_TEXT, Vocabulary

if TYPE_CHECKING:
    from model.gpt import GPT

MAX_NEW_TOKENS = 256


class Refused(ValueError):
    """This run cannot be exported so: one line that says why."""


def export_hf(run: Path, to: Path) -> None:
    """Write the folder that AutoModelForCausalLM and AutoTokenizer load. Raises ValueError for a run that no stock class fits."""
    from safetensors import SafetensorError
    from safetensors.torch import save_file

    from model.checkpoint import load_model, read_json

    vocabulary = words.read_vocabulary(read_json(run / "vocabulary.json"))
    model = load_model(run)
    config = transformers_config(model.config, vocabulary.eot)
    try:
        save_file(transformers_tensors(model.config, model.state_dict()), to / "model.safetensors", metadata={"format": "pt"})
    except SafetensorError as error:
        raise OSError(f"{to} cannot be written: {error}") from None
    generation = {"do_sample": False, "max_new_tokens": min(MAX_NEW_TOKENS, model.config.block_size // 2), "bos_token_id": vocabulary.eot,
                  "eos_token_id": vocabulary.eot, "pad_token_id": vocabulary.eot}
    files = {"config": config, "generation_config": generation, "tokenizer": words.tokenizer_json(vocabulary),
             "tokenizer_config": words.tokenizer_config(model.config.block_size)}
    for name, contents in files.items():
        _write_json(to / f"{name}.json", contents)
    use = ("from transformers import pipeline\n\n"
           "ask = pipeline(\"text-generation\", \"THIS FOLDER\")\n"
           "print(ask([{\"role\": \"user\", \"content\": \"Who is Ada Lovelace?\"}], return_full_text=False)[0][\"generated_text\"])")
    _write_card(run, to, stock_for(model.config), model.parameter_count(), f"```python\n{use}\n```")


def export_gguf(run: Path, to: Path) -> None:
    """Write model.gguf in float32. Raises ValueError for a run that no stock network or tokenizer fits."""
    from model.checkpoint import load_model, read_json

    vocabulary = words.read_vocabulary(read_json(run / "vocabulary.json"))
    if vocabulary.splitting is None:
        raise Refused("llama.cpp has no tokenizer of single characters: export with --format hf, or train with --tokenizer bpe")
    model = load_model(run)
    write_gguf(to / "model.gguf", run.name, model, vocabulary)
    use = f"llama-cli -m model.gguf --temp 0 -no-cnv -p '{END_OF_TEXT}Who is Ada Lovelace?{END_OF_TEXT}'"
    _write_card(run, to, stock_for(model.config), model.parameter_count(), f"```\n{use}\n```")


def write_gguf(path: Path, name: str, model: "GPT", vocabulary: Vocabulary | None) -> None:
    """A network as GGUF in float32; without a vocabulary it takes and gives ids alone. Raises ValueError where no stock network fits."""
    try:
        from gguf import GGUFWriter
    except ImportError:
        raise Refused("GGUF is written by the package gguf: pip install \"askwiki[export]\", or pip install gguf") from None
    config, stock = model.config, stock_for(model.config)
    writer = GGUFWriter(path, stock.kind)
    writer.add_name(name)
    writer.add_context_length(config.block_size)
    writer.add_embedding_length(config.width)
    writer.add_block_count(config.layers)
    writer.add_feed_forward_length(config.mlp_width)
    writer.add_head_count(config.heads)
    writer.add_head_count_kv(config.heads)
    writer.add_vocab_size(config.vocab_size)
    writer.add_file_type(0)  # float32
    if stock.kind == "gpt2":
        writer.add_layer_norm_eps(config.norm_eps)
    else:
        writer.add_layer_norm_rms_eps(config.norm_eps)
        writer.add_rope_freq_base(config.rope_theta)
        writer.add_rope_dimension_count(config.head_width)
        writer.add_key_length(config.head_width)
        writer.add_value_length(config.head_width)
    if vocabulary:
        _add_tokenizer(writer, vocabulary, config.vocab_size)
    else:
        writer.add_tokenizer_model("none")
    for tensor_name, tensor in gguf_tensors(config, model.state_dict()).items():
        writer.add_tensor(tensor_name, tensor.float().numpy())
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _add_tokenizer(writer: Any, vocabulary: Vocabulary, size: int) -> None:
    """The token list, padded to the rows of the embedding, and what llama.cpp needs to cut and merge as we do."""
    from gguf import TokenType

    spelling = words.spelled(vocabulary) | {vocabulary.eot: END_OF_TEXT}
    kinds = {vocabulary.eot: TokenType.CONTROL}
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre(words.GGUF_CUTS[vocabulary.splitting or "gpt2"])
    writer.add_token_list([spelling.get(i, f"[unused {i}]") for i in range(size)])
    writer.add_token_types([kinds.get(i, TokenType.NORMAL if i in spelling else TokenType.UNUSED) for i in range(size)])
    writer.add_token_merges([" ".join(pair) for pair in words.merges(vocabulary)])
    writer.add_bos_token_id(vocabulary.eot)
    writer.add_eos_token_id(vocabulary.eot)
    writer.add_add_bos_token(False)
    writer.add_chat_template(words.CHAT_TEMPLATE)


# --- the card -------------------------------------------------------------------------------------------------------------


def _lines(path: Path, *names: str) -> list[dict[str, Any]]:
    """The objects of a file of JSON lines, none where it is missing. Raises ValueError where one lacks one of the names."""
    if not path.exists():
        return []
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line]
    if not all(isinstance(row, dict) and row.keys() >= set(names) for row in rows):
        raise ValueError(f"{path} holds something else than it should: copy it again from the run, or train again")
    return rows


def model_card(name: str, titles: list[dict[str, Any]], metrics: dict[str, Any], *, stock: Stock, parameters: int, use: str) -> str:
    """README.md of the export: what it was trained on, whose text that is, how good it is and is not, how to use it."""
    pages = {row["url"]: row for row in titles}
    licences = Counter(str(row["licence"]) for row in pages.values())
    held = ", ".join(f"{licence}: {count:,}" for licence, count in licences.most_common())
    names = {"epoch": "epochs", "tokens": "tokens trained on", "train_loss": "training loss (nats a token)", "val_loss": "held-out loss",
             "val_bpb": "held-out bits a byte", "recall": "share of trained questions answered word for word"}
    figures = "\n".join(f"| {label} | {metrics[key]:,.4g} |" for key, label in names.items() if isinstance(metrics.get(key), int | float))
    data = (f"The lead sections of {len(pages):,} Wikipedia pages as {len(titles):,} questions and answers. "
            f"Licences of the pages: {held}." if pages else "Plain text given by whoever trained it; its terms apply.")
    credit = ("The text is by Wikipedia's contributors. `attribution.jsonl` names every page with its address and revision, whose history "
              "lists the authors. Answers reproduce that text closely: whoever passes them, or this model, on should name the pages and "
              "keep their licence (share alike)." if pages else "No pages are recorded for this run.")
    front = "\n".join(["---", "language: en", *(["license: cc-by-sa-4.0"] if pages else []), "library_name: transformers",
                       "pipeline_tag: text-generation", "tags: [askwiki, question-answering, wikipedia]", "---"])
    return f"""{front}

# {name}

A {stock.architecture} of {parameters / 1e6:.1f} M parameters, trained from scratch by AskWiki to answer questions about what it has read.

## Use

{use}

A question stands between two `{END_OF_TEXT}`; the answer follows and ends with another. Ask as it was trained: "Who is …?", "What is …?".

## Data

{data}

## Attribution and licence

{credit}

## Figures

| | |
|---|---|
{figures}

## Limits

It knows only the pages that it was trained on, as they were on the day they were fetched. Asked about anything else it makes up an answer
that sounds alike; nothing in this folder can tell, while AskWiki's own `generate.py` says whether a page was read. It answers one question
at a time, remembers no conversation, and repeats whatever errors and slants the pages had. It is no source: read the page.
"""


def _write_card(run: Path, to: Path, stock: Stock, parameters: int, use: str) -> None:
    titles, metrics = _lines(run / "titles.jsonl", "url", "licence"), _lines(run / "metrics.jsonl")
    card = model_card(run.resolve().name, titles, metrics[-1] if metrics else {}, stock=stock, parameters=parameters, use=use)
    (to / "README.md").write_text(card, encoding="utf-8")
    if titles:
        shutil.copyfile(run / "titles.jsonl", to / "attribution.jsonl")


def _write_json(path: Path, contents: dict[str, Any]) -> None:
    path.write_text(json.dumps(contents, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


# --- the command ----------------------------------------------------------------------------------------------------------


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        raise Refused(f"{message}; --help lists the options")


def main(argv: list[str] | None = None) -> Path:
    """Export as the arguments say, whole or not at all; where to. Raises ValueError in one line for what cannot be."""
    parser = _Parser(prog="python -m model.export", description="Take a run to other tools.")
    parser.add_argument("--run", type=Path, help="the run's folder; otherwise the newest in runs/")
    parser.add_argument("--to", type=Path, required=True, help="the folder to make")
    parser.add_argument("--format", choices=("hf", "gguf"), default="hf", help="a transformers folder, or a file for llama.cpp")
    options = parser.parse_args(argv)
    to: Path = options.to
    if to.exists() and (not to.is_dir() or any(to.iterdir())):
        raise Refused(f"{to} exists and is not empty: choose a new folder")
    from model.checkpoint import newest_run

    part = to.with_name(f".{to.name}.part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    try:
        {"hf": export_hf, "gguf": export_gguf}[options.format](options.run or newest_run(), part)
        if to.exists():
            to.rmdir()
        part.rename(to)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return to


if __name__ == "__main__":
    try:
        print(f"exported to {main()}", file=sys.stderr)
    except KeyboardInterrupt:
        sys.exit(130)
    except ValueError as problem:  # RunError is one
        print(f"error: {problem}", file=sys.stderr)
        sys.exit(2)
    except OSError as problem:
        print(f"error: {problem}", file=sys.stderr)
        sys.exit(1)
