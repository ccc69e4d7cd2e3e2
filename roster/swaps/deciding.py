"""Yes, no, and what a manager makes of it; and the seat that then changes hands."""

from __future__ import annotations

from datetime import datetime

from core import audit
from core.actor import Actor
from core.db import db, transaction
from core.errors import Conflict, Forbidden, Invalid
from people import queries as people
from people.models import Person
from roster.covers import services as covering
from roster.models import Shift
from roster.swaps import carrying, finding, moments, notices, queries, rights, services as swaps
from roster.swaps.models import Swap


def accept(swap_id: int, *, person: str | None = None, note: str = "", actor: Actor, now: datetime) -> Swap:
    """Somebody who was asked says yes; ``person``: the code of whom it is said for, else the person behind ``actor``.

    Where the ask passes by itself the seat moves with it, and the first yes is the only one. Raises NotFound,
    Forbidden; Conflict when it is over (naming who and when), breaks a rule by now, or asks somebody else; Invalid
    ``swap.how``.
    """
    swap, said = queries.get_swap(swap_id), swaps.tidy(note)
    who = _asked(swap, person, actor)
    rights.ensure_speaks_for(who.id, who.unit_id, said, actor=actor, now=now)
    swaps.refuse_closed(swap, now)
    shift = carrying.held(swap).shift
    if actor.person_id != who.id:
        covering.refuse_outsiders(actor, [(shift, who)], now=now)
    reader = None if rights.may_decide(actor, shift, now=now) else who.id
    finding.refuse_broken(carrying.weighed(swap, who, now=now), reader)

    def say_yes() -> Swap:
        mine = swaps.locked(swap_id)
        swaps.refuse_closed(mine, now)
        _answer(mine, who, "accepted", said, actor=actor, now=now)
        return mine

    if swap.passes:
        return carrying.carry_out(swap, who, say_yes, reason=None, actor=actor, now=now)
    with transaction():
        swap = say_yes()
        swap.state = "accepted"
        notices.tell_managers(queries.line(swap, now=now), "accepted", actor=actor, now=now)
        return swap


def decline(swap_id: int, *, person: str | None = None, note: str = "", actor: Actor, now: datetime) -> Swap:
    """Somebody who was asked says no; when nobody is left to ask, that is the end of it. Raises as ``accept``."""
    said = swaps.tidy(note)
    with transaction():
        swap = swaps.locked(swap_id)
        who = _asked(swap, person, actor)
        rights.ensure_speaks_for(who.id, who.unit_id, said, actor=actor, now=now)
        swaps.refuse_closed(swap, now)
        _answer(swap, who, "declined", said, actor=actor, now=now)
        if swap.state == "accepted" and not any(each.answer == "accepted" for each in swap.asked):
            swap.state = "asked"
        if all(each.answer == "declined" for each in swap.asked):
            swaps.close(swap, "declined", "", actor=actor, now=now)
            notices.tell_nobody_comes(queries.line(swap, now=now), "declined", actor=actor, now=now)
            return swap
        moments.next_turn(swap, now)
        notices.ask_those_due(queries.line(swap, now=now), now=now)
        return swap


def approve(
    swap_id: int, *, taker: str | None = None, override_reason: str | None = None, actor: Actor, now: datetime
) -> Swap:
    """A manager lets it pass; ``taker``: the code of one of those who said yes, needed when several did.

    With ``override_reason`` also what breaks a rule. Raises Forbidden; Conflict; Invalid ``swap.who``.
    """
    swap = queries.get_swap(swap_id)
    _ensure_decides(swap, actor, now)
    swaps.refuse_closed(swap, now)
    yes = [each.person for each in swap.asked if each.answer == "accepted"]
    chosen = next((each for each in yes if taker is None or each.code == taker), None)
    if chosen is None or (taker is None and len(yes) > 1):
        raise Invalid("swap.who", field="taker")
    who, reason = chosen, (override_reason or "").strip() or None

    def still() -> Swap:
        mine = swaps.locked(swap_id)
        _ensure_decides(mine, actor, now)
        swaps.refuse_closed(mine, now)
        if not any(each.person_id == who.id and each.answer == "accepted" for each in mine.asked):
            raise Conflict("swap.yes_gone", state={"person": who.code}, name=who.full_name)
        return mine

    return carrying.carry_out(swap, who, still, reason=reason, actor=actor, now=now)


def reject(swap_id: int, *, note: str, actor: Actor, now: datetime) -> Swap:
    """A manager does not let it pass, and says why (``note``). Raises Forbidden, Conflict, Invalid ``swap.reason``."""
    said = swaps.tidy(note)
    if not said:
        raise Invalid("swap.reason", field="note")
    with transaction():
        swap = swaps.locked(swap_id)
        _ensure_decides(swap, actor, now)
        swaps.refuse_closed(swap, now)
        swaps.close(swap, "rejected", said, actor=actor, now=now)
        line = queries.line(swap, now=now)
        notices.tell_asker(line, "rejected", now=now)
        notices.tell_accepted(line, "rejected", now=now)
        return swap


def _asked(swap: Swap, person: str | None, actor: Actor) -> Person:
    if person is None and actor.person_id is None:
        raise Invalid("swap.no_person", field="person")
    who = people.person_by_code(person) if person else people.person_by_id(actor.person_id or 0)
    if not any(each.person_id == who.id for each in swap.asked):
        raise Conflict("swap.not_asked", state={"person": who.code}, name=who.full_name)
    return who


def _answer(swap: Swap, who: Person, answer: str, note: str, *, actor: Actor, now: datetime) -> None:
    mine = next(each for each in swap.asked if each.person_id == who.id)
    mine.answer, mine.answered_at, mine.answered_by, mine.note = answer, now, actor.name, note
    audit.record(actor, f"swap.{answer}", "swap", swap.id, now=now, seat=swap.seat_id, person=who.id)


def _ensure_decides(swap: Swap, actor: Actor, now: datetime) -> None:
    seats = [each for each in (swap.seat_id, swap.for_seat_id) if each is not None]
    for seat_id in seats:
        shift = db.session.get_one(Shift, carrying.shift_of(seat_id))
        if not rights.may_decide(actor, shift, now=now):
            raise Forbidden("forbidden", state={"action": "campaign.publish"})
