"""Days of a grid that are hidden: how the address says them, what stands in their place, and that they come back."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given, strategies as st

from roster.draft.shown_days import GridDay
from roster.hands.hidden_days import HiddenDays, SeenDay, SeenDays, address, asked, columns

FIRST = date(2020, 1, 20)


def days(length: int = 10) -> list[GridDay]:
    """From the 20th on; the break is from the 23rd to the 26th."""
    found = (FIRST + timedelta(days=n) for n in range(length))
    return [
        GridDay(on, "before" if on.day < 23 else "during" if on.day < 27 else "after", "ordinary", False)
        for on in found
    ]


def hidden(*words: str, calm: tuple[int, ...] = ()) -> list[int]:
    return sorted(on.day for on in asked(words, days(), lambda day: day.on.day in calm).dates)


def test_dates_runs_and_words_are_understood_and_days_beyond_are_passed_over() -> None:
    assert hidden("2020-01-21, 2020-01-24..2020-01-25") == [21, 24, 25]
    assert hidden("2020-01-28..2020-03-01", "2019-12-01") == [28, 29]
    assert hidden("before", "2020-01-29") == [20, 21, 22, 29] and hidden("after") == [27, 28, 29]
    assert hidden("calm", calm=(20, 23)) == [20, 23]
    assert hidden("2020-01-25..2020-01-21") == [] == hidden("", ",")


def test_what_means_nothing_is_named_and_the_rest_holds() -> None:
    found = asked(["2020-01-21,hôm qua", "2020-01-01..x"], days(), lambda _day: False)
    assert [on.day for on in found.dates] == [21] and found.wrong == "hôm qua, 2020-01-01..x"
    assert len(asked(["x" * 900], days(), lambda _day: False).wrong) == 40


def test_not_every_day_can_be_hidden() -> None:
    found = asked(["before,during,after"], days(), lambda _day: False)
    assert found.everything and not found.dates
    assert not asked(["before,during"], days(), lambda _day: False).everything


def test_a_stretch_is_one_column_under_its_own_head_and_opens_alone() -> None:
    found = columns(days(), asked(["2020-01-22..2020-01-24,2020-01-27"], days(), lambda _day: False))
    one, other = (each for each in found.every if isinstance(each, HiddenDays))
    assert [day.on.day for day in one.days] == [22, 23, 24] and (one.at, one.without) == (2, "2020-01-27")
    assert (other.at, other.without) == (7, "2020-01-22..2020-01-24")
    heads = [(each.phase, each.length) if isinstance(each, SeenDays) else each.at for each in found.phases]
    assert heads == [("before", 2), 2, ("during", 2), 7, ("after", 2)]
    run = next(each for each in found.phases if isinstance(each, SeenDays) and each.phase == "during")
    assert run.without == "2020-01-22..2020-01-27"
    assert found.address == "2020-01-22..2020-01-24,2020-01-27"


def test_the_last_phase_that_is_seen_cannot_be_hidden_by_its_head() -> None:
    found = columns(days(), asked(["before,after"], days(), lambda _day: False))
    assert [each.without for each in found.phases if isinstance(each, SeenDays)] == [""]


@given(st.sets(st.integers(0, 9), max_size=9))
def test_the_address_says_what_is_hidden_and_every_other_day_has_its_column(which: set[int]) -> None:
    every = days()
    wanted = {every[n].on for n in which}
    found = asked([address(wanted)], every, lambda _day: False)
    assert found.dates == wanted and not found.wrong
    made = columns(every, found)
    assert [each.at for each in made.every if isinstance(each, SeenDay)] == [n for n in range(10) if n not in which]
    assert {day.on for each in made.every if isinstance(each, HiddenDays) for day in each.days} == wanted
    assert sum(each.length for each in made.phases if isinstance(each, SeenDays)) == 10 - len(which)
