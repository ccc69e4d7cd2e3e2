"""A disloyal manager prints the slips of those under him and answers as them."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any, get_args

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from core import clock
from core.actor import Actor, Via
from core.db import db, transaction
from core.models import AuditEntry
from desk.audit_log import words
from notify.models import Message
from people import queries as people
from people.accounts import services as accounts
from people.models import User
from roster.confirmations import queries as confirmations, services
from roster.models import Duty
from tests.support import enterprise, factories
from tests.support.own_links import own_path
from tests.support.published import Published

EVENING = factories.NOW + timedelta(hours=2)


@pytest.fixture(autouse=True)
def _evening(app: Flask, roster: Published) -> Any:
    app.config.update(MAIL_URL="smtp://127.0.0.1:9", MAIL_FROM="truc@buudien.example")
    with clock.travel(EVENING):
        for login, role in (("truong", "manager"), ("tren", "admin")):
            code = {"truong": "L1", "tren": "L2"}[login]
            accounts.create_user(
                login,
                people.person_by_code(code).full_name,
                role,
                unit_code=None if role == "admin" else people.person_by_code(code).unit.code,
                person_code=code,
                now=EVENING,
                actor=factories.ADMIN,
            )
        with transaction() as session:
            for user in session.scalars(select(User).where(User.login.in_(("truong", "tren")))):
                user.password_hash = enterprise.password_hash()
        yield


@pytest.fixture
def manager(client: FlaskClient) -> FlaskClient:
    enterprise.post_sign_in(client, "truong")
    return client


def slip_of(manager: FlaskClient, code: str) -> str:
    page = manager.post(f"/people/person/{code}/link", data={"proof_password": enterprise.PASSWORD})
    assert page.status_code == 200, page.text
    found = re.search(r"/p/me/[\w-]+", page.text)
    assert found is not None
    return found[0]


def seen(page: str) -> list[str]:
    return sorted(set(re.findall(r'name="seen" value="(\d+\.\d+)"', page)))


def answered(roster: Published, code: str) -> list[tuple[str, str | None]]:
    duties = confirmations.coming(roster.person[code], now=EVENING)
    said = confirmations.of_duties(duties)
    return [(said[each.id].how, said[each.id].slip_by) if each.id in said else ("", None) for each in duties]


def letters(roster: Published, code: str, topic: str) -> list[str]:
    wanted = select(Message.body).where(Message.topic.startswith(topic), Message.person_id == roster.person[code])
    return list(db.session.scalars(wanted))


def audited(action: str) -> list[AuditEntry]:
    return list(db.session.scalars(select(AuditEntry).where(AuditEntry.action == action)))


@pytest.mark.both_dbs("an answer is taken back")
def test_a_slip_is_told_marked_and_taken_back_by_its_owner(
    roster: Published, manager: FlaskClient, new_client: Any, api: Any
) -> None:
    boss = people.person_by_code("L1").full_name
    found_open = manager.post("/people/person/O1/link")
    assert found_open.status_code == 428 and "/p/me/" not in found_open.text, "a screen found open prints nothing"
    assert not audited("link.show") and not letters(roster, "O1", "slip/")

    path = slip_of(manager, "O1")
    [entry] = audited("link.show")
    assert entry.thing_id == str(roster.person["O1"]) and entry.actor.startswith("user:")
    [told] = letters(roster, "O1", "slip/")
    assert boss in told and "in phiếu" in told and path not in told, "their own address, not the manager's"

    thief = new_client()
    shown = thief.get(path).text
    assert f"in bởi {boss}" in shown
    assert thief.post(path, data={"do": "confirm", "seen": seen(shown)}).status_code == 303
    assert answered(roster, "O1") == [("slip", boss)] * 2
    listed = manager.get(f"/roster/campaigns/{roster.campaign_id}/confirmations?state=confirmed").text
    assert f"theo phiếu in bởi {boss}" in " ".join(listed.split())
    seat = roster.seat("operations", 0)
    by_api = api("admin")("POST", f"/seats/{seat}/confirm", {"person": "O1", "note": "x"})
    assert by_api.status_code == 200

    # The evening after, O1 opens the letter and sees what was said in their name.
    found = re.search(r"/p/me/[\w-]+", told)
    assert found is not None
    own, mine = new_client(), found[0]
    page = own.get(mine).text
    assert f"theo phiếu in bởi {boss}" in " ".join(page.split()) and "Không phải tôi trả lời" in page
    duty = db.session.scalars(
        select(Duty).where(Duty.person_id == roster.person["O1"], Duty.seat_id != seat, Duty.cancelled_at.is_(None))
    ).one()
    assert own.post(mine, data={"do": "disown", "duty": f"{duty.id}.{duty.sequence}"}).status_code == 303
    assert sorted(answered(roster, "O1")) == [("", None), ("phone", None)]
    assert thief.get(path).status_code == 410, "the slip that answered is over"
    assert letters(roster, "L2", "disown/") and not letters(roster, "L1", "disown/"), (
        "who stands above, not who printed"
    )
    assert [each.detail["by"] for each in audited("duty.disown")] == [entry.actor]


def test_a_slip_carries_no_word_that_only_its_owner_can_give(
    roster: Published, manager: FlaskClient, new_client: Any
) -> None:
    path, thief = slip_of(manager, "O1"), new_client()
    for do in ("overtime_agree", "swap_yes", "swap_no", "swap_back", "approve", "handover_sign", "absent", "end_link"):
        refused = thief.post(path, data={"do": do, "overtime": "1.1.1", "swap": "1", "which": "1"})
        assert refused.status_code == 409 and "Phiếu do người khác in nên không nhận việc này" in refused.text, do
    asked = thief.post(f"{path}/swap/{roster.seat('operations', 0)}", data={"do": "drop"})
    assert asked.status_code == 409 and "Phiếu do người khác in" in asked.text
    assert thief.get(f"{path}/swap/{roster.seat('operations', 0)}").status_code == 303
    page = thief.get(path).text
    assert "Ai vào được thay tôi" not in page and "xin nghỉ, ký biên bản" in page


def test_a_slip_says_nothing_against_the_owners_own_word(
    roster: Published, manager: FlaskClient, new_client: Any
) -> None:
    """O1 cannot come and has said so. The manager would rather have it otherwise."""
    slip, mine = slip_of(manager, "O1"), own_path("O1", now=EVENING)
    own, thief = new_client(), new_client()
    duty = db.session.scalars(select(Duty).where(Duty.person_id == roster.person["O1"]).order_by(Duty.id)).first()
    assert duty is not None
    of_it = f"{duty.id}.{duty.sequence}"
    confirmations_of_o1 = services.answer_all(
        roster.person["O1"],
        [duty.id],
        seen={duty.id: duty.sequence},
        actor=people_actor("O1"),
        now=EVENING,
    )
    assert [each.id for each in confirmations_of_o1] == [duty.id]
    own.post(mine, data={"do": "me"})
    for said in ({"do": "disown", "duty": of_it}, {"do": "confirm", "seen": of_it}):
        refused = thief.post(slip, data=said)
        assert refused.status_code == 409 and "Phiếu do người khác in" in refused.text, said
    said = confirmations.of_duties([duty])[duty.id]
    assert (said.state, said.slip_by) == ("refused", None)
    assert not letters(roster, "L1", "disown/")


def test_who_says_again_what_a_slip_said_has_said_it_themselves(
    roster: Published, manager: FlaskClient, new_client: Any
) -> None:
    slip, thief = slip_of(manager, "O1"), new_client()
    thief.post(slip, data={"do": "confirm", "seen": seen(thief.get(slip).text)})
    assert {by for _how, by in answered(roster, "O1")} != {None}
    mine = confirmations.coming(roster.person["O1"], now=EVENING)
    shown = {each.id: each.sequence for each in mine}
    services.answer_all(roster.person["O1"], seen=shown, actor=people_actor("O1"), now=EVENING)
    assert {by for _how, by in answered(roster, "O1")} == {None}


def test_the_record_of_actions_tells_of_slips_and_who_printed_them(
    roster: Published, manager: FlaskClient, new_client: Any, api: Any
) -> None:
    slip, thief = slip_of(manager, "O1"), new_client()
    thief.post(slip, data={"do": "confirm", "seen": seen(thief.get(slip).text)})
    told = api("admin")("GET", "/audit?limit=100")
    assert told.status_code == 200, told.text
    by_slip = [each for each in told.json["items"] if each["via"] == "slip"]
    printer = db.session.scalars(select(User.id).where(User.login == "truong")).one()
    assert by_slip and {each["detail"]["printed_by"] for each in by_slip} == {f"user:{printer}"}
    assert set(get_args(Via)) == set(words.WAYS)


def people_actor(code: str) -> Actor:
    """Somebody who has signed in."""
    person = people.person_by_code(code)
    return Actor(name=person.full_name, role="staff", via="session", person_id=person.id, unit_id=person.unit_id)


def test_two_who_print_have_a_slip_each_and_each_is_named(
    roster: Published, manager: FlaskClient, new_client: Any
) -> None:
    first = slip_of(manager, "O1")
    assert slip_of(manager, "O1") == first, "the same somebody has the same paper"
    other = new_client()
    enterprise.post_sign_in(other, "tren")
    second = slip_of(other, "O1")
    assert second != first
    named = [people.person_by_code(each).full_name for each in ("L1", "L2")]
    for path, name in zip((first, second), named, strict=True):
        assert f"in bởi {name}" in new_client().get(path).text


def test_a_whole_list_is_one_confirmed_act_and_says_whom_nothing_tells(
    app: Flask, roster: Published, manager: FlaskClient
) -> None:
    here = f"/roster/campaigns/{roster.campaign_id}/by-hand"
    app.config.update(MAIL_URL="")
    with transaction() as session:
        for message in session.scalars(select(Message)):
            message.state, message.hold_reason = "held", "no_gateway"
    for do in ("texts", "slips"):
        assert manager.post(here, data={"do": do}).status_code == 428
    assert audited("campaign.by_hand") == []
    printed = manager.post(here, data={"do": "slips", "proof_password": enterprise.PASSWORD})
    assert printed.status_code == 200 and "Chưa báo được cho" in printed.text
    [act] = audited("campaign.by_hand")
    assert act.detail["people"] == len(audited("link.show")) == printed.text.count('class="slip"')


def test_one_sees_everything_that_comes_in_as_oneself_and_ends_it(
    roster: Published, manager: FlaskClient, new_client: Any
) -> None:
    slip, mine = slip_of(manager, "O1"), own_path("O1", now=EVENING)
    thief, own = new_client(), new_client()
    thief.post(slip, data={"do": "me"})
    assert "/feeds/" in thief.post(slip, data={"do": "calendar"}).text
    own.post(mine, data={"do": "me"})
    page = " ".join(own.get(mine).text.split())
    assert "Phiếu in bởi" in page and "Lịch đăng ký" in page and "Đường dẫn gửi tới" in page
    which = re.search(r'name="which" value="(\d+)"> <button class="btn small" name="do" value="end_feed"', page)
    assert which is not None
    own.post(mine, data={"do": "end_feed", "which": which[1]})
    assert "Lịch đăng ký:" not in own.get(mine).text
    rows = re.findall(r"<span>(?:(?!<li>).)*?Phiếu in bởi.*?name=\"which\" value=\"(\d+)\"", page)
    own.post(mine, data={"do": "end_link", "which": rows[0]})
    assert thief.get(slip).status_code == 410 and own.get(mine).status_code == 200
    # Signed in, the manager sees their own session and device list too, and ends the session.
    me = " ".join(manager.get("/me/").text.split())
    ended = re.search(r'name="which" value="(\d+)"> <button class="btn small" name="do" value="end_session"', me)
    assert ended is not None
    assert own.post(mine, data={"do": "end_session", "which": ended[1]}).status_code == 403
    manager.post("/me/", data={"do": "end_session", "which": ended[1]})
    assert manager.get("/me/").status_code in (302, 303)


def test_who_has_signed_in_sees_what_a_slip_said_and_takes_it_back(
    roster: Published, manager: FlaskClient, new_client: Any
) -> None:
    """The leader above prints the manager's own slip: rank changes nothing."""
    above, thief = new_client(), new_client()
    enterprise.post_sign_in(above, "tren")
    path = slip_of(above, "L1")
    thief.post(path, data={"do": "confirm", "seen": seen(thief.get(path).text)})
    page = " ".join(manager.get("/me/").text.split())
    assert f"theo phiếu in bởi {people.person_by_code('L2').full_name}" in page
    shown = re.search(r'name="duty" value="(\d+\.\d+)"', page)
    assert shown is not None
    assert manager.post("/me/", data={"do": "disown", "duty": shown[1]}).status_code == 303
    assert ("", None) in answered(roster, "L1")
    again = manager.post("/me/", data={"do": "disown", "duty": shown[1]})
    assert again.status_code == 409 and "Lịch vừa đổi" in again.text
    for nonsense in ("", "x", "9999999.1"):
        assert manager.post("/me/", data={"do": "disown", "duty": nonsense}).status_code == 409
    assert not letters(roster, "L2", "disown/"), "not to who printed it"


