"""A shared desk computer: its lock, and the way in by name and PIN."""

from __future__ import annotations

from typing import Any

from flask import g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core import clock, fragments
from core.errors import DomainError, Throttled
from core.web import back, safe_next
from desk import alarm
from desk.audit import shut_channels, unreached
from desk.blueprint import bp
from desk.shared import bystanders, gate
from people.access import guard
from people.desks import services as shared_desks
from people.desks.services import OpenedDesk

bp.before_app_request(gate.enter)
bp.app_context_processor(lambda: {"desk_seat": g.get("desk_seat")})


@bp.get("/desk/locked")
@guard.signed_in
def locked() -> ResponseReturnValue:
    """Who is on duty and how much is open, and the way in; ``?live=1`` is the part that changes."""
    seat: OpenedDesk | None = g.get("desk_seat")
    if seat is None or seat.opened_by is not None:
        return redirect(safe_next(request.args.get("next")), code=303)
    return _lock_page(seat)


def _lock_page(seat: OpenedDesk, error: DomainError | None = None) -> ResponseReturnValue:
    now = clock.now()
    facts = bystanders.locked(seat, now=now)
    facts["alarm"] = alarm.alarm_for(facts["incidents"], now=now)
    facts |= {"unreached_here": unreached.in_units(facts["unit_ids"], facts["nobody"], now=now), "words": unreached}
    facts["calm"] = "" if facts["unreached_here"].is_red else _calm()
    seen = [facts["open"], facts["untaken"], facts["alarm"].lines, _names(facts), facts["unreached_here"]]
    etag = fragments.tag([*seen, facts["calm"]])
    if request.args.get("live"):
        return fragments.fragment("desk/shared/_locked.html", etag, facts)
    target = safe_next(request.values.get("next"))
    page = render_template("desk/shared/locked.html", next=target, error=error, typed=request.form, etag=etag, **facts)
    headers = {"Retry-After": str(error.params["retry_after"])} if isinstance(error, Throttled) else {}
    return page, error.http_status if error else 200, headers


def _calm() -> str:
    said = shut_channels.said()
    unconnected = said and shut_channels.current().unconnected
    return _("%(said)s. Đề nghị báo quản trị hệ thống.", said=said) if unconnected else said


def _names(facts: dict[str, Any]) -> list[Any]:
    doubts, marks = facts["in_doubt"], facts["marks"]
    return [
        (name, [(one.name, one.seat_id in doubts, marks.get(one.seat_id or 0)) for one in answer.people])
        for name, answer in facts["serving"]
    ]


@bp.get("/desk/who")
@guard.signed_in
def who() -> ResponseReturnValue:
    """The names and the PIN field for the dialog that asks who acts."""
    seat: OpenedDesk | None = g.get("desk_seat")
    if seat is None:
        return redirect("/", code=303)
    return render_template("desk/shared/_who.html", **bystanders.choices(seat, now=clock.now()))


@bp.post("/desk/unlock")
@guard.signed_in
def unlock() -> ResponseReturnValue:
    """Open it with one's name and PIN (or password)."""
    seat: OpenedDesk | None = g.get("desk_seat")
    if seat is None:
        return redirect("/", code=303)
    form, now = request.form, clock.now()
    try:
        who = form.get(gate.OTHER) or form.get(gate.WHO, "")
        person = shared_desks.identify(seat, who, form.get(gate.SECRET, ""), now=now)
    except DomainError as error:
        return _lock_page(seat, error)
    shared_desks.open_desk(seat, person, now=now)
    return redirect(safe_next(form.get("next")), code=303)


@bp.post("/desk/lock")
@guard.signed_in
def lock() -> ResponseReturnValue:
    """Nobody sits there any more."""
    seat: OpenedDesk | None = g.get("desk_seat")
    if seat is None:
        return redirect("/", code=303)
    shared_desks.lock(seat, now=clock.now())
    return back(url_for("desk.locked"), _("Đã khóa máy."))


@bp.post("/desk/awake")
@guard.signed_in
def awake() -> ResponseReturnValue:
    """A hand is on the keyboard, though nothing is sent yet."""
    seat: OpenedDesk | None = g.get("desk_seat")
    if seat is not None and seat.stale:
        shared_desks.touch(seat, now=clock.now())
    return "", 204
