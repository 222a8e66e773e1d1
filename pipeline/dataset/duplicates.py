"""Near-duplicates: pages made from one template ("X is a village in Y"), whose answers differ in
little but names.
"""

import importlib.util
import re
from collections.abc import Callable, Iterable, Iterator
from hashlib import blake2b
from itertools import groupby

import numpy as np

from pipeline.errors import BadInput
from pipeline.questions.normalize import folded
from pipeline.questions.pairs import disambiguate
from pipeline.records import Pair

# Of 16 bands of 8 hashes, answers of which 80% of the words are the same share one in 95 of 100
# cases, of 60% in 24, of 40% in one.
BANDS, ROWS = 16, 8
WORD = re.compile(r"\w+")


def distinct(read: Callable[[], Iterable[Pair]], *, dedupe: bool) -> Iterator[Pair]:
    """The pairs that read() gives, whenever it is asked: equal questions told apart,
    near-duplicates left out where that is wished.
    """
    if not dedupe:
        return disambiguate(read)
    copies = near_duplicates(read())
    print(f"near-duplicates: {len(copies)} pages, left out")
    return disambiguate(lambda: (pair for pair in read() if pair.pageid not in copies))


def check_can_dedupe() -> None:
    """Raises BadInput where datasketch is not installed."""
    if importlib.util.find_spec("datasketch") is None:
        raise BadInput("--dedupe needs datasketch: pip install datasketch (or make extras)")


def near_duplicates(pairs: Iterable[Pair]) -> set[int]:
    """The page ids of pages whose answers say nearly what those of an earlier page say, words of
    both titles not counted.

    By MinHash (Broder 1997) with banding; 128 bytes a page are kept. Raises BadInput where
    datasketch is not installed.
    """
    check_can_dedupe()
    from datasketch import MinHash

    empty = MinHash(num_perm=BANDS * ROWS, seed=1)
    pages, signatures = list[int](), list[bytes]()
    for pageid, group in groupby(pairs, key=lambda pair: pair.pageid):
        if words := counted_words(next(iter(group))):
            # Two sets of words share the least of a hash with the chance that is their Jaccard
            # similarity; 128 hashes estimate it. Cut in bands, two pages are similar if all 8
            # hashes of any band agree.
            sketch = empty.copy()
            sketch.update_batch([word.encode() for word in words])
            rows = sketch.hashvalues.reshape(BANDS, ROWS)
            pages.append(pageid)
            signatures.append(
                b"".join(blake2b(row.tobytes(), digest_size=8).digest() for row in rows)
            )
    bands = np.frombuffer(b"".join(signatures), dtype=np.int64).reshape(-1, BANDS)
    copies = np.zeros(len(pages), dtype=bool)
    # Within a band equal digests are grouped at once, and all but the first of a group are copies:
    # no pair of pages is ever compared.
    for band in bands.T:
        _, first, group_of = np.unique(band, return_index=True, return_inverse=True)
        copies |= first[group_of] < np.arange(len(pages))
    return {page for page, copy in zip(pages, copies, strict=True) if copy}


def counted_words(pair: Pair) -> set[str]:
    """The words of an answer without those of its title; numbers count as one."""
    title = set(WORD.findall(folded(pair.title)))
    return {
        "0" if word.isdigit() else word
        for word in WORD.findall(folded(pair.answer))
        if word not in title
    }
