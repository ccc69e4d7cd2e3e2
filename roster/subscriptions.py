"""Feeds: make, read the address again, rotate, revoke. What a feed shows is in ``feed_content``."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Literal

from flask import current_app
from sqlalchemy import select

from core import audit, tokens
from core.actor import Actor
from core.db import db, transaction
from core.errors import Gone, NotFound
from people import guard, queries as people
from people.models import ApiKey, DutyKind, Person, User
from roster import feed_content
from roster.feed_content import feed_name
from roster.models import Campaign, FeedSubscription

__all__ = [
    "Scope", "body_and_etag", "by_token", "campaign_calendar", "feed_name", "feeds_of", "owned", "revoke", "rotate",
    "subscribe", "token_of", "url_of",
]  # fmt: skip
Scope = Literal["person", "unit", "campaign", "duty"]
PURPOSE = "feed"


def subscribe(
    scope: Scope,
    *,
    person_id: int | None = None,
    unit_id: int | None = None,
    campaign_id: int | None = None,
    duty: str | None = None,
    show_phones: bool = False,
    now: datetime,
    actor: Actor,
) -> FeedSubscription:
    """Make a feed of one person, one unit and below, one campaign, or one duty kind of a unit.

    Asking again for what the same owner already has answers the existing one: one durable address per thing.
    Raises NotFound for what is not there, Forbidden.
    """
    wanted = {"scope": scope, "person_id": person_id, "unit_id": unit_id, "campaign_id": campaign_id, "duty": duty}
    with transaction() as session:
        where = _unit_of(person_id, unit_id, campaign_id, duty)
        guard.ensure(actor, "feed.create", where, now=now, person_id=person_id)
        if show_phones:
            guard.ensure(actor, "person.contact", where, now=now, person_id=person_id)
        existing = session.scalar(
            select(FeedSubscription).filter_by(**wanted, owner=actor.ref, show_phones=show_phones, revoked_at=None)
        )
        if existing is not None:
            return existing
        feed = FeedSubscription(
            **wanted, owner=actor.ref, owner_person_id=actor.person_id, show_phones=show_phones, created_at=now
        )
        session.add(feed)
        session.flush()
        audit.record(actor, "feed.create", "feed", feed.id, now=now, scope=scope)
        return feed


def _unit_of(person_id: int | None, unit_id: int | None, campaign_id: int | None, duty: str | None) -> int:
    """The unit that the wanted feed is about."""
    if person_id is not None:
        return people.person_by_id(person_id).unit_id
    if campaign_id is not None:
        campaign = db.session.get(Campaign, campaign_id)
        if campaign is None:
            raise NotFound("campaign.unknown", id=campaign_id)
        return campaign.unit_id
    if duty is not None and db.session.get(DutyKind, duty) is None:
        raise NotFound("duty.unknown", field="duty", duty=duty)
    return people.unit_by_id(unit_id or 0).id


def owned(feed_id: int, *, actor: Actor) -> FeedSubscription:
    """A live feed of this owner; others' feeds are as good as absent, except to administrators."""
    feed = db.session.get(FeedSubscription, feed_id)
    if feed is None or (feed.owner != actor.ref and actor.role != "admin") or feed.revoked_at is not None:
        raise NotFound("feed.unknown")
    return feed


def revoke(feed_id: int, *, now: datetime, actor: Actor) -> FeedSubscription:
    """From now on its address answers 410. Only its owner or an administrator may."""
    with transaction():
        feed = owned(feed_id, actor=actor)
        feed.revoked_at = now
        audit.record(actor, "feed.revoke", "feed", feed.id, now=now)
        return feed


def rotate(feed_id: int, *, now: datetime, actor: Actor) -> FeedSubscription:
    """A new address for the same feed; the old one answers 410. Only its owner or an administrator may."""
    with transaction():
        feed = owned(feed_id, actor=actor)
        feed.generation += 1
        # Who reads the new address is not known yet.
        feed.last_fetched_at, feed.last_fetched_by = None, ""
        audit.record(actor, "feed.rotate", "feed", feed.id, now=now)
        return feed


def feeds_of(actor: Actor) -> Sequence[FeedSubscription]:
    """The live feeds that this owner made, newest first."""
    return db.session.scalars(
        select(FeedSubscription)
        .filter_by(owner=actor.ref, revoked_at=None)
        .order_by(FeedSubscription.created_at.desc(), FeedSubscription.id.desc())
    ).all()


def token_of(feed: FeedSubscription) -> str:
    mac = tokens.signed(current_app.config["SECRET_KEY"], PURPOSE, feed.id, feed.generation)
    return f"{feed.id}.{mac}"


def url_of(feed: FeedSubscription) -> str:
    """The address as its owner may read it again at any time."""
    return f"{current_app.config['PUBLIC_URL']}/feeds/{token_of(feed)}.ics"


def by_token(token: str) -> FeedSubscription:
    """The live feed behind a token; Gone when revoked, rotated away or left behind, NotFound when never ours."""
    number, _dot, mac = token.partition(".")
    feed = db.session.get(FeedSubscription, int(number)) if _is_number(number) else None
    if feed is None:
        raise NotFound("feed.unknown")
    if not _signs(mac, feed, feed.generation):
        if any(_signs(mac, feed, each) for each in range(1, feed.generation)):
            raise Gone("feed.revoked")
        raise NotFound("feed.unknown")
    if feed.revoked_at is not None or _left(feed):
        raise Gone("feed.revoked")
    return feed


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdecimal() and len(text) < 10


def _signs(mac: str, feed: FeedSubscription, generation: int) -> bool:
    secret = current_app.config["SECRET_KEY"]
    return tokens.same(mac, tokens.signed(secret, PURPOSE, feed.id, generation))


def _left(feed: FeedSubscription) -> bool:
    """Whether whoever made the feed works here no more, or is a key that was revoked.

    The calendar on an old phone must not go on telling.
    """
    kind, _colon, number = feed.owner.partition(":")
    if kind == "user" and (user := db.session.get(User, int(number))) is not None and not user.active:
        return True
    if kind == "key" and (key := db.session.get(ApiKey, int(number))) is not None and key.revoked_at is not None:
        return True
    person = db.session.get(Person, feed.owner_person_id) if feed.owner_person_id is not None else None
    return person is not None and not person.active


def body_and_etag(feed: FeedSubscription, *, now: datetime) -> tuple[bytes, str]:
    """The feed's bytes and a strong ETag."""
    return feed_content.body_and_etag(feed, url=url_of(feed), now=now)


def campaign_calendar(campaign: Campaign, *, now: datetime) -> bytes:
    """A whole campaign as iCalendar, to be kept as a file; the same events as its feed has."""
    whole = FeedSubscription(scope="campaign", campaign_id=campaign.id, show_phones=False)
    return feed_content.body_and_etag(whole, url=current_app.config["PUBLIC_URL"], now=now)[0]
