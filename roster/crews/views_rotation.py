"""The page on which crews are rotated over a campaign: said, looked at, then done as one edit."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core import clock
from core.errors import DomainError, Invalid
from core.form_values import whole_number
from core.web import back
from people.access import guard
from people.models import Unit
from roster.blueprint import bp
from roster.campaigns import queries as campaigns
from roster.campaigns.models import Campaign
from roster.campaigns.queries import require
from roster.crews import applying, offered, proposing, queries, words
from roster.crews.proposing import MOST, CrewProposal, CrewWanted
from roster.crews.rotating import OFF, Rotation
from roster.crews.views import place_in_turn, refuse_no_numbers, unit_of
from roster.draft.edits import fitting_reason
from roster.snapshot import snapshot

REST = "-"
"""In the form: a place of the round where a crew rests; what is empty is no place at all."""
LONGEST = 31
"""Days of one turn."""
PLACES = 8
"""Of a round, that the form has."""


@bp.get("/campaigns/<int:campaign_id>/rotation")
@guard.requires("campaign.write")
def rotation(campaign_id: int) -> ResponseReturnValue:
    """``unit``: whose crews; without one the campaign's own."""
    campaign, now = campaigns.get_campaign(campaign_id), clock.now()
    unit = unit_of(campaign, request.args.get("unit", ""), now)
    require(campaign, "edit")
    return _page(campaign, unit, _usual(campaign, unit, now), now)


@bp.post("/campaigns/<int:campaign_id>/rotation")
@guard.requires("campaign.write")
def rotate(campaign_id: int) -> ResponseReturnValue:
    """``preview``: what it would do; ``apply``: do it, if it is still what was shown (``stamp``)."""
    campaign, now, actor = campaigns.get_campaign(campaign_id), clock.now(), guard.current_actor()
    unit = unit_of(campaign, request.form.get("unit", ""), now)
    require(campaign, "edit")
    wanted = _wanted(campaign, unit)
    try:
        _refuse_unreadable(wanted)
        if "apply" in request.form:
            stamp = request.form.get("stamp", "")
            found, done = applying.apply(campaign_id, wanted, stamp=stamp, actor=actor, now=now)
            to = url_for("roster.campaign", campaign_id=campaign_id, view="crews", unit=unit.code, source="draft")
            return back(to, _done(found) if done.edit else _("Không có chỗ nào phải đổi."))
        return _page(campaign, unit, wanted, now, found=proposing.propose(campaign, wanted, actor=actor, now=now))
    except DomainError as error:
        found = None
        if error.code in ("rotation.moved", "seats.break_rules", "seats.changed"):
            found = proposing.propose(campaign, wanted, actor=actor, now=now)
        page = _page(campaign, unit, wanted, now, found=found, error=error.message(), at=error.field or "")
        return page, error.http_status


def _wanted(campaign: Campaign, unit: Unit) -> CrewWanted:
    """As the form says it; crews by the number beside their names, whichever has none takes no part."""
    form = request.form
    beside = enumerate(_beside_names().items())
    numbered = [(number, at, crew) for at, (crew, typed) in beside if (number := place_in_turn(typed))]
    cycle = tuple(OFF if each == REST else each for each in form.getlist("cycle") if each)
    first = _day(form.get("first", "")) or campaign.starts_on
    rotation = Rotation(
        crews=tuple(crew for _number, _at, crew in sorted(numbered)),
        cycle=cycle,
        first=first,
        days=_turn() or 1,
        until=_day(form.get("until", "")),
    )
    return CrewWanted(unit.code, rotation, "replaces" in form, "pin" in form, form.get("reason", ""))


def _beside_names() -> dict[int, str]:
    """Crew → what stands in the cell beside its name, in the order of the page."""
    cells = [(name, value.strip()) for name, value in request.form.items() if name.startswith("crew.")]
    return {crew: value for name, value in cells if (crew := whole_number(name.removeprefix("crew."))) is not None}


def _turn() -> int | None:
    days = whole_number(request.form.get("days", "1").strip())
    return days if days and days <= LONGEST else None


def _refuse_unreadable(wanted: CrewWanted) -> None:
    """Raises Invalid: nothing is left out, or put in the place of what was typed, without a word."""
    refuse_no_numbers(_beside_names().values(), "crews")
    for field, given in (("crews", wanted.rotation.crews), ("cycle", wanted.rotation.cycle)):
        if len(given) > MOST:
            raise Invalid("rotation.too_many", field=field, most=MOST, n=len(given))
    if _turn() is None:
        raise Invalid("rotation.days", field="days", most=LONGEST)
    fitting_reason(wanted.reason)


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _usual(campaign: Campaign, unit: Unit, now: datetime) -> CrewWanted:
    """How the form stands at first: all crews in order through all shifts of a day, then as many days of rest as make
    every crew have another place."""
    crews = [each.id for each in queries.crews_of([unit.id])][:MOST]
    names = offered.templates_of(snapshot.take(campaign.id, now=now), unit)[:PLACES]
    cycle = (*names, *([OFF] * max(0, min(len(crews), PLACES) - len(names))))
    today = max(campaign.starts_on, min(campaign.ends_on, clock.local_date(now)))
    return CrewWanted(unit.code, Rotation(tuple(crews), cycle, today))


def _page(
    campaign: Campaign,
    unit: Unit,
    wanted: CrewWanted,
    now: datetime,
    *,
    found: CrewProposal | None = None,
    error: str = "",
    at: str = "",
) -> str:
    rotation = wanted.rotation
    taken = snapshot.take(campaign.id, now=now)
    crews = queries.crews_of([unit.id])
    lines = [REST if each == OFF else each for each in rotation.cycle]
    return render_template(
        "roster/crews/rotation.html",
        campaign=campaign,
        unit=unit,
        crews=crews,
        templates=offered.templates_of(taken, unit),
        wanted=wanted,
        numbers=_beside_names() if error else {crew: n for n, crew in enumerate(rotation.crews, start=1)},
        turn=request.form.get("days", "") if error else rotation.days,
        cycle=[*lines, *([""] * (max(PLACES, len(lines)) - len(lines)))],
        rest=REST,
        longest=LONGEST,
        found=found,
        table=_table(found) if found else [],
        of_campaign=[
            campaign.starts_on + timedelta(days=n) for n in range((campaign.ends_on - campaign.starts_on).days + 1)
        ],
        days=sorted({each.on for each in found.stints}) if found else [],
        error=error,
        at=at,
        words=words,
    )


def _table(found: CrewProposal) -> list[tuple[str, list[tuple[str, str, bool]]]]:
    """By crew, of each day: (shift or empty, what is not as one would expect, whether that is bad)."""
    filled = {(each.turn.crew, each.turn.on): each for each in found.filled}
    missing = {(each.crew, each.on) for each in found.missing}
    rows = []
    for team in found.teams:
        cells = []
        for stint in found.stints:
            if stint.crew != team.id:
                continue
            each, key = filled.get((stint.crew, stint.on)), (stint.crew, stint.on)
            note = words.in_short(each, found.names) if each else ""
            if key in missing:
                note = _("không có ca này ngày ấy")
            cells.append((stint.template, note, key in missing or bool(each and (each.passed or each.empty))))
        rows.append((team.name, cells))
    return rows


def _done(found: CrewProposal) -> str:
    said = [_("Đã xếp: %(what)s.", what=words.name(found))]
    if left := found.seats - found.after:
        said.append(_("Còn %(n)s chỗ trống.", n=left))
    return " ".join([*said, _("Hoàn tác được bằng một lần bấm.")])
