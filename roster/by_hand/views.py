"""Báo tin bằng tay: texts to copy, slips to print, numbers to ring, for those whom no machine tells."""

from __future__ import annotations

import segno
from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from core import arguments, clock, pages
from core.web import secret_page
from people.access import guard
from roster.blueprint import bp
from roster.by_hand import queries, services as by_hand
from roster.campaigns.queries import get_campaign


@bp.get("/campaigns/<int:campaign_id>/by-hand")
@guard.requires("reach.write")
def told_by_hand(campaign_id: int) -> ResponseReturnValue:
    """Who was told by no machine, of the units that one answers for, and why."""
    campaign = get_campaign(campaign_id)
    found = queries.unreached(campaign, actor=guard.current_actor(), now=clock.now())
    shown = pages.part(found, arguments.number("page", 1))
    return render_template("roster/by_hand/list.html", campaign=campaign, shown=shown)


@bp.post("/campaigns/<int:campaign_id>/by-hand")
@guard.requires("reach.write")
def hand_over(campaign_id: int) -> Response:
    """``do``: texts (a text each, and one for the group) or slips (one sheet a person); of all who are listed."""
    actor, now = guard.current_actor(), clock.now()
    campaign = get_campaign(campaign_id)
    found = queries.unreached(campaign, actor=actor, now=now)
    if request.form.get("do") == "slips":
        made = by_hand.made(campaign, found, texts=False, actor=actor, now=now)
        slips = [
            (each, segno.make(each.url, error="m", micro=False).svg_inline(border=0, omitsize=True)) for each in made
        ]
        return secret_page(render_template("roster/by_hand/slips.html", campaign=campaign, slips=slips, by=actor.name))
    made = by_hand.made(campaign, found, texts=True, actor=actor, now=now)
    group = by_hand.group_text(campaign, found, actor=actor)
    return secret_page(render_template("roster/by_hand/texts.html", campaign=campaign, made=made, group=group))
