"""Publishing a part and covering at once: pages without scripts, and the same by API."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from core import clock
from core.db import db, transaction
from people.accounts import keys, services as accounts
from people.accounts.services import NewAccount
from people.models import User
from roster.campaigns.models import Campaign
from roster.draft import services as drafts
from roster.models import Revision
from tests.services.roster.publishing.test_amending import NIGHT, on, rest_of
from tests.support import enterprise, factories
from tests.support.enterprise import sign_in
from tests.support.isolation import IsolatedClient
from tests.support.published import Published

ADMIN = factories.ADMIN


@pytest.fixture
def roster(roster: Published) -> Iterator[Published]:
    with clock.travel(NIGHT):
        for code, role in (("L1", "manager"), ("L2", "staff"), ("O1", "staff")):
            user = accounts.create_user(
                NewAccount(code.lower(), f"Nguyễn Văn {code}", role, unit_code="TINH", person_code=code),
                now=NIGHT,
                actor=ADMIN,
            )
            with transaction() as session:
                session.get_one(User, user.id).password_hash = enterprise.password_hash()
        yield roster


@pytest.fixture
def browser(app: Flask) -> Callable[[str], FlaskClient]:
    def signed_in(who: str) -> FlaskClient:
        client = IsolatedClient(app)
        sign_in(client, who)
        return client

    return signed_in


def test_a_manager_publishes_one_of_two_changed_shifts(
    roster: Published, browser: Callable[[str], FlaskClient]
) -> None:
    one, other = roster.shifts("operations")[1], roster.shifts("operations")[3]
    for shift_id, code in ((one, "O3"), (other, "O4")):
        drafts.set_people(shift_id, [code], override_reason="Đổi ca", actor=ADMIN, now=NIGHT)
    client, path = browser("l1"), f"/roster/campaigns/{roster.campaign_id}/publish/part"
    assert "Ban hành một phần" in client.get(f"/roster/campaigns/{roster.campaign_id}/publish").text
    page = client.get(path).text
    assert re.findall(r'name="person" value="(\w+)"', page) == ["O1", "O4", "O2", "O3"]
    answer = client.post(path, data={"person": "O2"}, follow_redirects=True)
    assert "chỉ gồm phần đã chọn" in answer.text
    assert (on(one), on(rest_of(one)), on(other)) == (["O2"], ["O3"], ["O1"])
    assert re.findall(r'name="person" value="(\w+)"', client.get(path).text) == ["O1", "O4"]
    again = client.post(path, data={"person": "O2"})
    assert again.status_code == 409
    assert "Nguyễn Văn L1 ban hành" in again.text
    nothing = client.post(path, data={})
    assert nothing.status_code == 422


def test_a_gap_is_named_and_asks_for_a_reason(roster: Published, browser: Callable[[str], FlaskClient]) -> None:
    shift = roster.shifts("operations")[1]
    drafts.set_people(shift, [], actor=ADMIN, now=NIGHT)
    client, path = browser("l1"), f"/roster/campaigns/{roster.campaign_id}/publish/part"
    refused = client.post(path, data={"person": "O2"})
    assert refused.status_code == 409
    assert 'name="accept_gaps"' in refused.text
    assert client.post(path, data={"person": "O2", "accept_gaps": "Tỉnh trực thay"}).status_code == 303
    assert (on(shift), on(rest_of(shift))) == (["O2"], [])


def test_the_leader_on_duty_covers_from_the_page_of_the_shift(
    roster: Published, browser: Callable[[str], FlaskClient]
) -> None:
    shift = roster.shifts("operations")[1]
    client = browser("l2")
    covers = f"/roster/shifts/{shift}/covers?for=O2"
    assert covers in client.get(f"/roster/shifts/{shift}").text
    page = client.get(covers).text
    assert "Đổi ngay" in page
    answer = client.post(
        f"/roster/shifts/{shift}/cover", data={"moves": f"{shift}>O2>O4", "reason": "Ốm"}, follow_redirects=True
    )
    assert "ban hành bản số 2" in answer.text
    assert on(rest_of(shift)) == ["O4"]
    far = roster.shifts("operations")[5]
    assert covers.replace(str(shift), str(far)) not in client.get(f"/roster/shifts/{far}").text
    assert client.post(f"/roster/shifts/{far}/cover", data={"moves": f"{far}>O3>O4"}).status_code == 403
    assert client.post(f"/roster/shifts/{shift}", data={"put": "O1>O4"}).status_code == 403


def test_staff_off_duty_sees_no_such_thing(roster: Published, browser: Callable[[str], FlaskClient]) -> None:
    """O1 serves nothing tonight; his shift this morning is long over."""
    shift, client = roster.shifts("operations")[1], browser("o1")
    assert "Báo vắng" not in client.get(f"/roster/shifts/{shift}").text
    assert client.post(f"/roster/shifts/{shift}/cover", data={"moves": f"{shift}>O2>O4"}).status_code == 403
    assert client.get(f"/roster/campaigns/{roster.campaign_id}/publish/part").status_code == 403


def test_by_api_a_part_and_a_cover_of_the_day(app: Flask, roster: Published) -> None:
    _key, secret = keys.create_api_key(keys.NewApiKey("m", "manager", "TINH", "L1"), now=NIGHT, actor=ADMIN)
    manager = {"Authorization": f"Bearer {secret}"}
    _key, secret = keys.create_api_key(keys.NewApiKey("l", "staff", "TINH", "L2"), now=NIGHT, actor=ADMIN)
    leader = {"Authorization": f"Bearer {secret}"}
    client, shift = app.test_client(), roster.shifts("operations")[1]
    publish = f"/api/v1/campaigns/{roster.campaign_id}/publish"
    put = client.put(
        f"/api/v1/shifts/{shift}/people", json={"people": ["O4"], "override_reason": "Đổi"}, headers=manager
    )
    assert put.status_code == 200
    whole = client.post(publish, json={}, headers=leader)
    assert whole.status_code == 403
    only = {"only": {"seats": [roster.seat("operations", 1)]}}
    answer = client.post(publish, json=only, headers=leader)
    assert (answer.status_code, answer.json["revision"]) == (200, 2)
    both = client.post(publish, json={"only": {"seats": [1], "units": ["TINH"]}}, headers=manager)
    assert both.status_code == 422
    left = rest_of(shift)
    cover = {"moves": [{"shift": left, "out": "O4", "in": "O1"}], "override_reason": "Ốm"}
    covered = client.post(f"/api/v1/shifts/{left}/cover", json=cover, headers=leader)
    assert (covered.status_code, covered.json) == (200, {"shifts": [], "revision": 3})
    draft = client.post(
        f"/api/v1/shifts/{left}/cover",
        json={"moves": [{"shift": left, "out": "O1", "in": "O2"}], "override_reason": "Về"},
        headers=manager,
    )
    assert (draft.status_code, draft.json["revision"]) == (200, None)
    assert (on(shift), on(left)) == (["O2"], ["O1"])
    assert db.session.get_one(Campaign, roster.campaign_id).revision == 3
    assert len(db.session.scalars(select(Revision)).all()) == 3


def test_the_leader_on_duty_is_offered_today_and_tomorrow(
    roster: Published, browser: Callable[[str], FlaskClient]
) -> None:
    """Tonight O2 → O4, which is of the day; on the third night O3 → O1, which is its manager's."""
    for turn, code in ((1, "O4"), (5, "O1")):
        drafts.set_people(roster.shifts("operations")[turn], [code], override_reason="Đổi", actor=ADMIN, now=NIGHT)
    client, path = browser("l2"), f"/roster/campaigns/{roster.campaign_id}/publish/part"
    page = client.get(path).text
    assert re.findall(r'name="person" value="(\w+)"', page) == ["O2", "O4"]
    assert client.post(path, data={"person": "O1"}).status_code == 403
    assert client.post(path, data={"person": "O4"}).status_code == 303
    assert on(rest_of(roster.shifts("operations")[1])) == ["O4"]
