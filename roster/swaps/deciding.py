"""Yes, no, and what a manager makes of it; and the seat that then changes hands."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from core import audit
from core.actor import Actor
from core.db import db, transaction
from core.errors import Conflict, Forbidden, Invalid
from people import queries as people
from people.models import Person
from roster.confirmations import services as confirmations
from roster.covers import moving
from roster.covers.moving import Change, Moves
from roster.models import Duty, Revision, Seat, Shift
from roster.swaps import finding, notices, queries, services as swaps, splitting, words
from roster.swaps.finding import Weighed
from roster.swaps.models import Swap
from roster.swaps.parting import Span
from roster.swaps.queries import Line
from roster.swaps.weighing import Load


def accept(swap_id: int, *, person: str | None = None, note: str = "", actor: Actor, now: datetime) -> Swap:
    """Somebody who was asked says yes; ``person``: the code of whom it is said for, else the person behind ``actor``.

    Where the ask passes by itself the seat moves with it, and the first yes is the only one. Raises NotFound,
    Forbidden; Conflict when it is over (naming who and when), breaks a rule by now, or asks somebody else; Invalid
    ``swap.how``.
    """
    swap, said = queries.get_swap(swap_id), swaps.tidy(note)
    who = _asked(swap, person, actor)
    swaps.ensure_speaks_for(who.id, swap.unit_id, said, actor=actor, now=now)
    swaps.refuse_closed(swap, now)
    held = _held(swap)
    reader = None if swaps.may_decide(actor, held.shift, now=now) else who.id
    finding.refuse_broken(weighed(swap, who, now=now), reader)

    def say_yes() -> Swap:
        mine = swaps.locked(swap_id)
        swaps.refuse_closed(mine, now)
        _answer(mine, who, "accepted", said, actor=actor, now=now)
        return mine

    if swap.passes:
        return _carry_out(swap, who, say_yes, reason=None, actor=actor, now=now)
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
        swaps.ensure_speaks_for(who.id, swap.unit_id, said, actor=actor, now=now)
        swaps.refuse_closed(swap, now)
        _answer(swap, who, "declined", said, actor=actor, now=now)
        if all(each.answer == "declined" for each in swap.asked):
            swaps.close(swap, "declined", "", actor=actor, now=now)
            notices.tell_asker(queries.line(swap, now=now), "declined", now=now)
        else:
            _next_turn(swap, now)
        if swap.state == "accepted" and not any(each.answer == "accepted" for each in swap.asked):
            swap.state = "asked"
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

    return _carry_out(swap, who, still, reason=reason, actor=actor, now=now)


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


def _carry_out(
    swap: Swap, who: Person, still: Callable[[], Swap], *, reason: str | None, actor: Actor, now: datetime
) -> Swap:
    """``still()``: what must hold in the transaction that moves the seat; raises when it does not."""
    span = span_of(swap)
    if span is not None:
        with transaction():
            mine = still()
            note = _note([(mine.person, who)])
            revision = splitting.give(_held(mine), span, who, note=note, reason=reason, actor=actor, now=now)
            _close(mine, who, revision, actor=actor, now=now)
            return mine

    def before() -> None:
        still()

    def after(changes: Sequence[Change], revision: Revision) -> None:
        _close(swap, who, revision, actor=actor, now=now)

    moving.publish(
        swap.campaign_id,
        _moves(swap, who),
        note=lambda changes: _note([(each.leaves, each.comes) for each in changes]),
        reason=reason,
        before=before,
        after=after,
        actor=actor,
        now=now,
    )
    return swap


def weighed(swap: Swap, who: Person, *, now: datetime) -> Weighed:
    """What it would mean that this person takes it, as the roster is now. Raises Conflict."""
    return finding.weighed(_held(swap), who, _in_return(swap), span_of(swap), now=now)


def sides(line: Line, *, now: datetime) -> list[dict[str, Any]] | None:
    """For the API: both people before and after, with the only one who was asked or the first who said yes."""
    asked = line.accepted[:1] or (line.swap.asked if len(line.swap.asked) == 1 else [])
    if not asked:
        return None
    found = weighed(line.swap, asked[0].person, now=now)
    return [
        {"person": found.names.people[each.person_id][0], "before": _load(each.before), "after": _load(each.after)}
        for each in found.effect.sides
    ]


def _load(load: Load) -> dict[str, float]:
    return {"shifts": load.shifts, "minutes": load.minutes, "points": load.points / 100}


def span_of(swap: Swap) -> Span | None:
    """The part that is asked about; None: the whole shift."""
    return Span(swap.from_at, swap.to_at) if swap.from_at is not None and swap.to_at is not None else None


def _close(swap: Swap, who: Person, revision: Revision, *, actor: Actor, now: datetime) -> None:
    """With it whoever agreed has confirmed what they got."""
    swap.taker_id, swap.revision = who.id, revision.number
    swaps.close(swap, "approved", "", actor=actor, now=now)
    agreed = {who.id, swap.person_id} if swap.kind == "swap" else {who.id}
    fresh = select(Duty).where(Duty.campaign_id == swap.campaign_id, Duty.sequence == revision.number)
    rows = db.session.scalars(fresh.where(Duty.cancelled_at.is_(None), Duty.person_id.in_(agreed))).all()
    confirmations.agreed(rows, now=now)
    notices.tell_others(queries.line(swap, now=now), now=now)


def _moves(swap: Swap, who: Person) -> Moves:
    found = [(_shift_of(swap.seat_id), swap.person.code, who.code)]
    if swap.for_seat_id is not None:
        found.append((_shift_of(swap.for_seat_id), who.code, swap.person.code))
    return found


def _shift_of(seat_id: int) -> int:
    return db.session.get_one(Seat, seat_id).shift_id


def _held(swap: Swap) -> Duty:
    """The duty that is asked about."""
    held = select(Duty).where(Duty.seat_id == swap.seat_id, Duty.person_id == swap.person_id)
    return _still(db.session.scalar(held.where(Duty.cancelled_at.is_(None))))


def _in_return(swap: Swap) -> Duty | None:
    if swap.for_seat_id is None:
        return None
    held = select(Duty).where(Duty.seat_id == swap.for_seat_id, Duty.cancelled_at.is_(None))
    return _still(db.session.scalar(held))


def _still(duty: Duty | None) -> Duty:
    """Conflict when a revision has just taken the seat away."""
    if duty is None:
        raise Conflict("swap.closed", state={"state": "void"}, ended=words.state("void"))
    return duty


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


def _next_turn(swap: Swap, now: datetime) -> None:
    """Somebody has said no: who comes after them need not wait for their time to be over."""
    following = next((each for each in swap.asked if each.answer is None and each.told_at is None), None)
    if following is not None:
        following.turn_at = min(following.turn_at, now)


def _ensure_decides(swap: Swap, actor: Actor, now: datetime) -> None:
    seats = [each for each in (swap.seat_id, swap.for_seat_id) if each is not None]
    for seat_id in seats:
        shift = db.session.get_one(Shift, _shift_of(seat_id))
        if not swaps.may_decide(actor, shift, now=now):
            raise Forbidden("forbidden", state={"action": "campaign.publish"})


def _note(pairs: Sequence[tuple[Person, Person]]) -> str:
    listed = "; ".join(f"{comes.full_name} ← {leaves.full_name}" for leaves, comes in pairs)
    return f"Đổi ca theo đề nghị: {listed}"
