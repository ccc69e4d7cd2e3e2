"""Days off and wishes for the screens: somebody asks, one is asked back, one has an answer."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from core import clock
from core.actor import Actor
from core.db import db
from duty.time_off import answering, services as requests
from duty.time_off.models import DayRequest
from people.absences import services as absence_services
from people.models import Person
from roster.sources.columns import ANY


def prepare(person: Person, *, actor: Actor) -> None:
    """``actor`` answers what ``person`` asks."""
    now, today = clock.now(), clock.local_date(clock.now())
    own = Actor(name=person.full_name, role="staff", via="link", person_id=person.id, unit_id=person.unit_id)
    for ahead, days, kind, note in (
        (12, 2, "annual_leave", "Về quê"),
        (20, 0, "other", ""),
        (28, 1, "annual_leave", ""),
    ):
        first = today + timedelta(days=ahead)
        absence_services.add_absence(
            person.code, first, first + timedelta(days=days), kind, note=note, actor=own, now=now
        )
    wish = {"person_code": person.code, "date": today + timedelta(days=16), "shift": ANY, "want": "on", "weight": 1}
    requests.save_wish(wish, actor=own, now=now)
    mine = select(DayRequest).where(DayRequest.person_id == person.id).order_by(DayRequest.from_on)
    rows = db.session.scalars(mine).all()
    back, over = rows[-2], rows[-1]
    answering.answer({back.id: back.sequence}, "returned", "Có đi được buổi chiều không?", actor=actor, now=now)
    answering.answer({over.id: over.sequence}, "refused", "Đã đủ người nghỉ", actor=actor, now=now)
