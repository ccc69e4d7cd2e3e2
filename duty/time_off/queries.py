"""Reading what people asked for: what waits, what was answered, and what the days would hit. Writes nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, case, exists, select
from sqlalchemy.orm import joinedload

from core import clock
from core.db import batched, db
from core.pages import ListPage, part
from duty.time_off.models import OPEN, DayRequest
from people.models import Absence, Person
from roster.campaigns.models import Campaign
from roster.models import DraftAssignment, Duty, Seat, Shift
from roster.sources.models import Wish

LISTS = ("asked", "returned", "answered")
SHOWN_FOR = timedelta(days=60)
"""So long answers stay on lists."""


@dataclass(frozen=True)
class TimeOffLine:
    """One ask and what its days hold of the person: published shifts to come, and others that only the draft has."""

    row: DayRequest
    published: int
    drafted: int


@dataclass(frozen=True)
class WaitingRequest:
    """Asked and not answered: whose, of which unit, since when."""

    request_id: int
    person_id: int
    unit_id: int
    asked_at: datetime
    about: str


def stands() -> ColumnElement[bool]:
    """Return the condition on ``DayRequest`` that its absence or wish is there.

    What is imported or entered beside it changes nothing else.
    """
    absence = exists().where(
        Absence.person_id == DayRequest.person_id,
        Absence.from_on == DayRequest.from_on,
        Absence.to_on == DayRequest.to_on,
    )
    wish = exists().where(
        Wish.person_id == DayRequest.person_id,
        Wish.on_date == DayRequest.from_on,
        Wish.template == DayRequest.template,
    )
    return case((DayRequest.about == "absence", absence), else_=wish)


def waiting(units: Collection[int] | None, *, now: datetime) -> list[WaitingRequest]:
    """Return what those who manage ``units`` (ids, None = all) have not answered, of days that are not over; the oldest
    first. Of people who work here."""
    wanted = (
        select(DayRequest.id, DayRequest.person_id, Person.unit_id, DayRequest.asked_at, DayRequest.about)
        .join(Person, Person.id == DayRequest.person_id)
        .where(*_in_units(units), *_in_list("asked", now))
        .order_by(DayRequest.asked_at, DayRequest.id)
    )
    return [WaitingRequest(*row) for row in db.session.execute(wanted).tuples()]


def counts(units: Collection[int] | None, *, but: int | None, now: datetime) -> dict[str, int]:
    """Return list → how many requests are in it, without those of the person ``but``."""
    return {name: len(_ids(name, units, but, now)) for name in LISTS}


def listed(
    name: str, units: Collection[int] | None, page: int, *, but: int | None, now: datetime
) -> ListPage[TimeOffLine]:
    """``name``: one of ``LISTS``. Open ones by their first day, answered ones the latest first."""
    shown = part(_ids(name, units, but, now), page)
    return ListPage(_lines(shown.rows, now), shown.page, shown.pages, shown.total)


def list_for_person(person_id: int, *, now: datetime) -> list[DayRequest]:
    """Their own of days that are not over."""
    wanted = select(DayRequest).where(DayRequest.person_id == person_id, DayRequest.to_on >= clock.local_date(now))
    return list(db.session.scalars(wanted.order_by(DayRequest.from_on, DayRequest.id)))


def unanswered(absences: Iterable[Absence]) -> set[int]:
    """``people.absences.asking.Asker``: ids of those that wait for an answer, also to a question."""
    ids = [each.id for each in absences]
    same = (
        Absence.person_id == DayRequest.person_id,
        Absence.from_on == DayRequest.from_on,
        Absence.to_on == DayRequest.to_on,
    )
    wanted = select(Absence.id).join(DayRequest, and_(*same))
    wanted = wanted.where(
        DayRequest.about == "absence", DayRequest.state.in_(OPEN), DayRequest.is_withdrawal.is_(False)
    )
    return {each for some in batched(ids) for each in db.session.scalars(wanted.where(Absence.id.in_(some)))}


def _in_units(units: Collection[int] | None) -> list[ColumnElement[bool]]:
    here: list[ColumnElement[bool]] = [Person.active.is_(True)]
    return here if units is None else [*here, Person.unit_id.in_(sorted(units))]


def _in_list(name: str, now: datetime) -> list[ColumnElement[bool]]:
    if name == "answered":
        return [DayRequest.answered_at >= now - SHOWN_FOR, DayRequest.state.not_in(OPEN)]
    return [DayRequest.state == name, DayRequest.to_on >= clock.local_date(now), stands()]


def _ids(name: str, units: Collection[int] | None, but: int | None, now: datetime) -> Sequence[int]:
    wanted = select(DayRequest.id).join(Person, Person.id == DayRequest.person_id)
    wanted = wanted.where(*_in_units(units), *_in_list(name, now))
    if but is not None:
        wanted = wanted.where(DayRequest.person_id != but)
    if name == "answered":
        return db.session.scalars(wanted.order_by(DayRequest.answered_at.desc(), DayRequest.id)).all()
    return db.session.scalars(wanted.order_by(DayRequest.from_on, Person.sort_key, DayRequest.id)).all()


def _lines(ids: Sequence[int], now: datetime) -> list[TimeOffLine]:
    wanted = select(DayRequest).options(joinedload(DayRequest.person).joinedload(Person.unit))
    rows = {row.id: row for some in batched(ids) for row in db.session.scalars(wanted.where(DayRequest.id.in_(some)))}
    found = [rows[each] for each in ids]
    published, drafted = _published(found, now), _drafted(found, now)
    return [TimeOffLine(row, _on(row, published), _on(row, drafted)) for row in found]


Served = Sequence[tuple[int, int, datetime, datetime]]
"""(person, seat, start, end)."""


def _published(rows: Sequence[DayRequest], now: datetime) -> Served:
    wanted = select(Duty.person_id, Duty.seat_id, Duty.starts_at, Duty.ends_at)
    wanted = wanted.where(Duty.cancelled_at.is_(None), Duty.ends_at > now)
    return [
        row
        for some in batched(sorted({each.person_id for each in rows}))
        for row in db.session.execute(wanted.where(Duty.person_id.in_(some))).tuples()
    ]


def _drafted(rows: Sequence[DayRequest], now: datetime) -> Served:
    """Return what these people have in the draft alone: seats that are not published for the same person."""
    same = exists().where(
        Duty.seat_id == DraftAssignment.seat_id,
        Duty.person_id == DraftAssignment.person_id,
        Duty.cancelled_at.is_(None),
    )
    wanted = (
        select(DraftAssignment.person_id, DraftAssignment.seat_id, Shift.starts_at, Shift.ends_at)
        .join(Seat, Seat.id == DraftAssignment.seat_id)
        .join(Shift, Shift.id == Seat.shift_id)
        .join(Campaign, Campaign.id == Shift.campaign_id)
        .where(Campaign.state != "closed", Shift.ends_at > now, ~same)
    )
    return [
        row
        for some in batched(sorted({each.person_id for each in rows}))
        for row in db.session.execute(wanted.where(DraftAssignment.person_id.in_(some))).tuples()
    ]


def _on(row: DayRequest, served: Served) -> int:
    start, end = clock.at_local(row.from_on), clock.at_local(row.to_on + timedelta(days=1))
    return sum(who == row.person_id and begins < end and ends > start for who, _seat, begins, ends in served)
