"""The page's JavaScript computes what the program computes: tokens, characters, logits."""

import json
import random
from dataclasses import replace
from hashlib import blake2b
from pathlib import Path

import pytest
import torch
from browser import in_node
from scripted_network import ScriptedNetwork
from tiny_networks import BARE, CLASSIC, MODERN, PLACED, TURNED
from tiny_run import FACTS, PAIRS

from model.config import GPTConfig
from model.gpt import GPT
from pipeline.answering.index_writer import memory_index
from pipeline.answering.phrasebook import phrasebook_of
from pipeline.answering.responder import Responder
from pipeline.answering.server.page import join_modules, web_folder
from pipeline.answering.server.portable import portable_digests, portable_index, portable_language
from pipeline.answering.understanding import understand
from pipeline.answering.verification import digests_of, verified_length, whole_sentences
from pipeline.records import Pair
from pipeline.tokens.tokenizer import SPLITTING, BytePairs, Tokenizer, make_tokenizer

ODD = "aZé '’\n\r\t\u00a0\u2028\ufeff\u0085\u3000中文ł5½٣\U0001f9f5\u0301ſLLsd"
PROSE = "The Komodo dragon's length, 2.6 metres – it's “large”; 10³ of them don't LIVE there.\n\n"


def odd_texts(count: int) -> list[str]:
    source = random.Random(1)
    return ["".join(source.choices(ODD, k=source.randrange(25))) for _ in range(count)] + [PROSE]


def tokenizers() -> list[Tokenizer]:
    texts = [PROSE, ODD]
    trained = make_tokenizer("bpe", texts * 3, 300)
    assert isinstance(trained, BytePairs)
    others = [
        BytePairs("bpe", splitting=splitting, ranks=trained.ranks, eot=trained.eot)
        for splitting in SPLITTING
    ]
    return [*others, make_tokenizer("char", [PROSE], 0)]


def test_texts_become_the_same_tokens_and_tokens_the_same_texts(tmp_path: Path) -> None:
    cases = []
    for tokenizer in tokenizers():
        tokenizer.save(tmp_path / "vocabulary.json")
        texts = odd_texts(300)
        ids = [random.Random(2).choices(range(tokenizer.vocab_size), k=30) for _ in range(20)]
        cases.append(
            {
                "vocabulary": json.loads((tmp_path / "vocabulary.json").read_text()),
                "texts": texts,
                "encoded": [tokenizer.encode(text) for text in texts],
                "ids": ids,
                "decoded": ["".join(tokenizer.decode_stream(each)) for each in ids],
            }
        )
    imports = 'import { makeTokenizer } from "./tokenizer.js";'
    script = """
        give(data.map(({ vocabulary, texts, ids }) => {
          const tokenizer = makeTokenizer(vocabulary);
          return {
            encoded: texts.map((text) => tokenizer.encode(text)),
            decoded: ids.map((each) => tokenizer.decode(each)),
          };
        }));
    """
    made = in_node(imports, script, cases)
    for case, result in zip(cases, made, strict=True):
        assert result["encoded"] == case["encoded"]
        assert result["decoded"] == case["decoded"]


@pytest.mark.parametrize("config", [MODERN, CLASSIC, BARE, PLACED, TURNED])
def test_every_form_of_network_gives_the_same_logits(config: GPTConfig) -> None:
    torch.manual_seed(3)
    model = GPT(config).eval()
    for parameter in model.parameters():
        parameter.data.normal_(0.0 if parameter.ndim > 1 else 0.8, 0.3)
    ids = [5, 17, 3, 3, 60, 8, 0, 41]
    with torch.inference_mode():
        expected = model(torch.tensor([ids]))[0]
    weights = {name: tensor.flatten().tolist() for name, tensor in model.state_dict().items()}
    fields = {name: getattr(config, name) for name in config.__dataclass_fields__}
    imports = 'import { Network } from "./network.js";'
    script = """
        const named = Object.entries(data.weights);
        const weights = new Map(named.map(([name, values]) => [name, Float32Array.from(values)]));
        const network = new Network(data.config, weights);
        give(data.ids.map((id) => [...network.read(id)]));
    """
    data = {"config": fields, "weights": weights, "ids": ids}
    logits = torch.tensor(in_node(imports, script, data))
    torch.testing.assert_close(logits, expected.float(), rtol=1e-3, atol=1e-3)


