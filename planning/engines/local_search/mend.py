"""A roster that no longer fits: what breaks a rule is let go, and the greedy fills the holes."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import replace

from planning.engines.local_search.engine import build
from planning.outcome import Violation
from planning.problem import Assignment, Pin, Problem
from planning.rules import RULES
from planning.score.check import person_violations
from planning.score.score import is_least


def mend(problem: Problem, roster: Iterable[Assignment], *, seed: int) -> tuple[Assignment, ...]:
    """Return as much of the roster as breaks no hard rule, with its empty seats filled where that can be done."""
    kept = lawful(problem, roster)
    if not _has_holes(problem, kept):
        return tuple(sorted(kept))
    pins = tuple(Pin(each.shift_id, each.staff_id) for each in sorted(kept))
    return build(replace(problem, pins=pins), seed=seed)


def lawful(problem: Problem, roster: Iterable[Assignment]) -> set[Assignment]:
    """The pins, and of the roster what breaks no hard rule beside them; people and shifts that are gone left out."""
    pinned = {Assignment(pin.shift_id, pin.staff_id) for pin in problem.pins}
    known = (each for each in roster if each.staff_id in problem.person and each.shift_id in problem.shift_of)
    kept = pinned.union(known)
    for staff_id, own in _by_person(kept).items():
        kept -= _dropped_by_person(problem, staff_id, own, pinned)
    return kept - _dropped_by_shift(problem, kept, pinned)


def _by_person(roster: Iterable[Assignment]) -> dict[int, set[int]]:
    held: defaultdict[int, set[int]] = defaultdict(set)
    for each in roster:
        held[each.staff_id].add(each.shift_id)
    return held


def _dropped_by_person(
    problem: Problem, staff_id: int, own: set[int], pinned: Collection[Assignment]
) -> set[Assignment]:
    """Shifts that the person must let go, the last one of a breach first."""
    left = set(own)
    while True:
        found = person_violations(problem, staff_id, [problem.shift_of[shift_id] for shift_id in left])
        loose = _loose(found, left, staff_id, pinned)
        if loose is None:
            return {Assignment(shift_id, staff_id) for shift_id in own - left}
        left.remove(loose)


def _loose(found: Iterable[Violation], left: set[int], staff_id: int, pinned: Collection[Assignment]) -> int | None:
    for each in found:
        if each.hard and not is_least(each):
            for shift_id in reversed(each.shift_ids):
                if shift_id in left and Assignment(shift_id, staff_id) not in pinned:
                    return shift_id
    return None


def _dropped_by_shift(problem: Problem, kept: set[Assignment], pinned: Collection[Assignment]) -> set[Assignment]:
    dropped = set()
    people: defaultdict[int, list[int]] = defaultdict(list)
    for each in sorted(kept):
        people[each.shift_id].append(each.staff_id)
    for shift_id, there in people.items():
        loose = [p for p in there if Assignment(shift_id, p) not in pinned]
        while loose and _is_broken(problem, shift_id, there):
            dropped.add(Assignment(shift_id, loose[-1]))
            there.remove(loose.pop())
    return dropped


def _is_broken(problem: Problem, shift_id: int, people: list[int]) -> bool:
    found = [v for rule in RULES for v in rule.shift_breaches(problem, problem.shift_of[shift_id], people)]
    return any(v.hard and not is_least(v) and not v.params.get("missing") for v in found)


def _has_holes(problem: Problem, kept: Iterable[Assignment]) -> bool:
    staffed: defaultdict[int, int] = defaultdict(int)
    for each in kept:
        staffed[each.shift_id] += 1
    return any(staffed[shift.id] < shift.headcount for shift in problem.shifts)
