"""Whatever two managers edit, seat by seat or shift by shift, undo and do again, by the keys or out of the list, with
what stands kept or put back: the draft and the list are what a few lines without a database say.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from flask import Flask
from hypothesis import strategies as st
from sqlalchemy import select

from core.actor import Actor
from core.db import db
from core.errors import Conflict
from people.queries import unit_by_code
from roster.campaigns import queries as campaigns
from roster.draft import services as drafts, undoing
from roster.draft.edits import SeatEdit
from roster.draft.shift_edits import ShiftEdit
from roster.draft.steps import steps_of
from roster.models import DraftAssignment, Seat, Shift
from roster.snapshot import snapshot
from tests.support import enterprise, factories, worlds
from tests.support.enterprise import NOW
from tests.support.examples import for_any

ACTORS = {
    "An": Actor(name="An", role="manager", via="web", user_id=901),
    "Bi": Actor(name="Bi", role="manager", via="web", user_id=902),
}
NTH = st.one_of(st.none(), st.integers(0, 4))
HELD = st.one_of(st.none(), st.tuples(st.sampled_from(["P1", "P2"]), st.booleans()))
WANTED = st.dictionaries(st.integers(0, 3), HELD, min_size=2, max_size=4)
CLASH = st.sampled_from(["refuse", "keep", "keep", "put_back"])


def edit_of(who: str) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.tuples(st.just("edit"), st.just(who), WANTED, st.sampled_from(["seats", "shifts"]))


def turn_of(who: str) -> st.SearchStrategy[tuple[Any, ...]]:
    return st.tuples(st.sampled_from(["undo", "redo"]), st.just(who), NTH, CLASH)


ROUND = st.tuples(edit_of("An"), edit_of("Bi"), turn_of("An"), st.one_of(turn_of("An"), turn_of("Bi"), edit_of("Bi")))
LAST = st.tuples(st.just("redo"), st.just("An"), st.none(), CLASH)
TAIL = st.tuples(turn_of("An"), turn_of("An"), turn_of("An"), LAST)
STORY = st.tuples(st.lists(ROUND, min_size=1, max_size=3), TAIL).map(
    lambda both: [step for each in (*both[0], both[1]) for step in each]
)
"""An is overtaken by Bi more often than not: what nobody touched is simple. At last several steps wait to be redone."""
Held = tuple[str, bool] | None


@dataclass
class Noted:
    """A step: seat → what was there and what came; ``turned``: when it was undone, by counting."""

    number: int
    by: str
    rows: dict[int, tuple[Held, Held]]
    undone: int = 0


@dataclass
class Model:
    """Four seats of four days on which nothing forbids anything, and the steps that can still be turned."""

    seats: dict[int, Held] = field(default_factory=lambda: dict.fromkeys(range(4)))
    steps: list[Noted] = field(default_factory=list)
    count: int = 0

    def edit(self, by: str, wanted: dict[int, Held]) -> None:
        rows = {seat: (self.seats[seat], held) for seat, held in wanted.items() if held != self.seats[seat]}
        self.seats |= wanted
        if not rows:
            return
        self.steps = [each for each in self.steps if not (each.by == by and each.undone)]
        self.count += 1
        self.steps.append(Noted(self.count, by, rows))

    def own(self, by: str, *, undone: bool) -> list[Noted]:
        """The next to be turned first."""
        mine = [each for each in self.steps if each.by == by and bool(each.undone) == undone]
        return sorted(mine, key=lambda each: -each.undone if undone else -each.number)

    def moved(self, step: Noted) -> set[int]:
        return {seat for seat, (was, came) in step.rows.items() if self.seats[seat] != (was if step.undone else came)}

    def turn(self, step: Noted, clash: str) -> set[int] | None:
        """The seats for which it is refused; None where it is done."""
        moved, target = self.moved(step), {seat: row[bool(step.undone)] for seat, row in step.rows.items()}
        if moved and clash == "refuse":
            return moved
        if moved and clash == "put_back":
            self.steps.remove(step)
            self.edit(step.by, target)
            return None
        step.rows = {seat: row for seat, row in step.rows.items() if seat not in moved}
        self.seats |= {seat: held for seat, held in target.items() if seat not in moved}
        self.count += 1
        step.undone = 0 if step.undone else self.count
        if not step.rows:
            self.steps.remove(step)
        return None


class Story:
    """The same told to the product."""

    def __init__(self, campaign_id: int) -> None:
        self.campaign_id, self.model = campaign_id, Model()
        shifts = select(Shift).filter_by(campaign_id=campaign_id).order_by(Shift.starts_at)
        self.seats = [each.seats[0].id for each in list(db.session.scalars(shifts))[::3]]

    def held(self, seat: int) -> Held:
        row = db.session.get(DraftAssignment, self.seats[seat], populate_existing=True)
        return (row.person.code, row.pinned) if row else None

    def listed(self, by: str) -> Any:
        taken = snapshot.take(self.campaign_id, now=NOW)
        return steps_of(campaigns.get_campaign(self.campaign_id), taken, actor=ACTORS[by])

    def edit(self, by: str, wanted: dict[int, Held], way: str) -> None:
        """``way``: an edit of each seat, or of who shall be on each shift, which has one."""
        if way == "seats":
            edits = [self._seat_edit(seat, *(held or (None, True))) for seat, held in wanted.items()]
            drafts.edit_seats(self.campaign_id, edits, actor=ACTORS[by], now=NOW)
        else:
            of_shifts = [self._shift_edit(seat, *(held or (None, True))) for seat, held in wanted.items()]
            drafts.edit_shifts(of_shifts, actor=ACTORS[by], now=NOW)
        self.model.edit(by, wanted)

    def _seat_edit(self, seat: int, code: str | None, pin: bool) -> SeatEdit:
        was = self.model.seats[seat]
        return SeatEdit(self.seats[seat], code, was and was[0], pin=pin)

    def _shift_edit(self, seat: int, code: str | None, pin: bool) -> ShiftEdit:
        was, shift_id = self.model.seats[seat], db.session.get_one(Seat, self.seats[seat]).shift_id
        if was and code and was[0] != code:
            return ShiftEdit(shift_id, leaves=was[0], comes=code, pin=pin)
        return ShiftEdit(shift_id, [code] if code else [], pin=pin, was=[was[0]] if was else [])

    def turn(self, what: str, by: str, nth: int | None, clash: Any) -> None:
        undone, turn = what == "redo", {"undo": undoing.undo, "redo": undoing.redo}[what]
        mine = self.model.own(by, undone=undone)
        facts = self.listed(by)
        steps = [each for each in facts.listed if each.mine and each.undone == undone]
        assert len(steps) == len(mine)
        edit = None if nth is None or not steps else steps[nth % len(steps)]
        ordered = sorted(mine, key=lambda each: -each.number)
        step = mine[0] if mine and edit is None else ordered[steps.index(edit)] if edit else None
        refused = {-1} if step is None else self.model.turn(step, clash)
        try:
            turn(self.campaign_id, edit=edit.id if edit else None, clash=clash, actor=ACTORS[by], now=NOW)
        except Conflict as error:
            db.session.rollback()
            told = {self.seats.index(each["seat"]) for each in error.state.get("seats", ())} or {-1}
            assert told == refused, error.code
        else:
            assert refused is None

    def agrees(self) -> None:
        assert {seat: self.held(seat) for seat in range(4)} == self.model.seats
        for by in ACTORS:
            facts, model = self.listed(by), self.model
            shown = [each for each in model.steps if each.by == by or not each.undone]
            shown.sort(key=lambda each: (not each.undone, -each.number))
            wanted = [(each.by == by, bool(each.undone), bool(model.moved(each))) for each in shown]
            assert [(each.mine, each.undone, each.touched is not None) for each in facts.listed] == wanted
            assert (facts.undo is None) == (not model.own(by, undone=False))
            assert (facts.redo is None) == (not model.own(by, undone=True))


def make_days() -> int:
    """Ten days with one shift of support by day; every third of them is used, so that no rest is too short."""
    enterprise.make()
    unit = unit_by_code("BDA")
    for code in ("P1", "P2"):
        factories.make_person(code, unit, duties=("operations",))
    factories.make_demand(unit, "operations", "Ngày", "07:30", 8)
    return factories.make_campaign(unit, first="2020-01-20", last="2020-01-29").id


@pytest.fixture
def days(app: Flask) -> tuple[int, Callable[[], None]]:
    return worlds.with_return(make_days)


@for_any(STORY, examples=50)
def test_two_managers_undo_and_redo_as_the_model_says(
    days: tuple[int, Callable[[], None]], story: list[tuple[Any, ...]]
) -> None:
    campaign_id, put_back = days
    put_back()
    told = Story(campaign_id)
    for what, by, *rest in story:
        if what == "edit":
            told.edit(by, *rest)
        else:
            told.turn(what, by, *rest)
        told.agrees()
