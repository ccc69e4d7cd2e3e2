"""What rosters are made from: holidays, demand, desk phones and standing chains."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from core import arguments, clock, pages
from core.db import db
from core.errors import DomainError, Forbidden, Invalid, NotFound, Unavailable, by_field
from core.web import back
from people import queries as people, unit_list
from people.access import guard
from people.columns import form_fields
from people.form_values import units_within
from people.models import Unit
from roster.blueprint import bp, kinds
from roster.draft import page_head
from roster.resolver import resolver
from roster.resolver.models import DeskPhone, StandingChain
from roster.sources import long_duty, services as sources, setup
from roster.sources.columns import DEMAND
from roster.sources.forms import BreakForm, ChainForm, DemandForm, HolidayForm, kind_choices
from roster.sources.models import Demand, HolidaySet


@bp.get("/holidays/")
@guard.requires("campaign.read")
def holidays() -> ResponseReturnValue:
    """The holidays of a year: class of each date, status and source."""
    return page_of_holidays(BreakForm(formdata=None), HolidayForm(formdata=None))


def page_of_holidays(
    tet_form: BreakForm, day_form: HolidayForm, year: int | None = None, status: int = 200
) -> ResponseReturnValue:
    now = clock.now()
    year = year or arguments.number("year", page_head.coming_tet(now))
    facts = page_head.tet_facts(year)
    if facts is None:
        raise NotFound("not_found", what=_("năm này"))
    row = db.session.scalar(select(HolidaySet).filter_by(year=year))
    may = bool(guard.allowed(guard.current_actor(), "holiday.write", None, now=now))
    if not tet_form.is_submitted() or not tet_form.errors:
        tet_form.process(data={name: getattr(facts, name) for name in ("starts_on", "ends_on", "status", "source")})
    years = db.session.scalars(select(HolidaySet.year).order_by(HolidaySet.year)).all()
    page = render_template(
        "roster/sources/holidays.html",
        year=year,
        tet=facts,
        row=row,
        form=tet_form,
        day_form=day_form,
        may=may,
        years=sorted({*years, year}),
    )
    return page, status


@bp.route("/demand/", methods=["GET", "POST"])
@guard.requires("campaign.read")
def demand() -> ResponseReturnValue:
    """How many people each unit needs for which duty and when; the template of campaigns."""
    actor, now = guard.current_actor(), clock.now()
    form = DemandForm(formdata=request.form if request.method == "POST" else None)
    units = units_within(actor, "campaign.write", now)
    if request.method == "POST" and not units:
        raise Forbidden("forbidden", state={"action": "campaign.write"})
    form.fill_choices(units, kind_choices(list(kinds().values())))
    if form.validate_on_submit():
        try:
            row, is_new = sources.save_demand(form_fields.said(DEMAND, form), actor=actor, now=now)
            page = url_for("roster.demand", at=row.id, _anchor=f"demand-{row.id}")
            return back(page, _("Đã thêm nhu cầu.") if is_new else _("Đã sửa nhu cầu."))
        except DomainError as error:
            form.take(error)
    return _demand(form, now), 422 if request.method == "POST" else 200


def _demand(form: DemandForm, now: datetime) -> str:
    """A page of the rows, narrowed to a unit with those below (``unit``), searched (``q``), or with row ``at``."""
    listed = unit_list.narrowed(people.unit_tree(), request.args)
    wanted = {unit.id for _depth, unit in listed.rows}
    rows = [row for row in _demand_rows() if row.unit_id in wanted]
    at = next((n for n, row in enumerate(rows) if row.id == arguments.number("at", 0)), None)
    shown = pages.part(rows, arguments.number("page", 1), at=at)
    return render_template(
        "roster/sources/demand.html",
        shown=shown,
        listed=listed,
        form=form,
        kinds=kinds(),
        over=long_duty.over(shown.rows, now),
    )


def _demand_rows() -> list[Demand]:
    rows = db.session.scalars(select(Demand).options(joinedload(Demand.unit))).unique().all()
    rank = {code: n for n, code in enumerate(kinds())}
    phases = ("before", "during", "after")
    return sorted(rows, key=lambda r: (r.unit.code, rank.get(r.duty, 99), phases.index(r.phase), r.start_minute))


@bp.post("/demand/<int:demand_id>/delete")
@guard.requires("campaign.write")
def delete_demand(demand_id: int) -> ResponseReturnValue:
    setup.delete_demand(demand_id, actor=guard.current_actor(), now=clock.now())
    return back(
        url_for("roster.demand", **unit_list.same_page(request.args)),
        _("Đã bỏ nhu cầu. Các đợt trực đã tạo không đổi."),
    )


@bp.get("/duty-kinds/")
@guard.requires("campaign.read")
def duty_kinds() -> ResponseReturnValue:
    """Kinds of duty, and for one unit its desk phones and its standing chain."""
    return _duty_kinds(_unit())


@bp.post("/duty-kinds/<unit>/phones")
@guard.requires("dutykind.write")
def save_phones(unit: str) -> ResponseReturnValue:
    typed = {code: request.form[code] for code in kinds() if code in request.form}
    try:
        setup.save_desk_phones(unit, typed, actor=guard.current_actor(), now=clock.now())
    except Invalid as error:
        faults = by_field(error)
        return _duty_kinds(people.unit_by_code(unit), status=422, typed=typed, faults=faults)
    return back(url_for("roster.duty_kinds", unit=unit), _("Đã lưu số máy bàn trực."))


@bp.post("/duty-kinds/<unit>/chain")
@guard.requires("policy.write")
def save_chain(unit: str) -> ResponseReturnValue:
    form = ChainForm()
    codes = (form.people.data or "").replace(",", " ").replace(";", " ").split()
    try:
        sources.set_standing_chain(unit, codes, actor=guard.current_actor(), now=clock.now())
    except NotFound as error:
        form.people.errors = [error.message()]
        return _duty_kinds(people.unit_by_code(unit), form, 422)
    return back(url_for("roster.duty_kinds", unit=unit), _("Đã lưu danh sách thường trực."))


def _unit() -> Unit | None:
    code, own = request.args.get("unit"), guard.current_actor().unit_id
    if code:
        return people.unit_by_code(code)
    return people.unit_by_id(own) if own else next(iter(people.root_units()), None)


def _duty_kinds(
    unit: Unit | None,
    form: ChainForm | None = None,
    status: int = 200,
    *,
    typed: Mapping[str, str] | None = None,
    faults: Mapping[str, str] | None = None,
) -> ResponseReturnValue:
    """``typed``: numbers of desks as they were typed, by kind; ``faults``: what is wrong with some of them."""
    now, actor = clock.now(), guard.current_actor()
    phones, chain, own = {}, [], False
    if unit is not None:
        phones = {row.duty: row.phone for row in db.session.scalars(select(DeskPhone).filter_by(unit_id=unit.id))}
        chain = resolver.standing_chain(unit.id)
        own = db.session.scalar(select(StandingChain.unit_id).filter_by(unit_id=unit.id).limit(1)) is not None
    if form is None:
        form = ChainForm(formdata=None, data={"people": " ".join(each.code for each in chain) if own else ""})
    may = {
        name: unit is not None and bool(guard.allowed(actor, name, unit.id, now=now))
        for name in ("dutykind.write", "policy.write")
    }
    may["asked"] = bool(guard.allowed(actor, "dutykind.write", None, now=now))
    desks = {
        "phones": typed or phones,
        "faults": faults or {},
        "answering": _answering(unit, phones, now) if unit is not None else {},
    }
    shown = {"unit": unit, "kinds": kinds(), "chain": chain, "own": own, "form": form, "may": may}
    return render_template("roster/sources/duty_kinds.html", **desks, **shown, units=people.unit_tree()), status


def _answering(unit: Unit, duties: Iterable[str], now: datetime) -> dict[str, str]:
    """Duty → the unit whose people serve it now, where that is not this one: a desk here rings although nobody of it
    is on duty. Empty: nobody is rostered anywhere."""
    found: dict[str, str] = {}
    for duty in duties:
        try:
            answer = resolver.who_is_on(unit.id, duty, now)
        except Unavailable:
            continue
        if not answer.is_assigned or answer.unit_id != unit.id:
            found[duty] = people.unit_by_id(answer.unit_id).name if answer.is_assigned else ""
    return found
