"""python -m pipeline.cluster: the pairs of an archive, made by all machines of a Ray cluster.

Ray Data spreads the parts of the archive over the cluster and brings back shards as they are made;
this process puts them on its own disk. So the machines need the archive under the same path and
Ray, and nothing else; a machine that is lost takes only work with it, which others do again; and a
shard that comes twice is the same file twice. After a kill, the same command goes on with the
shards that are not there.
"""

if __name__ == "__main__":
    from pipeline.interrupts import end_silently

    end_silently()

import logging
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Literal

from pipeline.cli import count_of, parse, progress, run, say
from pipeline.dataset.archive_pairs import finish, lock_folder, refuse_loss
from pipeline.dataset.build import maker_of
from pipeline.dataset.pairs_file import iter_pairs, train_command
from pipeline.dataset.shards import (
    Built,
    Make,
    Share,
    join,
    part_shards,
    read_tally,
    shard_folder,
    shard_lines,
)
from pipeline.errors import BadInput, ExternalError
from pipeline.export import write_parquet
from pipeline.fetch_options import ARCHIVES, FetchOptions, check_options
from pipeline.files import replacing
from pipeline.questions.answers import AnswerBounds
from pipeline.records import DEFAULT_LANGUAGE
from pipeline.sources.archives import Archive, open_archive

# Bytes that Ray hands over at a time: shards come back while their part is still being read.
BLOCK = 1 << 20
SLICES = 16  # tasks that share a part at most, each of which reads all of it


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterOptions:
    """Make question/answer pairs of an archive on a Ray cluster."""

    source: tuple[str, ...]
    """zim:FILE | dump:FILE … | html:FOLDER, under the same path on every machine."""
    address: str = "auto"
    """The cluster's: HOST:6379 or ray://HOST:10001; auto finds this machine's; local starts one of
    this machine alone.
    """
    cache: Path = Path("cache")
    """Folder of pairs.jsonl, on this machine."""
    format: Literal["jsonl", "parquet"] = "jsonl"
    """Write pairs.parquet, too."""
    lang: str = DEFAULT_LANGUAGE
    """Wikipedia's language: en or simple."""
    kinds: tuple[str, ...] = ("definition",)
    """Kinds of pairs: definition, facts (from infoboxes), sections."""
    answer_sentences: int | None = AnswerBounds().sentences
    """Sentences an answer has at most."""
    answer_chars: int | None = AnswerBounds().chars
    """Characters an answer has at most; its first sentence is always whole."""
    dedupe: bool = False
    """Of pages that say nearly the same but for names, keep one."""


# What --help shows; --help-all shows every option.
COMMON_OPTIONS = {
    "which pages": ("source", "lang"),
    "where the work is done": ("address",),
    "what becomes of them": ("cache", "format", "kinds"),
}


def main() -> int:
    options = parse(ClusterOptions, prog="python -m pipeline.cluster", common=COMMON_OPTIONS)
    if not options.source[0].startswith(ARCHIVES):
        raise BadInput(
            f"--source {' '.join(options.source)}: choose zim:FILE, dump:FILE … or html:FOLDER"
        )
    check_options(
        FetchOptions(
            source=options.source,
            lang=options.lang,
            kinds=options.kinds,
            answer_sentences=options.answer_sentences,
            answer_chars=options.answer_chars,
        )
    )
    maker = maker_of(options.kinds, options.answer_sentences, options.answer_chars)
    source = tuple(absolute(options.source))
    archive = open_archive(source, lang=options.lang)
    refuse_loss(options.cache, source, options.lang)
    folder = shard_folder(options.cache, archive, maker.rules)
    path = options.cache / "pairs.jsonl"
    with lock_folder(options.cache, Share()), connected(options.address):
        built = build_on_cluster(archive, maker.pairs_in_time, folder)
        count = join(built, path, dedupe=options.dedupe)
        finish(folder, source)
    if options.format == "parquet" and count:
        write_parquet(path.with_suffix(".parquet"), iter_pairs(path))
    say(f"{built.summary()}\n{count_of(count, 'pair')} in {path}")
    if built.failure:
        raise built.failure
    say(f"now: {train_command(options.cache)}")
    return 0


