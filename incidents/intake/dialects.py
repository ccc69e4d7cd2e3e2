"""PURE how Uptime Kuma, Zabbix, Grafana and Apprise say it when nothing is changed in them but the address.

Told apart by what only they send; what is none of theirs is our own flat JSON. Tests of a program, good news that ends
nothing and what it says in between are ``drop``: kept, and nobody is called.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl

from incidents.intake import formats
from incidents.intake.cleaning import (
    description_of,
    details_of,
    first_line,
    flat,
    key_of,
    level_of,
    object_in,
    title_of,
)
from incidents.intake.formats import Action, Alarm, MalformedAlarm, parse

Fields = Mapping[str, Any]

_KUMA: dict[str, Action] = {"0": "trigger", "1": "resolve"}
_KUMA_MONITOR = ("name", "pathName", "description", "type", "url", "hostname", "port", "keyword", "interval")
_KUMA_BEAT = ("msg", "localDateTime", "timezone", "time", "ping", "duration", "retries")
_ZABBIX_LEVELS = {"0": 4, "1": 4, "2": 3, "3": 3, "4": 3, "5": 2}
_ZABBIX_WORDS = {"notclassified": 4, "information": 4, "warning": 3, "average": 3, "high": 3, "disaster": 2}
_ZABBIX_PROBLEM = re.compile(r"^Original problem ID: *(\d+)", re.M)
_ZABBIX_OWN = frozenset({"Message", "message", "alert_message", "HTTPProxy", "httpproxy", "URL", "To"})
_MACRO = re.compile(r"\{[A-Z$][A-Z0-9_.]*\}|\*UNKNOWN\*")
"""What Zabbix leaves standing where it knows nothing: somebody presses "Test"."""
_APPRISE = {"info": 4, "warning": 3, "failure": 3, "success": None}
_TITLES = ("title", "subject", "summary", "message", "text")


def fields_of(raw: bytes) -> Fields:
    """The fields in a body: a JSON object, or a form whose field ``data`` may hold one. Raises ``MalformedAlarm``."""
    if raw.lstrip()[:1] in (b"{", b"[") or b"=" not in raw:
        return parse(raw)
    try:
        pairs = parse_qsl(raw.decode("utf-8"), max_num_fields=1000)
    except (UnicodeDecodeError, ValueError):
        raise MalformedAlarm("the body is neither JSON nor a form in UTF-8") from None
    return from_form(dict(pairs))


def from_form(sent: Mapping[str, str]) -> Fields:
    """A form that was taken apart already. Raises ``MalformedAlarm``."""
    if set(sent) == {"data"}:
        return parse(sent["data"].encode("utf-8", "replace"))
    if not sent:
        raise MalformedAlarm("the form is empty")
    return sent


def as_it_comes(given: Fields) -> Alarm:
    """Whatever program it was, read in its own manner. Raises ``MalformedAlarm``."""
    if "msg" in given and ("heartbeat" in given or "monitor" in given):
        return uptime_kuma(given)
    if isinstance(given.get("alerts"), list):
        return grafana(given)
    if "message" in given and isinstance(given.get("type"), str) and given["type"] in _APPRISE:
        return apprise(given)
    plain = {_plain(name): value for name, value in given.items()}
    if {"eventid", "eventvalue"} <= set(plain) or _ZABBIX_PROBLEM.search(str(plain.get("message", ""))):
        return zabbix(plain, given)
    return flat_json(given)


def uptime_kuma(given: Fields) -> Alarm:
    """Its webhook, as JSON or in the field ``data`` of a form: one incident a monitor, over when it is up again."""
    beat, monitor, said = object_in(given, "heartbeat"), object_in(given, "monitor"), str(given.get("msg") or "")
    along = details_of(
        [(f"monitor.{name}", monitor.get(name)) for name in _KUMA_MONITOR]
        + [(f"heartbeat.{name}", beat.get(name)) for name in _KUMA_BEAT]
        + [(f"tag.{tag.get('name')}", tag.get("value") or "✓") for tag in _objects(monitor.get("tags"))]
    )
    if not beat:  # its test, or a certificate that runs out: no monitor is named
        action: Action = "drop" if said.endswith(" Testing") or not title_of(said) else "trigger"
        return Alarm(action, None, title_of(said), description_of(said, []), form="uptime_kuma", details=along)
    action = _KUMA.get(str(beat.get("status")), "drop")
    key = monitor.get("id") or beat.get("monitorID") or monitor.get("name")
    why = str(beat.get("msg") or "").strip()
    name = str(monitor.get("name") or "").strip()
    title = first_line(f"{name}: {why}" if name and why else name, said, "Uptime Kuma")
    told = description_of(title, [said] if said != title else [])
    return Alarm(action, key_of(f"kuma/{key}"), title_of(title), told, form="uptime_kuma", details=along)


def grafana(given: Fields) -> Alarm:
    """Its webhook is Alertmanager's with a title and a message of its own; the button "Test" has a name of its own."""
    alarm = formats.alertmanager(given)
    if not isinstance(given.get("orgId"), int):
        return alarm
    labels = object_in(given, "commonLabels")
    is_test = labels.get("alertname") == "TestAlert" and labels.get("instance") == "Grafana"
    return replace(alarm, form="grafana", action="drop" if is_test else alarm.action)


