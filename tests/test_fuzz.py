"""Every input that the fuzzers began with or found something by is borne; and so is whatever
hypothesis thinks of.
"""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzz.targets import LONGEST, TARGETS

CORPUS = Path(__file__).parent / "fuzz" / "corpus"


@pytest.mark.parametrize(
    "file", sorted(CORPUS.glob("*/*")), ids=lambda file: f"{file.parent.name}/{file.name}"
)
def test_what_was_found_once_is_borne(file: Path) -> None:
    TARGETS[file.parent.name](file.read_bytes())


@pytest.mark.parametrize("name", TARGETS)
def test_any_bytes_are_borne(name: str) -> None:
    seeds = [file.read_bytes() for file in (CORPUS / name).iterdir()]

    @settings(max_examples=40)
    @given(st.sampled_from(seeds), st.integers(0, LONGEST[name]), st.binary(max_size=40))
    def feed(seed: bytes, at: int, change: bytes) -> None:
        TARGETS[name](seed[:at] + change + seed[at + len(change) :])

    feed()
