"""Every page in Vietnamese and English, on phone and laptop, light and dark, on the demo.

The pages are those of ``scripts.screens``; one that nobody listed there fails ``test_every_page_is_walked``.
"""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from scripts import unseen_pages
from scripts.screens import SCREENS, Screen
from tests.support.browser import WITH_WORKER
from tests.support.page_looks import faults_of, untranslated
from tests.support.seeded import SeededSite

LOOKS = [
    pytest.param(screen, language, id=f"{screen.name}-{language}") for language in ("vi", "en") for screen in SCREENS
]


@pytest.mark.rest
@pytest.mark.parametrize(("screen", "language"), LOOKS)
def test_page(site: SeededSite, axe: Any, screen: Screen, language: str) -> None:
    wrong = faults_of(site, screen, language, axe)
    assert not wrong, "\n".join(wrong)


def test_untranslated_finds_what_is_left() -> None:
    texts = ["Sign in", "Đăng nhập", "Called Trần Thị Bình at 02:10", "Gọi Trần Thị Bình"]
    assert untranslated(texts, ["Trần Thị Bình"]) == ["Đăng nhập", "Gọi Trần Thị Bình"]


@pytest.mark.rest
def test_every_page_is_walked(site: SeededSite) -> None:
    app: Flask = site.app
    assert unseen_pages.unseen(app, site.facts) == []


@pytest.mark.rest
def test_the_first_load_is_light(site: SeededSite) -> None:
    """Everything but fonts that the desk takes over the wire the first time."""
    fresh = site.browser.new_context(
        base_url=site.url, storage_state=site.context("manager", "vi").storage_state(), locale="vi-VN", **WITH_WORKER
    )
    page = fresh.new_page()
    kinds, weights = dict[str, str](), dict[str, float]()
    network = fresh.new_cdp_session(page)
    network.on("Network.responseReceived", lambda event: kinds.update({event["requestId"]: event["type"]}))
    network.on(
        "Network.loadingFinished", lambda event: weights.update({event["requestId"]: event["encodedDataLength"]})
    )
    network.send("Network.enable")
    page.goto("/", wait_until="networkidle")
    taken = [weight for request, weight in weights.items() if kinds.get(request) != "Font"]
    assert len(taken) > 5 and sum(taken) <= 150 * 1024, f"{sum(taken):.0f} bytes in {len(taken)} answers"
    fresh.close()
