"""Feeds: make, read the address again, change, rotate, revoke. ``roster.feeds.reading`` answers their addresses."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import current_app
from sqlalchemy import Executable, func, select, update

from core import audit
from core.actor import Actor
from core.db import db, transaction
from core.errors import Forbidden, Invalid, NotFound
from core.security import sealing, tokens
from people import queries as people
from people.models import DutyKind
from roster.campaigns.models import Campaign
from roster.feeds import content, rights as feed_rights
from roster.feeds.facts import Options, Subject
from roster.feeds.models import FEED_LANGUAGES, FeedAddress, FeedSubscription


def subscribe(subject: Subject, options: Options | None = None, *, now: datetime, actor: Actor) -> FeedSubscription:
    """Make a feed of one person, one unit and below, one campaign, or one duty kind of a unit.

    Asking again for what the same owner already has answers the existing one: one durable address per thing.
    Raises NotFound for what is not there, Forbidden by the actor's own role, Invalid.
    """
    options = options or Options()
    with transaction() as session:
        _refuse_unknown(subject)
        _ensure(actor, subject, options)
        wanted = {**subject._asdict(), **_columns(options), "owner": actor.ref}
        existing = session.scalar(select(FeedSubscription).filter_by(**wanted, revoked_at=None))
        if existing is not None:
            return existing
        feed = FeedSubscription(**wanted, created_at=now)
        session.add(feed)
        session.flush()
        _new_address(feed, now)
        audit.record(actor, "feed.create", "feed", feed.id, now=now, scope=subject.scope, phones=options.phones)
        return feed


def _columns(options: Options) -> dict[str, Any]:
    return {"lang": options.lang, "show_phones": options.phones, "busy": options.busy}


def change(feed_id: int, options: Options, *, now: datetime, actor: Actor) -> FeedSubscription:
    """Other language, busy or free, with or without phones. Phones are for the owner alone to switch on."""
    with transaction():
        feed = owned(feed_id, actor=actor)
        if options.phones and not feed.show_phones and feed.owner != actor.ref:
            raise Forbidden("feed.phones_by_owner", field="show_phones")
        _ensure(actor, subject_of(feed), options)
        if options != options_of(feed):
            feed.lang, feed.show_phones, feed.busy = options
            audit.record(actor, "feed.change", "feed", feed.id, now=now, **options._asdict())
        return feed


def owned(feed_id: int, *, actor: Actor) -> FeedSubscription:
    """A live feed of this owner; others' feeds are as good as absent, except to administrators."""
    feed = db.session.get(FeedSubscription, feed_id)
    if feed is None or (feed.owner != actor.ref and actor.role != "admin") or feed.revoked_at is not None:
        raise NotFound("feed.unknown")
    return feed


def revoke(feed_id: int, *, now: datetime, actor: Actor) -> None:
    """From now on its address answers an empty calendar, later 410. Only its owner or an administrator may."""
    with transaction() as session:
        feed = owned(feed_id, actor=actor)
        audit.record(actor, "feed.revoke", "feed", feed.id, now=now)
        if feed.audience is not None:
            content.forget(content.WantedCalendar(subject_of(feed), options_of(feed), feed.audience).key)
        session.flush()
        for statement in tombstones([feed.id], now=now):
            session.execute(statement)
        session.expire(feed)


def end_own(person_id: int, now: datetime) -> None:
    """What was subscribed to on the page of a personal link ends with the link: whoever had that had the calendar."""
    owner = Actor(name="", role="staff", via="link", person_id=person_id).ref
    own = db.session.scalars(select(FeedSubscription.id).filter_by(owner=owner, revoked_at=None)).all()
    for statement in tombstones(own, now=now) if own else ():
        db.session.execute(statement)


