"""Components of shifts that share candidates: what happens in one component cannot touch another."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property

from planning.problem import Problem, Shift
from planning.rules.fairness import FAIRNESS
from planning.score.check import cost_of


@dataclass(frozen=True)
class Component:
    """`size` counts its (shift, candidate) pairs."""

    shifts: tuple[Shift, ...]
    staff_ids: frozenset[int]
    size: int

    @property
    def key(self) -> int:
        return self.shifts[0].id

    @cached_property
    def shift_ids(self) -> frozenset[int]:
        return frozenset(shift.id for shift in self.shifts)


def components(problem: Problem, can: Mapping[int, Collection[int]]) -> list[Component]:
    """The finest split. Besides candidacy, a pin ties a person to a shift, and "together" two people."""
    people = reached(problem, can)
    leader = leaders(people)
    members: defaultdict[int, list[Shift]] = defaultdict(list)
    for shift in problem.shifts:
        members[leader[shift.id]].append(shift)
    return [component_of(tuple(shifts), people) for shifts in members.values()]


def reached(problem: Problem, can: Mapping[int, Collection[int]]) -> dict[int, set[int]]:
    """Shift id → ids of the people whom it matters to: candidates, the pinned, and who must share it with one."""
    partners: defaultdict[int, set[int]] = defaultdict(set)
    for pair in problem.pairs:
        if pair.kind == "together":
            partners[pair.first].add(pair.second)
            partners[pair.second].add(pair.first)
    people = {shift.id: set(can[shift.id]) for shift in problem.shifts}
    for pin in problem.pins:
        people[pin.shift_id].add(pin.staff_id)
    for there in people.values() if partners else ():
        there.update(*[partners[staff_id] for staff_id in there if staff_id in partners])
    return people


def leaders(people: Mapping[int, Collection[int]]) -> dict[int, int]:
    """Shift id → a shift id that stands for its whole component (union by shared people)."""
    parent = {shift_id: shift_id for shift_id in people}

    def find(shift_id: int) -> int:
        while parent[shift_id] != shift_id:
            parent[shift_id] = shift_id = parent[parent[shift_id]]
        return shift_id

    first_of: dict[int, int] = {}
    for shift_id, staff_ids in people.items():
        for staff_id in staff_ids:
            parent[find(shift_id)] = find(first_of.setdefault(staff_id, shift_id))
    return {shift_id: find(shift_id) for shift_id in people}


def component_of(shifts: tuple[Shift, ...], people: Mapping[int, Collection[int]]) -> Component:
    """These shifts with everybody whom they reach."""
    staff_ids = frozenset(staff_id for shift in shifts for staff_id in people[shift.id])
    return Component(shifts, staff_ids, sum(len(people[shift.id]) for shift in shifts))


def empty_seats(component: Component, pairs: Collection[tuple[int, int]]) -> int:
    """Count the empty seats of a roster given as pairs of shift and person."""
    staffed = Counter(shift_id for shift_id, _ in pairs)
    return sum(max(0, shift.headcount - staffed[shift.id]) for shift in component.shifts)


def carried_cost(problem: Problem, staff_id: int) -> int:
    """Return what the load that a person carries in costs by itself."""
    return cost_of(FAIRNESS.person_breaches(problem, problem.person[staff_id], ()))
