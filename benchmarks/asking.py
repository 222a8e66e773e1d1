"""How often a question about what a run has read is understood, however it is asked.

    python -m benchmarks.asking --run runs/NAME

Every trained question is asked in each of its phrasings, and must come out as itself; then pages
are asked for in the ways of ways_of_asking.yaml, which were written down before they were tried.
No network is asked: what counts is the page, and what is asked of it.
"""

import argparse
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import yaml

from pipeline.answering.meaning import Understanding
from pipeline.answering.phrasebook import phrasebook_of
from pipeline.answering.question_index import PageEntry, QuestionIndex, open_index
from pipeline.answering.understanding import understand
from pipeline.questions.phrasings import phrasings

WAYS = Path(__file__).with_name("ways_of_asking.yaml")
EACH = 12  # pages of which each way is asked
SHOWN = 12  # ways that are printed, those that fail most


def pages_read(index: QuestionIndex) -> Iterator[PageEntry]:
    for number in range(index.pages_read):
        page = index.page(number)
        if not page.held_out:
            yield page


def is_right(meaning: Understanding, page: PageEntry, kind: str) -> bool:
    is_sure = meaning.outcome in ("sure", "nearly") and bool(meaning.questions)
    return is_sure and meaning.pages[0].number == page.number and meaning.kind == kind


def trained_questions(index: QuestionIndex) -> None:
    """Print how many trained questions are understood as themselves: as they are, and in their
    other phrasings.
    """
    phrasebook = phrasebook_of(index.language)
    asked, right = Counter[str](), Counter[str]()
    for page in pages_read(index):
        for question in page.questions:
            for place, typed in enumerate(phrasings(question.text, page.title, index.language)):
                words = "other words" if place else "own words"
                asked[words] += 1
                questions = understand(typed, index, phrasebook).questions
                right[words] += bool(questions) and questions[0].text == question.text
    for words, count in asked.items():
        print(f"trained questions, {words}: {right[words]:,} of {count:,} understood")


def ways_of_asking(index: QuestionIndex) -> None:
    """Print how many of the pages are found in each way of asking, and the ways that fail most."""
    phrasebook = phrasebook_of(index.language)
    pages = defaultdict[str, list[PageEntry]](list)
    for page in pages_read(index):
        for question in page.questions:
            pages[question.kind].append(page)
    failed, asked = Counter[str](), Counter[str]()
    for kind, ways in yaml.safe_load(WAYS.read_text(encoding="utf-8")).items():
        some = pages[kind][:: max(1, len(pages[kind]) // EACH)][:EACH]
        for way in ways:
            for page in some:
                meaning = understand(way.format(page.title), index, phrasebook)
                what = "definitions" if kind == "definition" else "facts and sections"
                asked[what] += 1
                failed[f"{kind}: {way}"] += not is_right(meaning, page, kind)
                failed[what] += not is_right(meaning, page, kind)
    for what, count in asked.items():
        print(f"{what}: {count - failed[what]:,} of {count:,} understood")
    for way, count in failed.most_common(SHOWN + len(asked)):
        if way not in asked and count:
            print(f"  {count} not: {way}")


def main() -> None:
    """Ask, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", type=Path, required=True, help="folder of the run that is asked")
    index = open_index(parser.parse_args().run)
    trained_questions(index)
    ways_of_asking(index)


if __name__ == "__main__":
    main()
