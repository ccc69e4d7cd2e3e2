"""Reading incidents: the board, one incident, whom it will call. Nothing here writes."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, case, func, not_, or_, select, true
from sqlalchemy.orm import joinedload, selectinload

from core.actor import Actor
from core.db import db
from core.errors import NotFound
from core.text import fold
from incidents.escalation import everybody_absent
from incidents.escalation.decide import EMPTY_RULES, Forecast, Step, Target, forecast as look_ahead
from incidents.escalation.models import Ask
from incidents.escalation.targets import Directory, marked
from incidents.policies import selection
from incidents.record import access, states
from incidents.record.models import Escalation, Incident, IncidentCategory, IntakeEvent, Page, TimelineEntry
from people import queries as people
from people.access import permissions
from people.models import DutyKind
from roster.resolver.resolution import DutyPerson

HOLDER_RULE = "holder"


@dataclass(frozen=True)
class NextCall:
    """One line of "who is called when, if nobody acts". ``duty`` is None when the step names a person or a head.

    ``rule`` is "holder" when whoever has it is asked for a sign of life before the steps begin again. ``others``: whom
    the last resort calls as well; ``away``: who is recorded absent and gets the one message; ``passed``: who has had it
    and is passed over; ``vacant``: targets of the step that mean nobody then.
    """

    at: datetime
    step: int
    cycle: int
    duty: DutyKind | None
    rule: str
    people: tuple[DutyPerson, ...]
    others: tuple[DutyPerson, ...] = ()
    away: tuple[DutyPerson, ...] = ()
    passed: tuple[DutyPerson, ...] = ()
    vacant: tuple[Target, ...] = ()


def by_code(code: str) -> Incident:
    """Raises ``NotFound("incident.unknown")``."""
    incident = db.session.scalar(
        select(Incident)
        .options(joinedload(Incident.unit), joinedload(Incident.escalation))
        .where(Incident.code == code)
    )
    if incident is None:
        raise NotFound("incident.unknown")
    return incident


WHOLE = select(Incident).join(Escalation).options(joinedload(Incident.unit), joinedload(Incident.escalation))


def board(
    *,
    statuses: Sequence[str] = (),
    severity: int | None = None,
    unit_id: int | None = None,
    q: str = "",
    rehearsal_id: int | None = None,
    actor: Actor | None = None,
    now: datetime | None = None,
    told: Select[Any] | None = None,
) -> Select[Any]:
    """Incidents that fit, unordered; ``unit_id`` with everything below; for ``actor`` at ``now`` only what they may
    read (both or neither). ``told``: what is selected of them and their escalations, else the incidents themselves."""
    wanted: Select[Any] = told if told is not None else WHOLE
    if statuses:
        wanted = wanted.where(Incident.status.in_(statuses))
    if severity is not None:
        wanted = wanted.where(Incident.severity == severity)
    if unit_id is not None:
        wanted = wanted.where(Incident.unit_id.in_(people.subtree_ids(unit_id)))
    if rehearsal_id is not None:
        wanted = wanted.where(Incident.rehearsal_id == rehearsal_id)
    for word in fold(q).split():
        found = Incident.search_key.contains(word, autoescape=True)
        wanted = wanted.where(or_(found, func.lower(Incident.code).contains(word, autoescape=True)))
    if actor is not None and (top := _reads_within(actor)) is not None:
        wanted = wanted.where(Incident.unit_id.in_(people.subtree_ids(top)))
    if actor is not None and now is not None:
        wanted = wanted.where(access.visible_to(actor, now=now))
    return wanted


def _reads_within(actor: Actor) -> int | None:
    """The unit at the top of what the actor reads; None: everywhere."""
    return None if permissions.may(actor.role, "incident.read", "other") else actor.unit_id


def reads_all(actor: Actor, *, now: datetime) -> bool:
    """Whether every incident is shown to the actor, of every unit and restricted ones as well."""
    return _reads_within(actor) is None and access.visible_to(actor, now=now) is true()


def first_needed(wanted: Select[tuple[Incident]], limit: int = 200) -> list[Incident]:
    """Open ones first, then acknowledged: the worst level first, of one level what concerns KT1, Party or State, then
    the longest waiting. Then resolved and closed, the newest first."""
    rank = case({"open": 0, "acknowledged": 1, "resolved": 2}, value=Incident.status, else_=3)
    runs = Incident.status.in_(states.UNFINISHED)
    level = case((runs, Incident.severity))
    special = case((and_(runs, not_(Incident.party_state), Incident.category != "kt1"), 1), (runs, 0))
    ordered = wanted.order_by(
        rank, level, special, case((runs, Incident.created_at)), Incident.created_at.desc(), Incident.id.desc()
    )
    return list(db.session.scalars(ordered.limit(limit)))


def unfinished(
    unit_id: int | None = None, limit: int = 50, *, actor: Actor | None = None, now: datetime | None = None
) -> list[Incident]:
    """Real incidents, open and acknowledged, of a unit and below (``None``: everywhere), for the desk."""
    real = board(statuses=states.UNFINISHED, unit_id=unit_id, actor=actor, now=now).where(
        Incident.rehearsal_id.is_(None)
    )
    return first_needed(real, limit)


def needing(person_id: int) -> list[Incident]:
    """Those that wait for this person's answer: open ones that have called them, and those that ask them something
    (take over, help as well, confirm; still on it, when they have it)."""
    called = select(Page.incident_id).where(Page.person_id == person_id, Page.answer.is_(None))
    asked = select(Ask.incident_id).where(Ask.person_id == person_id, Ask.state == "open")
    silent = (Incident.acknowledged_by_id == person_id) & (Escalation.waits_for == "grace")
    waits = Incident.id.in_(asked) | ((Incident.status == "open") & Incident.id.in_(called)) | silent
    return first_needed(board(statuses=states.UNFINISHED).where(waits))


def held_by(person_id: int) -> list[Incident]:
    """Incidents that this person has taken and not finished."""
    return first_needed(board(statuses=("acknowledged",)).where(Incident.acknowledged_by_id == person_id))


def timeline(incident_id: int) -> list[TimelineEntry]:
    """The oldest first."""
    entries = select(TimelineEntry).where(TimelineEntry.incident_id == incident_id)
    return list(db.session.scalars(entries.order_by(TimelineEntry.id)))


def pages(incident_id: int) -> list[Page]:
    """Every call, the oldest first, with person and message."""
    made = select(Page).options(joinedload(Page.person), selectinload(Page.message))
    return list(db.session.scalars(made.where(Page.incident_id == incident_id).order_by(Page.id)))


def page_by_digest(digest: str) -> Page | None:
    """The call behind a one-tap link."""
    return db.session.scalar(select(Page).options(joinedload(Page.person)).where(Page.link_digest == digest))


def forecast(incident: Incident, now: datetime, lines: int = 4) -> list[NextCall]:
    """Who is called when if nobody acts, with the people whom the roster names now; empty when it is finished."""
    escalation = incident.escalation
    if incident.status not in states.UNFINISHED or escalation.next_at is None:
        return []
    policy, directories = selection.of(incident), dict[datetime, Directory]()

    def at(moment: datetime) -> Directory:
        return directories.setdefault(moment, Directory(incident, max(moment, now), policy.steps))

    found: list[NextCall] = []
    starts_at, step, cycle, since = escalation.next_at, escalation.step, escalation.cycle, escalation.since
    if incident.status == "acknowledged":
        holder = incident.acknowledged_person
        if escalation.waits_for in ("alive", "snooze") and holder is not None and holder.active:
            person = marked(incident, holder, max(starts_at, now))
            if person.away_until is None:  # else nobody waits for them
                found.append(NextCall(starts_at, 0, cycle, None, HOLDER_RULE, (person,)))
                starts_at += policy.grace
        step, cycle, since = 0, cycle + 1, cycle + 1
    calls = look_ahead(
        policy,
        step,
        cycle,
        starts_at,
        lambda moment: at(moment).who,
        fired_at=escalation.fired_at,
        since=since,
        lines=lines - len(found),
    )
    kinds, told = duty_kinds_by_code(), set[int]()
    for each in calls:
        called = _Called(incident, policy.steps, each, at(each.at))
        found.append(called.line(kinds, told))
        told |= {person.person_id for person in found[-1].away}
    return found


@dataclass(frozen=True)
class _Called:
    """One call to come, and who is there then."""

    incident: Incident
    steps: Sequence[Step]
    call: Forecast
    directory: Directory

    def line(self, kinds: Mapping[str, DutyKind], told: Collection[int]) -> NextCall:
        """``told``: who is absent and has had the one message by then."""
        call, step = self.call, self.steps[self.call.step]
        called = self.directory.called(step)
        there = tuple(person for _target, meant in called for person in meant.people)
        resort = self.directory.last_resort() if call.last_resort else None
        alone = {person.person_id for person in resort.people} if resort and resort.all_away else set()
        absent = {person.person_id: person for person in (*self._absent(), *(resort.away if resort else ()))}
        if absent and self.incident.id is not None:
            told = {*told, *self.directory.known.told(self.incident)}
        passed = {person_id for person_id in absent if person_id in told and person_id not in alone}
        return NextCall(
            call.at,
            call.step,
            call.cycle,
            kinds.get(called[0][0].duty or ""),
            call.answer.rule,
            there,
            others=tuple(person for person in (resort.there if resort else ()) if person not in there),
            away=tuple(person for person_id, person in absent.items() if person_id not in passed),
            passed=tuple(absent[person_id] for person_id in absent if person_id in passed),
            vacant=() if call.answer.empty else tuple(self.directory.vacant(step)),
        )

    def _absent(self) -> list[DutyPerson]:
        """Of the steps that are passed over before it, and of its own."""
        steps = [(self.steps[index], False) for index in self.call.skipped]
        steps.append((self.steps[self.call.step], self.call.answer.rule in EMPTY_RULES))
        groups = [meant.people for step, chain in steps for _t, meant in self.directory.away(step, chain=chain)]
        return [person for group in groups for person in group]


def is_everybody_absent(incident: Incident, now: datetime) -> bool:
    """Whether all whom it could call at ``now`` are recorded absent: whoever sits at a desk has to find somebody."""
    return incident.id in everybody_absent.among([incident], now)


def intake_events(intake_id: int, limit: int) -> list[IntakeEvent]:
    """What a source sent last, the newest first."""
    sent = select(IntakeEvent).options(joinedload(IntakeEvent.incident)).where(IntakeEvent.intake_id == intake_id)
    return list(db.session.scalars(sent.order_by(IntakeEvent.id.desc()).limit(limit)))


def duty_kinds_by_code() -> dict[str, DutyKind]:
    return {kind.code: kind for kind in people.duty_kinds()}


def categories() -> list[IncidentCategory]:
    """Those in use, in the order in which they are offered."""
    in_use = select(IncidentCategory).where(IncidentCategory.active)
    return list(db.session.scalars(in_use.order_by(IncidentCategory.position, IncidentCategory.code)))


def category_statement() -> Select[tuple[IncidentCategory]]:
    """Every category, unordered; also those that are not offered any more."""
    return select(IncidentCategory)


def category(code: str) -> IncidentCategory | None:
    return db.session.get(IncidentCategory, code)
