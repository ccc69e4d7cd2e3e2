"""On the page of who is there: a manager notes who stood in, in one tap, or takes it back."""

from __future__ import annotations

from datetime import datetime

from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core import clock
from core.calendar import dates
from core.db import db
from core.errors import DomainError, Invalid
from core.web import back
from duty.attendance import views as presence
from duty.attendance.deputies import services
from duty.attendance.deputies.services import Stood
from people.access import guard
from roster.blueprint import bp


@bp.post("/presence/<int:duty_id>/stand-in")
@guard.requires("duty.correct")
def note_stand_in(duty_id: int) -> ResponseReturnValue:
    """``do``: note (``person``: code; ``from``, ``until``: local moments, the second may be empty) or withdraw."""
    form, actor, now = request.form, guard.current_actor(), clock.now()
    try:
        if form.get("do") == "withdraw":
            services.withdraw(duty_id, actor=actor, now=now)
            return back(presence.list_address(), _("Đã bỏ ghi trực thay."))
        from_at = _moment("from")
        if from_at is None:
            raise Invalid("presence.time", field="from")
        stood = Stood(form.get("person", "").strip(), from_at, _moment("until"))
        noted = services.note(duty_id, stood, actor=actor, now=now)
        told = _("Đã ghi %(name)s trực thay.", name=noted.row.person.full_name)
        if noted.warned.texts:
            told = " ".join([told, _("Lưu ý:"), *noted.warned.texts])
            return back(presence.list_address(), told, "warn")
        return back(presence.list_address(), told)
    except DomainError as fault:
        if fault.http_status not in (404, 409, 422):
            raise
        db.session.rollback()
        return presence.page(fault.message(), fault.http_status, wrong=f"stand_in-{duty_id}")


def _moment(name: str) -> datetime | None:
    typed = request.form.get(name, "").strip()
    if not typed:
        return None
    found = dates.moment(typed)
    if found is None:
        raise Invalid("presence.time", field=name)
    return found
