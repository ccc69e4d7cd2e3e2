"""What engines ask of rules beside their breaches: seats that changed, norms over time, shifts too long alone."""

from __future__ import annotations

from datetime import date

import pytest

from roster.planning.problem import Problem
from roster.planning.rules.base import Norm, Parameter
from roster.planning.rules.change import changed_seats
from roster.planning.rules.hours_continuous import HOURS_CONTINUOUS, lacks_ground
from roster.planning.rules.hours_day import HOURS_DAY
from tests.unit.planning.rule_cases import with_setting
from tests.unit.planning.tiny import person, seats, shift


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
