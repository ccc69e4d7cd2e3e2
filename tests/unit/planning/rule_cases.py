"""For every rule: a problem, a roster that breaks it, and one that is just within it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from planning.outcome import Violation
from planning.problem import Assignment, Pair, Pin, Problem, Staff, Wanted, Wish
from planning.score.check import check
from planning.settings import Setting
from tests.unit.planning.tiny import at, away, on, person, seats, shift, work

WEEK, WEEKS = (on(0), on(6)), (on(0), on(20))
PEAK, GIAO_THUA = frozenset({"mung_2_3"}), frozenset({"giao_thua"})


@dataclass(frozen=True)
class Case:
    """`bad` breaks the rule by `amount`, `good` does not; both are (shift, person) pairs."""

    code: str
    problem: Problem
    bad: tuple[tuple[int, int], ...]
    good: tuple[tuple[int, int], ...]
    amount: int = 1
    own: tuple[str, int] | None = None
    """A parameter and the value, of the person's or of the campaign, that makes `bad` pass."""


def days(*each: int, **changes: Any) -> tuple[Any, ...]:
    """Shifts numbered from 1 on these days."""
    return tuple(shift(number, day, **changes) for number, day in enumerate(each, start=1))


def alone(count: int, *, but: int = 0) -> tuple[tuple[int, int], ...]:
    """Person 1 on the shifts 1 … count, all but one."""
    return tuple((number, 1) for number in range(1, count + 1) if number != but)


ONE, TWO = (person(1),), (person(1), person(2))
DAY_AND_NIGHT = (shift(1, 0, template="Đêm"), shift(2, 1), shift(3, 1, template="Đêm"))


def limited(**limits: int) -> tuple[Staff, ...]:
    return (person(1, limits={key.replace("__", ".", 1).replace("__", ":"): most for key, most in limits.items()}),)


