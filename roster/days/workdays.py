"""PURE What kind of day each date is for people of a work pattern, and the ordinary work they do besides duty.

The enterprise lists its days as for people who rest on Saturday and Sunday. Whoever works on Saturdays has only the
substitute days that stand in for holidays on their own rest days: of Canh Tý's two one, because only Sunday 26 January
2020 was a rest day of theirs. Whoever works by the roster alone (an empty pattern) has the days as listed, and no
weekly rest but what the roster gives.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, date, datetime, time, timedelta

from core.calendar.holidays import WORK_PATTERNS, DayClass, Span, day_class, work_spans
from planning.problem import Absence, Work
from planning.time.points import LOCAL

Week = Mapping[int, list[Span]]
_DAY = timedelta(days=1)
MARGIN = timedelta(days=10)
"""How far before a date its holidays must be listed, so that a substitute day is told from whom it concerns."""


def classes(week: Week, first: date, last: date, days: Mapping[date, DayClass]) -> dict[date, DayClass]:
    """The class of each date from `first` to `last` (inclusive) for people of this pattern.

    `days` lists the dates of the holiday sets, best from `MARGIN` before `first` on.
    """
    if not week:
        return {on: day_class(on, days) for on in _dates(first, last)}
    dropped = _stand_ins(week, days)[0]
    return {on: _class(week, on, days, dropped) for on in _dates(first, last)}


def _class(week: Week, on: date, days: Mapping[date, DayClass], dropped: set[date]) -> DayClass:
    listed = days.get(on)
    if listed == "holiday" or (listed == "substitute" and on not in dropped):
        return listed
    if listed == "weekly_rest" and on.weekday() < 5:  # the enterprise moved a rest day to it, for everybody
        return listed
    if listed == "ordinary":  # the enterprise moved work to it, for everybody
        return listed
    return "ordinary" if on.weekday() in week else "weekly_rest"


def _stand_ins(week: Week, days: Mapping[date, DayClass]) -> tuple[set[date], set[date]]:
    """(Substitute days of others, days swapped for work on another day).

    A substitute day is one of others while it stands in for a holiday on a Saturday or Sunday on which this pattern
    works; the first ones after such holidays go to the holidays on rest days. A rest day that no such holiday leads up
    to without a working day between is a swap, and one for everybody.
    """
    others, swapped = set(), set()
    pending = due = 0
    before = None
    for on in sorted(days):
        if days[on] == "ordinary" or (before is not None and _is_work_between(before, on, days)):
            pending = due = 0
        if days[on] == "holiday" and on.weekday() >= 5:
            pending, due = pending + 1, due + (on.weekday() not in week)
        elif days[on] == "substitute" and pending:
            others |= set() if due else {on}
            pending, due = pending - 1, max(0, due - 1)
        elif days[on] != "holiday" and days[on] != "ordinary" and on.weekday() < 5:
            swapped.add(on)
        before = on
    return others, swapped


def _is_work_between(first: date, last: date, days: Mapping[date, DayClass]) -> bool:
    between = (first + _DAY * offset for offset in range(1, min((last - first).days, 7)))
    return any(day_class(on, days) == "ordinary" for on in between)


def _hours(week: Week, on: date, kind: DayClass, days: Mapping[date, DayClass]) -> list[Span]:
    """The ordinary hours of a date; work moved to a Saturday or Sunday has those of the day that it makes up for."""
    if kind == "weekly_rest":
        return []
    if not week or days.get(on) != "ordinary" or on.weekday() < 5:
        return work_spans(week, on, kind)
    replaced = min(_stand_ins(week, days)[1], key=lambda day: (abs(day - on), day), default=None)
    fullest = max(
        week.values(),
        key=lambda spans: sum(
            until.hour * 60 + until.minute - since.hour * 60 - since.minute for since, until in spans
        ),
    )
    return list(fullest if replaced is None else week.get(replaced.weekday(), fullest))


def classes_by_pattern(
    first: date, last: date, days: Mapping[date, DayClass], patterns: Mapping[str, Week] = WORK_PATTERNS
) -> dict[str, dict[date, DayClass]]:
    """Work pattern → class of each date, for the patterns for which some date is of another class than listed."""
    every = {code: classes(week, first, last, days) for code, week in patterns.items()}
    usual = {on: day_class(on, days) for on in _dates(first, last)}
    return {code: own for code, own in every.items() if own != usual}


def free_days(
    first: date, last: date, days: Mapping[date, DayClass], patterns: Mapping[str, Week] = WORK_PATTERNS
) -> dict[str, frozenset[date]]:
    """Work pattern → dates on which duty is overtime from the first minute.

    For people who work by the roster alone a weekend is a day like any other: their weekly rest is what the roster
    gives.
    """
    found = {}
    for code, week in patterns.items():
        own = classes(week, first, last, days)
        busy = {"ordinary"} if week else {"ordinary", "weekly_rest"}
        found[code] = frozenset(on for on, kind in own.items() if kind not in busy)
    return found


def work_rows(
    people: Mapping[int, str],
    first: date,
    last: date,
    days: Mapping[date, DayClass],
    *,
    absences: Iterable[Absence] = (),
    patterns: Mapping[str, Week] = WORK_PATTERNS,
) -> Iterator[Work]:
    """One row per person (id → pattern) and working date from `first` to `last` without leave, by person and date.

    Give the day after the plan as `last`: what a last night runs into counts. Unknown patterns work by the roster
    alone. The row runs from the first span's start to the last one's end; its minutes are those of the spans.
    """
    known = {code: list(_week_rows(week, first, last, days)) for code, week in patterns.items()}
    away: defaultdict[int, list[Absence]] = defaultdict(list)
    for absence in absences:
        away[absence.staff_id].append(absence)
    for staff_id, pattern in people.items():
        for on, start, end, minutes in known.get(pattern, ()):
            if not any(start < leave.end and leave.start < end for leave in away.get(staff_id, ())):
                yield Work(staff_id, on, start, end, minutes)


def _week_rows(
    week: Week, first: date, last: date, days: Mapping[date, DayClass]
) -> Iterator[tuple[date, datetime, datetime, int]]:
    for on, kind in classes(week, first, last, days).items():
        spans = sorted(_hours(week, on, kind, days))
        if spans:
            minutes = sum((_at(on, until) - _at(on, since)) // timedelta(minutes=1) for since, until in spans)
            yield on, _at(on, spans[0][0]), _at(on, spans[-1][1]), minutes


def _at(on: date, clock: time) -> datetime:
    return datetime.combine(on, clock, LOCAL).astimezone(UTC)


def _dates(first: date, last: date) -> Iterator[date]:
    for offset in range((last - first).days + 1):
        yield first + _DAY * offset