def absolute(source: tuple[str, ...]) -> Iterator[str]:
    """The source with whole paths, since other machines run in other folders."""
    kind, _, first = source[0].partition(":")
    yield f"{kind}:{Path(first).resolve()}"
    yield from (str(Path(name).resolve()) for name in source[1:])


# --- on the cluster -------------------------------------------------------------------------------


@contextmanager
def connected(address: str) -> Iterator[None]:
    """A connection to the cluster. Raises BadInput where Ray is not installed, ExternalError where
    no cluster answers.
    """
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    try:
        import ray
    except ImportError:
        raise BadInput(
            "pipeline.cluster needs Ray: pip install 'ray[data]', of one version on all machines"
        ) from None
    check_reachable(address)
    package = str(Path(__file__).resolve().parent)  # so that the machines need no copy of ours
    try:
        ray.init(
            address=address,
            runtime_env={"py_modules": [package]},
            log_to_driver=False,
            logging_level=logging.ERROR,
        )
    except (ConnectionError, RuntimeError, ValueError) as error:
        raise ExternalError(
            f"no Ray cluster answers at {address} ({error}): start one with ray start --head, or"
            " name yours"
        ) from None
    try:
        yield
    finally:
        ray.shutdown()


def check_reachable(address: str) -> None:
    """Raises ExternalError where nobody listens at HOST:PORT: Ray itself would end this program
    without a word of ours.
    """
    host, _, port = address.removeprefix("ray://").rpartition(":")
    if host and port.isdecimal():
        try:
            socket.create_connection((host.strip("[]"), int(port)), timeout=10).close()
        except (OSError, OverflowError) as error:
            raise ExternalError(
                f"no Ray cluster answers at {address} ({error}): start one with ray start --head,"
                " or name yours"
            ) from None


def build_on_cluster(archive: Archive, make: Make, folder: Path) -> Built:
    """Have the cluster make the shards of an archive that are not in the folder yet."""
    folder.mkdir(parents=True, exist_ok=True)
    made = frozenset(path.name for path in folder.glob("*.jsonl") if read_tally(path))
    built = Built()
    with progress(total=None, unit="pages", label="pages with pairs") as bar:
        for name, lines in shards_from_cluster(archive, make, made):
            if not name:
                built.failure = ExternalError(lines.decode())
                continue
            with replacing(folder / name) as file:
                file.write(lines)
            bar.update(lines.count(b"\n") - 1)
    for path in sorted(folder.glob("*.jsonl")):
        if tally := read_tally(path):
            built.add(path, tally)
    return built


def shards_from_cluster(
    archive: Archive, make: Make, made: frozenset[str]
) -> Iterator[tuple[str, bytes]]:
    """The names and lines of shards, as they come from the cluster, in any order."""
    import ray
    from ray.data import DataContext

    context = DataContext.get_current()
    context.target_max_block_size = BLOCK
    context.enable_progress_bars = False
    slices = min(
        SLICES,
        max(1, -(-2 * int(ray.cluster_resources().get("CPU", 1)) // max(1, archive.parts()))),
    )
    tasks = [
        {"part": part, "slice": index, "slices": slices}
        for part in range(archive.parts())
        for index in range(slices)
    ]
    work = partial(shards_of, archive=archive, make=make, made=made)
    shards = ray.data.from_items(tasks, override_num_blocks=len(tasks)).map_batches(
        work, batch_size=1, num_cpus=1
    )
    try:
        for row in shards.iter_rows():
            yield str(row["name"]), bytes(row["lines"])
    except ray.exceptions.RayError as error:
        raise ExternalError(
            f"the cluster failed ({str(error).splitlines()[0]:.200}): what came is kept, "
            "run the same command again"
        ) from None


def shards_of(
    task: dict[str, Any], *, archive: Archive, make: Make, made: frozenset[str]
) -> Iterator[dict[str, list[Any]]]:
    """On some machine: the shards of one slice of a part that are not made yet, one by one. Where
    the part breaks off, why.
    """
    part, index, count = (int(task[name][0]) for name in ("part", "slice", "slices"))
    try:
        for number, records in enumerate(part_shards(archive, part)):
            if number % count == index and (name := f"{part:05}-{number:06}.jsonl") not in made:
                yield {"name": [name], "lines": [shard_lines(archive, make, records)[1]]}
    except ExternalError as failure:
        yield {"name": [""], "lines": [str(failure).encode()]}


if __name__ == "__main__":
    run(main)
