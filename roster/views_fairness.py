"""The fairness ledger: who carries what, how even it is, as a page and as a file."""

from __future__ import annotations

from flask import Response, render_template, request
from flask.typing import ResponseReturnValue

from core import clock
from people import guard
from roster import fairness_report, services
from roster.models import Campaign
from roster.views import bp, kinds, may_see_draft


def _source(campaign: Campaign) -> str:
    """What was asked for; without a published roster the draft, and the published one for whoever cannot edit."""
    if campaign.revision == 0:
        return "draft"
    return "draft" if request.args.get("source") == "draft" and may_see_draft(campaign) else "published"


@bp.get("/campaigns/<int:campaign_id>/fairness")
@guard.requires("roster.read")
def fairness(campaign_id: int) -> ResponseReturnValue:
    campaign, now = services.get_campaign(campaign_id), clock.now()
    found = fairness_report.of_campaign(campaign_id, source=_source(campaign), now=now)
    return render_template(
        "roster/fairness.html", campaign=campaign, ledger=found, kinds=kinds(), report=fairness_report
    )


@bp.get("/campaigns/<int:campaign_id>/fairness.csv")
@guard.requires("roster.read")
def fairness_csv(campaign_id: int) -> ResponseReturnValue:
    campaign = services.get_campaign(campaign_id)
    found = fairness_report.of_campaign(campaign_id, source=_source(campaign), now=clock.now())
    headers = {"Content-Disposition": f"attachment; filename=cong-bang-{campaign_id}.csv"}
    return Response(fairness_report.as_csv(found), mimetype="text/csv", headers=headers)
