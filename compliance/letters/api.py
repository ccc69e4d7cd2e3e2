"""JSON API of letters and requirements (contract: Letter)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from compliance.blueprint import api_bp as bp
from compliance.register import letters, points, queries, requirements, words
from compliance.register.letters import LetterIn
from compliance.register.models import Directive, Requirement, RequirementPoint
from compliance.register.requirements import RequirementIn
from core.actor import Actor
from core.api.call import ApiModel, Code, Day, ItemPage, Line, ListQuery, Text, When, api_call, paginate
from people import queries as people

LETTER = ["letter"]
Number = Annotated[int, Field(ge=1, le=2_147_483_647)]
State = Literal["todo", "doing", "done", "not_applicable"]


class EditorNoteIn(ApiModel, title="EditorNoteIn"):
    quote: Text
    note: Line


class DirectiveIn(ApiModel, title="DirectiveIn"):
    """``body``: verbatim; ``season_from``, ``season_to``: the days to which it applies, both or none."""

    number: Line
    dated_on: Day
    issuer: Line
    abstract: Line
    signed_by: Text = ""
    body: Annotated[str, Field(max_length=100_000, pattern=r"^[^\x00]*$")] = ""
    addressed_to: Text = ""
    recipients: list[Line] = Field(default_factory=list, max_length=50)
    notes: list[EditorNoteIn] = Field(default_factory=list, max_length=50)
    season_from: Day | None = None
    season_to: Day | None = None
    copy_from: Number | None = None
    """Id of a letter whose requirements it begins with, without their deadlines."""


class DirectiveOut(ApiModel, title="DirectiveOut"):
    id: int
    number: str
    dated_on: date
    issuer: str
    abstract: str
    signed_by: str
    body: str
    """Empty: the text is missing."""
    notes: list[dict[str, str]]
    addressed_to: str
    recipients: list[str]
    season_from: date | None
    season_to: date | None
    received_on: date | None
    received_by: str
    acknowledged_at: When | None
    acknowledged_by: str
    spread_at: When | None
    copied_from_id: int | None


class RequirementsQuery(ListQuery):
    directive: Number | None = None


class RequirementBody(ApiModel, title="RequirementBody"):
    """``units``: codes of those that are asked; without it, all but ``off_kinds``."""

    directive: Number
    text: Line
    excerpt: Text = ""
    who: Text = ""
    wants: list[Literal["photo", "file", "link"]] = Field(default_factory=list, max_length=3)
    computed: Annotated[str, Field(max_length=60, pattern=r"^[a-z0-9._]*$")] = ""
    due_on: Day | None = None
    phase: Literal["before", "during", "after", "all"] = "all"
    units: list[Code] | None = Field(default=None, min_length=1, max_length=2000)
    off_kinds: list[Code] = Field(default_factory=list, max_length=50)


class RequirementOut(ApiModel, title="RequirementOut"):
    id: int
    directive: int
    key: str
    position: int
    excerpt: str
    text: str
    who: str
    wants: list[str]
    computed: str
    due_on: date | None
    phase: str
    scope: str
    off_kinds: list[str]


class PointIn(ApiModel, title="PointIn"):
    state: State
    reason: Text = ""


class PointOut(ApiModel, title="PointOut"):
    """``holds``, ``numbers``: what is computed, as of ``judged_at``; null where nothing is."""

    requirement: int
    unit: str
    state: State
    reason: str
    changed_at: When | None
    changed_by: str
    holds: bool | None
    numbers: dict[str, Any]
    judged_at: When | None
    reopened_at: When | None
    reopened_why: str
    """In words; empty unless it is open again."""
    remark: str
    accepted_at: When | None
    accepted_by: str


@api_call(
    bp,
    "GET",
    "/directives",
    operation_id="list_directives",
    query=ListQuery,
    returns={200: ItemPage[DirectiveOut]},
    action="directive.read",
    tags=LETTER,
    summary="Letters from above, the newest first",
)
def list_directives(*, query: ListQuery) -> Any:
    """What is seeded is among them: without `body` where the text is missing."""
    order = [Directive.dated_on.desc(), Directive.id.desc()]
    items, following = paginate(queries.letters_statement(), order, limit=query.limit, cursor=query.cursor)
    return {"items": items, "next": following}


@api_call(
    bp,
    "POST",
    "/directives",
    operation_id="enter_directive",
    body=DirectiveIn,
    returns={201: DirectiveOut},
    action="directive.write",
    tags=LETTER,
    idempotent=True,
    refused=409,
    summary="Enter a letter",
)
def enter_directive(*, body: DirectiveIn, actor: Actor, now: datetime) -> Any:
    """With `copy_from`, its requirements are those of that letter."""
    given = body.model_dump(exclude={"copy_from", "notes", "recipients"})
    notes = tuple((each.quote, each.note) for each in body.notes)
    wanted = LetterIn(**given, notes=notes, recipients=tuple(body.recipients))
    if body.copy_from is not None:
        return letters.copy(body.copy_from, wanted, actor=actor, now=now), 201
    return letters.enter(wanted, actor=actor, now=now), 201


@api_call(
    bp,
    "GET",
    "/requirements",
    operation_id="list_requirements",
    query=RequirementsQuery,
    returns={200: ItemPage[RequirementOut]},
    action="directive.read",
    tags=LETTER,
    summary="What letters ask",
)
def list_requirements(*, query: RequirementsQuery) -> Any:
    """Of one letter with `directive`."""
    wanted = queries.requirements_statement(query.directive)
    items, following = paginate(wanted, [Requirement.id], limit=query.limit, cursor=query.cursor)
    return {"items": [_requirement(each) for each in items], "next": following}


@api_call(
    bp,
    "POST",
    "/requirements",
    operation_id="add_requirement",
    body=RequirementBody,
    returns={201: RequirementOut},
    action="directive.write",
    tags=LETTER,
    idempotent=True,
    refused=409,
    summary="Cut a requirement out of a letter",
)
def add_requirement(*, body: RequirementBody, actor: Actor, now: datetime) -> Any:
    """`excerpt` must stand in the letter word for word."""
    given = body.model_dump(exclude={"directive", "units", "wants", "off_kinds"})
    wanted = RequirementIn(
        **given,
        wants=tuple(body.wants),
        off_kinds=tuple(body.off_kinds),
        units=None if body.units is None else tuple(body.units),
    )
    return _requirement(requirements.add(body.directive, wanted, actor=actor, now=now)), 201


@api_call(
    bp,
    "GET",
    "/requirements/<int:requirement_id>/units/<code>",
    operation_id="get_point",
    returns={200: PointOut},
    action="directive.read",
    tags=LETTER,
    summary="How a unit stands to a requirement",
)
def get_point(requirement_id: int, code: str) -> Any:
    """What was said, and what is computed as it was last seen."""
    row, unit = queries.requirement(requirement_id), people.unit_by_code(code)
    return _point(row, code, queries.point(row.id, unit.id))


@api_call(
    bp,
    "PUT",
    "/requirements/<int:requirement_id>/units/<code>",
    operation_id="put_point",
    body=PointIn,
    returns={200: PointOut},
    action="requirement.report",
    tags=LETTER,
    refused=409,
    summary="Say how a unit stands to a requirement",
)
def put_point(requirement_id: int, code: str, *, body: PointIn, actor: Actor, now: datetime) -> Any:
    """`done` asks for evidence, or for what is computed to be true at this moment: else 409 with why not."""
    point = points.set_state(requirement_id, code, body.state, body.reason, actor=actor, now=now)
    return _point(queries.requirement(requirement_id), code, point)


def _requirement(row: Requirement) -> dict[str, Any]:
    own = {name: getattr(row, name) for name in RequirementOut.model_fields if name != "directive"}
    return {**own, "directive": row.directive_id}


def _point(row: Requirement, code: str, point: RequirementPoint | None) -> dict[str, Any]:
    found = point or RequirementPoint(
        state="todo", reason="", changed_by="", numbers={}, reopened_why="", remark="", accepted_by=""
    )
    own = {name: getattr(found, name) for name in PointOut.model_fields if name not in ("requirement", "unit")}
    return {**own, "requirement": row.id, "unit": code, "reopened_why": words.why_reopened(found, row.computed)}
