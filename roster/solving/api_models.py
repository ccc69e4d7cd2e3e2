"""Bodies and answers of the calls that solve."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field

from core.api.call import ApiModel, Code, When
from roster.api_models import UncheckedOut, ViolationOut
from roster.solving.queries import Mode

Seconds = Annotated[int, Field(ge=1, le=3600)]
RunStatus = Literal["queued", "running", "optimal", "feasible", "infeasible", "failed", "cancelled"]
Seed = Annotated[int, Field(ge=0, le=2_147_483_647)]


class PartIn(ApiModel, title="PartIn"):
    """Shifts of a unit (code) and all below it, of one kind of duty, on local dates from `from` to `to`, inclusive.

    `people` (codes): only their cells on those dates change. What they hold there unpinned may go to another of them,
    and they may get the empty seats that one of them may serve; nobody else gets or loses anything.
    """

    unit: str | None = None
    duty: str | None = None
    first: date | None = Field(None, alias="from")
    last: date | None = Field(None, alias="to")
    people: Annotated[list[Code], Field(min_length=1, max_length=500)] | None = None


class PartOut(ApiModel, title="PartOut"):
    unit: str | None
    duty: str | None
    first: date | None = Field(alias="from")
    last: date | None = Field(alias="to")
    people: list[str] | None = None


class SolveIn(ApiModel, title="SolveIn"):
    seconds: Seconds = 30
    seed: Seed = 1
    mode: Mode = "whole"
    reproducible: bool = False
    part: PartIn | None = None
    """Nothing else is touched: whoever sits elsewhere stays, and what is empty there stays empty."""


class QueuedOut(ApiModel, title="QueuedOut"):
    id: int
    status: str


class ConflictOut(ApiModel, title="ConflictOut"):
    shift: int
    missing: int
    reasons: dict[str, list[str]]
    text: str


class ProgressOut(ApiModel, title="ProgressOut"):
    seconds: float
    cost: int
    bound: int | None
    missing: int
    engine: str = ""
    groups: int = 0
    groups_proved: int = 0


class SoftOut(ApiModel, title="SoftOut"):
    """Wishes of one kind that are not met: how often, and at what cost. Fairness has no count."""

    rule: str
    name: str
    count: int
    cost: int


class FairerOut(ApiModel, title="FairerOut"):
    """`more` seats change; the cost, changes at their price, is lower by `saves` (hundredths of a point)."""

    more: int
    saves: int
    moves: dict[str, list[int]]
    """Shift id → ids of the people who would be on it."""


class ChangesOut(ApiModel, title="ChangesOut"):
    """What a re-plan changed: `changed` seats, of which `at_least` must change; `fairer`: a roster that is offered."""

    changed: int
    at_least: int
    is_proved: bool
    is_fairest: bool
    fairer: FairerOut | None = None


class SolveRunOut(ApiModel, title="SolveRunOut"):
    id: int
    campaign: int
    status: RunStatus
    seconds: int
    seed: int
    mode: Mode
    keeps_all: bool
    """A re-plan that only filled what was empty: bound and proof speak of rosters that move nobody."""
    part: PartOut | None
    """What was assigned alone: cost, bound and proof speak of rosters that are the same everywhere else."""
    reproducible: bool
    requested_at: When
    started_at: When | None
    finished_at: When | None
    objective: int | None
    bound: int | None
    gap: float | None
    proved: bool
    """Now: only while draft, people, absences and rules are those that it was proven of."""
    stands: bool
    """Whether the draft is still this roster, and everything that the engine was told still so."""
    recheck: Literal["pending", "confirmed", "unconfirmed", "refuted", "gone"] | None
    """Of a run from before bounds passed one account: what came of verifying it once more. Until it is `confirmed`,
    `status`, `bound` and `proved` say no more than was proven since."""
    engine: str | None
    certificate: dict[str, Any] | None
    changes: ChangesOut | None
    error: str
    progress: list[ProgressOut]
    soft: list[SoftOut]
    unchecked: list[UncheckedOut]
    violations: list[ViolationOut]
    conflicts: list[ConflictOut]


class SolveLineOut(ApiModel, title="SolveLineOut"):
    """A solve in short; costs in hundredths of a point."""

    id: int
    status: RunStatus
    seconds: int
    seed: int
    mode: Mode
    keeps_all: bool
    """A re-plan that only filled what was empty: bound and proof speak of rosters that move nobody."""
    part: PartOut | None
    """What was assigned alone: cost, bound and proof speak of rosters that are the same everywhere else."""
    reproducible: bool
    requested_at: When
    requested_by: str
    finished_at: When | None
    objective: int | None
    bound: int | None
    gap: float | None
    proved: bool
    """Now: only while draft, people, absences and rules are those that it was proven of."""
    stands: bool
    engine: str | None


class CancelIn(ApiModel, title="CancelIn"):
    keep: bool = False
    """Write the best roster so far into the draft, as if time had run out."""


class VerdictOut(ApiModel, title="VerdictOut"):
    """``wrong``: entries of the certificate that the present draft contradicts; ``holds`` when there are none.

    ``same_problem`` is null for a re-plan whose certificate did not keep the draft that it began with.
    """

    holds: bool
    wrong: list[str]
    same_roster: bool
    same_problem: bool | None
    cost: int
    missing: int
    hard_breaches: int
    bound: int | None
    """What every lawful roster costs at least, worked out again from the kept prices without any solver."""
