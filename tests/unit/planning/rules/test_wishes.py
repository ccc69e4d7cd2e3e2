"""Wishes: on which date, for which shift, whose, and at what weight; one wish says nothing about the next."""

from __future__ import annotations

from typing import Any

import pytest

from planning.problem import Problem, Shift, Wish
from planning.rules.base import Rule
from planning.rules.wishes import WISH_OFF, WISH_ON, asks_for, shifts_on
from tests.unit.planning.tiny import on, person, shift

BINH, EM = person(1), person(2)
DAY, NIGHT, LATER = shift(1, 0), shift(2, 0, 22, template="Đêm"), shift(3, 2)


def found(
    rule: Rule, wishes: tuple[Wish, ...], *held: Shift, plan: tuple[Shift, ...] = (DAY, NIGHT, LATER)
) -> list[Any]:
    """What Bình's shifts break: (who, shifts, numbers, amount, cost)."""
    problem = Problem(plan, (BINH, EM), wishes=wishes)
    return [(v.staff_id, v.shift_ids, v.params, v.amount, v.cost) for v in rule.person_breaches(problem, BINH, held)]


@pytest.mark.parametrize(
    ("template", "expected"),
    [(None, [True, True, False]), ("Ngày", [True, False, False]), ("Đêm", [False, True, False])],
)
def test_a_wish_is_about_its_date_and_its_name_or_any_name(template: str | None, expected: list[bool]) -> None:
    wish = Wish(1, on(0), template, "off")
    assert [asks_for(wish, each) for each in (DAY, NIGHT, LATER)] == expected


def test_shifts_are_found_by_the_date_on_which_they_start() -> None:
    problem = Problem((DAY, NIGHT, LATER), (BINH,))
    assert shifts_on(problem) == {on(0): [DAY, NIGHT], on(2): [LATER]}
    assert shifts_on(problem) is shifts_on(problem)


def test_each_shift_that_a_wish_would_be_free_of_costs_the_weight_of_the_wish() -> None:
    wishes = (Wish(1, on(0), None, "off", 2), Wish(1, on(2), "Ngày", "off", 5))
    first, last = {"date": on(0).isoformat(), "weight": 2}, {"date": on(2).isoformat(), "weight": 5}
    assert found(WISH_OFF, wishes, DAY, NIGHT, LATER) == [
        (1, (1,), first, 2, 600),
        (1, (2,), first, 2, 600),
        (1, (3,), last, 5, 1500),
    ]
    assert found(WISH_OFF, wishes, LATER) == [(1, (3,), last, 5, 1500)]
    assert found(WISH_ON, wishes) == []


def test_an_unheard_wish_names_every_shift_that_would_have_done_and_a_heard_one_before_it_hides_nothing() -> None:
    wishes = (Wish(1, on(2), None, "on", 4), Wish(1, on(1), None, "on", 7), Wish(1, on(0), None, "on", 3))
    params = {"date": on(0).isoformat(), "weight": 3}
    assert found(WISH_ON, wishes, LATER) == [(1, (1, 2), params, 3, 900)]
    assert found(WISH_ON, wishes, LATER, NIGHT) == []
    assert found(WISH_OFF, wishes, DAY, NIGHT, LATER) == []


def test_a_wish_for_what_one_may_not_serve_is_no_breach() -> None:
    others = (shift(1, 0, unit="V"), shift(2, 0, duty="leadership"))
    assert found(WISH_ON, (Wish(1, on(0), None, "on"),), plan=others) == []


def test_nobody_pays_for_what_somebody_else_asked_for() -> None:
    wishes = (Wish(2, on(0), None, "off"), Wish(2, on(2), None, "on"))
    assert found(WISH_OFF, wishes, DAY) == found(WISH_ON, wishes, DAY) == []
