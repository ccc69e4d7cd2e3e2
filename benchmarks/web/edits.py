"""Edits in the grid, as its script sends them: one seat of a unit's roster goes round its people."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import cycle
from typing import Any

from flask import Flask
from sqlalchemy import select

from benchmarks.web.addresses import Address
from benchmarks.web.world.making import Facts
from core.db import db
from people.models import Person, Unit
from roster.models import DraftAssignment, Seat, Shift

NAMES = ("edit-unit",)
UNIT = "BDX-H05-2"
REASON = "Đo"
"""Given beforehand: some of those whom the lot hits break a rule."""


def edits(app: Flask, facts: Facts) -> Iterator[Address]:
    """One edit after the other of the last shift of ``UNIT`` in the coming campaign, looked at alone."""
    with app.app_context():
        here = select(Shift.id).join(Unit, Unit.id == Shift.unit_id).where(Unit.code == UNIT)
        shift = here.where(Shift.campaign_id == int(facts["coming"])).order_by(Shift.id.desc())
        seat = db.session.scalars(select(Seat.id).where(Seat.shift_id == shift.limit(1).scalar_subquery())).first()
        holder = select(Person.code).join(DraftAssignment, DraftAssignment.person_id == Person.id)
        was = db.session.scalar(holder.where(DraftAssignment.seat_id == seat))
        people = list(db.session.scalars(select(Person.code).join(Unit).where(Unit.code == UNIT).order_by(Person.code)))
    path = f"/roster/campaigns/{facts['coming']}/edits?unit={UNIT}"
    yield Address(NAMES[0], path, "manager", sends=_round(seat, was, [code for code in people if code != was]))


def _round(seat: int | None, was: str | None, people: list[str]) -> Callable[[], dict[str, Any]]:
    sits, coming = [was], cycle(people)

    def next_edit() -> dict[str, Any]:
        sits.append(next(coming))
        return {"edits": [{"seat": seat, "person": sits[-1], "was": sits[-2]}], "reason": REASON}

    return next_edit
