"""On the page of a shift: who stands beside whom, and putting somebody there."""

from __future__ import annotations

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core import arguments, clock
from core.errors import DomainError, NotFound
from core.web import back
from people import queries as people
from people.access import guard
from roster.blueprint import bp
from roster.draft import services as drafts
from roster.shadows import services


@bp.post("/shifts/<int:shift_id>/shadows")
@guard.requires("campaign.write")
def change_shadows(shift_id: int) -> ResponseReturnValue:
    """``do``: add (``person``: code, with or without the name behind it; ``seat``) or end (``shadow``: id)."""
    shift, actor, now = drafts.get_shift(shift_id), guard.current_actor(), clock.now()
    guard.ensure(actor, services.ACTION, shift.unit_id, now=now)
    to = url_for("roster.shift", shift_id=shift.id, _anchor="shadows")
    ends = request.form.get("do") == "end"
    seat_id, shadow_id = arguments.sent_number("seat", 0), arguments.sent_number("shadow", 0)
    found = services.shift_of(shadow_id=shadow_id) if ends else services.shift_of(seat_id)
    if found != shift_id:
        raise NotFound("shadow.unknown", id=shadow_id) if ends else NotFound("duty.unknown_seat", id=seat_id)
    try:
        if ends:
            who = services.end(shadow_id, actor=actor, now=now)
            return back(to, _("Đã thôi kèm trực: %(name)s.", name=who.full_name))
        typed = request.form.get("person", "").partition("·")[0].strip()
        services.add(seat_id, typed, actor=actor, now=now)
    except DomainError as fault:
        again = url_for("roster.shift", shift_id=shift.id, beside=request.form.get("person"), _anchor="shadows")
        return back(again, fault.message(), "error")
    return back(to, _("Đã thêm người kèm trực: %(name)s.", name=people.person_by_code(typed).full_name))
