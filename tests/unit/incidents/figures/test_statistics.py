"""Numbers that people compare: quantiles, targets kept, who had what for how long."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from hypothesis import given, strategies as st

from incidents.figures import chart, statistics
from incidents.figures.statistics import Holding, PersonCall

AT = datetime(2020, 1, 25, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
waits = st.lists(st.timedeltas(timedelta(0), timedelta(days=9)), min_size=1, max_size=60)


def minutes(*numbers: int) -> list[timedelta]:
    return [number * MINUTE for number in numbers]


def test_nine_of_ten_is_the_ninth_of_ten() -> None:
    assert statistics.quantile(minutes(*range(1, 11)), 0.9) == 9 * MINUTE
    assert statistics.quantile(minutes(*range(1, 11)), 0.5) == 5 * MINUTE
    assert statistics.quantile(minutes(7), 0.9) == 7 * MINUTE
    assert statistics.quantile([], 0.5) is None


@given(waits, st.sampled_from((0.1, 0.5, 0.9, 1.0)))
def test_a_quantile_is_one_of_the_waits_and_so_many_do_not_exceed_it(found: list[timedelta], share: float) -> None:
    value = statistics.quantile(found, share)
    assert value in found
    assert sum(each <= value for each in found) >= share * len(found) - 1e-9
    assert sum(each < value for each in found) < share * len(found) + 1e-9


def test_a_target_counts_once_its_time_is_up_and_not_before() -> None:
    five = 5 * MINUTE
    found = statistics.times(
        [
            (3 * MINUTE, five, 60 * MINUTE),
            (9 * MINUTE, five, 60 * MINUTE),
            (None, five, 60 * MINUTE),
            (None, five, MINUTE),
        ]
    )
    assert (found.number, found.kept, found.due, found.share) == (2, 1, 3, 1 / 3)
    assert statistics.times([(None, five, MINUTE)]).share is None


def test_the_load_of_one_who_took_without_being_called_is_shown_too() -> None:
    found = statistics.loads([PersonCall(1, True), PersonCall(1, False)], [Holding(2, 3 * MINUTE)])
    assert [(line.person, line.calls, line.night, line.taken, line.held) for line in found] == [
        (1, 2, 1, 0, timedelta(0)),
        (2, 0, 0, 1, 3 * MINUTE),
    ]


@given(st.lists(st.tuples(st.floats(0, 9e5), st.floats(0, 9e5)), max_size=12))
def test_bars_stay_within_the_drawing_and_longer_waits_have_longer_bars(pairs: list[tuple[float, float]]) -> None:
    rows = [(str(place), min(pair), max(pair)) for place, pair in enumerate(pairs)]
    drawing = chart.draw(rows)
    inner = chart.WIDTH - chart.LEFT - chart.RIGHT
    assert all(0 <= bar.median <= bar.p90 <= inner + 1e-6 for bar in drawing.bars)
    assert len(drawing.marks) <= chart.MOST_MARKS + 2
    order = sorted(range(len(rows)), key=lambda each: rows[each][2])
    assert [drawing.bars[each].p90 for each in order] == sorted(bar.p90 for bar in drawing.bars)
