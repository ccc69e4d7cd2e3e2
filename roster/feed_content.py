"""What a feed shows: published duties as plain facts, and these as bytes with an ETag."""

from __future__ import annotations

import hashlib
from collections.abc import Collection
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, cast

from flask_babel import force_locale, gettext as _
from sqlalchemy import Select, or_, select

from core import clock, lunar, text
from core.db import db
from core.models import Setting
from people import queries as people
from people.models import ContactMethod, DutyKind, Person, Unit
from roster import ical
from roster.models import Campaign, DeskPhone, Duty, FeedSubscription

CANCELLED_FOR = timedelta(days=60)
SHOWN_BEFORE = timedelta(days=400)
Fact = tuple[Any, ...]


def body_and_etag(feed: FeedSubscription, *, url: str, now: datetime) -> tuple[bytes, str]:
    """The feed's bytes and a strong ETag. Reads plain rows; renders once per state of these facts."""
    facts, name, site = _facts(feed, now), feed_name(feed), installation()
    key = hashlib.sha256(repr((facts, name, site, url)).encode()).hexdigest()
    return _rendered(key, _Facts(facts), name, site, url), f'"{key[:32]}"'


def feed_name(feed: FeedSubscription) -> str:
    """What the calendar is called on the phone."""
    with force_locale("vi"):
        if feed.scope == "person":
            return _("Ca trực của %(name)s", name=_name(Person, feed.person_id, "full_name"))
        if feed.scope == "campaign":
            return _name(Campaign, feed.campaign_id, "name")
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


def _facts(feed: FeedSubscription, now: datetime) -> tuple[Fact, ...]:
    """Everything a rendered feed depends on, as plain values in a fixed order."""
    with_names = feed.scope != "person"
    rows = db.session.execute(_statement(feed, now)).all()
    phones = _phones({row.person_id for row in rows}) if feed.show_phones and with_names else {}
    return tuple(
        (
            row.seat_id, row.sequence, row.changed_at, row.starts_at, row.ends_at, row.cancelled_at is not None,
            row.kind, row.template, row.full_name if with_names else "", row.unit_name, row.desk or "",
            phones.get(row.person_id, ""),
        )
        for row in rows
    )  # fmt: skip


def _phones(person_ids: Collection[int]) -> dict[int, str]:
    """The first phone of each of these people, as shown; one statement for the whole feed."""
    rows = db.session.execute(
        select(ContactMethod.person_id, ContactMethod.address)
        .where(ContactMethod.channel == "phone", ContactMethod.person_id.in_(person_ids))
        .order_by(ContactMethod.position.desc(), ContactMethod.id.desc())
    )
    return {row.person_id: text.format_phone(row.address) for row in rows}


def _statement(feed: FeedSubscription, now: datetime) -> Select[Any]:
    statement = (
        select(
            Duty.seat_id, Duty.sequence, Duty.changed_at, Duty.starts_at, Duty.ends_at, Duty.cancelled_at,
            Duty.person_id, DutyKind.name_vi.label("kind"), Duty.template, Person.full_name,
            Unit.name.label("unit_name"), DeskPhone.phone.label("desk"),
        )
        .join(Person, Person.id == Duty.person_id)
        .join(Unit, Unit.id == Duty.unit_id)
        .join(DutyKind, DutyKind.code == Duty.duty)
        .outerjoin(DeskPhone, (DeskPhone.unit_id == Duty.unit_id) & (DeskPhone.duty == Duty.duty))
        .where(or_(Duty.cancelled_at.is_(None), Duty.cancelled_at > now - CANCELLED_FOR), *_scope(feed))
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
    within = [Duty.unit_id.in_(people.subtree_ids(cast(int, feed.unit_id)))]
    return [*within, Duty.duty == feed.duty] if feed.scope == "duty" else within


class _Facts:
    """Carries facts into the cache without being part of its key: the key already is their digest."""

    def __init__(self, rows: tuple[Fact, ...]) -> None:
        self.rows = rows

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Facts)

    def __hash__(self) -> int:
        return 0


@lru_cache(maxsize=128)
def _rendered(_key: str, facts: _Facts, name: str, site: str, url: str) -> bytes:
    with force_locale("vi"):
        events = ical.one_per_seat([_event(fact) for fact in facts.rows])
        facts.rows = ()  # the cache keeps bytes, not rows
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
