"""What is called word for word is, and what a limit cut off ends with a whole sentence."""

import pytest

from pipeline.answering.verification import (
    digests_of,
    verified,
    verified_length,
    whole_sentences,
)


def test_a_text_is_verified_sentence_by_sentence_from_its_beginning() -> None:
    digests = digests_of("One is one. Two is two.\nThree.")
    assert verified("One is one.  Two is two. Three.", digests)
    assert verified("One is one.", digests)
    assert not verified("Two is two.", digests) and not verified("", digests)
    assert verified_length("One is one. Two is three.", digests) == len("One is one.")


@pytest.mark.parametrize(
    ("cut", "shown"),
    [
        ("One is one. Two is tw", "One is one."),
        ("One is one. Two is two.", "One is one. Two is two."),
        ("One is one. Two is two. ", "One is one. Two is two. "),
        ("One is one.\nTwo", "One is one."),
        ("One is", "One is"),
        ("", ""),
    ],
)
def test_a_sentence_that_was_cut_off_is_not_shown_beside_whole_ones(cut: str, shown: str) -> None:
    assert whole_sentences(cut) == shown
    assert verified(shown, digests_of("One is one. Two is two.")) == (shown[-1:] in {".", " "})
