"""Tell people what a new revision means for them: one mail a person, in the transaction that publishes."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from flask import current_app, render_template
from flask_babel import force_locale, gettext as _
from sqlalchemy import select

from core.db import db
from core.i18n import named
from notify import outbox
from people import queries as people
from people.models import DutyKind, Person, User
from roster.models import Campaign, Duty


def topic(campaign_id: int) -> str:
    """The outbox topic of a campaign's notices."""
    return f"roster/{campaign_id}"


def announce(campaign: Campaign, person_ids: Collection[int], *, now: datetime) -> int:
    """One mail to each of these people with their coming duties; answers how many. In the caller's transaction.

    Whoever has no mail address is not told by mail; the roster page and the feed still show it.
    """
    rows = people.people_by_ids(person_ids)
    locales = dict(
        db.session.execute(select(User.person_id, User.locale).where(User.person_id.in_(rows))).tuples().all()
    )
    told = 0
    for person in sorted(rows.values(), key=lambda row: row.code):
        if person.email:
            with force_locale(locales.get(person.id, "vi")):
                _mail(campaign, person, now=now)
            told += 1
    return told


def _mail(campaign: Campaign, person: Person, *, now: datetime) -> None:
    subject = _("Lịch trực %(name)s: bản số %(revision)s", name=campaign.name, revision=campaign.revision)
    body = render_template(
        "messages/roster_published.txt", campaign=campaign, person=person, duties=_coming(campaign, person, now),
        lost=_lost(campaign, person, now),
        link=f"{current_app.config['PUBLIC_URL']}/me/", kinds=_kinds(),
    )  # fmt: skip
    outbox.enqueue(
        topic=topic(campaign.id), key=f"{topic(campaign.id)}/r{campaign.revision}/person/{person.id}/email",
        channel="email", address=person.email, recipient=person.full_name, subject=subject, body=body, now=now,
        local_only=person.is_demo,
    )  # fmt: skip


def _coming(campaign: Campaign, person: Person, now: datetime) -> list[Duty]:
    wanted = select(Duty).where(
        Duty.campaign_id == campaign.id, Duty.person_id == person.id, Duty.cancelled_at.is_(None), Duty.ends_at > now
    )
    return list(db.session.scalars(wanted.order_by(Duty.starts_at)))


def _lost(campaign: Campaign, person: Person, now: datetime) -> list[Duty]:
    """Coming duties that this revision took from the person."""
    wanted = select(Duty).where(
        Duty.campaign_id == campaign.id, Duty.person_id == person.id, Duty.cancelled_at.is_not(None),
        Duty.sequence == campaign.revision, Duty.ends_at > now,
    )  # fmt: skip
    return list(db.session.scalars(wanted.order_by(Duty.starts_at)))


def _kinds() -> dict[str, str]:
    return {kind.code: named(kind) for kind in db.session.scalars(select(DutyKind))}
