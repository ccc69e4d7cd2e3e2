"""Bodies of the API of reasons (``roster.api_explain``). Points are numbers with decimals."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from core.api import ApiModel, Code, Day, Text
from roster.api_models import ConflictOut, EditedOut


class CellQuery(ApiModel):
    replacing: Code | None = None


class BreakOut(ApiModel):
    rule: str
    text: str


class CostOut(ApiModel):
    rule: str
    name: str
    change: float


class CandidateOut(ApiModel):
    person: str
    name: str
    breaks: list[BreakOut]
    notes: list[str]
    cost_change: float
    costs: list[CostOut]
    text: str


class WhyOut(ApiModel):
    person: str
    pinned: bool
    published: bool
    """The answer is about the published roster, not about the draft."""
    cost_change: float
    regret: float | None
    next_best: str | None
    cheaper: int
    dearer: int
    text: list[str]


class CandidatesOut(ApiModel):
    shift: int
    draft_version: int
    candidates: list[CandidateOut]
    never: int
    why: WhyOut | None


class CoversQuery(ApiModel):
    leaving: Annotated[Code, Field(alias="for")]


class MoveOut(ApiModel):
    shift: int
    out: str
    into: Annotated[str, Field(alias="in")]


class CoverOut(ApiModel):
    moves: list[MoveOut]
    breaks: list[BreakOut]
    notes: list[str]
    distance: int
    near: str
    cost_change: float
    cost: str
    costs: list[CostOut]
    text: str


class CoversOut(ApiModel):
    shift: int
    leaving: str
    draft_version: int
    covers: list[CoverOut]


class MoveIn(ApiModel):
    shift: Annotated[int, Field(ge=1, le=2_147_483_647)]
    out: Code
    into: Annotated[Code, Field(alias="in")]


class CoverIn(ApiModel):
    moves: Annotated[list[MoveIn], Field(min_length=1, max_length=2)]
    override_reason: Text | None = None
    draft_version: Annotated[int, Field(ge=0, le=2_147_483_647)] | None = None
    at_once: bool = False


class CoveredOut(ApiModel):
    shifts: list[EditedOut]
    """In the draft; empty when it held at once."""
    revision: int | None
    """The revision that it became, when it held at once."""


class BindingOut(ApiModel):
    rule: str
    name: str
    people: int
    shifts: int
    alone: int
    tight: int
    text: str


class RepairSeatOut(ApiModel):
    shift: int
    person: str | None


class RepairOut(ApiModel):
    kind: Literal["person", "rule", "leave", "help", "qualify", "hire"]
    rule: str
    person: str | None
    days: list[Day]
    duty: str | None
    unit: str | None
    was: int | None
    now: int | None
    seats: list[RepairSeatOut]
    fills: int
    price: float
    text: str


class FreeOut(ApiModel):
    shift: int
    people: list[str]


class ExplanationOut(ApiModel):
    run: int
    campaign: int
    draft_version: int
    missing: int
    at_least: int
    exact: bool
    text: str
    shortages: list[ConflictOut]
    free: list[FreeOut]
    binding_rules: list[BindingOut]
    repairs: list[RepairOut]


class ConflictIn(ApiModel):
    shift: Annotated[int, Field(ge=1, le=2_147_483_647)] | None = None


class FactOut(ApiModel):
    kind: Literal["cover", "absence", "protected", "own", "rule", "pin"]
    shift: int | None
    person: str | None
    rule: str | None
    on: Day | None
    text: str


class MinimalConflictOut(ApiModel):
    run: int
    shift: int
    found: bool
    minimal: bool
    facts: list[FactOut]
    text: str
