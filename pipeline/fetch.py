"""python -m pipeline.fetch: pages in, `pairs.jsonl` out, nothing fetched twice."""

import math
import os
import re
import signal
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from itertools import islice
from pathlib import Path
from types import FrameType
from typing import TYPE_CHECKING, NoReturn

from pipeline.cli import notice, parse, progress, run
from pipeline.dataset.build import PairMaker
from pipeline.dataset.duplicates import distinct
from pipeline.dataset.pairs_file import iter_pairs, write_pairs
from pipeline.dataset.shards import Share, build, forget_other_shards, join, shard_folder
from pipeline.errors import BadInput, ExternalError
from pipeline.files import Locked, locked, read_bounded, write_atomically
from pipeline.questions.answers import AnswerBounds
from pipeline.questions.languages import base_code, checked_code, question_maker
from pipeline.questions.pairs import KINDS
from pipeline.records import DEFAULT_LANGUAGE, Pair, pair_of_line
from pipeline.sources.archives import open_archive
from pipeline.sources.crawl import Crawl
from pipeline.sources.draws import (
    CategoryDraw,
    Draw,
    LiveWiki,
    RandomDraw,
    SiteFacts,
    TitleDraw,
    normal_title,
    read_titles,
)
from pipeline.sources.mediawiki import Wiki
from pipeline.sources.page_cache import FILE_NAME, PageCache, open_cache
from pipeline.sources.plain_text import copy_texts
from pipeline.sources.rate_limit import (
    PROJECT_ADDRESS,
    Pacer,
    checked_contact,
    checked_site,
    is_wikimedia,
    user_agent,
)

if TYPE_CHECKING:
    from tqdm import tqdm

RATE = 10.0  # requests a second
WIKIMEDIA_RATE = 20.0  # what Wikimedia's rules allow
NAMELESS_RATE = 2.0  # for those who share the project's address, and with it one limit
SAMPLE_RATE = 1000.0  # our own pages, on our own machine
MAX_CONTACT_FILE = 1 << 20  # bytes
REMADE_AT_ONCE = 100  # pages a transaction
ARCHIVES = ("zim:", "dump:", "html:")
WANTED = {  # what each kind of source wants, for the line about one that gave nothing
    "zim": "a Kiwix file with Wikipedia's articles, such as download.kiwix.org has",
    "dump": "the files of an Enterprise HTML dump (…-NS0-….json.tar.gz)",
    "html": "a folder with articles of a MediaWiki, saved whole as .html",
}


