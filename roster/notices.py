"""Tell people what a new revision means for them: one message a person, in the transaction that publishes."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any, TypeAlias

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
from roster.models import Campaign, Duty, Shift

Turn: TypeAlias = Duty | Shift
"""What a message says of a duty stands in its shift as well."""


def topic(campaign_id: int) -> str:
    """The outbox topic of a campaign's notices."""
    return f"roster/{campaign_id}"


def announce(campaign: Campaign, person_ids: Collection[int], *, now: datetime) -> int:
    """One message to each of these people with their coming duties; answers how many. In the caller's transaction."""
    coming = {person_id: _coming(campaign, person_id, now) for person_id in person_ids}
    lost = {person_id: _lost(campaign, person_id, now) for person_id in person_ids}
    messages = composed(campaign, campaign.revision, person_ids, coming, lost, now=now)
    outbox.add(messages)
    return len(messages)


def composed(
    campaign: Campaign, number: int, person_ids: Collection[int], coming: Mapping[int, Sequence[Turn]],
    lost: Mapping[int, Sequence[Turn]], *, now: datetime,
) -> list[dict[str, Any]]:  # fmt: skip
    """The message to each of these people about revision ``number``, with their ``coming`` duties and those ``lost`` by
    it. Writes nothing.

    By mail where mail works, else by what they can read; whoever has nothing of the kind sees it on the roster page
    and in the feed.
    """
    rows = people.people_by_ids(person_ids)
    locales = dict(
        db.session.execute(select(User.person_id, User.locale).where(User.person_id.in_(rows))).tuples().all()
    )
    ways, words, carriers = ways_to(rows), _Words(campaign, number), outbox.Carriers()
    found = []
    for person in sorted(rows.values(), key=lambda row: row.code):
        rung = ways[person.id]
        if rung is not None:
            with force_locale(locales.get(person.id, "vi")):
                told = words.of(person, rung, coming.get(person.id, ()), lost.get(person.id, ()))
            found.append(outbox.composed(carriers, **told, now=now))
    return found


def ways_to(person_ids: Collection[int]) -> dict[int, Rung | None]:
    """By what each is told of what can wait and be read."""
    return {person_id: for_reading(ladder) for person_id, ladder in reach.ladders_of(person_ids).items()}


class _Words:
    """What a revision says to one person after the other; what is the same for all is asked once a language."""

    def __init__(self, campaign: Campaign, number: int) -> None:
        self._campaign, self._number = campaign, number
        self._kinds = list(db.session.scalars(select(DutyKind)))
        self._link = f"{current_app.config['PUBLIC_URL']}/me/"

    def of(self, person: Person, rung: Rung, coming: Sequence[Turn], lost: Sequence[Turn]) -> dict[str, Any]:
        subject = _("Lịch trực %(name)s: bản số %(revision)s", name=self._campaign.name, revision=self._number)
        body = self._brief(subject, coming) if rung.channel in BRIEF else self._full(person, coming, lost)
        about = topic(self._campaign.id)
        return {
            "topic": about, "key": f"{about}/r{self._number}/person/{person.id}/{rung.channel}",
            "channel": rung.channel, "address": rung.address, "recipient": person.full_name, "subject": subject,
            "body": body, "local_only": person.is_demo, "person_id": person.id,
        }  # fmt: skip

    def _full(self, person: Person, coming: Sequence[Turn], lost: Sequence[Turn]) -> str:
        return render_template(
            "messages/roster_published.txt", campaign=self._campaign, revision=self._number, person=person,
            duties=coming, lost=lost, link=self._link, kinds={kind.code: named(kind) for kind in self._kinds},
        )  # fmt: skip

    def _brief(self, subject: str, coming: Sequence[Turn]) -> str:
        """For a text message: how many shifts, when the first is, where to read all."""
        if not coming:
            return _("%(subject)s. Bạn không có ca trực sắp tới. Xem: %(link)s", subject=subject, link=self._link)
        return _(
            "%(subject)s. Bạn có %(n)s ca, ca đầu %(time)s %(day)s. Xem: %(link)s", subject=subject, n=len(coming),
            time=t(coming[0].starts_at), day=dm(coming[0].starts_at), link=self._link,
        )  # fmt: skip


def _coming(campaign: Campaign, person_id: int, now: datetime) -> list[Duty]:
    wanted = select(Duty).where(
        Duty.campaign_id == campaign.id, Duty.person_id == person_id, Duty.cancelled_at.is_(None), Duty.ends_at > now
    )
    return list(db.session.scalars(wanted.order_by(Duty.starts_at)))


def _lost(campaign: Campaign, person_id: int, now: datetime) -> list[Duty]:
    """Coming duties that this revision took from the person."""
    wanted = select(Duty).where(
        Duty.campaign_id == campaign.id, Duty.person_id == person_id, Duty.cancelled_at.is_not(None),
        Duty.sequence == campaign.revision, Duty.ends_at > now,
    )  # fmt: skip
    return list(db.session.scalars(wanted.order_by(Duty.starts_at)))