def tombstones(feed_ids: Sequence[int], *, now: datetime) -> list[Executable]:
    """Return what turns feeds into rows that say nothing about anybody, whose addresses nobody ever gets again."""
    addresses = update(FeedAddress).where(FeedAddress.feed_id.in_(feed_ids))
    read = {"last_fetched_by": "", "last_fetched_at": None, "days_fetched": 0}
    return [
        addresses.where(FeedAddress.ended_at.is_(None)).values(ended_at=now),
        addresses.values(sealed=""),
        update(FeedSubscription)
        .where(FeedSubscription.id.in_(feed_ids))
        .values(
            revoked_at=func.coalesce(FeedSubscription.revoked_at, now),
            owner=None,
            person_id=None,
            audience=None,
            **read,
        ),
    ]


def rotate(feed_id: int, *, now: datetime, actor: Actor) -> FeedSubscription:
    """A new address for the same feed; the old one is as if revoked. Only its owner or an administrator may."""
    with transaction() as session:
        feed = owned(feed_id, actor=actor)
        session.execute(
            update(FeedAddress)
            .where(FeedAddress.feed_id == feed.id, FeedAddress.ended_at.is_(None))
            .values(ended_at=now, sealed="")
        )
        _new_address(feed, now)
        # Who reads the new address is not known yet.
        feed.last_fetched_at, feed.last_fetched_by, feed.days_fetched = None, "", 0
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
    """Its present token; empty when SECRET_KEY has changed since: then the owner rotates it. It works nonetheless."""
    sealed = db.session.scalar(
        select(FeedAddress.sealed).where(FeedAddress.feed_id == feed.id, FeedAddress.ended_at.is_(None))
    )
    return sealing.token_in(sealed or "")


def url_of(feed: FeedSubscription) -> str:
    """The address as its owner may read it again at any time; empty when it cannot be read any more."""
    token = token_of(feed)
    return f"{current_app.config['PUBLIC_URL']}/feeds/{token}.ics" if token else ""


def feed_name(feed: FeedSubscription) -> str:
    """Return what the calendar is called on the phone."""
    return content.name_of(subject_of(feed), feed.lang)


def subject_of(feed: FeedSubscription) -> Subject:
    return Subject(feed.scope, feed.person_id, feed.unit_id, feed.campaign_id, feed.duty)


def options_of(feed: FeedSubscription) -> Options:
    return Options(feed.lang, feed.show_phones, feed.busy)


def may_show_phones(feed: FeedSubscription, *, actor: Actor) -> bool:
    """Whether this actor may switch phones on there."""
    subject = subject_of(feed)
    return feed.owner == actor.ref and feed_rights.may_show_phones(actor, subject, feed_rights.unit_of(subject))


def _new_address(feed: FeedSubscription, now: datetime) -> None:
    """Random, so that no other feed can ever have it, whatever ids a database counts out again."""
    token = tokens.new_token()
    sealed = sealing.seal({"token": token})
    db.session.add(FeedAddress(digest=tokens.digest(token), feed_id=feed.id, sealed=sealed, made_at=now))


def _ensure(actor: Actor, subject: Subject, options: Options) -> None:
    if options.lang not in FEED_LANGUAGES:
        raise Invalid("feed.language", field="lang")
    unit_id = feed_rights.unit_of(subject)
    if not feed_rights.may_have(actor, subject, unit_id):
        raise Forbidden("forbidden", state={"action": "feed.create"})
    if options.phones and not feed_rights.may_show_phones(actor, subject, unit_id):
        raise Forbidden("forbidden", state={"action": "person.contact"})


def _refuse_unknown(subject: Subject) -> None:
    if subject.person_id is not None:
        people.person_by_id(subject.person_id)
    if subject.campaign_id is not None and db.session.get(Campaign, subject.campaign_id) is None:
        raise NotFound("campaign.unknown", id=subject.campaign_id)
    if subject.duty is not None and db.session.get(DutyKind, subject.duty) is None:
        raise NotFound("duty.unknown", field="duty", duty=subject.duty)
    if subject.unit_id is not None:
        people.unit_by_id(subject.unit_id)
