"""PURE what monitoring tools send, as alarms. Each reader raises ``Malformed`` with what is wrong, field by field.

Sources: PagerDuty Events API v2 (event_action, dedup_key, payload), Alertmanager's webhook version 4 (one notice for a
group of alerts, known by its groupKey), and a flat JSON object of our own for everything else.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

Action = Literal["trigger", "acknowledge", "resolve"]

LONGEST_KEY, LONGEST_TITLE, LONGEST_DESCRIPTION = 255, 200, 4000
SEVERITIES = {
    "critical": 2,
    "page": 2,
    "emergency": 2,
    "fatal": 2,
    "error": 3,
    "high": 3,
    "warning": 3,
    "medium": 3,
    "info": 4,
    "low": 4,
    "notice": 4,
    "none": 4,
}
"""Words of monitoring tools → our levels. None is level 1: that is fire and people hurt, which no tool measures."""
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
    """

    action: Action
    key: str | None
    title: str = ""
    description: str = ""
    severity: int | None = None
    category: str | None = None


class Malformed(ValueError):
    """``errors``: one English line per fault, for the person who configures the tool."""

    def __init__(self, *errors: str) -> None:
        super().__init__("; ".join(errors))
        self.errors = list(errors)


def parse(raw: bytes) -> Mapping[str, Any]:
    """The JSON object in a body. Raises ``Malformed``."""
    try:
        found = json.loads(raw)
    except (ValueError, RecursionError):
        raise Malformed("the body is not JSON in UTF-8") from None
    if not isinstance(found, dict):
        raise Malformed("the body is not a JSON object")
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
        raise Malformed(*faults)
    if action != "trigger":
        return Alarm(action, _key(key))  # type: ignore[arg-type]
    facts: Mapping[str, Any] = payload  # type: ignore[assignment]
    title = facts["summary"]
    told = [f"{name}: {facts[name]}" for name in ("source", "component", "group", "class") if facts.get(name)]
    told += _lines(facts.get("custom_details"))
    if event.get("client_url"):
        told.append(f"{event.get('client') or 'link'}: {event['client_url']}")
    level = SEVERITIES[facts["severity"]]
    return Alarm("trigger", _key(key), _title(title), _description(title, told), level)


def _payload_faults(payload: Any) -> list[str]:
    if not isinstance(payload, dict):
        return ["'payload' is missing or not an object"]
    faults = [
        f"'payload.{name}' is missing or blank"
        for name in ("summary", "source", "severity")
        if not isinstance(payload.get(name), str) or not payload[name].strip()
    ]
    if not faults and payload["severity"] not in ("critical", "error", "warning", "info"):
        faults.append("'payload.severity' must be critical, error, warning or info")
    return faults


def alertmanager(notice: Mapping[str, Any]) -> Alarm:
    """Webhook version 4: a group is one incident, as long as any of its alerts fires."""
    alerts = notice.get("alerts")
    if not isinstance(alerts, list) or not alerts or not all(isinstance(each, dict) for each in alerts):
        raise Malformed("'alerts' must be a list of alerts")
    if notice.get("status") not in ("firing", "resolved"):
        raise Malformed("'status' must be firing or resolved")
    labels, notes = _object(notice, "commonLabels"), _object(notice, "commonAnnotations")
    group = _object(notice, "groupLabels")
    key = notice.get("groupKey") or _digest(group or labels or [_object(each, "labels") for each in alerts])
    if notice["status"] == "resolved":
        return Alarm("resolve", _key(str(key)))
    firing = [each for each in alerts if each.get("status") != "resolved"]
    name = notes.get("summary") or labels.get("alertname") or _first(firing) or "Alertmanager"
    title = f"{name} ({len(firing)})" if len(firing) > 1 else str(name)
    told = [str(notes[key]) for key in ("description", "message") if notes.get(key)]
    told += [_alert(each) for each in firing]
    level = labels.get("severity") or _worst(firing)
    return Alarm(
        "trigger", _key(str(key)), _title(title), _description(title, told), SEVERITIES.get(str(level).lower())
    )


