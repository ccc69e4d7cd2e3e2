"""What engines ask of rules beside their breaches: seats that changed, norms over time, shifts too long alone."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from planning.problem import Absence, Pair, Problem
from planning.rules.base import Norm, Parameter, Rule, could_take, could_take_some
from planning.rules.change import changed_seats
from planning.rules.hours.continuous import HOURS_CONTINUOUS, excused_minutes, lacks_ground
from planning.rules.hours.day import HOURS_DAY
from planning.rules.hours.month import worked_before as before_in_month
from planning.rules.hours.rolling import minutes_within, windows
from planning.rules.hours.week import windows as week_windows
from planning.rules.hours.year import worked_before as before_in_year, year_limit
from planning.rules.limits.weekends import weekend
from planning.rules.pairs.together import pairs
from planning.rules.rest.between_shifts import rest_minutes
from planning.time.minutes import row
from tests.unit.planning.rule_cases import with_setting
from tests.unit.planning.tiny import at, away, busy, on, person, seats, shift


@pytest.mark.parametrize(
    ("before", "after", "changed"),
    [
        ([(1, 1), (2, 2)], [(1, 1), (2, 2)], 0),
        ([(1, 1)], [(1, 2)], 1),
        ([(1, 1)], [], 1),
        ([], [(1, 1), (1, 2)], 2),
        ([(1, 1), (1, 2), (1, 3)], [(1, 4), (1, 5)], 3),
        ([(1, 1), (2, 2)], [(2, 1), (1, 2)], 2),
    ],
)
def test_a_seat_changes_once_whether_somebody_comes_goes_or_both(
    before: list[tuple[int, int]], after: list[tuple[int, int]], changed: int
) -> None:
    assert changed_seats(seats(*before), seats(*after)) == changed


def test_a_norm_changes_a_default_from_its_first_day_to_its_last() -> None:
    norms = (
        Norm("cũ", until=date(2020, 12, 31), value=200),
        Norm("không có số", since=date(2021, 1, 1), until=date(2021, 6, 30)),
        Norm("mới", since=date(2021, 7, 1), value=300),
        Norm("như cũ", since=date(2022, 4, 1), value=300),
    )
    most = Parameter("most", "minutes", 100, norms=norms)
    changes = ((date(2021, 1, 1), 100), (date(2021, 7, 1), 300))
    assert most.changes(date(2020, 1, 1), date(2023, 1, 1)) == ((date(2020, 1, 1), 200), *changes)
    assert most.changes(date(2020, 12, 31), date(2021, 1, 1)) == ((date(2020, 12, 31), 200), changes[0])
    assert most.changes(date(2021, 1, 1), date(2021, 6, 30)) == changes[:1]
    assert most.changes(date(2022, 1, 1), date(2022, 12, 31)) == ((date(2022, 1, 1), 300),)
    ended = Parameter("most", "minutes", 100, norms=norms[:1])
    assert ended.changes(date(2020, 1, 1), date(2023, 1, 1)) == ((date(2020, 1, 1), 200), (date(2021, 1, 1), 100))
    assert Parameter("most", "minutes").changes(date(2020, 1, 1), date(2023, 1, 1)) == ((date(2020, 1, 1), None),)


def test_a_shift_longer_than_one_person_may_be_on_site_needs_a_ground() -> None:
    long, just = shift(1, 0, 7, 13), shift(2, 0, 7, 12)
    problem = Problem((long, just), (person(1),))
    assert lacks_ground(problem, long)
    assert not lacks_ground(problem, just)
    assert not lacks_ground(problem, shift(1, 0, 7, 13, grounded=True))
    assert not lacks_ground(problem, shift(1, 0, 7, 13, form="standby"))


def test_the_ground_is_asked_by_the_limit_of_the_rule_that_asks() -> None:
    long = shift(1, 0, 7, 13)
    problem = Problem((long,), (person(1),))
    patient = with_setting(problem, HOURS_CONTINUOUS.code, values={"most": 780})
    assert not lacks_ground(patient, long)
    assert lacks_ground(patient, long, HOURS_DAY)
    strict = with_setting(problem, HOURS_DAY.code, values={"most": 600})
    assert lacks_ground(strict, shift(2, 0, 7, 11), HOURS_DAY)
    assert not lacks_ground(strict, shift(2, 0, 7, 11))


@pytest.mark.parametrize(
    ("who", "what", "can"),
    [
        ({}, {}, True),
        ({"duties": frozenset()}, {}, False),
        ({"eligible_units": frozenset()}, {}, False),
        ({"no_night": True}, {}, True),
        ({"no_night": True}, {"hour": 22}, False),
        ({"no_night": True}, {"hour": 22, "form": "standby"}, True),
        ({}, {"hour": 22}, True),
        ({"no_overtime": True}, {"hours": 8}, True),
        ({"no_overtime": True}, {"hours": 9}, False),
        ({}, {"hours": 11}, True),
    ],
)
def test_who_could_take_a_shift(who: dict[str, Any], what: dict[str, Any], can: bool) -> None:
    one, each = person(1, **who), shift(1, 2, **what)
    problem = Problem((each,), (one,))
    assert could_take(problem, one, each) is can
    assert could_take_some(problem, one) is can


@pytest.mark.parametrize(
    ("from_hour", "to_hour", "can"),
    [(0, 7, True), (0, 8, False), (14, 20, False), (15, 20, True), (9, 10, False), (0, 24, False)],
)
def test_leave_and_duties_elsewhere_keep_away_while_they_last(from_hour: float, to_hour: float, can: bool) -> None:
    one, each = person(1), shift(1, 0, 7, 8)
    leave = Absence(1, at(0, from_hour), at(0, to_hour))
    assert could_take(Problem((each,), (one,), (leave,)), one, each) is can
    elsewhere = busy(1, 0, from_hour, to_hour - from_hour)
    assert could_take(Problem((each,), (one,), busy=(elsewhere,)), one, each) is can


def test_one_shift_that_can_be_taken_is_enough() -> None:
    one = person(1)
    problem = Problem((shift(1, 0), shift(2, 2)), (one,), (away(1, 0),))
    assert could_take_some(problem, one)
    assert could_take_some(problem, one), "asked again"
    assert not could_take_some(Problem((shift(1, 0),), (one,), (away(1, 0),)), one)


def test_the_ground_is_asked_by_the_norm_of_the_shifts_own_date() -> None:
    eased = Norm("nới", since=on(1), value=780)
    rule = Rule("made.up", hard=True, parameters=(Parameter("most", "minutes", 600, norms=(eased,)),))
    problem = Problem((shift(1, 0, 7, 11), shift(2, 1, 7, 11)), (person(1),))
    assert [lacks_ground(problem, each, rule) for each in problem.shifts] == [True, False]


def test_a_number_is_the_persons_else_the_norms_of_the_date_else_none_at_all() -> None:
    most = Parameter("most", "minutes", 600, norms=(Norm("nới", since=on(1), value=780),))
    rule = Rule("made.up", hard=True, parameters=(most, Parameter("least", "minutes")))
    problem, own = Problem((), ()), person(1, limits={"made.up:most": 90})
    assert [rule.number(problem, "most", person=who, on=on(1)) for who in (own, person(2))] == [90, 780]
    assert [rule.number(problem, "most", on=day) for day in (on(0), on(1), None)] == [600, 780, 600]
    assert rule.number(problem, "least") == 0


def test_pairs_are_told_apart_by_their_kind() -> None:
    pair, other = Pair(1, 2, "together"), Pair(1, 2, "apart")
    problem = Problem((shift(1, 0),), (person(1), person(2)), pairs=(pair, other))
    assert (pairs(problem, "together"), pairs(problem, "apart")) == ((pair,), (other,))


def test_rest_between_duties_at_home_may_only_be_shorter() -> None:
    problem = Problem((shift(1, 0),), (person(1),))
    assert [rest_minutes(problem, on_site=each) for each in (True, False)] == [720, 0]
    for standby, asked in ((600, 600), (900, 720)):
        chosen = with_setting(problem, "rest.between_shifts", values={"standby_minutes": standby})
        assert [rest_minutes(chosen, on_site=each) for each in (True, False)] == [720, asked]


def test_a_weekend_is_known_by_its_saturday() -> None:
    saturday = on(5).toordinal()
    assert [weekend(on(day).toordinal()) for day in range(8)] == [None] * 5 + [saturday, saturday, None]


@pytest.mark.parametrize(
    ("fixed", "chosen", "hard", "cost"),
    [
        (False, {}, True, 0),
        (False, {"hard": True, "weight": 7}, True, 0),
        (False, {"hard": False}, False, 15),
        (False, {"hard": False, "weight": 7}, False, 21),
        (True, {"hard": False, "weight": 7}, True, 0),
    ],
)
def test_a_breach_is_hard_and_free_or_soft_at_its_price(
    fixed: bool, chosen: dict[str, Any], hard: bool, cost: int
) -> None:
    rule = Rule("made.up", hard=True, weight=5, fixed=fixed)
    problem = with_setting(Problem((shift(1, 0),), (person(1),)), rule.code, **chosen)
    breach = rule.breach(problem, 1, (1,), amount=3)
    assert (breach.hard, breach.cost, breach.amount, breach.params) == (hard, cost, 3, {})


@pytest.mark.parametrize(
    ("rule", "chosen", "weight"),
    [
        (Rule("made.up", hard=False, weight=5), {}, 5),
        (Rule("made.up", hard=False, weight=5), {"weight": 0}, 0),
        (Rule("made.up", hard=False, fixed=True, weight=5), {"weight": 7}, 7),
        (Rule("made.up", hard=True, fixed=True, weight=5), {"weight": 7}, 5),
        (Rule("made.up", hard=False), {"weight": 7}, 0),
    ],
)
def test_a_campaign_sets_the_price_of_what_has_one(rule: Rule, chosen: dict[str, Any], weight: int) -> None:
    assert rule.weight_in(with_setting(Problem((), ()), rule.code, **chosen)) == weight


def test_a_stated_ground_takes_off_what_is_above_the_limit() -> None:
    hours = ((13, True, 60), (12, True, 0), (11, True, 0), (13, False, 0))
    assert [excused_minutes(shift(1, 0, 7, n, grounded=ground), 720) for n, ground, _ in hours] == [
        e for *_, e in hours
    ]


@pytest.mark.parametrize(
    ("hours", "grounded", "begins"),
    [(13, False, [420]), (13, True, [420, 480]), (12, True, [420]), (11, True, [420])],
)
def test_where_twenty_four_hours_begin_because_of_a_shift(hours: int, grounded: bool, begins: list[int]) -> None:
    held, midnight = held_on_monday(hours, grounded)
    assert [minute - midnight for minute in windows(held, 720)] == begins


@pytest.mark.parametrize(
    ("since", "counted", "with_ground"),
    [
        (420, 780, 720),
        (480, 720, 720),
        (500, 700, 700),
        (1200, 0, 0),
        (1199, 1, 1),
        (2000, 0, 0),
        (-1020, 0, 0),
        (-1019, 1, 1),
    ],
)
def test_what_a_shift_counts_in_twenty_four_hours(since: int, counted: int, with_ground: int) -> None:
    for grounded, expected in ((False, counted), (True, with_ground)):
        held, midnight = held_on_monday(13, grounded)
        assert minutes_within(held, midnight + since, 720) == expected


def held_on_monday(hours: int, grounded: bool) -> tuple[Any, int]:
    """A shift from seven o'clock on with its minutes, and the minute at which its day begins."""
    each, who = shift(1, 0, 7, hours, grounded=grounded), person(1)
    own = row(Problem((each,), (who,)), who, (each,))
    return (own.onsite[0], own.slots[0]), on(0).toordinal() * 1440


