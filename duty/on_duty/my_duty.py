"""One person's own duty, read for the page "Ca của tôi" and the desk. Writes nothing."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import joinedload
from sqlalchemy.sql.base import ExecutableOption

from core.db import db
from people.models import Person
from roster.campaigns.models import Campaign
from roster.models import Duty
from roster.sources.models import Wish

LOST_FOR = timedelta(days=60)
MOST_PAST = 60


@dataclass(frozen=True)
class MyShift:
    """A published duty and who else serves it."""

    duty: Duty
    colleagues: tuple[Person, ...]

    @property
    def points(self) -> int:
        """Hundredths of a point."""
        return self.duty.shift.points


@dataclass(frozen=True)
class MyDuty:
    """``current`` and ``coming`` by start; ``past`` latest first; ``lost``: coming duty that was taken away."""

    current: tuple[MyShift, ...]
    coming: tuple[MyShift, ...]
    past: tuple[MyShift, ...]
    lost: tuple[Duty, ...]


def shifts_of(person_id: int, *, now: datetime) -> MyDuty:
    """Published duty of one person, around ``now`` (aware)."""
    ahead = _rows(person_id, Duty.ends_at > now, Duty.cancelled_at.is_(None), order=Duty.starts_at.asc())
    past = _rows(
        person_id, Duty.ends_at <= now, Duty.cancelled_at.is_(None), order=Duty.starts_at.desc(), limit=MOST_PAST
    )
    lost = _rows(person_id, Duty.ends_at > now, Duty.cancelled_at > now - LOST_FOR, order=Duty.starts_at.asc())
    beside = _colleagues([*ahead, *past], person_id)
    shown = [MyShift(row, beside[row.shift_id]) for row in ahead]
    return MyDuty(
        current=tuple(each for each in shown if each.duty.starts_at <= now),
        coming=tuple(each for each in shown if each.duty.starts_at > now),
        past=tuple(MyShift(row, beside[row.shift_id]) for row in past),
        lost=tuple(lost),
    )


def neighbours(duty: Duty) -> tuple[Sequence[Person], Sequence[Person]]:
    """Whom this duty takes over from, and whom it hands over to: the same kind of the same unit, without a break."""
    same = (Duty.unit_id == duty.unit_id, Duty.duty == duty.duty, Duty.cancelled_at.is_(None))
    theirs = select(Duty).options(_with_person()).where(*same).order_by(Duty.seat_id)
    before = db.session.scalars(theirs.where(Duty.ends_at == duty.starts_at))
    after = db.session.scalars(theirs.where(Duty.starts_at == duty.ends_at))
    return _people(before), _people(after)


def wishes_of(person_id: int, *, now_on: object) -> Sequence[Wish]:
    """Wishes for ``now_on`` (a date) and later, by date."""
    return db.session.scalars(
        select(Wish).where(Wish.person_id == person_id, Wish.on_date >= now_on).order_by(Wish.on_date)
    ).all()


def published_campaigns() -> Sequence[Campaign]:
    """Campaigns that can be subscribed to, newest first."""
    return db.session.scalars(
        select(Campaign).where(Campaign.revision > 0).order_by(Campaign.starts_on.desc(), Campaign.id.desc())
    ).all()


def _rows(person_id: int, *where: object, order: object, limit: int | None = None) -> list[Duty]:
    statement = (
        select(Duty)
        .options(joinedload(Duty.shift), joinedload(Duty.unit))
        .where(Duty.person_id == person_id, *where)  # type: ignore[arg-type]
        .order_by(order, Duty.seat_id)  # type: ignore[arg-type]
        .limit(limit)
    )
    return list(db.session.scalars(statement))


def _colleagues(rows: Iterable[Duty], person_id: int) -> defaultdict[int, tuple[Person, ...]]:
    """Shift id → the others on it, by seat."""
    shift_ids = {row.shift_id for row in rows}
    found: defaultdict[int, tuple[Person, ...]] = defaultdict(tuple)
    others = db.session.scalars(
        select(Duty)
        .options(_with_person())
        .where(Duty.shift_id.in_(shift_ids), Duty.cancelled_at.is_(None), Duty.person_id != person_id)
        .order_by(Duty.seat_id)
    )
    for row in others:
        found[row.shift_id] += (row.person,)
    return found


def _with_person() -> ExecutableOption:
    return joinedload(Duty.person).selectinload(Person.contacts)


def _people(rows: Iterable[Duty]) -> list[Person]:
    return list({row.person_id: row.person for row in rows}.values())
