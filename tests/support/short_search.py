"""Asking for a search as people do, and for less of the machine than they would give it."""

from __future__ import annotations

from typing import Any


def two_of_the_ten_seconds(page: Any) -> None:
    """Choose the ten seconds that are offered, of which two are asked for: every core is busy as long as it lasts."""
    page.locator("#seconds option[value='10']").evaluate("option => { option.value = '2'; }")
    page.select_option("#seconds", "2")
