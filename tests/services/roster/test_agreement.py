"""Whatever is edited, undone and published in parts or whole: resolver, duties, calendars and the signed list agree on
who is on duty at every change of shift, and duty that was served stays as it was.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import strategies as st
from sqlalchemy import select

from core import clock
from core.actor import Actor
from core.db import db
from core.errors import DomainError
from people import queries as people
from people.models import Person
from roster.draft import undoing
from roster.feeds import facts
from roster.feeds.facts import Options, Subject
from roster.models import Duty, Revision, Seat, Shift
from roster.planning.hanging import Move
from roster.publishing import amending, parts, services as publishing
from roster.publishing.parts import Only
from roster.resolver import resolver
from tests.support import worlds
from tests.support.districts import ADMIN, NOW, Districts
from tests.support.examples import for_any

FIRST = datetime(2020, 1, 23, 0, 0, tzinfo=UTC)
"""Half an hour before the first shift."""
Step = tuple[Any, ...]
LETTERS = st.sampled_from("AC")
EDITS = st.tuples(st.just("edit"), LETTERS, st.integers(0, 5), st.integers(0, 4))
OTHERS = st.one_of(
    st.tuples(st.sampled_from(["undo", "redo", "units"]), LETTERS),
    st.tuples(st.sampled_from(["people", "seats"]), LETTERS, st.integers(0, 9)),
    st.tuples(st.sampled_from(["whole", "pass"])),
)
ROUNDS = st.lists(st.tuples(st.lists(EDITS, min_size=1, max_size=3), st.lists(OTHERS, max_size=3)), max_size=4)


class Story:
    """One sequence of steps; ``served`` keeps what was published of each shift when it ended."""

    def __init__(self, both: Districts) -> None:
        self.both, self.now = both, NOW
        self.served = dict[int, set[str]]()
        rows = db.session.scalars(select(Shift).where(Shift.campaign_id == self.both.campaign_id)).all()
        self.shifts = {row.id: (row.unit_id, row.starts_at, row.ends_at) for row in rows}

    def take(self, step: Step) -> None:
        what, *rest = step
        steps: dict[str, Callable[..., Any]] = {
            "edit": self._edit,
            "undo": lambda letter: self._turned(undoing.undo, letter),
            "redo": lambda letter: self._turned(undoing.redo, letter),
            "people": lambda letter, n: self._part(letter, Only(people=self._person(letter, n))),
            "seats": lambda letter, n: self._part(letter, Only(seats=self._seat(letter, n))),
            "units": lambda letter: self._part(letter, Only(units=({"A": "BDA", "C": "BDC"}[letter],))),
            "whole": lambda: publishing.publish(self.both.campaign_id, accept_gaps="Thử", actor=ADMIN, now=self.now),
            "pass": self._pass,
        }
        try:
            steps[what](*rest)
        except DomainError:
            db.session.rollback()

    def _edit(self, letter: str, turn: int, number: int) -> None:
        self.both.put(letter, turn, *([f"{letter}{number}"] if number else []), now=self.now)

    def _turned(self, turn: Callable[..., Any], letter: str) -> None:
        turn(self.both.campaign_id, actor=self.both.manager(letter), now=self.now)

    def _part(self, letter: str, only: Only) -> None:
        actor: Actor = self.both.manager(letter)
        amending.publish_only(self.both.campaign_id, only, accept_gaps="Thử", actor=actor, now=self.now)

    def _person(self, letter: str, n: int) -> tuple[str, ...]:
        """The code of one of those whom the draft of the district would change."""
        ids = sorted({who for move in self._changed(letter) for who in move.people})
        return (people.person_by_id(ids[n % len(ids)]).code,) if ids else ("A1",)

    def _seat(self, letter: str, n: int) -> tuple[int, ...]:
        seats = [move.seat for move in self._changed(letter)]
        return (seats[n % len(seats)],) if seats else (self.both.seat(letter, 0),)

    def _changed(self, letter: str) -> list[Move]:
        moves = parts.moves(parts.standing(self.both.campaign_id, now=self.now))
        unit = self.both.ids[{"A": "BDA", "C": "BDC"}[letter]]
        return [move for move in moves if self.shifts[move.shift][0] == unit]

    def _pass(self) -> None:
        self.now = max(self.now, FIRST) + timedelta(hours=12)

    def check(self) -> None:
        db.session.rollback()
        wanted = select(Duty.shift_id, Person.code).join(Person, Person.id == Duty.person_id)
        held: dict[int, set[str]] = {shift: set() for shift in self.shifts}
        for shift, code in db.session.execute(wanted.where(Duty.cancelled_at.is_(None))).tuples():
            held[shift].add(code)
        last = db.session.scalars(select(Revision).order_by(Revision.number.desc())).first()
        assert last is not None
        assert {each["shift"]: {one["code"] for one in each["people"]} for each in last.content} == held
        assert self._in_calendars() == {shift: codes for shift, codes in held.items() if codes}
        for shift, (unit_id, starts_at, ends_at) in self.shifts.items():
            for at in (starts_at, ends_at - timedelta(minutes=1)):
                answer = resolver.who_is_on(unit_id, "operations", at)
                named = {person.code for person in answer.people} if answer.rule == "assigned" else set()
                assert named == held[shift], (shift, at, answer)
            if ends_at <= self.now:
                assert self.served.setdefault(shift, held[shift]) == held[shift], "recorded past duty never changes"

    def _in_calendars(self) -> dict[int, set[str]]:
        shift_of = dict(db.session.execute(select(Seat.id, Seat.shift_id)).tuples().all())
        found = dict[int, set[str]]()
        for fact in facts.of(Subject("campaign", campaign_id=self.both.campaign_id), Options(), now=self.now):
            if not fact.cancelled and fact.who is not None:
                found.setdefault(shift_of[fact.seat_id], set()).add(fact.who.name.split()[-1])
        return found


@pytest.fixture
def world(app: Flask) -> tuple[Districts, Callable[[], None]]:
    return worlds.with_return(Districts)


@for_any(ROUNDS, examples=60)
def test_all_that_say_who_is_on_duty_say_the_same(
    world: tuple[Districts, Callable[[], None]], rounds: list[tuple[list[Step], list[Step]]]
) -> None:
    both, put_back = world
    put_back()
    story = Story(both)
    with clock.travel(NOW):
        for edits, others in rounds:
            for step in (*edits, *others):
                story.take(step)
            story.check()
