"""JSON API of approvals: submit a draft, approve it, send it back; whether a campaign needs that."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import Field

from core.actor import Actor
from core.api.call import ApiModel, Code, Text, When, api_call
from core.api.types import Said
from people.access import guard
from roster.api_blueprint import bp, readable
from roster.approvals import queries, services as approvals
from roster.approvals.models import Approval
from roster.campaigns import approval, stages

TAGS = ["approvals"]
Words = Annotated[Text, Field(max_length=approvals.LONGEST_TEXT)]


class NeededIn(ApiModel, title="NeededIn"):
    needed: bool


class SubmitIn(ApiModel, title="SubmitIn"):
    approver: Code
    """Somebody of leadership duty, of the campaign's unit or one above it."""
    note: Words = ""
    accept_gaps: Words = ""


class ReturnIn(ApiModel, title="ReturnIn"):
    reason: Said


class ApprovalOut(ApiModel, title="ApprovalOut"):
    id: int
    state: Literal["submitted", "approved", "returned", "replaced"]
    approver: str
    submitted_by: str
    submitted_at: When
    note: str
    answered_at: When | None
    reason: str
    hash: str
    """Of the draft that was submitted."""
    published_as: int | None


class StandingOut(ApiModel, title="StandingOut"):
    needed: bool
    stage: Literal["draft", "submitted", "published", "amended", "closed"]
    latest: ApprovalOut | None
    is_current: bool
    """Whether the draft is still what was submitted."""


@api_call(
    bp,
    "GET",
    "/campaigns/<int:campaign_id>/approval",
    operation_id="show_approval",
    returns={200: StandingOut},
    action="campaign.publish",
    tags=TAGS,
    summary="Where the approval of a draft stands",
)
def show_approval(campaign_id: int, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """For those who publish; an approver answers by their own link."""
    return _standing(campaign_id, actor, now)


@api_call(
    bp,
    "PUT",
    "/campaigns/<int:campaign_id>/approval",
    operation_id="put_approval",
    body=NeededIn,
    returns={200: StandingOut},
    action="campaign.publish",
    tags=TAGS,
    summary="Whether a campaign is published only with an approval",
)
def put_approval(campaign_id: int, *, body: NeededIn, actor: Actor, now: datetime) -> dict[str, Any]:
    """Only an administrator's key takes it back."""
    approvals.set_needed(campaign_id, body.needed, actor=actor, now=now)
    return _standing(campaign_id, actor, now)


@api_call(
    bp,
    "POST",
    "/campaigns/<int:campaign_id>/submit",
    operation_id="submit",
    body=SubmitIn,
    returns={201: ApprovalOut},
    action="campaign.publish",
    tags=TAGS,
    idempotent=True,
    summary="Submit the draft to a leader",
)
def submit(campaign_id: int, *, body: SubmitIn, actor: Actor, now: datetime) -> dict[str, Any]:
    """The exact draft of this moment; a draft that changes afterwards is submitted anew."""
    return _out(approvals.submit(campaign_id, **body.model_dump(), actor=actor, now=now))


@api_call(
    bp,
    "POST",
    "/campaigns/<int:campaign_id>/approve",
    operation_id="approve",
    returns={200: ApprovalOut},
    action=None,
    scopes=("roster",),
    tags=TAGS,
    summary="The named approver says yes",
)
def approve(campaign_id: int, *, actor: Actor, now: datetime) -> dict[str, Any]:
    """With the approver's own key. 409 when the draft has changed, or was answered already."""
    return _out(approvals.approve(campaign_id, actor=actor, now=now))


@api_call(
    bp,
    "POST",
    "/campaigns/<int:campaign_id>/return",
    operation_id="send_back",
    body=ReturnIn,
    returns={200: ApprovalOut},
    action=None,
    scopes=("roster",),
    tags=TAGS,
    summary="The named approver sends it back",
)
def send_back(campaign_id: int, *, body: ReturnIn, actor: Actor, now: datetime) -> dict[str, Any]:
    """Whoever submitted it is told why."""
    return _out(approvals.send_back(campaign_id, reason=body.reason, actor=actor, now=now))


def _standing(campaign_id: int, actor: Actor, now: datetime) -> dict[str, Any]:
    campaign = readable(campaign_id, actor, now)
    guard.ensure(actor, "campaign.publish", campaign.unit_id, now=now)
    last = approval.latest(campaign_id)
    return {
        "needed": campaign.needs_approval,
        "stage": stages.stage_for(campaign.state, campaign.revision, waits=approval.waits(campaign)),
        "latest": _out(last) if last else None,
        "is_current": last is not None and queries.stands(last, campaign, now),
    }


def _out(row: Approval) -> dict[str, Any]:
    return {
        "id": row.id,
        "state": row.state,
        "approver": row.approver.code,
        "submitted_by": row.submitted_by,
        "submitted_at": row.submitted_at,
        "note": row.note,
        "answered_at": row.answered_at,
        "reason": row.reason,
        "hash": row.content_hash,
        "published_as": row.published_as,
    }
