"""Trình ký: what stands in the way of publishing, submit the draft, and whether the campaign needs an approval."""

from __future__ import annotations

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from core import clock
from core.errors import Conflict, Invalid, by_field
from core.web import back
from people.access import guard
from roster.approvals import queries, services as approvals
from roster.blueprint import bp, kinds
from roster.campaigns import approval, queries as campaigns, stages
from roster.campaigns.models import Campaign
from roster.coverage import lines
from roster.draft import judging
from roster.revisions import queries as revisions
from roster.snapshot import snapshot

SHOWN = 200
"""People listed at once."""


@bp.get("/campaigns/<int:campaign_id>/approval")
@guard.requires("campaign.publish")
def approval_page(campaign_id: int) -> ResponseReturnValue:
    """Show where the campaign stands, what was submitted, and the draft as it would be submitted now."""
    return _page(campaigns.get_campaign(campaign_id))


@bp.post("/campaigns/<int:campaign_id>/approval")
@guard.requires("campaign.publish")
def submit_draft(campaign_id: int) -> ResponseReturnValue:
    """``approver`` (code), ``note``, ``accept_gaps``, ``version`` of the draft that was shown."""
    form = request.form
    try:
        made = approvals.submit(
            campaign_id,
            approver=form.get("approver", ""),
            note=form.get("note", ""),
            accept_gaps=form.get("accept_gaps", ""),
            draft_version=form.get("version", type=int),
            actor=guard.current_actor(),
            now=clock.now(),
        )
    except (Conflict, Invalid) as fault:
        return _page(campaigns.get_campaign(campaign_id), fault)
    words = _("Đã trình %(who)s. Dự thảo đổi sau lúc này thì phải trình lại.", who=made.approver.full_name)
    return back(url_for(".approval_page", campaign_id=campaign_id), words)


@bp.post("/campaigns/<int:campaign_id>/approval/needed")
@guard.requires("campaign.publish")
def set_approval(campaign_id: int) -> ResponseReturnValue:
    """``needed``: 1, or 0 (administrators)."""
    needed = request.form.get("needed") == "1"
    approvals.set_needed(campaign_id, needed, actor=guard.current_actor(), now=clock.now())
    words = (
        _("Từ nay ban hành đợt trực này cần lãnh đạo duyệt.") if needed else _("Đợt trực này ban hành không cần duyệt.")
    )
    return back(url_for(".approval_page", campaign_id=campaign_id), words)


def _page(campaign: Campaign, fault: Conflict | Invalid | None = None) -> ResponseReturnValue:
    now, actor = clock.now(), guard.current_actor()
    guard.ensure(actor, "campaign.publish", campaign.unit_id, now=now)
    last = approval.latest(campaign.id)
    judged = judging.judge_draft(snapshot.take(campaign.id, now=now), now=now) if campaign.needs_approval else None
    compared = revisions.compared(campaign, campaign.revision, "draft", now=now) if campaign.needs_approval else None
    page = render_template(
        "roster/approvals/approval.html",
        campaign=campaign,
        stage=stages.stage_for(campaign.state, campaign.revision, waits=approval.waits(campaign)),
        stages=stages.shown(needs_approval=campaign.needs_approval),
        last=last,
        is_current=last is not None and queries.stands(last, campaign, now),
        approvers=queries.approvers(campaign, but=actor.person_id),
        found=compared.found if compared else None,
        gaps=lines.gaps(judged.proof.gaps) if judged else [],
        blocking=[each for each in judged.proof.gaps if each.blocks] if judged else [],
        fault=fault,
        wrong=by_field(fault),
        typed=request.form,
        kinds=kinds(),
        shown=SHOWN,
    )
    return page, fault.http_status if fault else 200
