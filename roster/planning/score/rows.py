"""Which shifts each person has, by their ids: to know whether a row is what it was when it was judged last."""

from __future__ import annotations

from roster.planning.problem import Problem
from roster.planning.rules.base import Roster


def ids_of(problem: Problem, roster: Roster) -> dict[int, tuple[int, ...]]:
    """Of each person who has any, in order of start; made once for a roster that several look through."""
    last: tuple[Roster, dict[int, tuple[int, ...]]] | None = problem.memo.get("rows")
    if last is None or last[0] is not roster:
        made = {staff_id: tuple([shift.id for shift in own]) for staff_id, own in roster.shifts_of.items()}
        last = problem.memo["rows"] = (roster, made)
    return last[1]
