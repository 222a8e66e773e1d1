"""A run as a folder that transformers loads: plain JSON and safetensors, written without
transformers.
"""

import json
from pathlib import Path
from typing import Any

from model.export import vocabulary as words
from model.export.architectures import architecture_for, transformers_config, transformers_tensors
from model.export.card import write_card

MAX_NEW_TOKENS = 256


def export_hf(run: Path, to: Path) -> None:
    """Write the folder that AutoModelForCausalLM and AutoTokenizer load. Raises ValueError for a
    run that no stock class fits.
    """
    from safetensors import SafetensorError
    from safetensors.torch import save_file

    from model.checkpoint import check_vocabulary, load_model, read_json

    vocabulary = words.read_vocabulary(read_json(run / "vocabulary.json"))
    model = load_model(run)
    check_vocabulary(run, vocabulary.size, model.config.vocab_size)
    config = transformers_config(model.config, vocabulary.eot)
    try:
        save_file(
            transformers_tensors(model.config, model.state_dict()),
            to / "model.safetensors",
            metadata={"format": "pt"},
        )
    except SafetensorError as error:
        raise OSError(f"{to} cannot be written: {error}") from None
    generation = {
        "do_sample": False,
        "max_new_tokens": min(MAX_NEW_TOKENS, model.config.block_size // 2),
        "bos_token_id": vocabulary.eot,
        "eos_token_id": vocabulary.eot,
        "pad_token_id": vocabulary.eot,
    }
    files = {
        "config": config,
        "generation_config": generation,
        "tokenizer": words.tokenizer_json(vocabulary),
        "tokenizer_config": words.tokenizer_config(model.config.block_size),
    }
    for name, contents in files.items():
        _write_json(to / f"{name}.json", contents)
    use = (
        'from transformers import pipeline\n\nask = pipeline("text-generation", "THIS'
        ' FOLDER")\nprint(ask([{"role": "user", "content": "Who is Ada Lovelace?"}],'
        ' return_full_text=False)[0]["generated_text"])'
    )
    write_card(
        run, to, architecture_for(model.config), model.parameter_count(), f"```python\n{use}\n```"
    )


def _write_json(path: Path, contents: dict[str, Any]) -> None:
    path.write_text(json.dumps(contents, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
