"""A campaign of the province in which two districts serve: An manages one, Chi the other, each with hands of its own.

Three days of Tết Canh Tý in the enterprise of ``tests.support.enterprise``: in each district one person by day and one
by night (operations), published. ``A1`` … ``A4`` are of ``BDA``, ``C1`` … ``C4`` of ``BDC``; the first two take turns.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, select, update

from core.actor import Actor
from core.db import db, transaction
from people import queries as people
from people.models import Person
from roster.campaigns.models import Campaign
from roster.draft import services as drafts
from roster.models import DraftAssignment, Duty, Seat, Shift
from roster.publishing import services as publishing
from roster.publishing.terms import PublishTerms
from tests.support import enterprise, factories, worlds

NOW = factories.NOW
ADMIN = factories.ADMIN


class Districts:
    """``ids`` by code as those of the enterprise, ``campaign_id``, and hands for both managers."""

    def __init__(self, ids: dict[str, int] | None = None, *, seats: int = 1) -> None:
        """``ids``: of an enterprise that is there already. ``seats``: of each shift; with two there are six people in
        each district, and pairs take turns."""
        self.seats, self.hands = seats, 4 if seats == 1 else 6
        made = worlds.begin(("districts", seats), self._made) if ids is None else self._write(ids)
        self.ids, self.campaign_id = made

    def _made(self) -> tuple[dict[str, int], int]:
        return self._write(enterprise.make(NOW))

    def _write(self, there: dict[str, int]) -> tuple[dict[str, int], int]:
        ids = dict(there)
        for code, letter in (("BDA", "A"), ("BDC", "C")):
            unit = people.unit_by_code(code)
            for number in range(1, self.hands + 1):
                phone = f"09000002{'AC'.index(letter)}{number}"
                made = factories.make_person(f"{letter}{number}", unit, name=f"Trực {letter}{number}", phone=phone)
                ids[f"{letter}{number}"] = made.id
            factories.make_demand(unit, "operations", "Ngày", "07:30", 12, headcount=self.seats)
            factories.make_demand(unit, "operations", "Đêm", "19:30", 12, headcount=self.seats)
        self.ids = ids
        self.campaign_id = factories.make_campaign(people.unit_by_code("BDT"), now=NOW).id
        for letter in "AC":
            for turn in range(6):
                first = turn % 2 * self.seats + 1
                self.put(letter, turn, *(f"{letter}{first + n}" for n in range(self.seats)), actor=ADMIN)
        publishing.publish(self.campaign_id, PublishTerms(accept_gaps="Chỉ có điều hành"), actor=ADMIN, now=NOW)
        return ids, self.campaign_id

    @property
    def campaign(self) -> Campaign:
        return db.session.get_one(Campaign, self.campaign_id, populate_existing=True)

    def manager(self, letter: str) -> Actor:
        """An of ``A``, Chi of ``C``, as signed in."""
        code, unit = {"A": ("AN1", "BDA"), "C": ("CH1", "BDC")}[letter]
        return Actor(
            name={"A": "Nguyễn Văn An", "C": "Phạm Thị Chi"}[letter],
            role="manager",
            via="session",
            user_id=self.ids[f"user:{code.lower()}"],
            person_id=self.ids[code],
            unit_id=self.ids[unit],
        )

    def shift(self, letter: str, turn: int) -> int:
        """The id of the ``turn``-th shift of that district, by time."""
        unit = self.ids[{"A": "BDA", "C": "BDC"}[letter]]
        wanted = select(Shift.id).where(Shift.campaign_id == self.campaign_id, Shift.unit_id == unit)
        return list(db.session.scalars(wanted.order_by(Shift.starts_at)))[turn]

    def seat(self, letter: str, turn: int) -> int:
        return db.session.scalars(select(Seat.id).where(Seat.shift_id == self.shift(letter, turn))).one()

    def put(self, letter: str, turn: int, *codes: str, actor: Actor | None = None, now: datetime = NOW) -> None:
        """In the draft, by the district's manager."""
        drafts.set_people(
            self.shift(letter, turn), codes, override_reason="Thử", actor=actor or self.manager(letter), now=now
        )

    def published(self, letter: str, turn: int) -> str:
        """The code of who is published there; empty for nobody."""
        held = select(Person.code).join(Duty, Duty.person_id == Person.id)
        mine = held.where(Duty.shift_id == self.shift(letter, turn), Duty.cancelled_at.is_(None))
        return db.session.scalar(mine) or ""

    def drafted(self, letter: str, turn: int) -> str:
        held = select(Person.code).join(DraftAssignment, DraftAssignment.person_id == Person.id)
        return db.session.scalar(held.where(DraftAssignment.seat_id == self.seat(letter, turn))) or ""


EMPTY = (("A", 0), ("A", 3), ("C", 1))
"""District and turn of each shift that nobody has in ``with_gaps``."""


def with_gaps() -> Districts:
    """Nothing is pinned; in An's district the first day and the second night are empty, one shift in Chi's."""
    made = Districts()
    with transaction() as session:
        session.execute(update(DraftAssignment).values(pinned=False, override_reason=None))
        seats = [made.seat(*each) for each in EMPTY]
        session.execute(delete(DraftAssignment).where(DraftAssignment.seat_id.in_(seats)))
    return made


def drafted(made: Districts, letter: str) -> list[str]:
    """Who has each turn of that district in the draft now; "": nobody."""
    db.session.rollback()
    return [made.drafted(letter, turn) for turn in range(6)]
