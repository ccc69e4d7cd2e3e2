"""PURE a draft as a sheet that can be sent out and read back: people in rows, days in columns, codes in cells."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from planning.problem import Shift, Staff
from roster.sheets import codes
from roster.sheets.codes import AlikeShifts, WrittenKind
from roster.sheets.seating import SheetDraft, start_of

FIRST_DAY = 2
"""Column of the first day: after code and name."""


@dataclass(frozen=True)
class Written:
    """``rows``: one for each person, without the headings; ``legend``: what each code stands for."""

    rows: list[list[str]]
    legend: list[tuple[str, AlikeShifts]]


def write(
    draft: SheetDraft, people: Sequence[Staff], days: Sequence[date], kinds: Mapping[str, WrittenKind]
) -> Written:
    pairs = codes.pairs_of(draft.shifts)
    letters = codes.written(pairs, kinds)
    alike = Counter(_alike(shift) for shift in draft.shifts)
    rows = []
    for person in people:
        cells = []
        for day in days:
            held = draft.held.get((person.id, day))
            mine = [shift for shift in draft.shifts_by_day[day] if shift.id in held] if held else ()
            cells.append(", ".join(_code(shift, person, letters, alike) for shift in mine))
        rows.append([person.code, person.name, *cells])
    used = {AlikeShifts(shift.duty, shift.template) for shift in draft.shifts}
    return Written(rows, [(code, pair) for pair, code in letters.items() if pair in used])


def _code(
    shift: Shift, person: Staff, letters: Mapping[AlikeShifts, str], alike: Mapping[tuple[date, str, str, str], int]
) -> str:
    """With its hour where the unit has two such shifts that day, with its unit where that is not the person's."""
    code = letters[AlikeShifts(shift.duty, shift.template)]
    if alike[_alike(shift)] > 1:
        hour, minute = divmod(start_of(shift), 60)
        code += f" {hour:02d}:{minute:02d}"
    return code if shift.unit == person.unit else f"{code} @{shift.unit}"


def _alike(shift: Shift) -> tuple[date, str, str, str]:
    return shift.local_date, shift.duty, shift.template, shift.unit
