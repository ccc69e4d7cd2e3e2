"""What rules ask of people who could not do it anyway: nothing."""

from __future__ import annotations

from dataclasses import replace

import pytest

from planning.problem import Pair, Problem, Staff
from planning.rules.hours.total import total_bounds
from planning.rules.limits.min_shifts import least_shifts
from planning.score.check import check
from planning.settings import Setting
from planning.time.overtime import overtime_alone
from tests.unit.planning.tiny import Engine, away, busy, by_greedy, by_highs, on, person, seats, shift

each_engine = pytest.mark.parametrize("engine", [by_greedy, by_highs])
NIGHT = shift(1, 0, 22, 10, headcount=2)
TOGETHER = (Pair(1, 2, "together"),)
HINDERED = [
    Problem((NIGHT,), (person(1), person(2), person(3)), (away(2, 1),), pairs=TOGETHER),
    Problem((NIGHT,), (person(1), person(2), person(3)), busy=(busy(2, 1, 0),), pairs=TOGETHER),
    Problem((NIGHT,), (person(1), person(2, no_night=True), person(3)), pairs=TOGETHER),
    Problem((NIGHT,), (person(1), person(2, no_overtime=True), person(3)), pairs=TOGETHER),
]


@each_engine
@pytest.mark.parametrize("problem", HINDERED, ids=["leave", "elsewhere", "no night", "no overtime"])
def test_a_partner_who_cannot_come_keeps_nobody_at_home(problem: Problem, engine: Engine) -> None:
    assert [v.rule for v in check(problem, seats((1, 1), (1, 3))) if v.hard] == []
    assert sorted(engine(replace(problem))) == seats((1, 1), (1, 3))


@pytest.mark.parametrize(
    ("who", "asked"),
    [
        (person(1), None),
        (person(1, duties=frozenset({"support"})), None),
        (person(1, limits={"hours.total:least": 60, "limits.min_shifts:least": 1}), 1),
        (person(2), 2),
    ],
)
def test_a_campaigns_least_asks_nothing_of_people_away_all_the_time(who: Staff, asked: int | None) -> None:
    least = {"limits.min_shifts": Setting(values={"least": 2}), "hours.total": Setting(values={"least": 120})}
    plan = Problem((shift(1, 0), shift(2, 1)), (who,), (away(1, 0, 3),) if who.id == 1 else (), settings=least)
    assert least_shifts(plan, who) == asked
    assert total_bounds(plan, who)[0] == (asked and 60 * asked)


def test_ten_hours_are_overtime_for_the_protected_alone() -> None:
    plan = Problem(
        (shift(1, 0, hours=10), shift(2, 1, hours=10), shift(3, 2, hours=8)),
        (person(1),),
        free_days={"shift": frozenset({on(1)})},
    )
    own = [tuple(overtime_alone(plan, plan.staff[0], s, protected=p) for p in (False, True)) for s in plan.shifts]
    assert own == [(0, 120), (600, 600), (0, 0)]
    standby = shift(4, 0, hours=24, form="standby")
    assert overtime_alone(replace(plan, shifts=(standby,)), plan.staff[0], standby, protected=True) == 0
