"""python -m pipeline.fetch: pages in, `pairs.jsonl` out, nothing fetched twice."""

import json
import math
import os
import re
import signal
import sys
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from hashlib import sha256
from itertools import islice
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, NoReturn

from pipeline.console import BadInput, OutsideFailure, parse, progress, run, write_atomically
from pipeline.crawl import Crawl
from pipeline.dataset import iter_pairs, write_pairs
from pipeline.manners import PROJECT_ADDRESS, Pacer, checked_contact, checked_site, is_wikimedia, user_agent
from pipeline.pages import FILE_NAME, Made, Page, PageCache, open_cache
from pipeline.questions import KINDS, AnswerBounds, Pair, make_pairs, told_apart
from pipeline.sources import (
    LANGUAGES,
    CategoryDraw,
    Draw,
    LiveWiki,
    RandomDraw,
    SiteFacts,
    TitleDraw,
    dump_pages,
    folder_pages,
    normal_title,
    read_titles,
)
from pipeline.wikipedia import Wiki

if TYPE_CHECKING:
    from tqdm import tqdm

RATE = 10.0  # requests a second
WIKIMEDIA_RATE = 20.0  # what Wikimedia's rules allow
NAMELESS_RATE = 2.0  # for those who share the project's address, and with it one limit
SAMPLE_RATE = 1000.0  # our own pages, on our own machine
REMADE_AT_ONCE = 100  # pages a transaction


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchOptions:
    """Fetch pages and make question/answer pairs of them."""

    n: int | None = None
    """Pages that give a pair (default: 500 random ones, else all that are named). What the cache has is not fetched again."""
    site: str | None = None
    """Any MediaWiki's address (default: https://LANG.wikipedia.org)."""
    lang: str = "en"
    """Wikipedia's language: en or simple, since questions are asked in English."""
    titles: Path | None = None
    """Fetch the titles in this file, one a line, instead of random pages."""
    category: str | None = None
    """Fetch this category's pages instead of random ones."""
    depth: int = 0
    """With --category: how many levels of subcategories to go down."""
    source: tuple[str, ...] = ("live",)
    """live | sample (the embedded pages) | dump:FILE … (Wikimedia Enterprise HTML) | html:FOLDER (saved pages)."""
    contact: str | None = None
    """Your mail address or page, sent to the wiki with each request as its rules ask (or set ASKWIKI_CONTACT)."""
    rate: float | None = None
    """Requests a second at most (default 10; at most 20 for Wikimedia's wikis)."""
    cache: Path = Path("cache")
    """Folder of the page cache and of pairs.jsonl."""
    seed: int | None = None
    """Order of the pages, where the source leaves it to us: of each batch of random pages or category members."""
    kinds: tuple[str, ...] = ("definition",)
    """Kinds of pairs: definition, facts (from infoboxes), sections."""
    answer_sentences: int | None = AnswerBounds().sentences
    """Sentences an answer has at most."""
    answer_chars: int | None = AnswerBounds().chars
    """Characters an answer has at most; its first sentence is always whole."""
    rebuild: bool = False
    """Make all pairs again from the cached pages, without the network."""


def check(options: FetchOptions) -> None:
    """Raises BadInput for what cannot be meant, before anything is touched."""
    wikimedia = options.site is None or is_wikimedia(checked_site(options.site))
    wrong = (
        (options.n is not None and options.n < 1, f"--n {options.n}: at least one page must be asked for"),
        (options.lang not in LANGUAGES and options.site is None,
         f"--lang {options.lang}: questions are asked in English only so far; choose en or simple"),
        (options.titles is not None and options.category is not None, "--titles and --category: choose one of them"),
        (not 0 <= options.depth <= 20, f"--depth {options.depth}: choose 0 to 20 levels"),
        (options.category is not None and not _category(options.category), "--category: a category's name is missing"),
        (options.rate is not None and not (0.001 <= options.rate < math.inf), f"--rate {options.rate}: choose a number above 0"),
        (options.rate is not None and options.rate > WIKIMEDIA_RATE and wikimedia and options.source == ("live",),
         f"--rate {options.rate}: Wikimedia's rules allow at most {WIKIMEDIA_RATE:.0f} requests a second"),
        (not options.kinds or bool(set(options.kinds) - set(KINDS)), f"--kinds {' '.join(options.kinds)}: choose from {', '.join(KINDS)}"),
        (0 in (options.answer_sentences, options.answer_chars) or min(options.answer_sentences or 1, options.answer_chars or 1) < 1,
         "an answer must have at least one sentence and character"),
        (options.source[0].partition(":")[0] not in ("live", "sample", "dump", "html") or options.source[0] in ("dump:", "html:"),
         f"--source {' '.join(options.source)}: choose live, sample, dump:FILE … or html:FOLDER"),
        (len(options.source) > 1 and not options.source[0].startswith("dump:"),
         f"--source {' '.join(options.source)}: only one of them can be read"),
        (options.source != ("live",) and options.site is not None, "--site and --source: choose one of them"),
    )
    for is_wrong, message in wrong:
        if is_wrong:
            raise BadInput(message)
    if _given_contact(options):
        checked_contact(_given_contact(options))


