"""The signed paper of a revision: a scan, or a PDF that was signed elsewhere, which says who signed it and whether it
is still as it was signed. It is never taken off again.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import undefer

from core import audit
from core.actor import Actor
from core.db import db, transaction
from core.errors import Conflict, Forbidden, NotFound
from core.files.content import File
from documents.signed import services as papers
from people.access import guard
from roster.campaigns import queries as campaigns
from roster.models import Revision, RevisionScan

MOST = 10


def list_scans(revision: Revision) -> Sequence[RevisionScan]:
    """Return them without their bytes, in the order in which they came."""
    wanted = select(RevisionScan).where(RevisionScan.revision_id == revision.id)
    return db.session.scalars(wanted.order_by(RevisionScan.id)).all()


def attach(campaign_id: int, number: int, file: File, *, actor: Actor, now: datetime) -> RevisionScan:
    """The same file again is the same scan.

    Raises NotFound; Forbidden; Conflict ``paper.none`` (what was entered afterwards has no paper of its own),
    ``paper.many`` beyond ``MOST``.
    """
    guard.refuse_unless(actor, "campaign.publish", campaigns.get_campaign(campaign_id).unit_id, now=now)
    if campaigns.revision(campaign_id, number).kind == "supplement":
        raise Conflict("paper.none")
    db.session.rollback()
    said = papers.read_signatures(file)
    with transaction() as session:
        campaign = campaigns.locked_campaign(campaign_id)
        guard.ensure(actor, "campaign.publish", campaign.unit_id, now=now)
        row = campaigns.revision(campaign_id, number)
        known = session.scalar(select(RevisionScan).filter_by(revision_id=row.id, sent_sha256=file.sent_sha256))
        if known is not None:
            return known
        count = session.scalar(select(func.count()).select_from(RevisionScan).filter_by(revision_id=row.id)) or 0
        if count >= MOST:
            raise Conflict("paper.many", state={"most": MOST}, most=MOST)
        scan = RevisionScan(revision_id=row.id, **papers.columns(file, said, actor=actor, now=now))
        session.add(scan)
        session.flush()
        facts = {"revision": number, "sha256": scan.sha256, "signatures": len(said)}
        audit.record(actor, "revision.scan", "campaign", campaign_id, now=now, **facts)
        return scan


def may_read(actor: Actor, unit_id: int, *, now: datetime) -> bool:
    """The paper may have everybody's telephone number; who signed it is told to all who read the roster."""
    return any(guard.allowed(actor, action, unit_id, now=now) for action in ("person.contact", "campaign.publish"))


def one(campaign_id: int, number: int, scan_id: int, *, actor: Actor, now: datetime) -> RevisionScan:
    """Return it with its bytes. Raises NotFound, Forbidden."""
    if not may_read(actor, campaigns.get_campaign(campaign_id).unit_id, now=now):
        raise Forbidden("paper.numbers")
    wanted = select(RevisionScan).options(undefer(RevisionScan.content)).where(RevisionScan.id == scan_id)
    found = db.session.scalar(wanted.where(RevisionScan.revision_id == campaigns.revision(campaign_id, number).id))
    if found is None:
        raise NotFound("paper.unknown")
    return found
