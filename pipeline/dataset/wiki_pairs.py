"""Pairs from a wiki: the pages that are still missing are fetched into the cache, and the pairs of
all its pages are written.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

from pipeline.cli import count_of, notice, progress, say
from pipeline.dataset.build import PairMaker
from pipeline.dataset.duplicates import distinct
from pipeline.dataset.pairs_file import shown, write_pairs
from pipeline.errors import BadInput, ExternalError
from pipeline.fetch_options import FetchOptions
from pipeline.questions.languages import base_code
from pipeline.records import Pair, pair_of_line
from pipeline.sources.contact import pace_and_agent
from pipeline.sources.crawl import Crawl
from pipeline.sources.draws import (
    CategoryDraw,
    Draw,
    LiveWiki,
    RandomDraw,
    SiteFacts,
    TitleDraw,
    read_titles,
)
from pipeline.sources.mediawiki import Wiki
from pipeline.sources.page_cache import FILE_NAME, PageCache
from pipeline.sources.plain_text import TEXT_FILE

if TYPE_CHECKING:
    from tqdm import tqdm

REMADE_AT_ONCE = 100  # pages a transaction
RANDOM_PAGES = 500  # fetched where no number is given
SHOWN = 2  # pages of which a pair is shown at the end

# --- pairs of the cache ---------------------------------------------------------------------------


def remake_stale(cache: PageCache, maker: PairMaker, *, every: bool) -> None:
    """Make the pairs again that were made under other rules or are damaged (every: all of them),
    from the cached pages.
    """
    rules = None if every else maker.rules
    count, stale = cache.count_stale(rules), cache.stale(rules)
    if not count:
        return
    damaged = 0
    with progress(total=count, unit="pages", label="making pairs again") as bar:
        while batch := list(islice(stale, REMADE_AT_ONCE)):
            cache.remake((key, maker.remade(page) if page else None) for key, page in batch)
            damaged += sum(page is None for _, page in batch)
            bar.update(len(batch))
    if damaged:
        notice(
            f"{damaged} cached pages are damaged and were let go: the command that fetched them"
            " fetches them again"
        )


def cached_pairs(cache: PageCache) -> Iterator[Pair]:
    """The pairs of all cached pages."""
    for lines in cache.pairs():
        for line in lines.encode().split(b"\n")[:-1]:
            yield pair_of_line(line, f"a page of {cache.path}")


def newest_pairs(cache: PageCache, pages: int) -> list[Pair]:
    """The first pair of each of the newest pages that gave some, in their order."""
    firsts = [lines.partition("\n")[0] for lines in cache.newest_pairs(pages)]
    return [pair_of_line(line.encode(), f"a page of {cache.path}") for line in firsts]


def write_cached_pairs(cache: PageCache, options: FetchOptions) -> int:
    """Write the pairs of all cached pages to pairs.jsonl; how many. Raises ExternalError when the
    disk does not take them.
    """
    path = options.cache / "pairs.jsonl"
    if not path.exists() and not cache.totals()[1]:
        return 0  # a file without pairs would only be refused later
    try:
        return write_pairs(path, distinct(lambda: cached_pairs(cache), dedupe=options.dedupe))
    except OSError as error:
        raise ExternalError(
            f"{path} cannot be written ({error.strerror}); the pages so far are kept in"
            f" {cache.path}: make room and run the same command again"
        ) from None


def refuse_foreign_pairs(folder: Path) -> None:
    """Pairs that did not come from the folder's page cache are not ours to replace, and a text
    would not be read any more beside pairs. Raises BadInput.
    """
    if holds_something(folder / "pairs.jsonl") and not (folder / FILE_NAME).exists():
        raise BadInput(
            f"{folder / 'pairs.jsonl'} was not made from pages in {folder}, and would be lost:"
            " choose another --cache"
        )
    refuse_text(folder)


def holds_something(path: Path) -> bool:
    """Whether a file is there and is not empty."""
    return path.exists() and path.stat().st_size > 0


def refuse_text(folder: Path) -> None:
    """Raises BadInput for a folder with a plain text, which train.py reads only without pairs."""
    if (folder / TEXT_FILE).exists():
        raise BadInput(
            f"{folder} holds a plain text, and train.py would take the pairs instead: choose"
            " another --cache for pages"
        )


def refuse_other_pages(cache: PageCache, options: FetchOptions) -> None:
    """Raises BadInput where the cache holds pages of another wiki, or in another language."""
    if options.site_name != "sample" and options.site is None:
        _keep_languages_apart(cache, options.lang)
    _keep_sites_apart(cache, options.site_name)


# --- fetching -------------------------------------------------------------------------------------


def chosen_draw(options: FetchOptions, site: str) -> Draw:
    """Which pages are wanted. Raises BadInput for a file of titles that cannot be read."""
    if options.titles:
        return TitleDraw(read_titles(options.titles, site))
    if options.category:
        return CategoryDraw(options.category_title, options.depth)
    return RandomDraw()


def fetch_pairs(options: FetchOptions, cache: PageCache, draw: Draw, maker: PairMaker) -> None:
    """Fetch what is owed, write all pairs (however the fetching ends), and say what came. Raises
    BadInput where the request gave no pair, ExternalError where that is the wiki's fault.
    """
    goal = _goal(options, draw)
    crawl = Crawl(cache, options.site_name, draw, maker, goal=goal, seed=options.seed)
    try:
        if crawl.has_pending():
            _run_crawl(crawl, cache, options, goal)
    finally:
        count = write_cached_pairs(cache, options)
        summarise(cache, crawl, goal)
        if count:
            path = options.cache / "pairs.jsonl"
            pages = count_of(cache.totals()[1], "page")
            say(f"{count_of(count, 'pair')} of {pages} in {path}")
    if crawl.have:
        return
    if failed := cache.failed(crawl.request):
        title, reason = failed[0]
        raise ExternalError(f"{title} could not be had: {reason}; try again later")
    raise BadInput(
        f"no page of this request gave a pair: {_other_request(draw)}; what was skipped and why"
        " stands above"
    )


def _goal(options: FetchOptions, draw: Draw) -> int | None:
    """How many pages with pairs are wanted; None for all that the request names."""
    is_endless = isinstance(draw, RandomDraw) and options.site_name != "sample"
    return RANDOM_PAGES if options.n is None and is_endless else options.n


def _run_crawl(crawl: Crawl, cache: PageCache, options: FetchOptions, goal: int | None) -> None:
    """Fetch from the wiki until the goal is met, at the wiki's pace and under our name."""
    name = options.site_name
    pacer, agent = pace_and_agent(
        name, rate=options.rate, contact=options.given_contact, folder=options.cache
    )
    with (
        _address(options, name) as site,
        progress(total=goal, unit="pages", label="pages with pairs", start=crawl.have) as bar,
    ):
        known = cache.site_facts(name)
        facts = SiteFacts(**known) if known else None
        if facts:
            _keep_languages_apart(cache, facts.lang)
        wiki = LiveWiki(
            name,
            Wiki(site, agent=agent, pacer=pacer, notice=notice),
            facts,
            on_facts=lambda facts: _remember_site(cache, name, facts),
        )
        crawl.run(wiki, pacer, on_progress=lambda have: _advance(bar, have))


