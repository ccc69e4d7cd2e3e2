"""The form of a unit's list: its shifts by day, who can be chosen for each seat, and what was sent of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from core.errors import FieldError, ensure_none
from core.text import shortened
from people.imports.drawn import DrawnSheet
from planning.problem import Shift, Staff
from roster.lists.models import UnitList
from roster.sheets import reading
from roster.sheets.choices import SheetChoices
from roster.sheets.export import is_ours
from roster.sheets.layout import PersonRow
from roster.sheets.names import NamedPerson, PeopleByName
from roster.sheets.reading import Looked, SheetContext

Picks = Mapping[int, int]
"""Seat id → person id."""
LONGEST = 300
"""Characters of what may be typed for a seat: a name and a code, each as long as it may be."""
LONGEST_UNREAD = 500
"""Of what names nobody, and is shown again."""
MANY = 40
"""People who can serve a shift: where there are more, each seat is a field to type in, and the names stand in the page
once. A province's own unit has a thousand, and a hundred seats."""


@dataclass(frozen=True)
class ListSeat:
    """One seat of the form. ``person``: who is chosen, id; ``typed``: what was, where it names nobody; ``error``: what
    is wrong with that."""

    seat: int
    person: int | None
    typed: str = ""
    error: str = ""


@dataclass(frozen=True)
class FilledList:
    """What the form sends. ``unread``: seat → what was typed that names nobody of the unit's."""

    picks: Picks
    unread: Mapping[int, str] = field(default_factory=dict)


@dataclass(frozen=True)
class ShiftAsked:
    """``able``: who can serve it, ``held``: who is on it in the draft, ids; ``is_past``: it was served, and is not
    asked any more."""

    shift: Shift
    places: tuple[ListSeat, ...]
    able: tuple[Staff, ...]
    held: tuple[int, ...]
    is_past: bool

    @property
    def named(self) -> tuple[int, ...]:
        return tuple(place.person for place in self.places if place.person is not None)

    @property
    def differs(self) -> bool:
        return bool(self.named) and sorted(self.named) != sorted(self.held)


@dataclass(frozen=True)
class DayAsked:
    on: date
    shifts: tuple[ShiftAsked, ...]

    @property
    def places(self) -> list[ListSeat]:
        return [place for asked in self.shifts for place in asked.places]

    @property
    def seats(self) -> int:
        return len(self.places)

    @property
    def filled(self) -> int:
        return sum(place.person is not None for place in self.places)

    @property
    def is_open(self) -> bool:
        """Whether something is wrong there."""
        return any(place.error for place in self.places)

    @property
    def differing(self) -> list[ShiftAsked]:
        """Shifts for which the unit names others than the draft has."""
        return [each for each in self.shifts if each.differs]


def ground(row: UnitList, *, now: datetime) -> SheetContext:
    """The unit's own seats, read against the draft as it is. Of people it knows those who can serve there: whoever has
    the link learns of no others, whatever they type or send."""
    return reading.ground(row.collection.campaign, units={row.unit_id}, serving=row.unit.code, now=now)


def days(
    row: UnitList, against: SheetContext, filled: FilledList, wrong: Mapping[int, str] | None = None
) -> list[DayAsked]:
    """``wrong``: seat id → what is wrong with who was chosen."""
    able = able_by_duty(row, against)
    return [
        DayAsked(on, tuple(_asked(against, shift, able[shift.duty], filled, wrong=wrong or {}) for shift in shifts))
        for on, shifts in sorted(against.draft.shifts_by_day.items())
    ]


def able_by_duty(row: UnitList, against: SheetContext) -> dict[str, tuple[Staff, ...]]:
    """Kind of duty → who can serve it at the unit: its own people before those above and below."""
    own = [each for each in against.taken.problem.staff if row.unit.code in each.eligible_units]
    first = sorted(own, key=lambda each: each.unit != row.unit.code)
    duties = {shift.duty for shifts in against.draft.shifts_by_day.values() for shift in shifts}
    return {duty: tuple(each for each in first if duty in each.duties) for duty in sorted(duties)}


