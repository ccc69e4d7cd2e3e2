"""Pages of crews: those of a campaign's units, one of them with its people, and what becomes of both."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core import clock
from core.errors import DomainError, Invalid, NotFound
from core.form_values import whole_number
from core.text import shortened
from core.web import back
from people import queries as people
from people.access import guard
from people.models import Unit
from roster.blueprint import bp, kinds
from roster.campaigns import queries as campaigns, rights
from roster.campaigns.models import Campaign
from roster.crews import offered, queries, services
from roster.crews.models import Crew
from roster.crews.services import Joining
from roster.snapshot import snapshot

DIGITS = 3
"""Of a number beside a name."""
DEALT = (2, 8)
"""Into how many crews a unit can be divided at once, from and to."""


@bp.get("/campaigns/<int:campaign_id>/crews")
@guard.requires("campaign.write")
def crews(campaign_id: int) -> ResponseReturnValue:
    """``unit``: of it and all below; without one of the campaign's."""
    campaign, now = campaigns.get_campaign(campaign_id), clock.now()
    return _list(campaign, unit_of(campaign, request.args.get("unit", ""), now), now)


def _list(campaign: Campaign, unit: Unit, now: datetime, *, error: str = "") -> str:
    found = queries.crews_of(people.subtree_ids(unit.id))
    own = {each.id: queries.others_of(each) for each in found}
    return render_template(
        "roster/crews/crews.html",
        campaign=campaign,
        unit=unit,
        choices=[(each.code, each.name) for each in dict.fromkeys([unit, *_units(campaign, now)])],
        crews=found,
        others=own,
        kinds=kinds(),
        numbers=[(str(n), _("%(n)s kíp", n=n)) for n in range(DEALT[0], DEALT[1] + 1)],
        may_divide=not any(each.unit_id == unit.id for each in found),
        error=error,
    )


@bp.post("/campaigns/<int:campaign_id>/crews")
@guard.requires("campaign.write")
def divide_into_crews(campaign_id: int) -> ResponseReturnValue:
    """Deal the unit's own people to ``number`` crews, as a beginning that is changed afterwards."""
    campaign, now, actor = campaigns.get_campaign(campaign_id), clock.now(), guard.current_actor()
    unit = unit_of(campaign, request.form.get("unit", ""), now)
    number = min(max(request.form.get("number", 4, type=int), DEALT[0]), DEALT[1])
    taken = snapshot.take(campaign.id, now=now)
    dealt = [each for each in offered.even(taken, unit, number) if each]
    if not dealt:
        return _list(campaign, unit, now, error=_("Đơn vị chưa có ai trong danh sách trực.")), 409
    named = [(_("Kíp %(n)s", n=at), members) for at, members in enumerate(dealt, start=1)]
    try:
        services.make_crews(unit.code, named, actor=actor, now=now)
    except DomainError as error:
        return _list(campaign, unit, now, error=error.message()), error.http_status
    to = url_for("roster.crews", campaign_id=campaign_id, unit=unit.code)
    return back(to, _("Đã chia thành %(n)s kíp. Xem lại từng kíp, rồi xoay kíp.", n=len(named)))


@bp.get("/campaigns/<int:campaign_id>/crews/new")
@guard.requires("campaign.write")
def new_crew(campaign_id: int) -> ResponseReturnValue:
    campaign, now = campaigns.get_campaign(campaign_id), clock.now()
    return _form(campaign, unit_of(campaign, request.args.get("unit", ""), now), None, now)


@bp.get("/campaigns/<int:campaign_id>/crews/<int:crew_id>")
@guard.requires("campaign.write")
def crew(campaign_id: int, crew_id: int) -> ResponseReturnValue:
    campaign, now = campaigns.get_campaign(campaign_id), clock.now()
    found = _crew(campaign, crew_id, now)
    return _form(campaign, found.unit, found, now)


@bp.post("/campaigns/<int:campaign_id>/crews/save")
@guard.requires("campaign.write")
def save_crew(campaign_id: int) -> ResponseReturnValue:
    """A new crew of ``unit``, or ``crew`` as it was looked at (``version``)."""
    campaign, now, actor = campaigns.get_campaign(campaign_id), clock.now(), guard.current_actor()
    form, crew_id = request.form, request.form.get("crew", type=int)
    found = _crew(campaign, crew_id, now) if crew_id else None
    unit = found.unit if found else unit_of(campaign, form.get("unit", ""), now)
    name, members = form.get("name", ""), chosen()
    try:
        refuse_no_numbers(_beside_names().values(), "members")
        if found:
            version = form.get("version", type=int)
            left = {each.person_id: each.person.full_name for each in found.members}
            made = services.change_crew(found.id, name, members, version=version, actor=actor, now=now)
            left = {key: who for key, who in left.items() if key not in {each.person_id for each in made.members}}
        else:
            made, left = services.make_crew(unit.code, name, members, actor=actor, now=now), {}
    except DomainError as error:
        page = _form(campaign, unit, found, now, name=name, members=members, error=error)
        return page, error.http_status
    said = [_("Đã lưu %(name)s: %(n)s người.", name=made.name, n=len(made.members))]
    said += [_still(campaign, unit, person, who, now=now) for person, who in left.items()]
    to = url_for("roster.crews", campaign_id=campaign_id, unit=unit.code)
    return back(to, " ".join(each for each in said if each))


