"""Every page in English, on phone and laptop, light and dark, on the demo: nothing is left in Vietnamese."""

from __future__ import annotations

from typing import Any

import pytest

from scripts.screens import SCREENS, Screen
from tests.support.page_looks import axe_faults_of, axe_looks, faults_of, untranslated
from tests.support.seeded import SeededSite

LEFT_TO_THE_REST = [screen for screen in SCREENS if not axe_looks(screen, "en")]


@pytest.mark.parametrize("screen", SCREENS, ids=lambda screen: screen.name)
def test_page(site: SeededSite, axe: Any, screen: Screen) -> None:
    wrong = faults_of(site, screen, "en", axe)
    assert not wrong, "\n".join(wrong)


@pytest.mark.rest
@pytest.mark.parametrize("screen", LEFT_TO_THE_REST, ids=lambda screen: screen.name)
def test_axe_on_the_rest(site: SeededSite, axe: Any, screen: Screen) -> None:
    wrong = axe_faults_of(site, screen, "en", axe)
    assert not wrong, "\n".join(wrong)


def test_untranslated_finds_what_is_left() -> None:
    texts = ["Sign in", "Đăng nhập", "Called Trần Thị Bình at 02:10", "Gọi Trần Thị Bình"]
    assert untranslated(texts, ["Trần Thị Bình"]) == ["Đăng nhập", "Gọi Trần Thị Bình"]
