"""What pairs are made of a page, and by which rules: for the page cache, for shards, for every
process the same.
"""

import json
import re
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path

from pipeline.questions.answers import AnswerBounds
from pipeline.questions.language import DEFINITION
from pipeline.questions.languages import MODULES
from pipeline.questions.pairs import KINDS, make_pairs
from pipeline.records import Page, Pair, as_line, why_unfit
from pipeline.sources.page_cache import DerivedPairs
from pipeline.workers import TimeLimitExceeded, time_limit

PAGE_SECONDS = 30  # the longest of 2,050 pages of Wikipedia takes 0.5


class PairMaker:
    """Makes a page's pairs; `rules` names all that they depend on but the page: the options and the
    code itself.
    """

    def __init__(self, kinds: tuple[str, ...], bounds: AnswerBounds) -> None:
        self.kinds = kinds
        self._bounds = bounds
        self.rules = json.dumps(
            {"kinds": sorted(kinds), **asdict(bounds), "code": code_of("questions", *_languages())}
        )

    def pairs(self, page: Page) -> tuple[list[Pair], str | None]:
        """A page's pairs that can be kept, or none and the reason.

        Raises TimeLimitExceeded for a page that takes longer than PAGE_SECONDS.
        """
        with time_limit(PAGE_SECONDS):
            pairs, reason = make_pairs(page, kinds=self.kinds, bounds=self._bounds)
        fit = [pair for pair in pairs if why_unfit(pair) is None]
        if pairs and not fit:
            reason = "a title or text that cannot be kept"
        return fit, reason

    def pairs_in_time(self, page: Page) -> tuple[list[Pair], str | None]:
        """As `pairs`, where a page that takes too long gives none."""
        try:
            return self.pairs(page)
        except TimeLimitExceeded as error:
            return [], str(error)

    def __call__(self, page: Page) -> DerivedPairs:
        """A page's pairs as the cache keeps them. Raises TimeLimitExceeded."""
        return self._derived(*self.pairs(page))

    def remade(self, page: Page) -> DerivedPairs:
        """As a call, where a page that takes too long gives no pairs."""
        return self._derived(*self.pairs_in_time(page))

    def _derived(self, pairs: list[Pair], reason: str | None) -> DerivedPairs:
        return DerivedPairs(pairs="".join(map(as_line, pairs)), reason=reason, rules=self.rules)


def maker_of(
    kinds: Sequence[str] | None, sentences: int | None, chars: int | None, earlier: str = ""
) -> PairMaker:
    """What makes pairs as they are asked for; what is None is as in the `rules` of earlier pairs,
    if there are any: pages that come later get the kinds of pairs that the others have.
    """
    before = _options_in(earlier)
    bounds = AnswerBounds(
        sentences=before.sentences if sentences is None else sentences,
        chars=before.chars if chars is None else chars,
    )
    return PairMaker(before.kinds if kinds is None else tuple(kinds), bounds)


@dataclass(frozen=True, slots=True, kw_only=True)
class _MadeWith:
    """The options that pairs were made with."""

    kinds: tuple[str, ...] = (DEFINITION,)
    sentences: int | None = AnswerBounds().sentences
    chars: int | None = AnswerBounds().chars


def _options_in(rules: str) -> _MadeWith:
    """The options in a page's rules; the usual ones where these are none (a cache may be
    anybody's).
    """
    try:
        told = json.loads(rules)
        kinds = tuple(told["kinds"])
        bounds = (told["sentences"], told["chars"])
    except (ValueError, KeyError, TypeError):
        return _MadeWith()
    are_kinds = bool(kinds) and all(kind in KINDS for kind in kinds)
    if not are_kinds or not all(type(bound) is int and bound > 0 for bound in bounds):
        return _MadeWith()
    return _MadeWith(kinds=kinds, sentences=bounds[0], chars=bounds[1])


def _languages() -> list[str]:
    """The modules of the languages, which are imported by name."""
    return [f"questions.{module}" for modules in MODULES.values() for module in modules]


def code_of(*modules: str) -> str:
    """A fingerprint of modules of this package and of all they import from it: other code, other
    pairs.
    """
    here = Path(__file__).parents[1]
    sources = dict[str, str]()
    waiting = list(modules)
    while waiting:
        name = waiting.pop()
        path = here.joinpath(*name.split("."))
        path = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
        if name not in sources and path.exists():
            sources[name] = path.read_text("utf-8")
            for origin, names in re.findall(
                r"^\s*from pipeline\.([\w.]+) import (\([^)]*\)|[\w, ]+)",
                sources[name],
                re.MULTILINE,
            ):
                waiting += [origin, *(f"{origin}.{word}" for word in re.findall(r"\w+", names))]
    return sha256(json.dumps(sources, sort_keys=True).encode()).hexdigest()[:16]