def _other_request(draw: Draw) -> str:
    """What to do about a request none of whose pages gave a pair."""
    if isinstance(draw, TitleDraw):
        return "--titles wants titles of articles as the wiki spells them, one a line"
    if isinstance(draw, CategoryDraw):
        return "--category wants one that holds articles, or --depth 1 for those below it"
    return "--site wants a wiki with articles that begin with a sentence on what they are about"


def _remember_site(cache: PageCache, name: str, facts: SiteFacts) -> None:
    """Keep what a wiki says of itself, before its first page. Raises BadInput where the cache is
    another language's.
    """
    _keep_languages_apart(cache, facts.lang)
    cache.remember_site(name, asdict(facts))


def _keep_languages_apart(cache: PageCache, tag: str) -> None:
    """Raises BadInput where the cache holds pages in another language: one network learns one."""
    others = sorted({str(base_code(other)) for other in cache.languages()} - {base_code(tag)})
    if others:
        raise BadInput(
            f"{cache.path.parent} holds pages in {others[0]!r}: choose another --cache for"
            f" {base_code(tag)!r}"
        )


def _keep_sites_apart(cache: PageCache, name: str) -> None:
    """Raises BadInput where the cache holds pages of another wiki, or the sample."""
    others = [site for site in cache.sites() if site != name]
    if others:
        raise BadInput(
            f"{cache.path.parent} holds pages of {_spoken(others[0])}: {_same_site(others[0])} for"
            f" more of them, or choose another --cache for {_spoken(name)}"
        )


def _spoken(site: str) -> str:
    return "the sample" if site == "sample" else site


def _same_site(site: str) -> str:
    """The option that names a site again."""
    return "add --source sample" if site == "sample" else f"add --site {site}"


def _advance(bar: "tqdm[NoReturn]", have: int) -> None:
    bar.update(have - bar.n)


@contextmanager
def _address(options: FetchOptions, name: str) -> Iterator[str]:
    """Where the wiki is spoken to: the sample's is a server of our own, for as long as the block
    runs.
    """
    if options.source != ("sample",):
        yield name
        return
    from pipeline.sources.sample.serve import serving

    with serving() as site:
        yield site


def summarise(cache: PageCache, crawl: Crawl, goal: int | None) -> None:
    """Say what came, what was skipped and why, and show pairs of the newest pages."""
    say(
        f"{count_of(crawl.fetched, 'page')} fetched;"
        f" {count_of(crawl.have, 'page')} of this request gave pairs"
    )
    is_all = crawl.exhausted and not cache.failed(crawl.request)
    if goal is not None and crawl.have < goal and is_all:
        say(
            f"there are no more: {crawl.have} of the {goal} pages asked for is all that"
            f" {crawl.request.site} has"
        )
    skipped = cache.skipped(crawl.request)
    if skipped:
        say("skipped: " + ", ".join(f"{reason} ({count:,})" for reason, count in skipped.items()))
    passed_over = cache.passed_over(crawl.request)
    if passed_over:
        more = f", and {len(passed_over) - 3} more" if len(passed_over) > 3 else ""
        say(
            f"passed over: {len(passed_over)}"
            f" ({'; '.join(f'{title}: {reason}' for title, reason in passed_over[:3])}{more})"
        )
    if crawl.fetched:
        for pair in newest_pairs(cache, SHOWN):
            say(shown(pair))
    say("")
