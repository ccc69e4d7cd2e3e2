"""Record that somebody cannot come, and ask others for each of their shifts in turn, or say at once who serves."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from sqlalchemy import select

from core import audit
from core.actor import Actor
from core.db import db, transaction
from core.errors import Conflict, Invalid
from duty.illness import hits
from duty.swaps import chaining, finding, rights, services as swaps, swap_deadlines
from duty.swaps.chaining import Chain
from duty.swaps.models import Swap
from duty.swaps.services import DraftSwap, SwapWanted
from people import queries as people
from people.absences import services as absence_services
from people.links import slips
from people.models import Person
from roster.covers import moving, services as covering
from roster.covers.moving import MoveChange
from roster.dividing.parting import SplitSpan, left_from
from roster.draft.services import get_shift
from roster.models import Duty, Revision

MOST = 10
"""People who are asked for one shift, one after the other."""


@dataclass(frozen=True)
class IllnessPlan:
    """``asks``: seat id → codes of whom to ask, in this order; ``chains``: seat id → the two who are asked together.
    ``note``: how one heard it, for those who manage; ``from_on``: the first day, None: today."""

    person: str
    to_on: date
    asks: Mapping[int, Sequence[str]]
    note: str
    chains: Mapping[int, Chain] = field(default_factory=dict)
    from_on: date | None = None


def record(person_code: str, to_on: date, *, from_on: date | None = None, actor: Actor, now: datetime) -> None:
    """That they cannot come from ``from_on`` (None: today) to ``to_on``, and no more: nobody left to ask, or all of it
    asked already.

    Their shifts are unsure from now on. Raises Forbidden; twice is as once.
    """
    slips.ensure_none(actor)
    with transaction():
        _record(people.person_by_code(person_code), from_on, to_on, actor=actor, now=now)


def report(plan: IllnessPlan, *, actor: Actor, now: datetime) -> list[Swap]:
    """Whole or not at all: the absence from its first day to ``to_on``, where it does not stand yet, and the asks.

    Each has some minutes or hours (``swap_deadlines.turn_length``) before the next is asked too; the first yes of an
    ask that its maker could decide moves the shift, of one that runs what is left of it. Raises Invalid
    ``illness.nobody``, ``swap.how``; Forbidden; Conflict ``swap.open_already``, ``swap.breaks_rules``,
    ``confirmation.changed``.
    """
    slips.ensure_none(actor)
    person, note = people.person_by_code(plan.person), _note(plan, actor)
    meant = [_meant(person, seat, codes, actor, now=now) for seat, codes in _asks(plan).items()]
    chains = [_chain(person, seat, chain, now) for seat, chain in sorted(plan.chains.items())]
    for chain in chains:
        chaining.ensure_askable(chain, actor=actor, now=now)
    with transaction():
        _record(person, plan.from_on, plan.to_on, actor=actor, now=now)
        made = [
            swaps.write(
                each,
                SwapWanted("cover", note=note, span=_left(each.held, now)),
                passes=rights.passes(each.held, None, actor, now),
                actor=actor,
                now=now,
            )
            for each in meant
        ]
        made += [chaining.write(each, note=note, actor=actor, now=now) for each in chains]
        told = [each.id for each in made]
        audit.record(actor, "illness.report", "person", person.id, now=now, **_days(plan), swaps=told)
    return made


def decide(plan: IllnessPlan, *, actor: Actor, now: datetime) -> int:
    """Decide without asking: the first one named for each shift takes it, by the word of whoever may decide; of a shift
    that runs, what is left of it. Answers how many.

    The shifts of one campaign move together or not at all, with the absence. Raises as ``report``; Conflict
    ``illness.may_not_decide``, ``cover.needs_consent``, ``shift.breaks_rules``.
    """
    person, note = people.person_by_code(plan.person), _note(plan, actor)
    found = [(_held(person, seat, now), people.person_by_code(codes[0])) for seat, codes in _asks(plan).items()]
    for seat, each in sorted(plan.chains.items()):
        chain = _chain(person, seat, each, now)
        found += [(chain.held, chain.taker), (chain.passed, chain.heir)]
    for duty, _comes in found:
        if not rights.may_decide(actor, duty.shift, now=now):
            raise Conflict("illness.may_not_decide", state={"shift": duty.shift_id})
    covering.refuse_outsiders(actor, [(duty.shift, comes) for duty, comes in found], now=now)
    by_campaign = defaultdict[int, list[tuple[Duty, Person]]](list)
    for duty, comes in found:
        by_campaign[duty.campaign_id].append((duty, comes))
    for campaign_id, moves in sorted(by_campaign.items()):
        _move(campaign_id, moves, person, plan, note=note, actor=actor, now=now)
    return len(found)


def _move(
    campaign_id: int,
    moves: Iterable[tuple[Duty, Person]],
    person: Person,
    plan: IllnessPlan,
    *,
    note: str,
    actor: Actor,
    now: datetime,
) -> None:
    def before() -> None:
        _record(person, plan.from_on, plan.to_on, actor=actor, now=now)

    def after(changes: Sequence[MoveChange], revision: Revision) -> None:
        seats = [each.seat for each in changes]
        about = {"seats": seats, "revision": revision.number, "note": note}
        audit.record(actor, "illness.decide", "person", person.id, now=now, **about)
        for each in changes:
            covering.tell_managers(campaign_id, get_shift(each.shift_id), each, revision.number, actor=actor, now=now)

    moving.publish(
        campaign_id,
        [(duty.shift_id, duty.person.code, comes.code) for duty, comes in moves],
        moving.MoveHooks(
            note=lambda changes: "; ".join(f"{each.comes.full_name} ← {each.leaves.full_name}" for each in changes),
            before=before,
            after=after,
        ),
        actor=actor,
        now=now,
    )


def _note(plan: IllnessPlan, actor: Actor) -> str:
    note = swaps.tidy(plan.note)
    if not note and actor.person_id != people.person_by_code(plan.person).id:
        raise Invalid("swap.how", field="note")
    return note


def _asks(plan: IllnessPlan) -> dict[int, list[str]]:
    asks = {seat: list(dict.fromkeys(codes))[:MOST] for seat, codes in plan.asks.items() if codes}
    if not asks and not plan.chains:
        raise Invalid("illness.nobody", field="ask")
    return asks


def _days(plan: IllnessPlan) -> dict[str, str]:
    first = {"from_on": str(plan.from_on)} if plan.from_on is not None else {}
    return {**first, "to_on": str(plan.to_on)}


def _record(person: Person, from_on: date | None, to_on: date, *, actor: Actor, now: datetime) -> None:
    """The days on which they are not recorded away already, in the caller's transaction."""
    free = hits.unrecorded(person, to_on, from_on=from_on, now=now)
    while free:
        last = free[0]
        while last + timedelta(days=1) in free:
            last += timedelta(days=1)
        absence_services.add_absence(person.code, free[0], last, "sick", now=now, actor=actor)
        free = [day for day in free if day > last]


