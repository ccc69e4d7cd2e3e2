"""Trình ký: a draft is submitted to a leader, who approves it or sends it back; publishing asks for it.

What is submitted is one exact draft. Whatever changes it afterwards makes the approval void, because nobody has signed
that (``roster.campaigns.approval``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import update

from core import audit, prepared
from core.actor import Actor
from core.db import db, transaction
from core.errors import Conflict, Forbidden, Invalid
from people import queries as people
from people.access import guard
from people.links import slips
from people.models import Person
from roster.approvals import notices, queries
from roster.approvals.models import Approval
from roster.campaigns import approval
from roster.campaigns.models import Campaign
from roster.campaigns.queries import get_campaign, locked_campaign, require
from roster.draft.judging import gap_facts, judge
from roster.publishing import publication, revision_content, services as publishing

LONGEST_TEXT = 500


@dataclass(frozen=True)
class _PreparedSubmission:
    """What is submitted, and the draft that it was made of."""

    seen: tuple[int, int]
    row: Mapping[str, Any]


def set_needed(campaign_id: int, needed: bool, *, actor: Actor, now: datetime) -> Campaign:
    """Whether the campaign is published only with an approval. Who publishes may ask for one; only administrators may
    do without it again, or it would bind nobody. Raises NotFound, Forbidden, Conflict (closed)."""
    with transaction():
        campaign = locked_campaign(campaign_id)
        guard.ensure(actor, "campaign.publish" if needed else "approval.waive", campaign.unit_id, now=now)
        require(campaign, "publish")
        if campaign.needs_approval != needed:
            campaign.needs_approval = needed
            if needed:  # swaps would change what was approved: whoever approves lets them again
                campaign.swaps_pass = False
            audit.record(actor, "campaign.approval", "campaign", campaign_id, now=now, needed=needed)
        return campaign


def submit(
    campaign_id: int,
    *,
    approver: str,
    note: str = "",
    accept_gaps: str = "",
    draft_version: int | None = None,
    actor: Actor,
    now: datetime,
) -> Approval:
    """Submit the draft as it is to ``approver`` (code); they are told. It replaces what was submitted before.

    Raises Forbidden; NotFound; Invalid ``approval.long``; Conflict ``approval.approver`` (leads nothing here),
    ``approval.oneself``, ``approval.off``, ``draft.changed``, ``approval.already`` (just that waits, or is approved),
    and as ``publishing.publish`` where the draft could not be published.
    """
    guard.refuse_unless(actor, "campaign.publish", get_campaign(campaign_id).unit_id, now=now)
    words, why = _text(note, "note"), _text(accept_gaps, "accept_gaps")

    def prepare() -> _PreparedSubmission:
        campaign = get_campaign(campaign_id)
        _refuse(campaign, draft_version)
        who = _approver(campaign, approver, actor)
        return _prepare(campaign, who, words, why, actor=actor, now=now)

    def act(plan: _PreparedSubmission) -> Approval:
        campaign = locked_campaign(campaign_id)
        guard.ensure(actor, "campaign.publish", campaign.unit_id, now=now)
        _refuse(campaign, draft_version)
        if (campaign.draft_version, campaign.revision) != plan.seen:
            raise prepared.Stale
        _refuse_again(campaign_id, plan.row)
        before = update(Approval).where(Approval.campaign_id == campaign_id, Approval.published_as.is_(None))
        db.session.execute(before.where(Approval.state.in_(("submitted", "approved"))).values(state="replaced"))
        made = Approval(**plan.row)
        db.session.add(made)
        db.session.flush()
        audit.record(
            actor, "approval.submit", "campaign", campaign_id, now=now, approver=approver, hash=made.content_hash
        )
        notices.tell_approver(made, campaign, now=now)
        return made

    return prepared.write(("approval.submit", campaign_id), prepare, act)


def approve(campaign_id: int, *, approval_id: int | None = None, actor: Actor, now: datetime) -> Approval:
    """The named approver says yes to what they were shown; ``approval_id``: that, else whatever waits now.

    Raises Forbidden ``approval.not_yours``; Conflict ``approval.none``, ``approval.replaced``, ``approval.answered``,
    ``approval.changed`` (the draft is another one now).
    """
    slips.ensure_none(actor)

    def prepare() -> tuple[int, int]:
        found = _waiting(campaign_id, approval_id, actor)
        campaign = get_campaign(campaign_id)
        if not queries.is_current(found, now=now):
            raise Conflict("approval.changed", state={"approval": found.state}, who=found.approver.full_name)
        return campaign.draft_version, campaign.revision

    def act(seen: tuple[int, int]) -> Approval:
        campaign = locked_campaign(campaign_id)
        if (campaign.draft_version, campaign.revision) != seen:
            raise prepared.Stale
        return _answer(campaign, approval_id, "approved", "", actor=actor, now=now)

    return prepared.write(("approval.approve", campaign_id), prepare, act)


def send_back(
    campaign_id: int, *, reason: str, approval_id: int | None = None, actor: Actor, now: datetime
) -> Approval:
    """The named approver returns it, with what is to be mended. Raises as :func:`approve`; Invalid ``approval.reason``,
    ``approval.long``."""
    slips.ensure_none(actor)
    why = _text(reason, "reason")
    if not why:
        raise Invalid("approval.reason", field="reason")
    with transaction():
        return _answer(locked_campaign(campaign_id), approval_id, "returned", why, actor=actor, now=now)


def ensure_waiting(campaign_id: int, approval_id: int, *, unchanged: bool, actor: Actor, now: datetime) -> None:
    """Raise as :func:`approve` would, before anybody is asked for a PIN; ``unchanged``: of a changed draft, too."""
    found = _waiting(campaign_id, approval_id, actor)
    if unchanged and not queries.stands(found, get_campaign(campaign_id), now):
        raise Conflict("approval.changed", state={"approval": found.state}, who=found.approver.full_name)


def _answer(
    campaign: Campaign, approval_id: int | None, state: str, reason: str, *, actor: Actor, now: datetime
) -> Approval:
    """Under the campaign's lock, so that one answer holds however many press."""
    found = _waiting(campaign.id, approval_id, actor)
    found.state, found.reason, found.answered_at = state, reason, now
    audit.record(actor, f"approval.{state}", "campaign", campaign.id, now=now, hash=found.content_hash, reason=reason)
    db.session.flush()
    notices.tell_submitter(found, campaign, now=now)
    return found


