"""/letter/points/…/days/…: who counted at a point on a day, every sending of it, and putting a number right."""

from __future__ import annotations

from datetime import date, datetime

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from compliance.blueprint import bp
from compliance.form_pages import faults_of
from compliance.parcel_checks import correcting, plausible, queries as parcels
from compliance.parcel_checks.correcting import CorrectedNumbers
from compliance.parcel_checks.models import OFFICE
from compliance.today import queries
from core import arguments, clock, pages
from core.calendar import dates
from core.calendar.moments import parse_moment
from core.errors import Conflict, DomainError, Invalid, NotFound
from core.form_values import whole_number
from core.web import back
from people import queries as people
from people.access import guard
from people.models import Unit

SHOWN = 50
"""Telephones whose numbers are left out, and sendings of one, on the page."""


@bp.get("/points/<unit_code>/days/<day>")
@guard.requires("point.read")
def point_day(unit_code: str, day: str) -> ResponseReturnValue:
    unit = people.unit_by_code(unit_code)
    guard.ensure(guard.current_actor(), "point.read", unit.id, now=clock.now())
    return _page(unit, _day(day))


@bp.post("/points/<unit_code>/days/<day>")
@guard.requires("point.settle")
def correct_count(unit_code: str, day: str) -> ResponseReturnValue:
    """``counter``, ``why``; ``checked``, ``refused``, ``referred``, and each as it was read (``upon_…``), with
    ``unheeded_at``."""
    unit, on, form = people.unit_by_code(unit_code), _day(day), request.form
    try:
        correcting.correct(
            correcting.CounterDay(unit.id, on, form.get("counter", "")),
            upon=_counts("upon_"),
            unheeded_at=_read_at(),
            becomes=_counts(""),
            why=form.get("why", ""),
            actor=guard.current_actor(),
            now=clock.now(),
        )
    except (Conflict, Invalid) as error:
        return _page(unit, on, error)
    return back(
        url_for(".point_day", unit_code=unit.code, day=on, page=request.args.get("page")),
        _("Đã sửa số; số trước vẫn ghi ở dưới."),
    )


@bp.post("/points/<unit_code>/days/<day>/refusals")
@guard.requires("point.settle")
def add_refusals(unit_code: str, day: str) -> ResponseReturnValue:
    """``counter``, and ``unheeded_at`` as it was read."""
    unit, on, counter = people.unit_by_code(unit_code), _day(day), request.form.get("counter", "")
    there = url_for(".point_day", unit_code=unit.code, day=on, page=request.args.get("page"))
    try:
        added = correcting.add_refusals(
            unit.id, on, counter, unheeded_at=_read_at(), actor=guard.current_actor(), now=clock.now()
        )
    except (Conflict, Invalid) as error:
        return back(there, error.message(), "warn")
    return back(there, _("Đã cộng %(n)s gói từ chối. Số kiểm tra của máy này vẫn do máy ghi.", n=added))


def _counts(prefix: str) -> CorrectedNumbers:
    """Empty: none was refused or referred, unless some stood there: empty is not nought. What is no number is none
    that can be."""

    def number(name: str) -> int | None:
        typed = request.form.get(prefix + name, "").strip().replace(".", "")
        return whole_number(typed) if typed else None

    def some(name: str) -> int:
        typed = request.form.get(prefix + name, "").strip()
        is_none = not typed and request.form.get(f"upon_{name}", "") in ("", "0")
        return 0 if is_none else -1 if (read := number(name)) is None else read

    return CorrectedNumbers(number("checked"), some("refused"), some("referred"))


def _read_at() -> datetime | None:
    """Return which of the later numbers the page showed."""
    typed = request.form.get("unheeded_at", "")
    try:
        return parse_moment(typed) if typed else None
    except ValueError:
        return None


def _day(typed: str) -> date:
    found = dates.day(typed)
    if found is None:
        raise NotFound("parcels.no_day")
    return found


def _page(unit: Unit, day: date, error: DomainError | None = None) -> ResponseReturnValue:
    numbers = parcels.by_day([unit.id], day, day).get((unit.id, day))
    may_settle = guard.can("point.settle", unit.id)
    counters, left_out = queries.counters(unit.id, day)
    return render_template(
        "compliance/today/day.html",
        unit=unit,
        day=day,
        numbers=numbers or parcels.ParcelNumbers(),
        counters=counters,
        left_out=pages.part(left_out, arguments.number("page", 1), size=SHOWN),
        page=request.args.get("page"),
        shown=SHOWN,
        telephones=plausible.TELEPHONES,
        found=plausible.FOUND_BY_SHEET,
        office=OFFICE,
        corrections=parcels.corrections_of(unit.id, day),
        odd=parcels.odd_days([unit.id], day, day).get((unit.id, day)),
        bounds={"times": plausible.TIMES, "unknown": plausible.ODD_UNKNOWN, "refused": plausible.ODD_REFUSED},
        typed=request.form,
        faults=faults_of(error),
        may_settle=may_settle,
        may_add=may_settle and correcting.may_add(unit.id, day, clock.now()),
    ), (error.http_status if error else 200)
