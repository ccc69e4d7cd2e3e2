"""PURE when the desk goes red, and what makes it sound.

An incident that nobody has taken is *new* until its target, then *late*; *exhausted* when every step was called and
nobody took it; *absent* when moreover all who could be called are recorded absent. All but new make the desk red. What
somebody has taken is quiet.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

Why = Literal["new", "late", "exhausted", "absent"]
RANK: dict[Why, int] = {"absent": 0, "exhausted": 1, "late": 2, "new": 3}


@dataclass(frozen=True)
class UntakenIncident:
    """An incident that nobody has taken yet. ``target``: how soon it should be."""

    code: str
    severity: int
    since: datetime
    target: timedelta
    exhausted: bool
    all_away: bool = False


@dataclass(frozen=True)
class AlarmEntry:
    code: str
    severity: int
    why: Why
    since: datetime
    is_late: bool = False
    """Past its target, whatever else makes it red."""

    @property
    def key(self) -> str:
        """What a screen remembers when somebody there has heard it; tells nothing of the incident."""
        return hashlib.sha256(f"{self.code}/{self.why}/{self.since.isoformat()}".encode()).hexdigest()[:12]


@dataclass(frozen=True)
class DeskAlarm:
    """Worst first. ``changes_at``: when it will read differently although nothing was written; ``None``: never."""

    lines: tuple[AlarmEntry, ...]
    changes_at: datetime | None

    @property
    def red(self) -> tuple[AlarmEntry, ...]:
        return tuple(line for line in self.lines if line.why != "new")

    @property
    def sound(self) -> str:
        """late: insistent · new: a chime · empty: quiet."""
        return "late" if self.red else "new" if self.lines else ""

    @property
    def keys(self) -> str:
        return " ".join(line.key for line in self.lines)


def alarm(waiting: Iterable[UntakenIncident], now: datetime) -> DeskAlarm:
    """Return what the desk says at ``now``."""
    found = list(waiting)
    lines = [AlarmEntry(each.code, each.severity, _why(each, now), each.since, _is_late(each, now)) for each in found]
    coming = [each.since + each.target for each in found if not _is_late(each, now)]
    ordered = sorted(lines, key=lambda line: (RANK[line.why], line.severity, line.since, line.code))
    return DeskAlarm(tuple(ordered), min(coming, default=None))


def _why(each: UntakenIncident, now: datetime) -> Why:
    if each.exhausted:
        return "absent" if each.all_away else "exhausted"
    return "late" if _is_late(each, now) else "new"


def _is_late(each: UntakenIncident, now: datetime) -> bool:
    return now > each.since + each.target
