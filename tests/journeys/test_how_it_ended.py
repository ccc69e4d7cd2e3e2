"""Whoever was woken hears how it ended: by a text or push, never by a call, and never beside something newer."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select

from core.db import db as database
from incidents.record.models import Incident
from incidents.response import lifecycle
from notify.models import Message
from tests.support.http_sink import HttpSink
from tests.support.reach_story import ReachStory
from tests.support.tet_night import NIGHT


def endings(person: int | None = None) -> list[Message]:
    """Messages that tell how something went on, in order."""
    database.session.rollback()
    told = select(Message).where(Message.topic.like("incident/%/over"))
    if person is not None:
        told = told.where(Message.person_id == person)
    return list(database.session.scalars(told.order_by(Message.id)))


def texts(sink: HttpSink, since: int = 0) -> list[str]:
    return [each.json["text"] for each in sink.asked[since:]]


def takes(reach: ReachStory, incident: Incident, code: str, **more: object) -> None:
    database.session.rollback()
    lifecycle.acknowledge(incident.id, actor=reach.night.actor(code), now=reach.now, **more)  # type: ignore[arg-type]


def test_who_was_rung_and_sleeps_on_is_told_by_text_that_somebody_else_has_it(reach: ReachStory) -> None:
    sms, voice = reach.sink("sms"), reach.sink("voice")
    incident = reach.log("Mất điện bưu cục Đường Hoà Bình")
    reach.pulse()
    reach.at(60)
    reach.pulse()  # Bình's telephone rings
    assert len(voice.asked) == 1
    reach.at(90)
    takes(reach, incident, "EM1")
    reach.pulse()
    before = len(sms.asked)
    reach.at(106)
    reach.pulse()
    assert texts(sms, before) == [
        f"{incident.code}: Ro Cham Em da nhan luc 02:11. Dong chi khong phai lam gi nua."
    ]
    assert len(voice.asked) == 1, "nobody is rung for it"
    assert [each.state for each in endings()] == ["sent"]
