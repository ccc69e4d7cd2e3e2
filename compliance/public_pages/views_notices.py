"""/letter/notices: what the public is told of interruptions, by those who answer for it."""

from __future__ import annotations

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from compliance.blueprint import bp
from compliance.form_pages import faults_of, units_for
from compliance.public_pages import notices
from core import clock
from core.calendar import dates
from core.db import db
from core.errors import Conflict, DomainError, Forbidden, Invalid, NotFound
from core.form_values import whole_number
from core.web import back
from incidents.default_unit import default_unit_code
from people.access import guard


@bp.get("/notices")
@guard.requires("notice.write")
def public_notices() -> ResponseReturnValue:
    return _page()


@bp.post("/notices")
@guard.requires("notice.write")
def save_notice() -> ResponseReturnValue:
    """``id`` empty: a new one; ``do``: say or over."""
    form, actor, now = request.form, guard.current_actor(), clock.now()
    number, next_at = whole_number(form.get("id")), dates.moment(form.get("next_at", ""))
    words = notices.NoticeWords(form.get("text_vi", ""), form.get("text_en", ""), next_at)
    try:
        if form.get("next_at", "").strip() and next_at is None:
            raise Invalid("notice.next_at", field="next_at")
        if number is None:
            notices.write(form.get("unit", ""), words, actor=actor, now=now)
        else:
            version, is_over = whole_number(form.get("version")) or 0, form.get("do") == "over"
            notices.update(number, version, None if is_over else words, actor=actor, now=now)
    except Forbidden:
        raise
    except (Invalid, NotFound, Conflict) as fault:
        db.session.rollback()
        return _page(fault), fault.http_status
    return back(url_for(".public_notices"), _("Đã đăng."))


def _page(fault: DomainError | None = None) -> str:
    now, actor = clock.now(), guard.current_actor()
    return render_template(
        "compliance/public_pages/notices.html",
        rows=notices.mine(guard.reach(actor, "notice.write", now=now)),
        units=units_for("notice.write"),
        typed=request.form or {"unit": default_unit_code(actor) or ""},
        faults=faults_of(fault),
    )
