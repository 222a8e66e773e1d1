"""The page cache: one SQLite file that knows what was asked for, what came, and what is pending."""

import json
import shutil
import sqlite3
import time
import zlib
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipeline.errors import BadInput, ExternalError
from pipeline.files import Locked, locked
from pipeline.records import Page

FILE_NAME = "pages.sqlite"
FORMAT = 2  # PRAGMA user_version; format 1 had no checksums
APPLICATION = 0x41736B57  # PRAGMA application_id: "AskW"

# The HTML is in a table of its own, so that reading or renewing the pairs touches no page's
# body.
SCHEMA = """
CREATE TABLE sites (name TEXT PRIMARY KEY, facts TEXT NOT NULL);
CREATE TABLE requests (
  id INTEGER PRIMARY KEY, site TEXT NOT NULL, what TEXT NOT NULL, state TEXT NOT NULL,
  exhausted_at REAL, UNIQUE (site, what));
CREATE TABLE wanted (
  request INTEGER NOT NULL REFERENCES requests, position INTEGER NOT NULL, title TEXT NOT NULL,
  pageid INTEGER, state TEXT NOT NULL DEFAULT 'owed', reason TEXT,
  PRIMARY KEY (request, position), UNIQUE (request, title)) WITHOUT ROWID;
CREATE INDEX wanted_title ON wanted (title);
CREATE TABLE pages (
  id INTEGER PRIMARY KEY, site TEXT NOT NULL, pageid INTEGER NOT NULL, title TEXT NOT NULL,
  url TEXT NOT NULL, revid INTEGER NOT NULL, licence TEXT NOT NULL, categories TEXT NOT NULL,
  lang TEXT NOT NULL, fetched_at REAL NOT NULL, pairs TEXT NOT NULL, reason TEXT,
  rules TEXT NOT NULL, identity INTEGER, made INTEGER, UNIQUE (site, pageid));
CREATE INDEX pages_title ON pages (site, title);
CREATE TABLE documents (page INTEGER PRIMARY KEY REFERENCES pages, html BLOB NOT NULL);
"""

# Choices that hold for later fetches, too; in caches of format 2 since it was added.
OPTIONS = "CREATE TABLE IF NOT EXISTS options (name TEXT PRIMARY KEY, value TEXT NOT NULL)"

# SQLite does not notice a bit that its disk has flipped within a text, and zlib only guards the
# HTML. So `identity` is the checksum of what a page's pairs are made of beside it, and `made` that
# of the pairs: where one of them is not right, pairs or page are made again.
IDENTITY = "crc(pageid, title, url, revid, licence, categories, lang)"
MIGRATION = f"""
ALTER TABLE pages ADD COLUMN identity INTEGER;
ALTER TABLE pages ADD COLUMN made INTEGER;
UPDATE pages SET identity = {IDENTITY}, made = crc(pairs);
"""
STALE = "rules IS NOT ? OR made IS NOT crc(pairs)"
# What SQLite says where `crc` has raised something, which it keeps to itself. Nothing is raised
# there but the KeyboardInterrupt of a signal that came just then.
CRC_RAISED = "user-defined function raised exception"


def crc(*values: object) -> int:
    """A checksum of a row's values, for SQL."""
    return zlib.crc32(repr(values).encode("utf-8", "replace"))


@dataclass(frozen=True, slots=True, kw_only=True)
class DerivedPairs:
    """What was made of a page: its pairs as JSON lines, or none and the reason, and the rules they
    were made under.
    """

    pairs: str
    reason: str | None
    rules: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueItem:
    """One page that a request asks for; `pageid` is None until it is known."""

    request: int
    position: int
    title: str
    pageid: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What was asked of a site; `state` is where its draw goes on, `exhausted_at` when the site had
    no more to give (Unix time).
    """

    id: int
    site: str
    what: str
    state: dict[str, Any]
    exhausted_at: float | None


def holds_pages(folder: Path) -> bool:
    """Whether a folder's page cache has pages; one that cannot be looked into may have some."""
    return _has_rows(folder / FILE_NAME, "pages")


def _has_rows(path: Path, table: str) -> bool:
    if not path.exists():
        return False
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as database:
            return database.execute(f"SELECT 1 FROM {table} LIMIT 1").fetchone() is not None
    except sqlite3.Error:
        return True


