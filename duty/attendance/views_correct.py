"""A manager corrects when somebody came, left or was ready, or takes back what was said by mistake."""

from __future__ import annotations

from flask import request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core import clock
from core.calendar import dates
from core.db import db
from core.errors import DomainError, Invalid
from core.web import back
from duty.attendance import corrections, views
from people.access import guard
from roster.blueprint import bp


@bp.post("/presence/<int:duty_id>")
@guard.requires("duty.correct")
def correct_presence(duty_id: int) -> ResponseReturnValue:
    """``kind``: check_in, check_out or ready; ``do``: correct (``at``: when it really was) or withdraw; ``note``: the
    reason."""
    form, actor, now = request.form, guard.current_actor(), clock.now()
    kind, reason = form.get("kind", ""), form.get("note", "")
    try:
        if form.get("do") == "withdraw":
            duty = corrections.withdraw(duty_id, kind, reason, actor=actor, now=now)
        else:
            at = dates.moment(form.get("at", ""))
            if at is None:
                raise Invalid("presence.time", field="at")
            duty = corrections.correct(duty_id, kind, at, reason, actor=actor, now=now)
    except DomainError as fault:
        if fault.http_status not in (409, 422):
            raise
        db.session.rollback()
        return views.page(fault.message(), fault.http_status, wrong=duty_id)
    return back(views.list_address(), _("Đã sửa giờ của %(name)s.", name=duty.person.full_name))