def generic(given: Mapping[str, Any]) -> Alarm:
    """``title``, ``category``, ``severity`` (1–4 or a word), ``dedup_key``, ``status``, ``description``."""
    status = given.get("status") or "trigger"
    action = _STATES.get(str(status).lower())
    title, key, severity = given.get("title"), given.get("dedup_key"), given.get("severity")
    faults = []
    if action is None:
        faults.append("'status' must be one of " + ", ".join(_STATES))
    if not isinstance(title, str) or not title.strip():
        if action == "trigger":
            faults.append("'title' is missing or blank")
        title = ""
    if key is not None and (not isinstance(key, str) or len(key) > LONGEST_KEY):
        faults.append(f"'dedup_key' must be a string of at most {LONGEST_KEY} characters")
    elif not key and action in ("acknowledge", "resolve"):
        faults.append("'dedup_key' is missing: it says which incident is meant")
    level = _level(severity)
    if severity is not None and level is None:
        faults.append("'severity' must be 1, 2, 3, 4 or one of " + ", ".join(SEVERITIES))
    if faults or action is None:
        raise Malformed(*faults)
    category = given.get("category")
    if not isinstance(category, str) or _clean(category) != category:
        category = None  # what no database can look up is no category of ours
    told = _description(title, _lines(given.get("description")))
    return Alarm(action, _key(key), _title(title), told, level, category)


READERS: dict[str, Callable[[Mapping[str, Any]], Alarm]] = {
    "pagerduty": pagerduty,
    "alertmanager": alertmanager,
    "generic": generic,
}
"""kind of intake → what reads its bodies."""


def _level(severity: Any) -> int | None:
    if severity is None or isinstance(severity, bool):
        return None
    if isinstance(severity, int):
        return severity if 1 <= severity <= 4 else None
    word = str(severity).strip().lower()
    return int(word) if word in ("1", "2", "3", "4") else SEVERITIES.get(word)


def _worst(alerts: list[dict[str, Any]]) -> str:
    words = [str(_object(each, "labels").get("severity", "")).lower() for each in alerts]
    return min((word for word in words if word in SEVERITIES), key=SEVERITIES.__getitem__, default="")


def _first(alerts: list[dict[str, Any]]) -> str:
    return next((str(name) for each in alerts if (name := _object(each, "labels").get("alertname"))), "")


def _alert(alert: Mapping[str, Any]) -> str:
    labels, notes = _object(alert, "labels"), _object(alert, "annotations")
    told = notes.get("summary") or notes.get("description") or ""
    marks = ", ".join(f"{name}={value}" for name, value in sorted(labels.items()))
    return f"{told} [{marks}]".strip()


def _object(of: Mapping[str, Any], name: str) -> dict[str, Any]:
    found = of.get(name)
    return found if isinstance(found, dict) else {}


def _lines(details: Any) -> list[str]:
    """Details of any shape, readable."""
    if details is None or details == "":
        return []
    if isinstance(details, dict):
        return [f"{name}: {value}" for name, value in details.items()]
    return [str(each) for each in details] if isinstance(details, list) else [str(details)]


def _title(text: str) -> str:
    text = " ".join(_clean(text).split())
    return text if len(text) <= LONGEST_TITLE else text[: LONGEST_TITLE - 1] + "…"


def _description(title: str, told: list[str]) -> str:
    """What is told besides; the title whole where it had to be cut."""
    cut = [title] if len(" ".join(title.split())) > LONGEST_TITLE else []
    text = _clean("\n".join([*cut, *told])).strip()
    return text if len(text) <= LONGEST_DESCRIPTION else text[: LONGEST_DESCRIPTION - 1] + "…"


def _clean(text: str) -> str:
    """Without what a database or a mail cannot carry: control characters, halves of surrogate pairs."""
    text = text.encode("utf-8", "replace").decode("utf-8")
    return "".join(each if each.isprintable() or each in "\n\t" else " " for each in text)


def _key(text: str | None) -> str | None:
    """Tools make keys of anything: what is too long or cannot be kept is known by its digest."""
    if not text:
        return None
    return text if len(text) <= LONGEST_KEY and _clean(text) == text == text.strip() else _digest(text)


def _digest(of: Any) -> str:
    return hashlib.sha256(json.dumps(of, sort_keys=True, default=str).encode()).hexdigest()[:32]
