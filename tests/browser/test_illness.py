"""Illness as a story: from the moment somebody is recorded absent every page says so, until a cover is accepted."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask

from core.db import transaction
from people.models import User
from tests.support import at_screen
from tests.support.enterprise import PASSWORD
from tests.support.illness import NOTE, Illness, illness

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
LAPTOP = {"viewport": {"width": 1280, "height": 800}}
WORDS = {
    "vi": {
        "unsure": "không chắc",
        "until": "vắng đến hết 24/01",
        "away": "Người trực được ghi vắng",
        "sure": "Mọi chỗ trực đều có người",
        "saved": "2 ca đã ban hành thành không chắc",
        "cover": "Tìm người thay",
        "week": "Ca đã ban hành không chắc",
        "serving": "1 lượt đang trực không chắc",
        "mine": "Đi trực được thì bỏ khoảng nghỉ",
        "kind": "Ốm",
    },
    "en": {
        "unsure": "unsure",
        "until": "away through 24/01",
        "away": "The person on duty is recorded absent",
        "sure": "Every seat has a person",
        "saved": "2 published shifts became unsure",
        "cover": "Find cover",
        "week": "Unsure published shifts",
        "serving": "Unsure seats right now: 1",
        "mine": "If you can serve, remove the absence",
        "kind": "Sick leave",
    },
}
Open = Callable[[str], Any]


@pytest.fixture
def days(app: Flask) -> Iterator[Illness]:
    with illness() as made:
        yield made


@pytest.fixture(params=["vi", "en"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=[PHONE, LAPTOP], ids=["phone", "laptop"])
def sign_in(
    request: pytest.FixtureRequest, days: Illness, browser: Any, live_url: str, language: str
) -> Iterator[Open]:
    """``sign_in(login)``: a page of somebody at their own screen."""
    with transaction() as session:
        for user in session.query(User):
            user.locale = language
    contexts = []

    def make(login: str) -> Any:
        context = browser.new_context(base_url=live_url, timezone_id="Asia/Ho_Chi_Minh", **request.param)
        context.set_default_timeout(60_000)
        contexts.append(context)
        page = context.new_page()
        at_screen.sign_in(page, login, PASSWORD)
        return page

    yield make
    for context in contexts:
        context.close()


def said(page: Any, path: str) -> str:
    """What the page says; nothing of it is wider than the screen."""
    page.goto(path)
    assert page.evaluate("document.documentElement.scrollWidth") <= page.evaluate("innerWidth"), path
    return str(page.inner_text("main"))


def is_coloured(page: Any) -> bool:
    """The mark of an unsure seat has the colour that is only its own, whatever the word."""
    return bool(
        page.evaluate(
            """() => { const probe = document.createElement('i'); probe.style.color = 'var(--unsure)';
            document.body.append(probe); const wanted = getComputedStyle(probe).color; probe.remove();
            return [...document.querySelectorAll('main .unsure:not(.legend *)')].some(
              each => each.checkVisibility() && getComputedStyle(each).color === wanted) }"""
        )
    )


def record(page: Any) -> None:
    """An writes down that Bình is ill today and tomorrow."""
    page.goto("/people/person/BI1")
    page.click("#absences summary")
    for name, day in (("from_on", "2020-01-23"), ("to_on", "2020-01-24")):
        page.fill(f"#absences [name={name}]", day)
    page.select_option("#absences [name=kind]", "sick")
    page.fill("#absences [name=note]", NOTE)
    page.click("#absences button.go")
    page.wait_for_url("**/people/person/BI1#unsure")


def accept_a_cover(page: Any, at: str) -> None:
    page.goto(at)
    page.locator("main button[name=at_once]:visible").first.click()
    page.wait_for_url(lambda url: "/cover" not in url)


def claims(days: Illness) -> dict[str, str]:
    roster = f"/roster/campaigns/{days.campaign_id}"
    return {
        "desk": "/",
        "list": "/roster/",
        "week": "/roster/unreachable",
        "system": "/system/",
        "days": f"{roster}?view=days&source=published",
        "publish": f"{roster}/publish",
        "revision": f"{roster}/revisions/1",
    }


@pytest.mark.rest
def test_from_the_absence_to_the_covers(
    days: Illness, sign_in: Open, language: str, axe: Callable[[Any], list[Any]]
) -> None:
    words, page = WORDS[language], sign_in("an1")
    at = claims(days)

    def told(place: str) -> str:
        """What the page says now that Bình is ill; nothing of it that axe minds."""
        answer = said(page, at[place])
        assert axe(page) == [], at[place]
        return answer

    for place, path in at.items():
        before = said(page, path)
        assert place != "desk" or words["sure"] in before
        assert not any(words[each] in before for each in ("until", "away", "week", "serving")), path
        assert not is_coloured(page), path
    record(page)
    answer = page.inner_text("main")
    assert words["saved"] in page.inner_text("body") and words["until"] in answer
    assert page.locator("#unsure li").count() == 2 and is_coloured(page)
    covers = [str(each.get_attribute("href")) for each in page.locator("#unsure a", has_text=words["cover"]).all()]
    assert len(covers) == 2

    desk = told("desk")
    assert words["until"] in desk and words["sure"] not in desk and is_coloured(page)
    assert page.locator(".strip td.unsure").count() == 2
    assert "16/18" in told("list") and is_coloured(page)
    week = told("week")
    assert words["week"] in week and week.count(words["until"]) == 2 and is_coloured(page)
    assert words["serving"] in told("system") and is_coloured(page)
    assert words["unsure"] in told("days") and is_coloured(page)
    assert words["away"] in told("publish")
    assert words["away"] in told("revision")
    whoever_may_not_read_absences_sees_that_and_never_why(days, sign_in("du1"), words)
    the_ill_see_their_own_line_and_what_to_do(sign_in("bi1"), words)

    for address in covers:
        accept_a_cover(page, address)
    desk = said(page, "/")
    assert words["sure"] in desk and words["until"] not in desk
    assert page.locator(".strip td.unsure").count() == 0
    assert "19/19" in said(page, "/roster/") and not is_coloured(page)
    assert words["serving"] not in said(page, "/system/")
    assert words["week"] not in said(page, "/roster/unreachable")
    assert page.locator("#unsure").count() == 0
    page.goto("/people/person/BI1")
    assert page.locator("#unsure").count() == 0


def whoever_may_not_read_absences_sees_that_and_never_why(days: Illness, page: Any, words: dict[str, str]) -> None:
    for path in ("/?unit=BDA", "/people/person/BI1", "/roster/", claims(days)["days"]):
        page.goto(path)
        assert words["unsure"] in page.inner_text("main"), path
        assert NOTE not in page.content() and words["kind"] not in page.inner_text("main"), path
    assert page.locator("main a", has_text=words["cover"]).count() == 0


def the_ill_see_their_own_line_and_what_to_do(page: Any, words: dict[str, str]) -> None:
    for path in ("/", "/me/"):
        mine = said(page, path)
        assert words["until"] in mine and words["mine"] in mine, path
        assert is_coloured(page), path
