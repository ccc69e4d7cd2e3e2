"""JSON API of what was asked to be reported: requests, their days, what was told on the telephone."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from compliance.blueprint import api_bp as bp
from compliance.reports import queries, requesting, sending
from compliance.reports.api_models import DueOut, DuesOut, ReportTextIn, RequestBody, RequestOut, SentOut
from compliance.reports.models import ReportRequest
from compliance.reports.requesting import ReportRequestIn
from core.actor import Actor
from core.api.call import ItemPage, ListQuery, api_call, paginate
from people.access import guard

TAGS = ["reports"]


@api_call(
    bp,
    "GET",
    "/report-requests",
    operation_id="list_report_requests",
    query=ListQuery,
    returns={200: ItemPage[RequestOut]},
    action="reporting.read",
    tags=TAGS,
    summary="What was asked to be reported",
)
def list_report_requests(*, query: ListQuery, actor: Actor, now: datetime) -> Any:
    wanted = queries.requests_statement(guard.reach(actor, "reporting.read", now=now))
    rows, following = paginate(wanted, [ReportRequest.id], limit=query.limit, cursor=query.cursor)
    return {"items": [_request(row) for row in rows], "next": following}


@api_call(
    bp,
    "POST",
    "/report-requests",
    operation_id="add_report_request_by_key",
    body=RequestBody,
    returns={201: RequestOut},
    action="reporting.approve",
    tags=TAGS,
    idempotent=True,
    refused=409,
    summary="Somebody asks for reports",
)
def add_report_request_by_key(*, body: RequestBody, actor: Actor, now: datetime) -> Any:
    given = ReportRequestIn(**{**body.model_dump(), "kind": body.kind or ""})
    return _request(requesting.add(given, actor=actor, now=now)), 201


@api_call(
    bp,
    "GET",
    "/report-requests/<int:request_id>/days",
    operation_id="list_report_days",
    returns={200: DuesOut},
    action="reporting.read",
    tags=TAGS,
    summary="Where each day of a request stands",
)
def list_report_days(request_id: int, *, actor: Actor, now: datetime) -> Any:
    row = queries.request_by_id(request_id)
    guard.ensure(actor, "reporting.read", row.unit_id, now=now)
    found = queries.dues([row], row.starts_on, row.ends_on, now)
    told = [{**vars(each), "request": each.request_id, "lacking": list(each.lacking)} for each in found]
    return {"items": [{name: each[name] for name in DueOut.model_fields} for each in told]}


@api_call(
    bp,
    "POST",
    "/report-requests/<int:request_id>/told",
    operation_id="tell_report",
    body=ReportTextIn,
    returns={201: SentOut},
    action="reporting.write",
    tags=TAGS,
    refused=409,
    summary="A day was reported on the telephone or another way",
)
def tell_report(request_id: int, *, body: ReportTextIn, actor: Actor, now: datetime) -> Any:
    row = sending.told(
        request_id,
        body.day,
        sending.HeardAnswer(body.recipient, body.way, heard_by=body.heard_by, at=body.at, note=body.note),
        actor=actor,
        now=now,
    )
    return row, 201


def _request(row: ReportRequest) -> dict[str, Any]:
    kept = [name for name in RequestOut.model_fields if name != "unit"]
    return {**{name: getattr(row, name) for name in kept}, "unit": row.unit.code}
