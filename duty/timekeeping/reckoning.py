"""PURE One person's work in pieces, each with its class of day, night or day, normal or overtime, and what it is worth.

Work is cut at 00:00, 06:00 and 22:00 local time (UTC+7), where the day or the night changes, and where normal hours are
used up. All work of a person is reckoned together, in order of time, so that it makes no difference into how many
stretches the same minutes are divided. Each minute counts once.

What is normal work (docs/decisions/0038): nothing on a holiday, a substitute day or a day of weekly rest, and no
call-out. Of people with ordinary hours: minutes of duty that replaces work, up to the ordinary work of the same date.
Of people who work by the roster alone: minutes up to the normal day (24 hours from where work without a gap begins) and
the normal week (Monday to Sunday).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta

from core.calendar.holidays import DayClass
from planning.problem import NormalHours
from planning.time.minutes import DAY, minute
from planning.time.normal_hours import in_force
from planning.time.points import LOCAL
from roster.days.hour_percents import Hour, PayDay, Rate, rate

_CUTS = (0, 6 * 60, 22 * 60, DAY)
_PAY_DAY: dict[DayClass, PayDay] = {
    "ordinary": "ordinary",
    "weekly_rest": "rest",
    "substitute": "rest",
    "holiday": "holiday",
}


@dataclass(frozen=True)
class WorkStretch:
    """Work without a break, aware times, half-open. ``ref``: what the caller knows it by. ``called``: a call-out.

    ``replaces``: the dates whose ordinary work the duty replaces.
    """

    starts_at: datetime
    ends_at: datetime
    ref: int = 0
    called: bool = False
    replaces: frozenset[date] = frozenset()


@dataclass(frozen=True)
class WorkerDays:
    """What the days are for one person; ``classes`` of every date that is worked.

    ``ordinary``: minutes of ordinary work by date, of people who have such. ``by_roster``: of people who work by the
    roster alone, with the normal hours that the enterprise chose for them (else the law's hold).
    """

    classes: Mapping[date, DayClass]
    ordinary: Mapping[date, int] = field(default_factory=dict)
    by_roster: bool = False
    chosen: tuple[NormalHours, ...] = ()
    pattern: str = ""


@dataclass(frozen=True, slots=True)
class WorkPiece:
    """Part of a stretch within one date, by day or by night. ``start``, ``end``: local minutes (planning.time)."""

    ref: int
    start: int
    end: int
    on: date
    day_class: DayClass
    called: bool
    night: bool
    overtime: bool
    rate: Rate

    @property
    def minutes(self) -> int:
        return self.end - self.start

    @property
    def worth(self) -> int:
        """Minutes times percent."""
        return self.minutes * self.rate.percent

    @property
    def pay_day(self) -> PayDay:
        return _PAY_DAY[self.day_class]

    @property
    def starts_at(self) -> datetime:
        return _moment(self.start)

    @property
    def ends_at(self) -> datetime:
        return _moment(self.end)


def reckon(stretches: Iterable[WorkStretch], worker: WorkerDays) -> list[WorkPiece]:
    """All that one person worked, by time. What overlaps counts once, as what began first. KeyError for a date whose
    class is not given.
    """
    account, found = _Account(worker), list[WorkPiece]()
    for span, workday in _workdays(_once(stretches), whole=not worker.by_roster):
        for start, end in _cut(span.start, span.end):
            for piece in account.pieces(span, start, end, workday):
                if found and _is_continued(found[-1], piece):
                    found[-1] = replace(found[-1], end=piece.end)
                else:
                    found.append(piece)
    return found


def overtime_of(pieces: Iterable[WorkPiece]) -> dict[int, int]:
    """``ref`` → minutes of overtime that the stretch adds to those before it; those that add none are left out.

    What a week has above the normal one falls to its last stretches: whoever agreed to the first ones is not asked
    again because of a later one. Together they are all the overtime.
    """
    found = defaultdict[int, int](int)
    for each in pieces:
        if each.overtime:
            found[each.ref] += each.minutes
    return dict(found)


def dates(starts_at: datetime, ends_at: datetime) -> frozenset[date]:
    """The local dates that it touches."""
    first, last = (minute(each) for each in (starts_at, ends_at))
    return frozenset(date.fromordinal(day) for day in range(first // DAY, (last - 1) // DAY + 1))


@dataclass(frozen=True, slots=True)
class _Span:
    start: int
    end: int
    of: WorkStretch


def _once(stretches: Iterable[WorkStretch]) -> Iterator[_Span]:
    spans = [_Span(minute(each.starts_at), minute(each.ends_at), each) for each in stretches]
    done = 0
    for span in sorted(spans, key=lambda each: (each.start, each.end, each.of.called, each.of.ref)):
        start = max(span.start, done)
        if start < span.end:
            yield replace(span, start=start)
            done = span.end


def _workdays(spans: Iterable[_Span], *, whole: bool) -> Iterator[tuple[_Span, int]]:
    """Each span with the ordinal of its workday: 24 hours from where work on site without a gap begins. ``whole``: not
    divided there, for people to whom it makes no difference."""
    began = ended = -1
    for span in spans:
        if span.of.called or whole:
            yield span, span.start // DAY
            continue
        if span.start != ended:
            began = span.start
        ended, at = span.end, span.start
        while at < span.end:
            first = began + (at - began) // DAY * DAY
            yield replace(span, start=at, end=min(span.end, first + DAY)), first // DAY
            at = first + DAY


def _cut(start: int, end: int) -> Iterator[tuple[int, int]]:
    while start < end:
        midnight = start // DAY * DAY
        cut = min(end, next(midnight + each for each in _CUTS if midnight + each > start))
        yield start, cut
        start = cut


class _Account:
    """What is left of a person's normal hours, and on which dates they worked overtime by day; goes forward in time."""

    def __init__(self, worker: WorkerDays) -> None:
        self.worker = worker
        self.left = dict(worker.ordinary)
        self.left_of_day: dict[int, int] = {}
        self.left_of_week: dict[int, int] = {}
        self.overtime_by_day: set[date] = set()

    def pieces(self, span: _Span, start: int, end: int, workday: int) -> Iterator[WorkPiece]:
        """Yield the pieces of work in one date, all by day or all by night: the normal part and what goes beyond."""
        on = date.fromordinal(start // DAY)
        day_class = self.worker.classes[on]
        ordinary = _PAY_DAY[day_class] == "ordinary" and not span.of.called
        normal = self._normal(span.of, on, end - start, workday) if ordinary else 0
        for since, until, overtime in ((start, start + normal, False), (start + normal, end, True)):
            if since < until:
                yield self._piece(span.of, since, until, on, day_class=day_class, overtime=overtime)

    def _normal(self, of: WorkStretch, on: date, minutes: int, workday: int) -> int:
        if self.worker.by_roster:
            return self._roster_minutes(minutes, workday)
        if on not in of.replaces:
            return 0
        taken = min(minutes, self.left.get(on, 0))
        self.left[on] = self.left.get(on, 0) - taken
        return taken

    def _roster_minutes(self, minutes: int, workday: int) -> int:
        week = workday - (workday - 1) % 7
        if workday not in self.left_of_day:
            self.left_of_day[workday] = self._norm(workday).day
        if week not in self.left_of_week:
            self.left_of_week[week] = self._norm(week + 3).week
        taken = min(minutes, self.left_of_day[workday], self.left_of_week[week])
        self.left_of_day[workday] -= taken
        self.left_of_week[week] -= taken
        return taken

    def _norm(self, day: int) -> NormalHours:
        return in_force(self.worker.chosen, self.worker.pattern, date.fromordinal(day))

    def _piece(
        self, of: WorkStretch, start: int, end: int, on: date, *, day_class: DayClass, overtime: bool
    ) -> WorkPiece:
        night = not 6 * 60 <= start % DAY < 22 * 60
        hour: Hour = "day"
        if night:
            hour = "night_after_day" if on in self.overtime_by_day else "night"
        elif overtime:
            self.overtime_by_day.add(on)
        found = rate(on, _PAY_DAY[day_class], hour, overtime=overtime)
        return WorkPiece(of.ref, start, end, on, day_class, of.called, night, overtime, found)


def _is_continued(last: WorkPiece, piece: WorkPiece) -> bool:
    """Whether it is the same work going on: only the end differs."""
    return last.end == piece.start and replace(piece, start=last.start, end=last.end) == last


def _moment(at: int) -> datetime:
    return datetime.combine(date.fromordinal(at // DAY), time(), LOCAL) + timedelta(minutes=at % DAY)
