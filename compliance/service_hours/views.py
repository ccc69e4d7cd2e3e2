"""/letter/hours/…: opening hours of a unit and all below it: by weekday, and on single days."""

from __future__ import annotations

from datetime import date, timedelta

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from compliance.blueprint import bp
from compliance.service_hours import queries, services
from compliance.service_hours.services import TypedHours
from core import clock
from core.calendar import dates
from core.errors import DomainError, Invalid, by_field
from core.web import back
from people import queries as people
from people.access import guard
from people.models import Unit

MONDAY = date(2024, 1, 1)


@bp.get("/hours/<unit_code>")
@guard.requires("point.read")
def service_hours(unit_code: str) -> ResponseReturnValue:
    unit = people.unit_by_code(unit_code)
    guard.ensure(guard.current_actor(), "point.read", unit.id, now=clock.now())
    return _page(unit)


@bp.post("/hours/<unit_code>")
@guard.requires("point.settle")
def save_service_hours(unit_code: str) -> ResponseReturnValue:
    """The whole week (``do=week``), or one day (``do=day``)."""
    unit = people.unit_by_code(unit_code)
    try:
        said = [_said(request.form.get("day", ""))] if request.form.get("do") == "day" else _week()
        services.save(unit.id, said, actor=guard.current_actor(), now=clock.now())
    except Invalid as error:
        return _page(unit, error)
    return back(url_for(".service_hours", unit_code=unit.code), _("Đã lưu giờ mở cửa."))


def _week() -> list[TypedHours]:
    return [_typed(weekday, f"-{weekday}") for weekday in services.WEEKDAYS]


def _said(typed: str) -> TypedHours:
    day = dates.day(typed)
    if day is None:
        raise Invalid("hours.day", field="day")
    return _typed(day, "")


def _typed(on: int | date, suffix: str) -> TypedHours:
    opens, closes, last = (request.form.get(name + suffix, "") for name in ("opens", "closes", "last_acceptance"))
    return TypedHours(on, opens, closes, last, closed=f"closed{suffix}" in request.form)


def _page(unit: Unit, error: DomainError | None = None) -> ResponseReturnValue:
    now = clock.now()
    today = clock.local_date(now)
    own = services.own_hours(unit.id)
    days = [today + timedelta(days=number) for number in range(7)]
    held = queries.hours_by_day([unit.id], days)
    return render_template(
        "compliance/service_hours/hours.html",
        unit=unit,
        own=own,
        typed=request.form,
        week=[(weekday, MONDAY + timedelta(days=weekday)) for weekday in services.WEEKDAYS],
        days=sorted((on, hours) for on, hours in own.items() if not isinstance(on, int) and on >= today),
        held=[(day, held[unit.id, day]) for day in days],
        faults=by_field(error),
        may_settle=guard.can("point.settle", unit.id),
    ), (error.http_status if error else 200)