def zabbix(plain: Fields, given: Fields) -> Alarm:
    """A webhook that sends the parameters of its media type. ``plain``: by their names without marks and capitals."""
    message = str(plain.get("message") or plain.get("alertmessage") or plain.get("triggerdescription") or "")
    found = _ZABBIX_PROBLEM.search(message)
    event = str(plain.get("eventid") or (found.group(1) if found else "")).strip()
    title = first_line(*(plain.get(name) for name in ("subject", "eventname", "triggername")), message, "Zabbix")
    word = str(plain.get("eventnseverity") or plain.get("nseverity") or plain.get("severity") or "").strip()
    level = _ZABBIX_LEVELS.get(word) or _ZABBIX_WORDS.get(_plain(word or str(plain.get("eventseverity") or "")))
    action = _zabbix_action(plain, event, message)
    return Alarm(
        action,
        key_of(f"zabbix/{event}") if event else None,
        title_of(title),
        description_of(title, [message] if message.strip() != title.strip() else []),
        level or level_of(plain.get("eventseverity")),
        form="zabbix",
        details=details_of(flat(given, without=_ZABBIX_OWN)),
    )


def _zabbix_action(plain: Fields, event: str, message: str) -> Action:
    value = str(plain.get("eventvalue", "")).strip()
    if not event or _MACRO.search(event) or _MACRO.fullmatch(value):
        return "drop"
    if value == "0" or (not value and message.startswith("Problem has been resolved")):
        return "resolve"
    updated = str(plain.get("eventupdatestatus", plain.get("eventupdate", "0"))).strip()
    if updated == "1":
        done = str(plain.get("eventackstatus", plain.get("eventack", plain.get("acknowledged", ""))))
        return "acknowledge" if done.strip().lower() == "yes" else "drop"
    return "trigger"


def apprise(given: Fields) -> Alarm:
    """``version, title, message, type, attachments``, as JSON or as a form. Files are not kept. Without a key of its
    own nobody can end it, so what went well is dropped."""
    kind, message = given["type"], str(given["message"] or "")
    title = first_line(given.get("title"), message, "Apprise")
    left_out = formats.OWN_FIELDS | {"version", "message", "type", "attachments"}
    alarm = formats.generic(
        {name: value for name, value in given.items() if name in formats.OWN_FIELDS}
        | {"title": title, "severity": given.get("severity") or _APPRISE[kind], "description": message}
    )
    if kind == "success" and not given.get("status"):
        alarm = replace(alarm, action="resolve" if alarm.key else "drop")
    along = details_of([("type", kind), *flat(given, without=left_out)])
    told = description_of(title, [message] if message.strip() != title else [])
    return replace(alarm, form="apprise", description=told, details=along)


def flat_json(given: Fields) -> Alarm:
    """Our own fields; whoever knows no ``title`` may call it subject, summary, message or text."""
    words = {str(name).lower(): value for name, value in given.items() if isinstance(value, str)}
    title = given.get("title") or first_line(*(words.get(each) for each in _TITLES))
    if not isinstance(title, str) or not title:
        return formats.generic(given)
    rest = {name: value for name, value in given.items() if str(name).lower() not in _TITLES}
    message = words.get("message") or words.get("text") or words.get("summary") or ""
    told = given.get("description") or (message if message.strip() != title else None)
    return formats.generic(rest | {"title": title, "description": told})


def _plain(name: Any) -> str:
    return re.sub(r"[\W_]", "", str(name)).lower()


def _objects(found: Any) -> list[dict[str, Any]]:
    return [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []


def kept(given: Fields) -> bytes:
    """A form as it is kept: the JSON in it, or its fields as JSON; without files."""
    if set(given) == {"data"}:
        return str(given["data"]).encode("utf-8", "replace")
    return json.dumps(dict(given), ensure_ascii=False).encode("utf-8", "replace")


READERS: dict[str, Callable[[Fields], Alarm]] = {
    "pagerduty": formats.pagerduty,
    "alertmanager": formats.alertmanager,
    "generic": as_it_comes,
}
"""kind of intake → what reads its bodies."""


def read_by(kind: str, body: str) -> Alarm:
    """A pasted body, as that kind of source reads it. Raises ``MalformedAlarm``; KeyError of a heartbeat."""
    return READERS[kind](fields_of(body.encode("utf-8", "replace")))
