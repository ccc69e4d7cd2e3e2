"""The copies in a folder: their names, what they say of themselves, which are too old; and a second folder."""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from flask import current_app

from desk.backups import archive, files, retention, taking
from desk.backups.faults import CopyFault
from desk.backups.retention import Kept

REASONS = ("scheduled", "before-migration")
_NAME = re.compile(rf"truc-tet-(\d{{8}}T\d{{6}}Z)-({'|'.join(REASONS)})\.tar\.gz(\.sealed)?")
_STAMP = "%Y%m%dT%H%M%SZ"


@dataclass(frozen=True)
class Copy:
    path: Path
    at: datetime
    reason: str
    sealed: bool
    size: int


def name_for(at: datetime, reason: str, *, sealed: bool) -> str:
    return f"truc-tet-{at.astimezone(UTC):{_STAMP}}-{reason}.tar.gz{'.sealed' if sealed else ''}"


def copies(folder: Path) -> Sequence[Copy]:
    """What the schedule put there, the newest first; files of other names are left alone."""
    found = []
    for path in folder.iterdir() if folder.is_dir() else ():
        named = _NAME.fullmatch(path.name)
        if named and path.is_file():
            at = datetime.strptime(named[1], _STAMP).replace(tzinfo=UTC)
            found.append(Copy(path, at, named[2], bool(named[3]), path.stat().st_size))
    return sorted(found, key=lambda copy: (copy.at, copy.path.name), reverse=True)


def tidy() -> None:
    """What killed copies, checks and restores of this installation left half made."""
    for folder in (taking.home(), Path(current_app.config["DATA_DIR"])):
        files.tidy(folder)


def thin(folder: Path, *, now: datetime) -> Sequence[str]:
    """Remove what is too old, and halves that dead processes left; the names of what went."""
    files.tidy(folder)
    known = [Kept(copy.path.name, copy.at, copy.reason == "before-migration") for copy in copies(folder)]
    gone = retention.too_old(known, now)
    for name in gone:
        (folder / name).unlink(missing_ok=True)
    return gone


def carry(copy: Path, second: Path) -> None:
    """Into a second folder, read back to the last byte: the same file if it is sealed, else without the key.

    A stick is what gets lost. Raises ``CopyFault``, ``OSError``, ``Damaged``.
    """
    if not second.is_dir():
        raise CopyFault(f"BACKUP_DIR={second} is not there: mount it, or make the folder")
    taking.ensure_room(second, copy.stat().st_size)
    if (second / copy.name).exists():
        return
    if not archive.is_sealed(copy):
        with files.whole(second / copy.name) as target:
            archive.write_again(copy, target, opens=None, seals=None)
            target.flush()
            archive.read(Path(str(target.name)), None, archive.nowhere)
        return
    with copy.open("rb") as source, files.whole(second / copy.name) as target:
        shutil.copyfileobj(source, target, archive.PIECE)
        target.flush()
        written = archive.part_of(Path(str(target.name)), copy.name)
        if written != archive.part_of(copy, copy.name):
            raise CopyFault(f"{second} gave back other bytes than were written: is the stick broken?")
