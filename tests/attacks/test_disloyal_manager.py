"""A disloyal manager prints the slips of those under him and answers as them."""

from __future__ import annotations

import re
from dataclasses import replace
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
from duty.pending_actions import registry as pending_actions
from notify.models import Message
from people import queries as people, services as services_of_people
from people.accounts import keys, services as accounts
from people.accounts.services import NewAccount
from people.contact import addresses, givers
from people.links import answering, slips
from people.models import ApiKey, User
from people.notification_rules.models import Endpoint
from people.sign_in import pins
from roster.confirmations import queries as confirmations, services
from roster.models import Duty
from roster.presence.models import NoShow, Presence
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
                NewAccount(
                    login,
                    people.person_by_code(code).full_name,
                    role,
                    unit_code=None if role == "admin" else people.person_by_code(code).unit.code,
                    person_code=code,
                ),
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


def slip_by_above(client: FlaskClient, code: str) -> str:
    """Printed by the leader above."""
    enterprise.post_sign_in(client, "tren")
    return slip_of(client, code)


def seen(page: str) -> list[str]:
    return sorted(set(re.findall(r'name="seen" value="(\d+\.\d+)"', page)))


def answered(roster: Published, code: str) -> list[tuple[str, str | None]]:
    duties = confirmations.coming(roster.person[code], now=EVENING)
    said = confirmations.answers_for(duties)
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
        assert refused.status_code == 409 and "Phiếu do người khác in, địa chỉ" in refused.text, do
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
    said = confirmations.answers_for([duty])[duty.id]
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


def people_actor(code: str, *, proven: bool = False) -> Actor:
    """Somebody who has signed in; ``proven``: by a command, which asks for no password."""
    person, via = people.person_by_code(code), "cli" if proven else "session"
    return Actor(name=person.full_name, role="staff", via=via, person_id=person.id, unit_id=person.unit_id)


def given_to(code: str) -> str:
    """The name in forms of the address that another gave."""
    [found] = givers.list_unconfirmed(people.person_by_code(code))
    return givers.name_of(found)


def letters_to(roster: Published, code: str, topic: str) -> list[str]:
    wanted = select(Message.address).where(Message.topic.startswith(topic), Message.person_id == roster.person[code])
    return list(db.session.scalars(wanted))


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
    assert "Phiếu in bởi" not in own.get(mine).text, "read when it is asked for"
    page = " ".join(own.get(f"{mine}?ways").text.split())
    assert "Phiếu in bởi" in page and "Lịch đăng ký" in page and "Đường dẫn gửi tới" in page
    which = re.search(r'name="which" value="(\d+)"> <button class="btn small" name="do" value="end_feed"', page)
    assert which is not None
    own.post(mine, data={"do": "end_feed", "which": which[1]})
    assert "Lịch đăng ký:" not in own.get(f"{mine}?ways").text
    rows = re.findall(r"<span>(?:(?!<li>).)*?Phiếu in bởi.*?name=\"which\" value=\"(\d+)\"", page)
    own.post(mine, data={"do": "end_link", "which": rows[0]})
    assert thief.get(slip).status_code == 410 and own.get(mine).status_code == 200
    # Signed in, the manager sees their own session and device list too, and ends the session.
    me = " ".join(manager.get("/me/?ways").text.split())
    ended = re.search(r'name="which" value="(\d+)"> <button class="btn small" name="do" value="end_session"', me)
    assert ended is not None
    assert own.post(mine, data={"do": "end_session", "which": ended[1]}).status_code == 403
    manager.post("/me/", data={"do": "end_session", "which": ended[1]})
    assert manager.get("/me/").status_code in (302, 303)


