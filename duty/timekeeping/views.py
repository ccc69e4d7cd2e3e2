"""Giờ trực: what people of a campaign served and what it is worth, why, and chốt công by whoever answers for a unit."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from flask import Response, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, ngettext

from core import arguments, audit, clock
from core.actor import Actor
from core.calendar import dates
from core.db import db, transaction
from core.errors import Conflict, Invalid, NotFound
from core.form_values import whole_number
from core.web import back
from duty.attendance import corrections
from duty.timekeeping import books, listing, services, timesheet, words
from duty.timekeeping.models import HoursClosing
from people import queries as people
from people.access import guard
from people.form_values import units_within
from people.models import Unit
from roster.blueprint import bp, kinds
from roster.campaigns import queries as campaigns
from roster.campaigns.models import Campaign

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@bp.get("/campaigns/<int:campaign_id>/hours")
@guard.requires("hours.read")
def hours(campaign_id: int) -> ResponseReturnValue:
    """Show one's own hours, or those of one's people. ``unit``, ``q``; ``state``: served (what is over), planned (all
    published)."""
    campaign, now, actor = campaigns.get_campaign(campaign_id), clock.now(), guard.current_actor()
    unit, units = _asked(actor, "hours.read", now)
    planned = _is_planned(campaign, now)
    own = actor.person_id if unit is None else None
    q = request.args.get("q", "")[:100]
    part = listing.page_of(campaign, units, own, q, page=arguments.number("page", 1), now=now, planned=planned)
    return render_template(
        "duty/timekeeping/hours.html",
        campaign=campaign,
        part=part,
        unit=unit,
        tops=units_within(actor, "hours.read", now),
        q=q,
        planned=planned,
        words=words,
        may_close=guard.reach(actor, "hours.close", now=now) != set(),
    )


@bp.get("/campaigns/<int:campaign_id>/hours/people/<code>")
@guard.requires("hours.read")
def hours_of(campaign_id: int, code: str) -> ResponseReturnValue:
    """One person's pieces, so that they can be added up by hand."""
    return _person_page(campaign_id, code)


@bp.post("/campaigns/<int:campaign_id>/hours/people/<code>")
@guard.requires("duty.correct")
def note_served(campaign_id: int, code: str) -> ResponseReturnValue:
    """They came to a shift that does not count: ``duty`` (id), ``at`` (from when), ``note`` (the reason)."""
    form, actor, now = request.form, guard.current_actor(), clock.now()
    duty_id = whole_number(form.get("duty", "")) or 0
    try:
        at = dates.moment(form.get("at", ""))
        if at is None:
            raise Invalid("presence.time", field="at")
        corrections.correct(duty_id, "check_in", at, form.get("note", ""), actor=actor, now=now)
    except (Conflict, Invalid) as fault:
        db.session.rollback()
        return _person_page(campaign_id, code, wrong=duty_id, problem=fault.message(), status=fault.http_status)
    return back(url_for(".hours_of", campaign_id=campaign_id, code=code), _("Đã ghi giờ có mặt."))


def _person_page(
    campaign_id: int, code: str, *, wrong: int = 0, problem: str = "", status: int = 200
) -> ResponseReturnValue:
    """``wrong``: the duty whose form was refused."""
    campaign, now, person = campaigns.get_campaign(campaign_id), clock.now(), people.person_by_code(code)
    guard.ensure(guard.current_actor(), "hours.read", person.unit_id, now=now, person_id=person.id)
    planned = _is_planned(campaign, now)
    page = render_template(
        "duty/timekeeping/person.html",
        campaign=campaign,
        person=person,
        row=listing.rows(campaign, [person], now=now, planned=planned)[0],
        planned=planned,
        kinds=kinds(),
        words=words,
        local=clock.local,
        now=now,
        wrong=wrong,
        problem=problem,
        typed=request.form,
    )
    return page, status


@bp.get("/campaigns/<int:campaign_id>/hours/close")
@guard.requires("hours.close")
def hours_closing(campaign_id: int) -> ResponseReturnValue:
    """``unit`` (and below), ``month``: what would be closed, what was, and what has changed since."""
    return _closing_page(campaign_id)


@bp.post("/campaigns/<int:campaign_id>/hours/close")
@guard.requires("hours.close")
def close_hours(campaign_id: int) -> ResponseReturnValue:
    """``unit`` in the address; ``month``, ``reason``, ``seen``: as the page showed it."""
    campaign, actor, now = campaigns.get_campaign(campaign_id), guard.current_actor(), clock.now()
    unit, form, month = _unit_of(campaign, actor, now), request.form, _month(request.form.get("month"))
    try:
        made = services.close(
            campaign_id,
            unit.code,
            month,
            reason=form.get("reason", ""),
            seen=form.get("seen", ""),
            actor=actor,
            now=now,
        )
    except (Conflict, Invalid) as fault:
        db.session.rollback()
        return _closing_page(campaign_id, form, fault.message(), fault.http_status)
    to = url_for(".hours_closing", campaign_id=campaign_id, unit=unit.code, month=form.get("month") or None)
    return back(to, ngettext("Đã chốt công %(num)s bảng.", "Đã chốt công %(num)s bảng.", len(made)))


