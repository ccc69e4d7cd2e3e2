"""Days of a form in a browser of another language than the page, with scripts and without."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from core import clock
from core.db import transaction
from incidents.record.models import Incident
from people.models import Absence, User
from tests.support.at_screen import sign_in
from tests.support.enterprise import PASSWORD
from tests.support.tet_night import NIGHT, Night


def test_beside_a_date_field_the_day_stands_in_the_words_of_the_page(app: Any, page: Any) -> None:
    with clock.travel(NIGHT):
        Night()
        sign_in(page, "an1", PASSWORD)
        page.goto("/incidents/figures/")
        words = page.locator("#since ~ output.day")
        words.wait_for()
        page.fill("#since", "2027-02-05")
        assert words.text_content() == "Thứ Sáu, 05/02/2027"
        page.fill("#since", "")
        assert words.text_content() == ""


@pytest.fixture(params=["vi", "en"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def tab(app: Any, browser: Any, live_url: str, request: pytest.FixtureRequest, language: str) -> Iterator[Any]:
    """An's tab, the page in ``language``; the browser is an American one without scripts, unless the test says which
    browser's with scripts."""
    Night()
    with transaction() as session:
        session.query(User).filter_by(login="an1").one().locale = language
    locale = getattr(request, "param", None)
    zone = "Asia/Ho_Chi_Minh"
    context = browser.new_context(
        base_url=live_url, locale=locale or "en-US", timezone_id=zone, java_script_enabled=locale is not None
    )
    context.set_default_timeout(60_000)
    page = context.new_page()
    page.goto("/login")
    page.fill("[name=identifier]", "an1")
    page.fill("[name=password]", PASSWORD)
    with page.expect_navigation():
        page.click("main button.go")
    yield page
    context.close()


@pytest.fixture(autouse=True)
def tonight() -> Iterator[None]:
    with clock.travel(NIGHT):
        yield


ORDER = {"vi": "ngày/tháng/năm, như 05/02/2027", "en": "day/month/year, like 05/02/2027"}
WRONG = {
    "vi": "Ghi ngày theo thứ tự ngày/tháng/năm, như 05/02/2027.",
    "en": "Write the date as day/month/year, like 05/02/2027.",
}


def test_without_scripts_a_day_is_typed_day_first_and_a_wrong_one_is_kept_and_named(tab: Any, language: str) -> None:
    tab.goto("/people/person/BI1")
    tab.click("#absences summary")
    field = tab.locator("#from_on")
    assert field.get_attribute("type") == "text", "no field of the browser's, in whose order nobody knows"
    assert tab.locator("output[for=from_on]").text_content() == ORDER[language]
    field.fill("02/13/2020")
    tab.fill("#to_on", "13/02/2020")
    with tab.expect_navigation():
        tab.locator("form:has(#from_on) button.go").click()
    assert tab.input_value("#from_on") == "02/13/2020" and tab.input_value("#to_on") == "13/02/2020"
    assert WRONG[language] in tab.locator("#from_on-err").text_content()
    tab.fill("#from_on", "3/2/2020")
    with tab.expect_navigation():
        tab.locator("form:has(#from_on) button.go").click()
    with transaction() as session:
        kept = session.scalars(select(Absence)).one()
    assert (kept.from_on, kept.to_on) == (date(2020, 2, 3), date(2020, 2, 13))


def test_without_scripts_a_filter_says_what_it_could_not_read(tab: Any, language: str) -> None:
    tab.goto("/incidents/figures/?since=2020-01-02&until=01/31/2020")
    assert tab.input_value("#since") == "02/01/2020" and tab.input_value("#until") == "01/31/2020"
    assert WRONG[language] in tab.locator("#until-err").text_content() and not tab.locator("#since-err").count()


def test_without_scripts_a_moment_is_a_day_and_a_time_of_viet_nam(tab: Any, language: str) -> None:
    tab.goto("/incidents/new")
    tab.click("details:has(#detected_at) > summary")
    at = clock.local(NIGHT)
    tab.fill("#title", "Mất điện")
    tab.fill("#detected_at", f"{at:%d/%m/%Y} 00:05")
    with tab.expect_navigation():
        tab.locator("main form button.go").last.click()
    with transaction() as session:
        found = clock.local(session.scalars(select(Incident)).one().detected_at)
    assert (found.date(), found.hour, found.minute) == (at.date(), 0, 5)


WORDS = {"vi": "Thứ Năm, 02/01/2020", "en": "Thursday, 02/01/2020"}


@pytest.mark.parametrize("tab", ["vi-VN", "en-GB"], indirect=True)
def test_the_field_is_the_browsers_own_where_that_writes_the_day_first(tab: Any, language: str) -> None:
    tab.goto("/incidents/figures/?since=02/01/2020&until=31/01/2020")
    assert tab.locator("#since").evaluate("e => [e.type, e.value]") == ["date", "2020-01-02"]
    assert tab.locator("#since ~ output.day").text_content() == WORDS[language]
    tab.goto("/incidents/figures/?since=31/31/2020")
    assert tab.input_value("#since") == "31/31/2020", "what cannot be read stays to be mended"
    assert tab.locator("#since ~ output.day").text_content() == ORDER[language]


@pytest.mark.parametrize("tab", ["en-US"], indirect=True)
def test_in_an_american_browser_the_day_stays_first_and_is_said_in_words(tab: Any, language: str) -> None:
    tab.goto("/incidents/figures/?since=02/01/2020&until=31/01/2020")
    field, words = tab.locator("#since"), tab.locator("#since ~ output.day")
    assert field.evaluate("e => [e.type, e.value]") == ["text", "02/01/2020"], "and not 01/02/2020"
    assert words.text_content() == WORDS[language]
    field.fill("31/31/2020")
    assert words.text_content() == ORDER[language]
    field.fill("2/1/2020")
    assert words.text_content() == WORDS[language]
    with tab.expect_navigation():
        tab.click("main form.inline button.btn")
    assert tab.input_value("#since") == "02/01/2020" and words.text_content() == WORDS[language]
    tab.goto("/incidents/new")
    tab.click("details:has(#detected_at) > summary")
    tab.fill("#detected_at", "02/01/2020 14:30")
    assert tab.locator("#detected_at").get_attribute("type") == "text"
    assert tab.locator("#detected_at ~ output.day").text_content() == f"{WORDS[language]}, 14:30"
