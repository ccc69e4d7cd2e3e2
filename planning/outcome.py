"""What comes out of the roster engine: breaches, empty seats, news and the Outcome. See `problem` for the words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from planning.certificate import Certificate
from planning.problem import Assignment

Status = Literal["optimal", "feasible", "infeasible", "cancelled"]


@dataclass(frozen=True)
class Violation:
    """One breach of one rule. Hard ones forbid publishing without a reason; `cost` counts towards the objective.

    `amount` is in the rule's own unit, so that two breaches of one rule can be told the greater from the smaller.
    """

    rule: str
    hard: bool
    staff_id: int | None
    shift_ids: tuple[int, ...]
    params: Mapping[str, int | str]
    cost: int
    amount: int = 1


@dataclass(frozen=True)
class Shortage:
    """Seats of one shift that stay empty. `reasons`: rule code → people whom that rule keeps away."""

    shift_id: int
    missing: int
    reasons: Mapping[str, tuple[int, ...]]


@dataclass(frozen=True)
class Progress:
    """News from a running solve. `assignments` is the best roster so far, `engine` found it; seconds since the start.

    `groups` counts the independent pieces as far as they are known yet, `groups_proved` those that are proven best.
    """

    seconds: float
    cost: int
    bound: int | None
    missing: int
    assignments: tuple[Assignment, ...]
    engine: str = ""
    groups: int = 0
    groups_proved: int = 0


@dataclass(frozen=True)
class Fairer:
    """A roster that costs less than the least change, and the number of seats in which it differs from the draft.

    `saves`: so much less, by the whole cost, in which changes count at their price as they do in a bound.
    """

    assignments: tuple[Assignment, ...]
    changed: int
    saves: int


@dataclass(frozen=True)
class ReplanChanges:
    """What a re-plan changes: `changed` seats of the draft it began with, of which `at_least` must change.

    `is_fairest`: proven that no other roster with as few changes is fairer. `fairer` changes more, and is only offered.
    """

    changed: int
    at_least: int
    is_proved: bool
    is_fairest: bool
    fairer: Fairer | None = None


@dataclass(frozen=True)
class Outcome:
    """`optimal` only when bound equals objective; `infeasible` when some seat is proven unfillable.

    `feasible` and `cancelled` may hold shortages that nobody proved. `missing_bound` is a proven lower bound
    on the number of empty seats. `trace` holds (seconds, cost, bound). The best roster is always there. `engine`
    found it. `fault` is for the log: the end of what a stronger engine said when it died. `changes`: of a re-plan.
    """

    status: Status
    assignments: tuple[Assignment, ...]
    objective: int | None
    bound: int | None
    gap: float | None
    violations: tuple[Violation, ...] = ()
    shortages: tuple[Shortage, ...] = ()
    trace: tuple[tuple[float, int, int | None], ...] = ()
    missing_bound: int = 0
    engine: str = "greedy"
    fault: str | None = None
    certificate: Certificate | None = None
    changes: ReplanChanges | None = None
