"""How bad an incident is and who may see it: derived when it is logged, changed later, always written down."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from sqlalchemy.orm import Session

from core.actor import Actor
from core.db import transaction
from core.errors import Conflict, Invalid
from core.text import fold
from incidents.catalogue import queries as catalogue
from incidents.catalogue.severity import floor, heavier, restricted_by_law
from incidents.legal import services as legal
from incidents.merging import services as merging
from incidents.policies import selection
from incidents.record import access, discreet, outgoing, states, timeline, transitions
from incidents.record.models import Incident
from incidents.triage.derivation import because, derive, ensure_answers, kind_of, put_answers, questions_of


class ToldAgain(Protocol):
    """What :func:`worsen` reads of a report."""

    @property
    def actor(self) -> Actor: ...
    @property
    def category(self) -> str: ...
    @property
    def severity(self) -> int | None: ...
    @property
    def answers(self) -> Mapping[str, str] | None: ...
    @property
    def party_state(self) -> bool: ...


def shift_ends_at(incident: Incident, now: datetime) -> datetime | None:
    """``catalogue.shift_end`` for an incident; exercises have none."""
    return None if incident.rehearsal_id is not None else catalogue.shift_end(incident.unit_id, incident.severity, now)


def stamp(incident: Incident) -> str:
    """The same as long as nobody has changed its category, level or answers."""
    told = incident.category, incident.severity, incident.party_state, sorted(incident.answers.items())
    return hashlib.sha256(repr(told).encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Classification:
    """What an incident is, as somebody says: a category, answers to its questions, and perhaps a level chosen by hand
    (``None``: the derived one)."""

    category: str
    answers: Mapping[str, str]
    severity: int | None = None
    party_state: bool = False


def reclassify(
    incident_id: int,
    wanted: Classification,
    *,
    actor: Actor,
    now: datetime,
    note: str = "",
    seen: str = "",
) -> Incident:
    """Give it another category, other answers, or a level chosen by hand.

    A changed level follows the policy that holds for it, and a worse one is called about no later than that policy
    wants. ``seen``: the ``stamp`` of what the form showed. Raises ``Invalid``, ``NotFound``, ``Forbidden``, and
    ``Conflict`` when somebody has changed it since.
    """
    with transitions.changing(incident_id, actor, "classify", now) as (session, incident):
        access.ensure_act(actor, incident, now=now)
        if seen and seen != stamp(incident):
            raise Conflict("incident.classified", state={"code": incident.code, "severity": incident.severity})
        kind, answers, severity = kind_of(wanted.category), wanted.answers, wanted.severity
        ensure_answers(answers)
        derived = derive(kind, answers, party_state=wanted.party_state, restricted=incident.restricted)
        before, title = _state(incident), incident.title
        if legal.applies(incident) and not kind.legal and legal.rows(incident) and not note.strip():
            # Article 14 has begun: a person who says that it does not apply after all says why, and stands by it.
            raise Invalid("incident.legal_begun", field="note")
        incident.category, incident.party_state = kind.code, derived.party_state
        put_answers(incident, answers, derived)
        incident.severity = floor(severity or derived.level, party_state=derived.party_state, category=kind.code)
        _keep_secret(session, incident, before, title)
        if before != _state(incident) or note.strip():
            by_hand = severity is not None and incident.severity != derived.level
            _write_down(session, incident, before, actor, now=now, note=note, derived=derived.level, by_hand=by_hand)
        return incident


def learn(
    session: Session,
    incident: Incident,
    said: Classification,
    *,
    actor: Actor,
    now: datetime,
) -> None:
    """Somebody tells of it once more and may know more: what is worse, more secret or of Party and State by their
    account holds from now on, and nothing becomes milder. In the caller's transaction; the incident exclusively.

    Raises ``Invalid`` for questions and answers that do not exist.
    """
    kind, answers = kind_of(said.category), said.answers
    ensure_answers(answers)
    is_official = incident.party_state or said.party_state
    told = derive(kind, answers, party_state=is_official, restricted=incident.restricted)
    before, level, title = _state(incident), min(said.severity or told.level, told.level), incident.title
    incident.answers = heavier(incident.answers, answers, questions_of({**incident.answers, **answers}))
    incident.party_state, incident.restricted = told.party_state, told.restricted
    if level < incident.severity:
        incident.severity, incident.derived_severity, incident.because = level, told.level, because(told, kind)
    if before == _state(incident):
        return
    _keep_secret(session, incident, before, title)
    by_hand = incident.severity == level < told.level
    _write_down(session, incident, before, actor, now=now, derived=told.level, by_hand=by_hand)


def worsen(session: Session, incident: Incident, told: ToldAgain, *, now: datetime) -> None:
    """It is told again, with answers or a level of its own: what is worse than known holds, nothing gets milder."""
    if told.answers or told.party_state:
        learn(
            session,
            incident,
            Classification(
                told.category if told.answers else incident.category, told.answers or {}, party_state=told.party_state
            ),
            actor=told.actor,
            now=now,
        )
    wanted = told.severity or incident.severity
    level = floor(wanted, party_state=incident.party_state, category=incident.category)
    if level >= incident.severity:
        return
    before, incident.severity = _state(incident), level
    _write_down(session, incident, before, told.actor, now=now, derived=incident.derived_severity, by_hand=True)


def _state(incident: Incident) -> dict[str, Any]:
    kind = kind_of(incident.category)
    return {
        "category": kind.code,
        "vi": kind.name_vi,
        "en": kind.name_en,
        "severity": incident.severity,
        "answers": dict(incident.answers),
        "party_state": incident.party_state,
        "restricted": incident.restricted,
    }


def _keep_secret(session: Session, incident: Incident, before: Mapping[str, Any], title: str) -> None:
    """See to it that nobody learns what it has become who must not: in its own words, in those joined to it, in what
    goes out.

    ``title``: as it was until now.
    """
    for field in ("title", "description"):
        setattr(incident, field, discreet.tightened(incident, getattr(incident, field)))
    incident.search_key = fold(f"{incident.title} {incident.description} {incident.unit.name}")
    if incident.restricted and not before["restricted"]:
        session.flush()
        merging.hide_together(session, incident)
    outgoing.withhold(session, incident, title)


def _write_down(
    session: Session,
    incident: Incident,
    before: Mapping[str, Any],
    actor: Actor,
    *,
    now: datetime,
    **how: Any,
) -> None:
    """Write what it was and what it is now; it follows the policy of its new level. ``how``: the ``note``, the level by
    rule (``derived``), whether it was chosen ``by_hand``."""
    policy = _follow_policy(session, incident, before["severity"], now)
    timeline.write(
        session,
        incident,
        "reclassified",
        actor,
        now=now,
        before=before,
        after=_state(incident),
        policy=policy,
        because=incident.because,
        machine=actor.is_machine,
        **how,
    )


def _follow_policy(session: Session, incident: Incident, before: int, now: datetime) -> int | None:
    """The number of the policy that the incident follows from now on, when that is another one."""
    if incident.severity == before or incident.status not in states.UNFINISHED:
        return None
    switched = selection.apply_newest(incident)
    session.flush()
    incident.shift_ends_at = incident.shift_ends_at or shift_ends_at(incident, now)
    if incident.severity < before:
        _hasten(incident, now)
    return incident.escalation.policy.number if switched else None


def _hasten(incident: Incident, now: datetime) -> None:
    """It is worse than was thought: the next call comes no later than its policy would have it."""
    escalation, policy = incident.escalation, selection.policy_of(incident)
    if escalation.next_at is None:
        return
    if incident.status == "acknowledged":
        latest = now + policy.ack_timeout
    elif escalation.fired_at is None:
        latest = now
    else:
        step = escalation.step if escalation.step < len(policy.steps) else 0
        wait: timedelta = policy.steps[step].after if step else policy.repeat_after
        latest = max(now, escalation.fired_at + wait)
    escalation.next_at = min(escalation.next_at, latest)


def restrict(incident_id: int, *, restricted: bool, reason: str, actor: Actor, now: datetime) -> Incident:
    """Show it to those only who need it, or to everybody again.

    Raises ``Invalid`` without a reason, ``Conflict`` for what the law restricts, and when the actor would not see it
    any more: nobody hides something from themselves by mistake.
    """
    with transaction() as whole:
        # The main one first, as wherever something is done to several that are one: else two would wait for each other.
        main = transitions.exclusively(whole, merging.target(incident_id))
        with transitions.changing(incident_id, actor, "restrict", now) as (session, incident):
            access.ensure_close(actor, incident, now=now)
            if not reason.strip():
                raise Invalid("incident.restrict_reason", field="reason")
            if not restricted and restricted_by_law(incident.category):
                raise Conflict("incident.restricted_by_law", state={"code": incident.code, "restricted": True})
            if not restricted and main.restricted and incident.joined_to_id == main.id:
                timeline.refuse_joined(session, incident)  # what is said about the main one is written here as well
            if incident.restricted == restricted:
                return incident
            incident.restricted = restricted
            session.flush()
            if restricted:
                merging.hide_together(session, incident)
                outgoing.withhold(session, incident)
            if not access.sees(actor, incident, now=now):
                raise Conflict("incident.restrict_self", state={"code": incident.code, "restricted": False})
            kind = "restricted" if restricted else "unrestricted"
            timeline.write(session, incident, kind, actor, now=now, note=reason)
            return incident
