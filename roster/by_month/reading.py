"""Reading for a month of a campaign: each day's shifts by kind of duty, who sits there, what is empty or in doubt.

Of what a grid has loaded, so that a month says nothing else than the grid does.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from core.calendar import lunar
from people import queries as people
from people.models import Person
from roster.by_month import weeks
from roster.by_month.weeks import Weeks
from roster.draft import shown
from roster.draft.grid import Grid
from roster.draft.grid_rows import Cell, Cover, cover_of
from roster.draft.shown_days import MOST, Day
from roster.hands import duty_rows
from roster.hands.duty_rows import Sitting
from roster.planning.problem import Shift

EMPTY = Cover(0, 0, False)


@dataclass(frozen=True)
class Line:
    """One shift of a day with who sits there; ``missing``: empty seats. ``unit_name``: where it is another's than the
    one that is looked at."""

    shift: Shift
    people: tuple[Sitting, ...]
    missing: int
    unit_name: str


@dataclass(frozen=True)
class Kind:
    """One kind of duty of a day, where there are too many seats to say who sits on each."""

    duty: str
    cover: Cover


@dataclass(frozen=True)
class MonthDay:
    """``day``: None outside the campaign. ``starts_phase``: another phase of Tết than that of the day before it.
    ``own``: the cell of the person that is asked for."""

    on: date
    day: Day | None = None
    cover: Cover = EMPTY
    starts_phase: bool = False
    lines: tuple[Line, ...] = ()
    kinds: tuple[Kind, ...] = ()
    own: Cell | None = None


@dataclass(frozen=True)
class Month:
    """``named``: whether it says who; else a day has more seats than can be read. ``of``: whose shifts alone."""

    weeks: Weeks
    days: tuple[tuple[MonthDay, ...], ...]
    named: bool
    of: Person | None


@dataclass(frozen=True)
class Asked:
    """Of the address: kind of duty, unit (and below), whose shifts alone, the day whose month is looked at."""

    duty: str | None
    unit_id: int | None
    person: Person | None
    on: date | None


def month(grid: Grid, asked: Asked, *, order: Sequence[str], now: datetime) -> Month:
    """``order``: codes of kinds of duty."""
    today = next((day.on for day in grid.days if day.is_today), None)
    wished = asked.on, _next_of(grid, asked.person, today), today, lunar.tet(grid.campaign.tet_year)
    found = weeks.of_campaign(grid.campaign.starts_on, grid.campaign.ends_on, wished)
    dates = {on for week in found.days for on in week}
    shifts = _shifts(grid, asked, dates)
    rank = {code: n for n, code in enumerate(order)}
    some = sorted(shifts.values(), key=lambda each: (rank.get(each.duty, 99), each.start, each.unit))
    sit = Counter(each.shift_id for each in grid.assignments)
    named = sum(max(grid.needs[each.id], sit[each.id]) for each in some) <= MOST
    lines = _lines(grid, asked, some, now) if named else {}
    kinds = {} if named else _kinds(grid, some)
    own = _own(grid, asked.person)
    cover = _cover(grid, shifts) if asked.person else {d.on: c for d, c in zip(grid.days, grid.cover, strict=True)}
    before: Day | None = None
    days: dict[date, MonthDay] = {}
    for day in grid.days:
        if day.on in dates:
            starts = before is None or before.phase != day.phase or day.on.weekday() == 0
            facts = tuple(lines.get(day.on, ())), tuple(kinds.get(day.on, ())), own.get(day.on)
            days[day.on] = MonthDay(day.on, day, cover[day.on], starts, *facts)
            before = day
    table = tuple(tuple(days.get(on) or MonthDay(on) for on in week) for week in found.days)
    return Month(found, table, named, asked.person)


def _next_of(grid: Grid, person: Person | None, today: date | None) -> date | None:
    """The first day from today on that has a shift of theirs, else their last one."""
    if person is None:
        return None
    mine = {each.shift_id for each in grid.assignments if each.staff_id == person.id}
    days = sorted(each.local_date for each in grid.taken.problem.shifts if each.id in mine)
    return next((on for on in days if today is None or on >= today), days[-1] if days else None)


def _shifts(grid: Grid, asked: Asked, dates: Collection[date]) -> dict[int, Shift]:
    """Those that need somebody, and those that somebody has though nobody is needed any more."""
    view = shown.view(grid.taken, grid.assignments, asked.duty, shown.units_of(asked.unit_id))
    wanted = {each.shift_id for each in grid.assignments} | {shift_id for shift_id, need in grid.needs.items() if need}
    some = {each.id: each for each in view.shifts.values() if each.local_date in dates and each.id in wanted}
    if asked.person is None:
        return some
    theirs = {each.shift_id for each in grid.assignments if each.staff_id == asked.person.id}
    return {shift_id: each for shift_id, each in some.items() if shift_id in theirs}


def _lines(grid: Grid, asked: Asked, some: Sequence[Shift], now: datetime) -> Mapping[date, Sequence[Line]]:
    sits = duty_rows.sitting(grid, {each.id for each in some}, now)
    ids = people.unit_ids()
    names = {unit.code: unit.name for unit in people.units({ids[each.unit] for each in some})}
    found: defaultdict[date, list[Line]] = defaultdict(list)
    here = asked.unit_id or grid.campaign.unit_id
    for shift in some:
        there = sits.get(shift.id, ())
        held = sum(not each.waits for each in there)
        name = "" if ids[shift.unit] == here else names[shift.unit]
        found[shift.local_date].append(Line(shift, there, max(0, grid.needs[shift.id] - held), name))
    return found


def _kinds(grid: Grid, some: Sequence[Shift]) -> Mapping[date, Sequence[Kind]]:
    by_duty: defaultdict[str, dict[int, Shift]] = defaultdict(dict)
    for shift in some:
        by_duty[shift.duty][shift.id] = shift
    found: defaultdict[date, list[Kind]] = defaultdict(list)
    for duty, shifts in by_duty.items():
        for on, cover in _cover(grid, shifts).items():
            if cover.seats:
                found[on].append(Kind(duty, cover))
    return found


def _cover(grid: Grid, shifts: Mapping[int, Shift]) -> dict[date, Cover]:
    """Of these shifts alone, by day."""
    dates = [day.on for day in grid.days]
    return dict(zip(dates, cover_of(dates, shifts, grid.needs, grid.held, (), grid.doubts), strict=True))


def _own(grid: Grid, person: Person | None) -> Mapping[date, Cell]:
    row = next((each for each in grid.rows if person is not None and each.person.id == person.id), None)
    return {day.on: cell for day, cell in zip(grid.days, row.cells, strict=True)} if row else {}
