"""Pairs on disk: JSON lines, checked as they are read, written so that no crash tears them, split
by page.
"""

from collections.abc import Iterable, Iterator
from hashlib import blake2b
from io import BufferedReader
from pathlib import Path

from pipeline.errors import BadInput, command_line
from pipeline.files import open_regular, replacing
from pipeline.records import MAX_LINE, Pair, as_line, pair_of_line
from pipeline.sources.page_cache import holds_pages

DEFAULT_CACHE = Path("cache")


def read_pairs(path: Path) -> list[Pair]:
    """All pairs of a JSON-lines file. Raises BadInput naming file and line for what is no pair, and
    for a file that is missing or empty.
    """
    return list(iter_pairs(path))


def iter_pairs(path: Path) -> Iterator[Pair]:
    """The pairs of a JSON-lines file, one at a time; errors as `read_pairs`. Blank lines and
    unknown fields are passed over.
    """
    empty = True
    with open_pairs_file(path) as file:
        for number, line in enumerate(iter(lambda: file.readline(MAX_LINE + 1), b""), start=1):
            if not line.isspace():
                empty = False
                yield pair_of_line(line, f"{path}:{number}")
    if empty:
        raise no_pairs(path)


def open_pairs_file(path: Path) -> BufferedReader:
    """The file of pairs, open. Raises BadInput where there is none."""
    try:
        return open_regular(path)
    except FileNotFoundError:
        raise BadInput(f"{path} is missing: make it with {fetch_command(path.parent)}") from None
    except IsADirectoryError:
        raise BadInput(f"{path} is a folder: name the file of pairs in it") from None


def no_pairs(path: Path) -> BadInput:
    """What is said of a file of pairs that is empty."""
    # Pages that may be there gave none, so that it takes others.
    return BadInput(f"{path} holds no pairs: make some with {fetch_command(path.parent, new=True)}")


def fetch_command(cache: Path, *, new: bool = False) -> str:
    """The command that makes pairs in a folder, as a user may type it: of the pages that are there,
    else, or where `new` ones are wanted, of others.
    """
    rebuilds = not new and holds_pages(cache)
    pages = ("--rebuild",) if rebuilds else ("--n", "500")
    return command_line("python", "-m", "pipeline.fetch", *pages, *cache_option(cache))


def train_command(cache: Path) -> str:
    """The command that trains on what is in a folder, as a user may type it."""
    return command_line("python", "train.py", *cache_option(cache))


def cache_option(cache: Path) -> tuple[object, ...]:
    """--cache as a command wants it, which names the usual folder by itself."""
    return () if cache == DEFAULT_CACHE else ("--cache", cache)


def count_pairs(path: Path, *, otherwise: int) -> int:
    """About how many pairs a file has, by its lines; `otherwise` where there is none yet."""
    try:
        with path.open("rb") as file:
            return sum(block.count(b"\n") for block in iter(lambda: file.read(1 << 20), b""))
    except OSError:
        return otherwise


def write_pairs(path: Path, pairs: Iterable[Pair]) -> int:
    """Write pairs as JSON lines as they come, and put them at path at once and whole at the end;
    how many there were. A file of the same pairs is left as it is.
    """
    count = 0
    with replacing(path, keep_equal=True) as file:
        for pair in pairs:
            count += 1
            file.write(as_line(pair).encode("utf-8", "replace"))
    return count


def split(pairs: Iterable[Pair], share: float = 0.01) -> tuple[list[Pair], list[Pair]]:
    """Pairs to train on and pairs held out, about `share` of the pages, in their order.

    A page's side follows from a hash of its title: it stays where it is as the data grows, and all
    its pairs go together. Two pages or more give at least one on each side; share 0 holds nothing
    out.
    """
    if not 0 <= share < 1:
        raise BadInput(f"a share of {share} cannot be held out: it must be at least 0 and below 1")
    pairs = list(pairs)
    places = {title: title_place(title) for title in {pair.title for pair in pairs}}
    bound = held_below(min(places.values()), max(places.values()), share) if places else 0.0
    return (
        [pair for pair in pairs if places[pair.title] >= bound],
        [pair for pair in pairs if places[pair.title] < bound],
    )


def held_below(first: float, last: float, share: float) -> float:
    """Which titles are held out: those whose place is below this, where all places lie from first
    to last.
    """
    if share == 0 or first == last:
        return 0.0
    # Places lie 2**-48 apart: at least the first title is held out, and never the last.
    return float(min(max(share, first + 2**-48), last))


def title_place(title: str) -> float:
    """Where a title stands between 0 and 1, evenly spread and the same for ever."""
    return (
        int.from_bytes(blake2b(title.encode("utf-8", "replace"), digest_size=6).digest(), "big")
        / 2**48
    )


def shown(pair: Pair) -> str:
    """A pair as the end of a command shows it."""
    return f"\n  {pair.question}\n  {pair.answer}"
