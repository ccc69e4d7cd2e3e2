"""Whose turn Giao thừa is, and where the dots of the years stand."""

from __future__ import annotations

from hypothesis import given, strategies as st

from roster.fairness import plot
from roster.fairness.turns import EveTurn, order

STANDINGS = st.lists(
    st.builds(EveTurn, st.integers(1, 50), st.none() | st.integers(2015, 2030), st.integers(0, 90_00)),
    unique_by=lambda each: each.person_id,
)


def test_never_is_longest_ago_and_ties_go_to_the_lighter_load() -> None:
    group = [
        EveTurn(1, 2026, 10_00),
        EveTurn(2, None, 50_00),
        EveTurn(3, 2019, 90_00),
        EveTurn(4, None, 20_00),
        EveTurn(5, 2019, 30_00),
    ]
    assert [each.person_id for each in order(group)] == [4, 2, 5, 3, 1]


@given(STANDINGS, st.randoms())
def test_the_order_is_everybody_once_however_they_were_listed(group: list[EveTurn], random: object) -> None:
    found = order(group)
    assert sorted(found, key=lambda each: each.person_id) == sorted(group, key=lambda each: each.person_id)
    random.shuffle(group)  # type: ignore[attr-defined]
    assert order(group) == found
    for before, after in zip(found, found[1:], strict=False):
        assert before.last is None or (after.last is not None and before.last <= after.last)
        assert before.last != after.last or before.load <= after.load


def test_who_stood_it_goes_to_the_end_of_the_queue() -> None:
    group = [EveTurn(1, None, 0), EveTurn(2, 2025, 0), EveTurn(3, 2024, 0)]
    first = order(group)[0]
    after = [EveTurn(each.person_id, 2026 if each == first else each.last, each.load) for each in group]
    assert order(after)[-1].person_id == first.person_id


def test_each_known_year_of_a_person_is_a_dot_and_ones_own_stand_out() -> None:
    points = {2025: {1: 10_00, 2: 20_00, 3: 10_00}, 2026: {1: 0}}
    drawn = plot.picture(points, [2024, 2025, 2026], mine=3)
    assert drawn is not None
    assert len(drawn.dots) == 4 and [dot.mine for dot in drawn.dots].count(True) == 1
    assert [column.year for column in drawn.columns] == [2024, 2025, 2026]
    same = [dot for dot in drawn.dots if dot.y == drawn.dots[0].y]
    assert len({dot.x for dot in same}) == len(same), "equal loads stand side by side"
    assert plot.picture({2025: {1: 0}}, [2025]) is None and plot.picture({}, []) is None


@given(
    st.dictionaries(
        st.integers(2020, 2026),
        st.dictionaries(st.integers(1, 60), st.integers(0, 300_00), min_size=1),
        min_size=1,
        max_size=6,
    )
)
def test_everything_lies_within_the_picture_and_more_points_stand_higher(points: dict[int, dict[int, int]]) -> None:
    years = sorted(points)
    drawn = plot.picture(points, years)
    if drawn is None:
        assert not any(value for each in points.values() for value in each.values())
        return
    for dot in drawn.dots:
        assert plot.LEFT - plot.RADIUS <= dot.x <= plot.WIDTH - plot.RIGHT + plot.RADIUS
        assert plot.TOP <= dot.y <= plot.HEIGHT - plot.BOTTOM
    for column in drawn.columns:
        assert column.high <= column.middle <= column.low
    assert [y for y, _value in drawn.ticks] == sorted((y for y, _value in drawn.ticks), reverse=True)
    assert drawn.ticks[-1][1] >= max(value for each in points.values() for value in each.values())
