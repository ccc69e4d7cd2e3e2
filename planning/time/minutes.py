"""PURE Minutes and dates of duty and of ordinary work, cut at local midnight (UTC+7).

Only on-site duty is working time. Minutes are whole numbers counted so that `minute // DAY` is the ordinal of the
local date. What is derived from a Problem is kept in its memo, because the rules ask thousands of times.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import cast

from planning.problem import Problem, Shift, Staff
from planning.time.points import LOCAL

DAY = 1440
_FIRST = datetime(2000, 1, 1, tzinfo=LOCAL)
_FIRST_MINUTE = _FIRST.toordinal() * DAY
_MINUTE = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Slot:
    """A shift in minutes: `day` is the ordinal of its local date, `days` its minutes by ordinal, `drops` the ordinals
    of the dates whose ordinary work it replaces."""

    start: int
    end: int
    day: int
    days: tuple[tuple[int, int], ...]
    drops: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class WorkSlot:
    """Ordinary hours from `start` to `end`, of which `minutes` count as worked."""

    start: int
    end: int
    minutes: int


WorkDays = Mapping[int, tuple[WorkSlot, ...]]


def minute(at: datetime) -> int:
    """The moment in local minutes, rounded down."""
    return _FIRST_MINUTE + (at - _FIRST) // _MINUTE


def day_of(ordinal: int) -> str:
    """The date as ISO text, as violations carry it."""
    return date.fromordinal(ordinal).isoformat()


def by_day(start: int, end: int) -> tuple[tuple[int, int], ...]:
    """(ordinal, minutes) of each date that the interval touches."""
    days = range(start // DAY, (end - 1) // DAY + 1)
    return tuple((day, min(end, (day + 1) * DAY) - max(start, day * DAY)) for day in days)


def slots(problem: Problem) -> Mapping[int, Slot]:
    """Every shift of the problem by id."""
    found = problem.facts.get("hours.slots")
    if found is None:
        found = problem.facts["hours.slots"] = {shift.id: _slot(shift) for shift in problem.shifts}
    return cast(Mapping[int, Slot], found)


def _slot(shift: Shift) -> Slot:
    start, end = minute(shift.start), minute(shift.end)
    days = by_day(start, end)
    return Slot(start, end, shift.local_date.toordinal(), days, dropped_days(shift))


def dropped_days(shift: Shift) -> tuple[int, ...]:
    """Ordinals of the dates whose ordinary work the shift replaces: from its first minute's to its last one's."""
    if not shift.replaces_work:
        return ()
    return tuple(range(minute(shift.start) // DAY, (minute(shift.end) - 1) // DAY + 1))


def work_days(problem: Problem, staff_id: int) -> WorkDays:
    """The ordinary work of a person by ordinal of its date."""
    found = problem.facts.get("hours.work")
    if found is None:
        found = problem.facts["hours.work"] = _work(problem)
    return cast(dict[int, WorkDays], found).get(staff_id, {})


def _work(problem: Problem) -> dict[int, WorkDays]:
    found: defaultdict[int, dict[int, tuple[WorkSlot, ...]]] = defaultdict(dict)
    for row in problem.work:
        own, day = found[row.staff_id], row.local_date.toordinal()
        own[day] = (*own.get(day, ()), WorkSlot(minute(row.start), minute(row.end), row.minutes))
    return dict(found)


def work_minutes(work: WorkDays, days: Iterable[int]) -> int:
    """Minutes of ordinary work that count on these dates."""
    return sum(slot.minutes for day in days for slot in work.get(day, ()))


class TimeRow:
    """One person's shifts as the rules about time read them; everything in local minutes and ordinals of dates."""

    __slots__ = ("_minutes", "days", "night_days", "onsite", "slots", "work")

    def __init__(self, problem: Problem, person: Staff, shifts: Sequence[Shift]) -> None:
        every = slots(problem)
        self.onsite = [shift for shift in shifts if shift.form == "onsite"]
        self.slots = [every[shift.id] for shift in self.onsite]
        self.days = sorted({slot.day for slot in self.slots})
        """Dates on which on-site duty starts."""
        self.night_days = sorted({every[shift.id].day for shift in self.onsite if shift.night})
        own = work_days(problem, person.id)
        dropped = {day for shift in shifts if shift.replaces_work for day in every[shift.id].drops} if own else set()
        self.work: WorkDays = {day: spans for day, spans in own.items() if day not in dropped} if dropped else own
        """Ordinary work that no shift of the person replaces."""
        self._minutes: dict[int, int] | None = None

    @property
    def minutes(self) -> Mapping[int, int]:
        """On-site minutes by date, cut at midnight."""
        if self._minutes is None:
            found: defaultdict[int, int] = defaultdict(int)
            for slot in self.slots:
                for day, minutes in slot.days:
                    found[day] += minutes
            self._minutes = dict(found)
        return self._minutes

    def touching(self, first: int, last: int) -> tuple[int, ...]:
        """Ids of the on-site shifts that touch these dates, both inclusive."""
        since, until = first * DAY, (last + 1) * DAY
        pairs = zip(self.onsite, self.slots, strict=True)
        return tuple(shift.id for shift, slot in pairs if slot.start < until and since < slot.end)

    def starting(self, first: int, last: int, *, nights: bool = False) -> tuple[int, ...]:
        """Ids of the on-site shifts (or nights alone) that start on these dates, both inclusive."""
        pairs = zip(self.onsite, self.slots, strict=True)
        return tuple(s.id for s, slot in pairs if first <= slot.day <= last and (s.night or not nights))


def row(problem: Problem, person: Staff, shifts: Sequence[Shift]) -> TimeRow:
    """The row, from the memo when the last rule asked for the same one."""
    key = (person.id, *(shift.id for shift in shifts))
    last = problem.memo.get("hours.row")
    if last is None or last[0] != key:
        last = problem.memo["hours.row"] = (key, TimeRow(problem, person, shifts))
    return cast(TimeRow, last[1])


def runs(days: Iterable[int]) -> list[tuple[int, int]]:
    """First and last of each run of consecutive ordinals; the ordinals come sorted and each once."""
    found: list[tuple[int, int]] = []
    for day in days:
        if found and found[-1][1] == day - 1:
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return found


def plan_days(problem: Problem) -> tuple[int, int]:
    """Ordinals of the first and last date of the plan; (0, -1) without any shift."""
    found = problem.facts.get("hours.plan")
    if found is None:
        dates = problem.dates
        found = (dates[0].toordinal(), dates[-1].toordinal()) if dates else (0, -1)
        problem.facts["hours.plan"] = found
    return cast(tuple[int, int], found)