def _held(person: Person, seat: int, now: datetime) -> Duty:
    held = db.session.scalar(select(Duty).where(Duty.seat_id == seat, Duty.cancelled_at.is_(None)))
    if held is None or held.person_id != person.id or held.ends_at <= now:
        raise Conflict("confirmation.changed")
    return held


def _chain(person: Person, seat: int, chain: Chain, now: datetime) -> Chain:
    """Return the chain as it is now. Conflict ``confirmation.changed`` when either seat is somebody else's by now."""
    return replace(chain, held=_held(person, seat, now), passed=_held(chain.taker, chain.passed.seat_id, now))


def _left(held: Duty, now: datetime) -> SplitSpan | None:
    """Return the part of the shift that somebody is asked to take; None: all of it.

    What was served of a shift that runs stays, and nobody is asked for it.
    """
    whole = SplitSpan(held.starts_at, held.ends_at)
    left = left_from(whole, now) if held.starts_at <= now else whole
    return None if left == whole else left


def _meant(person: Person, seat: int, codes: Sequence[str], actor: Actor, *, now: datetime) -> DraftSwap:
    held = _held(person, seat, now)
    rights.ensure_may_ask_for(held, actor=actor, now=now)
    turn, turns = swap_deadlines.turn_length(held.starts_at - now), dict[int, datetime]()
    span = _left(held, now)
    for number, code in enumerate(codes):
        other = people.person_by_code(code)
        finding.refuse_broken(finding.weighed(held, other, None, span, now=now), None)
        turns[other.id] = now + number * turn
    return DraftSwap(held, None, turns)
