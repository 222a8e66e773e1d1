"""Answers end with a sentence, within their bounds."""

from hypothesis import given
from hypothesis import strategies as st

from pipeline.clean.sentences import split_sentences
from pipeline.questions.answers import AnswerBounds, bounded

LEAD = ("One two three four. " * 3 + "Five six seven eight.", "Nine ten eleven twelve.")
ONE = AnswerBounds(sentences=1, chars=1)
UNQUOTED = st.text(st.characters(exclude_characters='"“”'), min_size=1, max_size=120)
bounds = st.builds(
    AnswerBounds, sentences=st.none() | st.integers(1, 9), chars=st.none() | st.integers(1, 900)
)


def test_the_first_sentence_is_always_whole() -> None:
    assert bounded(LEAD, ONE) == "One two three four."


def test_a_short_paragraph_goes_on_into_the_next() -> None:
    assert bounded(("Short.", "Then more."), AnswerBounds()) == "Short. Then more."
    assert bounded(("x" * 200 + ".", "Then more."), AnswerBounds()) == "x" * 200 + "."


def test_no_bounds_take_the_whole_lead() -> None:
    assert bounded(LEAD, AnswerBounds(sentences=None, chars=None)) == " ".join(LEAD)


def test_an_answer_never_ends_at_a_colon_or_without_a_mark() -> None:
    assert bounded(("It is old. It has three parts:", "One is."), AnswerBounds()) == "It is old."
    assert bounded(("It has three parts:", "One is."), AnswerBounds()) == "It has three parts."


def test_a_paragraph_without_its_full_stop_is_not_joined_to_the_next() -> None:
    assert (
        bounded(("It is a town in Brae", "It is old."), AnswerBounds()) == "It is a town in Brae."
    )


def test_a_sentence_about_the_page_is_left_out() -> None:
    text = "It is the 79th season. This article shows all matches. It is old."
    assert bounded((text,), AnswerBounds()) == "It is the 79th season. It is old."


def test_a_quotation_is_left_out_or_closed_where_the_bounds_cut_it() -> None:
    two = AnswerBounds(sentences=2)
    assert bounded(('It is old. He said "it is new. It is red".',), two) == "It is old."
    assert bounded(('It is "an old. A red. A blue one".',), two) == 'It is "an old. A red."'
    assert bounded(('It is 12" long. It is red. It is blue.',), two) == 'It is 12" long. It is red.'


def _ended(text: str) -> str:
    """A paragraph that ends with a mark."""
    return f"{text.strip() or 'x'}."


@given(
    st.lists(UNQUOTED.map(_ended), max_size=4).map(tuple),
    bounds,
)
def test_an_answer_is_whole_sentences_from_the_start_within_the_bounds(
    paragraphs: tuple[str, ...], limit: AnswerBounds
) -> None:
    sentences = [sentence for paragraph in paragraphs for sentence in split_sentences(paragraph)]
    answer = bounded(paragraphs, limit)
    count = next(n for n in range(len(sentences) + 1) if " ".join(sentences[:n]) == answer)
    assert count >= 1 or not sentences
    assert count <= 1 or (
        (limit.sentences is None or count <= limit.sentences)
        and (limit.chars is None or len(answer) <= limit.chars)
    )
