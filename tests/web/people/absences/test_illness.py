"""Illness on pages and by API: what was green is unsure at the next poll, and saving it answers with what it hits."""

from __future__ import annotations

import html
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import event, func, select

from core import clock
from core.db import db as database
from core.observability import heartbeat
from people import queries as people
from people.absences import services as absence_services
from people.accounts import keys
from people.models import Absence
from roster.covers import affected
from tests.support import factories
from tests.support.desk_pages import text_of
from tests.support.enterprise import sign_in
from tests.support.tet_night import ADMIN, NIGHT, Night

TODAY = date(2020, 1, 25)
NOTE = "sốt xuất huyết"


@pytest.fixture(autouse=True)
def _at_night() -> Iterator[None]:
    with clock.travel(NIGHT):
        yield


@pytest.fixture
def night(night: Night) -> Night:
    """Bình is on operations duty until 11:10; Hải could take over."""
    factories.make_person("HA1", people.unit_by_code("BDA"))
    return night


@pytest.fixture
def admin(night: Night) -> dict[str, str]:
    _row, secret = keys.create_api_key(keys.NewApiKey("thử", "admin"), now=NIGHT, actor=ADMIN)
    return {"Authorization": f"Bearer {secret}"}


def ill(code: str = "BI1", last: date = TODAY) -> None:
    absence_services.add_absence(code, TODAY, last, "sick", note=NOTE, actor=ADMIN, now=NIGHT)


