"""The tokens of a few pairs without a file, for tests of what is made of them."""

from collections.abc import Iterable

from pipeline.records import Pair
from pipeline.tokens.pair_tokens import PairTokens, encoded, placed
from pipeline.tokens.tokenizer import Tokenizer


def tokens_of(pairs: Iterable[Pair], tokenizer: Tokenizer) -> PairTokens:
    made = encoded(pairs, tokenizer)
    return placed(made.ids, made.lengths, made.pieces)
