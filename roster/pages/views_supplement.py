"""Ghi bổ sung: the page on which duty is entered that was served and stood on no roster."""

from __future__ import annotations

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from werkzeug.datastructures import MultiDict

from core import clock
from core.calendar import dates
from core.db import db
from core.errors import Conflict, DomainError, Invalid, NotFound, by_field
from core.web import back
from people import queries as people
from people.access import guard
from roster.blueprint import bp, kinds
from roster.campaigns import demand_expansion, queries as campaigns
from roster.campaigns.models import Campaign
from roster.revisions import supplementing
from roster.revisions.supplementing import Attested, SupplementShift

BETWEEN = " · "
"""Between the code of a person and their name, and between the words that name a shift of the demand."""


@bp.get("/campaigns/<int:campaign_id>/supplements")
@guard.requires("campaign.publish")
def supplements(campaign_id: int) -> ResponseReturnValue:
    """Empty seats of shifts that are over, and the shifts that the demand knows."""
    return _page(campaigns.get_campaign(campaign_id))


@bp.post("/campaigns/<int:campaign_id>/supplements")
@guard.requires("campaign.publish")
def supplement(campaign_id: int) -> ResponseReturnValue:
    """``seat``, or ``asked`` (unit, duty and name of a shift) with ``on``; ``person``, ``attested_by``,
    ``attested_as``, ``reason``."""
    form = request.form
    try:
        made = supplementing.supplement(
            campaign_id,
            _served(form),
            person=form.get("person", "").partition(BETWEEN)[0],
            attested=Attested(form.get("attested_by", ""), form.get("attested_as", ""), form.get("reason", "")),
            actor=guard.current_actor(),
            now=clock.now(),
        )
    except (Conflict, Invalid, NotFound) as fault:
        db.session.rollback()
        return _page(campaigns.get_campaign(campaign_id), fault)
    words = _("Đã ghi bổ sung thành bản số %(n)s. Không ai được báo tin.", n=made.number)
    return back(url_for("roster.revision", campaign_id=campaign_id, number=made.number), words)


def _served(form: MultiDict[str, str]) -> int | SupplementShift:
    seat = form.get("seat", type=int)
    if seat:
        return seat
    unit, _first, rest = form.get("asked", "").partition(BETWEEN)
    duty, _second, shift = rest.partition(BETWEEN)
    if not shift:
        raise Invalid("supplement.what", field="seat")
    on = dates.day(form.get("on", ""))
    if on is None:
        raise Invalid("supplement.day", field="on")
    return SupplementShift(unit, duty, shift, on)


def _page(campaign: Campaign, fault: DomainError | None = None) -> ResponseReturnValue:
    now, actor = clock.now(), guard.current_actor()
    guard.ensure(actor, "campaign.publish", campaign.unit_id, now=now)
    names = {unit.id: unit for unit in people.units()}
    asked = [(names[row.unit_id], row) for row in demand_expansion.demanded(campaign)]
    page = render_template(
        "roster/revisions/supplement.html",
        campaign=campaign,
        seats=supplementing.empty_seats(campaign.id, now=now),
        asked=asked,
        people=people.find_people(unit_id=campaign.unit_id, active=None, limit=2000),
        between=BETWEEN,
        fault=fault,
        wrong=by_field(fault),
        typed=request.form,
        kinds=kinds(),
    )
    return page, fault.http_status if fault else 200
