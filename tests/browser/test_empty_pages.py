"""The desk's pages on the first day, when there is nothing on them yet: they teach, and axe minds nothing."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask

from core import clock
from people.sign_in import first_admin
from scripts.screens import SCREENS
from tests.support import enterprise
from tests.support.at_screen import sign_in

OF_THIS_DAY = (
    "/",
    "/?wall=1",
    "/incidents/?q=khong-co",
    "/incidents/figures/?unit=BDA",
    "/incidents/diary/BDA",
    "/incidents/diary/BDA/print",
    "/incidents/policy/BDA",
    "/incidents/policy/BDA/history",
    "/incidents/directory/routes",
    "/incidents/directory/vehicles",
    "/incidents/directory/authorities",
    "/people/person/DU1/reach",
    "/roster/illness/DU1",
)
OF_MANAGERS = tuple(
    each.path
    for each in SCREENS
    if each.who in {"manager", "admin"} and "{" not in each.path and each.name != "not-found"
)
PATHS = tuple(dict.fromkeys((*OF_THIS_DAY, *OF_MANAGERS)))


@pytest.mark.rest
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_pages_with_nothing_on_them(app: Flask, page: Any, axe: Any, theme: str) -> None:
    enterprise.make(clock.now())
    page.emulate_media(color_scheme=theme)
    page.set_viewport_size({"width": 360, "height": 740} if theme == "light" else {"width": 1280, "height": 860})
    sign_in(page, "qt1", enterprise.PASSWORD)
    found = {}
    for path in PATHS:
        assert page.goto(path).status == 200, path
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        found[path] = axe(page) + ([f"wider than the screen by {wide} px"] if wide > 0 else [])
    assert {path: faults for path, faults in found.items() if faults} == {}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_first_page_of_an_empty_installation(app: Flask, page: Any, axe: Any, theme: str) -> None:
    secret = first_admin.new_link(now=clock.now())
    page.emulate_media(color_scheme=theme)
    page.set_viewport_size({"width": 360, "height": 740} if theme == "light" else {"width": 1280, "height": 860})
    for path in ("/login", f"/first/{secret}"):
        assert page.goto(path).status == 200
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert (axe(page), wide) == ([], 0), path
