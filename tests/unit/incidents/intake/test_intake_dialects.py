"""Bodies as other programs make them when nothing but the address is set: what each is read as.

Their shapes were taken from the code that sends them: Uptime Kuma's webhook provider and its heartbeat and monitor
objects, Zabbix's media types, the webhook receiver of Grafana's alerting, Apprise's custom JSON and form plug-ins.
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import quote, urlencode

import pytest

from incidents.intake.dialects import as_it_comes, fields_of, from_form
from incidents.intake.formats import Alarm, MalformedAlarm, pagerduty


def read_alarm(given: dict[str, Any]) -> Alarm:
    return as_it_comes(fields_of(json.dumps(given).encode()))


def short(alarm: Alarm) -> tuple[str, str, str | None, str, int | None]:
    return alarm.form, alarm.action, alarm.key, alarm.title, alarm.severity


# --- Uptime Kuma -----------------------------------------------------------------------------------------------------


def kuma(status: int, said: str = "connect ECONNREFUSED 10.0.12.1:443", **monitor: Any) -> dict[str, Any]:
    about = {
        "id": 12,
        "name": "Bưu cục 12",
        "pathName": "Gia Lai / Bưu cục 12",
        "type": "http",
        "url": "https://bc-12.example",
        "tags": [{"tag_id": 1, "name": "don_vi", "value": "BDA-1"}],
        "basic_auth_pass": "bí mật",
    }
    return {
        "heartbeat": {
            "monitorID": 12,
            "status": status,
            "time": "2020-01-24 19:10:00.123",
            "msg": said,
            "important": True,
            "duration": 60,
            "localDateTime": "2020-01-25 02:10:00",
            "timezone": "Asia/Ho_Chi_Minh",
            "retries": 2,
        },
        "monitor": about | monitor,
        "msg": f"[Bưu cục 12] [{'🔴 Down' if status == 0 else '✅ Up'}] {said}",
    }


def test_uptime_kumas_monitor_is_one_incident_until_it_is_up() -> None:
    down, up = read_alarm(kuma(0)), read_alarm(kuma(1, "200 - OK"))
    assert short(down)[:3] == ("uptime_kuma", "trigger", "kuma/12")
    assert down.title == "Bưu cục 12: connect ECONNREFUSED 10.0.12.1:443"
    told = dict(down.details)
    assert (told["monitor.url"], told["tag.don_vi"]) == ("https://bc-12.example", "BDA-1")
    assert "bí mật" not in str(down), "an old version sends passwords of the monitor along"
    assert (up.action, up.key) == ("resolve", down.key)
    assert [read_alarm(kuma(status)).action for status in (2, 3)] == ["drop", "drop"], "pending, maintenance"


def test_uptime_kumas_form_its_test_and_its_certificates() -> None:
    body = urlencode({"data": json.dumps(kuma(0))}).encode()
    assert as_it_comes(fields_of(body)) == as_it_comes(from_form({"data": json.dumps(kuma(0))})) == read_alarm(kuma(0))
    test = {"heartbeat": None, "monitor": None, "msg": "Trực Tết Testing"}
    expiry = test | {"msg": "[Bưu cục 12][https://bc-12.example] server certificate bc-12 will expire in 7 days"}
    assert short(read_alarm(test)) == ("uptime_kuma", "drop", None, "Trực Tết Testing", None)
    assert short(read_alarm(expiry))[1:3] == ("trigger", None)


# --- Zabbix ----------------------------------------------------------------------------------------------------------

PROBLEM = """Problem started at 02:10:00 on 2020.01.25
Problem name: Không ping được bc-12
Host: bc-12
Severity: High
Operational data: 100 %
Original problem ID: 4711
"""
DEFAULT = {
    "HTTPProxy": "",
    "Message": PROBLEM,
    "Subject": "Problem: Không ping được bc-12",
    "To": "Trực",
    "URL": "https://x",
}
ANSIBLE = {
    "acknowledged": "No",
    "event_id": 4711,
    "event_name": "Không ping được bc-12",
    "event_nseverity": 5,
    "event_source": 0,
    "event_tags": {"don_vi": ["BDA-1"]},
    "event_value": 1,
    "host_host": "bc-12",
    "host_groups": ["Bưu cục", "Gia Lai"],
    "subject": "Event ID: 4711, Host: bc-12, Problem: Không ping được bc-12",
    "trigger_id": 90,
}


def test_zabbix_with_the_parameters_that_a_new_media_type_has() -> None:
    problem = read_alarm(DEFAULT)
    assert short(problem) == ("zabbix", "trigger", "zabbix/4711", "Problem: Không ping được bc-12", None)
    solved = DEFAULT | {
        "Message": PROBLEM.replace("Problem started", "Problem has been resolved"),
        "Subject": "Resolved in 4m 10s: Không ping được bc-12",
    }
    assert (read_alarm(solved).action, read_alarm(solved).key) == ("resolve", problem.key)


def test_zabbix_with_its_events_named() -> None:
    sent = {
        "eventid": "4711",
        "eventvalue": "1",
        "eventname": "Problem: Không ping được bc-12",
        "eventupdate": "0",
        "eventack": "No",
        "severity": "4",
        "hostname": "bc-12",
    }
    assert short(read_alarm(sent)) == ("zabbix", "trigger", "zabbix/4711", "Problem: Không ping được bc-12", 3)
    assert read_alarm(sent | {"eventvalue": "0"}).action == "resolve"
    assert read_alarm(sent | {"eventupdate": "1", "eventack": "Yes"}).action == "acknowledge"
    assert read_alarm(sent | {"eventupdate": "1"}).action == "drop", "somebody wrote a comment there"
    assert read_alarm(sent | {"eventid": "{EVENT.ID}", "eventvalue": "{EVENT.VALUE}"}).action == "drop", (
        "the button Test"
    )
    ansible = read_alarm(ANSIBLE)
    assert short(ansible)[:3] + (ansible.severity,) == ("zabbix", "trigger", "zabbix/4711", 2)
    told = dict(ansible.details)
    assert (told["event_tags.don_vi"], told["host_groups"]) == ("BDA-1", "Bưu cục, Gia Lai")


def test_zabbixs_own_media_type_for_pagerduty() -> None:
    sent = {
        "routing_key": "k",
        "dedup_key": "4711",
        "event_action": "trigger",
        "payload": {
            "summary": "Problem: Không ping được bc-12",
            "source": "bc-12 : 10.0.12.1",
            "severity": "error",
            "custom_details": {"Event host": "bc-12", "Event tags": "don_vi:BDA-1"},
        },
        "links": [{"href": "https://zabbix.example/tr_events.php?triggerid=90&eventid=4711", "text": "Event link"}],
        "client": "Zabbix",
        "client_url": "https://zabbix.example",
    }
    alarm = pagerduty(sent)
    assert short(alarm) == ("pagerduty", "trigger", "4711", "Problem: Không ping được bc-12", 3)
    told = dict(alarm.details)
    assert (told["Event host"], told["links.1.text"]) == ("bc-12", "Event link")
    over = pagerduty({"routing_key": "k", "dedup_key": "4711", "event_action": "resolve"})
    assert (over.action, over.key) == ("resolve", "4711")


# --- Grafana ---------------------------------------------------------------------------------------------------------


def grafana(*states: str, **changes: Any) -> dict[str, Any]:
    alerts = [
        {
            "status": state,
            "labels": {"alertname": "Nhiệt độ", "grafana_folder": "Gia Lai", "may": f"ups-{n}", "severity": "critical"},
            "annotations": {"summary": f"ups-{n} nóng"},
            "startsAt": "2020-01-25T02:10:00+07:00",
            "endsAt": "0001-01-01T00:00:00Z",
            "generatorURL": "https://grafana.example/alerting/grafana/abc/view?orgId=1",
            "fingerprint": f"57c6d9296de2ad3{n}",
            "silenceURL": "https://grafana.example/alerting/silence/new",
            "dashboardURL": "https://grafana.example/d/abc",
            "panelURL": "",
            "values": {"B": 41.5, "C": 1},
            "valueString": "[ var='B' labels={may=ups} value=41.5 ]",
        }
        for n, state in enumerate(states)
    ]
    status = "firing" if "firing" in states else "resolved"
    return {
        "receiver": "truc-tet",
        "status": status,
        "alerts": alerts,
        "groupLabels": {"alertname": "Nhiệt độ", "grafana_folder": "Gia Lai"},
        "commonLabels": {"alertname": "Nhiệt độ", "grafana_folder": "Gia Lai", "severity": "critical"},
        "commonAnnotations": {},
        "externalURL": "https://grafana.example/",
        "version": "1",
        "groupKey": '{}/{__grafana_receiver__="truc-tet"}:{alertname="Nhiệt độ"}',
        "truncatedAlerts": 0,
        "orgId": 1,
        "title": "[FIRING:1] Nhiệt độ Gia Lai",
        "state": "alerting" if status == "firing" else "ok",
        "message": "**Firing** ...",
    } | changes


def test_grafanas_group_is_one_incident_with_values_and_links() -> None:
    alarm = read_alarm(grafana("firing"))
    assert short(alarm)[:2] == ("grafana", "trigger") and (alarm.title, alarm.severity) == ("Nhiệt độ", 2)
    told = dict(alarm.details)
    assert (told["may"], told["values.B"], told["dashboardURL"]) == ("ups-0", "41.5", "https://grafana.example/d/abc")
    over = read_alarm(grafana("resolved"))
    assert (over.action, over.key) == ("resolve", alarm.key)


def test_what_grafana_left_out_may_still_fire() -> None:
    many = read_alarm(grafana("firing", "firing", truncatedAlerts=3))
    assert many.title == "Nhiệt độ (5)" and many.description.endswith("+ 3")
    assert read_alarm(grafana("resolved", "resolved", truncatedAlerts=3)).action == "drop"


def test_grafanas_button_wakes_nobody() -> None:
    labels = {"alertname": "TestAlert", "instance": "Grafana"}
    assert read_alarm(grafana("firing", commonLabels=labels)).action == "drop"


# --- Apprise and whatever else ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "action", "level"),
    [("failure", "trigger", 3), ("warning", "trigger", 3), ("info", "trigger", 4), ("success", "drop", None)],
)
def test_apprises_message_is_shown_and_its_type_says_how_bad(kind: str, action: str, level: int | None) -> None:
    sent = {"version": "1.0", "title": "Sao lưu", "message": "Ổ đĩa đầy\nmáy bc-12", "type": kind, "attachments": []}
    alarm = read_alarm(sent)
    assert short(alarm) == ("apprise", action, None, "Sao lưu", level)
    assert alarm.description == sent["message"]
    form = as_it_comes(fields_of(urlencode(sent | {"attachments": ""}, quote_via=quote).encode()))
    assert (form.title, form.description, form.severity) == (alarm.title, alarm.description, level)


def test_apprise_without_a_title_and_with_a_key_of_its_own() -> None:
    sent = {"version": "1.0", "title": "", "message": "Ổ đĩa đầy", "type": "failure", "dedup_key": "o-dia"}
    assert short(read_alarm(sent))[1:4] == ("trigger", "o-dia", "Ổ đĩa đầy")
    assert short(read_alarm(sent | {"type": "success"}))[1:3] == ("resolve", "o-dia")


@pytest.mark.parametrize(
    ("given", "title", "description"),
    [
        ({"message": "Mất mạng\nbc-12"}, "Mất mạng", "Mất mạng\nbc-12"),
        ({"Subject": "Mất mạng", "text": "ở bc-12"}, "Mất mạng", "ở bc-12"),
        ({"title": "Mất mạng", "message": "ở bc-12"}, "Mất mạng", "ở bc-12"),
    ],
)
def test_other_programs_call_the_title_otherwise(given: dict[str, str], title: str, description: str) -> None:
    alarm = read_alarm(given | {"may": "bc-12"})
    assert (alarm.form, alarm.title, alarm.description) == ("json", title, description)
    assert ("may", "bc-12") in alarm.details


@pytest.mark.parametrize("body", [b"", b"data=%7B", b"data=[1]", b"\xff=1", b"x"])
def test_what_is_neither_json_nor_a_form(body: bytes) -> None:
    with pytest.raises(MalformedAlarm):
        as_it_comes(fields_of(body))


def test_hostile_names_and_values_are_bounded_and_no_password_is_shown() -> None:
    deep: dict[str, Any] = {"a": 1}
    for _n in range(50):
        deep = {"a": deep}
    given = {"title": "x", "api_key": "K", "p\u202e\x00": "v" * 9_999, "deep": deep} | {f"n{n}": n for n in range(999)}
    alarm = read_alarm(given)
    assert "K" not in dict(alarm.details).values() and len(alarm.details) == 40
    assert max(len(value) for _name, value in alarm.details) == 500
