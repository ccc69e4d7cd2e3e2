"""Shifts on which somebody stands beside the one who serves, as events of their own calendar."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from flask_babel import force_locale, gettext as _
from sqlalchemy import Select, SelectBase, and_, func, or_, select

from core.db import db
from people.models import DutyKind, Person, Unit
from roster.campaigns.models import Campaign
from roster.feeds import facts
from roster.feeds.facts import CANCELLED_FOR, SHOWN_BEFORE, Colleague, EventFacts, Options, Subject
from roster.models import Duty, Seat, Shift
from roster.resolver import numbers
from roster.shadows import queries
from roster.shadows.models import Shadow


def with_duties(subject: Subject, options: Options, *, now: datetime) -> list[EventFacts]:
    """Everything that a calendar shows, in order of start. Shadows stand in one's own alone: a list of who serves names
    nobody who does not."""
    duties = facts.list_events(subject, options, now=now)
    beside = _person_events(subject, options, now) if subject.scope == "person" else []
    return sorted([*duties, *beside], key=lambda fact: (fact.starts_at, fact.seat_id)) if beside else duties


def seats_of(subject: Subject) -> SelectBase:
    """The seats of which it shows events."""
    seats = select(Duty.seat_id).where(*facts.scope_of(subject))
    if subject.scope != "person":
        return seats
    return seats.union(select(Shadow.seat_id).where(Shadow.person_id == subject.person_id))


def _person_events(subject: Subject, options: Options, now: datetime) -> list[EventFacts]:
    rows = db.session.execute(_statement(subject, options.lang, now)).all()
    desks = numbers.to_ring_each((row.unit_id, row.duty) for row in rows) if rows else {}
    with force_locale(options.lang):
        return [_fact(row, desks[row.unit_id, row.duty]) for row in rows]


def _statement(subject: Subject, lang: str, now: datetime) -> Select[Any]:
    kind = DutyKind.name_en if lang == "en" else DutyKind.name_vi
    starts_at, ends_at = func.coalesce(Duty.starts_at, Shift.starts_at), func.coalesce(Duty.ends_at, Shift.ends_at)
    return (
        select(
            Shadow.id,
            Shadow.seat_id,
            Duty.id.label("duty_id"),
            starts_at.label("starts_at"),
            ends_at.label("ends_at"),
            Shift.unit_id,
            Shift.duty,
            Shift.template,
            Shift.form,
            kind.label("kind"),
            DutyKind.colour,
            Person.full_name.label("holder"),
            Unit.name.label("unit"),
            Unit.address,
            Campaign.name.label("campaign"),
        )
        .select_from(Shadow)
        .join(Seat, Seat.id == Shadow.seat_id)
        .join(Shift, Shift.id == Seat.shift_id)
        .join(Unit, Unit.id == Shift.unit_id)
        .join(DutyKind, DutyKind.code == Shift.duty)
        .join(Campaign, Campaign.id == Shift.campaign_id)
        .outerjoin(Duty, and_(*queries.runs()))
        .outerjoin(Person, Person.id == Duty.person_id)
        .where(
            Shadow.person_id == subject.person_id,
            Shift.ends_at > now - SHOWN_BEFORE,
            or_(Shadow.ended_at.is_(None), Shadow.ended_at > now - CANCELLED_FOR),
        )
        .order_by(starts_at, Shadow.id)
    )


def _fact(row: Any, desk: numbers.DialNumber) -> EventFacts:
    lost = row.duty_id is None
    return EventFacts(
        **facts.shift_facts(row, desk),
        uid=f"shadow-{row.id}",
        cancelled=lost,
        drill=False,
        kind=_("Kèm trực %(kind)s", kind=row.kind),
        who=None,
        beside=() if lost else (Colleague(row.holder, ""),),
        before=(),
        after=(),
    )
