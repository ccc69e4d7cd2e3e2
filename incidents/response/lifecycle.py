"""What people do with an incident, each in one transaction: acknowledge, pass on, resolve, close, reopen …"""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.actor import Actor
from core.db import transaction
from core.errors import Conflict, Invalid
from incidents.endings import services as endings
from incidents.escalation import requests
from incidents.legal import services as legal
from incidents.merging import services as merging
from incidents.policies import selection
from incidents.record import access, naming, states, timeline, transitions
from incidents.record.models import Escalation, Incident
from incidents.response import assignment
from notify.redial import services as redial
from people import queries as people
from people.access import guard
from people.models import Person

Outcome = Literal["taken", "no_answer", "unreachable", "busy", "later", "refused"]
_SPOKE = ("later", "refused")
"""They picked up: their telephone need not ring for it again."""


TakingMode = Literal["alone", "along", "over"]
"""How somebody takes an incident: by itself, along with others, or over from whoever has it."""


def acknowledge(
    incident_id: int,
    *,
    actor: Actor,
    now: datetime,
    person_id: int | None = None,
    note: str = "",
    by_phone: bool = False,
    mode: TakingMode = "alone",
) -> Incident:
    """Note that ``person_id`` (default: the actor's own) has it; calls stop until the time-out.

    Doing it again is no error for the same person; for another one it is ``Conflict`` with who and when, unless
    they take it ``over``. For somebody else it takes the right to dispatch, and the timeline says who wrote it down;
    ``by_phone``: who rang. ``along`` with others, by one tap, key or text: then one that is taken singly by now
    (``naming.is_taken_singly``) is ``Conflict`` ``incident.singly``, and stays with nobody.
    """
    with transitions.changing(incident_id, actor, "acknowledge", now) as (session, incident):
        person = _person(person_id if person_id is not None else actor.person_id)
        _ensure_for(actor, incident, person, now=now)
        if mode == "along" and incident.status == "open" and naming.is_taken_singly(incident):
            raise Conflict("incident.singly", state={"status": incident.status}, incident=incident.code)
        name = person.full_name if person else actor.name
        before = incident.status, incident.acknowledged_by
        if before == ("acknowledged", name) and incident.acknowledged_by_id == (person.id if person else None):
            return incident
        if before[0] not in states.UNFINISHED or (before[0] == "acknowledged" and mode != "over"):
            timeline.refuse(session, incident)
        assignment.take(session, incident, person, name, by=actor.person_id, now=now)
        kind = "taken_over" if before[0] == "acknowledged" else "acknowledged"
        helped = {"by": actor.name, "phone": by_phone} if person and person.id != actor.person_id else {}
        timeline.write(
            session,
            incident,
            kind,
            actor,
            now=now,
            note=note,
            person=name,
            person_id=person.id if person else None,
            before=before[1],
            **helped,
            **_by_machine(actor),
        )
        return incident


def pass_on(incident_id: int, *, actor: Actor, now: datetime, person_id: int | None = None, note: str = "") -> Incident:
    """``person_id`` cannot go: recorded on their call, and the next step follows at once.

    A person who had taken it gives it back. Pressed on an old call it changes nothing but that call.
    """
    with transitions.changing(incident_id, actor, "pass", now) as (session, incident):
        person = _person(person_id if person_id is not None else actor.person_id)
        _ensure_for(actor, incident, person, now=now)
        mine = person is not None and incident.acknowledged_by_id == person.id
        if incident.status not in states.UNFINISHED or (incident.status == "acknowledged" and not mine):
            timeline.refuse(session, incident)
        if person is None or not access.was_called(incident, person.id):
            raise Conflict("incident.not_called", state={"code": incident.code, "status": incident.status})
        answered = assignment.answer(session, incident, person.id, "passed", now=now)
        if not answered and not mine:
            return incident
        redial.heard_by(person.id, transitions.topic(incident.id), now=now)
        current = any(page.person_id == person.id for page in transitions.latest_pages(session, incident))
        timeline.write(
            session, incident, "passed", actor, now=now, note=note, person=person.full_name, person_id=person.id
        )
        requests.settle(session, incident, person.id, *requests.OF_ONESELF, state="declined", now=now)
        if mine:
            transitions.open_again(incident)
            transitions.end_asks(incident, "handover", "reassign", "arrival", now=now)
            endings.reopened(session, incident, by=(person.id, actor.person_id), now=now)
        if (mine or current) and not transitions.advance(session, incident, now=now) and mine:
            _pause(incident, now=now)
        return incident


