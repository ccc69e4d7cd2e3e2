"""Who shall be on a shift, said of its people instead of its seats; laid out seat by seat for the one way to edit."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from core.errors import Conflict, NotFound
from people import queries as people
from planning.seating import seated
from roster.draft.edits import SeatEdit
from roster.snapshot.snapshot import Snapshot


@dataclass(frozen=True)
class ShiftEdit:
    """Exactly the people with these codes on a shift; or, with ``leaves``, that one's place taken by ``comes``.

    ``pin``: the engine will not move them. With ``keeps_pins`` it is said of those who come: a decision about one of
    them is none about the colleagues who stay, and these are pinned or not as before.
    """

    shift_id: int
    codes: Sequence[str] = ()
    pin: bool = True
    leaves: str = ""
    comes: str = ""
    keeps_pins: bool = False
    was: Collection[str] | None = None
    """Codes of those whom the editor saw on it: what others changed elsewhere in the campaign is no obstacle."""

    @property
    def brings(self) -> Sequence[str]:
        """Codes of those whom it names to be on the shift."""
        return [self.comes] if self.comes else self.codes


Sitting = Mapping[int, tuple[str, bool]]
"""Seat id → code of who sits there, and whether the engine will not move them."""


def laid_out(before: Snapshot, edits: Sequence[ShiftEdit]) -> list[SeatEdit]:
    """Return the same as edits of seats; of several of one shift each goes on from the one before it.

    Raises NotFound ``shift.unknown``, Conflict ``draft.changed``, ``shift.not_on_it``, ``shift.too_many``.
    """
    was = {each.shift_id: _sitting(before, each.shift_id) for each in edits}
    becomes: dict[int, Sitting] = dict(was)
    for edit in edits:
        there = [code for code, _pinned in was[edit.shift_id].values()]
        if edit.was is not None and sorted(edit.was) != sorted(there):
            raise Conflict("draft.changed", state={"draft_version": before.draft_version, "people": there})
        becomes[edit.shift_id] = _after(before.seats[edit.shift_id], becomes[edit.shift_id], edit)
    return [
        SeatEdit(seat, *_one(becomes[shift_id].get(seat), was[shift_id].get(seat)))
        for shift_id in becomes
        for seat in before.seats[shift_id]
    ]


def _sitting(before: Snapshot, shift_id: int) -> Sitting:
    seats = before.seats.get(shift_id)
    if not seats:  # it went while it was read (PostgreSQL)
        raise NotFound("shift.unknown", id=shift_id)
    person = before.problem.person
    cells = ((seat, before.cells[seat]) for seat in seats if seat in before.cells)
    return {seat: (person[cell.person_id].code, cell.pinned) for seat, cell in cells}


def _after(seats: Sequence[int], sitting: Sitting, edit: ShiftEdit) -> Sitting:
    on = {seat: code for seat, (code, _pinned) in sitting.items()}
    wanted = _wanted(list(on.values()), edit)
    if len(wanted) > len(seats):
        raise Conflict("shift.too_many", required=len(seats), given=len(wanted))
    pinned = dict(sitting.values()) if edit.keeps_pins else {}
    return {seat: (code, pinned.get(code, edit.pin)) for seat, code in seated(seats, on, wanted).items()}


def _wanted(on: Sequence[str], edit: ShiftEdit) -> list[str]:
    """Codes of those who shall be on the shift."""
    if not edit.comes:
        return list(dict.fromkeys(edit.codes))
    if edit.leaves not in on:
        raise Conflict("shift.not_on_it", person=people.person_by_code(edit.leaves).full_name)
    return list(dict.fromkeys(edit.comes if code == edit.leaves else code for code in on))


def _one(becomes: tuple[str, bool] | None, was: tuple[str, bool] | None) -> tuple[str | None, str | None, bool]:
    """The person, who was there, the pin."""
    person, pin = becomes or (None, True)
    return person, was[0] if was else None, pin
