"""Publish a part: shifts or units on which the draft differs, chosen one by one; the rest of the draft stays draft."""

from __future__ import annotations

from collections.abc import Iterable

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core import clock
from core.calendar.moments import parse_moment
from core.errors import Conflict, Invalid
from core.web import back
from people.access import guard
from people.models import Unit
from roster.blueprint import bp, kinds
from roster.campaigns import queries as campaigns
from roster.draft import judging, services as drafts
from roster.models import Campaign, Shift
from roster.publishing import amending, parts
from roster.snapshot import snapshot

SHOWN = 200
"""Shifts offered one by one; beyond that whole units are chosen."""


@bp.get("/campaigns/<int:campaign_id>/publish/part")
@guard.requires("roster.amend")
def publish_part(campaign_id: int) -> ResponseReturnValue:
    """What differs and may be published by the reader; nothing happens yet."""
    return _page(campaigns.get_campaign(campaign_id))


@bp.post("/campaigns/<int:campaign_id>/publish/part")
@guard.requires("roster.amend")
def publish_part_now(campaign_id: int) -> ResponseReturnValue:
    """``shift`` ids (with all their seats), or ``unit`` codes."""
    form = request.form
    seats = [seat.id for each in form.getlist("shift", type=int) for seat in drafts.get_shift(each).seats]
    try:
        revision = amending.publish_only(
            campaign_id,
            parts.Only(tuple(form.getlist("unit")), tuple(seats)),
            note=form.get("note", ""),
            accept_gaps=form.get("accept_gaps") or None,
            draft_version=form.get("version", type=int),
            actor=guard.current_actor(),
            now=clock.now(),
        )
    except (Conflict, Invalid) as error:
        return _page(campaigns.get_campaign(campaign_id), error)
    words = _("Đã ban hành bản số %(n)s, chỉ gồm phần đã chọn. Phần còn lại vẫn là dự thảo.", n=revision.number)
    return back(url_for("roster.revision", campaign_id=campaign_id, number=revision.number), words)


def _page(campaign: Campaign, error: Conflict | Invalid | None = None) -> ResponseReturnValue:
    actor, now = guard.current_actor(), clock.now()
    whole = bool(guard.allowed(actor, "campaign.publish", campaign.unit_id, now=now))
    rows = parts.differing(campaign.id)
    offered = [row for row in rows if whole or _may_amend(row[0])]
    if not whole and not any(_may_amend(each) for each in _of_the_day(campaign)):
        guard.ensure(actor, "campaign.publish", campaign.unit_id, now=now)
    state = error.state if error else {}
    gaps = [
        {**each, "starts_at": parse_moment(each["starts_at"]), "ends_at": parse_moment(each["ends_at"])}
        for each in state.get("gaps", [])
    ]
    page = render_template(
        "roster/publishing/publish_part.html",
        campaign=campaign,
        offered=offered[:SHOWN],
        more=max(0, len(offered) - SHOWN),
        whole=whole,
        units=_units(row[0] for row in offered) if whole else [],
        kinds=kinds(),
        error=error,
        gaps=gaps,
        broken=[each["text"] for each in state.get("violations", [])],
        typed=request.form,
        unchecked=judging.of_draft(snapshot.take(campaign.id, now=now), now=now).unchecked,
        chosen=set(request.form.getlist("shift", type=int)),
        chosen_units=set(request.form.getlist("unit")),
    )
    return page, error.http_status if error else 200


def _may_amend(shift: Shift) -> bool:
    return parts.is_of_the_day(shift, clock.now()) and guard.can("roster.amend", shift.unit_id)


def _of_the_day(campaign: Campaign) -> Iterable[Shift]:
    return parts.rows_of_the_day(campaign.id, clock.now())


def _units(shifts: Iterable[Shift]) -> list[Unit]:
    found = {shift.unit_id: shift.unit for shift in shifts}
    return sorted(found.values(), key=lambda unit: unit.name)
