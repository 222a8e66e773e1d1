"""The run's vocabulary.json in the forms of other tools: Hugging Face's tokenizer.json and GGUF's
lists; pure.

The file is read as it lies on disk, as ids and bytes; nothing is encoded or decoded here.
"""

import base64
import binascii
from dataclasses import dataclass
from typing import Any

END_OF_TEXT = "<|endoftext|>"
CHAT_TEMPLATE = (
    "{%- for message in messages -%}{%- if message['role'] != 'system' -%}"
    + END_OF_TEXT
    + "{{ message['content'] }}{%- endif -%}{%- endfor -%}{%- if add_generation_prompt -%}"
    + END_OF_TEXT
    + "{%- endif -%}"
)
# How text is cut before merging, in the dialect of Hugging Face's regular expressions.
CUTS = {
    "gpt2": r"'(?:[sdmt]|ll|ve|re)| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+",
    "cl100k": (
        r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}|"
        r" ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
    ),
    "o200k": (
        r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
        r"|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+[\p{Ll}\p{Lm}\p{Lo}\p{M}]*(?i:'s|'t|'re|'ve|'m|'ll|'d)?"
        r"|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+"
    ),
}
GGUF_CUTS = {"gpt2": "gpt-2", "cl100k": "llama-bpe", "o200k": "gpt-4o"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """What vocabulary.json holds. `tokens` are bytes by id (for characters their UTF-8); a byte
    token's id is its rank in merging.
    """

    tokens: dict[int, bytes]
    eot: int
    splitting: str | None
    """How text is cut before merging; None where every character is a token."""

    @property
    def size(self) -> int:
        return max(*self.tokens, self.eot) + 1


def read_vocabulary(contents: dict[str, Any]) -> Vocabulary:
    """Raises ValueError for what is no vocabulary of a run."""
    try:
        if contents["kind"] == "characters":
            characters = contents["characters"]
            return Vocabulary(
                tokens={i: character.encode() for i, character in enumerate(characters)},
                eot=len(characters),
                splitting=None,
            )
        tokens = {
            i: base64.b64decode(token, validate=True)
            for i, token in enumerate(contents["tokens"])
            if token is not None
        }
        if contents["splitting"] not in CUTS:
            raise ValueError(f"its way of splitting is {contents['splitting']!r}")
        return Vocabulary(tokens=tokens, eot=int(contents["eot"]), splitting=contents["splitting"])
    except (KeyError, TypeError, AttributeError, binascii.Error, ValueError) as error:
        raise ValueError(f"the run's vocabulary.json cannot be exported: {error!r:.100}") from None


def visible() -> dict[int, str]:
    """The printable sign that stands for each byte in byte-level vocabularies: itself where it
    prints, else one from U+0100 on.
    """
    prints = [
        *range(ord("!"), ord("~") + 1),
        *range(ord("¡"), ord("¬") + 1),
        *range(ord("®"), ord("ÿ") + 1),
    ]
    hidden = [byte for byte in range(256) if byte not in prints]
    return {byte: chr(byte) for byte in prints} | {
        byte: chr(256 + at) for at, byte in enumerate(hidden)
    }


def spelled(vocabulary: Vocabulary) -> dict[int, str]:
    """The tokens as other tools write them."""
    if vocabulary.splitting is None:
        return {i: token.decode() for i, token in vocabulary.tokens.items()}
    signs = visible()
    return {i: "".join(signs[byte] for byte in token) for i, token in vocabulary.tokens.items()}


def merges(vocabulary: Vocabulary) -> list[tuple[str, str]]:
    """The pairs whose joining makes each token, in the order of rank: what is left of a token when
    only lower ranks may join.
    """
    ranks = {token: i for i, token in vocabulary.tokens.items()}
    spelling = spelled(vocabulary)
    pairs = []
    # tiktoken keeps only tokens and their ranks, others want the pair that each was merged from.
    # Merging the token's own bytes with all lower ranks leaves just the two parts of its last
    # merge.
    for rank, token in sorted(vocabulary.tokens.items()):
        parts = [bytes([byte]) for byte in token]
        while len(parts) > 2:
            lowest, at = min(
                (ranks.get(parts[i] + parts[i + 1], rank), i) for i in range(len(parts) - 1)
            )
            if lowest >= rank:
                break
            parts[at : at + 2] = [parts[at] + parts[at + 1]]
        if len(parts) == 2:
            pairs.append((spelling[ranks[parts[0]]], spelling[ranks[parts[1]]]))
    return pairs


def tokenizer_json(vocabulary: Vocabulary) -> dict[str, Any]:
    """tokenizer.json of Hugging Face's tokenizers: the same ids for every text that does not spell
    the special token.
    """
    spelling = spelled(vocabulary)
    model: dict[str, Any] = {
        "type": "BPE",
        "vocab": {token: i for i, token in spelling.items()},
        "merges": [],
        "dropout": None,
        "unk_token": None,
        "continuing_subword_prefix": None,
        "end_of_word_suffix": None,
        "fuse_unk": False,
        "byte_fallback": False,
        "ignore_merges": vocabulary.splitting is not None,
    }
    cut: dict[str, Any] | None = None
    decoder: dict[str, Any] = {"type": "Fuse"}
    if vocabulary.splitting is not None:
        model["merges"] = [list(pair) for pair in merges(vocabulary)]
        level = {
            "type": "ByteLevel",
            "add_prefix_space": False,
            "trim_offsets": True,
            "use_regex": False,
        }
        split = {
            "type": "Split",
            "pattern": {"Regex": CUTS[vocabulary.splitting]},
            "behavior": "Isolated",
            "invert": False,
        }
        cut = {"type": "Sequence", "pretokenizers": [split, level]}
        decoder = level
    special = {
        "id": vocabulary.eot,
        "content": END_OF_TEXT,
        "single_word": False,
        "lstrip": False,
        "rstrip": False,
        "normalized": False,
        "special": True,
    }
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [special],
        "normalizer": None,
        "pre_tokenizer": cut,
        "post_processor": None,
        "decoder": decoder,
        "model": model,
    }


