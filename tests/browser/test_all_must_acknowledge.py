"""Everybody of the step has to know: one takes it, the others have one button, and the page says who is called."""

from __future__ import annotations

from typing import Any

import pytest

from core.db import transaction
from incidents.policies.drafts import StepSpec, TargetSpec
from incidents.response import lifecycle
from people.models import User
from tests.support.at_screen import sign_in
from tests.support.dead_night import DeadNight
from tests.support.enterprise import PASSWORD
from tests.support.policies import set_policy
from tests.support.tet_night import ADMIN

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True, "color_scheme": "dark"}
LAPTOP = {"viewport": {"width": 1280, "height": 800}, "color_scheme": "light"}
WORDS = {
    "vi": ("Đã nắm", "Chờ Rơ Châm Em xác nhận đã nắm", "gọi lại lúc 02:12"),
    "en": ("Aware", "Waiting for Rơ Châm Em to confirm that they know", "next call at 02:12"),
}


@pytest.fixture
def dead_night(dead_night: DeadNight) -> DeadNight:
    everybody = tuple(TargetSpec(duty) for duty in ("operations", "emergency", "leadership"))
    set_policy(
        dead_night.night.ids["BDA"],
        [StepSpec(0, targets=everybody, all_must=True)],
        repeat_after_seconds=120,
        ack_timeout_seconds=1200,
        actor=ADMIN,
        now=dead_night.now,
    )
    return dead_night


def entered(browser: Any, live_url: str, login: str, screen: dict[str, Any]) -> Any:
    context = browser.new_context(base_url=live_url, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh", **screen)
    context.set_default_timeout(60_000)
    page = context.new_page()
    sign_in(page, login, PASSWORD)
    return page


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("screen", [PHONE, LAPTOP], ids=["phone", "laptop"])
def test_one_button_first_and_who_is_still_called(
    dead_night: DeadNight, browser: Any, live_url: str, axe: Any, screen: dict[str, Any], language: str
) -> None:
    with transaction() as session:
        session.get_one(User, dead_night.night.ids["user:an1"]).locale = language
    incident = dead_night.log()
    code = incident.code
    dead_night.until(2)
    lifecycle.acknowledge(incident.id, person_id=dead_night.night.ids["BI1"], actor=ADMIN, now=dead_night.now)
    noted, waits, again = WORDS[language]
    page = entered(browser, live_url, "an1", screen)
    try:
        page.goto(f"/incidents/{code}")
        button = page.locator("main .btn.yes")
        assert button.count() == 1 and button.inner_text().strip() == noted, "one primary button"
        box = button.bounding_box()
        bar = page.locator(".tabbar").bounding_box()
        assert box["y"] + box["height"] <= (bar["y"] if bar else 800), "in sight at once"
        said = page.locator("main .flash.info").inner_text()
        assert waits in said and again in said, said
        assert axe(page) == []
        button.click()
        page.wait_for_function("() => !document.querySelector('main .btn.yes')")
        said = page.locator("main .flash.info").inner_text()
        assert waits in said and "Nguyễn Văn An" not in said
    finally:
        page.context.close()
