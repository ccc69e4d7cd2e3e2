"""Publish the draft: gate and proof, then revision, duties, mails and audit in one short transaction."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from core import audit, clock, prepared
from core.actor import Actor
from core.db import db
from core.errors import Conflict
from people.access.guard import ensure, refuse_unless
from roster.campaigns import approval
from roster.campaigns.models import Campaign
from roster.campaigns.queries import get_campaign, locked_campaign, require
from roster.draft.judging import JudgedDraft, gap_facts, judge
from roster.models import Revision
from roster.publishing import duty_rows, notices, publication, revision_content
from roster.publishing.notices import Letters
from roster.publishing.publication import RevisionChanges
from roster.publishing.terms import USUAL_TERMS, PublishTerms
from roster.words import violations as wording


@dataclass(frozen=True)
class _PreparedRevision:
    """A revision ready to be written, made of the draft and the revision that it names."""

    unit_id: int
    seen: tuple[int, int]
    changes: RevisionChanges
    revision: Mapping[str, Any]
    letters: Letters
    gaps: int
    approval: int | None
    """Id of the approval under which it is published."""


def publish(
    campaign_id: int,
    terms: PublishTerms = USUAL_TERMS,
    *,
    draft_version: int | None = None,
    actor: Actor,
    now: datetime,
) -> Revision:
    """Make the draft the roster that everybody reads, as revision + 1.

    ``draft_version``: of the draft that the signer has read; Conflict ``draft.changed`` when it has moved since.

    Raises Conflict with ``gaps`` and ``violations`` when the gate stays shut, when nothing has changed since the last
    revision, when the approval that the campaign needs is missing, or in a state that forbids it; NotFound, Forbidden;
    Invalid without a reason to tell nobody.
    """
    silence = terms.silence

    def prepare() -> _PreparedRevision:
        campaign = get_campaign(campaign_id)
        refuse_unless(actor, "campaign.publish", campaign.unit_id, now=now)
        _refuse_moved(campaign, draft_version)
        require(campaign, "publish")
        return _prepare(campaign, terms, actor=actor, now=now)

    def act(plan: _PreparedRevision) -> Revision:
        campaign = locked_campaign(campaign_id)
        ensure(actor, "campaign.publish", campaign.unit_id, now=now)
        _refuse_moved(campaign, draft_version)
        state = require(campaign, "publish")
        if (campaign.draft_version, campaign.revision) != plan.seen:
            raise prepared.Stale
        revision = Revision(**plan.revision)
        if not approval.used(campaign, plan.approval, revision.number):
            raise prepared.Stale
        publication.put(plan.changes, revision.number, now=now)
        campaign.revision, campaign.state, campaign.look_again = revision.number, state, None
        db.session.add(revision)
        db.session.flush()
        revision_content.hold(revision)
        notices.put(plan.letters)
        audit.record(
            actor,
            "campaign.publish",
            "campaign",
            campaign_id,
            now=now,
            revision=revision.number,
            hash=revision.content_hash,
            accept_gaps=revision.accept_gaps,
            gaps=plan.gaps,
            **notices.untold(silence),
        )
        return revision

    return prepared.write(("campaign.publish", campaign_id), prepare, act)


def _refuse_moved(campaign: Campaign, draft_version: int | None) -> None:
    if draft_version is not None and draft_version != campaign.draft_version:
        raise Conflict("draft.changed", state={"draft_version": campaign.draft_version})


def _prepare(campaign: Campaign, terms: PublishTerms, *, actor: Actor, now: datetime) -> _PreparedRevision:
    drafted = publication.drafted(campaign.id, now=now)
    taken, found = drafted.taken, drafted.changes
    duty_rows.refuse_running(
        (shift, who) for shift, who in found.running.values() if who is not None or campaign.state != "draft"
    )
    judged = judge(campaign, taken, terms.accept_gaps, now=now)
    refuse(campaign, judged)
    number = campaign.revision + 1
    rows = revision_content.content(campaign, taken, found.now_on)
    refuse_the_same(campaign, rows)
    approved = approval.holding(campaign, rows)
    revision = {
        "campaign_id": campaign.id,
        "number": number,
        "published_at": now,
        "published_by": actor.name,
        "note": terms.note.strip(),
        "tell_reason": terms.silence,
        "accept_gaps": (terms.accept_gaps or "").strip() or None,
        "proof": revision_content.proof_facts(taken, judged),
        "content": rows,
        "content_hash": revision_content.hash_of(campaign, rows, number),
    }
    told = notices.Consequences(found.coming, found.gained, found.lost, found.on)
    letters = notices.composed(campaign, number, () if terms.silence else found.told, told, now=now)
    seen = (drafted.draft.draft_version, campaign.revision)
    return _PreparedRevision(
        campaign.unit_id, seen, found, revision, letters, len(judged.proof.gaps), approved.id if approved else None
    )


def refuse_the_same(campaign: Campaign, rows: list[Any]) -> None:
    """A second click must not make a second revision that says nothing new, in whatever order it lists shifts: pieces
    of one that was cut stand at the end."""
    wanted = select(Revision.content).where(Revision.campaign_id == campaign.id, Revision.number == campaign.revision)
    last = db.session.scalar(wanted)
    if last is not None and {each["shift"]: each for each in last} == {each["shift"]: each for each in rows}:
        raise nothing_changed(campaign)


def nothing_changed(campaign: Campaign) -> Conflict:
    """It says who published what stands: perhaps somebody else has done just that."""
    wanted = select(Revision).filter_by(campaign_id=campaign.id, number=campaign.revision)
    last = db.session.scalar(wanted)
    if last is None:
        return Conflict("publish.nothing_drafted", state={"revision": 0})
    state = {"revision": last.number, "published_by": last.published_by}
    at = f"{clock.local(last.published_at):%H:%M %d/%m}"
    return Conflict("publish.nothing_changed", state=state, revision=last.number, by=last.published_by, at=at)


def refuse(campaign: Campaign, judged: JudgedDraft) -> None:
    if judged.verdict.may_publish:
        return
    state = {
        "revision": campaign.revision,
        "gaps": [gap_facts(gap) for gap in judged.verdict.gaps],
        "violations": wording.listed(judged.verdict.violations, judged.names),
        "unchecked": judged.unchecked,
    }
    raise Conflict(
        "publish.blocked", state=state, gaps=len(judged.verdict.gaps), violations=len(judged.verdict.violations)
    )
