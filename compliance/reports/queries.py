"""Reading requests, reports, what is due, and to whom it went."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import joinedload, undefer

from compliance.reports import due
from compliance.reports.due import DailyRequest, DueReport
from compliance.reports.models import Report, ReportRequest, ReportSent
from core.db import db
from core.errors import NotFound
from documents.models import Document
from notify.models import Message

DEAD = ("failed_permanent", "cancelled", "superseded")
"""States of a mail that reaches nobody."""


def request_by_id(request_id: int) -> ReportRequest:
    """Raises ``NotFound``."""
    row = db.session.get(ReportRequest, request_id)
    if row is None:
        raise NotFound("reports.no_request")
    return row


def report_by_id(report_id: int) -> Report:
    """Return it with its sections. Raises ``NotFound``."""
    row = db.session.scalar(select(Report).options(undefer(Report.sections)).where(Report.id == report_id))
    if row is None:
        raise NotFound("reports.unknown")
    return row


def reports_statement(unit_ids: Collection[int] | None, *, whole: bool = False) -> Select[tuple[Report]]:
    """Select them in no order; ``None``: of all units; ``whole``: with their sections."""
    wanted = select(Report).options(joinedload(Report.unit))
    if whole:
        wanted = wanted.options(undefer(Report.sections))
    return wanted if unit_ids is None else wanted.where(Report.unit_id.in_(unit_ids))


def requests_statement(unit_ids: Collection[int] | None) -> Select[tuple[ReportRequest]]:
    wanted = select(ReportRequest).options(joinedload(ReportRequest.unit))
    return wanted if unit_ids is None else wanted.where(ReportRequest.unit_id.in_(unit_ids))


def reports(unit_ids: Collection[int] | None) -> list[Report]:
    """The latest days first."""
    ordered = reports_statement(unit_ids).order_by(Report.ends_on.desc(), Report.id.desc())
    return list(db.session.scalars(ordered.limit(200)))


def requests(unit_ids: Collection[int] | None) -> list[ReportRequest]:
    ordered = requests_statement(unit_ids).order_by(ReportRequest.ends_on.desc(), ReportRequest.id.desc())
    return list(db.session.scalars(ordered.limit(200)))


def covering(unit_id: int, kind: str, on: date) -> list[ReportRequest]:
    """Requests of a unit that a report of this kind about this day answers."""
    wanted = requests_statement([unit_id]).where(
        ReportRequest.kind == kind, ReportRequest.starts_on <= on, ReportRequest.ends_on >= on
    )
    return list(db.session.scalars(wanted.where(ReportRequest.ended_at.is_(None)).order_by(ReportRequest.id)))


def running(since: date, until: date, unit_ids: Collection[int] | None = None) -> list[ReportRequest]:
    """Requests with a day between two days."""
    wanted = requests_statement(unit_ids).where(ReportRequest.starts_on <= until, ReportRequest.ends_on >= since)
    return list(db.session.scalars(wanted.order_by(ReportRequest.id)))


def dues(found: Sequence[ReportRequest], since: date, until: date, now: datetime) -> list[DueReport]:
    """Each day of these requests between two days; what a dead mail carried has not arrived."""
    reached: dict[tuple[int, date], dict[str, datetime]] = {}
    rows = db.session.execute(
        select(ReportSent.request_id, ReportSent.day, ReportSent.recipient, ReportSent.at)
        .outerjoin(Message, Message.id == ReportSent.message_id)
        .where(
            ReportSent.request_id.in_([each.id for each in found]),
            ReportSent.day.between(since, until),
            or_(Message.id.is_(None), Message.state.not_in(DEAD)),
        )
        .order_by(ReportSent.at.desc())
    )
    for request_id, day, recipient, at in rows:
        reached.setdefault((request_id, day), {})[recipient] = at
    return due.list_due([asked(each) for each in found], reached, since, until, now=now)


def asked(row: ReportRequest) -> DailyRequest:
    names = tuple(each["name"] for each in row.recipients)
    return DailyRequest(row.id, row.starts_on, row.ends_on, row.opens, row.until, names, row.ended_at)


def documents(report_ids: Collection[int]) -> dict[int, Document]:
    """Report id → the document that holds of it."""
    abouts = {f"report:{each}": each for each in report_ids}
    rows = db.session.scalars(
        select(Document).where(Document.about.in_(abouts), Document.state == "issued").order_by(Document.id)
    )
    return {abouts[row.about]: row for row in rows}


def documents_ever(report_id: int) -> int:
    """How many were issued of it, also those that hold no more."""
    return len(db.session.scalars(select(Document.id).where(Document.about == f"report:{report_id}")).all())


def sent(*, report_id: int | None = None, request_id: int | None = None) -> list[ReportSent]:
    """To whom it went, in order."""
    wanted = select(ReportSent).options(joinedload(ReportSent.message))
    if report_id is not None:
        wanted = wanted.where(ReportSent.report_id == report_id)
    if request_id is not None:
        wanted = wanted.where(ReportSent.request_id == request_id)
    return list(db.session.scalars(wanted.order_by(ReportSent.at, ReportSent.id)))
