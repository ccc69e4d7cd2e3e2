"""Tell people what a new revision means for them: one message a person, in the transaction that publishes."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from flask import current_app, render_template
from flask_babel import force_locale, gettext as _
from sqlalchemy import select

from core.db import db
from core.i18n import dm, named, t
from notify import outbox
from people import queries as people, reach
from people.contact_words import BRIEF
from people.models import DutyKind, Person, User
from people.rungs import Rung, for_reading
from roster.models import Campaign, Duty


def topic(campaign_id: int) -> str:
    """The outbox topic of a campaign's notices."""
    return f"roster/{campaign_id}"


def announce(campaign: Campaign, person_ids: Collection[int], *, now: datetime) -> int:
    """One message to each of these people with their coming duties; answers how many. In the caller's transaction.

    By mail where mail works, else by what they can read; whoever has nothing of the kind sees it on the roster page
    and in the feed.
    """
    rows = people.people_by_ids(person_ids)
    locales = dict(
        db.session.execute(select(User.person_id, User.locale).where(User.person_id.in_(rows))).tuples().all()
    )
    ways, told = ways_to(rows), 0
    for person in sorted(rows.values(), key=lambda row: row.code):
        rung = ways[person.id]
        if rung is not None:
            with force_locale(locales.get(person.id, "vi")):
                _tell(campaign, person, rung, now=now)
            told += 1
    return told


def ways_to(person_ids: Collection[int]) -> dict[int, Rung | None]:
    """By what each is told of what can wait and be read."""
    return {person_id: for_reading(ladder) for person_id, ladder in reach.ladders_of(person_ids).items()}


def _tell(campaign: Campaign, person: Person, rung: Rung, *, now: datetime) -> None:
    subject = _("Lịch trực %(name)s: bản số %(revision)s", name=campaign.name, revision=campaign.revision)
    body = _brief(campaign, person, subject, now) if rung.channel in BRIEF else _full(campaign, person, now)
    outbox.enqueue(
        topic=topic(campaign.id), key=f"{topic(campaign.id)}/r{campaign.revision}/person/{person.id}/{rung.channel}",
        channel=rung.channel, address=rung.address, recipient=person.full_name, subject=subject, body=body, now=now,
        local_only=person.is_demo, person_id=person.id,
    )  # fmt: skip


def _full(campaign: Campaign, person: Person, now: datetime) -> str:
    return render_template(
        "messages/roster_published.txt", campaign=campaign, person=person, duties=_coming(campaign, person, now),
        lost=_lost(campaign, person, now), link=_link(), kinds=_kinds(),
    )  # fmt: skip


def _brief(campaign: Campaign, person: Person, subject: str, now: datetime) -> str:
    """For a text message: how many shifts, when the first is, where to read all."""
    duties = _coming(campaign, person, now)
    if not duties:
        return _("%(subject)s. Bạn không có ca trực sắp tới. Xem: %(link)s", subject=subject, link=_link())
    return _(
        "%(subject)s. Bạn có %(n)s ca, ca đầu %(time)s %(day)s. Xem: %(link)s", subject=subject, n=len(duties),
        time=t(duties[0].starts_at), day=dm(duties[0].starts_at), link=_link(),
    )  # fmt: skip


def _link() -> str:
    return f"{current_app.config['PUBLIC_URL']}/me/"


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
