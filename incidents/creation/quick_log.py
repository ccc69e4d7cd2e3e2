"""The quick log put to work: one showing of the form is one incident, however often and over whatever line it comes."""

from __future__ import annotations

import hashlib
import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core import audit
from core.actor import Actor
from core.db import db, transaction
from core.errors import Invalid
from core.files.content import File
from core.sweeping import forget
from duty.on_duty import rehearsals
from incidents.attachments import services as attachments
from incidents.attachments.models import KeptPhoto
from incidents.creation import discretion, services as creation
from incidents.creation.drafting import IncidentReport
from incidents.creation.models import LogKey
from incidents.merging import services as merging
from incidents.record import access, queries, states, timeline, transitions
from incidents.record.models import Incident
from incidents.triage import classification
from incidents.triage.classification import Classification
from people import queries as people
from roster.models import Rehearsal

KEYS_KEPT = timedelta(days=30)
"""A phone that was off for longer than this may log twice."""
PHOTOS_KEPT = timedelta(days=1)
MOST_KEPT = 6
"""Photos of one form."""
LATER = timedelta(minutes=2)
"""From here on the timeline says that it was written down earlier, without a line."""


@dataclass(frozen=True)
class LogEntry:
    """What the form says, read and checked as far as a form can."""

    form_key: str
    words: Sequence[tuple[str, str]]
    """Every field as typed: what must be equal for a repetition."""
    title: str
    category: str
    unit: str
    severity: int | None = None
    party_state: bool = False
    description: str = ""
    reporter: str = ""
    detected_at: datetime | None = None
    drill: bool = False
    answers: dict[str, str] | None = None
    photos: Sequence[File] = ()
    edited: bool = False
    """Corrected on the phone after a first try whose answer never came."""
    kept_at: datetime | None = None
    """When the phone kept it because there was no line."""
    names_confirmed: bool = False
    """Somebody said that the name in it is neither the sender's nor the receiver's."""


@dataclass(frozen=True)
class LoggedIncident:
    code: str
    created: bool


_Write = Callable[[Session], tuple[Incident, bool]]


def log(entry: LogEntry, *, asked: Rehearsal | None, actor: Actor, now: datetime) -> LoggedIncident:
    """Log it once. What was corrected on the phone meanwhile is added to what has already arrived.

    Raises what ``services.log`` raises, and ``Invalid`` for an exercise that does not run.
    """
    return _once(entry, actor, lambda session: _log(session, entry, asked, actor, now=now), now)


def add_to(code: str, entry: LogEntry, *, actor: Actor, now: datetime) -> LoggedIncident:
    """It is that incident: what was typed and photographed goes there, and nobody is called anew.

    Raises ``NotFound`` when the reader may not know of it, ``Conflict`` when it is finished.
    """
    return _once(entry, actor, lambda session: (_add(session, code, entry, actor, now=now), False), now)


def known(entry: LogEntry, actor: Actor) -> LoggedIncident | None:
    """Return what came of exactly this before."""
    row = db.session.scalar(select(LogKey).where(LogKey.key == _key(entry, actor)))
    return LoggedIncident(row.incident.code, False) if row else None


def alike(entry: LogEntry, *, actor: Actor, now: datetime) -> list[Incident]:
    """Open ones that may be what is about to be logged; none for exercises."""
    if entry.drill:
        return []
    unit = people.unit_by_code(entry.unit)
    return merging.alike(unit.id, entry.category, entry.title, now, actor=actor)


def _once(entry: LogEntry, actor: Actor, write: _Write, now: datetime) -> LoggedIncident:
    key, form = _key(entry, actor), f"{actor.ref}/{entry.form_key}"
    try:
        with transaction() as session:
            before = known(entry, actor)
            if before is not None:
                return before
            earlier = session.scalar(select(LogKey).where(LogKey.form == form)) if entry.edited else None
            if earlier is not None:
                incident, created = _add(session, earlier.incident.code, entry, actor, now=now), False
            else:
                incident, created = write(session)
            session.add(LogKey(key=key, form=form, incident_id=incident.id, at=now))
            session.execute(delete(KeptPhoto).where(KeptPhoto.owner == actor.ref, KeptPhoto.form_key == entry.form_key))
            session.flush()
            return LoggedIncident(incident.code, created)
    except IntegrityError:  # sent side by side, and the other one was faster
        before = known(entry, actor)
        if before is None:
            raise
        return before


