"""A roster that a leader signs before anybody reads it: submitted, sent back, approved by link with a PIN, published.

Three days of Tết Canh Tý are published as revision 1. L1 manages the unit and wants O4 on a night; L3 leads and signs.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from core import clock
from core.actor import Actor
from core.db import db, transaction
from core.errors import Conflict, Forbidden, Invalid
from duty.swaps import deciding, services as swaps
from duty.swaps.models import Swap
from duty.swaps.services import SwapWanted
from notify.models import Message
from people import queries as people
from people.accounts import keys, services as accounts
from people.accounts.services import NewAccount
from people.models import Absence, Person, User
from people.sign_in import pins
from roster.approvals import services as approvals
from roster.approvals.models import Approval
from roster.campaigns.models import Campaign
from roster.covers import services as covering
from roster.dividing import amendments
from roster.draft import services as drafts
from roster.models import Revision
from roster.publishing import services as publishing
from roster.publishing.parts import Only
from roster.publishing.terms import USUAL_TERMS, PublishTerms
from tests.services.roster.publishing.test_amending import NIGHT, leader, on, rest_of
from tests.support import enterprise, factories
from tests.support.in_parallel import in_parallel
from tests.support.published import NOW, Published

ADMIN = factories.ADMIN
MORNING = NOW + timedelta(hours=2)
PIN = "4719"


@pytest.fixture(autouse=True)
def _morning(roster: Published) -> Iterator[None]:
    with clock.travel(MORNING):
        yield


@pytest.fixture
def signed(roster: Published) -> Published:
    """The campaign needs an approval, L1 and L3 have accounts, and the draft gives O4 the second night."""
    account("L1", "manager")
    account("L3", "staff")
    approvals.set_needed(roster.campaign_id, True, actor=manager(roster), now=MORNING)
    change(roster, "O4")
    return roster


def account(code: str, role: str, unit: str = "TINH") -> User:
    user = accounts.create_user(
        NewAccount(code.lower(), code, role, unit_code=unit, person_code=code), now=MORNING, actor=ADMIN
    )
    with transaction() as session:
        session.get_one(User, user.id).password_hash = enterprise.password_hash()
    return user


def manager(roster: Published, code: str = "L1") -> Actor:
    return Actor(
        name=f"Nguyễn Văn {code}",
        role="manager",
        via="session",
        user_id=900,
        person_id=roster.person[code],
        unit_id=roster.unit_id,
    )


def approver(roster: Published, code: str = "L3") -> Actor:
    return leader(roster, code)


def change(roster: Published, code: str, turn: int = 3) -> None:
    drafts.set_people(roster.shifts("operations")[turn], [code], override_reason="Đổi ca", actor=ADMIN, now=MORNING)


def submit(roster: Published, **named: Any) -> Approval:
    return approvals.submit(roster.campaign_id, **{"approver": "L3", "actor": manager(roster), "now": MORNING, **named})


def publish(roster: Published, terms: PublishTerms = USUAL_TERMS, **named: Any) -> Revision:
    return publishing.publish(roster.campaign_id, terms, **{"actor": manager(roster), "now": MORNING, **named})


def refused(roster: Published) -> str:
    with pytest.raises(Conflict) as fault:
        publish(roster)
    return fault.value.code


def letters(code: str) -> list[Message]:
    person = people.person_by_code(code)
    wanted = select(Message).where(Message.person_id == person.id, Message.topic.like("approval/%"))
    return list(db.session.scalars(wanted.order_by(Message.id)))


def link_of(code: str) -> str:
    found = re.search(r"(/p/me/[\w-]+)", letters(code)[-1].body)
    assert found is not None
    return found[1]


def give_pin(code: str) -> None:
    user = db.session.scalars(select(User).where(User.login == code.lower())).one()
    with transaction():
        pins.write(user, PIN, by="owner", actor=ADMIN, now=MORNING)


def fields(page: str) -> dict[str, str]:
    return dict(re.findall(r'<input type="hidden" name="(campaign|approval)" value="(\d+)">', page))


@pytest.mark.both_dbs("approval, answer and revision are each one commit")
def test_submitted_approved_by_link_with_a_pin_and_published_as_it_was(signed: Published, client: Any) -> None:
    assert refused(signed) == "approval.needed"
    submit(signed, note="Đồng chí Bốn thay")
    assert refused(signed) == "approval.waiting"
    give_pin("L3")
    path = link_of("L3")
    page = client.get(path).text
    assert "Đề nghị đồng chí ký" in page and "2 người thay đổi ca" in page and "Đồng chí Bốn thay" in page
    wrong = client.post(path, data={"do": "approve", "pin": "0000", **fields(page)})
    assert wrong.status_code == 422 and "Mã PIN không đúng" in wrong.text
    assert refused(signed) == "approval.waiting"
    done = client.post(path, data={"do": "approve", "pin": PIN, **fields(page)})
    assert done.status_code == 303
    assert "Đồng chí đã duyệt lịch trực" in client.get(path).text
    told = letters("L1")
    assert len(told) == 1 and "đã duyệt" in told[0].subject and f"/{signed.campaign_id}/publish" in told[0].body
    made = publish(signed)
    assert on(signed.shifts("operations")[3]) == ["O4"]
    used = db.session.scalars(select(Approval)).one()
    assert (used.state, used.published_as, used.content) == ("approved", made.number, made.content)
    assert "Đồng chí đã duyệt" not in client.get(path).text


def test_a_draft_that_changes_voids_what_was_submitted_and_what_was_approved(signed: Published, client: Any) -> None:
    submit(signed)
    change(signed, "O2")
    assert refused(signed) == "approval.changed"
    give_pin("L3")
    page = client.get(link_of("L3")).text
    assert "Dự thảo đã sửa sau khi trình" in page and 'value="approve"' not in page
    with pytest.raises(Conflict, match="approval.changed"):
        approvals.approve(signed.campaign_id, actor=approver(signed), now=MORNING)
    submit(signed)
    approvals.approve(signed.campaign_id, actor=approver(signed), now=MORNING)
    change(signed, "O4")
    assert refused(signed) == "approval.changed"
    change(signed, "O2")
    assert publish(signed).number == 2, "it is again just what was approved"


def test_it_serves_once(signed: Published) -> None:
    submit(signed)
    approvals.approve(signed.campaign_id, actor=approver(signed), now=MORNING)
    publish(signed)
    change(signed, "O2")
    assert refused(signed) == "approval.needed"


def test_sent_back_with_a_reason_and_submitted_again(signed: Published, client: Any) -> None:
    submit(signed)
    give_pin("L3")
    path = link_of("L3")
    page = client.get(path).text
    bare = client.post(path, data={"do": "return_approval", "pin": PIN, "reason": " ", **fields(page)})
    assert bare.status_code == 422 and "Ghi lý do trả lại" in bare.text
    wrong = client.post(path, data={"do": "return_approval", "pin": "0000", "reason": "Bốn nghỉ", **fields(page)})
    assert wrong.status_code == 422 and "Bốn nghỉ" in wrong.text, "what was typed is kept"
    client.post(path, data={"do": "return_approval", "pin": PIN, "reason": "Bốn nghỉ", **fields(page)})
    assert refused(signed) == "approval.returned"
    assert "Bốn nghỉ" in letters("L1")[-1].body
    submit(signed, note="Đã hỏi Bốn")
    approvals.approve(signed.campaign_id, actor=approver(signed), now=MORNING)
    assert publish(signed).number == 2


def test_an_old_page_signs_nothing_that_it_did_not_show(signed: Published, client: Any) -> None:
    submit(signed)
    give_pin("L3")
    path = link_of("L3")
    old = fields(client.get(path).text)
    change(signed, "O2")
    submit(signed)
    late = client.post(path, data={"do": "approve", "pin": PIN, **old})
    assert late.status_code == 409 and "đã được trình thay" in late.text
    assert refused(signed) == "approval.waiting"


def test_without_a_pin_the_link_says_how_to_get_one_and_signing_in_does_without(
    signed: Published, client: Any, new_client: Any
) -> None:
    submit(signed)
    path = link_of("L3")
    page = client.get(path).text
    assert "mà đồng chí chưa có" in page and 'value="approve"' not in page
    asked = db.session.scalars(select(Approval)).one()
    forced = client.post(
        path, data={"do": "approve", "pin": "", "campaign": str(signed.campaign_id), "approval": str(asked.id)}
    )
    assert forced.status_code == 409 and "chưa có mã PIN" in forced.text
    own = new_client()
    enterprise.sign_in(own, "l3")
    shown = own.get("/me/").text
    assert "Đề nghị đồng chí ký" in shown and 'name="pin"' not in shown
    assert own.post("/me/", data={"do": "approve", **fields(shown)}).status_code == 303
    assert publish(signed).number == 2


def test_patience_does_not_find_the_pin(signed: Published, client: Any) -> None:
    submit(signed)
    give_pin("L3")
    path = link_of("L3")
    sent = fields(client.get(path).text)
    answers = [client.post(path, data={"do": "approve", "pin": f"1{n:03}", **sent}).status_code for n in range(6)]
    assert answers == [422] * 5 + [429]
    right = client.post(path, data={"do": "approve", "pin": PIN, **sent})
    assert right.status_code == 429 and "quá nhiều lần" in right.text
    assert refused(signed) == "approval.waiting"


def test_in_the_language_of_who_signs(signed: Published, client: Any) -> None:
    with transaction():
        db.session.scalars(select(User).where(User.login == "l3")).one().locale = "en"
    submit(signed)
    assert "Look and sign with your PIN" in letters("L3")[-1].body
    page = client.get(link_of("L3")).text
    assert "Please approve the roster" in page and "the shifts of 2 people change" in page
    assert "Signing here needs a PIN, and you have none yet" in page


def test_what_needs_no_approval_any_more_asks_nobody(signed: Published, client: Any) -> None:
    submit(signed)
    path = link_of("L3")
    assert "Đề nghị đồng chí ký" in client.get(path).text
    approvals.set_needed(signed.campaign_id, False, actor=ADMIN, now=MORNING)
    assert "Đề nghị đồng chí ký" not in client.get(path).text


def test_nobody_else_answers(signed: Published, client: Any, new_client: Any) -> None:
    made = submit(signed)
    account("O1", "staff")
    for actor in (ADMIN, manager(signed), approver(signed, "L2")):
        with pytest.raises(Forbidden, match="approval.not_yours"):
            approvals.approve(signed.campaign_id, actor=actor, now=MORNING)
        with pytest.raises(Forbidden, match="approval.not_yours"):
            approvals.send_back(signed.campaign_id, reason="x", actor=actor, now=MORNING)
    enterprise.sign_in(client, "o1")
    sent = {"campaign": str(signed.campaign_id), "approval": str(made.id)}
    assert client.post("/me/", data={"do": "approve", **sent}).status_code == 403
    assert "Đề nghị đồng chí ký" not in client.get("/me/").text


def test_who_is_asked_leads_here_and_is_not_who_submits(signed: Published) -> None:
    other = factories.make_unit("KHAC", name="Đơn vị khác")
    factories.make_person("K1", other, duties=("leadership",))
    for code, fault in (
        ("O1", "approval.approver"),
        ("K1", "approval.approver"),
        ("KHONG", "approval.approver"),
        ("L1", "approval.oneself"),
    ):
        with pytest.raises(Conflict, match=fault):
            submit(signed, approver=code)
    with transaction():
        people.person_by_code("L2").active = False
    with pytest.raises(Conflict, match="approval.approver"):
        submit(signed, approver="L2")
    with pytest.raises(Invalid, match="approval.long"):
        submit(signed, note="x" * 501)
    with pytest.raises(Conflict, match="draft.changed"):
        submit(signed, draft_version=0)
    assert db.session.scalars(select(Approval)).all() == []


@pytest.mark.both_dbs("the second submission waits, and finds the first")
def test_twice_and_two_at_once_submit_once(signed: Published, app: Flask) -> None:
    def press(_number: int) -> str:
        try:
            submit(signed)
            return "submitted"
        except Conflict as fault:
            return fault.code

    assert sorted(in_parallel(app, 2, press)) == ["approval.already", "submitted"]
    assert len(letters("L3")) == 1


@pytest.mark.both_dbs("one answer holds")
def test_two_answers_at_once_are_one(signed: Published, app: Flask) -> None:
    submit(signed)

    def press(number: int) -> str:
        try:
            if number:
                return approvals.approve(signed.campaign_id, actor=approver(signed), now=MORNING).state
            return approvals.send_back(signed.campaign_id, reason="Sửa", actor=approver(signed), now=MORNING).state
        except Conflict as fault:
            return fault.code

    answers = in_parallel(app, 2, press)
    assert "approval.answered" in answers and len(letters("L1")) == 1


def test_the_night_does_not_wait_for_a_signature(signed: Published) -> None:
    """L2 leads the first night: what they amend of the day needs none; the manager's parts do, and covers do not."""
    tonight = signed.shifts("operations")[1]
    drafts.set_people(tonight, ["O4"], override_reason="Ốm", actor=ADMIN, now=NIGHT)
    seat = Only(seats=(signed.seat("operations", 1),))
    with pytest.raises(Conflict, match="approval.part"):
        amendments.publish_only(signed.campaign_id, seat, actor=manager(signed), now=NIGHT)
    assert amendments.publish_only(signed.campaign_id, seat, actor=leader(signed), now=NIGHT).number == 2
    far = Only(seats=(signed.seat("operations", 5),))
    drafts.set_people(signed.shifts("operations")[5], ["O4"], override_reason="Đổi", actor=ADMIN, now=NIGHT)
    with pytest.raises(Conflict, match="approval.part"):
        amendments.publish_only(signed.campaign_id, far, actor=leader(signed), now=NIGHT)
    assert (on(tonight), on(rest_of(tonight))) == (["O2"], ["O4"]), "what was served stays"
    left = rest_of(tonight)
    back = [(left, "O4", "O2")]
    covering.cover_now(left, back, override_reason="Đỡ rồi", actor=leader(signed), now=NIGHT)
    assert on(left) == ["O2"]


