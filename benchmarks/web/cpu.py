"""CPU time that other processes have used so far: a process and its descendants, all threads, to the nanosecond."""

from __future__ import annotations

import time
from collections import defaultdict
from pathlib import Path

SCHEDULED = 2
"""The clock of a process that counts what the kernel's scheduler gave it; user and system time together."""


def seconds(root: int) -> float:
    """Of ``root`` and all below it that are alive."""
    return sum(_own(each) for each in _tree(root))


def _own(process: int) -> float:
    try:
        return time.clock_gettime(~process << 3 | SCHEDULED)
    except OSError:
        return 0.0  # ended meanwhile


def _tree(root: int) -> list[int]:
    below: dict[int, list[int]] = defaultdict(list)
    for folder in Path("/proc").iterdir():
        if folder.name.isdecimal():
            try:
                above = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue  # ended meanwhile
            below[above].append(int(folder.name))
    found = [root]
    for process in found:
        found.extend(below[process])
    return found