CASES = [
    Case("coverage.headcount", Problem((shift(1, 0, headcount=2),), TWO), ((1, 1),), ((1, 1), (1, 2))),
    Case(
        "coverage.skills",
        Problem((shift(1, 0, skills={"xe": 1}),), (person(1), person(2, skills=frozenset({"xe"})))),
        ((1, 1),),
        ((1, 2),),
    ),
    Case(
        "coverage.wanted",
        Problem((shift(1, 0, headcount=0, wanted=Wanted(2, under=500, over=300)),), TWO),
        ((1, 1),),
        ((1, 1), (1, 2)),
    ),
    Case("eligibility.duty", Problem((shift(1, 0),), (person(1, duties=frozenset()), person(2))), ((1, 1),), ((1, 2),)),
    Case(
        "eligibility.unit",
        Problem((shift(1, 0),), (person(1, eligible_units=frozenset()), person(2))),
        ((1, 1),),
        ((1, 2),),
    ),
    Case(
        "eligibility.place", Problem((shift(1, 0),), (person(1, unit="X"), person(2, unit="U"))), ((1, 1),), ((1, 2),)
    ),
    Case("absence.away", Problem((shift(1, 0),), TWO, (away(1, 0),)), ((1, 1),), ((1, 2),)),
    Case(
        "protected.no_night", Problem((shift(1, 0, 22),), (person(1, no_night=True), person(2))), ((1, 1),), ((1, 2),)
    ),
    Case(
        "protected.no_overtime",
        Problem((shift(1, 0, hours=9), shift(2, 2, hours=8)), (person(1, no_overtime=True),)),
        ((1, 1),),
        ((2, 1),),
        60,
    ),
    Case("pins.kept", Problem((shift(1, 0),), ONE, pins=(Pin(1, 1),)), (), ((1, 1),)),
    Case("overlap.shifts", Problem((shift(1, 0, 7), shift(2, 0, 14)), TWO), ((1, 1), (2, 1)), ((1, 1), (2, 2))),
    Case(
        "rest.between_shifts",
        Problem((shift(1, 0, 6), shift(2, 1, 1), shift(3, 1, 2)), ONE),
        ((1, 1), (2, 1)),
        ((1, 1), (3, 1)),
    ),
    Case(
        "work.ordinary",
        Problem((shift(1, 0, 22), shift(2, 0, 28)), ONE, work=(work(1, 0),)),
        ((1, 1),),
        ((2, 1),),
        own=("minutes", 360),
    ),
    Case("rest.weekly", Problem(days(*range(7)), ONE), alone(7), alone(7, but=4), own=("minutes", 960)),
    Case(
        "hours.continuous",
        Problem((shift(1, 0, 12, 13), shift(2, 2, 12, 12)), ONE),
        ((1, 1),),
        ((2, 1),),
        own=("most", 780),
    ),
    Case(
        "hours.rolling",
        Problem((shift(1, 0, 12), shift(2, 0, 26, 5), shift(3, 0, 26, 4)), ONE),
        ((1, 1), (2, 1)),
        ((1, 1), (3, 1)),
        60,
        own=("most", 780),
    ),
    Case(
        "hours.day", Problem((shift(1, 0, 6, 13), shift(2, 2, 6, 12)), ONE), ((1, 1),), ((2, 1),), 60, own=("most", 780)
    ),
    Case(
        "hours.week",
        Problem(days(*range(6), hours=12), ONE, span=WEEK),
        alone(6),
        alone(6, but=3),
        720,
        own=("most", 4320),
    ),
    Case(
        "hours.month",
        Problem(days(0, 2, 4, 6, 8, 10), (person(1, work_pattern="office5"),)),
        alone(6),
        alone(6, but=3),
        480,
        own=("most", 2880),
    ),
    Case(
        "hours.year",
        Problem((shift(1, 0),), (person(1, work_pattern="office5", overtime_year=11_900), person(2))),
        ((1, 1),),
        ((1, 2),),
        380,
        own=("most", 12_380),
    ),
    Case(
        "hours.total",
        Problem(days(0, 2), (*limited(hours__total__most=480), person(2))),
        alone(2),
        ((1, 1), (2, 2)),
        480,
    ),
    Case("runs.max_days", Problem(days(*range(7), hours=4), ONE), alone(7), alone(6), own=("most", 7)),
    Case("runs.min_days", Problem(days(3, 4), ONE, span=WEEK), ((1, 1),), alone(2), own=("least", 1)),
    Case("runs.min_off", Problem(days(1, 3, 4), ONE, span=WEEK), ((1, 1), (2, 1)), ((1, 1), (3, 1)), own=("least", 1)),
    Case("weekends.most", Problem(days(5, 12, 13, 19), ONE, span=WEEKS), alone(4), alone(3), own=("most", 3)),
    Case(
        "nights.in_a_row", Problem(days(0, 1, 2, 3, hour=22, hours=6), ONE), alone(4), alone(4, but=2), own=("most", 4)
    ),
    Case("nights.most", Problem(days(*range(0, 18, 2), hour=22), ONE), alone(9), alone(8), own=("most", 9)),
    Case("limits.max_shifts", Problem(days(0, 2), (person(1, max_shifts=1),)), alone(2), alone(1)),
    Case("limits.min_shifts", Problem(days(0, 2), (person(1, min_shifts=2),)), alone(1), alone(2)),
    Case(
        "limits.per_day",
        Problem((shift(1, 0, 0, 4), shift(2, 0, 16), shift(3, 1, 4)), ONE),
        alone(2),
        ((1, 1), (3, 1)),
        own=("most", 2),
    ),
    Case(
        "limits.template",
        Problem(days(0, 2), (*limited(limits__template__Ngày=1), person(2))),
        alone(2),
        ((1, 1), (2, 2)),
    ),
    Case(
        "sequence.templates",
        Problem(DAY_AND_NIGHT, ONE, settings={"sequence.templates": Setting(pairs=(("Đêm", "Ngày"),))}),
        ((1, 1), (2, 1)),
        ((1, 1), (3, 1)),
    ),
    Case(
        "pairs.together",
        Problem((shift(1, 0, headcount=2), shift(2, 2)), (*TWO, person(3)), pairs=(Pair(1, 2, "together"),)),
        ((1, 1), (1, 3)),
        ((1, 2), (1, 1), (2, 1)),
    ),
    Case(
        "pairs.apart",
        Problem((shift(1, 0, headcount=2),), (*TWO, person(3)), pairs=(Pair(1, 2, "apart"),)),
        ((1, 1), (1, 2)),
        ((1, 1), (1, 3)),
    ),
    Case("peaks.second", Problem((shift(1, 0, peak=PEAK), shift(2, 2, peak=PEAK)), TWO), alone(2), ((1, 1), (2, 2))),
    Case(
        "peaks.repeat",
        Problem((shift(1, 0, peak=GIAO_THUA),), (person(1, last_giao_thua=True), person(2))),
        ((1, 1),),
        ((1, 2),),
    ),
    Case(
        "rest.standby",
        Problem((shift(1, 0, 7, 24, form="standby"), shift(2, 1, 7, 24, form="command")), TWO),
        alone(2),
        ((1, 1), (2, 2)),
    ),
    Case("wishes.off", Problem((shift(1, 0),), TWO, wishes=(Wish(1, on(0), None, "off", 2),)), ((1, 1),), ((1, 2),), 2),
    Case("wishes.on", Problem((shift(1, 0),), TWO, wishes=(Wish(1, on(0), None, "on", 3),)), ((1, 2),), ((1, 1),), 3),
    Case("runs.isolated", Problem(days(3, 4), ONE, span=WEEK), ((1, 1),), alone(2)),
    Case("continuity.template", Problem(DAY_AND_NIGHT, ONE), ((1, 1), (2, 1)), ((1, 1), (3, 1))),
    Case(
        "change.least",
        Problem(days(0, 2), TWO, baseline=tuple(seats((1, 1), (2, 2)))),
        ((1, 2), (2, 2)),
        ((1, 1), (2, 2)),
        2,
    ),
    Case("fairness.load", Problem((shift(1, 0, points=1500),), (person(1, history_points=1000),)), ((1, 1),), (), 2000),
]


def with_setting(problem: Problem, code: str, **changes: Any) -> Problem:
    """The problem with these choices for one rule, on top of what it has."""
    chosen = replace(problem.settings.get(code, Setting()), **changes)
    return replace(problem, settings={**problem.settings, code: chosen})


def breaches(problem: Problem, roster: Iterable[tuple[int, int]], code: str) -> list[Violation]:
    """What the roster breaks of one rule."""
    return [v for v in check(problem, (Assignment(*pair) for pair in roster)) if v.rule == code]


__all__ = ["CASES", "Case", "alone", "at", "breaches", "days", "with_setting"]
