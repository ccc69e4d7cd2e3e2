"""Dates of a form in a browser of another language than the page."""

from __future__ import annotations

from typing import Any

from core import clock
from tests.support.enterprise import PASSWORD
from tests.support.tet_night import NIGHT, Night


def test_beside_a_date_field_the_day_stands_in_the_words_of_the_page(app: Any, page: Any) -> None:
    with clock.travel(NIGHT):
        Night()
        page.goto("/login")
        page.fill("[name=identifier]", "an1")
        page.fill("[name=password]", PASSWORD)
        page.click("main button.go")
        page.wait_for_url(lambda url: "/login" not in url)
        page.goto("/incidents/figures/")
        words = page.locator("#since ~ output.day")
        words.wait_for()
        page.fill("#since", "2027-02-05")
        assert words.text_content() == "Thứ Sáu, 05/02/2027"
        page.fill("#since", "")
        assert words.text_content() == ""
