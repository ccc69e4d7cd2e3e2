"""Whatever is edited, undone, published in parts or whole, swapped, given away and withdrawn: duties, resolver, API,
grid, calendars, prints and the signed list agree on who is on duty at every change of shift, and duty that was served
stays.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import pytest
from flask import Flask
from hypothesis import strategies as st
from sqlalchemy import select

from core import clock
from core.actor import Actor
from core.db import db
from core.errors import DomainError
from duty.illness import services as illness
from duty.swaps import deciding, services as swaps
from duty.swaps.chaining import Chain
from duty.swaps.services import SwapWanted
from people import queries as people
from people.models import Person
from planning.change_bundles import SeatMove
from planning.problem import Assignment
from roster.campaigns import queries as campaigns
from roster.covers import services as covering
from roster.dividing import amendments
from roster.dividing.parting import SplitSpan
from roster.draft import undoing
from roster.feeds import facts
from roster.feeds.facts import Options, Subject
from roster.models import Duty, Revision, Seat, Shift
from roster.publishing import parts, services as publishing, sheet
from roster.publishing.parts import Only
from roster.publishing.terms import PublishTerms
from roster.resolver import resolver
from roster.revisions import supplementing, withdrawing
from roster.revisions.supplementing import Attested
from roster.snapshot import snapshot
from tests.support import worlds
from tests.support.districts import ADMIN, NOW, Districts
from tests.support.examples import for_any

FIRST = datetime(2020, 1, 23, 0, 0, tzinfo=UTC)
"""Half an hour before the first shift."""
BY = Attested("Lê L", "Trưởng phòng", "Sót")
Step = tuple[Any, ...]
LETTERS, TURNS, FOUR = st.sampled_from("AC"), st.integers(0, 11), st.integers(1, 6)
EDITS = st.tuples(st.just("edit"), LETTERS, st.integers(0, 5), st.integers(0, 4), st.integers(0, 6))
OTHERS = st.one_of(
    st.tuples(st.sampled_from(["undo", "redo", "units"]), LETTERS),
    st.tuples(st.sampled_from(["people", "seats"]), LETTERS, TURNS),
    st.tuples(st.sampled_from(["cover", "ill", "supplement"]), LETTERS, TURNS, FOUR),
    st.tuples(st.just("take_over"), LETTERS, TURNS, FOUR),
    st.tuples(st.just("chain"), LETTERS, TURNS, TURNS, FOUR),
    st.tuples(st.just("swap"), LETTERS, TURNS, TURNS),
    st.tuples(st.just("drop"), LETTERS, TURNS),
    st.tuples(st.just("give"), LETTERS, TURNS, FOUR, st.sampled_from([(0, 4), (4, 8), (8, 12)])),
    st.tuples(st.sampled_from(["whole", "pass", "withdraw"])),
)
ROUNDS = st.lists(
    st.tuples(st.lists(EDITS, max_size=2), st.lists(OTHERS, min_size=1, max_size=4)), min_size=1, max_size=4
)


class Held(NamedTuple):
    """Somebody on a seat."""

    seat: int
    code: str
    starts_at: datetime
    ends_at: datetime


class Story:
    """One sequence of steps. ``served``: what is recorded of duty that is over; ``minutes``: who was on duty when;
    ``entered``: duty was entered afterwards since the last look."""

    def __init__(self, both: Districts) -> None:
        self.both, self.now, self.looked = both, NOW, NOW
        self.served, self.minutes, self.entered = set[Held](), set[tuple[str, datetime]](), False
        self.steps: dict[str, Callable[..., Any]] = {
            "edit": self._edit,
            "undo": lambda letter: self._turned(undoing.undo, letter),
            "redo": lambda letter: self._turned(undoing.redo, letter),
            "people": lambda letter, n: self._part(letter, Only(people=self._person(letter, n))),
            "seats": lambda letter, n: self._part(letter, Only(seats=self._seat(letter, n))),
            "units": lambda letter: self._part(letter, Only(units=(self._unit(letter),))),
            "whole": lambda: publishing.publish(
                self.both.campaign_id, PublishTerms(accept_gaps="Thử"), actor=ADMIN, now=self.now
            ),
            "withdraw": lambda: withdrawing.withdraw(self.both.campaign_id, reason="Nhầm", actor=ADMIN, now=self.now),
            "supplement": self._supplement,
            "cover": self._cover,
            "give": self._give,
            "drop": self._drop,
            "swap": self._swap,
            "ill": self._ill,
            "take_over": self._take_over,
            "chain": self._chain,
            "pass": self._pass,
        }

    def take(self, step: Step) -> bool:
        """Whether it was done; what is refused leaves everything as it was."""
        what, *rest = step
        before = self.held()
        try:
            with clock.travel(self.now):
                self.steps[what](*rest)
        except DomainError:
            db.session.rollback()
            assert self.held() == before, "what is refused leaves nothing behind"
            return False
        self.entered |= what == "supplement"
        return True

    def _unit(self, letter: str) -> str:
        return {"A": "BDA", "C": "BDC"}[letter]

    def _edit(self, letter: str, turn: int, number: int, second: int) -> None:
        """On a shift of two seats both are said; the same one twice is one."""
        numbers = [each for each in (number, second)[: self.both.seats] if each]
        self.both.put(letter, turn, *dict.fromkeys(f"{letter}{each}" for each in numbers), now=self.now)

    def _turned(self, turn: Callable[..., Any], letter: str) -> None:
        turn(self.both.campaign_id, actor=self.both.manager(letter), now=self.now)

    def _part(self, letter: str, only: Only) -> None:
        actor: Actor = self.both.manager(letter)
        amendments.publish_only(self.both.campaign_id, only, PublishTerms(accept_gaps="Thử"), actor=actor, now=self.now)

    def _person(self, letter: str, n: int) -> tuple[str, ...]:
        """The code of one of those whom the draft of the district would change."""
        ids = sorted({who for move in self._changed(letter) for who in move.people})
        return (people.person_by_id(ids[n % len(ids)]).code,) if ids else ("A1",)

    def _seat(self, letter: str, n: int) -> tuple[int, ...]:
        seats = [move.seat for move in self._changed(letter)] or self._seats(letter)
        return (seats[n % len(seats)],)

    def _seats(self, letter: str) -> list[int]:
        unit = self.both.ids[self._unit(letter)]
        mine = select(Seat.id).join(Shift).where(Shift.campaign_id == self.both.campaign_id, Shift.unit_id == unit)
        return list(db.session.scalars(mine.order_by(Shift.starts_at, Seat.id)))

    def _changed(self, letter: str) -> list[SeatMove]:
        moves = parts.moves(parts.standing(self.both.campaign_id, now=self.now))
        mine = set(self._seats(letter))
        return [move for move in moves if move.seat in mine]

    def _holder(self, letter: str, turn: int) -> Held:
        """Who has the ``turn``-th of the district's seats that are held."""
        mine = set(self._seats(letter))
        found = sorted((each for each in self.held() if each.seat in mine), key=lambda each: each.starts_at)
        if not found:
            raise DomainError("nobody")
        return found[turn % len(found)]

    def _asked(self, held: Held, wanted: SwapWanted, taker: str) -> None:
        """Asked and answered for them by the manager of all: then it passes at once, in the end against a rule."""
        made = swaps.ask(held.seat, wanted, person=held.code, actor=ADMIN, now=self.now)
        deciding.accept(made.id, person=taker, note="Gọi", actor=ADMIN, now=self.now)

    def _cover(self, letter: str, turn: int, number: int) -> None:
        taker = f"{letter}{number}"
        self._asked(self._holder(letter, turn), SwapWanted("cover", with_person=taker, note="Gọi"), taker)

    def _give(self, letter: str, turn: int, number: int, hours: tuple[int, int]) -> None:
        held, taker = self._holder(letter, turn), f"{letter}{number}"
        span = SplitSpan(*(held.starts_at + timedelta(hours=each) for each in hours))
        self._asked(held, SwapWanted("cover", with_person=taker, span=span, note="Gọi"), taker)

    def _drop(self, letter: str, turn: int) -> None:
        held = self._holder(letter, turn)
        made = swaps.ask(held.seat, SwapWanted("drop", note="Gọi"), person=held.code, actor=ADMIN, now=self.now)
        deciding.accept(made.id, person=made.asked[0].person.code, note="Gọi", actor=ADMIN, now=self.now)

    def _swap(self, letter: str, turn: int, other: int) -> None:
        held, back = self._holder(letter, turn), self._holder(letter, other)
        self._asked(held, SwapWanted("swap", with_person=back.code, for_seat=back.seat, note="Gọi"), back.code)

    def _ill(self, letter: str, turn: int, number: int) -> None:
        held = self._holder(letter, turn)
        plan = illness.IllnessPlan(held.code, clock.local_date(held.ends_at), {held.seat: [f"{letter}{number}"]}, "Gọi")
        illness.decide(plan, actor=ADMIN, now=self.now)

    def _take_over(self, letter: str, turn: int, number: int) -> None:
        """Of what runs what is left of it."""
        held = self._holder(letter, turn)
        shift_id = db.session.get_one(Seat, held.seat).shift_id
        moves = [(shift_id, held.code, f"{letter}{number}")]
        covering.cover_now(shift_id, moves, override_reason="Ốm", actor=ADMIN, now=self.now)

    def _chain(self, letter: str, turn: int, other: int, number: int) -> None:
        """Whoever holds the other seat takes this one, and a third takes theirs: both are asked and agree."""
        held, passed = (self._duty(self._holder(letter, each)) for each in (turn, other))
        chain = Chain(held, passed.person, passed, people.person_by_code(f"{letter}{number}"))
        plan = illness.IllnessPlan(held.person.code, clock.local_date(held.ends_at), {}, "Gọi", {held.seat_id: chain})
        [made] = illness.report(plan, actor=ADMIN, now=self.now)
        for code in (chain.taker.code, chain.heir.code):
            deciding.accept(made.id, person=code, note="Gọi", actor=ADMIN, now=self.now)

    def _duty(self, held: Held) -> Duty:
        return db.session.scalars(select(Duty).where(Duty.seat_id == held.seat, Duty.cancelled_at.is_(None))).one()

    def _supplement(self, letter: str, turn: int, number: int) -> None:
        seats = self._seats(letter)
        supplementing.supplement(
            self.both.campaign_id,
            seats[turn % len(seats)],
            person=f"{letter}{number}",
            attested=BY,
            actor=ADMIN,
            now=self.now,
        )

    def _pass(self) -> None:
        self.now = max(self.now, FIRST) + timedelta(hours=12)

    def held(self) -> set[Held]:
        """What is published, as duties say it."""
        db.session.rollback()
        wanted = select(Duty.seat_id, Person.code, Duty.starts_at, Duty.ends_at).join(
            Person, Person.id == Duty.person_id
        )
        return {Held(*row) for row in db.session.execute(wanted.where(Duty.cancelled_at.is_(None))).tuples()}

    def check(self) -> None:
        held = self.held()
        last = db.session.scalars(select(Revision).order_by(Revision.number.desc())).first()
        assert last is not None
        entries = [entry for day in sheet.sheet_of_revision(last, (), phones=False) for entry in day.entries]
        hours = {each.shift_id: (each.starts_at, each.ends_at) for each in entries}
        signed = {Held(one["seat"], one["code"], *hours[row["shift"]]) for row in last.content for one in row["people"]}
        assert signed == held, "what was signed, as it is printed"
        seats = list(db.session.scalars(select(Seat).join(Shift)))
        of_seat = {seat.id: (seat.shift.starts_at, seat.shift.ends_at) for seat in seats}
        by_api = campaigns.seated_published({seat.shift_id for seat in seats})
        assert {Held(seat, one.person, *of_seat[seat]) for seat, one in by_api.items() if one.person} == held
        assert self._in_calendars() == held
        shift_of = {seat.id: seat.shift_id for seat in seats}
        by_code = dict(db.session.execute(select(Person.code, Person.id)).tuples().all())
        taken = snapshot.take(self.both.campaign_id, now=self.now, also=by_code.values())
        on_grid = sorted(Assignment(shift_of[each.seat], by_code[each.code]) for each in held)
        assert sorted(snapshot.published(taken)) == on_grid
        for letter in "AC":
            mine = set(self._seats(letter))
            self._resolved(letter, [each for each in held if each.seat in mine])
        over = {each for each in held if each.ends_at <= self.now}
        assert over >= self.served, "recorded past duty never changes"
        self.served = over
        served = {(each.code, at) for each in held for at in self._halves(each)}
        assert served >= self.minutes, "nor does what was served of duty that runs"
        late = {each for each in served - self.minutes if each[1] + timedelta(minutes=30) <= self.looked}
        assert not late or self.entered, "nobody has served before they were on the list"
        self.minutes, self.looked, self.entered = served, self.now, False

    def _halves(self, held: Held) -> Iterable[datetime]:
        """Each half hour of it that is over."""
        until, at = min(held.ends_at, self.now), held.starts_at
        while at + timedelta(minutes=30) <= until:
            yield at
            at += timedelta(minutes=30)

    def _resolved(self, letter: str, held: Iterable[Held]) -> None:
        unit_id = self.both.ids[self._unit(letter)]
        rows = [*held]
        for at in sorted({each.starts_at for each in rows} | {each.ends_at for each in rows}):
            answer = resolver.who_is_on(unit_id, "operations", at)
            named = sorted(person.code for person in answer.people) if answer.rule == "assigned" else []
            assert named == sorted({each.code for each in rows if each.starts_at <= at < each.ends_at}), (at, answer)

    def _in_calendars(self) -> set[Held]:
        code_of = dict(db.session.execute(select(Person.full_name, Person.code)).tuples().all())
        return {
            Held(fact.seat_id, code_of[fact.who.name], fact.starts_at, fact.ends_at)
            for fact in facts.list_events(
                Subject("campaign", campaign_id=self.both.campaign_id), Options(), now=self.now
            )
            if not fact.cancelled and fact.who is not None
        }


World = tuple[Districts, Callable[[], None]]


@pytest.fixture
def world(app: Flask) -> World:
    return worlds.with_return(Districts)


@pytest.fixture
def pairs(app: Flask) -> World:
    return worlds.with_return(lambda: Districts(seats=2))


@for_any(ROUNDS, examples=60)
def test_all_that_say_who_is_on_duty_say_the_same(world: World, rounds: list[tuple[list[Step], list[Step]]]) -> None:
    _tell(world, rounds)


@for_any(ROUNDS, examples=60)
def test_and_so_they_do_of_shifts_with_two_seats(pairs: World, rounds: list[tuple[list[Step], list[Step]]]) -> None:
    """People keep the seat that calendars know, and what is cut off one seat leaves the other's holder alone."""
    _tell(pairs, rounds)


def _tell(world: World, rounds: list[tuple[list[Step], list[Step]]]) -> None:
    both, put_back = world
    put_back()
    story = Story(both)
    for edits, others in rounds:
        for step in (*edits, *others):
            story.take(step)
        with clock.travel(story.now):
            story.check()
