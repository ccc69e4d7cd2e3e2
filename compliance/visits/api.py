"""JSON API of inspections."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import Field

from compliance.blueprint import api_bp as bp
from compliance.visits import queries, services
from compliance.visits.models import Inspection
from compliance.visits.services import VisitIn
from core.actor import Actor
from core.api.call import ApiModel, Code, Count, Day, ItemPage, Line, ListQuery, Text, When, api_call, paginate
from people import queries as people
from people.access import guard

TAGS = ["inspections"]


class InspectionsQuery(ListQuery):
    unit: Code | None = None
    """With everything below it."""


class InspectionIn(ApiModel, title="InspectionIn"):
    unit: Code
    body: Line
    """Who sent them."""
    decision: Text = Field(default="", max_length=200)
    decided_on: Day | None = None
    announced: bool
    members: Annotated[list[Line], Field(max_length=services.MOST_MEMBERS)] = []
    subject: Line
    began_at: When
    ended_at: When | None = None
    minutes: Text = ""
    result: Text = ""


class InspectionUpdate(InspectionIn, title="InspectionUpdate"):
    version: Count


class RecommendationIn(ApiModel, title="RecommendationIn"):
    text: Text
    due_on: Day | None = None


class ResultIn(ApiModel, title="ResultIn"):
    result: Text


class RecommendationOut(ApiModel, title="RecommendationOut"):
    id: int
    text: str
    due_on: date | None
    result: str
    done_at: When | None
    done_by: str


class InspectionOut(ApiModel, title="InspectionOut"):
    id: int
    version: int
    unit: str
    body: str
    decision: str
    decided_on: date | None
    announced: bool
    members: list[str]
    subject: str
    began_at: When
    ended_at: When | None
    minutes: str
    result: str
    phase: str | None
    recommendations: list[RecommendationOut]


@api_call(
    bp,
    "GET",
    "/inspections",
    operation_id="list_inspections",
    query=InspectionsQuery,
    returns={200: ItemPage[InspectionOut]},
    action="visit.read",
    tags=TAGS,
    summary="Inspections, in the order in which they were written down",
)
def list_inspections(*, query: InspectionsQuery, actor: Actor, now: datetime) -> Any:
    wanted = queries.statement(guard.reach(actor, "visit.read", now=now))
    if query.unit is not None:
        wanted = wanted.where(Inspection.unit_id.in_(people.subtree_ids(people.unit_by_code(query.unit).id)))
    rows, following = paginate(wanted, [Inspection.id], limit=query.limit, cursor=query.cursor)
    return {"items": [_visit(row) for row in rows], "next": following}


@api_call(
    bp,
    "POST",
    "/inspections",
    operation_id="add_inspection",
    body=InspectionIn,
    returns={201: InspectionOut},
    action="visit.write",
    tags=TAGS,
    idempotent=True,
    refused=409,
    summary="Inspectors have come",
)
def add_inspection(*, body: InspectionIn, actor: Actor, now: datetime) -> Any:
    return _visit(services.write(None, 0, VisitIn(**body.model_dump()), actor=actor, now=now)), 201


@api_call(
    bp,
    "GET",
    "/inspections/<int:visit_id>",
    operation_id="get_inspection",
    returns={200: InspectionOut},
    action="visit.read",
    tags=TAGS,
    summary="An inspection with its recommendations",
)
def get_inspection(visit_id: int, *, actor: Actor, now: datetime) -> Any:
    row = queries.one(visit_id)
    guard.ensure(actor, "visit.read", row.unit_id, now=now)
    return _visit(row)


@api_call(
    bp,
    "PUT",
    "/inspections/<int:visit_id>",
    operation_id="update_inspection",
    body=InspectionUpdate,
    returns={200: InspectionOut},
    action="visit.write",
    tags=TAGS,
    refused=409,
    summary="What is known of it by now",
)
def update_inspection(visit_id: int, *, body: InspectionUpdate, actor: Actor, now: datetime) -> Any:
    given = VisitIn(**body.model_dump(exclude={"version"}))
    return _visit(services.write(visit_id, body.version, given, actor=actor, now=now))


@api_call(
    bp,
    "POST",
    "/inspections/<int:visit_id>/recommendations",
    operation_id="add_recommendation",
    body=RecommendationIn,
    returns={201: InspectionOut},
    action="visit.write",
    tags=TAGS,
    refused=409,
    summary="What they want done",
)
def add_recommendation(visit_id: int, *, body: RecommendationIn, actor: Actor, now: datetime) -> Any:
    services.recommend(visit_id, body.text, body.due_on, actor=actor, now=now)
    return _visit(queries.one(visit_id)), 201


@api_call(
    bp,
    "POST",
    "/inspections/<int:visit_id>/recommendations/<int:recommendation_id>/result",
    operation_id="follow_recommendation",
    body=ResultIn,
    returns={200: InspectionOut},
    action="visit.write",
    tags=TAGS,
    refused=409,
    summary="It was done, and how",
)
def follow_recommendation(visit_id: int, recommendation_id: int, *, body: ResultIn, actor: Actor, now: datetime) -> Any:
    services.follow(visit_id, recommendation_id, body.result, actor=actor, now=now)
    return _visit(queries.one(visit_id))


def _visit(row: Inspection) -> dict[str, Any]:
    kept = [name for name in InspectionOut.model_fields if name != "unit"]
    return {**{name: getattr(row, name) for name in kept}, "unit": row.unit.code}
