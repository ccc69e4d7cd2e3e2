"""Logging an incident: its code, severity and phase, and "this has been reported already"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache, partial
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, make_transient_to_detached

from core import audit, bulk_insert, clock, shared_cache
from core.actor import Actor
from core.db import transaction
from core.errors import Invalid, Unavailable
from core.models import AuditEntry
from core.storage.failpoints import hit
from core.text import fold, nfc
from incidents.catalogue.severity import Derived
from incidents.creation import dedup, numbering
from incidents.policies import selection
from incidents.policies.phases import phase_at, phase_on
from incidents.record import access, states, timeline, transitions
from incidents.record.models import Escalation, Incident, TimelineEntry
from incidents.triage import classification
from people import queries as people
from roster.models import Campaign, HolidaySet, Rehearsal

LONGEST_TITLE = 600  # 200 as typed; composing letters may lengthen some scripts
_ATTEMPTS = 5
shared_cache.watch(Campaign.__tablename__, HolidaySet.__tablename__)


@dataclass(frozen=True)
class Report:
    """What somebody, or something, tells about one incident.

    ``severity`` chosen by hand is raised to its floor, never refused; without it category and ``answers`` (question →
    answer) decide. ``by_source``: a machine tells it, and made the key (``incidents.intake.ingest``).
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
    apart: str = ""
    """Whose own the key is (``Actor.ref``), when it is taken by an incident that they may not know of."""


def log(*, now: datetime, **facts: Any) -> tuple[Incident, bool]:
    """Write down an incident, whose first step is due after its wait, mostly at once; ``(incident, created)``.

    ``facts``: those of ``Report``.

    Marks of secrecy about Party and State items are refused, or taken out of what machines send. While an incident with
    the same ``dedup_key`` is open, that one is answered instead. Raises ``Invalid``, ``NotFound``, ``Forbidden``.
    """
    with transaction() as session:
        report = _kept_apart(session, Report(**facts), now)
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
    very moment. ``stamp``: what this transaction saw of what is standing (``core.shared_cache``).
    """
    look_up = _LookUp(stamp)
    keys = [dedup.of(each.dedup_key, each.rehearsal, by_source=each.by_source, apart=each.apart) for each in reports]
    for each in reports:
        _check(each, look_up, now)
    drafted = cache(lambda place: _draft(reports[place], keys[place], look_up, now))
    found = dedup.meant(session, keys)
    for _attempt in range(_ATTEMPTS):
        for place in (place for place, key in enumerate(keys) if key not in found):
            drafted(place)  # before logging becomes serial
        counter = None
        # What a source says is nobody else's to log at this moment: its caller holds the source.
        if any(key not in found and not each.by_source for key, each in zip(keys, reports, strict=True)):
            counter, was_free = numbering.counter(session, now)
            if not was_free:  # whoever logged till now may have been told the same
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


class _LookUp:
    """What new incidents of one transaction have in common, each read once."""

    def __init__(self, stamp: str | None) -> None:
        memory = shared_cache.kept(stamp)
        self.unit, self.kind = cache(people.unit_by_id), cache(classification.kind_of)
        self.policies = selection.LookUp(selection.Beginning.of, memory)
        self.shift_end = cache(partial(classification.shift_end, stamp=stamp))
        self.phase = shared_cache.remembered(memory, "phase", self._phase_on)

    def _phase_on(self, unit_id: int, day: date) -> str | None:
        return phase_on(self.policies.ancestors(unit_id), day)


@dataclass
class _Draft:
    """An incident as it would be written down, and what it would take from its policy."""

    incident: Incident
    policy: selection.Beginning


def _check(report: Report, look_up: _LookUp, now: datetime) -> None:
    """Of what machines send only what they may say: they are never told to come back for a word."""
    if not report.by_source:
        look_up.unit(report.unit_id)
        look_up.kind(report.category)
        classification.ensure_answers(report.answers or {})
    access.ensure_log(report.actor, report.unit_id, now=now)
    title = _title(report)
    if not title:
        raise Invalid("incident.title_missing", field="title")
    if len(title) > LONGEST_TITLE:
        raise Invalid("incident.title_long", field="title", most=LONGEST_TITLE)


def _draft(report: Report, key: str | None, look_up: _LookUp, now: datetime) -> _Draft:
    actor, rehearsal, answers = report.actor, report.rehearsal, report.answers or {}
    unit, kind = look_up.unit(report.unit_id), look_up.kind(report.category)
    derived = classification.derive(kind, answers, party_state=report.party_state, restricted=report.restricted)
    detected_at = report.detected_at or now
    day = clock.local_date(detected_at)
    incident = Incident(
        version=2,  # its first line in the timeline is written with it
        source="",
        leadership_told_by="",
        facts={},
        checklist={},
        status="open",  # lest it be asked what became of them
        title=_title(report),
        description=report.description.strip(),
        category=kind.code,
        unit_id=unit.id,
        phase=phase_at(unit.id, detected_at, rehearsal) if rehearsal else look_up.phase(unit.id, day),
        dedup_key=key,
        detected_at=min(detected_at, now),
        created_at=now,
        created_by=actor.name,
        logged_by_id=actor.user_id if actor.via in ("session", "desk") else None,
        reporter=report.reporter.strip(),
        rehearsal_id=rehearsal.id if rehearsal else None,
        is_demo=unit.is_demo,
    )
    _put(incident, derived, report.severity, answers, actor)
    incident.search_key = fold(f"{incident.title} {incident.description} {unit.name}")
    incident.shift_ends_at = None if rehearsal else look_up.shift_end(unit.id, incident.severity, now)
    return _Draft(incident, look_up.policies.pick(unit.id, selection.facts_of(incident)))


def _title(report: Report) -> str:
    return " ".join(nfc(report.title).split())


def _put(incident: Incident, derived: Derived, severity: int | None, answers: Mapping[str, str], actor: Actor) -> None:
    """What follows from the answers, and its words as far as they may then be kept."""
    level = severity or derived.level
    incident.party_state, incident.restricted = derived.party_state, False
    incident.severity = states.floor(level, party_state=derived.party_state, category=incident.category)
    classification.put_answers(incident, answers, derived)
    incident.title = timeline.discreet(incident, incident.title, actor, "title")
    incident.description = timeline.discreet(incident, incident.description, actor, "description")


def _begin(session: Session, begun: Sequence[tuple[_Draft, Report]], *, now: datetime) -> None:
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


def _timer(draft: _Draft, report: Report, now: datetime) -> dict[str, Any]:
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


def _first_line(draft: _Draft, report: Report, now: datetime) -> dict[str, Any]:
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
            timeline.write(session, incident, "reported_again", report.actor.name, now=now, note=_title(report))
    counted = [(incident, report.actor, _title(report)) for incident, report in told if report.by_source]
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
