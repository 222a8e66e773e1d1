"""Sources of pages that are on disk already: a Kiwix ZIM file, a Wikimedia Enterprise HTML dump, a
folder of saved pages. A new source is another class with the methods of `Archive`.

An archive has parts, which can be read apart from each other, and a part has records: as little of
a page as costs little to read, so that one process can read for many, which make pages of them.
"""

import errno
import gzip
import html
import io
import json
import re
import tarfile
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, BinaryIO, Protocol, cast
from urllib.parse import quote

import numpy as np

from pipeline.clean import head_config
from pipeline.errors import BadInput, ExternalError
from pipeline.files import read_bounded
from pipeline.questions.languages import base_code, checked_code
from pipeline.records import DEFAULT_LANGUAGE, Page
from pipeline.sources.draws import (
    canonical_url,
    licence_name,
    replace_surrogates,
    whole_number,
)
from pipeline.sources.mediawiki import MAX_BODY
from pipeline.text_files import decode_stream

if TYPE_CHECKING:
    from libzim.reader import Archive as ZimArchive

MAX_LINE = 32 << 20  # bytes of a record: a page of 10 MB as JSON, with all that is beside it
MAX_VALUES = 4_000_000  # of a record's JSON: an empty list of two bytes takes 64 in memory
MAX_MEMBERS = 100_000  # of a tar archive; a dump has one for some thousand pages
MAX_HEADER = 1 << 20  # bytes of a member's headers; what they name has two or three of 512
MAX_PAGEID = 1 << 31
SKIPPED = 1 << 20  # bytes read at a time of what is passed over
TOO_LARGE = b""  # a record in the place of one that is not read
PART = 5000  # entries or files of a part
RIGHTS = re.compile(
    r"<link\b[^>]{0,40}\brel=[\"']license[\"'][^>]{0,40}?\bhref=[\"']([^\"']{1,500})[\"']"
)
RECORD_FIELDS = (b"identifier", b"name", b"article_body")
HTML_LANGUAGE = re.compile(r"<(?:html|body)\b[^>]{0,300}?\blang=[\"']?([\w-]{1,40})", re.IGNORECASE)
WIKIPEDIA = re.compile(r"https?://(?!www\.|test\.)([a-z-]{2,20})\.(?:m\.)?wikipedia\.org/")
NAMED = re.compile(r"<title[^>]*>([^<]{1,600})</title>")
OLD_REVISION = re.compile(r"[?&;]oldid=(\d{1,18})\b")

Record = bytes | int | str


class Archive(Protocol):
    """Where pages come from that are on disk. Archives are small, and go to other processes
    whole.
    """

    def made_of(self) -> list[Any]:
        """What tells this archive from others, and from itself when its files have changed."""

    def parts(self) -> int:
        """How many parts it has, numbered from 0."""

    def records(self, part: int) -> Iterator[Record]:
        """A part's records, always the same in the same order. Raises ExternalError where the file
        breaks off.
        """

    def page(self, record: Record) -> Page | str:
        """The article of a record, or why it is none, in a word or two to be counted."""


def open_archive(
    source: Sequence[str], *, lang: str = DEFAULT_LANGUAGE, shuffled: int | None = None
) -> Archive:
    """The archive that `--source` names: `zim:FILE`, `dump:FILE …` or `html:FOLDER`.

    `shuffled` is the seed of the order in which pages come where they can come in any. Raises
    BadInput for what is missing or none.
    """
    kind, _, first = source[0].partition(":")
    if kind == "dump":
        return Dump(files=tuple(map(Path, (first, *source[1:]))), lang=lang)
    if kind == "zim":
        return Zim(file=Path(first), lang=lang, shuffled=shuffled)
    return Folder(folder=Path(first), lang=lang)


def _mark(file: Path) -> list[Any]:
    """What tells a file from others."""
    status = file.stat()
    return [str(file.resolve()), status.st_size, status.st_mtime_ns]


