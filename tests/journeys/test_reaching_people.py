"""Reaching people on the night of Mùng 1 by every road: SMS, an automatic call, push, webhooks, beside mail.

Real sockets on the other side; time is travelled through and the worker's pulse is played by ``pulse``, except where
threads are the point.
"""

from __future__ import annotations

import re
import threading
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from core import clock
from core.db import db as database, transaction
from incidents.record import queries
from incidents.record.models import Incident, TimelineEntry
from notify import claims, delivery, outbox
from notify.channels import push
from notify.gateways import breakers
from notify.models import Delivery, Message
from notify.senders import Senders
from people.notification_rules import ladders
from tests.support.carriers import set_up
from tests.support.http_sink import http_sink
from tests.support.live import free_port
from tests.support.push_sink import push_service, sender
from tests.support.reach_story import ReachStory, status
from tests.support.smtp_sink import wait_until
from tests.support.tet_night import NIGHT

BINH_PHONE = "0900000102"


def test_a_person_is_called_by_mail_and_sms_at_once_and_by_voice_when_nobody_answers(reach: ReachStory) -> None:
    sms, voice = reach.sink("sms"), reach.sink("voice")
    assert [rung.channel for rung in ladders.ladder(reach.binh)] == ["email", "sms", "voice"]
    incident = reach.log("Mất điện bưu cục Đường Hoà Bình")
    reach.pulse()
    (text,) = sms.asked
    assert text.json["to"] == "84" + BINH_PHONE[1:]
    assert text.headers["authorization"] == "Bearer khoa-cua-cong"
    words = text.json["text"]
    assert words.isascii() and len(words) <= 160
    assert words.startswith(f"{incident.code} muc 3 buoc 1: Mat dien buu cuc Duong Hoa Binh") and "/a/" in words
    assert len(reach.mail.arrivals) == 1 and voice.asked == []
    assert reach.states(incident) == {"email": "sent", "sms": "sent", "voice": "queued"}
    reach.at(59)
    reach.pulse()
    assert voice.asked == []
    reach.at(60)
    reach.pulse()
    (call,) = voice.asked
    assert call.json["text"].startswith("Trực Tết, bưu điện, gọi") and "Bấm phím 1 để nhận" in call.json["text"]
    assert call.json["callback"].startswith(reach.app.config["PUBLIC_URL"] + "/v/")


def test_acknowledging_takes_back_what_has_not_left(reach: ReachStory, client: FlaskClient) -> None:
    sms, voice = reach.sink("sms"), reach.sink("voice")
    incident = reach.log()
    reach.pulse()
    link = re.search(r"/a/[\w-]+", sms.asked[0].json["text"])
    assert link is not None
    assert client.post(link[0], data={"do": "take"}).status_code == 200
    assert status(incident) == "acknowledged"
    reach.at(300)
    reach.pulse()
    assert voice.asked == []
    assert reach.states(incident)["voice"] in ("cancelled", "taken")


def rung(reach: ReachStory) -> tuple[Incident, str]:
    """Bình's telephone has rung for an incident; what a gateway asks then."""
    voice = reach.sink("voice")
    incident = reach.log()
    reach.pulse()
    reach.at(60)
    reach.pulse()
    return incident, voice.asked[0].json["callback"].removeprefix(reach.app.config["PUBLIC_URL"])


def test_pressing_1_on_the_telephone_takes_the_incident_once(reach: ReachStory, client: FlaskClient) -> None:
    incident, path = rung(reach)
    assert "Bấm phím 1" in client.get(path).json["text"]
    assert client.get(path + "?as=scco").json[1]["eventUrl"].endswith(path + "?as=scco")
    assert status(incident) == "open", "reading takes nothing"
    assert "Chưa ghi nhận" in client.post(path, json={"dtmf": "5"}).json["text"]
    assert client.post(path, json={"dtmf": "1"}).json["taken"] == [incident.code]
    assert status(incident) == "acknowledged"
    again = client.post(path, data={"digits": "1"})
    assert again.status_code == 200 and incident.code in again.json["text"]
    taken = database.session.scalars(select(TimelineEntry).where(TimelineEntry.kind == "acknowledged")).all()
    assert [(entry.who, entry.note) for entry in taken] == [(reach.binh.full_name, "Bấm phím 1 khi nghe máy.")]
    assert client.post("/v/khong-co-duong-dan-nay", data={"digits": "1"}).status_code == 404
    reach.at(3600 * 25)
    assert client.post(path, data={"digits": "1"}).status_code == 410


