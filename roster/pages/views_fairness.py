"""The fairness ledger: who carries what, how even it is, as a page and as a file."""

from __future__ import annotations

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from core import arguments, clock
from core.errors import Forbidden
from people.access import guard
from roster.blueprint import bp, kinds
from roster.campaigns import queries as campaigns
from roster.campaigns.models import Campaign
from roster.fairness import report
from roster.grid_pages.views_campaign import may_see_draft
from roster.publishing import export

PAGE = 100
"""People listed at once."""


def _source(campaign: Campaign) -> str:
    """Return what was asked for; without a published roster the draft, and the published one for those who cannot
    edit."""
    asks = campaign.revision == 0 or request.args.get("source") == "draft"
    return "draft" if asks and may_see_draft(campaign) else "published"


@bp.get("/campaigns/<int:campaign_id>/fairness")
@guard.requires("roster.read")
def fairness(campaign_id: int) -> ResponseReturnValue:
    campaign, now = campaigns.get_campaign(campaign_id), clock.now()
    whole = bool(guard.allowed(guard.current_actor(), "campaign.write", campaign.unit_id, now=now))
    found = report.ledger_for(campaign_id, source=_source(campaign), now=now, whole=whole)
    pages = -(-len(found.entries) // PAGE)
    page = max(1, min(arguments.number("page", 1), pages))
    return render_template(
        "roster/fairness/fairness.html",
        campaign=campaign,
        ledger=found,
        kinds=kinds(),
        report=report,
        page=page,
        pages=pages,
        some=found.entries[(page - 1) * PAGE : page * PAGE],
    )


@bp.get("/campaigns/<int:campaign_id>/fairness.csv")
@guard.requires("roster.read")
def fairness_csv(campaign_id: int) -> ResponseReturnValue:
    """All of it for who plans the campaign, their own line for everybody else; who took it is written down."""
    campaign, actor, now = campaigns.get_campaign(campaign_id), guard.current_actor(), clock.now()
    whole = guard.allowed(actor, "campaign.write", campaign.unit_id, now=now)
    if not whole and actor.person_id is None:
        raise Forbidden("forbidden", state={"action": "campaign.write"})
    found = report.ledger_for(campaign_id, source=_source(campaign), now=now)
    body = report.as_csv(each for each in found.entries if whole or each.person.id == actor.person_id)
    export.note(campaign_id, "fairness.csv", actor=actor, now=now)
    headers = {"Content-Disposition": f"attachment; filename=cong-bang-{campaign_id}.csv"}
    return Response(body, mimetype="text/csv", headers=headers)
