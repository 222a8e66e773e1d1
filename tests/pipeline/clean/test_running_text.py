"""Words are counted where a page writes them inside a sentence, whatever follows them."""

from pipeline.clean import RunningText


def test_a_word_counts_before_a_space_a_mark_or_a_tag_but_not_within_a_longer_one() -> None:
    text = RunningText("<p>An owl, one owl. That owl<sup>1</sup> is an owl here; owls, fowl.</p>")
    assert text.uses("owl") == 4
    assert text.count(" an owl ") == 1
    assert RunningText().uses("owl") == 0
