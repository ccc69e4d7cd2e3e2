"""Reading asks. One whose seat has moved, or whose time is over, is open no more even while its row still says so."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, exists, false, or_, select, true
from sqlalchemy.orm import aliased, joinedload, selectinload

from core.db import batched, db
from core.errors import NotFound
from core.pages import ListPage, part
from duty.swaps.lines import delivery
from duty.swaps.lines.line import Chained, SwapLine
from duty.swaps.models import OPEN, Swap, SwapAsked, SwapChain
from notify.message_states.delivery_states import DeliveryState
from roster.models import Duty, Seat, Shift

_Held, _Returned, _Asked = aliased(Duty), aliased(Duty), aliased(SwapAsked)
_Chain, _Other, _Answered = aliased(SwapChain), aliased(Swap), aliased(SwapAsked)

SHOWN_FOR = timedelta(days=3)
"""So long whoever asked sees what became of it."""


def get_swap(swap_id: int) -> Swap:
    swap = db.session.get(Swap, swap_id)
    if swap is None:
        raise NotFound("swap.unknown", id=swap_id)
    return swap


def state_of(swap: Swap, now: datetime) -> str:
    """Return the state of the ask as it is now: void when a seat of it has moved since it was asked."""
    return _states([swap], now)[swap.id]


def has_run_out(now: datetime) -> ColumnElement[bool]:
    """Return the condition on ``Swap`` that its time is over.

    An ask that has left to nobody, and that nobody has answered, waits until the seat is of no use any more.
    """
    answered = exists().where(_Answered.swap_id == Swap.id, _Answered.answer.is_not(None))
    begun = exists().where(_Held.seat_id == Swap.seat_id, Swap.from_at.is_(None), _Held.starts_at <= now)
    # Never NULL, which is neither true nor false: of a whole shift there is no ``to_at``.
    is_part_over = and_(Swap.to_at.is_not(None), Swap.to_at <= now)
    return and_(Swap.expires_at <= now, or_(delivery.has_left(), answered, begun, is_part_over))


def stands() -> ColumnElement[bool]:
    """Return the condition on ``Swap`` that its seats, and that of a chain's other ask, are held as they
    were when it was asked."""
    returns = or_(Swap.for_seat_id.is_(None), _in_return_is_as_asked())
    return and_(_is_as_asked(Swap), returns, ~_is_other_moved())


def is_held(swap: Swap) -> bool:
    """Whether its seat is held as it was when it was asked, whatever became of the ask."""
    return bool(db.session.scalar(select(exists().where(Swap.id == swap.id, _is_as_asked(Swap)))))


def is_open(now: datetime) -> ColumnElement[bool]:
    return and_(Swap.state.in_(OPEN), ~has_run_out(now), stands())


def _is_as_asked(swap: Any) -> ColumnElement[bool]:
    return exists().where(
        _Held.seat_id == swap.seat_id,
        _Held.sequence == swap.sequence,
        _Held.person_id == swap.person_id,
        _Held.cancelled_at.is_(None),
    )


def _is_other_moved() -> ColumnElement[bool]:
    ends = ((_Chain.first_id, _Chain.second_id), (_Chain.second_id, _Chain.first_id))
    of_it = or_(*(and_(mine == Swap.id, theirs == _Other.id) for mine, theirs in ends))
    return exists().where(of_it, ~_is_as_asked(_Other))


def is_second() -> ColumnElement[bool]:
    """Return the condition on ``Swap`` that it is part of what another ask is about."""
    return exists().where(SwapChain.second_id == Swap.id)


def legs_of(swap: Swap) -> list[Swap]:
    """The asks that move together: of a chain both, the first one first; else the ask alone."""
    if (found := _others([swap.id]).get(swap.id)) is None:
        return [swap]
    other, is_first = found
    return [other, swap] if is_first else [swap, other]


def _in_return_is_as_asked() -> ColumnElement[bool]:
    return exists().where(
        _Returned.seat_id == Swap.for_seat_id,
        _Returned.sequence == Swap.for_sequence,
        _Returned.cancelled_at.is_(None),
        _Asked.swap_id == Swap.id,
        _Asked.person_id == _Returned.person_id,
    )


def asked_of(person_id: int, *, now: datetime) -> list[SwapLine]:
    """Return what waits for this person's answer, or has it and waits for others; the soonest first."""
    wanted = (
        select(Swap)
        .join(SwapAsked, SwapAsked.swap_id == Swap.id)
        .where(SwapAsked.person_id == person_id, SwapAsked.turn_at <= now, is_open(now))
        .where(or_(SwapAsked.answer.is_(None), SwapAsked.answer == "accepted"))
    )
    return _lines(_loaded(wanted), now, reader=person_id)


def asked_by(person_id: int, *, now: datetime) -> list[SwapLine]:
    """Return what this person asks for, and what became of it lately; the soonest first."""
    recent = or_(Swap.state.in_(OPEN), Swap.closed_at > now - SHOWN_FOR)
    return _lines(_loaded(select(Swap).where(Swap.person_id == person_id, recent, ~is_second())), now)


def open_on(seat_ids: Collection[int], *, now: datetime) -> dict[int, Swap]:
    """Seat id → the ask that is open on it."""
    wanted = select(Swap).where(is_open(now))
    return {
        swap.seat_id: swap
        for some in batched(sorted(seat_ids))
        for swap in db.session.scalars(wanted.where(Swap.seat_id.in_(some)))
    }


def visible_to(person_id: int | None, units: Collection[int] | None) -> ColumnElement[bool]:
    """Return the condition on ``Swap`` that this person made it or was asked, or that it is of ``units`` (ids;
    None: all)."""
    if units is None:
        return true()
    mine = exists().where(SwapAsked.swap_id == Swap.id, SwapAsked.person_id == person_id)
    own = or_(Swap.person_id == person_id, mine) if person_id is not None else false()
    return or_(own, Swap.unit_id.in_(sorted(units)))


