"""A seat changes hands by agreement: what that would mean, and how it is carried out and written down."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select

from core.actor import Actor
from core.db import db
from core.errors import Conflict
from duty.swaps import finding, notices, queries, services as swaps, words
from duty.swaps.finding import Passed, Weighed
from duty.swaps.lines.line import SwapLine
from duty.swaps.models import Swap
from duty.swaps.swap_effects import PlannedLoad
from people.models import Person
from roster.confirmations import services as confirmations
from roster.covers import moving
from roster.covers.moving import MoveChange, Moves
from roster.dividing.parting import SplitSpan, left_from
from roster.models import Duty, Revision, Seat


def carry_out(
    swap: Swap, who: Person, still: Callable[[], Swap], *, reason: str | None, actor: Actor, now: datetime
) -> Swap:
    """``still()``: what must hold in the transaction that moves the seat; raises when it does not."""
    span = span_of(swap, now)

    def before() -> None:
        still()

    def after(changes: Sequence[MoveChange], revision: Revision) -> None:
        _close(swap, who, revision, actor=actor, now=now)

    moving.publish(
        swap.campaign_id,
        _moves(swap, who),
        moving.MoveHooks(
            note=lambda changes: _note([(each.leaves, each.comes) for each in changes]), before=before, after=after
        ),
        spans={shift_of(swap.seat_id): span} if span is not None else None,
        reason=reason,
        actor=actor,
        now=now,
    )
    return swap


def weighed(swap: Swap, who: Person, *, now: datetime) -> Weighed:
    """Return what it would mean that this person takes it, as the roster is now; of a chain what both asks would.
    Raises Conflict."""
    first, *more = queries.legs_of(swap)
    passed = Passed(held(more[0]), more[0].asked[0].person) if more else None
    taker = first.asked[0].person if more else who
    return finding.weighed(held(first), taker, in_return(first), span_of(first, now), passed=passed, now=now)


def sides(line: SwapLine, *, now: datetime) -> list[dict[str, Any]] | None:
    """For the API: both people before and after, with the only one who was asked or the first who said yes. Whoever
    takes the second seat of a chain does not read whose the first one is: they may be ill."""
    asked = line.accepted[:1] or (line.swap.asked if len(line.swap.asked) == 1 else [])
    if not asked:
        return None
    try:
        found = weighed(line.swap, asked[0].person, now=now)
    except Conflict:
        return None  # the roster has just changed
    return [
        {"person": found.names.people[each.person_id][0], "before": _load(each.before), "after": _load(each.after)}
        for each in found.effect.sides
        if line.chained is None or not line.chained.is_first or each.person_id != line.chained.swap.person_id
    ]


def _load(load: PlannedLoad) -> dict[str, float]:
    return {"shifts": load.shifts, "minutes": load.minutes, "points": load.points / 100}


def span_of(swap: Swap, now: datetime) -> SplitSpan | None:
    """The part that changes hands; None: the whole shift. Of one that runs what is left of it: what was served before
    is not rewritten."""
    duty = held(swap)
    start, end = swap.from_at or duty.starts_at, swap.to_at or duty.ends_at
    if start < now:
        return left_from(SplitSpan(start, end), now)
    return None if (start, end) == (duty.starts_at, duty.ends_at) else SplitSpan(start, end)


def _close(swap: Swap, who: Person, revision: Revision, *, actor: Actor, now: datetime) -> None:
    """With it whoever agreed has confirmed what they got."""
    legs, said = queries.legs_of(swap), dict[int, str]()
    for leg in legs:
        mine = next(each for each in leg.asked if len(legs) > 1 or each.person_id == who.id)
        leg.taker_id, leg.revision = mine.person_id, revision.number
        said[mine.person_id] = mine.answered_by
    swaps.close(swap, "approved", "", actor=actor, now=now)
    if swap.kind == "swap":
        said[swap.person_id] = swap.asked_by
    fresh = select(Duty).where(Duty.campaign_id == swap.campaign_id, Duty.sequence == revision.number)
    rows = db.session.scalars(fresh.where(Duty.cancelled_at.is_(None), Duty.person_id.in_(said))).all()
    confirmations.agreed(rows, said, now=now)
    line = queries.line(legs[0], now=now)
    notices.tell_others(line, now=now)
    notices.tell_managers(line, "moved", actor=actor, now=now)


def _moves(swap: Swap, who: Person) -> Moves:
    legs = queries.legs_of(swap)
    if len(legs) > 1:
        return [(shift_of(each.seat_id), each.person.code, each.asked[0].person.code) for each in legs]
    found = [(shift_of(swap.seat_id), swap.person.code, who.code)]
    if swap.for_seat_id is not None:
        found.append((shift_of(swap.for_seat_id), who.code, swap.person.code))
    return found


def shift_of(seat_id: int) -> int:
    return db.session.get_one(Seat, seat_id).shift_id


def held(swap: Swap) -> Duty:
    """The duty that is asked about."""
    wanted = select(Duty).where(Duty.seat_id == swap.seat_id, Duty.person_id == swap.person_id)
    return _still(db.session.scalar(wanted.where(Duty.cancelled_at.is_(None))))


def in_return(swap: Swap) -> Duty | None:
    if swap.for_seat_id is None:
        return None
    wanted = select(Duty).where(Duty.seat_id == swap.for_seat_id, Duty.cancelled_at.is_(None))
    return _still(db.session.scalar(wanted))


def _still(duty: Duty | None) -> Duty:
    """Conflict when a revision has just taken the seat away."""
    if duty is None:
        raise Conflict("swap.closed", state={"state": "void"}, ended=words.state("void"))
    return duty


def _note(pairs: Sequence[tuple[Person, Person]]) -> str:
    listed = "; ".join(f"{comes.full_name} ← {leaves.full_name}" for leaves, comes in pairs)
    return f"Đổi ca theo đề nghị: {listed}"
