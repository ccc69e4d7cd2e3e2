"""Feeds: make, read the address again, rotate, revoke; and what a feed shows."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Literal, cast

from flask import current_app
from flask_babel import force_locale, gettext as _
from sqlalchemy import Select, or_, select
from sqlalchemy.orm import aliased

from core import audit, clock, lunar, text, tokens
from core.actor import Actor
from core.db import db, transaction
from core.errors import Gone, NotFound
from core.models import Setting
from people import queries as people
from people.models import DutyKind, Person, Unit
from roster import ical
from roster.models import Campaign, DeskPhone, Duty, FeedSubscription

CANCELLED_FOR = timedelta(days=60)
SHOWN_BEFORE = timedelta(days=400)
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
    """
    wanted = {"scope": scope, "person_id": person_id, "unit_id": unit_id, "campaign_id": campaign_id, "duty": duty}
    with transaction() as session:
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


def revoke(feed_id: int, *, now: datetime, actor: Actor) -> FeedSubscription:
    """From now on its address answers 410."""
    with transaction() as session:
        feed = session.get(FeedSubscription, feed_id)
        if feed is None:
            raise NotFound("feed.unknown")
        if feed.revoked_at is None:
            feed.revoked_at = now
            audit.record(actor, "feed.revoke", "feed", feed.id, now=now)
        return feed


def rotate(feed_id: int, *, now: datetime, actor: Actor) -> FeedSubscription:
    """A new address for the same feed; the old one answers 410."""
    with transaction() as session:
        feed = session.get(FeedSubscription, feed_id)
        if feed is None:
            raise NotFound("feed.unknown")
        if feed.revoked_at is not None:
            raise Gone("feed.revoked")
        feed.generation += 1
        audit.record(actor, "feed.rotate", "feed", feed.id, now=now)
        return feed


def token_of(feed: FeedSubscription) -> str:
    mac = tokens.signed(current_app.config["SECRET_KEY"], PURPOSE, feed.id, feed.generation)
    return f"{feed.id}.{mac}"


def url_of(feed: FeedSubscription) -> str:
    """The address as its owner may read it again at any time."""
    return f"{current_app.config['PUBLIC_URL']}/feeds/{token_of(feed)}.ics"


def by_token(token: str) -> FeedSubscription:
    """The live feed behind a token; ``Gone`` when revoked or rotated away, ``NotFound`` when never ours."""
    number, _dot, mac = token.partition(".")
    feed = db.session.get(FeedSubscription, int(number)) if number.isdecimal() and len(number) < 10 else None
    if feed is None:
        raise NotFound("feed.unknown")
    secret = current_app.config["SECRET_KEY"]
    if not tokens.same(mac, tokens.signed(secret, PURPOSE, feed.id, feed.generation)):
        former = range(1, feed.generation)
        if any(tokens.same(mac, tokens.signed(secret, PURPOSE, feed.id, each)) for each in former):
            raise Gone("feed.revoked")
        raise NotFound("feed.unknown")
    if feed.revoked_at is not None:
        raise Gone("feed.revoked")
    return feed


def body_and_etag(feed: FeedSubscription, *, now: datetime) -> tuple[bytes, str]:
    """The feed's bytes and a strong ETag. Reads plain rows; renders once per state of these facts."""
    facts = _facts(feed, now)
    key = hashlib.sha256(repr((facts, feed_name(feed), url_of(feed))).encode()).hexdigest()
    return _rendered(key, facts, feed_name(feed), installation(), url_of(feed)), f'"{key[:32]}"'


def campaign_calendar(campaign: Campaign, *, now: datetime) -> bytes:
    """A campaign's published duties as a calendar file, for whoever wants it without subscribing."""
    whole = FeedSubscription(id=0, generation=0, scope="campaign", campaign_id=campaign.id, show_phones=False)
    with force_locale("vi"):
        events = ical.one_per_seat([_event(fact) for fact in _facts(whole, now)])
    return ical.render(campaign.name, events, installation=installation(), url=current_app.config["PUBLIC_URL"])


def feed_name(feed: FeedSubscription) -> str:
    """What the calendar is called on the phone."""
    with force_locale("vi"):
        if feed.scope == "person":
            return _("Ca trực của %(name)s", name=_name(Person, feed.person_id, "full_name"))
        if feed.scope == "campaign":
            return str(_name(Campaign, feed.campaign_id, "name"))
        unit = _name(Unit, feed.unit_id, "name")
        if feed.scope == "duty":
            return f"{_name(DutyKind, feed.duty, 'name_vi')} · {unit}"
        return _("Lịch trực %(unit)s", unit=unit)


def installation() -> str:
    """Keeps the UIDs of two installations apart."""
    return str(db.session.scalar(select(Setting.value).filter_by(key="installation")) or "truc-tet")


