"""Pages of requests: what was asked by whom, day by day, and what was told on the telephone."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, lazy_gettext as _l

from compliance.blueprint import bp
from compliance.form_pages import EntryList, faults_of
from compliance.reports import forms, queries, requesting, sending, words
from core import clock
from core.calendar import dates
from core.db import db
from core.errors import Conflict, DomainError, Forbidden, Invalid
from core.web import back
from people.access import guard


@bp.get("/reports/requests/<int:request_id>")
@guard.requires("reporting.read")
def report_request(request_id: int) -> ResponseReturnValue:
    return _page(request_id)


@bp.post("/reports/requests/<int:request_id>")
@guard.requires("reporting.write")
def act_on_request(request_id: int) -> ResponseReturnValue:
    """``do``: told (``way``, ``day``, ``recipient``, ``heard_by``, ``at``, ``note``) or end (``reason``)."""
    form, actor, now = request.form, guard.current_actor(), clock.now()
    guard.refuse_unless(actor, "reporting.write", queries.request_by_id(request_id).unit_id, now=now)
    try:
        if form.get("do") == "end":
            requesting.end(request_id, form.get("reason", ""), actor=actor, now=now)
        else:
            sending.told(
                request_id,
                forms.day(form, "day"),
                sending.HeardAnswer(
                    form.get("recipient", ""),
                    form.get("way", ""),
                    heard_by=form.get("heard_by", ""),
                    at=_moment(form.get("at", ""), now),
                    note=form.get("note", ""),
                ),
                actor=actor,
                now=now,
            )
    except Forbidden:
        raise
    except (Invalid, Conflict) as fault:
        db.session.rollback()
        return _page(request_id, fault), fault.http_status
    return back(url_for(".report_request", request_id=request_id), _("Đã ghi."))


def _moment(typed: str, now: datetime) -> datetime | None:
    """Empty: now; what cannot be read: none."""
    return dates.moment(typed) if typed.strip() else now


def _facts(within: set[int] | None, _now: datetime) -> dict[str, Any]:
    return {
        "rows": queries.requests(within),
        "forms": words.FORMS,
        "kinds": words.KINDS,
        "most": requesting.MOST_RECIPIENTS,
    }


EntryList(
    "compliance/reports/requests.html",
    reads="reporting.read",
    writes="reporting.approve",
    facts=_facts,
    usual=lambda now: dict.fromkeys(("asked_on", "starts_on", "ends_on"), clock.local_date(now)),
    add=lambda actor, now: requesting.add(forms.request_in(request.form), actor=actor, now=now),
    entry=lambda row: url_for(".report_request", request_id=row.id),
    added=_l("Đã ghi yêu cầu báo cáo."),
).add_to(bp, "/reports/requests", "report_requests", "add_report_request")


def _page(request_id: int, fault: DomainError | None = None) -> str:
    now, actor = clock.now(), guard.current_actor()
    row = queries.request_by_id(request_id)
    guard.ensure(actor, "reporting.read", row.unit_id, now=now)
    days = queries.dues([row], row.starts_on, row.ends_on, now)
    waiting: date = next((each.day for each in days if each.lacking), row.ends_on)
    return render_template(
        "compliance/reports/request.html",
        row=row,
        days=days,
        names=[(each["name"], each["name"]) for each in row.recipients],
        waiting=waiting,
        sent=queries.sent(request_id=row.id),
        forms=words.FORMS,
        kinds=words.KINDS,
        ways=words.WAYS,
        due_words=words.DUE,
        mail=words.EMAIL,
        typed=request.form,
        faults=faults_of(fault),
        may_write=bool(guard.allowed(actor, "reporting.write", row.unit_id, now=now)),
        may_end=bool(guard.allowed(actor, "reporting.approve", row.unit_id, now=now)),
        now=now,
    )