def contents_of(tokenizer: dict[str, Any]) -> dict[str, Any]:
    """The other way: what a run's vocabulary.json holds, from a tokenizer.json. Raises ValueError,
    saying why, where the ids would not be the same; KeyError or TypeError for what is none.
    """
    model = tokenizer["model"]
    cut = tokenizer.get("pre_tokenizer")
    if model["type"] != "BPE" or tokenizer.get("normalizer"):
        raise ValueError("it is no plain byte-level BPE")
    special = {token["content"]: token["id"] for token in tokenizer["added_tokens"]}
    if END_OF_TEXT not in special:
        raise ValueError(f"it has no {END_OF_TEXT}")
    eot = special[END_OF_TEXT]
    spelling = {token: i for token, i in model["vocab"].items() if token not in special}
    if cut is None:
        characters = "".join(sorted(spelling, key=lambda token: spelling[token]))
        return {"format": 1, "name": "char", "kind": "characters", "characters": characters}
    pairs = [pair.split(" ") if isinstance(pair, str) else pair for pair in model["merges"]]
    ranks = [spelling["".join(pair)] for pair in pairs]
    if ranks != sorted(ranks):
        raise ValueError("its merges are not in the order of its ids")
    bytes_of = {sign: byte for byte, sign in visible().items()}
    tokens: list[str | None] = [None] * (max(*spelling.values(), eot) + 1)
    for token, i in spelling.items():
        tokens[i] = base64.b64encode(bytes(bytes_of[sign] for sign in token)).decode()
    return {
        "format": 1,
        "name": "bpe",
        "kind": "bytes",
        "splitting": _splitting_of(cut),
        "eot": eot,
        "tokens": tokens,
    }


def _splitting_of(cut: dict[str, Any]) -> str:
    """The name of the way in which a tokenizer.json cuts text before merging. Raises ValueError."""
    for step in cut.get("pretokenizers", [cut]):
        if step["type"] == "ByteLevel" and step.get("use_regex", True):
            if step.get("add_prefix_space"):
                raise ValueError("it puts a space before a text")
            return "gpt2"
        if step["type"] == "Split":
            pattern = step["pattern"].get("Regex")
            for name, known in CUTS.items():
                if pattern == known:
                    return name
    raise ValueError("it cuts text in a way that is not known")


def tokenizer_config(block_size: int) -> dict[str, Any]:
    """tokenizer_config.json: one special token, and the chat template by which a question is
    asked.
    """
    return {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "bos_token": END_OF_TEXT,
        "eos_token": END_OF_TEXT,
        "pad_token": END_OF_TEXT,
        "model_max_length": block_size,
        "clean_up_tokenization_spaces": False,
        "padding_side": "left",
        "chat_template": CHAT_TEMPLATE,
        "added_tokens_decoder": {},
    }
