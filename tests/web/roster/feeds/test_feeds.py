"""GET /feeds/<token>.ics and the feed calls of the API, as clients meet them."""

from __future__ import annotations

import gzip
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import icalendar
import pytest
from flask import Flask
from flask.testing import FlaskClient

from core import clock
from people.accounts import keys
from roster.feeds.models import FeedSubscription
from tests.support import factories
from tests.support.published import NOW, Published, feed
from tests.support.stores import SqliteStore, prepare

LATER = NOW + timedelta(days=2)


@pytest.fixture(scope="module")
def published(_sqlite: tuple[SqliteStore, Flask]) -> tuple[Path, Published]:
    return prepare(*_sqlite, "published", Published)


@pytest.fixture
def roster(db: Any, published: tuple[Path, Published], _sqlite: tuple[SqliteStore, Flask]) -> Published:
    _sqlite[0].reset(published[0])
    return published[1]


def key(role: str, unit: str | None = None, person: str | None = None) -> dict[str, str]:
    _row, secret = keys.create_api_key(keys.NewApiKey("thử", role, unit, person), now=NOW, actor=factories.ADMIN)
    return {"Authorization": f"Bearer {secret}"}


@pytest.fixture
def staff(roster: Published) -> dict[str, str]:
    return key("staff", "TINH", "O1")


def subscribed(client: FlaskClient, who: dict[str, str], **body: Any) -> dict[str, Any]:
    response = client.post("/api/v1/feeds", json=body, headers=who)
    assert response.status_code == 201, response.text
    made: dict[str, Any] = response.json
    return made


def path(url: str) -> str:
    return urlsplit(url).path


def test_it_is_a_calendar_that_may_be_kept_privately(client: FlaskClient, staff: dict[str, str]) -> None:
    response = client.get(path(subscribed(client, staff, scope="person", of="O1")["url"]))
    assert response.status_code == 200
    assert response.content_type == "text/calendar; charset=utf-8"
    assert response.headers["Cache-Control"].startswith("private")
    assert "Set-Cookie" not in response.headers
    assert len(icalendar.Calendar.from_ical(response.data).walk("VEVENT")) == 2


def test_the_same_feed_twice_is_the_same_bytes_and_the_second_need_not_travel(
    client: FlaskClient, staff: dict[str, str]
) -> None:
    address = path(subscribed(client, staff, scope="unit", of="TINH")["url"])
    first, second = client.get(address), client.get(address)
    assert first.data == second.data and first.headers["ETag"] == second.headers["ETag"]
    unchanged = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert unchanged.status_code == 304 and unchanged.data == b""
    assert unchanged.headers["ETag"] == first.headers["ETag"]
    assert client.get(address, headers={"If-None-Match": '"other"'}).status_code == 200
    assert client.head(address).status_code == 200


def test_a_new_revision_travels(client: FlaskClient, roster: Published, staff: dict[str, str]) -> None:
    address = path(subscribed(client, staff, scope="person", of="O1")["url"])
    seat = f"seat-{roster.seat('operations', 3)}-person-{roster.person['O1']}@"
    first = client.get(address)
    roster.reassign("operations", 3, "O4")
    with clock.travel(LATER):
        second = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
    assert second.status_code == 200
    before, after = (
        next(each for each in icalendar.Calendar.from_ical(data).walk("VEVENT") if each["UID"].startswith(seat))
        for data in (first.data, second.data)
    )
    assert before["UID"] == after["UID"]
    assert before["SEQUENCE"] < after["SEQUENCE"] and before["LAST-MODIFIED"].dt < after["LAST-MODIFIED"].dt
    assert (before["STATUS"], after["STATUS"]) == ("CONFIRMED", "CANCELLED")


def test_the_owner_reads_the_address_again_and_rotates_and_revokes_it(
    client: FlaskClient, staff: dict[str, str]
) -> None:
    made = subscribed(client, staff, scope="person", of="O1")
    assert subscribed(client, staff, scope="person", of="O1")["url"] == made["url"]
    one = f"/api/v1/feeds/{made['id']}"
    assert client.get(one, headers=staff).json["url"] == made["url"]
    assert [each["url"] for each in client.get("/api/v1/feeds", headers=staff).json["items"]] == [made["url"]]

    rotated = client.post(f"{one}/rotate", headers=staff).json
    assert rotated["url"] != made["url"]
    assert events(client, made["url"]) == 0
    assert events(client, rotated["url"]) == 2

    assert client.delete(one, headers=staff).status_code == 204
    assert events(client, rotated["url"]) == events(client, made["url"]) == 0
    assert client.get(one, headers=staff).status_code == 404
    assert client.delete(one, headers=staff).status_code == 404
    assert client.post(f"{one}/rotate", headers=staff).status_code == 404


