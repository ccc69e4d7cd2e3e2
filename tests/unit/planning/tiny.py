"""Small problems said in a line: shifts by day and hour of a made-up week, people by what differs from the usual."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from planning.engines.local_search import engine as greedy
from planning.engines.mip import branch_and_bound as highs
from planning.problem import Absence, Assignment, Busy, Problem, Shift, Staff, Work
from planning.time.points import LOCAL

LONG = 60.0  # seconds; no proof of a problem this small takes so long
MONDAY = datetime(2027, 2, 1, tzinfo=LOCAL)


def at(day: int, hour: float) -> datetime:
    """A local hour as an aware UTC time. Day 0 is Monday; hours may run past 24."""
    return (MONDAY + timedelta(days=day, hours=hour)).astimezone(UTC)


def on(day: int) -> date:
    """The local date of day 0, 1, …"""
    return MONDAY.date() + timedelta(days=day)


def shift(number: int, day: int, hour: float = 7, hours: float = 8, **changes: Any) -> Shift:
    start, end = at(day, hour), at(day, hour + hours)
    night = any((hour + h) % 24 >= 22 or (hour + h) % 24 < 6 for h in range(int(hours)))
    usual: dict[str, Any] = {
        "id": number,
        "duty": "operations",
        "unit": "U",
        "start": start,
        "end": end,
        "form": "onsite",
        "headcount": 1,
        "points": 800,
        "night": night,
        "peak": frozenset(),
        "local_date": on(day),
        "template": "Ngày",
    }
    return Shift(**usual | changes)


def person(number: int, **changes: Any) -> Staff:
    usual: dict[str, Any] = {
        "id": number,
        "code": f"P{number}",
        "name": f"Người {number}",
        "duties": frozenset({"operations"}),
        "eligible_units": frozenset({"U"}),
    }
    return Staff(**usual | changes)


def away(staff_id: int, first_day: int, days: int = 1) -> Absence:
    return Absence(staff_id, at(first_day, 0), at(first_day + days, 0))


def busy(staff_id: int, day: int, hour: float, hours: float = 8) -> Busy:
    return Busy(staff_id, at(day, hour), at(day, hour + hours))


def work(staff_id: int, day: int, hour: float = 8, hours: float = 8) -> Work:
    """Ordinary hours on one date."""
    return Work(staff_id, on(day), at(day, hour), at(day, hour + hours), int(hours * 60))


def seats(*pairs: tuple[int, int]) -> list[Assignment]:
    return [Assignment(shift_id, staff_id) for shift_id, staff_id in pairs]


Engine = Callable[[Problem], Sequence[Assignment]]


def by_greedy(problem: Problem) -> Sequence[Assignment]:
    return greedy.build(problem)


def by_highs(problem: Problem) -> Sequence[Assignment]:
    """HiGHS alone, in this process, without a roster to start from."""
    return proven_by_highs(problem)[0]


def proven_by_highs(problem: Problem, start: Iterable[Assignment] = ()) -> tuple[Sequence[Assignment], int, int]:
    """(roster, bound, fewest empty seats) as last heard."""
    heard: list[tuple[Sequence[Assignment], int, int]] = []
    pinned = {Assignment(pin.shift_id, pin.staff_id) for pin in problem.pins}
    highs.improve(problem, sorted({*start, *pinned}), seconds=LONG, seed=0, emit=lambda *news: heard.append(news))
    return heard[-1]
