"""Reading what holders of published seats have said; whoever asks whether somebody confirmed asks here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, func, select
from sqlalchemy.orm import joinedload

from core.db import batched, db
from roster.confirmations.models import Confirmation
from roster.models import Duty


@dataclass(frozen=True)
class SeatCounts:
    """Published seats of a campaign that are not over."""

    seats: int
    confirmed: int
    refused: int

    @property
    def waiting(self) -> int:
        return self.seats - self.confirmed - self.refused


def holds() -> ColumnElement[bool]:
    """The condition under which a row of ``Confirmation`` answers what its duty says now."""
    return and_(Confirmation.duty_id == Duty.id, Confirmation.sequence == Duty.sequence)


def is_refused() -> ColumnElement[bool]:
    """Whether the holder of a ``Duty`` has said that they cannot."""
    return exists().where(holds(), Confirmation.state == "refused")


def coming(person_id: int, *, now: datetime) -> Sequence[Duty]:
    """Their published shifts that are not over, by time: what they can still answer for."""
    wanted = (
        select(Duty)
        .options(joinedload(Duty.shift), joinedload(Duty.unit))
        .where(Duty.person_id == person_id, Duty.cancelled_at.is_(None), Duty.ends_at > now)
    )
    return db.session.scalars(wanted.order_by(Duty.starts_at, Duty.seat_id)).all()


def standing(person_ids: Collection[int], *, now: datetime) -> set[int]:
    """Return those of these people whom a published list names for shifts that are not over."""
    ahead = select(Duty.person_id).where(Duty.cancelled_at.is_(None), Duty.ends_at > now).distinct()
    return {
        found
        for some in batched(sorted(person_ids))
        for found in db.session.scalars(ahead.where(Duty.person_id.in_(some)))
    }


def is_awaited(person_id: int, *, now: datetime) -> bool:
    """Whether a published shift of theirs waits for an answer."""
    ahead = Duty.person_id == person_id, Duty.cancelled_at.is_(None), Duty.ends_at > now
    return bool(db.session.scalar(select(exists().where(*ahead, ~exists().where(holds()).correlate(Duty)))))


def unchanged_duties(person_id: int, seen: Mapping[int, int], *, now: datetime) -> list[Duty]:
    """Return those of their shifts that are still as they were shown (``seen``: duty id → sequence), by time."""
    return [each for each in coming(person_id, now=now) if seen.get(each.id) == each.sequence]


def answers_for(duties: Iterable[Duty]) -> dict[int, Confirmation]:
    """Duty id → the answer that holds; nothing where there is none."""
    sequences = {duty.id: duty.sequence for duty in duties}
    return {
        row.duty_id: row
        for some in batched(sorted(sequences))
        for row in db.session.scalars(select(Confirmation).where(Confirmation.duty_id.in_(some)))
        if row.sequence == sequences[row.duty_id]
    }


def refused_pairs(shift_ids: Collection[int]) -> set[tuple[int, int]]:
    """(shift id, person id) of holders who have said that they cannot."""
    wanted = select(Duty.shift_id, Duty.person_id).where(Duty.cancelled_at.is_(None), is_refused())
    return {
        pair
        for some in batched(sorted(shift_ids))
        for pair in db.session.execute(wanted.where(Duty.shift_id.in_(some))).tuples()
    }


def waiting_pairs(campaign_id: int, person_ids: Collection[int], *, now: datetime) -> set[tuple[int, int]]:
    """(shift id, person id) of published seats of these people that are not over, and that they have not answered."""
    ahead = Duty.campaign_id == campaign_id, Duty.cancelled_at.is_(None), Duty.ends_at > now
    wanted = select(Duty.shift_id, Duty.person_id).where(*ahead, ~exists().where(holds()))
    return {
        pair
        for some in batched(sorted(person_ids))
        for pair in db.session.execute(wanted.where(Duty.person_id.in_(some))).tuples()
    }


def counted(campaign_id: int, *, now: datetime) -> SeatCounts:
    ahead = Duty.campaign_id == campaign_id, Duty.cancelled_at.is_(None), Duty.ends_at > now
    states = select(Confirmation.state, func.count()).select_from(Duty).outerjoin(Confirmation, holds())
    found = Counter(dict(db.session.execute(states.where(*ahead).group_by(Confirmation.state)).tuples().all()))
    return SeatCounts(sum(found.values()), found["confirmed"], found["refused"])
