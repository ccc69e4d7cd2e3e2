"""What every change of an incident shares: take it exclusively, write its timeline, say who was first."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any, NoReturn

from sqlalchemy import BindParameter, bindparam, select, update
from sqlalchemy.orm import Session

from core import audit, i18n
from core.actor import Actor
from core.db import db, transaction
from core.errors import Conflict, Invalid, NotFound
from core.storage.failpoints import hit
from incidents.escalation.models import Ask
from incidents.record import access, secrecy, states
from incidents.record.models import Escalation, Incident, Page, TimelineEntry
from notify import outbox

DONE_BY = {"acknowledged": ("acknowledged", "taken_over"), "resolved": ("resolved",), "closed": ("closed", "ended")}
"""Timeline kinds that tell who brought an incident into a status."""


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
    incident = session.scalar(
        select(Incident).where(Incident.id == incident_id).execution_options(populate_existing=True)
    )
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
_HELD = select(Incident).where(Incident.id.in_(_IDS)).execution_options(populate_existing=True)
_LINES = (
    select(TimelineEntry)
    .where(TimelineEntry.incident_id.in_(_IDS), TimelineEntry.kind == bindparam("kind"))
    .order_by(TimelineEntry.id)
)


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


def write(
    session: Session, incident: Incident, kind: str, who: Actor | str, *, now: datetime, note: str = "", **params: Any
) -> TimelineEntry:
    """Append to the timeline; ``params`` are facts, never sentences."""
    entry = TimelineEntry(**line(incident, kind, who, now=now, note=note, **params))
    session.add(entry)
    incident.version += 1
    return entry


def line(
    incident: Incident, kind: str, who: Actor | str, *, now: datetime, note: str = "", **params: Any
) -> dict[str, Any]:
    """The fields of a line of the timeline, for whoever writes many at once."""
    name = who if isinstance(who, str) else who.name
    kept = discreet(incident, note.strip(), who)
    return {"incident_id": incident.id, "at": now, "who": name, "kind": kind, "params": params, "note": kept}


def count(session: Session, kind: str, said: Sequence[tuple[Incident, Actor, str]], *, now: datetime) -> None:
    """``write`` what machines say (``said``: of which incident, who, in which words), but the same one's lines of that
    kind are one line: the newest words, how many ``times``, and when ``last``.

    Tools repeat themselves for hours; a timeline of nothing else would hide what people did.
    """
    given = {"ids": list({incident.id for incident, _who, _note in said}), "kind": kind}
    lines = session.scalars(_LINES, given)
    counted = {(entry.incident_id, entry.who): entry for entry in lines if "times" in entry.params}
    for incident, who, note in said:
        entry = counted.get((incident.id, who.name))
        if entry is None:
            counted[incident.id, who.name] = write(session, incident, kind, who, now=now, note=note, times=1)
            continue
        entry.params = entry.params | {"times": entry.params["times"] + 1, "last": now.isoformat()}
        entry.note = discreet(incident, note.strip(), who)
        incident.version += 1


def wake_up(incident: Incident) -> None:
    """It is put off no longer."""
    incident.escalation.snoozed_until = None
    incident.escalation.snooze_reason = incident.escalation.snoozed_by = ""


def discreet(incident: Incident, text: str, who: Actor | str, field: str = "note") -> str:
    """``text`` if it may be kept of an incident that concerns Party, State or KT1.

    Raises ``Invalid`` for marks of secrecy; from machines and one-tap links, which cannot mend it, they are taken out.
    """
    if not (incident.party_state or incident.category == "kt1"):
        return text
    marks = secrecy.found(text)
    if marks is None:
        return text
    if isinstance(who, str) or who.via in ("system", "link"):
        return secrecy.without(text)
    raise Invalid("incident.secret", field=field, words=marks)


def stop(incident: Incident, *, now: datetime) -> None:
    """Nobody is called or asked any more, and what was not sent stays unsent."""
    incident.escalation.next_at = None
    wake_up(incident)
    end_asks(incident, now=now)
    silence(incident, now=now)


def end_asks(incident: Incident, *kinds: str, now: datetime) -> None:
    """Questions of these kinds (none named: all) have lost their sense; what was not sent of them stays unsent."""
    asked = [Ask.incident_id == incident.id, Ask.state == "open"]
    if kinds:
        asked.append(Ask.kind.in_(kinds))
    ended = update(Ask).where(*asked).values(state="ended", next_at=None, answered_at=now).returning(Ask.id)
    for ask_id in db.session.scalars(ended).all():
        outbox.cancel(ask_topic(incident.id, ask_id), now=now)
    if not kinds:
        outbox.cancel(ask_topic(incident.id, None), now=now)


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


def refuse_joined(session: Session, incident: Incident) -> NoReturn:
    """Raise ``Conflict``: it is done to the incident that this one was joined to."""
    main = session.get_one(Incident, incident.joined_to_id)
    state = {"code": incident.code, "status": incident.status, "joined_to": main.code, "by": main.acknowledged_by}
    raise Conflict("join.joined", state=state, incident=incident.code, main=main.code)


def refuse(session: Session, incident: Incident) -> NoReturn:
    """Raise ``Conflict``: the incident is already in that state; who brought it there, and when."""
    by, at = who_did(session, incident)
    raise Conflict(
        f"incident.already_{incident.status}",
        state={"code": incident.code, "status": incident.status, "by": by, "at": at},
        incident=incident.code,
        by=by,
        at=i18n.dt(at),
    )


def who_did(session: Session, incident: Incident) -> tuple[str, datetime]:
    """Who brought the incident into its present status, and when."""
    if incident.status == "acknowledged" and incident.acknowledged_at is not None:
        return incident.acknowledged_by, incident.acknowledged_at
    kinds = DONE_BY.get(incident.status, ("reopened", "logged"))
    last = session.scalar(
        select(TimelineEntry)
        .where(TimelineEntry.incident_id == incident.id, TimelineEntry.kind.in_(kinds))
        .order_by(TimelineEntry.id.desc())
        .limit(1)
    )
    return (last.who, last.at) if last else (incident.created_by, incident.created_at)
