"""JSON API of reports: requests, reports from draft to receipt."""

from __future__ import annotations

from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from compliance.blueprint import api_bp as bp
from compliance.reports import queries, requesting, sending, services
from compliance.reports.models import Report, ReportRequest, ReportSent
from compliance.reports.requesting import MOST_RECIPIENTS, RequestIn
from core.actor import Actor
from core.api.call import ApiModel, Code, Count, Day, Line, ListQuery, LocalTime, Page, Text, When, api_call, paginate
from documents.models import Document
from people import queries as people
from people.access import guard

TAGS = ["reports"]
Kind = Literal["daily", "adhoc", "summary"]


class Recipient(ApiModel):
    name: Line
    mail: Text = Field(default="", max_length=200)
    phone: Text = Field(default="", max_length=40)


class RequestBody(ApiModel):
    unit: Code
    form: Literal["report", "phone", "list"]
    kind: Kind | None = None
    """Of the report that is asked for; null for calls and lists."""
    asked_by: Line
    number: Text = Field(default="", max_length=200)
    asked_on: Day
    content: Text = Field(default="", max_length=2000)
    starts_on: Day
    ends_on: Day
    opens: LocalTime
    until: LocalTime
    recipients: Annotated[list[Recipient], Field(min_length=1, max_length=MOST_RECIPIENTS)]


class RequestOut(ApiModel):
    id: int
    unit: str
    form: str
    kind: str
    asked_by: str
    number: str
    asked_on: date
    content: str
    starts_on: date
    ends_on: date
    opens: str
    until: str
    recipients: list[Recipient]
    ended_at: When | None
    end_reason: str


class DueOut(ApiModel):
    request: int
    day: date
    opens_at: When
    due_at: When
    state: Literal["early", "open", "late", "done", "done_late", "ended"]
    lacking: list[str]
    """Names of those who have not got it."""


class DuesOut(ApiModel):
    items: list[DueOut]


class ToldIn(ApiModel):
    day: Day
    recipient: Line
    way: Literal["phone", "other"]
    heard_by: Text = Field(default="", max_length=200)
    at: When
    note: Text = Field(default="", max_length=2000)


class SentOut(ApiModel):
    id: int
    request_id: int | None
    report_id: int | None
    day: date
    way: str
    recipient: str
    at: When
    heard_by: str
    note: str
    received_at: When | None
    received_by: str


class SentListOut(ApiModel):
    items: list[SentOut]


class ReceiptIn(ApiModel):
    received_by: Line
    received_at: When


class ReportsQuery(ListQuery):
    unit: Code | None = None
    """With everything below it."""
    kind: Kind | None = None


class ReportBody(ApiModel):
    unit: Code
    kind: Kind
    starts_on: Day
    ends_on: Day
    incident: Text = Field(default="", max_length=40)
    again: bool = False
    """A further edition when the last one was issued."""


class FigureOut(ApiModel):
    code: str
    label: str
    value: int
    before: int | None
    """The same of the Tết before; null: not known."""
    refs: list[str]
    """What was counted."""


class SectionOut(ApiModel):
    code: str
    title: str
    lines: list[str]
    """What the data say."""
    text: str | None
    """What somebody wrote instead."""
    figures: list[FigureOut]


class ReportOut(ApiModel):
    id: int
    version: int
    unit: str
    kind: str
    starts_on: date
    ends_on: date
    incident: str
    edition: int
    phase: str | None
    state: Literal["draft", "approved", "issued"]
    drawn_at: When
    approved_at: When | None
    approved_by: str
    document: int | None
    """Id of the issued document that holds (`/documents/{id}`)."""
    code: str
    """Its number."""
    sections: list[SectionOut]


class TextsIn(ApiModel):
    version: Count
    texts: Annotated[dict[str, Text], Field(max_length=20)]
    """By section; the words of the data give the section back to them."""


class VersionIn(ApiModel):
    version: Count


class IssueIn(ApiModel):
    signatory: Count | None = None


class SendIn(ApiModel):
    recipients: Annotated[list[Recipient], Field(max_length=MOST_RECIPIENTS)] = []
    """Besides those who asked for it."""


@api_call(
    bp,
    "GET",
    "/report-requests",
    query=ListQuery,
    returns={200: Page[RequestOut]},
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
    body=RequestBody,
    returns={201: RequestOut},
    action="reporting.approve",
    tags=TAGS,
    idempotent=True,
    refused=409,
    summary="Somebody asks for reports",
)
def add_report_request_by_key(*, body: RequestBody, actor: Actor, now: datetime) -> Any:
    given = RequestIn(**{**body.model_dump(), "kind": body.kind or ""})
    return _request(requesting.add(given, actor=actor, now=now)), 201


@api_call(
    bp,
    "GET",
    "/report-requests/<int:request_id>/days",
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
    body=ToldIn,
    returns={201: SentOut},
    action="reporting.write",
    tags=TAGS,
    refused=409,
    summary="A day was reported on the telephone or another way",
)
def tell_report(request_id: int, *, body: ToldIn, actor: Actor, now: datetime) -> Any:
    row = sending.told(
        request_id,
        body.day,
        body.recipient,
        way=body.way,
        heard_by=body.heard_by,
        at=body.at,
        note=body.note,
        actor=actor,
        now=now,
    )
    return row, 201


@api_call(
    bp,
    "GET",
    "/reports",
    query=ReportsQuery,
    returns={200: Page[ReportOut]},
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
        body.kind, body.unit, body.starts_on, body.ends_on, body.incident, again=body.again, actor=actor, now=now
    )
    return _one(row.id), 201


@api_call(
    bp,
    "GET",
    "/reports/<int:report_id>",
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
    body=ReceiptIn,
    returns={200: SentOut},
    action="reporting.write",
    tags=TAGS,
    refused=409,
    summary="The other end says that they have it",
)
def note_report_receipt(sent_id: int, *, body: ReceiptIn, actor: Actor, now: datetime) -> ReportSent:
    return sending.receipt(sent_id, body.received_by, body.received_at, actor=actor, now=now)


def _request(row: ReportRequest) -> dict[str, Any]:
    kept = [name for name in RequestOut.model_fields if name != "unit"]
    return {**{name: getattr(row, name) for name in kept}, "unit": row.unit.code}


def _one(report_id: int) -> dict[str, Any]:
    return _report(queries.report_by_id(report_id), queries.documents([report_id]).get(report_id))


def _report(row: Report, document: Document | None) -> dict[str, Any]:
    kept = [name for name in ReportOut.model_fields if name not in ("unit", "state", "document", "code")]
    return {
        **{name: getattr(row, name) for name in kept},
        "unit": row.unit.code,
        "state": "issued" if document is not None else row.state,
        "document": document.id if document is not None else None,
        "code": document.code if document is not None else "",
    }