def log_call(
    incident_id: int, *, person_id: int, outcome: Outcome, actor: Actor, now: datetime, note: str = ""
) -> Incident:
    """A telephone call made by hand. ``taken`` acknowledges on that person's behalf; ``busy`` and ``later`` are no
    answers yet; otherwise the next step follows at once when everybody of the present step has failed."""
    with transitions.changing(incident_id, actor, "call", now) as (session, incident):
        access.ensure_dispatch(actor, incident, now=now)
        person = people.person_by_id(person_id)
        if incident.status not in states.UNFINISHED:
            timeline.refuse(session, incident)
        timeline.write(session, incident, "call", actor, now=now, note=note, person=person.full_name, outcome=outcome)
        if outcome == "taken":
            return acknowledge(incident_id, actor=actor, now=now, person_id=person_id, mode="over", by_phone=True)
        if outcome in _SPOKE:
            redial.heard_by(person_id, transitions.topic(incident_id), now=now)
        if outcome in ("busy", "later"):
            return incident
        said = "passed" if outcome == "refused" else outcome
        assignment.answer(session, incident, person_id, said, now=now)
        if incident.status == "open" and _everybody_failed(session, incident, person_id):
            transitions.advance(session, incident, now=now)
        return incident


def resolve(incident_id: int, *, actor: Actor, now: datetime, note: str = "") -> Incident:
    """Done; nobody is called any more. Raises ``Conflict`` when it was done already."""
    with transitions.changing(incident_id, actor, "resolve", now) as (session, incident):
        access.ensure_act(actor, incident, now=now)
        off = incident.status == "open" or actor.is_machine
        transitions.move(session, incident, "resolve")
        incident.resolved_at = now
        transitions.stop(incident, now=now)
        timeline.write(session, incident, "resolved", actor, now=now, note=note, **_by_machine(actor))
        endings.over(session, incident, off=off, by=(actor.person_id,), now=now)
        merging.follow(session, incident, "resolved", actor, now=now, note=note)
        return incident


def close(incident_id: int, *, actor: Actor, now: datetime, note: str = "") -> Incident:
    """Checked and put away. Raises ``Conflict`` unless it is resolved."""
    with transitions.changing(incident_id, actor, "close", now) as (session, incident):
        access.ensure_close(actor, incident, now=now)
        if incident.status in states.UNFINISHED:
            raise Conflict("incident.not_resolved", state={"code": incident.code, "status": incident.status})
        legal.ensure_complete(incident)
        transitions.move(session, incident, "close")
        incident.closed_at = now
        timeline.write(session, incident, "closed", actor, now=now, note=note)
        merging.follow(session, incident, "closed", actor, now=now, note=note)
        return incident


def reopen(incident_id: int, *, actor: Actor, now: datetime, note: str = "") -> Incident:
    """Open it again, for it is not over after all: calls start again from the first step, now."""
    with transitions.changing(incident_id, actor, "reopen", now) as (session, incident):
        access.ensure_act(actor, incident, now=now)
        if incident.status in states.UNFINISHED:
            raise Conflict("incident.still_open", state={"code": incident.code, "status": incident.status})
        if incident.is_exercise_over(now):
            raise Conflict("incident.rehearsal_over", state={"code": incident.code, "status": incident.status})
        key = incident.dedup_key
        transitions.move(session, incident, "reopen")
        try:
            transitions.start_over(session, incident, now=now)
        except IntegrityError:
            raise Conflict("incident.reported_anew", state={"dedup_key": key}) from None
        timeline.write(session, incident, "reopened", actor, now=now, note=note)
        endings.reopened(session, incident, by=(actor.person_id,), now=now)
        merging.follow(session, incident, "reopened", actor, now=now, note=note)
        return incident


