"""A provider takes every text and lets them lie: others carry what is urgent until it is quick again."""

from __future__ import annotations

from datetime import timedelta

from flask.testing import FlaskClient
from sqlalchemy import select

from core.db import db as database, transaction
from core.models import AuditEntry
from notify import delivery, delivery_reports, outbox
from notify.gateways import breakers, watching
from notify.gateways.breakers import GatewayTrial
from notify.gateways.models import Gateway
from notify.models import Message
from people.accounts import keys
from tests.support.enterprise import sign_in
from tests.support.reach_story import ReachStory
from tests.support.tet_night import ADMIN


def send(reach: ReachStory, *, urgent: bool = True) -> Message:
    made = outbox.enqueue(
        topic="t",
        key=f"k/{reach.now.isoformat()}",
        channel="sms",
        address="0900000102",
        recipient="Bình",
        subject="s",
        body="Thử",
        now=reach.now,
        urgent=urgent,
    )
    delivery.deliver_due(owner="story")
    database.session.rollback()
    return database.session.get_one(Message, made.id, populate_existing=True)


def arrives(reach: ReachStory, message: Message) -> None:
    row = database.session.get_one(Message, message.id)
    row.reported, row.reported_at = "delivered", reach.now
    database.session.commit()


def minute(reach: ReachStory, number: float) -> None:
    reach.at(number * 60)
    watching.look(reach.now)
    database.session.rollback()


def test_what_is_urgent_goes_by_the_quick_provider_until_the_slow_one_is_quick_again(
    reach: ReachStory, client: FlaskClient
) -> None:
    slow, quick = reach.sink("sms", name="một"), reach.sink("sms", name="hai", position=2)
    slow.answer, quick.answer = '200 {"id": "m-{n}"}', '200 {"id": "h-{n}"}'
    arrives(reach, send(reach))
    # Three texts are taken and lie there.
    for number in (1, 2, 3):
        minute(reach, number)
        assert send(reach).carried_by == "sms/một"
    minute(reach, 8)
    assert send(reach).carried_by == "sms/một", "two are late, the third may still come"
    minute(reach, 8.5)
    led_around = send(reach)
    assert led_around.carried_by == "sms/hai" and led_around.attempts == 1
    assert len(slow.asked) + len(quick.asked) == 6, "each text once"
    sign_in(client, "qt1")
    page = client.get("/gateways/").text
    assert "Chậm" in page and "từ 02:18" in page and "3/4 tin gần đây" in page
    assert "Tin khẩn đi cổng khác trước" in page
    _key, secret = keys.create_api_key(keys.NewApiKey("theo dõi", "viewer"), now=reach.now, actor=ADMIN)
    told = client.get("/metrics", headers={"Authorization": f"Bearer {secret}"}).text
    assert 'tructet_gateway_slow{gateway="sms/một"} 1' in told
    assert 'tructet_gateway_texts{gateway="sms/một",what="late"} 3' in told
    # The quick one fails: nothing is lost, the slow one carries.
    quick.answer = "503 hỏng"
    minute(reach, 9)
    fallen_back = send(reach)
    assert fallen_back.carried_by == "sms/một" and fallen_back.attempts == 1
    with transaction():
        for _each in range(3):
            breakers.note([GatewayTrial("sms/hai", "503")], now=reach.now)
    page = client.get("/gateways/").text
    assert "Chậm" in page and "Tin khẩn đi cổng khác trước" not in page and "Không có cổng nào nhanh hơn" in page
    breakers.forget("sms/hai", now=reach.now)
    database.session.commit()
    quick.answer = '200 {"id": "h-{n}"}'
    # Notices keep going the configured way, and show that it is quick again.
    for number in range(10, 18):
        minute(reach, number)
        notice = send(reach, urgent=False)
        assert notice.carried_by == "sms/một"
        reach.now += timedelta(seconds=10)
        arrives(reach, notice)
    minute(reach, 19)
    assert send(reach).carried_by == "sms/một"
    assert "Chậm" not in client.get("/gateways/").text
    verbs = database.session.scalars(select(AuditEntry.action).where(AuditEntry.action.like("gateway.%w")))
    assert list(verbs) == ["gateway.slow"]


def test_when_all_are_slow_or_none_reports_the_order_of_the_settings_holds(reach: ReachStory) -> None:
    """A provider that was never told our address for reports is no slow one."""
    reach.sink("sms", name="một")
    reach.sink("sms", name="hai", position=2)
    for number in range(6):
        minute(reach, number)
        assert send(reach).carried_by == "sms/một"
    minute(reach, 12)
    assert send(reach).carried_by == "sms/một", "no receipts at all: not judged by them"


def test_no_provider_reports_of_what_another_one_carried(reach: ReachStory) -> None:
    """Each counts its messages from one, and whoever knows the address for reports of one speaks for that one alone."""
    one, two = reach.sink("sms", name="một"), reach.sink("sms", name="hai", position=2)
    one.answer = two.answer = '200 {"id": "17"}'
    first = send(reach)
    one.answer = "503 hỏng"
    reach.at(60)
    second = send(reach)
    assert (first.carried_by, second.carried_by) == ("sms/một", "sms/hai")
    ids = {row.name: row.id for row in database.session.scalars(select(Gateway))}
    told = {"id": "17", "status": "delivered"}
    assert delivery_reports.take(ids["một"], told, now=reach.now)
    database.session.expire_all()
    assert (first.reported, second.reported) == ("delivered", "")
    # A gateway that got another name meanwhile still tells of its messages.
    with transaction() as session:
        session.get_one(Gateway, ids["hai"]).name = "hai (mới)"
    assert delivery_reports.take(ids["hai"], told, now=reach.now)
    database.session.expire_all()
    assert second.reported == "delivered"
