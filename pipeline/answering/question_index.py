"""The index of what a run has read: every name of every page, the questions that are trained about
it, and a digest of each sentence of their answers.

It is a SQLite database in the run's folder, made once, when the run begins. SQLite maps it from
disk and reads the few places that a question needs, so that seven million pages cost no more
memory than seven.

    pages      a page that was read, or held out to measure by
    questions  what the network was asked about it, in trained words
    names      normalized name → pages, with how good a name it is
    words      word of a title → pages, for names that are typed in part
    vocabulary words of titles and answers: what is spelled right
"""

import os
import re
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING

from pipeline.answering.naming import LEAD, TITLE, Name, names_of, without_article
from pipeline.answering.titles import write_titles
from pipeline.answering.verification import digests_of
from pipeline.errors import BadInput
from pipeline.files import fsync
from pipeline.questions.languages import language_of
from pipeline.questions.normalize import bare_title, normalize, words_of
from pipeline.questions.wordings import Wordings

if TYPE_CHECKING:
    from pipeline.questions.language import Language
    from pipeline.records import Pair

FILE = "index.sqlite"  # in the run's folder
FORMAT = 1  # counted up when the tables change
APPLICATION = 0x41574B49  # "AWKI", in the file's header
MAPPED = 1 << 40  # bytes of the file that may be mapped: all
BATCH = 20_000  # pages between two commits
MOST_PAGES = 50  # that are looked at for one name
TABLES = """
CREATE TABLE pages (
  number INTEGER PRIMARY KEY, title TEXT NOT NULL, lead TEXT NOT NULL, url TEXT NOT NULL,
  revid INTEGER NOT NULL, licence TEXT NOT NULL, held_out INTEGER NOT NULL);
CREATE TABLE questions (
  page INTEGER NOT NULL, place INTEGER NOT NULL, kind TEXT NOT NULL, question TEXT NOT NULL,
  digests BLOB NOT NULL, PRIMARY KEY (page, place)) WITHOUT ROWID;
CREATE TABLE names (
  name TEXT NOT NULL, page INTEGER NOT NULL, rank INTEGER NOT NULL,
  PRIMARY KEY (name, page)) WITHOUT ROWID;
CREATE TABLE words (
  word TEXT NOT NULL, page INTEGER NOT NULL, PRIMARY KEY (word, page)) WITHOUT ROWID;
CREATE TABLE vocabulary (
  word TEXT PRIMARY KEY, titles INTEGER NOT NULL, small INTEGER NOT NULL) WITHOUT ROWID;
CREATE TABLE run (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
"""


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
    """A word that stands in a title or an answer."""

    in_titles: bool
    small: bool
    """Whether answers write it with a small letter: a common word, not a name."""


# --- writing --------------------------------------------------------------------------------------


def write_index(run: Path, pairs: "Sequence[Pair]", held_out_titles: Iterable[str]) -> None:
    """Make the index of a run, whole or not at all, and beside it the list of its sources; a run of
    plain text has none. The pairs of a page stand together, and there may be millions of pages.
    """
    if not pairs:
        return
    write_titles(run / "titles.jsonl", pairs)
    with tempfile.TemporaryDirectory(dir=run, prefix=f".{FILE}.") as folder:
        part = Path(folder) / FILE
        with closing(sqlite3.connect(part, isolation_level=None)) as database:
            database.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF")
            _Writer(database, language_of(pairs[0].lang)).write(pairs, held_out_titles)
        fsync(part)
        os.replace(part, run / FILE)
    fsync(run)


def memory_index(
    pairs: "Iterable[Pair]", held_out_titles: Iterable[str], language: "Language"
) -> "QuestionIndex":
    """The index of a few pairs, in memory."""
    database = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    _Writer(database, language).write(pairs, held_out_titles)
    return QuestionIndex(database)


