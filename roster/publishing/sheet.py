"""The roster as people print it: dates down, duty kinds across. Built from a draft, from duties or from a revision."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from core import clock
from core.calendar.moments import parse_moment
from core.db import db
from people import queries as people
from people.models import Person
from planning.coverage import people_needed
from roster.campaigns import queries
from roster.coverage.proving import obligatory_kinds
from roster.draft import shown_days
from roster.draft.grid import Grid
from roster.draft.shown_days import GridDay
from roster.models import Revision

Slot = tuple[datetime, datetime, str]


@dataclass(frozen=True)
class Somebody:
    code: str
    name: str
    position: str
    phone: str = ""
    unsure: bool = False
    """Recorded absent for some minute of the shift."""


@dataclass(frozen=True)
class SheetShift:
    """One shift of one unit: who serves, and how many are wanted."""

    shift_id: int
    duty: str
    unit: str
    unit_name: str
    template: str
    starts_at: datetime
    ends_at: datetime
    required: int
    people: tuple[Somebody, ...]
    legal_ground: str = ""
    """What the employer states for more than twelve hours on site."""

    @property
    def missing(self) -> int:
        return max(0, self.required - len(self.people))


@dataclass(frozen=True)
class SheetTime:
    """One time of one date: ``cells`` holds the entries of each duty kind."""

    template: str
    starts_at: datetime
    ends_at: datetime
    cells: Mapping[str, tuple[SheetShift, ...]]


@dataclass(frozen=True)
class SheetCell:
    """``timed``: its entries do not keep the row's time and must say their own."""

    duty: str
    entries: tuple[SheetShift, ...]
    rows: int
    timed: bool


@dataclass(frozen=True)
class SheetRow:
    template: str
    starts_at: datetime
    ends_at: datetime
    cells: tuple[SheetCell, ...]


@dataclass(frozen=True)
class DaySheet:
    on: date
    day: GridDay | None
    lines: tuple[SheetTime, ...]

    @property
    def entries(self) -> list[SheetShift]:
        return [entry for line in self.lines for cell in line.cells.values() for entry in cell]

    def rows(self, duties: Iterable[str]) -> list[SheetRow]:
        """The day as rows of a table: those of the duty with most times; who keeps other times spans the whole day."""
        by_duty = {code: [line for line in self.lines if code in line.cells] for code in duties}
        base = max(by_duty.values(), key=len, default=[])
        rows = []
        for number, line in enumerate(base):
            cells = [_cell(code, by_duty[code], base, number) for code in by_duty]
            rows.append(SheetRow(line.template, line.starts_at, line.ends_at, tuple(cell for cell in cells if cell)))
        return rows


def sheet_of_grid(
    grid: Grid, *, duty: str | None = None, unit_id: int | None = None, days: Sequence[GridDay] | None = None
) -> tuple[DaySheet, ...]:
    """The sheet of what a grid shows, without phones: a draft is not what anybody calls by. ``days``: only of these."""
    days = grid.days if days is None else days
    dates, ids = {day.on for day in days}, people.unit_ids()
    within = set(people.subtree_ids(unit_id)) if unit_id is not None else None
    shifts = [
        shift
        for shift in grid.taken.problem.shifts
        if shift.local_date in dates
        and (duty is None or shift.duty == duty)
        and (within is None or ids[shift.unit] in within)
    ]
    on: defaultdict[int, list[int]] = defaultdict(list)
    for each in grid.assignments:
        on[each.shift_id].append(each.staff_id)
    rows = people.brief({each for shift in shifts for each in on[shift.id]})
    units = {unit.code: unit for unit in people.units({ids[shift.unit] for shift in shifts})}
    stated = queries.legal_grounds(grid.campaign.id)
    entries = [
        SheetShift(
            shift_id=shift.id,
            duty=shift.duty,
            unit=shift.unit,
            unit_name=units[shift.unit].name,
            template=shift.template,
            starts_at=shift.start,
            ends_at=shift.end,
            required=grid.needs[shift.id],
            people=tuple(_somebody(rows[each], unsure=(shift.id, each) in grid.doubts) for each in on[shift.id]),
            legal_ground=stated.get(shift.id, ""),
        )
        for shift in shifts
    ]
    return sheet_of_entries(entries, days)


