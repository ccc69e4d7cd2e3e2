"""Which kinds of duty ask whether those who serve are there."""

from __future__ import annotations

from flask import request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core import clock
from core.db import transaction
from core.web import back
from people import services as people
from people.access import guard
from roster.blueprint import bp, kinds


@bp.post("/duty-kinds/asked")
@guard.requires("dutykind.write")
def save_asked() -> ResponseReturnValue:
    """``check_in`` and ``ready``: codes of the kinds that ask it; those that are not named ask it no more."""
    actor, now = guard.current_actor(), clock.now()
    check_in, ready = set(request.form.getlist("check_in")), set(request.form.getlist("ready"))
    with transaction():
        guard.ensure(actor, "dutykind.write", None, now=now)
        for code, kind in kinds().items():
            wanted = {"asks_check_in": code in check_in, "asks_ready": code in ready}
            if (kind.asks_check_in, kind.asks_ready) != tuple(wanted.values()):
                people.save_duty_kind(code, wanted, now=now, actor=actor)
    return back(url_for(".duty_kinds", unit=request.args.get("unit")), _("Đã lưu; áp dụng từ ca bắt đầu sau lúc này."))
