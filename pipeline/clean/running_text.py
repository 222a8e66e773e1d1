"""How often a page writes some words inside its sentences: evidence for the case of a title and its
article.
"""

from dataclasses import dataclass, field

_AFTER_A_WORD = (" ", ",", ".", "<")  # "<" opens the tag of whatever follows


@dataclass(frozen=True, slots=True)
class RunningText:
    """A page's text, to be counted in and not to be read.

    It is kept with its markup: stripping the tags of a whole page would cost as much as all other
    steps of cleaning together, and what is counted here begins after a space.
    """

    _html: str = field(default="", repr=False)

    def count(self, text: str) -> int:
        """How often exactly this stands on the page, spaces included."""
        return self._html.count(text)

    def uses(self, words: str) -> int:
        """How often the page writes these words inside a sentence, as whole words."""
        return sum(self._html.count(f" {words}{after}") for after in _AFTER_A_WORD)
