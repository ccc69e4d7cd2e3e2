"""A draft that waits for a leader's signature, for the pictures of who submits and of who signs."""

from __future__ import annotations

from sqlalchemy import select

from core import clock
from core.actor import Actor
from core.db import db, transaction
from people.models import User
from people.sign_in import pins
from roster.approvals import queries, services as approvals
from roster.campaigns.models import Campaign


def prepare(campaign: Campaign, *, actor: Actor) -> None:
    """Submitted to a leader who has an account, and gets a PIN."""
    now = clock.now()
    approvals.set_needed(campaign.id, True, actor=actor, now=now)
    leaders = {each.id: each for each in queries.approvers(campaign)}
    user = db.session.scalars(select(User).where(User.person_id.in_(leaders)).order_by(User.id.desc())).first()
    if user is None:
        raise RuntimeError("no leader has an account")
    leader = leaders[user.person_id or 0]
    with transaction():
        pins.write(user, "4719", by="owner", actor=actor, now=now)
    approvals.submit(
        campaign.id,
        approver=leader.code,
        note="Kịp niêm yết trước 23 tháng Chạp",
        accept_gaps="Ban đêm do bưu điện tỉnh trực thay",
        actor=actor,
        now=now,
    )
