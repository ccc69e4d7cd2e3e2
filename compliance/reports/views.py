"""Pages of reports: what is due, the reports, one of them with the list behind each figure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, lazy_gettext as _l

from compliance.blueprint import bp
from compliance.form_pages import EntryList, faults_of
from compliance.reports import forms, lists, papers, queries, sending, services, words
from compliance.reports.models import Report
from compliance.reports.services import ReportRange
from compliance.reports.told import refs
from core import arguments, clock, pages
from core.actor import Actor
from core.calendar import dates
from core.db import db
from core.errors import Conflict, DomainError, Forbidden, Invalid, NotFound
from core.form_values import whole_number
from core.web import back
from documents.agencies import faces
from people.access import guard

AHEAD, BACK = timedelta(days=1), timedelta(days=3)
"""Days of requests that the first page shows."""


@bp.get("/reports/<int:report_id>")
@guard.requires("reporting.read")
def report(report_id: int) -> ResponseReturnValue:
    return _page(report_id)


@bp.post("/reports/<int:report_id>")
@guard.requires("reporting.write")
def act_on_report(report_id: int) -> ResponseReturnValue:
    """``do``: save, redraw, approve, reopen, issue, send; on a fault the page again with what was typed."""
    unit_id = queries.report_by_id(report_id).unit_id
    guard.refuse_unless(guard.current_actor(), "reporting.write", unit_id, now=clock.now())
    act, said = _acts().get(request.form.get("do", ""), (None, ""))
    if act is None:
        raise NotFound("reports.unknown")
    try:
        act(report_id)
    except Forbidden:
        raise
    except (Invalid, Conflict) as fault:
        db.session.rollback()
        return _page(report_id, fault), fault.http_status
    return back(url_for(".report", report_id=report_id), said)


@bp.get("/reports/<int:report_id>/figures/<code>")
@guard.requires("reporting.read")
def report_figure(report_id: int, code: str) -> ResponseReturnValue:
    """Return what was counted, as it was when the report was drawn."""
    now, actor = clock.now(), guard.current_actor()
    row = services.readable(report_id, actor, now)
    found = next((each for section in row.sections for each in section["figures"] if each["code"] == code), None)
    if found is None:
        raise NotFound("reports.unknown")
    part = pages.part(refs.unpacked(found["refs"]), arguments.number("page", 1))
    return render_template(
        "compliance/reports/figure.html", row=row, figure=found, part=part, rows=lists.rows(part.rows, actor, now)
    )


@bp.post("/reports/sent/<int:sent_id>/receipt")
@guard.requires("reporting.write")
def note_receipt(sent_id: int) -> ResponseReturnValue:
    """``received_by``, ``received_at``: who at the other end says that they have it, and when."""
    guard.refuse_unless(guard.current_actor(), "reporting.write", sending.unit_of(sent_id), now=clock.now())
    row = sending.receipt(
        sent_id,
        request.form.get("received_by", ""),
        dates.moment(request.form.get("received_at", "")) or clock.now(),
        actor=guard.current_actor(),
        now=clock.now(),
    )
    where = {"report_id": row.report_id} if row.report_id else {"request_id": row.request_id}
    return back(url_for(".report" if row.report_id else ".report_request", **where), _("Đã ghi nơi nhận xác nhận."))


def _acts() -> dict[str, tuple[Callable[[int], object], str]]:
    actor, now, version = guard.current_actor(), clock.now(), whole_number(request.form.get("version")) or 0
    return {
        "save": (
            lambda at: services.edit(at, version, forms.texts(request.form), actor=actor, now=now),
            _("Đã lưu lời báo cáo."),
        ),
        "redraw": (lambda at: services.redraw(at, actor=actor, now=now), _("Đã lấy lại số liệu; lời đã sửa được giữ.")),
        "approve": (lambda at: services.approve(at, version, actor=actor, now=now), _("Đã duyệt.")),
        "reopen": (lambda at: services.reopen(at, actor=actor, now=now), _("Đã trả về dự thảo.")),
        "issue": (
            lambda at: sending.issue(at, whole_number(request.form.get("signatory")), actor=actor, now=now),
            _("Đã ban hành."),
        ),
        "send": (
            lambda at: sending.send(at, forms.recipients(request.form.get("recipients", "")), actor=actor, now=now),
            _("Đã đưa vào hàng đợi gửi."),
        ),
    }


def _draft(actor: Actor, now: datetime) -> Report:
    """``kind``, ``unit``, ``starts_on``, ``ends_on`` (a day of a daily one: ``starts_on`` alone), ``incident``."""
    form, kind = request.form, request.form.get("kind", "")
    since = clock.local_date(now) if kind == "adhoc" else forms.day(form, "starts_on")
    return services.draft(
        ReportRange(
            kind,
            form.get("unit", ""),
            since,
            forms.day(form, "ends_on") if kind == "summary" else since,
            incident=form.get("incident", "").strip().upper() if kind == "adhoc" else "",
        ),
        again=form.get("again") == "yes",
        actor=actor,
        now=now,
    )


def _facts(within: set[int] | None, now: datetime) -> dict[str, Any]:
    today = clock.local_date(now)
    asked = queries.running(today - BACK, today + AHEAD, within)
    rows = queries.reports(within)
    return {
        "dues": queries.dues(asked, today - BACK, today + AHEAD, now),
        "requests": {each.id: each for each in asked},
        "rows": rows,
        "documents": queries.documents([each.id for each in rows]),
        "kinds": words.KINDS,
        "due_words": words.DUE,
        "forms": words.FORMS,
        "letter_asks_none": not queries.requests(within),
    }


EntryList(
    "compliance/reports/home.html",
    reads="reporting.read",
    writes="reporting.write",
    facts=_facts,
    usual=lambda now: dict.fromkeys(("starts_on", "ends_on"), clock.local_date(now)),
    add=_draft,
    entry=lambda row: url_for(".report", report_id=row.id),
    added=_l("Đã lập từ số liệu. Xem, sửa lời rồi duyệt."),
).add_to(bp, "/reports/", "reports", "draft_report")


def _page(report_id: int, fault: DomainError | None = None) -> str:
    now, actor = clock.now(), guard.current_actor()
    row = services.readable(report_id, actor, now)
    document = queries.documents([row.id]).get(row.id)
    requests = queries.covering(row.unit_id, row.kind, row.ends_on)
    return render_template(
        "compliance/reports/report.html",
        row=row,
        document=document,
        requests=requests,
        sent=queries.sent(report_id=row.id),
        signatories=[(str(each.id), each.shown) for each in faces.signatories(row.unit_id, clock.local_date(now))],
        said=papers.said,
        abstract=papers.abstract(row),
        kinds=words.KINDS,
        ways=words.WAYS,
        mail=words.EMAIL,
        typed=request.form,
        faults=faults_of(fault),
        may={
            action: bool(guard.allowed(actor, f"reporting.{action}", row.unit_id, now=now))
            for action in ("write", "approve")
        },
        may_issue=bool(guard.allowed(actor, "document.issue", row.unit_id, now=now)),
        now=now,
    )
