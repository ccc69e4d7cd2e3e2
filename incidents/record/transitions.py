"""What every change of an incident shares: take it exclusively, move it on, end what has lost its sense."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime

from sqlalchemy import BindParameter, bindparam, select, update
from sqlalchemy.orm import Session, joinedload

from core import audit
from core.actor import Actor
from core.db import db, transaction
from core.errors import NotFound
from core.storage.failpoints import hit
from incidents.escalation.models import Ask
from incidents.record import access, states
from incidents.record.models import Escalation, Incident, Page
from incidents.record.timeline import refuse, refuse_joined
from notify import outbox

WHEN_JOINED = ("pass", "attach", "detach", "legal", "facts", "check", "restrict")
"""What may be done to an incident that was joined to another: everything else is done to that one."""


def topic(incident_id: int) -> str:
    """The outbox topic of everything that is said about an incident."""
    return f"incident/{incident_id}"


def exclusively(session: Session, incident_id: int) -> Incident:
    """The incident as it is now, until commit nobody else's to change. Raises ``NotFound``.

    Everybody who changes an incident takes its escalation row first: workers and people meet there.
    """
    session.execute(
        select(Escalation)
        .where(Escalation.incident_id == incident_id)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    incident = session.scalar(_HELD, {"ids": [incident_id]})
    if incident is None:
        raise NotFound("incident.unknown")
    return incident


def all_exclusively(session: Session, incident_ids: Collection[int]) -> dict[int, Incident]:
    """``exclusively`` for several, taken in one order so that two who want the same never wait for each other."""
    if not incident_ids:
        return {}
    given = {"ids": list(incident_ids)}
    session.execute(_HOLD, given)
    return {incident.id: incident for incident in session.scalars(_HELD, given)}


# Asked with every alarm: built once.
_IDS: BindParameter[int] = bindparam("ids", expanding=True)
_HOLD = (
    select(Escalation.incident_id)
    .where(Escalation.incident_id.in_(_IDS))
    .order_by(Escalation.incident_id)
    .with_for_update()
)
EXERCISE = joinedload(Incident.rehearsal)
"""An exercise may have been ended since this session last read it: it is read anew with the incident."""
_HELD = select(Incident).where(Incident.id.in_(_IDS)).options(EXERCISE).execution_options(populate_existing=True)


def ask_topic(incident_id: int, ask_id: int | None) -> str:
    """The outbox topic of one question to a person (``Ask``): it stays when somebody takes the incident."""
    return f"incident/{incident_id}/ask/{ask_id or 0}"


@contextmanager
def changing(incident_id: int, actor: Actor, verb: str, now: datetime) -> Iterator[tuple[Session, Incident]]:
    """The incident, exclusively, in one transaction that is audited as ``incident.<verb>`` when it changed anything."""
    with transaction() as session:
        incident = exclusively(session, incident_id)
        access.ensure_visible(actor, incident, now=now)
        if incident.joined_to_id is not None and verb not in WHEN_JOINED:
            refuse_joined(session, incident)
        before = incident.version
        yield session, incident
        if incident.version != before:
            audit.record(actor, f"incident.{verb}", "incident", incident.code, now=now, status=incident.status)
            session.flush()
            hit("incident.changed")


def move(session: Session, incident: Incident, verb: states.Verb) -> None:
    """Bring it into the status after ``verb``. Raises ``Conflict`` when that is not allowed now."""
    following = states.after(incident.status, verb)
    if following is None:
        refuse(session, incident)
    incident.status = following


def open_again(incident: Incident) -> None:
    """Nobody has it any more; its turns are counted anew."""
    escalation = incident.escalation
    escalation.since, escalation.waits_for, escalation.held_duty = escalation.cycle, "step", None
    escalation.arrives_at = escalation.arrived_at = None
    wake_up(incident)
    incident.status = "open"
    incident.acknowledged_at = incident.acknowledged_by_id = None
    incident.acknowledged_by = ""


def wake_up(incident: Incident) -> None:
    """It is put off no longer."""
    incident.escalation.snoozed_until = None
    incident.escalation.snooze_reason = incident.escalation.snoozed_by = ""


def stop(incident: Incident, *, now: datetime) -> None:
    """Nobody is called or asked any more, and what was not sent stays unsent."""
    incident.escalation.next_at = None
    wake_up(incident)
    end_asks(incident, now=now)
    silence(incident, now=now)


def end_asks(incident: Incident, *kinds: str, now: datetime) -> set[int | None]:
    """Questions of these kinds (none named: all) have lost their sense; what was not sent of them stays unsent. Whom
    they were put to."""
    asked = [Ask.incident_id == incident.id, Ask.state == "open"]
    if kinds:
        asked.append(Ask.kind.in_(kinds))
    ended = update(Ask).where(*asked).values(state="ended", next_at=None, answered_at=now)
    rows = db.session.execute(ended.returning(Ask.id, Ask.person_id)).tuples().all()
    for ask_id, _person_id in rows:
        outbox.cancel(ask_topic(incident.id, ask_id), now=now)
    if not kinds:
        outbox.cancel(ask_topic(incident.id, None), now=now)
    return {person_id for _ask_id, person_id in rows}


def silence(incident: Incident, *, now: datetime) -> None:
    """Take back every message that has not left yet."""
    outbox.cancel(topic(incident.id), now=now)


def advance(session: Session, incident: Incident, *, now: datetime) -> bool:
    """Let the next step follow at once; whether it does.

    Not while it is put off, nor at the end of a turn in which everybody has already said no: they get the pause before
    the next turn.
    """
    if incident.escalation.snoozed_until is not None:
        return False
    if incident.escalation.step == 0 and not _anybody_left(session, incident):
        return False
    incident.escalation.next_at = now
    return True


def _anybody_left(session: Session, incident: Incident) -> bool:
    pages = session.scalars(select(Page).where(Page.incident_id == incident.id, ~Page.away)).all()
    turn = max((page.cycle for page in pages), default=0)
    return any(page.answer is None for page in pages if page.cycle == turn)


def start_over(session: Session, incident: Incident, *, now: datetime) -> None:
    """Open it again and call from the first step, now. Raises ``IntegrityError`` when its key was reported anew."""
    open_again(incident)
    incident.resolved_at = incident.closed_at = incident.leadership_told_at = None
    incident.clocks_from, incident.leadership_told_by = now, ""
    session.flush()
    escalation = incident.escalation
    escalation.step, escalation.cycle, escalation.next_at = 0, escalation.cycle + 1, now
    escalation.since = escalation.cycle


def latest_pages(session: Session, incident: Incident) -> list[Page]:
    """The people of the last call; nobody waits for those who are recorded absent."""
    called = select(Page).where(Page.incident_id == incident.id, ~Page.away)
    pages = session.scalars(called.order_by(Page.id)).all()
    last = max((page.fired for page in pages), default=0)
    return [page for page in pages if page.fired == last]
