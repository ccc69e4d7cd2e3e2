"""/system/sending/: after a restore a person chooses what becomes of what is due, and calls go on."""

from __future__ import annotations

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, ngettext

from core import clock
from core.errors import FieldError, Invalid
from core.web import back
from incidents.escalation import resuming
from incidents.escalation.resuming import Resumed
from notify import pause
from people.access import guard

bp = Blueprint("sending", __name__)
bp.app_context_processor(lambda: {"may_resume": lambda: guard.can("sending.resume")})


@bp.get("/system/sending/")
@guard.requires("sending.resume")
def index() -> ResponseReturnValue:
    """Gửi tiếp: what waits, and the two ways."""
    stopped = pause.current()
    waits = resuming.waiting(stopped, now=clock.now()) if stopped is not None else None
    return render_template("desk/sending.html", stopped=stopped, waits=waits)


@bp.post("/system/sending/")
@guard.requires("sending.resume")
def resume() -> ResponseReturnValue:
    """Let calls and messages leave again."""
    how = request.form.get("how", "")
    if how not in resuming.WAYS:
        raise Invalid("sending.how", errors=[FieldError("how", "sending.how")])
    done = resuming.resume(how, actor=guard.current_actor(), now=clock.now())
    return back(url_for("system.index"), _words(done))


def _words(done: Resumed | None) -> str:
    if done is None:
        return _("Tin đã được gửi tiếp từ trước.")
    steps = ngettext("%(num)s lượt gọi được lùi lại", "%(num)s lượt gọi được lùi lại", done.put_off)
    letters = ngettext("%(num)s tin cũ được hủy", "%(num)s tin cũ được hủy", done.cancelled)
    return _("Đã gửi tiếp: %(letters)s, %(steps)s.", letters=letters, steps=steps)
