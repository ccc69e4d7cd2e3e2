"""PURE When a request wants what, and how that stands: too early, open, late, done, done late."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

from core.calendar.dates import VN

State = Literal["early", "open", "late", "done", "done_late", "ended"]


@dataclass(frozen=True)
class DailyRequest:
    """A request as far as its days go; hours are local "15:00"; ``ended_at``: asked no more from then on."""

    id: int
    starts_on: date
    ends_on: date
    opens: str
    until: str
    recipients: tuple[str, ...]
    ended_at: datetime | None = None


@dataclass(frozen=True)
class DueReport:
    """One day of a request. ``lacking``: names of those who have not got it."""

    request_id: int
    day: date
    opens_at: datetime
    due_at: datetime
    state: State
    lacking: tuple[str, ...]


def on(asked: DailyRequest, day: date, reached: Mapping[str, datetime], now: datetime) -> DueReport:
    """``reached``: who got it, and when; everybody on the list has to."""
    opens_at, due_at = _moment(day, asked.opens), _moment(day, asked.until)
    lacking = tuple(name for name in asked.recipients if name not in reached)
    return DueReport(
        asked.id, day, opens_at, due_at, _state(asked, lacking, opens_at, due_at, reached=reached, now=now), lacking
    )


def days(asked: DailyRequest, since: date, until: date) -> Iterator[date]:
    """Yield the days between two on which the request wants a report."""
    first, last = max(since, asked.starts_on), min(until, asked.ends_on)
    return (first + timedelta(days=at) for at in range((last - first).days + 1))


def list_due(
    requests: Sequence[DailyRequest],
    reached: Mapping[tuple[int, date], Mapping[str, datetime]],
    since: date,
    until: date,
    *,
    now: datetime,
) -> list[DueReport]:
    """Each day of each request between two days, by when it is due."""
    found = [
        on(asked, day, reached.get((asked.id, day), {}), now) for asked in requests for day in days(asked, since, until)
    ]
    return sorted(found, key=lambda each: (each.due_at, each.request_id))


def late(found: Collection[DueReport]) -> list[DueReport]:
    return [each for each in found if each.state == "late"]


def _state(
    asked: DailyRequest,
    lacking: Collection[str],
    opens_at: datetime,
    due_at: datetime,
    *,
    reached: Mapping[str, datetime],
    now: datetime,
) -> State:
    if not lacking:
        return "done" if max(reached[name] for name in asked.recipients) <= due_at else "done_late"
    if asked.ended_at is not None and asked.ended_at <= due_at:
        return "ended"
    if now > due_at:
        return "late"
    return "open" if now >= opens_at else "early"


def _moment(day: date, hour: str) -> datetime:
    return datetime.combine(day, time.fromisoformat(hour), VN)
