"""Ask others to take a published seat, in exchange for one of theirs or for nothing; take an ask back.

Nothing moves yet: that needs a yes and, where the campaign does not let lawful swaps pass, a decision (``deciding``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select

from core import audit
from core.actor import Actor
from core.db import db, transaction
from core.errors import Conflict, Invalid
from core.i18n import dt
from core.security import throttle
from core.security.throttle import AttemptLimit
from duty.swaps import finding, notices, queries, rights, swap_deadlines, words
from duty.swaps.models import KINDS, OPEN, Swap, SwapAsked
from notify import outbox
from people import queries as people
from people.access import guard
from people.links import slips
from roster.campaigns import holders
from roster.campaigns.queries import locked_campaign
from roster.dividing.parting import SplitSpan
from roster.models import Duty

LONGEST_NOTE = 500
ASKS = AttemptLimit(10, timedelta(hours=1))
"""Of one person: each is a message to many."""
LEAST_PART = 30
"""Minutes."""


@dataclass(frozen=True)
class SwapWanted:
    """``with_person``: a code, or None: everybody who could. ``for_seat``: theirs, in a swap. ``span``: that part."""

    kind: str
    with_person: str | None = None
    for_seat: int | None = None
    span: SplitSpan | None = None
    note: str = ""


@dataclass(frozen=True)
class DraftSwap:
    """An ask before it is written. ``turns``: person id → from when on they are asked. ``read``: the sequences of both
    duties when they were judged; a transaction that begins reads the duties anew."""

    held: Duty
    in_return: Duty | None
    turns: Mapping[int, datetime]
    read: tuple[int | None, ...] = ()

    def __post_init__(self) -> None:
        if not self.read:
            back = self.in_return.sequence if self.in_return is not None else None
            object.__setattr__(self, "read", (self.held.sequence, back))


def ask(seat_id: int, wanted: SwapWanted, *, person: str | None = None, actor: Actor, now: datetime) -> Swap:
    """The holder of a published seat asks for somebody else on it; ``person``: the code of whom it is asked for, else
    the person behind ``actor``; then ``wanted.note`` says how one heard it.

    An ask of somebody who could decide it passes with the first yes; it is not for those who are asked then why the
    holder cannot come. Raises NotFound ``duty.unknown_seat``; Invalid
    (``swap.kind``, ``swap.for_seat``, ``swap.part``, ``swap.how``, ``swap.note_long``); Conflict ``seat.anothers``,
    ``seat.empty``, ``swap.too_late``, ``swap.moves_nothing``, ``swap.other_campaign``, ``swap.breaks_rules``,
    ``swap.nobody``, ``swap.open_already``; Forbidden.
    """
    slips.ensure_none(actor)
    note = tidy(wanted.note)
    held = _held(seat_id, person, actor, now)
    if not note and actor.person_id != held.person_id:
        raise Invalid("swap.how", field="note")
    throttle.take({throttle.key_of("swap-asks", str(held.person_id)): ASKS}, now=now)
    reader = None if rights.may_decide(actor, held.shift, now=now) else held.person_id
    meant = _meant(held, wanted, reader, now=now)
    return write(meant, wanted, passes=rights.passes(held, meant.in_return, actor, now), actor=actor, now=now)


def write(
    meant: DraftSwap, wanted: SwapWanted, *, passes: bool, tells: bool = True, actor: Actor, now: datetime
) -> Swap:
    """Put it down and ask those whose turn it is; not where somebody answers for them at once (``tells``).

    Raises Conflict ``swap.open_already``, or as ``ask`` when a seat has moved meanwhile.
    """
    with transaction():
        one_at_a_time(meant.held.campaign_id)
        swap = put(meant, wanted, passes=passes, told_at=None if tells else now, actor=actor, now=now)
        line = queries.line(swap, now=now)
        notices.ask_those_due(line, now=now)
        if swap.kind == "drop":
            notices.tell_managers(line, "drop", actor=actor, now=now)
        return swap


def put(
    meant: DraftSwap, wanted: SwapWanted, *, passes: bool, told_at: datetime | None = None, actor: Actor, now: datetime
) -> Swap:
    """Put it down, and ask nobody yet; in the caller's transaction, after ``one_at_a_time``. Raises as ``write``."""
    held = meant.held
    _refuse_moved(meant)
    _refuse_second(meant, now)
    swap = _row(meant, wanted, passes=passes, actor=actor, now=now)
    swap.asked = [SwapAsked(person_id=each, turn_at=at, told_at=told_at) for each, at in meant.turns.items()]
    db.session.add(swap)
    db.session.flush()
    facts = {"swap": swap.id, "kind": swap.kind, "person": held.person_id, "asked": sorted(meant.turns)}
    audit.record(actor, "swap.ask", "seat", held.seat_id, now=now, **facts)
    return swap


