"""Exports against the run: equal logits, equal ids, every tensor and token read back."""

import json
import lzma
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import safetensors.torch
import torch
from safetensors import SafetensorError
from tiny_run import CLASSIC, MODERN, make_run

from model.checkpoint import load_model
from model.config import GPTConfig
from model.export.__main__ import main
from model.export.architectures import GPT2, LLAMA, QWEN3, architecture_for, gguf_tensors
from model.export.card import model_card
from model.export.gguf import NotRepresentable
from pipeline.errors import BadInput
from pipeline.tokens.tokenizer import Tokenizer, make_tokenizer

LLAMA_FORM = replace(MODERN, qk_norm=False, tied_head=False, bias=True, rope_theta=5000.0)
RELU_FORM = replace(CLASSIC, mlp="relu", bias=False, tied_head=False, position_rows=200)
FORMS = pytest.mark.parametrize(
    "config",
    [MODERN, LLAMA_FORM, CLASSIC, RELU_FORM],
    ids=["qwen3", "llama", "gpt2", "gpt2 without biases"],
)
TEXTS = [
    "Who is Ada Lovelace?",
    "  two  spaces\n\n and lines\t",
    "Łódź 🧵 — naïve “quotes” 1234567 don't WE'LL",
    "\u3000漢字 \x00",
    "",
    " ",
    "a" * 300,
]


def export(run: Path, to: Path, form: str) -> Path:
    return main(["--run", str(run), "--to", str(to), "--format", form])


@FORMS
def test_stock_classes_compute_the_same_logits(config: GPTConfig, tmp_path: Path) -> None:
    transformers = pytest.importorskip("transformers")
    run = make_run(tmp_path / "run", config)
    theirs = transformers.AutoModelForCausalLM.from_pretrained(export(run, tmp_path / "hf", "hf"))
    assert type(theirs).__name__ == architecture_for(config).architecture
    ours, ids = load_model(run), torch.arange(2 * 100).view(2, 100) % 250
    with torch.no_grad():
        expected, found = ours(ids), theirs(ids).logits
    if config.norm == "rms":
        assert torch.equal(found, expected)
    else:
        torch.testing.assert_close(found, expected, rtol=0, atol=1e-5 * float(expected.abs().max()))


@pytest.mark.parametrize("spec", ["bpe", "char"])
def test_the_exported_tokenizer_gives_our_ids_and_texts(spec: str, tmp_path: Path) -> None:
    transformers = pytest.importorskip("transformers")
    run = make_run(tmp_path / "run", tokenizer=spec)
    theirs = transformers.AutoTokenizer.from_pretrained(export(run, tmp_path / "hf", "hf"))
    ours = Tokenizer.load(run / "vocabulary.json")
    known = [text for text in TEXTS if ours.decode(ours.encode(text)) == text]
    assert len(known) >= (len(TEXTS) if spec == "bpe" else 2)
    for text in known:
        assert theirs(text)["input_ids"] == ours.encode(text)
        assert theirs.decode(ours.encode(text)) == text
    assert (
        theirs.eos_token_id == ours.eot
        and theirs.convert_tokens_to_ids("<|endoftext|>") == ours.eot
    )


def test_ten_thousand_real_leads_have_the_same_ids(shared: Path, tmp_path: Path) -> None:
    transformers = pytest.importorskip("transformers")
    with lzma.open(shared / "corpora/leads.jsonl.xz", "rt", encoding="utf-8") as lines:
        leads = [json.loads(line)["answer"] for _, line in zip(range(10_000), lines, strict=False)]
    tokenizer = make_tokenizer("bpe", leads, 4096)
    run = make_run(tmp_path / "run", tokenizer=tokenizer)
    theirs = transformers.AutoTokenizer.from_pretrained(
        export(run, tmp_path / "hf", "hf"), model_max_length=1 << 20
    )
    assert theirs(leads)["input_ids"] == tokenizer.encode_batch(leads)


def test_the_chat_template_and_the_pipeline_answer_a_question(tmp_path: Path) -> None:
    transformers = pytest.importorskip("transformers")
    run = make_run(tmp_path / "run", taught=True)
    folder = export(run, tmp_path / "hf", "hf")
    asked = [{"role": "user", "content": "Who is Ada Lovelace?"}]
    tokenizer = transformers.AutoTokenizer.from_pretrained(folder)
    prompt = tokenizer.apply_chat_template(asked, tokenize=False, add_generation_prompt=True)
    assert prompt == "<|endoftext|>Who is Ada Lovelace?<|endoftext|>"
    said = transformers.pipeline("text-generation", str(folder))(asked, return_full_text=False)[0][
        "generated_text"
    ]
    assert said == "Ada Lovelace was a mathematician who wrote of Babbage’s engine in 1843."


