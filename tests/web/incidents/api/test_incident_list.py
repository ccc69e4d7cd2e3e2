"""The list of incidents tells of each what the incident itself tells, in the shape that the document promises."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from incidents.api.schemas import IncidentOut
from incidents.creation import services as creation
from incidents.creation.drafting import IncidentReport
from incidents.merging import services as merging
from incidents.record.models import Incident
from incidents.response import lifecycle
from tests.support.tet_night import ADMIN, NIGHT, Night
from tests.web.incidents.api.test_incident_api import Api

pytestmark = pytest.mark.both_dbs
MIN = timedelta(minutes=1)


def logged(night: Night, title: str, **more: Any) -> Incident:
    facts = {"category": "power", "unit_id": night.ids["BDA"], "actor": ADMIN} | more
    return creation.log(IncidentReport(title=title, **facts), now=NIGHT)[0]


@pytest.fixture
def api(night: Night, client: FlaskClient) -> Api:
    return Api(client, "admin")


def test_a_line_says_what_the_incident_says_in_every_state(night: Night, api: Api) -> None:
    logged(night, "Mới")
    taken, done, put_off = (logged(night, title) for title in ("Đã nhận", "Đã xong", "Đóng"))
    lifecycle.acknowledge(taken.id, actor=ADMIN, now=NIGHT + MIN, person_id=night.ids["BI1"])
    lifecycle.add_note(taken.id, note="Đang đi", actor=ADMIN, now=NIGHT + 2 * MIN)
    lifecycle.resolve(done.id, actor=ADMIN, now=NIGHT + MIN)
    lifecycle.resolve(put_off.id, actor=ADMIN, now=NIGHT + MIN)
    lifecycle.close(put_off.id, actor=ADMIN, now=NIGHT + 2 * MIN)
    logged(night, "Kín", category="suspicious_item", dedup_key="k-1")
    twice = logged(night, "Báo hai lần")
    merging.join(twice.id, main_id=taken.id, actor=ADMIN, now=NIGHT + 3 * MIN)
    _status, found = api.call("GET", "/incidents")
    assert len(found["items"]) == 6
    for item in found["items"]:
        _status, whole = api.call("GET", f"/incidents/{item['code']}")
        assert item == {name: whole[name] for name in IncidentOut.model_fields}, item["title"]


def test_pages_follow_each_other_without_gap_or_repetition(night: Night, api: Api) -> None:
    codes = [logged(night, f"Sự cố {n}").code for n in range(5)]
    seen, cursor = list[str](), ""
    while True:
        _status, page = api.call("GET", f"/incidents?status=open&limit=2{cursor}")
        seen += [item["code"] for item in page["items"]]
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"
    assert seen == codes[::-1]
