"""What is told of an incident, and the row that it becomes: its code, severity, phase and policy."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache, partial

from core import clock
from core.actor import Actor
from core.errors import Invalid
from core.fast_path import shared_cache
from core.text import fold, nfc
from incidents.catalogue import queries as catalogue
from incidents.catalogue.severity import Derived, floor
from incidents.creation import discretion
from incidents.policies import selection
from incidents.record import access, discreet
from incidents.record.models import Incident
from incidents.triage import derivation
from people import queries as people
from roster.days.phases import phase_at, phase_on
from roster.models import Rehearsal

POLICIES, PHASES = "incidents.policies", "incidents.phases"
LONGEST_TITLE = 600  # 200 as typed; composing letters may lengthen some scripts


@dataclass(frozen=True)
class IncidentReport:
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
    names_confirmed: bool | None = None
    """Of words typed into a form: whether somebody said that the name in them is neither the sender's nor the
    receiver's; None: nobody can be asked."""
    apart: str = ""
    """Whose own the key is (``Actor.ref``), when it is taken by an incident that they may not know of."""


class DraftingLookUp:
    """What new incidents of one transaction have in common, each read once; policies and phases only after somebody
    wrote what they rest on.

    ``stamp``: what the transaction saw of what is standing (``core.fast_path.shared_cache``).
    """

    def __init__(self, stamp: str | None) -> None:
        kept = shared_cache.kept(stamp)
        policies = kept.get(POLICIES) or kept.setdefault(
            POLICIES, selection.PolicyLookUp(selection.Beginning.from_version)
        )
        self.policies: selection.PolicyLookUp[selection.Beginning] = policies
        self.phase: Callable[[int, date], str | None] = kept.setdefault(
            PHASES, cache(lambda unit_id, day: phase_on(policies.ancestors(unit_id), day))
        )
        self.unit, self.kind = cache(people.unit_by_id), cache(derivation.kind_of)
        self.shift_end = cache(partial(catalogue.shift_end, stamp=stamp))


@dataclass
class IncidentDraft:
    """An incident as it would be written down, and what it would take from its policy."""

    incident: Incident
    policy: selection.Beginning


def check(report: IncidentReport, look_up: DraftingLookUp, now: datetime) -> None:
    """Raise what is wrong in a report; of a machine's only what it may not say: it is never told to come back for
    a word."""
    title = title_of(report)
    if not report.by_source:
        look_up.unit(report.unit_id)
        look_up.kind(report.category)
        if report.answers:
            derivation.ensure_answers(report.answers)
    access.ensure_log(report.actor, report.unit_id, now=now)
    if not title:
        raise Invalid("incident.title_missing", field="title")
    if len(title) > LONGEST_TITLE:
        raise Invalid("incident.title_long", field="title", most=LONGEST_TITLE)


def draft(report: IncidentReport, key: str | None, look_up: DraftingLookUp, now: datetime) -> IncidentDraft:
    actor, rehearsal, answers = report.actor, report.rehearsal, report.answers or {}
    unit, kind = look_up.unit(report.unit_id), look_up.kind(report.category)
    derived = derivation.derive(kind, answers, party_state=report.party_state, restricted=report.restricted)
    detected_at = report.detected_at or now
    day = clock.local_date(detected_at)
    incident = Incident(
        version=2,  # its first line in the timeline is written with it
        source="",
        leadership_told_by="",
        facts={},
        checklist={},
        status="open",  # else its default would have to be read back
        title=title_of(report),
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
    _put(incident, derived, report.severity, answers, actor=actor)
    if report.names_confirmed is not None:
        typed = {"title": incident.title, "description": incident.description}
        discretion.ensure(incident, typed, confirmed=report.names_confirmed)
    incident.search_key = fold(f"{incident.title} {incident.description} {unit.name}")
    incident.shift_ends_at = None if rehearsal else look_up.shift_end(unit.id, incident.severity, now)
    return IncidentDraft(incident, look_up.policies.pick(unit.id, selection.facts_of(incident, rehearsal)))


def title_of(report: IncidentReport) -> str:
    return " ".join(nfc(report.title).split())


def _put(
    incident: Incident, derived: Derived, severity: int | None, answers: Mapping[str, str], *, actor: Actor
) -> None:
    """What follows from the answers, and its words as far as they may then be kept."""
    level = severity or derived.level
    incident.party_state, incident.restricted = derived.party_state, False
    incident.severity = floor(level, party_state=derived.party_state, category=incident.category)
    derivation.put_answers(incident, answers, derived)
    incident.title = discreet.told(incident, incident.title, actor, "title")
    incident.description = discreet.told(incident, incident.description, actor, "description")