def _name(model: Any, key: Any, attribute: str) -> str:
    row = db.session.get(model, key)
    return str(getattr(row, attribute)) if row is not None else ""


Fact = tuple[Any, ...]


def _facts(feed: FeedSubscription, now: datetime) -> tuple[Fact, ...]:
    """Everything a rendered feed depends on, as plain values in a fixed order."""
    with_names = feed.scope != "person"
    rows = db.session.execute(_statement(feed, now)).all()
    return tuple(
        (
            row.seat_id, row.sequence, row.changed_at, row.starts_at, row.ends_at, row.cancelled_at is not None,
            row.kind, row.template, row.full_name if with_names else "", row.unit_name, row.desk or "",
            _phone_of(row.person_id) if feed.show_phones and with_names else "",
        )
        for row in rows
    )  # fmt: skip


def _statement(feed: FeedSubscription, now: datetime) -> Select[Any]:
    desk = aliased(DeskPhone)
    statement = (
        select(
            Duty.seat_id, Duty.sequence, Duty.changed_at, Duty.starts_at, Duty.ends_at, Duty.cancelled_at,
            Duty.person_id, DutyKind.name_vi.label("kind"), Duty.template, Person.full_name,
            Unit.name.label("unit_name"), desk.phone.label("desk"),
        )
        .join(Person, Person.id == Duty.person_id)
        .join(Unit, Unit.id == Duty.unit_id)
        .join(DutyKind, DutyKind.code == Duty.duty)
        .outerjoin(desk, (desk.unit_id == Duty.unit_id) & (desk.duty == Duty.duty))
        .where(
            or_(Duty.cancelled_at.is_(None), Duty.cancelled_at > now - CANCELLED_FOR),
            *_scope(feed),
        )
        .order_by(Duty.starts_at, Duty.seat_id, Duty.person_id)
    )  # fmt: skip
    # A campaign's own feed shows it whole, however long ago; the others forget after a good year.
    return statement if feed.scope == "campaign" else statement.where(Duty.ends_at > _since(feed, now))


def _since(feed: FeedSubscription, now: datetime) -> datetime:
    newest = db.session.scalar(select(Duty.ends_at).where(*_scope(feed)).order_by(Duty.ends_at.desc()).limit(1))
    # Counted from the newest duty, so that a sample of 2020 is not an empty calendar today.
    return min(newest, now) - SHOWN_BEFORE if newest else now - SHOWN_BEFORE


def _scope(feed: FeedSubscription) -> list[Any]:
    if feed.scope == "person":
        return [Duty.person_id == feed.person_id]
    if feed.scope == "campaign":
        return [Duty.campaign_id == feed.campaign_id]
    units = people.subtree_ids(cast(int, feed.unit_id))
    within = [Duty.unit_id.in_(units)]
    return [*within, Duty.duty == feed.duty] if feed.scope == "duty" else within


def _phone_of(person_id: int) -> str:
    person = people.people_by_ids([person_id]).get(person_id)
    return text.format_phone(person.phone) if person and person.phone else ""


@lru_cache(maxsize=128)
def _rendered(_key: str, facts: tuple[Fact, ...], name: str, site: str, url: str) -> bytes:
    with force_locale("vi"):
        events = ical.one_per_seat([_event(fact) for fact in facts])
        return ical.render(name, events, installation=site, url=url)


def _event(fact: Fact) -> ical.FeedEvent:
    seat, sequence, changed, starts, ends, cancelled, kind, template, who, unit, desk, phone = fact
    summary = f"{kind} · {template}" + (f" · {who}" if who else "")
    return ical.FeedEvent(
        seat_id=seat, sequence=sequence, changed_at=changed, starts_at=starts, ends_at=ends,
        summary=_("Đã hủy: %(summary)s", summary=summary) if cancelled else summary,
        location=unit, description=_description(starts, desk, phone), category=kind,
        status="CANCELLED" if cancelled else "CONFIRMED",
    )  # fmt: skip


def _description(starts_at: datetime, desk: str, phone: str) -> str:
    lines = [lunar.long_name(lunar.to_lunar(clock.local_date(starts_at)))]
    if desk:
        lines.append(_("Điện thoại trực: %(phone)s", phone=text.format_phone(desk)))
    if phone:
        lines.append(_("Điện thoại: %(phone)s", phone=phone))
    return "\n".join(lines)


def feeds_of(actor: Actor) -> Sequence[FeedSubscription]:
    """The live feeds that this owner made, newest first."""
    return db.session.scalars(
        select(FeedSubscription)
        .filter_by(owner=actor.ref, revoked_at=None)
        .order_by(FeedSubscription.created_at.desc(), FeedSubscription.id.desc())
    ).all()