def _waiting(campaign_id: int, approval_id: int | None, actor: Actor) -> Approval:
    found = approval.latest(campaign_id)
    if found is None or found.published_as is not None:
        raise Conflict("approval.none", state={"approval": None})
    db.session.refresh(found)
    if actor.person_id != found.approver_id or actor.via == "desk":
        raise Forbidden("approval.not_yours", who=found.approver.full_name)
    if approval_id is not None and approval_id != found.id:
        raise Conflict("approval.replaced", state={"approval": found.state})
    if found.state != "submitted":
        raise Conflict("approval.answered", state={"approval": found.state})
    return found


def _refuse(campaign: Campaign, draft_version: int | None) -> None:
    require(campaign, "publish")
    if not campaign.needs_approval:
        raise Conflict("approval.off", state={"approval": None}, name=campaign.name)
    if draft_version is not None and draft_version != campaign.draft_version:
        raise Conflict("draft.changed", state={"draft_version": campaign.draft_version})


def _refuse_again(campaign_id: int, row: Mapping[str, Any]) -> None:
    """A second click tells nobody a second time."""
    last = approval.latest(campaign_id)
    same = last is not None and (last.approver_id, last.content_hash) == (row["approver_id"], row["content_hash"])
    if last is not None and same and last.published_as is None and last.state in ("submitted", "approved"):
        raise Conflict("approval.already", state={"approval": last.state}, who=last.approver.full_name)


def _approver(campaign: Campaign, code: str, actor: Actor) -> Person:
    who = people.find_person(code.strip())
    if who is not None and who.id == actor.person_id:
        raise Conflict("approval.oneself", field="approver")
    if who is None or who.id not in {each.id for each in queries.approvers(campaign)}:
        raise Conflict("approval.approver", field="approver")
    return who


def _prepare(
    campaign: Campaign, who: Person, note: str, accept_gaps: str, *, actor: Actor, now: datetime
) -> _PreparedSubmission:
    drafted = publication.drafted(campaign.id, now=now)
    judged = judge(campaign, drafted.taken, accept_gaps, now=now)
    publishing.refuse(campaign, judged)
    rows = revision_content.content(campaign, drafted.taken, drafted.changes.now_on)
    publishing.refuse_the_same(campaign, rows)
    row = {
        "campaign_id": campaign.id,
        "revision": campaign.revision,
        "draft_version": drafted.draft.draft_version,
        "content": rows,
        "content_hash": approval.hash_of(rows),
        "gaps": [gap_facts(gap) for gap in judged.proof.gaps],
        "accept_gaps": accept_gaps,
        "note": note,
        "submitted_by": actor.name,
        "submitter_id": actor.person_id,
        "submitted_at": now,
        "approver_id": who.id,
        "state": "submitted",
    }
    return _PreparedSubmission((drafted.draft.draft_version, campaign.revision), row)


def _text(given: str, field: str) -> str:
    tidy = " ".join(given.split())
    if len(tidy) > LONGEST_TEXT:
        raise Invalid("approval.long", field=field, limit=LONGEST_TEXT)
    return tidy
