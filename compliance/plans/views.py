"""/letter/plans…: plans of network and labour, by unit; the sheet; what lies undelivered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from flask import Response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, ngettext

from compliance.blueprint import bp
from compliance.parcel_checks import chart
from compliance.plans import queries, services, sheet, volumes
from compliance.plans.services import ExtraShift, PlanText
from core import arguments, clock, pages
from core.actor import Actor
from core.calendar import dates
from core.errors import Conflict, DomainError, Invalid, by_field
from core.form_values import local_minute, whole_number
from core.web import back
from people import queries as people, unit_list
from people.access import guard
from people.form_values import units_within
from people.models import Unit

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
DAYS = 14


@bp.get("/plans")
@guard.requires("point.read")
def plans() -> ResponseReturnValue:
    """Units in reach and how far the plan of each is, and the backlog of all that are chosen."""
    return _overview([])


def _overview(faults: list[sheet.SheetFault], problem: str = "", status: int = 200) -> ResponseReturnValue:
    now = clock.now()
    tree = units_within(guard.current_actor(), "point.read", now)
    listed = unit_list.narrowed(tree, request.args)
    ids = [unit.id for _depth, unit in listed.rows]
    today, year = clock.local_date(now), _year(now)
    held = queries.backlog(ids, today - timedelta(days=DAYS - 1), today)
    days = [today - timedelta(days=back_) for back_ in reversed(range(DAYS))]
    page = render_template(
        "compliance/plans/plans.html",
        listed=listed,
        shown=pages.part(listed.rows, arguments.number("page", 1)),
        found=queries.plans_of_year(ids, year),
        year=year,
        submitted=queries.plan_submitted(ids, now, year),
        items=queries.backlog_rows(ids, today),
        plot=chart.draw([(day, held.get(day)) for day in days]),
        by_day=[(day, held.get(day)) for day in days],
        faults=faults,
        problem=problem,
    )
    return page, status


@bp.get("/plans/template.xlsx")
@guard.requires("plan.write")
def plan_template() -> ResponseReturnValue:
    response = Response(sheet.template(), content_type=XLSX)
    response.headers.set("Content-Disposition", "attachment", filename="phuong-an.xlsx")
    return response


@bp.post("/plans/sheet")
@guard.requires("plan.write")
def plan_sheet() -> ResponseReturnValue:
    """All rows, or none and what is wrong with each."""
    sent = request.files.get("file")
    now = clock.now()
    try:
        content = sent.stream.read(sheet.MOST_BYTES + 1) if sent else b""
        count, faults = sheet.take(content, _year(now), actor=guard.current_actor(), now=now)
    except Conflict as error:
        return _overview([], error.message(), error.http_status)
    if faults:
        return _overview(faults, status=422)
    return back(url_for(".plans"), ngettext("Đã lưu %(num)s phương án.", "Đã lưu %(num)s phương án.", count))


@bp.get("/plans/<unit_code>")
@guard.requires("point.read")
def plan(unit_code: str) -> ResponseReturnValue:
    return _page(_unit(unit_code))


@bp.post("/plans/<unit_code>")
@guard.requires("plan.write")
def act_on_plan(unit_code: str) -> ResponseReturnValue:
    """``do``: save, submit, return, accept, demand, backlog or limit."""
    unit, now, actor = _unit(unit_code), clock.now(), guard.current_actor()
    guard.ensure(actor, "plan.write", unit.id, now=now)
    act = ACTS.get(request.form.get("do", ""))
    if act is None:
        raise Invalid("plan.state", field="do")
    try:
        said = act(unit, _year(now), actor, now)
    except (Invalid, Conflict) as error:
        return _page(unit, error)
    return back(url_for(".plan", unit_code=unit.code, year=request.form.get("year")), said)


def _save(unit: Unit, year: int, actor: Actor, now: datetime) -> str:
    shifts, vehicles, staff = (_number(name) for name in services.COUNTS)
    power, line, note = (request.form.get(name, "") for name in services.TEXTS)
    said = PlanText(
        shifts, vehicles, staff, tuple(services.peak_days(request.form.get("peak_days", ""))), power, line, note
    )
    services.save(unit.id, year, said, upon=arguments.sent_number("upon", 0), actor=actor, now=now)
    return _("Đã lưu. Bấm “Trình” khi xong.")


def _submit(unit: Unit, year: int, actor: Actor, now: datetime) -> str:
    services.submit(unit.id, year, actor=actor, now=now)
    return _("Đã trình phương án.")


def _return(unit: Unit, year: int, actor: Actor, now: datetime) -> str:
    services.give_back(unit.id, year, request.form.get("reason", ""), actor=actor, now=now)
    return _("Đã trả lại phương án.")


def _accept(unit: Unit, year: int, actor: Actor, now: datetime) -> str:
    services.accept(unit.id, year, actor=actor, now=now)
    return _("Đã duyệt phương án.")


def _demand(unit: Unit, year: int, actor: Actor, now: datetime) -> str:
    hours = whole_number(request.form.get("hours", ""))
    try:
        start = local_minute(request.form.get("start", ""))
    except ValueError:
        raise Invalid("plan.shift", field="start") from None
    if hours is None or not 1 <= hours <= 24:
        raise Invalid("plan.shift", field="hours")
    services.make_demand(
        unit.id,
        year,
        ExtraShift(
            request.form.get("duty", ""),
            request.form.get("shift", "").strip() or _("Tăng cường"),
            start_minute=start,
            minutes=hours * 60,
        ),
        actor=actor,
        now=now,
    )
    return _("Đã ghi vào nhu cầu trực trước Tết.")


def _backlog(unit: Unit, year: int, actor: Actor, now: datetime) -> str:
    day = dates.day(request.form.get("day", "")) or clock.local_date(now)
    incident = volumes.tell(unit.id, day, _number("items"), actor=actor, now=now)
    if incident is not None:
        return _("Đã ghi, vượt ngưỡng: sự cố %(code)s.", code=incident.code)
    return _("Đã ghi số tồn đọng.")


def _limit(unit: Unit, year: int, actor: Actor, now: datetime) -> str:
    typed = request.form.get("limit", "").strip().replace(".", "")
    volumes.set_limit(unit.id, (whole_number(typed) or 0) if typed else None, actor=actor, now=now)
    return _("Đã lưu ngưỡng.")


ACTS: dict[str, Callable[[Unit, int, Actor, datetime], str]] = {
    "save": _save,
    "submit": _submit,
    "return": _return,
    "accept": _accept,
    "demand": _demand,
    "backlog": _backlog,
    "limit": _limit,
}


def _number(name: str) -> int:
    typed = request.form.get(name, "").strip().replace(".", "")
    number = whole_number(typed or "0")
    return -1 if number is None else number  # what is none is refused by the service, at its field


def _year(now: datetime) -> int:
    return whole_number(request.values.get("year", "")) or queries.tet_year(now)


def _unit(code: str) -> Unit:
    unit = people.unit_by_code(code)
    guard.ensure(guard.current_actor(), "point.read", unit.id, now=clock.now())
    return unit


def _page(unit: Unit, error: DomainError | None = None) -> ResponseReturnValue:
    now = clock.now()
    today, year, limit = clock.local_date(now), _year(now), queries.limit_of(unit.id)
    held = queries.backlog([unit.id], today - timedelta(days=DAYS - 1), today)
    days = [today - timedelta(days=back_) for back_ in reversed(range(DAYS))]
    facts: dict[str, Any] = {
        "unit": unit,
        "year": year,
        "plan": services.find_plan(unit.id, year),
        "typed": request.form,
        "limit": limit,
        "plot": chart.draw([(day, held.get(day)) for day in days], limit),
        "by_day": [(day, held.get(day)) for day in days],
        "duties": people.duty_kinds(),
        "faults": by_field(error),
        "problem": error.message() if error and not error.errors else "",
        "may_write": guard.can("plan.write", unit.id),
        "may_decide": guard.can("plan.decide", unit.id),
    }
    return render_template("compliance/plans/plan.html", **facts), (error.http_status if error else 200)
