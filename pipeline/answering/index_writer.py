"""Makes the index of what a run has read (question_index has its tables and what they are for)."""

import os
import re
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import closing
from itertools import groupby
from operator import attrgetter
from pathlib import Path

from pipeline.answering.index_checksum import PLACEHOLDER, note_checksum
from pipeline.answering.naming import LEAD, Name, NameRank, names_of, without_article
from pipeline.answering.question_index import APPLICATION, FILE, FORMAT, QuestionIndex
from pipeline.answering.titles import write_titles
from pipeline.answering.verification import digests_of
from pipeline.errors import ExternalError
from pipeline.files import fsync
from pipeline.questions.language import Language
from pipeline.questions.languages import language_of
from pipeline.questions.normalize import bare_title, normalize, words_of
from pipeline.questions.wordings import Wordings
from pipeline.records import Pair

BATCH = 20_000  # pages between two commits
CACHE = 256 << 10  # KiB of the tables that are kept in memory while they are filled
SMALL_WORD = re.compile(r"(?<![^\W_])[a-zß-öø-ÿ]+(?![^\W_])")
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


def write_index(run: Path, pairs: Sequence[Pair], held_out_titles: Iterable[str]) -> None:
    """Make the index of a run, whole or not at all, and beside it the list of its sources; a run of
    plain text has none. The pairs of a page are adjacent, and there may be millions of pages.

    Raises ExternalError when the disk fails.
    """
    if not pairs:
        return
    write_titles(run / "titles.jsonl", pairs)
    with tempfile.TemporaryDirectory(dir=run, prefix=f".{FILE}.") as folder:
        part = Path(folder) / FILE
        part.touch()  # a file that SQLite makes is for its group to read only, whatever the umask
        try:
            with closing(sqlite3.connect(part, isolation_level=None)) as database:
                # Neither journal nor sync: until the file is renamed it is nobody's, and one that
                # was broken off is dropped whole.
                database.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF")
                database.execute(f"PRAGMA cache_size=-{CACHE}")
                _Writer(database, language_of(pairs[0].lang)).write(pairs, held_out_titles)
        except sqlite3.OperationalError as error:
            raise ExternalError(
                f"{run / FILE} cannot be written: {error}; make room, or name another folder with"
                " --out"
            ) from None
        note_checksum(part)
        fsync(part)
        os.replace(part, run / FILE)
    fsync(run)


def memory_index(
    pairs: Iterable[Pair], held_out_titles: Iterable[str], language: Language
) -> QuestionIndex:
    """The index of a few pairs, in memory."""
    database = sqlite3.connect(":memory:", isolation_level=None, check_same_thread=False)
    _Writer(database, language).write(pairs, held_out_titles)
    return QuestionIndex(database)


class _Writer:
    """Fills the tables, a page at a time."""

    def __init__(self, database: sqlite3.Connection, language: Language) -> None:
        self.database = database
        self.language = language
        self.wordings = Wordings(language)
        self.pages = 0
        self.titles, self.small = Counter[str](), Counter[str]()  # words still to be written

    def write(self, pairs: Iterable[Pair], held_out_titles: Iterable[str]) -> None:
        self.database.executescript(TABLES)
        self.database.execute("BEGIN")
        # One pass over pairs that are read from disk; what is kept in memory is the words of the
        # last twenty thousand pages.
        for _, of_page in groupby(pairs, key=attrgetter("pageid")):
            self._add_page(list(of_page))
            if self.pages % BATCH == 0:
                self._commit()
        pages_read = self.pages
        for title in held_out_titles:
            self._add_held_out(title)
        run = (
            ("checksum", PLACEHOLDER),
            ("language", self.language.code),
            ("pages", str(self.pages)),
            ("pages read", str(pages_read)),
        )
        self.database.executemany("INSERT INTO run VALUES (?, ?)", run)
        self.database.execute(f"PRAGMA application_id={APPLICATION}")
        self.database.execute(f"PRAGMA user_version={FORMAT}")
        self._commit()
        self.database.execute("COMMIT")

    def _add_page(self, pairs: list[Pair]) -> None:
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
        self._add_names(title, [Name(text=name, rank=NameRank.TITLE)])

    def _add_names(self, title: str, names: Sequence[Name]) -> None:
        self.database.executemany(
            "INSERT OR IGNORE INTO names VALUES (?, ?, ?)",
            ((name.text, self.pages, int(name.rank)) for name in names),
        )
        words = set(words_of(title))
        self.database.executemany(
            "INSERT INTO words VALUES (?, ?)", ((word, self.pages) for word in words)
        )
        self.titles.update(words.union(*(name.text.split() for name in names)))
        self.pages += 1

    def _commit(self) -> None:
        """Write the words so far, and begin again: there may be millions."""
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


def _small_words(text: str) -> set[str]:
    return {word for part in SMALL_WORD.findall(text) for word in words_of(part)}
