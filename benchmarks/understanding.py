"""How long a typed question takes to be understood, by the number of titles that were read.

    python benchmarks/understanding.py --titles 10000

The titles are made up: two or three words of a vocabulary that grows with them, some as common as
"of" and "John" are.
"""

import argparse
import math
import random
import resource
import statistics
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import overload

from pipeline.answering.index_writer import write_index
from pipeline.answering.phrasebook import Phrasebook, phrasebook_of
from pipeline.answering.question_index import FILE, QuestionIndex, open_index
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
    """A title that is always the same for the same number: one word as common as the words of real
    titles are (Zipf's law), a rare one, and in every third title another common one.
    """
    draw, vocabulary = random.Random(number), max(100, count // 2)
    words = [common_word(draw, vocabulary), draw.randrange(vocabulary)]
    if draw.random() < 1 / 3:
        words.append(common_word(draw, vocabulary))
    return " ".join(word_of(word).capitalize() for word in words)


def common_word(draw: random.Random, vocabulary: int) -> int:
    """The number of a word whose frequency is about proportional to 1 / (number + 1)."""
    return int(math.exp(draw.random() * math.log(vocabulary))) - 1


def word_of(number: int) -> str:
    word = ""
    while number or not word:
        number, syllable = divmod(number, len(SYLLABLES))
        word += SYLLABLES[syllable]
    return word


def misspelled(title: str, draw: random.Random) -> str:
    """A title with one letter left out."""
    place = draw.randrange(len(title))
    return title[:place] + title[place + 1 :]


def common_words(number: int) -> str:
    """Two words that many titles have, and hardly any both."""
    draw = random.Random(number)
    return " ".join(word_of(common_word(draw, 1000)) for _ in range(2))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--titles", type=int, default=10_000)
    parser.add_argument("--folder", type=Path, help="keep the index there, or take it from there")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        measure(options.folder or Path(folder), options.titles)


def measure(run: Path, count: int) -> None:
    """Make the index where it is not there yet, ask, and print what it takes."""
    if not (run / FILE).exists():
        run.mkdir(parents=True, exist_ok=True)
        began = time.perf_counter()
        write_index(run, MadeUpPairs(count), [])
        print(f"{count:,} titles are indexed in {time.perf_counter() - began:.0f} s")
        print(f"resident while it was made: {resident():,.0f} MB; measure again with --folder")
    print(f"{(run / FILE).stat().st_size / 1e6:,.0f} MB on disk")
    before, began = resident(), time.perf_counter()
    index, phrasebook = open_index(run), phrasebook_of("en")
    understand("what is nothing", index, phrasebook)
    print(f"opened, and the first question: {1000 * (time.perf_counter() - began):.0f} ms")
    draw = random.Random(0)
    read = [title_of(number, count).lower() for number in range(ASKED)]
    asked = {
        "read": read,
        "misspelled": [misspelled(title, draw) for title in read],
        "not read": [title_of(count + number, count).lower() for number in range(ASKED)],
        "two common words": [common_words(number) for number in range(ASKED)],
    }
    for what, names in asked.items():
        report(what, [form.format(name) for name in names for form in FORMS], index, phrasebook)
    print(f"resident: {resident():,.0f} MB, of which the index {resident() - before:,.0f} MB")


def report(
    what: str, questions: Sequence[str], index: QuestionIndex, phrasebook: Phrasebook
) -> None:
    """Print how long the questions take to be understood, and how."""
    spent, sure = list[float](), Counter[str]()
    for typed in questions:
        began = time.perf_counter()
        sure[understand(typed, index, phrasebook).outcome] += 1
        spent.append(1000 * (time.perf_counter() - began))
    spent.sort()
    mean, high = statistics.mean(spent), spent[int(0.95 * len(spent))]
    print(f"{what}: mean {mean:.2f} ms, 95 of 100 under {high:.2f} ms, most {spent[-1]:.2f} ms")
    print(f"  {', '.join(f'{name} {times}' for name, times in sure.most_common())}")


def resident() -> float:
    """The most memory that this process has had, in MB, pages mapped from files included."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