def test_pressing_2_calls_the_next_step_at_once(reach: ReachStory, client: FlaskClient) -> None:
    incident, path = rung(reach)
    assert "không đi được" in client.post(path, data={"digits": "2"}).json["text"]
    reach.pulse()
    database.session.rollback()
    assert {page.step for page in queries.pages(incident.id)} == {0, 1}


def test_when_the_first_gateway_is_down_the_second_carries(reach: ReachStory) -> None:
    first, second = reach.sink("sms"), reach.sink("sms", name="dự phòng", position=2)
    first.script[:] = ["503 bảo trì", "drop"]
    incident = reach.log()
    reach.pulse()
    other = reach.log("Sự cố thứ hai")
    reach.pulse()
    assert first.asked == [] and len(second.asked) == 2
    assert reach.states(incident)["sms"] == reach.states(other)["sms"] == "sent"
    by_sms = select(Delivery).join(Message).where(Message.channel == "sms").order_by(Delivery.id)
    tries = database.session.scalars(by_sms).all()
    assert [each.detail["gateway"] for each in tries] == ["sms/dự phòng"] * 2
    assert "503" in tries[0].detail["before"][0], "the page tells of the one that failed"
    third = reach.log("Cổng chính đã chạy lại")
    reach.pulse()
    assert len(first.asked) == 1 and reach.states(third)["sms"] == "sent"


def test_a_number_refused_for_good_calls_the_next_way_at_once(reach: ReachStory) -> None:
    sms, voice = reach.sink("sms"), reach.sink("voice")
    sms.script[:] = ["400 số không tồn tại"]
    reach.log()
    reach.pulse()
    assert len(voice.asked) == 1, "the call did not wait its minute"
    assert database.session.scalars(select(Message.state).where(Message.channel == "sms")).all() == ["failed_permanent"]
    assert next(rung for rung in ladders.ladder(reach.binh) if rung.channel == "sms").failing


def test_the_first_failure_calls_the_next_way_and_is_tried_again(reach: ReachStory) -> None:
    sms, voice = reach.sink("sms"), reach.sink("voice")
    sms.script[:] = ["500 lỗi", "500 lỗi"]
    incident = reach.log()
    reach.pulse()
    assert len(voice.asked) == 1 and sms.asked == []
    reach.at(5)
    reach.pulse()
    reach.at(15)
    reach.pulse()
    assert len(sms.asked) == 1 and reach.states(incident)["sms"] == "sent"


def test_a_gateway_that_keeps_failing_is_left_alone_and_gets_everything_when_it_is_well(reach: ReachStory) -> None:
    sms = reach.sink("sms")
    sms.script[:] = ["500 lỗi"] * 3
    people = [reach.night.ids[code] for code in ("BI1", "EM1", "AN1")]
    for number in range(6):
        outbox.enqueue(
            topic=f"thu/{number}",
            key=f"thu/{number}",
            channel="sms",
            address=f"090000020{number}",
            recipient="Thử",
            subject="Thử",
            body="Tin thử",
            now=reach.now,
            ladder=f"thu/{number}",
            facts={},
        )
        outbox.enqueue(
            topic=f"thu/{number}",
            key=f"thu/{number}/mail",
            channel="email",
            address=f"a{number}@vidu.vn",
            recipient="Thử",
            subject="Thử",
            body="Tin thử",
            now=reach.now,
            ladder=f"thu/{number}",
            rung=1,
            delay=timedelta(minutes=5),
        )
    reach.pulse()
    (row,) = breakers.known()
    assert (row.name, row.failures, row.opened_at) == ("sms/chính", 3, NIGHT)
    assert len(sms.script) == 0 and sms.asked == []
    connections = sms.connections
    reach.pulse()
    assert sms.connections == connections, "an open breaker asks nobody"
    reach.pulse()
    assert len(reach.mail.arrivals) == 6, "whoever waits behind it is reached by the next rung at once"
    reach.at(5)
    reach.pulse()
    assert len(sms.asked) == 6, "one probe, then all at once"
    assert breakers.known() == [] and people