def _row(meant: DraftSwap, wanted: SwapWanted, *, passes: bool, actor: Actor, now: datetime) -> Swap:
    held, back = meant.held, meant.in_return
    is_own, note = actor.person_id == held.person_id, tidy(wanted.note)
    return Swap(
        campaign_id=held.campaign_id,
        unit_id=held.unit_id,
        kind=wanted.kind,
        seat_id=held.seat_id,
        sequence=held.sequence,
        person_id=held.person_id,
        for_seat_id=back.seat_id if back else None,
        for_sequence=back.sequence if back else None,
        from_at=wanted.span.start if wanted.span else None,
        to_at=wanted.span.end if wanted.span else None,
        note=note if is_own else "",
        heard="" if is_own else note,
        passes=passes,
        asked_at=now,
        asked_by=actor.name,
        asked_by_id=actor.person_id,
        expires_at=swap_deadlines.expires_at(_first_start(meant), now),
    )


def cancel(swap_id: int, *, note: str = "", actor: Actor, now: datetime) -> Swap:
    """Return whoever asked takes it back, or somebody who may speak for them and says how they heard it (``note``).

    Raises NotFound, Forbidden; Conflict when it is over; Invalid ``swap.how``.
    """
    slips.ensure_none(actor)
    with transaction():
        swap = locked(swap_id)
        first = queries.legs_of(swap)[0]  # whoever has the second seat of a chain was asked, and has asked for nothing
        rights.ensure_speaks_for(first.person_id, first.unit_id, tidy(note), actor=actor, now=now)
        refuse_closed(swap, now)
        close(swap, "cancelled", tidy(note), actor=actor, now=now)
        notices.release(queries.line(first, now=now), "cancelled", now=now)
        return swap


def close(swap: Swap, state: str, note: str, *, actor: Actor, now: datetime) -> None:
    """Close it with the other ask of its chain; in the caller's transaction. What was not sent yet about it is taken
    back."""
    for leg in queries.legs_of(swap):
        outbox.cancel(notices.topic(leg), now=now)
        outbox.cancel(notices.call_topic(leg), now=now)
        leg.state, leg.closed_at, leg.closed_by, leg.closing_note = state, now, actor.name, note
        audit.record(actor, f"swap.{state}", "swap", leg.id, now=now, seat=leg.seat_id, note=note)


def one_at_a_time(campaign_id: int) -> None:
    """Asks, answers and decisions of a campaign wait for each other: two at once never promise a seat twice."""
    throttle.hold(throttle.key_of("swaps", str(campaign_id)))


def locked(swap_id: int) -> Swap:
    """The ask as it is now, kept from others until the transaction ends. Raises NotFound."""
    swap = queries.get_swap(swap_id)
    one_at_a_time(swap.campaign_id)
    db.session.refresh(swap)
    return swap


def refuse_closed(swap: Swap, now: datetime) -> None:
    """Conflict naming what became of it, who did it and when."""
    state = queries.state_of(swap, now)
    if state in OPEN:
        return
    at, ended = swap.closed_at, words.state(state)
    facts = {"state": state, "by": swap.closed_by, "at": at.isoformat() if at else None}
    if at is not None and swap.closed_by:
        raise Conflict("swap.decided", state=facts, ended=ended, by=swap.closed_by, at=dt(at))
    raise Conflict("swap.closed", state=facts, ended=ended)


def tidy(note: str) -> str:
    said = " ".join(note.split())
    if len(said) > LONGEST_NOTE:
        raise Invalid("swap.note_long", field="note", limit=LONGEST_NOTE)
    return said