def test_keys_invitations_and_the_pin_of_one_stand_there_too_and_end(
    roster: Published, manager: FlaskClient, new_client: Any
) -> None:
    boss = db.session.scalars(select(User).where(User.login == "truong")).one()
    for code in ("L1", "O1"):
        keys.create_api_key(
            keys.NewApiKey(f"khoa-{code}", "viewer", None, code, days=30), now=EVENING, actor=factories.ADMIN
        )
    others = db.session.scalars(select(ApiKey.id).where(ApiKey.name == "khoa-O1")).one()
    accounts.invite([boss.id], now=EVENING, actor=factories.ADMIN)
    pins.write(boss, "492817", by="owner", actor=factories.ADMIN, now=EVENING)

    enterprise.post_sign_in(manager, "truong")
    page = " ".join(manager.get("/me/?ways").text.split())
    assert "khoa-L1" in page
    assert "khoa-O1" not in page
    link, phone = own_path("L1", now=EVENING), new_client()
    assert not any(each in phone.get(f"{link}?ways").text for each in ("khoa-L1", "end_pin", "end_invitation")), (
        "for who has signed in"
    )
    for do in ("end_key", "end_invitation", "end_pin"):
        which = re.search(rf'name="which" value="(\d*)"> <button class="btn small" name="do" value="{do}"', page)
        assert which is not None, do
        refused = phone.post(link, data={"do": do, "which": which[1]})
        assert refused.status_code == 403 and "đăng nhập rồi mở trang" in refused.text, do
        assert manager.post("/me/", data={"do": do, "which": which[1]}).status_code == 303, do
    page = manager.get("/me/?ways").text
    left = [each for each in ("khoa-L1", "end_pin", "end_invitation") if each in page]
    assert left == []
    for do in ("end_key", "end_invitation"):
        assert manager.post("/me/", data={"do": do, "which": others}).status_code in (403, 404), "not another's"
    assert db.session.get_one(ApiKey, others).revoked_at is None


@pytest.mark.both_dbs("an answer is taken back")
def test_what_somebody_said_on_a_screen_found_open_is_taken_back_too(roster: Published, manager: FlaskClient) -> None:
    page = manager.get("/me/").text
    assert manager.post("/me/", data={"do": "confirm", "seen": seen(page)}).status_code == 303
    assert {how for how, _by in answered(roster, "L1")} == {"page"}
    page = " ".join(manager.get("/me/").text.split())
    shown = re.search(r'name="duty" value="(\d+\.\d+)"> <details .*?name="do" value="disown"', page)
    assert shown is not None
    assert manager.post("/me/", data={"do": "disown", "duty": shown[1]}).status_code == 303
    assert ("", None) in answered(roster, "L1")
    [told] = letters(roster, "L2", "disown/")
    assert "không phải của mình" in told and "tự trả lời" in told, "never silently"


@pytest.mark.both_dbs("words about being there are taken back")
def test_that_one_is_there_is_taken_back_too(roster: Published, manager: FlaskClient, new_client: Any) -> None:
    boss = people.person_by_code("L1").full_name
    services_of_people.save_duty_kind("operations", {"asks_check_in": True}, now=factories.NOW, actor=factories.ADMIN)
    duty = confirmations.coming(roster.person["O1"], now=EVENING)[0]
    slip, second, mine = slip_of(manager, "O1"), slip_by_above(new_client(), "O1"), own_path("O1", now=EVENING)
    thief, own, above = new_client(), new_client(), new_client()
    with clock.travel(duty.starts_at + timedelta(minutes=5)):
        assert thief.post(slip, data={"do": "check_in", "duty": duty.id}).status_code == 303
        assert f"theo phiếu in bởi {boss}" in " ".join(own.get(mine).text.split())
        other = above.post(second, data={"do": "disown_presence", "duty": duty.id})
        assert other.status_code == 409 and "Phiếu do người khác in" in other.text, "one slip, what another's said"
        assert own.post(mine, data={"do": "disown_presence", "duty": duty.id}).status_code == 303
        assert db.session.scalars(select(Presence)).all() == []
        assert own.post(mine, data={"do": "disown_presence", "duty": duty.id}).status_code == 409, "nothing is left"
        assert thief.get(slip).status_code == 410, "the slip that said it is over"
        assert letters(roster, "L2", "disown/") and not letters(roster, "L1", "disown/")
        # Their own word no slip takes back.
        own.post(mine, data={"do": "check_in", "duty": duty.id})
        refused = above.post(second, data={"do": "disown_presence", "duty": duty.id})
        assert refused.status_code == 409 and "Phiếu do người khác in" in refused.text
        assert [each.slip_by for each in db.session.scalars(select(Presence))] == [None]
    [entry] = audited("presence.disown")
    assert entry.detail["via"] == "slip" and entry.detail["by"].startswith("user:")