@contextmanager
def _unless_empty(folder: Path, *, is_new: bool) -> Iterator[None]:
    """Where a folder was made for a fetch, and this ends before a title was drawn, the folder goes
    again: what was refused leaves nothing behind.
    """
    try:
        yield
    finally:
        if is_new and not _holds_anything(folder):
            shutil.rmtree(folder, ignore_errors=True)


def _holds_anything(folder: Path) -> bool:
    """Whether a folder has pages, titles that were drawn, or files other than its cache's own."""
    path = folder / FILE_NAME
    others = (file for file in folder.glob("*") if not file.name.startswith((".", FILE_NAME)))
    return any(others) or _has_rows(path, "pages") or _has_rows(path, "wanted")


@contextmanager
def open_cache(folder: Path) -> Iterator["PageCache"]:
    """The page cache of a folder, made if it is not there, for this process alone.

    Raises BadInput when the folder cannot be one or its cache was made by a newer version,
    ExternalError when another process holds it, or when the disk fails or the file is damaged (at
    any moment until the block ends).
    """
    if folder.exists() and not folder.is_dir():
        raise BadInput(f"{folder} is not a folder: choose another --cache")
    is_new = not folder.exists()
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / FILE_NAME
    try:
        with (
            locked(folder / ".lock"),
            _unless_empty(folder, is_new=is_new),
            closing(_connected(path)) as connection,
        ):
            yield PageCache(connection, path)
    except Locked as held:
        raise ExternalError(
            f"another fetch is at work in {folder}: wait for its end, or choose another"
            f" --cache{held}"
        ) from None
    except sqlite3.Error as error:
        if CRC_RAISED in str(error):
            raise KeyboardInterrupt from None
        raise ExternalError(_failure_text(path, error)) from None
    except UnicodeDecodeError:  # of a damaged file, even what SQLite says of it may be no text
        raise ExternalError(
            _failure_text(path, sqlite3.DatabaseError("its structure cannot be read"))
        ) from None


def _failure_text(path: Path, error: sqlite3.Error) -> str:
    damaged = isinstance(error, sqlite3.DatabaseError) and not isinstance(
        error, sqlite3.OperationalError
    )
    advice = (
        "the file is damaged or no page cache: move it away and fetch again"
        if damaged
        else "all pages so far are kept"
    )
    return f"{path}: {error}; {advice}"


def _connected(path: Path) -> sqlite3.Connection:
    """A connection to the cache's file, made or brought up to date.

    SQLite's log of what was written (WAL) wants memory shared through a file, which disks of other
    machines do not give. There the file is opened for this connection alone, as our own lock makes
    sure of anyway; that must be said before SQLite has tried to map the memory.
    """
    try:
        return _prepared(path, "NORMAL")
    except sqlite3.OperationalError as error:
        if CRC_RAISED in str(error):
            raise
        return _prepared(path, "EXCLUSIVE")


def _prepared(path: Path, locking: str) -> sqlite3.Connection:
    with ExitStack() as on_failure:
        if not path.exists():  # a file that SQLite makes is for its group to read only
            with suppress(OSError):  # SQLite says in its own words what is wrong
                path.touch()
        connection = on_failure.enter_context(closing(sqlite3.connect(path, isolation_level=None)))
        connection.execute(f"PRAGMA locking_mode = {locking}")
        _prepare(connection, path)
        on_failure.pop_all()
        return connection


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    """Make the tables of a new file, or bring those of an older format up to date."""
    connection.create_function("crc", -1, crc, deterministic=True)
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version > FORMAT:
        raise BadInput(
            f"{path} was made by a newer AskWiki (format {version}, not {FORMAT}): update, or"
            " choose another --cache"
        )
    # A kill loses nothing committed; only a power cut may lose the last moments, never the file's
    # soundness.
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    if version == 0:
        if connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
            raise BadInput(f"{path} is a database of something else: choose another --cache")
        marks = f"PRAGMA application_id = {APPLICATION}; PRAGMA user_version = {FORMAT};"
        connection.executescript(f"BEGIN IMMEDIATE; {SCHEMA} {marks} COMMIT;")
    elif version == 1:
        connection.executescript(
            f"BEGIN IMMEDIATE; {MIGRATION} PRAGMA user_version = {FORMAT}; COMMIT;"
        )
    connection.execute(OPTIONS)


