"""What was really said: each attempt keeps the words that its gateway handed over, without secrets, for a day."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from core.db import db as database
from notify import erasing, outbox
from notify.models import Delivery, Message
from people.contact import verification
from people.notification_rules import ladders, rules as rungs
from tests.support.carriers import set_up
from tests.support.enterprise import sign_in
from tests.support.http_sink import http_sink
from tests.support.reach_story import ReachStory
from tests.support.tet_night import ADMIN


def words(channel: str) -> list[str]:
    """Of every attempt by that channel, in order."""
    database.session.rollback()
    kept = select(Delivery.words).join(Message, Message.id == Delivery.message_id).where(Message.channel == channel)
    return list(database.session.scalars(kept.order_by(Delivery.id)))


def message(channel: str) -> Message:
    database.session.rollback()
    return database.session.scalars(select(Message).where(Message.channel == channel).order_by(Message.id)).first()  # type: ignore[return-value]


def test_the_outbox_shows_the_words_that_left_by_each_channel(reach: ReachStory, client: FlaskClient) -> None:
    sms, voice = reach.sink("sms", text="{code} cap {severity}: {title}. {link}"), reach.sink("voice")
    reach.log("Mất điện bưu cục Đường Hoà Bình")
    reach.pulse()
    reach.at(60)
    reach.pulse()
    token = sms.asked[0].json["text"].rpartition("/")[2]
    assert words("sms") == [sms.asked[0].json["text"].replace(token, "…")]
    assert words("voice") == [voice.asked[0].json["text"]]
    assert words("email")[0].startswith(message("email").subject)
    sign_in(client, "qt1")
    for channel in ("sms", "voice", "email"):
        page = client.get(f"/outbox/{message(channel).id}").text
        assert "Lời đã chuyển đi" in page and token not in page, channel
    page = client.get(f"/outbox/{message('sms').id}").text
    assert "cap 3: Mat dien buu cuc Duong Hoa Binh" in page, "its own body was never sent"
    assert "giữ một ngày" in page


def test_each_attempt_has_the_words_of_the_gateway_that_was_asked(reach: ReachStory) -> None:
    first = reach.sink("sms", text="MOT {code} {link}")
    first.answer = "503 busy"
    reach.log()
    reach.pulse()
    assert words("sms")[0].startswith("MOT ")
    second = reach.stack.enter_context(http_sink())
    set_up("sms", second, now=reach.now, name="dự phòng", position=2, text="HAI {code} {link}")
    reach.at(6)
    reach.pulse()
    assert second.asked[0].json["text"].startswith("HAI ")
    assert [said[:4] for said in words("sms")] == ["MOT ", "HAI "]


@pytest.mark.both_dbs("found by an index of their own")
def test_they_are_forgotten_after_a_day_but_not_while_it_is_still_tried(reach: ReachStory) -> None:
    sms = reach.sink("sms")
    sms.answer = "503 busy"
    reach.log()
    reach.pulse()
    later = reach.now + erasing.KEPT_FOR + timedelta(minutes=1)
    erasing.sweep(now=later)
    assert words("email") == [""] and words("sms")[0] != ""
    outbox.cancel(message("sms").topic, now=reach.now)
    erasing.sweep(now=later)
    assert set(words("sms")) == {""}


def test_a_code_is_never_kept(reach: ReachStory) -> None:
    sms = reach.sink("sms")
    rung = next(each for each in ladders.ladder(reach.binh) if each.channel == "sms")
    verification.send(reach.binh.code, rungs.way(rung), now=reach.now, actor=ADMIN)
    reach.pulse()
    assert re.search(r"\d{6}", sms.asked[0].json["text"])
    assert words("sms") == [""]
