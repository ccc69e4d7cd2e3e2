"""Record that somebody cannot come, and ask others for each of their shifts: in turn, the chosen one first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select

from core import audit, clock
from core.actor import Actor
from core.db import db, transaction
from core.errors import Conflict, Invalid
from people import queries as people, services as people_services
from people.models import Person
from roster.models import Duty
from roster.swaps import deciding, finding, moments, services as swaps
from roster.swaps.models import Swap
from roster.swaps.services import Meant, Wanted

MOST = 10
"""People who are asked for one shift, one after the other."""


@dataclass(frozen=True)
class Plan:
    """``asks``: seat id → codes of whom to ask, in this order. ``note``: how one heard it, kept with each ask."""

    person: str
    to_on: date
    asks: Mapping[int, Sequence[str]]
    note: str


def report(plan: Plan, *, tells: bool = True, actor: Actor, now: datetime) -> list[Swap]:
    """Whole or not at all: the absence from today to ``to_on``, where it does not stand yet, and the asks.

    Each has some minutes or hours (``moments.turn_length``) before the next is asked too; the first yes of an ask that
    its maker could decide moves the shift. Raises Invalid ``illness.nobody``, ``swap.how``; Forbidden; Conflict
    ``swap.open_already``, ``swap.breaks_rules``, ``confirmation.changed``.
    """
    person, note = people.person_by_code(plan.person), swaps.tidy(plan.note)
    asks = {seat: list(dict.fromkeys(codes))[:MOST] for seat, codes in plan.asks.items() if codes}
    if not asks:
        raise Invalid("illness.nobody", field="ask")
    if not note and actor.person_id != person.id:
        raise Invalid("swap.how", field="note")
    meant = [_meant(person, seat, codes, actor, now) for seat, codes in asks.items()]
    with transaction():
        _record(person, plan.to_on, actor=actor, now=now)
        made = [
            swaps.write(
                each,
                Wanted("cover", note=note),
                passes=swaps.passes(each.held, actor, now),
                tells=tells,
                actor=actor,
                now=now,
            )
            for each in meant
        ]
        audit.record(
            actor,
            "illness.report",
            "person",
            person.id,
            now=now,
            to_on=str(plan.to_on),
            swaps=[each.id for each in made],
        )
    return made


def decide(plan: Plan, *, actor: Actor, now: datetime) -> list[Swap]:
    """The same without asking: the first one named for each shift takes it, by the word of whoever may decide (their
    ``note`` says how). Raises as ``report``; Conflict when somebody could not take it after all."""
    first = {seat: list(codes)[:1] for seat, codes in plan.asks.items()}
    made = report(Plan(plan.person, plan.to_on, first, plan.note), tells=False, actor=actor, now=now)
    left = [each.id for each in made]
    try:
        for each in made:
            deciding.accept(each.id, person=each.asked[0].person.code, note=plan.note, actor=actor, now=now)
            left.remove(each.id)
    finally:
        for swap_id in left:  # asks that nobody was told of must not stay open
            swaps.cancel(swap_id, note=plan.note, actor=actor, now=now)
    return made


def _record(person: Person, to_on: date, *, actor: Actor, now: datetime) -> None:
    today = clock.local_date(now)
    stands = next((each for each in people.absences_of(person.id) if each.from_on <= today <= each.to_on), None)
    if stands is None:
        people_services.add_absence(person.code, today, to_on, "sick", now=now, actor=actor)
    elif stands.to_on < to_on:
        follows = stands.to_on + timedelta(days=1)
        people_services.add_absence(person.code, follows, to_on, stands.kind, now=now, actor=actor)


def _meant(person: Person, seat: int, codes: Sequence[str], actor: Actor, now: datetime) -> Meant:
    held = db.session.scalar(select(Duty).where(Duty.seat_id == seat, Duty.cancelled_at.is_(None)))
    if held is None or held.person_id != person.id or held.ends_at <= now:
        raise Conflict("confirmation.changed")
    swaps.ensure_may_ask_for(held, actor=actor, now=now)
    turn, turns = moments.turn_length(held.starts_at - now), dict[int, datetime]()
    for number, code in enumerate(codes):
        other = people.person_by_code(code)
        finding.refuse_broken(finding.weighed(held, other, None, now=now), None)
        turns[other.id] = now + number * turn
    return Meant(held, None, turns)
