"""Nothing is connected in production: the mark is not green, and one line says what that means and how to mend it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask

from incidents.creation import services as creation
from incidents.creation.drafting import IncidentReport
from incidents.escalation import engine
from tests.support.at_screen import choose_language, sign_in
from tests.support.axe import faults_in_both_themes
from tests.support.enterprise import PASSWORD
from tests.support.tet_night import ADMIN, NIGHT, Night

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
LAPTOP = {"viewport": {"width": 1280, "height": 800}}


@pytest.fixture
def night(app: Flask, night: Night) -> Night:
    app.config.update(APP_ENV="production", MAIL_URL=None)
    return night


@pytest.fixture
def chief(night: Night, browser: Any, live_url: str, screen: dict[str, Any]) -> Iterator[Any]:
    """The administrator, at a screen."""
    context = browser.new_context(base_url=live_url, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh", **screen)
    context.set_default_timeout(60_000)
    page = context.new_page()
    sign_in(page, "qt1", PASSWORD)
    yield page
    context.close()


@pytest.mark.parametrize("language", ["vi", "en"])
@pytest.mark.parametrize("screen", [PHONE, LAPTOP], ids=["phone", "laptop"])
def test_the_desk_is_calm_not_green_and_red_when_somebody_has_to_be_called(
    night: Night, chief: Any, language: str
) -> None:
    said, short, red = {
        "vi": ("Chưa nối kênh nào: mọi cuộc gọi đều là gọi tay", "Chưa nối kênh nào", "gọi tay 1 người"),
        "en": ("No channel connected: every call has to be made by hand", "No channel connected", "ring 1 person"),
    }[language]
    if language == "en":
        choose_language(chief, "en")
    for path in ("/", "/?wall=1", "/incidents/", "/incidents/offline", "/system/"):
        chief.goto(path)
        chief.wait_for_selector(f"text={said}")
        assert faults_in_both_themes(chief) == [], path
        assert chief.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
        assert chief.locator(".top .live:not(.weak)").count() == 0, path
        assert chief.locator("[data-alarm=late]").count() == 0, path
    chief.goto("/")
    chief.wait_for_selector(".top .live.weak", state="attached")
    assert chief.get_attribute(".top .live", "title") == short
    chief.click("a.calm")
    chief.wait_for_url("**/gateways/")
    chief.goto("/")
    facts = {"title": "Mất điện", "category": "power", "unit_id": night.ids["BDA"], "severity": 2}
    creation.log(IncidentReport(**facts, actor=ADMIN), now=NIGHT)
    engine.escalate_due(NIGHT)
    chief.wait_for_selector(f".unreached .banner.alarm >> text={short}: {red}")
    chief.wait_for_selector(".top .live.dead", state="attached")
