"""One computer at the post office, three people on duty: what is done there carries the name of whoever did it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from core.db import db as database
from core.models import AuditEntry
from incidents.creation import services as creation
from incidents.creation.drafting import IncidentReport
from incidents.escalation import engine
from incidents.record import queries
from incidents.record.models import Incident
from people import services as services_of_people
from people.accounts import services as accounts
from people.desks import services as shared_desks
from people.models import LoginSession, User
from roster.presence.models import Presence
from tests.support.clock_hand import ClockHand
from tests.support.enterprise import PASSWORD, ROOT, sign_in
from tests.support.tet_night import ADMIN, Night

PIN = "2580"


class Shared(ClockHand):
    """The night, the shared computer ``pc``, and a private browser for whoever needs one."""

    def __init__(self, new_client: Any) -> None:
        self.new_client, self.night = new_client, Night()
        self.at(0)
        self.private = new_client()
        sign_in(self.private, "an1")
        made = self.private.post(
            "/people/desks/new",
            data={"name": "Bàn trực huyện A", "login": "ban-truc-a", "unit_code": "BDA", "lock_minutes": "5"},
        )
        assert made.status_code == 303
        self.desk_id = int(made.location.rsplit("/", 1)[1])
        slip = accounts.invite([self.desk_id], now=self.now, actor=ROOT)[0]
        self.pc: FlaskClient = new_client()
        given = {"password": PASSWORD, "repeat": PASSWORD}
        assert self.pc.post(f"/invite/{slip.token}", data=given).status_code == 303

    def give_pin(self, login: str, pin: str) -> FlaskClient:
        """On one's own account page, with the password once more."""
        client: FlaskClient = self.new_client()
        sign_in(client, login)
        set_it = client.post("/account/pin", data={"pin": pin, "pin_repeat": pin, "pin_password": PASSWORD})
        assert set_it.status_code == 303, set_it.text
        return client

    def who(self, login: str) -> str:
        return f"#{self.night.ids['user:' + login]}"

    def unlock(self, login: str, pin: str) -> Any:
        return self.pc.post("/desk/unlock", data={"desk_who": self.who(login), "desk_secret": pin, "next": "/"})

    def log(self, *, call: bool = True, **more: Any) -> str:
        facts = {"title": "Mất điện trung tâm khai thác", "category": "power", "unit_id": self.night.ids["BDA"]}
        incident, _created = creation.log(IncidentReport(**facts | {"severity": 2} | more, actor=ADMIN), now=self.now)
        if call:
            engine.escalate_due(self.now)
        database.session.rollback()
        return incident.code

    def incident(self, code: str) -> Incident:
        database.session.rollback()
        database.session.expire_all()
        return queries.by_code(code)


@pytest.fixture
def shared(app: Flask, new_client: Any) -> Iterator[Shared]:
    told = Shared(new_client)
    yield told
    told.close()


def test_what_is_logged_there_happens_there_and_the_list_of_numbers_stays_nowhere(shared: Shared) -> None:
    """The director, whose unit is the province, sits at the district's desk."""
    shared.give_pin("qt1", PIN)
    shared.unlock("qt1", PIN)
    form = shared.pc.get("/incidents/new").text
    assert '<option selected value="BDA">' in form
    tonight = shared.pc.get("/tonight").text
    assert "Trần Thị Bình" in tonight and "data-account" not in tonight, "the service worker keeps for accounts only"


def test_a_shared_desk_asks_who_acts_and_the_timeline_names_them(shared: Shared) -> None:
    shared.give_pin("bi1", PIN)
    code = shared.log()

    # Signed in, it is locked: who is on duty and how much is open, and not a word of what.
    locked = shared.pc.get("/", follow_redirects=True).text
    assert "Mở khóa" in locked and "Trần Thị Bình" in locked and "sự cố đang mở" in locked
    assert code not in locked and "Mất điện" not in locked
    assert shared.pc.get(f"/incidents/{code}").location.startswith("/desk/locked")
    assert shared.pc.get("/desk/live", headers={"X-Poll": "1"}).status_code == 401

    # A wrong PIN opens nothing; Bình's does.
    assert shared.unlock("bi1", "1470").status_code == 422
    assert shared.unlock("bi1", PIN).location == "/"
    page = shared.pc.get(f"/incidents/{code}").text
    assert "Tôi nhận" in page

    # Taking it asks once more who does it, and keeps what was sent.
    asked = shared.pc.post(f"/incidents/{code}/acknowledge", data={"note": "Đang tới"})
    assert asked.status_code == 200 and "Ai thực hiện?" in asked.text
    assert re.search(r'name="note" value="Đang tới"', asked.text)
    assert shared.incident(code).status == "open"
    given = {"note": "Đang tới", "desk_who": shared.who("bi1")}
    wrong = shared.pc.post(f"/incidents/{code}/acknowledge", data=given | {"desk_secret": "1111"})
    assert wrong.status_code == 422 and "Đang tới" in wrong.text and shared.incident(code).status == "open"
    done = shared.pc.post(f"/incidents/{code}/acknowledge", data=given | {"desk_secret": PIN})
    assert done.status_code == 303
    incident = shared.incident(code)
    assert (incident.status, incident.acknowledged_by) == ("acknowledged", "Trần Thị Bình")
    entry = queries.timeline(incident.id)[-1]
    assert (entry.who, entry.note, "by" in entry.params) == ("Trần Thị Bình", "Đang tới", False)

    # The audit knows the person and the computer.
    bi1 = f"user:{shared.night.ids['user:bi1']}"
    trail = [
        (row.actor, row.via, row.action)
        for row in database.session.query(AuditEntry).filter(AuditEntry.actor == bi1, AuditEntry.via == "desk")
    ]
    assert (bi1, "desk", "desk.open") in trail and (bi1, "desk", "incident.acknowledge") in trail
    acted = database.session.query(AuditEntry).filter_by(action="desk.act").one()
    assert (acted.thing_id, acted.detail["route"]) == (str(shared.desk_id), "incidents.act")


