"""A trial is sent as a call is: services that ring people for alarms alone make an alarm of it, by every way."""

from __future__ import annotations

from datetime import timedelta

import apprise.plugins.jira
import apprise.plugins.opsgenie
import pytest
from sqlalchemy import select

from core.db import db as database
from desk.audit.findings import findings
from notify.models import Message
from people.contact import trials
from tests.support.http_sink import http_sink
from tests.support.push_sink import push_service
from tests.support.reach_story import ReachStory
from tests.support.tet_night import ADMIN

pytestmark = pytest.mark.both_dbs("the outbox is locked and claimed")


@pytest.mark.parametrize(("name", "address"), [("opsgenie", "opsgenie://khoa/"), ("jira", "jira://khoabimat1/")])
def test_a_trial_makes_the_alert_that_a_call_would_make(
    reach: ReachStory, monkeypatch: pytest.MonkeyPatch, name: str, address: str
) -> None:
    with http_sink() as provider:
        provider.answer = '200 {"requestId": "{n}", "result": "Request will be processed"}'
        plugin, lookup = getattr(apprise.plugins, name), f"{name.upper()}_API_LOOKUP"
        monkeypatch.setattr(plugin, lookup, dict.fromkeys(getattr(plugin, lookup), f"{provider.url}/alerts"))
        reach.device("apprise", address)
        trials.send("BI1", now=reach.now, actor=ADMIN)
        reach.pulse()
        (asked,) = provider.asked
        assert asked.path == "/alerts" and asked.json["details"]["type"] == "failure"
        assert "gửi thử" in asked.json["message"]


def test_every_way_is_tried_as_a_call_leaves_and_behind_all_calls(reach: ReachStory) -> None:
    sms = reach.sink("sms")
    with http_sink() as hook, push_service() as (service, browser):
        reach.device("apprise", f"json://127.0.0.1:{hook.port}/truc")
        reach.device("push", browser.subscription)
        trials.send("BI1", now=reach.now, actor=ADMIN)
        sent = database.session.scalars(select(Message).where(Message.topic.like("trial/%"))).all()
        assert {each.channel for each in sent} >= {"push", "sms", "apprise"}
        assert all(each.urgent for each in sent)
        assert {each.rank for each in sent} == {3}, "real calls leave first"
        reach.log()
        reach.pulse()
        trial, call = sorted((each.json for each in hook.asked), key=lambda each: "gửi thử" not in each["title"])
        assert (trial["type"], call["type"]) == ("failure", "failure")
        assert "SC-" not in trial["title"] and "gửi thử" not in call["message"], "neither shares a letter"
        assert {asked.headers["urgency"] for asked in service.asked} == {"high"}
        assert sms.asked


def test_a_trial_to_a_host_that_is_away_is_no_fault_of_the_system(reach: ReachStory) -> None:
    with http_sink() as hook:
        port = hook.port
    reach.device("apprise", f"json://127.0.0.1:{port}/truc")
    trials.send("BI1", now=reach.now, actor=ADMIN)
    for _each in range(4):
        reach.pulse()
        reach.now += timedelta(minutes=2)
    assert "messages_waiting" not in {each.kind for each in findings(now=reach.now)}