# --- dumps ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Dump:
    """A Wikimedia Enterprise HTML dump: tar archives of JSON lines, or JSON lines, gzipped or not.
    A part is a file.
    """

    files: tuple[Path, ...]
    lang: str = DEFAULT_LANGUAGE

    def __post_init__(self) -> None:
        for file in self.files:
            if not file.is_file():
                raise BadInput(
                    f"{file} is missing: --source dump: wants the files of an Enterprise HTML dump"
                )

    def made_of(self) -> list[Any]:
        return ["dump", self.lang, *map(_mark, self.files)]

    def parts(self) -> int:
        return len(self.files)

    def records(self, part: int) -> Iterator[bytes]:
        """The lines of a file."""
        file = self.files[part]
        try:
            for number, line in enumerate(_lines(file)):
                if number == 0 and line and not _may_be_record(line):
                    raise BadInput(_not_a_dump(file, line))
                yield line
        except (tarfile.TarError, EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise ExternalError(
                f"{file} is damaged ({error}): what stands before the damage is kept, download it"
                " again"
            ) from None

    def page(self, record: Record) -> Page | str:
        assert isinstance(record, bytes)
        return record_page(record, self.lang) if record else "record too large"


def _may_be_record(line: bytes) -> bool:
    """Whether a dump may begin with this line: a JSON object that has a field of a page's record,
    whole or damaged.
    """
    text = line.lstrip(b"\xef\xbb\xbf \t")
    return text.startswith(b"{") and any(b'"%s"' % name in text for name in RECORD_FIELDS)


def _not_a_dump(file: Path, line: bytes) -> str:
    """What is said of a file whose first line is no record of a page."""
    is_xml = line.lstrip().startswith(b"<") or line.startswith(b"BZh")
    is_json = line.lstrip().startswith(b"{")
    what = "is a dump of wikitext in XML" if is_xml else "holds no JSON lines"
    what = "holds JSON of another kind" if is_json else what
    return (
        f"{file} {what}: --source dump: wants an Enterprise HTML dump (…-NS0-….json.tar.gz); or"
        " name a Kiwix file with --source zim:FILE"
    )


def _lines(file: Path) -> Iterator[bytes]:
    """The lines of a dump's file, whether it is an archive, packed, or plain."""
    with _unpacked(file) as plain:
        if ".tar" in file.name or file.suffix == ".tgz":
            yield from _lines_of_members(plain)
        else:
            yield from _bounded_lines(plain)


def _unpacked(file: Path) -> BinaryIO:
    """The bytes of a file, unpacked where it is gzipped, as its first bytes say."""
    with file.open("rb") as raw:
        packed = raw.read(2) == b"\x1f\x8b"
    return cast(BinaryIO, gzip.open(file)) if packed else file.open("rb")


def _lines_of_members(plain: BinaryIO) -> Iterator[bytes]:
    """The lines of all files of a tar archive. Raises tarfile.TarError for one that is damaged, or
    whose headers would fill the memory.
    """
    # tarfile trusts the headers: it would read names of gigabytes and seek to wherever a member
    # claims to end. This stream lets it read forwards alone, and headers only so far.
    stream = _ForwardStream(plain)
    with tarfile.open(fileobj=stream, mode="r:") as archive:
        for _ in range(MAX_MEMBERS):
            stream.allowed = MAX_HEADER
            member = archive.next()
            if member is None:
                return
            archive.members = []  # type: ignore[attr-defined] # it keeps all headers, to go back
            inside = archive.extractfile(member) if member.isreg() else None
            if inside and not member.issparse():
                stream.allowed = None
                yield from _bounded_lines(inside)
    raise tarfile.ReadError(f"it has more than {MAX_MEMBERS:,} members")


class _ForwardStream(io.RawIOBase):
    """A stream that is read once, from its beginning to its end, as tarfile reads a file."""

    def __init__(self, source: BinaryIO) -> None:
        self.source = source
        self.place = 0
        self.allowed: int | None = MAX_HEADER
        """Bytes that may still be read; None for any number."""

    def read(self, size: int = -1) -> bytes:
        if self.allowed is not None:
            if not 0 <= size <= self.allowed:
                raise tarfile.ReadError(f"a header is longer than {MAX_HEADER >> 20} MB")
            self.allowed -= size
        block = self.source.read(size)
        self.place += len(block)
        return block

    def tell(self) -> int:
        return self.place

    def seek(self, place: int, whence: int = io.SEEK_SET) -> int:
        if whence != io.SEEK_SET or place < self.place:
            raise tarfile.ReadError("a member has a negative size")
        while self.place < place and (block := self.source.read(min(SKIPPED, place - self.place))):
            self.place += len(block)
        return self.place


def _bounded_lines(stream: BinaryIO | IO[bytes]) -> Iterator[bytes]:
    # A line of any length costs the memory of MAX_LINE: the rest of one that is longer is passed
    # over piece by piece.
    while line := stream.readline(MAX_LINE):
        if len(line) < MAX_LINE or line.endswith(b"\n"):
            if line.strip():
                yield line
            continue
        yield TOO_LARGE
        while line and not line.endswith(b"\n"):
            line = stream.readline(MAX_LINE)


def record_page(line: bytes, lang: str) -> Page | str:
    """The page of one record of a dump, or why it gives none."""
    # Counted before parsing, as json.loads makes an object of 64 bytes of each "[]".
    if sum(map(line.count, (b",", b":", b"[", b"{"))) > MAX_VALUES:
        return "record too large"
    try:
        record = json.loads(line)
        if not isinstance(record, dict):
            return "malformed"
        namespace = (record.get("namespace") or {}).get("identifier", 0)
        pageid, document, title = (
            whole_number(record.get("identifier")),
            record["article_body"]["html"],
            record["name"],
        )
        revid = whole_number((record.get("version") or {}).get("identifier")) or 0
        categories = tuple(
            str(category["name"]).partition(":")[2] for category in record.get("categories") or ()
        )
        rights = (record.get("license") or [{}])[0]
        licence = licence_name(
            str(rights.get("url") or ""), str(rights.get("identifier") or rights.get("name") or "")
        )
        said = (record.get("in_language") or {}).get("identifier")
        written_in = str(said or language_of_address(str(record.get("url") or "")) or lang)
    except (ValueError, RecursionError, KeyError, TypeError, AttributeError, IndexError):
        return "malformed"
    if (
        not isinstance(document, str)
        or not isinstance(title, str)
        or not title.strip()
        or not pageid
        or pageid >= MAX_PAGEID
    ):
        return "malformed"
    if namespace != 0:
        return "not an article"
    if base_code(written_in) != base_code(lang):
        return "another language"
    if len(document) > MAX_BODY:
        return "larger than 10 MB"
    url = str(record.get("url") or address(lang, title))
    return Page(
        pageid=pageid,
        title=replace_surrogates(title.strip()),
        html=replace_surrogates(document),
        url=replace_surrogates(url),
        revid=revid,
        licence=licence,
        categories=categories,
        lang=replace_surrogates(written_in),
    )


def address(lang: str, title: str) -> str:
    """Where Wikipedia has a title."""
    return f"https://{lang}.wikipedia.org/wiki/" + quote(title.replace(" ", "_"))


# --- saved pages ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """Saved pages (.html, .htm) of a folder and those below it, in the order of their names. A part
    is some thousand of them.
    """

    folder: Path
    lang: str = DEFAULT_LANGUAGE

    def __post_init__(self) -> None:
        if not self.folder.is_dir():
            raise BadInput(f"{self.folder} is no folder: --source html: wants one with saved pages")

    def made_of(self) -> list[Any]:
        return [
            "html",
            self.lang,
            str(self.folder.resolve()),
            [_mark(self.folder / name) for name in self._names()],
        ]

    def parts(self) -> int:
        return -(-len(self._names()) // PART)

    def records(self, part: int) -> Iterator[str]:
        """Names of files, relative to the folder."""
        yield from self._names()[part * PART : (part + 1) * PART]

    def page(self, record: Record) -> Page | str:
        assert isinstance(record, str)
        try:
            raw = read_bounded(self.folder / record, MAX_BODY)
            document = "".join(decode_stream(io.BytesIO(raw), record))
        except BadInput:
            return "not in UTF-8"
        except OSError as error:
            return "larger than 10 MB" if error.errno == errno.EFBIG else "cannot be read"
        return saved_page(document, self.lang)

    def _names(self) -> tuple[str, ...]:
        return _saved_names(self.folder)


@lru_cache(maxsize=1)
def _saved_names(folder: Path) -> tuple[str, ...]:
    """The saved pages of a folder, listed once a process."""
    files = sorted(
        path
        for path in folder.rglob("*")
        if path.suffix.lower() in (".html", ".htm") and path.is_file()
    )
    return tuple(str(path.relative_to(folder)) for path in files)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known of a page apart from its document, which may not say it."""

    pageid: int = 0
    title: str = ""
    licence: str = "unknown"


def saved_page(document: str, lang: str, known: Known = Known()) -> Page | str:
    """The page of a saved document, or why it is none."""
    config = head_config(document)
    pageid = whole_number(config.get("wgArticleId")) or known.pageid
    if not pageid or pageid >= MAX_PAGEID:
        return "no wiki page"
    if config.get("wgNamespaceNumber", 0) != 0:
        return "not an article"
    named = NAMED.search(document, 0, 300_000)
    title = str(
        config.get("wgTitle")
        or config.get("wgPageName")
        or known.title
        or (html.unescape(named[1]) if named else "")
    )
    title = title.replace("_", " ").strip()
    if not title:
        return "no wiki page"
    url = canonical_url(document)
    written_in = document_language(document, config) or language_of_address(url or "")
    if base_code(written_in or lang) != base_code(lang):
        return "another language"
    rights, old = RIGHTS.search(document), OLD_REVISION.search(document[-20_000:])
    revid = whole_number(config.get("wgRevisionId")) or (whole_number(old[1]) if old else None) or 0
    return Page(
        pageid=pageid,
        title=replace_surrogates(title),
        html=document,
        url=url or address(lang, title),
        revid=revid,
        licence=licence_name(html.unescape(rights[1]), "") if rights else known.licence,
        lang=lang,
    )


def language_of_address(url: str) -> str:
    """The language of the Wikipedia that an address is of; "" for any other address."""
    host = WIKIPEDIA.match(url)
    return host[1] if host else ""


def document_language(document: str, config: dict[str, Any]) -> str:
    """The tag of the language that a saved document says it is written in; "" where it says
    nothing.
    """
    tag = config.get("wgPageContentLanguage")
    if isinstance(tag, str) and tag:
        return tag
    named = HTML_LANGUAGE.search(document, 0, 20_000)
    return named[1] if named else ""


# --- ZIM ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Zim:
    """A Kiwix archive (https://wiki.openzim.org/wiki/ZIM_file_format). A record is the number of an
    entry, a part some thousand of them.

    With a seed, entries come in a shuffled order, the same for the same seed.
    """

    file: Path
    lang: str = DEFAULT_LANGUAGE
    shuffled: int | None = None

    def __post_init__(self) -> None:
        if not self.file.is_file():
            raise BadInput(
                f"{self.file} is missing: --source zim: wants a .zim file, such as"
                " download.kiwix.org has"
            )
        tags = re.split(r"[,;\s]+", _metadata(_opened(self.file), "Language").strip())
        if tags != [""] and base_code(self.lang) not in map(base_code, tags):
            code = checked_code(tags[0], str(self.file))
            raise BadInput(f"{self.file} is written in {tags[0]!r:.40}: say so by --lang {code}")

    def made_of(self) -> list[Any]:
        return ["zim", self.lang, self.shuffled, _mark(self.file)]

    def parts(self) -> int:
        return -(-int(_opened(self.file).all_entry_count) // PART)

    def records(self, part: int) -> Iterator[int]:
        """Numbers of entries, whatever they are."""
        count = _opened(self.file).all_entry_count
        order = range(count) if self.shuffled is None else _shuffled(count, self.shuffled)
        for place in range(part * PART, min(count, (part + 1) * PART)):
            yield int(order[place])

    def page(self, record: Record) -> Page | str:
        assert isinstance(record, int)
        archive = _opened(self.file)
        try:
            entry = archive._get_entry_by_id(record)
            if entry.is_redirect:
                return "a redirect"
            item = entry.get_item()
            if not item.mimetype.startswith("text/html") or not (
                archive.has_new_namespace_scheme or item.path.startswith("A/")
            ):
                return "not a page"
            if item.size > MAX_BODY:
                return "larger than 10 MB"
            document, title = bytes(item.content).decode("utf-8-sig"), entry.title
        except UnicodeDecodeError:
            return "not in UTF-8"
        except (RuntimeError, ValueError):  # what libzim raises for anything that it cannot read
            return "damaged"
        licence = licence_name("", _metadata(archive, "License"))
        return saved_page(
            replace_surrogates(document),
            self.lang,
            Known(pageid=record + 1, title=title, licence=licence),
        )


@lru_cache(maxsize=1)
def _opened(file: Path) -> "ZimArchive":
    """An archive, opened once a process."""
    try:
        from libzim.reader import Archive as ZimArchive
    except ImportError:
        raise BadInput("--source zim: needs libzim: pip install libzim (or make extras)") from None
    try:
        return ZimArchive(file)
    except RuntimeError as error:
        raise BadInput(
            f"{file} is no ZIM archive, or damaged ({error}): download it again"
        ) from None


@lru_cache(maxsize=1)
def _shuffled(count: int, seed: int) -> np.ndarray[Any, np.dtype[np.uint32]]:
    return np.random.default_rng(seed).permutation(np.arange(count, dtype=np.uint32))


def _metadata(archive: "ZimArchive", name: str) -> str:
    """What an archive says of itself; nothing where it does not."""
    try:
        return bytes(archive.get_metadata(name)).decode("utf-8", "replace").strip()
    except (RuntimeError, KeyError):
        return ""
