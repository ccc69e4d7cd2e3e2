"""Links that are sent: forwarded, read in an office's mailbox, opened by programs, kept by those who have left."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from core import clock
from core.actor import Actor
from core.db import db as database, transaction
from incidents import timeline_words
from incidents.escalation import engine
from incidents.pages.views_ack import TAPS
from incidents.paging import bundle
from incidents.record import queries
from incidents.record.models import Incident
from notify.models import Message
from people.models import ContactMethod, Person
from roster.consents.models import Consent
from roster.draft import services as drafts
from tests.support.enterprise import NOW
from tests.support.reach_story import ReachStory
from tests.support.tet_night import NIGHT, Night

TO_SHARED = "bằng đường dẫn gửi cả vào địa chỉ chung của đơn vị"
TO_GIVEN = "bằng đường dẫn gửi cả vào địa chỉ do người quản lý thêm"
BY_LINK = "bằng đường dẫn trong lời gọi"


def called(night: Night, code: str = "BI1") -> tuple[Incident, str]:
    """An incident, and the path of the link by which that person was called about it."""
    incident = night.log()
    engine.escalate_due(NIGHT)
    database.session.rollback()
    mail = database.session.scalars(
        select(Message).where(Message.person_id == night.ids[code]).order_by(Message.id.desc())
    ).first()
    assert mail is not None
    found = re.search(r"/a/[\w-]+", mail.body)
    assert found is not None, mail.body
    return incident, found[0]


def told(incident: Incident) -> str:
    """The timeline as everybody reads it."""
    database.session.rollback()
    kinds = queries.duty_kinds_by_code()
    return "\n".join(timeline_words.text(each, kinds) for each in queries.timeline(incident.id))


def reads_in_the_office(night: Night, code: str) -> None:
    """The mailbox in which that person is called is the office's."""
    with transaction() as session:
        mine = select(ContactMethod).where(ContactMethod.person_id == night.ids[code], ContactMethod.channel == "email")
        for each in session.scalars(mine):
            each.unit_id = night.ids["BDA"]


def was_given(night: Night, code: str) -> None:
    """The mail at which that person is called was entered by a manager after the list was published."""
    with transaction() as session:
        mine = select(ContactMethod).where(ContactMethod.person_id == night.ids[code], ContactMethod.channel == "email")
        for each in session.scalars(mine):
            each.given_by, each.given_ref = "Lan", "user:7"


@pytest.mark.both_dbs("who was written to is asked in one question")
@pytest.mark.parametrize(("where", "said"), [("own", BY_LINK), ("office", TO_SHARED), ("given", TO_GIVEN)])
def test_what_a_link_answers_is_written_down_as_such(night: Night, client: FlaskClient, where: str, said: str) -> None:
    """Bình's link is forwarded, or lies in a mailbox of the office or of her manager: whoever taps, she had it."""
    if where == "office":
        reads_in_the_office(night, "BI1")
    if where == "given":
        was_given(night, "BI1")
    incident, path = called(night)
    with clock.travel(NIGHT):
        assert client.post(path, data={"do": "take"}).status_code == 200
        assert f"Trần Thị Bình đã nhận ({said}" in told(incident)
        assert client.post(path, data={"do": "resolve"}).status_code == 200
    assert f"Báo đã xử lý xong ({said}" in told(incident)


@pytest.mark.parametrize(("office", "said"), [(False, BY_LINK), (True, TO_SHARED)])
def test_so_is_what_the_link_of_several_takes(night: Night, client: FlaskClient, office: bool, said: str) -> None:
    if office:
        reads_in_the_office(night, "BI1")
    incident, _path = called(night)
    with clock.travel(NIGHT):
        token = bundle.token_for(night.ids["BI1"], NIGHT)
        assert client.post(f"/b/{token}", data={"incident": str(incident.id)}).status_code == 200
    assert f"Trần Thị Bình đã nhận ({said}" in told(incident)


def test_a_key_that_was_pressed_is_no_link(reach: ReachStory, client: FlaskClient) -> None:
    voice, incident = reach.sink("voice"), reach.log()
    reach.pulse()
    reach.at(60)
    reach.pulse()
    path = str(voice.asked[0].json["callback"]).removeprefix(reach.app.config["PUBLIC_URL"])
    assert client.post(path, data={"dtmf": "1"}).status_code == 200
    assert "Trần Thị Bình đã nhận" in told(incident) and "đường dẫn" not in told(incident)


def test_a_stolen_link_fills_no_timeline(night: Night, client: FlaskClient) -> None:
    """What writes a line each time has an end for each link; what takes, hands back and ends never waits for it."""
    incident, path = called(night)
    with clock.travel(NIGHT):
        client.post(path, data={"do": "take", "note": "x" * 100_000})
        for _tap in range(TAPS.attempts):
            assert client.post(path, data={"do": "alive"}).status_code == 200
        assert client.post(path, data={"do": "alive"}).status_code == 429
        assert client.post(path, data={"do": "resolve"}).status_code == 200
    database.session.rollback()
    entries = queries.timeline(incident.id)
    assert max(len(each.note) for each in entries) <= 4000
    assert sum(each.kind == "alive" for each in entries) == TAPS.attempts
    assert database.session.get_one(Incident, incident.id).status == "resolved"


def test_who_has_left_agrees_to_nothing(planned: dict[str, int], client: FlaskClient) -> None:
    """Dũng was asked to serve elsewhere, and left; the link in his old mailbox still said yes for him."""
    manager = database.session.scalars(select(Person).where(Person.code == "AN1")).one()
    who: Any = {"user_id": planned["user:an1"], "person_id": manager.id, "unit_id": manager.unit_id}
    asking = Actor(name="An", role="manager", via="session", **who)
    drafts.set_people(planned["shift"], ["DU1"], override_reason="Thiếu người", actor=asking, now=NOW)
    mine = database.session.scalars(select(Person).where(Person.code == "DU1")).one()
    bodies = database.session.scalars(select(Message.body).where(Message.person_id == mine.id))
    path = next(found[0] for body in bodies if (found := re.search(r"/a/s\.[\w-]+", body)))
    with transaction():
        mine.active = False
    with clock.travel(NOW + timedelta(minutes=5)):
        assert client.post(path, data={"do": "give"}).status_code == 403
    database.session.rollback()
    assert database.session.scalars(select(Consent.state)).all() == ["asked"]
