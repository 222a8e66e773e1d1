"""Every archive gives the same kind of page, and passes over what is none."""

import gzip
import io
import json
import tarfile
import tracemalloc
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import BadInput, ExternalError
from pipeline.records import Page
from pipeline.sources import archives
from pipeline.sources.archives import (
    Archive,
    Dump,
    Folder,
    Zim,
    open_archive,
    record_page,
    saved_page,
)
from tests.conftest import document


def pages_of(archive: Archive) -> tuple[list[Page], Counter[str]]:
    """The pages of an archive, and why other records are none."""
    pages, skipped = list[Page](), Counter[str]()
    for part in range(archive.parts()):
        for each in archive.records(part):
            found = archive.page(each)
            if isinstance(found, Page):
                pages.append(found)
            else:
                skipped[found] += 1
    return pages, skipped


def record(number: int = 1, **changed: Any) -> dict[str, Any]:
    return {
        "name": f"Town {number}",
        "identifier": number,
        "url": f"https://en.wikipedia.org/wiki/Town_{number}",
        "namespace": {"identifier": 0},
        "version": {"identifier": 70 + number},
        "categories": [{"name": "Category:Towns of 1:2"}],
        "in_language": {"identifier": "en"},
        "license": [{"name": "x", "identifier": "CC-BY-SA-4.0"}],
        "article_body": {"html": f"<html><p>Town {number}</p></html>"},
    } | changed


def lines(*records: object) -> bytes:
    return b"".join(
        (json.dumps(each).encode() if isinstance(each, dict) else bytes(str(each), "utf-8")) + b"\n"
        for each in records
    )


def packed_dump(folder: Path, content: bytes, form: str) -> Path:
    path = folder / f"dump.{form}"
    if form == "tar.gz":
        with tarfile.open(path, "w:gz") as archive:
            for name, part in (("../../outside_0.ndjson", content), ("folder_1.ndjson", b"\n")):
                member = tarfile.TarInfo(name)
                member.size = len(part)
                archive.addfile(member, io.BytesIO(part))
    else:
        path.write_bytes(gzip.compress(content) if form == "ndjson.gz" else content)
    return path


@pytest.mark.parametrize("form", ["tar.gz", "ndjson.gz", "ndjson"])
def test_a_dump_gives_its_articles_whatever_its_packing(form: str, tmp_path: Path) -> None:
    content = lines(
        record(1),
        record(2),
        record(1),
        "{broken",
        record(3, namespace={"identifier": 14}),
        record(4, in_language={"identifier": "de"}),
    )
    pages, skipped = pages_of(Dump(files=(packed_dump(tmp_path, content, form),)))
    assert [each.title for each in pages] == ["Town 1", "Town 2", "Town 1"]
    assert pages[0] == Page(
        pageid=1,
        title="Town 1",
        html="<html><p>Town 1</p></html>",
        revid=71,
        url="https://en.wikipedia.org/wiki/Town_1",
        licence="CC BY-SA 4.0",
        categories=("Towns of 1:2",),
        lang="en",
    )
    assert skipped == {"malformed": 1, "not an article": 1, "another language": 1}
    assert not (tmp_path.parent.parent / "outside_0.ndjson").exists()


def header(name: str, size: int, kind: bytes = tarfile.REGTYPE) -> bytes:
    """The header of a member, which may claim any size."""
    member = tarfile.TarInfo(name)
    member.size, member.type = size, kind
    return member.tobuf(tarfile.GNU_FORMAT)


def sparse_header() -> bytes:
    """The header of a sparse file that goes on in another block, as all that follow do."""
    block = bytearray(header("sparse.ndjson", 0, tarfile.GNUTYPE_SPARSE))
    block[482] = 1  # "the list of data goes on in the next block"
    block[148:156] = b"%06o\0 " % (sum(block[:148]) + sum(block[156:]) + 8 * 32)
    return bytes(block)


