"""PURE what changes for somebody whose shifts go or come: hours of the week, rest, nights in a row, points."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta, tzinfo

from planning.time.points import is_night

FAR = timedelta(days=7)
"""Rest longer than that is not spoken of."""


@dataclass(frozen=True, order=True)
class WorkedTurn:
    """A shift, or a part of one: half-open [start, end), aware UTC; ``points`` in hundredths, for this person."""

    start: datetime
    end: datetime
    points: int

    @property
    def minutes(self) -> int:
        return int((self.end - self.start).total_seconds()) // 60


@dataclass(frozen=True)
class WorkedWeek:
    """The minutes on duty in the week from ``first`` (a Monday) to the Sunday after it, before and after the change."""

    first: date
    before: int
    after: int

    @property
    def last(self) -> date:
        return self.first + timedelta(days=6)


@dataclass(frozen=True)
class Rest:
    """Around a shift that comes: minutes since the one before it and until the one after it; None: a week and more, or
    none is known."""

    turn: WorkedTurn
    before: int | None
    after: int | None


@dataclass(frozen=True)
class WorkloadWindow:
    """What changes. ``nights``: of those in a row around what changes the most, before and after; ``points``: of the
    whole campaign."""

    weeks: tuple[WorkedWeek, ...]
    rests: tuple[Rest, ...]
    nights: tuple[int, int]
    points: tuple[int, int]


def window(
    own: Iterable[WorkedTurn], gone: Sequence[WorkedTurn], came: Sequence[WorkedTurn], zone: tzinfo
) -> WorkloadWindow:
    """``own``: all shifts that are known, those that go among them; a part that goes leaves what is around it.

    ``points``: of those in ``own``. Weeks and nights are those of ``zone``.
    """
    was = sorted(own)
    now = sorted([*(piece for turn in was for piece in _without(turn, gone)), *came])
    changed = [*gone, *came]
    mondays = sorted({_monday(turn.start, zone) for turn in changed})
    weeks = (WorkedWeek(each, _minutes(was, each, zone), _minutes(now, each, zone)) for each in mondays)
    dates = {turn.start.astimezone(zone).date() for turn in changed}
    return WorkloadWindow(
        tuple(weeks),
        tuple(_rest(turn, now) for turn in sorted(came)),
        (_nights(was, dates, zone), _nights(now, dates, zone)),
        (sum(each.points for each in was), sum(each.points for each in now)),
    )


def _without(turn: WorkedTurn, gone: Sequence[WorkedTurn]) -> list[WorkedTurn]:
    """Return what is left of it. Points go by the minutes."""
    cut = next((each for each in gone if turn.start <= each.start and each.end <= turn.end), None)
    if cut is None:
        return [turn]
    left = [(turn.start, cut.start), (cut.end, turn.end)]
    return [share(turn, start, end) for start, end in left if start < end]


def share(turn: WorkedTurn, start: datetime, end: datetime) -> WorkedTurn:
    """That part of it, with its part of the points."""
    part = WorkedTurn(start, end, 0)
    return WorkedTurn(start, end, round(turn.points * part.minutes / turn.minutes))


def _monday(moment: datetime, zone: tzinfo) -> date:
    on = moment.astimezone(zone).date()
    return on - timedelta(days=on.weekday())


def _minutes(turns: Iterable[WorkedTurn], monday: date, zone: tzinfo) -> int:
    return sum(each.minutes for each in turns if _monday(each.start, zone) == monday)


def _rest(turn: WorkedTurn, turns: Sequence[WorkedTurn]) -> Rest:
    ends = [each.end for each in turns if each != turn and each.start < turn.start]
    starts = [each.start for each in turns if each != turn and each.start >= turn.start]
    before = turn.start - max(ends) if ends else None
    after = min(starts) - turn.end if starts else None
    return Rest(turn, _told(before), _told(after))


def _told(rest: timedelta | None) -> int | None:
    return None if rest is None or rest >= FAR else max(0, int(rest.total_seconds()) // 60)


def _nights(turns: Iterable[WorkedTurn], dates: Iterable[date], zone: tzinfo) -> int:
    """The longest row of nights that one of ``dates`` is in, or next to."""
    nights = {each.start.astimezone(zone).date() for each in turns if is_night(each.start, each.end)}
    near = {day + timedelta(days=step) for day in dates for step in (-1, 0, 1)} & nights
    return max((_row(day, nights) for day in near), default=0)


def _row(day: date, nights: set[date]) -> int:
    first = day
    while first - timedelta(days=1) in nights:
        first -= timedelta(days=1)
    length = 1
    while first + timedelta(days=length) in nights:
        length += 1
    return length
