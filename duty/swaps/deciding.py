"""Yes, no, and what a manager makes of it; and the seat that then changes hands."""

from __future__ import annotations

from datetime import datetime

from core import audit
from core.actor import Actor
from core.db import db, transaction
from core.errors import Conflict, Forbidden, Invalid
from duty.swaps import carrying, finding, notices, queries, rights, services as swaps, swap_deadlines
from duty.swaps.lines.line import SwapLine
from duty.swaps.models import Swap
from people import queries as people
from people.access import guard
from people.links import slips
from people.models import Person
from roster.covers import services as covering
from roster.models import Shift


def accept(swap_id: int, *, person: str | None = None, note: str = "", actor: Actor, now: datetime) -> Swap:
    """Somebody who was asked says yes; ``person``: the code of whom it is said for, else the person behind ``actor``.

    Where the ask passes by itself the seat moves with it, and the first yes is the only one; of a chain both must say
    yes, and both seats move with the second. Raises NotFound, Forbidden; Conflict when it is over (naming who and
    when), breaks a rule by now, or asks somebody else; Invalid ``swap.how``.
    """
    slips.ensure_none(actor)
    said = swaps.tidy(note)
    swap, who = _asked(queries.get_swap(swap_id), person, actor)
    rights.ensure_speaks_for(who.id, who.unit_id, said, actor=actor, now=now)
    swaps.refuse_closed(swap, now)
    shift, asked_id = carrying.held(swap).shift, swap.id
    if actor.person_id != who.id:
        covering.refuse_outsiders(actor, [(shift, who)], now=now)
    reader = None if rights.may_decide(actor, shift, now=now) else who.id
    finding.refuse_broken(carrying.weighed(swap, who, now=now), reader)

    def say_yes() -> Swap:
        mine = swaps.locked(asked_id)
        swaps.refuse_closed(mine, now)
        _answer(mine, who, "accepted", said, actor=actor, now=now)
        return mine

    if not swap.passes or _waits_for_another(swap):
        with transaction():
            mine = swaps.locked(asked_id)
            if not mine.passes or _waits_for_another(mine):
                _agreed(say_yes(), actor, now)
                return mine
    try:
        return carrying.carry_out(swap, who, say_yes, reason=None, actor=actor, now=now)
    except Conflict as fault:
        raise _for_reader(fault, None if reader is None else who) from fault


def _for_reader(fault: Conflict, reader: Person | None) -> Conflict:
    """Colleagues read of themselves alone what would be broken: of the other it may be an illness."""
    if fault.code != "shift.breaks_rules" or reader is None:
        return fault
    shown = [each for each in fault.state["violations"] if each["person"] == reader.code]
    return Conflict("swap.breaks_rules", state={"violations": shown})


def _agreed(swap: Swap, actor: Actor, now: datetime) -> None:
    """It waits for a decision, once nobody else's yes is needed."""
    if _waits_for_another(swap):
        return
    legs = queries.legs_of(swap)
    for leg in legs:
        leg.state = "accepted"
    notices.tell_managers(queries.line(legs[0], now=now), "accepted", actor=actor, now=now)


def _waits_for_another(swap: Swap) -> bool:
    """Whether the other ask of its chain has no yes yet. One person is asked for each."""
    others = [leg for leg in queries.legs_of(swap) if leg.id != swap.id]
    return any(each.answer != "accepted" for leg in others for each in leg.asked)


def decline(swap_id: int, *, person: str | None = None, note: str = "", actor: Actor, now: datetime) -> Swap:
    """Somebody who was asked says no; when nobody is left to ask, that is the end of it, and with one of a chain of
    both asks. Raises as ``accept``."""
    slips.ensure_none(actor)
    said = swaps.tidy(note)
    with transaction():
        swap, who = _asked(swaps.locked(swap_id), person, actor)
        rights.ensure_speaks_for(who.id, who.unit_id, said, actor=actor, now=now)
        swaps.refuse_closed(swap, now)
        says_no(swap, who, said, actor=actor, now=now)
        return swap


