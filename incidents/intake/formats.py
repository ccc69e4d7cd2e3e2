"""PURE what monitoring tools send, as alarms. Each reader raises ``MalformedAlarm`` with what is wrong, field by field.

Sources: PagerDuty Events API v2 (event_action, dedup_key, payload), Alertmanager's webhook version 4 (one notice for a
group of alerts, known by its groupKey), and a flat JSON object of our own. What other programs send as they come:
``incidents.intake.dialects``.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from incidents.intake.cleaning import (
    LONGEST_KEY,
    SEVERITIES,
    Details,
    clean,
    description_of,
    details_of,
    digest,
    flat,
    key_of,
    level_of,
    lines,
    object_in,
    title_of,
)

Action = Literal["trigger", "acknowledge", "resolve", "drop"]
UNREADABLE = "unreadable"
"""The form of what nobody could read: no rule sorts it, no group holds it."""

_STATES: dict[str, Action] = {
    "trigger": "trigger",
    "firing": "trigger",
    "open": "trigger",
    "problem": "trigger",
    "down": "trigger",
    "acknowledge": "acknowledge",
    "acknowledged": "acknowledge",
    "resolve": "resolve",
    "resolved": "resolve",
    "ok": "resolve",
    "recovered": "resolve",
    "up": "resolve",
}


@dataclass(frozen=True)
class Alarm:
    """One thing to raise, acknowledge or resolve; ``key`` says which (None: one that nobody can name again).
    ``severity`` None: as the category says.

    ``drop``: good news, a test, or what says nothing about an incident: it is kept and does nothing, unless a rule of
    the source raises it. ``form``: in whose manner it was read. ``details``: names and values that came along.
    ``at_least``: the mildest level that a rule of the source lets it have.
    """

    action: Action
    key: str | None
    title: str = ""
    description: str = ""
    severity: int | None = None
    category: str | None = None
    form: str = ""
    details: Details = ()
    at_least: int | None = None


class MalformedAlarm(ValueError):
    """``errors``: one English line per fault, for the person who configures the tool. ``is_over``: whatever is wrong,
    it says that something is over or taken, and calls nobody."""

    def __init__(self, *errors: str, is_over: bool = False) -> None:
        super().__init__("; ".join(errors))
        self.errors, self.is_over = list(errors), is_over


def parse(raw: bytes) -> Mapping[str, Any]:
    """The JSON object in a body. Raises ``MalformedAlarm``."""
    try:
        found = json.loads(raw)
    except (ValueError, RecursionError):
        raise MalformedAlarm("the body is not JSON in UTF-8") from None
    if not isinstance(found, dict):
        raise MalformedAlarm("the body is not a JSON object")
    return found


def pagerduty(event: Mapping[str, Any]) -> Alarm:
    """Events API v2."""
    action, key, payload = event.get("event_action"), event.get("dedup_key"), event.get("payload")
    faults = []
    if action not in ("trigger", "acknowledge", "resolve"):
        faults.append("'event_action' must be trigger, acknowledge or resolve")
    if key is not None and not isinstance(key, str):
        faults.append("'dedup_key' must be a string")
    elif isinstance(key, str) and len(key) > LONGEST_KEY:
        faults.append(f"'dedup_key' is longer than {LONGEST_KEY} characters")
    elif not key and action in ("acknowledge", "resolve"):
        faults.append("'dedup_key' is missing or blank")
    if action == "trigger":
        faults += _payload_faults(payload)
    if faults:
        raise MalformedAlarm(*faults, is_over=action in ("acknowledge", "resolve"))
    if action != "trigger":
        return Alarm(action, key_of(key), form="pagerduty")  # type: ignore[arg-type]
    facts: Mapping[str, Any] = payload  # type: ignore[assignment]
    title, own = facts["summary"], facts.get("custom_details")
    told = [f"source: {facts['source']}", *([] if isinstance(own, dict) else lines(own))]
    along = [(name, facts.get(name)) for name in ("source", "component", "group", "class", "timestamp")]
    along += [*flat(own if isinstance(own, dict) else {}), ("client", event.get("client"))]
    along += [("link", event.get("client_url")), *flat({"links": event.get("links") or []})]
    return Alarm(
        "trigger",
        key_of(key),
        title_of(title),
        description_of(title, told),
        SEVERITIES[facts["severity"]],
        form="pagerduty",
        details=details_of(along),
    )


def _payload_faults(payload: Any) -> list[str]:
    if not isinstance(payload, dict):
        return ["'payload' is missing or not an object"]
    faults = [
        f"'payload.{name}' is missing or blank"
        for name in ("summary", "source", "severity")
        if not isinstance(payload.get(name), str) or not title_of(payload[name])
    ]
    if not faults and payload["severity"] not in ("critical", "error", "warning", "info"):
        faults.append("'payload.severity' must be critical, error, warning or info")
    return faults


def alertmanager(notice: Mapping[str, Any]) -> Alarm:
    """Webhook version 4: a group is one incident, as long as any of its alerts fires. ``truncatedAlerts`` that were
    left out may still fire when all that are shown are over: nobody hears of those, so the group is not over yet."""
    alerts = notice.get("alerts")
    if not isinstance(alerts, list) or not alerts or not all(isinstance(each, dict) for each in alerts):
        raise MalformedAlarm("'alerts' must be a list of alerts", is_over=notice.get("status") == "resolved")
    if notice.get("status") not in ("firing", "resolved"):
        raise MalformedAlarm("'status' must be firing or resolved")
    labels, notes = object_in(notice, "commonLabels"), object_in(notice, "commonAnnotations")
    group, more = object_in(notice, "groupLabels"), notice.get("truncatedAlerts")
    more = more if isinstance(more, int) and more > 0 else 0
    key = key_of(
        str(notice.get("groupKey") or digest(group or labels or [object_in(each, "labels") for each in alerts]))
    )
    if notice["status"] == "resolved":
        return Alarm("drop" if more else "resolve", key, form="alertmanager")
    firing = [each for each in alerts if each.get("status") != "resolved"]
    name = notes.get("summary") or labels.get("alertname") or _first(firing)
    name = name if title_of(str(name)) else "Alertmanager"
    title = f"{name} ({len(firing) + more})" if len(firing) + more > 1 else str(name)
    told = [str(notes[key]) for key in ("description", "message") if notes.get(key)]
    told += [_alert(each) for each in firing] + ([f"+ {more}"] if more else [])
    level = str(labels.get("severity") or _worst(firing)).lower()
    return Alarm(
        "trigger",
        key,
        title_of(title),
        description_of(title, told),
        SEVERITIES.get(level),
        form="alertmanager",
        details=details_of(_along(notice, firing)),
    )


def _along(notice: Mapping[str, Any], firing: list[dict[str, Any]]) -> Iterator[tuple[str, Any]]:
    """Yield what all its alerts share; of a single one, and of the first, also its own values and links."""
    yield from flat(object_in(notice, "commonLabels"))
    yield from flat(object_in(notice, "commonAnnotations"))
    for alert in firing[:1]:
        if len(firing) == 1:
            yield from flat(object_in(alert, "labels"))
        yield from flat({"values": object_in(alert, "values")})
        for name in ("startsAt", "fingerprint", "dashboardURL", "panelURL", "silenceURL", "generatorURL"):
            yield name, alert.get(name)
    yield "externalURL", notice.get("externalURL")
    yield "receiver", notice.get("receiver")


OWN_FIELDS = frozenset({"title", "category", "severity", "dedup_key", "status", "description"})


def generic(given: Mapping[str, Any]) -> Alarm:
    """``title``, ``category``, ``severity`` (1–4 or a word), ``dedup_key``, ``status``, ``description``; the rest came
    along."""
    status = given.get("status") or "trigger"
    action = _STATES.get(str(status).lower())
    title, key, severity = given.get("title"), given.get("dedup_key"), given.get("severity")
    faults = []
    if action is None:
        faults.append("'status' must be one of " + ", ".join(_STATES))
    if not isinstance(title, str) or not title_of(title):
        if action == "trigger":
            faults.append("'title' is missing or blank")
        title = ""
    if key is not None and (not isinstance(key, str) or len(key) > LONGEST_KEY):
        faults.append(f"'dedup_key' must be a string of at most {LONGEST_KEY} characters")
    elif not key and action in ("acknowledge", "resolve"):
        faults.append("'dedup_key' is missing: it says which incident is meant")
    level = level_of(severity)
    if severity is not None and level is None:
        faults.append("'severity' must be 1, 2, 3, 4 or one of " + ", ".join(SEVERITIES))
    if faults or action is None:
        raise MalformedAlarm(*faults, is_over=action in ("acknowledge", "resolve"))
    category = given.get("category")
    if not isinstance(category, str) or clean(category) != category:
        category = None  # what no database can look up is no category of ours
    told = description_of(title, lines(given.get("description")))
    along = details_of(flat(given, without=OWN_FIELDS))
    return Alarm(action, key_of(key), title_of(title), told, level, category, form="json", details=along)


def _worst(alerts: list[dict[str, Any]]) -> str:
    words = [str(object_in(each, "labels").get("severity", "")).lower() for each in alerts]
    return min((word for word in words if word in SEVERITIES), key=SEVERITIES.__getitem__, default="")


def _first(alerts: list[dict[str, Any]]) -> str:
    return next((str(name) for each in alerts if (name := object_in(each, "labels").get("alertname"))), "")


def _alert(alert: Mapping[str, Any]) -> str:
    labels, notes = object_in(alert, "labels"), object_in(alert, "annotations")
    told = notes.get("summary") or notes.get("description") or ""
    marks = ", ".join(f"{name}={value}" for name, value in sorted(labels.items()))
    return f"{told} [{marks}]".strip()
