"""Time grows no faster than the input, whatever strangers write: the entry points here, every
public function in `python -m tests.growth`.
"""

import pytest

from tests.growth import measure
from tests.growth.functions import calls_of, public_functions
from tests.growth.measure import failures_of

ENTRY_POINTS = {
    "pipeline.answering.spelling.one_edit",
    "pipeline.cli.printable",
    "pipeline.questions.facts.pairs.fact_pairs",
    "pipeline.questions.facts.places.place_text",
    "pipeline.questions.facts.values.pieces_of",
    "pipeline.records.why_unfit",
    "pipeline.sources.archives.record_page",
    "pipeline.sources.archives.saved_page",
    "pipeline.sources.draws.page_of_document",
    "pipeline.sources.draws.normal_title",
    "pipeline.sources.draws.unfit_title",
    "pipeline.sources.rate_limit.checked_site",
}


@pytest.mark.parametrize("name", sorted(ENTRY_POINTS))
def test_time_grows_no_faster_than_the_input(name: str) -> None:
    assert failures_of(public_functions()[name], (20_000, 200_000), (("A ", " b."),)) == []


READ_NO_TEXT = {
    *("read_titles", "whole_number", "is_continuation", "known_codes", "check_can_dedupe"),
}
MEASURED_WHOLE = (
    *("pipeline.clean", "pipeline.questions", "pipeline.cli", "pipeline.records"),
    *("pipeline.dataset.duplicates", "pipeline.dataset.quality_checks"),
    *("pipeline.sources.archives", "pipeline.sources.draws", "pipeline.sources.mediawiki"),
)  # other modules have functions of paths and files, too


def test_every_function_of_these_modules_that_takes_text_is_measured() -> None:
    """What the harness cannot make arguments for is known, and reads no text by itself."""
    unmeasured = {
        name.rpartition(".")[2]
        for name, function in public_functions().items()
        if name.startswith(MEASURED_WHOLE) and not any(calls_of(function, "a"))
    }
    assert unmeasured <= READ_NO_TEXT


def quadratic(text: str) -> int:
    return sum(first == second for first in text for second in text[::4])


def endless(text: str) -> None:
    while len(text) > 1_000:
        pass


def linear(text: str) -> int:
    return sum(map(ord, text))


def test_the_harness_tells_what_grows_too_fast_from_what_does_not(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    few = dict(list(measure.PIECES.items())[:4])
    monkeypatch.setattr(measure, "PIECES", few)  # all would take a minute
    assert failures_of(linear, (20_000, 200_000), (("", ""),)) == []
    monkeypatch.setattr(measure, "PIECES", {"full stops": "."})
    assert failures_of(quadratic, (1_000, 10_000), (("a", ""),))
    (failure,) = failures_of(endless, (2_000, 20_000), (("", ""),))
    assert failure.endswith("takes far too long")