def see(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    return text_of(html.unescape(answer.text))


SAID = "không chắc : vắng đến hết 25/01"


# --- pages -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/desk/live?unit=BDA", "/desk/live?unit=BDA&wall=1", "/tonight"])
def test_the_desk_the_wall_and_tonight_say_until_when(client: FlaskClient, night: Night, path: str) -> None:
    sign_in(client, "an1")
    assert "không chắc" not in see(client, path)
    ill()
    page = see(client, path)
    assert SAID.replace(" :", ":") in page.replace(" :", ":")
    assert NOTE not in page
    client.post("/language", data={"language": "en"})
    page = see(client, path)
    assert "unsure" in page and "away through 25/01" in page and "không chắc" not in page


@pytest.mark.parametrize("path", ["/desk/live?unit=BDA", "/desk/cover?unit=BDA"])
def test_an_open_desk_hears_of_it_at_its_next_poll(client: FlaskClient, night: Night, path: str) -> None:
    sign_in(client, "an1")
    first = client.get(path)
    same = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert same.status_code == 304
    ill()
    then = client.get(path, headers={"If-None-Match": first.headers["ETag"]})
    assert then.status_code == 200 and "không chắc" in then.text
    absence_services.remove_absence(database.session.scalars(select(Absence.id)).one(), actor=ADMIN, now=NIGHT)
    back = client.get(path, headers={"If-None-Match": then.headers["ETag"]})
    assert back.status_code == 200 and back.headers["ETag"] == first.headers["ETag"]


def test_the_strip_is_not_green_and_the_list_counts_them_apart(client: FlaskClient, night: Night) -> None:
    sign_in(client, "an1")
    assert "Mọi chỗ trực đều có người" in see(client, "/desk/cover?unit=BDA")
    assert "3/3 lượt" in see(client, "/roster/")
    ill()
    strip = see(client, "/desk/cover?unit=BDA")
    assert "Mọi chỗ trực đều có người" not in strip and "?1 1 không chắc" in strip
    assert "2/3 lượt ?1 1 không chắc" in see(client, "/roster/")


def test_the_wall_shows_a_band_until_something_is_late(client: FlaskClient, night: Night) -> None:
    sign_in(client, "an1")
    ill()
    wall = client.get("/desk/live?unit=BDA&wall=1").text
    assert 'class="doubt"' in wall and "Trần Thị Bình" in wall
    assert 'class="doubt"' not in client.get("/desk/live?unit=BDA").text, "the card says it"


def test_the_system_page_and_the_readiness_of_the_week_say_it(client: FlaskClient, night: Night) -> None:
    heartbeat.beat("worker", now=NIGHT)
    sign_in(client, "an1")
    ill()
    system = see(client, "/system/")
    assert "1 lượt đang trực không chắc" in system and "Không thấy lỗi nào" not in system
    week = see(client, "/roster/unreachable")
    assert "Ca đã ban hành không chắc" in week and "Trần Thị Bình" in week and "Tìm người thay" in week
    assert NOTE not in system + week


def test_metrics_count_them(client: FlaskClient, night: Night, admin: dict[str, str]) -> None:
    ill()
    found = client.get("/metrics", headers=admin).text
    assert 'tructet_seats_uncovered{state="unsure"} 1' in found
    assert 'tructet_audit_findings{kind="duty_unsure"} 1' in found


def test_my_own_shift_says_it_too(client: FlaskClient, night: Night) -> None:
    sign_in(client, "bi1")
    ill()
    assert SAID.replace(" :", ":") in see(client, "/me/").replace(" :", ":")


def test_whoever_may_not_read_absences_sees_that_and_until_when_but_never_why(
    client: FlaskClient, night: Night
) -> None:
    """Dũng looks on from another district."""
    ill()
    sign_in(client, "du1")
    for path in ("/?unit=BDA", "/people/person/BI1", "/roster/"):
        page = see(client, path)
        assert "không chắc" in page, path
        assert NOTE not in page and "ốm" not in page.lower(), path
    assert "Tìm người thay" not in see(client, "/people/person/BI1")


# --- saving ----------------------------------------------------------------------------------------------------------


def test_saving_leads_to_the_shifts_that_are_hit_and_from_there_to_covers(client: FlaskClient, night: Night) -> None:
    night.publish("operations", "BI1", start=NIGHT + timedelta(hours=20))
    sign_in(client, "an1")
    form = {"from_on": "2020-01-25", "to_on": "2020-01-26", "kind": "sick", "note": NOTE}
    answer = client.post("/people/person/BI1/absences", data=form)
    assert answer.status_code == 303 and answer.location.endswith("/people/person/BI1#unsure")
    page = client.get("/people/person/BI1").text
    assert "2 ca đã ban hành thành không chắc" in html.unescape(page)
    links = [part.split('"')[0] for part in html.unescape(page).split('href="') if "/covers?for=BI1" in part[:60]]
    assert len(links) == 2
    assert "Ksor Hải" in see(client, links[0])


def test_an_absence_that_hits_nothing_says_so(client: FlaskClient, night: Night) -> None:
    sign_in(client, "an1")
    form = {"from_on": "2020-02-20", "to_on": "2020-02-20", "kind": "sick", "note": ""}
    answer = client.post("/people/person/BI1/absences", data=form)
    assert "#unsure" not in answer.location
    assert "Không ca nào đã ban hành rơi vào" in see(client, "/people/person/BI1")


def save(client: FlaskClient, who: dict[str, str], code: str = "BI1", last: str = "2020-01-25", **more: str) -> Any:
    body = {"person_code": code, "from": "2020-01-25", "to": last, "kind": "sick", "note": NOTE}
    return client.post("/api/v1/absences", json=body, headers=who | more)


@pytest.mark.both_dbs
def test_the_call_answers_with_shifts_and_covers(client: FlaskClient, night: Night, admin: dict[str, str]) -> None:
    answer = save(client, admin)
    assert answer.status_code == 201
    [hit] = answer.json["affected"]
    assert (hit["unit"], hit["duty"], hit["searched"]) == ("BDA", "operations", True)
    assert hit["covers"] == ["HA1"], "Hải; Bình is away and the others serve other duties"
    asked = client.get(f"/api/v1/shifts/{hit['shift']}/covers?for=BI1", headers=admin).json
    assert asked["covers"][0]["moves"][0]["in"] == "HA1", "the same as the page of covers"


@pytest.mark.both_dbs
def test_a_repeatable_call_thinks_before_it_writes_and_writes_once(
    client: FlaskClient, night: Night, admin: dict[str, str]
) -> None:
    writing: list[bool] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if "FROM wishes" in statement:  # the engine reads everything it judges by
            writing.append(bool(database.session.info.get("writing")))

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        first = save(client, admin, **{"Idempotency-Key": "nghi-1"})
    finally:
        event.remove(database.engine, "before_cursor_execute", note)
    assert writing and not any(writing)
    again = save(client, admin, **{"Idempotency-Key": "nghi-1"})
    assert first.json == again.json and first.json["affected"][0]["covers"] == ["HA1"]
    assert database.session.scalar(select(func.count()).select_from(Absence)) == 1


def test_whoever_may_not_arrange_covers_is_told_the_shifts_alone(client: FlaskClient, night: Night) -> None:
    _row, secret = keys.create_api_key(keys.NewApiKey("bình", "staff", "BDA", "BI1"), now=NIGHT, actor=ADMIN)
    night.withdraw("operations")  # on duty they would be lent the right
    night.publish("operations", "BI1", start=NIGHT + timedelta(hours=3))
    [hit] = save(client, {"Authorization": f"Bearer {secret}"}).json["affected"]
    assert hit["covers"] == [] and hit["searched"] is False


def test_a_long_absence_thinks_about_the_first_shifts_only(
    client: FlaskClient, night: Night, admin: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []
    real = affected.takers
    monkeypatch.setattr(affected, "takers", lambda *given, **more: asked.append(given[2]) or real(*given, **more))
    for number in range(1, 9):
        night.publish("operations", "BI1", start=NIGHT + timedelta(days=number))
    hits = save(client, admin, last="2021-01-20").json["affected"]
    assert len(hits) == 9 and [each["starts_at"] for each in hits] == sorted(each["starts_at"] for each in hits)
    assert [each["searched"] for each in hits] == [True] * 5 + [False] * 4
    assert asked == [each["shift"] for each in hits[:5]]


def test_shifts_over_by_then_are_not_named(client: FlaskClient, night: Night, admin: dict[str, str]) -> None:
    with clock.travel(NIGHT + timedelta(hours=12)):
        assert save(client, admin).json["affected"] == []


def test_who_is_on_duty_says_it_although_answers_are_kept(
    client: FlaskClient, night: Night, admin: dict[str, str]
) -> None:
    def ask() -> dict[str, Any]:
        duties = client.get("/api/v1/on-duty?unit=BDA&duty=operations", headers=admin).json["duties"]
        person: dict[str, Any] = duties[0]["people"][0]
        return {name: person[name] for name in ("code", "at_risk", "away_until")}

    assert ask() == {"code": "BI1", "at_risk": False, "away_until": None}
    ill()
    assert ask() == {"code": "BI1", "at_risk": True, "away_until": "2020-01-26T00:00:00+07:00"}