def test_who_came_late_stays_late_once_the_shift_is_over(roster: Published, new_client: Any) -> None:
    services_of_people.save_duty_kind("operations", {"asks_check_in": True}, now=factories.NOW, actor=factories.ADMIN)
    duty = confirmations.coming(roster.person["O1"], now=EVENING)[0]
    mine, own = own_path("O1", now=EVENING), new_client()
    late = duty.starts_at + timedelta(hours=1)
    with transaction() as session:
        session.add(NoShow(duty_id=duty.id, sequence=duty.sequence, called_at=duty.starts_at + timedelta(minutes=10)))
    with clock.travel(late):
        own.post(mine, data={"do": "check_in", "duty": duty.id})
    with clock.travel(duty.ends_at + timedelta(hours=1)):
        assert own.post(mine, data={"do": "disown_presence", "duty": duty.id}).status_code == 303
    [missed] = db.session.scalars(select(NoShow))
    assert (missed.ended_as, missed.ended_at) == ("arrived", late)


def test_a_device_that_a_manager_gave_answers_a_consent_as_his(roster: Published) -> None:
    person, boss = people.person_by_code("O1"), people.person_by_code("L1")
    own = people_actor("O1")
    assert answering.at(own, person, {each.address for each in person.contacts}).via == "session"
    with transaction() as session:
        given = {"given_by": boss.full_name, "given_ref": "user:7", "name": "Máy", "digest": "x", "created_at": EVENING}
        session.add(Endpoint(person_id=person.id, channel="apprise", address="jsons://may.chu/", **given))
    answered_as = answering.at(own, person, set())
    assert (answered_as.via, answered_as.slip_by) == ("slip", boss.full_name)


def test_who_stands_above_the_printer_hears_what_a_slip_takes_up_again(
    roster: Published, manager: FlaskClient, new_client: Any
) -> None:
    """The printer is the only manager near: whom else should anybody ask?"""
    slip, thief = slip_of(manager, "O1"), new_client()
    shown = seen(thief.get(slip).text)
    refused = {"do": "confirm", "seen": shown, "cannot": [each.partition(".")[0] for each in shown]}
    assert thief.post(slip, data=refused).status_code == 303
    assert thief.post(slip, data={"do": "confirm", "seen": shown}).status_code == 303
    told = letters(roster, "L2", "answer/")
    assert any("nhận lại" in each for each in told) and any("không trực được" in each for each in told)


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


def test_an_address_said_to_be_the_offices_hides_no_slip(roster: Published, manager: FlaskClient) -> None:
    """The same hole by a third: what is everybody's is told nothing, so O1's own mail is said to be the office's."""
    o1, boss = people.person_by_code("O1"), people.person_by_code("L1").full_name
    [mail] = [each for each in o1.contacts if each.channel == "email"]
    shared = {"address": mail.address, "shared": "y", "password": enterprise.PASSWORD}
    assert manager.post(f"/people/person/O1/reach/address/{mail.id}", data=shared).status_code == 303
    db.session.expire_all()
    assert mail.unit_id is not None
    [told] = [each for each in letters(roster, "O1", f"contact/{o1.id}") if "của chung" in each]
    assert boss in told
    slip_of(manager, "O1")
    assert letters_to(roster, "O1", "slip/") == [mail.address], "nobody else has it"
    # Where a colleague really has it too, the page says that nothing tells O1.
    addresses.add("O2", "email", mail.address, now=EVENING, actor=factories.ADMIN, shared=True)
    said = slips.print_each([people.person_by_code("O1")], actor=factories.ADMIN, now=EVENING)
    assert said.told == set() and len(letters_to(roster, "O1", "slip/")) == 1


