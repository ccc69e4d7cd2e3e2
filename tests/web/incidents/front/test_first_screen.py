"""What the first screen of an incident says, to whoever signed in and to whoever came by the link of their call."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient

from core import clock
from core.db import db as database
from incidents.escalation import engine
from incidents.front.models import IncidentLook
from incidents.record import queries
from incidents.response import lifecycle, responders
from notify.models import Message
from people.models import Person
from tests.support.enterprise import sign_in
from tests.support.tet_night import NIGHT, Night


def newest_link(code: str) -> str:
    database.session.rollback()
    person = database.session.query(Person).filter_by(code=code).one()
    mail = database.session.query(Message).filter_by(person_id=person.id).order_by(Message.id.desc()).first()
    return re.search(r"/a/[\w-]+", mail.body).group()  # type: ignore[union-attr]


def text(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.get_data(as_text=True)).split())


@pytest.mark.both_dbs("a number that PostgreSQL cannot hold")
def test_nobody_has_read_further_than_there_is_anything_to_read(night: Night, client: FlaskClient) -> None:
    incident = night.log()
    sign_in(client, "bi1")
    assert client.post(f"/incidents/{incident.code}/looked", data={"entry": str(10**15)}).status_code == 204
    database.session.rollback()
    assert database.session.query(IncidentLook).one().entry_id == queries.timeline(incident.id)[-1].id


def test_the_page_behind_a_link_says_what_is_asked_and_by_whom(night: Night, client: FlaskClient) -> None:
    incident = night.log()
    engine.escalate_due(NIGHT)
    lifecycle.acknowledge(incident.id, actor=night.actor("BI1"), now=NIGHT)
    responders.reassign(
        incident.id, person_id=night.ids["EM1"], note="Tôi phải vào viện", actor=night.actor("BI1"), now=NIGHT
    )
    engine.escalate_due(NIGHT)
    said = text(client.get(newest_link("EM1")))
    assert "Chờ đồng chí trả lời : Nhận việc được giao · từ Trần Thị Bình" in said
    assert "Tôi phải vào viện" in said


def test_a_time_of_another_day_says_which(night: Night, client: FlaskClient) -> None:
    incident = night.log()
    lifecycle.acknowledge(incident.id, actor=night.actor("BI1"), now=NIGHT)
    sign_in(client, "bi1")
    page = f"/incidents/{incident.code}"
    assert "Nhận 02:10." in text(client.get(page))
    with clock.travel(NIGHT + timedelta(days=1)):
        sign_in(client, "bi1")
        assert "Nhận 02:10 25/01/2020." in text(client.get(page))


def test_the_button_that_closes_says_in_english_what_it_does(night: Night, client: FlaskClient) -> None:
    incident = night.log()
    lifecycle.acknowledge(incident.id, actor=night.actor("BI1"), now=NIGHT)
    lifecycle.resolve(incident.id, actor=night.actor("BI1"), now=NIGHT)
    sign_in(client, "an1")
    client.post("/language", data={"language": "en"})
    assert "Close incident" in text(client.get(f"/incidents/{incident.code}"))
