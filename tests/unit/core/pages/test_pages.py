"""Long lists a page at a time: numbered pages, days of a campaign cut from today on, units narrowed and counted."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from core import pages
from people import unit_list
from people.models import Unit
from roster.draft import shown_days
from roster.draft.shown_days import GridDay

FIRST = date(2020, 1, 20)


def test_a_page_that_is_not_there_is_the_nearest_one() -> None:
    rows = list(range(101))
    assert [pages.part(rows, n, size=50).page for n in (-3, 1, 2, 3, 99)] == [1, 1, 2, 3, 3]
    last = pages.part(rows, 3, size=50)
    assert (list(last.rows), last.pages, last.total) == ([100], 3, 101)
    assert (pages.part([], 5).page, pages.part([], 5).pages) == (1, 1)


def test_the_page_of_a_row() -> None:
    rows = list(range(101))
    assert [n in pages.part(rows, 1, at=n, size=50).rows for n in (0, 49, 50, 99, 100)] == [True] * 5


def days(count: int, today: int | None) -> list[GridDay]:
    return [GridDay(FIRST + timedelta(days=n), "during", "workday", is_today=n == today) for n in range(count)]


@pytest.mark.parametrize("today", [None, 0, 1, 2, 5, 11])
def test_pages_of_days_meet_and_never_overlap(today: int | None) -> None:
    """The page before one near the start of a campaign once showed days of the page it came from."""
    found, seats = days(12, today), [150, 150, 150, 150, 390, 20, 150, 150, 500, 10, 150, 150]
    window = shown_days.window(found, seats, None)
    assert window.days[0].on == FIRST + timedelta(days=today or 0)
    while window.before is not None:
        window = shown_days.window(found, seats, window.before)
    walked = list(window.days)
    while window.after is not None:
        came_from = window
        window = shown_days.window(found, seats, window.after)
        assert shown_days.window(found, seats, window.before) == came_from
        walked += window.days
    assert walked == found


def test_a_day_inside_a_page_shows_the_page() -> None:
    found = days(6, 0)
    window = shown_days.window(found, [150] * 6, FIRST + timedelta(days=3))
    assert [day.on.day for day in window.days] == [22, 23]


def tree() -> list[tuple[int, Unit]]:
    rows = [(0, "T", None), (1, "H1", "T"), (2, "H1-1", "H1"), (2, "H1-2", "H1"), (1, "H2", "T"), (2, "H2-1", "H2")]
    ids = {code: n for n, (_depth, code, _parent) in enumerate(rows, start=1)}
    names = {"T": "Bưu điện tỉnh", "H1": "Chư Prông", "H2": "Đức Cơ"}
    return [
        (depth, Unit(id=ids[code], code=code, name=names.get(code, f"Bưu cục {code}"), parent_id=ids.get(parent or "")))
        for depth, code, parent in rows
    ]


def test_units_are_narrowed_to_one_with_those_below_and_searched_without_diacritics() -> None:
    def codes(**asked: str) -> list[str]:
        return [unit.code for _depth, unit in unit_list.narrowed(tree(), asked).rows]

    assert codes() == ["T", "H1", "H1-1", "H1-2", "H2", "H2-1"]
    assert codes(unit="H1") == ["H1", "H1-1", "H1-2"]
    assert codes(q="duc co") == ["H2"]
    assert codes(unit="H1", q="buu cuc") == ["H1-1", "H1-2"]
    assert codes(unit="không có") == codes()
    assert unit_list.narrowed(tree(), {"unit": "H1", "q": " a "}).asked == {"unit": "H1", "q": "a"}


def test_what_hangs_below_is_no_neighbour_where_somebody_sees_only_parts_of_the_tree() -> None:
    seen = [row for row in tree() if row[1].code not in ("T", "H2")]
    assert [unit.code for _depth, unit in unit_list.below(seen, 2)] == ["H1", "H1-1", "H1-2"]


def test_parts_are_counted_with_all_that_hangs_below() -> None:
    def parts(rows: unit_list.Tree) -> list[tuple[str, int]]:
        return [(unit.code, count) for unit, count in unit_list.parts(rows, lambda unit: len(unit.code))]

    assert parts(tree()) == [("H1", 2 + 4 + 4), ("H2", 2 + 4)]
    assert parts(unit_list.narrowed(tree(), {"unit": "H1"}).within) == []
    assert unit_list.parts(tree(), lambda unit: 0) == []
