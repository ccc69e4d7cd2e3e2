"""What is typed or pasted into shifts, as edits of seats: names of people or their codes, marks of letters aside."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from flask_babel import gettext as _

from core.errors import Conflict, NotFound
from core.text import fold, nfc
from planning.problem import Shift, Staff
from roster.campaigns.models import Campaign
from roster.draft.edits import SeatEdit
from roster.hands.edit_scope import Units, why_not
from roster.hands.typed import EMPTY, is_able
from roster.snapshot import snapshot
from roster.snapshot.snapshot import Snapshot
from roster.words import why_not as words

BETWEEN = re.compile(r"[,;\n]")


@dataclass(frozen=True)
class ShiftCell:
    """A shift as it was typed: who shall be on it. ``seats``: those of it that were seen to be somebody's."""

    shift: int
    text: str
    seats: tuple[int, ...] = ()

    @property
    def key(self) -> list[object]:
        return [self.shift]


@dataclass(frozen=True)
class ShiftMisfit:
    """A shift that cannot become what was typed, and why; ``name``: of the shift."""

    cell: ShiftCell
    name: str
    on: date
    why: str


@dataclass
class _ShiftBoard:
    taken: Snapshot
    units: Units
    edits: list[SeatEdit] = field(default_factory=list)
    misfits: list[ShiftMisfit] = field(default_factory=list)

    def misfit(self, cell: ShiftCell, shift: Shift, why: str) -> None:
        self.misfits.append(ShiftMisfit(cell, shift.template, shift.local_date, why))


def laid_out(campaign: Campaign, cells: Sequence[ShiftCell], *, units: Units, now: datetime) -> list[SeatEdit]:
    """The edits that put just these people on each shift; seats that were not seen to be anybody's are left alone.

    Raises NotFound, and Conflict ``seats.misfit`` with every cell that does not fit.
    """
    board = _ShiftBoard(snapshot.take(campaign.id, now=now), units)
    for cell in cells:
        shift = board.taken.problem.shift_of.get(cell.shift)
        if shift is None:
            raise NotFound("shift.unknown", id=cell.shift)
        if not set(cell.seats) <= set(board.taken.seats[shift.id]):
            raise NotFound("seat.unknown", id=min(set(cell.seats) - set(board.taken.seats[shift.id])))
        _lay(board, cell, shift)
    if board.misfits:
        raise Conflict("seats.misfit", state={"misfits": board.misfits}, n=len({each.cell for each in board.misfits}))
    return board.edits


def _lay(board: _ShiftBoard, cell: ShiftCell, shift: Shift) -> None:
    taken, known = board.taken, len(board.misfits)
    wanted = _meant(board, cell, shift)
    if len(board.misfits) > known:
        return
    sits = {seat: taken.cells[seat].person_id for seat in taken.seats[shift.id] if seat in taken.cells}
    leaves = [seat for seat in cell.seats if seat in sits and sits[seat] not in {each.id for each in wanted}]
    comes = [each for each in wanted if each.id not in sits.values()]
    if not leaves and not comes:
        return
    if why := why_not(taken, shift.id, board.units):
        board.misfit(cell, shift, why)
        return
    free = [*leaves, *(seat for seat in taken.seats[shift.id] if seat not in sits)]
    if len(comes) > len(free):
        there = ", ".join(taken.problem.person[who].name for seat, who in sits.items() if seat not in leaves)
        over = ", ".join(each.name for each in comes[len(free) :])
        board.misfit(cell, shift, _("không còn chỗ cho %(who)s: ca đã có %(names)s", who=over, names=there or over))
        return
    code = {each.id: each.code for each in taken.problem.staff}
    becomes = dict(zip(free, comes, strict=False))
    for seat in free:
        person = becomes.get(seat)
        if person is not None or seat in leaves:
            was = code[sits[seat]] if seat in sits else None
            board.edits.append(SeatEdit(seat, person.code if person else None, was))


def _meant(board: _ShiftBoard, cell: ShiftCell, shift: Shift) -> list[Staff]:
    """The people whom the text names; whom it does not tell apart, or names nobody, is noted."""
    found = list[Staff]()
    sitting = {board.taken.cells[seat].person_id for seat in cell.seats if seat in board.taken.cells}
    for part in BETWEEN.split(nfc(cell.text)):
        text = " ".join(part.split())
        if text in EMPTY:
            continue
        called = called_so(board.taken, text)
        own = [each for each in called if each.id in sitting]
        able = [each for each in called if is_able(each, shift)]
        some = own or able or called
        if len(some) > 1:
            ways = ", ".join(f"{each.name} ({each.code})" for each in some[:4])
            board.misfit(
                cell, shift, _("“%(text)s” có %(n)s người: %(ways)s. Gõ mã", text=text, n=len(some), ways=ways)
            )
        elif not some:
            board.misfit(cell, shift, _("không có ai tên hay mã “%(text)s”", text=text))
        elif not own and not able:
            code = "eligibility.duty" if shift.duty not in some[0].duties else "eligibility.unit"
            board.misfit(cell, shift, f"{some[0].name}: {words.reason(code)}")
        else:
            found.append(some[0])
    return list(dict.fromkeys(found))


def called_so(taken: Snapshot, text: str) -> list[Staff]:
    """Whose code it is; else who is called just that; else whose name ends so, or has it as words in a row."""
    wanted = fold(text)
    staff = [(each, f" {fold(each.name)} ") for each in taken.problem.staff]
    ways = (
        [each for each, _name in staff if fold(each.code) == wanted],
        [each for each, name in staff if name == f" {wanted} "],
        [each for each, name in staff if name.endswith(f" {wanted} ")],
        [each for each, name in staff if f" {wanted} " in name],
    )
    return next((each for each in ways if each), []) if wanted else []