def _asked(
    against: SheetContext, shift: Shift, able: tuple[Staff, ...], filled: FilledList, *, wrong: Mapping[int, str]
) -> ShiftAsked:
    places = tuple(
        ListSeat(seat, filled.picks.get(seat), filled.unread.get(seat, ""), wrong.get(seat, ""))
        for seat in against.draft.seats[shift.id]
    )
    known = {each.id for each in able}
    staff = against.taken.problem.person
    # Who was named once and cannot serve it any more is still shown there.
    more = tuple(staff[who] for who in (place.person for place in places) if who in staff and who not in known)
    sitting = (against.draft.sitting.get(place.seat) for place in places)
    held = tuple(each for each in sitting if each is not None)
    return ShiftAsked(shift, places, (*able, *more), held, shift.id in against.draft.fixed)


def chosen(against: SheetContext, sent: Mapping[str, str]) -> FilledList:
    """``seat-<id>``: a person's code, "name · code", or a name that only one has; seats of others are not there."""
    picks, unread = dict[int, int](), dict[int, str]()
    for shifts in against.draft.shifts_by_day.values():
        for shift in shifts:
            for seat in against.draft.seats[shift.id]:
                typed = " ".join(sent.get(f"seat-{seat}", "").split())
                if not typed or shift.id in against.draft.fixed:
                    continue
                person = _meant(against.directory, typed) if len(typed) <= LONGEST else None
                if person is None:
                    unread[seat] = shortened(typed, LONGEST_UNREAD)
                else:
                    picks[seat] = person.id
    return FilledList(picks, unread)


def _meant(directory: PeopleByName, typed: str) -> NamedPerson | None:
    by_code = directory.by_code.get(typed.rpartition("·")[2].strip().lower())
    return by_code or directory.match(PersonRow(0, typed, "", "", {})).person


def refuse(against: SheetContext, filled: FilledList, name_of: Mapping[int, str]) -> None:
    """Raise Invalid with every seat that cannot be as it was chosen, named ``seat-<id>``. ``name_of``: shifts."""
    picks = filled.picks
    errors = [FieldError(f"seat-{seat}", "lists.nobody", {"typed": typed}) for seat, typed in filled.unread.items()]
    person = against.taken.problem.person
    for shifts in against.draft.shifts_by_day.values():
        for shift in shifts:
            seen = set[int]()
            for seat in against.draft.seats[shift.id]:
                who = picks.get(seat)
                if who is None:
                    continue
                facts = {"who": person[who].name, "shift": name_of[shift.id]}
                if who in seen:
                    errors.append(FieldError(f"seat-{seat}", "lists.twice", facts))
                elif shift.duty not in person[who].duties or shift.unit not in person[who].eligible_units:
                    errors.append(FieldError(f"seat-{seat}", "lists.not_able", facts))
                seen.add(who)
    ensure_none(errors)


def from_sheet(against: SheetContext, sheets: Sequence[DrawnSheet], picks: Picks) -> tuple[Looked, dict[int, int]]:
    """A sheet as it is read without anybody's choices, and whom the form then has: the sheet's shifts are the sheet's.

    The draft is left out of it: a unit says who shall serve, whatever the draft says."""
    bare = _without_draft(against)
    each_read = [
        reading.look(bare, sheets, SheetChoices(sheet=number, blank="free" if is_ours(sheet.title) else "keep"))
        for number, sheet in enumerate(sheets)
    ]
    looked = max(each_read, key=lambda each: len(each.laid.changes))  # of those that say as much, the first
    named = {each.shift for each in looked.laid.changes}
    kept = {seat: who for seat, who in picks.items() if _shift_of(against, seat) not in named}
    return looked, kept | {each.seat: each.person for each in looked.laid.changes if each.person is not None}


def _without_draft(against: SheetContext) -> SheetContext:
    return replace(against, draft=replace(against.draft, sitting={}))


def _shift_of(against: SheetContext, seat: int) -> int | None:
    return next((shift_id for shift_id, seats in against.draft.seats.items() if seat in seats), None)


def faults_by_seat(wrong: Mapping[str, str]) -> dict[int, str]:
    """Return by seat id those faults of fields that are about a seat."""
    seats = ((field.removeprefix("seat-"), text) for field, text in wrong.items() if field.startswith("seat-"))
    return {int(seat): text for seat, text in seats}