@bp.get("/campaigns/<int:campaign_id>/hours.xlsx")
@guard.requires("hours.close")
def hours_xlsx(campaign_id: int) -> ResponseReturnValue:
    """Form 01b-LĐTL of the unit and those below, as things are now; who took it is written down."""
    campaign, now, actor = campaigns.get_campaign(campaign_id), clock.now(), guard.current_actor()
    unit = _unit_of(campaign, actor, now)
    found = books.books(campaign, people.subtree_ids(unit.id), _month(request.args.get("month")), now=now)
    if not found:
        raise NotFound("hours.nothing")
    body = timesheet.workbook(campaign, timesheet.from_open_months(found))
    return _file(campaign_id, body, f"cham-cong-lam-them-{campaign_id}-{unit.code}.xlsx", actor, now=now)


@bp.get("/campaigns/<int:campaign_id>/hours/closings/<int:closing_id>.xlsx")
@guard.requires("hours.close")
def closed_xlsx(campaign_id: int, closing_id: int) -> ResponseReturnValue:
    """The same as it was closed."""
    campaign, now, actor = campaigns.get_campaign(campaign_id), clock.now(), guard.current_actor()
    row = db.session.get(HoursClosing, closing_id)
    if row is None or row.campaign_id != campaign_id:
        raise NotFound("hours.unknown_closing", id=closing_id)
    guard.ensure(actor, "hours.close", row.unit_id, now=now)
    body = timesheet.workbook(campaign, timesheet.from_closing(row))
    name = f"cham-cong-lam-them-{campaign_id}-{row.unit.code}-{row.month:%Y-%m}-lan-{row.number}.xlsx"
    return _file(campaign_id, body, name, actor, now=now)


def _closing_page(
    campaign_id: int, typed: Mapping[str, str] | None = None, problem: str = "", status: int = 200
) -> ResponseReturnValue:
    campaign, now, actor = campaigns.get_campaign(campaign_id), clock.now(), guard.current_actor()
    asked = request.args if typed is None else typed
    unit, month = _unit_of(campaign, actor, now), _month(asked.get("month"))
    within = people.subtree_ids(unit.id)
    every = books.books(campaign, within, now=now)
    found = [each for each in every if month in (None, each.month)]
    page = render_template(
        "duty/timekeeping/closing.html",
        campaign=campaign,
        unit=unit,
        tops=units_within(actor, "hours.close", now),
        month=month,
        months=sorted({each.month for each in every}),
        found=found,
        due=[each for each in found if each.is_due],
        running=max((each.open_until for each in found if each.is_due and each.open_until), default=None),
        seen=books.digest(found),
        closings=books.closings(campaign_id, within),
        sums_of=books.sums_of,
        problem=problem,
        typed=typed or {},
        words=words,
    )
    return page, status


def _asked(actor: Actor, action: str, now: datetime) -> tuple[Unit | None, set[int] | None]:
    """The unit that is asked about, and the ids of units that the actor may see of it (None: all)."""
    reach = guard.reach(actor, action, now=now)
    code = request.args.get("unit")
    if not code:
        return None, reach
    unit = people.unit_by_code(code)
    guard.ensure(actor, action, unit.id, now=now)
    return unit, set(people.subtree_ids(unit.id))


def _unit_of(campaign: Campaign, actor: Actor, now: datetime) -> Unit:
    """The unit whose hours are closed: what was asked for, else the actor's own, else the campaign's."""
    code = request.args.get("unit")
    unit = people.unit_by_code(code) if code else people.unit_by_id(actor.unit_id or campaign.unit_id)
    guard.ensure(actor, "hours.close", unit.id, now=now)
    return unit


def _month(text: str | None) -> date | None:
    """``2020-01`` as its first day; what is none asks about all months."""
    try:
        return datetime.strptime(text or "", "%Y-%m").date()  # noqa: DTZ007  (a month has no zone)
    except ValueError:
        return None


def _is_planned(campaign: Campaign, now: datetime) -> bool:
    """Return what was asked for; before the campaign begins nothing is served yet."""
    asked = request.args.get("state")
    return asked == "planned" if asked in ("planned", "served") else clock.local_date(now) < campaign.starts_on


def _file(campaign_id: int, body: bytes, name: str, actor: Actor, *, now: datetime) -> Response:
    with transaction():
        audit.record(actor, "campaign.export", "campaign", campaign_id, now=now, form=name)
    return Response(body, mimetype=XLSX, headers={"Content-Disposition": f"attachment; filename={name}"})
