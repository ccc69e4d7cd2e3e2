"""Joined incidents on the page of each, and what may be the same."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask import request
from flask_babel import gettext as _

from core.actor import Actor
from core.errors import Invalid
from incidents import panels
from incidents.actions import Action, note
from incidents.merging import services as merging
from incidents.record import access, queries, states
from incidents.record.models import Incident
from people.access import guard


def _join(incident_id: int, actor: Actor, now: datetime) -> str:
    """Into the one whose code was typed or tapped."""
    typed = request.form.get("main", "").strip().upper()
    if not typed:
        raise Invalid("join.code", field="main")
    main = queries.by_code(typed)
    done = merging.join(incident_id, main_id=main.id, actor=actor, now=now, note=note())
    return _("Đã gộp vào %(main)s; hệ thống không gọi riêng cho sự cố này nữa.", main=done.code)


def _split(incident_id: int, actor: Actor, now: datetime) -> str:
    done = merging.split(incident_id, actor=actor, now=now, note=note())
    if done.status in states.UNFINISHED:
        return _("Đã tách ra; hệ thống gọi lại từ đầu.")
    return _("Đã tách ra.")


def _top(incident: Incident, now: datetime) -> dict[str, Any] | None:
    """On a joined one, above everything: where it is worked on."""
    if incident.joined_to_id is None:
        return None
    may = access.may(guard.current_actor(), "incident.dispatch", incident, now=now)
    return {"main": merging.main_of(incident), "may": may}


def _alike(incident: Incident, now: datetime) -> dict[str, Any] | None:
    """Return those joined to it, and those that may be the same; each pair is offered with the older one as the main
    one."""
    if incident.joined_to_id is not None:
        return None
    actor = guard.current_actor()
    joined = merging.joined_to(incident, actor=actor, now=now)
    open_now = incident.status in states.UNFINISHED
    may = open_now and access.may(actor, "incident.dispatch", incident, now=now)
    alike = merging.alike_to(incident, actor=actor, now=now) if open_now else []
    if not joined and not alike:
        return None
    pairs = [(other, *_newer_into_older(incident, other)) for other in alike]
    return {"joined": joined, "pairs": pairs, "may": may}


def _join_form(incident: Incident, now: datetime) -> dict[str, Any] | None:
    if incident.joined_to_id is not None or incident.status not in states.UNFINISHED:
        return None
    return {} if access.may(guard.current_actor(), "incident.dispatch", incident, now=now) else None


def _newer_into_older(one: Incident, other: Incident) -> tuple[Incident, Incident]:
    """(which goes, into which)."""
    return (one, other) if other.id < one.id else (other, one)


BUTTONS: dict[str, Action] = {"join": _join, "split": _split}
PANELS = (
    panels.Panel("top", "incidents/merging/_panel_joined.html", _top),
    panels.Panel("after", "incidents/merging/_panel_alike.html", _alike),
    panels.Panel("other", "incidents/merging/_panel_join.html", _join_form),
)
