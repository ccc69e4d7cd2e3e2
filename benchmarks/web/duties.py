"""Published duties as plain rows: one unit, its people in turns, shifts of eight hours one after the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import insert
from sqlalchemy.orm import Session

from core import text
from core.db import transaction
from people.models import ContactMethod, Person, Unit
from roster.campaigns.models import Campaign
from roster.models import Duty, Seat, Shift

HOURS = timedelta(hours=8)
TOGETHER = 10_000
"""Rows of one statement."""


@dataclass(frozen=True)
class Place:
    """A unit with a published campaign and people; ``begins`` is when the first of its shifts does."""

    unit_id: int
    campaign_id: int
    people: tuple[int, ...]
    begins: datetime
    now: datetime


def place(code: str, people: int, *, begins: datetime, now: datetime, author: str) -> Place:
    with transaction() as session:
        unit = Unit(code=code, name=f"Bưu điện {code}", kind="province", address="1 Trần Phú")
        session.add(unit)
        session.flush()
        campaign = Campaign(
            name="Tết Đinh Mùi",
            tet_year=2027,
            unit_id=unit.id,
            starts_on=begins.date(),
            ends_on=begins.date(),
            state="published",
            revision=1,
            created_at=now,
            created_by=author,
        )
        session.add(campaign)
        staff = [_person(code, number, unit.id) for number in range(people)]
        session.add_all(staff)
        session.flush()
        return Place(unit.id, campaign.id, tuple(each.id for each in staff), begins, now)


def add(at: Place, numbers: Sequence[int], kinds: Sequence[str] = ("operations",)) -> None:
    """Publish the shifts of those numbers: each kind has one at every time."""
    with transaction() as session:
        for first in range(0, len(numbers), TOGETHER):
            _rows(session, at, numbers[first : first + TOGETHER], kinds)


def starts(begins: datetime, number: int, kinds: int) -> datetime:
    return begins + HOURS * (number // kinds)


def _rows(session: Session, at: Place, numbers: Sequence[int], kinds: Sequence[str]) -> None:
    rows = [_shift(at, kinds[n % len(kinds)], starts(at.begins, n, len(kinds))) for n in numbers]
    ids = list(session.scalars(insert(Shift).returning(Shift.id, sort_by_parameter_order=True), rows))
    seats = list(
        session.scalars(
            insert(Seat).returning(Seat.id, sort_by_parameter_order=True),
            [{"shift_id": each, "position": 1} for each in ids],
        )
    )
    session.execute(
        insert(Duty),
        [
            {
                "seat_id": seat,
                "shift_id": shift_id,
                "campaign_id": at.campaign_id,
                "unit_id": at.unit_id,
                "person_id": at.people[number % len(at.people)],
                "duty": row["duty"],
                "template": "Ca",
                "form": "onsite",
                "starts_at": row["starts_at"],
                "ends_at": row["ends_at"],
                "sequence": 1,
                "changed_at": at.now,
            }
            for number, seat, shift_id, row in zip(numbers, seats, ids, rows, strict=True)
        ],
    )


def _shift(at: Place, duty: str, starts_at: datetime) -> dict[str, Any]:
    return {
        "campaign_id": at.campaign_id,
        "unit_id": at.unit_id,
        "duty": duty,
        "template": "Ca",
        "form": "onsite",
        "starts_at": starts_at,
        "ends_at": starts_at + HOURS,
        "local_on": starts_at.date(),
        "phase": "during",
        "headcount": 1,
        "published_for": 1,
    }


def _person(code: str, number: int, unit_id: int) -> Person:
    name = f"Nguyễn Văn {code} {number}"
    return Person(
        code=f"{code}{number}",
        full_name=name,
        unit_id=unit_id,
        sort_key=text.name_sort_key(name),
        contacts=[
            ContactMethod(channel="phone", address=f"09{unit_id:02}{number:06}", position=1),
            ContactMethod(channel="email", address=f"{code.lower()}{number}@buudien.example", position=2),
        ],
    )
