"""Bodies, queries and answers of the campaign calls."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field

from core.api.call import ApiModel, Code, Day, Line, ListQuery, Text, When

Seconds = Annotated[int, Field(ge=1, le=3600)]
Seed = Annotated[int, Field(ge=0, le=2_147_483_647)]


class CampaignIn(ApiModel):
    name: Line
    tet_year: Annotated[int, Field(ge=1, le=9999)]
    unit: Code
    starts_on: Day
    ends_on: Day


class CampaignOut(ApiModel):
    id: int
    name: str
    tet_year: int
    unit: str
    starts_on: Day
    ends_on: Day
    state: Literal["draft", "published", "closed"]
    revision: int
    draft_version: int
    created_at: When


class CampaignQuery(ListQuery):
    unit: Code | None = None


class SolveIn(ApiModel):
    seconds: Seconds = 30
    seed: Seed = 1
    mode: Literal["whole", "replan"] = "whole"
    reproducible: bool = False


class QueuedOut(ApiModel):
    id: int
    status: str


class ViolationOut(ApiModel):
    rule: str
    hard: bool
    person: str | None
    shifts: list[int]
    params: dict[str, Any]
    text: str


class ConflictOut(ApiModel):
    shift: int
    missing: int
    reasons: dict[str, list[str]]
    text: str


class ProgressOut(ApiModel):
    seconds: float
    cost: int
    bound: int | None
    missing: int
    engine: str = ""
    groups: int = 0
    groups_proved: int = 0


class SoftOut(ApiModel):
    """Wishes of one kind that are not met: how often, and at what cost. Fairness has no count."""

    rule: str
    name: str
    count: int
    cost: int


class UncheckedOut(ApiModel):
    """Somebody whose overtime could not be checked: nobody knows what they had worked before."""

    person: str
    rules: list[str]


class FairerOut(ApiModel):
    """`more` seats change; the cost, changes at their price, is lower by `saves` (hundredths of a point)."""

    more: int
    saves: int
    moves: dict[str, list[int]]
    """Shift id → ids of the people who would be on it."""


class ChangesOut(ApiModel):
    """What a re-plan changed: `changed` seats, of which `at_least` must change; `fairer`: a roster that is offered."""

    changed: int
    at_least: int
    is_proved: bool
    is_fairest: bool
    fairer: FairerOut | None = None


class SolveRunOut(ApiModel):
    id: int
    campaign: int
    status: Literal["queued", "running", "optimal", "feasible", "infeasible", "failed", "cancelled"]
    seconds: int
    seed: int
    mode: Literal["whole", "replan"]
    keeps_all: bool
    """A re-plan that only filled what was empty: bound and proof speak of rosters that move nobody."""
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
    engine: str | None
    certificate: dict[str, Any] | None
    changes: ChangesOut | None
    error: str
    progress: list[ProgressOut]
    soft: list[SoftOut]
    unchecked: list[UncheckedOut]
    violations: list[ViolationOut]
    conflicts: list[ConflictOut]


class SeatOut(ApiModel):
    id: int
    person: str | None


class ShiftOut(ApiModel):
    id: int
    duty: str
    unit: str
    shift: str
    form: Literal["onsite", "standby", "command"]
    starts_at: When
    ends_at: When
    phase: Literal["before", "during", "after"]
    lunar: str
    required: int
    wanted: int | None
    """How many it would like to have, more than ``required``; null = exactly that many."""
    skills: dict[str, int]
    points: float
    legal_ground: str
    """The employer's statement for more than twelve hours on site; empty: none."""
    people: list[str]
    pinned: list[str]
    seats: list[SeatOut]


class ShiftQuery(ListQuery):
    state: Literal["draft", "published"] = "draft"


class PeopleIn(ApiModel):
    people: Annotated[list[Code], Field(max_length=200)]
    pin: bool = True
    override_reason: Text | None = None
    draft_version: Annotated[int, Field(ge=0, le=2_147_483_647)] | None = None


class EditedOut(ApiModel):
    id: int
    campaign: int
    draft_version: int
    people: list[str]
    pinned: list[str]
    violations: list[ViolationOut]
    unchecked: list[UncheckedOut]
    """Of the people on the shift; of what is listed here ``violations`` says nothing."""
    waiting: list[str] = []
    """Of other units, and not agreed yet: until then the seat counts as empty."""


class OnlyUnits(ApiModel):
    """With everything below them."""

    units: Annotated[list[Code], Field(min_length=1, max_length=200)]


class OnlySeats(ApiModel):
    seats: Annotated[list[Annotated[int, Field(ge=1, le=2_147_483_647)]], Field(min_length=1, max_length=5000)]


class PublishIn(ApiModel):
    note: Text = ""
    accept_gaps: Text | None = None
    only: OnlyUnits | OnlySeats | None = None


class RevisionOut(ApiModel):
    campaign: int
    revision: int
    published_at: When
    published_by: str
    note: str
    accept_gaps: str | None
    hash: str
    proof: dict[str, Any]
