"""What a run came to, by the facts of now: its status, breaches, cost, and who could not take the empty seats."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from planning.explain import shortages
from planning.outcome import Outcome, ReplanChanges, Violation
from planning.problem import Assignment
from planning.rules.change import changed_seats
from planning.score.check import check, cost_of
from roster.solving.applying import AppliedSolution
from roster.solving.fairer import as_json
from roster.words import violations

FACTS_CHANGED = "facts_changed"
"""In ``SolveRun.error`` of a run that wrote its roster: what the engine was told no longer held by then."""


def described(applied: AppliedSolution, outcome: Outcome) -> dict[str, Any]:
    """The run's result by the facts of now. A bound that was proven of others is no bound any more."""
    problem = applied.problem
    known = [each for each in applied.assignments if each.staff_id in problem.person]
    status, changes = _status(outcome, applied), _changes(outcome, applied, known)
    found: list[Violation] = check(problem, known)
    conflicts = [
        {
            "shift": short.shift_id,
            "missing": short.missing,
            "reasons": {c: list(ids) for c, ids in short.reasons.items()},
        }
        for short in shortages(problem, known)
    ]
    result: dict[str, Any] = {
        "objective": cost_of(found),
        "violations": [
            violations.stored(each) for each in found if each.rule not in ("fairness.load", "coverage.headcount")
        ],
        "conflicts": conflicts,
        "status": status or ("infeasible" if conflicts else "feasible"),
        "changes": changes,
    }
    return result if applied.is_same else {**result, "bound": None, "error": FACTS_CHANGED}


def _changes(outcome: Outcome, applied: AppliedSolution, known: Sequence[Assignment]) -> dict[str, Any] | None:
    """What a re-plan changed. Where the draft is not what the engine gave, nothing is proven and nothing
    offered."""
    told = outcome.changes
    if told is None:
        return None
    if not applied.is_same or set(known) != set(outcome.assignments):
        told = ReplanChanges(changed_seats(applied.problem.baseline, known), 0, is_proved=False, is_fairest=False)
    return as_json(told, known, applied.today.problem)


def _status(outcome: Outcome, applied: AppliedSolution) -> str:
    """The engine's word; '' when that is of no use: it holds for the roster that it gave and the facts that it knew."""
    if not applied.is_same:
        return ""
    proof = outcome.certificate  # it says what the roster of a search that was stopped is worth
    word = proof.status if proof is not None and outcome.status == "cancelled" else outcome.status
    return "feasible" if word == "optimal" and set(applied.assignments) != set(outcome.assignments) else word
