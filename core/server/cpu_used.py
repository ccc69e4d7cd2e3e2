"""How much CPU time a program and everything that it started have used: work by somebody who has no time to say so."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

PROC = Path("/proc")


def by_session(leader: int) -> float | None:
    """Seconds used so far by the processes of ``leader``'s session or group and by those of their children that have
    ended; counted from the fork of each, so what a parent used before it is not in it.

    None where there is no /proc (macOS): what one may ask there without starting a program is one's own time and that
    of children who have ended, never that of one who runs.
    """
    if not (PROC / "self" / "stat").exists():
        return None
    return sum(_seconds_of_each(str(leader))) / os.sysconf("SC_CLK_TCK")


def _seconds_of_each(leader: str) -> Iterator[int]:
    for entry in os.scandir(PROC):
        if not entry.name.isdecimal():
            continue
        try:
            # The name may hold anything, brackets and blanks too. After it: state, parent, group, session, …
            fields = (PROC / entry.name / "stat").read_text("ascii", "replace").rpartition(")")[2].split()
        except OSError:  # it has just ended
            continue
        if leader in fields[2:4]:
            yield sum(map(int, fields[11:15]))
