"""PURE from what a sheet says to seats: which are filled and emptied, and which cells cannot be what they say.

A cell is taken whole or not at all. Of several shifts that a code can mean those of the person's own unit come first,
then one that they have already; where that leaves more than one, nothing is guessed: it is listed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta, timezone
from functools import cached_property
from typing import Literal

from planning.problem import Shift, Staff
from roster.sheets import codes
from roster.sheets.codes import NOTHING, CodePart

Why = Literal["none", "unable", "which", "full", "past", "code", "left"]
At = tuple[int, int]
"""(row, column) of a sheet, from 0."""
LOCAL = timezone(timedelta(hours=7))
"""Asia/Ho_Chi_Minh, which has kept no summer time since 1975."""


@dataclass(frozen=True)
class SheetDraft:
    """Who sits where. ``seats``: shift id → seat ids; ``sitting``: seat → person id; ``fixed``: shifts that were
    served; ``reach``: codes of the units whose seats may be changed, ``None``: all."""

    shifts: tuple[Shift, ...]
    seats: Mapping[int, tuple[int, ...]]
    sitting: Mapping[int, int]
    staff: Mapping[int, Staff]
    fixed: frozenset[int] = frozenset()
    reach: frozenset[str] | None = None

    @cached_property
    def shifts_by_day(self) -> dict[date, list[Shift]]:
        found = defaultdict[date, list[Shift]](list)
        for shift in self.shifts:
            if self.reach is None or shift.unit in self.reach:
                found[shift.local_date].append(shift)
        return found

    @cached_property
    def held(self) -> dict[tuple[int, date], dict[int, int]]:
        """(person, day) → shift → seat, of the seats that may be changed."""
        found = defaultdict[tuple[int, date], dict[int, int]](dict)
        for shifts in self.shifts_by_day.values():
            for shift in shifts:
                for seat in self.seats[shift.id]:
                    if seat in self.sitting:
                        found[self.sitting[seat], shift.local_date][shift.id] = seat
        return found


@dataclass(frozen=True)
class DayMark:
    """What the sheet says of a person's day; a ``person`` once by row and column."""

    at: At
    person: int
    on: date
    parts: tuple[CodePart, ...]


@dataclass(frozen=True)
class SheetMisfit:
    """A cell that cannot be what it says. ``shifts``: those that are in question; ``people``: who has them."""

    at: At
    why: Why
    code: str
    person: int
    on: date
    shifts: tuple[int, ...] = ()
    people: tuple[int, ...] = ()


@dataclass(frozen=True)
class SeatChange:
    """A seat that changes: who sat there, who shall, and the cell that says so."""

    seat: int
    shift: int
    was: int | None
    person: int | None
    at: At | None


@dataclass
class LaidSheet:
    """``same``: how many places of the sheet are in the draft already; ``cells``: the cell of each (shift, person)."""

    changes: list[SeatChange] = field(default_factory=list)
    misfits: list[SheetMisfit] = field(default_factory=list)
    same: int = 0
    cells: dict[tuple[int, int], At] = field(default_factory=dict)


def lay_out(
    draft: SheetDraft,
    marks: Sequence[DayMark],
    means: Mapping[str, str],
    left: Collection[At] = (),
    *,
    whole: bool = False,
) -> LaidSheet:
    """``means``: code (``codes.key``) → meaning; ``left``: cells that somebody leaves out; ``whole``: a shift that is
    named at all is held by those who are named, and by nobody else."""
    misfits, wanted = list[SheetMisfit](), dict[At, tuple[DayMark, list[Shift]]]()
    for mark in marks:
        if mark.at in left:
            misfits.append(SheetMisfit(mark.at, "left", _said(mark), mark.person, mark.on))
            continue
        wrong, shifts = _resolved(draft, mark, means)
        if wrong:
            misfits += wrong
        else:
            wanted[mark.at] = (mark, shifts)
    while True:  # who cannot be seated keeps what they have, which may be what somebody else was to get
        stay = {(each.person, each.on) for each in misfits} if whole else None
        done, full = _seated(draft, wanted, stay)
        misfits += full
        if not full:
            done.misfits = sorted(misfits, key=lambda each: each.at)
            return done
        for each in full:
            wanted.pop(each.at, None)


def _resolved(draft: SheetDraft, mark: DayMark, means: Mapping[str, str]) -> tuple[list[SheetMisfit], list[Shift]]:
    wrong, found = list[SheetMisfit](), list[Shift]()
    held = draft.held.get((mark.person, mark.on), {})
    for part in mark.parts:
        meaning = means.get(codes.key(part.code), "")
        if meaning == NOTHING:
            continue
        why, shifts = ("code", []) if not meaning else _meant(draft, mark, part, meaning, held=held)
        if why:
            wrong.append(SheetMisfit(mark.at, why, part.code, mark.person, mark.on, tuple(each.id for each in shifts)))
        else:
            found += shifts
    kept = {shift.id for shift in found}
    gone = [shift for shift in held if shift in draft.fixed and shift not in kept]
    come = [shift for shift in kept if shift in draft.fixed and shift not in held]
    if not wrong and (gone or come):
        wrong.append(SheetMisfit(mark.at, "past", _said(mark), mark.person, mark.on, tuple(gone + come)))
    return wrong, list(dict.fromkeys(found))


