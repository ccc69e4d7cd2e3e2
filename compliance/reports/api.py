"""JSON API of reports from draft to receipt."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from compliance.blueprint import api_bp as bp
from compliance.reports import queries, sending, services
from compliance.reports.api_models import (
    IssueIn,
    ReceiptIn,
    ReportBody,
    ReportOut,
    ReportsQuery,
    SendIn,
    SentListOut,
    SentOut,
    TextsIn,
    VersionIn,
)
from compliance.reports.models import Report, ReportSent
from compliance.reports.services import ReportRange
from compliance.reports.told import refs
from core.actor import Actor
from core.api.call import ItemPage, api_call, paginate
from documents.models import Document
from people import queries as people
from people.access import guard

TAGS = ["reports"]


@api_call(
    bp,
    "GET",
    "/reports",
    operation_id="list_reports",
    query=ReportsQuery,
    returns={200: ItemPage[ReportOut]},
    action="reporting.read",
    tags=TAGS,
    summary="Reports",
)
def list_reports(*, query: ReportsQuery, actor: Actor, now: datetime) -> Any:
    wanted = queries.reports_statement(guard.reach(actor, "reporting.read", now=now), whole=True)
    if query.unit is not None:
        wanted = wanted.where(Report.unit_id.in_(people.subtree_ids(people.unit_by_code(query.unit).id)))
    if query.kind is not None:
        wanted = wanted.where(Report.kind == query.kind)
    rows, following = paginate(wanted, [Report.id], limit=query.limit, cursor=query.cursor)
    issued = queries.documents([row.id for row in rows])
    return {"items": [_report(row, issued.get(row.id)) for row in rows], "next": following}


@api_call(
    bp,
    "POST",
    "/reports",
    operation_id="draft_report_by_key",
    body=ReportBody,
    returns={201: ReportOut},
    action="reporting.write",
    tags=TAGS,
    refused=409,
    summary="Draft a report from data",
)
def draft_report_by_key(*, body: ReportBody, actor: Actor, now: datetime) -> Any:
    """The report of these days, when there is one already."""
    row = services.draft(
        ReportRange(body.kind, body.unit, body.starts_on, body.ends_on, incident=body.incident),
        again=body.again,
        actor=actor,
        now=now,
    )
    return _one(row.id), 201


@api_call(
    bp,
    "GET",
    "/reports/<int:report_id>",
    operation_id="get_report",
    returns={200: ReportOut},
    action="reporting.read",
    tags=TAGS,
    summary="A report with its figures and what they count",
)
def get_report(report_id: int, *, actor: Actor, now: datetime) -> Any:
    services.readable(report_id, actor, now)
    return _one(report_id)


@api_call(
    bp,
    "PUT",
    "/reports/<int:report_id>/texts",
    operation_id="word_report",
    body=TextsIn,
    returns={200: ReportOut},
    action="reporting.write",
    tags=TAGS,
    refused=409,
    summary="Put it in words",
)
def word_report(report_id: int, *, body: TextsIn, actor: Actor, now: datetime) -> Any:
    services.edit(report_id, body.version, body.texts, actor=actor, now=now)
    return _one(report_id)


@api_call(
    bp,
    "POST",
    "/reports/<int:report_id>/redraw",
    operation_id="redraw_report",
    returns={200: ReportOut},
    action="reporting.write",
    tags=TAGS,
    summary="With the figures of now",
)
def redraw_report(report_id: int, *, actor: Actor, now: datetime) -> Any:
    services.redraw(report_id, actor=actor, now=now)
    return _one(report_id)


@api_call(
    bp,
    "POST",
    "/reports/<int:report_id>/approve",
    operation_id="approve_report",
    body=VersionIn,
    returns={200: ReportOut},
    action="reporting.approve",
    tags=TAGS,
    refused=409,
    summary="Approve a report",
)
def approve_report(report_id: int, *, body: VersionIn, actor: Actor, now: datetime) -> Any:
    """Refused while its figures differ from the data: redraw it and look again."""
    services.approve(report_id, body.version, actor=actor, now=now)
    return _one(report_id)


@api_call(
    bp,
    "POST",
    "/reports/<int:report_id>/issue",
    operation_id="issue_report",
    body=IssueIn,
    returns={200: ReportOut},
    action="reporting.approve",
    tags=TAGS,
    refused=409,
    summary="Issue a report: number, PDF and DOCX",
)
def issue_report(report_id: int, *, body: IssueIn, actor: Actor, now: datetime) -> Any:
    sending.issue(report_id, body.signatory, actor=actor, now=now)
    return _one(report_id)


@api_call(
    bp,
    "POST",
    "/reports/<int:report_id>/send",
    operation_id="send_report",
    body=SendIn,
    returns={200: SentListOut},
    action="reporting.approve",
    tags=TAGS,
    refused=409,
    summary="Mail an issued report to those who asked for it",
)
def send_report(report_id: int, *, body: SendIn, actor: Actor, now: datetime) -> Any:
    more = [each.model_dump() for each in body.recipients]
    return {"items": sending.send(report_id, more, actor=actor, now=now)}


@api_call(
    bp,
    "POST",
    "/reports/sent/<int:sent_id>/receipt",
    operation_id="note_report_receipt",
    body=ReceiptIn,
    returns={200: SentOut},
    action="reporting.write",
    tags=TAGS,
    refused=409,
    summary="The other end says that they have it",
)
def note_report_receipt(sent_id: int, *, body: ReceiptIn, actor: Actor, now: datetime) -> ReportSent:
    return sending.receipt(sent_id, body.received_by, body.received_at, actor=actor, now=now)


def _one(report_id: int) -> dict[str, Any]:
    return _report(queries.report_by_id(report_id), queries.documents([report_id]).get(report_id))


def _report(row: Report, document: Document | None) -> dict[str, Any]:
    kept = [name for name in ReportOut.model_fields if name not in ("unit", "state", "document", "code", "sections")]
    return {
        **{name: getattr(row, name) for name in kept},
        "sections": [_section(each) for each in row.sections],
        "unit": row.unit.code,
        "state": "issued" if document is not None else row.state,
        "document": document.id if document is not None else None,
        "code": document.code if document is not None else "",
    }


def _section(kept: Mapping[str, Any]) -> dict[str, Any]:
    """With each list in full."""
    return {**kept, "figures": [{**each, "refs": refs.unpacked(each["refs"])} for each in kept["figures"]]}
