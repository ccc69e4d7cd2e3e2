"""Groups of shifts that share candidates: what happens in one group cannot touch another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from roster.planning.problem import Problem, Shift
from roster.planning.rules.fairness import FAIRNESS, load_cost


@dataclass(frozen=True)
class Group:
    """`idle_cost` is what its people cost before they do anything: a first lower bound."""

    shifts: tuple[Shift, ...]
    staff_ids: frozenset[int]
    size: int
    idle_cost: int

    @property
    def key(self) -> int:
        return self.shifts[0].id


def groups(problem: Problem, can: Mapping[int, Collection[int]]) -> list[Group]:
    """The finest split into groups; a pin ties its person to its shift as candidacy does."""
    pinned: defaultdict[int, set[int]] = defaultdict(set)
    for pin in problem.pins:
        pinned[pin.shift_id].add(pin.staff_id)
    people = {shift.id: {*can[shift.id], *pinned[shift.id]} for shift in problem.shifts}
    leader = _leaders(people)
    members: defaultdict[int, list[Shift]] = defaultdict(list)
    for shift in problem.shifts:
        members[leader[shift.id]].append(shift)
    return [_group(problem, tuple(shifts), people) for shifts in members.values()]


def _leaders(people: Mapping[int, Collection[int]]) -> dict[int, int]:
    """Shift id → a shift id that stands for its whole group (union by shared people)."""
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


def _group(problem: Problem, shifts: tuple[Shift, ...], people: Mapping[int, Collection[int]]) -> Group:
    staff_ids = frozenset(staff_id for shift in shifts for staff_id in people[shift.id])
    step = FAIRNESS.number(problem, "step")
    idle = sum(load_cost(problem.person[staff_id].history_points, step) for staff_id in staff_ids)
    return Group(shifts, staff_ids, sum(len(people[shift.id]) for shift in shifts), idle)