def events(client: FlaskClient, url: str) -> int:
    response = client.get(path(url))
    assert response.status_code == 200
    calendar = icalendar.Calendar.from_ical(response.data)
    assert calendar["X-WR-CALNAME"] and len(calendar.walk("VTIMEZONE")) == 1
    return len(calendar.walk("VEVENT"))


@pytest.mark.parametrize(
    "token", ["x", "1", "1.", "1.AAAAAAAAAAAAAAAAAAAAAAAAAAA", "9999999999.x", "%00.x", "٣.x", "..", "-1.x"]
)
def test_an_invented_token_opens_nothing(client: FlaskClient, staff: dict[str, str], token: str) -> None:
    subscribed(client, staff, scope="person", of="O1")
    assert client.get(f"/feeds/{token}.ics").status_code == 404


def test_a_revoked_address_empties_phones_for_thirty_days_and_then_says_in_plain_text_what_to_do(
    client: FlaskClient, staff: dict[str, str]
) -> None:
    with clock.travel(LATER):
        made = subscribed(client, staff, scope="person", of="O1")
        full = client.get(path(made["url"]))
        client.delete(f"/api/v1/feeds/{made['id']}", headers=staff)
    with clock.travel(LATER + timedelta(days=29, hours=23)):
        assert events(client, made["url"]) == 0
        asked = {"If-None-Match": full.headers["ETag"], "If-Modified-Since": full.headers["Last-Modified"]}
        assert client.get(path(made["url"]), headers=asked).status_code == 200
    with clock.travel(LATER + timedelta(days=30)):
        response = client.get(path(made["url"]))
    assert response.status_code == 410 and response.content_type == "text/plain; charset=utf-8"
    assert "Ca của tôi" in response.text and "<" not in response.text


def test_nobody_needs_to_sign_in_and_the_token_opens_nothing_else(client: FlaskClient, staff: dict[str, str]) -> None:
    token = path(subscribed(client, staff, scope="person", of="O1")["url"])
    assert client.get(token).status_code == 200
    assert client.get("/me/").status_code in (302, 303)


def test_who_reads_it_is_noted_but_not_with_every_fetch(
    client: FlaskClient, roster: Published, staff: dict[str, str], db: Any
) -> None:
    made = subscribed(client, staff, scope="person", of="O1")
    for minutes, agent in ((0, "iOS/26 dataaccessd"), (2, "curl"), (6, "Google-Calendar-Importer")):
        with clock.travel(LATER + timedelta(minutes=minutes)):
            client.get(path(made["url"]), headers={"User-Agent": agent})
        row = db.session.get(FeedSubscription, made["id"])
        expected = (LATER, "iOS/26 dataaccessd") if minutes < 5 else (LATER + timedelta(minutes=6), agent)
        assert (row.last_fetched_at, row.last_fetched_by) == expected


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ({"scope": "person", "of": "O1"}, "Ca trực của Nguyễn Văn O1"),
        ({"scope": "unit", "of": "TINH"}, "Lịch trực Bưu điện tỉnh"),
        ({"scope": "campaign", "of": "1"}, "Tết Canh Tý"),
        ({"scope": "campaign", "of": 1}, "Tết Canh Tý"),
        ({"scope": "duty", "of": "emergency", "unit": "TINH"}, "Trực ứng cứu thông tin · Bưu điện tỉnh"),
        ({"scope": "duty", "of": "emergency"}, "Trực ứng cứu thông tin · Bưu điện tỉnh"),
    ],
)
def test_each_scope_has_a_name_that_a_phone_shows(
    client: FlaskClient, staff: dict[str, str], body: dict[str, Any], name: str
) -> None:
    made = subscribed(client, staff, **body)
    assert made["name"] == name
    assert f"X-WR-CALNAME:{name}\r\n" in client.get(path(made["url"])).text


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"scope": "person", "of": "NOBODY"}, 404, "person.unknown"),
        ({"scope": "unit", "of": "NOWHERE"}, 404, "unit.unknown"),
        ({"scope": "campaign", "of": "999"}, 404, "campaign.unknown"),
        ({"scope": "campaign", "of": "abc"}, 404, "campaign.unknown"),
        ({"scope": "duty", "of": "dragons", "unit": "TINH"}, 404, "duty.unknown"),
        ({"scope": "campaign", "of": 0}, 422, "invalid"),
        ({"scope": "campaign", "of": True}, 422, "invalid"),
        ({"scope": "everything", "of": "TINH"}, 422, "invalid"),
        ({"scope": "unit"}, 422, "invalid"),
    ],
)
def test_a_wrong_wish_is_answered_with_the_reason(
    client: FlaskClient, staff: dict[str, str], body: dict[str, Any], status: int, code: str
) -> None:
    response = client.post("/api/v1/feeds", json=body, headers=staff)
    assert response.status_code == status
    assert response.content_type == "application/problem+json"
    if status == 404:
        assert response.json["code"] == code
        assert response.json["detail"] != code


