"""Pages of maintenance windows: the list with its form, confirming, ending; silencing a source from where one is."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core import clock
from core.db import db
from core.errors import DomainError, Forbidden
from core.form_values import whole_number
from core.web import back, safe_next
from incidents import panels
from incidents.alarms.queries import OF_A_SOURCE
from incidents.default_unit import default_unit_code
from incidents.intake.models import Intake
from incidents.maintenance import queries, services, silencing, words
from incidents.maintenance.forms import WindowForm
from incidents.maintenance.models import MaintenanceWindow
from incidents.maintenance.services import MaintenancePlan
from incidents.record import states
from incidents.record.models import Incident
from people import queries as people
from people.access import guard
from people.form_values import units_within

bp = Blueprint("maintenance", __name__, url_prefix="/incidents/maintenance")
SHOWN = 100


@bp.get("/")
@guard.requires("incident.read")
def overview() -> ResponseReturnValue:
    """Return what holds, what is to come, what was; and the form for a new one."""
    return _overview(_form())


@bp.post("/")
@guard.requires(services.PLAN)
def create() -> ResponseReturnValue:
    """Plan one; what was typed stays when something is wrong."""
    now, form = clock.now(), _form()
    if not form.validate():
        return _overview(form, 422)
    try:
        made = services.plan(
            MaintenancePlan(
                people.unit_by_code(form.unit.data).id,
                form.starts_at.data or now,
                form.ends_at.data or now,
                form.reason.data or "",
                intake_id=(whole_number(form.source.data) or 0) if form.source.data else None,
                category=form.category.data or None,
            ),
            confirmed=bool(form.confirmed.data),
            actor=guard.current_actor(),
            now=now,
        )
    except Forbidden:
        raise
    except DomainError as error:
        form.take(error)
        return _overview(form, 422)
    return back(url_for(".overview"), _said(made))


@bp.post("/<int:window_id>/confirm")
@guard.requires(services.CONFIRM)
def confirm(window_id: int) -> ResponseReturnValue:
    services.confirm(window_id, actor=guard.current_actor(), now=clock.now())
    return back(url_for(".overview"), _("Đã xác nhận: trong thời gian bảo trì tin báo được giữ lại, không gọi ai."))


@bp.post("/<int:window_id>/end")
@guard.requires(services.PLAN)
def end(window_id: int) -> ResponseReturnValue:
    services.end(window_id, actor=guard.current_actor(), now=clock.now())
    return back(url_for(".overview"), _("Đã kết thúc bảo trì; tin còn báo trở thành sự cố ngay bây giờ."))


@bp.post("/silence")
@guard.requires(services.PLAN)
def silence() -> ResponseReturnValue:
    """``source`` is quiet for ``hours``; ``next``: the page from which it was asked."""
    asked, hours = whole_number(request.form.get("source", "")), whole_number(request.form.get("hours", ""))
    made = services.silence(
        asked or 0,
        hours=hours or 0,
        reason=request.form.get("reason", ""),
        actor=guard.current_actor(),
        now=clock.now(),
    )
    return back(safe_next(request.form.get("next"), url_for(".overview")), _said(made))


def _said(made: MaintenanceWindow) -> str:
    if made.obligatory_minutes and made.confirmed_at is None:
        return _("Đã ghi, chưa giữ tin nào: trùng giờ trực bắt buộc, chờ quản lý đơn vị hoặc lãnh đạo trực xác nhận.")
    if made.is_silence:
        return _("Nguồn báo tạm im đến %(time)s; tin được giữ lại và đếm.", time=words.until(made))
    return _("Đã ghi bảo trì đến %(time)s; tin trong thời gian này được giữ lại và đếm.", time=words.until(made))


def _form() -> WindowForm:
    actor, now = guard.current_actor(), clock.now()
    units = units_within(actor, services.PLAN, now)
    return WindowForm(
        unit=default_unit_code(actor), units=units, sources=queries.sources_about([unit.id for _depth, unit in units])
    )


def _overview(form: WindowForm, status: int = 200) -> ResponseReturnValue:
    now, actor = clock.now(), guard.current_actor()
    newest = queries.within(actor, now).order_by(
        MaintenanceWindow.released_at.is_not(None), MaintenanceWindow.starts_at.desc(), MaintenanceWindow.id.desc()
    )
    windows = queries.shown(db.session.scalars(newest.limit(SHOWN)).all(), now)
    return (
        render_template(
            "incidents/maintenance/windows.html",
            form=form,
            windows=windows,
            held=queries.held_now(windows),
            now=now,
            words=words,
            may_plan=bool(form.unit.choices),
        ),
        status,
    )


def _panel(incident: Incident, now: datetime) -> dict[str, Any] | None:
    """On an incident that a source raised: two taps to silence that source."""
    key = incident.dedup_key or ""
    if incident.status not in states.UNFINISHED or not key.startswith(OF_A_SOURCE):
        return None
    intake = db.session.get(Intake, whole_number(key.split("/")[1]) or 0)
    if intake is None or intake.revoked_at is not None:
        return None
    facts = silencing.silencing_for(intake, guard.current_actor(), now)
    return facts | {"incident": incident} if facts["may"] else None


PANELS = (panels.Panel("other", "incidents/maintenance/_panel_silence.html", _panel),)
