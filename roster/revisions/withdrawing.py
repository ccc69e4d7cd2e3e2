"""Thu hồi: what a revision changed and has not begun goes back to what was published before it, as a new revision.

Duty that has begun or is over stays as it is recorded. The draft stays as it is, too: what was wrong is mended there.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from core import audit, prepared
from core.actor import Actor
from core.db import db
from core.errors import Conflict, Invalid
from people.access import guard
from people.models import Person
from roster.campaigns.models import Campaign
from roster.campaigns.queries import get_campaign, locked_campaign, require
from roster.draft import edit_log, judging
from roster.models import Duty, Revision
from roster.publishing import notices, publication, revision_content
from roster.publishing.notices import Letters
from roster.publishing.publication import RevisionChanges
from roster.revisions import difference
from roster.revisions.difference import Difference
from roster.snapshot import snapshot
from roster.snapshot.sitting import DraftCell

LONGEST_REASON = 500


@dataclass(frozen=True)
class WithdrawalPlan:
    """A withdrawal ready to be written; ``seen``: (draft version, revision) that it was made of."""

    seen: tuple[int, int]
    withdraws: int
    changes: RevisionChanges
    rows: list[Any]
    proof: Mapping[str, Any]
    is_complete: bool
    begun: int
    """Seats that it would take back too, but their shifts have begun."""

    @property
    def leaves_nothing(self) -> bool:
        return not self.changes.now_on


def withdraw(campaign_id: int, *, reason: str, revision: int | None = None, actor: Actor, now: datetime) -> Revision:
    """Take back the revision published last. Who gains or loses a shift is told, with the reason.

    ``revision``: the number that the reader has seen; Conflict ``withdraw.moved`` when another is the last one now.
    With the first one nothing is published any more, and the campaign is a draft again.
    Raises NotFound; Forbidden; Invalid ``withdraw.reason``, ``withdraw.reason_long``; Conflict as :func:`planned`.
    """
    guard.refuse_unless(actor, "campaign.publish", get_campaign(campaign_id).unit_id, now=now)
    why = " ".join(reason.split())
    if not why:
        raise Invalid("withdraw.reason", field="reason")
    if len(why) > LONGEST_REASON:
        raise Invalid("withdraw.reason_long", field="reason", limit=LONGEST_REASON)

    def prepare() -> tuple[WithdrawalPlan, Letters]:
        campaign = get_campaign(campaign_id)
        plan = planned(campaign, revision, now=now)
        found = plan.changes
        told = notices.Consequences(found.coming, found.gained, found.lost, found.on)
        took = notices.Withdrawal(plan.withdraws, why)
        return plan, notices.composed(campaign, campaign.revision + 1, found.told, told, withdrawal=took, now=now)

    def act(made: tuple[WithdrawalPlan, Letters]) -> Revision:
        plan, letters = made
        campaign = locked_campaign(campaign_id)
        guard.ensure(actor, "campaign.publish", campaign.unit_id, now=now)
        state = require(campaign, "withdraw")
        if (campaign.draft_version, campaign.revision) != plan.seen:
            raise prepared.Stale
        campaign.revision += 1
        campaign.state = "draft" if plan.leaves_nothing else state
        edit_log.carry_over(campaign, campaign.revision - 1, ())  # the draft stays, and what was done to it
        publication.put(plan.changes, campaign.revision, now=now)
        row = _revision(campaign, plan, why, actor=actor, now=now)
        db.session.add(row)
        db.session.flush()
        revision_content.hold(row)
        db.session.flush()
        notices.put(letters)
        facts = {"revision": row.number, "withdraws": row.withdraws, "hash": row.content_hash, "reason": why}
        audit.record(actor, "campaign.withdraw", "campaign", campaign_id, now=now, **facts)
        return row

    return prepared.write(("campaign.withdraw", campaign_id), prepare, act)


def planned(campaign: Campaign, revision: int | None = None, *, now: datetime) -> WithdrawalPlan:
    """Return what withdrawing the last revision would change now. Reads only.

    Raises Conflict ``campaign.cannot_withdraw`` (nothing is published, or closed), ``withdraw.moved``,
    ``withdraw.already`` (the last one is a withdrawal), ``withdraw.all_begun``, ``withdraw.parted`` (it cut a shift).
    """
    require(campaign, "withdraw")
    last = _last(campaign.id)
    state = {"revision": campaign.revision}
    if last.kind == "withdrawal":
        raise Conflict("withdraw.already", state=state, revision=last.withdraws, by=last.published_by)
    if revision is not None and revision != last.number:
        raise Conflict("withdraw.moved", state=state, revision=revision, last=last.number)
    if _parted(last):
        raise Conflict("withdraw.parted", state=state, revision=last.number)
    cells, begun, moved = _before(campaign.id, last.number, now)
    if not moved:
        raise Conflict("withdraw.all_begun", state=state, revision=last.number)
    taken = snapshot.take(campaign.id, now=now, cells=cells)
    found = publication.changes(taken, taken, taken, now=now)
    judged = judging.judge(campaign, taken, None, now=now)
    return WithdrawalPlan(
        seen=(campaign.draft_version, campaign.revision),
        withdraws=last.number,
        changes=found,
        rows=revision_content.content(campaign, taken, found.now_on),
        proof=revision_content.proof_facts(taken, judged),
        is_complete=judged.proof.is_complete,
        begun=begun,
    )


def preview(campaign: Campaign, plan: WithdrawalPlan) -> Difference:
    """Who would lose and get what."""
    standing = select(Revision.content).filter_by(campaign_id=campaign.id, number=campaign.revision)
    return difference.between(db.session.scalars(standing).one(), plan.rows)


def _last(campaign_id: int) -> Revision:
    """The last one that says who serves: what was entered afterwards stands beside it and stays."""
    wanted = select(Revision).where(Revision.campaign_id == campaign_id, Revision.kind != "supplement")
    return db.session.scalars(wanted.order_by(Revision.number.desc()).limit(1)).one()


def _parted(last: Revision) -> bool:
    """Whether it cut a shift: whoever gave a part away has the same seat as before, with fewer hours. To take the piece
    back would leave it open, and theirs too. What later revisions do with such pieces can be withdrawn as anything.
    """
    wanted = select(Revision.content).filter_by(campaign_id=last.campaign_id, number=last.number - 1)
    before = {(who["seat"], who["code"]) for row in db.session.scalar(wanted) or () for who in row["people"]}
    its = select(Duty.seat_id, Person.code).join(Person, Person.id == Duty.person_id)
    its = its.where(Duty.campaign_id == last.campaign_id, Duty.sequence == last.number, Duty.cancelled_at.is_(None))
    return not before.isdisjoint(db.session.execute(its).tuples())


def _before(campaign_id: int, number: int, now: datetime) -> tuple[dict[int, DraftCell], int, int]:
    """Who had which seat before revision ``number``, of shifts that have not begun; of the others who has it now.
    Beside it how many of its seats have begun, and how many it gives back.

    A duty has the number of the revision that changed it last: those with this one were given or taken by it. Nobody
    comes back who has left the enterprise meanwhile.
    """
    duties = select(Duty).options(joinedload(Duty.person)).where(Duty.campaign_id == campaign_id)
    cells, begun, moved = dict[int, DraftCell](), set[int](), set[int]()
    for duty in db.session.scalars(duties.order_by(Duty.id)):
        is_its, is_held = duty.sequence == number, duty.cancelled_at is None
        if is_its:
            (moved if duty.starts_at > now else begun).add(duty.seat_id)
        if is_held != (is_its and duty.starts_at > now) and (is_held or duty.person.active):
            cells[duty.seat_id] = DraftCell(duty.person_id, False, None)
    return cells, len(begun), len(moved)


def _revision(campaign: Campaign, plan: WithdrawalPlan, reason: str, *, actor: Actor, now: datetime) -> Revision:
    return Revision(
        campaign_id=campaign.id,
        number=campaign.revision,
        kind="withdrawal",
        withdraws=plan.withdraws,
        published_at=now,
        published_by=actor.name,
        note=reason,
        accept_gaps=None if plan.is_complete else reason,
        content=plan.rows,
        proof=plan.proof,
        content_hash=revision_content.hash_of(campaign, plan.rows),
    )
