"""The list behind a figure: each reference as a line with its address, as far as the reader may see it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from flask import url_for
from sqlalchemy import select
from sqlalchemy.orm import joinedload

from compliance.coordination.models import Coordination, StateCustomer
from compliance.visits.models import Inspection, Recommendation
from core.actor import Actor
from core.db import db
from core.i18n import d, dt, span
from incidents.record import access, naming
from incidents.record.models import Incident
from people.access import guard
from people.models import Unit
from roster.models import Shift


@dataclass(frozen=True)
class ReportLine:
    text: str
    about: str
    url: str


def rows(refs: Sequence[str], actor: Actor, now: datetime) -> list[ReportLine]:
    """Return them in the order of the figure; what the reader may not see, or what is gone, is left out."""
    grouped: dict[str, list[str]] = {}
    for ref in refs:
        kind, _colon, key = ref.partition(":")
        grouped.setdefault(kind, []).append(key)
    found = {
        f"{kind}:{key}": line for kind, keys in grouped.items() for key, line in LISTS[kind](keys, actor, now).items()
    }
    return [found[ref] for ref in refs if ref in found]


def _incidents(keys: Sequence[str], actor: Actor, now: datetime) -> Mapping[str, ReportLine]:
    wanted = select(Incident).options(joinedload(Incident.unit)).where(Incident.code.in_(keys))
    seen = db.session.scalars(wanted.where(access.visible_to(actor, now=now)))
    return {
        each.code: ReportLine(
            f"{each.code} · {naming.inside(each)}",
            f"{each.unit.name} · {dt(each.created_at)}",
            url_for("incidents.detail", code=each.code),
        )
        for each in seen
    }


def _shifts(keys: Sequence[str], actor: Actor, now: datetime) -> Mapping[str, ReportLine]:
    wanted = select(Shift).options(joinedload(Shift.unit)).where(Shift.id.in_([int(key) for key in keys]))
    return {
        str(each.id): ReportLine(
            f"{each.template} · {span(each.starts_at, each.ends_at)}",
            each.unit.name,
            url_for("roster.shift", shift_id=each.id),
        )
        for each in db.session.scalars(wanted)
    }


def _units(keys: Sequence[str], actor: Actor, now: datetime) -> Mapping[str, ReportLine]:
    wanted = select(Unit).where(Unit.id.in_([int(key) for key in keys]))
    return {
        str(each.id): ReportLine(each.name, each.code, url_for("people.units")) for each in db.session.scalars(wanted)
    }


def _coordinations(keys: Sequence[str], actor: Actor, now: datetime) -> Mapping[str, ReportLine]:
    within = guard.reach(actor, "coordination.read", now=now)
    wanted = select(Coordination).where(Coordination.id.in_([int(key) for key in keys]))
    return {
        str(each.id): ReportLine(
            f"{each.name} · {each.number}", d(each.dated_on), url_for("compliance.coordination_entry", entry_id=each.id)
        )
        for each in db.session.scalars(wanted)
        if within is None or each.unit_id in within
    }


def _customers(keys: Sequence[str], actor: Actor, now: datetime) -> Mapping[str, ReportLine]:
    wanted = select(StateCustomer).options(joinedload(StateCustomer.unit))
    rows = db.session.scalars(wanted.where(StateCustomer.id.in_([int(key) for key in keys])))
    return {str(each.id): ReportLine(each.name, each.unit.name, url_for("compliance.authorities")) for each in rows}


def _inspections(keys: Sequence[str], actor: Actor, now: datetime) -> Mapping[str, ReportLine]:
    wanted = select(Inspection).options(joinedload(Inspection.unit))
    rows = db.session.scalars(wanted.where(Inspection.id.in_([int(key) for key in keys])))
    return {str(each.id): _visit(each, each.subject) for each in rows}


def _recommendations(keys: Sequence[str], actor: Actor, now: datetime) -> Mapping[str, ReportLine]:
    wanted = select(Recommendation).options(joinedload(Recommendation.inspection).joinedload(Inspection.unit))
    rows = db.session.scalars(wanted.where(Recommendation.id.in_([int(key) for key in keys])))
    return {str(each.id): _visit(each.inspection, each.text) for each in rows}


def _visit(each: Inspection, text: str) -> ReportLine:
    about = f"{each.unit.name} · {each.body} · {dt(each.began_at)}"
    return ReportLine(text, about, url_for("compliance.visit", visit_id=each.id))


def _points(keys: Sequence[str], actor: Actor, now: datetime) -> Mapping[str, ReportLine]:
    wanted = select(Unit).where(Unit.id.in_([int(key) for key in keys]))
    return {str(each.id): _point(each, each.code) for each in db.session.scalars(wanted)}


def _checks(keys: Sequence[str], actor: Actor, now: datetime) -> Mapping[str, ReportLine]:
    """Days of points: "unit@2027-02-05"."""
    days = {key: key.partition("@") for key in keys}
    wanted = select(Unit).where(Unit.id.in_({int(unit_id) for unit_id, _at, _day in days.values()}))
    units = {each.id: each for each in db.session.scalars(wanted)}
    return {
        key: _point(units[int(unit_id)], d(date.fromisoformat(day)))
        for key, (unit_id, _at, day) in days.items()
        if int(unit_id) in units
    }


def _point(unit: Unit, about: str) -> ReportLine:
    return ReportLine(unit.name, about, url_for("compliance.point", unit_code=unit.code))


LISTS: dict[str, Callable[[Sequence[str], Actor, datetime], Mapping[str, ReportLine]]] = {
    "incident": _incidents,
    "shift": _shifts,
    "unit": _units,
    "point": _points,
    "check": _checks,
    "coordination": _coordinations,
    "customer": _customers,
    "inspection": _inspections,
    "recommendation": _recommendations,
}
