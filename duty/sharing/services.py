"""Links to lists: made, read, taken back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from flask import current_app
from flask_babel import ngettext
from sqlalchemy import func, select

from core import audit, clock
from core.actor import Actor
from core.db import db, transaction
from core.errors import Conflict, Gone, Invalid, NotFound
from core.security import sealing, tokens
from duty.sharing.models import SharedList
from people import queries as people
from people.access import guard
from people.accounts.still_here import still_here
from people.models import User

LENGTHS = (1, 3, 7)
"""Days that a list may have."""
SHOWN = 20
"""Links that the page of sharing lists."""


def share(unit: str, days: int, *, actor: Actor, now: datetime) -> SharedList:
    """Return a link to the list of ``unit`` (code) from today on: the actor's own for these days where it lives still,
    else a new one, which ends a day after the last of them. Raises NotFound, Forbidden, Invalid ``share.days``."""
    row = people.unit_by_code(unit)
    guard.ensure(actor, "list.share", row.id, now=now)
    if days not in LENGTHS:
        raise Invalid("share.days", field="days")
    today = clock.local_date(now)
    last = today + timedelta(days=days - 1)
    with transaction() as session:
        alike = select(SharedList).where(
            SharedList.unit_id == row.id,
            SharedList.from_on == today,
            SharedList.to_on == last,
            SharedList.owner == actor.ref,
            SharedList.ended_at.is_(None),
        )
        known = session.scalars(alike.order_by(SharedList.id.desc())).first()
        if known is not None and url(known):
            return known
        token = tokens.new_short_token()
        made = SharedList(
            digest=tokens.digest(token),
            sealed=sealing.seal({"token": token}),
            unit_id=row.id,
            from_on=today,
            to_on=last,
            made_at=now,
            made_by=actor.name,
            owner=actor.ref,
            expires_at=clock.at_local(last + timedelta(days=2)),
        )
        session.add(made)
        session.flush()
        audit.record(actor, "list.share", "unit", row.id, now=now, list=made.id, days=days)
        return made


def url(row: SharedList) -> str:
    """Empty where no SECRET_KEY opens it any more."""
    token = sealing.token_in(row.sealed)
    return f"{current_app.config['PUBLIC_URL']}/l/{token}" if token else ""


def opened(token: str, *, now: datetime) -> SharedList:
    """Raises NotFound for what was never a link, Gone for one that ended."""
    row = db.session.scalar(select(SharedList).where(SharedList.digest == tokens.digest(token)))
    if row is None:
        raise NotFound("share.unknown")
    if row.ended_at is not None or row.expires_at <= now or not still_here([row.owner], now):
        raise Gone("share.gone")
    return row


def take_over(list_id: int, *, actor: Actor, now: datetime) -> SharedList:
    """The link is the actor's from now on: it opens again although its maker's account is closed. Raises NotFound,
    Gone, Forbidden, Conflict ``share.has_maker``."""
    with transaction() as session:
        row = session.get(SharedList, list_id)
        if row is None:
            raise NotFound("share.unknown")
        guard.ensure(actor, "list.share", row.unit_id, now=now)
        if row.ended_at is not None or row.expires_at <= now:
            raise Gone("share.gone")
        if row.owner != actor.ref:
            if still_here([row.owner], now):
                raise Conflict("share.has_maker", person=row.made_by)
            audit.record(actor, "list.take_over", "unit", row.unit_id, now=now, list=row.id, was=row.owner)
            row.owner, row.made_by = actor.ref, actor.name
        return row


def left_behind(user: User, now: datetime) -> str:
    """Return what is said to whoever closes an account whose links had not ended."""
    wanted = select(func.count()).select_from(SharedList).where(SharedList.owner == f"user:{user.id}")
    count = db.session.scalar(wanted.where(SharedList.ended_at.is_(None), SharedList.expires_at > now)) or 0
    if not count:
        return ""
    return ngettext(
        "%(num)s đường dẫn lịch người này đã gửi vào nhóm không mở được nữa: tiếp quản ở Lịch trực → Gửi vào nhóm.",
        "%(num)s đường dẫn lịch người này đã gửi vào nhóm không mở được nữa: tiếp quản ở Lịch trực → Gửi vào nhóm.",
        count,
    )


def live(*, actor: Actor, now: datetime) -> Sequence[SharedList]:
    """Links to units of the actor's that nobody ended, the newest first, no more than ``SHOWN``; also those
    whose maker has gone."""
    wanted = select(SharedList).where(SharedList.ended_at.is_(None), SharedList.expires_at > now)
    units = guard.reach(actor, "list.share", now=now)
    if units is not None:
        wanted = wanted.where(SharedList.unit_id.in_(sorted(units)))
    return db.session.scalars(wanted.order_by(SharedList.id.desc()).limit(SHOWN)).all()


def end(list_id: int, *, actor: Actor, now: datetime) -> None:
    """Whoever made it takes it back, or who manages the unit; twice does no harm. Raises NotFound, Forbidden."""
    with transaction() as session:
        row = session.get(SharedList, list_id)
        if row is None:
            raise NotFound("share.unknown")
        if row.owner != actor.ref:
            guard.ensure(actor, "campaign.publish", row.unit_id, now=now)
        if row.ended_at is None:
            row.ended_at = now
            audit.record(actor, "list.end", "unit", row.unit_id, now=now, list=row.id)
