"""Hours: what counts as overtime, whose month it is, which law holds on which date, and what nobody could check."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given, strategies as st

from planning.problem import Problem, Shift, Staff, Work
from planning.rules import RULE_OF
from planning.rules.hours.month import month_limit
from planning.rules.hours.year import year_limit
from planning.score.check import check
from planning.score.unchecked import by_person
from planning.settings import Setting
from planning.time.minutes import row
from planning.time.overtime import overtime_alone
from planning.time.points import LOCAL
from tests.unit.planning.rule_cases import breaches
from tests.unit.planning.tiny import on, person, seats, shift, work

OFFICE: dict[str, Any] = {"work_pattern": "office5"}


def duty(number: int, day: str, hour: float = 7, hours: float = 8, **changes: Any) -> Shift:
    """A shift on a date of the calendar."""
    start = datetime.combine(date.fromisoformat(day), time(), LOCAL) + timedelta(hours=hour)
    when = {"start": start, "end": start + timedelta(hours=hours), "local_date": start.date()}
    return shift(number, 0, **when | changes)


def overtime(each: Shift, who: Staff, *, free: tuple[int, ...] = (), rows: tuple[Work, ...] = ()) -> int:
    problem = Problem((each,), (who,), work=rows, free_days={"shift": frozenset(map(on, free))})
    return overtime_alone(problem, who, each)


@pytest.mark.parametrize(
    ("each", "free", "minutes"),
    [
        (shift(1, 0, 7, 10), (), 0),  # ten hours of a week's scheme
        (shift(1, 0, 7, 12), (), 120),
        (shift(1, 0, 7, 12), (0,), 720),  # a holiday counts wholly
        (shift(1, 0, 22), (1,), 360),  # the hours after midnight lie in the holiday
        (shift(1, 0, 22), (0,), 120),
        (shift(1, 0, 7, 24), (0,), 17 * 60),  # 17 hours of the holiday; the other seven are within ten
        (shift(1, 0, 7, 24, form="standby"), (0,), 0),
        (shift(1, 0, 7, 24, form="command"), (0,), 0),
    ],
)
def test_overtime_of_people_who_work_by_the_roster_alone(each: Shift, free: tuple[int, ...], minutes: int) -> None:
    assert overtime(each, person(1), free=free) == minutes


@pytest.mark.parametrize(
    ("each", "minutes"),
    [
        (shift(1, 5), 480),  # a Saturday without ordinary work
        (shift(1, 0, 18, 4), 240),  # besides ordinary work
        (shift(1, 0, 6, 8, replaces_work=True), 0),
        (shift(1, 0, 6, 12, replaces_work=True), 240),
        (shift(1, 0, 22, 8, replaces_work=True), 0),  # drops the work of both dates
        (shift(1, 4, 20, 14, replaces_work=True), 360),  # a Friday into a free Saturday
        (shift(1, 0, 16, 8, replaces_work=True), 0),  # ends at midnight: the next date is kept
    ],
)
def test_overtime_of_people_with_ordinary_work(each: Shift, minutes: int) -> None:
    rows = tuple(work(1, day) for day in range(5))
    assert overtime(each, person(1, **OFFICE), rows=rows, free=(0, 5)) == minutes


def test_a_shift_that_ends_at_midnight_drops_one_date() -> None:
    rows, each = tuple(work(1, day) for day in range(3)), shift(1, 0, 16, 8, replaces_work=True)
    problem = Problem((each,), (person(1, **OFFICE),), work=rows)
    assert sorted(row(problem, problem.staff[0], [each]).work) == [on(1).toordinal(), on(2).toordinal()]


@pytest.mark.parametrize(
    ("day", "most", "special"),
    [
        ("2020-12-31", 1800, 1800),
        ("2021-01-01", 2400, 2400),
        ("2022-03-31", 2400, 2400),
        ("2022-04-01", 2400, 3600),
    ],
)
def test_the_month_follows_the_law_of_the_date(day: str, most: int, special: int) -> None:
    who, each = person(1), duty(1, day)
    plain = Problem((each,), (who,))
    regime = replace(plain, settings={"hours.year": Setting(values={"special": 1})})
    assert month_limit(plain, who, each.local_date) == most
    assert month_limit(regime, who, each.local_date) == special
    assert month_limit(plain, person(1, limits={"hours.year:special": 1}), each.local_date) == special
    own = person(1, limits={"hours.month:most": 600})
    assert month_limit(regime, own, each.local_date) == 600
    chosen = replace(plain, settings={**regime.settings, "hours.month": Setting(values={"most": 900})})
    assert month_limit(chosen, who, each.local_date) == 900


def test_the_year_with_and_without_the_regime() -> None:
    who, each = person(1), duty(1, "2020-12-31")
    plain = Problem((each,), (who,))
    regime = replace(plain, settings={"hours.year": Setting(values={"special": 1})})
    assert (year_limit(plain, who, each.local_date), year_limit(regime, who, each.local_date)) == (12_000, 18_000)


def test_thirty_hours_before_2021_and_forty_after() -> None:
    """36 hours of overtime on either side of the new year, by somebody with ordinary work who is free those days."""

    def plan(*days: str) -> Problem:
        shifts = tuple(duty(number, day, hours=9) for number, day in enumerate(days, start=1))
        return Problem(shifts, (person(1, **OFFICE),))

    roster = [(number, 1) for number in range(1, 5)]
    old = plan("2020-12-22", "2020-12-24", "2020-12-26", "2020-12-31")
    (found,) = breaches(old, roster, "hours.month")
    assert (found.amount, found.params["month"], found.params["limit"]) == (360, "2020-12", 1800)
    assert breaches(plan("2021-01-01", "2021-01-03", "2021-01-05", "2021-01-07"), roster, "hours.month") == []
    across = plan("2020-12-30", "2020-12-31", "2021-01-01", "2021-01-02")
    assert breaches(across, roster, "hours.month") == breaches(across, roster, "hours.year") == []


def test_a_night_into_the_new_month_belongs_to_the_month_it_starts_in() -> None:
    problem = Problem((duty(1, "2020-12-31", 20, 12),), (person(1, overtime_month=1700, **OFFICE),))
    (found,) = breaches(problem, [(1, 1)], "hours.month")
    assert (found.params["month"], found.params["minutes"], found.amount) == ("2020-12", 2420, 620)


def test_only_what_the_plan_adds_is_counted_above_the_limit() -> None:
    problem = Problem((shift(1, 5), shift(2, 7)), (person(1, overtime_month=5000, **OFFICE),))
    (found,) = breaches(problem, [(1, 1)], "hours.month")
    assert (found.amount, found.params["before"], found.params["minutes"]) == (480, 5000, 5480)
    assert breaches(problem, [], "hours.month") == []


def test_overtime_before_the_plan_counts_in_its_first_month_alone() -> None:
    shifts = (duty(1, "2027-01-30"), duty(2, "2027-02-06"))
    problem = Problem(shifts, (person(1, overtime_month=2300, overtime_year=0, **OFFICE),))
    assert [v.params["month"] for v in breaches(problem, [(1, 1), (2, 1)], "hours.month")] == ["2027-01"]


def test_an_unknown_start_is_judged_from_nothing_and_said() -> None:
    people = (
        person(1, **OFFICE),
        person(2, overtime_month=0, **OFFICE),
        person(3, overtime_month=0, overtime_year=0, **OFFICE),
        person(4),
        person(5, **OFFICE),
    )
    problem = Problem((duty(1, "2027-01-30", headcount=5), duty(2, "2027-02-06")), people)
    roster = seats((1, 1), (1, 2), (1, 3), (1, 4), (2, 5))
    every = {1: ("hours.month", "hours.year"), 2: ("hours.year",), 5: ("hours.year",)}
    assert by_person(problem, roster) == every
    assert breaches(problem, [(1, 1)], "hours.month") == []
    off = replace(problem, settings={"hours.year": Setting(on=False)})
    assert by_person(off, roster) == {1: ("hours.month",)}


def test_ordinary_work_counts_towards_the_day_and_the_week_unless_replaced() -> None:
    rows = tuple(work(1, day) for day in range(6))
    evening = Problem((shift(1, 0, 18, 5), shift(2, 0, 18, 5, replaces_work=True)), (person(1),), work=rows)
    assert [v.amount for v in breaches(evening, [(1, 1)], "hours.day")] == [60]
    assert breaches(evening, [(2, 1)], "hours.day") == []
    sunday = Problem((shift(1, 6, 7, 12), shift(2, 6, 7, 13)), (person(1),), work=rows, span=(on(0), on(6)))
    assert breaches(sunday, [(1, 1)], "hours.week") == []
    assert [v.amount for v in breaches(sunday, [(2, 1)], "hours.week")] == [60]


def test_each_window_of_seven_dates_counts_for_itself() -> None:
    shifts = tuple(shift(number, number - 1, 7, 12) for number in range(1, 7))
    problem = Problem(shifts, (person(1),), span=(on(-2), on(8)))
    found = breaches(problem, [(number, 1) for number in range(1, 7)], "hours.week")
    assert [(v.params["from"], v.amount) for v in found] == [(on(-1).isoformat(), 720), (on(0).isoformat(), 720)]


def test_the_day_after_the_plan_is_judged_too() -> None:
    problem = Problem((shift(1, 0, 18, 20),), (person(1),))
    assert [(v.params["date"], v.amount) for v in breaches(problem, [(1, 1)], "hours.day")] == [(str(on(1)), 120)]


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 95), st.integers(1, 96)), max_size=6))
def test_minutes_of_a_date_are_those_that_a_clock_would_count(spans: list[tuple[int, int, int]]) -> None:
    shifts = tuple(shift(n, day, start / 4, length / 4) for n, (day, start, length) in enumerate(spans, start=1))
    problem = Problem(shifts, (person(1),))
    counted: Counter[int] = Counter()
    for each in shifts:
        quarters = int((each.end - each.start) / timedelta(minutes=15))
        for quarter in range(quarters):
            counted[(each.start + quarter * timedelta(minutes=15)).astimezone(LOCAL).toordinal()] += 15
    assert row(problem, problem.staff[0], shifts).minutes == counted


def test_what_is_off_is_not_judged_and_standby_is_not_work() -> None:
    shifts = tuple(shift(number, number - 1, 7, 12, form="standby") for number in range(1, 8))
    problem = Problem(shifts, (person(1),))
    rules = {v.rule for v in check(problem, seats(*[(number, 1) for number in range(1, 8)])) if v.hard}
    assert rules == set()
    assert RULE_OF["hours.week"].is_on(problem)


def test_rest_is_asked_alike_on_every_date_so_that_engines_may_ask_once() -> None:
    """Rests are one number per plan or person; a norm that differs by date must first be taught to the engines."""
    for code in ("rest.between_shifts", "rest.weekly", "work.ordinary", "hours.continuous", "hours.rolling"):
        for parameter in RULE_OF[code].parameters:
            assert {norm.value for norm in parameter.norms} <= {parameter.default}


def test_a_decree_is_cited_from_the_day_it_came_into_force() -> None:
    (most,) = RULE_OF["hours.day"].parameters
    for day, cited in (("2021-01-31", False), ("2021-02-01", True)):
        (norm,) = (norm for norm in most.norms if norm.holds(date.fromisoformat(day)))
        assert ("145/2020" in norm.basis) is cited and norm.value == 720
