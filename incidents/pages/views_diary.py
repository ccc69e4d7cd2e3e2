"""The shift diary: read it by day and shift, write into it, print it for the binder."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import force_locale, gettext as _

from core import arguments, clock, i18n
from core.calendar import dates
from core.db import db
from core.errors import DomainError, Forbidden, Invalid, by_field
from core.form_values import whole_number
from core.web import back
from incidents.blueprint import bp
from incidents.default_unit import default_unit_code
from incidents.diary import services as diary, signing
from incidents.papers import about as papers
from people import queries as people
from people.access import guard
from people.models import Unit


@bp.get("/diary/")
@guard.requires("incident.read")
def own_diary() -> ResponseReturnValue:
    """The diary of the unit one belongs to, today."""
    code = default_unit_code(guard.current_actor())
    return back(url_for(".diary_page", unit_code=code) if code else url_for(".board"))


@bp.get("/diary/<unit_code>")
@guard.requires("incident.read")
def diary_page(unit_code: str) -> ResponseReturnValue:
    """One local day (``?day=``), or one shift of it (``?shift=HH:MM``)."""
    return _page(people.unit_by_code(unit_code))


@bp.post("/diary/<unit_code>")
@guard.requires("incident.log")
def write_diary(unit_code: str) -> ResponseReturnValue:
    """Write a note; on a fault the page again with what was typed."""
    unit, now = people.unit_by_code(unit_code), clock.now()
    try:
        diary.write(
            unit.id,
            text=request.form.get("text", ""),
            at=_moment(request.form.get("at", "")),
            corrects=whole_number(request.form.get("corrects")),
            actor=guard.current_actor(),
            now=now,
        )
    except Forbidden:
        raise
    except DomainError as error:
        faults = by_field(error) or {"text": error.message()}
        return _page(unit, typed=request.form, faults=faults), error.http_status
    return back(url_for(".diary_page", unit_code=unit_code, **_asked()), _("Đã ghi vào sổ nhật ký trực."))


@bp.post("/diary/<unit_code>/sign")
@guard.requires("incident.log")
def sign_diary(unit_code: str) -> ResponseReturnValue:
    """``do``: sign (who leaves) or receive (who comes); ``secret``: their PIN or password."""
    unit, actor, now = people.unit_by_code(unit_code), guard.current_actor(), clock.now()
    span = diary.span_of(unit, _day(now), request.args.get("shift", ""))
    act = signing.receive if request.form.get("do") == "receive" else signing.sign
    try:
        act(unit, span, secret=request.form.get("secret", ""), actor=actor, now=now)
    except Forbidden:
        raise
    except DomainError as error:
        db.session.rollback()
        return _page(unit, faults={"secret": error.message()}), error.http_status
    return back(url_for(".diary_page", unit_code=unit_code, **_asked()), _("Đã ký sổ nhật ký trực."))


@bp.get("/diary/<unit_code>/print")
@guard.requires("incident.read")
def print_diary(unit_code: str) -> ResponseReturnValue:
    """The same as a sheet to be signed by who leaves and who comes."""
    unit = people.unit_by_code(unit_code)
    with force_locale("vi"):  # an official form, in whatever language it is printed
        facts = _facts(unit)
        signed = facts["diary"].sheet.content_hash if facts["diary"].sheet else ""
        lunar_names = [i18n.lunar_long(day) for day in facts["diary"].span.days]
    return render_template(
        "incidents/diary/print_diary.html",
        **facts,
        over=unit.parent,
        local=clock.local,
        lunar_names=lunar_names,
        hash_shown=" ".join(signed[n : n + 8] for n in range(0, len(signed), 8)),
    )


def _page(unit: Unit, typed: Any = None, faults: dict[str, str] | None = None) -> str:
    facts, now, actor = _facts(unit), clock.now(), guard.current_actor()
    found = facts["diary"]
    return render_template(
        "incidents/diary/diary.html",
        **facts,
        typed=typed or {},
        faults=faults or {},
        local=clock.local,
        now=now,
        units=people.unit_tree(),
        may_write=guard.can("incident.log", unit.id),
        may_sign=(facts["shift"] or not facts["shifts"])
        and signing.may_sign(unit, found.span, found.sheet, actor, now=now),
        asks_pin=signing.asks_pin(actor),
        signable_from=found.span.ends_at - signing.BEFORE,
        earliest=now - diary.EARLIEST,
        before=facts["day"] - timedelta(days=1),
        after=facts["day"] + timedelta(days=1),
        unreadable=arguments.unreadable("day"),
    )


def _facts(unit: Unit) -> dict[str, Any]:
    now, actor = clock.now(), guard.current_actor()
    day, shift = _day(now), request.args.get("shift", "")
    found = diary.read_diary(unit, diary.span_of(unit, day, shift), actor=actor, now=now)
    return {
        "diary": found,
        "unit": unit,
        "day": day,
        "shift": shift,
        "shifts": diary.shifts_on(unit, day),
        "moment_of": datetime.fromisoformat,
        "paper": papers.diary_reference(unit.code, day, found.span.key if shift else ""),
    }


def _asked() -> dict[str, Any]:
    return {name: request.args[name] for name in ("day", "shift") if request.args.get(name)}


def _day(now: datetime) -> date:
    return arguments.day("day") or clock.local_date(now)


def _moment(typed: str) -> datetime | None:
    if not typed:
        return None
    found = dates.moment(typed)
    if found is None:
        raise Invalid("diary.when", field="at", hours=round(diary.EARLIEST.total_seconds() / 3600))
    return found