BOMBS = {
    "a header of gigabytes": header("x", 200 << 20, tarfile.XHDTYPE) + bytes(200 << 20),
    "a name of gigabytes": header("x", 200 << 20, tarfile.GNUTYPE_LONGNAME) + b"x" * (200 << 20),
    "a sparse file's list without end": sparse_header() + (bytes(504) + b"\1" + bytes(7)) * 100_000,
    "members without end": header("x", 0) * 4_000,
    "a negative size": header("x", -1024) + header("x.ndjson", 0),
}


@pytest.mark.parametrize("bomb", BOMBS)
def test_headers_of_an_archive_fill_no_memory(
    bomb: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(archives, "MAX_MEMBERS", 3_000)
    good = lines(record(1))
    start = header("first.ndjson", len(good)) + good + bytes(-len(good) % 512)
    path = tmp_path / "dump.tar.gz"
    path.write_bytes(gzip.compress(start + BOMBS[bomb], 1))
    tracemalloc.start()
    read = list[bytes]()
    with pytest.raises(ExternalError, match="damaged"):
        read += Dump(files=(path,)).records(0)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert read == [good] and peak < 20 << 20


def test_a_sparse_file_is_no_part_of_a_dump(tmp_path: Path) -> None:
    with tarfile.open(tmp_path / "dump.tar", "w", format=tarfile.PAX_FORMAT) as archive:
        member = tarfile.TarInfo("x.ndjson")
        member.pax_headers = {
            "GNU.sparse.major": "0",
            "GNU.sparse.minor": "1",
            "GNU.sparse.size": str(1 << 40),
            "GNU.sparse.map": f"0,0,{1 << 40},0",
        }
        archive.addfile(member)
    assert list(Dump(files=(tmp_path / "dump.tar",)).records(0)) == []


@pytest.mark.parametrize("piece", [b"[],", b"{},", b"0,", b'{"a":', b"["])
def test_a_record_of_many_values_is_not_parsed(piece: bytes) -> None:
    line = b'{"x":[' + piece * (archives.MAX_LINE // len(piece) // 2) + b"0]}"
    tracemalloc.start()
    assert record_page(line, "en") == "record too large"
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1 << 20


def test_a_dump_that_breaks_off_gives_what_came_before(tmp_path: Path) -> None:
    noise = "".join(
        chr(33 + number * 7919 % 90) for number in range(300_000)
    )  # else gzip keeps it all in one block
    whole = packed_dump(
        tmp_path,
        lines(*(record(number, noise=noise[number:]) for number in range(1, 30))),
        "ndjson.gz",
    ).read_bytes()
    (tmp_path / "cut.ndjson.gz").write_bytes(whole[: len(whole) * 2 // 3])
    came: list[bytes] = []
    with pytest.raises(ExternalError, match="damaged"):
        came.extend(Dump(files=(tmp_path / "cut.ndjson.gz",)).records(0))
    assert 10 < len(came) < 25


def test_a_line_too_long_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pipeline.sources.archives.MAX_LINE", 1000)
    pages, skipped = pages_of(
        Dump(
            files=(
                packed_dump(
                    tmp_path, lines(record(1), record(2, noise="x" * 5000), record(3)), "ndjson"
                ),
            )
        )
    )
    assert [each.pageid for each in pages] == [1, 3]
    assert skipped == {"record too large": 1}


@pytest.mark.parametrize(
    "broken",
    [
        record(identifier="7.5"),
        record(identifier=-1),
        record(identifier=10**18),
        record(identifier=True),
        record(name=7),
        record(name=" "),
        record(article_body=None),
        record(article_body={}),
        record(categories=[7]),
        record(license=7),
        record(version=7),
        record(namespace=7),
        [1],
        7,
        None,
        "x",
    ],
)
def test_a_record_of_another_shape_is_malformed_and_nothing_worse(broken: object) -> None:
    assert record_page(json.dumps(broken).encode(), "en") == "malformed"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from([*record(), "html", "name", "identifier"]), inner, max_size=5
        )
    ),
    max_leaves=8,
)


@given(st.fixed_dictionaries({}, optional=dict.fromkeys(record(), JSON)) | JSON)
def test_no_record_breaks_the_reader(value: object) -> None:
    full = record() | value if isinstance(value, dict) else value
    assert isinstance(record_page(json.dumps(full).encode(), "en"), (Page, str))


@given(st.binary(max_size=200))
def test_no_line_breaks_the_reader(line: bytes) -> None:
    assert isinstance(record_page(line, "en"), (Page, str))


@pytest.mark.parametrize("source", ["dump:none.tar.gz", "html:none", "zim:none.zim"])
def test_an_archive_that_is_not_there_is_said_so(source: str) -> None:
    with pytest.raises(BadInput, match="none"):
        open_archive([source])


def test_saved_pages_are_read_whatever_the_folders_shape(tmp_path: Path) -> None:
    (tmp_path / "below").mkdir()
    (tmp_path / "a.html").write_text(
        document("Town 1", 1).replace(
            "<title>", '<link rel="canonical" href="https://w.test/wiki/Town_1"/><title>'
        )
    )
    (tmp_path / "below/b.HTM").write_text(document("Town 2", 2))
    (tmp_path / "c.html").write_text("<p>no wiki's page</p>")
    (tmp_path / "d.html").write_text(document("Talk", 4, wgNamespaceNumber=1))
    (tmp_path / "z.html").write_text(document("Town 1", 1))
    (tmp_path / "f.txt").write_text("no page")
    pages, skipped = pages_of(Folder(folder=tmp_path))
    assert [(each.title, each.url) for each in pages] == [
        ("Town 1", "https://w.test/wiki/Town_1"),
        ("Town 2", "https://en.wikipedia.org/wiki/Town_2"),
        ("Town 1", "https://en.wikipedia.org/wiki/Town_1"),
    ]
    assert skipped == {"no wiki page": 1, "not an article": 1}


FRENCH = [
    document("Hameau", 1).replace("<html>", '<html class="client-js" lang="fr">'),
    document("Hameau", 1).replace("<html>", "<HTML LANG=fr-FR>"),
    document("Hameau", 1, wgPageContentLanguage="fr"),
    document("Hameau", 1).replace(
        "<title>", '<link rel="canonical" href="https://fr.wikipedia.org/wiki/Hameau"/><title>'
    ),
]


@pytest.mark.parametrize("text", FRENCH)
def test_a_saved_page_in_another_language_is_passed_over(text: str) -> None:
    assert saved_page(text, "en") == "another language"
    assert saved_page(text, "pt") == "another language"
    assert isinstance(saved_page(text, "fr"), Page)


@pytest.mark.parametrize("said", [None, {"identifier": "fr"}, {"identifier": "pt"}])
def test_a_record_in_another_language_is_passed_over(said: object) -> None:
    line = lines(record(in_language=said, url="https://fr.wikipedia.org/wiki/Hameau"))
    assert record_page(line, "en") == "another language"


# --- ZIM ------------------------------------------------------------------------------------------


def written_zim(path: Path, items: list[tuple[str, str, str, bytes]]) -> Path:
    """A ZIM file of items (path, title, type, content) and a redirect to the first."""
    writer = pytest.importorskip("libzim.writer")

    class Item(writer.Item):  # type: ignore[misc, name-defined]
        def __init__(self, path: str, title: str, kind: str, content: bytes) -> None:
            super().__init__()
            self.given = path, title, kind, content

        def get_path(self) -> str:
            return self.given[0]

        def get_title(self) -> str:
            return self.given[1]

        def get_mimetype(self) -> str:
            return self.given[2]

        def get_contentprovider(self) -> Any:
            return writer.StringProvider(self.given[3])

        def get_hints(self) -> dict[Any, int]:
            return {writer.Hint.FRONT_ARTICLE: int(self.given[2] == "text/html")}

    with writer.Creator(path) as creator:
        creator.set_mainpath(items[0][0])
        for item in items:
            creator.add_item(Item(*item))
        creator.add_redirection("Elsewhere", "Elsewhere", items[0][0], {})
        creator.add_metadata("Language", b"eng", "text/plain")
        creator.add_metadata("License", b"CC-BY-SA-4.0", "text/plain")
    return path


def test_a_zim_file_gives_its_articles_and_nothing_else(tmp_path: Path) -> None:
    kiwix = (
        b"<html><head><title>Bare</title></head><body><p>x</p><a"
        b" href='https://en.wikipedia.org/wiki/?title=Bare&amp;oldid=77'>s</a></body></html>"
    )
    file = written_zim(
        tmp_path / "a.zim",
        [
            ("Town_1", "Town 1", "text/html", document("Town 1", 1).encode()),
            ("Bare_town", "Bare town", "text/html", kiwix),
            ("style.css", "", "text/css", b"p {}"),
            ("Talk", "Talk", "text/html", document("Talk", 4, wgNamespaceNumber=1).encode()),
        ],
    )
    pages, skipped = pages_of(Zim(file=file))
    assert {(each.title, each.revid, each.licence) for each in pages} == {
        ("Town 1", 7001, "CC BY-SA 4.0"),
        ("Bare town", 77, "CC BY-SA 4.0"),
    }
    assert skipped["a redirect"] == 2 and skipped["not an article"] == 1
    assert {each.pageid for each in pages if each.title == "Town 1"} == {1}


def test_a_shuffled_zim_file_gives_the_same_pages_in_another_order_the_same_for_a_seed(
    tmp_path: Path,
) -> None:
    file = written_zim(
        tmp_path / "a.zim",
        [(f"T{i}", f"T{i}", "text/html", document(f"T{i}", i).encode()) for i in range(1, 40)],
    )
    in_order, first, again, other = (
        [each.pageid for each in pages_of(Zim(file=file, shuffled=seed))[0]]
        for seed in (None, 1, 1, 2)
    )
    assert (
        sorted(first) == sorted(in_order) == sorted(other)
        and first == again
        and len({*map(tuple, (in_order, first, other))}) == 3
    )


def test_a_zim_file_that_is_none_or_in_another_language_is_refused(tmp_path: Path) -> None:
    pytest.importorskip("libzim")
    (tmp_path / "none.zim").write_bytes(b"no archive" * 100)
    with pytest.raises(BadInput, match="no ZIM archive"):
        Zim(file=tmp_path / "none.zim")


@given(st.text(max_size=200))
def test_no_saved_document_breaks_the_reader(text: str) -> None:
    assert isinstance(saved_page(text, "en"), (Page, str))


OTHER_FILES = [
    b"<mediawiki>\n<page>\n",
    b"BZh91AY&SY...",
    b"title,text\n",
    b'[\n{"type":"item"},\n',  # Wikidata's
    b'{"index":{"_type":"page","_id":"6"}}\n',  # a search engine's
    b'{"question":"Who?","answer":"Ada."}\n',
]


@pytest.mark.parametrize("content", OTHER_FILES)
def test_the_wrong_kind_of_file_ends_at_its_first_record(content: bytes, tmp_path: Path) -> None:
    (tmp_path / "pages-articles.xml").write_bytes(content)
    dump = open_archive((f"dump:{tmp_path / 'pages-articles.xml'}",))
    with pytest.raises(BadInput, match="wants an Enterprise HTML dump"):
        list(dump.records(0))


def test_a_saved_page_that_cannot_be_read_right_is_left_out_alone(tmp_path: Path) -> None:
    text = document("Café", 1)
    (tmp_path / "marked.html").write_bytes(text.encode("utf-8-sig"))
    (tmp_path / "wide.html").write_bytes(text.encode("utf-16"))
    (tmp_path / "old.html").write_bytes(text.encode("windows-1252"))
    folder = Folder(folder=tmp_path)
    records = list(folder.records(0))
    (tmp_path / "wide.html").rename(tmp_path / "moved.html")
    read = {name: folder.page(name) for name in records}
    assert read["old.html"] == "not in UTF-8" and read["wide.html"] == "cannot be read"
    for page in (read["marked.html"], folder.page("moved.html")):
        assert isinstance(page, Page) and page.title == "Café" and "\ufffd" not in page.html
