"""Those who serve elsewhere and have not said that they are ready are reminded twice; nobody is woken for it, and it
becomes no incident: the page of who is there lists them by unit."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from flask_babel import force_locale, gettext as _
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from core.db import db
from core.i18n import named, span
from notify import outbox, pause
from people import queries as people
from people.accounts import queries as accounts
from people.links import keeping_up, services as links
from people.links.services import DraftedLinks
from people.notification_rules import ladders
from people.notification_rules.rules import for_reading
from roster.campaigns.models import Campaign
from roster.coverage import doubt
from roster.coverage.doubt import HeldSeat
from roster.models import Duty
from roster.presence import moments, queries

EVERY = timedelta(seconds=30)
FURTHEST = max(moments.READY_REMINDED)
SETTING = "ready_reminders.until"
"""Up to which moment they were written."""


def remind(now: datetime) -> int:
    """Write what has come due since the last time; how many."""
    before: datetime | None = current_app.extensions.get(__name__)
    if before is not None and before <= now < before + EVERY:
        return 0
    current_app.extensions[__name__] = now
    if not any(kind.ready_since for kind in queries.asking().values()) or pause.current() is not None:
        return 0
    since = keeping_up.until(SETTING)
    found = _due(max(since, now - FURTHEST), now) if since is not None else []
    letters, own = _letters(found, now)
    return len(letters) if keeping_up.write(SETTING, since, letters, own, now=now) else 0


def _due(since: datetime, now: datetime) -> list[tuple[Duty, int]]:
    """Duties whose holder has not said that they are ready, and which of the reminders it is; not of those of whom one
    knows that they will not come."""
    wanted = (
        select(Duty)
        .join(Campaign, Campaign.id == Duty.campaign_id)
        .options(joinedload(Duty.person), joinedload(Duty.unit))
        .where(
            Duty.cancelled_at.is_(None),
            Duty.form != "onsite",
            Duty.starts_at > now,
            Duty.starts_at <= now + FURTHEST,
            Campaign.state != "closed",
        )
        .order_by(Duty.starts_at, Duty.id)
    )
    lines = queries.lines_of(db.session.scalars(wanted).all(), now=now)
    waiting = [line.duty for line in lines if line.state == "not_ready"]
    unsure = doubt.find_doubts([HeldSeat.from_row(duty) for duty in waiting], now=now)
    return [
        (duty, which)
        for duty in waiting
        if HeldSeat.from_row(duty) not in unsure
        and (which := moments.reminder_due(duty.starts_at, since, now)) is not None
    ]


def _letters(found: Sequence[tuple[Duty, int]], now: datetime) -> tuple[list[dict[str, Any]], DraftedLinks]:
    if not found:
        return [], DraftedLinks({}, ())
    ids = sorted({duty.person_id for duty, _which in found})
    ways = {person_id: for_reading(ladder) for person_id, ladder in ladders.ladders_of(ids).items()}
    own, locales, carriers = links.drafted(ways, now=now), accounts.locales_of(ids), outbox.Carriers()
    kinds = {kind.code: kind for kind in people.duty_kinds()}
    letters = []
    for duty, which in found:
        rung = ways[duty.person_id]
        if rung is None:
            continue
        with force_locale(locales.get(duty.person_id, "vi")):
            what = _("%(duty)s, %(span)s", duty=named(kinds[duty.duty]), span=span(duty.starts_at, duty.ends_at))
            subject = _("Đề nghị báo sẵn sàng: %(what)s", what=what)
            ask = _("Đồng chí chưa báo sẵn sàng, %(unit)s: %(url)s", unit=duty.unit.name, url=own.urls[duty.person_id])
        letter: outbox.Letter = {
            "topic": f"ready/{duty.id}",
            "key": f"ready/{duty.id}/{duty.sequence}/{which}/{rung.channel}",
            "channel": rung.channel,
            "address": rung.address,
            "recipient": duty.person.full_name,
            "subject": subject,
            "body": f"{subject}.\n{ask}",
            "now": now,
            "local_only": duty.person.is_demo,
            "person_id": duty.person_id,
        }
        letters.append(outbox.composed(carriers, **letter))
    return letters, own
