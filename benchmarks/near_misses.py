"""How often a question about what was not read gets an answer.

    python benchmarks/near_misses.py LEADS.jsonl.xz --read 5000

LEADS has an object a line with `title` and `answer`, the first paragraph of a page. Some pages are
read; asked are 500 of the others, and what comes near: persons of whom another of the same surname
was read, and films of which one of another year was read.
"""

import argparse
import json
import lzma
import random
import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from html import escape
from pathlib import Path

from pipeline.answering.index_writer import memory_index
from pipeline.answering.phrasebook import phrasebook_of
from pipeline.answering.understanding import understand
from pipeline.questions.languages import language_of
from pipeline.questions.pairs import make_pairs
from pipeline.records import Page, Pair

FORMS = {
    "any": ("What is {0}?", "{1}", "tell me about {1}", "who was {1} please", "when was {1} born"),
    "person": (
        "Who is {0}?",
        "{1}",
        "tell me about {1}",
        "who was {1} please",
        "when was {1} born",
    ),
    "film": ("What is {0}?", "{1}", "tell me about {1}", "{2}", "who directed {2}"),
}
ANY = 500  # titles that were not read
EACH = 50  # near misses of each kind
FILM = re.compile(r"(?P<name>.+) \((?P<year>\d{4}) film\)")


def read_leads(path: Path) -> Iterator[tuple[str, str]]:
    with lzma.open(path, "rt", encoding="utf-8") as lines:
        for row in map(json.loads, lines):
            yield row["title"], row["answer"]


def pairs_of(number: int, title: str, lead: str) -> list[Pair]:
    """The pairs of a page that is nothing but its lead."""
    bold = f"<b>{escape(title)}</b>"
    text = escape(lead, quote=False).replace(escape(title, quote=False), bold, 1)
    url = f"https://en.wikipedia.org/wiki/{title.replace(' ', '_')}"
    page = Page(
        pageid=number, title=title, html=f"<p>{text}</p>", url=url, revid=1, licence="CC BY-SA 3.0"
    )
    return make_pairs(page)[0]


def namesakes(pairs: Sequence[Pair], draw: random.Random) -> list[tuple[Pair, Pair]]:
    """Pairs of persons with one surname: one to be read, and one to be asked for."""
    by_surname = defaultdict[str, list[Pair]](list)
    for pair in pairs:
        words = pair.title.split()
        if pair.question.startswith("Who ") and len(words) == 2:
            by_surname[words[1]].append(pair)
    groups = [group for group in by_surname.values() if len(group) > 1]
    return [(group[0], group[1]) for group in draw.sample(groups, min(EACH, len(groups)))]


def near_misses(
    pairs: Sequence[Pair], draw: random.Random
) -> tuple[list[Pair], list[tuple[str, str]], set[str]]:
    """Pairs that must be read, the kind and the question of each near miss, and titles that must
    not be read.
    """
    read, asked, unread = list[Pair](), list[tuple[str, str]](), set[str]()
    for one, other in namesakes(pairs, draw):
        read.append(one)
        unread.add(other.title)
        name = other.title
        asked += [("person", form.format(name, name.lower())) for form in FORMS["person"]]
    titles = {pair.title for pair in pairs}
    films = [(pair, match) for pair in pairs if (match := FILM.fullmatch(pair.title))]
    for pair, film in draw.sample(films, min(EACH, len(films))):
        year, name = int(film["year"]) + draw.choice((-7, 3, 11)), film["name"]
        title, plainly = f"{name} ({year} film)", f"the {year} film {name.lower()}"
        if title not in titles:
            read.append(pair)
            asked += [
                ("film", form.format(title, title.lower(), plainly)) for form in FORMS["film"]
            ]
    return read, asked, unread


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("leads", type=Path)
    parser.add_argument("--read", type=int, default=5000)
    parser.add_argument("--wrong", action="store_true", help="list what is wrongly answered")
    options = parser.parse_args()
    draw = random.Random(0)
    leads = list(enumerate(read_leads(options.leads), 1))
    pairs = [pair for number, (title, lead) in leads for pair in pairs_of(number, title, lead)]
    read, asked, unread = near_misses(pairs, draw)
    for pair in draw.sample(pairs, ANY):
        unread.add(pair.title)
        asked += [("any", form.format(pair.title, pair.title.lower())) for form in FORMS["any"]]
    read = [pair for pair in read if pair.title not in unread]
    others = [pair for pair in draw.sample(pairs, options.read) if pair.title not in unread]
    index = memory_index({p.title: p for p in (*read, *others)}.values(), [], language_of("en"))
    phrasebook, wrong = phrasebook_of("en"), defaultdict[str, list[str]](list)
    for kind, typed in asked:
        meaning = understand(typed, index, phrasebook)
        if meaning.questions:
            wrong[kind].append(f"{typed} → {meaning.outcome}: {meaning.pages[0].title}")
    for kind in FORMS:
        count = sum(other == kind for other, _ in asked)
        share = len(wrong[kind]) / max(1, count)
        print(f"{kind}: {len(wrong[kind])} of {count} questions wrongly answered ({share:.1%})")
        for line in wrong[kind] if options.wrong else ():
            print(f"  {line}")


if __name__ == "__main__":
    main()
