"""A problem that makes no sense is refused before anybody computes with it; and the sweep that finds conflicts."""

from __future__ import annotations

from datetime import timedelta
from itertools import combinations

import pytest

from planning.engines.mip.cliques import interval_cliques as cliques
from planning.problem import Pin, Problem, Wish
from planning.score.check import check
from planning.settings import Setting
from tests.unit.planning.tiny import away, on, person, seats, shift


@pytest.mark.parametrize(
    "fault",
    [
        {"shifts": (shift(1, 0), shift(1, 1))},
        {"staff": (person(1), person(1))},
        {"shifts": (shift(1, 0, hours=0),)},
        {"shifts": (shift(1, 0, headcount=-1),)},
        {"absences": (away(9, 0),)},
        {"wishes": (Wish(9, on(0), None, "off"),)},
        {"pins": (Pin(9, 1),)},
    ],
)
def test_nonsense_is_refused(fault: dict[str, tuple[object, ...]]) -> None:
    good: dict[str, tuple[object, ...]] = {"shifts": (shift(1, 0),), "staff": (person(1),)}
    with pytest.raises(ValueError, match="."):
        Problem(**good | fault)  # type: ignore[arg-type]


def test_rest_for_standby_may_only_be_relaxed() -> None:
    settings = {"rest.between_shifts": Setting(values={"minutes": 600, "standby_minutes": 720})}
    problem = Problem((shift(1, 0, 6, form="standby"), shift(2, 1, 0.5)), (person(1),), settings=settings)
    assert [v.rule for v in check(problem, seats((1, 1), (2, 1))) if v.hard] == []


def test_the_checker_refuses_unknown_people() -> None:
    with pytest.raises(KeyError):
        check(Problem((shift(1, 0),), (person(1),)), seats((1, 9)))


def test_the_same_person_twice_on_a_shift_fills_one_seat() -> None:
    problem = Problem((shift(1, 0, hours=5, headcount=2),), (person(1),))
    breaches = [v.rule for v in check(problem, seats((1, 1), (1, 1))) if v.hard]
    assert breaches == ["coverage.headcount", "overlap.shifts"]


def test_cliques_cover_exactly_the_pairs_that_lack_rest() -> None:
    shifts = [shift(n, day, hour) for n, (day, hour) in enumerate((d, h) for d in range(3) for h in (6, 14, 22))]
    rest = timedelta(hours=12)
    covered = {frozenset(pair) for clique in cliques(shifts, rest) for pair in combinations([s.id for s in clique], 2)}
    lacking = {
        frozenset((a.id, b.id)) for a, b in combinations(shifts, 2) if a.start < b.end + rest and b.start < a.end + rest
    }
    assert covered == lacking