@FORMS
def test_a_gguf_file_read_back_holds_every_tensor_and_token(
    config: GPTConfig, tmp_path: Path
) -> None:
    gguf = pytest.importorskip("gguf")
    run = make_run(tmp_path / "run", config)
    reader = gguf.GGUFReader(export(run, tmp_path / "out", "gguf") / "model.gguf")
    model, tokenizer = load_model(run), Tokenizer.load(run / "vocabulary.json")
    expected = gguf_tensors(model.config, model.state_dict())
    assert {tensor.name for tensor in reader.tensors} == set(expected)
    for tensor in reader.tensors:
        assert np.array_equal(tensor.data, expected[tensor.name].numpy())
    field = {name: f.contents() for name, f in reader.fields.items()}
    signs = {sign: byte for byte, sign in gguf_signs().items()}
    tokens = field["tokenizer.ggml.tokens"]
    spelled = [tokenizer.decode_bytes([i]) for i in range(tokenizer.vocab_size - 1)]
    assert [bytes(signs[s] for s in token) for token in tokens[:-1]] == spelled
    assert (
        tokens[tokenizer.eot] == "<|endoftext|>"
        and field["tokenizer.ggml.eos_token_id"] == tokenizer.eot
    )
    assert (
        field["general.architecture"] == architecture_for(config).kind
        and field["tokenizer.ggml.pre"] == "gpt-2"
    )
    assert all("".join(pair.split(" ")) in tokens for pair in field["tokenizer.ggml.merges"])


def gguf_signs() -> dict[int, str]:
    """GPT-2's signs for bytes, told another way: what prints stands for itself, the rest follows
    from U+0100 on.
    """
    hidden = iter(range(256, 1024))
    return {
        byte: chr(byte) if 33 <= byte <= 126 or (byte >= 161 and byte != 173) else chr(next(hidden))
        for byte in range(256)
    }


def test_llamas_queries_turn_as_neighbours_where_ours_turn_as_halves(tmp_path: Path) -> None:
    model = load_model(make_run(tmp_path / "run", LLAMA_FORM))
    q = gguf_tensors(model.config, model.state_dict())["blk.0.attn_q.weight"]
    ours = model.state_dict()["blocks.0.attention.qkv.weight"][:64]
    assert torch.equal(q[:4], ours[[0, 16, 1, 17]])


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"norm": "none"}, "no stock network has this form"),
        ({"tied_head": False, "head_bias": True}, "bias on the logits"),
        ({"bias": True}, "both QK-norm and biases"),
        ({"mlp": "relu"}, "no stock network has this form"),
        ({"position": "learned"}, "no stock network has this form"),
    ],
)
def test_a_form_that_no_stock_class_fits_is_refused_with_a_reason(
    change: dict[str, object], why: str, tmp_path: Path
) -> None:
    config = replace(MODERN, **change)  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=why):
        export(make_run(tmp_path / "run", config), tmp_path / "out", "hf")
    assert not (tmp_path / "out").exists() and not list(tmp_path.glob(".out*"))


def test_a_disk_that_takes_no_more_is_one_line_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise SafetensorError("I/O error: no space left")

    monkeypatch.setattr(safetensors.torch, "save_file", full)
    with pytest.raises(OSError, match="no space left"):
        export(make_run(tmp_path / "run"), tmp_path / "out", "hf")
    assert not (tmp_path / "out").exists() and not list(tmp_path.glob(".out*"))


def test_a_users_own_files_beside_the_target_are_left_alone(tmp_path: Path) -> None:
    for name in (".big.part", "big.part", ".big"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "mine.txt").write_text("mine")
    export(make_run(tmp_path / "run"), tmp_path / "big", "hf")
    kept = sorted(file.parent.name for file in tmp_path.glob("*/mine.txt"))
    assert kept == [".big", ".big.part", "big.part"]


def test_nothing_is_written_over_and_mistakes_cost_one_line(tmp_path: Path) -> None:
    run = make_run(tmp_path / "run", tokenizer="char")
    with pytest.raises(BadInput, match="not empty"):
        export(run, run, "hf")
    with pytest.raises(NotRepresentable, match="single characters"):
        export(run, tmp_path / "out", "gguf")
    with pytest.raises(BadInput, match="no run"):
        export(tmp_path / "none", tmp_path / "out", "hf")
    with pytest.raises(BadInput, match="--to"):
        main([])


def test_the_card_names_data_attribution_licence_figures_and_limits(tmp_path: Path) -> None:
    folder = export(make_run(tmp_path / "run"), tmp_path / "hf", "hf")
    card = (folder / "README.md").read_text()
    for part in (
        "license: cc-by-sa-4.0",
        "5 Wikipedia pages",
        "CC BY-SA 4.0: 5",
        "word for word | 1 |",
        "## Limits",
        "attribution.jsonl",
    ):
        assert part in card
    assert len((folder / "attribution.jsonl").read_text().splitlines()) == 5
    nothing = model_card("x", [], {}, stock=LLAMA, parameters=1, use="")
    assert "cc-by-sa" not in nothing and "language:" not in nothing
    assert QWEN3 != GPT2


@pytest.mark.parametrize("licence", ["CC BY-NC-ND 2.5", "unknown", "MIT"])
def test_the_card_claims_no_licence_and_no_author_that_the_pages_do_not_name(licence: str) -> None:
    pages = [{"url": "https://kb.example.org/wiki/Loom", "licence": licence, "title": "Loom"}]
    card = model_card("x", pages, {}, stock=LLAMA, parameters=1, use="")
    assert "license: other\n" in card and f"{licence}: 1" in card and "kb.example.org" in card
    assert "wikipedia" not in card.lower() and "by-sa" not in card.lower()