# What --help shows; --help-all shows every option.
COMMON_OPTIONS = {
    "which pages": ("n", "titles", "category", "source", "site", "lang"),
    "what becomes of them": ("cache", "kinds", "rebuild"),
    "how they are asked for": ("contact", "rate"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchOptions:
    """Fetch pages and make question/answer pairs of them."""

    n: int | None = None
    """Pages that give a pair (default: 500 random ones, else all that are named). What the cache
    has is not fetched again.
    """
    site: str | None = None
    """Any MediaWiki's address (default: https://LANG.wikipedia.org)."""
    lang: str = DEFAULT_LANGUAGE
    """Wikipedia's language: en, simple, es, fr or de; with --site the wiki's own counts."""
    titles: Path | None = None
    """Fetch the titles in this file, one a line, instead of random pages."""
    category: str | None = None
    """Fetch this category's pages instead of random ones."""
    depth: int = 0
    """With --category: how many levels of subcategories to go down."""
    source: tuple[str, ...] = ("live",)
    """live | sample (the embedded pages) | zim:FILE (Kiwix) | dump:FILE … (Wikimedia Enterprise
    HTML) | html:FOLDER (saved pages) | text:FILE … (plain text, to train on without questions).
    """
    contact: str | None = None
    """Your mail address or page, sent to the wiki with each request as its rules ask (or set
    ASKWIKI_CONTACT).
    """
    rate: float | None = None
    """Requests a second at most (default 10; at most 20 for Wikimedia's wikis)."""
    cache: Path = Path("cache")
    """Folder of the page cache and of pairs.jsonl."""
    seed: int | None = None
    """Order of the pages, where the source leaves it to us: of each batch of random pages or
    category members.
    """
    kinds: tuple[str, ...] = ("definition",)
    """Kinds of pairs: definition, facts (from infoboxes), sections."""
    answer_sentences: int | None = AnswerBounds().sentences
    """Sentences an answer has at most."""
    answer_chars: int | None = AnswerBounds().chars
    """Characters an answer has at most; its first sentence is always whole."""
    dedupe: bool = False
    """Of pages that say nearly the same but for names, as thousands of villages do, keep one."""
    workers: int = 1
    """Of an archive: processes that make pairs."""
    shard: str | None = None
    """Of an archive: make only the I-th of N shares (I/N), one on each of many machines; the same
    command without it joins them.
    """
    rebuild: bool = False
    """Make all pairs again from the cached pages, without the network."""


def check(options: FetchOptions) -> None:
    """Raises BadInput for what cannot be meant, before anything is touched."""
    wikimedia = options.site is None or is_wikimedia(checked_site(options.site))
    archive = options.source[0].startswith(ARCHIVES)
    on_disk = archive or options.source[0].startswith("text:")
    wrong = (
        (
            options.n is not None and options.n < 1,
            f"--n {options.n}: at least one page must be asked for",
        ),
        (
            options.source == ("sample",) and base_code(options.lang) != DEFAULT_LANGUAGE,
            f"--lang {options.lang}: the embedded pages are written in {DEFAULT_LANGUAGE!r}",
        ),
        (
            options.titles is not None and options.category is not None,
            "--titles and --category: choose one of them",
        ),
        (not 0 <= options.depth <= 20, f"--depth {options.depth}: choose 0 to 20 levels"),
        (
            options.category is not None and not _category(options.category),
            "--category: a category's name is missing",
        ),
        (
            options.rate is not None and not (0.001 <= options.rate < math.inf),
            f"--rate {options.rate}: choose a number above 0",
        ),
        (
            options.rate is not None
            and options.rate > WIKIMEDIA_RATE
            and wikimedia
            and options.source == ("live",),
            (
                f"--rate {options.rate}: Wikimedia's rules allow at most {WIKIMEDIA_RATE:.0f}"
                " requests a second"
            ),
        ),
        (
            not options.kinds or bool(set(options.kinds) - set(KINDS)),
            f"--kinds {' '.join(options.kinds)}: choose from {', '.join(KINDS)}",
        ),
        (
            0 in (options.answer_sentences, options.answer_chars)
            or min(options.answer_sentences or 1, options.answer_chars or 1) < 1,
            "an answer must have at least one sentence and character",
        ),
        (
            options.source not in (("live",), ("sample",))
            and not (on_disk and options.source[0].partition(":")[2]),
            (
                f"--source {' '.join(options.source)}: choose live, sample, zim:FILE, dump:FILE …,"
                " html:FOLDER or text:FILE …"
            ),
        ),
        (
            len(options.source) > 1 and not options.source[0].startswith(("dump:", "text:")),
            f"--source {' '.join(options.source)}: only one of them can be read",
        ),
        (
            not 1 <= options.workers <= 1024,
            f"--workers {options.workers}: choose 1 to 1024 processes",
        ),
        (
            not archive and (options.workers > 1 or options.shard is not None),
            "--workers and --shard: only archives are read by many at once",
        ),
        (
            options.shard is not None and options.n is not None,
            "--n and --shard: choose one of them",
        ),
        (
            options.source[0].startswith("text:") and options.n is not None,
            "--n counts pages, and plain text has none: leave it away",
        ),
        (
            on_disk and options.rebuild,
            "--rebuild is for fetched pages: the same command without it reads an archive anew",
        ),
        (
            options.source != ("live",) and options.site is not None,
            "--site and --source: choose one of them",
        ),
    )
    for is_wrong, message in wrong:
        if is_wrong:
            raise BadInput(message)
    if options.site is None:
        _check_language(options)
    if _given_contact(options):
        checked_contact(_given_contact(options))


def _check_language(options: FetchOptions) -> None:
    """Raises BadInput for a language in which nothing is asked yet, or not these kinds."""
    code = checked_code(options.lang, f"--lang {options.lang}")
    made = question_maker(code).kinds
    if missing := [kind for kind in options.kinds if kind not in made]:
        raise BadInput(
            f"--kinds {' '.join(missing)}: in {code!r} only these are asked: {', '.join(made)}"
        )


def main() -> int:
    options = parse(
        FetchOptions,
        prog="python -m pipeline.fetch",
        common=COMMON_OPTIONS,
    )
    check(options)
    signal.signal(signal.SIGTERM, _interrupt)
    maker = PairMaker(
        options.kinds, AnswerBounds(sentences=options.answer_sentences, chars=options.answer_chars)
    )
    if options.source[0].startswith(ARCHIVES):
        return from_archive(options, maker)
    if options.source[0].startswith("text:"):
        return from_text(options)
    draw = chosen_draw(options, site_name(options))
    _refuse_foreign_pairs(options.cache)
    with open_cache(options.cache) as cache:
        if options.rebuild:
            cache.verify()  # it reads every page anyway
        remake_stale(cache, maker, every=options.rebuild)
        if options.rebuild:
            count = write_cached_pairs(cache, options)
            if not count:
                raise BadInput(
                    f"no page in {options.cache} gives a pair: fetch some, with the same command"
                    " without --rebuild"
                )
            print(
                f"{count} pairs made again from {cache.totals()[0]} cached pages, in"
                f" {options.cache / 'pairs.jsonl'}"
            )
            return 0
        return from_wiki(options, cache, draw, maker)


def _interrupt(signal_number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


# --- pairs ----------------------------------------------------------------------------------------


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


def write_cached_pairs(cache: PageCache, options: FetchOptions) -> int:
    """Write the pairs of all cached pages to pairs.jsonl; how many. Raises ExternalError when the
    disk does not take them.
    """
    path = options.cache / "pairs.jsonl"
    try:
        return write_pairs(path, distinct(lambda: cached_pairs(cache), dedupe=options.dedupe))
    except OSError as error:
        raise ExternalError(
            f"{path} cannot be written ({error.strerror}); the pages so far are kept in"
            f" {cache.path}: make room and run the same command again"
        ) from None


def _refuse_foreign_pairs(folder: Path) -> None:
    """Pairs that did not come from the folder's page cache are not ours to replace."""
    if (folder / "pairs.jsonl").exists() and not (folder / FILE_NAME).exists():
        raise BadInput(
            f"{folder / 'pairs.jsonl'} was not made from pages in {folder}, and would be lost:"
            " choose another --cache"
        )


# --- from a wiki ----------------------------------------------------------------------------------


def chosen_draw(options: FetchOptions, site: str) -> Draw:
    """Which pages are wanted. Raises BadInput for a file of titles that cannot be read."""
    if options.titles:
        return TitleDraw(read_titles(options.titles, site))
    if options.category:
        return CategoryDraw(_category(options.category), options.depth)
    return RandomDraw()


def site_name(options: FetchOptions) -> str:
    """What the cache knows the wiki by: its address, or "sample" for the embedded pages."""
    if options.source == ("sample",):
        return "sample"
    return checked_site(options.site or f"https://{options.lang}.wikipedia.org")


def _category(text: str) -> str:
    return normal_title(re.sub(r"^\s*:?category:", "", text, flags=re.IGNORECASE))


def from_wiki(options: FetchOptions, cache: PageCache, draw: Draw, maker: PairMaker) -> int:
    """Fetch what is owed, write all pairs (however the fetching ends), and say what came."""
    name = site_name(options)
    sample = name == "sample"
    goal = 500 if options.n is None and isinstance(draw, RandomDraw) and not sample else options.n
    if not sample and options.site is None:
        _keep_languages_apart(cache, options.lang)
    _keep_sites_apart(cache, name)
    crawl = Crawl(cache, name, draw, maker, goal=goal, seed=options.seed)
    try:
        if crawl.has_pending():
            pacer, agent = manners(options, name)
            with (
                _address(options, name) as site,
                progress(
                    total=goal, unit="pages", label="pages with pairs", start=crawl.have
                ) as bar,
            ):
                known = cache.site_facts(name)
                if known:
                    _keep_languages_apart(cache, SiteFacts(**known).lang)
                wiki = LiveWiki(
                    name,
                    Wiki(site, agent=agent, pacer=pacer, notice=notice),
                    SiteFacts(**known) if known else None,
                    on_facts=lambda facts: _remember_site(cache, name, facts),
                )
                crawl.run(wiki, pacer, on_progress=lambda have: _advance(bar, have))
    finally:
        count = write_cached_pairs(cache, options)
        summarise(cache, crawl, goal)
        print(
            f"{count} pairs of {cache.totals()[1]} pages in {options.cache / 'pairs.jsonl'}",
            flush=True,
        )
    if not crawl.have:
        raise BadInput(
            f"no page of this request gave a pair: {_other_request(draw)}; what was skipped and"
            " why stands above"
        )
    return 0


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
            f"{cache.path.parent} holds pages of {others[0]}: choose another --cache for {name}"
        )


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


def manners(options: FetchOptions, name: str) -> tuple[Pacer, str]:
    """The pace and the User-Agent for a wiki: who gives no contact shares the project's, and goes
    slower.
    """
    sample = name == "sample"
    contact = None if sample else find_contact(_given_contact(options), options.cache)
    rate = options.rate or (SAMPLE_RATE if sample else RATE)
    if not contact and not sample:
        rate = min(rate, NAMELESS_RATE)
        notice(
            f"no --contact: the wiki is given the project's address, {PROJECT_ADDRESS}, and asked"
            f" at most {rate:g} times a second"
        )
    # The API has limits of its own, by the minute: 200 with a contact, and who shares one must
    # leave some to others.
    api_rate = rate if rate > WIKIMEDIA_RATE else min(rate, 3 if contact else 1 / 6)
    return Pacer(rate, api_rate=api_rate), user_agent(contact or PROJECT_ADDRESS)


def _given_contact(options: FetchOptions) -> str:
    """The contact as the command or ASKWIKI_CONTACT gives it, or nothing."""
    return options.contact or os.environ.get("ASKWIKI_CONTACT") or ""


def find_contact(given: str, folder: Path) -> str | None:
    """The user's contact: as given, which is remembered, as remembered, or asked for once on a
    terminal; None when there is none.
    """
    remembered = folder / "contact.txt"
    if given:
        checked = checked_contact(given)
        write_atomically(remembered, f"{checked}\n", mode=0o600)
        return checked
    if remembered.exists():
        text = read_bounded(remembered, MAX_CONTACT_FILE).decode(errors="replace").strip()
        return checked_contact(text) if text else None
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        return None
    print(
        "Wikipedia counts requests by a contact: your mail address or the address of a page about"
        f" you. It is sent to the wiki with each request, remembered in {remembered}, and goes"
        " nowhere else. Empty: the project's address is sent, at a slower pace.",
        file=sys.stderr,
    )
    while True:
        print("Contact: ", end="", file=sys.stderr, flush=True)
        text = sys.stdin.readline().strip()
        try:
            contact = checked_contact(text) if text else None
        except BadInput as error:
            notice(str(error))
            continue
        write_atomically(remembered, f"{text}\n", mode=0o600)
        return contact


def summarise(cache: PageCache, crawl: Crawl, goal: int | None) -> None:
    """Say what came, what was skipped and why, and show two pairs."""
    print(f"{crawl.fetched} pages fetched; {crawl.have} pages of this request gave pairs")
    if goal is not None and crawl.have < goal and crawl.exhausted:
        print(
            f"there are no more: {crawl.have} of the {goal} pages asked for is all that"
            f" {crawl.request.site} has"
        )
    skipped = cache.skipped(crawl.request)
    if skipped:
        print("skipped: " + ", ".join(f"{count} {reason}" for reason, count in skipped.items()))
    passed_over = cache.passed_over(crawl.request)
    if passed_over:
        more = f", and {len(passed_over) - 3} more" if len(passed_over) > 3 else ""
        print(
            f"passed over: {len(passed_over)}"
            f" ({'; '.join(f'{title}: {reason}' for title, reason in passed_over[:3])}{more})"
        )
    show(islice(cached_pairs(cache), 2))


def show(pairs: Iterable[Pair]) -> None:
    for pair in pairs:
        print(f"\n  {pair.question}\n  {pair.answer}")
    print()


# --- from archives --------------------------------------------------------------------------------


def from_archive(options: FetchOptions, maker: PairMaker) -> int:
    """Make pairs.jsonl of an archive's pages: they are on disk already, so no page cache is made of
    them, only shards of pairs.
    """
    if (options.cache / FILE_NAME).exists():
        raise BadInput(
            f"{options.cache} holds fetched pages, whose pairs would be lost: choose another"
            f" --cache for {options.source[0]}"
        )
    path = options.cache / "pairs.jsonl"
    written = next((pair.lang for pair in iter_pairs(path)), None) if path.exists() else None
    if written and base_code(written) != base_code(options.lang):
        raise BadInput(
            f"{path} is written in {written!r}, and would be lost: choose another --cache for"
            f" {options.lang!r}"
        )
    seed = options.seed if options.seed is not None or options.n is None else 0
    archive = open_archive(options.source, lang=options.lang, shuffled=seed)
    share = read_share(options.shard)
    folder = shard_folder(options.cache, archive, maker.rules)
    with lone(options.cache, share):
        built = build(
            archive,
            maker.pairs_in_time,
            folder,
            workers=options.workers,
            share=share,
            goal=options.n,
        )
        print(built.summary())
        if not built.gave and not options.shard:
            raise built.failure or _gave_nothing(options)
        if options.shard:
            print(
                f"{len(built.shards)} shards in {folder}; when all are made, the same command"
                " without --shard joins them"
            )
        else:
            count = join(built, path, goal=options.n, dedupe=options.dedupe)
            forget_other_shards(folder)
            show(islice(iter_pairs(path), 2) if count else ())
            print(f"{count} pairs in {path}")
    if built.failure:
        raise built.failure
    return 0


def _gave_nothing(options: FetchOptions) -> BadInput:
    """What is said of a source without a single pair; the pairs of an earlier one are kept."""
    kind = options.source[0].partition(":")[0]
    return BadInput(
        f"--source {' '.join(options.source)} gave no pairs: {kind}: wants {WANTED[kind]}, in the"
        f" language of --lang {options.lang}"
    )


def read_share(text: str | None) -> Share:
    """The share that "I/N" names; all of it for none. Raises BadInput."""
    if text is None:
        return Share()
    found = re.fullmatch(r"([0-9]{1,6})/([0-9]{1,6})", text)
    if not found or not 1 <= int(found[1]) <= int(found[2]):
        raise BadInput(f"--shard {text}: write I/N, the I-th of N shares, as in --shard 3/16")
    return Share(index=int(found[1]), count=int(found[2]))


@contextmanager
def lone(folder: Path, share: Share) -> Iterator[None]:
    """Hold the folder for this process, or this share of it. Raises ExternalError when another has
    it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    name = ".lock" if share == Share() else f".lock-{share.index}-of-{share.count}"
    try:
        with locked(folder / name):
            yield
    except Locked:
        raise ExternalError(
            f"another build is at work in {folder}: wait for its end, or choose another --cache"
        ) from None


def from_text(options: FetchOptions) -> int:
    """Put plain text beside where pairs would be, for train.py to find. Raises BadInput where there
    are pairs already.
    """
    if (options.cache / "pairs.jsonl").exists():
        raise BadInput(
            f"{options.cache} holds pairs, which train.py would take instead: choose another"
            " --cache for text"
        )
    first = options.source[0].removeprefix("text:")
    path = options.cache / "text.txt"
    count = copy_texts([Path(first), *map(Path, options.source[1:])], path)
    print(f"{count:,} characters of text in {path}")
    return 0


if __name__ == "__main__":
    run(main)