def _held(seat_id: int, person: str | None, actor: Actor, now: datetime) -> Duty:
    """Whose a seat is that is not one's own, is told to nobody who might not ask for it."""
    duty = holders.duty_on_seat(seat_id)
    rights.ensure_may_ask_for(duty, actor=actor, now=now)
    holders.ensure_theirs(duty, person, actor)
    return duty


def _meant(held: Duty, wanted: SwapWanted, reader: int | None, *, now: datetime) -> DraftSwap:
    if wanted.kind not in KINDS:
        raise Invalid("swap.kind", field="kind")
    if held.starts_at < now + swap_deadlines.LEAST_AHEAD:
        raise Conflict("swap.too_late", state={"starts_at": held.starts_at.isoformat()})
    if wanted.kind == "swap":
        return _in_exchange(held, wanted, reader, now=now)
    if wanted.for_seat is not None:
        raise Invalid("swap.for_seat", field="for_seat")
    _check_span(held, wanted.span)
    person = people.person_by_code(wanted.with_person) if wanted.with_person else None
    asked = finding.who_is_asked(held, person, wanted.span, reader=reader, now=now)
    return DraftSwap(held, None, dict.fromkeys(asked, now))


def _in_exchange(held: Duty, wanted: SwapWanted, reader: int | None, *, now: datetime) -> DraftSwap:
    if wanted.span is not None:
        raise Invalid("swap.part_of_swap", field="from")
    if wanted.for_seat is None or not wanted.with_person:
        raise Invalid("swap.for_seat", field="for_seat")
    person, other = people.person_by_code(wanted.with_person), holders.duty_on_seat(wanted.for_seat)
    if other.campaign_id != held.campaign_id:
        raise Conflict("swap.other_campaign")
    if other.person_id != person.id:
        raise Conflict("swap.not_theirs", name=person.full_name)
    if other.starts_at < now + swap_deadlines.LEAST_AHEAD:
        raise Conflict("swap.too_late", state={"starts_at": other.starts_at.isoformat()})
    finding.refuse_broken(finding.weighed(held, person, other, now=now), reader)
    return DraftSwap(held, other, {person.id: now})


def _check_span(held: Duty, span: SplitSpan | None) -> None:
    if span is None:
        return
    inside = held.starts_at <= span.start < span.end <= held.ends_at
    if not inside or span.minutes < LEAST_PART or (span.start, span.end) == (held.starts_at, held.ends_at):
        raise Invalid("swap.part", field="from")


def _first_start(meant: DraftSwap) -> datetime:
    return min([meant.held.starts_at, *([meant.in_return.starts_at] if meant.in_return else [])])


def _refuse_moved(meant: DraftSwap) -> None:
    """What was read before the lock holds still."""
    for duty, was in zip((meant.held, meant.in_return), meant.read, strict=True):
        if duty is None:
            continue
        db.session.refresh(duty)
        if duty.cancelled_at is not None or duty.sequence != was:
            raise Conflict("confirmation.changed")


def _refuse_second(meant: DraftSwap, now: datetime) -> None:
    """One open ask a seat; what is over only by its time or by a move is closed on the way."""
    seats = {meant.held.seat_id, *([meant.in_return.seat_id] if meant.in_return else [])}
    for swap in db.session.scalars(select(Swap).where(Swap.seat_id.in_(seats), Swap.state.in_(OPEN))):
        state = queries.state_of(swap, now)
        if state in OPEN:
            raise Conflict("swap.open_already", state={"swap": swap.id})
        swap.state, swap.closed_at = state, now
    db.session.flush()


def let_pass(campaign_id: int, lets: bool, *, actor: Actor, now: datetime) -> None:
    """From now on; asks that are open stay as they were put. Where drafts are approved only who approves them lets
    swaps pass. Raises NotFound, Forbidden; Conflict ``swap.lets_approval``."""
    with transaction():
        campaign = locked_campaign(campaign_id)
        guard.ensure(actor, "campaign.write", campaign.unit_id, now=now)
        if lets and campaign.needs_approval and not rights.approves(actor, campaign, now=now):
            raise Conflict("swap.lets_approval", name=campaign.name)
        if campaign.swaps_pass != lets:
            campaign.swaps_pass = lets
            audit.record(actor, "campaign.swaps_pass", "campaign", campaign_id, now=now, passes=lets)
