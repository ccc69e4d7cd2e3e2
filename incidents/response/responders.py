"""What moves a running incident beside its steps: choose somebody, call more people, say when one is there, put off.

Each is one transaction; questions that these make are repeated by ``asking``.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from core.actor import Actor
from core.db import db
from core.errors import Conflict, Invalid, NotFound
from incidents.endings import services as endings
from incidents.escalation import requests
from incidents.escalation.decide import PERSON_RULE
from incidents.escalation.requests import NewAsk
from incidents.escalation.targets import TargetDirectory, as_duty_person
from incidents.policies import selection
from incidents.policies.rules import Target
from incidents.record import access, leadership, states, timeline, transitions
from incidents.record.models import Incident, Page, TimelineEntry
from incidents.response import assignment
from people import queries as people
from people.models import DutyKind, Person

LATEST_ARRIVAL = timedelta(hours=24)
MOST_PEOPLE = 20


def answer(
    incident_id: int, ask_id: int, *, accept: bool, actor: Actor, now: datetime, note: str = "", by_phone: bool = False
) -> Incident:
    """A person's answer to a question; by a dispatcher also for them (``by_phone``: who rang them for it).

    Accepting a hand-over or a choice takes the incident from the holder. Raises ``Conflict`` when the question is
    open no more, ``NotFound`` when there is no such question.
    """
    with transitions.changing(incident_id, actor, "answer", now) as (session, incident):
        ask = requests.find(ask_id, incident_id)
        person = people.person_by_id(ask.person_id)
        if actor.person_id != person.id:
            access.ensure_dispatch(actor, incident, now=now)
        if ask.state == ("accepted" if accept else "declined"):
            return incident
        if ask.state != "open" or incident.status not in states.UNFINISHED:
            raise Conflict("ask.answered", state={"code": incident.code, "status": incident.status, "ask": ask.state})
        leadership.heard(incident, person.id, now=now)
        if by_phone:
            outcome = "taken" if accept else "refused"
            timeline.write(session, incident, "call", actor, now=now, person=person.full_name, outcome=outcome)
        if accept and ask.kind in ("handover", "reassign"):
            return _take_over(incident, person, ask.kind, actor, now=now, note=note)
        if accept and ask.kind == "arrival" and incident.acknowledged_by_id == person.id:
            return arrive(incident_id, actor=actor, now=now, note=note)
        requests.settle(session, incident, person.id, ask.kind, state="accepted" if accept else "declined", now=now)
        kind = "ask_accepted" if accept else "ask_declined"
        timeline.write(session, incident, kind, actor, now=now, note=note, person=person.full_name, purpose=ask.kind)
        if not accept and ask.kind == "handover":
            requests.leave_to_others(session, incident, ask, now=now)
        return incident


def noted_instead(incident_id: int, *, actor: Actor, now: datetime, note: str = "") -> bool:
    """Wanted to take what somebody else has just taken: that says at least that they know. Whether they were asked."""
    incident = db.session.get_one(Incident, incident_id, populate_existing=True)
    asked = [ask for ask in requests.mine(incident_id, actor.person_id) if ask.kind == "confirm"]
    if incident.status != "acknowledged" or not asked:
        return False
    for ask in asked:
        answer(incident_id, ask.id, accept=True, actor=actor, now=now, note=note)
    return True


def _take_over(incident: Incident, person: Person, kind: str, actor: Actor, *, now: datetime, note: str) -> Incident:
    with transitions.changing(incident.id, actor, kind, now) as (session, same):
        before = same.acknowledged_by
        assignment.take(session, same, person, person.full_name, by=actor.person_id, now=now)
        told = {"handover": "handed_over", "reassign": "reassigned"}[kind]
        timeline.write(
            session, same, told, actor, now=now, note=note, person=person.full_name, person_id=person.id, before=before
        )
        return same


def reassign(incident_id: int, *, person_id: int, actor: Actor, now: datetime, note: str = "") -> Incident:
    """Ask ``person_id`` to take it. Until they accept, the holder stays; nobody has it: the steps go on.

    Choosing somebody else withdraws the first choice. For the holder and for dispatchers.
    """
    with transitions.changing(incident_id, actor, "reassign", now) as (session, incident):
        _ensure_moving(actor, incident, now=now)
        person = _somebody(person_id)
        if incident.acknowledged_by_id == person.id:
            by = incident.acknowledged_by
            raise Conflict("ask.has_it", state={"code": incident.code, "by": by}, by=by)
        asked = transitions.end_asks(incident, "reassign", now=now)
        timeline.write(session, incident, "reassign_asked", actor, now=now, note=note, person=person.full_name)
        requests.put(
            session,
            incident,
            NewAsk("reassign", f"by/{now.isoformat()}", rule=PERSON_RULE, by=actor.name, note=note),
            persons=[as_duty_person(person)],
            now=now,
        )
        endings.asked_no_more(session, incident, asked - {person.id, actor.person_id}, now=now)
        assignment.heard(incident, now=now)
        return incident


def call_more(
    incident_id: int,
    *,
    person_ids: Sequence[int] = (),
    duties: Sequence[str] = (),
    actor: Actor,
    now: datetime,
    note: str = "",
) -> Incident:
    """Call further people now, and again until each answers; the steps stay as they are.

    ``duties``: those who serve these kinds now. For the holder and for dispatchers.
    """
    with transitions.changing(incident_id, actor, "call_more", now) as (session, incident):
        _ensure_moving(actor, incident, now=now)
        if not person_ids and not duties:
            raise Invalid("ask.nobody", field="people")
        if len(person_ids) + len(duties) > MOST_PEOPLE:
            raise Invalid("ask.too_many", field="people", most=MOST_PEOPLE)
        directory, occasion = TargetDirectory(incident, now), f"by/{now.isoformat()}"
        wanted = [(None, PERSON_RULE, (as_duty_person(_somebody(each)),)) for each in person_ids]
        for duty in duties:
            if session.get(DutyKind, duty) is None:
                raise NotFound("duty.unknown", field="duties", duty=duty)
            meant = directory.meant(Target(duty=duty))
            wanted.append((duty, meant.rule, meant.people))  # type: ignore[arg-type]
        names = [person.name for _duty, _rule, persons in wanted for person in persons]
        timeline.write(session, incident, "more_called", actor, now=now, note=note, people=names)
        for duty_kind, rule, persons in wanted:
            requests.put(
                session,
                incident,
                NewAsk("more", occasion, rule=rule, by=actor.name, duty=duty_kind, note=note),
                persons=persons,
                now=now,
            )
        assignment.heard(incident, now=now)
        return incident


def expect_arrival(incident_id: int, *, at: datetime, actor: Actor, now: datetime, note: str = "") -> Incident:
    """The holder says when they will be there; overdue, they are asked, then the desk. Said again: it is moved."""
    with transitions.changing(incident_id, actor, "arrival", now) as (session, incident):
        _ensure_held(actor, incident, now=now)
        if not now < at <= now + LATEST_ARRIVAL:
            raise Invalid("incident.arrival", field="at", hours=int(LATEST_ARRIVAL / timedelta(hours=1)))
        escalation = incident.escalation
        escalation.arrives_at, escalation.arrived_at = at, None
        _ask_no_more(session, incident, "arrival", actor, now=now)
        assignment.heard(incident, now=now)
        timeline.write(session, incident, "arrival_expected", actor, now=now, note=note, at=at.isoformat())
        return incident


def arrive(incident_id: int, *, actor: Actor, now: datetime, note: str = "") -> Incident:
    """They are there."""
    with transitions.changing(incident_id, actor, "arrived", now) as (session, incident):
        _ensure_held(actor, incident, now=now)
        if incident.escalation.arrived_at is not None:
            return incident
        incident.escalation.arrived_at = now
        _ask_no_more(session, incident, "arrival", actor, now=now)
        assignment.heard(incident, now=now)
        timeline.write(session, incident, "arrived", actor, now=now, note=note)
        return incident


def still_on_it(incident_id: int, *, actor: Actor, now: datetime, note: str = "") -> Incident:
    """The holder was asked for a sign of life, and gives it."""
    with transitions.changing(incident_id, actor, "alive", now) as (session, incident):
        _ensure_held(actor, incident, now=now)
        assignment.heard(incident, now=now)
        mine = [Page.incident_id == incident.id, Page.purpose == "alive", Page.answer.is_(None)]
        session.execute(update(Page).where(*mine).values(answer="confirmed", answered_at=now))
        if actor.person_id is not None:
            leadership.heard(incident, actor.person_id, now=now)
        timeline.write(session, incident, "alive", actor, now=now, note=note, person=incident.acknowledged_by)
        return incident


def snooze(incident_id: int, *, until: datetime, reason: str, actor: Actor, now: datetime) -> Incident:
    """What somebody has is put off until a time within the policy's limit for its level; it returns by itself.

    For the holder and for dispatchers. Raises ``Invalid`` without a reason or beyond the limit, ``Conflict`` while
    nobody has it: then the calls go on until somebody does.
    """
    with transitions.changing(incident_id, actor, "snooze", now) as (session, incident):
        _ensure_held(actor, incident, now=now)
        words, most = " ".join(reason.split()), selection.snooze_most(incident)
        if not words:
            raise Invalid("incident.snooze_reason", field="reason")
        if not now < until <= now + most:
            raise Invalid("incident.snooze_until", field="until", minutes=int(most / timedelta(minutes=1)))
        escalation = incident.escalation
        escalation.snoozed_until, escalation.snooze_reason, escalation.snoozed_by = until, words, actor.name
        escalation.next_at, escalation.waits_for = until, "snooze"
        transitions.silence(incident, now=now)
        timeline.write(session, incident, "snoozed", actor, now=now, note=words, until=until.isoformat())
        return incident


def end_snooze(incident_id: int, *, actor: Actor, now: datetime, note: str = "") -> Incident:
    """End that it is put off: it returns now."""
    with transitions.changing(incident_id, actor, "unsnooze", now) as (session, incident):
        _ensure_moving(actor, incident, now=now)
        if incident.escalation.snoozed_until is None:
            raise Conflict("incident.not_snoozed", state={"code": incident.code, "status": incident.status})
        incident.escalation.next_at = now
        timeline.write(session, incident, "snooze_ended", actor, now=now, note=note)
        return incident


def leave_handover_note(incident_id: int, *, note: str, actor: Actor, now: datetime) -> Incident:
    """Return what the next holder must know; shown to them where they accept. A sign of life."""
    with transitions.changing(incident_id, actor, "note", now) as (session, incident):
        _ensure_held(actor, incident, now=now)
        if not note.strip():
            raise Invalid("incident.note_missing", field="note")
        assignment.heard(incident, now=now)
        timeline.write(session, incident, "handover_note", actor, now=now, note=note)
        return incident


def last_handover_note(incident_id: int) -> TimelineEntry | None:
    """Return what was written last for the next holder."""
    notes = select(TimelineEntry).where(TimelineEntry.incident_id == incident_id, TimelineEntry.kind == "handover_note")
    return db.session.scalar(notes.order_by(TimelineEntry.id.desc()).limit(1))


def _ask_no_more(session: Session, incident: Incident, kind: str, actor: Actor, *, now: datetime) -> None:
    """What others were asked because the holder did not answer has lost its sense, and they hear it."""
    asked = transitions.end_asks(incident, kind, now=now)
    endings.asked_no_more(session, incident, asked - {actor.person_id, incident.acknowledged_by_id}, now=now)


def _somebody(person_id: int) -> Person:
    person = people.person_by_id(person_id)
    if not person.active:
        raise Invalid("ask.left", field="person", person=person.full_name)
    return person


def _ensure_moving(actor: Actor, incident: Incident, *, now: datetime) -> None:
    """The holder or a dispatcher; and it is not over."""
    if actor.person_id is None or actor.person_id != incident.acknowledged_by_id:
        access.ensure_dispatch(actor, incident, now=now)
    if incident.status not in states.UNFINISHED:
        raise Conflict("incident.over", state={"code": incident.code, "status": incident.status})


def _ensure_held(actor: Actor, incident: Incident, *, now: datetime) -> None:
    _ensure_moving(actor, incident, now=now)
    if incident.status != "acknowledged":
        raise Conflict("incident.not_taken", state={"code": incident.code, "status": incident.status})
