"""Agencies and signatories of a unit: what holds from which day, with the head of a document as it would look."""

from __future__ import annotations

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core import clock
from core.calendar import dates
from core.errors import DomainError, Forbidden, Invalid, by_field
from core.form_values import fitting
from core.web import back
from documents.agencies import faces, services as agencies
from documents.agencies.services import AgencyIn
from documents.blueprint import bp
from documents.issued import queries, services as issued
from people import queries as people
from people.access import guard
from people.form_values import units_within
from people.models import Unit


@bp.get("/agencies/")
@guard.requires("document.settle")
def agency_home() -> ResponseReturnValue:
    """Show the agency of the unit in ``unit``; else of the topmost that is the reader's to settle."""
    units = units_within(guard.current_actor(), "document.settle", clock.now())
    code = request.args.get("unit") or (units[0][1].code if units else "")
    return _page(people.unit_by_code(code))


@bp.post("/agencies/<code>")
@guard.requires("document.settle")
def save_agency(code: str) -> ResponseReturnValue:
    """``act``: agency, remove, signatory, end, first (the next number)."""
    unit = people.unit_by_code(code)
    act = _ACTS.get(request.form.get("act", ""))
    if act is None:
        return _page(unit)
    try:
        said = act(unit)
    except Forbidden:
        raise
    except Invalid as fault:
        return _page(unit, fault)
    return back(url_for("documents.agency_home", unit=code), said)


def _save(unit: Unit) -> str:
    form = request.form
    wanted = AgencyIn(
        form.get("name", ""),
        form.get("superior", ""),
        form.get("symbol", ""),
        form.get("place", ""),
        form.get("pattern", ""),
        form.get("series", ""),
        tuple(form.get("recipients", "").splitlines()),
    )
    row = agencies.save_agency(
        unit.code, dates.day(form.get("from", "")), wanted, actor=guard.current_actor(), now=clock.now()
    )
    return _("Đã lưu: từ ngày %(day)s văn bản mang tên %(name)s.", day=f"{row.valid_from:%d/%m/%Y}", name=row.name)


def _remove(_unit: Unit) -> str:
    agencies.remove_agency(_id(), actor=guard.current_actor(), now=clock.now())
    return _("Đã xóa dòng ấy; văn bản đã ban hành giữ nguyên.")


def _add_signatory(unit: Unit) -> str:
    form = request.form
    row = agencies.add_signatory(
        unit.code,
        form.get("signatory_name", ""),
        tuple(form.get("lines", "").splitlines()),
        dates.day(form.get("from", "")),
        valid_to=dates.day(form.get("to", "")),
        actor=guard.current_actor(),
        now=clock.now(),
    )
    return _("Đã thêm người ký: %(name)s.", name=row.name)


def _end_signatory(_unit: Unit) -> str:
    row = agencies.end_signatory(
        _id(), dates.day(request.form.get("to", "")), actor=guard.current_actor(), now=clock.now()
    )
    return _("%(name)s ký đến hết ngày %(day)s.", name=row.name, day=f"{row.valid_to:%d/%m/%Y}")


def _start_from(unit: Unit) -> str:
    typed = request.form.get("first", "").strip()
    first = int(typed) if typed.isdecimal() and len(typed) < 7 else 0
    series = fitting(request.form.get("series", "").strip(), 20, "series", _("Loại"))
    today = clock.local_date(clock.now())
    issued.start_from(unit.id, today.year, series, first, actor=guard.current_actor(), now=clock.now())
    return _("Số tiếp theo là %(number)s.", number=f"{first:02d}")


_ACTS = {
    "agency": _save,
    "remove": _remove,
    "signatory": _add_signatory,
    "end": _end_signatory,
    "first": _start_from,
}


def _id() -> int:
    typed = request.form.get("id", "")
    return int(typed) if typed.isdecimal() and len(typed) < 10 else 0


def _page(unit: Unit, fault: DomainError | None = None) -> ResponseReturnValue:
    actor, now = guard.current_actor(), clock.now()
    guard.ensure(actor, "document.settle", unit.id, now=now)
    today = clock.local_date(now)
    page = render_template(
        "documents/agencies.html",
        unit=unit,
        units=units_within(actor, "document.settle", now),
        face=faces.face(unit.id, today),
        entries=agencies.entries(unit.id),
        signatories=agencies.signatories(unit.id),
        series=queries.series_of(unit.id, today.year),
        today=today,
        usual=faces.USUAL_PATTERN,
        fault=fault,
        wrong=by_field(fault),
        act=request.form.get("act", "") if fault else "",
        given=request.form if fault else {},
        sample=faces.written(faces.face(unit.id, today), "TB", 5, today.year),
    )
    return page, fault.http_status if fault else 200
