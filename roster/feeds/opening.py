"""What opens a feed, in one row: its address, the feed, its owner as they are now, and what counts changes.

All that a calendar rests on beside the day is in that row. While it stays the same, so does the calendar.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, cast

from sqlalchemy import (
    Integer,
    Select,
    bindparam,
    case,
    cast as cast_to,
    func,
    literal_column,
    null,
    select,
    type_coerce,
)

from core import clock
from core.actor import Actor, Role
from core.db import UTCDateTime, glance
from core.errors import NotFound
from core.security import tokens
from people.accounts import keys
from people.models import ApiKey, Person, User
from roster.campaigns.models import Campaign
from roster.feeds import watch
from roster.feeds.facts import Options, Subject
from roster.feeds.models import FeedAddress, FeedSubscription

NOTED_EVERY = timedelta(minutes=5)
"""How often it is written down that a feed is read: a write at each would be waste."""


@dataclass(frozen=True)
class OpenedFeed:
    """A feed as it was at ``at``; ``row`` has the columns of ``_opened``."""

    row: Any
    digest: str
    at: datetime

    @property
    def subject(self) -> Subject:
        row = self.row
        return Subject(row.scope, row.person_id, row.unit_id, row.campaign_id, row.duty)

    @property
    def options(self) -> Options:
        return Options(self.row.lang, self.row.show_phones, self.row.busy)

    @property
    def unit_id(self) -> int | None:
        """The unit that it is about; None when what it is about is gone."""
        of_what = {"person": self.row.of_person, "campaign": self.row.of_campaign}
        found: int | None = of_what.get(self.row.scope, self.row.unit_id)
        return found

    @property
    def owner(self) -> Actor | None:
        """Who made it, as they are now; None when they work here no more, or the key was revoked."""
        row = self.row
        kind, _colon, name = (row.owner or "").partition(":")
        if kind == "user" and row.user_active and row.user_works is not False:
            return _actor(
                "session", row.user_name, row.user_role, row.user_person, unit_id=row.user_unit, user_id=int(name)
            )
        if kind == "key" and row.key_name is not None and row.key_works is not False and not self._key_has_ended:
            return _actor("api_key", row.key_name, row.key_role, row.key_person, unit_id=row.key_unit, key_id=int(name))
        if kind == "person" and row.scope == "person" and name == str(row.person_id) and row.subject_works:
            # Their own shifts, asked for on the page of their own that needs no account.
            return _actor("link", row.subject_name, "staff", row.person_id, unit_id=row.of_person)
        # Somebody who controls the machine itself.
        return Actor(name=name, role="admin", via="cli") if kind in ("cli", "system") else None

    @property
    def _key_has_ended(self) -> bool:
        return keys.has_ended(self.row.key_ends_at, self.at)

    @property
    def is_to_be_noted(self) -> bool:
        """Whether it was not written down lately that it is read."""
        noted = self.row.last_fetched_at
        return noted is None or self.at - noted >= NOTED_EVERY

    def still(self, _environ: Any) -> datetime | None:
        """The moment of asking, when everything is as it was and nothing is to be written down."""
        now = _look(self.digest, None)
        same = now is not None and now.facts() == self.facts()
        return now.at if now is not None and same and not now.is_to_be_noted else None

    def facts(self) -> tuple[date, bool, Any]:
        """Return the facts without when it was read last, which says nothing of what is in it."""
        return clock.local_date(self.at), self._key_has_ended, tuple(self.row)[2:]


def opened(token: str, now: datetime | None = None) -> OpenedFeed:
    """The feed behind a token, at ``now`` or the moment of asking. Raises NotFound for what was never an address."""
    found = _look(tokens.digest(token), now)
    if found is None:
        raise NotFound("feed.unknown")
    return found


def _look(digest: str, now: datetime | None) -> OpenedFeed | None:
    at = now or clock.unless_asked()
    row = glance(_opened(at is None), {"digest": digest})
    return None if row is None else OpenedFeed(row, digest, at or row.asked_at)


def _actor(via: Any, name: str, role: str, person_id: int | None, *, unit_id: int | None, **of: Any) -> Actor:
    unit_id = None if role == "admin" else unit_id
    return Actor(name=name, role=cast(Role, role), via=via, person_id=person_id, unit_id=unit_id, **of)


def _number(owner: Any, kind: str) -> Any:
    """The id in a reference of that kind, NULL in others.

    Written out: with one parameter alone PostgreSQL keeps its plan, which costs twenty times as much as the row."""
    of_kind = func.substr(owner, literal_column("1"), literal_column(str(len(kind) + 1))) == literal_column(
        f"'{kind}:'"
    )
    number = cast_to(func.substr(owner, literal_column(str(len(kind) + 2))), Integer)
    return case((of_kind, number), else_=null())


@cache
def _opened(asks: bool) -> Select[Any]:
    """Built once: putting the statement together costs more than running it. ``asks`` for the moment, too."""
    address, feed = FeedAddress.__table__, FeedSubscription.__table__
    user, key, subject = User.__table__, ApiKey.__table__, Person.__table__.alias("subject")
    campaign = Campaign.__table__
    as_user, as_key = Person.__table__.alias("as_user"), Person.__table__.alias("as_key")
    columns = [
        type_coerce(clock.column() if asks else null(), UTCDateTime).label("asked_at"),
        *(feed.c.last_fetched_at, feed.c.id, feed.c.scope, feed.c.person_id, feed.c.unit_id, feed.c.campaign_id),
        *(feed.c.duty, feed.c.owner, feed.c.lang, feed.c.show_phones, feed.c.busy, feed.c.audience),
        *(feed.c.revoked_at, feed.c.lapsed_at, feed.c.switched_at, address.c.ended_at),
        *(subject.c.unit_id.label("of_person"), campaign.c.unit_id.label("of_campaign")),
        *(subject.c.full_name.label("subject_name"), subject.c.active.label("subject_works")),
        *(user.c.name.label("user_name"), user.c.role.label("user_role"), user.c.unit_id.label("user_unit")),
        *(user.c.person_id.label("user_person"), user.c.active.label("user_active")),
        *(as_user.c.active.label("user_works"), as_key.c.active.label("key_works")),
        *(key.c.name.label("key_name"), key.c.role.label("key_role"), key.c.unit_id.label("key_unit")),
        *(key.c.person_id.label("key_person"), key.c.ends_at.label("key_ends_at"), watch.stamp().label("stamp")),
    ]
    return (
        select(*columns)
        .join_from(address, feed, address.c.feed_id == feed.c.id)
        .outerjoin(subject, subject.c.id == feed.c.person_id)
        .outerjoin(campaign, campaign.c.id == feed.c.campaign_id)
        .outerjoin(user, user.c.id == _number(feed.c.owner, "user"))
        .outerjoin(as_user, as_user.c.id == user.c.person_id)
        .outerjoin(key, (key.c.id == _number(feed.c.owner, "key")) & key.c.revoked_at.is_(None))
        .outerjoin(as_key, as_key.c.id == key.c.person_id)
        .where(address.c.digest == bindparam("digest"))
    )