class PageCache:
    """The tables behind `open_cache`; every method that writes is one transaction."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._db = connection
        self.path = path

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        with self._db:  # commits, or rolls back where the block raises
            self._db.execute("BEGIN IMMEDIATE")
            yield self._db

    def _json(self, text: str) -> Any:
        try:
            return json.loads(text)
        except ValueError:
            raise sqlite3.DatabaseError("a record in it cannot be read") from None

    # --- sites and requests -----------------------------------------------------------------------

    def languages(self) -> list[str]:
        """The tags of the languages that its pages are written in."""
        return [row[0] for row in self._db.execute("SELECT DISTINCT lang FROM pages")]

    def sites(self) -> list[str]:
        """The names of the wikis that its pages come from."""
        return [row[0] for row in self._db.execute("SELECT DISTINCT site FROM pages")]

    def site_facts(self, site: str) -> dict[str, Any] | None:
        """What was learnt of a site before, or None."""
        row = self._db.execute("SELECT facts FROM sites WHERE name = ?", (site,)).fetchone()
        return self._json(row[0]) if row else None

    def remember_site(self, site: str, facts: dict[str, Any]) -> None:
        with self._transaction() as db:
            db.execute("INSERT OR REPLACE INTO sites VALUES (?, ?)", (site, json.dumps(facts)))

    def leaves_out_copies(self) -> bool:
        """Whether near-duplicates are left out of its pairs."""
        row = self._db.execute("SELECT value FROM options WHERE name = 'dedupe'").fetchone()
        return row is not None and row[0] == "yes"

    def leave_out_copies(self, wanted: bool) -> None:
        """Leave near-duplicates out of the pairs from now on, or no longer."""
        with self._transaction() as db:
            value = "yes" if wanted else "no"
            db.execute("INSERT OR REPLACE INTO options VALUES ('dedupe', ?)", (value,))

    def request(self, site: str, what: str) -> Request:
        """The request for `what` of a site, as far as it has come; pages that failed in an earlier
        run are owed again.
        """
        with self._transaction() as db:
            db.execute(
                "INSERT OR IGNORE INTO requests (site, what, state) VALUES (?, ?, '{}')",
                (site, what),
            )
            row = db.execute(
                "SELECT id, state, exhausted_at FROM requests WHERE site = ? AND what = ?",
                (site, what),
            ).fetchone()
            db.execute(
                "UPDATE wanted SET state = 'owed', reason = NULL WHERE request = ? AND state ="
                " 'failed'",
                row[:1],
            )
        return Request(
            id=row[0], site=site, what=what, state=self._json(row[1]), exhausted_at=row[2]
        )

    def add_wanted(
        self,
        request: Request,
        pages: Iterable[tuple[str, int | None]],
        state: dict[str, Any],
        *,
        exhausted: bool,
    ) -> int:
        """Remember the next (title, pageid) of a draw and where it goes on; how many of them are
        new to the request.
        """
        with self._transaction() as db:
            last = db.execute(
                "SELECT coalesce(max(position), 0) FROM wanted WHERE request = ?", (request.id,)
            ).fetchone()[0]
            before = db.total_changes
            db.executemany(
                "INSERT OR IGNORE INTO wanted (request, position, title, pageid) VALUES (?, ?,"
                " ?, ?)",
                (
                    (request.id, position, title, pageid)
                    for position, (title, pageid) in enumerate(pages, start=last + 1)
                ),
            )
            new = db.total_changes - before
            db.execute(
                "UPDATE requests SET state = ?, exhausted_at = ? WHERE id = ?",
                (json.dumps(state), time.time() if exhausted else None, request.id),
            )
        return new

    def count_wanted(self, request: Request) -> int:
        """How many pages the request has asked for."""
        query = "SELECT count(*) FROM wanted WHERE request = ?"
        return int(self._db.execute(query, (request.id,)).fetchone()[0])

    def next_pending(self, request: Request, *, after: int) -> QueueItem | None:
        """The first page still owed after a position of the request's order."""
        row = self._db.execute(
            "SELECT request, position, title, pageid FROM wanted WHERE request = ? AND state ="
            " 'owed' AND position > ? ORDER BY position LIMIT 1",
            (request.id, after),
        ).fetchone()
        return (
            QueueItem(request=row[0], position=row[1], title=row[2], pageid=row[3]) if row else None
        )

    def gave(self, request: Request) -> int:
        """How many different pages of the request gave a pair."""
        return int(
            self._db.execute(
                "SELECT count(DISTINCT p.id) FROM wanted w JOIN pages p ON p.site = ? AND p.pageid"
                " = w.pageid WHERE w.request = ? AND w.state = 'kept' AND p.pairs != ''",
                (request.site, request.id),
            ).fetchone()[0]
        )

    def verify(self) -> None:
        """Look through the whole file. Raises sqlite3.DatabaseError where its structure is
        damaged.
        """
        verdict = self._db.execute("PRAGMA quick_check(1)").fetchone()[0]
        if verdict != "ok":
            raise sqlite3.DatabaseError(verdict)

    # --- pages ------------------------------------------------------------------------------------

    def mark_known(self, request: Request) -> None:
        """Count as kept what the request asks for and the cache has already, whichever request
        brought it and under whichever title.
        """
        known = (
            "SELECT title, pageid FROM pages WHERE site = :site",
            (
                "SELECT w.title, w.pageid FROM wanted w JOIN requests r ON r.id = w.request AND"
                " r.site = :site JOIN pages p ON p.site = r.site AND p.pageid = w.pageid WHERE"
                " w.state = 'kept'"
            ),
        )
        with self._transaction() as db:
            db.execute(
                "UPDATE wanted SET state = 'kept' WHERE request = :request AND state = 'owed' "
                "AND pageid IN (SELECT pageid FROM pages WHERE site = :site)",
                {"request": request.id, "site": request.site},
            )
            for titles in known:
                db.execute(
                    f"UPDATE wanted SET state = 'kept', pageid = found.pageid FROM ({titles}) AS"
                    " found WHERE request = :request AND state = 'owed' AND wanted.pageid IS NULL"
                    " AND wanted.title = found.title",
                    {"request": request.id, "site": request.site},
                )

    def mark(
        self, wanted: QueueItem, state: str, *, pageid: int | None = None, reason: str | None = None
    ) -> None:
        """Note how a wanted page ended: 'kept' under its pageid, 'missing' for good, or 'failed'
        until the next run.
        """
        with self._transaction() as db:
            self._settle(db, wanted, state, pageid, reason)

    @staticmethod
    def _settle(
        db: sqlite3.Connection,
        wanted: QueueItem,
        state: str,
        pageid: int | None,
        reason: str | None,
    ) -> None:
        db.execute(
            "UPDATE wanted SET state = ?, pageid = coalesce(?, pageid), reason = ? WHERE request ="
            " ? AND position = ?",
            (state, pageid, reason, wanted.request, wanted.position),
        )

    def keep(self, site: str, page: Page, made: DerivedPairs, wanted: QueueItem) -> bool:
        """Keep a page, what was made of it, and that it is owed no longer; whether it is new to the
        cache.
        """
        with self._transaction() as db:
            self._settle(db, wanted, "kept", page.pageid, None)
            if db.execute(
                "SELECT 1 FROM pages WHERE site = ? AND pageid = ?", (site, page.pageid)
            ).fetchone():
                return False
            cursor = db.execute(
                "INSERT INTO pages (site, pageid, title, url, revid, licence, categories, lang,"
                " fetched_at, pairs, reason, rules) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (
                    site,
                    page.pageid,
                    page.title,
                    page.url,
                    page.revid,
                    page.licence,
                    json.dumps(page.categories),
                    page.lang,
                    time.time(),
                    made.pairs,
                    made.reason,
                    made.rules,
                ),
            )
            db.execute(
                f"UPDATE pages SET identity = {IDENTITY}, made = crc(pairs) WHERE id = ?",
                (cursor.lastrowid,),
            )
            db.execute(
                "INSERT INTO documents VALUES (?, ?)",
                (cursor.lastrowid, zlib.compress(page.html.encode("utf-8", "replace"), 1)),
            )
        return True

    def pairs(self) -> Iterator[str]:
        """The JSON lines of every page that gave pairs, in the order in which the pages came."""
        for (text,) in self._db.execute("SELECT pairs FROM pages WHERE pairs != '' ORDER BY id"):
            yield text

    def newest_pairs(self, pages: int) -> list[str]:
        """The JSON lines of the newest pages that gave pairs, in the order in which they came."""
        newest = self._db.execute(
            "SELECT pairs FROM pages WHERE pairs != '' ORDER BY id DESC LIMIT ?", (pages,)
        )
        return [text for (text,) in newest][::-1]

    def newest_rules(self) -> str:
        """The rules that the newest page's pairs were made under; "" in an empty cache."""
        row = self._db.execute("SELECT rules FROM pages ORDER BY id DESC LIMIT 1").fetchone()
        return str(row[0]) if row else ""

    def count_stale(self, rules: str | None) -> int:
        """How many pages have pairs made under other rules, or damaged since; None: all pages."""
        return int(
            self._db.execute(f"SELECT count(*) FROM pages WHERE {STALE}", (rules,)).fetchone()[0]
        )

    def stale(self, rules: str | None) -> Iterator[tuple[int, Page | None]]:
        """The pages of `count_stale` with their keys; None for a page that is damaged."""
        for key in [
            row[0]
            for row in self._db.execute(f"SELECT id FROM pages WHERE {STALE} ORDER BY id", (rules,))
        ]:
            yield key, self._page(key)

    def _page(self, key: int) -> Page | None:
        row = self._db.execute(
            "SELECT pageid, title, url, revid, licence, categories, lang, html, identity IS"
            f" {IDENTITY} FROM pages LEFT JOIN documents ON page = id WHERE id = ?",
            (key,),
        ).fetchone()
        if row is None or not row[8]:
            return None
        try:
            html = zlib.decompress(row[7]).decode("utf-8", "replace")
        except (zlib.error, TypeError):
            return None
        return Page(
            pageid=row[0],
            title=row[1],
            url=row[2],
            revid=row[3],
            licence=row[4],
            categories=tuple(self._json(row[5])),
            lang=row[6],
            html=html,
        )

    def remake(self, made: Iterable[tuple[int, DerivedPairs | None]]) -> None:
        """Put new pairs in the place of old ones, in one transaction; a damaged page, without, is
        let go, to be fetched again.
        """
        with self._transaction() as db:
            for key, new in made:
                if new is not None:
                    db.execute(
                        "UPDATE pages SET pairs = :pairs, reason = :reason, rules = :rules,"
                        " made = crc(:pairs) WHERE id = :id",
                        {
                            "pairs": new.pairs,
                            "reason": new.reason,
                            "rules": new.rules,
                            "id": key,
                        },
                    )
                    continue
                db.execute(
                    "UPDATE wanted SET state = 'owed' WHERE state = 'kept' AND (pageid, request) IN"
                    " (SELECT p.pageid, r.id FROM pages p JOIN requests r ON r.site = p.site WHERE"
                    " p.id = ?)",
                    (key,),
                )
                db.execute("DELETE FROM documents WHERE page = ?", (key,))
                db.execute("DELETE FROM pages WHERE id = ?", (key,))

    # --- what to tell at the end ------------------------------------------------------------------

    def totals(self) -> tuple[int, int]:
        """All pages in the cache, and those of them that gave pairs."""
        return tuple(
            self._db.execute("SELECT count(*), count(nullif(pairs, '')) FROM pages").fetchone()
        )

    def skipped(self, request: Request) -> dict[str, int]:
        """How many pages of the request gave no pair, by reason, the most frequent first."""
        return dict(
            self._db.execute(
                "SELECT coalesce(p.reason, 'no pair'), count(DISTINCT p.id) AS n FROM wanted w JOIN"
                " pages p ON p.site = ? AND p.pageid = w.pageid WHERE w.request = ? AND w.state ="
                " 'kept' AND p.pairs = '' GROUP BY 1 ORDER BY n DESC, 1",
                (request.site, request.id),
            )
        )

    def passed_over(self, request: Request) -> list[tuple[str, str]]:
        """Title and reason of every page of the request that is missing or failed."""
        return self._with_reasons(request, "missing", "failed")

    def failed(self, request: Request) -> list[tuple[str, str]]:
        """Title and reason of every page of the request that is tried again next time."""
        return self._with_reasons(request, "failed")

    def _with_reasons(self, request: Request, *states: str) -> list[tuple[str, str]]:
        return list(
            self._db.execute(
                "SELECT title, coalesce(reason, state) FROM wanted WHERE request = ? "
                f"AND state IN ({', '.join('?' * len(states))}) ORDER BY position",
                (request.id, *states),
            )
        )