def _touches_units(units: Collection[int]) -> ColumnElement[bool]:
    """Return the condition on ``Swap`` that a shift of these units (ids) would change hands, also in return or by the
    second ask of a chain."""
    ids = sorted(units)
    returned = exists().where(Seat.id == Swap.for_seat_id, Shift.id == Seat.shift_id, Shift.unit_id.in_(ids))
    chained = exists().where(SwapChain.first_id == Swap.id, SwapChain.second_id == _Other.id, _Other.unit_id.in_(ids))
    return or_(Swap.unit_id.in_(ids), returned, chained)


def list_for_campaign(
    campaign_id: int, units: Collection[int] | None, *, is_open_only: bool, page: int, now: datetime
) -> ListPage[SwapLine]:
    """Open asks, those to be decided first; or all that are over, the newest first."""
    wanted = select(Swap.id).where(Swap.campaign_id == campaign_id, ~is_second())
    if units is not None:
        wanted = wanted.where(_touches_units(units))
    if is_open_only:
        wanted = wanted.where(is_open(now)).order_by((Swap.state == "accepted").desc(), Swap.expires_at, Swap.id)
    else:
        wanted = wanted.where(~is_open(now)).order_by(Swap.id.desc())
    shown = part(list(db.session.scalars(wanted)), page)
    lines = {line.swap.id: line for line in lines_of(shown.rows, now=now)}
    return ListPage([lines[each] for each in shown.rows], shown.page, shown.pages, shown.total)


def line(swap: Swap, *, now: datetime) -> SwapLine:
    return _lines([swap], now)[0]


def lines_of(swap_ids: Sequence[int], *, now: datetime) -> list[SwapLine]:
    return [each for some in batched(swap_ids) for each in _lines(_loaded(select(Swap).where(Swap.id.in_(some))), now)]


def _loaded(wanted: Select[tuple[Swap]]) -> list[Swap]:
    asked = selectinload(Swap.asked).joinedload(SwapAsked.person)
    return list(db.session.scalars(wanted.options(joinedload(Swap.person), joinedload(Swap.taker), asked)))


def _others(swap_ids: Collection[int]) -> dict[int, tuple[Swap, bool]]:
    """Return swap id → the other ask of its chain, and whether that is the first; those in no chain are left out."""
    of_it = or_(SwapChain.first_id.in_(swap_ids), SwapChain.second_id.in_(swap_ids))
    pairs = db.session.execute(select(SwapChain.first_id, SwapChain.second_id).where(of_it)).tuples().all()
    rows = {row.id: row for row in _loaded(select(Swap).where(Swap.id.in_({each for pair in pairs for each in pair})))}
    ends = [(first, (rows[second], False)) for first, second in pairs]
    return dict([*ends, *((second, (rows[first], True)) for first, second in pairs)])


def _lines(swaps: Sequence[Swap], now: datetime, *, reader: int | None = None) -> list[SwapLine]:
    others = _others([swap.id for swap in swaps])
    every = [*swaps, *(other for other, _is_first in others.values())]
    shifts = _shifts_of([seat for swap in every for seat in (swap.seat_id, swap.for_seat_id) if seat is not None])
    standing = _states(swaps, now)
    states = delivery.states([swap.id for swap in every])
    found = [
        SwapLine(
            swap,
            shifts[swap.seat_id],
            shifts[swap.for_seat_id] if swap.for_seat_id is not None else None,
            swap.asked[0].person if swap.kind == "swap" else None,
            standing[swap.id],
            _states_of_both(states, swap, others.get(swap.id)),
            next((each for each in swap.asked if each.person_id == reader), None),
            _chained(others.get(swap.id), shifts),
        )
        for swap in swaps
    ]
    return sorted(found, key=lambda each: (each.starts_at, each.swap.id))


def _chained(other: tuple[Swap, bool] | None, shifts: Mapping[int, Shift]) -> Chained | None:
    return Chained(other[0], shifts[other[0].seat_id], other[1]) if other is not None else None


def _states_of_both(
    states: Mapping[tuple[int, int], DeliveryState], swap: Swap, other: tuple[Swap, bool] | None
) -> dict[int, DeliveryState]:
    ids = {swap.id, other[0].id} if other is not None else {swap.id}
    return {person_id: state for (swap_id, person_id), state in states.items() if swap_id in ids}


def _states(swaps: Sequence[Swap], now: datetime) -> dict[int, str]:
    """Id → how each stands now; of what is closed nothing is asked."""
    live = _which([swap.id for swap in swaps if swap.state in OPEN], stands())
    over = _which([swap.id for swap in swaps if swap.state in OPEN and swap.expires_at <= now], has_run_out(now))
    moved = {swap.id: "void" for swap in swaps if swap.state in OPEN and swap.id not in live}
    return {swap.id: swap.state for swap in swaps} | moved | dict.fromkeys(over, "expired")


def _which(swap_ids: Collection[int], holds: ColumnElement[bool]) -> set[int]:
    return set(db.session.scalars(select(Swap.id).where(Swap.id.in_(swap_ids), holds))) if swap_ids else set()


def _shifts_of(seat_ids: Iterable[int]) -> dict[int, Shift]:
    wanted = select(Seat.id, Shift).join(Shift, Shift.id == Seat.shift_id).options(joinedload(Shift.unit))
    return {
        seat_id: shift
        for some in batched(sorted(set(seat_ids)))
        for seat_id, shift in db.session.execute(wanted.where(Seat.id.in_(some))).tuples()
    }
