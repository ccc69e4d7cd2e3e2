"""No channel at all, and what the office does then: nothing is called told, asked or overdue that never left; people
are told by hand; a gateway that is connected later carries what is still true, and no more.

Three days of Tết Canh Tý, published while nothing carries words. O1 serves operations by day on 23 January.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from core import clock
from core.calendar.dates import VN
from core.db import db
from core.models import AuditEntry
from duty.illness import services as illness
from duty.illness.services import IllnessPlan
from duty.swaps import deciding, ending, queries as swaps
from duty.swaps.models import Swap
from notify import outbox
from notify.models import Message
from people import queries as people
from people.accounts import services as accounts
from people.accounts.services import NewAccount
from people.models import Person, User
from roster.confirmations import services as confirmations
from roster.covers import services as covering
from roster.draft import services as drafts
from roster.models import Duty
from roster.publishing import services as publishing
from tests.support import enterprise, factories
from tests.support.enterprise import PASSWORD
from tests.support.mail import Mail
from tests.support.published import Published

DAWN = datetime(2020, 1, 23, 5, 10, tzinfo=VN)
TODAY = date(2020, 1, 23)


@pytest.fixture(autouse=True)
def _dawn(roster: Published, app: Flask) -> Iterator[None]:
    app.extensions.pop(ending.__name__, None)
    with clock.travel(DAWN):
        yield


@pytest.fixture
def office(client: Any) -> Any:
    """Signed in as whoever answers for everything."""
    account = accounts.create_user(NewAccount("qt", "Quản trị", "admin"), now=DAWN, actor=factories.ADMIN)
    account.password_hash = enterprise.password_hash()
    db.session.commit()
    enterprise.sign_in(client, "qt")
    return client


def see(client: Any, path: str, **form: str) -> str:
    answer = client.post(path, data=form, follow_redirects=True) if form else client.get(path)
    assert answer.status_code == 200, answer.text
    return " ".join(re.sub(r"<[^>]+>", " ", html.unescape(answer.text)).split())


def ill(roster: Published) -> Swap:
    plan = IllnessPlan("O1", TODAY, {roster.seat("operations", 0): ["O4"]}, "gọi điện 05:10")
    [swap] = illness.report(plan, actor=factories.ADMIN, now=DAWN)
    return swap


def states(topic: str) -> list[tuple[str, str]]:
    rows = select(Message.state, Message.hold_reason).where(Message.topic == topic).order_by(Message.id)
    return [(state, why) for state, why in db.session.execute(rows).tuples()]


def test_publishing_says_whom_no_machine_tells_before_and_after(roster: Published, office: Any) -> None:
    before = see(office, f"/roster/campaigns/{roster.campaign_id}/revisions/1")
    assert "chưa gửi: chưa nối cổng" in before and "Tin đã gửi đi cho 0 người; 9 người chưa" in before
    drafts.set_people(roster.shifts("operations")[3], ["O4"], override_reason="Đổi", actor=factories.ADMIN, now=DAWN)
    page = see(office, f"/roster/campaigns/{roster.campaign_id}/publish")
    assert "Máy không báo được ai" in page and "2 người: chưa nối cổng" in page
    assert "Máy báo được 0 người; 2 người phải báo bằng tay" in page and "được báo tin" not in page
    done = see(office, f"/roster/campaigns/{roster.campaign_id}/publish", version=str(roster.campaign.draft_version))
    assert "Đã ban hành bản số 2." in done and "Chưa báo được 2 người." in done


def test_texts_and_slips_are_handed_over_and_each_showing_is_kept(roster: Published, office: Any) -> None:
    here = f"/roster/campaigns/{roster.campaign_id}/by-hand"
    confirmations.answer(
        roster.seat("leadership", 0), "confirmed", person="L1", note="gọi", actor=factories.ADMIN, now=DAWN
    )
    listed = see(office, here)
    assert "chưa gửi: chưa nối cổng" in listed and people.person_by_code("O1").full_name in listed
    texts = office.post(here, data={"do": "texts", "proof_password": PASSWORD})
    assert texts.status_code == 200 and texts.headers["Cache-Control"].startswith("no-store")
    own = re.search(r"/p/me/([\w-]+)", texts.text)
    group = re.search(r'id="text-group"[^>]*>([^<]+)<', texts.text)
    assert own is not None and group is not None and "/p/me/" not in group[1], "nobody's own address goes to a group"
    slips = office.post(here, data={"do": "slips", "proof_password": PASSWORD})
    assert slips.text.count('class="slip"') == len(re.findall(r"<textarea", texts.text)) - 1
    kept = db.session.scalars(select(AuditEntry.action).where(AuditEntry.action.in_(("link.show", "campaign.by_hand"))))
    assert set(kept) == {"link.show", "campaign.by_hand"}
    for message in db.session.query(Message):
        assert own[1] not in message.body, "a slip's address proves no mailbox"


def test_who_lost_their_last_shift_is_told_by_hand_too(roster: Published, office: Any) -> None:
    for turn in (0, 3):
        roster.reassign("operations", turn, "O4", at=DAWN)
    held = select(Duty.id).where(Duty.person_id == roster.person["O1"], Duty.cancelled_at.is_(None))
    assert db.session.scalars(held).all() == []
    here = f"/roster/campaigns/{roster.campaign_id}/by-hand"
    assert people.person_by_code("O1").full_name in see(office, here)
    texts = office.post(here, data={"do": "texts", "proof_password": PASSWORD}).text
    mine = re.search(rf'id="text-{roster.person["O1"]}"[^>]*>([^<]+)<', texts)
    assert mine is not None and "không còn ca trực nào sắp tới" in mine[1] and "Các ca đồng chí thôi trực:" in mine[1]


def test_nobody_was_asked_and_the_ask_does_not_run_out(roster: Published, office: Any) -> None:
    swap = ill(roster)
    live = see(office, "/roster/illness/O1/live")
    assert "chưa hỏi được ai" in live and "chưa gửi: chưa nối cổng" in live
    assert "đã gửi đi" not in live and "đã hỏi" not in live
    planned = swap.expires_at
    assert planned < DAWN + timedelta(hours=2, minutes=20)
    just_before = DAWN + timedelta(hours=2, minutes=15)
    with clock.travel(just_before):
        ending.look(just_before)
        assert swaps.state_of(swaps.get_swap(swap.id), just_before) == "asked"
        assert list(swaps.open_on([swap.seat_id], now=just_before)) == [swap.seat_id]
        assert [each.swap.id for each in swaps.asked_of(roster.person["O4"], now=just_before)] == [swap.id]
        assert "đã hết hạn" not in see(office, "/roster/illness/O1/live")
        deciding.accept(swap.id, person="O4", note="gọi tay", actor=factories.ADMIN, now=just_before)
    held = select(Person.code).join(Duty, Duty.person_id == Person.id)
    first = held.where(Duty.shift_id == roster.shifts("operations")[0], Duty.cancelled_at.is_(None))
    assert db.session.scalars(first).one() == "O4"


def test_when_the_shift_begins_it_is_said_that_nobody_could_be_asked(roster: Published, office: Any) -> None:
    swap = ill(roster)
    began = DAWN + timedelta(hours=2, minutes=21)
    with clock.travel(began):
        ending.look(began)
        assert swaps.get_swap(swap.id).state == "expired"
        line = swaps.line(swaps.get_swap(swap.id), now=began)
        assert not line.is_asked
        page = see(office, f"/roster/campaigns/{roster.campaign_id}/swaps?view=over")
    assert "đã hết hạn" not in page


def test_what_has_left_runs_out_as_it_was_said(roster: Published, mail: Mail) -> None:
    swap = ill(roster)
    mail.goes()
    with clock.travel(swap.expires_at):
        ending.look(swap.expires_at)
    assert swaps.get_swap(swap.id).state == "expired"


def test_who_cannot_serve_reads_whether_the_manager_knows(roster: Published, client: Any) -> None:
    manager = factories.make_person("QL", people.unit_by_code("TINH"), duties=("leadership",), phone="0900000199")
    db.session.add(
        User(login="ql", name="QL", role="manager", unit_id=roster.unit_id, person_id=manager.id, created_at=DAWN)
    )
    db.session.commit()
    mine = select(Message.body).where(Message.person_id == roster.person["O1"]).order_by(Message.id)
    own = re.search(r"(/p/me/[\w-]+)", db.session.scalars(mine).first() or "")
    assert own is not None
    held = select(Duty.seat_id).where(Duty.person_id == roster.person["O1"])
    for turn, seat in enumerate(db.session.scalars(held).all()):
        state: confirmations.State = "confirmed" if turn else "refused"
        confirmations.answer(seat, state, person="O1", note="gọi", actor=factories.ADMIN, now=DAWN)
    page = see(client, own[1])
    assert "Người quản lý chưa nhận được tin (chưa gửi: chưa nối cổng): đồng chí gọi thêm." in page
    assert "đã được báo" not in page


def test_a_gateway_that_comes_later_carries_what_is_still_true(
    roster: Published, office: Any, app: Flask, mail: Mail
) -> None:
    """What was published is news to whoever has shifts ahead; a reminder is of a shift that is over."""
    first = db.session.scalars(select(Duty).order_by(Duty.starts_at)).first()
    assert first is not None
    topic, server = f"reminder/{first.id}", app.config["MAIL_URL"]
    letter = {"subject": "Nhắc ca trực", "body": "Nhắc", "recipient": "L1", "address": "l1@buudien.example"}
    app.config["MAIL_URL"] = None
    outbox.enqueue(topic=topic, key=topic, channel="email", now=DAWN, person_id=first.person_id, **letter)
    db.session.commit()
    app.config["MAIL_URL"] = server
    late = first.ends_at + timedelta(hours=1)
    assert states(topic) == [("held", "no_gateway")]
    with clock.travel(late):
        said = see(office, "/outbox/send-held", do="send")
        assert "Đã bỏ" in said and "tin không còn đúng" in said
        assert states(topic) == [("cancelled", "past")]
        assert "Đã qua giờ trước khi gửi được" in see(office, "/outbox/?state=withdrawn")
        assert {state for state, _why in states(f"roster/{roster.campaign_id}")} == {"pending"}
        mail.goes()
    assert mail.sink.arrivals


def test_what_a_manager_reads_of_a_cover_is_not_the_letter_about_their_own_shifts(
    roster: Published, office: Any, app: Flask, mail: Mail
) -> None:
    """L1 serves and manages: the word of who covers for whom tells them nothing of their own shift, and does not make
    the letter that does outdated. O9 manages and never serves: they read of the cover all the same."""
    desk = factories.make_person("O9", people.unit_by_code("TINH"), phone="0900000999", position="Trưởng phòng")
    for code in ("L1", "O9"):
        accounts.create_user(
            NewAccount(code, code, "manager", unit_code="TINH", person_code=code), now=DAWN, actor=factories.ADMIN
        )
    db.session.commit()
    server, topic = app.config["MAIL_URL"], f"roster/{roster.campaign_id}"
    app.config["MAIL_URL"] = None
    drafts.set_people(roster.shifts("leadership")[2], ["L1"], override_reason="Đổi", actor=factories.ADMIN, now=DAWN)
    publishing.publish(roster.campaign_id, actor=factories.ADMIN, now=DAWN)
    letters = db.session.scalars(select(Message).where(Message.topic == topic)).all()
    own = max(each.id for each in letters if each.person_id == roster.person["L1"])
    shift = roster.shifts("operations")[0]
    covering.cover_now(shift, [(shift, "O1", "O4")], override_reason="Ốm", actor=factories.ADMIN, now=DAWN)
    db.session.commit()
    covers = select(Message).where(Message.idempotency_key.like("%/cover/%/manager/%"))
    told = {each.person_id: each.id for each in db.session.scalars(covers)}
    assert set(told) == {roster.person["L1"], desk.id}
    assert db.session.get_one(Message, own).state == "held"
    l1 = people.person_by_code("L1").full_name
    db.session.get_one(Message, told[roster.person["L1"]]).state = "sent"
    db.session.commit()
    assert l1 in see(office, f"/roster/campaigns/{roster.campaign_id}/by-hand"), "a note about others told them nothing"
    db.session.get_one(Message, told[roster.person["L1"]]).state = "held"
    db.session.commit()
    app.config["MAIL_URL"] = server
    see(office, "/outbox/send-held", do="send")
    db.session.expire_all()
    left = {each: db.session.get_one(Message, each).state for each in (own, *told.values())}
    assert set(left.values()) == {"pending"}, left
