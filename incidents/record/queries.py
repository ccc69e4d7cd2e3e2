"""Reading incidents: the board, one incident, whom it will call. Nothing here writes."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, not_, or_, select, true
from sqlalchemy.orm import joinedload, selectinload

from core.actor import Actor
from core.db import db
from core.errors import NotFound
from core.text import fold
from incidents.escalation.models import Ask
from incidents.record import access, states
from incidents.record.models import Escalation, Incident, Page, TimelineEntry
from notify.message_states.delivery_states import HAS_LEFT, DeliveryState, best, state_of
from notify.models import Message
from people import queries as people
from people.access import guard, permissions
from people.models import DutyKind, Person


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


MOST = 200
"""Of a list whose reader names no end."""
WHOLE = select(Incident).join(Escalation).options(joinedload(Incident.unit), joinedload(Incident.escalation))
STATES = select(Incident.id, Incident.status).join(Escalation)
_REAL = Incident.rehearsal_id.is_(None)


@dataclass(frozen=True)
class IncidentFilter:
    """Which incidents are asked for; ``unit_id`` with everything below, ``q``: words of the title, or of the code."""

    statuses: tuple[str, ...] = ()
    severity: int | None = None
    unit_id: int | None = None
    q: str = ""
    rehearsal_id: int | None = None


def board(
    asked: IncidentFilter = IncidentFilter(),
    *,
    actor: Actor | None = None,
    now: datetime | None = None,
    told: Select[Any] | None = None,
) -> Select[Any]:
    """Return the incidents that fit, unordered; for ``actor`` at ``now`` only what they may
    read (both or neither). ``told``: what is selected of them and their escalations, else the incidents themselves."""
    wanted: Select[Any] = told if told is not None else WHOLE
    if asked.statuses:
        wanted = wanted.where(Incident.status.in_(asked.statuses))
    if asked.severity is not None:
        wanted = wanted.where(Incident.severity == asked.severity)
    if asked.unit_id is not None:
        wanted = wanted.where(Incident.unit_id.in_(people.subtree_ids(asked.unit_id)))
    if asked.rehearsal_id is not None:
        wanted = wanted.where(Incident.rehearsal_id == asked.rehearsal_id)
    for word in fold(asked.q).split():
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


def first_needed(wanted: Select[tuple[Incident]], limit: int = MOST) -> list[Incident]:
    """Open ones first, then acknowledged: the worst level first, of one level what concerns KT1, Party or State, then
    the longest waiting. Then resolved and closed, the newest first."""
    rank = case({"open": 0, "acknowledged": 1, "resolved": 2}, value=Incident.status, else_=3)
    runs = Incident.status.in_(states.UNFINISHED)
    level = case((runs, Incident.severity))
    special = case((runs, kt1_first()))
    ordered = wanted.order_by(
        rank, level, special, case((runs, Incident.created_at)), Incident.created_at.desc(), Incident.id.desc()
    )
    return list(db.session.scalars(ordered.limit(limit)))


def kt1_first() -> ColumnElement[int]:
    """Order what concerns KT1, Party or State before the rest of one level, on every list of incidents that wait."""
    return case((and_(not_(Incident.party_state), Incident.category != "kt1"), 1), else_=0)


def unfinished(
    unit_id: int | None = None, limit: int = 50, *, actor: Actor | None = None, now: datetime | None = None
) -> list[Incident]:
    """Real incidents, open and acknowledged, of a unit and below (``None``: everywhere), for the desk."""
    return first_needed(
        board(IncidentFilter(states.UNFINISHED, unit_id=unit_id), actor=actor, now=now).where(_REAL), limit
    )


def all_unfinished(unit_id: int | None, *, actor: Actor, now: datetime) -> dict[int, bool]:
    """Id → whether nobody has it, of all that ``unfinished`` begins to list."""
    there = board(IncidentFilter(states.UNFINISHED, unit_id=unit_id), actor=actor, now=now, told=STATES)
    return _whether_untaken(there.where(_REAL))


def _whether_untaken(wanted: Select[tuple[int, str]]) -> dict[int, bool]:
    return {incident_id: status == "open" for incident_id, status in db.session.execute(wanted)}


def needing(person_id: int) -> list[Incident]:
    """Return those that wait for this person's answer: open ones that have called them, and those that ask them
    something (take over, help as well, confirm; still on it, when they have it)."""
    return first_needed(board(IncidentFilter(states.UNFINISHED)).where(_waits_for(person_id)))


def all_needing(person_id: int) -> dict[int, bool]:
    """Id → whether nobody has it, of all real ones that ``needing`` begins to list."""
    return _whether_untaken(board(IncidentFilter(states.UNFINISHED), told=STATES).where(_REAL, _waits_for(person_id)))


def _waits_for(person_id: int) -> ColumnElement[bool]:
    called = select(Page.incident_id).where(Page.person_id == person_id, Page.answer.is_(None))
    asked = select(Ask.incident_id).where(Ask.person_id == person_id, Ask.state == "open")
    silent = (Incident.acknowledged_by_id == person_id) & (Escalation.waits_for == "grace")
    return Incident.id.in_(asked) | ((Incident.status == "open") & Incident.id.in_(called)) | silent


def held_by(person_id: int) -> list[Incident]:
    """Incidents that this person has taken and not finished."""
    return first_needed(board(IncidentFilter(("acknowledged",))).where(Incident.acknowledged_by_id == person_id))


def timeline(incident_id: int) -> list[TimelineEntry]:
    """The oldest first."""
    entries = select(TimelineEntry).where(TimelineEntry.incident_id == incident_id)
    return list(db.session.scalars(entries.order_by(TimelineEntry.id)))


def pages(incident_id: int) -> list[Page]:
    """Every call, the oldest first, with person and message."""
    made = select(Page).options(joinedload(Page.person), selectinload(Page.message))
    return list(db.session.scalars(made.where(Page.incident_id == incident_id).order_by(Page.id)))


def latest_pages(incident_id: int, *, steps: int) -> list[Page]:
    """The calls of the last ``steps`` moments at which somebody was called to take it, the oldest first."""
    called = (Page.incident_id == incident_id) & (Page.purpose == "call")
    moments = select(Page.fired).where(called).distinct().order_by(Page.fired.desc()).limit(steps).subquery()
    made = select(Page).options(joinedload(Page.person), selectinload(Page.message))
    return list(db.session.scalars(made.where(called, Page.fired.in_(select(moments.c.fired))).order_by(Page.id)))


@dataclass(frozen=True)
class CalledNow:
    """``names``: those whom the latest step is for and who have not answered, in the order of the calls; ``state``: how
    far the words to any of them have come, ``None`` where no machine has any for them: they are rung by hand."""

    names: Sequence[str]
    state: DeliveryState | None

    @property
    def has_left(self) -> bool:
        return self.state in HAS_LEFT


def called_now(incident_ids: Collection[int]) -> dict[int, CalledNow]:
    """Return incident id → whom its latest step calls; nobody waits for those who were known to be absent."""
    latest = (
        select(Page.incident_id, func.max(Page.fired).label("fired"))
        .where(Page.incident_id.in_(incident_ids), Page.purpose == "call")
        .group_by(Page.incident_id)
        .subquery()
    )
    asked = (
        select(Page.incident_id, Person.full_name, Page.opened_at, Message.state, Message.reported)
        .join(latest, (latest.c.incident_id == Page.incident_id) & (latest.c.fired == Page.fired))
        .join(Person, Person.id == Page.person_id)
        .outerjoin(Message, Message.id == Page.message_id)
        .where(Page.purpose == "call", Page.answer.is_(None), ~Page.away)
    )
    names: dict[int, dict[str, None]] = {}
    states: dict[int, list[DeliveryState | None]] = {}
    for incident_id, name, opened_at, state, reported in db.session.execute(asked.order_by(Page.id)):
        names.setdefault(incident_id, {})[name] = None
        stands: DeliveryState | None = "known" if opened_at is not None else state_of(state or "", reported or "")
        states.setdefault(incident_id, []).append(stands)
    return {incident_id: CalledNow(list(each), best(states[incident_id])) for incident_id, each in names.items()}


def page_by_digest(digest: str) -> Page | None:
    """The call behind a one-tap link."""
    return db.session.scalar(select(Page).options(joinedload(Page.person)).where(Page.link_digest == digest))


def duty_kinds_by_code() -> dict[str, DutyKind]:
    return {kind.code: kind for kind in people.duty_kinds()}


def readable(code: str, actor: Actor, now: datetime) -> Incident:
    """The incident, if the actor may see it. Raises ``NotFound``, ``Forbidden``."""
    incident = by_code(code)
    guard.ensure(actor, "incident.read", incident.unit_id, now=now)
    access.ensure_visible(actor, incident, now=now)
    return incident
