"""What changes for somebody when shifts go and come: hours of the week, rest, nights in a row, points."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from hypothesis import given, strategies as st

from core.calendar.dates import VN
from duty.swaps.workload_delta.window import WorkedTurn, window


def at(day: int, hour: int, minute: int = 0) -> datetime:
    """In January 2020; the 20th is a Monday."""
    return datetime(2020, 1, day, hour, minute, tzinfo=VN)


def turn(day: int, hour: int, hours: float, points: int = 1000) -> WorkedTurn:
    return WorkedTurn(at(day, hour), at(day, hour) + timedelta(hours=hours), points)


DAY, NIGHT = turn(21, 7, 12), turn(23, 19, 12, 2000)


def test_who_takes_a_night_between_two_shifts_reads_the_rest_on_both_sides() -> None:
    after = turn(24, 19, 12)
    found = window([DAY, after], [], [NIGHT], VN)
    assert [(each.first, each.before, each.after) for each in found.weeks] == [(date(2020, 1, 20), 24 * 60, 36 * 60)]
    [rest] = found.rests
    assert (rest.before, rest.after) == (48 * 60, 12 * 60)
    assert found.nights == (1, 2) and found.points == (2000, 4000)


def test_who_gives_reads_what_is_left() -> None:
    found = window([DAY, NIGHT], [NIGHT], [], VN)
    assert found.rests == () and found.nights == (1, 0) and found.points == (3000, 1000)
    assert [(each.before, each.after) for each in found.weeks] == [(24 * 60, 12 * 60)]


def test_a_part_that_goes_leaves_what_is_around_it() -> None:
    found = window([NIGHT], [turn(23, 22, 3, 0)], [], VN)
    assert [(each.before, each.after) for each in found.weeks] == [(12 * 60, 9 * 60)] and found.points == (2000, 1500)
    assert found.nights == (1, 1), "from 01:00 on it is still a night"


def test_a_swap_across_two_weeks_says_both() -> None:
    sunday, monday = turn(26, 7, 12), turn(27, 7, 8)
    found = window([sunday], [sunday], [monday], VN)
    assert [(each.first.day, each.before, each.after) for each in found.weeks] == [(20, 720, 0), (27, 0, 480)]


def test_the_week_is_that_of_the_place_not_of_greenwich() -> None:
    """03:00 on Monday the 27th in Việt Nam is Sunday evening in Greenwich."""
    found = window([], [], [turn(27, 3, 2)], VN)
    assert [each.first for each in found.weeks] == [date(2020, 1, 27)]


def test_rest_of_a_week_and_more_is_not_spoken_of() -> None:
    found = window([turn(2, 7, 12)], [], [NIGHT], VN)
    assert (found.rests[0].before, found.rests[0].after) == (None, None)


@given(
    st.lists(st.tuples(st.integers(1, 25), st.sampled_from([7, 19])), unique=True, min_size=1, max_size=12), st.data()
)
def test_what_one_gives_another_gets(days: list[tuple[int, int]], data: st.DataObject) -> None:
    turns = [turn(day, hour, 12) for day, hour in days]
    given_up = data.draw(st.sampled_from(turns))
    giver = window(turns, [given_up], [], VN)
    taker = window([], [], [given_up], VN)
    lost = sum(each.before - each.after for each in giver.weeks)
    assert lost == sum(each.after - each.before for each in taker.weeks) == 720
    assert giver.points[0] - giver.points[1] == taker.points[1] - taker.points[0] == 1000
    assert giver.nights[1] <= giver.nights[0] and taker.nights[1] >= taker.nights[0]
    back = window([each for each in turns if each != given_up], [], [given_up], VN)
    assert back.points[1] == giver.points[0] and back.nights[1] == giver.nights[0]