class _Writer:
    """Fills the tables, a page at a time."""

    def __init__(self, database: sqlite3.Connection, language: "Language") -> None:
        self.database, self.language = database, language
        self.wordings = Wordings(language)
        self.pages = 0
        self.titles, self.small = Counter[str](), Counter[str]()  # words still to be written

    def write(self, pairs: "Iterable[Pair]", held_out_titles: Iterable[str]) -> None:
        self.database.executescript(TABLES)
        self.database.execute("BEGIN")
        for _, of_page in groupby(pairs, key=attrgetter("pageid")):
            self._add_page(list(of_page))
            if self.pages % BATCH == 0:
                self._commit()
        for title in held_out_titles:
            self._add_held_out(title)
        run = (("language", self.language.code), ("pages", str(self.pages)))
        self.database.executemany("INSERT INTO run VALUES (?, ?)", run)
        self.database.execute(f"PRAGMA application_id={APPLICATION}")
        self.database.execute(f"PRAGMA user_version={FORMAT}")
        self._commit()
        self.database.execute("COMMIT")

    def _add_page(self, pairs: "list[Pair]") -> None:
        first = pairs[0]
        page = (first.title, first.answer[:LEAD], first.url, first.revid, first.licence)
        self.database.execute("INSERT INTO pages VALUES (?, ?, ?, ?, ?, ?, 0)", (self.pages, *page))
        answers = {pair.question: pair for pair in reversed(pairs)}  # the first of a question stays
        self.database.executemany(
            "INSERT INTO questions VALUES (?, ?, ?, ?, ?)",
            (
                (
                    self.pages,
                    place,
                    self.wordings.kind_of(pair.question, pair.kind, pair.title),
                    pair.question,
                    digests_of(pair.answer),
                )
                for place, pair in enumerate(reversed(answers.values()))
            ),
        )
        for pair in pairs:
            self.small.update(_small_words(pair.answer))
        self._add_names(first.title, names_of(pairs, self.language))

    def _add_held_out(self, title: str) -> None:
        self.database.execute(
            "INSERT INTO pages VALUES (?, ?, '', '', 0, '', 1)", (self.pages, title)
        )
        name = without_article(normalize(bare_title(title)), self.language)
        self._add_names(title, [Name(text=name, rank=TITLE)])

    def _add_names(self, title: str, names: Sequence[Name]) -> None:
        self.database.executemany(
            "INSERT OR IGNORE INTO names VALUES (?, ?, ?)",
            ((name.text, self.pages, name.rank) for name in names),
        )
        words = set(words_of(title))
        self.database.executemany(
            "INSERT INTO words VALUES (?, ?)", ((word, self.pages) for word in words)
        )
        self.titles.update(words.union(*(name.text.split() for name in names)))
        self.pages += 1

    def _commit(self) -> None:
        """Write the words so far, and begin anew: there may be millions."""
        self.database.executemany(
            "INSERT INTO vocabulary VALUES (?, ?, ?) ON CONFLICT DO UPDATE"
            " SET titles = titles + excluded.titles, small = small + excluded.small",
            (
                (word, self.titles[word], self.small[word])
                for word in self.titles.keys() | self.small.keys()
            ),
        )
        self.titles.clear()
        self.small.clear()
        self.database.execute("COMMIT")
        self.database.execute("BEGIN")


SMALL_WORD = re.compile(r"(?<![^\W_])[a-zß-öø-ÿ]+(?![^\W_])")


def _small_words(text: str) -> set[str]:
    return {word for part in SMALL_WORD.findall(text) for word in words_of(part)}


# --- reading --------------------------------------------------------------------------------------


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
        (application,) = database.execute("PRAGMA application_id").fetchone()
        (version,) = database.execute("PRAGMA user_version").fetchone()
        if application == APPLICATION and version != FORMAT:
            raise BadInput(f"{path} has format {version}, this program reads {FORMAT}: train again")
        if application != APPLICATION:
            raise BadInput(f"{path} is no index of a run; {advice}")
        return QuestionIndex(database)
    except sqlite3.Error as error:
        raise BadInput(f"{path} cannot be read: {error}; {advice}") from None


