"""Logging an incident: written down once, however often it is reported."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import replace
from datetime import datetime
from functools import cache

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from core.db import transaction
from core.errors import Unavailable
from core.fast_path import shared_cache
from core.storage.failpoints import hit
from incidents.creation import dedup, drafting, storing
from incidents.creation.drafting import DraftingLookUp, IncidentReport, title_of
from incidents.record import access, states, timeline, transitions
from incidents.record.models import Incident
from incidents.triage import classification
from roster.campaigns.models import Campaign
from roster.sources.models import HolidaySet

_ATTEMPTS = 5


def watch() -> None:
    """What is kept here depends on these tables: a write to one of them ends it."""
    shared_cache.watch(Campaign.__tablename__, HolidaySet.__tablename__)
    shared_cache.leave_out(Campaign.__tablename__, "draft_version")  # each edit of a draft counts it up


def log(report: IncidentReport, *, now: datetime) -> tuple[Incident, bool]:
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


def _kept_apart(session: Session, report: IncidentReport, now: datetime) -> IncidentReport:
    """Where somebody's key is that of an incident hidden from them, it becomes a key of their own: neither that the
    other exists, nor its code, is to be found out by guessing keys."""
    if not report.dedup_key or report.by_source or report.actor.via not in ("api_key", "session", "desk"):
        return report
    found = dedup.meant(session, [dedup.dedup_key(report.dedup_key, report.rehearsal, by_source=False)])
    for known in (session.get_one(Incident, each) for each in found.values()):
        if known.created_by != report.actor.name and not access.sees(report.actor, known, now=now):
            return replace(report, apart=report.actor.ref)
    return report


def log_all(
    session: Session,
    reports: Sequence[IncidentReport],
    *,
    now: datetime,
    guarded: bool = True,
    stamp: str | None = None,
) -> list[tuple[Incident, bool]]:
    """``log`` for several in the caller's transaction: what they have in common is looked up once.

    Not ``guarded``: raises ``IntegrityError``, and the transaction is lost, when somebody opened one of them at this
    very moment. ``stamp``: what this transaction saw of what is standing (``core.fast_path.shared_cache``).
    """
    keys = [
        dedup.dedup_key(each.dedup_key, each.rehearsal, by_source=each.by_source, apart=each.apart) for each in reports
    ]
    found = dedup.meant(session, keys)
    look_up = DraftingLookUp(stamp)
    for each in reports:
        drafting.check(each, look_up, now)
    drafted = cache(lambda place: drafting.draft(reports[place], keys[place], look_up, now))
    heard = set[int]()
    for _attempt in range(_ATTEMPTS):
        running = _still_open(session, found) if found else {}
        firsts = {key or place: place for place, key in reversed(list(enumerate(keys))) if key not in running}
        new = {place: drafted(place) for place in sorted(firsts.values())}
        # Whatever may have to wait for somebody comes before the number, for which everybody waits.
        known = {place: running[key] for place, key in enumerate(keys) if key in running and place not in heard}
        _again(session, [(incident, reports[place]) for place, incident in known.items()], now=now)
        heard |= known.keys()
        try:
            with session.begin_nested() if guarded and new else nullcontext():
                storing.number(session, [each.incident for each in new.values()], now)
                storing.store(session, [(draft, reports[place]) for place, draft in new.items()], now=now)
        except IntegrityError:
            if not guarded:
                raise
            found = dedup.meant(session, keys)
            continue
        running |= {key: new[place].incident for place, key in enumerate(keys) if key is not None and place in new}
        told = [new[place].incident if place in new else running[str(key)] for place, key in enumerate(keys)]
        at_once = [(told[place], each) for place, each in enumerate(reports) if place not in heard | new.keys()]
        _again(session, at_once, now=now)
        if new:
            hit("incident.logged")
        return [(incident, place in new) for place, incident in enumerate(told)]
    raise Unavailable("incident.busy")


def _again(session: Session, told: Sequence[tuple[Incident, IncidentReport]], *, now: datetime) -> None:
    """Told once more. What people say is kept each time; what a machine says again is counted."""
    if not told:
        return
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
    session.flush()


def _worse(incident: Incident, report: IncidentReport) -> bool:
    return report.severity is not None and report.severity < incident.severity


def _still_open(session: Session, found: Mapping[str, int]) -> dict[str, Incident]:
    """Return those that are, until commit nobody else's to change: somebody may be resolving one at this moment."""
    held = transitions.all_exclusively(session, set(found.values()))
    return {key: held[each] for key, each in found.items() if held[each].status in states.UNFINISHED}
