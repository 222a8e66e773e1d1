"""How long a typed question takes to be understood, by the number of titles that were read.

    python benchmarks/understanding.py --titles 10000

The titles are made up: two or three words of a vocabulary that grows with them.
"""

import argparse
import random
import resource
import statistics
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import overload

from pipeline.answering.phrasebook import phrasebook_of
from pipeline.answering.question_index import FILE, open_index, write_index
from pipeline.answering.understanding import understand
from pipeline.records import Pair

SYLLABLES = (
    *("ka", "lo", "mi", "ter", "van", "sol", "den", "gra", "pi", "nor"),
    *("ax", "bel", "cur", "dys", "em", "fin", "hol", "jun", "quo", "rus"),
)
FORMS = ("What is {}?", "tell me about {}", "{}", "who was {} please", "{} height")
ASKED = 200  # titles that are asked, and as many that were not read


class MadeUpPairs(Sequence[Pair]):
    """Pairs that are made when they are looked at: millions fit in no memory."""

    def __init__(self, count: int) -> None:
        self.count = count

    def __len__(self) -> int:
        return self.count

    @overload
    def __getitem__(self, place: int) -> Pair: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Pair]: ...
    def __getitem__(self, place: int | slice) -> Pair | Sequence[Pair]:
        if isinstance(place, slice):
            return [self[number] for number in range(*place.indices(self.count))]
        title = title_of(place, self.count)
        return Pair(
            pageid=place,
            title=title,
            kind="definition",
            question=f"What is {title}?",
            answer=f"{title} is a thing that was made up.",
            url=f"https://en.wikipedia.org/wiki/{place}",
            revid=1,
            licence="CC BY-SA 4.0",
        )

    def __iter__(self) -> Iterator[Pair]:
        return (self[place] for place in range(self.count))


def title_of(number: int, count: int) -> str:
    """A title that is always the same for the same number."""
    draw = random.Random(number)
    words = [draw.randrange(max(100, count // 2)) for _ in range(draw.choice((2, 2, 3)))]
    return " ".join(word_of(word).capitalize() for word in words)


def word_of(number: int) -> str:
    word = ""
    while number or not word:
        number, syllable = divmod(number, len(SYLLABLES))
        word += SYLLABLES[syllable]
    return word


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--titles", type=int, default=10_000)
    count = parser.parse_args().titles
    with tempfile.TemporaryDirectory() as folder:
        run, began = Path(folder), time.perf_counter()
        write_index(run, MadeUpPairs(count), [])
        size = (run / FILE).stat().st_size
        print(f"{count:,} titles: {time.perf_counter() - began:.1f} s, {size / 1e6:,.0f} MB")
        began = time.perf_counter()
        index, book = open_index(run), phrasebook_of("en")
        understand("what is nothing", index, book)
        print(f"opened, and the first question: {1000 * (time.perf_counter() - began):.0f} ms")
        for what, first in (("read", 0), ("not read", count)):
            spent = []
            for number in range(first, first + ASKED):
                for form in FORMS:
                    typed = form.format(title_of(number, count).lower())
                    began = time.perf_counter()
                    understand(typed, index, book)
                    spent.append(1000 * (time.perf_counter() - began))
            spent.sort()
            high = spent[int(0.95 * len(spent))]
            print(f"{what}: mean {statistics.mean(spent):.2f} ms, 95 of 100 under {high:.2f} ms")
    print(f"resident: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB")


if __name__ == "__main__":
    main()