class QuestionIndex:
    """Looks up names, pages and words."""

    def __init__(self, database: sqlite3.Connection) -> None:
        self._database = database
        self.language = self._value("language")
        self.pages = int(self._value("pages"))

    def _value(self, key: str) -> str:
        (value,) = self._rows("SELECT value FROM run WHERE key = ?", (key,))[0]
        return str(value)

    def _rows(self, query: str, values: Sequence[object]) -> list[tuple[object, ...]]:
        with _readable():
            return self._database.execute(query, tuple(values)).fetchall()

    def named(self, names: Sequence[str]) -> dict[str, list[tuple[int, int]]]:
        """Normalized name → (page, rank) for each name that a page has, the best first."""
        pages: dict[str, list[tuple[int, int]]] = {}
        for start in range(0, len(names), 500):
            part = names[start : start + 500]
            marks = ",".join("?" * len(part))
            query = f"SELECT name, page, rank FROM names WHERE name IN ({marks})"
            for name, page, rank in self._rows(query, part):
                pages.setdefault(str(name), []).append((_int(page), _int(rank)))
        for entries in pages.values():
            entries.sort(key=lambda entry: (entry[1], entry[0]))
        return pages

    def containing(self, words: Sequence[str]) -> list[int]:
        """Some of the pages whose titles hold all the words; more than MOST_PAGES are too many to
        tell apart.
        """
        query = " INTERSECT ".join(["SELECT page FROM words WHERE word = ?"] * len(words))
        rows = self._rows(f"{query} LIMIT {MOST_PAGES + 1}", words) if words else []
        return [_int(page) for (page,) in rows]

    def known(self, words: Sequence[str]) -> dict[str, KnownWord]:
        """Those of the words that titles or answers have."""
        known: dict[str, KnownWord] = {}
        for start in range(0, len(words), 500):
            part = words[start : start + 500]
            marks = ",".join("?" * len(part))
            query = f"SELECT word, titles, small FROM vocabulary WHERE word IN ({marks})"
            for word, titles, small in self._rows(query, part):
                known[str(word)] = KnownWord(in_titles=bool(titles), small=bool(small))
        return known

    def page(self, number: int) -> PageEntry:
        """A page and its questions."""
        query = "SELECT title, lead, url, revid, licence, held_out FROM pages WHERE number = ?"
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
                TrainedQuestion(kind=str(kind), text=str(text), digests=bytes(digests))  # type: ignore[call-overload]
                for kind, text, digests in self._rows(query, (number,))
            ),
        )

    def titles(self, start: str, count: int) -> list[str]:
        """Titles that begin so, for completion."""
        prefix = " ".join(words_of(start))
        query = (
            "SELECT DISTINCT title FROM names JOIN pages ON page = number"
            " WHERE name >= ? AND name < ? AND rank = 0 AND NOT held_out LIMIT ?"
        )
        return [
            str(title) for (title,) in self._rows(query, (prefix, prefix + "\U0010ffff", count))
        ]

    def entries(self) -> Iterator[PageEntry]:
        """All pages, in order."""
        for number in range(self.pages):
            yield self.page(number)

    def pages_read(self) -> int:
        """How many pages were read, those apart that are held out."""
        ((count,),) = self._rows("SELECT count(*) FROM pages WHERE NOT held_out", ())
        return _int(count)

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


def _int(value: object) -> int:
    assert isinstance(value, int)
    return value


@contextmanager
def _readable() -> Iterator[None]:
    """Turns what a damaged file makes of a query into one line."""
    try:
        yield
    except (sqlite3.Error, IndexError) as error:
        raise BadInput(
            f"the run's index is damaged: {error}; copy it again from the run, or train again"
        ) from None