def test_another_address_given_by_a_manager_is_told_to_the_one_before(roster: Published, manager: FlaskClient) -> None:
    """The same hole by another way: An's own mail as O1's, to get O1's next message there."""
    given = {"channel": "email", "address": "an@rieng.example", "password": enterprise.PASSWORD}
    assert manager.post("/people/person/O1/reach/address", data=given).status_code == 303
    told = select(Message.address).where(Message.topic == f"contact/{roster.person['O1']}")
    addresses = set(db.session.scalars(told))
    assert addresses and "an@rieng.example" not in addresses


def test_an_invitation_takes_the_password_and_its_use_is_told(
    roster: Published, manager: FlaskClient, new_client: Any
) -> None:
    made = accounts.create_user(
        "o1", "O1", "staff", person_code="O1", unit_code="TINH", now=EVENING, actor=factories.ADMIN
    )
    here, account = "/people/invitations", made.id
    assert manager.post(here, data={"user": account}).status_code == 428
    printed = manager.post(here, data={"user": account, "proof_password": enterprise.PASSWORD}).text
    token = re.search(r"/invite/[\w-]+", printed)
    assert token is not None
    taken = {"password": "bưởi-da-xanh-tháng-chạp", "repeat": "bưởi-da-xanh-tháng-chạp"}
    assert new_client().post(token[0], data=taken).status_code == 303
    assert any("phiếu mời" in each for each in letters(roster, "O1", f"account/{account}"))
