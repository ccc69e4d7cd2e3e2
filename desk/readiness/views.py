"""/readiness/: whether the next seven days will go well, and what is left to do, each with one button."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import func, select

from core import arguments, clock
from core.db import db
from desk.readiness import morning, remedies, services, words
from people import queries as people
from people.access import guard
from people.models import Unit
from roster.campaigns import queries as campaigns
from roster.week import unlisted

bp = Blueprint("readiness", __name__, url_prefix="/readiness")
FIRST = 3
"""After how many done items it says the score."""


@bp.get("/")
@guard.requires(services.ACTION)
def index() -> ResponseReturnValue:
    """Sẵn sàng bảy ngày tới; ``unit``: code, with all below it; ``campaign``: id."""
    now, actor, code = clock.now(), guard.current_actor(), request.args.get("unit")
    campaign_id = arguments.number("campaign", 0) or None
    unit = people.unit_by_code(code) if code else None
    seen = services.view_readiness(actor, now=now, unit=unit, campaign_id=campaign_id)
    found = seen.readiness
    lines = [
        {
            "item": item,
            "title": words.title(item, seen.names, now),
            "detail": words.detail(item, seen.names),
            "when": words.when(item, now),
            "remedy": remedies.remedy_for(item, seen.names, actor=actor, now=now),
        }
        for item in found.items
    ]
    return render_template(
        "desk/readiness/index.html",
        found=found,
        lines=lines,
        words=words,
        first=FIRST,
        now=now,
        unit=unit,
        unit_options=_options(guard.reach(actor, services.ACTION, now=now)),
        units_in_all=_units_in_all(seen.units),
        campaign=campaigns.get_campaign(campaign_id) if campaign_id is not None else None,
        before=morning.last_of(actor.person_id) if unit is None and campaign_id is None else None,
    )


def _options(units: set[int] | None) -> list[tuple[str, str]]:
    """Units with demand and those above them, as far as the reader answers for them, indented by their depth."""
    chains = people.ancestors_of(unlisted.with_demand(units)).values()
    known = {unit.id: unit for unit in people.units({each for chain in chains for each in chain})}
    paths = {
        each: tuple(known[above].code for above in reversed(chain[place:]))
        for chain in chains
        for place, each in enumerate(chain)
        if units is None or each in units
    }
    top = min(map(len, paths.values()), default=0)
    ordered = sorted(paths, key=lambda each: paths[each])
    return [(known[each].code, "\u2003" * (len(paths[each]) - top) + known[each].name) for each in ordered]


def _units_in_all(units: set[int] | None) -> int:
    return len(units) if units is not None else db.session.scalar(select(func.count(Unit.id))) or 0
