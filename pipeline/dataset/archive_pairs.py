"""Pairs from an archive: its pages are on disk already, so only pairs are kept, in shards that many
processes or machines make.
"""

import json
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from pathlib import Path

from pipeline.cli import count_of, say
from pipeline.dataset.build import PairMaker
from pipeline.dataset.pairs_file import iter_pairs, shown
from pipeline.dataset.shards import Share, build, forget_other_shards, join, shard_folder
from pipeline.dataset.wiki_pairs import holds_something, refuse_text
from pipeline.errors import BadInput, ExternalError
from pipeline.fetch_options import FetchOptions
from pipeline.files import Locked, locked, read_bounded, write_atomically
from pipeline.questions.languages import base_code
from pipeline.sources.archives import open_archive
from pipeline.sources.page_cache import FILE_NAME

MADE_OF = "source.json"  # beside the shards: the files that pairs.jsonl was made of
MAX_MADE_OF = 1 << 20  # bytes
WANTED = {  # what each kind of source wants, for the line about one that gave nothing
    "zim": "a Kiwix file with Wikipedia's articles, such as download.kiwix.org has",
    "dump": "the files of an Enterprise HTML dump (…-NS0-….json.tar.gz)",
    "html": "a folder with articles of a MediaWiki, saved whole as .html",
}


def build_pairs(options: FetchOptions, maker: PairMaker) -> None:
    """Make pairs.jsonl of an archive's pages: they are on disk already, so no page cache is made of
    them, only shards of pairs.
    """
    seed = options.seed if options.seed is not None or options.n is None else 0
    archive = open_archive(options.source, lang=options.lang, shuffled=seed)
    refuse_loss(options.cache, options.source, options.lang)
    path = options.cache / "pairs.jsonl"
    share = read_share(options.shard)
    folder = shard_folder(options.cache, archive, maker.rules)
    with lock_folder(options.cache, share):
        built = build(
            archive,
            maker.pairs_in_time,
            folder,
            workers=options.workers,
            share=share,
            goal=options.n,
        )
        say(built.summary())
        if not built.gave and not options.shard:
            raise built.failure or _gave_nothing(options)
        if options.shard:
            say(
                f"{len(built.shards)} shards in {folder}; when all are made, the same command"
                " without --shard joins them"
            )
        else:
            count = join(built, path, goal=options.n, dedupe=options.dedupe)
            finish(folder, options.source)
            for pair in islice(iter_pairs(path), 2 if count else 0):
                say(shown(pair))
            say(f"\n{count_of(count, 'pair')} in {path}")
    if built.failure:
        raise built.failure


def refuse_loss(cache: Path, source: Sequence[str], lang: str) -> None:
    """Raises BadInput for a cache that holds what the pairs of this source would take the place of:
    fetched pages, a text, pairs in another language, pairs of other files.
    """
    elsewhere = f"choose another --cache for {source[0]}"
    if (cache / FILE_NAME).exists():
        raise BadInput(f"{cache} holds fetched pages, whose pairs would be lost: {elsewhere}")
    refuse_text(cache)
    path = cache / "pairs.jsonl"
    if not holds_something(path):
        return
    written = next(iter_pairs(path)).lang
    if base_code(written) != base_code(lang):
        raise BadInput(f"{path} is written in {written!r}, and would be lost: {elsewhere}")
    made_of = _made_of(cache)
    # The same files in another order, or more of them, give all the pairs again.
    lost = sorted(made_of - set(_files(source)))
    if lost:
        raise BadInput(f"{path} was made of {lost[0]}, and would be lost: {elsewhere}")
    if not made_of and not (cache / "shards").is_dir():
        raise BadInput(f"{path} was made of something else, and would be lost: {elsewhere}")


def finish(folder: Path, source: Sequence[str]) -> None:
    """Note beside a build's folder of shards what pairs.jsonl was made of now, and drop the shards
    of earlier builds.
    """
    write_atomically(folder.parent / MADE_OF, json.dumps(_files(source), indent=1) + "\n")
    forget_other_shards(folder)


def _files(source: Sequence[str]) -> list[str]:
    """The files of a source by their whole paths, each with its kind: "zim:/data/wiki.zim"."""
    kind, _, first = source[0].partition(":")
    return [f"{kind}:{Path(name).resolve()}" for name in (first, *source[1:])]


def _made_of(cache: Path) -> set[str]:
    """What pairs.jsonl was made of; nothing where this was not noted."""
    try:
        noted = json.loads(read_bounded(cache / "shards" / MADE_OF, MAX_MADE_OF))
    except (OSError, ValueError, RecursionError):
        return set()
    return {name for name in noted if isinstance(name, str)} if isinstance(noted, list) else set()


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
    written = re.fullmatch(r"([0-9]{1,6})/([0-9]{1,6})", text)
    if not written or not 1 <= int(written[1]) <= int(written[2]):
        raise BadInput(f"--shard {text}: write I/N, the I-th of N shares, as in --shard 3/16")
    return Share(index=int(written[1]), count=int(written[2]))


@contextmanager
def lock_folder(folder: Path, share: Share) -> Iterator[None]:
    """Hold the folder for this process, or this share of it. Raises ExternalError when another has
    it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    name = ".lock" if share == Share() else f".lock-{share.index}-of-{share.count}"
    try:
        with locked(folder / name):
            yield
    except Locked as held:
        raise ExternalError(
            f"another build is at work in {folder}: wait for its end, or choose another"
            f" --cache{held}"
        ) from None
