"""Somebody leaves, or loses the duty: pages and calls say which published shifts nobody can be sure of any more."""

from __future__ import annotations

import html
import io
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from core import clock
from people import queries as people, services
from people.absences import services as absence_services
from people.accounts import keys
from tests.support import factories
from tests.support.desk_pages import text_of
from tests.support.enterprise import sign_in
from tests.support.tet_night import ADMIN, NIGHT, Night

PERSON = {"code": "BI1", "full_name": "Trần Thị Bình", "unit_code": "BDA", "duties": ["operations", "emergency"]}
FORM = {
    "code": "BI1",
    "full_name": "Trần Thị Bình",
    "unit_code": "BDA",
    "duties": ["operations"],
    "work_pattern": "shift",
    "phone": "0900000102",
    "email": "bi1@buudien.example",
}


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


def see(client: FlaskClient, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.text
    return text_of(html.unescape(answer.text)).replace(" :", ":")


def leave() -> None:
    services.save_person("BI1", {"active": False}, actor=ADMIN, now=NIGHT)


def lose_the_duty() -> None:
    services.save_person("BI1", {"duties": ["emergency"]}, actor=ADMIN, now=NIGHT)


def save(client: FlaskClient, who: dict[str, str], **more: Any) -> Any:
    return client.post("/api/v1/people", json=PERSON | more, headers=who)


# --- claims ----------------------------------------------------------------------------------------------------------


def test_strip_lists_week_and_system_say_it_with_its_own_word(client: FlaskClient, night: Night) -> None:
    sign_in(client, "an1")
    assert "Mọi chỗ trực đều có người" in see(client, "/desk/cover?unit=BDA")
    leave()
    strip = see(client, "/desk/cover?unit=BDA")
    assert "Mọi chỗ trực đều có người" not in strip and "?1 1 không chắc" in strip
    assert "2/3 lượt ?1 1 không chắc" in see(client, "/roster/")
    assert "1 lượt đang trực không chắc" in see(client, "/system/")
    week = see(client, "/roster/unreachable")
    assert "Trần Thị Bình" in week and "không chắc: đã nghỉ việc" in week and "Tìm người thay" in week
    assert "không chắc: đã nghỉ việc" in see(client, "/tonight")
    client.post("/language", data={"language": "en"})
    assert "unsure: has left" in see(client, "/roster/unreachable")


def test_the_desk_names_who_is_called_in_place_of_somebody_who_left(client: FlaskClient, night: Night) -> None:
    sign_in(client, "an1")
    leave()
    live = see(client, "/desk/live?unit=BDA")
    assert "Trần Thị Bình" not in live


def test_whoever_lost_the_duty_sees_it_on_the_desk_and_on_their_page(client: FlaskClient, night: Night) -> None:
    lose_the_duty()
    sign_in(client, "bi1")
    for path in ("/", "/me/"):
        page = see(client, path)
        assert "không chắc: thôi loại trực này" in page and "báo quản lý tìm người thay" in page, path


@pytest.mark.parametrize("path", ["/desk/live?unit=BDA", "/desk/live?unit=BDA&wall=1", "/tonight"])
def test_whoever_lost_the_duty_is_still_called_and_marked(client: FlaskClient, night: Night, path: str) -> None:
    sign_in(client, "an1")
    lose_the_duty()
    page = see(client, path)
    assert "Trần Thị Bình" in page and "không chắc: thôi loại trực này" in page


def test_the_absent_see_their_own_line_and_what_to_do(client: FlaskClient, night: Night) -> None:
    today = clock.local_date(NIGHT)
    absence_services.add_absence("BI1", today, today, "sick", note="sốt xuất huyết", actor=ADMIN, now=NIGHT)
    sign_in(client, "bi1")
    for path in ("/desk/live?unit=BDA", "/me/"):
        answer = html.unescape(client.get(path).text)
        assert "không chắc" in answer and "Đi trực được thì bỏ khoảng nghỉ" in answer, path
        assert 'href="/people/person/BI1"' in answer, path


# --- saving ----------------------------------------------------------------------------------------------------------


def test_leaving_leads_to_the_shifts_and_from_there_to_covers(client: FlaskClient, night: Night) -> None:
    night.publish("operations", "BI1", start=NIGHT + timedelta(hours=20))
    sign_in(client, "an1")
    answer = client.post("/people/person/BI1/edit", data=FORM)
    assert answer.status_code == 303 and answer.location.endswith("/people/person/BI1#unsure")
    page = html.unescape(client.get("/people/person/BI1").text)
    assert "2 ca đã ban hành thành không chắc" in page and "đã nghỉ việc" in page
    links = [part.split('"')[0] for part in page.split('href="') if "/covers?for=BI1" in part[:60]]
    assert len(links) == 2
    assert "Ksor Hải" in see(client, links[0])


def test_a_change_that_takes_nothing_says_no_more_than_saved(client: FlaskClient, night: Night) -> None:
    sign_in(client, "an1")
    answer = client.post("/people/person/BI1/edit", data=FORM | {"active": "y", "position": "Tổ trưởng"})
    assert "#unsure" not in answer.location


@pytest.mark.both_dbs
def test_the_call_answers_with_shifts_and_covers(client: FlaskClient, night: Night, admin: dict[str, str]) -> None:
    assert save(client, admin).json["affected"] == []
    [hit] = save(client, admin, active=False).json["affected"]
    assert (hit["unit"], hit["duty"], hit["searched"], hit["covers"]) == ("BDA", "operations", True, ["HA1"])


def test_what_was_unsure_before_is_not_said_to_have_become_so(client: FlaskClient, night: Night) -> None:
    sign_in(client, "an1")
    leave()
    answer = client.post("/people/person/BI1/edit", data=FORM | {"position": "Nhân viên cũ"})
    assert "#unsure" not in answer.location, "nothing but the position of somebody who had left"
    page = html.unescape(client.get("/people/person/BI1").text)
    assert "Đã lưu." in page and "thành không chắc" not in page


@pytest.mark.both_dbs
def test_a_call_answers_only_with_what_it_took_itself(client: FlaskClient, night: Night, admin: dict[str, str]) -> None:
    night.publish("emergency", "BI1", start=NIGHT + timedelta(hours=20))
    duties = [each["duty"] for each in save(client, admin, duties=["emergency"]).json["affected"]]
    assert duties == ["operations"]
    assert save(client, admin, duties=["emergency"], phone="0900000199").json["affected"] == []
    keyed = admin | {"Idempotency-Key": "nghi-han"}
    [hit] = save(client, keyed, duties=["emergency"], active=False).json["affected"]
    assert hit["duty"] == "emergency", "the other was unsure already"
    assert save(client, admin, active=True).json["affected"] == []


@pytest.mark.both_dbs
def test_a_repeatable_call_says_the_same_twice(client: FlaskClient, night: Night, admin: dict[str, str]) -> None:
    first = save(client, admin | {"Idempotency-Key": "nghi-viec"}, duties=["emergency"])
    again = save(client, admin | {"Idempotency-Key": "nghi-viec"}, duties=["emergency"])
    assert first.json == again.json and [hit["covers"] for hit in first.json["affected"]] == [["HA1"]]


def test_a_locked_account_leaves_the_shifts_where_they_are_and_says_so(client: FlaskClient, night: Night) -> None:
    sign_in(client, "an1")
    answer = client.post(f"/people/accounts/{night.ids['user:bi1']}/active", data={"active": "no"})
    assert answer.location.endswith("/people/person/BI1/edit")
    assert "1 ca đã ban hành vẫn là của người này" in see(client, "/people/person/BI1/edit")
    assert "Trần Thị Bình" in see(client, "/desk/live?unit=BDA"), "calls need no account"


# --- import ----------------------------------------------------------------------------------------------------------


def test_the_preview_of_an_import_says_which_shifts_it_makes_unsure(client: FlaskClient, night: Night) -> None:
    for number in range(1, 5):
        night.publish("operations", "BI1", start=NIGHT + timedelta(days=number))
    rows = "person_code,from,to,kind,note\nBI1,2020-01-25,2020-01-29,sick,sốt xuất huyết\n"
    sign_in(client, "qt1")
    upload = {"files": [(io.BytesIO(rows.encode()), "absences.csv")]}
    preview = client.post("/import/", data=upload, content_type="multipart/form-data").location
    page = see(client, preview)
    assert "Ghi xong, 5 lượt trực đã ban hành thành không chắc" in page
    assert page.count("Trần Thị Bình vắng đến hết 29/01") == 3 and "và 2 ca khác" in page
    assert "sốt" not in page, "why is nobody's business"
    written = client.post(preview)
    assert written.location.endswith("/roster/unreachable?days=30#unsure")
    assert "5 lượt trực đã ban hành thành không chắc" in see(client, "/roster/unreachable?days=30")


def test_a_dry_run_counts_what_a_run_would_make_unsure(
    client: FlaskClient, night: Night, admin: dict[str, str]
) -> None:
    rows = "code,full_name,unit_code,duties,active\nBI1,Trần Thị Bình,BDA,operations,no\nEM1,Em,BDA,support,\n"

    def run(query: str) -> dict[str, Any]:
        answer = client.post(f"/api/v1/import{query}", data=_zip("people.csv", rows), headers=admin)
        assert answer.status_code == 200, answer.text
        return {name: answer.json[name] for name in ("applied", "unsure")}

    assert run("?dry_run=1") == {"applied": False, "unsure": 2}
    assert run("") == {"applied": True, "unsure": 2}
    assert run("?dry_run=1") == {"applied": False, "unsure": 0}


def _zip(name: str, rows: str) -> bytes:
    import zipfile

    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(name, rows)
    return out.getvalue()
