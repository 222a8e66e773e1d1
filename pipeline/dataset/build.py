"""What pairs are made of a page, and by which rules: for the page cache, for shards, for every
process alike.
"""

import json
import re
from dataclasses import asdict
from hashlib import sha256
from pathlib import Path

from pipeline.questions import AnswerBounds, make_pairs
from pipeline.records import Page, Pair
from pipeline.sources.page_cache import DerivedPairs


class PairMaker:
    """Makes a page's pairs; `rules` names all that they depend on but the page: the options and the
    code itself.
    """

    def __init__(self, kinds: tuple[str, ...], bounds: AnswerBounds) -> None:
        self._kinds, self._bounds = kinds, bounds
        self.rules = json.dumps(
            {"kinds": sorted(kinds), **asdict(bounds), "code": code_of("questions")}
        )

    def pairs(self, page: Page) -> tuple[list[Pair], str | None]:
        """A page's pairs, or none and the reason."""
        return make_pairs(page, kinds=self._kinds, bounds=self._bounds)

    def __call__(self, page: Page) -> DerivedPairs:
        """A page's pairs as the cache keeps them."""
        pairs, reason = self.pairs(page)
        lines = (json.dumps(asdict(pair), ensure_ascii=False) + "\n" for pair in pairs)
        return DerivedPairs(pairs="".join(lines), reason=reason, rules=self.rules)


def code_of(module: str) -> str:
    """A fingerprint of a module of this package and of all it imports from it: other code, other
    pairs.
    """
    here, sources = Path(__file__).parents[1], dict[str, str]()
    waiting = [module]
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
