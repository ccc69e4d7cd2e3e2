"""Publishing a part on a phone: rows that hang together tick together, and the button says what it will publish."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from core import clock
from tests.support.districts import NOW, Districts
from tests.support.tet_night import Night

pytestmark = pytest.mark.usefixtures("mail")

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}


@pytest.fixture
def both(night: Night) -> Iterator[Districts]:
    with clock.travel(NOW):
        yield Districts(night.ids)


def test_ticks_go_together_and_the_sum_follows(both: Districts, open_page: Callable[..., Any], axe: Any) -> None:
    both.put("A", 0, "A2"), both.put("A", 1, "A1"), both.put("A", 4, "A3"), both.put("A", 3, "A4")
    page = open_page("an1", f"/roster/campaigns/{both.campaign_id}/publish/part", **PHONE)
    button = page.locator("button[value=publish]")
    assert button.inner_text() == "Chọn người để ban hành"
    page.tap("label:has(input[value=A3])")
    ticked = page.locator("input[name=person]:checked")
    assert {each.get_attribute("value") for each in ticked.all()} == {"A1", "A2", "A3", "A4"}
    assert button.inner_text() == "Ban hành 4 người, 8 thay đổi"
    assert page.inner_text("[data-told=email] [data-n]") == "4"
    page.tap("label:has(input[value=A1])")
    assert ticked.count() == 0
    assert axe(page) == [] and page.evaluate("document.documentElement.scrollWidth") <= 360
    page.tap("label:has(input[value=A2])")
    button.tap()
    page.wait_for_url("**/revisions/2")
    assert [both.published("A", turn) for turn in (0, 1, 3, 4)] == ["A2", "A1", "A4", "A3"]