def test_only_an_administrator_takes_the_need_back(signed: Published) -> None:
    with pytest.raises(Forbidden):
        approvals.set_needed(signed.campaign_id, False, actor=manager(signed), now=MORNING)
    with pytest.raises(Forbidden):
        approvals.set_needed(signed.campaign_id, True, actor=approver(signed), now=MORNING)
    approvals.set_needed(signed.campaign_id, False, actor=ADMIN, now=MORNING)
    with pytest.raises(Conflict, match="approval.off"):
        submit(signed)
    assert publish(signed).number == 2


def test_what_could_not_be_published_is_not_submitted(signed: Published) -> None:
    drafts.set_people(signed.shifts("operations")[3], [], actor=ADMIN, now=MORNING)
    with pytest.raises(Conflict, match="publish.blocked"):
        submit(signed)
    made = submit(signed, accept_gaps="Tỉnh trực thay")
    assert [gap["kind"] for gap in made.gaps] == ["empty"]
    approvals.approve(signed.campaign_id, actor=approver(signed), now=MORNING)
    with pytest.raises(Conflict, match="publish.blocked"):
        publish(signed)
    assert publish(signed, PublishTerms(accept_gaps="Tỉnh trực thay")).accept_gaps == "Tỉnh trực thay"


def test_a_new_name_changes_nothing_that_was_decided(signed: Published) -> None:
    submit(signed)
    approvals.approve(signed.campaign_id, actor=approver(signed), now=MORNING)
    with transaction() as session:
        session.get_one(Person, signed.person["O4"]).full_name = "Trần Thị Bốn"
    assert publish(signed).number == 2


