"""Texts come as their author wrote them, or are refused with the place and the remedy."""

import io
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import BadInput
from pipeline.text_files import STANDARD_INPUT, decode_stream

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\0\ufeff"))


class Dripping(io.BytesIO):
    """A stream that gives one byte at a time, as a slow pipe may."""

    def read(self, size: int | None = -1, /) -> bytes:
        return super().read(1)


@given(TEXTS, st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
def test_a_text_comes_back_in_each_encoding_that_is_read(text: str, encoding: str) -> None:
    raw = text.encode(encoding)
    counts = list[int]()
    assert "".join(decode_stream(io.BytesIO(raw), "x", counts.append)) == text
    assert sum(counts) <= len(raw)


@given(TEXTS)
def test_pieces_of_any_size_are_the_same_text(text: str) -> None:
    for encoding in ("utf-8", "utf-8-sig", "utf-16"):
        assert "".join(decode_stream(Dripping(text.encode(encoding)), "x")) == text


def test_every_line_ends_in_a_line_feed() -> None:
    assert "".join(decode_stream(Dripping(b"one\r\ntwo\rthree\n"), "x")) == "one\ntwo\nthree\n"


@pytest.mark.parametrize(
    ("raw", "place"), [(b"caf\xe9 au lait", 4), (b"\xef\xbb\xbfab\xff", 6), (b"abc\xc3", 4)]
)
def test_another_encoding_is_refused_with_its_place_and_a_remedy(raw: bytes, place: int) -> None:
    for stream in (io.BytesIO(raw), Dripping(raw)):
        with pytest.raises(BadInput, match=rf"my file is .* byte {place} on: .*iconv .*'my file'"):
            list(decode_stream(stream, "my file"))


@pytest.mark.parametrize(
    ("encoding", "named"),
    [("utf-16-le", "UTF-16LE"), ("utf-16-be", "UTF-16BE"), ("utf-32", "UTF-32")],
)
@pytest.mark.parametrize("text", ["no mark", "été\n"])
def test_the_remedy_names_the_encoding_that_null_bytes_tell(
    encoding: str, named: str, text: str
) -> None:
    for stream in (io.BytesIO(text.encode(encoding)), Dripping(text.encode(encoding))):
        with pytest.raises(BadInput, match=rf"from byte \d on: .*iconv -f {named} -t UTF-8"):
            list(decode_stream(stream, "x"))


def test_what_is_no_text_is_refused() -> None:
    with pytest.raises(BadInput, match="no plain text"):
        list(decode_stream(io.BytesIO(b"a few words\0"), "x"))


@pytest.mark.parametrize(
    ("raw", "named"), [(b"%PDF-1.7\n", "PDF"), (b"PK\x03\x04\x14", "ZIP"), (b"{\\rtf1", "RTF")]
)
def test_a_document_that_holds_a_text_is_named(raw: bytes, named: str) -> None:
    with pytest.raises(BadInput, match=f"is an? {named} .* save it as plain text"):
        list(decode_stream(io.BytesIO(raw), "x"))


@pytest.mark.skipif(not shutil.which("iconv"), reason="iconv is not installed")
def test_the_remedy_works_as_it_is_written(tmp_path: Path) -> None:
    file = tmp_path / "it's an old file.txt"
    file.write_bytes(b"caf\xe9 au lait")
    with pytest.raises(BadInput) as error, file.open("rb") as raw:
        list(decode_stream(raw, str(file)))
    command = str(error.value).partition("for example with ")[2].rpartition(", and name")[0]
    subprocess.run(["sh", "-c", command], check=True)
    with (tmp_path / "it's an old file.txt.utf8").open("rb") as raw:
        assert "".join(decode_stream(raw, "x")) == "café au lait"
    with pytest.raises(BadInput, match="before it is piped here") as error:
        list(decode_stream(io.BytesIO(b"\xe9"), STANDARD_INPUT))
    assert ">" not in str(error.value)
