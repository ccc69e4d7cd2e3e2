"""Limits on which the proof of a shortage rests, one step up each: what that brings when everybody may move.

Somebody who could take no empty seat may still be the one to allow more: they relieve another, who takes it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from planning.explain.deadline import InTime
from planning.explain.relaxed_problem import COUNTED, relaxed
from planning.explain.repairs import Repair
from planning.problem import Problem, Shift, Staff
from planning.rules import RULE_OF
from planning.rules.limits.max_shifts import most_shifts

MOST = 12  # people asked about


def by_moving_others(
    problem: Problem,
    tight: Mapping[str, Sequence[int]],
    known: Sequence[Repair],
    empty: Sequence[Shift],
    *,
    least: int,
    asked: InTime,
) -> Iterator[Repair]:
    """Repairs for people not among the `known` ones; they name no seats, only how many could be filled."""
    told = {(repair.rule, repair.staff_id) for repair in known}
    steps = [
        step
        for code, people in tight.items()
        for staff_id in people
        if code in COUNTED and (code, staff_id) not in told and staff_id in problem.person
        if (step := _step(problem, code, problem.person[staff_id], empty)) is not None
    ]
    for step in steps[:MOST]:
        allowed = relaxed(problem, step)
        fills = asked.fills(allowed, least, 0) if allowed is not None else None
        if fills is not None:
            yield replace(step, fills=fills)


def _step(problem: Problem, code: str, person: Staff, empty: Sequence[Shift]) -> Repair | None:
    """One more shift, night or day, or the minutes of the longest empty shift; at the weight of the rule."""
    rule = RULE_OF[code]
    was = most_shifts(problem, person) if code == "limits.max_shifts" else _most(problem, code, person, empty)
    if was is None or not rule.is_hard(problem):
        return None
    more = max(shift.minutes for shift in empty) if code.startswith("hours.") else 1
    return Repair("person", code, (), rule.weight_in(problem) * more, person.id, was, was + more)


def _most(problem: Problem, code: str, person: Staff, empty: Sequence[Shift]) -> int | None:
    return RULE_OF[code].value(problem, "most", person=person, on=empty[0].local_date)
