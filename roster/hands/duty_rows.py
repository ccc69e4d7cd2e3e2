"""Kinds of duty as rows: each shift of a unit with who sits on it, day by day. Reads what a grid has loaded."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from core.i18n import t
from people import queries as people
from planning.problem import Shift
from roster.confirmations import queries as confirmations
from roster.consents import queries as consent_queries
from roster.draft import shown
from roster.draft.grid import Grid

PAGE = 60
"""Rows of a page, as people of a page of the grid."""


@dataclass(frozen=True)
class Sitting:
    """Somebody on a shift. ``short``: as much of the name as tells them from others here; ``seat``: in the draft;
    ``spelt``: what names just them where it is pasted.
    """

    person_id: int
    code: str
    name: str
    short: str
    spelt: str
    seat: int | None
    pinned: bool
    bad: bool
    waits: str
    unanswered: bool


@dataclass(frozen=True)
class DutyCell:
    """``shift``: None on a day on which the unit has none of that name."""

    shift: Shift | None
    people: tuple[Sitting, ...] = ()
    missing: int = 0


@dataclass(frozen=True)
class DutyRow:
    """``key``: what the row is known by as long as nobody changes its shifts; ``hours``: from and to."""

    key: str
    unit: str
    unit_name: str
    duty: str
    template: str
    hours: str
    cells: tuple[DutyCell, ...]


@dataclass(frozen=True)
class DutyTable:
    rows: tuple[DutyRow, ...]
    page: int
    pages: int


def table(
    grid: Grid, *, duty: str | None, unit_id: int | None, order: Sequence[str], page: int, now: datetime
) -> DutyTable:
    """Return the table of the kind of duty and the unit (and below) that are asked for. ``order``: codes of kinds."""
    view = shown.view(grid.taken, grid.assignments, duty, shown.units_of(unit_id))
    lines = defaultdict[tuple[str, str, str, str], list[Shift]](list)
    for shift in view.shifts.values():
        lines[shift.unit, shift.duty, f"{t(shift.start)}–{t(shift.end)}", shift.template].append(shift)
    ids = people.unit_ids()
    units = {unit.code: (n, unit.name) for n, unit in enumerate(people.units({ids[key[0]] for key in lines}))}
    rank = {code: n for n, code in enumerate(order)}
    keys = sorted(lines, key=lambda key: (units[key[0]][0], rank.get(key[1], 99), key[2], key[3]))
    pages = max(1, -(-len(keys) // PAGE))
    page = max(1, min(page, pages))
    some = keys[(page - 1) * PAGE : page * PAGE]
    sits = sitting(grid, {shift.id for key in some for shift in lines[key]}, now)
    days = [day.on for day in grid.days]
    rows = tuple(_row(grid, key, units[key[0]][1], lines[key], days=days, sits=sits) for key in some)
    return DutyTable(rows, page, pages)


def _row(
    grid: Grid,
    key: tuple[str, str, str, str],
    unit_name: str,
    shifts: Sequence[Shift],
    *,
    days: Iterable[date],
    sits: Mapping[int, tuple[Sitting, ...]],
) -> DutyRow:
    unit, duty, hours, template = key
    on = {shift.local_date: shift for shift in shifts}
    cells = tuple(cell(grid, on.get(day), sits) for day in days)
    return DutyRow(f"s{min(each.id for each in shifts)}", unit, unit_name, duty, template, hours, cells)


def cell(grid: Grid, shift: Shift | None, sits: Mapping[int, tuple[Sitting, ...]]) -> DutyCell:
    """``sits``: as ``sitting`` answers."""
    if shift is None:
        return DutyCell(None)
    there = sits.get(shift.id, ())
    held = sum(not each.waits for each in there)
    return DutyCell(shift, there, max(0, grid.needs[shift.id] - held))


def sitting(grid: Grid, shift_ids: Collection[int], now: datetime) -> dict[int, tuple[Sitting, ...]]:
    """Shift id → who sits there."""
    taken, drafted = grid.taken, grid.source == "draft"
    on = [each for each in grid.assignments if each.shift_id in shift_ids]
    seat_of = {
        (shift_id, taken.cells[seat].person_id): seat
        for shift_id in shift_ids
        for seat in taken.seats[shift_id]
        if seat in taken.cells
    }
    waits = consent_queries.states_of(taken.campaign_id, now=now) if drafted else {}
    bad = {(shift, each.breach.staff_id) for each in grid.hard for shift in each.breach.shift_ids}
    ids = {each.staff_id for each in on}
    unanswered = confirmations.waiting_pairs(taken.campaign_id, sorted(ids), now=now)
    staff = taken.problem.person
    names = {each: staff[each].name for each in ids}
    short, bearers = shortened(names), Counter(person.name for person in taken.problem.staff)
    found = defaultdict[int, list[Sitting]](list)
    for each in on:
        who, key = staff[each.staff_id], (each.shift_id, each.staff_id)
        seat = seat_of.get(key) if drafted else None
        pinned = seat is not None and taken.cells[seat].pinned
        spelt = who.name if bearers[who.name] == 1 else who.code
        facts = short[who.id], spelt, seat, pinned, key in bad, waits.get(key, ""), key in unanswered
        found[each.shift_id].append(Sitting(who.id, who.code, who.name, *facts))
    return {shift_id: tuple(some) for shift_id, some in found.items()}


def shortened(names: Mapping[int, str]) -> dict[int, str]:
    """The given name, which stands last; of several who are called so as many words before it as tell them apart."""
    found = dict[int, str]()
    for length in range(1, 1 + max((len(name.split()) for name in names.values()), default=0)):
        cut = {each: " ".join(name.split()[-length:]) for each, name in names.items() if each not in found}
        counted = Counter(cut.values())
        found |= {each: text for each, text in cut.items() if counted[text] == 1 or text == names[each]}
    return found
