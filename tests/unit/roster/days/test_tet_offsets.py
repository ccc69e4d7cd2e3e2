"""Days of one Tết beside those of another."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given, strategies as st

from core.calendar import lunar
from roster.days.tet_offsets import days_around, models

CANH_TY = days_around(date(2020, 1, 17), date(2020, 2, 8), lunar.tet(2020), (date(2020, 1, 23), date(2020, 1, 29)))
DINH_MUI = days_around(date(2027, 1, 29), date(2027, 2, 20), lunar.tet(2027), (date(2027, 2, 4), date(2027, 2, 10)))


def test_mung_1_is_done_as_mung_1_and_a_day_that_changes_phase_as_the_nearest_of_its_own() -> None:
    found = models(DINH_MUI, CANH_TY)
    assert found[lunar.tet(2027)] == lunar.tet(2020)
    assert found[date(2027, 2, 5)] == date(2020, 1, 24), "Giao thừa"
    assert found[date(2027, 2, 11)] == date(2020, 1, 30), "the first day after the break"
    assert found[date(2027, 2, 3)] == date(2020, 1, 22), "the last before it"


@given(here=st.tuples(*[st.integers(1, 20)] * 2), there=st.tuples(*[st.integers(1, 20)] * 2), rest=st.integers(3, 9))
def test_each_day_is_done_as_one_of_its_own_phase(here: tuple[int, int], there: tuple[int, int], rest: int) -> None:
    def around(year: int, before: int, after: int, length: int) -> list:  # type: ignore[type-arg]
        first = lunar.tet(year)
        days = first - timedelta(days=before), first + timedelta(days=after)
        return days_around(*days, first, (first - timedelta(days=1), first + timedelta(days=length)))

    wanted, known = around(2027, *here, rest), around(2020, *there, 5)
    phase_of = {each.on: each for each in known}
    for day in wanted:
        model = models(wanted, known)[day.on]
        same = [each for each in known if each.phase == day.phase]
        assert (model is None) == (not same)
        if model is not None:
            assert phase_of[model].phase == day.phase
            far = abs(phase_of[model].offset - day.offset)
            assert far == min(abs(each.offset - day.offset) for each in same)
