"""What is typed or pasted into people's days, as edits of seats: letters of shifts, alone or after their kind."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from flask_babel import gettext as _

from core.errors import Conflict, NotFound
from core.i18n import in_sentence, named
from core.text import fold, nfc
from people import queries as people
from people.models import DutyKind
from planning.problem import Shift, Staff
from roster.campaigns.models import Campaign
from roster.draft.edits import SeatEdit
from roster.hands.edit_scope import Units, why_not
from roster.snapshot import snapshot
from roster.snapshot.snapshot import Snapshot
from roster.words import labels

EMPTY = frozenset({"", "-", "–", "—", ".", "·", "0"})
"""What stands in a cell of a spreadsheet where nobody serves."""
BETWEEN = re.compile(r"[,;+\n]")


@dataclass(frozen=True)
class TypedDay:
    """A person's day as it was typed; ``seats``: those of theirs that were seen in it, which the text stands for now.

    Seats of the day that were not seen (a filter hides them) are left alone.
    """

    person: str
    on: date
    text: str
    seats: tuple[int, ...] = ()


@dataclass(frozen=True)
class CellMisfit:
    """A cell that cannot become what was typed, and why."""

    cell: TypedDay
    name: str
    why: str

    @property
    def on(self) -> date:
        return self.cell.on


@dataclass
class _Board:
    """Who sits where while a block is laid out: the draft, and what the block has changed of it so far."""

    taken: Snapshot
    kinds: Mapping[str, DutyKind]
    units: Units
    freed: dict[int, str] = field(default_factory=dict)
    filled: dict[int, str] = field(default_factory=dict)
    misfits: list[CellMisfit] = field(default_factory=list)

    def seat_for(self, shift_id: int) -> int | None:
        """A seat for a newcomer: one that was empty before, rather than one that the block empties."""
        left = [seat for seat in self.taken.seats[shift_id] if seat not in self.filled]
        empty = [seat for seat in left if seat not in self.taken.cells]
        return next(iter([*empty, *(seat for seat in left if seat in self.freed)]), None)

    def names_on(self, shift_id: int) -> str:
        person = self.taken.problem.person
        cells = (self.taken.cells.get(seat) for seat in self.taken.seats[shift_id])
        return ", ".join(person[cell.person_id].name for cell in cells if cell)


def spellings(shift: Shift, kind: DutyKind | None) -> list[str]:
    """Return what may be typed for a shift: its letters or its name, alone or after its kind ("Đ", "Đêm", "ĐH Đ")."""
    own = [labels.short(shift.template), shift.template]
    before = [kind.letter, named(kind), kind.code] if kind else [shift.duty]
    return [*own, *(f"{each} {name}" for each in before for name in own)]


def is_able(person: Staff, shift: Shift) -> bool:
    return shift.duty in person.duties and shift.unit in person.eligible_units


def laid_out(campaign: Campaign, cells: Sequence[TypedDay], *, units: Units, now: datetime) -> list[SeatEdit]:
    """The edits that make each of these days what was typed; seats that the block empties may be filled by it.
    ``units``: in whose shifts alone it may write.

    Raises NotFound, and Conflict ``seats.misfit`` with every cell that does not fit.
    """
    ids = {code: people.person_by_code(code).id for code in dict.fromkeys(cell.person for cell in cells)}
    taken = snapshot.take(campaign.id, now=now, also=list(ids.values()))
    board = _Board(taken, {kind.code: kind for kind in people.duty_kinds()}, units)
    shift_of = taken.shift_of_seat
    wanted = [(cell, _meant(board, taken.problem.person[ids[cell.person]], cell)) for cell in cells]
    for cell, shifts in wanted:
        kept = {shift.id for shift in shifts}
        for seat in cell.seats:
            if seat not in shift_of:
                raise NotFound("seat.unknown", id=seat)
            holder = taken.cells.get(seat)
            if shift_of[seat] in kept and holder is not None and holder.person_id == ids[cell.person]:
                continue
            if why := why_not(taken, shift_of[seat], units):
                board.misfits.append(CellMisfit(cell, taken.problem.person[ids[cell.person]].name, why))
            else:
                board.freed[seat] = cell.person
    for cell, shifts in wanted:
        held = {shift_of[seat] for seat in cell.seats}
        for shift in shifts:
            if shift.id not in held:
                _seat(board, cell, shift, ids[cell.person])
    if board.misfits:
        raise Conflict("seats.misfit", state={"misfits": board.misfits}, n=len({each.cell for each in board.misfits}))
    return _edits(board)


def _meant(board: _Board, person: Staff, cell: TypedDay) -> list[Shift]:
    """The shifts of the day that the text names; what it says of none is noted."""
    problem = board.taken.problem
    of_day = [shift for shift in problem.shifts if shift.local_date == cell.on]
    found = list[Shift]()
    for part in BETWEEN.split(nfc(cell.text)):
        text = " ".join(part.split())
        if text in EMPTY:
            continue
        named_so = _named_so(of_day, text, board.kinds)
        possible = [shift for shift in named_so if is_able(person, shift)]
        own = [shift for shift in named_so if set(board.taken.seats[shift.id]) & set(cell.seats)]
        free = [shift for shift in possible if board.seat_for(shift.id) is not None]
        kinds = {shift.duty for shift in free or possible}
        if own:  # theirs already, though it may be of a kind that they do not serve
            found.append(own[0])
        elif not possible:
            board.misfits.append(CellMisfit(cell, person.name, _why_none(text, named_so, board.kinds)))
        elif len(kinds) > 1:
            board.misfits.append(CellMisfit(cell, person.name, _which(text, free or possible, board.kinds)))
        else:
            found.append((free or possible)[0])
    return list(dict.fromkeys(found))


def _named_so(of_day: Iterable[Shift], text: str, kinds: Mapping[str, DutyKind]) -> list[Shift]:
    """As it is written, else without marks: Đ is not D where both are shifts."""
    spelt = [(shift, spellings(shift, kinds.get(shift.duty))) for shift in of_day]
    exact = [shift for shift, ways in spelt if text.lower() in [nfc(way).lower() for way in ways]]
    return exact or [shift for shift, ways in spelt if fold(text) in map(fold, ways)]


def _why_none(text: str, named_so: Sequence[Shift], kinds: Mapping[str, DutyKind]) -> str:
    if not named_so:
        return _("không có ca nào tên “%(text)s” ngày này", text=text)
    names = {named(kinds[shift.duty]) if shift.duty in kinds else shift.duty for shift in named_so}
    return _("“%(text)s” là ca %(kinds)s: người này không trực loại ấy", text=text, kinds=", ".join(sorted(names)))


def _which(text: str, possible: Sequence[Shift], kinds: Mapping[str, DutyKind]) -> str:
    letters = sorted({kinds[shift.duty].letter for shift in possible if shift.duty in kinds})
    ways = _(" hoặc ").join(f"“{each} {text}”" for each in letters)
    return _("“%(text)s” có nhiều loại trực: gõ %(ways)s", **in_sentence({"text": text, "ways": ways}))


def _seat(board: _Board, cell: TypedDay, shift: Shift, person_id: int) -> None:
    person = board.taken.problem.person[person_id]
    sitting = {board.taken.cells[seat].person_id for seat in board.taken.seats[shift.id] if seat in board.taken.cells}
    seat = None if person_id in sitting else board.seat_for(shift.id)
    if person_id in sitting:
        return  # a filter hid it: it is as it was typed
    if why := why_not(board.taken, shift.id, board.units):
        pass
    elif seat is None:
        why = _("ca %(shift)s đã đủ người: %(names)s", shift=shift.template, names=board.names_on(shift.id))
    else:
        board.filled[seat] = cell.person
        return
    board.misfits.append(CellMisfit(cell, person.name, why))


def _edits(board: _Board) -> list[SeatEdit]:
    """What was freed was seen to be that person's; what is filled was empty, or is freed here."""
    filled = [SeatEdit(seat, person, board.freed.get(seat)) for seat, person in board.filled.items()]
    left = [SeatEdit(seat, None, person) for seat, person in board.freed.items() if seat not in board.filled]
    return [*left, *filled]
