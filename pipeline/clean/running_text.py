"""How often a page writes some words inside its sentences: evidence for the case of a title and its
article.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

_AFTER = frozenset(" ,.<")  # what may follow a whole word; "<" opens the tag of what comes next


@dataclass(frozen=True, slots=True)
class RunningText:
    """A page's text, to be counted in and not to be read.

    It is kept with its markup: stripping the tags of a whole page would cost as much as all other
    steps of cleaning together, and what is counted here begins after a space.
    """

    _html: str = field(default="", repr=False)

    def count(self, text: str) -> int:
        """How often exactly this is on the page, spaces included."""
        return self._html.count(text)

    def uses(self, words: str) -> int:
        """How often the page writes these words inside a sentence, as whole words."""
        return sum(1 for end in self._ends(f" {words}") if self._html[end : end + 1] in _AFTER)

    def _ends(self, text: str) -> Iterator[int]:
        """Where each occurrence of a text ends; the page is searched once, whatever may follow."""
        html = self._html
        at = -1
        while (at := html.find(text, at + 1)) >= 0:
            yield at + len(text)
