"""The drawing of a solve: every point inside, cost never below bound, the first roster where it came."""

from __future__ import annotations

from itertools import pairwise

import pytest

from roster.solving import plot

COURSE = [
    [0.5, 30000, None, 0, "greedy", 0, 0],
    [2.0, 24000, 5000, 0, "highs", 3, 0],
    [4.0, 21000, 18000, 0, "highs", 3, 1],
    [9.0, 20000, 20000, 0, "highs", 3, 3],
]


def read_points(line: str) -> list[tuple[float, float]]:
    return [(float(x), float(y)) for x, y in (pair.split(",") for pair in line.split())]


def test_nothing_is_drawn_of_nothing() -> None:
    assert plot.curve([]) is None


def test_lines_are_corners_inside_the_drawing_and_reach_its_end() -> None:
    drawn = plot.curve(COURSE, until=12)
    assert drawn is not None
    for line in (drawn.cost, drawn.bound, drawn.gap):
        points = read_points(line)
        assert all(plot.LEFT <= x <= plot.WIDTH and 0 <= y <= plot.HEIGHT - plot.BOTTOM for x, y in points)
        assert all(one[0] == other[0] or one[1] == other[1] for one, other in pairwise(points))
        assert points[-1][0] == plot.WIDTH - plot.RIGHT
    costs, bounds = read_points(drawn.cost), read_points(drawn.bound)
    assert [y for _x, y in costs] == sorted(y for _x, y in costs), "costs fall, and y grows downwards"
    assert costs[-1][1] == bounds[-1][1], "proved: both lines end together"
    assert read_points(drawn.gap)[-1][1] == plot.HEIGHT - plot.BOTTOM, "no gap is the bottom line"
    assert (drawn.high, drawn.low, drawn.last_gap) == (30000, 20000, 0)


def test_the_first_roster_stands_where_it_came() -> None:
    drawn = plot.curve(COURSE, until=10)
    assert drawn is not None
    assert drawn.first_seconds == 0.5
    assert drawn.first == pytest.approx(plot.LEFT + (plot.WIDTH - plot.LEFT - plot.RIGHT) * 0.05)


def test_rosters_with_more_empty_seats_do_not_flatten_the_rest() -> None:
    drawn = plot.curve([[0.1, 9_000_000_00, None, 3], *COURSE])
    assert drawn is not None and (drawn.high, drawn.low) == (30000, 20000)
    assert drawn.first_seconds == 0.1, "the first roster is marked although its cost is off the drawing"


def test_weak_early_bounds_are_left_out_but_the_last_never() -> None:
    early = plot.curve(COURSE)
    assert early is not None
    entry, first = read_points(early.bound)[:2]
    assert entry[0] == first[0] == round(plot.Scale(0, 1, 9.0).x(4.0), 1), "5000 is far below and left out"
    assert entry[1] == plot.HEIGHT - plot.BOTTOM > first[1], "the line comes in over the edge"
    weak = plot.curve([[0.5, 30000, 100, 0], [1.0, 29000, 200, 0]])
    assert weak is not None and weak.bound and weak.last_gap == pytest.approx(100 * 28800 / 29000)
    assert len(read_points(weak.gap)) > 1


def test_the_axis_of_costs_counts_from_the_lowest_possible_and_its_words_keep_apart() -> None:
    proved = plot.curve(COURSE, unit=1000)
    assert proved is not None and proved.base == 20000
    assert [tick.value for tick in proved.cost_ticks] == [0, 5, 10]
    bottom = plot.HEIGHT - plot.BOTTOM
    for rows in (COURSE, COURSE[:1], [[11.2, 2850050, None, 0]], [[9.9, 2830125, 2823650, 0]], [[1, 100, 100, 0]]):
        drawn = plot.curve(rows, unit=1000)
        assert drawn is not None
        heights = [tick.at for tick in drawn.cost_ticks]
        assert all(one - other >= 14 for one, other in pairwise(heights)), "labels of 13 units"
        assert heights[-1] >= plot.TOP and heights[0] <= bottom
        assert drawn.cost_ticks[0].value == 0 and drawn.cost_ticks[-1].value >= 1, "a unit at least"


def test_rows_of_earlier_releases_and_a_single_row_can_be_drawn() -> None:
    drawn = plot.curve([[0.5, 30000, None, 0]], until=5)
    assert drawn is not None and len(read_points(drawn.cost)) == 2
    assert drawn.bound == drawn.band == drawn.gap == "" and drawn.last_gap is None


def test_a_roster_that_costs_nothing_has_no_gap() -> None:
    drawn = plot.curve([[0.0, 0, 0, 0]])
    assert drawn is not None and drawn.last_gap == 0


@pytest.mark.parametrize("seconds", [0.0, 0.7, 3, 29.5, 600, 3600])
def test_ticks_are_round_few_and_in_order(seconds: float) -> None:
    drawn = plot.curve(COURSE, until=seconds)
    assert drawn is not None
    for ticks in (drawn.time_ticks, drawn.cost_ticks, drawn.gap_ticks):
        values = [tick.value for tick in ticks]
        assert 2 <= len(values) <= 5 and values == sorted(values)
        steps = {round(other - one, 6) for one, other in pairwise(values)}
        assert len(steps) == 1 and f"{steps.pop():e}"[0] in "125"
    assert drawn.time_ticks[0] == plot.Tick(plot.LEFT, 0)
