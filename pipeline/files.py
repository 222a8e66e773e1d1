"""The one place for atomic writes, fsync, locks and hashes.

A crash at any moment leaves the old file or the new one, whole, and never half of either.
"""

import contextlib
import errno
import filecmp
import hashlib
import os
import secrets
import stat
from collections.abc import Iterator
from io import BufferedReader
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from pipeline.errors import command_line

if TYPE_CHECKING:
    from filelock import BaseFileLock

# What a file system answers that has no flock: NFS without its lock daemon, some FUSE mounts.
NO_LOCKS = (errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS)


# --- writing --------------------------------------------------------------------------------------


@contextlib.contextmanager
def replacing(path: Path, *, mode: int = 0o666, keep_equal: bool = False) -> Iterator[BinaryIO]:
    """A new file that takes path's place when the block ends without an error.

    `mode` is cut down by the user's umask, as for any file that a program makes. With `keep_equal`
    a file of the same content is left as it is, so that its time says when it last changed.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    # In the same folder, as a rename across disks is a copy, and under a name of chance, as another
    # process may write the same file.
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, mode)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            # The content before the name: a power cut between the two would leave an empty file
            # under the right name.
            os.fsync(file.fileno())
        if keep_equal and path.is_file() and filecmp.cmp(part, path, shallow=False):
            return
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    fsync(path.parent)


def write_atomically(path: Path, data: str | bytes, *, mode: int = 0o666) -> None:
    """Put data at path, whole or not at all."""
    with replacing(path, mode=mode) as file:
        file.write(data.encode() if isinstance(data, str) else data)


def share_as_folder(folder: Path) -> None:
    """Give the files in a folder its own permissions to read and write: some libraries make theirs
    for the owner alone, whatever the user's umask says.
    """
    mode = folder.stat().st_mode & 0o666
    for file in folder.rglob("*"):
        if file.is_file():
            file.chmod(mode)


def fsync(path: Path) -> None:
    """Have the disk keep a file's content, or a folder's list of names."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


# --- reading --------------------------------------------------------------------------------------


def open_regular(path: Path, *, follow_links: bool = True) -> BufferedReader:
    """A file to read, which must be a regular one: a FIFO would wait for ever, a device never end.

    Raises OSError for anything else.
    """
    flags = os.O_RDONLY | os.O_NONBLOCK | (0 if follow_links else os.O_NOFOLLOW)
    # Opened first and looked at then, through the descriptor: between a look at the path and the
    # opening another file could take its place.
    descriptor = os.open(path, flags)
    mode = os.fstat(descriptor).st_mode
    if stat.S_ISREG(mode):
        return os.fdopen(descriptor, "rb")
    os.close(descriptor)
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    raise OSError(errno.EINVAL, "it is a device or a pipe, not a regular file", str(path))


def read_bounded(path: Path, limit: int) -> bytes:
    """The content of a regular file of at most `limit` bytes. Raises OSError for a larger one, too:
    what a stranger's file says of its size is no bound.
    """
    with open_regular(path) as file:
        content = file.read(limit + 1)
    if len(content) > limit:
        raise OSError(errno.EFBIG, f"it is larger than {limit >> 20} MB", str(path))
    return content


def content_hash(source: Path | BufferedReader) -> str:
    """The SHA-256 of a file's content; of an open file, from its beginning, which leaves it at its
    end.
    """
    if isinstance(source, Path):
        with open_regular(source) as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    source.seek(0)
    return hashlib.file_digest(source, "sha256").hexdigest()


# --- locks ----------------------------------------------------------------------------------------


class Locked(Exception):
    """Another process holds the lock; its text says what to do should that be none, if anything."""


@contextlib.contextmanager
def locked(path: Path, *, wait: bool = False) -> Iterator[None]:
    """Hold the lock of a path until the block ends. The file stays when the lock is given back: to
    unlink it would split those that wait from those that come later.

    On a disk without locks, a file that is there only while the lock is held takes their place.
    Raises Locked, unless it shall `wait` for the other process.
    """
    lock = acquire(path, wait=wait)
    try:
        yield
    finally:
        lock.release()


def acquire(path: Path, *, wait: bool = False) -> "BaseFileLock":
    """The held lock of a path, as `locked`; its `release` gives it back."""
    from filelock import FileLock, Timeout  # whoever only reads waits for no import of it

    path.parent.mkdir(parents=True, exist_ok=True)
    timeout = -1 if wait else 0
    try:
        lock: BaseFileLock = FileLock(path, timeout=timeout, fallback_to_soft=False)
        lock.acquire()
    except Timeout:
        raise Locked from None
    except OSError as error:
        if error.errno not in NO_LOCKS:
            raise
        return _acquire_soft(path.with_name(f"{path.name}.held"), timeout)
    return lock


def _acquire_soft(path: Path, timeout: float) -> "BaseFileLock":
    from filelock import SoftFileLock, Timeout

    lock = SoftFileLock(path, timeout=timeout)
    try:
        lock.acquire()
    except Timeout:
        advice = command_line("rm", path)
        raise Locked(f"; if nothing is at work there any more, remove its mark: {advice}") from None
    return lock
