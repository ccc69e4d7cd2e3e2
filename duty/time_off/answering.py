"""Those who manage answer what people ask: agree, say why not, or ask back; many at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import joinedload

from core import audit, clock
from core.actor import Actor
from core.db import batched, db, transaction
from core.errors import Forbidden, Invalid
from duty.time_off import services as requests
from duty.time_off.answerers import ANSWER
from duty.time_off.models import DayRequest
from people.absences import services as absence_services
from people.access import guard
from people.models import Absence
from roster.sources import services as sources
from roster.sources.models import Wish

Answer = Literal["accepted", "refused", "returned"]


@dataclass(frozen=True)
class AnsweredWishes:
    """``changed``: so many were not as they had been read any more, and were left as they are."""

    done: tuple[DayRequest, ...]
    changed: int


def answer(read: Mapping[int, int], said: Answer, reason: str, *, actor: Actor, now: datetime) -> AnsweredWishes:
    """``read``: id → the sequence that the page showed; ``reason``: why not, or what is asked back.

    What is refused does not count any more; a taking back that is refused leaves the days as they were. Raises Invalid
    ``request.nothing``, ``request.why``; Forbidden, and then nothing is answered.
    """
    why = requests.note_of(reason, "reason")
    if not read:
        raise Invalid("request.nothing", field="chosen")
    if said != "accepted" and not why:
        raise Invalid("request.why", field="reason")
    with transaction():
        for person_id in _people(read):
            requests.hold(person_id)
        rows = _rows(read)
        _ensure(rows, actor, now)
        today = clock.local_date(now)
        fit = [each for each in rows if each.is_open and each.sequence == read[each.id] and each.to_on >= today]
        for each in fit:
            _answer(each, said, why, actor=actor, now=now)
        return AnsweredWishes(tuple(fit), len(read) - len(fit))


def _people(read: Mapping[int, int]) -> list[int]:
    wanted = select(DayRequest.person_id).distinct()
    return sorted(
        {
            person_id
            for some in batched(sorted(read))
            for person_id in db.session.scalars(wanted.where(DayRequest.id.in_(some)))
        }
    )


def _rows(read: Mapping[int, int]) -> list[DayRequest]:
    """As they are now that nobody else can change them."""
    wanted = select(DayRequest).options(joinedload(DayRequest.person)).execution_options(populate_existing=True)
    return [
        row for some in batched(sorted(read)) for row in db.session.scalars(wanted.where(DayRequest.id.in_(some))).all()
    ]


def _ensure(rows: list[DayRequest], actor: Actor, now: datetime) -> None:
    for unit_id in sorted({each.person.unit_id for each in rows}):
        guard.ensure(actor, ANSWER, unit_id, now=now)
    if any(each.person_id == actor.person_id for each in rows):
        raise Forbidden("request.own")


def _answer(row: DayRequest, said: Answer, why: str, *, actor: Actor, now: datetime) -> None:
    is_over = said == "accepted" if row.is_withdrawal else said == "refused"
    row.state = "withdrawn" if is_over and row.is_withdrawal else said
    row.reason, row.answered_at, row.answered_by, row.told_at = why, now, actor.name, None
    row.sequence += 1
    about = {"request": row.id, "about": row.about, "withdrawal": row.is_withdrawal}
    audit.record(actor, f"request.{said}", "person", row.person_id, now=now, **about)
    db.session.flush()
    if is_over:
        _remove(row, actor=actor, now=now)


def _remove(row: DayRequest, *, actor: Actor, now: datetime) -> None:
    """The absence or wish that it is about; it may be gone already."""
    if row.about == "absence":
        days = select(Absence.id).filter_by(person_id=row.person_id, from_on=row.from_on, to_on=row.to_on)
        absence_id = db.session.scalar(days)
        if absence_id is not None:
            absence_services.remove_absence(absence_id, actor=actor, now=now)
    else:
        day = select(Wish.id).filter_by(person_id=row.person_id, on_date=row.from_on, template=row.template)
        wish_id = db.session.scalar(day)
        if wish_id is not None:
            sources.remove_wish(wish_id, actor=actor, now=now)