def test_windows_of_a_week_end_with_the_plan_and_a_shorter_plan_is_one() -> None:
    def first_days(last: int) -> list[int]:
        plan = Problem((shift(1, 0),), (person(1),), span=(on(0), on(last)))
        return [day - on(0).toordinal() for day in week_windows(plan)]

    assert [first_days(last) for last in (0, 5, 6, 7, 8)] == [[0], [0], [0], [0, 1], [0, 1, 2]]


@pytest.mark.parametrize(("day", "month", "year"), [(0, 600, 900), (27, 600, 900), (28, 0, 900), (400, 0, 0)])
def test_overtime_before_the_plan_is_known_of_its_first_month_and_year(day: int, month: int, year: int) -> None:
    who = person(1, overtime_month=600, overtime_year=900)
    problem = Problem((shift(1, 0), shift(2, 400)), (who,))
    assert before_in_month(problem, who, on(day)) == month
    assert before_in_year(problem, who, on(day)) == year


def test_the_limit_of_overtime_is_the_persons_else_the_campaigns_else_the_regimes_else_the_laws() -> None:
    plain, special = person(1), person(2, limits={"hours.year:special": 1})
    own = person(3, limits={"hours.year:most": 500, "hours.year:special": 1})
    problem = Problem((shift(1, 0),), (plain, special, own))
    assert [year_limit(problem, who, on(0)) for who in problem.staff] == [12000, 18000, 500]
    chosen = with_setting(problem, "hours.year", values={"most": 700})
    assert [year_limit(chosen, who, on(0)) for who in problem.staff] == [700, 700, 500]
