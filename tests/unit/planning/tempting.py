"""For every rule a problem in which breaking it would be cheaper, so that only an engine that knows it resists.

Person 1 is the tempting one: without load. Person 2 carries so much that every shift costs more with them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from planning.problem import Pair, Pin, Problem, Shift, Staff, Wanted, Wish
from planning.settings import Setting
from tests.unit.planning.tiny import away, busy, on, person, seats, shift, work

Seats = tuple[tuple[int, int], ...]
NOBODY, FIRST, SECOND, BOTH = (), ((1, 1),), ((1, 2),), ((1, 1), (2, 1))


@dataclass(frozen=True)
class Temptation:
    """`bad` breaks the rule, `honest` does not, or less of it; both are (shift, person) pairs.

    `honest` None: several rosters are as good.
    """

    name: str
    code: str
    problem: Problem
    bad: Seats
    honest: Seats | None


def second(load: int = 90_00, **changes: Any) -> Staff:
    return person(2, history_points=load, **changes)


def daily(count: int, **changes: Any) -> tuple[Shift, ...]:
    return tuple(shift(number, number - 1, **changes) for number in range(1, count + 1))


def alone(count: int) -> Seats:
    return tuple((number, 1) for number in range(1, count + 1))


TWO, WEEK = (person(1), second()), (on(0), on(6))
EQUAL = (person(1), person(2))
TWO_DAYS, ONE_DAY, NIGHT = (shift(1, 0), shift(2, 2)), (shift(1, 0),), (shift(1, 0, 22),)
FULL_DAYS = (shift(1, 3, points=1500), shift(2, 4, points=1500))
ON, OFF = Setting(on=True), Setting(on=False)
NO_OTHER_LIMIT = {"hours.rolling": OFF, "hours.day": OFF}
STANDBY_REST = {"rest.between_shifts": Setting(values={"standby_minutes": 720}), "rest.standby": Setting(on=False)}
PEAK, GIAO_THUA = frozenset({"mung_2_3"}), frozenset({"giao_thua"})


def first(**changes: Any) -> tuple[Staff, Staff]:
    """The tempting one with something that keeps them away, and the loaded one."""
    return person(1, **changes), second()


def with_most(code: str, most: int) -> dict[str, Setting]:
    return {code: Setting(on=True, values={"most": most})}


def case(name: str, problem: Problem, bad: Seats, honest: Seats | None = None) -> Temptation:
    return Temptation(name, name.partition(":")[0], problem, bad, honest)


PEOPLE_AND_SEATS = [
    case("coverage.headcount", Problem(ONE_DAY, (second(),)), NOBODY, SECOND),
    case(
        "coverage.headcount: one too many grants a wish",
        Problem((shift(1, 0, points=0),), TWO, wishes=tuple(Wish(n, on(0), None, "on", 3) for n in (1, 2))),
        ((1, 1), (1, 2)),
    ),
    case(
        "coverage.skills",
        Problem((shift(1, 0, skills={"xe": 1}),), (person(1), second(skills=frozenset({"xe"})))),
        FIRST,
        SECOND,
    ),
    case(
        "coverage.wanted",
        Problem((shift(1, 0, headcount=0, wanted=Wanted(1, under=500_00, over=0)),), (second(),)),
        NOBODY,
        SECOND,
    ),
    case(
        "coverage.wanted: one too many",
        Problem(
            (shift(1, 0, headcount=0, points=0, wanted=Wanted(1, under=500_00, over=50_00)),),
            TWO,
            wishes=tuple(Wish(n, on(0), None, "on", 3) for n in (1, 2)),
        ),
        ((1, 1), (1, 2)),
    ),
    case("eligibility.duty", Problem(ONE_DAY, first(duties=frozenset({"support"}))), FIRST, SECOND),
    case("eligibility.unit", Problem(ONE_DAY, first(eligible_units=frozenset({"X"}))), FIRST, SECOND),
    case(
        "eligibility.place",
        Problem(ONE_DAY, (person(1, unit="X"), second(unit="U")), settings={"eligibility.place": ON}),
        FIRST,
        SECOND,
    ),
    case("absence.away: a night that runs into it", Problem(NIGHT, TWO, (away(1, 1),)), FIRST, SECOND),
    case("protected.no_night", Problem(NIGHT, first(no_night=True)), FIRST, SECOND),
    case("protected.no_overtime", Problem((shift(1, 0, hours=10),), first(no_overtime=True)), FIRST, SECOND),
    case("pins.kept", Problem(ONE_DAY, TWO, pins=(Pin(1, 2),)), FIRST, SECOND),
    case(
        "pairs.together",
        Problem((shift(1, 0, headcount=2),), (*TWO, person(3)), pairs=(Pair(1, 2, "together"),)),
        ((1, 1), (1, 3)),
        ((1, 1), (1, 2)),
    ),
    case(
        "pairs.apart",
        Problem(
            (shift(1, 0, headcount=2),),
            (person(1), person(2), person(3, history_points=90_00)),
            pairs=(Pair(1, 2, "apart"),),
        ),
        ((1, 1), (1, 2)),
    ),
]

HOURS_AND_REST = [
    case("overlap.shifts", Problem((shift(1, 0, 7, form="standby"), shift(2, 0, 14, form="standby")), TWO), BOTH),
    case("overlap.shifts: a duty elsewhere", Problem(ONE_DAY, TWO, busy=(busy(1, 0, 14),)), FIRST, SECOND),
    case("rest.between_shifts", Problem((shift(1, 0, 6, 6), shift(2, 0, 18, 6)), TWO), BOTH),
    case("rest.between_shifts: standby", Problem((shift(1, 0, 6, form="standby"), shift(2, 0, 22)), TWO), BOTH),
    case(
        "rest.between_shifts: before standby", Problem((shift(1, 0, 6), shift(2, 0, 20, 24, form="standby")), TWO), BOTH
    ),
    case(
        "rest.between_shifts: at home, where a campaign asks it",
        Problem((shift(1, 0, 6, form="standby"), shift(2, 0, 22, form="command")), TWO, settings=STANDBY_REST),
        BOTH,
    ),
    case("rest.between_shifts: a duty elsewhere", Problem(NIGHT, TWO, busy=(busy(1, 0, 6),)), FIRST, SECOND),
    case("rest.weekly", Problem(daily(7), TWO, settings={"runs.max_days": OFF}), alone(7)),
    case("work.ordinary", Problem(NIGHT, TWO, work=(work(1, 0),)), FIRST, SECOND),
    case(
        "work.ordinary: only with the shift that replaces it",
        Problem(
            (shift(1, 0, 0, replaces_work=True, duty="support"), shift(2, 0, 22)),
            (person(1), second(duties=frozenset({"operations", "support"}))),
            work=(work(1, 0),),
        ),
        ((1, 2), (2, 1)),
        ((1, 2), (2, 2)),
    ),
    case(
        "hours.continuous: 24 hours from noon to noon",
        Problem(
            (shift(1, 0, 12, 24),), (person(1), second(limits={"hours.continuous:most": 1440})), settings=NO_OTHER_LIMIT
        ),
        FIRST,
        SECOND,
    ),
    case(
        "hours.continuous: two that touch",
        Problem((shift(1, 0, 8, 8), shift(2, 0, 16, 8)), TWO, settings={**NO_OTHER_LIMIT, "rest.between_shifts": OFF}),
        BOTH,
    ),
    case(
        "hours.rolling",
        Problem(
            (shift(1, 0, 8, 8), shift(2, 0, 24, 8)), TWO, settings={"rest.between_shifts": OFF, "runs.max_days": OFF}
        ),
        BOTH,
    ),
    case(
        "hours.rolling: a stated ground excuses nothing beside it",
        Problem(
            (shift(1, 0, 12, 24, grounded=True), shift(2, 1, 16, 6)),
            TWO,
            settings={"rest.between_shifts": OFF, "hours.day": OFF, "nights.in_a_row": OFF},
        ),
        BOTH,
    ),
    case(
        "hours.day: with ordinary work",
        Problem((shift(1, 0, 18, 6),), TWO, work=(work(1, 0),), settings={"work.ordinary": OFF}),
        FIRST,
        SECOND,
    ),
    case("hours.week", Problem(daily(6, hours=12), TWO), alone(6)),
    case(
        "protected.no_overtime: two on one date",
        Problem((shift(1, 0, 0, 5), shift(2, 0, 17, 5)), first(no_overtime=True)),
        BOTH,
    ),
    case(
        "hours.month: a week of more than 48 hours",
        Problem(daily(5, hours=10), first(overtime_month=2400 - 60), settings={"hours.week": OFF}),
        alone(5),
    ),
    case(
        "hours.month: two that replace the same work",
        Problem(
            (shift(1, 0, 22, 8, replaces_work=True), shift(2, 1, 22, 8, replaces_work=True)),
            first(work_pattern="office5", overtime_month=2400),
            work=(work(1, 1),),
        ),
        BOTH,
    ),
    case("hours.month", Problem(TWO_DAYS, first(work_pattern="office5", overtime_month=1900)), BOTH),
    case("hours.year", Problem(TWO_DAYS, first(work_pattern="office5", overtime_year=11_100)), BOTH),
    case("hours.total: most", Problem(TWO_DAYS, first(limits={"hours.total:most": 480})), BOTH),
    case("hours.total: least", Problem(TWO_DAYS, (person(1), second(limits={"hours.total:least": 480}))), BOTH),
]

DAYS_AND_LIMITS = [
    case("runs.max_days", Problem(daily(7, hours=4), TWO, settings={"rest.weekly": OFF}), alone(7)),
    case("runs.min_days", Problem(FULL_DAYS, EQUAL, settings={"runs.min_days": ON}, span=WEEK), ((1, 1), (2, 2))),
    case("runs.min_off", Problem((shift(1, 1), shift(2, 3)), TWO, settings={"runs.min_off": ON}, span=WEEK), BOTH),
    case("weekends.most", Problem((shift(1, 5), shift(2, 12)), TWO, settings=with_most("weekends.most", 1)), BOTH),
    case("nights.in_a_row", Problem(daily(2, hour=22), TWO, settings=with_most("nights.in_a_row", 1)), BOTH),
    case("nights.most", Problem((shift(1, 0, 22), shift(2, 3, 22)), TWO, settings=with_most("nights.most", 1)), BOTH),
    case("limits.max_shifts", Problem(TWO_DAYS, first(max_shifts=1)), BOTH),
    case("limits.min_shifts", Problem(TWO_DAYS, (person(1), second(min_shifts=1))), BOTH),
    case(
        "limits.per_day", Problem((shift(1, 0, 0, 4), shift(2, 0, 16, 4)), TWO, settings={"limits.per_day": ON}), BOTH
    ),
    case("limits.template", Problem(TWO_DAYS, first(limits={"limits.template:Ngày": 1})), BOTH),
    case(
        "sequence.templates",
        Problem(
            (shift(1, 0, template="Đêm"), shift(2, 1)),
            TWO,
            settings={"sequence.templates": Setting(pairs=(("Đêm", "Ngày"),))},
        ),
        BOTH,
    ),
]

WEIGHED = [
    case(
        "fairness.load",
        Problem(ONE_DAY, (person(1, history_points=90_00), person(2)), wishes=(Wish(1, on(0), None, "on", 3),)),
        FIRST,
        SECOND,
    ),
    case("peaks.second", Problem((shift(1, 0, peak=PEAK), shift(2, 2, peak=PEAK)), (person(1), second(30_00))), BOTH),
    case(
        "peaks.repeat",
        Problem((shift(1, 0, peak=GIAO_THUA),), (person(1, last_giao_thua=True), second(25_00))),
        FIRST,
        SECOND,
    ),
    case(
        "rest.standby",
        Problem(
            (shift(1, 0, 7, 24, form="standby", points=0), shift(2, 1, 7, 24, form="standby", points=0)),
            TWO,
            wishes=(Wish(1, on(0), None, "on", 1), Wish(1, on(1), None, "on", 1)),
            settings={"rest.standby": Setting(weight=50_00)},
        ),
        BOTH,
    ),
    case(
        "wishes.off",
        Problem(ONE_DAY, (person(1), second(12_00)), wishes=(Wish(1, on(0), None, "off", 3),)),
        FIRST,
        SECOND,
    ),
    case(
        "wishes.on",
        Problem(ONE_DAY, (person(1), second(12_00)), wishes=(Wish(2, on(0), None, "on", 3),)),
        FIRST,
        SECOND,
    ),
    case(
        "runs.isolated",
        Problem(FULL_DAYS, EQUAL, settings={"runs.isolated": Setting(on=True, weight=100_00)}, span=WEEK),
        ((1, 1), (2, 2)),
    ),
    case(
        "continuity.template",
        Problem(
            (shift(1, 0, template="Đêm"), shift(2, 1)),
            TWO,
            settings={"continuity.template": Setting(on=True, weight=100_00)},
        ),
        BOTH,
    ),
    case("change.least", Problem(ONE_DAY, (person(1), second(30_00)), baseline=tuple(seats((1, 2)))), FIRST, SECOND),
]

TEMPTATIONS = [*PEOPLE_AND_SEATS, *HOURS_AND_REST, *DAYS_AND_LIMITS, *WEIGHED]


def with_setting(problem: Problem, code: str, **changes: Any) -> Problem:
    """The same problem with these choices for one rule."""
    chosen = replace(problem.settings.get(code, Setting()), **changes)
    return replace(problem, settings={**problem.settings, code: chosen})
