"""Logging an incident: its code, severity and phase, and "this has been reported already"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, make_transient_to_detached

from core import audit
from core.db import transaction
from core.errors import Unavailable
from core.fast_path import bulk_insert, shared_cache
from core.models import AuditEntry
from core.storage.failpoints import hit
from incidents.creation import dedup, drafting, numbering
from incidents.creation.drafting import Draft, LookUp, Report, title_of
from incidents.record import access, states, timeline, transitions
from incidents.record.models import Escalation, Incident, TimelineEntry
from incidents.triage import classification
from roster.models import Campaign, HolidaySet

_ATTEMPTS = 5


def watch() -> None:
    """What is kept here depends on these tables: a write to one of them ends it."""
    shared_cache.watch(Campaign.__tablename__, HolidaySet.__tablename__)


def log(report: Report, *, now: datetime) -> tuple[Incident, bool]:
    """Write down an incident, whose first step is due after its wait, mostly at once; ``(incident, created)``.

    Marks of secrecy about Party and State items are refused, or taken out of what machines send. While an incident with
    the same ``dedup_key`` is open, that one is answered instead. Raises ``Invalid``, ``NotFound``, ``Forbidden``.
    """
    with transaction() as session:
        report = _kept_apart(session, report, now)
        [(incident, created)] = log_all(session, [report], now=now)
        if created:
            session.refresh(incident)
        return incident, created


def _kept_apart(session: Session, report: Report, now: datetime) -> Report:
    """Where somebody's key is that of an incident hidden from them, it becomes a key of their own: neither that the
    other exists, nor its code, is to be found out by guessing keys."""
    if not report.dedup_key or report.by_source or report.actor.via not in ("api_key", "session", "desk"):
        return report
    found = dedup.meant(session, [dedup.of(report.dedup_key, report.rehearsal, by_source=False)])
    for known in (session.get_one(Incident, each) for each in found.values()):
        if known.created_by != report.actor.name and not access.sees(report.actor, known, now=now):
            return replace(report, apart=report.actor.ref)
    return report


def log_all(
    session: Session, reports: Sequence[Report], *, now: datetime, guarded: bool = True, stamp: str | None = None
) -> list[tuple[Incident, bool]]:
    """``log`` for several in the caller's transaction: what they have in common is looked up once.

    Not ``guarded``: raises ``IntegrityError``, and the transaction is lost, when somebody opened one of them at this
    very moment. ``stamp``: what this transaction saw of what is standing (``core.fast_path.shared_cache``).
    """
    look_up = LookUp(stamp)
    keys = [dedup.of(each.dedup_key, each.rehearsal, by_source=each.by_source, apart=each.apart) for each in reports]
    for each in reports:
        drafting.check(each, look_up, now)
    drafted = cache(lambda place: drafting.draft(reports[place], keys[place], look_up, now))
    found = dedup.meant(session, keys)
    for _attempt in range(_ATTEMPTS):
        for place in (place for place, key in enumerate(keys) if key not in found):
            drafted(place)  # before logging becomes serial
        counter = None
        # What a source says is nobody else's to log at this moment: its caller holds the source.
        if any(key not in found and not each.by_source for key, each in zip(keys, reports, strict=True)):
            counter, was_free = numbering.counter(session, now)
            if not was_free:  # the one who logged until now may have been told the same
                found = dedup.meant(session, keys)
        running = _still_open(session, found)
        firsts = {key or place: place for place, key in reversed(list(enumerate(keys))) if key not in running}
        new = {place: drafted(place) for place in sorted(firsts.values())}
        try:
            with session.begin_nested() if guarded and new else nullcontext():
                numbering.number(session, [each.incident for each in new.values()], counter, now)
                _begin(session, [(draft, reports[place]) for place, draft in new.items()], now=now)
        except IntegrityError:
            if not guarded:
                raise
            found = dedup.meant(session, keys)
            continue
        running |= {key: new[place].incident for place, key in enumerate(keys) if key is not None and place in new}
        told = [new[place].incident if place in new else running[str(key)] for place, key in enumerate(keys)]
        _again(session, [(told[place], each) for place, each in enumerate(reports) if place not in new], now=now)
        session.flush()
        if new:
            hit("incident.logged")
        return [(incident, place in new) for place, incident in enumerate(told)]
    raise Unavailable("incident.busy")


def _begin(session: Session, begun: Sequence[tuple[Draft, Report]], *, now: datetime) -> None:
    """Write them down, with their timers, first lines and entries in the audit."""
    logged = [
        audit.entry(
            report.actor, "incident.log", "incident", draft.incident.code, now=now, severity=draft.incident.severity
        )
        for draft, report in begun
    ]
    bulk_insert.insert(
        session,
        (Incident, [{name: getattr(draft.incident, name) for name in _WRITTEN} for draft, _report in begun]),
        (Escalation, [_timer(draft, report, now) for draft, report in begun]),
        (TimelineEntry, [_first_line(draft, report, now) for draft, report in begun]),
        (AuditEntry, logged),
    )
    for draft, _report in begun:
        make_transient_to_detached(draft.incident)
        session.add(draft.incident)


_WRITTEN = (
    "id",
    "code",
    "version",
    "source",
    "leadership_told_by",
    "facts",
    "checklist",
    "status",
    "title",
    "description",
    "category",
    "unit_id",
    "phase",
    "dedup_key",
    "detected_at",
    "created_at",
    "created_by",
    "logged_by_id",
    "reporter",
    "rehearsal_id",
    "is_demo",
    "party_state",
    "restricted",
    "severity",
    "answers",
    "derived_severity",
    "because",
    "search_key",
    "shift_ends_at",
)


def _timer(draft: Draft, report: Report, now: datetime) -> dict[str, Any]:
    """The first step calls after its wait, as in every turn; in an exercise waits are short."""
    wait = draft.policy.wait
    if report.rehearsal is not None:
        wait = min(wait, timedelta(seconds=report.rehearsal.step_seconds))
    return {
        "incident_id": draft.incident.id,
        "policy_id": draft.policy.id,
        "step": 0,
        "cycle": 1,
        "next_at": now + wait,
        "fired": 0,
    }


def _first_line(draft: Draft, report: Report, now: datetime) -> dict[str, Any]:
    incident, wished = draft.incident, report.severity
    raised = wished if wished is not None and wished != incident.severity else None
    derived = incident.derived_severity if incident.derived_severity != incident.severity else None
    return timeline.line(
        incident,
        "logged",
        report.actor,
        now=now,
        severity=incident.severity,
        raised_from=raised,
        policy=draft.policy.number,
        rehearsal=incident.rehearsal_id is not None,
        reporter=incident.reporter,
        derived=derived,
        because=incident.because,
        restricted=incident.restricted,
        machine=report.actor.is_machine,
    )


def _again(session: Session, told: Sequence[tuple[Incident, Report]], *, now: datetime) -> None:
    """Told once more. What people say is kept each time; what a machine says again is counted."""
    for incident, report in told:
        if not report.by_source:
            timeline.write(session, incident, "reported_again", report.actor.name, now=now, note=title_of(report))
    counted = [(incident, report.actor, title_of(report)) for incident, report in told if report.by_source]
    if counted:
        timeline.count(session, "reported_again", counted, now=now)
    for incident, report in told:
        if report.answers or report.party_state > incident.party_state or _worse(incident, report):
            session.flush()
            classification.worsen(session, transitions.exclusively(session, incident.id), report, now=now)


def _worse(incident: Incident, report: Report) -> bool:
    return report.severity is not None and report.severity < incident.severity


def _still_open(session: Session, found: Mapping[str, int]) -> dict[str, Incident]:
    """Those that are, until commit nobody else's to change: somebody may be resolving one at this moment."""
    held = transitions.all_exclusively(session, set(found.values()))
    return {key: held[each] for key, each in found.items() if held[each].status in states.UNFINISHED}
