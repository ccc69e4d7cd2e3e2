"""Asks for the screens: somebody asks whoever is on duty to take a shift, and another waits to be decided."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select

from core import clock
from core.actor import Actor
from core.db import db
from core.errors import Conflict
from duty.swaps import deciding, services as swaps
from duty.swaps.services import SwapWanted
from people.models import Person
from roster.models import Duty

ACTOR = Actor(name="Bàn trực", role="admin", via="cli")
ASKS = 2
"""How many are made: the first is only asked, the second has a yes."""


def prepare(on_duty: Person) -> dict[str, str]:
    """The facts that paths name: a seat of whoever is on duty that they could ask for."""
    now = clock.now()
    ahead = select(Duty).where(Duty.starts_at > now + timedelta(hours=3), Duty.cancelled_at.is_(None))
    rows = db.session.scalars(ahead.order_by(Duty.starts_at, Duty.seat_id)).all()
    own = next((row.seat_id for row in rows if row.person_id == on_duty.id), None) or _taken_over(rows, on_duty, now)
    made, newest = 0, 0
    for row in rows:
        if row.person_id == on_duty.id or row.seat_id == own or made == ASKS:
            continue
        try:
            swap = swaps.ask(row.seat_id, SwapWanted("cover", note="Con nhỏ ốm"), actor=_holder(row), now=now)
        except Conflict:
            continue  # nobody could take that one
        made, newest = made + 1, swap.id
        if made == ASKS:
            deciding.accept(swap.id, person=swap.asked[0].person.code, note="gọi điện", actor=ACTOR, now=now)
    return {"own_seat": str(own), "duty_code": on_duty.code, "swap": str(newest)}


def _taken_over(rows: Sequence[Duty], on_duty: Person, now: datetime) -> int:
    """A seat: whose week of the demo ends with the shift that runs takes one from somebody, as people do."""
    for row in rows:
        try:
            swap = swaps.ask(row.seat_id, SwapWanted("cover", with_person=on_duty.code), actor=_holder(row), now=now)
            deciding.accept(swap.id, person=on_duty.code, note="gọi điện", actor=ACTOR, now=now)
            deciding.approve(swap.id, actor=ACTOR, now=now)
        except Conflict:
            continue
        return row.seat_id
    raise RuntimeError("nobody's shift can be taken over")


def _holder(row: Duty) -> Actor:
    return Actor(name=row.person.full_name, role="staff", via="link", person_id=row.person_id)
