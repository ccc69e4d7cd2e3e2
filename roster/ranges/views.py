"""A range of people and days assigned alone: said what that means, then done. Beside the grid, or on a page."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import jsonify, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _, ngettext

from core import clock
from core.errors import DomainError
from people import queries as people
from people.access import guard
from roster.blueprint import bp
from roster.campaigns import queries as campaigns, rights
from roster.campaigns.models import Campaign
from roster.draft import grid
from roster.ranges import counting
from roster.ranges.counting import Range
from roster.snapshot import snapshot
from roster.solving import parts

MOST_TICKS = 150
"""People who are listed to be ticked; beyond it a unit is chosen first."""


@bp.get("/campaigns/<int:campaign_id>/range")
@guard.requires("campaign.solve")
def solve_range_beside(campaign_id: int) -> ResponseReturnValue:
    """Return for the grid's script the sentence, and the form that begins."""
    campaign, now = campaigns.get_campaign(campaign_id), clock.now()
    try:
        found = counting.look(campaign, parts.asked(request.args), actor=guard.current_actor(), now=now)
    except DomainError as error:
        return jsonify(said=error.message(), code=error.code), error.http_status
    panel = render_template("roster/ranges/_range.html", campaign=campaign, found=found, words=in_words(found))
    return jsonify(said=in_words(found), panel=panel, n=found.seats)


@bp.get("/campaigns/<int:campaign_id>/solve/range")
@guard.requires("campaign.solve")
def solve_range(campaign_id: int) -> ResponseReturnValue:
    """The same without a script: people are ticked, days written, and what that means is said before it begins."""
    campaign, now, actor = campaigns.get_campaign(campaign_id), clock.now(), guard.current_actor()
    rights.ensure(actor, "campaign.solve", campaign, (), now=now)
    found, error = None, None
    if "people" in request.args or "look" in request.args:
        try:
            found = counting.look(campaign, parts.asked(request.args), actor=actor, now=now)
        except DomainError as refused:
            error = refused
    status = 200 if error is None else error.http_status
    return render_template("roster/ranges/range.html", **_page(campaign, now), found=found, error=error), status


def _page(campaign: Campaign, now: datetime) -> dict[str, Any]:
    taken = snapshot.take(campaign.id, now=now)
    unit = people.find_unit(request.args.get("unit", "")) or campaign.unit
    below = {each.code for each in people.units(people.subtree_ids(unit.id))}
    listed = [each for each in taken.problem.staff if each.unit in below and each.duties]
    return {
        "campaign": campaign,
        "unit": unit,
        "units": grid.units_in(campaign, taken, None),
        "listed": listed[:MOST_TICKS],
        "left_out": max(0, len(listed) - MOST_TICKS),
        "ticked": set(parts.codes(request.args)),
        "typed": {name: request.args.get(name, "") for name in ("from", "to")},
        "in_words": in_words,
    }


def in_words(found: Range) -> str:
    """Return what would be assigned, and what stays."""
    which = []
    if found.held:
        which.append(ngettext("%(num)s lượt họ đang giữ", "%(num)s lượt họ đang giữ", found.held))
    if found.empty:
        which.append(ngettext("%(num)s lượt trống họ trực được", "%(num)s lượt trống họ trực được", found.empty))
    said = _(
        "Máy xếp %(n)s lượt (%(which)s) cho %(who)s. Chỉ ô của họ trong những ngày này đổi; "
        "người khác, ngày khác và ô đã ghim giữ nguyên.",
        n=found.seats,
        which=", ".join(which),
        who=parts.in_words(found.part),
    )
    return said + " " + _("Đã ghim, không đổi: %(n)s lượt.", n=found.pinned) if found.pinned else said
