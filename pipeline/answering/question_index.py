"""The index of what a run has read: every name of every page, the questions that are trained about
it, and a digest of each sentence of their answers.

It is a SQLite database in the run's folder, made once, when the run begins (index_writer). A
question looks up a few rows by primary key, so that SQLite reads a few pages of the file and no
more: seven million pages take 2.2 GB on disk, and in memory at most the two bounds below (MAPPED,
CACHED).

    pages      a page that was read, or held out to measure by
    questions  what the network was asked about it, in trained words
    names      normalized name → pages, with how good a name it is
    words      word of a title → pages, for names that are typed in part
    vocabulary words of titles and answers: what is spelled right, and how many titles have it
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from pipeline.answering.index_checksum import checksum
from pipeline.errors import BadInput
from pipeline.questions.normalize import bare_title, words_of

FILE = "index.sqlite"  # in the run's folder
FORMAT = 2  # counted up when the tables change
APPLICATION = 0x41574B49  # "AWKI", in the file's header
MAPPED = 128 << 20  # bytes of the file that are mapped; what lies beyond is read as it is needed
CACHED = 32 << 10  # KiB of what was read that are kept
MOST_PAGES = 50  # that are looked at for one name
MOST_SCANNED = 5_000  # pages with a word among which those with other words are looked for
MOST_VALUES = 500  # in one query


@dataclass(frozen=True, slots=True, kw_only=True)
class TrainedQuestion:
    """A question as the network was trained to be asked it."""

    kind: str
    """What it asks: "definition", a kind of fact ("birth date"), or else its own words."""
    text: str
    digests: bytes
    """64 bits of each sentence of its answer (see verification)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageEntry:
    """What the index knows of a page."""

    number: int
    title: str
    lead: str
    """The beginning of its definition."""
    url: str
    revid: int
    licence: str
    held_out: bool
    """Fetched, but kept out of training to measure by."""
    questions: tuple[TrainedQuestion, ...]
    """The definition first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownWord:
    """A word of a title or an answer."""

    in_titles: bool
    small: bool
    """Whether answers write it with a small letter: a common word, not a name."""


def open_index(run: Path) -> "QuestionIndex":
    """The index of a run. Raises BadInput for a folder that has none, or one that is damaged."""
    path = run / FILE
    advice = "copy it again from the run, or train again"
    if not path.is_file():
        raise BadInput(f"{path} is missing: a run is asked by its index; {advice}")
    address = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
    try:
        database = sqlite3.connect(address, uri=True, isolation_level=None, check_same_thread=False)
        database.execute(f"PRAGMA mmap_size={MAPPED}")
        database.execute(f"PRAGMA cache_size=-{CACHED}")
        (application,) = database.execute("PRAGMA application_id").fetchone()
        (version,) = database.execute("PRAGMA user_version").fetchone()
        if application == APPLICATION and version != FORMAT:
            raise BadInput(f"{path} has format {version}, this program reads {FORMAT}: train again")
        if application != APPLICATION:
            raise BadInput(f"{path} is no index of a run; {advice}")
        index = QuestionIndex(database)
        if index.checksum != checksum(path, noted=index.checksum):
            raise BadInput(f"{path} is damaged: its checksum is not the one noted in it; {advice}")
        return index
    except sqlite3.Error as error:
        raise BadInput(f"{path} cannot be read: {error}; {advice}") from None


class QuestionIndex:
    """Looks up names, pages and words."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        self.language = self._value("language")
        self.pages = self._count("pages")
        """All pages, those held out among them."""
        self.pages_read = self._count("pages read")
        self.checksum = self._value("checksum")

    def _value(self, key: str) -> str:
        with _readable():
            (value,) = self._rows("SELECT value FROM run WHERE key = ?", (key,))[0]
        return str(value)

    def _count(self, key: str) -> int:
        with _readable():
            return int(self._value(key))

    def _rows(self, query: str, values: Sequence[object]) -> list[tuple[object, ...]]:
        with _readable():
            return self._database.execute(query, tuple(values)).fetchall()

    def named(self, names: Sequence[str]) -> dict[str, list[tuple[int, int]]]:
        """Normalized name → (page, rank) for each name that a page has, the best first."""
        pages: dict[str, list[tuple[int, int]]] = {}
        query = "SELECT name, page, rank FROM names WHERE name IN ({})"
        for name, page, rank in self._rows_of(query, names):
            pages.setdefault(str(name), []).append((_int(page), _int(rank)))
        for entries in pages.values():
            entries.sort(key=lambda entry: (entry[1], entry[0]))
        return pages

    def containing(self, words: Sequence[str]) -> list[int]:
        """Some of the pages whose titles hold all the words; more than MOST_PAGES are too many to
        tell apart. The rarest word is looked up, and of its pages those that have the others.
        """
        query = "SELECT word, titles FROM vocabulary WHERE word IN ({})"
        titles = {str(word): _int(count) for word, count in self._rows_of(query, words)}
        if not words or any(word not in titles for word in words):
            return []
        # "of" is in a million titles, "hastings" in four. Beginning with the rarest word, the query
        # looks at as many pages as have it, and asks of each in one look-up whether it has the
        # other words, too. (An inverted index, intersected from its shortest list.)
        rarest, *others = sorted(dict.fromkeys(words), key=lambda word: titles[word])
        with_rarest = f"SELECT page FROM words WHERE word = ? LIMIT {MOST_SCANNED}"
        query = f"SELECT page FROM ({with_rarest}) AS p"
        if others:
            has = "EXISTS (SELECT 1 FROM words WHERE word = ? AND page = p.page)"
            query += f" WHERE {' AND '.join([has] * len(others))}"
        rows = self._rows(f"{query} LIMIT {MOST_PAGES + 1}", (rarest, *others))
        return [_int(page) for (page,) in rows]

    def known(self, words: Sequence[str]) -> dict[str, KnownWord]:
        """Those of the words that titles or answers have."""
        query = "SELECT word, titles, small FROM vocabulary WHERE word IN ({})"
        return {
            str(word): KnownWord(in_titles=bool(titles), small=bool(small))
            for word, titles, small in self._rows_of(query, words)
        }

    def _rows_of(self, query: str, values: Sequence[str]) -> Iterator[tuple[object, ...]]:
        """The rows of a query with any number of values in the place of {}."""
        for start in range(0, len(values), MOST_VALUES):
            part = values[start : start + MOST_VALUES]
            yield from self._rows(query.format(",".join("?" * len(part))), part)

    def page(self, number: int) -> PageEntry:
        """A page and its questions."""
        query = "SELECT title, lead, url, revid, licence, held_out FROM pages WHERE number = ?"
        with _readable():
            title, lead, url, revid, licence, held_out = self._rows(query, (number,))[0]
        query = "SELECT kind, question, digests FROM questions WHERE page = ? ORDER BY place"
        return PageEntry(
            number=number,
            title=str(title),
            lead=str(lead),
            url=str(url),
            revid=_int(revid),
            licence=str(licence),
            held_out=bool(held_out),
            questions=tuple(
                TrainedQuestion(kind=str(kind), text=str(text), digests=_bytes(digests))
                for kind, text, digests in self._rows(query, (number,))
            ),
        )

    def titles(self, start: str, count: int) -> list[str]:
        """Titles that begin so, for completion."""
        prefix = " ".join(words_of(start))
        if not prefix:
            return []
        query = (
            "SELECT DISTINCT title FROM names JOIN pages ON page = number"
            " WHERE name >= ? AND name < ? AND rank = 0 AND NOT held_out LIMIT ?"
        )
        rows = self._rows(query, (prefix, prefix + "\U0010ffff", 4 * count))
        titles = (str(title) for (title,) in rows)
        return [title for title in titles if _begins(title, prefix)][:count]

    def held_out_titles(self) -> set[str]:
        """The titles of the pages that were kept out of training."""
        rows = self._rows("SELECT title FROM pages WHERE held_out", ())
        return {str(title) for (title,) in rows}

    def entries(self) -> Iterator[PageEntry]:
        """All pages, in order."""
        for number in range(self.pages):
            yield self.page(number)

    def names(self) -> Iterator[tuple[str, int, int]]:
        """All names: the name, the number of its page, its rank; the best first of each name."""
        for name, page, rank in self._rows("SELECT * FROM names ORDER BY name, rank, page", ()):
            yield str(name), _int(page), _int(rank)

    def vocabulary(self) -> Iterator[tuple[str, KnownWord]]:
        """All words that titles or answers have."""
        for word, titles, small in self._rows("SELECT * FROM vocabulary", ()):
            yield str(word), KnownWord(in_titles=bool(titles), small=bool(small))

    def sample(self, count: int) -> list[PageEntry]:
        """Some pages that were read, evenly from all."""
        step = max(1, self.pages // max(1, count))
        pages = (self.page(number) for number in range(0, self.pages, step))
        return [page for page in pages if not page.held_out][:count]


def _begins(title: str, prefix: str) -> bool:
    """Whether a title begins so, with its article or without; its names may begin with what stands
    in its parentheses.
    """
    without_first = " ".join(words_of(bare_title(title))[1:])
    return " ".join(words_of(title)).startswith(prefix) or without_first.startswith(prefix)


def _int(value: object) -> int:
    with _readable():
        if not isinstance(value, int):
            raise TypeError("it has something else where a number should be")
    return value


def _bytes(value: object) -> bytes:
    with _readable():
        if not isinstance(value, bytes):
            raise TypeError("it has something else where digests should be")
    return value


@contextmanager
def _readable() -> Iterator[None]:
    """Turns what a damaged or a stranger's file makes of a query into one line."""
    try:
        yield
    except (sqlite3.Error, IndexError, TypeError, ValueError) as error:
        raise BadInput(
            f"the run's index is damaged: {error}; copy it again from the run, or train again"
        ) from None
