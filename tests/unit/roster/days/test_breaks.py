"""Days of a break decided anew: the usual classes, what the enterprise listed stays, moved back is as before."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given, settings, strategies as st

from core.calendar.holidays import TET_NAME, DayClass, HolidaySetSpec, seed_sets, suggest_break
from roster.days import breaks

SETS = {each.year: each for each in seed_sets()}


def span(spec: HolidaySetSpec) -> tuple[date, date]:
    return spec.break_start, spec.break_end


def after(
    spec: HolidaySetSpec, listed: dict[date, DayClass], was: tuple[date, date], becomes: tuple[date, date]
) -> dict[date, DayClass]:
    found = dict(listed)
    for on, kind in breaks.moved(spec, listed, was, becomes).items():
        found.pop(on, None)
        if kind is not None:
            found[on] = kind
    return found


@pytest.mark.parametrize("year", SETS)
def test_every_break_that_is_known_has_the_usual_classes(year: int) -> None:
    spec = SETS[year]
    assert breaks.usual(spec, span(spec)) == {
        on: kind for on, kind in spec.days.items() if on in breaks.dates(span(spec))
    }


def test_canh_ty_a_day_shorter_at_its_end_and_a_day_longer() -> None:
    """Break of 23–29/01/2020, statutory 23–27, substitutes 28 and 29."""
    spec, day = SETS[2020], timedelta(days=1)
    first, last = span(spec)
    assert breaks.moved(spec, spec.days, (first, last), (first, last - day)) == {date(2020, 1, 29): None}
    assert breaks.moved(spec, spec.days, (first, last), (first, last + day)) == {date(2020, 1, 30): "substitute"}


def test_begun_a_day_later_five_statutory_days_are_left_within_it() -> None:
    spec = SETS[2020]
    first, last = span(spec)
    changed = breaks.moved(spec, spec.days, (first, last), (first + timedelta(days=1), last))
    assert changed == {date(2020, 1, 23): None, date(2020, 1, 28): "holiday"}


def test_what_the_enterprise_listed_otherwise_stays() -> None:
    spec = SETS[2020]
    first, last = span(spec)
    listed: dict[date, DayClass] = dict(spec.days) | {date(2020, 1, 28): "weekly_rest"}
    assert breaks.moved(spec, listed, (first, last), (first, last - timedelta(days=1))) == {date(2020, 1, 29): None}


@settings(deadline=None, max_examples=200)
@given(st.integers(1990, 2090), st.integers(-4, 4), st.integers(-4, 4))
def test_moved_and_moved_back_is_what_it_was(year: int, start: int, end: int) -> None:
    spec = SETS.get(year) or suggest_break(year)
    first, last = span(spec)
    other = first + timedelta(days=start), last + timedelta(days=end)
    if other[1] < other[0]:
        return
    there = after(spec, dict(spec.days), (first, last), other)
    holidays = [on for on, kind in breaks.usual(spec, other).items() if kind == "holiday"]
    assert len(holidays) == min(breaks.STATUTORY, (other[1] - other[0]).days + 1)
    back = after(spec, there, other, (first, last))
    rows = {row.on for row in spec.rows if row.name == TET_NAME or row.on in breaks.dates((first, last))}
    assert {on: back[on] for on in rows} == {on: spec.days[on] for on in rows}
