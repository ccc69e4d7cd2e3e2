"""A Tết break as it is decided anew, before it is written: the break and the class of each date that changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from sqlalchemy import select

from core.calendar.holidays import TET_NAME, DayClass, known_break
from core.calendar.lunar import tet
from core.db import db
from core.errors import Invalid
from roster.days import breaks
from roster.days.day_classes import listed
from roster.days.holiday_sets import FIRST_YEAR, LAST_YEAR
from roster.days.workdays import MARGIN
from roster.sources.models import HolidayDay, HolidaySet

LONGEST = 30


@dataclass(frozen=True)
class BreakChoice:
    """What somebody says of the break of a year."""

    year: int
    starts_on: date
    ends_on: date
    status: str
    source: str = ""


@dataclass(frozen=True)
class BreakDecision:
    """``was``: the break as it is kept, else as it is known; ``days``: date → class, None: listed no more."""

    asked: BreakChoice
    was: breaks.Span
    days: Mapping[date, DayClass | None] = field(default_factory=dict)

    @property
    def becomes(self) -> breaks.Span:
        return self.asked.starts_on, self.asked.ends_on

    @property
    def first(self) -> date:
        """The first of the dates that it is about."""
        return min([self.was[0], self.becomes[0], *self.days])

    @property
    def last(self) -> date:
        return max([self.was[1], self.becomes[1], *self.days])

    def classes(self, first: date, last: date) -> dict[date, DayClass]:
        """Return the classes of the dates that are listed then, with those before ``first`` that a substitute day may
        stand in for."""
        found = listed(first - MARGIN, last + timedelta(days=2))
        for on, kind in self.days.items():
            found.pop(on, None)
            if kind is not None:
                found[on] = kind
        return found


def decide(asked: BreakChoice) -> BreakDecision:
    """Raises Invalid. Reads only: a year that nobody has entered is taken as it is known."""
    if not FIRST_YEAR <= asked.year <= LAST_YEAR:
        raise Invalid("campaign.date_range", field="ends_on", first=FIRST_YEAR, last=LAST_YEAR)
    if asked.ends_on < asked.starts_on or (asked.ends_on - asked.starts_on).days >= LONGEST:
        raise Invalid("holiday.break_span", field="ends_on", days=LONGEST)
    if not asked.starts_on <= tet(asked.year) <= asked.ends_on:  # days of another year, which has a break of its own
        raise Invalid("holiday.break_without_tet", field="starts_on", year=asked.year)
    spec, row = known_break(asked.year), kept(asked.year)
    was = (row.starts_on, row.ends_on) if row else (spec.break_start, spec.break_end)
    there = {each.on_date: _kind(each) for each in row.days} if row else dict(spec.days)
    days = breaks.moved(spec, there, was, (asked.starts_on, asked.ends_on))
    return BreakDecision(asked, was, {on: kind for on, kind in days.items() if kind is not None or on in there})


def decide_day(on: date, kind: DayClass | None) -> BreakDecision:
    """One date of another class (None: listed no more), the break as it is."""
    spec, row = known_break(on.year), kept(on.year)
    was = (row.starts_on, row.ends_on) if row else (spec.break_start, spec.break_end)
    changes = {on: kind} if listed(on, on).get(on) != kind else {}
    return BreakDecision(BreakChoice(on.year, *was, row.status if row else spec.status), was, changes)


def kept(year: int) -> HolidaySet | None:
    return db.session.scalar(select(HolidaySet).where(HolidaySet.year == year))


def write_days(row: HolidaySet, decision: BreakDecision) -> None:
    """The rows of the year as the decision has them; days of the break take its status and source."""
    asked = decision.asked
    rows = {each.on_date: each for each in row.days}
    for on, kind in decision.days.items():
        if kind is None:
            row.days.remove(rows[on])
        elif on in rows:
            rows[on].day_class, rows[on].name = kind, _name(kind, rows[on].name)
        else:
            row.days.append(HolidayDay(on_date=on, day_class=kind, name=_name(kind, ""), status="", source=""))
    for each in row.days:
        if asked.starts_on <= each.on_date <= asked.ends_on:
            each.status, each.source = asked.status, asked.source


def _name(kind: DayClass, was: str) -> str:
    return was if was and was != TET_NAME else "" if kind == "weekly_rest" else TET_NAME


def _kind(row: HolidayDay) -> DayClass:
    return row.day_class  # type: ignore[return-value]
