"""Logging an incident: its code, severity and phase, and "this has been reported already"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import Select, select, text
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, aliased

from core import audit, clock
from core.actor import Actor
from core.db import db, is_sqlite, transaction
from core.errors import Invalid, Unavailable
from core.failpoints import hit
from core.models import Setting
from core.text import fold, nfc
from incidents import classifying, policies, records, rights, states
from incidents.models import Escalation, Incident
from incidents.severity import Derived
from people import queries as people
from roster import holidays
from roster.models import HolidaySet, Rehearsal
from roster.projection import tet_year_on

LONGEST_TITLE = 600  # 200 as typed; composing letters may lengthen some scripts
_ATTEMPTS = 5
_OURS = re.compile(r"(?:rehearsal|intake)/\d+/")
"""How keys begin that we make ourselves: those of an exercise, those of one source."""
_LOG_LOCK = 20_200_125  # any number, the same in every process


def log(
    *,
    title: str,
    category: str,
    unit_id: int,
    actor: Actor,
    now: datetime,
    description: str = "",
    severity: int | None = None,
    detected_at: datetime | None = None,
    party_state: bool = False,
    dedup_key: str | None = None,
    reporter: str = "",
    rehearsal: Rehearsal | None = None,
    answers: Mapping[str, str] | None = None,
    restricted: bool = False,
    by_source: bool = False,
) -> tuple[Incident, bool]:
    """Write down an incident whose first step is due at once; ``(incident, created)``.

    ``severity`` chosen by hand is raised to its floor, never refused; without it category and ``answers`` (question →
    answer) decide. Marks of secrecy about Party and State items are refused, or taken out of what machines send. While
    an incident with the same ``dedup_key`` is open, that one is answered instead. ``by_source``: the key is one that
    ``incidents.intakes`` made. Raises ``Invalid``, ``NotFound``, ``Forbidden``.
    """
    title, key = " ".join(nfc(title).split()), (dedup_key if by_source else _dedup_key(dedup_key, rehearsal))
    with transaction() as session:
        unit = people.unit_by_id(unit_id)
        kind = classifying.kind_of(category)
        classifying.ensure_answers(answers or {})
        derived = classifying.derive(kind, answers or {}, party_state=party_state, restricted=restricted)
        rights.ensure_log(actor, unit_id, now=now)
        _check(title)
        _one_at_a_time(session)
        for _attempt in range(_ATTEMPTS):
            known = _open_with(session, key)
            if known is not None:
                records.write(session, known, "reported_again", actor.name, now=now, note=title)
                return known, False
            incident = Incident(
                code=_next_code(session, now), title=title, description=description.strip(), category=category,
                unit_id=unit_id, phase=phase_at(unit_id, detected_at or now, rehearsal), dedup_key=key,
                detected_at=min(detected_at or now, now), created_at=now, created_by=actor.name,
                logged_by_id=actor.user_id if actor.via in ("session", "desk") else None,
                reporter=reporter.strip(), rehearsal_id=rehearsal.id if rehearsal else None, is_demo=unit.is_demo,
            )  # fmt: skip
            _put(incident, derived, severity, answers or {}, actor)
            incident.search_key = fold(f"{incident.title} {incident.description} {unit.name}")
            try:
                with session.begin_nested():
                    session.add(incident)
            except IntegrityError:  # somebody was faster; their row is visible now
                continue
            _begin(session, incident, severity, actor, now=now)
            hit("incident.logged")
            return incident, True
        raise Unavailable("incident.busy")


def _put(
    incident: Incident, derived: Derived, severity: int | None, answers: Mapping[str, str], actor: Actor
) -> None:  # fmt: skip
    """What follows from the answers, and its words as far as they may then be kept."""
    level = severity or derived.level
    incident.party_state, incident.restricted = derived.party_state, False
    incident.severity = states.floor(level, party_state=derived.party_state, category=incident.category)
    classifying.put_answers(incident, answers, derived)
    incident.title = records.discreet(incident, incident.title, actor, "title")
    incident.description = records.discreet(incident, incident.description, actor, "description")


def _begin(session: Session, incident: Incident, wished: int | None, actor: Actor, *, now: datetime) -> None:
    policy = policies.holding_for(incident)
    session.add(Escalation(incident_id=incident.id, policy_id=policy.id, step=0, cycle=1, next_at=now, fired=0))
    incident.shift_ends_at = classifying.shift_ends_at(incident, now)
    raised = wished if wished is not None and wished != incident.severity else None
    derived = incident.derived_severity if incident.derived_severity != incident.severity else None
    records.write(
        session, incident, "logged", actor, now=now, severity=incident.severity, raised_from=raised,
        policy=policy.number, rehearsal=incident.rehearsal_id is not None, reporter=incident.reporter,
        derived=derived, because=incident.because, restricted=incident.restricted,
    )  # fmt: skip
    audit.record(actor, "incident.log", "incident", incident.code, now=now, severity=incident.severity)
    session.flush()
    session.refresh(incident)


def _check(title: str) -> None:
    if not title:
        raise Invalid("incident.title_missing", field="title")
    if len(title) > LONGEST_TITLE:
        raise Invalid("incident.title_long", field="title", most=LONGEST_TITLE)


def _dedup_key(given: str | None, rehearsal: Rehearsal | None) -> str | None:
    # What is real never joins an exercise, nor the other way round.
    key = (given or "").strip()
    if not key:
        return None
    if _OURS.match(key):
        raise Invalid("incident.dedup_key", field="dedup_key")
    return f"rehearsal/{rehearsal.id}/{key}" if rehearsal else key


def plain_key(incident: Incident) -> str | None:
    """The key as whoever reported it knows it."""
    key = incident.dedup_key
    ours = _OURS.match(key) if key else None
    return key[ours.end() :] if key and ours else key


def _one_at_a_time(session: Session) -> None:
    """Codes have no gaps and first duplicates meet: logging is serial. SQLite's writers are serial anyway."""
    if not is_sqlite():
        session.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOG_LOCK})


