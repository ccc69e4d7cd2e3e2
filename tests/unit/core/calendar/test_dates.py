"""Days and moments as people type them: day first or ISO, never month first."""

from __future__ import annotations

from datetime import date

import pytest

from core.calendar import dates

FIFTH = date(2027, 2, 5)


@pytest.mark.parametrize("typed", ["05/02/2027", "5/2/2027", " 05/02/2027 ", "05.02.2027", "5-2-2027", "2027-02-05"])
def test_a_day_is_read_day_first_or_as_a_browser_sends_it(typed: str) -> None:
    assert dates.day(typed) == FIFTH


@pytest.mark.parametrize(
    "typed", ["", "02/13/2027", "31/02/2027", "5/2/27", "05/02", "05/02-2027", "2027/02/05", "mai"]
)
def test_what_is_no_day_is_none(typed: str) -> None:
    assert dates.day(typed) is None
