"""Báo cáo: times to take and to resolve, and the load of each person, of what the reader may see."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import aliased, joinedload

from core import clock
from core.actor import Actor
from core.db import db
from incidents.catalogue import queries as catalogue
from incidents.figures import statistics
from incidents.figures.statistics import Holding, IncidentCase, PersonCall, PersonLoad
from incidents.record import access, holders, takings
from incidents.record.models import Incident, Page, TimelineEntry
from notify import queries as notify
from notify.models import Message
from people import queries as people
from people.access import guard
from people.models import Person, Unit
from roster.campaigns.models import Campaign

_First = aliased(Message)

NIGHT_FROM, NIGHT_TO = 22, 6
"""Local hours, as in the labour code."""
MOST_DAYS = 400


@dataclass(frozen=True)
class Period:
    """Inclusive local dates, and a phase when only that is wanted."""

    since: date
    until: date
    phase: str = ""

    @property
    def moments(self) -> tuple[datetime, datetime]:
        return clock.at_local(self.since), clock.at_local(self.until + timedelta(days=1))


@dataclass(frozen=True)
class Figures:
    """``joined``: further reports of the same thing, and ``drills``: incidents of exercises; neither is a case.

    ``letters``: mails, texts and calls that left; one of them may carry several calls of one person.
    """

    cases: Sequence[IncidentCase]
    loads: Sequence[tuple[Person, PersonLoad]]
    joined: int = 0
    drills: int = 0
    letters: int = 0

    @property
    def calls(self) -> int:
        """How often somebody was called, by however many ways at once."""
        return sum(load.calls for _person, load in self.loads)

    @property
    def called(self) -> int:
        """How many different people were."""
        return sum(load.calls > 0 for _person, load in self.loads)


def period_of(
    campaign: Campaign | None, since: date | None, until: date | None, phase: str, *, now: datetime
) -> Period:
    """Return what was asked for: the dates as typed, else those of the campaign, else the last thirty days."""
    today = clock.local_date(now)
    if since is None:
        since = campaign.starts_on if campaign else today - timedelta(days=29)
    if until is None:
        until = campaign.ends_on if campaign else today
    until = max(since, until)
    return Period(max(since, until - timedelta(days=MOST_DAYS)), until, phase)


def campaigns() -> Sequence[Campaign]:
    """Published ones, the latest first."""
    return db.session.scalars(select(Campaign).where(Campaign.revision > 0).order_by(Campaign.starts_on.desc())).all()


def read_figures(unit: Unit, period: Period, *, actor: Actor, now: datetime) -> Figures:
    """Return the figures of ``unit`` and below, exercises left out; demo incidents only where the unit itself is of the
    demo."""
    found = incidents(unit, period, actor=actor, now=now)
    inside = _inside(unit, period, actor, now)
    wanted = [*inside, Incident.rehearsal_id.is_(None)]
    return Figures(
        _cases(found, now),
        _loads(wanted, now),
        _count(*wanted, Incident.joined_to_id.is_not(None)),
        _count(*inside, Incident.rehearsal_id.is_not(None)),
        _letters(wanted),
    )


def incidents(unit: Unit, period: Period, *, actor: Actor, now: datetime) -> Sequence[Incident]:
    """Return those that ``read_figures`` counts as cases, with their units, by the moment at which they were logged."""
    guard.ensure(actor, "incident.read", unit.id, now=now)
    # What turned out to be another incident is told by that one; who was called about it carried it all the same.
    alone = Incident.rehearsal_id.is_(None), Incident.joined_to_id.is_(None)
    cases = select(Incident).options(joinedload(Incident.unit)).where(*_inside(unit, period, actor, now), *alone)
    return db.session.scalars(cases.order_by(Incident.created_at, Incident.id)).unique().all()


def _count(*wanted: ColumnElement[bool]) -> int:
    return db.session.scalar(select(func.count(Incident.id)).where(*wanted)) or 0


def _letters(wanted: Sequence[ColumnElement[bool]]) -> int:
    """Whatever left for one person at one moment is one, also when it carried several calls."""
    sent = (
        select(func.count(func.distinct(Message.letter_id)))
        .select_from(Page)
        .join(_First, _First.id == Page.message_id)
        .join(Message, notify.same_call(_First))
        .join(Incident, Incident.id == Page.incident_id)
        .where(*wanted, Message.sent_at.is_not(None))
    )
    return db.session.scalar(sent) or 0


def _inside(unit: Unit, period: Period, actor: Actor, now: datetime) -> list[ColumnElement[bool]]:
    since, until = period.moments
    wanted: list[ColumnElement[bool]] = [
        Incident.unit_id.in_(people.subtree_ids(unit.id)),
        Incident.created_at >= since,
        Incident.created_at < until,
        access.visible_to(actor, now=now),
    ]
    if not unit.is_demo:
        wanted.append(~Incident.is_demo)
    if period.phase:
        wanted.append(Incident.phase == period.phase)
    return wanted


def _cases(found: Sequence[Incident], now: datetime) -> list[IncidentCase]:
    ids = [each.id for each in found]
    targets, taken, healed = catalogue.targets(), takings.takings_for(ids), _healed(ids)
    cases = []
    for each in found:
        target, over = targets[each.severity], each.resolved_at or each.closed_at
        mine = taken.get(each.id, takings.NONE)
        took = mine.first()
        cases.append(
            IncidentCase(
                each.severity,
                each.unit.name,
                each.category,
                each.phase or "",
                clock.local(each.created_at).hour,
                (over or now) - each.created_at,
                took - each.created_at if took else None,
                over - each.created_at if over else None,
                target.acknowledge,
                target.resolve,
                over is not None and each.id in healed,
                mine.forgotten,
            )
        )
    return cases


def _healed(ids: Sequence[int]) -> set[int]:
    """Incidents that were last resolved by whatever raised them, and by no person."""
    rows = db.session.execute(
        select(TimelineEntry.incident_id, TimelineEntry.params)
        .where(TimelineEntry.incident_id.in_(ids), TimelineEntry.kind == "resolved")
        .order_by(TimelineEntry.id)
    )
    return {incident_id for incident_id, params in dict(rows.tuples().all()).items() if params.get("machine")}


def _loads(wanted: Sequence[ColumnElement[bool]], now: datetime) -> list[tuple[Person, PersonLoad]]:
    lines = statistics.loads(_calls(wanted), _holdings(wanted, now))
    known = people.people_by_ids([line.person for line in lines])
    return [(known[line.person], line) for line in lines if line.person in known]


def _calls(wanted: Sequence[ColumnElement[bool]]) -> list[PersonCall]:
    """Each step that called somebody once, by however many channels it did."""
    rows = db.session.execute(
        select(Page.person_id, func.min(Page.created_at))
        .join(Incident, Incident.id == Page.incident_id)
        .where(*wanted)
        .group_by(Page.incident_id, Page.fired, Page.person_id)
    )
    return [PersonCall(person_id, _at_night(at)) for person_id, at in rows]


def _holdings(wanted: Sequence[ColumnElement[bool]], now: datetime) -> list[Holding]:
    """Who had each incident and how long, as the timeline tells it."""
    ids = select(Incident.id).where(*wanted)
    return [
        Holding(each.person, (each.ends_at or now) - each.starts_at)
        for spans in holders.holders_by_incident(ids).values()
        for each in spans
    ]


def _at_night(at: datetime) -> bool:
    hour = clock.local(at).hour
    return hour >= NIGHT_FROM or hour < NIGHT_TO