TALKS = (
    *([form] for _, question, _ in FACTS for form in (question, question.lower(), question[6:])),
    *([question[:at] + question[at + 1 :]] for _, question, _ in FACTS for at in range(3, 18, 2)),
    ["who was ada lovelace", "when was she born", "and what about hash tables"],
    ["What is Mercury?", "the other one"],
    ["Ada_Lovelace"],
    ["https://en.wikipedia.org/wiki/Ada%20Lovelace"],
    ["hash tables vs mercury"],
    ["is ada lovelace a mathematician"],
    ["sorry, but could you tell me who lovelace is? thanks!"],
    *(["who was ada lovelace", typed] for typed in ("tell me more", "why?", "is she French?")),
    ["who was ada lovelace", "where was she born", "more", "what books did she write"],
    ["tell me more"],
    ["who is edgar poe", "why", "is he dead", "who is alan kay and when was he born"],
    ["when was the city of lodz", "what is love?"],
    ["what about the harbour siege"],
    ["what about northgate fc"],
    *([typed] for typed in ("hello", "who are you", "what have you read", "why", "love")),
    ["who is grace hopper"],
    ["Straße ŁÓDŹ ſtop"],
    [ODD],
)


NAMES = (
    ("Siege of Harbour Hill", "What was the Siege of Harbour Hill?", "It was a siege of 1644."),
    ("Northgate F.C.", "What is Northgate F.C.?", "Northgate F.C. is a club."),
)
FULLER = [
    *PAIRS,
    replace(PAIRS[0], kind="facts", question="When was Ada Lovelace born?", answer="In 1815."),
    *(
        replace(PAIRS[0], pageid=60 + at, title=title, question=question, answer=answer)
        for at, (title, question, answer) in enumerate(NAMES)
    ),
]


@pytest.mark.parametrize("pairs", [PAIRS, FULLER], ids=["definitions", "facts"])
def test_questions_are_understood_alike_and_replied_to_in_the_same_words(pairs: list[Pair]) -> None:
    book = phrasebook_of("en")
    index = memory_index(pairs, ["Grace Hopper"], book.language)
    responder = Responder(index, book, ScriptedNetwork({}))
    expected = []
    for *before, typed in TALKS:
        topic = responder.topic_of(before)
        reply, meaning = responder.reply(typed, topic), understand(typed, index, book, topic)
        said = reply.text if meaning.outcome == "small_talk" else reply.remark
        pages, texts = [p.number for p in meaning.pages], [q.text for q in meaning.questions]
        fields = [meaning.outcome, pages, meaning.kind, texts, meaning.about, meaning.is_yes_no]
        expected.append([*fields, said])
    imports = """
        import { Responder } from "./responder.js";
    """
    script = """
        const responder = new Responder(data, null);
        give(data.talks.map((talk) => {
          const typed = talk.at(-1);
          const meaning = responder.understand(typed, talk.slice(0, -1));
          const { say } = responder.described(meaning, typed);
          const pages = meaning.pages.map((page) => page.number);
          const texts = meaning.questions.map((question) => question.text);
          return [meaning.outcome, pages, meaning.kind, texts, meaning.about, meaning.isYesNo, say];
        }));
    """
    data = {
        "index": portable_index(index),
        "language": portable_language(book.language),
        "talks": TALKS,
    }
    assert in_node(imports, script, data) == expected


def test_answers_are_checked_alike() -> None:
    texts = ["", "One.", "One. Two!  Three", "É ü 中。Next", "x" * 300, "a\n\nb\n"]
    script = "give(data.map(([text, size]) => blake2b(new TextEncoder().encode(text), size)));"
    imports = 'import { blake2b } from "./verification.js";'
    sizes = [(text, size) for text in texts for size in (8, 32)]
    assert in_node(imports, script, sizes) == [
        blake2b(text.encode(), digest_size=size).hexdigest() for text, size in sizes
    ]
    digests = [portable_digests(digests_of(text)) for text in texts]
    imports = 'import { verifiedLength } from "./verification.js";'
    script = "give(data.flatMap(([text, digests]) => verifiedLength(text, digests)));"
    crossed = [(text, given) for text in texts for given in digests]
    assert in_node(imports, script, crossed) == [
        verified_length(text, digests_of(given)) for text in texts for given in texts
    ]
    imports = 'import { wholeSentences } from "./verification.js";'
    assert in_node(imports, "give(data.map(wholeSentences));", texts) == [
        whole_sentences(text) for text in texts
    ]


def test_no_module_could_end_the_script_that_it_is_put_into() -> None:
    script = join_modules(web_folder())
    assert "</script" not in script
    assert "import {" not in script and "\nexport " not in script
