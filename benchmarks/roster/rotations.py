"""The rotations that on-call tools offer, written from their published rules, on the same Problems.

Each gives a shift's seats to the people who may take that duty, and knows no rule but its own:
`blind` takes the next in the list (GoAlert, Grafana OnCall, LinkedIn Oncall's round-robin); `skipping` the next who
is not on leave and not in another shift at that time; `longest_off` whoever has been off that duty the longest,
skipping leave and overlaps (LinkedIn Oncall's default scheduler).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime

from planning.problem import Assignment, Problem, Shift, Staff

Rotation = Callable[[Problem], tuple[Assignment, ...]]


def blind(problem: Problem) -> tuple[Assignment, ...]:
    return tuple(_in_turn(problem, lambda shift, person, taken: True))


def skipping(problem: Problem) -> tuple[Assignment, ...]:
    return tuple(_in_turn(problem, lambda shift, person, taken: _is_free(problem, shift, person, taken)))


def longest_off(problem: Problem) -> tuple[Assignment, ...]:
    """Nobody's turn is fixed: the free person whose last shift of that duty ended first."""
    last: dict[tuple[str, int], datetime] = {}
    taken: defaultdict[int, list[Shift]] = defaultdict(list)
    found = []
    for shift in _in_order(problem):
        members = [p for p in _members(problem, shift) if _is_free(problem, shift, p, taken[p.id])]
        members.sort(
            key=lambda p: (last.get((shift.duty, p.id), datetime.min.replace(tzinfo=shift.start.tzinfo)), p.id)
        )
        for person in members[: shift.headcount]:
            last[shift.duty, person.id] = shift.end
            taken[person.id].append(shift)
            found.append(Assignment(shift.id, person.id))
    return tuple(found)


ROTATIONS: dict[str, Rotation] = {"blind": blind, "skipping": skipping, "longest_off": longest_off}


def _in_turn(problem: Problem, may: Callable[[Shift, Staff, list[Shift]], bool]) -> Iterator[Assignment]:
    turn: defaultdict[tuple[str, str], int] = defaultdict(int)
    taken: defaultdict[int, list[Shift]] = defaultdict(list)
    for shift in _in_order(problem):
        members, key = _members(problem, shift), (shift.duty, shift.unit)
        seated = 0
        for _ in members:
            person = members[turn[key] % len(members)]
            turn[key] += 1
            if may(shift, person, taken[person.id]):
                taken[person.id].append(shift)
                yield Assignment(shift.id, person.id)
                seated += 1
            if seated == shift.headcount:
                break


def _in_order(problem: Problem) -> list[Shift]:
    return sorted(problem.shifts, key=lambda shift: (shift.start, shift.id))


def _members(problem: Problem, shift: Shift) -> list[Staff]:
    """Who is on the rota."""
    return [p for p in problem.staff if shift.duty in p.duties and shift.unit in p.eligible_units]


def _is_free(problem: Problem, shift: Shift, person: Staff, taken: list[Shift]) -> bool:
    away = any(shift.start < a.end and a.start < shift.end for a in problem.absences_of.get(person.id, ()))
    return not away and all(shift.end <= other.start or other.end <= shift.start for other in taken)
