"""A cut before it is made: what would be published with the pieces, so that nobody waits while that is judged.

Pieces have ids below zero, of shifts and of seats, until there are rows (``splitting.carry_out``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from roster.dividing import parting
from roster.dividing.parting import SplitSpan
from roster.publishing.parts import PartBaseline
from roster.snapshot.sitting import DraftCell

LEFT = "Phần còn lại của ca đã chia"
"""Why somebody has two pieces of one shift with less rest between them than rules ask; stored as all reasons are."""


@dataclass(frozen=True)
class Cut:
    """``seat_id``, held by ``person_id`` (None: nobody), of which ``taker_id`` (None: nobody) gets ``given``.
    ``pieces``: ids of the shifts that are thought of: what is given, what the seat keeps, and what else is left.
    ``beside``: nobody had to be on the seat; it stays where it is, and the taker comes besides."""

    seat_id: int
    shift_id: int
    person_id: int | None
    taker_id: int | None
    given: SplitSpan
    pieces: Sequence[int]
    beside: bool = False

    @property
    def rest(self) -> Sequence[int]:
        """The seats of the third piece, where the given one is from the middle."""
        return self.pieces[2:]


@dataclass(frozen=True)
class SplitWish:
    """Whose seat is to be cut, and for whom."""

    seat_id: int
    shift_id: int
    taker_id: int | None
    given: SplitSpan


def cut(stands: PartBaseline, wishes: Sequence[SplitWish]) -> tuple[PartBaseline, list[Cut]]:
    """What stands as if the seats were cut already and whoever has them had kept only the first piece left."""
    cuts = list[Cut]()
    for wish in wishes:
        first = parting.GIVEN - 3 * len(cuts)
        stands, made = _cut(stands, wish, first)
        cuts.append(made)
    return stands, cuts


def wanted(cuts: Sequence[Cut], reason: str | None) -> dict[int, DraftCell | None]:
    """Who is to have the new seats."""
    found = dict[int, DraftCell | None]()
    for each in cuts:
        found[each.pieces[0]] = DraftCell(each.taker_id, True, reason) if each.taker_id is not None else None
        if each.person_id is not None:
            found |= {seat: DraftCell(each.person_id, True, reason or LEFT) for seat in each.rest}
    return found


def _cut(stands: PartBaseline, wish: SplitWish, first: int) -> tuple[PartBaseline, Cut]:
    if _is_beyond_need(stands, wish):
        return _beside(stands, wish, first)
    taken, person_id = stands.taken, stands.published.get(wish.seat_id)
    pieces = parting.pieces_of(taken.problem.shift_of[wish.shift_id], wish.given, first)
    ids = [each.id for each in pieces]
    others = tuple(seat for seat in taken.seats[wish.shift_id] if seat != wish.seat_id)
    problem = parting.cut(taken.problem, wish.shift_id, pieces, stays=bool(others))
    seats = {shift: mine for shift, mine in taken.seats.items() if shift != wish.shift_id}
    if others:
        seats[wish.shift_id] = others
    seats |= {ids[0]: (ids[0],), ids[1]: (wish.seat_id,), **{each: (each,) for each in ids[2:]}}
    cells = {seat: cell for seat, cell in taken.cells.items() if seat != wish.seat_id}
    if person_id is not None:
        cells[wish.seat_id] = DraftCell(person_id, False, _reason(stands, wish.shift_id, person_id))
    made = Cut(wish.seat_id, wish.shift_id, person_id, wish.taker_id, wish.given, ids)
    return replace(stands, taken=replace(taken, problem=problem, seats=seats, cells=cells)), made


def _is_beyond_need(stands: PartBaseline, wish: SplitWish) -> bool:
    """Whether nobody is on the seat, and nobody has to be: those whom the shift needs are on others."""
    taken = stands.taken
    here = sum(stands.published.get(seat) is not None for seat in taken.seats[wish.shift_id])
    shift = taken.problem.shift_of[wish.shift_id]
    return shift.wanted is not None and stands.published.get(wish.seat_id) is None and here >= shift.headcount


def _beside(stands: PartBaseline, wish: SplitWish, first: int) -> tuple[PartBaseline, Cut]:
    """What is over stays on the seat that may be empty: a piece of its own would read as a gap that never
    was."""
    taken = stands.taken
    piece = parting.beside(taken.problem.shift_of[wish.shift_id], wish.given, first)
    problem = replace(taken.problem, shifts=(*taken.problem.shifts, piece))
    cells = {seat: cell for seat, cell in taken.cells.items() if seat != wish.seat_id}
    taken = replace(taken, problem=problem, seats={**taken.seats, first: (first,)}, cells=cells)
    made = Cut(wish.seat_id, wish.shift_id, None, wish.taker_id, wish.given, (first, wish.shift_id), beside=True)
    return replace(stands, taken=taken), made


def _reason(stands: PartBaseline, shift_id: int, person_id: int) -> str | None:
    """Why the draft has them on the shift, on whichever of its seats."""
    cells = (stands.taken.cells.get(seat) for seat in stands.taken.seats[shift_id])
    return next((each.reason for each in cells if each is not None and each.person_id == person_id), None)
