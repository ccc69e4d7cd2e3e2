"""What the days of their work are for people, as their hours are reckoned: of duty served, and of overtime to come."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

from core import clock
from core.calendar.holidays import DayClass
from duty.timekeeping.reckoning import WorkerDays, WorkStretch
from people.absences import spans as away
from planning.problem import Absence
from planning.time.normal_hours import BY_ROSTER, in_force
from roster.days import day_classes
from roster.days.workdays import MARGIN, classes, work_rows


def worker_days(
    chosen_patterns: Mapping[int, str], worked: Mapping[int, Sequence[WorkStretch]], aways: away.Aways
) -> tuple[dict[int, WorkerDays], Mapping[int, Mapping[date, int]]]:
    """``chosen_patterns``: person id → the work pattern that they have; ``worked``: what is reckoned of each. Answers
    what the days are for them, and the minutes of their ordinary work by date."""
    ends = [moment for own in worked.values() for each in own for moment in (each.starts_at, each.ends_at)]
    if not ends:
        return {who: WorkerDays({}) for who in chosen_patterns}, {who: {} for who in chosen_patterns}
    first, last = clock.local_date(min(ends)), clock.local_date(max(ends))
    weeks, days, chosen = day_classes.weeks(), day_classes.listed(first - MARGIN, last), day_classes.normal_hours()
    patterns = {who: pattern if weeks.get(pattern) else BY_ROSTER for who, pattern in chosen_patterns.items()}
    by_pattern: dict[str, dict[date, DayClass]] = {}
    for pattern in set(patterns.values()):
        by_pattern[pattern] = own = classes(weeks.get(pattern, {}), first, last, days)
        if pattern == BY_ROSTER:  # nobody but the roster gives them rest: a weekend is a day like any other
            by_pattern[pattern] = {on: "ordinary" if kind == "weekly_rest" else kind for on, kind in own.items()}
    work: defaultdict[int, dict[date, int]] = defaultdict(dict)
    busy = {who: patterns[who] for who, own in worked.items() if own}
    for row in work_rows(busy, first, last, days, absences=_leave(worked, aways), patterns=weeks):
        work[row.staff_id][row.local_date] = row.minutes
    return {
        who: WorkerDays(
            by_pattern[pattern],
            {on: min(minutes, in_force(chosen, pattern, on).day) for on, minutes in work[who].items()},
            by_roster=pattern == BY_ROSTER,
            chosen=chosen,
            pattern=pattern,
        )
        for who, pattern in patterns.items()
    }, work


def _leave(worked: Mapping[int, Sequence[WorkStretch]], aways: away.Aways) -> list[Absence]:
    """Who is away has no ordinary work that duty could make up for. What was noted only after a duty had made up for it
    does not make that duty another one."""
    return [
        Absence(who, each.starts_at, each.ends_at)
        for who, own in worked.items()
        for each in aways.get(who, ())
        if all(each.hits(duty.starts_at, duty.ends_at) for duty in own if duty.replaces and _touches(each, duty))
    ]


def _touches(leave: away.Away, duty: WorkStretch) -> bool:
    return leave.starts_at < duty.ends_at and duty.starts_at < leave.ends_at