def test_others_feeds_are_as_good_as_absent(client: FlaskClient, roster: Published, staff: dict[str, str]) -> None:
    made = subscribed(client, staff, scope="person", of="O1")
    other = key("manager", "TINH")
    assert client.get(f"/api/v1/feeds/{made['id']}", headers=other).status_code == 404
    assert client.get("/api/v1/feeds", headers=other).json["items"] == []
    assert client.delete(f"/api/v1/feeds/{made['id']}", headers=other).status_code == 404
    assert client.delete(f"/api/v1/feeds/{made['id']}", headers=key("admin")).status_code == 204


def test_a_viewer_subscribes_to_the_own_unit_only_and_never_to_phones(client: FlaskClient, roster: Published) -> None:
    from people.queries import unit_by_id

    factories.make_unit("XA", parent=unit_by_id(roster.unit_id))
    viewer = key("viewer", "XA")
    assert subscribed(client, viewer, scope="unit", of="XA")
    for body in ({"scope": "unit", "of": "TINH"}, {"scope": "unit", "of": "XA", "show_phones": True}):
        assert client.post("/api/v1/feeds", json=body, headers=viewer).status_code == 403


def test_the_address_is_built_from_the_public_one(app: Flask, client: FlaskClient, staff: dict[str, str]) -> None:
    app.config["PUBLIC_URL"] = "https://truc.example"
    made = subscribed(client, staff, scope="person", of="O1")
    assert made["url"].startswith("https://truc.example/feeds/") and made["url"].endswith(".ics")
    assert feed("person", person_id=1) is not None


def test_a_reader_is_told_of_changes_by_tag_or_by_time_and_gets_it_gzipped(
    client: FlaskClient, roster: Published, staff: dict[str, str]
) -> None:
    address = path(subscribed(client, staff, scope="unit", of="TINH")["url"])
    with clock.travel(LATER):
        plain, packed = client.get(address), client.get(address, headers={"Accept-Encoding": "gzip"})
        assert gzip.decompress(packed.data) == plain.data and "gzip" not in plain.headers.get("Content-Encoding", "")
        assert plain.headers["ETag"] != packed.headers["ETag"]
        assert "Accept-Encoding" in plain.headers["Vary"] and "Accept-Encoding" in packed.headers["Vary"]
        for first in (plain, packed):
            assert client.get(address, headers={"If-None-Match": first.headers["ETag"]}).status_code == 304
            weak = {"If-None-Match": f"W/{first.headers['ETag']}"}
            assert client.get(address, headers=weak).status_code == 304
        since = {"If-Modified-Since": plain.headers["Last-Modified"]}
        assert client.get(address, headers=since).status_code == 304
        assert client.get(address, headers={**since, "If-None-Match": '"other"'}).status_code == 200
        head = client.head(address)
        assert head.data == b"" and head.headers["ETag"] == plain.headers["ETag"]
    roster.reassign("operations", 3, "O4", at=LATER + timedelta(minutes=1))
    with clock.travel(LATER + timedelta(minutes=2)):
        assert client.get(address, headers=since).status_code == 200


def test_options_are_chosen_and_changed_by_the_api(client: FlaskClient, staff: dict[str, str]) -> None:
    made = subscribed(client, staff, scope="unit", of="TINH", lang="en", busy=True)
    assert (made["lang"], made["busy"], made["show_phones"]) == ("en", True, False)
    first = client.get(path(made["url"])).text
    assert "Operations" in first and "TRANSP:OPAQUE" in first and "0900 000 1" not in first
    changed = client.put(f"/api/v1/feeds/{made['id']}", json={"show_phones": True, "lang": "vi"}, headers=staff).json
    assert (changed["lang"], changed["busy"], changed["show_phones"]) == ("vi", True, True)
    assert changed["url"] == made["url"]
    second = client.get(path(made["url"])).text
    assert "Trực điều hành" in second and "0900 000 1" in second
    refused = client.put(f"/api/v1/feeds/{made['id']}", json={"lang": "fr"}, headers=staff)
    assert refused.status_code == 422 and "lang" in refused.text


def test_only_the_owner_switches_phones_on(client: FlaskClient, staff: dict[str, str]) -> None:
    made = subscribed(client, staff, scope="unit", of="TINH")
    one = f"/api/v1/feeds/{made['id']}"
    assert client.put(one, json={"show_phones": True}, headers=key("admin")).status_code == 403
    assert client.put(one, json={"busy": True}, headers=key("admin")).status_code == 200
    assert client.put(one, json={"show_phones": True}, headers=key("manager", "TINH")).status_code == 404
