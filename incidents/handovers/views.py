"""Biên bản bàn giao ca: those of the units that one reads, one of them, on paper, and what a unit has settled."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select

from core import arguments, clock
from core.actor import Actor
from core.db import db
from core.errors import DomainError, Forbidden, NotFound, by_field
from core.pages import part
from core.web import back
from incidents.blueprint import bp
from incidents.default_unit import default_unit_code
from incidents.handovers import acceptance, content, own, places, queries, services as handovers
from incidents.handovers.models import Handover
from people import queries as people
from people.access import guard
from people.models import Person
from roster.models import Duty


@bp.get("/handovers/")
@guard.requires("incident.read")
def handover_list() -> ResponseReturnValue:
    """``unit``: with everything below (default: one's own); changes of shift about now, then what was written."""
    actor, now = guard.current_actor(), clock.now()
    code = request.args.get("unit") or default_unit_code(actor)
    unit = people.unit_by_code(code) if code else None
    within = guard.reach(actor, "incident.read", now=now)
    if unit is not None:
        below = set(people.subtree_ids(unit.id))
        within = below if within is None else within & below
    ids = db.session.scalars(queries.listed(within).with_only_columns(Handover.id).order_by(Handover.id.desc())).all()
    shown = part(ids, arguments.number("page", 1))
    return render_template(
        "incidents/handovers/list.html",
        unit=unit,
        units=people.unit_tree(),
        turns=[each for each in queries.changing(within, now=now) if each.row is None or each.row.state != "accepted"],
        rows=queries.by_ids(shown.rows),
        part=shown,
        kinds=_kinds(),
    )


@bp.get("/handovers/<int:handover_id>")
@guard.requires("incident.read")
def handover_page(handover_id: int) -> ResponseReturnValue:
    return _page(_readable(handover_id))


@bp.post("/handovers/<int:handover_id>")
@guard.requires("incident.read")
def act_on_handover(handover_id: int) -> ResponseReturnValue:
    """``do``: sign, accept, decline or note; for oneself, or for ``person`` with ``how`` one heard it."""
    _ensure_party(_readable(handover_id))
    act = _ACTS.get(request.form.get("do", ""))
    if act is None:
        raise NotFound("handover.unknown", field="do")
    try:
        act(handover_id, guard.current_actor(), clock.now())
    except Forbidden:
        raise
    except DomainError as fault:
        db.session.rollback()
        return _page(queries.by_id(handover_id), fault.message()), fault.http_status
    return back(url_for(".handover_page", handover_id=handover_id), _("Đã ghi."))


def _sign(handover_id: int, actor: Actor, now: datetime) -> None:
    handovers.sign(handover_id, how=request.form.get("how", ""), actor=actor, now=now)


def _accept(handover_id: int, actor: Actor, now: datetime) -> None:
    person, how = request.form.get("person") or None, request.form.get("how", "")
    seen = request.form.getlist("incident")
    acceptance.accept(handover_id, seen=seen, person=person, how=how, actor=actor, now=now)


def _decline(handover_id: int, actor: Actor, now: datetime) -> None:
    person, reason = request.form.get("person") or None, request.form.get("reason", "")
    acceptance.decline(handover_id, reason=reason, person=person, actor=actor, now=now)


def _note(handover_id: int, actor: Actor, now: datetime) -> None:
    acceptance.add_note(handover_id, text=request.form.get("text", ""), actor=actor, now=now)


_ACTS: dict[str, Callable[[int, Actor, datetime], None]] = {
    "sign": _sign,
    "accept": _accept,
    "decline": _decline,
    "note": _note,
}


@bp.get("/handovers/<int:handover_id>/print")
@guard.requires("incident.read")
def print_handover(handover_id: int) -> ResponseReturnValue:
    """Print it as a sheet for the binder; what was signed, word for word, with its hash."""
    row = _readable(handover_id)
    unit, signed, kind = row.unit, row.content, _kinds().get(row.duty)
    over = signed.get("over", unit.parent.name if unit.parent else "")
    return render_template(
        "incidents/handovers/print.html",
        row=row,
        unit={"name": signed.get("unit", unit.name)},
        over={"name": over} if over else None,
        duty_name=signed.get("duty_name", kind.name_vi if kind else row.duty),
        looked_at=content.items_of(row.content),
        is_altered=content.is_altered(row.content, row.content_hash),
        hash_shown=" ".join(row.content_hash[n : n + 8] for n in range(0, len(row.content_hash), 8)),
        incidents=handovers.incidents_of(row),
        moment_of=datetime.fromisoformat,
        local=clock.local,
        incoming=row.content.get("incoming") or [each.full_name for each in queries.incoming(row)],
    )


@bp.get("/handovers/seats/<int:seat_id>")
@guard.requires("incident.read")
def write_handover_page(seat_id: int) -> ResponseReturnValue:
    """The form for who leaves, or for whoever writes it for them."""
    return _form(_duty(seat_id))


@bp.post("/handovers/seats/<int:seat_id>")
@guard.requires("incident.read")
def write_handover(seat_id: int) -> ResponseReturnValue:
    """``do``: keep or sign; ``how`` one heard it, when it is signed for somebody else."""
    duty, actor, now = _duty(seat_id), guard.current_actor(), clock.now()
    typed, how = own.typed(request.form), request.form.get("how", "")
    try:
        if request.form.get("do") == "sign":
            row = handovers.write_and_sign(seat_id, typed, how=how, actor=actor, now=now)
        else:
            row = handovers.prepare(seat_id, typed, actor=actor, now=now)
    except Forbidden:
        raise
    except DomainError as fault:
        db.session.rollback()
        return _form(duty, fault), fault.http_status
    return back(url_for(".handover_page", handover_id=row.id), _("Đã ghi."))


def _duty(seat_id: int) -> Duty:
    """Return what the seat's holder serves; only those see the form who may write there."""
    duty = db.session.scalar(select(Duty).where(Duty.seat_id == seat_id, Duty.cancelled_at.is_(None)))
    if duty is None:
        raise NotFound("duty.unknown_seat", id=seat_id)
    actor = guard.current_actor()
    if actor.person_id != duty.person_id:
        guard.refuse_unless(actor, "incident.dispatch", duty.unit_id, now=clock.now())
    return duty


def _form(duty: Duty, fault: DomainError | None = None) -> str:
    turn = queries.turn(duty)
    faults = by_field(fault)
    return render_template(
        "incidents/handovers/write.html",
        duty=duty,
        leaving=own.leaving(turn) if turn else None,
        typed=own.typed(request.form) if fault else None,
        problem=fault.message() if fault else "",
        faults=faults,
        how=request.form.get("how", ""),
        is_own=guard.current_actor().person_id == duty.person_id,
        kinds=_kinds(),
    )


@bp.get("/handovers/places/<unit_code>")
@guard.requires("handover.settle")
def handover_place(unit_code: str) -> ResponseReturnValue:
    unit = people.unit_by_code(unit_code)
    guard.refuse_unless(guard.current_actor(), "handover.settle", unit.id, now=clock.now())
    row = places.settled(unit.id)
    return _place(unit_code, row.duties if row else [], "\n".join(places.items_for(unit)))


@bp.post("/handovers/places/<unit_code>")
@guard.requires("handover.settle")
def settle_handover_place(unit_code: str) -> ResponseReturnValue:
    """``duty``: kinds that always write minutes; ``items``: one a line."""
    unit, form = people.unit_by_code(unit_code), request.form
    duties, items = form.getlist("duty"), form.get("items", "")
    try:
        places.settle(unit.id, duties=duties, items=items.splitlines(), actor=guard.current_actor(), now=clock.now())
    except Forbidden:
        raise
    except DomainError as fault:
        faults = by_field(fault)
        return _place(unit_code, duties, items, faults), fault.http_status
    return back(url_for(".handover_list", unit=unit_code), _("Đã lưu."))


@bp.post("/handovers/places/<unit_code>/follow")
@guard.requires("handover.settle")
def follow_handover_place(unit_code: str) -> ResponseReturnValue:
    """``do``: follow (those above) or take_up (what the unit had settled)."""
    unit, actor, now = people.unit_by_code(unit_code), guard.current_actor(), clock.now()
    to = url_for(".handover_place", unit_code=unit_code)
    if request.form.get("do") == "take_up":
        places.take_up(unit.id, actor=actor, now=now)
        return back(to, _("Đã lấy lại quy định riêng của đơn vị."))
    places.follow(unit.id, actor=actor, now=now)
    return back(to, _("Đơn vị theo quy định của cấp trên. Lấy lại được quy định riêng ở cuối trang này."))


def _place(unit_code: str, duties: list[str], items: str, faults: dict[str, str] | None = None) -> str:
    unit = people.unit_by_code(unit_code)
    return render_template(
        "incidents/handovers/place.html",
        unit=unit,
        row=places.settled(unit.id),
        given_up=places.given_up(unit.id),
        duties=duties,
        lines=items,
        faults=faults or {},
        kinds=_kinds(),
    )


def _readable(handover_id: int) -> Handover:
    row = queries.by_id(handover_id)
    guard.ensure(guard.current_actor(), "incident.read", row.unit_id, now=clock.now())
    return row


def _ensure_party(row: Handover) -> None:
    """Who left, who comes or came, or who may dispatch; others are refused before anything that they sent is read."""
    actor = guard.current_actor()
    theirs = {row.outgoing_id, row.accepted_by_id, *(each.id for each in queries.incoming(row))} - {None}
    if actor.person_id not in theirs:
        guard.refuse_unless(actor, "incident.dispatch", row.unit_id, now=clock.now())


def _page(row: Handover, problem: str = "") -> str:
    actor, now = guard.current_actor(), clock.now()
    coming, card = queries.incoming(row), own.card_of(row, actor.person_id, now)
    may_dispatch = guard.can("incident.dispatch", row.unit_id)
    is_party = actor.person_id is not None and actor.person_id in {row.outgoing_id, *(each.id for each in coming)}
    desk = people.person_by_id(card.desk_person) if card.desk_person is not None else None
    return render_template(
        "incidents/handovers/handover.html",
        row=row,
        card=card,
        kept=handovers.incidents_of(row),
        is_altered=content.is_altered(row.content, row.content_hash),
        incoming=coming,
        kinds=_kinds(),
        moment_of=datetime.fromisoformat,
        is_outgoing=actor.person_id is not None and actor.person_id == row.outgoing_id,
        is_incoming=any(each.id == actor.person_id for each in coming),
        may_dispatch=may_dispatch,
        may_ring=lambda person: is_party or _may_ring(person),
        rings_desk=bool(card.desk_phone) and (desk is None or is_party or _may_ring(desk)),
        reader=actor.person_id,
        now=now,
        problem=problem,
        typed=request.form,
    )


def _may_ring(person: Person | None) -> bool:
    """A number is somebody's own: whoever only reads the minutes does not learn it."""
    return person is not None and guard.can("person.contact", person.unit_id, person.id)


def _kinds() -> dict[str, Any]:
    return {kind.code: kind for kind in people.duty_kinds()}
