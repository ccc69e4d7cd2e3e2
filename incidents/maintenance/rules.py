"""PURE which window holds an alarm, and what no window ever holds."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from incidents.catalogue.severity import restricted_by_law
from incidents.record import secrecy

LONGEST, LONGEST_SILENCE = timedelta(days=7), timedelta(hours=8)
AHEAD = timedelta(days=90)
DUTIES = ("leadership", "operations", "emergency")
"""Kinds of duty that the letter demands."""


@dataclass(frozen=True)
class HoldingWindow:
    """``[starts_at, ends_at)``, ended early or not; ``may_hold``: confirmed, where it has to be."""

    id: int
    unit_id: int
    intake_id: int | None
    category: str | None
    starts_at: datetime
    ends_at: datetime
    may_hold: bool


@dataclass(frozen=True)
class MaintenanceAlarm:
    """An alarm, or what a program reports: ``units`` is its own and those above it; ``level`` 1 is the worst."""

    units: Collection[int]
    intake_id: int | None
    category: str
    level: int
    restricted: bool
    party_state: bool
    title: str


def may_be_held(told: MaintenanceAlarm) -> bool:
    """Never what endangers life (level 1), nor KT1, Party and State, nor what only those see who need it."""
    if told.level < 2 or told.restricted or told.party_state or told.category == "kt1":
        return False
    return not restricted_by_law(told.category) and not secrecy.speaks_of_state(told.title)


def is_running(window: HoldingWindow, now: datetime) -> bool:
    return window.may_hold and window.starts_at <= now < window.ends_at


def covers(window: HoldingWindow, units: Collection[int], intake_id: int | None, category: str) -> bool:
    """Whether it is about such alarms at all; a window of a source is not about reports of others."""
    return window.unit_id in units and window.intake_id in (None, intake_id) and window.category in (None, category)


def holding(windows: Iterable[HoldingWindow], told: MaintenanceAlarm, now: datetime) -> HoldingWindow | None:
    """The window that holds it: of several the one that ends last, so that nothing is let go to be held again."""
    if not may_be_held(told):
        return None
    fitting = [
        each for each in windows if is_running(each, now) and covers(each, told.units, told.intake_id, told.category)
    ]
    return max(fitting, key=lambda each: (each.ends_at, each.id), default=None)


def minutes_within(spans: Iterable[tuple[datetime, datetime]], starts_at: datetime, ends_at: datetime) -> int:
    """How many minutes of [starts_at, ends_at) the spans cover together, rounded up."""
    total, reached = timedelta(0), starts_at
    for begins, ends in sorted(spans):
        begins, ends = max(begins, reached), min(ends, ends_at)
        if begins < ends:
            total, reached = total + (ends - begins), ends
    return -(-int(total.total_seconds()) // 60)
