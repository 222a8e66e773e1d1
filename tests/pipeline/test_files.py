"""Locks and permissions of files: a lock's file outlives its holders, and the user's umask decides
who else may read and write.
"""

import os
import stat
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from tiny_run import make_run

from model.export.__main__ import main as export
from pipeline.files import Locked, acquire, locked, write_atomically
from pipeline.sources.page_cache import open_cache


def test_the_file_of_a_lock_stays_so_that_those_who_wait_and_those_who_come_share_it(
    tmp_path: Path,
) -> None:
    path = tmp_path / ".lock"
    first = acquire(path)
    number = path.stat().st_ino
    has_lock, may_end = threading.Event(), threading.Event()

    def wait_and_hold() -> None:
        with locked(path, wait=True):
            has_lock.set()
            may_end.wait(20)

    waiting = threading.Thread(target=wait_and_hold)
    waiting.start()
    first.release()
    assert has_lock.wait(20)
    with pytest.raises(Locked):  # an unlinked file would have let this one in
        acquire(path)
    may_end.set()
    waiting.join()
    acquire(path).release()
    assert path.stat().st_ino == number


@pytest.fixture(params=[0o002, 0o027, 0o077], ids=oct)
def umask(request: pytest.FixtureRequest) -> Iterator[int]:
    """Who may read and write what the test makes."""
    before = os.umask(request.param)
    yield request.param
    os.umask(before)


def modes_below(folder: Path) -> dict[str, int]:
    """The permissions of every file but the locks, in which nothing stands."""
    return {
        str(file.relative_to(folder)): stat.S_IMODE(file.stat().st_mode)
        for file in folder.rglob("*")
        if file.is_file() and file.name != ".lock"
    }


def test_every_file_has_the_permissions_that_the_umask_leaves(umask: int, tmp_path: Path) -> None:
    made = tmp_path / "made"
    write_atomically(made / "text.txt", "text")
    with open_cache(made / "cache"):
        pass
    run = make_run(made / "run")
    export(["--run", str(run), "--to", str(made / "hf"), "--format", "hf"])
    modes = modes_below(made)
    assert len(modes) > 10
    assert modes == dict.fromkeys(modes, 0o666 & ~umask)


def test_a_gguf_file_has_the_permissions_that_the_umask_leaves(umask: int, tmp_path: Path) -> None:
    pytest.importorskip("gguf", reason="the export extra")
    run = make_run(tmp_path / "run")
    export(["--run", str(run), "--to", str(tmp_path / "gguf"), "--format", "gguf"])
    modes = modes_below(tmp_path / "gguf")
    assert "model.gguf" in modes
    assert modes == dict.fromkeys(modes, 0o666 & ~umask)


def test_a_private_file_is_private_whatever_the_umask(umask: int, tmp_path: Path) -> None:
    write_atomically(tmp_path / "contact.txt", "ada@lovelace.org\n", mode=0o600)
    assert stat.S_IMODE((tmp_path / "contact.txt").stat().st_mode) == 0o600
