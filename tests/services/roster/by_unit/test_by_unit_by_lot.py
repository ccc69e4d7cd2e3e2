"""Units × days, the grid and the proof of coverage after anything that may happen to a roster, by lot."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import select

from core.db import db as database, transaction
from core.errors import Conflict
from people import queries as people
from people.models import Absence, Person, PersonDuty
from roster.confirmations import services as answers
from roster.consents.models import Consent
from roster.dividing import amendments
from roster.draft import services as drafts
from roster.models import Duty, Seat, Shift
from roster.publishing import services as publishing
from roster.publishing.parts import Only
from roster.publishing.terms import PublishTerms
from tests.support.by_unit import SOURCES, assert_agrees
from tests.support.districts import ADMIN, NOW, Districts
from tests.support.examples import seeds

EVE = datetime(2020, 1, 21, 2, 0, tzinfo=UTC)
"""Two days before the first."""


class Doings:
    """What happens to a roster, by lot."""

    def __init__(self, made: Districts, seed_number: int) -> None:
        self._made, self._rng = made, random.Random(seed_number)  # noqa: S311
        self.now = EVE
        self._all: list[Callable[[], None]] = [
            self.put,
            self.put,
            self.widen,
            self.publish,
            self.publish_part,
            self.empty,
            self.fall_ill,
            self.fall_ill,
            self.go,
            self.unlist,
            self.move,
            self.answer,
            self.answer,
            self.ask,
            self.pass_time,
        ]

    def happen(self, times: int) -> None:
        for _ in range(times):
            self._rng.choice(self._all)()

    def _who(self) -> str:
        return self._rng.choice([f"{letter}{number}" for letter in "AC" for number in range(1, 5)])

    def _shift(self) -> Shift:
        return database.session.get_one(Shift, self._made.shift(self._rng.choice("AC"), self._rng.randrange(6)))

    def put(self) -> None:
        shift = self._shift()
        free = [self._who() for _ in range(self._rng.randrange(len(shift.seats) + 1))]
        active = [code for code in dict.fromkeys(free) if people.person_by_code(code).active]
        drafts.set_people(shift.id, active, override_reason="Thử", actor=ADMIN, now=self.now)

    def widen(self) -> None:
        shift_id = self._shift().id
        with transaction() as session:
            shift = session.get_one(Shift, shift_id)
            session.add(Seat(shift_id=shift_id, position=max(each.position for each in shift.seats) + 1))
            shift.headcount += self._rng.randrange(2)
            shift.wanted = len(shift.seats) + 1

    def publish(self) -> None:
        with suppress(Conflict):  # somebody who has left sits there without a reason
            publishing.publish(self._made.campaign_id, PublishTerms(accept_gaps="Đã biết"), actor=ADMIN, now=self.now)

    def publish_part(self) -> None:
        only = Only(units=(self._rng.choice(["BDA", "BDC"]),))
        with suppress(Conflict):
            amendments.publish_only(
                self._made.campaign_id, only, PublishTerms(accept_gaps="Đã biết"), actor=ADMIN, now=self.now
            )

    def empty(self) -> None:
        """The draft seats nobody of a unit any more."""
        letter = self._rng.choice("AC")
        for turn in range(6):
            drafts.set_people(self._made.shift(letter, turn), [], actor=ADMIN, now=self.now)

    def fall_ill(self) -> None:
        first = date(2020, 1, self._rng.randrange(22, 28))
        with transaction() as session:
            who = people.person_by_code(self._who())
            days = timedelta(days=self._rng.randrange(3))
            if session.scalar(select(Absence).filter_by(person_id=who.id, from_on=first)) is None:
                noted = self._rng.choice([NOW, self.now])
                session.add(
                    Absence(person_id=who.id, from_on=first, to_on=first + days, kind="sick", recorded_at=noted)
                )

    def go(self) -> None:
        with transaction() as session:
            session.get_one(Person, people.person_by_code(self._who()).id).active = False

    def unlist(self) -> None:
        with transaction() as session:
            for row in session.scalars(select(PersonDuty).filter_by(person_id=people.person_by_code(self._who()).id)):
                session.delete(row)

    def move(self) -> None:
        with transaction() as session:
            person = session.get_one(Person, people.person_by_code(self._who()).id)
            person.unit_id = self._made.ids[self._rng.choice(["BDA", "BDC", "BDT"])]

    def answer(self) -> None:
        held = list(database.session.scalars(select(Duty).where(Duty.cancelled_at.is_(None), Duty.ends_at > self.now)))
        if held:
            said = self._rng.choice(["confirmed", "refused"])
            answers.answer(self._rng.choice(held).seat_id, said, note="Gọi điện", actor=ADMIN, now=self.now)  # type: ignore[arg-type]

    def ask(self) -> None:
        """Somebody of the draft has not agreed yet, will not, or has."""
        state = self._rng.choice(["asked", "given", "refused", "withdrawn"])
        shift = self._shift()
        seated = [seat.draft.person_id for seat in shift.seats if seat.draft is not None]
        if seated:
            with transaction() as session:
                session.add(
                    Consent(
                        shift_id=shift.id,
                        unit_id=shift.unit_id,
                        person_id=seated[0],
                        asked_by="cli",
                        asked_by_name="Quản trị",
                        state=state,
                        answered_at=None if state == "asked" else self.now,
                        asked_at=self.now,
                        expires_at=self.now + timedelta(days=1),
                    )
                )

    def pass_time(self) -> None:
        self.now += timedelta(hours=self._rng.randrange(30))


@pytest.mark.parametrize("number", seeds(40))
def test_whatever_happens_the_three_say_the_same(db: None, number: int) -> None:
    made = Districts()
    doings = Doings(made, number)
    for _ in range(3):
        doings.happen(5)
        for source in SOURCES:
            assert_agrees(made.campaign, source, doings.now)
