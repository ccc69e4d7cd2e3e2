"""What hours are worth: the worked examples of Tết Canh Tý, normal and overtime; nothing depends on the cuts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given, strategies as st

from core.calendar.holidays import WORK_PATTERNS, seed_sets
from duty.timekeeping import owed, sums
from duty.timekeeping.reckoning import WorkerDays, WorkPiece, WorkStretch, dates, overtime_of, reckon
from planning.time.normal_hours import BY_ROSTER
from roster.days.hour_percents import PayDay, rate
from roster.days.workdays import classes

VN = timezone(timedelta(hours=7))
FIRST, LAST = date(2020, 1, 1), date(2020, 3, 1)
DAYS = next(each for each in seed_sets() if each.year == 2020).days
EIGHT = {FIRST + timedelta(days=n): 480 for n in range((LAST - FIRST).days)}


def worker(pattern: str = "office5") -> WorkerDays:
    known = classes(WORK_PATTERNS[pattern], FIRST, LAST, DAYS)
    if pattern == BY_ROSTER:
        by_roster = {on: kind if kind != "weekly_rest" else "ordinary" for on, kind in known.items()}
        return WorkerDays(by_roster, by_roster=True, pattern=BY_ROSTER)
    return WorkerDays(known, {on: minutes for on, minutes in EIGHT.items() if known[on] == "ordinary"}, pattern=pattern)


def at(text: str) -> datetime:
    """``22:00 25/01`` of 2020."""
    return datetime.strptime(f"{text}/2020", "%H:%M %d/%m/%Y").replace(tzinfo=VN)


def duty(since: str, until: str, *replaces: str, ref: int = 1) -> WorkStretch:
    dates = frozenset(at(f"00:00 {each}").date() for each in replaces)
    return WorkStretch(at(since), at(until), ref, replaces=dates)


def worth(pieces: Sequence[WorkPiece]) -> float:
    return sum(each.worth for each in pieces) / 6000


def told(pieces: Sequence[WorkPiece]) -> list[tuple[int, int]]:
    return [(each.minutes // 60, each.rate.percent) for each in pieces]


@pytest.mark.parametrize(
    ("since", "until", "hours"),
    [
        ("22:00 25/01", "06:00 26/01", 31.2),
        ("18:00 24/01", "06:00 25/01", 43.2),
        ("22:00 27/01", "06:00 28/01", 24.0),
        ("22:00 29/01", "06:00 30/01", 17.4),
        ("06:00 25/01", "06:00 26/01", 79.2),
    ],
)
def test_the_worked_examples(since: str, until: str, hours: float) -> None:
    assert worth(reckon([duty(since, until)], worker())) == pytest.approx(hours)


def test_who_works_on_saturdays_has_no_substitute_day_on_the_29th() -> None:
    pieces = reckon([duty("22:00 29/01", "06:00 30/01")], worker("office6"))
    assert worth(pieces) == pytest.approx(16.0)
    assert told(pieces) == [(2, 200), (6, 200)]


def test_a_night_after_overtime_by_day_is_worth_ten_more_on_the_same_date_only() -> None:
    pieces = reckon([duty("18:00 30/01", "06:00 31/01")], worker())
    assert told(pieces) == [(4, 150), (2, 210), (6, 200)]


def test_duty_that_replaces_work_is_normal_up_to_the_ordinary_hours_of_its_date() -> None:
    day = reckon([duty("07:00 30/01", "19:00 30/01", "30/01")], worker())
    assert told(day) == [(8, 100), (4, 150)]
    night = reckon([duty("22:00 30/01", "06:00 31/01", "30/01", "31/01")], worker())
    assert told(night) == [(2, 130), (6, 130)]
    assert not any(each.overtime for each in night)


def test_work_is_made_up_for_once_however_many_duties_replace_it() -> None:
    pieces = reckon(
        [duty("06:00 30/01", "12:00 30/01", "30/01"), duty("14:00 30/01", "20:00 30/01", "30/01")], worker()
    )
    assert told(pieces) == [(6, 100), (2, 100), (4, 150)]


def test_no_work_is_replaced_on_a_holiday() -> None:
    pieces = reckon([duty("22:00 29/01", "06:00 30/01", "29/01", "30/01")], worker())
    assert told(pieces) == [(2, 270), (6, 130)]


def test_by_the_roster_alone_the_first_ten_hours_are_normal_and_a_weekend_is_a_day_like_any_other() -> None:
    pieces = reckon([duty("07:00 11/01", "07:00 12/01")], worker(BY_ROSTER))
    assert at("00:00 11/01").weekday() == 5
    assert told(pieces) == [(10, 100), (5, 150), (2, 210), (6, 200), (1, 150)]


def test_by_the_roster_alone_48_hours_of_a_week_are_normal() -> None:
    shifts = [duty(f"08:00 {day:02d}/01", f"18:00 {day:02d}/01") for day in range(6, 12)]
    pieces = reckon(shifts, worker(BY_ROSTER))
    assert sums.Sums(sums.lines(pieces)).normal == 48 * 60
    assert told(pieces)[-3:] == [(8, 100), (2, 150), (10, 150)], "Friday has eight left of the week, Saturday none"


def test_a_holiday_by_the_roster_is_overtime_from_the_first_minute() -> None:
    pieces = reckon([duty("22:00 24/01", "06:00 25/01")], worker(BY_ROSTER))
    assert told(pieces) == [(2, 390), (6, 390)]


def test_a_call_out_is_overtime_for_everybody() -> None:
    called = replace(duty("01:00 30/01", "03:00 30/01"), called=True)
    for pattern in ("office5", BY_ROSTER):
        pieces = reckon([called], worker(pattern))
        assert told(pieces) == [(2, 200)] and pieces[0].called


def test_a_minute_counts_once() -> None:
    twice = [duty("08:00 25/01", "12:00 25/01", ref=1), duty("10:00 25/01", "14:00 25/01", ref=2)]
    pieces = reckon(twice, worker())
    assert [(each.ref, each.minutes) for each in pieces] == [(1, 240), (2, 120)]


def test_each_code_has_its_own_sources() -> None:
    old, new = (rate(on, "rest", "night", overtime=True) for on in (date(2020, 12, 31), date(2021, 1, 1)))
    assert old.percent == new.percent == 270
    assert "10/2012/QH13" in old.basis and "45/2019/QH14" in new.basis


def test_a_decree_is_cited_from_the_day_on_which_it_is_in_force() -> None:
    days: tuple[PayDay, ...] = ("ordinary", "rest", "holiday")
    for day in days:
        before, after = (rate(on, day, "night", overtime=True) for on in (date(2021, 1, 31), date(2021, 2, 1)))
        assert before.percent == after.percent
        assert "145/2020" not in before.basis and "145/2020" in after.basis


def test_what_should_be_looked_at_is_said_with_its_source() -> None:
    shifts = [duty("06:00 25/01", "06:00 26/01"), duty("22:00 28/01", "06:00 29/01")]
    found = owed.notes(reckon(shifts, worker()))
    assert [(each.code, each.first.day, each.last.day, each.minutes // 60) for each in found] == [
        ("after_overtime", 25, 26, 24),
        ("long_day", 25, 25, 18),
        ("after_overtime", 28, 29, 8),
        ("substitute", 28, 28, 2),
        ("substitute", 29, 29, 6),
    ]
    assert all("Điều" in each.basis for each in found)


def test_ordinary_work_besides_duty_makes_a_day_long_too() -> None:
    pieces = reckon([duty("18:00 30/01", "00:00 31/01")], worker())
    assert not [each for each in owed.notes(pieces) if each.code == "long_day"]
    [long] = [each for each in owed.notes(pieces, {date(2020, 1, 30): 480}) if each.code == "long_day"]
    assert (long.first, long.minutes) == (date(2020, 1, 30), 14 * 60)


def test_rest_after_overtime_is_owed_after_seven_days_and_not_across_months() -> None:
    shifts = [duty(f"18:00 {day:02d}/01", f"20:00 {day:02d}/01") for day in range(24, 32)]
    shifts.append(duty("18:00 01/02", "20:00 01/02"))
    owing = [each for each in owed.notes(reckon(shifts, worker())) if each.code == "after_overtime"]
    assert [(each.first.day, each.last.day) for each in owing] == [(24, 30), (31, 31), (1, 1)]


def test_the_code_of_2019_has_no_such_clause() -> None:
    on = date(2021, 3, 1)
    start = datetime(2021, 3, 1, 18, tzinfo=VN)
    pieces = reckon([WorkStretch(start, start + timedelta(hours=2))], WorkerDays({on: "ordinary"}))
    assert owed.notes(pieces) == []


@st.composite
def _duties(draw: st.DrawFn) -> list[WorkStretch]:
    """Duties of one person, one after the other, some without a gap."""
    found, moment = [], at("00:00 18/01") + timedelta(minutes=draw(st.integers(0, 2000)))
    for ref in range(1, draw(st.integers(1, 6)) + 1):
        start = moment + timedelta(minutes=draw(st.sampled_from([0, 0, 30, 480, 720, 1500])))
        moment = start + timedelta(minutes=draw(st.integers(1, 1500)))
        dates = {(start + timedelta(days=n)).date() for n in range(3) if start + timedelta(days=n) < moment}
        kind = draw(st.sampled_from(["plain", "replaces", "called"]))
        replaces = (
            frozenset({*dates, (moment - timedelta(minutes=1)).date()}) if kind == "replaces" else frozenset[date]()
        )
        found.append(WorkStretch(start, moment, ref, called=kind == "called", replaces=replaces))
    return found


@st.composite
def _cut_anywhere(draw: st.DrawFn, duties: list[WorkStretch]) -> list[WorkStretch]:
    found = []
    for each in duties:
        minutes = (each.ends_at - each.starts_at) // timedelta(minutes=1)
        cuts = sorted(draw(st.sets(st.integers(1, max(1, minutes - 1)), max_size=4))) if minutes > 1 else []
        ends = [each.starts_at, *(each.starts_at + timedelta(minutes=cut) for cut in cuts), each.ends_at]
        found += [replace(each, starts_at=a, ends_at=b) for a, b in zip(ends, ends[1:], strict=False)]
    return draw(st.permutations(found))


@given(st.data(), st.sampled_from(["office5", "office5_5", "office6", BY_ROSTER]))
def test_nothing_depends_on_how_the_same_minutes_are_divided(data: st.DataObject, pattern: str) -> None:
    duties = data.draw(_duties())
    whole, parts = (reckon(each, worker(pattern)) for each in (duties, data.draw(_cut_anywhere(duties))))
    assert parts == whole
    assert sum(each.minutes for each in whole) * 60 == sum((d.ends_at - d.starts_at).total_seconds() for d in duties)


@given(_duties())
def test_pieces_lie_within_a_date_and_within_night_or_day_and_lines_add_up(duties: list[WorkStretch]) -> None:
    pieces = reckon(duties, worker())
    for each in pieces:
        last = each.ends_at - timedelta(minutes=1)
        assert each.starts_at.date() == last.date() == each.on
        assert {each.starts_at.hour < 6 or each.starts_at.hour >= 22, last.hour < 6 or last.hour >= 22} == {each.night}
        assert each.day_class == "ordinary" or each.overtime
    total = sums.Sums(sums.parse_lines(sums.kept(sums.lines(pieces))))
    assert total.worth == sum(each.worth for each in pieces)
    assert total.on_site + total.called == total.normal + total.overtime == sum(each.minutes for each in pieces)


STARTS = st.integers(0, 20 * 24 * 2).map(lambda half: at("00:00 06/01") + timedelta(minutes=30 * half))


@given(st.lists(st.tuples(STARTS, st.integers(1, 24)), max_size=8), st.sampled_from(["office5", BY_ROSTER]))
def test_what_each_duty_adds_to_the_overtime_is_all_of_it(rows: list[tuple[datetime, int]], pattern: str) -> None:
    """Whoever is asked whether they agree to overtime is asked about these minutes."""
    duties = [
        WorkStretch(start, start + timedelta(hours=hours), ref, replaces=dates(start, start + timedelta(hours=hours)))
        for ref, (start, hours) in enumerate(sorted(rows), 1)
    ]
    pieces = reckon(duties, worker(pattern))
    found = overtime_of(pieces)
    assert sum(found.values()) == sums.Sums(sums.lines(pieces)).overtime
    for number in range(len(duties)):
        earlier = overtime_of(reckon(duties[:number], worker(pattern)))
        assert all(found[ref] == minutes for ref, minutes in earlier.items()), "a later duty asks nobody anew"


def test_the_dates_that_a_duty_touches_end_with_its_last_minute() -> None:
    assert dates(at("19:30 24/01"), at("00:00 25/01")) == {date(2020, 1, 24)}
    assert dates(at("19:30 24/01"), at("00:01 25/01")) == {date(2020, 1, 24), date(2020, 1, 25)}
