"""Whether an answer is word for word what was read: each sentence of a trained answer leaves a
digest of 64 bits, and what the network says is compared with these.
"""

import re
from collections.abc import Iterator
from hashlib import blake2b

SIZE = 8  # bytes of a digest: two sentences of a million pages share one by chance once in 10⁷ runs
# A sentence's end as both sides cut it: the cut need not be right English, only always the same.
END = re.compile(r"(?<=[.!?。！？])\s+|\n+")


def sentences(text: str) -> Iterator[str]:
    """The parts of a text that are digested, one by one."""
    for part in END.split(text):
        if words := " ".join(part.split()):
            yield words


def digest(sentence: str) -> bytes:
    return blake2b(sentence.encode("utf-8", "replace"), digest_size=SIZE).digest()


def digests_of(answer: str) -> bytes:
    """The digests of an answer's sentences, one behind the other."""
    return b"".join(digest(sentence) for sentence in sentences(answer))


def verified(text: str, digests: bytes) -> bool:
    """Whether a text is the trained answer, or its first sentences, word for word."""
    said = digests_of(text)
    return bool(said) and digests.startswith(said)