def test_locked_it_marks_whoever_is_not_sure_to_serve_as_the_desk_does(shared: Shared) -> None:
    locked = shared.pc.get("/desk/locked?live=1")
    assert "Trần Thị Bình" in locked.text and "không chắc" not in locked.text
    services_of_people.save_person("BI1", {"duties": ["emergency"]}, actor=ADMIN, now=shared.now)
    page = shared.pc.get("/desk/locked?live=1", headers={"If-None-Match": locked.headers["ETag"]})
    assert page.status_code == 200 and "không chắc" in page.text, "taken off the list of the duty, and still called"


def test_it_locks_itself_and_by_a_button_and_loses_no_form(shared: Shared) -> None:
    shared.give_pin("bi1", PIN)
    code = shared.log()
    shared.unlock("bi1", PIN)

    # A page that asks again by itself keeps nothing open; a hand does.
    shared.at(4)
    assert shared.pc.get("/desk/live", headers={"X-Poll": "1"}).status_code == 200
    assert shared.pc.post("/desk/awake").status_code == 204
    shared.at(8)
    assert shared.pc.get("/desk/live", headers={"X-Poll": "1"}).status_code == 200, "the hand was at 4"
    shared.at(9.5)
    assert shared.pc.get("/desk/live", headers={"X-Poll": "1"}).status_code == 401
    assert shared.pc.get("/").location.startswith("/desk/locked")

    # A note that took long to write arrives all the same: the PIN stands for it.
    note = {"note": "Máy phát chạy được 2 giờ", "desk_who": shared.who("bi1"), "desk_secret": PIN}
    assert shared.pc.post(f"/incidents/{code}/note", data=note).status_code == 303
    assert queries.timeline(shared.incident(code).id)[-1].note == "Máy phát chạy được 2 giờ"

    shared.unlock("bi1", PIN)
    assert shared.pc.post("/desk/lock").location == "/desk/locked"
    assert shared.pc.get("/").location.startswith("/desk/locked")


def test_guessing_pins_is_stopped_and_keeps_nobody_from_acting(shared: Shared) -> None:
    own = shared.give_pin("bi1", PIN)
    code = shared.log()
    for wrong in range(5):
        assert shared.unlock("bi1", f"90{wrong}7").status_code == 422
    stopped = shared.unlock("bi1", PIN)
    assert stopped.status_code == 429 and "mật khẩu" in stopped.text and int(stopped.headers["Retry-After"]) > 0

    # Bình acts by her password here, by her own telephone, and An is not touched at all.
    assert shared.unlock("bi1", PASSWORD).status_code == 303
    assert own.post(f"/incidents/{code}/note", data={"note": "Tôi ở đây"}).status_code == 303
    assert (
        shared.pc.post(
            f"/incidents/{code}/acknowledge", data={"desk_who": shared.who("bi1"), "desk_secret": PASSWORD}
        ).status_code
        == 303
    )
    shared.give_pin("an1", "7391")
    assert shared.unlock("an1", "7391").status_code == 303
    shared.at(6)
    assert shared.unlock("bi1", PIN).status_code == 303, "five minutes later the PIN works again"


def test_a_pin_opens_no_accounts_rosters_or_settings_whoevers_it_is(shared: Shared) -> None:
    shared.give_pin("qt1", "7391")
    shared.pc.post("/desk/unlock", data={"desk_other": "qt1", "desk_secret": "7391"})
    assert shared.pc.get("/").status_code == 200
    for closed in ("/people/accounts", "/account", "/import/", "/outbox/", "/people/keys", "/start/"):
        assert shared.pc.get(closed).status_code == 403, closed
    act = {"desk_other": "qt1", "desk_secret": "7391", "active": "no"}
    victim = shared.night.ids["user:bi1"]
    assert shared.pc.post(f"/people/accounts/{victim}/active", data=act).status_code == 403
    assert database.session.get_one(User, victim).active
    # And the administrator does here what the desk may: an incident of the unit, not one of another.
    here = shared.log(title="Xe hỏng", category="vehicle")
    elsewhere = shared.log(unit_id=shared.night.ids["BDC"], call=False)
    given = {"desk_other": "qt1", "desk_secret": "7391", "note": "Đã báo"}
    assert shared.pc.post(f"/incidents/{here}/note", data=given).status_code == 303
    assert shared.pc.post(f"/incidents/{elsewhere}/note", data=given).status_code == 403


