"""The options of pipeline.fetch, and which of them cannot be meant."""

import math
import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline.errors import BadInput
from pipeline.option_errors import did_you_mean
from pipeline.questions.languages import base_code, category_prefix, checked_code, question_maker
from pipeline.questions.pairs import KINDS
from pipeline.records import DEFAULT_LANGUAGE
from pipeline.sources.draws import normal_title
from pipeline.sources.rate_limit import WIKIMEDIA_RATE, checked_contact, checked_site, is_wikimedia

# What --source takes; `open_archive` in sources/archives.py opens the archives.
ARCHIVES = ("zim:", "dump:", "html:")
SOURCES = ("live", "sample", "zim", "dump", "html", "text")

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
    kinds: tuple[str, ...] | None = None
    """Kinds of pairs: definition, facts (from infoboxes), sections; those that the cache has, at
    first definition.
    """
    answer_sentences: int | None = None
    """Sentences an answer has at most; as before in the cache, at first 3."""
    answer_chars: int | None = None
    """Characters an answer has at most; its first sentence is always whole. As before in the cache,
    at first 400.
    """
    dedupe: bool = False
    """Of pages that say nearly the same but for names, as thousands of villages do, keep one; later
    fetches keep to it.
    """
    workers: int = 1
    """Of an archive: processes that make pairs."""
    shard: str | None = None
    """Of an archive: make only the I-th of N shares (I/N), one on each of many machines; the same
    command without it joins them.
    """
    rebuild: bool = False
    """Make all pairs again from the cached pages, without the network."""

    @property
    def reads_archive(self) -> bool:
        """Whether pages come from files."""
        return self.source[0].startswith(ARCHIVES)

    @property
    def reads_text(self) -> bool:
        """Whether plain text is taken, which has no pages."""
        return self.source[0].startswith("text:")

    @property
    def category_title(self) -> str:
        """The category's name as the wiki has it, without its prefix in whichever language."""
        typed = self.category or ""
        prefix = category_prefix().match(typed)
        return normal_title(typed[prefix.end() :] if prefix else typed)

    @property
    def given_contact(self) -> str:
        """The contact as the command or ASKWIKI_CONTACT gives it, or nothing."""
        return self.contact or os.environ.get("ASKWIKI_CONTACT") or ""

    @property
    def site_name(self) -> str:
        """What the cache knows the wiki by: its address, or "sample" for the embedded pages."""
        if self.source == ("sample",):
            return "sample"
        # Some wikis are known by other codes than ours (simple); eng, en-GB and the like are not.
        code = self.lang if self.lang == "simple" else base_code(self.lang) or self.lang
        return checked_site(self.site or f"https://{code}.wikipedia.org")


def check_options(options: FetchOptions) -> None:
    """Raises BadInput for what cannot be meant, before anything is touched."""
    for wrong in (_wrong_pages, _wrong_pairs, _wrong_source, _wrong_work):
        for message in wrong(options):
            raise BadInput(message)
    if options.site is None:
        _check_language(options)
    if options.given_contact:
        checked_contact(options.given_contact)


def _wrong_pages(options: FetchOptions) -> Iterator[str]:
    """What is wrong with the pages that are asked for, and how fast."""
    n, rate = options.n, options.rate
    if n is not None and n < 1:
        yield f"--n {n}: at least one page must be asked for"
    if options.titles is not None and options.category is not None:
        yield "--titles and --category: choose one of them"
    if not 0 <= options.depth <= 20:
        yield f"--depth {options.depth}: choose 0 to 20 levels"
    if options.category is not None and not options.category_title:
        yield "--category: a category's name is missing"
    wikimedia = options.site is None or is_wikimedia(checked_site(options.site))
    if rate is None:
        return
    if not 0.001 <= rate < math.inf:
        yield f"--rate {rate}: choose a number above 0"
    if rate > WIKIMEDIA_RATE and wikimedia and options.source == ("live",):
        yield (
            f"--rate {rate}: Wikimedia's rules allow at most {WIKIMEDIA_RATE:.0f} requests a second"
        )


def _wrong_pairs(options: FetchOptions) -> Iterator[str]:
    """What is wrong with the pairs that are asked for."""
    kinds = options.kinds
    if kinds is not None and (not kinds or set(kinds) - set(KINDS)):
        misspelt = next((kind for kind in kinds if kind not in KINDS), "")
        yield (
            f"--kinds {' '.join(kinds)}: choose from {', '.join(KINDS)}"
            + did_you_mean(misspelt, KINDS)
        )
    bounds = (options.answer_sentences, options.answer_chars)
    if any(bound is not None and bound < 1 for bound in bounds):
        yield "an answer must have at least one sentence and character"


def _wrong_source(options: FetchOptions) -> Iterator[str]:
    """What is wrong with where the pages come from."""
    source = options.source
    written = f"--source {' '.join(options.source)}"
    if source == ("sample",) and base_code(options.lang) != DEFAULT_LANGUAGE:
        yield f"--lang {options.lang}: the embedded pages are written in {DEFAULT_LANGUAGE!r}"
    on_disk = options.reads_archive or options.reads_text
    kind = source[0].removesuffix(":")
    if f"{kind}:" in (*ARCHIVES, "text:"):
        yield f"--source {source[0]} names no file or folder: write it as in {kind}:pages"
    elif source not in (("live",), ("sample",)) and not on_disk:
        yield (
            f"{written}: choose live, sample, zim:FILE, dump:FILE …, html:FOLDER or text:FILE …"
            + (_meant_source(source[0]) or did_you_mean(kind.partition(":")[0], SOURCES))
        )
    if len(source) > 1 and not source[0].startswith(("dump:", "text:")):
        yield f"{written}: only one of them can be read"
    if source != ("live",) and options.site is not None:
        yield "--site and --source: choose one of them"
    if on_disk and options.rebuild:
        yield "--rebuild is for fetched pages: the same command without it reads an archive anew"


def _meant_source(name: str) -> str:
    """The end of a message about a file or folder that is named without its kind; "" for what is
    none.
    """
    if not os.path.exists(name):
        return ""
    if os.path.isdir(name):
        kind = "html"
    elif name.endswith(".zim"):
        kind = "zim"
    else:
        kind = "dump" if ".tar" in name or "json" in name else "text"
    return f": did you mean {kind}:{name}?"


def _wrong_work(options: FetchOptions) -> Iterator[str]:
    """What is wrong with how the work is shared."""
    if not 1 <= options.workers <= 1024:
        yield f"--workers {options.workers}: choose 1 to 1024 processes"
    if not options.reads_archive and (options.workers > 1 or options.shard is not None):
        yield "--workers and --shard: only archives are read by many at once"
    if options.shard is not None and options.n is not None:
        yield "--n and --shard: choose one of them"
    if options.reads_text and options.n is not None:
        yield "--n counts pages, and plain text has none: leave it away"


def _check_language(options: FetchOptions) -> None:
    """Raises BadInput for a language in which nothing is asked yet, or not these kinds."""
    code = checked_code(options.lang, f"--lang {options.lang}")
    made = question_maker(code).kinds
    if missing := [kind for kind in options.kinds or () if kind not in made]:
        raise BadInput(
            f"--kinds {' '.join(missing)}: in {code!r} only these are asked: {', '.join(made)}"
        )
