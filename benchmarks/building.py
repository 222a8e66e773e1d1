"""How fast archives become pairs, in how much memory: one process, several, and a Ray cluster of
this machine.

    ASKWIKI_SHARED=../shared python -m benchmarks.building     # 200,000 records, one worker and two
    ASKWIKI_SHARED=../shared python -m benchmarks.building --files 8 --cluster

The dump is made on the fly of the real pages in ASKWIKI_SHARED, repeated under new numbers and
titles. Memory is resident, read from /proc every second, of each process; it is told for each tenth
of the run, so that a leak would show. Processor time is the whole machine's, since a cluster's
processes are nobody's children: leave the machine alone meanwhile.
"""

import gzip
import json
import lzma
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pipeline.cli import parse, run
from pipeline.errors import BadInput, ExternalError


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Pairs of a dump, beside the plain way of making them."""

    records: int = 200_000
    """Pages of the dump."""
    files: int = 1
    """Files that the dump lies in, as large dumps do."""
    cluster: bool = False
    """Measure a Ray cluster of this machine beside as many workers."""
    work: Path = Path("runs/benchmarks/building")
    """Folder for the dump and what is made of it."""


@dataclass(slots=True)
class Watched:
    """What a command took: seconds, CPU-seconds, and the most memory of any process of it in
    megabytes, by tenth of its time.
    """

    seconds: float = 0.0
    busy: float = 0.0
    samples: list[float] = field(default_factory=list)

    def tenths(self) -> str:
        size = max(1, len(self.samples) // 10)
        return " ".join(
            f"{max(self.samples[at : at + size]):.0f}"
            for at in range(0, len(self.samples), size)[:10]
        )


def main() -> None:
    """Make the dump, build it each way, print."""
    options = parse(Options, prog="python -m benchmarks.building")
    options.work.mkdir(parents=True, exist_ok=True)
    dump = written(
        options.work / f"dump-{options.records}-{options.files}", options.records, options.files
    )
    ways = {
        "1 worker": ["pipeline.fetch", "--workers", "1"],
        "2 workers": ["pipeline.fetch", "--workers", "2"],
    }
    if options.cluster:
        ways = {
            "2 workers": ways["2 workers"],
            "Ray, 2 cores": ["pipeline.cluster", "--address", "local"],
        }
    taken: dict[str, Watched] = {}
    for name, words in ways.items():
        cache = options.work / "cache"
        shutil.rmtree(cache, ignore_errors=True)
        taken[name] = watched(
            [
                sys.executable,
                "-m",
                *words,
                "--cache",
                str(cache),
                "--source",
                f"dump:{dump[0]}",
                *map(str, dump[1:]),
            ]
        )
        pairs = sum(1 for _ in (cache / "pairs.jsonl").open("rb"))
        print(
            f"{name}: {options.records / taken[name].seconds:,.0f} pages/s,"
            f" {taken[name].seconds:.0f} s, {options.records / taken[name].busy:,.0f} pages a"
            f" CPU-second, {pairs} pairs; MB of the largest process by tenth of the time:"
            f" {taken[name].tenths()}",
            flush=True,
        )
    first, second = taken.values()
    print(
        f"{list(taken)[1]}: {first.seconds / second.seconds:.2f} times the speed of"
        f" {next(iter(taken))}, {first.busy / second.busy:.2f} times its pages a CPU-second (load"
        f" {os.getloadavg()[0]:.1f})"
    )


def written(folder: Path, records: int, files: int) -> list[Path]:
    """The files of a dump of so many records, made unless they are there."""
    if not folder.exists():
        part = folder.with_suffix(".part")
        shutil.rmtree(part, ignore_errors=True)
        part.mkdir()
        for number, start in enumerate(range(0, records, -(-records // files))):
            write_dump(
                part / f"{number:03}.ndjson.gz",
                range(start, min(records, start + -(-records // files))),
            )
        part.rename(folder)
    return sorted(folder.iterdir())


def write_dump(path: Path, numbers: range) -> None:
    """A dump of these records. The pages' HTML is packed once; gzip files may be joined, so a new
    head before it makes a new record.
    """
    shared = os.environ.get("ASKWIKI_SHARED")
    if not shared:
        raise BadInput(
            "ASKWIKI_SHARED is not set: let it name the folder that holds wiki/pages.jsonl.xz"
        )
    with lzma.open(Path(shared) / "wiki" / "pages.jsonl.xz", "rt", encoding="utf-8") as lines:
        pages = [
            (
                page,
                gzip.compress(
                    json.dumps(f"<html><body>{page['html']}</body></html>").encode() + b"}}\n", 1
                ),
            )
            for page in map(json.loads, lines)
        ]
    with path.open("wb") as out:
        for number in numbers:
            page, body = pages[number % len(pages)]
            title = (
                page["title"]
                if number < len(pages)
                else f"{page['title']} ({number // len(pages)})"
            )
            head = {
                "name": title,
                "identifier": number + 1,
                "url": f"https://en.wikipedia.org/wiki/{number + 1}",
                "version": {"identifier": page["revid"]},
                "license": [{"identifier": "CC-BY-SA-4.0"}],
                "categories": [{"name": f"Category:{name}"} for name in page["categories"]],
            }
            out.write(
                gzip.compress((json.dumps(head)[:-1] + ', "article_body": {"html": ').encode(), 1)
                + body
            )


def watched(words: list[str]) -> Watched:
    """Run a command to its end, watching its memory. Raises ExternalError when it fails."""
    found, start, busy = Watched(), time.perf_counter(), machine_time()
    command = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    while command.poll() is None:
        found.samples.append(max((resident(pid) for pid in family(command.pid)), default=0.0))
        time.sleep(1)
    found.seconds, found.busy = time.perf_counter() - start, machine_time() - busy
    if command.returncode:
        raise ExternalError(
            f"{' '.join(words)} failed: {command.stderr.read()[-500:] if command.stderr else ''}"
        )
    return found


def machine_time() -> float:
    """Seconds that the processors of this machine have worked since it started (proc(5): user,
    nice, system, irq, softirq).
    """
    user, nice, system, _, _, irq, softirq, *_ = map(
        int, Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:]
    )
    return (user + nice + system + irq + softirq) / os.sysconf("SC_CLK_TCK")


def family(pid: int) -> Iterator[int]:
    """A process and all its descendants."""
    yield pid
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return
    for child in children:
        yield from family(int(child))


def resident(pid: int) -> float:
    """The resident memory of a process in megabytes; 0 when it has ended."""
    try:
        return (
            int(Path(f"/proc/{pid}/statm").read_text().split()[1])
            * os.sysconf("SC_PAGE_SIZE")
            / 1e6
        )
    except (OSError, IndexError):
        return 0.0


if __name__ == "__main__":
    run(main)
