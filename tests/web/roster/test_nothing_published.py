"""Where nothing is published, nothing is said to be covered."""

from __future__ import annotations

import html
from datetime import datetime, timedelta

import pytest
from flask import Flask
from flask.testing import FlaskClient

from core import clock
from people.queries import unit_by_code
from roster.draft import services as drafts
from roster.publishing import services as publishing
from roster.publishing.terms import PublishTerms
from roster.snapshot.snapshot import shift_rows
from tests.support import enterprise, factories
from tests.support.enterprise import NOW, ROOT, sign_in

ALL = "Mọi chỗ trực đã ban hành đều có người."
NEVER, OWN = "Chưa ban hành lịch trực nào.", "Chưa ban hành lịch trực nào cho đơn vị này."
NONE_SOON = "Không có ca trực nào đã ban hành trong thời gian này"
REACHED = "Ai có ca cũng liên lạc được"


@pytest.fixture(autouse=True)
def _signed_in(app: Flask, client: FlaskClient) -> None:
    enterprise.make()
    sign_in(client, "qt1")


def see(client: FlaskClient, path: str, at: datetime = NOW) -> str:
    with clock.travel(at):
        answer = client.get(path)
    assert answer.status_code == 200
    return html.unescape(answer.text)


def publish() -> datetime:
    """One duty a day in BDA, each with somebody; answers the start of the first."""
    unit = unit_by_code("BDA")
    factories.make_demand(unit)
    factories.make_person("P0", unit)
    made = factories.make_campaign(unit)
    shifts = shift_rows(made.id)
    for shift in shifts:
        drafts.set_people(shift.id, ["P0"], override_reason="Một người trực cả đợt", actor=ROOT, now=NOW)
    publishing.publish(made.id, PublishTerms("", accept_gaps="Chỉ có một loại trực"), actor=ROOT, now=NOW)
    return shifts[0].starts_at


def test_an_empty_database_says_that_nothing_is_published(client: FlaskClient) -> None:
    system = see(client, "/system/")
    assert NEVER in system and ALL not in system
    assert OWN in see(client, "/") and OWN in see(client, "/desk/cover?unit=BDT")
    assert NONE_SOON in see(client, "/roster/unreachable") and REACHED not in see(client, "/roster/unreachable")
    client.post("/language", data={"language": "en", "next": "/"})
    assert "No roster has been published yet." in see(client, "/system/")
    assert "No roster has been published for this unit yet." in see(client, "/")


def test_a_draft_is_not_published(client: FlaskClient) -> None:
    unit = unit_by_code("BDA")
    factories.make_demand(unit)
    factories.make_campaign(unit)
    assert NEVER in see(client, "/system/") and OWN in see(client, "/desk/cover?unit=BDA")


def test_a_draft_names_nobody_to_those_who_edit_none_of_it(client: FlaskClient) -> None:
    unit = unit_by_code("BDA")
    factories.make_demand(unit)
    factories.make_person("P0", unit, name="Lò Thị Nháp")
    made = factories.make_campaign(unit)
    shift = shift_rows(made.id)[0]
    drafts.set_people(shift.id, ["P0"], override_reason="Thử", actor=ROOT, now=NOW)
    page = f"/roster/campaigns/{made.id}"
    assert "Lò Thị Nháp" in see(client, page)
    client.post("/logout")
    sign_in(client, "ch1")
    views = (f"{page}?view={each}&source=draft" for each in ("duties", "days"))
    for path in (*views, f"{page}/fairness", f"{page}/difference?from=0&to=draft", f"/roster/shifts/{shift.id}"):
        shown = see(client, path)
        assert "Lò Thị Nháp" not in shown or "fairness" in path, path
    assert "chưa ban hành. Bản nháp chỉ người xếp lịch xem được" in see(client, page)
    assert "chỉ có điểm mang sang" in see(client, f"{page}/fairness")
    assert client.get(f"{page}/print").status_code == 403


def test_what_is_published_is_told_apart_from_what_comes_soon(client: FlaskClient) -> None:
    first = publish()
    soon = first - timedelta(days=1)
    assert ALL in see(client, "/system/", soon) and REACHED not in see(client, "/system/", soon)
    long_before, after = first - timedelta(days=30), first + timedelta(days=30)
    for at in (long_before, after):
        system = see(client, "/system/", at)
        assert NONE_SOON in system and ALL not in system and NEVER not in system
    assert "Mọi chỗ trực đều có người" in see(client, "/desk/cover?unit=BDA", soon)
    over = see(client, "/desk/cover?unit=BDA", after)
    assert "Mọi chỗ trực đều có người" not in over and "Đợt này đã qua" in over
    assert OWN not in see(client, "/desk/cover?unit=BDT", soon), "a unit below has a roster of its own"
    assert OWN in see(client, "/desk/cover?unit=BDC", soon)
