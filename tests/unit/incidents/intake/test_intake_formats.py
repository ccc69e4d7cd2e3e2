"""What monitoring tools send, read as alarms; what they get wrong, named."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given, strategies as st

from incidents.intake.cleaning import (
    LONGEST_DESCRIPTION,
    LONGEST_KEY,
    LONGEST_NAME,
    LONGEST_TITLE,
    LONGEST_VALUE,
    MOST_DETAILS,
)
from incidents.intake.dialects import READERS
from incidents.intake.formats import MalformedAlarm, alertmanager, generic, pagerduty, parse

PD = {"summary": "Máy chủ bưu cục 12 không trả lời", "source": "bc-12", "severity": "critical"}


def event(**changes: Any) -> dict[str, Any]:
    return {"routing_key": "k", "event_action": "trigger", "dedup_key": "bc-12", "payload": PD} | changes


def group(*states: str, **changes: Any) -> dict[str, Any]:
    alerts = [
        {"status": state, "labels": {"alertname": "Down", "host": f"h{n}"}, "annotations": {"summary": f"h{n} im"}}
        for n, state in enumerate(states)
    ]
    status = "firing" if "firing" in states else "resolved"
    return {
        "version": "4",
        "groupKey": '{}:{alertname="Down"}',
        "status": status,
        "groupLabels": {"alertname": "Down"},
        "commonLabels": {"alertname": "Down", "severity": "warning"},
        "commonAnnotations": {},
        "alerts": alerts,
    } | changes


def test_a_pagerduty_trigger_says_what_where_and_how_bad() -> None:
    alarm = pagerduty(event(payload=PD | {"component": "router", "custom_details": {"mất gói": "100 %"}}))
    assert (alarm.action, alarm.key, alarm.title, alarm.severity) == ("trigger", "bc-12", PD["summary"], 2)
    assert alarm.description == "source: bc-12"
    assert dict(alarm.details) == {"source": "bc-12", "component": "router", "mất gói": "100 %"}


@pytest.mark.parametrize(("word", "level"), [("critical", 2), ("error", 3), ("warning", 3), ("info", 4)])
def test_no_tool_claims_the_level_of_fire_and_people_hurt(word: str, level: int) -> None:
    assert pagerduty(event(payload=PD | {"severity": word})).severity == level


def test_a_trigger_without_a_key_is_one_that_nobody_names_again() -> None:
    assert pagerduty(event(dedup_key=None)).key is None
    assert generic({"title": "Mất điện"}).key is None


def test_acknowledge_and_resolve_need_a_key_and_no_payload() -> None:
    for action in ("acknowledge", "resolve"):
        assert pagerduty({"event_action": action, "dedup_key": "bc-12"}).key == "bc-12"
        with pytest.raises(MalformedAlarm, match="'dedup_key' is missing"):
            pagerduty({"event_action": action})


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"event_action": "shout"}, "'event_action'"),
        ({"payload": None}, "'payload' is missing"),
        ({"payload": PD | {"summary": " "}}, "'payload.summary'"),
        ({"payload": PD | {"source": 7}}, "'payload.source'"),
        ({"payload": PD | {"severity": "awful"}}, "'payload.severity' must be"),
        ({"dedup_key": 7}, "'dedup_key' must be a string"),
        ({"dedup_key": "k" * 256}, "longer than 255"),
    ],
)
def test_a_wrong_pagerduty_event_is_told_what_is_wrong(wrong: dict[str, Any], told: str) -> None:
    with pytest.raises(MalformedAlarm, match=told):
        pagerduty(event(**wrong))


def test_a_group_of_alerts_is_one_alarm_as_long_as_any_fires() -> None:
    alarm = alertmanager(group("firing", "resolved", "firing"))
    assert (alarm.action, alarm.title, alarm.severity) == ("trigger", "Down (2)", 3)
    assert "h0 im" in alarm.description and "h1 im" not in alarm.description
    done = alertmanager(group("resolved", "resolved"))
    assert (done.action, done.key) == ("resolve", alarm.key)


def test_without_a_common_severity_the_worst_alert_counts() -> None:
    sent = group("firing", "firing", commonLabels={"alertname": "Down"})
    sent["alerts"][0]["labels"]["severity"] = "info"
    sent["alerts"][1]["labels"]["severity"] = "critical"
    assert alertmanager(sent).severity == 2


def test_a_group_without_a_key_is_known_by_its_labels() -> None:
    first, again = (alertmanager(group(state, groupKey=None)) for state in ("firing", "resolved"))
    assert first.key and first.key == again.key


@pytest.mark.parametrize("wrong", [{"alerts": []}, {"alerts": ["x"]}, {"status": "sleeping"}])
def test_what_is_no_notice_of_alertmanager(wrong: dict[str, Any]) -> None:
    with pytest.raises(MalformedAlarm):
        alertmanager(group("firing") | wrong)


@pytest.mark.parametrize(("severity", "level"), [(1, 1), ("4", 4), ("WARNING", 3), (None, None)])
def test_generic_takes_numbers_and_words(severity: Any, level: int | None) -> None:
    assert generic({"title": "Mất điện", "severity": severity, "category": "power"}).severity == level


@pytest.mark.parametrize(
    ("status", "action"),
    [(None, "trigger"), ("open", "trigger"), ("Resolved", "resolve"), ("acknowledged", "acknowledge")],
)
def test_generic_status_says_what_to_do(status: str | None, action: str) -> None:
    assert generic({"title": "Mất điện", "dedup_key": "a", "status": status}).action == action


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"title": ""}, "'title'"),
        ({"title": "x", "severity": 9}, "'severity'"),
        ({"title": "x", "severity": True}, "'severity'"),
        ({"title": "x", "status": "maybe"}, "'status'"),
        ({"status": "resolved"}, "'dedup_key' is missing"),
        ({"title": "x", "dedup_key": 3}, "'dedup_key' must be"),
    ],
)
def test_a_wrong_flat_body_is_told_what_is_wrong(wrong: dict[str, Any], told: str) -> None:
    with pytest.raises(MalformedAlarm, match=told):
        generic(wrong)


def test_a_long_title_is_cut_and_kept_whole_in_the_description() -> None:
    alarm = generic({"title": "đ" * 999, "description": "x" * 9_999})
    assert len(alarm.title) == LONGEST_TITLE and alarm.title.endswith("…")
    assert alarm.description.startswith("đ" * 999) and len(alarm.description) == LONGEST_DESCRIPTION


@pytest.mark.parametrize("body", [b"", b"{", b"[1]", b"\xff\xfe", b"[" * 100_000])
def test_a_body_that_is_no_object(body: bytes) -> None:
    with pytest.raises(MalformedAlarm):
        parse(body)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["title", "status", "alerts", "labels", "payload", "summary", "dedup_key"]) | st.text(),
            inner,
            max_size=4,
        )
    ),
    max_leaves=12,
)


@pytest.mark.parametrize("kind", READERS)
@given(
    fields=st.dictionaries(
        st.sampled_from(
            [
                "title",
                "status",
                "severity",
                "dedup_key",
                "groupKey",
                "commonLabels",
                "alerts",
                "event_action",
                "payload",
                "description",
                "msg",
                "heartbeat",
                "monitor",
                "message",
                "type",
                "eventid",
                "event_value",
                "truncatedAlerts",
            ]
        ),
        JSON,
    )
)
def test_whatever_comes_is_an_alarm_that_can_be_kept_or_malformed(kind: str, fields: dict[str, Any]) -> None:
    try:
        alarm = READERS[kind](parse(json.dumps(fields).encode()))
    except MalformedAlarm as fault:
        assert fault.errors
        return
    assert len(alarm.title) <= LONGEST_TITLE and len(alarm.description) <= LONGEST_DESCRIPTION
    assert alarm.key is None or 0 < len(alarm.key) <= LONGEST_KEY
    assert len(alarm.details) <= MOST_DETAILS
    assert all(0 < len(name) <= LONGEST_NAME and 0 < len(value) <= LONGEST_VALUE for name, value in alarm.details)
    for text in (alarm.title, alarm.description, alarm.key or "", *(text for pair in alarm.details for text in pair)):
        assert "\x00" not in text
        text.encode()
    if alarm.action == "trigger":
        assert alarm.title.strip()


@pytest.mark.parametrize("category", ["\ud800", "fire\x00", 7, ["fire"]])
def test_a_category_that_no_database_can_look_up_is_none(category: Any) -> None:
    assert generic({"title": "Mất điện", "category": category}).category is None
    assert generic({"title": "Mất điện", "category": "power"}).category == "power"
