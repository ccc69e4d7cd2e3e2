"""Somebody who was missing is there, or is awaited no more: what has not left of the calls for it is taken back, and
who was asked to stand in hears that they need not."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from flask_babel import force_locale, gettext as _
from sqlalchemy import select

from core.db import db
from core.i18n import named, span, t
from notify import outbox
from notify.models import Message
from people import queries as people
from people.accounts import queries as accounts
from people.notification_rules import ladders
from people.notification_rules.rules import for_reading
from roster.models import Duty
from roster.presence.models import NoShow

GONE = ("leased", "sent")
"""States of a message that has left, or does at this moment."""


def topic(duty_id: int) -> str:
    """Return the topic of the calls that are made because somebody is missing at this duty."""
    return f"no_show/{duty_id}"


def deputy_topic(person_id: int) -> str:
    """Return the topic of the calls that ask one person to stand in at several places."""
    return f"no_show/deputy/{person_id}"


def call_off(duty_id: int, now: datetime) -> None:
    """Call it off in the caller's transaction. Calls that ask one person to stand in at several places are taken back
    after the last of these."""
    outbox.cancel(topic(duty_id), now=now)
    for who in _needed_no_more(duty_id):
        outbox.cancel(deputy_topic(who), now=now)


def stand_down(duty: Duty, now: datetime) -> None:
    """Its holder has come: tell those whom a call to stand in has reached, and who are asked nowhere else. To be read;
    nobody is woken once more. In the caller's transaction, before ``call_off``."""
    reached = _reached(duty.id, _needed_no_more(duty.id))
    if not reached:
        return
    ways, locales, carriers = ladders.ladders_of(reached), accounts.locales_of(reached), outbox.Carriers()
    persons = people.people_by_ids(reached)
    kind = next((each for each in people.duty_kinds() if each.code == duty.duty), None)
    for who in reached:
        rung = for_reading(ways[who])
        if rung is None:
            continue
        with force_locale(locales.get(who, "vi")):
            what = _(
                "%(duty)s, %(unit)s, %(span)s",
                duty=named(kind) if kind else duty.duty,
                unit=duty.unit.name,
                span=span(duty.starts_at, duty.ends_at),
            )
            subject = _("Đã có người ở ca: %(what)s", what=what)
            body = _(
                "%(name)s có mặt lúc %(time)s. Đồng chí không phải trực thay nữa.",
                name=duty.person.full_name,
                time=t(now),
            )
        letter: outbox.Letter = {
            "topic": f"no_show/{duty.id}/there",
            "key": f"no_show/{duty.id}/{now:%Y%m%d%H%M%S}/there/{who}",
            "channel": rung.channel,
            "address": rung.address,
            "recipient": persons[who].full_name,
            "subject": subject,
            "body": f"{subject}.\n{body}",
            "now": now,
            "local_only": persons[who].is_demo,
            "person_id": who,
        }
        outbox.add([outbox.composed(carriers, **letter)])


def _needed_no_more(duty_id: int) -> list[int]:
    """Person ids: those who were asked to stand in there, and nowhere else where somebody is missing."""
    asked = set(db.session.scalar(select(NoShow.deputies).where(NoShow.duty_id == duty_id)) or ())
    waiting = select(NoShow.deputies).where(NoShow.ended_at.is_(None), NoShow.duty_id != duty_id)
    return sorted(asked.difference(*db.session.scalars(waiting))) if asked else []


def _reached(duty_id: int, person_ids: Collection[int]) -> list[int]:
    if not person_ids:
        return []
    topics = [topic(duty_id), *(deputy_topic(who) for who in person_ids)]
    called = select(Message.person_id).where(
        Message.topic.in_(topics), Message.person_id.in_(person_ids), Message.state.in_(GONE)
    )
    return sorted({who for who in db.session.scalars(called) if who is not None})
