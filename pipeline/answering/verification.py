"""Whether an answer is word for word what was read: each sentence of a trained answer leaves a
digest of 64 bits, and what the network says is compared with these.
"""

import re
from collections.abc import Iterator
from hashlib import blake2b

SIZE = 8  # bytes of a digest: a wrong sentence passes for a right one once in 10¹⁹ times
# Where a sentence ends, for this purpose: it need not be right English, only always the same.
MARKS = ".!?。！？"
END = re.compile(rf"(?<=[{MARKS}])\s+|\n+")


def digests_of(answer: str) -> bytes:
    """The digests of an answer's sentences, one after the other."""
    return b"".join(_digest(answer[start:end]) for start, end in _sentences(answer))


def verified_length(text: str, digests: bytes) -> int:
    """How many characters of a text, from its beginning, are word for word the trained answer, in
    whole sentences.
    """
    # Sentence by sentence, each compared with the one that was in its place: an answer may end
    # early, after any of its sentences, and is right as far as it goes.
    length = 0
    for number, (start, end) in enumerate(_sentences(text)):
        if _digest(text[start:end]) != digests[number * SIZE : (number + 1) * SIZE]:
            return length
        length = end
    return length


def verified(text: str, digests: bytes) -> bool:
    """Whether a text is the trained answer, or its first sentences, word for word."""
    return bool(text.strip()) and verified_length(text, digests) == len(text.rstrip())


def whole_sentences(text: str) -> str:
    """A text that a limit cut off, up to the end of its last whole sentence; all of it where it has
    none.
    """
    ends = [end for _, end in _sentences(text)]
    is_cut = len(ends) > 1 and not text.rstrip().endswith(tuple(MARKS))
    return text[: ends[-2]] if is_cut else text


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    """Where each sentence starts and ends."""
    start = 0
    for gap in END.finditer(text):
        if text[start : gap.start()].strip():
            yield start, gap.start()
        start = gap.end()
    if text[start:].strip():
        yield start, len(text.rstrip())


def _digest(sentence: str) -> bytes:
    words = " ".join(sentence.split())
    return blake2b(words.encode("utf-8", "replace"), digest_size=SIZE).digest()