def test_somebody_who_falls_ill_after_the_signature_is_answered_for(signed: Published) -> None:
    submit(signed)
    approvals.approve(signed.campaign_id, actor=approver(signed), now=MORNING)
    with transaction() as session:
        day = factories.NOW.date().replace(day=24)
        session.add(Absence(person_id=signed.person["O4"], from_on=day, to_on=day, kind="sick"))
    assert refused(signed) == "publish.blocked"


def test_the_pages_of_the_manager(signed: Published, client: Any) -> None:
    enterprise.sign_in(client, "l1")
    path = f"/roster/campaigns/{signed.campaign_id}"
    assert "Trình ký trước" in client.get(f"{path}/publish").text
    page = client.get(f"{path}/approval").text
    assert "Nguyễn Văn L3" in page and 'value="L1"' not in page and "Chỉ quản trị bỏ được" in page
    version = db.session.get_one(Campaign, signed.campaign_id).draft_version
    bad = client.post(f"{path}/approval", data={"approver": "O1", "note": "Nhờ ký", "version": version})
    assert bad.status_code == 409 and "Nhờ ký" in bad.text and "Chọn một lãnh đạo" in bad.text
    assert client.post(f"{path}/approval", data={"approver": "L3", "version": version}).status_code == 303
    assert "chờ ký" in client.get(f"{path}/approval").text
    assert re.search(r'aria-current="step"><b>\s*trình ký', client.get(path).text)
    assert client.post(f"{path}/approval/needed", data={"needed": "0"}).status_code == 403
    blocked = client.post(f"{path}/publish")
    assert blocked.status_code == 409 and "Đang chờ Nguyễn Văn L3 ký" in blocked.text


