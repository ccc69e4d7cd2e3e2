"""Grouping on pages: the setting of a source, and the alarms of an incident."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import Blueprint, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core import clock
from core.errors import DomainError, Forbidden
from core.form_values import whole_number
from core.web import back
from incidents import panels
from incidents.alarms import queries as alarms
from incidents.grouping import settings
from incidents.intake import sources
from incidents.record.models import Incident
from people.access import guard

bp = Blueprint("grouping", __name__, url_prefix="/incidents/sources")


@bp.post("/<int:intake_id>/grouping")
@guard.requires("intake.manage")
def change(intake_id: int) -> ResponseReturnValue:
    """``minutes``: nothing, or how long alarms are grouped."""
    now, actor = clock.now(), guard.current_actor()
    typed = request.form.get("minutes", "").strip()
    source = sources.by_id(intake_id)
    try:
        minutes = (whole_number(typed) or 0) if typed else None
        settings.set_minutes(source, minutes, actor=actor, now=now)
    except Forbidden:
        raise
    except DomainError as error:
        facts = {"source": source, "grouping_typed": typed, "grouping_error": error.message()}
        return render_template("incidents/grouping/refused.html", **facts), error.http_status
    said = _("Từ nay cảnh báo đến gần nhau là một sự cố.") if typed else _("Từ nay mỗi cảnh báo là một sự cố riêng.")
    return back(url_for("intakes.detail", intake_id=intake_id) + "#grouping", said)


def _facts(incident: Incident, now: datetime) -> dict[str, Any] | None:
    return alarms.shown(incident)


PANELS = (panels.Panel("main", "incidents/grouping/_panel_alarms.html", _facts),)
