"""What becomes known after the first call went out: follow-up fields and the checklist of the category."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from core.actor import Actor
from core.clock import local
from core.db import db
from core.errors import Conflict, FieldError, Invalid
from incidents.catalogue import custom_fields, directory
from incidents.catalogue.custom_fields import CustomField, Value
from incidents.record import access, timeline, transitions
from incidents.record.models import Incident
from incidents.response import assignment
from incidents.triage import derivation
from incidents.triage.words import spoken


def fields_of(incident: Incident) -> list[CustomField]:
    return custom_fields.fields_of(derivation.kind_of(incident.category).fields)


def set_facts(
    incident_id: int, typed: Mapping[str, Any], *, actor: Actor, now: datetime, seen: Mapping[str, Value] | None = None
) -> Incident:
    """Write down what is known; keys that are not in ``typed`` stay, blank ones are taken away.

    ``seen``: what was known when the form was shown (``None``: no form). What its writer left as it was stays as it is
    now, and what somebody else has changed meanwhile raises ``Conflict``. A vehicle or route of the directory fills
    what is known of it into fields that are still empty. Raises ``Invalid`` with a fault for each field
    (``facts.<key>``); nothing is kept then.
    """
    with transitions.changing(incident_id, actor, "facts", now) as (session, incident):
        access.ensure_act(actor, incident, now=now)
        fields = fields_of(incident)
        values, faults = custom_fields.read_values(fields, typed, local(now))
        if faults:
            raise Invalid(faults[0].code, errors=[FieldError(f"facts.{each.key}", each.code) for each in faults])
        if seen is not None:
            values = _own(fields, incident, values, seen)
        values = {key: _kept(incident, key, value, actor) for key, value in values.items()}
        values = _filled(fields, incident.facts, values)
        changed = custom_fields.changes(incident.facts, values)
        if not changed:
            return incident
        merged = {**incident.facts, **values}
        incident.facts = {key: value for key, value in merged.items() if value is not None}
        timeline.write(session, incident, "facts", actor, now=now, changes=_told(fields, changed))
        _sign_of_life(incident, now)
        return incident


def _own(
    fields: Sequence[CustomField], incident: Incident, values: Mapping[str, Value | None], seen: Mapping[str, Value]
) -> dict[str, Value | None]:
    mine = custom_fields.own(values, seen)
    if overtaken := custom_fields.overtaken(mine, seen, incident.facts):
        names = [spoken({"vi": each.vi, "en": each.en}) for each in fields if each.key in overtaken]
        raise Conflict("facts.changed", state={"code": incident.code, "facts": overtaken}, fields=", ".join(names))
    return mine


def _kept(incident: Incident, key: str, value: Value | None, actor: Actor) -> Value | None:
    return timeline.discreet(incident, value, actor, f"facts.{key}") if isinstance(value, str) else value


def _filled(
    fields: Sequence[CustomField], before: Mapping[str, Value], values: Mapping[str, Value | None]
) -> dict[str, Value | None]:
    """``values`` in the directory's spelling, with what it knows besides."""
    found = dict(values)
    for field in fields:
        chosen = values.get(field.key)
        if field.kind not in ("vehicle", "route") or not isinstance(chosen, str):
            continue
        found[field.key], facts = directory.look_up(field.kind, chosen)
        if before.get(field.key) == found[field.key]:
            continue  # chosen before: what was mended by hand since then stays
        for key, name in field.fills.items():
            if not before.get(key) and not found.get(key) and facts.get(name):
                found[key] = facts[name]
    return found


def _told(fields: Sequence[CustomField], changed: Mapping[str, tuple[Any, Any]]) -> list[dict[str, Any]]:
    """For the timeline: names and choices in both languages, as they were when it was written."""
    by_key = {field.key: field for field in fields}
    return [
        {
            "key": key,
            "kind": by_key[key].kind,
            "vi": by_key[key].vi,
            "en": by_key[key].en,
            "before": _worded(by_key[key], before),
            "after": _worded(by_key[key], after),
        }
        for key, (before, after) in changed.items()
    ]


def _worded(field: CustomField, value: Any) -> Any:
    if field.kind != "choice" or value is None:
        return value
    return next(({"vi": vi, "en": en} for known, vi, en in field.choices if known == value), value)


def check(incident_id: int, key: str, *, done: bool, actor: Actor, now: datetime) -> Incident:
    """Tick an item of the checklist, or take the tick back; the timeline keeps both. Raises ``Invalid``."""
    with transitions.changing(incident_id, actor, "check", now) as (session, incident):
        access.ensure_act(actor, incident, now=now)
        items = {item["key"]: item for item in derivation.kind_of(incident.category).checklist}
        if key not in items:
            raise Invalid("incident.check_unknown", field="item")
        if (key in incident.checklist) == done:
            return incident
        kept = {each: tick for each, tick in incident.checklist.items() if each != key}
        incident.checklist = kept | ({key: {"who": actor.name, "at": now.isoformat()}} if done else {})
        item = {"vi": items[key]["vi"], "en": items[key]["en"]}
        timeline.write(session, incident, "checked" if done else "unchecked", actor, now=now, item=item)
        _sign_of_life(incident, now)
        return incident


def checklist(incident: Incident) -> list[dict[str, Any]]:
    """Every item with ``done``: None, or who ticked it and when."""
    items = derivation.kind_of(incident.category).checklist
    return [{**item, "done": _tick(incident.checklist.get(item["key"]))} for item in items]


def _tick(kept: Mapping[str, str] | None) -> dict[str, Any] | None:
    return {"who": kept["who"], "at": datetime.fromisoformat(kept["at"])} if kept else None


def _sign_of_life(incident: Incident, now: datetime) -> None:
    """Somebody who writes down facts is at work: the time-out of who has it begins anew."""
    db.session.flush()
    assignment.heard(incident, now=now)