def test_a_hundred_alerts_become_a_few_letters_that_say_so(reach: ReachStory, client: FlaskClient) -> None:
    sms, incidents = reach.sink("sms"), []
    for number in range(100):
        reach.at(number * 0.1)
        incidents.append(reach.log(f"Cảnh báo {number}", dedup_key=f"c/{number}"))
    for second in range(20, 60, 2):
        reach.at(second)
        reach.pulse()
    letters = [arrival for arrival in reach.mail.arrivals if arrival.recipient == "bi1@buudien.example"]
    assert len(letters) <= 10
    told = {code for letter in letters for code in re.findall(r"SC-\d{4}-\d+", letter.body)}
    assert told == {incident.code for incident in incidents}, "every call is in one of them"
    texts = [asked.json["text"] for asked in sms.asked if asked.json["to"].endswith(BINH_PHONE[1:])]
    assert len(texts) <= 10 and all(len(text) <= 160 for text in texts)
    counted = [int(text.split()[0]) for text in texts if "su co can tiep nhan" in text]
    assert sum(counted) + len(texts) - len(counted) == 100, "texts have no room for all codes: they count, and link"
    bundle = max(letters, key=lambda letter: len(letter.body))
    assert "sự cố đang chờ đồng chí" in str(bundle.mail["Subject"]) and "bước 1" in bundle.body
    assert set(reach.states(incidents[75]).values()) == {"sent"}
    path = re.search(r"/b/[\w.-]+", bundle.body)
    assert path is not None
    page = client.get(path[0]).text
    assert "100 sự cố đang chờ đồng chí" in page and incidents[7].code in page
    assert client.post(path[0], data={"incident": str(incidents[7].id)}).status_code == 200
    assert status(incidents[7]) == "acknowledged" and status(incidents[8]) == "open"
    assert client.get(path[0][:-3] + "abc").status_code == 404, "the list is signed"


def test_a_bundle_leaves_out_what_was_taken_at_the_last_moment(
    reach: ReachStory, monkeypatch: pytest.MonkeyPatch
) -> None:
    incidents = [reach.log(f"Cảnh báo {number}") for number in range(9)]
    reach.pulse()
    assert len(reach.mail.arrivals) == 5
    waiting = [each for each in incidents if reach.states(each) == {"email": "queued"}]
    assert len(waiting) == 4
    look, seen = delivery.still_ours, []

    def taken_meanwhile(claimed: claims.ClaimedMessages) -> claims.ClaimedMessages | None:
        if len(claimed.parts) > 1 and not seen:
            seen.append(claimed)
            outbox.cancel(f"incident/{waiting[0].id}", now=reach.now)
        return look(claimed)

    monkeypatch.setattr(delivery, "still_ours", taken_meanwhile)
    reach.at(4)
    reach.pulse()
    (_five, bundle) = reach.mail.arrivals[4:]
    assert waiting[0].code not in bundle.body and all(each.code in bundle.body for each in waiting[1:])
    for each in waiting:
        assert reach.states(each)["email"] == ("cancelled" if each is waiting[0] else "sent")


def test_a_bundle_that_was_cut_off_goes_again_as_the_same_letter(reach: ReachStory) -> None:
    for number in range(9):
        reach.log(f"Cảnh báo {number}")
    reach.pulse()
    reach.at(4)
    reach.mail.script[:] = ["take, drop"]
    reach.pulse()
    reach.at(20)
    reach.pulse()
    first, again = reach.mail.arrivals[5:]
    assert first.message_id == again.message_id and first.body == again.body
    assert len({arrival.message_id for arrival in reach.mail.arrivals}) == 6


def test_restricted_incidents_are_listed_by_a_neutral_title(reach: ReachStory) -> None:
    for number in range(9):
        incident = reach.log(f"Túi thư KT1 của Tỉnh ủy {number}", party_state=True, severity=2)
        with transaction():
            database.session.get_one(Incident, incident.id).restricted = True
    reach.pulse()
    reach.at(4)
    reach.pulse()
    assert len(reach.mail.arrivals) == 6
    assert not any(
        "KT1" in arrival.body + arrival.page + str(arrival.mail["Subject"]) for arrival in reach.mail.arrivals
    )


def test_a_storm_of_sms_is_one_text_with_codes_and_a_link(reach: ReachStory) -> None:
    sms = reach.sink("sms")
    for number in range(20):
        reach.log(f"Cảnh báo {number}")
    reach.pulse()
    reach.at(4)
    reach.pulse()
    texts = [asked.json["text"] for asked in sms.asked]
    assert len(texts) == 6 and all(len(text) <= 160 and text.isascii() for text in texts)
    assert texts[-1].startswith("15 su co can tiep nhan: SC-") and "/b/" in texts[-1]


def test_web_push_is_read_by_that_browser_alone_and_a_dead_one_is_given_up(reach: ReachStory) -> None:
    with push_service() as (service, browser):
        reach.device("push", browser.subscription)
        incident = reach.log()
        reach.pulse()
        (asked,) = service.asked
        words = browser.decrypt(asked)
        assert incident.code in words["title"] and "/a/" in words["url"] and "/a/" not in words["body"]
        claims_, public = sender(asked)
        assert claims_["aud"] == service.url and public == push.public_key()
        assert asked.headers["urgency"] == "high" and int(asked.headers["ttl"]) > 0
        service.script[:] = ["410 "]
        reach.log("Lần hai")
        reach.pulse()
        failed = select(Message.state).where(Message.channel == "push").order_by(Message.id)
        assert database.session.scalars(failed).all() == ["sent", "failed_permanent"]