def sheet_of_revision(revision: Revision, days: Iterable[GridDay], *, phones: bool) -> tuple[DaySheet, ...]:
    """The sheet of what was signed; phones are today's, and only when asked for."""
    return sheet_of_entries(entries_of(revision.content, phones=phones), days)


def entries_of(content: Sequence[Mapping[str, Any]], *, phones: bool) -> list[SheetShift]:
    """Shifts as revisions keep them."""
    codes = {each["code"] for row in content for each in row["people"]}
    must = obligatory_kinds()
    known = _phones(codes) if phones else {}
    return [
        SheetShift(
            shift_id=row["shift"],
            duty=row["duty"],
            unit=row["unit"],
            unit_name=row["unit_name"],
            template=row["name"],
            starts_at=parse_moment(row["starts_at"]),
            ends_at=parse_moment(row["ends_at"]),
            required=people_needed(row["required"], obligatory=row["duty"] in must),
            people=tuple(
                Somebody(p["code"], p["name"], p["position"], known.get(p["code"], "")) for p in row["people"]
            ),
            legal_ground=row.get("legal_ground", ""),
        )
        for row in content
    ]


def sheet_of_entries(entries: Iterable[SheetShift], days: Iterable[GridDay]) -> tuple[DaySheet, ...]:
    """Entries by local start date and time of day."""
    by_day: defaultdict[date, defaultdict[Slot, list[SheetShift]]] = defaultdict(lambda: defaultdict(list))
    for entry in entries:
        slot = (entry.starts_at, entry.ends_at, entry.template)
        by_day[clock.local_date(entry.starts_at)][slot].append(entry)
    known = {day.on: day for day in days}
    return tuple(
        DaySheet(on, known.get(on), tuple(_line(slot, by_day[on][slot]) for slot in sorted(by_day[on])))
        for on in sorted({*known, *by_day})
    )


def page_of(sheet: Sequence[DaySheet], on: date | None) -> tuple[shown_days.DayWindow, tuple[DaySheet, ...], int]:
    """The page of a long sheet with ``on``: its window, its days, and how many days with shifts come before them."""
    known = [(each.day, sum(entry.required for entry in each.entries)) for each in sheet if each.day is not None]
    found = shown_days.window([day for day, _seats in known], [seats for _day, seats in known], on)
    dates = {day.on for day in found.days}
    first = min(dates, default=None)
    earlier = sum(1 for each in sheet if each.lines and first is not None and each.on < first)
    return found, tuple(each for each in sheet if each.on in dates), earlier


def duties_of(sheet: Iterable[DaySheet], order: Iterable[str]) -> list[str]:
    """The duty kinds that the sheet holds, in order."""
    used = {entry.duty for day in sheet for entry in day.entries}
    return [code for code in order if code in used]


@dataclass(frozen=True)
class LongDutyGround:
    """What the employer states for the long on-site shifts of one kind."""

    duty: str
    unit_name: str
    template: str
    text: str


def grounds_of(sheet: Iterable[DaySheet]) -> list[LongDutyGround]:
    """Each stated ground once, in order of the shifts."""
    entries = (entry for day in sheet for entry in day.entries if entry.legal_ground)
    return list(dict.fromkeys(LongDutyGround(e.duty, e.unit_name, e.template, e.legal_ground) for e in entries))


def _line(slot: Slot, entries: Iterable[SheetShift]) -> SheetTime:
    cells: defaultdict[str, list[SheetShift]] = defaultdict(list)
    for entry in entries:
        cells[entry.duty].append(entry)
    return SheetTime(slot[2], slot[0], slot[1], {duty: tuple(found) for duty, found in cells.items()})


def _cell(duty: str, own: list[SheetTime], base: list[SheetTime], number: int) -> SheetCell | None:
    if all(line in base for line in own):
        return SheetCell(duty, tuple(base[number].cells.get(duty, ())), 1, False)
    if number:
        return None
    return SheetCell(duty, tuple(entry for line in own for entry in line.cells[duty]), len(base), True)


def _somebody(person: Any, *, unsure: bool) -> Somebody:
    return Somebody(person.code, person.full_name, person.position, unsure=unsure)


def _phones(codes: Collection[str]) -> dict[str, Any]:
    rows = db.session.scalars(people.with_details(select(Person).where(Person.code.in_(codes))))
    return {person.code: person.phone or "" for person in rows}
