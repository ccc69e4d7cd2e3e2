"""What is weighed: loads, peaks and wishes; what the checker charges and what the engines do about it."""

from __future__ import annotations

import pytest

from planning.problem import Problem, Wish
from planning.rules.fairness import load_cost
from planning.score.check import check, cost_of
from tests.unit.planning.tiny import Engine, by_greedy, by_highs, on, person, seats, shift

ENGINES: list[Engine] = [by_greedy, by_highs]
each_engine = pytest.mark.parametrize("engine", ENGINES)
GIAO_THUA, MUNG_1 = frozenset({"giao_thua"}), frozenset({"mung_1"})


def soft(problem: Problem, *pairs: tuple[int, int]) -> dict[str, int]:
    return {v.rule: v.cost for v in check(problem, seats(*pairs)) if not v.hard}


@pytest.mark.parametrize(("load", "cost"), [(0, 0), (1000, 0), (1500, 500), (2500, 2000), (3000, 3000)])
def test_load_cost_is_the_sum_over_the_grid(load: int, cost: int) -> None:
    assert load_cost(load, 1000) == cost == sum(max(0, load - grid) for grid in range(1000, load + 1, 1000))


@each_engine
def test_history_counts_towards_the_load(engine: Engine) -> None:
    problem = Problem((shift(1, 0, points=1000),), (person(1, history_points=2000), person(2)))
    assert list(engine(problem)) == seats((1, 2))


@each_engine
def test_nobody_stands_two_peaks_while_others_have_none(engine: Engine) -> None:
    shifts = (shift(1, 0, 22, peak=GIAO_THUA), shift(2, 3, peak=MUNG_1))
    problem = Problem(shifts, (person(1), person(2, history_points=1200)))
    assert soft(problem, (1, 1), (2, 1))["peaks.second"] == 1_000_00
    assert {a.staff_id for a in engine(problem)} == {1, 2}


@each_engine
@pytest.mark.parametrize(("peak", "last"), [(GIAO_THUA, "last_giao_thua"), (MUNG_1, "last_mung_1")])
def test_the_peak_of_last_tet_goes_to_somebody_else(engine: Engine, peak: frozenset[str], last: str) -> None:
    problem = Problem((shift(1, 0, peak=peak),), (person(1, **{last: True}), person(2, history_points=1500)))
    assert soft(problem, (1, 1))["peaks.repeat"] == 25_00
    assert list(engine(problem)) == seats((1, 2))


@each_engine
@pytest.mark.parametrize(("want", "expected"), [("off", 2), ("on", 1)])
@pytest.mark.parametrize("template", [None, "Ngày"])
def test_wishes_are_heard(engine: Engine, want: str, expected: int, template: str | None) -> None:
    wish = Wish(1, on(0), template, want, 3)  # type: ignore[arg-type]
    problem = Problem((shift(1, 0), shift(2, 3)), (person(1, history_points=100), person(2)), wishes=(wish,))
    unheard = seats((1, 1)) if want == "off" else []
    assert f"wishes.{want}" in {v.rule for v in check(problem, unheard)}
    assert [a.staff_id for a in engine(problem) if a.shift_id == 1] == [expected]


def test_a_wish_for_another_shift_name_or_without_any_shift_is_no_breach() -> None:
    wishes = (Wish(1, on(0), "Đêm", "off", 3), Wish(1, on(5), None, "on", 3))
    problem = Problem((shift(1, 0),), (person(1),), wishes=wishes)
    assert cost_of(check(problem, seats((1, 1)))) == 0
