"""Pages of those outside: whom one rings, who was tested, what was asked for in writing and answered."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, lazy_gettext as _l

from compliance.blueprint import bp
from compliance.coordination import queries, services, words
from compliance.coordination.models import ContactCall, Coordination, LoggedFile, StateCustomer
from compliance.coordination.services import CoordinationRequest, CoordinationStep
from compliance.form_pages import EntryList, faults_of, units_for
from core import clock
from core.actor import Actor
from core.calendar import dates
from core.db import db
from core.errors import Conflict, DomainError, Forbidden, Invalid, NotFound
from core.files import answers, content as accepted
from core.form_values import whole_number
from core.web import back
from incidents.catalogue.models import Authority
from incidents.catalogue.words import ROLES
from incidents.default_unit import default_unit_code
from people import queries as people
from people.access import guard

LAST_CALLS = 50


@bp.get("/authorities")
@guard.requires("coordination.read")
def authorities() -> ResponseReturnValue:
    """Authorities and KT1 customers with their last calls; who was not tested stands first."""
    return _authorities()


@bp.post("/authorities")
@guard.requires("coordination.write")
def act_on_authorities() -> ResponseReturnValue:
    """``do``: rang (``authority`` or ``customer``, ``answered``, ``remark``, ``at``, ``rang_by``), or customer."""
    form, actor, now = request.form, guard.current_actor(), clock.now()
    try:
        if form.get("do") == "customer":
            services.save_customer(whole_number(form.get("id")), form.to_dict(), actor=actor, now=now)
        else:
            if form.get("answered") not in ("yes", "no"):
                raise Invalid("coordination.answered", field="answered")
            services.rang(
                _who(),
                answered=form["answered"] == "yes",
                remark=form.get("remark", ""),
                at=dates.moment(form.get("at", "")),
                rang_by=form.get("rang_by", ""),
                actor=actor,
                now=now,
            )
    except Forbidden:
        raise
    except (Invalid, NotFound) as fault:
        db.session.rollback()
        return _authorities(fault), fault.http_status
    return back(url_for(".authorities"), _("Đã ghi."))


def _receive(actor: Actor, now: datetime) -> Coordination:
    """A written request has come."""
    form = request.form
    given = CoordinationRequest(
        unit=form.get("unit", ""),
        authority_id=whole_number(form.get("authority")),
        name=form.get("name", ""),
        number=form.get("number", ""),
        dated_on=dates.day(form.get("dated_on", "")),
        received_at=dates.moment(form.get("received_at", "")),
        scope=form.get("scope", ""),
        due_at=dates.moment(form.get("due_at", "")),
        incident=form.get("incident", "").strip().upper(),
    )
    return services.receive(given, actor=actor, now=now)


def _facts(within: set[int] | None, now: datetime) -> dict[str, Any]:
    known = queries.authorities(within, clock.local_date(now))
    return {
        "rows": queries.listed(within),
        "authorities": [(str(each.id), each.name) for each in known],
        "states": words.STATES,
        "now": now,
    }


EntryList(
    "compliance/coordination/list.html",
    reads="coordination.read",
    writes="coordination.write",
    facts=_facts,
    usual=lambda now: {"received_at": now, "dated_on": clock.local_date(now)},
    add=_receive,
    entry=lambda row: url_for(".coordination_entry", entry_id=row.id),
    added=_l("Đã ghi yêu cầu."),
).add_to(bp, "/coordination/", "coordination", "receive_request")


@bp.get("/coordination/<int:entry_id>")
@guard.requires("coordination.read")
def coordination_entry(entry_id: int) -> ResponseReturnValue:
    return _entry(entry_id)


@bp.post("/coordination/<int:entry_id>")
@guard.requires("coordination.write")
def act_on_coordination(entry_id: int) -> ResponseReturnValue:
    """``do``: answer, hand_over, close, or file."""
    form, actor, now = request.form, guard.current_actor(), clock.now()
    guard.refuse_unless(actor, "coordination.write", queries.one(entry_id).unit_id, now=now)
    try:
        if form.get("do") == "file":
            row = queries.one(entry_id)
            about, (data, name) = f"coordination:{entry_id}", sent_file()
            services.attach(about, row.unit_id, "coordination.write", data, name=name, actor=actor, now=now)
        else:
            given = CoordinationStep(
                form.get("do", ""),
                dates.moment(form.get("at", "")),
                form.get("text", ""),
                form.get("number", ""),
                form.get("to", ""),
            )
            services.step(entry_id, whole_number(form.get("version")) or 0, given, actor=actor, now=now)
    except Forbidden:
        raise
    except (Invalid, Conflict) as fault:
        db.session.rollback()
        return _entry(entry_id, fault), fault.http_status
    return back(url_for(".coordination_entry", entry_id=entry_id), _("Đã ghi."))


@bp.get("/coordination/<int:entry_id>/files/<int:file_id>")
@guard.requires("coordination.read")
def coordination_file(entry_id: int, file_id: int) -> ResponseReturnValue:
    guard.ensure(guard.current_actor(), "coordination.read", queries.one(entry_id).unit_id, now=clock.now())
    return file_answer(f"coordination:{entry_id}", file_id)


def sent_file() -> tuple[bytes, str]:
    """Bytes and name of the file of this form; empty when none came."""
    found = request.files.get("file")
    return (found.read(), found.filename or "") if found is not None else (b"", "")


def file_answer(about: str, file_id: int) -> ResponseReturnValue:
    row = db.session.get(LoggedFile, file_id)
    if row is None or row.about != about:
        raise NotFound("coordination.no_file")
    return answers.download(row.content, row.media_type, row.name)


def _who() -> Authority | StateCustomer:
    number = whole_number(request.form.get("authority"))
    found: Authority | StateCustomer | None
    if number is not None:
        found = db.session.get(Authority, number)
    else:
        found = db.session.get(StateCustomer, whole_number(request.form.get("customer")) or 0)
    if found is None:
        raise NotFound("coordination.no_customer")
    return found


def _authorities(fault: DomainError | None = None) -> str:
    now, actor = clock.now(), guard.current_actor()
    today, within = clock.local_date(now), guard.reach(actor, "coordination.read", now=now)
    wanted = people.unit_ids().values() if within is None else within
    bodies = queries.tested(queries.authorities(within, today), now)
    customers = queries.tested(queries.customers_on(list(wanted), today), now)
    log = queries.calls_statement(within).order_by(ContactCall.at.desc(), ContactCall.id.desc()).limit(LAST_CALLS)
    names = {("a", each.row.id): each.row.name for each in bodies}
    names |= {("c", each.row.id): each.row.name for each in customers}
    return render_template(
        "compliance/coordination/authorities.html",
        bodies=sorted(bodies, key=lambda each: each.fresh),
        customers=sorted(customers, key=lambda each: each.fresh),
        untested=[each for each in [*bodies, *customers] if not each.fresh],
        calls=db.session.scalars(log).all(),
        names=names,
        roles=ROLES,
        days=queries.FRESH.days,
        units=units_for("directory.write"),
        typed=request.form or {"unit": default_unit_code(actor) or ""},
        faults=faults_of(fault),
    )


def _entry(entry_id: int, fault: DomainError | None = None) -> str:
    now, actor = clock.now(), guard.current_actor()
    row = queries.one(entry_id)
    guard.ensure(actor, "coordination.read", row.unit_id, now=now)
    return render_template(
        "compliance/coordination/entry.html",
        row=row,
        files=queries.files(f"coordination:{row.id}"),
        states=words.STATES,
        typed=request.form,
        faults=faults_of(fault),
        may_write=bool(guard.allowed(actor, "coordination.write", row.unit_id, now=now)),
        accept=accepted.ACCEPTED,
        most=accepted.MOST_BYTES // 1024 // 1024,
        now=now,
    )