def test_a_pin_is_set_by_its_owner_or_the_invitation_and_taken_away_by_the_manager(shared: Shared) -> None:
    own = shared.new_client()
    sign_in(own, "bi1")
    for pin, password, said in (
        ("2580", "sai", "Mật khẩu hiện tại không đúng"),
        ("1234", PASSWORD, "quá dễ đoán"),
        ("0102", PASSWORD, "quá dễ đoán"),
        ("12a4", PASSWORD, "4 đến 8 chữ số"),
    ):
        refused = own.post("/account/pin", data={"pin": pin, "pin_repeat": pin, "pin_password": password})
        assert refused.status_code == 422 and said in refused.text, pin
    slip = accounts.invite([shared.night.ids["user:bi1"]], now=shared.now, actor=ROOT)[0]
    anew = {"password": "tet-doan-vien-2020", "repeat": "tet-doan-vien-2020", "pin": PIN}
    assert shared.new_client().post(f"/invite/{slip.token}", data=anew).status_code == 303
    assert shared.unlock("bi1", PIN).status_code == 303
    shared.pc.post("/desk/lock")
    cleared = shared.private.post(f"/people/accounts/{shared.night.ids['user:bi1']}/pin/clear")
    assert cleared.status_code == 303
    assert shared.unlock("bi1", PIN).status_code == 422


def test_only_an_account_of_nobody_becomes_a_shared_desk_and_its_sessions_begin_anew(shared: Shared) -> None:
    bi1, accounts_page = shared.night.ids["user:bi1"], "/people/accounts"
    refused = shared.private.post(f"{accounts_page}/{bi1}/desk", data={"lock_minutes": "5"})
    assert refused.status_code == 422 and "của một người" in refused.text
    assert (
        shared.private.post(f"/people/accounts/{shared.desk_id}/desk", data={"lock_minutes": "90"}).status_code == 422
    )
    # No more rights than a desk needs, now or later.
    raised = shared.private.post(
        f"/people/accounts/{shared.desk_id}/role", data={"role": "manager", "unit_code": "BDA"}
    )
    assert raised.status_code == 422
    assert shared.pc.get("/desk/locked").status_code == 200
    shared_desks.unmark(shared.desk_id, actor=ROOT, now=shared.now)
    assert shared.pc.get("/").location.startswith("/login")
    assert database.session.query(LoginSession).filter_by(user_id=shared.desk_id, ended_at=None).count() == 0


def test_whoever_comes_to_the_shared_desk_checks_in_there_with_their_pin(shared: Shared) -> None:
    shared.give_pin("bi1", PIN)
    services_of_people.save_duty_kind("operations", {"asks_check_in": True}, now=shared.at(-600), actor=ROOT)
    locked = shared.at(0) and shared.pc.get("/desk/locked").text
    assert "Điểm danh: tôi đã có mặt" in locked and "chưa điểm danh" in locked
    asked = shared.pc.post("/me/", data={"do": "check_in"})
    assert asked.status_code == 200 and "Ai thực hiện?" in asked.text, "who is there is asked for"
    given = {"do": "check_in", "desk_who": shared.who("bi1"), "desk_secret": PIN}
    assert shared.pc.post("/me/", data=given).status_code == 303
    database.session.rollback()
    said = database.session.query(Presence).one()
    assert (said.duty_id, said.kind, said.said_by) == (shared.night.duty("operations"), "check_in", "Trần Thị Bình")
    assert "có mặt 02:10" in shared.pc.get("/desk/locked").text
    shared.give_pin("an1", PIN)
    assert shared.unlock("an1", PIN).status_code == 303
    assert "Điểm danh: tôi đã có mặt" in shared.pc.get("/").text, "also while somebody has it open"
    came = shared.pc.post("/me/", data=given)
    assert came.location == "/" and "Đã ghi cho Trần Thị Bình" in shared.pc.get("/").text
    shared.pc.post("/desk/lock")
    nothing = shared.pc.post("/me/", data=given | {"desk_who": shared.who("an1")})
    assert nothing.status_code == 409 and "từ 60 phút trước giờ vào ca" in nothing.text, "they have no shift now"
    again = shared.pc.post("/me/", data=given)
    assert again.status_code == 303 and database.session.query(Presence).count() == 1, "a second time changes nothing"