def _log(
    session: Session, entry: LogEntry, asked: Rehearsal | None, actor: Actor, *, now: datetime
) -> tuple[Incident, bool]:
    unit = people.unit_by_code(entry.unit)
    incident, created = creation.log(
        IncidentReport(
            title=entry.title,
            category=entry.category,
            unit_id=unit.id,
            actor=actor,
            severity=entry.severity,
            party_state=entry.party_state,
            description=entry.description,
            reporter=entry.reporter,
            detected_at=entry.detected_at or entry.kept_at,
            rehearsal=_rehearsal(asked, unit.id, now) if entry.drill else None,
            answers=entry.answers,
            names_confirmed=entry.names_confirmed,
        ),
        now=now,
    )
    if entry.kept_at is not None and now - entry.kept_at > LATER:
        timeline.write(session, incident, "sent_later", actor, now=now, at=entry.kept_at.isoformat())
    _attach(incident, entry, actor, now)
    return incident, created


def _rehearsal(asked: Rehearsal | None, unit_id: int, now: datetime) -> Rehearsal:
    within = asked is not None and asked.campaign.unit_id in people.ancestor_ids(unit_id)
    found = asked if within else rehearsals.active_for(unit_id, now=now)
    if found is None:
        raise Invalid("incident.no_rehearsal", field="drill")
    return found


def _add(session: Session, code: str, entry: LogEntry, actor: Actor, *, now: datetime) -> Incident:
    found = queries.readable(code, actor, now)
    incident = transitions.exclusively(session, merging.target(found.id))
    access.ensure_log(actor, incident.unit_id, now=now)
    if incident.status not in states.UNFINISHED:
        timeline.refuse(session, incident)
    classification.learn(
        session,
        incident,
        Classification(entry.category, entry.answers or {}, severity=entry.severity, party_state=entry.party_state),
        actor=actor,
        now=now,
    )
    typed = {"title": entry.title, "description": entry.description}
    discretion.ensure(incident, typed, confirmed=entry.names_confirmed)
    note = "\n".join(part for part in (entry.title, entry.description.strip()) if part)
    timeline.write(session, incident, "reported_again", actor, now=now, note=note)
    audit.record(actor, "incident.report_again", "incident", incident.code, now=now)
    _attach(incident, entry, actor, now)
    return incident


def _attach(incident: Incident, entry: LogEntry, actor: Actor, now: datetime) -> None:
    kept = _kept(entry.form_key, actor)
    known = {content for _name, content in kept}
    again = [attachments.read_upload(io.BytesIO(content), name) for name, content in kept]
    # Whoever went back in the browser sends what is kept once more.
    for photo in (*(each for each in entry.photos if each.content not in known), *again):
        attachments.add_file(incident.id, file=photo, actor=actor, now=now)


def keep_photos(form_key: str, photos: Sequence[File], *, actor: Actor, now: datetime) -> int:
    """Keep the photos while somebody is asked whether it is a known incident, or mends what was refused, the same photo
    once; how many are kept, at most ``MOST_KEPT``."""
    known = {content for _name, content in _kept(form_key, actor)}
    new = {photo.content: photo for photo in photos if photo.content not in known}
    chosen = list(new.values())[: max(0, MOST_KEPT - len(known))]
    if chosen:
        with transaction() as session:
            session.add_all(
                KeptPhoto(owner=actor.ref, form_key=form_key, name=photo.name, data=photo.content, at=now)
                for photo in chosen
            )
    return len(known) + len(chosen)


def _kept(form_key: str, actor: Actor) -> list[tuple[str, bytes]]:
    """(name, content) of each."""
    mine = select(KeptPhoto.name, KeptPhoto.data).where(KeptPhoto.owner == actor.ref, KeptPhoto.form_key == form_key)
    return list(db.session.execute(mine.order_by(KeptPhoto.id)).tuples())


def _key(entry: LogEntry, actor: Actor) -> str:
    words = repr([entry.form_key, sorted(entry.words)]).encode()
    return f"{actor.ref}/{hashlib.sha256(words).hexdigest()}"


def forget_before(now: datetime) -> None:
    """Housekeeping: drop keys and photos that have served their time."""
    forget(LogKey, LogKey.at < now - KEYS_KEPT)
    forget(KeptPhoto, KeptPhoto.at < now - PHOTOS_KEPT)
