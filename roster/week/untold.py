"""Who holds a published seat of the next seven days and was never told: the message waits, is held, was refused, or was
not written. Whoever has answered knows, whatever became of their message."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import and_, func, or_, select

from core.db import db
from notify.models import Message
from roster.publishing import notices
from roster.week.seats import SeatHolder

Why = Literal["held", "waiting", "refused", "unwritten"]
_WHY: dict[str, Why] = {"held": "held", "pending": "waiting", "leased": "waiting", "failed_permanent": "refused"}


@dataclass(frozen=True)
class UntoldThisWeek:
    person_id: int
    campaign_id: int
    unit_ids: frozenset[int]
    since: datetime
    """When what they were not told was published."""
    why: Why


def untold(holders: Collection[SeatHolder]) -> list[UntoldThisWeek]:
    """One for each person and campaign, the longest first."""
    asked = defaultdict[tuple[int, int], list[SeatHolder]](list)
    for each in holders:
        if not each.answered:
            asked[each.person_id, each.campaign_id].append(each)
    reached, last = _written({campaign_id for _person, campaign_id in asked})
    found = []
    for (person_id, campaign_id), mine in asked.items():
        told_at = reached.get((person_id, campaign_id))
        news = [each for each in mine if told_at is None or told_at < each.changed_at]
        if news:
            since = min(each.changed_at for each in news)
            at, state = last.get((person_id, campaign_id), (None, ""))
            why = _WHY.get(state, "unwritten") if at is not None and at >= since else "unwritten"
            found.append(UntoldThisWeek(person_id, campaign_id, frozenset(each.unit_id for each in news), since, why))
    return sorted(found, key=lambda each: (each.since, each.person_id))


Of = tuple[int, int]


def _written(campaign_ids: Collection[int]) -> tuple[dict[Of, datetime], dict[Of, tuple[datetime, str]]]:
    """By (person id, campaign id): when the last message was written that has left; and the last that has not, with its
    state. What is held because its receiver is invented was meant to stay here."""
    campaign_of = {notices.topic(each): each for each in campaign_ids}
    leaves = or_(Message.state == "sent", and_(Message.state == "held", Message.hold_reason == "demo_not_local"))
    rows = db.session.execute(
        select(Message.topic, Message.person_id, Message.state, leaves, func.max(Message.created_at))
        .where(Message.topic.in_(sorted(campaign_of)), Message.person_id.is_not(None), notices.about_own_shifts())
        .group_by(Message.topic, Message.person_id, Message.state, leaves)
    ).tuples()
    reached: dict[Of, datetime] = {}
    stuck: dict[Of, tuple[datetime, str]] = {}
    for topic, person_id, state, has_left, at in rows:
        of = (person_id or 0, campaign_of[topic])
        if has_left:
            reached[of] = max(at, reached.get(of, at))
        elif state in _WHY:
            stuck[of] = max((at, state), stuck.get(of, (at, state)))
    return reached, stuck