def _open_with(session: Session, key: str | None) -> Incident | None:
    if key is None:
        return None
    known = session.scalar(
        select(Incident.id).where(Incident.dedup_key == key, Incident.status.in_(states.UNFINISHED)).limit(1)
    )
    if known is None:
        known = session.scalar(_main_of_joined(key))
    if known is None:
        return None
    # Somebody may be resolving it at this moment: wait for them, then look again.
    incident = records.exclusively(session, known)
    return incident if incident.status in states.UNFINISHED else None


def _main_of_joined(key: str) -> Select[tuple[int | None]]:
    """What was reported with this key turned out to be another incident, which is still open."""
    main = aliased(Incident)
    return (
        select(Incident.joined_to_id)
        .join(main, main.id == Incident.joined_to_id)
        .where(Incident.dedup_key == key, main.status.in_(states.UNFINISHED))
        .order_by(Incident.id.desc())
        .limit(1)
    )


def _next_code(session: Session, now: datetime) -> str:
    """SC-<local year>-<number>; a counter, so that a number is not given twice even when rows are cleared."""
    year = clock.local_date(now).year
    name = f"incident.number.{year}"
    counter = session.get(Setting, name, populate_existing=True)
    if counter is None:
        counter = Setting(key=name, value=0)
        session.add(counter)
    counter.value = int(counter.value) + 1
    session.flush()
    return f"SC-{year}-{counter.value:04d}"


def phase_at(unit_id: int, at: datetime, rehearsal: Rehearsal | None) -> str | None:
    """before, during or after the break, while a campaign of the unit or above runs; in a rehearsal: its day."""
    day = clock.local_date(at + timedelta(seconds=rehearsal.offset_seconds) if rehearsal else at)
    year = rehearsal.campaign.tet_year if rehearsal else tet_year_on(unit_id, day)
    if year is None:
        return None
    break_of = db.session.scalar(select(HolidaySet).where(HolidaySet.year == year))
    return holidays.phase(day, break_of.starts_on, break_of.ends_on) if break_of else None
