"""Texts about shifts of Tết: a cover that is asked, a consent, and what an operator notes of what nobody could read."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from core import clock
from core.actor import Actor
from core.calendar.dates import VN
from core.db import db, transaction
from core.errors import Conflict, Forbidden
from duty.duty_checks import services as checks
from duty.duty_checks.models import DutyCheckAsk
from duty.duty_checks.services import CheckWanted as Check
from duty.inbound_messages import queries, services as replies, settling
from duty.inbound_messages.models import Reply
from duty.pending_actions import registry as pending_actions
from duty.swaps import services as swaps
from duty.swaps.models import Swap
from duty.swaps.services import SwapWanted
from notify.gateways.incoming import IncomingText
from notify.gateways.models import Gateway
from notify.models import Message
from people import queries as people
from people.accounts.services import NewAccount
from people.models import ContactMethod
from roster.campaigns.models import Campaign
from roster.confirmations import queries as confirmations
from roster.consents.models import Consent
from roster.models import Duty
from tests.support import factories
from tests.support.carriers import HEARS, set_up
from tests.support.http_sink import http_sink
from tests.support.in_parallel import in_parallel
from tests.support.published import Published

MORNING = datetime(2020, 1, 22, 8, 0, tzinfo=VN)


@pytest.fixture(autouse=True)
def _morning(app: Flask) -> Iterator[None]:
    with clock.travel(MORNING):
        yield


def who(code: str) -> Actor:
    return pending_actions.actor_of(people.person_by_code(code))


def phone(code: str) -> str:
    return people.person_by_code(code).phone


def text(code: str, words: str, at: datetime = MORNING) -> str:
    count = len(db.session.scalars(select(Reply.id)).all())
    return replies.take(IncomingText("text", phone(code), words, f"m-{count}", True), 1, now=at)


def last() -> Reply:
    return db.session.scalars(select(Reply).order_by(Reply.id.desc()).execution_options(populate_existing=True)).first()  # type: ignore[return-value]


def cover(roster: Published) -> Swap:
    with transaction():
        db.session.get_one(Campaign, roster.campaign_id).swaps_pass = True
    wanted = SwapWanted("cover", note="con ốm", with_person="O4")
    return swaps.ask(roster.seat("operations", 0), wanted, actor=who("O1"), now=MORNING)


def told(code: str) -> None:
    """Something about the roster has reached them."""
    with transaction() as session:
        for message in session.scalars(select(Message).where(Message.person_id == people.person_by_code(code).id)):
            message.state, message.sent_at = "sent", MORNING


@pytest.mark.both_dbs("a text moves a seat in a transaction of its own")
def test_the_spare_hand_takes_the_shift_by_a_text(roster: Published) -> None:
    cover(roster)
    assert text("O4", "Nhận") == "answered"
    held = select(Duty).where(Duty.shift_id == roster.shifts("operations")[0], Duty.cancelled_at.is_(None))
    assert db.session.scalars(held).one().person.code == "O4"
    assert last().said == f"nhận ca 23/01 của {people.person_by_code('O1').full_name}"


def test_or_cannot_and_says_why(roster: Published) -> None:
    swap = cover(roster)
    assert text("O4", "2, mẹ ốm") == "answered"
    db.session.expire_all()
    row = db.session.get_one(Swap, swap.id)
    assert (row.state, row.asked[0].note) == ("declined", "mẹ ốm")
    assert text("O4", "1") == "unclear", "it is over; a text takes nothing that is asked no more"


def test_an_ask_that_was_taken_back_while_the_text_was_on_its_way_is_left(roster: Published) -> None:
    swap = cover(roster)
    found = pending_actions.waiting_for(people.person_by_code("O4"), now=MORNING)
    [ask] = [each for each in found if each.kind == "swap"]
    swaps.cancel(swap.id, actor=who("O1"), now=MORNING)
    with pytest.raises(Conflict) as gone:
        pending_actions.answer(
            people.person_by_code("O4"),
            "swap",
            ask.ref,
            pending_actions.ActionAnswer(True),
            actor=who("O4"),
            now=MORNING,
        )
    assert gone.value.code == "answer.changed"


def test_consent_to_serve_elsewhere_by_a_text(roster: Published) -> None:
    with transaction() as session:
        session.add(
            Consent(
                unit_id=roster.unit_id,
                person_id=roster.person["O4"],
                asked_by="user:1",
                asked_by_name="Lê Quản Trị",
                asked_at=MORNING,
                expires_at=MORNING + timedelta(days=3),
            )
        )
    assert text("O4", "Đồng ý") == "answered"
    row = db.session.scalars(select(Consent).execution_options(populate_existing=True)).one()
    assert (row.state, row.answered_by) == ("given", people.person_by_code("O4").full_name)


def test_neither_overtime_nor_an_approval_is_among_what_a_text_answers() -> None:
    kinds = {source.kind for source in pending_actions._all()}
    incidents = {"alive", "call", "calls", "question", "minutes"}
    assert kinds == incidents | {"check", "check_in", "confirm", "consent", "ready", "swap"}


def test_the_operator_notes_a_confirmation_with_the_text_as_how_it_was_heard(roster: Published) -> None:
    told("O1")
    assert text("O1", "ca ngày 23 thì được anh nhé") == "unclear"
    reply = last()
    [line] = queries.waiting(factories.ADMIN, now=MORNING)
    [(person, waiting)] = line.maybe
    [ask] = [each for each in waiting if each.kind == "confirm"]
    settling.settle(reply.id, person, ask.kind, ask.ref, yes=True, actor=factories.ADMIN, now=MORNING)
    coming = confirmations.coming(person.id, now=MORNING)
    said = list(confirmations.answers_for(coming).values())
    assert {each.state for each in said} == {"confirmed"} and len(said) == len(coming)
    assert "ca ngày 23 thì được anh nhé" in said[0].note and said[0].via == "phone"
    with pytest.raises(Conflict) as settled:
        settling.dismiss(reply.id, actor=factories.ADMIN, now=MORNING)
    assert settled.value.code == "reply.settled"


def test_the_operator_notes_a_check_and_a_refused_cover(roster: Published) -> None:
    cover(roster)
    noon = datetime(2020, 1, 23, 12, 0, tzinfo=VN)
    with clock.travel(noon):
        checks.start(Check([roster.unit_id]), actor=factories.ADMIN, now=noon)
        text("O1", "em vẫn ở bàn", at=noon)
        ask = next(
            each for each in pending_actions.waiting_for(people.person_by_code("O1"), now=noon) if each.kind == "check"
        )
        one = people.person_by_code("O1")
        settling.settle(last().id, one, ask.kind, ask.ref, yes=True, actor=factories.ADMIN, now=noon)
        row = db.session.scalars(select(DutyCheckAsk).where(DutyCheckAsk.person_id == one.id)).one()
        assert (row.via, row.answered_at) == ("phone", noon) and "em vẫn ở bàn" in row.note
        text("O2", "thế à", at=noon)
        with pytest.raises(Conflict) as none:
            settling.settle(last().id, one, "check", ask.ref, yes=False, actor=factories.ADMIN, now=noon)
        assert none.value.code == "answer.changed", "it was answered already"


def test_a_colleague_without_the_right_settles_nothing(roster: Published) -> None:
    text("O1", "ai đấy")
    for actor in (who("O2"), replace(who("O2"), role="viewer")):
        with pytest.raises(Forbidden):
            settling.dismiss(last().id, actor=actor, now=MORNING)
        assert queries.waiting(actor, now=MORNING) == [] and queries.counted(actor, now=MORNING) == 0
    assert queries.counted(factories.ADMIN, now=MORNING) == 1


@pytest.mark.both_dbs("of two who settle at once one does")
def test_two_operators_at_once_settle_it_once(roster: Published, app: Flask) -> None:
    text("O1", "ai đấy")
    reply_id, done = last().id, list[str]()

    def settle(_number: int) -> None:
        try:
            settling.dismiss(reply_id, actor=factories.ADMIN, now=MORNING)
            done.append("settled")
        except Conflict as fault:
            done.append(fault.code)

    in_parallel(app, 2, settle)
    assert sorted(done) == ["reply.settled", "settled"]


def test_somebody_who_has_left_or_given_the_number_away_answers_nothing(roster: Published) -> None:
    cover(roster)
    with transaction() as session:
        person = session.get_one(type(people.person_by_code("O4")), roster.person["O4"])
        person.active = False
    assert text("O4", "1") == "unclear" and last().person_id is None
    with transaction() as session:
        session.get_one(type(person), roster.person["O4"]).active = True
        session.query(ContactMethod).filter_by(person_id=roster.person["O4"], channel="phone").update(
            {"person_id": roster.person["E3"], "position": 7}
        )
    found = replies.take(IncomingText("text", "+84900000114", "1", "x", True), 1, now=MORNING)
    assert found == "unclear", "O4's ask is not E3's"


def test_what_came_in_is_forgotten_after_its_time(roster: Published) -> None:
    text("O1", "ai đấy")
    assert replies.forget_before(MORNING - timedelta(seconds=1)) == 0
    assert replies.forget_before(MORNING + replies.KEPT_FOR) == 1


def test_a_report_without_a_number_of_its_own_counts_once_an_hour(roster: Published) -> None:
    came = IncomingText("text", phone("O1"), "ai đấy", "abc", False)
    assert [replies.take(came, 1, now=MORNING), replies.take(came, 1, now=MORNING)] == ["unclear", ""]
    later = MORNING + timedelta(hours=1)
    assert replies.take(came, 1, now=later) == "unclear"


def test_pages_offer_to_look_for_somebody_else(roster: Published, client: Any) -> None:
    from people.accounts import services as accounts
    from tests.support import enterprise

    account = accounts.create_user(NewAccount("qt", "Quản trị", "admin"), now=MORNING, actor=factories.ADMIN)
    account.password_hash = enterprise.password_hash()
    db.session.commit()
    enterprise.sign_in(client, "qt")
    told("O1")
    replies.take(IncomingText("text", "+84911222333", "anh Hai đây, ok ca 23", "y", True), 1, now=MORNING)
    page = client.get(f"/roster/replies/?reply={last().id}&person=KHONG-CO")
    assert page.status_code == 200 and "KHONG-CO" in page.text
    page = client.get(f"/roster/replies/?reply={last().id}&person=O1").text
    assert people.person_by_code("O1").full_name in page and "Ghi: xác nhận 2 ca" in page
    assert "1 tin đến chưa rõ" in client.get("/").text and "1 tin đến chưa rõ" in client.get("/calls/").text
    wrong = client.post(f"/roster/replies/{last().id}", data={"do": "yes", "person": "O1", "kind": "x", "ref": "y"})
    assert wrong.status_code == 409 and "không còn chờ" in wrong.text
    assert client.post("/roster/replies/99999", data={"do": "done"}).status_code == 404
    client.post("/language", data={"language": "en"})
    english = client.get("/roster/replies/").text
    assert "Unclear messages" in english and "Missed call" not in english


def test_the_text_about_a_roster_says_that_it_can_be_answered_where_it_can(roster: Published, app: Flask) -> None:
    with http_sink() as sink:
        app.config.update(OUTGOING_ALLOW="127.0.0.0/8")
        with transaction() as session:
            session.query(ContactMethod).filter_by(channel="email").delete()
        set_up("sms", sink, now=MORNING)
        roster.reassign("operations", 1, "O4", at=MORNING)
        assert "trả lời 1" not in _news("O4")
        gateway = db.session.scalars(select(Gateway)).one()
        with transaction() as session:
            session.get_one(Gateway, gateway.id).settings = {**gateway.settings, **HEARS}
        roster.reassign("operations", 2, "O4", at=MORNING)
        body = _news("O4")
        assert "Xác nhận: trả lời 1, hoặc http" in body and len(body) <= 160
        told("O4")
        assert text("O4", "1") == "answered" and last().said == "xác nhận 2 ca"


def _news(code: str) -> str:
    mine = select(Message).where(Message.person_id == people.person_by_code(code).id, Message.channel == "sms")
    return db.session.scalars(mine.order_by(Message.id.desc())).first().body  # type: ignore[union-attr]