def test_by_api(signed: Published, client: Any) -> None:
    def key(role: str, person: str | None) -> dict[str, str]:
        made = keys.create_api_key(keys.NewApiKey(f"{role}{person}", role, "TINH", person), now=MORNING, actor=ADMIN)[1]
        return {"Authorization": f"Bearer {made}"}

    boss, own, address = key("manager", "L1"), key("staff", "L3"), f"/api/v1/campaigns/{signed.campaign_id}"
    assert client.post(f"{address}/approve", headers=own).json["code"] == "approval.none"
    made = client.post(f"{address}/submit", json={"approver": "L3"}, headers=boss)
    assert made.status_code == 201 and made.json["state"] == "submitted"
    assert client.post(f"{address}/approve", headers=boss).status_code == 403
    assert client.post(f"{address}/return", json={"reason": "Sửa"}, headers=own).json["state"] == "returned"
    assert client.post(f"{address}/submit", json={"approver": "L3"}, headers=boss).status_code == 201
    assert client.post(f"{address}/approve", headers=own).json["state"] == "approved"
    standing = client.get(f"{address}/approval", headers=boss).json
    assert (standing["needed"], standing["stage"], standing["is_current"]) == (True, "submitted", True)
    assert client.get(f"{address}/approval", headers=own).status_code == 403
    assert client.put(f"{address}/approval", json={"needed": False}, headers=boss).status_code == 403
    assert client.post(f"{address}/publish", json={}, headers=boss).status_code == 200
    assert client.get(f"{address}/approval", headers=boss).json["latest"]["published_as"] == 2


