"""Whether held notices about rosters and shifts are still so: a roster goes on while its mail waits for a gateway."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlalchemy import func, select

from core.db import batched, db
from notify.message_states.still_true import Reason
from notify.models import Message
from roster.models import Duty
from roster.publishing import notices


def held_about_campaigns(messages: Sequence[Message], now: datetime) -> dict[int, Reason]:
    """Return why held notices about a campaign need not leave. Of letters that say a person's whole roster the last one
    leaves, while a shift of theirs is ahead; anything else, such as what managers read of covers, until all shifts are
    over."""
    newest = _newest_letters(sorted({each.topic for each in messages}))
    ahead = _with_shifts_ahead({_number(each.topic) for each in messages}, now)
    going_on = {campaign_id for campaign_id, _person_id in ahead}
    found: dict[int, Reason] = {}
    for each in messages:
        campaign_id, person_id = _number(each.topic), each.person_id or 0
        is_letter = notices.TO_EACH in each.idempotency_key
        if is_letter and newest[each.topic, person_id] != each.id:
            found[each.id] = "outdated"
        elif campaign_id not in going_on or (is_letter and (campaign_id, person_id) not in ahead):
            found[each.id] = "past"
    return found


def _newest_letters(topics: Sequence[str]) -> dict[tuple[str, int], int]:
    """(topic, person id) → id of the last letter that says their whole roster."""
    last = select(Message.topic, Message.person_id, func.max(Message.id)).where(
        Message.idempotency_key.contains(notices.TO_EACH)
    )
    return {
        (topic, person_id or 0): message_id
        for some in batched(topics)
        for topic, person_id, message_id in db.session.execute(
            last.where(Message.topic.in_(some)).group_by(Message.topic, Message.person_id)
        ).tuples()
    }


def held_about_shifts(messages: Sequence[Message], now: datetime) -> dict[int, Reason]:
    """Return why what is said about one published shift (last number of the topic) need not leave: once it is over, or
    somebody else's."""
    ids = {_number(each.topic) for each in messages}
    wanted = select(Duty)
    duties = {
        row.id: row for some in batched(sorted(ids)) for row in db.session.scalars(wanted.where(Duty.id.in_(some)))
    }
    found: dict[int, Reason] = {}
    for each in messages:
        duty = duties.get(_number(each.topic))
        if duty is None or duty.cancelled_at is not None:
            found[each.id] = "outdated"
        elif duty.ends_at <= now or (each.topic.startswith("reminder/") and duty.starts_at <= now):
            found[each.id] = "past"
    return found


def held_about_missing(messages: Sequence[Message], now: datetime) -> Mapping[int, Reason]:
    """Return why calls for somebody who has not come need not leave: those to a deputy are about several shifts, and
    are called off apart."""
    return held_about_shifts([each for each in messages if not each.topic.startswith("no_show/deputy/")], now)


def _with_shifts_ahead(campaign_ids: set[int], now: datetime) -> set[tuple[int, int]]:
    """(campaign id, person id) of those who have a shift there that is not over, or had one taken."""
    wanted = select(Duty.campaign_id, Duty.person_id).where(Duty.ends_at > now).distinct()
    return {
        pair
        for some in batched(sorted(campaign_ids))
        for pair in db.session.execute(wanted.where(Duty.campaign_id.in_(some))).tuples()
    }


def _number(topic: str) -> int:
    """The id that a topic names; 0: none."""
    last = topic.rpartition("/")[2]
    return int(last) if last.isdigit() else 0
