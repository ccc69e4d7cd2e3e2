"""Every page in Vietnamese, on phone and laptop, light and dark, on the demo.

The pages are those of ``scripts.screens``; one that nobody listed there fails ``test_every_page_is_walked``.
"""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from scripts import screens
from scripts.screens import SCREENS, Screen
from tests.support.page_looks import axe_faults_of, axe_looks, faults_of
from tests.support.seeded import SeededSite

LEFT_TO_THE_REST = [screen for screen in SCREENS if not axe_looks(screen, "vi")]


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.name)
def test_page(site: SeededSite, axe: Any, screen: Screen) -> None:
    wrong = faults_of(site, screen, "vi", axe)
    assert not wrong, "\n".join(wrong)


@pytest.mark.rest
@pytest.mark.parametrize("screen", LEFT_TO_THE_REST, ids=lambda screen: screen.name)
def test_axe_on_the_rest(site: SeededSite, axe: Any, screen: Screen) -> None:
    wrong = axe_faults_of(site, screen, "vi", axe)
    assert not wrong, "\n".join(wrong)


def test_every_page_is_walked(site: SeededSite) -> None:
    app: Flask = site.app
    assert screens.unseen(app, site.facts) == []


def test_the_first_load_is_light(site: SeededSite) -> None:
    """Everything but fonts that the desk takes over the wire the first time."""
    fresh = site.browser.new_context(
        base_url=site.url, storage_state=site.context("manager", "vi").storage_state(), locale="vi-VN"
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