def test_a_swap_does_not_change_what_was_approved_without_the_leader(signed: Published, client: Any) -> None:
    """O2 manages the unit and does not lead. O1 gives the fourth shift to O4, who agrees: that waits for a leader."""
    approved = [each["people"] for each in db.session.scalars(select(Revision)).one().content]
    heads = manager(signed, "O2")
    with pytest.raises(Conflict, match=r"swap\.lets_approval"):
        swaps.let_pass(signed.campaign_id, True, actor=heads, now=MORNING)
    wanted = SwapWanted("cover", with_person="O4", note="Việc nhà")
    made = swaps.ask(signed.seat("operations", 3), wanted, person="O1", actor=heads, now=MORNING)
    deciding.accept(made.id, actor=leader(signed, "O4"), now=MORNING)
    assert db.session.get_one(Swap, made.id).state == "accepted" and on(signed.shifts("operations")[3]) == ["O1"]
    with pytest.raises(Conflict, match=r"swap\.needs_approval"):
        deciding.approve(made.id, actor=heads, now=MORNING)
    assert [each["people"] for each in db.session.scalars(select(Revision)).one().content] == approved
    asked = select(Message.person_id).where(Message.topic == f"swap/{made.id}", Message.subject.contains("Chờ duyệt"))
    assert signed.person["L3"] in set(db.session.scalars(asked)), "whoever approves hears that it waits"
    account("O2", "manager")
    enterprise.sign_in(client, "o2")
    path = f"/roster/campaigns/{signed.campaign_id}/swaps"
    page = client.get(path).text
    assert "do lãnh đạo duyệt" in page and 'value="approve"' not in page
    client.post("/logout")
    enterprise.sign_in(client, "l3")
    assert 'value="approve"' in client.get(path).text
    assert client.post(f"{path}/{made.id}", data={"do": "approve", "person": "O4"}).status_code == 303
    assert on(signed.shifts("operations")[3]) == ["O4"]


def test_swaps_pass_where_the_leader_lets_them_and_no_more_once_approval_is_asked_for_again(signed: Published) -> None:
    swaps.let_pass(signed.campaign_id, True, actor=ADMIN, now=MORNING)
    wanted = SwapWanted("cover", with_person="O4", note="")
    made = swaps.ask(signed.seat("operations", 3), wanted, actor=leader(signed, "O1"), now=MORNING)
    deciding.accept(made.id, actor=leader(signed, "O4"), now=MORNING)
    assert on(signed.shifts("operations")[3]) == ["O4"]
    for needed in (False, True):
        approvals.set_needed(signed.campaign_id, needed, actor=ADMIN, now=MORNING)
    assert not db.session.get_one(Campaign, signed.campaign_id).swaps_pass