def test_a_webhook_and_what_apprise_speaks_besides(reach: ReachStory) -> None:
    from notify.channels import apprise

    with http_sink() as hook:
        reach.device("apprise", f"json://127.0.0.1:{hook.port}/truc")
        incident = reach.log()
        reach.pulse()
        (asked,) = hook.asked
        assert incident.code in asked.json["title"] and "/a/" in asked.json["message"]
        hook.script[:] = [f"redirect {hook.url}/elsewhere"]
        reach.log("Chuyển hướng")
        reach.pulse()
        assert len(hook.asked) == 1, "no redirect is followed"
    assert apprise.is_usable("zalo://12345:abcdef/998877") and not apprise.is_usable("dbus://")


def test_inner_networks_are_not_reached_through_peoples_addresses(reach: ReachStory) -> None:
    with http_sink() as hook, push_service() as (service, browser):
        reach.device("apprise", f"json://localhost:{hook.port}/")
        reach.device("push", browser.subscription)
        reach.app.config["OUTGOING_ALLOW"] = ""
        reach.log()
        reach.pulse()
        assert (hook.asked, hook.connections, service.asked, service.connections) == ([], 0, [], 0)
        errors = select(Message.last_error).where(Message.channel.in_(("push", "apprise")))
        assert all("not allowed" in error for error in database.session.scalars(errors))


def test_a_hanging_webhook_does_not_delay_mail(reach: ReachStory) -> None:
    """Real sender threads: more webhooks hang than there are threads for them, and every mail arrives."""
    reach.close()
    with http_sink() as hook:
        hook.script[:] = ["hang"] * 8
        now = clock.now()
        for number in range(8):
            facts = {"topic": f"t/{number}", "recipient": "Thử", "subject": "Thử", "body": "Tin", "now": now}
            address = f"json://127.0.0.1:{hook.port}/{number}"
            outbox.enqueue(key=f"h/{number}", channel="apprise", address=address, **facts)
            outbox.enqueue(key=f"m/{number}", channel="email", address=f"a{number}@vidu.vn", **facts)
        stop = threading.Event()
        senders = Senders(reach.app, "test/0/", stop)
        senders.start()
        try:
            senders.wake(("apprise",))
            wait_until(lambda: hook.hanging == 2, what="two webhooks that hang")
            senders.wake(delivery.due_channels(now=clock.now()))
            reach.mail.wait_for(8)
            assert hook.asked == []
        finally:
            stop.set()
            hook._closing.set()
            senders.join(lambda: 20.0)
    assert senders.alive() == 0


def test_a_person_without_any_way_is_called_by_hand(reach: ReachStory) -> None:
    from people.models import ContactMethod

    with transaction() as session:
        session.query(ContactMethod).filter_by(person_id=reach.binh.id).delete()
    incident = reach.log()
    reach.pulse()
    assert reach.states(incident)["none"] == "by_hand"


def test_a_delivery_report_is_shown_and_a_bad_one_calls_the_next_way(reach: ReachStory, client: FlaskClient) -> None:
    sms, voice = reach.sink("sms"), reach.sink("voice")
    incident = reach.log()
    reach.pulse()
    report = sms.asked[0].json["report"].removeprefix(reach.app.config["PUBLIC_URL"])
    assert client.post(report[:-2] + "xx", json={"id": "1", "status": "failed"}).status_code == 404
    assert client.post(report, json={"id": "1", "status": "undelivered"}).status_code == 200
    assert reach.states(incident)["sms"] == "undelivered"
    reach.pulse()
    assert len(voice.asked) == 1, "the call did not wait its minute"
    assert client.get(f"{report}?id=khac&status=delivered").text == "unknown", "of no message of ours"


def test_the_same_port_again_after_an_outage(reach: ReachStory) -> None:
    """A gateway that was away is used again as soon as it is back."""
    port = free_port()
    with http_sink(port) as sink:
        set_up("sms", sink, now=reach.now)
    incident = reach.log()
    reach.pulse()
    assert reach.states(incident)["sms"] == "queued"
    with http_sink(port) as sink:
        reach.at(5)
        reach.pulse()
        assert len(sink.asked) == 1
    assert reach.states(incident)["sms"] == "sent"
