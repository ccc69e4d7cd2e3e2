"""What a report is made of: the ground it stands on, and what each of its parts tells.

Reports go to authorities of Viet Nam: what stands in them is Vietnamese, whoever drafts it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from core import clock
from incidents.catalogue.models import IncidentCategory
from incidents.record.models import Incident
from people.models import Unit


@dataclass(frozen=True)
class ReportScope:
    """What is told about: ``unit`` and everything below it, on inclusive local days, as known at ``now``.

    ``incidents``: real ones logged on these days, in order. ``about``: of an ad-hoc report, the one that it tells of.
    """

    kind: str
    unit: Unit
    units: Sequence[int]
    since: date
    until: date
    phase: str | None
    incidents: Sequence[Incident]
    categories: Mapping[str, IncidentCategory]
    now: datetime
    about: Incident | None = None

    @property
    def one_day(self) -> bool:
        return self.since == self.until

    @property
    def starts_at(self) -> datetime:
        return clock.at_local(self.since)

    @property
    def ends_at(self) -> datetime:
        """Return the end of the last day, or now when that is not over."""
        return min(self.now, clock.at_local(date.fromordinal(self.until.toordinal() + 1)))

    @property
    def span(self) -> str:
        return "Trong ngày" if self.one_day else "Trong thời gian báo cáo"


@dataclass(frozen=True)
class Figure:
    """A number and the list behind it: ``refs`` name its rows ("incident:SC-…", "shift:12"; ``reports.lists``)."""

    code: str
    label: str
    value: int
    refs: tuple[str, ...] = ()
    of_now: bool = False
    """True of the moment of drawing, whatever the days: there is nothing of another Tết to set beside it."""


@dataclass(frozen=True)
class ReportPart:
    """``lines``: sentences. ``missing``: what belongs here and has no source of data, so nobody takes it for none."""

    lines: tuple[str, ...]
    figures: tuple[Figure, ...] = ()
    missing: tuple[str, ...] = ()


Teller = Callable[[ReportScope], ReportPart]


def listed(code: str, label: str, kind: str, keys: Sequence[object]) -> Figure:
    """A figure that counts its own list."""
    return Figure(code, label, len(keys), tuple(f"{kind}:{key}" for key in keys))
