"""The worker tells people what was answered: all that somebody was answered lately in one message."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from flask import current_app
from flask_babel import force_locale, gettext as _, ngettext
from sqlalchemy import func, select
from sqlalchemy.orm import joinedload

from core.db import batched, db, transaction
from core.security import tokens
from duty.time_off import moments, services as requests, words
from duty.time_off.models import DayRequest
from notify import outbox
from people.accounts import queries as accounts
from people.links import services as links
from people.models import Person
from people.notification_rules import ladders
from people.notification_rules.rules import Rung, to_know

EVERY = timedelta(minutes=1)


def tell(now: datetime) -> int:
    """Write what is due; to how many. Safe beside another worker: the person is held, and what is told is marked in
    the same commit."""
    before: datetime | None = current_app.extensions.get(__name__)
    if before is not None and before <= now < before + EVERY:
        return 0
    told = sum(_tell(person_id, now) for person_id in _due(now))
    current_app.extensions[__name__] = now
    return told


def _due(now: datetime) -> list[int]:
    first, last = func.min(DayRequest.answered_at), func.max(DayRequest.answered_at)
    rows = db.session.execute(
        select(DayRequest.person_id, first, last).where(*_untold()).group_by(DayRequest.person_id)
    ).tuples()
    found = {person_id: (oldest, newest) for person_id, oldest, newest in rows if oldest and newest}
    told = dict[int, datetime | None]()
    for some in batched(sorted(found)):
        before = select(DayRequest.person_id, func.max(DayRequest.told_at)).where(DayRequest.person_id.in_(some))
        told.update(db.session.execute(before.group_by(DayRequest.person_id)).tuples().all())
    return [who for who, (oldest, newest) in found.items() if moments.is_due(oldest, newest, told.get(who), now)]


def _untold() -> Sequence[Any]:
    return DayRequest.told_at.is_(None), DayRequest.answered_at.is_not(None), DayRequest.state != "asked"


def _tell(person_id: int, now: datetime) -> bool:
    with transaction():
        requests.hold(person_id)
        wanted = select(DayRequest).options(joinedload(DayRequest.person)).execution_options(populate_existing=True)
        rows = db.session.scalars(
            wanted.where(DayRequest.person_id == person_id, *_untold()).order_by(DayRequest.from_on, DayRequest.id)
        ).all()
        for row in rows:
            row.told_at = now  # also where nothing carries words to them: they read it on their page
        rung = to_know(ladders.ladders_of([person_id])[person_id])
        if not rows or rung is None:
            return False
        own = links.drafted({person_id: rung}, now=now)
        links.add(own)
        with force_locale(accounts.locales_of([person_id]).get(person_id, "vi")):
            subject = ngettext(
                "Trả lời %(num)s đề nghị của đồng chí", "Trả lời %(num)s đề nghị của đồng chí", len(rows)
            )
            body = "\n".join([subject, *words.told(rows), _("Xem: %(url)s", url=own.urls[person_id])])
        outbox.add(
            [outbox.composed(outbox.Carriers(), **_letter(rows[0].person, rows, rung, subject, body=body, now=now))]
        )
        return True


def _letter(
    person: Person, rows: Sequence[DayRequest], rung: Rung, subject: str, *, body: str, now: datetime
) -> dict[str, Any]:
    which = tokens.digest(",".join(f"{each.id}.{each.sequence}" for each in rows))[:16]
    return {
        "topic": f"requests/{person.id}",
        "key": f"requests/{which}/{rung.channel}",
        "channel": rung.channel,
        "address": rung.address,
        "recipient": person.full_name,
        "subject": subject,
        "body": body,
        "now": now,
        "local_only": person.is_demo,
        "person_id": person.id,
    }
