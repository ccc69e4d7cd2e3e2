"""The worker tells those who serve soon; each reminder once, however many workers run and however often they fail."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from flask_babel import force_locale, gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from core.db import db
from core.i18n import lunar_long, named, span, weekday
from duty.reminders import moments
from notify import outbox
from people import queries as people
from people.accounts import queries as accounts
from people.links import keeping_up, services as links
from people.links.services import DraftedLinks
from people.models import Person
from people.notification_rules import ladders
from people.notification_rules.rules import Rung, to_know
from roster.confirmations import queries as confirmations
from roster.coverage import doubt
from roster.coverage.doubt import HeldSeat
from roster.models import Duty

EVERY = timedelta(minutes=1)
SETTING = "reminders.until"
"""Up to which moment reminders were written."""


def remind(now: datetime) -> int:
    """Write what has come due since the last time; how many."""
    before: datetime | None = current_app.extensions.get(__name__)
    if before is not None and before <= now < before + EVERY:
        return 0
    since = keeping_up.until(SETTING)
    letters: list[dict[str, Any]] = []
    own = DraftedLinks({}, ())
    if since is not None:
        letters, own = _letters(_due(max(since, now - moments.FURTHEST), now), now)
    if not keeping_up.write(SETTING, since, letters, own, now=now):
        return 0
    current_app.extensions[__name__] = now
    return len(letters)


def _due(since: datetime, now: datetime) -> list[tuple[Duty, int]]:
    """Shifts to be reminded of, and of which of their moments; not of those whose holder will not come."""
    wanted = (
        select(Duty)
        .options(joinedload(Duty.person), joinedload(Duty.unit))
        .where(Duty.cancelled_at.is_(None), Duty.starts_at > now, Duty.starts_at <= now + moments.FURTHEST)
        .order_by(Duty.starts_at, Duty.id)
    )
    found = [
        (duty, which)
        for duty in db.session.scalars(wanted)
        if (which := moments.due(duty.starts_at, since, now)) is not None
    ]
    unsure = doubt.find_doubts([HeldSeat.from_row(duty) for duty, _which in found], now=now)
    return [(duty, which) for duty, which in found if HeldSeat.from_row(duty) not in unsure]


def _letters(found: Sequence[tuple[Duty, int]], now: datetime) -> tuple[list[dict[str, Any]], DraftedLinks]:
    ids = sorted({duty.person_id for duty, _which in found})
    ways = {person_id: to_know(ladder) for person_id, ladder in ladders.ladders_of(ids).items()}
    own, answered = links.drafted(ways, now=now), confirmations.answers_for(duty for duty, _which in found)
    locales, carriers = accounts.locales_of(ids), outbox.Carriers()
    kinds = {kind.code: kind for kind in people.duty_kinds()}
    letters = []
    for duty, which in found:
        rung = ways.get(duty.person_id)
        if rung is not None:
            with force_locale(locales.get(duty.person_id, "vi")):
                words = _words(duty, named(kinds[duty.duty]), duty.id in answered, own.urls[duty.person_id])
                letter = _letter(duty, which, rung, words, now=now)
                if rung.channel == "sms":
                    letter |= {"link": own.urls[duty.person_id], "facts": _facts(duty, named(kinds[duty.duty]))}
            letters.append(outbox.composed(carriers, **letter))
    return letters, own


def _words(duty: Duty, kind: str, is_confirmed: bool, url: str) -> tuple[str, str]:
    """Subject and body."""
    when = f"{weekday(duty.starts_at)} {lunar_long(duty.starts_at)}"
    what = _("%(duty)s, %(span)s", duty=kind, span=span(duty.starts_at, duty.ends_at))
    subject = _("Nhắc ca trực: %(what)s", what=what)
    if is_confirmed:
        return subject, _("%(subject)s (%(when)s), %(unit)s. Xem: %(url)s", **_said(subject, when, duty, url))
    return subject, _(
        "%(subject)s (%(when)s), %(unit)s. Đồng chí chưa xác nhận ca này: %(url)s", **_said(subject, when, duty, url)
    )


def _facts(duty: Duty, kind: str) -> dict[str, Any]:
    """Return what an approved template is filled with (``notify.gateways.template_words``)."""
    when = f"{weekday(duty.starts_at)} {lunar_long(duty.starts_at)}"
    what = _("%(duty)s, %(span)s", duty=kind, span=span(duty.starts_at, duty.ends_at))
    return {"shift": what, "when": when, "unit": duty.unit.name}


def _said(subject: str, when: str, duty: Duty, url: str) -> dict[str, str]:
    return {"subject": subject, "when": when, "unit": duty.unit.name, "url": url}


def _letter(duty: Duty, which: int, rung: Rung, words: tuple[str, str], *, now: datetime) -> dict[str, Any]:
    person: Person = duty.person
    return {
        "topic": topic(duty.id),
        "key": f"reminder/{duty.id}/{duty.sequence}/{which}/{rung.channel}",
        "channel": rung.channel,
        "address": rung.address,
        "recipient": person.full_name,
        "subject": words[0],
        "body": words[1],
        "now": now,
        "local_only": person.is_demo,
        "person_id": person.id,
    }


def topic(duty_id: int) -> str:
    """Return the topic of the reminders of a duty in the outbox."""
    return f"reminder/{duty_id}"
