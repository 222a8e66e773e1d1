"""A run as a GGUF file for llama.cpp, in float32, written by the package `gguf`."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from model.export import vocabulary as words
from model.export.architectures import architecture_for, gguf_tensors
from model.export.card import write_card
from model.export.vocabulary import END_OF_TEXT, Vocabulary

if TYPE_CHECKING:
    from model.gpt import GPT


class NotRepresentable(ValueError):
    """This run cannot be exported so: one line that says why."""


# What Ollama makes of the file (https://docs.ollama.com/modelfile): a question is written between
# two ends of text, as in training, and the likeliest answer is given.
MODELFILE = f"""FROM ./model.gguf
TEMPLATE \"\"\"{END_OF_TEXT}{{{{ .Prompt }}}}{END_OF_TEXT}\"\"\"
PARAMETER temperature 0
PARAMETER repeat_penalty 1
PARAMETER num_predict 256
PARAMETER stop {END_OF_TEXT}
"""


def export_gguf(run: Path, to: Path) -> None:
    """Write model.gguf in float32. Raises ValueError for a run that no stock network or tokenizer
    fits.
    """
    from model.checkpoint import check_vocabulary, load_model, read_json

    vocabulary = words.read_vocabulary(read_json(run / "vocabulary.json"))
    if vocabulary.splitting is None:
        raise NotRepresentable(
            "llama.cpp has no tokenizer of single characters: export with --format hf, or train"
            " with --tokenizer bpe"
        )
    model = load_model(run)
    check_vocabulary(run, vocabulary.size, model.config.vocab_size)
    write_gguf(to / "model.gguf", run.name, model, vocabulary)
    (to / "Modelfile").write_text(MODELFILE, encoding="utf-8")
    use = (
        f"llama-cli -m model.gguf --temp 0 -no-cnv -p '{END_OF_TEXT}Who is Ada"
        f" Lovelace?{END_OF_TEXT}'"
    )
    write_card(run, to, architecture_for(model.config), model.parameter_count(), f"```\n{use}\n```")


def write_gguf(path: Path, name: str, model: "GPT", vocabulary: Vocabulary | None) -> None:
    """A network as GGUF in float32; without a vocabulary it takes and gives ids alone. Raises
    ValueError where no stock network fits.
    """
    try:
        from gguf import GGUFWriter
    except ImportError:
        raise NotRepresentable(
            "GGUF is written by the package gguf: make extras, or pip install gguf"
        ) from None
    config = model.config
    stock = architecture_for(model.config)
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
    """The token list, padded to the rows of the embedding, and what llama.cpp needs to cut and
    merge as we do.
    """
    from gguf import TokenType

    spelling = words.spelled(vocabulary) | {vocabulary.eot: END_OF_TEXT}
    kinds = {vocabulary.eot: TokenType.CONTROL}
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre(words.GGUF_CUTS[vocabulary.splitting or "gpt2"])
    writer.add_token_list([spelling.get(i, f"[unused {i}]") for i in range(size)])
    writer.add_token_types(
        [kinds.get(i, TokenType.NORMAL if i in spelling else TokenType.UNUSED) for i in range(size)]
    )
    writer.add_token_merges([" ".join(pair) for pair in words.merges(vocabulary)])
    writer.add_bos_token_id(vocabulary.eot)
    writer.add_eos_token_id(vocabulary.eot)
    writer.add_add_bos_token(False)
    writer.add_chat_template(words.CHAT_TEMPLATE)
