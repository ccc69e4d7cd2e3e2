"""Whether a draft may be published as far as the approval of its campaign goes; an approval serves once."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import select

from core.db import db, to_json
from core.errors import Conflict
from roster.approvals.models import Approval
from roster.campaigns.models import Campaign


def hash_of(rows: Sequence[Mapping[str, Any]]) -> str:
    """Return the hash of what the content of a revision decides: which shifts, when, and who (code) has which seat. A
    person or a unit that is renamed between approving and publishing changes none of that."""
    decided = [
        [
            row["shift"],
            row["starts_at"],
            row["ends_at"],
            row["form"],
            row["required"],
            [[each["seat"], each["code"]] for each in row["people"]],
        ]
        for row in rows
    ]
    return hashlib.sha256(to_json(decided).encode()).hexdigest()


def latest(campaign_id: int) -> Approval | None:
    """The one that counts: what was submitted before it is replaced."""
    wanted = select(Approval).filter_by(campaign_id=campaign_id).order_by(Approval.id.desc()).limit(1)
    return db.session.scalar(wanted)


def waits(campaign: Campaign) -> bool:
    """Whether a draft of it is on its way: submitted or approved, and not published yet."""
    found = latest(campaign.id) if campaign.needs_approval else None
    return found is not None and found.state in ("submitted", "approved") and found.published_as is None


def holding(campaign: Campaign, rows: Sequence[Mapping[str, Any]]) -> Approval | None:
    """The approval under which ``rows`` are published; ``None`` where the campaign asks for none.

    Raises Conflict: ``approval.needed``, ``approval.waiting``, ``approval.returned``, ``approval.changed``.
    """
    if not campaign.needs_approval:
        return None
    found = latest(campaign.id)
    state = {"approval": found.state if found else None, "revision": campaign.revision}
    if found is None or found.published_as is not None:
        raise Conflict("approval.needed", state=state, name=campaign.name)
    if found.state == "returned":
        raise Conflict("approval.returned", state=state, who=found.approver.full_name, reason=found.reason)
    if found.content_hash != hash_of(rows):
        raise Conflict("approval.changed", state=state, who=found.approver.full_name)
    if found.state != "approved":
        raise Conflict("approval.waiting", state=state, who=found.approver.full_name)
    return found


def used(campaign: Campaign, found: int | None, number: int) -> bool:
    """Note that revision ``number`` was published under the approval with id ``found`` (None: none was asked for). In
    the caller's transaction, which holds the campaign; False when that is no longer so: then nothing is written."""
    if found is None:
        return not campaign.needs_approval
    row = latest(campaign.id)
    if row is None:
        return False
    db.session.refresh(row)
    if (row.id, row.state, row.published_as) != (found, "approved", None):
        return False
    row.published_as = number
    return True
