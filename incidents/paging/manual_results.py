"""*Gọi tay*, the telephone in hand: who rings whom, and what came of it (``manual_undo`` takes that back).

A person is rung once about everything; each incident gets its own line in the timeline.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NoReturn

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from core import i18n
from core.actor import Actor
from core.db import db, insert_into, transaction
from core.errors import Conflict
from incidents.escalation.models import TO_TAKE, Ask
from incidents.paging import manual_rules
from incidents.paging.models import HandCall
from incidents.record import access, naming, states, timeline, transitions
from incidents.record.models import Incident, Page
from incidents.response import lifecycle, responders
from incidents.response.lifecycle import Outcome

LATER = ("busy", "later")
"""No answer yet: they are rung again."""
ANSWERED = ("taken", "refused")
"""Somebody picked up: that counts, no matter who wrote it down first."""
SNOOZE = ("snoozed_until", "snooze_reason", "snoozed_by")
KEPT = ("next_at", "waits_for", "held_duty", "since", "arrives_at", "arrived_at", *SNOOZE)
"""Of the timer, while a question takes an incident from the holder."""


@dataclass(frozen=True)
class Done:
    """What became of each incident that a call was about; ``had``: code → who has it already; ``apart``: codes of those
    that nobody takes along with others, of which nothing is noted yet."""

    codes: tuple[str, ...]
    had: tuple[tuple[str, str], ...] = ()
    apart: tuple[str, ...] = ()
    took: bool = True
    """Whether somebody took something, rather than said that they know."""


def ring(incidents: Sequence[Incident], person_id: int, *, actor: Actor, now: datetime) -> None:
    """``actor`` rings that person now; for three minutes the others leave it to them.

    Raises ``Conflict("call.oneself")``, ``Conflict("call.ringing")`` with who does it already, ``Forbidden``.
    """
    if person_id == actor.person_id:
        raise Conflict("call.oneself")
    with transaction() as session:
        for incident in sorted(incidents, key=lambda each: each.id):
            _ensure(incident, actor, now)
            mine = {
                "incident_id": incident.id,
                "person_id": person_id,
                "by_ref": actor.ref,
                "by_name": actor.name,
                "claimed_until": now + manual_rules.CLAIM,
                "again_at": None,
            }
            taken = session.scalar(
                insert_into(HandCall)
                .values(mine)
                .on_conflict_do_update(
                    index_elements=["incident_id", "person_id"],
                    set_=mine,
                    where=or_(HandCall.claimed_until <= now, HandCall.by_ref == actor.ref),
                )
                .returning(HandCall.person_id)
            )
            if taken is None:
                _refuse(session.get_one(HandCall, (incident.id, person_id), populate_existing=True))


def leave(incidents: Sequence[Incident], person_id: int, *, actor: Actor, now: datetime) -> None:
    """``actor`` does not ring after all: somebody else may."""
    with transaction() as session:
        for incident in incidents:
            _ensure(incident, actor, now)
            row = session.get(HandCall, (incident.id, person_id))
            if row is not None and row.by_ref == actor.ref:
                row.claimed_until = now


@dataclass(frozen=True)
class CalledAbout:
    """What somebody was rung about. ``only``: the code of the one that they take; they cannot do the others.
    ``named``: codes of those that were told to them by themselves."""

    incidents: Sequence[Incident]
    only: str = ""
    named: Collection[str] = ()


def result(
    about: CalledAbout,
    person_id: int,
    outcome: Outcome,
    *,
    actor: Actor,
    now: datetime,
    again_in: timedelta = manual_rules.BUSY,
) -> Done:
    """Write down what came of ringing them, into the timeline of each of the incidents. Whoever was asked
    something and says yes has answered that. Of several that they take what is taken singly stays out, unless it was
    ``named`` to them by itself: it is noted by itself.

    Somebody else who is ringing at this moment says it themselves, unless the person answered: then that counts. The
    same again within seconds is a second tap. Raises ``Conflict``, ``Forbidden``.
    """
    had: list[tuple[str, str]] = []
    apart: list[str] = []
    noted: dict[str, bool] = {}
    incidents, only = about.incidents, about.only
    with transaction() as session:
        for incident_id in sorted(each.id for each in incidents):
            incident = transitions.exclusively(session, incident_id)
            _ensure(incident, actor, now)
            said: Outcome = "refused" if only and incident.code != only else outcome
            unsaid = len(incidents) > 1 and incident.code not in about.named
            if said == "taken" and not only and unsaid and _is_apart(incident, person_id):
                apart.append(incident.code)
                continue
            row = session.get(HandCall, (incident.id, person_id), with_for_update=True)
            if row is not None and row.claimed_until > now and row.by_ref != actor.ref and said not in ANSWERED:
                _refuse(row)
            if not _is_known(incident, person_id, said) and not _is_second_tap(row, said, actor, now):
                if by := _too_late(session, incident, person_id):
                    had.append((incident.code, by))
                    continue
                before = _before(incident)
                _note(incident, person_id, said, actor, now=now)
                again_at = now + again_in if said in LATER else None
                session.merge(_done(incident, person_id, said, actor, now=now, again_at=again_at, before=before))
            noted[incident.code] = said == "taken" and incident.acknowledged_by_id == person_id
    return Done(tuple(noted), tuple(had), tuple(apart), took=any(noted.values()))


def _is_apart(incident: Incident, person_id: int) -> bool:
    """Whether saying yes makes it theirs, and it is one of those that are taken singly."""
    asked = _asked(incident.id, person_id) if naming.is_taken_singly(incident) else None
    return naming.is_taken_singly(incident) and (asked is None or asked.kind in TO_TAKE)


def _done(incident: Incident, person_id: int, said: Outcome, actor: Actor, *, now: datetime, **more: Any) -> HandCall:
    return HandCall(
        incident_id=incident.id,
        person_id=person_id,
        by_ref=actor.ref,
        by_name=actor.name,
        claimed_until=now,
        outcome=said,
        done_at=now,
        **more,
    )


def _is_known(incident: Incident, person_id: int, said: Outcome) -> bool:
    """They have it already, as another operator has written down, or they themselves."""
    has_it = incident.status == "acknowledged" and incident.acknowledged_by_id == person_id
    return said == "taken" and has_it and _asked(incident.id, person_id) is None


def _too_late(session: Session, incident: Incident, person_id: int) -> str:
    """Who finished it, or has it, while the telephone rang: then there is nothing left to say of this call, not even
    that nobody answered. Not where this person was asked to take it from them, or to help."""
    if incident.status not in states.UNFINISHED:
        return timeline.who_did(session, incident)[0]
    if incident.status != "acknowledged" or _asked(incident.id, person_id) is not None:
        return ""
    return incident.acknowledged_by


def _before(incident: Incident) -> dict[str, Any]:
    """Who has it, and the timer, as JSON."""
    timer = {name: getattr(incident.escalation, name) for name in KEPT}
    facts = {
        **timer,
        "status": incident.status,
        "by": incident.acknowledged_by,
        "by_id": incident.acknowledged_by_id,
        "at": incident.acknowledged_at,
    }
    return {name: each.isoformat() if isinstance(each, datetime) else each for name, each in facts.items()}


def _note(incident: Incident, person_id: int, said: Outcome, actor: Actor, *, now: datetime) -> None:
    """One incident's share of the call."""
    ask = _asked(incident.id, person_id) if said in ANSWERED else None
    if ask is not None:
        responders.answer(incident.id, ask.id, accept=said == "taken", actor=actor, now=now, by_phone=True)
    else:
        lifecycle.log_call(incident.id, person_id=person_id, outcome=said, actor=actor, now=now)


def _asked(incident_id: int, person_id: int) -> Ask | None:
    """The open question that the person was called about last; none when it was to take what nobody has."""
    asked = (
        select(Page.ask_id)
        .where(Page.incident_id == incident_id, Page.person_id == person_id)
        .order_by(Page.id.desc())
        .limit(1)
    )
    return db.session.scalar(select(Ask).where(Ask.id == asked.scalar_subquery(), Ask.state == "open"))


def _is_second_tap(row: HandCall | None, said: Outcome, actor: Actor, now: datetime) -> bool:
    if row is None or row.done_at is None or row.claimed_until > now:
        return False
    return (row.outcome, row.by_ref) == (said, actor.ref) and now - row.done_at < manual_rules.AGAIN


def _ensure(incident: Incident, actor: Actor, now: datetime) -> None:
    access.ensure_visible(actor, incident, now=now)
    access.ensure_dispatch(actor, incident, now=now)


def _refuse(claim: HandCall) -> NoReturn:
    raise Conflict(
        "call.ringing",
        state={"by": claim.by_name, "until": claim.claimed_until},
        by=claim.by_name,
        until=i18n.t(claim.claimed_until),
    )
