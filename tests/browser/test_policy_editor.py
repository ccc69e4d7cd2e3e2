"""The editor of an escalation policy on a phone, with and without scripts: faults, a try, Enter, and what axe says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from core import clock
from incidents.policies import selection
from people.queries import unit_by_code
from tests.support import enterprise
from tests.support.at_screen import sign_in

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}


@pytest.fixture(params=[True, False], ids=["scripts", "no-scripts"])
def scripts(request: pytest.FixtureRequest) -> bool:
    return bool(request.param)


@pytest.fixture
def page(scripts: bool, browser: Any, live_url: str) -> Iterator[Any]:
    """The manager of the district, on her phone."""
    enterprise.make(clock.now())
    context = browser.new_context(
        base_url=live_url, timezone_id="Asia/Ho_Chi_Minh", java_script_enabled=scripts, **PHONE
    )
    context.set_default_timeout(60_000)
    page = context.new_page()
    sign_in(page, "an1", enterprise.PASSWORD)
    yield page
    context.close()


def test_a_policy_is_mended_tried_and_saved_with_enter(page: Any, scripts: bool, axe: Any) -> None:
    def look() -> list[str]:
        return list(axe(page)) if scripts else []  # axe itself is a script

    page.goto("/incidents/policy/BDA/new")
    # Only what is used is open: on a phone the form was six screens and more.
    assert page.evaluate("document.documentElement.scrollHeight") < 2600 if scripts else True
    assert not page.locator("#repeat_after").is_visible()
    again = page.locator("summary", has_text="Gọi lại khi chưa ai nhận")
    again.click()
    page.fill("#repeat_after", "năm")
    page.click("button[value=add]")
    page.wait_for_url("**#step-*")
    page.click(".policy-save button")
    page.wait_for_selector("#errors li:nth-child(3)")
    assert page.locator("#errors li").count() == 3 and page.input_value("#repeat_after") == "năm"
    assert look() == []
    page.click("#errors a[href='#repeat_after']")
    page.fill("#repeat_after", "5")
    page.fill("#name", "Mức 1")
    page.locator("label:has(input[name=severity][value='1'])").click()
    page.click("button[value=preview]")
    page.wait_for_selector(".policy-calls li")
    assert page.locator("#errors").count() == 0 and look() == []
    again.click()
    page.fill("#repeat_after", "6")
    page.press("#repeat_after", "Enter")
    page.wait_for_url("**/incidents/policy/BDA")
    [saved] = selection.own_policies(unit_by_code("BDA").id)
    assert (saved.name, saved.repeat_after_seconds) == ("Mức 1", 360)
