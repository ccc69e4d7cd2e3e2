"""What can be computed again of a certificate, and whether it still says the same."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from planning.certificate import Certificate
from planning.codec import fingerprint
from planning.outcome import Violation
from planning.problem import Assignment, Problem
from planning.score.check import check
from planning.score.score import score_of


def roster_fingerprint(assignments: Iterable[Assignment]) -> str:
    """SHA-256 of the pairs (shift, person) in order, in hexadecimal."""
    pairs = sorted((each.shift_id, each.staff_id) for each in assignments)
    text = ";".join(f"{shift_id},{staff_id}" for shift_id, staff_id in pairs)
    return hashlib.sha256(text.encode()).hexdigest()


def facts_of(problem: Problem, assignments: Iterable[Assignment]) -> dict[str, Any]:
    """Return what can be computed again of a certificate, under the names of its entries."""
    roster = tuple(assignments)
    return {"problem": fingerprint(problem), **facts_of_roster(roster, tuple(check(problem, roster)))}


def facts_of_roster(roster: Iterable[Assignment], violations: Collection[Violation]) -> dict[str, Any]:
    """Return what the roster alone decides of these; ``violations``: what the checker says of it."""
    score = score_of(violations)
    return {
        "roster": roster_fingerprint(roster),
        "cost": score.cost,
        "missing": score.missing,
        "hard_breaches": hard_breaches(violations),
        "soft_cost": soft_cost(violations),
    }


def gap_between(cost: int, bound: int | None) -> float | None:
    """Return which share of the cost could be saved at the most; ``None`` where nothing is proven."""
    if bound is None:
        return None
    return (cost - bound) / cost if cost else 0.0


def contradictions(certificate: Certificate, facts: Mapping[str, Any]) -> tuple[str, ...]:
    """Names of the entries that `facts_of` some problem and roster contradict."""
    wrong = [name for name, value in facts.items() if getattr(certificate, name) != value]
    if certificate.bound is not None and certificate.bound > facts["cost"]:
        wrong.append("bound")
    if certificate.proved and certificate.bound != facts["cost"]:
        wrong.append("proved")
    return tuple(wrong)


def hard_breaches(violations: Iterable[Violation]) -> int:
    """Breaches of hard rules other than empty seats."""
    return sum(1 for each in violations if each.hard and not each.params.get("missing"))


def soft_cost(violations: Iterable[Violation]) -> int:
    """Return what the roster costs besides its empty seats."""
    return sum(each.cost for each in violations if not each.hard)
