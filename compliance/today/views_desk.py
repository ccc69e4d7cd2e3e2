"""/letter/points…: points of service for those who answer for them."""

from __future__ import annotations

from datetime import timedelta

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from compliance.blueprint import bp
from compliance.parcel_checks import queries as parcels
from compliance.posting import law, queries as posting
from compliance.service_hours import points
from compliance.today import overview, queries
from core import arguments, clock, pages
from people import queries as people, unit_list
from people.access import guard

BACK = timedelta(days=31)


def points_link() -> tuple[str, str]:
    """Return the link to the page of the sheets."""
    return url_for("compliance.all_points"), _("Điểm phục vụ")


@bp.get("/points")
@guard.requires("point.read")
def all_points() -> ResponseReturnValue:
    """Points in reach: sums of all that are chosen, rows a page at a time. ``?open=1``: those that owe something."""
    now = clock.now()
    reach = guard.reach(guard.current_actor(), "point.read", now=now)
    here = {unit.id for unit in points.among(reach, clock.local_date(now))}
    tree = [(depth, unit) for depth, unit in people.unit_tree() if reach is None or unit.id in reach]
    listed = unit_list.narrowed(tree, request.args)
    found = overview.build_overview(
        [unit for _deep, unit in listed.rows if unit.id in here], now, may_settle=guard.can("point.settle")
    )
    owing = request.args.get("open") == "1"
    rows = [row for row in found.rows if not owing or row.missing or row.odd or not row.is_posted]
    return render_template(
        "compliance/today/points.html",
        listed=listed,
        found=found,
        shown=pages.part(rows, arguments.number("page", 1)),
        owing=owing,
    )


@bp.get("/points/<unit_code>")
@guard.requires("point.read")
def point(unit_code: str) -> ResponseReturnValue:
    """One point: its week, what hangs with photos, what was found, its hours."""
    now = clock.now()
    unit = people.unit_by_code(unit_code)
    guard.ensure(guard.current_actor(), "point.read", unit.id, now=now)
    today = clock.local_date(now)
    return render_template(
        "compliance/today/point.html",
        point=queries.today_at(unit, today, now),
        history=posting.history(unit.id),
        findings=parcels.findings([unit.id], today - BACK, today),
        days=sorted(queries.point_days([unit.id], today - BACK, today).values(), key=lambda row: row.day, reverse=True),
        numbers=parcels.by_day([unit.id], today - BACK, today),
        odd={day for _unit, day in parcels.odd_days([unit.id], today - BACK, today)},
        penalties={what: law.penalty(what, today) for what in ("prohibited", "conditions", "prices")},
        may_settle=guard.can("point.settle", unit.id),
    )
