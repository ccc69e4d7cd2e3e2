"""Keys that end soon: somebody hears of it in time, once for each of the days in ``keys.TOLD_BEFORE``."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from flask import current_app
from flask_babel import force_locale, gettext as _
from sqlalchemy import Select, or_, select

from core import audit
from core.actor import SYSTEM
from core.db import db, transaction
from core.i18n import d, t
from notify.message_states.still_true import Reason
from notify.models import Message
from people.accounts import keys, queries as accounts
from people.models import ApiKey, Person, User
from people.notification_rules import reading

TOPIC = "key"


def warn(now: datetime) -> int:
    """Tell of every key that has come to one of its last days; answers of how many. Safe beside other workers."""
    told = 0
    for key_id in db.session.scalars(_near(now).with_only_columns(ApiKey.id)).all():
        with transaction() as session:
            key = session.scalar(_near(now).where(ApiKey.id == key_id).with_for_update())
            if key is None or key.ends_at is None:
                continue
            due = keys.days_told(key.ends_at - now)
            if due is None or (key.told_days is not None and key.told_days <= due):
                continue
            if not _tell(key, due, now):
                continue  # nobody is there to be told, or nothing carries it yet: asked again the next time
            key.told_days = due
            audit.record(SYSTEM, "key.ending", "api_key", key.id, now=now, name=key.name, days=due)
            told += 1
    db.session.rollback()
    return told


def ending(now: datetime, within: timedelta = timedelta(days=7)) -> Sequence[ApiKey]:
    """Keys in use that end ``within`` that time, or ended as short a while ago; the earliest first."""
    near = ApiKey.ends_at > now - within, ApiKey.ends_at <= now + within
    used = ApiKey.last_used_at.is_not(None), ApiKey.last_used_at > now - within * 2
    return db.session.scalars(
        select(ApiKey).where(ApiKey.revoked_at.is_(None), *near, *used).order_by(ApiKey.ends_at)
    ).all()


def held(messages: Sequence[Message], now: datetime) -> dict[int, Reason]:
    """Return why held letters need not leave: those about a key that is revoked, or has ended."""
    ids = {each.id: int(each.topic.partition("/")[2]) for each in messages}
    open_still = ApiKey.revoked_at.is_(None), ApiKey.ends_at > now
    still = set(db.session.scalars(select(ApiKey.id).where(ApiKey.id.in_(set(ids.values())), *open_still)))
    return {message_id: "over" for message_id, key_id in ids.items() if key_id not in still}


def _near(now: datetime) -> Select[tuple[ApiKey]]:
    first = now + timedelta(days=max(keys.TOLD_BEFORE))
    untold = or_(ApiKey.told_days.is_(None), ApiKey.told_days > min(keys.TOLD_BEFORE))
    return select(ApiKey).where(ApiKey.revoked_at.is_(None), ApiKey.ends_at > now, ApiKey.ends_at <= first, untold)


def _tell(key: ApiKey, days: int, now: datetime) -> bool:
    """Return whoever made it; where they have gone, and on the last day, every administrator. In the caller's
    transaction. Whether words leave to any of them."""
    receivers = {user.id: user for user in _makers(key)}
    if not receivers or days == min(keys.TOLD_BEFORE):
        receivers |= {user.id: user for user in accounts.active_admin_accounts()}
    written = [_write(key, days, user, user.person, now=now) for user in receivers.values() if user.person is not None]
    return any(written)


def _makers(key: ApiKey) -> list[User]:
    kind, _colon, number = (key.made_by or "").partition(":")
    maker = accounts.active_user(int(number)) if kind == "user" else None
    return [maker] if maker is not None and maker.role == "admin" and maker.person is not None else []


def _write(key: ApiKey, days: int, user: User, person: Person, *, now: datetime) -> bool:
    if key.ends_at is None:
        return False
    with force_locale(user.locale):
        subject, body = _words(key.name, key.ends_at)
    about = f"{TOPIC}/{key.id}"
    return reading.write(person, topic=about, key=f"{about}/{days}/{user.id}", subject=subject, body=body, now=now)


def _words(name: str, ends_at: datetime) -> tuple[str, str]:
    facts = {"name": name, "day": d(ends_at), "time": t(ends_at)}
    subject = _("Khóa API %(name)s hết hạn ngày %(day)s", **facts)
    what = _("Khóa API “%(name)s” hết hạn lúc %(time)s ngày %(day)s; từ đó phần mềm dùng khóa này bị từ chối.", **facts)
    after = _("Tạo khóa mới, đặt vào phần mềm đó, rồi thu hồi khóa cũ.")
    return subject, f"{what} {after}\n{current_app.config['PUBLIC_URL']}/people/keys"
