"""Reading for a month of a campaign: each day's shifts by kind of duty, who sits there, what is empty or in doubt.

Of what a grid has loaded, so that a month says nothing else than the grid does.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from core import clock
from core.calendar import lunar
from people import queries as people
from people.models import Person
from planning.problem import Shift
from roster.by_month import weeks
from roster.by_month.weeks import Weeks
from roster.draft import shown
from roster.draft.grid import Grid
from roster.draft.grid_rows import DayCover, GridCell, cover_of
from roster.draft.shown_days import MOST, GridDay
from roster.hands import duty_rows
from roster.hands.duty_rows import Sitting

EMPTY = DayCover(0, 0, False)


@dataclass(frozen=True)
class MonthShift:
    """One shift of a day with who sits there; ``missing``: empty seats. ``unit_name``: where it is another's than the
    one that is looked at."""

    shift: Shift
    people: tuple[Sitting, ...]
    missing: int
    unit_name: str


@dataclass(frozen=True)
class MonthKind:
    """One kind of duty of a day, where there are too many seats to say who sits on each."""

    duty: str
    cover: DayCover


@dataclass(frozen=True)
class MonthDay:
    """``day``: None outside the campaign. ``starts_phase``: another phase of Tết than that of the day before it.
    ``seats``: that are needed, and those that somebody has besides; of one person the own ones. ``own``: the cell of
    the person that is asked for."""

    on: date
    day: GridDay | None = None
    cover: DayCover = EMPTY
    seats: int = 0
    starts_phase: bool = False
    lines: tuple[MonthShift, ...] = ()
    kinds: tuple[MonthKind, ...] = ()
    own: GridCell | None = None


@dataclass(frozen=True)
class MonthPlan:
    """``named``: whether it says who; else a day has more seats than can be read. ``of``: whose shifts alone."""

    weeks: Weeks
    days: tuple[tuple[MonthDay, ...], ...]
    named: bool
    of: Person | None


@dataclass(frozen=True)
class MonthFilter:
    """Of the address: kind of duty, unit (and below), whose shifts alone, the day whose month is looked at."""

    duty: str | None
    unit_id: int | None
    person: Person | None
    on: date | None


def month(grid: Grid, asked: MonthFilter, *, order: Sequence[str], now: datetime) -> MonthPlan:
    """``order``: codes of kinds of duty."""
    every = _shifts(grid, asked)
    wished = asked.on, _next_of(every, asked, now), clock.local_date(now), lunar.tet(grid.campaign.tet_year)
    found = weeks.weeks_for_campaign(grid.campaign.starts_on, grid.campaign.ends_on, wished)
    dates = {on for week in found.days for on in week}
    shifts = {each.id: each for each in every if each.local_date in dates}
    rank = {code: n for n, code in enumerate(order)}
    some = sorted(shifts.values(), key=lambda each: (rank.get(each.duty, 99), each.start, each.unit))
    needs = _needs(grid, asked, shifts)
    named = sum(needs.values()) <= MOST
    lines = _lines(grid, asked, some, now) if named else {}
    kinds = {} if named else _kinds(grid, some, needs)
    own = _own(grid, asked.person)
    seats = _cover(grid, shifts, needs, asked.person)
    cover = seats if asked.person else {d.on: c for d, c in zip(grid.days, grid.cover, strict=True)}
    before: GridDay | None = None
    days: dict[date, MonthDay] = {}
    for day in grid.days:
        if day.on in dates:
            starts = before is None or before.phase != day.phase or day.on.weekday() == 0
            facts = tuple(lines.get(day.on, ())), tuple(kinds.get(day.on, ())), own.get(day.on)
            days[day.on] = MonthDay(day.on, day, cover[day.on], seats[day.on].seats, starts, *facts)
            before = day
    table = tuple(tuple(days.get(on) or MonthDay(on) for on in week) for week in found.days)
    return MonthPlan(found, table, named, asked.person)


def _shifts(grid: Grid, asked: MonthFilter) -> Sequence[Shift]:
    """Return those that need somebody, and those that somebody has though nobody is needed any more; of one person
    theirs."""
    view = shown.view(grid.taken, grid.assignments, asked.duty, shown.units_of(asked.unit_id))
    mine = {each.shift_id for each in grid.assignments if asked.person is None or each.staff_id == asked.person.id}
    wanted = mine if asked.person else mine | {shift_id for shift_id, need in grid.needs.items() if need}
    return [each for each in view.shifts.values() if each.id in wanted]


def _next_of(theirs: Sequence[Shift], asked: MonthFilter, now: datetime) -> date | None:
    """The first day from today on that has a shift of the person who is asked for, else their last one."""
    days = sorted(each.local_date for each in theirs) if asked.person else []
    return next((on for on in days if on >= clock.local_date(now)), days[-1] if days else None)


def _needs(grid: Grid, asked: MonthFilter, shifts: Collection[int]) -> Mapping[int, int]:
    """Shift id → seats to be shown."""
    if asked.person:
        return dict.fromkeys(shifts, 1)
    held = Counter(each.shift_id for each in grid.held)
    return {each: max(grid.needs[each], held[each]) for each in shifts}


def _lines(grid: Grid, asked: MonthFilter, some: Sequence[Shift], now: datetime) -> Mapping[date, Sequence[MonthShift]]:
    sits = duty_rows.sitting(grid, {each.id for each in some}, now)
    ids = people.unit_ids()
    names = {unit.code: unit.name for unit in people.units({ids[each.unit] for each in some})}
    found: defaultdict[date, list[MonthShift]] = defaultdict(list)
    here = asked.unit_id or grid.campaign.unit_id
    for shift in some:
        cell = duty_rows.cell(grid, shift, sits)
        name = "" if ids[shift.unit] == here else names[shift.unit]
        found[shift.local_date].append(MonthShift(shift, cell.people, cell.missing, name))
    return found


def _kinds(grid: Grid, some: Sequence[Shift], needs: Mapping[int, int]) -> Mapping[date, Sequence[MonthKind]]:
    by_duty: defaultdict[str, dict[int, Shift]] = defaultdict(dict)
    for shift in some:
        by_duty[shift.duty][shift.id] = shift
    found: defaultdict[date, list[MonthKind]] = defaultdict(list)
    for duty, shifts in by_duty.items():
        for on, cover in _cover(grid, shifts, needs).items():
            if cover.seats:
                found[on].append(MonthKind(duty, cover))
    return found


def _cover(
    grid: Grid, shifts: Mapping[int, Shift], needs: Mapping[int, int], person: Person | None = None
) -> dict[date, DayCover]:
    """Return how these shifts alone are covered, by day; of one ``person`` their seats, whoever's consent they wait
    for."""
    dates = [day.on for day in grid.days]
    held = grid.held if person is None else [each for each in grid.assignments if each.staff_id == person.id]
    return dict(zip(dates, cover_of(dates, shifts, needs, held, gaps=(), doubts=grid.doubts), strict=True))


def _own(grid: Grid, person: Person | None) -> Mapping[date, GridCell]:
    row = next((each for each in grid.rows if person is not None and each.person.id == person.id), None)
    return {day.on: cell for day, cell in zip(grid.days, row.cells, strict=True)} if row else {}
