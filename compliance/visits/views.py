"""Pages of inspections: who came, what they found, what they want done, what came of it."""

from __future__ import annotations

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, lazy_gettext as _l

from compliance.blueprint import bp
from compliance.coordination import queries as papers, services as filing
from compliance.coordination.views import file_answer, sent_file
from compliance.form_pages import EntryList, faults_of, units_for
from compliance.visits import queries, services
from compliance.visits.services import VisitIn
from core import clock
from core.calendar import dates
from core.db import db
from core.errors import Conflict, DomainError, Forbidden, Invalid
from core.files import content as accepted
from core.form_values import whole_number
from core.web import back
from people.access import guard


@bp.get("/visits/<int:visit_id>")
@guard.requires("visit.read")
def visit(visit_id: int) -> ResponseReturnValue:
    return _page(visit_id)


@bp.post("/visits/<int:visit_id>")
@guard.requires("visit.write")
def act_on_visit(visit_id: int) -> ResponseReturnValue:
    """``do``: save, recommend (``text``, ``due_on``), follow (``id``, ``result``) or file."""
    form, actor, now = request.form, guard.current_actor(), clock.now()
    act = form.get("do")
    guard.refuse_unless(actor, "visit.write", queries.one(visit_id).unit_id, now=now)
    try:
        if act == "recommend":
            services.recommend(visit_id, form.get("text", ""), dates.day(form.get("due_on", "")), actor=actor, now=now)
        elif act == "follow":
            services.follow(visit_id, whole_number(form.get("id")) or 0, form.get("result", ""), actor=actor, now=now)
        elif act == "file":
            row = queries.one(visit_id)
            about, (data, name) = f"inspection:{visit_id}", sent_file()
            filing.attach(about, row.unit_id, "visit.write", data, name=name, actor=actor, now=now)
        else:
            services.write(visit_id, whole_number(form.get("version")) or 0, _typed(), actor=actor, now=now)
    except Forbidden:
        raise
    except (Invalid, Conflict) as fault:
        db.session.rollback()
        return _page(visit_id, fault), fault.http_status
    return back(url_for(".visit", visit_id=visit_id), _("Đã ghi."))


@bp.get("/visits/<int:visit_id>/files/<int:file_id>")
@guard.requires("visit.read")
def visit_file(visit_id: int, file_id: int) -> ResponseReturnValue:
    guard.ensure(guard.current_actor(), "visit.read", queries.one(visit_id).unit_id, now=clock.now())
    return file_answer(f"inspection:{visit_id}", file_id)


def _typed() -> VisitIn:
    form = request.form
    return VisitIn(
        unit=form.get("unit", ""),
        body=form.get("body", ""),
        decision=form.get("decision", ""),
        decided_on=dates.day(form.get("decided_on", "")),
        announced=form.get("announced") == "yes",
        members=form.get("members", "").splitlines(),
        subject=form.get("subject", ""),
        began_at=dates.moment(form.get("began_at", "")),
        ended_at=dates.moment(form.get("ended_at", "")),
        minutes=form.get("minutes", ""),
        result=form.get("result", ""),
    )


EntryList(
    "compliance/visits/list.html",
    reads="visit.read",
    writes="visit.write",
    facts=lambda within, _now: {"rows": queries.listed(within)},
    usual=lambda now: {"began_at": now},
    add=lambda actor, now: services.write(None, 0, _typed(), actor=actor, now=now),
    entry=lambda row: url_for(".visit", visit_id=row.id),
    added=_l("Đã ghi đoàn kiểm tra."),
).add_to(bp, "/visits/", "visits", "write_visit")


def _page(visit_id: int, fault: DomainError | None = None) -> str:
    now, actor = clock.now(), guard.current_actor()
    row = queries.one(visit_id)
    guard.ensure(actor, "visit.read", row.unit_id, now=now)
    return render_template(
        "compliance/visits/visit.html",
        row=row,
        files=papers.files(f"inspection:{row.id}"),
        units=units_for("visit.write"),
        typed=request.form,
        act=request.form.get("do", ""),
        faults=faults_of(fault),
        may_write=bool(guard.allowed(actor, "visit.write", row.unit_id, now=now)),
        accept=accepted.ACCEPTED,
        most=accepted.MOST_BYTES // 1024 // 1024,
        today=clock.local_date(now),
    )
