"""What each process of a run needs alike is made by the first that asks; the others wait for it and copy it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from filelock import FileLock


def folder_of_run(factory: pytest.TempPathFactory) -> Path:
    """The temporary folder that all processes of this run share."""
    folder = factory.getbasetemp()
    return folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder  # each process has one of its own there


def once(folder: Path, make: Callable[[Path], None]) -> Path:
    """``folder`` as ``make`` filled it. Where ``make`` fails, the next process tries again."""
    with FileLock(f"{folder}.lock"):
        if not folder.exists():
            begun = folder.with_name(f"{folder.name}.begun")
            shutil.rmtree(begun, ignore_errors=True)
            begun.mkdir()
            make(begun)
            begun.rename(folder)
    return folder
