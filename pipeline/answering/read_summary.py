"""What a run has read, as the program tells it: how many pages, of which site, and some titles."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.addresses import split_address
from pipeline.answering.question_index import PageEntry, QuestionIndex
from pipeline.questions.language import DEFINITION

SAMPLED = 40  # pages that are looked at
NAMED = 3  # titles that are named
# Part of an address → how the site is called
SITES = {"wikipedia.org": "Wikipedia", "github.com/askwiki": "the built-in sample"}
UNKNOWN_SITE = "a wiki"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadSummary:
    """What a run has read."""

    pages: int
    site: str
    titles: tuple[str, ...]
    """A few, evenly from all."""
    has_facts: bool
    """Whether anything but definitions was read."""


def read_summary(index: QuestionIndex) -> ReadSummary:
    """What a run has read, from a sample of its pages."""
    pages = index.sample(SAMPLED)
    kinds = {question.kind for page in pages for question in page.questions}
    return ReadSummary(
        pages=index.pages_read,
        site=main_site(pages),
        titles=tuple(page.title for page in index.sample(NAMED)),
        has_facts=bool(kinds - {DEFINITION}),
    )


def main_site(pages: Sequence[PageEntry]) -> str:
    """The site that most of the pages are from."""
    sites = Counter(_site(page.url) for page in pages)
    return sites.most_common(1)[0][0] if sites else UNKNOWN_SITE


def _site(url: str) -> str:
    parts = split_address(url)
    address = (parts.hostname or "") + parts.path
    for known, name in SITES.items():
        if known in address:
            return name
    return parts.hostname or UNKNOWN_SITE
