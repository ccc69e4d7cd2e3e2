"""What lies under DATA_DIR is for this program's user alone: files 0600, folders 0700.

New files are made so by the umask, set when a program starts; what an earlier version or a copy left more open is
mended then. A folder that others use too is not ours to close: that is said, and only our own files in it are closed.
"""

from __future__ import annotations

import logging
import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path

UMASK = 0o077
FOLDER, FILE = 0o700, 0o600
OURS = ("attachments", "backups", "imports", "previews", "sheets", "uploads")
"""Folders that we make; any other one in DATA_DIR shows that it is shared."""
PASSING = re.compile(r"\..+\.partial")
"""What is being made there, or was when its process was killed (``desk.backups.files``)."""
NAMES = (
    "truc-tet.sqlite3*",
    "secret-key*",
    "node",
    "node.*",
    "worker-*.lock",
    "serve.lock",
    "documents.lock",
    "gunicorn.ctl",
)
"""What we make in DATA_DIR itself."""
log = logging.getLogger(__name__)


def start(data_dir: Path, database: Path | None = None) -> list[str]:
    """At the start of a program: close what is made from now on, and what is there; the warnings, logged as well."""
    os.umask(UMASK)
    found = mend(data_dir, database)
    for each in found:
        log.warning("%s", each)
    return found


def mend(data_dir: Path, database: Path | None = None) -> list[str]:
    """Close what others could read; sentences about what could not be closed."""
    shared = _why_shared(data_dir)
    if shared:
        things = [each for name in NAMES for each in data_dir.glob(name)]
        things += [inner for name in OURS for inner in _all_in(data_dir / name)]
    else:
        things = list(_all_in(data_dir))
    if database is not None:
        things += [database.with_name(database.name + suffix) for suffix in ("", "-wal", "-shm", "-journal")]
    kept_open = [str(each) for each in dict.fromkeys(things) if not _close(each)]
    warnings = [f"DATA_DIR={data_dir} {shared}: give this program a folder of its own (chmod 700)"] if shared else []
    if kept_open:
        warnings.append(f"others may read {', '.join(kept_open[:5])}: give them to the user that runs this program")
    return warnings


def _why_shared(folder: Path) -> str:
    """Why ``folder`` is not ours alone, or ''."""
    status = folder.stat()
    if status.st_uid != os.geteuid():
        return "belongs to another user"
    if status.st_mode & stat.S_ISVTX:
        return "is a folder for everybody"
    others = [each.name for each in folder.iterdir() if each.is_dir() and not each.is_symlink()]
    foreign = sorted(each for each in set(others) - set(OURS) if not PASSING.fullmatch(each))
    return f"holds folders that are not ours ({', '.join(foreign[:3])})" if foreign else ""


def _all_in(folder: Path) -> Iterator[Path]:
    """The folder and all that is in it; links are not followed."""
    if folder.is_symlink() or not folder.is_dir():
        return
    yield folder
    for each in folder.iterdir():
        if each.is_dir() and not each.is_symlink():
            yield from _all_in(each)
        else:
            yield each


def _close(path: Path) -> bool:
    """Whether only its owner can use it now. What is gone meanwhile, and links, are nobody's risk."""
    try:
        mode = path.lstat().st_mode
        if stat.S_ISLNK(mode):
            return True
        wanted = FOLDER if stat.S_ISDIR(mode) else FILE
        if stat.S_IMODE(mode) & 0o077:
            path.chmod(wanted)
        return True
    except FileNotFoundError:
        return True
    except OSError:
        return False
