"""What an incident and the preview of a policy say of somebody absent, on a phone and in both languages."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from core import clock
from core.db import db, transaction
from incidents.creation import services as creation
from incidents.creation.drafting import IncidentReport
from incidents.escalation import engine
from incidents.record.models import Escalation
from people.models import Absence, Person, User
from roster.models import Duty
from tests.support import enterprise
from tests.support.at_screen import sign_in
from tests.support.axe import faults_in_both_themes
from tests.support.tet_night import ADMIN, Night

PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}
WIDE = {"viewport": {"width": 1280, "height": 800}}
NOTE = "mổ ruột thừa"


@pytest.fixture
def code(live_url: str) -> str:
    """Bình is on duty and ill; an incident has called past her."""
    now, night = clock.now(), Night()
    today = clock.local_date(now)
    with transaction() as session:
        for duty in session.query(Duty):
            duty.starts_at, duty.ends_at = now - timedelta(hours=1), now + timedelta(hours=9)
        session.add(
            Absence(
                person_id=night.ids["BI1"],
                from_on=today,
                to_on=today + timedelta(days=1),
                kind="sick",
                note=NOTE,
                recorded_at=now,
            )
        )
    incident, _new = creation.log(
        IncidentReport(title="Mất điện trung tâm khai thác", category="power", unit_id=night.ids["BDA"], actor=ADMIN),
        now=now,
    )
    made = incident.code
    engine.escalate_due(clock.now())
    db.session.rollback()
    return made


@pytest.fixture(params=["vi", "en"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=[PHONE, WIDE], ids=["phone", "laptop"])
def page(request: pytest.FixtureRequest, browser: Any, live_url: str, code: str, language: str) -> Iterator[Any]:
    with transaction() as session:
        session.query(User).filter_by(login="an1").one().locale = language
    context = browser.new_context(base_url=live_url, timezone_id="Asia/Ho_Chi_Minh", **request.param)
    context.set_default_timeout(60_000)
    page = context.new_page()
    sign_in(page, "an1", enterprise.PASSWORD)
    yield page
    context.close()


def test_pages_say_who_is_absent_and_never_why(page: Any, code: str, language: str, axe: Any) -> None:
    absent, passed, waits = {
        "vi": ("vắng (đã ghi)", "chuyển bước sau", "chỉ nhắn một tin, không chờ"),
        "en": ("absent (recorded)", "on to the next step", "one message, nobody waits for an answer"),
    }[language]
    page.goto(f"/incidents/{code}")
    page.evaluate("document.querySelectorAll('.folds details').forEach(each => { each.open = true; })")
    said = page.inner_text("main")
    assert f"Trần Thị Bình {absent}, {passed}" in said and said.count(absent) >= 2
    assert NOTE not in page.content()
    assert page.evaluate("document.documentElement.scrollWidth") <= page.evaluate("innerWidth")
    assert axe(page) == []
    page.goto("/incidents/policy/BDA?severity=3&category=power")
    shown = page.inner_text(".policy-calls")
    assert f"Trần Thị Bình {absent}: {waits}" in shown
    assert page.evaluate("document.documentElement.scrollWidth") <= page.evaluate("innerWidth")
    assert axe(page) == []


def test_where_all_are_absent_the_desk_and_the_incident_say_so_in_red(page: Any, code: str, language: str) -> None:
    now = clock.now()
    today = clock.local_date(now)
    with transaction() as session:
        gone = {each for (each,) in session.query(Absence.person_id)}
        for person in session.query(Person).filter(Person.id.not_in(gone)):
            days = {"from_on": today, "to_on": today + timedelta(days=1)}
            session.add(Absence(person_id=person.id, **days, kind="sick", note=NOTE, recorded_at=now))
        session.query(Escalation).update({"next_at": now})
    engine.escalate_due(clock.now())
    db.session.rollback()
    band, loud = {
        "vi": ("có tất cả người gọi được đều vắng: tìm người ngay", "Tất cả đều vắng"),
        "en": ("where everybody who could be called is absent: find somebody now", "Everybody is absent"),
    }[language]
    for path, words in (("/?unit=BDA", band), (f"/incidents/{code}", loud)):
        page.goto(path)
        page.wait_for_selector(f".alarm-band.red:visible >> text={words}")
        assert NOTE not in page.content()
        assert page.evaluate("document.documentElement.scrollWidth") <= page.evaluate("innerWidth")
        assert faults_in_both_themes(page) == [], path
