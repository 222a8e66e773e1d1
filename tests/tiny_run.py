"""Runs for the tests: a network of a few thousand weights in a real run folder, taught five facts
where a test needs right answers.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, replace
from pathlib import Path

import torch

from model.checkpoint import Checkpoint, save_checkpoint
from model.config import GPTConfig
from model.gpt import GPT
from model.train_state import TrainState
from pipeline.answering.index_writer import write_index
from pipeline.records import Pair
from pipeline.tokens.batches import PairData
from pipeline.tokens.pair_tokens import encoded, placed
from pipeline.tokens.tokenizer import Tokenizer, make_tokenizer

FACTS = (
    (
        "Ada Lovelace",
        "Who is Ada Lovelace?",
        "Ada Lovelace was a mathematician who wrote of Babbage’s engine in 1843.",
    ),
    (
        "Hash table",
        "What is a hash table?",
        "A hash table finds a value by its key — in constant time, mostly.",
    ),
    ("Mercury (planet)", "What is Mercury?", "Mercury is the planet nearest to the Sun."),
    ("Łódź", "What is Łódź?", "Łódź is a city in Poland, once of weavers 🧵 and mills."),
    (
        "<b>Bold</b>",
        "What is <b>Bold</b>?",
        "<b>Bold</b> is <script>alert(1)</script> markup in a title & an answer.",
    ),
)
PAIRS = [
    Pair(
        pageid=i,
        title=title,
        kind="definition",
        question=question,
        answer=answer,
        licence="CC BY-SA 4.0",
        revid=100 + i,
        url=f"https://en.wikipedia.org/wiki/{i}",
    )
    for i, (title, question, answer) in enumerate(FACTS, 1)
]
MODERN = GPTConfig(vocab_size=1, block_size=128, layers=2, heads=2, width=64, mlp_width=128)
CLASSIC = replace(MODERN, norm="layer", position="learned", mlp="gelu", qk_norm=False, bias=True)


def make_run(
    folder: Path,
    config: GPTConfig = MODERN,
    *,
    tokenizer: str | Tokenizer = "bpe",
    taught: bool = False,
    pairs: Sequence[Pair] = PAIRS,
) -> Path:
    """A run folder with random weights, or with weights that answer the questions of FACTS."""
    torch.manual_seed(1)
    texts = [text for pair in pairs for text in (pair.question, pair.answer)]
    vocabulary = make_tokenizer(tokenizer, texts, 300) if isinstance(tokenizer, str) else tokenizer
    model = GPT(replace(config, vocab_size=vocabulary.vocab_size))
    if taught:
        teach(model, vocabulary)
    else:
        for p in model.parameters():
            p.data.normal_(0.0 if p.ndim > 1 else 0.8, 0.2)
    folder.mkdir(parents=True)
    settings = {"model": asdict(model.config)}
    (folder / "config.json").write_text(json.dumps(settings))
    vocabulary.save(folder / "vocabulary.json")
    write_index(folder, pairs, [])
    (folder / "metrics.jsonl").write_text(
        json.dumps({"epoch": 3, "train_loss": 0.01, "val_loss": None, "recall": 1.0}) + "\n"
    )
    save_checkpoint(
        folder,
        Checkpoint(state=TrainState(step=3), weights=dict(model.state_dict()), settings=settings),
    )
    return folder


def teach(model: GPT, vocabulary: Tokenizer, epochs: int = 120) -> None:
    """A few seconds of training on every phrasing."""
    made = encoded(PAIRS, vocabulary)
    data = PairData(
        placed(made.ids, made.lengths, made.pieces),
        vocabulary,
        block_size=model.config.block_size,
        batch_tokens=1 << 14,
        seed=0,
    )
    optimizer = torch.optim.AdamW(model.parameters(), lr=3e-3)
    for epoch in range(epochs):
        for batch in data.batches(epoch):
            loss = model(torch.from_numpy(batch.ids), torch.from_numpy(batch.targets))
            (loss.nats / batch.scored).backward()
            optimizer.step()
            optimizer.zero_grad()