def _meant(
    draft: SheetDraft, mark: DayMark, part: CodePart, meaning: str, *, held: Mapping[int, int]
) -> tuple[Why | None, list[Shift]]:
    person = draft.staff[mark.person]
    named = [shift for shift in draft.shifts_by_day.get(mark.on, ()) if codes.fits(meaning, shift) and _is(part, shift)]
    if not named:
        return "none", []
    possible = [shift for shift in named if shift.id in held or _is_able(person, shift)]
    if not possible:
        return "unable", named
    at_home = [shift for shift in possible if shift.unit == person.unit] or possible
    best = [shift for shift in at_home if shift.id in held] or at_home
    return (None, best) if len(best) == 1 else ("which", best)


def _is_able(person: Staff, shift: Shift) -> bool:
    return shift.duty in person.duties and shift.unit in person.eligible_units


def _is(part: CodePart, shift: Shift) -> bool:
    return (not part.unit or part.unit.lower() == shift.unit.lower()) and part.start in (None, start_of(shift))


def start_of(shift: Shift) -> int:
    """Minute of the local day."""
    local = shift.start.astimezone(LOCAL)
    return 60 * local.hour + local.minute


def _seated(
    draft: SheetDraft, wanted: Mapping[At, tuple[DayMark, list[Shift]]], stay: Collection[tuple[int, date]] | None
) -> tuple[LaidSheet, list[SheetMisfit]]:
    """A person's day that two rows tell of is what both say together. ``stay``: whose day is not to be changed where
    those who are named come in place of others; ``None`` where they do not."""
    done, full = LaidSheet(), list[SheetMisfit]()
    days = defaultdict[tuple[int, date], dict[Shift, At]](dict)
    for mark, shifts in wanted.values():
        days[mark.person, mark.on].update(dict.fromkeys(shifts, mark.at))
    freed = _freed(draft, days) | ({} if stay is None else _given_up(draft, days, stay))
    filled = dict[int, tuple[int, int, At]]()
    for (person, on), mine in days.items():
        held = draft.held.get((person, on), {})
        for shift, at in mine.items():
            done.cells[shift.id, person] = at
            if shift.id in held:
                done.same += 1
            elif (free := _seat_for(draft, shift.id, freed, filled)) is None:
                sitting = (draft.sitting.get(each) for each in draft.seats[shift.id] if each not in freed)
                coming = (filled[each][0] for each in draft.seats[shift.id] if each in filled)
                holders = tuple(each for each in (*sitting, *coming) if each is not None)
                code = _said(wanted[at][0])
                full.append(SheetMisfit(at, "full", code, person, on, (shift.id,), holders))
            else:
                filled[free] = (person, shift.id, at)
    done.changes = _changes(draft, freed, filled, {(m.person, m.on): m.at for m, _shifts in wanted.values()})
    return done, full


Days = Mapping[tuple[int, date], Mapping[Shift, At]]


def _freed(draft: SheetDraft, days: Days) -> dict[int, int]:
    """Seat → shift, of what people have on a day of which the sheet says something else."""
    return {
        seat: shift_id
        for key, mine in days.items()
        for shift_id, seat in draft.held.get(key, {}).items()
        if shift_id not in {shift.id for shift in mine}
    }


def _given_up(draft: SheetDraft, days: Days, stay: Collection[tuple[int, date]]) -> dict[int, int]:
    """Seat → shift, of those who hold a shift for which the sheet names others."""
    named = defaultdict[int, set[int]](set)
    for (person, _on), mine in days.items():
        for shift in mine:
            named[shift.id].add(person)
    return {
        seat: shift.id
        for of_day in draft.shifts_by_day.values()
        for shift in of_day
        if shift.id in named and shift.id not in draft.fixed
        for seat in draft.seats[shift.id]
        if (holder := draft.sitting.get(seat)) is not None
        if holder not in named[shift.id] and (holder, shift.local_date) not in stay
    }


def _seat_for(draft: SheetDraft, shift_id: int, freed: Collection[int], filled: Collection[int]) -> int | None:
    """A seat that was empty before, rather than one that the sheet empties."""
    left = [seat for seat in draft.seats[shift_id] if seat not in filled]
    empty = [seat for seat in left if seat not in draft.sitting]
    return next(iter([*empty, *(seat for seat in left if seat in freed)]), None)


def _changes(
    draft: SheetDraft,
    freed: Mapping[int, int],
    filled: Mapping[int, tuple[int, int, At]],
    cells: Mapping[tuple[int, date], At],
) -> list[SeatChange]:
    day = {shift.id: shift.local_date for shift in draft.shifts}
    come = [
        SeatChange(seat, shift, draft.sitting.get(seat), person, at) for seat, (person, shift, at) in filled.items()
    ]
    gone = [
        SeatChange(seat, shift, draft.sitting[seat], None, cells.get((draft.sitting[seat], day[shift])))
        for seat, shift in freed.items()
        if seat not in filled
    ]
    return sorted([*gone, *come], key=lambda each: (each.at or (0, 0), each.seat))


def _said(mark: DayMark) -> str:
    return ", ".join(part.code for part in mark.parts)
