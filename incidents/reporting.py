"""Logging an incident: its code, severity and phase, and "this has been reported already"."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import Integer, Select, bindparam, insert, null, select, type_coerce, union_all
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, aliased

from core import audit, clock
from core.actor import Actor
from core.db import db, transaction
from core.errors import Invalid, Unavailable
from core.failpoints import hit
from core.models import AuditEntry
from core.text import fold, nfc
from incidents import classifying, numbering, policies, records, rights, states
from incidents.models import Escalation, Incident, TimelineEntry
from incidents.models_policy import PolicyVersion
from incidents.severity import Derived
from people import queries as people
from roster import holidays
from roster.models import HolidaySet, Rehearsal
from roster.projection import break_over

LONGEST_TITLE = 600  # 200 as typed; composing letters may lengthen some scripts
_ATTEMPTS = 5
_OURS = re.compile(r"(?:rehearsal|intake)/\d+/")
"""How keys begin that we make ourselves: those of an exercise, those of one source."""


@dataclass(frozen=True)
class Report:
    """What somebody, or something, tells about one incident.

    ``severity`` chosen by hand is raised to its floor, never refused; without it category and ``answers`` (question →
    answer) decide. ``by_source``: a machine tells it, and made the key (``incidents.receiving``).
    """

    title: str
    category: str
    unit_id: int
    actor: Actor
    description: str = ""
    severity: int | None = None
    detected_at: datetime | None = None
    party_state: bool = False
    dedup_key: str | None = None
    reporter: str = ""
    rehearsal: Rehearsal | None = None
    answers: Mapping[str, str] | None = None
    restricted: bool = False
    by_source: bool = False


def log(*, now: datetime, **facts: Any) -> tuple[Incident, bool]:
    """Write down an incident whose first step is due at once (``facts``: those of ``Report``); ``(incident, created)``.

    Marks of secrecy about Party and State items are refused, or taken out of what machines send. While an incident with
    the same ``dedup_key`` is open, that one is answered instead. Raises ``Invalid``, ``NotFound``, ``Forbidden``.
    """
    with transaction() as session:
        [(incident, created)] = log_all(session, [Report(**facts)], now=now)
        if created:
            session.refresh(incident)
        return incident, created


def log_all(
    session: Session, reports: Sequence[Report], *, now: datetime, guarded: bool = True
) -> list[tuple[Incident, bool]]:
    """``log`` for several in the caller's transaction: what they have in common is looked up once.

    Not ``guarded``: raises ``IntegrityError``, and the transaction is lost, when somebody opened one of them at this
    very moment.
    """
    look_up, keys = _LookUp(), [_key(each) for each in reports]
    for each in reports:
        _check(each, look_up, now)
    drafted = cache(lambda place: _draft(reports[place], keys[place], look_up, now))
    found = _meant(session, keys)
    for _attempt in range(_ATTEMPTS):
        for place in (place for place, key in enumerate(keys) if key not in found):
            drafted(place)  # before logging becomes serial
        counter = None
        if any(key not in found for key in keys):
            counter, was_free = numbering.counter(session, now)
            if not was_free:  # whoever logged till now may have been told the same
                found = _meant(session, keys)
        running = _still_open(session, found)
        firsts = {key or place: place for place, key in reversed(list(enumerate(keys))) if key not in running}
        new = {place: drafted(place) for place in sorted(firsts.values())}
        try:
            with session.begin_nested() if guarded and new else nullcontext():
                numbering.number(session, [each.incident for each in new.values()], counter, now)
        except IntegrityError:
            if not guarded:
                raise
            found = _meant(session, keys)
            continue
        _begin(session, [(draft, reports[place]) for place, draft in new.items()], now=now)
        running |= {key: new[place].incident for place, key in enumerate(keys) if key is not None and place in new}
        told = [new[place].incident if place in new else running[str(key)] for place, key in enumerate(keys)]
        _again(session, [(told[place], each) for place, each in enumerate(reports) if place not in new], now=now)
        session.flush()
        if new:
            hit("incident.logged")
        return [(incident, place in new) for place, incident in enumerate(told)]
    raise Unavailable("incident.busy")


class _LookUp:
    """What new incidents of one transaction have in common, each read once."""

    def __init__(self) -> None:
        self.unit, self.kind = cache(people.unit_by_id), cache(classifying.kind_of)
        self.policies, self.shift_end = policies.LookUp(), cache(classifying.shift_end)
        self.phase = cache(lambda unit_id, day: _phase(self.policies.ancestors(unit_id), day))


@dataclass
class _Draft:
    """An incident as it would be written down, and the policy that it would follow."""

    incident: Incident
    policy: PolicyVersion


def _check(report: Report, look_up: _LookUp, now: datetime) -> None:
    """Of what machines send only what they may say: they are never told to come back for a word."""
    if not report.by_source:
        look_up.unit(report.unit_id)
        look_up.kind(report.category)
        classifying.ensure_answers(report.answers or {})
    rights.ensure_log(report.actor, report.unit_id, now=now)
    title = _title(report)
    if not title:
        raise Invalid("incident.title_missing", field="title")
    if len(title) > LONGEST_TITLE:
        raise Invalid("incident.title_long", field="title", most=LONGEST_TITLE)


def _draft(report: Report, key: str | None, look_up: _LookUp, now: datetime) -> _Draft:
    actor, rehearsal, answers = report.actor, report.rehearsal, report.answers or {}
    unit, kind = look_up.unit(report.unit_id), look_up.kind(report.category)
    derived = classifying.derive(kind, answers, party_state=report.party_state, restricted=report.restricted)
    detected_at = report.detected_at or now
    day = clock.local_date(detected_at)
    incident = Incident(
        version=2,  # its first line in the timeline is written with it
        source="", leadership_told_by="", facts={}, checklist={},  # lest the database be asked what it made of them
        title=_title(report), description=report.description.strip(), category=kind.code, unit_id=unit.id,
        phase=phase_at(unit.id, detected_at, rehearsal) if rehearsal else look_up.phase(unit.id, day), dedup_key=key,
        detected_at=min(detected_at, now), created_at=now, created_by=actor.name,
        logged_by_id=actor.user_id if actor.via in ("session", "desk") else None,
        reporter=report.reporter.strip(), rehearsal_id=rehearsal.id if rehearsal else None, is_demo=unit.is_demo,
    )  # fmt: skip
    _put(incident, derived, report.severity, answers, actor)
    incident.search_key = fold(f"{incident.title} {incident.description} {unit.name}")
    incident.shift_ends_at = None if rehearsal else look_up.shift_end(unit.id, incident.severity, now)
    return _Draft(incident, policies.holding_for(incident, look_up.policies))


def _title(report: Report) -> str:
    return " ".join(nfc(report.title).split())


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


def _begin(session: Session, begun: Sequence[tuple[_Draft, Report]], *, now: datetime) -> None:
    if not begun:
        return
    due = {"step": 0, "cycle": 1, "next_at": now, "fired": 0}
    timers = [{"incident_id": draft.incident.id, "policy_id": draft.policy.id, **due} for draft, _report in begun]
    session.execute(insert(Escalation), timers)
    session.execute(insert(TimelineEntry), [_first_line(draft, report, now) for draft, report in begun])
    session.execute(insert(AuditEntry), [
        audit.entry(
            report.actor, "incident.log", "incident", draft.incident.code, now=now, severity=draft.incident.severity
        )
        for draft, report in begun
    ])  # fmt: skip


def _first_line(draft: _Draft, report: Report, now: datetime) -> dict[str, Any]:
    incident, wished = draft.incident, report.severity
    raised = wished if wished is not None and wished != incident.severity else None
    derived = incident.derived_severity if incident.derived_severity != incident.severity else None
    return records.line(
        incident, "logged", report.actor, now=now, severity=incident.severity, raised_from=raised,
        policy=draft.policy.number, rehearsal=incident.rehearsal_id is not None, reporter=incident.reporter,
        derived=derived, because=incident.because, restricted=incident.restricted,
    )  # fmt: skip


def _again(session: Session, told: Sequence[tuple[Incident, Report]], *, now: datetime) -> None:
    """Told once more. What people say is kept each time; what a machine says again is counted."""
    for incident, report in told:
        if not report.by_source:
            records.write(session, incident, "reported_again", report.actor.name, now=now, note=_title(report))
    counted = [(incident, report.actor, _title(report)) for incident, report in told if report.by_source]
    if counted:
        records.count(session, "reported_again", counted, now=now)


def _key(report: Report) -> str | None:
    # What is real never joins an exercise, nor the other way round.
    key = report.dedup_key or ""
    if report.by_source:
        return key
    key = key.strip()
    if _OURS.match(key):
        raise Invalid("incident.dedup_key", field="dedup_key")
    return f"rehearsal/{report.rehearsal.id}/{key}" if key and report.rehearsal else key or None


def plain_key(incident: Incident) -> str | None:
    """The key as whoever reported it knows it."""
    return plain(incident.dedup_key)


def plain(key: str | None) -> str | None:
    """The same for the key alone."""
    ours = _OURS.match(key) if key else None
    return key[ours.end() :] if key and ours else key


def open_with(session: Session, keys: Collection[str]) -> dict[str, int]:
    """Key → id of the open incident that was reported with it."""
    rows = session.execute(_OWN, {"keys": list(keys)}).all() if keys else ()
    return {str(row[0]): row[1] for row in rows}


def _meant(session: Session, keys: Iterable[str | None]) -> dict[str, int]:
    """``open_with``, and what was reported with a key and turned out to be another incident, which is still open."""
    wanted = {key for key in keys if key is not None}
    rows = session.execute(_OWN_OR_JOINED, {"keys": list(wanted)}).all() if wanted else ()
    # Its own first, else the one that was joined last.
    return {str(key): each for key, each, at in sorted(rows, key=lambda row: (row[2] is None, row[2] or 0))}


def _joined() -> Select[tuple[str | None, int, int]]:
    main = aliased(Incident)
    return (
        select(Incident.dedup_key, main.id, Incident.id)
        .join(main, main.id == Incident.joined_to_id)
        .where(_GIVEN, Incident.joined_to_id.is_not(None), main.status.in_(states.UNFINISHED))
    )


# Asked with every alarm: built once.
_GIVEN = Incident.dedup_key.in_(bindparam("keys", expanding=True))
_OWN = select(Incident.dedup_key, Incident.id, type_coerce(null(), Integer).label("joined")).where(
    _GIVEN, Incident.status.in_(states.UNFINISHED)
)
_OWN_OR_JOINED = union_all(_OWN, _joined())


def _still_open(session: Session, found: Mapping[str, int]) -> dict[str, Incident]:
    """Those that are, until commit nobody else's to change: somebody may be resolving one at this moment."""
    held = records.all_exclusively(session, set(found.values()))
    return {key: held[each] for key, each in found.items() if held[each].status in states.UNFINISHED}


def phase_at(unit_id: int, at: datetime, rehearsal: Rehearsal | None) -> str | None:
    """before, during or after the break, while a campaign of the unit or above runs; in a rehearsal: its day."""
    if rehearsal is None:
        return _phase(people.ancestor_ids(unit_id), clock.local_date(at))
    day = clock.local_date(at + timedelta(seconds=rehearsal.offset_seconds))
    break_of = db.session.scalar(select(HolidaySet).where(HolidaySet.year == rehearsal.campaign.tet_year))
    return holidays.phase(day, break_of.starts_on, break_of.ends_on) if break_of else None


def _phase(unit_ids: Sequence[int], day: date) -> str | None:
    break_of = break_over(unit_ids, day)
    return holidays.phase(day, *break_of) if break_of else None
