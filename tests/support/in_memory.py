"""Where a machine has a file system in memory with room to spare, the temporary folders of a run stand there.

Every test writes a database of its own: on a disk that costs an eighth of the run. ``TMPDIR`` decides otherwise.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

MEMORY = Path("/dev/shm")
ROOM = 4 * 2**30
"""Bytes: a run needs a fifth of it."""


def use() -> None:
    """Call it before the first temporary folder is made. Processes started from here on do the same."""
    if "TMPDIR" not in os.environ and _has_room():
        os.environ["TMPDIR"] = str(MEMORY)
        tempfile.tempdir = None


def _has_room() -> bool:
    if not os.access(MEMORY, os.W_OK) or os.statvfs(MEMORY).f_flag & os.ST_NOEXEC:
        return False  # tests start programs that they have written
    return shutil.disk_usage(MEMORY).free >= ROOM
