"""Text as it is compared, of people who mean well and of those who do not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.questions.normalize import (
    aside_of,
    bare_title,
    folded,
    normalize,
    without_long_runs,
)

LONG = 400_000  # characters, that take minutes where work grows with the square of its input
MARKS = "\u0315\u0301"  # of two classes, so that a run of them has to be sorted


def test_accents_signs_and_case_are_one() -> None:
    assert normalize("Beyoncé’s “Halo” & C++") == "beyonces halo and c++"
    assert normalize("!!! !") == "!!!!"


@pytest.mark.parametrize("compared", [normalize, folded])
def test_a_long_run_of_marks_is_cut_before_it_is_sorted(compared) -> None:
    assert compared("a" + MARKS * LONG) == compared("a" + MARKS * 15)


@pytest.mark.parametrize("blank", [" ", "\n", "\u00a0"])
def test_a_long_run_of_blanks_is_no_parenthesis(blank: str) -> None:
    title = "Ada" + blank * LONG + "Lovelace"
    assert (bare_title(title), aside_of(title)) == (title, "")
    assert bare_title("Ada" + blank * LONG + "(ship)") == "Ada"


@given(st.text(st.characters(categories=["L", "N", "Mn", "Zs", "P"]), max_size=30))
def test_what_people_write_has_no_long_runs(text: str) -> None:
    assert without_long_runs(text) == text


def test_parentheses_go_from_titles_but_never_all_of_one() -> None:
    assert bare_title("Mercury (planet)") == "Mercury"
    assert bare_title("Zed (a (b) c)") == "Zed"
    assert bare_title("(film)") == "(film)"
    assert bare_title("(I Can't) Go") == "(I Can't) Go"