def escalate_now(incident_id: int, *, actor: Actor, now: datetime, note: str = "") -> Incident:
    """Call the next step at once, also when somebody has taken it (who may do so for their own)."""
    with transitions.changing(incident_id, actor, "escalate", now) as (session, incident):
        if actor.person_id is None or actor.person_id != incident.acknowledged_by_id:
            access.ensure_dispatch(actor, incident, now=now)
        was_held = incident.status == "acknowledged"
        transitions.move(session, incident, "escalate")
        transitions.open_again(incident)
        transitions.end_asks(incident, "handover", "reassign", "arrival", now=now)
        incident.escalation.next_at = now
        timeline.write(session, incident, "escalated", actor, now=now, note=note)
        if was_held:
            endings.reopened(session, incident, by=(actor.person_id,), now=now)
        return incident


def add_note(incident_id: int, *, note: str, actor: Actor, now: datetime) -> Incident:
    """A line for the timeline; while somebody has it, a sign of life that renews the time-out. About a joined incident
    it is said of the one that it was joined to."""
    with transitions.changing(merging.target(incident_id), actor, "note", now) as (session, incident):
        access.ensure_act(actor, incident, now=now)
        if not note.strip():
            raise Invalid("incident.note_missing", field="note")
        assignment.heard(incident, now=now)
        timeline.write(session, incident, "note", actor, now=now, note=note)
        merging.follow(session, incident, "note", actor, now=now, note=note)
        return incident


def apply_policy(incident_id: int, *, actor: Actor, now: datetime) -> Incident:
    """Let a running incident follow the policy that holds now."""
    with transitions.changing(incident_id, actor, "policy", now) as (session, incident):
        access.ensure_dispatch(actor, incident, now=now)
        if incident.status not in states.UNFINISHED:
            timeline.refuse(session, incident)
        if selection.apply_newest(incident):
            assignment.no_later(incident, now=now)
            timeline.write(session, incident, "policy", actor, now=now, number=incident.escalation.policy.number)
        return incident


def apply_to_running(unit_id: int, *, actor: Actor, now: datetime) -> int:
    """Let everything that runs in the unit and below follow the policies that hold now; how many changed."""
    guard.ensure(actor, "policy.apply", unit_id, now=now)
    running = select(Incident.id).where(
        Incident.unit_id.in_(people.subtree_ids(unit_id)),
        Incident.status.in_(states.UNFINISHED),
        access.visible_to(actor, now=now),
    )
    changed = 0
    with transaction() as session:
        for incident_id in session.scalars(running.order_by(Incident.id)).all():
            version = session.get_one(Escalation, incident_id).policy_id
            changed += apply_policy(incident_id, actor=actor, now=now).escalation.policy_id != version
    return changed


def _by_machine(actor: Actor) -> dict[str, bool]:
    """For the timeline: figures tell what people did from what went by itself."""
    return {"machine": True} if actor.is_machine else {}


def _pause(incident: Incident, *, now: datetime) -> None:
    """Nobody is left in this turn; the long time-out of the holder must not hold back the next one."""
    escalation = incident.escalation
    pause_ends = now + selection.policy_of(incident).repeat_after
    escalation.next_at = min(escalation.next_at or pause_ends, pause_ends)


def _everybody_failed(session: Session, incident: Incident, person_id: int) -> bool:
    pages = transitions.latest_pages(session, incident)
    return any(page.person_id == person_id for page in pages) and all(page.answer for page in pages)


def _person(person_id: int | None) -> Person | None:
    return people.person_by_id(person_id) if person_id is not None else None


def _ensure_for(actor: Actor, incident: Incident, person: Person | None, *, now: datetime) -> None:
    if person is None or person.id == actor.person_id:
        access.ensure_act(actor, incident, now=now)
    else:
        access.ensure_dispatch(actor, incident, now=now)
