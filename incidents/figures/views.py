"""Báo cáo: how fast incidents are taken and resolved, and who carries them; as a page and as a file."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core import arguments, audit, clock
from core.db import transaction
from core.errors import Invalid, NotFound
from core.i18n import named
from core.web import back
from incidents.blueprint import bp
from incidents.catalogue import queries as catalogue
from incidents.default_unit import default_unit_code
from incidents.endings import morning_hour
from incidents.figures import chart, export, morning, queries as figures, statistics
from incidents.figures.statistics import IncidentCase
from incidents.words import severity_word
from people import queries as people
from people.access import guard
from people.models import Unit
from roster.words.labels import PHASES

KEYS: dict[str, Callable[[IncidentCase], Any]] = {
    "unit": lambda case: case.unit,
    "category": lambda case: case.category,
    "phase": lambda case: case.phase,
    "hour": lambda case: case.hour // 2 * 2,
    "severity": lambda case: case.severity,
}
ASKED = ("unit", "campaign", "since", "until", "phase")
"""What the page says again in its links; nothing else of an address is handed to ``url_for``."""
TYPES = {"csv": "text/csv; charset=utf-8", "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"}


@bp.get("/figures/")
@guard.requires("incident.read")
def show_figures() -> ResponseReturnValue:
    """``?unit= campaign= since= until= phase= by=``; without them the own unit's last thirty days."""
    return render_template("incidents/figures/figures.html", **_facts())


@bp.get("/figures/export.<form>")
@guard.requires("incident.read")
def export_figures(form: str) -> ResponseReturnValue:
    """The same as CSV or XLSX, every grouping and the people; who took it along is written down."""
    if form not in export.FORMATS:
        raise NotFound("figures.form", form=form)
    facts = _facts()
    found, unit = facts["found"], facts["unit"]
    tables = [export.total_table(found)]
    tables += [
        export.group_table(name, [(_label(key, row.key), row) for row in statistics.by(found.cases, KEYS[key])])
        for key, name in facts["groupings"]
    ]
    if facts["with_people"]:
        tables.append(export.load_table(found))
    with transaction():
        audit.record(guard.current_actor(), "incident.export", "unit", unit.id, now=clock.now(), form=form)
    response = Response(export.render(tables, form), content_type=TYPES[form])
    response.headers["Content-Disposition"] = f'attachment; filename="bao-cao-su-co.{form}"'
    return response


@bp.post("/figures/morning")
@guard.requires("settings.write")
def set_morning() -> ResponseReturnValue:
    """Set when the leadership hears of the night."""
    try:
        morning.set_hour(request.form.get("hour", "").strip(), actor=guard.current_actor(), now=clock.now())
    except Invalid as error:
        typed = {"typed_hour": request.form.get("hour", ""), "hour_fault": error.message()}
        return render_template("incidents/figures/figures.html", **(_facts() | typed)), error.http_status
    return back(url_for(".show_figures"), _("Đã lưu giờ gửi tình hình đêm qua."))


def _facts() -> dict[str, Any]:
    now, actor = clock.now(), guard.current_actor()
    unit = _unit()
    offered = figures.campaigns()
    campaign = next((each for each in offered if str(each.id) == request.args.get("campaign")), None)
    phase = request.args.get("phase", "")
    period = figures.period_of(
        campaign, arguments.day("since"), arguments.day("until"), phase if phase in PHASES else "", now=now
    )
    found = figures.read_figures(unit, period, actor=actor, now=now)
    by = request.args.get("by", "") if request.args.get("by") in KEYS else "unit"
    rows = [(_label(by, row.key), row) for row in statistics.by(found.cases, KEYS[by])]
    if by in ("hour", "severity"):
        rows.sort(key=lambda each: str(each[1].key).zfill(3))
    return {
        "unit": unit,
        "units": people.unit_tree(),
        "period": period,
        "found": found,
        "by": by,
        "rows": rows,
        "campaign": campaign,
        "campaigns": offered,
        "phases": PHASES,
        "groupings": _groupings(),
        "whole": statistics.row("", found.cases),
        "targets": catalogue.targets(),
        "size": chart,
        "with_people": bool(guard.allowed(actor, "incident.close", unit.id, now=now)),
        "taken_plot": _plot(rows, "taken"),
        "resolved_plot": _plot(rows, "resolved"),
        "typed_hour": morning_hour.sending_hour(),
        "hour_fault": "",
        "unreadable": arguments.unreadable("since", "until"),
        "kept": {name: request.args[name] for name in ASKED if request.args.get(name)},
    }


def _groupings() -> list[tuple[str, str]]:
    return [
        ("unit", _("Theo đơn vị")),
        ("category", _("Theo loại")),
        ("severity", _("Theo mức độ")),
        ("phase", _("Theo giai đoạn")),
        ("hour", _("Theo giờ ghi nhận")),
    ]


def _plot(rows: list[tuple[str, statistics.FigureRow[Any]]], what: str) -> chart.FigureChart:
    known = [(label, getattr(row, what)) for label, row in rows]
    return chart.draw(
        [
            (label, found.median.total_seconds(), found.p90.total_seconds())
            for label, found in known
            if found.median is not None and found.p90 is not None
        ][:12]
    )


def _label(by: str, key: Any) -> str:
    if by == "category":
        category = catalogue.category(key)
        return named(category) if category else str(key)
    if by == "severity":
        return _("Mức %(n)s · %(word)s", n=key, word=severity_word(int(key)))
    if by == "phase":
        return str(PHASES[key]) if key in PHASES else _("Ngoài đợt trực")
    if by == "hour":
        return f"{key:02d}:00–{key + 2:02d}:00"
    return str(key)


def _unit() -> Unit:
    asked = request.args.get("unit") or default_unit_code(guard.current_actor())
    if not asked:
        raise NotFound("unit.none")
    return people.unit_by_code(asked)
