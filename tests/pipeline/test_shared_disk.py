"""A disk that other machines share may have no file locks, and no memory shared through a file: the
commands do their work all the same, one at a time, or say in a line what to do.
"""

import errno
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from pipeline import files
from pipeline.errors import ExternalError
from pipeline.files import Locked, acquire
from pipeline.sources.page_cache import open_cache
from tests.conftest import TinyWiki

ROOT = Path(__file__).parents[2]
needs_compiler = pytest.mark.skipif(not shutil.which("cc"), reason="no C compiler is installed")


@pytest.fixture(scope="module")
def shim(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What stands between a program and the disk."""
    library = tmp_path_factory.mktemp("shim") / "no_shared_disk.so"
    source = Path(__file__).with_name("no_shared_disk.c")
    subprocess.run(["cc", "-shared", "-fPIC", "-o", library, source, "-ldl"], check=True)
    return library


def on_that_disk(shim: Path, *words: object, **limits: object) -> subprocess.CompletedProcess[str]:
    """A command as it ends there."""
    disk = {name: str(value) for name, value in limits.items()}
    return subprocess.run(
        [sys.executable, *map(str, words)],
        cwd=ROOT,
        env=os.environ | disk | {"LD_PRELOAD": str(shim)},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def count_pairs(cache: Path) -> int:
    return len([json.loads(line) for line in (cache / "pairs.jsonl").open(encoding="utf-8")])


def live(wiki: TinyWiki, cache: Path, n: int) -> list[object]:
    site = ("--site", wiki.address, "--contact", "me@askwiki.org", "--rate", 500)
    return ["-m", "pipeline.fetch", *site, "--cache", cache, "--n", n]


@needs_compiler
@pytest.mark.parametrize("number", [errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS])
def test_pages_are_fetched_and_looked_at_where_there_are_no_locks(
    number: int, shim: Path, tiny_wiki: TinyWiki, tmp_path: Path
) -> None:
    done = on_that_disk(shim, *live(tiny_wiki, tmp_path, 3), NO_FLOCK=number)
    assert done.returncode == 0, done.stderr
    assert count_pairs(tmp_path) == 3 and not (tmp_path / ".lock.held").exists()


@needs_compiler
def test_pages_are_fetched_kept_and_looked_at_where_sqlite_can_share_no_memory(
    shim: Path, tiny_wiki: TinyWiki, tmp_path: Path
) -> None:
    limits = {"NO_SHM": 1, "NO_FLOCK": errno.ENOLCK}
    first = on_that_disk(shim, *live(tiny_wiki, tmp_path, 3), **limits)
    assert first.returncode == 0, first.stderr
    asked = len(tiny_wiki.requests)
    again = on_that_disk(shim, *live(tiny_wiki, tmp_path, 3), **limits)
    assert again.returncode == 0 and len(tiny_wiki.requests) == asked, again.stderr
    shown = on_that_disk(shim, "-m", "pipeline.show", "--cache", tmp_path, **limits)
    assert shown.returncode == 0 and "3 pairs of 3 pages" in shown.stdout, shown.stderr
    # And back on a disk of this machine.
    more = on_that_disk(shim, *live(tiny_wiki, tmp_path, 5))
    assert more.returncode == 0 and count_pairs(tmp_path) == 5, more.stderr
    # A cache that was made here, and was carried there in the middle of its work.
    moved = on_that_disk(shim, *live(tiny_wiki, tmp_path, 6), **limits)
    assert moved.returncode == 0 and count_pairs(tmp_path) == 6, moved.stderr


def refusing(number: int) -> Callable[[int, int], None]:
    def flock(descriptor: int, operation: int) -> None:
        raise OSError(number, os.strerror(number))

    return flock


@pytest.mark.parametrize("number", files.NO_LOCKS)
def test_the_soft_lock_keeps_others_out_and_names_its_mark(
    number: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("fcntl.flock", refusing(number))
    held = acquire(tmp_path / ".lock")
    with pytest.raises(Locked):
        acquire(tmp_path / ".lock")
    with (
        pytest.raises(ExternalError, match=r"another fetch is at work .* rm .*held"),
        open_cache(tmp_path),
    ):
        pass
    held.release()
    acquire(tmp_path / ".lock").release()


@needs_compiler
def test_a_killed_fetch_leaves_no_lock_behind_that_keeps_the_next_one_out(
    shim: Path, tiny_wiki: TinyWiki, tmp_path: Path
) -> None:
    environment = os.environ | {"LD_PRELOAD": str(shim), "NO_FLOCK": str(errno.ENOLCK)}
    killed = subprocess.Popen(
        [sys.executable, *map(str, live(tiny_wiki, tmp_path, 8)), "--rate", "2"],
        cwd=ROOT,
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    while len(tiny_wiki.requests) < 3:
        assert killed.poll() is None
        time.sleep(0.02)
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    done = on_that_disk(shim, *live(tiny_wiki, tmp_path, 8), NO_FLOCK=errno.ENOLCK)
    remedy = "remove its mark: rm "
    if remedy in done.stderr:  # where nobody can tell that its owner is gone
        os.unlink(done.stderr.partition(remedy)[2].strip())
        done = on_that_disk(shim, *live(tiny_wiki, tmp_path, 8), NO_FLOCK=errno.ENOLCK)
    assert done.returncode == 0 and count_pairs(tmp_path) == 8, done.stderr