def says_no(swap: Swap, who: Person, note: str, *, actor: Actor, now: datetime) -> None:
    """Decline as ``decline`` does, an open ask that is locked, in the caller's transaction."""
    _answer(swap, who, "declined", note, actor=actor, now=now)
    if swap.state == "accepted" and not any(each.answer == "accepted" for each in swap.asked):
        swap.state = "asked"
    if all(each.answer == "declined" for each in swap.asked):
        swaps.close(swap, "declined", "", actor=actor, now=now)
        line = queries.line(queries.legs_of(swap)[0], now=now)
        notices.release(line, "declined", now=now)
        notices.tell_nobody_comes(line, "declined", actor=actor, now=now)
        return
    swap_deadlines.next_turn(swap, now)
    notices.ask_those_due(queries.line(swap, now=now), now=now)


def approve(
    swap_id: int, *, taker: str | None = None, override_reason: str | None = None, actor: Actor, now: datetime
) -> Swap:
    """A manager lets it pass; ``taker``: the code of one of those who said yes, needed when several did.

    Of a chain both seats move. With ``override_reason`` also what breaks a rule. Raises Forbidden; Conflict; Invalid
    ``swap.who``.
    """
    legs = queries.legs_of(queries.get_swap(swap_id))
    swap = legs[0]
    _ensure_decides(swap, actor, now)
    swaps.refuse_closed(swap, now)
    if len(legs) > 1 and swap.state != "accepted":
        raise Conflict("swap.chain_waits", state={"swap": swap.id})
    yes = [each.person for each in swap.asked if each.answer == "accepted"]
    chosen = next((each for each in yes if taker is None or each.code == taker), None)
    if chosen is None or (taker is None and len(yes) > 1):
        raise Invalid("swap.who", field="taker")
    who, reason, first_id = chosen, (override_reason or "").strip() or None, swap.id

    def still() -> Swap:
        mine = swaps.locked(first_id)
        _ensure_decides(mine, actor, now)
        swaps.refuse_closed(mine, now)
        if _waits_for_another(mine) or not any(
            each.person_id == who.id and each.answer == "accepted" for each in mine.asked
        ):
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
        line = queries.line(queries.legs_of(swap)[0], now=now)
        notices.tell_asker(line, "rejected", now=now)
        notices.release(line, "rejected", now=now)
        return swap


def _asked(swap: Swap, person: str | None, actor: Actor) -> tuple[Swap, Person]:
    """Whose answer it is, and which of a chain's asks is put to them."""
    if person is None and actor.person_id is None:
        raise Invalid("swap.no_person", field="person")
    who = people.person_by_code(person) if person else people.person_by_id(actor.person_id or 0)
    for leg in queries.legs_of(swap):
        if any(each.person_id == who.id for each in leg.asked):
            return leg, who
    raise Conflict("swap.not_asked", state={"person": who.code}, name=who.full_name)


def _answer(swap: Swap, who: Person, answer: str, note: str, *, actor: Actor, now: datetime) -> None:
    mine = next(each for each in swap.asked if each.person_id == who.id)
    mine.answer, mine.answered_at, mine.answered_by, mine.note = answer, now, actor.name, note
    audit.record(actor, f"swap.{answer}", "swap", swap.id, now=now, seat=swap.seat_id, person=who.id)


def may_decide(line: SwapLine, actor: Actor, *, now: datetime) -> bool:
    """Whether the actor decides about every seat that would move."""
    shifts = [line.shift, line.in_return, line.chained.shift if line.chained is not None else None]
    return line.is_open and all(rights.may_decide(actor, each, now=now) for each in shifts if each is not None)


def _ensure_decides(swap: Swap, actor: Actor, now: datetime) -> None:
    seats = [each for leg in queries.legs_of(swap) for each in (leg.seat_id, leg.for_seat_id) if each is not None]
    for seat_id in seats:
        shift = db.session.get_one(Shift, carrying.shift_of(seat_id))
        if not rights.may_decide(actor, shift, now=now):
            if rights.is_bound(shift.campaign) and guard.allowed(actor, "campaign.publish", shift.unit_id, now=now):
                raise Conflict("swap.needs_approval", state={"swap": swap.id}, name=shift.campaign.name)
            raise Forbidden("forbidden", state={"action": "campaign.publish"})
