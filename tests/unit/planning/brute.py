"""The fewest empty seats of a tiny Problem by trying everything: the answer that nobody can argue with."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from planning.problem import Assignment, Problem, Shift
from planning.score.check import check


def fewest_missing(problem: Problem, seconds: float = 0) -> tuple[int, bool]:
    """(fewest empty seats, True). Only for a handful of shifts and people."""
    return min(
        _missing(problem, roster) for roster in rosters(problem, problem.shifts) if _is_valid(problem, roster)
    ), True


def _missing(problem: Problem, roster: tuple[Assignment, ...]) -> int:
    return sum(max(0, s.headcount - sum(a.shift_id == s.id for a in roster)) for s in problem.shifts)


def rosters(problem: Problem, shifts: tuple[Shift, ...]) -> Iterator[tuple[Assignment, ...]]:
    if not shifts:
        yield ()
        return
    first, rest = shifts[0], shifts[1:]
    able = [person.id for person in problem.staff if first.duty in person.duties]
    most = len(able) if first.wanted else first.headcount
    groups = [group for size in range(most + 1) for group in combinations(able, size)]
    for tail in rosters(problem, rest):
        for group in groups:
            yield (*tail, *(Assignment(first.id, staff_id) for staff_id in group))


def _is_valid(problem: Problem, roster: tuple[Assignment, ...]) -> bool:
    return not any(v.hard and v.rule != "coverage.headcount" for v in check(problem, roster))


class Proofs:
    """What a solver would prove, by trying everything."""

    def fewest_missing(self, problem: Problem, seconds: float) -> tuple[int, bool]:
        return fewest_missing(problem)

    def binding_rules(self, problem: Problem, seconds: float) -> tuple[int, dict[str, list[int]]]:
        return 0, {}


class NoProofs(Proofs):
    """A solver that never answers in time."""

    def fewest_missing(self, problem: Problem, seconds: float) -> tuple[int, bool]:
        return -1, False
