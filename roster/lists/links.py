"""The link of a unit's list: made anew, taken back, shown to be handed over."""

from __future__ import annotations

from datetime import datetime

from flask_babel import ngettext
from sqlalchemy import select

from core import audit
from core.actor import Actor
from core.db import db, transaction
from core.errors import Conflict
from core.security import sealing, tokens
from notify.models import Message
from people.access import guard
from people.models import User
from roster.campaigns import rights
from roster.campaigns.queries import get_campaign
from roster.lists import notices, queries
from roster.lists.models import ListCollection, UnitList


def renew(campaign_id: int, list_id: int, *, actor: Actor, now: datetime) -> UnitList:
    """The link that was sent opens nothing any more; a unit that is still asked is written to with a new one. Raises
    Forbidden."""
    guard.ensure(actor, "campaign.write", get_campaign(campaign_id).unit_id, now=now)
    with transaction():
        found = queries.opened_for(campaign_id)
        row = queries.get(campaign_id, list_id)
        row.digest, row.sealed = secret()
        row.link_ended_at = None
        audit.record(actor, "lists.link", "unit", row.unit_id, now=now, list=row.id)
        if row.state != "merged":  # nothing is asked of it any more
            notices.ask(found, [row], now=now, again=row.digest[:12])
        return row


def end(campaign_id: int, list_id: int, *, actor: Actor, now: datetime) -> None:
    """Take the link back. Raises Forbidden."""
    guard.ensure(actor, "campaign.write", get_campaign(campaign_id).unit_id, now=now)
    with transaction():
        row = queries.get(campaign_id, list_id)
        row.link_ended_at = row.link_ended_at or now
        audit.record(actor, "lists.link_end", "unit", row.unit_id, now=now, list=row.id)


def shown(campaign_id: int, list_id: int, *, actor: Actor, now: datetime) -> str:
    """The address, to be handed over by other ways, or for the unit's own manager to fill it in; written down, because
    whoever has it can send the list. Raises Forbidden, Conflict ``lists.gone``."""
    row = queries.get(campaign_id, list_id)
    rights.ensure(actor, "campaign.write", row.collection.campaign, {row.unit_id}, now=now)
    url = queries.url(row)
    if not url:
        raise Conflict("lists.gone")
    with transaction():
        audit.record(actor, "lists.link_show", "unit", row.unit_id, now=now, list=row.id)
    return url


def left_behind(user: User, now: datetime) -> str:
    """Return what is said to whoever closes an account whose owner has links of lists that still open: a link says of
    nobody who they are, so only another one shuts them out."""
    written = select(Message.idempotency_key).where(
        Message.person_id == user.person_id, Message.topic.startswith("lists/")
    )
    keys = db.session.scalars(written).all() if user.person_id is not None else ()
    if not keys:
        return ""
    wanted = select(UnitList).join(UnitList.collection).join(ListCollection.campaign).where(queries.is_open())
    open_now = [notices.link_name(row) for row in db.session.scalars(wanted) if queries.url(row)]
    count = sum(any(name in key for key in keys) for name in open_now)
    if not count:
        return ""
    return ngettext(
        "Người này còn giữ %(num)s đường dẫn nộp lịch trực của đơn vị: cấp đường dẫn mới ở mục Thu lịch trực.",
        "Người này còn giữ %(num)s đường dẫn nộp lịch trực của đơn vị: cấp đường dẫn mới ở mục Thu lịch trực.",
        count,
    )


def secret() -> tuple[str, str]:
    """(its digest, itself sealed) of a new link."""
    token = tokens.new_short_token()
    return tokens.digest(token), sealing.seal({"token": token})