def main() -> int:
    options = parse(FetchOptions, prog="python -m pipeline.fetch")
    check(options)
    signal.signal(signal.SIGTERM, _interrupt)
    maker = PairMaker(options.kinds, AnswerBounds(sentences=options.answer_sentences, chars=options.answer_chars))
    if options.source[0].startswith(("dump:", "html:")):
        return from_files(options, maker)
    draw = chosen_draw(options)
    _refuse_foreign_pairs(options.cache)
    with open_cache(options.cache) as cache:
        if options.rebuild:
            cache.verify()  # it reads every page anyway
        remake_stale(cache, maker, every=options.rebuild)
        if options.rebuild:
            count = write_cached_pairs(cache, options.cache)
            print(f"{count} pairs made again from {cache.totals()[0]} cached pages, in {options.cache / 'pairs.jsonl'}")
            return 0
        return from_wiki(options, cache, draw, maker)


def _interrupt(signal_number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


# --- pairs -------------------------------------------------------------------------------------------------------


class PairMaker:
    """Makes a page's pairs; `rules` names all that they depend on but the page: the options and the code itself."""

    def __init__(self, kinds: tuple[str, ...], bounds: AnswerBounds) -> None:
        self._kinds, self._bounds = kinds, bounds
        self.rules = json.dumps({"kinds": sorted(kinds), **asdict(bounds), "code": _code_of("questions")})

    def pairs(self, page: Page) -> tuple[list[Pair], str | None]:
        """A page's pairs, or none and the reason."""
        return make_pairs(page, kinds=self._kinds, bounds=self._bounds)

    def __call__(self, page: Page) -> Made:
        """A page's pairs as the cache keeps them."""
        pairs, reason = self.pairs(page)
        lines = (json.dumps(asdict(pair), ensure_ascii=False) + "\n" for pair in pairs)
        return Made(pairs="".join(lines), reason=reason, rules=self.rules)


def _code_of(module: str) -> str:
    """A fingerprint of a module of this package and of all it imports from it: other code, other pairs."""
    here, sources = Path(__file__).parent, dict[str, str]()
    waiting = [module]
    while waiting:
        name = waiting.pop()
        path = here.joinpath(*name.split("."))
        path = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
        if name not in sources and path.exists():
            sources[name] = path.read_text("utf-8")
            for origin, names in re.findall(r"^\s*from pipeline\.([\w.]+) import ([\w, ]+)", sources[name], re.MULTILINE):
                waiting += [origin, *(f"{origin}.{word}" for word in re.findall(r"\w+", names))]
    return sha256(json.dumps(sources, sort_keys=True).encode()).hexdigest()[:16]


def remake_stale(cache: PageCache, maker: PairMaker, *, every: bool) -> None:
    """Make the pairs again that were made under other rules or are damaged (every: all of them), from the cached pages."""
    rules = None if every else maker.rules
    count, stale = cache.count_stale(rules), cache.stale(rules)
    if not count:
        return
    with progress(total=count, unit="pages", label="making pairs again") as bar:
        while batch := list(islice(stale, REMADE_AT_ONCE)):
            cache.remake((key, maker(page) if page else None) for key, page in batch)
            bar.update(len(batch))


def cached_pairs(cache: PageCache) -> Iterator[Pair]:
    """The pairs of all cached pages."""
    for lines in cache.pairs():
        for line in lines.splitlines():
            yield Pair(**json.loads(line))


def write_cached_pairs(cache: PageCache, folder: Path) -> int:
    """Write the pairs of all cached pages to pairs.jsonl; how many. Raises OutsideFailure when the disk does not take them."""
    path = folder / "pairs.jsonl"
    try:
        return write_pairs(path, told_apart(lambda: cached_pairs(cache)))
    except OSError as error:
        raise OutsideFailure(f"{path} cannot be written ({error.strerror}); the pages so far are kept in {cache.path}: "
                             "make room and run the same command again") from None


def _refuse_foreign_pairs(folder: Path) -> None:
    """Pairs that did not come from the folder's page cache are not ours to replace."""
    if (folder / "pairs.jsonl").exists() and not (folder / FILE_NAME).exists():
        raise BadInput(f"{folder / 'pairs.jsonl'} was not made from pages in {folder}, and would be lost: choose another --cache")


# --- from a wiki -------------------------------------------------------------------------------------------------


def chosen_draw(options: FetchOptions) -> Draw:
    """Which pages are wanted. Raises BadInput for a file of titles that cannot be read."""
    if options.titles:
        return TitleDraw(read_titles(options.titles))
    if options.category:
        return CategoryDraw(_category(options.category), options.depth)
    return RandomDraw()


def _category(text: str) -> str:
    return normal_title(re.sub(r"^\s*:?category:", "", text, flags=re.IGNORECASE))


def from_wiki(options: FetchOptions, cache: PageCache, draw: Draw, maker: PairMaker) -> int:
    """Fetch what is owed, write all pairs (however the fetching ends), and say what came."""
    sample = options.source == ("sample",)
    goal = 500 if options.n is None and isinstance(draw, RandomDraw) and not sample else options.n
    name = "sample" if sample else checked_site(options.site or f"https://{options.lang}.wikipedia.org")
    crawl = Crawl(cache, name, draw, maker, goal=goal, seed=options.seed)
    try:
        if crawl.owes():
            pacer, agent = manners(options, name)
            with _address(options, name) as site, progress(total=goal, unit="pages", label="pages with pairs", start=crawl.have) as bar:
                known = cache.site_facts(name)
                wiki = LiveWiki(name, Wiki(site, agent=agent, pacer=pacer, notice=_notice), SiteFacts(**known) if known else None,
                                learnt=lambda facts: cache.remember_site(name, asdict(facts)))
                crawl.run(wiki, pacer, told=lambda have: _advance(bar, have))
    finally:
        count = write_cached_pairs(cache, options.cache)
        summarise(cache, crawl, goal)
        print(f"{count} pairs of {cache.totals()[1]} pages in {options.cache / 'pairs.jsonl'}", flush=True)
    return 0


def _advance(bar: "tqdm[NoReturn]", have: int) -> None:
    bar.update(have - bar.n)


def _notice(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


@contextmanager
def _address(options: FetchOptions, name: str) -> Iterator[str]:
    """Where the wiki is spoken to: the sample's is a server of our own, for as long as the block runs."""
    if options.source != ("sample",):
        yield name
        return
    from pipeline.sample.serve import serving

    with serving() as site:
        yield site


def manners(options: FetchOptions, name: str) -> tuple[Pacer, str]:
    """The pace and the User-Agent for a wiki: who gives no contact shares the project's, and goes slower."""
    sample = name == "sample"
    contact = None if sample else find_contact(_given_contact(options), options.cache)
    rate = options.rate or (SAMPLE_RATE if sample else RATE)
    if not contact and not sample:
        rate = min(rate, NAMELESS_RATE)
        _notice(f"no --contact: the wiki is given the project's address, {PROJECT_ADDRESS}, and asked at most {rate:g} times a second")
    # The API has limits of its own, by the minute: 200 with a contact, and who shares one must leave some to others.
    api_rate = rate if rate > WIKIMEDIA_RATE else min(rate, 3 if contact else 1 / 6)
    return Pacer(rate, api_rate=api_rate), user_agent(contact or PROJECT_ADDRESS)


def _given_contact(options: FetchOptions) -> str:
    """The contact as the command or ASKWIKI_CONTACT gives it, or nothing."""
    return options.contact or os.environ.get("ASKWIKI_CONTACT") or ""


def find_contact(given: str, folder: Path) -> str | None:
    """The user's contact: as given, as remembered, or asked for once on a terminal; None when there is none."""
    if given:
        return checked_contact(given)
    remembered = folder / "contact.txt"
    if remembered.exists():
        text = remembered.read_text("utf-8", "replace").strip()
        return checked_contact(text) if text else None
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return None
    print("Wikipedia counts requests by a contact: your mail address or the address of a page about you. It is sent to the wiki with each "
          f"request, remembered in {remembered}, and goes nowhere else. Empty: the project's address is sent, at a slower pace.",
          file=sys.stderr)
    while True:
        print("Contact: ", end="", file=sys.stderr, flush=True)
        text = sys.stdin.readline().strip()
        try:
            contact = checked_contact(text) if text else None
        except BadInput as error:
            _notice(str(error))
            continue
        write_atomically(remembered, f"{text}\n", mode=0o600)
        return contact


def summarise(cache: PageCache, crawl: Crawl, goal: int | None) -> None:
    """Say what came, what was skipped and why, and show two pairs."""
    print(f"{crawl.fetched} pages fetched; {crawl.have} pages of this request gave pairs")
    if goal is not None and crawl.have < goal and crawl.exhausted:
        print(f"there are no more: {crawl.have} of the {goal} pages asked for is all that {crawl.request.site} has")
    skipped = cache.skipped(crawl.request)
    if skipped:
        print("skipped: " + ", ".join(f"{count} {reason}" for reason, count in skipped.items()))
    passed_over = cache.passed_over(crawl.request)
    if passed_over:
        more = f", and {len(passed_over) - 3} more" if len(passed_over) > 3 else ""
        print(f"passed over: {len(passed_over)} ({'; '.join(f'{title}: {reason}' for title, reason in passed_over[:3])}{more})")
    show(islice(cached_pairs(cache), 2))


def show(pairs: Iterable[Pair]) -> None:
    for pair in pairs:
        print(f"\n  {pair.question}\n  {pair.answer}")
    print()


# --- from files --------------------------------------------------------------------------------------------------


def from_files(options: FetchOptions, maker: PairMaker) -> int:
    """Make pairs.jsonl of a dump's or a folder's pages as they stream by: they are on disk already, so no page cache is made of them."""
    if (options.cache / FILE_NAME).exists():
        raise BadInput(f"{options.cache} holds fetched pages, whose pairs would be lost: choose another --cache for {options.source[0]}")
    kind, _, first = options.source[0].partition(":")
    skipped: Counter[str] = Counter()
    if kind == "dump":
        pages = dump_pages([Path(first), *map(Path, options.source[1:])], skipped, lang=options.lang)
    else:
        pages = folder_pages(Path(first), skipped, lang=options.lang)
    stream = FileStream(pages, maker, skipped, options.n)
    path = options.cache / "pairs.jsonl"
    count = write_pairs(path, stream)
    if count:
        write_pairs(path, told_apart(lambda: iter_pairs(path)))
    else:
        path.unlink()
    print(f"{stream.read} pages read; {stream.gave} gave pairs")
    if skipped:
        print("skipped: " + ", ".join(f"{number} {reason}" for reason, number in skipped.most_common()))
    show(stream.first)
    print(f"{count} pairs in {path}")
    if stream.failure:
        raise stream.failure
    return 0


class FileStream:
    """The pairs of pages from files, one at a time; a failure ends them early and is told afterwards, so that what came is kept."""

    def __init__(self, pages: Iterator[Page], maker: PairMaker, skipped: Counter[str], goal: int | None) -> None:
        self._pages, self._maker, self._skipped, self._goal = pages, maker, skipped, goal
        self.read = self.gave = 0
        self.first: list[Pair] = []
        self.failure: OutsideFailure | None = None

    def __iter__(self) -> Iterator[Pair]:
        with progress(total=self._goal, unit="pages", label="pages with pairs") as bar:
            try:
                for page in self._pages:
                    self.read += 1
                    pairs, reason = self._maker.pairs(page)
                    if not pairs:
                        self._skipped[reason or "no pair"] += 1
                        continue
                    self.gave += 1
                    bar.update()
                    self.first += pairs[: 2 - len(self.first)]
                    yield from pairs
                    if self.gave == self._goal:
                        return
            except OutsideFailure as failure:
                self.failure = failure


if __name__ == "__main__":
    run(main)
