"""Files that are there whole or not at all: written beside their place, brought to the disk, then named."""

from __future__ import annotations

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO

PARTIAL = ".partial"
LOCK = "lock"
"""In a folder for what is being made: held by whoever makes it."""


def private_folder(path: Path) -> Path:
    """Make it if need be; for its owner alone."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


@contextmanager
def whole(path: Path, *, replacing: bool = False, check: Callable[[Path], object] | None = None) -> Iterator[IO[bytes]]:
    """A file to write into, readable by its owner alone. It gets its name when the block ends well; else it is gone.

    The name is given by a link, which replaces nothing: raises ``FileExistsError`` when ``path`` is taken. With
    ``replacing`` what is there gives way in one step.

    ``check`` reads back what the disk has, after it was told to keep it and before the file gets its name. Read any
    earlier it would be what the system still holds in memory: right, whatever the disk makes of it.
    """
    partial = path.with_name(f".{path.name}.{os.getpid()}{PARTIAL}")
    while (held := _held(partial)) is None:
        pass
    with held as target:
        try:
            yield target
            target.flush()
            os.fsync(target.fileno())
            if check is not None:
                _forget_cached(target)
                check(partial)
            if replacing:
                partial.replace(path)
            else:
                _name(partial, path)
        finally:
            partial.unlink(missing_ok=True)
    sync_folder(path.parent)


def _forget_cached(target: IO[bytes]) -> None:
    """So that whoever reads it next reads from the disk, where the system knows such a wish and heeds it."""
    if hasattr(os, "posix_fadvise"):
        with suppress(OSError):  # some network file systems cannot
            os.posix_fadvise(target.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def _held(path: Path) -> IO[bytes] | None:
    """Opened and locked, so that a tidying run sees that somebody lives who has it; None when one was quicker."""
    handle = open(path, "w+b", opener=_private)  # noqa: SIM115 (whoever asked closes it)
    fcntl.flock(handle, fcntl.LOCK_EX)
    with suppress(FileNotFoundError):
        if os.path.samestat(os.fstat(handle.fileno()), path.stat()):
            return handle
    handle.close()
    return None


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _name(partial: Path, path: Path) -> None:
    try:
        os.link(partial, path)
    except FileExistsError:
        raise
    except OSError:  # a file system without links: an USB stick with FAT
        if path.exists():
            raise FileExistsError(17, "File exists", str(path)) from None
        partial.rename(path)


def sync_folder(folder: Path) -> None:
    """Names are on the disk only when their folder is."""
    handle = os.open(folder, os.O_RDONLY)
    try:
        with suppress(OSError):  # some network file systems cannot
            os.fsync(handle)
    finally:
        os.close(handle)


def sync_file(path: Path) -> None:
    with path.open("rb") as handle:
        os.fsync(handle.fileno())


def tidy(folder: Path) -> None:
    """Remove what was being written by processes that are gone, however they went."""
    for left in folder.glob(f".*{PARTIAL}"):
        if left.is_dir():
            _tidy_folder(left)
            continue
        with suppress(OSError), left.open("rb") as handle:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            left.unlink()


@contextmanager
def workshop(folder: Path, name: str) -> Iterator[Path]:
    """A folder for what is being made, gone at the end. What processes left there that were killed goes first."""
    tidy(folder)
    path = folder / f".{name}.{os.getpid()}{PARTIAL}"
    held: IO[bytes] | None = None
    while held is None:
        path.mkdir(mode=0o700, exist_ok=True)
        with suppress(FileNotFoundError):
            held = _held(path / LOCK)
    with held:
        try:
            yield path
        finally:
            shutil.rmtree(path, ignore_errors=True)


def _tidy_folder(left: Path) -> None:
    with suppress(OSError), (left / LOCK).open("ab") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(left, ignore_errors=True)


def free_bytes(folder: Path) -> int:
    return shutil.disk_usage(folder).free