def _still(campaign: Campaign, unit: Unit, person_id: int, name: str, *, now: datetime) -> str:
    """Who leaves a crew keeps their shifts until somebody else is put there: that is said."""
    taken = snapshot.take(campaign.id, now=now)
    shifts = [taken.problem.shift_of[each.shift_id] for each in taken.assignments if each.staff_id == person_id]
    number = sum(shift.unit == unit.code and shift.start > now for shift in shifts)
    return _("%(who)s vẫn còn %(n)s ca trong dự thảo này: xem ở lưới.", who=name, n=number) if number else ""


@bp.post("/campaigns/<int:campaign_id>/crews/<int:crew_id>/delete")
@guard.requires("campaign.write")
def delete_crew(campaign_id: int, crew_id: int) -> ResponseReturnValue:
    """Its people keep the shifts that they have."""
    campaign, now = campaigns.get_campaign(campaign_id), clock.now()
    unit = _crew(campaign, crew_id, now).unit
    name = services.delete_crew(crew_id, actor=guard.current_actor(), now=now)
    to = url_for("roster.crews", campaign_id=campaign_id, unit=unit.code)
    return back(to, _("Đã xóa %(name)s. Ca đã xếp cho người trong kíp vẫn giữ nguyên.", name=name))


def unit_of(campaign: Campaign, code: str, now: datetime) -> Unit:
    """The unit asked for, within the campaign; else its own, or the first of theirs. Raises Forbidden, NotFound."""
    actor = guard.current_actor()
    mine = rights.reach(actor, "campaign.write", campaign, now=now)
    if not code and mine:
        return people.unit_by_id(min(mine))
    unit = people.unit_by_code(code) if code else campaign.unit
    if unit.id not in people.subtree_ids(campaign.unit_id):
        raise NotFound("unit.unknown", unit=code)
    rights.ensure(actor, "campaign.write", campaign, {unit.id}, now=now)
    return unit


def _units(campaign: Campaign, now: datetime) -> list[Unit]:
    """Return those with shifts of the campaign that are theirs to plan."""
    mine = rights.reach(guard.current_actor(), "campaign.write", campaign, now=now)
    taken, ids = snapshot.take(campaign.id, now=now), people.unit_ids()
    with_shifts = {ids[code] for code in {shift.unit for shift in taken.problem.shifts}}
    return people.units(with_shifts if mine is None else with_shifts & mine)


def _crew(campaign: Campaign, crew_id: int, now: datetime) -> Crew:
    found = queries.get_crew(crew_id)
    if found.unit_id not in people.subtree_ids(campaign.unit_id):
        raise NotFound("crew.unknown", id=crew_id)
    rights.ensure(guard.current_actor(), "campaign.write", campaign, {found.unit_id}, now=now)
    return found


def chosen() -> list[Joining]:
    """People by the number beside their names; whoever has none is not in the crew."""
    found = []
    for at, (code, typed) in enumerate(_beside_names().items()):
        if number := place_in_turn(typed):
            found.append((number, at, Joining(code, tuple(request.form.getlist(f"duty.{code}")))))
    return [each for _number, _at, each in sorted(found, key=lambda one: one[:2])]


def _beside_names() -> dict[str, str]:
    """Code → what stands in the cell beside the name, in the order of the page."""
    cells = ((name, value.strip()) for name, value in request.form.items() if name.startswith("order."))
    return {name.removeprefix("order."): value for name, value in cells}


def place_in_turn(typed: str) -> int:
    """0: none."""
    return whole_number(typed, digits=DIGITS) or 0


def refuse_no_numbers(beside_names: Iterable[str], field: str) -> None:
    """Raises Invalid: nobody is left out by a slip of the hand."""
    wrong = next((typed for typed in beside_names if typed and not place_in_turn(typed)), None)
    if wrong is not None:
        raise Invalid("crew.number", field=field, value=shortened(wrong, 20))


def _form(
    campaign: Campaign,
    unit: Unit,
    crew: Crew | None,
    now: datetime,
    *,
    name: str | None = None,
    members: Sequence[Joining] | None = None,
    error: DomainError | None = None,
) -> str:
    also = [each.person_id for each in crew.members] if crew else []
    found = offered.choices(snapshot.take(campaign.id, now=now, also=also), unit, crew)
    if members is None:
        members = [Joining(each.person.code, tuple(each.duties)) for each in crew.members] if crew else []
    return render_template(
        "roster/crews/crew.html",
        campaign=campaign,
        unit=unit,
        crew=crew,
        name=(crew.name if crew else "") if name is None else name,
        choices=found,
        numbers=_beside_names() if error else {each.person: number for number, each in enumerate(members, start=1)},
        duties={each.person: each.duties for each in members},
        in_crews=queries.names_of_people([each.id for each in found.people]),
        kinds=kinds(),
        error=error.message() if error else "",
        at=(error.field or "") if error else "",
    )
