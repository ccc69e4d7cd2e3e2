"""What the catalogue brings to the page of an incident: level and why, who sees it, facts, checklist, authorities."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from flask import request, url_for
from flask_babel import gettext as _
from sqlalchemy import select

from core import clock, i18n, text
from core.actor import Actor
from core.calendar import dates
from core.db import db
from core.errors import Invalid
from core.form_values import fitting
from incidents import actions, panels
from incidents.catalogue import custom_fields, queries as catalogue
from incidents.catalogue.custom_fields import CustomField
from incidents.catalogue.words import ROLES
from incidents.record import access, leadership, queries
from incidents.record.models import Incident, Page
from incidents.triage import classification, clock_status, derivation, followup as following
from incidents.triage.questions import answers_in, asked
from incidents.triage.words import chosen_words, reason_words, shown, spoken
from incidents.words import severity_word
from people import queries as people
from people.access import guard
from people.models import Person, User

FACT = "facts."
LONGEST_REASON = 1000


def _by_machine(incident: Incident) -> bool:
    """Whether the level was last set by what sent it, and by no person."""
    said = [line for line in queries.timeline(incident.id) if line.kind in ("logged", "reclassified")]
    return bool(said and said[-1].params.get("machine"))


def _severity(incident: Incident, now: datetime) -> dict[str, Any]:
    """The level, why, and the form that changes it; keeps what was typed when something is wrong."""
    typed = request.form if request.method == "POST" and "category" in request.form else None
    kept = {f"answers.{code}": value for code, value in incident.answers.items()}
    category = typed.get("category", incident.category) if typed is not None else incident.category
    questions = asked(category, typed if typed is not None else kept)
    by_hand = incident.derived_severity is not None and incident.derived_severity != incident.severity
    return {
        "because": reason_words(incident.because),
        "by_hand": by_hand,
        "derived": incident.derived_severity,
        "chosen_words": chosen_words(incident.derived_severity or incident.severity, machine=_by_machine(incident)),
        "questions": questions,
        "category": category,
        "categories": _categories(incident),
        "levels": [("", _("Theo câu trả lời"))] + [(str(n), f"{n} · {severity_word(n)}") for n in (1, 2, 3, 4)],
        "chosen": (typed.get("severity", "") if typed is not None else str(incident.severity) if by_hand else ""),
        "note": typed.get("note", "") if typed is not None else "",
        "party_state": typed.get("party_state") == "y" if typed is not None else incident.party_state,
        "open": typed is not None,
        "may": _may(incident, now),
        "secret": incident.party_state or category == "kt1",
        "ask_again": url_for("incidents.questions"),
        "seen": classification.stamp(incident),
    }


def _categories(incident: Incident) -> list[tuple[str, str]]:
    offered = [(each.code, i18n.named(each)) for each in catalogue.categories()]
    known = {code for code, _name in offered}
    return offered if incident.category in known else [(incident.category, incident.category), *offered]


def _may(incident: Incident, now: datetime) -> bool:
    return access.may(guard.current_actor(), "incident.act", incident, now=now)


def _restricted(incident: Incident, now: datetime) -> dict[str, Any] | None:
    """Who may see a restricted one, and the switch for those who may use it."""
    may = access.may(guard.current_actor(), "incident.close", incident, now=now)
    if not incident.restricted and not may:
        return None
    seen = _who_sees(incident) if incident.restricted else []
    return {"may": may, "seen_by": seen, "reason": request.form.get("reason", "") if request.method == "POST" else ""}


def _who_sees(incident: Incident) -> list[tuple[str, list[str]]]:
    """Rule → names."""
    called = select(Person.full_name).join(Page, Page.person_id == Person.id).where(Page.incident_id == incident.id)
    above = people.ancestor_ids(incident.unit_id)
    manages = (User.role == "manager") & (User.unit_id.in_(above) | User.unit_id.is_(None))
    closers = select(User.name).where(User.active, (User.role == "admin") | manages)
    logger = db.session.get(User, incident.logged_by_id) if incident.logged_by_id is not None else None
    rules = [
        (_("Người trong lượt gọi"), list(db.session.scalars(called.distinct()))),
        (_("Đã nhận"), [incident.acknowledged_by] if incident.acknowledged_by else []),
        (_("Ghi nhận"), [logger.name] if logger else []),
        (_("Quản lý đơn vị, quản trị"), list(db.session.scalars(closers.distinct()))),
        (_("Trực lãnh đạo, trực điều hành của đơn vị, trong ca"), []),
    ]
    return [(rule, sorted(set(names), key=text.name_sort_key)) for rule, names in rules]


def _facts(incident: Incident, now: datetime) -> dict[str, Any] | None:
    fields = following.fields_of(incident)
    if not fields:
        return None
    typed = request.form if request.method == "POST" and request.form.get("facts") else None
    mine = _changed_by_writer(fields, now) if typed is not None else set()
    kinds = {field.kind for field in fields}
    return {
        "may": _may(incident, now),
        "open": typed is not None,
        "known": [
            (spoken({"vi": each.vi, "en": each.en}), shown(each, incident.facts[each.key]))
            for each in fields
            if each.key in incident.facts
        ],
        "boxes": [_box(field, incident.facts.get(field.key), typed if field.key in mine else None) for field in fields],
        "seen": json.dumps(incident.facts),
        "vehicles": [(each.plate, each.driver) for each in catalogue.vehicles()] if "vehicle" in kinds else [],
        "routes": [(each.code, each.name) for each in catalogue.routes()] if "route" in kinds else [],
        "people": [each.full_name for each in people.find_people(unit_id=incident.unit_id, limit=200)]
        if "person" in kinds
        else [],
    }


def _seen() -> dict[str, Any] | None:
    """Return what the form showed when it was filled; ``None``: it does not say."""
    try:
        told = json.loads(request.form.get("seen", ""))
    except ValueError:
        return None
    return told if isinstance(told, dict) else None


def _typed() -> dict[str, str]:
    return {name.removeprefix(FACT): value for name, value in request.form.items() if name.startswith(FACT)}


def _changed_by_writer(fields: Sequence[CustomField], now: datetime) -> set[str]:
    """Keys of the inputs that stay as they were typed; the others show what is known now."""
    values, _faults = custom_fields.read_values(fields, _typed(), clock.local(now))
    seen = _seen()
    untouched = values.keys() - custom_fields.own(values, seen).keys() if seen is not None else set()
    return {field.key for field in fields} - untouched


def _box(field: CustomField, value: Any, typed: Any) -> dict[str, Any]:
    """One input: what was typed, else what is known as an input shows it."""
    if typed is not None:
        now_shown = typed.get(FACT + field.key, "")
    elif value is None:
        now_shown = ""
    elif field.kind == "time":
        now_shown = dates.moment_shown(datetime.fromisoformat(str(value)))
    elif field.kind == "yesno":
        now_shown = "yes" if value else "no"
    else:
        now_shown = i18n.written(f"{value:.15g}") if isinstance(value, int | float) else str(value)
    choices = [(each, spoken({"vi": vi, "en": en})) for each, vi, en in field.choices]
    return {
        "name": FACT + field.key,
        "kind": field.kind,
        "label": spoken({"vi": field.vi, "en": field.en}),
        "value": now_shown,
        "choices": choices,
    }


def _checklist(incident: Incident, now: datetime) -> dict[str, Any] | None:
    items = following.checklist(incident)
    if not items:
        return None
    done = sum(1 for item in items if item["done"])
    return {"items": items, "done": done, "may": _may(incident, now)}


def _leadership(incident: Incident, now: datetime) -> dict[str, Any] | None:
    """While nobody has told them and no call has reached them: to write down that somebody did."""
    waits = any(clock_.kind == "leadership" and clock_.waits for clock_ in clock_status.clocks_for(incident, now))
    if not waits or not _may(incident, now):
        return None
    leaders = leadership.offered(incident, now)
    typed = request.form.get("whom") if request.method == "POST" else None
    there = next((name for name, away in leaders if not away), "")
    return {"whom": typed if typed is not None else there, "leaders": leaders}


def _authorities(incident: Incident, now: datetime) -> dict[str, Any] | None:
    roles = derivation.kind_of(incident.category).authorities
    if not roles:
        return None
    found = catalogue.authorities_for(incident.unit_id, roles, clock.local_date(now))
    missing = [str(ROLES[role]) for role in roles if role in ROLES and role not in {each.role for each in found}]
    return {"found": found, "roles": ROLES, "missing": missing}


def _classify(incident_id: int, actor: Actor, now: datetime) -> str:
    chosen = request.form.get("severity", "")
    if chosen not in ("", "1", "2", "3", "4"):
        raise Invalid("incident.answer", field="severity")
    category = request.form.get("category", "")
    names = {each["name"] for each in asked(category, {})}
    done = classification.reclassify(
        incident_id,
        classification.Classification(
            category,
            answers_in({name: value for name, value in request.form.items() if name in names}),
            severity=int(chosen) if chosen else None,
            party_state=request.form.get("party_state") == "y",
        ),
        note=actions.note(),
        actor=actor,
        now=now,
        seen=request.form.get("seen", ""),
    )
    return _("%(code)s: mức %(level)s.", code=done.code, level=done.severity)


def _restrict(incident_id: int, actor: Actor, now: datetime) -> str:
    on = request.form.get("restricted") == "yes"
    reason = fitting(request.form.get("reason", ""), LONGEST_REASON, "reason", _("Lý do"))
    classification.restrict(incident_id, restricted=on, reason=reason, actor=actor, now=now)
    return _("Đã hạn chế xem.") if on else _("Đã bỏ hạn chế xem.")


def _set_facts(incident_id: int, actor: Actor, now: datetime) -> str:
    following.set_facts(incident_id, _typed(), seen=_seen(), actor=actor, now=now)
    return _("Đã ghi thông tin theo dõi.")


def _check(incident_id: int, actor: Actor, now: datetime) -> str:
    done = request.form.get("done") == "yes"
    following.check(incident_id, request.form.get("item", ""), done=done, actor=actor, now=now)
    return _("Đã đánh dấu.") if done else _("Đã bỏ đánh dấu.")


def _tell_leadership(incident_id: int, actor: Actor, now: datetime) -> str:
    whom = request.form.get("whom", "")
    clock_status.tell_leadership(incident_id, whom=whom, note=actions.note(), actor=actor, now=now)
    return _("Đã ghi: lãnh đạo đã được báo.")


BUTTONS: dict[str, actions.Action] = {
    "classify": _classify,
    "restrict": _restrict,
    "facts": _set_facts,
    "check": _check,
    "leadership": _tell_leadership,
}
PANELS = (
    panels.Panel("main", "incidents/triage/_panel_leadership.html", _leadership),
    panels.Panel("main", "incidents/triage/_panel_facts.html", _facts),
    panels.Panel("main", "incidents/triage/_panel_checklist.html", _checklist),
    panels.Panel("other", "incidents/triage/_panel_severity.html", _severity),
    panels.Panel("after", "incidents/triage/_panel_authorities.html", _authorities),
    panels.Panel("other", "incidents/triage/_panel_restricted.html", _restricted),
)