@pytest.mark.both_dbs("an address is somebody's, once they say so")
def test_an_address_that_a_manager_gives_answers_as_his_slip_until_its_owner_takes_it(
    roster: Published, manager: FlaskClient, new_client: Any
) -> None:
    """His own second mail becomes O1's, and what is sent there answers."""
    boss = people.person_by_code("L1").full_name
    given = {"channel": "email", "address": "an@rieng.example", "password": enterprise.PASSWORD}
    assert manager.post("/people/person/O1/reach/address", data=given).status_code == 303
    [told] = letters(roster, "L2", "given/")
    assert boss in told and people.person_by_code("O1").full_name in told, "who stands above the giver hears of it"

    path, thief = own_path("O1", now=EVENING, to="an@rieng.example"), new_client()
    shown = thief.get(path).text
    assert f"đường dẫn này do {boss} thêm" in shown
    assert thief.post(path, data={"do": "confirm", "seen": seen(shown)}).status_code == 303
    assert answered(roster, "O1") == [("slip", boss)] * 2
    refused = thief.post(path, data={"do": "own_address", "which": given_to("O1")})
    assert refused.status_code == 409 and people.person_by_code("O1").contacts[-1].given_ref
    assert people.person_by_code("O1").contacts[-1].verified_at is None, "to open it proves nothing"
    slip_of(manager, "O1")
    told_at = letters_to(roster, "O1", "slip/")
    assert told_at and "an@rieng.example" not in told_at, "it is not told there"

    own = new_client()
    mine = own_path("O1", now=EVENING, to="0900000121")
    own.post(mine, data={"do": "me"})
    assert f"{boss} thêm khi lịch đã ban hành" in own.get(f"{mine}?ways").text
    listed = manager.get(f"/roster/campaigns/{roster.campaign_id}/confirmations?state=confirmed").text
    for page in (own.get(mine).text, listed):
        said = " ".join(page.split())
        assert f"qua địa chỉ do {boss} thêm" in said and f"in bởi {boss}" not in said, "nothing was printed"
    manager.post("/language", data={"language": "en"})
    listed = manager.get(f"/roster/campaigns/{roster.campaign_id}/confirmations?state=confirmed").text
    assert f"from an address that {boss} added" in " ".join(listed.split())
    assert own.post(mine, data={"do": "own_address", "which": given_to("O1")}).status_code == 303
    assert own.post(mine, data={"do": "own_address", "which": "contact.x"}).status_code == 404
    assert not people.person_by_code("O1").contacts[-1].given_ref
    assert thief.get(path).status_code == 200 and f"đường dẫn này do {boss} thêm" not in thief.get(path).text


def test_what_was_there_before_the_list_or_is_ones_own_is_nobodys_slip(roster: Published, app: Flask) -> None:
    """A sheet brings a thousand addresses, people write down their own, administrators and programs everybody's."""
    boss = replace(people_actor("L1", proven=True), role="manager")
    given = [
        ("O4", boss, ""),  # stands in no list
        ("O1", people_actor("O1", proven=True), ""),
        ("O2", boss, boss.name),
    ]
    for code, actor, by in given:
        made = addresses.add(code, "email", f"{code}@rieng.example".lower(), now=EVENING, actor=actor)
        assert made.given_by == by, code
    services_of_people.save_person("O3", {"email": "o3@rieng.example"}, actor=factories.ADMIN, now=EVENING)
    assert givers.list_unconfirmed(people.person_by_code("O3")) == []
    services_of_people.save_person("O3", {"email": "o3@khac.example"}, actor=boss, now=EVENING)
    assert [each.given_by for each in givers.list_unconfirmed(people.person_by_code("O3"))] == [boss.name]
    addresses.add("L2", "phone", "0900000888", now=EVENING, actor=people_actor("L2", proven=True))
    services_of_people.save_person("L2", {"phone": "0900000888"}, actor=boss, now=EVENING)
    assert givers.list_unconfirmed(people.person_by_code("L2")) == [], "which of one's own comes first proves nothing"
    from_there = pending_actions.actor_of(people.person_by_code("O2"), "0900000122")
    assert from_there.via == "link"
    phone = addresses.add("O2", "phone", "0900000999", now=EVENING, actor=boss)
    assert pending_actions.actor_of(people.person_by_code("O2"), phone.address).via == "slip"
    assert pending_actions.actor_of(people.person_by_code("O2")).slip_by == boss.name, "whichever was rung"


def test_an_invitation_takes_the_password_and_its_use_is_told(
    roster: Published, manager: FlaskClient, new_client: Any
) -> None:
    made = accounts.create_user(
        NewAccount("o1", "O1", "staff", unit_code="TINH", person_code="O1"), now=EVENING, actor=factories.ADMIN
    )
    here, account = "/people/invitations", made.id
    assert manager.post(here, data={"user": account}).status_code == 428
    printed = manager.post(here, data={"user": account, "proof_password": enterprise.PASSWORD}).text
    token = re.search(r"/invite/[\w-]+", printed)
    assert token is not None
    taken = {"password": "bưởi-da-xanh-tháng-chạp", "repeat": "bưởi-da-xanh-tháng-chạp"}
    assert new_client().post(token[0], data=taken).status_code == 303
    assert any("phiếu mời" in each for each in letters(roster, "O1", f"account/{account}"))
