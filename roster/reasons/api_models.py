"""Bodies of the API of reasons (``roster.reasons.api``). Points are numbers with decimals."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from core.api.call import ApiModel, Code, Day, Text
from roster.draft.api import EditedOut
from roster.solving.api_models import ConflictOut


class CellQuery(ApiModel):
    replacing: Code | None = None


class BreakOut(ApiModel, title="BreakOut"):
    rule: str
    text: str


class CostOut(ApiModel, title="CostOut"):
    rule: str
    name: str
    change: float


class CandidateOut(ApiModel, title="CandidateOut"):
    person: str
    name: str
    breaks: list[BreakOut]
    notes: list[str]
    cost_change: float
    costs: list[CostOut]
    text: str


class WhyOut(ApiModel, title="roster__reasons__api_models__WhyOut"):
    person: str
    pinned: bool
    published: bool
    """The answer is about the published roster, not about the draft."""
    cost_change: float
    regret: float | None
    next_best: str | None
    cheaper: int | None
    dearer: int | None
    """Of others; null, as ``regret`` and ``next_best`` are, for who asks about their own seat and plans nothing."""
    text: list[str]


class CandidatesOut(ApiModel, title="CandidatesOut"):
    shift: int
    draft_version: int
    candidates: list[CandidateOut]
    never: int
    why: WhyOut | None


class CoversQuery(ApiModel):
    leaving: Annotated[Code, Field(alias="for")]


class MoveOut(ApiModel, title="MoveOut"):
    shift: int
    out: str
    into: Annotated[str, Field(alias="in")]


class CoverOut(ApiModel, title="CoverOut"):
    moves: list[MoveOut]
    breaks: list[BreakOut]
    notes: list[str]
    distance: int
    near: str
    cost_change: float
    cost: str
    costs: list[CostOut]
    text: str


class CoversOut(ApiModel, title="CoversOut"):
    shift: int
    leaving: str
    draft_version: int
    covers: list[CoverOut]


class MoveIn(ApiModel, title="MoveIn"):
    shift: Annotated[int, Field(ge=1, le=2_147_483_647)]
    out: Code
    into: Annotated[Code, Field(alias="in")]


class CoverIn(ApiModel, title="CoverIn"):
    moves: Annotated[list[MoveIn], Field(min_length=1, max_length=2)]
    override_reason: Text | None = None
    draft_version: Annotated[int, Field(ge=0, le=2_147_483_647)] | None = None
    at_once: bool = False


class CoveredOut(ApiModel, title="roster__reasons__api_models__CoveredOut"):
    shifts: list[EditedOut]
    """In the draft; empty when it held at once."""
    revision: int | None
    """The revision that it became, when it held at once."""


class BindingOut(ApiModel, title="BindingOut"):
    rule: str
    name: str
    people: int
    shifts: int
    alone: int
    tight: int
    text: str


class RepairSeatOut(ApiModel, title="RepairSeatOut"):
    shift: int
    person: str | None


class RepairOut(ApiModel, title="RepairOut"):
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


class FreeOut(ApiModel, title="FreeOut"):
    shift: int
    people: list[str]


class LessOut(ApiModel, title="LessOut"):
    """So many seats of a shift would need nobody any more; ``bare``: then nobody at all is asked for there."""

    shift: int
    seats: int
    bare: bool


class RemedyOut(ApiModel, title="roster__reasons__api_models__RemedyOut"):
    """One thing to allow and what it does alone. ``applies``: ``POST …/remedies`` takes its ``key``; the others are for
    people to do. ``less`` asks for fewer people, ``bare`` leaves shifts of an obligatory kind with nobody; ``ground``:
    the demand of ``shifts`` states why they are so long on site, or splits them, and the campaign is made anew."""

    key: str
    kind: Literal["ground", "free", "limit", "soft", "help", "less", "bare", "leave", "list"]
    rule: str | None
    applies: bool
    fills: int
    """Empty seats that are gone with it."""
    was: int | None
    now: int | None
    law: int | None
    overtime_minutes: int
    people: list[str]
    seats: list[RepairSeatOut]
    less: list[LessOut]
    shifts: list[int]
    text: str


class EmptyOut(ApiModel, title="EmptyOut"):
    shift: int
    missing: int


class CauseOut(ApiModel, title="CauseOut"):
    """Empty seats with one cause: a rule, ``free`` (somebody could come at once) or ``nobody`` (on no list)."""

    cause: str
    count: int
    units: list[str]
    seats: list[EmptyOut]
    best: str | None
    """Key of the remedy that is proposed, as far as one is."""
    remedies: list[RemedyOut]
    text: str


class TogetherOut(ApiModel, title="TogetherOut"):
    """What these remedies come to when all are allowed at once."""

    remedies: list[str]
    fills: int
    lent: int
    less: int
    bare: int
    overtime_minutes: int
    asked: list[str]
    text: str


class RemediesIn(ApiModel, title="RemediesIn"):
    remedies: Annotated[list[Text], Field(min_length=1, max_length=100)]
    draft_version: Annotated[int, Field(ge=0, le=2_147_483_647)] | None = None


class RemediedOut(ApiModel, title="RemediedOut"):
    run: int | None
    """The solve that fills what rules kept empty; null when nothing was left to solve."""
    lent: int
    less: int
    draft_version: int


class ExplanationOut(ApiModel, title="ExplanationOut"):
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
    causes: list[CauseOut]
    """The empty seats by cause, the cause of most first."""
    together: TogetherOut
    """What the proposed remedies come to."""


class ConflictIn(ApiModel, title="ConflictIn"):
    shift: Annotated[int, Field(ge=1, le=2_147_483_647)] | None = None


class FactOut(ApiModel, title="FactOut"):
    kind: Literal["cover", "absence", "protected", "own", "rule", "pin"]
    shift: int | None
    person: str | None
    rule: str | None
    on: Day | None
    text: str


class MinimalConflictOut(ApiModel, title="MinimalConflictOut"):
    run: int
    shift: int
    found: bool
    minimal: bool
    facts: list[FactOut]
    text: str
