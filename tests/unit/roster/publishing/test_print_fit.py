"""How a printed roster is laid out: letters as large as two pages allow, never too small to read."""

from __future__ import annotations

from hypothesis import given, settings, strategies as st

from roster.publishing import print_fit
from roster.publishing.print_fit import Day, Text, fit

NAMES = ("Nguyễn Thị Thu Hương, Trần Quốc Bảo", "Phạm Hồng Nhung")


def roster(dates: int, names: tuple[str, ...] = NAMES) -> list[Day]:
    """Three shifts a date: a kind with them, and one that keeps its own times."""
    around = Text(1, tuple(f"Ngày 07:30–19:30: {name}" for name in names), rows=3)
    return [[[Text(0, names[:1]), around], [Text(0, names[1:])], [Text(0, names[1:])]] for _ in range(dates)]


def test_a_short_roster_has_the_largest_letters() -> None:
    found = fit(roster(3), 2, 6)
    assert (found.size, found.fits) == (print_fit.SIZES[0], True)


def test_twenty_three_dates_take_two_pages_with_letters_that_can_be_read() -> None:
    found = fit(roster(23), 2, 40)
    assert found.fits and 7 <= found.size <= 9


def test_what_fits_nowhere_is_readable_on_as_many_pages_as_it_takes() -> None:
    found = fit(roster(60), 2, 300)
    assert (found.size, found.fits) == (print_fit.LONG, False)
    assert fit(roster(2000), 2, 1040).size == print_fit.LONG


def test_the_kind_with_the_longer_texts_gets_the_wider_column() -> None:
    *_, shared, timed, _remarks = fit(roster(23), 2, 40).widths
    assert timed > shared


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 30), st.integers(0, 6), st.integers(0, 200), st.text(max_size=80))
def test_columns_fill_the_page_and_letters_stay_readable(dates: int, kinds: int, people: int, text: str) -> None:
    days: list[Day] = [[[Text(kind, (text, text)) for kind in range(kinds)]] for _ in range(dates)]
    found = fit(days, kinds, people)
    assert found.size >= 7 and len(found.widths) == kinds + 5
    assert abs(sum(found.widths) - 100) < 0.1 and min(found.widths) > 0
