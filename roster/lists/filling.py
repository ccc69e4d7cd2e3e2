"""The form of a unit's list: its shifts by day, who can be chosen for each seat, and what was sent of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from core.errors import FieldError, ensure_none
from people.imports.drawn import Drawn
from roster.lists.models import UnitList
from roster.planning.problem import Shift, Staff
from roster.sheets import reading
from roster.sheets.choices import Choices
from roster.sheets.export import is_ours
from roster.sheets.reading import Ground, Looked

Picks = Mapping[int, int]
"""Seat id → person id."""


@dataclass(frozen=True)
class Place:
    """One seat of the form. ``person``: who is chosen, id; ``error``: what is wrong with that."""

    seat: int
    person: int | None
    error: str = ""


@dataclass(frozen=True)
class ShiftAsked:
    """``able``: who can serve it, ``held``: who is on it in the draft, ids; ``is_past``: it was served, and is not
    asked any more."""

    shift: Shift
    places: tuple[Place, ...]
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
    def places(self) -> list[Place]:
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


def ground(row: UnitList, *, now: datetime) -> Ground:
    """The unit's own seats, read against the draft as it is."""
    return reading.ground(row.collection.campaign, units={row.unit_id}, now=now)


def days(row: UnitList, against: Ground, picks: Picks, wrong: Mapping[int, str] | None = None) -> list[DayAsked]:
    """``wrong``: seat id → what is wrong with who was chosen."""
    own = [each for each in against.taken.problem.staff if row.unit.code in each.eligible_units]
    return [
        DayAsked(on, tuple(_asked(against, shift, own, picks, wrong or {}) for shift in shifts))
        for on, shifts in sorted(against.draft.of_day.items())
    ]


def _asked(against: Ground, shift: Shift, own: Sequence[Staff], picks: Picks, wrong: Mapping[int, str]) -> ShiftAsked:
    places = [Place(seat, picks.get(seat), wrong.get(seat, "")) for seat in against.draft.seats[shift.id]]
    chosen = {place.person for place in places}
    able = [each for each in own if shift.duty in each.duties or each.id in chosen]
    first = sorted(able, key=lambda each: each.unit != shift.unit)  # the unit's own people before those above and below
    sitting = (against.draft.sitting.get(place.seat) for place in places)
    held = tuple(each for each in sitting if each is not None)
    return ShiftAsked(shift, tuple(places), tuple(first), held, shift.id in against.draft.fixed)


def chosen(against: Ground, sent: Mapping[str, str]) -> dict[int, int]:
    """``seat-<id>``: a person's code, as the form sends it; what names nobody, or no seat of the unit, is not there."""
    found = dict[int, int]()
    for shifts in against.draft.of_day.values():
        for shift in shifts:
            for seat in against.draft.seats[shift.id]:
                person = against.directory.by_code.get(sent.get(f"seat-{seat}", "").strip().lower())
                if person is not None and shift.id not in against.draft.fixed:
                    found[seat] = person.id
    return found


def refuse(against: Ground, picks: Picks, name_of: Mapping[int, str]) -> None:
    """Raise Invalid with every seat that cannot be as it was chosen, named ``seat-<id>``. ``name_of``: shifts."""
    errors = list[FieldError]()
    person = against.taken.problem.person
    for shifts in against.draft.of_day.values():
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


def from_sheet(against: Ground, sheets: Sequence[Drawn], picks: Picks) -> tuple[Looked, dict[int, int]]:
    """A sheet as it is read without anybody's choices, and whom the form then has: the sheet's shifts are the sheet's.

    The draft is left out of it: a unit says who shall serve, whatever the draft says."""
    looked = reading.look(
        _without_draft(against), sheets, Choices(blank="free" if is_ours(sheets[0].title) else "keep")
    )
    named = {each.shift for each in looked.laid.changes}
    kept = {seat: who for seat, who in picks.items() if _shift_of(against, seat) not in named}
    return looked, kept | {each.seat: each.person for each in looked.laid.changes if each.person is not None}


def _without_draft(against: Ground) -> Ground:
    return replace(against, draft=replace(against.draft, sitting={}))


def _shift_of(against: Ground, seat: int) -> int | None:
    return next((shift_id for shift_id, seats in against.draft.seats.items() if seat in seats), None)
