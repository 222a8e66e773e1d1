"""python -m pipeline.fetch: pages in, `pairs.jsonl` out, nothing fetched twice.

Where the pages come from decides what is done: dataset/wiki_pairs.py fetches from a wiki into a
cache, dataset/archive_pairs.py reads what is on disk already, and plain text is only copied.
"""

if __name__ == "__main__":
    from pipeline.interrupts import end_silently

    end_silently()

import signal
from dataclasses import replace
from pathlib import Path
from types import FrameType

from pipeline.answering.runs import next_command
from pipeline.cli import count_of, notice, parse, run, say
from pipeline.dataset.archive_pairs import build_pairs
from pipeline.dataset.build import PairMaker, maker_of
from pipeline.dataset.duplicates import check_can_dedupe
from pipeline.dataset.pairs_file import train_command
from pipeline.dataset.wiki_pairs import (
    chosen_draw,
    fetch_pairs,
    refuse_foreign_pairs,
    refuse_other_pages,
    remake_stale,
    write_cached_pairs,
)
from pipeline.errors import BadInput
from pipeline.fetch_options import COMMON_OPTIONS, FetchOptions, check_options
from pipeline.sources.page_cache import FILE_NAME, PageCache, open_cache
from pipeline.sources.plain_text import TEXT_FILE, copy_texts


def main() -> int:
    options = parse(FetchOptions, prog="python -m pipeline.fetch", common=COMMON_OPTIONS)
    check_options(options)
    if options.dedupe:
        check_can_dedupe()  # before anything is fetched
    signal.signal(signal.SIGTERM, _interrupt)
    if options.reads_text:
        return from_text(options)
    try:
        if options.reads_archive:
            build_pairs(options, _maker(options))
        else:
            from_wiki(options)
    except KeyboardInterrupt:
        raise KeyboardInterrupt("the same command goes on where it was") from None
    if options.shard is None:
        say(next_command(options.cache))
    return 0


def _maker(options: FetchOptions, earlier: str = "") -> PairMaker:
    return maker_of(options.kinds, options.answer_sentences, options.answer_chars, earlier)


def from_wiki(options: FetchOptions) -> None:
    """Make the pairs of a wiki's pages, which are fetched into the cache; with --rebuild only of
    those that it has.
    """
    draw = chosen_draw(options, options.site_name)
    refuse_foreign_pairs(options.cache)
    if options.rebuild and not (options.cache / FILE_NAME).exists():
        raise _no_pairs_of_cached_pages(options.cache)
    with open_cache(options.cache) as cache:
        if not options.rebuild:
            refuse_other_pages(cache, options)
        maker = _maker(options, cache.newest_rules())
        if options.kinds is None and len(maker.kinds) > 1:
            notice(f"kinds of pairs, as before: {', '.join(maker.kinds)}")
        options = replace(options, dedupe=_leaves_out_copies(options, cache))
        if options.rebuild:
            cache.verify()  # it reads every page anyway
        remake_stale(cache, maker, every=options.rebuild)
        if not options.rebuild:
            fetch_pairs(options, cache, draw, maker)
            return
        count = write_cached_pairs(cache, options)
        if not count:
            raise _no_pairs_of_cached_pages(options.cache)
        path = options.cache / "pairs.jsonl"
        pages = count_of(cache.totals()[0], "cached page")
        say(f"{count_of(count, 'pair')} made again from {pages}, in {path}")


def _leaves_out_copies(options: FetchOptions, cache: PageCache) -> bool:
    """Whether near-duplicates are left out: once they are, later fetches keep to it, until
    --rebuild makes all pairs anew without --dedupe.
    """
    if options.dedupe or options.rebuild:
        if options.dedupe != cache.leaves_out_copies():
            cache.leave_out_copies(options.dedupe)
        return options.dedupe
    if not cache.leaves_out_copies():
        return False
    check_can_dedupe()
    notice("near-duplicates are left out, as before; --rebuild without --dedupe takes them in")
    return True


def _no_pairs_of_cached_pages(folder: Path) -> BadInput:
    return BadInput(
        f"no page in {folder} gives a pair: fetch some, with the same command without --rebuild"
    )


def _interrupt(signal_number: int, frame: FrameType | None) -> None:
    raise KeyboardInterrupt


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
    path = options.cache / TEXT_FILE
    count = copy_texts([Path(first), *map(Path, options.source[1:])], path)
    say(f"{count:,} characters of text in {path}\nnow: {train_command(options.cache)}")
    return 0


if __name__ == "__main__":
    run(main)
