"""Somebody is ill: who takes the shift, alone or in two moves, nearest first, with what each way changes."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from planning.explain.substitutes import CHAINS, Cover, Move, _Search, covers, takers
from planning.explain.what_if import EditEffect
from planning.problem import Assignment, Pin, Problem, Shift
from planning.score.check import check, cost_of
from tests.support.examples import seeds
from tests.unit.planning.tiny import away, person, seats, shift

SHIFTS = (shift(1, 0), shift(2, 1), shift(3, 1, 16))
PROBLEM = Problem(SHIFTS, (person(1), person(2), person(3)), parents={"T": None, "U": "T", "V": "T"})


def after(problem: Problem, roster: list[Assignment], cover: Cover) -> list[Assignment]:
    gone = {Assignment(move.shift_id, move.out) for move in cover.moves}
    come = [Assignment(move.shift_id, move.into) for move in cover.moves]
    return [*(each for each in roster if each not in gone), *come]


def test_direct_ways_with_what_breaks_at_the_end() -> None:
    problem = replace(PROBLEM, absences=(away(3, 0),))
    found = covers(problem, seats((1, 1)), 1, 1)
    assert [(c.moves, [v.rule for v in c.breaks]) for c in found] == [
        ((Move(1, 1, 2),), []),
        ((Move(1, 1, 3),), ["absence.away"]),
    ]


def test_two_moves_where_one_breaks_a_rule() -> None:
    # 2 is on the evening of day 1 and may not take its morning; 3 can take that evening, but not the morning.
    problem = replace(PROBLEM, staff=(person(1), person(2), person(3, limits={"limits.template:Sáng": 0})))
    problem = replace(problem, shifts=(SHIFTS[0], replace(SHIFTS[1], template="Sáng"), SHIFTS[2]))
    roster = seats((2, 1), (3, 2))
    found = covers(problem, roster, 2, 1)
    assert found[0].moves == (Move(2, 1, 2), Move(3, 2, 3))
    assert not found[0].breaks
    assert [len(each.moves) for each in found] == [2, 1, 1]
    assert all(each.breaks for each in found[1:])


def test_the_change_of_cost_is_what_the_whole_check_says() -> None:
    problem = replace(PROBLEM, staff=(person(1), person(2, history_points=4000), person(3, history_points=900)))
    roster = seats((1, 1), (2, 2), (3, 3))
    for shift_id, leaving in ((1, 1), (2, 2), (3, 3)):
        for each in covers(problem, roster, shift_id, leaving):
            change = cost_of(check(problem, after(problem, roster, each))) - cost_of(check(problem, roster))
            assert (each.cost_change, sum(each.costs.values())) == (change, change)


def test_ways_without_breaches_keep_every_hard_rule() -> None:
    problem = replace(PROBLEM, absences=(away(2, 0),))
    roster = seats((1, 1), (2, 2), (3, 3))
    for each in covers(problem, roster, 1, 1):
        if not each.breaks:
            assert not [v for v in check(problem, after(problem, roster, each)) if v.hard]


def test_the_nearest_unit_comes_first_and_then_the_cheapest() -> None:
    both = frozenset({"U", "T"})
    staff = (
        person(1, unit="U", eligible_units=both),
        person(2, unit="V", eligible_units=both),
        person(3, unit="U", eligible_units=both, history_points=5000),
    )
    found = covers(replace(PROBLEM, staff=staff), seats((1, 1)), 1, 1)
    assert [(each.moves[0].into, each.distance) for each in found] == [(3, 0), (2, 2)]


def test_nobody_is_taken_off_a_pinned_shift() -> None:
    problem = replace(PROBLEM, staff=(person(1), person(2), person(3, duties=frozenset({"support"}))))
    problem = replace(problem, staff=(*problem.staff, person(4, no_night=True)), pins=(Pin(3, 2),))
    found = covers(problem, seats((2, 1), (3, 2)), 2, 1)
    assert all(move.shift_id != 3 for each in found for move in each.moves)


def test_somebody_who_is_not_there_cannot_leave() -> None:
    with pytest.raises(ValueError, match="not on the shift"):
        covers(PROBLEM, (), 1, 1)


def test_those_who_could_take_it_alone_are_the_first_of_all_ways() -> None:
    both = frozenset({"U", "T"})
    staff = (
        person(1, unit="U", eligible_units=both),
        person(2, unit="V", eligible_units=both),
        person(3, unit="U", eligible_units=both, history_points=5000),
        person(4, unit="U", eligible_units=both),
    )
    problem, roster = replace(PROBLEM, staff=staff, absences=(away(4, 0),)), seats((1, 1))
    every = [each.moves[0].into for each in covers(problem, roster, 1, 1) if not each.breaks]
    assert takers(problem, roster, 1, 1, nearest=60) == every == [3, 2]
    assert takers(problem, roster, 1, 1, nearest=2) == [3], "of the two of the same unit"


class _Everybody(_Search):
    """Judges every heir, however far away: what the nearest first must come to as well."""

    def _passed_on(self, staff_id: int, given_up: Shift, change: EditEffect) -> Cover | None:
        first = Move(self.shift.id, self.leaving, staff_id)
        taking = {p: self._takes(p, given_up) for near in self._who_takes(given_up).values() for p in near}
        found = [
            self._cover([first, Move(given_up.id, staff_id, p)], [change, taking[p]])
            for p in sorted(taking)
            if p != staff_id and not taking[p].breaks
        ]
        return min((each for each in found if not each.breaks), key=lambda cover: cover.order, default=None)


@pytest.mark.parametrize("seed", seeds(12))
def test_heirs_judged_the_nearest_first_are_those_found_by_judging_everybody(seed: int) -> None:
    rng = random.Random(seed)  # noqa: S311
    names = ["T", *(f"{d}" for d in "UVW"), *(f"{d}{n}" for d in "UVW" for n in (1, 2))]
    parents = {name: None if name == "T" else "T" if len(name) == 1 else name[0] for name in names}
    homes = [rng.choice(names) for _n in range(30)]
    staff = tuple(
        person(
            n,
            unit=home,
            eligible_units=frozenset({home, parents[home] or "T", "T"}),
            history_points=rng.choice((0, 0, 400, 900)),
        )
        for n, home in enumerate(homes, start=1)
    )
    shifts = tuple(shift(n, n % 4, rng.choice((0, 4, 8)), unit=rng.choice(("T", "T", *names))) for n in range(1, 25))
    gone = tuple(away(rng.randint(1, 30), day) for day in range(4) for _turn in range(4))
    problem = Problem(shifts, staff, parents=parents, absences=gone)
    able = {each.id: [p.id for p in staff if each.unit in p.eligible_units] for each in shifts}
    roster = [Assignment(shift_id, rng.choice(ids)) for shift_id, ids in able.items() if ids]
    judged = 0
    for each in roster:
        search = _Everybody(problem, tuple(roster), problem.shift_of[each.shift_id], each.staff_id)
        chains = list(search.chains())
        judged += len(chains)
        ordered = sorted([*search.direct(), *sorted(chains, key=lambda c: c.order)[:CHAINS]], key=lambda c: c.order)
        assert covers(problem, roster, each.shift_id, each.staff_id) == ordered
    assert judged
